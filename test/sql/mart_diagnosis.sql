-- What is found in a mart: every rule of diagnosis with a case that must trigger it and one that must not.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SELECT lead_kpi.create_mart('regress_diagnosis');
SET search_path = regress_diagnosis, lead_kpi, public;

-- Leads created at an instant: how many are qualified (and accepted) after a day, won around an age, for how much, how many fit, and what they cost.
CREATE FUNCTION pg_temp.cohort(created_at timestamptz, channel text, leads integer, mql integer, won integer, amount numeric DEFAULT NULL,
	won_after interval DEFAULT '10 days', spend numeric DEFAULT NULL, fitting integer DEFAULT 0) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	WITH id AS (SELECT (SELECT count(*) FROM lead) + n AS lead_id, n FROM generate_series(1, $3) n),
	made AS
	(
		INSERT INTO lead (lead_id, created_at, channel, attributes)
		SELECT lead_id, $1, $2, jsonb_build_object('fits', n <= $9) FROM id
	), qualified AS
	(
		INSERT INTO stage_event SELECT lead_id, stage, $1 + interval '1 day' FROM id, unnest('{mql,sal}'::text[]) stage WHERE n <= $4
	), sold AS
	(
		INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
		SELECT lead_id, lead_id, $1 + $7 * 0.4, $1 + $7 * (0.5 + n::float8 / $5), true, $6 FROM id WHERE n <= $5
	)
	INSERT INTO spend SELECT ($1)::date, $2, NULL, $8 WHERE $8 IS NOT NULL;
END;
-- And how many of the others are lost.
CREATE FUNCTION pg_temp.lost(of timestamptz, leads integer, after interval DEFAULT '10 days') RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won)
	SELECT l.lead_id, l.lead_id, l.created_at, l.created_at + $3, false
	FROM lead l WHERE l.created_at = $1 AND l.lead_id NOT IN (SELECT lead_id FROM deal) ORDER BY l.lead_id LIMIT $2;
END;
CREATE FUNCTION pg_temp.empty(observed_until timestamptz) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	DELETE FROM lead;
	DELETE FROM stage_event;
	DELETE FROM deal;
	DELETE FROM spend;
	DELETE FROM touch;
	UPDATE rule SET observed_until = $1;
END;
-- The cohorts of a case go in by \o, so that only the findings are printed.
CREATE VIEW pg_temp.found AS
SELECT code, severity, subject, since, certainty, round(p_value::numeric, 4) AS p, leads_compared, leads, round(value_compared::numeric, 4) AS value_compared, round(value::numeric, 4) AS value
FROM diagnosis;

-- An empty mart, and one with nothing to say.
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000);
\o
SELECT * FROM pg_temp.found;

-- closing_rate_diluted, the article's case: 400 leads at 15 %, 800 at 6 %. A tenth of it is not yet certain; as many sales per lead are no finding.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 48);
\o
SELECT * FROM pg_temp.found;
SELECT message, likely_causes, what_to_look_at FROM diagnosis;
UPDATE rule SET language = 'fr';
SELECT message, likely_causes, what_to_look_at FROM diagnosis;
UPDATE rule SET language = 'en';
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 40, 16, 6), pg_temp.cohort('2026-02-15', 'ads', 80, 32, 5);
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 120);
\o
SELECT * FROM pg_temp.found;

-- volume_up_revenue_flat: twice the leads for the same money; for twice the money it is none, and nobody says so of revenue that nobody knows.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 60, 1000);
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 110, 1090);
\o
SELECT * FROM pg_temp.found;

-- Two fifths more money is not flat, whatever a lead brings; a deal that is loaded twice is no money.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 60, 1400);
\o
SELECT * FROM pg_temp.found WHERE code LIKE '%revenue%';
\o /dev/null
UPDATE deal SET amount = 1000;
INSERT INTO deal SELECT * FROM deal WHERE lead_id > 400;
\o
SELECT * FROM pg_temp.found WHERE code LIKE '%revenue%';

