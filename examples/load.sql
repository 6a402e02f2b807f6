-- What ./run psql loads: the article's cases, and the mart "kpi" with 100 000 generated leads.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\o /dev/null
\ir article/article.sql
SELECT lead_kpi.create_mart('kpi');
SELECT lead_kpi.generate_example('kpi', 100000);
\o
