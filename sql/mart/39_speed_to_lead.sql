-- How fast leads are answered, and what speed goes with.

CREATE FUNCTION mart_speed_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_speed WITH (security_invoker = true) AS
	WITH work AS MATERIALIZED
	(
		SELECT lead_id, created_at, month, channel, campaign, owner, attempted_at, contacted_at, sal_at, sql_at, won_at,
			CASE WHEN lost_at <= observed_until THEN greatest(lost_at, created_at) END AS lost_at,
			CASE WHEN least(won_at, lost_at) <= observed_until THEN greatest(least(won_at, lost_at), created_at) END AS closed_at, observed_until
		FROM lead_work
		WHERE (SELECT NOT mart_sets_aside('activity'::regclass))
	), told AS
	(
		-- Before the first attempt nobody wrote down what was done: that a lead has no attempt says nothing there.
		SELECT date_trunc('month', timezone((SELECT time_zone FROM rule), min(attempted_at)))::date AS first_month, max(sql_at) IS NOT NULL AS has_sql,
			max(sal_at) IS NOT NULL AS has_sal
		FROM work
	), timed AS
	(
		SELECT w.lead_id, w.created_at, w.month, w.channel, w.campaign, w.owner, w.attempted_at, w.contacted_at, w.won_at, w.lost_at, w.closed_at,
			w.observed_until, CASE WHEN q.at BETWEEN w.created_at AND w.observed_until THEN q.at END AS qualified_at,
			coalesce(w.month >= t.first_month AND w.created_at <= w.observed_until, false) AS is_recorded,
			-- Qualified before it was a lead: nobody knows when.
			(t.has_sql OR t.has_sal) AND w.created_at <= w.observed_until AND (q.at < w.created_at) IS NOT TRUE AS is_ladder_told,
			r.time_zone, r.working_hours AS hours, r.holidays,
			timezone(r.time_zone, w.created_at) AS begun
		FROM work w
		CROSS JOIN told t
		CROSS JOIN rule r
		CROSS JOIN LATERAL (SELECT CASE WHEN t.has_sql THEN w.sql_at ELSE w.sal_at END AS at) q
	)
	SELECT lead_id, created_at, month, channel, campaign, owner, extract(isodow FROM begun)::integer AS weekday, extract(hour FROM begun)::integer AS hour,
		is_recorded, is_ladder_told, attempted_at, contacted_at, qualified_at, won_at, lost_at, closed_at, observed_until,
		(extract(epoch FROM attempted_at - created_at) / 60)::float8 AS attempt_minutes,
		(extract(epoch FROM contacted_at - created_at) / 60)::float8 AS contact_minutes,
		(extract(epoch FROM qualified_at - created_at) / 60)::float8 AS qualification_minutes,
		(extract(epoch FROM lost_at - created_at) / 60)::float8 AS lost_minutes,
		(extract(epoch FROM closed_at - created_at) / 60)::float8 AS closed_minutes,
		(extract(epoch FROM observed_until - created_at) / 60)::float8 AS observed_minutes,
		working_minutes(begun, timezone(time_zone, attempted_at), hours, holidays) AS attempt_working_minutes,
		working_minutes(begun, timezone(time_zone, contacted_at), hours, holidays) AS contact_working_minutes,
		working_minutes(begun, timezone(time_zone, qualified_at), hours, holidays) AS qualification_working_minutes,
		working_minutes(begun, timezone(time_zone, lost_at), hours, holidays) AS lost_working_minutes,
		working_minutes(begun, timezone(time_zone, closed_at), hours, holidays) AS closed_working_minutes,
		working_minutes(begun, timezone(time_zone, observed_until), hours, holidays) AS observed_working_minutes
	FROM timed;
	COMMENT ON VIEW lead_speed IS
		'Layer below the views about speed: every counted lead with the minutes until it was first tried, reached and qualified, by the clock and in working '
		'hours (rule.working_hours, rule.holidays).';

	CREATE OR REPLACE VIEW speed_count WITH (security_invoker = true) AS
	WITH timed AS
	(
		SELECT l.month, l.channel, l.owner, l.weekday, l.hour, l.observed_minutes AS observed, l.observed_working_minutes AS working_observed,
			m.measure, m.is_known, m.minutes, m.working_minutes,
			-- What is over without it stays without it: as if censored, whoever closes leads unanswered would look fast.
			m.over AS over_minutes, m.working_over, CASE WHEN m.minutes IS NOT NULL THEN 'converted' WHEN m.over IS NOT NULL THEN 'lost' ELSE 'censored' END
				AS outcome
		FROM (SELECT * FROM lead_speed OFFSET 0) l
		CROSS JOIN LATERAL
		(
			VALUES
			('attempt', l.is_recorded, l.attempt_minutes, l.attempt_working_minutes, l.closed_minutes, l.closed_working_minutes),
			('contact', l.is_recorded AND (SELECT EXISTS (SELECT FROM activity_meaning WHERE meaning IN ('contact', 'meeting_booked'))),
				l.contact_minutes, l.contact_working_minutes, l.closed_minutes, l.closed_working_minutes),
			('qualification', l.is_ladder_told, l.qualification_minutes, l.qualification_working_minutes, l.lost_minutes, l.lost_working_minutes)
		) m(measure, is_known, minutes, working_minutes, over, working_over)
	), part AS MATERIALIZED
	(
		-- The leads are read once; the other grains add up what is found.
		SELECT GROUPING(weekday) = 0 AS is_hour, measure, month, channel, owner, weekday, hour, count(*) AS leads,
			count(*) FILTER (WHERE is_known) AS known_leads, count(minutes) FILTER (WHERE is_known) AS reached,
			count(*) FILTER (WHERE is_known AND outcome = 'lost') AS closed_without,
			-- A young lead that was answered in time must not count either: those that were not have yet to be left out.
			count(*) FILTER (WHERE is_known AND observed >= 5) AS old_5, count(*) FILTER (WHERE is_known AND observed >= 5 AND minutes <= 5) AS within_5,
			count(*) FILTER (WHERE is_known AND observed >= 15) AS old_15, count(*) FILTER (WHERE is_known AND observed >= 15 AND minutes <= 15) AS within_15,
			count(*) FILTER (WHERE is_known AND observed >= 60) AS old_60, count(*) FILTER (WHERE is_known AND observed >= 60 AND minutes <= 60) AS within_60,
			count(*) FILTER (WHERE is_known AND observed >= 1440) AS old_1440,
			count(*) FILTER (WHERE is_known AND observed >= 1440 AND minutes <= 1440) AS within_1440,
			count(*) FILTER (WHERE is_known AND working_observed >= 5) AS working_old_5,
			count(*) FILTER (WHERE is_known AND working_observed >= 5 AND working_minutes <= 5) AS working_within_5,
			count(*) FILTER (WHERE is_known AND working_observed >= 15) AS working_old_15,
			count(*) FILTER (WHERE is_known AND working_observed >= 15 AND working_minutes <= 15) AS working_within_15,
			count(*) FILTER (WHERE is_known AND working_observed >= 60) AS working_old_60,
			count(*) FILTER (WHERE is_known AND working_observed >= 60 AND working_minutes <= 60) AS working_within_60,
			count(*) FILTER (WHERE is_known AND observed >= 10080) AS old_week,
			count(*) FILTER (WHERE is_known AND observed >= 10080 AND minutes IS NULL) AS never,
			conversion_curve(coalesce(minutes, over_minutes, observed) * interval '1 minute', outcome, interval '1 minute') FILTER (WHERE is_known) AS curve,
			conversion_curve(coalesce(working_minutes, working_over, working_observed) * interval '1 minute', outcome, interval '1 minute')
				FILTER (WHERE is_known) AS working_curve
		FROM timed
		GROUP BY measure, GROUPING SETS ((month, channel, owner), (weekday, hour))
	)
	SELECT CASE GROUPING(month, channel, owner)
			WHEN 7 THEN 'all' WHEN 3 THEN 'month' WHEN 5 THEN 'channel' WHEN 6 THEN 'owner' WHEN 1 THEN 'month and channel' ELSE 'month and owner' END AS grain,
		measure, month, channel, owner, NULL::integer AS weekday, NULL::integer AS hour,
		sum(leads)::bigint AS leads, sum(known_leads)::bigint AS known_leads, sum(reached)::bigint AS reached,
		sum(closed_without)::bigint AS closed_without, sum(old_5)::bigint AS old_5, sum(within_5)::bigint AS within_5, sum(old_15)::bigint AS old_15,
		sum(within_15)::bigint AS within_15, sum(old_60)::bigint AS old_60, sum(within_60)::bigint AS within_60, sum(old_1440)::bigint AS old_1440,
		sum(within_1440)::bigint AS within_1440, sum(working_old_5)::bigint AS working_old_5, sum(working_within_5)::bigint AS working_within_5,
		sum(working_old_15)::bigint AS working_old_15, sum(working_within_15)::bigint AS working_within_15,
		sum(working_old_60)::bigint AS working_old_60, sum(working_within_60)::bigint AS working_within_60, sum(old_week)::bigint AS old_week,
		sum(never)::bigint AS never,
		rollup(curve)::text AS curve, rollup(working_curve)::text AS working_curve
	FROM part
	WHERE NOT is_hour
	GROUP BY measure, GROUPING SETS ((), (month), (channel), (owner), (month, channel), (month, owner))
	UNION ALL
	SELECT 'hour', measure, NULL, NULL, NULL, weekday, hour,
		leads, known_leads, reached, closed_without, old_5, within_5, old_15, within_15, old_60, within_60, old_1440, within_1440, working_old_5,
		working_within_5, working_old_15, working_within_15, working_old_60, working_within_60, old_week, never,
		curve::text, working_curve::text
	FROM part
	WHERE is_hour;
	COMMENT ON VIEW speed_count IS
		'Layer below the views about speed: per measure (attempt, contact, qualification) how many leads had it how soon, of all (grain all), and per month, '
		'channel, owner, hour of the week, month and channel, month and owner.';

	CREATE OR REPLACE VIEW speed_rate WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT * FROM speed_count
	)
	SELECT c.grain, c.measure, c.month, c.channel, c.owner, c.weekday, c.hour, c.leads, c.known_leads, c.reached, c.closed_without,
		c.known_leads - c.reached - c.closed_without AS open_leads,
		c.r5::float8 AS within_5_minutes, low(c.r5, c.level) AS within_5_minutes_low, high(c.r5, c.level) AS within_5_minutes_high,
		c.r15::float8 AS within_15_minutes, low(c.r15, c.level) AS within_15_minutes_low, high(c.r15, c.level) AS within_15_minutes_high,
		c.r60::float8 AS within_60_minutes, low(c.r60, c.level) AS within_60_minutes_low, high(c.r60, c.level) AS within_60_minutes_high,
		c.r24::float8 AS within_24_hours, low(c.r24, c.level) AS within_24_hours_low, high(c.r24, c.level) AS within_24_hours_high,
		c.w5::float8 AS working_within_5_minutes, low(c.w5, c.level) AS working_within_5_minutes_low, high(c.w5, c.level) AS working_within_5_minutes_high,
		c.w15::float8 AS working_within_15_minutes, low(c.w15, c.level) AS working_within_15_minutes_low,
		high(c.w15, c.level) AS working_within_15_minutes_high,
		c.w60::float8 AS working_within_60_minutes, low(c.w60, c.level) AS working_within_60_minutes_low,
		high(c.w60, c.level) AS working_within_60_minutes_high,
		m.median_minutes, m.p90_minutes, m.working_median_minutes, m.working_p90_minutes, m.median_minutes_if_reached, m.working_median_minutes_if_reached,
		c.never, c.rn::float8 AS never_rate, low(c.rn, c.level) AS never_rate_low, high(c.rn, c.level) AS never_rate_high,
		-- Not with those of nobody: where the owner is who first called, they are the leads that were not.
		CASE WHEN c.is_named AND c.grain IN ('channel', 'owner')
			THEN (compare(c.w60, rate(c.named_within_60 - c.working_within_60, c.named_old_60 - c.working_old_60))).p_value END AS p_value
	FROM
	(
		SELECT s.*, rate(within_5, old_5) AS r5, rate(within_15, old_15) AS r15, rate(within_60, old_60) AS r60, rate(within_1440, old_1440) AS r24,
			rate(working_within_5, working_old_5) AS w5, rate(working_within_15, working_old_15) AS w15, rate(working_within_60, working_old_60) AS w60,
			rate(never, old_week) AS rn, coalesce(channel, owner) IS NOT NULL AS is_named,
			sum(working_within_60) FILTER (WHERE coalesce(channel, owner) IS NOT NULL) OVER of_measure AS named_within_60,
			sum(working_old_60) FILTER (WHERE coalesce(channel, owner) IS NOT NULL) OVER of_measure AS named_old_60,
			s.curve::conversion_curve AS clock, s.working_curve::conversion_curve AS working,
			(SELECT confidence_level FROM rule) AS level
		FROM counted s
		-- Where nothing at all is known of it, as without activities, there is no row.
		WHERE s.measure IN (SELECT measure FROM counted WHERE grain = 'all' AND known_leads > 0)
		WINDOW of_measure AS (PARTITION BY grain, measure)
	) c
	CROSS JOIN LATERAL
	(
		SELECT (extract(epoch FROM quantile(c.clock, 0.5)) / 60)::float8 AS median_minutes,
			(extract(epoch FROM quantile(c.clock, 0.9)) / 60)::float8 AS p90_minutes,
			(extract(epoch FROM quantile(c.working, 0.5)) / 60)::float8 AS working_median_minutes,
			(extract(epoch FROM quantile(c.working, 0.9)) / 60)::float8 AS working_p90_minutes,
			(extract(epoch FROM quantile(c.clock, nullif(converted_within(c.clock), 0) / 2)) / 60)::float8 AS median_minutes_if_reached,
			(extract(epoch FROM quantile(c.working, nullif(converted_within(c.working), 0) / 2)) / 60)::float8
				AS working_median_minutes_if_reached
	) m;
	COMMENT ON VIEW speed_rate IS 'Layer below speed_to_lead and its kin: all of them, by grain: what speed_count counts as shares and minutes.';

	CREATE OR REPLACE VIEW speed_to_lead WITH (security_invoker = true) AS
	SELECT grain, month, measure, leads, known_leads, reached, closed_without, open_leads, within_5_minutes, within_5_minutes_low, within_5_minutes_high,
		within_15_minutes, within_15_minutes_low, within_15_minutes_high, within_60_minutes, within_60_minutes_low, within_60_minutes_high,
		within_24_hours, within_24_hours_low, within_24_hours_high, working_within_5_minutes, working_within_5_minutes_low, working_within_5_minutes_high,
		working_within_15_minutes, working_within_15_minutes_low, working_within_15_minutes_high, working_within_60_minutes, working_within_60_minutes_low,
		working_within_60_minutes_high, median_minutes, p90_minutes, working_median_minutes, working_p90_minutes, median_minutes_if_reached,
		working_median_minutes_if_reached, never, never_rate, never_rate_low, never_rate_high,
		fiscal_quarter(month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM speed_rate
	WHERE grain IN ('all', 'month')
	ORDER BY grain, month, measure;
	COMMENT ON VIEW speed_to_lead IS
		'How soon leads are tried, reached and qualified, altogether and per month of creation, in minutes of the clock and of working time; leads that '
		'nobody has answered are open, not missing.';

	CREATE OR REPLACE VIEW speed_to_lead_by_channel WITH (security_invoker = true) AS
	SELECT channel, measure, leads, known_leads, reached, closed_without, open_leads, within_5_minutes, within_5_minutes_low, within_5_minutes_high,
		within_15_minutes, within_15_minutes_low, within_15_minutes_high, within_60_minutes, within_60_minutes_low, within_60_minutes_high,
		within_24_hours, within_24_hours_low, within_24_hours_high, working_within_5_minutes, working_within_5_minutes_low, working_within_5_minutes_high,
		working_within_15_minutes, working_within_15_minutes_low, working_within_15_minutes_high, working_within_60_minutes, working_within_60_minutes_low,
		working_within_60_minutes_high, median_minutes, p90_minutes, working_median_minutes, working_p90_minutes, median_minutes_if_reached,
		working_median_minutes_if_reached, never, never_rate, never_rate_low, never_rate_high,
		CASE WHEN p_value IS NOT NULL THEN least(1, p_value * count(p_value) OVER (PARTITION BY measure)) END AS p_value
	FROM speed_rate
	WHERE grain = 'channel'
	ORDER BY channel, measure;
	COMMENT ON VIEW speed_to_lead_by_channel IS
		'How soon leads are tried, reached and qualified, per channel: see speed_to_lead.';

	CREATE OR REPLACE VIEW speed_to_lead_by_owner WITH (security_invoker = true) AS
	SELECT owner, measure, leads, known_leads, reached, closed_without, open_leads, within_5_minutes, within_5_minutes_low, within_5_minutes_high,
		within_15_minutes, within_15_minutes_low, within_15_minutes_high, within_60_minutes, within_60_minutes_low, within_60_minutes_high,
		within_24_hours, within_24_hours_low, within_24_hours_high, working_within_5_minutes, working_within_5_minutes_low, working_within_5_minutes_high,
		working_within_15_minutes, working_within_15_minutes_low, working_within_15_minutes_high, working_within_60_minutes, working_within_60_minutes_low,
		working_within_60_minutes_high, median_minutes, p90_minutes, working_median_minutes, working_p90_minutes, median_minutes_if_reached,
		working_median_minutes_if_reached, never, never_rate, never_rate_low, never_rate_high,
		CASE WHEN p_value IS NOT NULL THEN least(1, p_value * count(p_value) OVER (PARTITION BY measure)) END AS p_value
	FROM speed_rate
	WHERE grain = 'owner'
	ORDER BY owner, measure;
	COMMENT ON VIEW speed_to_lead_by_owner IS
		'How soon leads are tried, reached and qualified, per owner: see speed_to_lead.';

	CREATE OR REPLACE VIEW speed_to_lead_by_hour WITH (security_invoker = true) AS
	SELECT weekday, hour, measure, leads, known_leads, reached, closed_without, open_leads, within_5_minutes, within_5_minutes_low, within_5_minutes_high,
		within_15_minutes, within_15_minutes_low, within_15_minutes_high, within_60_minutes, within_60_minutes_low, within_60_minutes_high,
		within_24_hours, within_24_hours_low, within_24_hours_high, working_within_5_minutes, working_within_5_minutes_low, working_within_5_minutes_high,
		working_within_15_minutes, working_within_15_minutes_low, working_within_15_minutes_high, working_within_60_minutes, working_within_60_minutes_low,
		working_within_60_minutes_high, median_minutes, p90_minutes, working_median_minutes, working_p90_minutes, median_minutes_if_reached,
		working_median_minutes_if_reached, never, never_rate, never_rate_low, never_rate_high
	FROM speed_rate
	WHERE grain = 'hour'
	ORDER BY weekday, hour, measure;
	COMMENT ON VIEW speed_to_lead_by_hour IS
		'How soon leads are tried, reached and qualified, per weekday and hour of their creation in the mart''s time zone: see speed_to_lead.';

	CREATE OR REPLACE VIEW conversion_by_speed_count WITH (security_invoker = true) AS
	WITH banded AS
	(
		SELECT created_at, attempted_at, qualified_at, won_at, lost_at, observed_until,
			CASE
				WHEN attempt_working_minutes <= 5 THEN 1
				WHEN attempt_working_minutes <= 15 THEN 2
				WHEN attempt_working_minutes <= 60 THEN 3
				WHEN attempt_working_minutes <= 480 THEN 4
				WHEN attempt_minutes <= 10080 THEN 5
				WHEN observed_minutes >= 10080 THEN 6
			END AS band_position
		FROM lead_speed
		WHERE is_recorded
	), begun AS
	(
		-- The clock starts when the band is known: else who is won unanswered would prove that slow is good, and who has to stay open for days to be
		-- answered late that slow is bad.
		SELECT *, CASE WHEN band_position <= 5 THEN attempted_at ELSE created_at + interval '168 hours' END AS begun_at
		FROM banded
		WHERE band_position IS NOT NULL
	), judged AS
	(
		SELECT b.band_position, o.outcome, b.begun_at, b.observed_until, greatest(o.outcome_at, b.begun_at) AS outcome_at,
			o.outcome_at IS NOT NULL AS has_outcome,
			-- A day has no hour: what is dated on the day of the attempt came after it.
			coalesce(o.over_at < b.begun_at AND NOT ((is_day(o.over_at, r.time_zone) OR o.over_at = b.created_at)
				AND timezone(r.time_zone, o.over_at)::date = timezone(r.time_zone, b.begun_at)::date), false) AS is_over, r.score_horizon
		FROM begun b
		CROSS JOIN rule r
		CROSS JOIN LATERAL
		(
			VALUES ('qualification', b.qualified_at, least(b.qualified_at, b.lost_at)), ('won', b.won_at, least(b.won_at, b.lost_at))
		) o(outcome, outcome_at, over_at)
	)
	SELECT outcome, band_position, count(*) AS leads, count(*) FILTER (WHERE is_over) AS leads_before,
		count(*) FILTER (WHERE NOT is_over AND observed_until < begun_at + score_horizon) AS young_leads,
		count(*) FILTER (WHERE NOT is_over AND observed_until >= begun_at + score_horizon) AS compared_leads,
		count(*) FILTER (WHERE NOT is_over AND observed_until >= begun_at + score_horizon AND has_outcome AND outcome_at <= begun_at + score_horizon)
			AS converted
	FROM judged
	GROUP BY outcome, band_position;
	COMMENT ON VIEW conversion_by_speed_count IS
		'Layer below conversion_by_speed: the leads of each band of speed, and how many of them were qualified or won.';

	CREATE OR REPLACE VIEW conversion_by_speed WITH (security_invoker = true) AS
	WITH banded AS MATERIALIZED
	(
		SELECT * FROM conversion_by_speed_count
	), counted AS MATERIALIZED
	(
		SELECT o.outcome, b.band_position, b.band, coalesce(c.leads, 0) AS leads, coalesce(c.leads_before, 0) AS leads_before,
			coalesce(c.young_leads, 0) AS young_leads, coalesce(c.compared_leads, 0) AS compared_leads, coalesce(c.converted, 0) AS converted,
			rate(coalesce(c.converted, 0), coalesce(c.compared_leads, 0)) AS rate
		FROM (SELECT DISTINCT outcome FROM banded) o
		CROSS JOIN
		(
			VALUES (1, 'up to 5 minutes'), (2, '5 to 15 minutes'), (3, '15 to 60 minutes'), (4, '1 to 8 hours'), (5, '8 hours to a week'),
				(6, 'not within a week')
		) b(band_position, band)
		LEFT JOIN banded c ON c.outcome = o.outcome AND c.band_position = b.band_position
	), pooled AS
	(
		-- To be called late is one thing, not to be called another.
		SELECT outcome, (rate_homogeneity(rate) FILTER (WHERE band_position <= 5)).p_value AS homogeneity_p_value,
			count(*) FILTER (WHERE compared_leads > 0) - 1 AS comparisons,
			max(band_position) FILTER (WHERE compared_leads > 0 AND band_position <= 5) AS slowest
		FROM counted
		GROUP BY outcome
	), setting AS MATERIALIZED
	(
		SELECT confidence_level, language FROM rule WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	)
	SELECT c.outcome, c.band_position, c.band, c.leads, c.leads_before, c.young_leads, c.compared_leads, c.converted,
		c.rate::float8 AS conversion, low(c.rate, s.confidence_level) AS conversion_low, high(c.rate, s.confidence_level) AS conversion_high,
		d.difference, d.low AS difference_low, d.high AS difference_high,
		CASE WHEN d.p_value IS NOT NULL THEN least(1, d.p_value * p.comparisons) END AS p_value, p.homogeneity_p_value,
		mart_text(CASE
			WHEN c.compared_leads = 0 AND s.language = 'fr' THEN 'Aucun lead de cette tranche n''a encore été observé assez longtemps.'
			WHEN c.compared_leads = 0 THEN 'No lead of this band has been observed for long enough.'
			WHEN s.language = 'fr' THEN 'Ce n''est pas une preuve que la vitesse fait vendre : les meilleurs leads sont peut-être rappelés les premiers. '
				'Pour le savoir, comparer au sein d''un canal, ou tirer au sort les leads à rappeler tout de suite.'
			ELSE 'No proof that speed sells: the better leads may be called first. To know, compare within one channel, or draw by lot which leads are called '
				'at once.'
		END) AS warning
	FROM counted c
	JOIN pooled p ON p.outcome = c.outcome
	LEFT JOIN counted w ON w.outcome = c.outcome AND w.band_position = p.slowest AND c.band_position <> p.slowest
	CROSS JOIN setting s
	CROSS JOIN LATERAL compare(c.rate, w.rate, s.confidence_level) d
	ORDER BY c.outcome, c.band_position;
	COMMENT ON VIEW conversion_by_speed IS
		'Which share of leads is qualified, and won, within rule.score_horizon of the first attempt, by how soon that was in working time: what happened '
		'before it does not count.';
END;
$$;
COMMENT ON FUNCTION mart_speed_views(name) IS 'Internal to create_mart: makes the views of how fast leads are answered, and what speed goes with in the mart.';
