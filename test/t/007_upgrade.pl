# A mart that an older version made becomes one of the present format, with its data, settings, grants, comments and what
# users built on it: as a mart made now would be, and with the same numbers.  What cannot be upgraded says so.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use MartCatalog qw(mart_catalog mart_differences);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(query);
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE kpi_owner LOGIN; CREATE ROLE kpi_bi LOGIN; CREATE ROLE kpi_editor LOGIN; CREATE ROLE kpi_guest LOGIN; CREATE ROLE stranger LOGIN');
my $dumps = "$FindBin::RealBin/../upgrade";
my @dumps = map { m{([^/]+)\.sql$} } glob "$dumps/format_*.sql";
ok(@dumps >= 2, 'there are dumps of older versions');

sub catalog { return mart_catalog($node, @_) }

sub differences { return mart_differences($node, @_) }

# The views of two marts that do not say the same, both looked at in the same moment.
sub differing_views
{
	my ($database, $mart, $other) = @_;

	return query($node, $database, <<"SQL");
WITH content AS MATERIALIZED
(
	SELECT c.relnamespace::regnamespace::text AS mart, c.relname,
		query_to_xml(format('SELECT r::text AS r FROM %s r ORDER BY r::text COLLATE "C"', c.oid::regclass), true, true, '')::text AS rows
	FROM pg_class c WHERE c.relnamespace IN ('$mart'::regnamespace, '$other'::regnamespace) AND c.relkind = 'v' AND c.relname <> 'my_wins'
)
SELECT count(*) > 50, count(*) FILTER (WHERE a.rows LIKE '%<r>%') > 40, string_agg(relname, ', ') FILTER (WHERE a.rows IS DISTINCT FROM b.rows)
FROM (SELECT * FROM content WHERE mart = '$mart') a FULL JOIN (SELECT * FROM content WHERE mart = '$other') b USING (relname)
SQL
}

sub restored
{
	my ($database, $dump) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database; GRANT CREATE ON DATABASE $database TO kpi_owner");
	my ($status, $out, $err) = $node->psql($database, slurp_file("$dumps/$dump.sql"), on_error_stop => 1);
	is($status, 0, "$dump is restored into the present version without an error") or diag($err);
	unlike($err, qr/ERROR/, 'and says none');
}

# Runs SQL as a role, in one session: the exit code of psql, and what it said.
sub as_role
{
	my ($role, $database, $sql) = @_;
	my ($status, $out, $err) = $node->psql($database, "SET ROLE $role; $sql", on_error_stop => 1);

	return ($status, $err);
}

