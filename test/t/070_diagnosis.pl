# How often diagnosis warns where nothing is wrong: hundreds of marts in
# which every lead has the same chances.  And how often it warns where the
# share of leads that are won has fallen, or where decisions have become
# slower and no worse.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $marts = $ENV{LEAD_KPI_SIMULATED_MARTS} // 800;
my $seed = $ENV{LEAD_KPI_SEED} // 0.42;

plan skip_all => '11 checks count what diagnosis warns of: LEAD_KPI_SIMULATED_MARTS is 0' if $marts < 1;

my $node = PostgreSQL::Test::Cluster->new('diagnosis');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nsynchronous_commit = off\njit = off\nmax_parallel_workers_per_gather = 0\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');
$node->command_ok(
	[
		'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', "marts=$marts", '-v', "seed=$seed",
		'-d', $node->connstr('postgres'), '-f', "$FindBin::RealBin/../simulation/steady_marts.sql"
	],
	"made $marts marts in which nothing goes wrong");

# Both processors read.
sub read_marts
{
	my @sessions = map { IPC::Run::start([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'),
			'-c', "CALL read_steady_marts(2, $_)" ]) } 0, 1;
	my $good = 0;
	$good += $_->finish ? 1 : 0 for @sessions;
	return $good;
}

is(read_marts(), 2, 'read their diagnosis');
my ($warned, $watched) = split /\|/, $node->safe_psql('postgres',
	"SELECT count(DISTINCT number) FILTER (WHERE severity = 'warning'), count(DISTINCT number) FILTER (WHERE severity = 'watch') FROM reading");
note("$warned of $marts warn, $watched have something to watch");
note($node->safe_psql('postgres', "SELECT code, severity, certainty, count(*) FROM reading GROUP BY 1, 2, 3 ORDER BY 2, 1, 3"));
cmp_ok($warned, '<=', 0.05 * $marts, 'at most 5 % of them see any warning');
cmp_ok($watched, '>', 0, 'and what is not certain is shown as such');
is($node->safe_psql('postgres', "SELECT count(*) FROM reading WHERE severity = 'warning' AND (certainty <> 'beyond chance' OR p_value >= 0.05)"),
	0, 'a warning is beyond chance');

$node->safe_psql('postgres', 'CREATE TABLE steady_before AS SELECT * FROM steady_lead');

# Two thirds of the wins of the last five months never were: the larger marts that win often enough must say so.
$node->safe_psql('postgres', q{
	DELETE FROM reading;
	DELETE FROM steady_mart WHERE leads_per_month < 60 OR to_won < 0.1 OR lag_days > 30;
	UPDATE steady_lead SET is_won = false WHERE created_at > observed_until - interval '150 days' AND lead_id % 3 > 0;
});
is(read_marts(), 2, 'read marts that win less than before');
my ($changed, $sure, $found) = split /\|/, $node->safe_psql('postgres', q{
	SELECT (SELECT count(*) FROM steady_mart), count(DISTINCT number) FILTER (WHERE severity = 'warning'), count(DISTINCT number)
	FROM reading WHERE code LIKE 'closing_rate%'});
note("$sure of $changed warn that fewer leads are won, $found say so at least as not yet certain");
cmp_ok($sure, '>', 0.3 * $changed, 'many of them warn');
cmp_ok($found, '>', 0.7 * $changed, 'most of them see it');

# The leads of the last five months are decided after three times as long, as well as before: that is slower, and not worse.
$node->safe_psql('postgres', q{
	DELETE FROM reading;
	DELETE FROM steady_mart WHERE to_lost = 0;
	TRUNCATE steady_lead;
	INSERT INTO steady_lead
	SELECT number, observed_until, lead_id, created_at, channel, fits, mql_at, is_mql, is_sal, created_at + k.times * (won_at - created_at), is_won,
		created_at + k.times * (lost_at - created_at), is_lost, amount
	FROM steady_before
	CROSS JOIN LATERAL (SELECT CASE WHEN created_at > observed_until - interval '150 days' THEN 3 ELSE 1 END AS times) k
	WHERE number IN (SELECT number FROM steady_mart);
	ANALYZE steady_lead});
is(read_marts(), 2, 'read marts that decide more slowly');
my ($slowed, $slower, $worse) = split /\|/, $node->safe_psql('postgres', q{
	SELECT (SELECT count(*) FROM steady_mart), count(DISTINCT number) FILTER (WHERE code = 'slower_decisions_at_equal_quality'),
		count(DISTINCT number) FILTER (WHERE code LIKE 'closing_rate%' AND severity = 'warning')
	FROM reading});
note("$slower of $slowed say at least as not yet certain that decisions are slower and no worse, $worse warn that they are worse");
note($node->safe_psql('postgres', "SELECT code, severity, certainty, count(*) FROM reading GROUP BY 1, 2, 3 ORDER BY 2, 1, 3"));
cmp_ok($slower, '>', 0.1 * $slowed, 'some see it, on so few leads');
cmp_ok($worse, '<=', 0.05 * $slowed, 'hardly any calls slower worse');

$node->stop;
done_testing();
