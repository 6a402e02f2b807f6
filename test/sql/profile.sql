-- lead_profile: what leads are like that convert; binning, evidence, Bayes, points, text and binary form.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- What an attribute may be ------------------------------------------------------

CREATE TEMP TABLE lead (attributes jsonb, converted boolean);
INSERT INTO lead VALUES
	('{"country": "FR", "size": 250, "demo": true, "tags": ["a", "b"]}', true),
	('{"country": "FR", "size": 20, "demo": false, "tags": ["b", "b", "a", null]}', true),
	('{"country": "DE", "size": 20.0, "demo": false, "tags": []}', false),
	('{"country": "DE", "size": "20", "demo": "true", "company": {"name": "Né", "address": {"city": "Bonn"}}}', false),
	('{"country": null, "size": -0.0, "company.name": "Né", "": "no name"}', false),
	('{"country": "FR", "size": [1, 1.0, [2], {"x": 3}, 1e400, true, "1"], "company": {"name": {}}}', true),
	('{}', false),
	('[1]', true), ('"FR"', true), ('null', true), ('3', true),
	(NULL, true), ('{"country": "FR"}', NULL), (NULL, NULL);
CREATE TEMP TABLE small AS SELECT lead_profile(attributes, converted) AS p FROM lead;
SELECT p FROM small;
SELECT c.* FROM small, counts(p) c;
SELECT i.* FROM small, ignored(p) i;
SELECT rate(p), p::jsonb ->> 'version' AS version, p::jsonb = p::text::jsonb AS same FROM small;
SELECT lead_profile(attributes, converted) FROM lead WHERE false;
SELECT lead_profile(attributes, converted) FILTER (WHERE false) FROM lead;
SELECT lead_profile(NULL, NULL);
SELECT lead_profile('{"b": 5e-324, "a": 1.7976931348623157e308, "c": 1e-400, "d": 0.1, "e": -1.5e-7, "f": 12345678901234567890}', true);
-- Long names and texts are known by their beginning and a hash.
SELECT left(attribute, 5) AS attribute, length(attribute), right(attribute, 21) AS attribute_ends, length(value), octet_length(value), right(value, 22) AS value_ends, converted
FROM (SELECT lead_profile(jsonb_build_object(repeat('n', 300), repeat('é', n)), true) AS p FROM generate_series(100, 102) n) s, counts(p);
-- However deep.
SELECT depth, length(attribute), kind, at_least
FROM (SELECT depth, lead_profile((repeat('{"a":', depth) || '1' || repeat('}', depth))::jsonb, true) AS p FROM unnest('{50,1000}'::int[]) depth GROUP BY depth) s, counts(p) ORDER BY depth;

-- Hand-calculated weight of evidence --------------------------------------------

-- Converted: 40 = 30 + 8 + 2 unknown. Others: 60 = 20 + 40 + 0 unknown, which counts as 0.9 of 60.9.
CREATE TEMP TABLE industry AS
SELECT CASE WHEN industry IS NOT NULL THEN jsonb_build_object('industry', industry) ELSE '{}' END AS attributes, converted
FROM (VALUES ('software', true, 30), ('software', false, 20), ('retail', true, 8), ('retail', false, 40), (NULL, true, 2)) v(industry, converted, leads),
	generate_series(1, leads);
CREATE TEMP TABLE by_hand AS SELECT lead_profile(attributes, converted) AS p FROM industry;
SELECT attribute, bin, label, kind, at_least, below, value, converted, not_converted, round(share_converted::numeric, 6) AS share_converted,
	round(share_not_converted::numeric, 6) AS share_not_converted, round(w.weight_of_evidence::numeric, 6) AS weight, round(w.information_value::numeric, 6) AS value_part
FROM by_hand, weight_of_evidence(p) w;
SELECT label, round(ln(30 / 40.0 / (20 / 60.9)), 6) AS software, round(ln(8 / 40.0 / (40 / 60.9)), 6) AS retail, round(ln(2 / 40.0 / (0.9 / 60.9)), 6) AS unknown
FROM (VALUES ('by hand')) v(label);
SELECT attribute, round(information_value::numeric, 6) AS information_value, bins_used FROM by_hand, information_value(p);
SELECT round((30 / 40.0 - 20 / 60.9) * ln(30 / 40.0 / (20 / 60.9)) + (8 / 40.0 - 40 / 60.9) * ln(8 / 40.0 / (40 / 60.9))
	+ (2 / 40.0 - 0.9 / 60.9) * ln(2 / 40.0 / (0.9 / 60.9)), 6) AS by_hand;
-- Naive Bayes: the prior, and the value's share among the values of its attribute, 0.1 added to each count.
SELECT round(probability(p, '{"industry": "retail"}')::numeric, 9) AS probability,
	round((40.1 * (8.1 / 38.2)) / (40.1 * (8.1 / 38.2) + 60.1 * (40.1 / 60.2)), 9) AS by_hand FROM by_hand;
SELECT attribute, value, round(log_odds::numeric, 6) AS log_odds, converted, not_converted, reason
FROM by_hand, explain(p, '{"industry": "retail", "size": 3, "country": null, "more": [[1]], "most": 1e999}');

-- Odoo's own tests: 9 of 9 ---------------------------------------------------------

\set file :abs_srcdir '/oracles/odoo_pls_leads.csv'
\set content `cat :'file'`
-- What Odoo leaves out when it is not set; its stages are counted as below.
CREATE TEMP TABLE odoo AS
SELECT f[1] AS scenario, f[2] AS lead, nullif(f[3], '') AS team, substr(f[9], 3)::int AS stage, f[10] AS outcome, f[10] = 'won' AS won,
	jsonb_strip_nulls(jsonb_build_object('country', nullif(f[4], ''), 'state', nullif(f[5], ''), 'email_state', f[6], 'phone_state', f[7],
		'source', nullif(f[8], ''), 'tag', string_to_array(f[11], '|'))) AS attributes
FROM pg_temp.csv(:'content') f;
\set file :abs_srcdir '/oracles/odoo_pls_expected.csv'
\set content `cat :'file'`
-- A lead's stage enters as the rate to start from: of the leads that reached it, those won (a won lead reached all, a lost one those up to its own).
-- A lead without a team is scored by the profiles of all teams together.
SELECT f[1] AS scenario, f[2] AS lead, f[3]::numeric AS expected, round((100 * probability)::numeric, 2) AS probability,
	f[3]::numeric = round((100 * probability)::numeric, 2) AS equal, abs(by_reasons - probability) < 1e-12 AS explained
