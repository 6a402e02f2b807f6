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

-- cheap_channel_does_not_convert and dear_channel_pays, the article's campaigns; where leads convert alike, price alone is no finding.
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 15, NULL, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 25, NULL, '10 days', 150 * 80);
\o
SELECT * FROM pg_temp.found;
SELECT message FROM diagnosis WHERE subject IS NOT NULL;
\o /dev/null
SELECT pg_temp.empty('2026-04-01'), pg_temp.cohort('2026-02-10', 'A', 500, 200, 30, NULL, '10 days', 500 * 20), pg_temp.cohort('2026-02-10', 'B', 150, 60, 9, NULL, '10 days', 150 * 80);
\o
SELECT * FROM pg_temp.found;

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

-- Without a stage won, without roles at all.
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT count(*) FROM diagnosis;
UPDATE stage SET role = NULL;
SELECT count(*) FROM diagnosis;

RESET search_path;
DROP VIEW pg_temp.found;
DROP FUNCTION pg_temp.cohort, pg_temp.empty;
SELECT lead_kpi.drop_mart('regress_diagnosis');
