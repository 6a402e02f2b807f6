-- lead_kpi beside a managed server that takes no foreign C code: a small PostgreSQL of your own reads its tables by postgres_fdw.
-- Run it on the small one, as whoever is to own the mart:
--     psql -v host=db.example -v port=5432 -v dbname=crm -v remote_user=kpi_reader -v remote_password=... -v remote_schema=public -d kpi -f examples/sidecar/fdw.sql
-- The managed server needs a role that may SELECT these tables, and nothing else.
\set ON_ERROR_STOP on
\if :{?remote_schema}
\else
\set remote_schema public
\endif
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE EXTENSION IF NOT EXISTS lead_kpi;

-- Rows are fetched by the thousand; statistics are those of the managed server.
CREATE SERVER managed FOREIGN DATA WRAPPER postgres_fdw
	OPTIONS (host :'host', port :'port', dbname :'dbname', fetch_size '10000', use_remote_estimate 'true', updatable 'false');
CREATE USER MAPPING FOR CURRENT_USER SERVER managed OPTIONS (user :'remote_user', password :'remote_password');

-- The tables by the names that lead_kpi has for them; where yours differ, import yours and map views over them (doc/exports.md).
CREATE SCHEMA managed;
IMPORT FOREIGN SCHEMA :"remote_schema" LIMIT TO (lead, stage_event, touch, spend, deal) FROM SERVER managed INTO managed;
SELECT lead_kpi.create_mart('kpi', 'managed.lead', 'managed.stage_event', 'managed.touch', 'managed.spend', 'managed.deal');

-- Stored, so that the managed server is asked once a refresh and not by every reader. What changed is found by comparing a hash per lead: the rows
-- travel once, and only changed leads are judged again. A change column (an updated_at) spares that, too: '{"lead": "updated_at"}'.
SELECT lead_kpi.store_mart('kpi', '{"lead": "comparison", "stage_event": "comparison", "touch": "comparison", "spend": "comparison", "deal": "comparison"}');
