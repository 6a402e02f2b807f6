-- What people did with the leads of a random mart, and what must be kept of it: read by test/t/071_random_marts.pl and 075 after random_marts.sql.

-- Who works the leads of a mart, what was done, why leads went and what was to be reached; some of it dirty. The search_path leads to the mart.
CREATE PROCEDURE make_random_sales(seed integer, key text, dirty float8, zone text) LANGUAGE plpgsql AS $$
DECLARE
	type text := CASE key WHEN 'days' THEN 'integer' ELSE key END;
BEGIN
	PERFORM setseed((seed::bigint * 6007 + 11) % 100003 / 100003.0);
	UPDATE rule SET working_hours = pick('{mon-fri 09:00-18:00,"mon-thu 08:30-12:00,13:00-17:30; fri 09:00-12:00",sat-sun 00:00-24:00}'),
		holidays = CASE WHEN chance(0.5) THEN '{2024-05-01,2024-12-25,2025-01-01,2024-12-25}'::date[] END,
		account_key = pick('{NULL,account,company,email_domain}'), free_mail_domains = CASE WHEN chance(0.3) THEN '{firm.example}'::text[] ELSE '{gmail.com}' END,
		stale_after = pick('{30 days,7 days}')::interval, recurring_months = pick('{NULL,1,12}')::integer;
	DELETE FROM activity_meaning;
	INSERT INTO activity_meaning (kind, outcome, meaning) VALUES ('call', '', 'attempt'), ('call', 'reached', 'contact'), ('mail', '', 'attempt'), ('mail', 'answered', 'contact'),
		('meeting', 'booked', 'meeting_booked'), ('meeting', 'held', 'meeting_held'), ('meeting', 'no show', 'no_show'), ('meeting', 'moved', 'moved'),
		('meeting', 'cancelled', 'cancelled');
	UPDATE lead SET owner = pick('{ann,bob,"bob ",carla,NULL,""}'), account = pick('{A1,"a1 ",B2,C3,D4,NULL,""}');
	UPDATE stage_event SET owner = pick('{ann,bob,NULL}'), reason = pick('{no budget,"No Budget ",no need,NULL,""}');
	UPDATE deal SET owner = pick('{ann,bob,carla,NULL}'), account = pick('{A1,B2,E5,NULL}'), reason = pick('{price,Price,competitor,NULL,""}'),
		expected_close = CASE WHEN dirty * random() > 0.97 THEN 'infinity' WHEN chance(0.6) THEN date '2024-04-01' + floor(random() * 600)::integer END;
	EXECUTE format($f$
		INSERT INTO activity (lead_id, activity_at, kind, outcome, owner, scheduled_for)
		SELECT CASE WHEN %1$s * random() > 0.97 THEN %4$s ELSE lead_id END,
			CASE WHEN %1$s * random() > 0.97 THEN pick('{NULL,infinity,-infinity,2061-02-03}')::timestamptz ELSE at END, kind, outcome,
			pick('{ann,bob,carla,"bob ",NULL}'), CASE WHEN kind = 'meeting' THEN CASE WHEN %1$s * random() > 0.95 THEN 'infinity' ELSE at + random() * interval '20 days' END END
		FROM
		(
			SELECT lead_id, later(created_at - interval '12 hours', 40, chance(0.1), %2$L) AS at, pick('{call,call,Call ,mail,meeting,meeting,newsletter,NULL}') AS kind,
				pick('{NULL,"",reached,answered,Booked,held,no show,moved,cancelled,unheard}') AS outcome
			FROM lead, generate_series(1, 6)
			WHERE isfinite(created_at) AND random() < 0.5
		) a$f$, dirty, zone, key, format('key_of(9000, %L)::%s', key, type));
	INSERT INTO target (starts_on, ends_on, measure, channel, owner, value)
	SELECT s, s + 30 * (1 + floor(random() * 4)::integer), pick('{leads,mql,sql,won,revenue,opportunities,nonsense}'), pick('{NULL,NULL,google,fair,nowhere}'),
		pick('{NULL,NULL,ann}'), CASE WHEN dirty * random() > 0.9 THEN NULL ELSE floor(random() * 60) END
	FROM (SELECT date '2024-05-01' + 61 * floor(random() * 9)::integer AS s FROM generate_series(1, 5)) t;
END
$$;

