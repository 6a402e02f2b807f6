-- What the numbers mean: the situations in which "leads generated" misleads, each looked for in the data by a test of its own.
-- In layers, each read once by the next: leads are expensive to come by, and every question is about the same ones.

CREATE FUNCTION mart_diagnosis_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW diagnosis_lead WITH (security_invoker = true) AS
	WITH seen AS MATERIALIZED
	(
		SELECT observed_until FROM observation
	), setting AS MATERIALIZED
	(
		SELECT (SELECT transmitted_role FROM rule) AS transmitted_role, (SELECT accepted_role FROM rule) AS accepted_role, o.observed_until,
			-- A stage that nobody writes down is only inferred from later ones, and cannot be judged.
			ARRAY(SELECT DISTINCT l.role FROM stage_event e JOIN ladder l USING (stage) WHERE l.role IS NOT NULL) AS recorded,
			(SELECT t.stage_position < a.stage_position FROM ladder t, ladder a
				WHERE t.role = (SELECT transmitted_role FROM rule) AND a.role = (SELECT accepted_role FROM rule)) AS is_handed_over
		FROM seen o
		WHERE o.observed_until IS NOT NULL
	)
	-- What is dated after observed_until is not known yet.
	SELECT l.lead_id, l.created_at, l.month, l.channel, l.campaign, s.observed_until, k.won_at, k.lost_at, k.qualified_at,
		CASE WHEN s.is_handed_over AND s.accepted_role = ANY (s.recorded) THEN k.transmitted_at END AS transmitted_at, k.accepted_at
	FROM lead_outcome l
	CROSS JOIN setting s
	CROSS JOIN LATERAL
	(
		SELECT max(at) FILTER (WHERE role = 'won') AS won_at, max(at) FILTER (WHERE role = 'lost') AS lost_at,
			max(at) FILTER (WHERE role = CASE WHEN 'mql' = ANY (s.recorded) THEN 'mql' WHEN 'sql' = ANY (s.recorded) THEN 'sql' END) AS qualified_at,
			max(at) FILTER (WHERE role = s.transmitted_role) AS transmitted_at,
			max(at) FILTER (WHERE role = s.accepted_role) AS accepted_at
		FROM (VALUES ('lead', l.created_at), ('mql', l.mql_at), ('sal', l.sal_at), ('sql', l.sql_at), ('opportunity', l.opportunity_at),
			('won', l.won_at), ('lost', l.lost_at)) reached(role, at)
		WHERE at <= s.observed_until
	) k
	WHERE l.stage_position IS NOT NULL AND l.created_at <= s.observed_until;
	COMMENT ON VIEW diagnosis_lead IS
		'Layer below the diagnosis: every counted lead created by observed_until, with what was known of it then.';

	CREATE OR REPLACE VIEW diagnosis_member WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT *, won_at - created_at AS won_age, qualified_at - created_at AS qualified_age FROM diagnosis_lead
	), lag AS MATERIALIZED
	(
		-- How long it takes: half of the wins, half of the qualified leads, nearly all acceptances. What never happened takes no time.
		SELECT c.observed_until, coalesce(quantile(c.curve, nullif(p.conversion, 0) * 0.5), '0') AS won, c.qualified, c.accepted, c.newest
		FROM
		(
			SELECT max(observed_until) AS observed_until, conversion_curve(created_at, won_at, lost_at, observed_until, interval '1 day') AS curve,
				greatest(percentile_cont(0.5) WITHIN GROUP (ORDER BY qualified_age), '0') AS qualified,
				greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at), '0') AS accepted,
				max(month) AS newest
			FROM lead
		) c
		CROSS JOIN LATERAL (SELECT max(conversion) AS conversion FROM points(c.curve)) p
	), period AS MATERIALIZED
	(
		-- The last complete periods that are old enough for what is asked of them, and those they are compared with, judged at the age of
		-- the youngest lead of the later one.
		SELECT v.number, v.by_channel, v.compared_with, p.after_start, p.after_end, p.before_start, p.before_end,
			l.observed_until - coalesce((SELECT max(created_at) FROM lead WHERE month >= p.after_start AND month < p.after_end), p.ended_at) AS comparable
		FROM lag l
		CROSS JOIN
		(VALUES
			(1, 'month', NULL::interval, 'previous month', 'won', false),
			(2, 'quarter', NULL, 'previous quarter', 'won', false),
			(3, 'quarter', '1 year', 'year before', 'won', false),
			(4, 'month', NULL, 'previous month', 'qualified', false),
			(5, 'quarter', NULL, 'previous quarter', 'qualified', false),
			(6, 'month', NULL, 'previous month', 'won', true),
			(7, 'quarter', NULL, 'previous quarter', 'won', true)
		) v(number, unit, distance, compared_with, about, by_channel)
		CROSS JOIN LATERAL period_pair(v.unit, v.distance, l.observed_until - CASE v.about WHEN 'won' THEN l.won ELSE l.qualified END,
			(SELECT time_zone FROM rule), (SELECT fiscal_year_start FROM rule)) p
	), sold AS
	(
		-- Of every won deal the age of its lead. By a sort: joins over estimates that are far off are slow.
		SELECT month, lead_id, closed_at - created_at AS age, amount
		FROM
		(
			SELECT lead_id, is_deal, closed_at, amount, max(month) OVER lead AS month, max(created_at) OVER lead AS created_at
			FROM
			(
				SELECT lead_id, false AS is_deal, NULL::timestamptz AS closed_at, NULL::numeric AS amount, month, created_at FROM lead
				UNION ALL
				SELECT lead_id, true, closed_at, amount, NULL, NULL FROM counted_deal WHERE is_won AND excluded_reason IS NULL
			) e
			WINDOW lead AS (PARTITION BY lead_id)
		) d
		WHERE is_deal AND month IS NOT NULL
	)
	SELECT p.number, p.compared_with, p.after_start AS since, o.month >= p.after_start AS is_after,
		CASE WHEN o.month >= p.after_start THEN p.after_end - p.after_start ELSE p.before_end - p.before_start END AS period_days,
		CASE WHEN p.by_channel THEN o.channel END AS channel, NULL::text AS campaign, o.lead_id, o.won_age <= p.comparable IS TRUE AS is_won,
		o.qualified_age <= p.comparable IS TRUE AS is_qualified,
		CASE WHEN o.won_age <= p.comparable THEN extract(epoch FROM o.won_age)::float8 END AS seconds, NULL::numeric AS amount, true AS is_lead,
		NULL::timestamptz AS created_at, NULL::timestamptz AS won_at, NULL::timestamptz AS lost_at, NULL::timestamptz AS observed_until
	FROM period p
	JOIN lead o ON o.month >= p.after_start AND o.month < p.after_end OR o.month >= p.before_start AND o.month < p.before_end
	UNION ALL
	SELECT p.number, p.compared_with, p.after_start, d.month >= p.after_start, NULL, NULL, NULL, d.lead_id, NULL, NULL, NULL, d.amount, false,
		NULL, NULL, NULL, NULL
	FROM period p
	JOIN sold d ON p.number <= 3 AND d.age <= p.comparable
		AND (d.month >= p.after_start AND d.month < p.after_end OR d.month >= p.before_start AND d.month < p.before_end)
	UNION ALL
	-- A year of complete months that are old enough, every lead judged at the age of the youngest; and what was spent in it.
	SELECT 8, 'other campaigns', (p.after_end - interval '1 year')::date, true, NULL, o.channel, o.campaign, o.lead_id,
		o.won_age <= p.comparable IS TRUE, NULL, NULL, NULL,
		true, NULL, NULL, NULL, NULL
	FROM period p JOIN lead o ON o.month < p.after_end AND o.month >= p.after_end - interval '1 year'
	WHERE p.number = 1
	UNION ALL
	SELECT 8, 'other campaigns', (p.after_end - interval '1 year')::date, true, NULL, s.channel, s.campaign, NULL, NULL, NULL, NULL, s.amount,
		false, NULL, NULL, NULL, NULL
	FROM period p JOIN allocated_spend s ON s.month < p.after_end AND s.month >= p.after_end - interval '1 year'
	WHERE p.number = 1
	UNION ALL
	-- What was transmitted too lately to have been answered is left out.
	SELECT 9, 'agreed threshold', timezone((SELECT time_zone FROM rule), l.observed_until - l.accepted - interval '91 days')::date, true, NULL,
		NULL, NULL, o.lead_id, o.accepted_at IS NOT NULL, NULL, NULL, NULL, true, NULL, NULL, NULL, NULL
	FROM lag l JOIN lead o ON o.transmitted_at <= l.observed_until - l.accepted AND o.transmitted_at > l.observed_until - l.accepted - interval '91 days'
	UNION ALL
	SELECT 10, 'three months before', l.newest, o.month = l.newest, NULL, NULL, NULL, o.lead_id, o.won_at IS NOT NULL, NULL, NULL, NULL, true,
		o.created_at, o.won_at, o.lost_at, o.observed_until
	FROM lag l JOIN lead o ON o.month >= l.newest - interval '3 months';
	COMMENT ON VIEW diagnosis_member IS
		'Layer below the diagnosis: the leads that each question is about, with their deals and the spend on them. Questions 1 to 5 compare periods, '
		'6 and 7 channels within them, 8 campaigns; 9 is about acceptance, 10 about the newest cohort.';

	CREATE OR REPLACE VIEW diagnosis_side WITH (security_invoker = true) AS
	WITH member AS MATERIALIZED
	(
		SELECT * FROM diagnosis_member
	), side AS
	(
		SELECT number, min(compared_with) AS compared_with, min(since) AS since, is_after, max(period_days) AS period_days, channel, campaign,
			count(*) FILTER (WHERE is_lead) AS leads, count(*) FILTER (WHERE is_won) AS won, count(*) FILTER (WHERE is_qualified) AS qualified,
			-- Revenue nobody knows is no revenue of 0.
			CASE WHEN bool_or(NOT is_lead) OR number = 8 THEN sum(amount) ELSE 0 END AS amount,
			(moments(ln(greatest(seconds, 60))) FILTER (WHERE seconds IS NOT NULL))::text AS log_age,
			(conversion_curve(created_at, won_at, lost_at, observed_until, interval '0') FILTER (WHERE number = 10))::text AS curve
		FROM member
		GROUP BY number, is_after, channel, campaign
	), paid AS
	(
		SELECT number, is_after, moments(plain_amount(amount))::text AS per_lead
		FROM (SELECT number, is_after, sum(amount) AS amount FROM member WHERE number <= 3 GROUP BY number, is_after, lead_id) l
		GROUP BY number, is_after
	), timed AS
	(
		SELECT number, is_after, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) / 86400 AS median_days
		FROM member
		WHERE number <= 2 AND seconds IS NOT NULL
		GROUP BY number, is_after
	)
	SELECT s.number, s.compared_with, s.since, s.is_after, s.period_days, s.channel, s.campaign, s.leads, s.won, s.qualified, t.median_days,
		s.amount, s.log_age, p.per_lead, s.curve
	FROM side s
	LEFT JOIN paid p USING (number, is_after)
	LEFT JOIN timed t USING (number, is_after);
	COMMENT ON VIEW diagnosis_side IS
		'Layer below the diagnosis: per question and side of it (is_after), and where it is about them per channel and campaign, the leads, what '
		'became of them, and what they brought or cost. log_age, per_lead and curve are summaries in their text form.';

	CREATE OR REPLACE VIEW diagnosis_comparison WITH (security_invoker = true) AS
	WITH side AS MATERIALIZED
	(
		SELECT * FROM diagnosis_side
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
			sum(amount) OVER () - amount AS other_amount
		FROM side
		WHERE number = 8 AND leads > 0 AND amount > 0
	), compared AS
	(
		SELECT a.number, NULL::text AS subject, a.since, a.compared_with, 2::bigint AS asked, b.leads AS leads0, a.leads AS leads1, b.won AS won0,
			a.won AS won1, b.qualified AS qualified0, a.qualified AS qualified1, b.median_days AS median_days0, a.median_days AS median_days1,
			b.amount AS amount0, a.amount AS amount1,
			b.log_age AS log_age0, a.log_age AS log_age1, b.per_lead AS per_lead0, a.per_lead AS per_lead1, b.curve AS curve0, a.curve AS curve1,
			-- Per day: a February is not a fall.
			b.period_days AS days0, a.period_days AS days1
		FROM side a JOIN side b USING (number)
		WHERE a.is_after AND NOT b.is_after AND number NOT IN (6, 7)
		UNION ALL
		SELECT number, concat_ws(' / ', coalesce(channel, '(unknown)'), campaign), since, compared_with, asked, other_leads::bigint, leads,
			other_won::bigint, won, NULL, NULL, NULL, NULL, other_amount, amount, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM bought
		WHERE other_leads > 0 AND other_amount > 0
		UNION ALL
		SELECT number, NULL, since, compared_with, 1, NULL, leads, NULL, won, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM side
		WHERE number = 9
	)
	SELECT c.number, c.subject, c.since, c.compared_with, c.asked, c.leads0, c.leads1, c.won0, c.won1, c.qualified0, c.qualified1,
		c.median_days0, c.median_days1, c.amount0, c.amount1, mean(c.per_lead0::moments) AS per_lead0, mean(c.per_lead1::moments) AS per_lead1,
		1 / volume.ratio AS growth, coalesce(1 / volume.ratio >= 1.15 AND volume.p_value < 1 - (SELECT confidence_level FROM rule), false) AS is_growing,
		cost.ratio AS cost_ratio, cost.p_value AS cost_p_value,
		CASE WHEN c.number <> 8 THEN NULL WHEN c.won1 > 0 AND c.won0 > 0 THEN cost_per(c.amount1, c.won1) / cost_per(c.amount0, c.won0)
			WHEN c.won0 > 0 THEN 'Infinity' WHEN c.won1 > 0 THEN 0 END::float8 AS cac_ratio,
		won.difference AS won_difference, won.p_value AS won_p_value,
		qualified.difference AS qualified_difference, qualified.p_value AS qualified_p_value, age.difference AS age_difference, age.p_value AS age_p_value,
		revenue.difference AS revenue_difference, revenue.p_value AS revenue_p_value,
		curve.p_value AS curve_p_value, curve.observed_a > curve.expected_a AS is_ahead_at_same_age,
		(m.change).total AS mix_total, (m.change).odds_ratio AS mix_odds_ratio, (m.change).p_value AS mix_p_value, (m.change).simpson AS is_simpson
	FROM compared c
	LEFT JOIN mixed m ON m.number = c.number + 5 AND c.number <= 2
	CROSS JOIN LATERAL compare_cost(c.days0, c.leads0, c.days1, c.leads1) volume
	CROSS JOIN LATERAL compare_cost(CASE c.number WHEN 8 THEN c.amount0 END, c.leads0, c.amount1, c.leads1) cost
	CROSS JOIN LATERAL compare(rate(c.won1, c.leads1), rate(c.won0, c.leads0)) won
	CROSS JOIN LATERAL compare(rate(c.qualified1, c.leads1), rate(c.qualified0, c.leads0)) qualified
	CROSS JOIN LATERAL compare(c.log_age1::moments, c.log_age0::moments) age
	CROSS JOIN LATERAL compare(c.per_lead1::moments, c.per_lead0::moments) revenue
	CROSS JOIN LATERAL compare(c.curve1::conversion_curve, c.curve0::conversion_curve) curve;
	COMMENT ON VIEW diagnosis_comparison IS
		'Layer below the diagnosis: each question with both of its sides (0 = what it is compared with, 1 = what it is about) and the tests between them.';

	CREATE OR REPLACE VIEW diagnosis_fit WITH (security_invoker = true) AS
	WITH seen AS MATERIALIZED
	(
		SELECT observed_until FROM observation
	), period AS MATERIALIZED
	(
		SELECT v.compared_with, p.*
		FROM seen o
		CROSS JOIN (VALUES ('month', 'previous month'), ('quarter', 'previous quarter')) v(unit, compared_with)
		CROSS JOIN LATERAL period_pair(v.unit, NULL, o.observed_until, (SELECT time_zone FROM rule), (SELECT fiscal_year_start FROM rule)) p
	)
	SELECT p.compared_with, p.after_start AS since, count(f.is_in_icp) FILTER (WHERE f.month < p.before_end) AS leads0,
		count(f.is_in_icp) FILTER (WHERE f.month >= p.after_start) AS leads1, count(*) FILTER (WHERE f.is_in_icp AND f.month < p.before_end) AS in_icp0,
		count(*) FILTER (WHERE f.is_in_icp AND f.month >= p.after_start) AS in_icp1
	FROM period p
	JOIN
	(
		SELECT month, fit((SELECT scorecard FROM rule), known_attributes(attributes)) >= (SELECT icp_fit FROM rule) AS is_in_icp
		FROM judged_lead
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
			AND (SELECT scorecard IS NOT NULL AND icp_fit IS NOT NULL FROM rule) AND excluded_reason IS NULL
	) f ON f.month >= p.before_start AND f.month < p.after_end
	GROUP BY p.compared_with, p.after_start;
	COMMENT ON VIEW diagnosis_fit IS
		'Layer below the diagnosis: how many leads fit the ideal customer profile in the last complete month and quarter (1), and in the ones before (0).';

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

	CREATE OR REPLACE VIEW diagnosis_candidate WITH (security_invoker = true) AS
	WITH pair AS MATERIALIZED
	(
		SELECT *, won0::float8 / nullif(leads0, 0) AS rate0, won1::float8 / nullif(leads1, 0) AS rate1,
			qualified0::float8 / nullif(leads0, 0) AS qualified_rate0,
			qualified1::float8 / nullif(leads1, 0) AS qualified_rate1, 1 - (SELECT confidence_level FROM rule) AS alpha
		FROM diagnosis_comparison
	), found(code, asked, subject, since, compared_with, figures, p, is_material) AS
	(
		-- p: two-sided, the chance of what was seen, were nothing the matter.
		SELECT 'volume_up_revenue_flat', 2::bigint, NULL::text, since, compared_with,
			ARRAY[leads0, leads1, amount0, amount1, per_lead0, per_lead1]::float8[], revenue_p_value, true
		FROM pair WHERE number <= 2 AND is_growing AND amount1 <= amount0 * 1.05 AND revenue_difference < 0
		UNION ALL
		SELECT CASE WHEN is_growing THEN 'closing_rate_diluted' ELSE 'closing_rate_falling' END, 2, NULL, since, compared_with,
			ARRAY[leads0, leads1, rate0, rate1, won0, won1], won_p_value, rate1 <= 0.8 * rate0 AND won0 + won1 >= 5
		FROM pair WHERE number <= 2 AND won_difference < 0
		UNION ALL
		SELECT 'acceptance_below_threshold', 1, NULL, since, compared_with, ARRAY[leads1, won1, t.threshold, rate1],
			2 * p_value_below(rate(won1, leads1), t.threshold), true
		FROM pair CROSS JOIN (SELECT (SELECT acceptance_threshold FROM rule) AS threshold) t
		WHERE number = 9 AND rate1 < t.threshold
		UNION ALL
		SELECT 'qualification_falling', 2, NULL, since, compared_with, ARRAY[leads0, leads1, qualified_rate0, qualified_rate1], qualified_p_value,
			qualified_rate1 <= 0.8 * qualified_rate0 AND qualified0 + qualified1 >= 5
		FROM pair WHERE number IN (4, 5) AND is_growing AND qualified_difference < 0
		UNION ALL
		SELECT CASE WHEN cost_ratio < 1 THEN 'cheap_channel_does_not_convert' ELSE 'dear_channel_pays' END, asked, subject, since, compared_with,
			ARRAY[leads0, leads1, rate0, rate1, cpl(amount0, leads0), cpl(amount1, leads1), cac(amount0, won0), cac(amount1, won1)]::float8[],
			won_p_value, cac_ratio NOT BETWEEN 0.8 AND 1.25 AND won0 + won1 >= 5
		FROM pair
		WHERE number = 8 AND cost_p_value < alpha
			AND (cost_ratio < 1 AND won_difference < 0 AND cac_ratio > 1 OR cost_ratio > 1 AND won_difference > 0 AND cac_ratio < 1)
		UNION ALL
		SELECT CASE WHEN is_growing THEN 'cycle_lengthening' ELSE 'cycle_longer_at_stable_volume' END, 2, NULL, since, compared_with,
			ARRAY[leads0, leads1, median_days0, median_days1], age_p_value, median_days1 >= 1.2 * median_days0 AND least(won0, won1) >= 5
		FROM pair WHERE number <= 2 AND age_difference > 0 AND median_days1 > median_days0
		UNION ALL
		SELECT 'stable_volume_better_rates', 2, NULL, since, compared_with, ARRAY[leads0, leads1, rate0, rate1, won0, won1], won_p_value, false
		FROM pair WHERE number <= 2 AND growth BETWEEN 1 / 1.15 AND 1.15 AND won_difference > 0
		UNION ALL
		SELECT 'icp_widening', 2, NULL, since, compared_with, ARRAY[leads0, leads1, share0, share1], t.p_value,
			share1 <= 0.8 * share0 AND in_icp0 + in_icp1 >= 5
		FROM (SELECT *, in_icp0::float8 / nullif(leads0, 0) AS share0, in_icp1::float8 / nullif(leads1, 0) AS share1 FROM diagnosis_fit) f
		CROSS JOIN LATERAL compare(rate(in_icp1, leads1), rate(in_icp0, leads0)) t
		WHERE t.difference < 0
		UNION ALL
		SELECT 'attribution_dependent_verdict', 1, coalesce(channel, '(unknown)'), NULL, 'other models',
			ARRAY[fewest, most, lowest, highest, losing, paying], t.p_value, true
		FROM diagnosis_credit
		CROSS JOIN LATERAL compare_cost(spend, round(fewest)::bigint, spend, round(most)::bigint) t
		WHERE losing > 0 AND paying > 0
		UNION ALL
		SELECT CASE WHEN mix_total > 0 THEN 'mix_hides_decline' ELSE 'mix_hides_improvement' END, 2, NULL, since, compared_with,
			ARRAY[leads0, leads1, rate0, rate1, mix_odds_ratio],
			CASE WHEN mix_p_value IS NOT NULL AND won_p_value IS NOT NULL THEN greatest(mix_p_value, won_p_value) END,
			least(mix_p_value, won_p_value) < alpha
		FROM pair WHERE is_simpson
		UNION ALL
		SELECT 'immature_cohort', 1, NULL, since, compared_with, ARRAY[leads0, leads1, rate0, rate1], NULL, true
		FROM pair WHERE number = 10 AND won_difference < 0 AND won_p_value < alpha AND (curve_p_value >= alpha OR is_ahead_at_same_age OR curve_p_value IS NULL)
		UNION ALL
		SELECT 'growth_without_revenue', 1, NULL, since, compared_with, ARRAY[leads0, leads1, amount0, amount1, per_lead0, per_lead1]::float8[],
			revenue_p_value,
			amount1 <= amount0 * (1 + 0.8 * (growth - 1))::numeric
		FROM pair WHERE number = 3 AND is_growing AND amount0 > 0 AND amount1 IS NOT NULL AND revenue_difference < 0
	)
	SELECT code, asked, subject, since, compared_with, figures[1] AS leads_compared, figures[2] AS leads, figures[3] AS value_compared, figures[4] AS value,
		figures[5] AS further_1, figures[6] AS further_2, figures[7] AS further_3, figures[8] AS further_4, p AS p_value, is_material
	FROM found;
	COMMENT ON VIEW diagnosis_candidate IS
		'Layer below the diagnosis: what looks like one of its findings, one row per finding and question, certain or not.';

	CREATE OR REPLACE VIEW diagnosis WITH (security_invoker = true) AS
	WITH judged AS
	(
		-- One-sided, as each rule looks one way. Bonferroni: ten kinds of warning, and in each the questions asked.
		SELECT c.*, CASE WHEN q.p IS NOT NULL THEN least(q.p * c.asked * 10, 1) END AS certain_p, coalesce(q.p * c.asked * 10 < s.alpha, false) AS is_certain,
			c.code = 'immature_cohort' OR c.is_material AND q.p < 1.5 * s.alpha AS is_worth_watching
		FROM diagnosis_candidate c
		CROSS JOIN LATERAL (SELECT c.p_value / 2 AS p) q
		CROSS JOIN LATERAL (SELECT 1 - (SELECT confidence_level FROM rule) AS alpha) s
	), told AS
	(
		SELECT DISTINCT ON (j.code, j.subject) j.*, f.ordinal, f.measure, f.units, f.message_en, f.causes_en, f.look_en, f.message_fr, f.causes_fr, f.look_fr,
			CASE WHEN j.is_certain THEN f.severity ELSE 'watch' END AS severity
		FROM judged j
		JOIN mart_findings() f USING (code)
		WHERE j.is_certain OR f.severity <> 'good' AND j.is_worth_watching
		ORDER BY j.code, j.subject, j.is_certain DESC, j.certain_p, j.since
	), spoken AS
	(
		SELECT *, (SELECT language FROM rule) AS language,
			(ARRAY[leads_compared, leads, value_compared, value, further_1, further_2, further_3, further_4])[:cardinality(units)] AS figures
		FROM told
	)
	SELECT code, severity, subject, since, compared_with, CASE WHEN is_certain THEN 'beyond chance' ELSE 'not yet certain' END AS certainty,
		certain_p AS p_value, leads::bigint AS leads, leads_compared::bigint AS leads_compared, measure, value, value_compared,
		mart_comparison(compared_with, since, language) || format(CASE language WHEN 'fr' THEN mart_text(message_fr) ELSE message_en END, VARIADIC subject ||
			ARRAY(SELECT mart_figure(g.figure, g.unit, language)
				FROM unnest(figures, units) WITH ORDINALITY g(figure, unit, ordinal) ORDER BY g.ordinal)) AS message,
		CASE language WHEN 'fr' THEN mart_text(causes_fr) ELSE causes_en END AS likely_causes,
		CASE language WHEN 'fr' THEN mart_text(look_fr) ELSE look_en END AS what_to_look_at
	FROM spoken
	ORDER BY CASE severity WHEN 'warning' THEN 1 WHEN 'watch' THEN 2 ELSE 3 END, ordinal, subject;
	COMMENT ON VIEW diagnosis IS
		'What goes wrong and what goes well, one row per finding, warnings first; no row = nothing found. A warning needs evidence beyond chance: '
		'where nothing has changed, at most 1 - rule.confidence_level of all readings show any warning. What looks bad on too few leads is a watch '
		'that says "not yet certain".';
END;
$$;
COMMENT ON FUNCTION mart_diagnosis_views(name) IS 'Internal to create_mart: makes the view diagnosis, and the layers below it, in the mart.';
