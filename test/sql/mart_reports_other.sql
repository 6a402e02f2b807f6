-- Acceptance of hand-offs that are too recent, stages that nobody writes down, reasons instead of nothing, and years that begin in April.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

-- Hand-offs that nobody could have answered yet.
CALL pg_temp.scenario('too recent to be answered', '{bigint,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(n), timestamptz '2025-01-01' + n * interval '2 hours', CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END FROM generate_series(1, 1000) n;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT lead_id, 'mql', created_at + interval '1 day' FROM lead;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(n), 'sal', timestamptz '2025-02-01' + n * interval '2 hours' FROM generate_series(1, 1000) n
		WHERE n % 10 < 7 AND timestamptz '2025-02-01' + n * interval '2 hours' < '2025-03-25';
	UPDATE rule SET observed_until = '2025-03-25'$$,
	'SELECT round(acceptance_rate::numeric, 2), verdict FROM mql_acceptance', '(0.70,met)',
	'SELECT transmitted + too_recent, transmitted BETWEEN 600 AND 640, accepted <= transmitted FROM mql_acceptance', '(1000,t,t)',
	'SELECT channel, round(acceptance_rate::numeric, 1), transmitted + too_recent FROM mql_acceptance_by_channel ORDER BY channel', '(even,0.8,500) (odd,0.6,500)',
	$$SELECT leads FROM funnel WHERE stage = 'mql'$$, '(1000)');
CALL pg_temp.scenario('all had their time', '{bigint,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(n), timestamptz '2025-01-01' + n * interval '1 hour', 'a' FROM generate_series(1, 100) n;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT lead_id, 'mql', created_at + interval '1 day' FROM lead;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(n), 'sal', timestamptz '2025-01-05' + n * interval '1 hour' FROM generate_series(1, 90) n;
	UPDATE rule SET observed_until = '2025-06-01'$$,
	'SELECT transmitted, accepted, too_recent, acceptance_rate FROM mql_acceptance', '(100,90,0,0.9)');
CALL pg_temp.scenario('nobody has answered', '{bigint,old}', $$
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-01 10:00'), (#2, '2025-01-01 10:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT lead_id, 'mql', created_at + interval '1 day' FROM lead;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#9, 'sal', '2025-01-05 10:00');
	UPDATE rule SET observed_until = '2025-06-01'$$,
	'SELECT transmitted, accepted, too_recent, acceptance_rate FROM mql_acceptance', '(2,0,0,0)');

-- Stages that nobody writes down are not shown as reached by all.
CALL pg_temp.scenario('stages that are only inferred', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, campaign) SELECT #(g), '2025-01-05', 'a', 'c' FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(g), 'mql', '2025-01-06' FROM generate_series(1, 6) g;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT g, #(g), '2025-01-15', true, 10 FROM generate_series(1, 3) g$$,
	'SELECT stage, leads, step_rate IS NULL, total_rate, median_days IS NULL FROM funnel ORDER BY stage_position',
		'(lead,10,t,1,t) (mql,6,f,0.6,f) (sal,,t,,t) (sql,,t,,t) (opportunity,,t,,t) (won,3,f,0.3,f)',
	'SELECT stage, leads FROM funnel_by_channel ORDER BY stage_position', '(lead,10) (mql,6) (sal,) (sql,) (opportunity,) (won,3)',
	'SELECT stage, leads FROM funnel_by_campaign ORDER BY stage_position', '(lead,10) (mql,6) (sal,) (sql,) (opportunity,) (won,3)',
	'SELECT stage, leads FROM funnel_by_month ORDER BY stage_position', '(lead,10) (mql,6) (sal,) (sql,) (opportunity,) (won,3)',
	'SELECT transmitted, accepted, acceptance_rate, verdict FROM mql_acceptance', '(6,,,)',
	'SELECT leads, mql, sal, sql, opportunities, won FROM cpl_to_revenue', '(10,6,,,,3)');
CALL pg_temp.scenario('written down for one lead', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-05', 'c' || g % 2 FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'sql', '2025-01-06');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT g, #(g), '2025-01-10', '2025-01-15', true, 10 FROM generate_series(1, 3) g$$,
	'SELECT stage, leads FROM funnel ORDER BY stage_position', '(lead,10) (mql,) (sal,) (sql,3) (opportunity,3) (won,3)',
	'SELECT channel, stage, leads FROM funnel_by_channel WHERE stage_position IN (2, 4) ORDER BY channel, stage_position', '(c0,mql,) (c0,sql,1) (c1,mql,) (c1,sql,2)');
