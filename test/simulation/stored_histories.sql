-- Random histories of stored marts: what happens to the data of a mart, round by round, and after each refresh whether what is stored is what a live mart
-- shows. test/t/075_stored_histories.pl plays them, after random_marts.sql (which makes the data), with without_marts set:
--     CALL play_stored_histories(first, last, step, rounds, all_every);
-- What is not right goes to the table failure, with the seed and the round; what was done to the table done.
SET client_min_messages = warning;
SET search_path = public, lead_kpi;

CREATE TABLE done (seed integer, round integer, what text);
CREATE TABLE compared (seed integer, round integer, views bigint, all_views boolean, was_rebuilt boolean, refreshed bigint, leads bigint);
CREATE TABLE history_mart (part integer, key text, mart name, source name);

-- A live twin: the views of the mart once more. Those that all others read are computed once a round.
CREATE PROCEDURE make_twin(mart name) LANGUAGE plpgsql AS $$
DECLARE
	twin name := mart || '_twin';
	item record;
BEGIN
	EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', twin);
	EXECUTE format('CREATE SCHEMA %I', lead_kpi.mart_companion(mart, 'check'));
	PERFORM lead_kpi.mart_views(lead_kpi.mart_companion(mart, 'check'));
	EXECUTE format('ALTER SCHEMA %I RENAME TO %I', lead_kpi.mart_companion(mart, 'check'), twin);
	FOR item IN SELECT l.relation FROM lead_kpi.mart_stored_layers() l WHERE l.kind IN ('counts', 'context', 'facts', 'cells') ORDER BY l.ordinal LOOP
		EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %1$I.%3$I WITH NO DATA', twin, item.relation || '_row', item.relation);
		EXECUTE format('CREATE VIEW %I.%I AS %s', twin, 'live_' || item.relation, pg_get_viewdef(to_regclass(format('%I.%I', twin, item.relation))));
		EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS SELECT * FROM %1$I.%3$I', twin, item.relation, item.relation || '_row');
	END LOOP;
END
$$;

CREATE PROCEDURE make_history_marts(part integer) LANGUAGE plpgsql AS $$
DECLARE
	key text;
	mart name;
	source name := 'changing_' || part;
	relation text;
	-- One of each part has its own tables in part only: what is mapped and what is not go together.
	keys text[] := CASE part % 2 WHEN 0 THEN '{bigint,days,text}' ELSE '{uuid,days,bigint}' END;
BEGIN
	EXECUTE format('CREATE SCHEMA %I', source);
	EXECUTE format('CREATE TABLE %I.lead (lead_id integer, created_at timestamp, kind text, channel text, campaign varchar, email text, company text, attributes json, changed_at timestamptz)', source);
	EXECUTE format('CREATE TABLE %I.stage_event (lead_id integer, stage varchar, entered_at date, changed_at timestamptz)', source);
	EXECUTE format('CREATE TABLE %I.touch (lead_id integer, touched_at timestamp, channel text, campaign text, kind text, changed_at timestamptz)', source);
	EXECUTE format('CREATE TABLE %I.spend (spent_on date, channel text, campaign text, amount float8, changed_at timestamptz)', source);
	EXECUTE format('CREATE TABLE %I.deal (deal_id integer, lead_id integer, opened_at date, closed_at date, is_won boolean, amount numeric, changed_at timestamptz)', source);
	EXECUTE format('CREATE FUNCTION %I.say_when() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN NEW.changed_at := clock_timestamp(); RETURN NEW; END''', source);
	FOREACH relation IN ARRAY '{lead,stage_event,touch,spend,deal}'::text[] LOOP
		EXECUTE format('CREATE TRIGGER say_when BEFORE INSERT OR UPDATE ON %I.%I FOR EACH ROW EXECUTE FUNCTION %1$I.say_when()', source, relation);
	END LOOP;
	FOREACH key IN ARRAY keys LOOP
		mart := format('changing_%s_%s', key, part);
		IF key = 'days' THEN
			PERFORM create_mart(mart, format('%I.lead', source), format('%I.stage_event', source), format('%I.touch', source), format('%I.spend', source),
				format('%I.deal', source));
			PERFORM store_mart(mart, CASE part % 2 WHEN 0 THEN '{"lead": "changed_at", "deal": "changed_at", "touch": "changed_at"}' ELSE '{"stage_event": "changed_at"}' END::jsonb);
		ELSE
			PERFORM create_mart(mart, lead_key => key::regtype);
			-- Of some marts not all views are stored: the others are put together from facts, and have to show the same.
			PERFORM store_mart(mart, CASE WHEN part % 2 = 1 AND key = 'bigint' THEN '{"lead": "comparison", "touch": "comparison"}' ELSE '{}' END::jsonb,
				views => CASE key WHEN 'uuid' THEN '{funnel,unit_cost,cpl_to_revenue,kpi_day,channel_comparison}'
					WHEN 'text' THEN ARRAY(SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(mart))
						AND c.relkind = 'v' AND ascii(md5(c.relname)) % 4 = 0) END);
		END IF;
		CALL make_twin(mart);
		INSERT INTO history_mart VALUES (part, key, mart, source);
		COMMIT;
	END LOOP;
