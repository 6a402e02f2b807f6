# The exports of examples/ as marts: each in under fifteen lines of SQL, with the published figures, with every row
# accounted for, and with every view there to be read.  The files are not ours to ship: LEAD_KPI_DATA names their folder.
use strict;
use warnings;

use File::Basename;
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $data = $ENV{LEAD_KPI_DATA} // "$root/../shared/data";

# Example, mart, and where its files are.
my @exports = (
	[ 'maven', 'maven', 'maven_crm' ],
	[ 'olist', 'olist', 'olist' ],
	[ 'google_ads', 'ads', 'google_ads' ],
	[ 'hubspot', 'hubspot', 'crm_export_seeds/hubspot' ],
	[ 'salesforce', 'salesforce', 'crm_export_seeds/salesforce' ]);

# Counted here, so that what was skipped is told.
my @missing = grep { !-d "$data/$_->[2]" } @exports;
plan skip_all => '74 checks need the files of ' . join(', ', map { $_->[2] } @missing) . ': set LEAD_KPI_DATA to the folder that holds them'
  if @missing;

my $node = PostgreSQL::Test::Cluster->new('exports');
$node->init;
$node->append_conf('postgresql.conf', 'jit = off');    # more time than it saves, on so little data
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');

sub value { return $node->safe_psql('postgres', $_[0]); }

# What reads these views reads those below them, too.
sub readable
{
	my ($mart) = @_;
	my @views = split /\n/, value(qq{
		SELECT quote_ident(v.relname) FROM pg_class v
		WHERE v.relnamespace = '$mart'::regnamespace AND v.relkind = 'v'
			AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
				WHERE d.refobjid = v.oid AND d.refclassid = 'pg_class'::regclass AND r.ev_class <> v.oid)
		ORDER BY 1});
	my @unreadable;
	for my $view (@views)
	{
		# A function of the whole row has every column computed.
		my ($status, $out, $err) = $node->psql('postgres', "SELECT count(v::text) FROM $mart.$view v");
		push @unreadable, "$view: $err" if $status != 0;
	}
	cmp_ok(scalar @views, '>', 25, "$mart has views");
	is(join("\n", @unreadable), '', "every view of $mart can be read");
}

# Every row of the relations is counted, or left out for a reason that data_quality names.
sub reconciles
{
	my ($mart) = @_;
	is( value(qq{
		WITH quality AS MATERIALIZED (SELECT check_name, rows, amount FROM $mart.data_quality),
			told AS (SELECT coalesce(sum(rows) FILTER (WHERE check_name = 'leads_counted'), 0) AS counted,
				coalesce(sum(amount) FILTER (WHERE check_name = 'deals_used'), 0) AS revenue,
				sum(rows) FILTER (WHERE check_name = 'leads_counted' OR check_name LIKE 'leads_excluded_%') AS leads,
				sum(rows) FILTER (WHERE check_name = 'deals_used' OR check_name LIKE 'deals_ignored_%') AS deals,
				sum(rows) FILTER (WHERE check_name = 'events_used' OR check_name LIKE 'events_ignored_%') AS events
				FROM quality),
			cost AS (SELECT coalesce(sum(leads), 0) AS leads, coalesce(sum(revenue), 0) AS revenue, coalesce(sum(spend), 0) AS spend FROM $mart.cpl_to_revenue),
			counts AS (SELECT coalesce(sum(leads), 0) AS leads FROM $mart.counted_volume WHERE stage_position = 1)
		SELECT concat_ws(', ',
			CASE WHEN t.leads <> (SELECT count(*) FROM $mart.lead) THEN 'leads' END,
			CASE WHEN t.leads <> (SELECT coalesce(sum(gross), 0) FROM $mart.lead_generated) THEN 'lead_generated' END,
			CASE WHEN t.deals <> (SELECT count(*) FROM $mart.deal) THEN 'deals' END,
			CASE WHEN t.events <> (SELECT count(*) FROM $mart.stage_event) THEN 'events' END,
			CASE WHEN t.counted + n.leads <> c.leads THEN 'cpl_to_revenue.leads' END,
			CASE WHEN t.counted + n.leads <> (SELECT coalesce(sum(leads), 0) FROM $mart.channel_comparison) THEN 'channel_comparison.leads' END,
			CASE WHEN t.revenue <> c.revenue THEN 'revenue' END,
			CASE WHEN (SELECT coalesce(sum(amount), 0) FROM $mart.spend) <> c.spend THEN 'spend' END)
		FROM told t, cost c, counts n}),
		'', "$mart: rows, spend and revenue are all accounted for");
}

