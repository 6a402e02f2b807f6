-- What google.sql, meta.sql and linkedin.sql load into: every row of every file, as it was written. Made once.
\set ON_ERROR_STOP on
\if :{?file}
\else
	\echo 'Name the export: psql -v file=FILE -f google.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable file is not set'; END $$;
\endif
\if :{?format}
\else
	\set format '1,234.56'
\endif
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS ads_source;
CREATE TABLE IF NOT EXISTS ads_source.ad
(
	source text NOT NULL,       -- as the mart's channel
	file text NOT NULL,
	line integer NOT NULL,
	format text NOT NULL,       -- how the account writes amounts
	day text,
	last_day text,              -- where a row is about several days
	campaign text,
	amount text,
	currency text,
	PRIMARY KEY (source, file, line)
);
RESET client_min_messages;
