-- These take one argument more, which views are meant; two of a name would not be told apart.
DROP FUNCTION store_mart(name, jsonb, boolean);
DROP FUNCTION refresh_mart(name, boolean, boolean);
DROP FUNCTION mart_layer_table(name);
DROP FUNCTION mart_refresh_all(name, boolean, boolean);
DROP FUNCTION mart_refresh_steps(name, boolean);
