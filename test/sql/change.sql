-- change: why revenue, a rate or a product changed, against published values, naive SQL and the rules of the parts.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- Numbers that look random and are the same everywhere: from 0 to below "below".
CREATE FUNCTION pg_temp.pick(n bigint, salt bigint, below bigint) RETURNS bigint LANGUAGE sql
	RETURN ((hashint8extended(n, salt) >> 8) & 1099511627775) % below;

--
-- One product: every published value
--
\set file :abs_srcdir '/oracles/decomposition_lmdi_shapley_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE factor AS
SELECT f[1]::integer AS example, f[2]::integer AS factor, f[3]::numeric AS x0, f[4]::numeric AS x1, f[5]::numeric AS revenue0,
	f[6]::numeric AS revenue1, f[7]::numeric AS lmdi, f[8]::numeric AS ratio, f[9]::numeric AS shapley
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n), string_to_array(line, ',') f WHERE n > 1 AND line <> '';
WITH product AS (
	SELECT example, array_agg(x0 ORDER BY factor) AS before, array_agg(x1 ORDER BY factor) AS after,
		min(revenue0) AS revenue0, min(revenue1) AS revenue1
	FROM factor GROUP BY example
), computed AS (
	SELECT p.example, p.revenue0, p.revenue1, l.factor, l.lmdi, s.shapley, sum(l.lmdi) OVER w = revenue1 - revenue0 AS lmdi_adds_up,
		sum(s.shapley) OVER w = revenue1 - revenue0 AS shapley_adds_up
	FROM product p, unnest(product_change(before, after)) WITH ORDINALITY l(lmdi, factor)
		JOIN unnest(product_change(before, after, 'Shapley')) WITH ORDINALITY s(shapley, factor) USING (factor)
	WINDOW w AS (PARTITION BY p.example)
)
SELECT example, count(*) AS factors, bool_and(lmdi_adds_up) AS lmdi_adds_up, bool_and(shapley_adds_up) AS shapley_adds_up,
	count(*) FILTER (WHERE abs(c.lmdi - f.lmdi) <= 1e-10) AS lmdi,
	count(*) FILTER (WHERE abs(c.shapley - f.shapley) <= 1e-10) AS shapley,
	-- An effect over the logarithmic mean of the products is the logarithm of the factor's ratio.
	count(*) FILTER (WHERE f.revenue0 = f.revenue1
		OR abs(exp(c.lmdi * ln(f.revenue1 / f.revenue0) / (f.revenue1 - f.revenue0)) - f.ratio) <= 1e-11) AS ratio
FROM factor f FULL JOIN computed c USING (example, factor) GROUP BY example ORDER BY example;
-- The examples of three factors are leads, conversion and basket.
SELECT example, bool_and((abs(volume - f[1]) <= 1e-10, abs(conversion - f[2]) <= 1e-10, abs(basket - f[3]) <= 1e-10) = (true, true, true)) AS equal,
	bool_and(volume + conversion + basket = total AND total = revenue1 - revenue0) AS adds_up
FROM (SELECT example, max(x0) FILTER (WHERE factor = 1) AS leads0, max(x1) FILTER (WHERE factor = 1) AS leads1,
		round(max(x0) FILTER (WHERE factor = 1) * max(x0) FILTER (WHERE factor = 2)) AS sales0,
		round(max(x1) FILTER (WHERE factor = 1) * max(x1) FILTER (WHERE factor = 2)) AS sales1, max(revenue0) AS revenue0, max(revenue1) AS revenue1,
		array_agg(lmdi ORDER BY factor) AS lmdi, array_agg(shapley ORDER BY factor) AS shapley
	FROM factor GROUP BY example HAVING count(*) = 3) e, LATERAL (VALUES ('lmdi', lmdi), ('shapley', shapley)) v(method, f),
	revenue_change(leads0, sales0, revenue0, leads1, sales1, revenue1, method)
GROUP BY example ORDER BY example;

-- The article: 400 then 800 leads, closing 15 % then 6 %; scenario A against scenario B.
SELECT round(volume, 2) AS volume, round(conversion, 2) AS conversion, round(basket, 2) AS basket, total, volume + conversion + basket = total AS adds_up
FROM (VALUES (400, 60, 60000, 800, 48, 48000), (1000, 30, 150000, 300, 45, 360000)) v(l0, s0, r0, l1, s1, r1), revenue_change(l0, s0, r0, l1, s1, r1);

