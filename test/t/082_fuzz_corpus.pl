# Everything that reads bytes, given those that ./run fuzz found worth keeping:
# what it accepts keeps its promises (test/fuzz/lead_kpi_fuzz.c says which), and
# what it refuses is refused with an error that is meant.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $folder = "$FindBin::RealBin/../fuzz";
my $node = PostgreSQL::Test::Cluster->new('fuzz_corpus');

$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\njit = off\ntimezone = UTC\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');
my ($missing) = $node->psql('postgres', q(CREATE FUNCTION loads(text, regprocedure, regprocedure[], text[], bytea) RETURNS text LANGUAGE C AS 'lead_kpi_fuzz', 'fuzz_input'));
plan skip_all => 'the module lead_kpi_fuzz of test/fuzz is not installed' if $missing;
$node->safe_psql('postgres', slurp_file("$folder/targets.sql"));
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE corpus (target text REFERENCES fuzz_target, input bytea);

-- The SQLSTATE of an answer, or what is wrong.
CREATE FUNCTION try_input(kind text, target regprocedure, companions regprocedure[], arguments text[], input bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN fuzz_input($1, $2, $3, $4, $5);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
SQL

# The judge sees an internal error, and a value whose text is another value.
$node->safe_psql('postgres', q{CREATE FUNCTION control(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'a control' USING ERRCODE = 'XX000'; END $$});
is($node->safe_psql('postgres', q{SELECT try_input('call', 'control(text)', '{}', '{@rest}', 'x')}), 'a control', 'an internal error is seen');
is($node->safe_psql('postgres', q{SET extra_float_digits = -5; SELECT try_input('in', 'poly_in(cstring)', '{}', '{}', '((0.123456789012345,1))')}),
	'broken promise: the text of a value is read as this value', 'a value that its text does not hold is seen');

my @targets = split /\n/, $node->safe_psql('postgres', 'SELECT name FROM fuzz_target ORDER BY name');
my $copy = '';
foreach my $target (@targets)
{
	next unless ok(-s "$folder/corpus/$target", "$target has a corpus: LEAD_KPI_FUZZ_SAVE=yes ./run fuzz $target");
	$copy .= "INSERT INTO corpus SELECT '$target', decode(line, 'base64') FROM unnest(string_to_array(trim(E'\\n' FROM '" . slurp_file("$folder/corpus/$target") . "'), E'\\n')) line;\n";
}
$node->safe_psql('postgres', $copy);
my $results = $node->safe_psql('postgres', <<'SQL');
SELECT name, count(*) FILTER (WHERE answer = '00000'), count(*) FILTER (WHERE answer ~ '^[0-9A-Z]{5}$' AND answer <> '00000'),
	string_agg(encode(input, 'hex') || ' ' || answer, ', ') FILTER (WHERE answer !~ '^[0-9A-Z]{5}$')
FROM fuzz_target t JOIN corpus c ON c.target = t.name, LATERAL (SELECT try_input(kind, t.target, companions, arguments, input) AS answer) s
GROUP BY name ORDER BY name
SQL
my @sum = (0, 0);
foreach (split /\n/, $results)
{
	my ($target, $accepted, $refused, $wrong) = split /\|/, $_, -1;

	is($wrong, '', "$target: $accepted accepted, $refused refused, and no promise broken");
	$sum[0] += $accepted;
	$sum[1] += $refused;
}
# The good values of some are too long for a corpus.
cmp_ok($_, '>', 1000, 'many are accepted, many refused') foreach @sum;

my @files = map { s{.*/}{}r } glob "$folder/corpus/*";
is(join(' ', grep { my $file = $_; !grep { $_ eq $file } @targets } @files), '', 'no corpus of a target that is gone');
my $size = 0;
$size += -s $_ foreach glob "$folder/corpus/*";
cmp_ok($size, '<', 1024 * 1024, 'the corpora are smaller than a megabyte');

$node->stop;
done_testing();
