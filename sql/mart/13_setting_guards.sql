-- What guards the settings of a mart: errors that say what to write, and how a ladder and a rule that are copied in take
-- the place of those that create_mart made.

CREATE FUNCTION mart_default_ladder()
RETURNS TABLE ("position" integer, stage text, role text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	VALUES (1, 'lead', 'lead'), (2, 'mql', 'mql'), (3, 'sal', 'sal'), (4, 'sql', 'sql'), (5, 'opportunity', 'opportunity'), (6, 'won', 'won');
END;
COMMENT ON FUNCTION mart_default_ladder() IS 'The ladder that create_mart makes: the rows of a mart''s table stage that nobody has touched.';

CREATE FUNCTION reads_like_an_exit(stage text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	-- Of the name, and of what stands before a reason as in "Lost - price", the letters a to z: letters with an accent are left out
	-- as well, so that the answer is the same in every encoding.
	WITH spelled AS
	(
		SELECT regexp_replace(lower(part COLLATE "C"), '[^a-z]+', '', 'g') AS letters
		FROM (VALUES (stage), (substring(stage COLLATE "C" FROM '^([^A-Za-z]*[A-Za-z].*?)(?:\s[^A-Za-z0-9\s]+\s|[(:;,/|[])'))) p(part)
	)
	SELECT EXISTS
	(
		SELECT FROM spelled JOIN
		(
			VALUES
			-- English
			('((closed?|deals?|leads?|opportunity)*(lost|dead)(deals?|leads?|opportunity)?(to(the)?compet(itors?|ition))?)'),
			('(closed)?(disqualif(y|ied)|(un|not?|non)qualified|rejected|refused|declined|recycled?|discarded|abandoned|cancell?ed|invalid|junk|spam)'
				'(leads?|deals?)?(by(sales|customer))?'),
			('(sales|lead)(rejected|disqualified|recycled)|(closed)?not?(won|converted|interested|interest)|nogo|badleads?|outsold'),
			-- French
			('(closed?|ferme?e?|clo?ture?e?|affaires?|opportunite?s?|pistes?|prospects?|leads?)*(perdu|mort)e?s?'),
			('(disqualifi|rejet|refus|abandonn|annul|recycl|non(qualifi|converti|interess|intress)|pas(interess|intress))e?e?s?'),
			('ecartee?s?|invalides?|(class)?e?e?sanssuite'),
			-- Spanish, Portuguese, Italian
			('(cerrad[oa]|fechad[oa]|chius[oa])?(perdid[oa]|pers[oa]|perdut[oa])s?|(descartad|rechazad|rejeitad|recusad|scartat|rifiutat)[oa]s?'),
			('((no|nao|non)(cualificad|calificad|qualificad|qualificat)|descalificad|desqualificad|squalificat)[oa]s?'),
			-- German, Dutch
			('verloren|(dis|un)qualifiziert|abgelehnt|abgesagt|verworfen|afgewezen|gediskwalificeerd|afgevallen')
		) exits(pattern) ON letters ~ ('^(' || pattern || ')$')
	);
END;
COMMENT ON FUNCTION reads_like_an_exit(text) IS
'Whether a stage''s name reads as if leads left by it: lost, closed lost, disqualified, unqualified, rejected, recycled, junk, dead, perdu, non '
'qualifie, verloren and the like, also with a reason behind it ("Lost - price"). Case, blanks, digits, punctuation and accents are ignored; false for '
'NULL. Such a stage should have the role lost: a step of the ladder implies the steps before it.';

CREATE FUNCTION mart_stage_is_sound()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF btrim(NEW.stage, E' \t\r\n') = '' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('the stage at position %s of %I.stage has no name', coalesce(NEW.position::text, 'NULL'), TG_TABLE_SCHEMA),
			HINT = 'Write the stage as stage_event.stage spells it.';
	ELSIF NEW.position <= 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('position %s of stage "%s" is not above 0', NEW.position, NEW.stage),
			HINT = format('Positions count from 1, gaps are allowed. To make room at the beginning: UPDATE %I.stage SET position = position + 1;',
				TG_TABLE_SCHEMA);
	ELSIF NEW.role NOT IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won', 'lost') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('role "%s" of stage "%s" is unknown', NEW.role, NEW.stage),
			HINT = CASE WHEN lower(btrim(NEW.role)) IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won', 'lost')
				THEN format('Write %L.', lower(btrim(NEW.role)))
				ELSE 'Write ''lead'', ''mql'', ''sal'', ''sql'', ''opportunity'' or ''won''; ''lost'' for an exit; NULL for a step of the funnel and '
					'nothing more.' END;
	END IF;
	IF NEW.role IS NULL AND lead_kpi.reads_like_an_exit(NEW.stage) THEN
		-- Not for every stage that is moved.
		IF TG_OP = 'UPDATE' THEN
			IF NEW.stage IS NOT DISTINCT FROM OLD.stage AND OLD.role IS NULL THEN
				RETURN NEW;
			END IF;
		END IF;
		RAISE WARNING USING
			MESSAGE = format('stage "%s" reads like an exit and has no role', NEW.stage),
			DETAIL = 'As a step of the ladder it implies the steps before it: whoever leaves by it would count as having reached them.',
			HINT = format('If leads are lost there: UPDATE %I.stage SET role = ''lost'' WHERE stage = %L;', TG_TABLE_SCHEMA, NEW.stage);
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION mart_stage_is_sound() IS
'Trigger on a mart''s table stage: says what to write instead of a blank name, a position below 1 or an unknown role, and warns of an exit without the '
'role lost.';

CREATE FUNCTION mart_is_copied_into(relation oid)
RETURNS boolean
LANGUAGE sql
BEGIN ATOMIC
	-- Else a transaction that copies into two tables sees the first one twice.
	SELECT pg_stat_clear_snapshot();
	-- The columns are NULL for who may not see the session's user, as after SET ROLE. Without track_activities the statement's text has to do.
	SELECT EXISTS (SELECT FROM pg_stat_progress_copy p WHERE p.pid = pg_backend_pid() AND coalesce(p.relid = relation, true))
		OR current_setting('track_activities') = 'off' AND coalesce(current_query() ~* '^\s*copy\s', false);
END;
COMMENT ON FUNCTION mart_is_copied_into(oid) IS
'For triggers: whether the rows come by COPY, as those of pg_dump and of the first synchronisation of a subscription do.';

CREATE FUNCTION mart_ladder_makes_way()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- On a subscriber statement triggers fire for the first synchronisation only.
	is_replica CONSTANT boolean := current_setting('session_replication_role') = 'replica';
	is_copied CONSTANT boolean := lead_kpi.mart_is_copied_into(TG_RELID);
	stages text[];
BEGIN
	IF NOT (is_replica OR is_copied) THEN
		RETURN NULL;
	END IF;
	EXECUTE format('SELECT array_agg(ROW(position, stage, role)::text ORDER BY position) FROM %I.stage', TG_TABLE_SCHEMA) INTO stages;
	IF stages = (SELECT array_agg(ROW(d.position, d.stage, d.role)::text ORDER BY d.position) FROM lead_kpi.mart_default_ladder() d) THEN
		EXECUTE format('DELETE FROM %I.stage', TG_TABLE_SCHEMA);
		RAISE NOTICE USING MESSAGE = format('the default ladder makes way for the rows that are copied into %I.stage', TG_TABLE_SCHEMA);
	ELSIF is_replica AND is_copied AND stages IS NOT NULL THEN
		-- Here no deferrable constraint is checked: two ladders would become one.
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('%I.stage has a ladder of its own, and another one is to be copied into it', TG_TABLE_SCHEMA),
			HINT = format('Make room for it with DELETE FROM %I.stage;', TG_TABLE_SCHEMA);
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION mart_ladder_makes_way() IS
'Trigger on a mart''s table stage: rows that come by COPY or replication take the place of the default ladder, if nobody has changed it.';

CREATE FUNCTION mart_rule_makes_way()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before text;
	own_format integer;
	targets text;
	sources text;
BEGIN
	NEW.scorecard_text := NEW.scorecard::text;
	IF current_setting('session_replication_role') <> 'replica' AND NOT lead_kpi.mart_is_copied_into(TG_RELID) THEN
		RETURN NEW;
	END IF;
	-- The layout is that of the mart here, whatever the one there has.
	IF TG_OP = 'UPDATE' THEN
		NEW.mart_format := OLD.mart_format;
		RETURN NEW;
	END IF;
	EXECUTE format('SELECT r::text, r.mart_format FROM %I.rule r', TG_TABLE_SCHEMA) INTO before, own_format;
	IF own_format IS NULL THEN
		RETURN NEW;
	END IF;
	NEW.mart_format := own_format;
	IF before <> NEW::text THEN
		SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum), string_agg(format('($1).%I', a.attname), ', ' ORDER BY a.attnum)
		INTO targets, sources
		FROM pg_attribute a
		WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
		EXECUTE format('UPDATE %I.rule SET (%s) = ROW(%s)', TG_TABLE_SCHEMA, targets, sources) USING NEW;
		RAISE NOTICE USING MESSAGE = format('the settings in %I.rule make way for those that are copied into it', TG_TABLE_SCHEMA);
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION mart_rule_makes_way() IS
'Trigger on a mart''s table rule: writes scorecard_text, and a row that comes by COPY or replication takes the place of the one that is there, except for its '
'mart_format.';

CREATE FUNCTION mart_view_support(internal)
RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mart_view_support(internal) IS
'Planner support of what the views of marts ask: has the library loaded that keeps jit from compiling their queries. See the setting lead_kpi.compile_marts.';

CREATE FUNCTION mart_rule_is_there(rules bigint, rule regclass DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SUPPORT lead_kpi.mart_view_support
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	mart text;
BEGIN
	IF rules > 0 THEN
		RETURN true;
	END IF;
	SELECT n.nspname INTO mart FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = rule;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = CASE WHEN mart IS NULL THEN 'the mart''s table rule is empty' ELSE format('%I.rule is empty', mart) END,
		DETAIL = 'It has the mart''s settings, in one row: a dump of the schema alone does not bring it.',
		HINT = format('Restore the data too, or take the defaults: SELECT lead_kpi.upgrade_mart(%L);', coalesce(mart, 'kpi'));
END;
$$;
COMMENT ON FUNCTION mart_rule_is_there(bigint, regclass) IS
'True when a mart''s table rule, named for the message, has its row; an error otherwise, because every view would be empty. The views of a mart ask it.';

CREATE FUNCTION mart_setting_guards(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE TRIGGER rule_stays BEFORE DELETE OR TRUNCATE ON rule FOR EACH STATEMENT EXECUTE FUNCTION mart_rule_stays();
	CREATE OR REPLACE TRIGGER rule_makes_way BEFORE INSERT OR UPDATE ON rule FOR EACH ROW EXECUTE FUNCTION mart_rule_makes_way();
	CREATE OR REPLACE TRIGGER ladder_makes_way BEFORE INSERT ON stage FOR EACH STATEMENT EXECUTE FUNCTION mart_ladder_makes_way();
	CREATE OR REPLACE TRIGGER stage_is_sound BEFORE INSERT OR UPDATE ON stage FOR EACH ROW EXECUTE FUNCTION mart_stage_is_sound();
	-- On a subscriber too.
	ALTER TABLE rule ENABLE ALWAYS TRIGGER rule_makes_way;
	ALTER TABLE stage ENABLE ALWAYS TRIGGER ladder_makes_way;
END;
$$;
COMMENT ON FUNCTION mart_setting_guards(name) IS 'Internal to create_mart: makes the triggers on the tables stage and rule of a mart, or makes them anew.';