FROM pg_temp.csv(:'content') f,
	LATERAL (SELECT replace(f[1], '_lead30_without_tag', '') AS scenario) s,
	LATERAL (SELECT team, stage, CASE WHEN s.scenario = f[1] THEN attributes ELSE attributes - 'tag' END AS attributes
		FROM odoo o WHERE o.scenario = s.scenario AND lead = f[2]) x,
	LATERAL (SELECT array_agg(p) AS profiles, sum(reached) AS reached
		FROM (SELECT lead_profile(attributes, won) AS p, rate(won) FILTER (WHERE won OR stage >= x.stage) AS reached
			FROM odoo o WHERE o.scenario = s.scenario AND outcome <> 'open' AND (x.team IS NULL OR team = x.team) GROUP BY team) team) t,
	LATERAL (SELECT CASE WHEN x.team IS NULL THEN probability(profiles, x.attributes, reached)
			ELSE probability(profiles[1], x.attributes, reached) END AS probability) p,
	LATERAL (SELECT 1 / (1 + exp(-sum(log_odds))) AS by_reasons FROM explain(profiles, x.attributes, reached)) e
ORDER BY f[1] COLLATE "C", f[2]::int;

-- A larger set of leads --------------------------------------------------------------

-- Texts, few numbers, many numbers, booleans, several values, missing values; conversion depends on some of them.
CREATE FUNCTION pg_temp.h(n int, seed int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
	SELECT (hashint4extended(n, seed) & 1073741823)::int
$$;
CREATE TEMP TABLE many AS
SELECT n, attributes, (pg_temp.h(n, 1) % 100 < 20 + CASE WHEN attributes ->> 'country' = 'c1' THEN 30 ELSE 0 END
	+ CASE WHEN (attributes ->> 'revenue')::float8 BETWEEN 300 AND 3000 THEN 25 ELSE 0 END) AS converted
FROM (SELECT n, jsonb_strip_nulls(jsonb_build_object(
		'country', 'c' || pg_temp.h(n, 2) % 7,
		'rating', CASE WHEN pg_temp.h(n, 3) % 10 > 0 THEN pg_temp.h(n, 3) % 5 END,
		'revenue', CASE WHEN pg_temp.h(n, 4) % 8 > 0 THEN round(exp((pg_temp.h(n, 5) % 10000) / 1000.0)::numeric, 1) END,
		'demo', pg_temp.h(n, 6) % 3 = 0,
		'tags', CASE WHEN pg_temp.h(n, 7) % 2 = 0 THEN jsonb_build_array('t' || pg_temp.h(n, 8) % 4, 't' || pg_temp.h(n, 9) % 4) END,
		'city', 'city ' || pg_temp.h(n, 10) % 60)) AS attributes
	FROM generate_series(1, 5000) n) s;
CREATE TEMP TABLE whole AS SELECT lead_profile(attributes, converted) AS p FROM many;
SELECT count(*) AS leads, count(*) FILTER (WHERE converted) AS converted, (SELECT rate(p) FROM whole) AS rate FROM many;

-- The counts are those of plain SQL.
CREATE TEMP TABLE plain_value AS
SELECT n, converted, key AS attribute, e.value
FROM many, jsonb_each(attributes), LATERAL (SELECT DISTINCT value FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END)) e;
CREATE TEMP TABLE plain_count AS
SELECT attribute, CASE jsonb_typeof(value) WHEN 'number' THEN value::float8::text ELSE value #>> '{}' END AS value, count(*) FILTER (WHERE converted) AS converted, count(*) FILTER (WHERE NOT converted) AS not_converted
FROM plain_value GROUP BY 1, 2
UNION ALL SELECT attribute, NULL, count(*) FILTER (WHERE converted), count(*) FILTER (WHERE NOT converted)
FROM (SELECT DISTINCT attribute FROM plain_value) a, many WHERE NOT EXISTS (SELECT FROM plain_value v WHERE v.n = many.n AND v.attribute = a.attribute)
GROUP BY 1;
SELECT count(*) AS counts, count(*) FILTER (WHERE p.attribute IS NULL OR c.attribute IS NULL) AS different
FROM plain_count p FULL JOIN (SELECT attribute, coalesce(value, at_least::text) AS value, converted, not_converted FROM whole, counts(p)) c
	ON p.attribute = c.attribute AND p.value IS NOT DISTINCT FROM c.value AND p.converted = c.converted AND p.not_converted = c.not_converted;

-- The probability is that of plain SQL, where every value is one of its own.
WITH cell AS (
	SELECT attribute, value, converted + 0.1 AS won, not_converted + 0.1 AS lost FROM plain_count WHERE value IS NOT NULL AND attribute <> 'revenue'
), share AS (
	SELECT attribute, value, ln(won / sum(won) OVER field) - ln(lost / sum(lost) OVER field) AS log_odds FROM cell WINDOW field AS (PARTITION BY attribute)
), scored AS (
	SELECT n, sum(log_odds) AS log_odds FROM plain_value v JOIN share s ON s.attribute = v.attribute AND s.value = v.value #>> '{}' GROUP BY n
)
SELECT count(*) AS leads, bool_and(abs(probability(p, attributes - 'revenue')
	- 1 / (1 + exp(-(log_odds + ln((won + 0.1) / (lost + 0.1)))::float8))) < 1e-12) AS equal
FROM whole, (SELECT count(*) FILTER (WHERE converted) AS won, count(*) FILTER (WHERE NOT converted) AS lost FROM many) l, many JOIN scored USING (n);

-- The reasons add up to the probability, also at its limits.
CREATE TEMP TABLE extreme AS
SELECT lead_profile(jsonb_build_object('a', n % 2, 'b', n % 2, 'c', n % 2, 'd', n % 2), n % 2 = 1) AS p FROM generate_series(1, 1000) n;
SELECT count(*) AS leads, max(abs(ln(probability / (1 - probability)) - (SELECT sum(log_odds) FROM explain(p, attributes)))) < 1e-9 AS equal
FROM whole, many, LATERAL (SELECT probability(p, attributes)) pr;
SELECT probability(p, '{"a": 1, "b": 1, "c": 1, "d": 1}') AS highest, probability(p, '{"a": 0, "b": 0, "c": 0, "d": 0}') AS lowest FROM extreme;
SELECT attribute, value, round(log_odds::numeric, 6) AS log_odds, converted, not_converted, reason FROM extreme, explain(p, '{"a": 1, "b": 1, "c": 1, "d": 1}');
SELECT round(sum(log_odds)::numeric, 6) AS log_odds, round(ln(0.0001 / 0.9999), 6) AS expected, count(*) FILTER (WHERE reason LIKE '%below%') AS limited
FROM extreme, explain(p, '{"a": 0, "b": 0, "c": 0, "d": 0}');