END
$$;

-- One thing that happens. The search_path leads to the data; {key} stands for the number of a lead as the mart has it.
CREATE FUNCTION history_changes() RETURNS TABLE (weight float8, is_own boolean, what text, statements text[]) LANGUAGE sql
BEGIN ATOMIC
	VALUES
	(3, NULL::boolean, 'new leads', ARRAY[$q$INSERT INTO lead (lead_id, created_at, kind, channel, campaign, email, company, attributes)
		SELECT {key:3000 + floor(random() * 900)}, later('2024-03-01', 500, false, 'UTC'), pick('{form,demo}'), pick('{google,fair,mail,Fair}'), pick('{spring,NULL,autumn}'),
			pick('{p,q}') || floor(random() * 60) || '@firm.example', 'Firm ' || floor(random() * 40),
			('{"phone": "+33 1 00 00 ' || (1000 + floor(random() * 60)) || '"}')::{json} FROM generate_series(1, 1 + floor(random() * 3)::integer)$q$]),
	(3, NULL, 'other e-mail addresses', ARRAY[$q$UPDATE lead SET email = pick('{p,P,q,r,noemail}') || floor(random() * 60) || '@firm.example' WHERE random() < 0.04$q$]),
	(1, NULL, 'no e-mail addresses', ARRAY[$q$UPDATE lead SET email = NULL WHERE random() < 0.04$q$]),
	(1, NULL, 'tests', ARRAY[$q$UPDATE lead SET email = CASE WHEN email LIKE 'test%' THEN substr(email, 6) ELSE 'test' || '@' || email END WHERE random() < 0.03$q$]),
	(2, NULL, 'other telephones', ARRAY[$q$UPDATE lead SET attributes = ('{"phone": "+33 1 00 00 ' || (1000 + floor(random() * 60)) || '"}')::{json} WHERE random() < 0.05$q$]),
	(2, NULL, 'other companies', ARRAY[$q$UPDATE lead SET company = pick('{Firm ,firm ,F}') || floor(random() * 40) WHERE random() < 0.05$q$]),
	(3, NULL, 'leads created at other times', ARRAY[$q$UPDATE lead SET created_at = later('2024-03-01', 500, false, 'UTC') WHERE random() < 0.04$q$]),
	(1, NULL, 'leads created at no time', ARRAY[$q$UPDATE lead SET created_at = CASE WHEN chance(0.5) THEN NULL ELSE '2062-02-03'::timestamptz END WHERE random() < 0.02$q$]),
	(2, NULL, 'leads of other channels and kinds', ARRAY[$q$UPDATE lead SET channel = pick('{google,GOOGLE,mail,fair,NULL,tv}'), kind = pick('{form,demo,NULL}') WHERE random() < 0.05$q$]),
	(1, NULL, 'another spelling for all', ARRAY[$q$UPDATE lead SET channel = pick('{GOOGLE,google }') WHERE lower(btrim(channel)) = 'google' AND random() < 0.8$q$,
		$q$UPDATE lead SET campaign = 'SPRING' WHERE lower(btrim(campaign)) = 'spring'$q$]),
	(3, NULL, 'leads are deleted', ARRAY[$q$DELETE FROM lead WHERE random() < 0.03$q$]),
	(2, NULL, 'leads are deleted and come again', ARRAY[$q$CREATE TEMP TABLE away AS SELECT * FROM lead WHERE random() < 0.05$q$, $q$DELETE FROM lead WHERE lead_id IN (SELECT lead_id FROM away)$q$,
		$q$INSERT INTO lead SELECT * FROM away$q$, $q$DROP TABLE away$q$]),
	(2, NULL, 'leads that were deleted come again', ARRAY[$q$INSERT INTO lead (lead_id, created_at, channel, email) SELECT DISTINCT e.lead_id, '2024-05-05'::timestamp, 'fair', pick('{p,q}') || '7@firm.example'
		FROM stage_event e WHERE NOT EXISTS (SELECT FROM lead l WHERE l.lead_id = e.lead_id) AND e.lead_id IS NOT NULL AND random() < 0.5$q$]),
	(1, NULL, 'leads get another key', ARRAY[$q$UPDATE lead SET lead_id = {key:4000 + floor(random() * 900)} WHERE random() < 0.02$q$]),
	(1, NULL, 'leads without a key', ARRAY[$q$UPDATE lead SET lead_id = NULL WHERE random() < 0.015$q$]),
	(1, NULL, 'leads get a key', ARRAY[$q$UPDATE lead SET lead_id = {key:1 + floor(random() * 60)} WHERE lead_id IS NULL AND random() < 0.7$q$]),
	(2, NULL, 'leads come twice', ARRAY[$q$INSERT INTO lead (lead_id, created_at, kind, channel, email) SELECT lead_id, created_at + random() * interval '3 days', kind, 'twice', email FROM lead WHERE random() < 0.03$q$]),
	(1, NULL, 'leads that came twice do not', ARRAY[$q$DELETE FROM lead WHERE channel = 'twice' AND random() < 0.6$q$]),
	(4, true, 'merges', ARRAY[$q$UPDATE lead SET merged_into = (SELECT o.lead_id FROM lead o WHERE o.lead_id <> lead.lead_id ORDER BY random() LIMIT 1) WHERE random() < 0.04$q$]),
	(2, true, 'merges of chains', ARRAY[$q$UPDATE lead SET merged_into = s.lead_id FROM (SELECT lead_id, merged_into FROM lead WHERE merged_into IS NOT NULL) s WHERE s.merged_into = lead.lead_id AND random() < 0.3$q$]),
	(2, true, 'merges taken back', ARRAY[$q$UPDATE lead SET merged_into = NULL WHERE merged_into IS NOT NULL AND random() < 0.5$q$]),
	(1, true, 'merged into nothing', ARRAY[$q$UPDATE lead SET merged_into = {key:7777} WHERE random() < 0.02$q$]),
	(1, true, 'other owners', ARRAY[$q$UPDATE lead SET owner = pick('{ann,bob,NULL}'), account = pick('{A,B,NULL}') WHERE lead_id IN (SELECT lead_id FROM lead GROUP BY 1 HAVING count(*) = 1) AND random() < 0.1$q$]),
	(4, NULL, 'late events', ARRAY[$q$INSERT INTO stage_event (lead_id, stage, entered_at) SELECT l.lead_id, s.stage, l.created_at + (random() * 120 - 1) * interval '1 day'
		FROM lead l CROSS JOIN stage s WHERE random() < 0.01 AND isfinite(l.created_at)$q$]),
	(3, NULL, 'corrected stages', ARRAY[$q$UPDATE stage_event SET stage = (SELECT s.stage FROM stage s WHERE stage_event.stage IS NOT NULL ORDER BY random() LIMIT 1) WHERE random() < 0.05$q$]),
	(2, NULL, 'corrected times', ARRAY[$q$UPDATE stage_event SET entered_at = entered_at + (random() * 60 - 30) * interval '1 day' WHERE random() < 0.06 AND isfinite(entered_at)$q$]),
	(2, NULL, 'events move between leads', ARRAY[$q$UPDATE stage_event SET lead_id = {key:1 + floor(random() * 90)} WHERE random() < 0.03$q$]),
	(2, NULL, 'events are deleted', ARRAY[$q$DELETE FROM stage_event WHERE random() < 0.05$q$]),
	(1, NULL, 'a stage that nobody writes down any more', ARRAY[$q$DELETE FROM stage_event WHERE stage = 'sal'$q$]),
	(1, NULL, 'events without a lead', ARRAY[$q$UPDATE stage_event SET lead_id = NULL WHERE random() < 0.02$q$]),
	(1, NULL, 'events of the far future', ARRAY[$q$UPDATE stage_event SET entered_at = CASE WHEN isfinite(entered_at) THEN '2061-01-01'::timestamptz ELSE '2024-08-01' END WHERE random() < 0.02$q$]),
	(3, NULL, 'new deals', ARRAY[$q$INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT (9000 + floor(random() * 500))::integer, lead_id, created_at + interval '3 days',
		created_at + random() * interval '90 days', chance(0.6), round((random() * 1000)::numeric, 2) FROM lead WHERE random() < 0.03 AND isfinite(created_at)$q$]),
	(3, NULL, 'deals of several contacts', ARRAY[$q$INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT deal_id, {key:1 + floor(random() * 90)}, opened_at, closed_at, is_won, amount FROM deal WHERE random() < 0.05$q$]),
	(2, NULL, 'deals in a newer state', ARRAY[$q$INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT deal_id, lead_id, opened_at, coalesce(closed_at, opened_at) + interval '9 days', chance(0.5), amount + 1
		FROM deal WHERE random() < 0.05$q$]),
	(3, NULL, 'deals are won and lost', ARRAY[$q$UPDATE deal SET is_won = (ARRAY[true, false, NULL])[1 + floor(random() * 3)], closed_at = opened_at + random() * interval '90 days', amount = round((random() * 1000)::numeric, 2) WHERE random() < 0.06$q$]),
	(3, NULL, 'deals move between leads', ARRAY[$q$UPDATE deal SET lead_id = {key:1 + floor(random() * 90)} WHERE random() < 0.05$q$]),
	(2, NULL, 'deals get the key of another', ARRAY[$q$UPDATE deal SET deal_id = (SELECT o.deal_id FROM deal o WHERE o.deal_id IS DISTINCT FROM deal.deal_id ORDER BY random() LIMIT 1) WHERE random() < 0.03$q$]),
	(1, NULL, 'deals without a key', ARRAY[$q$UPDATE deal SET deal_id = NULL WHERE random() < 0.03$q$]),
	(1, NULL, 'deals without a lead', ARRAY[$q$UPDATE deal SET lead_id = NULL WHERE random() < 0.03$q$]),
	(2, NULL, 'deals are deleted', ARRAY[$q$DELETE FROM deal WHERE random() < 0.05$q$]),
	(1, true, 'deals in other currencies', ARRAY[$q$UPDATE deal SET currency = pick('{EUR,USD,CHF,NULL,GBP,usd}') WHERE random() < 0.1$q$]),
	(1, true, 'deals without dates', ARRAY[$q$UPDATE deal SET opened_at = NULL, closed_at = NULL WHERE random() < 0.03$q$]),
	(1, NULL, 'deals end in the future', ARRAY[$q$UPDATE deal SET closed_at = now() + interval '3 days', is_won = true WHERE random() < 0.03$q$]),
	(2, true, 'deals end in a moment', ARRAY[$q$UPDATE deal SET closed_at = clock_timestamp() + random() * interval '1 second', is_won = chance(0.7) WHERE random() < 0.05$q$]),
	(1, true, 'deals are opened in a moment', ARRAY[$q$UPDATE deal SET opened_at = clock_timestamp() + random() * interval '1 second', closed_at = NULL, is_won = NULL WHERE random() < 0.03$q$]),
	(1, true, 'events in a moment', ARRAY[$q$UPDATE stage_event SET entered_at = clock_timestamp() + random() * interval '1 second' WHERE random() < 0.02$q$]),
	(1, true, 'leads in a moment', ARRAY[$q$UPDATE lead SET created_at = clock_timestamp() + random() * interval '1 second' WHERE random() < 0.02$q$]),
	(3, NULL, 'touches', ARRAY[$q$INSERT INTO touch (lead_id, touched_at, channel, campaign, kind) SELECT lead_id, created_at + (random() * 30 - 10) * interval '1 day', pick('{fair,mail,MAIL}'), NULL, 'visit' FROM lead WHERE random() < 0.05$q$,
		$q$UPDATE touch SET channel = pick('{direct,google}') WHERE random() < 0.03$q$, $q$DELETE FROM touch WHERE random() < 0.02$q$]),
	(2, NULL, 'spend restated', ARRAY[$q$UPDATE spend SET amount = round((random() * 1000)::numeric, 2) WHERE random() < 0.2$q$, $q$DELETE FROM spend WHERE random() < 0.05$q$]),
	(1, NULL, 'new spend', ARRAY[$q$INSERT INTO spend (spent_on, channel, campaign, amount) VALUES (date '2024-03-01' + floor(random() * 500)::integer, pick('{google,tv,NULL}'), pick('{spring,NULL}'), 12.5)$q$]),
	(1, NULL, 'another spelling of spend', ARRAY[$q$UPDATE spend SET channel = upper(channel) WHERE random() < 0.5$q$]),
	(1, NULL, 'volume', ARRAY[$q$DELETE FROM volume WHERE random() < 0.3$q$, $q$INSERT INTO volume (day, channel, campaign, stage, leads) SELECT date '2024-03-01' + floor(random() * 400)::integer, pick('{google,Paper,NULL}'), NULL, stage, 7
		FROM stage WHERE role IS DISTINCT FROM 'lost' AND random() < 0.5$q$]),
	(2, NULL, 'rates', ARRAY[$q$DELETE FROM currency_rate WHERE random() < 0.2$q$, $q$UPDATE currency_rate SET rate = rate * 1.1 WHERE random() < 0.3$q$,
		$q$INSERT INTO currency_rate (currency, valid_from, rate) SELECT c, date '2024-01-01' + floor(random() * 300)::integer, 1.25 FROM unnest('{USD,CHF,GBP}'::text[]) c WHERE random() < 0.4$q$]),
	(2, true, 'changes of deals', ARRAY[$q$DELETE FROM deal_change WHERE random() < 0.2$q$, $q$INSERT INTO deal_change (deal_id, changed_at, amount, expected_close) SELECT deal_id, opened_at + random() * interval '30 days',
		amount, (opened_at + interval '60 days')::date FROM deal WHERE random() < 0.1$q$]),
	(3, true, 'activities', ARRAY[$q$INSERT INTO activity (lead_id, activity_at, kind, outcome, owner, scheduled_for) SELECT lead_id, created_at + random() * interval '9 days', pick('{call,mail,meeting}'),
		pick('{NULL,reached,booked,held,no show,moved}'), pick('{ann,bob}'), created_at + random() * interval '30 days' FROM lead WHERE random() < 0.1$q$,
		$q$DELETE FROM activity WHERE random() < 0.1$q$, $q$UPDATE activity SET activity_at = activity_at + interval '2 days' WHERE random() < 0.05 AND isfinite(activity_at)$q$,
		$q$UPDATE activity SET lead_id = {key:1 + floor(random() * 90)} WHERE random() < 0.03$q$]),
	(1, NULL, 'meanings of activities', ARRAY[$q$DELETE FROM activity_meaning WHERE random() < 0.1$q$,
		$q$INSERT INTO activity_meaning (kind, meaning) VALUES (pick('{call,mail}'), pick('{attempt,contact}')) ON CONFLICT (kind, outcome) DO UPDATE SET meaning = excluded.meaning$q$]),
	(1, true, 'other reasons', ARRAY[$q$UPDATE stage_event SET reason = pick('{no budget,no need,NULL}'), owner = pick('{ann,NULL}') WHERE random() < 0.1$q$,
		$q$UPDATE deal SET reason = pick('{price,NULL}'), owner = pick('{ann,bob,NULL}'), expected_close = date '2024-04-01' + floor(random() * 600)::integer WHERE random() < 0.1$q$]),
	(1, NULL, 'targets', ARRAY[$q$DELETE FROM target$q$, $q$INSERT INTO target (starts_on, ends_on, measure, value) VALUES ('2025-01-01', '2025-03-31', pick('{leads,won,revenue,sql}'), 10)$q$]),
	(4, NULL, 'the rule', NULL),
	(1, NULL, 'families', ARRAY[$q$DELETE FROM channel_family WHERE random() < 0.5$q$, $q$INSERT INTO channel_family SELECT pick('{google,fair,Google,mail}'), pick('{paid,own}') ON CONFLICT (channel) DO UPDATE SET family = excluded.family$q$]),
	(1, NULL, 'aliases', ARRAY[$q$DELETE FROM channel_alias WHERE random() < 0.5$q$, $q$INSERT INTO channel_alias SELECT pick('{tv,fair,twice,Paper}'), pick('{google,TV,mail}') ON CONFLICT DO NOTHING$q$]),
	(1, NULL, 'the ladder, a stage less', ARRAY[$q$DELETE FROM stage WHERE stage = (SELECT stage FROM stage WHERE role IS DISTINCT FROM 'lost' AND position > (SELECT min(position) FROM stage WHERE role IS DISTINCT FROM 'lost') ORDER BY random() LIMIT 1)
		AND (SELECT count(*) > 3 FROM stage WHERE role IS DISTINCT FROM 'lost')$q$]),
	(1, NULL, 'the ladder, a stage more', ARRAY[$q$INSERT INTO stage VALUES ((SELECT max(position) + 1 FROM stage), pick('{unheard,demo,sal}'), NULL) ON CONFLICT (stage) DO NOTHING$q$]),
	(1, NULL, 'the ladder, an exit', ARRAY[$q$INSERT INTO stage VALUES ((SELECT max(position) + 1 FROM stage), 'unheard', 'lost') ON CONFLICT (stage) DO NOTHING$q$, $q$DELETE FROM stage WHERE stage = 'gone'$q$]),
	(1, NULL, 'the ladder, another order', ARRAY[$q$UPDATE stage SET position = 1000 - position WHERE position > (SELECT min(position) FROM stage)$q$]),
	(1, NULL, 'one is emptied', ARRAY[$q$TRUNCATE {relation}$q$]),
	(1, NULL, 'all are written again', ARRAY[$q$UPDATE lead SET company = company$q$, $q$UPDATE deal SET amount = amount$q$]),
	(2, NULL, 'nothing', ARRAY[]::text[]);
