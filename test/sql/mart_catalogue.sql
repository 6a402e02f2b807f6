-- kpi_catalogue: nothing is missing in either language, and what it says of NULL, of the grain and of sums is so.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET client_min_messages = warning;
SET jit = off;
\pset format unaligned
\pset footer off
SELECT create_mart('regress_catalogue');
SET search_path = regress_catalogue, lead_kpi, public;

--
-- Nothing is missing
--
CREATE TEMP TABLE english AS SELECT * FROM kpi_catalogue;
UPDATE rule SET language = 'fr';
CREATE TEMP TABLE french AS SELECT * FROM kpi_catalogue;
CREATE TEMP TABLE column_of_mart AS
SELECT c.relname::text AS view_name, a.attname::text AS column_name, a.atttypid::regtype AS type, obj_description(c.oid) AS about
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'regress_catalogue'::regnamespace AND c.relkind = 'v';

CREATE TEMP TABLE shown AS SELECT g.* FROM (SELECT DISTINCT view_name FROM column_of_mart) m JOIN mart_grains() g USING (view_name);
CREATE TEMP TABLE word AS SELECT * FROM mart_kpi_words();
ANALYZE english, french, column_of_mart, shown, word;

-- Views that are neither for users, by mart_grains(), nor say that they are a layer: what everything is built from.
SELECT string_agg(DISTINCT view_name, ' ' ORDER BY view_name) AS building_blocks FROM column_of_mart
WHERE about NOT LIKE 'Layer below%' AND view_name NOT IN (SELECT s.view_name FROM shown s);
-- Layers that are said to be for users.
SELECT DISTINCT view_name FROM column_of_mart WHERE about LIKE 'Layer below%' AND view_name IN (SELECT s.view_name FROM shown s);
-- Views that are said to be two things.
SELECT view_name FROM shown GROUP BY view_name HAVING count(*) > 1;
-- Numbers of the views for users, of whatever type, that are in the catalogue of one language only, or of neither and not said to be no KPI.
SELECT m.view_name, m.column_name, e.view_name IS NOT NULL AS in_english, f.view_name IS NOT NULL AS in_french
FROM column_of_mart m
LEFT JOIN english e USING (view_name, column_name)
LEFT JOIN french f USING (view_name, column_name)
WHERE m.type NOT IN ('text'::regtype, 'boolean'::regtype, 'date'::regtype, 'timestamptz'::regtype)
	AND m.view_name IN (SELECT s.view_name FROM shown s) AND (e.view_name IS NULL OR f.view_name IS NULL)
	AND NOT EXISTS (SELECT FROM mart_not_kpis() n WHERE m.column_name ~ ('^(' || n.attributes || ')$') AND m.view_name ~ ('^(' || coalesce(n.views, '.*') || ')$'))
ORDER BY m.view_name, m.column_name;
-- Twice, or with a field that is empty, or not a text.
SELECT view_name, column_name, count(*) FROM english GROUP BY 1, 2 HAVING count(*) > 1;
SELECT l.language, l.view_name, l.column_name, f.field, f.value
FROM (SELECT 'en' AS language, * FROM english UNION ALL SELECT 'fr', * FROM french) l
CROSS JOIN LATERAL (VALUES ('name', name), ('question', question), ('formula', formula), ('unit', unit), ('null_rule', null_rule), ('grain', grain),
	('adds_up', adds_up::text)) AS f(field, value)
WHERE coalesce(f.value, '') = '' OR f.value ~ '^\s|\s$|  ' OR f.value ~ '\\[23][0-7][0-7]' OR f.field = 'question' AND f.value !~ '\?'
	OR f.field IN ('name', 'question', 'formula') AND left(f.value, 1) ~ '[.;,: ]' OR f.field = 'formula' AND f.value ~ '^(The same|Upper bound,|La même|Le même|Les mêmes)\M'
