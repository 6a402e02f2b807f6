-- Days without an hour, and clocks that differ: every report about dates with its right value, and its siblings.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

--
-- A closing day is the whole day
--
CALL pg_temp.scenario('sales of the day on which the lead came', '{bigint,uuid,text,days}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), timestamp '2025-01-05 15:00', 'web' FROM generate_series(1, 100) g;
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
		SELECT g, #(g), '2025-01-05', '2025-01-05', true, 100 FROM generate_series(1, 40) g;
	INSERT INTO touch SELECT lead_id, created_at - interval '1 hour', channel, campaign, 'visit' FROM lead;
	UPDATE rule SET observed_until = '2025-06-01'$$,
	'SELECT leads, won, lead_to_won FROM cpl_to_revenue', '(100,40,0.4)',
	'SELECT observed_conversion, conversion, is_mature FROM cohort_conversion WHERE age_days = 30', '(0.4,0.4,t)',
	'SELECT observed_conversion, conversion, is_mature FROM cohort_conversion WHERE age_days = 7', '(0.4,0.4,t)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(40,0,60,0)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_channel', '(40,0,60,0)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time', '(40,0,60,0)',
	'SELECT DISTINCT median_days, p90_days, median_days_of_won FROM cycle_time_by_month', '(0,0,0)',
	$$SELECT channel, conversions FROM attribution WHERE model = 'linear' AND conversions > 0$$, '(web,40)',
	$$SELECT model FROM attribution WHERE is_unattributed AND conversions > 0$$, 'no rows',
	$$SELECT channel, conversions FROM attribution_by_campaign WHERE model = 'last_touch' AND conversions > 0$$, '(web,40)',
	'SELECT path, conversions, nulls FROM journey_paths', '(web,40,60)',
	'SELECT DISTINCT won_at = created_at FROM lead_outcome WHERE won_at IS NOT NULL', '(t)',
	'SELECT leads FROM funnel ORDER BY stage_position DESC LIMIT 1', '(40)',
	'SELECT DISTINCT open_leads FROM forecast', '(60)');

-- The deal was opened five minutes after the lead came: it cannot be closed before.
CALL pg_temp.scenario('opened at a moment, closed on that day', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), timestamp '2025-01-05 15:00', 'web' FROM generate_series(1, 100) g;
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
		SELECT g, #(g), '2025-01-05 15:05', '2025-01-05', true, 100 FROM generate_series(1, 40) g;
	UPDATE rule SET observed_until = '2025-06-01', clock_skew = '0'$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(40,0,60,0)',
	'SELECT DISTINCT won_at >= opportunity_at, won_at::date FROM lead_outcome WHERE won_at IS NOT NULL', '(t,2025-01-05)',
	$$SELECT rows FROM data_quality WHERE check_name = 'deals_closed_before_opened'$$, '(0)');

-- Midnight is that of the mart's zone, west and east of UTC; with clock_skew 0 only the day itself can help.
CALL pg_temp.scenario('a midnight in New York', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'America/New_York', clock_skew = '0', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 22:00-05'), (#2, '2025-01-05 22:00-05');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 00:00-05', true, 10), (2, #2, '2025-01-05 00:00-05', false, 10)$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(1,1,0,0)',
	'SELECT won_at, lost_at FROM lead_outcome ORDER BY lead_id', '("2025-01-06 03:00:00+00",) (,"2025-01-06 03:00:00+00")',
	'SELECT won_within FROM cohort_conversion WHERE age_days = 7', '(1)');
CALL pg_temp.scenario('a midnight in Tokyo', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'Asia/Tokyo', clock_skew = '0', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 08:00+09'), (#2, '2025-01-05 08:00+09');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 00:00+09', true, 10), (2, #2, '2025-01-05 00:00+09', false, 10)$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(1,1,0,0)',
	'SELECT won_at, lost_at FROM lead_outcome ORDER BY lead_id', '("2025-01-04 23:00:00+00",) (,"2025-01-04 23:00:00+00")');
CALL pg_temp.scenario('a midnight of another zone is a moment', '{bigint,uuid,text}', $$
	UPDATE rule SET time_zone = 'Asia/Tokyo', clock_skew = '0', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 08:00+00');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 00:00+00', true, 10)$$,
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(0,1)');
CALL pg_temp.scenario('mapped dates are days of the mart''s zone', '{days}', $$
	UPDATE rule SET time_zone = 'America/Los_Angeles', clock_skew = '0', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (1, '2025-01-05 23:30'), (2, '2025-01-31 23:30');
	INSERT INTO deal VALUES (1, 1, '2025-01-05', '2025-01-05', true, 10), (2, 2, '2025-01-31', '2025-01-31', true, 10)$$,
	'SELECT month, won, ignored_leads FROM cycle_time_by_month', '(2025-01-01,2,0)',
	'SELECT won_at = created_at FROM lead_outcome', '(t) (t)');

