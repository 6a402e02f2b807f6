-- Reads each view of the mart kpi with the server's defaults and tuned, by EXPLAIN ANALYZE.
CREATE TABLE public.measured (state text, view text, estimated bigint, rows bigint, off_by numeric, cost bigint, compiled bigint, defaults bigint, tuned bigint,
	ratio numeric);

CREATE FUNCTION public.measure_views(pattern text, runs integer)
RETURNS TABLE (view text, estimated bigint, rows bigint, off_by numeric, cost bigint, compiled bigint, defaults bigint, tuned bigint, ratio numeric)
LANGUAGE plpgsql AS $$
DECLARE
	plan json;
	took float8;
	fastest float8[];
	number integer;
BEGIN
	FOR view IN
		SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'v' AND c.relname ~ ('^(' || pattern || ')$') ORDER BY 1
	LOOP
		fastest := '{NULL,NULL}';
		FOR run IN 1 .. runs LOOP
			-- Tuned first: what is read for the first time is read by it.
			FOR number IN REVERSE 2 .. 1 LOOP
				PERFORM set_config('jit', CASE number WHEN 1 THEN 'on' ELSE 'off' END, true), set_config('work_mem', CASE number WHEN 1 THEN '4MB' ELSE '256MB' END,
					true);
				EXECUTE format('EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON, FORMAT JSON) SELECT * FROM kpi.%I', view) INTO plan;
				took := (plan -> 0 ->> 'Planning Time')::float8 + (plan -> 0 ->> 'Execution Time')::float8;
				fastest[number] := least(fastest[number], took);
			END LOOP;
		END LOOP;
		-- The last one was with the defaults.
		estimated := plan -> 0 -> 'Plan' ->> 'Plan Rows';
		rows := plan -> 0 -> 'Plan' ->> 'Actual Rows';
		off_by := round(greatest(estimated, 1)::numeric / greatest(rows, 1), 2);
		off_by := round(CASE WHEN off_by < 1 THEN greatest(rows, 1)::numeric / greatest(estimated, 1) ELSE off_by END, 1);
		cost := round((plan -> 0 -> 'Plan' ->> 'Total Cost')::numeric);
		compiled := coalesce((plan -> 0 -> 'JIT' ->> 'Functions')::bigint, 0);
		defaults := round(fastest[1]);
		tuned := round(fastest[2]);
		ratio := round((fastest[1] / fastest[2])::numeric, 2);
		RETURN NEXT;
	END LOOP;
END
$$;
