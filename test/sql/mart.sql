-- The mart: what create_mart makes, the counting rule, how totals reconcile, and bad input.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET client_min_messages = notice;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';

--
-- What a mart is made of
--
SELECT lead_kpi.create_mart('regress_mart');
SELECT c.relname, c.relkind, c.reloptions
FROM pg_class c WHERE c.relnamespace = 'regress_mart'::regnamespace AND c.relkind IN ('r', 'v')
ORDER BY c.relkind, c.relname COLLATE "C";
-- A BI tool reads every column: only types that all drivers know.
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'regress_mart'::regnamespace AND c.relkind = 'v'
	AND format_type(a.atttypid, a.atttypmod) NOT IN ('integer', 'bigint', 'double precision', 'numeric', 'text', 'boolean', 'date', 'timestamp with time zone');
-- Everything is commented, the columns too.
SELECT c.relname, a.attname
FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'regress_mart'::regnamespace AND c.relkind IN ('r', 'v')
	AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL);
-- Words for columns that no view has, and columns with two words of their own.
SELECT w.views, w.attribute FROM lead_kpi.mart_words() w
WHERE NOT EXISTS
	(SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE c.relnamespace = 'regress_mart'::regnamespace AND c.relkind = 'v' AND a.attname = w.attribute
		AND col_description(c.oid, a.attnum) = w.meaning AND (w.views IS NULL OR c.relname ~ ('^(' || w.views || ')$')));
SELECT c.relname, w.attribute, count(*) FROM lead_kpi.mart_words() w JOIN pg_class c ON c.relnamespace = 'regress_mart'::regnamespace AND c.relkind = 'v'
	AND (w.views IS NULL OR c.relname ~ ('^(' || w.views || ')$'))
GROUP BY c.relname, w.attribute, w.views IS NULL HAVING count(*) > 1;
-- A column without a word is an error, so that create_mart fails for whoever adds one.
BEGIN;
ALTER VIEW regress_mart.funnel RENAME COLUMN p90_days TO weather;
SELECT lead_kpi.mart_comments('regress_mart');
ROLLBACK;
SELECT count(*) AS not_dropped_by_drop_mart FROM pg_class c WHERE c.relnamespace = 'regress_mart'::regnamespace AND c.relkind IN ('r', 'v')
	AND c.oid NOT IN (SELECT member FROM lead_kpi.mart_members('regress_mart'));
SELECT position, stage, role FROM regress_mart.stage ORDER BY position;
SELECT counted_kinds, duplicate_key, duplicate_window, time_zone, funnel_policy, funnel_within, transmitted_role, accepted_role,
	acceptance_threshold, confidence_level, gross_margin, attribution_model, attribution_lookback, attribution_half_life, language
FROM regress_mart.rule;

--
-- Empty tables: every view answers, and none divides by zero
--
SELECT stage_position, stage, leads, previous_leads, entered_leads, step_rate, total_rate, median_days FROM regress_mart.funnel;
SELECT transmitted, accepted, acceptance_rate, threshold, verdict FROM regress_mart.mql_acceptance;
SELECT
	(SELECT count(*) FROM regress_mart.lead_generated) AS lead_generated,
	(SELECT count(*) FROM regress_mart.funnel_by_channel) AS funnel_by_channel,
	(SELECT count(*) FROM regress_mart.funnel_by_campaign) AS funnel_by_campaign,
	(SELECT count(*) FROM regress_mart.funnel_by_month) AS funnel_by_month,
	(SELECT count(*) FROM regress_mart.mql_acceptance_by_channel) AS mql_acceptance_by_channel,
	(SELECT count(*) FROM regress_mart.unit_cost) AS unit_cost,
	(SELECT count(*) FROM regress_mart.cpl_to_revenue) AS cpl_to_revenue,
	(SELECT sum(rows) FROM regress_mart.data_quality) AS data_quality_rows;

--
-- E-mail addresses
--
SELECT address, lead_kpi.normalize_email(address)
FROM (VALUES (E' Ann.Lee+news@Example.ORG\t'), ('A.N.N+x@GoogleMail.com'), ('ann@gmail.com'), ('a.b@notgmail.com'), ('n/a'), (''), ('@x.org'),
	('x@'), ('a@b@c'), ('+tag@x.org'), ('a++b@x.org'), (NULL)) AS v(address);

