# The CRMs of examples/ that can be shown with made-up rows: test/crm has some of each, small enough to be counted by hand.
# What is compared with was worked out from those rows, not from what the mart said.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $node = PostgreSQL::Test::Cluster->new('crm');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "jit = off\n");
$node->start;
$ENV{PGTZ} = 'UTC';
$ENV{PGCLIENTENCODING} = 'UTF8';

my $database;

sub fresh_database
{
	($database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
}

# Files and settings of psql, in one transaction, as the examples say.
sub loads
{
	my ($name, @arguments) = @_;
	command_ok([ 'psql', '-XqAt1', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database), @arguments ], $name);
}

sub value { return $node->safe_psql($database, $_[0]); }

# No row of the mart is left out but for a reason that is wanted.
sub complete
{
	my ($mart, $errors) = @_;
	is( value(qq{SELECT string_agg(check_name || ' ' || rows, ', ' ORDER BY check_name) FROM $mart.data_quality WHERE severity = 'error' AND rows > 0}), $errors // '',
		"$mart: what is left out");
	is( value(qq{SELECT (SELECT count(*) FROM $mart.lead) - sum(gross) FROM $mart.lead_generated}), '0', "$mart: every lead is somewhere");
}

# A page's examples that need such a mart are marked pgsql: what they print is what the page shows.
sub shown
{
	my ($page) = @_;
	my $text = slurp_file("$root/doc/$page.md");
	while ($text =~ /^```pgsql\n(.*?)^```\n\n```text\n(.*?)^```\n/msg)
	{
		my ($query, $expected) = ($1, $2);
		my ($first) = $query =~ /FROM (\w+\.\w+)/;
		my $printed = '';
		IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr($database) ], '<', \$query, '>&', \$printed);
		s/[ \t]+$//mg, s/\A\n+|\n+\z//g for $printed, $expected;
		is($printed, $expected, "$page.md: $first");
	}
}

