
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
		UNION ALL SELECT lead_kpi.funnel(lead_text, stage, entered_at, '{lead,"né à l''été","a \" b"}') FROM event WHERE false
		UNION ALL SELECT lead_kpi.funnel(lead_text, stage, entered_at, '{mql,"né à l''été",lead}', NULL, 'any_order') FROM event},
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
