-- Pipelines of made-up companies over three years, for asking a forecast at a day of the past and seeing what came: stationary, growing, shrinking,
-- with a yearly season, and with more leads every month than the few who close can work off.
-- All lie in one set of tables; the marts "pipeline_0", "pipeline_1" … read those of the number that the setting pipeline.number holds: one for each
-- session, because each sets observed_until as it goes. psql variables: companies, how many of each kind and size; sessions; seed.
CREATE TABLE company AS
SELECT row_number() OVER (ORDER BY c.n, z.sales_per_month, k.position)::integer AS number, k.kind, z.sales_per_month,
	timestamptz '2022-01-01 00:00:00+00' AS started_at, 36 AS months
FROM generate_series(1, :companies) c(n)
CROSS JOIN (VALUES (10), (60)) z(sales_per_month)
CROSS JOIN (VALUES (1, 'stationary'), (2, 'growing'), (3, 'shrinking'), (4, 'seasonal'), (5, 'saturated')) k(position, kind);

-- What the whole company shares in a month: how many leads come, and a fifth more or fewer sales for no reason that anybody writes down.
-- A lead is won with 0.7 · 0.75 · 0.75 · 0.5.
CREATE TABLE company_month AS
SELECT m.*, sum(m.capacity) OVER (PARTITION BY m.number ORDER BY m.month) - m.capacity AS capacity_before,
	CASE WHEN m.month < m.months THEN greatest(round((m.expected_leads + sqrt(m.expected_leads) * m.chance)::numeric), 0)::integer ELSE 0 END AS leads
FROM
(
	SELECT c.number, c.kind, c.months, n.month, c.started_at + make_interval(months => n.month) AS started_at,
		c.started_at + make_interval(months => n.month + 1) AS ended_at, s.shock, c.sales_per_month * s.shock AS capacity,
		c.sales_per_month / 0.196875::float8 * CASE c.kind
			WHEN 'growing' THEN 0.5 * power(4, n.month / 36::float8)
			WHEN 'shrinking' THEN 2 / power(4, n.month / 36::float8)
			WHEN 'seasonal' THEN 1 + 0.5 * sin(2 * pi() * n.month / 12)
			WHEN 'saturated' THEN 0.9 + 0.6 * n.month / 36
			ELSE 1 END AS expected_leads,
		lead_kpi.example_normal(:seed, 2, c.number * 1000 + n.month) AS chance
	FROM company c
	CROSS JOIN generate_series(0, 71) n(month)
	CROSS JOIN LATERAL (SELECT exp(0.2 * lead_kpi.example_normal(:seed, 1, c.number * 1000 + n.month)) AS shock) s
) m;

