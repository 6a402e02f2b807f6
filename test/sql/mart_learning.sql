-- What the mart learns of its own history, and how it judges its scores: by hand, recomputed plainly, and blind to the future.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
SET jit = off;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_learning');
SET search_path = regress_learning, lead_kpi, public;
\set card '{"fit": [{"name": "Director", "attribute": "job", "op": "=", "value": "director", "points": 30}, {"name": "Big", "attribute": "employees", "op": ">=", "value": 100, "points": 20}], "engagement": [{"name": "Visit", "event": "visit", "points": 8, "half_life": "7 days"}, {"name": "Click", "event": "click", "points": 5}], "grades": {"fit": {"A": 40, "B": 20, "C": 0}}, "hand_off": [{"total": 40}]}'

-- An empty mart, and what is no mart.
SELECT * FROM train_mart('regress_learning');
SELECT (SELECT count(*) FROM lead_features) + (SELECT count(*) FROM score_history) + (SELECT count(*) FROM score_quality) + (SELECT count(*) FROM score_lift)
	+ (SELECT count(*) FROM score_calibration) + (SELECT count(*) FROM lead_score) AS rows;
SELECT train_mart('no_such_mart');
SELECT train_mart('public');
SELECT train_mart(NULL);
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT train_mart('regress_learning');
UPDATE stage SET role = 'won' WHERE stage = 'won';
UPDATE rule SET score_horizon = '1 month';
UPDATE rule SET score_horizon = '0';
UPDATE rule SET score_features = '{channel,age}';
UPDATE rule SET score_features = '{channel,NULL}';

-- By hand, 30 days ahead of January: 1 is won in its last instant, 2 just after it, 3 is lost; 4 has attributes that are no object, 5 none, 6 a word of the mart's own.
UPDATE rule SET observed_until = '2026-03-10', score_horizon = '30 days', score_features = '{channel,campaign,kind,stage,recent_touches,touch_kinds}', duplicate_key = 'none';
INSERT INTO lead (lead_id, created_at, channel, campaign, kind, attributes) VALUES
	(1, '2026-01-02', 'ads', 'spring', 'form', '{"job": "director", "budget": 5}'), (2, '2026-01-03', ' ', NULL, NULL, '{"job": "clerk", "employees": 250}'),
	(3, '2026-01-04', 'fair', NULL, 'form', '{"job": "clerk", "budget": 9}'), (4, '2026-01-05', 'ads', NULL, 'form', '[1, 2]'), (5, '2026-01-31', 'ads', NULL, 'form', NULL),
	(6, '2025-10-01', 'ads', NULL, 'form', '{"lead": "mine", "employees": 120}');
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (1, 'mql', '2026-01-10'), (1, 'won', '2026-03-02 23:59:59.999999'), (2, 'won', '2026-03-03'), (6, 'sql', '2025-12-20');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won) VALUES ('3', 3, '2026-02-02', '2026-02-03', false);
INSERT INTO touch (lead_id, touched_at, kind) VALUES (1, '2026-01-02', 'visit'), (1, '2026-01-01 23:59:59.999999', 'form'), (1, '2026-01-31 23:59:59.999999', NULL), (1, '2026-02-01', 'click'),
	(2, '2026-02-01', 'visit'), (6, 'infinity', 'visit'), (6, NULL, 'visit');
SELECT to_char(as_of, 'Mon DD') AS as_of, is_now, lead_id, attributes, fit, engagement, is_mature, won_within FROM lead_features WHERE as_of > '2026-01-01' ORDER BY lead_features.as_of, lead_id;
SELECT lead_id, attributes FROM lead_features WHERE as_of < '2026-01-01' ORDER BY as_of;
UPDATE rule SET score_attributes = '{job,employees}', score_features = '{}', scorecard = :'card';
SELECT lead_id, attributes, fit, round(engagement::numeric, 4) AS engagement FROM lead_features WHERE as_of::date = '2026-01-31' ORDER BY lead_id;
UPDATE rule SET score_attributes = '{}';
SELECT lead_id, attributes, fit FROM lead_features WHERE as_of::date = '2026-01-31' ORDER BY lead_id;
UPDATE rule SET score_attributes = DEFAULT, score_features = '{stage}';
SELECT * FROM train_mart('regress_learning');
SELECT as_of::date, known_from, counts(profile) FROM learned_profile WHERE as_of::date = '2026-01-31' ORDER BY as_of, 3;
-- A session elsewhere, in which a day of March has 23 hours, sees the same.
SET TimeZone = 'America/New_York';
SELECT count(*) FILTER (WHERE won_within) AS won FROM lead_features WHERE timezone('UTC', as_of)::date = '2026-01-31';
SET TimeZone = 'UTC';
-- No stage means won: nothing can be judged. The horizon is another one: nothing was learned for it.
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT count(*) > 0 AS rows, count(won_within) + count(conversion) + count(auc) + count(brier) AS outcomes FROM score_quality;
UPDATE stage SET role = 'won' WHERE stage = 'won';
SELECT count(probability) FROM lead_score;
UPDATE rule SET score_horizon = '31 days';
SELECT count(probability) FROM lead_score;
-- Nothing is old enough.
UPDATE rule SET score_horizon = '300 days';
SET client_min_messages = notice;
\set VERBOSITY default
SELECT count(*) > 0 AS rows, count(converted) AS known FROM train_mart('regress_learning');
\set VERBOSITY sqlstate
SET client_min_messages = warning;
SELECT count(*) AS leads, count(probability) AS probabilities FROM lead_score;

