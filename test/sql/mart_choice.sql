-- What the learned probability reads: attributes that prove themselves on later month ends, and nothing that does harm.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
SET jit = off;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';

-- A company of 20 months: half of its leads become mql, deals are decided within 80 days. One in five is won, and:
-- plan and size matter, plan_again is plan once more, noise and number do not matter, turned mattered until month 12 and means the contrary since.
CREATE FUNCTION pg_temp.make_company(mart name, leads integer, seed float8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM lead_kpi.create_mart(mart), setseed(seed);
	CREATE TEMP TABLE made AS
	SELECT *, -1.9 + CASE plan WHEN 'gold' THEN 1.3 WHEN 'free' THEN -0.9 ELSE 0 END + CASE WHEN size > 60 THEN 0.9 ELSE 0 END + CASE channel WHEN 'fair' THEN 0.6 ELSE 0 END
			+ CASE WHEN turned = 'a' THEN 1.2 ELSE -0.4 END * CASE WHEN created_at < '2025-01-01' THEN 1 ELSE -1 END > ln(r1 / (1 - r1)) AS won,
		created_at + (5 + 75 * r2) * interval '1 day' AS decided_at
	FROM
	(
		SELECT g AS lead_id, timestamptz '2024-01-01' + g * interval '600 days' / leads AS created_at, (ARRAY['gold', 'basic', 'free'])[1 + floor(3 * random())::integer] AS plan,
			floor(100 * random())::integer AS size, (ARRAY['ads', 'web', 'fair'])[1 + floor(3 * random())::integer] AS channel, (ARRAY['a', 'b', 'c'])[1 + floor(3 * random())::integer] AS turned,
			floor(5 * random())::integer AS noise, random() AS r1, random() AS r2, random() AS r3
		FROM generate_series(1, leads) g
	) m;
	EXECUTE format('INSERT INTO %I.lead (lead_id, created_at, channel, attributes) SELECT lead_id, created_at, channel, jsonb_strip_nulls(jsonb_build_object(''plan'', plan, ''plan_again'', ''x'' || plan,
		''size'', CASE WHEN r3 < 0.9 THEN size END, ''turned'', turned, ''noise'', ''n'' || noise, ''number'', ''C-'' || lead_id, ''city'', CASE WHEN won THEN ''city '' || lead_id / 40 END)) FROM made', mart);
	EXECUTE format('INSERT INTO %I.stage_event (lead_id, stage, entered_at) SELECT lead_id, ''mql'', created_at + (decided_at - created_at) / 3 FROM made WHERE won OR r3 < 0.4', mart);
	EXECUTE format('INSERT INTO %I.deal (deal_id, lead_id, opened_at, closed_at, is_won) SELECT lead_id, lead_id, created_at, decided_at, won FROM made', mart);
	EXECUTE format('UPDATE %I.rule SET observed_until = ''2025-08-23'', score_horizon = ''60 days''', mart);
	DROP TABLE made;
END;
$$;
SELECT pg_temp.make_company('regress_choice', 4000, 0.5);
SET search_path = regress_choice, lead_kpi, public;
-- Open for a year, at twelve month ends: fifteen leads are fifteen leads.
INSERT INTO lead (lead_id, created_at, channel, attributes) SELECT 10000 + g, '2024-02-10', 'web', '{"slow": "yes"}' FROM generate_series(1, 15) g;
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT attribute, is_chosen, reason, levels, tests > 1000 AS tested FROM score_choice WHERE is_latest AND attribute !~ 'plan' ORDER BY is_chosen DESC, attribute;
-- Of two that say the same one will do.
SELECT count(*) FILTER (WHERE is_chosen) AS chosen, count(*) AS candidates FROM score_choice WHERE is_latest AND attribute ~ 'plan';
-- It was good once, and was dropped.
SELECT bool_or(is_chosen) AS was_chosen, max(as_of) FILTER (WHERE is_chosen) < '2025-08-01' AS was_dropped FROM score_choice WHERE attribute = 'turned';
-- A moment's choice is that of its past: nothing is chosen before there were three month ends to test it on.
SELECT count(*) AS too_early FROM score_choice c JOIN learned_score l USING (as_of) WHERE c.is_chosen AND c.attribute !~ '^lead' AND l.tested_month_ends < 3;
-- What too few have has no points, won as they all may be: a city of eight customers, a number.
SELECT count(DISTINCT probability) AS probabilities
FROM (SELECT fit((SELECT card FROM learned_score ORDER BY as_of DESC LIMIT 1), a || '{"plan": "gold", "size": 10, "lead": {"stage": "lead, 7 to 29 days", "channel": "web"}}') AS probability
	FROM unnest('{"{}","{\"city\": \"city 7\"}","{\"number\": \"C-12\"}","{\"slow\": \"yes\"}","{\"noise\": \"n1\"}","{\"city\": \"city never seen\"}"}'::jsonb[]) a) p;
-- Nor are they reasons.
SELECT count(*) FILTER (WHERE reasons ~ 'city|number|slow|noise') AS wrong, count(*) FILTER (WHERE reasons ~ 'plan gold \+|plan_again xgold \+') > 0 AS right
FROM (SELECT probability_reasons AS reasons FROM score_history) s;

