-- The canonical relations of a mart, and what it takes for a caller's own relation to serve as one of them.

CREATE FUNCTION mart_shape()
RETURNS TABLE (relation text, attribute text, type text, meaning text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	VALUES
	('lead', 'lead_id', 'key', 'the lead''s key: bigint, uuid or text'),
	('lead', 'created_at', 'timestamptz', 'when the lead was generated'),
	('lead', 'kind', 'text', 'what generated it: form, download, demo request, campaign reply, ...'),
	('lead', 'channel', 'text', 'where it came from; blank or NULL = unknown, kept as a row of its own'),
	('lead', 'campaign', 'text', 'the campaign within the channel; NULL = none'),
	('lead', 'email', 'text', 'for duplicates and for test and internal addresses'),
	('lead', 'company', 'text', 'for duplicates and for test and internal companies'),
	('lead', 'attributes', 'jsonb', 'anything else that is known; user_agent is matched against rule.bot_pattern'),
	('stage_event', 'lead_id', 'key', 'the lead that entered a stage'),
	('stage_event', 'stage', 'text', 'the stage, as named in the ladder (table stage)'),
	('stage_event', 'entered_at', 'timestamptz', 'when it entered'),
	('touch', 'lead_id', 'key', 'the lead that was touched'),
	('touch', 'touched_at', 'timestamptz', 'when'),
	('touch', 'channel', 'text', 'through which channel'),
	('touch', 'campaign', 'text', 'by which campaign; NULL = none'),
	('touch', 'kind', 'text', 'what happened: visit, click, download, call, ...'),
	('spend', 'spent_on', 'date', 'the day of the spend, in the mart''s time zone'),
	('spend', 'channel', 'text', 'the channel that the money went to, spelled as in lead.channel'),
	('spend', 'campaign', 'text', 'the campaign, spelled as in lead.campaign; NULL = none'),
	('spend', 'amount', 'numeric', 'in the mart''s one currency; negative = a credit note'),
	('deal', 'deal_id', 'text', 'the deal''s key'),
	('deal', 'lead_id', 'key', 'the lead that the deal came from'),
	('deal', 'opened_at', 'timestamptz', 'when the opportunity was opened; NULL = unknown'),
	('deal', 'closed_at', 'timestamptz', 'when it was won or lost; NULL = still open'),
	('deal', 'is_won', 'boolean', 'true = won; false = lost once closed'),
	('deal', 'amount', 'numeric', 'revenue, in the mart''s one currency; NULL = unknown');
END;
COMMENT ON FUNCTION mart_shape() IS
'The canonical relations of a mart, column by column: what own tables look like and what a mapped relation must supply. Type "key" stands for the '
'lead key: bigint, uuid or text.';

CREATE FUNCTION mart_key(key regtype)
RETURNS regtype
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN key IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN 'int8'::regtype
	WHEN key = 'uuid'::regtype THEN key
	WHEN key IS NOT NULL THEN 'text'::regtype
END;
COMMENT ON FUNCTION mart_key(regtype) IS
'The lead key type that a mart uses for a column of the given type: bigint for integers, uuid for uuid, text for everything else.';

CREATE FUNCTION mart_expression(attribute text, wanted text, actual regtype)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
	WHEN actual IS NULL THEN NULL
	WHEN wanted = 'text' THEN format('%I::text', attribute)
	WHEN actual = wanted::regtype THEN format('%I', attribute)
	WHEN wanted = 'bigint' AND actual IN ('int2'::regtype, 'int4'::regtype)
		OR wanted = 'jsonb' AND actual = 'json'::regtype
		OR wanted = 'numeric' AND actual IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'float4'::regtype,
											'float8'::regtype, 'money'::regtype)
		OR wanted = 'date' AND actual = 'timestamp'::regtype
		THEN format('%I::%s', attribute, wanted)
	WHEN wanted = 'timestamptz' AND actual IN ('timestamp'::regtype, 'date'::regtype)
		THEN format('timezone((SELECT time_zone FROM rule), %I::timestamp)', attribute)
	WHEN wanted = 'date' AND actual = 'timestamptz'::regtype
		THEN format('timezone((SELECT time_zone FROM rule), %I)::date', attribute)
END;
COMMENT ON FUNCTION mart_expression(text, text, regtype) IS
'How a mart reads a mapped column of type actual as the wanted type; NULL when it cannot. Times without a zone are taken to be in the mart''s time zone.';

-- What is wrong with the relation to be mapped: nothing, or a line for the error's detail and a template for its hint.
CREATE FUNCTION mart_mapping_problem(relation text, mapped regclass, key text, OUT problem text, OUT template text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH needed AS
	(
		SELECT row_number() OVER () AS ordinal, s.attribute, CASE s.type WHEN 'key' THEN key ELSE s.type END AS type
		FROM mart_shape() s
		WHERE s.relation = mart_mapping_problem.relation
	), checked AS
	(
		SELECT n.*, a.attname IS NOT NULL AS found, a.actual,
			mart_expression(n.attribute, n.type, a.actual) IS NOT NULL AS fits
		FROM needed n
		LEFT JOIN LATERAL
		(
			SELECT p.attname, (CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END)::regtype AS actual
			FROM pg_attribute p JOIN pg_type t ON t.oid = p.atttypid
			WHERE p.attrelid = mapped AND p.attname = n.attribute AND p.attnum > 0 AND NOT p.attisdropped
		) a ON true
	)
	SELECT
		format('%s => %s:', relation, mapped)
		|| coalesce(' missing ' || string_agg(format('%s %s', attribute, type), ', ' ORDER BY ordinal) FILTER (WHERE NOT found), '')
		|| CASE WHEN bool_or(NOT found) AND bool_or(found AND NOT fits) THEN ';' ELSE '' END
		|| coalesce(' ' || string_agg(format('%s is %s, not %s', attribute, actual, type), ', ' ORDER BY ordinal)
					FILTER (WHERE found AND NOT fits), ''),
		format('CREATE VIEW mart_%s AS SELECT %s FROM %s;', relation,
			string_agg(CASE
					WHEN NOT found THEN format('NULL::%s AS %s', type, attribute)
					WHEN NOT fits AND attribute = 'lead_id' THEN format('NULL::%s AS lead_id', type)
					WHEN NOT fits THEN format('%s::%s AS %1$s', attribute, type)
					ELSE attribute
				END, ', ' ORDER BY ordinal),
			mapped)
	FROM checked
	HAVING NOT bool_and(fits);
END;
COMMENT ON FUNCTION mart_mapping_problem(text, regclass, text) IS
'What a relation lacks to serve as the named relation of a mart, and a view that would supply it; NULLs when nothing is lacking.';
