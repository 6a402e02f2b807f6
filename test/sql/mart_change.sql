-- Families of channels beside each other, and what changed between periods at the same age, in the mart.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_change');
SET search_path = regress_change, lead_kpi, public;

-- An empty mart.
SELECT count(*) FROM channel_comparison;
SELECT count(*) FROM period_change;

-- The article: inbound 800 leads make 120 SQL, outbound 200 make 90. Every fourth SQL buys for 100 or 300.
INSERT INTO channel_family VALUES ('seo', 'inbound'), ('ads', 'inbound'), ('calls', 'outbound');
INSERT INTO lead (lead_id, created_at, channel)
SELECT n, '2026-01-01'::timestamptz + n * interval '1 minute', CASE WHEN n > 800 THEN 'calls' WHEN n % 2 = 0 THEN 'seo' ELSE 'ads' END FROM generate_series(1, 1000) n;
INSERT INTO stage_event (lead_id, stage, entered_at)
SELECT n, 'sql', '2026-01-10' FROM generate_series(1, 1000) n WHERE n <= 120 OR n BETWEEN 801 AND 890;
INSERT INTO deal SELECT n::text, n, '2026-01-12', '2026-01-20', true, CASE WHEN n % 8 = 0 THEN 100 ELSE 300 END
FROM generate_series(1, 1000) n WHERE n % 4 = 0 AND (n <= 120 OR n BETWEEN 801 AND 890);
INSERT INTO spend (spent_on, channel, amount) VALUES ('2026-01-05', 'seo', 4000), ('2026-01-05', ' ads', 4000), ('2026-01-05', 'calls', 10000);
SELECT family, leads, share_of_leads, sql, won, round(lead_to_sql::numeric, 4) AS lead_to_sql, round(lead_to_sql_low::numeric, 4) AS low, round(lead_to_sql_high::numeric, 4) AS high,
	round(lead_to_won::numeric, 4) AS lead_to_won, round(lead_to_won_low::numeric, 4) AS low, round(lead_to_won_high::numeric, 4) AS high FROM channel_comparison;
SELECT family, revenue, round(share_of_revenue::numeric, 4) AS share, round(revenue_per_lead, 4) AS per_lead, round(revenue_per_lead_low::numeric, 4) AS low,
	round(revenue_per_lead_high::numeric, 4) AS high, spend, round(cpl, 2) AS cpl, round(cac, 2) AS cac, round(cac_low, 2) AS low, round(cac_high, 2) AS high FROM channel_comparison;

-- An unknown channel, spend that brought no lead, a channel that is its own family, a refund, an amount beyond measure, a ladder without SQL.
INSERT INTO lead (lead_id, created_at, channel) VALUES (2001, '2026-01-03', NULL), (2002, '2026-01-03', ' '), (2003, '2026-01-03', 'fair');
INSERT INTO spend (spent_on, channel, amount) VALUES ('2026-01-05', NULL, 10), (NULL, 'tv', 20);
INSERT INTO deal VALUES ('r', 2001, '2026-01-04', '2026-01-05', true, -5), ('x', 2003, '2026-01-04', '2026-01-05', true, NULL);
SELECT family, leads, sql, won, lead_to_won, revenue, share_of_revenue, round(revenue_per_lead, 2) AS per_lead, round(revenue_per_lead_low::numeric, 4) AS low, spend, round(cpl, 2) AS cpl, round(cac, 2) AS cac
FROM channel_comparison;
UPDATE deal SET amount = 1e300 WHERE deal_id = '4';
DELETE FROM stage WHERE role = 'sql';
SELECT family, sql, lead_to_sql, revenue > 1e299 AS huge, revenue_per_lead_low IS NULL AS unmeasured FROM channel_comparison;
UPDATE rule SET observed_until = '2026-02-02';
SELECT period, revenue_difference IS NOT NULL AS computed,
	volume_effect + mix_effect + conversion_effect + basket_effect + unexplained_effect = revenue_difference AS adds_up FROM period_change;
INSERT INTO stage VALUES (4, 'sql', 'sql');
TRUNCATE lead, stage_event, touch, spend, deal;

