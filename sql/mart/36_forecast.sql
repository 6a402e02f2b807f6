-- What the open leads will still bring: how many are sold, and for how much, by what became of leads like them.

CREATE FUNCTION win_probability(history conversion_curve, observed interval, horizon_days integer, trials float8, level float8)
RETURNS TABLE (probability float8, probability_low float8, probability_high float8, worth float8, is_known boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT converted_within(history, t.within), low(history, t.within, level), high(history, t.within, level),
		-- No more than its own standard error is worth.
		least(trials, converted_within(history, t.within) * (1 - converted_within(history, t.within)) / power(std_error(history, t.within), 2)),
		t.is_known
	FROM
	(
		-- Beyond what anybody was observed for, as far as that goes: then it is at least so many, and never fewer than within less time.
		SELECT k.is_known, CASE WHEN k.is_known THEN make_interval(hours => 24 * horizon_days) ELSE observed END AS within
		FROM (SELECT converted_within(history, make_interval(hours => 24 * horizon_days)) IS NOT NULL AS is_known) k
	) t;
END;
COMMENT ON FUNCTION win_probability(conversion_curve, interval, integer, float8, float8) IS
'Which share of leads is won within horizon_days of 24 hours by a curve that nobody was observed on for longer than observed, with its interval at '
'the level, and how many trials it is worth: at most those given. is_known: somebody was observed for the whole horizon; else it is the share won '
'within observed. Internal to the view forecast_cell.';

CREATE FUNCTION mart_forecast_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW forecast_deal WITH (security_invoker = true) AS
	SELECT lead_id, count(*) FILTER (WHERE is_there AND NOT is_closed) AS open_deals,
		count(*) FILTER (WHERE is_there AND NOT is_closed AND amount IS NULL) AS deals_without_amount,
		sum(amount) FILTER (WHERE is_there AND NOT is_closed) AS open_amount,
		count(*) FILTER (WHERE is_closed) AS closed_deals,
		count(*) FILTER (WHERE is_closed AND is_won) AS won_deals,
		sum(amount) FILTER (WHERE is_closed AND is_won) AS revenue
	FROM
	(
		-- As it was at observed_until: a deal opened later is not there yet, one closed later is still open.
		SELECT d.lead_id, d.amount, d.is_won, coalesce(d.closed_at <= o.observed_until, false) AS is_closed,
			coalesce(least(d.opened_at, d.closed_at), '-infinity') <= o.observed_until AS is_there
		FROM counted_deal d CROSS JOIN observation o
		WHERE d.excluded_reason IS NULL
	) d
	GROUP BY lead_id;
	COMMENT ON VIEW forecast_deal IS 'Layer below the forecast: the deals of each lead as they stood at observed_until.';

	CREATE OR REPLACE VIEW forecast_cell WITH (security_invoker = true) AS
	WITH snapshot AS MATERIALIZED
	(
		SELECT as_of, is_now, lead_id, stage_position, stage, won_at, lost_at, observed_until,
			width_bucket(date_part('epoch', as_of - stage_entered_at) / 86400, ARRAY[7, 14, 30, 90, 180]::float8[]) + 1 AS band
		FROM pipeline_snapshot
	), deal AS MATERIALIZED
	(
		SELECT * FROM forecast_deal
	), horizon AS
	(
		SELECT horizon_days FROM unnest(ARRAY[30, 60, 90, 180, 365]) horizon_days
	), history AS MATERIALIZED
	(
		-- The recent past is censored, not left out; a lead that moves on is another cell's from then on.
		SELECT c.*, (SELECT max(age) FROM points(c.curve)) AS observed
		FROM
		(
			SELECT stage_position, band, conversion_curve(as_of, won_at, lost_at, observed_until, interval '0') AS curve
			FROM snapshot
			WHERE NOT is_now AND EXISTS (SELECT FROM ladder WHERE role = 'won')
			GROUP BY stage_position, band
		) c
	), trial AS
	(
		-- How often the horizon was looked at: month ends of one lead overlap, and an open lead may have been observed for less.
		SELECT f.stage_position, f.band, h.horizon_days, sum(f.span_days + least(f.known_days, h.horizon_days)) / h.horizon_days AS trials
		FROM
		(
			SELECT stage_position, band, date_part('epoch', max(as_of) - min(as_of)) / 86400 AS span_days,
				CASE WHEN bool_or(won_at IS NOT NULL OR lost_at IS NOT NULL) THEN 'Infinity'
					ELSE date_part('epoch', observed_until - max(as_of)) / 86400 END AS known_days
			FROM snapshot
			WHERE NOT is_now
			GROUP BY stage_position, band, lead_id, observed_until
		) f
		CROSS JOIN horizon h
		GROUP BY f.stage_position, f.band, h.horizon_days
	), estimate AS
	(
		SELECT stage_position, band, horizon_days, p.*
		FROM history
		JOIN trial USING (stage_position, band)
		CROSS JOIN LATERAL win_probability(curve, observed, horizon_days, trials, (SELECT confidence_level FROM rule)) p
	), basket AS
	(
		-- float8 cannot take squares beyond 1e100, nor numbers with hundreds of decimals.
		SELECT avg(revenue) AS mean, count(revenue) AS wins, CASE WHEN max(abs(revenue)) <= 1e100 THEN round(avg(revenue), 30)::float8 END AS plain_mean,
			CASE WHEN max(abs(revenue)) <= 1e100 THEN round(var_samp(revenue), 30)::float8 END AS variance
		FROM deal
		WHERE won_deals > 0
	), present AS
	(
		SELECT s.stage_position, s.stage, s.band, count(*) AS open_leads, coalesce(sum(f.open_deals), 0)::bigint AS open_deals,
			coalesce(sum(f.deals_without_amount), 0)::bigint AS deals_without_amount,
			coalesce(sum(f.open_amount), 0) AS amount, count(*) - count(f.open_amount) AS leads_without_amount,
			-- A spread around a negative amount, or one beyond float8, has no interval.
			CASE WHEN coalesce(min(f.open_amount) >= 0 AND max(f.open_amount) <= 1e100, true)
				THEN round(coalesce(sum(f.open_amount * f.open_amount), 0), 30)::float8 END AS squares
		FROM snapshot s
		LEFT JOIN deal f ON f.lead_id = s.lead_id AND f.open_deals > 0
		WHERE s.is_now
		GROUP BY s.stage_position, s.stage, s.band
	)
	SELECT h.horizon_days, p.stage_position, p.stage, (ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
		(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to, p.open_leads, p.open_deals, p.deals_without_amount, p.amount,
		p.leads_without_amount, p.squares,
		e.probability AS win_probability, e.probability_low AS win_probability_low, e.probability_high AS win_probability_high,
		e.worth AS history_leads, coalesce(e.is_known, false) AS is_known, b.wins AS basket_wins, b.mean AS basket_mean,
		b.plain_mean AS basket_plain_mean, b.variance AS basket_variance,
		(SELECT rate(sum(won_deals)::bigint, sum(closed_deals)::bigint)::float8 FROM deal) AS won_of_closed_deals
	FROM horizon h
	CROSS JOIN basket b
	LEFT JOIN present p ON true
	LEFT JOIN estimate e ON e.stage_position = p.stage_position AND e.band = p.band AND e.horizon_days = h.horizon_days;
	COMMENT ON VIEW forecast_cell IS
		'Layer below the forecast: per horizon, stage and time in it the open leads with their deals, the probability that the past gives them, and '
		'what a won lead brings. One row per horizon without stage while no lead is open.';

	CREATE OR REPLACE VIEW forecast_by_grain WITH (security_invoker = true) AS
	WITH cell AS
	(
		SELECT g.grain, c.*, CASE WHEN g.by_stage THEN c.stage_position END AS grain_position, CASE WHEN g.by_age THEN c.days_in_stage_from END AS grain_from
		FROM forecast_cell c
		CROSS JOIN (VALUES ('all', false, false), ('stage', true, false), ('age', true, true)) g(grain, by_stage, by_age)
		WHERE grain = 'all' OR open_leads IS NOT NULL
	), priced AS
	(
		-- A lead without an amount of its own brings what a won lead brings.
		SELECT *, amount + CASE WHEN leads_without_amount > 0 THEN leads_without_amount * basket_mean ELSE 0 END AS baskets,
			CASE WHEN squares IS NOT NULL THEN round(amount, 30)::float8
				+ CASE WHEN leads_without_amount > 0 THEN leads_without_amount * basket_plain_mean ELSE 0 END END AS plain_baskets,
			squares + CASE WHEN leads_without_amount > 0 THEN leads_without_amount * basket_plain_mean * basket_plain_mean ELSE 0 END AS basket_squares,
			CASE WHEN leads_without_amount > 0 THEN basket_variance ELSE 0 END AS usual_variance,
			CASE WHEN win_probability IS NOT NULL THEN open_leads::float8 / sum(open_leads) FILTER (WHERE win_probability IS NOT NULL)
				OVER (PARTITION BY grain, grain_position, grain_from, horizon_days) END AS share
		FROM cell
	), judged AS
	(
		-- What is not known of a probability: Beta, its prior one trial (Jeffreys) for the whole row, as in predict(rate).
		SELECT *, (win_probability * history_leads + share / 2) / (history_leads + share) AS chance, 1 / (history_leads + share + 1) AS doubt
		FROM priced
	), summed AS
	(
		SELECT grain, horizon_days, grain_position AS stage_position, CASE WHEN grain <> 'all' THEN max(stage) END AS stage, grain_from AS days_in_stage_from,
			CASE WHEN grain = 'age' THEN max(days_in_stage_to) END AS days_in_stage_to,
			CASE WHEN grain = 'age' THEN max(win_probability) END AS win_probability,
			CASE WHEN grain = 'age' THEN max(win_probability_low) END AS win_probability_low,
			CASE WHEN grain = 'age' THEN max(win_probability_high) END AS win_probability_high,
			CASE WHEN grain = 'age' THEN max(history_leads) END AS history_leads,
			coalesce(sum(open_leads), 0)::bigint AS open_leads, coalesce(sum(open_leads) FILTER (WHERE NOT is_known), 0)::bigint AS leads_without_history,
			sum(open_leads) FILTER (WHERE win_probability IS NOT NULL) AS told_leads,
			coalesce(sum(open_deals), 0)::bigint AS open_deals, coalesce(sum(deals_without_amount), 0)::bigint AS deals_without_amount,
			coalesce(sum(amount), 0) AS amount, max(won_of_closed_deals) AS won_of_closed_deals,
			sum(open_leads * win_probability) AS sales, sum(open_leads * chance) AS mean_sales,
			sum(open_leads * chance * (1 - chance) * (1 + (open_leads - 1) * doubt)) AS variance_of_sales,
			CASE WHEN bool_and(baskets IS NOT NULL) FILTER (WHERE win_probability IS NOT NULL) THEN sum(win_probability::numeric * baskets) END AS revenue,
			CASE WHEN bool_and(basket_squares IS NOT NULL AND plain_baskets IS NOT NULL) FILTER (WHERE win_probability IS NOT NULL)
				THEN sum(chance * plain_baskets) END AS mean_revenue,
			-- Whether, at which probability, for how much, and around which mean.
			CASE WHEN bool_and(basket_squares IS NOT NULL AND usual_variance IS NOT NULL) FILTER (WHERE win_probability IS NOT NULL)
				THEN sum(chance * (1 - chance) * (basket_squares + doubt * greatest(plain_baskets * plain_baskets - basket_squares, 0))
					+ chance * leads_without_amount * usual_variance)
					+ power(sum(chance * leads_without_amount), 2) * coalesce(max(usual_variance / nullif(basket_wins, 0)), 0) END AS variance_of_revenue
		FROM judged
		GROUP BY grain, horizon_days, grain_position, grain_from
	), known_sum AS
	(
		-- Nobody open will bring nothing; where nobody ever wins, nobody can say.
		SELECT *, open_leads = 0 AND EXISTS (SELECT FROM ladder WHERE role = 'won') AS is_nothing,
			CASE WHEN open_deals = 0 OR open_deals > deals_without_amount THEN round(amount, 2) END AS pipeline
		FROM summed
	)
	SELECT k.grain, k.horizon_days, k.stage_position, k.stage, k.days_in_stage_from, k.days_in_stage_to, k.win_probability, k.win_probability_low,
		k.win_probability_high, round(k.history_leads::numeric, 6)::float8 AS history_leads, k.open_leads, k.leads_without_history,
		CASE WHEN k.is_nothing THEN 0 ELSE k.sales END AS expected_sales,
		-- Rounded so, the continuous interval becomes that of predict(rate), or one wider.
		CASE WHEN k.is_nothing THEN 0 ELSE floor(s.low) END::bigint AS sales_low,
		CASE WHEN k.is_nothing THEN 0 ELSE CASE WHEN s.high > k.told_leads THEN k.told_leads ELSE round(s.high) END END::bigint AS sales_high,
		CASE WHEN k.is_nothing THEN 0 ELSE round(k.revenue, 2) END AS expected_revenue,
		-- Where the sales may be none, so may the revenue.
		CASE WHEN k.is_nothing OR v.low IS NOT NULL AND s.low < 1 THEN 0 ELSE round(v.low::numeric, 2) END AS revenue_low,
		CASE WHEN k.is_nothing THEN 0 ELSE round(v.high::numeric, 2) END AS revenue_high,
		k.open_deals, k.deals_without_amount, k.pipeline, k.won_of_closed_deals,
		round(k.pipeline * k.won_of_closed_deals::numeric, 2) AS weighted_pipeline
	FROM known_sum k
	CROSS JOIN LATERAL predict_amount(k.mean_sales, k.variance_of_sales, (SELECT confidence_level FROM rule)) s
	CROSS JOIN LATERAL predict_amount(CASE WHEN k.mean_revenue > 0 OR k.variance_of_revenue = 0 THEN k.mean_revenue END,
		k.variance_of_revenue, (SELECT confidence_level FROM rule)) v;
	COMMENT ON VIEW forecast_by_grain IS
		'Layer below the forecast: what open leads will bring, of all (grain = all), per stage (stage) and per stage and time in it (age). Read one '
		'grain, never sum over them.';

	CREATE OR REPLACE VIEW forecast WITH (security_invoker = true) AS
	SELECT horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high,
		open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline
	FROM forecast_by_grain
	WHERE grain = 'all'
	ORDER BY horizon_days;
	COMMENT ON VIEW forecast IS
		'What the leads that are open now will bring within 30 to 365 days, by what became of leads that were open at the end of a month in the same '
		'stage for as long; the weighted pipeline beside it.';

	CREATE OR REPLACE VIEW forecast_by_stage WITH (security_invoker = true) AS
	SELECT horizon_days, stage_position, stage, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue,
		revenue_low, revenue_high,
		open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline
	FROM forecast_by_grain
	WHERE grain = 'stage'
	ORDER BY stage_position, stage, horizon_days;
	COMMENT ON VIEW forecast_by_stage IS 'forecast per stage that open leads are in.';

	CREATE OR REPLACE VIEW forecast_by_age WITH (security_invoker = true) AS
	SELECT horizon_days, stage_position, stage, days_in_stage_from, days_in_stage_to, win_probability, win_probability_low, win_probability_high, history_leads,
		open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high,
		open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline
	FROM forecast_by_grain
	WHERE grain = 'age'
	ORDER BY stage_position, stage, days_in_stage_from, horizon_days;
	COMMENT ON VIEW forecast_by_age IS
		'forecast per stage and time since open leads reached it, with the probability to be won that it rests on.';
END;
$$;
COMMENT ON FUNCTION mart_forecast_views(name) IS 'Internal to create_mart: makes the views of what open leads will bring in the mart.';
