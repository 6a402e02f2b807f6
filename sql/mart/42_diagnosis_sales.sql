-- What goes wrong in sales: answers, load, meetings, refusals, owners, lists and targets. The questions are asked by a function, so that they are planned
-- only where there is something to ask about: planned with the other questions they would triple what the view diagnosis takes.

CREATE FUNCTION diagnosis_sales_answers(questions regclass)
RETURNS TABLE (code text, asked bigint, subject text, since date, compared_with text, figures text, p_value float8, is_suspected boolean, is_material boolean)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT code, asked, subject, since, compared_with, figures, p_value, is_suspected, is_material FROM %s', questions);
END;
$$;
COMMENT ON FUNCTION diagnosis_sales_answers(regclass) IS
'The rows of the view diagnosis_sales_question of a mart, planned when it is called. Nothing for NULL. Internal to the mart.';

CREATE FUNCTION mart_diagnosis_sales_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW diagnosis_sales_lead WITH (security_invoker = true) AS
	WITH recorded AS MATERIALIZED
	(
		-- A stage that nobody writes down is only inferred from later ones, and cannot be judged.
		SELECT l.role, l.stage_position FROM ladder l WHERE EXISTS (SELECT FROM stage_event e WHERE e.stage = l.stage) OR l.role = 'lead'
	), setting AS MATERIALIZED
	(
		SELECT r.time_zone, r.transmitted_role, r.accepted_role, o.observed_until,
			(SELECT stage_position FROM recorded WHERE role = r.accepted_role) > (SELECT stage_position FROM recorded WHERE role = r.transmitted_role)
				AS is_handed_over
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN observation o
	), work AS MATERIALIZED
	(
		SELECT w.lead_id, w.created_at, w.month, w.channel, w.campaign, w.owner, w.attempts > 0 AS is_tried, w.contacts > 0 AS is_reached, w.attempted_at,
			w.sql_at <= w.observed_until IS TRUE AS is_qualified, w.won_at <= w.observed_until IS TRUE AS is_won,
			(w.won_at <= w.observed_until) IS NOT TRUE AND w.lost_at <= w.observed_until IS TRUE AS is_lost, least(w.won_at, w.lost_at) AS closed_at,
			CASE WHEN s.is_handed_over THEN CASE s.transmitted_role WHEN 'lead' THEN w.created_at WHEN 'mql' THEN w.mql_at WHEN 'sal' THEN w.sal_at
				WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at WHEN 'won' THEN w.won_at END END AS transmitted_at,
			CASE s.accepted_role WHEN 'mql' THEN w.mql_at WHEN 'sal' THEN w.sal_at WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at
				WHEN 'won' THEN w.won_at END AS accepted_at,
			s.observed_until, s.time_zone
		FROM lead_work w CROSS JOIN setting s
		-- Nearly all, which the planner would take for a sixth.
		WHERE CASE WHEN w.stage_position IS NOT NULL AND w.created_at <= s.observed_until THEN 1 END IS NOT NULL
	), known AS MATERIALIZED
	(
		SELECT min(attempted_at) AS attempted_since, greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at)
			FILTER (WHERE accepted_at <= observed_until AND transmitted_at IS NOT NULL), '0') AS accepted_lag
		FROM work
	)
	SELECT w.lead_id, w.month, w.channel, w.campaign, w.owner, w.is_tried, w.is_reached, w.is_qualified, w.is_won, w.is_lost,
		-- What was transmitted within the time that nearly all answers take may still be answered.
		CASE WHEN w.transmitted_at <= w.observed_until - k.accepted_lag THEN w.accepted_at <= w.observed_until IS TRUE END AS is_accepted,
		-- From the first month on in the whole of which attempts were written down.
		date_trunc('month', timezone(w.time_zone, k.attempted_since) + interval '1 month' - interval '1 microsecond')::date AS attempts_since,
		w.created_at, w.attempted_at, w.closed_at
	FROM work w
	CROSS JOIN known k;
	COMMENT ON VIEW diagnosis_sales_lead IS
		'Layer below the diagnosis: every counted lead with who works it, whether it was tried, reached, accepted and decided by observed_until, and how '
		'long it waited.';

	CREATE OR REPLACE VIEW diagnosis_sales_count WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT * FROM diagnosis_sales_lead
	), period AS MATERIALIZED
	(
		-- A week to write things down.
		SELECT p.period, 'previous ' || p.period AS compared_with, p.after_start AS since, p.after_end, p.before_start, p.before_end, r.time_zone,
			r.working_hours, r.holidays, o.observed_until
		FROM (SELECT time_zone, fiscal_year_start, working_hours, holidays FROM rule LIMIT 1) r
		CROSS JOIN observation o
		CROSS JOIN LATERAL comparison_periods(o.observed_until, '7 days', ARRAY(SELECT DISTINCT month FROM lead ORDER BY month), NULL, r.time_zone,
			r.fiscal_year_start) p
		WHERE p.compared_with = 'previous'
	), recent AS MATERIALIZED
	(
		-- The first attempt answers, the end without one never does. All had a week, which is more than an hour of working time.
		SELECT l.month, l.owner, l.is_accepted, l.attempts_since, working_minutes(timezone(p.time_zone, l.created_at),
			timezone(p.time_zone, coalesce(l.attempted_at, l.closed_at, p.observed_until)), p.working_hours, p.holidays) AS minutes,
			CASE WHEN l.attempted_at IS NOT NULL THEN 'converted' WHEN l.closed_at IS NOT NULL THEN 'lost' ELSE 'censored' END AS outcome
		FROM
		(
			SELECT min(before_start) AS started, max(after_end) AS ended, min(observed_until) AS observed_until, min(time_zone) AS time_zone,
				min(working_hours) AS working_hours, min(holidays) AS holidays
			FROM period
		) p
		JOIN lead l ON l.month >= p.started AND l.month < p.ended
	), meeting AS MATERIALIZED
	(
		SELECT due_month, status = 'no_show' AS is_no_show, min(due_month) FILTER (WHERE status = 'no_show') OVER () AS recorded_since
		FROM lead_meeting
		WHERE status IN ('held', 'no_show') AND (SELECT EXISTS (SELECT FROM activity_meaning WHERE meaning = 'no_show'))
	), refusal AS MATERIALIZED
	(
		SELECT date_trunc('month', timezone((SELECT time_zone FROM rule), happened_at))::date AS month, lower(reason) AS spelled, reason
		FROM sent_away
		WHERE outcome IN ('refused', 'recycled', 'disqualified') AND reason IS NOT NULL
			AND (SELECT EXISTS (SELECT FROM stage_event WHERE reason IS NOT NULL))
	)
	SELECT 'period' AS part, p.compared_with, p.since, NULL::text AS subject, NULL::text AS measure, NULL::date AS month, l.month >= p.since AS is_after,
		CASE WHEN l.month >= p.since THEN p.after_end - p.since ELSE p.before_end - p.before_start END AS days, count(*) AS leads,
		count(*) FILTER (WHERE l.attempts_since <= p.before_start) AS trials,
		count(*) FILTER (WHERE l.attempts_since <= p.before_start AND l.outcome = 'converted' AND l.minutes <= 60) AS hits,
		count(l.owner) AS owned, count(DISTINCT l.owner) AS owners, count(l.is_accepted) AS transmitted, count(*) FILTER (WHERE l.is_accepted) AS accepted,
		conversion_curve(l.minutes * interval '1 minute', l.outcome, interval '1 minute') FILTER (WHERE l.attempts_since <= p.before_start)::text AS curve
	FROM period p
	JOIN recent l ON l.month >= p.before_start AND l.month < p.after_end
	GROUP BY p.compared_with, p.since, p.after_end, p.before_start, p.before_end, l.month >= p.since
	UNION ALL
	-- A year, month by month, as leads of one month had the same time.
	SELECT 'owner', 'other owners', (p.after_end - interval '1 year')::date, l.owner, m.measure, l.month, true, NULL, count(*), count(m.is_hit),
		count(*) FILTER (WHERE m.is_hit), 0, 0, 0, 0, NULL
	FROM period p
	JOIN lead l ON l.month >= p.after_end - interval '1 year' AND l.month < p.after_end AND l.owner IS NOT NULL
	CROSS JOIN LATERAL (VALUES ('accepted', l.is_accepted), ('won', CASE WHEN l.is_won OR l.is_lost THEN l.is_won END)) m(measure, is_hit)
	WHERE p.period = 'month'
	GROUP BY p.after_end, l.owner, m.measure, l.month
	UNION ALL
	SELECT 'list', 'other campaigns', (p.after_end - interval '1 year')::date, concat_ws(' / ', coalesce(l.channel, '(unknown)'), l.campaign), m.measure,
		l.month, true, NULL, count(*), count(m.is_hit), count(*) FILTER (WHERE m.is_hit), 0, 0, 0, 0, NULL
	FROM period p
	JOIN lead l ON l.month >= p.after_end - interval '1 year' AND l.month < p.after_end AND l.is_tried
	JOIN channel_family f ON f.channel = l.channel AND lower(trim_blanks(f.family)) = 'outbound'
	CROSS JOIN LATERAL (VALUES ('reached', l.is_reached), ('qualified', l.is_qualified)) m(measure, is_hit)
	WHERE p.period = 'month'
	GROUP BY p.after_end, l.channel, l.campaign, m.measure, l.month
	UNION ALL
	SELECT 'meeting', p.compared_with, p.since, NULL, NULL, NULL, m.due_month >= p.since, NULL, count(*), count(*), count(*) FILTER (WHERE m.is_no_show),
		0, 0, 0, 0, NULL
	FROM period p
	JOIN meeting m ON m.due_month >= p.before_start AND m.due_month < p.after_end AND m.recorded_since < p.since
	GROUP BY p.compared_with, p.since, m.due_month >= p.since
	UNION ALL
	SELECT 'reason', p.compared_with, p.since, mode() WITHIN GROUP (ORDER BY r.reason), NULL, NULL, r.month >= p.since,
		CASE WHEN r.month >= p.since THEN p.after_end - p.since ELSE p.before_end - p.before_start END, count(*), count(*), count(*), 0, 0, 0, 0, r.spelled
	FROM period p
	JOIN refusal r ON r.month >= p.before_start AND r.month < p.after_end
	GROUP BY p.compared_with, p.since, p.after_end, p.before_start, p.before_end, r.spelled, r.month >= p.since;
	COMMENT ON VIEW diagnosis_sales_count IS
		'Layer below the diagnosis: what its questions about sales compare, counted: the last complete month and quarter and the ones before, and owners and '
		'outbound campaigns month by month.';

	CREATE OR REPLACE VIEW diagnosis_sales_side WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT * FROM diagnosis_sales_count
	)
	SELECT a.part, NULL::text AS subject, NULL::text AS measure, a.compared_with, a.since, 2::bigint AS asked, b.leads AS leads0, a.leads AS leads1,
		b.trials AS trials0, a.trials AS trials1, b.hits AS hits0, a.hits AS hits1, NULL::float8 AS odds_ratio, NULL::float8 AS odds_p_value,
		b.days * b.owners AS owner_days0, a.days * a.owners AS owner_days1, b.owned AS owned0, a.owned AS owned1, b.transmitted AS transmitted0,
		a.transmitted AS transmitted1, b.accepted AS accepted0, a.accepted AS accepted1, b.days AS days0, a.days AS days1, b.curve AS curve0, a.curve AS curve1
	FROM counted a
	JOIN counted b ON b.part = a.part AND NOT b.is_after AND b.compared_with = a.compared_with
	WHERE a.part IN ('period', 'meeting') AND a.is_after AND least(a.leads, b.leads) >= 10
	UNION ALL
	-- Each against the others in the months in which it has leads.
	SELECT part, subject, measure, compared_with, since, count(*) OVER (PARTITION BY part), NULL, NULL, trials0, trials1, hits0, hits1, (change).odds_ratio,
		(change).p_value, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
	FROM
	(
		SELECT part, compared_with, since, subject, measure, sum(other_trials)::bigint AS trials0, sum(trials)::bigint AS trials1,
			sum(other_hits)::bigint AS hits0, sum(hits)::bigint AS hits1,
				mix_change(rate(other_hits::bigint, other_trials::bigint), rate(hits, trials)) AS change
		FROM
		(
			SELECT *, sum(trials) OVER other - trials AS other_trials, sum(hits) OVER other - hits AS other_hits
			FROM counted
			WHERE part IN ('owner', 'list')
			WINDOW other AS (PARTITION BY part, measure, month)
		) m
		GROUP BY part, compared_with, since, subject, measure
		HAVING least(sum(other_trials), sum(trials)) >= 10
	) n
	UNION ALL
	SELECT 'reason', subject, NULL, compared_with, since, 2 * count(*) FILTER (WHERE hits0 + hits1 >= 5) OVER period, NULL, NULL,
		sum(hits0) OVER period::bigint, sum(hits1) OVER period::bigint, hits0, hits1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
		max(days0) OVER period, max(days1) OVER period, NULL, NULL
	FROM
	(
		SELECT compared_with, since, min(subject) AS subject, coalesce(sum(trials) FILTER (WHERE NOT is_after), 0)::bigint AS hits0,
			coalesce(sum(trials) FILTER (WHERE is_after), 0)::bigint AS hits1, max(days) FILTER (WHERE NOT is_after) AS days0,
			max(days) FILTER (WHERE is_after) AS days1
		FROM counted
		WHERE part = 'reason'
		GROUP BY compared_with, since, curve
	) r
	WINDOW period AS (PARTITION BY compared_with);
	COMMENT ON VIEW diagnosis_sales_side IS
		'Layer below the diagnosis: each of its comparisons of sales with both sides (0 = what it is compared with, 1 = what it is about): periods, meetings, '
		'reasons, owners and outbound campaigns.';

	CREATE OR REPLACE VIEW diagnosis_sales_question WITH (security_invoker = true) AS
	WITH compared AS MATERIALIZED
	(
		SELECT s.*, hits0::float8 / nullif(trials0, 0) AS rate0, hits1::float8 / nullif(trials1, 0) AS rate1, share.difference AS rate_difference,
			share.p_value AS rate_p, accepted0::float8 / nullif(transmitted0, 0) AS acceptance0, accepted1::float8 / nullif(transmitted1, 0) AS acceptance1,
			acceptance.difference < 0 AS accepts_less, acceptance.p_value AS acceptance_p, 1 / load.ratio AS growth, load.p_value AS load_p,
			owned0 * 30.0 / nullif(owner_days0, 0) AS load0, owned1 * 30.0 / nullif(owner_days1, 0) AS load1,
			curve.observed_a < curve.expected_a AS is_slower, curve.p_value AS curve_p,
			(extract(epoch FROM quantile(curve0::conversion_curve, 0.5)) / 3600)::float8 AS hours0,
			(extract(epoch FROM quantile(curve1::conversion_curve, 0.5)) / 3600)::float8 AS hours1
		FROM diagnosis_sales_side s
		CROSS JOIN LATERAL compare(rate(hits1, trials1), rate(hits0, trials0)) share
		CROSS JOIN LATERAL compare(rate(accepted1, transmitted1), rate(accepted0, transmitted0)) acceptance
		CROSS JOIN LATERAL compare_cost(owner_days0, owned0, owner_days1, owned1) load
		CROSS JOIN LATERAL compare(curve1::conversion_curve, curve0::conversion_curve) curve
	)
	SELECT 'slow_first_answer' AS code, 4::bigint AS asked, subject, since, compared_with,
		ARRAY[leads0, leads1, rate0, rate1, hours0, hours1]::text AS figures, a.p AS p_value, a.is_worse IS TRUE AS is_suspected,
		a.is_much IS TRUE AS is_material
	FROM compared
	CROSS JOIN LATERAL
	(
		VALUES (rate_p, rate_difference < 0, rate1 <= 0.8 * rate0 AND hits0 + hits1 >= 5), (curve_p, is_slower, hours1 >= 1.25 * hours0)
	) a(p, is_worse, is_much)
	WHERE part = 'period' AND a.p IS NOT NULL AND least(trials0, trials1) >= 10
	UNION ALL
	-- All three have to hold, so the least sure one says how sure it is.
	SELECT 'overload', asked, subject, since, compared_with, ARRAY[leads0, leads1, acceptance0, acceptance1, load0, load1, hours0, hours1]::text,
		greatest(load_p, curve_p, acceptance_p), (growth >= 1.15 AND is_slower AND accepts_less) IS TRUE, (acceptance1 <= 0.8 * acceptance0) IS TRUE
	FROM compared
	WHERE part = 'period' AND num_nulls(load_p, curve_p, acceptance_p) = 0
	UNION ALL
	SELECT 'no_shows_up', asked, subject, since, compared_with, ARRAY[trials0, trials1, rate0, rate1]::text, rate_p, (rate_difference > 0) IS TRUE,
		rate1 >= 1.25 * rate0 AND hits1 >= 5
	FROM compared
	WHERE part = 'meeting'
	UNION ALL
	SELECT 'refusals_one_reason', asked, subject, since, compared_with, ARRAY[trials0, trials1, rate0, rate1, hits0, hits1]::text, rate_p,
		(rate_difference > 0 AND trials1 * days0 > trials0 * days1
			AND 2 * (hits1 * days0 - hits0 * days1) >= trials1 * days0 - trials0 * days1) IS TRUE,
		rate1 >= 1.25 * rate0 AND hits1 >= 5
	FROM compared
	WHERE part = 'reason' AND hits0 + hits1 >= 5 AND least(trials0, trials1) >= 10
	UNION ALL
	SELECT 'refusals_mostly_one_reason', 1, subject, since, 'half of them', ARRAY[trials1, hits1, 0.5, rate1]::text,
		least(2 * p_value_below(rate(trials1 - hits1, trials1), 0.5), 1), rate1 > 0.5, true
	FROM compared
	WHERE part = 'reason' AND compared_with = 'previous quarter' AND trials1 >= 10
	UNION ALL
	-- Both in all and within the months, which had the same time.
	SELECT CASE part WHEN 'owner' THEN 'owner_off' ELSE 'list_off' END, asked, subject, since, compared_with,
		ARRAY[trials0, trials1, rate0, rate1, CASE WHEN is_first THEN rate0 END, CASE WHEN is_first THEN rate1 END]::text,
		CASE WHEN num_nulls(rate_p, odds_p_value) = 0 THEN greatest(rate_p, odds_p_value) END, (rate_difference < 0 AND odds_ratio < 1) IS TRUE,
		rate1 <= 0.8 * rate0 AND hits0 + hits1 >= 5
	FROM (SELECT *, measure IN ('accepted', 'reached') AS is_first FROM compared WHERE part IN ('owner', 'list')) n;
	COMMENT ON VIEW diagnosis_sales_question IS
		'Layer below the diagnosis: its questions about sales, see diagnosis_sales, which plans it only where there is something to ask about.';

	CREATE OR REPLACE VIEW diagnosis_sales_target WITH (security_invoker = true) AS
	SELECT 'target_out_of_reach' AS code, count(*) OVER () AS asked, format('%s (%s)', measure, concat_ws(', ', channel, owner, ends_on)) AS subject,
		starts_on AS since, 'target' AS compared_with,
		-- What float8 cannot hold is no figure.
		ARRAY[NULL, NULL, least(target_value, 1e300), least(greatest(expected_total, -1e300), 1e300), probability_to_reach,
			least(greatest(so_far, -1e300), 1e300)]::float8[]::text AS figures, least(2 * probability_to_reach, 1) AS p_value,
		probability_to_reach < 0.05 AS is_suspected, true AS is_material
	FROM target_pacing
	-- Of its last day nothing is asked any more.
	WHERE phase = 'running' AND probability_to_reach IS NOT NULL AND days_left >= 1;
	COMMENT ON VIEW diagnosis_sales_target IS
		'Layer below the diagnosis: its question about targets, see diagnosis_sales, which plans it only where a target runs.';

	CREATE OR REPLACE VIEW diagnosis_sales WITH (security_invoker = true) AS
	WITH today AS
	(
		SELECT timezone(r.time_zone, o.observed_until)::date AS today, 1 - r.confidence_level AS alpha
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN observation o
	)
	-- The worst of ten is not news: before it is certain of all, it is watched where it stands out of its kind.
	SELECT a.code, a.asked, a.subject, a.since, a.compared_with, a.figures, a.p_value, a.is_suspected,
		a.is_material AND coalesce(a.asked * a.p_value / 2 < 1.5 * t.alpha, false) AS is_material
	FROM today t
	CROSS JOIN LATERAL
	(
		VALUES
		(
			CASE WHEN EXISTS (SELECT FROM activity) OR EXISTS (SELECT FROM lead WHERE owner <> '') OR EXISTS (SELECT FROM deal WHERE owner <> '')
				OR EXISTS (SELECT FROM stage_event WHERE reason <> '' OR owner <> '') THEN 'diagnosis_sales_question'::regclass END
		),
		(CASE WHEN EXISTS (SELECT FROM target g WHERE g.starts_on <= t.today AND g.ends_on > t.today) THEN 'diagnosis_sales_target'::regclass END)
	) q(questions)
	CROSS JOIN LATERAL diagnosis_sales_answers(q.questions) a
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW diagnosis_sales IS
		'Layer below the diagnosis: what it asks about answers, load, meetings, refusals, owners, outbound campaigns and targets: one row per question asked, '
		'with its figures and p-value. No rows where there are no activities, owners, reasons or targets.';
END;
$$;
COMMENT ON FUNCTION mart_diagnosis_sales_views(name) IS
'Internal to create_mart: makes the view diagnosis_sales, and the layers below it, in the mart.';
