-- Example data: a year and a half of a made-up B2B company's leads, the same rows for the same seed everywhere.

CREATE FUNCTION example_uniform(seed bigint, stream integer, n bigint)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(n, hashint8extended(stream, seed)) & 9007199254740991)::float8 + 0.5) / 9007199254740992;
COMMENT ON FUNCTION example_uniform(bigint, integer, bigint) IS
'A number between 0 and 1 (exclusive) that looks random and is fixed by seed, stream and n. Internal to generate_example.';

CREATE FUNCTION example_normal(seed bigint, stream integer, n bigint)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(example_uniform(seed, stream, n))) * cos(2 * pi() * example_uniform(seed, stream + 1000, n));
COMMENT ON FUNCTION example_normal(bigint, integer, bigint) IS
'A standard normal number by Box and Muller, fixed by seed, stream and n. Internal to generate_example.';

CREATE FUNCTION example_days(seed bigint, stream integer, n bigint, median float8, spread float8)
RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN make_interval(secs => round(86400 * median * exp(spread * example_normal(seed, stream, n))));
COMMENT ON FUNCTION example_days(bigint, integer, bigint, float8, float8) IS
'A log-normal duration in whole seconds around a median in days, fixed by seed, stream and n. Internal to generate_example.';

-- What the company does: where its leads come from, what they cost and what becomes of them.
CREATE FUNCTION example_campaigns()
RETURNS TABLE
(
	number bigint, channel text, campaign text, kind text, weight float8, cost_per_lead float8,
	to_mql float8, to_sal float8, to_sql float8, to_opportunity float8, to_won float8, deal_size float8
)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12
BEGIN ATOMIC
	SELECT row_number() OVER (), c.*
	FROM
	(VALUES
		('organic_search', NULL, 'form', 18, NULL, 0.36, 0.64, 0.60, 0.56, 0.38, 8500),
		('paid_social', 'lookalike', 'download', 16, 24, 0.24, 0.46, 0.50, 0.48, 0.22, 6500),
		('paid_search', 'generic', 'form', 14, 62, 0.36, 0.62, 0.58, 0.54, 0.33, 8500),
		('content', 'white_paper', 'download', 11, 18, 0.27, 0.50, 0.52, 0.50, 0.30, 8000),
		('email', 'newsletter', 'campaign_reply', 9, 6, 0.33, 0.60, 0.58, 0.54, 0.34, 7500),
		('paid_search', 'brand', 'demo_request', 8, 38, 0.50, 0.72, 0.66, 0.60, 0.42, 9000),
		('direct', NULL, 'demo_request', 8, NULL, 0.42, 0.68, 0.62, 0.58, 0.40, 9000),
		('webinar', 'monthly_webinar', 'sign_up', 7, 27, 0.40, 0.64, 0.58, 0.54, 0.32, 9000),
		('paid_social', 'retargeting', 'form', 7, 31, 0.34, 0.56, 0.54, 0.50, 0.28, 7000),
		('outbound', 'sdr_sequence', 'campaign_reply', 6, 95, 0.54, 0.74, 0.68, 0.62, 0.36, 16000),
		('event', 'trade_fair', 'badge_scan', 5, 145, 0.52, 0.72, 0.66, 0.60, 0.38, 14000),
		('partner', 'referral_programme', 'referral', 4, 80, 0.58, 0.80, 0.72, 0.66, 0.46, 15000)
	) AS c(channel, campaign, kind, weight, cost_per_lead, to_mql, to_sal, to_sql, to_opportunity, to_won, deal_size);
END;
COMMENT ON FUNCTION example_campaigns() IS
'The campaigns of generate_example: relative volume, cost per lead (NULL = free), step rates and median deal size. Cheap leads are not the cheap customers.';

CREATE FUNCTION generate_example(mart name, leads bigint, seed bigint DEFAULT 1)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
AS $$
DECLARE
	first_day CONSTANT date := '2024-07-01';
	last_day CONSTANT date := '2025-12-31';
	day_share float8[];			-- running share of leads up to each day
	campaign_share float8[];	-- running share of leads up to each campaign
	-- The last two do outbound.
	people CONSTANT text[] := '{Alice Martin,Bruno Keller,Chloe Bernard,David Novak,Emma Rossi,Farid Benali,Hugo Lambert,Ines Moreau}';
	problem text;
	key text;
	filled boolean;
