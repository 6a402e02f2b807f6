-- Duplicates and merged records: what happened to them counts for the lead that survives, once.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
\i :abs_srcdir/lib/scenario.sql

CALL pg_temp.scenario('sales works the newest record', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, email) VALUES (#1, '2025-01-04', 'ads', 'pat@firm.example'), (#2, '2025-01-10', 'web', 'Pat@firm.example');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#2, 'mql', '2025-01-11'), (#2, 'sql', '2025-01-12');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#2, '2025-01-09 10:00', 'mail');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #2, '2025-01-12', '2025-01-20', true, 9000)$$,
	'SELECT channel, leads, mql, sql, won, deals_won, revenue FROM cpl_to_revenue', '(ads,1,1,1,1,1,9000)',
	'SELECT excluded_reason, duplicate_of = #1 FROM counted_lead ORDER BY created_at', '(,) (duplicate,t)',
	'SELECT sum(gross), sum(counted), sum(excluded_duplicate) FROM lead_generated', '(2,1,1)',
	'SELECT won, lost, open_leads, ignored_leads FROM cycle_time', '(1,0,0,0)',
	$$SELECT channel, conversions, revenue FROM attribution WHERE model = 'last_touch' AND conversions > 0$$, '(mail,1,9000)',
	$$SELECT check_name, rows FROM data_quality WHERE check_name IN ('events_used', 'deals_used', 'touches_used', 'leads_excluded_duplicate')$$,
		'(leads_excluded_duplicate,1) (events_used,2) (deals_used,1) (touches_used,1)',
	$$SELECT check_name FROM data_quality WHERE check_name LIKE '%ignored_excluded_lead' AND rows > 0$$, 'no rows',
	'SELECT channel, leads FROM funnel_by_channel WHERE stage_position = 6', '(ads,1)');
