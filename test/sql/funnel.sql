-- The funnel: what a lead's history supports, by policy; accessors; errors.
\set VERBOSITY default
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET intervalstyle = postgres;
SET datestyle = iso;

-- The article's chain: 1000 leads, 350 MQL, 140 SQL, 80 opportunities, 32 sales.
CREATE TABLE article AS
SELECT lead, stage, timestamptz '2026-01-01' + position * interval '7 days' AS at
FROM unnest('{lead,mql,sql,opportunity,won}'::text[], '{1000,350,140,80,32}'::int[])
		WITH ORDINALITY AS ladder(stage, leads, position),
	generate_series(1, leads) AS lead;

SELECT s.* FROM (SELECT funnel(lead, stage, at, '{lead,mql,sql,opportunity,won}') AS f FROM article) f, steps(f) s;
SELECT leads(f, 'opportunity'), conversion(f, 'lead', 'won'), conversion(f, 'mql', 'sql'),
	conversion(f, 'mql', 'mql'), elapsed(f, 'lead', 'won', 0.5), elapsed(f, 'lead', 'won'),
	elapsed(f, 'won', 'won', 0.5), rows_used(f), never_entered(f)
FROM (SELECT funnel(lead, stage, at, '{lead,mql,sql,opportunity,won}') AS f FROM article) f;

-- What each policy makes of one lead's history. Days are written as numbers.
CREATE FUNCTION history(events text) RETURNS TABLE (stage text, at timestamptz)
LANGUAGE sql AS $$
	SELECT split_part(e, '@', 1), timestamptz '2026-01-01' + split_part(e, '@', 2)::float8 * interval '1 day'
	FROM regexp_split_to_table(events, ' ') e
$$;

CREATE TABLE example (position int, title text, events text, within interval);
INSERT INTO example VALUES
	(1, 'in order', 'a@0 b@2 c@5', NULL),
	(2, 'a stage is skipped', 'a@0 c@5', NULL),
	(3, 'a regression: back to b after c', 'a@0 b@2 c@5 b@7', NULL),
	(4, 'out of order', 'b@0 a@2 c@5', NULL),
	(5, 'entered again', 'a@0 b@2 a@10 b@11 c@15', NULL),
	(6, 'entered again, window 6 days', 'a@0 b@2 a@10 b@11 c@15', '6 days'),
	(7, 'the window is inclusive', 'a@0 b@6', '6 days'),
	(8, 'a microsecond too late', 'a@0 b@6.00000000002', '6 days'),
	(9, 'window 0: the same moment', 'a@0 b@0 c@1', '0'),
	(10, 'ties go in ladder order', 'c@1 b@1 a@1', NULL),
	(11, 'never entered', 'b@0 c@1', NULL),
	(12, 'reopened: won twice', 'a@0 b@1 c@2 b@3 c@9', NULL);

SELECT position, title, events, within, policy,
	leads(f, 'a') + leads(f, 'b') + leads(f, 'c') AS depth, never_entered(f) AS never,
	elapsed(f, 'a', 'b') AS a_to_b, elapsed(f, 'b', 'c') AS b_to_c
FROM example, unnest('{ordered,ordered latest_start,reached,any_order}'::text[]) WITH ORDINALITY AS p(policy, p),
	LATERAL (SELECT funnel(1, stage, at, '{a,b,c}', within, policy) AS f FROM history(events)) f
ORDER BY position, p;

-- Rows in = rows used + rows ignored, by reason.
WITH f AS (
	SELECT funnel(lead, stage, at, '{lead,mql}') AS f, count(*) AS rows_in
	FROM (VALUES (1, 'lead', timestamptz '2026-01-01'), (1, 'mql', '2026-01-02'), (2, 'mql', '2026-01-02'),
				(NULL, 'lead', '2026-01-01'), (3, NULL, '2026-01-01'), (3, 'lead', NULL),
				(4, 'lead', 'infinity'), (4, 'lead', '-infinity'), (4, 'customer', '2026-01-01'), (4, '', '2026-01-01'),
				(NULL, NULL, NULL)) v(lead, stage, at))
SELECT rows_in, rows_used(f), i.*, sum(i.rows) OVER () + rows_used(f) = rows_in AS reconciles FROM f, ignored(f) i;

