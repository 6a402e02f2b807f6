-- Any cut of the leads: by owner, kind, channel, month and fit, and by members of lead.attributes (rule.segments).

CREATE FUNCTION segment_cell_value(segment text, key text[])
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE segment WHEN 'owner' THEN nullif(trim_blanks(key[1]), '') WHEN 'kind' THEN nullif(trim_blanks(key[2]), '') WHEN 'channel' THEN key[3]
	WHEN 'month' THEN to_char('2000-01-01'::date + key[4]::integer, 'YYYY-MM') END;
COMMENT ON FUNCTION segment_cell_value(text, text[]) IS
'Internal to the views of segments: the value in a segment of the leads of a key (owner, kind, channel, and month in days since 2000), NULL where it is '
'unknown.';

CREATE FUNCTION segment_lead_value(segment text, attributes jsonb, card scorecard, icp_fit float8)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN segment <> 'icp' THEN trim_blanks(attribute_value(attributes, segment)) WHEN fit(card, attributes) >= icp_fit THEN 'inside' ELSE 'outside' END;
COMMENT ON FUNCTION segment_lead_value(text, jsonb, scorecard, float8) IS
'Internal to the views of segments: the value of a counted lead in a segment made from its attributes, NULL where it is unknown.';

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

	CREATE OR REPLACE VIEW segment_lead WITH (security_invoker = true) AS
	WITH repeated AS MATERIALIZED
	(
		-- A range, because the planner takes it for one group in 200.
		SELECT lead_id FROM lead WHERE lead_id IS NOT NULL GROUP BY lead_id HAVING count(*) BETWEEN 2 AND 9223372036854775807
	), told AS
	(
		SELECT l.lead_id, l.owner, l.kind, l.attributes
		FROM lead l
		LEFT JOIN (SELECT DISTINCT lead_id FROM repeated) r ON r.lead_id = l.lead_id
		WHERE CASE WHEN l.lead_id IS NULL OR r.lead_id IS NOT NULL THEN false ELSE true END
		UNION ALL
		-- The one that counts, in the order of judged_lead.
		(SELECT DISTINCT ON (l.lead_id) l.lead_id, l.owner, l.kind, l.attributes
		FROM lead l
		JOIN (SELECT DISTINCT lead_id FROM repeated) r ON r.lead_id = l.lead_id
		ORDER BY l.lead_id, isfinite(l.created_at) DESC NULLS LAST, l.created_at, l.kind, l.channel, l.campaign, l.email, l.company, l.attributes,
			l.owner, l.account)
	)
	SELECT lead_id, owner, kind,
		CASE WHEN (SELECT bool_or(is_attribute OR segment = 'icp') FROM segment) AND jsonb_typeof(attributes) = 'object' THEN attributes::text END AS attributes
	FROM told
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW segment_lead IS
		'Layer below the views of segments: what leads are cut by, as it came, counted or not, so that none is judged again. attributes are those that are an '
		'object, and NULL where no segment is made from them.';

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
		'Which leads the views of segments count where: of every segment every counted lead, with its value, and what is known as counts only (without '
		'lead_id). Always '
		'WHERE segment = ..., and never sum over segments. Of more values than rule.segment_values the largest are kept and the others are one.';

	CREATE OR REPLACE VIEW funnel_by_segment WITH (security_invoker = true) AS
	WITH stages AS MATERIALIZED
	(
		SELECT array_agg(stage ORDER BY stage_position) AS names, array_agg(stage_position ORDER BY stage_position) AS positions
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	), event AS MATERIALIZED
	(
		-- As funnel_event; each lead has one creation.
		SELECT lead_id, stage, entered_at, channel, month, kind = 'lead' AS is_lead
		FROM lead_event
		WHERE kind IN ('lead', 'stage', 'opened', 'deal') AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
			AND CASE WHEN stage IS NULL OR entered_at IS NULL THEN false ELSE true END
	), known AS MATERIALIZED
	(
		SELECT lead_id, owner, kind, attributes::jsonb AS attributes FROM segment_lead
	), cell AS MATERIALIZED
	(
		-- Every event once for what each lead has one of: the segments add these up. One key, because the planner takes four for as many groups as leads.
		SELECT e.key, count(*) FILTER (WHERE e.is_lead) AS leads,
			funnel(e.lead_id, e.stage, e.entered_at, (SELECT names FROM stages), (SELECT funnel_within FROM rule), (SELECT funnel_policy FROM rule)) AS f
		FROM
		(
			SELECT e.*, ARRAY[j.owner, j.kind, e.channel, (e.month - '2000-01-01')::text] AS key
			FROM event e
			-- Distinct, so that the planner knows that each lead has one.
			JOIN (SELECT DISTINCT ON (lead_id) lead_id, owner, kind FROM known) j ON j.lead_id = e.lead_id
			OFFSET 0
		) e
		GROUP BY e.key
	), part AS
	(
		-- Whoever asks for one segment pays for that one.
		SELECT g.segment, c.value, c.leads, c.f, NULL::integer AS stage_position, NULL::bigint AS volume
		FROM segment g
		CROSS JOIN LATERAL
		(
			SELECT segment_cell_value(g.segment, key) AS value, sum(leads)::bigint AS leads, rollup(f) AS f
			FROM cell
			GROUP BY 1
		) c
		WHERE g.segment IN ('owner', 'kind', 'channel', 'month')
		UNION ALL
		SELECT g.segment, c.value, c.leads, c.f, NULL, NULL
		FROM segment g
		CROSS JOIN LATERAL
		(
			SELECT v.value, count(*) FILTER (WHERE e.is_lead) AS leads,
				funnel(e.lead_id, e.stage, e.entered_at, (SELECT names FROM stages), (SELECT funnel_within FROM rule), (SELECT funnel_policy FROM rule)) AS f
			FROM event e
			JOIN
			(
				SELECT DISTINCT ON (lead_id) lead_id,
					segment_lead_value(g.segment, attributes, (SELECT scorecard FROM rule), (SELECT icp_fit FROM rule)) AS value
				FROM known
			) v ON v.lead_id = e.lead_id
			GROUP BY v.value
		) c
		WHERE g.segment NOT IN ('owner', 'kind', 'channel', 'month')
		UNION ALL
		SELECT g.segment, segment_cell_value(g.segment, ARRAY[NULL, NULL, v.channel, (v.month - '2000-01-01')::text]),
			CASE WHEN v.stage_position = 1 THEN v.leads ELSE 0 END, NULL, v.stage_position, v.leads
		FROM segment g
		CROSS JOIN
		(
			SELECT channel, month, stage_position, sum(leads)::bigint AS leads
			FROM counted_volume
			WHERE excluded_reason IS NULL
			GROUP BY channel, month, stage_position
		) v
	), summed AS
	(
		SELECT *, sum(leads) OVER (PARTITION BY segment, value) AS all_leads FROM part
	), numbered AS
	(
		SELECT *, dense_rank() OVER (PARTITION BY segment, value IS NULL ORDER BY all_leads DESC, value COLLATE "C") AS number FROM summed
	), pooled AS
	(
		SELECT *, max(number) OVER (PARTITION BY segment, value IS NULL) - (SELECT segment_values FROM rule) AS pooled_values,
			-- Months are no more than there are.
			segment <> 'month' AND value IS NOT NULL AND number > (SELECT segment_values FROM rule) AS is_pooled
		FROM numbered
	)
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, s.*
	FROM
	(
		SELECT p.segment, CASE WHEN p.is_pooled THEN '(others)' ELSE p.value END AS value, p.is_pooled,
			max(p.pooled_values) FILTER (WHERE p.is_pooled) AS pooled_values, rollup(p.f) AS f,
			(SELECT array_agg(coalesce(v.leads, 0) ORDER BY l.stage_position) FROM ladder l LEFT JOIN
				(SELECT n.stage_position, sum(n.leads)::bigint AS leads
				FROM unnest(array_agg(p.stage_position), array_agg(p.volume)) n(stage_position, leads)
				GROUP BY n.stage_position) v USING (stage_position)) AS counts
		FROM pooled p
		GROUP BY 1, 2, 3
		-- Always so; the planner takes it for one value in three, which is nearer to how many there are.
		HAVING count(*) > 0
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

	CREATE OR REPLACE VIEW segment_outcome WITH (security_invoker = true) AS
	WITH outcome AS MATERIALIZED
	(
		SELECT lead_id, channel, month, stage_position, created_at, mql_at, sal_at, sql_at, opportunity_at, won_at, lost_at, deals_won, revenue,
			observed_until, (won_at <= observed_until OR lost_at <= observed_until) IS TRUE AS is_closed,
			greatest(timezone(time_zone, observed_until - interval '1 microsecond')::date - timezone(time_zone, created_at)::date, -1) AS age
		FROM lead_outcome
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
	), lag AS
	(
		-- As in cohort_revenue: which share of all wins of the mart is in by an age, up to the oldest age that is known as well as ten wins would tell it.
		SELECT extract(day FROM p.age)::integer AS age, p.conversion,
			max(p.conversion) FILTER (WHERE 10 * p.std_error ^ 2 <= p.conversion ^ 2) OVER () AS final
		FROM
		(
			SELECT rollup(f.curve) AS curve
			FROM
			(
				SELECT conversion_curve(created_at, won_at, lost_at, observed_until, interval '1 day') AS curve FROM outcome WHERE is_closed
				UNION ALL
				SELECT open_curve(array_agg(age), array_agg(leads))
				FROM (SELECT age, count(*) AS leads FROM outcome WHERE NOT is_closed AND age >= 0 GROUP BY age) a
			) f
		) c
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
	), dated AS NOT MATERIALIZED
	(
		SELECT o.*, d.share FROM outcome o LEFT JOIN day d ON d.age = o.age
	), known AS MATERIALIZED
	(
		SELECT lead_id, owner, kind, attributes::jsonb AS attributes FROM segment_lead
	), cell AS MATERIALIZED
	(
		-- Every lead once for what each has one of: the segments add these up. One key, because the planner takes four for as many groups as leads.
		SELECT o.key, count(*) AS rows, count(o.stage_position) AS staged, 0::bigint AS volume,
			count(o.mql_at) AS mql, count(o.sal_at) AS sal, count(o.sql_at) AS sql, count(o.opportunity_at) AS opportunities, count(o.won_at) AS won,
			coalesce(sum(o.deals_won), 0) AS deals_won, sum(o.revenue) FILTER (WHERE o.deals_won > 0) AS revenue,
			count(o.won_at) FILTER (WHERE o.won_at <= o.observed_until) AS won_in_time,
			count(o.lost_at) FILTER (WHERE o.lost_at <= o.observed_until AND (o.won_at <= o.observed_until) IS NOT TRUE) AS lost_in_time,
			min(o.revenue) AS lowest, sum(o.share) FILTER (WHERE o.stage_position IS NOT NULL) AS mature_leads,
			bool_and(is_plain_amount(o.revenue)) AS is_plain, moments(plain_amount(o.revenue)) FILTER (WHERE o.stage_position IS NOT NULL) AS per_lead,
			min(o.observed_until - o.created_at) AS youngest,
			CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
				THEN conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, interval '0') END AS curve
		FROM
		(
			SELECT o.*, ARRAY[j.owner, j.kind, o.channel, (o.month - '2000-01-01')::text] AS key
			FROM dated o
			-- Distinct, so that the planner knows that each lead has one.
			JOIN (SELECT DISTINCT ON (lead_id) lead_id, owner, kind FROM known) j ON j.lead_id = o.lead_id
			OFFSET 0
		) o
		GROUP BY o.key
	), part AS
	(
		-- Whoever asks for one segment pays for that one.
		SELECT g.segment, segment_cell_value(g.segment, c.key) AS value,
			c.rows, c.staged, c.volume, c.mql, c.sal, c.sql, c.opportunities, c.won, c.deals_won, c.revenue,
			c.won_in_time, c.lost_in_time, c.lowest, c.mature_leads, c.is_plain, c.per_lead, c.youngest, c.curve
		FROM segment g
		CROSS JOIN cell c
		WHERE g.segment IN ('owner', 'kind', 'channel', 'month')
		UNION ALL
		SELECT g.segment, c.value, c.rows, c.staged, c.volume, c.mql, c.sal, c.sql, c.opportunities, c.won, c.deals_won, c.revenue,
			c.won_in_time, c.lost_in_time, c.lowest, c.mature_leads, c.is_plain, c.per_lead, c.youngest, c.curve
		FROM segment g
		CROSS JOIN LATERAL
		(
			SELECT v.value, count(*) AS rows, count(o.stage_position) AS staged, 0::bigint AS volume,
				count(o.mql_at) AS mql, count(o.sal_at) AS sal, count(o.sql_at) AS sql, count(o.opportunity_at) AS opportunities, count(o.won_at) AS won,
				coalesce(sum(o.deals_won), 0) AS deals_won, sum(o.revenue) FILTER (WHERE o.deals_won > 0) AS revenue,
				count(o.won_at) FILTER (WHERE o.won_at <= o.observed_until) AS won_in_time,
				count(o.lost_at) FILTER (WHERE o.lost_at <= o.observed_until AND (o.won_at <= o.observed_until) IS NOT TRUE) AS lost_in_time,
				min(o.revenue) AS lowest, sum(o.share) FILTER (WHERE o.stage_position IS NOT NULL) AS mature_leads,
				bool_and(is_plain_amount(o.revenue)) AS is_plain, moments(plain_amount(o.revenue)) FILTER (WHERE o.stage_position IS NOT NULL) AS per_lead,
				min(o.observed_until - o.created_at) AS youngest,
				CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
					THEN conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, interval '0') END AS curve
			FROM dated o
			JOIN
			(
				SELECT DISTINCT ON (lead_id) lead_id,
					segment_lead_value(g.segment, attributes, (SELECT scorecard FROM rule), (SELECT icp_fit FROM rule)) AS value
				FROM known
			) v ON v.lead_id = o.lead_id
			GROUP BY v.value
		) c
		WHERE g.segment NOT IN ('owner', 'kind', 'channel', 'month')
		UNION ALL
		SELECT g.segment, segment_cell_value(g.segment, ARRAY[NULL, NULL, v.channel, (v.month - '2000-01-01')::text]),
			0, 0, v.leads, v.mql, v.sal, v.sql, v.opportunities, v.won, 0, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL
		FROM segment g
		CROSS JOIN
		(
			SELECT channel, month, coalesce(sum(leads) FILTER (WHERE stage_position = 1), 0) AS leads,
				coalesce(sum(leads) FILTER (WHERE role = 'mql'), 0) AS mql, coalesce(sum(leads) FILTER (WHERE role = 'sal'), 0) AS sal,
				coalesce(sum(leads) FILTER (WHERE role = 'sql'), 0) AS sql, coalesce(sum(leads) FILTER (WHERE role = 'opportunity'), 0) AS opportunities,
				coalesce(sum(leads) FILTER (WHERE role = 'won'), 0) AS won
			FROM counted_volume
			WHERE excluded_reason IS NULL
			GROUP BY channel, month
		) v
	), summed AS
	(
		SELECT *, sum(rows + volume) OVER (PARTITION BY segment, value) AS all_leads FROM part
	), numbered AS
	(
		SELECT *, dense_rank() OVER (PARTITION BY segment, value IS NULL ORDER BY all_leads DESC, value COLLATE "C") AS number FROM summed
	), pooled AS
	(
		SELECT *, max(number) OVER (PARTITION BY segment, value IS NULL) - (SELECT segment_values FROM rule) AS pooled_values,
			-- Months are no more than there are.
			segment <> 'month' AND value IS NOT NULL AND number > (SELECT segment_values FROM rule) AS is_pooled
		FROM numbered
	), counted AS
	(
		SELECT p.segment, CASE WHEN p.is_pooled THEN '(others)' ELSE p.value END AS value, p.is_pooled,
			max(p.pooled_values) FILTER (WHERE p.is_pooled) AS pooled_values, sum(p.rows)::bigint AS rows, sum(p.staged + p.volume)::bigint AS leads,
			sum(p.mql)::bigint AS mql, sum(p.sal)::bigint AS sal, sum(p.sql)::bigint AS sql, sum(p.opportunities)::bigint AS opportunities,
			sum(p.won)::bigint AS won, sum(p.deals_won)::bigint AS deals_won, sum(p.revenue) AS revenue, sum(p.won_in_time)::bigint AS won_in_time,
			sum(p.lost_in_time)::bigint AS lost_in_time, min(p.lowest) AS lowest, sum(p.mature_leads) AS mature_leads,
			-- What float8 cannot square has no interval.
			CASE WHEN bool_and(p.is_plain) THEN rollup(p.per_lead) END AS per_lead, min(p.youngest) AS youngest, rollup(p.curve) AS curve
		FROM pooled p
		GROUP BY 1, 2, 3
		-- Always so; the planner takes it for one value in three, which is nearer to how many there are.
		HAVING count(*) > 0
	)
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, w.days AS age_days, c.rows AS known_leads, c.leads,
		c.mql, c.sal, c.sql, c.opportunities, c.won, c.won_in_time, c.lost_in_time, c.deals_won, c.revenue, c.lowest AS lowest_revenue,
		(c.mature_leads / nullif(c.leads, 0))::float8 AS maturity,
		low(c.per_lead, (SELECT confidence_level FROM rule)) AS per_lead_low, high(c.per_lead, (SELECT confidence_level FROM rule)) AS per_lead_high,
		w.won_within, w.conversion, w.conversion_low, w.conversion_high, w.at_risk,
		c.youngest >= w.age AS is_mature
	FROM counted c
	CROSS JOIN LATERAL
	(
		-- All ages in one walk.
		SELECT a.days, a.age, p.converted AS won_within, p.conversion, p.low AS conversion_low, p.high AS conversion_high, p.at_risk
		FROM (SELECT days, make_interval(days => days) AS age FROM (VALUES (7), (14), (30), (60), (90), (180), (365)) d(days)) a
		LEFT JOIN points_at(c.curve, '{7 days,14 days,30 days,60 days,90 days,180 days,365 days}', (SELECT confidence_level FROM rule)) p ON p.age = a.age
	) w;
	COMMENT ON VIEW segment_outcome IS
		'Layer below segment_revenue and cohort_conversion_by_segment: what became of the leads of each value, and which share was won within an age; what is '
		'not of an age is the same in the rows of all ages.';

	CREATE OR REPLACE VIEW segment_revenue WITH (security_invoker = true) AS
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, c.leads,
		CASE WHEN 'mql' = ANY (l.roles) THEN c.mql END AS mql, CASE WHEN 'sal' = ANY (l.roles) THEN c.sal END AS sal,
		CASE WHEN 'sql' = ANY (l.roles) THEN c.sql END AS sql, CASE WHEN 'opportunity' = ANY (l.roles) THEN c.opportunities END AS opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN c.won END AS won, CASE WHEN 'won' = ANY (l.roles) THEN c.won_in_time END AS won_in_time,
		CASE WHEN 'won' = ANY (l.roles) THEN c.lost_in_time END AS lost_in_time, c.deals_won,
		CASE WHEN c.deals_won > 0 THEN c.revenue WHEN c.won = 0 THEN 0 END AS revenue, c.maturity,
		CASE WHEN c.lowest_revenue >= 0 AND c.per_lead_low < 0 THEN 0 ELSE c.per_lead_low END AS per_lead_low, c.per_lead_high
	FROM segment_outcome c
	CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) l
	WHERE c.age_days = 7;
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
	SELECT c.segment, c.value, c.is_pooled, c.pooled_values, c.age_days, c.known_leads AS leads, c.won_within,
		c.won_within::float8 / c.known_leads AS observed_conversion, c.conversion, c.conversion_low, c.conversion_high, c.at_risk, c.is_mature
	FROM segment_outcome c
	WHERE c.known_leads > 0
	ORDER BY c.segment, c.is_pooled, c.value, c.age_days;
	COMMENT ON VIEW cohort_conversion_by_segment IS
		'Which share of the leads of each value of a segment is won within 7 to 365 days, as cohort_conversion says it of months: read one segment, never '
		'sum over them. NULL = unknown, a row of its own.';
END;
$$;
COMMENT ON FUNCTION mart_segment_views(name) IS 'Internal to create_mart: makes the views that cut by segments in the mart.';