for my $export (@exports)
{
	my ($example, $mart, $folder) = @$export;
	my $psql = [ 'psql', '-XqAt1', '-d', $node->connstr('postgres'), '-v', "folder=$data/$folder" ];
	my @lines = grep { !/^\s*(--|\\|$)/ } split /\n/, slurp_file("$root/examples/$example/mart.sql");

	cmp_ok(scalar @lines, '<', 15, "$example: " . @lines . ' lines of SQL');
	command_ok([ @$psql, '-f', "$root/examples/$example/load.sql", '-f', "$root/examples/$example/mart.sql" ], "$example becomes a mart");
}
$node->command_fails_like([ 'psql', '-Xq', '-f', "$root/examples/maven/load.sql" ],
	qr/variable folder is not set/, 'loading says which variable is missing');

# Maven: the published figures, on this data.
is( value(q{SELECT sum(gross), sum(counted), (SELECT count(*) FROM maven.clean_deal WHERE is_won),
		(SELECT count(*) FROM maven.clean_deal WHERE NOT is_won AND closed_at IS NOT NULL), (SELECT count(*) FROM maven.deal WHERE is_won IS NULL)
		FROM maven.lead_generated}),
	'8800|8300|4238|2473|2089', 'maven: opportunities, those with a day, won, lost, open');
is( value(q{SELECT count(won_at), count(lost_at), count(*) FILTER (WHERE won_at IS NULL AND lost_at IS NULL) FROM maven.lead_outcome}),
	'4238|2473|1589', 'maven: won, lost, engaging');
is( value(q{SELECT sum(revenue), abs(sum(revenue) / sum(deals_won) - 2360.909391222) < 1e-9 FROM maven.cpl_to_revenue}),
	'10005534|t', 'maven: won value and mean won deal');
is( value(q{SELECT abs(100 * won_of_closed_deals - 63.150052153181) < 1e-9, open_leads, open_deals FROM maven.forecast_by_stage WHERE horizon_days = 30}),
	't|1589|1589', 'maven: win rate of decided deals, and the pipeline');
is( value(q{SELECT leads, median_days, p90_days, abs(mean_days - 51.78197262859) < 1e-9 FROM maven.funnel WHERE stage = 'won'}),
	'4238|57|106|t', 'maven: days to win are whole days, mean as published');
is( value(q{SELECT count(*) FROM maven.cycle_time WHERE median_days <> floor(median_days) OR p90_days <> floor(p90_days)
		OR median_days_of_won <> floor(median_days_of_won) OR p90_days_of_won <> floor(p90_days_of_won)}),
	'0', 'maven: in every month and office');
is( value(q{SELECT count(*) FROM maven.cpl_to_revenue c
		JOIN (SELECT month, channel, campaign, count(lost_at) AS lost FROM maven.lead_outcome GROUP BY month, channel, campaign) o USING (month, channel, campaign)
		WHERE expected_lead_to_won_high > (leads - lost)::float8 / leads + 1e-9 OR expected_lead_to_won_low > expected_lead_to_won
			OR expected_lead_to_won > expected_lead_to_won_high}),
	'0', 'maven: who is lost is not expected to be won');
is( value(q{SELECT severity, rows FROM maven.data_quality WHERE check_name = 'leads_excluded_no_created_at'}),
	'error|500', 'maven: those without a day are named');
is( value(q{SELECT count(DISTINCT campaign), count(*) FILTER (WHERE owner IS NULL), count(*) FILTER (WHERE account IS NULL) FROM maven.counted_lead}),
	'7|0|1425', 'maven: products, owners, and the accounts that are not known');

