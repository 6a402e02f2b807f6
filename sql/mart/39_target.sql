-- Whether targets will be reached, and whether the pipeline covers them: what is there, what open leads and leads to come are still expected to bring
-- until the period ends, and how sure that is. The forecast's machinery (sales_forecast), asked for each target with windows that end when it does.

CREATE FUNCTION chance_to_reach(expected float8, variance float8, needed float8, is_count boolean DEFAULT true)
RETURNS float8
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION chance_to_reach(float8, float8, float8, boolean) IS
'The chance that at least so much comes of what is expected with this variance (see predict_amount): of a number, such as sales (is_count), by the negative '
'binomial distribution that has both, or Poisson''s where the variance is not above the expectation; of money by the gamma distribution. 1 where nothing is '
'needed. Error on a negative, NaN or infinite expectation or variance, and where needed is NaN.';

CREATE FUNCTION target_flows(leads float8[], measure_position integer, window_days float8, OUT windows integer, OUT flows float8[], OUT revenues float8[],
		OUT outcomes float8[])
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION target_flows(float8[], integer, float8) IS
'How leads moved towards a measure in the last 24 windows of so many days, without those before the first lead came, as sales_forecast() reads it: a sale is '
'that the lead reached the stage measure_position (1 = it came, mql, sal, sql, opportunity, 6 = won). leads: a row per lead of when it reached each of the '
'six and when it was lost, in days from now (below 0 = ago, infinity = not), and its revenue (NaN = not known). Errors: other columns or positions, windows '
'of no length. Internal to target_pacing.';

