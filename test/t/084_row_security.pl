# Row security on the relations of a mart. A reader who sees some leads sees the KPIs of these, as a mart of them alone shows; what cannot be compared with
# them is left out, never wrong, and data_quality says so. A policy on every relation, as mart_policies writes it, leaves nothing out.
#
# LEAD_KPI_ALL_VIEWS=1 looks at every view, which takes minutes.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\njit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\n");
$node->start;

sub query { return $node->safe_psql('postgres', $_[0]); }

# Names of what a reader may read, and dates of all that there is, are no KPI. clean_deal is deal.
my $not_judged = '^(spelling|touch_spelling|touch_count|currency_worth|campaign_channel|data_span|clean_deal|setting_check|spend_check|name_check|data_quality)$';
my $few = '^(funnel|funnel_by_channel|lead_generated|unit_cost|cpl_to_revenue|attribution|kpi_day|event_check|activity_check|outbound_chain|target_pacing|counted_deal|revenue_by_segment)$';
my $looked_at = $ENV{LEAD_KPI_ALL_VIEWS} ? '' : $few;

query(<<'SQL');
CREATE EXTENSION lead_kpi;
CREATE ROLE reader;
SELECT lead_kpi.create_mart('kpi');
SELECT lead_kpi.generate_example('kpi', 100, 1);
INSERT INTO kpi.volume SELECT DISTINCT created_at::date, channel, campaign, 'lead', 2 FROM kpi.lead WHERE lead_id < 20;
INSERT INTO kpi.target VALUES ('2025-12-01', '2026-02-28', 'leads', 'email', NULL, 5);
UPDATE kpi.rule SET observed_until = '2025-12-31', gross_margin = 0.6;
-- What the reader is to see, as a mart of its own.
CREATE SCHEMA f;
CREATE VIEW f.lead AS SELECT * FROM kpi.lead WHERE channel IN ('paid_search', 'email');
CREATE VIEW f.stage_event AS SELECT * FROM kpi.stage_event WHERE lead_id IN (SELECT lead_id FROM f.lead);
CREATE VIEW f.touch AS SELECT * FROM kpi.touch WHERE lead_id IN (SELECT lead_id FROM f.lead);
CREATE VIEW f.deal AS SELECT * FROM kpi.deal WHERE lead_id IN (SELECT lead_id FROM f.lead);
CREATE VIEW f.activity AS SELECT * FROM kpi.activity WHERE lead_id IN (SELECT lead_id FROM f.lead);
CREATE VIEW f.deal_change AS SELECT * FROM kpi.deal_change WHERE deal_id IN (SELECT deal_id FROM f.deal);
CREATE VIEW f.spend AS SELECT * FROM kpi.spend WHERE channel IN ('paid_search', 'email');
CREATE VIEW f.volume AS SELECT * FROM kpi.volume WHERE channel IN ('paid_search', 'email');
CREATE VIEW f.target AS SELECT * FROM kpi.target WHERE channel IN ('paid_search', 'email');
SELECT lead_kpi.create_mart('of_leads', 'f.lead', 'f.stage_event', 'f.touch', deal => 'f.deal', activity => 'f.activity', deal_change => 'f.deal_change');
SELECT lead_kpi.create_mart('of_all', 'f.lead', 'f.stage_event', 'f.touch', 'f.spend', 'f.deal', activity => 'f.activity', deal_change => 'f.deal_change', target => 'f.target', volume => 'f.volume',
	currency_rate => 'kpi.currency_rate');
DO $$
DECLARE
	mart text;
	settings text;
BEGIN
	FOREACH mart IN ARRAY '{of_leads,of_all}'::text[] LOOP
		FOREACH settings IN ARRAY '{rule,activity_meaning,channel_family,channel_alias}'::text[] LOOP
			EXECUTE format('ALTER TABLE %I.%I DISABLE TRIGGER USER; DELETE FROM %1$I.%2$I; INSERT INTO %1$I.%2$I SELECT * FROM kpi.%2$I; ALTER TABLE %1$I.%2$I ENABLE TRIGGER USER', mart, settings);
		END LOOP;
	END LOOP;
