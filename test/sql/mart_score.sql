-- Scores in the mart: lead_score, hand_off and icp_fit, by hand, beside the funnel, and where something is missing.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
SET jit = off;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_score');
SET search_path = regress_score, lead_kpi, public;
\set card '{"fit": [{"name": "Director", "attribute": "job", "op": "=", "value": "director", "points": 30}, {"name": "Mid-size", "attribute": "employees", "op": "between", "value": [50, 499], "points": 20}, {"name": "Student", "attribute": "job", "op": "=", "value": "student", "points": -25}], "engagement": [{"name": "Demo request", "event": "demo_request", "points": 40, "limit": 1}, {"name": "Visit", "event": "visit", "points": 8, "half_life": "7 days"}, {"name": "Form", "event": "form", "points": 2.5}], "grades": {"fit": {"A": 40, "B": 20, "C": 0}, "engagement": {"1": 40, "2": 5}}, "hand_off": [{"total": 60}]}'

-- An empty mart, without and with a card.
SELECT (SELECT count(*) FROM lead_score) AS lead_score, (SELECT count(*) FROM hand_off) AS hand_off, (SELECT count(*) FROM icp_fit) AS icp_fit;
UPDATE rule SET scorecard = :'card', icp_fit = 20, observed_until = '2026-02-01';
SELECT (SELECT count(*) FROM lead_score) AS lead_score, (SELECT count(*) FROM hand_off) AS hand_off, (SELECT count(*) FROM icp_fit) AS icp_fit;

-- By hand. Lead 1: 30 + 20, a demo request of two counts, 8 a week ago is 4, one form. 4: attributes that are no object; 5: none. 6 comes twice,
-- the earlier row counts; 7 is a test. 8 is past the threshold and transmitted, 9 is and has a deal only.
INSERT INTO lead (lead_id, created_at, channel, email, attributes) VALUES
	(1, '2026-01-02', 'ads', NULL, '{"job": "director", "employees": 120}'),
	(2, '2026-01-01 12:00', ' ', NULL, '{"job": "manager", "employees": "60"}'),
	(3, '2026-01-03', NULL, NULL, '{"job": "student"}'),
	(4, '2026-01-04', 'ads', NULL, '[1, 2]'),
	(5, '2026-01-05', 'ads', NULL, NULL),
	(6, '2026-01-06', 'ads', NULL, '{"job": "director"}'), (6, '2026-01-07', 'fair', NULL, '{"job": "student"}'),
	(7, '2026-01-07', 'ads', 'test@firm.example', '{"job": "director", "employees": 120}'),
	(8, '2026-01-08', 'fair', NULL, '{"job": "director", "employees": 120}'),
	(9, '2026-02-09', 'fair', NULL, '{"job": "director", "employees": 120}');
INSERT INTO touch (lead_id, touched_at, kind) VALUES
	(1, '2026-01-10', 'demo_request'), (1, '2026-01-11', 'demo_request'), (1, '2026-01-25', 'visit'), (1, '2026-01-12', 'form'), (1, '2026-02-02', 'form'),
	(2, '2026-01-10', 'demo_request'), (2, '2026-02-01', 'visit'), (2, '-infinity', 'form'), (2, NULL, 'form'), (2, '2026-01-10', NULL),
	(3, '2026-03-01', 'visit'), (7, '2026-01-10', 'demo_request'), (8, '2026-01-10', 'demo_request'), (9, '2026-01-31', 'demo_request'), (NULL, '2026-01-10', 'visit');
INSERT INTO stage_event VALUES (8, 'mql', '2026-01-20'), (1, 'no such stage', '2026-01-20');
INSERT INTO deal VALUES ('a', 9, '2026-02-10', '2026-02-20', true, 100), ('b', 4, '2026-01-10', '2026-01-20', true, 50);
SELECT lead_id, channel, month, fit, engagement, total, grade, reasons FROM lead_score ORDER BY lead_id;
SELECT lead_id, created_at, age_days, channel, fit, engagement, total, grade, reasons FROM hand_off;
SELECT month, channel, leads, in_icp, round(icp_share::numeric, 3) AS share, round(icp_share_low::numeric, 3) AS low, round(icp_share_high::numeric, 3) AS high,
	won_in_icp AS won, round(icp_to_won::numeric, 3) AS rate, round(icp_to_won_high::numeric, 3) AS high, outside, won_outside AS won,
	round(outside_to_won::numeric, 3) AS rate, round(outside_to_won_low::numeric, 3) AS low