# Odoo, as 16 and as 17 write it down: the same numbers.
for my $version (16, 17)
{
	my @newer = $version < 17 ? () : ('-c', q{
		ALTER TABLE odoo_source.mail_tracking_value RENAME field TO field_id;
		UPDATE odoo_source.mail_tracking_value SET old_value_float = old_value_monetary, new_value_float = new_value_monetary;
		ALTER TABLE odoo_source.mail_tracking_value DROP old_value_monetary, DROP new_value_monetary;
		ALTER TABLE odoo_source.mail_activity ADD active boolean DEFAULT true;
		INSERT INTO odoo_source.mail_activity VALUES (3, 'crm.lead', 1, 2, 6, '2025-01-07', '2025-01-06 10:00', false);    -- done, and kept
		INSERT INTO odoo_source.crm_stage VALUES (7, 90, NULL, false, '{"en_US": "Lost"}')});
	my $odoo = "odoo $version";

	fresh_database("odoo_$version");
	loads("$odoo becomes a mart", '-v', 'odoo=odoo_source', '-f', "$root/test/crm/odoo.sql", @newer, '-f', "$root/examples/odoo/mart.sql");
	is( value(q{SELECT string_agg(concat_ws(' ', position, stage, role), ', ' ORDER BY position) FROM odoo.stage}),
		'1 lead lead, 2 New opportunity, 3 Qualified, 4 Proposition, 5 Won won, 6 Lost lost', "$odoo: the ladder is that of crm_stage");
	is( value(q{SELECT string_agg(stage || ' ' || leads, ', ' ORDER BY stage_position) FROM odoo.funnel}),
		'lead 19, New 7, Qualified 5, Proposition 4, Won 3', "$odoo: 20 leads, one of them twice; who was in Won by mistake is not won");
	is( value(q{SELECT lead_id, duplicate_of FROM odoo.counted_lead WHERE excluded_reason = 'duplicate'}), '8|3', "$odoo: the same mailbox");
	is( value(q{SELECT kind, count(*) FROM odoo.counted_lead GROUP BY 1 ORDER BY 1}), "lead|16\nopportunity|4", "$odoo: what came in, and what was made by hand");
	is( value(q{SELECT channel, campaign, attributes ->> 'phone', attributes ->> 'team', attributes ->> 'country' FROM odoo.lead WHERE lead_id = 1}),
		'Google|Spring|+33 6 12 34 56 78|Sales|FR', "$odoo: names in the first language");
	is( value(q{SELECT company, account, owner FROM odoo.lead WHERE lead_id = 3}), 'Firm Three|21|Ann', "$odoo: company and owner");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, coalesce('won ' || won_at::date, 'lost ' || lost_at::date)), ', ' ORDER BY lead_id) FROM odoo.lead_outcome
			WHERE won_at IS NOT NULL OR lost_at IS NOT NULL}),
		'2 lost 2025-01-09, 3 won 2025-01-26, 4 lost 2025-01-20, 6 won 2025-01-18, 10 won 2025-01-25', "$odoo: won and lost; archived alone is neither");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, stage, entered_at::date, owner, reason), ', ' ORDER BY lead_id, entered_at) FROM odoo.stage_event
			WHERE lead_id IN (2, 3, 7)}),
		'2 Lost 2025-01-09 Ann No budget, 3 New 2025-01-08 Ann, 3 Qualified 2025-01-10 Ann, 3 Proposition 2025-01-15 Ann, 7 New 2025-01-11 Bob, 7 Proposition 2025-01-21 Bob',
		"$odoo: when each stage was entered, by whom, and why it was left");
	is( value(q{SELECT string_agg(concat_ws(' ', deal_id, opened_at::date, amount, currency, reason, expected_close), ', ' ORDER BY deal_id::integer) FROM odoo.deal}),
		'3 2025-01-08 5000 EUR 2025-02-28, 4 2025-01-09 3000 EUR Too expensive 2025-03-15, 5 2025-01-08 2000 EUR 2025-03-31, 6 2025-01-08 1000 EUR, '
		  . '7 2025-01-11 4000 EUR 2025-03-01, 9 2025-01-10 700 EUR, 10 2025-01-10 EUR', "$odoo: deals open by conversion; an amount of 0 is not known");
	is( value(q{SELECT string_agg(concat_ws(' ', stage, amount), ', ' ORDER BY changed_at) FROM odoo.deal_change WHERE deal_id = '7'}),
		'New, Proposition, 4000', "$odoo: what changed of a deal");
	is( value(q{SELECT sum(revenue), sum(deals_won) FROM odoo.cpl_to_revenue}), '6000|3', "$odoo: revenue");
	is( value(q{SELECT sum(won), sum(lost), sum(open_leads) FROM odoo.cycle_time_by_channel}), '3|2|14', "$odoo: won, lost, open");
	is( value(q{SELECT channel, median_days FROM odoo.cycle_time_by_channel WHERE won > 0 ORDER BY 1}), "Google|20\nNewsletter|10\n|15", "$odoo: days to win");
	is( value(q{SELECT accepted, transmitted + too_recent FROM odoo.mql_acceptance}), '7|19', "$odoo: accepted is converted");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, kind, outcome, owner), ', ' ORDER BY lead_id, activity_at) FROM odoo.activity}),
		'1 Mail sent Ann, 1 Mail received, 3 Call done Ann, 3 Meeting done Ann, 5 To-Do planned Bob, 7 Meeting planned Bob', "$odoo: activities; notes and the first mail are none");
	is( value(q{SELECT measure, reached FROM odoo.speed_to_lead WHERE grain = 'all' AND measure IN ('attempt', 'contact') ORDER BY 1}), "attempt|3\ncontact|2", "$odoo: what they mean");
	complete('odoo');
	next unless $version == 16;
	shown('odoo');
}