-- Made-up data, for 60 days ahead.
TRUNCATE lead, stage_event, touch, deal;
UPDATE rule SET observed_until = NULL, score_horizon = '60 days', score_features = '{channel,stage,recent_touches}', duplicate_key = 'email', scorecard = NULL;
-- The plain SQL below knows nothing of what is folded.
UPDATE rule SET duplicates = 'drop';
SELECT generate_example('regress_learning', 800, 3);
SELECT count(*) AS rows FROM lead_score;
CREATE TEMP TABLE learned AS SELECT * FROM train_mart('regress_learning');
SELECT count(*) AS moments, count(*) FILTER (WHERE is_mature) AS mature, count(converted) AS known, sum(converted) > 10 AS some FROM learned;
-- What was learned is what the snapshot says.
SELECT count(*) AS different FROM learned l
FULL JOIN (SELECT as_of, count(*) AS leads, count(*) FILTER (WHERE won_at <= as_of + interval '1440 hours') AS won FROM pipeline_snapshot GROUP BY as_of) s USING (as_of)
WHERE l.leads IS DISTINCT FROM s.leads OR l.is_mature AND l.converted IS DISTINCT FROM s.won;
-- Without a scorecard there are probabilities, for open leads only.
SELECT count(*) = (SELECT leads FROM funnel WHERE stage_position = 1) AS leads, count(fit) + count(engagement) + count(total) + count(grade) + count(reasons) AS points,
	count(probability) = (SELECT count(*) FROM pipeline_snapshot WHERE is_now) AS open_leads, bool_and(probability BETWEEN 0.0001 AND 0.9999) AS within,
	count(probability) FILTER (WHERE o.won_at IS NOT NULL OR o.lost_at IS NOT NULL) AS decided, count(probability_reasons) = count(probability) AS explained
FROM lead_score s JOIN lead_outcome o USING (lead_id);
SELECT (SELECT count(*) FROM hand_off) AS hand_off, (SELECT count(*) FROM icp_fit) AS icp_fit, (SELECT count(*) FROM score_lift) AS score_lift;
SELECT score, count(*) AS moments, count(auc) > 5 AS some FROM score_quality GROUP BY score;

-- Walking forward, plainly: for each moment the leads whose 60 days were over by then, each once per stage and time in it.
UPDATE rule SET scorecard = :'card';
CREATE TEMP TABLE f AS SELECT f.as_of, f.is_now, f.lead_id, f.attributes::jsonb AS attributes, f.stage_and_time, f.fit, f.engagement, s.won_at, s.observed_until
FROM lead_features f JOIN pipeline_snapshot s USING (as_of, lead_id);
CREATE TEMP TABLE vote AS
SELECT DISTINCT ON (lead_id, stage_and_time) lead_id, stage_and_time AS cell, regexp_replace(stage_and_time, ',.*', '') AS stage, as_of + interval '1440 hours' AS known_from,
	coalesce(won_at <= as_of + interval '1440 hours', false) AS won
