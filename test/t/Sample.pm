
# Data that the TAP tests share, the same on every run, and one value or more
# of every type that the extension stores.
package Sample;

use strict;
use warnings;

use Exporter 'import';
our @EXPORT_OK = qw(load_events create_stored extension_types query queries);

# 24 000 events of 6 000 leads in the order of their time, so that the events
# of one lead lie far apart, and rows that a funnel has to leave out.
sub load_events
{
	my ($node, $database) = @_;

	$node->safe_psql($database, <<'SQL');
CREATE TYPE stage AS ENUM ('lead', 'mql', 'sql', 'won');
CREATE TABLE event (lead_id bigint, lead_uuid uuid, lead_text text, channel text, stage text, stage_enum stage,
                    entered_at timestamptz, team int) WITH (autovacuum_enabled = off);
INSERT INTO event
SELECT lead, md5(lead::text)::uuid, 'lead ' || lead, (ARRAY['ads', 'event', 'organic'])[1 + lead % 3],
       s.stage, s.stage::stage, at, lead % 500
FROM generate_series(1, 6000) lead,
     unnest('{lead,mql,sql,won}'::text[]) WITH ORDINALITY AS s(stage, position),
     LATERAL (SELECT timestamptz '2025-01-01 00:00:00+00' + lead % 97 * interval '1 hour'
                     + (lead * 7919 % 1009) * position * interval '1 minute' AS at) t
WHERE lead * 31 % 11 >= 2 * position
ORDER BY at, lead;
INSERT INTO event VALUES (NULL, NULL, NULL, 'ads', 'lead', 'lead', '2025-01-01 00:00:00+00', 0),
    (1, md5('1')::uuid, 'lead 1', 'event', NULL, NULL, '2025-01-01 00:00:00+00', 1),
    (2, md5('2')::uuid, 'lead 2', 'organic', 'mql', 'mql', NULL, 2);
ANALYZE event;
SQL
}

