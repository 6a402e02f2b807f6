-- data_quality: every check provoked once, the values that it names, and every row somewhere however dirty the data is.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT create_mart('regress_quality') \g /dev/null
-- Enough rows for a date to lie far from all others.
INSERT INTO regress_quality.lead (lead_id, created_at, kind, channel) SELECT g, '2025-01-10 10:00', 'form', 'web' FROM generate_series(1, 60) g;

-- What data_quality says; and which rows of the relations it does not account for: every row is in one check of those that say what became of it.
CREATE FUNCTION pg_temp.told(mart text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
BEGIN
	EXECUTE format('SELECT jsonb_agg(to_jsonb(q)) FROM %I.data_quality q', mart) INTO answer;
	RETURN answer;
END
$$;
CREATE FUNCTION pg_temp.lost_rows(mart text, told jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format($query$
		WITH counted AS
		(
			SELECT split_part(check_name, '_', 1) AS what, sum(rows) AS rows
			FROM jsonb_to_recordset($1) AS q(check_name text, rows bigint)
			WHERE check_name ~ '^(leads_counted|leads_excluded_.*|[a-z]+_used|[a-z]+_ignored_.*|spend_rows)$'
			GROUP BY 1
		)
		SELECT string_agg(format('%%s %%s of %%s', c.what, c.rows, r.rows), ', ')
		FROM counted c
		FULL JOIN
		(
			SELECT 'leads' AS what, count(*) AS rows FROM %1$I.lead UNION ALL SELECT 'events', count(*) FROM %1$I.stage_event UNION ALL SELECT 'deals', count(*) FROM %1$I.deal
			UNION ALL SELECT 'touches', count(*) FROM %1$I.touch UNION ALL SELECT 'spend', count(*) FROM %1$I.spend UNION ALL SELECT 'volume', count(*) FROM %1$I.volume
			UNION ALL SELECT 'activities', count(*) FROM %1$I.activity
		) r USING (what)
		WHERE c.rows IS DISTINCT FROM r.rows$query$, mart) INTO answer USING told;
	RETURN coalesce(answer, 'none');
END
$$;

-- What a check says of statements that are taken back, which other errors and warnings they raise, and whether all rows are somewhere.
CREATE TEMP TABLE provoked (number serial, check_name text, severity text, rows bigint, amount numeric, examples text, others text, lost text);
CREATE PROCEDURE pg_temp.provoke(wanted text, input text) LANGUAGE plpgsql AS $$
DECLARE
	answer record;
	told jsonb;
BEGIN
	BEGIN
		PERFORM set_config('search_path', 'regress_quality, lead_kpi', true);
		EXECUTE input;
		told := pg_temp.told('regress_quality');
		SELECT q.severity, q.rows, q.amount, q.examples,
			(SELECT string_agg(o.check_name, ' ') FROM jsonb_to_recordset(told) AS o(check_name text, severity text) WHERE o.severity IN ('error', 'warning') AND o.check_name <> wanted) AS others,
			pg_temp.lost_rows('regress_quality', told) AS lost
		INTO answer
		FROM jsonb_to_recordset(told) AS q(check_name text, severity text, rows bigint, amount numeric, examples text)
		WHERE q.check_name = wanted;
		RAISE EXCEPTION USING ERRCODE = 'UNDO1', MESSAGE = 'undo';
	EXCEPTION WHEN SQLSTATE 'UNDO1' THEN NULL;
	END;
	INSERT INTO provoked (check_name, severity, rows, amount, examples, others, lost)
	VALUES (wanted, answer.severity, answer.rows, answer.amount, answer.examples, answer.others, answer.lost);
END
$$;

-- Nothing is wrong yet.
SELECT check_name, severity, rows, examples FROM regress_quality.data_quality WHERE severity IN ('error', 'warning') OR rows > 0;

-- lead
CALL pg_temp.provoke('leads_excluded_no_lead_id', $$INSERT INTO lead (created_at, channel) VALUES ('2025-01-10', 'web')$$);
CALL pg_temp.provoke('leads_excluded_no_created_at', $$INSERT INTO lead (lead_id, created_at, channel) VALUES (71, NULL, 'web'), (72, 'infinity', 'web')$$);
CALL pg_temp.provoke('leads_excluded_far_date', $$INSERT INTO lead (lead_id, created_at, channel) VALUES (71, '1970-01-01', 'web'), (72, '2205-01-10', 'web')$$);
CALL pg_temp.provoke('leads_excluded_repeated_lead_id', $$INSERT INTO lead (lead_id, created_at, channel) VALUES (7, '2025-01-11', 'web'), (7, '2025-01-12', 'web'), (8, '2025-01-11', 'web')$$);
CALL pg_temp.provoke('leads_excluded_merged', $$UPDATE lead SET merged_into = 1 WHERE lead_id IN (2, 3)$$);
CALL pg_temp.provoke('leads_excluded_kind', $$UPDATE rule SET counted_kinds = '{form}'; INSERT INTO lead (lead_id, created_at, channel, kind) VALUES (71, '2025-01-10', 'web', 'list'),
	(72, '2025-01-10', 'web', NULL), (73, '2025-01-10', 'web', 'list'), (74, '2025-01-10', 'web', 'call')$$);
CALL pg_temp.provoke('leads_excluded_test', $$UPDATE lead SET email = 'test@firm.example' WHERE lead_id = 2$$);
CALL pg_temp.provoke('leads_excluded_bot', $$UPDATE lead SET attributes = '{"user_agent": "curl/8.0"}' WHERE lead_id = 2$$);
CALL pg_temp.provoke('leads_excluded_internal', $$UPDATE rule SET internal_domains = '{firm.example}'; UPDATE lead SET email = 'me@firm.example' WHERE lead_id = 2$$);
CALL pg_temp.provoke('leads_excluded_duplicate', $$UPDATE lead SET email = 'pat@firm.example' WHERE lead_id < 4$$);
CALL pg_temp.provoke('leads_folded', $$UPDATE lead SET email = 'pat@firm.example' WHERE lead_id < 4; UPDATE lead SET merged_into = 5 WHERE lead_id = 4$$);
CALL pg_temp.provoke('leads_folded', $$UPDATE rule SET duplicates = 'drop'; UPDATE lead SET email = 'pat@firm.example' WHERE lead_id < 4$$);
CALL pg_temp.provoke('leads_merged_into_unknown', $$UPDATE lead SET merged_into = CASE lead_id WHEN 1 THEN 99 WHEN 2 THEN 2 WHEN 3 THEN 4 WHEN 4 THEN 3 WHEN 5 THEN 1 END WHERE lead_id < 6;
	UPDATE lead SET merged_into = 7 WHERE lead_id = 6$$);
CALL pg_temp.provoke('leads_with_placeholder', $$UPDATE lead SET email = 'NoEmail@firm.example' WHERE lead_id < 4; UPDATE lead SET email = 'reception@firm.example' WHERE lead_id = 5;
	UPDATE rule SET placeholders = placeholders || '{reception@firm.example}'$$);
CALL pg_temp.provoke('leads_key_joins_many', $$UPDATE lead SET email = 'info@agency.example' WHERE lead_id <= 12; UPDATE lead SET email = 'nine@agency.example' WHERE lead_id BETWEEN 21 AND 29;
	UPDATE lead SET email = 'ten@agency.example' WHERE lead_id BETWEEN 31 AND 40$$);
CALL pg_temp.provoke('leads_key_joins_many', $$UPDATE rule SET duplicate_key = 'email_or_phone';
	UPDATE lead SET email = 'p' || lead_id || '@firm.example', attributes = '{"phone": "+33 1 23 45 67 89"}' WHERE lead_id <= 10$$);
CALL pg_temp.provoke('leads_without_channel', $$UPDATE lead SET channel = ' ', campaign = CASE lead_id WHEN 3 THEN 'fair' END WHERE lead_id < 4$$);
CALL pg_temp.provoke('leads_attributes_no_object', $$UPDATE lead SET attributes = CASE lead_id WHEN 1 THEN '[1]' WHEN 2 THEN 'null' WHEN 3 THEN '{}' WHEN 4 THEN '"a"' END::jsonb WHERE lead_id < 5$$);
CALL pg_temp.provoke('leads_in_the_future', $$UPDATE lead SET created_at = now() + interval '1 day' WHERE lead_id = 2$$);
CALL pg_temp.provoke('leads_without_spend', $$UPDATE lead SET campaign = 'a' WHERE lead_id < 3; INSERT INTO spend VALUES ('2025-01-31', ' WEB', 'A', 10);
	INSERT INTO volume (day, channel, stage, leads) VALUES ('2025-01-01', 'fair', 'lead', 40)$$);
CALL pg_temp.provoke('leads_without_spend', $$UPDATE lead SET campaign = 'a' WHERE lead_id < 3; INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10)$$);
CALL pg_temp.provoke('leads_without_spend', $$UPDATE lead SET campaign = 'a' WHERE lead_id < 3; INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10); UPDATE rule SET channel_spend = 'keep'$$);

