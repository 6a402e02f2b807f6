-- lead_kpi: the install script is joined from sql/NN_*.sql by make; edit those, not the joined file.
\echo Use "CREATE EXTENSION lead_kpi" to load this file. \quit
