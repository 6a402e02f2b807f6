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

# What exports contain is read the same wherever the letters can be kept: no-break space, soft hyphen, pound, acute accent, apostrophe.
my $read = q{
	SELECT concat_ws(' ', parse_amount(nbsp || '1' || nbsp || '234,50' || nbsp || pound), parse_amount('1' || acute || '234.50'), try_parse_amount('1' || e_acute),
		parse_day('5.' || shy || '1.2026' || nbsp, 'DD.MM.YYYY'), normalize_phone('+49' || nbsp || '(0)30' || shy || '1234567'),
		normalize_email(nbsp || 'P' || shy || 'at+x@Firm.example' || nbsp) = 'pat@firm.example', normalize_email(e_acute || '@Firm.example' || nbsp) = e_acute || '@firm.example',
		edit_distance(e_acute, 'e', 1), position(e_acute IN amount_problem(e_acute || ' 5')) > 0,
		(SELECT count(*) FROM near_names(ARRAY['caf' || e_acute || ' leads', 'caf' || e_acute || nbsp || 'leads', 'caf' || e_acute || ' laeds'])),
		(SELECT count(*) FROM near_names(ARRAY['abcd' || e_acute || 'f', 'abcde' || 'f', 'abcd' || pound || 'f'])))
	FROM (SELECT %s) l};
my $letters = join ', ', map { "convert_from('\\x$_->[1]', 'UTF8') AS $_->[0]" } (
	[ nbsp => 'c2a0' ], [ shy => 'c2ad' ], [ pound => 'c2a3' ], [ acute => 'c2b4' ], [ e_acute => 'c3a9' ]);
# In SQL_ASCII bytes are what they are; UTF-8's are known.
(my $bytes = $letters) =~ s/'UTF8'/'SQL_ASCII'/g;
foreach my $database (qw(utf8 latin1 sql_ascii))
{
	# Letters of SQL_ASCII are bytes, so an accent is two of them for PostgreSQL's distance: beyond the limit, and not shown.
	my ($letters_of, $distance) = $database eq 'sql_ascii' ? ($bytes, '') : ($letters, ' 1');

	is($node->safe_psql($database, 'SET search_path = lead_kpi, pg_catalog;' . sprintf($read, $letters_of)),
		"1234.50 1234.50 2026-01-05 +49301234567 t t$distance t 2 3", "$database: exports are read the same");
}
# Bytes that are no letters in any encoding are no reason to fail but where an amount is wanted.
is($node->safe_psql('sql_ascii', q{SET search_path = lead_kpi, pg_catalog; SELECT concat_ws(' ', normalize_email(E'p\\xe9t@Firm.example') = E'p\\xe9t@firm.example',
	normalize_email(E'\\xc2pat@Firm.example\\xc2') = E'\\xc2pat@firm.example\\xc2', try_parse_amount(E'12 \\xe9') IS NULL, amount_problem(E'\\xe9 12') IS NOT NULL,
	normalize_phone(E'030 1234567\\xff') IS NULL, day_problem(E'2026-01-05\\xff') IS NOT NULL, (SELECT count(*) FROM near_names(ARRAY[E'leads\\xff', E'LEADS\\xff', E'\\xc3'])))}),
	't t t t t t 1', 'sql_ascii: stray bytes are read around');

$node->stop;
done_testing();
