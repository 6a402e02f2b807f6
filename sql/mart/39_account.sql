-- What happens per account: the company that the leads belong to.

CREATE FUNCTION account_name_key(name text, placeholders text[] DEFAULT NULL, placeholder_pattern text DEFAULT NULL)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN lower(trim_blanks(name)) = '' OR (lower(trim_blanks(name)) = ANY (placeholders)) IS TRUE
		OR (matches_pattern(trim_blanks(name), placeholder_pattern)) IS TRUE THEN NULL
	-- An identifier of Salesforce with 15 letters: two of them may differ by case alone.
	WHEN trim_blanks(name) ~ '^001[0-9A-Za-z]{12}$' THEN trim_blanks(name)
	ELSE lower(trim_blanks(name))
END;
COMMENT ON FUNCTION account_name_key(text, text[], text) IS
'Internal to lead_account: what an account is told from others by, its name without outer blanks and case. NULL for a blank and for what stands for '
'nothing: one of placeholders (in lower case), or what matches placeholder_pattern.';

CREATE FUNCTION mart_account_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_account WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		-- A domain, or what is below it, as one regular expression.
		SELECT r.account_key, r.placeholder_pattern, (SELECT array_agg(lower(trim_blanks(p))) FROM unnest(r.placeholders) p) AS placeholders,
			(SELECT '^(.*\.)?(' || string_agg(regexp_replace(trim_blanks(d), '([^[:alnum:]])', '\\\1', 'g'), '|') || ')$'
				FROM unnest(r.free_mail_domains) d WHERE trim_blanks(d) <> '') AS free_mail
		FROM (SELECT * FROM rule LIMIT 1) r
	), named AS MATERIALIZED
	(
		SELECT j.lead_id, trim_blanks(j.account) AS account
		FROM judged_lead j
		WHERE CASE WHEN j.excluded_reason IS NULL THEN true ELSE false END
			AND (SELECT coalesce(account_key, 'account') = 'account' AND EXISTS (SELECT FROM lead WHERE account <> '') FROM setting)
	), spelled AS MATERIALIZED
	(
		-- Once per name: leads share accounts.
		SELECT a.account AS name, a.leads, account_name_key(a.account, s.placeholders, s.placeholder_pattern) AS key
		FROM (SELECT account, count(*) AS leads FROM named GROUP BY account) a CROSS JOIN setting s
	), tally AS MATERIALIZED
	(
		SELECT coalesce(sum(leads), 0) AS leads, coalesce(sum(leads) FILTER (WHERE key IS NOT NULL), 0) AS accounts FROM spelled
	), other AS MATERIALIZED
	(
		-- Where half of the leads name an account, nothing else tells more: their companies and addresses are not looked at.
		SELECT j.lead_id, trim_blanks(j.company) AS company_name, account_name_key(j.company, s.placeholders, s.placeholder_pattern) AS company,
			CASE WHEN (matches_pattern(m.address, s.placeholder_pattern)) IS NOT TRUE
				AND (matches_pattern(split_part(m.address, '@', 2), s.free_mail)) IS NOT TRUE
				THEN split_part(m.address, '@', 2) END AS email_domain
		FROM judged_lead j
		CROSS JOIN setting s
		CROSS JOIN LATERAL (SELECT normalize_email(j.email) AS address) m
		WHERE CASE WHEN j.excluded_reason IS NULL THEN true ELSE false END
			AND (SELECT coalesce(s.account_key <> 'account', t.accounts = 0 OR 2 * t.accounts < t.leads) FROM tally t CROSS JOIN setting s)
	), chosen AS MATERIALIZED
	(
		SELECT coalesce(s.account_key, CASE WHEN 2 * t.accounts >= greatest(o.companies, o.email_domains) THEN 'account'
			WHEN 2 * o.companies >= o.email_domains THEN 'company' ELSE 'email_domain' END) AS account_key
		FROM setting s
		CROSS JOIN tally t
		CROSS JOIN (SELECT count(company) AS companies, count(email_domain) AS email_domains FROM other) o
	), deal_named AS MATERIALIZED
	(
		-- What the deals name, where deals have accounts at all.
		SELECT e.lead_id, e.deal_id, e.opened_at, e.closed_at, trim_blanks(e.account) AS name,
			account_name_key(e.account, s.placeholders, s.placeholder_pattern) AS key
		FROM counted_deal e
		CROSS JOIN setting s
		WHERE CASE WHEN e.excluded_reason IS NULL THEN true ELSE false END AND (SELECT account_key FROM chosen) = 'account'
			AND (SELECT EXISTS (SELECT FROM deal WHERE account <> ''))
	), sold AS
	(
		-- Of those that leads have too, only one is believed.
		SELECT lead_id, min(key) FILTER (WHERE is_known) AS lowest, max(key) FILTER (WHERE is_known) AS highest,
			max(name) FILTER (WHERE is_known AND known_number = 1) AS known_name, max(key) FILTER (WHERE number = 1) AS key,
			max(name) FILTER (WHERE number = 1) AS name
		FROM
		(
			SELECT d.*, row_number() OVER (PARTITION BY d.lead_id ORDER BY d.opened_at, d.closed_at, d.deal_id, d.name COLLATE "C") AS number,
				row_number() OVER (PARTITION BY d.lead_id, d.is_known ORDER BY d.opened_at, d.closed_at, d.deal_id, d.name COLLATE "C") AS known_number
			FROM (SELECT *, key IN (SELECT key FROM spelled WHERE key IS NOT NULL) AS is_known FROM deal_named WHERE key IS NOT NULL) d
		) d
		GROUP BY lead_id
	), owned AS
	(
		-- Distinct, so that the planner knows that each has one.
		SELECT w.*, c.account_key, coalesce(n.key, o.key) AS own_key, coalesce(n.name, o.name) AS own_name,
			s.lowest, s.highest, s.known_name, s.key AS sold_key, s.name AS sold_name
		FROM lead_work w
		CROSS JOIN chosen c
		LEFT JOIN (SELECT DISTINCT ON (n.lead_id) n.lead_id, p.key, p.name FROM named n JOIN spelled p ON p.name = n.account) n
			ON n.lead_id = w.lead_id AND c.account_key = 'account'
		LEFT JOIN
		(
			SELECT DISTINCT ON (o.lead_id) o.lead_id, CASE c.account_key WHEN 'company' THEN o.company WHEN 'email_domain' THEN o.email_domain END AS key,
				CASE c.account_key WHEN 'company' THEN o.company_name WHEN 'email_domain' THEN o.email_domain END AS name
			FROM other o CROSS JOIN chosen c
		) o ON o.lead_id = w.lead_id
		LEFT JOIN sold s ON s.lead_id = w.lead_id
	), held AS
	(
		SELECT *, CASE WHEN lowest = highest THEN lowest ELSE coalesce(own_key, sold_key) END AS key,
			CASE WHEN lowest = highest AND (lowest = own_key) IS NOT TRUE THEN known_name WHEN own_key IS NOT NULL THEN own_name ELSE sold_name END AS name
		FROM owned
	), worked AS
	(
		SELECT *, CASE WHEN key = own_key THEN 'lead' WHEN key IS NULL THEN NULL WHEN own_key IS NULL THEN 'deal' ELSE 'deal, not lead' END AS named_by
		FROM held
	)
	SELECT lead_id, created_at, month, channel, campaign, owner, account_key,
		CASE WHEN key IS NOT NULL THEN first_value(name) OVER first END AS account, named_by,
		CASE WHEN key IS NOT NULL THEN row_number() OVER first END AS lead_number,
		CASE WHEN key IS NOT NULL THEN first_value(created_at) OVER first END AS account_created_at,
		CASE WHEN key IS NOT NULL THEN first_value(month) OVER first END AS account_month,
		CASE WHEN key IS NOT NULL THEN first_value(channel) OVER first END AS account_channel,
		last_activity_at, stage_position, stage, mql_at, sal_at, sql_at, opportunity_at, won_at, lost_at, deals_won, revenue, observed_until
	FROM worked
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	WINDOW first AS (PARTITION BY key ORDER BY created_at, lead_id);
	COMMENT ON VIEW lead_account IS
		'Layer below the views about accounts: every counted lead with the account that it belongs to by rule.account_key, which lead of that account it is, '
		'and what became of it. A lead without an account has NULL and is never pooled with others.';

	CREATE OR REPLACE VIEW account_deal WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT lead_id, created_at, account_key, account, observed_until FROM lead_account
	), event AS MATERIALIZED
	(
		SELECT deal_id, lead_id, account, opened_at, entered_at, sold_by, is_won, amount
		FROM lead_event
		WHERE kind = 'deal' AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
	), deal AS MATERIALIZED
	(
		SELECT e.deal_id, e.lead_id, l.account,
			coalesce(l.account_key = 'account' AND account_name_key(e.account, (SELECT array_agg(lower(trim_blanks(p))) FROM rule, unnest(placeholders) p),
				(SELECT placeholder_pattern FROM rule)) <> account_name_key(l.account), false) AS is_elsewhere,
			e.opened_at, e.entered_at AS closed_at, e.sold_by, e.is_won, e.amount
		FROM event e
		-- Distinct, so that the planner knows that each has one.
		LEFT JOIN (SELECT DISTINCT ON (lead_id) lead_id, account_key, account FROM lead WHERE lead_id IN (SELECT lead_id FROM event)) l
			ON l.lead_id = e.lead_id
	), dated AS
	(
		SELECT account, coalesce(opened_at, closed_at, 'infinity') AS at, 0 AS leads, deal_id, lead_id, is_elsewhere, opened_at, closed_at, sold_by,
			is_won, amount
		FROM deal
		UNION ALL
		SELECT account, created_at, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM lead
		WHERE account IN (SELECT account FROM deal)
	), counted AS
	(
		SELECT *, CASE WHEN account IS NOT NULL THEN sum(leads) OVER (PARTITION BY account ORDER BY at) END AS leads_before
		FROM dated
	)
	SELECT account, deal_id, lead_id, opened_at, closed_at, sold_by, is_won, amount, leads_before, is_elsewhere
	FROM counted
	WHERE leads = 0;
	COMMENT ON VIEW account_deal IS
		'Layer below the views about accounts: every counted deal, once, with the account of its lead, and how many leads that account had before it.';

	CREATE OR REPLACE VIEW account_stage WITH (security_invoker = true) AS
	WITH step AS MATERIALIZED
	(
		SELECT stage_position, stage, row_number() OVER (ORDER BY stage_position) AS number
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	), reached AS
	(
		SELECT lead_id, stage_times(lead_id, stage, entered_at, (SELECT array_agg(stage ORDER BY stage_position) FROM step), (SELECT funnel_within FROM rule),
			(SELECT funnel_policy FROM rule)) AS times
		FROM funnel_event
		GROUP BY lead_id
	), held AS MATERIALIZED
	(
		SELECT lead_id, account, account_channel FROM lead_account WHERE CASE WHEN account IS NOT NULL THEN true ELSE false END
	), found AS
	(
		SELECT r.account, r.account_channel, r.number, min(r.at) AS reached_at, count(*) AS leads
		FROM
		(
			SELECT h.account, h.account_channel, unnest(r.times) AS at, generate_subscripts(r.times, 1) AS number
			FROM reached r
			JOIN held h ON h.lead_id = r.lead_id
		) r
		WHERE r.at IS NOT NULL
		GROUP BY r.account, r.account_channel, r.number
	)
	SELECT f.account, f.account_channel, s.stage_position, s.stage, f.reached_at, f.leads
	FROM found f
	JOIN step s ON s.number = f.number;
	COMMENT ON VIEW account_stage IS
		'Layer below account_funnel: when each account reached each stage, which is when the first of its leads did, as the funnel counts leads.';

	CREATE OR REPLACE VIEW account_outcome WITH (security_invoker = true) AS
	WITH held AS MATERIALIZED
	(
		SELECT * FROM lead_account WHERE CASE WHEN account IS NOT NULL THEN true ELSE false END
	), lead AS
	(
		SELECT account, min(account_created_at) AS created_at, min(account_month) AS month, min(account_channel) AS channel,
			min(observed_until) AS observed_until, count(*) AS leads, max(created_at) AS last_lead_at,
			count(DISTINCT coalesce(channel, '')) AS channels, count(DISTINCT owner) AS owners,
			(array_agg(owner ORDER BY created_at DESC, lead_id) FILTER (WHERE owner IS NOT NULL))[1] AS owner,
			max(stage_position) AS stage_position, min(mql_at) AS mql_at, min(sal_at) AS sal_at, min(sql_at) AS sql_at, min(opportunity_at) AS opportunity_at,
			min(won_at) AS won_at, count(*) FILTER (WHERE won_at IS NULL AND deals_won = 0 AND (lost_at <= observed_until) IS NOT TRUE) AS open_leads,
			count(*) FILTER (WHERE won_at IS NOT NULL OR deals_won > 0) AS won_leads, max(lost_at) AS lost_at, max(last_activity_at) AS last_activity_at
		FROM held
		GROUP BY account
	), deal AS
	(
		-- As account_deal has them, which would judge the leads once more.
		SELECT h.account, count(*) AS deals, count(*) FILTER (WHERE e.entered_at IS NULL) AS open_deals, count(*) FILTER (WHERE e.is_won) AS deals_won,
			sum(e.amount) FILTER (WHERE e.is_won) AS revenue, sum(e.amount) FILTER (WHERE e.entered_at IS NULL) AS open_amount
		FROM lead_event e
		JOIN held h ON h.lead_id = e.lead_id
		WHERE e.kind = 'deal' AND CASE WHEN e.excluded_reason IS NULL THEN true ELSE false END
		GROUP BY h.account
	)
	SELECT l.account, l.created_at, l.month, l.channel, l.leads, l.last_lead_at, l.channels, l.owners, l.owner, l.stage_position, s.stage,
		l.mql_at, l.sal_at, l.sql_at, l.opportunity_at, l.won_at,
		CASE WHEN l.won_leads > 0 THEN 'won' WHEN l.open_leads > 0 THEN 'open' ELSE 'lost' END AS outcome,
		CASE WHEN l.won_leads = 0 AND l.open_leads = 0 THEN l.lost_at END AS lost_at, l.open_leads,
		coalesce(d.deals, 0) AS deals, coalesce(d.open_deals, 0) AS open_deals, d.open_amount, coalesce(d.deals_won, 0) AS deals_won,
		CASE WHEN d.deals_won > 0 THEN d.revenue ELSE 0 END AS revenue, l.last_activity_at, l.observed_until
	FROM lead l
	LEFT JOIN (SELECT DISTINCT ON (account) * FROM deal) d ON d.account = l.account
	LEFT JOIN ladder s ON s.stage_position = l.stage_position
	ORDER BY l.created_at, l.account;
	COMMENT ON VIEW account_outcome IS
		'One row per account: it came with its first lead, is where its furthest lead is, and has each of its deals once.';

	CREATE OR REPLACE VIEW account_funnel_by_grain WITH (security_invoker = true) AS
	WITH stages AS MATERIALIZED
	(
		SELECT array_agg(stage ORDER BY stage_position) AS names, array_agg(stage_position ORDER BY stage_position) AS positions
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	), funnel AS MATERIALIZED
	(
		-- The leads were judged by the rule: what is added are the times at which they passed.
		SELECT account_channel, funnel(account, stage, reached_at, (SELECT names FROM stages), NULL::interval, 'reached') AS f
		FROM account_stage
		GROUP BY account_channel
	), cell AS
	(
		SELECT 'channel' AS grain, account_channel AS channel, f FROM funnel
		UNION ALL
		SELECT 'all', NULL, rollup(f) FROM funnel
	)
	SELECT c.grain, c.channel, l.stage_position, l.stage,
		-- NULL where nobody writes the stage down.
		CASE WHEN l.stage_position = ANY (t.positions) THEN coalesce(p.leads, 0) END AS accounts, p.previous_leads AS previous_accounts,
		coalesce(max(p.entered_leads) OVER (PARTITION BY c.grain, c.channel), 0) AS entered_accounts,
		p.step_rate, p.step_rate_low, p.step_rate_high, p.total_rate, p.total_rate_low, p.total_rate_high, p.median_days, p.p90_days, p.mean_days
	FROM cell c
	CROSS JOIN stages t
	CROSS JOIN ladder l
	LEFT JOIN LATERAL counted_steps(c.f, t.names, t.positions, NULL, (SELECT confidence_level FROM rule)) p ON p.stage_position = l.stage_position;
	COMMENT ON VIEW account_funnel_by_grain IS
		'Layer below account_funnel and account_funnel_by_channel: accounts through the ladder, so always WHERE grain = all or channel.';

	CREATE OR REPLACE VIEW account_funnel WITH (security_invoker = true) AS
	SELECT stage_position, stage, accounts, previous_accounts, entered_accounts, step_rate, step_rate_low, step_rate_high,
		total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days
	FROM account_funnel_by_grain
	WHERE grain = 'all'
	ORDER BY stage_position;
	COMMENT ON VIEW account_funnel IS
		'All accounts through the ladder, one row per stage: an account reached a stage when the first of its leads did. accounts is NULL for a stage that '
		'nobody writes down. Leads without an account are not in it: see account_summary.';

	CREATE OR REPLACE VIEW account_funnel_by_channel WITH (security_invoker = true) AS
	SELECT channel, stage_position, stage, accounts, previous_accounts, entered_accounts, step_rate, step_rate_low, step_rate_high,
		total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days
	FROM account_funnel_by_grain
	WHERE grain = 'channel'
	ORDER BY channel, stage_position;
	COMMENT ON VIEW account_funnel_by_channel IS
		'The funnel of accounts per channel of their first lead, whichever channel brought the lead that moved on; NULL = unknown, a row of its own.';

	CREATE OR REPLACE VIEW account_journey_count WITH (security_invoker = true) AS
	WITH named AS MATERIALIZED
	(
		SELECT lead_id, account, account_created_at, lead_number FROM lead_account WHERE CASE WHEN account IS NOT NULL THEN true ELSE false END
	), held AS MATERIALIZED
	(
		-- A number for each account, which is hashed and compared quicker than its name.
		SELECT n.lead_id, a.number AS account, n.account_created_at
		FROM named n
		-- CASE: half of the leads for the planner, which would expect next to none and go through all deals for each.
		JOIN (SELECT account, row_number() OVER () AS number FROM named WHERE CASE WHEN lead_number = 1 THEN true ELSE false END) a ON a.account = n.account
	), touched AS MATERIALIZED
	(
		-- A mail to five people of an account is one touch. An empty name stands for an unknown channel, as in journey_count.
		SELECT DISTINCT h.account, coalesce(e.channel, '') AS channel, e.touched_at
		FROM journey_event e
		-- Distinct, so that the planner knows that each has one.
		JOIN (SELECT DISTINCT ON (lead_id) lead_id, account FROM held) h ON h.lead_id = e.lead_id
		WHERE e.touched_at IS NOT NULL
	), deal AS MATERIALIZED
	(
		-- As account_deal has them, which would judge the leads once more.
		SELECT h.account, h.account_created_at, e.deal_id, e.opened_at, e.entered_at AS closed_at, e.sold_by, e.amount
		FROM lead_event e
		JOIN held h ON h.lead_id = e.lead_id
		WHERE e.kind = 'deal' AND CASE WHEN e.excluded_reason IS NULL THEN true ELSE false END AND e.is_won
	), late AS
	(
		-- The last touch of a day that a deal was won on, without an hour: it came before the sale, whichever lead it was of.
		SELECT d.account, d.sold_by, max(t.touched_at) AS last_at
		FROM (SELECT DISTINCT account, closed_at, sold_by FROM deal WHERE sold_by > closed_at) d
		JOIN touched t ON t.account = d.account AND t.touched_at > d.closed_at AND t.touched_at <= d.sold_by
		GROUP BY d.account, d.sold_by
	), won AS MATERIALIZED
	(
		SELECT account, account_created_at, opened_at, closed_at,
			row_number() OVER (PARTITION BY account, closed_at ORDER BY deal_id, opened_at, amount) AS number,
			sum(amount) OVER (PARTITION BY account, closed_at) AS revenue
		FROM
		(
			SELECT d.account, d.account_created_at, d.deal_id, d.opened_at, d.amount, greatest(d.closed_at, l.last_at) AS closed_at
			FROM deal d
			LEFT JOIN late l ON l.account = d.account AND l.sold_by = d.sold_by
		) d
	), won_account AS MATERIALIZED
	(
		SELECT account, max(account_created_at) AS account_created_at, array_agg(opened_at) AS opened FROM won GROUP BY account
	), marked AS
	(
		-- Few accounts win a deal: of the touches of the others nobody needs the order.
		SELECT account, channel, touched_at, touched_at <= account_created_at AND (next_at > account_created_at OR next_at IS NULL) AS made_lead,
			EXISTS (SELECT FROM unnest(opened) opened_at WHERE touched_at <= opened_at AND (next_at > opened_at OR next_at IS NULL)) AS made_opportunity
		FROM
		(
			SELECT t.*, w.account_created_at, w.opened, lead(t.touched_at) OVER (PARTITION BY t.account ORDER BY t.touched_at, t.channel COLLATE "C")
				AS next_at
			FROM touched t
			JOIN won_account w ON w.account = t.account
		) t
	), event AS
	(
		SELECT account, channel, touched_at, NULL::timestamptz AS converted_at, NULL::float8 AS value, NULL::float8 AS refund, NULL AS milestone
		FROM touched
		WHERE account NOT IN (SELECT account FROM won_account)
		UNION ALL
		SELECT account, channel, touched_at, NULL, NULL, NULL,
			CASE WHEN made_lead AND made_opportunity THEN 'lead and opportunity' WHEN made_lead THEN 'lead' WHEN made_opportunity THEN 'opportunity' END
		FROM marked
		UNION ALL
		-- journeys() takes equal conversions of an instant for one that a join repeats: deals are told apart by a trifle.
		SELECT account, NULL, NULL, closed_at, CASE number WHEN 1 THEN least(greatest(coalesce(revenue, 0), 0), 9.9e25) ELSE (number - 1) * 1e-12 END::float8,
			CASE number WHEN 1 THEN least(greatest(-coalesce(revenue, 0), 0), 9.9e25) ELSE (number - 1) * 1e-12 END::float8, NULL
		FROM won
	)
	SELECT count(*) AS events,
		journeys(account, channel, touched_at, converted_at, value, (SELECT attribution_lookback FROM rule), (SELECT attribution_half_life FROM rule),
			milestone)::text AS channel_won,
		journeys(account, channel, touched_at, converted_at, refund, (SELECT attribution_lookback FROM rule), (SELECT attribution_half_life FROM rule),
			milestone) FILTER (WHERE (SELECT EXISTS (SELECT FROM deal WHERE amount < 0)))::text AS channel_refunded
	FROM event
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	HAVING count(*) > 0;
	COMMENT ON VIEW account_journey_count IS
		'Layer below account_attribution and account_journeys, in one row: the journeys of all accounts, as text that lead_kpi.journeys reads. No row where '
		'no lead of an account was touched or won.';

	CREATE OR REPLACE VIEW account_attribution WITH (security_invoker = true) AS
	WITH built AS MATERIALIZED
	(
		SELECT channel_won::journeys AS won, channel_refunded::journeys AS refunded FROM account_journey_count
	), credit AS
	(
		SELECT a.model_position, a.model, nullif(a.channel, '') AS channel, a.channel IS NULL AS is_unattributed, a.conversions,
			trim_scale(round(a.revenue::numeric, 10)) AS revenue
		FROM built j
		CROSS JOIN LATERAL attribution_by_model(j.won, j.refunded) a
	)
	SELECT model_position, model, model = (SELECT attribution_model FROM rule) AS is_default, channel, is_unattributed, conversions, revenue,
		conversions / nullif(sum(conversions) OVER all_of_model, 0) AS share
	FROM credit
	-- In an order, that the last digit does not depend on the plan.
	WINDOW all_of_model AS (PARTITION BY model ORDER BY conversions ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	ORDER BY model_position, is_unattributed, channel;
	COMMENT ON VIEW account_attribution IS
		'The view attribution over accounts: the touches of all leads of an account are credited with its won deals, each deal once. Per model conversions '
		'sum to the won deals of accounts, and revenue to theirs. Read one model, or compare models: never sum over them.';

	CREATE OR REPLACE VIEW account_journeys WITH (security_invoker = true) AS
	WITH built AS MATERIALIZED
	(
		SELECT channel_won::journeys AS won, channel_refunded::journeys AS refunded FROM account_journey_count
	), part AS
	(
		SELECT p.path, p.conversions, p.value, p.nulls FROM built, paths(won) p
		UNION ALL
		SELECT p.path, 0, -p.value, 0 FROM built, paths(refunded) p
	), summed AS
	(
		SELECT path, sum(conversions)::bigint AS conversions, sum(value) AS value, sum(nulls)::bigint AS nulls
		FROM part
		GROUP BY path
	), rated AS
	(
		SELECT nullif(array_to_string(array_replace(path, '', '(unknown)'), ' > '), '') AS path, cardinality(path) AS touches, conversions,
			trim_scale(round(value::numeric, 10)) AS revenue, nulls,
			CASE WHEN cardinality(path) > 0 THEN rate(conversions, conversions + nulls) END AS conversion
		FROM summed
	)
	SELECT path, touches, conversions, revenue, nulls, conversion::float8 AS conversion_rate,
		low(conversion, (SELECT confidence_level FROM rule)) AS conversion_rate_low,
		high(conversion, (SELECT confidence_level FROM rule)) AS conversion_rate_high
	FROM rated
	ORDER BY conversions DESC, revenue DESC, nulls DESC, path;
	COMMENT ON VIEW account_journeys IS
		'The paths that accounts take, touches of all their leads in order, one row per path, the ones that won most deals first. An account has a journey '
		'per won deal, which owns the touches since the deal before, and one more when touches follow the last deal or there is none.';

	CREATE OR REPLACE VIEW account_engagement WITH (security_invoker = true) AS
	WITH span AS MATERIALIZED
	(
		SELECT observed_until AS until, observed_until - interval '720 hours' AS since, observed_until - interval '1440 hours' AS before FROM observation
	), held AS MATERIALIZED
	(
		SELECT lead_id, created_at, owner, account, stage_position FROM lead_account WHERE CASE WHEN account IS NOT NULL THEN true ELSE false END
	), happened AS MATERIALIZED
	(
		-- Touches as journey_event has them; all only where they are late enough.
		SELECT 'touch' AS what, r.lead_id, t.touched_at AS at
		FROM touch t
		JOIN lead_record r ON r.record_id = t.lead_id
		WHERE t.touched_at > (SELECT before FROM span) AND t.touched_at <= (SELECT until FROM span) AND t.touched_at < (SELECT far_after FROM data_span)
			AND (SELECT NOT mart_sets_aside('touch'::regclass))
		UNION ALL
		SELECT 'activity', lead_id, activity_at
		FROM lead_activity
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END AND activity_at > (SELECT before FROM span) AND activity_at <= (SELECT until FROM span)
	), event AS
	(
		SELECT 'lead' AS what, account, created_at AS at FROM held
		UNION ALL
		SELECT e.what, h.account, e.at FROM happened e JOIN held h ON h.lead_id = e.lead_id
		UNION ALL
		SELECT 'stage', account, reached_at FROM account_stage WHERE stage_position > 1
	), counted AS
	(
		SELECT e.account,
			count(*) FILTER (WHERE e.what = 'lead' AND e.at > s.since) AS leads, count(*) FILTER (WHERE e.what = 'lead' AND e.at <= s.since) AS leads_before,
			count(*) FILTER (WHERE e.what = 'touch' AND e.at > s.since) AS touches,
			count(*) FILTER (WHERE e.what = 'touch' AND e.at <= s.since) AS touches_before,
			count(*) FILTER (WHERE e.what = 'activity' AND e.at > s.since) AS activities,
			count(*) FILTER (WHERE e.what = 'activity' AND e.at <= s.since) AS activities_before,
			count(*) FILTER (WHERE e.what = 'stage' AND e.at > s.since) AS stages, max(e.at) AS last_at
		FROM event e
		JOIN span s ON e.at > s.before AND e.at <= s.until
		GROUP BY e.account
	), worked AS
	(
		SELECT account, (array_agg(owner ORDER BY created_at DESC, lead_id) FILTER (WHERE owner IS NOT NULL))[1] AS owner,
			max(stage_position) AS stage_position
		FROM held
		WHERE account IN (SELECT account FROM counted)
		GROUP BY account
	)
	SELECT c.account, w.owner, c.leads, c.leads_before, c.touches, c.touches_before, c.activities, c.activities_before, c.stages, w.stage_position, l.stage,
		c.last_at
	FROM counted c
	JOIN worked w ON w.account = c.account
	LEFT JOIN ladder l ON l.stage_position = w.stage_position
	ORDER BY c.stages DESC, c.leads + c.touches + c.activities - c.leads_before - c.touches_before - c.activities_before DESC, c.last_at DESC, c.account;
	COMMENT ON VIEW account_engagement IS
		'Which accounts are moving: what happened to their leads in the last 30 days of 24 hours before observed_until, beside the 30 days before. One row per '
		'account with something in either, those that reached a further stage first. One account has little: a list of whom to call, no proof of a change.';

	CREATE OR REPLACE VIEW new_and_known_accounts WITH (security_invoker = true) AS
	WITH lead AS MATERIALIZED
	(
		SELECT month, channel, CASE WHEN account IS NULL THEN 'none' WHEN lead_number = 1 THEN 'new' ELSE 'known' END AS account_kind,
			created_at, opportunity_at, won_at, lost_at, deals_won, revenue, observed_until
		FROM lead_account
	), cell AS MATERIALIZED
	(
		-- Every lead once: the grains add these up. One key, because the planner takes three for as many groups as leads.
		SELECT '2000-01-01'::date + key[1]::integer AS month, key[2] AS channel, key[3] AS account_kind, count(*) AS leads,
			count(opportunity_at) AS opportunities, count(won_at) AS won, sum(deals_won) AS deals_won, sum(revenue) FILTER (WHERE deals_won > 0) AS revenue,
			conversion_curve(created_at, won_at, lost_at, observed_until, interval '0') AS curve
		FROM (SELECT *, ARRAY[(month - '2000-01-01')::text, channel, account_kind] AS key FROM lead OFFSET 0) l
		GROUP BY key
	), counted AS
	(
		SELECT CASE WHEN GROUPING(month) = 1 AND GROUPING(channel) = 1 THEN 'all' WHEN GROUPING(month) = 1 THEN 'channel'
				WHEN GROUPING(channel) = 1 THEN 'month' ELSE 'month and channel' END AS grain,
			month, channel, account_kind, sum(leads)::bigint AS leads, sum(opportunities)::bigint AS opportunities, sum(won)::bigint AS won,
			sum(deals_won)::bigint AS deals_won, CASE WHEN sum(deals_won) > 0 THEN sum(revenue) ELSE 0 END AS revenue, rollup(curve) AS curve
		FROM cell
		GROUP BY GROUPING SETS ((account_kind), (month, account_kind), (channel, account_kind), (month, channel, account_kind))
	), rated AS
	(
		SELECT c.*, CASE WHEN c.account_kind <> 'none'
				THEN rate(c.leads, (sum(c.leads) FILTER (WHERE c.account_kind <> 'none') OVER (PARTITION BY c.grain, c.month, c.channel))::bigint) END AS part,
			r.confidence_level, r.score_horizon,
			EXISTS (SELECT FROM ladder WHERE role = 'opportunity') AS has_opportunity, EXISTS (SELECT FROM ladder WHERE role = 'won') AS has_won
		FROM counted c
		CROSS JOIN (SELECT confidence_level, score_horizon FROM rule LIMIT 1) r
	)
	SELECT grain, month, channel, account_kind, leads, part::float8 AS share,
		low(part, confidence_level) AS share_low, high(part, confidence_level) AS share_high,
		CASE WHEN has_opportunity THEN opportunities END AS opportunities, CASE WHEN has_won THEN won END AS won,
		(extract(epoch FROM score_horizon) / 86400)::float8 AS horizon_days,
		CASE WHEN has_won THEN converted_within(curve, score_horizon) END AS conversion,
		CASE WHEN has_won THEN low(curve, score_horizon, confidence_level) END AS conversion_low,
		CASE WHEN has_won THEN high(curve, score_horizon, confidence_level) END AS conversion_high, deals_won, revenue
	FROM rated
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY array_position('{all,channel,month,month and channel}', grain), month, channel, array_position('{new,known,none}', account_kind);
	COMMENT ON VIEW new_and_known_accounts IS
		'Leads of new accounts (the first of each) and of accounts that were known (each later one), and leads without an account, per month of the lead '
		'and channel. Conversion takes into account that leads of known accounts are younger. Read one grain.';

	CREATE OR REPLACE VIEW account_summary WITH (security_invoker = true) AS
	WITH held AS MATERIALIZED
	(
		SELECT account_key, account, named_by, won_at IS NOT NULL OR deals_won > 0 AS is_won,
			won_at IS NULL AND deals_won = 0 AND (lost_at <= observed_until) IS NOT TRUE AS is_open
		FROM lead_account
	), lead AS
	(
		SELECT max(account_key) AS account_key, count(*) AS leads, count(account) AS leads_with_account, count(*) - count(account) AS leads_without_account,
			count(account) FILTER (WHERE is_won) AS won_with_account, count(*) FILTER (WHERE is_won AND account IS NULL) AS won_without_account,
			count(*) FILTER (WHERE named_by = 'deal') AS leads_named_by_deal, count(*) FILTER (WHERE named_by = 'deal, not lead') AS leads_moved_by_deal
		FROM held
	), account AS
	(
		SELECT count(*) AS accounts, count(*) FILTER (WHERE is_open AND NOT is_won) AS accounts_open, count(*) FILTER (WHERE is_won) AS accounts_won,
			count(*) FILTER (WHERE NOT is_open AND NOT is_won) AS accounts_lost, count(*) FILTER (WHERE leads = 1) AS accounts_with_1_lead,
			count(*) FILTER (WHERE leads = 2) AS accounts_with_2_leads, count(*) FILTER (WHERE leads BETWEEN 3 AND 5) AS accounts_with_3_to_5_leads,
			count(*) FILTER (WHERE leads > 5) AS accounts_with_more_leads, max(leads) AS most_leads
		FROM (SELECT count(*) AS leads, bool_or(is_won) AS is_won, bool_or(is_open) AS is_open FROM held WHERE account IS NOT NULL GROUP BY account) a
	), deal AS
	(
		SELECT count(account) AS deals, count(account) FILTER (WHERE is_won) AS deals_won,
			count(*) FILTER (WHERE is_won AND account IS NULL) AS deals_won_without_account,
			sum(amount) FILTER (WHERE is_won AND account IS NOT NULL) AS revenue,
			sum(amount) FILTER (WHERE is_won AND account IS NULL) AS revenue_without_account,
			count(*) FILTER (WHERE is_elsewhere) AS deals_elsewhere, sum(amount) FILTER (WHERE is_won AND is_elsewhere) AS revenue_elsewhere,
			count(*) FILTER (WHERE leads_before > 1) AS deals_of_several_leads,
			count(*) FILTER (WHERE is_won AND leads_before > 1) AS deals_won_of_several_leads,
			sum(amount) FILTER (WHERE is_won AND leads_before > 1) AS revenue_of_several_leads
		FROM account_deal
	)
	SELECT coalesce(l.account_key, r.account_key) AS account_key, l.leads, l.leads_with_account, l.leads_without_account, l.won_with_account,
		l.won_without_account,
		CASE WHEN l.leads_with_account > 0 AND l.leads_without_account > 0 THEN
			(compare(rate(l.won_with_account, l.leads_with_account), rate(l.won_without_account, l.leads_without_account))).p_value END AS naming_p_value,
		l.leads_named_by_deal, l.leads_moved_by_deal, a.accounts, a.accounts_open, a.accounts_won, a.accounts_lost,
		a.accounts_with_1_lead, a.accounts_with_2_leads, a.accounts_with_3_to_5_leads, a.accounts_with_more_leads, coalesce(a.most_leads, 0) AS most_leads,
		l.leads_with_account::float8 / nullif(a.accounts, 0) AS leads_per_account,
		d.deals, d.deals_won, CASE WHEN d.deals_won > 0 THEN d.revenue ELSE 0 END AS revenue, d.deals_won_without_account,
		CASE WHEN d.deals_won_without_account > 0 THEN d.revenue_without_account ELSE 0 END AS revenue_without_account, d.deals_elsewhere,
		coalesce(d.revenue_elsewhere, 0) AS revenue_elsewhere, d.deals_of_several_leads, d.deals_won_of_several_leads,
		s.part::float8 AS share, low(s.part, r.confidence_level) AS share_low, high(s.part, r.confidence_level) AS share_high,
		CASE WHEN d.deals_won_of_several_leads > 0 THEN d.revenue_of_several_leads ELSE 0 END AS revenue_of_several_leads
	FROM lead l
	CROSS JOIN account a
	CROSS JOIN deal d
	CROSS JOIN (SELECT account_key, confidence_level FROM rule LIMIT 1) r
	CROSS JOIN LATERAL (SELECT CASE WHEN d.deals_won > 0 THEN rate(d.deals_won_of_several_leads, d.deals_won) END AS part) s
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND (SELECT NOT mart_sets_aside('deal'::regclass));
	COMMENT ON VIEW account_summary IS
		'Accounts in one row: by what they are told apart, how many leads have one, leads per account, and deals of accounts that had several leads before.';
END;
$$;
COMMENT ON FUNCTION mart_account_views(name) IS
'Internal to create_mart: makes the views of what happens per account: the company that the leads belong to in the mart.';
