# Who may read what of a stored mart: never more than of a live one. Who may write needs no right on the notes, and who
# may create in the database gains nothing by a mart that is stored.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1, extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\njit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\nstatement_timeout = '10min'\n");
$node->start;

sub query { return $node->safe_psql('postgres', $_[0]); }

# What a role is told, or which error.
sub as_role
{
	my ($role, $sql) = @_;

	local $ENV{PGUSER} = $role;
	my ($status, $out, $err) = $node->psql('postgres', $sql, on_error_stop => 1);
	return ($status, $out, $err);
}

my @roles = qw(boss member everything views_only some_relations some_columns guarded writer);

$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION lead_kpi;
CREATE ROLE boss LOGIN;
CREATE ROLE member LOGIN IN ROLE boss;
CREATE ROLE everything LOGIN;
CREATE ROLE views_only LOGIN;
CREATE ROLE some_relations LOGIN;
CREATE ROLE some_columns LOGIN;
CREATE ROLE guarded LOGIN;
CREATE ROLE writer LOGIN;
CREATE ROLE attacker LOGIN;
CREATE ROLE supplier LOGIN;
GRANT CREATE ON DATABASE postgres TO boss, attacker;
GRANT CREATE ON SCHEMA public TO attacker, boss;
CREATE SCHEMA crm AUTHORIZATION supplier;
SET ROLE supplier;
CREATE TABLE crm.lead (lead_id bigint, created_at timestamptz, kind text, channel text, campaign text, email text, company text, attributes jsonb, updated_at timestamptz DEFAULT now());
CREATE TABLE crm.stage_event (lead_id bigint, stage text, entered_at timestamptz);
GRANT USAGE ON SCHEMA crm TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO boss;
INSERT INTO crm.lead (lead_id, created_at, kind, channel, email) SELECT g, timestamptz '2025-01-01' + g * interval '9 hours', 'form', 'secret ' || g % 3, 'p' || g % 30 || '@firm.example' FROM generate_series(1, 40) g;
INSERT INTO crm.stage_event SELECT g, 'mql', timestamptz '2025-01-03' + g * interval '9 hours' FROM generate_series(1, 40, 2) g;
RESET ROLE;
SET ROLE boss;
SELECT lead_kpi.create_mart('own');
INSERT INTO own.lead (lead_id, created_at, kind, channel, email) SELECT lead_id, created_at, kind, channel, email FROM crm.lead;
INSERT INTO own.stage_event (lead_id, stage, entered_at) SELECT * FROM crm.stage_event;
INSERT INTO own.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT g, g, '2025-02-01', '2025-03-01', true, g * 10 FROM generate_series(1, 40, 5) g;
INSERT INTO own.spend (spent_on, channel, amount) VALUES ('2025-01-10', 'secret 1', 100);
INSERT INTO own.touch (lead_id, touched_at, channel) SELECT lead_id, created_at, channel FROM own.lead;
SELECT lead_kpi.create_mart('mapped', lead => 'crm.lead', stage_event => 'crm.stage_event');
-- The views of live marts over the same relations.
CREATE SCHEMA own_check;
SELECT lead_kpi.mart_views('own_check');
ALTER SCHEMA own_check RENAME TO own_live;
CREATE SCHEMA mapped_check;
SELECT lead_kpi.mart_views('mapped_check');
ALTER SCHEMA mapped_check RENAME TO mapped_live;
GRANT USAGE ON SCHEMA own, mapped, own_live, mapped_live TO everything, views_only, some_relations, some_columns, guarded, writer;
GRANT SELECT ON ALL TABLES IN SCHEMA own, mapped, own_live, mapped_live TO everything, guarded;
GRANT INSERT, UPDATE, DELETE, SELECT ON own.lead, own.stage_event, own.deal TO writer;
DO $$
DECLARE
	item record;
