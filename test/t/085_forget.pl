# forget_lead: the person is nowhere in the mart afterwards, and no KPI has changed; and whom rule.retention is for.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\njit = off\nmax_parallel_workers_per_gather = 0\ntimezone = UTC\nmax_locks_per_transaction = 512\n");
my $has_statements = -e (split /\n/, `pg_config --pkglibdir`)[0] . '/pg_stat_statements.so';
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'pg_stat_statements'") if $has_statements;
$node->start;

sub query { return $node->safe_psql('postgres', $_[0]); }

sub failure
{
	my ($sql) = @_;

	my ($status, $out, $err) = $node->psql('postgres', $sql);
	return $err;
}

query(<<'SQL');
CREATE EXTENSION lead_kpi;
SELECT lead_kpi.create_mart('kpi');
SELECT lead_kpi.generate_example('kpi', 150, 1);
UPDATE kpi.rule SET segments = '{industry,country}', gross_margin = 0.6, duplicate_key = 'email_or_phone', internal_domains = '{own.example}',
	observed_until = '2026-01-01';
-- One person by her address, her telephone and a merge; a company of one; who does not count, for each reason; a deal of two; words of one and of many.
INSERT INTO kpi.lead (lead_id, created_at, kind, channel, campaign, email, company, account, attributes, merged_into) VALUES
	(9001, '2025-03-01', 'form', 'email', NULL, 'Ada.Person+news@solo.example', 'Solo Person', 'solo', '{"phone": "+33 1 23 45 67 89", "industry": "law", "note": "allergic"}', NULL),
	(9002, '2025-03-11', 'form', 'email', NULL, 'ada.person@solo.example', 'solo person ', 'solo', NULL, NULL),
	(9003, '2025-03-21', 'form', 'direct', NULL, NULL, NULL, NULL, '{"phone": "+33123456789"}', NULL),
	(9004, '2025-06-21', 'form', 'direct', NULL, 'ada@other.example', NULL, NULL, NULL, 9002),
	(9005, '2025-04-01', 'form', 'email', NULL, 'secret.agent.test@plant.example', NULL, NULL, NULL, NULL),
	(9006, '2025-04-01', 'form', 'email', NULL, 'colleague@own.example', 'Us', NULL, NULL, NULL),
	(9007, '2025-04-01', 'form', 'email', NULL, 'crawler@net.example', NULL, NULL, '{"user_agent": "Mozilla/5.0 (ada-machine; Googlebot/2.1)"}', NULL),
	(9008, '2025-04-02', 'form', 'email', NULL, 'grace.person@gmail.com', 'Both Ltd', 'both', '{"country": "FR"}', NULL),
	(9009, '2025-04-03', 'form', 'email', NULL, 'kept.person@gmail.com', 'both ltd', 'both', '{"country": "FR"}', NULL);
INSERT INTO kpi.stage_event (lead_id, stage, entered_at, reason) VALUES (9001, 'mql', '2025-03-02', 'said she is allergic'), (9002, 'sal', '2025-03-12', 'fits'),
	(9009, 'mql', '2025-04-05', 'fits'), (9008, 'mql', '2025-04-05', 'fits');
INSERT INTO kpi.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, account) VALUES ('OPP-ADA', 9001, '2025-04-01', '2025-05-01', true, 7000, 'Solo Holding'),
	('OPP-BOTH', 9008, '2025-05-01', '2025-06-01', true, 900, 'both'), ('OPP-BOTH', 9009, '2025-05-01', '2025-06-01', true, 900, 'both');
