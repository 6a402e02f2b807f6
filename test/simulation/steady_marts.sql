-- Marts in which nothing goes wrong: every lead of a mart has the same chances, whenever it comes and wherever from; half of the marts
-- grow, and two thirds write down who is lost. What diagnosis warns of in them is false.
-- All lie in one set of tables; the mart "steady" reads those of the number that the setting steady.number holds, so that
-- one plan serves all. psql variables: marts, how many; seed.
SELECT setseed(:seed);

-- Every mart has its own size, rates, lag, basket, prices and number of campaigns, and is looked at on a day of its own.
CREATE TABLE steady_mart AS
SELECT n AS number, 10 * power(10, random()) AS leads_per_month, 1 + n % 2 AS growth, 1 + floor(6 * random())::integer AS campaigns, 20 + 80 * random() AS cpl,
	0.2 + 0.4 * random() AS to_mql, 0.6 + 0.2 * random() AS to_sal, 0.02 + 0.18 * random() AS to_won, 3 * power(20, random()) AS lag_days,
	CASE WHEN n % 3 > 0 THEN 0.3 + 0.6 * random() ELSE 0 END AS to_lost, 0.5 + 1.5 * random() AS lost_lag,
	0.1 + 0.8 * random() AS icp_share, 0.3 + 0.7 * random() AS basket_spread, 14 + floor(8 * random())::integer AS months,
	timestamptz '2024-01-01' + random() * interval '365 days' AS observed_until
FROM generate_series(1, :marts) n;

CREATE FUNCTION normal() RETURNS float8 LANGUAGE sql VOLATILE RETURN sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random());

CREATE TABLE steady_lead AS
SELECT m.number, m.observed_until, row_number() OVER () AS lead_id, a.created_at, 'channel ' || width_bucket(random(), 0, 1, m.campaigns) AS channel,
	random() < m.icp_share AS fits, a.created_at + 2 * random() * interval '1 day' AS mql_at, random() < m.to_mql AS is_mql, random() < m.to_sal AS is_sal,
	a.created_at + m.lag_days * exp(0.6 * normal()) * interval '1 day' AS won_at, random() < m.to_won AS is_won,
	a.created_at + m.lost_lag * m.lag_days * exp(0.6 * normal()) * interval '1 day' AS lost_at, random() < m.to_lost AS is_lost,
	round((5000 * exp(m.basket_spread * normal()))::numeric, 2) AS amount
FROM steady_mart m
-- Nearly a Poisson process: so many leads, give or take a root, at times of their own. Adding i * 0 draws a time for each lead.
CROSS JOIN LATERAL generate_series(1, greatest(round(m.leads_per_month * m.months + sqrt(m.leads_per_month * m.months) * normal()), 1)::integer) i
CROSS JOIN LATERAL (SELECT m.observed_until - power(random(), m.growth) * m.months * interval '30.4 days' + i * interval '0' AS created_at) a;
CREATE INDEX ON steady_lead (number);
CREATE TABLE steady_spend AS
SELECT number, timezone('UTC', date_trunc('month', created_at, 'UTC'))::date AS spent_on, channel, round((count(*) * m.cpl * (0.9 + 0.2 * random()))::numeric, 2) AS amount
FROM steady_lead JOIN steady_mart m USING (number)
GROUP BY number, 2, channel, m.cpl;
CREATE INDEX ON steady_spend (number);

-- One mart of five knows what sales do: who works a lead, when it was tried, reached and met, and why it was handed back. Chances that do not change either.
CREATE TABLE steady_team AS
SELECT number, 1 + floor(10 * random())::integer AS owners, 0.02 * power(100, random()) AS reply_days, 0.3 + 0.5 * random() AS to_reach,
	0.2 + 0.5 * random() AS to_meet, 0.05 + 0.4 * random() AS no_show, 0.1 + 0.5 * random() AS to_hand_back, 1 + floor(6 * random())::integer AS reasons
FROM steady_mart WHERE number % 5 = 1;
CREATE TABLE steady_work AS
SELECT l.number, l.lead_id, l.observed_until, 'owner ' || 1 + floor(t.owners * power(random(), 1.5))::integer AS owner, l.created_at + w.reply AS attempted_at,
	random() < 0.9 AS is_tried, random() < t.to_reach AS is_reached, random() < t.to_meet AS is_met,
	l.created_at + w.reply + 4 * exp(0.5 * normal()) * interval '1 day' AS met_at, CASE WHEN random() < t.no_show THEN 'no show' ELSE 'held' END AS outcome,
	l.mql_at + (1 + 4 * random()) * interval '1 day' AS handed_back_at, l.is_mql AND l.is_sal AND random() < t.to_hand_back AS is_handed_back,
	'reason ' || 1 + floor(t.reasons * power(random(), 1.5))::integer AS reason