# Olist: beyond 060_olist.pl, the cycle.
is( value(q{SELECT leads, median_days, round(mean_days::numeric, 2) FROM olist.funnel WHERE stage = 'won'}),
	'842|14|48.44', 'olist: days to win');
is( value(q{SELECT count(*) FROM olist.channel_comparison WHERE revenue_per_lead_low < 0}), '0', 'olist: no lead brings less than nothing');

# Google Ads: sums by casts of the raw file, which has no thousands.
is( value(q{SELECT (SELECT sum(cost::numeric) FROM ads_import.ad) = spend, (SELECT sum(leads::bigint) FROM ads_import.ad) = leads,
		(SELECT sum(conversions::bigint) FROM ads_import.ad) = won, campaign, month FROM ads.cpl_to_revenue}),
	't|t|t|Data Analytics Course|2024-11-01', 'ads: one campaign, one month, nothing lost');
is( value(q{SELECT count(*), count(DISTINCT spent_on), min(spent_on), max(spent_on), sum(amount), count(*) FILTER (WHERE amount IS NULL) FROM ads.spend}),
	'2600|30|2024-11-01|2024-11-30|538371.83|97', 'ads: every day is read, blanks are unknown');
is( value(q{SELECT count(DISTINCT lead_kpi.try_parse_day(ad_date)) FROM ads_import.ad}), '0', 'ads: none of its days is read without saying how');
is( value(q{SELECT cac = round(spend / won, scale(cac)), family, leads FROM ads.channel_comparison}),
	't|google ads|51050', 'ads: channels are compared by counts, too');
is( value(q{SELECT string_agg(DISTINCT n.name, ',') FROM lead_kpi.near_names((SELECT array_agg(DISTINCT campaign_name) FROM ads_import.ad)) n}) ne '',
	1, 'ads: the spellings are near each other');

# HubSpot and Salesforce: the seeds have the shape and hardly any content, so rows are added that have.
is( value(q{SELECT string_agg(lead_id || ' ' || duplicate_of, ', ' ORDER BY lead_id) FROM hubspot.counted_lead WHERE excluded_reason = 'merged'}),
	'46897301 78971951, 76226001 78971951, 76340251 78971951', 'hubspot: three contacts are merged into one');
is( value(q{SELECT count(*), count(*) FILTER (WHERE excluded_reason = 'no_lead') FROM hubspot.counted_deal}), '44|44', 'hubspot: deals without a contact are named');
$node->safe_psql('postgres', q{
	ALTER TABLE hs.contact ADD property_hs_analytics_source text, ADD property_hubspot_owner_id text;
	ALTER TABLE hs.crm_deal ADD property_closed_lost_reason text, ADD property_deal_currency_code text;
	INSERT INTO hs.contact (id, _fivetran_deleted, property_createdate, property_hs_analytics_source, property_hubspot_owner_id, property_hs_merged_object_ids) VALUES
		('1', 'FALSE', '2021-03-01 9:00:00', 'PAID_SEARCH', '7', '2'), ('2', 'TRUE', '2021-02-01 08:00:00', 'ORGANIC_SEARCH', '7', NULL),
		('3', 'FALSE', '2021-03-02 10:00:00', 'PAID_SEARCH', '8', NULL), ('4', 'FALSE', '2021-03-03 10:00:00', 'PAID_SEARCH', NULL, NULL),
		('5', 'TRUE', '2021-03-03 10:00:00', 'PAID_SEARCH', NULL, NULL);
	INSERT INTO hs.contact_property_history (contact_id, "timestamp", name, value) VALUES ('2', '2021-03-02 09:00:00', 'lifecyclestage', 'marketingqualifiedlead'),
		('1', '2021-03-01 09:00:00', 'lifecyclestage', 'subscriber'), ('1', '2021-03-03 09:00:00', 'hs_lead_status', 'IN_PROGRESS'),
		('3', '2021-03-05 09:00:00', 'hs_lead_status', 'UNQUALIFIED'), ('4', '2021-03-05 09:00:00', 'lifecyclestage', 'in nurturing');
	INSERT INTO hs.pipeline_stage (stage_id, is_closed, closed_won) VALUES ('won', 'TRUE', 'TRUE'), ('lost', 'TRUE', 'FALSE'), ('offer', 'FALSE', 'FALSE');
	INSERT INTO hs.crm_deal (deal_id, is_deleted, deal_pipeline_stage_id, owner_id, property_amount, property_createdate, property_closedate, property_closed_lost_reason) VALUES
		('d1', 'false', 'won', '7', '500', '2021-03-04 09:00:00', '2021-03-20 09:00:00', NULL),
		('d2', 'false', 'lost', '8', '300', '2021-03-04 09:00:00', '2021-03-21 09:00:00', 'price'),
		('d3', 'false', 'offer', '8', '900', '2021-03-04 09:00:00', '2021-03-25 09:00:00', NULL);
	INSERT INTO hs.deal_contact (deal_id, contact_id) VALUES ('d1', '5'), ('d1', '2'), ('d1', '1'), ('d2', '4'), ('d3', '4')});
