# Whoever may CREATE in a database must not become more by this extension: not by planting objects before it is
# installed, not by installing it, not by sharing a database with those who call it.  Each attack here made its author a
# superuser, or ran code as the caller, before the extension made its schema itself.
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
$node->safe_psql('postgres', 'CREATE ROLE attacker LOGIN; CREATE ROLE accomplice LOGIN; CREATE ROLE victim LOGIN');

# A database where the attacker may create schemas, and nothing else is his.
my $databases = 0;

sub new_database
{
	my $database = 'attacked' . ++$databases;

	$node->safe_psql('postgres', "CREATE DATABASE $database; GRANT CREATE ON DATABASE $database TO attacker, victim");
	return $database;
}

# Runs SQL as a role: the exit code of psql, and what it said.
sub as_role
{
	my ($role, $database, $sql) = @_;

	local $ENV{PGUSER} = $role;
	my ($status, $out, $err) = $node->psql($database, $sql, on_error_stop => 1);
	return ($status, $err);
}

# Code that shows by whom it was run: a superuser is betrayed by granting, everybody by raising.
my $payload = q{
	BEGIN
		IF current_user <> 'attacker' THEN
			IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
				EXECUTE 'ALTER ROLE attacker SUPERUSER';
			END IF;
			RAISE EXCEPTION 'planted code ran as %', current_user;
		END IF;
		RETURN NULL;
	END};