# Pipedrive, Zoho and Twenty: the order of the stages, what is open, lost and won, and what the export does not say.
fresh_database('others');
chdir $root or die "no $root: $!";    # exports are read by a program that is named from there
loads('pipedrive: the exports become a mart', '-v', 'deals=test/crm/pipedrive_deals.csv', '-v', 'persons=test/crm/pipedrive_persons.csv',
	map { ('-f', "examples/pipedrive/$_.sql") } 'load', 'mart');
is( value(q{SELECT string_agg(stage || ' ' || coalesce(leads::text, '?'), ', ' ORDER BY stage_position) FROM pipedrive.funnel}),
	'Qualified 4, Contact Made 3, Demo Scheduled ?, Proposal Made 2, Negotiations Started 1, Won 1', 'pipedrive: six deals, one of them deleted, one of the same person');
is( value(q{SELECT string_agg(concat_ws(' ', deal_id, lead_id, amount, coalesce('won ' || won_at::date, 'lost ' || lost_at::date), reason, expected_close), ', ' ORDER BY deal_id)
		FROM pipedrive.counted_deal JOIN pipedrive.lead_outcome USING (lead_id)}),
	'1 1 1200.50 won 2025-01-26 2025-01-31, 2 2 800 lost 2025-01-16 Price 2025-02-15, 3 3 500 2025-03-01, 4 1 won 2025-01-26, 6 6 300', 'pipedrive: the times of won and lost');
is( value(q{SELECT string_agg(concat_ws(' ', lead_id, channel, owner, email), ', ' ORDER BY lead_id) FROM pipedrive.lead}),
	'1 Web forms Ann pat@one.example, 2 Web forms Ann, 3 Prospector Bob, 4 Bob pat@one.example, 6 Referral Bob', 'pipedrive: a name that two persons have gives no address');
complete('pipedrive', 'events_ignored_unknown_stage 1');
loads('zoho: the exports become a mart', '-v', 'leads=test/crm/zoho_leads.csv', '-v', 'deals=test/crm/zoho_deals.csv', map { ('-f', "examples/zoho/$_.sql") } 'load', 'mart');
is( value(q{SELECT string_agg(stage || ' ' || leads, ', ' ORDER BY stage_position) FROM zoho.funnel WHERE leads < 5 AND stage_position IN (2, 6, 7, 8)}),
	'Qualification 3, Proposal/Price Quote 2, Negotiation/Review 1, Closed Won 1', 'zoho: how far');
is( value(q{SELECT string_agg(concat_ws(' ', lead_id, coalesce('won ' || won_at::date, 'lost ' || lost_at::date), revenue), ', ' ORDER BY lead_id) FROM zoho.lead_outcome}),
	'zcrm_1 won 2025-01-20 5000.00, zcrm_2 lost 2025-01-07 0, zcrm_3 0, zcrm_4 0, zcrm_93 lost 2025-01-19 0', 'zoho: won, lost, an exit, and a deal without a lead');
is( value(q{SELECT deal_id, lead_id, closed_at, expected_close, reason FROM zoho.counted_deal WHERE deal_id IN ('92', '93') ORDER BY 1}),
	"92|zcrm_4||2025-03-31|\n93|zcrm_93|2025-01-19 10:00:00+00|2025-01-19|Features", 'zoho: the closing date of an open deal is an expected one');
complete('zoho');
loads('twenty: a workspace becomes a mart', '-v', 'twenty=workspace_sample', '-f', 'test/crm/twenty.sql', '-f', 'examples/twenty/mart.sql');
is( value(q{SELECT string_agg(stage || ' ' || leads, ', ' ORDER BY stage_position) FROM twenty.funnel}), 'NEW 4, SCREENING 4, MEETING 3, PROPOSAL 2, CUSTOMER 2', 'twenty: how far');
is( value(q{SELECT string_agg(concat_ws(' ', right(lead_id::text, 1), stage, entered_at::date, owner), ', ' ORDER BY lead_id, entered_at) FROM twenty.stage_event}),
	'1 NEW 2025-01-06, 1 SCREENING 2025-01-08 Ann Bee, 2 MEETING 2025-01-07, 3 SCREENING 2025-01-08', 'twenty: the first stage is what the first change left');
