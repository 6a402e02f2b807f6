# A mart is as before or as after when what makes, stores, refreshes, trains or upgrades it is killed, cancelled, or runs out of time, memory or disk; nothing
# half made is left, no temporary file, and, but for crashes, no file of a table. Once more, it succeeds.
#
# LEAD_KPI_CRASHES=n tries n moments and ways, LEAD_KPI_SEED=s others; a few by default. LEAD_KPI_SMALL_DISK=folder, on a small file system that is all the
# test's, is filled for "disk full"; without it a limit on the size of files stands for that.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

my $times = $ENV{LEAD_KPI_CRASHES} || 0;
my $seed = $ENV{LEAD_KPI_SEED} || 1;
srand($seed);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C', '--wal-segsize=1' ]);
# A server that restarts after a backend was killed, as they do; tests turn that off.
$node->append_conf('postgresql.conf', "restart_after_crash = on\nmax_connections = 20\nshared_buffers = 16MB\njit = off\nmax_parallel_workers_per_gather = 0\nmax_locks_per_transaction = 512\nautovacuum = off\ntimezone = UTC\n");
$node->start;

# Whether the server is back, after a crash.
sub await
{
	for (1 .. 600)
	{
		my ($status) = $node->psql('postgres', 'SELECT 1');
		return if $status == 0;
		sleep 0.1;
	}
	die 'the server did not come back';
}

$node->safe_psql('postgres', 'CREATE DATABASE nothing');
$node->safe_psql('nothing', <<'SQL');
CREATE EXTENSION lead_kpi;
-- Everything of the marts but object identifiers and when it was.
CREATE FUNCTION signature() RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
	item record;
	content text;
	all_of_it text;
