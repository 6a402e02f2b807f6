# Temporary files of funnels and journeys vanish, however the query ends: finished, cancelled,
# terminated, failed in a subtransaction, closed half-way; and while it spills
# it answers to a cancel.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
work_mem = 64kB
hash_mem_multiplier = 1
max_parallel_workers = 8
CONF
$node->start;
my $database = 'postgres';
$node->safe_psql($database, <<'SQL');
CREATE EXTENSION lead_kpi;
CREATE TABLE event (lead_id bigint, stage text, entered_at timestamptz) WITH (parallel_workers = 3);
INSERT INTO event
SELECT (n::bigint * 7919) % 100003, (ARRAY['lead', 'mql', 'won'])[1 + n % 3], timestamptz '2025-01-01' + n * interval '1 minute'
FROM generate_series(1, 300000) n;
ANALYZE event;
SQL

my $serial = 'SET max_parallel_workers_per_gather = 0;';
my $parallel = 'SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;'
  . ' SET min_parallel_table_scan_size = 0;';
my %funnel = (
	bigint => q{lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql,won}')},
	text => q{lead_kpi.funnel('lead ' || lead_id, stage, entered_at, '{lead,mql,won}')});
# A quarter of the rows have a conversion, which they carry in a log of its own.
my $conversion = q{CASE WHEN lead_id % 4 = 0 THEN timestamptz '2025-05-01' END, CASE WHEN lead_id % 4 = 0 THEN 1 END};
my %aggregate = (
	(map { ("funnel $_" => $funnel{$_}) } keys %funnel),
	'journeys bigint' => qq{lead_kpi.journeys(lead_id, stage, entered_at, $conversion)},
	'journeys text' => qq{lead_kpi.journeys('lead ' || lead_id, stage, entered_at, $conversion)});
# Enough rows to be still running when somebody looks.
my $endless = 'FROM event CROSS JOIN generate_series(1, 100000)';

sub temporary_files
{
	return $node->safe_psql($database, q{SELECT count(*) FROM pg_ls_dir('base/pgsql_tmp', true, false)});
}

sub is_clean
{
	my ($name) = @_;

	$node->poll_query_until($database, q{SELECT count(*) = 0 FROM pg_ls_dir('base/pgsql_tmp', true, false)})
	  or diag("still there: " . temporary_files());
	is(temporary_files(), 0, "$name: no temporary file is left");
}

# Starts a query, waits until it spills, ends it with a signal function.
sub end_while_spilling
{
	my ($name, $settings, $query, $end, $message) = @_;
	my ($out, $err) = ('', '');
	my $handle = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr($database), '-c', "SET application_name = 'spilling'; $settings $query" ],
		'>', \$out, '2>', \$err);

	# The first file holds but a little; wait until there has been more than one spill.
	ok($node->poll_query_until($database, q{SELECT EXISTS (SELECT FROM pg_ls_dir('base/pgsql_tmp', true, false))}), "$name: it spills");
	is($node->safe_psql($database, "SELECT count(DISTINCT $end(pid)) FROM pg_stat_activity WHERE application_name = 'spilling' AND backend_type = 'client backend'"),
		1, "$name: it is told to end");
	IPC::Run::finish($handle);
	like($err, $message, "$name: it ends with the right error");
	is_clean($name);
}

foreach my $key (sort keys %aggregate)
{
	my $query = "SELECT $aggregate{$key} $endless";
	my $grouped = "SELECT lead_id % 3, $aggregate{$key} $endless GROUP BY 1";

	end_while_spilling("$key, serial, cancelled", $serial, $query, 'pg_cancel_backend', qr/canceling statement due to user request/);
	end_while_spilling("$key, parallel, cancelled", $parallel, $query, 'pg_cancel_backend', qr/canceling statement due to user request/);
	end_while_spilling("$key, groups, cancelled", $serial, $grouped, 'pg_cancel_backend', qr/canceling statement due to user request/);
	end_while_spilling("$key, serial, terminated", $serial, $query, 'pg_terminate_backend', qr/terminating connection/);
	end_while_spilling("$key, parallel, terminated", $parallel, $query, 'pg_terminate_backend', qr/terminating connection/);

	# Finished: the same answer as in memory, in one process, in several, and in groups.
	my @answers = map { query($node, $database, "$_ SELECT $aggregate{$key}::text FROM event") }
	  "$serial SET work_mem = '256MB';", $serial, $parallel, "$parallel SET work_mem = '256MB';",
	  "$parallel SET parallel_leader_participation = off;";
	is($answers[$_], $answers[0], "$key: answer $_ is the one in memory") foreach 1 .. $#answers;
	is_clean("$key, finished");
	my @groups = map { query($node, $database, "$_ SELECT lead_id % 5, $aggregate{$key}::text FROM event GROUP BY 1 ORDER BY 1") }
	  "$serial SET work_mem = '256MB';", $serial, $parallel, "$serial SET enable_hashagg = off;";
	is($groups[$_], $groups[0], "$key: grouped answer $_ is the one in memory") foreach 1 .. $#groups;
	is_clean("$key, finished groups");
}

