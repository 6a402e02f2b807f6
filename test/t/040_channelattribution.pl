
# Journeys against published results for 10 000 paths.  The files are not ours
# to ship: LEAD_KPI_DATA names a folder with channelattribution/ in it.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $folder = ($ENV{LEAD_KPI_DATA} // "$FindBin::RealBin/../../../shared/data") . '/channelattribution';

plan skip_all => "needs the channelattribution files: set LEAD_KPI_DATA to a folder that holds channelattribution/"
  unless -f "$folder/PathData.csv";

my $node = PostgreSQL::Test::Cluster->new('channelattribution');
$node->init;
$node->start;
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION lead_kpi;
ALTER DATABASE postgres SET search_path = public, lead_kpi;
CREATE TABLE path (path text, conversions bigint, value float8, nulls bigint);
\\copy path FROM '$folder/PathData.csv' (FORMAT csv, HEADER)
CREATE TABLE heuristic (channel text, first_conversions float8, first_value float8, last_conversions float8, last_value float8,
	linear_conversions float8, linear_value float8);
\\copy heuristic FROM '$folder/oracle_heuristic_models.csv' (FORMAT csv, HEADER)
CREATE TABLE markov (channel text, removal_effect float8, conversions float8);
\\copy markov FROM '$folder/oracle_markov_order1_exact.csv' (FORMAT csv, HEADER)
SQL
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE built AS SELECT lead_kpi.journeys(string_to_array(path, ' > '), conversions, value, nulls) AS j FROM path;
SQL

is($node->safe_psql('postgres', 'SELECT count(*), sum(conversions), sum(nulls) FROM built, lead_kpi.paths(j)'),
	'5408|19785|68602', 'the paths add up');
is($node->safe_psql('postgres', 'SELECT j::text = j::text::lead_kpi.journeys::text FROM built'), 't', 'the text form is lossless');

# 1e-9 for what is published with 15 digits; whole conversions are exact.
foreach my $model ('first', 'last', 'linear')
{
	my $name = $model eq 'linear' ? 'linear' : "${model}_touch";
	my $off = $model eq 'linear' ? 1e-9 : 0;
	is($node->safe_psql('postgres', <<"SQL"), '12|t|t', "$name is the published result");
SELECT count(*), bool_and(abs(a.conversions - ${model}_conversions) <= $off), bool_and(abs(a.value / ${model}_value - 1) < 1e-12)
FROM built, lead_kpi.attribution(j, '$name') a JOIN heuristic USING (channel)
SQL
}
is($node->safe_psql('postgres', <<'SQL'), '12|t|t', 'Markov order 1 is the exact result');
SELECT count(*), bool_and(abs(a.conversions / m.conversions - 1) < 1e-6), bool_and(abs(r.removal_effect - m.removal_effect) < 1e-9)
FROM built, lead_kpi.attribution(j, 'markov') a JOIN markov m USING (channel), lead_kpi.removal_effects(j) r
WHERE r.channel = a.channel
SQL
foreach my $order (1 .. 5)
{
	is($node->safe_psql('postgres', <<"SQL"), '13|t|t|t', "Markov order $order adds up");
SELECT count(*), abs(sum(a.conversions) / 19785 - 1) < 1e-9, abs(sum(a.value) / (SELECT sum(value) FROM path) - 1) < 1e-9, min(a.conversions) >= 0
FROM built, lead_kpi.attribution(j, 'markov', $order) a
SQL
}

$node->stop;
done_testing();
