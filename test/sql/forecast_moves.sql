-- Episodes and moves in C against a restatement in SQL: what window functions say of the same events, over random histories.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET search_path = lead_kpi, public;

-- ---------- by hand ----------

CREATE TEMP VIEW by_hand AS
SELECT * FROM (VALUES
	('kept', 'lead', 1, '2025-01-01'::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::boolean, NULL::numeric),
	('kept', 'stage', 2, '2025-01-05', NULL, NULL, NULL, NULL),
	('lost', 'lead', 1, '2025-01-01', NULL, NULL, NULL, NULL),
	('lost', 'exit', NULL, '2025-01-09', NULL, NULL, NULL, NULL),
	('lost', 'stage', 2, '2025-01-20', NULL, NULL, NULL, NULL),
	-- The exit is of a day: the stage of that day is before it.
	('lost on a day', 'lead', 1, '2025-01-01', NULL, NULL, NULL, NULL),
	('lost on a day', 'exit', NULL, '2025-01-09', NULL, '2025-01-09 23:59:59.999999', NULL, NULL),
	('lost on a day', 'stage', 2, '2025-01-09 10:00', NULL, NULL, NULL, NULL),
	('won', 'lead', 1, '2025-01-01', NULL, NULL, NULL, NULL),
	('won', 'deal', 3, '2025-02-01', '2025-01-10', NULL, true, 100),
	('won', 'opened', 2, '2025-01-10', NULL, NULL, NULL, NULL),
	('won', 'won', NULL, '2025-02-01', NULL, NULL, NULL, NULL),
	('of no time', 'stage', 2, NULL, NULL, NULL, NULL, NULL)) v(lead_id, kind, stage_position, entered_at, opened_at, ended_by, is_won, amount);
SELECT lead_id, e.* FROM
(
	SELECT lead_id, pipeline_history(kind, stage_position, entered_at, opened_at, ended_by, is_won, amount) AS history FROM by_hand GROUP BY lead_id
) h LEFT JOIN LATERAL open_episodes(history, 3) e ON true ORDER BY lead_id, open_from;
SELECT * FROM open_episodes(NULL, 3);
SELECT count(*) FROM pipeline_counts(NULL);
SELECT pipeline_history(kind, 1, now(), NULL, NULL, NULL, NULL) FROM (SELECT NULL::text AS kind LIMIT 0) n;
SELECT pipeline_history('lead', 1, '2025-01-01 00:00+00', NULL, NULL, NULL, NULL);

-- ---------- random histories ----------

CREATE TEMP TABLE frame AS
SELECT until AS observed_until, forecast_ends('day', until, 'Europe/Paris') AS day_ends, forecast_ends('month', until, 'Europe/Paris') AS month_ends
FROM (SELECT '2025-03-15 12:00+00'::timestamptz AS until) u;
CREATE TEMP TABLE boundary AS
SELECT unit, CASE unit WHEN 'day' THEN day_ends ELSE month_ends END AS ends, observed_until FROM frame, unnest('{day,month}'::text[]) unit;
-- The ends themselves, a microsecond beside them, times between, and times before and after all.
CREATE TEMP TABLE instants AS
SELECT array_agg(at ORDER BY at) AS times FROM
(
	SELECT at + n * interval '1 microsecond' AS at FROM boundary, unnest(ends) at, generate_series(-1, 1) n
	UNION ALL SELECT '2023-02-01 08:00+00'::timestamptz + n * interval '73 hours' FROM generate_series(0, 260) n
	UNION ALL SELECT unnest('{-infinity,infinity}'::timestamptz[])
) a;
-- Each lead has few instants, so that much happens in the same one.
CREATE TEMP TABLE random_event AS
SELECT lead_id, n, kind,
	CASE kind WHEN 'lead' THEN 1 WHEN 'stage' THEN nullif(h >> 20 & 7, 0) WHEN 'opened' THEN 3 WHEN 'deal' THEN CASE WHEN h >> 30 & 1 = 1 THEN 5 END END::integer
		AS stage_position,
	CASE WHEN h >> 40 & 7 > 0 OR kind = 'exit' THEN times[1 + (place + (h & 7) * 11) % cardinality(times)] END AS entered_at,
	CASE WHEN h >> 44 & 3 > 0 THEN times[1 + (place + (h >> 3 & 7) * 11) % cardinality(times)] END AS opened_at,
	CASE WHEN kind = 'exit' AND h >> 48 & 1 = 1 THEN times[1 + (place + (h & 7) * 11 + (h >> 50 & 15)) % cardinality(times)] END AS ended_by,
	CASE h >> 30 & 3 WHEN 1 THEN true WHEN 3 THEN true WHEN 2 THEN false END AS is_won,
	CASE WHEN h >> 34 & 3 > 0 THEN (h >> 8 & 4095)::numeric / 100 * CASE WHEN h >> 52 & 63 = 0 THEN 1e120 ELSE 1 END END AS amount
