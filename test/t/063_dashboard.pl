# What examples/dashboard reads is answered for a role that may only read, on example data and on a mart without data, with types that
# every tool reads. The pages themselves are tested in a browser by ./run dashboard --check.
use strict;
use warnings;

use File::Basename;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @sources = sort glob "$FindBin::RealBin/../../examples/dashboard/sources/kpi/*.sql";
my $node = PostgreSQL::Test::Cluster->new('dashboard');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "jit = off\n");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION lead_kpi;
	SELECT lead_kpi.create_mart('kpi'), lead_kpi.create_mart('empty');
	SELECT lead_kpi.generate_example('kpi', 3000);
	CREATE ROLE dashboard LOGIN;
	GRANT USAGE ON SCHEMA kpi, empty TO dashboard;
	GRANT SELECT ON ALL TABLES IN SCHEMA kpi, empty TO dashboard;
	ALTER ROLE dashboard SET default_transaction_read_only = on;
});

sub ask
{
	my ($mart, $query) = @_;
	my ($out, $err) = ('', '');
	my $status = $node->psql('postgres', "SET search_path = $mart, lead_kpi;\n$query", stdout => \$out, stderr => \$err,
		connstr => $node->connstr('postgres') . ' user=dashboard');
	return ($out, $err);
}

cmp_ok(scalar @sources, '>', 5, 'there are sources');
foreach my $file (@sources)
{
	my $name = basename($file, '.sql');
	my $sql = slurp_file($file);
	my ($out, $err) = ask('kpi', "$sql;");

	is($err, '', "$name: a role that may only read is answered");
	isnt($out, '', "$name: with rows");
	($out, $err) = ask('empty', "$sql;");
	is($err, '', "$name: a mart without data is no error");
	# Evidence counts the rows of a query by putting it into another one.
	($out, $err) = ask('kpi', "WITH root AS ($sql) SELECT count(*) FROM root;");
	is($err, '', "$name: a query that can stand inside another one");
	($out, $err) = ask('kpi', "$sql\n\\gdesc");
	my @opaque = grep { !/\|(integer|bigint|double precision|numeric|text|boolean|date|timestamp with time zone)$/ } split /\n/, $out;
	is("@opaque", '', "$name: plain types");
}

# A filter's funnel is a sum of kpi_day's columns: with nothing chosen it is the funnel.
is($node->safe_psql('postgres', q{SELECT count(*) FROM kpi.funnel f JOIN kpi.stage s USING (stage)
	CROSS JOIN (SELECT sum(leads) AS lead, sum(mql) AS mql, sum(sal) AS sal, sum(sql) AS sql, sum(opportunities) AS opportunity, sum(won) AS won FROM kpi.kpi_day) d
	WHERE f.leads IS DISTINCT FROM (to_jsonb(d) ->> s.role)::bigint}), '0', 'kpi_day sums to the funnel');

# A segment's values sum to the funnel, too.
is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT segment, stage, sum(leads) AS leads FROM kpi.funnel_by_segment GROUP BY 1, 2) s JOIN kpi.funnel f USING (stage)
	WHERE s.leads IS DISTINCT FROM f.leads}), '0', 'each segment sums to the funnel');

# A wrong step is told in one sentence, before anything is installed and built.
$node->safe_psql('postgres', 'CREATE ROLE nobody LOGIN; CREATE DATABASE plain');
for my $step ([ qr/^run: cannot read the database "nowhere": .*does not exist$/, '--dbname', 'nowhere' ], [ qr/has no extension lead_kpi: CREATE EXTENSION/, '--dbname', 'plain' ],
	[ qr/has no mart "other": name another with --mart/, '--dbname', 'postgres', '--mart', 'other' ],
	[ qr/the role "nobody" may not read the mart "kpi"/, '--dbname', 'postgres user=nobody' ], [ qr/^run: --mart other needs --dbname/, '--mart', 'other' ],
	[ qr/from 1 to 65535, not 70000/, '--port', '70000' ], [ qr/^run: --port takes a number, not x/, '--port', 'x' ], [ qr/^run: --dbname needs a value/, '--dbname' ],
	[ qr/^run: unknown: --filter/, '--filter' ])
{
	my ($message, @arguments) = @$step;
	$arguments[1] = "dbname=$arguments[1]" if ($arguments[1] // '') =~ /=/;
	$node->command_fails_like([ "$FindBin::RealBin/../../run", 'dashboard', @arguments ], $message, "./run dashboard @arguments");
}

$node->stop;
done_testing();
