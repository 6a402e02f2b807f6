-- What differs between families of channels, and what changed between periods.

CREATE FUNCTION period_pair(unit text, distance interval, until timestamptz, time_zone text, fiscal_year_start integer DEFAULT 1)
RETURNS TABLE (after_start date, after_end date, before_start date, before_end date, ended_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT (t.ended - u.step)::date, t.ended::date, (t.ended - u.step - coalesce(distance, u.step))::date, (t.ended - coalesce(distance, u.step))::date,
		timezone(time_zone, t.ended)
	FROM (SELECT CASE unit WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' END AS step) u
	CROSS JOIN (SELECT CASE unit WHEN 'quarter' THEN fiscal_quarter(timezone(time_zone, until)::date, fiscal_year_start)::timestamp
		ELSE date_trunc(unit, timezone(time_zone, until)) END AS ended) t;
END;
COMMENT ON FUNCTION period_pair(text, interval, timestamptz, text, integer) IS
'The last month or fiscal quarter (unit) that is complete at a moment in a time zone, and the one a distance before it (NULL = the one just before): first '
'days, first days after, and when the later one ended. Internal to the views that compare periods.';

CREATE FUNCTION comparison_periods(observed_until timestamptz, lag interval, months date[], youngest timestamptz[], time_zone text,
	fiscal_year_start integer)
RETURNS TABLE (period text, compared_with text, after_start date, after_end date, before_start date, before_end date, comparable interval)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4
BEGIN ATOMIC
	SELECT u.period, c.compared_with, p.after_start, p.after_end, p.before_start, p.before_end,
		observed_until - coalesce((SELECT max(m.latest) FROM unnest(months, youngest) m(month, latest)
			WHERE m.month >= p.after_start AND m.month < p.after_end), p.ended_at)
	FROM (VALUES ('month'), ('quarter')) u(period)
	CROSS JOIN (VALUES ('previous', NULL::interval), ('year before', '1 year')) c(compared_with, distance)
	CROSS JOIN LATERAL
	(
		-- A quarter is not complete where leads came month after month, and end within it. Where nothing is old enough, no leads are looked at.
		SELECT coalesce(timezone(time_zone, max(e.ended)), observed_until - lag) AS until
		FROM unnest(months) m(month)
		CROSS JOIN (SELECT max(n.month) AS latest FROM unnest(months) n(month)) l
		CROSS JOIN LATERAL (SELECT CASE u.period WHEN 'quarter' THEN fiscal_quarter(m.month, fiscal_year_start) + interval '3 months'
			ELSE m.month + interval '1 month' END AS ended) e
		WHERE e.ended <= timezone(time_zone, observed_until - lag)
			AND (e.ended <= l.latest + interval '1 month' OR NOT months @> ARRAY[(l.latest - interval '1 month')::date, (l.latest - interval '2 months')::date])
	) t
	CROSS JOIN LATERAL period_pair(u.period, c.distance, t.until, time_zone, fiscal_year_start) p
	WHERE observed_until IS NOT NULL;
END;
COMMENT ON FUNCTION comparison_periods(timestamptz, interval, date[], timestamptz[], text, integer) IS
'What "the latest complete period" is, for every view that compares periods: the last month and the last fiscal quarter that have leads (months), and that '
'ended at least lag before observed_until; each against the one before and the same one a year before. comparable is the age that the youngest lead '
'of the later period (youngest, per month) had at observed_until. Internal to the mart.';

-- Whether fewer (or more) leads are won by an age because fewer are decided by then, or because fewer of those decided are won. Where decisions are slower,
-- fewer are lost by then, too; where leads are worse, more are. Losses that are written down late would look like quality otherwise.
CREATE FUNCTION decision_change(leads0 bigint, won0 bigint, lost0 bigint, leads1 bigint, won1 bigint, lost1 bigint, confidence_level float8,
	OUT cause text, OUT is_certain boolean, OUT p_value float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN s.is_told THEN CASE WHEN s.is_cycle THEN 'cycle' ELSE 'conversion' END END,
		coalesce(s.is_told AND CASE
			WHEN s.is_cycle THEN CASE WHEN s.half < 1 THEN s.low > s.half - 1 ELSE s.high < s.half - 1 END AND s.lost_p / 2 < 1 - confidence_level
			ELSE (s.difference < 0) = (s.half < 1) AND s.p / 2 < 1 - confidence_level
		END, false), s.p
	FROM
	(
		SELECT q.p_value AS p, q.difference, q.low / nullif(r.rate0, 0) AS low, q.high / nullif(r.rate0, 0) AS high, h.half, l.p_value AS lost_p,
			-- Of hardly any that are known as lost nobody can tell.
			least(leads0, leads1) > 0 AND h.half <> 1 AND lost0 + lost1 >= (won0 + won1) / 9.0 AS is_told,
			-- More than half of the change, as ratios go, is of the share that is decided.
			coalesce(CASE WHEN h.half < 1 THEN r.rate1 > h.half * r.rate0 AND l.difference < 0
				ELSE r.rate1 < h.half * r.rate0 AND l.difference > 0 END, r.rate0 IS NULL OR r.rate1 IS NULL) AS is_cycle
		FROM (SELECT won0::float8 / nullif(won0 + lost0, 0) AS rate0, won1::float8 / nullif(won1 + lost1, 0) AS rate1) r
		CROSS JOIN LATERAL (SELECT CASE WHEN won0 > 0 THEN sqrt((won1::float8 / nullif(leads1, 0)) / (won0::float8 / nullif(leads0, 0)))
			WHEN won1 > 0 THEN 'Infinity' ELSE 1 END AS half) h
		-- One bound of it is looked at, so that is as sure as the tests: an equivalence test.
		CROSS JOIN LATERAL compare(rate(won1, won1 + lost1), rate(won0, won0 + lost0), greatest(2 * confidence_level - 1, confidence_level / 2)) q
		CROSS JOIN LATERAL compare(rate(lost1, leads1), rate(lost0, leads0), confidence_level) l
	) s;
END;
COMMENT ON FUNCTION decision_change(bigint, bigint, bigint, bigint, bigint, bigint, float8) IS
'Why the share of leads won at an age changed (0 before, 1 after; won and lost by that age). cause: cycle = mostly because a smaller or larger share was '
'decided, won and lost alike; conversion = because of those decided fewer or more were won; NULL = nothing changed, or less than a tenth of those decided is '
'known as lost. is_certain: for cycle, the share won of those decided explains less than half of the change, beyond chance (a one-sided equivalence test), and '
'the share lost changed the same way, beyond chance; for conversion, the share won of those decided changed beyond chance. p_value: two-sided, of that share. '
'Internal to the mart.';

CREATE FUNCTION largest_effect(volume numeric, mix numeric, conversion numeric, basket numeric, cycle numeric,
	OUT effect text, OUT amount numeric, OUT opposite text, OUT opposite_amount numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH effect AS
	(
		SELECT e.*
		FROM (VALUES (1, 'volume', volume), (2, 'mix', mix), (3, 'conversion', conversion), (4, 'basket', basket), (5, 'cycle', cycle)) e(ordinal, name, amount)
		WHERE e.amount <> 0
	)
	SELECT l.name, l.amount, o.name, o.amount
	FROM (SELECT * FROM effect ORDER BY abs(amount) DESC, ordinal LIMIT 1) l
	LEFT JOIN LATERAL (SELECT * FROM effect e WHERE sign(e.amount) <> sign(l.amount) ORDER BY abs(e.amount) DESC, e.ordinal LIMIT 1) o ON true;
END;
COMMENT ON FUNCTION largest_effect(numeric, numeric, numeric, numeric, numeric) IS
'Which of the effects on revenue is the largest one, whatever its sign, how much it is, and the largest one that works against it; NULL where all are 0 or '
'NULL. Internal to the mart.';

CREATE FUNCTION mart_change_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW channel_comparison WITH (security_invoker = true) AS
	WITH part AS
	(
		-- A NULL family matches a NULL family, and nothing is lost by a join.
		SELECT coalesce(f.family, c.channel) AS family, c.leads, c.sql, c.won, c.deals_won, c.revenue, NULL::numeric AS spend,
			c.without_interval = 0 AS measurable, c.paid_back, c.moments::moments AS per_lead
		FROM cohort_count c
		LEFT JOIN channel_family f USING (channel)
		WHERE c.day IS NULL
		UNION ALL
		SELECT coalesce(f.family, s.channel), 0, 0, 0, 0, NULL, sum(s.amount), true, NULL, NULL
		FROM counted_spend s
		LEFT JOIN channel_family f USING (channel)
		GROUP BY coalesce(f.family, s.channel)
		UNION ALL
		-- What is known as counts only: what these leads brought is not.
		SELECT coalesce(f.family, v.channel), coalesce(sum(v.leads) FILTER (WHERE v.stage_position = 1), 0),
			coalesce(sum(v.leads) FILTER (WHERE v.role = 'sql'), 0), coalesce(sum(v.leads) FILTER (WHERE v.role = 'won'), 0), 0, NULL, NULL, false, NULL, NULL
		FROM counted_volume v
		LEFT JOIN channel_family f USING (channel)
		WHERE v.excluded_reason IS NULL
		GROUP BY coalesce(f.family, v.channel)
	), summed AS
	(
		SELECT p.family, sum(p.leads)::bigint AS leads,
			CASE WHEN 'sql' = ANY (l.roles) THEN sum(p.sql)::bigint END AS sql,
			CASE WHEN 'won' = ANY (l.roles) THEN sum(p.won)::bigint END AS won,
			CASE WHEN sum(p.deals_won) > 0 THEN sum(p.revenue) WHEN sum(p.won) = 0 THEN 0 END AS revenue,
			sum(p.spend) AS spend, CASE WHEN sum(p.spend) >= 0 THEN sum(p.spend) END AS cost,
			CASE WHEN bool_and(p.measurable) THEN rollup(p.per_lead) END AS per_lead, sum(p.paid_back) AS paid_back
		FROM part p CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder) l
		GROUP BY p.family, l.roles
	), rated AS
	(
		SELECT s.*, CASE WHEN sql <= leads THEN rate(sql, leads) END AS to_sql, CASE WHEN won <= leads THEN rate(won, leads) END AS to_won,
			(SELECT confidence_level FROM rule) AS confidence_level,
			nullif(sum(leads) OVER (), 0) AS all_leads,
			-- Refunds beyond the revenue, or revenue nobody knows: then shares of it mean nothing.
			CASE WHEN bool_and(revenue IS NOT NULL AND revenue >= 0) OVER () THEN nullif(sum(revenue) OVER (), 0) END AS all_revenue
		FROM summed s
	)
	SELECT family, leads, (leads / all_leads)::float8 AS share_of_leads, sql, won,
		to_sql::float8 AS lead_to_sql,
		low(to_sql, confidence_level) AS lead_to_sql_low,
		high(to_sql, confidence_level) AS lead_to_sql_high,
		to_won::float8 AS lead_to_won,
		low(to_won, confidence_level) AS lead_to_won_low,
		high(to_won, confidence_level) AS lead_to_won_high,
		revenue, round(revenue / all_revenue, 15)::float8 AS share_of_revenue,
		revenue_per_lead(revenue, leads) AS revenue_per_lead,
		-- Where nobody is paid back, no lead brings less than nothing.
		CASE WHEN revenue IS NULL THEN NULL WHEN paid_back = 0 AND low(per_lead, confidence_level) < 0 THEN 0 ELSE low(per_lead, confidence_level) END
			AS revenue_per_lead_low,
		CASE WHEN revenue IS NOT NULL THEN high(per_lead, confidence_level) END AS revenue_per_lead_high,
		spend, cpl(cost, leads) AS cpl, cac(cost, won) AS cac,
		nullif(i.low, 'Infinity')::numeric AS cac_low,
		nullif(i.high, 'Infinity')::numeric AS cac_high
	FROM rated
	CROSS JOIN LATERAL cost_interval(cost, won, confidence_level) i
	ORDER BY family;
	COMMENT ON VIEW channel_comparison IS
		'What each family of channels (table channel_family), such as inbound and outbound, brings and costs. Leads and spend without a channel are '
		'a row of their own (NULL).';

	CREATE OR REPLACE VIEW comparison_outcome WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		-- A stage that nobody writes down is only inferred from later ones, and cannot be judged.
		SELECT r.transmitted_role, r.accepted_role, s.recorded,
			s.accepted_role_at > s.transmitted_role_at AND r.accepted_role = ANY (s.recorded) AS is_handed_over
		FROM (SELECT transmitted_role, accepted_role FROM rule LIMIT 1) r
		CROSS JOIN LATERAL
		(
			SELECT array_agg(l.role) FILTER (WHERE EXISTS (SELECT FROM stage_event e WHERE e.stage = l.stage)) AS recorded,
				max(l.stage_position) FILTER (WHERE l.role = r.transmitted_role) AS transmitted_role_at,
				max(l.stage_position) FILTER (WHERE l.role = r.accepted_role) AS accepted_role_at
			FROM ladder l
			WHERE l.role IS NOT NULL
		) s
	)
	-- What is dated after observed_until is not known yet.
	SELECT l.lead_id, l.created_at, l.month, l.channel, l.campaign, l.stage_position, l.observed_until,
		CASE WHEN l.won_at <= l.observed_until THEN l.won_at END AS won_at, CASE WHEN l.lost_at <= l.observed_until THEN l.lost_at END AS lost_at,
		CASE WHEN k.qualified_at <= l.observed_until THEN k.qualified_at END AS qualified_at,
		CASE WHEN k.transmitted_at <= l.observed_until AND s.is_handed_over THEN k.transmitted_at END AS transmitted_at,
		CASE WHEN k.accepted_at <= l.observed_until THEN k.accepted_at END AS accepted_at,
		l.sold_at, l.sold_for
	FROM lead_outcome l
	CROSS JOIN setting s
	CROSS JOIN LATERAL
	(
		SELECT CASE WHEN 'mql' = ANY (s.recorded) THEN l.mql_at WHEN 'sql' = ANY (s.recorded) THEN l.sql_at END AS qualified_at,
			CASE s.transmitted_role WHEN 'lead' THEN l.created_at WHEN 'mql' THEN l.mql_at WHEN 'sal' THEN l.sal_at WHEN 'sql' THEN l.sql_at
				WHEN 'opportunity' THEN l.opportunity_at WHEN 'won' THEN l.won_at END AS transmitted_at,
			CASE s.accepted_role WHEN 'lead' THEN l.created_at WHEN 'mql' THEN l.mql_at WHEN 'sal' THEN l.sal_at WHEN 'sql' THEN l.sql_at
				WHEN 'opportunity' THEN l.opportunity_at WHEN 'won' THEN l.won_at END AS accepted_at
	) k
	-- Nearly all, which the planner would take for a third.
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND CASE WHEN l.created_at <= l.observed_until THEN 1 END IS NOT NULL;
	COMMENT ON VIEW comparison_outcome IS
		'Layer below whatever compares periods: every counted lead created by observed_until, with what was known of it then.';

	CREATE OR REPLACE VIEW comparison_count WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT month, channel, campaign, stage_position IS NOT NULL AS is_on_ladder, created_at, observed_until, won_at, lost_at,
			qualified_at - created_at AS qualified_age, transmitted_at, accepted_at, sold_at, sold_for
		FROM comparison_outcome
	), learned AS MATERIALIZED
	(
		-- How long it takes: half of the wins, half of the qualified leads, nearly all acceptances. What never happened takes no time.
		SELECT coalesce(quantile(c.curve, nullif(p.conversion, 0) * 0.5), '0') AS won_lag, c.qualified_lag, c.accepted_lag, c.first_won, c.first_lost,
			c.won, c.lost, c.observed_until
		FROM
		(
			SELECT conversion_curve(created_at, won_at, lost_at, observed_until, interval '1 day') AS curve,
				CASE WHEN count(qualified_age) > 0 THEN greatest(percentile_cont(0.5) WITHIN GROUP (ORDER BY qualified_age), '0') END AS qualified_lag,
				greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at), '0') AS accepted_lag,
				min(won_at) AS first_won, min(lost_at) AS first_lost, count(won_at)::float8 / nullif(count(*), 0) AS won,
				count(lost_at)::float8 / nullif(count(*), 0) AS lost, max(observed_until) AS observed_until
			FROM lead
			WHERE is_on_ladder
		) c
		CROSS JOIN LATERAL (SELECT converted_within(c.curve) AS conversion) p
	), recorded AS MATERIALIZED
	(
		-- Ten or more should have been won by then (or lost), and none was: what came before was not written down.
		SELECT l.won_lag, l.qualified_lag, l.accepted_lag, CASE WHEN b.before_won * l.won / 2 >= 10 THEN l.first_won END AS recorded_since,
			CASE WHEN l.first_lost IS NULL THEN l.observed_until + interval '1 day' WHEN b.before_lost * l.lost / 2 >= 10 THEN l.first_lost END AS losses_since
		FROM learned l
		CROSS JOIN LATERAL
		(
			SELECT count(*) FILTER (WHERE created_at <= l.first_won - l.won_lag * 1.5 - interval '1 day') AS before_won,
				count(*) FILTER (WHERE created_at <= l.first_lost - l.won_lag * 1.5 - interval '1 day') AS before_lost
			FROM lead
		) b
	), whole AS MATERIALIZED
	(
		SELECT month, channel, campaign, is_on_ladder, count(*) AS leads, max(created_at) AS youngest, max(observed_until) AS observed_until,
			moments(0) FILTER (WHERE sold_at IS NULL) AS unpaid
		FROM lead
		GROUP BY month, channel, campaign, is_on_ladder
	), cohort AS MATERIALIZED
	(
		SELECT month, max(youngest) AS youngest, max(observed_until) AS observed_until, sum(leads)::bigint AS leads
		FROM whole WHERE is_on_ladder GROUP BY month
	), known AS MATERIALIZED
	(
		SELECT r.*, s.*, c.*
		FROM recorded r
		CROSS JOIN (SELECT time_zone, fiscal_year_start FROM rule LIMIT 1) s
		CROSS JOIN (SELECT array_agg(month ORDER BY month) AS months, array_agg(youngest ORDER BY month) AS youngest, max(observed_until) AS observed_until,
			max(month) AS newest FROM cohort) c
	), period AS MATERIALIZED
	(
		SELECT a.about, p.*
		FROM known k
		CROSS JOIN LATERAL (VALUES ('won', k.won_lag), ('qualified', k.qualified_lag)) a(about, lag)
		CROSS JOIN LATERAL comparison_periods(k.observed_until, a.lag, k.months, k.youngest, k.time_zone, k.fiscal_year_start) p
		WHERE a.lag IS NOT NULL
	), judged AS MATERIALIZED
	(
		-- The months that are looked at, and the age at which that is: those of both periods, and for campaigns of a year.
		SELECT DISTINCT p.about, p.period, m.month, p.comparable
		FROM period p
		JOIN (SELECT DISTINCT month FROM whole) m ON m.month >= p.after_start AND m.month < p.after_end
			OR m.month >= p.before_start AND m.month < p.before_end
			OR p.about = 'won' AND p.period = 'month' AND m.month < p.after_end AND m.month >= p.after_end - interval '1 year'
	), part AS
	(
		-- What all leads add, those that came to something, and those that bought: each is counted among those that it can change only.
		SELECT j.about, j.period, w.month, w.channel, w.campaign, w.is_on_ladder, w.leads, 0::bigint AS won, 0::bigint AS lost, 0::bigint AS qualified,
			NULL::moments AS log_age, 0::bigint AS deals, NULL::numeric AS revenue, w.unpaid AS per_lead
		FROM judged j
		JOIN whole w USING (month)
		UNION ALL
		SELECT j.about, j.period, j.month, l.channel, l.campaign, l.is_on_ladder, 0, count(*) FILTER (WHERE l.won_age <= j.comparable),
			count(*) FILTER (WHERE l.lost_age <= j.comparable), count(*) FILTER (WHERE l.qualified_age <= j.comparable),
			moments(ln(greatest(extract(epoch FROM l.won_age)::float8, 60))) FILTER (WHERE l.won_age <= j.comparable), 0, NULL, NULL
		FROM
		(
			SELECT month, channel, campaign, is_on_ladder, won_at - created_at AS won_age, lost_at - created_at AS lost_age, qualified_age
			FROM lead
			WHERE num_nonnulls(won_at, lost_at, qualified_age) > 0
		) l
		JOIN judged j USING (month)
		GROUP BY j.about, j.period, j.month, j.comparable, l.channel, l.campaign, l.is_on_ladder
		UNION ALL
		SELECT j.about, j.period, j.month, l.channel, l.campaign, l.is_on_ladder, 0, 0, 0, 0, NULL, sum(d.deals)::bigint, sum(d.amount),
			moments(plain_amount(d.amount))
		FROM
		(
			SELECT month, channel, campaign, is_on_ladder, extract(epoch FROM created_at) AS created_at, sold_at, sold_for FROM lead WHERE sold_at IS NOT NULL
		) l
		JOIN judged j USING (month)
		CROSS JOIN LATERAL
		(
			SELECT count(*) AS deals, sum(s.amount) AS amount
			FROM unnest(l.sold_at::numeric[], l.sold_for::numeric[]) s(at, amount)
			WHERE s.at - l.created_at <= extract(epoch FROM j.comparable)
		) d
		GROUP BY j.about, j.period, j.month, j.comparable, l.channel, l.campaign, l.is_on_ladder
	), counted AS
	(
		SELECT 'cell' AS part, about, period, NULL::text AS compared_with, NULL::date AS after_start, NULL::date AS after_end, NULL::date AS before_start,
			NULL::date AS before_end, NULL::text AS comparable, month, NULL::boolean AS is_after, channel, campaign, is_on_ladder,
			sum(leads)::bigint AS leads, sum(won)::bigint AS won, sum(lost)::bigint AS lost, sum(qualified)::bigint AS qualified, sum(deals)::bigint AS deals,
			sum(revenue) AS revenue, rollup(log_age)::text AS log_age, rollup(per_lead)::text AS per_lead, NULL::float8 AS median_seconds,
			NULL::text AS curve
		FROM part
		GROUP BY about, period, month, channel, campaign, is_on_ladder
		UNION ALL
		SELECT 'month', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, month, NULL, NULL, NULL, true, leads, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL
		FROM cohort
		UNION ALL
		SELECT 'period', about, period, compared_with, after_start, after_end, before_start, before_end, comparable::text, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM period
		UNION ALL
		SELECT 'won', p.about, p.period, p.compared_with, NULL, NULL, NULL, NULL, NULL, NULL, l.month >= p.after_start, NULL, NULL, true, NULL, count(*), NULL,
			NULL, NULL, NULL, NULL, NULL, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.won_at - l.created_at)::float8), NULL
		FROM period p
		JOIN lead l ON l.month >= p.after_start AND l.month < p.after_end OR l.month >= p.before_start AND l.month < p.before_end
		WHERE p.about = 'won' AND p.compared_with = 'previous' AND l.is_on_ladder AND l.won_at - l.created_at <= p.comparable
		GROUP BY p.about, p.period, p.compared_with, l.month >= p.after_start
		UNION ALL
		-- What was transmitted too lately to have been answered is left out.
		SELECT 'transmitted', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, NULL, true, count(*), count(l.accepted_at), NULL,
			NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM known k
		JOIN lead l ON l.transmitted_at <= k.observed_until - k.accepted_lag AND l.transmitted_at > k.observed_until - k.accepted_lag - interval '91 days'
		WHERE l.is_on_ladder
		UNION ALL
		SELECT 'newest', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, k.newest, l.month = k.newest, NULL, NULL, true, count(*), count(l.won_at), NULL, NULL,
			NULL, NULL, NULL, NULL, NULL, conversion_curve(l.created_at, l.won_at, l.lost_at, l.observed_until, interval '0')::text
		FROM known k
		JOIN lead l ON l.month >= k.newest - interval '3 months'
		WHERE l.is_on_ladder
		GROUP BY k.newest, l.month = k.newest
	)
	SELECT c.*, k.observed_until, k.won_lag::text AS won_lag, k.qualified_lag::text AS qualified_lag, k.accepted_lag::text AS accepted_lag, k.recorded_since,
		k.losses_since
	FROM counted c
	CROSS JOIN known k
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW comparison_count IS
		'Layer below whatever compares periods: all that it asks of the leads, in few rows that one pass over them makes, with how long leads take in this '
		'mart, and since when their outcomes are recorded.';

	CREATE OR REPLACE VIEW comparison_lead WITH (security_invoker = true) AS
	SELECT l.lead_id, l.created_at, l.month, l.channel, l.campaign, l.stage_position, l.observed_until, l.won_at, l.lost_at, l.qualified_at,
		l.transmitted_at, l.accepted_at, c.won_lag, c.qualified_lag, c.accepted_lag, c.recorded_since, c.losses_since
	FROM comparison_outcome l
	CROSS JOIN (SELECT won_lag, qualified_lag, accepted_lag, recorded_since, losses_since FROM comparison_count LIMIT 1) c
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW comparison_lead IS
		'Layer below whatever compares periods: every counted lead created by observed_until, with what was known of it then, how long leads take in this '
		'mart, and since when their outcomes are recorded.';

	CREATE OR REPLACE VIEW comparison_period WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT * FROM comparison_count WHERE part IN ('period', 'month')
	)
	SELECT p.about, p.period, p.compared_with, p.after_start, p.after_end, p.before_start, p.before_end,
		(extract(epoch FROM p.comparable::interval) / 86400)::float8 AS comparable_days,
		(extract(epoch FROM (CASE p.about WHEN 'won' THEN p.won_lag ELSE p.qualified_lag END)::interval) / 86400)::float8 AS lag_days,
		p.recorded_since,
		EXISTS (SELECT FROM counted m WHERE m.part = 'month' AND m.month >= p.after_start AND m.month < p.after_end) AS has_leads,
		p.about <> 'won' OR (timezone(r.time_zone, p.before_start::timestamp) >= p.recorded_since) IS NOT FALSE AS is_recorded
	FROM counted p
	CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
	WHERE p.part = 'period'
	ORDER BY p.about DESC, p.period, p.compared_with;
	COMMENT ON VIEW comparison_period IS
		'Which month and which quarter period_change and diagnosis are about, and why: the latest complete ones that have leads and are old enough for half of '
		'the wins to have come (half of the qualifications, where those are asked about).';

	CREATE OR REPLACE VIEW comparison_segment WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT * FROM comparison_count WHERE part IN ('period', 'cell') AND about = 'won'
	), period AS
	(
		SELECT p.*, timezone(r.time_zone, p.before_start::timestamp) >= coalesce(p.recorded_since, '-infinity') AS is_recorded,
			timezone(r.time_zone, p.before_start::timestamp) >= coalesce(p.losses_since, '-infinity') AS has_losses,
			(p.losses_since <= p.observed_until) IS NOT FALSE AS knows_losses
		FROM counted p
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		WHERE p.part = 'period'
	)
	SELECT p.period, p.compared_with, p.after_start, p.before_start, p.comparable, p.recorded_since, p.is_recorded,
		p.has_losses, p.knows_losses, s.channel,
		coalesce(sum(s.leads) FILTER (WHERE NOT s.is_after), 0)::bigint AS leads0, coalesce(sum(s.leads) FILTER (WHERE s.is_after), 0)::bigint AS leads1,
		coalesce(sum(s.won) FILTER (WHERE NOT s.is_after), 0)::bigint AS won0, coalesce(sum(s.won) FILTER (WHERE s.is_after), 0)::bigint AS won1,
		coalesce(sum(s.lost) FILTER (WHERE NOT s.is_after), 0)::bigint AS lost0, coalesce(sum(s.lost) FILTER (WHERE s.is_after), 0)::bigint AS lost1,
		coalesce(sum(s.deals) FILTER (WHERE NOT s.is_after), 0)::bigint AS deals0, coalesce(sum(s.deals) FILTER (WHERE s.is_after), 0)::bigint AS deals1,
		sum(s.revenue) FILTER (WHERE NOT s.is_after) AS revenue0, sum(s.revenue) FILTER (WHERE s.is_after) AS revenue1
	FROM period p
	LEFT JOIN LATERAL
	(
		-- Lost is told of leads on the ladder only.
		SELECT c.channel, c.month >= p.after_start AS is_after, CASE WHEN c.is_on_ladder THEN c.leads ELSE 0 END AS leads, c.won,
			CASE WHEN c.is_on_ladder THEN c.lost ELSE 0 END AS lost, c.deals, c.revenue
		FROM counted c
		WHERE c.part = 'cell' AND c.period = p.period
			AND (c.month >= p.after_start AND c.month < p.after_end OR c.month >= p.before_start AND c.month < p.before_end)
	) s ON true
	GROUP BY p.period, p.compared_with, p.after_start, p.before_start, p.comparable, p.recorded_since, p.is_recorded, p.has_losses, p.knows_losses, s.channel;
	COMMENT ON VIEW comparison_segment IS
		'Layer below period_change: per comparison and channel, the leads of both periods (0 = compared with, 1 = the period), and what they had brought at '
		'the age at which both are judged.';

	CREATE OR REPLACE VIEW comparison_effect WITH (security_invoker = true) AS
	WITH effect AS
	(
		SELECT s.period, s.compared_with, s.after_start, s.before_start, s.comparable, s.recorded_since, s.is_recorded, s.knows_losses, l.has_won,
			sum(s.leads0)::bigint AS leads0, sum(s.leads1)::bigint AS leads1,
			CASE WHEN l.has_won THEN sum(s.won0)::bigint END AS won0, CASE WHEN l.has_won THEN sum(s.won1)::bigint END AS won1,
			CASE WHEN l.has_won AND s.has_losses THEN sum(s.lost0)::bigint END AS lost0,
			CASE WHEN l.has_won AND s.has_losses THEN sum(s.lost1)::bigint END AS lost1,
			CASE WHEN sum(s.deals0) > 0 THEN sum(s.revenue0) WHEN sum(s.won0) = 0 THEN 0 END AS revenue0,
			CASE WHEN sum(s.deals1) > 0 THEN sum(s.revenue1) WHEN sum(s.won1) = 0 THEN 0 END AS revenue1,
			revenue_mix_change(s.leads0, s.won0, coalesce(s.revenue0, 0), s.leads1, s.won1, coalesce(s.revenue1, 0)) AS change,
			-- Decided ones in place of won ones: what is conversion then is the share that is decided. Revenue without a win stays unexplained.
			CASE WHEN s.has_losses THEN
				revenue_mix_change(s.leads0, s.won0 + CASE WHEN e.is_explained THEN s.lost0 ELSE 0 END, coalesce(s.revenue0, 0),
					s.leads1, s.won1 + CASE WHEN e.is_explained THEN s.lost1 ELSE 0 END, coalesce(s.revenue1, 0))
			END AS decided_change
		FROM comparison_segment s
		CROSS JOIN LATERAL (SELECT NOT (s.won0 = 0 AND coalesce(s.revenue0, 0) <> 0 OR s.won1 = 0 AND coalesce(s.revenue1, 0) <> 0) AS is_explained) e
		CROSS JOIN (SELECT coalesce(bool_or(role = 'won'), false) AS has_won FROM ladder) l
		GROUP BY s.period, s.compared_with, s.after_start, s.before_start, s.comparable, s.recorded_since, s.is_recorded, s.has_losses, s.knows_losses,
			l.has_won
	)
	SELECT e.period, e.compared_with, e.after_start, e.before_start, e.comparable, e.recorded_since, e.is_recorded, e.knows_losses, e.has_won, e.leads0,
		e.leads1, e.won0, e.won1, e.lost0, e.lost1, e.revenue0, e.revenue1, (e.change).total AS total_effect, (e.change).volume AS volume_effect,
		(e.change).mix AS mix_effect, (e.change).conversion AS conversion_effect, (e.change).basket AS basket_effect,
		(e.change).unexplained AS unexplained_effect, (e.decided_change).conversion AS cycle_effect
	FROM effect e
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW comparison_effect IS
		'Layer below period_change: per comparison both periods as a whole, and the effects on revenue (lead_kpi.revenue_mix_change over the channels), once '
		'by leads won and once by leads decided.';

	CREATE OR REPLACE VIEW period_change WITH (security_invoker = true) AS
	WITH rated AS
	(
		SELECT e.*, rate(e.won0, e.leads0) AS rate0, rate(e.won1, e.leads1) AS rate1, rate(e.won0, e.won0 + e.lost0) AS decided_rate0,
			rate(e.won1, e.won1 + e.lost1) AS decided_rate1, r.confidence_level,
			CASE WHEN e.revenue0 IS NOT NULL AND e.revenue1 IS NOT NULL THEN 1 END AS known,
			CASE
				WHEN NOT e.has_won THEN 'the ladder has no stage with role won'
				WHEN e.leads1 = 0 THEN 'no leads in the period'
				WHEN e.leads0 = 0 THEN 'no leads in the period compared with'
				WHEN NOT e.is_recorded THEN format('wins are recorded since %s only', to_char(e.recorded_since, 'YYYY-MM-DD'))
			END AS no_verdict
		FROM comparison_effect e
		CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
	), judged AS
	(
		SELECT r.*, t.p_value,
			CASE
				WHEN t.difference IS NULL OR r.no_verdict IS NOT NULL THEN NULL
				WHEN least(r.leads0, r.leads1) < 10 THEN 'not yet certain'
				WHEN t.low > 0 AND t.p_value < 1 - r.confidence_level THEN 'up'
				WHEN t.high < 0 AND t.p_value < 1 - r.confidence_level THEN 'down'
				ELSE 'not yet certain'
			END AS direction, d.cause, d.is_certain, d.p_value AS decided_p_value
		FROM rated r
		CROSS JOIN LATERAL compare(r.rate1, r.rate0, r.confidence_level) t
		CROSS JOIN LATERAL decision_change(r.leads0, r.won0, r.lost0, r.leads1, r.won1, r.lost1, r.confidence_level) d
	)
	SELECT r.period, r.compared_with, r.after_start, r.before_start,
		(extract(epoch FROM r.comparable::interval) / 86400)::float8 AS comparable_days,
		r.leads0 AS leads_before, r.leads1 AS leads_after, r.won0 AS won_before, r.won1 AS won_after,
		r.revenue0 AS revenue_before, r.revenue1 AS revenue_after, r.known * r.total_effect AS revenue_difference,
		r.known * r.volume_effect AS volume_effect, r.known * r.mix_effect AS mix_effect, r.known * r.conversion_effect AS conversion_effect,
		r.known * r.basket_effect AS basket_effect, r.known * r.unexplained_effect AS unexplained_effect,
		r.rate0::float8 AS rate_before, low(r.rate0, r.confidence_level) AS rate_before_low, high(r.rate0, r.confidence_level) AS rate_before_high,
		r.rate1::float8 AS rate_after, low(r.rate1, r.confidence_level) AS rate_after_low, high(r.rate1, r.confidence_level) AS rate_after_high,
		CASE WHEN r.no_verdict IS NULL THEN r.p_value END AS p_value,
		CASE WHEN r.direction IN ('up', 'down') AND r.cause = 'cycle' AND r.is_certain THEN CASE r.direction WHEN 'up' THEN 'faster' ELSE 'slower' END
			ELSE r.direction END AS verdict,
		r.won0 + r.lost0 AS decided_before, r.won1 + r.lost1 AS decided_after,
		r.decided_rate0::float8 AS win_rate_of_decided_before, low(r.decided_rate0, r.confidence_level) AS win_rate_of_decided_before_low,
		high(r.decided_rate0, r.confidence_level) AS win_rate_of_decided_before_high,
		r.decided_rate1::float8 AS win_rate_of_decided_after, low(r.decided_rate1, r.confidence_level) AS win_rate_of_decided_after_low,
		high(r.decided_rate1, r.confidence_level) AS win_rate_of_decided_after_high,
		r.decided_p_value AS win_rate_of_decided_p_value,
		r.known * r.cycle_effect AS cycle_effect, r.known * (r.conversion_effect - r.cycle_effect) AS win_rate_effect,
		CASE WHEN r.no_verdict IS NULL THEN e.effect END AS largest_effect,
		coalesce(r.no_verdict, CASE
			WHEN least(r.leads0, r.leads1) < 10 THEN 'fewer than 10 leads in a period'
			WHEN r.direction = 'not yet certain' THEN NULL
			WHEN NOT r.knows_losses THEN 'no lost lead is recorded: slower or faster decisions look the same as worse or better ones'
			WHEN r.cause IS NULL THEN 'too few lost leads are recorded to tell slower or faster decisions from worse or better ones'
			WHEN NOT r.is_certain THEN 'too few leads are decided to tell slower or faster decisions from worse or better ones'
		END) AS reason
	FROM judged r
	CROSS JOIN LATERAL largest_effect(r.known * r.volume_effect, r.known * r.mix_effect, r.known * (r.conversion_effect - coalesce(r.cycle_effect, 0)),
		r.known * r.basket_effect, r.known * r.cycle_effect) e
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY r.period, r.compared_with;
	COMMENT ON VIEW period_change IS
		'Why revenue changed: the latest complete month and quarter that are old enough to be judged (see comparison_period) against the one before and the '
		'same one a year before. Both are cohorts of leads, judged at the same age (comparable_days): a cohort that has had less time is not a drop.';
END;
$$;
COMMENT ON FUNCTION mart_change_views(name) IS
'Internal to create_mart: makes the views that compare families of channels and periods in the mart.';