is( value(q{SELECT channel, leads, won, lost, open_leads FROM hubspot.cycle_time_by_channel WHERE channel IS NOT NULL}),
	'PAID_SEARCH|3|1|1|1', 'hubspot: won through a merged contact, lost by an exit, open while a deal is');
is( value(q{SELECT deal_id, lead_id, owner, is_won, amount, reason, expected_close FROM hubspot.counted_deal WHERE excluded_reason IS NULL ORDER BY 1}),
	"d1|1|7|t|500||2021-03-20\nd2|4|8|f|300|price|2021-03-21\nd3|4|8|f|900||2021-03-25", 'hubspot: owner, reason and expected day');
is( value(q{SELECT string_agg(stage || ' ' || leads, ', ' ORDER BY stage_position) FROM hubspot.funnel_by_channel WHERE channel = 'PAID_SEARCH'}),
	'lead 3, mql 2, sal 2, opportunity 2, won 1', 'hubspot: the ladder, where a deal implies the stages before it');
is( value(q{SELECT rows FROM hubspot.data_quality WHERE check_name = 'events_ignored_unknown_stage'}), '1', 'hubspot: a stage of its own is named');
is( value(q{SELECT DISTINCT open_deals, pipeline FROM hubspot.forecast}), '1|900.00', 'hubspot: the expected day closes nothing');

is( value(q{SELECT count(*), (SELECT count(*) FROM salesforce.deal) FROM salesforce.lead}), '1|0', 'salesforce: what is in the bin does not count');
$node->safe_psql('postgres', q{UPDATE sf.opportunity SET is_deleted = 'false'});
is( value(q{SELECT count(*) FILTER (WHERE kind = 'opportunity'), count(*) FILTER (WHERE kind = 'lead') FROM salesforce.counted_lead WHERE excluded_reason IS NULL}),
	'10|1', 'salesforce: an opportunity without a lead is one of its own');
is( value(q{SELECT count(won_at), count(lost_at), sum(revenue), (SELECT DISTINCT pipeline FROM salesforce.forecast) FROM salesforce.lead_outcome}),
	'5|4|24120000|210000.00', 'salesforce: won, lost, revenue, pipeline');
$node->safe_psql('postgres', q{
	INSERT INTO sf.crm_lead (id, created_date, is_deleted, is_converted, converted_date, converted_opportunity_id, status, last_modified_date, master_record_id, lead_source) VALUES
		('L1', '2019-01-02 10:00:00', 'FALSE', 'TRUE', '2019-01-05 10:00:00', 'O1', 'Converted', '2019-01-05 10:00:00', NULL, 'Web'),
		('L2', '2019-01-02 11:00:00', 'TRUE', 'FALSE', NULL, NULL, 'New', '2019-01-03 10:00:00', 'L1', 'Web'),
		('L3', '2019-01-02 12:00:00', 'FALSE', 'FALSE', NULL, NULL, 'Unqualified', '2019-01-04 10:00:00', NULL, 'Web'),
		('L4', '2019-01-02 12:00:00', 'TRUE', 'FALSE', NULL, NULL, 'New', '2019-01-04 10:00:00', NULL, 'Web');
	INSERT INTO sf.opportunity (id, created_date, close_date, is_closed, is_won, is_deleted, amount) VALUES
		('O1', '2019-01-05 10:00:00', '2019-01-05 00:00:00', 'true', 'true', 'false', '80')});