-- No rows: NULL. Only rows that are left out: a funnel of nobody.
SELECT funnel(lead, stage, at, '{lead,mql}') IS NULL AS no_rows FROM article WHERE false;
SELECT s.*, s.step_rate::float8 IS NULL AS no_rate
FROM (SELECT funnel(NULL::bigint, stage, at, '{lead,mql}') AS f FROM article) f, steps(f) s;
SELECT funnel(lead, stage, at, '{lead,mql}') FILTER (WHERE false) IS NULL AS nothing_kept FROM article;

-- Stages as an enum; labels of every length, and some that only differ inside.
CREATE TYPE stage AS ENUM ('won', 'lead', 'mql');
SELECT leads(funnel(lead, stage::stage, at, '{lead,mql,won}'), 'won')
FROM article WHERE stage IN ('lead', 'mql', 'won');
SELECT leads(funnel(lead, stage::stage, at, '{lead,mql}'::stage[], interval '7 days'), 'mql'),
	leads(funnel(lead::text, stage::stage, at, '{lead,mql}', NULL, 'reached'), 'mql')
FROM article WHERE stage IN ('lead', 'mql', 'won');
-- Stages as numbers of any integer type, in every form; a literal is a text, and so is NULL.
CREATE TABLE numbered AS SELECT lead, at, position('.' || stage || '.' IN '.lead.mql.sql.opportunity.won.') * 10 AS stage FROM article;
INSERT INTO numbered VALUES (1, '2026-03-01', 7), (1, '2026-03-01', NULL);
SELECT s.* FROM (SELECT funnel(lead, stage, at, '{10,60,100,140,260}') AS f FROM numbered) x, steps(f) s;
SELECT i.* FROM (SELECT funnel(lead, stage, at, '{10,60,100,140,260}') AS f FROM numbered) x, ignored(f) i WHERE i.rows > 0;
SELECT funnel(lead, stage, at, '{10,60,100,140,260}')::text = funnel(lead, stage::text, at, '{10,60,100,140,260}')::text AS as_text,
	leads(funnel(lead, stage::smallint, at, '{10,60}', '7 days'), 60) AS smallint, leads(funnel(lead::text, stage, at::timestamp, ARRAY[10, 60], '6 days', 'reached'), 60) AS too_late,
	leads(funnel(md5(lead::text)::uuid, stage::bigint, at, ARRAY[10, 60]::smallint[], NULL, 'any_order'), 60) AS uuid FROM numbered;
SELECT leads(f, 100) = leads(f, '100') AS leads, conversion(f, 10, 60) AS conversion, elapsed(f, 10, 260) AS mean, elapsed(f, 10, 260, 0.5) AS median, conversion(f, 10::smallint, 260::bigint) AS other_types
FROM (SELECT funnel(lead, stage, at, '{10,60,100,140,260}') AS f FROM numbered) x;
SELECT stage_times(lead, stage, at, '{10,60,100}') AS times, (SELECT string_agg(explanation, '; ') FROM unnest(why(lead, stage, at, '{10,60,100}'))) AS why FROM numbered WHERE lead = 300;
SELECT leads(funnel(1, '5', now(), '{5}'), '5') AS literal, rows_used(funnel(1, NULL, now(), '{5}')) AS null_stage, leads(funnel(n, n, now(), ARRAY[-9223372036854775808, 9223372036854775807]), -9223372036854775808) AS smallest
FROM (VALUES (-9223372036854775808), (9223372036854775807)) v(n);
SELECT pg_temp.failure(format('SELECT %s FROM numbered', call)) FROM unnest(ARRAY[$$funnel(lead, stage, at, '{lead,mql}')$$, $$funnel(lead, stage, at, '{10,60,10}')$$, $$funnel(lead, stage, at, '{10,NULL}')$$, $$funnel(lead, stage, at, '{}')$$,
	$$leads(funnel(lead, stage, at, '{10,60}'), 7)$$, $$conversion(funnel(lead, stage, at, '{10,60}'), 60, 10)$$]) call;