BEGIN
	FOR item IN SELECT c.oid::regclass AS name, c.relname, c.relkind FROM pg_class c WHERE c.relnamespace IN ('own'::regnamespace, 'mapped'::regnamespace, 'own_live'::regnamespace, 'mapped_live'::regnamespace) AND c.relkind IN ('r', 'v') LOOP
		IF item.relkind = 'v' THEN
			EXECUTE format('GRANT SELECT ON %s TO views_only, some_relations, some_columns, writer', item.name);
		ELSIF item.relname NOT IN ('lead', 'deal') THEN
			EXECUTE format('GRANT SELECT ON %s TO some_relations, some_columns', item.name);
		END IF;
	END LOOP;
END
$$;
GRANT SELECT (lead_id, created_at) ON own.lead TO some_columns;
GRANT SELECT (deal_id, lead_id) ON own.deal TO some_columns;
RESET ROLE;
SET ROLE supplier;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO everything, guarded, member;
GRANT SELECT ON crm.stage_event TO some_relations;
GRANT SELECT (lead_id, created_at) ON crm.lead TO some_columns;
RESET ROLE;
CREATE TABLE seen (form text, mart name, role name, relation name, error text, content text);
CREATE FUNCTION look(form text, mart name, roles name[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	role name;
	item record;
	content text;
	error text;
BEGIN
	FOREACH role IN ARRAY roles LOOP
		FOR item IN SELECT c.oid::regclass AS name, c.relname FROM pg_class c
			WHERE c.relnamespace = (CASE form WHEN 'live' THEN mart || '_live' ELSE mart END)::regnamespace AND c.relkind = 'v' AND c.relname ~ '^(judged_lead|lead_record|lead_event|lead_outcome|counted_lead|counted_deal|funnel|funnel_by_month|spelling|touch_spelling|lead_generated|data_quality|data_span|counted_spend|currency_worth|inferred_stage|attribution|observation|journey_event|kpi_day|lead_check|unit_cost|period_change|open_episode|segment_revenue|funnel_by_segment|cohort_conversion)$' LOOP
			BEGIN
				EXECUTE format('SET LOCAL ROLE %I', role);
				EXECUTE format('SELECT coalesce(string_agg(r::text, E''\n'' ORDER BY r::text), '''') FROM %s r', item.name) INTO content;
				error := NULL;
			EXCEPTION WHEN OTHERS THEN
				error := SQLSTATE || ' ' || SQLERRM;
				content := NULL;
			END;
			RESET ROLE;
			INSERT INTO public.seen VALUES (form, mart, role, item.relname, error, content);
		END LOOP;
	END LOOP;
END
$$;
SQL

# Rows that somebody sees in the stored mart and not in the live one.
sub sees_more
{
	my ($roles) = @_;

	return query(qq{SELECT string_agg(format('%s %s.%s: live %s, stored %s', s.role, s.mart, s.relation, coalesce(l.error, left(l.content, 100)), left(s.content, 100)), E'\\n')
		FROM seen s JOIN seen l USING (mart, role, relation)
		WHERE s.form = 'stored' AND l.form = 'live' AND s.error IS NULL AND (l.error IS NOT NULL OR l.content <> s.content)});
}

my $names = "'{" . join(',', @roles) . "}'";
foreach my $mart ('own', 'mapped')
{
	query("SELECT look('live', '$mart', $names)");
	my ($status, $out, $err) = as_role('boss', "SELECT lead_kpi.store_mart('$mart')");
	is($status, 0, "the owner stores $mart") or diag($err);
	query("SELECT look('stored', '$mart', $names)");
}
is(sees_more(), '', 'nobody sees more of a stored mart than of a live one');
is(query(q{SELECT string_agg(DISTINCT concat_ws(' ', s.role, s.mart, s.relation, s.error), E'\n') FROM seen s JOIN seen l USING (mart, role, relation)
	WHERE s.form = 'stored' AND l.form = 'live' AND s.error IS NOT NULL AND l.error IS NULL AND s.role IN ('boss', 'member', 'everything', 'guarded')}), '',
	'who could read all of it can');
cmp_ok(query(q{SELECT count(*) FROM seen WHERE form = 'stored' AND error IS NOT NULL AND role = 'views_only'}), '>', 30, 'the views alone are not enough, as before');

# Nobody reads what is stored past the views.
foreach my $role (qw(everything views_only some_relations some_columns guarded writer attacker))
{
	foreach my $what ('own_stored.lead_fact', 'own_stored.lead_generated', 'own_stored.change', 'own_refresh.lead', 'own_changed.lead_fact', 'mapped_stored.compared')
	{
		my ($status, $out, $err) = as_role($role, "SELECT count(*) FROM $what");
		like($err, qr/permission denied/, "$role cannot read $what");
	}
}

# Row security on each relation, own and mapped.
my %guarded = (own => [qw(own.lead own.stage_event own.deal own.touch own.spend own.volume own.rule own.stage)], mapped => [qw(crm.lead crm.stage_event)]);
foreach my $mart (sort keys %guarded)
{
	foreach my $table (@{ $guarded{$mart} })
	{
		query("TRUNCATE seen; ALTER TABLE $table ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON $table FOR SELECT TO guarded USING (ctid < '(0,3)')");
		query("SELECT look(form, '$mart', '{guarded,boss}') FROM unnest('{stored,live}'::text[]) form");
		is(sees_more('row security'), '', "row security on $table: nothing more is seen");
		# The owner of the mart is not that of crm, and no policy is for him.
		my ($status, $out, $err) = as_role('boss', "SELECT lead_kpi.refresh_mart('$mart')");
		if ($table =~ /^crm/) { like($err, qr/row-level security|row security/, 'who does not see all rows cannot store them'); }
		else { is($status, 0, 'the owner refreshes') or diag($err); }
		query("DROP POLICY few ON $table; ALTER TABLE $table DISABLE ROW LEVEL SECURITY");
	}
}

# Operators of a reader are not tried on what is stored, neither by the planner nor before the question who reads.
query("ALTER TABLE own.lead ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON own.lead FOR SELECT TO attacker USING (lead_id < 2)");
query("GRANT USAGE ON SCHEMA own TO attacker; GRANT SELECT ON ALL TABLES IN SCHEMA own TO attacker; ANALYZE");
as_role('attacker', q{CREATE FUNCTION public.tell(text, text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0001 AS $$ BEGIN RAISE WARNING 'saw %', $1; RETURN true; END $$;
	CREATE OPERATOR public.~~~ (FUNCTION = public.tell, LEFTARG = text, RIGHTARG = text, RESTRICT = eqsel)});
foreach my $view (qw(judged_lead lead_generated counted_lead funnel_event lead_outcome spelling))
{
	my $column = $view eq 'spelling' ? 'name' : 'channel';
	foreach my $how ('EXPLAIN ', '')
	{
		my ($status, $out, $err) = as_role('attacker', "$how SELECT * FROM own.$view WHERE $column OPERATOR(public.~~~) 'x'");
		unlike($err, qr/saw secret/, "an operator of a reader sees nothing of $view" . ($how ? ' when it is planned' : ''));
	}
}
query("DROP POLICY few ON own.lead; ALTER TABLE own.lead DISABLE ROW LEVEL SECURITY");

# Who may write needs nothing else.
my ($status, $out, $err) = as_role('writer', q{INSERT INTO own.lead (lead_id, created_at, channel) VALUES (100, '2025-02-02', 'written'); UPDATE own.stage_event SET entered_at = entered_at + interval '1 hour';
	DELETE FROM own.deal WHERE lead_id = 6});
is($status, 0, 'a writer without a right on the notes writes') or diag($err);
($status, $out, $err) = as_role('writer', q{SELECT lead_kpi.refresh_mart('own')});
like($err, qr/role writer is not the owner of mart own/, 'and may not refresh');
($status, $out, $err) = as_role('member', q{SELECT lead_kpi.refresh_mart('own')});
is($status, 0, 'a member of the owner may') or diag($err);
is((as_role('everything', q{SELECT count(*) FROM own.counted_lead WHERE channel = 'written'}))[1], '1', 'what was written is there');
is((as_role('boss', q{SELECT count(*) FROM lead_kpi.check_mart('own') WHERE stored_only + live_only > 0}))[1], '0', 'and all is right');
is((as_role('boss', q{SELECT lead_kpi.refresh_mart('mapped'); SELECT count(*) FROM lead_kpi.check_mart('mapped') WHERE stored_only + live_only > 0}))[1], "\n0", 'also what is mapped');

# The trigger's function makes nobody's notes on another's table.
($status, $out, $err) = as_role('attacker', q{CREATE TABLE public.mine (lead_id bigint); CREATE TRIGGER t AFTER TRUNCATE ON public.mine EXECUTE FUNCTION own_stored.note_lead()});
like($err, qr/permission denied/, 'nobody else makes triggers of the function that notes');

# Schemas that another made before.
query('CREATE SCHEMA planted AUTHORIZATION attacker');
as_role('boss', q{SELECT lead_kpi.create_mart('next')});
foreach my $schema ('next_stored', 'next_refresh', 'next_changed')
{
	as_role('attacker', "CREATE SCHEMA $schema; GRANT ALL ON SCHEMA $schema TO PUBLIC");
	($status, $out, $err) = as_role('boss', q{SELECT lead_kpi.store_mart('next')});
	like($err, qr/schema "?$schema"? exists already/, "$schema of another is not taken");
	query("DROP SCHEMA $schema CASCADE");
}
as_role('attacker', q{CREATE SCHEMA next_stored; CREATE TABLE next_stored.state (as_of timestamptz); GRANT ALL ON SCHEMA next_stored TO PUBLIC; GRANT ALL ON next_stored.state TO PUBLIC});
is((as_role('boss', q{SELECT is_stored FROM lead_kpi.mart_status('next')}))[1], 'f', 'a state that another made does not make a mart stored');
($status, $out, $err) = as_role('boss', q{SELECT lead_kpi.refresh_mart('next')});
like($err, qr/mart next is live/, 'it is not refreshed by what another planted');
query('DROP SCHEMA next_stored CASCADE');

# Functions and operators planted where the owner looks, with the caller's rights to win.
my $payload = q{BEGIN RAISE EXCEPTION 'planted code ran as %', current_user; END};
my $plants = '';
foreach my $function ('format(text, name, text) RETURNS text', 'format(text, name, name) RETURNS text', 'hashtextextended(text, integer) RETURNS bigint', 'to_regclass(name) RETURNS regclass',
	'md5(name) RETURNS text', 'count(bigint) RETURNS bigint', 'quote_ident(name) RETURNS text', 'now(integer) RETURNS timestamptz', 'coalesce_amount(numeric) RETURNS numeric')
{
	$plants .= "CREATE FUNCTION public.$function LANGUAGE plpgsql AS \$p\$ $payload \$p\$;\n";
}
foreach my $operator ('=', '<', '||', '<>')
{
	foreach my $types ('name, text', 'text, name', 'bigint, integer')
	{
		my ($left, $right) = split /, /, $types;
		$plants .= "CREATE OR REPLACE FUNCTION public.planted($left, $right) RETURNS boolean LANGUAGE plpgsql AS \$p\$ $payload \$p\$;\n"
		  . "CREATE OPERATOR public.$operator (FUNCTION = public.planted, LEFTARG = $left, RIGHTARG = $right);\n";
	}
}
($status, $out, $err) = as_role('attacker', $plants);
is($status, 0, 'planted') or diag($err);
($status, $out, $err) = as_role('boss', q{SET search_path = public, pg_catalog; SELECT lead_kpi.store_mart('next'); INSERT INTO next.lead (lead_id, created_at) VALUES (1, '2025-01-01');
	SELECT lead_kpi.refresh_mart('next'); SELECT count(*) FROM lead_kpi.check_mart('next'); SELECT lead_kpi.mart_status('next'); SELECT count(*) FROM next.counted_lead; SELECT lead_kpi.live_mart('next')});
is($status, 0, 'nothing planted is called');
unlike($err, qr/planted code ran/, 'by any of them');

# A superuser who refreshes or upgrades the mart of an attacker: what is planted there runs as the attacker only.
query('CREATE TABLE public.ran (who name); GRANT INSERT ON public.ran TO PUBLIC');
($status, $out, $err) = as_role('attacker', <<'SQL');
SELECT lead_kpi.create_mart('trap');
INSERT INTO trap.lead (lead_id, created_at, channel) VALUES (1, '2025-01-01', 'bait');
SELECT lead_kpi.store_mart('trap');
CREATE FUNCTION public.seize() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.ran VALUES (current_user);
	BEGIN EXECUTE 'RESET ROLE'; EXCEPTION WHEN OTHERS THEN NULL; END;
	BEGIN EXECUTE 'ALTER ROLE attacker SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
	RETURN true;
END $$;
DO $$ BEGIN EXECUTE format('CREATE OR REPLACE VIEW trap_refresh.spelling AS SELECT v.* FROM (%s) v WHERE public.seize()',
	rtrim(pg_get_viewdef('trap_refresh.spelling'), ';')); END $$;
CREATE TYPE public.bait AS (a integer);
CREATE FUNCTION public.taken(public.bait) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN PERFORM public.seize(); RETURN '{}'; END $$;
CREATE CAST (public.bait AS jsonb) WITH FUNCTION public.taken(public.bait) AS ASSIGNMENT;
ALTER TABLE trap_stored.state ALTER changed TYPE public.bait USING ROW(1)::public.bait;
SQL
is($status, 0, 'an attacker lays a trap in a mart of his') or diag($err);
query(q{SELECT lead_kpi.refresh_mart('trap')});
is(query('SELECT string_agg(DISTINCT who, \',\') FROM public.ran'), 'attacker', 'what is planted runs as the attacker when a superuser refreshes');
is(query(q{SELECT rolsuper FROM pg_roles WHERE rolname = 'attacker'}), 'f', 'and makes nobody a superuser');
query('TRUNCATE public.ran');
($status, $out, $err) = $node->psql('postgres', q{SELECT lead_kpi.upgrade_mart('trap')});
like($err, qr/mart trap was stored and is live now/, 'a superuser upgrades it');
is(query('SELECT count(*) FROM public.ran'), '0', 'and nothing planted is called');
is(query(q{SELECT rolsuper FROM pg_roles WHERE rolname = 'attacker'}), 'f', 'nor is anybody a superuser then');

# Who was found to be allowed is asked again in the same session once something changed: a right, a membership, row security, a name, the kind of role.
query(<<'SQL');
CREATE FUNCTION told(reader name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	told text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', reader);
	SELECT CASE WHEN count(*) > 0 THEN 'rows' ELSE 'nothing' END INTO told FROM own.funnel;
	RESET ROLE;
	RETURN told;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
SQL
query('ALTER ROLE views_only SUPERUSER');
foreach my $case (
	[ 'everything', 'REVOKE SELECT ON own.lead FROM everything', 'GRANT SELECT ON own.lead TO everything', qr/permission denied for own\.lead/ ],
	[ 'everything', 'ALTER TABLE own.deal ENABLE ROW LEVEL SECURITY', 'ALTER TABLE own.deal DISABLE ROW LEVEL SECURITY', qr/row security applies to everything on own\.deal/ ],
	[ 'everything', 'ALTER TABLE own.deal RENAME TO deal_2', 'ALTER TABLE own.deal_2 RENAME TO deal', qr/own\.deal does not exist/ ],
	[ 'member', 'REVOKE boss FROM member', 'GRANT boss TO member', qr/permission denied for/ ],
	[ 'views_only', 'ALTER ROLE views_only NOSUPERUSER', 'ALTER ROLE views_only SUPERUSER', qr/permission denied for/ ])
{
	my ($role, $change, $back, $error) = @$case;
	my $asked = "SELECT told('$role');";
	my @told = split /\n/, query("$asked $asked $change; $asked $back; $asked $change; $asked $back");

	# Twice: the second answer is the one that was remembered.
	is("@told[0, 1, 3]", 'rows rows rows', "$role may read");
	like($told[2], $error, "no longer after $change");
	like($told[4], $error, 'nor again');
}
query('ALTER ROLE views_only NOSUPERUSER');

# What is found under an old snapshot, which does not show the change yet, is not remembered for the next one.
my $other = sprintf q{\! psql -X -q -d "%s" -U %s -c "SET lock_timeout = '20s'" -c "%s"}, $node->connstr('postgres'), $ENV{PGUSER} // scalar(getpwuid $<), 'ALTER TABLE own.deal ENABLE ROW LEVEL SECURITY';
my ($told, $refused) = (as_role('everything', qq{BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) > 0 FROM own.funnel;\n$other\nSELECT count(*) > 0 FROM own.funnel;\nCOMMIT;\nSELECT count(*) FROM own.funnel;}))[1, 2];
is($told, "t\nt", 'a transaction that began before row security sees what was there');
like($refused, qr/row security applies to everything on own\.deal/, 'and the next one nothing');
query('ALTER TABLE own.deal DISABLE ROW LEVEL SECURITY');

# Default privileges do not open what is stored.
as_role('boss', q{ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO guarded; ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO guarded, PUBLIC;
	SELECT lead_kpi.create_mart('open'); INSERT INTO open.lead (lead_id, created_at) VALUES (1, '2025-01-01'); SELECT lead_kpi.store_mart('open')});
is((as_role('guarded', 'SELECT count(*) FROM open.counted_lead'))[1], '1', 'default privileges give the views of a stored mart');
foreach my $relation ('open_stored.lead_fact', 'open_stored.spelling', 'open_refresh.spelling')
{
	($status, $out, $err) = as_role('guarded', "SELECT * FROM $relation");
	like($err, qr/permission denied for schema/, "and not $relation, which asks nobody");
}

# A relation under another name tells nobody who may read it.
query('ALTER TABLE open.deal RENAME TO deal_2');
($status, $out, $err) = as_role('guarded', 'SELECT * FROM open.lead_outcome');
like($err, qr/open\.deal does not exist, and nobody can tell who may read it/, 'a relation that is gone opens nothing');

# A view that asks who reads it, in the one word that is no function.
as_role('boss', q{CREATE VIEW public.my_lead AS SELECT *, NULL::text AS company_2 FROM own.lead WHERE USER <> owner; CREATE VIEW public.user_lead AS SELECT l.*, kind AS "user" FROM own.lead l;
	SELECT lead_kpi.create_mart('mine', lead => 'public.my_lead'); SELECT lead_kpi.create_mart('column', lead => 'public.user_lead')});
($status, $out, $err) = as_role('boss', q{SELECT lead_kpi.store_mart('mine')});
like($err, qr/what it reads may depend on who reads it/, 'USER is seen');
($status, $out, $err) = as_role('boss', q{SELECT lead_kpi.store_mart('column')});
is($status, 0, 'a column of that name is none') or diag($err);

# A standby reads, and says why it cannot refresh.
$node->backup('first');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'first', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('postgres', 'SELECT count(*) FROM own.counted_lead'), query('SELECT count(*) FROM own.counted_lead'), 'a standby shows what is stored');
foreach my $function ('refresh_mart', 'store_mart', 'live_mart', 'check_mart')
{
	local $ENV{PGUSER} = 'boss';
	my ($status, $out, $err) = $standby->psql('postgres', "SELECT lead_kpi.$function('own')");
	like($err, qr/$function cannot run on a standby/, "$function says that it cannot run on a standby");
}
$standby->stop;

$node->stop;
done_testing();