CALL pg_temp.scenario('dropped', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01', duplicates = 'drop';
	INSERT INTO lead (lead_id, created_at, channel, email) VALUES (#1, '2025-01-04', 'ads', 'pat@firm.example'), (#2, '2025-01-10', 'web', 'Pat@firm.example');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#2, 'mql', '2025-01-11'), (#2, 'sql', '2025-01-12');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #2, '2025-01-12', '2025-01-20', true, 9000)$$,
	'SELECT channel, leads, mql, sql, won, revenue FROM cpl_to_revenue', '(ads,1,0,0,0,0)',
	$$SELECT check_name, rows FROM data_quality WHERE check_name IN ('events_used', 'deals_used', 'events_ignored_excluded_lead', 'deals_ignored_excluded_lead')$$,
		'(events_used,0) (events_ignored_excluded_lead,2) (deals_used,0) (deals_ignored_excluded_lead,1)');
CALL pg_temp.scenario('both records have their story', '{bigint,uuid,text,old,days}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, email) VALUES (#1, '2025-01-04', 'ads', 'pat@firm.example'), (#2, '2025-01-10', 'web', 'pat@firm.example');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05'), (#2, 'mql', '2025-01-11'), (#2, 'sql', '2025-01-12');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-12', '2025-01-20', true, 1000),
		(2, #2, '2025-01-12', '2025-01-21', true, 500), (3, #2, '2025-01-12', '2025-01-22', false, 70)$$,
	'SELECT leads, mql, sql, won, deals_won, revenue FROM cpl_to_revenue', '(1,1,1,1,2,1500)',
	'SELECT mql_at::date, won_at::date, deals_won FROM lead_outcome', '(2025-01-05,2025-01-20,2)',
	$$SELECT sum(conversions) FROM attribution WHERE model = 'linear'$$, '(2)');
CALL pg_temp.scenario('chains over the window', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, email) VALUES (#1, '2025-01-01 08:00', 'pat@firm.example'), (#2, '2025-01-25 08:00', 'pat@firm.example'),
		(#3, '2025-02-24 08:00', 'pat@firm.example'), (#4, '2025-04-01 08:00', 'pat@firm.example'), (#5, '2025-04-02 08:00', 'PAT+x@firm.example');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #3, '2025-02-25 10:00', true, 30), (2, #5, '2025-04-10 10:00', true, 50)$$,
	'SELECT excluded_reason, duplicate_of = #1, duplicate_of = #4 FROM counted_lead ORDER BY lead_id', '(,,) (duplicate,t,f) (duplicate,t,f) (,,) (duplicate,f,t)',
	'SELECT month, leads, won, revenue FROM cpl_to_revenue ORDER BY month', '(2025-01-01,1,1,30) (2025-04-01,1,1,50)');
CALL pg_temp.scenario('no window', '{bigint,uuid,text,old}', $$
	UPDATE rule SET observed_until = '2025-06-01', duplicate_window = NULL;
	INSERT INTO lead (lead_id, created_at, email) VALUES (#1, '2020-01-01', 'pat@firm.example'), (#2, '2025-01-25', 'pat@firm.example')$$,
	'SELECT excluded_reason, duplicate_of = #1 FROM counted_lead ORDER BY lead_id', '(,) (duplicate,t)');
CALL pg_temp.scenario('the same moment', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, email) SELECT #(g), '2025-01-01', 'pat@firm.example' FROM generate_series(1, 5) g$$,
	'SELECT count(*) FILTER (WHERE excluded_reason IS NULL), count(DISTINCT duplicate_of) FROM counted_lead', '(1,1)',
	'SELECT lead_id = #1 FROM counted_lead WHERE excluded_reason IS NULL', '(t)');

-- Placeholders are nobody's.
CALL pg_temp.scenario('noemail@', '{bigint,uuid,text,old,days}', $$
	INSERT INTO lead (lead_id, created_at, channel, email)
	SELECT #(100 + g), timestamp '2025-01-01' + g * interval '6 hours', 'phone', 'noemail@noemail.com' FROM generate_series(1, 200) g$$,
	$$SELECT sum(gross) AS gross, sum(counted) AS counted FROM lead_generated WHERE channel = 'phone'$$, '(200,200)');
CALL pg_temp.scenario('the other ways to say nothing', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, email)
	SELECT #(n * 10 + g), timestamp '2025-01-01' + g * interval '6 hours', address
	FROM unnest('{none@none.com,NoEmail@firm.example,noreply@firm.example,no-reply@firm.example,n/a,unknown@unknown.com,noone@nowhere.com,x@x.com}'::text[])
		WITH ORDINALITY AS a(address, n), generate_series(1, 2) g
	WHERE address !~ 'x@x|noone'$$,
	'SELECT email FROM counted_lead WHERE excluded_reason IS NOT NULL', 'no rows');
CALL pg_temp.scenario('self-employed', '{bigint,uuid,text,old}', $$
	UPDATE rule SET duplicate_key = 'company';
	INSERT INTO lead (lead_id, created_at, company)
	SELECT #(n * 10 + g), timestamp '2025-01-01' + g * interval '6 hours', company
	FROM unnest('{Self-employed,self employed,N/A,none,Unknown,-,Firm}'::text[]) WITH ORDINALITY AS a(company, n), generate_series(1, 2) g$$,
	'SELECT company, excluded_reason FROM counted_lead WHERE excluded_reason IS NOT NULL', '(Firm,duplicate)');
CALL pg_temp.scenario('the company''s own placeholders', '{bigint,uuid,text,old}', $$
	UPDATE rule SET placeholders = coalesce(placeholders, '{}') || '{Reception@firm.example}'::text[];
	INSERT INTO lead (lead_id, created_at, email) VALUES (#1, '2025-01-01', 'reception@firm.example'), (#2, '2025-01-02', 'reception@firm.example '),
		(#3, '2025-01-01', 'noemail@noemail.com'), (#4, '2025-01-02', 'noemail@noemail.com'), (#5, '2025-01-01', 'pat@firm.example'), (#6, '2025-01-02', 'pat@firm.example')$$,
	'SELECT lead_id = #6 FROM counted_lead WHERE excluded_reason IS NOT NULL', '(t)');
CALL pg_temp.scenario('a pattern of placeholders', '{bigint,uuid,text,old}', $$
	UPDATE rule SET placeholder_pattern = '^(fax|desk)[0-9]*@';
	INSERT INTO lead (lead_id, created_at, email) VALUES (#1, '2025-01-01', 'Desk1@firm.example'), (#2, '2025-01-02', 'desk1@firm.example')$$,
	'SELECT count(*) FROM counted_lead WHERE excluded_reason IS NULL', '(2)');
CALL pg_temp.scenario('a key that joins too many is shown', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, email) SELECT #(g), timestamp '2025-01-01' + g * interval '6 hours', 'info@agency.example' FROM generate_series(1, 200) g;
	INSERT INTO lead (lead_id, created_at, email) SELECT #(1000 + g), timestamp '2025-01-01' + g * interval '6 hours', 'p' || g || '@firm.example' FROM generate_series(1, 200) g$$,
	$$SELECT count(*) > 0 FROM data_quality WHERE examples LIKE '%info@agency.example%' AND severity <> 'ok'$$, '(t)');

-- Other keys.
CALL pg_temp.scenario('company', '{bigint,uuid,text,old}', $$
	UPDATE rule SET duplicate_key = 'company', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, company, email) VALUES (#1, '2025-01-01', 'Firm', 'a@firm.example'), (#2, '2025-01-02', ' FIRM ', 'b@firm.example'), (#3, '2025-01-03', NULL, 'a@firm.example');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #2, '2025-02-25', true, 30)$$,
	'SELECT excluded_reason FROM counted_lead ORDER BY lead_id', '() (duplicate) ()',
	'SELECT sum(leads), sum(won), sum(revenue) FROM cpl_to_revenue', '(2,1,30)');
CALL pg_temp.scenario('phone', '{bigint,uuid,text,old}', $$
	UPDATE rule SET duplicate_key = 'phone', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, email, attributes) VALUES (#1, '2025-01-01', 'a@firm.example', '{"phone": "+33 1 23 45 67 89"}'),
		(#2, '2025-01-02', 'b@firm.example', '{"phone": "+33123456789"}'), (#3, '2025-01-03', 'c@firm.example', '{"phone": "0033 1.23.45.67-89"}'),
		(#4, '2025-01-04', 'a@firm.example', '{"phone": "+33 1 23 45 67 88"}'), (#5, '2025-01-05', 'a@firm.example', NULL),
		(#6, '2025-01-06', 'a@firm.example', '{"phone": "n/a"}'), (#7, '2025-01-07', 'a@firm.example', '{"phone": "n/a"}'), (#8, '2025-01-08', NULL, '{"phone": ""}'),
		(#9, '2025-01-09', NULL, '[1]'), (#10, '2025-01-10', NULL, '{"phone": null}'), (#11, '2025-01-11', NULL, '{"phone": "0000000000"}'),
		(#12, '2025-01-12', NULL, '{"phone": "0000000000"}');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #3, '2025-02-25', true, 30)$$,
	'SELECT lead_id = #2, lead_id = #3, duplicate_of = #1 FROM counted_lead WHERE excluded_reason IS NOT NULL ORDER BY created_at', '(t,f,t) (f,t,t)',
	'SELECT sum(leads), sum(won), sum(revenue) FROM cpl_to_revenue', '(10,1,30)');
CALL pg_temp.scenario('email or phone', '{bigint,uuid,text,old}', $$
	UPDATE rule SET duplicate_key = 'email_or_phone', observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, email, attributes) VALUES (#1, '2025-01-01', 'a@firm.example', NULL),
		(#2, '2025-01-02', 'A@firm.example', '{"phone": "+33 1 23 45 67 89"}'), (#3, '2025-01-03', NULL, '{"phone": "0033123456789"}'),
		(#4, '2025-01-04', 'noemail@noemail.com', '{"phone": "+33 1 99 99 99 99"}'), (#5, '2025-01-05', 'noemail@noemail.com', NULL);
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #3, '2025-02-25', true, 30)$$,
	'SELECT excluded_reason, duplicate_of = #1 FROM counted_lead ORDER BY lead_id', '(,) (duplicate,t) (duplicate,t) (,) (,)',
	'SELECT sum(leads), sum(won), sum(revenue) FROM cpl_to_revenue', '(3,1,30)');
CALL pg_temp.scenario('none', '{bigint,uuid,text,old}', $$
	UPDATE rule SET duplicate_key = 'none';
	INSERT INTO lead (lead_id, created_at, email) SELECT #(g), '2025-01-01', 'pat@firm.example' FROM generate_series(1, 3) g$$,
	'SELECT count(*) FROM counted_lead WHERE excluded_reason IS NULL AND duplicate_of IS NULL', '(3)');

-- Merged in the CRM.
CALL pg_temp.scenario('merged', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, email, merged_into) VALUES (#1, '2025-01-04', 'ads', 'a@firm.example', NULL),
		(#2, '2025-01-10', 'web', 'b@firm.example', #1), (#3, '2025-01-12', 'web', 'c@firm.example', #2);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#3, 'mql', '2025-01-13'), (#2, 'sql', '2025-01-14');
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (#3, '2025-01-14 10:00', 'mail');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #3, '2025-01-15', '2025-01-20', true, 70)$$,
	'SELECT excluded_reason, duplicate_of = #1 FROM counted_lead ORDER BY created_at', '(,) (merged,t) (merged,t)',
	'SELECT channel, leads, mql, sql, won, revenue FROM cpl_to_revenue', '(ads,1,1,1,1,70)',
	$$SELECT channel, conversions FROM attribution WHERE model = 'first_touch' AND conversions > 0$$, '(mail,1)',
	$$SELECT rows FROM data_quality WHERE check_name = 'leads_excluded_merged'$$, '(2)',
	$$SELECT rows FROM data_quality WHERE check_name = 'leads_merged_into_unknown'$$, '(0)',
	'SELECT sum(gross), sum(counted) FROM lead_generated', '(3,1)');
CALL pg_temp.scenario('the survivor is the newer one', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, channel, merged_into) VALUES (#1, '2025-01-04', 'ads', #2), (#2, '2025-01-10', 'web', NULL);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#1, 'mql', '2025-01-05');
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, #1, '2025-01-15', '2025-01-20', true, 70)$$,
	'SELECT channel, leads, mql, won, revenue FROM cpl_to_revenue', '(web,1,1,1,70)',
	'SELECT won, ignored_leads FROM cycle_time', '(1,0)');
CALL pg_temp.scenario('merged into nothing, itself, a circle', '{bigint,uuid,text}', $$
	INSERT INTO lead (lead_id, created_at, merged_into) VALUES (#1, '2025-01-01', #99), (#2, '2025-01-01', #2), (#3, '2025-01-01', #4), (#4, '2025-01-01', #3),
		(#5, '2025-01-01', #6), (#6, '2025-01-01', #7), (#7, '2025-01-01', #5)$$,
	'SELECT count(*) FROM counted_lead WHERE excluded_reason IS NULL AND duplicate_of IS NULL', '(7)',
	$$SELECT rows, severity IN ('warning', 'error') FROM data_quality WHERE check_name = 'leads_merged_into_unknown'$$, '(7,t)',
	'SELECT leads FROM funnel WHERE stage_position = 1', '(7)');
CALL pg_temp.scenario('merged into a duplicate', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, email, merged_into) VALUES (#1, '2025-01-01', 'pat@firm.example', NULL), (#2, '2025-01-02', 'pat@firm.example', NULL),
		(#3, '2025-01-03', 'other@firm.example', #2);
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #3, '2025-01-20', true, 70)$$,
	'SELECT excluded_reason, duplicate_of = #1 FROM counted_lead ORDER BY lead_id', '(,) (duplicate,t) (merged,t)',
	'SELECT leads, won, revenue FROM cpl_to_revenue', '(1,1,70)');
CALL pg_temp.scenario('merged into what does not count', '{bigint,uuid,text}', $$
	UPDATE rule SET observed_until = '2025-06-01';
	INSERT INTO lead (lead_id, created_at, email, merged_into) VALUES (#1, '2025-01-01', 'test@firm.example', NULL), (#2, '2025-01-02', 'pat@firm.example', #1), (#3, '2025-01-03', 'pat@firm.example', NULL);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#2, 'mql', '2025-01-13');
	INSERT INTO deal (deal_id, lead_id, closed_at, is_won, amount) VALUES (1, #2, '2025-01-20', true, 70)$$,
	'SELECT excluded_reason FROM counted_lead ORDER BY lead_id', '(test) (merged) ()',
	'SELECT leads, mql, won, revenue FROM cpl_to_revenue', '(1,0,0,0)',
	$$SELECT check_name, rows FROM data_quality WHERE check_name IN ('deals_used', 'deals_ignored_excluded_lead', 'events_ignored_excluded_lead')$$,
		'(events_ignored_excluded_lead,1) (deals_used,0) (deals_ignored_excluded_lead,1)');
CALL pg_temp.scenario('merged comes first', '{bigint,uuid,text}', $$
	INSERT INTO lead (lead_id, created_at, email, merged_into) VALUES (#1, '2025-01-01', 'pat@firm.example', NULL), (#2, NULL, 'x@firm.example', #1), (#3, '2025-01-02', 'test@firm.example', #1);
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#2, 'mql', '2025-01-13'), (#3, 'sal', '2025-01-13')$$,
	'SELECT excluded_reason, duplicate_of = #1 FROM counted_lead ORDER BY lead_id', '(,) (merged,t) (merged,t)',
	$$SELECT leads FROM funnel WHERE stage IN ('mql', 'sal')$$, '(1) (1)');
CALL pg_temp.scenario('a long chain', '{bigint,uuid,text}', $$
	INSERT INTO lead (lead_id, created_at, merged_into) SELECT #(g), timestamp '2025-01-01' + g * interval '1 hour', CASE WHEN g > 1 THEN #(g - 1) END FROM generate_series(1, 40) g;
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (#40, 'mql', '2025-01-13')$$,
	'SELECT excluded_reason, duplicate_of = #1, count(*) FROM counted_lead GROUP BY 1, 2 ORDER BY 3', '(,,1) (merged,t,39)',
	$$SELECT leads FROM funnel WHERE stage = 'mql'$$, '(1)');
CALL pg_temp.scenario('a mapped relation knows no merges', '{old,days}', $$
	INSERT INTO lead (lead_id, created_at) VALUES (#1, '2025-01-01')$$,
	'SELECT merged_into, owner, account FROM lead', '(,,)');

-- Invisible blanks around an address, and within a name.
SELECT name, normalize_email(blank || 'Pat@firm.example' || blank) = 'pat@firm.example' AS is_right
FROM (VALUES ('no-break space', e'\u00a0'), ('zero width space', e'\u200b'), ('byte order mark', e'\ufeff'), ('narrow no-break space', e'\u202f'),
	('ideographic space', e'\u3000'), ('word joiner', e'\u2060'), ('zero width joiner', e'\u200d'), ('tab', e'\t'), ('line end', e'\r\n')) AS b(name, blank);
CALL pg_temp.scenario('one lead, not three', '{bigint,uuid,text,old}', $$
	INSERT INTO lead (lead_id, created_at, email) VALUES (#1, '2025-01-01', 'pat@firm.example'), (#2, '2025-01-02', e'pat@firm.example\u00a0'), (#3, '2025-01-03', e'\u200bpat@firm.example')$$,
	'SELECT count(*) FROM counted_lead WHERE excluded_reason IS NULL', '(1)');
CALL pg_temp.scenario('one company, not three', '{bigint,uuid,text,old}', $$
	UPDATE rule SET duplicate_key = 'company';
	INSERT INTO lead (lead_id, created_at, company) VALUES (#1, '2025-01-01', 'Firm'), (#2, '2025-01-02', e'firm\u00a0'), (#3, '2025-01-03', e'\tFirm')$$,
	'SELECT count(*) FROM counted_lead WHERE excluded_reason IS NULL', '(1)');

\i :abs_srcdir/lib/scenario_end.sql
