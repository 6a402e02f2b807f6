-- train_mart: what the mart learns from its own history.

CREATE FUNCTION train_mart(mart name)
RETURNS TABLE (as_of timestamptz, leads bigint, converted bigint, is_mature boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_some boolean;
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	-- The mart may be somebody else's: nothing in it is found by name, but the relations that are named with it.
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.stage WHERE role = ''won'')', mart) INTO found_some;
	IF NOT found_some THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I has no stage that means won: there is nothing to learn', mart),
			HINT = format('Say which it is, for example UPDATE %I.stage SET role = ''won'' WHERE stage = ''customer''.', mart);
	END IF;
	EXECUTE format('DELETE FROM %I.learned_profile', mart);
	EXECUTE format($sql$
		INSERT INTO %1$I.learned_profile
		SELECT f.as_of, lead_kpi.lead_profile(f.attributes::jsonb, coalesce(f.won_within, false)), count(*),
			CASE WHEN f.is_mature THEN count(*) FILTER (WHERE f.won_within) END,
			f.as_of + make_interval(secs => extract(epoch FROM r.score_horizon)::float8), f.is_mature
		FROM %1$I.lead_features f
		JOIN %1$I.rule r ON r.id = 1
		GROUP BY f.as_of, f.is_mature, r.score_horizon
	$sql$, mart);
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.learned_profile WHERE is_mature)', mart) INTO found_some;
	IF NOT found_some THEN
		RAISE NOTICE USING
			MESSAGE = format('nothing to learn from yet: no month end of mart %I is older than rule.score_horizon', mart),
			HINT = format('Probabilities stay NULL. Train again later, or shorten the horizon: UPDATE %I.rule SET score_horizon = ''30 days''.', mart);
	END IF;
	RETURN QUERY EXECUTE format('SELECT as_of, leads, converted, is_mature FROM %I.learned_profile ORDER BY as_of', mart);
END;
$$;
COMMENT ON FUNCTION train_mart(name) IS
'Learns which leads are won within rule.score_horizon from the history of a mart: rewrites its table learned_profile, from which lead_score and '
'score_history take their probabilities, and returns a row per month end: the leads that were open then, how many of them were won in time (NULL = '
'not known yet), and whether that is known. Learns only from what was known at the month end, except for members of lead.attributes: see '
'rule.score_attributes. Runs with the caller''s rights. Errors: not a mart; no stage has the role won. A notice when nothing is old enough: '
'probabilities then stay NULL.';