FROM instants, generate_series(1, 4000) lead_id,
	LATERAL (SELECT (hashint4extended(lead_id, 15) & 65535)::integer AS place) p, generate_series(0, lead_id % 13) n,
	LATERAL (SELECT hashint4extended(lead_id * 100 + n, 36) AS h) r,
	LATERAL (SELECT CASE WHEN n = 0 AND lead_id % 17 > 0 THEN 'lead'
		ELSE (ARRAY['stage', 'stage', 'exit', 'deal', 'deal', 'opened', 'won', 'stage'])[1 + (h >> 16 & 7)] END AS kind) k;
SELECT kind, count(*), count(DISTINCT lead_id) AS leads, count(*) FILTER (WHERE entered_at IS NULL) AS without_time, count(*) FILTER (WHERE NOT isfinite(entered_at))
	AS infinite FROM random_event GROUP BY kind ORDER BY kind;

CREATE TEMP TABLE history AS
SELECT lead_id, pipeline_history(kind, stage_position, entered_at, opened_at, ended_by, is_won, amount) AS history FROM random_event GROUP BY lead_id;
-- The same bytes in any order.
SELECT count(*) AS leads, count(*) FILTER (WHERE h.history IS DISTINCT FROM o.history) AS others
FROM history h JOIN (SELECT lead_id, pipeline_history(kind, stage_position, entered_at, opened_at, ended_by, is_won, amount ORDER BY hashint4(n)) AS history
	FROM random_event GROUP BY lead_id) o USING (lead_id);

