-- Attribution in the mart: what each channel and campaign is credited with, every model side by side. Counted leads only.

CREATE FUNCTION attribution_by_model(won journeys, refunded journeys DEFAULT NULL, direct text[] DEFAULT '{direct}')
RETURNS TABLE (model_position integer, model text, channel text, conversions float8, revenue float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT m.ordinal::integer, m.model, a.channel, sum(a.conversions), sum(a.value)
	FROM attribution_models() WITH ORDINALITY AS m(model, ordinal)
	CROSS JOIN LATERAL
	(
		SELECT w.channel, w.conversions, w.value FROM attribution(won, m.model, direct => direct) w
		UNION ALL
		SELECT r.channel, 0, -r.value FROM attribution(refunded, m.model, direct => direct) r
	) a
	WHERE m.model <> 'shapley_rate'
	GROUP BY m.ordinal, m.model, a.channel;
END;
COMMENT ON FUNCTION attribution_by_model(journeys, journeys, text[]) IS
'attribution(journeys, model) for every model but shapley_rate, which takes few channels only. refunded: the same journeys with what is below 0 of '
'their value, which attribution() does not take; its credit is subtracted from the revenue. No rows for NULL journeys.';

CREATE FUNCTION mart_attribution_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW journey_count WITH (security_invoker = true) AS
	-- A reader pays for the columns that he reads. A touch by an unknown channel is a touch: an empty name stands for it, which no channel is called.
	SELECT count(*) AS events,
		journeys(lead_id, name, touched_at, converted_at, value, (SELECT attribution_lookback FROM rule),
			(SELECT attribution_half_life FROM rule), won_milestone)::text AS channel_won,
		journeys(lead_id, name, touched_at, converted_at, refund, (SELECT attribution_lookback FROM rule),
			(SELECT attribution_half_life FROM rule), won_milestone)
			FILTER (WHERE (SELECT EXISTS (SELECT FROM deal WHERE amount < 0)))::text AS channel_refunded,
		journeys(lead_id, channel_and_campaign, touched_at, converted_at, value, (SELECT attribution_lookback FROM rule),
			(SELECT attribution_half_life FROM rule), won_milestone)::text AS campaign_won,
		journeys(lead_id, channel_and_campaign, touched_at, converted_at, refund, (SELECT attribution_lookback FROM rule),
			(SELECT attribution_half_life FROM rule), won_milestone)
			FILTER (WHERE (SELECT EXISTS (SELECT FROM deal WHERE amount < 0)))::text AS campaign_refunded
	FROM (SELECT *, CASE WHEN touched_at IS NOT NULL THEN coalesce(channel, '') END AS name FROM journey_event) e
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	HAVING count(*) > 0;
	COMMENT ON VIEW journey_count IS
		'Layer below attribution_by_grain and journey_paths, in one row: the journeys of all counted leads, as text that lead_kpi.journeys reads. No row '
		'where nothing was touched or won.';

	CREATE OR REPLACE VIEW attribution_by_grain WITH (security_invoker = true) AS
	-- Whoever asks for one grain pays for that one.
	SELECT g.grain, a.*
	FROM (VALUES ('channel', false), ('campaign', true)) g(grain, by_campaign)
	CROSS JOIN LATERAL
	(
		WITH built AS MATERIALIZED
		(
			SELECT channel_won::journeys AS won, channel_refunded::journeys AS refunded FROM journey_count WHERE NOT g.by_campaign
			UNION ALL
			SELECT campaign_won::journeys, campaign_refunded::journeys FROM journey_count WHERE g.by_campaign
		), credit AS
		(
			SELECT a.*
			FROM built
			CROSS JOIN LATERAL attribution_by_model(won, refunded, CASE WHEN g.by_campaign THEN
			(
				SELECT array_agg(DISTINCT json_build_array(nullif(btrim(channel), ''), nullif(btrim(campaign), ''))::text)
				FROM touch_count
				WHERE lower(btrim(channel)) = 'direct'
			) ELSE '{direct}' END) a
		), part AS
		(
			SELECT model_position, model, CASE WHEN g.by_campaign THEN channel::json ->> 0 ELSE nullif(channel, '') END AS channel,
				CASE WHEN g.by_campaign THEN channel::json ->> 1 END AS campaign, channel IS NULL AS is_unattributed,
				conversions, revenue, NULL::numeric AS spend
			FROM credit
			UNION ALL
			SELECT m.model_position, m.model, s.channel, s.campaign, false, 0, 0, s.spend
			FROM (SELECT channel, CASE WHEN g.by_campaign THEN campaign END AS campaign, sum(amount) AS spend FROM allocated_spend GROUP BY 1, 2) s
			CROSS JOIN (SELECT DISTINCT model_position, model FROM credit) m
		), summed AS
		(
			SELECT model_position, model, channel, campaign, is_unattributed, sum(conversions) AS conversions,
				trim_scale(round(sum(revenue)::numeric, 10)) AS revenue, sum(spend) AS spend,
				CASE WHEN sum(spend) >= 0 THEN sum(spend) END AS cost
			FROM part
			GROUP BY model_position, model, channel, campaign, is_unattributed
		)
		SELECT model_position, model, model = (SELECT attribution_model FROM rule) AS is_default, channel, campaign, is_unattributed, conversions,
			revenue, conversions / nullif(sum(conversions) OVER all_of_model, 0) AS share, spend,
			CASE WHEN conversions > 1e-9 THEN cost / conversions::numeric END AS cac,
			roas(revenue, cost) AS roas
		FROM summed
		-- In an order, that the last digit does not depend on the plan.
		WINDOW all_of_model AS (PARTITION BY model ORDER BY conversions ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	) a;
	COMMENT ON VIEW attribution_by_grain IS
		'Layer below the views attribution and attribution_by_campaign: what each model credits, at both grains, so always WHERE grain = channel or campaign.';

	CREATE OR REPLACE VIEW attribution WITH (security_invoker = true) AS
	SELECT model_position, model, is_default, channel, is_unattributed, conversions, revenue, share, spend, cac, roas
	FROM attribution_by_grain
	WHERE grain = 'channel'
	ORDER BY model_position, is_unattributed, channel;
	COMMENT ON VIEW attribution IS
		'What each attribution model credits each channel with, one row per model and channel, and what that says of its cost. Read one model, or '
		'compare models: never sum over them. A lead''s touches after its last won deal, or of a lead without one, are a journey that did not '
		'convert, which markov learns from.';

	CREATE OR REPLACE VIEW attribution_by_campaign WITH (security_invoker = true) AS
	SELECT model_position, model, is_default, channel, campaign, is_unattributed, conversions, revenue, share, spend, cac, roas
	FROM attribution_by_grain
	WHERE grain = 'campaign'
	ORDER BY model_position, is_unattributed, channel, campaign;
	COMMENT ON VIEW attribution_by_campaign IS
		'The view attribution per channel and campaign. Here markov and shapley judge campaigns: their sums per channel differ from those of the '
		'view attribution.';

	CREATE OR REPLACE VIEW attribution_shift WITH (security_invoker = true) AS
	WITH judged AS
	(
		SELECT *, min(share) OVER (PARTITION BY channel) AS lowest_share, max(share) OVER (PARTITION BY channel) AS highest_share
		FROM attribution
		WHERE NOT is_unattributed AND share IS NOT NULL
	)
	SELECT channel, lowest_share,
		string_agg(model, ', ' ORDER BY model_position) FILTER (WHERE share <= lowest_share + 1e-9) AS lowest_models,
		highest_share,
		string_agg(model, ', ' ORDER BY model_position) FILTER (WHERE share >= highest_share - 1e-9) AS highest_models,
		highest_share - lowest_share AS difference,
		max(share) FILTER (WHERE is_default) AS default_share
	FROM judged
	GROUP BY channel, lowest_share, highest_share
	ORDER BY round((highest_share - lowest_share)::numeric, 9) DESC, channel;
	COMMENT ON VIEW attribution_shift IS
		'What changes when the attribution model changes, one row per channel, the largest disagreement first. Won deals that no touch explains are '
		'the same in every model and not shown; nothing is shown while nothing was won.';

	CREATE OR REPLACE VIEW journey_paths WITH (security_invoker = true) AS
	WITH built AS MATERIALIZED
	(
		SELECT channel_won::journeys AS won, channel_refunded::journeys AS refunded FROM journey_count
	), part AS
	(
		SELECT p.path, p.conversions, p.value, p.nulls FROM built, paths(won) p
		UNION ALL
		SELECT p.path, 0, -p.value, 0 FROM built, paths(refunded) p
	), summed AS
	(
		SELECT path, sum(conversions)::bigint AS conversions, sum(value) AS value, sum(nulls)::bigint AS nulls
		FROM part
		GROUP BY path
	), rated AS
	(
		SELECT nullif(array_to_string(array_replace(path, '', '(unknown)'), ' > '), '') AS path, cardinality(path) AS touches, conversions,
			trim_scale(round(value::numeric, 10)) AS revenue, nulls,
			CASE WHEN cardinality(path) > 0 THEN rate(conversions, conversions + nulls) END AS conversion
		FROM summed
	)
	SELECT path, touches, conversions, revenue, nulls, conversion::float8 AS conversion_rate,
		low(conversion, (SELECT confidence_level FROM rule)) AS conversion_rate_low,
		high(conversion, (SELECT confidence_level FROM rule)) AS conversion_rate_high
	FROM rated
	ORDER BY conversions DESC, revenue DESC, nulls DESC, path;
	COMMENT ON VIEW journey_paths IS
		'The paths that leads take, one row per path, the ones that won most deals first; ORDER BY revenue DESC for the most valuable. A lead has a '
		'journey per won deal, which owns the touches since the deal before, and one more when touches follow the last deal or there is none.';
END;
$$;
COMMENT ON FUNCTION mart_attribution_views(name) IS 'Internal to create_mart: makes the views of attribution in the mart.';