sub refused
{
	my ($database, $mart, $what, $why, $remedy, $role) = @_;
	my $before = join("\n", catalog($database, $mart));
	my ($status, $err) = as_role($role // 'kpi_owner', $database, "SELECT lead_kpi.upgrade_mart('$mart')");

	isnt($status, 0, "$what: refused");
	like($err, $why, "$what: says why");
	like($err, $remedy, "$what: says what to do");
	ok(join("\n", catalog($database, $mart)) eq $before, "$what: nothing was changed");
}

# ---------------------------------------------------------------- dumps of older versions

my $dump_number = 0;
foreach my $dump (@dumps)
{
	my $database = 'upgraded' . ++$dump_number;

	restored($database, $dump);
	my %has = map { $_ => 1 } split /\n/, query($node, $database, 'SELECT nspname FROM pg_namespace WHERE lead_kpi.is_mart(nspname)');
	my $own = q{SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM (SELECT lead_id, created_at, kind, channel, campaign, email, company,
			attributes, region FROM kpi.lead) r
		UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM (SELECT deal_id, lead_id, opened_at, closed_at, is_won, amount FROM kpi.deal) r
		UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM (SELECT position, stage, role FROM kpi.stage) r
		UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM kpi.learned_profile r
		UNION ALL SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM kpi.channel_family r
		UNION ALL SELECT row_to_json(r)::text FROM (SELECT {settings} FROM kpi.rule) r};
	my $settings = query($node, $database, q{SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = 'kpi.rule'::regclass AND attnum > 0 AND attname <> 'mart_format'});
	$own =~ s/\{settings\}/$settings/;
	my $before = query($node, $database, $own);
	my ($read_status, $read_err) = as_role('postgres', $database, q{DO $$ DECLARE v regclass; BEGIN FOR v IN SELECT c.oid FROM pg_class c
		WHERE relnamespace::regnamespace::text IN ('kpi', 'crm') AND relkind = 'v' LOOP EXECUTE format('SELECT count(r::text) FROM %s r', v); END LOOP; END $$});
	is($read_status, 0, 'its views can be read before the upgrade, too') or diag($read_err);
	my $grants = q{SELECT c.oid::regclass, c.relowner::regrole, c.relacl FROM pg_class c WHERE relnamespace::regnamespace::text IN ('kpi', 'crm', 'report')
		AND relkind IN ('r', 'v', 'm') ORDER BY c.oid::regclass::text COLLATE "C"};
	my %grants_before = map { (split /\|/)[0] => $_ } split /\n/, query($node, $database, $grants);
	$node->safe_psql($database, q{ALTER DEFAULT PRIVILEGES FOR ROLE kpi_owner IN SCHEMA kpi GRANT SELECT ON TABLES TO kpi_editor});

	foreach my $mart (sort keys %has)
	{
		my ($status, $err) = as_role('kpi_owner', $database, "SELECT lead_kpi.upgrade_mart('$mart')");

		is($status, 0, "$mart of $dump is upgraded") or diag($err);
		like($err, qr/NOTICE:  mart $mart has format \d now/, 'it says so');
		like($err, qr/default is another now: .*rule\.bot_pattern/, 'it names the settings whose default is another now') if $dump =~ /601c769/;
	}
	is(query($node, $database, $own), $before, 'the data, the ladder, the settings and what was learned are what they were');

	# As a mart made now.
	$node->safe_psql($database, q{SET ROLE kpi_owner; SELECT lead_kpi.create_mart('fresh')});
	is(differences($database, 'kpi', 'fresh') =~ s/^(- comment on [^:]*:).*/$1/mgr, <<'END', 'the catalog is that of a fresh mart, but for what the users did');
- comment on funnel.:
- comment on funnel.leads:
- comment on lead.:
- comment on rule.time_zone:
- v icp_fit security_invoker=true
- v lead_generated security_invoker=true
+ column lead.region text f 
+ column my_wins.lead_id bigint f 
+ column my_wins.region text f 
+ column my_wins.won_at timestamp with time zone f 
+ columns of my_wins: lead_id, won_at
+ comment on funnel.: The funnel that the board sees.
+ comment on funnel.leads: Leads, as agreed in 2025.
+ comment on lead.: Filled from the CRM every night.
+ comment on rule.time_zone: That of the head office.
+ index  ON deal USING btree (closed_at)
+ replica identity of my_wins: n
+ trigger CREATE TRIGGER note_lead AFTER INSERT ON lead FOR EACH ROW EXECUTE FUNCTION report.note_lead() O
+ v icp_fit security_barrier=true,security_invoker=true
+ v lead_generated security_invoker=false
+ v my_wins 
+ view my_wins:  SELECT o.lead_id,     o.won_at,     l.region    FROM (lead_outcome o      JOIN lead l USING (lead_id))   WHERE (o.won_at IS NOT NULL);
END
	is(query($node, $database, q{SELECT obj_description('kpi'::regnamespace)}), 'Marketing and sales.', 'the comment of the schema stays');
	is(query($node, $database, q{SELECT k.mart_format = f.mart_format FROM kpi.rule k, fresh.rule f}), 't', 'the format is the present one');
	if ($has{crm})
	{
		# create_mart takes no column of another type, so the one that the upgrade reads NULL is left out here.
		$node->safe_psql($database, q{SET ROLE kpi_owner; CREATE VIEW crm_data.deal AS SELECT deal_id, lead_id, opened_at, closed_at, is_won, amount, currency
			FROM crm_data.opportunity; SELECT lead_kpi.create_mart('fresh_crm', lead => 'crm_data.contact', stage_event => 'crm_data.history',
			touch => 'crm_data.visit_of_lead', deal => 'crm_data.deal')});
		my $found = differences($database, 'crm', 'fresh_crm');
		like($found, qr/^\+ view deal: .*NULL::date AS expected_close,.*(?:opportunity\.)?currency +FROM crm_data\.opportunity/m, 'a mapped relation is read where it has the new columns');
		like($found, qr/^\+ view touch: .*JOIN crm_data\.contact c USING/m, 'the user\'s own mapping stays');
		is($found =~ s/^[-+] view (deal|touch): .*\n//mgr, '', 'else the catalog of the mapped mart is that of a fresh one');
		is(query($node, $database, 'SELECT count(DISTINCT owner), count(account) FROM crm.lead'), '4|60', 'columns that were there all the time are read');
		is(query($node, $database, 'SELECT count(*) > 0 FROM report.uuid_wins'), 't', 'what reads the mapped mart still does');
	}

	# The same numbers as a fresh mart with the same data.
	my $copy = '';
	foreach my $table (split /\n/, query($node, $database, q{SELECT relname FROM pg_class WHERE relnamespace = 'fresh'::regnamespace AND relkind = 'r'}))
	{
		my $columns = query($node, $database, qq{SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
			WHERE attrelid = 'fresh.$table'::regclass AND attnum > 0});

		$copy .= $table eq 'rule' ? "UPDATE fresh.rule SET ($columns) = (SELECT $columns FROM kpi.rule);"
			: "DELETE FROM fresh.$table; INSERT INTO fresh.$table ($columns) SELECT $columns FROM kpi.$table;";
	}
	$node->safe_psql($database, "BEGIN; $copy COMMIT; ANALYZE");
	is(differing_views($database, 'kpi', 'fresh'), 't|t|', 'every view says what it says in a fresh mart with the same data');

	# What users built.
	is(query($node, $database, 'SELECT count(*) > 3 FROM report.by_channel'), 't', 'a view over a view of the mart');
	is(query($node, $database, 'SELECT count(*) FROM report.best_channel'), '3', 'a view over that view');
	is(query($node, $database, q{SELECT count(*), max(language), max(stage) FILTER (WHERE role = 'won') FROM report.settings}), '7|fr|client', 'a view over the settings');
	is(query($node, $database, 'SELECT count(*) > 0 FROM report.monthly'), 't', 'a materialized view keeps its rows');
	$node->safe_psql($database, 'REFRESH MATERIALIZED VIEW report.monthly');
	is(query($node, $database, 'SELECT report.accepted() = acceptance_rate FROM kpi.mql_acceptance'), 't', 'a function over a view of the mart');
	is(query($node, $database, 'SELECT count(*) > 0 FROM kpi.my_wins'), 't', 'a view of the user\'s in the mart\'s schema');
	$node->safe_psql($database, q{INSERT INTO kpi.lead (lead_id, created_at) VALUES (-1, '2025-12-01')});
	is(query($node, $database, 'SELECT count(*) FROM report.note WHERE lead_id = -1'), '1', 'a trigger on a table of the mart');

	# Who could read, can: everything that there was, and what came in addition.
	my %grants_after = map { (split /\|/)[0] => $_ } split /\n/, query($node, $database, $grants);
	is_deeply({ map { $_ => $grants_after{$_} } keys %grants_before }, \%grants_before, 'owners and grants are what they were');
	is(query($node, $database, q{SELECT string_agg(c.relname, ', ') FROM pg_class c WHERE relnamespace = 'kpi'::regnamespace AND relkind IN ('r', 'v')
		AND (NOT has_table_privilege('kpi_bi', c.oid, 'SELECT') OR NOT has_table_privilege('kpi_owner', c.oid, 'SELECT, INSERT, DELETE')
			OR c.relowner <> 'kpi_owner'::regrole)}), '', 'who could read all of it can read what is new');
	is(query($node, $database, q{SELECT has_table_privilege('kpi_editor', 'kpi.activity', 'SELECT'), has_table_privilege('kpi_guest', 'kpi.activity', 'SELECT'),
		has_table_privilege('kpi_bi', 'kpi.activity', 'INSERT'), has_column_privilege('kpi_editor', 'kpi.lead', 'channel', 'UPDATE')}),
		't|f|f|t', 'default privileges of the schema hold for what is new, and nobody may do more');
	my ($status, $err) = as_role('kpi_bi', $database, q{DO $$ DECLARE v regclass; BEGIN FOR v IN SELECT c.oid FROM pg_class c
		WHERE relnamespace::regnamespace::text IN ('kpi', 'crm') AND relkind = 'v' AND relname <> 'lead_generated'
		LOOP EXECUTE format('SELECT FROM %s LIMIT 0', v); END LOOP; END $$});
	is($status, 0, 'who could read all views still can') or diag($err);

	# Again: nothing to do, and nothing done.
	my @catalog = catalog($database, 'kpi');
	($status, $err) = as_role('kpi_owner', $database, q{SELECT lead_kpi.upgrade_mart('kpi')});
	is($status, 0, 'a mart of the present format may be upgraded again') or diag($err);
	like($err, qr/NOTICE:  mart kpi has the present format \d\n.*Nothing was missing/, 'it says that nothing was missing');
	is_deeply([ catalog($database, 'kpi') ], \@catalog, 'and is what it was');
	is(query($node, $database, q{SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'lead_kpi_template%'}), '0', 'the template is gone');

	# A dump of the upgraded mart restores, like any other.
	my $file = $node->basedir . "/$database.sql";
	command_ok([ 'pg_dump', '-d', $node->connstr($database), '-f', $file ], 'the upgraded mart is dumped');
	$node->safe_psql('postgres', "CREATE DATABASE again$dump_number");
	command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr("again$dump_number"), '-f', $file ], 'and restored');
}