--
-- The counting rule, reason by reason
--
UPDATE regress_mart.rule SET counted_kinds = '{form,download}', internal_domains = '{Own.example,NULL,""}', internal_pattern = '^agency$';
INSERT INTO regress_mart.lead (lead_id, created_at, kind, channel, campaign, email, company, attributes) VALUES
	(1, '2025-03-01 10:00', 'form', 'ads', 'spring', 'ann@firm.example', 'Firm', NULL),
	(2, '2025-03-02 10:00', 'form', 'ads', 'spring', 'ANN+again@firm.example', 'Firm', NULL),		-- duplicate of 1
	(3, '2025-04-01 10:00', 'form', 'mail', NULL, 'ann@firm.example', 'Firm', NULL),				-- duplicate of 2: 30 days, the window's end
	(4, '2025-05-01 10:00:01', 'form', 'mail', NULL, 'ann@firm.example', 'Firm', NULL),			-- a second more: a lead again
	(5, '2025-03-01 10:00', 'newsletter', 'mail', NULL, 'bob@firm.example', 'Firm', NULL),			-- kind
	(6, '2025-03-01 10:00', NULL, 'mail', NULL, 'cyd@firm.example', 'Firm', NULL),					-- kind unknown
	(7, '2025-03-01 10:00', 'form', 'ads', NULL, 'test@firm.example', 'Firm', NULL),				-- test
	(8, '2025-03-01 10:00', 'form', 'ads', NULL, 'contest@latest.example', 'Testers', NULL),		-- counted: contains test, is none
	(9, '2025-03-01 10:00', 'form', 'ads', NULL, 'x@firm.example', 'Firm', '{"user_agent": "Googlebot/2.1"}'),	-- bot
	(10, '2025-03-01 10:00', 'form', 'ads', NULL, 'y@firm.example', 'Firm', '{"user_agent": "CUBOT X30"}'),	-- counted: a telephone
	(11, '2025-03-01 10:00', 'form', 'ads', NULL, 'z@sub.own.example', NULL, '["no object"]'),		-- internal, by sub-domain
	(12, '2025-03-01 10:00', 'form', 'ads', NULL, 'z@notown.example', 'Agency', NULL),				-- internal, by pattern
	(13, '2025-03-01 10:00', 'form', 'ads', NULL, 'z@notown.example', NULL, NULL),					-- counted: the domain only ends alike
	(14, '2025-03-01 10:00', 'download', ' ', '', NULL, NULL, NULL),								-- counted, channel unknown
	(15, '2025-03-01 10:00', 'download', NULL, NULL, NULL, NULL, NULL),								-- counted: no e-mail is no duplicate
	(15, '2025-03-02 10:00', 'download', 'ads', NULL, NULL, NULL, NULL),							-- repeated id
	(NULL, '2025-03-01 10:00', 'form', 'ads', NULL, NULL, NULL, NULL),								-- no id
	(16, NULL, 'form', 'ads', NULL, NULL, NULL, NULL),												-- no time
	(17, 'infinity', 'form', 'ads', NULL, NULL, NULL, NULL),										-- no time
	(18, '-infinity', 'form', 'ads', NULL, NULL, NULL, NULL),										-- no time
	(18, '2025-03-05 10:00', 'form', 'ads', NULL, NULL, NULL, NULL),								-- counted: the row with a time wins
	(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);												-- nothing at all
SELECT lead_id, day, month, channel, campaign, excluded_reason FROM regress_mart.counted_lead ORDER BY lead_id, created_at;
SELECT * FROM regress_mart.lead_generated;
SELECT sum(gross) = (SELECT count(*) FROM regress_mart.lead) AND sum(gross) = sum(counted + excluded_invalid + excluded_kind
	+ excluded_test + excluded_bot + excluded_internal + excluded_duplicate) AS reconciles
FROM regress_mart.lead_generated;