ORDER BY 1, 2, 3, 4;
-- English where French should be, and a French text that is the same for two KPIs of a view.
SELECT view_name, column_name FROM french WHERE concat_ws(' ', name, question, formula, unit, null_rule, grain) ~* '\m(the|of|where|when|which|leads? that)\M'
	AND concat_ws(' ', name, question, formula, unit, null_rule, grain) !~ 'ROAS|\mof_';
SELECT view_name, name, string_agg(column_name, ' ') FROM french GROUP BY 1, 2 HAVING count(*) > 1;
SELECT view_name, name, string_agg(column_name, ' ') FROM english GROUP BY 1, 2 HAVING count(*) > 1;

-- Words that match nothing, or a KPI twice; codes that nothing has.
SELECT 'word' AS what, concat_ws('.', w.views, w.attribute) AS who FROM word w
WHERE NOT EXISTS (SELECT FROM english e WHERE e.column_name = w.attribute AND e.view_name ~ ('^(' || coalesce(w.views, '.*') || ')$'))
UNION ALL
SELECT 'word for all, which all have of their own', w.attribute FROM word w
WHERE w.views IS NULL AND w.attribute NOT IN (SELECT e.column_name FROM english e
	LEFT JOIN word o ON o.attribute = e.column_name AND o.unit IS NOT NULL AND e.view_name ~ ('^(' || o.views || ')$') WHERE o.attribute IS NULL)
UNION ALL
SELECT 'two words', concat_ws('.', e.view_name, e.column_name) FROM english e JOIN word w ON w.attribute = e.column_name
	AND e.view_name ~ ('^(' || w.views || ')$') GROUP BY 2 HAVING count(*) > 1
UNION ALL
SELECT 'two words', attribute FROM word WHERE views IS NULL GROUP BY 2 HAVING count(*) > 1
UNION ALL
SELECT 'grain', g.view_name FROM mart_grains() g WHERE g.view_name NOT IN (SELECT s.view_name FROM shown s)
UNION ALL
SELECT 'key that is no column', concat_ws('.', s.view_name, k) FROM shown s CROSS JOIN unnest(s.keys || s.fixed) k
WHERE (s.view_name, k) NOT IN (SELECT c.view_name, c.column_name FROM column_of_mart c)
UNION ALL
SELECT 'noun', concat_ws('.', w.views, w.attribute) FROM mart_grain_words() w
WHERE NOT EXISTS (SELECT FROM shown s WHERE w.attribute = ANY (s.keys) AND s.view_name ~ ('^(' || coalesce(w.views, '.*') || ')$'))
UNION ALL
SELECT 'no KPI', concat_ws('.', n.views, n.attributes) FROM mart_not_kpis() n
WHERE NOT EXISTS (SELECT FROM column_of_mart m JOIN shown s USING (view_name)
	WHERE m.column_name ~ ('^(' || n.attributes || ')$') AND m.view_name ~ ('^(' || coalesce(n.views, '.*') || ')$'))
UNION ALL
SELECT 'unit', unit FROM mart_kpi_units() u WHERE NOT EXISTS (SELECT FROM word w WHERE w.unit = u.unit)
UNION ALL
SELECT 'NULL rule', code FROM mart_null_rules() n WHERE NOT EXISTS (SELECT FROM word w WHERE w.null_rule = n.code)
UNION ALL
SELECT 'NULL rule that is a code of nothing', null_rule FROM word w
WHERE null_rule ~ '^[a-z_]+$' AND NOT EXISTS (SELECT FROM mart_null_rules() n WHERE n.code = w.null_rule);
-- Never NULL, but its comment says when.
SELECT e.view_name, e.column_name, k.meaning FROM english e JOIN mart_kpi_columns('regress_catalogue'::regnamespace) k USING (view_name, column_name)
WHERE e.null_rule = 'never' AND k.meaning ~ '\mNULL\M';

