-- Unlike money is never added.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

CALL pg_temp.scenario('rates over time', '{bigint,uuid,text}', $$
	UPDATE rule SET currency = 'EUR', observed_until = '2025-06-01';
	INSERT INTO currency_rate (currency, valid_from, rate) VALUES ('USD', '2025-01-01', 0.9), ('USD', '2025-02-01', 0.8), ('CHF', '2025-01-01', 1.1);
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-01', 'c' || g FROM generate_series(1, 6) g;
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-01', '2025-01-15', true, 100, 'USD'), ('b', #2, '2025-01-01', '2025-02-01', true, 100, 'USD'),
		('c', #3, '2025-01-01', '2025-03-15', true, 100, 'CHF'), ('d', #4, '2025-01-01', '2025-01-15', true, 100, 'EUR'), ('e', #5, '2025-01-01', '2025-01-15', true, 100, NULL),
		('f', #6, '2025-01-01', '2025-01-15', true, 100, 'GBP')$$,
	'SELECT channel, won, revenue::float8 FROM cpl_to_revenue ORDER BY channel', '(c1,1,90) (c2,1,80) (c3,1,110) (c4,1,100) (c5,1,100) (c6,1,)',
	'SELECT deals_won, revenue::float8 FROM lead_outcome ORDER BY lead_id', '(1,90) (1,80) (1,110) (1,100) (1,100) (1,)',
	$$SELECT sum(revenue)::float8 FROM attribution WHERE model = 'linear'$$, '(480)',
	$$SELECT count(*) > 0 FROM data_quality WHERE examples LIKE '%GBP%' AND severity IN ('warning', 'error')$$, '(t)',
	$$SELECT count(*) FROM data_quality WHERE examples LIKE '%CHF%' OR examples LIKE '%USD%'$$, '(0)');
CALL pg_temp.scenario('before the first rate', '{bigint,uuid,text}', $$
	UPDATE rule SET currency = 'EUR', observed_until = '2025-06-01';
	INSERT INTO currency_rate (currency, valid_from, rate) VALUES ('USD', '2025-02-01', 0.8);
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-31', true, 100, 'USD')$$,
	'SELECT won, revenue FROM cpl_to_revenue', '(1,)',
	$$SELECT count(*) > 0 FROM data_quality WHERE examples LIKE '%USD%' AND severity IN ('warning', 'error')$$, '(t)');
CALL pg_temp.scenario('spend', '{bigint,uuid,text}', $$
	UPDATE rule SET currency = 'EUR', observed_until = '2025-06-01';
	INSERT INTO currency_rate (currency, valid_from, rate) VALUES ('USD', '2025-01-01', 0.9), ('USD', '2025-01-20', 0.8);
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a'), (#2, '2025-01-01', 'b');
	INSERT INTO spend (spent_on, channel, amount, currency) VALUES ('2025-01-19', 'a', 10, 'USD'), ('2025-01-20', 'a', 10, 'USD'), ('2025-01-20', 'a', 1, 'EUR'), ('2025-01-20', 'a', 2, NULL), ('2025-01-20', 'b', 10, 'YEN')$$,
	'SELECT channel, leads, spend::float8, cpl::float8 FROM cpl_to_revenue ORDER BY channel', '(a,1,20,20) (b,1,,)',
	'SELECT channel, spend::float8 FROM unit_cost WHERE stage_position = 1 ORDER BY channel', '(a,20) (b,)',
	'SELECT sum(spend)::float8 FROM channel_comparison', '(20)',
	$$SELECT count(*) > 0 FROM data_quality WHERE examples LIKE '%YEN%' AND severity IN ('warning', 'error')$$, '(t)');
CALL pg_temp.scenario('open deals', '{bigint,uuid,text}', $$
	UPDATE rule SET currency = 'EUR', observed_until = '2025-06-01';
	INSERT INTO currency_rate (currency, valid_from, rate) VALUES ('USD', '2020-01-01', 0.5);
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO deal (deal_id, lead_id, opened_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-31', NULL, 100, 'USD'), ('b', #1, '2025-01-31', NULL, 7, 'EUR'), ('c', #1, '2025-01-31', NULL, 7, 'XXX')$$,
	'SELECT DISTINCT open_deals, deals_without_amount, pipeline FROM forecast', '(3,1,57.00)');
CALL pg_temp.scenario('spelled otherwise', '{bigint,uuid,text}', $$
	UPDATE rule SET currency = 'EUR', observed_until = '2025-06-01';
	INSERT INTO currency_rate (currency, valid_from, rate) VALUES ('USD', '2025-01-01', 0.5);
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-31', true, 100, 'usd'), ('b', #1, '2025-01-31', true, 100, ' USD '), ('c', #1, '2025-01-31', true, 1, 'eur'), ('d', #1, '2025-01-31', true, 1, '')$$,
	'SELECT deals_won, revenue::float8 FROM cpl_to_revenue', '(4,102)');
CALL pg_temp.scenario('one currency, and nobody said which', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO spend (spent_on, channel, amount, currency) VALUES ('2025-01-19', 'a', 10, 'USD');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-31', true, 100, 'USD'), ('b', #1, '2025-01-31', true, 100, 'USD')$$,
	'SELECT spend::float8, revenue FROM cpl_to_revenue', '(10,200)',
	$$SELECT check_name FROM data_quality WHERE severity = 'error'$$, 'no rows');
CALL pg_temp.scenario('several, and nobody said into which', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-31', true, 100, 'USD'), ('b', #1, '2025-01-31', true, 100, 'EUR')$$,
	'SELECT deals_won, revenue IS DISTINCT FROM 200 FROM cpl_to_revenue', '(2,t)',
	$$SELECT count(*) > 0 FROM data_quality WHERE severity IN ('warning', 'error') AND check_name ~ 'currency|rate'$$, '(t)');
CALL pg_temp.scenario('spend in one, deals in another, and nobody said into which', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01', gross_margin = 0.5;
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO spend (spent_on, channel, amount, currency) VALUES ('2025-01-19', 'a', 10, 'USD');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount, currency) VALUES ('a', #1, '2025-01-31', true, 100, 'EUR')$$,
	'SELECT roas IS NULL FROM cpl_to_revenue', '(t)');
CALL pg_temp.scenario('no column', '{old,days}', $$
	UPDATE rule SET currency = 'EUR', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-01', 'a');
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-19', 'a', 10);
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-31', true, 100)$$,
	'SELECT spend::float8, revenue FROM cpl_to_revenue', '(10,100)');

\i :abs_srcdir/lib/scenario_end.sql