-- 400 leads in February, 400 in March, the last one on the 31st; of each month 40 are won at 5 days and 40 at 30. On April 10 March has had 10 days.
CREATE FUNCTION pg_temp.cohort(month date, leads int, early int, late int, channel text, price numeric, first int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO lead (lead_id, created_at, channel)
	SELECT first + n, month + interval '1 month' - interval '1 day' - n % 20 * interval '1 day', channel FROM generate_series(0, leads - 1) n;
	INSERT INTO deal
	SELECT (first + n)::text, first + n, l.created_at, l.created_at + CASE WHEN n < early THEN interval '5 days' ELSE interval '30 days' END, true, price
	FROM generate_series(0, early + late - 1) n JOIN lead l ON l.lead_id = first + n
	WHERE n < early OR l.created_at + interval '30 days' <= (SELECT observed_until FROM rule)
$$;
UPDATE rule SET observed_until = '2026-04-10';
SELECT pg_temp.cohort('2026-02-01', 400, 40, 40, 'ads', 100, 1000);
SELECT pg_temp.cohort('2026-03-01', 400, 40, 40, 'ads', 100, 2000);
-- What all wins to date would say: a drop beyond chance.
SELECT array_agg(won ORDER BY month) AS won, (SELECT p_value < 0.05 FROM compare(rate(min(won), 400), rate(max(won), 400))) AS drop
FROM (SELECT month, count(won_at) AS won FROM lead_outcome GROUP BY month) m;
-- At the same age nothing changed.
SELECT period, compared_with, after_start, before_start, comparable_days AS days, leads_before, leads_after, won_before, won_after, revenue_before AS revenue0, revenue_after AS revenue1,
	revenue_difference AS total, round(rate_before::numeric, 4) AS rate0, round(rate_after::numeric, 4) AS rate1, round(p_value::numeric, 4) AS p, verdict
FROM period_change;
-- When March has had the time too, all its wins count.
UPDATE rule SET observed_until = '2026-04-30';
INSERT INTO deal SELECT lead_id::text, lead_id, created_at, created_at + interval '30 days', true, 100 FROM lead WHERE lead_id BETWEEN 2040 AND 2079;
SELECT comparable_days, won_before, won_after, verdict FROM period_change WHERE period = 'month' AND compared_with = 'previous';

-- While half of the wins take 30 days, March is too young on April 10 and February is the latest month; without the late wins it is March again.
UPDATE rule SET observed_until = '2026-04-10';
DELETE FROM deal WHERE lead_id BETWEEN 2000 AND 2029;
SELECT after_start, won_before, won_after, verdict, reason FROM period_change WHERE period = 'month' AND compared_with = 'previous';
SELECT about, period, compared_with, after_start, after_end, before_start, before_end, comparable_days, lag_days, recorded_since, has_leads, is_recorded FROM comparison_period;
DELETE FROM deal WHERE closed_at > opened_at + interval '5 days';
-- A drop that is one, and a rise. Nobody is known to be lost: slower or worse, who knows.
SELECT won_before, won_after, verdict, reason, decided_before FROM period_change WHERE period = 'month' AND compared_with = 'previous';
DELETE FROM deal WHERE lead_id BETWEEN 1000 AND 1038;
SELECT won_before, won_after, verdict FROM period_change WHERE period = 'month' AND compared_with = 'previous';

-- The four effects: a channel that grew, one without a name, dearer baskets; against the same hand-made sums.
TRUNCATE lead, deal;
SELECT pg_temp.cohort('2025-03-01', 100, 50, 0, 'ads', 10, 1000);
SELECT pg_temp.cohort('2026-02-01', 100, 20, 0, 'ads', 100, 2000);
SELECT pg_temp.cohort('2026-02-01', 50, 20, 0, NULL, 200, 3000);
SELECT pg_temp.cohort('2026-03-01', 300, 40, 0, 'ads', 110, 4000);
SELECT pg_temp.cohort('2026-03-01', 60, 30, 0, NULL, 200, 5000);
SELECT period, compared_with, revenue_before AS before, revenue_after AS after, round(volume_effect, 2) AS volume, round(mix_effect, 2) AS mix, round(conversion_effect, 2) AS conversion,
	round(basket_effect, 2) AS basket, unexplained_effect AS rest, verdict,
	volume_effect + mix_effect + conversion_effect + basket_effect + unexplained_effect = revenue_after - revenue_before AND revenue_difference = revenue_after - revenue_before AS adds_up
FROM period_change;
SELECT round((c).volume, 2) AS volume, round((c).mix, 2) AS mix, round((c).conversion, 2) AS conversion, round((c).basket, 2) AS basket
FROM (SELECT revenue_mix_change(l0, s0, r0, l1, s1, r1) AS c FROM (VALUES (100, 20, 2000, 300, 40, 4400), (50, 20, 4000, 60, 30, 6000)) v(l0, s0, r0, l1, s1, r1)) s;

-- The largest effect, whatever its sign, and what works against it.
SELECT period, compared_with, largest_effect, cycle_effect FROM period_change;
SELECT * FROM largest_effect(150506, 0, -121613, -217070, NULL);
SELECT * FROM largest_effect(5, NULL, -5, 0, 0);
SELECT * FROM largest_effect(0, 0, 0, 0, NULL);

-- Months begin in the mart's time zone; a month that ends as the data does is complete, and where nothing is won no age is needed.
DELETE FROM deal;
UPDATE rule SET observed_until = '2026-03-31 22:00', time_zone = 'Europe/Paris';
SELECT period, compared_with, after_start, round(comparable_days::numeric, 4) AS days FROM period_change;
UPDATE rule SET observed_until = '2026-03-31 21:59:59';
SELECT period, compared_with, after_start, before_start FROM period_change;

-- Slower is not worse. 400 leads a month, judged at the age of 39 days: how many of them are won and lost by then.
CREATE FUNCTION pg_temp.decided(month date, won int, lost int, first int, leads int DEFAULT 400) RETURNS void LANGUAGE sql AS $$
	INSERT INTO lead (lead_id, created_at, channel) SELECT first + n, month, 'ads' FROM generate_series(1, leads) n;
	INSERT INTO deal SELECT (first + n)::text, first + n, month, month + 10, n <= won, 1000
	FROM generate_series(1, won + lost) n
$$;
CREATE VIEW pg_temp.decision AS
SELECT after_start, round(rate_before::numeric, 3) AS rate0, round(rate_after::numeric, 3) AS rate1, decided_before AS decided0, decided_after AS decided1,
	round(win_rate_of_decided_before::numeric, 3) AS won_of0, round(win_rate_of_decided_after::numeric, 3) AS won_of1, round(win_rate_of_decided_p_value::numeric, 4) AS p,
	verdict, largest_effect, round(cycle_effect) AS cycle, round(win_rate_effect) AS win_rate, conversion_effect = cycle_effect + win_rate_effect AS adds_up, reason
FROM period_change WHERE period = 'month' AND compared_with = 'previous';
TRUNCATE lead, deal;
UPDATE rule SET observed_until = '2026-03-12', time_zone = 'UTC';
SELECT pg_temp.decided('2026-01-01', 160, 120, 0), pg_temp.decided('2026-02-01', 100, 75, 1000);
SELECT * FROM pg_temp.decision;
-- As many are decided, and fewer of them won: worse.
TRUNCATE lead, deal;
SELECT pg_temp.decided('2026-01-01', 160, 120, 0), pg_temp.decided('2026-02-01', 100, 180, 1000);
SELECT * FROM pg_temp.decision;
-- Fewer are won and as many lost: too close to tell.
TRUNCATE lead, deal;
SELECT pg_temp.decided('2026-01-01', 160, 120, 0), pg_temp.decided('2026-02-01', 120, 118, 1000);
SELECT * FROM pg_temp.decision;
-- Faster is not better; better is.
TRUNCATE lead, deal;
SELECT pg_temp.decided('2026-01-01', 100, 75, 0), pg_temp.decided('2026-02-01', 160, 120, 1000);
SELECT * FROM pg_temp.decision;
TRUNCATE lead, deal;
SELECT pg_temp.decided('2026-01-01', 100, 180, 0), pg_temp.decided('2026-02-01', 160, 120, 1000);
SELECT * FROM pg_temp.decision;
-- Hardly any loss is written down; of nine leads nobody is sure; nobody won; nobody decided.
SELECT * FROM decision_change(400, 160, 10, 400, 100, 6, 0.95);
SELECT * FROM decision_change(400, 160, 0, 400, 100, NULL, 0.95);
SELECT * FROM decision_change(400, 0, 100, 400, 100, 100, 0.95);
SELECT * FROM decision_change(400, 100, 100, 400, 0, 0, 0.95);
SELECT * FROM decision_change(400, 100, 100, 400, 100, 100, 0.95);
SELECT * FROM decision_change(0, 0, 0, 400, 100, 100, 0.95);
TRUNCATE lead, deal;
SELECT pg_temp.decided('2026-01-01', 9, 0, 0, 9), pg_temp.decided('2026-02-01', 100, 0, 1000);
SELECT rate0, rate1, verdict, reason FROM pg_temp.decision;

-- Wins that were not written down are none: leads from October on, the first win in March although 600 were old enough by then.
TRUNCATE lead, deal;
UPDATE rule SET observed_until = '2025-04-30';
INSERT INTO lead (lead_id, created_at) SELECT n, timestamptz '2024-10-01' + n % 180 * interval '1 day' FROM generate_series(1, 3600) n;
INSERT INTO deal SELECT lead_id::text, lead_id, created_at, created_at + interval '10 days', true, 10 FROM lead WHERE lead_id % 5 = 0 AND created_at >= '2025-02-19';
SELECT period, compared_with, after_start, before_start, leads_before, leads_after, won_before, won_after, verdict, largest_effect, reason FROM period_change;
SELECT DISTINCT recorded_since, lag_days FROM comparison_period;

-- The quarter in which leads end is not complete where they came month after month; where they come now and then it is.
SELECT period, compared_with, after_start, before_start, comparable
FROM comparison_periods('2018-11-15', '17 days', '{2018-02-01,2018-03-01,2018-04-01,2018-05-01}', '{2018-02-27,2018-03-30,2018-04-29,2018-05-31}', 'UTC', 1);
SELECT period, after_start FROM comparison_periods('2018-11-15', '17 days', '{2018-02-01,2018-05-01}', NULL, 'UTC', 1) WHERE compared_with = 'previous';
-- Nothing is old enough; fiscal quarters; no data.
SELECT period, after_start FROM comparison_periods('2018-06-15', '60 days', '{2018-05-01}', NULL, 'UTC', 1) WHERE compared_with = 'previous';
SELECT period, after_start, before_start FROM comparison_periods('2018-11-15', '17 days', '{2018-02-01,2018-05-01}', NULL, 'UTC', 2) WHERE period = 'quarter';
SELECT count(*) FROM comparison_periods(NULL, '0', NULL, NULL, 'UTC', 1);

-- Generated data: the sums are those of cpl_to_revenue and of the funnel, and every change adds up.
TRUNCATE lead, deal, channel_family;
UPDATE rule SET observed_until = NULL;
SELECT generate_example('regress_change', 3000);
SELECT (sum(leads), sum(sql), sum(won), sum(spend), sum(revenue)) = (SELECT sum(leads), sum(sql), sum(won), sum(spend), sum(revenue) FROM cpl_to_revenue) AS same,
	sum(leads) = (SELECT max(leads) FROM funnel) AS same_leads, round(sum(share_of_leads)::numeric, 9) = 1 AND round(sum(share_of_revenue)::numeric, 9) = 1 AS whole,
	bool_and(revenue_per_lead_low <= revenue_per_lead AND revenue_per_lead <= revenue_per_lead_high) AS inside
FROM channel_comparison;
SELECT count(*), bool_and(volume_effect + mix_effect + conversion_effect + basket_effect + unexplained_effect = revenue_difference) AS adds_up,
	bool_and(leads_after = (SELECT count(*) FROM lead_outcome WHERE month >= after_start AND month < after_start + CASE period WHEN 'month' THEN interval '1 month' ELSE interval '3 months' END)) AS same_leads
FROM period_change;
-- comparison_period says which periods they are.
SELECT bool_and(c.after_start = p.after_start AND c.comparable_days = p.comparable_days) AS same, count(*) FROM comparison_period c JOIN period_change p USING (period, compared_with)
	WHERE c.about = 'won';

-- The few rows of comparison_count say what looking at every lead says: the sides of the diagnosis are sums of its members, ...
CREATE TEMPORARY VIEW member AS
SELECT number, is_after, channel, campaign, count(*) FILTER (WHERE is_lead) AS leads, count(*) FILTER (WHERE is_won) AS won,
	count(*) FILTER (WHERE is_qualified) AS qualified, CASE WHEN bool_or(is_lost IS NOT NULL) THEN count(*) FILTER (WHERE is_lost) END AS lost,
	sum(amount) AS amount, sum(revenue) AS revenue, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) / 86400 AS median_days,
	moments(ln(greatest(seconds, 60))) FILTER (WHERE seconds IS NOT NULL)::text AS log_age
