-- Makes a shard, on which shard.sql was run, known to the server of coordinator.sql. Run it there, once per shard:
--     psql -v shard=shard_1 -v host=shard-1.example -v port=5432 -v dbname=kpi -v mart=kpi -v remote_user=kpi_reader -v remote_password=... -d kpi -f examples/scale-out/add_shard.sql
-- The role needs USAGE of the schemas scale_out and kpi there and SELECT on what they have; INSERT too, if you load through this server.
\set ON_ERROR_STOP on
BEGIN;
-- extensions: the shard may compute what is of lead_kpi. async_capable: all shards work at the same time. use_remote_estimate: without it a join is taken for
-- a nested loop, and not sent. fdw_tuple_cost: a row that travels is dear. options: summaries travel as short texts.
CREATE SERVER :"shard" FOREIGN DATA WRAPPER postgres_fdw
	OPTIONS (host :'host', port :'port', dbname :'dbname', extensions 'lead_kpi', options '-c lead_kpi.summary_output=compact', async_capable 'true', use_remote_estimate 'true', fdw_tuple_cost '1', fetch_size '10000', batch_size '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER :"shard" OPTIONS (user :'remote_user', password :'remote_password');
CREATE SCHEMA :"shard";
IMPORT FOREIGN SCHEMA :"mart" LIMIT TO (lead, stage_event, touch, deal) FROM SERVER :"shard" INTO :"shard";
IMPORT FOREIGN SCHEMA scale_out LIMIT TO (shard, event, funnel_cell, journey_cell, day_cell) FROM SERVER :"shard" INTO :"shard";
SELECT scale_out.attach_shard(:'shard');
COMMIT;
