-- Spellings of channels and campaigns, and spend that names only one of them: money meets its leads, and none is lost.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

-- Case and outer blanks.
CALL pg_temp.scenario('google, Google and Google with blanks', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', 'Spring'), (#2, '2025-01-04', 'google', 'spring'), (#3, '2025-01-04', 'google ', 'spring'),
		(#4, '2025-01-04', 'Google', ' SPRING'), (#5, '2025-01-04', ' GOOGLE', 'spring');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'Google ', 'Spring', 100);
	INSERT INTO touch (lead_id, touched_at, channel, campaign) VALUES (#1, '2025-01-04', 'GOOGLE', 'SpRiNg'), (#2, '2025-01-04', 'google', 'spring');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-02-01', true, 10), (2, #2, '2025-02-01', true, 10)$$,
	'SELECT channel, campaign, leads, spend::float8, cpl::float8 FROM cpl_to_revenue', '(google,spring,5,100,20)',
	'SELECT channel, leads FROM funnel_by_channel WHERE stage_position = 1', '(google,5)',
	'SELECT channel, campaign, leads FROM funnel_by_campaign WHERE stage_position = 1', '(google,spring,5)',
	'SELECT channel, campaign, leads, spend::float8 FROM unit_cost WHERE stage_position = 1', '(google,spring,5,100)',
	'SELECT channel, sum(gross) FROM lead_generated GROUP BY channel', '(google,5)',
	'SELECT channel, leads FROM cycle_time_by_channel', '(google,5)',
	'SELECT family, leads FROM channel_comparison', '(google,5)',
	$$SELECT channel, conversions, spend::float8 FROM attribution WHERE model = 'linear' AND NOT is_unattributed$$, '(google,2,100)',
	$$SELECT channel, campaign, conversions, spend::float8 FROM attribution_by_campaign WHERE model = 'linear' AND NOT is_unattributed$$, '(google,spring,2,100)',
	'SELECT path, conversions FROM journey_paths WHERE conversions > 0', '(google,2)',
	$$SELECT rows FROM data_quality WHERE check_name IN ('spend_without_lead', 'leads_without_spend')$$, '(0) (0)');
CALL pg_temp.scenario('other blanks, other letters', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'été'), (#2, '2025-01-04', e'\tété'), (#3, '2025-01-04', e'été\u00a0'), (#4, '2025-01-04', ''), (#5, '2025-01-04', '  '), (#6, '2025-01-04', NULL)$$,
	'SELECT channel IS NULL, leads FROM funnel_by_channel WHERE stage_position = 1 ORDER BY 1', '(f,3) (t,3)');
CALL pg_temp.scenario('direct, however it is spelled', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-04 10:00');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#1, '2025-01-04 09:00', 'mail'), (#1, '2025-01-05 09:00', ' DIRECT '), (#1, '2025-01-06 09:00', 'Direct');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-02-01', true, 10)$$,
	$$SELECT channel, conversions FROM attribution WHERE model = 'last_non_direct' AND conversions > 0$$, '(mail,1)',
	$$SELECT channel, conversions FROM attribution_by_campaign WHERE model = 'last_non_direct' AND conversions > 0$$, '(mail,1)');
CALL pg_temp.scenario('an alias', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO channel_alias (alias, channel) VALUES ('adwords', 'Google Ads'), ('google', 'Google Ads');
	INSERT INTO channel_family (channel, family) VALUES ('Google Ads', 'paid');
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'AdWords'), (#2, '2025-01-04', ' google'), (#3, '2025-01-04', 'google ads'), (#4, '2025-01-04', 'bing');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#1, '2025-01-04', 'ADWORDS');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #1, '2025-02-01', true, 10);
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-10', 'Adwords', 100)$$,
	'SELECT channel, leads, spend::float8 FROM cpl_to_revenue ORDER BY channel COLLATE "C"', '("Google Ads",3,100) (bing,1,)',
	'SELECT family, leads FROM channel_comparison ORDER BY family', '(bing,1) (paid,3)',
	$$SELECT channel, conversions, spend::float8 FROM attribution WHERE model = 'linear' AND conversions > 0$$, '("Google Ads",1,100)');
CALL pg_temp.scenario('a family, however it is spelled', '{bigint,uuid,text,old}', $$
	INSERT INTO channel_family (channel, family) VALUES ('google', 'paid');
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'Google'), (#2, '2025-01-04', 'GOOGLE ')$$,
	'SELECT family, leads FROM channel_comparison', '(paid,2)',
	'SELECT DISTINCT family FROM lead_outcome', '(paid)');
CALL pg_temp.scenario('an alias of a channel that is spelled otherwise elsewhere', '{bigint,uuid,text,old}', $$
	INSERT INTO channel_alias (alias, channel) VALUES ('adwords', 'google');
	INSERT INTO channel_family (channel, family) VALUES ('Google', 'paid');
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'AdWords'), (#2, '2025-01-04', ' google'), (#3, '2025-01-04', 'GOOGLE')$$,
	'SELECT channel, leads FROM funnel_by_channel WHERE stage_position = 1', '(Google,3)',
	'SELECT family, leads FROM channel_comparison', '(paid,3)');
CALL pg_temp.scenario('near misses are named', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT #(g), '2025-01-04', 'Facebook' FROM generate_series(1, 20) g;
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#100, '2025-01-04', 'Facebok'), (#101, '2025-01-04', 'fair')$$,
	$$SELECT count(*) > 0 FROM data_quality WHERE examples ILIKE '%facebok%' AND severity <> 'ok'$$, '(t)',
	$$SELECT count(*) FROM data_quality WHERE examples ILIKE '%fair%'$$, '(0)');

-- Spend of a campaign.
CALL pg_temp.scenario('a campaign of one channel', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', 'spring'), (#2, '2025-01-05', 'google', 'Spring'), (#3, '2025-01-05', 'bing', 'autumn');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', NULL, 'SPRING ', 100), ('2025-01-10', '', 'autumn', 7)$$,
	'SELECT channel, lower(campaign), leads, spend::float8 FROM cpl_to_revenue ORDER BY channel', '(bing,autumn,1,7) (google,spring,2,100)',
	'SELECT channel, spend FROM unit_cost WHERE stage_position = 1 ORDER BY channel', '(bing,7) (google,100)');
