-- Of the rows of one deal its newest state counts, for a lead that counts; an expected date closes nothing.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

-- Several contacts.
CALL pg_temp.scenario('a contact that does not count, and one that nobody knows', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, email) VALUES (#1, '2025-01-02', 'ads', 'test@firm.example'), (#2, '2025-01-03', 'ads', 'pat@firm.example');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d1', #1, '2025-01-05', '2025-02-01', true, 700), ('d1', #2, '2025-01-05', '2025-02-01', true, 700),
		('d2', #0, '2025-01-05', '2025-02-01', true, 50), ('d2', #2, '2025-01-05', '2025-02-01', true, 50)$$,
	'SELECT leads, won, deals_won, revenue FROM cpl_to_revenue', '(1,1,2,750)',
	$$SELECT check_name, rows FROM data_quality WHERE check_name LIKE 'deals_used' OR check_name LIKE 'deals_ignored%' AND rows > 0$$,
		'(deals_used,2) (deals_ignored_repeated_deal_id,2)',
	$$SELECT sum(conversions) FROM attribution WHERE model = 'linear'$$, '(2)',
	'SELECT deals_won, revenue FROM lead_outcome', '(2,750)');
CALL pg_temp.scenario('the lead that was created first, not the lowest', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'low'), (#2, '2025-01-03', 'early'), (#3, '2025-01-05', 'late');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d1', #1, '2025-01-06', '2025-02-01', true, 700),
		('d1', #3, '2025-01-06', '2025-02-01', true, 700), ('d1', #2, '2025-01-06', '2025-02-01', true, 700)$$,
	'SELECT channel, won, revenue FROM cpl_to_revenue ORDER BY channel', '(early,1,700) (late,0,0) (low,0,0)',
	$$SELECT lead_id = #2 FROM counted_deal WHERE excluded_reason IS NULL$$, '(t)');
CALL pg_temp.scenario('no lead in some rows', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d1', NULL, '2025-01-01', '2025-02-01', true, 700), ('d1', #1, '2025-01-06', '2025-02-01', true, 700),
		('d2', NULL, '2025-01-01', '2025-02-01', true, 1)$$,
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(1,1,700)',
	$$SELECT check_name, rows FROM data_quality WHERE check_name LIKE 'deals_used' OR check_name LIKE 'deals_ignored%' AND rows > 0$$,
		'(deals_used,1) (deals_ignored_no_lead,1) (deals_ignored_repeated_deal_id,1)');
CALL pg_temp.scenario('none of them counts', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, email) VALUES (#1, '2025-01-04', 'ads', 'test@firm.example'), (#2, '2025-01-04', 'ads', 'test2@firm.example');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d1', #1, '2025-01-06', '2025-02-01', true, 700), ('d1', #2, '2025-01-06', '2025-02-01', true, 700)$$,
	'SELECT won FROM cpl_to_revenue', 'no rows',
	$$SELECT check_name, rows FROM data_quality WHERE check_name LIKE 'deals_used' OR check_name LIKE 'deals_ignored%' AND rows > 0$$,
		'(deals_used,0) (deals_ignored_excluded_lead,1) (deals_ignored_repeated_deal_id,1)');
CALL pg_temp.scenario('a contact that is a duplicate of the first', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, email) VALUES (#1, '2025-01-01', 'first', 'pat@firm.example'), (#2, '2025-01-02', 'second', 'pat@firm.example'), (#3, '2025-01-01 12:00', 'third', NULL);
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d1', #2, '2025-01-06', '2025-02-01', true, 700), ('d1', #3, '2025-01-06', '2025-02-01', true, 700)$$,
	'SELECT channel, won, revenue FROM cpl_to_revenue ORDER BY channel', '(first,1,700) (third,0,0)');

-- Several states.
CALL pg_temp.scenario('lost, reopened, won', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (3, #2, '2025-01-05', '2025-01-20', false, 500), (3, #2, '2025-01-05', '2025-02-20', true, 500)$$,
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(1,1,500)',
	'SELECT won, lost, open_leads FROM cycle_time', '(1,0,0)');
CALL pg_temp.scenario('won, then cancelled', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (3, #2, '2025-01-05', '2025-01-20', true, 500), (3, #2, '2025-01-05', '2025-02-20', false, 500)$$,
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(0,0,0)',
	'SELECT won, lost, open_leads FROM cycle_time', '(0,1,0)');
CALL pg_temp.scenario('daily snapshots of an open deal', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (3, #2, '2025-01-05', NULL, false, 100), (3, #2, '2025-01-05', NULL, false, 300), (3, #2, '2025-01-05', NULL, false, 200)$$,
	'SELECT DISTINCT open_deals, pipeline FROM forecast', '(1,300.00)');
CALL pg_temp.scenario('snapshots that end with a sale', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (3, #2, '2025-01-05', NULL, false, 900), (3, #2, '2025-01-05', '2025-02-01', true, 300), (3, #2, '2025-01-05', NULL, NULL, NULL)$$,
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(1,1,300)',
	'SELECT won, lost, open_leads FROM cycle_time', '(1,0,0)');
CALL pg_temp.scenario('one closing day, two outcomes and amounts', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (3, #2, '2025-01-05', '2025-01-20', false, 900),
		(3, #2, '2025-01-05', '2025-01-20', true, 500), (3, #2, '2025-01-05', '2025-01-20', true, 700)$$,
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(1,1,700)');
CALL pg_temp.scenario('what deal_change says last', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d', #2, '2025-01-05', NULL, NULL, 100), ('d', #2, '2025-01-05', NULL, NULL, 300), ('d', #2, '2025-01-05', NULL, NULL, 200);
	INSERT INTO deal_change (deal_id, changed_at, amount) VALUES ('d', '2025-01-06', 300), ('d', '2025-01-08', 200), ('d', '2025-01-07', 100), ('e', '2025-01-09', 100)$$,
	'SELECT DISTINCT open_deals, pipeline FROM forecast', '(1,200.00)');
CALL pg_temp.scenario('deals without an id', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#2, '2025-01-03', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (NULL, #2, '2025-01-05', '2025-02-01', true, 1), (NULL, #2, '2025-01-05', '2025-02-01', true, 1)$$,
	'SELECT deals_won, revenue FROM cpl_to_revenue', '(2,2)');

-- An expected closing date closes nothing.
CALL pg_temp.scenario('open, whatever closed_at says', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(n), '2025-01-05', 'ads' FROM generate_series(1, 100) n;
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT n, #(n), '2025-01-08', '2025-06-30', NULL, 1000 FROM generate_series(1, 100) n$$,
	'SELECT DISTINCT open_deals, pipeline FROM forecast', '(100,100000.00)',
	'SELECT observed_until FROM observation', '("2025-01-09 00:00:00+00")',
	'SELECT won, lost, open_leads FROM cycle_time', '(0,0,100)',
	'SELECT count(*) FROM counted_deal WHERE closed_at IS NULL AND NOT is_won', '(100)',
	'SELECT won, revenue FROM cpl_to_revenue', '(0,0)');
CALL pg_temp.scenario('overdue, and open', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-08', '2025-02-01', NULL, 10)$$,
	'SELECT won, lost, open_leads FROM cycle_time', '(0,0,1)',
	'SELECT DISTINCT open_deals, open_leads FROM forecast', '(1,1)',
	'SELECT count(*) FROM pipeline_snapshot WHERE is_now', '(1)');
CALL pg_temp.scenario('expected dates of deals marked as not won', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), now() - interval '60 days', 'web' FROM generate_series(1, 60) g;
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
		SELECT g::text, #(g), now() - interval '50 days', now() + (g - 14) * interval '3 days' + interval '1 hour', false, 100 FROM generate_series(1, 60) g$$,
	'SELECT sum(won), sum(lost), sum(open_leads) FROM cycle_time_by_month', '(0,13,47)',
	'SELECT DISTINCT open_deals FROM forecast', '(47)',
	$$SELECT max(rows) FROM data_quality WHERE check_name LIKE 'deals%' AND severity IN ('warning', 'error')$$, '(47)',
	'SELECT observed_until <= now() FROM observation', '(t)');
CALL pg_temp.scenario('sales to come', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, now() - interval '60 days', 'web'), (#2, now() - interval '60 days', 'web');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('a', #1, now() - interval '50 days', now() + interval '1 hour', true, 100),
		('b', #2, now() - interval '50 days', now() + interval '3 years', true, 100)$$,
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(0,0,0)',
	'SELECT sum(won), sum(lost), sum(open_leads) FROM cycle_time_by_month', '(0,0,2)');
CALL pg_temp.scenario('its own column', '{bigint,uuid,text}', $$
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05 10:00', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, expected_close) VALUES ('a', #1, '2025-01-08 10:00', NULL, false, 10, '2025-01-20'),
		('b', #1, '2025-01-08 10:00', NULL, NULL, 10, '2099-01-20')$$,
	'SELECT DISTINCT open_deals, pipeline FROM forecast', '(2,20.00)',
	'SELECT observed_until FROM observation', '("2025-01-08 10:00:00+00")',
	'SELECT won, lost, open_leads FROM cycle_time', '(0,0,1)');
CALL pg_temp.scenario('changes and their expected dates', '{bigint,uuid,text}', $$
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05 10:00', 'ads');
	INSERT INTO deal (deal_id, lead_id, opened_at, amount) VALUES ('a', #1, '2025-01-08 10:00', 10);
	INSERT INTO deal_change (deal_id, changed_at, stage, amount, expected_close) VALUES ('a', '2025-01-08 10:00', 'offer', 10, '2025-12-31')$$,
	'SELECT DISTINCT open_deals, pipeline FROM forecast', '(1,10.00)',
	'SELECT observed_until FROM observation', '("2025-01-08 10:00:00+00")');
CALL pg_temp.scenario('a mapped deal has no expected date', '{old,days}', $$
	INSERT INTO deal (deal_id, lead_id) VALUES (1, #1)$$,
	'SELECT owner, account, expected_close, reason, currency FROM deal', '(,,,,)');

-- Until something was won the forecast knows little, but does not fail.
CALL pg_temp.scenario('nothing was won', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-03-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05', 'web'), (#2, '2025-01-05', 'web');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-06', NULL, NULL, 100)$$,
	'SELECT DISTINCT open_leads, open_deals, pipeline FROM forecast', '(2,1,100.00)',
	'SELECT count(*) > 0 FROM (SELECT * FROM forecast_by_stage) f', '(t)',
	'SELECT count(*) > 0 FROM (SELECT * FROM forecast_by_age) f', '(t)');
CALL pg_temp.scenario('something of unknown amount', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-03-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05', 'web'), (#2, '2025-01-05', 'web'), (#3, '2025-01-05', 'web'), (#4, '2025-01-05', 'web');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-06', NULL, NULL, 100), (2, #2, '2025-01-06', '2025-02-01', true, NULL),
		(3, #3, '2025-01-06', '2025-02-01', false, 5);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#4, 'won', '2025-02-01')$$,
	'SELECT DISTINCT open_leads, open_deals, pipeline FROM forecast', '(1,1,100.00)',
	'SELECT count(*) > 0 FROM (SELECT * FROM forecast_by_stage) f', '(t)',
	'SELECT count(*) > 0 FROM (SELECT * FROM forecast_by_age) f', '(t)');

\i :abs_srcdir/lib/scenario_end.sql
