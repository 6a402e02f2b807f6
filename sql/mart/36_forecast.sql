-- What will be sold, and for how much: from the leads that are open, and with those to come, by how leads moved lately and what earlier forecasts missed by.

-- Not inlined: in every row of the views its texts would be compiled.
CREATE FUNCTION forecast_reason(tests integer, language text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE
		WHEN tests IS NULL THEN CASE language WHEN 'fr' THEN lead_kpi.mart_text('moins de deux périodes avec des ventes')
			ELSE 'fewer than two windows with sales' END
		WHEN tests = 0 THEN CASE language WHEN 'fr' THEN lead_kpi.mart_text('aucune prévision de cette durée n''a encore pu être vérifiée')
			ELSE 'no forecast of this length could be checked yet' END
	END;
END;
$$;
COMMENT ON FUNCTION forecast_reason(integer, text) IS
'Why a forecast has no interval (tests = 0), or nothing at all (NULL), in language en or fr; NULL where it has one. Internal to the forecast.';

CREATE FUNCTION mart_forecast_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW forecast_origin WITH (security_invoker = true) AS
	SELECT i.unit, f.target, f.horizon, i.observed_until, i.ended_at, i.windows, i.windows - f.origin AS windows_ago, f.curve, f.share_of_count,
		f.expected AS expected_sales, CASE WHEN f.tests > 0 THEN floor(s.low)::bigint END AS sales_low,
		CASE WHEN f.tests > 0 THEN round(CASE f.target WHEN 'open leads' THEN least(s.high, f.open_leads) ELSE s.high END)::bigint END AS sales_high,
		f.tests, f.error_variance, f.widening, f.actual::bigint AS actual_sales, f.basket_mean, f.basket_variance, f.basket_wins, f.expected_revenue,
		-- Where the sales may be none, so may the revenue.
		CASE WHEN f.tests = 0 OR v.low IS NULL THEN NULL WHEN s.low < 1 THEN 0 ELSE v.low END AS revenue_low,
		CASE WHEN f.tests > 0 THEN v.high END AS revenue_high, f.revenue_error_variance, f.actual_revenue, i.flows, i.open_leads, i.sales, i.share_by_now,
		i.closed_deals, i.won_deals
	FROM forecast_input i
	CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
	LEFT JOIN LATERAL sales_forecast(coalesce(i.flows, '{}')::float8[], coalesce(i.revenues, '{}')::float8[], coalesce(i.outcomes, '{}')::float8[],
		coalesce(i.windows, 0), CASE i.unit WHEN 'day' THEN '{1,2,3,6,12}' ELSE '{1,2,3,4,5,6}' END::integer[], r.confidence_level) f ON true
	CROSS JOIN LATERAL predict_amount(f.expected, CASE WHEN f.expected > 0 THEN f.variance ELSE 0 END, r.confidence_level) s
	CROSS JOIN LATERAL predict_amount(CASE WHEN f.expected_revenue > 0 OR f.expected_revenue = 0 AND f.revenue_variance = 0 THEN f.expected_revenue END,
		f.revenue_variance, r.confidence_level) v
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW forecast_origin IS
		'Layer below the forecast: what was forecast at the end of each window with what was known then, and what came; windows_ago 0 is now. One row per unit '
		'without a target where too little was sold so far.';

	CREATE OR REPLACE VIEW forecast_cell WITH (security_invoker = true) AS
	WITH origin AS MATERIALIZED
	(
		SELECT * FROM forecast_origin WHERE unit = 'day'
	), present AS MATERIALIZED
	(
		SELECT windows, flows::float8[] AS flows, open_leads::numeric[] AS open_leads, closed_deals, won_deals
			FROM origin WHERE windows_ago > 0 IS NOT TRUE LIMIT 1
	), held AS
	(
		SELECT target, horizon, count(*) AS checked, count(*) FILTER (WHERE actual_sales BETWEEN sales_low AND sales_high) AS held
		FROM origin
		WHERE windows_ago > 0 AND actual_sales IS NOT NULL AND sales_low IS NOT NULL
		GROUP BY target, horizon
	), known AS
	(
		SELECT o.*, h.checked, h.held FROM origin o LEFT JOIN held h USING (target, horizon) WHERE o.windows_ago = 0
	), cell AS
	(
		SELECT p.open_leads[n][1]::integer AS cell, p.open_leads[n][2]::bigint AS open_leads, p.open_leads[n][3]::bigint AS priced_leads,
			p.open_leads[n][4]::bigint AS open_deals, p.open_leads[n][5]::bigint AS deals_without_amount, p.open_leads[n][6] AS amount
		-- A ladder has at most 32 stages of 6 cells: of generate_subscripts the planner expects a thousand.
		FROM present p JOIN generate_series(1, 192) n ON n <= array_length(p.open_leads, 1)
	), chance AS
	(
		SELECT c.horizon, c.cell, c.history, c.chance
		FROM present p CROSS JOIN LATERAL pipeline_chances(coalesce(p.flows, '{}'), coalesce(p.windows, 0), '{1,2,3,6,12}') c
		WHERE c.cell > 0
	)
	SELECT h.windows * 30 AS horizon_days, (c.cell + 5) / 6 AS stage_position, l.stage, (ARRAY[0, 7, 14, 30, 90, 180])[(c.cell - 1) % 6 + 1]
		AS days_in_stage_from,
		(ARRAY[7, 14, 30, 90, 180])[(c.cell - 1) % 6 + 1] AS days_in_stage_to, c.open_leads, c.open_deals, c.deals_without_amount, c.priced_leads, c.amount,
		coalesce(w.history, 0) AS history_leads, w.chance, o.curve AS curve_sales, o.expected_sales, o.sales_low, o.sales_high, o.tests, o.share_of_count,
		o.error_variance, o.widening, o.checked, o.held, o.basket_mean, o.basket_variance, o.basket_wins, o.revenue_error_variance,
		t.expected_sales AS total_sales, t.sales_low AS total_sales_low, t.sales_high AS total_sales_high, t.expected_revenue AS total_revenue,
		t.revenue_low AS total_revenue_low, t.revenue_high AS total_revenue_high, t.tests AS total_tests, t.share_of_count AS total_share_of_count,
		t.error_variance AS total_error_variance, t.checked AS total_checked, t.held AS total_held,
		(SELECT rate(won_deals, closed_deals)::float8 FROM present) AS won_of_closed_deals
	FROM unnest(ARRAY[1, 2, 3, 6, 12]) h(windows)
	LEFT JOIN cell c ON true
	LEFT JOIN ladder l ON l.stage_position = (c.cell + 5) / 6
	LEFT JOIN known o ON o.target = 'open leads' AND o.horizon = h.windows
	LEFT JOIN known t ON t.target = 'all sales' AND t.horizon = h.windows
	LEFT JOIN chance w ON w.cell = c.cell AND w.horizon = h.windows AND o.expected_sales IS NOT NULL;
	COMMENT ON VIEW forecast_cell IS
		'Layer below the forecast: per horizon, stage and time in it the open leads with their deals and the chance that roll rates give them, beside what is '
		'forecast for all of them, and with those to come. One row per horizon without stage while no lead is open.';

	CREATE OR REPLACE VIEW forecast_by_grain WITH (security_invoker = true) AS
	WITH summed AS
	(
		SELECT g.grain, c.horizon_days, CASE WHEN g.by_stage THEN c.stage_position END AS stage_position, CASE WHEN g.by_stage THEN max(c.stage) END AS stage,
			CASE WHEN g.by_age THEN c.days_in_stage_from END AS days_in_stage_from, CASE WHEN g.by_age THEN max(c.days_in_stage_to) END AS days_in_stage_to,
			coalesce(sum(c.open_leads), 0)::bigint AS open_leads, coalesce(sum(c.open_leads) FILTER (WHERE c.history_leads = 0), 0)::bigint
				AS leads_without_history,
			coalesce(sum(c.open_deals), 0)::bigint AS open_deals, coalesce(sum(c.deals_without_amount), 0)::bigint AS deals_without_amount,
			coalesce(sum(c.amount), 0) AS amount, sum(c.history_leads) AS history_leads,
			-- In one order, whatever that of the rows: float8 does not add up to the same in another.
			sum(c.open_leads * c.chance ORDER BY c.stage_position, c.days_in_stage_from) AS curve,
			-- Each cell's share of what is forecast for all; where roll rates give nobody a chance, by leads. All leads are in each grain: who reads one
			-- grain computes no other.
			CASE WHEN max(c.curve_sales) > 0
				THEN coalesce(sum(c.open_leads * c.chance ORDER BY c.stage_position, c.days_in_stage_from), 0) / max(c.curve_sales)
				ELSE coalesce(sum(c.open_leads), 0)::float8 / nullif(sum(sum(c.open_leads)) OVER (PARTITION BY g.grain, c.horizon_days), 0)::float8 END
				AS share,
			coalesce(sum(c.open_leads * c.chance * (1 - c.chance) ORDER BY c.stage_position, c.days_in_stage_from), 0) AS chance_variance,
			max(c.expected_sales) AS all_sales, max(c.tests) AS tests, max(c.share_of_count) AS share_of_count, max(c.error_variance) AS error_variance,
			max(c.widening) AS widening, max(c.checked) AS checked, max(c.held) AS held, max(c.basket_mean) AS basket_mean, max(c.basket_variance)
				AS basket_variance,
			max(c.basket_wins) AS basket_wins, max(c.revenue_error_variance) AS revenue_error_variance, max(c.won_of_closed_deals) AS won_of_closed_deals,
			max(c.total_sales) AS total_sales, max(c.total_sales_low) AS total_sales_low, max(c.total_sales_high) AS total_sales_high,
			max(c.total_revenue) AS total_revenue, max(c.total_revenue_low) AS total_revenue_low, max(c.total_revenue_high) AS total_revenue_high,
			max(c.total_tests) AS total_tests, max(c.total_share_of_count) AS total_share_of_count, max(c.total_error_variance) AS total_error_variance,
			max(c.total_checked) AS total_checked, max(c.total_held) AS total_held
		FROM forecast_cell c
		CROSS JOIN (VALUES ('all', false, false), ('stage', true, false), ('age', true, true)) g(grain, by_stage, by_age)
		WHERE g.grain = 'all' OR c.open_leads IS NOT NULL
		GROUP BY g.grain, g.by_stage, g.by_age, c.horizon_days, CASE WHEN g.by_stage THEN c.stage_position END, CASE WHEN g.by_age THEN c.days_in_stage_from END
	), expected AS
	(
		SELECT s.*, s.all_sales * CASE WHEN s.open_leads = 0 THEN 0 ELSE s.share END AS sales, s.curve / nullif(s.open_leads, 0) AS chance,
			CASE WHEN s.open_deals = 0 OR s.open_deals > s.deals_without_amount THEN round(s.amount, 2) END AS pipeline
		FROM summed s
	), spread AS
	(
		SELECT *, CASE WHEN sales > 0 THEN (chance_variance + error_variance * sales * sales) * widening ELSE 0 END AS variance,
			CASE WHEN basket_variance IS NULL THEN NULL WHEN sales > 0 THEN (chance_variance * basket_mean * basket_mean + sales * basket_variance
				+ sales * sales * basket_variance / basket_wins
				+ revenue_error_variance * power(sales * basket_mean, 2)) * widening ELSE 0 END AS revenue_variance
		FROM expected
	)
	SELECT k.grain, k.horizon_days, k.stage_position, k.stage, k.days_in_stage_from, k.days_in_stage_to,
		CASE k.grain WHEN 'age' THEN least(k.sales / nullif(k.open_leads, 0), 1) END AS win_probability,
		CASE WHEN k.grain = 'age' AND k.tests > 0 THEN least(p.low, 1) END AS win_probability_low,
		CASE WHEN k.grain = 'age' AND k.tests > 0 THEN least(p.high, 1) END AS win_probability_high,
		CASE k.grain WHEN 'age' THEN round(k.history_leads::numeric, 6)::float8 END AS history_leads, k.open_leads, k.leads_without_history,
		k.sales AS expected_sales, CASE WHEN k.tests > 0 OR k.tests = 0 AND k.open_leads = 0 THEN floor(s.low)::bigint END AS sales_low,
		CASE WHEN k.tests > 0 OR k.tests = 0 AND k.open_leads = 0 THEN least(round(s.high)::bigint, k.open_leads) END AS sales_high,
		round((k.sales * k.basket_mean)::numeric, 2) AS expected_revenue,
		CASE WHEN k.tests = 0 OR v.low IS NULL THEN NULL WHEN s.low < 1 THEN 0 ELSE round(v.low::numeric, 2) END AS revenue_low,
		CASE WHEN k.tests > 0 THEN round(v.high::numeric, 2) END AS revenue_high,
		k.open_deals, k.deals_without_amount, k.pipeline, k.won_of_closed_deals, round(k.pipeline * k.won_of_closed_deals::numeric, 2) AS weighted_pipeline,
		k.tests, CASE WHEN k.tests > 0 THEN exp(sqrt(k.error_variance)) - 1 END AS missed_by, k.share_of_count, coalesce(k.checked, 0) AS intervals_checked,
		coalesce(k.held, 0) AS intervals_held, forecast_reason(k.tests, language) AS reason,
		k.total_sales AS expected_total_sales, k.total_sales_low, k.total_sales_high, round(k.total_revenue::numeric, 2) AS expected_total_revenue,
		round(k.total_revenue_low::numeric, 2) AS total_revenue_low, round(k.total_revenue_high::numeric, 2) AS total_revenue_high,
		k.total_tests, CASE WHEN k.total_tests > 0 THEN exp(sqrt(k.total_error_variance)) - 1 END AS total_missed_by, k.total_share_of_count,
		coalesce(k.total_checked, 0) AS total_intervals_checked, coalesce(k.total_held, 0) AS total_intervals_held,
		forecast_reason(k.total_tests, language) AS total_reason
	FROM spread k
	CROSS JOIN (SELECT confidence_level, language FROM rule LIMIT 1) r
	CROSS JOIN LATERAL predict_amount(k.sales, k.variance, r.confidence_level) s
	CROSS JOIN LATERAL predict_amount(CASE WHEN k.basket_mean > 0 OR k.basket_mean = 0 AND k.revenue_variance = 0 THEN k.sales * k.basket_mean END,
		k.revenue_variance, r.confidence_level) v
	-- What the share may be in the long run: what the past says of the cell, and what forecasts missed by.
	CROSS JOIN LATERAL predict_amount(CASE k.grain WHEN 'age' THEN least(k.sales / nullif(k.open_leads, 0), 1) END, CASE WHEN k.sales > 0
		THEN (k.chance * (1 - k.chance) / (k.history_leads + 3) + k.error_variance * power(k.sales / k.open_leads, 2)) * k.widening ELSE 0 END,
			r.confidence_level) p
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND (SELECT NOT mart_sets_aside('deal'::regclass));
	COMMENT ON VIEW forecast_by_grain IS
		'Layer below the forecast: what open leads will bring, of all (grain = all), per stage (stage) and per stage and time in it (age). Read one '
		'grain, never sum over them.';

	CREATE OR REPLACE VIEW forecast WITH (security_invoker = true) AS
	SELECT horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high,
		open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline, tests, missed_by, share_of_count, intervals_checked, intervals_held,
		reason, expected_total_sales, total_sales_low, total_sales_high, expected_total_revenue, total_revenue_low, total_revenue_high, total_tests,
		total_missed_by, total_share_of_count, total_intervals_checked, total_intervals_held, total_reason
	FROM forecast_by_grain
	WHERE grain = 'all'
	ORDER BY horizon_days
	-- There are no more: one per horizon. The planner does not know.
	LIMIT 5;
	COMMENT ON VIEW forecast IS
		'What will be sold within 30 to 360 days: by the leads that are open now, and (total) with those to come; by how leads moved lately and how many were '
		'sold, with intervals from what the mart''s own earlier forecasts missed by. The weighted pipeline beside it.';

	CREATE OR REPLACE VIEW forecast_by_stage WITH (security_invoker = true) AS
	SELECT horizon_days, stage_position, stage, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue,
		revenue_low, revenue_high,
		open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline, reason
	FROM forecast_by_grain
	WHERE grain = 'stage'
	ORDER BY stage_position, stage, horizon_days
	-- There are no more: 32 stages in 5 horizons.
	LIMIT 160;
	COMMENT ON VIEW forecast_by_stage IS 'forecast per stage that open leads are in: its expectations add up to that of the open leads.';

	CREATE OR REPLACE VIEW forecast_by_age WITH (security_invoker = true) AS
	SELECT horizon_days, stage_position, stage, days_in_stage_from, days_in_stage_to, win_probability, win_probability_low, win_probability_high, history_leads,
		open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high,
		open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline, reason
	FROM forecast_by_grain
	WHERE grain = 'age'
	ORDER BY stage_position, stage, days_in_stage_from, horizon_days;
	COMMENT ON VIEW forecast_by_age IS
		'forecast per stage and time since open leads reached it, with the probability to be won that it rests on: its expectations add up to that of the open '
		'leads.';

	CREATE OR REPLACE VIEW forecast_by_period WITH (security_invoker = true) AS
	WITH origin AS MATERIALIZED
	(
		SELECT * FROM forecast_origin WHERE unit = 'month'
	), present AS MATERIALIZED
	(
		SELECT o.windows, o.observed_until, o.ended_at, coalesce(o.sales, '{}')::numeric[] AS sales, r.fiscal_year_start, r.confidence_level, r.language,
			timezone(r.time_zone, o.ended_at + interval '1 microsecond')::date AS month,
			-- How much of a month is over, by how much was sold by then in those that are.
			coalesce(o.share_by_now, date_part('epoch', o.observed_until - o.ended_at) / 2678400) AS share_by_now
		FROM origin o CROSS JOIN (SELECT time_zone, fiscal_year_start, confidence_level, language FROM rule LIMIT 1) r
		WHERE o.windows_ago > 0 IS NOT TRUE
		LIMIT 1
	), period AS
	(
		SELECT v.ordinal, v.period, starts_on, (starts_on + v.months * interval '1 month' - interval '1 day')::date AS ends_on, v.months,
			-- In months from the present one.
			(12 * (extract(year FROM starts_on) - extract(year FROM p.month)) + extract(month FROM starts_on) - extract(month FROM p.month))::integer
				AS first, p.*
		FROM present p
		CROSS JOIN LATERAL
		(
			VALUES (1, 'month', p.month, 1), (2, 'quarter', date_trunc('quarter', p.month)::date, 3),
				(3, 'fiscal quarter', fiscal_quarter(p.month, p.fiscal_year_start), 3)
		) v(ordinal, period, present_start, months)
		CROSS JOIN generate_series(0, 1) n
		CROSS JOIN LATERAL (SELECT (v.present_start + n * v.months * interval '1 month')::date AS starts_on) d
		WHERE v.ordinal < 3 OR p.fiscal_year_start % 3 <> 1
	), sold AS
	(
		SELECT p.*, s.leads, s.amount
		FROM period p
		CROSS JOIN LATERAL
		(
			SELECT coalesce(sum(p.sales[n][2]), 0) AS leads, round(coalesce(sum(p.sales[n][3]), 0), 2) AS amount
			FROM generate_subscripts(p.sales, 1) n
			WHERE p.first <= 0 AND p.sales[n][1] < -p.first
		) s
	), rest AS
	(
		-- What is forecast until its end, without what is forecast until it begins, or until now.
		SELECT s.*, greatest(f.expected_sales - CASE WHEN s.first > 0 THEN m.expected_sales ELSE s.share_by_now * m.expected_sales END, 0) AS expected,
			f.tests, f.share_of_count, f.error_variance, f.widening, f.basket_mean, f.basket_variance, f.basket_wins, f.revenue_error_variance, h.checked,
				h.held
		FROM sold s
		LEFT JOIN origin f ON f.windows_ago = 0 AND f.target = 'all sales' AND f.horizon = s.first + s.months
		LEFT JOIN origin m ON m.windows_ago = 0 AND m.target = 'all sales' AND m.horizon = greatest(s.first, 1)
		LEFT JOIN LATERAL
		(
			SELECT count(*) AS checked, count(*) FILTER (WHERE o.actual_sales BETWEEN o.sales_low AND o.sales_high) AS held
			FROM origin o
			WHERE o.windows_ago > 0 AND o.target = 'all sales' AND o.horizon = f.horizon AND o.actual_sales IS NOT NULL AND o.sales_low IS NOT NULL
		) h ON true
	)
	SELECT r.period, r.starts_on AS period_start, r.ends_on AS period_end, r.leads::bigint AS sold_so_far, r.leads::float8 + r.expected AS expected_sales,
		CASE WHEN r.tests > 0 THEN r.leads::bigint + floor(s.low)::bigint END AS sales_low,
		CASE WHEN r.tests > 0 THEN r.leads::bigint + round(s.high)::bigint END AS sales_high,
		r.amount AS revenue_so_far, r.amount + round((r.expected * r.basket_mean)::numeric, 2) AS expected_revenue,
		CASE WHEN r.tests > 0 THEN r.amount + CASE WHEN s.low < 1 THEN 0 ELSE round(v.low::numeric, 2) END END AS revenue_low,
		CASE WHEN r.tests > 0 THEN r.amount + round(v.high::numeric, 2) END AS revenue_high,
		r.tests, CASE WHEN r.tests > 0 THEN exp(sqrt(r.error_variance)) - 1 END AS missed_by, r.share_of_count, coalesce(r.checked, 0) AS intervals_checked,
		coalesce(r.held, 0) AS intervals_held, forecast_reason(r.tests, r.language) AS reason
	FROM rest r
	CROSS JOIN LATERAL predict_amount(r.expected, CASE WHEN r.expected > 0 THEN (r.expected + r.error_variance * r.expected * r.expected) * r.widening
		ELSE 0 END,
		r.confidence_level) s
	CROSS JOIN LATERAL predict_amount(CASE WHEN r.basket_mean > 0 THEN r.expected * r.basket_mean END,
		CASE WHEN r.basket_variance IS NULL THEN NULL WHEN r.expected > 0
		THEN (r.expected * (r.basket_mean * r.basket_mean + r.basket_variance) + r.expected * r.expected * (r.basket_variance / r.basket_wins
			+ r.revenue_error_variance * r.basket_mean * r.basket_mean)) * r.widening ELSE 0 END, r.confidence_level) v
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY r.ordinal, r.starts_on;
	COMMENT ON VIEW forecast_by_period IS
		'What will be sold in the present and the next calendar month and quarter, and in the fiscal quarters where these are others: what is sold so far, and '
		'what is still expected, from open leads and from those to come.';

	CREATE OR REPLACE VIEW forecast_accuracy WITH (security_invoker = true) AS
	WITH origin AS MATERIALIZED
	(
		SELECT *, observed_until - make_interval(hours => 720 * windows_ago) AS as_of FROM forecast_origin WHERE unit = 'day' AND windows_ago > 0
	), deal AS MATERIALIZED
	(
		SELECT deal_id, coalesce(least(opened_at, closed_at), '-infinity') AS opened_at, coalesce(closed_at, 'infinity') AS closed_at, is_won, amount,
			expected_close
		FROM counted_deal
		WHERE excluded_reason IS NULL
	), moment AS
	(
		SELECT as_of, max(observed_until) AS observed_until FROM origin GROUP BY as_of
	), amount_change AS
	(
		-- What was said of it by then, where somebody wrote that down. Of two at one time the lesser.
		SELECT deal_id, amount, changed_at, lead(changed_at, 1, 'infinity') OVER (PARTITION BY deal_id ORDER BY changed_at) AS until
		FROM (SELECT DISTINCT ON (deal_id, changed_at) deal_id, changed_at, amount FROM deal_change
			WHERE amount IS NOT NULL AND changed_at IS NOT NULL ORDER BY deal_id, changed_at, amount) c
	), close_change AS
	(
		SELECT deal_id, expected_close, changed_at, lead(changed_at, 1, 'infinity') OVER (PARTITION BY deal_id ORDER BY changed_at) AS until
		FROM (SELECT DISTINCT ON (deal_id, changed_at) deal_id, changed_at, expected_close FROM deal_change
			WHERE expected_close IS NOT NULL AND changed_at IS NOT NULL ORDER BY deal_id, changed_at, expected_close) c
	), pipeline AS
	(
		SELECT m.as_of, sum(h.amount) FILTER (WHERE d.closed_at > m.as_of)
			* (rate(count(*) FILTER (WHERE d.closed_at <= m.as_of AND d.is_won), count(*) FILTER (WHERE d.closed_at <= m.as_of))::numeric) AS weighted,
			bool_or(h.expected_close IS NOT NULL) AS has_expected_close,
			array_agg(ARRAY[h.expected_close - timezone(r.time_zone, m.as_of)::date, h.amount]::numeric[] ORDER BY h.expected_close, h.amount)
				FILTER (WHERE d.closed_at > m.as_of AND h.expected_close - timezone(r.time_zone, m.as_of)::date BETWEEN 0 AND 360
					AND h.amount IS NOT NULL) AS closing
		FROM moment m
		JOIN deal d ON d.opened_at <= m.as_of
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		LEFT JOIN amount_change a ON a.deal_id = d.deal_id AND a.changed_at <= m.as_of AND a.until > m.as_of
		LEFT JOIN close_change c ON c.deal_id = d.deal_id AND c.changed_at <= m.as_of AND c.until > m.as_of
		CROSS JOIN LATERAL (SELECT coalesce(a.amount, d.amount) AS amount, coalesce(c.expected_close, d.expected_close) AS expected_close) h
		GROUP BY m.as_of
	)
	SELECT o.as_of, o.horizon * 30 AS horizon_days, o.target, o.expected_sales, o.sales_low, o.sales_high, o.actual_sales,
		o.actual_sales BETWEEN o.sales_low AND o.sales_high AS held, round(o.expected_revenue::numeric, 2) AS expected_revenue,
		round(o.revenue_low::numeric, 2) AS revenue_low, round(o.revenue_high::numeric, 2) AS revenue_high, round(o.actual_revenue::numeric, 2)
			AS actual_revenue,
		o.actual_revenue BETWEEN o.revenue_low AND o.revenue_high AS revenue_held, round(p.weighted, 2) AS weighted_pipeline,
		CASE WHEN p.has_expected_close THEN coalesce((SELECT sum(p.closing[n][2]) FROM generate_subscripts(p.closing, 1) n
			WHERE p.closing[n][1] <= 30 * o.horizon), 0) END AS amount_by_expected_close
	FROM origin o
	LEFT JOIN pipeline p USING (as_of)
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND o.actual_sales IS NOT NULL
	ORDER BY o.as_of, o.horizon, o.target DESC;
	COMMENT ON VIEW forecast_accuracy IS
		'How good the forecast was: each earlier origin, 30 days apart, what was forecast with what was known then, and what came; beside it what the weighted '
		'pipeline and the expected closing days of the open deals said.';
END;
$$;
COMMENT ON FUNCTION mart_forecast_views(name) IS 'Internal to create_mart: makes the views of what open leads will bring in the mart.';
