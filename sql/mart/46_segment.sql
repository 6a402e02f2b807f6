-- Any cut of the leads: by owner, kind, channel, month and fit, and by members of lead.attributes (rule.segments).

CREATE FUNCTION mart_segment_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW segment WITH (security_invoker = true) AS
	SELECT s.segment, s.is_attribute
	FROM
	(
		SELECT b.segment, false AS is_attribute
		FROM (VALUES ('owner'), ('kind'), ('icp'), ('month'), ('channel')) b(segment)
		WHERE b.segment <> 'icp' OR (SELECT scorecard IS NOT NULL AND icp_fit IS NOT NULL FROM rule)
		UNION ALL
		SELECT DISTINCT a.segment, true FROM unnest((SELECT segments FROM rule)) a(segment)
	) s
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW segment IS
		'By what the views of segments cut: owner, kind, month, channel, icp where rule.scorecard and rule.icp_fit are set, and what rule.segments names.';

	CREATE OR REPLACE VIEW segment_member WITH (security_invoker = true) AS
	WITH known AS MATERIALIZED
	(
		SELECT lead_id, owner, kind, channel, month, CASE WHEN (SELECT bool_or(is_attribute OR segment = 'icp') FROM segment) THEN
			known_attributes(attributes) END AS attributes, NULL::integer AS stage_position, NULL::text AS role, NULL::bigint AS leads
		FROM judged_lead
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END
		UNION ALL
		SELECT NULL, NULL, NULL, channel, month, NULL, stage_position, role, sum(leads)::bigint
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY channel, month, stage_position, role
	)
	SELECT g.segment, CASE WHEN m.is_pooled THEN '(others)' ELSE m.value END AS value, m.is_pooled,
		CASE WHEN m.is_pooled THEN m.pooled_values END AS pooled_values, m.lead_id, m.stage_position, m.role, m.leads
	-- Whoever asks for one segment pays for that one.
	FROM segment g
	CROSS JOIN LATERAL
	(
		WITH valued AS
		(
			SELECT lead_id, stage_position, role, leads,
				CASE g.segment
					WHEN 'owner' THEN nullif(trim_blanks(owner), '')
					WHEN 'kind' THEN nullif(trim_blanks(kind), '')
					WHEN 'channel' THEN channel
					WHEN 'month' THEN to_char(month, 'YYYY-MM')
					WHEN 'icp' THEN CASE WHEN fit((SELECT scorecard FROM rule), attributes) >= (SELECT icp_fit FROM rule) THEN 'inside'
						WHEN lead_id IS NOT NULL THEN 'outside' END
					ELSE trim_blanks(attribute_value(attributes, g.segment))
				END AS value
			FROM known
		), ranked AS
		(
			SELECT value, row_number() OVER (ORDER BY coalesce(sum(coalesce(leads, 1)) FILTER (WHERE stage_position = 1 OR lead_id IS NOT NULL), 0) DESC,
				value COLLATE "C") AS number, count(*) OVER () - (SELECT segment_values FROM rule) AS pooled_values
			FROM valued
			WHERE value IS NOT NULL
			GROUP BY value
		)
		SELECT v.lead_id, v.stage_position, v.role, v.leads, v.value, r.pooled_values,
			-- Months are no more than there are.
			g.segment <> 'month' AND coalesce(r.number > (SELECT segment_values FROM rule), false) AS is_pooled
		FROM valued v
		LEFT JOIN ranked r ON r.value = v.value
	) m;
	COMMENT ON VIEW segment_member IS
		'Layer below the views of segments: of every segment every counted lead, with its value, and what is known as counts only (without lead_id). Always '
		'WHERE segment = ..., and never sum over segments. Of more values than rule.segment_values the largest are kept and the others are one.';

	CREATE OR REPLACE VIEW funnel_by_segment WITH (security_invoker = true) AS
	WITH stages AS MATERIALIZED
	(
		SELECT array_agg(stage ORDER BY stage_position) AS names, array_agg(stage_position ORDER BY stage_position) AS positions
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	)
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, s.*
	FROM
	(
		SELECT m.segment, m.value, m.is_pooled, max(m.pooled_values) AS pooled_values,
			funnel(e.lead_id, e.stage, e.entered_at, (SELECT names FROM stages), (SELECT funnel_within FROM rule), (SELECT funnel_policy FROM rule))
				FILTER (WHERE e.lead_id IS NOT NULL) AS f,
			(SELECT array_agg(coalesce(v.leads, 0) ORDER BY l.stage_position) FROM ladder l LEFT JOIN
				(SELECT n.stage_position, sum(n.leads)::bigint AS leads
				FROM unnest(array_agg(m.stage_position) FILTER (WHERE m.lead_id IS NULL), array_agg(m.leads) FILTER (WHERE m.lead_id IS NULL))
					n(stage_position, leads)
				GROUP BY n.stage_position) v USING (stage_position)) AS counts
		FROM segment_member m
		LEFT JOIN funnel_event e ON e.lead_id = m.lead_id
		GROUP BY m.segment, m.value, m.is_pooled
	) c
	CROSS JOIN stages t
	CROSS JOIN LATERAL
	(
		SELECT l.stage_position, l.stage, p.leads, p.previous_leads, p.entered_leads, p.step_rate, p.step_rate_low, p.step_rate_high,
			p.total_rate, p.total_rate_low, p.total_rate_high, p.median_days, p.p90_days, p.mean_days
		FROM ladder l
		LEFT JOIN counted_steps(c.f, t.names, t.positions, c.counts, (SELECT confidence_level FROM rule)) p USING (stage_position)
	) s
	ORDER BY c.segment, c.is_pooled, c.value, s.stage_position;
	COMMENT ON VIEW funnel_by_segment IS
		'The funnel per value of each segment, such as an owner, a kind or an industry: read one segment, never sum over them. NULL = unknown, a row of '
		'its own.';

	CREATE OR REPLACE VIEW segment_revenue WITH (security_invoker = true) AS
	WITH outcome AS MATERIALIZED
	(
		SELECT lead_id, stage_position, created_at, mql_at, sal_at, sql_at, opportunity_at, won_at, lost_at, deals_won, revenue, observed_until,
			greatest(floor(extract(epoch FROM observed_until - created_at) / 86400), -1)::integer AS age
		FROM lead_outcome
	), lag AS
	(
		-- As in cohort_revenue: which share of all wins of the mart is in by an age, up to the oldest age that is known as well as ten wins would tell it.
		SELECT extract(day FROM p.age)::integer AS age, p.conversion,
			max(p.conversion) FILTER (WHERE 10 * p.std_error ^ 2 <= p.conversion ^ 2) OVER () AS final
		FROM (SELECT conversion_curve(created_at, won_at, lost_at, observed_until, interval '1 day') AS curve FROM outcome) c
		CROSS JOIN LATERAL points(c.curve) p
	), day AS
	(
		SELECT age, coalesce(max(max(share)) OVER (ORDER BY age), 0) AS share
		FROM
		(
			SELECT age, (least(conversion, final) / final)::numeric AS share FROM lag
			UNION ALL
			SELECT DISTINCT age, NULL::numeric FROM outcome
		) a
		WHERE EXISTS (SELECT FROM lag WHERE final IS NOT NULL)
		GROUP BY age
	), counted AS
	(
		SELECT m.segment, m.value, m.is_pooled, max(m.pooled_values) AS pooled_values,
			(count(o.stage_position) + coalesce(sum(m.leads) FILTER (WHERE m.stage_position = 1), 0))::bigint AS leads,
			(count(o.mql_at) + coalesce(sum(m.leads) FILTER (WHERE m.role = 'mql'), 0))::bigint AS mql,
			(count(o.sal_at) + coalesce(sum(m.leads) FILTER (WHERE m.role = 'sal'), 0))::bigint AS sal,
			(count(o.sql_at) + coalesce(sum(m.leads) FILTER (WHERE m.role = 'sql'), 0))::bigint AS sql,
			(count(o.opportunity_at) + coalesce(sum(m.leads) FILTER (WHERE m.role = 'opportunity'), 0))::bigint AS opportunities,
			(count(o.won_at) + coalesce(sum(m.leads) FILTER (WHERE m.role = 'won'), 0))::bigint AS won,
			coalesce(sum(o.deals_won), 0)::bigint AS deals_won, sum(o.revenue) FILTER (WHERE o.deals_won > 0) AS revenue,
			count(o.won_at) FILTER (WHERE o.won_at <= o.observed_until) AS won_in_time,
			count(o.lost_at) FILTER (WHERE o.lost_at <= o.observed_until AND (o.won_at <= o.observed_until) IS NOT TRUE) AS lost_in_time,
			min(o.revenue) AS lowest, sum(d.share) FILTER (WHERE o.stage_position IS NOT NULL) AS mature_leads,
			-- What float8 cannot square has no interval.
			CASE WHEN bool_and(is_plain_amount(o.revenue)) THEN moments(plain_amount(o.revenue)) FILTER (WHERE o.stage_position IS NOT NULL) END AS per_lead
		FROM segment_member m
		LEFT JOIN outcome o ON o.lead_id = m.lead_id
		LEFT JOIN day d ON d.age = o.age
		GROUP BY m.segment, m.value, m.is_pooled
	)
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, c.leads,
		CASE WHEN 'mql' = ANY (l.roles) THEN c.mql END AS mql, CASE WHEN 'sal' = ANY (l.roles) THEN c.sal END AS sal,
		CASE WHEN 'sql' = ANY (l.roles) THEN c.sql END AS sql, CASE WHEN 'opportunity' = ANY (l.roles) THEN c.opportunities END AS opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN c.won END AS won, CASE WHEN 'won' = ANY (l.roles) THEN c.won_in_time END AS won_in_time,
		CASE WHEN 'won' = ANY (l.roles) THEN c.lost_in_time END AS lost_in_time, c.deals_won,
		CASE WHEN c.deals_won > 0 THEN c.revenue WHEN c.won = 0 THEN 0 END AS revenue, (c.mature_leads / nullif(c.leads, 0))::float8 AS maturity,
		CASE WHEN c.lowest >= 0 AND low(c.per_lead, (SELECT confidence_level FROM rule)) < 0 THEN 0
			ELSE low(c.per_lead, (SELECT confidence_level FROM rule)) END AS per_lead_low,
		high(c.per_lead, (SELECT confidence_level FROM rule)) AS per_lead_high
	FROM counted c
	CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) l;
	COMMENT ON VIEW segment_revenue IS
		'Layer below revenue_by_segment: what became of the leads of each value, what they brought, and how much of it had the time to come.';

	CREATE OR REPLACE VIEW revenue_by_segment WITH (security_invoker = true) AS
	WITH rated AS
	(
		SELECT s.*, CASE WHEN s.won <= s.leads THEN rate(s.won, s.leads) END AS lead_to_won, (SELECT confidence_level FROM rule) AS confidence_level,
			(SELECT gross_margin FROM rule) AS gross_margin,
			-- Leads that have had their time, as trials.
			CASE WHEN s.maturity >= 0.1 THEN rate(s.won_in_time, greatest(round(s.leads * s.maturity)::bigint, s.won_in_time)) END AS expected,
			CASE WHEN s.leads > 0 THEN (s.leads - s.lost_in_time)::float8 / s.leads END AS most_won,
			-- What a customer brings: of this value, else of all.
			coalesce(CASE WHEN s.won > 0 AND s.deals_won > 0 THEN s.revenue / s.won END,
				sum(s.revenue) FILTER (WHERE s.deals_won > 0) OVER (PARTITION BY s.segment)
				/ nullif(sum(s.won) FILTER (WHERE s.deals_won > 0 AND s.revenue IS NOT NULL) OVER (PARTITION BY s.segment), 0)) AS basket
		FROM segment_revenue s
	), bounded AS
	(
		-- As in cpl_to_revenue: with fewer than ten buyers the count is uncertain, at a basket taken as given.
		SELECT r.*,
			CASE WHEN r.revenue IS NOT NULL THEN coalesce(r.per_lead_low::numeric,
				CASE WHEN r.basket > 0 THEN (1 / won.high)::numeric * r.basket / nullif(r.leads, 0) END) END AS revenue_per_lead_low,
			CASE WHEN r.revenue IS NOT NULL THEN coalesce(r.per_lead_high::numeric,
				CASE WHEN r.basket > 0 THEN (1 / won.low)::numeric * r.basket / nullif(r.leads, 0) END) END AS revenue_per_lead_high
		FROM rated r
		CROSS JOIN LATERAL cost_interval(1, r.won, r.confidence_level) won
	)
	SELECT b.segment, b.value, b.is_pooled, b.pooled_values, b.leads, b.mql, b.sal, b.sql, b.opportunities, b.won,
		b.lead_to_won::float8 AS lead_to_won, low(b.lead_to_won, b.confidence_level) AS lead_to_won_low,
		high(b.lead_to_won, b.confidence_level) AS lead_to_won_high,
		b.maturity, b.maturity >= 0.9 AS is_mature,
		-- Who is lost will not be won.
		CASE WHEN b.maturity >= 0.1 THEN least(b.won_in_time / (b.leads * b.maturity), b.most_won) END AS expected_lead_to_won,
		CASE WHEN low(b.expected, b.confidence_level) <= b.most_won THEN low(b.expected, b.confidence_level)
			WHEN b.expected IS NOT NULL THEN b.won_in_time::float8 / b.leads END AS expected_lead_to_won_low,
		CASE WHEN b.expected IS NOT NULL THEN least(high(b.expected, b.confidence_level), b.most_won) END AS expected_lead_to_won_high,
		b.deals_won, b.revenue, average_deal(b.revenue, b.deals_won) AS average_deal, revenue_per_lead(b.revenue, b.leads) AS revenue_per_lead,
		b.revenue_per_lead_low, b.revenue_per_lead_high,
		break_even_cpl(revenue_per_lead(b.revenue, b.leads), b.gross_margin) AS break_even_cpl,
		break_even_cpl(b.revenue_per_lead_low, b.gross_margin) AS break_even_cpl_low,
		break_even_cpl(b.revenue_per_lead_high, b.gross_margin) AS break_even_cpl_high
	FROM bounded b
	ORDER BY b.segment, b.is_pooled, b.value;
	COMMENT ON VIEW revenue_by_segment IS
		'What the leads of each value of a segment brought, and how much of it had the time to come: cpl_to_revenue without spend, which has no owner and '
		'no industry. Read one segment, never sum over them. NULL = unknown, a row of its own.';

	CREATE OR REPLACE VIEW cohort_conversion_by_segment WITH (security_invoker = true) AS
	WITH cohort AS
	(
		SELECT m.segment, m.value, m.is_pooled, max(m.pooled_values) AS pooled_values, count(*) AS leads, min(o.observed_until - o.created_at) AS youngest,
			CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
				THEN conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, interval '0') END AS curve
		FROM segment_member m
		JOIN lead_outcome o ON o.lead_id = m.lead_id
		GROUP BY m.segment, m.value, m.is_pooled
	)
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, a.age_days, c.leads, w.won_within,
		w.won_within::float8 / c.leads AS observed_conversion,
		converted_within(c.curve, a.age) AS conversion,
		low(c.curve, a.age, (SELECT confidence_level FROM rule)) AS conversion_low,
		high(c.curve, a.age, (SELECT confidence_level FROM rule)) AS conversion_high,
		at_risk(c.curve, a.age) AS at_risk,
		c.youngest >= a.age AS is_mature
	FROM cohort c
	CROSS JOIN (SELECT days AS age_days, make_interval(days => days) AS age FROM unnest(ARRAY[7, 14, 30, 60, 90, 180, 365]) days) a
	CROSS JOIN LATERAL
	(
		SELECT CASE WHEN c.curve IS NOT NULL THEN coalesce(sum(p.converted) FILTER (WHERE p.age <= a.age), 0)::bigint END AS won_within
		FROM points(c.curve) p
	) w
	ORDER BY c.segment, c.is_pooled, c.value, a.age_days;
	COMMENT ON VIEW cohort_conversion_by_segment IS
		'Which share of the leads of each value of a segment is won within 7 to 365 days, as cohort_conversion says it of months: read one segment, never '
		'sum over them. NULL = unknown, a row of its own.';
END;
$$;
COMMENT ON FUNCTION mart_segment_views(name) IS 'Internal to create_mart: makes the views that cut by segments in the mart.';
