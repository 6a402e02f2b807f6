-- Lost without a deal: stages with role lost are exits beside the ladder.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

-- Ten leads, of which four are disqualified.
CALL pg_temp.scenario('an exit makes nobody a customer', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-03-01';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-01', 'a' FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(g), 'disqualified', '2025-01-05' FROM generate_series(1, 4) g$$,
	'SELECT stage, leads FROM funnel ORDER BY stage_position', '(lead,10) (mql,0) (sal,0) (sql,0) (opportunity,0) (won,0)',
	'SELECT sum(won), sum(mql), sum(leads) FROM cpl_to_revenue', '(0,0,10)',
	'SELECT transmitted, acceptance_rate FROM mql_acceptance', '(0,)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(0,4,6,0)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_channel', '(0,4,6,0)',
	'SELECT DISTINCT open_leads FROM forecast', '(6)',
	'SELECT DISTINCT open_leads FROM forecast_by_stage', '(6)',
	'SELECT as_of, count(*) FROM pipeline_snapshot GROUP BY as_of ORDER BY as_of',
		'("2025-01-31 23:59:59.999999+00",6) ("2025-02-28 23:59:59.999999+00",6) ("2025-03-01 00:00:00+00",6)',
	'SELECT count(*), min(lost_at)::date, max(lost_at)::date FROM lead_outcome WHERE lost_at IS NOT NULL', '(4,2025-01-05,2025-01-05)',
	'SELECT stage_position, role FROM ladder ORDER BY 1', '(1,lead) (2,mql) (3,sal) (4,sql) (5,opportunity) (6,won)',
	$$SELECT rows FROM data_quality WHERE check_name = 'events_ignored_unknown_stage'$$, '(0)',
	$$SELECT rows FROM data_quality WHERE check_name = 'events_used'$$, '(4)',
	$$SELECT check_name FROM data_quality WHERE severity = 'error'$$, 'no rows');