-- The days on which clocks change, and midnights that there are not.
CALL pg_temp.scenario('days of 23 and 25 hours', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'Europe/Paris', clock_skew = '0', observed_until = '2025-12-31';
	INSERT INTO lead (lead_id, created_at)
		SELECT #(g), timezone('Europe/Paris', timestamp '2025-03-30 00:00' + g * interval '30 minutes') FROM generate_series(1, 47) g WHERE g NOT IN (4, 5);
	INSERT INTO lead (lead_id, created_at)
		SELECT #(100 + g), timezone('Europe/Paris', timestamp '2025-10-26 00:00' + g * interval '30 minutes') FROM generate_series(1, 47) g;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount)
		SELECT row_number() OVER (), lead_id, timezone('Europe/Paris', date_trunc('day', timezone('Europe/Paris', created_at::timestamptz))), true, 10 FROM lead$$,
	'SELECT sum(won), sum(ignored_leads) FROM cycle_time_by_month', '(92,0)',
	'SELECT bool_and(won_at = created_at) FROM lead_outcome', '(t)');
CALL pg_temp.scenario('the time of day that a day has not', '{bigint,uuid,text}', $$
	UPDATE rule SET time_zone = 'Europe/Paris', observed_until = '2025-12-31';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, timezone('Europe/Paris', timestamp '2025-03-20 02:30'));
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, timezone('Europe/Paris', timestamp '2025-03-30'), true, 10)$$,
	$$SELECT won, ignored_leads FROM cycle_time_by_month$$, '(1,0)',
	$$SELECT timezone('Europe/Paris', won_at)::date FROM lead_outcome$$, '(2025-03-30)');
CALL pg_temp.scenario('a day that begins at one', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'America/Havana', clock_skew = '0', observed_until = '2025-12-31';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, timezone('America/Havana', timestamp '2025-03-09 15:00'));
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, timezone('America/Havana', timestamp '2025-03-09'), true, 10)$$,
	$$SELECT won, ignored_leads FROM cycle_time_by_month$$, '(1,0)');
CALL pg_temp.scenario('and that a mapped date names', '{days}', $$
	UPDATE rule SET time_zone = 'America/Havana', clock_skew = '0', observed_until = '2025-12-31';
	INSERT INTO lead (lead_id, created_at) VALUES (1, '2025-03-09 15:00'), (2, '2025-03-09 01:00');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, 1, '2025-03-09', '2025-03-09', true, 10), (2, 2, NULL, '2025-03-09', false, 10)$$,
	$$SELECT won, lost, ignored_leads FROM cycle_time_by_month$$, '(1,1,0)');

-- Ages between a moment and a day are whole days.
CALL pg_temp.scenario('ages in whole days', '{bigint,uuid,text,days,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 00:10'), (#2, '2025-01-05 12:00'), (#3, '2025-01-05 23:50');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT row_number() OVER (), lead_id, '2025-01-12', true, 10 FROM lead$$,
	'SELECT median_days_of_won, p90_days_of_won, median_days, p90_days FROM cycle_time_by_month', '(7,7,7,7)',
	'SELECT won_within FROM cohort_conversion WHERE age_days = 7', '(3)');

-- Lost deals have days too.
CALL pg_temp.scenario('lost on the day on which the lead came', '{bigint,uuid,text,days,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', clock_skew = '0';
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-05 15:00', 'web' FROM generate_series(1, 10) g;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT g, #(g), '2025-01-05', false, 10 FROM generate_series(1, 4) g$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(0,4,6,0)',
	'SELECT lost, ignored_leads FROM cycle_time_by_channel', '(4,0)',
	'SELECT DISTINCT open_leads FROM forecast', '(6)',
	'SELECT count(*) FROM lead_outcome WHERE lost_at = created_at', '(4)');

