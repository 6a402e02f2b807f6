-- working_time: how long somebody could have worked on something.

CREATE FUNCTION working_minutes("from" timestamp, "to" timestamp, working_hours text, holidays date[] DEFAULT NULL) RETURNS double precision
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION working_minutes(timestamp, timestamp, text, date[]) IS
'Minutes of working time between two local times, 0 when the second is not after the first. working_hours: days (mon, tue, wed, thu, fri, '
'sat, sun, French names, or from-to) and hours, such as mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00. What overlaps counts once. On '
'holidays nobody works. NULL working_hours = minutes of the clock, holidays included. NULL when a time is NULL or infinite; error for hours '
'that are none.';

CREATE FUNCTION checked_working_hours(working_hours text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION checked_working_hours(text) IS
'True for hours that working_minutes can read; an error with a hint for anything else: for constraints.';