-- Young leads are compared with what the older ones had won at their age: 80 % of the wins come within 13 days.
\o /dev/null
SELECT pg_temp.empty('2026-03-12 00:00'), pg_temp.cohort('2026-01-15', 'ads', 400, 350, 300, 1000), pg_temp.cohort('2026-02-27', 'ads', 400, 350, 300, 1000);
\o
SELECT * FROM pg_temp.found WHERE code <> 'immature_cohort';

-- The same of their revenue, against the year before, and twice as many.
\o /dev/null
SELECT pg_temp.empty('2026-04-13'), pg_temp.cohort('2025-03-31', 'ads', 400, 350, 300, 1000), pg_temp.cohort('2026-03-31', 'ads', 800, 700, 600, 1000);
UPDATE deal SET closed_at = NULL, is_won = false WHERE closed_at > '2026-04-13';
\o
SELECT * FROM pg_temp.found WHERE code <> 'immature_cohort';
-- A fall of a seventh that is not certain is not worth watching.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 2000, 800, 300), pg_temp.cohort('2026-02-15', 'ads', 2000, 800, 258);
\o
SELECT * FROM pg_temp.found;

-- A growth that chance explains is none: what is said is that the rate fell.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 40, 35, 30, 1000), pg_temp.cohort('2026-02-15', 'ads', 48, 20, 4, 1000);
\o
SELECT * FROM pg_temp.found WHERE code LIKE 'closing%';

-- slower_decisions_at_equal_quality: of 400 leads 120 are won and 200 lost, then 75 and 125 by the same age: as good, and later. In money it is the cycle.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 120, 1000), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 75, 1000);
SELECT pg_temp.lost('2026-01-15', 200), pg_temp.lost('2026-02-15', 125);
\o
SELECT * FROM pg_temp.found;
SELECT message, comparable_days, largest_effect, effect_amount FROM diagnosis;
UPDATE rule SET language = 'fr';
SELECT message, likely_causes, what_to_look_at FROM diagnosis;
UPDATE rule SET language = 'en';
SELECT bool_and(d.since = p.after_start AND d.comparable_days = p.comparable_days AND d.largest_effect = p.largest_effect AND d.effect_amount = p.cycle_effect) AS same
FROM diagnosis d JOIN period_change p ON d.compared_with = p.compared_with || ' ' || p.period;
-- As many are decided, and fewer of them won: worse, not slower.
\o /dev/null
SELECT pg_temp.lost('2026-02-15', 120);
\o
SELECT * FROM pg_temp.found;
SELECT message FROM diagnosis;
-- A tenth of it may be chance; what is hardly written down tells nothing; as many won and fewer lost is no finding.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 40, 16, 12, 1000), pg_temp.cohort('2026-02-15', 'ads', 40, 16, 6, 1000);
SELECT pg_temp.lost('2026-01-15', 20), pg_temp.lost('2026-02-15', 10);
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 120), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 75);
SELECT pg_temp.lost('2026-01-15', 4), pg_temp.lost('2026-02-15', 2);
\o
SELECT code, severity, message FROM diagnosis;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 120), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 118);
SELECT pg_temp.lost('2026-01-15', 200), pg_temp.lost('2026-02-15', 100);
\o
SELECT * FROM pg_temp.found;
-- Faster is not better: no good news.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 75), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 120);
SELECT pg_temp.lost('2026-01-15', 125), pg_temp.lost('2026-02-15', 200);
\o
SELECT * FROM pg_temp.found;