-- How the words are made: from the comment, from what an interval is of, and from the row for all views that one of its own completes.
SELECT mart_null_clause(m), mart_without_null_clause(m)
FROM (VALUES (1, 'a / b, 0 to 1; NULL when nothing was x. To sum up, divide.'), (2, 'Bound; NULL = no limit.'), (3, '0 when none, NULL when unknown. So.'),
	(4, 'Share. NULL while it is below 0.1, say.'), (5, 'It is.'), (6, NULL)) AS t(n, m) ORDER BY n;
UPDATE rule SET language = 'en';
\x
SELECT * FROM kpi_catalogue WHERE view_name = 'cpl_to_revenue' AND column_name IN ('cac', 'cac_high', 'won', 'lead_to_won_low');
UPDATE rule SET language = 'fr';
SELECT * FROM kpi_catalogue WHERE view_name = 'cpl_to_revenue' AND column_name IN ('cac', 'cac_high', 'won', 'lead_to_won_low');
UPDATE rule SET language = 'en';
\x
-- Per view: how many KPIs, how many of them add up, and where.
SELECT view_name, count(*) AS kpis, count(*) FILTER (WHERE adds_up) AS add_up, min(sum_within) AS within, min(grain) AS grain
FROM english GROUP BY view_name ORDER BY view_name COLLATE "C";

--
-- Who may read it, and a mart of another name
--
ALTER SCHEMA regress_catalogue RENAME TO "Regress Catalogue";
SELECT count(*) FROM ((TABLE "Regress Catalogue".kpi_catalogue EXCEPT ALL TABLE english) UNION ALL (TABLE english EXCEPT ALL TABLE "Regress Catalogue".kpi_catalogue)) d;
ALTER SCHEMA "Regress Catalogue" RENAME TO regress_catalogue;
CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA regress_catalogue TO regress_reader;
GRANT SELECT ON kpi_catalogue, rule TO regress_reader;
SET ROLE regress_reader;
SELECT count(*) > 400 AS reads_it FROM regress_catalogue.kpi_catalogue;
RESET ROLE;
DROP OWNED BY regress_reader;
DROP ROLE regress_reader;
-- A view of one's own has no comments, and is no view of the mart.
CREATE VIEW own AS SELECT 1 AS leads;
SELECT count(*) FROM kpi_catalogue WHERE view_name = 'own';
DROP VIEW own;
SELECT count(*) FROM mart_kpis(0, 'fr');

