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
	last integer := 0;
	found integer;
	best integer;
	nearest float8;
	rank integer;
	away float8;
	at timestamptz;
	due timestamptz;
	what text;
BEGIN
	FOR i IN 1 .. cardinality(meanings) LOOP
		what := meanings[i];
		at := times[i];
		due := scheduled[i];
		found := NULL;
		best := NULL;
		-- Which of the meetings so far it is about; of very many the last hundred.
		FOR j IN REVERSE last .. greatest(last - 99, 1) LOOP
			rank := CASE
				WHEN endings[j] IS NULL THEN
					CASE
						WHEN planned[j] = due THEN 0
						WHEN what = 'meeting_booked' THEN
							-- Who does not say when books none beside one that is still to come.
							CASE WHEN planned[j] IS NULL OR due IS NULL AND planned[j] > at THEN 2 END
						WHEN planned[j] IS NULL THEN 4
						-- What is held was due last, what is moved or cancelled is to come.
						WHEN planned[j] <= at + interval '1 hour' THEN CASE WHEN what IN ('meeting_held', 'no_show') THEN 2 ELSE 3 END
						ELSE CASE WHEN what IN ('meeting_held', 'no_show') THEN 5 ELSE 2 END
					END
				WHEN what IN ('meeting_booked', 'moved') THEN NULL
				-- The last word about a meeting holds.
				WHEN planned[j] = due THEN 1
				WHEN ends[j] = at AND due IS NULL THEN 6
			END;
			away := CASE WHEN planned[j] IS NULL THEN 0 ELSE abs(extract(epoch FROM planned[j])::float8 - extract(epoch FROM at)::float8) END;
			IF rank < best OR rank = best AND away < nearest OR best IS NULL AND rank IS NOT NULL THEN
				found := j;
				best := rank;
				nearest := away;
			END IF;
		END LOOP;
		IF found IS NULL THEN
			-- What is moved after a meeting that ended is booked anew.
			what := CASE WHEN what = 'moved' AND last > 0 THEN 'meeting_booked' ELSE what END;
			last := last + 1;
			found := last;
			bookings[found] := CASE WHEN what = 'meeting_booked' THEN at END;
			planned[found] := due;
			moved[found] := 0;
			ends[found] := NULL;
			endings[found] := NULL;
			bookers[found] := owners[i];
		END IF;
		bookers[found] := coalesce(bookers[found], owners[i]);
		IF what = 'moved' THEN
			IF best > 0 OR best IS NULL THEN
				moved[found] := moved[found] + 1;
			END IF;
			planned[found] := due;
		ELSE
			planned[found] := coalesce(due, planned[found]);
			IF what <> 'meeting_booked' THEN
				ends[found] := at;
				endings[found] := what;
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
		-- z squared, as the bounds of one hit in one trial have it.
		SELECT hits::float8 / trials AS p, trials::float8 AS t, 1 / low(rate(1, 1), level) - 1 AS zz
		WHERE trials > 0 AND hits BETWEEN 0 AND trials AND clusters > 0
	), spread AS
	(
		SELECT k.*,
			CASE
				-- What few clusters, or none that differs, cannot tell: as if a cluster was one trial.
				WHEN clusters < 10 OR hits = 0 OR hits = trials THEN greatest(k.t / clusters, 1)
				ELSE greatest((clusters::float8 / (clusters - 1) * (hits_squared::float8 - 2 * k.p * products::float8 + k.p * k.p * trials_squared::float8))
					/ (k.t * k.p * (1 - k.p)), 1)
			END AS widening,
			-- Student's quantile for the normal one (Cornish and Fisher), where the spread is measured.
			CASE WHEN clusters < 10 OR hits = 0 OR hits = trials THEN k.zz ELSE k.zz * (1 + (k.zz + 1) / (4 * (clusters - 1))) ^ 2 END AS tt
		FROM known k
	), effective AS
	(
		SELECT s.p, s.tt / 2 AS half, s.t / s.widening AS n FROM spread s
	)
	SELECT e.p,
		CASE WHEN hits = 0 THEN 0 ELSE greatest((e.p + e.half / e.n - e.reach) / (1 + 2 * e.half / e.n), 0) END,
		CASE WHEN hits = trials THEN 1 ELSE least((e.p + e.half / e.n + e.reach) / (1 + 2 * e.half / e.n), 1) END
	FROM (SELECT *, sqrt(2 * half * (p * (1 - p) / n + half / (2 * n * n))) AS reach FROM effective) e;
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
END;
$$;
COMMENT ON FUNCTION mart_outbound_views(name) IS
'Internal to create_mart: makes the views from the prospect over attempts, contacts and meetings to the sale in the mart.';
