-- Segments: any cut of the leads, whose values add up to the whole, and the views that say the same of the same cut.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

--
-- What attributes say at a path
--
SELECT path, lead_kpi.attribute_value('{"a": {"b": {"c": 1.50}, "b.d": true}, "e.f": "x", "blank": "  ", "none": null, "list": ["p", "q"], "no": [], "": "key"}', path)
FROM unnest('{a.b.c,a.b.d,a.b,a.x,e.f,e,blank,none,list,no,"",a.b.c.d,.}'::text[]) path;
SELECT lead_kpi.attribute_value(NULL, 'a') IS NULL AND lead_kpi.attribute_value('{}', NULL) IS NULL AND lead_kpi.attribute_value('null', 'a') IS NULL AS unknown;
\set VERBOSITY terse
SELECT lead_kpi.attribute_value('[1]', 'a');
\set VERBOSITY default

-- What the segments and the other views do not agree on, and segments that do not add up to the whole: nothing.
CREATE FUNCTION pg_temp.disagreements(mart text) RETURNS TABLE (disagreement text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	DROP TABLE IF EXISTS f, r, c;
	CREATE TEMP TABLE f AS SELECT * FROM funnel_by_segment;
	CREATE TEMP TABLE r AS SELECT * FROM revenue_by_segment;
	CREATE TEMP TABLE c AS SELECT * FROM cohort_conversion_by_segment;
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('funnel', 'SELECT segment, stage_position, sum(leads) FROM f GROUP BY 1, 2',
				'SELECT segment, stage_position, leads FROM funnel, (SELECT DISTINCT segment FROM f) s'),
			('all segments', 'SELECT segment FROM segment WHERE (SELECT entered_leads > 0 FROM funnel LIMIT 1)', 'SELECT DISTINCT segment FROM f'),
			('the same values', 'SELECT DISTINCT segment, value, is_pooled, pooled_values FROM f', 'SELECT segment, value, is_pooled, pooled_values FROM r'),
			('the same values in time', 'SELECT DISTINCT segment, value, is_pooled, pooled_values FROM c',
				'SELECT f.segment, value, is_pooled, pooled_values FROM r f WHERE EXISTS (SELECT FROM segment_member m WHERE (m.segment, m.is_pooled)
				= (f.segment, f.is_pooled) AND m.value IS NOT DISTINCT FROM f.value AND m.lead_id IS NOT NULL)'),
			('channel', 'SELECT value, stage_position, leads, step_rate, step_rate_low, total_rate, total_rate_high, median_days, p90_days, mean_days FROM f
				WHERE segment = ''channel''', 'SELECT channel, stage_position, leads, step_rate, step_rate_low, total_rate, total_rate_high, median_days, p90_days,
				mean_days FROM funnel_by_channel WHERE NOT EXISTS (SELECT FROM f WHERE segment = ''channel'' AND is_pooled)
				UNION ALL SELECT value, stage_position, leads, step_rate, step_rate_low, total_rate, total_rate_high, median_days, p90_days, mean_days FROM f
				WHERE segment = ''channel'' AND EXISTS (SELECT FROM f WHERE segment = ''channel'' AND is_pooled)'),
			('month', 'SELECT value, stage_position, leads, step_rate_high, median_days FROM f WHERE segment = ''month''',
				'SELECT to_char(month, ''YYYY-MM''), stage_position, leads, step_rate_high, median_days FROM funnel_by_month'),
			('month in time', 'SELECT value, age_days, leads, won_within, observed_conversion, conversion, conversion_low, conversion_high, at_risk, is_mature
				FROM c WHERE segment = ''month''', 'SELECT to_char(month, ''YYYY-MM''), age_days, leads, won_within, observed_conversion, conversion,
				conversion_low, conversion_high, at_risk, is_mature FROM cohort_conversion'),
			('revenue', 'SELECT segment, sum(leads), sum(mql), sum(sal), sum(sql), sum(opportunities), sum(won), sum(deals_won), coalesce(sum(revenue), 0) FROM r
				GROUP BY 1', 'SELECT segment, sum(leads), sum(mql), sum(sal), sum(sql), sum(opportunities), sum(won), sum(deals_won), coalesce(sum(revenue), 0)
				FROM cpl_to_revenue, (SELECT DISTINCT segment FROM r) s GROUP BY 1'),
			('month''s revenue', 'SELECT value, leads, mql, won, deals_won, coalesce(revenue, 0), round(maturity::numeric, 12) FROM r WHERE segment = ''month''
				AND (leads > 0 OR won > 0 OR mql > 0)',
				'SELECT to_char(month, ''YYYY-MM''), sum(leads), sum(mql), sum(won), sum(deals_won), coalesce(sum(revenue), 0), round((sum(leads * maturity) / nullif(sum(leads), 0))::numeric, 12)
				FROM cpl_to_revenue WHERE leads > 0 OR won > 0 OR mql > 0 GROUP BY 1'),
			('cohort_conversion', 'SELECT segment, age_days, sum(leads), sum(won_within) FROM c GROUP BY 1, 2',
				'SELECT segment, age_days, sum(leads), sum(won_within) FROM cohort_conversion, (SELECT DISTINCT segment FROM c) s GROUP BY 1, 2'),
			-- Where an attribute names month, channel and campaign, it is cpl_to_revenue to the last digit.
			('cell', 'SELECT value, leads, mql, sal, sql, opportunities, won, lead_to_won, lead_to_won_low, lead_to_won_high, maturity, is_mature,
				expected_lead_to_won, expected_lead_to_won_low, expected_lead_to_won_high, deals_won, revenue, average_deal, revenue_per_lead,
				revenue_per_lead_low, revenue_per_lead_high, break_even_cpl, break_even_cpl_low, break_even_cpl_high FROM r
				WHERE segment = ''cell'' AND value IS NOT NULL AND NOT EXISTS (SELECT FROM r WHERE segment = ''cell'' AND is_pooled)',
				'SELECT concat_ws(''/'', month, channel, campaign), leads, mql, sal, sql, opportunities, won, lead_to_won, lead_to_won_low, lead_to_won_high, maturity,
				is_mature, expected_lead_to_won, expected_lead_to_won_low, expected_lead_to_won_high, deals_won, revenue, average_deal, revenue_per_lead,
				revenue_per_lead_low, revenue_per_lead_high, break_even_cpl, break_even_cpl_low, break_even_cpl_high FROM cpl_to_revenue
				WHERE leads > 0 AND EXISTS (SELECT FROM r WHERE segment = ''cell'' AND value IS NOT NULL)
				AND NOT EXISTS (SELECT FROM r WHERE segment = ''cell'' AND is_pooled)'),
			('icp', 'SELECT value, sum(leads), sum(won) FROM r WHERE segment = ''icp'' AND value IS NOT NULL GROUP BY 1',
				'SELECT v.value, sum(CASE v.value WHEN ''inside'' THEN in_icp ELSE outside END), sum(CASE v.value WHEN ''inside'' THEN won_in_icp ELSE won_outside END)
				FROM icp_fit, (VALUES (''inside''), (''outside'')) v(value) WHERE in_icp IS NOT NULL GROUP BY 1
				HAVING sum(CASE v.value WHEN ''inside'' THEN in_icp ELSE outside END) > 0')
		) q(what, found, expected)
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L, count(*) FROM ((%2$s EXCEPT ALL %3$s) UNION ALL (%3$s EXCEPT ALL %2$s)) d HAVING count(*) > 0',
			item.what, '(' || item.found || ')', '(' || item.expected || ')');
	END LOOP;
	PERFORM set_config('search_path', 'public, lead_kpi', true);
END
$$;

SELECT create_mart('regress_segment');
SELECT * FROM pg_temp.disagreements('regress_segment');
SELECT generate_example('regress_segment', 1500);
UPDATE regress_segment.lead SET owner = (ARRAY['Ada', ' Ada ', 'Ben', 'Cyd', '  ', NULL])[1 + lead_id % 6];
UPDATE regress_segment.lead l SET attributes = coalesce(l.attributes, '{}') || jsonb_build_object('cell', concat_ws('/', c.month, c.channel, c.campaign),
	'firm', jsonb_build_object('size', jsonb_build_object('band', (ARRAY['S', 'M', 'L', NULL])[1 + l.lead_id % 4])))
FROM regress_segment.counted_lead c WHERE c.lead_id = l.lead_id;
UPDATE regress_segment.rule SET segments = '{industry,cell,firm.size.band,industry}', segment_values = 1000, icp_fit = 30, gross_margin = 0.6,
	scorecard = '{"fit": [{"name": "Size", "attribute": "employees", "op": ">=", "value": 100, "points": 40}]}';
SELECT * FROM pg_temp.disagreements('regress_segment');
SELECT segment, is_attribute FROM regress_segment.segment ORDER BY segment COLLATE "C";
SELECT value, is_pooled, leads, won, round(lead_to_won_low::numeric, 4) AS low, round(maturity::numeric, 3) AS maturity, revenue, round(revenue_per_lead_low, 2) AS per_lead_low
FROM regress_segment.revenue_by_segment WHERE segment = 'owner';
SELECT value, leads FROM regress_segment.funnel_by_segment WHERE segment = 'firm.size.band' AND stage_position = 2;
-- The same attribute as a channel of another mart.
SELECT create_mart('regress_other');
UPDATE regress_other.rule r SET internal_domains = s.internal_domains, internal_pattern = s.internal_pattern FROM regress_segment.rule s;
INSERT INTO regress_other.lead SELECT lead_id, created_at, kind, attributes ->> 'industry', NULL, email, company, attributes FROM regress_segment.lead;
INSERT INTO regress_other.stage_event SELECT * FROM regress_segment.stage_event;
INSERT INTO regress_other.deal SELECT * FROM regress_segment.deal;
SELECT count(*) AS rows, count(*) FILTER (WHERE f.value = o.channel AND (f.leads, f.step_rate_low, f.total_rate, f.median_days) IS NOT DISTINCT FROM
	(o.leads, o.step_rate_low, o.total_rate, o.median_days)) AS alike
FROM regress_segment.funnel_by_segment f FULL JOIN regress_other.funnel_by_channel o ON o.channel = f.value AND o.stage_position = f.stage_position
WHERE f.segment = 'industry';
SELECT drop_mart('regress_other');

--
-- The largest values, and the others
--
UPDATE regress_segment.rule SET segment_values = 3;
SELECT * FROM pg_temp.disagreements('regress_segment');
SELECT segment, value, is_pooled, pooled_values, leads FROM regress_segment.revenue_by_segment WHERE segment IN ('industry', 'channel', 'owner');
SELECT count(DISTINCT value) AS months FROM regress_segment.revenue_by_segment WHERE segment = 'month';
-- A value that is called like them.
UPDATE regress_segment.lead SET owner = '(others)' WHERE lead_id <= 700;
UPDATE regress_segment.rule SET segment_values = 1;
SELECT value, is_pooled, pooled_values, leads FROM regress_segment.revenue_by_segment WHERE segment = 'owner';
-- Who asks for one segment pays for that one.
SELECT view, pg_temp.plan_has(format('SELECT * FROM regress_segment.%I WHERE segment = ''owner''', view), 'column1 = ''owner''') AS asks_for_one
FROM unnest('{funnel_by_segment,revenue_by_segment,cohort_conversion_by_segment}'::text[]) view;

