-- attribution_of_stage, influence, last_touch_comparison: credit before the sale, part against credit, and the last touch against the agreed model.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
SET extra_float_digits = 0;

SELECT create_mart('regress_credit');
SET search_path = regress_credit, lead_kpi, public;
SELECT * FROM attribution_of_stage;
SELECT * FROM influence;
SELECT * FROM last_touch_comparison;
-- 1: ads, then email, then mql. 2: email, then mql, sql, a deal of 1000 opened, then the fair, then won. 3: mql without a touch. 4: touched after it was mql only.
-- 5: touched, nothing else. 6: mql on the day of its touch, which has no hour: the touch came before. 7: won 500 without a touch.
INSERT INTO lead (lead_id, created_at, channel) SELECT n, '2025-03-01 08:00', 'ads' FROM generate_series(1, 7) n;
INSERT INTO touch (lead_id, touched_at, channel, campaign) VALUES (1, '2025-03-01 08:00', 'ads', 'a'), (1, '2025-03-03 08:00', 'email', NULL), (2, '2025-03-01 08:00', 'email', NULL),
	(2, '2025-03-10 08:00', 'fair', 'spring'), (4, '2025-03-09 08:00', 'ads', 'b'), (5, '2025-03-01 08:00', 'ads', 'b'), (6, '2025-03-05 15:00', NULL, NULL);
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', '2025-03-04 08:00'), (2, 'mql', '2025-03-02 08:00'), (2, 'sql', '2025-03-05 08:00'), (3, 'mql', '2025-03-03 08:00'),
	(4, 'mql', '2025-03-03 08:00'), (6, 'mql', '2025-03-05');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (1, 2, '2025-03-06 08:00', '2025-03-20 08:00', true, 1000), (2, 7, '2025-03-06 08:00', '2025-03-21 08:00', true, 500);
-- mql: seven minus the fifth. By the first touch 1 is of ads, by the last of email, by linear half of each; 3, 4 and 7 are nobody's. Opportunities: 2 is of email
-- alone, the fair came later.
SELECT stage, model, is_default, channel, is_unattributed, conversions, round(share::numeric, 4) AS share, pipeline_amount FROM attribution_of_stage
WHERE model IN ('first_touch', 'last_touch', 'linear') ORDER BY stage_position, model_position, is_unattributed, channel;
-- Won: the email was first, the fair last, by linear half of each; both took part in the 1000.
SELECT grain, channel, campaign, is_unattributed, sourced_deals, first_touch_deals, influenced_deals, deals_won, share_influenced, sourced_revenue, first_touch_revenue, influenced_revenue
FROM influence ORDER BY grain DESC, is_unattributed, channel, campaign;
SELECT channel, model, last_touch_conversions AS last, model_conversions AS agreed, difference, last_touch_revenue, model_revenue, revenue_difference, verdict FROM last_touch_comparison
ORDER BY channel;
-- A refund is less revenue, and an older touch has no part.
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (3, 1, '2025-03-10', '2025-03-25', true, -100);
UPDATE rule SET attribution_lookback = '18 days', attribution_model = 'last_touch';
SELECT channel, is_unattributed, sourced_deals, first_touch_deals, influenced_deals, sourced_revenue, influenced_revenue FROM influence WHERE grain = 'channel' ORDER BY is_unattributed, channel;
SELECT channel, difference, difference_low, verdict_code, verdict FROM last_touch_comparison ORDER BY channel;

--
-- Generated data: what is reached is what is credited, what took part is what plain SQL finds
--
SELECT drop_mart('regress_credit'), create_mart('regress_credit'), generate_example('regress_credit', 1500, 3);
CREATE TEMP TABLE credit AS SELECT * FROM attribution_of_stage;
SELECT stage, count(DISTINCT model) AS models, bool_and(abs(leads - expected) < 1e-6) AS conserved, bool_and(abs(amount - expected_amount) < 0.2) AS amount_conserved,
	bool_and(abs(share - 1) < 1e-9) AS shares
FROM
(
	SELECT stage, model, sum(conversions) AS leads, sum(pipeline_amount) AS amount, sum(share) AS share FROM credit GROUP BY stage, model
) c
JOIN (SELECT 'mql' AS stage, count(mql_at) AS expected, NULL::numeric AS expected_amount FROM lead_outcome UNION ALL SELECT 'sql', count(sql_at), NULL FROM lead_outcome
	UNION ALL SELECT 'opportunity', count(opportunity_at), (SELECT sum(amount) FROM counted_deal WHERE excluded_reason IS NULL) FROM lead_outcome) e USING (stage)