-- Nothing known, nothing learned, something else to start from.
SELECT probability(p, '{}') AS none, probability(p, NULL) AS missing, probability(p, '[1]') AS array, probability(p, '{"x": 1, "industry": "never seen"}') AS unseen,
	probability(NULL::lead_profile, '{}') AS no_profile, round(probability(p, '{}', rate(1, 4))::numeric, 9) AS prior, probability(p, '{}', rate(0, 0)) AS no_prior,
	round(1.1 / 4.2, 9) AS expected
FROM by_hand;
SELECT e.attribute, e.value, round(e.log_odds::numeric, 6) AS log_odds, e.reason FROM by_hand, explain(p, '[1]', rate(0, 4)) e;
SELECT probability('{}'::lead_profile[], '{}') AS none, probability(ARRAY[NULL::lead_profile], '{}') AS nulls, probability(NULL::lead_profile[], '{}') AS missing,
	probability(ARRAY[p, NULL], '{"industry": "retail"}') = probability(p, '{"industry": "retail"}') AS one FROM by_hand;
-- Two profiles: 0.2 is added to what both have seen, 0.1 to what one of them has, 0.2 to what they begin with.
SELECT round(probability(ARRAY[p, other], '{"industry": "retail"}')::numeric, 9) AS known_to_both, round((41.2 * (8.2 / 39.4)) / (41.2 * (8.2 / 39.4) + 62.2 * (41.2 / 62.4)), 9) AS by_hand,
	round(probability(ARRAY[p, other], '{"industry": "farming"}', rate(1, 4))::numeric, 9) AS known_to_one, round((1.2 * (1.1 / 39.4)) / (1.2 * (1.1 / 39.4) + 3.2 * (1.1 / 62.4)), 9) AS by_hand
FROM by_hand, (SELECT lead_profile(jsonb_build_object('industry', industry), converted) AS other FROM (VALUES ('retail', false), ('farming', true), ('farming', false)) v(industry, converted)) o;
SELECT outcome, rate(p), probability(p, '{"a": "x"}'), (SELECT count(*) FROM explain(p, '{"a": "x"}')) AS reasons, w.bin, w.label, w.converted, w.not_converted,
	w.share_converted, w.weight_of_evidence, i.information_value
FROM (SELECT outcome, lead_profile('{"a": "x"}', outcome = 'all') AS p FROM unnest('{all,none}'::text[]) outcome, generate_series(1, 5) GROUP BY outcome) s,
	weight_of_evidence(p) w, information_value(p) i ORDER BY outcome;
-- One lead; an attribute that is always the same.
SELECT probability(p, '{"a": 1}'), i.* FROM (SELECT lead_profile('{"a": 1}', true) AS p) s, information_value(p) i;
SELECT probability(p, '{"a": 1, "b": "x"}') = probability(p, '{}') AS no_effect, i.* FROM (SELECT lead_profile('{"a": 1, "b": "x"}', n % 3 = 0) AS p FROM generate_series(1, 90) n) s, information_value(p) i;

-- The same profile prepared for many rows, and another one for each.
SELECT count(DISTINCT probability(p, '{"a": "x"}')) AS different
FROM (SELECT lead_profile(jsonb_build_object('a', CASE WHEN i % 3 = 0 THEN 'x' ELSE 'y' END), i % 7 < g % 5) AS p FROM generate_series(1, 5) g, generate_series(1, 70) i GROUP BY g) s, generate_series(1, 3);

-- Bins -------------------------------------------------------------------------------

SELECT attribute, bin, label, kind, at_least, below, value, converted, not_converted, round(share_converted::numeric, 6) AS share_converted,
	round(share_not_converted::numeric, 6) AS share_not_converted, round(w.weight_of_evidence::numeric, 6) AS weight, round(w.information_value::numeric, 6) AS value_part
FROM whole, weight_of_evidence(p) w;
SELECT attribute, round(information_value::numeric, 6) AS information_value, bins_used FROM whole, information_value(p);
SELECT bin, label, converted, not_converted FROM whole, weight_of_evidence(p, 'revenue', monotone => true);
SELECT bin, label, converted, not_converted FROM whole, weight_of_evidence(p, 'revenue', 2);
SELECT bin, label, converted, not_converted FROM whole, weight_of_evidence(p, 'revenue', 1);
-- Every bin agrees with plain SQL: leads, shares, weight.
SELECT count(*) AS bins, bool_and(converted = won AND not_converted = lost) AS counted,
	max(abs(w.weight_of_evidence - ln((greatest(won, 0.9) / total_won) / (greatest(lost, 0.9) / total_lost)))) < 1e-12 AS weighed
FROM (SELECT w.*, won, lost, sum(greatest(won, 0.9)) OVER () AS total_won, sum(greatest(lost, 0.9)) OVER () AS total_lost
	FROM whole, weight_of_evidence(p, 'revenue') w,
		LATERAL (SELECT count(*) FILTER (WHERE many.converted) AS won, count(*) FILTER (WHERE NOT many.converted) AS lost FROM many, LATERAL (SELECT (attributes ->> 'revenue')::float8 AS x) v
			WHERE CASE w.label WHEN 'unknown' THEN x IS NULL ELSE x >= coalesce(at_least, '-infinity') AND x < coalesce(below, 'infinity') END) c) w;
SELECT count(*) AS attributes, max(abs(i.information_value - s.sum)) < 1e-12 AS equal
FROM whole, information_value(p) i JOIN (SELECT attribute, sum(w.information_value) FROM whole, weight_of_evidence(p) w GROUP BY 1) s USING (attribute);
-- A lead's number has the effect of its range.
SELECT value, round(log_odds::numeric, 6) AS log_odds, converted, not_converted, reason
FROM whole, unnest('{-5,299.9,300,1e300}'::numeric[]) x, explain(p, jsonb_build_object('revenue', x)) WHERE attribute = 'revenue';

