# Random histories of stored marts: after every refresh what is stored is what a
# live mart shows.  test/simulation/stored_histories.sql makes and plays them.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $histories = $ENV{LEAD_KPI_HISTORIES} // 200;
my $rounds = $ENV{LEAD_KPI_ROUNDS} // 2;
my $seed = int($ENV{LEAD_KPI_SEED} // 1) || 1;
# Of so many histories one is compared view by view.
my $all_every = $ENV{LEAD_KPI_ALL_VIEWS_EVERY} // 25;

note("LEAD_KPI_SEED=$seed LEAD_KPI_HISTORIES=$histories LEAD_KPI_ROUNDS=$rounds LEAD_KPI_ALL_VIEWS_EVERY=$all_every");

my $node = PostgreSQL::Test::Cluster->new('stored_histories');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf',
	"fsync = off\nsynchronous_commit = off\njit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\n"
	  . "autovacuum_naptime = 10s\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');

sub psql_file
{
	my ($file, @options) = @_;
	$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', @options, '-d', $node->connstr('postgres'), '-f', "$FindBin::RealBin/../simulation/$file" ],
		"read $file");
}

sub both
{
	my ($what, $call) = @_;
	my @sessions = map { IPC::Run::start([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'),
			'-c', 'SET search_path = public, lead_kpi', '-c', 'SET client_min_messages = warning', '-c', "SET statement_timeout = '40min'", '-c', $call->($_) ]) } 0, 1;
	my $good = 0;
	$good += $_->finish ? 1 : 0 for @sessions;
	is($good, 2, $what);
}

psql_file('random_marts.sql', '-v', 'without_marts=1');
psql_file('random_sales.sql');
psql_file('stored_histories.sql');
both('stored marts', sub { "CALL make_history_marts($_[0])" });

# Both processors play: one the odd seeds, one the even ones.
my $last = $seed + $histories - 1;
both('played them', sub { my $first = $seed + ($_[0] + $seed) % 2; "CALL play_stored_histories($first, $last, 2, $rounds, $all_every)" });

my ($played, $refreshes, $rebuilt, $views) = split /\|/,
  $node->safe_psql('postgres', 'SELECT count(DISTINCT seed), count(*), count(*) FILTER (WHERE was_rebuilt), sum(views) FROM compared');
note("$refreshes refreshes of $played histories, $rebuilt of them of all leads; $views views compared");
is($played, $histories, 'all of them');
cmp_ok($refreshes - $rebuilt, '>', 0.3 * $refreshes, 'many refreshes are of some leads') if $histories >= 50;
my $failures = $node->safe_psql('postgres',
	q{SELECT format('seeds %s: %s: %s', string_agg(DISTINCT f.seed::text, ' '), f.what, left(min(f.detail), 1500)) FROM failure f GROUP BY f.what ORDER BY count(DISTINCT f.seed) DESC, f.what});
is($failures, '', 'stored is as live');

$node->stop;
done_testing();