# It does spill: the temporary files of this database say so.
cmp_ok($node->safe_psql($database, 'SELECT temp_files FROM pg_stat_database WHERE datname = current_database()'), '>', 10, 'temporary files were used');

foreach my $key ('funnel bigint', 'journeys bigint')
{
	# A subtransaction that fails, in the middle of a transaction that goes on: after the aggregate, and within it.
	foreach my $failing ("1 / (length(a::text) - length(a::text)) FROM (SELECT $aggregate{$key} AS a FROM event) s",
		"$aggregate{$key} FROM event WHERE 1 / (entered_at <> (SELECT max(entered_at) FROM event))::int = 1")
	{
		$node->safe_psql($database, <<"SQL");
$parallel
DO \$\$
BEGIN
	BEGIN
		PERFORM $failing;
		RAISE 'no error';
	EXCEPTION WHEN division_by_zero THEN
		NULL;
	END;
	PERFORM $aggregate{$key} FROM event;
END
\$\$;
SQL
		is_clean("$key, a subtransaction failed");
	}

	# A cursor that is closed before it is read to the end.
	$node->safe_psql($database, <<"SQL");
$serial
BEGIN;
DECLARE c CURSOR FOR SELECT lead_id % 3, $aggregate{$key} FROM event GROUP BY 1;
FETCH 1 FROM c;
CLOSE c;
COMMIT;
SQL
	is_clean("$key, a cursor was closed half-way");
}

# A window_funnel group too large to pass from process to process in memory.
my $levels = q{SELECT lead_kpi.window_funnel('{strict_increase}', '1 day', entered_at + n * interval '1 second', stage = 'lead', stage = 'mql', stage = 'won'),
	lead_kpi.window_funnel_times('1 day', entered_at - n * interval '1 second', stage = 'lead', stage = 'mql', stage = 'won')
	FROM event CROSS JOIN generate_series(1, 8) AS n};
like(query($node, $database, "$parallel EXPLAIN (COSTS OFF) $levels"), qr/Partial Aggregate/, 'a large group: the plan is parallel');
my $handed_over = $node->safe_psql($database, 'SELECT temp_files FROM pg_stat_database WHERE datname = current_database()');
is(query($node, $database, "$parallel $levels"), query($node, $database, "$serial $levels"), 'a large group: parallel = serial');
ok($node->poll_query_until($database, "SELECT temp_files > $handed_over FROM pg_stat_database WHERE datname = current_database()"),
	'a large group: it was handed over in files');
is_clean('a large group');

# A funnel and journeys of one query share the memory too.
is(query($node, $database, "$serial SELECT $aggregate{'funnel text'}::text, $aggregate{'journeys bigint'}::text FROM event"),
	join('|', map { query($node, $database, "$serial SET work_mem = '256MB'; SELECT $aggregate{$_}::text FROM event") } 'funnel text', 'journeys bigint'),
	'a funnel and journeys in one query');
# Two funnels of one query share the memory, and an outer one may spill while an inner one works.
is(query($node, $database, "$serial SELECT lead_kpi.leads($funnel{bigint}, 'won') = lead_kpi.leads($funnel{text}, 'won') FROM event"), 't', 'two funnels in one query');
$node->safe_psql($database, <<"SQL");
CREATE FUNCTION inner_funnel(bigint) RETURNS bigint LANGUAGE plpgsql AS \$\$
BEGIN
	IF \$1 % 50000 = 0 THEN
		RETURN (SELECT lead_kpi.leads($funnel{text}, 'lead') * 0 + \$1 FROM event);
	END IF;
	RETURN \$1;
END
\$\$;
SQL
(my $nested = $funnel{bigint}) =~ s/lead_id/inner_funnel(lead_id)/;
is(query($node, $database, "$serial SELECT $nested FROM event"), query($node, $database, "$serial SELECT $funnel{bigint} FROM event"), 'funnels inside a funnel');
is_clean('nested funnels');

$node->stop;
done_testing();
