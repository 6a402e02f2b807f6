# The cards of examples/cards: each is answered for a role that may only read,
# on example data and on a mart without data, with types that every tool reads.
use strict;
use warnings;

use File::Basename;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @cards = sort glob "$FindBin::RealBin/../../examples/cards/*.sql";
my $node = PostgreSQL::Test::Cluster->new('cards');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "jit = off\n");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION lead_kpi;
	SELECT lead_kpi.create_mart('kpi'), lead_kpi.create_mart('empty');
	SELECT lead_kpi.generate_example('kpi', 5000);
	UPDATE kpi.rule SET scorecard = '{"fit": [{"name": "Director", "attribute": "job", "op": "=", "value": "director", "points": 30}],
		"engagement": [{"name": "Click", "event": "click", "points": 10, "half_life": "30 days"}], "grades": {"fit": {"A": 30, "B": 0}}, "hand_off": {"total": 30}}';
	CREATE ROLE bi LOGIN;
	GRANT USAGE ON SCHEMA kpi, empty TO bi;
	GRANT SELECT ON ALL TABLES IN SCHEMA kpi, empty TO bi;
	ALTER ROLE bi SET default_transaction_read_only = on;
});

# As the report asks: one query in a mart's search_path.
sub ask
{
	my ($mart, $query) = @_;
	my ($out, $err) = ('', '');
	my $status = $node->psql('postgres', "SET search_path = $mart, lead_kpi, pg_catalog;\n$query", stdout => \$out, stderr => \$err,
		connstr => $node->connstr('postgres') . ' user=bi');
	return ($status, $out, $err);
}

cmp_ok(scalar @cards, '>', 8, 'there are cards');
foreach my $file (@cards)
{
	my $name = basename($file, '.sql');
	my $sql = slurp_file($file);
	my %said = $sql =~ /^-- ([a-z.]+): (.+)$/mg;

	foreach my $field ('section', 'view', 'draw', 'unit', 'question.en', 'question.fr', 'name.en', 'name.fr')
	{
		ok(defined $said{$field}, "$name says its $field");
	}
	my ($status, $out, $err) = ask('kpi', $sql);
	is($err, '', "$name: a role that may only read is answered");
	isnt($out, '', "$name: with rows");
	($status, $out, $err) = ask('empty', $sql);
	is($err, '', "$name: a mart without data is no error");
	(my $query = $sql) =~ s/;\s*\z//;
	($status, $out, $err) = ask('kpi', "$query\n\\gdesc");
	my @opaque = grep { !/\|(integer|bigint|double precision|numeric|text|boolean|date|timestamp with time zone)$/ } split /\n/, $out;
	is("@opaque", '', "$name: plain types");
	like(($node->safe_psql('postgres', "SELECT count(*) FROM pg_class WHERE oid = to_regclass('kpi.$said{view}') AND relkind = 'v'"))[0], qr/^1$/, "$name names its view");
}

# The ten questions for psql: each is answered, of data and of none, and rounded as a person writes.
foreach my $file (sort glob "$FindBin::RealBin/../../examples/questions/*.sql")
{
	foreach my $mart ('kpi', 'empty')
	{
		my ($out, $err) = run_command([ 'psql', '-X', '-v', 'ON_ERROR_STOP=1', '-v', "mart=$mart", '-d', $node->connstr('postgres') . ' user=bi', '-f', $file ]);
		is($err, '', basename($file) . " is answered in $mart");
		unlike($out, qr/\d\.\d{4}/, 'in numbers that can be read');
		like($out, qr/\([1-9]\d* rows?\)/, 'with rows') if $mart eq 'kpi';
	}
}

$node->stop;
done_testing();
