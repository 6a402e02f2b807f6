# A former version updated is what a fresh install is, object by object and property by property, with everything that was built on it still there;
# its SQL works with this library before the update, too; and where an update would leave something else, this says what.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use MartCatalog qw(mart_differences);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use RandomValue;
use Sample qw(load_events create_stored query);
use Test::More;

my $project = "$FindBin::RealBin/../..";
my ($present) = slurp_file("$project/lead_kpi.control") =~ /^default_version = '(.*)'/m;
my @formers = map { m{/lead_kpi--(.+)\.sql\.gz$} } glob "$project/test/upgrade/lead_kpi--*.sql.gz";
my $objects = slurp_file("$project/test/upgrade/objects.sql");

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
foreach my $former (@formers)
{
	next if query($node, 'postgres', "BEGIN; CREATE EXTENSION lead_kpi VERSION '$former'; ROLLBACK") !~ /no installation script/;
	$node->stop;
	plan skip_all => "40 checks need the install script of $former among the extensions: make install in test/modules/former_versions, as ./run test does";
}
ok(@formers > 0, 'there are former versions');
$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN');

sub database
{
	my ($name, $version) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name OWNER analyst");
	# The owner of the database, who is no superuser, here and where it is compared with.
	$node->safe_psql($name, 'CREATE EXTENSION lead_kpi' . ($version ? " VERSION '$version'" : ''), extra_params => [ '-U', 'analyst' ]);
	return $name;
}

# What a database has of the extension that the other has not: lines with - and +.
sub differences
{
	my ($updated, $fresh) = map { my %lines = map { $_ => 1 } split /\n/, $_; \%lines } @_;

	return join('', (map { "- $_\n" } grep { !$updated->{$_} } sort keys %$fresh), (map { "+ $_\n" } grep { !$fresh->{$_} } sort keys %$updated));
}

my $fresh = query($node, database('fresh'), $objects);
cmp_ok(scalar(split /\n/, $fresh), '>', 5000, 'there is something to compare');
$node->safe_psql('fresh', q{SELECT lead_kpi.create_mart('kpi')}, extra_params => [ '-U', 'analyst' ]);