-- Each lead's own chances and delays, whether or not it comes as far.
CREATE TABLE company_lead AS
WITH lead AS MATERIALIZED
(
	SELECT l.*, lead_kpi.example_uniform(:seed, 11, l.lead_id) < 0.7 AS is_mql,
		lead_kpi.example_uniform(:seed, 12, l.lead_id) < 0.75 AS is_sql,
		lead_kpi.example_uniform(:seed, 13, l.lead_id) < 0.75 AS is_opportunity,
		lead_kpi.example_uniform(:seed, 14, l.lead_id) AS luck,
		lead_kpi.example_uniform(:seed, 15, l.lead_id) AS told,
		lead_kpi.example_days(:seed, 21, l.lead_id, 3, 0.8) AS to_mql, lead_kpi.example_days(:seed, 22, l.lead_id, 8, 0.7) AS to_sql,
		lead_kpi.example_days(:seed, 23, l.lead_id, 12, 0.7) AS to_opportunity, lead_kpi.example_days(:seed, 24, l.lead_id, 35, 0.6) AS to_decision,
		lead_kpi.example_days(:seed, 25, l.lead_id, 25, 0.8) AS to_exit,
		round((5000 * exp(0.8 * lead_kpi.example_normal(:seed, 26, l.lead_id)))::numeric, 2) AS amount
	FROM
	(
		SELECT m.number, m.kind, m.number * 1000000::bigint + m.month * 10000 + i AS lead_id,
			date_trunc('second', m.started_at + (m.ended_at - m.started_at)
				* lead_kpi.example_uniform(:seed, 10, m.number * 1000000::bigint + m.month * 10000 + i)) AS created_at
		FROM company_month m
		CROSS JOIN generate_series(1, m.leads) i
	) l
), advanced AS
(
	SELECT *, CASE WHEN is_mql THEN created_at + to_mql END AS mql_at, CASE WHEN is_mql AND is_sql THEN created_at + to_mql + to_sql END AS sql_at,
		CASE WHEN is_mql AND is_sql AND is_opportunity THEN created_at + to_mql + to_sql + to_opportunity END AS opportunity_at
	FROM lead
), decided AS
(
	SELECT a.*, a.opportunity_at + a.to_decision AS decided_at,
		a.opportunity_at IS NOT NULL AND a.luck < 0.5 * CASE WHEN a.kind = 'saturated' THEN 1 ELSE m.shock END AS is_won,
		m.capacity_before + m.capacity * date_part('epoch', a.opportunity_at + a.to_decision - m.started_at) / date_part('epoch', m.ended_at - m.started_at)
			AS ready
	FROM advanced a
	LEFT JOIN company_month m ON m.number = a.number AND m.started_at <= a.opportunity_at + a.to_decision AND a.opportunity_at + a.to_decision < m.ended_at
), queued AS
(
	-- First come, first served, one after the other: served is counted in sales that could have been closed since the start.
	SELECT *, CASE WHEN is_won AND kind = 'saturated' THEN turn + max(ready - turn + 1) FILTER (WHERE is_won) OVER (PARTITION BY number ORDER BY turn) END AS served
	FROM (SELECT *, row_number() OVER (PARTITION BY number, is_won ORDER BY ready, lead_id) AS turn FROM decided) d
)
SELECT q.number, q.lead_id, q.created_at, q.mql_at, q.sql_at, q.opportunity_at,
	CASE WHEN q.served IS NOT NULL
		THEN date_trunc('second', m.started_at + (m.ended_at - m.started_at) * ((q.served - m.capacity_before) / m.capacity))
		WHEN q.is_won AND q.kind <> 'saturated' THEN q.decided_at END AS won_at,
	-- Of who does not come further half is written off before there is an offer, and most of the offers are refused; the others stay open for ever.
	CASE WHEN q.opportunity_at IS NULL AND q.told < 0.5 THEN coalesce(q.sql_at, q.mql_at, q.created_at) + q.to_exit
		WHEN q.opportunity_at IS NOT NULL AND NOT q.is_won AND q.told < 0.8 THEN q.decided_at END AS lost_at,
	q.amount
FROM queued q
LEFT JOIN company_month m ON m.number = q.number AND q.served >= m.capacity_before AND q.served < m.capacity_before + m.capacity;
CREATE INDEX ON company_lead (number);
ANALYZE;

-- What was known by pipeline.until, where that is set: what came later is not there at all.
CREATE FUNCTION company_number() RETURNS integer LANGUAGE sql STABLE RETURN current_setting('pipeline.number')::integer;
CREATE FUNCTION company_until() RETURNS timestamptz LANGUAGE sql STABLE
RETURN coalesce(nullif(current_setting('pipeline.until', true), '')::timestamptz, 'infinity');
CREATE VIEW one_lead AS
SELECT lead_id, created_at, 'form' AS kind, NULL::text AS channel, NULL::text AS campaign, NULL::text AS email, NULL::text AS company,
	NULL::jsonb AS attributes
FROM company_lead WHERE number = company_number() AND created_at <= company_until();
CREATE VIEW one_stage_event AS
SELECT lead_id, stage, entered_at
FROM company_lead l
CROSS JOIN LATERAL (VALUES ('mql', l.mql_at), ('sql', l.sql_at), ('rejected', CASE WHEN l.opportunity_at IS NULL THEN l.lost_at END)) e(stage, entered_at)
WHERE number = company_number() AND entered_at <= company_until();
CREATE VIEW one_deal AS
SELECT lead_id AS deal_id, lead_id, opportunity_at AS opened_at, closed_at,
	CASE WHEN closed_at IS NOT NULL THEN won_at IS NOT NULL END AS is_won, amount
FROM company_lead l
CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(won_at, lost_at) <= company_until() THEN coalesce(won_at, lost_at) END AS closed_at) d
WHERE number = company_number() AND opportunity_at <= company_until();

SET pipeline.number = 0;
SELECT lead_kpi.create_mart('pipeline_' || n, lead => 'one_lead', stage_event => 'one_stage_event', deal => 'one_deal')
FROM generate_series(0, :sessions - 1) n;
SELECT format('DELETE FROM pipeline_%1$s.stage WHERE role = %2$L; INSERT INTO pipeline_%1$s.stage VALUES (99, %3$L, %4$L)', n, 'sal', 'rejected', 'lost')
FROM generate_series(0, :sessions - 1) n \gexec