FROM (SELECT number, is_after, CASE WHEN number = 8 THEN channel END AS channel, campaign, is_lead, is_won, is_qualified, is_lost, amount, revenue, seconds FROM diagnosis_member) m
GROUP BY number, is_after, channel, campaign;
SELECT count(DISTINCT number) AS questions, count(*) FILTER (WHERE NOT s IS NOT DISTINCT FROM m) AS differences
FROM (SELECT number, is_after, channel, campaign, leads, won, qualified, lost, revenue, log_age FROM diagnosis_side WHERE number NOT IN (6, 7)) s
FULL JOIN (SELECT number, is_after, channel, campaign, leads, won, qualified, lost, revenue, log_age FROM member) m USING (number, is_after)
WHERE s.channel IS NOT DISTINCT FROM m.channel AND s.campaign IS NOT DISTINCT FROM m.campaign OR num_nonnulls(s.leads, m.leads) < 2;
SELECT count(*) AS sides, count(*) FILTER (WHERE s.amount = coalesce(m.amount, 0)) AS same_amount,
	count(*) FILTER (WHERE s.median_days IS NOT DISTINCT FROM CASE WHEN number <= 2 THEN m.median_days END) AS same_median,
	count(*) FILTER (WHERE s.per_lead = p.per_lead) AS same_per_lead
