-- The Olist marketing funnel as a mart, and what it says: load.sql, mart.sql, and two of the mart's views.
--
--   psql -v olist=FOLDER -f examples/olist/import.sql
--
-- load.sql says what FOLDER holds.
\set ON_ERROR_STOP on
\if :{?olist}
\else
	\echo 'Name the folder of the files: psql -v olist=FOLDER -f import.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable olist is not set'; END $$;
\endif
\set folder :olist
BEGIN;
\ir load.sql
\ir mart.sql
COMMIT;

\echo 'Leads, sales and rate by origin'
SELECT s.channel AS origin, s.entered_leads AS leads, s.leads AS won, round(100 * s.total_rate::numeric, 2) AS "% won",
	round(100 * s.total_rate_low::numeric, 2) AS "at least %", round(100 * s.total_rate_high::numeric, 2) AS "at most %"
FROM olist.funnel_by_channel s
WHERE s.stage = 'won'
ORDER BY s.total_rate DESC;

\echo 'What is wrong in the data'
SELECT check_name, rows, what_it_means FROM olist.data_quality WHERE severity IN ('error', 'warning');