DROP TABLE numbered;
SELECT leads(f, label) AS leads, label
FROM unnest('{a,b,ab,ba,aab,abb,abcd,abxd,abcdefg,abcxefg,abcdefgh,abcdxfgh,0123456789abcdef,01234567x9abcdef,0123456789abcdefg,01234567x9abcdefg,démarré,démàrré}'::text[]) AS label,
	(SELECT funnel(lead, stage, timestamptz '2026-01-01', '{a,b,ab,ba,aab,abb,abcd,abxd,abcdefg,abcxefg,abcdefgh,abcdxfgh,0123456789abcdef,01234567x9abcdef,0123456789abcdefg,01234567x9abcdefg,démarré,démàrré}') AS f
	FROM unnest('{a,b,ab,ba,aab,abb,abcd,abxd,abcdefg,abcxefg,abcdefgh,abcdxfgh,0123456789abcdef,01234567x9abcdef,0123456789abcdefg,01234567x9abcdefg,démarré,démàrré}'::text[]) WITH ORDINALITY AS s(stage, n),
		generate_series(1, 20 - n) AS lead) f;

-- Lead keys of all kinds count the same; the smallest and largest too.
SELECT leads(funnel(k::bigint, 'a', now(), '{a}'), 'a') AS bigint, leads(funnel(k::text, 'a', now(), '{a}'), 'a') AS text,
	leads(funnel(md5(k::text)::uuid, 'a', now(), '{a}'), 'a') AS uuid, leads(funnel(k::text::varchar, 'a', now(), '{a}'), 'a') AS varchar
FROM unnest('{-9223372036854775808,-1,0,1,9223372036854775807,1,1,-1}'::bigint[]) k;
SELECT leads(funnel(k, 'a', now(), '{a}'), 'a') AS text_keys FROM unnest(ARRAY['', ' ', 'a', 'A', repeat('x', 3000), repeat('x', 2999) || 'y', 'a']) k;

-- why(): which rows formed the counted chain, and why it ended.
SELECT e.position, policy, w.* FROM example e, unnest('{ordered,reached,any_order}'::text[]) policy,
	LATERAL (SELECT why(1, stage, at, '{a,b,c}', within, policy) AS w FROM history(events)) h, unnest(w) w
WHERE (e.position, policy) IN ((2, 'ordered'), (2, 'reached'), (4, 'ordered'), (4, 'any_order'), (6, 'ordered'), (6, 'reached'), (8, 'ordered'), (10, 'ordered'), (11, 'ordered'))
ORDER BY e.position, policy COLLATE "C", entered_at, w.position;
-- Stages and days: what comes early counts in any order, unless the window has no room for it or a stage before it is missing.
SELECT n, policy, w.stage, to_char(w.entered_at, 'DD') AS day, w.counted, w.explanation
FROM (VALUES (1, 'a2 c1'), (2, 'a2 b1 c9 a3'), (3, 'b1 c2'), (4, 'a1 b20 c2'), (5, 'a2 a5 b3 b1'), (6, 'c1 a2 b30'), (7, 'a5 b2 c1 b7'), (8, 'b1 a11 a12')) v(n, history), unnest('{any_order,reached}'::text[]) policy,
	LATERAL (SELECT why(1, left(e, 1), timestamptz '2026-01-01 00:00+00' + (substr(e, 2)::integer - 1) * interval '1 day', '{a,b,c}', '9 days', policy) AS w FROM string_to_table(history, ' ') e) s,
	unnest(w) WITH ORDINALITY w
WHERE policy = 'any_order' OR n IN (4, 6)
ORDER BY policy COLLATE "C", n, ordinality;
SELECT w.* FROM (SELECT why(lead, stage, at, '{a,b}') AS w
	FROM (VALUES ('x', 'a', timestamptz '2026-01-01'), ('x', 'z', '2026-01-02'), ('x', NULL, '2026-01-02'), (NULL, 'a', '2026-01-02')) v(lead, stage, at)) x, unnest(w) w;
SELECT why(lead, stage, at, '{lead,mql}') FROM article;
SELECT why(lead, stage, at, '{lead,mql}') IS NULL AS no_rows FROM article WHERE false;

-- stage_times(): when the counted chain reached each stage; the same history under every policy.
SELECT e.position, policy, t.* FROM example e, unnest('{ordered,reached,any_order}'::text[]) policy,
	LATERAL (SELECT stage_times(1, stage, at, '{a,b,c}', within, policy) AS times FROM history(events)) t
