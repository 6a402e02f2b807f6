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

-- Reads the views of sales, and notes where a sum is not kept. What other checks read is there under its name.
CREATE PROCEDURE check_random_sales(seed integer, mart name) LANGUAGE plpgsql AS $$
DECLARE
	item record;
	found bigint;
BEGIN
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('rows of lead_activity', 'SELECT count(*) FROM lead_activity', 'SELECT count(*) FROM activity'),
			('leads of lead_work', 'SELECT count(*), count(DISTINCT lead_id) FROM lead_work', 'SELECT count(*), count(*) FROM lead_outcome'),
			('nobody is reached untried', 'SELECT count(*) FROM lead_work WHERE contacts > attempts OR contacted_at < attempted_at OR contacted_at < created_at
				OR (attempts > 0) <> (attempted_at IS NOT NULL)', 'SELECT 0')
		) v(what, found, expected)
	LOOP
		BEGIN
			EXECUTE format('SELECT count(*) FROM ((%2$s EXCEPT ALL %3$s) UNION ALL (%3$s EXCEPT ALL %2$s)) d', item.what, '(' || item.found || ')', '(' || item.expected || ')') INTO found;
			PERFORM must(seed, item.what, found::text, '0');
		EXCEPTION WHEN OTHERS THEN
			PERFORM must(seed, item.what, SQLSTATE || ' ' || SQLERRM, 'no error');
		END;
	END LOOP;
END
$$;