CALL pg_temp.scenario('a campaign of several', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', 'spring'), (#2, '2025-01-05', 'bing', 'spring');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', NULL, 'spring', 100)$$,
	'SELECT channel, campaign, leads, spend::float8 FROM cpl_to_revenue ORDER BY channel', '(bing,spring,1,) (google,spring,1,) (,spring,0,100)');
CALL pg_temp.scenario('a campaign whose leads have no channel', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', NULL, 'spring');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', NULL, 'spring', 100)$$,
	'SELECT channel, campaign, leads, spend::float8 FROM cpl_to_revenue', '(,spring,1,100)');
CALL pg_temp.scenario('a campaign of another month', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', 'spring');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-02-10', NULL, 'spring', 100)$$,
	'SELECT month, channel, campaign, leads, spend::float8 FROM cpl_to_revenue ORDER BY month', '(2025-01-01,google,spring,1,) (2025-02-01,google,spring,0,100)');

-- Spend of a channel.
CALL pg_temp.scenario('spread over the campaigns of the channel and month', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) SELECT #(g), '2025-01-04', 'google', CASE WHEN g < 4 THEN 'a' ELSE 'b' END FROM generate_series(1, 4) g;
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#5, '2025-02-04', 'google', 'c'), (#6, '2025-01-04', 'bing', 'a');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'Google', NULL, 100.01)$$,
	'SELECT sum(spend), count(*) FILTER (WHERE spend IS NOT NULL), bool_and(spend = round(spend, 2)) FROM cpl_to_revenue', '(100.01,2,t)',
	$$SELECT campaign, abs(spend - 25.0025 * leads) < 0.01 FROM cpl_to_revenue WHERE channel = 'google' AND month = '2025-01-01' ORDER BY campaign$$, '(a,t) (b,t)',
	$$SELECT sum(spend) FROM unit_cost WHERE stage_position = 1$$, '(100.01)',
	$$SELECT DISTINCT sum(spend) FROM attribution GROUP BY model$$, 'no rows',
	'SELECT sum(spend) FROM channel_comparison', '(100.01)');