-- What the checks below read; of every third mart.
CREATE FUNCTION read_sales_views() RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN '{lead_activity,lead_work,owner_by_grain,owner_performance,funnel_by_owner,reason_by_grain,speed_count,lead_meeting,outbound_count,outbound_chain_by_channel,
	meeting_count,attempts,lead_account,account_outcome,account_summary,account_funnel,account_attribution,stage_paths,funnel_value,stuck_by_stage,stuck_by_owner,stuck,
	pipeline_hygiene,pipeline_hygiene_count,target_pacing,pipeline_coverage,attribution_of_stage,influence,last_touch_comparison,conversion_by_speed}'::text[];

-- Notes where a sum is not kept. The views are there under their names, as they were read.
CREATE PROCEDURE check_random_sales(seed integer, mart name) LANGUAGE plpgsql AS $$
DECLARE
	item record;
	found bigint;
BEGIN
	FOR item IN
		SELECT * FROM
		(
			VALUES
			-- Activities and who works the leads.
			('rows of lead_activity', $q$SELECT count(*) FROM lead_activity$q$, $q$SELECT count(*) FROM activity$q$),
			('rows of activity', $q$SELECT sum(rows)::bigint FROM data_quality WHERE check_name = 'activities_used' OR check_name LIKE 'activities\_ignored\_%'$q$,
				$q$SELECT count(*) FROM activity$q$),
			('leads of lead_work', $q$SELECT count(*), count(DISTINCT lead_id) FROM lead_work$q$, $q$SELECT count(*), count(*) FROM lead_outcome$q$),
			('nobody is reached untried', $q$SELECT count(*) FROM lead_work WHERE contacts > attempts OR contacted_at < attempted_at OR contacted_at < created_at
				OR (attempts > 0) <> (attempted_at IS NOT NULL)$q$, $q$SELECT 0$q$),
			-- Owners.
			('leads of owners', $q$SELECT grain, sum(leads)::bigint, sum(answered)::bigint, sum(contacted)::bigint, sum(transmitted)::bigint, sum(accepted)::bigint,
				sum(won)::bigint, sum(lost)::bigint, sum(open_leads)::bigint, sum(deals_won)::bigint, trim_scale(sum(revenue)), sum(decided_deals)::bigint FROM owner_by_grain GROUP BY grain$q$,
				$q$SELECT g.grain, a.leads, a.answered, a.contacted, a.transmitted, a.accepted, a.won, a.lost, a.open_leads, a.deals_won, trim_scale(a.revenue), a.decided_deals
				FROM (SELECT DISTINCT grain FROM owner_by_grain) g, (SELECT * FROM owner_by_grain WHERE grain = 'all') a$q$),
			('owners and the mart', $q$SELECT coalesce(sum(leads), 0)::bigint, coalesce(sum(deals_won), 0)::bigint, trim_scale(coalesce(sum(revenue), 0)) FROM owner_by_grain WHERE grain = 'all'$q$,
				$q$SELECT count(*), coalesce(sum(deals_won), 0)::bigint, trim_scale(coalesce(sum(revenue), 0)) FROM lead_outcome$q$),
			('each lead is won, lost or open', $q$SELECT count(*) FROM owner_by_grain WHERE leads <> won + lost + open_leads AND won IS NOT NULL$q$, $q$SELECT 0$q$),
			('funnel_by_owner', $q$SELECT stage_position, sum(leads)::bigint FROM funnel_by_owner GROUP BY 1 HAVING sum(leads) > 0$q$, $q$SELECT stage_position, leads FROM funnel WHERE leads > 0$q$),
			('win rates', $q$SELECT count(*) FROM owner_performance WHERE NOT win_rate BETWEEN win_rate_low AND win_rate_high OR adjusted_p_value < p_value$q$, $q$SELECT 0$q$),
			-- Reasons: every grain adds up to all.
			('reasons', $q$SELECT about, grain, sum(times)::bigint, sum(leads)::bigint, trim_scale(coalesce(sum(amount), 0)) FROM reason_by_grain GROUP BY 1, 2$q$,
				$q$SELECT a.about, g.grain, a.times, a.leads, a.amount FROM (SELECT DISTINCT about, grain FROM reason_by_grain) g JOIN (SELECT about, sum(times)::bigint AS times,
					sum(leads)::bigint AS leads, trim_scale(coalesce(sum(amount), 0)) AS amount FROM reason_by_grain WHERE grain = 'all' GROUP BY about) a USING (about)$q$),
			-- Speed.
			('leads of speed', $q$SELECT grain, measure, sum(leads)::bigint, sum(known_leads)::bigint, sum(reached)::bigint, sum(within_60)::bigint, sum(never)::bigint FROM speed_count
				WHERE grain IN ('month', 'channel', 'owner', 'hour') GROUP BY 1, 2$q$,
				$q$SELECT g.grain, a.measure, a.leads, a.known_leads, a.reached, a.within_60, a.never FROM (SELECT DISTINCT grain, measure FROM speed_count WHERE grain IN ('month', 'channel', 'owner', 'hour')) g
				JOIN (SELECT * FROM speed_count WHERE grain = 'all') a USING (measure)$q$),
			('shares within', $q$SELECT count(*) FROM speed_count WHERE within_5 > within_15 AND old_5 = old_15 OR within_5 > old_5 OR within_60 > old_60 OR reached > known_leads
				OR working_within_60 > working_old_60 OR closed_without + reached > known_leads$q$, $q$SELECT 0$q$),
			('conversion_by_speed', $q$SELECT count(*) FROM conversion_by_speed WHERE NOT conversion BETWEEN conversion_low AND conversion_high OR converted > compared_leads$q$, $q$SELECT 0$q$),
			-- Meetings and the chain.
			('meetings end one way', $q$SELECT count(*) FROM outbound_count WHERE meetings <> held + no_show + cancelled + upcoming + untold$q$, $q$SELECT 0$q$),
			('meetings', $q$SELECT sum(meetings)::bigint, sum(held)::bigint, sum(no_show)::bigint FROM meeting_count$q$,
				$q$SELECT CASE WHEN count(*) > 0 THEN count(*) END, CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE status = 'held') END,
				CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE status = 'no_show') END FROM lead_meeting$q$),
			('prospects', $q$SELECT coalesce(sum(prospects), 0)::bigint, coalesce(sum(attempts), 0)::bigint, coalesce(sum(meetings), 0)::bigint FROM outbound_count$q$,
				$q$SELECT (SELECT count(*) FROM lead_work), (SELECT coalesce(sum(attempts), 0)::bigint FROM lead_work), (SELECT count(*) FROM lead_meeting)$q$),
			('prospects by channel', $q$SELECT coalesce(sum(prospects), 0)::bigint, trim_scale(coalesce(sum(spend), 0)) FROM outbound_chain_by_channel$q$,
				$q$SELECT coalesce(sum(prospects), 0)::bigint, trim_scale(coalesce(sum(spend), 0)) FROM outbound_count$q$),
			('attempts', $q$SELECT count(*) FROM (SELECT *, lag(tried) OVER (ORDER BY attempt) AS before, lag(reached_by) OVER (ORDER BY attempt) AS reached_before FROM attempts) a
				WHERE tried > before OR reached_by < reached_before OR first_contacts > not_reached_before$q$, $q$SELECT 0$q$),
			-- Accounts.
			('leads of accounts', $q$SELECT count(*), count(DISTINCT lead_id) FROM lead_account$q$, $q$SELECT count(*), count(*) FROM lead_outcome$q$),
			('leads with and without', $q$SELECT leads_with_account + leads_without_account, accounts FROM account_summary$q$,
				$q$SELECT (SELECT count(*) FROM lead_outcome), (SELECT count(*) FROM account_outcome)$q$),
			('leads of account_outcome', $q$SELECT coalesce(sum(leads), 0)::bigint FROM account_outcome$q$, $q$SELECT leads_with_account FROM account_summary$q$),
			('revenue of accounts', $q$SELECT trim_scale(coalesce((SELECT sum(revenue) FROM account_outcome), 0) + coalesce((SELECT revenue_without_account FROM account_summary), 0))$q$,
				$q$SELECT trim_scale(coalesce(sum(amount), 0)) FROM counted_deal WHERE excluded_reason IS NULL AND is_won$q$),
			('credit of accounts', $q$SELECT DISTINCT round(sum(conversions)::numeric, 6) FROM account_attribution GROUP BY model$q$,
				$q$SELECT round(sum(deals_won)::numeric, 6) FROM account_outcome HAVING (SELECT count(*) FROM account_attribution) > 0$q$),
			('accounts reach fewer stages than leads', $q$SELECT count(*) FROM account_funnel a JOIN funnel f USING (stage_position) WHERE a.accounts > f.leads$q$, $q$SELECT 0$q$),
			-- Paths, value, what is stuck.
			('what comes in goes out or is there', $q$SELECT s.stage_position, sum(p.moves)::bigint FROM stage_paths p JOIN ladder s ON s.stage = p.to_stage AND p.to_position = s.stage_position
				WHERE p.grain = 'all' AND s.role IS DISTINCT FROM 'won' GROUP BY 1$q$,
				$q$SELECT s.stage_position, sum(p.moves)::bigint FROM stage_paths p JOIN ladder s ON s.stage = p.from_stage AND p.from_position = s.stage_position
				WHERE p.grain = 'all' AND p.kind <> 'entered' AND s.role IS DISTINCT FROM 'won' GROUP BY 1$q$),
			('moves by channel', $q$SELECT from_stage, to_stage, kind, sum(moves)::bigint FROM stage_paths WHERE grain = 'channel' GROUP BY 1, 2, 3$q$,
				$q$SELECT from_stage, to_stage, kind, moves FROM stage_paths WHERE grain = 'all'$q$),
			('value', $q$SELECT trim_scale(coalesce(sum(revenue), 0)), coalesce(sum(deals_won), 0)::bigint FROM funnel_value WHERE grain = 'all' AND stage_position = 1
				HAVING (SELECT leads FROM funnel WHERE stage_position = 1) = (SELECT count(*) FROM lead_outcome)$q$,
				$q$SELECT trim_scale(coalesce(sum(revenue), 0)), coalesce(sum(deals_won), 0)::bigint FROM lead_outcome
				HAVING (SELECT leads FROM funnel WHERE stage_position = 1) = count(*)$q$),
			('value by channel', $q$SELECT stage_position, sum(leads)::bigint, sum(deals)::bigint, trim_scale(coalesce(sum(amount), 0)) FROM funnel_value WHERE grain = 'channel' GROUP BY 1$q$,
				$q$SELECT stage_position, leads, deals, trim_scale(coalesce(amount, 0)) FROM funnel_value WHERE grain = 'all'$q$),
			('stuck', $q$SELECT coalesce(sum(stuck), 0)::bigint, coalesce(sum(open_items), 0)::bigint FROM stuck_by_owner$q$,
				$q$SELECT (SELECT count(*) FROM stuck), (SELECT coalesce(sum(open_items), 0)::bigint FROM stuck_by_stage)$q$),
			('faults', $q$SELECT fault, count(*) FROM pipeline_hygiene GROUP BY 1$q$, $q$SELECT fault, items FROM pipeline_hygiene_count WHERE grain = 'all' AND items > 0$q$),
			-- Targets and credit.
			('targets', $q$SELECT count(*), count(*) FILTER (WHERE NOT probability_to_reach BETWEEN 0 AND 1 OR NOT expected_total BETWEEN expected_total_low AND expected_total_high
				OR verdict_code = 'reached' AND probability_to_reach < 1 OR problem IS NOT NULL AND probability_to_reach IS NOT NULL) FROM target_pacing$q$, $q$SELECT count(*), 0 FROM target$q$),
			('credit of stages', $q$SELECT stage_position, model, round(sum(conversions)::numeric, 6) FROM attribution_of_stage GROUP BY 1, 2$q$,
				$q$SELECT DISTINCT a.stage_position, a.model, round(f.leads, 6) FROM attribution_of_stage a JOIN (SELECT l.stage_position, count(*)::numeric AS leads FROM lead_outcome o
					JOIN ladder l ON l.role = 'mql' AND o.mql_at IS NOT NULL OR l.role = 'sql' AND o.sql_at IS NOT NULL OR l.role = 'opportunity' AND o.opportunity_at IS NOT NULL GROUP BY 1) f
					USING (stage_position)$q$),
			('sourced', $q$SELECT grain, round(sum(sourced_deals)::numeric, 6), round(sum(first_touch_deals)::numeric, 6), round(sum(sourced_revenue), 4) FROM influence GROUP BY 1$q$,
				$q$SELECT g.grain, w.won, w.won, w.revenue FROM (SELECT DISTINCT grain FROM influence) g, (SELECT round(count(*), 6) AS won, round(coalesce(sum(amount), 0), 4) AS revenue
					FROM counted_deal WHERE excluded_reason IS NULL AND is_won) w$q$),
			('influenced', $q$SELECT count(*) FROM influence WHERE influenced_deals > deals_won$q$, $q$SELECT 0$q$)
		) v(what, found, expected)
	LOOP
		BEGIN
			EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) d', '(' || item.found || ')', '(' || item.expected || ')') INTO found;
			PERFORM must(seed, item.what, found::text || ' rows differ', '0 rows differ');
		EXCEPTION WHEN OTHERS THEN
			PERFORM must(seed, item.what, SQLSTATE || ' ' || SQLERRM, 'no error');
		END;
	END LOOP;
END
$$;