-- Where the basket fell most, the sentence says so.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 10000), pg_temp.cohort('2026-02-15', 'ads', 500, 200, 50, 5000);
\o
SELECT code, largest_effect, round(effect_amount) AS amount, message FROM diagnosis WHERE code LIKE 'closing%';
-- From one lead nothing follows.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 1, 1, 1, 1000), pg_temp.cohort('2026-02-15', 'ads', 7454, 2000, 1332, 100);
\o
SELECT * FROM pg_temp.found;
SELECT verdict, reason, leads_before, leads_after FROM period_change WHERE period = 'month' AND compared_with = 'previous';
-- Nor from a time in which no win was written down.
\o /dev/null
SELECT pg_temp.empty('2026-05-01'), pg_temp.cohort('2025-12-15', 'ads', 400, 160, 0), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 0),
	pg_temp.cohort('2026-02-15', 'ads', 400, 160, 0), pg_temp.cohort('2026-03-15', 'ads', 400, 160, 60, 1000);
\o
SELECT * FROM pg_temp.found;
SELECT period, verdict, reason FROM period_change WHERE compared_with = 'previous';

-- acceptance_below_threshold: 90 of 200 against 60 %; 10 of 20 are not yet certain; 120 of 200 are met.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 200, 0, 0);
INSERT INTO stage_event SELECT lead_id, 'mql', '2026-02-16' FROM lead;
INSERT INTO stage_event SELECT lead_id, 'sal', '2026-02-18' FROM lead WHERE lead_id <= 90;
\o
SELECT * FROM pg_temp.found;
\o /dev/null
INSERT INTO stage_event SELECT lead_id, 'sal', '2026-02-18' FROM lead WHERE lead_id BETWEEN 91 AND 120;
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 20, 0, 0);
INSERT INTO stage_event SELECT lead_id, 'mql', '2026-02-16' FROM lead;
INSERT INTO stage_event SELECT lead_id, 'sal', '2026-02-18' FROM lead WHERE lead_id <= 10;
\o
SELECT * FROM pg_temp.found;
-- Those transmitted yesterday have not been refused: with 120 of 200 accepted within three days, 100 more leads change nothing. Where nobody writes acceptance down, none is judged.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 200, 0, 0);
INSERT INTO stage_event SELECT lead_id, 'mql', '2026-02-16' FROM lead;
INSERT INTO stage_event SELECT lead_id, 'sal', '2026-02-18' FROM lead WHERE lead_id <= 120;
SELECT pg_temp.cohort('2026-03-30', 'ads', 100, 0, 0);
INSERT INTO stage_event SELECT lead_id, 'mql', '2026-03-31' FROM lead WHERE lead_id > 200;
\o
SELECT * FROM pg_temp.found;
DELETE FROM stage_event WHERE stage = 'sal';
SELECT * FROM pg_temp.found;

-- qualification_falling: 40 % qualified, then 25 % of twice the leads; 25 % of as many leads do not grow.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 0), pg_temp.cohort('2026-03-15', 'ads', 800, 200, 0);
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 0), pg_temp.cohort('2026-03-15', 'ads', 400, 100, 0);
\o
SELECT * FROM pg_temp.found;

-- cheap_channel_does_not_convert and dear_channel_pays, the article's campaigns; where leads convert alike, the dear one does not pay.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 15, NULL, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 25, NULL, '10 days', 150 * 80);
\o
SELECT * FROM pg_temp.found;
SELECT message FROM diagnosis WHERE subject IS NOT NULL;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 30, NULL, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 9, NULL, '10 days', 150 * 80);
\o
SELECT * FROM pg_temp.found;

SELECT message FROM diagnosis;

-- dear_channel_does_not_pay: 30 customers for 10,000 and 5 for 12,000; not where they bring more for the money, nor where too few leads tell.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 30, 1000, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 5, 1000, '10 days', 150 * 80);
\o
SELECT * FROM pg_temp.found;
SELECT pg_temp.found.code, jsonb_pretty(details::jsonb) AS details FROM diagnosis JOIN pg_temp.found USING (code) WHERE code = 'dear_channel_does_not_pay';
UPDATE deal SET amount = 20000 WHERE lead_id > 500;
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 30, 1000, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 25, 10, 1, 1000, '10 days', 25 * 80);
\o
SELECT * FROM pg_temp.found;
-- Nobody bought: what a customer costs is not known, and nobody says it.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 30, 1000, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 0, 1000, '10 days', 150 * 80);
\o
SELECT code, severity, message FROM diagnosis;
\o /dev/null
UPDATE spend SET amount = CASE channel WHEN 'A' THEN 40000 ELSE 1500 END;
\o
SELECT code, severity, message FROM diagnosis;

