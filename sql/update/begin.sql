-- lead_kpi: an update script is made from the install script by sql/update.awk; CONTRIBUTING.md says what is written by hand.
\echo Use "ALTER EXTENSION lead_kpi UPDATE" to load this file. \quit

-- As the install script: it runs as a superuser, and what it calls is qualified.
DO $begin$
BEGIN
	IF pg_catalog.current_setting('standard_conforming_strings', true) OPERATOR(pg_catalog.<>) 'on' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'the extension cannot be updated while standard_conforming_strings is off',
			DETAIL = 'Its functions would keep another meaning of backslashes, for everybody who calls them.',
			HINT = 'SET standard_conforming_strings = on.';
	END IF;
END;
$begin$;
SET LOCAL search_path = lead_kpi, pg_temp;