FROM icp_fit;

-- Attributes that are no object are reported; JSON's null is as good as none, and a test lead's do not matter.
UPDATE lead SET attributes = 'null' WHERE lead_id = 5;
UPDATE lead SET attributes = '"x"' WHERE lead_id = 7;
SELECT severity, rows, amount, what_it_means, what_to_do FROM data_quality WHERE check_name = 'leads_attributes_no_object';
UPDATE rule SET language = 'fr';
SELECT what_it_means LIKE 'Leads compt%s dont les attributs sont du JSON sans %tre un objet : %' AS french FROM data_quality WHERE check_name = 'leads_attributes_no_object';
UPDATE rule SET language = DEFAULT;

-- A lead that sales has is not handed over again, whatever the funnel counts; nobody is without the stage or the threshold.
UPDATE rule SET funnel_policy = 'ordered', funnel_within = '1 day';
SELECT array_agg(lead_id) FROM hand_off;
UPDATE rule SET funnel_policy = 'reached', funnel_within = NULL, transmitted_role = 'sql';
SELECT array_agg(lead_id) FROM hand_off;
UPDATE stage SET role = NULL WHERE role = 'sql';
SELECT array_agg(lead_id) FROM hand_off;
UPDATE rule SET transmitted_role = 'mql', scorecard = (scorecard::jsonb - 'hand_off' - 'grades')::scorecard;
SELECT array_agg(lead_id) FROM hand_off;
SELECT count(*), count(grade) AS grades, count(total) AS totals FROM lead_score;

-- Without the threshold of the profile, without the stage won, without a card; settings that cannot be.
UPDATE rule SET icp_fit = NULL;
SELECT sum(leads) AS leads, count(in_icp) + count(outside) + count(icp_share_high) + count(won_in_icp) + count(won_outside) AS others FROM icp_fit;
UPDATE rule SET icp_fit = 20;
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT sum(in_icp) AS in_icp, count(won_in_icp) + count(icp_to_won) + count(won_outside) + count(outside_to_won_high) AS won FROM icp_fit;
UPDATE rule SET scorecard = NULL;
SELECT (SELECT count(*) FROM lead_score) AS lead_score, (SELECT count(*) FROM hand_off) AS hand_off, (SELECT count(*) FROM icp_fit) AS icp_fit;
UPDATE rule SET icp_fit = 'NaN';
UPDATE rule SET icp_fit = 'infinity';
UPDATE rule SET scorecard = '{"fits": []}';

-- The sums are those of the funnel and of cpl_to_revenue; parts agree with the functions.
UPDATE stage SET role = stage WHERE role IS NULL;
TRUNCATE lead, stage_event, touch, spend, deal;
UPDATE rule SET scorecard = :'card', observed_until = NULL;
SELECT generate_example('regress_score', 3000);
SELECT (SELECT sum(leads) FROM icp_fit) = f.leads AS leads, (SELECT sum(in_icp + outside) FROM icp_fit) = f.leads AS parts,
	(SELECT sum(won_in_icp + won_outside) FROM icp_fit) = (SELECT leads FROM funnel WHERE stage = 'won') AS won,
	(SELECT count(*) FROM lead_score) = f.leads AS scored, (SELECT sum(won_in_icp) > 0 AND sum(won_outside) > 0 FROM icp_fit) AS both
FROM funnel f WHERE stage_position = 1;
SELECT count(*) AS different
FROM (SELECT month, channel, leads, won_in_icp + won_outside AS won FROM icp_fit) i
FULL JOIN (SELECT month, channel, sum(leads) AS leads, sum(won) AS won FROM cpl_to_revenue GROUP BY month, channel HAVING sum(leads) > 0) c
	ON i.month = c.month AND i.channel IS NOT DISTINCT FROM c.channel
WHERE (i.leads, i.won) IS DISTINCT FROM (c.leads, c.won);
-- Past the threshold = to be handed over + transmitted.
SELECT count(*) > 0 AS some, count(*) = (SELECT count(*) FROM lead_score s JOIN lead_outcome o USING (lead_id) WHERE s.total >= 60 AND o.mql_at IS NULL) AS all
FROM hand_off;
SELECT bool_and(h.created_at >= before) AS oldest_first FROM (SELECT created_at, lag(created_at) OVER () AS before FROM hand_off) h;

RESET search_path;
SELECT lead_kpi.drop_mart('regress_score');
