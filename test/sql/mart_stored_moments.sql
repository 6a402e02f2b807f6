-- A refresh of some views leaves the others as they were, and says so, until another one asks for them.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
\pset format unaligned
\pset footer off

SELECT create_mart('late') \g /dev/null
SELECT generate_example('late', 300) \g /dev/null
SELECT count(*) > 190 AS all_views, bool_and(as_of = now()) AS now FROM view_as_of('late');
SELECT store_mart('late') \g /dev/null
SELECT as_of AS first FROM mart_status('late') \gset
-- Those that are computed when they are read read no more than settings and comments.
SELECT view_name FROM view_as_of('late') WHERE as_of <> :'first';

-- The views that differ from a live mart, by what view_as_of says of them.
CREATE FUNCTION public.which_differ() RETURNS TABLE (is_behind boolean, differ boolean, examples text) LANGUAGE sql AS $$
	SELECT a.as_of < s.as_of, count(*) FILTER (WHERE c.stored_only + c.live_only > 0) > 0,
		string_agg(c.relation, ' ' ORDER BY c.relation) FILTER (WHERE c.stored_only + c.live_only > 0 AND c.relation IN ('funnel', 'funnel_by_month', 'unit_cost', 'data_quality', 'lead_score', 'kpi_day'))
	FROM lead_kpi.check_mart('late') c
	JOIN lead_kpi.view_as_of('late') a ON a.view_name = c.relation
	CROSS JOIN lead_kpi.mart_status('late') s
	GROUP BY 1
	ORDER BY 1
$$;
CREATE FUNCTION public.more_leads(first bigint) RETURNS void LANGUAGE sql AS $$
	INSERT INTO late.lead (lead_id, created_at, kind, channel, campaign, email) SELECT first + i, '2025-06-10', 'demo request', 'search', 'brand', 'new' || first + i || '@example.org' FROM generate_series(1, 5) i;
	INSERT INTO late.stage_event (lead_id, stage, entered_at) SELECT first + i, 'mql', '2025-06-11' FROM generate_series(1, 3) i;
	INSERT INTO late.spend (spent_on, channel, campaign, amount) VALUES ('2025-06-10', 'search', 'brand', 100)
$$;
-- Funnels and what they rest on.
SELECT public.more_leads(900000) \g /dev/null
SELECT refresh_mart('late', views => '{funnel,funnel_by_month}') \g /dev/null
SELECT * FROM public.which_differ();
SELECT count(DISTINCT as_of), bool_or(as_of = :'first') AS the_first FROM view_as_of('late') WHERE as_of <= (SELECT as_of FROM mart_status('late'));
-- What was left stays of its moment, whatever is refreshed beside it, and comes with what asks for it.
SELECT public.more_leads(910000) \g /dev/null
SELECT refresh_mart('late', views => '{kpi_day,funnel_report}') \g /dev/null
SELECT * FROM public.which_differ();
SELECT view_name, a.as_of = :'first' AS the_first, a.as_of = s.as_of AS the_last FROM view_as_of('late') a CROSS JOIN mart_status('late') s
WHERE view_name IN ('funnel', 'kpi_day', 'diagnosis', 'counted_lead', 'observation', 'funnel_report') ORDER BY 1;
-- A rule makes all leads again, and still only what is asked for; facts alone.
UPDATE late.rule SET counted_kinds = '{demo request}';
SELECT public.more_leads(920000) \g /dev/null
SELECT refresh_mart('late', views => '{}') \g /dev/null
SELECT was_rebuilt.last_was_rebuilt, (SELECT count(*) FROM view_as_of('late') WHERE as_of < was_rebuilt.as_of) > 100 AS behind FROM mart_status('late') was_rebuilt;
SELECT * FROM public.which_differ();
-- Nothing has changed since, but they are behind.
SELECT refresh_mart('late', views => '{unit_cost}') \g /dev/null
SELECT refresh_mart('late') \g /dev/null
SELECT * FROM public.which_differ();
-- A mart of which some views are stored has less to leave.
SELECT live_mart('late') \g /dev/null
SELECT store_mart('late', views => '{funnel,kpi_day}') \g /dev/null
SELECT public.more_leads(930000) \g /dev/null
SELECT refresh_mart('late', views => '{funnel}') \g /dev/null
SELECT * FROM public.which_differ();
SELECT view_name FROM view_as_of('late') a CROSS JOIN mart_status('late') s WHERE a.as_of < s.as_of AND view_name ~ '^(funnel|kpi|lead_score)';
SELECT refresh_mart('late', views => '{kpi_day}') \g /dev/null
SELECT count(*) FROM view_as_of('late') a CROSS JOIN mart_status('late') s WHERE a.as_of < s.as_of;

-- A mart whose name is quoted.
SELECT create_mart('Odd Mart') \g /dev/null
SELECT generate_example('Odd Mart', 30) \g /dev/null
SELECT store_mart('Odd Mart', views => '{funnel,unit_cost}') \g /dev/null
INSERT INTO "Odd Mart".spend (spent_on, channel, amount) VALUES ('2025-06-10', 'search', 100);
SELECT refresh_mart('Odd Mart', views => '{funnel}') \g /dev/null
SELECT view_name, a.as_of < s.as_of AS is_behind FROM view_as_of('Odd Mart') a CROSS JOIN mart_status('Odd Mart') s WHERE view_name IN ('funnel', 'unit_cost') ORDER BY 1;
SELECT drop_mart('Odd Mart') \g /dev/null

\set VERBOSITY terse
SELECT refresh_mart('late', views => '{funnel,nothing,"Odd name"}');
SELECT refresh_mart('late', views => '{NULL}');
SELECT refresh_mart('late', views => '{lead}');
SELECT view_as_of('regress_nothing');
DROP FUNCTION public.which_differ, public.more_leads;
SELECT drop_mart('late') \g /dev/null
