-- reading: what exports contain. What is right is written beside each value; what cannot be read in one way must not be read.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET client_encoding = 'UTF8';
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

--
-- Amounts: the rows that are not read as they should be, of which there are none
--
CREATE TEMP TABLE amount AS SELECT * FROM (VALUES
	-- Value, format, expected; NULL: refused.
	('€ 2.900,00', NULL, '2900.00'), ('$141.56K', NULL, '141560'), ('R$ 100.000', NULL, NULL), ('R$ 100.000', '1.234,56', '100000'),
	('R$ 100.000,00', NULL, '100000.00'), ('(1,200.50)', NULL, '-1200.50'), ('1 234,5 €', NULL, '1234.5'),
	(U&'1\00A0234,5\202F€', NULL, '1234.5'), (U&'1\2009234,5', NULL, '1234.5'), (U&'\FEFF12\200B34\2060', NULL, '1234'), (E'\t12.50\r\n', NULL, '12.50'),
	('1''234.50', NULL, '1234.50'), ('1’234.50', NULL, '1234.50'), ('12.50-', NULL, '-12.50'), ('-12.50', NULL, '-12.50'), ('−12.50', NULL, '-12.50'),
	('+5', NULL, '5'), ('EUR 12', NULL, '12'), ('eur 12', NULL, '12'), ('12USD', NULL, '12'), ('$-12', NULL, '-12'), ('-$12', NULL, '-12'), ('$12 USD', NULL, '12'),
	('($1,200.50)', NULL, '-1200.50'), ('(1.200,50) €', NULL, '-1200.50'), ('12 zł', NULL, '12'), ('12,50 Kč', NULL, '12.50'), ('100 руб.', NULL, '100'),
	('kr. 12', NULL, '12'), ('Rs.500', NULL, '500'), ('₹ 12,34,567.00', NULL, '1234567.00'), ('1,00,000', NULL, '100000'), ('Rs. 12,34,567/-', NULL, '1234567'),
	('12K', NULL, '12000'), ('12k', NULL, '12000'), ('1.5M USD', NULL, '1500000'), ('1,2 Mio. €', NULL, '1200000'), ('3 Mrd. EUR', NULL, '3000000000'),
	('2bn', NULL, '2000000000'), ('12 k€', NULL, '12000'), ('k€ 12', NULL, '12000'), ('$k12', NULL, '12000'), ('TEUR 12', NULL, '12000'), ('MEUR 1,5', NULL, '1500000'),
	('12 Mkr', NULL, '12000000'), ('12 lakh', NULL, '1200000'), ('1.2 crore', NULL, '12000000'), ('1,234.5K', NULL, '1234500'), ('-0.5M', NULL, '-500000'),
	('12.-', NULL, '12'), ('CHF 1''200.—', NULL, '1200'), ('1.200,-', NULL, '1200'), ('1.200,--', NULL, '1200'), ('-5,-', NULL, '-5'),
	('١٢٣٤٫٥', NULL, '1234.5'), ('１２３４.５', NULL, '1234.5'), ('12345', NULL, '12345'), ('1.234.567', NULL, '1234567'), ('1,234,567.89', NULL, '1234567.89'),
	('1.234.567,8', NULL, '1234567.8'), ('1 234.567', NULL, '1234.567'), ('1 234 567', NULL, '1234567'), ('0.125', NULL, '0.125'), ('0,125', NULL, '0.125'),
	('1234.567', NULL, '1234.567'), ('1.2345', NULL, '1.2345'), ('12,34', NULL, '12.34'), ('.5', NULL, '0.5'), ('€.50', NULL, '0.50'), ('EUR.50', NULL, '0.50'),
	('1.5E+05', NULL, '150000'), ('1.234E5', NULL, '123400'), ('1e-2', NULL, '0.01'), ('-0.00', NULL, '0.00'), ('007', NULL, '7'),
	('£12', NULL, '12'), (U&'\00A412', NULL, '12'), ('¥12', NULL, '12'), (U&'\0E3F12', NULL, '12'), (U&'\FDFC 12', NULL, '12'), (U&'\FFE1\FF11\FF12', NULL, '12'), (U&'\FFE512', NULL, '12'),
	(U&'\FFE612', NULL, '12'), ('12 EURk', NULL, '12000'), ('12 €k', NULL, '12000'), ('12 k$', NULL, '12000'), ('12 $k', NULL, '12000'), ('12/-', NULL, '12'), ('.567', NULL, '0.567'),
	('1`234.50', NULL, '1234.50'), (U&'1\00B4234.50', NULL, '1234.50'), (U&'1\02BC234.50', NULL, '1234.50'), (U&'1\2032234.50', NULL, '1234.50'), (U&'\06F1\06F2\06F3\066B\06F4', NULL, '123.4'),
	(U&'\201012', NULL, '-12'), (U&'\201512', NULL, '-12'), (U&'\FE5812', NULL, '-12'), (U&'\FE6312', NULL, '-12'), (U&'1\1680234\2029', NULL, '1234'), (U&'1\3000234\205F', NULL, '1234'),
	-- Two readings, or none.
	(U&'1\066B234\066B5', NULL, NULL), ('12 (5)', NULL, NULL), ('(12))', NULL, NULL), ('12/-5', NULL, NULL), ('12 QQk', NULL, NULL), ('12 kQQ', NULL, NULL), ('12 k€k', NULL, NULL),
	('12 ' || repeat('qwerty', 6), NULL, NULL), ('12 ' || repeat('qwerty', 30), NULL, NULL), ('12 ' || U&'\02E9\02EA', NULL, NULL), ('12-+', NULL, NULL),
	('1.234', NULL, NULL), ('1,234', NULL, NULL), ('€ 100.000', NULL, NULL), ('012,345', NULL, NULL), ('1.234K', NULL, NULL), ('1,234-', NULL, NULL),
	('1,23.45', NULL, NULL), ('1.2.3', NULL, NULL), ('0.123.456', NULL, NULL), ('1,234.567.8', NULL, NULL), ('1.234 567,8', NULL, NULL), ('1,234,56', NULL, NULL),
	('5.', NULL, NULL), ('12. 5', NULL, NULL), ('1 23', NULL, NULL), ('1  234', NULL, NULL), ('12 13', NULL, NULL), ('10-20', NULL, NULL), ('5+', NULL, NULL),
	('--12', NULL, NULL), ('-12-', NULL, NULL), ('-(12)', NULL, NULL), ('(-12)', NULL, NULL), ('(12', NULL, NULL), ('12)', NULL, NULL), ('((12))', NULL, NULL), ('()12', NULL, NULL),
	('n/a', NULL, NULL), ('-', NULL, NULL), ('€', NULL, NULL), ('NULL', NULL, NULL), ('NaN', NULL, NULL), ('Infinity', NULL, NULL), ('0x1F', NULL, NULL), ('1_000', NULL, NULL),
	('12%', NULL, NULL), ('12¢', NULL, NULL), ('12T', NULL, NULL), ('12 CR', NULL, NULL), ('12 XYZ', NULL, NULL), ('abc12', NULL, NULL), ('12 M M', NULL, NULL),
	('USD 12 EUR', NULL, NULL), ('€12$', NULL, NULL), ('12E', NULL, NULL), ('1e100', NULL, NULL), ('1/2', NULL, NULL), ('=12', NULL, NULL), ('"12"', NULL, NULL),
	('2026-01-05', NULL, NULL), ('5.1.2026', NULL, NULL), ('10:30', NULL, NULL), ('1.200,-0', NULL, NULL), ('1.200.-', NULL, NULL), ('1,-2', NULL, NULL), ('.', NULL, NULL), (',5,', NULL, NULL),
	-- By a format.
	('1.234', '1.234,56', '1234'), ('1,234', '1.234,56', '1.234'), ('1.234', '1,234.56', '1.234'), ('1,234', '1,234.56', '1234'), ('1234,5', '1.234,56', '1234.5'),
	('1.234,5', '€ 9.999.999,00', '1234.5'), ('1.234', '1.234.567', '1234'), ('1 234', '1 234,56', '1234'), ('1234', '1234', '1234'), ('1.234', '1234.56', '1.234'),
	('1,234', '12,34,567.00', '1234'), ('12,34,567', '1,234.56', '1234567'), ('1.200,-', '1.234,56', '1200'), ('1.234K', '1.234,56', '1234000'),
	('1.23', '1.234,56', NULL), ('1 234', '1.234,56', NULL), ('1.234,56', '1,234.56', NULL), ('1,234.56', '1.234,56', NULL), ('1.5', '1234', NULL), ('1.234', '1234,56', NULL),
	('12,50,-', '1.234,56', NULL), ('1.2345', '1.234,56', NULL),
	('1,5', '1.234.567', NULL), ('1.200,-', '1,234.56', NULL), ('1.234.567,8', '1,234.56', NULL), ('0.125', '1.234,56', NULL)
) AS v(value, format, expected);

