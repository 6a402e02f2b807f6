-- conversion_curve: by which age leads convert, against R and published values; every way a lead can leave.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';

CREATE FUNCTION pg_temp.outcome(event int) RETURNS text LANGUAGE sql AS $$
	SELECT (ARRAY['censored', 'converted', 'lost'])[event + 1]
$$;

-- A few leads -----------------------------------------------------------------

CREATE TEMP TABLE lead (entered_at timestamptz, converted_at timestamptz, lost_at timestamptz, observed_until timestamptz);
INSERT INTO lead VALUES
	('2026-01-01 10:00', '2026-01-01 12:00', NULL, '2026-02-01'), ('2026-01-02', '2026-01-12', NULL, '2026-02-01'),
	('2026-01-03', '2026-01-13', '2026-01-20', '2026-02-01'), ('2026-01-04', '2026-01-30', '2026-01-20', '2026-02-01'),
	('2026-01-05', '2026-01-20', '2026-01-20', '2026-02-01'),
	-- Converted after it was observed, never, and not at all.
	('2026-01-06', '2026-02-03', NULL, '2026-02-01'), ('2026-01-07', 'infinity', 'infinity', '2026-02-01'),
	('2026-01-20', NULL, NULL, '2026-02-01'), ('2026-02-01', NULL, NULL, '2026-02-01'),
	-- Converted just in time.
	('2026-01-11', '2026-02-01', NULL, '2026-02-01'),
	-- Not a lead of the curve.
	(NULL, '2026-01-30', NULL, '2026-02-01'), ('2026-01-08', '2026-01-30', NULL, NULL), ('-infinity', '2026-01-30', NULL, '2026-02-01'),
	('2026-01-08', NULL, NULL, 'infinity'), ('2026-02-02', '2026-02-05', NULL, '2026-02-01'), ('2026-01-08', '2026-01-07', NULL, '2026-02-01'),
	('2026-01-08', '-infinity', NULL, '2026-02-01'), ('2026-01-08', '2026-01-20', '2026-01-02', '2026-02-01');
CREATE TEMP TABLE small AS
SELECT conversion_curve(entered_at, converted_at, observed_until) AS c,
	conversion_curve(entered_at, converted_at, lost_at, observed_until, NULL) AS with_lost FROM lead;
SELECT c FROM small;
SELECT with_lost FROM small;
SELECT i.* FROM small, ignored(with_lost) i;
SELECT leads(c), converted(c), lost(c), censored(c), resolution(c), leads(with_lost), converted(with_lost), lost(with_lost), censored(with_lost)
FROM small;
SELECT (SELECT count(*) FROM lead) = leads(with_lost) + (SELECT sum(rows) FROM ignored(with_lost)) AS all_rows_told FROM small;
SELECT age, at_risk, converted, lost, censored, round(conversion::numeric, 6) AS conversion, round(low::numeric, 6) AS low,
	round(high::numeric, 6) AS high, round(std_error::numeric, 6) AS std_error FROM small, points(with_lost);
-- Before the first age, between two, at the last, beyond it.
SELECT within, at_risk(c, within), round(converted_within(c, within)::numeric, 6) AS converted_within, low(c, within) IS NOT NULL AS has_low
FROM (SELECT conversion_curve('3 days'::interval * n, CASE n WHEN 3 THEN 'censored' ELSE 'converted' END) AS c FROM generate_series(1, 3) n) s,
	unnest('{0,2 days,3 days,5 days 23:59:59.999999,6 days,9 days,9 days 23:00,10 days,infinity}'::text[]) WITH ORDINALITY AS t(text, n),
	LATERAL (SELECT CASE text WHEN 'infinity' THEN interval '100000000 days' ELSE text::interval END AS within) w ORDER BY n;
-- Where no lead is open any more, nothing more can come.
SELECT within, at_risk(c, within), round(converted_within(c, within)::numeric, 6) AS converted_within, round(low(c, within)::numeric, 6) AS low
FROM (SELECT conversion_curve('3 days'::interval * n, CASE n WHEN 2 THEN 'converted' ELSE 'lost' END) AS c FROM generate_series(1, 3) n) s,
	unnest('{8 days,9 days,1000 days}'::interval[]) within;

-- Ages are rounded down to the resolution; at a resolution of 0 they are exact.
SELECT resolution, resolution(c), c::jsonb -> 'ages' AS ages, c::jsonb -> 'rest' AS rest, converted_within(c, '26 hours')
FROM unnest('{0,00:00:00.000001,1 hour,24 hours,1 day,100 days}'::interval[]) resolution,
	LATERAL (SELECT conversion_curve(elapsed, 'converted', resolution) AS c FROM unnest('{26:00,25:59:59.999999,49:30:01.5,30 min}'::interval[]) elapsed) s;
-- The default, NULL and other spellings of a day are one resolution.
SELECT count(DISTINCT c::text) FROM (SELECT conversion_curve(elapsed, 'converted') AS c FROM unnest('{26:00,49:30}'::interval[]) elapsed
	UNION ALL SELECT conversion_curve(elapsed, 'converted', NULL) FROM unnest('{26:00,49:30}'::interval[]) elapsed
	UNION ALL SELECT conversion_curve(elapsed, 'converted', resolution) FROM (VALUES (interval '26:00', interval '1 day'), ('49:30', '24:00')) v(elapsed, resolution)) s;
-- As long as timestamps go.
SELECT c::jsonb -> 'ages' AS ages, points(c) FROM (SELECT conversion_curve(timestamptz '4713-01-01 BC', NULL, '294276-12-31', '0') AS c
	UNION ALL SELECT conversion_curve(timestamptz '4713-01-01 BC', '294276-12-30', '294276-12-31')) s;

-- No rows, no leads, no conversions -------------------------------------------