-- Touches of the closing day come before the sale; those of the next day after it.
CALL pg_temp.scenario('touches of the closing day', '{bigint,uuid,text,days,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 09:00'), (#2, '2025-01-02 09:00'), (#3, '2025-01-02 20:00');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#1, '2025-01-05 18:00', 'call'), (#2, '2025-01-05 23:59', 'mail'), (#3, '2025-01-06 00:01', 'late');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT row_number() OVER (), lead_id, '2025-01-05', true, 10 FROM lead$$,
	$$SELECT channel, conversions FROM attribution WHERE model = 'first_touch' AND conversions > 0 ORDER BY 1$$, '(call,1) (mail,1) (,1)',
	$$SELECT channel, conversions FROM attribution WHERE model = 'linear' AND NOT is_unattributed AND conversions > 0 ORDER BY 1$$, '(call,1) (mail,1)',
	$$SELECT path, conversions, nulls FROM journey_paths WHERE path = 'late'$$, '(late,0,1)');
CALL pg_temp.scenario('touches on days', '{bigint,uuid,text,days,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 09:00'), (#2, '2025-01-03 11:00');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#1, '2025-01-05', 'call'), (#2, '2025-01-05', 'mail');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT row_number() OVER (), lead_id, '2025-01-05', true, 10 FROM lead$$,
	$$SELECT channel, conversions FROM attribution WHERE model = 'last_touch' AND conversions > 0 ORDER BY 1$$, '(call,1) (mail,1)');
CALL pg_temp.scenario('touches of the closing day in the zone', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01', time_zone = 'Pacific/Auckland';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 09:00+13');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#1, '2025-01-05 22:00+13', 'call');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 00:00+13', true, 10)$$,
	$$SELECT channel, conversions FROM attribution WHERE model = 'last_touch' AND conversions > 0 ORDER BY 1$$, '(call,1)');

-- Stages of the closing day, under every policy.
CALL pg_temp.scenario('ordered, all on one day', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', funnel_policy = 'ordered', clock_skew = '0';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 09:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05 10:00'), (#1, 'sal', '2025-01-05 11:00'), (#1, 'sql', '2025-01-05 12:00');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 17:00', '2025-01-05', true, 10)$$,
	'SELECT leads FROM funnel ORDER BY stage_position', '(1) (1) (1) (1) (1) (1)',
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(1,0)',
	'SELECT won_at::date FROM lead_outcome', '(2025-01-05)');
CALL pg_temp.scenario('ordered, the last stage later that day than the lead', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', funnel_policy = 'ordered', clock_skew = '0';
	UPDATE stage SET role = NULL WHERE role = 'opportunity';
	DELETE FROM stage WHERE stage = 'opportunity';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-02 09:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05 10:00'), (#1, 'sal', '2025-01-05 11:00'), (#1, 'sql', '2025-01-05 18:00');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05', true, 10)$$,
	'SELECT leads FROM funnel ORDER BY stage_position', '(1) (1) (1) (1) (1)');
