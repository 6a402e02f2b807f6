-- Who works the leads, how much, and with what success.

CREATE FUNCTION mart_decimal(figure numeric, language text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(figure::text, '.', CASE language WHEN 'fr' THEN ',' ELSE '.' END);
COMMENT ON FUNCTION mart_decimal(numeric, text) IS 'A number with the decimal sign of language en or fr.';

CREATE FUNCTION mart_chance(p_value float8, language text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_value < 0.001 THEN 'p < ' ELSE 'p = ' END
	|| mart_decimal(round(greatest(p_value, 0.001)::numeric, CASE WHEN p_value < 0.1 THEN 3 ELSE 2 END), language);
COMMENT ON FUNCTION mart_chance(float8, text) IS 'A p-value as a part of a sentence in language en or fr; NULL for NULL.';

CREATE FUNCTION mart_owner_message(verdict text, decided bigint, win_rate float8, difference float8, p_value float8, owners bigint, language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN format
(
	mart_text(CASE language
		WHEN 'fr' THEN CASE
			WHEN p_value IS NULL THEN '%1$s affaires décidées : trop peu pour comparer.'
			WHEN verdict = 'the owners differ' THEN 'Les taux de gain de %5$s commerciaux diffèrent au-delà du hasard (%4$s).'
			WHEN difference IS NULL THEN 'Des écarts comme ceux de ces %5$s commerciaux, le hasard en donne aussi (%4$s) : il n''est pas établi que l''un '
				'fasse mieux ou moins bien que les autres.'
			WHEN verdict = 'not yet certain' THEN '%2$s de %1$s affaires décidées gagnées, %3$s points de %6$s que les autres ensemble : ce peut être le '
				'hasard (%4$s, %5$s comparaisons).'
			ELSE '%2$s de %1$s affaires décidées gagnées, %3$s points de %6$s que les autres ensemble : au-delà du hasard (%4$s, %5$s comparaisons).' END
		ELSE CASE
			WHEN p_value IS NULL THEN '%1$s decided deals: too few to compare.'
			WHEN verdict = 'the owners differ' THEN 'The win rates of %5$s owners differ beyond chance (%4$s).'
			WHEN difference IS NULL THEN 'Chance gives differences like those between these %5$s owners, too (%4$s): it is not certain that anybody is better '
				'or worse than the others.'
			WHEN verdict = 'not yet certain' THEN '%2$s of %1$s decided deals won, %3$s points %6$s than the others together: that may be chance '
				'(%4$s, %5$s compared).'
			ELSE '%2$s of %1$s decided deals won, %3$s points %6$s than the others together: beyond chance (%4$s, %5$s compared).' END
		END),
	decided, mart_decimal(trim_scale(round(100 * win_rate::numeric, 1)), language) || ' %', mart_decimal(round(abs(100 * difference)::numeric, 1), language),
	mart_chance(p_value, language), owners,
	CASE WHEN difference < 0 THEN CASE language WHEN 'fr' THEN 'moins' ELSE 'less' END ELSE CASE language WHEN 'fr' THEN 'plus' ELSE 'more' END END
);
COMMENT ON FUNCTION mart_owner_message(text, bigint, float8, float8, float8, bigint, text) IS
'What the view owner_performance says of an owner against the others, or (difference NULL) of whether the owners differ at all, in language en or fr.';

CREATE FUNCTION mart_owner_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW owner_count WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT r.time_zone, r.transmitted_role, r.accepted_role, o.observed_until
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN observation o
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	), deal AS MATERIALIZED
	(
		-- As they stood at observed_until: one opened later is not there yet, one closed later is still open.
		SELECT d.lead_id, d.month, d.channel, d.campaign, nullif(trim_blanks(d.owner), '') AS owner, d.is_won, d.amount,
			CASE WHEN d.closed_at <= s.observed_until THEN date_trunc('month', timezone(s.time_zone, d.closed_at))::date END AS ended,
			d.closed_at <= s.observed_until IS TRUE AS is_decided,
			coalesce(least(d.opened_at, d.closed_at), '-infinity') <= s.observed_until AND (d.closed_at <= s.observed_until) IS NOT TRUE AS is_open
		FROM counted_deal d CROSS JOIN setting s
		WHERE d.excluded_reason IS NULL
	), work AS MATERIALIZED
	(
		SELECT w.lead_id, w.month, w.channel, w.campaign, w.owner, w.stage_position, w.attempted_at, w.contacted_at, w.opportunity_at, w.won_at, w.deals_won,
			w.won_at IS NULL AND (w.lost_at <= w.observed_until) IS NOT TRUE AS is_open,
			date_trunc('month', timezone(s.time_zone, coalesce(w.won_at, CASE WHEN w.lost_at <= w.observed_until THEN w.lost_at END)))::date AS ended,
			CASE s.transmitted_role WHEN 'lead' THEN CASE WHEN w.stage_position IS NOT NULL THEN w.created_at END WHEN 'mql' THEN w.mql_at
				WHEN 'sal' THEN w.sal_at WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at WHEN 'won' THEN w.won_at END AS transmitted_at,
			CASE s.accepted_role WHEN 'lead' THEN CASE WHEN w.stage_position IS NOT NULL THEN w.created_at END WHEN 'mql' THEN w.mql_at
				WHEN 'sal' THEN w.sal_at WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at WHEN 'won' THEN w.won_at END AS accepted_at
		FROM lead_work w CROSS JOIN setting s
	), answered AS MATERIALIZED
	(
		-- As in mql_acceptance: what was transmitted within the time that nearly all answers take may still be answered.
		SELECT (SELECT observed_until FROM setting) - greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at)
			FILTER (WHERE transmitted_at IS NOT NULL AND accepted_at IS NOT NULL), '0') AS until
		FROM work
	), dealt AS
	(
		SELECT lead_id, count(*) FILTER (WHERE is_open) AS open_deals, count(*) FILTER (WHERE is_decided) AS decided_deals FROM deal GROUP BY lead_id
	), part AS
	(
		-- A lead that has a deal is worked as that deal, by whoever has that.
		SELECT w.month, w.owner, w.channel, w.campaign, count(w.stage_position) AS leads, count(w.attempted_at) AS answered,
			count(w.contacted_at) AS contacted,
			count(*) FILTER (WHERE w.transmitted_at IS NOT NULL AND (w.transmitted_at > a.until) IS NOT TRUE) AS transmitted,
			count(*) FILTER (WHERE w.accepted_at IS NOT NULL AND w.transmitted_at IS NOT NULL AND (w.transmitted_at > a.until) IS NOT TRUE) AS accepted,
			count(*) FILTER (WHERE w.transmitted_at > a.until) AS too_recent, count(w.opportunity_at) AS opportunities, count(w.won_at) AS won,
			count(*) FILTER (WHERE w.won_at IS NOT NULL AND w.deals_won = 0) AS won_without_deal,
			count(*) FILTER (WHERE w.won_at IS NULL AND NOT w.is_open) AS lost, count(*) FILTER (WHERE w.is_open) AS open_leads,
			0::bigint AS deals_won, NULL::numeric AS revenue, 0::bigint AS decided_deals, 0::bigint AS decided_deals_won, 0::bigint AS open_deals,
			count(*) FILTER (WHERE w.is_open AND coalesce(d.open_deals, 0) = 0) AS open_load, 0::bigint AS ended_leads, 0::bigint AS ended_load
		FROM work w
		CROSS JOIN answered a
		LEFT JOIN dealt d ON d.lead_id = w.lead_id
		GROUP BY w.month, w.owner, w.channel, w.campaign
		UNION ALL
		SELECT w.ended, w.owner, w.channel, w.campaign, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, count(*),
			count(*) FILTER (WHERE coalesce(d.decided_deals, 0) = 0)
		FROM work w
		LEFT JOIN dealt d ON d.lead_id = w.lead_id
		WHERE w.ended IS NOT NULL
		GROUP BY w.ended, w.owner, w.channel, w.campaign
		UNION ALL
		SELECT d.month, coalesce(d.owner, w.owner), d.channel, d.campaign, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*) FILTER (WHERE d.is_won),
			sum(d.amount) FILTER (WHERE d.is_won), count(*) FILTER (WHERE d.is_decided), count(*) FILTER (WHERE d.is_decided AND d.is_won),
			count(*) FILTER (WHERE d.is_open), count(*) FILTER (WHERE d.is_open), 0, 0
		FROM deal d
		LEFT JOIN work w ON w.lead_id = d.lead_id
		GROUP BY d.month, coalesce(d.owner, w.owner), d.channel, d.campaign
		UNION ALL
		SELECT d.ended, coalesce(d.owner, w.owner), d.channel, d.campaign, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, count(*)
		FROM deal d
		LEFT JOIN work w ON w.lead_id = d.lead_id
		WHERE d.ended IS NOT NULL
		GROUP BY d.ended, coalesce(d.owner, w.owner), d.channel, d.campaign
	)
	SELECT month, owner, channel, campaign, sum(leads)::bigint AS leads, sum(answered)::bigint AS answered, sum(contacted)::bigint AS contacted,
		sum(transmitted)::bigint AS transmitted, sum(accepted)::bigint AS accepted, sum(too_recent)::bigint AS too_recent,
		sum(opportunities)::bigint AS opportunities, sum(won)::bigint AS won, sum(won_without_deal)::bigint AS won_without_deal,
		sum(lost)::bigint AS lost, sum(open_leads)::bigint AS open_leads, sum(deals_won)::bigint AS deals_won, sum(revenue) AS revenue,
		sum(decided_deals)::bigint AS decided_deals,
		sum(decided_deals_won)::bigint AS decided_deals_won, sum(open_deals)::bigint AS open_deals, sum(open_load)::bigint AS open_load,
		sum(ended_leads)::bigint AS ended_leads, sum(ended_load)::bigint AS ended_load
	FROM part
	GROUP BY month, owner, channel, campaign;
	COMMENT ON VIEW owner_count IS
		'Layer below the views about owners, all of it adds up: per month of the lead, owner, channel and campaign what became of the leads and of their '
		'deals. Leads count for who works them (lead_work), deals for who has them (deal.owner, else who works the lead). ended_leads and ended_load count in '
		'the month of the end.';

	CREATE OR REPLACE VIEW owner_by_grain WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT date_trunc('month', timezone(r.time_zone, o.observed_until + interval '1 microsecond'))::date AS until
		FROM (SELECT time_zone FROM rule LIMIT 1) r CROSS JOIN observation o
	), counted AS MATERIALIZED
	(
		SELECT month, owner, sum(leads) AS leads, sum(answered) AS answered, sum(contacted) AS contacted, sum(transmitted) AS transmitted,
			sum(accepted) AS accepted, sum(too_recent) AS too_recent, sum(opportunities) AS opportunities, sum(won) AS won,
			sum(won_without_deal) AS won_without_deal, sum(lost) AS lost, sum(open_leads) AS open_leads, sum(deals_won) AS deals_won,
			sum(revenue) AS revenue, sum(decided_deals) AS decided_deals, sum(decided_deals_won) AS decided_deals_won, sum(open_deals) AS open_deals,
			sum(open_load) AS open_load, sum(ended_load) AS ended_load
		FROM owner_count
		GROUP BY month, owner
	), span AS
	(
		-- The last three complete months, or as many as there are.
		SELECT s.until, least(3, 12 * (extract(year FROM s.until) - extract(year FROM c.first)) + extract(month FROM s.until)
			- extract(month FROM c.first))::integer AS months
		FROM setting s
		CROSS JOIN (SELECT min(month) FILTER (WHERE leads > 0) AS first FROM counted) c
	)
	SELECT CASE WHEN GROUPING(c.owner) = 1 THEN CASE WHEN GROUPING(c.month) = 1 THEN 'all' ELSE 'month' END
			WHEN GROUPING(c.month) = 1 THEN 'owner' ELSE 'month and owner' END AS grain,
		c.month, c.owner, sum(c.leads)::bigint AS leads, sum(c.answered)::bigint AS answered, sum(c.contacted)::bigint AS contacted,
		sum(c.transmitted)::bigint AS transmitted, sum(c.accepted)::bigint AS accepted, sum(c.too_recent)::bigint AS too_recent,
		sum(c.opportunities)::bigint AS opportunities, sum(c.won)::bigint AS won, sum(c.lost)::bigint AS lost, sum(c.open_leads)::bigint AS open_leads,
		sum(c.deals_won)::bigint AS deals_won,
		CASE WHEN sum(c.deals_won) > 0 THEN sum(c.revenue) WHEN sum(c.won_without_deal) = 0 THEN 0 END AS revenue,
		sum(c.decided_deals)::bigint AS decided_deals, sum(c.decided_deals_won)::bigint AS decided_deals_won, sum(c.open_deals)::bigint AS open_deals,
		sum(c.open_load)::bigint AS open_load,
		CASE WHEN GROUPING(c.month) = 1 AND s.months > 0
			THEN coalesce(sum(c.ended_load) FILTER (WHERE c.month >= s.until - make_interval(months => s.months) AND c.month < s.until), 0)::bigint
		END AS ended_lately,
		CASE WHEN GROUPING(c.month) = 1 AND s.months > 0 THEN s.months END AS months_lately
	FROM counted c
	CROSS JOIN span s
	GROUP BY GROUPING SETS ((s.until, s.months), (s.until, s.months, c.month), (s.until, s.months, c.owner), (s.until, s.months, c.month, c.owner))
	-- A month in which something ended need not have leads.
	HAVING sum(c.leads + c.lost + c.open_leads + c.deals_won + c.decided_deals + c.open_deals) > 0;
	COMMENT ON VIEW owner_by_grain IS
		'Layer below owner_performance: what owner_count has, of all (grain = all), per month, per owner, and per month and owner.';

	CREATE OR REPLACE VIEW owner_performance WITH (security_invoker = true) AS
	WITH rated AS
	(
		SELECT o.*, r.confidence_level, r.language, max(o.answered) OVER () > 0 AS has_attempts,
			(SELECT array_agg(role) FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) AS roles,
			r.transmitted_role, r.accepted_role, rate(o.decided_deals_won, o.decided_deals) AS own,
			-- Deals of nobody say nothing of anybody.
			o.grain IN ('owner', 'month and owner') AND o.owner IS NOT NULL AS is_owner
		FROM owner_by_grain o
		CROSS JOIN (SELECT confidence_level, language, transmitted_role, accepted_role FROM rule LIMIT 1) r
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	), tested AS
	(
		-- Of all months month is NULL, too: the row of the team and those of its owners are one partition.
		SELECT *, rate_homogeneity(own) FILTER (WHERE is_owner) OVER team AS homogeneity,
			CASE WHEN is_owner THEN rate((sum(decided_deals_won) FILTER (WHERE is_owner) OVER team - decided_deals_won)::bigint,
				(sum(decided_deals) FILTER (WHERE is_owner) OVER team - decided_deals)::bigint) END AS others
		FROM rated
		WINDOW team AS (PARTITION BY month)
	), compared AS
	(
		SELECT t.*, c.difference, c.low, c.high, c.p_value, c.p_value IS NOT NULL AND least(t.decided_deals, trials(t.others)) >= 10 AS is_compared
		FROM tested t
		LEFT JOIN LATERAL compare(t.own, t.others, t.confidence_level) c ON true
	), held AS
	(
		-- Holm: the smallest of so many is held against all of them, the next against one fewer.
		SELECT *, count(*) FILTER (WHERE is_compared) OVER (PARTITION BY grain) AS compared,
			row_number() OVER (PARTITION BY grain, is_compared ORDER BY p_value, month, owner COLLATE "C") AS number
		FROM compared
	), judged AS
	(
		SELECT *, CASE WHEN is_compared THEN max(least((compared - number + 1) * p_value, 1)) OVER (PARTITION BY grain, is_compared ORDER BY number) END
			AS adjusted
		FROM held
	), told AS
	(
		SELECT *, CASE
			WHEN grain = 'all' THEN CASE WHEN (homogeneity).p_value < 1 - confidence_level THEN 'the owners differ'
				WHEN (homogeneity).p_value IS NOT NULL THEN 'not yet certain' END
			-- Neither where there are no others, nor where all was won, or nothing.
			WHEN p_value IS NULL THEN NULL
			WHEN adjusted < 1 - confidence_level THEN CASE WHEN difference > 0 THEN 'above the team' ELSE 'below the team' END
			ELSE 'not yet certain' END AS verdict
		FROM judged
	)
	SELECT grain, month, owner, leads, CASE WHEN has_attempts THEN answered END AS answered, CASE WHEN has_attempts THEN contacted END AS contacted,
		CASE WHEN transmitted_role = ANY (roles) THEN transmitted END AS transmitted, CASE WHEN accepted_role = ANY (roles) THEN accepted END AS accepted,
		a.acceptance::float8 AS acceptance_rate, low(a.acceptance, confidence_level) AS acceptance_rate_low,
		high(a.acceptance, confidence_level) AS acceptance_rate_high, CASE WHEN transmitted_role = ANY (roles) THEN too_recent END AS too_recent,
		CASE WHEN 'opportunity' = ANY (roles) THEN opportunities END AS opportunities, CASE WHEN 'won' = ANY (roles) THEN won END AS won, lost, open_leads,
		deals_won, revenue, decided_deals, decided_deals_won, own::float8 AS win_rate, low(own, confidence_level) AS win_rate_low,
		high(own, confidence_level) AS win_rate_high, others::float8 AS win_rate_of_others, difference, low AS difference_low, high AS difference_high,
		p_value, adjusted AS adjusted_p_value, CASE WHEN is_compared THEN compared END AS compared_owners, (homogeneity).p_value AS team_p_value, verdict,
		CASE WHEN verdict IS NOT NULL THEN mart_owner_message(verdict, decided_deals, own::float8, difference,
			CASE grain WHEN 'all' THEN (homogeneity).p_value ELSE adjusted END,
			CASE grain WHEN 'all' THEN (homogeneity).degrees_of_freedom + 1 ELSE compared END, language) END AS message,
		open_deals, open_load, ended_lately, (open_load * months_lately)::float8 / nullif(ended_lately, 0) AS load_months,
		fiscal_quarter(month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM told
	CROSS JOIN LATERAL (SELECT CASE WHEN accepted <= transmitted AND ARRAY[transmitted_role, accepted_role] <@ roles THEN rate(accepted, transmitted) END
		AS acceptance) a
	ORDER BY array_position('{all,owner,month,month and owner}', grain), month, owner;
	COMMENT ON VIEW owner_performance IS
		'What became of the leads and deals of each owner: of all months (grain = owner), per month of the lead (month and owner), and of all owners (all, '
		'month). The win rate of decided deals is held against that of the other owners together, as one of so many that are compared. Read one grain, never '
		'sum over them.';

	CREATE OR REPLACE VIEW funnel_by_owner WITH (security_invoker = true) AS
	WITH stages AS MATERIALIZED
	(
		SELECT array_agg(stage ORDER BY stage_position) AS names, array_agg(stage_position ORDER BY stage_position) AS positions
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	), work AS MATERIALIZED
	(
		-- Distinct, so that the planner knows that each lead has one.
		SELECT DISTINCT ON (lead_id) lead_id, owner FROM lead_work
	), part AS
	(
		SELECT w.owner, funnel(e.lead_id, e.stage, e.entered_at, (SELECT names FROM stages), (SELECT funnel_within FROM rule),
			(SELECT funnel_policy FROM rule)) AS f, NULL::integer AS stage_position, NULL::bigint AS leads
		FROM funnel_event e
		LEFT JOIN work w ON w.lead_id = e.lead_id
		GROUP BY w.owner
		UNION ALL
		-- What is known as counts only is nobody's.
		SELECT NULL, NULL, stage_position, sum(leads)::bigint
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY stage_position
	)
	SELECT c.owner, s.*
	FROM
	(
		SELECT p.owner, rollup(p.f) AS f,
			(SELECT array_agg(coalesce(v.leads, 0) ORDER BY l.stage_position) FROM ladder l LEFT JOIN
				(SELECT n.stage_position, sum(n.leads)::bigint AS leads FROM unnest(array_agg(p.stage_position), array_agg(p.leads)) n(stage_position, leads)
				GROUP BY n.stage_position) v USING (stage_position)) AS counts
		FROM part p
		GROUP BY p.owner
	) c
	CROSS JOIN stages t
	CROSS JOIN LATERAL
	(
		SELECT l.stage_position, l.stage, p.leads, p.previous_leads, p.entered_leads, p.step_rate, p.step_rate_low, p.step_rate_high,
			p.total_rate, p.total_rate_low, p.total_rate_high, p.median_days, p.p90_days, p.mean_days
		FROM ladder l
		LEFT JOIN counted_steps(c.f, t.names, t.positions, c.counts, (SELECT confidence_level FROM rule)) p USING (stage_position)
	) s
	ORDER BY c.owner, s.stage_position;
	COMMENT ON VIEW funnel_by_owner IS 'The funnel per owner: who works the lead (see lead_work); leads of nobody, and those known as counts only, are a row '
		'of their own (NULL).';
END;
$$;
COMMENT ON FUNCTION mart_owner_views(name) IS 'Internal to create_mart: makes the views of who works the leads, how much, and with what success in the mart.';