# ---------------------------------------------------------------- a mart that lost something

$node->safe_psql('postgres', 'CREATE DATABASE present; GRANT CREATE ON DATABASE present TO kpi_owner, stranger');
$node->safe_psql('present', q{CREATE EXTENSION lead_kpi; SET ROLE kpi_owner; SELECT lead_kpi.create_mart('kpi'); SELECT lead_kpi.create_mart('fresh');
	SELECT lead_kpi.generate_example('kpi', 100)});

sub mended
{
	my ($what, $damage, $says) = @_;

	$node->safe_psql('present', $damage);
	isnt(differences('present', 'kpi', 'fresh') . query($node, 'present', 'SELECT count(*) FROM kpi.rule, kpi.stage'), '6', "$what: something is missing");
	my ($status, $err) = as_role('kpi_owner', 'present', q{SELECT lead_kpi.upgrade_mart('kpi')});
	is($status, 0, "$what: mended") or diag($err);
	like($err, $says, "$what: says so");
	is(differences('present', 'kpi', 'fresh'), '', "$what: the mart is complete");
	is(query($node, 'present', 'SELECT count(*) FROM kpi.rule, kpi.stage'), '6', "$what: rule and ladder are there");
}

mended('views', 'DROP VIEW kpi.lead_score CASCADE', qr/view hand_off, view lead_score/);
mended('all views', q{DO $$ DECLARE v text; BEGIN FOR v IN SELECT format('kpi.%I', c.relname) FROM pg_class c
	WHERE relnamespace = 'kpi'::regnamespace AND relkind = 'v' LOOP EXECUTE 'DROP VIEW IF EXISTS ' || v || ' CASCADE'; END LOOP; END $$}, qr/view funnel,.*view unit_cost/);