-- names
CALL pg_temp.provoke('channels_nearly_alike', $$UPDATE lead SET channel = 'google ads' WHERE lead_id < 3; INSERT INTO spend VALUES ('2025-01-31', 'Google Ads ', NULL, 10);
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (1, '2025-01-10', 'googleads')$$);
CALL pg_temp.provoke('channels_nearly_alike', $$UPDATE lead SET channel = 'google ads' WHERE lead_id < 3; UPDATE lead SET channel = 'googleads' WHERE lead_id = 3;
	INSERT INTO channel_alias VALUES ('googleads', 'google ads')$$);
CALL pg_temp.provoke('campaigns_nearly_alike', $$UPDATE lead SET campaign = 'spring fair' WHERE lead_id < 3; INSERT INTO volume (day, channel, campaign, stage, leads)
	VALUES ('2025-01-10', 'web', 'sping fair', 'lead', 1)$$);
CALL pg_temp.provoke('channels_aliased', $$INSERT INTO channel_alias VALUES ('AdWords', 'google ads'); UPDATE lead SET channel = ' adwords' WHERE lead_id = 1$$);

-- stage_event
CALL pg_temp.provoke('events_ignored_no_lead', $$INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (99, 'mql', '2025-02-01'), (99, 'sal', '2025-02-01'), (98, 'mql', '2025-02-01'), (NULL, 'mql', '2025-02-01')$$);
CALL pg_temp.provoke('events_ignored_excluded_lead', $$UPDATE lead SET email = 'test@firm.example' WHERE lead_id = 2; INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (2, 'mql', '2025-02-01')$$);
CALL pg_temp.provoke('events_ignored_unknown_stage', $$INSERT INTO stage_event (lead_id, stage, entered_at) SELECT g, s, '2025-02-01'
	FROM (VALUES ('demo', 3), ('call', 5), ('MQL', 3), ('a', 1), ('b', 1), ('c', 1), (NULL, 9)) v(s, n), generate_series(1, n) g$$);