SELECT conversion_curve(entered_at, converted_at, observed_until) FILTER (WHERE false), rollup(NULL::conversion_curve) FROM lead;
CREATE TEMP TABLE edge AS
SELECT 'no leads' AS name, conversion_curve(NULL::interval, 'converted') AS c
UNION ALL SELECT 'no outcome', conversion_curve('1 day'::interval, NULL)
UNION ALL SELECT 'one open', conversion_curve('3 days'::interval, 'censored')
UNION ALL SELECT 'one converted', conversion_curve('3 days'::interval, 'converted')
UNION ALL SELECT 'one lost', conversion_curve('3 days'::interval, 'lost')
UNION ALL SELECT 'at once', conversion_curve('0'::interval, 'converted') FROM generate_series(1, 20);
SELECT name, leads(c), converted_within(c, '3 days') AS within_3, converted_within(c, '4 days') AS within_4, at_risk(c, '0'), at_risk(c, '3 days') AS at_risk_3,
	low(c, '3 days'), high(c, '3 days'), median(c), quantile_interval(c, 0.5), ultimate(c), (cure_model(c)).verdict, (compare(c, c)).p_value
FROM edge ORDER BY name;
SELECT name, p.* FROM edge, points(c) p ORDER BY name;
SELECT name, sum(rows) FROM edge, ignored(c) GROUP BY name HAVING sum(rows) > 0 ORDER BY name;

-- Oracles ---------------------------------------------------------------------

-- Acute myelogenous leukemia: events before censoring at equal times, Greenwood, two kinds of interval.
\set file :abs_srcdir '/oracles/survival_aml_data.csv'
\set content `cat :'file'`
CREATE TEMP TABLE aml AS
SELECT f[1] AS arm, f[2]::int AS time, f[3]::int AS event FROM pg_temp.csv(:'content') f;
CREATE TEMP TABLE aml_curve AS
SELECT arm, conversion_curve(time * interval '1 day', pg_temp.outcome(event)) AS c FROM aml GROUP BY arm;
\set file :abs_srcdir '/oracles/survival_aml_km_log_expected.csv'
\set log `cat :'file'`
\set file :abs_srcdir '/oracles/survival_aml_km_loglog_expected.csv'
\set log_log `cat :'file'`
SELECT method, count(*) AS points, count(p.low) AS bounds,
	bool_and(p.at_risk = f[3]::bigint AND p.converted = f[4]::bigint AND p.censored = f[5]::bigint) AS counts,
	max(abs(conversion - f[10]::float8)) < 1e-12 AS conversion,
	max(abs(std_error - nullif(f[7], '')::float8)) < 1e-12 AS std_error,
	bool_and((std_error IS NULL) = (f[7] = '')) AS no_error,
	max(abs(1 - p.high - nullif(f[8], '')::float8)) < 1e-11 AS high,
	max(abs(1 - p.low - nullif(f[9], '')::float8)) < 1e-11 AS low
FROM (SELECT 'log' AS method, f FROM pg_temp.csv(:'log') f UNION ALL SELECT 'log_log', f FROM pg_temp.csv(:'log_log') f) o
JOIN aml_curve ON arm = f[1], points(c, 0.95, method) p
WHERE p.age = f[2]::int * interval '1 day' GROUP BY method ORDER BY method;
SELECT arm, round(converted_within(c, '13 days')::numeric, 6) AS within_13 FROM aml_curve ORDER BY arm;

-- R 4.2, survival 3.5-3:
-- survfit(Surv(time, status) ~ x, data = aml, conf.type = "plain"), at 23 days: 0.3145 0.9128 and 0.1958 0.7764
SELECT arm, round((1 - high(c, '23 days', method => 'plain'))::numeric, 4) AS low, round((1 - low(c, '23 days', 0.95, 'plain'))::numeric, 4) AS high
FROM aml_curve ORDER BY arm;
-- quantile(survfit(Surv(time, status) ~ x, data = aml, conf.type = "log-log"), c(.25, .5)): 18 (9, 34), 31 (13, NA); 8 (5, 23), 23 (5, 33)
SELECT arm, q.*, median(c) FROM aml_curve, unnest('{0.25,0.5}'::float8[]) fraction, quantile_interval(c, fraction) q ORDER BY arm, fraction;
-- survdiff(Surv(time, status) ~ x, data = aml): observed 7, 11; expected 10.689336, 7.310664; chisq 3.396389; p 0.06533932
SELECT t.observed_a, round(t.expected_a::numeric, 6) AS expected_a, t.observed_b, round(t.expected_b::numeric, 6) AS expected_b,
	round(t.statistic::numeric, 6) AS statistic, t.degrees_of_freedom, round(t.p_value::numeric, 8) AS p_value
FROM aml_curve a, aml_curve b, compare(a.c, b.c) t WHERE a.arm < b.arm;
SELECT t.statistic = 0 AND t.p_value = 1 AND abs(t.expected_a - t.observed_b) < 1e-12 AS same FROM aml_curve, compare(c, c) t;
-- One lead that converted beside thousands is no finding (its exact p-value is 0.179).
SELECT round((compare(many, one)).p_value::numeric, 2) AS many_and_one, round((compare(one, many)).p_value::numeric, 2) AS one_and_many
FROM (SELECT conversion_curve(interval '3 days', CASE WHEN g <= 1332 THEN 'converted' ELSE 'censored' END) AS many FROM generate_series(1, 7454) g) m,
	(SELECT conversion_curve(interval '3 days', 'converted') AS one) o;