BEGIN
	SELECT md5(string_agg(concat_ws(' ', n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity,
		(SELECT string_agg(concat_ws(' ', a.attname, a.atttypid::regtype, a.attnotnull), ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
		(SELECT string_agg(t.tgname, ',' ORDER BY t.tgname) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
		CASE WHEN c.relkind = 'v' AND n.nspname = 'kpi' THEN pg_get_viewdef(c.oid) END), E'\n' ORDER BY n.nspname, c.relname))
	INTO all_of_it
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^(kpi|pg_temp|mart_template|lead_kpi_)' AND c.relkind <> 't';
	all_of_it := concat_ws(' ', all_of_it, (SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^(pg_temp|pg_toast_temp)'),
		(SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_constraint));
	FOR item IN SELECT c.oid::regclass AS name, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^kpi' AND c.relkind = 'r'
		-- Of a crash these are empty: nothing is to be found in them.
		AND c.relpersistence = 'p' ORDER BY n.nspname, c.relname LOOP
		EXECUTE format('SELECT md5(string_agg(%s, E''\n'' ORDER BY %1$s)) FROM %s r',
			'(to_jsonb(r) - ''{as_of,seconds,row_order}''::text[])::text COLLATE "C"', item.name) INTO content;
		all_of_it := all_of_it || ' ' || item.name || ' ' || coalesce(content, '');
	END LOOP;
	RETURN all_of_it;
END
$$;
-- Files of no table, and temporary ones, wherever the database lies.
CREATE FUNCTION stray() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(f, ',' ORDER BY f) FROM regexp_replace(pg_relation_filepath('pg_class'), '/[^/]+$', '') d(directory), pg_ls_dir(d.directory) f
	WHERE f ~ '^[0-9]+$' AND f::oid NOT IN (SELECT pg_relation_filenode(c.oid) FROM pg_class c WHERE pg_relation_filenode(c.oid) IS NOT NULL)
		AND pg_stat_file(d.directory || '/' || f, true) IS NOT NULL
$$;
CREATE FUNCTION temporary() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(f, ',') FROM (SELECT name FROM pg_ls_tmpdir((SELECT dattablespace FROM pg_database WHERE datname = current_database())) UNION ALL
		SELECT f FROM pg_ls_dir(regexp_replace(pg_relation_filepath('pg_class'), '/[^/]+$', '')) f WHERE f ~ '^t[0-9]+_') f(f)
$$;
SQL

# What is done, and to what.
my @actions = (
	[ create => 'nothing', q{SELECT lead_kpi.create_mart('kpi')} ],
	[ fill => 'create', q{SELECT lead_kpi.generate_example('kpi', 60, 1); UPDATE kpi.rule SET observed_until = '2025-12-31', score_attributes = '{industry}'} ],
	[ train => 'fill', q{SELECT lead_kpi.train_mart('kpi')} ],
	[ store => 'train', q{SELECT lead_kpi.store_mart('kpi')} ],
	[ change => 'store', q{DELETE FROM kpi.stage_event WHERE lead_id < 10; UPDATE kpi.lead SET channel = 'email' WHERE lead_id < 5} ],
	[ refresh => 'change', q{SELECT lead_kpi.refresh_mart('kpi', true)} ],
	[ damage => 'fill', q{DROP VIEW kpi.data_quality CASCADE; ALTER TABLE kpi.deal DROP COLUMN reason CASCADE; UPDATE kpi.rule SET mart_format = 1} ],
	[ upgrade => 'damage', q{SELECT lead_kpi.upgrade_mart('kpi')} ]);
my %action = map { $_->[0] => $_->[2] } @actions;
my (%before, %signature, %seconds);
foreach my $a (@actions)
{
	my ($name, $base, $sql) = @{$a};
	$node->safe_psql('postgres', "CREATE DATABASE \"$name\" TEMPLATE \"$base\"");
	$before{$name} = $base;
	my $start = time;
	$node->safe_psql($name, $sql);
	$seconds{$name} = time - $start;
	$signature{$name} = $node->safe_psql($name, 'SELECT signature()');
}
$signature{nothing} = $node->safe_psql('nothing', 'SELECT signature()');
isnt($signature{$_}, $signature{$before{$_}}, "what $_ does is seen") foreach qw(create train store refresh upgrade);

my %ended;
my $crash_files = 0;

# Which tables are neither as they should be.
sub differ
{
	my ($wanted, $found) = @_;

	my %whole = map { split ' ', $_, 2 } grep { / / } split /(?= kpi\S*\.)/, $wanted;
	diag("$_, not " . ($whole{(split ' ', $_)[0]} // 'there')) foreach grep { ($whole{(split ' ', $_)[0]} // '') ne ((split ' ', $_, 2)[1] // '') } grep { / / } split /(?= kpi\S*\.)/, $found;
}

# Runs an action in a copy of what was before; $how is what comes in between, $part how much of its time goes by before.
sub try
{
	my ($name, $how, $part) = @_;

	my $is_crash = $how =~ /^(kill|immediate)/;
	my $label = sprintf('%s, %s at %.2f', $name, $how, $part);
	my $limit = { timeout => sprintf('SET statement_timeout = %d;', 1 + 1000 * $part * $seconds{$name}), 'temporary files' => sprintf(q{SET work_mem = '64kB'; SET hash_mem_multiplier = 1; SET temp_file_limit = '%dkB';}, 200 * $part) }->{$how} // '';
	my $copy = 'copy';
	my $place = '';
	my $full = '';
	if ($how eq 'disk' && $ENV{LEAD_KPI_SMALL_DISK})
	{
		$full = "$ENV{LEAD_KPI_SMALL_DISK}/space";
		mkdir $full;
		$node->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$full'");
		$place = 'TABLESPACE small';
	}
	$node->safe_psql('postgres', "CREATE DATABASE $copy TEMPLATE \"$before{$name}\" $place");
	if ($how eq 'disk' || $how eq 'memory')
	{
		# What the server may have is what its parent has.
		$node->stop('fast');
		my $shell = $how eq 'memory' ? 'ulimit -v ' . int(150000 + 150000 * $part) : $full ? ':' : 'ulimit -f ' . int(2 * 1100 + 2 * 600 * $part);
		IPC::Run::run [ 'sh', '-c', "$shell; exec pg_ctl -w -s -D " . $node->data_dir . ' -l ' . $node->logfile . ' start' ], '>', '/dev/null', '2>', '/dev/null'
		  or do { $node->start; $node->safe_psql('postgres', 'DROP DATABASE copy'); return 'not started'; };
		$node->_update_pid(1);
	}
	if ($full)
	{
		# Little is left.
		my ($size, $left) = split ' ', `df --output=size,avail -k $full | tail -1`;
		my $fill = $left - 1000 * $part - 200;
		system("head -c ${fill}k /dev/zero > $ENV{LEAD_KPI_SMALL_DISK}/fill 2>/dev/null") if $fill > 0;
	}
	my ($out, $err) = ('', '');
	my $job = IPC::Run::start([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($copy), '-c', "SET application_name = 'job'", '-c', $limit || 'SELECT 1', '-c', $action{$name} ], '>', \$out, '2>', \$err);
	if ($how =~ /^(kill|immediate|cancel|terminate)/)
	{
		my $until = time + $part * $seconds{$name};
		$job->pump_nb, sleep 0.02 while time < $until && $job->pumpable;
		my $pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE application_name = 'job'});
		if ($how eq 'immediate') { $node->stop('immediate'); $node->start; }
		elsif ($pid eq '') { }
		elsif ($how eq 'kill') { kill 'KILL', $pid; sleep 0.2; await(); }
		else { $node->safe_psql('postgres', "SELECT pg_${how}_backend($pid)"); }
	}
	$job->finish;
	if ($how eq 'disk' || $how eq 'memory')
	{
		unlink "$ENV{LEAD_KPI_SMALL_DISK}/fill" if $full;
		$node->stop('immediate');
		$node->start;
	}
	await();
	my $is_done = $err !~ /ERROR|FATAL|server closed|connection/ ? 1 : 0;
	my $found = $node->safe_psql($copy, 'SELECT signature()');
	my $state = $found eq $signature{$name} ? 'after' : $found eq $signature{$before{$name}} ? 'before' : 'half';
	$ended{"$how: $state"}++;
	differ($signature{$before{$name}}, $found) if $state eq 'half';
	is($state, $is_done ? 'after' : $state eq 'after' && $is_crash ? 'after' : 'before', $label . ($is_done ? ': done' : ': ' . ($err =~ /(?:ERROR|FATAL): *(.*)/ ? $1 : 'gone')));
	$node->safe_psql($copy, 'CHECKPOINT');
	is($node->safe_psql($copy, 'SELECT temporary()'), '', "$label: no temporary file");
	my $stray = $node->safe_psql($copy, 'SELECT stray()');
	# PostgreSQL itself leaves the files of tables that were being made when it crashed.
	if ($is_crash || $how eq 'disk' || $how eq 'memory') { $crash_files += () = $stray =~ /\d+/g; }
	else { is($stray, '', "$label: no file of no table"); }
	if ($state eq 'before' && ($times || $name eq 'refresh'))
	{
		$node->safe_psql($copy, $action{$name});
		my $again = $node->safe_psql($copy, 'SELECT signature()');
		ok($again eq $signature{$name}, "$label: once more, and it is as after") or differ($signature{$name}, $again);
	}
	$node->safe_psql('postgres', "DROP DATABASE $copy");
	$node->safe_psql('postgres', 'DROP TABLESPACE small') if $full;
	return $state;
}

my @ways = ('kill', 'immediate', 'cancel', 'terminate', 'timeout', 'temporary files', 'disk', 'memory');
my @trials = ([ store => 'kill', 0.7 ], [ refresh => 'immediate', 0.5 ], [ upgrade => 'timeout', 0.6 ], [ create => 'memory', 0.3 ], [ refresh => 'disk', 0.2 ], [ train => 'cancel', 0.5 ], [ refresh => 'temporary files', 0.1 ]);
@trials = map { [ (qw(create train store refresh upgrade))[ $_ % 5 ], $ways[ int($_ / 5) % @ways ], rand() ] } 0 .. $times - 1 if $times;
try(@{$_}) foreach @trials;
# What is being done can be seen from elsewhere: here by a trigger on what it writes last.
sub seen_while
{
	my ($name, $table) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE \"$before{$name}\"");
	$node->safe_psql('copy', qq{CREATE TABLE seen (activity text);
		CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM pg_stat_clear_snapshot(); INSERT INTO public.seen SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid(); RETURN NULL; END \$\$;
		CREATE TRIGGER see AFTER INSERT OR UPDATE ON $table FOR EACH STATEMENT EXECUTE FUNCTION see()});
	my $after = $node->safe_psql('copy', "$action{$name}; SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()");
	like($after, qr/SELECT query FROM pg_stat_activity/, "the next query after $name is shown as ever");
	my $seen = $node->safe_psql('copy', 'SELECT DISTINCT activity FROM seen');
	$node->safe_psql('postgres', 'DROP DATABASE copy');
	return $seen;
}
like(seen_while('refresh', 'kpi_stored.state'), qr/lead_kpi: step \d+ of \d+: done/, 'pg_stat_activity shows the steps of a refresh');
like(seen_while('train', 'kpi.learned_profile'), qr/lead_kpi: train_mart kpi: leads at the month ends/, 'and those of train_mart');
like(seen_while('upgrade', 'kpi.rule'), qr/lead_kpi: upgrade_mart kpi: views/, 'and those of upgrade_mart') if $times;

note("$_: $ended{$_}") foreach sort keys %ended;
note("files that crashes left: $crash_files");

$node->stop;
done_testing();