FROM steady_lead l
JOIN steady_team t USING (number)
-- Adding lead_id * 0 draws anew for each lead.
CROSS JOIN LATERAL (SELECT t.reply_days * exp(1.2 * normal()) * interval '1 day' + l.lead_id * interval '0' AS reply) w;
CREATE INDEX ON steady_work (number);
ANALYZE;

CREATE FUNCTION steady_number() RETURNS integer LANGUAGE sql STABLE RETURN current_setting('steady.number')::integer;
CREATE VIEW one_lead AS
SELECT lead_id, created_at, 'form' AS kind, channel, NULL::text AS campaign, NULL::text AS email, NULL::text AS company, jsonb_build_object('fits', fits) AS attributes,
	(SELECT owner FROM steady_work w WHERE w.number = l.number AND w.lead_id = l.lead_id) AS owner
FROM steady_lead l WHERE number = steady_number() AND created_at <= observed_until;
CREATE VIEW one_stage_event AS
SELECT lead_id, 'mql' AS stage, handed_back_at AS entered_at, reason
FROM steady_work WHERE number = steady_number() AND is_handed_back AND handed_back_at <= observed_until
UNION ALL
SELECT lead_id, stage, entered_at, NULL
FROM steady_lead l
CROSS JOIN LATERAL (VALUES ('mql', l.mql_at, true), ('sal', l.mql_at + interval '1 day', l.is_sal)) e(stage, entered_at, happened)
WHERE number = steady_number() AND is_mql AND happened AND entered_at <= observed_until;
CREATE VIEW one_deal AS
SELECT lead_id::text AS deal_id, lead_id, opened_at, CASE WHEN ended_at <= observed_until THEN ended_at END AS closed_at, is_won AND ended_at <= observed_until AS is_won, amount
FROM steady_lead l
CROSS JOIN LATERAL (SELECT CASE WHEN is_won THEN won_at ELSE lost_at END AS ended_at) e
CROSS JOIN LATERAL (SELECT created_at + (ended_at - created_at) / 2 AS opened_at) d
WHERE number = steady_number() AND (is_won OR is_lost) AND opened_at <= observed_until;
CREATE VIEW one_spend AS
SELECT spent_on, channel, NULL::text AS campaign, amount FROM steady_spend WHERE number = steady_number();

CREATE VIEW one_activity AS
SELECT lead_id, activity_at, kind, a.outcome, owner, scheduled_for
FROM steady_work w
CROSS JOIN LATERAL
(VALUES
	('call', CASE WHEN is_reached THEN 'reached' ELSE 'no answer' END, attempted_at, NULL::timestamptz, is_tried),
	('meeting', 'booked', attempted_at, met_at, is_tried AND is_reached AND is_met),
	('meeting', w.outcome, met_at, met_at, is_tried AND is_reached AND is_met)
) AS a(kind, outcome, activity_at, scheduled_for, happened)
WHERE number = steady_number() AND happened AND activity_at <= observed_until;
-- What is well within reach: three fifths of what comes in a quarter.
CREATE VIEW one_target AS
SELECT date_trunc('quarter', m.observed_until, 'UTC')::date AS starts_on, (date_trunc('quarter', m.observed_until, 'UTC') + interval '3 months')::date - 1 AS ends_on,
	t.measure, NULL::text AS channel, NULL::text AS owner, round(t.value::numeric) AS value
FROM steady_mart m
CROSS JOIN LATERAL (VALUES ('leads', 1.8 * leads_per_month), ('won', 1.8 * leads_per_month * to_won)) t(measure, value)
WHERE m.number = steady_number() AND m.number % 5 = 1 AND t.value >= 10;

SET steady.number = 0;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('steady', lead => 'one_lead', stage_event => 'one_stage_event', spend => 'one_spend', deal => 'one_deal',
	activity => 'one_activity', target => 'one_target');
INSERT INTO steady.activity_meaning (kind, outcome, meaning) VALUES ('call', 'no answer', 'attempt'), ('call', 'reached', 'contact'),
	('meeting', 'booked', 'meeting_booked'), ('meeting', 'held', 'meeting_held'), ('meeting', 'no show', 'no_show');
INSERT INTO steady.channel_family SELECT 'channel ' || n, 'outbound' FROM generate_series(1, 3) n;
UPDATE steady.rule SET scorecard = '{"fit": [{"attribute": "fits", "op": "=", "value": true, "points": 10}]}', icp_fit = 10,
	gross_margin = 0.7, acceptance_threshold = 0.6;

CREATE TABLE reading (number integer, code text, severity text, certainty text, p_value float8);
-- Reads the marts of every so manieth number: several sessions share the work.
CREATE PROCEDURE read_steady_marts(every integer, remainder integer) LANGUAGE plpgsql AS $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT number FROM steady_mart WHERE number % every = remainder ORDER BY number
	LOOP
		PERFORM set_config('steady.number', one.number::text, false);
		INSERT INTO reading SELECT one.number, code, severity, certainty, p_value FROM steady.diagnosis;
	END LOOP;
END;
$$;