-- The ranges are the best of all: every way to cut seven cells, for many sets of leads, in plain SQL.
-- From set 41 on two cells have too few leads for a range, although these stand out.
CREATE TEMP TABLE cells AS
SELECT seed, x, CASE WHEN small THEN 0.0 ELSE 20.0 + pg_temp.h(x, seed) % 200 END AS lost, CASE WHEN small THEN 15.0 ELSE 20.0 END + pg_temp.h(x, seed + 1000) % wide AS won
FROM generate_series(1, 70) seed, generate_series(0, 6) x, LATERAL (SELECT seed > 40 AND x IN (2, 5) AS small) s, LATERAL (SELECT CASE WHEN small THEN 15 ELSE 200 END AS wide) w;
CREATE TEMP TABLE cut AS
SELECT seed, cuts, sum(won) AS won, sum(lost) AS lost, min(x) AS at_least, range
FROM (SELECT cells.*, cuts, bit_count((cuts & ((1 << x) - 1))::bit(6)) AS range FROM cells, generate_series(0, 63) cuts) s
GROUP BY seed, cuts, range;
CREATE TEMP TABLE way AS
SELECT seed, cuts, count(*) AS ranges, array_agg(at_least ORDER BY at_least) FILTER (WHERE at_least > 0) AS edges,
	sum(won * ln(won / (won + lost)) + CASE WHEN lost > 0 THEN lost * ln(lost / (won + lost)) ELSE 0 END) - (count(*) - 1) * ln(sum(won + lost)) AS value,
	min(won + lost) >= 0.05 * sum(won + lost) AS large_enough,
	coalesce(bool_and(won / (won + lost) >= before), true) OR coalesce(bool_and(won / (won + lost) <= before), true) AS monotone
FROM (SELECT *, lag(won / (won + lost)) OVER (PARTITION BY seed, cuts ORDER BY at_least) AS before FROM cut) c GROUP BY seed, cuts;
WITH best AS (
	SELECT DISTINCT ON (seed, monotone_asked, bins) seed, monotone_asked, bins, edges
	FROM way, unnest('{f,t}'::boolean[]) monotone_asked, unnest('{2,3,10}'::int[]) bins
	WHERE large_enough AND (monotone OR NOT monotone_asked) AND ranges <= bins AND (seed <= 40 OR NOT monotone_asked)
	ORDER BY seed, monotone_asked, bins, value DESC
), profile AS (
	SELECT seed, rollup(p) AS p
	FROM cells, LATERAL (SELECT lead_profile(jsonb_build_object('x', x), i <= won) AS p FROM generate_series(1, (won + lost)::int) i) s GROUP BY seed
)
SELECT monotone_asked, bins, count(*) AS sets, count(DISTINCT edges) > 5 AS various,
	bool_and(edges IS NOT DISTINCT FROM (SELECT array_agg(at_least::int ORDER BY bin) FILTER (WHERE at_least IS NOT NULL) FROM weight_of_evidence(p, 'x', bins, monotone_asked))) AS equal
FROM best JOIN profile USING (seed) GROUP BY 1, 2 ORDER BY 1, 2;

-- A points card -----------------------------------------------------------------------

-- B = 20 / ln 2; every lead: 600 + B * (ln(40 / 60) - ln 2); the bins: B * weight of evidence.
SELECT attribute, bin, label, kind, value, round(points::numeric, 6) AS points, round((20 / ln(2.0) * CASE label WHEN 'all leads' THEN 600 * ln(2.0) / 20 + ln(40 / 60.0) - ln(2.0)
	WHEN 'software' THEN ln(30 / 40.0 / (20 / 60.9)) WHEN 'retail' THEN ln(8 / 40.0 / (40 / 60.9)) ELSE ln(2 / 40.0 / (0.9 / 60.9)) END), 6) AS by_hand
FROM by_hand, scorecard_points(p, 20, 600, 2);
SELECT label, points FROM by_hand, scorecard_points(p, 20, 600, 2, digits => 0);
SELECT label, points FROM by_hand, scorecard_points(p, 20, 600, 2, digits => 2);
SELECT count(*) AS bins, max(abs(points - 50 / ln(2.0) * w.weight_of_evidence)) < 1e-9 AS equal
FROM whole, weight_of_evidence(p, bins => 5, monotone => true) w JOIN scorecard_points((SELECT p FROM whole), 50, 0, 1, 5, true) c
	ON c.attribute = w.attribute AND c.bin = w.bin AND c.label = w.label AND c.kind = w.kind AND c.at_least IS NOT DISTINCT FROM w.at_least
	AND c.below IS NOT DISTINCT FROM w.below AND c.value IS NOT DISTINCT FROM w.value;
SELECT count(*) AS none FROM by_hand, scorecard_points(p, 20, NULL, 2);
SELECT count(*) AS none FROM (SELECT lead_profile('{"a": 1}', true) AS p) s, scorecard_points(p, 20, 600, 1);

-- The same as a scorecard -----------------------------------------------------------------

-- 40 texts, so some are together; numbers in ranges and in one range; a text of blanks; unknown ones.
CREATE TEMP TABLE scored AS
SELECT n, attributes, pg_temp.h(n, 21) % 100 < 20 + CASE WHEN (attributes ->> 'size')::numeric BETWEEN -20 AND 40 THEN 30 ELSE 0 END AS converted
FROM (SELECT n, jsonb_strip_nulls(jsonb_build_object(
		'size', CASE WHEN pg_temp.h(n, 22) % 6 > 0 THEN round((pg_temp.h(n, 23) % 2000)::numeric / 7 - 100, 3) END,
		'noise', CASE WHEN pg_temp.h(n, 24) % 3 > 0 THEN pg_temp.h(n, 25) % 5 END,
		'city', 'city "' || sqrt((pg_temp.h(n, 26) % 1600)::float8)::int || '"',
		'demo', CASE WHEN pg_temp.h(n, 27) % 4 > 0 THEN pg_temp.h(n, 28) % 2 = 0 END,
		'company', jsonb_build_object('country', (ARRAY['v', 'DE', 'ÉÜ', NULL])[1 + n % 4]))) AS attributes
	FROM generate_series(1, 4000) n) s;
