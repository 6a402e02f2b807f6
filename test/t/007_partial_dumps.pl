
# Dumps of parts of a mart: the data alone, a table, the schema alone, and every way to restore them.  What create_mart
# made by default never stays in silence beside, or instead of, what is restored.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my $dumps = $node->basedir;

sub new_database
{
	my ($database, $mart) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
	$node->safe_psql($database, q{SELECT lead_kpi.create_mart('kpi')}) if $mart;
	return $database;
}

# A ladder that shares names, positions and roles with the default one, settings and data.
new_database('source', 1);
$node->safe_psql('source', <<'SQL');
UPDATE kpi.stage SET position = position + 1 WHERE position > 2;
UPDATE kpi.stage SET stage = 'Kunde' WHERE role = 'won';
INSERT INTO kpi.stage VALUES (3, 'demo', NULL), (20, 'Absage', 'lost'), (21, 'Closed Lost', 'lost');
DELETE FROM kpi.stage WHERE role = 'sql';
UPDATE kpi.rule SET time_zone = 'Asia/Tokyo', language = 'fr', score_features = '{stage}', gross_margin = 0.7,
	test_pattern = E'tab\tand \\\\ and ''';
INSERT INTO kpi.channel_family VALUES ('ads', 'outbound');
INSERT INTO kpi.lead (lead_id, created_at, channel) SELECT i, timestamptz '2026-01-01 00:00+00' + i * interval '1 hour', 'ads' FROM generate_series(1, 300) i;
INSERT INTO kpi.stage_event (lead_id, stage, entered_at)
SELECT i, (ARRAY['mql', 'demo', 'sal', 'Absage'])[1 + i % 4], timestamptz '2026-01-15 00:00+00' + i * interval '1 hour' FROM generate_series(1, 300) i;
INSERT INTO kpi.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT i, i, '2026-01-20', '2026-02-20', true, i FROM generate_series(1, 40) i;
SQL