CALL pg_temp.provoke('events_ignored_no_time', $$INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', NULL), (2, 'mql', '-infinity')$$);
CALL pg_temp.provoke('events_ignored_far_date', $$INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', '2205-01-10'), (1, 'sal', '2205-01-10'), (2, 'mql', '2105-01-11')$$);
CALL pg_temp.provoke('events_exits', $$INSERT INTO stage VALUES (7, 'gone', 'lost'); INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'gone', '2025-02-01'), (2, 'mql', '2025-02-01')$$);
CALL pg_temp.provoke('events_moved_to_lead', $$INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', '2025-01-10 09:59')$$);
CALL pg_temp.provoke('events_before_lead', $$INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', '2025-01-08 09:59'), (2, 'mql', '2025-01-10 09:59')$$);
CALL pg_temp.provoke('events_used', $$UPDATE lead SET merged_into = 1 WHERE lead_id = 2; INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', '2025-02-01'), (2, 'sal', '2025-02-01')$$);

-- deal
CALL pg_temp.provoke('deals_used', $$UPDATE lead SET merged_into = 1 WHERE lead_id = 2;
	INSERT INTO deal VALUES ('a', 1, '2025-02-01', '2025-03-01', true, 100), ('b', 2, '2025-02-01', '2025-03-01', true, 10), ('c', 3, '2025-02-01', NULL, NULL, 1)$$);
CALL pg_temp.provoke('deals_ignored_no_lead', $$INSERT INTO deal VALUES ('a', 99, '2025-02-01', '2025-03-01', true, 100), (NULL, NULL, '2025-02-01', '2025-03-01', false, 10)$$);
CALL pg_temp.provoke('deals_ignored_excluded_lead', $$UPDATE lead SET email = 'test@firm.example' WHERE lead_id = 2; INSERT INTO deal VALUES ('a', 2, '2025-02-01', '2025-03-01', true, 100)$$);
CALL pg_temp.provoke('deals_ignored_repeated_deal_id', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', '2025-03-01', true, 100), ('a', 2, '2025-02-01', NULL, NULL, 90)$$);
CALL pg_temp.provoke('deals_won_without_time', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', NULL, true, 100), ('b', 2, '2025-02-01', 'infinity', true, 100)$$);
CALL pg_temp.provoke('deals_won_without_amount', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', '2025-03-01', true, NULL), ('b', 2, '2025-02-01', '2025-03-01', true, 'NaN')$$);
CALL pg_temp.provoke('deals_unknown_currency', $$UPDATE rule SET currency = 'EUR'; INSERT INTO currency_rate VALUES ('USD', '2025-01-01', 0.9), ('CHF', '2026-01-01', 1.1);
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, currency) SELECT c || '' || a, 2, '2025-02-01', '2025-03-01', true, a, c
	FROM unnest('{GBP,GBP,USD,CHF,EUR,eur}'::text[] || ARRAY['', NULL]) WITH ORDINALITY AS v(c, a);
	INSERT INTO deal (deal_id, lead_id, currency) VALUES ('y', 2, 'JPY')$$);
CALL pg_temp.provoke('deals_open_with_closing_time', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', '2025-03-01', NULL, 100)$$);
CALL pg_temp.provoke('deals_closing_in_the_future', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', now() + interval '90 days', false, 100), ('b', 2, '2025-02-01', now() + interval '9 days', true, 100)$$);
CALL pg_temp.provoke('deals_far_date', $$INSERT INTO deal VALUES ('a', 2, '1925-02-01', '2025-03-01', true, 100), ('b', 2, '2025-02-01', '2205-03-01', true, 100), ('c', 2, '2025-02-01', '2205-03-01', NULL, 100)$$);
CALL pg_temp.provoke('deals_moved_to_lead', $$INSERT INTO deal VALUES ('a', 2, '2025-01-10 09:50', '2025-01-10 09:55', true, 100)$$);
CALL pg_temp.provoke('deals_before_lead', $$INSERT INTO deal VALUES ('a', 2, '2025-01-05', '2025-01-11', true, 100), ('b', 2, '2025-01-05', '2025-01-06', false, 10)$$);
CALL pg_temp.provoke('deals_closed_before_opened', $$INSERT INTO deal VALUES ('a', 2, '2025-02-05', '2025-02-04', true, 100)$$);
CALL pg_temp.provoke('deals_negative_amount', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', '2025-02-04', true, -100), ('b', 2, '2025-02-01', '2025-02-04', false, -7)$$);
CALL pg_temp.provoke('deals_without_deal_id', $$INSERT INTO deal VALUES (NULL, 2, '2025-02-01', '2025-02-04', true, 100)$$);
-- The flaws of a row whose deal has a newer one are past.
CALL pg_temp.provoke('deals_open_with_closing_time', $$INSERT INTO deal VALUES ('a', 2, '2025-02-01', '2025-03-01', NULL, 100), ('a', 2, '2025-02-01', '2025-03-08', true, 100)$$);

-- touch
CALL pg_temp.provoke('touches_used', $$UPDATE lead SET merged_into = 1 WHERE lead_id = 2;
	INSERT INTO touch (lead_id, touched_at, channel) VALUES (1, '2025-01-10', 'ads'), (2, '2025-01-10', 'ads')$$);
CALL pg_temp.provoke('touches_ignored_no_lead', $$INSERT INTO touch (lead_id, touched_at, channel) VALUES (99, '2025-01-10', 'ads'), (NULL, '2025-01-10', 'ads')$$);
CALL pg_temp.provoke('touches_ignored_excluded_lead', $$UPDATE lead SET email = 'test@firm.example' WHERE lead_id = 2; INSERT INTO touch (lead_id, touched_at, channel) VALUES (2, '2025-01-10', 'ads')$$);
CALL pg_temp.provoke('touches_ignored_no_time', $$INSERT INTO touch (lead_id, touched_at, channel) VALUES (1, NULL, 'ads'), (1, 'infinity', 'ads')$$);
CALL pg_temp.provoke('touches_ignored_far_date', $$INSERT INTO touch (lead_id, touched_at, channel) VALUES (1, '2205-01-10', 'ads')$$);
CALL pg_temp.provoke('touches_without_channel', $$INSERT INTO touch (lead_id, touched_at, channel, campaign) VALUES (1, '2025-01-10', e' \t', 'spring'), (1, '2025-01-10', NULL, NULL), (99, '2025-01-10', NULL, NULL)$$);

-- activity
CALL pg_temp.provoke('activities_used', $$UPDATE lead SET merged_into = 1 WHERE lead_id = 2; INSERT INTO activity_meaning VALUES ('call', '', 'attempt');
	INSERT INTO activity (lead_id, activity_at, kind) VALUES (1, '2025-01-10 10:05', ' Call'), (2, '2025-01-10 09:55', 'call')$$);
CALL pg_temp.provoke('activities_ignored_no_lead', $$INSERT INTO activity (lead_id, activity_at, kind) VALUES (99, '2025-01-11', 'call'), (NULL, '2025-01-11', 'call')$$);
CALL pg_temp.provoke('activities_ignored_excluded_lead', $$UPDATE lead SET email = 'test@firm.example' WHERE lead_id = 2;
	INSERT INTO activity (lead_id, activity_at, kind) VALUES (2, '2025-01-11', 'call')$$);
CALL pg_temp.provoke('activities_ignored_no_time', $$INSERT INTO activity (lead_id, activity_at, kind) VALUES (1, NULL, 'call'), (2, 'infinity', 'call')$$);
CALL pg_temp.provoke('activities_ignored_far_date', $$INSERT INTO activity (lead_id, activity_at, kind) VALUES (1, '2205-01-10', 'call')$$);
CALL pg_temp.provoke('activities_ignored_no_meaning', $$INSERT INTO activity_meaning VALUES ('call', 'answered', 'contact');
	INSERT INTO activity (lead_id, activity_at, kind, outcome) VALUES (1, '2025-01-11', 'call', 'busy'), (2, '2025-01-11', 'call', 'Answered'), (2, '2025-01-11', 'note', NULL),
	(3, '2025-01-11', 'call', 'busy')$$);
CALL pg_temp.provoke('activities_before_lead', $$INSERT INTO activity_meaning VALUES ('call', '', 'attempt');
	INSERT INTO activity (lead_id, activity_at, kind) VALUES (1, '2025-01-08', 'call'), (2, '2025-01-10 09:00', 'call'), (3, '2025-01-11', 'call')$$);

-- spend
CALL pg_temp.provoke('spend_rows', $$INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10), (NULL, NULL, NULL, NULL)$$);
CALL pg_temp.provoke('spend_without_amount', $$INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, NULL), ('2025-01-31', 'web', NULL, 'NaN'), ('2025-01-31', 'web', NULL, 'Infinity')$$);
CALL pg_temp.provoke('spend_unknown_currency', $$INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10, 'USD'), ('2025-01-31', 'web', NULL, 10, 'EUR'), ('2025-01-31', 'web', NULL, 10, 'EUR'),
	('2025-01-31', 'web', NULL, 10, ' ')$$);
CALL pg_temp.provoke('spend_negative', $$INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, -10)$$);
CALL pg_temp.provoke('spend_without_date', $$INSERT INTO spend VALUES (NULL, 'web', 'a', 1), ('infinity', 'web', NULL, 2)$$);
CALL pg_temp.provoke('spend_without_channel', $$INSERT INTO spend VALUES ('2025-01-31', ' ', NULL, 10), ('2025-01-31', NULL, 'radio', 7)$$);
CALL pg_temp.provoke('spend_campaign_in_many_channels', $$UPDATE lead SET campaign = 'spring', channel = CASE lead_id WHEN 1 THEN 'web' ELSE 'mail' END WHERE lead_id < 3;
	INSERT INTO spend VALUES ('2025-01-31', NULL, 'Spring', 10)$$);
CALL pg_temp.provoke('spend_spread', $$UPDATE lead SET campaign = 'a' WHERE lead_id < 3; INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10), ('2025-01-31', 'web', 'a', 5), ('2025-02-28', 'web', NULL, 3)$$);
CALL pg_temp.provoke('spend_spread', $$UPDATE lead SET campaign = 'a' WHERE lead_id < 3; INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10); UPDATE rule SET channel_spend = 'keep'$$);
CALL pg_temp.provoke('spend_without_lead', $$INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10), ('2025-02-28', 'web', NULL, 3), ('2025-01-31', 'tv', 'spot', 4), ('2025-01-31', 'tv', 'spot', 5)$$);
CALL pg_temp.provoke('spend_without_lead', $$UPDATE lead SET campaign = 'a'; INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10)$$);
CALL pg_temp.provoke('spend_without_lead', $$UPDATE lead SET campaign = 'a'; INSERT INTO spend VALUES ('2025-01-31', 'web', NULL, 10); UPDATE rule SET channel_spend = 'keep'$$);
CALL pg_temp.provoke('spend_without_lead', $$INSERT INTO spend VALUES ('2025-01-31', 'fair', NULL, 10); INSERT INTO volume (day, channel, stage, leads) VALUES ('2025-01-01', 'Fair', 'lead', 40)$$);

-- volume
CALL pg_temp.provoke('volume_used', $$INSERT INTO volume (day, channel, stage, leads) VALUES ('2025-01-01', 'fair', 'lead', 40), ('2025-01-01', 'fair', 'mql', 0)$$);
CALL pg_temp.provoke('volume_ignored_no_day', $$INSERT INTO volume (day, channel, stage, leads) VALUES (NULL, 'fair', 'lead', 40), ('infinity', 'fair', 'none', 40)$$);
CALL pg_temp.provoke('volume_ignored_unknown_stage', $$INSERT INTO stage VALUES (7, 'gone', 'lost');
	INSERT INTO volume (day, channel, stage, leads) VALUES ('2025-01-01', 'fair', 'gone', 40), ('2025-01-01', 'fair', NULL, 40), ('2025-01-02', 'fair', 'MQLs', 40)$$);
CALL pg_temp.provoke('volume_ignored_no_leads', $$INSERT INTO volume (day, channel, stage, leads) VALUES ('2025-01-01', 'fair', 'lead', -1), ('2025-01-01', 'fair', 'lead', NULL)$$);
CALL pg_temp.provoke('volume_more_than_before', $$INSERT INTO volume (day, channel, campaign, stage, leads) VALUES ('2025-01-01', 'fair', 'a', 'lead', 4), ('2025-01-02', 'fair', 'a', 'lead', 4),
	('2025-01-03', 'fair', 'a', 'mql', 9), ('2025-01-03', 'fair', 'a', 'won', 9), ('2025-02-03', 'fair', 'a', 'lead', 5), ('2025-02-03', 'fair', 'a', 'mql', 5)$$);

-- settings
CALL pg_temp.provoke('settings_role_without_stage', $$UPDATE stage SET role = NULL WHERE role IN ('mql', 'sal'); UPDATE rule SET transmitted_role = 'sql', accepted_role = 'won'$$);
CALL pg_temp.provoke('settings_stage_never_recorded', $$INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'sql', '2025-02-01')$$);
CALL pg_temp.provoke('settings_exit_without_role', $$INSERT INTO stage VALUES (7, 'Closed lost', NULL), (8, 'junk', 'lost'), (9, 'paid', NULL)$$);
CALL pg_temp.provoke('settings_segment_unknown', $$UPDATE lead SET attributes = '{"size": 5, "blank": " "}'; UPDATE rule SET segments = '{size,Size,blank}'$$);
CALL pg_temp.provoke('settings_accepted_before_transmitted', $$UPDATE rule SET transmitted_role = 'sql', accepted_role = 'mql'$$);
CALL pg_temp.provoke('currency_rate_unusable', $$INSERT INTO currency_rate VALUES ('USD', '2025-01-01', 0), ('USD', '2025-01-02', NULL), ('GBP', '2025-01-01', -1), ('CHF', NULL, 1), ('YEN', '2025-01-01', 'NaN'),
	('SEK', '2025-01-01', 'Infinity'), ('NOK', 'infinity', 1), (NULL, '2025-01-01', 1), ('DKK', '2025-01-01', 1)$$);

