-- The counting rule: quick patterns against ~*, and judged_lead against the same said plainly, over random hostile leads.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET search_path = lead_kpi, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET jit = off;

-- What matches is what ~* says, also where values come again.
SELECT count(*) AS asked, count(*) FILTER (WHERE matches_pattern(value, pattern)) > 15 AS some_match, count(*) FILTER (WHERE NOT matches_pattern(value, pattern)) > 3 AS others_do_not,
	string_agg(format('%L ~* %L', value, pattern), '; ') FILTER (WHERE matches_pattern(value, pattern) IS DISTINCT FROM (value ~* pattern)) AS wrong
FROM
(
	VALUES ('A.Test@x', 'test[0-9]*@'), ('Attest', 'tes+t'), ('aB', 'a.?b'), ('ab', 'a{0}b'), ('b', '(ab)?b'), ('b', '(ab){0,1}b'), ('b', '(ab)*b'), ('', ''), ('x', ''), ('', 'x'),
		('B', '***:b'), ('a*b', '***=A*B'), ('b', '(?x) b # ab'), ('ab', '(?:ab|cd)'), ('cb', '(?:ab|c(d|b))'), ('xb', '(?!ab)xb'), ('a]b', 'a[]]b'), ('a-b', 'a[^]]b'), ('a.b', 'a[[.period.]]b'),
		('aéb', 'aÉb'), ('É', 'é'), ('ſ', 's'), ('test', 'teſt'), (E'a\nb', 'a.b'), ('aa', '(a)\1'), ('ab', '\141b'), ('a\b', 'a\\b'), ('a{b', 'a{b'), ('ab', 'a\Mb|ab'), (NULL, 'a'), ('a', NULL),
		('firm.example ', '@([^@]*\.)?(firm\.example)\s*$'), ('a@FIRM.example ', '@([^@]*\.)?(firm\.example)\s*$'), (repeat('ab', 500), 'ba'), (repeat('ab', 500), 'bb'), ('AB', 'ab|'), ('x', 'ab|'),
		('aab', 'a{2}b'), ('ab', 'a{0,1}?b'), ('AB', '(?i)ab'), ('ab', '(?=a)ab'), ('a1b', 'a[\d]b'), ('a[b', 'a[[]b'), ('acb', 'a[[:alpha:]]b'), ('a=b', 'a[[=e=]=]b'), ('AB', repeat('(', 70) || 'ab' || repeat(')', 70)),
		('w300x', (SELECT string_agg('w' || n || 'x', '|') FROM generate_series(1, 300) n)), ('w301x', (SELECT string_agg('w' || n || 'x', '|') FROM generate_series(1, 300) n))
) v(value, pattern);
SELECT matches_pattern('x', '(x');
SELECT matches_pattern('x', '[x');
SELECT matches_pattern('x' COLLATE "C", 'X'), matches_pattern(U&'\00C9' COLLATE "C", U&'\00E9') = (U&'\00C9' COLLATE "C" ~* U&'\00E9');

-- Fiscal quarters and years are what date arithmetic says.
SELECT count(*) AS asked, count(*) FILTER (WHERE fiscal_quarter(day, start) IS DISTINCT FROM
		(date_trunc('quarter', day - make_interval(months => (start - 1) % 3)) + make_interval(months => (start - 1) % 3))::date) AS wrong_quarters,
	count(*) FILTER (WHERE fiscal_year(day, start) IS DISTINCT FROM
		(date_trunc('year', day - make_interval(months => start - 1)) + make_interval(months => start - 1))::date) AS wrong_years
FROM generate_series(1, 12) start, (SELECT date '1999-12-01' + n AS day FROM generate_series(0, 1600) n UNION ALL VALUES (date '-infinity'), ('infinity'), ('0001-03-31 BC'), (NULL)) d;
SELECT fiscal_year('4714-11-24 BC', 4);

