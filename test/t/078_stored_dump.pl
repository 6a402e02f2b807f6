# A stored mart that is dumped and restored, in one go or by parts at once, stays stored and right: its triggers note, its next
# refresh finds what changed. It is dropped, and turned back, with all that belongs to it.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\njit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\nstatement_timeout = '10min'\n");
$node->start;
# The owner of the database is no superuser.
$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN; CREATE ROLE reader LOGIN');
$node->safe_psql('postgres', "CREATE DATABASE $_ OWNER analyst") foreach qw(source plain archive behind);
$ENV{PGUSER} = 'analyst';

$node->safe_psql('source', slurp_file("$FindBin::RealBin/../simulation/stored_marts.sql"));

sub query { return $node->safe_psql(@_); }

sub differences
{
	my ($database) = @_;
	return query($database, q{SELECT format('%s %s: %s stored only, %s live only', m, relation, stored_only, live_only)
		FROM unnest('{own,mapped}'::name[]) m, lead_kpi.check_mart(m) WHERE stored_only + live_only > 0});
}

# What the marts show, and how they are stored.
sub shown
{
	my ($database) = @_;
	return query($database, q{SELECT md5(string_agg(r, '|' ORDER BY r)) FROM (SELECT l::text FROM own.counted_lead l UNION ALL SELECT f::text FROM own.funnel_by_month f
		UNION ALL SELECT q::text FROM own.data_quality q UNION ALL SELECT m::text FROM mapped.counted_lead m UNION ALL SELECT a::text FROM mapped.journey_paths a) x(r);
		SELECT m, s.is_stored, s.as_of, s.noted_changes, s.noticed_by FROM unnest('{own,mapped}'::name[]) m, lead_kpi.mart_status(m) s ORDER BY 1;
		SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'note\_%'});
}

my $before = shown('source');
my $folder = PostgreSQL::Test::Utils::tempdir;
$node->command_ok([ 'pg_dump', '-d', $node->connstr('source'), '-f', "$folder/plain.sql" ], 'pg_dump');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('plain'), '-f', "$folder/plain.sql" ], 'psql restores it');
$node->command_ok([ 'pg_dump', '-Fd', '-j', '2', '-d', $node->connstr('source'), '-f', "$folder/archive" ], 'pg_dump of two at once');
$node->command_ok([ 'pg_restore', '-j', '2', '--exit-on-error', '-d', $node->connstr('archive'), "$folder/archive" ], 'pg_restore of two at once');

foreach my $database (qw(plain archive))
{
	is(shown($database), $before, "$database: what is stored is as it was, with what was noted");
	query($database, q{UPDATE own.stage_event SET entered_at = entered_at + interval '3 days' WHERE lead_id > 90; DELETE FROM own.deal WHERE lead_id = 6;
		UPDATE crm.lead SET email = 'p1@firm.example', updated_at = now() + interval '1 second' WHERE lead_id > 95; DELETE FROM crm.touch WHERE lead_id < 9;
		SELECT lead_kpi.refresh_mart('own'); SELECT lead_kpi.refresh_mart('mapped')});
	is(query($database, q{SELECT last_was_rebuilt FROM lead_kpi.mart_status('own')}), 'f', "$database: a refresh of what changed");
	is(differences($database), '', "$database: it is right");
	is(query($database, q{SET ROLE analyst; SELECT count(*) FROM own.counted_lead WHERE channel = 'noted'}), '4', "$database: what was noted before the dump is there");
	query($database, q{TRUNCATE own.deal; SELECT lead_kpi.refresh_mart('own')});
	is(differences($database), '', "$database: TRUNCATE is noted");
}
# A reader's right came along.
{
	local $ENV{PGUSER} = 'reader';
	is(query('plain', 'SELECT count(*) > 0 FROM own.counted_lead'), 't', 'a reader reads the restored mart');
}

# Views that a refresh left behind are left behind where it is restored, too.
query('archive', q{UPDATE own.lead SET owner = 'Somebody' WHERE lead_id = 90; SELECT lead_kpi.refresh_mart('own', views => '{funnel}')});
my $moments = q{SELECT string_agg(format('%s %s', v.view_name, v.as_of), ' ' ORDER BY v.view_name) FROM lead_kpi.view_as_of('own') v CROSS JOIN lead_kpi.mart_status('own') s WHERE v.as_of < s.as_of};
like(query('archive', $moments), qr/\bdiagnosis 20.*\bowner_performance 20/, 'some views are behind');
$node->command_ok([ 'pg_dump', '-d', $node->connstr('archive'), '-f', "$folder/behind.sql" ], 'pg_dump of these');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('behind'), '-f', "$folder/behind.sql" ], 'psql restores them');
is(query('behind', $moments), query('archive', $moments), 'they are behind as they were');
query('behind', q{SELECT lead_kpi.refresh_mart('own')});
is(query('behind', $moments), '', 'until a refresh brings all up to date');
is(differences('behind'), '', 'and it is right');

# The functions of a stored mart after it was made live, and dropped.
query('plain', q{SELECT lead_kpi.live_mart('own')});
is(query('plain', q{SELECT is_stored FROM lead_kpi.mart_status('own')}), 'f', 'live_mart turns a restored mart back');
is(query('plain', q{SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'own'::regnamespace AND tgname LIKE 'note\_%'}), '0', 'without triggers');
query('plain', q{SELECT lead_kpi.store_mart('own')});
query('archive', q{SELECT lead_kpi.upgrade_mart('own')});
is(query('archive', q{SELECT is_stored FROM lead_kpi.mart_status('own')}), 't', 'upgrade_mart keeps it stored');
is(differences('archive'), '', 'and right');
query('archive', q{SELECT lead_kpi.upgrade_mart('mapped')});
is(query('archive', q{SELECT noticed_by FROM lead_kpi.mart_status('mapped')}), query('source', q{SELECT noticed_by FROM lead_kpi.mart_status('mapped')}), 'upgrade_mart keeps how changes are noticed');
foreach my $mart (qw(own mapped))
{
	query('plain', "SELECT lead_kpi.drop_mart('$mart')");
	is(query('plain', "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '$mart%'"), '0', "drop_mart drops all of $mart");
}
is(query('plain', 'SELECT count(*) FROM crm.lead'), '100', 'what was mapped stays');
query('plain', 'DROP EXTENSION lead_kpi');
pass('nothing is left that needs the extension');

$node->stop;
done_testing();
