-- Attribution in the mart: every model side by side, totals that reconcile, and what has no channel, no touch or no deal.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SELECT lead_kpi.create_mart('regress_attribution');
SET search_path = regress_attribution;

-- Nothing there: no rows, no error. Spend alone has nobody to credit yet.
INSERT INTO spend VALUES ('2026-01-01', 'radio', NULL, 70);
SELECT (SELECT count(*) FROM journey_event) AS events, (SELECT count(*) FROM attribution) AS attribution, (SELECT count(*) FROM attribution_by_campaign) AS by_campaign,
	(SELECT count(*) FROM attribution_shift) AS shift, (SELECT count(*) FROM journey_paths) AS paths;

-- Deals without any touch: all unattributed.
INSERT INTO lead (lead_id, created_at) VALUES (4, '2026-01-03');
INSERT INTO deal VALUES ('d4', 4, '2026-01-03', '2026-01-06', true, 40);
SELECT model, channel, is_unattributed, conversions, revenue, share, spend, cac, roas FROM attribution WHERE model IN ('linear', 'markov', 'shapley');
SELECT * FROM attribution_shift;
SELECT * FROM journey_paths;

-- Touches, and nothing won: no share.
DELETE FROM deal;
INSERT INTO touch VALUES (4, '2026-01-02', 'seo', NULL, 'visit');
SELECT model, channel, is_unattributed, conversions, revenue, share, spend, cac, roas FROM attribution WHERE model IN ('linear', 'markov', 'shapley');
SELECT count(*) FROM attribution_shift;
SELECT path, touches, conversions, revenue, nulls, conversion_rate FROM journey_paths;
TRUNCATE lead, touch, deal, spend;

--
-- A case to check by hand. Lead 1 shows what the model changes.
--
INSERT INTO lead (lead_id, created_at, kind, channel, email) SELECT i, '2026-01-03', 'form', 'ads', CASE i WHEN 8 THEN 'test@firm.example' END FROM generate_series(1, 9) i;
INSERT INTO touch (lead_id, touched_at, channel, campaign) VALUES
	(1, '2026-01-01', 'ads', 'spring'), (1, '2026-01-04', 'email', 'nurture'),
	(2, '2026-01-01', 'seo', NULL), (2, '2026-01-02', 'ads', 'brand'),				-- wins nothing
	(3, '2026-01-01', NULL, NULL), (3, '2026-01-02', ' ', ''), (3, '2026-01-04', ' email ', 'nurture'),	-- unknown, twice
	(5, '2025-10-07', 'fair', NULL), (5, '2026-01-08', 'email', 'nurture'),			-- 91 days before the deal, and after it
	(6, '2026-01-02', 'ads', 'brand'),
	(7, '2026-01-02', 'email', NULL),
	(8, '2026-01-02', 'ads', 'spring'),												-- a test
	(9, '2026-01-02', 'seo', NULL), (9, '2026-01-04', 'Direct', NULL),
	(9, NULL, 'ads', NULL), (9, 'infinity', 'ads', NULL), (99, '2026-01-02', 'ads', NULL), (NULL, '2026-01-02', 'ads', NULL);
INSERT INTO deal VALUES
	('d1', 1, '2026-01-05', '2026-01-06', true, 100),
	('d3', 3, '2026-01-04', '2026-01-06', true, 60),
	('d4', 4, '2026-01-04', '2026-01-06', true, 40),								-- no touch
	('d5', 5, '2026-01-04', '2026-01-06', true, 10),								-- none within the lookback
	('d6', 6, '2026-01-04', '2026-01-06', true, 50), ('d6 too', 6, '2026-01-04', '2026-01-06', true, 50),	-- two alike at once
	('d7', 7, '2026-01-04', '2026-01-06', true, -30), ('d7 too', 7, '2026-01-04', '2026-01-07', true, NULL),	-- a refund, an unknown amount
	('d8', 8, '2026-01-04', '2026-01-06', true, 1000),
	('d9', 9, '2026-01-04', '2026-01-06', true, 20), ('d9', 9, '2026-01-04', '2026-01-06', true, 20),			-- repeated
	('lost', 2, '2026-01-04', '2026-01-06', false, 500), ('open', 2, '2026-01-04', NULL, NULL, 500);
INSERT INTO spend VALUES ('2026-01-01', 'ads', 'spring', 300), ('2026-01-01', ' ads', 'brand', 100), ('2026-01-01', 'email', NULL, -5), ('2026-01-01', NULL, NULL, 30),
	('2026-01-01', 'radio', NULL, 70), ('2026-01-01', 'seo', NULL, 0);