-- Random patterns, most of them of what the reader of patterns knows, and random texts of what is in them.
CREATE TEMP TABLE asked (pattern text, values integer, matched integer, wrong text);
DO $$
DECLARE
	token CONSTANT text[] := '{a,b,t,ab,test,@,.,_,-,é,"[ab]","[^@]","[]a]","[[:alpha:]]",*,+,?,"{2}","{0,2}","*?","+?","{",(,(,(?:,),),),|,|,^,$,"\\.","\\-","\\d","\\W","\\s","\\y","\\1","(?=a)","(?i)",A,T,X,1}';
	letter CONSTANT text[] := '{a,b,t,T,A,ab,test,TEST,@,.,_,-,é,É," ",1,x,"\\","[",é,ı,İ}';
	tried text;
	texts text[];
	round integer;
BEGIN
	PERFORM setseed(0.42);
	FOR round IN 1 .. 4000 LOOP
		SELECT string_agg(token[1 + floor(random() * cardinality(token))::integer], '') INTO tried FROM generate_series(1, 1 + floor(random() * 8)::integer);
		SELECT array_agg(t) INTO texts
		FROM
		(
			SELECT n, string_agg(letter[1 + floor(random() * cardinality(letter))::integer], '') AS t
			FROM generate_series(1, 30) n, generate_series(1, 1 + n % 7)
			GROUP BY n
		) x;
		BEGIN
			INSERT INTO asked
			SELECT tried, count(*), count(*) FILTER (WHERE t ~* tried), min(t) FILTER (WHERE matches_pattern(t, tried) IS DISTINCT FROM (t ~* tried))
			FROM unnest(texts || texts) t;
		EXCEPTION WHEN invalid_regular_expression THEN
			NULL;
		END;
	END LOOP;
END
$$;
SELECT count(*) > 500 AS many, sum(matched) BETWEEN sum(values) / 20 AND sum(values) * 19 / 20 AS either, count(wrong) AS wrong FROM asked;
SELECT * FROM asked WHERE wrong IS NOT NULL LIMIT 5;

-- Judgements. The plain one is a window over all leads for each question, and every expression as a setting describes it.
SELECT create_mart('regress_judgement', lead_key => 'text');
SET search_path = regress_judgement, lead_kpi, public;

