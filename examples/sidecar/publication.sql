-- The other way: the managed server publishes, and the small PostgreSQL keeps copies. On the managed server, whose wal_level must be logical, as whoever
-- owns the tables:
--     psql -d crm -f examples/sidecar/publication.sql
-- Each table that changes needs a primary key, or a REPLICA IDENTITY.
\set ON_ERROR_STOP on
CREATE PUBLICATION lead_kpi FOR TABLE lead, stage_event, touch, spend, deal;