--
-- Counts, attributes that say nothing, other rules
--
INSERT INTO regress_segment.volume VALUES ('2025-03-02', 'radio', NULL, 'lead', 1000), ('2025-03-02', 'radio', NULL, 'mql', 30), ('2030-01-01', 'email', NULL, 'won', 2),
	('2025-05-01', NULL, 'x', 'lead', 5), (NULL, 'email', NULL, 'lead', 5);
UPDATE regress_segment.lead SET attributes = (ARRAY['[1]', '"x"', '{"industry": ""}', '{"industry": {"a": 1}}', '{"industry": null}', '7']::jsonb[])[1 + lead_id % 6]
WHERE lead_id <= 60;
UPDATE regress_segment.rule SET segment_values = 20, segments = '{industry}', observed_until = '2025-09-01', time_zone = 'Asia/Tokyo';
SELECT * FROM pg_temp.disagreements('regress_segment');
SELECT segment, value, is_pooled, leads, mql, won FROM regress_segment.revenue_by_segment WHERE segment IN ('icp', 'industry') OR value = 'radio';
UPDATE regress_segment.rule SET funnel_policy = 'ordered', funnel_within = '20 days', observed_until = NULL, scorecard = NULL;
SELECT * FROM pg_temp.disagreements('regress_segment');
UPDATE regress_segment.stage SET role = NULL;
SELECT * FROM pg_temp.disagreements('regress_segment');
SELECT count(won) AS won, count(lead_to_won) AS rates FROM regress_segment.revenue_by_segment;
TRUNCATE regress_segment.lead, regress_segment.stage_event, regress_segment.deal;
SELECT * FROM pg_temp.disagreements('regress_segment');

--
-- Settings
--
SELECT rows FROM regress_segment.data_quality WHERE check_name = 'settings_segment_unknown';
INSERT INTO regress_segment.lead (lead_id, created_at, attributes) VALUES (1, '2025-01-01', '{"a": {"b": 1}, "c": []}'), (2, '2025-01-01', '[]'), (3, '2025-01-01', NULL);
UPDATE regress_segment.rule SET segments = '{a.b,A.b,c,nothing}';
SELECT severity, rows, examples FROM regress_segment.data_quality WHERE check_name = 'settings_segment_unknown';
\set VERBOSITY terse
UPDATE regress_segment.rule SET segments = '{industry,owner}';
UPDATE regress_segment.rule SET segments = '{industry,NULL}';
UPDATE regress_segment.rule SET segments = '{""}';
UPDATE regress_segment.rule SET segment_values = 0;
UPDATE regress_segment.rule SET segments = '{}';
SELECT DISTINCT segment FROM regress_segment.funnel_by_segment ORDER BY 1;
SELECT drop_mart('regress_segment');