SELECT value, format, expected, read, problem
FROM amount, LATERAL (SELECT CASE WHEN format IS NULL THEN try_parse_amount(value) ELSE try_parse_amount(value, format) END AS read,
	CASE WHEN format IS NULL THEN amount_problem(value) ELSE amount_problem(value, format) END AS problem) r
WHERE read::text IS DISTINCT FROM expected OR (problem IS NULL) = (expected IS NULL);
SELECT count(*), count(expected) AS read FROM amount;

-- parse_amount reads the same, and refuses the same.
SELECT value, format FROM amount
WHERE pg_temp.failure(format(CASE WHEN format IS NULL THEN 'SELECT parse_amount(%L)' ELSE 'SELECT parse_amount(%L, %L)' END, value, format))
	NOT LIKE CASE WHEN expected IS NULL THEN '22P02 | %' ELSE 'no error' END;
SELECT parse_amount('1.234,50 €'), parse_amount('1.234', '1.234,56'), parse_amount(NULL), parse_amount(NULL, '1.234,56'), parse_amount('1', NULL), parse_amount(' '),
	parse_amount(U&'\00A0\FEFF', '1.234,56'), amount_problem(''), amount_problem(NULL), try_parse_amount('');

-- What is said.
SELECT value, problem FROM (VALUES ('1.234'), ('1,23.45'), ('1 23'), ('12%'), ('12 13'), ('12 apples'), ('(12'), ('--1'), ('n/a'), ('-'), ('1,234.567.8'), ('5.'), ('1e100')) v(value),
	amount_problem(value) AS problem;
SELECT value, problem FROM (VALUES ('1 234'), ('1.23'), ('1.2,-,'), ('€')) v(value), amount_problem(value, '1.234,56') AS problem;
SELECT pg_temp.failure('SELECT parse_amount(''R$ 100.000'')');
SELECT pg_temp.failure('SELECT parse_amount(''12 apples'')');
SELECT pg_temp.failure('SELECT parse_amount(''1.23'', ''1.234,56'')');
SELECT pg_temp.failure(format('SELECT %s(''1'', %L)', f, format)) FROM (VALUES ('1.234'), (''), ('9G999D99'), ('€'), (repeat('1', 501)), ('1.2.3')) v(format),
	(VALUES ('parse_amount'), ('try_parse_amount'), ('amount_problem')) w(f) WHERE format = '1.234' OR f = 'amount_problem';