-- Any number of stages, anywhere between the rungs, in any language.
CALL pg_temp.scenario('many exits', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-03-01', funnel_policy = 'ordered';
	UPDATE stage SET position = position * 10;
	INSERT INTO stage VALUES (15, 'gone', 'lost'), (25, 'disqualified', 'lost'), (70, 'verloren', 'lost'), (5, 'spam', 'lost');
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-01', 'a' FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'gone', '2025-01-05'), (#2, 'disqualified', '2025-01-05'), (#3, 'verloren', '2025-01-05'),
		(#4, 'spam', '2025-01-05'), (#5, 'mql', '2025-01-05'), (#5, 'sal', '2025-01-06')$$,
	'SELECT stage, leads FROM funnel ORDER BY stage_position', '(lead,10) (mql,1) (sal,1) (sql,0) (opportunity,0) (won,0)',
	'SELECT won, lost, open_leads FROM cycle_time_by_month', '(0,4,6)');
CALL pg_temp.scenario('another role still has one stage', '{bigint}', '',
	$$SELECT count(*) FROM stage$$, '(6)');
SELECT left(pg_temp.failure($$INSERT INTO regress_bigint.stage VALUES (7, 'second', 'won')$$), 5) AS second_won;
SELECT left(pg_temp.failure($$INSERT INTO regress_bigint.stage VALUES (7, 'second', 'last')$$), 5) AS no_such_role;

-- Reopening.
CALL pg_temp.scenario('reopened', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-03-01 12:00';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost'), (8, 'gone', 'lost');
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-01 08:00', 'a' FROM generate_series(1, 12) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(g), 'disqualified', '2025-01-05 09:00' FROM generate_series(1, 11) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES
		(#1, 'mql', '2025-01-10 10:00'),                                                    -- open again
		(#2, 'mql', '2025-01-10 10:00'), (#2, 'disqualified', '2025-01-20 10:00'),          -- and lost again
		(#3, 'gone', '2025-01-08 10:00'),                                                   -- lost twice is lost once
		(#4, 'mql', '2025-01-05 09:00'),                                                    -- a stage of the same time is not later
		(#5, 'mql', '2025-01-04 10:00'),                                                    -- lost as an MQL
		(#6, 'won', '2025-02-01 10:00'),                                                    -- won after all
		(#12, 'won', '2025-01-03 10:00'), (#12, 'gone', '2025-01-08 10:00');                -- a customer who leaves was won
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES
		('a', #7, '2025-01-10 10:00', NULL, NULL, 10),                                      -- reopened by a deal
		('b', #8, '2025-01-10 10:00', '2025-01-20 10:00', true, 10),                        -- by one that was won
		('c', #9, '2025-01-10 10:00', '2025-01-20 10:00', false, 10),                       -- by one that was lost
		('d', #10, '2025-01-03 10:00', NULL, NULL, 10),                                     -- an exit ends a lead whose deal nobody closed
		('e', #11, '2025-01-03 10:00', '2025-01-20 10:00', true, 10)$$,                     -- unless that was won
	$$SELECT lead_id = #1, won_at IS NULL, lost_at FROM lead_outcome WHERE lead_id = #1$$, '(t,t,)',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #2$$, '(,"2025-01-20 10:00:00+00")',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #3$$, '(,"2025-01-05 09:00:00+00")',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #4$$, '(,"2025-01-05 09:00:00+00")',
	$$SELECT won_at, lost_at, stage FROM lead_outcome WHERE lead_id = #5$$, '(,"2025-01-05 09:00:00+00",mql)',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #6$$, '("2025-02-01 10:00:00+00",)',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #7$$, '(,)',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #8$$, '("2025-01-20 10:00:00+00",)',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #9$$, '(,"2025-01-20 10:00:00+00")',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #10$$, '(,"2025-01-05 09:00:00+00")',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #11$$, '("2025-01-20 10:00:00+00",)',
	$$SELECT won_at, lost_at FROM lead_outcome WHERE lead_id = #12$$, '("2025-01-03 10:00:00+00",)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(4,6,2,0)',
	'SELECT DISTINCT open_leads FROM forecast', '(2)',
	-- At the end of January 6 was lost, and won only later.
	'SELECT count(*) FROM pipeline_snapshot WHERE is_now', '(2)',
	$$SELECT count(*) FROM pipeline_snapshot WHERE as_of = '2025-01-31 23:59:59.999999+00'$$, '(2)');
CALL pg_temp.scenario('a stage after a lost deal', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-03-01 12:00';
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-01 08:00', 'a' FROM generate_series(1, 3) g;
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT g, #(g), '2025-01-03 10:00', '2025-01-10 10:00', false, 10 FROM generate_series(1, 3) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'sql', '2025-01-20 10:00'), (#2, 'sql', '2025-01-10 10:00'), (#3, 'sql', '2025-01-05 10:00')$$,
	'SELECT lost_at IS NULL FROM lead_outcome ORDER BY lead_id', '(t) (f) (f)',
	'SELECT won, lost, open_leads FROM cycle_time_by_month', '(0,2,1)',
	'SELECT DISTINCT open_leads FROM forecast', '(1)');

-- The end of months: what was known then.
CALL pg_temp.scenario('the pipeline as it stood', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-04-15 12:00';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-10 08:00', 'a');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'disqualified', '2025-02-05 10:00'), (#1, 'mql', '2025-03-05 10:00'), (#1, 'disqualified', '2025-04-05 10:00')$$,
	'SELECT as_of::date, stage, lost_at::date FROM pipeline_snapshot ORDER BY as_of', '(2025-01-31,lead,2025-04-05) (2025-03-31,mql,2025-04-05)');

-- Exits are competing risks, in days too.
CALL pg_temp.scenario('a lost lead never wins', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-01 10:00', 'a' FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(g), 'disqualified', '2025-01-05' FROM generate_series(1, 4) g;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT g, #(g), '2025-01-11', true, 10 FROM generate_series(5, 7) g$$,
	'SELECT observed_conversion, conversion FROM cohort_conversion WHERE age_days = 90', '(0.3,0.3)',
	'SELECT won, lost, open_leads, conversion, median_days FROM cycle_time_by_month', '(3,4,3,0.3,10)');

-- Exits on the day, or shortly before the moment, on which the lead came.
CALL pg_temp.scenario('an exit on the first day', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01', clock_skew = '0';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 15:00'), (#2, '2025-01-05 15:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'disqualified', '2025-01-05')$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(0,1,1,0)',
	'SELECT lost_at FROM lead_outcome ORDER BY lead_id', '("2025-01-05 15:00:00+00") ()');
CALL pg_temp.scenario('an exit before the lead, by the clock', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 15:00'), (#2, '2025-01-05 15:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'disqualified', '2025-01-05 14:59:58')$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(0,1,1,0)');
CALL pg_temp.scenario('an exit on a day on which the lead moved', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-02 15:00'), (#2, '2025-01-02 09:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05 10:00'), (#2, 'mql', '2025-01-05 10:00'),
		(#1, 'disqualified', '2025-01-05'), (#2, 'disqualified', '2025-01-05')$$,
	'SELECT won, lost, open_leads FROM cycle_time_by_month', '(0,2,0)');
CALL pg_temp.scenario('an exit that is still to come', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-01-31 12:00';
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-02 15:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'disqualified', '2025-02-05 10:00')$$,
	'SELECT won, lost, open_leads FROM cycle_time_by_month', '(0,0,1)',
	'SELECT DISTINCT open_leads FROM forecast', '(1)');

-- A reason, in own tables and where there is none.
CALL pg_temp.scenario('why', '{bigint,uuid,text}', $$
	INSERT INTO stage VALUES (7, 'disqualified', 'lost');
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-02 15:00');
	INSERT INTO stage_event (lead_id, stage, entered_at, reason, owner) VALUES (#1, 'disqualified', '2025-01-05 10:00', 'no budget', 'ann')$$,
	'SELECT lead_id = #1, stage, entered_at, reason, owner FROM stage_event', '(t,disqualified,"2025-01-05 10:00:00+00","no budget",ann)');
CALL pg_temp.scenario('no reason', '{old,days}', $$
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05')$$,
	'SELECT reason, owner FROM stage_event', '(,)');

\i :abs_srcdir/lib/scenario_end.sql