CALL pg_temp.scenario('any order', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01', funnel_policy = 'any_order', clock_skew = '0';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 09:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05'), (#1, 'sal', '2025-01-05'), (#1, 'sql', '2025-01-05');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05', '2025-01-05', true, 10)$$,
	'SELECT leads FROM funnel ORDER BY stage_position', '(1) (1) (1) (1) (1) (1)',
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(1,0)');
CALL pg_temp.scenario('ordered, stages on days', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01', funnel_policy = 'ordered', clock_skew = '0';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 09:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05'), (#1, 'sal', '2025-01-05'), (#1, 'sql', '2025-01-06');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-06', '2025-01-06', true, 10)$$,
	'SELECT leads FROM funnel ORDER BY stage_position', '(1) (1) (1) (1) (1) (1)',
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(1,0)');
CALL pg_temp.scenario('won by a stage event on a day', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01', clock_skew = '0';
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-05 15:00', 'web' FROM generate_series(1, 10) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) SELECT #(g), 'won', '2025-01-05' FROM generate_series(1, 4) g$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(4,0,6,0)',
	'SELECT observed_conversion, conversion FROM cohort_conversion WHERE age_days = 7', '(0.4,0.4)',
	'SELECT won FROM cpl_to_revenue', '(4)');

--
-- Clocks that differ
--
CALL pg_temp.scenario('an order five seconds before its lead', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-05 15:00', 'web' FROM generate_series(1, 10) g;
	INSERT INTO touch (lead_id, touched_at, channel) SELECT lead_id, created_at - interval '2 seconds', 'web' FROM lead;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT g, #(g), '2025-01-05 14:59:55', true, 10 FROM generate_series(1, 4) g;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) SELECT g, #(g), '2025-01-05 14:59:55', false, 10 FROM generate_series(5, 7) g$$,
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_month', '(4,3,3,0)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time_by_channel', '(4,3,3,0)',
	'SELECT won_within, conversion FROM cohort_conversion WHERE age_days = 7', '(4,0.4)',
	'SELECT DISTINCT won_at = created_at, lost_at = created_at FROM lead_outcome ORDER BY 1, 2', '(t,) (,t) (,)',
	'SELECT won, deals_won, revenue FROM cpl_to_revenue', '(4,4,40)',
	$$SELECT channel, conversions FROM attribution WHERE model = 'last_touch' AND conversions > 0$$, '(web,4)',
	'SELECT DISTINCT open_leads FROM forecast', '(3)');
CALL pg_temp.scenario('ordered, everything shortly before the lead', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', funnel_policy = 'ordered';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 15:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05 14:50'), (#1, 'sal', '2025-01-05 14:51'), (#1, 'sql', '2025-01-05 14:52');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 14:53', '2025-01-05 14:54', true, 10)$$,
	'SELECT leads FROM funnel ORDER BY stage_position', '(1) (1) (1) (1) (1) (1)',
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(1,0)');
CALL pg_temp.scenario('two days are no skew', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 15:00'), (#2, '2025-01-05 15:00');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-03 14:59:55', true, 10);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#2, 'won', '2025-01-03 14:59:55')$$,
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(0,2)');
CALL pg_temp.scenario('the skew is a setting', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', clock_skew = '1 hour';
	INSERT INTO lead (lead_id, created_at) SELECT #(g), '2025-01-05 15:00' FROM generate_series(1, 4) g;
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 14:30', true, 10), (2, #2, '2025-01-05 13:30', true, 10);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#3, 'won', '2025-01-05 14:30'), (#4, 'won', '2025-01-05 13:30')$$,
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(2,2)');
CALL pg_temp.scenario('a skew of nothing', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', clock_skew = '0';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 15:00'), (#2, '2025-01-05 15:00');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-05 14:59:55', true, 10), (2, #2, '2025-01-05 15:00', true, 10)$$,
	'SELECT won, ignored_leads FROM cycle_time_by_month', '(1,1)');
CALL pg_temp.scenario('exactly the skew', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-05 15:00');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-01-04 15:00', true, 10)$$,
	'SELECT won, ignored_leads, median_days_of_won FROM cycle_time_by_month', '(1,0,0)');

--
-- Up to when the data is complete
--
CALL pg_temp.scenario('dates only', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), timestamp '2025-01-01' + (g % 59) * interval '1 day', 'web' FROM generate_series(1, 118) g;
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-01', 'web', 100), ('2025-02-01', 'web', 100)$$,
	'SELECT observed_until FROM observation', '("2025-03-01 00:00:00+00")',
	'SELECT months FROM marginal_return', '(2)',
	$$SELECT count(*) > 0 FROM pipeline_moment WHERE as_of = '2025-02-28 23:59:59.999999+00'$$, '(t)');
CALL pg_temp.scenario('a closing date after moments', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-02-27 15:00'), (#2, '2025-02-28 11:00');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-02-28', true, 10)$$,
	'SELECT observed_until FROM observation', '("2025-03-01 00:00:00+00")',
	'SELECT won, open_leads, ignored_leads FROM cycle_time_by_month', '(1,1,0)');
CALL pg_temp.scenario('moments only', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-02-27 15:00'), (#2, '2025-02-28 11:00')$$,
	'SELECT observed_until FROM observation', '("2025-02-28 11:00:00+00")');
CALL pg_temp.scenario('the last day in New York', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'America/New_York';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-02-27 00:00-05'), (#2, '2025-02-28 00:00-05')$$,
	'SELECT observed_until FROM observation', '("2025-03-01 05:00:00+00")');
CALL pg_temp.scenario('the last day in Tokyo', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'Asia/Tokyo';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-02-27 00:00+09'), (#2, '2025-02-28 00:00+09')$$,
	'SELECT observed_until FROM observation', '("2025-02-28 15:00:00+00")');
CALL pg_temp.scenario('the last day has 23 hours', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'Europe/Paris';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, timezone('Europe/Paris', timestamp '2025-03-30'))$$,
	'SELECT observed_until FROM observation', '("2025-03-30 22:00:00+00")');
CALL pg_temp.scenario('stage events and touches on days', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-02-26 15:00');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-02-28');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#1, '2025-02-27', 'web')$$,
	'SELECT observed_until FROM observation', '("2025-03-01 00:00:00+00")');