is( value(q{SELECT leads, won, lost, open_leads, median_days FROM salesforce.cycle_time_by_channel WHERE channel = 'Web'}),
	'2|1|1|0|3', 'salesforce: a merged lead, an unqualified one, and a sale on a day without an hour');
is( value(q{SELECT accepted, transmitted FROM salesforce.mql_acceptance_by_channel WHERE channel = 'Web'}), '1|2', 'salesforce: acceptance is conversion');

# Both views that compare periods are about the same ones, and say nothing of a time in which nothing was written down.
is( value(q{SELECT string_agg(concat_ws(' ', period, compared_with, after_start, verdict), ', ' ORDER BY period, compared_with) FROM maven.period_change}),
	'month previous 2017-10-01 faster, month year before 2017-10-01, quarter previous 2017-07-01 slower, quarter year before 2017-07-01',
	'maven: slower and faster are not worse and better, and no verdict without records');
is( value(q{SELECT string_agg(concat_ws(' ', period, compared_with, after_start, verdict), ', ' ORDER BY period, compared_with) FROM olist.period_change}),
	'month previous 2018-05-01 down, month year before 2018-05-01, quarter previous 2018-01-01, quarter year before 2018-01-01',
	'olist: the latest month is one with leads');
is( value(q{SELECT string_agg(DISTINCT d.since::text, ',') FROM maven.diagnosis d JOIN maven.period_change p ON d.compared_with = p.compared_with || ' ' || p.period
		AND (d.since, d.comparable_days) = (p.after_start, p.comparable_days)}), '2017-07-01', 'maven: diagnosis is about the same quarter');

# Olist sells within two weeks, or much later.
$node->safe_psql('postgres', q{
	UPDATE olist.rule SET score_horizon = '30 days';
	SELECT count(*) FROM lead_kpi.train_mart('maven'); SELECT count(*) FROM lead_kpi.train_mart('olist')});

# What the pages of doc/ show of the exports: there an example is "postgresql", as no fresh database has them.
for my $file (sort glob "$root/doc/*.md")
{
	my $page = slurp_file($file);
	while ($page =~ /^```postgresql\n(.*?)^```\n\n```text\n(.*?)^```\n/msg)
	{
		my ($query, $shown) = ($1, $2);
		my ($first) = $query =~ /(?:FROM) (\w+\.\w+)/;
		my $printed = '';
		IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr('postgres') ], '<', \$query, '>&', \$printed);
		s/[ \t]+$//mg, s/\A\n+|\n+\z//g for $printed, $shown;
		is($printed, $shown, basename($file) . ": $first");
	}
}

# With the default no month end is ordered worse than without attributes.
for my $mart ('maven', 'olist')
{
	$node->safe_psql('postgres', qq{
		CREATE TABLE with_$mart AS SELECT as_of, auc, brier, won_within, leads FROM $mart.score_quality WHERE score = 'probability' AND brier IS NOT NULL;
		UPDATE $mart.rule SET score_attributes = '{}';
		SELECT count(*) FROM lead_kpi.train_mart('$mart')});
	is( value(qq{SELECT count(*) > 6, avg(w.auc) >= avg(n.auc) - 1e-9, min(w.auc - n.auc) >= -1e-9, sum(w.brier * w.leads) <= sum(n.brier * n.leads) + 1e-9
			FROM with_$mart w JOIN $mart.score_quality n USING (as_of) WHERE n.score = 'probability'}),
		't|t|t|t', "$mart: the default does no harm");
}
is( value(q{SELECT round(avg(auc)::numeric, 2), round((sum(brier * leads) / sum(leads))::numeric, 3) FROM with_maven}), '0.59|0.225', 'maven: how well it predicts');
is( value(q{SELECT round(avg(auc)::numeric, 2) FROM with_olist}), '0.66', 'olist: how well it predicts');

for my $mart (map { $_->[1] } @exports)
{
	reconciles($mart);
	readable($mart);
}

$node->stop;
done_testing();
