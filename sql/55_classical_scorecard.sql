-- Scorecards learned from leads: of a profile alone, or of a profile and a regression on its weights of evidence.

-- The points of a regression

CREATE FUNCTION scorecard_points(profile lead_profile, model logistic_model, pdo float8, base_points float8, base_odds float8,
		bins integer DEFAULT 10, monotone boolean DEFAULT false, digits integer DEFAULT NULL,
		OUT attribute text, OUT bin integer, OUT label text, OUT kind text, OUT at_least float8, OUT below float8, OUT value text,
		OUT points float8) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT p.attribute, p.bin, p.label, p.kind, p.at_least, p.below, p.value, p.points
	FROM
	(
		SELECT array_agg(c.term ORDER BY c.ordinality) AS terms, array_agg(c.coefficient ORDER BY c.ordinality) AS coefficients
		FROM coefficients(model) WITH ORDINALITY AS c
	) AS m, profile_points(profile, pdo, base_points, base_odds, bins, monotone, digits, m.terms, m.coefficients) AS p;
END;
COMMENT ON FUNCTION scorecard_points(lead_profile, logistic_model, float8, float8, float8, integer, boolean, integer) IS
'The points card of a logistic_model over evidence(profile, attributes), fitted with the same bins and monotone: the '
'points of every lead (attribute NULL), then those of each bin of the model''s attributes. With B = pdo / ln 2 a bin has '
'B * coefficient * weight of evidence, and every lead has base_points + B * (intercept - ln(base_odds)): base_points at '
'odds of base_odds (converted to not converted), pdo more whenever the odds double. digits (0 to 9): rounded to so many '
'decimals; NULL: not rounded. No rows when a value up to base_odds is NULL, and when all leads of the profile or none '
'converted. Error for a term that is no attribute of the profile, and unless pdo and base_odds are finite and above zero '
'and base_points is finite.';

-- As a scorecard

-- FOR EACH model, given, types, which, log_odds: (none) ; (none) ; (none) ; (none) ; log odds of all leads + weights of evidence of the lead''s bins
-- OR model logistic_model, ; model, ; logistic_model, ;  of a logistic_model over evidence() ; intercept + sum of coefficient * weight of evidence
-- Numbers go through text here, so all digits of them are asked for.
CREATE FUNCTION scorecard(profile lead_profile, {model}pdo float8, base_points float8, base_odds float8,
		bins integer DEFAULT 10, monotone boolean DEFAULT false, digits integer DEFAULT NULL) RETURNS scorecard
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET extra_float_digits = 1
BEGIN ATOMIC
	WITH card AS MATERIALIZED
	(
		SELECT * FROM scorecard_points(profile, {given}pdo, base_points, base_odds, bins, monotone, digits)
	), other AS
	(
		SELECT c.attribute, bool_or(c.kind = 'bucket') AS is_hashed,
			jsonb_agg(CASE c.kind WHEN 'boolean' THEN to_jsonb(c.value::boolean) ELSE to_jsonb(c.value) END
				ORDER BY c.kind, c.value COLLATE "C") AS "values"
		FROM counts(profile) AS c
		WHERE c.kind IN ('text', 'boolean', 'bucket') AND btrim(c.value, E' \t\n\r') <> ''
			AND NOT EXISTS (SELECT FROM card WHERE card.attribute = c.attribute AND card.kind = c.kind AND card.value = c.value)
		GROUP BY c.attribute
	), rule AS
	(
		SELECT card.attribute, card.bin, card.kind, card.points, CASE
			-- An empty key is a step of a path only where the path is an array.
			WHEN btrim(card.attribute, E' \t\n\r') = '' THEN jsonb_build_array(card.attribute)
			WHEN '.' || card.attribute || '.' LIKE '%..%' THEN to_jsonb(string_to_array(card.attribute, '.'))
			ELSE to_jsonb(card.attribute)
			END AS path, CASE
			WHEN card.kind = 'number' AND at_least IS NULL AND below IS NULL THEN '{"op": "matches", "value": "^-?[0-9.]+$"}'::jsonb
			WHEN card.kind = 'number' AND at_least IS NULL THEN jsonb_build_object('op', '<', 'value', below)
			WHEN card.kind = 'number' AND below IS NULL THEN jsonb_build_object('op', '>=', 'value', at_least)
			WHEN card.kind = 'number' THEN jsonb_build_object('op', 'between', 'value', jsonb_build_object('from', at_least, 'below', below))
			WHEN card.kind = 'boolean' THEN jsonb_build_object('op', '=', 'value', card.value::boolean)
			-- To a card a blank text is unknown.
			WHEN card.kind = 'text' AND btrim(card.value, E' \t\n\r') <> '' THEN jsonb_build_object('op', '=', 'value', card.value)
			-- Texts behind a hash have no names, but then no text has a bin of its own: every text.
			WHEN card.kind = 'others' AND other.is_hashed THEN jsonb_build_object('name', card.attribute || ': others', 'op', '>=', 'value', E'\u0001')
			WHEN card.kind = 'others' AND other."values" IS NOT NULL
				THEN jsonb_build_object('name', card.attribute || ': others', 'op', 'in', 'value', other."values")
			WHEN card.kind = 'unknown' THEN '{"op": "is_unknown"}'
			END AS condition
		FROM card LEFT JOIN other ON card.kind = 'others' AND other.attribute = card.attribute
	)
	SELECT jsonb_build_object(
			'base', max(points) FILTER (WHERE kind = 'base'),
			'fit', coalesce(jsonb_agg(jsonb_build_object('attribute', path, 'points', points) || condition
				ORDER BY attribute COLLATE "C", bin) FILTER (WHERE condition IS NOT NULL), '[]'))::scorecard
	FROM rule
	HAVING count(*) > 0;