-- Episodes by window functions.
CREATE TEMP VIEW plain_episode AS
WITH lead AS
(
	SELECT lead_id, min(entered_at) FILTER (WHERE kind = 'lead') AS created_at, min(entered_at) FILTER (WHERE kind = 'won') AS won_at
	FROM random_event GROUP BY lead_id
), arrival AS
(
	SELECT lead_id, stage_position, min(entered_at) AS entered_at FROM random_event
	WHERE stage_position IS NOT NULL AND entered_at IS NOT NULL AND kind NOT IN ('exit', 'won') GROUP BY lead_id, stage_position
), furthest AS
(
	SELECT *, max(stage_position) OVER (PARTITION BY lead_id ORDER BY entered_at, stage_position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
		AS furthest_before
	FROM arrival
), reached AS
(
	SELECT lead_id, stage_position, entered_at, coalesce(lead(entered_at) OVER (PARTITION BY lead_id ORDER BY entered_at), 'infinity') AS left_at
	FROM furthest WHERE stage_position > coalesce(furthest_before, 0)
), turn AS
(
	SELECT lead_id, coalesce(least(opened_at, entered_at), '-infinity') AS at, 1 AS change, true AS opens,
		coalesce(least(opened_at, entered_at), '-infinity') AS by
	FROM random_event WHERE kind = 'deal'
	UNION ALL
	SELECT lead_id, entered_at, -1, false, entered_at FROM random_event WHERE kind = 'deal' AND entered_at IS NOT NULL
	UNION ALL
	SELECT lead_id, entered_at, 0, kind = 'stage', CASE kind WHEN 'exit' THEN coalesce(ended_by, entered_at) ELSE entered_at END
	FROM random_event WHERE kind IN ('stage', 'exit') AND entered_at IS NOT NULL
), counted AS
(
	SELECT *, sum(change) OVER (PARTITION BY lead_id ORDER BY by, opens DESC, change DESC ROWS UNBOUNDED PRECEDING) AS open_deals FROM turn
), spell AS
(
	SELECT lead_id, at AS lost_at, NOT opens AND (change = 0 OR open_deals = 0) AS is_end,
		coalesce(min(at) FILTER (WHERE opens) OVER (PARTITION BY lead_id ORDER BY by, opens DESC, change DESC
			ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 'infinity') AS reopened_at
	FROM counted
), lost AS
(
	SELECT lead_id, min(lost_at) AS lost_at, reopened_at FROM spell WHERE is_end AND lost_at < reopened_at GROUP BY lead_id, reopened_at
), opening AS
(
	SELECT lead_id, '-infinity'::timestamptz AS open_from, min(lost_at) AS open_until FROM lost GROUP BY lead_id
	UNION ALL
	SELECT lead_id, reopened_at, coalesce(min(lost_at) OVER (PARTITION BY lead_id ORDER BY reopened_at ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 'infinity')
	FROM lost
)
SELECT l.lead_id, l.created_at, l.won_at, e.stage_position, e.entered_at AS stage_entered_at, e.stage_position < 5 AS is_open,
	greatest(e.entered_at, l.created_at, p.open_from) AS open_from, least(e.left_at, p.open_until) AS open_until
FROM lead l JOIN reached e USING (lead_id) LEFT JOIN opening p USING (lead_id)
WHERE greatest(e.entered_at, l.created_at, p.open_from) < least(e.left_at, p.open_until) OR e.stage_position >= 5;
CREATE TEMP TABLE plain AS SELECT * FROM plain_episode;
CREATE TEMP TABLE found AS SELECT h.lead_id, e.* FROM history h CROSS JOIN LATERAL open_episodes(h.history, 5) e;
SELECT count(*) > 5000 AS many, count(DISTINCT open_from) > 300 AS differ, count(*) FILTER (WHERE NOT is_open) > 500 AS won FROM found;
SELECT 'only in C' AS what, f.* FROM (TABLE found EXCEPT ALL SELECT lead_id, stage_position, stage_entered_at, is_open, open_from, open_until FROM plain) f
UNION ALL
SELECT 'only in SQL', f.* FROM (SELECT lead_id, stage_position, stage_entered_at, is_open, open_from, open_until FROM plain EXCEPT ALL TABLE found) f
ORDER BY lead_id, what LIMIT 5;

-- Counts by joins.
CREATE FUNCTION pg_temp.plain_cell(stage_position integer, since timestamptz, at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE RETURN
	6 * stage_position - 5 + CASE WHEN since >= at THEN 0 WHEN since = '-infinity' OR at = 'infinity' THEN 5 ELSE lead_kpi.days_band(since, at) END;
CREATE TEMP TABLE visit AS
WITH placed AS
(
	SELECT b.unit, b.ends, b.observed_until, e.*, width_bucket(open_from - interval '1 microsecond', ends) AS first_end,
		CASE WHEN is_open THEN width_bucket(open_until - interval '1 microsecond', ends) - 1 ELSE -1 END AS last_end,
		width_bucket(CASE WHEN won_at <= observed_until THEN won_at END - interval '1 microsecond', ends) AS won_in
	FROM plain e CROSS JOIN boundary b
)
SELECT *, NOT is_open AND bool_and(is_open) OVER earlier IS NOT FALSE AS is_sale,
	max(last_end) FILTER (WHERE first_end <= last_end) OVER earlier AS end_before,
	max(stage_position) FILTER (WHERE first_end <= last_end) OVER earlier AS stage_position_before,
	max(stage_entered_at) FILTER (WHERE first_end <= last_end) OVER earlier AS stage_entered_before,
	min(first_end) FILTER (WHERE first_end <= last_end) OVER later AS end_after
FROM placed
WINDOW earlier AS (PARTITION BY unit, lead_id ORDER BY open_from, stage_position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
	later AS (PARTITION BY unit, lead_id ORDER BY open_from, stage_position ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING);
CREATE TEMP TABLE plain_deal AS
SELECT lead_id, amount, entered_at AS closed_at, coalesce(entered_at <= observed_until, false) AS is_closed, coalesce(is_won, false) AS is_won,
	coalesce(least(opened_at, entered_at), '-infinity') <= observed_until AND coalesce(entered_at > observed_until, true) AS is_open
FROM random_event CROSS JOIN frame WHERE kind = 'deal';
CREATE TEMP TABLE plain_count AS
WITH sale AS
(
	SELECT v.unit, v.lead_id, v.won_in, v.ends, v.won_at, v.observed_until,
		(SELECT round(sum(d.amount), 30) FROM plain_deal d
			WHERE d.lead_id = v.lead_id AND d.is_closed AND d.is_won AND d.closed_at <= coalesce(v.ends[v.won_in + 1], v.observed_until)) AS revenue
	FROM visit v WHERE v.is_sale AND v.won_in BETWEEN 1 AND 25
), owned AS
(
	SELECT v.lead_id, pg_temp.plain_cell(v.stage_position, v.stage_entered_at, v.observed_until) AS cell, d.*
	FROM visit v CROSS JOIN LATERAL
	(
		SELECT count(*) AS deals, count(*) FILTER (WHERE amount IS NULL) AS without_amount, sum(amount) AS amount
		FROM plain_deal d WHERE d.lead_id = v.lead_id AND d.is_open
	) d
	WHERE v.unit = 'day' AND v.first_end <= 24 AND v.last_end = 24
), move AS
(
	SELECT v.unit, n AS window_number,
		CASE WHEN n > v.first_end THEN pg_temp.plain_cell(v.stage_position, v.stage_entered_at, v.ends[n])
			WHEN v.end_before = n - 1 THEN pg_temp.plain_cell(v.stage_position_before, v.stage_entered_before, v.ends[n]) ELSE 0 END AS from_cell,
		pg_temp.plain_cell(v.stage_position, v.stage_entered_at, v.ends[n + 1]) AS to_cell
	FROM visit v CROSS JOIN LATERAL generate_series(greatest(v.first_end, 1), v.last_end) n
	WHERE v.first_end <= v.last_end
	UNION ALL
	SELECT unit, last_end + 1, pg_temp.plain_cell(stage_position, stage_entered_at, ends[last_end + 1]), CASE WHEN won_in = last_end + 1 THEN -1 ELSE -2 END
	FROM visit WHERE first_end <= last_end AND last_end < 24 AND end_after IS DISTINCT FROM last_end + 1
	UNION ALL
	SELECT unit, won_in, 0, -1 FROM visit WHERE is_sale AND won_in BETWEEN 1 AND 24 AND coalesce(end_before, -1) < won_in - 1
	UNION ALL
	SELECT unit, first_end, 0, -2
	FROM
	(
		SELECT DISTINCT unit, lead_id, first_end FROM visit
		WHERE is_open AND first_end > last_end AND first_end BETWEEN 1 AND 24 AND end_before IS DISTINCT FROM first_end - 1
			AND end_after IS DISTINCT FROM first_end AND won_in IS DISTINCT FROM first_end
	) l
)
SELECT 'flow' AS kind, unit, window_number, from_cell, to_cell, count(*) AS leads, NULL::bigint AS priced_leads, NULL::numeric AS amount,
	NULL::numeric AS squares, NULL::bigint AS deals, NULL::bigint AS deals_without_amount, NULL::timestamptz AS at
FROM move GROUP BY unit, window_number, from_cell, to_cell
UNION ALL
SELECT CASE WHEN won_at <= ends[won_in] + (observed_until - ends[25]) THEN 'sale by now' ELSE 'later sale' END, unit, won_in, NULL, NULL, count(*),
	count(revenue), sum(revenue), sum(CASE WHEN revenue IS NULL THEN 0 WHEN revenue > 1e100 THEN 'Infinity' ELSE revenue * revenue END), NULL, NULL, NULL
FROM sale GROUP BY unit, won_in, 1
UNION ALL
SELECT 'outcome', v.unit, s.won_in, n, NULL, count(*), count(s.revenue), sum(s.revenue), NULL, NULL, NULL, NULL
FROM visit v JOIN sale s USING (unit, lead_id) CROSS JOIN LATERAL generate_series(v.first_end, least(v.last_end, s.won_in - 1)) n
WHERE s.won_in <= 24 GROUP BY v.unit, s.won_in, n
UNION ALL
SELECT 'open', 'day', NULL, cell, NULL, count(*), count(amount), sum(amount), NULL, sum(deals), sum(without_amount), NULL FROM owned GROUP BY cell
UNION ALL
SELECT 'closed deal', 'day', NULL, NULL, NULL, NULL, NULL, NULL, NULL, count(*) FILTER (WHERE is_closed), count(*) FILTER (WHERE is_closed AND is_won), NULL
FROM plain_deal
UNION ALL
SELECT 'window', unit, n, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ends[n + 1] FROM boundary CROSS JOIN generate_series(0, 24) n
UNION ALL
SELECT 'lead', unit, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, min(created_at) FROM visit GROUP BY unit;
-- What the funnel counts later than the data are complete is no sale yet: the mart does not give it.
CREATE TEMP TABLE known AS
SELECT lead_id, pipeline_history(kind, stage_position, entered_at, opened_at, ended_by, is_won, amount) AS history FROM random_event CROSS JOIN frame
WHERE kind <> 'won' OR entered_at <= observed_until
GROUP BY lead_id;
CREATE TEMP TABLE moves AS
SELECT pipeline_moves(history, 5, observed_until, day_ends, month_ends) AS moves FROM known CROSS JOIN frame;
CREATE TEMP TABLE counted AS SELECT c.* FROM moves, pipeline_counts(moves) c;
SELECT kind, unit, count(*) > 0 AS there FROM counted GROUP BY kind, unit ORDER BY kind, unit;
CREATE TEMP VIEW rounded AS
SELECT kind, unit, window_number, from_cell, to_cell, leads, priced_leads, amount, round(squares::numeric, 3), deals, deals_without_amount, at FROM counted;
CREATE TEMP VIEW plain_rounded AS
SELECT kind, unit, window_number, from_cell, to_cell, leads, priced_leads, amount, round(squares::float8::numeric, 3), deals, deals_without_amount, at
FROM plain_count;
SELECT 'only in C' AS what, f.* FROM (TABLE rounded EXCEPT ALL TABLE plain_rounded) f
UNION ALL
SELECT 'only in SQL', f.* FROM (TABLE plain_rounded EXCEPT ALL TABLE rounded) f
ORDER BY 2, 3, 4, 5, 1 LIMIT 5;
-- Nobody is lost on the way: who was open at an end is so at the next one, or won, or lost.
SELECT count(*) AS ends, count(*) FILTER (WHERE came IS DISTINCT FROM went) AS torn FROM
(
	SELECT unit, window_number, sum(leads) AS came FROM counted WHERE kind = 'flow' AND to_cell > 0 GROUP BY unit, window_number
) a JOIN
(
	SELECT unit, window_number - 1 AS window_number, sum(leads) AS went FROM counted WHERE kind = 'flow' AND from_cell > 0 GROUP BY unit, window_number
) b USING (unit, window_number);
-- In any order the same bytes.
SELECT count(*) AS orders, count(*) FILTER (WHERE m.moves = o.moves) AS same
FROM moves m CROSS JOIN (SELECT salt, pipeline_moves(history, 5, observed_until, day_ends, month_ends ORDER BY hashint4extended(lead_id, salt)) AS moves
	FROM known CROSS JOIN frame CROSS JOIN generate_series(1, 3) salt GROUP BY salt) o;

-- ---------- errors ----------

SELECT pipeline_history('folded', 1, now(), NULL, NULL, NULL, NULL);
SELECT pipeline_history(NULL, 1, now(), NULL, NULL, NULL, NULL);
SELECT pipeline_history('stage', 0, now(), NULL, NULL, NULL, NULL);
SELECT pipeline_history('stage', 33, now(), NULL, NULL, NULL, NULL);
SELECT * FROM open_episodes('\x', 1);
SELECT * FROM open_episodes('\x0200', 1);
SELECT * FROM open_episodes('\x0101', 1);
SELECT * FROM open_episodes('\x01010700', 1);
SELECT * FROM open_episodes('\x0100', 0);
SELECT * FROM open_episodes('\x0100', 34);
SELECT * FROM pipeline_counts('\x01');
SELECT pipeline_moves('\x0100', 5, NULL, day_ends, month_ends) FROM frame;
SELECT pipeline_moves('\x0100', 5, observed_until, NULL, month_ends) FROM frame;
SELECT pipeline_moves('\x0100', 5, observed_until, day_ends[2:], month_ends) FROM frame;
SELECT pipeline_moves('\x0100', 5, observed_until, day_ends, day_ends[2:] || day_ends[1]) FROM frame;
SELECT pipeline_moves('\x0100', n, observed_until, day_ends, month_ends) FROM frame, generate_series(1, 2) n;
-- No leads: NULL, and of their counts only the deals, which are none.
SELECT pipeline_moves(NULL, 5, observed_until, day_ends, month_ends) IS NULL AS is_null FROM frame;
SELECT kind, deals, deals_without_amount FROM pipeline_counts(NULL);
