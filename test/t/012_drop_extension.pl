# DROP EXTENSION ... CASCADE takes the views of a mart along, and what stores it: upgrade_mart makes a whole mart of what is left, with its data and settings, over own
# and mapped relations, live and stored.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use MartCatalog qw(mart_differences);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN; CREATE ROLE reader LOGIN; CREATE DATABASE crm OWNER analyst');
my @as_analyst = (extra_params => [ '-U', 'analyst' ]);

sub run_as_analyst
{
	my ($sql) = @_;
	my ($status, $out, $err) = $node->psql('crm', $sql, @as_analyst, on_error_stop => 1);

	return ($status, $err);
}

my $learn = q{SELECT count(*) FROM lead_kpi.train_mart('own')};
my $card = q{{"fit": [{"name": "director", "attribute": "country", "op": "=", "value": "FR", "points": 30}]}};
$node->safe_psql('crm', <<"SQL", @as_analyst);
CREATE EXTENSION lead_kpi;
SELECT lead_kpi.create_mart('own');
SELECT lead_kpi.generate_example('own', 200, 5);
UPDATE own.stage SET stage = 'client' WHERE role = 'won';
UPDATE own.rule SET time_zone = 'Europe/Paris', language = 'fr', observed_until = '2026-06-30', duplicate_window = '60 days', score_horizon = '30 days', scorecard = '$card';
INSERT INTO own.channel_family VALUES ('stand', 'events');
$learn;
CREATE SCHEMA source;
CREATE TABLE source.contact AS SELECT * FROM own.lead WHERE lead_id <= 60;
CREATE TABLE source.sale AS SELECT deal_id, lead_id, opened_at, closed_at, is_won, amount::text FROM own.deal WHERE lead_id <= 60;
CREATE VIEW source.deal AS SELECT deal_id, lead_id, opened_at, closed_at, is_won, lead_kpi.parse_amount(amount) AS amount FROM source.sale;
SELECT lead_kpi.create_mart('mapped', lead => 'source.contact', deal => 'source.deal');
INSERT INTO mapped.stage_event SELECT * FROM own.stage_event WHERE lead_id <= 60;
SELECT lead_kpi.store_mart('mapped', '{"lead": "comparison", "touch": "rebuild"}');
GRANT USAGE ON SCHEMA own TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA own TO reader;
COMMENT ON TABLE own.lead IS 'Filled every night.';
CREATE TABLE source.kept (day date, won lead_kpi.rate, leads bigint, share float8 GENERATED ALWAYS AS (won::float8) STORED);
CREATE INDEX ON source.kept (won);
INSERT INTO source.kept VALUES ('2025-01-01', '3/12', 12);
CREATE VIEW source.report AS SELECT channel, leads FROM own.funnel_by_channel;
SQL