END;
COMMENT ON FUNCTION scorecard(lead_profile, {types}float8, float8, float8, integer, boolean, integer) IS
'The card of scorecard_points(){which} as a scorecard, with the same arguments: base, and a fit rule per bin, in order. '
'fit(scorecard, attributes) is then base_points + B * ({log_odds} - ln(base_odds)), with B = pdo / ln 2; '
'each rule is rounded to twelve decimals. Where a card compares otherwise than a profile: texts that spell a number or a '
'truth value count as that too, numbers of more than 15 digits are compared exactly, blank texts are unknown, an array '
'gets the points of a bin once, texts of more than 200 bytes are not recognized. Where texts are counted by hash, every '
'text is one of the others. NULL where scorecard_points() has no rows; its errors, and those of type scorecard: points '
'beyond a billion, more than 10 000 rules or 4 MB.';

-- END EACH
-- In one call

-- Restricted: the relation may be temporary, which workers do not see.
CREATE FUNCTION classical_scorecard(leads regclass, converted name, attributes name[] DEFAULT NULL,
		pdo float8 DEFAULT 20, base_points float8 DEFAULT 600, base_odds float8 DEFAULT 1,
		bins integer DEFAULT 10, monotone boolean DEFAULT false, digits integer DEFAULT 0, ridge float8 DEFAULT 0) RETURNS scorecard
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, lead_kpi, pg_temp
AS $function$
DECLARE
	-- What bins that all convert alike leave of an information value: rounding.
	nothing CONSTANT float8 := 1e-20;
	outcome regtype;
	problem text;
	columns text;
	names name[];
	source text;
	profile lead_profile;
	terms text[];
	alike text[];
	without_outcome bigint;
	model logistic_model;