CREATE TEMP TABLE new_lead AS
SELECT n, attributes FROM scored
UNION ALL SELECT -row_number() OVER (), a::jsonb FROM unnest(ARRAY['{}', '{"size": null, "noise": [], "city": "  "}', '{"city": "unseen", "demo": true}', '{"city": "city \"39\"", "size": 1e300}',
	'{"size": -1e300, "noise": 77, "company": {"country": "unseen"}}', '{"size": "text", "noise": "text", "demo": "text", "city": 3}', '{"nothing": 1}']) a;
-- By hand: the bin of each attribute of each lead. Texts that were seen and have no bin are others.
CREATE TEMP TABLE evidence AS
SELECT most, monotone, w.* FROM (VALUES (10, false), (3, true)) m(most, monotone), (SELECT lead_profile(attributes, converted) AS p FROM scored) s, weight_of_evidence(p, NULL, most, monotone) w;
CREATE TEMP TABLE other AS
SELECT DISTINCT attributes -> 'city' AS city FROM scored WHERE attributes ->> 'city' NOT IN (SELECT value FROM evidence WHERE attribute = 'city' AND value IS NOT NULL);
CREATE TEMP TABLE expected AS
SELECT most, monotone, n, sum(w.weight_of_evidence) AS weights, count(*) AS bins
FROM (SELECT n, name, attributes #> string_to_array(name, '.') AS v FROM new_lead, unnest('{size,noise,city,demo,company.country}'::text[]) name) l JOIN evidence w ON w.attribute = l.name AND CASE w.kind
	WHEN 'unknown' THEN coalesce(l.v, 'null') IN ('null', '[]', '"  "')
	WHEN 'number' THEN jsonb_typeof(l.v) = 'number' AND coalesce((l.v #>> '{}')::float8 >= w.at_least, true) AND coalesce((l.v #>> '{}')::float8 < w.below, true)
	WHEN 'others' THEN l.v IN (SELECT city FROM other)
	ELSE jsonb_typeof(l.v) = CASE w.kind WHEN 'text' THEN 'string' ELSE 'boolean' END AND l.v #>> '{}' = w.value END
GROUP BY most, monotone, n;
SELECT most, attribute, kind, count(*) AS bins FROM evidence GROUP BY 1, 2, 3 ORDER BY most, attribute COLLATE "C", kind COLLATE "C";
CREATE TEMP TABLE learned AS
SELECT most, monotone, scorecard(p, 20, 600, 2, most, monotone) AS card FROM (VALUES (10, false), (3, true)) m(most, monotone), (SELECT lead_profile(attributes, converted) AS p FROM scored) s;
-- A rule is rounded to twelve decimals.
SELECT most, count(*) AS leads, sum(bins) AS bins, max(abs(fit(card, attributes) - (600 + 20 / ln(2::float8) * (log_odds - ln(2::float8) + coalesce(weights, 0))))) < 1e-9 AS equal
FROM learned CROSS JOIN new_lead CROSS JOIN (SELECT ln(count(*) FILTER (WHERE converted)::float8 / count(*) FILTER (WHERE NOT converted)) AS log_odds FROM scored) o
	LEFT JOIN expected USING (most, monotone, n) GROUP BY most ORDER BY most;
SELECT most, card::text::scorecard = card AS text, card::jsonb::scorecard = card AS jsonb, jsonb_array_length(card::jsonb -> 'fit') = (SELECT count(*) FROM evidence e WHERE e.most = l.most) AS all_bins FROM learned l ORDER BY most;
-- What is printed does not depend on the session.
SET extra_float_digits = 0;
SELECT scorecard(p, 20, 600, 2) = card AS same FROM learned, (SELECT lead_profile(attributes, converted) AS p FROM scored) s WHERE most = 10;
RESET extra_float_digits;
SELECT scorecard(p, 20, 600, 2, digits => 0) AS card FROM by_hand \gset
SELECT :'card' AS card;
-- Edited by hand: another rule, and points for events.
SELECT fit(card, '{"industry": "software", "country": "FR"}') AS fit, jsonb_array_length(card::jsonb -> 'engagement') AS engagement
FROM (SELECT (jsonb_insert(:'card', '{fit,0}', '{"attribute": "country", "op": "in", "value": ["FR", "DE"], "points": 1000}') || '{"engagement": [{"event": "demo", "points": 5}]}')::scorecard AS card) s;
-- Where a card compares otherwise: texts that spell numbers, arrays, blanks, dots.
SELECT lead, fit(card, lead::jsonb) - fit(card, '{"n": "x", "t": "x", "b": "x"}') AS points
FROM (SELECT scorecard(lead_profile(a::jsonb, c), ln(2::float8), 0, 1, digits => 1) AS card FROM (VALUES ('{"n": 1, "t": ["p", "q"], "b": true}', true), ('{"n": 2, "t": ["q"], "b": false}', false), ('{"n": 2, "t": "", "b": false}', false), ('{}', true)) v(a, c)) s,
	unnest(ARRAY['{"n": 1, "t": "x", "b": "x"}', '{"n": "1", "t": "x", "b": "x"}', '{"n": [1, 2], "t": "x", "b": "x"}', '{"n": "x", "t": ["p", "q", "x"], "b": "x"}', '{"n": "x", "t": "q", "b": "x"}', '{"n": "x", "t": "", "b": "x"}', '{"n": "x", "t": "x", "b": true}', '{"n": "x", "t": "x", "b": "true"}']) WITH ORDINALITY l(lead, i) ORDER BY i;
-- Texts behind a hash: each is one of the others.
SELECT jsonb_array_length(card::jsonb -> 'fit') AS rules, fit(card, '{"a": "unseen"}') = fit(card, '{"a": "v1"}') AS texts, fit(card, '{"a": 5}') = fit(card, '{"a": true}') AS not_texts, fit(card, '{"a": "v1"}') = fit(card, '{"a": 5}') AS same
FROM (SELECT scorecard(lead_profile(CASE WHEN i < 9 THEN '{}' ELSE jsonb_build_object('a', 'v' || i) END, i % 3 = 0 OR i < 6), 20, 0, 1) AS card FROM generate_series(1, 10020) i) s;
-- No points, no card.
SELECT scorecard(NULL, 20, 600, 2) AS profile, scorecard(p, NULL, 600, 2) AS pdo, scorecard(one, 20, 600, 1) AS one_class FROM by_hand, (SELECT lead_profile('{"a": 1}', true) AS one) s;
SELECT pg_temp.failure(statement) FROM (VALUES
	($$SELECT scorecard(p, 0, 600, 1) FROM small$$),
	($$SELECT scorecard(p, -20, 600, 1) FROM small$$),
	($$SELECT scorecard(p, 20, 600, 0) FROM small$$),
	($$SELECT scorecard(p, 20, 600, -1) FROM small$$),
	($$SELECT scorecard(p, 20, 600, 1, 51) FROM small$$),
	($$SELECT scorecard(p, 20, 1e10, 1) FROM by_hand$$)) v(statement);
-- Keys that are empty, at any depth, or blank: the card finds them and is read back.
SELECT lead, attribute, card -> 'fit' -> 0 -> 'attribute' AS path, abs(fit(card::text::scorecard, lead) - base - points) < 1e-9 AS points, abs(fit(card::text::scorecard, '{}') - base - unknown) < 1e-9 AS unknown,
	card::text::scorecard::jsonb = card AS round_trip, (SELECT string_agg(rule, ', ') FROM explain(card::text::scorecard, lead)) AS explained
FROM unnest('{"{\"\": 1}","{\"a\": {\"\": 1}}","{\"\": {\"a\": 1}}","{\"\": {\"\": 1}}","{\"  \": 1}","{\"a\": {\"\": {\"b\": 1}}}"}'::jsonb[]) lead,
	LATERAL (SELECT lead_profile(a, a <> '{}') AS p FROM unnest(ARRAY[lead, '{}', '{}']) a) s, LATERAL (SELECT scorecard(p, 20, 600, 1, digits => 3)::jsonb AS card) c,
	LATERAL (SELECT max(attribute) AS attribute, sum(points) FILTER (WHERE kind = 'base') AS base, sum(points) FILTER (WHERE kind = 'number') AS points, sum(points) FILTER (WHERE kind = 'unknown') AS unknown
		FROM scorecard_points(p, 20, 600, 1, digits => 3)) b;

-- Drift --------------------------------------------------------------------------------

CREATE TEMP TABLE later AS
SELECT lead_profile(CASE WHEN n % 3 = 0 THEN attributes - 'rating' ELSE attributes END || jsonb_build_object('revenue', coalesce((attributes ->> 'revenue')::float8, 1) * 2,
	'country', CASE WHEN n % 50 = 0 THEN 'new' ELSE attributes ->> 'country' END), converted) AS p FROM many WHERE n % 2 = 0;
SELECT attribute, round(stability_index::numeric, 6) AS stability_index, bins_used FROM whole, later, drift(whole.p, later.p);
SELECT attribute, bin, label, kind, at_least, below, value, leads_before, leads_now, round(share_before::numeric, 6) AS share_before, round(share_now::numeric, 6) AS share_now,
	round(stability_index::numeric, 6) AS stability_index
FROM whole, later, drift_bins(whole.p, later.p) WHERE attribute IN ('country', 'rating', 'revenue');
SELECT max(abs(d.stability_index - b.sum)) < 1e-12 AS equal, max(abs(b.sum - b.by_hand)) < 1e-12 AS by_hand FROM whole, later, drift(whole.p, later.p) d
	JOIN (SELECT attribute, sum(stability_index), sum((share_now - share_before) * ln(share_now / share_before)) AS by_hand
		FROM whole, later, drift_bins(whole.p, later.p) GROUP BY 1) b USING (attribute);
SELECT max(stability_index) AS none, count(*) AS attributes FROM whole, drift(p, p);
SELECT d.* FROM (SELECT lead_profile(NULL, true) AS p) empty, by_hand, drift(by_hand.p, empty.p) d;
SELECT d.* FROM (SELECT lead_profile('{}', true) AS p) empty, by_hand, LATERAL (SELECT attribute, round(stability_index::numeric, 6), bins_used FROM drift(empty.p, by_hand.p)) d;
SELECT count(*) FROM whole, drift(p, NULL);

-- Beyond the bounds -----------------------------------------------------------------------

-- More texts and numbers than are kept; both go over the bound at other places in each part.
CREATE TEMP TABLE wide AS
SELECT n, jsonb_build_object('text', 'v' || (CASE WHEN n % 2 = 0 THEN n ELSE n % 5 END),
	'number', (CASE WHEN n % 3 = 0 THEN -1 ELSE 1 END) * exp((pg_temp.h(n, 11) % 100000) / 700.0 - 70), 'whole', n % 100 * n, 'few', n % 4) AS attributes, n % 7 < 2 AS converted
FROM generate_series(1, 24000) n;
CREATE TEMP TABLE outcome AS
SELECT 'as they come' AS way, lead_profile(attributes, converted) AS p FROM wide
UNION ALL SELECT 'backwards', lead_profile(attributes, converted) FROM (SELECT * FROM wide ORDER BY n DESC) s
UNION ALL SELECT 'shuffled', lead_profile(attributes, converted) FROM (SELECT * FROM wide ORDER BY pg_temp.h(n, 12)) s
UNION ALL SELECT 'rollup of parts', rollup(p) FROM (SELECT lead_profile(attributes, converted) AS p FROM wide GROUP BY n % 13) s
UNION ALL SELECT 'rollup of uneven parts', rollup(p) FROM (SELECT lead_profile(attributes, converted) AS p FROM wide GROUP BY n > 23000, n > 23900, n < 10) s
UNION ALL SELECT 'rollup of texts', rollup(p::text::lead_profile) FROM (SELECT lead_profile(attributes, converted) AS p FROM wide GROUP BY n < 100) s
UNION ALL SELECT '+', a.p + b.p FROM (SELECT lead_profile(attributes, converted) AS p FROM wide WHERE n < 21000) a, (SELECT lead_profile(attributes, converted) AS p FROM wide WHERE n >= 21000) b
UNION ALL SELECT '+ the other way', b.p + a.p FROM (SELECT lead_profile(attributes, converted) AS p FROM wide WHERE n < 21000) a, (SELECT lead_profile(attributes, converted) AS p FROM wide WHERE n >= 21000) b;
SELECT way, p::text = (SELECT p::text FROM outcome LIMIT 1) AS same, lead_profile_send(p) = (SELECT lead_profile_send(p) FROM outcome LIMIT 1) AS same_bytes,
	lead_profile_send(p::text::lead_profile) = lead_profile_send(p) AS round_trip
FROM outcome ORDER BY way COLLATE "C";
SELECT attribute, count(value) AS texts, count(at_least) AS numbers, sum(converted) AS converted, sum(not_converted) AS not_converted
FROM outcome, counts(p) WHERE way = '+' GROUP BY attribute ORDER BY attribute;
SELECT a ->> 'name' AS name, a ->> 'dropped_bits' AS dropped_bits, jsonb_array_length(a -> 'buckets') AS buckets FROM outcome, jsonb_array_elements(p::jsonb -> 'attributes') a WHERE way = '+';
-- A cell of the grid holds numbers that differ by no more than it is wide, and none of another cell.
WITH cell AS (
	SELECT array_agg(at_least ORDER BY at_least) AS edges, array_agg(converted ORDER BY at_least) AS won, array_agg(not_converted ORDER BY at_least) AS lost
	FROM outcome, counts(p) WHERE way = '+' AND attribute = 'number'
), plain AS (
	SELECT width_bucket(x, edges) AS cell, count(*) FILTER (WHERE converted) AS won, count(*) FILTER (WHERE NOT converted) AS lost, greatest(max(x) / min(x), min(x) / max(x)) AS width
	FROM (SELECT (attributes ->> 'number')::float8 AS x, converted FROM wide) w, cell GROUP BY 1
)
SELECT count(*) AS cells, bool_and(c.won[cell] = p.won AND c.lost[cell] = p.lost) AS counted, max(width) < 1.125 AS narrow FROM plain p, cell c;
-- Frequent texts still say something, in weight of evidence together.
SELECT value, round(log_odds::numeric, 2) AS log_odds, converted > 400 AS frequent FROM outcome, explain(p, '{"text": "v1"}') WHERE way = '+' AND attribute = 'text';
SELECT bin, label, converted, not_converted FROM outcome, weight_of_evidence(p, 'text') WHERE way = '+';
SELECT attribute, round(stability_index::numeric, 3) AS stability_index, bins_used
FROM outcome, (SELECT lead_profile(attributes, true) AS p FROM wide WHERE n <= 4000) part, drift(outcome.p, part.p) WHERE way = '+';
SELECT attribute, round(stability_index::numeric, 3) AS stability_index, bins_used
FROM outcome, (SELECT lead_profile(attributes, true) AS p FROM wide WHERE n <= 4000) part, drift(part.p, outcome.p) WHERE way = '+' AND attribute IN ('text', 'number');
-- Parts that are coarse in one attribute and fine in the other, scored together.
SELECT round(probability(ARRAY[w.p, f.p], '{"text": "v1", "number": 3, "few": 1}')::numeric, 9) = round(probability(ARRAY[f.p, w.p], '{"text": "v1", "number": 3, "few": 1}')::numeric, 9) AS same
FROM outcome w, (SELECT lead_profile(attributes, converted) AS p FROM wide WHERE n <= 100) f WHERE way = '+';
-- 10 000 texts are kept, one more is not; 4096 numbers are.
SELECT n, count(*) AS values, count(*) FILTER (WHERE kind = 'bucket') AS buckets, sum(converted) AS leads
FROM unnest('{10000,10001}'::int[]) n, LATERAL (SELECT lead_profile(jsonb_build_object('a', 'v' || i), true) AS p FROM generate_series(1, n) i) s, counts(p) GROUP BY n ORDER BY n;
SELECT n, count(*) AS numbers, max(at_least) AS highest, sum(converted) AS leads
FROM unnest('{4096,4097}'::int[]) n, LATERAL (SELECT lead_profile(jsonb_build_object('a', i), true) AS p FROM generate_series(1, n) i) s, counts(p) GROUP BY n ORDER BY n;
-- The whole range of float8 fits.
SELECT count(*) <= 4096 AS bounded, min(at_least) AS lowest, max(at_least) AS highest, count(*) FILTER (WHERE at_least = 0) AS zero, bool_and(round_trip) AS round_trip
FROM (SELECT p, lead_profile_send(p::text::lead_profile) = lead_profile_send(p) AS round_trip FROM (SELECT lead_profile(jsonb_build_object('a', jsonb_build_array(CASE WHEN n % 2 = 0 THEN -1 ELSE 1 END * exp(n * 0.1)::numeric * m, -1.7976931348623157e308, 1.7976931348623157e308)), true) AS p
	FROM generate_series(-7000, 7000) n, unnest('{1,0}'::int[]) m) s OFFSET 0) s, counts(p);
SELECT pg_temp.failure($$SELECT lead_profile((SELECT jsonb_object_agg('a' || i, i) FROM generate_series(1, 1001) i), true)$$);
SELECT count(*) FROM (SELECT lead_profile((SELECT jsonb_object_agg('a' || i, i) FROM generate_series(1, 1000) i), true) AS p) s, counts(p);
SELECT count(*), sum(converted) FROM (SELECT lead_profile(jsonb_build_object('a', (SELECT jsonb_agg('v' || i % 2000) FROM generate_series(1, 100000) i)), true) AS p) s, counts(p);

-- Bad input ---------------------------------------------------------------------------------

SELECT pg_temp.failure(statement) FROM (VALUES
	($$SELECT weight_of_evidence(p, 'nothing') FROM small$$),
	($$SELECT weight_of_evidence(p, bins => 0) FROM small$$),
	($$SELECT weight_of_evidence(p, bins => 51) FROM small$$),
	($$SELECT information_value(p, 0) FROM small$$),
	($$SELECT drift(p, p, -1) FROM small$$),
	($$SELECT drift_bins(p, p, 99) FROM small$$),
	($$SELECT scorecard_points(p, 0, 600, 1) FROM small$$),
	($$SELECT scorecard_points(p, 'NaN', 600, 1) FROM small$$),
	($$SELECT scorecard_points(p, 20, 'infinity', 1) FROM small$$),
	($$SELECT scorecard_points(p, 20, 600, -1) FROM small$$),
	($$SELECT scorecard_points(p, 20, 600, 1, bins => 0) FROM small$$),
	($$SELECT scorecard_points(p, 20, 600, 1, digits => 10) FROM small$$)) v(statement);

-- The text form refuses what it could not have printed.
SELECT p::text AS good FROM small \gset
SELECT path, left(to_value::text, 60) AS to_value, regexp_replace(pg_temp.failure(format('SELECT %L::lead_profile', jsonb_set(:'good', path::text[], to_value, true))), ' \| Build.*', '') AS outcome
FROM (VALUES
	('{version}', '2'::jsonb), ('{version}', '"1"'), ('{version}', '0'), ('{converted}', '-1'), ('{converted}', '1.5'), ('{converted}', '2'), ('{not_converted}', '9223372036854775808'),
	('{ignored}', '[]'), ('{ignored,null_converted}', 'null'), ('{attributes}', '{}'), ('{attributes,0}', '3'), ('{attributes,0}', '{}'),
	('{attributes,0,name}', '"company.name"'), ('{attributes,0,name}', '5'), ('{attributes,0,name}', to_jsonb(repeat('x', 201))),
	('{attributes,0,converted}', '4'), ('{attributes,0,not_converted}', '0'), ('{attributes,0,values}', '[]'), ('{attributes,0,values}', '7'), ('{attributes,0,values,0}', '["x", 1]'),
	('{attributes,0,values,0}', '["x", 0, 0]'), ('{attributes,0,values,0}', '[null, 0, 1]'), ('{attributes,0,values,0}', '[[], 0, 1]'), ('{attributes,0,values,0}', '"abc"'),
	('{attributes,0,values}', '[["x", 0, 1], ["x", 0, 1]]'), ('{attributes,0,values}', '[[true, 0, 1], [true, 0, 1]]'), ('{attributes,0,values,0,0}', to_jsonb(repeat('x', 201))),
	('{attributes,0,values}', '[["x", 9223372036854775807, 1], ["y", 1, 0]]'),
	('{attributes,0,buckets}', '[[3, 1, 1]]'), ('{attributes,0,numbers}', '[[3, 0, 1]]'), ('{attributes,0,numbers}', '[["3", 0, 1]]'), ('{attributes,0,numbers}', '[[3, 0, 1], [3, 0, 1]]'),
	('{attributes,0,numbers}', '[["Infinity", 0, 1]]'), ('{attributes,0,numbers}', '[[1e400, 0, 1]]'), ('{attributes,0,dropped_bits}', '0'), ('{attributes,0,numbers}', '[]')) v(path, to_value);
SELECT attribute, regexp_replace(pg_temp.failure(format('SELECT %L::lead_profile', jsonb_set(:'good', '{attributes}', jsonb_build_array(
	'{"name": "a", "converted": 0, "not_converted": 1, "values": []}'::jsonb || attribute::jsonb)))), ' \| Build.*', '') AS outcome
FROM unnest(ARRAY['{"buckets": [[3, 0, 1]]}', '{"buckets": [[3, 0, 1], [3, 0, 1]]}', '{"buckets": [[8192, 0, 1]]}', '{"numbers": [[1, 0, 1]], "dropped_bits": 44}', '{"numbers": [[1.001, 0, 1]], "dropped_bits": 44}',
	'{"numbers": [[1, 0, 1]], "dropped_bits": 53}', '{"numbers": [[1, 0, 1]], "dropped_bits": null}', '{"numbers": 1}', '{"buckets": 1}', '{"numbers": [[1, 0, 0]]}', '{}']) attribute;
SELECT pg_temp.failure('SELECT ''[]''::lead_profile'), pg_temp.failure('SELECT ''{}''::lead_profile'), pg_temp.failure('SELECT ''{"version": 1''::lead_profile');
-- Counts that cannot be added.
SELECT pg_temp.failure(format('SELECT p + p FROM (SELECT %L::lead_profile AS p) s', replace(:'good', '"not_converted": 4, "ignored"', '"not_converted": 9223372036854775807, "ignored"')));
SELECT pg_temp.failure(format('SELECT rate(%L::lead_profile)', replace(:'good', '"not_converted": 4, "ignored"', '"not_converted": 9223372036854775807, "ignored"')));
-- The largest counts.
SELECT replace('{"version": 1, "converted": N, "not_converted": N, "ignored": {"null_attributes": N, "null_converted": N, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0},
	"attributes": [{"name": "a", "converted": N, "not_converted": N, "values": [["x", N, N]]}, {"name": "b", "converted": N, "not_converted": 1, "values": [], "numbers": [[1, 1, 0], [2, 0, 1], [3, 9223372036854775806, 0]]}]}',
	'N', '9223372036854775807') AS largest \gset
SELECT probability(p, '{"a": "x"}') AS a, round(probability(p, '{"b": 2}')::numeric, 6) AS b, probability(p, '{"b": 3}') AS b FROM (SELECT :'largest'::lead_profile AS p) s;
SELECT attribute, label, converted, not_converted, round(w.weight_of_evidence::numeric, 6) AS weight FROM weight_of_evidence(:'largest'::lead_profile) w;
SELECT attribute, label, round(points::numeric, 6) AS points FROM scorecard_points(:'largest'::lead_profile, 20, 600, 1);
SELECT reason FROM explain(:'largest'::lead_profile, '{"a": "x"}');
SELECT pg_temp.failure(format('SELECT drift(%L::lead_profile, p) FROM small', :'largest')), pg_temp.failure(format('SELECT %L::lead_profile + p FROM small', :'largest'));

--
-- What a mart knows of a lead, as one object: the same as by the functions for JSON
--
SELECT count(*) AS objects, count(*) FILTER (WHERE lead_kpi.known_of_lead(a, channel, NULL, kind, 'won', touches, kinds) = coalesce(a, '{}') || jsonb_build_object('lead',
	jsonb_strip_nulls(jsonb_build_object('channel', channel, 'kind', kind, 'stage', 'won', 'recent_touches', touches, 'touch_kinds', array_remove(kinds, NULL))))) AS same
FROM (VALUES (NULL::jsonb), ('{}'), ('{"a": 1, "b": {"c": [1, {"d": null}], "lead": 2}, "zz": [], "lead": {"stage": "x"}}'), ('{"lead": 3, "leads": "e", "": true}')) v(a)
CROSS JOIN (VALUES (NULL, 'form'), ('web', ''), ('"\', NULL)) t(channel, kind)
CROSS JOIN (VALUES (NULL, NULL::text[]), (0, '{}'), (-7, '{b,NULL,a}')) n(touches, kinds);
SELECT lead_kpi.known_of_lead('{"a": 1}', 'web', 'spring', NULL, NULL, 2, '{mail}'), lead_kpi.known_of_lead(NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS nothing;
SELECT pg_temp.failure($$SELECT lead_kpi.known_of_lead('[1]', NULL, NULL, NULL, NULL, NULL, NULL)$$), pg_temp.failure($$SELECT lead_kpi.known_of_lead('null', NULL, NULL, NULL, NULL, NULL, NULL)$$);