FROM f ORDER BY lead_id, stage_and_time, as_of;
CREATE TEMP TABLE model AS
SELECT m.as_of, c.cell, m.rate, (coalesce(c.won, 0) + 5 * (c.stage_won + 5 * m.rate) / (c.stage_leads + 5)) / (coalesce(c.leads, 0) + 5) AS cell_rate
FROM (SELECT t.as_of, avg(v.won::integer)::float8 AS rate FROM (SELECT DISTINCT as_of FROM f) t JOIN vote v ON v.known_from <= t.as_of GROUP BY t.as_of HAVING bool_or(v.won)) m
CROSS JOIN LATERAL
(
	SELECT n.cell, n.leads, n.won, coalesce(sum(n.leads) OVER (PARTITION BY n.stage), 0)::float8 AS stage_leads, coalesce(sum(n.won) OVER (PARTITION BY n.stage), 0)::float8 AS stage_won
	FROM
	(
		SELECT a.cell, a.stage, count(v.lead_id)::float8 AS leads, count(*) FILTER (WHERE v.won)::float8 AS won
		FROM (SELECT DISTINCT cell, stage FROM vote) a LEFT JOIN vote v ON v.cell = a.cell AND v.known_from <= m.as_of
		GROUP BY a.cell, a.stage
	) n
) c;
-- The base is what the card says of a lead of which nothing but its stage is known; what tests have to say about the level and the slope comes on top.
SELECT count(*) > 50 AS cells, count(*) FILTER (WHERE abs(fit(l.card, jsonb_build_object('lead', jsonb_build_object('stage', m.cell))) - ln(m.cell_rate / (1 - m.cell_rate))) > 0.00001) AS different
FROM learned_score l JOIN model m USING (as_of) WHERE l.tested_month_ends = 0;
SELECT count(*) > 5 AS moments, bool_and(l.leads = (SELECT count(DISTINCT lead_id) FROM vote v WHERE v.known_from <= l.as_of)) AS one_lead_once,
	bool_and(tested_month_ends = (SELECT count(*) FROM learned_score t WHERE t.as_of + interval '1440 hours' <= l.as_of)) AS tested
FROM learned_score l;
CREATE TEMP TABLE plain AS
SELECT f.as_of, f.is_now, f.lead_id, 1 / (1 + exp(-fit(l.card, f.attributes))) AS probability, f.fit, f.engagement, score(r.scorecard, f.fit, f.engagement) AS total, grade(r.scorecard, f.fit, f.engagement) AS grade,
	CASE WHEN f.as_of + interval '1440 hours' <= f.observed_until THEN coalesce(f.won_at <= f.as_of + interval '1440 hours', false) END AS won
FROM f LEFT JOIN learned_score l USING (as_of) CROSS JOIN rule r;
UPDATE plain SET probability = greatest(0.0001, least(0.9999, probability)) WHERE probability IS NOT NULL;
-- The reasons are the points of the card.
SELECT count(*) > 100 AS explained, count(*) FILTER (WHERE abs(part.sum - ln(s.probability / (1 - s.probability))) > 0.0001) AS different
FROM (SELECT * FROM score_history WHERE is_now AND probability BETWEEN 0.00011 AND 0.9998) s JOIN f USING (as_of, lead_id)
CROSS JOIN LATERAL (SELECT sum(e.points) FROM learned_score l, explain(l.card, f.attributes) e WHERE l.as_of = f.as_of) part;
SELECT count(*) > 3000 AS rows, count(s.probability) > 2000 AS scored, count(DISTINCT s.probability) > 30 AS distinct,
	count(*) FILTER (WHERE (s.probability, s.total, s.grade, s.won_within, s.is_mature) IS DISTINCT FROM (p.probability, p.total, p.grade, p.won, p.won IS NOT NULL)) AS different