BEGIN
	IF leads IS NULL OR converted IS NULL OR pdo IS NULL OR base_points IS NULL OR base_odds IS NULL THEN
		RETURN NULL;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = leads AND c.relkind IN ('r', 'v', 'm', 'f', 'p')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'wrong_object_type',
			MESSAGE = format('%s is not a table or view', leads),
			HINT = 'Name a table, view, materialized view or foreign table with a row per lead.';
	END IF;

	-- The columns are there, the outcome is a boolean, and no attribute.
	SELECT (CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END)::regtype
	INTO outcome
	FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
	WHERE a.attrelid = leads AND a.attname = converted AND a.attnum > 0 AND NOT a.attisdropped;
	IF outcome IS DISTINCT FROM 'boolean'::regtype THEN
		RAISE EXCEPTION USING
			ERRCODE = CASE WHEN outcome IS NULL THEN 'undefined_column' ELSE 'datatype_mismatch' END,
			MESSAGE = CASE WHEN outcome IS NULL THEN format('%s has no column %I', leads, converted)
				ELSE format('column %I of %s is %s, not boolean', converted, leads, outcome) END,
			HINT = 'Name the column that is true for leads that converted; a view makes one, such as SELECT *, outcome = ''good'' AS converted.';
	END IF;
	SELECT string_agg(quote_ident(n.attribute), ', ' ORDER BY n.ordinality)
	INTO problem
	FROM unnest(attributes) WITH ORDINALITY AS n(attribute, ordinality)
	WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = leads AND a.attname = n.attribute AND a.attnum > 0 AND NOT a.attisdropped);
	IF problem IS NOT NULL OR array_position(attributes, NULL) IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = CASE WHEN problem IS NULL THEN 'null_value_not_allowed' ELSE 'undefined_column' END,
			MESSAGE = CASE WHEN problem IS NULL THEN 'an attribute must not be NULL' ELSE format('%s has no column %s', leads, problem) END,
			HINT = 'Name columns of the relation, or leave attributes out: all columns but the outcome.';
	END IF;
	IF converted = ANY (attributes) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('column %I is the outcome, so it is no attribute', converted),
			HINT = 'Name what was known of the lead before.';
	END IF;

	-- A row's attributes as one object. A blank text is no value, as for the card; a jsonb column holds attributes of its own.
	SELECT
		'to_jsonb(a.*)' || coalesce(string_agg(
			format(' || CASE jsonb_typeof(l.%1$I::jsonb) WHEN ''object'' THEN l.%1$I::jsonb ELSE ''{}'' END', c.name), '' ORDER BY c.number)
			FILTER (WHERE c.is_json), ''),
		string_agg(
			format(CASE WHEN c.is_text THEN 'CASE WHEN btrim(l.%1$I::text, E'' \t\n\r'') <> '''' THEN l.%1$I END AS %1$I' ELSE 'l.%1$I' END, c.name),
			', ' ORDER BY c.number)
			FILTER (WHERE NOT c.is_json),
		array_agg(c.name) FILTER (WHERE NOT c.is_json)
	INTO source, columns, names
	FROM
	(
		SELECT a.attname AS name, a.attnum AS number, t.typcategory = 'S' AS is_text,
			CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END IN ('json'::regtype, 'jsonb'::regtype) AS is_json
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid = leads AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> converted
			AND (attributes IS NULL OR a.attname = ANY (attributes))
	) AS c;
	source := format('(SELECT l.%I AS converted, %s AS attributes FROM %s AS l CROSS JOIN LATERAL (SELECT %s) AS a) AS l',
		converted, source, leads, columns);

	EXECUTE 'SELECT lead_profile(l.attributes, l.converted) FROM ' || source INTO profile;
	IF profile IS NULL OR hits(rate(profile)) IN (0, trials(rate(profile))) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'data_exception',
			MESSAGE = CASE WHEN profile IS NULL OR trials(rate(profile)) = 0 THEN format('%s has no leads with an outcome', leads)
				ELSE format('%s of the leads of %s converted', CASE hits(rate(profile)) WHEN 0 THEN 'none' ELSE 'all' END, leads) END,
			HINT = 'A card is learned from leads that converted and leads that did not.';
	END IF;
	SELECT i.rows INTO without_outcome FROM ignored(profile) AS i WHERE i.reason = 'null_converted';
	IF without_outcome > 0 THEN
		RAISE NOTICE '% leads without an outcome were left out', without_outcome;
	END IF;
	-- A column without any value is no attribute of the profile; one of a composite type has its fields there.
	WITH told AS MATERIALIZED
	(
		SELECT i.attribute, i.information_value > nothing AS tells FROM information_value(profile, bins, monotone) AS i
	), named AS
	(
		SELECT t.attribute, t.tells FROM told t
		UNION ALL
		SELECT n.name::text, false FROM unnest(names) AS n(name)
		WHERE NOT EXISTS (SELECT FROM told t WHERE t.attribute = n.name OR starts_with(t.attribute, n.name || '.'))
	)
	SELECT array_agg(n.attribute ORDER BY n.attribute COLLATE "C") FILTER (WHERE n.tells),
		array_agg(n.attribute ORDER BY n.attribute COLLATE "C") FILTER (WHERE NOT n.tells)
	INTO terms, alike
	FROM named AS n;
	IF terms IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'data_exception',
			MESSAGE = format('no attribute of %s tells the leads that converted from the others', leads),
			DETAIL = 'Each has one bin, or bins that all convert alike.',
			HINT = 'Name other attributes, or allow more bins.';
	END IF;
	IF alike IS NOT NULL THEN
		RAISE NOTICE 'no rules for: %', array_to_string(alike, ', ')
			USING DETAIL = 'All leads are in one bin, or all bins convert alike.';
	END IF;
	EXECUTE 'SELECT logistic_model(l.converted, evidence($1, l.attributes, $2, $3), $4, $5) FROM ' || source
	INTO model
	USING profile, bins, monotone, terms, ridge;
	RETURN scorecard(profile, model, pdo, base_points, base_odds, bins, monotone, digits);
END;
$function$;
COMMENT ON FUNCTION classical_scorecard(regclass, name, name[], float8, float8, float8, integer, boolean, integer, float8) IS
'The classical scorecard in one call, from a table or view with a row per lead: weights of evidence of the attributes, a '
'logistic regression on them, and its points. converted: the boolean column that is the outcome. attributes: columns, by '
'default all others; the members of a jsonb column are attributes themselves; a blank text is no value. The card is '
'scorecard(profile, model, pdo, base_points, base_odds, bins, monotone, digits), with whole points by default; '
'fit(card, to_jsonb(lead)) are the points of a lead. ridge: as for logistic_model. A notice says how many leads have no '
'outcome, and which attributes have no rules since all leads are in one bin or all bins convert alike. NULL for a NULL '
'relation, outcome, pdo, base_points or base_odds. Error when a column is not there, the outcome is no boolean, all leads '
'or none converted, or no attribute tells them apart; those of logistic_model for collinear attributes and separation, '
'which name the attribute; those of scorecard. Reads the relation twice, with the rights of the caller.';
