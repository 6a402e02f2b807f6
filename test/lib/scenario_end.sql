\set ECHO none
-- How the tests mart_reports_* end: each answer that is not the right one, and how many there are in all.
SET client_min_messages = warning;
SELECT what, string_agg(mart, ' ' ORDER BY number) AS marts, question, found, expected
FROM verdict
WHERE found IS DISTINCT FROM expected
GROUP BY what, question, found, expected
ORDER BY min(number);
SELECT count(*) AS answers, count(DISTINCT what) AS scenarios FROM verdict;
SELECT drop_mart('regress_' || mart) FROM unnest('{bigint,uuid,text,old,days}'::text[]) AS mart \g /dev/null
DROP SCHEMA regress_old_source CASCADE;
DROP SCHEMA regress_days_source CASCADE;
\set ECHO all
