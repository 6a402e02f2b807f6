-- working_time: minutes of working time between two local times.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET datestyle = 'ISO';

-- By hand. A lead of Saturday that is answered on Monday at 9:05 took five minutes; over lunch and over the weekend nobody works.
SELECT name, working_minutes(a, b, hours) AS minutes
FROM
(
	VALUES
	('Saturday to Monday 9:05', timestamp '2026-11-28 10:00', timestamp '2026-11-30 09:05', 'mon-fri 09:00-18:00'),
	('over lunch: 15 + 15', '2026-11-30 12:15', '2026-11-30 13:45', 'mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00'),
	('Friday 15:50 to Monday 9:10: 10 + 10', '2026-11-27 15:50', '2026-11-30 09:10', 'mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00'),
	('a week of it: 4 * 8 h + 7 h', '2026-11-27 15:50', '2026-12-04 15:50', 'mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00'),
	('half a minute and a microsecond', '2026-11-30 09:00:00', '2026-11-30 09:00:30.000001', 'mon 9:00-10:00'),
	('the last half minute of the day', '2026-11-30 17:59:30', '2026-12-01 08:00', 'mon-fri 09:00-18:00'),
	('at night', '2026-11-30 20:00', '2026-11-30 23:00', 'mon-fri 09:00-18:00'),
	('a night shift: 2 h + 6 h', '2026-11-30 20:00', '2026-12-01 12:00', 'mon 22:00-24:00; tue 00:00-06:00'),
	('the same time', '2026-11-30 10:00', '2026-11-30 10:00', 'mon-fri 09:00-18:00'),
	('backwards', '2026-11-30 12:00', '2026-11-30 10:00', 'mon-fri 09:00-18:00'),
	('all the time', '2026-11-28 10:00', '2026-11-30 09:05', 'mon-sun 00:00-24:00'),
	('the clock', '2026-11-28 10:00', '2026-11-30 09:05', NULL),
	('before 2000: Thursday to Monday, 8 h + 9 h + 1 h', '1969-12-25 10:00', '1969-12-29 10:00', 'mon-fri 09:00-18:00')
) v(name, a, b, hours);

-- Holidays, in any order, twice, at the edges, on a weekend; a day that is cut. 26 November 2026 is a Thursday.
SELECT name, working_minutes(a, b, 'mon-fri 09:00-18:00', holidays) AS minutes
FROM
(
	VALUES
	('none', timestamp '2026-11-26 17:00', timestamp '2026-11-30 10:00', NULL::date[]),
	('empty', '2026-11-26 17:00', '2026-11-30 10:00', '{}'),
	('Friday, twice', '2026-11-26 17:00', '2026-11-30 10:00', '{2026-11-27,2026-11-27}'),
	('the first day, cut', '2026-11-26 17:00', '2026-11-30 10:00', '{2026-11-26}'),
	('the last day, cut', '2026-11-26 17:00', '2026-11-30 10:00', '{2026-11-30}'),
	('Saturday', '2026-11-26 17:00', '2026-11-30 10:00', '{2026-11-28}'),
	('all, unsorted', '2026-11-26 17:00', '2026-11-30 10:00', '{2026-11-30,2026-11-26,2026-11-30,2026-11-27,2026-11-29}'),
	('others, NULL, infinite', '2026-11-26 17:00', '2026-11-30 10:00', '{2026-11-25,NULL,infinity,-infinity,2026-12-01}'),
	('within one holiday', '2026-11-26 10:00', '2026-11-26 11:00', '{2026-11-26}')
) v(name, a, b, holidays);
-- Minutes of the clock know no holidays.
SELECT working_minutes('2026-11-26', '2026-11-27', NULL, '{2026-11-26}');

-- How hours may be written: all of these are the same.
SELECT count(DISTINCT working_minutes('2026-11-25', '2026-12-09', hours)) AS different, min(working_minutes('2026-11-25', '2026-12-09', hours)) AS minutes
FROM unnest('{mon-fri 09:00-18:00,lun-ven 9h-18h,Lundi - Vendredi 9h00 - 18h00,"mon,tue wed thurs,fri 09:00-18:00;","MON-THU 09:00-18:00; fri 9:00-18:00",
	"mon-fri 09:00-14:00,12:00-18:00","mon-fri 09:00-12:00 12:00-18:00","mon-wed 9:00-18:00; wed-fri 9:00-18:00; fri 10:00-11:00","  mar-ven  09:00-18:00 ;lun  09:00-18:00 "}'::text[]) hours;
-- From Saturday to Monday, over the end of the week; one day; all seven.
SELECT hours, string_agg(working_minutes(day, day + interval '1 day', hours)::text, ' ' ORDER BY day) AS "Monday to Sunday"
FROM unnest('{sat-mon 9:00-10:00,sun-sun 9:00-10:00,mar-lun 23:00-24:00,mer 0:00-0:01}'::text[]) hours, generate_series(timestamp '2026-11-30', '2026-12-06', '1 day') day
GROUP BY hours ORDER BY hours COLLATE "C";

-- What is none.
SELECT pg_temp.failure(format('SELECT working_minutes(%L, %L, %L)', '2026-11-30', '2026-12-01', hours))
FROM unnest('{"mon-fri 9-18",mon-fri,"mon-fri 18:00-09:00","mon 09:00-09:00","lunes 9:00-10:00",mo 9:00-10:00,"mon 9:00-10:00 tue 9:00-10:00",""," ; ",9:00-10:00,"mon 9:60-10:00",
	"mon 9:00-24:01","mon 9:00-10:00,","mon 9:00-10:0","mon 9:000-10:00","mon- 9:00-10:00","mon 9:00-10:00;;","mon 9:00-10:00x","lün 9:00-10:00"}'::text[]) hours;
