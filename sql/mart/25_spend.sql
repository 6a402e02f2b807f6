-- What was spent, on which channel and campaign, as far as the relation spend says, and as the leads complete it.

CREATE FUNCTION mart_spend_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW campaign_channel WITH (security_invoker = true) AS
	SELECT campaign, count(DISTINCT coalesce(channel, '')) AS channels, CASE WHEN count(DISTINCT coalesce(channel, '')) = 1 THEN max(channel) END AS channel
	FROM (SELECT DISTINCT c.name AS channel, g.name AS campaign
		FROM (SELECT channel, campaign FROM lead_name_count UNION SELECT channel, campaign FROM volume) l
		JOIN spelling g ON g.what = 'campaign' AND g.spelling = l.campaign
		LEFT JOIN spelling c ON c.what = 'channel' AND c.spelling = l.channel) k
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	GROUP BY campaign;
	COMMENT ON VIEW campaign_channel IS 'The channel of each campaign that leads have, where it is one; NULL where there are several.';

	CREATE OR REPLACE VIEW counted_spend WITH (security_invoker = true) AS
	WITH worth AS MATERIALIZED
	(
		SELECT * FROM currency_worth
	), plain AS
	(
		SELECT spent_on, channel, campaign, currency, CASE WHEN amount > '-Infinity' AND amount < 'Infinity' THEN amount END AS amount
		FROM spend
	), priced AS
	(
		SELECT p.*, CASE WHEN coalesce(btrim(p.currency), '') = '' THEN p.amount ELSE
			(
				SELECT CASE WHEN w.is_own THEN p.amount ELSE round(p.amount * w.rate, greatest(scale(p.amount), 2)) END
				FROM worth w
				WHERE w.currency = p.currency AND (w.is_own OR p.spent_on >= w.valid_from AND p.spent_on < coalesce(w.valid_until, 'infinity'))
			) END AS worth
		FROM plain p
	)
	SELECT CASE WHEN isfinite(s.spent_on) THEN date_trunc('month', s.spent_on::timestamp)::date END AS month,
		coalesce(c.name, k.channel) AS channel,
		g.name AS campaign,
		s.worth AS amount,
		CASE WHEN isfinite(s.spent_on) THEN s.spent_on END AS spent_on, s.currency,
		c.name IS NULL AND k.channels > 1 IS TRUE AS is_ambiguous,
		s.amount IS NOT NULL AND s.worth IS NULL AS is_unpriced
	FROM priced s
	LEFT JOIN spelling c ON c.what = 'channel' AND c.spelling = s.channel
	LEFT JOIN spelling g ON g.what = 'campaign' AND g.spelling = s.campaign
	LEFT JOIN campaign_channel k ON c.name IS NULL AND k.campaign = g.name
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND (SELECT NOT mart_sets_aside('spend'::regclass));
	COMMENT ON VIEW counted_spend IS
		'Every row of spend with its month, its channel (that of the campaign, where none is named and leads have it in one only), and its amount in the '
		'currency of the mart; what is not finite, and what is in a currency without a rate, is NULL.';

	CREATE OR REPLACE VIEW allocated_spend WITH (security_invoker = true) AS
	WITH cell AS
	(
		SELECT month, channel, campaign, sum(amount) AS amount FROM counted_spend GROUP BY month, channel, campaign
	), lead_cell AS
	(
		SELECT month, channel, campaign, sum(leads) AS leads
		FROM
		(
			SELECT month, channel, campaign, count(*) AS leads FROM judged_lead WHERE excluded_reason IS NULL GROUP BY month, channel, campaign
			UNION ALL
			SELECT month, channel, campaign, leads FROM counted_volume WHERE stage_position = 1 AND excluded_reason IS NULL
		) l
		WHERE channel IS NOT NULL AND EXISTS (SELECT FROM cell WHERE campaign IS NULL AND channel IS NOT NULL)
			AND (SELECT channel_spend FROM rule) = 'spread'
		GROUP BY month, channel, campaign
		HAVING sum(leads) > 0
	), share AS
	(
		SELECT *, sum(leads) OVER (PARTITION BY month, channel) AS all_leads,
			sum(leads) OVER (PARTITION BY month, channel ORDER BY campaign COLLATE "C" NULLS FIRST) AS leads_until
		FROM lead_cell
	)
	SELECT month, channel, campaign, sum(amount) AS amount
	FROM
	(
		SELECT c.month, c.channel, CASE WHEN s.month IS NULL THEN c.campaign ELSE s.campaign END AS campaign,
			-- To the last digit: what the first ones get together, less what those before got.
			CASE WHEN s.month IS NULL OR s.leads = s.all_leads THEN c.amount ELSE
				round(c.amount * s.leads_until / s.all_leads, greatest(scale(c.amount), 2))
				- round(c.amount * (s.leads_until - s.leads) / s.all_leads, greatest(scale(c.amount), 2)) END AS amount
		FROM cell c
		LEFT JOIN share s ON c.campaign IS NULL AND s.month = c.month AND s.channel = c.channel
	) a
	GROUP BY month, channel, campaign;
	COMMENT ON VIEW allocated_spend IS
		'What was spent per month, channel and campaign. What names a channel only is spread over its campaigns by the counted leads of the month '
		'(rule.channel_spend); where there are none it stays a row of the channel. Adds up to counted_spend to the last cent.';
END;
$$;
COMMENT ON FUNCTION mart_spend_views(name) IS 'Internal to create_mart: makes the views of spend in the mart.';
