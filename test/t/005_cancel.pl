# A function that works on a large value answers to a cancel: it ends in the middle, not when it is done.
#
# No clock decides.  Right after the function, with nothing between that looks for a cancel, the
# query draws from a sequence, which no rollback takes back.  So when the query was cancelled, the
# sequence says whether the function had been let finish.
use strict;
use warnings;

use List::Util qw(min);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
search_path = 'lead_kpi, public'
max_parallel_workers_per_gather = 0
max_wal_size = 2GB
CONF
$node->start;

# Stored as they are, so that to fetch one takes no time to speak of.
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION lead_kpi;
CREATE SEQUENCE done;
CREATE UNLOGGED TABLE large (paths journeys, touches journeys, channels journeys, r roc, c conversion_curve, p lead_profile);
ALTER TABLE large ALTER paths SET STORAGE EXTERNAL, ALTER touches SET STORAGE EXTERNAL, ALTER channels SET STORAGE EXTERNAL,
	ALTER r SET STORAGE EXTERNAL, ALTER c SET STORAGE EXTERNAL, ALTER p SET STORAGE EXTERNAL;
INSERT INTO large VALUES (
	(SELECT journeys(ARRAY['a' || n % 97, 'b' || n % 89, 'c' || n % 83], 1, n, 1) FROM generate_series(1, 150000) n),
	(SELECT journeys(1::bigint, 'a' || n % 10, timestamptz '2025-01-01' + n * interval '1 second',
		CASE n WHEN 1 THEN timestamptz '2026-01-01' END, 5e5, NULL::interval, '7 days') FROM generate_series(1, 200000) n),
	(SELECT journeys(ARRAY['channel ' || n], 1, 1, 0) FROM generate_series(1, 150000) n),
	(SELECT roc(n / 1000000.0, n % 3 = 0) FROM generate_series(1, 450000) n),
	(SELECT conversion_curve(n * interval '1 second', CASE WHEN n % 3 = 0 THEN 'converted' ELSE 'censored' END, '1 second') FROM generate_series(1, 350000) n),
	(SELECT lead_profile(attributes, n % 3 = 0) FROM generate_series(1, 1500) n,
		LATERAL (SELECT jsonb_object_agg('attribute ' || a, CASE a % 2 WHEN 0 THEN to_jsonb('value ' || n) ELSE to_jsonb(n * a) END) AS attributes FROM generate_series(1, 100) a) l));
SQL

# Runs the query with a limit; returns how it ended.
sub outcome
{
	my ($query, $milliseconds) = @_;
	my ($status, $out, $err) = $node->psql('postgres', <<"SQL", on_error_stop => 0);
SELECT setval('done', 1, false);
SET statement_timeout = $milliseconds;
$query;
RESET statement_timeout;
SELECT is_called FROM done;
SQL
	my $is_done = $out =~ /^t\z/m;

	return $is_done ? 'finished' : 'failed' if $err eq '';
	return 'failed: ' . $err if $err !~ /canceling statement due to statement timeout/;
	return $is_done ? 'cancelled when it was done' : 'ended in the middle';
}

# At several points of its way, since different loops run there.  A cancel may also arrive in the
# moment after the draw, but not again and again.
sub is_cancellable
{
	my ($name, $query) = @_;
	my $start = time;
	my $whole;
	my @outcomes;

	is(outcome($query, 0), 'finished', "$name: runs");
	$whole = (time - $start) * 1000;
	for my $part (0.35, 0.65)
	{
		my $outcome;

		# Where others use the processors, too, the first run may have taken long by chance: each that ended tells how long it takes at most.
		for my $attempt (1 .. 10)
		{
			# psql and the planner take their part, so less than "part" of the whole.
			my $began = time;

			$outcome = outcome($query, int($whole * $part / (1 + ($attempt - 1) / 2)) + 1);
			last if $outcome eq 'ended in the middle';
			$whole = min($whole, (time - $began) * 1000);
		}
		push @outcomes, $outcome;
	}
	note(sprintf '%s took %.0f ms when it was let finish', $name, $whole);
	is_deeply(\@outcomes, [('ended in the middle') x 2], "$name: ends in the middle");
}

# The control: md5() of the server does not look for a cancel.
$node->safe_psql('postgres', "CREATE UNLOGGED TABLE text AS SELECT repeat(repeat('x', 1000), 200000) AS text; ALTER TABLE text ALTER text SET STORAGE EXTERNAL;");
my $md5 = "SELECT md5(text), nextval('done') FROM text";
my $start = time;
is(outcome($md5, 0), 'finished', 'control: runs');
my $whole = (time - $start) * 1000;
my $outcome;
for my $part (0.7, 0.5, 0.3)
{
	$outcome = outcome($md5, int($whole * $part) + 1);
	last if $outcome eq 'cancelled when it was done';
}
is($outcome, 'cancelled when it was done', 'control: a function that cannot be cancelled is found out');

my %scalar = (
	'print paths' => 'length(paths::text)',
	'print touches' => 'length(touches::text)',
	'print channels' => 'length(channels::text)',
	'send paths' => 'length(journeys_send(paths))',
	'send touches' => 'length(journeys_send(touches))',
	'add paths' => 'paths + paths',
	'shorten paths' => 'last_touches(paths, 2)',
	'rename touches' => q{transform_paths(touches, 'frequency')},
	'suggest an order' => 'suggest_order(touches)',
	'print a roc' => 'length(r::text)',
	'send a roc' => 'length(roc_send(r))',
	'add rocs' => 'r + r',
	'error of the area' => 'auc_std_error(r)',
	'calibrate' => 'cox_calibration(r)',
	'print a curve' => 'length(c::text)',
	'send a curve' => 'length(conversion_curve_send(c))',
	'add curves' => 'c + c',
	'read a curve' => 'converted_within(c, interval \'4 days\')',
	'compare curves' => 'compare(c, c)',
	'print a profile' => 'length(p::text)',
	'send a profile' => 'length(lead_profile_send(p))',
	'add profiles' => 'p + p');
my %rows = (
	'paths' => 'paths(paths)',
	'attribution' => q{attribution(paths, 'linear')},
	'attribution of channels' => q{attribution(channels, 'shapley')},
	'attribution with intervals' => q{attribution(paths, 'first_touch', bootstrap => 5)},
	'removal effects' => 'removal_effects(paths)',
	'transitions' => 'transitions(paths, 2)',
	'points of a roc' => 'points(r)',
	'isotonic' => 'isotonic(r)',
	'gains' => 'gains(r)',
	'calibration' => 'calibration(r)',
	'points of a curve' => 'points(c)',
	'counts of a profile' => 'counts(p)',
	'weight of evidence' => 'weight_of_evidence(p)',
	'drift' => 'drift(p, p)');

is_cancellable($_, "SELECT $scalar{$_} IS NULL, nextval('done') FROM large") foreach sort keys %scalar;
# The arguments of the second function are evaluated when the first has returned its rows.
is_cancellable($_, "SELECT count(*) FROM large, LATERAL ROWS FROM ($rows{$_}, generate_series(1, nextval('done'))) x") foreach sort keys %rows;

done_testing();