-- A million numbers would do no better than a few thousand: written in each format, read in it, and never read as another number without it.
CREATE TEMP TABLE style AS SELECT * FROM (VALUES ('1.234,56', '.', ','), ('1,234.56', ',', '.'), ('1 234,56', ' ', ','), ('1''234.56', '''', '.'), ('1234,56', '', ','), ('1234.56', '', '.'))
	AS v(format, thousands, decimal_mark);
CREATE TEMP TABLE written AS
SELECT s.format, n AS number, replace(replace(replace(to_char(n, CASE scale(n) WHEN 0 THEN 'FM999,999,999,990' WHEN 2 THEN 'FM999,999,999,990.00' ELSE 'FM999,999,999,990.000' END),
	',', '<'), '.', s.decimal_mark), '<', s.thousands) AS value
FROM style s, generate_series(1, 800) g, LATERAL (SELECT round((sin(g) * 10 ^ (g % 9))::numeric, (ARRAY[0, 2, 3])[g % 3 + 1])) r(n);
SELECT count(*) AS written, count(*) FILTER (WHERE try_parse_amount(value, format) IS DISTINCT FROM number) AS misread,
	count(*) FILTER (WHERE try_parse_amount(value) <> number) AS guessed,
	count(*) FILTER (WHERE try_parse_amount(value) IS NULL) AS refused_without_format,
	count(*) FILTER (WHERE amount_problem(value) !~ 'may stand before decimals or between thousands') AS for_another_reason
FROM written;
-- Read in another format, a number is right or refused, but for the two that contradict each other.
SELECT count(*) FILTER (WHERE try_parse_amount(w.value, s.format) <> w.number AND amount_problem(w.value) IS NULL) AS wrong FROM written w, style s;

--
-- Days
--
CREATE TEMP TABLE day AS SELECT * FROM (VALUES
	('2026-01-05', NULL, date '2026-01-05'), (' 2026-01-05 ', NULL, '2026-01-05'), ('2024-02-29', NULL, '2024-02-29'), ('9999-12-31', NULL, '9999-12-31'), ('0001-01-01', NULL, '0001-01-01'),
	('2026-1-5', NULL, NULL), ('20260105', NULL, NULL), ('2026/01/05', NULL, NULL), ('05.01.2026', NULL, NULL), ('01/05/2026', NULL, NULL), ('2026-01-05 10:00', NULL, NULL), ('2026-02-30', NULL, NULL),
	('2023-02-29', NULL, NULL), ('2026-13-01', NULL, NULL), ('2026-00-10', NULL, NULL), ('0000-00-00', NULL, NULL), ('10000-01-01', NULL, NULL), ('-2026-01-05', NULL, NULL), ('infinity', NULL, NULL),
	('today', NULL, NULL), ('now', NULL, NULL), ('epoch', NULL, NULL), ('x', NULL, NULL),
	('05.01.2026', 'DD.MM.YYYY', '2026-01-05'), ('5.1.2026', 'DD.MM.YYYY', '2026-01-05'), ('01/05/2026', 'MM/DD/YYYY', '2026-01-05'), ('1/5/2026', 'mm/dd/yyyy', '2026-01-05'),
	('05.01.26', 'DD.MM.YY', '2026-01-05'), ('05.01.69', 'DD.MM.YY', '2069-01-05'), ('05.01.70', 'DD.MM.YY', '1970-01-05'), ('05012026', 'DDMMYYYY', '2026-01-05'), ('20260105', 'YYYYMMDD', '2026-01-05'),
	('Jan 5, 2026', 'Mon DD, YYYY', '2026-01-05'), ('5 JANUARY 2026', 'FMDD Month YYYY', '2026-01-05'), ('Mon, 5 Jan 2026', 'Dy, DD Mon YYYY', '2026-01-05'), ('Monday 5 May 2025', 'Day DD Month YYYY', '2025-05-05'),
	('2026-01-05 23:59:59', 'YYYY-MM-DD HH24:MI:SS', '2026-01-05'), ('KW 2026-01-05', '"KW "YYYY-MM-DD', '2026-01-05'), (U&'5\00A0Jan  2026', 'DD Mon YYYY', '2026-01-05'),
	('31.02.2026', 'DD.MM.YYYY', NULL), ('05/01/2026', 'DD.MM.YYYY', NULL), ('05.01.2026x', 'DD.MM.YYYY', NULL), ('05.01.2026 10:00', 'DD.MM.YYYY', NULL), ('05.01.26', 'DD.MM.YYYY', NULL), ('05.01.2026', 'DD.MM.YY', NULL),
	('13/25/2026', 'DD/MM/YYYY', NULL), ('5012026', 'DDMMYYYY', NULL), ('5.1.2026', 'DDMMYYYY', NULL), ('005.01.2026', 'DD.MM.YYYY', NULL), ('January 5, 2026', 'Mon DD, YYYY', NULL), ('Jan 5, 2026', 'Month DD, YYYY', NULL),
	('5 janvier 2026', 'DD Month YYYY', NULL), ('Tue, 5 Jan 2026', 'Dy, DD Mon YYYY', NULL), ('-5.01.2026', 'DD.MM.YYYY', NULL), ('2026', NULL, NULL), ('2026-01', NULL, NULL), ('2026-01-x', NULL, NULL), ('2026-01-00', NULL, NULL), ('00.01.2026', 'DD.MM.YYYY', NULL),
	('5 Foo 2026', 'DD Mon YYYY', NULL), ('05.01.', 'DD.MM.YYYY', NULL), ('2026-01-05 25:00:00', 'YYYY-MM-DD HH24:MI:SS', NULL)
) AS v(value, format, expected);
SELECT value, format, expected, read, problem
FROM day, LATERAL (SELECT CASE WHEN format IS NULL THEN try_parse_day(value) ELSE try_parse_day(value, format) END AS read,
	CASE WHEN format IS NULL THEN day_problem(value) ELSE day_problem(value, format) END AS problem) r
WHERE read IS DISTINCT FROM expected OR (problem IS NULL) = (expected IS NULL);
SELECT value, format FROM day
WHERE pg_temp.failure(format(CASE WHEN format IS NULL THEN 'SELECT parse_day(%L)' ELSE 'SELECT parse_day(%L, %L)' END, value, format))
	NOT LIKE CASE WHEN expected IS NULL THEN '22007 | %' ELSE 'no error' END;
SELECT parse_day('2026-01-05'), parse_day('5.1.2026', 'DD.MM.YYYY'), parse_day(NULL), parse_day(' '), parse_day(NULL, 'YYYY'), parse_day('', 'DD.MM.YYYY'), day_problem('');

SELECT day_problem('5 Foo 2026', 'DD Mon YYYY');
SELECT value, day_problem(value, 'DD.MM.YYYY') FROM (VALUES ('31.02.2026'), ('05/01/2026'), ('05.01.2026 10:00'), ('05.13.2026'), ('05.01.'), ('0.1.2026'), ('1.1.0000')) v(value);
SELECT pg_temp.failure('SELECT parse_day(''05.01.2026'')');
SELECT pg_temp.failure('SELECT parse_day(''2026-01-05T10:00:00Z'')');
SELECT pg_temp.failure('SELECT parse_day(''01/25/2026'', ''DD/MM/YYYY'')');
SELECT format, pg_temp.failure(format('SELECT day_problem(''1'', %L)', format)) FROM (VALUES ('DD.MM'), ('YYYY-MM-DD hh:mm'), ('DD.MM.YYYY TZH'), ('DD.MM.YYYYY'), ('Q YYYY'), ('DD.MM.YYYY HH:MI'),
	('DD.MM.YYYY AM'), ('DD.MM.YYYY MI'), (''), ('DD.MM.YYYY "'), ('DD.MM.YYYY foo'), ('YYYY-MM-DD"T"HH24:MI:SS"Z"'), ('DD.MM.YYYY HH24:MI:SS.MS.US'), ('YY YYYY MM DD'), ('DD MM Mon YYYY'), ('MM.YYYY'), ('DD.YYYY'), ('DD.MM.YYYY HH24:SS'), ('DD.MM.YYYY HH24:MI:MS'), ('DD.MM.YYYY TZM'),
	('YYYY-MM-DD TZM TZH')) v(format);
SELECT left(pg_temp.failure(format('SELECT day_problem(''1'', %L)', f)), 20) FROM (VALUES (repeat('x', 10000)), (repeat('-', 65) || 'DD.MM.YYYY')) v(f);

-- Every day of some years in some formats, as PostgreSQL writes it.
SELECT count(*), count(*) FILTER (WHERE try_parse_day(to_char(d, f), f) IS DISTINCT FROM d::date) AS misread
FROM generate_series(timestamp '1999-12-01', '2004-03-31', '1 day') d,
	unnest('{YYYY-MM-DD,DD.MM.YY,YYYYMMDD,"Dy, DD Mon YYYY","FMDay FMDD FMMonth YYYY",FMMM/FMDD/YYYY,"YYYY-MM-DD HH24:MI:SS.US"}'::text[]) f;

--
-- Times
--
CREATE TEMP TABLE moment AS SELECT * FROM (VALUES
	('2026-01-05T10:00:00Z', NULL, 'Europe/Paris', timestamptz '2026-01-05 10:00+00'), ('2026-01-05 10:00', NULL, 'Europe/Paris', '2026-01-05 09:00+00'),
	('2026-07-05 10:00:00.123456789', NULL, 'Europe/Paris', '2026-07-05 08:00:00.123456+00'), ('2026-01-05T10:00:00,5', NULL, 'UTC', '2026-01-05 10:00:00.5+00'), ('2026-01-05', NULL, 'Europe/Paris', '2026-01-04 23:00+00'),
	('2026-01-05T10:00:00+05:30', NULL, 'Europe/Paris', '2026-01-05 04:30+00'), ('2026-01-05T10:00:00-0330', NULL, 'Europe/Paris', '2026-01-05 13:30+00'), ('2026-01-05 10:00:00+05', NULL, 'Europe/Paris', '2026-01-05 05:00+00'),
	('2026-01-05 10:00:00 +0000', NULL, 'Europe/Paris', '2026-01-05 10:00+00'), ('2026-01-05 10:00:00 UTC', NULL, 'Europe/Paris', '2026-01-05 10:00+00'), ('2026-03-31 20:00:00', NULL, 'Asia/Kolkata', '2026-03-31 14:30+00'),
	('2026-01-05T10:00:00 IST', NULL, 'Europe/Paris', NULL), ('2026-01-05T10', NULL, 'UTC', NULL), ('2026-01-05T10:00:0', NULL, 'UTC', NULL), ('2026-01-05T10:00:00.', NULL, 'UTC', NULL), ('2026-01-05T', NULL, 'UTC', NULL),
	('2026-01-05T24:00', NULL, 'UTC', NULL), ('2026-01-05T23:59:60', NULL, 'UTC', NULL), ('2026-01-05T10:60', NULL, 'UTC', NULL), ('2026-01-05T10:00+16', NULL, 'UTC', NULL), ('2026-01-05T10:00+5', NULL, 'UTC', NULL),
	('2026-01-05t10:00z', NULL, 'Asia/Tokyo', '2026-01-05 10:00+00'), ('2026-01-05 10:00 GMT', NULL, 'Asia/Tokyo', '2026-01-05 10:00+00'), ('2026-01-05 10:00 gmtx', NULL, 'UTC', NULL),
	('2026-01-05T10:00+0a', NULL, 'UTC', NULL), ('2026-01-05T10:00+05:3', NULL, 'UTC', NULL), ('2026-01-05T10:00+05:', NULL, 'UTC', NULL), ('2026-01-05x10:00', NULL, 'UTC', NULL), ('2026-01-05T1:00', NULL, 'UTC', NULL),
	('2026-01-05T10.00', NULL, 'UTC', NULL), ('2026-01-05T10:0', NULL, 'UTC', NULL),
	('1/5/2026 3:07 a.m.', 'MM/DD/YYYY HH12:MI AM', 'UTC', '2026-01-05 03:07+00'), ('1/5/2026 3:07 P.M.', 'MM/DD/YYYY HH12:MI p.m.', 'UTC', '2026-01-05 15:07+00'), ('1/5/2026 3:07 xm', 'MM/DD/YYYY HH12:MI AM', 'UTC', NULL),
	('1/5/2026 x:07 PM', 'MM/DD/YYYY HH12:MI AM', 'UTC', NULL), ('2026-01-05T10:00:00Z', 'YYYY-MM-DDTHH24:MI:SSTZHTZM', 'Asia/Tokyo', '2026-01-05 10:00+00'),
	('2026-01-05T10:00:00Z', 'YYYY-MM-DDTHH24:MI:SSTZH', 'Asia/Tokyo', '2026-01-05 10:00+00'), ('2026-01-05T10:00:00Z x', 'YYYY-MM-DDTHH24:MI:SSTZH" x"', 'Asia/Tokyo', '2026-01-05 10:00+00'),
	('2026-01-05T10:00:00Zx', 'YYYY-MM-DDTHH24:MI:SSTZH"x"', 'Asia/Tokyo', '2026-01-05 10:00+00'), ('2026-01-05T10:00:00+05:60', 'YYYY-MM-DDTHH24:MI:SSTZH:TZM', 'UTC', NULL),
	('2026-01-05T10:00:00+05:6', 'YYYY-MM-DDTHH24:MI:SSTZH:TZM', 'UTC', NULL), ('2026-01-05T10:00:00Zulu', 'YYYY-MM-DDTHH24:MI:SSTZ', 'UTC', NULL),
	('2026-01-05T10:00+05:60', NULL, 'UTC', NULL), ('2026-01-05T10:00Zx', NULL, 'UTC', NULL), ('05.01.2026 10:00', NULL, 'UTC', NULL), ('1767607200', NULL, 'UTC', NULL), ('now', NULL, 'UTC', NULL),
	('2026-03-29 01:59:59', NULL, 'Europe/Paris', '2026-03-29 00:59:59+00'), ('2026-03-29 02:00', NULL, 'Europe/Paris', NULL), ('2026-03-29 02:59:59', NULL, 'Europe/Paris', NULL), ('2026-03-29 03:00', NULL, 'Europe/Paris', '2026-03-29 01:00+00'),
	('2026-10-25 01:59:59', NULL, 'Europe/Paris', '2026-10-24 23:59:59+00'), ('2026-10-25 02:00', NULL, 'Europe/Paris', NULL), ('2026-10-25 02:59:59', NULL, 'Europe/Paris', NULL), ('2026-10-25 03:00', NULL, 'Europe/Paris', '2026-10-25 02:00+00'),
	('2026-10-25 02:30+02:00', NULL, 'Europe/Paris', '2026-10-25 00:30+00'), ('2026-10-25 02:30+01:00', NULL, 'Europe/Paris', '2026-10-25 01:30+00'), ('2011-12-30 12:00', NULL, 'Pacific/Apia', NULL),
	('2011-12-29 12:00', NULL, 'Pacific/Apia', '2011-12-29 22:00+00'), ('2011-12-31 12:00', NULL, 'Pacific/Apia', '2011-12-30 22:00+00'),
	('1/5/2026, 3:07 PM', 'MM/DD/YYYY, HH12:MI AM', 'America/New_York', '2026-01-05 20:07+00'), (U&'1/5/2026, 3:07\202Fpm', 'MM/DD/YYYY, HH12:MI AM', 'America/New_York', '2026-01-05 20:07+00'),
	('1/5/2026, 12:07 AM', 'MM/DD/YYYY, HH12:MI PM', 'America/New_York', '2026-01-05 05:07+00'), ('1/5/2026, 12:07 PM', 'MM/DD/YYYY, HH12:MI AM', 'America/New_York', '2026-01-05 17:07+00'),
	('1/5/2026, 13:07 PM', 'MM/DD/YYYY, HH12:MI AM', 'America/New_York', NULL), ('1/5/2026, 0:07 AM', 'MM/DD/YYYY, HH12:MI AM', 'America/New_York', NULL), ('1/5/2026, 3:07', 'MM/DD/YYYY, HH12:MI AM', 'America/New_York', NULL),
	('05.01.2026 9:05', 'DD.MM.YYYY HH24:MI', 'Europe/Berlin', '2026-01-05 08:05+00'), ('20260105100000', 'YYYYMMDDHH24MISS', 'UTC', '2026-01-05 10:00+00'), ('05.01.2026', 'DD.MM.YYYY', 'UTC', '2026-01-05 00:00+00'),
	('2026-01-05T10:00:00.5-04:00', 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM', 'UTC', '2026-01-05 14:00:00.5+00'), ('2026-01-05T10:00:00.050Z', 'YYYY-MM-DDTHH24:MI:SS.MSTZH:TZM', 'Asia/Tokyo', '2026-01-05 10:00:00.05+00'),
	('2026-01-05T10:00:00-00:30', 'YYYY-MM-DDTHH24:MI:SSTZH:TZM', 'UTC', '2026-01-05 10:30+00'), ('2026-01-05T10:00:00Z', 'YYYY-MM-DD"T"HH24:MI:SS"Z"', 'Asia/Tokyo', '2026-01-05 10:00+00'),
	('2026-01-05T10:00:00', 'YYYY-MM-DD"T"HH24:MI:SS"Z"', 'Asia/Tokyo', NULL), ('2026-01-05 10:00:00+0530', 'YYYY-MM-DD HH24:MI:SSOF', 'UTC', '2026-01-05 04:30+00'),
	('05/Jan/2026:10:00:00 +0100', 'DD/Mon/YYYY:HH24:MI:SS TZHTZM', 'UTC', '2026-01-05 09:00+00'), ('Mon Jan 05 10:00:00 UTC 2026', 'Dy Mon DD HH24:MI:SS TZ YYYY', 'Asia/Tokyo', '2026-01-05 10:00+00'),
	('Mon Jan 05 10:00:00 CET 2026', 'Dy Mon DD HH24:MI:SS TZ YYYY', 'Asia/Tokyo', NULL), ('25.10.2026 02:30', 'DD.MM.YYYY HH24:MI', 'Europe/Berlin', NULL)
) AS v(value, format, time_zone, expected);
SELECT value, format, time_zone, expected, read, problem
FROM moment, LATERAL (SELECT CASE WHEN format IS NULL THEN try_parse_time(value, time_zone) ELSE try_parse_time(value, format, time_zone) END AS read,
	CASE WHEN format IS NULL THEN time_problem(value, time_zone) ELSE time_problem(value, format, time_zone) END AS problem) r
WHERE read IS DISTINCT FROM expected OR (problem IS NULL) = (expected IS NULL);
SELECT value, format FROM moment
WHERE pg_temp.failure(format(CASE WHEN format IS NULL THEN 'SELECT parse_time(%L, %3$L)' ELSE 'SELECT parse_time(%L, %L, %L)' END, value, format, time_zone))
	NOT LIKE CASE WHEN expected IS NULL THEN '22007 | %' ELSE 'no error' END;
SELECT parse_time('2026-01-05 10:00', 'Europe/Paris'), parse_time('5.1.2026 10:00', 'DD.MM.YYYY HH24:MI', 'Europe/Paris'), parse_time(NULL, 'UTC'), parse_time('', 'UTC'), parse_time('2026-01-05', NULL), time_problem('', 'UTC');
SELECT pg_temp.failure('SELECT parse_time(''2026-03-29 02:30'', ''Europe/Paris'')');
SELECT pg_temp.failure('SELECT parse_time(''2026-10-25 02:30'', ''Europe/Paris'')');
SELECT pg_temp.failure('SELECT parse_time(''05.01.2026 10:00'', ''Europe/Paris'')');
SELECT pg_temp.failure('SELECT time_problem(''2026-01-05'', ''+05:30'')');
SELECT pg_temp.failure('SELECT time_problem(''2026-01-05'', ''YYYY-MM-DD'', ''IST'')');

-- Half hours around every change of the clocks in some zones: PostgreSQL's own way there and back says which there are, and which twice.
WITH local AS
(
	SELECT z, g.at, timezone(z, g.at) AS moment
	FROM unnest('{Europe/Paris,America/New_York,Australia/Lord_Howe,Asia/Kolkata,America/Sao_Paulo,Africa/Casablanca,Pacific/Apia,UTC}'::text[]) z,
		generate_series(timestamp '2011-01-01', '2012-01-01', '30 minutes') AS g(at)
), judged AS
(
	SELECT z, at, moment, timezone(z, moment) = at AS is_there,
		timezone(z, moment) = at AND (timezone(z, moment + interval '1 hour') = at OR timezone(z, moment - interval '1 hour') = at
			OR timezone(z, moment + interval '30 minutes') = at OR timezone(z, moment - interval '30 minutes') = at) AS is_twice
	FROM local
)
SELECT z COLLATE "C" AS zone, count(*), count(*) FILTER (WHERE NOT is_there) AS never, count(*) FILTER (WHERE is_twice) AS twice,
	count(*) FILTER (WHERE CASE WHEN is_there AND NOT is_twice THEN r IS DISTINCT FROM moment ELSE r IS NOT NULL END) AS wrong
FROM judged, LATERAL (SELECT try_parse_time(at::text, z) AS r) t
GROUP BY 1 ORDER BY 1;

--
-- Time zones
--
SELECT name, is_time_zone(name) FROM unnest('{Europe/Paris,europe/paris,UTC,GMT,EST5EDT,Etc/GMT+5,Etc/GMT-14,Etc/UTC,America/Port-au-Prince,+05:30,-8,UTC+5,GMT+5,UTC+05:30,IST,CET,EST,PST,BST,foo5,<x>5,Etc/GMT+15,Etc/GMT+05,
	"",Europe,"Europe/Paris ",../../etc/passwd,/etc/passwd,Europe/../Europe/Paris,localtime,right/UTC,EST5EDT4,"Europe/Paris5",Etc/GMT5,Etc/GMT+1a,Etc/GMT+123,Etc/GMT+13,Etc/GMT-15,Etc/GMT+,Etc/EST5,NULL}'::text[]) name;
SELECT is_time_zone(repeat('x', 100000)), checked_time_zone('Europe/Paris'), checked_time_zone(NULL);
SELECT pg_temp.failure(format('SELECT checked_time_zone(%L)', name)) FROM unnest('{+05:30,IST}'::text[]) name;
-- Of PostgreSQL's names all but those that are abbreviations too, or another thing on another server; of its abbreviations none but those of UTC.
SELECT DISTINCT name COLLATE "C" FROM pg_timezone_names WHERE NOT is_time_zone(name) AND name !~ '^(posix|right)/' AND name NOT IN ('localtime', 'posixrules', 'Factory')
	AND name NOT IN ('CET', 'EET', 'MET', 'WET', 'EST', 'MST', 'HST') ORDER BY 1;
SELECT DISTINCT abbrev COLLATE "C" FROM pg_timezone_abbrevs WHERE is_time_zone(abbrev) AND utc_offset <> '0' ORDER BY 1;
-- In a constraint.
CREATE TEMP TABLE zoned (time_zone text CHECK (checked_time_zone(time_zone)));
INSERT INTO zoned VALUES ('Asia/Kolkata'), (NULL);
SELECT pg_temp.failure('INSERT INTO zoned VALUES (''+05:30'')');

--
-- Addresses
--
SELECT address, expected, normalize_email(address) FROM (VALUES
	('Pat@Firm.example', 'pat@firm.example'), (U&'pat@firm.example\00A0', 'pat@firm.example'), (U&'\200Bpat@firm.example', 'pat@firm.example'), (U&'\FEFFpat@firm.example', 'pat@firm.example'),
	(U&'pa\00ADt@fi\2060rm.example', 'pat@firm.example'), (U&'\3000\1680\2003pat@firm.example\202F\205F\2028', 'pat@firm.example'), (E'\t pat@firm.example \r\n\f', 'pat@firm.example'),
	('mailto:pat@firm.example', 'pat@firm.example'), ('MAILTO:Pat@firm.example?subject=Hi', 'pat@firm.example'), ('Pat <pat@firm.example>', 'pat@firm.example'), ('"Lee, Pat" <mailto:pat@firm.example>', 'pat@firm.example'),
	(' < pat@firm.example > ', 'pat@firm.example'), ('PAT@firm.example <pat+x@firm.example>', 'pat@firm.example'), ('''pat@firm.example'' <pat@firm.example>', 'pat@firm.example'),
	('"pat@firm.example'' <pat@firm.example>', NULL), ('"pat@firm.example" <n/a>', NULL), ('pat@firm <pat@firm.example>', NULL), ('Pat <pat<@firm.example>', NULL), ('Pat <pat>@firm.example>', NULL),
	('pat@other.example <pat@firm.example>', NULL), ('Pat <pat@firm.example> Lee', NULL), ('<pat@firm.example', NULL), ('pat@firm.example>', NULL), ('<<pat@firm.example>>', NULL), ('<a@b.c> <d@e.f>', NULL), ('<>', NULL),
	('> <pat@firm.example>', NULL), ('@', NULL), ('', NULL), ('mailto:', NULL), ('a@', NULL), ('@b', NULL), (U&'\200B@b', NULL), (U&'\FEFF', NULL), ('n/a', NULL), ('pat@firm.example, lee@firm.example', NULL),
	('ü@Firm.example', 'ü@firm.example'), ('É@É.example', 'É@É.example'), ('...@gmail.com', NULL), (U&'A\200B.b+c@GoogleMail.com', 'ab@gmail.com'), ('x.y@sub.gmail.com', 'x.y@sub.gmail.com'), (NULL, NULL)) v(address, expected)
WHERE normalize_email(address) IS DISTINCT FROM expected;
SELECT length(normalize_email(repeat('A', 5000) || '@' || repeat('B', 4999))), normalize_email(repeat('A', 1000000) || '@b'), normalize_email(repeat('<', 9000) || '@'), normalize_email(repeat(U&'\200B', 3000) || 'a@b') AS hidden;

--
-- Telephone numbers
--
SELECT phone, expected, in_germany, normalize_phone(phone), normalize_phone(phone, '+49') FROM (VALUES
	('+49 30 1234567', '+49301234567', '+49301234567'), ('0049 (0)30 / 123 45 67', '+49301234567', '+49301234567'), ('+49 (0)30 1234567', '+49301234567', '+49301234567'), ('(+49) 30-1234567', '+49301234567', '+49301234567'),
	(U&'\202A+49\00A030\20111234567\202C', '+49301234567', '+49301234567'), ('Tel.: +49.30.1234567', '+49301234567', '+49301234567'), ('tel:+49-30-1234567;ext=5', '+49301234567', '+49301234567'),
	('030 1234567', '0301234567', '+49301234567'), ('(030) 123-4567', '0301234567', '+49301234567'), ('030-1234567 ext. 12', '0301234567', '+49301234567'), ('030 1234567x12', '0301234567', '+49301234567'),
	('030 1234567, 12', '0301234567', '+49301234567'), ('030 1234567#12', '0301234567', '+49301234567'), ('０３０１２３４５６７', '0301234567', '+49301234567'), ('0 30 12 34 56 7 Durchwahl 5', '0301234567', '+49301234567'),
	('030 1234567 poste 5', '0301234567', '+49301234567'), ('( +49 30 1234567', '+49301234567', '+49301234567'), ('(0) 30 1234567', '0301234567', '+49301234567'), (U&'030 1234567\00E9', NULL, NULL),
	('00 (0) 49 30 1234567', '+49301234567', '+49301234567'), ('+0049 30 1234567', '+49301234567', '+49301234567'), ('+0 30 1234567', NULL, NULL), ('000 1234567', NULL, NULL), ('12 (0) 34567', '12034567', '+4912034567'), ('123 (0) 4567', '12304567', '+4912304567'), ('012 (0) 34567', '012034567', '+4912034567'),
	('+1 (212) 555-0123', '+12125550123', '+12125550123'), ('+39 06 1234567', '+39061234567', '+39061234567'), ('212.555.0123', '2125550123', '+492125550123'),
	('123456', NULL, NULL), ('0000000', NULL, NULL), ('+1111111', NULL, NULL), ('999-999-9999', NULL, NULL), ('+49', NULL, NULL), ('+', NULL, NULL), ('', NULL, NULL), ('n/a', NULL, NULL), ('unknown', NULL, NULL),
	('12345678901234567890', NULL, NULL), ('+1-800-FLOWERS', NULL, NULL), ('4.91234567E+11', NULL, NULL), ('+49 30 1234567 / +49 171 1234567', NULL, NULL), ('030 1234567 / 0171 1234567', NULL, NULL),
	('030 1234567, 0171 1234567', NULL, NULL), ('++49 30 1234567', NULL, NULL), ('+49+301234567', NULL, NULL), ('pat@firm.example', NULL, NULL), (NULL, NULL, NULL)) v(phone, expected, in_germany)
WHERE (normalize_phone(phone), normalize_phone(phone, '+49')) IS DISTINCT FROM (expected, in_germany);
SELECT normalize_phone('(212) 555-0123', '+1'), normalize_phone('1 212 555 0123', '1'), normalize_phone('8 495 123 45 67', '+7'), normalize_phone('06 12345678', '0039'), normalize_phone('020 7946 0000', '44'), normalize_phone('495 123 45 67', '+7'), normalize_phone('212 555 0123', '1'),
	normalize_phone('9 212 555 0123', '1'), normalize_phone('9 495 123 45 67', '7');
SELECT pg_temp.failure(format('SELECT normalize_phone(''1'', %L)', country)) FROM (VALUES ('DE'), (''), ('+0'), ('+1234'), ('0'), ('49x')) v(country);
SELECT normalize_phone(repeat('1', 100000)), normalize_phone(repeat('(', 499) || '1'), normalize_phone('030 1234567', NULL);

--
-- Names that are likely the same
--
SELECT one, other, "limit", edit_distance(one, other, "limit") FROM (VALUES ('kitten', 'sitting', 3), ('kitten', 'sitting', 2), ('', 'abc', 3), ('', '', 0), ('a', 'a', 2147483647), ('abc', 'abcd', 0), (NULL, 'a', 1)) v(one, other, "limit");
SELECT edit_distance('été', 'ete', 5), edit_distance(repeat('é', 255), repeat('e', 255), 300), edit_distance(repeat('a', 255), '', 254);
SELECT pg_temp.failure('SELECT edit_distance(repeat(''a'', 256), ''a'', 300)');
SELECT pg_temp.failure('SELECT edit_distance(''a'', ''a'', -1)');

SELECT bool_and(trim_blanks(around || name || around) = name) AS is_right, count(*)
FROM unnest(ARRAY['a', 'é', 'two words', U&'two\00A0words', repeat('long ', 200) || '.', '']) AS name,
	unnest(ARRAY['', ' ', E'\t\r\n', U&'\00A0', U&'\FEFF', U&' \200B ', U&'\3000\202F']) AS around;
SELECT trim_blanks(NULL) IS NULL AS is_null, trim_blanks(U&' \00A0\FEFF ') = '' AS is_blank;

SELECT name, other FROM near_names('{google,Google,"Google ",gogle,googel,LinkedIn,linked in,linkdin,Facebook,facbeook,fb,fbb,q1,q2,campaign 2024,campaign 2025,campain 2024,campaign2024,brand de,brand fr,brandsearch de,brandsearch be,
	variant a,variant b,webinar,Webinars,news-letter,neewsletter,mail,E-Mail,email,NULL,"","!!",été,ete,Content Syndication,content sindicaton,content marketing,web,google ads,goggle ads,google-ads,o''brien leads,obrien leads,google}')
ORDER BY name COLLATE "C", other COLLATE "C";
-- Letters that tell nothing: signs, dashes, marks of several scripts, what nobody sees; an apostrophe within a word, and one that is none.
SELECT name, other FROM near_names(ARRAY['brand campaign', U&'brand\00D7campaign', U&'brand\00F7campaign', U&'brand \2014 campaign', U&'\3010brand\3011campaign', U&'bra\00ADnd campaign', U&'brand\00A0campaign', U&'\00BBbrand\00AB campaign',
	'''brand campaign', U&'\65E5\672C\8A9E\7248', U&'\65E5\672C\8A9E\3001\7248']) ORDER BY name COLLATE "C", other COLLATE "C";
SELECT count(*) FROM near_names('{}');
SELECT count(*) FROM near_names(NULL);
SELECT * FROM near_names('{{a,b},{A,c}}');
SELECT count(*) FROM near_names((SELECT array_agg(repeat('a', 100000) || g) || array_agg(repeat('a', 9000) || g) FROM generate_series(1, 20) g));

-- The same as by the definition: optimal string alignment, in full.
CREATE FUNCTION pg_temp.alignment(one text, other text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	d integer[] := array_fill(0, ARRAY[length(one) + 1, length(other) + 1], ARRAY[0, 0]);
BEGIN
	FOR i IN 0 .. length(one) LOOP
		FOR j IN 0 .. length(other) LOOP
			IF i = 0 OR j = 0 THEN
				d[i][j] := i + j;
			ELSE
				d[i][j] := least(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (substr(one, i, 1) <> substr(other, j, 1))::integer);
				IF i > 1 AND j > 1 AND substr(one, i, 1) = substr(other, j - 1, 1) AND substr(one, i - 1, 1) = substr(other, j, 1) THEN
					d[i][j] := least(d[i][j], d[i - 2][j - 2] + 1);
				END IF;
			END IF;
		END LOOP;
	END LOOP;
	RETURN d[length(one)][length(other)];
END
$$;
WITH stem AS
(
	SELECT g, left(translate(md5(g::text), '0123456789', 'ghijklmnop'), 4 + g) AS s FROM generate_series(1, 14) g
), word AS
(
	SELECT DISTINCT w FROM stem, generate_series(1, 3) i, unnest(ARRAY[s, overlay(s PLACING 'x' FROM g % 4 + i), overlay(s PLACING '' FROM i FOR 1), overlay(s PLACING 'yz' FROM i + 1 FOR 0),
		left(s, i) || substr(s, i + 2, 1) || substr(s, i + 1, 1) || substr(s, i + 3), reverse(overlay(reverse(s) PLACING 'q' FROM i FOR 2))]) AS w
), pair AS
(
	SELECT a.w, b.w AS other, least(length(a.w), length(b.w)) AS shortest, pg_temp.alignment(a.w, b.w) AS mistakes
	FROM word a JOIN word b ON a.w COLLATE "C" < b.w AND abs(length(a.w) - length(b.w)) <= 3
), expected AS
(
	SELECT w, other FROM pair WHERE mistakes <= CASE WHEN shortest >= 16 THEN 3 WHEN shortest >= 9 THEN 2 WHEN shortest >= 5 THEN 1 ELSE 0 END
), found AS
(
	SELECT name, other FROM near_names((SELECT array_agg(w) FROM word))
)
SELECT (SELECT count(*) > 50 FROM expected) AS enough, (SELECT count(*) FROM (TABLE expected EXCEPT TABLE found) e) AS missed, (SELECT count(*) FROM (TABLE found EXCEPT TABLE expected) f) AS false;

--
-- Whatever the session is set to, the same
--
CREATE TEMP VIEW everything AS
SELECT md5(string_agg(line, E'\n' ORDER BY line COLLATE "C")) AS digest FROM (
	SELECT concat_ws('|', value, format, try_parse_amount(value)::text, try_parse_amount(value, '1.234,56')::text, amount_problem(value)) AS line FROM amount
	UNION ALL SELECT concat_ws('|', value, format, to_char(CASE WHEN format IS NULL THEN try_parse_day(value) ELSE try_parse_day(value, format) END, 'YYYY-MM-DD')) FROM day
	UNION ALL SELECT concat_ws('|', value, format, extract(epoch FROM CASE WHEN format IS NULL THEN try_parse_time(value, time_zone) ELSE try_parse_time(value, format, time_zone) END)) FROM moment
	UNION ALL SELECT concat_ws('|', z, is_time_zone(z)) FROM unnest('{IST,CET,EST,PST,UTC,Europe/Paris}'::text[]) z) l;
CREATE FUNCTION pg_temp.digest_with(name text, setting text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config(name, setting, true);
	RETURN (SELECT digest FROM everything);
END
$$;
SELECT count(DISTINCT pg_temp.digest_with(name, setting)) FROM (VALUES ('timezone', 'UTC'), ('timezone', 'Asia/Tokyo'), ('timezone', 'America/New_York'), ('datestyle', 'SQL, DMY'), ('datestyle', 'German'), ('datestyle', 'ISO, YMD'),
	('intervalstyle', 'sql_standard'), ('extra_float_digits', '0'), ('timezone_abbreviations', 'India'), ('timezone_abbreviations', 'Australia'), ('lc_numeric', 'C')) v(name, setting);

--
-- create_mart's hint: for every type of a column and every wanted one an expression that can be run
--
SELECT actual::regtype, wanted, mart_conversion('is won', wanted, actual::regtype) FROM (VALUES ('smallint'), ('real'), ('bit'), ('text'), ('bigint'), ('jsonb'), ('money'), ('point')) v(actual),
	unnest('{text,boolean,timestamptz,date,numeric,bigint,uuid,jsonb}'::text[]) wanted
WHERE wanted = ANY (CASE actual WHEN 'smallint' THEN '{boolean,timestamptz}' WHEN 'real' THEN '{boolean}' WHEN 'bit' THEN '{boolean}' WHEN 'money' THEN '{numeric}' WHEN 'point' THEN '{text,numeric}'
	WHEN 'bigint' THEN '{timestamptz,date}' WHEN 'jsonb' THEN '{numeric,jsonb}' ELSE '{text,boolean,timestamptz,date,numeric,bigint,uuid,jsonb}' END::text[]);
SELECT mart_conversion('x', 'date', NULL), mart_conversion('x', 'date', 0::regtype), mart_conversion('Say "x', 'text', 'int'::regtype);
CREATE DOMAIN pg_temp.yes AS smallint;
SELECT mart_conversion('x', 'boolean', 'pg_temp.yes'::regtype);
CREATE FUNCTION pg_temp.run_conversions() RETURNS TABLE (actual regtype, wanted text, expression text, problem text) LANGUAGE plpgsql AS $$
DECLARE
	made regtype;
BEGIN
	FOR actual IN SELECT t.oid::regtype FROM pg_type t
		WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm', 'e') AND t.typisdefined AND t.typcategory <> 'Z'
			AND (t.typelem = 0 OR t.typname IN ('_text', '_int4', 'point', 'name'))
	LOOP
		EXECUTE format('CREATE TEMP TABLE converted ("the ""x" %s)', actual);
		FOREACH wanted IN ARRAY '{text,boolean,timestamptz,date,numeric,bigint,uuid,jsonb}'::text[] LOOP
			expression := lead_kpi.mart_conversion('the "x', wanted, actual);
			problem := pg_temp.failure(format('SELECT %s FROM converted', expression));
			IF problem = 'no error' THEN
				EXECUTE format('CREATE TEMP TABLE made AS SELECT %s AS x FROM converted', expression);
				SELECT a.atttypid INTO made FROM pg_attribute a WHERE a.attrelid = 'pg_temp.made'::regclass AND a.attnum = 1;
				DROP TABLE made;
				problem := CASE WHEN made <> wanted::regtype THEN 'makes ' || made END;
			END IF;
			IF problem IS NOT NULL THEN
				RETURN NEXT;
			END IF;
		END LOOP;
		DROP TABLE converted;
	END LOOP;
END
$$;
SELECT * FROM pg_temp.run_conversions();