# Functions and operators that fit the calls of the install script, of SQL bodies and of the mart's functions better
# than what they mean.
sub plants
{
	my ($schema) = @_;
	my $sql = '';

	foreach my $function (
		'format(text, text, text, text, text, text) RETURNS text',
		'format(text, name) RETURNS text',
		'format(text, text) RETURNS text',
		'format(text, name, name) RETURNS text',
		'concat_ws(text, text, text, text) RETURNS text',
		'concat_ws(text, text, text, text, text, text, text) RETURNS text',
		'has_database_privilege(name, text) RETURNS boolean',
		'has_table_privilege(regclass, text) RETURNS boolean',
		'to_regnamespace(text) RETURNS regnamespace',
		'set_config(text, text, boolean) RETURNS text',
		'quote_ident(name) RETURNS text',
		'current_database(VARIADIC text[]) RETURNS name',
		'coalesce_amount(numeric) RETURNS numeric',
		'string_to_table(name, text) RETURNS SETOF text',
		'generate_series(bigint, integer) RETURNS SETOF bigint',
		'random(integer) RETURNS float8',
		'date_trunc(text, timestamptz, name) RETURNS timestamptz',
		'round(numeric, bigint) RETURNS numeric',
		'unnest(regclass[]) RETURNS SETOF regclass',
		'pg_describe_object(oid, oid, int4) RETURNS text')
	{
		my $body = $function =~ /SETOF/ ? $payload =~ s/RETURN NULL;/RETURN;/r : $payload;
		$sql .= "CREATE FUNCTION $schema.$function LANGUAGE plpgsql AS \$\$$body\$\$;\n";
	}
	foreach my $operator ([ '/', 'numeric', 'bigint', 'numeric' ], [ '*', 'numeric', 'bigint', 'numeric' ], [ '||', 'text', 'name', 'text' ],
		[ '=', 'name', 'text', 'boolean' ], [ '=', 'text', 'name', 'boolean' ], [ '<>', '"char"', 'text', 'boolean' ])
	{
		my ($name, $left, $right, $result) = @$operator;
		my $function = "planted_" . join('_', map { s/\W//gr } $left, $right, unpack('H*', $name));

		$sql .= "CREATE FUNCTION $schema.$function($left, $right) RETURNS $result LANGUAGE plpgsql AS \$\$$payload\$\$;\n"
			. "CREATE OPERATOR $schema.$name (LEFTARG = $left, RIGHTARG = $right, FUNCTION = $schema.$function);\n";
	}
	return $sql;
}

sub attacker_is_superuser
{
	return $node->safe_psql('postgres', q{SELECT rolsuper FROM pg_roles WHERE rolname = 'attacker'}) eq 't';
}

sub refused
{
	my ($role, $database, $sql, $why, $name) = @_;
	my ($status, $err) = as_role($role, $database, $sql);

	isnt($status, 0, "$name: refused");
	unlike($err, qr/planted code ran/, "$name: no planted code ran");
	like($err, $why, "$name: says why");
	like($err, qr/HINT/, "$name: says what to do");
	ok(!attacker_is_superuser(), "$name: the attacker is no superuser");
}

# What everybody calls, with the schema in the search_path as its users have it.
my $everyday = q{
	SET search_path = public, lead_kpi;
	SELECT cpl(100, 5), cac(100, 5), cost_per(100, 5), average_deal(100, 5), roas(2, 1), low('1/3'), rate(1, 3) + '1/2',
		threshold_verdict('1/3', 0.5), scenario(100, rate(1, 3), 10);
	SELECT funnel('a'::text, 'b'::text, now(), '{b}'), why('a'::text, 'b'::text, now(), '{b}'), journeys(1::bigint, 'c', now(), now(), 1);
	SELECT create_mart('kpi');
	SELECT create_mart('example');
	SELECT generate_example('example', 50);
	SELECT count(*) FROM example.cpl_to_revenue;
	SELECT count(*) FROM example.data_quality;
	SELECT train_mart('example');
	SELECT drop_mart('example');
	SELECT drop_mart('kpi')};

sub everyday_works
{
	my ($role, $database, $name) = @_;
	my ($status, $err) = as_role($role, $database, $everyday);

	is($status, 0, "$name: everything works for $role") or diag($err);
	ok(!attacker_is_superuser(), "$name: the attacker is no superuser afterwards");
}

# ---------------------------------------------------------------- a schema that is there before

my ($status, $err);
my $database = new_database();
as_role('attacker', $database, 'CREATE SCHEMA lead_kpi;' . plants('lead_kpi'));
refused('attacker', $database, 'CREATE EXTENSION lead_kpi', qr/schema lead_kpi is not empty/,
	'planted objects, installed by the attacker');
refused('postgres', $database, 'CREATE EXTENSION lead_kpi', qr/schema lead_kpi is not empty/,
	'planted objects, installed by a superuser');
refused('postgres', $database, 'CREATE EXTENSION lead_kpi SCHEMA lead_kpi', qr/schema lead_kpi is not empty/,
	'planted objects, installed into that schema');
refused('victim', $database, 'CREATE EXTENSION lead_kpi', qr/exists already and belongs to attacker/,
	'planted objects, installed by somebody else');

# The two that made a superuser of who installed, and the one that ran as whoever asked for a cost per lead.
foreach my $exploit ('format(text, text, text, text, text, text)', 'concat_ws(text, text, text, text, text, text)')
{
	my ($function) = $exploit =~ /^(\w+)/;

	$database = new_database();
	as_role('attacker', $database, qq{
		CREATE SCHEMA lead_kpi;
		CREATE FUNCTION lead_kpi.$exploit RETURNS text LANGUAGE plpgsql AS \$\$
		BEGIN
			EXECUTE 'ALTER ROLE attacker SUPERUSER';
			RETURN pg_catalog.$function(\$1, \$2, \$3, \$4, \$5, \$6);
		END \$\$;});
	refused('attacker', $database, 'CREATE EXTENSION lead_kpi', qr/schema lead_kpi is not empty/, "a planted $function that goes on as if nothing was");
	$node->safe_psql('postgres', 'ALTER ROLE attacker NOSUPERUSER');
}
$database = new_database();
as_role('attacker', $database, "CREATE SCHEMA lead_kpi; CREATE FUNCTION lead_kpi.slash(numeric, bigint) RETURNS numeric LANGUAGE plpgsql AS \$\$$payload\$\$;"
	. 'CREATE OPERATOR lead_kpi./ (LEFTARG = numeric, RIGHTARG = bigint, FUNCTION = lead_kpi.slash);'
	. 'CREATE FUNCTION lead_kpi.slash(numeric, integer) RETURNS numeric LANGUAGE sql RETURN $1 OPERATOR(pg_catalog./) $2::numeric;'
	. 'CREATE OPERATOR lead_kpi./ (LEFTARG = numeric, RIGHTARG = integer, FUNCTION = lead_kpi.slash)');
refused('attacker', $database, 'CREATE EXTENSION lead_kpi', qr/schema lead_kpi is not empty/, 'a planted operator');
($status, $err) = as_role('victim', $database, 'SELECT lead_kpi.cpl(100, 5)');
unlike($err, qr/planted code ran/, 'a planted operator: not run by who asks for a cost per lead');

# An empty schema: its owner can still have a transaction open that puts something in, and what he changes of the schema
# makes it look like one of the transaction that installs.  Nothing of his is where the extension is.
sub nothing_planted
{
	my ($database, $name) = @_;

	is(query($node, $database, q{SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
			WHERE nspname = 'lead_kpi' AND proowner <> 10 AND EXISTS (SELECT FROM pg_extension WHERE extname = 'lead_kpi')}),
		'0', "$name: nothing planted is in the extension's schema");
	($status, $err) = as_role('postgres', $database, 'SET search_path = lead_kpi; SELECT cpl(100, 5), cac(100, 5), average_deal(100, 5)');
	unlike($err, qr/planted code ran/, "$name: nothing planted is called");
	ok(!attacker_is_superuser(), "$name: the attacker is no superuser");
	$node->safe_psql('postgres', 'ALTER ROLE attacker NOSUPERUSER');
}

# The installation waits for a name that the attacker holds, until what he planted is there.  The operator fits
# nullif(numeric, 0) in the body of cpl().
foreach my $install (
	[ 'postgres', 'CREATE EXTENSION lead_kpi' ],
	[ 'postgres', 'CREATE EXTENSION lead_kpi SCHEMA lead_kpi' ],
	[ 'attacker', 'CREATE EXTENSION lead_kpi' ],
	[ 'attacker', 'GRANT USAGE ON SCHEMA lead_kpi TO attacker; CREATE EXTENSION lead_kpi' ],
	[ 'attacker', 'GRANT USAGE ON SCHEMA lead_kpi TO attacker; CREATE EXTENSION lead_kpi SCHEMA lead_kpi' ])
{
	my ($role, $sql) = @$install;

	$database = new_database();
	as_role('attacker', $database, 'CREATE SCHEMA lead_kpi');
	local $ENV{PGUSER} = 'attacker';
	my $planting = $node->background_psql($database);
	my $holding = $node->background_psql($database);

	$planting->query_safe('BEGIN');
	$planting->query_safe("CREATE FUNCTION lead_kpi.equals(numeric, integer) RETURNS boolean LANGUAGE plpgsql AS \$\$$payload\$\$;"
		. 'CREATE OPERATOR lead_kpi.= (LEFTARG = numeric, RIGHTARG = integer, FUNCTION = lead_kpi.equals)');
	$holding->query_safe('BEGIN');
	$holding->query_safe('CREATE DOMAIN lead_kpi.rate AS integer');
	local $ENV{PGUSER} = $role;
	my $installing = $node->background_psql($database, on_error_stop => 0);
	$installing->query_until(qr/started/, "\\echo started\nBEGIN; $sql; COMMIT;\n");
	sleep 1;
	$planting->query_safe('COMMIT');
	$holding->query_safe('ROLLBACK');
	$_->quit foreach $planting, $holding, $installing;
	local $ENV{PGUSER} = 'postgres';
	# It may be refused or not, by whether the server locks the schema; where it is not, nothing planted is called.
	nothing_planted($database, "planted while the script runs, by $role: $sql");
}

# In one transaction with what was planted.
$database = new_database();
refused('attacker', $database, 'BEGIN; CREATE SCHEMA lead_kpi;' . plants('lead_kpi') . 'CREATE EXTENSION lead_kpi',
	qr/schema lead_kpi is not empty/, 'planted in the same transaction');
refused('attacker', $database, 'BEGIN; CREATE SCHEMA lead_kpi; CREATE DOMAIN lead_kpi.text AS pg_catalog.text; CREATE EXTENSION lead_kpi',
	qr/schema lead_kpi is not empty/, 'a planted type');

# A superuser's schema makes way for a superuser only, and who may create in it gains nothing.
$node->safe_psql($database, 'CREATE SCHEMA lead_kpi; GRANT ALL ON SCHEMA lead_kpi TO PUBLIC');
refused('attacker', $database, 'CREATE EXTENSION lead_kpi', qr/schema lead_kpi exists already and belongs to postgres/, 'a superuser\'s schema');
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
isnt((as_role('attacker', $database, plants('lead_kpi')))[0], 0, 'a superuser\'s schema that was open to everybody: not any more');

# Grants of a name that the installer does not hold.
$database = new_database();
($status, $err) = as_role('attacker', $database,
	'BEGIN; CREATE SCHEMA lead_kpi; GRANT CREATE ON SCHEMA lead_kpi TO accomplice; CREATE EXTENSION lead_kpi SCHEMA lead_kpi; COMMIT');
is($status, 0, 'installed into a schema in which an accomplice may create') or diag($err);
isnt((as_role('accomplice', $database, 'CREATE FUNCTION lead_kpi.f() RETURNS int LANGUAGE sql RETURN 1'))[0], 0, 'the accomplice may not');
everyday_works('victim', $database, 'a schema that was there');

# ---------------------------------------------------------------- the installer as attacker

$database = new_database();
($status, $err) = as_role('attacker', $database,
	'ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO accomplice; ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO accomplice; CREATE EXTENSION lead_kpi');
is($status, 0, 'somebody with CREATE on the database installs the extension') or diag($err);
is(query($node, $database, q{SELECT nspowner::regrole, has_schema_privilege('attacker', oid, 'create'), has_schema_privilege('accomplice', oid, 'create')
	FROM pg_namespace WHERE nspname = 'lead_kpi'}), 'postgres|f|f', 'the schema is the superuser\'s, and closed');
is(query($node, $database, q{SELECT count(*) FROM pg_depend d, pg_identify_object_as_address(d.classid, d.objid, d.objsubid) a,
	pg_proc p WHERE d.deptype = 'e' AND d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.proowner <> 10
	AND p.pronamespace = 'lead_kpi'::regnamespace}), '0', 'its functions are the superuser\'s');
foreach my $attempt (
	'CREATE FUNCTION lead_kpi.f() RETURNS int LANGUAGE sql RETURN 1',
	'CREATE TABLE lead_kpi.t ()',
	'ALTER SCHEMA lead_kpi OWNER TO attacker',
	'ALTER SCHEMA lead_kpi RENAME TO other',
	'DROP SCHEMA lead_kpi CASCADE',
	'ALTER EXTENSION lead_kpi DROP FUNCTION lead_kpi.cpl(numeric, bigint)',
	'ALTER EXTENSION lead_kpi DROP SCHEMA lead_kpi',
	'ALTER EXTENSION lead_kpi SET SCHEMA attacker',
	'ALTER FUNCTION lead_kpi.cpl(numeric, bigint) RENAME TO x',
	q{CREATE OR REPLACE FUNCTION lead_kpi.is_mart(mart name) RETURNS boolean LANGUAGE sql RETURN true})
{
	my ($status) = as_role('attacker', $database, $attempt);

	isnt($status, 0, "the installer may not: $attempt");
}
as_role('attacker', $database, 'GRANT CREATE ON SCHEMA lead_kpi TO accomplice');
isnt((as_role('attacker', $database, plants('lead_kpi')))[0], 0, 'the installer plants nothing in the schema');
everyday_works('victim', $database, 'installed by the attacker');
is(query($node, $database, q{SELECT has_schema_privilege('accomplice', 'lead_kpi', 'create')}), 'f', 'the installer may not let others in');

# Planted where the attacker may plant: schemas of his own, temporary ones, and public where it is open.
$node->safe_psql($database, 'GRANT CREATE ON SCHEMA public TO PUBLIC');
($status, $err) = as_role('attacker', $database, plants('public') . 'CREATE SCHEMA victim;' . plants('victim')
	. 'GRANT USAGE ON SCHEMA victim TO PUBLIC;');
is($status, 0, 'objects are planted in public and in a schema of the victim\'s name') or diag($err);
my $mart = q{
	SELECT lead_kpi.create_mart('kpi');
	SELECT lead_kpi.create_mart('example');
	SELECT lead_kpi.generate_example('example', 50);
	SELECT lead_kpi.train_mart('example');
	SELECT count(*) FROM example.cpl_to_revenue;
	SELECT count(*) FROM example.data_quality;
	SELECT count(*) FROM example.diagnosis;
	SELECT lead_kpi.cpl(100, 5), lead_kpi.cac(100, 5), lead_kpi.average_deal(100, 5), lead_kpi.threshold_verdict('1/3', 0.5);
	SELECT lead_kpi.drop_mart('example');
	SELECT lead_kpi.drop_mart('kpi')};
foreach my $role ('victim', 'postgres')
{
	my ($status, $err) = as_role($role, $database, "SET search_path = victim, public, pg_catalog; $mart");

	is($status, 0, "planted in the path of $role: the extension's functions do not call it") or diag($err);
	($status, $err) = as_role($role, $database, 'SET search_path = pg_temp, pg_catalog;' . plants('pg_temp') . $mart);
	is($status, 0, "planted in the temporary schema of $role: not called") or diag($err);
	ok(!attacker_is_superuser(), 'the attacker is no superuser');
}

# A mart of the attacker's, in whose schema he plants.
($status, $err) = as_role('attacker', $database,
	q{SELECT lead_kpi.create_mart('theirs'); SELECT lead_kpi.generate_example('theirs', 50); GRANT ALL ON SCHEMA theirs TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA theirs TO PUBLIC;}
	. plants('theirs'));
is($status, 0, 'a mart of the attacker\'s, with planted objects') or diag($err);
foreach my $call (q{SELECT lead_kpi.train_mart('theirs')}, q{DELETE FROM theirs.lead; SELECT lead_kpi.generate_example('theirs', 5)},
	q{SELECT lead_kpi.drop_mart('theirs')})
{
	my ($status, $err) = as_role('postgres', $database, $call);

	unlike($err, qr/planted code ran/, "$call: calls nothing that is planted in the mart");
	ok(!attacker_is_superuser(), 'the attacker is no superuser');
}

# The mart is upgraded by a superuser: what its owner has put there to be called, or to run when the settings are written, is refused, each by itself.
($status, $err) = as_role('postgres', $database, q{SELECT lead_kpi.upgrade_mart('theirs')});
unlike($err, qr/planted code ran/, 'upgrade_mart: calls nothing that is planted in the mart');
like($err, qr/cannot be upgraded with what is in its schema.*function theirs\.format/s, 'upgrade_mart: lists what is planted');
ok(!attacker_is_superuser(), 'the attacker is no superuser');
$database = new_database();
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
as_role('attacker', $database, q{SELECT lead_kpi.create_mart('theirs')});
foreach my $plant (
	[ q{CREATE FUNCTION theirs.btrim(text) RETURNS text LANGUAGE plpgsql AS 'BODY'}, qr/function theirs\.btrim\(text\) has the name of a function that the views call/,
		'DROP FUNCTION theirs.btrim(text)' ],
	[ q{CREATE FUNCTION theirs.rate(bigint, integer) RETURNS lead_kpi.rate LANGUAGE plpgsql AS 'BODY'}, qr/function theirs\.rate\(bigint,integer\) has the name/,
		'DROP FUNCTION theirs.rate(bigint, integer)' ],
	[ q{CREATE FUNCTION theirs.f(bigint, text) RETURNS boolean LANGUAGE plpgsql AS 'BODY'; CREATE OPERATOR theirs.= (LEFTARG = bigint, RIGHTARG = text, FUNCTION = theirs.f)},
		qr/operator theirs\.=\(bigint,text\) has the name of an operator/, 'DROP FUNCTION theirs.f(bigint, text) CASCADE' ],
	[ q{CREATE DOMAIN theirs.roc AS text}, qr/type theirs\.roc has the name of a type/, 'DROP DOMAIN theirs.roc' ],
	[ q{CREATE TABLE theirs.conversion_curve (a int)}, qr/type theirs\.conversion_curve has the name of a type/, 'DROP TABLE theirs.conversion_curve' ],
	[ q{DROP VIEW theirs.unit_cost CASCADE; CREATE TABLE theirs.unit_cost (cpl numeric)}, qr/table theirs\.unit_cost is not what create_mart makes/, 'DROP TABLE theirs.unit_cost' ],
	[ q{CREATE FUNCTION theirs.planted() RETURNS trigger LANGUAGE plpgsql AS 'BODY'; CREATE TRIGGER planted BEFORE UPDATE ON theirs.rule
		FOR EACH ROW EXECUTE FUNCTION theirs.planted()}, qr/trigger planted on table theirs\.rule would run as you/, 'DROP TRIGGER planted ON theirs.rule' ],
	[ q{CREATE FUNCTION theirs.run() RETURNS boolean LANGUAGE plpgsql AS 'BODY'; CREATE RULE planted AS ON UPDATE TO theirs.rule DO ALSO SELECT theirs.run()},
		qr/rule planted on table theirs\.rule would run as you/, 'DROP RULE planted ON theirs.rule' ],
	# What pg_catalog has can run anything, too, and nothing in the catalog says so.
	[ q{ALTER TABLE theirs.rule ADD CONSTRAINT planted CHECK (query_to_xml('SELECT theirs.run() IS NULL', true, true, '') IS NOT NULL) NOT VALID},
		qr/constraint planted on table theirs\.rule would run as you/, 'ALTER TABLE theirs.rule DROP CONSTRAINT planted' ],
	[ q{ALTER TABLE theirs.stage ADD COLUMN planted text DEFAULT query_to_xml('SELECT theirs.run()', true, true, '')::text},
		qr/column planted of table theirs\.stage would run as you/, 'ALTER TABLE theirs.stage DROP COLUMN planted' ],
	[ q{CREATE FUNCTION theirs.run(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE INDEX planted ON theirs.rule (theirs.run(id))},
		qr/index theirs\.planted would run as you/, 'DROP INDEX theirs.planted' ])
{
	my ($sql, $why, $undo) = @$plant;
	my $as_sql = $sql =~ s/'BODY'/\$\$$payload\$\$/gr;

	# There is something to be written, and what he plants before he may run as himself.
	($status, $err) = as_role('attacker', $database, "UPDATE theirs.rule SET mart_format = 1; DELETE FROM theirs.stage; $as_sql");
	is($status, 0, "planted: $sql") or diag($err);
	refused('postgres', $database, q{SELECT lead_kpi.upgrade_mart('theirs')}, $why, "upgrade_mart of a mart with a plant");
	$node->safe_psql($database, $undo);
}
($status, $err) = as_role('postgres', $database, q{SELECT lead_kpi.upgrade_mart('theirs')});
is($status, 0, 'without a plant a superuser may upgrade the mart') or diag($err);
ok(!attacker_is_superuser(), 'the attacker is no superuser');
is(query($node, $database, q{SELECT count(*) FROM pg_class WHERE relnamespace = 'theirs'::regnamespace AND relowner <> 'attacker'::regrole}), '0',
	'and all of it belongs to its owner');
is((as_role('attacker', $database, q{SELECT lead_kpi.upgrade_mart('theirs')}))[0], 0, 'who may do so himself');
as_role('attacker', $database, 'CREATE FUNCTION theirs.planted_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
	CREATE TRIGGER planted BEFORE UPDATE ON theirs.rule FOR EACH ROW EXECUTE FUNCTION theirs.planted_again(); UPDATE theirs.rule SET mart_format = 1');
is((as_role('attacker', $database, q{SELECT lead_kpi.upgrade_mart('theirs')}))[0], 0, 'also with a trigger of his on the settings');
refused('victim', $database, q{SELECT lead_kpi.upgrade_mart('theirs')}, qr/role victim may not upgrade mart theirs/, 'upgrade_mart by somebody else');

# A mart goes where its name says.
foreach my $role ('victim', 'postgres')
{
	refused($role, $database, q{SELECT lead_kpi.create_mart('$user')}, qr/\$user/, "create_mart('\$user') by $role");
}

# ---------------------------------------------------------------- what must go on working

$database = new_database();
foreach my $round ('first', 'second')
{
	my ($status, $err) = as_role('victim', $database, 'CREATE EXTENSION lead_kpi');

	is($status, 0, "the $round trusted install") or diag($err);
	everyday_works('victim', $database, "the $round trusted install");
	($status, $err) = as_role('victim', $database, 'DROP EXTENSION lead_kpi');
	is($status, 0, "the $round removal") or diag($err);
	is(query($node, $database, q{SELECT count(*) FROM pg_namespace WHERE nspname = 'lead_kpi'}), '0', 'leaves nothing, not even the schema');
}
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
everyday_works('victim', $database, 'installed by a superuser');

# Filed under pg_catalog it does not go with public.
($status, $err) = as_role('victim', new_database(), 'CREATE EXTENSION lead_kpi SCHEMA pg_catalog');
is($status, 0, 'it can be filed under pg_catalog') or diag($err);
$node->safe_psql("attacked$databases", 'DROP SCHEMA public');
everyday_works('victim', "attacked$databases", 'without the schema public');

# A dump of before 1.0 brings the schema, owned by who installed.
foreach my $older (
	[ 'postgres', 'CREATE SCHEMA lead_kpi; ALTER SCHEMA lead_kpi OWNER TO victim' ],
	[ 'postgres', 'CREATE SCHEMA lead_kpi' ],
	[ 'victim', 'CREATE SCHEMA lead_kpi' ])
{
	my ($role, $schema) = @$older;

	foreach my $transaction ([ '', '' ], [ 'BEGIN;', '; COMMIT' ])
	{
		my ($begin, $commit) = @$transaction;

		$database = new_database();
		($status, $err) = as_role($role, $database, "$begin $schema; CREATE EXTENSION IF NOT EXISTS lead_kpi WITH SCHEMA lead_kpi $commit");
		is($status, 0, "an older dump is restored by $role: $begin $schema") or diag($err);
		everyday_works('victim', $database, "an older dump restored by $role");
	}
}

# Read under another setting of the installer's, the script's strings would have another meaning for everybody.
# PostgreSQL 19 has no other setting any more.
if (query($node, 'postgres', 'SHOW server_version_num') >= 190000)
{
	isnt((as_role('attacker', new_database(), 'SET standard_conforming_strings = off'))[0], 0, 'nobody changes what backslashes mean');
}
else
{
	refused('attacker', new_database(), 'SET standard_conforming_strings = off; CREATE EXTENSION lead_kpi',
		qr/standard_conforming_strings is off/, 'an installer who changes what backslashes mean');
}

# ---------------------------------------------------------------- the catalog

my $members = q{(SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = e.oid AND d.deptype = 'e' WHERE e.extname = 'lead_kpi')};
is(query($node, $database, qq{SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p JOIN $members m
	ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid JOIN pg_language l ON l.oid = p.prolang
	WHERE l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
	AND NOT EXISTS (SELECT FROM unnest(p.proconfig) setting WHERE setting ~ '^search_path=pg_catalog, (lead_kpi, )?pg_temp\$')}),
	'', 'every function that is not C has an SQL-standard body or a pinned path, pg_catalog first');
is(query($node, $database, qq{SELECT string_agg(pg_describe_object(m.classid, m.objid, 0) || ' uses ' || pg_describe_object(d.refclassid, d.refobjid, 0), '; ')
	FROM $members m JOIN pg_depend d ON d.classid = m.classid AND d.objid = m.objid AND d.deptype IN ('n', 'a')
	-- An array or a row type is a member by its element or its type.
	LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.typarray = d.refobjid
		OR d.refclassid = 'pg_class'::regclass AND t.typrelid = d.refobjid
	WHERE NOT EXISTS (SELECT FROM $members o WHERE o.classid = d.refclassid AND o.objid = d.refobjid
		OR o.classid = 'pg_type'::regclass AND o.objid = t.oid)
	AND d.refclassid NOT IN ('pg_language'::regclass, 'pg_namespace'::regclass)
	AND NOT (d.refclassid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.refobjid AND c.relnamespace = 'pg_catalog'::regnamespace))}),
	'', 'no member uses anything but members and pg_catalog');

$node->stop;
done_testing();