ORDER BY e.position, policy COLLATE "C";
-- It agrees with the funnel: the same depth, and the same time between stages.
SELECT count(*) AS leads, bool_and(leads(f, 'lead') = (times[1] IS NOT NULL)::int AND leads(f, 'mql') = (times[2] IS NOT NULL)::int
	AND leads(f, 'won') = (times[5] IS NOT NULL)::int) AS same_depth,
	bool_and(s.mean IS NOT DISTINCT FROM times[2] - times[1]) AS same_time
FROM (SELECT stage_times(lead, stage, at, '{lead,mql,sql,opportunity,won}') AS times, funnel(lead, stage, at, '{lead,mql,sql,opportunity,won}') AS f
	FROM article GROUP BY lead) x, steps(f) s WHERE s.position = 2;
SELECT stage_times(lead, stage, at, '{lead,mql}') FROM article;
SELECT stage_times(lead, stage, at, '{lead,mql}') IS NULL AS no_rows FROM article WHERE false;
SELECT stage_times(lead, stage, at, '{lead,mql}') FROM (VALUES (1, 'mql', timestamptz '2026-01-01'), (NULL, 'lead', '2026-01-01')) v(lead, stage, at);

-- Recipes of doc/funnel.md. Breakdown by the channel of the first touch, the last touch, and of a step.
CREATE TABLE touched (lead int, stage text, at timestamptz, channel text, campaign text);
INSERT INTO touched VALUES
	(1, 'lead', '2026-01-01', 'ads', 'spring'), (1, 'mql', '2026-01-05', 'email', 'spring'), (1, 'won', '2026-02-01', 'direct', 'summer'),
	(2, 'lead', '2026-01-02', 'ads', 'spring'), (2, 'mql', '2026-01-03', 'ads', 'autumn'),
	(3, 'lead', '2026-01-03', 'email', 'summer'), (3, 'mql', '2026-01-03', 'email', 'summer'), (3, 'won', '2026-01-09', 'email', 'summer'),
	(4, 'lead', '2026-01-04', NULL, NULL);
SELECT cut, channel, leads(f, 'lead') AS leads, leads(f, 'mql') AS mql, leads(f, 'won') AS won
FROM (SELECT 'first' AS cut, first_channel AS channel, funnel(lead, stage, at, '{lead,mql,won}') AS f
	FROM (SELECT *, first_value(channel) OVER (PARTITION BY lead ORDER BY at, channel) AS first_channel FROM touched) t GROUP BY first_channel
	UNION ALL
	SELECT 'last', last_channel, funnel(lead, stage, at, '{lead,mql,won}')
	FROM (SELECT *, first_value(channel) OVER (PARTITION BY lead ORDER BY at DESC, channel) AS last_channel FROM touched) t GROUP BY last_channel
	UNION ALL
	SELECT 'step mql', step_channel, funnel(lead, stage, at, '{lead,mql,won}')
	FROM (SELECT *, (array_agg(channel) FILTER (WHERE stage = 'mql') OVER (PARTITION BY lead))[1] AS step_channel FROM touched) t GROUP BY step_channel) c
ORDER BY cut, channel;
-- Hold constant: all steps within the same campaign. The lead of the funnel is the pair.
SELECT leads(f, 'lead') AS leads, leads(f, 'mql') AS mql, leads(f, 'won') AS won
FROM (SELECT funnel(row(lead, campaign)::text, stage, at, '{lead,mql,won}') AS f FROM touched) x;
-- Sum over channels = total.
SELECT rollup(f)::text = (SELECT funnel(lead, stage, at, '{lead,mql,won}')::text FROM touched) AS sums_to_total
FROM (SELECT funnel(lead, stage, at, '{lead,mql,won}') AS f
	FROM (SELECT *, first_value(channel) OVER (PARTITION BY lead ORDER BY at, channel) AS first_channel FROM touched) t GROUP BY first_channel) c;
DROP TABLE touched;

