-- Who gets credit for stages, what merely took part, and what the last touch overrates.

CREATE FUNCTION credit_text(code text, language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN
(
	SELECT CASE language WHEN 'fr' THEN mart_text(t.fr) ELSE t.en END
	FROM
	(
		VALUES ('overrated', 'overrated by the last touch', 'surestimé par le dernier contact'),
		('underrated', 'underrated by the last touch', 'sous-estimé par le dernier contact'),
		('not_yet_certain', 'not yet certain', 'pas encore certain')
	) t(code, en, fr)
	WHERE t.code = credit_text.code
);
COMMENT ON FUNCTION credit_text(text, text) IS
'What last_touch_comparison says, in language en or fr; NULL for NULL. Internal to last_touch_comparison.';

CREATE FUNCTION journey_parts(won journeys)
RETURNS TABLE (channel text, conversions float8, revenue float8)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT c.channel, sum(p.conversions)::float8, sum(p.value)
	FROM paths(won) p
	CROSS JOIN LATERAL (SELECT DISTINCT u.channel FROM unnest(p.path) u(channel)) c
	WHERE p.conversions > 0
	GROUP BY c.channel;
END;
COMMENT ON FUNCTION journey_parts(journeys) IS
'How many conversions of these journeys a channel took part in, by a touch or by many, and their value: sums over channels exceed the total. No row for '
'NULL.';

CREATE FUNCTION mart_credit_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW stage_journey_count WITH (security_invoker = true) AS
	WITH opened AS
	(
		SELECT lead_id, sum(amount) AS amount
		FROM counted_deal
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END AND (opened_at > (SELECT observed_until FROM observation)) IS NOT TRUE
		GROUP BY lead_id
	), reached AS
	(
		-- A day without an hour is the whole day: its touches come before.
		SELECT o.lead_id, CASE WHEN is_day(o.mql_at, r.time_zone) THEN next_day(o.mql_at, r.time_zone) - interval '1 microsecond' ELSE o.mql_at END AS mql_at,
			CASE WHEN is_day(o.sql_at, r.time_zone) THEN next_day(o.sql_at, r.time_zone) - interval '1 microsecond' ELSE o.sql_at END AS sql_at,
			CASE WHEN is_day(o.opportunity_at, r.time_zone) THEN next_day(o.opportunity_at, r.time_zone) - interval '1 microsecond' ELSE o.opportunity_at END
				AS opportunity_at,
			-- As much as journeys() holds.
			least(greatest(coalesce(d.amount, 0), 0), 1e25)::float8 AS amount
		FROM lead_outcome o
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		LEFT JOIN opened d ON d.lead_id = o.lead_id
		WHERE coalesce(o.mql_at, o.sql_at, o.opportunity_at) IS NOT NULL
	), event AS
	(
		SELECT lead_id, coalesce(channel, '') AS name, touched_at, milestone, NULL::timestamptz AS mql_at, NULL::timestamptz AS sql_at,
			NULL::timestamptz AS opportunity_at, NULL::float8 AS amount
		FROM journey_event
		WHERE touched_at IS NOT NULL
		UNION ALL
		SELECT lead_id, NULL, NULL, NULL, mql_at, sql_at, opportunity_at, amount FROM reached
	), setting AS MATERIALIZED
	(
		SELECT attribution_lookback, attribution_half_life FROM rule
	)
	SELECT count(*) AS events, count(mql_at) AS mql, count(sql_at) AS sql, count(opportunity_at) AS opportunities,
		journeys(lead_id, name, touched_at, mql_at, 0::float8, (SELECT attribution_lookback FROM setting), (SELECT attribution_half_life FROM setting),
			milestone)::text AS mql_journeys,
		journeys(lead_id, name, touched_at, sql_at, 0::float8, (SELECT attribution_lookback FROM setting), (SELECT attribution_half_life FROM setting),
			milestone)::text AS sql_journeys,
		journeys(lead_id, name, touched_at, opportunity_at, amount, (SELECT attribution_lookback FROM setting),
			(SELECT attribution_half_life FROM setting), milestone)::text AS opportunity_journeys
	FROM event
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	HAVING count(*) > 0;
	COMMENT ON VIEW stage_journey_count IS
		'Layer below attribution_of_stage, in one row: the journeys of all counted leads to the stages with role mql, sql and opportunity, as text that '
		'lead_kpi.journeys reads. No row where nothing was touched or reached.';

	CREATE OR REPLACE VIEW attribution_of_stage WITH (security_invoker = true) AS
	WITH built AS MATERIALIZED
	(
		SELECT s.role, s.reached, s.built::journeys AS built
		FROM stage_journey_count c
		CROSS JOIN LATERAL (VALUES ('mql', c.mql, c.mql_journeys), ('sql', c.sql, c.sql_journeys), ('opportunity', c.opportunities, c.opportunity_journeys))
			s(role, reached, built)
		WHERE s.reached > 0
	), credit AS
	(
		SELECT b.role, a.* FROM built b CROSS JOIN LATERAL attribution_by_model(b.built) a
	)
	SELECT l.stage_position, l.stage, c.model_position, c.model, c.model = r.attribution_model AS is_default, nullif(c.channel, '') AS channel,
		c.channel IS NULL AS is_unattributed, c.conversions,
		c.conversions / nullif(sum(c.conversions) OVER all_of_model, 0) AS share,
		CASE c.role WHEN 'opportunity' THEN round(c.revenue::numeric, 2) END AS pipeline_amount
	FROM credit c
	JOIN ladder l ON l.role = c.role
	CROSS JOIN (SELECT attribution_model FROM rule LIMIT 1) r
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	-- In an order, that the last digit does not depend on the plan.
	WINDOW all_of_model AS (PARTITION BY c.role, c.model ORDER BY c.conversions ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	ORDER BY l.stage_position, c.model_position, c.channel IS NULL, nullif(c.channel, '');
	COMMENT ON VIEW attribution_of_stage IS
		'The view attribution for what comes before the sale: what each model credits each channel with of the leads that became mql, sql and opportunity, and '
		'of the amounts of the deals opened. Read one stage and one model, never sum over them.';

	CREATE OR REPLACE VIEW influence WITH (security_invoker = true) AS
	WITH built AS MATERIALIZED
	(
		SELECT g.grain, g.won::journeys AS won, g.refunded::journeys AS refunded
		FROM journey_count c
		CROSS JOIN LATERAL (VALUES ('channel', c.channel_won, c.channel_refunded), ('campaign', c.campaign_won, c.campaign_refunded)) g(grain, won, refunded)
	), direct AS MATERIALIZED
	(
		SELECT array_agg(DISTINCT json_build_array(nullif(btrim(channel), ''), nullif(btrim(campaign), ''))::text) || '{direct}' AS names
		FROM touch_count
		WHERE lower(btrim(channel)) = 'direct'
	), part AS
	(
		SELECT b.grain, p.channel AS name, p.conversions AS influenced, p.revenue AS influenced_revenue, 0::float8 AS first, 0::float8 AS first_revenue,
			0::float8 AS sourced, 0::float8 AS sourced_revenue
		FROM built b CROSS JOIN LATERAL journey_parts(b.won) p
		UNION ALL
		SELECT b.grain, p.channel, 0, -p.revenue, 0, 0, 0, 0 FROM built b CROSS JOIN LATERAL journey_parts(b.refunded) p
		UNION ALL
		SELECT b.grain, a.channel, 0, 0, a.conversions, a.value, 0, 0 FROM built b CROSS JOIN LATERAL attribution(b.won, 'first_touch') a
		UNION ALL
		SELECT b.grain, a.channel, 0, 0, 0, -a.value, 0, 0 FROM built b CROSS JOIN LATERAL attribution(b.refunded, 'first_touch') a
		UNION ALL
		SELECT b.grain, a.channel, 0, 0, 0, 0, a.conversions, a.value
		FROM built b CROSS JOIN LATERAL attribution(b.won, (SELECT attribution_model FROM rule), direct => (SELECT names FROM direct)) a
		UNION ALL
		SELECT b.grain, a.channel, 0, 0, 0, 0, 0, -a.value
		FROM built b CROSS JOIN LATERAL attribution(b.refunded, (SELECT attribution_model FROM rule), direct => (SELECT names FROM direct)) a
	), summed AS
	(
		SELECT grain, name, sum(influenced) AS influenced, sum(influenced_revenue) AS influenced_revenue, sum(first) AS first, sum(first_revenue)
			AS first_revenue, sum(sourced) AS sourced, sum(sourced_revenue) AS sourced_revenue
		FROM part
		GROUP BY grain, name
	)
	SELECT grain, CASE grain WHEN 'campaign' THEN name::json ->> 0 ELSE nullif(name, '') END AS channel,
		CASE grain WHEN 'campaign' THEN name::json ->> 1 END AS campaign, name IS NULL AS is_unattributed,
		sourced AS sourced_deals, first AS first_touch_deals, influenced::bigint AS influenced_deals,
		(sum(first) OVER (PARTITION BY grain))::bigint AS deals_won, influenced / nullif(sum(first) OVER (PARTITION BY grain), 0) AS share_influenced,
		trim_scale(round(sourced_revenue::numeric, 10)) AS sourced_revenue, trim_scale(round(first_revenue::numeric, 10)) AS first_touch_revenue,
		trim_scale(round(influenced_revenue::numeric, 10)) AS influenced_revenue
	FROM summed
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY grain DESC, is_unattributed, channel, campaign;
	COMMENT ON VIEW influence IS
		'Sourced against influenced, side by side: what the agreed model and the first touch credit to a channel or campaign, which adds up to what was won, '
		'and what it merely took part in. Never add influenced deals or revenue: a deal with five channels is there five times.';

	CREATE OR REPLACE VIEW last_touch_comparison WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT attribution_model, confidence_level, language FROM rule LIMIT 1
	), built AS MATERIALIZED
	(
		SELECT channel_won::journeys AS won, channel_refunded::journeys AS refunded FROM journey_count
	), credit AS
	(
		SELECT m.is_last, a.channel, a.conversions, a.low, a.high, a.value - coalesce(f.value, 0) AS revenue, s.confidence_level, s.language,
			s.attribution_model
		FROM built b
		CROSS JOIN setting s
		CROSS JOIN LATERAL (VALUES (true, 'last_touch'), (false, s.attribution_model)) m(is_last, model)
		CROSS JOIN LATERAL attribution(b.won, m.model, bootstrap => 200, level => s.confidence_level) a
		LEFT JOIN LATERAL attribution(b.refunded, m.model) f ON f.channel = a.channel
		WHERE a.channel IS NOT NULL
	), compared AS
	(
		SELECT l.channel, l.attribution_model AS model, l.language, l.conversions AS last_conversions, c.conversions AS model_conversions,
			l.revenue AS last_revenue, c.revenue AS model_revenue, l.conversions - c.conversions AS difference,
			-- Both come of the same journeys and rise together, so this is rather too wide; and the widest of so many channels is no news.
			sqrt(power(l.conversions - l.low, 2) + power(c.high - c.conversions, 2)) * w.widening AS below,
			sqrt(power(l.high - l.conversions, 2) + power(c.conversions - c.low, 2)) * w.widening AS above
		FROM credit l
		JOIN credit c ON c.channel = l.channel AND NOT c.is_last
		CROSS JOIN LATERAL
		(
			SELECT mart_normal_quantile((1 - l.confidence_level) / 2 / greatest((SELECT count(*) FROM credit WHERE is_last), 1))
				/ mart_normal_quantile((1 - l.confidence_level) / 2) AS widening
		) w
		WHERE l.is_last
	), judged AS
	(
		SELECT *, CASE WHEN model = 'last_touch' THEN NULL WHEN difference - below > 0 THEN 'overrated' WHEN difference + above < 0 THEN 'underrated'
			ELSE 'not_yet_certain' END AS code
		FROM compared
	)
	SELECT nullif(channel, '') AS channel, model, last_conversions AS last_touch_conversions, model_conversions, difference,
		CASE WHEN model <> 'last_touch' THEN difference - below END AS difference_low, CASE WHEN model <> 'last_touch' THEN difference + above END
			AS difference_high,
		trim_scale(round(last_revenue::numeric, 10)) AS last_touch_revenue, trim_scale(round(model_revenue::numeric, 10)) AS model_revenue,
		trim_scale(round((last_revenue - model_revenue)::numeric, 10)) AS revenue_difference, code AS verdict_code, credit_text(code, language) AS verdict
	FROM judged
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY difference DESC, channel;
	COMMENT ON VIEW last_touch_comparison IS
		'What the last touch credits each channel with, against the agreed model (rule.attribution_model): which channels it overrates, where that is '
		'certain.';
END;
$$;
COMMENT ON FUNCTION mart_credit_views(name) IS
'Internal to create_mart: makes the views of who gets credit for stages, what merely took part, and what the last touch overrates in the mart.';
