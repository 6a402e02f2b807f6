-- What the numbers mean: the situations in which "leads generated" misleads, each looked for in the data by a test of its own.

CREATE FUNCTION mart_diagnosis_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE VIEW diagnosis WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT 1 - (SELECT confidence_level FROM rule) AS alpha, (SELECT time_zone FROM rule) AS time_zone, (SELECT transmitted_role FROM rule) AS transmitted_role, (SELECT accepted_role FROM rule) AS accepted_role, (SELECT acceptance_threshold FROM rule) AS acceptance_threshold,
			coalesce((SELECT gross_margin FROM rule), 1) AS margin, (SELECT scorecard FROM rule) AS scorecard, (SELECT icp_fit FROM rule) AS icp_fit, (SELECT language FROM rule) AS language, o.observed_until,
			-- A stage that nobody writes down is only inferred from later ones, and cannot be judged.
			ARRAY(SELECT DISTINCT l.role FROM stage_event e JOIN ladder l USING (stage) WHERE l.role IS NOT NULL) AS recorded
		FROM observation o
		WHERE o.observed_until IS NOT NULL
	), outcome AS MATERIALIZED
	(
		-- What is dated after observed_until is not known yet.
		SELECT l.lead_id, l.created_at, l.month, l.channel, l.campaign, s.observed_until, k.won_at, k.lost_at,
			k.won_at - l.created_at AS won_age, k.qualified_at - l.created_at AS qualified_age, k.transmitted_at, k.accepted_at
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
		WHERE l.stage_position IS NOT NULL AND l.created_at <= s.observed_until
	), lag AS MATERIALIZED
	(
		-- How long it takes: half of the wins, half of the qualified leads, nearly all acceptances. What never happened takes no time.
		SELECT coalesce(quantile(c.curve, nullif(p.conversion, 0) * 0.5), '0') AS won, c.qualified, c.accepted
		FROM
		(
			SELECT conversion_curve(created_at, won_at, lost_at, observed_until, interval '1 day') AS curve,
				greatest(percentile_cont(0.5) WITHIN GROUP (ORDER BY qualified_age), '0') AS qualified,
				greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at), '0') AS accepted
			FROM outcome
		) c
		CROSS JOIN LATERAL (SELECT max(conversion) AS conversion FROM points(c.curve)) p
	), comparison AS
	(
		-- The last complete periods that are old enough for what is asked of them, and those they are compared with.
		SELECT v.number, v.compared_with, (t.ended - u.step)::date AS after_start, t.ended::date AS after_end,
			(t.ended - u.step - coalesce(v.distance, u.step))::date AS before_start, (t.ended - coalesce(v.distance, u.step))::date AS before_end,
			s.observed_until, timezone(s.time_zone, t.ended) AS ended_at
		FROM setting s
		CROSS JOIN lag l
		CROSS JOIN
		(VALUES
			(1, 'month', 'previous month', NULL::interval, 'won'),
			(2, 'quarter', 'previous quarter', NULL, 'won'),
			(3, 'quarter', 'year before', '1 year', 'won'),
			(4, 'month', 'previous month', NULL, 'qualified'),
			(5, 'quarter', 'previous quarter', NULL, 'qualified'),
			(6, 'month', 'previous month', NULL, 'created'),
			(7, 'quarter', 'previous quarter', NULL, 'created')
		) v(number, unit, compared_with, distance, about)
		CROSS JOIN LATERAL (SELECT CASE v.unit WHEN 'month' THEN interval '1 month' ELSE interval '3 months' END AS step) u
		CROSS JOIN LATERAL (SELECT date_trunc(v.unit, timezone(s.time_zone, s.observed_until
			- CASE v.about WHEN 'won' THEN l.won WHEN 'qualified' THEN l.qualified ELSE '0' END)) AS ended) t
	), aged AS MATERIALIZED
	(
		-- Both periods are judged at the age of the youngest lead of the later one.
		SELECT c.*, c.observed_until - coalesce((SELECT max(created_at) FROM outcome WHERE month >= c.after_start AND month < c.after_end), c.ended_at)
			AS comparable
		FROM comparison c
	), sold AS
	(
		-- Of every won deal the age of its lead. By a sort: joins over estimates that are far off are slow.
		SELECT month, lead_id, closed_at - created_at AS age, amount
		FROM
		(
			SELECT lead_id, is_deal, closed_at, amount, max(month) OVER lead AS month, max(created_at) OVER lead AS created_at
			FROM
			(
				SELECT lead_id, false AS is_deal, NULL::timestamptz AS closed_at, NULL::numeric AS amount, month, created_at FROM outcome
				UNION ALL
				SELECT d.lead_id, true, d.closed_at, d.amount, NULL, NULL
				FROM clean_deal d
				WHERE d.is_won AND NOT d.repeated
			) e
			WINDOW lead AS (PARTITION BY lead_id)
		) d
		WHERE is_deal AND month IS NOT NULL
	), member AS MATERIALIZED
	(
		SELECT a.number, o.month >= a.after_start AS is_after, o.lead_id, o.channel, o.won_age <= a.comparable IS TRUE AS is_won,
			o.qualified_age <= a.comparable IS TRUE AS is_qualified,
			CASE WHEN o.won_age <= a.comparable THEN extract(epoch FROM o.won_age)::float8 END AS seconds, NULL::numeric AS amount, false AS is_deal
		FROM aged a
		JOIN outcome o ON o.month >= a.after_start AND o.month < a.after_end OR o.month >= a.before_start AND o.month < a.before_end
		UNION ALL
		SELECT a.number, d.month >= a.after_start, d.lead_id, NULL, NULL, NULL, NULL, d.amount, true
		FROM aged a
		JOIN sold d ON (d.month >= a.after_start AND d.month < a.after_end OR d.month >= a.before_start AND d.month < a.before_end) AND d.age <= a.comparable
	), paid AS
	(
		SELECT number, is_after, lead_id, bool_or(is_won) AS is_won, bool_or(is_qualified) AS is_qualified, max(seconds) AS seconds,
			bool_or(is_deal) AS is_buyer, sum(amount) AS amount
		FROM member
		GROUP BY number, is_after, lead_id
	), side AS
	(
		SELECT number, is_after, count(*) AS leads, rate(is_won) AS won, rate(is_qualified) AS qualified,
			moments(ln(greatest(seconds, 60))) FILTER (WHERE seconds IS NOT NULL) AS log_age,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) / 86400 AS median_days,
			-- Revenue nobody knows is no revenue of 0.
			CASE WHEN bool_or(is_buyer) THEN sum(amount) ELSE 0 END AS revenue,
			moments(plain_amount(amount)) AS per_lead
		FROM paid
		GROUP BY number, is_after
	), fitting AS
	(
		SELECT a.number, rate(f.is_in_icp) FILTER (WHERE f.month < a.before_end) AS before, rate(f.is_in_icp) FILTER (WHERE f.month >= a.after_start) AS after
		FROM
		(
			SELECT month, fit((SELECT scorecard FROM setting), CASE WHEN jsonb_typeof(attributes::jsonb) = 'object' THEN attributes::jsonb END)
				>= (SELECT icp_fit FROM setting) AS is_in_icp
			FROM counted_lead
			WHERE (SELECT scorecard IS NOT NULL AND icp_fit IS NOT NULL FROM setting) AND excluded_reason IS NULL
		) f
		JOIN aged a ON a.number >= 6 AND f.month >= a.before_start AND f.month < a.after_end
		GROUP BY a.number
	), pair AS MATERIALIZED
	(
		SELECT a.number, a.compared_with, a.after_start, before.leads AS leads0, after.leads AS leads1,
			before.won AS won0, after.won AS won1, before.qualified AS qualified0, after.qualified AS qualified1,
			before.log_age AS log_age0, after.log_age AS log_age1,
			before.median_days AS median_days0, after.median_days AS median_days1,
			before.revenue AS revenue0, after.revenue AS revenue1, before.per_lead AS per_lead0, after.per_lead AS per_lead1,
			-- Per day: a February is not a fall.
			1 / volume.ratio AS growth, 1 / volume.ratio >= 1.15 AND volume.p_value < (SELECT alpha FROM setting) AS is_growing
		FROM aged a
		JOIN side before ON before.number = a.number AND NOT before.is_after
		JOIN side after ON after.number = a.number AND after.is_after
		CROSS JOIN LATERAL compare_cost(a.before_end - a.before_start, before.leads, a.after_end - a.after_start, after.leads) volume
	), mixed AS
	(
		SELECT number, mix_change(before, after) AS change
		FROM
		(
			SELECT number, channel, rate(is_won) FILTER (WHERE NOT is_after) AS before, rate(is_won) FILTER (WHERE is_after) AS after
			FROM member
			WHERE number <= 2 AND NOT is_deal
			GROUP BY number, channel
		) segment
		GROUP BY number
	), handed_over AS
	(
		-- What was transmitted too lately to have been answered is left out.
		SELECT rate(o.accepted_at IS NOT NULL) AS acceptance,
			timezone(s.time_zone, s.observed_until - l.accepted - interval '91 days')::date AS since
		FROM outcome o
		CROSS JOIN setting s
		CROSS JOIN lag l
		WHERE o.transmitted_at <= s.observed_until - l.accepted AND o.transmitted_at > s.observed_until - l.accepted - interval '91 days'
			AND s.accepted_role = ANY (s.recorded)
			AND (SELECT t.stage_position < a.stage_position FROM ladder t, ladder a WHERE t.role = s.transmitted_role AND a.role = s.accepted_role)
		GROUP BY s.time_zone, s.observed_until, l.accepted
	), bought AS
	(
		-- A year of complete months that are old enough, every lead judged at the age of the youngest.
		SELECT c.channel, c.campaign, sum(c.leads)::bigint AS leads, sum(c.won)::bigint AS won, sum(c.spend) AS spend,
			(SELECT after_end - interval '1 year' FROM aged WHERE number = 1)::date AS since
		FROM
		(
			SELECT o.channel, o.campaign, count(*) AS leads, count(*) FILTER (WHERE o.won_age <= a.comparable) AS won, NULL::numeric AS spend
			FROM outcome o
			JOIN aged a ON a.number = 1 AND o.month < a.after_end AND o.month >= a.after_end - interval '1 year'
			GROUP BY o.channel, o.campaign
			UNION ALL
			SELECT s.channel, s.campaign, 0, 0, s.amount
			FROM counted_spend s
			JOIN aged a ON a.number = 1 AND s.month < a.after_end AND s.month >= a.after_end - interval '1 year'
		) c
		GROUP BY c.channel, c.campaign
		HAVING sum(c.leads) > 0 AND sum(c.spend) > 0
	), campaign AS
	(
		SELECT concat_ws(' / ', coalesce(b.channel, '(unknown)'), b.campaign) AS subject, b.since, b.leads AS leads1, r.leads AS leads0, rate(b.won, b.leads) AS won1,
			rate(r.won, r.leads) AS won0, b.spend AS spend1, r.spend AS spend0, b.asked
		FROM
		(
			SELECT *, count(*) OVER () AS asked, sum(leads) OVER () - leads AS other_leads, sum(won) OVER () - won AS other_won,
				sum(spend) OVER () - spend AS other_spend
			FROM bought
		) b
		CROSS JOIN LATERAL (SELECT b.other_leads::bigint AS leads, b.other_won::bigint AS won, b.other_spend AS spend) r
		WHERE r.leads > 0 AND r.spend > 0
	), judged_campaign AS
	(
		SELECT c.*, cpl.ratio AS cpl_ratio, t.difference,
			CASE WHEN hits(c.won1) > 0 AND hits(c.won0) > 0 THEN cost_per(c.spend1, hits(c.won1)) / cost_per(c.spend0, hits(c.won0))
				WHEN hits(c.won0) > 0 THEN 'Infinity' WHEN hits(c.won1) > 0 THEN 0 END::float8 AS cac_ratio,
			cpl.p_value AS cpl_p, t.p_value AS p,
			ARRAY[c.leads0, c.leads1, c.won0::float8, c.won1::float8, cpl(c.spend0, c.leads0), cpl(c.spend1, c.leads1),
				cac(c.spend0, hits(c.won0)), cac(c.spend1, hits(c.won1))]::float8[] AS figures
		FROM campaign c
		CROSS JOIN LATERAL compare_cost(c.spend0, c.leads0, c.spend1, c.leads1) cpl
		CROSS JOIN LATERAL compare(c.won1, c.won0) t
	), newest AS
	(
		SELECT max(month) AS month FROM outcome
	), fresh AS
	(
		SELECT n.month, count(*) FILTER (WHERE o.month = n.month) AS leads1, count(*) FILTER (WHERE o.month < n.month) AS leads0,
			rate(o.won_at IS NOT NULL) FILTER (WHERE o.month = n.month) AS won1, rate(o.won_at IS NOT NULL) FILTER (WHERE o.month < n.month) AS won0,
			conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, interval '0') FILTER (WHERE o.month = n.month) AS curve1,
			conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, interval '0') FILTER (WHERE o.month < n.month) AS curve0
		FROM newest n
		JOIN outcome o ON o.month >= n.month - interval '3 months'
		GROUP BY n.month
	), credited AS
	(
		SELECT channel, count(*) FILTER (WHERE NOT pays) AS losing, count(*) FILTER (WHERE pays) AS paying,
			min(roas)::float8 AS lowest, max(roas)::float8 AS highest, min(conversions) AS fewest, max(conversions) AS most, max(spend) AS spend
		FROM
		(
			SELECT a.channel, a.roas, a.conversions, a.spend, a.roas * s.margin >= 1 AS pays
			FROM attribution a
			CROSS JOIN setting s
			WHERE NOT a.is_unattributed AND a.roas IS NOT NULL
		) a
		GROUP BY channel
	), candidate(code, asked, subject, since, compared_with, figures, p, is_material) AS
	(
		-- p: two-sided, the chance of what was seen, were nothing the matter.
		SELECT 'volume_up_revenue_flat', 2, NULL::text, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.revenue0, p.revenue1, mean(p.per_lead0), mean(p.per_lead1)]::float8[], t.p_value, true
		FROM pair p CROSS JOIN LATERAL compare(p.per_lead1, p.per_lead0) t
		WHERE p.number <= 2 AND p.is_growing AND p.revenue1 <= p.revenue0 * 1.05 AND t.difference < 0
		UNION ALL
		SELECT CASE WHEN p.is_growing THEN 'closing_rate_diluted' ELSE 'closing_rate_falling' END, 2, NULL, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.won0::float8, p.won1::float8, hits(p.won0), hits(p.won1)], t.p_value,
			p.won1::float8 <= 0.8 * p.won0::float8 AND hits(p.won0) + hits(p.won1) >= 5
		FROM pair p CROSS JOIN LATERAL compare(p.won1, p.won0) t
		WHERE p.number <= 2 AND t.difference < 0
		UNION ALL
		SELECT 'acceptance_below_threshold', 1, NULL, h.since, 'agreed threshold',
			ARRAY[trials(h.acceptance), hits(h.acceptance), s.acceptance_threshold, h.acceptance::float8],
			2 * p_value_below(h.acceptance, s.acceptance_threshold), true
		FROM handed_over h CROSS JOIN setting s
		WHERE h.acceptance::float8 < s.acceptance_threshold
		UNION ALL
		SELECT 'qualification_falling', 2, NULL, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.qualified0::float8, p.qualified1::float8], t.p_value,
			p.qualified1::float8 <= 0.8 * p.qualified0::float8 AND hits(p.qualified0) + hits(p.qualified1) >= 5
		FROM pair p CROSS JOIN LATERAL compare(p.qualified1, p.qualified0) t
		WHERE p.number IN (4, 5) AND p.is_growing AND t.difference < 0
		UNION ALL
		SELECT CASE WHEN c.cpl_ratio < 1 THEN 'cheap_channel_does_not_convert' ELSE 'dear_channel_pays' END, c.asked, c.subject, c.since,
			'other campaigns', c.figures, c.p, c.cac_ratio NOT BETWEEN 0.8 AND 1.25 AND hits(c.won0) + hits(c.won1) >= 5
		FROM judged_campaign c
		WHERE c.cpl_p < (SELECT alpha FROM setting)
			AND (c.cpl_ratio < 1 AND c.difference < 0 AND c.cac_ratio > 1 OR c.cpl_ratio > 1 AND c.difference > 0 AND c.cac_ratio < 1)
		UNION ALL
		SELECT CASE WHEN p.is_growing THEN 'cycle_lengthening' ELSE 'cycle_longer_at_stable_volume' END, 2, NULL, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.median_days0, p.median_days1], t.p_value,
			p.median_days1 >= 1.2 * p.median_days0 AND least(hits(p.won0), hits(p.won1)) >= 5
		FROM pair p CROSS JOIN LATERAL compare(p.log_age1, p.log_age0) t
		WHERE p.number <= 2 AND t.difference > 0 AND p.median_days1 > p.median_days0
		UNION ALL
		SELECT 'stable_volume_better_rates', 2, NULL, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.won0::float8, p.won1::float8, hits(p.won0), hits(p.won1)], t.p_value, false
		FROM pair p CROSS JOIN LATERAL compare(p.won1, p.won0) t
		WHERE p.number <= 2 AND p.growth BETWEEN 1 / 1.15 AND 1.15 AND t.difference > 0
		UNION ALL
		SELECT 'icp_widening', 2, NULL, a.after_start, a.compared_with,
			ARRAY[trials(f.before), trials(f.after), f.before::float8, f.after::float8], t.p_value,
			f.after::float8 <= 0.8 * f.before::float8 AND hits(f.before) + hits(f.after) >= 5
		FROM fitting f
		JOIN aged a USING (number)
		CROSS JOIN LATERAL compare(f.after, f.before) t
		WHERE t.difference < 0
		UNION ALL
		SELECT 'attribution_dependent_verdict', 1, coalesce(c.channel, '(unknown)'), NULL, 'other models',
			ARRAY[c.fewest, c.most, c.lowest, c.highest, c.losing, c.paying], t.p_value, true
		FROM credited c
		CROSS JOIN LATERAL compare_cost(c.spend, round(c.fewest)::bigint, c.spend, round(c.most)::bigint) t
		WHERE c.losing > 0 AND c.paying > 0
		UNION ALL
		SELECT CASE WHEN (m.change).total > 0 THEN 'mix_hides_decline' ELSE 'mix_hides_improvement' END, 2, NULL, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.won0::float8, p.won1::float8, (m.change).odds_ratio], CASE WHEN (m.change).p_value IS NOT NULL AND t.p_value IS NOT NULL THEN greatest((m.change).p_value, t.p_value) END,
			least((m.change).p_value, t.p_value) < s.alpha
		FROM mixed m
		JOIN pair p USING (number)
		CROSS JOIN setting s
		CROSS JOIN LATERAL compare(p.won1, p.won0) t
		WHERE (m.change).simpson
		UNION ALL
		SELECT 'immature_cohort', 1, NULL, f.month, 'three months before', ARRAY[f.leads0, f.leads1, f.won0::float8, f.won1::float8], NULL, true
		FROM fresh f
		CROSS JOIN setting s
		CROSS JOIN LATERAL compare(f.won1, f.won0) naive
		CROSS JOIN LATERAL compare(f.curve1, f.curve0) same_age
		WHERE naive.difference < 0 AND naive.p_value < s.alpha AND (same_age.p_value >= s.alpha OR same_age.observed_a > same_age.expected_a OR same_age.p_value IS NULL)
		UNION ALL
		SELECT 'growth_without_revenue', 1, NULL, p.after_start, p.compared_with,
			ARRAY[p.leads0, p.leads1, p.revenue0, p.revenue1, mean(p.per_lead0), mean(p.per_lead1)]::float8[], t.p_value,
			p.revenue1 <= p.revenue0 * (1 + 0.8 * (p.growth - 1))::numeric
		FROM pair p CROSS JOIN LATERAL compare(p.per_lead1, p.per_lead0) t
		WHERE p.number = 3 AND p.is_growing AND p.revenue0 > 0 AND p.revenue1 IS NOT NULL AND t.difference < 0
	), judged AS
	(
		-- One-sided, as each rule looks one way. Bonferroni: ten kinds of warning, and in each the questions asked.
		SELECT c.code, c.subject, c.since, c.compared_with, c.figures, CASE WHEN q.p IS NOT NULL THEN least(q.p * c.asked * 10, 1) END AS p_value,
			coalesce(q.p * c.asked * 10 < s.alpha, false) AS is_certain,
			c.code = 'immature_cohort' OR c.is_material AND q.p < 1.5 * s.alpha AS is_worth_watching
		FROM candidate c
		CROSS JOIN setting s
		CROSS JOIN LATERAL (SELECT c.p / 2 AS p) q
	), told AS
	(
		SELECT DISTINCT ON (j.code, j.subject) j.*, f.ordinal, f.measure, f.units, f.message_en, f.causes_en, f.look_en, f.message_fr, f.causes_fr, f.look_fr,
			CASE WHEN j.is_certain THEN f.severity ELSE 'watch' END AS severity
		FROM judged j
		JOIN mart_findings() f USING (code)
		WHERE j.is_certain OR f.severity <> 'good' AND j.is_worth_watching
		ORDER BY j.code, j.subject, j.is_certain DESC, j.p_value, j.since
	)
	SELECT t.code, t.severity, t.subject, t.since, t.compared_with,
		CASE WHEN t.is_certain THEN 'beyond chance' ELSE 'not yet certain' END AS certainty, t.p_value,
		t.figures[2]::bigint AS leads, t.figures[1]::bigint AS leads_compared, t.measure, t.figures[4] AS value, t.figures[3] AS value_compared,
		mart_comparison(t.compared_with, t.since, s.language) || format(CASE s.language WHEN 'fr' THEN mart_text(t.message_fr) ELSE t.message_en END, VARIADIC t.subject ||
			ARRAY(SELECT mart_figure(g.figure, g.unit, s.language) FROM unnest(t.figures, t.units) WITH ORDINALITY g(figure, unit, ordinal) ORDER BY g.ordinal)) AS message,
		CASE s.language WHEN 'fr' THEN mart_text(t.causes_fr) ELSE t.causes_en END AS likely_causes,
		CASE s.language WHEN 'fr' THEN mart_text(t.look_fr) ELSE t.look_en END AS what_to_look_at
	FROM told t
	CROSS JOIN setting s
	ORDER BY CASE t.severity WHEN 'warning' THEN 1 WHEN 'watch' THEN 2 ELSE 3 END, t.ordinal, t.subject;
	COMMENT ON VIEW diagnosis IS
		'What goes wrong and what goes well, one row per finding, warnings first; no row = nothing found. A warning needs evidence beyond chance: where nothing has changed, at most 1 - rule.confidence_level of all readings show any warning. What looks bad on too few leads is a watch that says "not yet certain".';
END;
$$;
COMMENT ON FUNCTION mart_diagnosis_views(name) IS 'Internal to create_mart: makes the view diagnosis in the mart.';