INSERT INTO kpi.deal_change (deal_id, changed_at, stage, amount) VALUES ('OPP-ADA', '2025-04-02', 'offer', 6000), ('OPP-ADA', '2025-04-12', 'offer', 7000);
INSERT INTO kpi.touch (lead_id, touched_at, channel, kind) VALUES (9001, '2025-02-20', 'email', 'click'), (9003, '2025-03-20', 'direct', 'visit');
INSERT INTO kpi.activity (lead_id, activity_at, kind, outcome) VALUES (9001, '2025-03-02', 'call', 'sister answered'), (9002, '2025-03-12', 'call', 'no answer');
ANALYZE;
-- What a view shows, but for what names a person.
CREATE TABLE seen (moment text, relation name, rows text[]);
CREATE FUNCTION look(moment text, filter text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	item record;
	content text[];
BEGIN
	FOR item IN
		SELECT c.oid::regclass AS name, c.relname, string_agg(format('r.%I', a.attname), ', ' ORDER BY a.attnum) AS columns
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attname NOT IN ('lead_id', 'record_id', 'merged_into', 'duplicate_of', 'same_as', 'survivor',
			'deal_id', 'email', 'company', 'account', 'attributes', 'duplicate_key', 'second_key', 'value', 'examples', 'reason', 'outcome', 'item_id', 'accounts_named')
		WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'v' AND c.relname ~ filter
		GROUP BY c.oid, c.relname
	LOOP
		EXECUTE format('SELECT array_agg(ROW(%s)::text ORDER BY ROW(%1$s)::text COLLATE "C") FROM %s r', item.columns, item.name) INTO content;
		INSERT INTO seen VALUES (moment, item.relname, content);
	END LOOP;
END
$$;
CREATE FUNCTION changes(OUT relation name, OUT before text, OUT after text) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT b.relation, (SELECT r FROM unnest(b.rows) r WHERE r <> ALL (a.rows) LIMIT 1), (SELECT r FROM unnest(a.rows) r WHERE r <> ALL (b.rows) LIMIT 1)
	FROM seen b JOIN seen a USING (relation) WHERE b.moment = 'before' AND a.moment = 'after' AND b.rows IS DISTINCT FROM a.rows
$$;
-- Whether something is written anywhere in the mart, and in what is stored of it.
CREATE FUNCTION places(pattern text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	item regclass;
BEGIN
	FOR item IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^kpi' AND c.relkind = 'r' AND c.relname NOT IN ('rule', 'layer') LOOP
		RETURN QUERY EXECUTE format('SELECT %L || '': '' || r::text FROM %s r WHERE r::text ~* $1', item, item) USING pattern;
	END LOOP;
END
$$;
CREATE VIEW columns_of_leads AS SELECT c.oid::regclass AS name, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname ~ '^kpi' AND c.relkind = 'r' AND a.atttypid = 'bigint'::regtype AND a.attname ~ '(_id|_as|_of|_into|survivor)$';
CREATE FUNCTION ids(id bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	FOR item IN SELECT * FROM columns_of_leads LOOP
		RETURN QUERY EXECUTE format('SELECT %L || '' '' || r::text FROM %s r WHERE %I = $1', item.name || '.' || item.attname, item.name, item.attname) USING id;
	END LOOP;
END
$$;
SELECT lead_kpi.store_mart('kpi');
SQL

is(query('SELECT string_agg(concat_ws(\' \', lead_id, excluded_reason, duplicate_of), \', \' ORDER BY lead_id) FROM kpi.counted_lead WHERE lead_id > 9000'),
	'9001, 9002 duplicate 9001, 9003 duplicate 9001, 9004 merged 9001, 9005 test, 9006 internal, 9007 bot, 9008, 9009', 'who is who');
cmp_ok(query(q{SELECT count(*) FROM places('solo|\mada|allergic|OPP-ADA')}), '>', 20, 'a person is in many places');
query(q{SELECT look('before')});
my $counts = query('SELECT count(*) FROM seen WHERE rows IS NOT NULL');
cmp_ok($counts, '>', 90, "$counts views with rows are compared");

is(query(q{SELECT lead_kpi.forget_lead('kpi', 9002)}), '4', 'one of her leads takes all four along');
is(query(q{SELECT string_agg(lead_kpi.forget_lead('kpi', id)::text, ',') FROM unnest('{9005,9006,9007,9008}'::bigint[]) id}), '1,1,1,1', 'and the others');
query(q{SELECT look('after')});
is(query('SELECT * FROM changes()'), '', 'no view has changed but for who it is');
is(query(q{SELECT * FROM places('solo|\mada|allergic|sister|OPP-ADA|33123456789|secret.agent|plant|crawler|machine|colleague@own|grace')}), '', 'nothing names her in any table');
is(query(q{SELECT i FROM unnest('{9001,9002,9003,9004,9005,9006,9007,9008}'::bigint[]) id, ids(id) i}), '', 'no id is left in any table');
is(query(q{SELECT string_agg(concat_ws(' ', email, company, account, attributes), ', ' ORDER BY lead_id) FROM kpi.lead WHERE lead_id = 9009}), 'kept.person@gmail.com both ltd both {"country": "FR"}', 'who stays has everything');
is(query(q{SELECT string_agg(concat_ws(' ', company, account, attributes), ', ') FROM kpi.lead WHERE account = 'both' AND lead_id < 0}), 'Both Ltd both {"country": "FR"}',
	'what names the company of somebody else, and a segment, stays');
is(query(q{SELECT string_agg(DISTINCT deal_id, ',') FROM kpi.deal WHERE account = 'both'}), 'OPP-BOTH', 'and the deal of somebody else');
is(query(q{SELECT string_agg(coalesce(reason, 'NULL'), ',' ORDER BY reason, entered_at) FROM kpi.stage_event WHERE lead_id < 0}), 'fits,fits,NULL', 'words of a list stay, what was written about her goes');
is(query(q{SELECT string_agg(email, ' ' ORDER BY email) FROM kpi.lead WHERE lead_id < 0 AND email NOT LIKE 'forgotten-%'}), '.test@', 'of a test the part that says so');
is(query(q{SELECT bool_and(lead_kpi.is_forgotten(lead_id::text)) FROM kpi.lead WHERE lead_id < 0}) . query(q{SELECT bool_or(lead_kpi.is_forgotten(lead_id::text)) FROM kpi.lead WHERE lead_id > 0}),
	'tf', 'is_forgotten tells them');
is(query(q{SELECT lead_kpi.forget_lead('kpi', 9002) + lead_kpi.forget_lead('kpi', '9001') + lead_kpi.forget_lead('kpi', NULL::bigint)}), '0', 'who is not there is no error');
is(query(q{SELECT lead_kpi.forget_lead('kpi', min(lead_id)) FROM kpi.lead}), '0', 'nor who is forgotten');
# What doc/dba.md says of pg_stat_statements.
SKIP:
{
	skip 'pg_stat_statements is not installed', 2 if !$has_statements;
	query(q{CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset(); SELECT lead_kpi.refresh_mart('kpi')});
	is(query(q{SELECT count(*) FROM pg_stat_statements WHERE query ~ 'refresh_mart|kpi_stored'}), '1', 'a refresh is one statement');
	query(q{SET pg_stat_statements.track = 'all'; SELECT lead_kpi.refresh_mart('kpi', true)});
	cmp_ok(query(q{SELECT count(*) FROM pg_stat_statements WHERE query ~ 'kpi_stored'}), '>', 100, 'or each of its steps');
}
# As a live mart has it, and for one who comes again.
query(q{SELECT lead_kpi.live_mart('kpi'); TRUNCATE seen; SELECT look('before', '^(funnel|lead_generated|unit_cost|funnel_by_segment|account_outcome)$')});
is(query(q{SELECT string_agg(excluded_reason, ',' ORDER BY excluded_reason) FROM kpi.counted_lead WHERE lead_id < 0}), 'bot,duplicate,duplicate,internal,merged,test', 'live they are judged as before');
query(q{INSERT INTO kpi.lead (lead_id, created_at, email) VALUES (9010, '2025-03-25', 'ada.person@solo.example')});
is(query('SELECT excluded_reason IS NULL FROM kpi.counted_lead WHERE lead_id = 9010'), 't', 'who comes again is new');
is(query(q{SELECT lead_kpi.forget_lead('kpi', 9010)}), '1', 'in a live mart');

# Other keys.
query(q{SELECT lead_kpi.create_mart('kpi_uuid', lead_key => 'uuid'); SELECT lead_kpi.create_mart('kpi_text', lead_key => 'text');
	INSERT INTO kpi_uuid.lead (lead_id, created_at, email) VALUES ('f0460e00-0000-4000-8000-000000000001', '2020-01-01', 'a@b.example');
	INSERT INTO kpi_uuid.touch (lead_id, touched_at) VALUES ('f0460e00-0000-4000-8000-000000000001', '2020-01-01'), ('f0460e00-0000-4000-8000-000000000002', '2020-01-01');
	INSERT INTO kpi_text.lead (lead_id, created_at, email) VALUES ('L-1', '2020-01-01', 'a@b.example'); INSERT INTO kpi_text.activity (lead_id, activity_at) VALUES ('L-1', '2020-01-01')});
is(query(q{SELECT lead_kpi.forget_lead('kpi_uuid', 'f0460e00-0000-4000-8000-000000000001'::uuid), lead_kpi.forget_lead('kpi_uuid', 'f0460e00-0000-4000-8000-000000000002'), lead_kpi.forget_lead('kpi_text', 'L-1')}),
	'1|0|1', 'keys of other types');
is(query(q{SELECT bool_and(lead_kpi.is_forgotten(k)), count(DISTINCT k) FROM (SELECT lead_id::text FROM kpi_uuid.lead UNION ALL SELECT lead_id::text FROM kpi_uuid.touch UNION ALL
	SELECT lead_id FROM kpi_text.lead UNION ALL SELECT lead_id FROM kpi_text.activity) u(k)}), 't|3', 'in all tables the same, also without a lead');

# What is not the mart's, and who may.
query(q{CREATE TABLE crm_lead (LIKE kpi.lead); INSERT INTO crm_lead (lead_id, created_at) VALUES (1, '2025-01-01'); SELECT lead_kpi.create_mart('kpi_mapped', 'crm_lead');
	INSERT INTO kpi_mapped.touch (lead_id, touched_at) VALUES (1, '2025-01-01'); CREATE ROLE other; GRANT USAGE ON SCHEMA kpi TO other; GRANT ALL ON ALL TABLES IN SCHEMA kpi TO other});
like(failure(q{SELECT lead_kpi.forget_lead('kpi_mapped', 1)}), qr/the lead is in mapped relations of mart kpi_mapped: lead.*HINT:  Erase it first where these relations come from/s, 'a mapped relation is refused');
is(query(q{DELETE FROM crm_lead; SELECT lead_kpi.forget_lead('kpi_mapped', 1); SELECT lead_kpi.is_forgotten(lead_id::text) FROM kpi_mapped.touch}), "0\nt", 'once it is erased there the rest is forgotten here');
like(failure(q{SET ROLE other; SELECT lead_kpi.forget_lead('kpi', 1)}), qr/role other is not the owner of mart kpi/, 'only the owner forgets');
like(failure(q{SELECT lead_kpi.forget_old_leads('kpi')}), qr/kpi\.rule\.retention is not stated.*3 years/s, 'a retention has to be stated');
like(failure(q{UPDATE kpi.rule SET retention = '-1 day'}), qr/rule_retention_check/, 'and lie ahead');

# What train_mart needs, as doc/dba.md has it.
query(q{CREATE ROLE trainer; GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO trainer; GRANT INSERT, DELETE ON kpi.learned_profile, kpi.learned_score, kpi.learned_choice TO trainer});
like(failure(q{SET ROLE trainer; SELECT lead_kpi.train_mart('kpi')}), qr/permission denied for schema kpi/, 'who trains needs USAGE');
query(q{GRANT USAGE ON SCHEMA kpi TO trainer});
is(failure(q{SET ROLE trainer; SELECT lead_kpi.train_mart('kpi')}), '', 'and no more than the page says');

# Three years from the last contact.
query(<<'SQL');
SELECT lead_kpi.create_mart('kept');
UPDATE kept.rule SET retention = '3 years';
INSERT INTO kept.activity_meaning VALUES ('dial', '', 'attempt'), ('talk', '', 'contact') ON CONFLICT DO NOTHING;
INSERT INTO kept.stage VALUES (7, 'gone', 'lost');
INSERT INTO kept.lead (lead_id, created_at, email) SELECT id, now() - interval '5 years', 'p' || id || '@x.example' FROM generate_series(1, 12) id;
UPDATE kept.lead SET created_at = now() - interval '2 years 11 months' WHERE lead_id = 1;
INSERT INTO kept.touch (lead_id, touched_at) VALUES (2, now() - interval '2 years'), (3, now() - interval '4 years'), (4, now() + interval '1 day');
INSERT INTO kept.activity (lead_id, activity_at, kind) VALUES (5, now() - interval '1 year', 'dial'), (6, now() - interval '1 year', 'talk');
INSERT INTO kept.stage_event (lead_id, stage, entered_at) VALUES (7, 'gone', now() - interval '1 year'), (8, 'mql', now() - interval '1 year');
INSERT INTO kept.deal (deal_id, lead_id, opened_at, closed_at, is_won) VALUES ('o', 9, now() - interval '4 years', NULL, NULL), ('w', 10, now() - interval '4 years', now() - interval '4 years', true),
	('l', 11, now() - interval '4 years', now() - interval '4 years', false);
INSERT INTO kept.lead (lead_id, created_at, merged_into) VALUES (13, now() - interval '1 year', 12);
SQL
is(query(q{SELECT string_agg(lead_id, ',' ORDER BY lead_id::integer) FROM lead_kpi.old_leads('kept')}), '3,4,5,7,11', 'who is silent: not who was heard of, has a deal open or won, or came again');
is(query(q{SELECT lead_kpi.forget_old_leads('kept'), lead_kpi.forget_old_leads('kept')}), '5|0', 'they are forgotten once');
is(query(q{SELECT string_agg(lead_id::text, ',' ORDER BY lead_id) FROM kept.lead WHERE lead_id > 0}), '1,2,6,8,9,10,12,13', 'and the others are not');

$node->stop;
done_testing();