SELECT check_name, severity, rows, amount, examples, others FROM provoked ORDER BY number;
SELECT check_name, lost FROM provoked WHERE lost <> 'none';
-- Each was provoked, but for what is there anyway.
SELECT check_name FROM lead_kpi.mart_checks() WHERE check_name NOT IN (SELECT check_name FROM provoked WHERE rows > 0);
SELECT check_name, p.severity FROM provoked p JOIN lead_kpi.mart_checks() c USING (check_name) WHERE p.severity IS DISTINCT FROM CASE WHEN c.severity = 'info' OR p.rows > 0 THEN c.severity ELSE 'ok' END;
-- What the layers find has a text, and stays as long as it is.
BEGIN;
INSERT INTO regress_quality.stage_event (lead_id, stage, entered_at) SELECT 1, repeat('x', 200), timestamptz '2025-02-01' UNION ALL SELECT 1, 's' || g % 7, '2025-02-01' FROM generate_series(1, 20) g;
SELECT length(examples), examples LIKE 's1, s2, s3, s4, s5' AS most_frequent FROM regress_quality.data_quality WHERE check_name = 'events_ignored_unknown_stage';
SELECT left(value, 5) AS value, rows FROM regress_quality.event_check WHERE check_name = 'events_ignored_unknown_stage' ORDER BY value;
ROLLBACK;