CALL pg_temp.scenario('what the mart says', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-02-10 12:00';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-02-01')$$,
	'SELECT observed_until FROM observation', '("2025-02-10 12:00:00+00")');

--
-- Dates far away
--
CALL pg_temp.scenario('years to come', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at) SELECT #(g), timestamp '2025-01-01 08:00' + g * interval '1 hour' FROM generate_series(1, 60) g;
	INSERT INTO lead (lead_id, created_at) VALUES (#61, '2062-01-03');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2062-01-03'), (#2, 'mql', '2025-01-03');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#3, '2062-01-03', 'web');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #4, '2025-01-03', '2062-01-03', true, 10), (2, #5, '2062-01-03', NULL, NULL, 10)$$,
	'SELECT observed_until < now() FROM observation', '(t)',
	'SELECT month, sum(counted) FROM lead_generated WHERE counted > 0 GROUP BY month', '(2025-01-01,60)',
	$$SELECT excluded_reason FROM counted_lead WHERE lead_id = #61$$, '(far_date)',
	$$SELECT rows FROM data_quality WHERE check_name = 'leads_excluded_far_date'$$, '(1)',
	$$SELECT leads FROM funnel WHERE stage IN ('mql', 'opportunity') ORDER BY stage$$, '(2) (1)',
	'SELECT sum(won) FROM cycle_time_by_month', '(0)',
	'SELECT won FROM cpl_to_revenue', '(0)');
CALL pg_temp.scenario('a year long ago', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at) SELECT #(g), timestamp '2025-01-01 08:00' + g * interval '1 minute' FROM generate_series(1, 1200) g;
	INSERT INTO lead (lead_id, created_at) VALUES (#2000, '1926-01-03')$$,
	$$SELECT excluded_reason FROM counted_lead WHERE lead_id = #2000$$, '(far_date)',
	'SELECT count(*) FROM funnel_by_month WHERE stage_position = 1', '(1)');
CALL pg_temp.scenario('one year too late among thousands', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at) SELECT #(g), timestamp '2018-01-01 08:00' + g * interval '1 minute' FROM generate_series(1, 1200) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#7, 'mql', '2023-01-03 10:00')$$,
	'SELECT observed_until FROM observation', '("2018-01-02 04:00:00+00")');
CALL pg_temp.scenario('a few old leads are no error', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at) SELECT #(g), timestamp '2025-01-01 08:00' + g * interval '1 minute' FROM generate_series(1, 40) g;
	INSERT INTO lead (lead_id, created_at) VALUES (#2000, '2016-01-03')$$,
	'SELECT count(*) FROM counted_lead WHERE excluded_reason IS NULL', '(41)');
CALL pg_temp.scenario('the day after tomorrow', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at) SELECT #(g), timestamp '2025-01-01 08:00' + g * interval '1 minute' FROM generate_series(1, 60) g;
	INSERT INTO lead (lead_id, created_at) VALUES (#2000, now() + interval '2 days')$$,
	'SELECT excluded_reason IS NULL FROM counted_lead WHERE lead_id = #2000', '(t)',
	'SELECT observed_until < now() FROM observation', '(t)',
	$$SELECT rows FROM data_quality WHERE check_name = 'leads_in_the_future'$$, '(1)');

--
-- The zone has a name
--
CREATE FUNCTION pg_temp.zone(zone text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN f = 'no error' THEN 'taken' WHEN f ~ '\|.*\|' THEN 'refused, and told what to write' ELSE f END
	FROM pg_temp.failure(format('UPDATE regress_bigint.rule SET time_zone = %L', zone)) f
$$;
SELECT zone, pg_temp.zone(zone) FROM unnest('{+05:30,UTC+5,GMT-3,IST,CEST,<+0530>-5:30,nowhere,"",Asia/Kolkata,Europe/Paris,UTC,Etc/GMT+5}'::text[]) AS zone;
UPDATE regress_bigint.rule SET time_zone = DEFAULT;
CALL pg_temp.scenario('the day in India', '{bigint,uuid,text,old}', $$
	UPDATE rule SET time_zone = 'Asia/Kolkata';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-03-31 20:00+00')$$,
	'SELECT day FROM lead_generated', '(2025-04-01)',
	'SELECT month FROM funnel_by_month WHERE stage_position = 1', '(2025-04-01)');

\i :abs_srcdir/lib/scenario_end.sql