# All tables of a mart, and a view over everything.
sub content
{
	my ($database) = @_;
	my $content = '';

	foreach my $table (split(/\n/, query($node, $database, q{SELECT c.oid::regclass FROM pg_class c
		WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C"})), 'kpi.funnel')
	{
		$content .= "$table: " . query($node, $database,
			"SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(r::text, E'\\n' ORDER BY r::text COLLATE \"C\")), '') FROM $table r") . "\n";
	}
	return $content;
}
my $source = content('source');
my $ladder = q{SELECT string_agg(position || ' ' || stage || ' ' || coalesce(role, '-'), ', ' ORDER BY position) FROM kpi.stage};
my $default = '1 lead lead, 2 mql mql, 3 sal sal, 4 sql sql, 5 opportunity opportunity, 6 won won';
my $changed = '1 lead lead, 2 mql mql, 3 demo -, 4 sal sal, 6 opportunity opportunity, 7 Kunde won, 20 Absage lost, 21 Closed Lost lost';
is(query($node, 'source', $ladder), $changed, 'the source has a ladder of its own');
unlike($source, qr/psql exited/, 'and it can be read');

sub dump_to
{
	my ($file, @options) = @_;

	command_ok([ 'pg_dump', '-d', $node->connstr('source'), '-f', "$dumps/$file", @options ], "pg_dump @options");
	return "$dumps/$file";
}

my $data = dump_to('data.sql', '-a', '-n', 'kpi');
my $data_archive = dump_to('data.dump', '-a', '-n', 'kpi', '-Fc');
my $data_directory = dump_to('data.dir', '-a', '-n', 'kpi', '-Fd');
my $inserts = dump_to('inserts.sql', '-a', '-n', 'kpi', '--inserts');
my $no_triggers = dump_to('no_triggers.sql', '-a', '-n', 'kpi', '--disable-triggers');
my $schema = dump_to('schema.sql', '--schema-only', '-n', 'kpi');
my $whole = dump_to('whole.dump', '-Fc');
my $settings = dump_to('settings.sql', '-a', '-t', 'kpi.stage', '-t', 'kpi.rule');

sub psql_file
{
	my ($database, $file, @options) = @_;

	return [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', @options, '-d', $node->connstr($database), '-f', $file ];
}

sub pg_restore
{
	my ($database, $archive, @options) = @_;

	return [ 'pg_restore', '--exit-on-error', @options, '-d', $node->connstr($database), $archive ];
}

# 1. The data alone into a mart that create_mart has just made: what is restored takes the place of the defaults.
my @ways = (
	[ 'psql', sub { psql_file($_[0], $data) } ],
	[ 'psql in one transaction', sub { psql_file($_[0], $data, '-1') } ],
	[ 'pg_restore -a', sub { pg_restore($_[0], $data_archive, '-a') } ],
	[ 'pg_restore -a in one transaction', sub { pg_restore($_[0], $data_archive, '-a', '-1') } ],
	[ 'pg_restore -a -j2', sub { pg_restore($_[0], $data_directory, '-a', '-j2') } ],
	[ 'pg_restore -a -j2 of a dump of everything', sub { pg_restore($_[0], $whole, '-a', '-n', 'kpi', '-j2') } ]);
foreach my $way (@ways)
{
	my ($name, $command) = @$way;
	my $database = new_database('fresh' . ++$main::databases, 1);

	command_ok($command->($database), "$name into a mart just made");
	is(content($database), $source, 'every row is as it was');
	is(query($node, $database, $ladder), $changed, 'and the ladder is the one of the dump');
}
# Restored by its owner under another session's name.
my $owned = new_database('owned');
$node->safe_psql('postgres', "CREATE ROLE mart_owner; CREATE ROLE restorer LOGIN IN ROLE mart_owner; GRANT CREATE ON DATABASE $owned TO mart_owner");
$node->safe_psql($owned, q{SET ROLE mart_owner; SELECT lead_kpi.create_mart('kpi')});
{
	local $ENV{PGUSER} = 'restorer';
	command_ok(pg_restore($owned, $data_archive, '-a', '--role=mart_owner'), 'pg_restore -a --role');
}
is(content($owned), $source, 'every row is as it was');

# 2. A table, or two.
my $parts = new_database('parts', 1);
command_ok(psql_file($parts, $settings), 'the settings alone');
is(query($node, $parts, $ladder), $changed, 'the ladder is the one of the dump');
is(query($node, $parts, 'SELECT time_zone, language, gross_margin FROM kpi.rule'), 'Asia/Tokyo|fr|0.7', 'so are the settings');
command_ok(pg_restore($parts, $data_archive, '-a', '-t', 'lead'), 'then the leads');
is(query($node, $parts, 'SELECT count(*) FROM kpi.counted_lead'), '300', 'are there');
command_fails_like(psql_file($parts, $settings), qr/duplicate key value violates unique constraint "stage_pkey"/,
	'the settings once more: the ladder is there already');
is(query($node, $parts, $ladder), $changed, 'and stays');

# A ladder that somebody has changed is not mixed with another one, unless neither name, position nor role is there already.
my $customised = new_database('customised', 1);
$node->safe_psql($customised, q{UPDATE kpi.stage SET stage = upper(stage) || '!', position = position * 100});
command_fails_like(psql_file($customised, $settings), qr/violates exclusion constraint "stage_role_once"/, 'a ladder that is not the default one collides');
unlike(query($node, $customised, $ladder), qr/Kunde/, 'and stays');
$node->safe_psql($customised, 'DELETE FROM kpi.stage');
command_ok(psql_file($customised, $settings), 'emptied it takes the one of the dump');
is(query($node, $customised, $ladder), $changed, 'which is there then');

# 3. Other forms of the data fail loudly.
foreach my $form ([ $inserts, '--inserts' ], [ $no_triggers, '--disable-triggers' ])
{
	my ($file, $option) = @$form;
	my $database = new_database('fresh' . ++$main::databases, 1);

	command_fails_like(psql_file($database, $file, '-1'), qr/duplicate key value violates unique constraint "(stage|rule)_pkey"/,
		"$option into a mart just made collides with its defaults");
	is(query($node, $database, $ladder), $default, 'and leaves it as it is');
}

# 4. The schema alone: no settings and no ladder, which every view says.
my $bare = new_database('bare');
command_ok(psql_file($bare, $schema), 'the schema alone');
is(query($node, $bare, 'SELECT (SELECT count(*) FROM kpi.rule), (SELECT count(*) FROM kpi.stage)'), '0|0', 'has neither rule nor ladder');
foreach my $rows ('empty tables', 'rows')
{
	command_ok(pg_restore($bare, $data_archive, '-a', map { ('-t', $_) } 'lead', 'stage_event', 'deal'), 'rows without the settings') if $rows eq 'rows';
	$node->safe_psql($bare, <<'SQL');
CREATE OR REPLACE FUNCTION silent_views() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	view regclass;
BEGIN
	FOR view IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'v' ORDER BY c.relname COLLATE "C"
	LOOP
		BEGIN
			EXECUTE format('SELECT * FROM %s', view);
			RETURN NEXT view;
		EXCEPTION WHEN OTHERS THEN
			IF SQLERRM NOT IN ('kpi.rule is empty', 'the ladder is empty') THEN
				RAISE;
			END IF;
		END;
	END LOOP;
END $$;
SQL
	is(query($node, $bare, 'SELECT * FROM silent_views()'), '', "no view is silent about it, over $rows");
}
like(query($node, $bare, 'SELECT * FROM kpi.lead_generated'), qr/HINT:  .*SELECT lead_kpi\.upgrade_mart\('kpi'\);/, 'the hint says what to write');
$node->safe_psql('postgres', "CREATE DATABASE by_hand TEMPLATE $bare");
$node->safe_psql('by_hand', 'INSERT INTO kpi.rule DEFAULT VALUES');
like(query($node, 'by_hand', 'SELECT * FROM kpi.funnel'), qr/ERROR:  the ladder is empty/, 'a rule without a ladder is not enough');
$node->safe_psql($bare, q{SELECT lead_kpi.upgrade_mart('kpi')});
is(query($node, $bare, $ladder), $default, 'it makes the default ladder too');
is(query($node, $bare, 'SELECT leads FROM kpi.funnel WHERE stage_position = 1'), '300', 'with both the views can be read');
foreach my $form ($data, $inserts, $no_triggers)
{
	my $database = new_database('schema' . ++$main::databases);

	command_ok(psql_file($database, $schema), 'the schema alone');
	command_ok(psql_file($database, $form), "then the data: $form");
	is(content($database), $source, 'every row is as it was');
	is(query($node, $database, q{SELECT string_agg(tgname || ' ' || tgenabled::text, ' ' ORDER BY tgname) FROM pg_trigger
		WHERE tgrelid IN ('kpi.rule'::regclass, 'kpi.stage'::regclass) AND NOT tgisinternal AND tgname LIKE '%makes_way'}),
		$form eq $no_triggers ? 'ladder_makes_way O rule_makes_way O' : 'ladder_makes_way A rule_makes_way A', 'and the triggers are there');
}

# 5. Two ladders in one, as where nothing checks: triggers are off, as in a restore that was told so.
my $doubled = new_database('doubled', 1);
$node->safe_psql($doubled, <<'SQL');
ALTER TABLE kpi.stage DISABLE TRIGGER ALL;
INSERT INTO kpi.stage VALUES (1, 'Anfrage', NULL);
ALTER TABLE kpi.stage ENABLE TRIGGER ALL;
SQL
like(query($node, $doubled, 'SELECT * FROM kpi.funnel'), qr/ERROR:  several stages have position 1/, 'a position that two stages have is an error of the views');
$node->safe_psql($doubled, <<'SQL');
ALTER TABLE kpi.stage DISABLE TRIGGER ALL;
UPDATE kpi.stage SET position = 7, role = 'won' WHERE stage = 'Anfrage';
ALTER TABLE kpi.stage ENABLE TRIGGER ALL;
SQL
like(query($node, $doubled, 'SELECT * FROM kpi.funnel'), qr/ERROR:  several stages have role won/, 'so is a role');

# 6. A dump of the format before: its columns by name, and the mart keeps its own format.
my $older = new_database('older', 1);
my $format = query($node, $older, 'SELECT mart_format FROM kpi.rule');
$node->safe_psql($older, "COPY kpi.rule (id, mart_format, duplicate_key, time_zone) FROM stdin;\n1\t1\tcompany\tEurope/Paris\n\\.\n");
is(query($node, $older, 'SELECT mart_format, duplicate_key, time_zone FROM kpi.rule'), "$format|company|Europe/Paris",
	'settings of an older format come without their mart_format');

$node->stop;
done_testing();