-- Each text says something of its own, in either language.
SELECT count(*) AS checks, count(DISTINCT meaning_en), count(DISTINCT meaning_fr), count(*) FILTER (WHERE meaning_fr !~ '[.]$' OR meaning_en !~ '[.]$') AS unfinished FROM lead_kpi.mart_checks();
UPDATE regress_quality.rule SET language = 'fr';
SELECT what_it_means, what_to_do FROM regress_quality.data_quality WHERE check_name = 'deals_closing_in_the_future';

-- However dirty the data is, every row is somewhere, once; for each type of key.
SELECT create_mart('regress_dirty_uuid', lead_key => 'uuid'), create_mart('regress_dirty_text', lead_key => 'text'), create_mart('regress_dirty_bigint') \g /dev/null
CREATE PROCEDURE pg_temp.soil(mart text, key text) LANGUAGE plpgsql AS $soil$
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	INSERT INTO stage VALUES (7, 'gone', 'lost'), (8, 'rejected', NULL);
	INSERT INTO channel_alias VALUES ('adwords', 'Google Ads');
	INSERT INTO currency_rate VALUES ('USD', '2025-01-01', 0.9), ('USD', '2025-03-01', 0), ('GBP', NULL, 1);
	EXECUTE format($query$
		CREATE FUNCTION pg_temp.key_of(n bigint) RETURNS %1$s LANGUAGE sql AS
			$body$ SELECT CASE WHEN n %% 23 <> 0 THEN %2$s END $body$;
		INSERT INTO lead (lead_id, created_at, kind, channel, campaign, email, company, attributes, merged_into)
		SELECT pg_temp.key_of(g / 2), ('{2025-01-10,2025-01-11 12:00,2025-02-03 10:00,infinity,-infinity,NULL,2205-01-01,1925-01-01,2025-03-04,2025-03-05}'::timestamptz[])[g %% 37 %% 10 + 1],
			('{form,call,NULL}'::text[])[g %% 3 + 1], ('{web,Web,adwords,NULL," ",googel}'::text[])[g %% 7], ('{a,A,b,NULL,spring fair,sping fair}'::text[])[g %% 11],
			CASE g %% 13 WHEN 0 THEN 'test@firm.example' WHEN 1 THEN 'n/a' WHEN 2 THEN 'info@agency.example' ELSE 'p' || g %% 150 || '@firm.example' END, NULL,
			('{"{\"user_agent\": \"curl/8\"}","[1]",NULL,"{}"}'::jsonb[])[g %% 17 + 1], CASE WHEN g %% 5 = 0 THEN pg_temp.key_of(g * 7 %% 160) END
		FROM generate_series(1, 300) g;
		INSERT INTO stage_event (lead_id, stage, entered_at)
		SELECT pg_temp.key_of(g * 3 %% 170), ('{mql,sal,sql,won,gone,demo,NULL}'::text[])[g %% 7 + 1],
			('{2025-01-10,2025-02-11 12:00,2024-12-31,infinity,NULL,2205-01-01,1925-01-01,2025-03-04,2025-03-05}'::timestamptz[])[g * 5 %% 9 + 1]
		FROM generate_series(1, 400) g;
		INSERT INTO touch (lead_id, touched_at, channel)
		SELECT pg_temp.key_of(g * 11 %% 170), ('{2025-01-10,infinity,NULL,2205-01-01,1925-01-01,2025-01-04}'::timestamptz[])[g * 5 %% 6 + 1], ('{web,NULL," "}'::text[])[g %% 3 + 1]
		FROM generate_series(1, 400) g;
		INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, currency)
		SELECT nullif(g %% 90, 0)::text, pg_temp.key_of(g * 13 %% 170), ('{2025-01-10,infinity,NULL,2205-01-01,1925-01-01,2025-02-04}'::timestamptz[])[g * 5 %% 6 + 1],
			('{2025-03-10,infinity,NULL,2205-01-01,1925-01-01,2025-02-01}'::timestamptz[])[g * 7 %% 6 + 1], ('{t,f,NULL}'::boolean[])[g %% 3 + 1],
			('{100,-5,NULL,NaN}'::numeric[])[g %% 4 + 1], ('{USD,GBP,NULL,""}'::text[])[g %% 5]
		FROM generate_series(1, 200) g;
		INSERT INTO activity_meaning VALUES ('call', '', 'attempt'), ('call', 'busy', 'no_show');
		INSERT INTO activity (lead_id, activity_at, kind, outcome)
		SELECT pg_temp.key_of(g * 11 %% 170), ('{2025-01-12,infinity,NULL,2205-01-01,1925-01-01,2025-01-04}'::timestamptz[])[g * 5 %% 6 + 1],
			('{call,note," CALL",NULL}'::text[])[g %% 4 + 1], ('{busy,NULL," "}'::text[])[g %% 3 + 1]
		FROM generate_series(1, 200) g;
		INSERT INTO spend
		SELECT ('{2025-01-31,2025-03-31,NULL,infinity}'::date[])[g %% 4 + 1], ('{web,adwords,NULL,tv}'::text[])[g %% 5], ('{a,b,NULL}'::text[])[g %% 3 + 1],
			('{100,-5,NULL,NaN,7.77}'::numeric[])[g %% 5 + 1], ('{USD,GBP,NULL}'::text[])[g %% 7]
		FROM generate_series(1, 200) g;
		INSERT INTO volume (day, channel, campaign, stage, leads)
		SELECT ('{2025-01-31,2025-03-31,NULL,infinity}'::date[])[g %% 4 + 1], ('{web,adwords,NULL,tv}'::text[])[g %% 5], ('{a,b,NULL}'::text[])[g %% 3 + 1],
			('{lead,mql,gone,NULL}'::text[])[g %% 7], ('{10,-5,NULL}'::bigint[])[g %% 3 + 1]
		FROM generate_series(1, 200) g;
		DROP FUNCTION pg_temp.key_of(bigint)$query$,
		key, CASE key WHEN 'uuid' THEN $$lpad(to_hex(n), 32, '0')::uuid$$ WHEN 'text' THEN $$'L' || n$$ ELSE 'n' END);