CALL pg_temp.scenario('nobody got that far', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05')$$,
	'SELECT stage, leads FROM funnel ORDER BY stage_position', '(lead,1) (mql,0) (sal,0) (sql,0) (opportunity,0) (won,0)');
CALL pg_temp.scenario('each step for itself', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', funnel_policy = 'any_order';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 10:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'won', '2025-01-06 10:00')$$,
	'SELECT stage, leads FROM funnel ORDER BY stage_position', '(lead,1) (mql,0) (sal,0) (sql,0) (opportunity,0) (won,0)');

-- A reason instead of no row.
CALL pg_temp.scenario('no month is complete', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-01-20';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05', 'a'), (#2, '2025-01-05', 'b');
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-10', 'a', 110), ('2025-01-10', 'tv', 7)$$,
	'SELECT channel, reason IS NOT NULL, verdict FROM marginal_return ORDER BY channel', '(a,t,) (b,t,) (tv,t,)');
CALL pg_temp.scenario('a few months', '{uuid,old}', $$
	UPDATE rule SET observed_until = '2025-06-20';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05', 'a'), (#2, '2025-02-05', 'a'), (#3, '2025-06-05', 'new');
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-10', 'a', 110), ('2025-02-10', 'a', 7)$$,
	'SELECT channel, months, reason IS NOT NULL FROM marginal_return ORDER BY channel', '(a,2,t) (new,0,t)');