-- cheap_channel_pays: a customer costs 0.27 of the others'; 0.9 of it is none.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 300, 120, 30, 1000, '10 days', 2700), pg_temp.cohort('2026-02-10', 'B', 300, 120, 27, 1000, '10 days', 9000);
\o
SELECT * FROM pg_temp.found WHERE subject = 'A';
SELECT round(p_value::numeric, 6) AS p FROM compare_cost(9000, 27, 2700, 30);
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 300, 120, 30, 1000, '10 days', 6000), pg_temp.cohort('2026-02-10', 'B', 300, 120, 40, 1000, '10 days', 9000);
\o
SELECT * FROM pg_temp.found;

-- Findings of one kind are one row: the surest first, of those the one with the most spend, and the others named.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 2000, 200, 200, 1000, '10 days', 80000), pg_temp.cohort('2026-02-10', 'B', 500, 60, 5, 1000, '10 days', 9000),
	pg_temp.cohort('2026-02-10', 'C', 500, 60, 5, 1000, '10 days', 10000), pg_temp.cohort('2026-02-10', 'D', 500, 60, 6, 1000, '10 days', 8000),
	pg_temp.cohort('2026-02-10', 'E', 500, 60, 6, 1000, '10 days', 7000), pg_temp.cohort('2026-02-10', 'F', 80, 10, 2, 1000, '10 days', 1500);
\o
SELECT code, severity, subject, message, jsonb_array_length(details::jsonb) AS details FROM diagnosis WHERE code = 'cheap_channel_does_not_convert';
UPDATE rule SET language = 'fr';
SELECT subject, message FROM diagnosis WHERE code = 'cheap_channel_does_not_convert';
UPDATE rule SET language = 'en';
SELECT mart_list('{a}', 3, 'en') AS one, mart_list('{a,b}', 3, 'en') AS two, mart_list('{a,b,c}', 3, 'fr') AS three, mart_list('{a,b,c,d}', 3, 'en') AS four, mart_list('{NULL}', 3, 'en') AS none;

-- Cheap leads that rarely buy may still be the cheap customers; what was spent and won before the year, and without leads or spend, is not compared.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 15, NULL, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 25, NULL, '10 days', 150 * 300),
	pg_temp.cohort('2024-02-10', 'B', 1000, 600, 500), pg_temp.cohort('2026-02-10', 'free', 500, 200, 100, NULL);
INSERT INTO spend VALUES ('2024-02-10', 'A', NULL, 20000), ('2026-02-10', 'C', NULL, 100000);
\o
SELECT * FROM pg_temp.found;
-- Where a lead costs the same, within chance, nobody is cheap or dear.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 15, NULL, '10 days', 500 * 79), pg_temp.cohort('2026-02-10', 'B', 150, 60, 25, NULL, '10 days', 150 * 80);
\o
SELECT * FROM pg_temp.found;

-- cycle_lengthening: twice the leads, won after twice the time; without the volume it is to be watched; as fast as before it is none.
\o /dev/null
SELECT pg_temp.empty('2026-04-05'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 120, 1000, '20 days');
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-05'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000, '20 days');
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-05'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 120, 1000, '10.5 days');
\o
SELECT * FROM pg_temp.found;

-- stable_volume_better_rates: 5 %, then 15 % of as many leads. Of ten times fewer leads it is not said.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 20, 1000), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000);
\o
SELECT * FROM pg_temp.found;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 40, 16, 2, 1000), pg_temp.cohort('2026-02-15', 'ads', 40, 16, 6, 1000);
\o
SELECT * FROM pg_temp.found;