# The last one, so that it comes back in its place.
my $last = query($node, 'present', q{SELECT attname FROM pg_attribute WHERE attrelid = 'kpi.rule'::regclass ORDER BY attnum DESC LIMIT 1});
mended('columns', "ALTER TABLE kpi.lead DROP COLUMN merged_into CASCADE; ALTER TABLE kpi.rule DROP COLUMN $last CASCADE", qr/column rule\.$last/);
mended('constraints', 'ALTER TABLE kpi.rule DROP CONSTRAINT rule_language_check; ALTER TABLE kpi.stage DROP CONSTRAINT stage_pkey;
	ALTER TABLE kpi.rule DROP CONSTRAINT rule_gross_margin_check; ALTER TABLE kpi.rule ADD CONSTRAINT rule_gross_margin_check CHECK (gross_margin > 0)',
	qr/constraint stage_pkey of stage/);
mended('a default and a NOT NULL', q{ALTER TABLE kpi.rule ALTER duplicate_key DROP NOT NULL, ALTER duplicate_key SET DEFAULT 'company'}, qr/default of rule\.duplicate_key/);
mended('indexes and triggers', 'DROP TRIGGER rule_stays ON kpi.rule; DROP INDEX kpi.stage_event_lead_id_idx', qr/index.*of stage_event/);
mended('a trigger on other events', 'CREATE OR REPLACE TRIGGER rule_stays BEFORE DELETE ON kpi.rule FOR EACH STATEMENT EXECUTE FUNCTION lead_kpi.mart_rule_stays()',
	qr/trigger rule_stays of rule/);