-- Leads of which 22 % convert in the end: the newest cohort shows 7.9 %.
\set file :abs_srcdir '/oracles/lead_lag_data.csv'
\set content `cat :'file'`
CREATE TEMP TABLE lag AS
SELECT f[2]::int AS created_day, f[3]::int AS asof_day, f[4]::int AS time_days, f[5] = '1' AS converted FROM pg_temp.csv(:'content') f;
CREATE TEMP TABLE lag_curve AS
SELECT conversion_curve(day0 + created_day, CASE WHEN converted THEN day0 + created_day + time_days END, day0 + asof_day) AS c
FROM lag, (VALUES (date '2026-01-01')) v(day0);
SELECT leads(c), converted(c), (SELECT sum(rows) FROM ignored(c)) AS ignored FROM lag_curve;
\set file :abs_srcdir '/oracles/lead_lag_km_expected.csv'
\set content `cat :'file'`
SELECT count(*) AS ages, bool_and(at_risk(c, within) = f[2]::bigint) AS at_risk,
	max(abs(converted_within(c, within) - f[3]::float8)) < 1e-12 AS conversion,
	max(abs(low(c, within) - f[4]::float8)) < 1e-12 AS low, max(abs(high(c, within) - f[5]::float8)) < 1e-12 AS high
FROM lag_curve, pg_temp.csv(:'content') f, LATERAL (SELECT f[1]::int * interval '1 day' AS within) w;
\set file :abs_srcdir '/oracles/lead_lag_naive_cohorts.csv'
\set content `cat :'file'`
SELECT f[1] AS cohort, f[2]::bigint = leads(c) AND f[3]::bigint = converted(c) AS counts, round(f[4]::numeric, 3) AS naive,
	round(converted_within(c, '29 days')::numeric, 3) AS within_29_days
FROM pg_temp.csv(:'content') f JOIN (
	SELECT 'm' || created_day / 30 + 1 AS cohort, conversion_curve(time_days * interval '1 day', CASE WHEN converted THEN 'converted' ELSE 'censored' END) AS c
	FROM lag GROUP BY 1) s ON cohort = f[1] ORDER BY cohort;
-- The oracle's optimizer is good for six digits; the exponential model's likelihood solved to 30 digits elsewhere gives the last line.
\set file :abs_srcdir '/oracles/lead_lag_cure_model_expected.csv'
\set content `cat :'file'`
SELECT model, m.verdict, round(m.ultimate::numeric, 4) AS ultimate, m.ultimate = ultimate(c, model) AS same,
	abs(m.ultimate / f[2]::float8 - 1) < 2e-7 AS equal, abs(m.rate_per_day / f[3]::float8 - 1) < 5e-7 AS rate, abs(m.shape / f[4]::float8 - 1) < 2e-6 AS shape,
	abs(m.log_likelihood - f[5]::float8) < 1e-5 AS log_likelihood,
	abs(m.low / f[6]::float8 - 1) < 2e-7 AS low, abs(m.high / f[7]::float8 - 1) < 2e-7 AS high
FROM lag_curve, pg_temp.csv(:'content') f, LATERAL (SELECT split_part(f[1], '_', 1) AS model) n, cure_model(c, model) m ORDER BY model;
SELECT abs(ultimate(c, 'exponential') / 0.21185879697980719 - 1) < 1e-10 AS ultimate, abs(m.rate_per_day / 0.040143301027468235 - 1) < 1e-9 AS rate
FROM lag_curve, cure_model(c, 'exponential') m;
SELECT ultimate(c) = ultimate(c, 'weibull') AS weibull_by_default, m.median_lag > '16 days' AND m.median_lag < '18 days' AS median_lag,
	round(m.seen::numeric, 3) AS seen, m.low < l.low AND m.high > l.high AS wider
FROM lag_curve, cure_model(c) m, cure_model(c, level => 0.5) l;

-- R: d <- data.frame(t = c(1,1,2,3,3,3,4,5,5,6,7,7,8,9,10,10,11,12,13,14), s = factor(c("c","l","c","c","l","n","c","l",
-- "n","c","n","l","c","c","l","n","n","c","n","n"), levels = c("n","c","l"))); survfit(Surv(t, s) ~ 1, d, conf.type = "log-log")
CREATE TEMP TABLE competing AS
SELECT conversion_curve(t * interval '1 day', pg_temp.outcome(position(s IN 'cl'))) AS c
FROM unnest('{1,1,2,3,3,3,4,5,5,6,7,7,8,9,10,10,11,12,13,14}'::int[], string_to_array('clcclnclncnlcclnncnn', NULL)) u(t, s);
SELECT method, count(*), max(abs(conversion - p)) < 1e-10 AS conversion, max(abs(std_error - e)) < 1e-10 AS std_error,
	max(abs(coalesce(low(c, age, method => method), 0) - l)) < 1e-9 AS low, max(abs(high(c, age, 0.95, method) - h)) < 1e-9 AS high
FROM competing, points(c), (VALUES
	('log_log', 1, 0.0500000000, 0.04873397172, 0.003454016085, 0.2052992946), ('log_log', 3, 0.1500000000, 0.07984359711, 0.037330791937, 0.3346644265),
	('log_log', 6, 0.2620129870, 0.10132695542, 0.094543289657, 0.4674130279), ('log_log', 9, 0.3935064935, 0.11786608224, 0.173737638256, 0.6083541803),
	('log_log', 14, 0.5030844156, 0.13454296022, 0.229150986122, 0.7259097715), ('log', 6, 0.2620129870, 0.10132695542, 0.122784050625, 0.5591182651),
	('log', 13, 0.5030844156, 0.13454296022, 0.297850819135, 0.8497338699), ('plain', 3, 0.1500000000, 0.07984359711, 0, 0.3064905747),
	('plain', 12, 0.5030844156, 0.13454296022, 0.23938505919, 0.7667837720)) v(method, t, p, e, l, h)
WHERE age = t * interval '1 day' GROUP BY method ORDER BY method;

-- The formulas written out ----------------------------------------------------

