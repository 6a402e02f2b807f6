-- The rows to load, and two marts to load them into: one live, one stored. psql variables: rows, how many; folder, where the server writes them.
SELECT create_mart('made');
SELECT generate_example('made', (:rows + 3) / 4);
SELECT create_mart('live'), create_mart('stored');
SELECT store_mart('stored');

-- Copies of the same leads under numbers of their own, so that it takes seconds to make a million.
CREATE UNLOGGED TABLE lead_row AS
SELECT l.lead_id + n * 1000000000::bigint AS lead_id, l.created_at, l.kind, l.channel, l.campaign, l.email, l.company, l.attributes, l.owner, l.account, l.merged_into
FROM generate_series(0, 3) n CROSS JOIN made.lead l
LIMIT :rows;
CREATE UNLOGGED TABLE stage_event_row AS
SELECT e.lead_id + n * 1000000000::bigint AS lead_id, e.stage, e.entered_at, e.reason, e.owner
FROM generate_series(0, 9) n CROSS JOIN made.stage_event e
LIMIT :rows;
SELECT format('COPY lead_row TO %L', :'folder' || '/lead'), format('COPY stage_event_row TO %L', :'folder' || '/stage_event') \gexec
SELECT drop_mart('made');

-- Leads of the single statements, which the load has not.
CREATE PROCEDURE insert_singly(mart name, times integer) LANGUAGE plpgsql AS $$
DECLARE
	lead_insert CONSTANT text := format('INSERT INTO %I.lead (lead_id, created_at, kind, channel) VALUES ($1, now(), ''form'', ''google'')', mart);
BEGIN
	FOR i IN 1 .. times LOOP
		EXECUTE lead_insert USING -i::bigint;
		COMMIT;
	END LOOP;
END;
$$;
CREATE PROCEDURE update_singly(mart name, times integer) LANGUAGE plpgsql AS $$
DECLARE
	lead_update CONSTANT text := format('UPDATE %I.lead SET channel = ''mail'' WHERE lead_id = $1', mart);
BEGIN
	FOR i IN 1 .. times LOOP
		EXECUTE lead_update USING -i::bigint;
		COMMIT;
	END LOOP;
END;
$$;
CREATE PROCEDURE delete_singly(mart name, times integer) LANGUAGE plpgsql AS $$
DECLARE
	lead_delete CONSTANT text := format('DELETE FROM %I.lead WHERE lead_id = $1', mart);
BEGIN
	FOR i IN 1 .. times LOOP
		EXECUTE lead_delete USING -i::bigint;
		COMMIT;
	END LOOP;
END;
$$;