mended('tables', 'DROP TABLE kpi.activity CASCADE; DROP TABLE kpi.channel_family CASCADE', qr/table activity/);
mended('rows of the settings, as after a dump of the schema only', 'DROP TRIGGER rule_stays ON kpi.rule; DELETE FROM kpi.rule; DELETE FROM kpi.stage', qr/rows of rule/);
# A key of the user's own is the replica identity: it stays.
$node->safe_psql('present', 'ALTER TABLE kpi.lead ADD PRIMARY KEY (lead_id), REPLICA IDENTITY DEFAULT');
like((as_role('kpi_owner', 'present', q{SELECT lead_kpi.upgrade_mart('kpi')}))[1], qr/Nothing was missing/, 'a primary key of the user\'s: nothing is missing');
$node->safe_psql('present', 'ALTER TABLE kpi.lead DROP CONSTRAINT lead_pkey, REPLICA IDENTITY FULL, ALTER lead_id DROP NOT NULL');
mended('comments', q{COMMENT ON VIEW kpi.funnel IS NULL; COMMENT ON COLUMN kpi.lead.kind IS NULL}, qr/present format/);

# ---------------------------------------------------------------- relations of the user's

$node->safe_psql('present', q{SET ROLE kpi_owner; CREATE SCHEMA source; CREATE TABLE source.spend (spent_on date, channel text, campaign text, amount numeric);
	INSERT INTO source.spend VALUES ('2025-01-01', 'ads', NULL, 100), ('2025-01-01', 'ads', NULL, -1);
	CREATE TABLE source.deal (deal_id int, lead_id int, opened_at date, closed_at date, is_won boolean, amount int);
	INSERT INTO source.deal VALUES (1, 1, '2025-01-01', '2025-02-01', true, 5);
	SELECT lead_kpi.create_mart('mapped', spend => 'source.spend', deal => 'source.deal', lead_key => 'text')});
# As a user may have written it over a mart of the first format, and a column that the relation got since.
$node->safe_psql('present', q{SET ROLE kpi_owner; DROP VIEW mapped.spend CASCADE;
	CREATE VIEW mapped.spend WITH (security_barrier) AS SELECT spent_on, upper(channel) AS channel, campaign, amount FROM source.spend WHERE amount > 0;
	ALTER TABLE source.spend ADD COLUMN currency text DEFAULT 'EUR'; ALTER TABLE source.deal ADD COLUMN currency text DEFAULT 'EUR', ADD COLUMN expected_close text});
my ($mapped_status, $mapped_err) = as_role('kpi_owner', 'present', q{SELECT lead_kpi.upgrade_mart('mapped')});
is($mapped_status, 0, 'a mart over relations of the user\'s is upgraded') or diag($mapped_err);
like($mapped_err, qr/Not read, because of their type or for want of SELECT: source\.deal\.expected_close \(text, not date\)\./, 'it says what it cannot read');
is(query($node, 'present', 'SELECT * FROM mapped.spend'), '2025-01-01|ADS||100|', 'what the user wrote stays, and new columns are NULL');
is(query($node, 'present', q{SELECT reloptions FROM pg_class WHERE oid = 'mapped.spend'::regclass}), '{security_barrier=true}', 'so do its options');
is(query($node, 'present', 'SELECT deal_id, lead_id, amount, owner, currency, expected_close FROM mapped.deal'), '1|1|5||EUR|', 'a column that the relation has now is read');
is(query($node, 'present', 'SELECT count(*) FROM mapped.cpl_to_revenue'), '1', 'and the views work');

