-- forget_lead: takes a person out of a mart and leaves what the KPIs count; forget_old_leads: those of whom nothing was heard for rule.retention.

CREATE FUNCTION is_forgotten(lead_id text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(lead_id LIKE 'forgotten-%' OR lead_id ~ '^f0460e00-....-8'
	OR lead_id ~ '^-[0-9]{19}$' AND lead_id COLLATE "C" BETWEEN '-4611686018427387904' AND '-5764607523034234880', false);
COMMENT ON FUNCTION is_forgotten(text) IS
'Whether a lead_id, as text, is one that forget_lead gave: text that begins with forgotten-, a uuid of version 8 that begins with f0460e00, or a bigint from '
'-5764607523034234880 to -4611686018427387904. False for NULL.';

CREATE FUNCTION mart_forgotten_key(key text)
RETURNS text
LANGUAGE sql VOLATILE
RETURN CASE key
	WHEN 'bigint' THEN (-4611686018427387904 - ('x' || left(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint)::text
	WHEN 'uuid' THEN overlay(overlay(gen_random_uuid()::text PLACING 'f0460e00' FROM 1) PLACING '8' FROM 15)
	ELSE 'forgotten-' || gen_random_uuid()::text
END;
COMMENT ON FUNCTION mart_forgotten_key(text) IS 'Internal to forget_lead: a random lead_id, as text, for a key of type bigint, uuid or text; see is_forgotten.';

CREATE FUNCTION mart_persons(mart name)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
-- Whom a company joins are colleagues, and not one person.
RETURN format($sql$
	SELECT DISTINCT ON (j.lead_id) j.lead_id, j.excluded_reason, j.created_at,
		CASE WHEN j.excluded_reason = 'merged' OR j.excluded_reason = 'duplicate' AND r.duplicate_key <> 'company' THEN coalesce(j.duplicate_of, j.lead_id)
			ELSE j.lead_id END AS person
	FROM %1$I.judged_lead j
	CROSS JOIN (SELECT duplicate_key FROM %1$I.rule LIMIT 1) r
	WHERE j.lead_id IS NOT NULL
	ORDER BY j.lead_id, j.excluded_reason IS NOT DISTINCT FROM 'repeated_lead_id', j.created_at$sql$, mart);
COMMENT ON FUNCTION mart_persons(name) IS
'Internal to forget_lead: the query that says which leads of a mart are one person: merged ones, and duplicates but by company.';

CREATE FUNCTION mart_forget_leads(mart name, lead_ids text[])
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	key CONSTANT text := (SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.lead', mart)) AND a.attname = 'lead_id');
	-- Known to this call only: what it makes of an address is the same for all leads of the person, and leads nobody back.
	secret CONSTANT text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
	is_stored boolean;
	former text[];
	reasons text[];
	made text[];
	gone text[];
	details text;
	touched bigint;
	forgotten bigint := 0;
	item record;
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'forget_lead');
	is_stored := lead_kpi.mart_is_stored(mart);
	IF is_stored THEN
		-- A refresh that is running still reads who is to be forgotten.
		PERFORM pg_advisory_xact_lock('pg_namespace'::regclass::oid::integer,
			to_regnamespace(quote_ident(lead_kpi.mart_companion(mart, 'stored')))::oid::integer);
		PERFORM lead_kpi.refresh_mart(mart);
	END IF;
	EXECUTE format($sql$
		WITH person AS MATERIALIZED
		(
			%1$s
		), asked AS
		(
			SELECT a.id FROM unnest($1::%2$s[]) AS a(id) WHERE a.id IS NOT NULL AND NOT lead_kpi.is_forgotten(a.id::text)
		), meant AS
		(
			SELECT id FROM asked
			UNION SELECT p.lead_id FROM person p WHERE p.person IN (SELECT o.person FROM person o WHERE o.lead_id IN (SELECT id FROM asked))
		)
		SELECT array_agg(m.id::text ORDER BY m.id), array_agg(p.excluded_reason ORDER BY m.id)
		FROM meant m LEFT JOIN person p ON p.lead_id = m.id
		WHERE NOT lead_kpi.is_forgotten(m.id::text)$sql$, lead_kpi.mart_persons(mart), key)
	INTO former, reasons USING lead_ids;
	IF former IS NULL THEN
		RETURN 0;
	END IF;

	-- What is not the mart's is not touched, and no part of a person is left there.
	FOR item IN
		SELECT s.relation, c.oid::regclass AS name
		FROM lead_kpi.mart_shape() s
		JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', mart, s.relation)) AND c.relkind = 'v'
		WHERE s.attribute = 'lead_id'
		ORDER BY s.relation
	LOOP
		EXECUTE format('SELECT concat_ws('', '', $2, CASE WHEN EXISTS (SELECT FROM %s WHERE lead_id = ANY ($1::%s[])) THEN %L END)', item.name, key,
			item.relation)
		INTO details USING former, details;
	END LOOP;
	IF details <> '' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = format('the lead is in mapped relations of mart %I: %s', mart, details),
			DETAIL = 'A mart erases what is in its own tables.',
			HINT = 'Erase it first where these relations come from; then forget it here, for the mart''s own tables'
				|| CASE WHEN is_stored THEN ' and for what is stored.' ELSE '.' END;
	END IF;
	SELECT array_agg(lead_kpi.mart_forgotten_key(key) ORDER BY f.number) INTO made FROM unnest(former) WITH ORDINALITY AS f(id, number);

	FOR item IN
		SELECT c.oid::regclass AS name, s.relation, s.attribute
		FROM lead_kpi.mart_shape() s
		JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', mart, s.relation)) AND c.relkind IN ('r', 'p')
		WHERE s.attribute IN ('lead_id', 'merged_into')
		ORDER BY s.relation = 'lead', s.relation, s.attribute DESC
	LOOP
		IF item.relation = 'lead' AND item.attribute = 'lead_id' THEN
			-- Of a test, a bot or the own company the part that says so stays, for the judgement; segments, which cut all leads, too.
			EXECUTE format($sql$
				UPDATE %1$s l
				SET lead_id = m.made,
					email = CASE
						WHEN t.email IS NOT NULL THEN t.email
						WHEN k.email IS NOT NULL THEN 'forgotten-' || left(md5($4 || k.email), 16) || '@' || split_part(k.email, '@', 2) END,
					company = coalesce(t.company, l.company),
					attributes = CASE WHEN l.attributes IS NOT NULL THEN coalesce(k.segments, '{}') || jsonb_strip_nulls(jsonb_build_object(
						'phone', '+999' || lpad(right(('x' || left(md5($4 || k.phone), 15))::bit(60)::bigint::text, 11), 11, '0'),
						'user_agent', t.user_agent)) END
				FROM unnest($1::%3$s[], $2::%3$s[], $3::text[]) AS m(former, made, reason)
				CROSS JOIN (SELECT * FROM %2$I.rule LIMIT 1) r
				CROSS JOIN LATERAL
				(
					SELECT CASE m.reason WHEN 'test' THEN r.test_pattern WHEN 'internal' THEN r.internal_pattern END AS pattern,
						CASE m.reason WHEN 'bot' THEN r.bot_pattern END AS agent
				) p
				JOIN %1$s o ON o.lead_id = m.former
				CROSS JOIN LATERAL
				(
					SELECT regexp_substr(o.email, p.pattern, 1, 1, 'i') AS email, regexp_substr(o.company, p.pattern, 1, 1, 'i') AS company,
						regexp_substr(o.attributes ->> 'user_agent', p.agent, 1, 1, 'i') AS user_agent
				) t
				CROSS JOIN LATERAL
				(
					SELECT lead_kpi.normalize_email(o.email) AS email,
						(SELECT jsonb_object_agg(s.name, lead_kpi.attribute_value(o.attributes, s.name)) FROM unnest(r.segments) AS s(name)
							WHERE jsonb_typeof(o.attributes) = 'object' AND lead_kpi.attribute_value(o.attributes, s.name) IS NOT NULL) AS segments,
						CASE WHEN r.duplicate_key IN ('phone', 'email_or_phone') THEN coalesce(lead_kpi.normalize_phone(n.phone, r.phone_country),
							lead_kpi.normalize_phone(n.phone)) END AS phone
					FROM (SELECT coalesce(o.attributes ->> 'phone', o.attributes ->> 'telephone', o.attributes ->> 'mobile', o.attributes ->> 'mobilephone',
						o.attributes ->> 'phone_number') AS phone) n
				) k
				WHERE l.ctid = o.ctid AND l.tableoid = o.tableoid$sql$, item.name, mart, key)
			USING former, made, reasons, secret;
			GET DIAGNOSTICS forgotten = ROW_COUNT;
		ELSE
			EXECUTE format('UPDATE %1$s t SET %2$I = m.made FROM unnest($1::%3$s[], $2::%3$s[]) AS m(former, made) WHERE t.%2$I = m.former', item.name,
				item.attribute, key) USING former, made;
		END IF;
	END LOOP;

	-- Texts that somebody wrote, where nobody else's row has the same: then it is no word of a list.
	FOR item IN
		SELECT c.oid::regclass AS name, t.attribute,
			CASE t.relation WHEN 'activity' THEN format('AND NOT EXISTS (SELECT FROM %I.activity_meaning a '
				'WHERE lower(lead_kpi.trim_blanks(a.outcome)) = lower(lead_kpi.trim_blanks(t.outcome)))', mart) END AS unless
		FROM (VALUES ('stage_event', 'reason'), ('deal', 'reason'), ('activity', 'outcome')) t(relation, attribute)
		JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', mart, t.relation)) AND c.relkind IN ('r', 'p')
	LOOP
		EXECUTE format('UPDATE %1$s t SET %2$I = NULL WHERE t.lead_id = ANY ($1::%3$s[]) AND t.%2$I <> '''' '
			'AND NOT EXISTS (SELECT FROM %1$s o WHERE o.%2$I = t.%2$I AND NOT lead_kpi.is_forgotten(o.lead_id::text)) %4$s', item.name, item.attribute, key,
			item.unless) USING made;
	END LOOP;

	-- Deals that are of nobody else.
	IF (SELECT c.relkind FROM pg_class c WHERE c.oid = to_regclass(format('%I.deal', mart))) IN ('r', 'p') THEN
		EXECUTE format('SELECT array_agg(DISTINCT d.deal_id) FROM %1$I.deal d WHERE d.lead_id = ANY ($1::%2$s[]) AND d.deal_id NOT LIKE ''forgotten-%%'' '
			'AND NOT EXISTS (SELECT FROM %1$I.deal o WHERE o.deal_id = d.deal_id AND NOT lead_kpi.is_forgotten(o.lead_id::text))', mart, key)
		INTO gone USING made;
		FOR item IN
			SELECT c.oid::regclass AS name FROM pg_class c
			WHERE c.oid IN (to_regclass(format('%I.deal', mart)), to_regclass(format('%I.deal_change', mart))) AND c.relkind IN ('r', 'p')
		LOOP
			EXECUTE format('UPDATE %s t SET deal_id = ''forgotten-'' || md5($2 || t.deal_id) WHERE t.deal_id = ANY ($1)', item.name) USING gone, secret;
		END LOOP;
	END IF;

	-- Companies of which nobody else is left: the same for all who were theirs, so that they stay one account.
	FOR item IN
		SELECT v.*
		FROM (VALUES
			('account', 'lower(lead_kpi.trim_blanks(account))', 'account',
				'''forgotten-'' || left(md5($2 || lower(lead_kpi.trim_blanks(account))), 16)', 'true'),
			('company', 'lower(lead_kpi.trim_blanks(company))', 'company',
				'''forgotten-'' || left(md5($2 || lower(lead_kpi.trim_blanks(company))), 16)',
				'(lead_kpi.matches_pattern(company, r.test_pattern) OR lead_kpi.matches_pattern(company, r.internal_pattern)) IS NOT TRUE'),
			('email', 'split_part(lead_kpi.normalize_email(email), ''@'', 2)', 'email',
				'split_part(email, ''@'', 1) || ''@'' || left(md5($2 || split_part(lead_kpi.normalize_email(email), ''@'', 2)), 12) || ''.example''',
				-- Everybody's, and the own.
				$sql$email LIKE 'forgotten-%' AND split_part(email, '@', 2) <> ALL (coalesce(r.free_mail_domains, '{}'))
					AND NOT EXISTS (SELECT FROM unnest(r.internal_domains) AS d(name)
						WHERE '.' || split_part(email, '@', 2) LIKE '%.' || btrim(d.name))$sql$)
			) v(attribute, value, source, replacement, condition)
		WHERE (SELECT c.relkind FROM pg_class c WHERE c.oid = to_regclass(format('%I.lead', mart))) IN ('r', 'p')
	LOOP
		EXECUTE format($sql$
			WITH candidate AS
			(
				SELECT DISTINCT %2$s AS value FROM %1$I.lead CROSS JOIN (SELECT * FROM %1$I.rule LIMIT 1) r
				WHERE lead_id = ANY ($1::%3$s[]) AND %4$I <> '' AND %5$s AND %2$s NOT LIKE 'forgotten-%%'%7$s
			)
			SELECT array_agg(c.value)
			FROM candidate c
			WHERE NOT EXISTS (SELECT FROM %1$I.lead WHERE NOT lead_kpi.is_forgotten(lead_id::text) AND %2$s = c.value)
				AND NOT EXISTS (SELECT FROM %1$I.deal WHERE %6$s)$sql$, mart, item.value, key, item.source, item.condition,
			CASE item.attribute WHEN 'account' THEN 'NOT lead_kpi.is_forgotten(lead_id::text) AND lower(lead_kpi.trim_blanks(account)) = c.value'
				ELSE 'false' END,
			CASE item.attribute WHEN 'account' THEN format(' UNION SELECT %s FROM %I.deal WHERE lead_id = ANY ($1::%s[]) AND account <> '''' '
				'AND account NOT LIKE ''forgotten-%%''', item.value, mart, key) END)
		INTO gone USING made;
		IF gone IS NOT NULL THEN
			EXECUTE format('UPDATE %1$I.lead SET %2$I = %3$s WHERE %4$s = ANY ($1)%5$s', mart, item.attribute, item.replacement, item.value,
				CASE item.attribute WHEN 'email' THEN ' AND email LIKE ''forgotten-%''' ELSE '' END) USING gone, secret;
			IF item.attribute = 'account' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = to_regclass(format('%I.deal', mart))) IN ('r', 'p') THEN
				EXECUTE format('UPDATE %1$I.deal SET account = %2$s WHERE %3$s = ANY ($1)', mart, item.replacement, item.value) USING gone, secret;
			END IF;
		END IF;
	END LOOP;

	IF is_stored THEN
		PERFORM lead_kpi.refresh_mart(mart);
	END IF;
	RETURN forgotten;
END;
$$;
COMMENT ON FUNCTION mart_forget_leads(name, text[]) IS
'Internal to forget_lead: forgets the leads with these keys, as text, and returns how many rows of lead that were.';

-- FOR EACH key: bigint | uuid | text
CREATE FUNCTION forget_lead(mart name, lead_id {key})
RETURNS bigint
LANGUAGE sql VOLATILE
RETURN mart_forget_leads(mart, ARRAY[lead_id::text]);
COMMENT ON FUNCTION forget_lead(name, {key}) IS
'Erases a person from a mart for good, and keeps what the KPIs count: the lead, what was merged into it and its duplicates (but by company) get random ids in '
'all tables of the mart, and lose e-mail, attributes (but rule.segments), deal ids and texts that nobody else has; company, account and the domain of the '
'address stay while another lead has them. Times, kind, channel, campaign, owners, stages and amounts stay. A stored mart is refreshed. Returns the rows of '
'lead that were made anonymous; 0 where there is none, also for NULL. Needs the owner of the mart. Errors: not a mart; not its owner; the lead is in a mapped '
'relation.';
-- END EACH

CREATE FUNCTION old_leads(mart name)
RETURNS TABLE (lead_id text, person text, last_contact_at timestamptz)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	RETURN QUERY EXECUTE format($sql$
		WITH person AS MATERIALIZED
		(
			%1$s
		), heard AS
		(
			-- What sales did alone is no contact: attempts, exits.
			SELECT p.lead_id, p.created_at AS at FROM person p
			UNION ALL SELECT t.lead_id, t.touched_at FROM %2$I.touch t
			UNION ALL SELECT e.lead_id, e.entered_at FROM %2$I.stage_event e JOIN %2$I.stage s ON s.stage = e.stage AND s.role IS DISTINCT FROM 'lost'
			UNION ALL SELECT a.record_id, a.activity_at FROM %2$I.lead_activity a WHERE a.is_contact OR a.meaning IN ('meeting_booked', 'meeting_held', 'moved',
				'cancelled')
			UNION ALL SELECT d.lead_id, d.opened_at FROM %2$I.deal d
			UNION ALL SELECT d.lead_id, d.closed_at FROM %2$I.deal d WHERE d.is_won IS NOT NULL
		), last AS
		(
			SELECT p.person, max(h.at) AS at
			FROM person p
			JOIN heard h ON h.lead_id = p.lead_id
			WHERE isfinite(h.at) AND h.at <= now()
			GROUP BY p.person
		)
		SELECT p.lead_id::text, p.person::text, l.at
		FROM person p
		JOIN last l ON l.person = p.person
		WHERE l.at < now() - (SELECT retention FROM %2$I.rule) AND NOT lead_kpi.is_forgotten(p.lead_id::text)
			-- Of a customer, or of whom may become one, only you know when that ends.
			AND p.person NOT IN (SELECT o.person FROM person o JOIN %2$I.deal d ON d.lead_id = o.lead_id WHERE d.is_won IS NOT FALSE)
		ORDER BY l.at, p.person, p.lead_id$sql$, lead_kpi.mart_persons(mart), mart);
END;
$$;
COMMENT ON FUNCTION old_leads(name) IS
'The leads of a mart whose person was last heard of longer ago than rule.retention: by a lead, a touch, a step on the ladder, an activity that means a contact '
'or a meeting, or a deal. Not those who have a deal that is open or won. lead_id and person (the lead that it folds into) as text. No rows while '
'rule.retention is NULL. Errors: not a mart.';

CREATE FUNCTION forget_old_leads(mart name)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	retention interval;
	old text[];
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'forget_old_leads');
	EXECUTE format('SELECT retention FROM %I.rule', mart) INTO retention;
	IF retention IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('%I.rule.retention is not stated', mart),
			HINT = format('Say how long after the last contact a person is kept: UPDATE %I.rule SET retention = ''3 years'';', mart);
	END IF;
	IF lead_kpi.mart_is_stored(mart) THEN
		PERFORM lead_kpi.refresh_mart(mart);
	END IF;
	SELECT array_agg(o.lead_id) INTO old FROM lead_kpi.old_leads(mart) o;
	RETURN CASE WHEN old IS NULL THEN 0 ELSE lead_kpi.mart_forget_leads(mart, old) END;
END;
$$;
COMMENT ON FUNCTION forget_old_leads(name) IS
'Forgets, as forget_lead does, the leads that old_leads lists: to be run by a job. Returns the rows of lead that were made anonymous. Needs the owner of the '
'mart. Errors: not a mart; not its owner; rule.retention is NULL; such a lead is in a mapped relation.';
