-- What dependents.sql made, read in ways that use it: by index, by partition, by expression.
SET search_path = public, lead_kpi;
SELECT id, hits, share, won, md5(funnel::text) FROM dependent.summary ORDER BY id;
SELECT pooled, round(low::numeric, 9), round(share, 9) FROM dependent.pooled;
SELECT md5(funnel::text) FROM dependent.monthly;
SELECT * FROM dependent.target;
SET enable_seqscan = off;
SELECT id FROM dependent.summary WHERE hits = '32/1000';
SELECT id FROM dependent.summary WHERE hits >= '1/2' ORDER BY hits;
SELECT id FROM dependent.summary WHERE lead_kpi.trials(hits) = 1000 AND hits > '0/1';
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SELECT tableoid::regclass, hits FROM dependent.by_rate ORDER BY hits;
SELECT dependent.doubled('1/3'), (SELECT dependent.pool(hits) FROM dependent.by_rate WHERE lead_kpi.trials(hits) <= 1000);
SELECT count(*) FROM dependent.card;
SELECT pg_get_viewdef('dependent.pooled'::regclass), pg_get_indexdef('dependent.summary_trials'::regclass);
RESET ALL;
