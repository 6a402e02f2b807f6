
# Logical replication of a mart between two servers: the first copy gives the same ladder, settings and rows, and what
# changes arrives, though the mart's own tables have no key.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $publisher = PostgreSQL::Test::Cluster->new('publisher');
$publisher->init(allows_streaming => 'logical');
$publisher->start;
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
# A first copy that fails is tried again soon.
$subscriber->append_conf('postgresql.conf', "wal_retrieve_retry_interval = '200ms'");
$subscriber->start;

sub new_databases
{
	my ($database) = @_;

	foreach my $node ($publisher, $subscriber)
	{
		$node->safe_psql('postgres', "CREATE DATABASE $database");
		$node->safe_psql($database, q{CREATE EXTENSION lead_kpi; SELECT lead_kpi.create_mart('kpi')});
	}
}

sub subscribe
{
	my ($database) = @_;

	$publisher->safe_psql($database, "CREATE PUBLICATION $database FOR TABLES IN SCHEMA kpi");
	$subscriber->safe_psql($database, "CREATE SUBSCRIPTION $database CONNECTION \$connection\$" . $publisher->connstr($database) . "\$connection\$ PUBLICATION $database");
}

# All tables of a mart, row by row.
sub content
{
	my ($node, $database) = @_;
	my $content = '';

	foreach my $table (split /\n/, query($node, $database, q{SELECT c.oid::regclass FROM pg_class c
		WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C"}))
	{
		$content .= "$table:\n" . query($node, $database, "SELECT r FROM $table r ORDER BY r::text COLLATE \"C\"") . "\n";
	}
	return $content;
}

# What the publisher has done is there.
sub same
{
	my ($database, $name) = @_;

	$publisher->wait_for_catchup($database);
	is(content($subscriber, $database), content($publisher, $database), $name);
}

# Runs SQL on the publisher, and wants it to arrive.
sub arrives
{
	my ($database, $name, $sql) = @_;

	$publisher->safe_psql($database, $sql);
	same($database, $name);
}

new_databases('sales');
$publisher->safe_psql('sales', <<'SQL');
UPDATE kpi.stage SET position = position + 1 WHERE position > 2;
UPDATE kpi.stage SET stage = 'Kunde' WHERE role = 'won';
INSERT INTO kpi.stage VALUES (3, 'demo', NULL), (20, 'Absage', 'lost'), (21, 'Closed Lost', 'lost');
UPDATE kpi.rule SET time_zone = 'Asia/Tokyo', observed_until = '2026-03-01', score_horizon = '14 days';
INSERT INTO kpi.lead (lead_id, created_at, channel, attributes)
SELECT i, timestamptz '2026-01-01 00:00+00' + i * interval '1 hour', 'ads', '{"size": 3}' FROM generate_series(1, 300) i;
INSERT INTO kpi.stage_event (lead_id, stage, entered_at) SELECT i, 'mql', timestamptz '2026-01-15 00:00+00' + i * interval '1 hour' FROM generate_series(1, 300) i;
INSERT INTO kpi.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT i, i, '2026-01-20', '2026-02-20', true, i FROM generate_series(1, 40) i;
INSERT INTO kpi.touch (lead_id, touched_at, channel) VALUES (1, '2026-01-01', 'ads'), (1, '2026-01-01', 'ads');
INSERT INTO kpi.spend (spent_on, channel, amount) VALUES ('2026-01-01', 'ads', 100), ('2026-01-01', 'ads', 100), ('2026-01-02', 'ads', NULL);
INSERT INTO kpi.channel_family VALUES ('ads', 'outbound');
SQL
$publisher->safe_psql('sales', q{SELECT lead_kpi.train_mart('kpi')});
is(query($publisher, 'sales', 'SELECT count(*) > 0 FROM kpi.learned_profile'), 't', 'the mart is trained');

# Every table can be published with its changes.
is(query($publisher, 'sales', q{SELECT string_agg(c.relname, ' ') FROM pg_class c WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'r'
	AND c.relreplident <> 'f' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate)}), '',
	'every table has a replica identity');

subscribe('sales');
$subscriber->wait_for_subscription_sync($publisher, 'sales', 'sales');
same('sales', 'the first copy gives the same ladder, settings and rows');
is(query($subscriber, 'sales', 'SELECT count(*) FROM kpi.stage'), '9', 'the ladder is not doubled');
is(query($subscriber, 'sales', 'SELECT count(*), min(time_zone) FROM kpi.rule'), '1|Asia/Tokyo', 'there is one rule');

# Rows that arrive, change and go, one by one and many at once, also of those that are there twice.
arrives('sales', 'rows arrive', <<'SQL');
INSERT INTO kpi.lead (lead_id, created_at, channel) VALUES (1000, '2026-02-01', 'fair'), (NULL, NULL, NULL);
INSERT INTO kpi.stage_event (lead_id, stage, entered_at) VALUES (1000, 'mql', '2026-02-02'), (NULL, 'nonsense', NULL);
INSERT INTO kpi.deal (deal_id, lead_id, amount) VALUES ('d', 1000, 7);
SQL
arrives('sales', 'rows change', <<'SQL');
UPDATE kpi.lead SET channel = 'Fair' WHERE lead_id = 1000;
UPDATE kpi.lead SET channel = 'nobody' WHERE lead_id IS NULL;
UPDATE kpi.stage_event SET entered_at = entered_at + interval '1 day' WHERE lead_id < 50;
UPDATE kpi.deal SET amount = amount * 2, is_won = NULL WHERE lead_id < 20;
UPDATE kpi.spend SET amount = 1 WHERE amount IS NULL;
SQL
arrives('sales', 'rows go', <<'SQL');
DELETE FROM kpi.lead WHERE lead_id IS NULL OR lead_id = 3;
DELETE FROM kpi.stage_event WHERE lead_id = 4;
DELETE FROM kpi.deal WHERE deal_id = 'd';
DELETE FROM kpi.touch WHERE ctid = (SELECT min(ctid) FROM kpi.touch);
DELETE FROM kpi.channel_family;
SQL
arrives('sales', 'an emptied table', 'TRUNCATE kpi.spend');

# The settings: the ladder shifted and its roles swapped by one statement, exits, and the rule.
arrives('sales', 'stages move', 'UPDATE kpi.stage SET position = position + 1');
arrives('sales', 'stages move back', 'UPDATE kpi.stage SET position = position - 1');
arrives('sales', 'roles are swapped', q{UPDATE kpi.stage SET role = CASE role WHEN 'sal' THEN 'sql' ELSE 'sal' END WHERE role IN ('sal', 'sql')});
arrives('sales', 'stages come, get other names and go', <<'SQL');
INSERT INTO kpi.stage VALUES (30, 'verloren', 'lost'), (31, 'renewed', NULL);
UPDATE kpi.stage SET stage = 'Angebot' WHERE stage = 'demo';
DELETE FROM kpi.stage WHERE stage IN ('mql', 'Closed Lost');
SQL
arrives('sales', 'the rule changes', q{UPDATE kpi.rule SET language = 'fr', time_zone = 'Europe/Paris'});
arrives('sales', 'a ladder of its own from the beginning', <<'SQL');
BEGIN;
DELETE FROM kpi.stage;
INSERT INTO kpi.stage VALUES (1, 'lead', 'lead'), (2, 'won', 'won');
COMMIT;
SQL
# Settings that are restored on the publisher take the place of its own, and arrive.
arrives('sales', 'settings that are copied in', "COPY kpi.rule (id, mart_format, time_zone) FROM stdin;\n1\t1\tAsia/Tokyo\n\\.\n");
is(query($subscriber, 'sales', 'SELECT time_zone FROM kpi.rule'), 'Asia/Tokyo', 'they are there');

# The layout of the mart is its own, whatever the publisher's is.
my $format = query($subscriber, 'sales', 'SELECT mart_format FROM kpi.rule');
$publisher->safe_psql('sales', q{UPDATE kpi.rule SET mart_format = 77, language = 'en'});
$publisher->wait_for_catchup('sales');
is(query($subscriber, 'sales', 'SELECT mart_format, language FROM kpi.rule'), "$format|en", 'mart_format does not arrive');

is(query($subscriber, 'sales', 'SELECT sum(leads) FROM kpi.funnel_by_month WHERE stage_position = 1'),
	query($publisher, 'sales', 'SELECT sum(leads) FROM kpi.funnel_by_month WHERE stage_position = 1'), 'the views of both agree');
$subscriber->safe_psql('sales', 'DROP SUBSCRIPTION sales');

# A ladder that somebody has changed on the subscriber is not mixed with the publisher's: the copy fails until it is gone.
new_databases('changed');
$publisher->safe_psql('changed', q{INSERT INTO kpi.stage VALUES (7, 'renewed')});
$subscriber->safe_psql('changed', q{UPDATE kpi.stage SET stage = upper(stage), position = position * 10, role = NULL});
my $ladder = q{SELECT string_agg(position || ' ' || stage, ', ' ORDER BY position) FROM kpi.stage};
my $before = -s $subscriber->logfile;
subscribe('changed');
my $told = 0;
foreach my $try (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
{
	$told = slurp_file($subscriber->logfile, $before) =~ /kpi\.stage has a ladder of its own.*HINT:  Make room for it with DELETE FROM kpi\.stage;/s and last;
	select undef, undef, undef, 0.1;
}
ok($told, 'the log says what is in the way, and what to do');
is(query($subscriber, 'changed', $ladder), '10 LEAD, 20 MQL, 30 SAL, 40 SQL, 50 OPPORTUNITY, 60 WON', 'the ladder is as it was');
$subscriber->safe_psql('changed', 'DELETE FROM kpi.stage');
$subscriber->wait_for_subscription_sync($publisher, 'changed', 'changed');
same('changed', 'emptied it takes the one of the publisher');
$subscriber->safe_psql('changed', 'DROP SUBSCRIPTION changed');

$subscriber->stop;
$publisher->stop;
done_testing();
