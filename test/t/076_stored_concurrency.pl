# A stored mart while others work: writers, readers, other refreshes, changes of the rule, DDL, cancels and crashes.
# Whatever happens meanwhile, after one more refresh what is stored is what a live mart shows.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
# With fsync, so that a crash is one.
$node->append_conf('postgresql.conf',
	"jit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\nstatement_timeout = '10min'\n");
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION lead_kpi;
SELECT lead_kpi.create_mart('kpi');
INSERT INTO kpi.lead (lead_id, created_at, kind, channel, campaign, email)
SELECT g, timestamptz '2025-01-01' + g * interval '7 hours', 'form', (ARRAY['google', 'mail', 'fair'])[1 + g % 3], CASE WHEN g % 4 = 0 THEN 'spring' END,
	'p' || g % 250 || '@firm.example'
FROM generate_series(1, 300) g;
INSERT INTO kpi.stage_event (lead_id, stage, entered_at)
SELECT g, s.stage, timestamptz '2025-01-02' + g * interval '7 hours' + s.n * interval '4 days'
FROM generate_series(1, 300) g, (VALUES ('mql', 1), ('sal', 2), ('sql', 3)) s(stage, n) WHERE g % (s.n + 1) = 0;
INSERT INTO kpi.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
SELECT 'd' || g % 70, g, timestamptz '2025-01-20' + g * interval '7 hours', timestamptz '2025-02-20' + g * interval '7 hours', g % 3 <> 0, g
FROM generate_series(1, 300, 3) g;
ANALYZE;
CREATE TABLE log (who text, what text);

-- A writer keeps to its own leads, so that none waits for another's rows; deals are shared.
CREATE PROCEDURE write_much(part integer, times integer) LANGUAGE plpgsql AS $$
DECLARE
	number bigint;
BEGIN
	PERFORM setseed(part / 10.0);
	FOR i IN 1 .. times LOOP
		number := 3 * floor(random() * 110) + part;
		CASE floor(random() * 9)
			WHEN 0 THEN INSERT INTO kpi.lead (lead_id, created_at, channel, email) VALUES (number + 300, '2025-03-01', 'mail', 'p' || i % 40 || '@firm.example');
			WHEN 1 THEN UPDATE kpi.lead SET email = 'p' || floor(random() * 250) || '@firm.example' WHERE lead_id = number;
			WHEN 2 THEN DELETE FROM kpi.lead WHERE lead_id = number;
			WHEN 3 THEN INSERT INTO kpi.stage_event VALUES (number, 'mql', timestamptz '2025-01-20' + random() * interval '90 days');
			WHEN 4 THEN UPDATE kpi.stage_event SET entered_at = entered_at + interval '1 day' WHERE lead_id = number;
			WHEN 5 THEN INSERT INTO kpi.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('d' || floor(random() * 70), number, '2025-04-01', '2025-04-20', true, i);
			WHEN 6 THEN UPDATE kpi.deal SET lead_id = 3 * floor(random() * 100) + part WHERE lead_id = number;
			WHEN 7 THEN UPDATE kpi.lead SET merged_into = CASE WHEN merged_into IS NULL THEN number + 1 END WHERE lead_id = number;
			ELSE INSERT INTO kpi.touch (lead_id, touched_at, channel) VALUES (number, timestamptz '2025-01-20' + random() * interval '90 days', 'mail');
		END CASE;
		-- Some transactions are open while a refresh begins and ends.
		IF random() < 0.1 THEN
			PERFORM pg_sleep(random() * 0.3);
		END IF;
		IF random() < 0.5 THEN
			COMMIT;
		END IF;
	END LOOP;
END
$$;
CREATE PROCEDURE read_much(times integer) LANGUAGE plpgsql AS $$
DECLARE
	item regclass;
BEGIN
	FOR i IN 1 .. times LOOP
		FOREACH item IN ARRAY '{kpi.funnel_by_month,kpi.counted_lead,kpi.cohort_conversion,kpi.data_quality,kpi.diagnosis,kpi.lead_event}'::regclass[] LOOP
			EXECUTE format('SELECT count(r::text) FROM %s r', item);
			COMMIT;
		END LOOP;
		PERFORM pg_sleep(0.05);
	END LOOP;
END
$$;
CREATE PROCEDURE refresh_much(times integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. times LOOP
		PERFORM lead_kpi.refresh_mart('kpi');
		COMMIT;
	END LOOP;
END
$$;
SQL

sub query { return $node->safe_psql('postgres', $_[0]); }

# Starts a session; what it says goes to its {out}.
sub session
{
	my (@statements) = @_;
	my %session = (out => '');

	$session{run} = IPC::Run::start([ 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), map { ('-c', $_) } @statements ],
		'<', \undef, '>&', \$session{out});
	return \%session;
}