END
$soil$;
SET client_min_messages = error;
CALL pg_temp.soil('regress_dirty_bigint', 'bigint');
CALL pg_temp.soil('regress_dirty_uuid', 'uuid');
CALL pg_temp.soil('regress_dirty_text', 'text');
SELECT key, pg_temp.lost_rows('regress_dirty_' || key, pg_temp.told('regress_dirty_' || key)) AS lost FROM unnest('{bigint,uuid,text}'::text[]) AS key;
UPDATE regress_dirty_bigint.rule SET duplicates = 'drop', duplicate_key = 'email_or_phone', currency = 'EUR', channel_spend = 'keep';
SELECT pg_temp.lost_rows('regress_dirty_bigint', pg_temp.told('regress_dirty_bigint')) AS lost;
UPDATE regress_dirty_bigint.rule SET duplicates = 'fold', channel_spend = 'spread';
SELECT count(*) AS checks, count(*) FILTER (WHERE rows > 0) AS found FROM regress_dirty_bigint.data_quality;
-- What spend is said to have no leads, and the other way round, is what allocated_spend leaves over.
SELECT
	(SELECT amount FROM regress_dirty_bigint.data_quality WHERE check_name = 'spend_without_lead') = (SELECT sum(a.amount) FROM regress_dirty_bigint.allocated_spend a
		WHERE NOT EXISTS (SELECT FROM regress_dirty_bigint.cpl_to_revenue c WHERE c.leads > 0 AND (c.month, coalesce(c.channel, ''), coalesce(c.campaign, ''))
			= (a.month, coalesce(a.channel, ''), coalesce(a.campaign, '')))) AS spend_without_lead,
	(SELECT rows FROM regress_dirty_bigint.data_quality WHERE check_name = 'leads_without_spend') = (SELECT sum(c.leads) FROM regress_dirty_bigint.cpl_to_revenue c
		WHERE NOT EXISTS (SELECT FROM regress_dirty_bigint.allocated_spend a WHERE (c.month, coalesce(c.channel, ''), coalesce(c.campaign, ''))
			= (a.month, coalesce(a.channel, ''), coalesce(a.campaign, '')))) AS leads_without_spend,
	(SELECT amount FROM regress_dirty_bigint.data_quality WHERE check_name = 'deals_used') = (SELECT sum(revenue) FROM regress_dirty_bigint.cpl_to_revenue) AS revenue,
	(SELECT amount FROM regress_dirty_bigint.data_quality WHERE check_name = 'spend_rows') = (SELECT sum(spend) FROM regress_dirty_bigint.cpl_to_revenue) AS spend;
-- The layers have more than the five.
SELECT (SELECT sum(rows) FROM regress_dirty_bigint.event_check WHERE check_name = 'deals_unknown_currency')
	= (SELECT rows FROM regress_dirty_bigint.data_quality WHERE check_name = 'deals_unknown_currency') AS same;

SELECT drop_mart(mart) FROM unnest('{regress_quality,regress_dirty_bigint,regress_dirty_uuid,regress_dirty_text}'::name[]) AS mart \g /dev/null