-- icp_widening: 75 % fit, then 50 %; 75 % and 72 % are none, and without a profile nobody asks.
UPDATE rule SET scorecard = '{"fit": [{"attribute": "fits", "op": "=", "value": true, "points": 10}]}', icp_fit = 10;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000, '10 days', NULL, 300), pg_temp.cohort('2026-03-15', 'ads', 400, 160, 60, 1000, '10 days', NULL, 200);
\o
SELECT * FROM pg_temp.found;
UPDATE rule SET icp_fit = NULL;
SELECT * FROM pg_temp.found;
UPDATE rule SET icp_fit = 10;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000, '10 days', NULL, 300), pg_temp.cohort('2026-03-15', 'ads', 400, 160, 60, 1000, '10 days', NULL, 288);
\o
SELECT * FROM pg_temp.found;
UPDATE rule SET scorecard = NULL, icp_fit = NULL;

-- attribution_dependent_verdict: ads open all journeys and mails close them; where ads do both there is one verdict.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000, '10 days', 20000);
INSERT INTO touch SELECT lead_id, created_at, 'ads', NULL, 'visit' FROM lead;
INSERT INTO touch SELECT lead_id, created_at + interval '1 day', 'mail', NULL, 'click' FROM lead;
\o
SELECT * FROM pg_temp.found;
SELECT message FROM diagnosis;
UPDATE touch SET channel = 'ads';
SELECT * FROM pg_temp.found;

-- A channel that pays by every model has one verdict, however far the models are apart.
\o /dev/null
DELETE FROM touch;
UPDATE spend SET amount = 1000;
INSERT INTO touch SELECT lead_id, created_at, 'ads', NULL, 'visit' FROM lead;
INSERT INTO touch SELECT lead_id, created_at + interval '1 day', 'mail', NULL, 'click' FROM lead WHERE lead_id % 2 = 0;
\o
SELECT * FROM pg_temp.found;
SELECT lowest_share, highest_share FROM attribution_shift WHERE channel = 'ads';

-- The mix: every channel wins less while the total wins more, and the reverse; where the mix stays, the same falls are no mix effect.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 900, 300, 45, 1000), pg_temp.cohort('2026-01-16', 'fair', 100, 60, 30, 1000),
	pg_temp.cohort('2026-02-15', 'ads', 100, 30, 1, 1000), pg_temp.cohort('2026-02-16', 'fair', 900, 500, 150, 1000);
\o
SELECT * FROM pg_temp.found WHERE code LIKE 'mix%';
SELECT message FROM diagnosis WHERE code LIKE 'mix%';
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 100, 30, 1, 1000), pg_temp.cohort('2026-01-16', 'fair', 900, 500, 150, 1000),
	pg_temp.cohort('2026-02-15', 'ads', 900, 300, 45, 1000), pg_temp.cohort('2026-02-16', 'fair', 100, 60, 30, 1000);
\o
SELECT * FROM pg_temp.found WHERE code LIKE 'mix%';
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-01-15', 'ads', 900, 300, 45, 1000), pg_temp.cohort('2026-01-16', 'fair', 100, 60, 30, 1000),
	pg_temp.cohort('2026-02-15', 'ads', 900, 300, 20, 1000), pg_temp.cohort('2026-02-16', 'fair', 100, 60, 15, 1000);
\o
SELECT * FROM pg_temp.found WHERE code LIKE 'mix%';

-- immature_cohort: 15 % of each month are won, April's leads have had a week; an April that wins less at the same age is: closing_rate_falling.
\o /dev/null
SELECT pg_temp.empty('2026-04-22'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000),
	pg_temp.cohort('2026-03-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-04-15', 'ads', 400, 160, 60, 1000);