-- Quarters and years of the company's, and weeks.
CREATE FUNCTION pg_temp.periods(first_month integer) RETURNS text LANGUAGE sql AS $$
	SELECT format('UPDATE rule SET fiscal_year_start = %s, observed_until = ''2026-06-01'';
		INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, ''2024-12-30 10:00'', ''a''), (#2, ''2025-01-01 10:00'', ''a''), (#3, ''2025-01-31 23:00'', ''a''),
			(#4, ''2025-02-01 00:00'', ''a''), (#5, ''2025-07-01 10:00'', ''a''), (#6, ''2026-01-04 10:00'', ''a''), (#7, ''2026-01-05 10:00'', ''a'')', first_month)
$$;
SELECT pg_temp.periods(1) AS calendar, pg_temp.periods(2) AS february, pg_temp.periods(4) AS april, pg_temp.periods(7) AS july \gset
CALL pg_temp.scenario('the calendar', '{bigint,days}', :'calendar',
	'SELECT month, quarter, fiscal_year FROM funnel_by_month WHERE stage_position = 1 ORDER BY month', '(2024-12-01,2024-10-01,2024-01-01) (2025-01-01,2025-01-01,2025-01-01)'
		' (2025-02-01,2025-01-01,2025-01-01) (2025-07-01,2025-07-01,2025-01-01) (2026-01-01,2026-01-01,2026-01-01)',
	$$SELECT period_start, leads FROM funnel_by_period WHERE period = 'year' AND stage_position = 1 ORDER BY 1$$, '(2024-01-01,1) (2025-01-01,4) (2026-01-01,2)',
	$$SELECT period_start, leads FROM funnel_by_period WHERE period = 'month' AND stage_position = 1 ORDER BY 1$$, '(2024-12-01,1) (2025-01-01,2) (2025-02-01,1) (2025-07-01,1) (2026-01-01,2)',
	$$SELECT period_start, leads FROM funnel_by_period WHERE period = 'week' AND stage_position = 1 ORDER BY 1$$,
		'(2024-12-30,2) (2025-01-27,2) (2025-06-30,1) (2025-12-29,1) (2026-01-05,1)',
	'SELECT week, sum(gross) FROM lead_generated GROUP BY week ORDER BY week', '(2024-12-30,2) (2025-01-27,2) (2025-06-30,1) (2025-12-29,1) (2026-01-05,1)');
CALL pg_temp.scenario('from February', '{bigint,days}', :'february',
	'SELECT month, quarter, fiscal_year FROM funnel_by_month WHERE stage_position = 1 ORDER BY month', '(2024-12-01,2024-11-01,2024-02-01) (2025-01-01,2024-11-01,2024-02-01)'
		' (2025-02-01,2025-02-01,2025-02-01) (2025-07-01,2025-05-01,2025-02-01) (2026-01-01,2025-11-01,2025-02-01)',
	$$SELECT period_start, leads FROM funnel_by_period WHERE period = 'year' AND stage_position = 1 ORDER BY 1$$, '(2024-02-01,3) (2025-02-01,4)',
	$$SELECT period_start, leads FROM funnel_by_period WHERE period = 'quarter' AND stage_position = 1 ORDER BY 1$$, '(2024-11-01,3) (2025-02-01,1) (2025-05-01,1) (2025-11-01,2)');
CALL pg_temp.scenario('from April', '{bigint,days}', :'april',
	'SELECT DISTINCT month, quarter, fiscal_year FROM cpl_to_revenue ORDER BY month', '(2024-12-01,2024-10-01,2024-04-01) (2025-01-01,2025-01-01,2024-04-01)'
		' (2025-02-01,2025-01-01,2024-04-01) (2025-07-01,2025-07-01,2025-04-01) (2026-01-01,2026-01-01,2025-04-01)',
	'SELECT DISTINCT month, quarter, fiscal_year FROM cycle_time_by_month WHERE leads = 2', '(2025-01-01,2025-01-01,2024-04-01) (2026-01-01,2026-01-01,2025-04-01)',
	'SELECT DISTINCT fiscal_year FROM cycle_time ORDER BY 1', '(2024-04-01) (2025-04-01)',
	'SELECT DISTINCT fiscal_year FROM cohort_conversion ORDER BY 1', '(2024-04-01) (2025-04-01)',
	'SELECT day, week, quarter, fiscal_year FROM lead_generated ORDER BY day LIMIT 1', '(2024-12-30,2024-12-30,2024-10-01,2024-04-01)');
CALL pg_temp.scenario('from July', '{bigint,days}', :'july',
	$$SELECT period_start, leads FROM funnel_by_period WHERE period = 'year' AND stage_position = 1 ORDER BY 1$$, '(2024-07-01,4) (2025-07-01,3)',
	'SELECT DISTINCT fiscal_year FROM funnel_by_month ORDER BY 1', '(2024-07-01) (2025-07-01)');
CALL pg_temp.scenario('a week in the mart''s zone', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'Asia/Tokyo';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 20:00+00')$$,
	'SELECT week, day FROM lead_generated', '(2025-01-06,2025-01-06)');
SELECT start, pg_temp.failure(format('UPDATE regress_bigint.rule SET fiscal_year_start = %s', start)) ~ '^(23514|22)' AS refused FROM unnest('{0,13,-1}'::int[]) AS start;

-- Every view of a mart over relations of the first shape, with data and over another one without: planning so many takes long.
CREATE FUNCTION pg_temp.failing_views(mart text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	view text;
	failing text := '';
BEGIN
	FOR view IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(mart) AND c.relkind = 'v' ORDER BY 1 LOOP
		BEGIN
			EXECUTE format('SELECT count(*) FROM (SELECT * FROM %I.%I OFFSET 0) v', mart, view);
		EXCEPTION WHEN OTHERS THEN
			failing := failing || format('%s: %s. ', view, SQLERRM);
		END;
	END LOOP;
	RETURN coalesce(nullif(failing, ''), 'none');
END
$$;
SELECT pg_temp.failing_views('regress_days');
CALL pg_temp.scenario('the optional columns read NULL', '{old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-05', 'a' FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'sql', '2025-01-06');
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-10', 'a', 110);
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT g, #(g), '2025-01-10', '2025-01-15', true, 10 FROM generate_series(1, 3) g$$,
	'SELECT DISTINCT owner, account, merged_into FROM lead', '(,,)',
	'SELECT DISTINCT currency FROM spend', '()',
	'SELECT (SELECT count(*) FROM activity) + (SELECT count(*) FROM deal_change) + (SELECT count(*) FROM target) + (SELECT count(*) FROM currency_rate) + (SELECT count(*) FROM volume)', '(0)',
	'SELECT won, revenue, spend::float8 FROM cpl_to_revenue', '(3,30,110)',
	$$SELECT CASE current_schema() WHEN 'regress_old' THEN pg_temp.failing_views('regress_old') ELSE 'none' END$$, '(none)');
-- A mapped relation that has one of them, in a type that can be read.
CREATE TABLE regress_old_source.half_lead (lead_id bigint, created_at timestamptz, kind text, channel text, campaign text, email text, company text, attributes jsonb, merged_into integer, owner varchar(20));
INSERT INTO regress_old_source.half_lead VALUES (1, '2025-01-05', NULL, 'a', NULL, NULL, NULL, NULL, NULL, 'ann'), (2, '2025-01-06', NULL, 'b', NULL, NULL, NULL, NULL, 1, 'bob');
CREATE VIEW regress_old_source.counts AS SELECT date '2025-01-06' AS day, 'a'::text AS channel, NULL::text AS campaign, 'lead'::text AS stage, 5 AS leads;
SELECT create_mart('regress_half', lead => 'regress_old_source.half_lead', volume => 'regress_old_source.counts') \g /dev/null
SELECT lead_id, excluded_reason, duplicate_of, channel FROM regress_half.counted_lead ORDER BY 1;
SELECT lead_id, owner, account FROM regress_half.lead ORDER BY 1;
SELECT leads FROM regress_half.funnel WHERE stage_position = 1;
SELECT drop_mart('regress_half') \g /dev/null

-- The statement that the error of create_mart shows can be run, and days do not depend on who reads them.
CREATE TABLE regress_old_source.sale (deal_id int, lead_id bigint, opened_at bigint, closed_at float8, is_won smallint, amount numeric);
INSERT INTO regress_old_source.sale VALUES (1, 1, 1767600000, 1767686400, 1, 10), (2, 2, 1767600000, NULL, 0, 10);
CREATE TABLE regress_old_source.contact (lead_id bigint, created_at text, kind text, channel text, campaign text, email text, company text, attributes jsonb);
INSERT INTO regress_old_source.contact VALUES (1, '2025-01-01 03:00', 'form', 'ads', NULL, NULL, NULL, NULL);
CREATE FUNCTION pg_temp.hint_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE statement;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN substring(hint FROM 'CREATE VIEW [^;]*;');
END
$$;
SELECT pg_temp.hint_of($$SELECT create_mart('regress_hint', deal => 'regress_old_source.sale')$$) AS deal_view,
	pg_temp.hint_of($$SELECT create_mart('regress_hint', lead => 'regress_old_source.contact')$$) AS lead_view \gset
:deal_view
:lead_view
SELECT create_mart('regress_hint', lead => 'mart_lead', deal => 'mart_deal') \g /dev/null
SELECT deal_id, opened_at, closed_at, is_won FROM regress_hint.deal ORDER BY 1;
SET timezone = 'UTC';
SELECT day FROM regress_hint.lead_generated;
SET timezone = 'Asia/Tokyo';
SELECT day FROM regress_hint.lead_generated;
SET timezone = 'UTC';
SELECT drop_mart('regress_hint') \g /dev/null
DROP VIEW mart_deal, mart_lead;
-- Other types of is_won.
CREATE TABLE regress_old_source.kind_of_won AS
	SELECT 1 AS deal_id, 1::bigint AS lead_id, timestamptz '2025-01-05 00:00+00' AS opened_at, timestamptz '2025-01-06 00:00+00' AS closed_at, 1::numeric AS is_won, 10 AS amount;
CREATE FUNCTION pg_temp.reads_won(type text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	DROP VIEW IF EXISTS mart_deal;
	DROP TABLE regress_old_source.kind_of_won;
	EXECUTE format('CREATE TABLE regress_old_source.kind_of_won AS
		SELECT 1 AS deal_id, 1::bigint AS lead_id, timestamptz ''2025-01-05'' AS opened_at, timestamptz ''2025-01-06'' AS closed_at, %L::%s AS is_won, 10 AS amount', value, type);
	EXECUTE coalesce(pg_temp.hint_of('SELECT create_mart(''regress_hint'', deal => ''regress_old_source.kind_of_won'')'), 'SELECT');
	EXECUTE 'SELECT is_won::text FROM public.mart_deal' INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
SET search_path = public, lead_kpi;
SELECT type, value, pg_temp.reads_won(type, value) AS is_won
FROM (VALUES ('smallint', '1'), ('smallint', '0'), ('bigint', '1'), ('numeric', '1'), ('real', '0'), ('float8', '1'), ('bit', '1'), ('integer', '0'), ('text', 'true'), ('text', 'f')) v(type, value);
DROP VIEW IF EXISTS mart_deal;

\i :abs_srcdir/lib/scenario_end.sql
