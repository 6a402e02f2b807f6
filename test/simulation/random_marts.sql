-- Random marts, clean and dirty, and every sum that must be kept in each. test/t/071_random_marts.pl plays them:
--     CALL play_random_marts(first, last, step);
-- after random_sales.sql. What is not right goes to the table failure, with the seed: CALL play_random_marts(SEED, SEED, 1) plays one again.
SET client_min_messages = warning;
SET search_path = public, lead_kpi;

CREATE TABLE failure (seed integer, what text, detail text);
CREATE TABLE played (seed integer, mart text, is_dirty boolean, leads bigint, counted bigint, seconds float8);

-- Who wants the functions only says so.
\if :{?without_marts}
\else
-- Two marts of each key type, so that two sessions do not wait for each other, and two over mapped relations with days.
DO $$
DECLARE
	part integer;
	key text;
BEGIN
	FOR part IN 0 .. 1 LOOP
		FOREACH key IN ARRAY '{bigint,uuid,text}'::text[] LOOP
			PERFORM create_mart(format('random_%s_%s', key, part), lead_key => key::regtype);
		END LOOP;
		EXECUTE format('CREATE SCHEMA source_%s', part);
		EXECUTE format('CREATE TABLE source_%s.lead (lead_id integer, created_at timestamp, kind text, channel text, campaign varchar, email text, company text, attributes json)', part);
		EXECUTE format('CREATE TABLE source_%s.stage_event (lead_id integer, stage varchar, entered_at date)', part);
		EXECUTE format('CREATE TABLE source_%s.touch (lead_id integer, touched_at timestamp, channel text, campaign text, kind text)', part);
		EXECUTE format('CREATE TABLE source_%s.spend (spent_on date, channel text, campaign text, amount float8)', part);
		EXECUTE format('CREATE TABLE source_%s.deal (deal_id integer, lead_id integer, opened_at date, closed_at date, is_won boolean, amount numeric)', part);
		PERFORM create_mart(format('random_days_%s', part), format('source_%s.lead', part), format('source_%s.stage_event', part),
			format('source_%s.touch', part), format('source_%s.spend', part), format('source_%s.deal', part));
	END LOOP;
END
$$;
\endif

CREATE FUNCTION pick(choices text[]) RETURNS text LANGUAGE sql VOLATILE
RETURN choices[1 + floor(random() * cardinality(choices))::integer];

CREATE FUNCTION chance(p float8) RETURNS boolean LANGUAGE sql VOLATILE
RETURN random() < p;

-- A moment within days of another, or the day.
CREATE FUNCTION later(start timestamptz, days float8, as_day boolean, zone text) RETURNS timestamptz LANGUAGE sql VOLATILE
RETURN (SELECT CASE WHEN as_day THEN timezone(zone, date_trunc('day', timezone(zone, t))) ELSE date_trunc('second', t) END
	FROM (SELECT start + random() * days * interval '1 day' AS t) d);

