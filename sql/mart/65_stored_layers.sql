-- What is stored of a stored mart, and who may read it.

CREATE FUNCTION execute_at_one_snapshot(labels text[], conditions text[], statements text[], tells boolean)
RETURNS bigint
	AS 'MODULE_PATHNAME', 'execute_at_one_snapshot' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION execute_at_one_snapshot(text[], text[], text[], boolean) IS
'Internal to refresh_mart: runs the statements one after the other, all as of the moment at which the first one began, each only where its condition (a '
'query; NULL = always) says true, with the caller''s rights. tells: a notice per step. Returns how many were run. Errors: arrays of different lengths; a '
'condition that is not one row.';

CREATE FUNCTION execute_as_owner(schema name, statement text)
RETURNS void
	AS 'MODULE_PATHNAME', 'execute_as_owner' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION execute_as_owner(name, text) IS
'Internal to refresh_mart: runs a statement with the rights of the schema''s owner, and of nobody else, as REFRESH MATERIALIZED VIEW does: what the owner put '
'there cannot act as the caller. Errors: no such schema; the caller is not a member of the owner.';

CREATE FUNCTION mart_reports(step text)
RETURNS void
	AS 'MODULE_PATHNAME', 'mart_reports' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION mart_reports(text) IS
'Internal to functions that take long: shows in pg_stat_activity.query what is being done, as ''lead_kpi: '', the step and what the client asked '
'for, until the next step or the next query. NULL = the query of the client again.';