-- Any boolean can be a step: the condition form.
SELECT s.position, s.stage, s.leads FROM (
	SELECT funnel(lead, at, NULL, '{came,"came and asked",bought}', kind = 'visit', kind IN ('visit', 'form'), kind = 'order') AS f
	FROM (VALUES (1, 'visit', timestamptz '2026-01-01'), (1, 'form', '2026-01-02'), (1, 'order', '2026-01-03'),
				(2, 'visit', '2026-01-01'), (3, 'order', '2026-01-01'), (4, NULL, '2026-01-01'), (4, 'other', '2026-01-01')) v(lead, kind, at)) f, steps(f) s;
SELECT leads(funnel(lead, at, interval '1 day', '{x,y}', stage = 'lead', stage = 'mql'), 'y') AS too_late,
	leads(funnel(lead::text, at, interval '7 days', '{x,y}', stage = 'lead', stage = 'mql'), 'y') AS in_time,
	leads(funnel(md5(lead::text)::uuid, at, '7 days', '{x,y}', stage = 'lead', NULL::boolean), 'x') AS null_condition
FROM article;
SELECT i.* FROM (SELECT funnel(1, at, NULL, '{x}', stage = 'other') AS f FROM article) f, ignored(f) i WHERE i.rows > 0;
-- Funnels of one query do not share what only one of them says: a window, a policy.
SELECT leads(funnel(lead, stage, at, '{a,b}', '1 day'), 'b') AS windowed, leads(funnel(lead, stage, at, '{a,b}'), 'b') AS without, leads(funnel(lead, stage, at, '{a,b}', NULL, 'reached'), 'b') AS reached,
	leads(funnel(lead, stage, at, '{a,b}', NULL), 'b') AS ordered, leads(funnel(lead, at, NULL, '{a,b}', stage = 'a', stage = 'b'), 'b') AS conditions
FROM (VALUES (1, 'a', timestamptz '2026-01-01'), (1, 'b', '2026-01-03'), (2, 'b', '2026-01-01')) v(lead, stage, at);
-- A timestamp without time zone is taken as it is: 24 hours of the clock are 24 hours, whatever the session's zone does with the clock.
SET timezone = 'Europe/Paris';
SELECT within, leads(funnel(lead, stage, at, '{a,b}', within), 'b') AS clock, leads(funnel(lead, at, within, '{a,b}', stage = 'a', stage = 'b'), 'b') AS conditions,
	leads(funnel(lead::text, stage, at, '{a,b}', within, 'reached'), 'b') AS reached, leads(funnel(lead, stage, at::timestamptz, '{a,b}', within), 'b') AS instants
FROM (VALUES (1, 'a', timestamp '2026-03-28 12:00'), (1, 'b', '2026-03-29 12:00'), (2, 'a', '-infinity'), (3, 'a', NULL)) v(lead, stage, at), unnest('{23 hours,24 hours}'::interval[]) within GROUP BY within ORDER BY within;
SELECT leads(funnel(lead, stage, at::date, '{a,b}'), 'b') AS date, leads(funnel(1, 'a', '2026-01-01', '{a,b}'), 'a') AS literal FROM (VALUES (1, 'a', timestamp '2026-03-28 12:00'), (1, 'b', '2026-03-29 12:00')) v(lead, stage, at);
SET timezone = 'UTC';
-- A row takes a chain one step further, not several: a visit is not its own second visit.
SELECT s.stage, s.leads, s.median FROM (SELECT funnel(lead, at, NULL, '{first visit,second visit}', true, true) AS f
	FROM (VALUES (1::bigint, timestamptz '2026-01-01'), (2, '2026-01-01'), (2, '2026-01-03')) e(lead, at)) x, steps(f) s;
-- Two rows of one time are two visits; a row with all conditions helps others along, but not twice; a window may need the second entry.
SELECT what, leads(f, 'a') AS a, leads(f, 'b') AS b, leads(f, 'c') AS c, elapsed(f, 'a', 'b') AS a_to_b FROM (
	SELECT what, funnel(1::bigint, timestamptz '2026-01-01' + day * interval '1 day', '3 days', '{a,b,c}', conditions LIKE '%a%', conditions LIKE '%b%', conditions LIKE '%c%') AS f
	FROM (VALUES ('two of one time', 0, 'ab'), ('two of one time', 0, 'ab'), ('one for all', 0, 'abc'), ('one for all in between', 0, 'a'), ('one for all in between', 1, 'abc'),
					('one for all in between', 2, 'c'), ('second entry', 0, 'ab'), ('second entry', 3, 'ab'), ('second entry', 4, 'bc'), ('second entry', 5, 'c')) v(what, day, conditions)
	GROUP BY what) x ORDER BY what COLLATE "C";