-- 3 000 leads rich in ties, with and without losses; outcome 0: censored.
CREATE TEMP TABLE lot AS
SELECT n, (h & 63) * ((h >> 6) & 3) AS age, CASE WHEN (h >> 8) % 10 < 4 THEN 1 WHEN (h >> 8) % 10 < 6 THEN 2 ELSE 0 END AS event, (h >> 20) % 86400 AS second, (h >> 40) & 7 AS part
FROM (SELECT n, abs(hashint8extended(n, 11)) AS h FROM generate_series(1, 3000) n) s;
CREATE TEMP VIEW kind AS SELECT kind, n, age, second, part, CASE WHEN kind = 'lost is censored' AND event = 2 THEN 0 ELSE event END AS event
FROM lot, unnest('{lost is censored,competing}'::text[]) kind;
CREATE TEMP TABLE lot_curve AS
SELECT kind, conversion_curve(age * interval '1 day' + second * interval '1 second', pg_temp.outcome(event)) AS c FROM kind GROUP BY kind;
-- Kaplan-Meier by logarithms, Aalen-Johansen as the sum of S(t-) d/n, and the variance by the sums of the literature.
CREATE TEMP TABLE naive AS
WITH at AS (
	SELECT kind, age, count(*) FILTER (WHERE event = 1) AS d, count(*) FILTER (WHERE event = 2) AS l, count(*) FILTER (WHERE event = 0) AS o,
		(sum(count(*)) OVER (PARTITION BY kind ORDER BY age DESC))::float8 AS n
	FROM kind GROUP BY kind, age),