foreach my $former (@formers)
{
	(my $database = "updated_$former") =~ s/\W/_/g;
	database($database, $former);
	load_events($node, $database);
	my @types = create_stored($node, $database);

	# ------------------------------------------------------------ this library under the former SQL

	is(query($node, $database, q{SELECT extversion FROM pg_extension WHERE extname = 'lead_kpi'}), $former, "$former with the library of $present");
	my ($answered, $called, $wrong) = call_everything($database, @types);
	is($wrong, '', 'its functions raise no internal error');
	cmp_ok($answered, '>', $called / 2, 'and most of what they are called with has an answer') or diag("$answered of $called");

	# ------------------------------------------------------------ what users built on it

	$node->safe_psql($database, slurp_file("$project/test/upgrade/dependents.sql"));
	$node->safe_psql($database, <<'SQL', extra_params => [ '-U', 'analyst' ]);
SELECT lead_kpi.create_mart('kpi'), lead_kpi.create_mart('stored');
SELECT lead_kpi.generate_example('kpi', 100, 3), lead_kpi.generate_example('stored', 100, 3);
SELECT lead_kpi.store_mart('stored');
CREATE SCHEMA report;
CREATE VIEW report.by_channel AS SELECT channel, stage, leads FROM kpi.funnel_by_channel;
CREATE VIEW report.of_stored AS SELECT channel, stage, leads FROM stored.funnel_by_channel;
CREATE MATERIALIZED VIEW report.kept AS SELECT month, stage, leads FROM kpi.funnel_by_month;
CREATE FUNCTION report.accepted() RETURNS float8 LANGUAGE sql STABLE BEGIN ATOMIC SELECT acceptance_rate FROM kpi.mql_acceptance; END;
SQL
	my $built = slurp_file("$project/test/upgrade/dependents_read.sql");
	my $of_marts = q{SELECT (SELECT md5(string_agg(v::text, ',' ORDER BY v::text)) FROM report.by_channel v),
		(SELECT md5(string_agg(v::text, ',' ORDER BY v::text)) FROM report.of_stored v),
		(SELECT md5(string_agg(v::text, ',' ORDER BY v::text)) FROM report.kept v), report.accepted()};
	my $before = query($node, $database, $built);
	my $marts_before = query($node, $database, $of_marts);
	cmp_ok(scalar(split /\n/, $before), '>', 10, 'what was built can be read') or diag($before);

	# ------------------------------------------------------------ the update

	my ($status, $out, $err) = $node->psql($database, 'ALTER EXTENSION lead_kpi UPDATE', extra_params => [ '-U', 'analyst' ]);
	is("$status $err", '0 ', "the owner of the database updates from $former");
	is(query($node, $database, q{SELECT extversion FROM pg_extension WHERE extname = 'lead_kpi'}), $present, "it is $present");
	my $updated = query($node, $database, $objects);
	my $differences = differences($updated, $fresh);
	is(substr($differences, 0, 3000), '', 'and then what a fresh install is')
	  or diag("What the update from $former lacks begins with -, what it leaves and should not with +. Functions, aggregates and comments are written again by\n"
		. "themselves; what is dropped, and types, operators and casts that change, belong into sql/update/${former}_before.sql or _after.sql (CONTRIBUTING.md).");

	is(query($node, $database, $built), $before, 'what was built says what it said');
	is(query($node, $database, $of_marts), $marts_before, 'so does what reads the marts');
	is(query($node, $database, q{BEGIN; INSERT INTO dependent.summary (id, hits, funnel) SELECT 1000 + id, '7/9', funnel FROM dependent.summary WHERE id = 1;
		REFRESH MATERIALIZED VIEW dependent.monthly; SELECT count(*) FROM dependent.by_rate WHERE hits OPERATOR(lead_kpi.=) '32/1000'; ROLLBACK}), '1', 'and takes more');

	# ------------------------------------------------------------ the marts

	($status, $out, $err) = $node->psql($database, q{SELECT lead_kpi.refresh_mart('stored')}, extra_params => [ '-U', 'analyst' ]);
	like($err, qr/was stored in format 1, and this version stores in format \d+\nHINT:  .*upgrade_mart/, 'what is stored is not refreshed by halves');
	is(query($node, $database, q{SELECT lead_kpi.stored_views('stored') IS NULL}), 't', 'all of its views were stored');
	foreach my $mart ('kpi', 'stored')
	{
		($status, $out, $err) = $node->psql($database, "SELECT lead_kpi.upgrade_mart('$mart')", extra_params => [ '-U', 'analyst' ]);
		is($status, 0, "upgrade_mart of mart $mart") or diag($err);
	}
	is(query($node, $database, q{SELECT is_stored, (SELECT mart_format FROM stored.rule) FROM lead_kpi.mart_status('stored')}),
		't|' . query($node, 'fresh', 'SELECT mart_format FROM kpi.rule'), 'what was stored is stored, in the present format');
	is(mart_differences($node, $database, 'kpi', 'kpi', 'fresh'), '', 'the live one is what create_mart makes now')
	  or diag("A comment after + is that of $former: left(md5(comment), 8) of it belongs into mart_former_words() in sql/mart/64_former.sql.");
	is(query($node, $database, q{SET ROLE analyst; SELECT string_agg(relation, ' ') FROM lead_kpi.check_mart('stored') WHERE stored_only + live_only > 0}), '', 'the stored one is right');
	is(query($node, $database, q{SELECT (SELECT count(*) > 0 FROM report.by_channel), (SELECT count(*) > 0 FROM report.of_stored), report.accepted() IS NOT NULL}), 't|t|t',
		'and what reads them still does');

	# ------------------------------------------------------------ what an update leaves to the administrator

	$node->safe_psql('postgres', "CREATE DATABASE of_administrator OWNER analyst");
	is(query($node, 'of_administrator', <<"SQL"), 'f|f|t|1', 'revoked rights stay revoked, and what was altered is as it should be');
CREATE EXTENSION lead_kpi VERSION '$former';
REVOKE USAGE ON SCHEMA lead_kpi FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION lead_kpi.drop_mart(name) FROM PUBLIC;
ALTER FUNCTION lead_kpi.hits(lead_kpi.rate) COST 99;
ALTER EXTENSION lead_kpi UPDATE;
SELECT has_schema_privilege('analyst', 'lead_kpi', 'USAGE'), has_function_privilege('analyst', 'lead_kpi.drop_mart(name)', 'EXECUTE'),
	has_function_privilege('analyst', 'lead_kpi.create_mart(name, regclass, regclass, regclass, regclass, regclass, regtype, regclass, regclass, regclass, regclass, regclass)', 'EXECUTE'),
	(SELECT procost FROM pg_proc WHERE oid = 'lead_kpi.hits(lead_kpi.rate)'::regprocedure);
SQL
	($status, $out, $err) = $node->psql('of_administrator', "SET standard_conforming_strings = off; DROP EXTENSION lead_kpi; SET standard_conforming_strings = on;
		CREATE EXTENSION lead_kpi VERSION '$former'; SET standard_conforming_strings = off; ALTER EXTENSION lead_kpi UPDATE");
	# From PostgreSQL 19 on the server itself refuses them.
	like($err, qr/cannot be updated while standard_conforming_strings is off.*HINT|non-standard string literals are not supported/s, 'strings of another meaning are refused');
	$node->safe_psql('postgres', 'DROP DATABASE of_administrator');

	# ------------------------------------------------------------ an update that is wrong

	# As a script would leave it that forgot, or changed, one property each: all of them are found.
	my $wrongs = query($node, $database, "BEGIN;\n" . slurp_file("$project/test/upgrade/wrong_update.sql") . "$objects\nROLLBACK");
	my $found = differences($wrongs, $fresh);
	my @expected = slurp_file("$project/test/upgrade/wrong_update.sql") =~ /-- (?=[-+])(.*)$/mg;
	cmp_ok(scalar @expected, '>', 15, 'an update may be wrong in many ways');
	foreach my $expected (@expected)
	{
		my ($sign, $name, $part) = $expected =~ /^([-+]) (.*?): (.*)$/;
		ok((grep { index($_, "$sign $name") == 0 && index($_, $part) > 0 } split /\n/, $found), "found: $expected");
	}
	is(query($node, $database, $objects), $updated, 'none of that stays');
}

# ---------------------------------------------------------------- a type that changes must not be forgotten

my $folder = PostgreSQL::Test::Utils::tempdir;
my $joined = "$folder/joined.sql";
is(system("cd '$project' && LC_ALL=C awk -f sql/join.awk sql/*.sql sql/mart/*.sql >'$joined'"), 0, 'the install script is joined');

my ($out, $err);

# The main part of an update script from the first version on, of an install script that was changed, and what make would show.
sub update_part
{
	my ($change, $by_hand) = @_;
	my $text = slurp_file($joined);
	my $before = $text;

	$change->($text) foreach $text;
	isnt($text, $before, 'something is changed');
	open my $handle, '>', "$folder/by_hand.sql" or die;
	print $handle $by_hand // '';
	close $handle;
	open $handle, '>', "$folder/changed.sql" or die;
	print $handle $text;
	close $handle;
	my ($out, $err) = run_command([ 'awk', '-f', "$project/sql/update.awk", '-v', "former=$project/sql/update/$formers[0].txt", '-v', "by_hand=$folder/by_hand.sql", "$folder/changed.sql" ]);
	return wantarray ? ($out, $err) : $out;
}
($out, $err) = run_command([ "$project/test/upgrade/differences", $formers[0] ]);
like("$err$out", qr/^\Q$formers[0]\E to the present: \d+ new, \d+ changed, \d+ gone$/m, 'what is different can be listed');
unlike($err, qr/./, 'without a warning');

# Freezing a version keeps what the next one is compared with, once.
my $copy = "$folder/project";
is(system("mkdir -p '$copy/test' && cp -r '$project/sql' '$project/lead_kpi.control' '$copy' && cp -r '$project/test/upgrade' '$project/test/golden' '$copy/test'"), 0, 'a copy');
($out, $err) = run_command([ "$copy/test/upgrade/freeze", $present ]);
is($err, '', "$present can be frozen");
like($out, qr/^Next: /, 'it says what comes next');
($out, $err) = run_command([ "$copy/test/upgrade/differences", $present ]);
is($out, "$present to the present: 0 new, 0 changed, 0 gone", 'and nothing is different from it then');
foreach my $again ($present, $formers[0])
{
	($out, $err) = run_command([ "$copy/test/upgrade/freeze", $again ]);
	like($err, $again eq $present ? qr/is there already: what is frozen is never made again/ : qr/lead_kpi\.control has another version/, "$again cannot be frozen again");
}

my $type = sub { $_ =~ s/(CREATE TYPE rate \(.*?INTERNALLENGTH = )16/${1}24/s };
my $cast = sub { $_ =~ s/^CREATE CAST \(rate AS numeric\).*\n//m };
my $new = sub { $_ .= "CREATE TYPE spread AS (low float8);\nCREATE OPERATOR + (\n\tLEFTARG = spread, RIGHTARG = spread, FUNCTION = spread_add\n);\nCREATE CAST (spread AS jsonb) WITH INOUT;\n" };
($out, $err) = update_part($type);
like($err, qr/^TYPE rate is another one than in .*-- CHANGED: TYPE rate$/m, 'a type that changed is named, and what to write');
($out, $err) = update_part($type, "-- CHANGED: TYPE rate\n");
is($err, '', 'with that line it is left to what is written by hand');
unlike($out, qr/^CREATE TYPE rate/m, 'and not made again');
($out, $err) = update_part($cast);
like($err, qr/^CAST \(rate AS numeric\) of .* is gone: .*-- DROPPED: CAST \(rate AS numeric\)$/m, 'so is one that is gone');
my $made = sub { scalar(() = $_[0] =~ /^CREATE (?:TYPE|OPERATOR|CAST)/mg) };
my $usual = $made->((update_part(sub { $_ .= "-- Nothing more.\n" }))[0]);
($out, $err) = update_part($new);
is($err, '', 'new ones need nothing');
like($out, qr/^CREATE TYPE spread AS.*^CREATE OPERATOR \+ \(\n.*spread.*^CREATE CAST \(spread/ms, 'and are made');
is($made->($out), $usual + 3, 'the others are not');
unlike($out, qr/^CREATE (?:FUNCTION|AGGREGATE)|^GRANT/m, 'functions and aggregates are replaced, and nothing is granted again');

# Every function of the extension that changes nothing, twice, with usual arguments: how many had an answer, of how many, and the internal errors.
sub call_everything
{
	my ($database, @types) = @_;
	my %literals = map { ("lead_kpi.$_" => [ split /\n/, query($node, $database,
		"SELECT value::text FROM stored_$_ WHERE length(value::text) < 1000 AND value::text !~ '\\n' ORDER BY id") ]) } @types;
	my %fields;
	push @{ $fields{ $_->[0] } }, [ @$_[ 1, 2 ] ] foreach map { [ split /\|/ ] } split /\n/, query($node, $database, q{SELECT format_type(t.oid, NULL), a.attname, format_type(a.atttypid, NULL)
		FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 WHERE t.typnamespace = 'lead_kpi'::regnamespace AND t.typtype = 'c' ORDER BY 1, a.attnum});
	my $random = RandomValue->new(literals => \%literals, fields => \%fields);
	my (@calls, $script);

	$node->safe_psql($database, q{CREATE TYPE stage_enum AS ENUM ('lead', 'mql', 'sql', 'won')});
	$random->wildness(0);
	srand 1;
	foreach (split /\n/, query($node, $database, q{SELECT p.proname, array_to_string(ARRAY(SELECT format_type(t, NULL) || ' ' || coalesce(p.proargnames[i], '')
			FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a(t, i) ORDER BY i), ';')
		FROM pg_proc p WHERE p.pronamespace = 'lead_kpi'::regnamespace AND p.prokind = 'f' AND p.provolatile <> 'v' AND p.proname !~ '^mart_'
			AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) t WHERE format_type(t, NULL) IN ('internal', '"any"', 'anyelement', 'regclass', 'cstring'))
			AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype)
		ORDER BY p.oid::regprocedure::text COLLATE "C"}))
	{
		my ($name, $arguments) = split /\|/, $_, -1;
		my @arguments = map { [ /^(.*) (\S*)$/ ] } split /;/, $arguments;

		foreach (1 .. 2)
		{
			push @calls, "(lead_kpi.$name(" . join(', ', map { $random->value($_->[0] =~ s/anyenum/public.stage_enum/r =~ s/anyarray/text[]/r, $_->[1]) } @arguments) . '))::text';
		}
	}
	# One by one under a handler: an error is an answer, an internal one is not.
	my $result = query($node, $database, <<"SQL" . join("\n", map { "SELECT pg_temp.try(\$call\$$_\$call\$);" } @calls));
SET client_min_messages = error;
CREATE FUNCTION pg_temp.try(call text) RETURNS text LANGUAGE plpgsql AS \$\$
BEGIN
	EXECUTE 'SELECT ' || call;
	RETURN '00000';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || CASE WHEN SQLSTATE ~ '^(XX|58|42883)' THEN SQLERRM || ': ' || call ELSE '' END;
END \$\$;
SQL
	my @results = split /\n/, $result;
	is(scalar @results, scalar @calls, 'the server survives every call') or diag(substr($result, -500));
	return (scalar(grep { /^00000/ } @results), scalar @calls, join("\n", grep { /^(?:XX|58|42883)/ } @results));
}

$node->stop;
done_testing();
