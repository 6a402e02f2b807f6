-- These take one argument more, which views are to be stored; two of a name would not be told apart.
DROP FUNCTION store_mart(name, jsonb, boolean);
DROP FUNCTION mart_layer_table(name);
