# Owners on a real team: thirty sales agents of the Maven export, whose differences chance explains.  The files are not
# ours to ship: LEAD_KPI_DATA names their folder.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $folder = ($ENV{LEAD_KPI_DATA} // "$root/../shared/data") . '/maven_crm';

# Counted here, so that what was skipped is told.
plan skip_all => '10 checks need the files of maven_crm: set LEAD_KPI_DATA to the folder that holds them' if !-d $folder;

my $node = PostgreSQL::Test::Cluster->new('owners');
$node->init;
$node->append_conf('postgresql.conf', 'jit = off');    # more time than it saves, on so little data
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');

sub value { return $node->safe_psql('postgres', $_[0]); }

command_ok([ 'psql', '-XqAt1', '-d', $node->connstr('postgres'), '-v', "folder=$folder", '-f', "$root/examples/maven/load.sql",
	'-f', "$root/examples/maven/mart.sql" ], 'maven becomes a mart');
$node->safe_psql('postgres', 'CREATE TABLE owner AS SELECT * FROM maven.owner_performance; CREATE TABLE loss AS SELECT * FROM maven.loss_reasons');

is(value(q{SELECT count(*), sum(decided_deals), sum(decided_deals_won), sum(open_deals), sum(revenue) FROM owner WHERE grain = 'owner'}),
	'30|6711|4238|1589|10005534', 'thirty agents have all deals');
is(value(q{SELECT round(team_p_value::numeric, 2), verdict FROM owner WHERE grain = 'all'}), '0.26|not yet certain',
	'chance gives such differences: p = 0.26');
# Without the mart, over the table as it came.
is(value(q{SELECT abs((h).p_value - (SELECT team_p_value FROM owner WHERE grain = 'all')) < 1e-12, (h).degrees_of_freedom FROM
		(SELECT lead_kpi.rate_homogeneity(r) AS h FROM (SELECT lead_kpi.rate(count(*) FILTER (WHERE deal_stage = 'Won'), count(*)) AS r
		FROM maven_import.sales_pipeline WHERE deal_stage IN ('Won', 'Lost') GROUP BY sales_agent) a) t}),
	't|29', 'the same of the table as it came');
is(value(q{SELECT owner, decided_deals, round(win_rate::numeric, 3), round(p_value::numeric, 3), round(adjusted_p_value::numeric, 2), compared_owners, verdict
		FROM owner WHERE grain = 'owner' ORDER BY win_rate LIMIT 1}),
	'Lajuana Vencill|231|0.550|0.009|0.26|30|not yet certain', 'the worst of thirty is no news');
is(value(q{SELECT count(*) FROM owner WHERE grain IN ('owner', 'month and owner') AND verdict IS DISTINCT FROM 'not yet certain' AND p_value IS NOT NULL}), '0',
	'nobody is better or worse, in no month');
# One in twenty of those who do not differ would be told from the others otherwise.
cmp_ok(value(q{SELECT count(*) FROM owner WHERE grain = 'month and owner' AND p_value < 0.05 AND compared_owners IS NOT NULL}), '>', 3,
	'some of the months would seem to, one by one');
is(value(q{SELECT string_agg(owner, ', ' ORDER BY owner) FROM owner WHERE grain = 'owner' AND open_load = 0}),
	'Donn Cantrell, Garret Kinder, Reed Clapper', 'three have nothing open');
is(value(q{SELECT sum(open_load), sum(ended_lately), (SELECT round(load_months::numeric, 2) FROM owner WHERE grain = 'all') FROM owner WHERE grain = 'owner'}),
	'1589|1985|2.40', 'the team has two and a half months of work');
is(value(q{SELECT count(*), sum(losses), sum(decided), count(reason), (SELECT count(*) FROM maven.refusal_reasons) FROM loss WHERE grain = 'all'}),
	'1|2473|6711|0|0', 'nobody says why a deal is lost');

$node->stop;
done_testing();