is( value(q{SELECT string_agg(concat_ws(' ', right(deal_id, 1), is_won, closed_at::date, amount, currency), ', ' ORDER BY deal_id) FROM twenty.deal}),
	'1 t 2025-01-16 1500.5 EUR, 2 2025-03-31 700 EUR, 3 f 2025-01-18 900 EUR, 4 t 2025-01-18', 'twenty: won when it became a customer, and not when it was edited');
is( value(q{SELECT email, company, owner, attributes ->> 'phone' FROM twenty.lead WHERE company IS NOT NULL}), 'pat@one.example|Firm One|Ann Bee|+49301234567', 'twenty: who it is');
complete('twenty');

# HubSpot and Salesforce as two connectors copy them: the same facts in two shapes are the same mart, whatever the session's time zone.
for my $connector ('fivetran', 'airbyte')
{
	my $hubspot = "hubspot, $connector";
	fresh_database("hubspot_$connector");
	{
		local $ENV{PGTZ} = 'America/New_York';
		loads("$hubspot: its tables become a mart", '-v', 'hubspot=hubspot_sample', '-f', "test/crm/hubspot_$connector.sql", '-f', 'examples/hubspot/connector.sql');
	}
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, created_at::date, channel, campaign, owner, account, merged_into), ', ' ORDER BY lead_id) FROM hubspot_mart.lead}),
		'1 2025-01-05 PAID_SEARCH Spring Ann Bee 101, 2 2025-01-04 ORGANIC_SEARCH Ann Bee 1, 3 2025-01-06 PAID_SOCIAL Autumn bob@us.example 103, '
		  . '4 2025-01-07 PAID_SEARCH Spring', "$hubspot: a merged contact points to its survivor, a deleted one is left out");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, stage, entered_at), ', ' ORDER BY lead_id, entered_at) FROM hubspot_mart.stage_event}),
		'1 mql 2025-01-07 09:00:00+00, 1 sal 2025-01-08 09:00:00+00, 1 sql 2025-01-09 09:00:00+00, 3 UNQUALIFIED 2025-01-08 10:00:00+00, '
		  . '4 in nurturing 2025-01-08 10:00:00+00', "$hubspot: the history of two properties");
	is( value(q{SELECT string_agg(concat_ws(' ', deal_id, lead_id, is_won, closed_at, amount, owner, account, expected_close, reason), ', ' ORDER BY deal_id, lead_id) FROM hubspot_mart.deal}),
		'21 1 t 2025-01-20 23:30:00+00 500.5 Ann Bee 101 2025-01-20, 21 4 t 2025-01-20 23:30:00+00 500.5 Ann Bee 2025-01-20, '
		  . '22 3 f 2025-01-21 09:00:00+00 300 Ann Bee 103 2025-01-21 Price, 23 4 2025-03-31 09:00:00+00 900 bob@us.example 2025-03-31',
		"$hubspot: a deal for each contact, none that is deleted or merged into another");
	is( value(q{SELECT string_agg(concat_ws(' ', changed_at::date, stage, amount, expected_close), ', ' ORDER BY changed_at) FROM hubspot_mart.deal_change}),
		'2025-01-12 contractsent, 2025-01-13 900, 2025-01-14 2025-03-31, 2025-01-15 2025-03-31', "$hubspot: what changed of a deal");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, coalesce('won ' || won_at::date, 'lost ' || lost_at::date), revenue), ', ' ORDER BY lead_id) FROM hubspot_mart.lead_outcome}),
		'1 won 2025-01-20 500.5, 3 lost 2025-01-21 0, 4 0', "$hubspot: won, lost, and open whatever the closing date says");
	complete('hubspot_mart', 'deals_ignored_repeated_deal_id 1, events_ignored_unknown_stage 1');

	my $salesforce = "salesforce, $connector";
	fresh_database("salesforce_$connector");
	{
		local $ENV{PGTZ} = 'America/New_York';
		loads("$salesforce: its tables become a mart", '-v', 'salesforce=salesforce_sample', '-f', "test/crm/salesforce_$connector.sql", '-f', 'examples/salesforce/connector.sql');
	}
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, created_at::date, kind, channel, campaign, owner, account, merged_into), ', ' ORDER BY lead_id) FROM salesforce_mart.lead}),
		'L1 2025-01-05 lead Web spring Ann Bee A1, L2 2025-01-05 lead Web Ann Bee L1, L3 2025-01-06 lead Web 005B, O2 2025-01-10 opportunity Referral 005B A2, '
		  . 'O3 2025-01-10 opportunity Referral Ann Bee A3', "$salesforce: merged, deleted, and opportunities without a lead");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, stage, entered_at), ', ' ORDER BY lead_id, entered_at) FROM salesforce_mart.stage_event}),
		'L1 sal 2025-01-07 09:00:00+00, L1 sql 2025-01-09 00:00:00+00, L3 Unqualified 2025-01-08 09:00:00+00', "$salesforce: the history of the status, and conversion");
	is( value(q{SELECT string_agg(concat_ws(' ', deal_id, lead_id, is_won, closed_at::date, amount, expected_close, reason), ', ' ORDER BY deal_id) FROM salesforce_mart.deal}),
		'O1 L1 t 2025-01-20 500.5 2025-01-20, O2 O2 2025-03-31 900 2025-03-31, O3 O3 f 2025-01-21 300 2025-01-21 Price', "$salesforce: closing days stay days");
	is( value(q{SELECT string_agg(concat_ws(' ', deal_id, changed_at::date, stage, amount, expected_close), ', ' ORDER BY changed_at) FROM salesforce_mart.deal_change}),
		'O2 2025-01-10 Qualification 800 2025-02-28, O2 2025-01-15 Proposal 900 2025-03-31', "$salesforce: what changed of a deal, from the object and from history mode");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, coalesce('won ' || won_at::date, 'lost ' || lost_at::date), revenue), ', ' ORDER BY lead_id) FROM salesforce_mart.lead_outcome}),
		'L1 won 2025-01-20 500.5, L3 lost 2025-01-08 0, O2 0, O3 lost 2025-01-21 0', "$salesforce: won, lost, open");
	complete('salesforce_mart');
}
# Of a contact's history that was not copied the contact itself has three days; a schema that is another is told.
fresh_database('hubspot_short');
loads('hubspot: without its histories', '-v', 'hubspot=hubspot_sample', '-f', 'test/crm/hubspot_airbyte.sql', '-c',
	'DROP TABLE hubspot_sample.contacts_property_history, hubspot_sample.deals_property_history, hubspot_sample.owners, hubspot_sample.contacts_archived',
	'-c', q{ALTER TABLE hubspot_sample.contacts ADD properties_hs_lifecyclestage_marketingqualifiedlead_date timestamptz},
	'-c', q{UPDATE hubspot_sample.contacts SET properties_hs_lifecyclestage_marketingqualifiedlead_date = '2025-01-07 09:00+00' WHERE id = '1'}, '-f', 'examples/hubspot/connector.sql');
