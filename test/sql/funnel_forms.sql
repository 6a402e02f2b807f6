-- The forms that events have in memory, short, long and with packed keys, say the same (src/events/lead_event.h, lead_text_key.h).
\set VERBOSITY default
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET max_parallel_workers_per_gather = 0;
\set ladder '''{lead,mql,sql,won}'', ''40 days'''

-- Every third lead has one event; times are whole seconds. Rows come in the order of n.
CREATE TABLE form AS
SELECT n, (hashint8extended(n, 1) & 1073741823) % 5000 AS lead, ('{lead,mql,sql,won,lost}'::text[])[1 + (hashint8extended(n, 2) & 1023) % 5] AS stage,
		timestamptz '2026-01-01' + (hashint8extended(n, 3) & 8388607) * interval '1 second' AS at
FROM generate_series(1, 30000) n
UNION ALL
SELECT 30000 + lead, 5000 + lead, 'lead', timestamptz '2026-01-01' + lead * interval '1 second' FROM generate_series(1, 2500) lead;

CREATE TABLE answer AS
SELECT k.form, k.f FROM
	(SELECT funnel(lead, stage, at, :ladder) AS short, funnel(4294967295 - lead, stage, at, :ladder) AS last_short,
			funnel(lead + (lead % 7 + 1) * 4294967296, stage, at, :ladder) AS long, funnel(-1 - lead, stage, at, :ladder) AS negative,
			funnel(CASE WHEN lead > 4000 AND lead % 2 = 1 THEN lead + 4294967296 ELSE lead END, stage, at, :ladder ORDER BY n) AS soon_long,
			funnel(CASE WHEN lead % 2 = 1 THEN lead + 4294967296 ELSE lead END, stage, at, :ladder ORDER BY lead % 2, n) AS late_long,
			funnel(md5(lead::text)::uuid, stage, at, :ladder) AS uuid, funnel(lpad(lead::text, 18, 'x'), stage, at, :ladder) AS packed,
			funnel(lpad(lead::text, 19, 'x'), stage, at, :ladder) AS not_packed, funnel(lead || chr(228), stage, at, :ladder) AS not_ascii,
			funnel(repeat('x', (lead % 40)::int) || '.' || lead, stage, at, :ladder) AS many_lengths
		FROM form) x,
	LATERAL (VALUES ('short', short), ('last short leads', last_short), ('long', long), ('negative', negative), ('soon long', soon_long), ('late long', late_long),
					('uuid', uuid), ('packed', packed), ('not packed', not_packed), ('not ascii', not_ascii), ('many lengths', many_lengths)) k(form, f);
SELECT form, f::text = (SELECT f::text FROM answer WHERE form = 'short') AS same FROM answer ORDER BY form COLLATE "C";

-- From the middle on, times have no short form; and times that are too early for it.
SELECT elapsed(f, 'lead', 'won', 0) AS least, elapsed(f, 'lead', 'won', 1) AS most FROM
	(SELECT funnel(lead, stage, at, '{lead,won}') AS f FROM
		(SELECT lead, 'lead' AS stage, timestamptz '2026-01-01' AS at FROM generate_series(1::bigint, 9000) lead
			UNION ALL SELECT lead, 'won', timestamptz '2026-01-02 00:00:00.000001' FROM generate_series(1::bigint, 9000) lead) e) x;
SELECT elapsed(f, 'lead', 'won', 0) AS least, elapsed(f, 'lead', 'won', 1) AS most FROM
	(SELECT funnel(lead, stage, at, '{lead,won}') AS f FROM
		(SELECT lead, 'lead' AS stage, CASE WHEN lead <= 6000 THEN timestamptz '2025-12-31' ELSE timestamptz '4713-01-01 BC' END AS at FROM generate_series(1::bigint, 9000) lead
			UNION ALL SELECT lead, 'won', timestamptz '2026-01-01' FROM generate_series(1::bigint, 9000) lead) e) x;

-- Keys that look alike: the length is part of them, and so is every character. 124 of them, 60 rows each.
SELECT conversion(funnel(repeat('a', length) || last, 'lead', timestamptz '2026-01-01', '{lead,won}'), 'lead', 'lead') AS leads
FROM generate_series(0, 30) length, (VALUES (''), ('b'), (chr(1)), (chr(127))) l(last), generate_series(1, 60);
DROP TABLE form, answer;