-- Against window_funnel's strict_once, which matches rows to steps exactly: the same, but for rows of one time, which are only counted.
CREATE TEMP TABLE many_conditions AS
SELECT lead, CASE WHEN lead % 2 = 0 THEN n * 7 + (hashint4extended(lead * 100 + n, 1) & 3) ELSE hashint4extended(lead * 100 + n, 1) & 15 END AS hour, (hashint4extended(lead * 100 + n, 2) & 15)::int AS mask
FROM generate_series(1, 1500) lead, generate_series(1, 2 + lead % 7) n;
SELECT within, distinct_times, count(*) AS leads, count(*) FILTER (WHERE counted = exact) AS equal, count(*) FILTER (WHERE counted < exact) AS below, count(*) FILTER (WHERE counted > several_steps) AS above,
	count(*) FILTER (WHERE exact < several_steps) AS by_several_steps
FROM (SELECT within, lead, lead % 2 = 0 AS distinct_times,
			(SELECT count(*) FILTER (WHERE s.leads > 0) FROM steps(funnel(lead::bigint, '2026-01-01+00'::timestamptz + hour * interval '1 hour', within, '{a,b,c,d}', mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0)) s) AS counted,
			window_funnel('{strict_once}', within, '2026-01-01+00'::timestamptz + hour * interval '1 hour', mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0) AS exact,
			window_funnel(within, '2026-01-01+00'::timestamptz + hour * interval '1 hour', mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0) AS several_steps
		FROM many_conditions, unnest('{10 hours,20 hours,1000 hours}'::interval[]) within GROUP BY within, lead) x
GROUP BY within, distinct_times ORDER BY within, distinct_times;

-- Adding funnels: pooled, never averaged.
SELECT f1 + f2 AS added FROM
	(SELECT funnel(1, stage, at, '{a,b}') AS f1 FROM history('a@0 b@1')) x,
	(SELECT funnel(2, stage, at, '{a,b}') AS f2 FROM history('a@0 b@3')) y;
SELECT rollup(f) IS NULL AS null_rollup FROM (SELECT NULL::funnel AS f) f;
SELECT (f::jsonb)->'leads' AS leads, (f::jsonb)->>'policy' AS policy FROM (SELECT funnel(lead, stage, at, '{lead,mql}', NULL, 'reached') AS f FROM article) f;

-- The ends of time: nothing overflows.
SELECT leads(f, 'b') AS b, elapsed(f, 'a', 'b') AS mean, elapsed(f, 'a', 'b', 1) AS longest
FROM (SELECT funnel(lead, stage, at, '{a,b}') AS f
	FROM (VALUES (1, 'a', timestamptz '4714-11-24 BC'), (1, 'b', '294276-12-31 23:59:59.999999'),
				(2, 'a', '4714-11-24 BC'), (2, 'b', '294276-12-31 23:59:59.999999')) v(lead, stage, at)) f;
SELECT leads(f, 'b') AS b FROM (SELECT funnel(lead, stage, at, '{a,b}', '1000000000 days') AS f
	FROM (VALUES (1, 'a', timestamptz '4714-11-24 BC'), (1, 'b', '294276-12-31 23:59:59.999999')) v(lead, stage, at)) f;

