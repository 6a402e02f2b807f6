-- lead_kpi: the install script is joined from sql/NN_*.sql by make; edit those, not the joined file.
\echo Use "CREATE EXTENSION lead_kpi" to load this file. \quit

-- Anybody may call what is here; the data stays with its owners' grants.
GRANT USAGE ON SCHEMA lead_kpi TO PUBLIC;