-- The key of a number, as text that any key type reads.
CREATE FUNCTION key_of(number integer, key text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE key WHEN 'uuid' THEN lpad(to_hex(number), 32, '0') WHEN 'text' THEN 'L' || lpad(number::text, 6, '0') ELSE number::text END;

-- Empties a mart and fills it with what the seed says.
CREATE PROCEDURE make_random_mart(seed integer, mart name, key text, source name, is_dirty boolean) LANGUAGE plpgsql AS $$
DECLARE
	type text := CASE key WHEN 'days' THEN 'integer' ELSE key END;
	n integer;
	zone text;
	dirty float8 := CASE WHEN is_dirty THEN 1 ELSE 0 END;
	as_days boolean;
	currencies text[];
	is_own boolean := key <> 'days';
	relation text;
BEGIN
	PERFORM setseed(seed::bigint * 7919 % 100003 / 100003.0);
	-- Settings.
	EXECUTE format('SET LOCAL search_path = %I, public, lead_kpi', mart);
	EXECUTE (SELECT format('UPDATE rule SET %s', string_agg(format('%I = DEFAULT', attname), ', ')) FROM pg_attribute
		WHERE attrelid = to_regclass('rule') AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'mart_format'));
	DELETE FROM stage;
	DELETE FROM channel_family;
	DELETE FROM channel_alias;
	FOREACH relation IN ARRAY '{activity,activity_meaning,deal_change,target,currency_rate,volume}'::text[] LOOP
		EXECUTE format('DELETE FROM %I', relation);
	END LOOP;
	n := 30 + floor(random() * 170);
	zone := pick('{UTC,Europe/Paris,America/Los_Angeles,Asia/Tokyo,America/Havana,Asia/Kathmandu,Pacific/Auckland}');
	as_days := key = 'days' OR chance(0.3);
	currencies := CASE WHEN is_own AND chance(0.3) THEN '{EUR,USD,CHF,NULL}'::text[] END;
	IF is_dirty AND currencies IS NOT NULL THEN
		currencies := currencies || '{GBP," usd ",""}'::text[];
	END IF;
	UPDATE rule SET time_zone = zone, funnel_policy = pick('{reached,reached,ordered,any_order}'), funnel_within = CASE WHEN chance(0.2) THEN interval '40 days' END,
		duplicate_key = pick('{email,email,company,phone,email_or_phone,none}'), duplicates = pick('{fold,fold,drop}'),
		duplicate_window = CASE WHEN chance(0.2) THEN NULL ELSE pick('{30 days,1 day,100 days,0}')::interval END,
		clock_skew = pick('{0,1 hour,1 day,1 day}')::interval, currency = CASE WHEN currencies IS NOT NULL THEN 'EUR' END,
		fiscal_year_start = 1 + floor(random() * 12), channel_spend = pick('{spread,spread,keep}'),
		counted_kinds = CASE WHEN chance(0.2) THEN '{form,demo}'::text[] END, internal_domains = CASE WHEN chance(0.3) THEN '{own.example}'::text[] END,
		observed_until = CASE WHEN chance(0.3) THEN timestamptz '2024-12-01' + random() * interval '300 days' END,
		gross_margin = CASE WHEN chance(0.5) THEN 0.4 END, attribution_lookback = CASE WHEN chance(0.3) THEN NULL ELSE interval '60 days' END,
		attribution_model = pick('{linear,first_touch,markov}'), language = pick('{en,en,fr}'),
		scorecard = CASE WHEN chance(0.2) THEN NULL::scorecard END;
	IF chance(0.6) THEN
		INSERT INTO stage VALUES (1, 'lead', 'lead'), (2, 'mql', 'mql'), (3, 'sal', 'sal'), (4, 'sql', 'sql'), (5, 'opportunity', 'opportunity'), (6, 'won', 'won');
	ELSIF chance(0.5) THEN
		INSERT INTO stage VALUES (10, 'lead', 'lead'), (20, 'mql', NULL), (30, 'sql', 'sql'), (40, 'won', 'won');
	ELSE
		INSERT INTO stage VALUES (1, 'lead', NULL), (3, 'mql', 'mql'), (7, 'sal', 'sal'), (9, 'opportunity', NULL);
	END IF;
	IF chance(0.6) THEN
		INSERT INTO stage VALUES (100, 'disqualified', 'lost'), (CASE WHEN chance(0.5) THEN 8 ELSE 102 END, 'gone', 'lost');
	END IF;
	IF chance(0.4) THEN
		INSERT INTO channel_alias (alias, channel) VALUES ('adwords', 'Google'), ('e-mail', 'mail');
	END IF;
	IF chance(0.4) THEN
		INSERT INTO channel_family (channel, family) VALUES ('google', 'paid'), ('mail', 'own');
	END IF;
	IF currencies IS NOT NULL THEN
		INSERT INTO currency_rate (currency, valid_from, rate) VALUES ('USD', '2023-01-01', 0.9), ('USD', '2024-09-01', 0.8), ('CHF', '2024-06-01', 1.05);
	END IF;

	-- Data; in mapped marts it is the source's.
	IF NOT is_own THEN
		EXECUTE format('SET LOCAL search_path = %I, %I, public, lead_kpi', source, mart);
	END IF;
	EXECUTE 'TRUNCATE lead, stage_event, touch, spend, deal';
	CREATE TEMP TABLE base AS
		SELECT g AS number, later('2024-03-01', 500, as_days AND key <> 'days' AND chance(0.5), zone) AS created_at, chance(0.05) AS odd, random() AS luck
		FROM generate_series(1, n) g;
	EXECUTE format($f$
		INSERT INTO lead (lead_id, created_at, kind, channel, campaign, email, company, attributes)
		SELECT key_of(number, %1$L)::%2$s,
			CASE WHEN %3$s * random() > 0.97 THEN NULL WHEN %3$s * random() > 0.98 THEN 'infinity' WHEN %3$s * random() > 0.98 THEN '2061-02-03' ELSE created_at %5$s END,
			pick('{form,form,demo,download,NULL}'), pick('{google,Google,google ,adwords,mail,e-mail,fair,NULL,""}'), pick('{spring,Spring,autumn,autumn ,NULL,NULL}'),
			CASE WHEN chance(0.1) THEN 'noemail@noemail.com' WHEN chance(0.05) THEN NULL WHEN chance(0.03) THEN 'test@firm.example' WHEN chance(0.03) THEN 'x@own.example'
				ELSE pick('{p,P,q}') || floor(random() * %4$s) || '@firm.example' END,
			CASE WHEN chance(0.8) THEN pick('{Firm ,firm ,F}') || floor(random() * 40) END,
			CASE WHEN chance(0.1) THEN NULL WHEN %3$s * random() > 0.95 THEN '[1]' WHEN chance(0.03) THEN '{"user_agent": "curl/8.1"}'
				ELSE '{"phone": "' || pick('{+33 1 00 00 ,0033 100-00-}') || (1000 + floor(random() * %4$s)) || '", "size": "' || floor(random() * 4) || '"}' END::%6$s
		FROM base$f$,
		key, type, dirty, n, CASE WHEN is_own THEN '' ELSE '::timestamp' END, CASE WHEN is_own THEN 'jsonb' ELSE 'json' END);
	IF is_own THEN
		-- Merges: chains, circles, unknown targets, and leads merged into themselves.
		EXECUTE format($f$
			UPDATE lead SET merged_into = key_of((1 + floor(random() * %s))::integer, %L)::%s, owner = pick('{ann,bob,NULL}')
			WHERE random() < 0.12 $f$, n * (1 + 0.1 * dirty), key, type);
	END IF;
	IF is_dirty THEN
		INSERT INTO lead SELECT * FROM lead WHERE random() < 0.04;
		INSERT INTO lead (lead_id, created_at, channel) VALUES (NULL, '2024-06-04', 'google');
	END IF;
	EXECUTE format($f$
		INSERT INTO stage_event (lead_id, stage, entered_at)
		SELECT key_of(number + CASE WHEN %3$s * random() > 0.97 THEN 5000 ELSE 0 END, %1$L)::%2$s,
			CASE WHEN %3$s * random() > 0.96 THEN pick('{unheard,NULL," mql"}') ELSE s END,
			CASE WHEN %3$s * random() > 0.97 THEN pick('{NULL,infinity,-infinity}')::timestamptz ELSE later(created_at - CASE WHEN odd THEN interval '30 hours' ELSE '0' END,
				day, %4$L::boolean, %5$L) END
		FROM base, (VALUES ('mql', 20, 0.6), ('sal', 40, 0.4), ('sql', 60, 0.3), ('opportunity', 70, 0.05), ('won', 90, 0.04), ('disqualified', 90, 0.1), ('gone', 50, 0.05),
			('mql', 80, 0.1), ('lead', 3, 0.02)) AS v(s, day, p)
		WHERE random() < p$f$, key, type, dirty, as_days, zone);
	EXECUTE format($f$
		INSERT INTO touch (lead_id, touched_at, channel, campaign, kind)
		SELECT key_of(number + CASE WHEN %3$s * random() > 0.97 THEN 5000 ELSE 0 END, %1$L)::%2$s,
			CASE WHEN %3$s * random() > 0.97 THEN NULL ELSE later(created_at - interval '20 days', 90, %4$L::boolean AND chance(0.3), %5$L) %6$s END,
			pick('{google,Google,adwords,mail,fair,direct,Direct ,NULL}'), pick('{spring,Spring,NULL}'), pick('{visit,click}')
		FROM base, generate_series(1, 3)
		WHERE random() < 0.5$f$, key, type, dirty, as_days, zone, CASE WHEN is_own THEN '' ELSE '::timestamp' END);
	-- Deals of one contact or several, in one state or several.
	EXECUTE format($f$
		INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
		SELECT CASE WHEN %3$s * random() < 0.97 THEN d.deal_id END, key_of(d.number + CASE WHEN %3$s * random() > 0.97 THEN 5000 ELSE 0 END, %1$L)::%2$s, d.opened_at,
			CASE WHEN d.outcome IS NOT NULL THEN CASE WHEN chance(0.02) THEN now() + interval '20 days' ELSE later(d.opened_at + interval '1 day', 60, %4$L::boolean, %5$L) END
				WHEN chance(0.2) THEN later(d.opened_at, 200, true, %5$L) END,
			d.outcome, CASE WHEN chance(0.05) THEN NULL WHEN %3$s * random() > 0.97 THEN 'NaN' WHEN chance(0.02) THEN -50 ELSE round((random() * 10000)::numeric, 2) END
		FROM (SELECT number AS deal_id, CASE WHEN random() < 0.2 THEN 1 + floor(random() * %6$s)::integer ELSE number END AS number,
				CASE WHEN odd THEN created_at ELSE later(created_at, 50, %4$L::boolean, %5$L) END AS opened_at, (ARRAY[true, true, false, NULL])[1 + floor(random() * 4)] AS outcome
			FROM base, generate_series(1, CASE WHEN luck < 0.2 THEN 3 ELSE 1 END) WHERE luck < 0.5) d$f$, key, type, dirty, as_days, zone, n);
	INSERT INTO spend (spent_on, channel, campaign, amount)
	SELECT CASE WHEN dirty * random() > 0.97 THEN NULL ELSE date '2024-03-01' + floor(random() * 500)::integer END, pick('{google,Google,mail,fair,tv,NULL,""}'),
		pick('{spring,autumn,Spring ,NULL,NULL}'), CASE WHEN dirty * random() > 0.97 THEN NULL WHEN dirty * random() > 0.97 THEN 'NaN' WHEN chance(0.03) THEN -10.01
			ELSE round((random() * 1000)::numeric, 2 + (random() < 0.1)::integer) END
	FROM generate_series(1, 60);
	IF currencies IS NOT NULL THEN
		UPDATE deal SET currency = pick(currencies);
		UPDATE spend SET currency = pick(currencies);
	END IF;
	IF is_own AND chance(0.4) THEN
		INSERT INTO deal_change (deal_id, changed_at, amount) SELECT deal_id, opened_at + random() * interval '9 days', amount FROM deal WHERE random() < 0.5;
	END IF;
	IF chance(0.25) THEN
		INSERT INTO volume (day, channel, campaign, stage, leads)
		SELECT date '2024-03-01' + floor(random() * 400)::integer, pick('{google,Google,paper,NULL}'), pick('{spring,NULL}'), s.stage, floor(random() * 20)
		FROM stage s, generate_series(1, 6) WHERE s.role IS DISTINCT FROM 'lost';
	END IF;
	IF is_own AND seed % 4 > 0 THEN
		CALL public.make_random_sales(seed, key, dirty, zone);
	END IF;