is( value(q{SELECT string_agg(concat_ws(' ', lead_id, stage, entered_at), ', ') FROM hubspot_mart.stage_event}), '1 mql 2025-01-07 09:00:00+00', 'hubspot: the day on which a contact became MQL');
is( value(q{SELECT count(*), count(DISTINCT owner) FROM hubspot_mart.lead}), '5|2', 'hubspot: owners by their keys');
$node->command_fails_like([ 'psql', '-Xq', '-d', $node->connstr($database), '-v', 'hubspot=elsewhere', '-f', 'examples/hubspot/connector.sql' ], qr/there is no schema "elsewhere".*HINT:  Name the schema/s,
	'hubspot: no such schema');
$node->command_fails_like([ 'psql', '-Xq', '-d', $node->connstr($database), '-v', 'salesforce=hubspot_sample', '-f', 'examples/salesforce/connector.sql' ],
	qr/schema "hubspot_sample" has no table "lead"/, 'salesforce: another schema');

# Spend from three ad accounts, with what stands around it, and what is wrong in it.
fresh_database('ads');
loads("$_->[0]: an export is loaded", '-v', "file=test/crm/$_->[1].csv", '-f', "examples/ads/$_->[0].sql")
  for [ 'google', 'google_ads' ], [ 'google', 'google_ads_again' ], [ 'meta', 'meta' ], [ 'linkedin', 'linkedin' ];
