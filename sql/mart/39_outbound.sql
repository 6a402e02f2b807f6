-- From the prospect over attempts, contacts and meetings to the sale.

CREATE FUNCTION meetings_of(meanings text[], times timestamptz[], scheduled timestamptz[], owners text[])
RETURNS TABLE (meeting integer, booked_at timestamptz, scheduled_for timestamptz, moves integer, ended_at timestamptz, ending text, owner text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bookings timestamptz[];
	planned timestamptz[];
	moved integer[];
	ends timestamptz[];
	endings text[];
	bookers text[];
	known integer := 0;
	place integer;
	best integer;
	nearest float8;
	rank integer;
	away float8;
	written timestamptz;
	due timestamptz;
	what text;
BEGIN
	FOR i IN 1 .. cardinality(meanings) LOOP
		what := meanings[i];
		written := times[i];
		due := scheduled[i];
		place := NULL;
		best := NULL;
		-- Which of the meetings so far it is about; of very many the last hundred.
		FOR j IN REVERSE known .. greatest(known - 99, 1) LOOP
			rank := CASE
				WHEN endings[j] IS NULL THEN
					CASE
						WHEN planned[j] = due THEN 0
						WHEN what = 'meeting_booked' THEN
							-- Who does not say when books none beside one that is still to come.
							CASE WHEN planned[j] IS NULL OR due IS NULL AND planned[j] > written THEN 2 END
						WHEN planned[j] IS NULL THEN 4
						-- What is held was due last, what is moved or cancelled is to come.
						WHEN planned[j] <= written + interval '1 hour' THEN CASE WHEN what IN ('meeting_held', 'no_show') THEN 2 ELSE 3 END
						ELSE CASE WHEN what IN ('meeting_held', 'no_show') THEN 5 ELSE 2 END
					END
				WHEN what IN ('meeting_booked', 'moved') THEN NULL
				-- The last word about a meeting holds.
				WHEN planned[j] = due THEN 1
				WHEN ends[j] = written AND due IS NULL THEN 6
			END;
			away := CASE WHEN planned[j] IS NULL THEN 0 ELSE abs(extract(epoch FROM planned[j])::float8 - extract(epoch FROM written)::float8) END;
			IF rank < best OR rank = best AND away < nearest OR best IS NULL AND rank IS NOT NULL THEN
				place := j;
				best := rank;
				nearest := away;
			END IF;
		END LOOP;
		IF place IS NULL THEN
			-- What is moved after a meeting that ended is booked anew.
			what := CASE WHEN what = 'moved' AND known > 0 THEN 'meeting_booked' ELSE what END;
			known := known + 1;
			place := known;
			bookings[place] := CASE WHEN what = 'meeting_booked' THEN written END;
			planned[place] := due;
			moved[place] := 0;
			ends[place] := NULL;
			endings[place] := NULL;
			bookers[place] := owners[i];
		END IF;
		bookers[place] := coalesce(bookers[place], owners[i]);
		IF what = 'moved' THEN
			IF best > 0 OR best IS NULL THEN
				moved[place] := moved[place] + 1;
			END IF;
			planned[place] := due;
		ELSE
			planned[place] := coalesce(due, planned[place]);
			IF what <> 'meeting_booked' THEN
				ends[place] := written;
				endings[place] := what;
			END IF;
		END IF;
	END LOOP;
	RETURN QUERY
	SELECT u.n::integer, u.b, u.p, u.m, u.e, u.w, u.o
	FROM unnest(bookings, planned, moved, ends, endings, bookers) WITH ORDINALITY AS u(b, p, m, e, w, o, n);
END;
$$;
COMMENT ON FUNCTION meetings_of(text[], timestamptz[], timestamptz[], text[]) IS
'Internal to the view lead_meeting: the meetings of a lead, from what was written about them in the order of time (activity_meaning.meaning). A meeting that '
'was moved is one. ending is meeting_held, no_show or cancelled; NULL = nothing says what became of it.';

CREATE FUNCTION clustered_rate(hits bigint, trials bigint, clusters bigint, hits_squared numeric, trials_squared numeric, products numeric, level float8,
	OUT rate float8, OUT low float8, OUT high float8)
RETURNS record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH known AS
	(
		-- z squared, as the bounds of one hit in one trial have it. By nullif, also where WHERE or CASE rules a 0 out: a server that knows the
		-- arguments when it plans (PostgreSQL 18) divides before it looks.
		SELECT hits::float8 / nullif(trials, 0) AS p, trials::float8 AS t, 1 / low(rate(1, 1), level) - 1 AS zz,
			clusters >= 10 AND hits > 0 AND hits < trials AS is_measured
		WHERE trials > 0 AND hits BETWEEN 0 AND trials AND clusters > 0
	), spread AS
	(
		SELECT k.*,
			CASE
				-- What few clusters, or none that differs, cannot tell: as if a cluster was one trial.
				WHEN NOT k.is_measured THEN greatest(k.t / nullif(clusters, 0), 1)
				ELSE greatest((clusters::float8 / nullif(clusters - 1, 0)
					* (hits_squared::float8 - 2 * k.p * products::float8 + k.p * k.p * trials_squared::float8))
					/ nullif(k.t * k.p * (1 - k.p), 0), 1)
			END AS widening,
			-- Student's quantile for the normal one (Cornish and Fisher), by how many clusters of one size would have as many hits, or misses.
			CASE WHEN NOT k.is_measured THEN k.zz ELSE k.zz * (1 + (k.zz + 1) / (4 * greatest(least(clusters - 1,
				(k.t * k.p) ^ 2 / nullif(hits_squared, 0)::float8,
				(k.t - k.t * k.p) ^ 2 / nullif(trials_squared - 2 * products + hits_squared, 0)::float8), 2))) ^ 2 END AS tt
		FROM known k
	), effective AS
	(
		SELECT s.p, s.tt / 2 AS half, s.t / nullif(s.widening, 0) AS n FROM spread s
	)
	SELECT e.p,
		CASE WHEN hits = 0 THEN 0 ELSE greatest((e.p + e.half / e.n - e.reach) / (1 + 2 * e.half / e.n), 0) END,
		CASE WHEN hits = trials THEN 1 ELSE least((e.p + e.half / e.n + e.reach) / (1 + 2 * e.half / e.n), 1) END
	FROM (SELECT p, half, nullif(n, 0) AS n, sqrt(2 * half * (p * (1 - p) / nullif(n, 0) + half / nullif(2 * n * n, 0))) AS reach FROM effective) e;
END;
COMMENT ON FUNCTION clustered_rate(bigint, bigint, bigint, numeric, numeric, numeric, float8) IS
'A rate of trials that come in clusters, such as calls to the same prospect, with its interval: Wilson''s for as many independent trials as tell as much, by '
'the spread of hits - rate * trials between the clusters (ratio estimator, never narrower than without clusters). Sums over the clusters: hits, trials, '
'clusters with trials, hits squared, trials squared, hits * trials. NULL without trials, and where hits exceed trials.';

CREATE FUNCTION mart_outbound_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_meeting WITH (security_invoker = true) AS
	WITH told AS
	(
		-- What was done before there was a lead is not of it. A time ten years off is a typing error.
		SELECT lead_id, created_at, channel, campaign, month, activity_at, meaning, owner,
			CASE WHEN abs(extract(epoch FROM scheduled_for)::float8 - extract(epoch FROM activity_at)::float8) <= 3650 * 86400.0 THEN scheduled_for END
				AS scheduled_for,
			min(activity_at) FILTER (WHERE meaning = 'meeting_booked') OVER (PARTITION BY lead_id) AS first_booked_at
		FROM lead_activity
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END AND activity_at >= created_at
			AND meaning IN ('meeting_booked', 'moved', 'cancelled', 'meeting_held', 'no_show') AND activity_at <= (SELECT observed_until FROM observation)
	), ordered AS
	(
		-- Days have no hour: a meeting is moved before another is booked, and both before one ends, but the first is booked before all.
		SELECT *,
			CASE meaning
				WHEN 'moved' THEN CASE WHEN activity_at > first_booked_at THEN 1 ELSE 3 END
				WHEN 'meeting_booked' THEN 2
				WHEN 'cancelled' THEN 4
				WHEN 'no_show' THEN 5
				ELSE 6
			END AS turn
		FROM told
	), listed AS
	(
		SELECT lead_id, created_at, channel, campaign, month,
			array_agg(meaning ORDER BY activity_at, turn, scheduled_for, owner) AS meanings,
			array_agg(activity_at ORDER BY activity_at, turn, scheduled_for, owner) AS times,
			array_agg(scheduled_for ORDER BY activity_at, turn, scheduled_for, owner) AS scheduled,
			array_agg(owner ORDER BY activity_at, turn, scheduled_for, owner) AS owners
		FROM ordered
		GROUP BY lead_id, created_at, channel, campaign, month
	), judged AS
	(
		SELECT l.lead_id, l.created_at, l.channel, l.campaign, l.month, m.*,
			CASE
				WHEN m.ending = 'cancelled' THEN 'cancelled'
				-- Whatever was written: what is to come is neither held nor a no-show.
				WHEN m.scheduled_for > o.observed_until THEN 'upcoming'
				WHEN m.ending = 'meeting_held' THEN 'held'
				WHEN m.ending = 'no_show' THEN 'no_show'
				ELSE 'untold'
			END AS status,
			coalesce(m.scheduled_for, m.ended_at, m.booked_at) AS due_at
		FROM listed l
		CROSS JOIN observation o
		CROSS JOIN LATERAL meetings_of(l.meanings, l.times, l.scheduled, l.owners) m
	)
	SELECT lead_id, meeting, booked_at, scheduled_for, moves, CASE WHEN status IN ('held', 'no_show', 'cancelled') THEN ended_at END AS ended_at, status, owner,
		created_at, channel, campaign, month, due_at,
		date_trunc('month', timezone((SELECT time_zone FROM rule), due_at))::date AS due_month
	FROM judged
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW lead_meeting IS
		'Every meeting of a counted lead, with what became of it by observed_until: held, no_show, cancelled, upcoming or untold. A meeting that was moved is '
		'one; one that nobody wrote down before it was held is one too.';

	CREATE OR REPLACE VIEW outbound_count WITH (security_invoker = true) AS
	WITH met AS
	(
		SELECT lead_id, count(*) AS meetings, count(*) FILTER (WHERE status = 'held') AS held, count(*) FILTER (WHERE status = 'no_show') AS no_show,
			count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(*) FILTER (WHERE status = 'upcoming') AS upcoming,
			count(*) FILTER (WHERE status = 'untold') AS untold, count(*) FILTER (WHERE moves > 0) AS moved
		FROM lead_meeting
		GROUP BY lead_id
	), prospect AS
	(
		SELECT w.month, w.channel, w.campaign, w.owner, w.attempts AS a, w.contacts AS c, coalesce(m.meetings, 0) AS m, coalesce(m.held, 0) AS h,
			coalesce(m.held + m.no_show, 0) AS d, coalesce(m.no_show, 0) AS no_show, coalesce(m.cancelled, 0) AS cancelled,
			coalesce(m.upcoming, 0) AS upcoming, coalesce(m.untold, 0) AS untold, coalesce(m.moved, 0) AS moved,
			(w.opportunity_at IS NOT NULL)::integer AS o, (w.won_at IS NOT NULL)::integer AS w, w.deals_won, w.revenue
		FROM lead_work w
		LEFT JOIN met m ON m.lead_id = w.lead_id
	), part AS
	(
		SELECT month, channel, campaign, owner, count(*) AS prospects, count(*) FILTER (WHERE a > 0) AS tried, count(*) FILTER (WHERE c > 0) AS reached,
			sum(a) AS attempts, sum(c) AS contacts, count(*) FILTER (WHERE m > 0) AS booked_prospects, sum(m) AS meetings, sum(moved) AS moved,
			sum(h) AS held, sum(no_show) AS no_show, sum(cancelled) AS cancelled, sum(upcoming) AS upcoming, sum(untold) AS untold,
			count(*) FILTER (WHERE d > 0) AS due_prospects, count(*) FILTER (WHERE h > 0) AS held_prospects, sum(o) AS opportunities, sum(w) AS won,
			count(*) FILTER (WHERE h > 0 AND o > 0) AS held_opportunities, count(*) FILTER (WHERE h > 0 AND w > 0) AS held_won, sum(deals_won) AS deals_won,
			sum(revenue) FILTER (WHERE deals_won > 0) AS revenue, sum(a * a) AS attempts_squared, sum(c * c) AS contacts_squared,
			sum(m * m) AS meetings_squared, sum(h * h) AS held_squared, sum(d * d) AS due_squared, sum(a * c) AS attempts_contacts,
			sum(a * m) AS attempts_meetings, sum(a * h) AS attempts_held, sum(a * o) AS attempts_opportunities, sum(a * w) AS attempts_won,
			sum(c * m) AS contacts_meetings, sum(d * h) AS due_held, NULL::numeric AS spend
		FROM prospect
		GROUP BY month, channel, campaign, owner
		UNION ALL
		-- Spend has no owner.
		SELECT month, channel, campaign, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, amount
		FROM allocated_spend
	)
	SELECT p.month, p.channel, p.campaign, p.owner,
		-- Of the channels whose family says so; where none does, of those in which anybody was tried or met.
		coalesce(CASE WHEN EXISTS (SELECT FROM channel_family WHERE lower(trim_blanks(family)) = 'outbound')
			THEN bool_or(lower(trim_blanks(f.family)) = 'outbound')
			ELSE bool_or(sum(p.tried + p.meetings) > 0) OVER (PARTITION BY p.channel) END, false) AS is_outbound,
		sum(p.prospects)::bigint AS prospects, sum(p.tried)::bigint AS tried, sum(p.reached)::bigint AS reached, sum(p.attempts)::bigint AS attempts,
		sum(p.contacts)::bigint AS contacts, sum(p.booked_prospects)::bigint AS booked_prospects, sum(p.meetings)::bigint AS meetings,
		sum(p.moved)::bigint AS moved, sum(p.held)::bigint AS held, sum(p.no_show)::bigint AS no_show, sum(p.cancelled)::bigint AS cancelled,
		sum(p.upcoming)::bigint AS upcoming, sum(p.untold)::bigint AS untold, sum(p.due_prospects)::bigint AS due_prospects,
		sum(p.held_prospects)::bigint AS held_prospects,
		CASE WHEN 'opportunity' = ANY (l.roles) THEN sum(p.opportunities)::bigint END AS opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN sum(p.won)::bigint END AS won,
		CASE WHEN 'opportunity' = ANY (l.roles) THEN sum(p.held_opportunities)::bigint END AS held_opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN sum(p.held_won)::bigint END AS held_won, sum(p.deals_won)::bigint AS deals_won, sum(p.revenue) AS revenue,
		sum(p.attempts_squared) AS attempts_squared, sum(p.contacts_squared) AS contacts_squared, sum(p.meetings_squared) AS meetings_squared,
		sum(p.held_squared) AS held_squared, sum(p.due_squared) AS due_squared, sum(p.attempts_contacts) AS attempts_contacts,
		sum(p.attempts_meetings) AS attempts_meetings, sum(p.attempts_held) AS attempts_held, sum(p.attempts_opportunities) AS attempts_opportunities,
		sum(p.attempts_won) AS attempts_won, sum(p.contacts_meetings) AS contacts_meetings, sum(p.due_held) AS due_held, sum(p.spend) AS spend
	FROM part p
	CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) l
	LEFT JOIN channel_family f ON f.channel = p.channel
	WHERE (SELECT NOT mart_sets_aside('activity'::regclass))
	GROUP BY p.month, p.channel, p.campaign, p.owner, l.roles;
	COMMENT ON VIEW outbound_count IS
		'Layer below the outbound chain: per month of the lead, channel, campaign and owner, how many prospects were tried and reached, what meetings came of '
		'it and what became of them, what was sold, what was spent, and the squares and products over prospects that intervals rest on. Adds up.';

	CREATE OR REPLACE VIEW meeting_count WITH (security_invoker = true) AS
	SELECT m.due_month, m.owner, m.channel, m.campaign,
		-- As in outbound_count: where no family says so, who was met is outbound.
		CASE WHEN EXISTS (SELECT FROM channel_family WHERE lower(trim_blanks(family)) = 'outbound')
			THEN coalesce(bool_or(lower(trim_blanks(f.family)) = 'outbound'), false) ELSE true END AS is_outbound,
		count(*) AS meetings, count(*) FILTER (WHERE m.status = 'held') AS held, count(*) FILTER (WHERE m.status = 'no_show') AS no_show,
		count(*) FILTER (WHERE m.status = 'cancelled') AS cancelled, count(*) FILTER (WHERE m.status = 'upcoming') AS upcoming,
		count(*) FILTER (WHERE m.status = 'untold') AS untold, count(*) FILTER (WHERE m.moves > 0) AS moved
	FROM lead_meeting m
	LEFT JOIN channel_family f ON f.channel = m.channel
	GROUP BY m.due_month, m.owner, m.channel, m.campaign;
	COMMENT ON VIEW meeting_count IS
		'Layer below the views about meetings: per month in which they were or are due, who booked them, channel and campaign, how many there are and what '
		'became of them. Adds up.';

	CREATE OR REPLACE VIEW outbound_cell WITH (security_invoker = true) AS
	SELECT CASE WHEN GROUPING(owner) = 0 THEN 'owner' WHEN GROUPING(campaign) = 0 THEN 'campaign' WHEN GROUPING(channel) = 0 THEN 'channel'
			WHEN GROUPING(month) = 0 THEN 'month' ELSE 'all' END AS grain,
		month, channel, campaign, owner, is_outbound,
		sum(prospects)::bigint AS prospects, sum(tried)::bigint AS tried, sum(reached)::bigint AS reached, sum(attempts)::bigint AS attempts,
		sum(contacts)::bigint AS contacts, sum(booked_prospects)::bigint AS booked_prospects, sum(meetings)::bigint AS meetings, sum(moved)::bigint AS moved,
		sum(held)::bigint AS held, sum(no_show)::bigint AS no_show, sum(cancelled)::bigint AS cancelled, sum(upcoming)::bigint AS upcoming,
		sum(untold)::bigint AS untold, sum(due_prospects)::bigint AS due_prospects, sum(held_prospects)::bigint AS held_prospects,
		sum(opportunities)::bigint AS opportunities, sum(won)::bigint AS won, sum(held_opportunities)::bigint AS held_opportunities,
		sum(held_won)::bigint AS held_won, sum(deals_won)::bigint AS deals_won,
		CASE WHEN sum(deals_won) > 0 THEN sum(revenue) WHEN sum(won) = 0 THEN 0 END AS revenue,
		sum(attempts_squared) AS attempts_squared, sum(contacts_squared) AS contacts_squared, sum(meetings_squared) AS meetings_squared,
		sum(held_squared) AS held_squared, sum(due_squared) AS due_squared, sum(attempts_contacts) AS attempts_contacts,
		sum(attempts_meetings) AS attempts_meetings, sum(attempts_held) AS attempts_held, sum(attempts_opportunities) AS attempts_opportunities,
		sum(attempts_won) AS attempts_won, sum(contacts_meetings) AS contacts_meetings, sum(due_held) AS due_held,
		CASE WHEN GROUPING(owner) = 1 THEN sum(spend) END AS spend,
		CASE WHEN GROUPING(owner) = 1 AND sum(spend) >= 0 THEN sum(spend) END AS cost
	FROM outbound_count
	GROUP BY GROUPING SETS ((is_outbound), (is_outbound, month), (is_outbound, channel), (is_outbound, channel, campaign), (is_outbound, owner))
	-- By channel the others are told too.
	HAVING is_outbound OR GROUPING(channel) = 0 AND GROUPING(campaign) = 1;
	COMMENT ON VIEW outbound_cell IS
		'Layer below outbound_chain_by_grain: outbound_count added up, of the outbound chain alone but for the grain channel, so always WHERE grain = ....';

	CREATE OR REPLACE VIEW outbound_chain_by_grain WITH (security_invoker = true) AS
	WITH rated AS
	(
		SELECT c.*, r.confidence_level AS level, rate(reached, prospects) AS reached_prospect, rate(reached, tried) AS reached_tried,
			rate(booked_prospects, prospects) AS booked_prospect, rate(held_prospects, prospects) AS held_prospect,
			rate(opportunities, prospects) AS opportunity_prospect, rate(won, prospects) AS won_prospect,
			rate(held_opportunities, held_prospects) AS opportunity_held, rate(held_won, held_prospects) AS won_held,
			-- Meetings come in clusters too: who has two counts as one that brought two.
			coalesce(held_squared / nullif(held, 0), 1) AS held_size
		FROM outbound_cell c
		CROSS JOIN rule r
	)
	SELECT c.grain, c.month, c.channel, c.campaign, c.owner, c.is_outbound,
		c.prospects, c.tried, c.attempts, c.attempts::float8 / nullif(c.prospects, 0) AS attempts_per_prospect,
		c.reached, c.reached_prospect::float8 AS reached_per_prospect, low(c.reached_prospect, c.level) AS reached_per_prospect_low,
		high(c.reached_prospect, c.level) AS reached_per_prospect_high,
		c.reached_tried::float8 AS reached_per_tried, low(c.reached_tried, c.level) AS reached_per_tried_low,
		high(c.reached_tried, c.level) AS reached_per_tried_high,
		c.contacts, ca.rate AS contacts_per_attempt, ca.low AS contacts_per_attempt_low, ca.high AS contacts_per_attempt_high,
		c.meetings, c.booked_prospects, c.booked_prospect::float8 AS booked_per_prospect, low(c.booked_prospect, c.level) AS booked_per_prospect_low,
		high(c.booked_prospect, c.level) AS booked_per_prospect_high,
		ma.rate AS meetings_per_attempt, ma.low AS meetings_per_attempt_low, ma.high AS meetings_per_attempt_high,
		mc.rate AS meetings_per_contact, mc.low AS meetings_per_contact_low, mc.high AS meetings_per_contact_high,
		c.moved, c.held, c.no_show, c.cancelled, c.upcoming, c.untold,
		hd.rate AS hold_rate, hd.low AS hold_rate_low, hd.high AS hold_rate_high,
		c.held_prospects, c.held_prospect::float8 AS held_per_prospect, low(c.held_prospect, c.level) AS held_per_prospect_low,
		high(c.held_prospect, c.level) AS held_per_prospect_high,
		ha.rate AS held_per_attempt, ha.low AS held_per_attempt_low, ha.high AS held_per_attempt_high,
		1 / nullif(ha.rate, 0) AS attempts_per_held_meeting, CASE WHEN ha.rate > 0 THEN 1 / ha.high END AS attempts_per_held_meeting_low,
		CASE WHEN ha.rate > 0 THEN 1 / nullif(ha.low, 0) END AS attempts_per_held_meeting_high,
		c.opportunities, c.opportunity_prospect::float8 AS opportunities_per_prospect, low(c.opportunity_prospect, c.level) AS opportunities_per_prospect_low,
		high(c.opportunity_prospect, c.level) AS opportunities_per_prospect_high,
		oa.rate AS opportunities_per_attempt, oa.low AS opportunities_per_attempt_low, oa.high AS opportunities_per_attempt_high,
		c.opportunity_held::float8 AS opportunities_per_held, low(c.opportunity_held, c.level) AS opportunities_per_held_low,
		high(c.opportunity_held, c.level) AS opportunities_per_held_high,
		c.won, c.won_prospect::float8 AS won_per_prospect, low(c.won_prospect, c.level) AS won_per_prospect_low,
		high(c.won_prospect, c.level) AS won_per_prospect_high,
		wa.rate AS won_per_attempt, wa.low AS won_per_attempt_low, wa.high AS won_per_attempt_high,
		c.won_held::float8 AS won_per_held, low(c.won_held, c.level) AS won_per_held_low, high(c.won_held, c.level) AS won_per_held_high,
		c.deals_won, c.revenue, c.spend,
		cost_per(c.cost, c.held) AS cost_per_held_meeting, nullif(hi.low, 'Infinity')::numeric AS cost_per_held_meeting_low,
		nullif(hi.high, 'Infinity')::numeric AS cost_per_held_meeting_high,
		cost_per(c.cost, c.opportunities) AS cost_per_opportunity, nullif(oi.low, 'Infinity')::numeric AS cost_per_opportunity_low,
		nullif(oi.high, 'Infinity')::numeric AS cost_per_opportunity_high
	FROM rated c
	CROSS JOIN LATERAL clustered_rate(c.contacts, c.attempts, c.tried, c.contacts_squared, c.attempts_squared, c.attempts_contacts, c.level) ca
	CROSS JOIN LATERAL clustered_rate(c.meetings, c.attempts, c.tried, c.meetings_squared, c.attempts_squared, c.attempts_meetings, c.level) ma
	CROSS JOIN LATERAL clustered_rate(c.meetings, c.contacts, c.reached, c.meetings_squared, c.contacts_squared, c.contacts_meetings, c.level) mc
	CROSS JOIN LATERAL clustered_rate(c.held, c.held + c.no_show, c.due_prospects, c.held_squared, c.due_squared, c.due_held, c.level) hd
	CROSS JOIN LATERAL clustered_rate(c.held, c.attempts, c.tried, c.held_squared, c.attempts_squared, c.attempts_held, c.level) ha
	CROSS JOIN LATERAL clustered_rate(c.opportunities, c.attempts, c.tried, c.opportunities, c.attempts_squared, c.attempts_opportunities, c.level) oa
	CROSS JOIN LATERAL clustered_rate(c.won, c.attempts, c.tried, c.won, c.attempts_squared, c.attempts_won, c.level) wa
	CROSS JOIN LATERAL cost_interval(c.cost / c.held_size, c.held / c.held_size, c.level) hi
	CROSS JOIN LATERAL cost_interval(c.cost, c.opportunities, c.level) oi
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW outbound_chain_by_grain IS
		'Layer below outbound_chain: the chain from prospects to won at every grain, so always WHERE grain = all, month, channel, campaign or owner.';

	CREATE OR REPLACE VIEW outbound_chain WITH (security_invoker = true) AS
	SELECT prospects, tried, attempts, attempts_per_prospect, reached, reached_per_prospect, reached_per_prospect_low, reached_per_prospect_high,
		reached_per_tried, reached_per_tried_low, reached_per_tried_high, contacts, contacts_per_attempt, contacts_per_attempt_low,
		contacts_per_attempt_high, meetings, booked_prospects, booked_per_prospect, booked_per_prospect_low, booked_per_prospect_high,
		meetings_per_attempt, meetings_per_attempt_low, meetings_per_attempt_high, meetings_per_contact, meetings_per_contact_low,
		meetings_per_contact_high, moved, held, no_show, cancelled, upcoming, untold, hold_rate, hold_rate_low, hold_rate_high, held_prospects,
		held_per_prospect, held_per_prospect_low, held_per_prospect_high, held_per_attempt, held_per_attempt_low, held_per_attempt_high,
		attempts_per_held_meeting, attempts_per_held_meeting_low, attempts_per_held_meeting_high, opportunities, opportunities_per_prospect,
		opportunities_per_prospect_low, opportunities_per_prospect_high, opportunities_per_attempt, opportunities_per_attempt_low,
		opportunities_per_attempt_high, opportunities_per_held, opportunities_per_held_low, opportunities_per_held_high, won, won_per_prospect,
		won_per_prospect_low, won_per_prospect_high, won_per_attempt, won_per_attempt_low, won_per_attempt_high, won_per_held, won_per_held_low,
		won_per_held_high, deals_won, revenue, spend, cost_per_held_meeting, cost_per_held_meeting_low, cost_per_held_meeting_high,
		cost_per_opportunity, cost_per_opportunity_low, cost_per_opportunity_high
	FROM outbound_chain_by_grain
	WHERE grain = 'all';
	COMMENT ON VIEW outbound_chain IS
		'From prospects over attempts, contacts and meetings to opportunities and won, in one row: of the channels that are outbound. Per attempt and per '
		'prospect are different rates.';

	CREATE OR REPLACE VIEW outbound_chain_by_month WITH (security_invoker = true) AS
	SELECT month, prospects, tried, attempts, attempts_per_prospect, reached, reached_per_prospect, reached_per_prospect_low,
		reached_per_prospect_high, reached_per_tried, reached_per_tried_low, reached_per_tried_high, contacts, contacts_per_attempt,
		contacts_per_attempt_low, contacts_per_attempt_high, meetings, booked_prospects, booked_per_prospect, booked_per_prospect_low,
		booked_per_prospect_high, meetings_per_attempt, meetings_per_attempt_low, meetings_per_attempt_high, meetings_per_contact,
		meetings_per_contact_low, meetings_per_contact_high, moved, held, no_show, cancelled, upcoming, untold, hold_rate, hold_rate_low,
		hold_rate_high, held_prospects, held_per_prospect, held_per_prospect_low, held_per_prospect_high, held_per_attempt, held_per_attempt_low,
		held_per_attempt_high, attempts_per_held_meeting, attempts_per_held_meeting_low, attempts_per_held_meeting_high, opportunities,
		opportunities_per_prospect, opportunities_per_prospect_low, opportunities_per_prospect_high, opportunities_per_attempt,
		opportunities_per_attempt_low, opportunities_per_attempt_high, opportunities_per_held, opportunities_per_held_low,
		opportunities_per_held_high, won, won_per_prospect, won_per_prospect_low, won_per_prospect_high, won_per_attempt, won_per_attempt_low,
		won_per_attempt_high, won_per_held, won_per_held_low, won_per_held_high, deals_won, revenue, spend, cost_per_held_meeting,
		cost_per_held_meeting_low, cost_per_held_meeting_high, cost_per_opportunity, cost_per_opportunity_low, cost_per_opportunity_high,
		fiscal_quarter(month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM outbound_chain_by_grain
	WHERE grain = 'month'
	ORDER BY month;
	COMMENT ON VIEW outbound_chain_by_month IS
		'The outbound chain per month in which the prospects were generated: a young month has not had its time.';

	CREATE OR REPLACE VIEW outbound_chain_by_channel WITH (security_invoker = true) AS
	SELECT channel, is_outbound, prospects, tried, attempts, attempts_per_prospect, reached, reached_per_prospect, reached_per_prospect_low,
		reached_per_prospect_high, reached_per_tried, reached_per_tried_low, reached_per_tried_high, contacts, contacts_per_attempt,
		contacts_per_attempt_low, contacts_per_attempt_high, meetings, booked_prospects, booked_per_prospect, booked_per_prospect_low,
		booked_per_prospect_high, meetings_per_attempt, meetings_per_attempt_low, meetings_per_attempt_high, meetings_per_contact,
		meetings_per_contact_low, meetings_per_contact_high, moved, held, no_show, cancelled, upcoming, untold, hold_rate, hold_rate_low,
		hold_rate_high, held_prospects, held_per_prospect, held_per_prospect_low, held_per_prospect_high, held_per_attempt, held_per_attempt_low,
		held_per_attempt_high, attempts_per_held_meeting, attempts_per_held_meeting_low, attempts_per_held_meeting_high, opportunities,
		opportunities_per_prospect, opportunities_per_prospect_low, opportunities_per_prospect_high, opportunities_per_attempt,
		opportunities_per_attempt_low, opportunities_per_attempt_high, opportunities_per_held, opportunities_per_held_low,
		opportunities_per_held_high, won, won_per_prospect, won_per_prospect_low, won_per_prospect_high, won_per_attempt, won_per_attempt_low,
		won_per_attempt_high, won_per_held, won_per_held_low, won_per_held_high, deals_won, revenue, spend, cost_per_held_meeting,
		cost_per_held_meeting_low, cost_per_held_meeting_high, cost_per_opportunity, cost_per_opportunity_low, cost_per_opportunity_high
	FROM outbound_chain_by_grain
	WHERE grain = 'channel'
	ORDER BY channel;
	COMMENT ON VIEW outbound_chain_by_channel IS
		'The outbound chain per channel, with the channels that are not of it (is_outbound).';

	CREATE OR REPLACE VIEW outbound_chain_by_campaign WITH (security_invoker = true) AS
	SELECT channel, campaign, prospects, tried, attempts, attempts_per_prospect, reached, reached_per_prospect, reached_per_prospect_low,
		reached_per_prospect_high, reached_per_tried, reached_per_tried_low, reached_per_tried_high, contacts, contacts_per_attempt,
		contacts_per_attempt_low, contacts_per_attempt_high, meetings, booked_prospects, booked_per_prospect, booked_per_prospect_low,
		booked_per_prospect_high, meetings_per_attempt, meetings_per_attempt_low, meetings_per_attempt_high, meetings_per_contact,
		meetings_per_contact_low, meetings_per_contact_high, moved, held, no_show, cancelled, upcoming, untold, hold_rate, hold_rate_low,
		hold_rate_high, held_prospects, held_per_prospect, held_per_prospect_low, held_per_prospect_high, held_per_attempt, held_per_attempt_low,
		held_per_attempt_high, attempts_per_held_meeting, attempts_per_held_meeting_low, attempts_per_held_meeting_high, opportunities,
		opportunities_per_prospect, opportunities_per_prospect_low, opportunities_per_prospect_high, opportunities_per_attempt,
		opportunities_per_attempt_low, opportunities_per_attempt_high, opportunities_per_held, opportunities_per_held_low,
		opportunities_per_held_high, won, won_per_prospect, won_per_prospect_low, won_per_prospect_high, won_per_attempt, won_per_attempt_low,
		won_per_attempt_high, won_per_held, won_per_held_low, won_per_held_high, deals_won, revenue, spend, cost_per_held_meeting,
		cost_per_held_meeting_low, cost_per_held_meeting_high, cost_per_opportunity, cost_per_opportunity_low, cost_per_opportunity_high
	FROM outbound_chain_by_grain
	WHERE grain = 'campaign'
	ORDER BY channel, campaign;
	COMMENT ON VIEW outbound_chain_by_campaign IS
		'The outbound chain per channel and campaign.';

	CREATE OR REPLACE VIEW outbound_chain_by_owner WITH (security_invoker = true) AS
	SELECT owner, prospects, tried, attempts, attempts_per_prospect, reached, reached_per_prospect, reached_per_prospect_low,
		reached_per_prospect_high, reached_per_tried, reached_per_tried_low, reached_per_tried_high, contacts, contacts_per_attempt,
		contacts_per_attempt_low, contacts_per_attempt_high, meetings, booked_prospects, booked_per_prospect, booked_per_prospect_low,
		booked_per_prospect_high, meetings_per_attempt, meetings_per_attempt_low, meetings_per_attempt_high, meetings_per_contact,
		meetings_per_contact_low, meetings_per_contact_high, moved, held, no_show, cancelled, upcoming, untold, hold_rate, hold_rate_low,
		hold_rate_high, held_prospects, held_per_prospect, held_per_prospect_low, held_per_prospect_high, held_per_attempt, held_per_attempt_low,
		held_per_attempt_high, attempts_per_held_meeting, attempts_per_held_meeting_low, attempts_per_held_meeting_high, opportunities,
		opportunities_per_prospect, opportunities_per_prospect_low, opportunities_per_prospect_high, opportunities_per_attempt,
		opportunities_per_attempt_low, opportunities_per_attempt_high, opportunities_per_held, opportunities_per_held_low,
		opportunities_per_held_high, won, won_per_prospect, won_per_prospect_low, won_per_prospect_high, won_per_attempt, won_per_attempt_low,
		won_per_attempt_high, won_per_held, won_per_held_low, won_per_held_high, deals_won, revenue
	FROM outbound_chain_by_grain
	WHERE grain = 'owner' AND prospects > 0
	ORDER BY owner;
	COMMENT ON VIEW outbound_chain_by_owner IS
		'The outbound chain per owner of the prospects. Spend has no owner.';

	CREATE OR REPLACE VIEW attempts WITH (security_invoker = true) AS
	WITH step AS
	(
		-- At one time those without an answer come first, and a meeting is of the last one.
		SELECT a.lead_id, a.is_attempt, a.is_contact, a.meaning = 'meeting_booked' AS is_booking,
			count(*) FILTER (WHERE a.is_attempt) OVER (PARTITION BY a.lead_id ORDER BY a.activity_at, NOT a.is_attempt, a.is_contact, a.meaning
				ROWS UNBOUNDED PRECEDING) AS number
		FROM lead_activity a
		WHERE (a.is_attempt OR a.meaning = 'meeting_booked' AND a.excluded_reason IS NULL) AND a.activity_at >= a.created_at
			AND a.activity_at <= (SELECT observed_until FROM observation)
			AND (NOT EXISTS (SELECT FROM channel_family WHERE lower(trim_blanks(family)) = 'outbound')
				OR a.channel IN (SELECT channel FROM channel_family WHERE lower(trim_blanks(family)) = 'outbound'))
	), prospect AS MATERIALIZED
	(
		SELECT lead_id, max(number) AS attempts,
			min(number) FILTER (WHERE is_contact) AS reached_at, min(number) FILTER (WHERE is_booking) AS booked_at,
			array_agg(DISTINCT number) FILTER (WHERE is_contact AND number <= 20) AS contacts,
			array_agg(DISTINCT number) FILTER (WHERE is_booking AND number <= 20) AS bookings
		FROM step
		WHERE number > 0
		GROUP BY lead_id
	), curve AS
	(
		-- A day for each attempt: who is not tried again is censored there.
		SELECT conversion_curve(interval '1 day' * coalesce(reached_at, attempts), CASE WHEN reached_at > 0 THEN 'converted' ELSE 'censored' END) AS reached,
			conversion_curve(interval '1 day' * coalesce(booked_at, attempts), CASE WHEN booked_at > 0 THEN 'converted' ELSE 'censored' END) AS booked
		FROM prospect
	), counted AS
	(
		SELECT k.attempt, count(*) AS tried, count(*) FILTER (WHERE k.attempt = ANY (p.contacts)) AS contacts,
			count(*) FILTER (WHERE k.attempt = ANY (p.bookings)) AS bookings,
			rate(count(*) FILTER (WHERE p.reached_at = k.attempt), count(*) FILTER (WHERE coalesce(p.reached_at >= k.attempt, true))) AS reached,
			rate(count(*) FILTER (WHERE p.booked_at = k.attempt), count(*) FILTER (WHERE coalesce(p.booked_at >= k.attempt, true))) AS booked,
			count(*) FILTER (WHERE p.attempts = k.attempt AND p.reached_at IS NULL) AS given_up
		FROM prospect p
		CROSS JOIN LATERAL generate_series(1, least(p.attempts, 20)) k(attempt)
		GROUP BY k.attempt
	)
	SELECT k.attempt::integer AS attempt, k.tried, k.contacts, k.bookings, trials(k.reached) AS not_reached_before, hits(k.reached) AS first_contacts,
		k.reached::float8 AS chance_of_contact, low(k.reached, r.confidence_level) AS chance_of_contact_low,
		high(k.reached, r.confidence_level) AS chance_of_contact_high, converted_within(c.reached, a.age) AS reached_by,
		low(c.reached, a.age, r.confidence_level) AS reached_by_low, high(c.reached, a.age, r.confidence_level) AS reached_by_high,
		trials(k.booked) AS not_booked_before, hits(k.booked) AS first_bookings,
		k.booked::float8 AS chance_of_meeting, low(k.booked, r.confidence_level) AS chance_of_meeting_low,
		high(k.booked, r.confidence_level) AS chance_of_meeting_high, converted_within(c.booked, a.age) AS booked_by,
		low(c.booked, a.age, r.confidence_level) AS booked_by_low, high(c.booked, a.age, r.confidence_level) AS booked_by_high, k.given_up
	FROM counted k
	CROSS JOIN curve c
	CROSS JOIN rule r
	CROSS JOIN LATERAL (SELECT interval '1 day' * k.attempt AS age) a
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY k.attempt;
	COMMENT ON VIEW attempts IS
		'Persistence: what the first, second, ... twentieth attempt at a prospect of the outbound chain brings, and how many are reached, or have booked a '
		'meeting, by then if all were tried so often: who was not tried again is censored, not unreachable.';

	CREATE OR REPLACE VIEW outbound_week WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT r.time_zone, r.confidence_level, o.observed_until,
			(SELECT array_agg(channel) FROM channel_family WHERE lower(trim_blanks(family)) = 'outbound') AS channels
		FROM (SELECT * FROM rule LIMIT 1) r
		CROSS JOIN observation o
	), tried AS
	(
		SELECT date_trunc('week', timezone(s.time_zone, a.activity_at))::date AS week, a.owner, a.lead_id, count(*) AS a,
			count(*) FILTER (WHERE a.is_contact) AS c
		FROM lead_activity a
		CROSS JOIN setting s
		WHERE a.is_attempt AND a.activity_at >= a.created_at AND a.activity_at <= s.observed_until
			AND (s.channels IS NULL OR a.channel = ANY (s.channels))
		GROUP BY 1, 2, 3
	), met AS MATERIALIZED
	(
		SELECT m.owner, m.status, date_trunc('week', timezone(s.time_zone, m.booked_at))::date AS booked_week,
			date_trunc('week', timezone(s.time_zone, m.due_at))::date AS due_week
		FROM lead_meeting m
		CROSS JOIN setting s
		WHERE s.channels IS NULL OR m.channel = ANY (s.channels)
	), part AS
	(
		SELECT week, owner, count(*) AS tried, count(*) FILTER (WHERE c > 0) AS reached, sum(a) AS attempts, sum(c) AS contacts, sum(a * a) AS aa,
			sum(c * c) AS cc, sum(a * c) AS ac, 0 AS booked, NULL::text AS status, 0 AS due
		FROM tried
		GROUP BY week, owner
		UNION ALL
		SELECT booked_week, owner, 0, 0, 0, 0, 0, 0, 0, 1, NULL, 0 FROM met WHERE booked_week IS NOT NULL
		UNION ALL
		SELECT due_week, owner, 0, 0, 0, 0, 0, 0, 0, 0, status, 1 FROM met
	), cell AS
	(
		SELECT week, owner, sum(attempts)::bigint AS attempts, sum(tried)::bigint AS tried, sum(reached)::bigint AS reached,
			sum(contacts)::bigint AS contacts, sum(aa) AS aa, sum(cc) AS cc, sum(ac) AS ac, sum(booked) AS meetings_booked, sum(due) AS meetings_due,
			count(*) FILTER (WHERE status = 'held') AS held, count(*) FILTER (WHERE status = 'no_show') AS no_show,
			count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(*) FILTER (WHERE status = 'upcoming') AS upcoming,
			count(*) FILTER (WHERE status = 'untold') AS untold
		FROM part
		GROUP BY week, owner
	)
	SELECT c.week, c.owner, c.attempts, c.tried, c.reached, c.contacts,
		r.rate AS contacts_per_attempt, r.low AS contacts_per_attempt_low, r.high AS contacts_per_attempt_high,
		c.meetings_booked, c.meetings_due, c.held, c.no_show, c.cancelled, c.upcoming, c.untold,
		h.hold_rate::float8 AS hold_rate, low(h.hold_rate, s.confidence_level) AS hold_rate_low, high(h.hold_rate, s.confidence_level) AS hold_rate_high
	FROM cell c
	CROSS JOIN setting s
	CROSS JOIN LATERAL clustered_rate(c.contacts, c.attempts, c.tried, c.cc, c.aa, c.ac, s.confidence_level) r
	CROSS JOIN LATERAL (SELECT rate(c.held, c.held + c.no_show) AS hold_rate) h
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY c.week, c.owner;
	COMMENT ON VIEW outbound_week IS
		'What was done in a week, and by whom, on the channels of the outbound chain: attempts and contacts of the week, meetings booked in it, and '
		'what became of those that were or are to be in it.';

	CREATE OR REPLACE VIEW meetings_by_month WITH (security_invoker = true) AS
	SELECT m.due_month, m.meetings, m.held, m.no_show, m.cancelled, m.upcoming, m.untold, m.moved,
		h.hold_rate::float8 AS hold_rate, low(h.hold_rate, r.confidence_level) AS hold_rate_low, high(h.hold_rate, r.confidence_level) AS hold_rate_high,
		fiscal_quarter(m.due_month, (SELECT fiscal_year_start FROM rule)) AS quarter,
		fiscal_year(m.due_month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM (SELECT due_month, sum(meetings)::bigint AS meetings, sum(held)::bigint AS held, sum(no_show)::bigint AS no_show,
			sum(cancelled)::bigint AS cancelled, sum(upcoming)::bigint AS upcoming, sum(untold)::bigint AS untold, sum(moved)::bigint AS moved
		FROM meeting_count GROUP BY due_month) m
	CROSS JOIN rule r
	CROSS JOIN LATERAL (SELECT rate(m.held, m.held + m.no_show) AS hold_rate) h
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY m.due_month;
	COMMENT ON VIEW meetings_by_month IS
		'Whether booked meetings happen, per month in which they were or are to be: those of all channels, outbound or not.';

	CREATE OR REPLACE VIEW meetings_by_owner WITH (security_invoker = true) AS
	SELECT m.owner, m.meetings, m.held, m.no_show, m.cancelled, m.upcoming, m.untold, m.moved,
		h.hold_rate::float8 AS hold_rate, low(h.hold_rate, r.confidence_level) AS hold_rate_low, high(h.hold_rate, r.confidence_level) AS hold_rate_high
	FROM (SELECT owner, sum(meetings)::bigint AS meetings, sum(held)::bigint AS held, sum(no_show)::bigint AS no_show,
			sum(cancelled)::bigint AS cancelled, sum(upcoming)::bigint AS upcoming, sum(untold)::bigint AS untold, sum(moved)::bigint AS moved
		FROM meeting_count GROUP BY owner) m
	CROSS JOIN rule r
	CROSS JOIN LATERAL (SELECT rate(m.held, m.held + m.no_show) AS hold_rate) h
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY m.owner;
	COMMENT ON VIEW meetings_by_owner IS
		'Whether booked meetings happen, per who booked them: those of all channels, outbound or not.';
END;
$$;
COMMENT ON FUNCTION mart_outbound_views(name) IS
'Internal to create_mart: makes the views from the prospect over attempts, contacts and meetings to the sale in the mart.';
