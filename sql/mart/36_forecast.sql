-- What the open leads will still bring: how many are sold, and for how much, by what became of leads like them.

CREATE FUNCTION mart_forecast_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	FOR item IN
		SELECT *
		FROM
		(VALUES
			('forecast', '', 'true',
				'What the leads that are open now will bring within 30 to 365 days, by what became of leads that were open at the end of a month in the same stage for as long; the weighted pipeline beside it.'),
			('forecast_by_stage', 'stage_position, stage, ', 'count(c.open_leads) > 0',
				'forecast per stage that open leads are in.'),
			('forecast_by_age', 'stage_position, stage, days_in_stage_from, days_in_stage_to, win_probability, win_probability_low, win_probability_high, history_leads, ',
				'count(c.open_leads) > 0',
				'forecast per stage and time since open leads reached it, with the probability to be won that it rests on.')
		) v(name, keys, kept, label)
	LOOP
		EXECUTE format($view$
			CREATE VIEW %1$I WITH (security_invoker = true) AS
			WITH snapshot AS MATERIALIZED
			(
				SELECT *, width_bucket(date_part('epoch', as_of - stage_entered_at) / 86400, ARRAY[7, 14, 30, 90, 180]::float8[]) + 1 AS band
				FROM pipeline_snapshot
			), horizon AS
			(
				SELECT days AS horizon_days, make_interval(hours => 24 * days) AS within FROM unnest(ARRAY[30, 60, 90, 180, 365]) days
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
			), fate AS
			(
				SELECT stage_position, band, date_part('epoch', max(as_of) - min(as_of)) / 86400 AS span_days,
					CASE WHEN bool_or(won_at IS NOT NULL OR lost_at IS NOT NULL) THEN 'Infinity' ELSE date_part('epoch', observed_until - max(as_of)) / 86400 END AS known_days
				FROM snapshot
				WHERE NOT is_now
				GROUP BY stage_position, band, lead_id, observed_until
			), trial AS
			(
				-- How often the horizon was looked at: month ends of one lead overlap, and an open lead may have been observed for less.
				SELECT f.stage_position, f.band, h.horizon_days, sum(f.span_days + least(f.known_days, h.horizon_days)) / h.horizon_days AS trials
				FROM fate f CROSS JOIN horizon h
				GROUP BY f.stage_position, f.band, h.horizon_days
			), counted AS MATERIALIZED
			(
				-- As it was at observed_until: a deal opened later is not there yet, one closed later is still open.
				SELECT d.lead_id, d.amount, d.is_won, coalesce(d.closed_at <= o.observed_until, false) AS is_closed,
					coalesce(least(d.opened_at, d.closed_at), '-infinity') <= o.observed_until AS is_there
				FROM counted_deal d CROSS JOIN observation o
				WHERE d.excluded_reason IS NULL
			), closed AS
			(
				SELECT rate(count(*) FILTER (WHERE is_won), count(*))::float8 AS won_of_closed_deals FROM counted WHERE is_closed
			), basket AS
			(
				-- float8 cannot take squares beyond 1e100, nor numbers with hundreds of decimals.
				SELECT avg(revenue) AS mean, count(revenue) AS wins, CASE WHEN max(abs(revenue)) <= 1e100 THEN round(avg(revenue), 30)::float8 END AS plain_mean,
					CASE WHEN max(abs(revenue)) <= 1e100 THEN round(var_samp(revenue), 30)::float8 END AS variance
				FROM (SELECT sum(amount) AS revenue FROM counted WHERE is_closed AND is_won GROUP BY lead_id) w
			), offer AS
			(
				SELECT lead_id, count(*) AS open_deals, count(*) - count(amount) AS deals_without_amount, sum(amount) AS amount
				FROM counted
				WHERE is_there AND NOT is_closed
				GROUP BY lead_id
			), present AS
			(
				SELECT s.stage_position, s.stage, s.band, count(*) AS open_leads, coalesce(sum(f.open_deals), 0)::bigint AS open_deals,
					coalesce(sum(f.deals_without_amount), 0)::bigint AS deals_without_amount,
					coalesce(sum(f.amount), 0) AS amount, count(*) - count(f.amount) AS leads_without_amount,
					-- A spread around a negative amount, or one beyond float8, has no interval.
					CASE WHEN coalesce(min(f.amount) >= 0 AND max(f.amount) <= 1e100, true) THEN round(coalesce(sum(f.amount * f.amount), 0), 30)::float8 END AS squares
				FROM snapshot s
				LEFT JOIN offer f USING (lead_id)
				WHERE s.is_now
				GROUP BY s.stage_position, s.stage, s.band
			), told AS
			(
				-- Beyond what anybody was observed for, as far as that goes: then it is at least so many, and never fewer than within less time.
				SELECT h.horizon_days, y.stage_position, y.band, t.trials, y.curve, w.is_known,
					CASE WHEN w.is_known THEN h.within ELSE y.observed END AS within
				FROM history y
				CROSS JOIN horizon h
				CROSS JOIN LATERAL (SELECT converted_within(y.curve, h.within) IS NOT NULL AS is_known) w
				JOIN trial t ON t.stage_position = y.stage_position AND t.band = y.band AND t.horizon_days = h.horizon_days
			), estimate AS
			(
				SELECT t.*, e.win_probability, low(t.curve, t.within, r.confidence_level) AS win_probability_low,
					high(t.curve, t.within, r.confidence_level) AS win_probability_high,
					-- No more than its own standard error is worth.
					least(t.trials, e.win_probability * (1 - e.win_probability) / power(std_error(t.curve, t.within), 2)) AS history_leads
				FROM told t
				CROSS JOIN rule r
				CROSS JOIN LATERAL (SELECT converted_within(t.curve, t.within) AS win_probability) e
			), cell AS
			(
				SELECT h.horizon_days, p.*, (ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from, (ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
					e.win_probability, e.win_probability_low, e.win_probability_high, e.history_leads, coalesce(e.is_known, false) AS is_known,
					p.amount + CASE WHEN p.leads_without_amount > 0 THEN p.leads_without_amount * b.mean ELSE 0 END AS baskets,
					CASE WHEN p.leads_without_amount > 0 THEN p.leads_without_amount * b.plain_mean ELSE 0 END AS usual_baskets,
					CASE WHEN p.leads_without_amount > 0 THEN p.leads_without_amount * b.plain_mean * b.plain_mean ELSE 0 END AS usual_squares,
					CASE WHEN p.leads_without_amount > 0 THEN b.variance ELSE 0 END AS usual_variance
				FROM present p
				CROSS JOIN horizon h
				CROSS JOIN basket b
				LEFT JOIN estimate e ON e.stage_position = p.stage_position AND e.band = p.band AND e.horizon_days = h.horizon_days
			), shared AS
			(
				SELECT *, CASE WHEN win_probability IS NOT NULL
					THEN open_leads::float8 / sum(open_leads) FILTER (WHERE win_probability IS NOT NULL) OVER (PARTITION BY %2$s horizon_days) END AS share
				FROM cell
			), judged AS
			(
				-- What is not known of a probability: Beta, its prior one trial (Jeffreys) for the whole row, as in predict(rate).
				SELECT *, (win_probability * history_leads + share / 2) / (history_leads + share) AS chance, 1 / (history_leads + share + 1) AS doubt,
					CASE WHEN squares IS NOT NULL THEN round(amount, 30)::float8 + usual_baskets END AS plain_baskets, squares + usual_squares AS basket_squares
				FROM shared
			), summed AS
			(
				SELECT %2$s h.horizon_days, coalesce(sum(c.open_leads), 0)::bigint AS open_leads,
					coalesce(sum(c.open_leads) FILTER (WHERE NOT c.is_known), 0)::bigint AS leads_without_history,
					sum(c.open_leads) FILTER (WHERE c.win_probability IS NOT NULL) AS told_leads,
					coalesce(sum(c.open_deals), 0)::bigint AS open_deals, coalesce(sum(c.deals_without_amount), 0)::bigint AS deals_without_amount,
					coalesce(sum(c.amount), 0) AS amount,
					sum(c.open_leads * c.win_probability) AS sales,
					sum(c.open_leads * c.chance) AS mean_sales,
					sum(c.open_leads * c.chance * (1 - c.chance) * (1 + (c.open_leads - 1) * c.doubt)) AS variance_of_sales,
					CASE WHEN bool_and(c.baskets IS NOT NULL) FILTER (WHERE c.win_probability IS NOT NULL)
						THEN sum(c.win_probability::numeric * c.baskets) END AS revenue,
					CASE WHEN bool_and(c.basket_squares IS NOT NULL AND c.plain_baskets IS NOT NULL) FILTER (WHERE c.win_probability IS NOT NULL)
						THEN sum(c.chance * c.plain_baskets) END AS mean_revenue,
					-- Whether, at which probability, for how much, and around which mean.
					CASE WHEN bool_and(c.basket_squares IS NOT NULL AND c.usual_variance IS NOT NULL) FILTER (WHERE c.win_probability IS NOT NULL)
						THEN sum(c.chance * (1 - c.chance) * (c.basket_squares + c.doubt * greatest(c.plain_baskets * c.plain_baskets - c.basket_squares, 0))
							+ c.chance * c.leads_without_amount * c.usual_variance)
							+ power(sum(c.chance * c.leads_without_amount), 2) * coalesce(max(c.usual_variance / b.wins), 0) END AS variance_of_revenue
				FROM horizon h
				CROSS JOIN basket b
				LEFT JOIN judged c USING (horizon_days)
				GROUP BY %2$s h.horizon_days
				HAVING %3$s
			), known_sum AS
			(
				-- Nobody open will bring nothing; where nobody ever wins, nobody can say.
				SELECT s.*, open_leads = 0 AND EXISTS (SELECT FROM ladder WHERE role = 'won') AS is_nothing,
					CASE WHEN open_deals = 0 OR open_deals > deals_without_amount THEN round(amount, 2) END AS pipeline
				FROM summed s
			)
			SELECT k.horizon_days, %2$s k.open_leads, k.leads_without_history,
				CASE WHEN k.is_nothing THEN 0 ELSE k.sales END AS expected_sales,
				-- Rounded so, the continuous interval becomes that of predict(rate), or one wider.
				CASE WHEN k.is_nothing THEN 0 ELSE floor(s.low) END::bigint AS sales_low,
				CASE WHEN k.is_nothing THEN 0 ELSE CASE WHEN s.high > k.told_leads THEN k.told_leads ELSE round(s.high) END END::bigint AS sales_high,
				CASE WHEN k.is_nothing THEN 0 ELSE round(k.revenue, 2) END AS expected_revenue,
				-- Where the sales may be none, so may the revenue.
				CASE WHEN k.is_nothing OR v.low IS NOT NULL AND s.low < 1 THEN 0 ELSE round(v.low::numeric, 2) END AS revenue_low,
				CASE WHEN k.is_nothing THEN 0 ELSE round(v.high::numeric, 2) END AS revenue_high,
				k.open_deals, k.deals_without_amount, k.pipeline, c.won_of_closed_deals,
				round(k.pipeline * c.won_of_closed_deals::numeric, 2) AS weighted_pipeline
			FROM known_sum k
			CROSS JOIN closed c
			JOIN rule r ON r.id = 1
			CROSS JOIN LATERAL predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s
			CROSS JOIN LATERAL predict_amount(CASE WHEN k.mean_revenue > 0 OR k.variance_of_revenue = 0 THEN k.mean_revenue END,
				k.variance_of_revenue, r.confidence_level) v
			ORDER BY %2$s k.horizon_days
		$view$, item.name, item.keys, item.kept);
		EXECUTE format('COMMENT ON VIEW %I IS %L', item.name, item.label);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_forecast_views(name) IS
'Internal to create_mart: makes the views of what open leads will bring in the mart.';