# What views of a mart show: one or more of each layer, and those that the scorecard and what was learned go into.
sub shown
{
	my ($mart) = @_;

	return query($node, 'crm', qq{SELECT v.name, md5(query_to_xml(format('SELECT v::text AS v FROM %I.%I v ORDER BY v::text COLLATE "C"', '$mart', v.name), true, true, '')::text)
		FROM unnest('{counted_lead,lead_generated,lead_outcome,funnel,funnel_by_channel,mql_acceptance,unit_cost,cycle_time,attribution,owner_performance,
			lead_score,hand_off,score_choice,account_funnel,kpi_catalogue}'::text[]) v(name)});
}

sub status
{
	my ($mart) = @_;

	return query($node, 'crm', "SET ROLE analyst; SELECT is_stored, noticed_by FROM lead_kpi.mart_status('$mart')");
}

sub wrong_views
{
	my ($mart) = @_;

	return query($node, 'crm', "SET ROLE analyst; SELECT string_agg(relation, ' ') FROM lead_kpi.check_mart('$mart') WHERE stored_only + live_only > 0");
}

my $settings = q{SELECT to_jsonb(r) FROM own.rule r UNION ALL SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position) FROM own.stage s
	UNION ALL SELECT jsonb_agg(to_jsonb(f) ORDER BY f.channel) FROM own.channel_family f};
my $data = q{SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM own.lead r UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM own.deal r
	UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM own.spend r UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM own.stage_event r};
$node->safe_psql('crm', "UPDATE mapped.rule SET observed_until = '2026-06-30'; SELECT lead_kpi.refresh_mart('mapped')", @as_analyst);
my %before = (own => shown('own'), settings => query($node, 'crm', $settings), data => query($node, 'crm', $data), mapped => shown('mapped'), mapped_status => status('mapped'));
is(scalar(split /\n/, $before{own}), 15, 'there is something to lose') or diag($before{own});
is(substr($before{mapped_status}, 0, 2), 't|', 'one mart is stored');

# ---------------------------------------------------------------- gone

my ($status, $err) = run_as_analyst('DROP EXTENSION lead_kpi CASCADE');
is($status, 0, 'the extension is dropped with what depends on it');
is(query($node, 'crm', q{SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text IN ('own', 'mapped') AND relkind = 'v'}), '1', 'and the views');
is(query($node, 'crm', q{SELECT * FROM source.kept}), '2025-01-01|12', 'of the users\' tables only the columns of its types, and what is generated of them');
is(query($node, 'crm', q{SELECT to_regclass('source.report'), (SELECT count(*) FROM pg_index WHERE indrelid = 'source.kept'::regclass)}), '|0',
	'with their indexes; views of the users\' that read the mart are gone, too');
# What is written meanwhile is there afterwards.
$node->safe_psql('crm', q{CREATE EXTENSION lead_kpi; SELECT lead_kpi.create_mart('fresh'); INSERT INTO mapped.stage_event SELECT lead_id, 'mql', '2026-01-05' FROM source.contact WHERE lead_id <= 3}, @as_analyst);

# ---------------------------------------------------------------- a live mart with tables of its own

($status, $err) = run_as_analyst(q{SELECT lead_kpi.upgrade_mart('own')});
is($status, 0, 'a live mart is mended') or diag($err);
like($err, qr/What was missing was made: .*view funnel, /, 'it says what it made');
like($err, qr/Gone with the extension are the values of learned_profile\.profile, learned_score\.card: run train_mart\./,
	'and what nobody can bring back');
is(query($node, 'crm', $data), $before{data}, 'the data is what it was');
is(query($node, 'crm', $settings), $before{settings}, 'so are settings, the scorecard, ladder and families');
is(query($node, 'crm', 'SELECT (SELECT count(*) FROM own.learned_profile) + (SELECT count(*) FROM own.learned_score) + (SELECT count(*) FROM own.learned_choice)'), '0',
	'nothing is told of what was learned');
# A column that came back is the last one, which shows where a view says rule.*.
my $differences = mart_differences($node, 'crm', 'own', 'fresh');
is($differences =~ s/^[-+] (?:columns of (?:rule|learned_profile|learned_score)|view \w+): .*\n//mgr, <<'END', 'the mart is what create_mart makes');
- comment on lead.: Fill this. It takes any row: what is wrong with it shows in the view data_quality.
+ comment on lead.: Filled every night.
END
is(query($node, 'crm', q{SET ROLE reader; SELECT count(*) > 0 FROM own.funnel_by_channel}), 't', 'who could read all tables can read the views');
$node->safe_psql('crm', $learn, @as_analyst);
is(shown('own'), $before{own}, 'learned again, the views say what they said');
($status, $err) = run_as_analyst(q{SELECT lead_kpi.upgrade_mart('own')});
like($err, qr/Nothing was missing\.$/, 'and nothing is missing');

# ---------------------------------------------------------------- a stored one over relations of the user's, one of which called the extension

($status, $err) = run_as_analyst(q{SELECT lead_kpi.upgrade_mart('mapped')});
isnt($status, 0, 'a mapped relation that went with the extension is not replaced by an empty table');
like($err, qr/ERROR:  mart mapped has lost relations of yours that it read: deal\n/, 'it is named');
my ($remedy) = $err =~ /HINT:  (CREATE VIEW mapped\.deal .*) FROM \.\.\.;$/m;
like($err, qr/Nothing was changed/, 'nothing was changed');
$remedy =~ s/SELECT .*/SELECT deal_id, lead_id, opened_at, closed_at, is_won, amount FROM source.deal/;
($status, $err) = run_as_analyst(qq{CREATE VIEW source.deal AS SELECT deal_id, lead_id, opened_at, closed_at, is_won, lead_kpi.parse_amount(amount) AS amount FROM source.sale;
	$remedy; SELECT lead_kpi.upgrade_mart('mapped')});
is($status, 0, 'made again as the hint says, the mart is mended') or diag($err);
is(status('mapped'), $before{mapped_status}, 'it is stored again, and notices changes as before');
is(query($node, 'crm', 'SELECT count(*) FROM mapped.clean_deal'), query($node, 'crm', 'SELECT count(*) FROM source.sale'), 'what is mapped is read');
is(wrong_views('mapped'), '', 'with what was written meanwhile');
$node->safe_psql('crm', q{DELETE FROM mapped.stage_event WHERE entered_at = '2026-01-05'; SELECT lead_kpi.refresh_mart('mapped')}, @as_analyst);
is(shown('mapped'), $before{mapped}, 'without that it says what it said');

# ---------------------------------------------------------------- what is stored is lost

$node->safe_psql('crm', 'DROP SCHEMA mapped_stored CASCADE', @as_analyst);
($status, $err) = run_as_analyst(q{SELECT lead_kpi.upgrade_mart('mapped')});
is($status, 0, 'a mart whose stored half was dropped is mended') or diag($err);
like($err, qr/NOTICE:  mart mapped was stored and is live now\nHINT:  .*store_mart\('mapped'\)/, 'it says that it is live');
is(query($node, 'crm', q{SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname LIKE 'mapped\_%'}), '', 'and takes away the rest');
is(shown('mapped'), $before{mapped}, 'it says what it said');
is(query($node, 'crm', q{SET ROLE analyst; SELECT lead_kpi.drop_mart('mapped'); SELECT to_regnamespace('mapped')}), "\n", 'and can be dropped');

$node->stop;
done_testing();