BEGIN
	IF mart IS NULL OR leads IS NULL OR seed IS NULL OR leads < 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = CASE WHEN leads < 0 THEN 'invalid_parameter_value' ELSE 'null_value_not_allowed' END,
			MESSAGE = format('cannot generate %s leads with seed %s in mart %s',
				coalesce(leads::text, 'NULL'), coalesce(seed::text, 'NULL'), coalesce(quote_ident(mart), 'NULL')),
			HINT = 'Write for example SELECT lead_kpi.generate_example(''kpi'', 100000, 1).';
	END IF;
	IF NOT lead_kpi.is_mart(mart) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_schema_name',
			MESSAGE = format('%I is not a mart', mart),
			HINT = format('Make it first: SELECT lead_kpi.create_mart(%L).', mart);
	END IF;
	SELECT string_agg(member::text, ', ' ORDER BY member::text) INTO problem
	FROM lead_kpi.mart_members(mart) m
	JOIN pg_class c ON c.oid = m.member
	WHERE m.kind = 'v' AND c.relname IN ('lead', 'stage_event', 'touch', 'spend', 'deal', 'activity', 'deal_change', 'target', 'currency_rate');
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I reads relations of yours: %s', mart, problem),
			HINT = 'Example data goes into a mart with tables of its own: SELECT lead_kpi.create_mart(''example'').';
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.lead) OR EXISTS (SELECT FROM %1$I.stage_event) OR EXISTS (SELECT FROM %1$I.touch)
		OR EXISTS (SELECT FROM %1$I.spend) OR EXISTS (SELECT FROM %1$I.deal) OR EXISTS (SELECT FROM %1$I.activity)
		OR EXISTS (SELECT FROM %1$I.deal_change) OR EXISTS (SELECT FROM %1$I.target)', mart) INTO filled;
	IF filled THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I holds data already', mart),
			HINT = format('Generate into an empty mart, or empty it first: TRUNCATE %1$I.lead, %1$I.stage_event, %1$I.touch, %1$I.spend, %1$I.deal, '
				'%1$I.activity, %1$I.deal_change, %1$I.target.', mart);
	END IF;

	-- More leads on weekdays, fewer in August and over Christmas, and a company that grows by half.
	SELECT array_agg(share ORDER BY day) INTO day_share
	FROM
	(
		SELECT day, sum(weight) OVER (ORDER BY day) / sum(weight) OVER () AS share
		FROM
		(
			SELECT d AS day,
				CASE WHEN extract(isodow FROM first_day + d) > 5 THEN 0.25 ELSE 1 END
				* CASE extract(month FROM first_day + d) WHEN 8 THEN 0.6 WHEN 12 THEN 0.75 ELSE 1 END
				* (1 + 0.5::float8 * d / (last_day - first_day)) AS weight
			FROM generate_series(0, last_day - first_day) d
		) w
	) s;
	SELECT array_agg(share ORDER BY number) INTO campaign_share
	FROM (SELECT number, sum(weight) OVER (ORDER BY number) / sum(weight) OVER () AS share FROM lead_kpi.example_campaigns()) s;

	SELECT CASE format_type(atttypid, NULL)
			WHEN 'bigint' THEN '(%s)::bigint'
			WHEN 'uuid' THEN 'md5(''lead '' || (%s))::uuid'
			ELSE '''L'' || lpad((%s)::text, 8, ''0'')'
		END
	INTO key
	FROM pg_attribute
	WHERE attrelid = to_regclass(format('%I.lead', mart)) AND attname = 'lead_id';

	-- The mart may be somebody else's: nothing in it is found by name, but the relations that are named with it.
	EXECUTE replace(replace(replace($sql$
		WITH person AS MATERIALIZED
		(
			-- Some rows are a lead that came again (they copy who), some are tests, colleagues and bots.
			SELECT n, who, width_bucket(lead_kpi.example_uniform($2, 1, n), $4) + 1 AS campaign_number,
				CASE WHEN who <> n THEN 'again' WHEN n % 199 = 11 THEN 'test' WHEN n % 211 = 13 THEN 'internal' WHEN n % 149 = 17 THEN 'bot'
					ELSE 'real' END AS sort,
				least(($3 + width_bucket(lead_kpi.example_uniform($2, 2, who), $5))::timestamptz
					+ make_interval(secs => round(3600 * (7 + 12 * lead_kpi.example_uniform($2, 3, who))))
					+ CASE WHEN who <> n THEN make_interval(mins => 10 + floor(28000 * lead_kpi.example_uniform($2, 4, n))::integer) ELSE '0' END,
					$6 - interval '1 hour') AS created_at,
				floor(4 * power(lead_kpi.example_uniform($2, 5, n), 1.5))::integer AS earlier_touches,
				(ARRAY['manufacturing', 'software', 'retail', 'health', 'logistics'])[1 + floor(5 * lead_kpi.example_uniform($2, 6, who))::integer] AS industry,
				(ARRAY['director', 'manager', 'manager', 'specialist', 'specialist',
					'student'])[1 + floor(6 * lead_kpi.example_uniform($2, 7, who))::integer] AS job,
				(ARRAY['FR', 'FR', 'FR', 'DE', 'BE', 'CH', 'GB'])[1 + floor(7 * lead_kpi.example_uniform($2, 8, who))::integer] AS country,
				round(exp(4.5 + 1.2 * lead_kpi.example_normal($2, 9, who)))::integer AS employees,
				1 + floor($1 / 3.0 * lead_kpi.example_uniform($2, 10, who))::integer AS company_number
			FROM (SELECT n, CASE WHEN n % 61 = 7 THEN n - 3 ELSE n END AS who FROM generate_series(1::bigint, $1) n) i
		), fate AS
		(
			-- How far the lead gets: its campaign's rates, better where it fits, and paid social diluted in the last half year.
			SELECT p.*, c.channel, c.campaign, c.kind, c.deal_size, c.to_won,
				-- Outbound has people of its own; some leads are nobody's.
				CASE WHEN c.channel = 'outbound' THEN ($7)[7 + floor(2.07 * lead_kpi.example_uniform($2, 31, who))::integer]
					ELSE (($7)[1:6])[1 + floor(6.2 * lead_kpi.example_uniform($2, 31, who))::integer] END AS owner,
				CASE WHEN lead_kpi.example_uniform($2, 32, who) < 0.95 THEN 'A' || company_number END AS account,
				p.sort = 'real' AND lead_kpi.example_uniform($2, 11, n) < c.to_mql
					* CASE job WHEN 'director' THEN 1.3 WHEN 'manager' THEN 1.1 WHEN 'specialist' THEN 0.95 ELSE 0.5 END
					* CASE WHEN employees BETWEEN 50 AND 1000 THEN 1.1 ELSE 0.85 END
					* CASE WHEN c.channel = 'paid_social' AND p.created_at >= '2025-07-01' THEN 0.7 ELSE 1 END AS is_mql,
				lead_kpi.example_uniform($2, 12, n) < c.to_sal AS is_sal,
				lead_kpi.example_uniform($2, 13, n) < c.to_sql AS is_sql,
				lead_kpi.example_uniform($2, 14, n) < c.to_opportunity AS is_opportunity,
				CASE WHEN n % 331 = 21 THEN p.created_at - interval '2 days'
					ELSE p.created_at + lead_kpi.example_days($2, 15, n, 4, 0.9) END AS mql_at
			FROM person p JOIN lead_kpi.example_campaigns() c ON c.number = p.campaign_number
		), history AS MATERIALIZED
		(
			SELECT f.*, {key n} AS lead_id, sal_at, sql_at, opportunity_at,
				opportunity_at + lead_kpi.example_days($2, 19, n, CASE WHEN is_winner THEN 35 ELSE 28 END, 0.6) AS close_at, is_winner
			FROM fate f
			CROSS JOIN LATERAL (SELECT CASE WHEN is_mql AND is_sal THEN mql_at + lead_kpi.example_days($2, 16, n, 2, 0.7) END AS sal_at) a
			CROSS JOIN LATERAL (SELECT CASE WHEN is_sql THEN sal_at + lead_kpi.example_days($2, 17, n, 6, 0.8) END AS sql_at) q
			CROSS JOIN LATERAL (SELECT CASE WHEN is_opportunity THEN sql_at + lead_kpi.example_days($2, 18, n, 9, 0.7) END AS opportunity_at,
				lead_kpi.example_uniform($2, 20, n) < to_won AS is_winner) o
		), deal_row AS MATERIALIZED
		(
			-- Some are in another currency, worth the same.
			SELECT n, format('D%s', n) AS deal_id, lead_id, owner, account, opportunity_at, close_at, is_winner,
				CASE WHEN n % 113 <> 50 THEN round((deal_size * exp(0.5 * lead_kpi.example_normal($2, 24, n)))::numeric, 2)
					* CASE WHEN n % 17 = 4 THEN 10 ELSE 1 END END AS amount,
				CASE WHEN n % 17 = 4 THEN 'SEK' END AS currency,
				CASE WHEN n % 11 <> 2 THEN (opportunity_at + lead_kpi.example_days($2, 63, n, 32, 0.5))::date END AS expected_close
			FROM history
			WHERE opportunity_at < $6
		), known AS MATERIALIZED
		(
			-- Nothing is done after the last of what was there before activities were: up to then the data is observed.
			SELECT max(happened_at) AS known_until
			FROM history CROSS JOIN LATERAL (VALUES (created_at), (sql_at), (opportunity_at), (CASE WHEN opportunity_at < $6 THEN close_at END)) t(happened_at)
			WHERE happened_at < $6
		), work AS MATERIALIZED
		(
			-- Who asks for a demo is called soon, who downloads a paper later, and one of the team answers nobody soon. Some are never tried.
			SELECT n, lead_id, owner, created_at, sal_at, sql_at, is_mql, is_reached,
				created_at + lead_kpi.example_days($2, 33, n, CASE kind WHEN 'demo_request' THEN 0.02 WHEN 'form' THEN 0.05 WHEN 'referral' THEN 0.05
					WHEN 'campaign_reply' THEN 0.08 WHEN 'sign_up' THEN 0.25 WHEN 'badge_scan' THEN 0.4 ELSE 0.8 END
					* CASE owner WHEN 'Emma Rossi' THEN 5 ELSE 1 END, 1.1) AS first_at,
				1 + least(floor(ln(lead_kpi.example_uniform($2, 34, n)) / ln(0.5)), 5)::integer AS tries, lead_kpi.example_uniform($2, 35, n) AS luck
			FROM
			(
				SELECT *, sal_at IS NOT NULL OR lead_kpi.example_uniform($2, 36, n) < 0.35 AS is_reached
				FROM history
				WHERE sort = 'real' AND (sal_at IS NOT NULL OR lead_kpi.example_uniform($2, 37, n) >= 0.1)
			) h
		), attempt AS MATERIALIZED
		(
			-- Nights and weekends wait for the next morning, mostly; what led to the acceptance of the lead was before it.
			SELECT n, lead_id, owner, sal_at, sql_at, is_mql, j, tries, luck, is_reached AND j = tries AS is_contact,
				CASE WHEN sal_at > created_at THEN least(at, date_trunc('second', created_at + (sal_at - created_at) * (0.3 + 0.6 * j / tries)))
					ELSE at END AS activity_at
			FROM
			(
				SELECT *, CASE WHEN luck < 0.06 OR day = raw_at::date AND date_part('hour', raw_at) >= 9 THEN raw_at
					ELSE day + make_interval(mins => 530 + 10 * j + floor(110 * luck)::integer) END AS at
				FROM
				(
					SELECT *, day_at + CASE (day_at - $3) % 7 WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END AS day
					FROM
					(
						SELECT *, raw_at::date + (date_part('hour', raw_at) >= 18)::integer AS day_at
						FROM (SELECT w.*, j, first_at + (j - 1) * make_interval(hours => 20, mins => floor(2400 * luck)::integer) AS raw_at
							FROM work w CROSS JOIN LATERAL generate_series(1, tries) j OFFSET 0) r
						OFFSET 0
					) r
					OFFSET 0
				) r
				OFFSET 0
			) r
		), met AS MATERIALIZED
		(
			-- Who was qualified was met between acceptance and then; some others were met as well. Fewer come of late.
			SELECT n, lead_id, owner, activity_at, sql_at, is_timed, first_slot, second_slot,
				CASE WHEN fate < CASE WHEN first_slot >= '2025-11-01' THEN 0.37 ELSE 0.21 END THEN 'no show' WHEN fate < 0.45 THEN 'moved'
					WHEN fate < 0.6 AND NOT is_timed THEN 'cancelled' ELSE 'held' END AS outcome
			FROM
			(
				SELECT *, lead_kpi.example_uniform($2, 41, n) AS fate
				FROM
				(
					SELECT n, lead_id, owner, activity_at, sal_at, sql_at, is_timed,
						CASE WHEN is_timed AND (slot < sal_at OR slot >= sal_at + 0.6 * (sql_at - sal_at)) THEN date_trunc('second', first_raw)
							ELSE slot END AS first_slot,
						CASE WHEN is_timed THEN date_trunc('second', sal_at + 0.85 * (sql_at - sal_at)) ELSE slot + interval '7 days' END AS second_slot
					FROM
					(
						SELECT *, day + CASE (day - $3) % 7 WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END
							+ make_interval(mins => 570 + 30 * floor(15 * lead_kpi.example_uniform($2, 42, n))::integer) AS slot
						FROM
						(
							SELECT *, first_raw::date AS day
							FROM
							(
								SELECT *, CASE WHEN is_timed THEN sal_at + 0.35 * (sql_at - sal_at)
									ELSE activity_at + lead_kpi.example_days($2, 40, n, 4, 0.6) + interval '1 day' END AS first_raw
								FROM (SELECT *, (sql_at > sal_at AND sal_at >= activity_at) IS TRUE AS is_timed FROM attempt WHERE is_contact OFFSET 0) c
								WHERE is_timed OR luck < CASE WHEN sal_at IS NOT NULL THEN 0.45 ELSE 0.1 END
								OFFSET 0
							) c
							OFFSET 0
						) c
						OFFSET 0
					) c
					OFFSET 0
				) c
				OFFSET 0
			) c
		), new_activity AS
		(
			INSERT INTO {mart}.activity (lead_id, activity_at, kind, outcome, owner, scheduled_for)
			SELECT lead_id, activity_at, kind, outcome, owner, scheduled_for
			FROM
			(
				SELECT n, lead_id, activity_at, CASE WHEN n % 4 = 1 THEN 'mail' ELSE 'call' END AS kind,
					CASE
						WHEN is_contact THEN CASE WHEN n % 4 = 1 THEN 'reply' WHEN is_mql OR luck < 0.5 THEN 'reached' ELSE 'not interested' END
						WHEN n % 4 = 1 THEN 'sent'
						WHEN (n + j) % 3 = 0 THEN 'voicemail'
						ELSE 'no answer'
					END AS outcome, owner, NULL::timestamptz AS scheduled_for
				FROM attempt
				UNION ALL
				SELECT n, lead_id, a.activity_at, 'meeting', a.outcome, owner, a.slot
				FROM met m
				CROSS JOIN LATERAL
				(VALUES
					('booked', m.activity_at + interval '4 minutes', first_slot),
					('held', CASE WHEN outcome = 'held' THEN least(first_slot + interval '45 minutes', CASE WHEN is_timed THEN sql_at END) END, first_slot),
					('no show', CASE WHEN outcome = 'no show' THEN first_slot + interval '15 minutes' END, first_slot),
					('booked', CASE WHEN outcome = 'no show' AND (is_timed OR n % 5 < 2) THEN date_trunc('second', least(first_slot + interval '1 day',
						first_slot + 0.5 * (second_slot - first_slot))) END, second_slot),
					('moved', CASE WHEN outcome = 'moved' THEN date_trunc('second', greatest(first_slot - interval '4 hours',
						m.activity_at + 0.5 * (first_slot - m.activity_at))) END, second_slot),
					('cancelled', CASE WHEN outcome = 'cancelled' THEN date_trunc('second', greatest(first_slot - interval '1 day',
						m.activity_at + 0.5 * (first_slot - m.activity_at))) END, first_slot),
					('held', CASE WHEN outcome = 'moved' OR outcome = 'no show' AND (is_timed OR n % 5 < 2)
						THEN least(second_slot + interval '45 minutes', CASE WHEN is_timed THEN sql_at END) END, second_slot)
				) AS a(outcome, activity_at, slot)
				UNION ALL
				-- Not written by anybody to anybody.
				SELECT n, lead_id, created_at + interval '9 days', 'newsletter', NULL, NULL, NULL FROM history WHERE sort = 'real' AND n % 6 = 2
			) a
			WHERE activity_at <= (SELECT known_until FROM known)
			ORDER BY n, activity_at, outcome
		), new_change AS
		(
			-- What a part of the deals was before: worth more or less, and expected sooner.
			INSERT INTO {mart}.deal_change (deal_id, changed_at, stage, amount, expected_close)
			SELECT deal_id, changed_at, c.stage, round(amount * c.factor, 2), c.expected_close
			FROM (SELECT *, least(close_at, $6) AS until FROM deal_row WHERE n % 3 = 1) d
			CROSS JOIN LATERAL
			(VALUES
				(1, opportunity_at, 'discovery', CASE n % 5 WHEN 1 THEN 1.2 WHEN 2 THEN 0.9 ELSE 1 END, expected_close - 14),
				(2, date_trunc('second', opportunity_at + 0.4 * (until - opportunity_at)), 'proposal', CASE n % 5 WHEN 1 THEN 1.2 ELSE 1 END,
					expected_close - 14 * (n % 2)::integer),
				(3, date_trunc('second', opportunity_at + 0.7 * (until - opportunity_at)), 'negotiation', 1, expected_close)
			) AS c(number, changed_at, stage, factor, expected_close)
			ORDER BY n, c.number
		), new_lead AS
		(
			INSERT INTO {mart}.lead (lead_id, created_at, kind, channel, campaign, email, company, attributes, owner, account)
			SELECT lead_id, created_at, kind,
				CASE WHEN n % 127 <> 5 THEN channel END,
				CASE WHEN n % 127 <> 5 THEN campaign END,
				CASE sort
					WHEN 'test' THEN format('test%s@company%s.example', n, company_number)
					WHEN 'internal' THEN format('colleague%s@ourcompany.example', n)
					WHEN 'again' THEN format('Contact.%s+again@company%s.example', who, company_number)
					ELSE format('contact.%s@company%s.example', who, company_number)
				END,
				format('Company %s', company_number),
				jsonb_build_object('industry', industry, 'employees', employees, 'country', country, 'job', job)
				|| CASE sort WHEN 'bot' THEN '{"user_agent": "ExampleBot/1.0"}' ELSE '{}' END::jsonb,
				owner, account
			FROM history
			ORDER BY n
		), new_event AS
		(
			-- Not every step was written down, some leads were handed back, and some notes are no stage.
			INSERT INTO {mart}.stage_event (lead_id, stage, entered_at, reason, owner)
			SELECT lead_id, stage, entered_at, reason, owner
			FROM
			(
				SELECT n, lead_id, e.stage, e.entered_at, e.reason, owner
				FROM history
				CROSS JOIN LATERAL
				(VALUES
					('mql', CASE WHEN sal_at IS NULL OR lead_kpi.example_uniform($2, 21, n) >= 0.04 THEN mql_at END, NULL),
					('sal', CASE WHEN sql_at IS NULL OR lead_kpi.example_uniform($2, 22, n) >= 0.06 THEN sal_at END, NULL),
					('mql', CASE WHEN lead_kpi.example_uniform($2, 23, n) < 0.02 THEN sal_at + interval '3 days' END,
						('{not ready,no budget,not ready,no answer}'::text[])[1 + n % 4]),
					('sql', sql_at, NULL),
					('opportunity', opportunity_at, NULL)
				) AS r(role, entered_at, reason)
				JOIN {mart}.stage s USING (role)
				CROSS JOIN LATERAL (VALUES (s.stage, r.entered_at, r.reason)) AS e(stage, entered_at, reason)
				WHERE is_mql
				UNION ALL
				-- Where the ladder has an exit, most of those that sales refuse or do not qualify leave by it.
				SELECT n, lead_id, x.stage, coalesce(sal_at, mql_at) + lead_kpi.example_days($2, 51, n, 9, 0.7),
					(CASE WHEN sal_at IS NULL
						THEN '{no budget,no need,not reachable,wrong contact,no need,"",not reachable,wrong contact,competitor}'::text[]
						ELSE '{no budget,no budget,competitor,no need,no budget,competitor,"",not reachable,no need}'::text[]
					END)[1 + floor(9 * lead_kpi.example_uniform($2, 52, n))::integer], owner
				FROM history
				CROSS JOIN (SELECT stage FROM {mart}.stage WHERE role = 'lost' ORDER BY position LIMIT 1) x
				WHERE is_mql AND sql_at IS NULL AND lead_kpi.example_uniform($2, 53, n) < 0.85
				UNION ALL
				SELECT n, lead_id, 'demo done', mql_at + interval '1 day', NULL, owner FROM history WHERE is_mql AND n % 97 = 3
				UNION ALL
				SELECT n, {key -n}, (SELECT stage FROM {mart}.stage WHERE role = 'mql'), mql_at, NULL, NULL FROM history WHERE n % 1009 = 500
			) e
			WHERE entered_at < $6
			ORDER BY n, entered_at, stage
		), new_deal AS
		(
			INSERT INTO {mart}.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner, account, expected_close, reason, currency)
			SELECT deal_id, lead_id, opportunity_at,
				CASE WHEN close_at < $6 THEN close_at END,
				close_at < $6 AND is_winner,
				amount,
				CASE WHEN lead_kpi.example_uniform($2, 61, n) < 0.85 THEN owner ELSE ($7)[1 + n % 6] END,
				account, expected_close,
				CASE
					WHEN close_at >= $6 THEN NULL
					WHEN is_winner THEN ('{price,service,fit,reference,"",fit}'::text[])[1 + floor(6 * lead_kpi.example_uniform($2, 62, n))::integer]
					ELSE ('{price,price,price,competitor,competitor,no decision,no decision,timing,""}'::text[])[1 + floor(9
						* lead_kpi.example_uniform($2, 62, n))::integer]
				END,
				currency
			FROM deal_row
			ORDER BY n
		)
		INSERT INTO {mart}.touch (lead_id, touched_at, channel, campaign, kind)
		SELECT lead_id, touched_at, channel, campaign, kind
		FROM
		(
			-- What led to the lead (the last touch is the one that made it), and the mails that followed.
			SELECT h.n, h.lead_id, h.created_at - lead_kpi.example_days($2, 25, 8 * h.n + j, 6 * j, 0.5) AS touched_at, c.channel, c.campaign, 'visit' AS kind
			FROM history h
			CROSS JOIN LATERAL generate_series(1, h.earlier_touches) j
			JOIN lead_kpi.example_campaigns() c ON c.number = width_bucket(lead_kpi.example_uniform($2, 26, 8 * h.n + j), $4) + 1
			UNION ALL
			SELECT n, lead_id, created_at, CASE WHEN n % 127 <> 5 THEN channel END, CASE WHEN n % 127 <> 5 THEN campaign END, kind
			FROM history
			UNION ALL
			SELECT h.n, h.lead_id, date_trunc('second', h.created_at + (h.mql_at - h.created_at) * j / 3), 'email', 'nurture', 'click'
			FROM history h
			CROSS JOIN LATERAL generate_series(1, 2) j
			WHERE h.is_mql AND h.mql_at > h.created_at
		) t
		WHERE touched_at < $6
		ORDER BY n, touched_at, channel
	$sql$, '{key n}', format(key, 'n')), '{key -n}', format(key, '-n')), '{mart}', quote_ident(mart))
	USING leads, seed, first_day, campaign_share, day_share, (last_day + 1)::timestamptz, people;

	-- Money follows the leads it was meant to buy; a credit note each quarter, and a misspelt channel twice.
	EXECUTE replace($sql$
		INSERT INTO {mart}.spend (spent_on, channel, campaign, amount, currency)
		SELECT spent_on, channel, campaign, amount * CASE campaign WHEN 'trade_fair' THEN 10 ELSE 1 END, CASE campaign WHEN 'trade_fair' THEN 'SEK' END
		FROM
		(
			SELECT $3 + d - 1 AS spent_on, c.channel, c.campaign,
				round(($1 * ($5[d] - coalesce($5[d - 1], 0)) * ($4[c.number] - coalesce($4[c.number - 1], 0)) * c.cost_per_lead
					* (0.85 + 0.3 * lead_kpi.example_uniform($2, 27, d * 100 + c.number)))::numeric, 2) AS amount
			FROM generate_series(1, cardinality($5)) d, lead_kpi.example_campaigns() c
			WHERE c.cost_per_lead IS NOT NULL AND $1 > 0
			UNION ALL
			SELECT ($3 + make_interval(months => 3 * q))::date, 'paid_search', 'generic', round(-0.002 * $1, 2)
			FROM generate_series(1, 5) q
			WHERE $1 > 0
			UNION ALL
			SELECT ($3 + make_interval(months => 4 * q))::date, 'Paid Search', 'brand', round(0.01 * $1, 2)
			FROM generate_series(1, 2) q
			WHERE $1 > 0
		) s
		ORDER BY spent_on, channel, campaign, amount
	$sql$, '{mart}', quote_ident(mart))
	USING leads, seed, first_day, campaign_share, day_share;

	EXECUTE format($sql$
		INSERT INTO %I.channel_family
		SELECT DISTINCT channel, CASE channel WHEN 'outbound' THEN 'outbound' WHEN 'partner' THEN 'partner' ELSE 'inbound' END
		FROM lead_kpi.example_campaigns()
		ON CONFLICT DO NOTHING
	$sql$, mart);
	EXECUTE format($sql$
		UPDATE %I.rule SET gross_margin = coalesce(gross_margin, 0.7), internal_domains = coalesce(internal_domains, '{ourcompany.example}'),
			currency = coalesce(currency, 'EUR'),
			-- Of France.
			holidays = coalesce(holidays, '{2024-01-01,2024-04-01,2024-05-01,2024-05-08,2024-05-09,2024-05-20,2024-07-14,2024-08-15,2024-11-01,2024-11-11,'
				'2024-12-25,2025-01-01,2025-04-21,2025-05-01,2025-05-08,2025-05-29,2025-06-09,2025-07-14,2025-08-15,2025-11-01,2025-11-11,2025-12-25}')
	$sql$, mart);
	EXECUTE format($sql$
		INSERT INTO %1$I.currency_rate (currency, valid_from, rate)
		SELECT 'SEK', '2024-01-01', 0.1
		WHERE NOT EXISTS (SELECT FROM %1$I.currency_rate WHERE upper(btrim(currency)) = 'SEK')
	$sql$, mart);
	EXECUTE format($sql$
		INSERT INTO %I.activity_meaning (kind, outcome, meaning)
		VALUES ('call', 'no answer', 'attempt'), ('call', 'voicemail', 'attempt'), ('call', 'reached', 'contact'), ('call', 'not interested', 'contact'),
			('mail', 'sent', 'attempt'), ('mail', 'reply', 'contact'), ('meeting', 'booked', 'meeting_booked'), ('meeting', 'held', 'meeting_held'),
			('meeting', 'no show', 'no_show'), ('meeting', 'moved', 'moved'), ('meeting', 'cancelled', 'cancelled'), ('newsletter', '', 'none')
		ON CONFLICT DO NOTHING
	$sql$, mart);

	-- Targets of all, of some channels and of some people: what such a company brings about, give or take a sixth.
	EXECUTE replace($sql$
		INSERT INTO {mart}.target (starts_on, ends_on, measure, channel, owner, value)
		SELECT starts_on, (starts_on + make_interval(months => months))::date - 1, measure, channel, owner,
			round($1 / 18.0 * months * per_lead * (0.85 + 0.3 * lead_kpi.example_uniform($2, 71, row_number() OVER (ORDER BY number, starts_on)))::numeric
				* (0.83 + 0.33 * (starts_on - $3) / 549.0), CASE measure WHEN 'revenue' THEN -3 ELSE 0 END)
		FROM
		(VALUES
			(1, 1, 'leads', NULL, NULL, 0.96), (2, 1, 'mql', NULL, NULL, 0.33), (3, 1, 'sal', NULL, NULL, 0.2), (4, 1, 'sql', NULL, NULL, 0.12),
			(5, 1, 'opportunities', NULL, NULL, 0.065), (6, 1, 'won', NULL, NULL, 0.021), (7, 1, 'revenue', NULL, NULL, 220),
			(8, 1, 'meetings_held', NULL, NULL, 0.17),
			(9, 3, 'mql', NULL, NULL, 0.34), (10, 3, 'opportunities', NULL, NULL, 0.067), (11, 3, 'won', NULL, NULL, 0.022),
			(12, 3, 'revenue', NULL, NULL, 230),
			(13, 3, 'leads', 'paid_search', NULL, 0.19), (14, 3, 'sql', 'paid_search', NULL, 0.028), (15, 3, 'opportunities', 'outbound', NULL, 0.007),
			(16, 3, 'revenue', 'partner', NULL, 39), (17, 3, 'sql', NULL, 'Alice Martin', 0.018), (18, 3, 'won', NULL, 'Alice Martin', 0.0033),
			(19, 3, 'won', NULL, 'Emma Rossi', 0.0033), (20, 3, 'meetings_held', NULL, 'Ines Moreau', 0.009)
		) t(number, months, measure, channel, owner, per_lead)
		CROSS JOIN LATERAL generate_series('2025-01-01'::timestamp, CASE months WHEN 1 THEN '2025-12-01' ELSE '2026-01-01' END::timestamp,
			make_interval(months => months)) s(started)
		CROSS JOIN LATERAL (SELECT started::date AS starts_on) d
		WHERE $1 > 0
		ORDER BY number, starts_on
	$sql$, '{mart}', quote_ident(mart))
	USING leads, seed, first_day;
	EXECUTE format('ANALYZE %1$I.lead, %1$I.stage_event, %1$I.touch, %1$I.spend, %1$I.deal, %1$I.activity, %1$I.deal_change, %1$I.target', mart);
END;
$$;
COMMENT ON FUNCTION generate_example(name, bigint, bigint) IS
'Fills an empty mart that has tables of its own with the given number of leads of a made-up B2B company, July 2024 to December 2025, with stage '
'history, touches, spend and deals, owners, calls, mails and meetings, reasons, changes of deals and targets, and a small share of dirty data; some '
'money is in SEK, and where the ladder has a stage with role lost leads leave by it. The same seed gives the same rows on every server. Sets '
'rule.gross_margin to 0.7, rule.internal_domains to ourcompany.example, rule.currency to EUR and rule.holidays to those of France where they are NULL, '
'a rate of SEK, the families inbound, outbound and partner of its channels, and the meanings of its activities where they have none.';