FROM diagnosis_side s
JOIN member m USING (number, is_after)
JOIN (SELECT number, is_after, moments(plain_amount(amount))::text AS per_lead
	FROM (SELECT number, is_after, lead_id, sum(amount) AS amount FROM diagnosis_member GROUP BY number, is_after, lead_id) l GROUP BY number, is_after) p USING (number, is_after)
WHERE number <= 3;
-- ... and those of period_change what its leads and their deals say.
SELECT count(*) AS comparisons, bool_and(c.leads0 = s.leads0 AND c.won0 = s.won0 AND c.deals0 = s.deals0 AND c.revenue0 = s.revenue0) AS same_before,
	bool_and(c.leads1 = s.leads1 AND c.won1 = s.won1 AND c.deals1 = s.deals1 AND c.revenue1 = s.revenue1) AS same_after
FROM
(
	SELECT p.period, p.compared_with, count(l.stage_position) FILTER (WHERE NOT is_after) AS leads0, count(l.stage_position) FILTER (WHERE is_after) AS leads1,
		count(*) FILTER (WHERE l.won_at - l.created_at <= p.age AND NOT is_after) AS won0, count(*) FILTER (WHERE l.won_at - l.created_at <= p.age AND is_after) AS won1,
		sum(d.deals) FILTER (WHERE NOT is_after) AS deals0, sum(d.deals) FILTER (WHERE is_after) AS deals1,
		sum(d.revenue) FILTER (WHERE NOT is_after) AS revenue0, sum(d.revenue) FILTER (WHERE is_after) AS revenue1
	FROM (SELECT *, make_interval(secs => comparable_days * 86400) AS age FROM comparison_period WHERE about = 'won') p
	JOIN comparison_lead l ON l.month >= p.after_start AND l.month < p.after_end OR l.month >= p.before_start AND l.month < p.before_end
	CROSS JOIN LATERAL (SELECT l.month >= p.after_start AS is_after) a
	CROSS JOIN LATERAL (SELECT count(*) AS deals, sum(amount) AS revenue FROM counted_deal d
		WHERE d.lead_id = l.lead_id AND d.is_won AND d.excluded_reason IS NULL AND d.closed_at - l.created_at <= p.age) d
	GROUP BY p.period, p.compared_with
) s
JOIN (SELECT period, compared_with, sum(leads0) AS leads0, sum(leads1) AS leads1, sum(won0) AS won0, sum(won1) AS won1, sum(deals0) AS deals0, sum(deals1) AS deals1,
	sum(revenue0) AS revenue0, sum(revenue1) AS revenue1 FROM comparison_segment GROUP BY period, compared_with) c USING (period, compared_with);

RESET search_path;
DROP VIEW pg_temp.decision, pg_temp.member;
DROP FUNCTION pg_temp.cohort, pg_temp.decided;
SELECT lead_kpi.drop_mart('regress_change');