CREATE FUNCTION pg_temp.plain_judgement() RETURNS TABLE (lead_id text, excluded_reason text, duplicate_key text, second_key text, same_as text)
LANGUAGE sql
BEGIN ATOMIC
	WITH internal AS
	(
		SELECT '@([^@]*\.)?(' || string_agg(regexp_replace(btrim(d), '([^[:alnum:]])', '\\\1', 'g'), '|') || ')\s*$' AS internal_address
		FROM rule, unnest(internal_domains) d
		WHERE btrim(d) <> ''
	), judged AS
	(
		SELECT l.lead_id, l.created_at, m.survivor, r.duplicate_window, r.placeholder_pattern, r.placeholders,
			CASE WHEN r.duplicate_key IN ('email', 'email_or_phone') THEN normalize_email(l.email) WHEN r.duplicate_key = 'company' THEN nullif(lower(trim_blanks(l.company)), '')
				WHEN r.duplicate_key = 'phone' THEN normalize_phone(l.attributes ->> 'phone') END AS first,
			CASE WHEN r.duplicate_key = 'email_or_phone' THEN normalize_phone(l.attributes ->> 'phone') END AS second,
			CASE
				WHEN l.lead_id IS NULL THEN 'no_lead_id'
				WHEN row_number() OVER (PARTITION BY l.lead_id ORDER BY isfinite(l.created_at) DESC NULLS LAST, l.created_at, l.kind, l.channel, l.campaign, l.email, l.company,
					l.attributes) > 1 THEN 'repeated_lead_id'
				WHEN m.survivor IS NOT NULL THEN 'merged'
				WHEN NOT coalesce(isfinite(l.created_at), false) THEN 'no_created_at'
				WHEN l.created_at >= s.far_after OR l.created_at < s.far_before THEN 'far_date'
				WHEN r.counted_kinds IS NOT NULL AND (l.kind = ANY (r.counted_kinds)) IS NOT TRUE THEN 'kind'
				WHEN l.email ~* r.test_pattern OR l.company ~* r.test_pattern THEN 'test'
				WHEN l.attributes ->> 'user_agent' ~* r.bot_pattern THEN 'bot'
				WHEN l.email ~* r.internal_pattern OR l.company ~* r.internal_pattern OR l.email ~* i.internal_address THEN 'internal'
			END AS unfit
		FROM lead l
		CROSS JOIN rule r
		CROSS JOIN internal i
		CROSS JOIN data_span s
		LEFT JOIN merged_lead m USING (lead_id)
	), lone AS
	(
		SELECT *,
			coalesce(first IS NOT NULL AND unfit IS NULL AND (created_at - lag(created_at) OVER f <= duplicate_window OR lag(created_at) OVER f IS NOT NULL AND duplicate_window IS NULL)
				AND (first ~* placeholder_pattern) IS NOT TRUE AND NOT EXISTS (SELECT FROM unnest(placeholders) p WHERE lower(btrim(p)) = first), false) AS first_again,
			coalesce(second IS NOT NULL AND unfit IS NULL AND (created_at - lag(created_at) OVER s <= duplicate_window OR lag(created_at) OVER s IS NOT NULL AND duplicate_window IS NULL)
				AND (second ~* placeholder_pattern) IS NOT TRUE AND NOT EXISTS (SELECT FROM unnest(placeholders) p WHERE lower(btrim(p)) = second), false) AS second_again
		FROM judged
		WINDOW f AS (PARTITION BY first, unfit IS NULL ORDER BY created_at, lead_id), s AS (PARTITION BY second, unfit IS NULL ORDER BY created_at, lead_id)
	)
	SELECT l.lead_id, CASE WHEN unfit IS NOT NULL THEN unfit WHEN first_again OR second_again THEN 'duplicate' END, first, second,
		CASE
			WHEN unfit = 'merged' THEN survivor
			-- The last one before that is none.
			WHEN first_again THEN (SELECT b.lead_id FROM lone b WHERE b.first = l.first AND b.unfit IS NULL AND NOT b.first_again
				AND (b.created_at, b.lead_id) < (l.created_at, l.lead_id) ORDER BY b.created_at DESC, b.lead_id DESC LIMIT 1)
			WHEN second_again THEN (SELECT b.lead_id FROM lone b WHERE b.second = l.second AND b.unfit IS NULL AND NOT b.second_again
				AND (b.created_at, b.lead_id) < (l.created_at, l.lead_id) ORDER BY b.created_at DESC, b.lead_id DESC LIMIT 1)
		END
	FROM lone l;
END;

CREATE TEMP TABLE judged (round integer, reason text, leads bigint, wrong bigint);
DO $$
DECLARE
	email CONSTANT text[] := ARRAY['pat@firm.example', ' PAT@Firm.Example ', E'pat@firm.example\t\n', 'pat@sub.firm.example', 'pat@notfirm.example', 'firm.example', '@firm.example', 'pat@firm.example.org',
		'a@b@firm.example', 'pat@agence-x.fr', 'pat@agenceXx.fr', 'pat@a.AGENCE-X.fr' || U&'\00A0', U&'pat@f\00EFrm.example', U&'PAT@F\00CFRM.EXAMPLE', U&'\0130@firm.example', U&'pat@F\0131rm.example',
		'test@x.example', 'TEST12@x.example', 'attest@x.example', 'contest.org', 'pat@test.fr', 'pat@x.invalid', 'pat@x.invalid ', 'none@none.com', 'noreply@x.example', '', ' ', NULL, repeat('t', 300),
		'pat+a@x.example', 'p.at@gmail.com', 'pat@googlemail.com', 'mailto:pat@gmail.com', 'kim@x.example', 'kim@y.example', 'lou@x.example'];
	company CONSTANT text[] := ARRAY[NULL, '', ' ', 'Firm', ' FIRM ', U&'firm\00A0', 'Test@ Inc', 'n/a', 'Other', 'Others', U&'Stra\00DFe', 'Internal Ltd'];
	agent CONSTANT text[] := ARRAY[NULL, '', 'Mozilla/5.0 (X11) Safari', 'Mozilla/5.0 CUBOT NOTE', 'Googlebot/2.1', 'curl/8.0', 'not curl', 'python-requests/2', 'HeadlessChrome', 'Uptime'];
	phone CONSTANT text[] := ARRAY[NULL, NULL, NULL, '+33 1 42 34 56 78', '0033142345678', '+1 212 555 0100', '12', 'none'];
	window_of CONSTANT interval[] := '{0,1 day,30 days,NULL}';
	key_of CONSTANT text[] := '{email,company,phone,email_or_phone,none}';
	round integer;
