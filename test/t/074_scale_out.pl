# examples/scale-out: shards by postgres_fdw. What they answer is what one server
# answers, to the bit; summaries travel and not rows; what is missing is an error.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use ByteRelay;
use File::Temp qw(tempdir);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $examples = "$FindBin::RealBin/../../examples/scale-out";

# The coordinator is a database on the first of the three clusters.
my @node = map { PostgreSQL::Test::Cluster->new("shard_$_") } 1 .. 3;
foreach my $node (@node)
{
	$node->init(extra => [ '--encoding=UTF8', '--locale=C', '--no-sync' ]);
	$node->append_conf('postgresql.conf', "jit = off\nautovacuum = off\n");
	$node->start;
}
my $coordinator = $node[0];

plan skip_all => '56 checks need postgres_fdw'
  if query($coordinator, 'postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'}) eq '0';

# It says that it wants to be loaded earlier, or it is not here.
my $no_citus = query($coordinator, 'postgres', q{LOAD 'citus'}) =~ /could not access file/;
my $sockets = tempdir(CLEANUP => 1);
my @relay = map { ByteRelay->new($node[$_]->host . '/.s.PGSQL.' . $node[$_]->port, "$sockets/.s.PGSQL." . (7001 + $_)) } 0 .. 2;
END { $_->stop for grep { $_ } @relay }

sub run_script
{
	my ($node, $database, $script, @variables) = @_;

	return run_log([ 'psql', '-X', '-q', '-d', $node->connstr($database), (map { ('-v', $_) } @variables), '-f', "$examples/$script" ]);
}

sub add_shard
{
	my ($number) = @_;

	return run_script(
		$coordinator, 'kpi_all', 'add_shard.sql',
		"shard=shard_$number", "host=$sockets", 'port=' . (7000 + $number), 'dbname=kpi', 'mart=kpi',
		'remote_user=' . query($coordinator, 'postgres', 'SELECT current_user'), 'remote_password=none');
}

# Every shard has a mart, and the coordinator a mart with everything: what it says is what has to come out.
my @buckets = ([ 0, 342 ], [ 342, 683 ], [ 683, 1024 ]);
# Whoever has two ids on two shards is nobody's duplicate there; see doc/scale-out.md.
my $mart = q{CREATE EXTENSION lead_kpi; SELECT lead_kpi.create_mart('kpi'); UPDATE kpi.rule SET duplicate_key = 'none', internal_domains = '{ourcompany.example}', currency = 'EUR'};
my $rates = q{INSERT INTO kpi.currency_rate (currency, valid_from, rate) VALUES ('SEK', '2024-01-01', 0.1)};
foreach my $number (1 .. 3)
{
	my $node = $node[ $number - 1 ];

	$node->safe_psql('postgres', 'CREATE DATABASE kpi');
	$node->safe_psql('kpi', "$mart; $rates");
	ok(run_script($node, 'kpi', 'shard.sql', 'mart=kpi', "from=$buckets[$number - 1][0]", "below=$buckets[$number - 1][1]"), "shard $number is one");
}
$coordinator->safe_psql('postgres', 'CREATE DATABASE kpi_all');
ok(run_script($coordinator, 'kpi_all', 'coordinator.sql'), 'the coordinator is one');
$coordinator->safe_psql('kpi_all', $mart =~ s/CREATE EXTENSION lead_kpi;//r . q{;
SELECT lead_kpi.generate_example('kpi', 1500, 7);
-- A mart takes the spelling that most of its leads have, and that of a shard may be another one.
UPDATE kpi.lead SET channel = lower(translate(channel, ' -', '__'));
UPDATE kpi.touch SET channel = lower(translate(channel, ' -', '__'));
CREATE SCHEMA whole;
CREATE VIEW whole.event AS SELECT e.lead_id, e.stage, e.entered_at, l.channel, l.created_at::date AS created_on FROM kpi.stage_event e JOIN kpi.lead l USING (lead_id)});

sub all { return query($coordinator, 'kpi_all', "SET client_min_messages = warning; $_[0]") }
sub refuses
{
	my ($sql, $pattern, $name) = @_;

	return like(all($sql), $pattern, $name);
}