s AS (
	SELECT *, exp(coalesce(sum(ln(1 - (d + l) / n)) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS open_before
	FROM at WHERE n > d + l WINDOW w AS (PARTITION BY kind ORDER BY age)),
f AS (SELECT *, sum(open_before * d / n) OVER (PARTITION BY kind ORDER BY age) AS f FROM s)
SELECT a.kind, a.age, a.n, a.d, a.l, a.o, a.f,
	sum((a.f - b.f) ^ 2 * (b.d + b.l) / (b.n * (b.n - b.d - b.l)) + b.open_before ^ 2 * (b.n - b.d) * b.d / b.n ^ 3
		- 2 * (a.f - b.f) * b.open_before * b.d / b.n ^ 2) AS variance
FROM f a JOIN f b ON a.kind = b.kind AND b.age <= a.age GROUP BY a.kind, a.age, a.n, a.d, a.l, a.o, a.f;
SELECT kind, count(*) > 100 AS many, bool_and(p.at_risk = n AND p.converted = d AND p.lost = l AND p.censored = o) AS counts,
	max(abs(conversion - f)) < 1e-12 AS conversion, max(abs(std_error ^ 2 - variance)) < 1e-14 AS variance,
	bool_and(low < conversion AND conversion < high) AS inside
FROM naive JOIN lot_curve USING (kind), points(c) p WHERE p.age = naive.age * interval '1 day' GROUP BY kind ORDER BY kind;
SELECT kind, count(*) = (SELECT count(DISTINCT age) FROM lot) AS all_ages,
	bool_and(conversion = converted_within(c, age) AND (low, high) IS NOT DISTINCT FROM (low(c, age), high(c, age)) AND p.std_error IS NOT DISTINCT FROM std_error(c, age) AND p.at_risk = at_risk(c, age)) AS same_by_age,
	bool_and(conversion >= before) AS grows
FROM lot_curve, LATERAL (SELECT *, lag(conversion, 1, 0) OVER (ORDER BY age) AS before FROM points(c)) p GROUP BY kind ORDER BY kind;
-- From a level next to zero to one next to one: numbers around the estimate, farther from it as the level rises.
SELECT kind, method, count(*) > 1000 AS many, count(*) FILTER (WHERE NOT (low >= 0 AND low <= conversion + 1e-15 AND high >= conversion - 1e-15 AND high <= 1)) AS outside,
	count(*) FILTER (WHERE wider_low > low + 1e-15 OR wider_high < high - 1e-15) AS not_nested
FROM (SELECT kind, method, p.*, lead(low) OVER w AS wider_low, lead(high) OVER w AS wider_high
	FROM lot_curve, unnest('{log_log,log,plain}'::text[]) method, unnest('{5e-324,1e-300,1e-162,1e-30,1e-15,1e-6,0.5,0.95,0.999999999,0.9999999999999999}'::float8[]) level,
		points(c, level, method) p WINDOW w AS (PARTITION BY kind, method, age ORDER BY level)) s GROUP BY kind, method ORDER BY kind, method;
-- A quantile is the first age that reaches it; its bounds are those of the curve.
SELECT kind, fraction, q.quantile = first.quantile AND q.quantile = quantile(c, fraction) AS quantile, q.low = first.low AS low, q.high = first.high AS high
FROM lot_curve, unnest('{0.05,0.1,0.25}'::float8[]) fraction, quantile_interval(c, fraction, 0.9, 'plain') q,
	LATERAL (SELECT min(age) FILTER (WHERE conversion >= fraction) AS quantile, min(age) FILTER (WHERE high >= fraction) AS low,
		min(age) FILTER (WHERE low >= fraction) AS high FROM points(c, 0.9, 'plain')) first ORDER BY kind, fraction;
-- Of 10 leads one converts a day: rounding must not carry a quantile to the next.
SELECT bool_and(quantile(c, n / 10.0) = n * interval '1 day') AS exact
FROM (SELECT conversion_curve(n * interval '1 day', 'converted') AS c FROM generate_series(1, 10) n) s, generate_series(1, 10) n;

-- The log-rank test of two halves, written out.
WITH half AS (SELECT part < 4 AS a, age, count(*) FILTER (WHERE event = 1) AS d, count(*) AS gone FROM lot GROUP BY 1, 2),
at AS (
	SELECT age, sum(d)::float8 AS d, (sum(sum(gone)) OVER w)::float8 AS n, coalesce(sum(d) FILTER (WHERE a), 0)::float8 AS d_a, (sum(sum(gone) FILTER (WHERE a)) OVER w)::float8 AS n_a
	FROM half GROUP BY age WINDOW w AS (ORDER BY age DESC)),
test AS (SELECT sum(d_a) AS observed, sum(d * n_a / n) AS expected, sum(d * (n_a / n) * (1 - n_a / n) * (n - d) / nullif(n - 1, 0)) AS variance FROM at)
SELECT t.observed_a = observed AS observed, abs(t.expected_a - expected) < 1e-9 AS expected, abs(t.statistic - (observed - expected) ^ 2 / variance) < 1e-9 AS statistic,
	abs(t.observed_a + t.observed_b - t.expected_a - t.expected_b) < 1e-9 AS adds_up, t.p_value BETWEEN 0.0001 AND 0.9999 AS p_value,
	abs(t.statistic - r.statistic) < 1e-9 AND t.p_value - r.p_value < 1e-9 AND t.observed_a = r.observed_b AS symmetric
FROM test, (SELECT conversion_curve(age * interval '1 day', pg_temp.outcome(event)) FILTER (WHERE part < 4) AS a,
	conversion_curve(age * interval '1 day', pg_temp.outcome(event)) FILTER (WHERE part >= 4) AS b FROM lot) s, compare(a, b) t, compare(b, a) r;

-- Adding up -------------------------------------------------------------------

CREATE TEMP TABLE row_curve AS SELECT kind, n, part, conversion_curve(age * interval '1 day' + second * interval '1 second', pg_temp.outcome(event)) AS c FROM kind GROUP BY kind, n, part;
CREATE TEMP TABLE way AS
SELECT 'whole' AS way, kind, c FROM lot_curve
UNION ALL SELECT 'backwards', kind, conversion_curve(age * interval '1 day' + second * interval '1 second', pg_temp.outcome(event) ORDER BY n DESC) FROM kind GROUP BY kind
UNION ALL SELECT 'oldest first', kind, conversion_curve(age * interval '1 day' + second * interval '1 second', pg_temp.outcome(event) ORDER BY age DESC) FROM kind GROUP BY kind
UNION ALL SELECT 'rollup of rows', kind, rollup(c) FROM row_curve GROUP BY kind
UNION ALL SELECT 'rollup of rollups', kind, rollup(c) FROM (SELECT kind, rollup(c ORDER BY n DESC) AS c FROM row_curve GROUP BY kind, part) s GROUP BY kind
UNION ALL SELECT 'rollup of texts', kind, rollup(c::text::conversion_curve) FROM row_curve GROUP BY kind
UNION ALL SELECT '+', a.kind, b.c + a.c FROM (SELECT kind, rollup(c) AS c FROM row_curve WHERE part < 3 GROUP BY kind) a
	JOIN (SELECT kind, rollup(c) AS c FROM row_curve WHERE part >= 3 GROUP BY kind) b USING (kind)
UNION ALL SELECT 'from timestamps', kind, conversion_curve(entered, CASE WHEN event = 1 THEN left_at END, CASE WHEN event = 2 THEN left_at END,
		CASE WHEN event = 0 THEN left_at ELSE timestamptz '2026-12-31' END, '1 day')
	FROM kind, LATERAL (SELECT timestamptz '2026-01-01' + n % 77 * interval '1 hour' AS entered) e, LATERAL (SELECT entered + age * interval '1 day' + second * interval '1 second' AS left_at) l GROUP BY kind;
SELECT way, bool_and(w.c::text = l.c::text) AS same, bool_and(conversion_curve_send(w.c) = conversion_curve_send(l.c)) AS same_bytes, count(*)
FROM way w JOIN lot_curve l USING (kind) GROUP BY way ORDER BY way;
-- A rollup under way, whose ages are in the order of arrival, reads the same.
SELECT bool_and((SELECT sum(p.at_risk) FROM points(c) p) = (SELECT sum(p.at_risk) FROM points(c::text::conversion_curve) p) AND median(c) IS NOT DISTINCT FROM median(c::text::conversion_curve)) AS same
FROM (SELECT rollup(c) OVER (ORDER BY hashint8extended(n, 3)) AS c FROM row_curve WHERE n < 100 AND kind = 'competing') s;
-- Text is read quicker where it is as printed: otherwise spelled it is the same curve.
SELECT bool_and(c::text::conversion_curve::text = c::text AND replace(c::text, ', ', ',')::conversion_curve::text = c::text
	AND (c::text::jsonb || '{}')::text::conversion_curve::text = c::text) AS same FROM row_curve;
SELECT (c + NULL) IS NULL AS right_null, (NULL + c) IS NULL AS left_null, leads(c + c) = 2 * leads(c) AS twice, c::jsonb ->> 'version' AS version
FROM lot_curve WHERE kind = 'competing';
-- Rows left out and seconds left over add up too.
SELECT (with_lost + with_lost)::jsonb -> 'ignored' AS ignored, (s.d + s.d)::jsonb -> 'rest' AS rest
FROM small, (SELECT conversion_curve('1 day 00:00:07.5'::interval, 'lost') AS d) s;

-- The end of the story --------------------------------------------------------

-- Three in ten convert after a lag of 10 days on average, spread evenly over its quantiles; observed for 100 days.
CREATE TEMP TABLE story AS
SELECT 'levelled off' AS name, conversion_curve(least(t, 100) * interval '1 day', CASE WHEN t <= 100 THEN 'converted' ELSE 'censored' END, resolution) AS c, resolution
FROM (SELECT CASE WHEN n % 10 < 3 THEN -10 * ln(1 - (n - 0.5) / 2000) ELSE 'infinity' END AS t FROM generate_series(1, 2000) n) s, unnest('{0,1 hour,1 day,7 days}'::interval[]) resolution GROUP BY resolution
UNION ALL SELECT 'cut off early', conversion_curve(least(t, 4) * interval '1 day', CASE WHEN t <= 4 THEN 'converted' ELSE 'censored' END, '1 hour'), '1 hour'
FROM (SELECT CASE WHEN n % 10 < 3 THEN -10 * ln(1 - (n - 0.5) / 2000) ELSE 'infinity' END AS t FROM generate_series(1, 2000) n) s
UNION ALL SELECT 'all convert', conversion_curve(least(t, 200) * interval '1 day', CASE WHEN t <= 200 THEN 'converted' ELSE 'censored' END), '1 day'
FROM (SELECT -10 * ln(1 - (n - 0.5) / 2000) AS t FROM generate_series(1, 2000) n) s
UNION ALL SELECT 'all convert or are lost', conversion_curve(t * interval '1 day', CASE WHEN n % 4 = 0 THEN 'converted' ELSE 'lost' END), '1 day'
FROM (SELECT n, -10 * ln(1 - (n - 0.5) / 2000) AS t FROM generate_series(1, 2000) n) s
UNION ALL SELECT 'nine conversions', conversion_curve(n * interval '1 day', CASE WHEN n < 10 THEN 'converted' ELSE 'censored' END), '1 day' FROM generate_series(1, 90) n
UNION ALL SELECT 'one day', conversion_curve('5 days', CASE WHEN n % 2 = 0 THEN 'converted' ELSE 'censored' END), '1 day' FROM generate_series(1, 90) n
UNION ALL SELECT 'first unit only', conversion_curve('1 hour', CASE WHEN n % 2 = 0 THEN 'converted' ELSE 'censored' END), '1 day' FROM generate_series(1, 90) n;
-- The unit in which ages are counted hardly matters.
SELECT name, resolution, model, m.verdict, round(m.ultimate::numeric, 2) AS ultimate, m.low < m.ultimate AND m.ultimate < m.high AS inside,
	round(m.rate_per_day::numeric, 2) AS rate, round(m.shape::numeric, 1) AS shape, round(m.seen::numeric, 2) AS seen
FROM story, unnest('{exponential,weibull}'::text[]) model, cure_model(c, model) m ORDER BY name, resolution, model;
SELECT name, ultimate(c, 'exponential') IS NULL AS is_null FROM story WHERE resolution = '1 day' ORDER BY name;
-- The test of the plateau gains certainty with leads, also where the curve ends before half of what is to come.
SELECT name, copies, m.verdict, round(m.ultimate::numeric, 3) AS ultimate
FROM (SELECT name, copies, rollup(c) AS c FROM (
	SELECT 'half seen' AS name, 2 AS most, conversion_curve(least(t, 15) * interval '1 day', CASE WHEN t <= 15 THEN 'converted' ELSE 'censored' END, '1 hour') AS c
		FROM (SELECT CASE WHEN n % 10 < 3 THEN -10 * ln(1 - (n - 0.5) / 100) ELSE 'infinity' END AS t FROM generate_series(1, 100) n) s
	UNION ALL SELECT 'less than half', 200, c FROM story WHERE name = 'cut off early') part,
		unnest(ARRAY[1, most]) copies, generate_series(1, copies) GROUP BY name, copies) s, cure_model(c, 'exponential') m ORDER BY name, copies;
-- Within a unit, what is known of the time is its mean: that is enough.
SELECT abs(max(m.ultimate) - min(m.ultimate)) < 0.001 AS ultimate, max(m.rate_per_day) / min(m.rate_per_day) < 1.01 AS rate
FROM (SELECT conversion_curve(least(t, seen) * interval '1 day', CASE WHEN t <= seen THEN 'converted' ELSE 'censored' END, resolution) AS c
	FROM (SELECT CASE WHEN n % 10 < 3 THEN -10 * ln(1 - (n * 601 % 2003 + 0.5) / 2003) ELSE 'infinity' END AS t, 40 * (n * 389 % 1999 + 0.5) / 1999 AS seen
		FROM generate_series(1, 2000) n) s, unnest('{0,1 day}'::interval[]) resolution GROUP BY resolution) s, cure_model(c, 'exponential') m;
-- A curve of two causes; the same likelihood maximized elsewhere (scipy): 0.24622549, interval 0.22988676 to 0.26332839, shape 1.258123, rate 0.05136754, -9543.302734.
CREATE TEMP TABLE causes AS
SELECT conversion_curve(floor(least(t, seen)) * interval '1 day', CASE WHEN t > seen THEN 'censored' WHEN u < 0.25 THEN 'converted' ELSE 'lost' END) AS c
FROM (SELECT u, CASE WHEN u < 0.25 THEN 20 * (-ln(v)) ^ (1 / 1.3) WHEN u < 0.75 THEN 45 * (-ln(v)) ^ (1 / 0.8) ELSE 'infinity' END AS t, 150 * w AS seen
	FROM (SELECT (n - 0.5) / 3000 AS u, ((n * 1789) % 3000 + 0.5) / 3000 AS v, ((n * 977) % 3000 + 0.5) / 3000 AS w FROM generate_series(1, 3000) n) s) s;
SELECT leads(c), converted(c), lost(c), m.verdict, round(m.ultimate::numeric, 6) AS ultimate, round(m.low::numeric, 6) AS low, round(m.high::numeric, 6) AS high,
	round(m.shape::numeric, 4) AS shape, round(m.rate_per_day::numeric, 5) AS rate, round(m.log_likelihood::numeric, 3) AS log_likelihood FROM causes, cure_model(c) m;
-- Lags of one day or two have no greatest likelihood; the curve shows its end all the same, where enough leads were open for long enough after it.
SELECT what, verdict, round(ultimate::numeric, 4) AS ultimate, round(low::numeric, 4) AS low, round(high::numeric, 4) AS high, median_lag, seen, shape IS NULL AS no_lag
FROM (SELECT what, conversion_curve(age * interval '1 day', outcome) AS c FROM (VALUES
	('two days', '{0,1}'::int[], 2000, '{60}'::int[], 6000, '{}'::int[], 0), ('the second day', '{1}', 4000, '{60}', 6000, '{}', 0), ('one late day', '{7}', 4000, '{60}', 6000, '{}', 0),
	('one late day, a day ago', '{7}', 4000, '{8}', 6000, '{}', 0), ('all on one day', '{0}', 4000, '{}', 0, '{}', 0), ('all on a late day', '{7}', 40, '{}', 0, '{}', 0), ('all on two days', '{0,1}', 40, '{}', 0, '{}', 0),
	('few, young', '{0,1}', 10, '{2}', 60, '{}', 0), ('open the same day', '{0}', 100, '{0}', 600, '{}', 0), ('with losses', '{0,1}', 2000, '{60}', 3000, '{5,9}', 1500), ('all gone', '{0,1}', 2000, '{}', 0, '{0,1}', 1500),
	('ages of all kinds', '{0,1}', 50, '{1,2,3,4,5,6,7,8,9,10}', 60, '{}', 0)) v(what, converting, converted, open, censored, losing, lost),
	LATERAL (SELECT age, 'converted' AS outcome FROM unnest(converting) age, generate_series(1, converted) UNION ALL SELECT age, 'censored' FROM unnest(open) age, generate_series(1, censored)
		UNION ALL SELECT age, 'lost' FROM unnest(losing) age, generate_series(1, lost)) s GROUP BY what) x, cure_model(c)
ORDER BY what COLLATE "C";

-- What is refused -------------------------------------------------------------

SELECT pg_temp.failure('SELECT ' || call) FROM unnest(ARRAY[
	$$conversion_curve(now(), NULL, now(), '1 month')$$, $$conversion_curve(now(), NULL, now(), '-1 day')$$,
	$$conversion_curve(now(), NULL, now(), '2000000000 days')$$,
	$$conversion_curve(now(), NULL, NULL, now(), '1 year')$$,
	$$conversion_curve(now(), NULL, now(), n * interval '1 day') FROM generate_series(1, 2) n$$,
	$$conversion_curve(now(), NULL, now(), CASE n WHEN 1 THEN interval '2 days' END) FROM generate_series(1, 2) n$$,
	$$conversion_curve('1 month'::interval, 'lost')$$, $$conversion_curve('-1 day'::interval, 'lost')$$,
	$$conversion_curve('1 day'::interval, 'won')$$, $$conversion_curve('1 day'::interval, '')$$, $$conversion_curve('1 day'::interval, 'converte')$$,
	$$converted_within(c, '1 month') FROM small$$, $$converted_within(c, '-1 day') FROM small$$, $$at_risk(c, '1 year') FROM small$$,
	$$low(c, '1 day', 95) FROM small$$, $$high(c, '1 day', 'NaN') FROM small$$, $$low(c, '1 day', 0.95, 'wilson') FROM small$$, $$high(c, '1 day', 0.95, 'lo') FROM small$$,
	$$points(c, 0) FROM small$$, $$points(c, 0.5, '') FROM small$$, $$quantile(c, 0) FROM small$$, $$quantile(c, 50) FROM small$$, $$quantile(c, 'NaN') FROM small$$,
	$$quantile_interval(c, 0.5, 1) FROM small$$, $$quantile_interval(c, 0.5, 0.9, 'x') FROM small$$, $$ultimate(c, 'lognormal') FROM small$$, $$cure_model(c, level => 2) FROM small$$,
	$$a + b FROM (SELECT conversion_curve('1 day'::interval, 'lost', '1 hour') AS a, conversion_curve('1 day'::interval, 'lost') AS b) s$$,
	$$rollup(c) FROM (SELECT conversion_curve('1 day'::interval, 'lost', n * interval '1 hour') AS c FROM generate_series(1, 2) n GROUP BY n) s$$,
	$$compare(a, b) FROM (SELECT conversion_curve('1 day'::interval, 'lost', '1 hour') AS a, conversion_curve('1 day'::interval, 'lost') AS b) s$$]) call;
SELECT converted_within(NULL, '1 day'), low(c, NULL), high(c, '1 day', NULL), median(NULL), quantile(c, NULL), ultimate(c, NULL), cure_model(NULL), compare(c, NULL), at_risk(c, NULL) FROM small;

-- The text form.
CREATE FUNCTION pg_temp.curve(ages text, resolution text DEFAULT '86400000000', rest text DEFAULT '{"converted": 0, "lost": 0, "censored": 0}') RETURNS text LANGUAGE sql AS $$
	SELECT format('{"version": 1, "resolution": %s, "ignored": {"null_time": 0, "infinite_time": 0, "null_outcome": 0, "entered_after_observed": 0, "converted_before_entered": 0, "lost_before_entered": 7}, "rest": %s, "ages": %s}', resolution, rest, ages)
$$;
SELECT pg_temp.curve('[[0, 1, 2, 3], [5, 0, 0, 1]]')::conversion_curve;
SELECT leads(pg_temp.curve('[[106751991, 9223372036854775807, 0, 0]]')::conversion_curve);
SELECT pg_temp.failure(format('SELECT %L::lead_kpi.conversion_curve', input)) FROM unnest(ARRAY[
	'', '[]', '{}', '1', 'null', '{"version": 2}', '{"version": 1}', pg_temp.curve('[]', '0'), pg_temp.curve('[]', '1.5'), pg_temp.curve('[]', '9223372036854775808'), pg_temp.curve('[]', '"1"'),
	pg_temp.curve('{}'), pg_temp.curve('7'), pg_temp.curve('[1]'), pg_temp.curve('[[1, 2, 3]]'), pg_temp.curve('[[1, 2, 3, 4, 5]]'), pg_temp.curve('[{"age": 1}]'),
	pg_temp.curve('[[1, -1, 3, 4]]'), pg_temp.curve('[[1, 1, 3, "4"]]'), pg_temp.curve('[[1, 0, 0, 0]]'), pg_temp.curve('[[2, 1, 0, 0], [1, 1, 0, 0]]'), pg_temp.curve('[[2, 1, 0, 0], [2, 1, 0, 0]]'),
	pg_temp.curve('[[106751992, 1, 0, 0]]'), pg_temp.curve('[[1, 9223372036854775807, 1, 0]]'), pg_temp.curve('[[1, 9223372036854775807, 0, 0], [2, 1, 0, 0]]'),
	pg_temp.curve('[[1, 1, 0, 0]]', rest => '{}'), pg_temp.curve('[[1, 1, 0, 0]]', rest => '[]'), pg_temp.curve('[[1, 1, 0, 0]]', rest => '{"converted": 86400, "lost": 0, "censored": 0}'),
	pg_temp.curve('[[0, 1, 0, 0]]', rest => '{"converted": 1, "lost": 0, "censored": 0}'), pg_temp.curve('[[1, 1, 0, 0]]', rest => '{"converted": 0, "lost": 1, "censored": 0}'),
	replace(pg_temp.curve('[]'), '"lost_before_entered": 7', '"lost_before_entered": -7'), replace(pg_temp.curve('[]'), '"null_time": 0, ', ''), replace(pg_temp.curve('[]'), '"ages"', '"age"')]) input;
SELECT pg_temp.failure(format('SELECT a %s FROM (SELECT pg_temp.curve(%L)::lead_kpi.conversion_curve AS a) s', what, '[[1, 9223372036854775807, 0, 0]]'))
FROM unnest('{+ a}'::text[]) what;

-- Parts -------------------------------------------------------------------------

-- Random leads cut into parts of all sizes at random, to the microsecond, by hours and by days: added up in any order they are the whole; each taken out leaves the others.
CREATE TEMP TABLE cut_lead AS
SELECT resolution, seed, trunc(8 * ((h >> 40) % 1000 / 1000.0) ^ 3) AS part, round(exp((h >> 4) % 100000 / 1e5 * 15) * 1e6 + (h >> 4) % 7) * interval '1 microsecond' AS elapsed, pg_temp.outcome((h % 3)::int) AS outcome
FROM unnest('{0,1 hour,1 day}'::interval[]) resolution, generate_series(1, 12) seed, generate_series(1, seed * seed * 25) n, LATERAL (SELECT hashint8extended(n * 1000 + seed, 11) & 9223372036854775807 AS h) k;
CREATE TEMP TABLE cut AS SELECT resolution, seed, part, conversion_curve(elapsed, outcome, resolution) AS c FROM cut_lead GROUP BY 1, 2, 3;
CREATE TEMP TABLE whole AS SELECT resolution, seed, conversion_curve(elapsed, outcome, resolution) AS c FROM cut_lead GROUP BY 1, 2;
SELECT resolution, count(*) AS wholes, count(*) FILTER (WHERE conversion_curve_send(w.c) = conversion_curve_send(up)) AS up, count(*) FILTER (WHERE conversion_curve_send(w.c) = conversion_curve_send(down)) AS down,
	count(*) FILTER (WHERE w.c::text = up::text AND at_risk(w.c, '7 hours') = at_risk(up, '7 hours')) AS read_while_added
FROM whole w, LATERAL (SELECT rollup(c ORDER BY part) AS up, rollup(c ORDER BY part DESC) AS down FROM cut c WHERE (c.resolution, c.seed) = (w.resolution, w.seed)) r GROUP BY resolution ORDER BY resolution;
SELECT resolution, count(*) AS parts, count(*) FILTER (WHERE conversion_curve_send(subtract(w.c, c.c)) = conversion_curve_send((SELECT rollup(o.c) FROM cut o WHERE (o.resolution, o.seed) = (c.resolution, c.seed) AND o.part <> c.part))) AS same
FROM whole w JOIN cut c USING (resolution, seed) WHERE (SELECT count(*) FROM cut o WHERE (o.resolution, o.seed) = (c.resolution, c.seed)) > 1 GROUP BY resolution ORDER BY resolution;
-- Workers hand over tables of ages, which are added as lists are.
SELECT count(*) AS curves, count(*) FILTER (WHERE conversion_curve_send(whole.c) = conversion_curve_send(twice.c)) AS same
FROM (SELECT resolution, seed, (c + c) + c AS c FROM whole) whole JOIN (SELECT resolution, seed, conversion_curve(elapsed, outcome, resolution) AS c FROM cut_lead, generate_series(1, 3) GROUP BY 1, 2) twice USING (resolution, seed);
SELECT subtract(c, c)::jsonb -> 'ages' AS nothing, subtract(c, NULL) IS NULL AS nulls FROM whole WHERE seed = 1 AND resolution = '1 day';
SELECT pg_temp.failure(format('SELECT lead_kpi.subtract(lead_kpi.conversion_curve(%s), lead_kpi.conversion_curve(%s))', whole, part))
FROM (VALUES ('interval ''2 days'', ''lost''', 'interval ''2 days'', ''converted'''), ('interval ''2 days'', ''lost''', 'interval ''3 days'', ''lost'''), ('interval ''2 days'', ''lost''', 'NULL::interval, ''lost'''),
	('interval ''2 days'', ''lost''', 'interval ''49 hours'', ''lost'''), ('interval ''2 days'', ''lost''', 'interval ''2 days'', ''lost'', ''1 hour''')) v(whole, part);

--
-- Several ages in one walk: what is said of each alone, in any order
--
SELECT name, count(*) AS ages, count(*) FILTER (WHERE (p.at_risk, p.conversion, p.low, p.high) IS NOT DISTINCT FROM
	(at_risk(c, p.age), converted_within(c, p.age), low(c, p.age), high(c, p.age))) AS alike,
	count(*) FILTER (WHERE p.converted = (SELECT coalesce(sum(q.converted), 0) FROM points(c) q WHERE q.age <= p.age)) AS counted
FROM (SELECT name, c FROM edge UNION ALL SELECT 'competing', c FROM competing) e(name, c),
	points_at(c, '{0,1 day,3 days,3 days 12 hours,2 days,30 days,100000 days,0}') p
GROUP BY name ORDER BY name;
SELECT * FROM edge, points_at(c, '{}') p;
SELECT points_at(c, '{1 day,NULL}') FROM edge;
SELECT points_at(c, '{1 month}') FROM edge;
SELECT points_at(c, '{-1 day}') FROM edge;