END;

CREATE FUNCTION random_rule() RETURNS text LANGUAGE sql VOLATILE
RETURN pick(ARRAY[
	$q$funnel_policy = pick('{reached,ordered,any_order}')$q$, $q$funnel_within = CASE WHEN chance(0.5) THEN interval '40 days' END$q$,
	$q$duplicate_key = pick('{email,company,phone,email_or_phone,none}')$q$, $q$duplicates = pick('{fold,drop}')$q$, $q$duplicate_window = pick('{NULL,30 days,1 day,100 days,0}')::interval$q$,
	$q$clock_skew = pick('{0,1 hour,1 day}')::interval$q$, $q$currency = pick('{NULL,EUR,USD}')$q$, $q$fiscal_year_start = 1 + floor(random() * 12)$q$, $q$channel_spend = pick('{spread,keep}')$q$,
	$q$counted_kinds = CASE WHEN chance(0.5) THEN '{form,demo}'::text[] END$q$, $q$internal_domains = CASE WHEN chance(0.5) THEN '{own.example}'::text[] END$q$,
	$q$internal_pattern = CASE WHEN chance(0.5) THEN 'q1' END$q$, $q$test_pattern = CASE WHEN chance(0.5) THEN 'test|p3' END$q$, $q$bot_pattern = CASE WHEN chance(0.5) THEN 'curl' END$q$,
	$q$placeholder_pattern = CASE WHEN chance(0.5) THEN 'noemail|p4' END$q$, $q$placeholders = CASE WHEN chance(0.5) THEN '{firm 3,f4}'::text[] END$q$,
	$q$phone_country = CASE WHEN chance(0.5) THEN '+33' END$q$, $q$time_zone = pick('{UTC,Europe/Paris,Asia/Tokyo}')$q$,
	$q$observed_until = timestamptz '2024-12-01' + random() * interval '300 days'$q$, $q$observed_until = NULL$q$, $q$observed_until = timestamptz '2024-12-01' + random() * interval '300 days'$q$,
	$q$gross_margin = CASE WHEN chance(0.5) THEN 0.3 END$q$, $q$attribution_lookback = CASE WHEN chance(0.3) THEN NULL ELSE interval '60 days' END$q$, $q$attribution_half_life = interval '3 days'$q$,
	$q$attribution_model = pick('{linear,first_touch,markov}')$q$, $q$language = pick('{en,fr}')$q$, $q$acceptance_threshold = random()$q$, $q$confidence_level = 0.8 + random() / 10$q$,
	$q$transmitted_role = pick('{lead,mql}')$q$, $q$accepted_role = pick('{sal,sql}')$q$, $q$score_horizon = interval '60 days'$q$, $q$score_features = '{channel,stage}'$q$, $q$score_attributes = '{size}'$q$,
	$q$segments = CASE WHEN chance(0.7) THEN '{size}'::text[] END$q$, $q$segment_values = 1 + floor(random() * 4)$q$, $q$icp_fit = floor(random() * 4)$q$,
	$q$working_hours = pick('{mon-fri 09:00-18:00,sat 10:00-12:00}')$q$, $q$holidays = CASE WHEN chance(0.5) THEN '{2024-05-01}'::date[] END$q$, $q$stale_after = interval '10 days'$q$,
	$q$account_key = pick('{NULL,account,company,email_domain}')$q$, $q$free_mail_domains = CASE WHEN chance(0.5) THEN '{firm.example}'::text[] END$q$,
	$q$recurring_months = pick('{NULL,1,12}')::integer$q$]);

