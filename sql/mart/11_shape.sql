-- The canonical relations of a mart, and what it takes for a caller's own relation to serve as one of them.

CREATE FUNCTION mart_shape()
RETURNS TABLE (relation text, attribute text, type text, meaning text, is_optional boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	VALUES
	('lead', 'lead_id', 'key', 'the lead''s key: bigint, uuid or text', false),
	('lead', 'created_at', 'timestamptz', 'when the lead was generated', false),
	('lead', 'kind', 'text', 'what generated it: form, download, demo request, campaign reply, ...', false),
	('lead', 'channel', 'text', 'where it came from; blank or NULL = unknown, kept as a row of its own', false),
	('lead', 'campaign', 'text', 'the campaign within the channel; NULL = none', false),
	('lead', 'email', 'text', 'for duplicates and for test and internal addresses', false),
	('lead', 'company', 'text', 'for duplicates and for test and internal companies', false),
	('lead', 'attributes', 'jsonb', 'anything else that is known; user_agent is matched against rule.bot_pattern, phone is for duplicates', false),
	('lead', 'owner', 'text', 'who works it: rep, SDR or team; NULL = nobody or unknown', true),
	('lead', 'account', 'text', 'the key of the company that it belongs to; NULL = unknown', true),
	('lead', 'merged_into', 'key', 'the lead that survived when the CRM merged this one into it; NULL = not merged', true),
	('stage_event', 'lead_id', 'key', 'the lead that entered a stage', false),
	('stage_event', 'stage', 'text', 'the stage, as named in the table stage: a step of the ladder, or an exit', false),
	('stage_event', 'entered_at', 'timestamptz', 'when it entered', false),
	('stage_event', 'reason', 'text', 'why: refused, recycled, disqualified, ...; NULL = not said', true),
	('stage_event', 'owner', 'text', 'who moved it; NULL = unknown', true),
	('touch', 'lead_id', 'key', 'the lead that was touched', false),
	('touch', 'touched_at', 'timestamptz', 'when', false),
	('touch', 'channel', 'text', 'through which channel', false),
	('touch', 'campaign', 'text', 'by which campaign; NULL = none', false),
	('touch', 'kind', 'text', 'what happened: visit, click, download, call, ...', false),
	('spend', 'spent_on', 'date', 'the day of the spend, in the mart''s time zone', false),
	('spend', 'channel', 'text', 'the channel that the money went to; NULL = that of the campaign, where leads have it in one channel only', false),
	('spend', 'campaign', 'text', 'the campaign; NULL = the channel as a whole', false),
	('spend', 'amount', 'numeric', 'the money; negative = a credit note', false),
	('spend', 'currency', 'text', 'its currency; NULL = that of the mart (rule.currency)', true),
	('deal', 'deal_id', 'text', 'the deal''s key', false),
	('deal', 'lead_id', 'key', 'the lead that the deal came from; a row for each where it has several', false),
	('deal', 'opened_at', 'timestamptz', 'when the opportunity was opened; NULL = unknown', false),
	('deal', 'closed_at', 'timestamptz', 'when it was won or lost; NULL = still open', false),
	('deal', 'is_won', 'boolean', 'true = won, false = lost, NULL = open, whatever closed_at says', false),
	('deal', 'amount', 'numeric', 'revenue; NULL = unknown', false),
	('deal', 'owner', 'text', 'who works it; NULL = unknown', true),
	('deal', 'account', 'text', 'the key of the company that buys; NULL = unknown', true),
	('deal', 'expected_close', 'date', 'when it is expected to close; never closes it', true),
	('deal', 'reason', 'text', 'why it was won or lost; NULL = not said', true),
	('deal', 'currency', 'text', 'currency of the amount; NULL = that of the mart (rule.currency)', true),
	('activity', 'lead_id', 'key', 'the lead that was called, written to or met', false),
	('activity', 'activity_at', 'timestamptz', 'when', false),
	('activity', 'kind', 'text', 'what it was: call, mail, meeting, ...', true),
	('activity', 'outcome', 'text', 'what came of it, in the words of activity_meaning', true),
	('activity', 'owner', 'text', 'who did it; NULL = unknown', true),
	('activity', 'scheduled_for', 'timestamptz', 'of a meeting: when it is to be', true),
	('deal_change', 'deal_id', 'text', 'the deal that changed', false),
	('deal_change', 'changed_at', 'timestamptz', 'when', false),
	('deal_change', 'stage', 'text', 'its stage from then on', true),
	('deal_change', 'amount', 'numeric', 'its amount from then on', true),
	('deal_change', 'expected_close', 'date', 'when it was expected to close from then on', true),
	('target', 'starts_on', 'date', 'first day of the period', false),
	('target', 'ends_on', 'date', 'last day of the period', false),
	('target', 'measure', 'text', 'what is to be reached', false),
	('target', 'channel', 'text', 'of which channel; NULL = of all', true),
	('target', 'owner', 'text', 'by whom; NULL = by all', true),
	('target', 'value', 'numeric', 'how much', false),
	('currency_rate', 'currency', 'text', 'the currency, as spend and deal name it', false),
	('currency_rate', 'valid_from', 'date', 'first day on which the rate holds, until the next one', false),
	('currency_rate', 'rate', 'numeric', 'how many units of rule.currency one unit is worth', false),
	('volume', 'day', 'date', 'the day on which the leads were generated, in the mart''s time zone', false),
	('volume', 'channel', 'text', 'where they came from; NULL = unknown', true),
	('volume', 'campaign', 'text', 'the campaign within the channel; NULL = none', true),
	('volume', 'stage', 'text', 'the stage that they reached, as named in the ladder (table stage)', false),
	('volume', 'leads', 'bigint', 'how many of that day''s leads reached it', false);
END;
COMMENT ON FUNCTION mart_shape() IS
'The canonical relations of a mart, column by column: what own tables look like and what a mapped relation supplies. Type "key" stands for the '
'lead key: bigint, uuid or text. What is_optional need not be there in a mapped relation: it reads NULL then.';

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
		SELECT row_number() OVER () AS ordinal, s.attribute, CASE s.type WHEN 'key' THEN key ELSE s.type END AS type, s.is_optional
		FROM mart_shape() s
		WHERE s.relation = mart_mapping_problem.relation
	), checked AS
	(
		SELECT n.*, a.attname IS NOT NULL OR n.is_optional AS found, a.actual,
			mart_expression(n.attribute, n.type, a.actual) IS NOT NULL OR a.attname IS NULL AND n.is_optional AS fits
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
					WHEN NOT fits THEN format('%s AS %s', mart_conversion(attribute, type, actual), attribute)
					ELSE attribute
				END, ', ' ORDER BY ordinal) FILTER (WHERE actual IS NOT NULL OR NOT is_optional),
			mapped)
		|| coalesce(' -- may also have ' || string_agg(attribute, ', ' ORDER BY ordinal) FILTER (WHERE actual IS NULL AND is_optional), '')
	FROM checked
	HAVING NOT bool_and(fits);
END;
COMMENT ON FUNCTION mart_mapping_problem(text, regclass, text) IS
'What a relation lacks to serve as the named relation of a mart, and a view that would supply it; NULLs when nothing is lacking.';