ok(add_shard(1), 'the first shard is known');
ok(add_shard(3), 'and the third');
my $create = q{SELECT scale_out.create_view('funnel_by_channel', 'SELECT l.channel, funnel(lead_id, e.stage, e.entered_at, ''{lead,mql,sal,sql,opportunity,won}'') AS funnel
	FROM stage_event e JOIN lead l USING (lead_id) GROUP BY l.channel', '{channel}')};
refuses($create, qr/the leads of the buckets 342 to 682 are on no shard/, 'a shard that was forgotten is an error');
ok(add_shard(2), 'the second shard is known');

# Loaded through the coordinator: each row finds its shard.
all("INSERT INTO scale_out.$_ SELECT * FROM kpi.$_") foreach qw(lead stage_event touch deal);
is(all('SELECT count(*) FROM scale_out.stage_event EXCEPT SELECT count(*) FROM kpi.stage_event'), '', 'everything was loaded');
is(all('SELECT count(DISTINCT tableoid) FROM scale_out.lead'), '3', 'over all shards');
$_->safe_psql('kpi', 'ANALYZE') foreach @node;
$coordinator->safe_psql('kpi_all', 'ANALYZE');

# The obvious query has the right answer, and every row travels.
my $obvious = q{SELECT l.channel, lead_kpi.funnel(lead_id, e.stage, e.entered_at, '{lead,mql,sal,sql,opportunity,won}')::text
	FROM %1$s.stage_event e JOIN %1$s.lead l USING (lead_id) GROUP BY l.channel ORDER BY 1};
my $expected = all(sprintf $obvious, 'kpi');
sub bytes_of
{
	my ($sql, $name) = @_;
	my $bytes = 0;

	$_->reset foreach @relay;
	is(all($sql), $expected, $name);
	$bytes += $_->bytes foreach @relay;
	return $bytes;
}
my $bytes_of_rows = bytes_of(sprintf($obvious, 'scale_out'), 'all rows fetched give the funnel by channel');

is(all($create), '', 'a view over summaries');
my $bytes_of_summaries = bytes_of('SELECT channel, funnel::text FROM scale_out.funnel_by_channel ORDER BY 1', 'summaries give the same, to the bit');
cmp_ok($bytes_of_summaries * 4, '<', $bytes_of_rows, "$bytes_of_summaries bytes instead of $bytes_of_rows");

# Short texts, as add_shard.sql asks for. More than half of what is left here, where durations are few, are the planner's questions.
all("ALTER SERVER shard_$_ OPTIONS (SET options '-c lead_kpi.summary_output=json')") foreach 1 .. 3;
my $bytes_of_json = bytes_of('SELECT channel, funnel::text FROM scale_out.funnel_by_channel ORDER BY 1', 'JSON gives the same');
cmp_ok($bytes_of_summaries + 5000, '<', $bytes_of_json, "$bytes_of_summaries bytes instead of $bytes_of_json");
all("ALTER SERVER shard_$_ OPTIONS (SET options '-c lead_kpi.summary_output=compact')") foreach 1 .. 3;

my $plan = all('EXPLAIN (VERBOSE, COSTS OFF) SELECT channel, lead_kpi.conversion(funnel, 1, 6) FROM scale_out.funnel_by_channel');
is(() = $plan =~ /Async Foreign Scan/g, 3, 'all shards work at the same time');
is(() = $plan =~ /Relations: Aggregate on \(\(/g, 3, 'and join and aggregate by themselves');
is(() = $plan =~ /Remote SQL: .*lead_kpi\.funnel\(/g, 3, 'as their SQL says') or diag $plan;
like(all(q{EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM scale_out.funnel_by_channel WHERE channel = 'search'}), qr/Remote SQL: .*channel = 'search'/,
	'what the reader asks of the groups goes there, too');

# The other way, without a view: grouped by the bucket, each partition has whole groups. The planner has to be allowed to.
my $by_bucket = q{SELECT channel, lead_kpi.rollup(f)::text AS f FROM
	(SELECT e.stage AS channel, (hashint8extended(lead_id, 0) & 1023) AS bucket, lead_kpi.funnel(lead_id, e.stage, e.entered_at, '{lead,mql,won}') AS f
	FROM scale_out.stage_event e GROUP BY 1, 2) s GROUP BY channel ORDER BY 1};
my $partitionwise = all("SET enable_partitionwise_aggregate = on; EXPLAIN (VERBOSE, COSTS OFF) $by_bucket");
is(() = $partitionwise =~ /Async Foreign Scan\n.*\n *Relations: Aggregate on/g, 3, 'grouped by the bucket, the planner does it') or diag $partitionwise;
is(all("SET enable_partitionwise_aggregate = on; $by_bucket"),
	all(q{SELECT stage, lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql,won}')::text FROM kpi.stage_event GROUP BY 1 ORDER BY 1}), 'with the same result');

# Every kind of summary: shards and one server say the same, to the bit.
my %summary = (
	rate => q{SELECT l.channel, rate(d.is_won) AS s FROM deal d JOIN lead l USING (lead_id) GROUP BY 1},
	moments => q{SELECT l.channel, moments(d.amount::float8 / 7) AS s FROM deal d JOIN lead l USING (lead_id) GROUP BY 1},
	conversion_curve => q{SELECT l.channel, conversion_curve(l.created_at, CASE WHEN d.is_won THEN d.closed_at END, timestamptz '2026-01-01 00:00:00+00', interval '1 hour') AS s
		FROM lead l LEFT JOIN deal d USING (lead_id) GROUP BY 1},
	journeys => q{SELECT d.is_won, journeys(lead_id, t.channel, t.touched_at, CASE WHEN d.is_won THEN d.closed_at END, d.amount::float8 / 7, interval '90 days', interval '7 days') AS s
		FROM touch t LEFT JOIN deal d USING (lead_id) GROUP BY 1},
	lead_profile => q{SELECT l.kind, lead_profile(l.attributes, CASE WHEN d.is_won THEN true ELSE false END) AS s FROM lead l LEFT JOIN deal d USING (lead_id) GROUP BY 1},
	roc => q{SELECT l.channel, roc(d.amount::float8 / 7, d.is_won) AS s FROM deal d JOIN lead l USING (lead_id) GROUP BY 1},
	strict_funnel => q{SELECT created_on, funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}', interval '30 days') AS s FROM event WHERE channel <> 'event' GROUP BY 1});
foreach my $kind (sort keys %summary)
{
	my ($key) = $summary{$kind} =~ /SELECT (?:\w\.)?(\w+)/;

	all(sprintf q{SELECT scale_out.create_view('%s', $query$%s$query$, '{%s}')}, $kind, $summary{$kind}, $key);
	is(all("SELECT $key, s::text FROM scale_out.$kind ORDER BY 1"), all("SET search_path = whole, kpi, lead_kpi; SELECT $key, s::text FROM ($summary{$kind}) s ORDER BY 1"),
		"$kind over shards is that of one server");
}
is( all(q{SELECT (a).channel, (a).conversions, (a).value FROM (SELECT lead_kpi.attribution(lead_kpi.rollup(s), 'markov') AS a FROM scale_out.journeys) j ORDER BY 1}),
	all(q{SELECT (a).channel, (a).conversions, (a).value FROM (SELECT lead_kpi.attribution(lead_kpi.journeys(lead_id, t.channel, t.touched_at, CASE WHEN d.is_won THEN d.closed_at END,
		d.amount::float8 / 7, '90 days', '7 days'), 'markov') AS a FROM kpi.touch t LEFT JOIN kpi.deal d USING (lead_id)) j ORDER BY 1}),
	'and what is read from them');

# Counts beside summaries.
all(q{SELECT scale_out.create_view('deals', 'SELECT l.channel, count(*) AS deals, sum(d.amount) AS amount, rate(d.is_won) AS won FROM deal d JOIN lead l USING (lead_id) GROUP BY 1',
	'{channel}', '{deals,amount}')});
is(all('SELECT channel, deals, amount, won FROM scale_out.deals ORDER BY 1'),
	all('SELECT channel, count(*), sum(amount), lead_kpi.rate(is_won) FROM kpi.deal JOIN kpi.lead USING (lead_id) GROUP BY 1 ORDER BY 1'), 'counts and amounts are added');

# What would be wrong, or slow, is refused.
refuses(q{SELECT scale_out.create_view('x', 'SELECT channel, count(*) AS leads FROM lead GROUP BY 1', '{channel}')},
	qr/column leads is of type bigint, and nothing says how it adds up/, 'a count that nobody named');
refuses(q{SELECT scale_out.create_view('x', 'SELECT count(DISTINCT campaign) AS n FROM lead', '{}', '{n}')}, qr/DISTINCT within a shard means another thing/, 'DISTINCT');
refuses(q{SELECT scale_out.create_view('x', 'SELECT channel, rate(is_won) AS s FROM deal JOIN lead USING (lead_id) GROUP BY 1 HAVING count(*) > 9', '{channel}')},
	qr/HAVING within a shard means another thing/, 'HAVING');
refuses(q{SELECT scale_out.create_view('x', 'SELECT rate(is_won) AS s FROM deal WHERE closed_at < now()', '{}')}, qr/shard shard_1 would send its rows instead of summaries/, 'now()');
refuses(q{SELECT scale_out.create_view('x', 'SELECT rate(d.is_won) AS s FROM deal d JOIN kpi.lead l USING (lead_id)', '{}')}, qr/would send its rows/, 'a table that is not on the shard');

# A lead in parts is counted by each part. The shard refuses it; where the constraint is gone, so does the helper, and split_leads finds it.
my $elsewhere = $node[1];
my $lead = query($node[0], 'kpi', 'SELECT min(lead_id) FROM kpi.stage_event');
my $astray = "INSERT INTO kpi.stage_event (lead_id, stage, entered_at) VALUES ($lead, 'lead', '2025-01-01')";
like(query($elsewhere, 'kpi', $astray), qr/violates check constraint "whole_leads"/, 'a shard refuses the lead of another');
is(all(q{SELECT count(*) FROM scale_out.split_leads('stage_event')}), '0', 'no lead is in parts');
all(q{SELECT scale_out.create_view('all_leads', 'SELECT funnel(lead_id, stage, entered_at, ''{lead}'') AS funnel FROM stage_event', '{}')});
my $leads = q{SELECT lead_kpi.leads(funnel, 'lead') FROM scale_out.all_leads};
my $before = all($leads);
query($elsewhere, 'kpi', "ALTER TABLE kpi.stage_event DROP CONSTRAINT whole_leads; $astray");
is(all($leads), $before + 1, 'without the constraint, one lead counts twice');
is(all(q{SELECT * FROM scale_out.split_leads('stage_event')}), "$lead|{shard_1,shard_2}", 'which split_leads finds');
refuses($create, qr/shard shard_2 may hold leads that are on another one too/, 'and no view is made over it');
query($elsewhere, 'kpi', "DELETE FROM kpi.stage_event WHERE lead_id = $lead AND entered_at = '2025-01-01';
	ALTER TABLE kpi.stage_event ADD CONSTRAINT whole_leads CHECK ((hashint8extended(lead_id, 0) & 1023) BETWEEN $buckets[1][0] AND $buckets[1][1] - 1)");

query($elsewhere, 'kpi', q{UPDATE kpi.rule SET time_zone = 'Europe/Paris'});
refuses($create, qr/the mart of shard shard_2 has other settings/, 'nor over marts that count by different rules');
query($elsewhere, 'kpi', q{UPDATE kpi.rule SET time_zone = 'UTC'});

# Marts of the shards, one of them stored, rolled up above them.
$node[0]->safe_psql('kpi', q{SELECT lead_kpi.store_mart('kpi')});
all(q{SELECT scale_out.create_view('stored_funnel', 'SELECT channel, month, funnel FROM funnel_cell', '{channel,month}');
	SELECT scale_out.create_view('stored_journeys', 'SELECT won FROM journey_cell', '{}');
	SELECT scale_out.create_view('stored_month', 'SELECT channel, leads, won, revenue FROM day_cell', '{channel}', '{leads,won,revenue}')});
is(all('SELECT channel, month, funnel::text FROM scale_out.stored_funnel ORDER BY 1, 2'),
	all('SELECT channel, month, lead_kpi.rollup(funnel::lead_kpi.funnel)::text FROM kpi.funnel_count GROUP BY 1, 2 ORDER BY 1, 2'), 'funnels of stored marts are that of one mart');
is(all('SELECT won::text FROM scale_out.stored_journeys'), all('SELECT lead_kpi.rollup(channel_won::lead_kpi.journeys)::text FROM kpi.journey_count'), 'and their journeys');
is(all('SELECT channel, leads, won, revenue FROM scale_out.stored_month ORDER BY 1'),
	all('SELECT channel, sum(leads), sum(won), sum(revenue) FROM kpi.kpi_day WHERE gross > 0 OR deals_won > 0 GROUP BY 1 ORDER BY 1'), 'and their counts');
is(all('SELECT scale_out.remake_views(); SELECT count(*) FROM scale_out.stored_month') =~ /(\d+)$/ && $1 > 0, 1, 'all views can be made again');

# A shard that is down: an error, and no number of the others.
$node[2]->stop('immediate');
foreach my $query ('SELECT channel, funnel::text FROM scale_out.funnel_by_channel', sprintf($obvious, 'scale_out'), 'SELECT sum(leads) FROM scale_out.stored_month')
{
	my ($status, $out, $err) = $coordinator->psql('kpi_all', $query);

	is($out, '', 'no partial number');
	like($err, qr/could not connect to server "shard_3"/, 'but which shard is down');
}
refuses($create, qr/could not connect to server "shard_3"/, 'nor is a view made');
$_->stop foreach @relay;
$_->stop foreach @node[ 0, 1 ];

# The same shape of a query on Citus, where its package is: both levels are for the workers.
SKIP:
{
	skip '5 checks need Citus', 5 if $no_citus;
	my $node = PostgreSQL::Test::Cluster->new('citus');

	$node->init(extra => [ '--encoding=UTF8', '--locale=C', '--no-sync' ]);
	$node->append_conf('postgresql.conf', "shared_preload_libraries = 'citus'\ncitus.enable_statistics_collection = off\ncitus.local_hostname = '" . $node->host . "'\njit = off\n");
	$node->start;
	my ($status) = $node->psql('postgres', 'CREATE EXTENSION citus');
	skip '5 checks need the files of Citus beside its library', 5 if $status != 0;
	$node->safe_psql('postgres', q{SELECT citus_set_coordinator_host('} . $node->host . q{', } . $node->port . q{); SELECT citus_set_node_property('} . $node->host . q{', } . $node->port . q{, 'shouldhaveshards', true)});
	$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');
	$node->safe_psql('postgres', q{CREATE TABLE event AS SELECT n % 700 AS lead_id, (ARRAY['a', 'b', 'c'])[1 + n % 700 % 3] AS channel, (ARRAY['lead', 'mql', 'won'])[1 + n * n % 3] AS stage,
		timestamptz '2025-01-01 00:00+00' + n * 7919 % 10007 * interval '1 hour' AS entered_at FROM generate_series(1::bigint, 5000) n; CREATE TABLE whole AS TABLE event});
	$node->safe_psql('postgres', q{SET citus.shard_count = 8; SELECT create_distributed_table('event', 'lead_id')});

	my $by_lead = q{SELECT channel, lead_kpi.rollup(f)::text FROM
		(SELECT lead_id, channel, lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql,won}') AS f FROM %s GROUP BY 1, 2) s GROUP BY 1 ORDER BY 1};
	my $plan = query($node, 'postgres', 'EXPLAIN (VERBOSE, COSTS OFF) ' . sprintf $by_lead, 'event');

	like($plan, qr/Custom Scan \(Citus Adaptive\)/, 'Citus plans it');
	like($plan, qr/Query: .*rollup.*funnel\(/s, 'both levels are for the workers') or diag $plan;
	is(query($node, 'postgres', sprintf $by_lead, 'event'), query($node, 'postgres', sprintf $by_lead, 'whole'), 'with the result of one server');
	my $direct = q{SELECT lead_kpi.rate(stage = 'won') FROM %s};
	is(query($node, 'postgres', sprintf $direct, 'event'), query($node, 'postgres', sprintf $direct, 'whole'), 'rates need no second level');
	like(query($node, 'postgres', 'EXPLAIN (VERBOSE, COSTS OFF) ' . sprintf $direct, 'event'), qr/worker_partial_agg/, 'their states are shipped');
	$node->stop;
}
done_testing();