BEGIN
	PERFORM setseed(0.7);
	FOR round IN 0 .. 23 LOOP
		DELETE FROM lead;
		INSERT INTO lead (lead_id, created_at, kind, channel, email, company, attributes, merged_into)
		SELECT CASE WHEN random() < 0.03 THEN NULL WHEN random() < 0.1 THEN 'L' || (n - 1 - floor(random() * 5))::text ELSE 'L' || n END,
			CASE WHEN random() < 0.02 THEN NULL WHEN random() < 0.02 THEN 'infinity' WHEN random() < 0.01 THEN timestamptz '1911-01-01'
				ELSE timestamptz '2025-01-01' + floor(random() * 60) * interval '1 day' + floor(random() * 2) * interval '1 microsecond' END,
			(ARRAY['form', 'call', NULL])[1 + floor(random() * 3)::integer], (ARRAY['ads', ' Ads', NULL])[1 + floor(random() * 3)::integer],
			email[1 + floor(random() * cardinality(email))::integer], company[1 + floor(random() * cardinality(company))::integer],
			CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.05 THEN '[1]' ELSE jsonb_build_object('user_agent', agent[1 + floor(random() * cardinality(agent))::integer],
				'phone', phone[1 + floor(random() * cardinality(phone))::integer]) END,
			CASE WHEN random() < 0.1 THEN 'L' || floor(random() * 200)::text END
		FROM generate_series(1, 200) n;
		-- As exports that were loaded twice.
		INSERT INTO lead SELECT * FROM lead WHERE random() < 0.05;
		UPDATE rule SET duplicate_key = key_of[1 + round % 5], duplicate_window = window_of[1 + round % 4],
			test_pattern = CASE round % 7 WHEN 3 THEN NULL WHEN 4 THEN '' WHEN 5 THEN 'T.ST|^kim' ELSE '(^|[.+_-])test[0-9]*@|@test\.|\.(test|invalid)$' END,
			bot_pattern = CASE round % 6 WHEN 2 THEN NULL WHEN 3 THEN 'bot|^$' ELSE '(^|[^u]|[^c]u)bot(\W|$)|^(curl|python)|headless' END,
			internal_pattern = CASE round % 3 WHEN 1 THEN 'internal|ß' WHEN 2 THEN '@y\.' END,
			internal_domains = CASE round % 8 WHEN 0 THEN '{firm.example}' WHEN 1 THEN '{" Firm.Example ",agence-x.fr,"",NULL}' WHEN 2 THEN ARRAY[U&'f\00EFrm.example'] WHEN 3 THEN '{@firm.example}'
				WHEN 4 THEN '{}' WHEN 5 THEN '{"  "}' WHEN 6 THEN ARRAY['.*', 'a|b', E'firm.example\t', '(', 'x'] END::text[],
			counted_kinds = CASE WHEN round % 5 = 4 THEN '{form}'::text[] END,
			placeholder_pattern = CASE WHEN round % 4 <> 3 THEN '^(none|no-?reply)@' END, placeholders = CASE WHEN round % 6 <> 5 THEN '{N/A,other,NULL}'::text[] END;
		WITH plain AS MATERIALIZED
		(
			SELECT lead_id, excluded_reason, duplicate_key, second_key, same_as, count(*) AS n FROM pg_temp.plain_judgement() GROUP BY 1, 2, 3, 4, 5
		), quick AS MATERIALIZED
		(
			SELECT lead_id, excluded_reason, duplicate_key, second_key, same_as, count(*) AS n FROM judged_lead GROUP BY 1, 2, 3, 4, 5
		)
		INSERT INTO judged
		SELECT round, excluded_reason, n, 0 FROM quick
		UNION ALL
		SELECT round, NULL, 0, count(*) FROM (TABLE plain EXCEPT TABLE quick) x
		UNION ALL
		SELECT round, NULL, 0, count(*) FROM (TABLE quick EXCEPT TABLE plain) x;
	END LOOP;
