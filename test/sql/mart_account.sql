-- Accounts: the company that leads belong to, its deals once each, the touches of all its people, and totals that reconcile with the views of leads.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

--
-- Nothing there: a ladder, one row of zeros, no error
--
SELECT create_mart('regress_account');
SET search_path = regress_account, lead_kpi, public;
SELECT (SELECT count(*) FROM account_outcome) AS outcome, (SELECT count(*) FROM account_journeys) AS journeys, (SELECT count(*) FROM account_engagement) AS engagement,
	(SELECT count(*) FROM new_and_known_accounts) AS new_and_known;
SELECT stage, accounts, entered_accounts, step_rate, total_rate, median_days FROM account_funnel;
SELECT * FROM account_summary \gx

--
-- A case to check by hand
--
INSERT INTO lead (lead_id, created_at, channel, account, owner, email) VALUES
	(1, '2025-01-01', 'ads', 'Acme', 'Ada', 'a@acme.example'), (2, '2025-01-10', 'seo', E' ACME \t', 'Ben', 'b@acme.example'),
	(3, '2025-01-05', 'ads', 'Beta', NULL, NULL),
	(4, '2025-01-06', 'seo', NULL, NULL, NULL),				-- only its deal says Gamma
	(5, '2025-01-07', 'seo', ' ', NULL, NULL), (6, '2025-01-08', 'seo', 'n/a', NULL, NULL),	-- none, and each is alone
	(7, '2025-02-01', 'fair', 'Beta', 'Ben', NULL),			-- bought for Acme
	(8, '2025-02-02', 'fair', 'Beta', NULL, NULL),			-- bought for Acme and for Beta: Beta
	(9, '2025-02-03', NULL, 'Delta', NULL, NULL),			-- bought for a holding that no lead is of
	(10, '2025-01-02', 'mail', 'Acme', NULL, 'a@acme.example'),	-- lead 1 once more
	(11, '2025-02-04', 'ads', '001AbcDefGhIjKl', NULL, NULL), (12, '2025-02-04', 'ads', '001abcDefGhIjKl', NULL, NULL);
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, account) VALUES
	('d1', 1, '2025-01-20 10:00', '2025-02-10 10:00', true, 100, 'Acme'), ('d1', 2, '2025-01-20 10:00', '2025-02-10 10:00', true, 100, 'Acme'),
	('d4', 4, '2025-02-01 10:00', '2025-02-15 10:00', false, 5, 'Gamma'),
	('d7', 7, '2025-02-05 10:00', '2025-03-01', true, 50, 'acme'),
	('d8', 8, '2025-02-05 10:00', '2025-03-02 10:00', true, 30, 'ACME'), ('d8 too', 8, '2025-02-06 10:00', NULL, NULL, 70, 'Beta'),
	('d9', 9, '2025-02-05 10:00', '2025-03-02 10:00', true, -20, 'Delta Holding'),
	('d5', 5, '2025-02-05 10:00', '2025-03-02 10:00', true, 7, 'N/A');
INSERT INTO touch (lead_id, touched_at, channel) VALUES
	(1, '2025-01-01', 'ads'), (10, '2025-01-02', 'mail'), (2, '2025-01-09', 'seo'),
	(1, '2025-01-15', 'mail'), (2, '2025-01-15', 'mail'),	-- one mail to two people
	(7, '2025-02-01', 'fair'),								-- before d1 was closed
	(2, '2025-03-01 09:00', 'seo'),							-- on the day that d7 was closed on
	(3, '2025-01-05', 'ads'), (5, '2025-01-07', 'seo'), (9, '2025-02-03', NULL);
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (3, 'mql', '2025-01-06'), (2, 'mql', '2025-01-12'), (2, 'sal', '2025-01-13'), (1, 'mql', '2025-01-14'),
	(8, 'mql', '2025-02-03'), (11, 'mql', '2025-02-28');
INSERT INTO activity_meaning VALUES ('call', '', 'attempt');
INSERT INTO activity (lead_id, activity_at, kind) VALUES (3, '2025-02-20', 'call'), (8, '2025-02-21', 'call'), (9, '2025-01-20', 'call');
UPDATE rule SET observed_until = '2025-03-10';