\o
SELECT * FROM pg_temp.found;
SELECT message FROM diagnosis;
\o /dev/null
SELECT pg_temp.empty('2026-05-22'), pg_temp.cohort('2026-01-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 400, 160, 60, 1000),
	pg_temp.cohort('2026-03-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-04-15', 'ads', 400, 160, 20, 1000);
\o
SELECT * FROM pg_temp.found;

-- growth_without_revenue: in a year twice the leads and a tenth more money; twice the money is none.
\o /dev/null
SELECT pg_temp.empty('2026-05-01'), pg_temp.cohort('2025-02-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 66, 1000);
\o
SELECT * FROM pg_temp.found WHERE code LIKE '%revenue%';
\o /dev/null
SELECT pg_temp.empty('2026-05-01'), pg_temp.cohort('2025-02-15', 'ads', 400, 160, 60, 1000), pg_temp.cohort('2026-02-15', 'ads', 800, 320, 120, 1000);
\o
SELECT * FROM pg_temp.found;

-- Every code has its texts, in both languages, with figures that all have a unit.
SELECT count(*), count(DISTINCT code), bool_and(num_nonnulls(message_en, causes_en, look_en, message_fr, causes_fr, look_fr) = 6) AS told FROM mart_findings();
SELECT mart_figure(1234567.894, 'money', 'en') AS en, mart_figure(1234567.894, 'money', 'fr') AS fr, mart_figure(12.3456, 'money', 'fr') AS cents,
	mart_figure(0.06543, 'share', 'fr') AS share, mart_figure(1, 'share', 'en') AS whole, mart_figure(12345, 'count', 'en') AS count, mart_figure(NULL, 'count', 'en') AS none,
	mart_figure(1234.5678, 'odds', 'en') AS number;

-- No sentence has a dash, a brace or a gap, whatever is unknown of what customers cost, of who is lost and of odds.
SELECT code FROM mart_findings() f
CROSS JOIN LATERAL (VALUES ('en', message_en), ('fr', message_fr)) t(language, template)
CROSS JOIN (VALUES (ARRAY[10, 20, 0.3, 0.2, 5, 4, 3, 2, 1]::float8[]), (ARRAY[10, 20, 0.3, 0.2, 5, 4, NULL, NULL, NULL]), (ARRAY[10, 20, 0.3, 0.2, 5, 4, NULL, NULL, 1]),
	(ARRAY[10, 20, 0.3, 0.2, 5, 4, 3, NULL, NULL]), (ARRAY[10, 20, 0.3, 0.2, 5, 4, NULL, 2, NULL]), (ARRAY[10, 20, 0.3, 0.2, 5, 4, 'Infinity', 2, NULL])) v(figures)
CROSS JOIN LATERAL mart_message(mart_text(t.template), 'S', v.figures[:cardinality(units)], units, t.language) m
WHERE m IS NULL OR m ~ '[{}|]|%[0-9]|(^|[ (])-|  |-[ .,:)]';
SELECT mart_message('%1$s: {a %3$s|b %2$s|c}{ none %3$s}', 'S', '{1,NULL}', '{count,count}', 'en') AS second, mart_message('{a %2$s|c}', NULL, '{NULL}', '{count}', 'en') AS third;
SELECT language, amount, mart_effect_message('basket', amount, 'volume', -amount, difference, language)
FROM (VALUES ('en'), ('fr')) l(language), (VALUES (-5.0, -3.0), (-5, 3), (5, 0)) v(amount, difference);
SELECT mart_effect_message(NULL, NULL, NULL, NULL, 3, 'en') = '' AS unknown;

-- Without a stage won, without roles at all.
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT count(*) FROM diagnosis;
UPDATE stage SET role = NULL;
SELECT count(*) FROM diagnosis;

RESET search_path;
DROP VIEW pg_temp.found;
DROP FUNCTION pg_temp.cohort, pg_temp.lost, pg_temp.empty;
SELECT lead_kpi.drop_mart('regress_diagnosis');