# ---------------------------------------------------------------- layers that are other ones now

$node->safe_psql('present', q{SET ROLE kpi_owner; ALTER VIEW kpi.ladder RENAME COLUMN role TO part; GRANT SELECT ON kpi.ladder TO kpi_bi WITH GRANT OPTION;
	GRANT SELECT (stage) ON kpi.ladder TO PUBLIC; COMMENT ON COLUMN kpi.ladder.stage IS 'Ours.';
	CREATE SCHEMA report; CREATE VIEW report.first WITH (security_barrier) AS SELECT stage FROM kpi.ladder; CREATE VIEW report.second AS SELECT * FROM report.first;
	COMMENT ON VIEW report.first IS 'First.'; GRANT SELECT ON report.second TO kpi_guest;
	GRANT USAGE ON SCHEMA report TO stranger; GRANT SELECT ON report.first TO stranger; GRANT USAGE ON SCHEMA kpi TO stranger});
$node->safe_psql('present', 'ALTER VIEW report.second OWNER TO stranger');
refused('present', 'kpi', 'a view of somebody else\'s reads it', qr/view report\.second belongs to stranger, whose role you do not have/, qr/HINT:  Drop it, upgrade/);
my ($status, $err) = as_role('postgres', 'present', q{SELECT lead_kpi.upgrade_mart('kpi')});
is($status, 0, 'a view whose columns are other ones now is made again') or diag($err);
like($err, qr/view ladder, view report\.first, view report\.second/, 'with those that read it');
is(differences('present', 'kpi', 'fresh') =~ s/^(- comment on [^:]*:).*/$1/mgr, "- comment on ladder.stage:\n+ comment on ladder.stage: Ours.\n",
	'it is the present one, with the user\'s comment');
is(query($node, 'present', q{SELECT has_table_privilege('kpi_bi', 'kpi.ladder', 'SELECT WITH GRANT OPTION'), has_column_privilege('kpi_guest', 'kpi.ladder', 'stage', 'SELECT'),
	relowner::regrole, array_to_string(reloptions, ','), obj_description(oid) FROM pg_class WHERE oid = 'report.first'::regclass}), 't|t|kpi_owner|security_barrier=true|First.',
	'grants, owner, options and comments are back');
is(query($node, 'present', q{SELECT relowner::regrole, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(relacl) a) FROM pg_class WHERE oid = 'report.second'::regclass}),
	'stranger|kpi_guest=r/stranger stranger=arwdDxt/stranger', 'those of the second too') if query($node, 'present', 'SHOW server_version_num') < 170000;
is(query($node, 'present', 'SELECT count(*) FROM report.second'), '6', 'and they work');
$node->safe_psql('present', q{ALTER VIEW kpi.ladder RENAME COLUMN role TO part; CREATE MATERIALIZED VIEW report.third AS SELECT * FROM report.first;
	CREATE FUNCTION report.fourth() RETURNS SETOF kpi.ladder LANGUAGE sql BEGIN ATOMIC SELECT * FROM kpi.ladder; END});
refused('present', 'kpi', 'dependents that cannot be made again', qr/function report\.fourth\(\) depends on kpi\.ladder/, qr/HINT:  Drop it, upgrade, and make it again/, 'postgres');
refused('present', 'kpi', 'dependents that cannot be made again', qr/materialized view report\.third depends on report\.first/, qr/HINT/, 'postgres');
$node->safe_psql('present', 'DROP MATERIALIZED VIEW report.third; DROP FUNCTION report.fourth; CREATE VIEW report.third AS SELECT part FROM kpi.ladder');
refused('present', 'kpi', 'a view that reads a column that is no more', qr/view report\.third cannot be made again/, qr/column (?:ladder\.)?"?part"? does not exist.*HINT/s, 'postgres');
$node->safe_psql('present', q{DROP VIEW report.third; SELECT lead_kpi.upgrade_mart('kpi'); COMMENT ON COLUMN kpi.ladder.stage IS NULL; SELECT lead_kpi.upgrade_mart('kpi')});