-- Plays some of them; returns what.
CREATE FUNCTION change_mart(mart name, key text, source name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	has_own CONSTANT boolean := key <> 'days';
	told text := '';
	statement text;
	number integer;
	item record;
BEGIN
	PERFORM set_config('search_path', CASE WHEN has_own THEN format('%I, public, lead_kpi', mart) ELSE format('%I, %I, public, lead_kpi', source, mart) END, true);
	FOR item IN
		SELECT c.what, c.statements FROM public.history_changes() c WHERE c.is_own IS NULL OR c.is_own = has_own
		ORDER BY -ln(1 - random()) / c.weight
		LIMIT 1 + floor(random() * random() * 8)::integer
	LOOP
		told := told || '; ' || item.what;
		IF item.what = 'the rule' THEN
			statement := public.random_rule();
			told := told || ': ' || statement;
			EXECUTE format('UPDATE rule SET %s', statement);
			CONTINUE;
		END IF;
		FOREACH statement IN ARRAY item.statements LOOP
			FOR number IN 1 .. 2 LOOP
				statement := regexp_replace(statement, '\{key:(.*?)\}', format('public.key_of((\1)::integer, %L)::%s', key, CASE key WHEN 'days' THEN 'integer' ELSE key END));
			END LOOP;
			statement := replace(replace(statement, '{json}', CASE WHEN has_own THEN 'jsonb' ELSE 'json' END), '{relation}',
				CASE WHEN has_own THEN public.pick('{lead,stage_event,deal,touch,spend,volume,currency_rate,activity,target}') ELSE public.pick('{lead,stage_event,deal,touch,spend}') END);
			EXECUTE statement;
		END LOOP;
	END LOOP;
	RETURN substr(told, 3);
END
$$;

-- How many rows of each key the relations have that are noticed by a column: of what is gone it tells nothing.
CREATE FUNCTION keys_by_column(mart name) RETURNS TABLE (relation text, key text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	FOR item IN EXECUTE format('SELECT s.relation, CASE WHEN s.relation IN (''lead'', ''stage_event'', ''deal'', ''touch'', ''activity'') THEN ''lead_id'' ELSE ''deal_id'' END AS key,
			CASE s.relation WHEN ''deal'' THEN ''deal_id'' ELSE ''NULL'' END AS second FROM %I.source s
		WHERE s.noticed_by = ''column'' AND s.relation IN (''lead'', ''stage_event'', ''deal'', ''touch'', ''activity'', ''deal_change'')', mart || '_stored')
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L::text, concat_ws(''/'', %I::text, %s::text), count(*) FROM %I.%I GROUP BY 1, 2', item.relation, item.key, item.second, mart, item.relation);
	END LOOP;
END
$$;

-- Compares the mart with its twin: the layers that all read, and a few of the others, or by check_mart all.
CREATE PROCEDURE compare_mart(seed integer, round integer, mart name, all_views boolean) LANGUAGE plpgsql AS $$
DECLARE
	twin CONSTANT name := mart || '_twin';
	views bigint := 0;
	behind text[] := '{}';
	item record;
	difference record;
	example text;
BEGIN
	-- As a refresh writes summaries.
	PERFORM set_config('lead_kpi.summary_output', 'compact', true);
	-- What a refresh of some views left is of an earlier moment.
	EXECUTE format('SELECT bool_or(as_of IS NOT NULL) AS some FROM %I.layer', mart || '_stored') INTO item;
	IF item.some THEN
		behind := ARRAY(SELECT a.view_name::text FROM lead_kpi.view_as_of(mart) a CROSS JOIN lead_kpi.mart_status(mart) s WHERE a.as_of < s.as_of);
	END IF;
	FOR item IN SELECT l.relation FROM lead_kpi.mart_stored_layers() l WHERE l.kind IN ('counts', 'context', 'facts', 'cells') ORDER BY l.ordinal LOOP
		EXECUTE format('DELETE FROM %I.%I', twin, item.relation || '_row');
		EXECUTE format('INSERT INTO %I.%I SELECT * FROM %1$I.%3$I', twin, item.relation || '_row', 'live_' || item.relation);
	END LOOP;
	IF all_views THEN
		FOR item IN SELECT * FROM lead_kpi.check_mart(mart) LOOP
			views := views + 1;
			IF item.stored_only + item.live_only > 0 THEN
				INSERT INTO public.failure VALUES (seed, 'check_mart, ' || item.relation, format('round %s: %s rows stored only, %s live only', round, item.stored_only, item.live_only));
			END IF;
		END LOOP;
	ELSE
		FOR item IN
			SELECT c.relname, c.oid::regclass AS live, to_regclass(format('%I.%I', mart, c.relname)) AS stored
			FROM pg_class c
			JOIN pg_namespace n ON n.oid = c.relnamespace
			LEFT JOIN lead_kpi.mart_stored_layers() l ON l.relation = c.relname
			WHERE n.nspname = twin AND c.relkind = 'v' AND c.relname NOT LIKE 'live\_%'
				AND c.relname <> ALL (behind)
			ORDER BY coalesce(l.kind IN ('counts', 'context', 'facts', 'cells') OR l.relation = 'data_quality', false) DESC, random() * CASE WHEN l.kind = 'rows' THEN 0.4 ELSE 1 END
			LIMIT 16
		LOOP
			views := views + 1;
			SELECT * INTO difference FROM lead_kpi.mart_difference(item.stored, item.live, true);
			IF difference.stored_only + difference.live_only > 0 THEN
				EXECUTE format($q$SELECT string_agg(s, E'\n') FROM ((SELECT 'stored ' || left(r::text, 250) AS s FROM (SELECT v::text AS r FROM %1$s v EXCEPT ALL SELECT v::text FROM %2$s v) r LIMIT 3) UNION ALL
					(SELECT 'live   ' || left(r::text, 250) FROM (SELECT v::text AS r FROM %2$s v EXCEPT ALL SELECT v::text FROM %1$s v) r LIMIT 3)) x$q$, item.stored, item.live) INTO example;
				INSERT INTO public.failure VALUES (seed, item.relname, format(E'round %s: %s rows stored only, %s live only\n%s', round, difference.stored_only, difference.live_only, example));
			END IF;
		END LOOP;
	END IF;
	EXECUTE format($q$INSERT INTO public.compared SELECT %L, %L, %L, %L, s.was_rebuilt, s.refreshed_leads, (SELECT count(*) FROM %I.lead) FROM %I.state s$q$,
		seed, round, views, all_views, mart, mart || '_stored');
END
$$;

CREATE PROCEDURE play_stored_histories(first integer, last integer, step integer, rounds integer, all_every integer) LANGUAGE plpgsql AS $$
DECLARE
	own_part CONSTANT integer := first % 2;
	number integer;
	round integer;
	chosen record;
	dirty boolean;
	is_lossy boolean;
	told text;
	last_round integer;
BEGIN
	FOR number IN SELECT generate_series(first, last, step) LOOP
		-- Most errors show at the first refresh after the first: every third history goes on.
		last_round := CASE WHEN number % 3 = 0 THEN rounds ELSE least(rounds, 1) END;
		SELECT * INTO chosen FROM public.history_mart m WHERE m.part = own_part ORDER BY m.mart OFFSET (number / 2) % 3 LIMIT 1;
		dirty := (number / 6) % 2 = 1;
		FOR round IN 0 .. last_round LOOP
			BEGIN
				CREATE TEMP TABLE before_it AS SELECT * FROM public.keys_by_column(chosen.mart);
				told := 'filled';
				IF round = 0 THEN
					CALL public.make_random_mart(number, chosen.mart, chosen.key, chosen.source, dirty);
					DROP TABLE base;
				ELSE
					PERFORM setseed((number::bigint * 7919 + round * 31) % 100003 / 100003.0);
					told := public.change_mart(chosen.mart, chosen.key, chosen.source);
				END IF;
				PERFORM set_config('search_path', 'public, lead_kpi', true);
				is_lossy := EXISTS (SELECT FROM before_it b LEFT JOIN public.keys_by_column(chosen.mart) n ON n.relation = b.relation AND n.key IS NOT DISTINCT FROM b.key
					WHERE coalesce(n.rows, 0) < b.rows);
				INSERT INTO public.done VALUES (number, round, told);
			EXCEPTION WHEN OTHERS THEN
				-- What the mart itself refuses did not happen.
				IF SQLSTATE NOT IN ('23505', '23514', '23P01', '23001', '22023', '54000') THEN
					INSERT INTO public.failure VALUES (number, 'changing it', format('round %s: %s %s', round, SQLSTATE, SQLERRM));
				END IF;
				is_lossy := false;
			END;
			DROP TABLE IF EXISTS before_it;
			COMMIT;
			IF told LIKE '%in a moment%' AND random() < 0.3 THEN
				PERFORM pg_sleep(1);
			END IF;
			PERFORM set_config('search_path', 'public, lead_kpi', true);
			BEGIN
				-- All views in the end; before it, at times, a few.
				PERFORM lead_kpi.refresh_mart(chosen.mart, is_lossy, views => CASE WHEN round < last_round AND random() < 0.3 THEN
					ARRAY(SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = to_regnamespace(chosen.mart) AND c.relkind = 'v' ORDER BY random() LIMIT 2) END);
				CALL public.compare_mart(number, round, chosen.mart, round = last_round AND number % all_every = 0);
			EXCEPTION WHEN OTHERS THEN
				INSERT INTO public.failure VALUES (number, 'refreshing it', format('round %s: %s %s', round, SQLSTATE, SQLERRM));
			END;
			-- All is over within the hour that a column is asked about again: here it is as if it had passed.
			EXECUTE format('UPDATE %I.source SET seen_until = clock_timestamp() + interval ''1 hour'' WHERE noticed_by = ''column''', chosen.mart || '_stored');
			COMMIT;
		END LOOP;
	END LOOP;
END
$$;