CREATE FUNCTION target_measures()
RETURNS TABLE (name text, measure text, measure_position integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 16
BEGIN ATOMIC
	SELECT *
	FROM (VALUES ('leads', 'leads', 1), ('lead', 'leads', 1), ('mql', 'mql', 2), ('mqls', 'mql', 2), ('sal', 'sal', 3), ('sals', 'sal', 3), ('sql', 'sql', 4),
		('sqls', 'sql', 4), ('opportunities', 'opportunities', 5), ('opportunity', 'opportunities', 5), ('won', 'won', 6), ('deals won', 'won', 6),
		('deals_won', 'won', 6), ('revenue', 'revenue', 6), ('meetings_held', 'meetings_held', 7),
		('meetings held', 'meetings_held', 7)) m(name, measure, measure_position);
END;
COMMENT ON FUNCTION target_measures() IS
'What table target may call a measure (case and outer blanks do not matter), what the views call it, and how far a lead must come to count: 1 = it came, to '
'6 = it was won; 7 = a meeting was held. Internal to target_pacing.';

-- Not inlined: in every row of the views its texts would be compiled.
CREATE FUNCTION target_text(code text, language text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN
	(
		SELECT CASE language WHEN 'fr' THEN lead_kpi.mart_text(t.fr) ELSE t.en END
		FROM
		(
			VALUES
			('no_period', 'no first or last day', 'pas de premier ou de dernier jour'),
			('ends_before_start', 'ends before it starts', 'se termine avant de commencer'),
			('no_value', 'no value', 'pas de valeur'),
			('unknown_measure', 'unknown measure', 'mesure inconnue'),
			('unknown_channel', 'unknown channel', 'canal inconnu'),
			('reached', 'reached', 'atteint'),
			('missed', 'missed', 'manqué'),
			('on_track', 'on track', 'en bonne voie'),
			('not_yet_certain', 'not yet certain', 'pas encore certain'),
			('out_of_reach', 'out of reach', 'hors de portée'),
			('not_begun', 'not begun', 'pas commencé'),
			('covered', 'covered by open deals', 'couvert par les affaires en cours'),
			('short', 'not by what is open', 'pas avec ce qui est en cours')
		) t(code, en, fr)
		WHERE t.code = target_text.code
	);
END;
$$;
COMMENT ON FUNCTION target_text(text, text) IS 'What target_pacing says, in language en or fr; NULL for NULL. Internal to target_pacing.';

CREATE FUNCTION mart_target_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW target_asked WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT r.time_zone, o.observed_until FROM (SELECT time_zone FROM rule LIMIT 1) r CROSS JOIN observation o
	), named AS MATERIALIZED
	(
		SELECT DISTINCT ON (lower(trim_blanks(spelling))) lower(trim_blanks(spelling)) AS spelling, name
		FROM spelling WHERE what = 'channel' AND (SELECT EXISTS (SELECT FROM target WHERE trim_blanks(channel) <> ''))
		ORDER BY lower(trim_blanks(spelling)), name
	), read AS
	(
		SELECT row_number() OVER (ORDER BY t.starts_on, t.ends_on, m.measure_position, m.measure, lower(trim_blanks(t.measure)), t.channel, t.owner, t.value)
				AS target_number,
			t.starts_on, t.ends_on, coalesce(m.measure, t.measure) AS measure, m.measure_position,
			coalesce(n.name, nullif(trim_blanks(t.channel), '')) AS channel, nullif(trim_blanks(t.owner), '') AS owner,
			CASE WHEN abs(t.value) <= 1e300 THEN t.value END AS target_value,
			CASE
				-- A year that no calendar of sales has is a typing error.
				WHEN (t.starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND t.ends_on BETWEEN '1900-01-01' AND '2199-12-31') IS NOT TRUE THEN 'no_period'
				WHEN t.ends_on < t.starts_on THEN 'ends_before_start'
				WHEN (abs(t.value) <= 1e300) IS NOT TRUE THEN 'no_value'
				WHEN m.measure IS NULL THEN 'unknown_measure'
				WHEN n.name IS NULL AND trim_blanks(t.channel) <> '' THEN 'unknown_channel'
			END AS problem
		FROM target t
		LEFT JOIN target_measures() m ON m.name = lower(trim_blanks(t.measure))
		LEFT JOIN named n ON n.spelling = lower(trim_blanks(t.channel))
		WHERE (SELECT NOT mart_sets_aside('target'::regclass))
	), dated AS
	(
		SELECT r.*, s.observed_until,
			CASE WHEN problem IS NULL THEN timezone(s.time_zone, r.starts_on::timestamp) END AS begins_at,
			CASE WHEN problem IS NULL THEN timezone(s.time_zone, (r.ends_on + 1)::timestamp) END AS ends_at
		FROM read r CROSS JOIN setting s
	), timed AS
	(
		-- greatest() ignores NULL.
		SELECT *, CASE WHEN ends_at <= observed_until THEN 0 ELSE date_part('epoch', ends_at - observed_until) / 86400 END AS days_left,
			CASE WHEN begins_at <= observed_until THEN 0 ELSE date_part('epoch', begins_at - observed_until) / 86400 END AS days_until_begin,
			date_part('epoch', ends_at - begins_at) / 86400 AS days
		FROM dated
	)
	SELECT t.*,
		-- Whose: who works the lead, who has the deal, who booked the meeting.
		CASE WHEN t.measure_position = 7 THEN 'meeting' WHEN t.owner IS NOT NULL AND t.measure_position = 6 THEN 'deal' ELSE 'lead' END AS pool,
		-- Windows of a week to a month, so many that the last one ends with the period.
		w.windows AS horizon, CASE WHEN w.windows IS NOT NULL THEN greatest(7, t.days_left / w.windows) END AS window_days
	FROM timed t
	CROSS JOIN LATERAL (SELECT CASE WHEN t.days_left IS NOT NULL THEN least(greatest(ceil(t.days_left / 31), 1), 12)::integer END AS windows) w;
	COMMENT ON VIEW target_asked IS
		'Layer below target_pacing: the table target as it is read, with what is wrong with a row (problem), and the windows that its forecast is made in.';

	CREATE OR REPLACE VIEW target_lead WITH (security_invoker = true) AS
	WITH asked AS MATERIALIZED
	(
		SELECT measure_position, owner, observed_until, pool FROM target_asked WHERE problem IS NULL AND observed_until IS NOT NULL
	), worked AS MATERIALIZED
	(
		-- Who works a lead costs, so it is asked only where a target has an owner.
		SELECT lead_id, created_at, channel, NULL::text AS owner, mql_at, sal_at, sql_at, opportunity_at, won_at, lost_at, observed_until, sold_at, sold_for
		FROM lead_outcome
		WHERE (SELECT count(*) > 0 AND count(owner) FILTER (WHERE measure_position < 7) = 0 FROM asked)
		UNION ALL
		SELECT lead_id, created_at, channel, owner, mql_at, sal_at, sql_at, opportunity_at, won_at, lost_at, observed_until, NULL, NULL
		FROM lead_work
		WHERE (SELECT count(owner) FILTER (WHERE measure_position < 7) > 0 FROM asked)
	), deal AS MATERIALIZED
	(
		SELECT lead_id, nullif(trim_blanks(owner), '') AS owner, opened_at, CASE WHEN is_won THEN closed_at END AS won_at, amount
		FROM counted_deal
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END
			AND (SELECT count(owner) FILTER (WHERE measure_position < 7) > 0 FROM asked)
		UNION ALL
		SELECT w.lead_id, NULL, NULL, to_timestamp(u.at::float8), u.amount
		FROM worked w CROSS JOIN LATERAL unnest(w.sold_at::numeric[], w.sold_for::numeric[]) u(at, amount)
		WHERE w.sold_at IS NOT NULL
	), meeting AS MATERIALIZED
	(
		-- A meeting that is booked is open, as a lead is.
		SELECT channel, owner, date_part('epoch', least(booked_at, due_at) - observed_until) / 86400 AS booked,
			CASE WHEN status = 'held' THEN date_part('epoch', due_at - observed_until) / 86400 END AS held,
			CASE WHEN status IN ('cancelled', 'no_show', 'untold') THEN date_part('epoch', coalesce(ended_at, due_at) - observed_until) / 86400 END AS ended
		FROM lead_meeting CROSS JOIN (SELECT max(observed_until) AS observed_until FROM asked) o
		WHERE (SELECT count(*) > 0 FROM asked WHERE measure_position = 7)
	), sold AS
	(
		-- Who has the newest deal sells, from when the first one was opened.
		SELECT lead_id, (array_agg(owner ORDER BY opened_at DESC NULLS LAST, owner) FILTER (WHERE owner IS NOT NULL))[1] AS owner,
			min(opened_at) AS opened_at, sum(amount) FILTER (WHERE won_at <= (SELECT max(observed_until) FROM asked)) AS revenue
		FROM deal
		GROUP BY lead_id
	), lead AS MATERIALIZED
	(
		SELECT w.lead_id, w.channel, w.owner, s.owner AS seller, s.owner IS DISTINCT FROM w.owner AND s.owner IS NOT NULL AS is_handed_on,
			date_part('epoch', w.created_at - w.observed_until) / 86400 AS came, date_part('epoch', w.mql_at - w.observed_until) / 86400 AS mql,
			date_part('epoch', w.sal_at - w.observed_until) / 86400 AS sal, date_part('epoch', w.sql_at - w.observed_until) / 86400 AS sql,
			date_part('epoch', w.opportunity_at - w.observed_until) / 86400 AS opportunity, date_part('epoch', w.won_at - w.observed_until) / 86400 AS won,
			date_part('epoch', w.lost_at - w.observed_until) / 86400 AS lost, date_part('epoch', s.opened_at - w.observed_until) / 86400 AS handed_on,
			CASE WHEN s.revenue IS NOT NULL THEN least(greatest(s.revenue, -1e300), 1e300)::float8 END AS revenue
		FROM worked w
		LEFT JOIN sold s ON s.lead_id = w.lead_id
	)
	-- What is sold is looked for where the deals are: from when somebody else has it, a lead is lost for who had it.
	SELECT 'pool' AS part, d.pool, NULL::integer AS measure_position, l.channel, CASE WHEN d.is_seller THEN l.seller ELSE l.owner END AS owner,
		CASE WHEN d.is_seller THEN greatest(l.came, l.handed_on) ELSE l.came END AS came, l.mql, l.sal, l.sql, l.opportunity,
		CASE WHEN d.is_kept THEN l.won END AS won, CASE WHEN d.is_kept THEN l.lost ELSE greatest(l.came, l.handed_on) END AS lost, l.revenue,
		NULL::numeric AS amount
	FROM lead l
	CROSS JOIN LATERAL
	(
		SELECT p.pool, p.is_seller, p.pool = 'lead' OR p.is_seller OR NOT l.is_handed_on AS is_kept
		FROM (VALUES ('lead', false), ('deal', false), ('deal', true)) p(pool, is_seller)
		WHERE (p.pool = 'lead' OR p.pool IN (SELECT pool FROM asked)) AND (NOT p.is_seller OR l.is_handed_on)
	) d
	UNION ALL
	-- A meeting that is booked is open, as a lead is.
	SELECT 'pool', 'meeting', NULL, channel, owner, booked, held, NULL, NULL, NULL, NULL, ended, NULL, NULL FROM meeting
	UNION ALL
	SELECT 'event', NULL, e.measure_position, l.channel, l.owner, e.at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0
	FROM lead l
	CROSS JOIN LATERAL (VALUES (1, came), (2, mql), (3, sal), (4, sql), (5, opportunity)) e(measure_position, at)
	WHERE e.at <= 0 AND e.measure_position IN (SELECT measure_position FROM asked)
	UNION ALL
	SELECT 'event', NULL, 6, l.channel, coalesce(d.owner, l.owner), date_part('epoch', d.won_at - (SELECT max(observed_until) FROM asked)) / 86400,
		NULL, NULL, NULL, NULL, NULL, NULL, NULL, d.amount
	FROM deal d
	-- Distinct, so that the planner knows that each has one.
	JOIN (SELECT DISTINCT ON (lead_id) lead_id, channel, owner FROM lead) l ON l.lead_id = d.lead_id
	WHERE d.won_at <= (SELECT max(observed_until) FROM asked)
	UNION ALL
	SELECT 'event', NULL, 7, channel, owner, held, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM meeting WHERE held <= 0;
	COMMENT ON VIEW target_lead IS
		'Layer below target_pacing: the leads (and booked meetings) that targets are about, with when they reached what, in days from observed_until (part = '
		'pool), and what happened (event). Reads the leads once, whatever the number of targets.';

	CREATE OR REPLACE VIEW target_input WITH (security_invoker = true) AS
	WITH asked AS MATERIALIZED
	(
		SELECT target_number, measure, measure_position, channel, owner, pool, days_left, window_days,
			date_part('epoch', begins_at - observed_until) / 86400 AS begins, date_part('epoch', ends_at - observed_until) / 86400 AS ends,
			CASE WHEN days_left > 0 THEN least(greatest(days_left - days_until_begin, 7), 92) END AS lately_days
		FROM target_asked
		WHERE problem IS NULL AND observed_until IS NOT NULL
	), member AS MATERIALIZED
	(
		SELECT * FROM target_lead
	), part AS MATERIALIZED
	(
		SELECT g.pool, g.channel, g.owner, array_agg(p.times ORDER BY p.came, p.revenue) AS leads
		FROM (SELECT DISTINCT pool, channel, owner FROM asked WHERE days_left > 0) g
		JOIN
		(
			SELECT pool, channel, owner, came, revenue, ARRAY[came, coalesce(mql, 'Infinity'), coalesce(sal, 'Infinity'), coalesce(sql, 'Infinity'),
				coalesce(opportunity, 'Infinity'), coalesce(won, 'Infinity'), coalesce(lost, 'Infinity'), coalesce(revenue, 'NaN')]::float8[] AS times
			FROM member
			WHERE part = 'pool'
		) p ON p.pool = g.pool AND (p.channel = g.channel OR g.channel IS NULL) AND (p.owner = g.owner OR g.owner IS NULL)
		GROUP BY g.pool, g.channel, g.owner
	), edge AS MATERIALIZED
	(
		-- Where periods begin and end, and how many days back lately goes.
		SELECT ARRAY(SELECT e.at FROM (SELECT begins AS at FROM asked UNION SELECT ends FROM asked) e WHERE e.at IS NOT NULL ORDER BY e.at) AS edges,
			ARRAY(SELECT DISTINCT lately_days FROM asked WHERE lately_days IS NOT NULL ORDER BY 1) AS lately
	), happened AS MATERIALIZED
	(
		-- Once for all targets, which are many: they do not tell apart what happened between two edges.
		SELECT m.measure_position, m.channel, m.owner, width_bucket(m.came, e.edges) AS edge, width_bucket(-m.came, e.lately) AS age, count(*) AS events,
			count(*) FILTER (WHERE m.amount IS NULL) AS without_amount, coalesce(sum(m.amount), 0) AS amount
		FROM member m
		CROSS JOIN edge e
		WHERE m.part = 'event'
		GROUP BY 1, 2, 3, 4, 5
	), reached AS MATERIALIZED
	(
		SELECT a.target_number, coalesce(sum(h.events) FILTER (WHERE h.edge >= a.first AND h.edge < a.beyond), 0)::bigint AS events,
			coalesce(sum(h.without_amount) FILTER (WHERE h.edge >= a.first AND h.edge < a.beyond), 0)::bigint AS without_amount,
			coalesce(sum(h.amount) FILTER (WHERE h.edge >= a.first AND h.edge < a.beyond), 0) AS amount,
			coalesce(sum(h.events) FILTER (WHERE h.age < a.oldest), 0)::bigint AS events_lately,
			coalesce(sum(h.amount) FILTER (WHERE h.age < a.oldest), 0) AS amount_lately
		FROM
		(
			SELECT a.target_number, a.measure_position, a.channel, a.owner, width_bucket(a.begins, e.edges) AS first, width_bucket(a.ends, e.edges) AS beyond,
				width_bucket(a.lately_days, e.lately) AS oldest
			FROM asked a
			CROSS JOIN edge e
		) a
		JOIN happened h ON h.measure_position = a.measure_position AND (h.channel = a.channel OR a.channel IS NULL)
			AND (h.owner = a.owner OR a.owner IS NULL)
		GROUP BY a.target_number
	), deal_count AS MATERIALIZED
	(
		SELECT count(*) FILTER (WHERE measure_position = 6) AS deals, count(*) FILTER (WHERE pool = 'lead' AND won <= 0) AS leads FROM member
	)
	SELECT a.target_number, a.lately_days, coalesce(r.events, 0) AS events, coalesce(r.without_amount, 0) AS events_without_amount,
		coalesce(r.amount, 0) AS amount, coalesce(r.events_lately, 0) AS events_lately, coalesce(r.amount_lately, 0) AS amount_lately,
		CASE WHEN a.measure = 'won' THEN d.deals::float8 / nullif(d.leads, 0) END AS deals_per_lead,
		f.windows, f.flows::text AS flows, f.revenues::text AS revenues, f.outcomes::text AS outcomes
	FROM asked a
	CROSS JOIN deal_count d
	LEFT JOIN reached r USING (target_number)
	LEFT JOIN part p ON p.pool = a.pool AND p.channel IS NOT DISTINCT FROM a.channel AND p.owner IS NOT DISTINCT FROM a.owner AND a.days_left > 0
	LEFT JOIN LATERAL target_flows(p.leads, CASE a.measure_position WHEN 7 THEN 2 ELSE a.measure_position END, a.window_days) f ON true;
	COMMENT ON VIEW target_input IS
		'Layer below target_pacing: per sound target what was reached in its period so far, and how the leads that it is about moved in windows that end when '
		'it does, as arrays in their text form for lead_kpi.sales_forecast.';

	CREATE OR REPLACE VIEW target_expected WITH (security_invoker = true) AS
	WITH asked AS MATERIALIZED
	(
		SELECT * FROM target_asked
	), counted AS MATERIALIZED
	(
		SELECT * FROM target_input
	), input AS MATERIALIZED
	(
		SELECT a.target_number, a.measure, a.horizon, a.days_left / a.window_days AS until_end, a.days_until_begin / a.window_days AS until_begin,
			i.lately_days, i.events, i.events_without_amount, i.amount, i.events_lately, i.amount_lately, i.deals_per_lead, i.windows, i.flows, i.revenues,
			i.outcomes
		FROM asked a
		JOIN counted i USING (target_number)
	), origin AS MATERIALIZED
	(
		SELECT i.target_number, f.target, f.horizon, f.expected, f.tests, f.error_variance, f.widening, f.share_of_count, f.basket_mean, f.basket_variance,
			f.basket_wins, f.revenue_error_variance
		FROM input i
		CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
		-- Until the period ends, and the windows next to its begin.
		CROSS JOIN LATERAL
		(
			SELECT array_agg(DISTINCT n) AS horizons
			FROM unnest(ARRAY[i.horizon, floor(i.until_begin)::integer, ceil(i.until_begin)::integer]) n
			WHERE n > 0
		) h
		CROSS JOIN LATERAL sales_forecast(i.flows::float8[], i.revenues::float8[], i.outcomes::float8[], i.windows, h.horizons, r.confidence_level) f
		WHERE i.windows > 0 AND f.origin = i.windows
	), until_end AS
	(
		-- Of a window that is longer than what is left, that share.
		SELECT i.target_number, o.target, o.expected * least(i.until_end / i.horizon, 1) AS expected, o.tests, o.error_variance, o.widening, o.share_of_count,
			o.basket_mean, o.basket_variance, o.basket_wins, o.revenue_error_variance, i.until_begin, i.deals_per_lead
		FROM input i
		JOIN origin o ON o.target_number = i.target_number AND o.horizon = i.horizon
	), within AS
	(
		SELECT e.*, greatest(e.expected - (coalesce(l.expected, 0) + (e.until_begin - floor(e.until_begin))
				* (coalesce(h.expected, 0) - coalesce(l.expected, 0))), 0) * coalesce(e.deals_per_lead, 1) AS expected_within
		FROM until_end e
		LEFT JOIN origin l ON l.target_number = e.target_number AND l.target = e.target AND l.horizon = floor(e.until_begin)::integer
		LEFT JOIN origin h ON h.target_number = e.target_number AND h.target = e.target AND h.horizon = ceil(e.until_begin)::integer
	)
	SELECT i.target_number, i.lately_days, i.events, i.events_without_amount, i.amount, i.events_lately, i.amount_lately, a.expected_within AS expected_events,
		least(o.expected_within, a.expected_within) AS expected_of_open, a.tests, a.error_variance,
		a.share_of_count, a.basket_mean,
		CASE WHEN a.tests > 0 AND a.expected_within > 0
			THEN (a.expected_within + a.error_variance * a.expected_within * a.expected_within) * a.widening
			WHEN a.tests > 0 THEN 0 END AS event_variance,
		CASE WHEN a.basket_variance IS NULL THEN NULL
			WHEN a.tests > 0 AND a.expected_within > 0 AND a.basket_mean > 0 THEN (a.expected_within * (a.basket_mean * a.basket_mean + a.basket_variance)
			+ a.expected_within * a.expected_within * (a.basket_variance / a.basket_wins + a.revenue_error_variance * a.basket_mean * a.basket_mean))
			* a.widening
			WHEN a.tests > 0 AND a.expected_within = 0 THEN 0 END AS amount_variance
	FROM input i
	LEFT JOIN within a ON a.target_number = i.target_number AND a.target = 'all sales'
	LEFT JOIN within o ON o.target_number = i.target_number AND o.target = 'open leads';
	COMMENT ON VIEW target_expected IS
		'Layer below target_pacing: what is still expected in the rest of each target''s period, of open leads and in all, with the variance that the mart''s '
		'own earlier forecasts of that length missed by.';

	CREATE OR REPLACE VIEW target_pacing WITH (security_invoker = true) AS
	WITH asked AS MATERIALIZED
	(
		SELECT * FROM target_asked
	), forecast AS MATERIALIZED
	(
		SELECT * FROM target_expected
	), known AS
	(
		SELECT a.*, r.confidence_level, r.language, a.measure = 'revenue' AS is_money,
			a.begins_at <= a.observed_until AS is_begun, a.ends_at <= a.observed_until AS is_over,
			CASE a.measure WHEN 'revenue' THEN e.amount ELSE e.events END AS so_far,
			-- What float8 cannot hold is as much as it can.
			least(greatest(CASE a.measure WHEN 'revenue' THEN e.amount_lately ELSE e.events_lately END, -1e300), 1e300)::float8
				/ nullif(e.lately_days, 0) AS lately, e.lately_days,
			e.events_without_amount,
			CASE a.measure WHEN 'revenue' THEN e.basket_mean ELSE 1 END AS worth, e.expected_events, e.expected_of_open,
			CASE a.measure WHEN 'revenue' THEN e.amount_variance ELSE e.event_variance END AS variance, e.event_variance, e.tests, e.error_variance,
			e.share_of_count
		FROM asked a
		CROSS JOIN (SELECT confidence_level, language FROM rule LIMIT 1) r
		LEFT JOIN forecast e USING (target_number)
	), judged AS
	(
		SELECT k.*, k.expected_events * k.worth AS expected,
			-- Where the sales may be none, so may the revenue.
			CASE WHEN k.is_money AND n.low < 1 THEN 0 ELSE s.low END AS low, s.high,
			CASE
				WHEN k.is_begun AND k.so_far >= k.target_value THEN 1
				WHEN k.is_over THEN 0
				WHEN k.is_money THEN least(chance_to_reach(k.expected_events * k.worth, k.variance,
					least(greatest(k.target_value - k.so_far, -1e300), 1e300)::float8, false),
					-- No money without a sale.
					chance_to_reach(k.expected_events, k.event_variance, CASE WHEN k.target_value > k.so_far THEN 1 ELSE 0 END))
				ELSE chance_to_reach(k.expected_events, k.variance, least(greatest(k.target_value - k.so_far, -1e300), 1e300)::float8)
			END AS probability
		FROM known k
		CROSS JOIN LATERAL predict_amount(k.expected_events * k.worth, k.variance, k.confidence_level) s
		CROSS JOIN LATERAL predict_amount(k.expected_events, k.event_variance, k.confidence_level) n
	), told AS
	(
		SELECT *, CASE
				WHEN problem IS NOT NULL OR observed_until IS NULL THEN NULL
				WHEN is_begun AND so_far >= target_value THEN 'reached'
				WHEN is_over THEN 'missed'
				WHEN NOT is_begun THEN 'not_begun'
				WHEN probability >= 0.95 THEN 'on_track'
				WHEN probability <= 0.05 THEN 'out_of_reach'
				ELSE 'not_yet_certain'
			END AS verdict_code
		FROM judged
	)
	SELECT target_number, starts_on, ends_on, measure, channel, owner, target_value, target_text(problem, language) AS problem,
		CASE WHEN observed_until IS NULL OR problem IS NOT NULL THEN NULL WHEN is_over THEN 'over' WHEN is_begun THEN 'running' ELSE 'to come' END AS phase,
		so_far,
		CASE WHEN is_over THEN 0 ELSE round((expected_of_open * worth)::numeric, 2) END AS expected_open,
		CASE WHEN is_over THEN 0 ELSE round(((expected_events - expected_of_open) * worth)::numeric, 2) END AS expected_to_come,
		CASE WHEN is_over THEN so_far ELSE so_far + round(expected::numeric, 2) END AS expected_total,
		CASE WHEN is_over THEN so_far WHEN is_money THEN so_far + round(low::numeric, 2) ELSE so_far + floor(low)::numeric END AS expected_total_low,
		CASE WHEN is_over THEN so_far WHEN is_money THEN so_far + round(high::numeric, 2) ELSE so_far + round(high)::numeric END AS expected_total_high,
		probability AS probability_to_reach, verdict_code, target_text(verdict_code, language) AS verdict,
		CASE WHEN so_far >= target_value THEN 0 ELSE target_value - so_far END AS missing, days_left,
		CASE WHEN is_over THEN NULL ELSE
			CASE WHEN so_far >= target_value THEN 0 ELSE least(target_value - so_far, 1e300) END::float8 / nullif(days_left - days_until_begin, 0) END
			AS needed_per_day,
		CASE WHEN is_over THEN NULL ELSE expected / nullif(days_left - days_until_begin, 0) END AS expected_per_day,
		CASE WHEN is_begun THEN least(greatest(so_far, -1e300), 1e300)::float8 / nullif(days - days_left, 0) END AS so_far_per_day,
		lately AS lately_per_day, lately_days, tests, CASE WHEN tests > 0 THEN exp(sqrt(error_variance)) - 1 END AS missed_by, share_of_count,
		events_without_amount,
		CASE WHEN problem IS NULL AND NOT is_over THEN forecast_reason(tests, language) END AS reason
	FROM told
	ORDER BY target_number;
	COMMENT ON VIEW target_pacing IS
		'One row per target: what is reached so far, what open leads and leads to come are still expected to bring until its last day, with interval, and how '
		'likely it is reached. Never a straight line: what is open has not had the time yet.';

	CREATE OR REPLACE VIEW coverage_deal WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT lead_id, channel, owner, observed_until, ARRAY[date_part('epoch', created_at - observed_until) / 86400,
				coalesce(date_part('epoch', mql_at - observed_until) / 86400, 'Infinity'),
				coalesce(date_part('epoch', sal_at - observed_until) / 86400, 'Infinity'),
				coalesce(date_part('epoch', sql_at - observed_until) / 86400, 'Infinity'),
				coalesce(date_part('epoch', opportunity_at - observed_until) / 86400, 'Infinity'),
				coalesce(date_part('epoch', won_at - observed_until) / 86400, 'Infinity'),
				coalesce(date_part('epoch', lost_at - observed_until) / 86400, 'Infinity'), 'NaN']::float8[] AS times
		FROM lead_work
		WHERE observed_until IS NOT NULL
	), flow AS MATERIALIZED
	(
		SELECT f.windows, f.flows FROM (SELECT array_agg(times) AS leads FROM lead) l CROSS JOIN LATERAL target_flows(l.leads, 6, 30) f
	), deal AS
	(
		SELECT d.lead_id, l.channel, coalesce(nullif(trim_blanks(d.owner), ''), l.owner) AS owner, d.amount, d.expected_close, l.observed_until, l.times,
			coalesce(d.closed_at <= l.observed_until, false) AS is_closed, d.is_won, d.closed_at, least(d.opened_at, d.closed_at) AS opened_at
		FROM counted_deal d
		JOIN (SELECT DISTINCT ON (lead_id) * FROM lead) l ON l.lead_id = d.lead_id
		WHERE CASE WHEN d.excluded_reason IS NULL THEN true ELSE false END
	), staged AS
	(
		SELECT d.*, CASE WHEN d.is_closed OR d.times[6] <= 0 THEN NULL WHEN d.times[5] <= 0 THEN 5 WHEN d.times[4] <= 0 THEN 4 WHEN d.times[3] <= 0 THEN 3
			WHEN d.times[2] <= 0 THEN 2 WHEN d.times[1] <= 0 THEN 1 END AS stage
		FROM deal d
		WHERE d.is_closed OR coalesce(d.opened_at, '-infinity') <= d.observed_until
	), chance AS
	(
		SELECT c.cell, array_agg(c.chance ORDER BY c.horizon) AS chances
		FROM flow f CROSS JOIN LATERAL pipeline_chances(f.flows, f.windows, ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]) c
		WHERE c.cell > 0
		GROUP BY c.cell
	)
	SELECT d.channel, d.owner, d.observed_until, d.is_closed, d.is_won, CASE WHEN d.is_closed THEN d.closed_at END AS closed_at, d.expected_close, d.amount,
		-- Within so many windows of 30 days.
		c.chances::text AS chances
	FROM staged d
	LEFT JOIN chance c ON c.cell = 6 * (d.stage - 1) + 1
		+ width_bucket(-d.times[d.stage], ARRAY[7, 14, 30, 90, 180]::float8[]);
	COMMENT ON VIEW coverage_deal IS
		'Layer below pipeline_coverage: every counted deal as it stood at observed_until, the open ones with the chance to be won within 1 to 13 windows of 30 '
		'days, by the stage of the lead and the time in it.';

	CREATE OR REPLACE VIEW pipeline_coverage WITH (security_invoker = true) AS
	WITH deal AS MATERIALIZED
	(
		SELECT d.*, d.chances::float8[] AS chance FROM coverage_deal d
	), setting AS MATERIALIZED
	(
		SELECT r.time_zone, r.confidence_level, r.language, o.observed_until, timezone(r.time_zone, o.observed_until)::date AS today,
			fiscal_quarter(timezone(r.time_zone, o.observed_until)::date, r.fiscal_year_start) AS quarter
		FROM (SELECT time_zone, confidence_level, language, fiscal_year_start FROM rule LIMIT 1) r CROSS JOIN observation o
		WHERE o.observed_until IS NOT NULL
	), period AS
	(
		SELECT 'fiscal quarter' AS period, (s.quarter + n * interval '3 months')::date AS period_start,
			(s.quarter + (n + 1) * interval '3 months' - interval '1 day')::date AS period_end, NULL::bigint AS target_number, 'revenue' AS measure,
			NULL::text AS channel, NULL::text AS owner, NULL::numeric AS target_value
		FROM setting s CROSS JOIN generate_series(0, 1) n
		UNION ALL
		SELECT 'target', starts_on, ends_on, target_number, measure, channel, owner, target_value
		FROM target_asked
		WHERE problem IS NULL AND measure_position = 6 AND days_left > 0
	), dated AS
	(
		SELECT p.*, s.time_zone, s.confidence_level, s.language, s.observed_until, s.today,
			-- From now until the period ends, in windows.
			greatest(p.period_end + 1 - s.today, 0) / 30.0::float8 AS windows,
			timezone(s.time_zone, p.period_start::timestamp) AS begins_at, timezone(s.time_zone, (p.period_end + 1)::timestamp) AS ends_at
		FROM period p CROSS JOIN setting s
	), summed AS
	(
		SELECT p.period, p.period_start, p.period_end, p.target_number, p.measure, p.channel, p.owner, p.target_value, p.confidence_level, p.language,
			count(*) FILTER (WHERE d.is_won AND d.is_closed AND d.closed_at >= p.begins_at AND d.closed_at < p.ends_at) AS deals_won,
			coalesce(sum(d.amount) FILTER (WHERE d.is_won AND d.is_closed AND d.closed_at >= p.begins_at AND d.closed_at < p.ends_at), 0) AS revenue_won,
			count(*) FILTER (WHERE NOT d.is_closed) AS open_deals, count(*) FILTER (WHERE d.is_due) AS due_deals,
			coalesce(sum(d.amount) FILTER (WHERE d.is_due), 0) AS due_amount,
			count(*) FILTER (WHERE d.is_due AND d.amount IS NULL) AS due_deals_without_amount,
			sum(d.chance_by_end) FILTER (WHERE d.is_due) AS due_deals_weighted, sum(d.amount * d.chance_by_end::numeric) FILTER (WHERE d.is_due)
				AS due_amount_weighted,
			count(*) FILTER (WHERE NOT d.is_closed AND d.expected_close < p.today) AS overdue_deals,
			count(*) FILTER (WHERE NOT d.is_closed AND d.expected_close IS NULL) AS deals_without_close,
			coalesce(sum(d.amount) FILTER (WHERE NOT d.is_closed AND d.expected_close IS NULL), 0) AS amount_without_close,
			-- Decided in the year before.
			rate(count(*) FILTER (WHERE d.is_closed AND d.is_won AND d.closed_at > p.observed_until - interval '8760 hours'),
				count(*) FILTER (WHERE d.is_closed AND d.closed_at > p.observed_until - interval '8760 hours')) AS win_rate
		FROM dated p
		LEFT JOIN LATERAL
		(
			SELECT d.*, NOT d.is_closed AND d.expected_close BETWEEN p.period_start AND p.period_end AS is_due,
				coalesce(d.chance[floor(w.n)::integer], 0) + (w.n - floor(w.n))
					* (d.chance[least(floor(w.n)::integer + 1, 13)] - coalesce(d.chance[floor(w.n)::integer], 0)) AS chance_by_end
			FROM deal d CROSS JOIN (SELECT least(p.windows, 13) AS n) w
			WHERE (d.channel = p.channel OR p.channel IS NULL) AND (d.owner = p.owner OR p.owner IS NULL)
		) d ON true
		GROUP BY p.period, p.period_start, p.period_end, p.target_number, p.measure, p.channel, p.owner, p.target_value, p.confidence_level, p.language
	), gaps AS
	(
		SELECT s.*, CASE s.measure WHEN 'won' THEN s.deals_won ELSE s.revenue_won END AS won_so_far,
			CASE s.measure WHEN 'won' THEN s.due_deals ELSE s.due_amount END AS open_due,
			round(CASE s.measure WHEN 'won' THEN s.due_deals_weighted::numeric ELSE s.due_amount_weighted END, 2) AS weighted_due,
			win_rate::float8 AS win, low(win_rate, confidence_level) AS win_low, high(win_rate, confidence_level) AS win_high
		FROM summed s
	), covered AS
	(
		SELECT *, target_value - won_so_far AS gap, CASE WHEN target_value > won_so_far THEN least(greatest(open_due, -1e300), 1e300)::float8
			/ nullif(least(round(target_value - won_so_far, 10), 1e300), 0)::float8 END AS coverage
		FROM gaps
	)
	SELECT period, period_start, period_end, target_number, measure, channel, owner, target_value, won_so_far, gap, open_due, weighted_due, coverage,
		win AS win_rate, win_low AS win_rate_low, win_high AS win_rate_high, 1 / nullif(win, 0) AS coverage_needed,
		1 / nullif(win_high, 0) AS coverage_needed_low, 1 / nullif(win_low, 0) AS coverage_needed_high,
		v.code AS verdict_code, target_text(v.code, language) AS verdict,
		open_deals, due_deals, due_deals_without_amount, overdue_deals, deals_without_close, amount_without_close
	FROM covered
	CROSS JOIN LATERAL
	(
		SELECT CASE WHEN gap <= 0 THEN 'reached' WHEN coverage * win_low >= 1 THEN 'covered' WHEN coverage * win_high < 1 THEN 'short'
			WHEN coverage IS NOT NULL THEN 'not_yet_certain' END AS code
	) v
	WHERE (SELECT NOT mart_sets_aside('deal'::regclass))
	ORDER BY period, target_number, period_start;
	COMMENT ON VIEW pipeline_coverage IS
		'Whether what is open covers what is missing: per fiscal quarter (this one and the next) and per target of revenue or won deals that is not over, the '
		'open deals that are due in it against the target less what is won, and how much of that it usually takes.';
END;
$$;
COMMENT ON FUNCTION mart_target_views(name) IS
'Internal to create_mart: makes the views of whether targets will be reached, and whether the pipeline covers them in the mart.';