FROM score_history s FULL JOIN plain p USING (as_of, lead_id);
SELECT count(*) AS different FROM lead_score s LEFT JOIN (SELECT * FROM plain WHERE is_now) p USING (lead_id) WHERE s.probability IS DISTINCT FROM p.probability OR s.total <> p.total;
-- Engagement of then: the touches up to then, as of then.
SELECT count(engagement) > 2000 AS engaged, count(*) FILTER (WHERE engagement IS DISTINCT FROM plain) AS different
FROM (SELECT f.*, (SELECT engagement(r.scorecard, t.kind, t.touched_at, f.as_of) FROM touch t WHERE t.lead_id = f.lead_id AND t.touched_at <= f.as_of) AS plain FROM f CROSS JOIN rule r) e;
SELECT count(*) AS different FROM f WHERE (attributes #>> '{lead,recent_touches}')::bigint
	<> (SELECT count(*) FROM touch t WHERE t.lead_id = f.lead_id AND t.touched_at <= f.as_of AND t.touched_at > f.as_of - interval '720 hours');

-- Quality, plainly: of all pairs of a lead that was won and one that was not, how often the former scored higher.
CREATE TEMP TABLE quality AS SELECT * FROM score_quality;
WITH pair AS
(
	SELECT as_of, 'scorecard' AS score, w.total AS won, l.total AS lost FROM plain w JOIN plain l USING (as_of) WHERE w.won AND NOT l.won
	UNION ALL SELECT as_of, 'probability', w.probability, l.probability FROM plain w JOIN plain l USING (as_of) WHERE w.won AND NOT l.won
), area AS
(
	SELECT as_of, score, avg(CASE WHEN won > lost THEN 1 WHEN won = lost THEN 0.5 WHEN won < lost THEN 0 END) AS auc FROM pair GROUP BY as_of, score
)
SELECT score, count(*) AS moments, count(q.auc) > 5 AS judged, count(*) FILTER (WHERE q.auc IS NULL <> (a.auc IS NULL) OR abs(q.auc - a.auc) > 1e-9 OR abs(q.gini - 2 * a.auc + 1) > 1e-9) AS different,
	count(q.auc) FILTER (WHERE NOT is_mature OR is_now) AS immature, bool_and(q.auc BETWEEN auc_low AND auc_high) AS within
FROM quality q LEFT JOIN area a USING (as_of, score) GROUP BY score ORDER BY score;
SELECT count(*) FILTER (WHERE q.leads <> p.leads OR q.won_within IS DISTINCT FROM p.won OR abs(q.conversion - p.won::float8 / p.leads) > 1e-12
		OR q.conversion NOT BETWEEN q.conversion_low AND q.conversion_high) AS different,
	count(*) FILTER (WHERE q.score = 'probability' AND (q.brier IS NULL <> (p.brier IS NULL) OR abs(q.brier - p.brier) > 1e-12)) AS brier_differs,
	count(q.brier) > 5 AS brier, count(q.calibration_slope) > 0 AS calibrated
FROM quality q JOIN
(
	SELECT as_of, count(*) AS leads, CASE WHEN count(won) > 0 THEN count(*) FILTER (WHERE won) END AS won, avg((probability - won::integer) ^ 2) AS brier
	FROM plain GROUP BY as_of
) p USING (as_of);
SELECT count(brier) + count(calibration_intercept) + count(calibration_slope) AS of_points FROM quality WHERE score = 'scorecard';
-- Drift is that of neighbouring month ends, also of the newest, and the same for both scores.
SELECT count(drift) = count(*) - 2 AS all_but_the_first, count(DISTINCT (as_of, drift)) = count(DISTINCT as_of) AS same FROM quality;
SELECT count(*) AS different FROM
	(SELECT as_of, profile, lag(profile) OVER (ORDER BY as_of) AS before FROM (SELECT as_of, lead_profile(attributes, false) AS profile FROM f GROUP BY as_of) p) p
JOIN quality q USING (as_of)
WHERE q.score = 'probability' AND p.before IS NOT NULL
	AND (abs(q.drift - (SELECT max(stability_index) FROM drift(p.before, p.profile))) < 1e-9
		AND q.drift_attribute IN (SELECT attribute FROM drift(p.before, p.profile) d WHERE abs(d.stability_index - q.drift) < 1e-9)) IS NOT TRUE;
-- Lift by grade, and probabilities against what happened.
SELECT count(*) > 10 AS rows, count(*) FILTER (WHERE (l.leads, l.won_within) IS DISTINCT FROM (p.leads, p.won) OR l.lift IS NULL <> (p.lift IS NULL) OR abs(l.lift - p.lift) > 1e-9 OR l.conversion NOT BETWEEN l.conversion_low AND l.conversion_high) AS different
FROM score_lift l FULL JOIN
(
	SELECT as_of, grade, count(*) AS leads, count(*) FILTER (WHERE won) AS won,
		avg(won::integer) / nullif((SELECT avg(won::integer) FROM plain a WHERE a.as_of = p.as_of), 0) AS lift
	FROM plain p WHERE won IS NOT NULL GROUP BY as_of, grade
) p USING (as_of, grade);
SELECT count(*) > 10 AS rows, count(*) FILTER (WHERE (c.leads, c.won_within) IS DISTINCT FROM (p.leads, p.won) OR abs(c.mean_probability - p.mean) > 1e-9 OR c.probability_to <= c.mean_probability) AS different
FROM score_calibration c FULL JOIN
(
	SELECT as_of, least(width_bucket(probability, 0, 1, 20), 20) AS bin, count(*) AS leads, count(*) FILTER (WHERE won) AS won, avg(probability) AS mean
	FROM plain WHERE won IS NOT NULL AND probability IS NOT NULL GROUP BY as_of, bin
) p ON p.as_of = c.as_of AND p.bin = width_bucket(c.mean_probability, 0, 1, 20);

-- Learned in June and read in December: months whose outcome was open in June are not learned from.
UPDATE rule SET observed_until = '2025-06-15';
SELECT count(*) FILTER (WHERE is_mature) AS mature FROM train_mart('regress_learning');
UPDATE rule SET observed_until = NULL;
SELECT count(s.probability) > 200 AS scored,
	count(*) FILTER (WHERE s.probability IS DISTINCT FROM greatest(0.0001, least(0.9999, 1 / (1 + exp(-fit((SELECT card FROM learned_score ORDER BY as_of DESC LIMIT 1), f.attributes)))))) AS different
FROM score_history s JOIN f USING (as_of, lead_id) WHERE s.is_now;
SELECT count(*) FILTER (WHERE is_mature) AS mature FROM train_mart('regress_learning');

-- No leak. Rewrite everything that happened after the end of June, learn again: no score of a moment up to then may change.
CREATE TEMP TABLE before AS SELECT * FROM score_history;
UPDATE rule SET observed_until = (SELECT observed_until FROM observation);
DELETE FROM stage_event WHERE entered_at >= '2025-07-01' AND lead_id % 2 = 0;
INSERT INTO stage_event SELECT lead_id, 'won', '2025-07-02'::timestamptz + lead_id % 50 * interval '1 day' FROM lead WHERE created_at < '2025-07-01' AND lead_id % 5 = 0;
UPDATE deal SET is_won = NOT is_won, closed_at = closed_at + interval '5 days' WHERE closed_at >= '2025-07-01';
INSERT INTO touch (lead_id, touched_at, kind) SELECT lead_id, '2025-07-01', 'visit' FROM lead;
SELECT count(*) > 0 AS trained FROM train_mart('regress_learning');
SELECT as_of < '2025-07-01' AS by_then, count(*) > 1000 AS rows,
	count(*) FILTER (WHERE (b.fit, b.engagement, b.total, b.grade, b.probability, b.probability_reasons) IS DISTINCT FROM (a.fit, a.engagement, a.total, a.grade, a.probability, a.probability_reasons)) > 0 AS scores_differ,
	count(*) FILTER (WHERE b.won_within IS DISTINCT FROM a.won_within) > 0 AS outcomes_differ
FROM before b FULL JOIN score_history a USING (as_of, lead_id) GROUP BY 1 ORDER BY 1 DESC;
-- And a mart that was cut then says now what the whole one says of then.
CREATE TEMP TABLE whole AS SELECT lead_id, attributes, fit, engagement FROM lead_features WHERE as_of = '2025-06-30 23:59:59.999999';
DELETE FROM lead WHERE created_at >= '2025-07-01';
DELETE FROM stage_event WHERE entered_at >= '2025-07-01';
DELETE FROM touch WHERE touched_at >= '2025-07-01';
DELETE FROM deal WHERE opened_at >= '2025-07-01';
UPDATE deal SET closed_at = NULL, is_won = NULL WHERE closed_at >= '2025-07-01';
UPDATE rule SET observed_until = '2025-06-30 23:59:59.999999';
SELECT count(*) > 200 AS leads, count(*) FILTER (WHERE w IS DISTINCT FROM c) AS different
FROM whole w FULL JOIN (SELECT lead_id, attributes, fit, engagement FROM lead_features WHERE is_now) c USING (lead_id);
-- What is not vouched for is not learned.
UPDATE rule SET score_attributes = '{job,industry}';
SELECT count(*) > 0 AS trained FROM train_mart('regress_learning');
SELECT DISTINCT attribute FROM learned_profile, counts(profile) ORDER BY 1;
SELECT DISTINCT attribute, reason FROM score_choice WHERE is_latest AND attribute !~ '^lead' ORDER BY 1;

-- Keys of other kinds.
SELECT lead_kpi.create_mart('regress_learning_text', lead_key => 'text'), lead_kpi.create_mart('regress_learning_uuid', lead_key => 'uuid');
SELECT generate_example('regress_learning_text', 400), generate_example('regress_learning_uuid', 400);
SELECT count(*) > 0 AS trained FROM train_mart('regress_learning_text');
SELECT count(*) > 0 AS trained FROM train_mart('regress_learning_uuid');
SELECT count(*) = count(DISTINCT lead_id) AS leads, count(probability) > 100 AS scored, pg_typeof(min(lead_id)) FROM regress_learning_text.lead_score;
SELECT round(sum(probability)::numeric, 6) = (SELECT round(sum(probability)::numeric, 6) FROM regress_learning_text.lead_score) AS same, pg_typeof(min(lead_id::text)::uuid) FROM regress_learning_uuid.lead_score;

RESET search_path;
SELECT lead_kpi.drop_mart('regress_learning');
SELECT lead_kpi.drop_mart('regress_learning_text'), lead_kpi.drop_mart('regress_learning_uuid');
