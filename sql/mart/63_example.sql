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
	WHERE m.kind = 'v' AND c.relname IN ('lead', 'stage_event', 'touch', 'spend', 'deal');
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I reads relations of yours: %s', mart, problem),
			HINT = 'Example data goes into a mart with tables of its own: SELECT lead_kpi.create_mart(''example'').';
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.lead) OR EXISTS (SELECT FROM %1$I.stage_event) OR EXISTS (SELECT FROM %1$I.touch)
		OR EXISTS (SELECT FROM %1$I.spend) OR EXISTS (SELECT FROM %1$I.deal)', mart) INTO filled;
	IF filled THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I holds data already', mart),
			HINT = format('Generate into an empty mart, or empty it first: TRUNCATE %1$I.lead, %1$I.stage_event, %1$I.touch, %1$I.spend, %1$I.deal.', mart);
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
		), new_lead AS
		(
			INSERT INTO {mart}.lead (lead_id, created_at, kind, channel, campaign, email, company, attributes)
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
				|| CASE sort WHEN 'bot' THEN '{"user_agent": "ExampleBot/1.0"}' ELSE '{}' END::jsonb
			FROM history
			ORDER BY n
		), new_event AS
		(
			-- Not every step was written down, some leads were handed back, and some notes are no stage.
			INSERT INTO {mart}.stage_event (lead_id, stage, entered_at)
			SELECT lead_id, stage, entered_at
			FROM
			(
				SELECT n, lead_id, e.stage, e.entered_at
				FROM history
				CROSS JOIN LATERAL
				(VALUES
					('mql', CASE WHEN sal_at IS NULL OR lead_kpi.example_uniform($2, 21, n) >= 0.04 THEN mql_at END),
					('sal', CASE WHEN sql_at IS NULL OR lead_kpi.example_uniform($2, 22, n) >= 0.06 THEN sal_at END),
					('mql', CASE WHEN lead_kpi.example_uniform($2, 23, n) < 0.02 THEN sal_at + interval '3 days' END),
					('sql', sql_at),
					('opportunity', opportunity_at)
				) AS r(role, entered_at)
				JOIN {mart}.stage s USING (role)
				CROSS JOIN LATERAL (VALUES (s.stage, r.entered_at)) AS e(stage, entered_at)
				WHERE is_mql
				UNION ALL
				SELECT n, lead_id, 'demo done', mql_at + interval '1 day' FROM history WHERE is_mql AND n % 97 = 3
				UNION ALL
				SELECT n, {key -n}, (SELECT stage FROM {mart}.stage WHERE role = 'mql'), mql_at FROM history WHERE n % 1009 = 500
			) e
			WHERE entered_at < $6
			ORDER BY n, entered_at, stage
		), new_deal AS
		(
			INSERT INTO {mart}.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
			SELECT format('D%s', n), lead_id, opportunity_at,
				CASE WHEN close_at < $6 THEN close_at END,
				close_at < $6 AND is_winner,
				CASE WHEN n % 113 <> 50 THEN round((deal_size * exp(0.5 * lead_kpi.example_normal($2, 24, n)))::numeric, 2) END
			FROM history
			WHERE opportunity_at < $6
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
	USING leads, seed, first_day, campaign_share, day_share, (last_day + 1)::timestamptz;

	-- Money follows the leads it was meant to buy; a credit note each quarter, and a misspelt channel twice.
	EXECUTE replace($sql$
		INSERT INTO {mart}.spend (spent_on, channel, campaign, amount)
		SELECT spent_on, channel, campaign, amount
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
		UPDATE %I.rule SET gross_margin = coalesce(gross_margin, 0.7), internal_domains = coalesce(internal_domains, '{ourcompany.example}')
	$sql$, mart);
	EXECUTE format('ANALYZE %1$I.lead, %1$I.stage_event, %1$I.touch, %1$I.spend, %1$I.deal', mart);
END;
$$;
COMMENT ON FUNCTION generate_example(name, bigint, bigint) IS
'Fills an empty mart that has tables of its own with the given number of leads of a made-up B2B company, July 2024 to December 2025, with stage '
'history, touches, spend and deals, and a small share of dirty data. The same seed gives the same rows on every server. Sets rule.gross_margin to '
'0.7 and rule.internal_domains to ourcompany.example where they are NULL, and the families inbound, outbound and partner of its channels where they '
'have none.';