--
-- What it says is so: on an empty mart, on generated data, on dirty data
--
CREATE TEMP TABLE untrue (state text, what text, view_name text, column_name text, rows text);
CREATE FUNCTION pg_temp.look(state text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	-- NULL where it never is, or only where what it is an end of is; and a grain that is not one.
	FOR item IN
		SELECT k.view_name, string_agg(format('%L, count(*) FILTER (WHERE %s)', e.column_name, CASE e.null_rule WHEN 'never'
			THEN format('%I IS NULL', e.column_name) ELSE format('%I IS NULL AND %I IS NOT NULL', e.column_name, k.base) END), ', ') AS counts
		FROM english e JOIN mart_kpi_columns('regress_catalogue'::regnamespace) k USING (view_name, column_name)
		WHERE e.null_rule IN ('never', 'where ' || k.base || ' is NULL')
		GROUP BY k.view_name
	LOOP
		EXECUTE format('INSERT INTO untrue SELECT %L, ''NULL'', %L, c.* FROM (SELECT jsonb_build_object(%s) AS counts FROM %2$I) v, jsonb_each_text(counts) c
			WHERE c.value <> ''0''', state, item.view_name, item.counts);
	END LOOP;
	FOR item IN
		SELECT s.view_name, CASE WHEN s.keys = '{}' THEN '()' ELSE (SELECT string_agg(quote_ident(k), ', ') FROM unnest(s.keys) k) END AS keys FROM shown s
	LOOP
		EXECUTE format('INSERT INTO untrue SELECT %L, ''grain'', %L, NULL, count(*) FROM (SELECT FROM %2$I GROUP BY %s HAVING count(*) > 1) d HAVING count(*) > 0',
			state, item.view_name, item.keys);
	END LOOP;
	-- Claims that are plain enough to be asked both ways.
	FOR item IN
		SELECT e.view_name, e.column_name, p.condition
		FROM
		(VALUES ('no_revenue', 'revenue IS NULL OR leads = 0'), ('none_won_or_amount', 'deals_won = 0 OR revenue IS NULL'),
			('spend_or_revenue', 'spend IS NULL OR spend <= 0 OR revenue IS NULL'), ('margin_or_roas', 'roas IS NULL OR (SELECT gross_margin FROM rule) IS NULL'),
			('margin_or_revenue', 'revenue_per_lead IS NULL OR (SELECT gross_margin FROM rule) IS NULL'),
			('cost', 'spend IS NULL OR spend < 0 OR coalesce(%s, 0) = 0')) AS p(code, condition)
		JOIN mart_null_rules() n USING (code)
		JOIN english e ON e.null_rule = n.english
		WHERE e.view_name NOT IN ('marginal_return')
	LOOP
		EXECUTE format('INSERT INTO untrue SELECT %L, ''NULL claim'', %L, %L, count(*) FROM %2$I WHERE (%3$I IS NULL) <> (%s) HAVING count(*) > 0',
			state, item.view_name, item.column_name,
			format(item.condition, CASE item.column_name WHEN 'cac' THEN 'won' ELSE 'leads' END));
	END LOOP;
	-- No sum has more leads or deals than there are: rows that cut the same leads again are not summed.
	FOR item IN
		SELECT s.view_name, CASE WHEN s.fixed = '{}' THEN '()' ELSE (SELECT string_agg(quote_ident(k), ', ') FROM unnest(s.fixed) k) END AS groups,
			string_agg(format('%L, coalesce(sum(%1$I), 0) > %s', e.column_name, CASE e.unit WHEN 'deals' THEN '(SELECT count(*) FROM deal)'
				ELSE '(SELECT coalesce(sum(greatest(gross, leads)), 0) FROM kpi_day)' END || ' + 1e-6'), ', ') AS sums
		FROM shown s JOIN english e USING (view_name)
		WHERE e.adds_up AND e.unit IN ('leads', 'deals')
		GROUP BY s.view_name, s.fixed
	LOOP
		EXECUTE format('INSERT INTO untrue SELECT DISTINCT %L, ''sum of too much'', %L, c.key, NULL FROM (SELECT jsonb_build_object(%3$s) AS sums FROM %2$I GROUP BY %4$s) v,
			jsonb_each_text(sums) c WHERE c.value = ''true''', state, item.view_name, item.sums, item.groups);
	END LOOP;
	-- What adds up is, summed, what the view of fewer rows says; money is rounded to cents.
	FOR item IN
		SELECT p.fine, p.coarse, p.cut, p.of_fine, p.of_coarse, coalesce(nullif(p.cut, ''), '()') AS groups, string_agg(format('%L, sum(%1$I)::float8', e.column_name), ', ') AS sums
		FROM
		(VALUES
			('funnel_by_channel', 'funnel', 'stage', 'true', 'true'), ('funnel_by_campaign', 'funnel_by_channel', 'channel, stage', 'true', 'true'),
			('funnel_by_month', 'funnel', 'stage', 'true', 'true'), ('funnel_by_owner', 'funnel', 'stage', 'true', 'true'),
			('mql_acceptance_by_channel', 'mql_acceptance', '', 'true', 'true'), ('unit_cost', 'funnel', 'stage', 'true', 'true'),
			('cycle_time', 'cycle_time_by_month', 'month', 'true', 'true'), ('cycle_time', 'cycle_time_by_channel', 'channel', 'true', 'true'),
			('forecast_by_age', 'forecast_by_stage', 'horizon_days, stage', 'true', 'true'), ('forecast_by_stage', 'forecast', 'horizon_days', 'true', 'true'),
			('attribution_by_campaign', 'attribution', 'model, channel', 'model NOT IN (''markov'', ''shapley'')', 'model NOT IN (''markov'', ''shapley'')'),
			('kpi_day', 'cpl_to_revenue', 'channel, campaign', 'true', 'true'), ('lead_generated', 'kpi_day', 'day, kind, channel, campaign', 'true', 'true'),
			('kpi_day', 'channel_comparison', '', 'true', 'true'), ('icp_fit', 'channel_comparison', '', 'true', 'true'),
			('outbound_chain_by_campaign', 'outbound_chain', '', 'true', 'true'), ('outbound_chain_by_month', 'outbound_chain', '', 'true', 'true'),
			('outbound_chain_by_owner', 'outbound_chain', '', 'true', 'true'), ('outbound_chain_by_channel', 'outbound_chain', '', 'is_outbound', 'true'),
			('meetings_by_owner', 'meetings_by_month', '', 'true', 'true'), ('speed_to_lead_by_channel', 'speed_to_lead_by_owner', 'measure', 'true', 'true'),
			('speed_to_lead_by_hour', 'speed_to_lead_by_owner', 'measure', 'true', 'true'), ('account_funnel_by_channel', 'account_funnel', 'stage', 'true', 'true'),
			('owner_performance', 'owner_performance', '', 'grain = ''owner''', 'grain = ''all'''),
			('refusal_reasons', 'refusal_reasons', 'reason', 'grain = ''channel''', 'grain = ''all'''),
			('refusal_reasons', 'refusal_reasons', '', 'grain = ''owner''', 'grain = ''all'''),
			('loss_reasons', 'loss_reasons', 'reason', 'grain = ''channel''', 'grain = ''all'''), ('loss_reasons', 'loss_reasons', '', 'grain = ''owner''', 'grain = ''all'''),
			('stage_paths', 'stage_paths', 'from_stage, to_stage, kind', 'grain = ''channel''', 'grain = ''all'''),
			('funnel_value', 'funnel_value', 'stage', 'grain = ''channel''', 'grain = ''all'''),
			('funnel_value', 'funnel_value', 'stage, channel', 'grain = ''campaign''', 'grain = ''channel'''),
			('payback', 'payback', '', 'grain = ''channel''', 'grain = ''all'''), ('payback', 'payback', 'channel', 'grain = ''campaign''', 'grain = ''channel'''),
			('pipeline_hygiene_count', 'pipeline_hygiene_count', 'fault', 'grain = ''owner''', 'grain = ''all'''), ('stuck_by_owner', 'stuck_by_stage', '', 'true', 'true'),
			('attribution_of_stage', 'funnel', 'stage', 'model = ''linear''', 'stage IN (''mql'', ''sql'', ''opportunity'')'),
			('influence', 'influence', '', 'grain = ''campaign''', 'grain = ''channel''')
		) AS p(fine, coarse, cut, of_fine, of_coarse)
		JOIN english e ON e.view_name = p.fine AND e.adds_up
		JOIN english o ON o.view_name = p.coarse AND o.column_name = e.column_name
		GROUP BY p.fine, p.coarse, p.cut, p.of_fine, p.of_coarse
	LOOP
		EXECUTE format('INSERT INTO untrue SELECT %L, ''sum'', %L, e.column_name, count(*)
			FROM (SELECT jsonb_build_array(%3$s) AS k, jsonb_build_object(%4$s) AS v FROM %2$I WHERE %6$s GROUP BY %7$s) f
			FULL JOIN (SELECT jsonb_build_array(%3$s) AS k, jsonb_build_object(%4$s) AS v FROM %5$I WHERE %8$s GROUP BY %7$s) c ON f.k = c.k
			JOIN english e ON e.view_name = %2$L AND coalesce(f.v, c.v) ? e.column_name
			WHERE abs(coalesce((f.v ->> e.column_name)::float8, 0) - coalesce((c.v ->> e.column_name)::float8, 0))
				> 1e-6 * (1 + abs(coalesce((f.v ->> e.column_name)::float8, 0))) + CASE WHEN e.unit LIKE ''money%%'' THEN 0.06 ELSE 0 END
			GROUP BY e.column_name', state, item.fine, item.cut, item.sums, item.coarse, item.of_fine, item.groups, item.of_coarse);
	END LOOP;
END
$$;
SELECT generate_example('regress_catalogue', 400, 3);
SET search_path = regress_catalogue, lead_kpi, public;
UPDATE rule SET gross_margin = 0.7, icp_fit = 10, score_features = '{channel,stage}', scorecard =
	'{"fit": [{"name": "Any", "attribute": "employees", "op": ">=", "value": 50, "points": 20}], "engagement": [{"name": "Visit", "event": "visit", "points": 8}],
	"grades": {"fit": {"A": 20, "B": 0}, "engagement": {"1": 8, "2": 0}}, "hand_off": [{"total": 8}]}';
INSERT INTO spend VALUES ('2025-04-01', 'paid_search', NULL, -1000000), ('2025-04-01', NULL, NULL, 7), (NULL, 'radio', NULL, 1);
INSERT INTO deal SELECT 'x' || n, lead_id, created_at, created_at, true, CASE WHEN n > 1 THEN 'NaN' ELSE 1e6 END FROM (SELECT *, row_number() OVER () AS n FROM lead LIMIT 3) l;
INSERT INTO stage_event SELECT lead_id, 'won', created_at FROM lead LIMIT 5;
INSERT INTO stage VALUES (20, 'Refused', 'lost');
INSERT INTO stage_event (lead_id, stage, entered_at, reason) SELECT lead_id, 'Refused', entered_at + interval '1 day', (ARRAY['no budget', 'too small', NULL])[1 + lead_id % 3]
FROM stage_event WHERE stage = 'mql' AND lead_id % 5 = 0;
SELECT count(*) > 0 AS trained FROM train_mart('regress_catalogue');
-- Alike in a stored mart, which is quick to ask about the rest.
SELECT store_mart('regress_catalogue');
(TABLE kpi_catalogue EXCEPT ALL TABLE english) UNION ALL (TABLE english EXCEPT ALL TABLE kpi_catalogue);
SELECT pg_temp.look('generated');
-- Something was looked at: views that have no rows here.
CREATE FUNCTION pg_temp.is_empty(name text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	answer boolean;
BEGIN
	EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I)', name) INTO answer;
	RETURN answer;
END
$$;
SELECT v.view_name AS empty FROM (SELECT DISTINCT view_name FROM english) v WHERE pg_temp.is_empty(v.view_name) ORDER BY 1;

-- A ladder that says nothing about roles, and other settings.
UPDATE stage SET role = NULL WHERE role <> 'lost';
UPDATE rule SET gross_margin = NULL, funnel_policy = 'ordered', funnel_within = '20 days', channel_spend = 'keep', time_zone = 'Asia/Tokyo',
	attribution_model = 'last_touch';
SELECT refresh_mart('regress_catalogue');
SELECT pg_temp.look('without roles');
TRUNCATE lead, stage_event, touch, spend, deal, deal_change, activity, target, volume;
SELECT refresh_mart('regress_catalogue');
SELECT pg_temp.look('empty');
TABLE untrue ORDER BY 1, 2, 3, 4;

-- A mart without its settings.
ALTER TABLE rule DISABLE TRIGGER ALL;
DELETE FROM rule;
SELECT pg_temp.failure('SELECT * FROM kpi_catalogue');
RESET search_path;
SELECT lead_kpi.drop_mart('regress_catalogue');