# ---------------------------------------------------------------- what is refused

refused('present', 'kpi', 'somebody else\'s mart', qr/role stranger may not upgrade mart kpi/, qr/HINT:.*SET ROLE kpi_owner/, 'stranger');
$node->safe_psql('present', 'ALTER TABLE kpi.deal OWNER TO stranger');
refused('present', 'kpi', 'a table of somebody else\'s', qr/may not upgrade mart kpi.*kpi\.deal to stranger/s, qr/HINT/);
$node->safe_psql('present', 'ALTER TABLE kpi.deal OWNER TO kpi_owner');
($status, $err) = as_role('kpi_owner', 'present', q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT lead_kpi.upgrade_mart('kpi')});
like($err, qr/does not run in a transaction that is repeatable read.*HINT:  BEGIN ISOLATION LEVEL READ COMMITTED/s, 'a transaction that does not see what others do: refused');
foreach my $mart ('nothing', 'public')
{
	($status, $err) = as_role('kpi_owner', 'present', "SELECT lead_kpi.upgrade_mart('$mart')");
	like($err, qr/(mart nothing does not exist|schema public is not a mart)\nHINT:  Marts in this database/, "$mart is no mart");
}
$node->safe_psql('present', 'UPDATE kpi.rule SET mart_format = 99');
refused('present', 'kpi', 'a mart of a later version', qr/mart kpi has format 99, and this version of lead_kpi knows no format after \d/, qr/HINT:  Install the version that made it/);
$node->safe_psql('present', q{UPDATE kpi.rule SET mart_format = 1; ALTER TABLE kpi.rule DROP CONSTRAINT rule_language_check; UPDATE kpi.rule SET language = 'de'});
refused('present', 'kpi', 'a setting that is not allowed any more', qr/kpi\.rule has a value that the present format does not allow/, qr/rule_language_check.*HINT:  Change it/s);
$node->safe_psql('present', q{UPDATE kpi.rule SET language = 'en'});
foreach my $taken (
	[ 'DROP VIEW kpi.icp_fit CASCADE; CREATE VIEW kpi.icp_fit AS SELECT 1 AS mine', 'DROP VIEW kpi.icp_fit', qr/view kpi\.icp_fit is not what create_mart makes/ ],
	[ 'DROP VIEW kpi.icp_fit CASCADE; CREATE TABLE kpi.icp_fit (mine int)', 'DROP TABLE kpi.icp_fit', qr/table kpi\.icp_fit is not what/ ],
	[ 'DROP TABLE kpi.target CASCADE; CREATE TABLE kpi.target (id int, goal text)', 'DROP TABLE kpi.target', qr/table kpi\.target is not what/ ],
	[ 'DROP TABLE kpi.target CASCADE; CREATE SEQUENCE kpi.target', 'DROP SEQUENCE kpi.target', qr/sequence kpi\.target is not what/ ],
	[ "ALTER TABLE kpi.rule DROP COLUMN $last CASCADE, ADD COLUMN $last float4", "ALTER TABLE kpi.rule DROP COLUMN $last", qr/column kpi\.rule\.$last is real, not/ ])
{
	my ($take, $release, $why) = @$taken;

	$node->safe_psql('present', "SET ROLE kpi_owner; $take");
	refused('present', 'kpi', $take, $why, qr/HINT:  .*RENAME/);
	($status, $err) = as_role('kpi_owner', 'present', "$release; SELECT lead_kpi.upgrade_mart('kpi')");
	is($status, 0, "$release: and it can be upgraded") or diag($err);
	is(differences('present', 'kpi', 'fresh'), '', 'and is complete');
}
$node->safe_psql('postgres', 'REVOKE CREATE ON DATABASE present FROM kpi_owner');
refused('present', 'kpi', 'no CREATE on the database', qr/kpi_owner/, qr/HINT:  Have its owner run: GRANT CREATE ON DATABASE/);

$node->stop;
done_testing();