-- Of Acme are 1, 2 and, by its deal, 7.
SELECT lead_id, account_key, account, named_by, lead_number, account_created_at, account_channel, stage FROM lead_account ORDER BY lead_id;
-- d1 is one deal. When d7 was opened there were three leads of Acme.
SELECT account, deal_id, lead_id, is_won, amount, leads_before, is_elsewhere FROM account_deal ORDER BY deal_id;
-- Acme: furthest won, mql by the first of its leads on 12 January. Beta has a deal of Acme's, which is told in account_summary.
SELECT account, created_at, channel, leads, last_lead_at, channels, owners, owner, stage, mql_at, won_at, outcome, lost_at, open_leads, deals, open_deals, open_amount,
	deals_won, revenue FROM account_outcome ORDER BY created_at, account COLLATE "C";
-- 6 accounts; mql: Acme, Beta, 001Abc and what the deals imply: Gamma, Delta. Opportunity: Acme, Beta, Gamma, Delta; won all but Gamma.
SELECT stage, accounts, previous_accounts, entered_accounts, round(step_rate::numeric, 4) AS step_rate, round(total_rate::numeric, 4) AS total_rate FROM account_funnel;
SELECT channel, string_agg(accounts::text, ', ' ORDER BY stage_position) AS accounts FROM account_funnel_by_channel GROUP BY channel ORDER BY channel;
-- d1 has five touches, one mail of them of two people; d7 that of another lead on its day; d8, of Beta, that of lead 3.
SELECT path, touches, conversions, revenue, nulls, round(conversion_rate::numeric, 4) AS rate FROM account_journeys ORDER BY path COLLATE "C";
-- Linear: ads 20 of d1 and 30, fair 20, mail 40, seo 20 + 50, unknown -20.
SELECT model, is_default, channel, is_unattributed, round(conversions::numeric, 4) AS conversions, round(revenue, 4) AS revenue, round(share::numeric, 4) AS share
FROM account_attribution WHERE model IN ('first_touch', 'linear') ORDER BY model_position, channel COLLATE "C";
-- ads made the account, the mail the opportunity d1, and the fair that of d7, which was opened before d1 was won.
SELECT m.path, m.milestones FROM account_journey_count, paths(channel_won::journeys) m WHERE m.conversions > 0 AND cardinality(m.path) = 5;
-- Since 8 February: of Beta two calls and a sale, of Acme a touch and a sale, of Delta a sale, of 001Abc an mql. The opportunities are of the 30 days before.
SELECT * FROM account_engagement;
SELECT grain, account_kind, leads, round(share::numeric, 4) AS share, opportunities, won, horizon_days, deals_won, revenue FROM new_and_known_accounts WHERE grain = 'all';
SELECT month, channel, account_kind, leads FROM new_and_known_accounts WHERE grain = 'month and channel' ORDER BY month, channel, account_kind;
-- Two leads or more before: d1, d7 and of Beta, which has 3 and 8, two. d5 has no account. d8 and d9 name another: 30 - 20.
SELECT * FROM account_summary \gx

-- The relation has d1 once per contact: 267 are the 167 of five won deals, and 160 of them are of accounts.
SELECT (SELECT sum(amount) FROM deal WHERE is_won) AS by_contact, (SELECT sum(amount) FROM counted_deal WHERE excluded_reason IS NULL AND is_won) AS by_deal,
	(SELECT sum(revenue) FROM account_outcome) AS by_account, (SELECT sum(leads) FROM account_outcome) AS leads;

-- By another key, and by the first that there is.
UPDATE lead SET company = 'Same Ltd' WHERE lead_id IN (3, 4);
UPDATE lead SET email = CASE lead_id WHEN 5 THEN 'c@gmail.com' WHEN 6 THEN 'D@Eu.Mail.Yahoo.fr' WHEN 7 THEN 'noemail@firm.example' WHEN 8 THEN 'x@ACME.example'
	WHEN 9 THEN 'x@sub.acme.example' WHEN 11 THEN 'not an address' ELSE email END;