# One query per base type; its rows go into a table of the type's name.
my %values = (
	rate => q{SELECT lead_kpi.rate(hits, trials) FROM (VALUES (0::bigint, 0::bigint), (0, 1), (1, 1), (32, 1000),
		(9223372036854775806, 9223372036854775807)) v(hits, trials)},
	funnel => q{SELECT lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') FROM event GROUP BY channel
		UNION ALL SELECT lead_kpi.funnel(lead_uuid, stage_enum, entered_at, '{lead,won}'::stage[], '2 days', 'reached') FROM event
		UNION ALL SELECT lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql}') FROM event WHERE lead_id < 300
		UNION ALL SELECT lead_kpi.funnel(lead_text, stage, entered_at, '{lead,"né à l''été","a \" b"}') FROM event WHERE false
		UNION ALL SELECT lead_kpi.funnel(lead_text, stage, entered_at, '{mql,"né à l''été",lead}', NULL, 'any_order') FROM event},
	logistic_model => q{SELECT lead_kpi.logistic_model(stage = 'won', ARRAY[lead_id % 13, extract(epoch FROM entered_at) / 7e4]::float8[])
			FROM event WHERE stage IS NOT NULL
		UNION ALL SELECT lead_kpi.logistic_model(stage = 'won', jsonb_build_object('né à l''été', channel, 'a " b', NULLIF(team % 7, 3)), '{"né à l''été","a \\" b"}', 0.1)
			FROM event WHERE stage IS NOT NULL
		UNION ALL SELECT lead_kpi.logistic_model(n = 1, ARRAY[5], 1) FROM generate_series(1, 3) n
		UNION ALL SELECT lead_kpi.logistic_model(n = 1, '{"a": "b"}', '{a}', 1) FROM generate_series(1, 3) n},
	roc => q{SELECT lead_kpi.roc(lead_id / 7.0, stage = 'won') FROM event GROUP BY channel
		UNION ALL SELECT lead_kpi.roc(NULL, true)
		UNION ALL SELECT lead_kpi.roc(s, s > 0) FROM unnest('{-infinity,-1e300,-1e-300,0,1e-300,1e300,infinity,NaN}'::float8[]) s
		UNION ALL SELECT lead_kpi.roc(team, stage = 'won', 3) FROM event},
	moments => q{SELECT lead_kpi.moments(CASE WHEN stage = 'won' THEN lead_id / 7.0 ELSE 0 END) FROM event GROUP BY channel
		UNION ALL SELECT lead_kpi.moments(v) FROM (VALUES (0.1), (-3e100), (1e-100), (7e139)) v(v)
		UNION ALL SELECT lead_kpi.moments(NULL::float8) UNION ALL SELECT lead_kpi.moments(0) FROM event},
	journeys => q{SELECT lead_kpi.journeys(ARRAY[channel, stage], lead_id % 2, CASE WHEN lead_id % 2 > 0 THEN lead_id / 7.0 END, 1)
			FROM event WHERE stage IS NOT NULL GROUP BY channel
		UNION ALL SELECT lead_kpi.journeys('{}', 1, 0.1, 0)
		UNION ALL SELECT lead_kpi.journeys(NULL, 1, 0.1, 0)
		UNION ALL SELECT lead_kpi.journeys(lead_id, stage, entered_at, timestamptz '2025-01-20 00:00:00+00', lead_id / 7.0, '9 days', '2 days')
			FROM event WHERE lead_id < 40
		UNION ALL SELECT lead_kpi.journeys(ARRAY['né à l''été', 'a " b'], 9223372036854775807, 9e25, 9223372036854775807, '{lead,"lead and opportunity"}')},
	lead_profile => q{SELECT lead_kpi.lead_profile(jsonb_build_object('channel', channel, 'stage', stage, 'team', team, 'early', team < 100), lead_id % 3 = 0) FROM event GROUP BY channel
		UNION ALL SELECT lead_kpi.lead_profile(jsonb_build_object('né "à" l''été', 'a \ b', 'x', jsonb_build_array(0.1, 5e-324, -1.7976931348623157e308)), n) FROM (VALUES (true), (false)) v(n)
		UNION ALL SELECT lead_kpi.lead_profile(jsonb_build_object('lead', lead_text || '.' || team, 'root', sqrt(lead_id) * team), lead_id % 3 = 0) FROM event
		UNION ALL SELECT lead_kpi.lead_profile('[]', true)},
	conversion_curve => q{SELECT lead_kpi.conversion_curve(timestamptz '2025-01-01 00:00:00+00', entered_at, timestamptz '2025-01-09 00:00:00+00', '1 hour') FROM event GROUP BY channel
		UNION ALL SELECT lead_kpi.conversion_curve(timestamptz '2025-01-02 00:00:00+00', CASE WHEN lead_id % 3 = 1 THEN entered_at END, CASE WHEN lead_id % 3 = 2 THEN entered_at END, '2025-02-01 00:00:00+00', '0') FROM event
		UNION ALL SELECT lead_kpi.conversion_curve(interval '100000000 days', 'lost')
		UNION ALL SELECT lead_kpi.conversion_curve(NULL::interval, 'lost')},
	scorecard => q{SELECT card::lead_kpi.scorecard FROM (VALUES ('{}'),
		('{"base": -0.123456789012, "fit": [{"name": "né à l''été \" x", "attribute": ["a.b", "c"], "op": "in", "value": [1e-3, "é", false], "points": 999999999.999999999999, "group": "g"}],
			"engagement": [{"matches": "^visit", "ignore_case": true, "points": -1, "half_life": 0.000001, "window": "9 days", "limit": 3, "cap": 0, "note": "x"}],
			"groups": {"g": {"floor": -1, "group": "h"}, "h": {"cap": 2}}, "grades": {"fit": {"A": 1}, "engagement": {"1": 3, "2": 2, "3": 1}}, "hand_off": [{"total": 5, "grades": ["A1"]}, {"fit": 1}]}')) v(card)
		UNION ALL SELECT ('{"fit": [' || string_agg(format('{"attribute": "a%s", "op": "between", "value": {"from": %s, "below": %s}, "points": 0.%s}', i, i, i + 1, i), ',') || ']}')::lead_kpi.scorecard FROM generate_series(1, 100) i},
);

# The base types of the extension, by name.
sub extension_types
{
	my ($node, $database) = @_;

	return split /\n/, $node->safe_psql($database, <<'SQL');
SELECT t.typname FROM pg_depend d JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND t.typtype = 'b' AND t.typcategory <> 'A'
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lead_kpi')
ORDER BY 1
SQL
}

# Creates a table stored_TYPE(id, value) for every type; dies for one without values.
sub create_stored
{
	my ($node, $database) = @_;
	my @types = extension_types($node, $database);

	foreach my $type (@types)
	{
		die "no sample values for type $type: add them to test/t/Sample.pm\n"
		  unless exists $values{$type};
		$node->safe_psql($database,
			"CREATE TABLE stored_$type (id int GENERATED ALWAYS AS IDENTITY, value lead_kpi.$type);
			INSERT INTO stored_$type (value) $values{$type};
			INSERT INTO stored_$type (value) VALUES (NULL);");
	}
	return @types;
}

# A query's result as text, or the error.
sub query
{
	my ($node, $database, $sql) = @_;
	my ($status, $out, $err) = $node->psql($database, $sql);

	return $status == 0 ? $out : "psql exited with $status: $err";
}

# Several results in one session, each query under default settings; many times quicker than one by one.
sub queries
{
	my ($node, $database, @sql) = @_;
	my $out = query($node, $database, join("\n\\echo ----\n", map { "RESET ALL; $_;" } @sql));
	my @answers = split /^----$/m, $out, -1;

	s/^\n|\n$//g foreach @answers;
	return @answers;
}

1;