-- What became of each lead, by the raw rows: what a forecast is held against. Whoever asks other marts adds their leads.
CREATE TABLE fate AS
SELECT 'company' AS source, number, created_at, won_at, lost_at, CASE WHEN won_at IS NOT NULL THEN amount END AS revenue FROM company_lead;
CREATE INDEX ON fate (source, number);

CREATE TABLE told (source text, number integer, cut timestamptz, data_until timestamptz, confidence_level float8, horizon_days integer, forecast jsonb);
-- Asks a mart at each of the cuts, as if it were that day, for both levels.
CREATE FUNCTION ask_forecast(source text, number integer, mart name, cuts timestamptz[], data_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	cut timestamptz;
	level float8;
BEGIN
	FOREACH cut IN ARRAY cuts
	LOOP
		FOREACH level IN ARRAY ARRAY[0.95, 0.8]
		LOOP
			EXECUTE format('UPDATE %I.rule SET observed_until = %L, confidence_level = %L', mart, cut, level);
			EXECUTE format('INSERT INTO told SELECT %L, %L, %L, %L, %L, horizon_days, to_jsonb(f) FROM %I.forecast f WHERE horizon_days <= 180',
				source, number, cut, data_until, level, mart);
		END LOOP;
	END LOOP;
END;
$$;
-- Every fifth month, so that it is not always the same season, of every so manieth company: several sessions share the work.
CREATE PROCEDURE ask_companies(every integer, remainder integer) LANGUAGE plpgsql AS $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT * FROM company WHERE number % every = remainder ORDER BY number
	LOOP
		PERFORM set_config('pipeline.number', one.number::text, false);
		PERFORM ask_forecast('company', one.number, ('pipeline_' || remainder)::name,
			ARRAY(SELECT one.started_at + make_interval(months => m) FROM generate_series(4, one.months - 1, 5) m),
			one.started_at + make_interval(months => one.months));
		COMMIT;
	END LOOP;
END;
$$;

-- One row per question: what was said of sales or revenue, from the leads open then or from all, and what came, as far as the data reaches.
CREATE VIEW answer AS
WITH question AS
(
	SELECT DISTINCT source, number, cut, horizon_days, cut + make_interval(hours => 24 * horizon_days) AS until FROM told
), came AS
(
	SELECT q.source, q.number, q.cut, q.horizon_days, count(*) FILTER (WHERE f.won_at > q.cut AND f.won_at <= q.until) AS sales,
		sum(f.revenue) FILTER (WHERE f.won_at > q.cut AND f.won_at <= q.until) AS revenue,
		count(*) FILTER (WHERE o.was_open AND f.won_at > q.cut AND f.won_at <= q.until) AS open_sales,
		sum(f.revenue) FILTER (WHERE o.was_open AND f.won_at > q.cut AND f.won_at <= q.until) AS open_revenue,
		count(*) FILTER (WHERE o.was_open) AS open_leads
	FROM question q
	JOIN fate f ON f.source = q.source AND f.number = q.number AND f.created_at <= q.until
	CROSS JOIN LATERAL (SELECT f.created_at <= q.cut AND (f.won_at <= q.cut) IS NOT TRUE AND (f.lost_at <= q.cut) IS NOT TRUE AS was_open) o
	GROUP BY q.source, q.number, q.cut, q.horizon_days
)
SELECT t.source, t.number, t.cut, t.confidence_level, t.horizon_days, a.target, a.measure, (t.forecast->>a.low)::float8 AS low,
	(t.forecast->>a.high)::float8 AS high, (t.forecast->>a.expected)::float8 AS expected, t.forecast->>a.reason AS reason, a.actual,
	a.actual BETWEEN (t.forecast->>a.low)::float8 AND (t.forecast->>a.high)::float8 AS held,
	(t.forecast->>'open_leads')::bigint AS open_leads_told, c.open_leads
FROM told t
JOIN came c USING (source, number, cut, horizon_days)
CROSS JOIN LATERAL
(VALUES
	('open', 'sales', 'sales_low', 'sales_high', 'expected_sales', 'reason', c.open_sales::float8),
	('open', 'revenue', 'revenue_low', 'revenue_high', 'expected_revenue', 'reason', coalesce(c.open_revenue, 0)::float8),
	('all', 'sales', 'total_sales_low', 'total_sales_high', 'expected_total_sales', 'total_reason', c.sales::float8),
	('all', 'revenue', 'total_revenue_low', 'total_revenue_high', 'expected_total_revenue', 'total_reason', coalesce(c.revenue, 0)::float8)
) a(target, measure, low, high, expected, reason, actual)
WHERE t.cut + make_interval(hours => 24 * t.horizon_days) <= t.data_until;