UPDATE rule SET account_key = 'company';
SELECT account, array_agg(lead_id ORDER BY lead_id) AS leads, min(account_key) AS account_key, min(named_by) AS named_by FROM lead_account GROUP BY account ORDER BY account;
UPDATE rule SET account_key = 'email_domain';
SELECT account, array_agg(lead_id ORDER BY lead_id) AS leads, min(account_key) AS account_key FROM lead_account GROUP BY account ORDER BY account;
UPDATE rule SET free_mail_domains = NULL;
SELECT string_agg(account, ', ' ORDER BY account) FROM account_outcome;
UPDATE rule SET account_key = NULL, free_mail_domains = '{acme.example, "", " gmail.com "}';
UPDATE lead SET account = NULL;
SELECT account_key, leads_with_account FROM account_summary;
UPDATE lead SET company = '-';
SELECT account_key, leads_with_account, accounts FROM account_summary;

--
-- Accounts and leads say the same
--
CREATE FUNCTION pg_temp.disagreements(mart text) RETURNS TABLE (disagreement text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', format('pg_temp, %I, lead_kpi', mart), true);
	DROP TABLE IF EXISTS held, sold, outcome, became, stepped, engaged, news, summed;
	-- By company, said naively.
	CREATE TEMP TABLE held AS SELECT lead_id, nullif(lower(btrim(company)), '') AS account FROM counted_lead WHERE excluded_reason IS NULL;
	CREATE TEMP TABLE sold AS SELECT h.account, d.deal_id, d.opened_at, d.closed_at, d.is_won, d.amount FROM counted_deal d JOIN held h USING (lead_id) WHERE d.excluded_reason IS NULL;
	CREATE TEMP TABLE outcome AS SELECT h.account, o.*, row_number() OVER (PARTITION BY h.account ORDER BY created_at, lead_id) AS number
		FROM lead_outcome o JOIN held h USING (lead_id);
	CREATE TEMP TABLE became AS SELECT * FROM account_outcome;
	CREATE TEMP TABLE stepped AS SELECT * FROM account_funnel;
	CREATE TEMP TABLE news AS SELECT * FROM new_and_known_accounts;
	CREATE TEMP TABLE summed AS SELECT * FROM account_summary;
	CREATE TEMP TABLE engaged AS
		WITH e AS
		(
			SELECT h.account, 'lead' AS what, created_at AS at FROM outcome o JOIN held h USING (lead_id, account)
			UNION ALL SELECT account, 'touch', touched_at FROM journey_event JOIN held USING (lead_id)
			UNION ALL SELECT account, 'activity', activity_at FROM lead_activity JOIN held USING (lead_id) WHERE excluded_reason IS NULL
		)
		SELECT account, count(*) FILTER (WHERE what = 'lead' AND ago < '30 days') AS leads, count(*) FILTER (WHERE what = 'lead' AND ago >= '30 days') AS leads_before,
			count(*) FILTER (WHERE what = 'touch' AND ago < '30 days') AS touches, count(*) FILTER (WHERE what = 'touch' AND ago >= '30 days') AS touches_before,
			count(*) FILTER (WHERE what = 'activity' AND ago < '30 days') AS activities,
			count(*) FILTER (WHERE what = 'activity' AND ago >= '30 days') AS activities_before
		FROM (SELECT account, what, observed_until - at AS ago FROM e, observation) e
		WHERE account IS NOT NULL AND ago >= '0' AND ago < '60 days'
		GROUP BY account;
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('lead_account', 'SELECT lead_id, lower(account), created_at, channel, stage_position, revenue FROM lead_account',
				'SELECT lead_id, account, created_at, channel, stage_position, revenue FROM outcome'),
			('first leads', 'SELECT lead_id, lead_number FROM lead_account WHERE account IS NOT NULL', 'SELECT lead_id, number FROM outcome WHERE account IS NOT NULL'),
			('account_deal', 'SELECT deal_id, lower(account), amount, leads_before FROM account_deal', 'SELECT deal_id, account, amount,
				CASE WHEN account IS NOT NULL THEN (SELECT count(*) FROM outcome o WHERE o.account = s.account
					AND o.created_at <= coalesce(s.opened_at, s.closed_at, ''infinity'')) END FROM sold s'),
			('account_outcome', 'SELECT lower(account), created_at, channel, leads, channels, stage_position, mql_at, sal_at, sql_at, opportunity_at, won_at, outcome,
				open_leads FROM became',
				'SELECT account, min(created_at), min(channel) FILTER (WHERE number = 1), count(*), count(DISTINCT coalesce(channel, '''')), max(stage_position), min(mql_at),
				min(sal_at), min(sql_at), min(opportunity_at), min(won_at), CASE WHEN bool_or(won_at IS NOT NULL OR deals_won > 0) THEN ''won''
				WHEN bool_and((lost_at <= observed_until) IS TRUE) THEN ''lost'' ELSE ''open'' END,
				count(*) FILTER (WHERE won_at IS NULL AND deals_won = 0 AND (lost_at <= observed_until) IS NOT TRUE)
				FROM outcome WHERE account IS NOT NULL GROUP BY account'),
			('deals of account_outcome', 'SELECT lower(account), deals, open_deals, deals_won, revenue FROM became WHERE deals > 0',
				'SELECT account, count(*), count(*) FILTER (WHERE closed_at IS NULL), count(*) FILTER (WHERE is_won),
				CASE WHEN bool_or(is_won) THEN sum(amount) FILTER (WHERE is_won) ELSE 0 END FROM sold WHERE account IS NOT NULL GROUP BY account'),
			('account_funnel', 'SELECT stage_position, accounts FROM stepped WHERE accounts IS NOT NULL',
				'SELECT l.stage_position, count(DISTINCT account) FILTER (WHERE o.stage_position >= l.stage_position) FROM ladder l LEFT JOIN outcome o ON true
				WHERE l.stage_position NOT IN (SELECT stage_position FROM inferred_stage) GROUP BY 1'),
			('account_funnel_by_channel', 'SELECT stage_position, sum(accounts) FROM account_funnel_by_channel GROUP BY 1', 'SELECT stage_position, accounts::numeric
				FROM stepped WHERE entered_accounts > 0'),
			('account_attribution', 'SELECT model, round(sum(conversions)::numeric, 6), round(sum(revenue), 2) FROM account_attribution GROUP BY model',
				'SELECT m, sum(deals_won)::numeric, round(sum(revenue), 2) FROM became, attribution_models() m WHERE m <> ''shapley_rate'' GROUP BY m'),
			('account_journeys', 'SELECT coalesce(sum(conversions), 0), round(coalesce(sum(revenue), 0), 2) FROM account_journeys',
				'SELECT coalesce(sum(deals_won), 0), round(coalesce(sum(revenue), 0), 2) FROM became'),
			('account_engagement', 'SELECT lower(account), leads, leads_before, touches, touches_before, activities, activities_before FROM account_engagement
				WHERE leads + leads_before + touches + touches_before + activities + activities_before > 0', 'SELECT * FROM engaged'),
			('new_and_known_accounts', 'SELECT month, channel, account_kind, leads, coalesce(won, 0), deals_won, revenue FROM news WHERE grain = ''month and channel''',
				'SELECT month, channel, CASE WHEN account IS NULL THEN ''none'' WHEN number = 1 THEN ''new'' ELSE ''known'' END, count(*), count(won_at), sum(deals_won),
				CASE WHEN sum(deals_won) > 0 THEN sum(revenue) FILTER (WHERE deals_won > 0) ELSE 0 END FROM outcome GROUP BY 1, 2, 3'),
			('new accounts', 'SELECT coalesce(sum(leads), 0) FROM news WHERE grain = ''all'' AND account_kind = ''new''', 'SELECT count(*) FROM became'),
			('account_summary, leads', 'SELECT leads, leads_with_account + leads_without_account, accounts, accounts, accounts, accounts_open, accounts_won, accounts_lost, won_with_account
				+ won_without_account FROM summed',
				'SELECT (SELECT count(*) FROM outcome), (SELECT count(*) FROM outcome), (SELECT count(*) FROM became), accounts_open + accounts_won + accounts_lost,
				accounts_with_1_lead + accounts_with_2_leads + accounts_with_3_to_5_leads + accounts_with_more_leads,
				(SELECT count(*) FROM became WHERE outcome = ''open''), (SELECT count(*) FROM became WHERE outcome = ''won''),
				(SELECT count(*) FROM became WHERE outcome = ''lost''), (SELECT count(*) FROM outcome WHERE won_at IS NOT NULL OR deals_won > 0) FROM summed'),
			('account_summary, deals', 'SELECT deals_won, coalesce(revenue, 0), deals_won + deals_won_without_account, coalesce(revenue, 0) +
				coalesce(revenue_without_account, 0) FROM summed',
				'SELECT (SELECT coalesce(sum(deals_won), 0) FROM became), (SELECT coalesce(sum(revenue), 0) FROM became), count(*), coalesce(sum(amount), 0)
				FROM counted_deal WHERE excluded_reason IS NULL AND is_won')
		) q(what, found, expected)
	LOOP
		-- Each side once: a live view judges all leads whenever it is read.
		RETURN QUERY EXECUTE format('WITH f AS MATERIALIZED (%s), e AS MATERIALIZED (%s) SELECT %L, count(*) FROM ((TABLE f EXCEPT ALL TABLE e) UNION ALL
			(TABLE e EXCEPT ALL TABLE f)) d HAVING count(*) > 0', item.found, item.expected, item.what);
	END LOOP;
	PERFORM set_config('search_path', 'regress_account, lead_kpi, public', true);
END
$$;
SELECT drop_mart('regress_account'), create_mart('regress_account');
SELECT generate_example('regress_account', 600);
UPDATE rule SET account_key = 'company', placeholders = NULL;
UPDATE lead SET company = NULL WHERE lead_id % 10 = 3;
UPDATE lead SET company = CASE lead_id % 3 WHEN 0 THEN upper(company) WHEN 1 THEN '  ' || company || ' ' ELSE company END;
INSERT INTO activity_meaning VALUES ('call', '', 'attempt');
INSERT INTO activity (lead_id, activity_at, kind) SELECT lead_id, created_at + interval '5 days' * (lead_id % 4), 'call' FROM lead WHERE lead_id % 2 = 0;
-- Stored, which says what it says live.
SELECT store_mart('regress_account');
SELECT * FROM pg_temp.disagreements('regress_account');
SELECT count(*) AS relations, bool_and(is_identical) AS identical FROM check_mart('regress_account') WHERE relation ~ 'account';
SELECT accounts > 150 AS accounts, accounts_with_more_leads > 0 AS of_many, deals_won > 5 AS won, deals_won_of_several_leads > 0 AS of_several,
	leads_without_account > 30 AS without FROM account_summary;
SELECT live_mart('regress_account');
-- Another policy, another day, what is not complete; no stage sal, unknown amounts, refunds, and days without an hour.
UPDATE rule SET funnel_policy = 'ordered', funnel_within = '40 days', observed_until = '2025-09-01', time_zone = 'Asia/Tokyo', duplicates = 'drop',
	attribution_lookback = '20 days';
DELETE FROM stage_event WHERE stage = 'sal';
UPDATE stage SET role = NULL WHERE role IN ('mql', 'opportunity');
UPDATE deal SET amount = NULL WHERE deal_id ~ '[02468]$';
UPDATE deal SET amount = -amount, closed_at = date_trunc('day', closed_at, 'Asia/Tokyo') WHERE deal_id ~ '[15]$';
SELECT * FROM pg_temp.disagreements('regress_account');

-- Where each lead is an account of its own, accounts say what leads say.
SELECT drop_mart('regress_account'), create_mart('regress_account');
SELECT generate_example('regress_account', 600);
UPDATE lead SET account = 'account of ' || lead_id;
UPDATE deal SET closed_at = date_trunc('day', closed_at) WHERE deal_id ~ '[123]$';
UPDATE rule SET funnel_policy = 'ordered', funnel_within = '30 days';
CREATE FUNCTION pg_temp.differences() RETURNS TABLE (funnel bigint, by_channel bigint, attribution bigint, paths bigint) LANGUAGE sql AS $$
	SELECT
		(SELECT count(*) FROM (SELECT * FROM funnel EXCEPT ALL SELECT * FROM account_funnel) d),
		(SELECT count(*) FROM (SELECT * FROM funnel_by_channel EXCEPT ALL SELECT * FROM account_funnel_by_channel) d),
		(SELECT count(*) FROM (SELECT model, channel, is_unattributed, round(conversions::numeric, 9), round(revenue, 6), round(share::numeric, 9) FROM attribution
			EXCEPT ALL SELECT model, channel, is_unattributed, round(conversions::numeric, 9), round(revenue, 6), round(share::numeric, 9) FROM account_attribution) d),
		(SELECT count(*) FROM (SELECT path, touches, conversions, nulls, round(conversion_rate::numeric, 9) FROM journey_paths
			EXCEPT ALL SELECT path, touches, conversions, nulls, round(conversion_rate::numeric, 9) FROM account_journeys) d)
$$;
DELETE FROM spend;
SELECT * FROM pg_temp.differences();

--
-- What is wrong with data stops nothing
--
SELECT drop_mart('regress_account'), create_mart('regress_account');
INSERT INTO lead (lead_id, created_at, channel, account, company, email) VALUES (1, 'infinity', NULL, 'a', 'b', '@'), (2, NULL, NULL, 'a', 'b', 'x@'),
	(3, '2025-01-01', NULL, repeat('long ', 3000), '', ''), (4, '2025-01-01', ' ', repeat('long ', 3000) || '!', NULL, 'a@b@c'), (NULL, '2025-01-01', 'z', 'a', NULL, NULL),
	(5, '2025-01-02', 'ads', '\x%_''"', NULL, NULL), (6, '2025-01-02', 'ads', '\x%_''"', NULL, NULL);
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, account) VALUES (NULL, 5, NULL, NULL, NULL, 'NaN', NULL),
	('a', 5, 'infinity', '-infinity', true, 'Infinity', ' '), ('b', 5, NULL, '2025-01-03', true, 1e25, 'nobody'), ('c', 6, NULL, '2025-01-03', true, 1e25, 'nobody'),
	('d', 6, '2024-01-01', '2025-01-03', true, NULL, '\X%_''"'), ('e', 99, '2025-01-01', '2025-01-03', true, 1, 'a');
INSERT INTO touch (lead_id, touched_at, channel) VALUES (5, 'infinity', 'ads'), (5, NULL, 'ads'), (6, '2025-01-03 12:00', NULL), (NULL, '2025-01-03', 'ads');
INSERT INTO activity_meaning VALUES ('call', '', 'attempt');
INSERT INTO activity (lead_id, activity_at, kind) VALUES (5, 'infinity', 'call'), (5, NULL, NULL), (NULL, '2025-01-03', 'call');
SELECT left(account, 10) AS account, leads, stage, outcome, deals, open_deals, deals_won, revenue FROM account_outcome ORDER BY created_at, length(account);
-- Three deals of one account at the same time are three.
SELECT path, conversions, revenue, nulls FROM account_journeys;
SELECT left(account, 10) AS account, leads, touches, activities, stages FROM account_engagement ORDER BY account;
SELECT deals, deals_won, deals_elsewhere, revenue_elsewhere, deals_of_several_leads FROM account_summary;
SELECT accounts FROM account_funnel;
SELECT account_kind, leads, deals_won FROM new_and_known_accounts WHERE grain = 'all';
-- Without any role, and with one stage.
UPDATE stage SET role = NULL;
DELETE FROM stage WHERE position > 1;
SELECT account_kind, leads, opportunities, won, conversion FROM new_and_known_accounts WHERE grain = 'all';
SELECT stage, accounts FROM account_funnel;

-- No rule, no answer.
ALTER TABLE rule DISABLE TRIGGER ALL;
DELETE FROM rule;
DO $$
DECLARE
	view name;
BEGIN
	FOR view IN SELECT relname FROM pg_class WHERE relnamespace = 'regress_account'::regnamespace AND relkind = 'v'
		AND relname ~ 'account_(outcome|funnel|attribution|journeys|engagement|summary)$|known_accounts' LOOP
		BEGIN
			EXECUTE format('SELECT FROM %I', view);
			RAISE WARNING '% answers without a rule', view;
		EXCEPTION WHEN object_not_in_prerequisite_state OR no_data_found THEN NULL;
		END;
	END LOOP;
END
$$;
RESET client_min_messages;
SET client_min_messages = warning;
SELECT drop_mart('regress_account');
