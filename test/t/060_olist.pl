# The Olist importer against the published result for the same files.  The files
# are not ours to ship: LEAD_KPI_DATA names a folder with olist/ in it.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $folder = ($ENV{LEAD_KPI_DATA} // "$root/../shared/data") . '/olist';

plan skip_all => "9 checks need the Olist files: set LEAD_KPI_DATA to a folder that holds olist/"
  unless -f "$folder/olist_marketing_qualified_leads_dataset.csv";

my $node = PostgreSQL::Test::Cluster->new('olist');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');

my $import = ['psql', '-XqAt', '-d', $node->connstr('postgres')];
command_fails_like([ @$import, '-f', "$root/examples/olist/import.sql" ],
	qr/variable olist is not set/, 'the importer says which variable is missing');
command_ok([ @$import, '-v', "olist=$folder", '-f', "$root/examples/olist/import.sql" ], 'the importer runs');

is( $node->safe_psql('postgres', q{
		SELECT sum(gross), sum(counted), (SELECT count(*) FROM olist.counted_deal WHERE is_won AND excluded_reason IS NULL)
		FROM olist.lead_generated}),
	'8000|8000|842', '8000 leads and 842 deals are there and counted');

# The published table, row by row: origin, leads, won, rate in percent with two decimals.
my $published = join "\n", sort map { my @cell = split /,/; join '|', @cell[0 .. 3] }
  grep { !/^origin,/ } split /\r?\n/, slurp_file("$folder/oracle_marketing_performance_by_origin.csv");
is(scalar(split /\n/, $published), 11, 'the published table has 11 origins');
is( join("\n", sort split /\n/, $node->safe_psql('postgres', q{
		SELECT coalesce(channel, 'NULL'), entered_leads, leads, round(100 * total_rate::numeric, 2)
		FROM olist.funnel_by_channel WHERE stage = 'won'})),
	$published, 'leads, won and rate by origin equal the published table');

is( $node->safe_psql('postgres', q{
		SELECT count(amount), sum(amount), (SELECT sum(revenue) FROM olist.cpl_to_revenue) FROM olist.counted_deal WHERE is_won}),
	'376|664858.00|664858.00', '376 sellers have revenue, 664 858.00 in all, also in cpl_to_revenue');
is( $node->safe_psql('postgres', q{SELECT sum(leads) FROM olist.cpl_to_revenue WHERE channel IS NULL}),
	'60', 'the 60 leads without an origin are a row of their own');
is( $node->safe_psql('postgres', q{
		SELECT q.rows, f.leads
		FROM olist.data_quality q, olist.funnel f
		WHERE q.check_name = 'deals_before_lead' AND f.stage = 'won'}),
	'1|842', 'the deal won before the first contact is reported, and counted');

$node->stop;
done_testing();