GROUP BY stage ORDER BY stage;
-- First touches before the stage, by plain SQL.
SELECT count(*) AS differences FROM
(
	SELECT channel, count(*)::float8 AS leads FROM
	(
		SELECT DISTINCT ON (o.lead_id) o.lead_id, e.channel FROM lead_outcome o JOIN journey_event e ON e.lead_id = o.lead_id AND e.touched_at <= o.mql_at
			AND e.touched_at >= o.mql_at - coalesce((SELECT attribution_lookback FROM rule), o.mql_at - e.touched_at)
		ORDER BY o.lead_id, e.touched_at
	) f GROUP BY channel
	EXCEPT ALL
	SELECT channel, conversions FROM credit WHERE stage = 'mql' AND model = 'first_touch' AND NOT is_unattributed AND conversions > 0
) d;
CREATE TEMP TABLE part AS SELECT * FROM influence;
SELECT grain, abs(sum(sourced_deals) - max(deals_won)) < 1e-6 AS sourced, sum(first_touch_deals) = max(deals_won) AS first, max(deals_won) = (SELECT sum(deals_won) FROM lead_outcome) AS won,
	abs(sum(sourced_revenue) - (SELECT sum(revenue) FROM lead_outcome)) < 1e-3 AS revenue, bool_and(influenced_deals >= first_touch_deals OR is_unattributed) AS takes_part,
	bool_and(influenced_deals <= deals_won) AS no_more, sum(influenced_deals) > max(deals_won) AS never_add
FROM part GROUP BY grain ORDER BY grain;
SELECT count(*) AS differences FROM
(
	SELECT channel, conversions, revenue FROM attribution WHERE is_default AND conversions > 0
	EXCEPT ALL
	SELECT channel, sourced_deals, sourced_revenue FROM part WHERE grain = 'channel'
) d;
-- Leads of one won deal: deals that a channel took part in, by plain SQL.
SELECT count(*) AS differences FROM
(
	SELECT channel, count(DISTINCT lead_id) AS deals FROM journey_event t
	JOIN (SELECT lead_id, max(converted_at) AS won_at FROM journey_event WHERE converted_at IS NOT NULL GROUP BY lead_id HAVING count(*) = 1) w USING (lead_id)
	WHERE t.touched_at <= w.won_at AND t.touched_at >= w.won_at - coalesce((SELECT attribution_lookback FROM rule), w.won_at - t.touched_at)
	GROUP BY channel
	EXCEPT ALL
	SELECT channel, influenced_deals FROM part WHERE grain = 'channel' AND NOT is_unattributed
) d;
-- The two columns are those of the attribution, and no verdict is where the interval has both signs.
CREATE TEMP TABLE compared AS SELECT * FROM last_touch_comparison;
SELECT count(*) AS channels, bool_and(difference BETWEEN difference_low AND difference_high) AS inside,
	bool_and(CASE verdict_code WHEN 'overrated' THEN difference_low > 0 WHEN 'underrated' THEN difference_high < 0 ELSE difference_low <= 0 AND difference_high >= 0 END) AS agrees,
	abs(sum(difference)) < 1e-6 AS moves_only, bool_or(verdict_code <> 'not_yet_certain') AS tells
FROM compared;
SELECT count(*) AS differences FROM
(
	SELECT l.channel, l.conversions, a.conversions FROM attribution l JOIN attribution a ON a.channel IS NOT DISTINCT FROM l.channel AND a.is_default AND NOT a.is_unattributed
	WHERE l.model = 'last_touch' AND NOT l.is_unattributed AND l.channel IN (SELECT channel FROM compared)
	EXCEPT ALL
	SELECT channel, last_touch_conversions, model_conversions FROM compared
) d;
UPDATE rule SET language = 'fr', attribution_model = 'first_touch';
SELECT DISTINCT verdict_code, verdict FROM last_touch_comparison ORDER BY 1;
SELECT store_mart('regress_credit');
SELECT * FROM check_mart('regress_credit') WHERE NOT is_identical;
SELECT live_mart('regress_credit');

--
-- Dirty data, no touches, no role, no rule
--
UPDATE deal SET amount = 1e300 WHERE deal_id IN (SELECT deal_id FROM deal ORDER BY deal_id LIMIT 5);
UPDATE deal SET amount = -5 WHERE deal_id IN (SELECT deal_id FROM deal ORDER BY deal_id DESC LIMIT 5);
INSERT INTO touch (lead_id, touched_at, channel) SELECT lead_id, 'infinity', 'x' FROM lead LIMIT 3;
SELECT count(*) > 0 AS answers FROM attribution_of_stage;
UPDATE deal SET amount = 5;
TRUNCATE touch;
SELECT stage, bool_and(is_unattributed) AS nobodys FROM attribution_of_stage GROUP BY stage ORDER BY stage;
SELECT grain, count(*) AS rows, bool_and(is_unattributed) AS nobodys, sum(influenced_deals) AS influenced FROM influence GROUP BY grain ORDER BY grain;
SELECT count(*) FROM last_touch_comparison;
UPDATE stage SET role = NULL;
SELECT count(*) FROM attribution_of_stage;
ALTER TABLE rule DISABLE TRIGGER ALL;
DELETE FROM rule;
SELECT pg_temp.failure('SELECT * FROM ' || v) FROM unnest(ARRAY['stage_journey_count', 'attribution_of_stage', 'influence', 'last_touch_comparison']) v;

SET search_path = public, lead_kpi;
SELECT drop_mart('regress_credit');
