-- On the small PostgreSQL, after publication.sql on the managed one. First the tables, empty, by the same names:
--     pg_dump -h db.example -d crm --schema-only --no-owner --no-privileges -t lead -t stage_event -t touch -t spend -t deal | psql -d kpi
-- then, as a superuser of the small one:
--     psql -v connection='host=db.example dbname=crm user=kpi_replicator password=...' -d kpi -f examples/sidecar/subscription.sql
-- Nothing is asked of the managed server when somebody reads or refreshes.
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS lead_kpi;
CREATE SUBSCRIPTION lead_kpi CONNECTION :'connection' PUBLICATION lead_kpi;
SELECT lead_kpi.create_mart('kpi', 'lead', 'stage_event', 'touch', 'spend', 'deal');

-- No trigger fires for rows that arrive: what changed is found by comparing a hash per lead, here at home.
SELECT lead_kpi.store_mart('kpi', '{"lead": "comparison", "stage_event": "comparison", "touch": "comparison", "spend": "comparison", "deal": "comparison"}');