sub ends_well
{
	my ($session, $name) = @_;
	my $is_good = $session->{run}->finish;

	ok($is_good, $name) or diag($session->{out});
}

# Lets it run until it has said so, or the query is true.
sub wait_for_saying
{
	my ($session, $pattern) = @_;

	foreach (1 .. 6000)
	{
		$session->{run}->pump_nb;
		return 1 if $session->{out} =~ $pattern;
		select(undef, undef, undef, 0.02);
	}
	diag($session->{out});
	return 0;
}

sub differences
{
	return query(q{SELECT format('%s: %s stored only, %s live only', relation, stored_only, live_only) FROM lead_kpi.check_mart('kpi') WHERE stored_only + live_only > 0});
}

sub is_right
{
	my ($name) = @_;

	query(q{SELECT lead_kpi.refresh_mart('kpi')});
	is(differences(), '', $name);
}

# What readers see.
sub shown
{
	return query(q{SELECT md5(string_agg(r, '|' ORDER BY r)) FROM (SELECT l::text FROM kpi.counted_lead l UNION ALL SELECT f::text FROM kpi.funnel f
		UNION ALL SELECT q::text FROM kpi.data_quality q UNION ALL SELECT o::text FROM kpi.observation o) x(r)});
}

sub holder
{
	my ($lock) = @_;
	my $session = session("BEGIN; $lock; SELECT 'held'; SELECT pg_sleep(600)");

	# One -c is one answer: the lock shows in pg_locks.
	$node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep')});
	return $session;
}