loads('ads: exports become spend', '-f', 'examples/ads/mart.sql');
is( value(q{SELECT source, line, verdict, why FROM ads_source.report WHERE why <> 'total' ORDER BY source, file, line}), <<'REPORT' =~ s/\n\z//r,
google ads|4|repaired|amount 1,234.50 read as 1234.50
google ads|5|repaired|blanks around the campaign
google ads|7|refused|no amount
google ads|8|repaired|day Jan 7, 2025 read as 2025-01-07
google ads|9|refused|day: the year is expected where "01/08/2025" stands
google ads|4|refused|as in test/crm/google_ads.csv, line 6
linkedin|6|repaired|day 01/13/2025 read as 2025-01-13; amount 1,000.25 read as 1000.25
linkedin|7|repaired|day 1/14/2025 read as 2025-01-14
linkedin|8|refused|day: there is no month 13
meta|3|repaired|amount 1,180.00 read as 1180.00
meta|5|repaired|about 2025-01-12 to 2025-01-18: counted on the first
meta|6|refused|about 2025-01-19 to 2025-02-02: export it by day
meta|7|refused|amount: "abc" is not known as a currency or a multiple, or is one too many
REPORT
	'ads: each row that was refused or repaired');
is( value(q{SELECT source, taken, refused, amount, total_of_file, adds_up FROM ads_source.account ORDER BY source, file}),
	"google ads|4|2|1600.00|1650.00|f\ngoogle ads|1|1|80.00|145.50|t\nlinkedin|2|1|1100.00|1105.00|f\nmeta|3|2|1440.00|1480.00|f", 'ads: against the totals of the files');
is( value(q{SELECT channel, currency, sum(amount), count(*) FROM spend.spend GROUP BY 1, 2 ORDER BY 1}),
	"google ads|EUR|1680.00|5\nlinkedin|USD|1100.00|2\nmeta|EUR|1440.00|3", 'ads: the spend of the mart');
shown('crm');
command_fails_like([ 'examples/unwrap', 'test/crm/meta.csv', 'Day', 'Cost' ], qr/nearest is: Reporting starts, Reporting ends.*missing there: Day, Cost/,
	'ads: a file without the columns is refused, and what it has is said');
$node->command_fails_like([ 'psql', '-Xq', '-f', 'examples/ads/meta.sql' ], qr/variable file is not set/, 'ads: loading says which variable is missing');

# Google's dirty one, which is not ours to ship.
my $data = ($ENV{LEAD_KPI_DATA} // "$root/../shared/data") . '/google_ads';
SKIP:
{
	skip "the files of google_ads are not there: set LEAD_KPI_DATA to the folder that holds them", 2 if !-d $data;
	loads('google_ads: becomes a mart with a report', '-v', "folder=$data", map { ('-f', "examples/google_ads/$_.sql") } 'load', 'mart', 'report');
	is( value(q{SELECT count(*), count(*) FILTER (WHERE repaired LIKE '%taken as%'), count(*) FILTER (WHERE unread = 'no cost: unknown, not 0'),
			count(*) FILTER (WHERE unread LIKE '%no day%'), count(*) FILTER (WHERE repaired LIKE '%campaign%') FROM ads_import.report}),
		'2600|288|97|0|2600', 'google_ads: what was repaired');
}

$node->stop;
done_testing();