END
$$;
SELECT reason, sum(leads) > 0 AS some, sum(wrong) AS wrong FROM judged GROUP BY reason ORDER BY reason COLLATE "C";
-- In the end every duplicate and merged lead has one that it counts for, which is none itself; counted_lead and lead_record agree on it.
UPDATE rule SET duplicate_key = 'email_or_phone', duplicate_window = NULL;
SELECT count(*) FILTER (WHERE c.duplicate_of IS NOT NULL) > 20 AS many, count(*) FILTER (WHERE (c.duplicate_of IS NOT NULL) <> (c.excluded_reason IN ('duplicate', 'merged')) IS TRUE) AS without,
	count(*) FILTER (WHERE c.duplicate_of IS DISTINCT FROM r.duplicate_of) AS different,
	count(*) FILTER (WHERE c.duplicate_of IS NOT NULL AND NOT EXISTS (SELECT FROM judged_lead s WHERE s.lead_id = c.duplicate_of AND s.same_as IS NULL)) AS not_the_last
FROM counted_lead c
LEFT JOIN lead_record r ON r.record_id = c.lead_id
WHERE c.excluded_reason IS DISTINCT FROM 'repeated_lead_id';

-- Edges, by hand: the window is closed, a run goes on from its last lead, one key for two leads at the same moment, and what is no lead is none before.
DELETE FROM lead;
UPDATE rule SET duplicate_key = 'email', duplicate_window = '10 days', internal_domains = '{firm.example}', test_pattern = DEFAULT, bot_pattern = DEFAULT, internal_pattern = NULL, counted_kinds = NULL,
	placeholder_pattern = DEFAULT, placeholders = DEFAULT;
INSERT INTO lead (lead_id, created_at, email) VALUES ('a1', '2025-01-01', 'a@x.org'), ('a2', '2025-01-11', 'A@x.org '), ('a3', '2025-01-21', 'a@x.org'), ('a4', '2025-01-31 00:00:00.000001', 'a@x.org'),
	('b2', '2025-01-01', 'b@x.org'), ('b1', '2025-01-01', 'b@x.org'), (NULL, '2025-01-01', 'c@x.org'), ('c1', '2025-01-02', 'c@x.org'), ('d1', '2025-01-01', 'd@firm.example'), ('d2', '2025-01-02', 'd@firm.example'),
	('e1', '2025-01-03', 'e@x.org'), ('e1', '2025-01-02', 'f@x.org'), ('e2', '2025-01-04', 'e@x.org'), ('e3', '2025-01-04', 'f@x.org'), ('g1', '2025-01-01', NULL), ('g2', '2025-01-01', NULL);
SELECT lead_id, created_at::date AS day, excluded_reason, same_as, duplicate_of FROM judged_lead ORDER BY lead_id, created_at;

-- An empty rule is an error also without leads.
DELETE FROM lead;
ALTER TABLE rule DISABLE TRIGGER rule_stays;
DELETE FROM rule;
SELECT * FROM judged_lead;
SELECT * FROM counted_lead;
RESET search_path;
DROP FUNCTION pg_temp.plain_judgement;
SELECT lead_kpi.drop_mart('regress_judgement');