-- Errors: each says what to write instead.
SELECT funnel(lead, stage, at, NULL) FROM article;
SELECT funnel(lead, stage, at, '{}') FROM article;
SELECT funnel(lead, stage, at, '{lead,mql,lead}') FROM article;
SELECT funnel(lead, stage, at, '{lead,NULL}') FROM article;
SELECT funnel(lead, stage, at, '{lead,""}') FROM article;
SELECT funnel(lead, stage, at, '{{lead,mql},{sql,won}}') FROM article;
SELECT funnel(lead, stage, at, (SELECT array_agg('s' || n) FROM generate_series(1, 33) n)) FROM article;
SELECT leads(funnel(lead, 's32', at, (SELECT array_agg('s' || n) FROM generate_series(1, 32) n), NULL, 'reached'), 's32') FROM article;
SELECT funnel(lead, stage, at, '{lead,mql}', '-1 day') FROM article;
SELECT funnel(lead, stage, at, '{lead,mql}', '1 month') FROM article;
SELECT funnel(lead, stage, at, '{lead,mql}', NULL, 'strict') FROM article;
SELECT funnel(lead, stage, at, '{lead,mql}', NULL, 'reached latest_start') FROM article;
SELECT funnel(lead, stage, at, ARRAY['lead', lead::text]) FROM article;
SELECT funnel(lead, at, NULL, '{x,y}', stage = 'lead') FROM article;
SELECT funnel(lead, at, NULL, '{x}', stage) FROM article;
SELECT leads(funnel(lead, at, NULL, '{x,y}', VARIADIC ARRAY[stage = 'lead', stage = 'mql']), 'y') AS from_array FROM article;
SELECT funnel(lead, at, NULL, '{x,y}', VARIADIC ARRAY[true]) FROM article;
SELECT leads(f, 'customer') FROM (SELECT funnel(lead, stage, at, '{lead,mql}') AS f FROM article) f;
SELECT conversion(f, 'mql', 'lead') FROM (SELECT funnel(lead, stage, at, '{lead,mql}') AS f FROM article) f;
SELECT elapsed(f, 'lead', 'mql', 50) FROM (SELECT funnel(lead, stage, at, '{lead,mql}') AS f FROM article) f;
SELECT elapsed(f, 'lead', 'mql', 'NaN') FROM (SELECT funnel(lead, stage, at, '{lead,mql}') AS f FROM article) f;
SELECT rollup(f) FROM (SELECT funnel(lead, stage, at, '{lead,mql}', within) AS f FROM article, unnest('{1 day,2 days}'::interval[]) within GROUP BY within) f;
SELECT f1 + f2 FROM (SELECT funnel(lead, stage, at, '{lead,mql}') AS f1, funnel(lead, stage, at, '{lead,sql}') AS f2 FROM article) f;
SELECT 'x'::funnel;
SELECT '[]'::funnel;
SELECT '{}'::funnel;
SELECT '{"version": 2}'::funnel;
SELECT '{"version": 1, "policy": "ordered", "timing": "first_touch", "within": null, "ladder": ["a", "b"], "rows_used": 1, "ignored": {"null_lead": 0, "null_stage": 0, "null_time": 0, "infinite_time": 0, "unknown_stage": 0, "no_condition": 0}, "never_entered": 0, "leads": [1, 2], "elapsed": []}'::funnel;
SELECT '{"version": 1, "policy": "ordered", "timing": "first_touch", "within": null, "ladder": ["a", "b"], "rows_used": 2, "ignored": {"null_lead": 0, "null_stage": 0, "null_time": 0, "infinite_time": 0, "unknown_stage": 0, "no_condition": 0}, "never_entered": 0, "leads": [1, 1], "elapsed": [{"from": 1, "to": 2, "sum": 5, "min": 5, "max": 5, "buckets": [[4, 1]]}]}'::funnel;
-- Whatever the stages are called, and in whatever order the members are.
SELECT name, f::text::funnel::text = f::text AS as_printed, f::text::jsonb::text::funnel::text = f::text AS through_json, (steps(f::text::funnel)).stage = name AS same_name
FROM (SELECT name, funnel(1, name, timestamptz '2026-01-01', ARRAY[name]) AS f
	FROM unnest(ARRAY['plain', 'a "b"', 'c\d', E'e\tf', E'g\nh', 'Größe 😀', '/', '{"x": [1]}', E'\x01', 'null']) AS name GROUP BY name) v
ORDER BY name COLLATE "C";
SELECT within, f::text::funnel::text = f::text AS as_printed, f::text::jsonb::text::funnel::text = f::text AS through_json
FROM (SELECT within, funnel(1, 'a', timestamptz '2026-01-01', '{a}', within) AS f FROM unnest('{0,1 day,20000 days}'::interval[]) AS within GROUP BY within) v
ORDER BY within;

DROP TABLE article, example;
DROP FUNCTION history;
DROP TYPE stage;