END
$$;

-- Notes what is not true.
CREATE FUNCTION must(seed integer, what text, actual text, expected text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF actual IS DISTINCT FROM expected THEN
		INSERT INTO public.failure VALUES (seed, what, format('is %s, must be %s', coalesce(actual, 'NULL'), coalesce(expected, 'NULL')));
	END IF;
END
$$;

-- The counting rule again, lead by lead and in loops: a second opinion on which leads count and of whom the others are duplicates.
CREATE FUNCTION naive_leads() RETURNS TABLE (lead_key text, reason text, survivor text) LANGUAGE plpgsql AS $$
DECLARE
	r record;
	row record;
	target text;
	seen text[];
	kind text;
BEGIN
	SELECT * INTO r FROM rule;
	DROP TABLE IF EXISTS naive;
	CREATE TEMP TABLE naive AS
		SELECT l.lead_id::text AS id, l.created_at AS at, l.merged_into::text AS into_id, NULL::text AS why, NULL::text AS of_id,
			CASE WHEN l.email ~* 'noemail@' THEN NULL ELSE normalize_email(l.email) END AS mail,
			regexp_replace(regexp_replace(l.attributes ->> 'phone', '^00', '+'), '[^0-9]', '', 'g') AS phone, lower(btrim(l.company)) AS firm,
			l.email AS raw_mail, l.company AS raw_firm, l.kind AS what, l.attributes ->> 'user_agent' AS agent
		FROM lead l WHERE l.lead_id IS NOT NULL;
	-- Merges, followed step by step.
	FOR row IN SELECT * FROM naive WHERE into_id IS NOT NULL LOOP
		target := row.into_id;
		seen := ARRAY[row.id];
		LOOP
			IF target = ANY (seen) OR NOT EXISTS (SELECT FROM naive WHERE id = target) THEN
				-- Of a chain into nothing the step before counts as the end; a circle has none.
				EXIT;
			END IF;
			seen := seen || target;
			SELECT into_id INTO target FROM naive WHERE id = target;
			EXIT WHEN target IS NULL;
		END LOOP;
		IF target IS NULL OR target <> ALL (seen) THEN
			IF cardinality(seen) > 1 THEN
				UPDATE naive SET why = 'merged', of_id = seen[cardinality(seen)] WHERE id = row.id;
			END IF;
		ELSE
			-- Ends in a circle: those before the circle are merged into its first record, unless that is themselves.
			IF array_position(seen, target) > 1 THEN
				UPDATE naive SET why = 'merged', of_id = target WHERE id = row.id;
			END IF;
		END IF;
	END LOOP;
	UPDATE naive SET why = CASE
		WHEN at IS NULL OR NOT isfinite(at) THEN 'no_created_at'
		WHEN at > now() + interval '31 days' THEN 'far_date'
		WHEN r.counted_kinds IS NOT NULL AND (what = ANY (r.counted_kinds)) IS NOT TRUE THEN 'kind'
		WHEN raw_mail ~* r.test_pattern OR raw_firm ~* r.test_pattern THEN 'test'
		WHEN agent ~* r.bot_pattern THEN 'bot'
		WHEN r.internal_domains IS NOT NULL AND raw_mail LIKE '%@own.example' THEN 'internal' END
	WHERE why IS NULL;
	-- Duplicates: whoever has the key of one at most the window before is the same as that one, by mailbox first.
	ALTER TABLE naive ADD COLUMN same text, ADD COLUMN place bigint;
	UPDATE naive n SET place = o.place FROM (SELECT id, row_number() OVER (ORDER BY at, length(id), id) AS place FROM naive) o WHERE o.id = n.id;
	FOR row IN SELECT * FROM naive WHERE why IS NULL ORDER BY place LOOP
		target := NULL;
		FOREACH kind IN ARRAY CASE r.duplicate_key WHEN 'email_or_phone' THEN '{mail,phone}'::text[] WHEN 'email' THEN '{mail}' WHEN 'company' THEN '{firm}'
			WHEN 'phone' THEN '{phone}' ELSE '{}' END
		LOOP
			CONTINUE WHEN target IS NOT NULL;
			EXECUTE format('SELECT id FROM naive WHERE why IS NULL AND %1$I = $1 AND %1$I <> '''' AND place < $2 ORDER BY place DESC LIMIT 1', kind) INTO target
				USING to_jsonb(row) ->> kind, row.place;
			IF target IS NOT NULL AND row.at - (SELECT at FROM naive WHERE id = target) > r.duplicate_window THEN
				target := NULL;
			END IF;
		END LOOP;
		UPDATE naive SET same = target WHERE id = row.id;
	END LOOP;
	FOR row IN SELECT * FROM naive WHERE same IS NOT NULL ORDER BY place LOOP
		-- In order, so the one before has its first lead already.
		UPDATE naive n SET of_id = coalesce(b.of_id, b.id) FROM naive b WHERE n.id = row.id AND b.id = row.same;
	END LOOP;
	UPDATE naive SET why = 'duplicate' WHERE same IS NOT NULL;
	-- Merged into a duplicate: its first lead.
	UPDATE naive n SET of_id = t.of_id FROM naive t WHERE n.why = 'merged' AND t.id = n.of_id AND t.why = 'duplicate';
	RETURN QUERY SELECT id, why, of_id FROM naive;
END
$$;

CREATE PROCEDURE check_random_mart(seed integer, mart name, is_own boolean, is_dirty boolean) LANGUAGE plpgsql AS $$
DECLARE
	r record;
	row record;
	item record;
	number text;
	all_counted bigint;
	hash text;
	money numeric;
	volumes bigint;
BEGIN
	EXECUTE format('SET LOCAL search_path = %I, public, lead_kpi', mart);
	SELECT * INTO r FROM rule;
	-- Every view can be read; what it said is kept, under its name, for the checks.
	FOR row IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(mart) AND c.relkind = 'v'
		AND c.relname NOT IN (SELECT s.relation FROM mart_shape() s) ORDER BY 1
	LOOP
		BEGIN
			-- What no check needs is planned for a third of the marts: each view for other ones.
			IF (length(row.relname) + seed) % 3 = 0 OR row.relname IN ('attribution', 'attribution_by_campaign', 'channel_comparison', 'counted_deal', 'counted_lead',
				'counted_spend', 'cpl_to_revenue', 'cycle_time', 'cycle_time_by_channel', 'cycle_time_by_month', 'data_quality', 'forecast', 'forecast_by_age',
				'forecast_by_stage', 'funnel', 'funnel_by_campaign', 'funnel_by_channel', 'funnel_by_month', 'funnel_by_period', 'ladder', 'lead_generated',
				'lead_outcome', 'mql_acceptance', 'pipeline_snapshot', 'unit_cost') OR seed % 3 = 0 AND row.relname = ANY (public.read_sales_views())
			THEN
				EXECUTE format('CREATE TEMP TABLE %I AS SELECT * FROM %I.%I', row.relname, mart, row.relname);
			END IF;
		EXCEPTION WHEN OTHERS THEN
			PERFORM public.must(seed, 'view ' || row.relname, SQLSTATE || ' ' || SQLERRM, 'no error');
		END;
	END LOOP;

	-- Every row is somewhere.
	FOR row IN SELECT * FROM (VALUES ('lead', 'leads_counted', 'leads\_excluded\_%'), ('stage_event', 'events_used', 'events\_ignored\_%'),
		('touch', 'touches_used', 'touches\_ignored\_%'), ('deal', 'deals_used', 'deals\_ignored\_%')) AS v(relation, used, ignored)
	LOOP
		EXECUTE format('SELECT count(*)::text FROM %I', row.relation) INTO number;
		PERFORM public.must(seed, 'rows of ' || row.relation,
			(SELECT sum(rows)::text FROM data_quality WHERE check_name = row.used OR check_name LIKE row.ignored), number);
	END LOOP;
	PERFORM public.must(seed, 'rows of spend', (SELECT rows::text FROM data_quality WHERE check_name = 'spend_rows'), (SELECT count(*)::text FROM spend));
	SELECT rows INTO all_counted FROM data_quality WHERE check_name = 'leads_counted';
	SELECT coalesce(sum(v.leads), 0) INTO volumes FROM volume v JOIN ladder l USING (stage) WHERE l.stage_position = 1;
	INSERT INTO public.played VALUES (seed, mart, is_dirty, (SELECT count(*) FROM lead), all_counted);
	PERFORM public.must(seed, 'gross of lead_generated', (SELECT coalesce(sum(gross), 0)::text FROM lead_generated), (SELECT count(*)::text FROM lead));
	PERFORM public.must(seed, 'gross = counted + excluded', (SELECT count(*)::text FROM lead_generated g WHERE gross <> counted
		+ (SELECT sum(value::bigint) FROM jsonb_each_text(to_jsonb(g)) WHERE key LIKE 'excluded\_%')), '0');
	PERFORM public.must(seed, 'counted of lead_generated', (SELECT coalesce(sum(g.counted), 0)::text FROM lead_generated g), all_counted::text);
	PERFORM public.must(seed, 'counted_lead', (SELECT count(*)::text FROM counted_lead WHERE excluded_reason IS NULL), all_counted::text);
	PERFORM public.must(seed, 'lead_outcome', (SELECT count(*)::text || ' ' || count(DISTINCT lead_id) FROM lead_outcome), all_counted::text || ' ' || all_counted);

	-- One survivor, who is no duplicate.
	PERFORM public.must(seed, 'duplicate_of', (SELECT count(*)::text FROM counted_lead c WHERE duplicate_of IS NOT NULL AND (lead_id = duplicate_of
		OR excluded_reason IS NULL OR excluded_reason NOT IN ('duplicate', 'merged') OR NOT EXISTS (SELECT FROM counted_lead s WHERE s.lead_id = c.duplicate_of
			AND coalesce(s.excluded_reason, '') NOT IN ('duplicate', 'merged', 'repeated_lead_id')))), '0');
	PERFORM public.must(seed, 'duplicates have one', (SELECT count(*)::text FROM counted_lead c WHERE excluded_reason = 'duplicate' AND duplicate_of IS NULL), '0');
	PERFORM public.must(seed, 'duplicates of counted ones', (SELECT count(*)::text FROM counted_lead c WHERE excluded_reason = 'duplicate'
		AND NOT EXISTS (SELECT FROM counted_lead s WHERE s.lead_id = c.duplicate_of AND s.excluded_reason IS NULL)), '0');

	-- Funnels: sums of grains, fewer leads at each stage, as many as lead_outcome has.
	FOR row IN SELECT f.*, l.role FROM funnel f JOIN ladder l USING (stage_position) LOOP
		PERFORM public.must(seed, 'funnel_by_channel ' || row.stage, (SELECT sum(leads)::text FROM funnel_by_channel WHERE stage_position = row.stage_position), row.leads::text);
		PERFORM public.must(seed, 'funnel_by_campaign ' || row.stage, (SELECT sum(leads)::text FROM funnel_by_campaign WHERE stage_position = row.stage_position), row.leads::text);
		PERFORM public.must(seed, 'funnel_by_month ' || row.stage, (SELECT sum(leads)::text FROM funnel_by_month WHERE stage_position = row.stage_position), row.leads::text);
		FOR item IN SELECT period, sum(leads) AS leads FROM funnel_by_period WHERE stage_position = row.stage_position GROUP BY period LOOP
			PERFORM public.must(seed, format('funnel_by_period %s %s', item.period, row.stage), item.leads::text, row.leads::text);
		END LOOP;
		IF row.leads IS NOT NULL THEN
			PERFORM public.must(seed, 'lead_outcome ' || row.stage, (SELECT (count(*) + coalesce((SELECT sum(v.leads) FROM volume v WHERE v.stage = row.stage), 0))::text
				FROM lead_outcome WHERE stage_position >= row.stage_position), row.leads::text);
			IF volumes = 0 THEN
				PERFORM public.must(seed, 'no more leads later on at ' || row.stage, (SELECT count(*)::text FROM funnel f WHERE f.stage_position < row.stage_position AND f.leads < row.leads), '0');
			END IF;
		END IF;
		IF row.role IN ('mql', 'sal', 'sql', 'won') THEN
			PERFORM public.must(seed, 'cpl_to_revenue ' || row.role, (SELECT coalesce(sum((to_jsonb(c) ->> row.role)::bigint), row.leads)::text FROM cpl_to_revenue c), row.leads::text);
		END IF;
	END LOOP;
	PERFORM public.must(seed, 'entered leads', (SELECT (leads <= all_counted + volumes)::text FROM funnel WHERE stage_position = 1), 'true');
	IF r.funnel_policy = 'reached' THEN
		PERFORM public.must(seed, 'all entered', (SELECT leads::text FROM funnel WHERE stage_position = 1), (all_counted + volumes)::text);
	END IF;
	PERFORM public.must(seed, 'leads of cpl_to_revenue', (SELECT coalesce(sum(leads), 0)::text FROM cpl_to_revenue), (SELECT leads::text FROM funnel WHERE stage_position = 1));
	PERFORM public.must(seed, 'one row per cohort', (SELECT count(*)::text FROM (SELECT FROM cpl_to_revenue GROUP BY month, channel, campaign HAVING count(*) > 1) d), '0');
	PERFORM public.must(seed, 'one spelling of each channel', (SELECT count(*)::text FROM (SELECT FROM cpl_to_revenue GROUP BY lower(btrim(channel)) HAVING count(DISTINCT channel) > 1) d), '0');

	-- Deals: each once, for a lead that counts.
	PERFORM public.must(seed, 'counted deals', (SELECT count(*)::text FROM counted_deal WHERE excluded_reason IS NULL), (SELECT rows::text FROM data_quality WHERE check_name = 'deals_used'));
	PERFORM public.must(seed, 'deals once', (SELECT count(*)::text FROM (SELECT FROM counted_deal WHERE excluded_reason IS NULL AND deal_id IS NOT NULL GROUP BY deal_id HAVING count(*) > 1) d), '0');
	PERFORM public.must(seed, 'deals of counted leads', (SELECT count(*)::text FROM counted_deal d WHERE excluded_reason IS NULL
		AND NOT EXISTS (SELECT FROM counted_lead l WHERE l.lead_id = d.lead_id AND l.excluded_reason IS NULL)), '0');
	PERFORM public.must(seed, 'deals of no counted lead', (SELECT count(*)::text FROM (SELECT FROM deal d LEFT JOIN counted_lead l ON l.lead_id = d.lead_id
			AND (l.excluded_reason IS NULL OR r.duplicates = 'fold' AND l.excluded_reason = 'duplicate')
		WHERE d.deal_id IS NOT NULL GROUP BY d.deal_id HAVING count(l.lead_id) > 0 AND NOT EXISTS (SELECT FROM counted_deal c WHERE c.deal_id = d.deal_id AND c.excluded_reason IS NULL)) d), '0');
	SELECT coalesce(sum(amount), 0) INTO money FROM counted_deal WHERE excluded_reason IS NULL AND is_won;
	number := (SELECT count(*)::text FROM counted_deal WHERE excluded_reason IS NULL AND is_won);
	PERFORM public.must(seed, 'deals won of cpl_to_revenue', (SELECT coalesce(sum(deals_won), 0)::text FROM cpl_to_revenue), number);
	PERFORM public.must(seed, 'deals won of lead_outcome', (SELECT coalesce(sum(deals_won), 0)::text FROM lead_outcome), number);
	PERFORM public.must(seed, 'revenue of lead_outcome', (SELECT trim_scale(coalesce(sum(revenue), 0))::text FROM lead_outcome), trim_scale(money)::text);
	PERFORM public.must(seed, 'revenue of cpl_to_revenue', (SELECT trim_scale(coalesce(sum(revenue), 0))::text FROM cpl_to_revenue), trim_scale(money)::text);
	IF NOT EXISTS (SELECT FROM channel_comparison WHERE revenue IS NULL) THEN
		PERFORM public.must(seed, 'revenue of channel_comparison', (SELECT trim_scale(coalesce(sum(revenue), 0))::text FROM channel_comparison), trim_scale(money)::text);
	END IF;

	-- Spend, to the last part of a cent.
	SELECT coalesce(sum(amount), 0) INTO money FROM counted_spend;
	IF NOT EXISTS (SELECT FROM spend WHERE currency IS NOT NULL) THEN
		PERFORM public.must(seed, 'spend as it came', trim_scale(money)::text, (SELECT trim_scale(coalesce(sum(amount), 0))::text FROM spend WHERE amount <> 'NaN'));
	ELSE
		PERFORM public.must(seed, 'spend by its rates', trim_scale(round(money, 2))::text, (SELECT trim_scale(round(coalesce(sum(round(amount * CASE
				WHEN coalesce(upper(btrim(currency)), '') IN ('', 'EUR') THEN 1 WHEN upper(btrim(currency)) = 'USD' THEN CASE WHEN spent_on < '2024-09-01' THEN 0.9 ELSE 0.8 END
				WHEN currency = 'CHF' AND spent_on >= '2024-06-01' THEN 1.05 END, greatest(scale(amount), 2))), 0), 2))::text FROM spend WHERE amount <> 'NaN' AND (spent_on IS NOT NULL OR coalesce(upper(btrim(currency)), '') IN ('', 'EUR'))));
	END IF;
	PERFORM public.must(seed, 'amount of spend_rows', (SELECT trim_scale(coalesce(amount, 0))::text FROM data_quality WHERE check_name = 'spend_rows'), trim_scale(money)::text);
	PERFORM public.must(seed, 'spend of cpl_to_revenue', (SELECT trim_scale(coalesce(sum(spend), 0))::text FROM cpl_to_revenue), trim_scale(money)::text);
	PERFORM public.must(seed, 'spend of unit_cost', (SELECT trim_scale(coalesce(sum(spend), 0))::text FROM unit_cost WHERE stage_position = 1), trim_scale(money)::text);
	PERFORM public.must(seed, 'spend of channel_comparison', (SELECT trim_scale(coalesce(sum(spend), 0))::text FROM channel_comparison), trim_scale(money)::text);
	FOR row IN SELECT model, coalesce(sum(spend), 0) AS spend, sum(conversions) AS conversions, sum(revenue) AS revenue FROM attribution GROUP BY model
		UNION ALL SELECT model || ' by campaign', coalesce(sum(spend), 0), sum(conversions), sum(revenue) FROM attribution_by_campaign GROUP BY model
	LOOP
		PERFORM public.must(seed, 'spend of attribution ' || row.model, trim_scale(row.spend)::text, trim_scale(money)::text);
		PERFORM public.must(seed, 'conversions of attribution ' || row.model, round(row.conversions::numeric, 6)::text, round(number::numeric, 6)::text);
		PERFORM public.must(seed, 'revenue of attribution ' || row.model, round(row.revenue, 4)::text,
			(SELECT round(coalesce(sum(amount), 0), 4)::text FROM counted_deal WHERE excluded_reason IS NULL AND is_won));
	END LOOP;

	-- Time: every lead is won, lost, open, or its time cannot be told.
	FOR row IN SELECT 'cycle_time' AS v, leads, won, lost, open_leads, ignored_leads FROM cycle_time
		UNION ALL SELECT 'cycle_time_by_month', leads, won, lost, open_leads, ignored_leads FROM cycle_time_by_month
		UNION ALL SELECT 'cycle_time_by_channel', leads, won, lost, open_leads, ignored_leads FROM cycle_time_by_channel
	LOOP
		IF row.won IS NOT NULL THEN
			PERFORM public.must(seed, 'states of ' || row.v, (row.won + row.lost + row.open_leads + row.ignored_leads)::text, row.leads::text);
		END IF;
	END LOOP;
	PERFORM public.must(seed, 'leads of cycle_time', (SELECT coalesce(sum(leads), 0)::text FROM cycle_time), all_counted::text);
	PERFORM public.must(seed, 'leads of cycle_time_by_month', (SELECT coalesce(sum(leads), 0)::text FROM cycle_time_by_month), all_counted::text);
	PERFORM public.must(seed, 'leads of cycle_time_by_channel', (SELECT coalesce(sum(leads), 0)::text FROM cycle_time_by_channel), all_counted::text);
	PERFORM public.must(seed, 'won or lost, not both', (SELECT count(*)::text FROM lead_outcome WHERE won_at IS NOT NULL AND lost_at IS NOT NULL), '0');
	IF r.clock_skew >= '1 day' THEN
		PERFORM public.must(seed, 'none but those long before the lead are ignored', (SELECT count(*)::text FROM lead_outcome
			WHERE won_at < created_at AND won_at >= created_at - r.clock_skew OR lost_at < created_at AND lost_at >= created_at - r.clock_skew), '0');
	END IF;
	-- Who looks back knows of leads what opened them again later.
	IF r.observed_until IS NULL AND r.funnel_policy = 'reached' AND r.funnel_within IS NULL AND EXISTS (SELECT FROM ladder WHERE role = 'won') THEN
		number := (SELECT count(*)::text FROM lead_outcome WHERE created_at <= observed_until AND coalesce(won_at > observed_until, true) AND coalesce(lost_at > observed_until, true));
		PERFORM public.must(seed, 'open leads of pipeline_snapshot', (SELECT count(*)::text FROM pipeline_snapshot WHERE is_now), number);
		PERFORM public.must(seed, 'open leads of forecast', (SELECT string_agg(DISTINCT open_leads::text, ' ') FROM forecast), number);
	END IF;
	FOR row IN SELECT horizon_days, sum(open_leads) AS open_leads FROM forecast_by_stage GROUP BY 1 UNION ALL SELECT horizon_days, sum(open_leads) FROM forecast_by_age GROUP BY 1 LOOP
		PERFORM public.must(seed, 'sums of forecast', row.open_leads::text, (SELECT open_leads::text FROM forecast f WHERE f.horizon_days = row.horizon_days));
	END LOOP;
	PERFORM public.must(seed, 'accepted', (SELECT ((coalesce(accepted <= transmitted, true) OR EXISTS (SELECT FROM volume)) AND coalesce(too_recent >= 0, true))::text FROM mql_acceptance), 'true');

	IF seed % 3 = 0 THEN
		CALL public.check_random_sales(seed, mart);
	END IF;

	-- The events of folded records count, once.
	PERFORM public.must(seed, 'events_used', (SELECT rows::text FROM data_quality WHERE check_name = 'events_used'),
		(SELECT count(*)::text FROM stage_event e JOIN stage s USING (stage) JOIN counted_lead l ON l.lead_id = e.lead_id AND coalesce(l.excluded_reason, '') <> 'repeated_lead_id'
			LEFT JOIN counted_lead f ON f.lead_id = l.duplicate_of AND coalesce(f.excluded_reason, '') <> 'repeated_lead_id'
			WHERE isfinite(e.entered_at) AND (l.excluded_reason IS NULL OR r.duplicates = 'fold' AND f.lead_id IS NOT NULL AND f.excluded_reason IS NULL)));

	-- A second opinion.
	IF is_own AND NOT EXISTS (SELECT FROM lead GROUP BY lead_id HAVING count(*) > 1) THEN
		PERFORM public.must(seed, 'leads by a second opinion', (SELECT string_agg(concat_ws(' ', c.lead_id, c.excluded_reason, c.duplicate_of, 'but', n.reason, n.survivor), '; ' ORDER BY c.lead_id)
			FROM (SELECT lead_id::text, excluded_reason, duplicate_of::text FROM counted_lead) c FULL JOIN public.naive_leads() n ON n.lead_key = c.lead_id
			WHERE c.excluded_reason IS DISTINCT FROM 'no_lead_id'
				AND (c.excluded_reason IS DISTINCT FROM n.reason OR c.duplicate_of IS DISTINCT FROM n.survivor
					AND (n.reason = 'duplicate' OR n.survivor IN (SELECT lead_key FROM public.naive_leads() WHERE reason IS NULL)))), NULL);
	END IF;

	-- Days do not depend on who looks.
	SELECT md5(string_agg(v::text, '|' ORDER BY v::text)) INTO hash FROM
		(SELECT g::text FROM pg_temp.lead_generated g UNION ALL SELECT p::text FROM pg_temp.funnel_by_period p) v;
	PERFORM set_config('timezone', CASE WHEN seed % 2 = 0 THEN 'Asia/Tokyo' ELSE 'America/Los_Angeles' END, true);
	PERFORM set_config('datestyle', 'German', true);
	EXECUTE format('CREATE TEMP TABLE live_generated AS SELECT * FROM %I.lead_generated', mart);
	EXECUTE format('CREATE TEMP TABLE live_period AS SELECT * FROM %I.funnel_by_period', mart);
	PERFORM set_config('datestyle', 'ISO', true);
	PERFORM public.must(seed, 'the session''s time zone', (SELECT md5(string_agg(v::text, '|' ORDER BY v::text)) FROM
		(SELECT g::text FROM pg_temp.live_generated g UNION ALL SELECT p::text FROM pg_temp.live_period p) v), hash);
	PERFORM set_config('timezone', 'UTC', true);
	IF seed % 10 = 0 AND EXISTS (SELECT FROM ladder WHERE role = 'won') THEN
		PERFORM count(*) FROM lead_kpi.train_mart(mart);
		EXECUTE format('SELECT count(*) FROM (SELECT * FROM %I.lead_score OFFSET 0) q', mart);
	END IF;
END
$$;

CREATE PROCEDURE play_random_marts(first integer, last integer, step integer) LANGUAGE plpgsql AS $$
DECLARE
	number integer;
	key text;
	mart name;
	started timestamptz;
	dirty boolean;
	part integer := first % 2;
BEGIN
	FOR number IN SELECT generate_series(first, last, step) LOOP
		DISCARD TEMP;
		started := clock_timestamp();
		key := ('{bigint,uuid,text,days}'::text[])[1 + (number / 2) % 4];
		mart := format('random_%s_%s', key, part);
		dirty := (number / 8) % 2 = 1;
		BEGIN
			CALL public.make_random_mart(number, mart, key, format('source_%s', part), dirty);
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO public.failure VALUES (number, 'making it', SQLSTATE || ' ' || SQLERRM);
		END;
		BEGIN
			CALL public.check_random_mart(number, mart, key <> 'days', dirty);
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO public.failure VALUES (number, 'checking it', SQLSTATE || ' ' || SQLERRM);
		END;
		UPDATE public.played p SET seconds = extract(epoch FROM clock_timestamp() - started) WHERE p.seed = number;
		COMMIT;
	END LOOP;
END
$$;