sub release
{
	my ($session) = @_;

	query(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN;%pg_sleep(600)%' AND pid <> pg_backend_pid()});
	$session->{run}->finish;
}

sub waits
{
	return $node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%refresh_mart%' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid())});
}

# A crash in the middle of store_mart leaves a live mart.
my $storing = session(q{SELECT lead_kpi.store_mart('kpi', tell => true)});
ok(wait_for_saying($storing, qr/step 45 of/), 'store_mart tells how far it is');
$node->stop('immediate');
$storing->{run}->finish;
$node->start;
is(query(q{SELECT is_stored FROM lead_kpi.mart_status('kpi')}), 'f', 'after a crash in the middle of store_mart the mart is live');
is(query(q{SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'kpi\_%'}), '0', 'nothing is left of it');
query(q{SELECT lead_kpi.store_mart('kpi')});
is(differences(), '', 'it can be stored then');

# Writers, a reader and refreshes at once.
my @writers = map { session("SET lock_timeout = '2s'", "CALL write_much($_, 250)") } 0, 1, 2;
my $refreshing = session(q{CALL refresh_much(6)});
my $reader = session(q{SET lock_timeout = '500ms'}, q{CALL read_much(20)});
ends_well($_, 'a writer never waits') foreach @writers;
ends_well($reader, 'a reader never waits');
ends_well($refreshing, 'refreshes come to an end');
is_right('after one more refresh all is right');

# Notes that are not committed are for the next refresh.
my $late = session(q{BEGIN; UPDATE kpi.lead SET channel = 'late' WHERE lead_id IN (20, 21, 22); SELECT pg_sleep(2); COMMIT});
$node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%late%' AND wait_event = 'PgSleep')});
query(q{SELECT lead_kpi.refresh_mart('kpi')});
is(query(q{SELECT count(*) FROM kpi.counted_lead WHERE channel = 'late'}), '0', 'what is not committed is not shown');
ends_well($late, 'the writer did not wait');
is_right('and is right in the next');

# Two at once: the second says so. The first is held up by a reader's lock on what it deletes last.
query(q{UPDATE kpi.lead SET email = 'other' || lead_id || '@firm.example' WHERE lead_id < 30});
my $before = shown();
my $lock = holder('LOCK kpi_stored.data_quality IN ACCESS EXCLUSIVE MODE');
my $first = session(q{SELECT lead_kpi.refresh_mart('kpi')});
waits();
my ($status, $out, $err) = $node->psql('postgres', q{SELECT lead_kpi.refresh_mart('kpi')});
is($status, 0, 'a second refresh is no error');
like($err, qr/NOTICE:  mart kpi is being refreshed by another session: nothing done/, 'and says that another is running');

# A cancel in the middle.
query(q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%refresh_mart%' AND pid <> pg_backend_pid()});
ok(!$first->{run}->finish, 'a refresh can be cancelled');
release($lock);
is(shown(), $before, 'and nothing half done is visible');
is_right('the next refresh is right');

# A statement_timeout in the middle.
query(q{UPDATE kpi.lead SET channel = 'timeout' WHERE lead_id < 30});
$before = shown();
$lock = holder('LOCK kpi_stored.data_quality IN ACCESS EXCLUSIVE MODE');
($status, $out, $err) = $node->psql('postgres', q{SET statement_timeout = '3s'; SELECT lead_kpi.refresh_mart('kpi')});
like($err, qr/canceling statement due to statement timeout/, 'a statement_timeout ends a refresh');
release($lock);
is(shown(), $before, 'and nothing half done is visible');
is_right('the next refresh is right');

# A crash in the middle of a refresh: the unlogged tables are empty then, the notes are there.
foreach my $rebuild ('false', 'true')
{
	query(q{UPDATE kpi.lead SET channel = 'crash' WHERE lead_id BETWEEN 30 AND 60; DELETE FROM kpi.deal WHERE lead_id < 40;
		UPDATE kpi.deal SET lead_id = lead_id + 1 WHERE lead_id > 200});
	$before = shown();
	$lock = holder('LOCK kpi_stored.data_quality IN ACCESS EXCLUSIVE MODE');
	$first = session("SELECT lead_kpi.refresh_mart('kpi', $rebuild)");
	waits();
	$node->stop('immediate');
	$first->{run}->finish;
	$lock->{run}->finish;
	$node->start;
	is(shown(), $before, 'after a crash in the middle of a refresh all is as before');
	is_right('the next refresh is right');
}

# The rule changes while a refresh runs.
query(q{UPDATE kpi.lead SET channel = 'rule' WHERE lead_id BETWEEN 60 AND 70});
$lock = holder('LOCK kpi_stored.data_quality IN ACCESS EXCLUSIVE MODE');
$first = session(q{SELECT lead_kpi.refresh_mart('kpi')});
waits();
my ($changed) = $node->psql('postgres', q{SET lock_timeout = '2s'; UPDATE kpi.rule SET duplicate_key = 'none', funnel_policy = 'ordered'});
is($changed, 0, 'UPDATE rule does not wait for a refresh');
release($lock);
ends_well($first, 'the refresh ends');
ok(differences() ne '', 'it was of the former rule');
is_right('the next refresh is right');

# DDL: it waits for the refresh, or the refresh for it.
$lock = holder('LOCK kpi_stored.data_quality IN ACCESS EXCLUSIVE MODE');
query(q{UPDATE kpi.lead SET channel = 'ddl' WHERE lead_id BETWEEN 70 AND 80});
$first = session(q{SELECT lead_kpi.refresh_mart('kpi')});
waits();
my $altering = session(q{ALTER TABLE kpi.lead ADD COLUMN note text});
my $turning = session(q{SELECT lead_kpi.live_mart('kpi')});
release($lock);
ends_well($first, 'a refresh that DDL waits for ends');
ends_well($altering, 'a column is added then');
ends_well($turning, 'live_mart waits for the refresh');
is(query(q{SELECT is_stored FROM lead_kpi.mart_status('kpi')}), 'f', 'the mart is live');
query(q{SELECT lead_kpi.store_mart('kpi')});
query(q{UPDATE kpi.lead SET channel = 'column', note = 'x' WHERE lead_id BETWEEN 80 AND 90});
is_right('a mart with a column more is stored and refreshed');
query(q{ALTER TABLE kpi.lead ADD COLUMN other integer DEFAULT 1; UPDATE kpi.lead SET channel = 'another' WHERE lead_id BETWEEN 90 AND 95});
is_right('a column may be added to the table of a stored mart');

# Little memory.
query(q{UPDATE kpi.stage_event SET entered_at = entered_at + interval '2 hours'; SET work_mem = '64kB'; SELECT lead_kpi.refresh_mart('kpi'); SELECT lead_kpi.refresh_mart('kpi', true)});
is(differences(), '', 'work_mem of 64kB is enough');

# At REPEATABLE READ a refresh sees what the transaction saw first, and leaves the rest for the next.
query(q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM kpi.lead; UPDATE kpi.lead SET channel = 'repeatable' WHERE lead_id = 100; SELECT lead_kpi.refresh_mart('kpi'); COMMIT});
is(differences(), '', 'in a transaction of REPEATABLE READ that wrote itself');

$node->stop;
done_testing();