-- Exact for any money: the effects add up in numeric, both ways round, by both methods; and one factor alone has the whole effect.
WITH input AS (
	SELECT n, method, pg_temp.pick(n, 1, 1000)::numeric AS l0, pg_temp.pick(n, 2, 1000)::numeric AS l1,
		pg_temp.pick(n, 3, 90)::numeric AS s0, pg_temp.pick(n, 4, 90)::numeric AS s1,
		pg_temp.pick(n, 5, 10000000) / 100.0 AS r0, pg_temp.pick(n, 6, 10000000) / 100.0 AS r1
	FROM generate_series(1, 2000) n, unnest('{lmdi,shapley}'::text[]) method
)
SELECT method, count(*) AS cases, count(*) FILTER (WHERE c.volume + c.conversion + c.basket = c.total AND c.total = r1 - r0) AS adds_up,
	count(*) FILTER (WHERE c.volume IS NULL) AS undefined,
	count(*) FILTER (WHERE greatest(abs(c.volume + b.volume), abs(c.conversion + b.conversion), abs(c.basket + b.basket)) > 1e-8) AS asymmetric,
	count(*) FILTER (WHERE (SELECT total FROM revenue_change(l0, s0, r0, l0, s0, r1)) IS DISTINCT FROM
		(SELECT basket FROM revenue_change(l0, s0, r0, l0, s0, r1)) AND l0 > 0 AND s0 > 0) AS basket_alone
FROM input, revenue_change(l0, s0, r0, l1, s1, r1, method) c, revenue_change(l1, s1, r1, l0, s0, r0, method) b
GROUP BY method ORDER BY method;
-- Far beyond the digits of a double, and hardly any change at all.
SELECT volume + conversion + basket = total AS adds_up, total
FROM revenue_change(123456789, 987654, 12345678901234567890.123456789, 123456790, 987655, 12345678901234567891.987654321);
SELECT volume + conversion + basket = total AS adds_up, round(volume, 9) AS volume, round(basket, 15) AS basket
FROM revenue_change(1000, 30, 150000, 1000, 30, 150000.000000000000001);

-- Zeros, in the limit: what was not there carries the change.
SELECT v.*, c.* FROM (VALUES
	('all new', 0, 0, 0, 100, 5, 500), ('all gone', 100, 5, 500, 0, 0, 0), ('first sales', 100, 0, 0, 200, 5, 500), ('no sales left', 100, 5, 500, 200, 0, 0),
	('first paid', 100, 5, 0, 200, 10, 500), ('free now', 100, 5, 500, 200, 10, 0), ('never sold', 100, 0, 0, 200, 0, 0), ('nothing', 0, 0, 0, 0, 0, 0),
	('came without sales', 0, 0, 0, 100, 0, 0), ('sales without leads', 0, 2, 300, 100, 5, 500), ('revenue without sales', 100, 5, 500, 100, 0, 30)) v(what, l0, s0, r0, l1, s1, r1),
	revenue_change(l0, s0, r0, l1, s1, r1) c;
SELECT c.* FROM (VALUES (0, 0, 0, 100, 5, 500), (100, 0, 0, 200, 5, 500), (100, 5, 500, 0, 0, 0)) v(l0, s0, r0, l1, s1, r1), revenue_change(l0, s0, r0, l1, s1, r1, 'shapley') c;
SELECT product_change('{0,0,5}', '{3,4,6}'), product_change('{3,4,6}', '{0,1,0}'), product_change('{0,2}', '{3,0}'), product_change('{}', '{}'),
	product_change('{7}', '{9.5}'), product_change('{1,NULL}', '{1,2}'), product_change('{1,2}', '{NULL,2}'), product_change(NULL, '{1}');
-- Shapley takes what logarithms cannot: a month in which refunds exceed sales.
SELECT * FROM revenue_change(100, 5, 500, 100, 4, -200, 'shapley');
SELECT product_change('{2,-3}', '{-4,5}', 'shapley');
-- Shapley is the mean over all orders of change, written out for three factors.
SELECT count(*) FILTER (WHERE abs(s[1] - (b1 - a1) * (2 * a2 * a3 + 2 * b2 * b3 + a2 * b3 + b2 * a3) / 6.0) < 1e-9
	AND abs(s[2] - (b2 - a2) * (2 * a1 * a3 + 2 * b1 * b3 + a1 * b3 + b1 * a3) / 6.0) < 1e-9) = count(*) AS mean_over_orders
