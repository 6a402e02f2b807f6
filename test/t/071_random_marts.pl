# A hundred random marts, clean and dirty: every view can be read, and every
# sum that must be kept is.  test/simulation/random_marts.sql makes them.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $marts = $ENV{LEAD_KPI_RANDOM_MARTS} // 100;
my $seed = int($ENV{LEAD_KPI_SEED} // 1) || 1;

my $node = PostgreSQL::Test::Cluster->new('random_marts');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf',
	"fsync = off\nsynchronous_commit = off\njit = off\nmax_parallel_workers_per_gather = 0\nautovacuum = off\ntimezone = UTC\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'),
		map { ('-f', "$FindBin::RealBin/../simulation/$_.sql") } 'random_marts', 'random_sales' ], 'made the marts to be filled');

# Both processors play: one the odd seeds, one the even ones.
my $last = $seed + $marts - 1;
my @sessions = map { IPC::Run::start([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'),
		'-c', 'SET search_path = public, lead_kpi', '-c', 'SET client_min_messages = warning', '-c', "CALL play_random_marts($seed + $_, $last, 2)" ]) } 0, 1;
my $good = 0;
$good += $_->finish ? 1 : 0 for @sessions;
is($good, 2, 'played them');

my ($played, $dirty, $leads, $seconds) = split /\|/,
  $node->safe_psql('postgres', 'SELECT count(*), count(*) FILTER (WHERE is_dirty), sum(leads), round(max(seconds)::numeric, 1) FROM played');
is($played, $marts, 'all of them');
note("$dirty of $played are dirty; $leads leads; the slowest took $seconds s");
my $failures = $node->safe_psql('postgres',
	q{SELECT format('seeds %s: %s: %s', string_agg(DISTINCT seed::text, ' '), what, left(min(detail), 300)) FROM failure GROUP BY what ORDER BY count(DISTINCT seed) DESC, what});
is($failures, '', 'every sum is kept');
cmp_ok($dirty, '>', 0.3 * $marts, 'clean and dirty ones') if $marts >= 50;

$node->stop;
done_testing();
