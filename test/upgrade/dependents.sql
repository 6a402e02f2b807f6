-- What users build on the extension, made with a former version: it must outlive the update. dependents_read.sql reads it.
SET search_path = public, lead_kpi;
CREATE SCHEMA dependent;
CREATE TABLE dependent.summary
(
	id integer PRIMARY KEY,
	hits lead_kpi.rate NOT NULL DEFAULT '0/0' CHECK (lead_kpi.trials(hits) >= 0),
	funnel lead_kpi.funnel,
	share float8 GENERATED ALWAYS AS (hits::float8) STORED,
	won bigint GENERATED ALWAYS AS (lead_kpi.leads(funnel, 'won')) STORED
);
INSERT INTO dependent.summary (id, hits, funnel)
SELECT r.id, r.value, f.value FROM stored_rate r LEFT JOIN stored_funnel f ON f.id = r.id AND f.id <= 3 WHERE r.value IS NOT NULL;
CREATE UNIQUE INDEX summary_hits ON dependent.summary (hits);
CREATE INDEX summary_hash ON dependent.summary USING hash (hits);
CREATE INDEX summary_trials ON dependent.summary (lead_kpi.trials(hits)) WHERE hits > '0/1';
CREATE STATISTICS dependent.summary_statistics ON (lead_kpi.hits(hits)), id FROM dependent.summary;
CREATE VIEW dependent.pooled AS SELECT s.pooled, lead_kpi.low(s.pooled), s.pooled::numeric AS share FROM (SELECT lead_kpi.rollup(hits) AS pooled FROM dependent.summary WHERE trials(hits) <= 1000) s;
CREATE MATERIALIZED VIEW dependent.monthly AS SELECT lead_kpi.rollup(funnel) AS funnel FROM dependent.summary WHERE id = 1;
CREATE DOMAIN dependent.certain AS lead_kpi.rate CHECK (lead_kpi.trials(VALUE) > 0);
CREATE TABLE dependent.target (goal dependent.certain, goals lead_kpi.rate[], what lead_kpi.scenario);
INSERT INTO dependent.target VALUES ('3/5', '{1/2,NULL,32/1000}', NULL);
CREATE TABLE dependent.by_rate (hits lead_kpi.rate) PARTITION BY RANGE (hits);
CREATE TABLE dependent.low_rate PARTITION OF dependent.by_rate FOR VALUES FROM (MINVALUE) TO ('1/2');
CREATE TABLE dependent.high_rate PARTITION OF dependent.by_rate FOR VALUES FROM ('1/2') TO (MAXVALUE);
INSERT INTO dependent.by_rate SELECT hits FROM dependent.summary WHERE lead_kpi.trials(hits) > 0;
CREATE FUNCTION dependent.doubled(r lead_kpi.rate) RETURNS lead_kpi.rate LANGUAGE sql IMMUTABLE RETURN r OPERATOR(lead_kpi.+) r;
CREATE AGGREGATE dependent.pool(lead_kpi.rate) (SFUNC = lead_kpi.rate_add, STYPE = lead_kpi.rate);
CREATE RULE clean AS ON DELETE TO dependent.summary WHERE lead_kpi.trials(OLD.hits) > 100 DO INSTEAD NOTHING;
ALTER TABLE dependent.summary ENABLE ROW LEVEL SECURITY;
CREATE POLICY certain ON dependent.summary USING (lead_kpi.trials(hits) > 0);
CREATE VIEW dependent.card AS SELECT lead_kpi.fit(value, '{"country": "FR"}') FROM stored_scorecard;