END
$$;
GRANT USAGE ON SCHEMA kpi TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO reader;
ANALYZE;
CREATE TABLE seen (moment text, relation name, rows text[], error text);
CREATE FUNCTION look(moment text, mart text, role name, filter text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	item record;
	content text[];
	error text;
BEGIN
	FOR item IN
		SELECT c.oid::regclass AS name, c.relname FROM pg_class c
		WHERE c.relnamespace = mart::regnamespace AND c.relkind = 'v' AND c.relname ~ filter AND c.relname NOT IN (SELECT s.relation FROM lead_kpi.mart_shape() s)
	LOOP
		BEGIN
			EXECUTE format('SET LOCAL ROLE %I', role);
			EXECUTE format('SELECT coalesce(array_agg(r::text ORDER BY r::text COLLATE "C"), ''{}'') FROM %s r', item.name) INTO content;
			error := NULL;
		EXCEPTION WHEN OTHERS THEN
			error := SQLSTATE || ' ' || SQLERRM;
			content := NULL;
		END;
		RESET ROLE;
		INSERT INTO seen VALUES (moment, item.relname, content, error);
	END LOOP;
END
$$;
SQL

sub differences
{
	my ($moment, $truth) = @_;

	return query(qq{SELECT format('%s: %s, not %s', relation, coalesce(s.error, (SELECT r FROM unnest(s.rows) r WHERE r <> ALL (t.rows) LIMIT 1)), (SELECT r FROM unnest(t.rows) r WHERE r <> ALL (s.rows) LIMIT 1))
		FROM seen s JOIN seen t USING (relation) WHERE s.moment = '$moment' AND t.moment = '$truth' AND s.rows IS DISTINCT FROM t.rows AND relation !~ '$not_judged' ORDER BY relation});
}

# What data_quality says of it to the reader.
sub told
{
	return query(q{SET ROLE reader; SELECT string_agg(value, ',' ORDER BY value) FILTER (WHERE check_name = 'row_security_applies'), string_agg(value, ',' ORDER BY value) FILTER (WHERE check_name = 'row_security_uneven') FROM kpi.setting_check});
}

# A number of the reader's in a view, all rows of it together.
sub as_reader { return query('SET ROLE reader; ' . $_[0]); }

is(told(), '|', 'without row security nothing is said');
is(as_reader('SELECT count(*) FROM kpi.unit_cost WHERE unit_cost IS NOT NULL') > 10 ? 'costs' : '', 'costs', 'and costs are there');

# Leads alone.
query("CREATE POLICY p ON kpi.lead FOR SELECT TO reader USING (channel IN ('paid_search', 'email')); ALTER TABLE kpi.lead ENABLE ROW LEVEL SECURITY");
query("SELECT look('leads', 'kpi', 'reader', '$looked_at'), look('of_leads', 'of_leads', 'postgres', '$looked_at')");
is(differences('leads', 'of_leads'), '', 'a policy on lead alone: the KPIs of these leads, without cost');
is(query("SELECT count(*) > 5 FROM seen WHERE moment = 'leads' AND rows <> '{}'"), 't', 'there are some');
is(told(), 'lead|spend,target,volume', 'and it is said what was left out');
is(as_reader(q{SELECT string_agg(check_name || ' ' || severity || ' ' || examples, ', ' ORDER BY check_name) FROM kpi.data_quality WHERE check_name LIKE 'row_security%' OR check_name LIKE '%no_lead' AND rows > 0 OR check_name = 'leads_without_spend' AND rows > 0}),
	'row_security_applies info lead, row_security_uneven error spend, target, volume', 'hidden leads are no defects');
query('DROP POLICY p ON kpi.lead; ALTER TABLE kpi.lead DISABLE ROW LEVEL SECURITY');

# Each relation alone.  What is said, and what is not: nothing of it is a number that is too low.
my %alone = (
	stage_event => [ 'lead_id % 2 = 0', 'deal,spend,stage_event,target,volume', {
		'SELECT sum(leads) FROM kpi.funnel' => '', 'SELECT count(*) FROM kpi.cpl_to_revenue' => '0', 'SELECT sum(won) FROM kpi.kpi_day' => '', 'SELECT sum(transmitted) FROM kpi.mql_acceptance' => '',
		'SELECT count(*) FROM kpi.forecast' => '0', 'SELECT sum(counted) > 50 FROM kpi.lead_generated' => 't', 'SELECT count(*) FROM kpi.period_change' => '0' } ],
	deal => [ 'lead_id % 2 = 0', 'deal,spend,stage_event,target,volume', {
		'SELECT sum(leads) FROM kpi.funnel' => '', 'SELECT count(*) FROM kpi.attribution' => '0', 'SELECT count(*) FROM kpi.revenue_by_segment' => '0', 'SELECT count(*) FROM kpi.pipeline_coverage' => '0',
		'SELECT count(*) FROM kpi.account_summary' => '0' } ],
	touch => [ 'lead_id % 2 = 0', 'touch', { 'SELECT count(*) FROM kpi.attribution' => '0', 'SELECT sum(leads) > 50 FROM kpi.funnel' => 't' } ],
	activity => [ 'lead_id % 2 = 0', 'activity,target', { 'SELECT sum(prospects) FROM kpi.outbound_chain' => '', 'SELECT count(*) FROM kpi.speed_to_lead' => '0', 'SELECT sum(attempts) FROM kpi.lead_work' => '',
		q{SELECT count(*) FROM kpi.pipeline_hygiene WHERE fault = 'stale'} => '0', 'SELECT sum(leads) > 50 FROM kpi.funnel' => 't' } ],
	spend => [ q{channel = 'email'}, 'spend', { 'SELECT count(unit_cost) FROM kpi.unit_cost' => '0', 'SELECT count(cpl) FROM kpi.cpl_to_revenue' => '0', 'SELECT sum(leads) > 50 FROM kpi.funnel' => 't' } ],
	volume => [ q{channel = 'email'}, 'spend', { 'SELECT count(unit_cost) FROM kpi.unit_cost' => '0' } ],
	target => [ q{channel = 'email'}, '', { 'SELECT count(*) FROM kpi.target_pacing' => '1', 'SELECT count(unit_cost) > 10 FROM kpi.unit_cost' => 't' } ],
	deal_change => [ 'false', '', { 'SELECT sum(leads) > 50 FROM kpi.funnel' => 't' } ]);
foreach my $relation (sort keys %alone)
{
	my ($condition, $set_aside, $numbers) = @{ $alone{$relation} };
	query("CREATE POLICY p ON kpi.$relation FOR SELECT TO reader USING ($condition); ALTER TABLE kpi.$relation ENABLE ROW LEVEL SECURITY");
	is(told(), "$relation|$set_aside", "a policy on $relation alone is told");
	is(as_reader($_), $numbers->{$_}, "$relation: $_") foreach sort keys %{$numbers};
	query("DROP POLICY p ON kpi.$relation; ALTER TABLE kpi.$relation DISABLE ROW LEVEL SECURITY");
}

# The statements of mart_policies.
my $statements = query(q{SELECT statement FROM lead_kpi.mart_policies('kpi', 'reader', 'channel', 'ANY (''{paid_search,email}'')')});
is(() = $statements =~ /^CREATE POLICY/mg, 9, 'a policy for each of nine relations');
query($statements);
query("SELECT look('policies', 'kpi', 'reader', '$looked_at'), look('of_all', 'of_all', 'postgres', '$looked_at')");
is(differences('policies', 'of_all'), '', 'policies on all: the KPIs of these leads, and what they cost');
is(told(), 'activity,deal,deal_change,lead,spend,stage_event,target,touch,volume|', 'nothing is left out');
like(query(q{SELECT string_agg(statement, E'\n') FROM lead_kpi.mart_policies('kpi', 'reader', 'owner', 'current_user')}), qr/ON kpi\.lead FOR SELECT TO reader USING \(owner = current_user\).*ON kpi\.spend FOR SELECT TO reader USING \(false\).*ON kpi\.target FOR SELECT TO reader USING \(owner = current_user\)/s,
	'by owner: what has none is for nobody');
like(query(q{SELECT string_agg(statement, E'\n') FROM lead_kpi.mart_policies('of_all', 'reader', 'channel', '''x''')}), qr/-- of_all\.lead is mapped/, 'what is mapped is said');
my ($status, $out, $err) = $node->psql('postgres', q{SELECT lead_kpi.mart_policies('kpi', 'reader', 'amount', '1')});
like($err, qr/lead has no column amount.*HINT:  Choose by which/s, 'a column that lead does not have');

# Mapped with the rights of the reader, and stored.
query(q{SELECT lead_kpi.create_mart('mapped', 'kpi.lead', 'kpi.stage_event', 'kpi.touch', 'kpi.spend', 'kpi.deal'); GRANT USAGE ON SCHEMA mapped TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA mapped TO reader;
	ALTER TABLE kpi.spend DISABLE ROW LEVEL SECURITY});
is(as_reader(q{SELECT string_agg(check_name || ' ' || value, ', ' ORDER BY check_name, value) FROM mapped.setting_check WHERE check_name LIKE 'row_security%'}),
	'row_security_applies deal, row_security_applies lead, row_security_applies stage_event, row_security_applies touch, row_security_uneven spend', 'beneath a mapped relation it is seen');
is(as_reader('SELECT count(unit_cost) FROM mapped.unit_cost'), '0', 'and costs are left out');
query(q{SELECT lead_kpi.store_mart('mapped')});
($status, $out, $err) = $node->psql('postgres', 'SET ROLE reader; SELECT * FROM mapped.unit_cost');
like($err, qr/row security applies to reader/, 'a stored mart shows him nothing');
is(query(q{SELECT count(*) FROM mapped.setting_check WHERE check_name LIKE 'row_security%'}), '0', 'and is made from all rows');

$node->stop;
done_testing();