CALL pg_temp.scenario('to the last cent', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) SELECT #(g), '2025-01-04', 'google', 'c' || g FROM generate_series(1, 7) g;
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'google', NULL, 100), ('2025-01-11', 'google', NULL, 0.01), ('2025-01-11', 'google', NULL, -33.33),
		('2025-01-11', 'google', NULL, 0.001), ('2025-01-11', 'google', NULL, 1e9), ('2025-01-11', 'google', 'c1', 5), ('2025-01-11', 'google', NULL, NULL)$$,
	'SELECT sum(spend), max(spend) - min(spend) < 6 FROM cpl_to_revenue', '(1000000071.681,t)',
	$$SELECT sum(spend) FROM unit_cost WHERE stage_position = 1$$, '(1000000071.681)',
	$$SELECT rows FROM data_quality WHERE check_name = 'spend_rows'$$, '(7)',
	$$SELECT amount FROM data_quality WHERE check_name = 'spend_rows'$$, '(1000000071.681)');
CALL pg_temp.scenario('kept', '{bigint,uuid,text,old}', $$
	UPDATE rule SET channel_spend = 'keep';
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', 'a'), (#2, '2025-01-04', 'google', 'b');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'google', NULL, 100)$$,
	'SELECT channel, campaign, leads, spend::float8 FROM cpl_to_revenue ORDER BY campaign', '(google,a,1,) (google,b,1,) (google,,0,100)');
CALL pg_temp.scenario('leads without campaign', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-04', 'google'), (#2, '2025-01-04', 'google');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'google', NULL, 100)$$,
	'SELECT channel, campaign, leads, spend::float8 FROM cpl_to_revenue', '(google,,2,100)');
CALL pg_temp.scenario('leads with and without campaign', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', NULL), (#2, '2025-01-04', 'google', 'a'), (#3, '2025-01-04', 'google', 'a');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'google', NULL, 100)$$,
	'SELECT sum(leads), sum(spend)::float8, count(*) FROM cpl_to_revenue', '(3,100,2)');
CALL pg_temp.scenario('nothing matches', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign) VALUES (#1, '2025-01-04', 'google', 'a');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'tv', NULL, 100), ('2025-01-10', NULL, 'nobody', 10), ('2025-01-10', NULL, NULL, 1), ('2025-03-10', 'google', NULL, 1000),
		(NULL, 'google', NULL, 10000), ('2025-01-10', 'google', 'z', 100000)$$,
	'SELECT month, channel, campaign, leads, spend::float8 FROM cpl_to_revenue ORDER BY spend', '(2025-01-01,,,0,1) (2025-01-01,,nobody,0,10) (2025-01-01,tv,,0,100)'
		|| ' (2025-03-01,google,,0,1000) (,google,,0,10000) (2025-01-01,google,z,0,100000) (2025-01-01,google,a,1,)',
	'SELECT sum(spend) FROM cpl_to_revenue', '(111111)',
	$$SELECT sum(spend) FROM unit_cost WHERE stage_position = 1$$, '(111111)');
CALL pg_temp.scenario('only duplicates in a campaign', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, channel, campaign, email) VALUES (#1, '2025-01-04', 'google', 'a', 'pat@firm.example'), (#2, '2025-01-05', 'google', 'b', 'pat@firm.example');
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'google', NULL, 100), ('2025-01-10', 'google', 'b', 10)$$,
	'SELECT campaign, leads, spend::float8 FROM cpl_to_revenue ORDER BY campaign', '(a,1,100) (b,0,10)');

\i :abs_srcdir/lib/scenario_end.sql