CREATE FUNCTION mart_stored_layers()
RETURNS TABLE (ordinal bigint, relation text, kind text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 120
BEGIN ATOMIC
	SELECT row_number() OVER (), l.*
	FROM
	(VALUES
		-- counts: what whole relations are read for, see mart_count_steps
		('date_count', 'counts'), ('lead_name_count', 'counts'), ('touch_count', 'counts'),
		-- context: few rows that the judgement of every lead rests on
		('data_span', 'context'), ('spelling', 'context'), ('currency_worth', 'context'), ('inferred_stage', 'context'),
		-- facts: leads and what happened to them, kept lead by lead
		('judged_lead', 'facts'), ('lead_record', 'facts'), ('lead_event', 'facts'), ('lead_outcome', 'facts'),
			('lead_activity', 'facts'), ('lead_work', 'facts'),
		-- cells: what adds up over leads, see mart_cell_grain
		('kpi_day_count', 'cells'), ('funnel_count', 'cells'), ('cohort_count', 'cells'), ('lead_check_count', 'cells'), ('event_check_count', 'cells'),
		-- rows: what the views show, made again as a whole; each after what it reads
		('touch_spelling', 'rows'), ('lead_generated', 'rows'), ('counted_volume', 'rows'), ('campaign_channel', 'rows'),
			('counted_spend', 'rows'), ('allocated_spend', 'rows'),
		('kpi_day', 'rows'), ('funnel_by_segment', 'rows'), ('segment_outcome', 'rows'), ('segment_revenue', 'rows'), ('revenue_by_segment', 'rows'),
		('cohort_conversion_by_segment', 'rows'),
		('funnel_by_grain', 'rows'), ('mql_acceptance_by_grain', 'rows'), ('unit_cost', 'rows'), ('cohort_revenue', 'rows'), ('cpl_to_revenue', 'rows'),
		('marginal_return', 'rows'), ('cycle_time_by_grain', 'rows'), ('cohort_conversion', 'rows'), ('channel_comparison', 'rows'),
		('comparison_count', 'rows'), ('comparison_period', 'rows'), ('comparison_segment', 'rows'), ('comparison_effect', 'rows'), ('period_change', 'rows'),
		('journey_count', 'rows'),
		('attribution_by_grain', 'rows'), ('journey_paths', 'rows'), ('forecast_count', 'rows'), ('forecast_input', 'rows'), ('forecast_origin', 'rows'),
		('forecast_cell', 'rows'), ('forecast_by_grain', 'rows'), ('forecast_by_period', 'rows'), ('forecast_accuracy', 'rows'),
		('score_quality', 'rows'), ('score_lift', 'rows'), ('score_calibration', 'rows'), ('lead_score', 'rows'), ('hand_off', 'rows'), ('icp_fit', 'rows'),
		-- sql/mart/39_owner.sql
		('owner_count', 'rows'), ('owner_performance', 'rows'), ('funnel_by_owner', 'rows'),
		-- sql/mart/39_reason.sql
		('sent_away', 'rows'), ('reason_case', 'rows'), ('reason_count', 'rows'), ('reason_by_grain', 'rows'),
		-- sql/mart/39_stuck.sql
		('pipeline_item', 'rows'), ('stuck', 'rows'), ('stuck_by_stage', 'rows'), ('stuck_by_owner', 'rows'),
			('pipeline_hygiene_count', 'rows'),
		-- sql/mart/39_path.sql
		('stage_paths', 'rows'), ('funnel_value_count', 'rows'),
		-- sql/mart/39_speed_to_lead.sql
		('lead_speed', 'rows'), ('speed_count', 'rows'), ('speed_rate', 'rows'), ('speed_to_lead', 'rows'), ('speed_to_lead_by_channel', 'rows'),
			('speed_to_lead_by_owner', 'rows'), ('speed_to_lead_by_hour', 'rows'), ('conversion_by_speed_count', 'rows'), ('conversion_by_speed', 'rows'),
		-- sql/mart/39_outbound.sql
		('lead_meeting', 'rows'), ('outbound_count', 'rows'), ('meeting_count', 'rows'), ('outbound_chain_by_grain', 'rows'),
			('attempts', 'rows'), ('outbound_week', 'rows'),
		-- sql/mart/39_account.sql
		('lead_account', 'rows'), ('account_deal', 'rows'), ('account_stage', 'rows'), ('account_outcome', 'rows'), ('account_funnel_by_grain', 'rows'),
		('account_journey_count', 'rows'), ('account_attribution', 'rows'), ('account_journeys', 'rows'), ('account_engagement', 'rows'),
		('new_and_known_accounts', 'rows'), ('account_summary', 'rows'),
		-- sql/mart/39_credit.sql
		('stage_journey_count', 'rows'), ('attribution_of_stage', 'rows'), ('influence', 'rows'), ('last_touch_comparison', 'rows'),
		-- sql/mart/39_target.sql
		('target_input', 'rows'), ('target_expected', 'rows'), ('target_pacing', 'rows'), ('coverage_deal', 'rows'), ('pipeline_coverage', 'rows'),
		('lead_check', 'rows'), ('event_check', 'rows'), ('activity_check', 'rows'), ('spend_check', 'rows'), ('name_check', 'rows'), ('volume_check', 'rows'),
		('setting_check', 'rows'), ('data_quality', 'rows'), ('diagnosis_comparison', 'rows'), ('diagnosis_fit', 'rows'), ('diagnosis_suspicion', 'rows'),
		('diagnosis_sales_count', 'rows'), ('diagnosis_sales', 'rows'), ('diagnosis_finding', 'rows'), ('diagnosis', 'rows')
	) l;
END;
COMMENT ON FUNCTION mart_stored_layers() IS
'Which views of a mart are stored in a stored one, in the order in which they are made: counts (of whole relations: a refresh adds and takes away the rows '
'that changed), context (few rows that the judgement of every lead rests on), '
'facts (kept lead by lead), cells (sums over leads: a refresh takes away what the changed leads brought and adds what they bring), rows (what a view shows, '
'made again at each refresh from the ones before). The other views read these.';

CREATE FUNCTION mart_cell_grain(relation text)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE relation
	WHEN 'kpi_day_count' THEN '{day,channel,campaign,kind,owner}'
	WHEN 'funnel_count' THEN '{month,week,channel,campaign}'
	WHEN 'cohort_count' THEN '{month,channel,campaign,day}'
	WHEN 'lead_check_count' THEN '{check_name,value,lead_id}'
	WHEN 'event_check_count' THEN '{check_name,value}'
END::text[];
COMMENT ON FUNCTION mart_cell_grain(text) IS
'By which columns the rows of a layer of cells are told apart. All others add up over leads, each of which brings what its own facts say: whole numbers, '
'numeric, and summaries as text, named funnel, curve, journeys or moments; one named x is NULL where there is an x_known that is 0. The first of them is a '
'count, which is 0 where nothing is left. No such layer may ask when it is, up to when the data is complete, or what other leads are '
'like. Internal to stored marts.';

CREATE FUNCTION mart_beneath(relation oid)
RETURNS TABLE (relation oid, is_as_reader boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	-- What a view reads is read as its reader where it is a security_invoker view, else as its owner.
	WITH RECURSIVE found AS
	(
		SELECT mart_beneath.relation AS oid, true AS as_reader
		UNION
		SELECT b.oid, f.as_reader AND b.as_reader
		FROM found f
		CROSS JOIN LATERAL
		(
			-- Each by the indexes of the catalogs, which may be large.
			SELECT d.refobjid AS oid, coalesce(c.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1,security_invoker=yes}', false)
				AS as_reader
			FROM pg_class c
			JOIN pg_rewrite w ON w.ev_class = c.oid
			JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
			WHERE c.oid = f.oid AND c.relkind = 'v'
			OFFSET 0
		) b
	)
	SELECT f.oid, f.as_reader FROM found f;
END;
COMMENT ON FUNCTION mart_beneath(oid) IS
'Internal to stored marts: a relation, and all that it reads if it is a view; is_as_reader: with the rights of whoever reads it.';

CREATE FUNCTION mart_must_be_readable(mart name, relations text[])
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
-- A refresh switches them off, and the catalogs may be large.
SET enable_nestloop = on
AS $$
DECLARE
	missing text;
	denied text;
	guarded text;
BEGIN
	SELECT string_agg(format('%I.%I', mart, r.name), ', ') INTO missing FROM unnest(relations) AS r(name) WHERE to_regclass(format('%I.%I', mart,
		r.name)) IS NULL;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('%s does not exist, and nobody can tell who may read it', missing),
			HINT = format('Give it its name back, or turn the mart live: SELECT lead_kpi.live_mart(%L);', mart);
	END IF;
	-- What row security hides of one relation a live mart sets aside in others, too: see mart_sets_aside.
	SELECT string_agg(DISTINCT b.relation::regclass::text, ', ') FILTER (WHERE r.name = ANY (relations) AND NOT has_table_privilege(b.relation, 'SELECT')),
		string_agg(DISTINCT b.relation::regclass::text, ', ') FILTER (WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND row_security_active(b.relation))
	INTO denied, guarded
	FROM unnest(relations || '{lead,stage_event,deal}' || CASE WHEN 'spend' = ANY (relations) THEN '{volume}'::text[] END
		|| CASE WHEN 'target' = ANY (relations) THEN '{activity}'::text[] END) AS r(name)
	CROSS JOIN LATERAL lead_kpi.mart_beneath(to_regclass(format('%I.%I', mart, r.name))) b
	CROSS JOIN LATERAL (SELECT c.relkind, c.relrowsecurity FROM pg_class c WHERE c.oid = b.relation OFFSET 0) c
	WHERE b.is_as_reader;
	IF denied IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied for %s', denied),
			DETAIL = 'Who reads what is stored of a mart has to be allowed to read what it was made from.',
			HINT = format('Have the owner run: GRANT SELECT ON %s TO %I;', denied, current_user);
	ELSIF guarded IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('row security applies to %I on %s, and what is stored of mart %I is made from all rows', current_user, guarded, mart),
			HINT = format('Read a live mart: its owner can make one over the same relations with lead_kpi.create_mart, or turn this one back with '
				'SELECT lead_kpi.live_mart(%L);', mart);
	END IF;
	RETURN true;
END;
$$;
COMMENT ON FUNCTION mart_must_be_readable(name, text[]) IS
'Internal to mart_is_readable: what it answers, found out anew.';

CREATE FUNCTION mart_is_readable(mart name, relations text[])
RETURNS boolean
	AS 'MODULE_PATHNAME', 'mart_is_readable' LANGUAGE C STABLE STRICT PARALLEL SAFE SUPPORT lead_kpi.mart_view_support;
COMMENT ON FUNCTION mart_is_readable(name, text[]) IS
'True where the current role may read the named relations of a mart, and what these read, and row security hides nothing from it there, nor of leads, stages '
'and deals: then it may see what is stored of them. Else an error. The views of a stored mart ask it: what they read is read with the '
'rights of the mart''s owner. A session remembers for whom it was so while nothing is committed and no right, role, relation or schema changes. NULL = NULL.';

CREATE FUNCTION mart_sources(relation oid, mart name)
RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(array_agg(DISTINCT c.relname::text), '{}')
	FROM mart_beneath(relation) b
	CROSS JOIN LATERAL (SELECT c.relname, c.relkind, c.relnamespace FROM pg_class c WHERE c.oid = b.relation OFFSET 0) c
	WHERE c.relnamespace = to_regnamespace(quote_ident(mart)) AND (c.relkind IN ('r', 'p') OR c.relname IN (SELECT s.relation FROM mart_shape() s));
END;
COMMENT ON FUNCTION mart_sources(oid, name) IS 'Internal to store_mart: the tables and mapped relations of a mart that a view of it reads.';
