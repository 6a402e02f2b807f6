# Stored marts that pg_upgrade brings to a newer PostgreSQL stay stored and right: their views answer as before, what was noted is
# there, triggers note, and the next refresh finds what changed. It takes two major versions: run builds for the older one.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Where the two are installed, each with lead_kpi in its own folders.
my ($former, $present) = @ENV{ 'LEAD_KPI_FORMER', 'LEAD_KPI_PRESENT' };

plan skip_all => '19 checks need an older major version in /usr/lib/postgresql, with what building for it takes' if !$former;

# It has the settings of a server that finds lead_kpi elsewhere.
delete $ENV{TEMP_CONFIG};
my @initdb = (extra => [ '--encoding=UTF8', '--locale=C', '--data-checksums' ]);
my $old = PostgreSQL::Test::Cluster->new('old', install_path => $former);
my $new = PostgreSQL::Test::Cluster->new('new', install_path => $present);
foreach ($old, $new)
{
	$_->init(@initdb);
	$_->append_conf('postgresql.conf',
		"fsync = off\njit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\nstatement_timeout = '10min'\n");
}

# The owner of the database is no superuser.
$old->start;
# Debian's 17 notes a version of each column where no other PostgreSQL expects one: nothing can be upgraded from it, with or without us.
my $options = $old->safe_psql('postgres', q{CREATE TABLE plain (a integer); SELECT attoptions FROM pg_attribute WHERE attrelid = 'plain'::regclass AND attnum = 1});
if ($options ne '')
{
	$old->stop;
	plan skip_all => "19 checks need an older PostgreSQL that pg_upgrade can upgrade: this one has columns with $options";
}
note('from PostgreSQL ' . $old->safe_psql('postgres', 'SHOW server_version'));
$old->safe_psql('postgres', 'CREATE ROLE analyst LOGIN; CREATE ROLE reader LOGIN; CREATE DATABASE crm OWNER analyst');
my @as_analyst = (extra_params => [ '-U', 'analyst' ]);
$old->safe_psql('crm', slurp_file("$FindBin::RealBin/../simulation/stored_marts.sql"), @as_analyst);

# What every view shows, and how the marts are stored.
sub shown
{
	my ($node) = @_;
	my $shown = $node->safe_psql('crm', <<'SQL', @as_analyst);
SELECT c.oid::regclass, md5(query_to_xml(format('SELECT v::text AS v FROM %s v ORDER BY v::text COLLATE "C"', c.oid::regclass), true, true, '')::text)
FROM pg_class c WHERE c.relnamespace IN ('own'::regnamespace, 'mapped'::regnamespace) AND c.relkind = 'v' ORDER BY c.oid::regclass::text COLLATE "C";
SELECT m, s.is_stored, s.as_of, s.noted_changes, s.noticed_by FROM unnest('{own,mapped}'::name[]) m, lead_kpi.mart_status(m) s ORDER BY 1;
SELECT t.tgrelid::regclass, t.tgname, t.tgenabled FROM pg_trigger t WHERE t.tgname LIKE 'note\_%' ORDER BY t.tgrelid::regclass::text COLLATE "C", t.tgname;
SQL
	return $shown;
}

sub differences
{
	my ($mart) = @_;
	return $new->safe_psql('crm', qq{SELECT format('%s: %s stored only, %s live only', relation, stored_only, live_only) FROM lead_kpi.check_mart('$mart')
		WHERE stored_only + live_only > 0}, @as_analyst);
}

my $before = shown($old);
cmp_ok(scalar(split /\n/, $before), '>', 150, 'there is something to keep');
$old->stop;

# It leaves a script where it runs.
chdir PostgreSQL::Test::Utils::tempdir or die 'no folder to run in';
$new->command_ok(
	[
		'pg_upgrade', '--no-sync', '-d', $old->data_dir, '-D', $new->data_dir, '-b', "$former/bin", '-B', "$present/bin",
		'-s', $new->host, '-p', $old->port, '-P', $new->port
	],
	'pg_upgrade') or diag(map { slurp_file($_) =~ /^(pg_restore: error: .{1,1500})/ms } glob $new->data_dir . '/pg_upgrade_output.d/*/log/pg_upgrade_dump_*.log');
$new->start;

is(shown($new), $before, 'every view of the stored marts answers as before, what was noted is there');
is($new->safe_psql('crm', q{SELECT string_agg(is_stored::text, ' ') FROM unnest('{own,mapped}'::name[]) m, lead_kpi.mart_status(m)}, @as_analyst), 'true true',
	'they are stored');
is(differences('mapped'), '', 'a mart without changes is right');
isnt(differences('own'), '', 'one with changes waits for its refresh');
is($new->safe_psql('crm', 'SELECT count(*) > 0 FROM own.counted_lead', extra_params => [ '-U', 'reader' ]), 't', 'a reader may read as before');

foreach my $rebuild ('false', 'true')
{
	$new->safe_psql('crm', <<"SQL", @as_analyst);
UPDATE own.stage_event SET entered_at = entered_at + interval '3 days' WHERE lead_id > 90;
DELETE FROM own.deal WHERE lead_id = 6;
INSERT INTO own.lead (lead_id, created_at, channel) SELECT 100 + count(*), '2025-02-01', 'mail' FROM own.lead;
UPDATE crm.lead SET email = 'p1\@firm.example', updated_at = now() + interval '1 second' WHERE lead_id > 95;
DELETE FROM crm.touch WHERE lead_id < 9;
SELECT lead_kpi.refresh_mart('own', $rebuild);
SELECT lead_kpi.refresh_mart('mapped', $rebuild);
SQL
	is($new->safe_psql('crm', q{SELECT last_was_rebuilt FROM lead_kpi.mart_status('own')}, @as_analyst), substr($rebuild, 0, 1),
		$rebuild eq 'true' ? 'all is made again' : 'a refresh of what changed');
	is(differences($_), '', "then $_ is right") foreach 'own', 'mapped';
	is($new->safe_psql('crm', q{SELECT count(*) FROM own.counted_lead WHERE channel = 'noted'}, @as_analyst), '4', 'with what was noted before the upgrade');
}

# And again to live and stored.
$new->safe_psql('crm', "SELECT lead_kpi.live_mart('$_'); SELECT lead_kpi.store_mart('$_')", @as_analyst) foreach 'own', 'mapped';
is(differences($_), '', "$_ is made live and stored again") foreach 'own', 'mapped';
$new->safe_psql('crm', "SELECT lead_kpi.drop_mart('$_')", @as_analyst) foreach 'own', 'mapped';
is($new->safe_psql('crm', q{SELECT count(*) FROM pg_namespace WHERE nspname ~ '^(own|mapped)'}, @as_analyst), '0', 'drop_mart leaves nothing');
# pg_upgrade gives every extension to its own user.
$new->safe_psql('crm', 'DROP EXTENSION lead_kpi');
pass('nothing is left that needs the extension');

$new->stop;
done_testing();