-- What the default takes for a bot, and what for a person with a browser: the wrong ones, of which there are none.
SELECT kind, agent FROM regress_mart.rule, (VALUES
	('bot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'),
	('bot', 'AdsBot-Google (+http://www.google.com/adsbot.html)'),
	('bot', 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)'),
	('bot', 'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)'),
	('bot', 'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)'),
	('bot', 'Scrapy/2.11.0 (+https://scrapy.org)'),
	('bot', 'curl/8.5.0'),
	('bot', 'PycURL/7.45.2 libcurl/7.88.1 OpenSSL/3.0.11'),
	('bot', 'Wget/1.21.3'),
	('bot', 'HTTPie/3.2.2'),
	('bot', 'python-requests/2.31.0'),
	('bot', 'Python-urllib/3.11'),
	('bot', 'Python/3.11 aiohttp/3.9.1'),
	('bot', 'python-httpx/0.27.0'),
	('bot', 'okhttp/4.12.0'),
	('bot', 'Go-http-client/2.0'),
	('bot', 'libwww-perl/6.72'),
	('bot', 'Java/1.8.0_392'),
	('bot', 'Java-http-client/17.0.9'),
	('bot', 'Apache-HttpClient/4.5.14 (Java/17.0.9)'),
	('bot', 'axios/1.6.2'),
	('bot', 'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)'),
	('bot', 'node'),
	('bot', 'GuzzleHttp/7'),
	('bot', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'),
	('bot', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'),
	('bot', 'Slack-ImgProxy (+https://api.slack.com/robots)'),
	('bot', 'WhatsApp/2.23.20.0'),
	('bot', 'TelegramBot (like TwitterBot)'),
	('bot', 'Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)'),
	('bot', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com'),
	('bot', 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)'),
	('bot', 'Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)'),
	('bot', 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)'),
	('bot', 'Mozilla/5.0 (compatible; StatusCake)'),
	('bot', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36'),
	('bot', 'Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1'),
	('bot', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Puppeteer'),
	('bot', 'Playwright/1.40.0 (x64; ubuntu 22.04) node/18.19'),
	('bot', 'selenium/4.16.0 (python linux)'),
	('person', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91'),
	('person', 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0'),
	('person', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15'),
	('person', 'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; rv:11.0) like Gecko'),
	('person', 'Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54'),
	('person', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/443.0.0.31.109;FBBV/543466054;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.2;FBSS/3;FBID/phone;FBLC/fr_FR;FBOP/5]'),
	('person', 'Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/446.0.0.35.114;]'),
	('person', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 312.0.0.34.111 (iPhone15,2; iOS 17_1; fr_FR; fr; scale=3.00; 1179x2556; 548339486)'),
	('person', 'Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0.6045.66 Mobile Safari/537.36 [Pinterest/Android]'),
	('person', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29.3434'),
	('person', 'Mozilla/5.0 (Linux; Android 12; en_US; CPH2269) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0.0.0 Mobile Safari/537.36 Telegram-Android/10.3.2 (Oppo CPH2269; Android 12; SDK 31; AVERAGE)'),
	('person', 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_32.4.0 BytedanceWebview/d8a21c6'),
	('person', 'Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36'),
	('person', 'Mozilla/5.0 (Linux; Android 8.1.0; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36'),
	('person', 'Mozilla/5.0 (Linux; U; Android 4.0.4; CUBOT A6589 Build/IMM76D) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30')) v(kind, agent)
WHERE (agent ~* bot_pattern) <> (kind = 'bot');

-- The rule is data: other keys, other windows, other zones.
BEGIN;
UPDATE regress_mart.rule SET duplicate_window = NULL;
SELECT lead_id FROM regress_mart.counted_lead WHERE excluded_reason = 'duplicate' ORDER BY lead_id;
UPDATE regress_mart.rule SET duplicate_key = 'company', duplicate_window = '1 day';
SELECT lead_id FROM regress_mart.counted_lead WHERE excluded_reason = 'duplicate' ORDER BY lead_id;
UPDATE regress_mart.rule SET duplicate_key = 'none', counted_kinds = NULL, test_pattern = NULL, bot_pattern = NULL, internal_pattern = NULL, internal_domains = NULL;
SELECT excluded_reason, count(*) FROM regress_mart.counted_lead GROUP BY 1 ORDER BY 1;
UPDATE regress_mart.rule SET time_zone = 'Pacific/Kiritimati';
SELECT DISTINCT day FROM regress_mart.counted_lead WHERE lead_id = 1;
ROLLBACK;

--
-- Events, deals, touches and spend: what is used, what is not, and why
--
INSERT INTO regress_mart.stage_event VALUES
	(1, 'mql', '2025-03-03'), (1, 'sql', '2025-03-10'), (8, 'mql', '2025-02-01'), (10, 'opportunity', '2025-03-20'),
	(2, 'mql', '2025-03-03'), (99, 'mql', '2025-03-03'), (NULL, 'mql', '2025-03-03'), (13, 'demo', '2025-03-03'), (13, NULL, '2025-03-03'),
	(13, 'mql', NULL), (18, 'won', 'infinity'), (18, 'won', '-infinity'), (NULL, NULL, NULL), (10, 'won', '2025-04-01');	-- won, but there is no deal
INSERT INTO regress_mart.deal VALUES
	('a', 1, '2025-03-12', '2025-03-20', true, 1000),
	('a', 1, '2025-03-12', '2025-03-20', true, 1000),			-- repeated
	('b', 1, '2025-04-01', '2025-04-20', true, 500),			-- the same customer buys again
	('b', 8, '2025-05-01', '2025-05-20', true, 500),			-- repeated for somebody else, who is not won by it
	('c', 10, '2025-03-20', '2025-03-10', false, 700),			-- lost before it was opened
	('d', 8, '2025-03-20', NULL, false, 900),					-- open
	('e', 14, '2025-03-20', '2025-02-20', true, NULL),			-- won before the lead, amount unknown
	('f', 13, '2025-03-20', NULL, true, 10000),					-- won, but when?
	('g', 13, '2025-03-20', 'infinity', true, 10000),
	('h', 15, 'infinity', '2025-03-21', NULL, 'NaN'),			-- closed, but how?
	(NULL, 4, NULL, '2025-05-20', true, -50),					-- no id, negative
	('i', 2, '2025-03-20', '2025-03-21', true, 300),			-- of a duplicate lead
	('j', 99, '2025-03-20', '2025-03-21', true, 200),			-- of no lead
	('k', NULL, NULL, NULL, NULL, NULL);
INSERT INTO regress_mart.touch VALUES
	(1, '2025-02-20', 'ads', 'spring', 'click'), (1, '2025-02-21', '', NULL, 'click'), (2, '2025-03-01', 'ads', NULL, 'click'),
	(1, 'infinity', 'ads', NULL, 'click'), (1, NULL, 'ads', NULL, NULL), (99, '2025-03-01', 'ads', NULL, NULL), (NULL, NULL, NULL, NULL, NULL);
INSERT INTO regress_mart.spend VALUES
	('2025-03-01', 'ads', 'spring', 300), ('2025-03-02', ' ads ', 'spring', 100), ('2025-03-02', NULL, NULL, 50), ('2025-03-02', 'radio', NULL, 70),
	('2025-03-02', 'ads', NULL, -20), (NULL, 'ads', 'spring', 5), ('infinity', 'ads', 'spring', 5), ('2025-05-02', 'mail', NULL, NULL), ('2025-05-02', 'mail', NULL, 'NaN'),
	('2025-05-02', 'mail', NULL, 'Infinity'), (NULL, NULL, NULL, NULL);
SELECT check_name, severity, rows, amount FROM regress_mart.data_quality WHERE rows > 0;
SELECT
	(SELECT sum(rows) FROM regress_mart.data_quality WHERE check_name = 'leads_counted' OR check_name LIKE 'leads_excluded%')
		= (SELECT count(*) FROM regress_mart.lead) AS leads,
	(SELECT sum(rows) FROM regress_mart.data_quality WHERE check_name = 'events_used' OR check_name LIKE 'events_ignored%')
		= (SELECT count(*) FROM regress_mart.stage_event) AS events,
	(SELECT sum(rows) FROM regress_mart.data_quality WHERE check_name = 'deals_used' OR check_name LIKE 'deals_ignored%')
		= (SELECT count(*) FROM regress_mart.deal) AS deals,
	(SELECT sum(rows) FROM regress_mart.data_quality WHERE check_name = 'touches_used' OR check_name LIKE 'touches_ignored%')
		= (SELECT count(*) FROM regress_mart.touch) AS touches,
	(SELECT sum(spend) FROM regress_mart.cpl_to_revenue) = (SELECT amount FROM regress_mart.data_quality WHERE check_name = 'spend_rows') AS spend,
	(SELECT sum(revenue) FROM regress_mart.cpl_to_revenue) = (SELECT amount FROM regress_mart.data_quality WHERE check_name = 'deals_used') AS revenue;

SELECT count(*) AS events, count(*) FILTER (WHERE NOT isfinite(entered_at) OR stage NOT IN (SELECT stage FROM regress_mart.stage)) AS unusable
FROM regress_mart.funnel_event;
SELECT stage_position, stage, leads, previous_leads, entered_leads, step_rate FROM regress_mart.funnel;
SELECT channel, stage, leads, entered_leads, total_rate FROM regress_mart.funnel_by_channel WHERE stage IN ('lead', 'won');
SELECT month, channel, campaign, spend, leads, mql, sal, sql, opportunities, won, deals_won, revenue, round(cpl, 2) AS cpl, round(cac, 2) AS cac,
	round(average_deal, 2) AS average_deal, round(revenue_per_lead, 2) AS revenue_per_lead, break_even_cpl, romi
FROM regress_mart.cpl_to_revenue;
SELECT channel, campaign, stage, leads, spend, round(unit_cost, 2) AS unit_cost FROM regress_mart.unit_cost WHERE stage IN ('lead', 'won');
-- An interval has an upper end only where somebody was won.
SELECT channel, campaign, won, cac_low IS NOT NULL AS low, cac_high IS NOT NULL AS high
FROM regress_mart.cpl_to_revenue WHERE spend > 0 AND month IS NOT NULL;
-- No float in any view is NaN or infinite.
SELECT count(*) FROM regress_mart.cpl_to_revenue c, jsonb_each_text(to_jsonb(c)) e WHERE e.value IN ('NaN', 'Infinity', '-Infinity');

-- With the margin stated, break-even and return on marketing investment appear.
UPDATE regress_mart.rule SET gross_margin = 0.5;
SELECT channel, campaign, round(revenue_per_lead, 2) AS revenue_per_lead, round(break_even_cpl, 2) AS break_even_cpl,
	round(roas::numeric, 4) AS roas, round(romi::numeric, 4) AS romi
FROM regress_mart.cpl_to_revenue WHERE month = '2025-03-01' AND channel = 'ads' AND campaign = 'spring';

-- Acceptance against the threshold: three verdicts.
BEGIN;
UPDATE regress_mart.rule SET transmitted_role = 'lead', accepted_role = 'mql', acceptance_threshold = 0.05;
SELECT transmitted, accepted, threshold, verdict FROM regress_mart.mql_acceptance;
UPDATE regress_mart.rule SET acceptance_threshold = 0.5;
SELECT transmitted, accepted, threshold, verdict FROM regress_mart.mql_acceptance;
UPDATE regress_mart.rule SET acceptance_threshold = 1;
SELECT transmitted, accepted, threshold, verdict FROM regress_mart.mql_acceptance;
SELECT channel, transmitted, accepted, verdict FROM regress_mart.mql_acceptance_by_channel;
-- Roles the wrong way round: no rate, and a message.
UPDATE regress_mart.rule SET transmitted_role = 'won', accepted_role = 'mql';
SELECT transmitted, accepted, acceptance_rate, verdict FROM regress_mart.mql_acceptance;
SELECT check_name, severity, rows FROM regress_mart.data_quality WHERE check_name LIKE 'settings%';
ROLLBACK;

-- Policy and window of the funnel.
BEGIN;
UPDATE regress_mart.rule SET funnel_policy = 'ordered';
SELECT array_agg(leads ORDER BY stage_position) AS ordered FROM regress_mart.funnel;
UPDATE regress_mart.rule SET funnel_policy = 'any_order';
SELECT array_agg(leads ORDER BY stage_position) AS any_order FROM regress_mart.funnel;
UPDATE regress_mart.rule SET funnel_policy = 'reached', funnel_within = '18 days';
SELECT array_agg(leads ORDER BY stage_position) AS within_18_days FROM regress_mart.funnel;
-- Money that cost nothing, and a level of its own.
UPDATE regress_mart.rule SET confidence_level = 0.5;
INSERT INTO regress_mart.spend VALUES ('2025-05-02', 'mail', NULL, 0);
SELECT channel, spend, cpl, cac, cac_low, cac_high, roas, romi FROM regress_mart.cpl_to_revenue WHERE channel = 'mail';
ROLLBACK;

-- Messages in French.
BEGIN;
UPDATE regress_mart.rule SET language = 'fr';
SELECT what_it_means LIKE 'D%penses n%gatives : elles r%duisent le total.%' AS french FROM regress_mart.data_quality WHERE check_name = 'spend_negative';
SELECT count(*) AS untranslated FROM lead_kpi.mart_checks() WHERE meaning_fr = meaning_en OR meaning_fr IS NULL OR action_fr IS NULL OR action_fr = action_en;
-- Any text comes through as it was written, whatever has a meaning to the way it is stored.
SELECT lead_kpi.mart_text('l''\303\251chelle \ \\ \12 \x %1$s'), lead_kpi.mart_text(NULL) IS NULL AS null_stays;
ROLLBACK;

-- A ladder in another language, with roles: the KPIs know what the stages mean.
BEGIN;
UPDATE regress_mart.stage SET stage = CASE role WHEN 'lead' THEN 'Prospect' WHEN 'won' THEN 'Vente' ELSE upper(stage) END, position = position * 10;
SELECT stage_position, stage, leads FROM regress_mart.funnel;
SELECT sum(opportunities) AS opportunities, sum(won) AS won FROM regress_mart.cpl_to_revenue;
-- Without the role, what it means is unknown.
UPDATE regress_mart.stage SET role = NULL WHERE role = 'mql';
SELECT DISTINCT mql FROM regress_mart.cpl_to_revenue;
SELECT transmitted, accepted, acceptance_rate, verdict FROM regress_mart.mql_acceptance;
SELECT rows FROM regress_mart.data_quality WHERE check_name = 'settings_role_without_stage';
ROLLBACK;

--
-- Bad settings
--
\set VERBOSITY default
BEGIN;
DELETE FROM regress_mart.stage;
SAVEPOINT empty;
SELECT * FROM regress_mart.funnel;
ROLLBACK TO empty;
SELECT * FROM regress_mart.cpl_to_revenue;
ROLLBACK TO empty;
INSERT INTO regress_mart.stage SELECT i, 'step ' || i FROM generate_series(1, 33) i;
SELECT * FROM regress_mart.funnel_by_channel;
ROLLBACK TO empty;
INSERT INTO regress_mart.stage SELECT i, 'step ' || i FROM generate_series(1, 32) i;
SELECT count(*), sum(leads) FROM regress_mart.funnel;
ROLLBACK;
\set VERBOSITY terse
INSERT INTO regress_mart.stage VALUES (7, 'won');
INSERT INTO regress_mart.stage VALUES (6, 'paid');
INSERT INTO regress_mart.stage VALUES (7, NULL);
INSERT INTO regress_mart.stage VALUES (7, 'paid', 'customer');
INSERT INTO regress_mart.stage VALUES (7, 'paid', 'won');
UPDATE regress_mart.rule SET time_zone = 'Mars/Olympus';
UPDATE regress_mart.rule SET test_pattern = '(';
UPDATE regress_mart.rule SET acceptance_threshold = 60;
UPDATE regress_mart.rule SET acceptance_threshold = 'NaN';
UPDATE regress_mart.rule SET confidence_level = 1;
UPDATE regress_mart.rule SET duplicate_window = '-1 day';
UPDATE regress_mart.rule SET duplicate_key = 'phone';
UPDATE regress_mart.rule SET funnel_within = '1 month';
UPDATE regress_mart.rule SET funnel_policy = 'strict';
UPDATE regress_mart.rule SET gross_margin = 70;
UPDATE regress_mart.rule SET language = 'de';
INSERT INTO regress_mart.rule DEFAULT VALUES;
\set VERBOSITY default
DELETE FROM regress_mart.rule;
TRUNCATE regress_mart.rule;

--
-- create_mart: names, keys, mapped relations
--
SELECT lead_kpi.create_mart(NULL);
SELECT lead_kpi.create_mart('regress_mart');
SELECT lead_kpi.create_mart('public');
SELECT lead_kpi.create_mart('');
SELECT lead_kpi.create_mart('pg_mart');
-- search_path takes this name for that of the user.
SELECT lead_kpi.create_mart('$user');
SELECT to_regnamespace('"$user"') IS NULL AS nothing_left, current_schema();
SELECT lead_kpi.generate_example('$user', 10);
SELECT lead_kpi.create_mart('regress_key', lead_key => 'integer');
SELECT lead_kpi.create_mart('regress_key', lead_key => 'numeric');

SELECT lead_kpi.create_mart('regress Größe "1" 100%', lead_key => 'uuid');
SELECT lead_kpi.create_mart('regress_text', lead_key => 'text');
INSERT INTO "regress Größe ""1"" 100%".lead (lead_id, created_at) SELECT md5(i::text)::uuid, '2025-01-01' FROM generate_series(1, 10) i;
INSERT INTO "regress Größe ""1"" 100%".stage_event SELECT md5(i::text)::uuid, 'mql', '2025-01-02' FROM generate_series(1, 4) i;
INSERT INTO regress_text.lead (lead_id, created_at) SELECT i, '2025-01-01' FROM generate_series(1, 10) i;
INSERT INTO regress_text.stage_event SELECT i, 'mql', '2025-01-02' FROM generate_series(1, 3) i;
SELECT stage, leads FROM "regress Größe ""1"" 100%".funnel WHERE stage_position < 3;
SELECT stage, leads FROM regress_text.funnel WHERE stage_position < 3;
SELECT count(*) FILTER (WHERE severity IN ('error', 'warning')) FROM "regress Größe ""1"" 100%".data_quality;
SELECT lead_kpi.drop_mart('regress Größe "1" 100%');
SELECT lead_kpi.drop_mart('regress_text');

-- Mapped relations: of other types, with odd names; times without a zone are in the mart's zone.
CREATE SCHEMA "regress CRM";
CREATE DOMAIN "regress CRM".key AS integer;
CREATE TYPE "regress CRM".source AS ENUM ('web', 'fair');
CREATE TABLE "regress CRM"."Contact 1" (lead_id "regress CRM".key, created_at timestamp, kind varchar(10), channel "regress CRM".source, campaign char(6),
	email text, company text, attributes json, secret text);
CREATE VIEW "regress CRM".event AS SELECT 1::smallint AS lead_id, 'mql'::name AS stage, date '2025-03-31' AS entered_at;
CREATE MATERIALIZED VIEW "regress CRM".cost AS
	SELECT timestamptz '2025-03-31 22:30+00' AS spent_on, 'web' AS channel, NULL::text AS campaign, 12.5::money AS amount;
INSERT INTO "regress CRM"."Contact 1" VALUES (1, '2025-03-30 23:30', 'form', 'web', 'x', NULL, NULL, '{"a": 1}'), (2, '2025-04-01 00:30', 'form', 'fair', 'y', NULL, NULL, NULL);
SELECT lead_kpi.create_mart('regress_mapped', lead => '"regress CRM"."Contact 1"', stage_event => '"regress CRM".event', spend => '"regress CRM".cost');
UPDATE regress_mapped.rule SET time_zone = 'Europe/Paris';
SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'regress_mapped'::regnamespace AND c.relname IN ('lead', 'stage_event', 'touch', 'spend', 'deal') ORDER BY 1;
SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid IN ('regress_mapped.lead'::regclass, 'regress_mapped.deal'::regclass) AND attname = 'lead_id';
SELECT * FROM regress_mapped.lead;
SELECT * FROM regress_mapped.stage_event;
SELECT * FROM regress_mapped.spend;
SELECT month, channel, campaign, leads, mql, spend FROM regress_mapped.cpl_to_revenue;
SET TimeZone = 'Asia/Tokyo';
SELECT month, channel, campaign, leads, mql, spend FROM regress_mapped.cpl_to_revenue;
SET TimeZone = 'UTC';
SELECT lead_kpi.drop_mart('regress_mapped');
SELECT count(*) FROM "regress CRM"."Contact 1";

-- Explicit key: anything reads as text.
SELECT lead_kpi.create_mart('regress_mapped', lead => '"regress CRM"."Contact 1"', lead_key => 'text');
SELECT lead_id FROM regress_mapped.lead ORDER BY lead_id;
SELECT lead_kpi.drop_mart('regress_mapped');

-- One error lists all that is missing, and shows the views that would supply it.
CREATE TABLE "regress CRM".contact (id integer, lead_id uuid, created_at text, email text);
CREATE TABLE "regress CRM".sale (deal_id integer, lead_id uuid, opened_at date, closed_at date, is_won text, amount numeric);
CREATE SEQUENCE "regress CRM".number;
SELECT lead_kpi.create_mart('regress_mapped', lead => '"regress CRM".contact', deal => '"regress CRM".sale');
SELECT lead_kpi.create_mart('regress_mapped', lead_key => 'bigint', deal => '"regress CRM".sale');
SELECT lead_kpi.create_mart('regress_mapped', touch => '"regress CRM".number');
SELECT lead_kpi.create_mart('regress_mapped', lead => 'no_such_contact');
CREATE TEMP TABLE scratch_spend (spent_on date, channel text, campaign text, amount numeric);
SELECT lead_kpi.create_mart('regress_mapped', spend => 'scratch_spend');
SELECT to_regnamespace('regress_mapped') IS NULL AS nothing_left;

--
-- Privileges
--
CREATE ROLE regress_lead_kpi_analyst;
SET ROLE regress_lead_kpi_analyst;
\set VERBOSITY terse
SELECT lead_kpi.create_mart('regress_denied');
SELECT * FROM regress_mart.funnel;
SELECT lead_kpi.drop_mart('regress_mart');
RESET ROLE;
SELECT current_database() AS database \gset
GRANT USAGE ON SCHEMA regress_mart TO regress_lead_kpi_analyst;
GRANT CREATE ON DATABASE :"database" TO regress_lead_kpi_analyst;
SET ROLE regress_lead_kpi_analyst;
\set VERBOSITY default
SELECT lead_kpi.create_mart('regress_denied', deal => 'regress_mart.deal');
\set VERBOSITY terse
SELECT lead_kpi.create_mart('regress_own');
SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'regress_own';
INSERT INTO regress_own.lead (lead_id, created_at) VALUES (1, '2025-01-01');
SELECT stage, leads FROM regress_own.funnel WHERE stage_position = 1;
SELECT lead_kpi.drop_mart('regress_own');
RESET ROLE;

-- The views run with the reader's rights: a grant on the view alone is not enough, and row security holds.
GRANT SELECT ON regress_mart.lead_generated TO regress_lead_kpi_analyst;
SET ROLE regress_lead_kpi_analyst;
-- Which view it is that may not be read depends on the plan.
\set VERBOSITY sqlstate
SELECT count(*) FROM regress_mart.lead_generated;
\set VERBOSITY terse
RESET ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA regress_mart TO regress_lead_kpi_analyst;
ALTER TABLE regress_mart.lead ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_mail ON regress_mart.lead TO regress_lead_kpi_analyst USING (channel = 'mail');
SET ROLE regress_lead_kpi_analyst;
SELECT channel, sum(gross) AS gross FROM regress_mart.lead_generated GROUP BY channel;
RESET ROLE;
\set VERBOSITY default

--
-- drop_mart drops what create_mart made, and nothing else
--
SELECT lead_kpi.drop_mart(NULL);
SELECT lead_kpi.drop_mart('regress_nowhere');
SELECT lead_kpi.drop_mart('public');
CREATE TABLE regress_mart.notes (note text);
CREATE FUNCTION regress_mart.mine() RETURNS int LANGUAGE sql RETURN 1;
SELECT lead_kpi.drop_mart('regress_mart');
DROP TABLE regress_mart.notes;
DROP FUNCTION regress_mart.mine();
CREATE VIEW "regress CRM".dashboard AS SELECT * FROM regress_mart.funnel;
SELECT lead_kpi.drop_mart('regress_mart');
DROP VIEW "regress CRM".dashboard;
SELECT count(*) > 0 AS still_there FROM regress_mart.lead;
SELECT lead_kpi.drop_mart('regress_mart');
SELECT to_regnamespace('regress_mart') IS NULL AS gone;

SET client_min_messages = warning;
DROP SCHEMA "regress CRM" CASCADE;
REVOKE ALL ON DATABASE :"database" FROM regress_lead_kpi_analyst;
DROP ROLE regress_lead_kpi_analyst;