SELECT pg_temp.failure(format('SELECT checked_working_hours(%L)', repeat('mon 9:00-10:00;', 1000)));
SELECT pg_temp.failure(format('SELECT checked_working_hours(%L)', repeat('x', 200)));
SELECT checked_working_hours('mon-fri 09:00-18:00'), checked_working_hours(NULL);
-- Hours are read also where a time is missing.
SELECT pg_temp.failure('SELECT working_minutes(NULL, NULL, ''never'')');
SELECT working_minutes(NULL, '2026-11-30', 'mon 9:00-10:00') IS NULL AND working_minutes('2026-11-30', NULL, NULL) IS NULL AND working_minutes('-infinity', '2026-11-30', 'mon 9:00-10:00') IS NULL
	AND working_minutes('2026-11-30', 'infinity', 'mon 9:00-10:00') IS NULL AS unknown;

-- All of time: as many minutes as by the clock, and 60 of each of 15 600 504 Mondays; a microsecond, at its end and where minutes and weeks begin.
SELECT working_minutes('4714-11-24 BC', '294276-12-31 23:59:59.999999', 'mon-sun 0:00-24:00') = working_minutes('4714-11-24 BC', '294276-12-31 23:59:59.999999', NULL) AS same,
	working_minutes('4714-11-24 BC', '294276-12-31 23:59:59.999999', 'mon 9:00-10:00') AS mondays,
	working_minutes('294276-12-31 23:59:59.999998', '294276-12-31 23:59:59.999999', 'mon-sun 0:00-24:00', '{294276-12-30}') AS one_microsecond,
	working_minutes('2026-11-30 09:00:59.999999', '2026-11-30 09:01', 'mon-sun 0:00-24:00') AS another,
	working_minutes('1999-12-31 23:59:59.999999', '2000-01-01', NULL) AS one_more;

-- Against minutes counted one by one, for random times, hours and holidays.
WITH draw AS
(
	SELECT n, timestamp '2026-02-20' + (hashint4(n) & 65535) * interval '37 seconds' AS a, timestamp '2026-02-20' + (hashint4(n + 1000) & 65535) * interval '61 seconds' AS b,
		(ARRAY['mon-fri 09:00-18:00', 'mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00', 'sat-mon 22:00-24:00,0:00-6:15; wed 12:00-12:01', 'sun 0:00-24:00'])[n % 4 + 1] AS hours,
		(ARRAY['{2026-03-02,2026-02-27,2026-03-02}', NULL, '{2026-02-21,2026-03-15}'])[n % 3 + 1]::date[] AS holidays
	FROM generate_series(1, 60) n
), spelled AS
(
	SELECT 'mon-fri 09:00-18:00' AS hours, d AS day, time '09:00' AS opens, time '18:00' AS closes FROM generate_series(1, 5) d
	UNION ALL SELECT 'mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00', d, o, c FROM generate_series(1, 4) d, (VALUES (time '09:00', time '12:30'), ('13:30', '18:00')) v(o, c)
	UNION ALL VALUES ('mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00', 5, time '09:00', time '16:00')
	UNION ALL SELECT 'sat-mon 22:00-24:00,0:00-6:15; wed 12:00-12:01', d, o, c FROM unnest('{6,7,1}'::integer[]) d, (VALUES (time '22:00', time '24:00'), ('00:00', '06:15')) v(o, c)
	UNION ALL VALUES ('sat-mon 22:00-24:00,0:00-6:15; wed 12:00-12:01', 3, time '12:00', time '12:01'), ('sun 0:00-24:00', 7, '00:00', '24:00')
)
SELECT count(*), count(*) FILTER (WHERE minutes > 0) AS some, count(*) FILTER (WHERE abs(minutes - counted) > 1e-9) AS wrong
FROM
(
	SELECT working_minutes(a, b, hours, holidays) AS minutes,
		(
			SELECT coalesce(sum(extract(epoch FROM least(b, date + s.closes) - greatest(a, date + s.opens))) / 60, 0)::float8
			FROM generate_series(date_trunc('day', a), b, '1 day') AS t(date)
			JOIN spelled s ON s.hours = d.hours AND s.day = extract(isodow FROM date)
			WHERE date + s.opens < b AND date + s.closes > a AND (date::date = ANY (d.holidays)) IS NOT TRUE
		) AS counted
	FROM draw d
) c;
-- The text of the hours may differ from row to row.
SELECT sum(working_minutes('2026-11-30', '2026-12-01', CASE WHEN g % 2 = 0 THEN 'mon 9:00-10:00' ELSE 'mon 9:00-9:01' END)) FROM generate_series(1, 10) g;

-- The setting: refused where it is written, with the same error.
SET client_min_messages = warning;
SELECT create_mart('regress_working') \g /dev/null
SELECT pg_temp.failure('UPDATE regress_working.rule SET working_hours = ''mon-fri 9-18''');
UPDATE regress_working.rule SET working_hours = 'lun-jeu 9h-12h30,13h30-18h; ven 9h-16h';
SELECT drop_mart('regress_working') \g /dev/null