-- score_quality says what the choice was made on, and the probabilities hold: slope 1, and as many wins as promised.
SELECT regexp_replace(learned_attributes, 'plan(_again)?', 'plan') AS learned_attributes, learned_leads > 2000 AS leads, tested_month_ends > 8 AS month_ends, tests > 3000 AS tests, tested_log_loss < tested_log_loss_without AS loss, tested_auc > tested_auc_without + 0.03 AS auc
FROM score_quality WHERE is_now;
SELECT c.slope BETWEEN 0.8 AND 1.35 AS slope, r.mean / r.won BETWEEN 0.85 AND 1.15 AS level
FROM (SELECT roc(probability, won_within) AS roc, sum(probability) AS mean, count(*) FILTER (WHERE won_within) AS won FROM score_history WHERE won_within IS NOT NULL AND as_of > '2024-05-01' AND as_of < '2025-01-01') r
CROSS JOIN LATERAL cox_calibration(r.roc) c;

-- A list is taken as it is; an empty one is none.
CREATE TEMP TABLE chosen AS SELECT as_of, auc, brier FROM score_quality WHERE auc IS NOT NULL;
UPDATE rule SET score_attributes = '{noise,number,plan}';
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT attribute, is_chosen, reason FROM score_choice WHERE is_latest ORDER BY attribute;
UPDATE rule SET score_attributes = '{}';
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT attribute, is_chosen, reason FROM score_choice WHERE is_latest ORDER BY attribute;
SELECT count(*) FILTER (WHERE c.auc < n.auc - 1e-9) <= 2 AS hardly_ever_worse, avg(c.auc) > avg(n.auc) + 0.03 AS better, avg(c.brier) < avg(n.brier) AS truer FROM chosen c JOIN score_quality n USING (as_of);
-- Nothing but a base rate.
UPDATE rule SET score_features = '{}';
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT learned_attributes, (SELECT count(DISTINCT probability) FROM score_history WHERE is_now) AS probabilities, (SELECT count(*) FROM score_choice) AS candidates FROM score_quality WHERE is_now;
-- What changes while a lead is open: touches.
UPDATE rule SET score_features = '{stage,channel,recent_touches,touch_kinds}', score_attributes = '{}';
INSERT INTO touch (lead_id, touched_at, kind) SELECT d.lead_id, d.closed_at - interval '40 days', 'demo' FROM deal d WHERE d.is_won AND d.closed_at - d.opened_at > '45 days';
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT attribute, is_chosen, reason FROM score_choice WHERE is_latest ORDER BY attribute;
-- Twice in a transaction; the session keeps nothing.
BEGIN;
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT count(*) AS kept FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname ~ '^train_';
COMMIT;
-- Names that say the same, odd values, long texts, nested objects and arrays.
UPDATE rule SET score_attributes = NULL, score_features = '{stage}';
UPDATE lead SET attributes = jsonb_build_object('a', jsonb_build_object('b', lead_id % 3), 'a.b', lead_id % 2 = 0, 'tags', jsonb_build_array('t' || lead_id % 4, 'all', NULL, jsonb_build_array('deep')),
	'', 'empty', 'text', CASE WHEN lead_id % 2 = 0 THEN '12' ELSE ' 1e400 ' END, 'blank', ' ', 'long', repeat('x', 300), 'huge', 1e300, 'lead', 'mine', 'nil', NULL, 'plan', attributes -> 'plan');
SELECT count(*) > 0 AS trained FROM train_mart('regress_choice');
SELECT attribute, is_chosen, levels FROM score_choice WHERE is_latest ORDER BY attribute;

-- Default against none in four companies, small and large.
RESET search_path;
CREATE TEMP TABLE compared (number integer, as_of timestamptz, is_default boolean, auc float8, won bigint, brier float8, leads bigint);
DO $$
BEGIN
	FOR i IN 1 .. 4 LOOP
		PERFORM pg_temp.make_company('regress_choice_2', 400 * i, i / 10.0);
		-- Without plan and size there is nothing to be found.
		UPDATE regress_choice_2.lead SET attributes = attributes - '{plan,plan_again,size}'::text[] WHERE i % 2 = 0;
		PERFORM lead_kpi.train_mart('regress_choice_2');
		INSERT INTO compared SELECT i, as_of, true, auc, won_within, brier, leads FROM regress_choice_2.score_quality WHERE auc IS NOT NULL;
		UPDATE regress_choice_2.rule SET score_attributes = '{}';
		PERFORM lead_kpi.train_mart('regress_choice_2');
		INSERT INTO compared SELECT i, as_of, false, auc, won_within, brier, leads FROM regress_choice_2.score_quality WHERE auc IS NOT NULL;
		PERFORM lead_kpi.drop_mart('regress_choice_2');
	END LOOP;
END;
$$;
SELECT number, count(*) > 8 AS month_ends, avg(d.auc) >= avg(n.auc) - 0.003 AS order_holds, sum(d.brier * d.leads) <= sum(n.brier * d.leads) * 1.003 AS truth_holds
FROM (SELECT * FROM compared WHERE is_default) d JOIN (SELECT * FROM compared WHERE NOT is_default) n USING (number, as_of) GROUP BY number ORDER BY number;
SELECT avg(auc) FILTER (WHERE is_default) > avg(auc) FILTER (WHERE NOT is_default) AS better FROM compared;
-- A temporary table that is called like those of training is in the way, and named.
CREATE TEMP TABLE train_row (x integer);
\set VERBOSITY terse
SELECT count(*) FROM lead_kpi.train_mart('regress_choice');
\set VERBOSITY sqlstate
DROP TABLE pg_temp.train_row;
SELECT lead_kpi.drop_mart('regress_choice');