SELECT lead_id, channel, campaign, touched_at, milestone, converted_at, value, refund FROM journey_event ORDER BY lead_id, coalesce(touched_at, converted_at), value;
SELECT model, is_default, channel, is_unattributed, conversions, revenue, round(share::numeric, 4) AS share, spend, round(cac, 2) AS cac, round(roas, 4) AS roas
FROM attribution WHERE model IN ('first_touch', 'last_touch', 'last_non_direct') ORDER BY model_position, is_unattributed, channel COLLATE "C";
SELECT model, channel, campaign, is_unattributed, conversions, revenue, spend, round(cac, 2) AS cac, round(roas, 4) AS roas
FROM attribution_by_campaign WHERE model IN ('first_touch', 'last_non_direct') ORDER BY model_position, is_unattributed, channel COLLATE "C", campaign;
SELECT channel, round(lowest_share::numeric, 6) AS lowest_share, lowest_models, round(highest_share::numeric, 6) AS highest_share, highest_models,
	round(difference::numeric, 6) AS difference, round(default_share::numeric, 6) AS default_share
FROM attribution_shift WHERE channel IN ('ads', 'radio');
SELECT bool_and(ordered) AS largest_disagreement_first
FROM (SELECT difference <= lag(difference, 1, difference) OVER () + 1e-9 AS ordered FROM attribution_shift) s;
SELECT path, touches, conversions, revenue, nulls, conversion_rate, round(conversion_rate_low::numeric, 4) AS low, round(conversion_rate_high::numeric, 4) AS high FROM journey_paths;
-- Every model of the two levels against the deals themselves; the rule models also channel by channel.
SELECT a.model, round(a.conversions::numeric, 9) AS conversions, round(a.revenue, 6) AS revenue, round(a.share::numeric, 9) AS share, a.spend,
	round(a.conversions::numeric - c.conversions::numeric, 9) AS campaign_conversions, round(a.revenue - c.revenue, 6) AS campaign_revenue, c.spend - a.spend AS campaign_spend
FROM (SELECT model_position, model, sum(conversions) AS conversions, sum(revenue) AS revenue, sum(share) AS share, sum(spend) AS spend FROM attribution GROUP BY 1, 2) a
JOIN (SELECT model, sum(conversions) AS conversions, sum(revenue) AS revenue, sum(spend) AS spend FROM attribution_by_campaign GROUP BY 1) c USING (model)
ORDER BY model_position;
SELECT count(*) AS won, sum(amount) AS revenue, (SELECT sum(conversions) FROM journey_paths) AS path_conversions, (SELECT sum(revenue) FROM journey_paths) AS path_revenue
FROM counted_deal WHERE is_won AND excluded_reason IS NULL;
SELECT count(*) AS different
FROM (SELECT model, channel, is_unattributed, conversions, revenue FROM attribution) a
FULL JOIN (SELECT model, channel, is_unattributed, sum(conversions) AS conversions, sum(revenue) AS revenue FROM attribution_by_campaign GROUP BY 1, 2, 3) c
	ON (a.model, coalesce(a.channel, '-'), a.is_unattributed) = (c.model, coalesce(c.channel, '-'), c.is_unattributed)
WHERE coalesce(a.model, c.model) NOT IN ('markov', 'shapley')
	AND (abs(a.conversions - c.conversions) < 1e-9 AND abs(a.revenue - c.revenue) < 1e-6) IS NOT TRUE;

