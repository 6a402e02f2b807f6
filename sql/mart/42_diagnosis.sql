-- What the numbers mean: the situations in which "leads generated" misleads, each looked for in the data by a test of its own.
-- In layers, each read once by the next: leads are expensive to come by, and every question is about the same ones.

CREATE FUNCTION diagnosis_questions()
RETURNS TABLE (number integer, about text, period text, compared_with text, title text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	VALUES
	(1, 'won', 'month', 'previous', 'previous month'),
	(2, 'won', 'quarter', 'previous', 'previous quarter'),
	(3, 'won', 'quarter', 'year before', 'year before'),
	(4, 'qualified', 'month', 'previous', 'previous month'),
	(5, 'qualified', 'quarter', 'previous', 'previous quarter');
END;
COMMENT ON FUNCTION diagnosis_questions() IS
'The questions of the view diagnosis that compare periods: which of them, what about, and what they call that (title). Internal to the mart.';

CREATE FUNCTION mart_diagnosis_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW diagnosis_lead WITH (security_invoker = true) AS
	SELECT lead_id, created_at, month, channel, campaign, observed_until, won_at, lost_at, qualified_at, transmitted_at, accepted_at,
		won_lag, qualified_lag, accepted_lag, recorded_since, losses_since
	FROM comparison_lead
	WHERE stage_position IS NOT NULL;
	COMMENT ON VIEW diagnosis_lead IS
		'Layer below the diagnosis: every counted lead created by observed_until, with what was known of it then.';

	CREATE OR REPLACE VIEW diagnosis_member WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT *, won_at - created_at AS won_age, lost_at - created_at AS lost_age, qualified_at - created_at AS qualified_age FROM diagnosis_lead
	), known AS MATERIALIZED
	(
		SELECT max(observed_until) AS observed_until, array_agg(month ORDER BY month) AS months, array_agg(youngest ORDER BY month) AS youngest,
			max(won_lag)::interval AS won_lag, max(qualified_lag)::interval AS qualified_lag, max(accepted_lag)::interval AS accepted_lag,
			max(recorded_since) AS recorded_since,
			max(losses_since) AS losses_since, max(month) AS newest, (SELECT time_zone FROM rule) AS time_zone,
			(SELECT fiscal_year_start FROM rule) AS fiscal_year_start
		FROM
		(
			SELECT month, max(created_at) AS youngest, max(observed_until) AS observed_until, max(won_lag) AS won_lag, max(qualified_lag) AS qualified_lag,
				max(accepted_lag) AS accepted_lag, max(recorded_since) AS recorded_since, max(losses_since) AS losses_since
			FROM lead
			GROUP BY month
		) m
	), period AS MATERIALIZED
	(
		SELECT v.number, v.title AS compared_with, p.after_start, p.after_end, p.before_start, p.before_end, p.comparable,
			-- Only what could have been written down is compared.
			v.number > 3 OR timezone(k.time_zone, p.before_start::timestamp) >= coalesce(k.recorded_since, '-infinity') AS is_recorded,
			timezone(k.time_zone, p.before_start::timestamp) >= coalesce(k.losses_since, '-infinity') AS has_losses,
			greatest(p.after_end - interval '1 year',
				date_trunc('month', timezone(k.time_zone, k.recorded_since) + interval '1 month' - interval '1 microsecond'))::date AS year_start
		FROM known k
		CROSS JOIN (VALUES ('won'), ('qualified')) a(about)
		CROSS JOIN LATERAL comparison_periods(k.observed_until, CASE a.about WHEN 'won' THEN k.won_lag ELSE k.qualified_lag END, k.months, k.youngest,
			k.time_zone, k.fiscal_year_start) p
		JOIN diagnosis_questions() v USING (about, period, compared_with)
	), sold AS
	(
		-- Of every won deal the age of its lead. By a sort: joins over estimates that are far off are slow.
		SELECT month, lead_id, channel, campaign, closed_at - created_at AS age, amount
		FROM
		(
			SELECT lead_id, is_deal, closed_at, amount, max(month) OVER lead AS month, max(created_at) OVER lead AS created_at,
				max(channel) OVER lead AS channel, max(campaign) OVER lead AS campaign
			FROM
			(
				SELECT lead_id, false AS is_deal, NULL::timestamptz AS closed_at, NULL::numeric AS amount, month, created_at, channel, campaign FROM lead
				UNION ALL
				SELECT lead_id, true, closed_at, amount, NULL, NULL, NULL, NULL FROM counted_deal WHERE is_won AND excluded_reason IS NULL
			) e
			WINDOW lead AS (PARTITION BY lead_id)
		) d
		WHERE is_deal AND month IS NOT NULL
	)
	SELECT p.number, p.compared_with, p.after_start AS since, o.month >= p.after_start AS is_after,
		CASE WHEN o.month >= p.after_start THEN p.after_end - p.after_start ELSE p.before_end - p.before_start END AS period_days,
		CASE WHEN p.number <= 3 THEN o.channel END AS channel, NULL::text AS campaign, o.lead_id, o.won_age <= p.comparable IS TRUE AS is_won,
		o.qualified_age <= p.comparable IS TRUE AS is_qualified,
		CASE WHEN o.won_age <= p.comparable THEN extract(epoch FROM o.won_age)::float8 END AS seconds, NULL::numeric AS amount, true AS is_lead,
		NULL::timestamptz AS created_at, NULL::timestamptz AS won_at, NULL::timestamptz AS lost_at, NULL::timestamptz AS observed_until,
		CASE WHEN p.has_losses THEN o.lost_age <= p.comparable IS TRUE END AS is_lost, NULL::numeric AS revenue, p.comparable::text AS comparable, p.is_recorded
	FROM period p
	JOIN lead o ON o.month >= p.after_start AND o.month < p.after_end OR o.month >= p.before_start AND o.month < p.before_end
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	UNION ALL
	SELECT p.number, p.compared_with, p.after_start, d.month >= p.after_start, NULL, d.channel, NULL, d.lead_id, NULL, NULL, NULL, d.amount, false,
		NULL, NULL, NULL, NULL, NULL, NULL, p.comparable::text, p.is_recorded
	FROM period p
	JOIN sold d ON p.number <= 3 AND d.age <= p.comparable
		AND (d.month >= p.after_start AND d.month < p.after_end OR d.month >= p.before_start AND d.month < p.before_end)
	UNION ALL
	-- A year of complete months that are old enough, every lead judged at the age of the youngest; what was spent in it, and what it brought.
	SELECT 8, 'other campaigns', p.year_start, true, NULL, o.channel, o.campaign, o.lead_id, o.won_age <= p.comparable IS TRUE, NULL, NULL, NULL,
		true, NULL, NULL, NULL, NULL, NULL, NULL, p.comparable::text, true
	FROM period p JOIN lead o ON o.month < p.after_end AND o.month >= p.year_start
	WHERE p.number = 1
	UNION ALL
	SELECT 8, 'other campaigns', p.year_start, true, NULL, d.channel, d.campaign, NULL, NULL, NULL, NULL, NULL,
		false, NULL, NULL, NULL, NULL, NULL, d.amount, p.comparable::text, true
	FROM period p JOIN sold d ON d.month < p.after_end AND d.month >= p.year_start AND d.age <= p.comparable
	WHERE p.number = 1
	UNION ALL
	SELECT 8, 'other campaigns', p.year_start, true, NULL, s.channel, s.campaign, NULL, NULL, NULL, NULL, s.amount,
		false, NULL, NULL, NULL, NULL, NULL, NULL, p.comparable::text, true
	FROM period p JOIN allocated_spend s ON s.month < p.after_end AND s.month >= p.year_start
	WHERE p.number = 1
	UNION ALL
	-- What was transmitted too lately to have been answered is left out.
	SELECT 9, 'agreed threshold', timezone(k.time_zone, k.observed_until - k.accepted_lag - interval '91 days')::date, true, NULL,
		NULL, NULL, o.lead_id, o.accepted_at IS NOT NULL, NULL, NULL, NULL, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true
	FROM known k
	JOIN lead o ON o.transmitted_at <= k.observed_until - k.accepted_lag AND o.transmitted_at > k.observed_until - k.accepted_lag - interval '91 days'
	UNION ALL
	SELECT 10, 'three months before', k.newest, o.month = k.newest, NULL, NULL, NULL, o.lead_id, o.won_at IS NOT NULL, NULL, NULL, NULL, true,
		o.created_at, o.won_at, o.lost_at, o.observed_until, NULL, NULL, NULL, true
	FROM known k JOIN lead o ON o.month >= k.newest - interval '3 months';
	COMMENT ON VIEW diagnosis_member IS
		'Layer below the diagnosis: the leads that each question is about, with their deals and the spend on them. Questions 1 to 5 compare periods, '
		'8 campaigns; 9 is about acceptance, 10 about the newest cohort.';

	CREATE OR REPLACE VIEW diagnosis_side WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT * FROM comparison_count
	), question AS MATERIALIZED
	(
		SELECT v.number, v.title AS compared_with, p.about, p.period, p.compared_with AS compared_period, p.after_start, p.after_end, p.before_start,
			p.before_end, p.comparable,
			-- Only what could have been written down is compared.
			v.number > 3 OR timezone(r.time_zone, p.before_start::timestamp) >= coalesce(p.recorded_since, '-infinity') AS is_recorded,
			timezone(r.time_zone, p.before_start::timestamp) >= coalesce(p.losses_since, '-infinity') AS has_losses,
			greatest(p.after_end - interval '1 year',
				date_trunc('month', timezone(r.time_zone, p.recorded_since) + interval '1 month' - interval '1 microsecond'))::date AS year_start
		FROM counted p
		JOIN diagnosis_questions() v USING (about, period, compared_with)
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		WHERE p.part = 'period'
	), cell AS MATERIALIZED
	(
		SELECT q.number, q.compared_with, q.after_start AS since, c.month >= q.after_start AS is_after,
			CASE WHEN c.month >= q.after_start THEN q.after_end - q.after_start ELSE q.before_end - q.before_start END AS period_days,
			CASE WHEN q.number <= 3 THEN c.channel END AS channel, NULL::text AS campaign, sum(c.leads)::bigint AS leads, sum(c.won)::bigint AS won,
			sum(c.qualified)::bigint AS qualified, CASE WHEN q.has_losses THEN sum(c.lost)::bigint END AS lost,
			CASE WHEN q.number <= 3 THEN sum(c.deals)::bigint ELSE 0 END AS deals, CASE WHEN q.number <= 3 THEN sum(c.revenue) END AS amount,
			NULL::numeric AS revenue, rollup(c.log_age::moments) AS log_age, CASE WHEN q.number <= 3 THEN rollup(c.per_lead::moments) END AS per_lead,
			NULL::text AS curve, q.comparable, q.is_recorded
		FROM question q
		JOIN counted c ON c.part = 'cell' AND c.about = q.about AND c.period = q.period
			AND (c.month >= q.after_start AND c.month < q.after_end OR c.month >= q.before_start AND c.month < q.before_end)
		WHERE c.is_on_ladder
		GROUP BY q.number, q.compared_with, q.after_start, q.after_end, q.before_start, q.before_end, q.has_losses, q.comparable, q.is_recorded,
			c.month >= q.after_start, CASE WHEN q.number <= 3 THEN c.channel END
		UNION ALL
		-- A year of complete months that are old enough, every lead judged at the age of the youngest; what was spent in it, and what it brought.
		SELECT 8, 'other campaigns', year_start, true, NULL, channel, campaign, sum(leads)::bigint, sum(won)::bigint, 0, NULL, 0, sum(spend), sum(revenue),
			NULL, NULL, NULL, comparable, true
		FROM
		(
			SELECT q.year_start, q.comparable, c.channel, c.campaign, c.leads, c.won, NULL::numeric AS spend, c.revenue
			FROM question q
			JOIN counted c ON c.part = 'cell' AND c.about = q.about AND c.period = q.period AND c.month < q.after_end AND c.month >= q.year_start
			WHERE q.number = 1 AND c.is_on_ladder
			UNION ALL
			SELECT q.year_start, q.comparable, s.channel, s.campaign, 0, 0, s.amount, NULL
			FROM question q
			JOIN allocated_spend s ON s.month < q.after_end AND s.month >= q.year_start
			WHERE q.number = 1
		) y
		GROUP BY year_start, comparable, channel, campaign
		UNION ALL
		SELECT 9, 'agreed threshold', timezone(r.time_zone, c.observed_until - c.accepted_lag::interval - interval '91 days')::date, true, NULL, NULL, NULL,
			c.leads, c.won, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, true
		FROM counted c
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		WHERE c.part = 'transmitted' AND c.leads > 0
		UNION ALL
		SELECT 10, 'three months before', month, is_after, NULL, NULL, NULL, leads, won, 0, NULL, 0, NULL, NULL, NULL, NULL, curve, NULL, true
		FROM counted
		WHERE part = 'newest'
	), side AS
	(
		SELECT number, min(compared_with) AS compared_with, min(since) AS since, is_after, max(period_days) AS period_days, NULL::text AS channel,
			NULL::text AS campaign, sum(leads)::bigint AS leads, sum(won)::bigint AS won, sum(qualified)::bigint AS qualified, sum(lost)::bigint AS lost,
			-- Revenue nobody knows is no revenue of 0.
			CASE WHEN sum(deals) > 0 THEN sum(amount) WHEN sum(won) = 0 THEN 0 END AS amount, NULL::numeric AS revenue, rollup(log_age)::text AS log_age,
			max(curve) AS curve, max(comparable) AS comparable, bool_and(is_recorded) AS is_recorded
		FROM cell
		WHERE number <> 8
		GROUP BY number, is_after
		UNION ALL
		SELECT number + 5, compared_with, since, is_after, period_days, channel, NULL, leads, won, qualified, lost, amount, NULL, NULL, NULL, comparable,
			is_recorded
		FROM cell
		WHERE number <= 2
		UNION ALL
		SELECT number, compared_with, since, is_after, period_days, channel, campaign, leads, won, qualified, lost, amount, revenue, NULL, NULL, comparable,
			is_recorded
		FROM cell
		WHERE number = 8
	), segment AS
	(
		SELECT number, coalesce(sum(leads) FILTER (WHERE NOT is_after), 0) AS leads0, coalesce(sum(leads) FILTER (WHERE is_after), 0) AS leads1,
			coalesce(sum(won) FILTER (WHERE NOT is_after), 0) AS won0, coalesce(sum(won) FILTER (WHERE is_after), 0) AS won1,
			sum(lost) FILTER (WHERE NOT is_after) AS lost0, sum(lost) FILTER (WHERE is_after) AS lost1,
			coalesce(sum(amount) FILTER (WHERE NOT is_after), 0) AS revenue0, coalesce(sum(amount) FILTER (WHERE is_after), 0) AS revenue1
		FROM cell
		WHERE number <= 3
		GROUP BY number, channel
	), effect AS
	(
		-- As period_change has it.
		SELECT number, revenue_mix_change(leads0, won0, revenue0, leads1, won1, revenue1) AS change,
			CASE WHEN bool_or(num_nonnulls(lost0, lost1) > 0) THEN
				revenue_mix_change(leads0, won0 + CASE WHEN e.is_explained THEN coalesce(lost0, 0) ELSE 0 END, revenue0,
					leads1, won1 + CASE WHEN e.is_explained THEN coalesce(lost1, 0) ELSE 0 END, revenue1)
			END AS decided_change
		FROM segment s
		CROSS JOIN LATERAL (SELECT NOT (s.won0 = 0 AND s.revenue0 <> 0 OR s.won1 = 0 AND s.revenue1 <> 0) AS is_explained) e
		GROUP BY number
	), paid AS
	(
		SELECT number, is_after, rollup(per_lead)::text AS per_lead FROM cell WHERE number <= 3 GROUP BY number, is_after
	), timed AS
	(
		SELECT q.number, c.is_after, c.median_seconds / 86400 AS median_days
		FROM question q
		JOIN counted c ON c.part = 'won' AND c.about = q.about AND c.period = q.period AND c.compared_with = q.compared_period
	)
	SELECT s.number, s.compared_with, s.since, s.is_after, s.period_days, s.channel, s.campaign, s.leads, s.won, s.qualified, t.median_days,
		s.amount, s.log_age, p.per_lead, s.curve, s.lost, s.revenue, s.comparable, s.is_recorded, (e.change).volume, (e.change).mix, (e.change).conversion,
		(e.change).basket, (e.decided_change).conversion AS cycle
	FROM side s
	LEFT JOIN paid p USING (number, is_after)
	LEFT JOIN timed t USING (number, is_after)
	LEFT JOIN effect e USING (number)
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW diagnosis_side IS
		'Layer below the diagnosis: per question and side of it (is_after), and where it is about them per channel and campaign, the leads, what '
		'became of them, and what they brought or cost. log_age, per_lead and curve are summaries in their text form.';

	CREATE OR REPLACE VIEW diagnosis_comparison WITH (security_invoker = true) AS
	WITH side AS MATERIALIZED
	(
		SELECT * FROM diagnosis_side
	), setting AS MATERIALIZED
	(
		SELECT confidence_level FROM rule
	), mixed AS
	(
		SELECT number, mix_change(before, after) AS change
		FROM
		(
			SELECT number, channel, rollup(rate(won, leads)) FILTER (WHERE NOT is_after) AS before, rollup(rate(won, leads)) FILTER (WHERE is_after) AS after
			FROM side
			WHERE number IN (6, 7)
			GROUP BY number, channel
		) s
		GROUP BY number
	), bought AS
	(
		SELECT *, count(*) OVER () AS asked, sum(leads) OVER () - leads AS other_leads, sum(won) OVER () - won AS other_won,
			sum(amount) OVER () - amount AS other_amount, sum(revenue) OVER () - revenue AS other_revenue
		FROM side
		WHERE number = 8 AND leads > 0 AND amount > 0
	), compared AS
	(
		SELECT a.number, NULL::text AS subject, a.since, a.compared_with, 2::bigint AS asked, b.leads AS leads0, a.leads AS leads1, b.won AS won0,
			a.won AS won1, b.qualified AS qualified0, a.qualified AS qualified1, b.lost AS lost0, a.lost AS lost1,
			b.median_days AS median_days0, a.median_days AS median_days1,
			b.amount AS amount0, a.amount AS amount1, NULL::numeric AS revenue0, NULL::numeric AS revenue1,
			b.log_age AS log_age0, a.log_age AS log_age1, b.per_lead AS per_lead0, a.per_lead AS per_lead1, b.curve AS curve0, a.curve AS curve1,
			-- Per day: a February is not a fall.
			b.period_days AS days0, a.period_days AS days1, a.comparable, a.is_recorded, a.volume, a.mix, a.conversion, a.basket, a.cycle
		FROM side a JOIN side b USING (number)
		WHERE a.is_after AND NOT b.is_after AND number NOT IN (6, 7)
		UNION ALL
		SELECT number, concat_ws(' / ', coalesce(channel, '(unknown)'), campaign), since, compared_with, asked, other_leads::bigint, leads,
			other_won::bigint, won, NULL, NULL, NULL, NULL, NULL, NULL, other_amount, amount, other_revenue, revenue, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, comparable, is_recorded, NULL, NULL, NULL, NULL, NULL
		FROM bought
		WHERE other_leads > 0 AND other_amount > 0
		UNION ALL
		SELECT number, NULL, since, compared_with, 1, NULL, leads, NULL, won, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, NULL, NULL, NULL, NULL, comparable, is_recorded, NULL, NULL, NULL, NULL, NULL
		FROM side
		WHERE number = 9
	)
	SELECT c.number, c.subject, c.since, c.compared_with, c.asked, c.leads0, c.leads1, c.won0, c.won1, c.qualified0, c.qualified1,
		c.median_days0, c.median_days1, c.amount0, c.amount1, mean(c.per_lead0::moments) AS per_lead0, mean(c.per_lead1::moments) AS per_lead1,
		1 / volume.ratio AS growth, coalesce(1 / volume.ratio >= 1.15 AND volume.p_value < 1 - r.confidence_level, false) AS is_growing,
		cost.ratio AS cost_ratio, cost.p_value AS cost_p_value,
		CASE WHEN c.number <> 8 THEN NULL WHEN c.won1 > 0 AND c.won0 > 0 THEN cost_per(c.amount1, c.won1) / cost_per(c.amount0, c.won0)
			WHEN c.won1 > 0 THEN 0 END::float8 AS cac_ratio,
		won.difference AS won_difference, won.p_value AS won_p_value,
		qualified.difference AS qualified_difference, qualified.p_value AS qualified_p_value, age.difference AS age_difference, age.p_value AS age_p_value,
		revenue.difference AS revenue_difference, revenue.p_value AS revenue_p_value,
		curve.p_value AS curve_p_value, curve.observed_a > curve.expected_a AS is_ahead_at_same_age,
		(m.change).total AS mix_total, (m.change).odds_ratio AS mix_odds_ratio, (m.change).p_value AS mix_p_value, (m.change).simpson AS is_simpson,
		c.lost0, c.lost1, decided.cause, decided.is_certain AS is_cause_certain, cac.p_value AS cac_p_value, c.revenue0, c.revenue1,
		(extract(epoch FROM c.comparable::interval) / 86400)::float8 AS comparable_days,
		-- From hardly any leads nothing follows, nor from a time in which nothing was written down.
		c.is_recorded AND c.leads1 >= 10 AND (c.leads0 >= 10 OR c.number = 9) AS is_comparable, effect.effect AS largest_effect, effect.amount AS effect_amount,
		effect.opposite AS opposite_effect, effect.opposite_amount
	FROM compared c
	CROSS JOIN setting r
	LEFT JOIN mixed m ON m.number = c.number + 5 AND c.number <= 2
	CROSS JOIN LATERAL compare_cost(c.days0, c.leads0, c.days1, c.leads1) volume
	CROSS JOIN LATERAL compare_cost(CASE c.number WHEN 8 THEN c.amount0 END, c.leads0, c.amount1, c.leads1) cost
	CROSS JOIN LATERAL compare_cost(CASE c.number WHEN 8 THEN c.amount0 END, c.won0, c.amount1, c.won1) cac
	CROSS JOIN LATERAL compare(rate(c.won1, c.leads1), rate(c.won0, c.leads0)) won
	CROSS JOIN LATERAL compare(rate(c.qualified1, c.leads1), rate(c.qualified0, c.leads0)) qualified
	CROSS JOIN LATERAL compare(c.log_age1::moments, c.log_age0::moments) age
	CROSS JOIN LATERAL compare(c.per_lead1::moments, c.per_lead0::moments) revenue
	CROSS JOIN LATERAL compare(c.curve1::conversion_curve, c.curve0::conversion_curve) curve
	CROSS JOIN LATERAL (SELECT CASE WHEN c.amount0 IS NOT NULL AND c.amount1 IS NOT NULL THEN 1 END AS known) k
	CROSS JOIN LATERAL decision_change(c.leads0, c.won0, c.lost0, c.leads1, c.won1, c.lost1, r.confidence_level) decided
	CROSS JOIN LATERAL largest_effect(k.known * c.volume, k.known * c.mix, k.known * (c.conversion - coalesce(c.cycle, 0)), k.known * c.basket,
		k.known * c.cycle) effect
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW diagnosis_comparison IS
		'Layer below the diagnosis: each question with both of its sides (0 = what it is compared with, 1 = what it is about) and the tests between them.';

	CREATE OR REPLACE VIEW diagnosis_fit WITH (security_invoker = true) AS
	WITH judged AS MATERIALIZED
	(
		SELECT month, attributes
		FROM judged_lead
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
			AND (SELECT scorecard IS NOT NULL AND icp_fit IS NOT NULL FROM rule) AND excluded_reason IS NULL
	), period AS MATERIALIZED
	(
		-- Whether a lead fits is known at once: no age is needed.
		SELECT p.*
		FROM observation o
		CROSS JOIN (SELECT time_zone, fiscal_year_start FROM rule LIMIT 1) r
		CROSS JOIN LATERAL comparison_periods(o.observed_until, '0', ARRAY(SELECT DISTINCT month FROM judged ORDER BY month), NULL, r.time_zone,
			r.fiscal_year_start) p
		WHERE p.compared_with = 'previous'
	)
	SELECT 'previous ' || f.period AS compared_with, f.after_start AS since, count(f.is_in_icp) FILTER (WHERE NOT f.is_after) AS leads0,
		count(f.is_in_icp) FILTER (WHERE f.is_after) AS leads1, count(*) FILTER (WHERE f.is_in_icp AND NOT f.is_after) AS in_icp0,
		count(*) FILTER (WHERE f.is_in_icp AND f.is_after) AS in_icp1
	FROM
	(
		SELECT p.period, p.after_start, j.month >= p.after_start AS is_after, fit(r.scorecard, known_attributes(j.attributes)) >= r.icp_fit AS is_in_icp
		FROM period p
		JOIN judged j ON j.month >= p.before_start AND j.month < p.after_end
		CROSS JOIN (SELECT scorecard, icp_fit FROM rule LIMIT 1) r
		OFFSET 0
	) f
	GROUP BY f.period, f.after_start;
	COMMENT ON VIEW diagnosis_fit IS
		'Layer below the diagnosis: how many leads fit the ideal customer profile in the last complete month and quarter with leads (1), and in the ones '
		'before (0).';

	CREATE OR REPLACE VIEW diagnosis_credit WITH (security_invoker = true) AS
	SELECT channel, count(*) FILTER (WHERE NOT pays) AS losing, count(*) FILTER (WHERE pays) AS paying,
		min(roas)::float8 AS lowest, max(roas)::float8 AS highest, min(conversions) AS fewest, max(conversions) AS most, max(spend) AS spend
	FROM
	(
		SELECT channel, roas, conversions, spend, roas * coalesce((SELECT gross_margin FROM rule), 1) >= 1 AS pays
		FROM attribution
		WHERE NOT is_unattributed AND roas IS NOT NULL
	) a
	GROUP BY channel;
	COMMENT ON VIEW diagnosis_credit IS
		'Layer below the diagnosis: per channel with spend, by how many attribution models it pays and by how many it does not.';

	CREATE OR REPLACE VIEW diagnosis_suspicion WITH (security_invoker = true) AS
	WITH pair AS MATERIALIZED
	(
		SELECT c.*, won0::float8 / nullif(leads0, 0) AS rate0, won1::float8 / nullif(leads1, 0) AS rate1,
			qualified0::float8 / nullif(leads0, 0) AS qualified_rate0, qualified1::float8 / nullif(leads1, 0) AS qualified_rate1,
			(won0 + lost0)::float8 / nullif(leads0, 0) AS decided0, (won1 + lost1)::float8 / nullif(leads1, 0) AS decided1,
			won0::float8 / nullif(won0 + lost0, 0) AS decided_rate0, won1::float8 / nullif(won1 + lost1, 0) AS decided_rate1,
			cause IS NOT DISTINCT FROM 'cycle' AS is_cycle, cause IS NULL OR is_cause_certain AS is_backed, 1 - r.confidence_level AS alpha,
			r.acceptance_threshold, revenue1 / nullif(amount1, 0) - revenue0 / nullif(amount0, 0) AS return_difference,
			-- Who spent and has no customer paid without end for one.
			coalesce(c.cac_ratio, CASE WHEN won0 > 0 THEN 'Infinity'::float8 END) AS paid_ratio
		FROM diagnosis_comparison c
		CROSS JOIN (SELECT confidence_level, acceptance_threshold FROM rule LIMIT 1) r
		WHERE is_comparable
	), found(code, number, asked, subject, figures, p, is_material, is_backed) AS
	(
		-- p: two-sided, the chance of what was seen, were nothing the matter.
		SELECT 'volume_up_revenue_flat', number, 2::bigint, NULL::text,
			ARRAY[leads0, leads1, amount0, amount1, per_lead0, per_lead1]::float8[], revenue_p_value, true, true
		FROM pair WHERE number <= 2 AND is_growing AND amount1 <= amount0 * 1.05 AND revenue_difference < 0
			-- Money that only comes later is not missing.
			AND NOT (is_cycle AND is_cause_certain AND largest_effect = 'cycle')
		UNION ALL
		SELECT CASE WHEN is_growing THEN 'closing_rate_diluted' ELSE 'closing_rate_falling' END, number, 2, NULL,
			ARRAY[leads0, leads1, rate0, rate1, won0, won1, CASE WHEN cause IS NOT NULL THEN decided_rate0 END,
				CASE WHEN cause IS NOT NULL THEN decided_rate1 END, nullif(lost0 + lost1, 0)], won_p_value, rate1 <= 0.8 * rate0 AND won0 + won1 >= 5, is_backed
		FROM pair WHERE number <= 2 AND won_difference < 0 AND NOT is_cycle
		UNION ALL
		SELECT 'slower_decisions_at_equal_quality', number, 2, NULL,
			ARRAY[leads0, leads1, decided0, decided1, rate0, rate1, decided_rate0, decided_rate1], won_p_value,
			rate1 <= 0.8 * rate0 AND won0 + won1 >= 5, is_backed
		FROM pair WHERE number <= 2 AND won_difference < 0 AND is_cycle
		UNION ALL
		SELECT 'acceptance_below_threshold', number, 1, NULL, ARRAY[leads1, won1, acceptance_threshold, rate1],
			2 * p_value_below(rate(won1, leads1), acceptance_threshold), true, true
		FROM pair
		WHERE number = 9 AND rate1 < acceptance_threshold
		UNION ALL
		SELECT 'qualification_falling', number, 2, NULL, ARRAY[leads0, leads1, qualified_rate0, qualified_rate1], qualified_p_value,
			qualified_rate1 <= 0.8 * qualified_rate0 AND qualified0 + qualified1 >= 5, true
		FROM pair WHERE number IN (4, 5) AND is_growing AND qualified_difference < 0
		UNION ALL
		SELECT CASE WHEN cost_ratio < 1 THEN 'cheap_channel_does_not_convert' ELSE 'dear_channel_pays' END, number, asked, subject,
			ARRAY[leads0, leads1, rate0, rate1, cpl(amount0, leads0), cpl(amount1, leads1), cac(amount0, won0), cac(amount1, won1)]::float8[],
			won_p_value, paid_ratio NOT BETWEEN 0.8 AND 1.25 AND won0 + won1 >= 5, true
		FROM pair
		WHERE number = 8 AND cost_p_value < alpha
			AND (cost_ratio < 1 AND won_difference < 0 AND paid_ratio > 1 OR cost_ratio > 1 AND won_difference > 0 AND paid_ratio < 1)
		UNION ALL
		-- Where more is known than what a customer costs, what the money brought has to say the same.
		SELECT CASE WHEN cost_ratio > 1 THEN 'dear_channel_does_not_pay' ELSE 'cheap_channel_pays' END, number, asked, subject,
			ARRAY[leads0, leads1, rate0, rate1, cpl(amount0, leads0), cpl(amount1, leads1), cac(amount0, won0), cac(amount1, won1)]::float8[],
			cac_p_value, won0 + won1 >= 5, true
		FROM pair
		WHERE number = 8 AND cost_p_value < alpha AND paid_ratio NOT BETWEEN 0.8 AND 1.25
			AND (cost_ratio > 1 AND paid_ratio > 1 AND coalesce(return_difference < 0, true)
				OR cost_ratio < 1 AND paid_ratio < 1 AND coalesce(return_difference > 0, true))
		UNION ALL
		SELECT CASE WHEN is_growing THEN 'cycle_lengthening' ELSE 'cycle_longer_at_stable_volume' END, number, 2, NULL,
			ARRAY[leads0, leads1, median_days0, median_days1], age_p_value, median_days1 >= 1.2 * median_days0 AND least(won0, won1) >= 5, true
		FROM pair WHERE number <= 2 AND age_difference > 0 AND median_days1 > median_days0
		UNION ALL
		SELECT 'stable_volume_better_rates', number, 2, NULL, ARRAY[leads0, leads1, rate0, rate1, won0, won1], won_p_value, false, is_backed
		FROM pair WHERE number <= 2 AND growth BETWEEN 1 / 1.15 AND 1.15 AND won_difference > 0 AND NOT is_cycle
		UNION ALL
		SELECT CASE WHEN mix_total > 0 THEN 'mix_hides_decline' ELSE 'mix_hides_improvement' END, number, 2, NULL,
			ARRAY[leads0, leads1, rate0, rate1, mix_odds_ratio],
			CASE WHEN mix_p_value IS NOT NULL AND won_p_value IS NOT NULL THEN greatest(mix_p_value, won_p_value) END,
			least(mix_p_value, won_p_value) < alpha, true
		FROM pair WHERE is_simpson
		UNION ALL
		SELECT 'immature_cohort', number, 1, NULL, ARRAY[leads0, leads1, rate0, rate1], NULL, true, true
		FROM pair WHERE number = 10 AND won_difference < 0 AND won_p_value < alpha AND (curve_p_value >= alpha OR is_ahead_at_same_age OR curve_p_value IS NULL)
		UNION ALL
		SELECT 'growth_without_revenue', number, 1, NULL, ARRAY[leads0, leads1, amount0, amount1, per_lead0, per_lead1]::float8[],
			revenue_p_value, amount1 <= amount0 * (1 + 0.8 * (growth - 1))::numeric, true
		FROM pair WHERE number = 3 AND is_growing AND amount0 > 0 AND amount1 IS NOT NULL AND revenue_difference < 0
			AND NOT (is_cycle AND is_cause_certain AND largest_effect = 'cycle')
	)
	SELECT f.code, f.asked, f.subject, p.since, p.compared_with, f.figures::text AS figures, f.p AS p_value, f.is_material, f.is_backed, p.comparable_days,
		p.largest_effect, p.effect_amount, CASE WHEN f.number <= 3 THEN p.amount1 - p.amount0 END AS revenue_difference,
		p.opposite_effect, p.opposite_amount, CASE WHEN f.number = 8 THEN p.amount1 END AS spend
	FROM found f
	JOIN pair p ON p.number = f.number AND p.subject IS NOT DISTINCT FROM f.subject
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW diagnosis_suspicion IS
		'Layer below the diagnosis: what looks like one of its findings when two sides are compared, one row per finding and question, certain or not.';

	CREATE OR REPLACE VIEW diagnosis_candidate WITH (security_invoker = true) AS
	WITH sales AS MATERIALIZED
	(
		SELECT * FROM diagnosis_sales
	)
	SELECT code, asked, subject, since, compared_with, f.figures[1] AS leads_compared, f.figures[2] AS leads, f.figures[3] AS value_compared, f.figures[4]
		AS value,
		f.figures[5] AS further_1, f.figures[6] AS further_2, f.figures[7] AS further_3, f.figures[8] AS further_4, p_value, is_material,
		f.figures[9] AS further_5, is_backed, comparable_days, largest_effect, effect_amount, revenue_difference, opposite_effect, opposite_amount, spend,
		-- Eleven kinds of warning, and those about sales that there is anything to ask about for.
		11 + (SELECT count(DISTINCT code) FROM sales WHERE code <> 'refusals_mostly_one_reason') AS kinds
	FROM
	(
		SELECT * FROM diagnosis_suspicion
		UNION ALL
		SELECT code, asked, subject, since, compared_with, figures, p_value, is_material, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM sales WHERE is_suspected
		UNION ALL
		SELECT 'icp_widening', 2, NULL, since, compared_with, ARRAY[leads0, leads1, share0, share1]::text, t.p_value,
			share1 <= 0.8 * share0 AND in_icp0 + in_icp1 >= 5, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM (SELECT *, in_icp0::float8 / nullif(leads0, 0) AS share0, in_icp1::float8 / nullif(leads1, 0) AS share1 FROM diagnosis_fit) f
		CROSS JOIN LATERAL compare(rate(in_icp1, leads1), rate(in_icp0, leads0)) t
		WHERE t.difference < 0 AND least(leads0, leads1) >= 10
		UNION ALL
		SELECT 'attribution_dependent_verdict', 1, coalesce(channel, '(unknown)'), NULL, 'other models',
			ARRAY[fewest, most, lowest, highest, losing, paying]::text, t.p_value, true, true, NULL, NULL, NULL, NULL, NULL, NULL, spend
		FROM diagnosis_credit
		CROSS JOIN LATERAL compare_cost(spend, round(fewest)::bigint, spend, round(most)::bigint) t
		WHERE losing > 0 AND paying > 0
	) c
	CROSS JOIN LATERAL (SELECT c.figures::float8[] AS figures) f;
	COMMENT ON VIEW diagnosis_candidate IS
		'Layer below the diagnosis: what looks like one of its findings, one row per finding and question, certain or not.';

	CREATE OR REPLACE VIEW diagnosis_finding WITH (security_invoker = true) AS
	WITH judged AS
	(
		-- One-sided, as each rule looks one way. Bonferroni: the kinds of warning, and in each the questions asked.
		SELECT c.*, CASE WHEN q.p IS NOT NULL THEN least(q.p * c.asked * c.kinds, 1) END AS certain_p,
			coalesce(q.p * c.asked * c.kinds < s.alpha, false) AND c.is_backed AS is_certain,
			c.code = 'immature_cohort' OR c.is_material AND q.p < 1.5 * s.alpha OR coalesce(q.p * c.asked * c.kinds < s.alpha, false) AS is_worth_watching
		FROM diagnosis_candidate c
		CROSS JOIN LATERAL (SELECT c.p_value / 2 AS p) q
		CROSS JOIN (SELECT 1 - confidence_level AS alpha FROM rule LIMIT 1) s
	), told AS
	(
		SELECT DISTINCT ON (j.code, j.subject) j.*, f.ordinal, f.severity AS severity_if_certain, f.measure, f.units, f.message_en, f.causes_en, f.look_en,
			f.message_fr, f.causes_fr, f.look_fr
		FROM judged j
		JOIN mart_findings() f USING (code)
		WHERE j.is_certain OR f.severity <> 'good' AND j.is_worth_watching
		ORDER BY j.code, j.subject, j.is_certain DESC, j.certain_p, j.since
	)
	-- Of one kind, the surest first and of those the dearest.
	SELECT code, subject, since, compared_with, is_certain, certain_p, leads, leads_compared, value, value_compared,
		(ARRAY[leads_compared, leads, value_compared, value, further_1, further_2, further_3, further_4, further_5])[:cardinality(units)]::text AS figures,
		comparable_days, largest_effect, effect_amount, revenue_difference, opposite_effect, opposite_amount, spend, ordinal,
		CASE WHEN is_certain THEN severity_if_certain ELSE 'watch' END AS severity, measure, units::text AS units, message_en, causes_en, look_en,
			message_fr, causes_fr,
		look_fr, row_number() OVER (PARTITION BY code ORDER BY is_certain DESC, spend DESC NULLS LAST, subject) AS place
	FROM told
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW diagnosis_finding IS
		'Layer below the diagnosis: its findings before those of one kind become one row: a row per finding and channel or campaign.';

	CREATE OR REPLACE VIEW diagnosis WITH (security_invoker = true) AS
	WITH finding AS MATERIALIZED
	(
		SELECT * FROM diagnosis_finding
	), kind AS
	(
		SELECT code, array_agg(subject ORDER BY place) FILTER (WHERE is_alike) AS subjects,
			array_agg(subject ORDER BY place) FILTER (WHERE NOT is_alike) AS uncertain,
			CASE WHEN count(subject) > 0 THEN jsonb_agg(jsonb_build_object('subject', subject, 'certainty', CASE WHEN is_certain THEN 'beyond chance' ELSE
				'not yet certain' END, 'p_value', certain_p, 'spend', spend, 'leads', leads, 'leads_compared', leads_compared, 'value', value,
				'value_compared', value_compared) ORDER BY place) END AS details
		FROM (SELECT *, is_certain = bool_or(is_certain) OVER (PARTITION BY code) AS is_alike FROM finding) f
		GROUP BY code
	), spoken AS
	(
		SELECT f.*, k.subjects, k.uncertain, k.details, r.language
		FROM finding f
		JOIN kind k USING (code)
		CROSS JOIN (SELECT language FROM rule LIMIT 1) r
		WHERE f.place = 1
	)
	SELECT code, severity, mart_list(subjects, 3, language) AS subject, since, compared_with,
		CASE WHEN is_certain THEN 'beyond chance' ELSE 'not yet certain' END AS certainty,
		certain_p AS p_value, leads::bigint AS leads, leads_compared::bigint AS leads_compared, measure, value, value_compared,
		mart_comparison(compared_with, since, language)
			|| mart_message(CASE language WHEN 'fr' THEN mart_text(message_fr) ELSE message_en END, subject, figures::float8[], units::text[], language)
			|| mart_effect_message(largest_effect, effect_amount, opposite_effect, opposite_amount, revenue_difference, language)
			|| mart_others_message(subjects[2:], uncertain, language) AS message,
		CASE language WHEN 'fr' THEN mart_text(causes_fr) ELSE causes_en END AS likely_causes,
		CASE language WHEN 'fr' THEN mart_text(look_fr) ELSE look_en END AS what_to_look_at,
		comparable_days, largest_effect, effect_amount, details::text AS details
	FROM spoken
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY CASE severity WHEN 'warning' THEN 1 WHEN 'watch' THEN 2 ELSE 3 END, ordinal;
	COMMENT ON VIEW diagnosis IS
		'What goes wrong and what goes well, one row per kind of finding, warnings first; no row = nothing found. A warning needs evidence beyond chance: '
		'where nothing has changed, at most 1 - rule.confidence_level of all readings show any warning. What looks bad on too few leads is a watch '
		'that says "not yet certain".';
END;
$$;
COMMENT ON FUNCTION mart_diagnosis_views(name) IS 'Internal to create_mart: makes the view diagnosis, and the layers below it, in the mart.';
