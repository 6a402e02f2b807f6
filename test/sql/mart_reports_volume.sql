-- Counts without keys: whose tool gives only how many, by day, channel, campaign and stage, has funnels and unit costs all the same.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

CALL pg_temp.scenario('counts only', '{bigint,uuid,text,old,days}', $$
	DELETE FROM stage WHERE stage IN ('sal', 'sql', 'opportunity');
	UPDATE rule SET observed_until = '2025-06-01', accepted_role = 'won';
	INSERT INTO volume (day, channel, campaign, stage, leads) VALUES ('2025-01-05', 'ads', 'a', 'lead', 60), ('2025-01-06', 'Ads ', 'a', 'lead', 40), ('2025-01-06', 'ads', 'a', 'mql', 40),
		('2025-01-31', 'ads', 'a', 'won', 5), ('2025-02-01', 'mail', NULL, 'lead', 10), ('2025-02-01', 'mail', NULL, 'mql', 1);
	INSERT INTO spend (spent_on, channel, campaign, amount) VALUES ('2025-01-10', 'ads', 'a', 1000)$$,
	'SELECT stage, leads, previous_leads, entered_leads FROM funnel ORDER BY stage_position', '(lead,110,,110) (mql,41,110,110) (won,5,41,110)',
	'SELECT step_rate, total_rate FROM funnel WHERE stage_position = 3', '(0.121951219512195,0.0454545454545455)',
	'SELECT lower(channel), stage, leads FROM funnel_by_channel WHERE stage_position > 1 ORDER BY 1, stage_position', '(ads,mql,40) (ads,won,5) (mail,mql,1) (mail,won,0)',
	'SELECT lower(channel), campaign, leads FROM funnel_by_campaign WHERE stage_position = 1 ORDER BY 1', '(ads,a,100) (mail,,10)',
	'SELECT month, leads FROM funnel_by_month WHERE stage_position = 1 ORDER BY 1', '(2025-01-01,100) (2025-02-01,10)',
	'SELECT stage, leads, spend::float8, unit_cost::float8 FROM unit_cost WHERE campaign IS NOT NULL ORDER BY stage_position', '(lead,100,1000,10) (mql,40,1000,25) (won,5,1000,200)',
	'SELECT month, lower(channel), leads, mql, won, spend::float8, cpl::float8, cac::float8 FROM cpl_to_revenue ORDER BY month', '(2025-01-01,ads,100,40,5,1000,10,200) (2025-02-01,mail,10,1,0,,,)');
CALL pg_temp.scenario('with leads that have keys', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel) VALUES (#1, '2025-01-05 10:00', 'ads'), (#2, '2025-01-06 10:00', 'web');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-06 10:00');
	INSERT INTO volume (day, channel, campaign, stage, leads) VALUES ('2025-01-05', 'ads', NULL, 'lead', 10), ('2025-01-06', 'ads', NULL, 'mql', 4), ('2025-01-07', 'fair', NULL, 'lead', 3);
	INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-10', 'ads', 110)$$,
	$$SELECT stage, leads FROM funnel WHERE stage IN ('lead', 'mql') ORDER BY stage_position$$, '(lead,15) (mql,5)',
	'SELECT channel, leads FROM funnel_by_channel WHERE stage_position = 1 ORDER BY 1', '(ads,11) (fair,3) (web,1)',
	'SELECT channel, leads, mql, spend::float8, cpl::float8 FROM cpl_to_revenue ORDER BY 1', '(ads,11,5,110,10) (fair,3,0,,) (web,1,0,,)',
	-- What needs keys knows only those that have one.
	'SELECT count(*) FROM lead_outcome', '(2)',
	'SELECT sum(leads) FROM cycle_time_by_month', '(2)',
	'SELECT DISTINCT open_leads FROM forecast', '(2)');
CALL pg_temp.scenario('what cannot be counted is told', '{bigint,uuid,text}', $$
	INSERT INTO volume (day, channel, campaign, stage, leads) VALUES ('2025-01-05', 'ads', NULL, 'lead', 10), ('2025-01-05', 'ads', NULL, 'unheard', 10), (NULL, 'ads', NULL, 'lead', 1),
		('2025-01-05', 'ads', NULL, NULL, 10), ('2025-01-05', 'ads', NULL, 'lead', NULL)$$,
	$$SELECT leads FROM funnel WHERE stage = 'lead'$$, '(10)',
	$$SELECT count(*) > 0 FROM data_quality WHERE check_name LIKE 'volume%' AND severity IN ('warning', 'error')$$, '(t)');

\i :abs_srcdir/lib/scenario_end.sql
