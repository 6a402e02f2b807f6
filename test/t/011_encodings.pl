# The installed script is ASCII: the extension installs in a database of any
# encoding, and its French texts read right in each that has the letters.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('encodings');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;

my %french = (
	# Bytes as the database holds them: "é" of "année précédente".
	UTF8 => 'c3a9',
	SQL_ASCII => 'c3a9',
	LATIN1 => 'e9',
	LATIN9 => 'e9');

foreach my $encoding (sort keys %french)
{
	my $database = lc $encoding;
	$node->safe_psql('postgres', "CREATE DATABASE $database ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
	$node->safe_psql($database, "CREATE EXTENSION lead_kpi; SELECT lead_kpi.create_mart('kpi'); UPDATE kpi.rule SET language = 'fr'");
	is($node->safe_psql($database, 'SELECT count(*) FROM kpi.data_quality WHERE length(what_it_means) > 0 AND length(what_to_do) > 0'),
		$node->safe_psql($database, 'SELECT count(*) FROM lead_kpi.mart_checks()'),
		"$encoding has every text of data_quality");
	my $texts = q{SELECT string_agg(concat_ws(' ', lead_kpi.mart_text(message_fr), lead_kpi.mart_text(causes_fr), lead_kpi.mart_text(look_fr)), ' ')
		FROM lead_kpi.mart_findings()};
	is($node->safe_psql($database, "SELECT position(E'\\\\' IN ($texts))"), '0', "$encoding has every text of diagnosis, without a backslash");
	is($node->safe_psql($database, q{SELECT encode(convert_to(c, getdatabaseencoding()), 'hex')
		FROM substring(lead_kpi.mart_comparison('year before', '2025-01-01', 'fr') FROM '(ann.*e) pr') a, substring(a FROM 'ann(.*)e') c}),
		$french{$encoding}, "$encoding spells its accents");
}

# An encoding without the letters takes the extension and reads English.
$node->safe_psql('postgres', q{CREATE DATABASE latin2 ENCODING 'LATIN2' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0});
$node->safe_psql('latin2', q{CREATE EXTENSION lead_kpi; SELECT lead_kpi.create_mart('kpi')});
is($node->safe_psql('latin2', 'SELECT count(*) > 0 FROM kpi.data_quality'), 't', 'LATIN2 reads English');
$node->safe_psql('latin2', q{UPDATE kpi.rule SET language = 'fr'});
my ($status, undef, $error) = $node->psql('latin2', 'SELECT count(what_it_means) FROM (SELECT * FROM kpi.data_quality OFFSET 0) q');
isnt($status, 0, 'and says so when asked for French');
like($error, qr/has no equivalent in encoding "LATIN2"/, 'with the letter that it does not have');

# Not only what is French: a comment must not spell letters that another encoding takes for something else.
is($node->safe_psql('utf8', q{
	SELECT count(*) FROM pg_depend d
	LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
	LEFT JOIN pg_description c ON c.classoid = d.classid AND c.objoid = d.objid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lead_kpi')
		AND concat(p.prosrc, p.prosqlbody::text, c.description) ~ '[^[:ascii:]]'}),
	'0', 'nothing that the script made is spelled beyond ASCII');

$node->stop;
done_testing();