FROM (SELECT n, pg_temp.pick(n, 1, 9) a1, pg_temp.pick(n, 2, 9) a2, pg_temp.pick(n, 3, 9) a3, pg_temp.pick(n, 4, 9) b1, pg_temp.pick(n, 5, 9) b2, pg_temp.pick(n, 6, 9) b3
	FROM generate_series(1, 200) n) v, product_change(ARRAY[a1, a2, a3]::numeric[], ARRAY[b1, b2, b3]::numeric[], 'shapley') s;
SELECT round((product_change(array_fill(1::numeric, '{100}'), array_fill(1.01, '{100}'), method))[37], 12) AS one_of_100 FROM unnest('{lmdi,shapley}'::text[]) method;

SELECT num_nulls(volume, conversion, basket, total) AS nulls FROM generate_series(1, 6) g,
	revenue_change(nullif(1, g), nullif(2, g), nullif(3, g), nullif(4, g), nullif(5, g), nullif(6, g));
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY[
	'revenue_change(-1, 1, 1, 1, 1, 1)', 'revenue_change(1, -1, 1, 1, 1, 1)', 'revenue_change(1, 1, -1, 1, 1, 1)', 'revenue_change(1, 1, 1, 1, 1, -0.01)',
	'revenue_change(1, 1, 1, ''NaN'', 1, 1)', 'revenue_change(1, 1, 1, 1, ''Infinity'', 1)', 'revenue_change(1, 1, ''NaN'', 1, 1, 1, ''shapley'')',
	'revenue_change(1, 1, 1, 1, 1, 1, ''laspeyres'')', 'revenue_change(-1, 1, 1, 1, 1, 1, ''shapley'')',
	'product_change(''{1,2}'', ''{1}'')', 'product_change(''{{1,2}}'', ''{{1,2}}'')', 'product_change(''{1,NaN}'', ''{1,2}'')', 'product_change(''{1,-2}'', ''{1,2}'')',
	'product_change(array_fill(1::numeric, ''{101}''), array_fill(1::numeric, ''{101}''))', 'product_change(array_fill(1e200, ''{2}''), array_fill(1e201, ''{2}''))',
	'product_change(''{1}'', ''{2}'', '''')']) call;

--
-- A rate over segments: Kitagawa's published example is Simpson's paradox
--
\set file :abs_srcdir '/oracles/mix_effect_simpson_kidney_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE kidney AS
SELECT f[1] AS segment, f[2]::bigint AS n0, f[3]::bigint AS x0, f[4]::bigint AS n1, f[5]::bigint AS x1, f[9]::float8 AS mix, f[10]::float8 AS mix_centered, f[11]::float8 AS rate
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n), string_to_array(line, ',') f WHERE n > 1 AND line <> '';
SELECT (m).segments, (m).rate0, (m).rate1, round((m).total::numeric, 12) AS total, abs((m).rate_effect - rate) < 1e-12 AS rate_effect,
	abs((m).mix_effect - mix) < 1e-12 AS mix_effect, (m).rate_effect + (m).mix_effect = (m).total AS adds_up, (m).simpson
FROM (SELECT mix_change(x0, n0, x1, n1) AS m, sum(mix) AS mix, sum(rate) AS rate FROM kidney) s;
SELECT segment, abs(e.rate_effect - rate) < 1e-13 AS rate_effect, abs(e.mix_effect - mix_centered) < 1e-13 AS mix_effect
FROM kidney, (SELECT (mix_change(x0, n0, x1, n1)).* FROM kidney) m, segment_effect(rate(x0, n0), rate(x1, n1), rate0, rate1) e ORDER BY segment;

-- Mantel and Haenszel's odds ratio and test: the stones again, and the admissions to Berkeley in 1973 (Bickel, Hammel and O'Connell 1975).
\set file :abs_srcdir '/oracles/simpson_mantel_haenszel_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE expected AS
SELECT split_part(line, ',', 1) AS quantity, split_part(line, ',', 2)::float8 AS value
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n) WHERE n > 1 AND line <> '';
CREATE TEMP TABLE berkeley AS SELECT * FROM (VALUES ('A', 512, 313, 89, 19), ('B', 353, 207, 17, 8), ('C', 120, 205, 202, 391),
	('D', 138, 279, 131, 244), ('E', 53, 138, 94, 299), ('F', 22, 351, 24, 317)) v(department, men, men_not, women, women_not);
SELECT quantity, abs(computed / value - 1) < 1e-9 AS equal
FROM (SELECT mix_change(x1, n1, x0, n0) AS k FROM kidney) k, (SELECT mix_change(women, women + women_not, men, men + men_not) AS b FROM berkeley) b,
	LATERAL (VALUES ('mantel_haenszel_common_or', (k).odds_ratio), ('cmh_p', (k).p_value),
		('ucb_mantel_haenszel_common_or', (b).odds_ratio), ('ucb_cmh_p', (b).p_value)) c(quantity, computed) JOIN expected USING (quantity)
ORDER BY quantity COLLATE "C";

-- The same from rates, from sums written out, and in any order.
CREATE TEMP TABLE segment AS
SELECT n, g, pg_temp.pick(n, 11, 1 + t0) AS h0, t0, pg_temp.pick(n, 12, 1 + t1) AS h1, t1
FROM (SELECT n, n / 5 AS g, CASE WHEN pg_temp.pick(n, 13, 6) > 0 THEN pg_temp.pick(n, 14, 300) ELSE 0 END AS t0,
		CASE WHEN pg_temp.pick(n, 15, 6) > 0 THEN pg_temp.pick(n, 16, 300) ELSE 0 END AS t1 FROM generate_series(0, 1499) n) s;
WITH naive AS (
	SELECT g, sum((coalesce(t0::numeric / nullif(all0, 0), 0) + coalesce(t1::numeric / nullif(all1, 0), 0)) / 2 * (r1 - r0)) AS rate_effect,
		sum((r0 + r1) / 2 * (t1::numeric / nullif(all1, 0) - t0::numeric / nullif(all0, 0))) AS mix_effect
	FROM (SELECT g, t0, t1, sum(t0) OVER (PARTITION BY g) AS all0, sum(t1) OVER (PARTITION BY g) AS all1,
			coalesce(h0::numeric / nullif(t0, 0), h1::numeric / nullif(t1, 0), 0) AS r0, coalesce(h1::numeric / nullif(t1, 0), h0::numeric / nullif(t0, 0), 0) AS r1
		FROM segment) s GROUP BY g
), computed AS (
	SELECT g, mix_change(h0, t0, h1, t1 ORDER BY n) AS m, mix_change(rate(h0, t0), rate(h1, t1) ORDER BY hashint8(n)) AS from_rates,
		mix_change(nullif(h0, 0), nullif(t0, 0), nullif(h1, 0), nullif(t1, 0) ORDER BY n DESC) AS with_nulls
	FROM segment GROUP BY g
)
SELECT count(*) AS groups, count(*) FILTER (WHERE m::text <> from_rates::text OR m::text <> with_nulls::text) AS different,
	count(*) FILTER (WHERE abs((m).rate_effect - rate_effect) <= 1e-14) AS rate_effect, count(*) FILTER (WHERE abs((m).mix_effect - mix_effect) <= 1e-14) AS mix_effect,
	count(*) FILTER (WHERE (m).rate_effect + (m).mix_effect = (m).total) AS adds_up,
	count(*) FILTER (WHERE abs((m).total - ((m).rate1::float8 - (m).rate0::float8)) <= 1e-15) AS total,
	count(*) FILTER (WHERE (m).simpson) AS simpson
FROM computed JOIN naive USING (g);
-- The segments' effects add up to those of the whole.
SELECT count(*) AS groups, count(*) FILTER (WHERE abs(rate_sum - rate_effect) <= 1e-14 AND abs(mix_sum - mix_effect) <= 1e-14) AS equal
FROM (SELECT s.g, min((m).rate_effect) AS rate_effect, min((m).mix_effect) AS mix_effect, sum(e.rate_effect) AS rate_sum, sum(e.mix_effect) AS mix_sum
	FROM segment s JOIN (SELECT g, mix_change(h0, t0, h1, t1) AS m FROM segment GROUP BY g) t USING (g),
		segment_effect(rate(h0, t0), rate(h1, t1), (m).rate0, (m).rate1) e GROUP BY s.g) s;

-- The flag: every segment up and the total down; unchanged segments do not matter, one that moves the other way does, new ones cannot.
SELECT what, (m).rate0, (m).rate1, (m).simpson FROM (
	SELECT what, mix_change(b, a ORDER BY k) AS m FROM (VALUES
		('plain rise', 1, rate '1/10', rate '2/10'), ('reversed', 1, '81/87', '234/270'), ('reversed', 2, '192/263', '55/80'),
		('reversed, one unchanged', 1, '81/87', '234/270'), ('reversed, one unchanged', 2, '192/263', '55/80'), ('reversed, one unchanged', 3, '1/3', '2/6'),
		('one against', 1, '81/87', '234/270'), ('one against', 2, '192/263', '55/80'), ('one against', 3, '1/3', '2/5'),
		('mix only', 1, '5/10', '50/100'), ('mix only', 2, '1/10', '1/10'), ('new segment', 1, '5/10', '6/10'), ('new segment', 2, NULL, '1/100'),
		('same total', 1, '1/10', '20/100'), ('same total', 2, '19/90', '0/0')) v(what, k, b, a) GROUP BY what) s ORDER BY what COLLATE "C";
-- Nothing changed: exact zeros, whatever the counts.
SELECT (m).total, (m).rate_effect, (m).mix_effect, (m).simpson, (m).odds_ratio, (m).p_value
FROM (SELECT mix_change(1000000007 * n, 3000000021 * n, 1000000007 * n * 7, 3000000021 * n * 7) AS m FROM generate_series(1::bigint, 3) n) s;
-- A period without trials, no segments, no rows.
SELECT (m).* FROM (SELECT mix_change(3, 10, NULL, NULL) AS m) s;
SELECT (m).* FROM (SELECT mix_change(0, 0, 0, 0) AS m) s;
SELECT mix_change(1, 2, 3, 4) FILTER (WHERE false) IS NULL AS no_rows;
-- Everybody converted on both sides: nothing to test by.
SELECT (m).odds_ratio, (m).p_value FROM (SELECT mix_change(10, 10, 20, 20) AS m) s;
-- One segment is a plain comparison: the test is the z test up to n - 1 for n.
SELECT abs((m).p_value - 0.153020479071027) < 1e-12 AS p_value, abs((m).odds_ratio - (120 * 900 / (880 * 100.0))) < 1e-12 AS odds_ratio, (m).mix_effect, (m).rate_effect = (m).total AS all_rate
FROM (SELECT mix_change(100, 1000, 120, 1000) AS m) s;
SELECT segment_effect('1/2', '1/2', '0/0', '1/2'), segment_effect('0/0', '5/10', '3/30', '8/40'), segment_effect(NULL, '1/2', '1/2', '1/2');
-- Few hits: one lead more is no finding, and the test never says more than the exact one of the same table.
SELECT round((mix_change(h0, n0, h1, n1) FILTER (WHERE n0 = 7454)).p_value::numeric, 2) AS one_lead, round((mix_change(h0, n0, h1, n1)).p_value::numeric, 2) AS one_lead_each
FROM (VALUES (1332, 7454, 1, 1), (180, 1000, 0, 1), (90, 500, 1, 1)) v(h0, n0, h1, n1);
SELECT count(*) AS tables, count(*) FILTER (WHERE exact >= 0.05 AND p_value < 0.05) AS too_sure, count(*) FILTER (WHERE exact >= 0.001 AND p_value < 0.001) AS far_too_sure
FROM (SELECT (compare(rate(a, n), rate(b, 40))).p_value AS exact, (mix_change(b, 40, a, n)).p_value FROM generate_series(1, 6) n, generate_series(0, n) a, generate_series(0, 40) b GROUP BY n, a, b) s;
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['mix_change(-1, 1, 1, 1)', 'mix_change(2, 1, 1, 1)', 'mix_change(1, 1, 1, NULL)', 'mix_change(1, 1, 1, -1)',
	'segment_effect(''1/2'', ''1/2'', ''0/1'', ''1/2'')', 'segment_effect(''1/2'', ''5/20'', ''1/2'', ''6/10'')', 'segment_effect(''0/8'', ''0/2'', ''5/10'', ''6/10'')',
	'mix_change(9223372036854775807, 9223372036854775807, g, g) FROM generate_series(0, 1) g']) call;

--
-- Revenue over segments
--
-- The formulas written out: LMDI of each segment's share, conversion and basket, and of the leads in all.
CREATE TEMP TABLE channel AS
SELECT n, n / 4 AS g, 1 + pg_temp.pick(n, 21, 900)::numeric AS l0, 1 + pg_temp.pick(n, 22, 900)::numeric AS l1, 1 + pg_temp.pick(n, 23, 90)::numeric AS s0, 1 + pg_temp.pick(n, 24, 90)::numeric AS s1,
	1 + pg_temp.pick(n, 25, 9000000) / 100.0 AS r0, 1 + pg_temp.pick(n, 26, 9000000) / 100.0 AS r1 FROM generate_series(0, 799) n;
WITH naive AS (
	SELECT g, sum(w * ln(all1 / all0)) AS volume, sum(w * ln((l1 / all1) / (l0 / all0))) AS mix, sum(w * ln((s1 / l1) / (s0 / l0))) AS conversion, sum(w * ln((r1 / s1) / (r0 / s0))) AS basket, sum(r1 - r0) AS total
	FROM (SELECT *, CASE WHEN r0 = r1 THEN r0 ELSE (r1 - r0) / ln(r1 / r0) END AS w, sum(l0) OVER (PARTITION BY g) AS all0, sum(l1) OVER (PARTITION BY g) AS all1 FROM channel) s GROUP BY g
), computed AS (
	SELECT g, revenue_mix_change(l0, s0, r0, l1, s1, r1 ORDER BY n) AS c, revenue_mix_change(l0, s0, r0, l1, s1, r1 ORDER BY hashint8(n)) AS other_order FROM channel GROUP BY g
)
SELECT count(*) AS groups, count(*) FILTER (WHERE c::text <> other_order::text) AS different,
	count(*) FILTER (WHERE greatest(abs((c).volume - volume), abs((c).mix - mix), abs((c).conversion - conversion), abs((c).basket - basket)) <= 1e-8) AS equal,
	count(*) FILTER (WHERE (c).volume + (c).mix + (c).conversion + (c).basket + (c).unexplained = (c).total AND (c).total = total AND (c).unexplained = 0) AS adds_up
FROM computed JOIN naive USING (g);
-- Adds up to the last digit whatever is zero, missing, negative or without cause.
WITH input AS (
	SELECT n, n / 6 AS g, nullif(pg_temp.pick(n, 31, 4) * pg_temp.pick(n, 41, 300), 0)::numeric AS l0, nullif(pg_temp.pick(n, 32, 4) * pg_temp.pick(n, 42, 300), 0)::numeric AS l1,
		pg_temp.pick(n, 33, 3) * pg_temp.pick(n, 43, 30)::numeric AS s0, pg_temp.pick(n, 34, 3) * pg_temp.pick(n, 44, 30)::numeric AS s1,
		(pg_temp.pick(n, 35, 5) - 1) * pg_temp.pick(n, 45, 100000) / 100.0 AS r0, (pg_temp.pick(n, 36, 5) - 1) * pg_temp.pick(n, 46, 100000) / 100.0 AS r1 FROM generate_series(0, 2999) n
), computed AS (
	SELECT g, revenue_mix_change(l0, s0, r0, l1, s1, r1) AS c, sum(r1 - r0) AS total,
		coalesce(sum(r1 - r0) FILTER (WHERE least(r0, r1) < 0 OR (s0 = 0 AND r0 <> 0) OR (s1 = 0 AND r1 <> 0) OR (l0 IS NULL AND s0 > 0) OR (l1 IS NULL AND s1 > 0)), 0) AS unexplained
	FROM input GROUP BY g
)
SELECT count(*) AS groups, count(*) FILTER (WHERE (c).volume + (c).mix + (c).conversion + (c).basket + (c).unexplained = (c).total AND (c).total = total) AS adds_up,
	count(*) FILTER (WHERE (c).unexplained = unexplained AND unexplained <> 0) AS unexplained
FROM computed;
-- One segment: no mix, and the effects of revenue_change; empty segments change nothing.
SELECT count(*) AS cases, count(*) FILTER (WHERE (c).segments = 1 AND (c).mix = 0) AS no_mix,
	count(*) FILTER (WHERE greatest(abs((c).volume - r.volume), abs((c).conversion - r.conversion), abs((c).basket - r.basket)) <= 1e-9) AS equal
FROM (SELECT n, revenue_mix_change(CASE i WHEN 1 THEN l0 WHEN 2 THEN 0 END, CASE i WHEN 1 THEN s0 END, CASE i WHEN 1 THEN r0 END, CASE i WHEN 1 THEN l1 WHEN 3 THEN 0 END, CASE i WHEN 1 THEN s1 END, CASE i WHEN 1 THEN r1 END) AS c
	FROM channel, generate_series(1, 3) i GROUP BY n) s JOIN channel USING (n), revenue_change(l0, s0, r0, l1, s1, r1) r;
-- The same rates and baskets everywhere, twice the leads: all volume. Shares exchanged, leads kept: all mix.
SELECT (c).segments, round((c).volume, 6) AS volume, round((c).mix, 6) AS mix, round((c).conversion, 6) AS conversion, round((c).basket, 6) AS basket, (c).total
FROM (SELECT revenue_mix_change(l, l * 0.1, l * 10, 2 * l, l * 0.2, l * 20) AS c FROM generate_series(100, 300, 100) l
	UNION ALL SELECT revenue_mix_change(l0, l0 * rate, l0 * rate * 500, l1, l1 * rate, l1 * rate * 500) FROM (VALUES (100, 300, 0.1), (300, 100, 0.02)) v(l0, l1, rate)) s;
-- A new channel is mix; a first period is all volume; revenue that nobody made is named.
SELECT (c).segments, round((c).volume, 9) AS volume, round((c).mix, 9) AS mix, (c).conversion, (c).basket, (c).unexplained, (c).total
FROM (SELECT revenue_mix_change(l0, s0, r0, l1, s1, r1) AS c FROM (VALUES (100, 10, 1000, 100, 10, 1000), (NULL, NULL, NULL, 50, 5, 700)) v(l0, s0, r0, l1, s1, r1)) s;
SELECT (c).* FROM (SELECT revenue_mix_change(NULL, NULL, NULL, l1, s1, r1) AS c FROM (VALUES (100, 10, 1000), (50, 5, 700)) v(l1, s1, r1)) s;
SELECT (c).* FROM (SELECT revenue_mix_change(l0, s0, r0, l1, s1, r1) AS c FROM (VALUES (0, 0, 0, 0, 2, 300), (0, 0, 40, 0, 0, 0), (10, 1, 50, 10, 1, -20)) v(l0, s0, r0, l1, s1, r1)) s;
SELECT revenue_mix_change(1, 1, 1, 1, 1, 1) FILTER (WHERE false) IS NULL AS no_rows, (revenue_mix_change(NULL, NULL, NULL, NULL, NULL, NULL)).*;
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['revenue_mix_change(-1, 1, 1, 1, 1, 1)', 'revenue_mix_change(1, 1, 1, 1, -1, 1)', 'revenue_mix_change(1, 1, 1, 1, 1, NULL)',
	'revenue_mix_change(1, 1, ''NaN'', 1, 1, 1)', 'revenue_mix_change(1, 1, 1, ''Infinity'', 1, 1)']) call;

--
-- Parallel and partial: the state that workers ship is the state
--
CREATE TABLE change_input (part integer, h0 bigint, t0 bigint, h1 bigint, t1 bigint, r0 numeric, r1 numeric);
INSERT INTO change_input SELECT n % 3, h0, t0, h1, t1, CASE WHEN h0 > 0 THEN h0 * 17.31 ELSE 0 END, CASE WHEN h1 > 0 THEN h1 * 11.7 ELSE 0 END FROM segment;
ANALYZE change_input;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS SELECT mix_change(h0, t0, h1, t1) AS m, revenue_mix_change(t0, h0, r0, t1, h1, r1) AS c FROM change_input;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TEMP TABLE parallel AS SELECT mix_change(h0, t0, h1, t1) AS m, revenue_mix_change(t0, h0, r0, t1, h1, r1) AS c FROM change_input;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT s.m::text = p.m::text AS mix_change, s.c::text = p.c::text AS revenue_mix_change FROM serial s, parallel p;
DROP TABLE change_input;

-- Amounts at the end of float8: revenue is not explained, leads are refused.
SELECT c.segments, c.unexplained = c.total AS unexplained, c.total = 1e305 - 1 AS adds_up
FROM (SELECT (revenue_mix_change(1, 1, 1, 1, 1, 1e305)).*) c;
SELECT pg_temp.failure($$SELECT revenue_mix_change(1e305, 1, 1, 1, 1, 1)$$);