-- The rule: default model, lookback, half-life. w_shaped and full_path use the milestones.
BEGIN;
UPDATE rule SET attribution_model = 'last_touch', attribution_lookback = '91 days', attribution_half_life = '3 days';
SELECT count(*) AS models, sum(conversions) AS conversions FROM attribution WHERE channel = 'fair' AND model <> 'markov';
SELECT DISTINCT model FROM attribution WHERE is_default;
SELECT round(default_share::numeric, 6) AS default_share FROM attribution_shift WHERE channel = 'ads';
DELETE FROM deal WHERE lead_id <> 1;
INSERT INTO touch VALUES (1, '2026-01-05 12:00', 'call', NULL, NULL), (1, '2026-01-02', 'call', NULL, NULL);
-- ads, call (the lead), email (the opportunity), call; the ages against the last touch are 4.5, 3.5, 1.5 and 0 days.
SELECT model, channel, round(conversions::numeric, 6) AS conversions FROM attribution
WHERE model IN ('time_decay', 'w_shaped', 'full_path') AND channel IN ('ads', 'call', 'email');
SELECT round((power(2, -v.age / 3) / (power(2, -4.5 / 3) + power(2, -3.5 / 3) + power(2, -1.5 / 3) + 1))::numeric, 6) AS decayed
FROM (VALUES (4.5), (1.5)) AS v(age);
UPDATE rule SET attribution_lookback = NULL;
SELECT count(*) FROM journey_paths WHERE path = 'fair > email';
ROLLBACK;
\set VERBOSITY terse
UPDATE rule SET attribution_model = 'markow';
UPDATE rule SET attribution_model = 'shapley_rate';
UPDATE rule SET attribution_model = NULL;
UPDATE rule SET attribution_lookback = '3 months';
UPDATE rule SET attribution_half_life = '1 month';
UPDATE rule SET attribution_half_life = '0';
-- The rule takes all models that the view shows.
SELECT count(*) AS models, count(*) FILTER (WHERE pg_get_constraintdef(oid) LIKE '%''' || model || '''%') AS allowed
FROM (SELECT DISTINCT model FROM attribution) m, pg_constraint
WHERE conrelid = 'rule'::regclass AND pg_get_constraintdef(oid) LIKE '%first_touch%';
RESET search_path;
SELECT lead_kpi.drop_mart('regress_attribution');

--
-- Generated data: every total, in every model, with every lead key
--
CREATE FUNCTION pg_temp.totals(mart text) RETURNS TABLE (lead_key regtype, models bigint, off bigint, shares_off bigint, spend_off bigint, campaigns_off bigint, paths_off boolean, fingerprint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	RETURN QUERY
	WITH deals AS (SELECT count(*)::float8 AS conversions, sum(amount)::float8 AS revenue FROM counted_deal WHERE is_won AND excluded_reason IS NULL),
		spent AS (SELECT sum(amount) AS spend FROM counted_spend),
		by_model AS (SELECT a.model, sum(a.conversions) AS conversions, sum(a.revenue)::float8 AS revenue, sum(a.share) AS share, sum(a.spend) AS spend FROM attribution a GROUP BY a.model),
		by_campaign AS (SELECT a.model, sum(a.conversions) AS conversions, sum(a.revenue)::float8 AS revenue, sum(a.spend) AS spend FROM attribution_by_campaign a GROUP BY a.model)
	SELECT (SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = 'journey_event'::regclass AND attname = 'lead_id'),
		count(*),
		count(*) FILTER (WHERE abs(m.conversions / d.conversions - 1) > 1e-9 OR abs(m.revenue / d.revenue - 1) > 1e-9),
		count(*) FILTER (WHERE abs(m.share - 1) > 1e-9),
		count(*) FILTER (WHERE m.spend <> s.spend OR c.spend <> s.spend),
		count(*) FILTER (WHERE abs(c.conversions / d.conversions - 1) > 1e-9 OR abs(c.revenue / d.revenue - 1) > 1e-9),
		(SELECT sum(p.conversions) <> max(d.conversions) OR abs(sum(p.revenue)::float8 / max(d.revenue) - 1) > 1e-9 FROM journey_paths p),
		(SELECT md5(string_agg(concat_ws('|', p.path, p.conversions, round(p.revenue, 2), p.nulls), E'\n' ORDER BY p.path COLLATE "C")) FROM journey_paths p)
	FROM by_model m JOIN by_campaign c USING (model), deals d, spent s
	GROUP BY d.conversions, d.revenue, s.spend;
END;
$$;
SELECT lead_kpi.create_mart('regress_bigint');
SELECT lead_kpi.create_mart('regress_uuid', lead_key => 'uuid');
SELECT lead_kpi.create_mart('regress_text', lead_key => 'text');
SELECT lead_kpi.generate_example('regress_bigint', 3000);
SELECT lead_kpi.generate_example('regress_uuid', 3000);
SELECT lead_kpi.generate_example('regress_text', 3000);
SELECT lead_key, models, off, shares_off, spend_off, campaigns_off, paths_off FROM pg_temp.totals('regress_bigint');
SELECT count(DISTINCT fingerprint) AS alike
FROM (SELECT * FROM pg_temp.totals('regress_bigint') UNION ALL SELECT * FROM pg_temp.totals('regress_uuid') UNION ALL SELECT * FROM pg_temp.totals('regress_text')) t;
-- No number in any view is NaN or infinite, and NULL stands only where the comment says so.
SELECT count(*) FROM (SELECT to_jsonb(a) AS r FROM regress_bigint.attribution a UNION ALL SELECT to_jsonb(a) FROM regress_bigint.attribution_by_campaign a
	UNION ALL SELECT to_jsonb(a) FROM regress_bigint.attribution_shift a UNION ALL SELECT to_jsonb(a) FROM regress_bigint.journey_paths a) v, jsonb_each_text(r) e
WHERE e.value IN ('NaN', 'Infinity', '-Infinity');
SELECT count(*) FILTER (WHERE (cac IS NULL) <> (coalesce(spend < 0, true) OR conversions < 1e-9)) AS cac, count(*) FILTER (WHERE (roas IS NULL) <> coalesce(spend <= 0, true)) AS roas
FROM regress_bigint.attribution_by_campaign;
-- One deal of an absurd amount does not take the views away: it counts as the most that a journey can be worth.
UPDATE regress_bigint.deal SET amount = 1e300 WHERE deal_id = (SELECT min(deal_id) FROM regress_bigint.deal WHERE is_won);
SELECT model, sum(revenue) BETWEEN 9.9e25 AND 1e26 AS capped FROM regress_bigint.attribution WHERE model IN ('first_touch', 'linear') GROUP BY 1 ORDER BY 1;
SELECT sum(revenue) > 1e299 AS huge FROM regress_bigint.cpl_to_revenue;
SELECT lead_kpi.drop_mart('regress_bigint');
SELECT lead_kpi.drop_mart('regress_uuid');
SELECT lead_kpi.drop_mart('regress_text');
