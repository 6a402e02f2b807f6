# examples/sidecar: a server that takes no foreign C code keeps the tables, and a
# small PostgreSQL beside it has the mart: by postgres_fdw, and by replication.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $examples = "$FindBin::RealBin/../../examples/sidecar";
my $managed = PostgreSQL::Test::Cluster->new('managed');
$managed->init(allows_streaming => 'logical', extra => [ '--encoding=UTF8', '--locale=C' ]);
$managed->start;
my $small = PostgreSQL::Test::Cluster->new('small');
$small->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$small->append_conf('postgresql.conf', "jit = off\n");
$small->start;

plan skip_all => '12 checks need postgres_fdw'
  if query($small, 'postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'}) eq '0';

# A CRM as it comes: no extension, a role that may only read.
$managed->safe_psql('postgres', 'CREATE DATABASE crm');
$managed->safe_psql('crm', <<'SQL');
CREATE TABLE lead (lead_id bigint PRIMARY KEY, created_at timestamptz, kind text, channel text, campaign text, email text, company text, attributes jsonb);
CREATE TABLE stage_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lead_id bigint, stage text, entered_at timestamptz);
CREATE TABLE touch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lead_id bigint, touched_at timestamptz, channel text, campaign text, kind text);
CREATE TABLE spend (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, spent_on date, channel text, campaign text, amount numeric);
CREATE TABLE deal (deal_id text PRIMARY KEY, lead_id bigint, opened_at timestamptz, closed_at timestamptz, is_won boolean, amount numeric);
INSERT INTO lead SELECT g, timestamptz '2025-01-01 00:00+00' + g * interval '2 hours', 'form', CASE WHEN g % 3 = 0 THEN 'ads' ELSE 'fair' END, NULL,
	'p' || g || '@firm' || g || '.example', NULL, '{}' FROM generate_series(1, 300) g;
INSERT INTO stage_event (lead_id, stage, entered_at) SELECT lead_id, 'mql', created_at + interval '1 day' FROM lead WHERE lead_id % 2 = 0;
INSERT INTO touch (lead_id, touched_at, channel) SELECT lead_id, created_at, channel FROM lead;
INSERT INTO spend (spent_on, channel, amount) VALUES ('2025-01-10', 'ads', 1000);
INSERT INTO deal SELECT 'D' || lead_id, lead_id, created_at + interval '2 days', created_at + interval '9 days', true, 500 FROM lead WHERE lead_id % 10 = 0;
CREATE ROLE kpi_reader LOGIN;
GRANT SELECT ON lead, stage_event, touch, spend, deal TO kpi_reader;
SQL

my $funnel = q{SELECT string_agg(stage || ' ' || leads, ', ' ORDER BY stage_position) FROM kpi.funnel WHERE leads > 0};
my $change = q{INSERT INTO lead (lead_id, created_at, channel, email) VALUES (301, '2025-01-20', 'ads', 'late@firm.example');
	INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (301, 'mql', '2025-01-21');
	DELETE FROM deal WHERE deal_id = 'D10'; UPDATE deal SET amount = 700 WHERE deal_id = 'D20'};

# By postgres_fdw.
$small->safe_psql('postgres', 'CREATE DATABASE by_fdw');
$small->command_ok(
	[
		'psql', '-X', '-q', '-d', $small->connstr('by_fdw'), '-v', 'host=' . $managed->host, '-v', 'port=' . $managed->port, '-v', 'dbname=crm',
		'-v', 'remote_user=kpi_reader', '-v', 'remote_password=none', '-f', "$examples/fdw.sql"
	],
	'a mart over foreign tables');
is(query($small, 'by_fdw', 'SELECT sum(leads), sum(revenue) FROM kpi.cpl_to_revenue'), '300|15000', 'it has the leads and the revenue');
my $stages = query($small, 'by_fdw', $funnel);

# By replication.
$managed->command_ok([ 'psql', '-X', '-q', '-d', $managed->connstr('crm'), '-f', "$examples/publication.sql" ], 'the tables are published');
$small->safe_psql('postgres', 'CREATE DATABASE by_copy');
my ($schema, $err) = run_command([ 'pg_dump', '-d', $managed->connstr('crm'), '--schema-only', '--no-owner', '--no-privileges', map { ('-t', $_) } qw(lead stage_event touch spend deal) ]);
is($err, '', 'pg_dump says nothing');
$small->safe_psql('by_copy', $schema);
$small->command_ok([ 'psql', '-X', '-q', '-d', $small->connstr('by_copy'), '-v', 'connection=' . $managed->connstr('crm'), '-f', "$examples/subscription.sql" ],
	'a mart over copies');
$small->wait_for_subscription_sync($managed, 'lead_kpi', 'by_copy');
$small->safe_psql('by_copy', q{SELECT lead_kpi.refresh_mart('kpi')});
is(query($small, 'by_copy', $funnel), $stages, 'both marts say the same');

# What happens at the managed server is there after a refresh, and only what changed is made again.
$managed->safe_psql('crm', $change);
$managed->wait_for_catchup('lead_kpi');
foreach my $database ('by_fdw', 'by_copy')
{
	$small->safe_psql($database, q{SELECT lead_kpi.refresh_mart('kpi')});
	is(query($small, $database, 'SELECT sum(leads), sum(revenue) FROM kpi.cpl_to_revenue'), '301|14700', "$database: what changed is there");
	is(query($small, $database, q{SELECT last_was_rebuilt FROM lead_kpi.mart_status('kpi')}), 'f', "$database: by what changed");
	is(query($small, $database, q{SELECT count(*) FROM lead_kpi.check_mart('kpi') WHERE stored_only + live_only > 0}), '0', "$database: stored is as live");
}

$small->safe_psql('by_copy', 'DROP SUBSCRIPTION lead_kpi');
$small->stop;
$managed->stop;
done_testing();
