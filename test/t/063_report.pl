# The figures of the report are those of psql: every figure in the HTML carries its exact value, which is held against the cards' SQL, and
# what is written beside it against that value. Needs Node.js, and what ./run report installed from npm, in build/report or in LEAD_KPI_REPORT.
use strict;
use warnings;

use File::Basename;
use File::Copy;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my @cards = sort glob "$root/examples/cards/*.sql";
my ($modules) = grep { -d "$_/vega-lite" && -d "$_/pg" } map { "$_/report/node_modules" } grep { defined } $ENV{LEAD_KPI_REPORT}, "$root/build/report";
my $checks = 3 * @cards + 9;

plan skip_all => "$checks checks need what ./run report installs from npm: run it once, or set LEAD_KPI_REPORT to its folder build/report" if !defined $modules;
plan skip_all => "$checks checks need Node.js" if system('node --version >/dev/null 2>&1') != 0;

my $node = PostgreSQL::Test::Cluster->new('report');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "jit = off\n");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION lead_kpi;
	SELECT lead_kpi.create_mart('kpi'), lead_kpi.create_mart('empty');
	SELECT lead_kpi.generate_example('kpi', 3000);
	UPDATE kpi.rule SET scorecard = '{"fit": [{"name": "Director", "attribute": "job", "op": "=", "value": "director", "points": 30}],
		"grades": {"fit": {"A": 30, "B": 0}}, "hand_off": {"total": 30}}';
	-- Four times all is asked.
	SELECT lead_kpi.store_mart('kpi');
	CREATE ROLE bi LOGIN;
	GRANT USAGE ON SCHEMA kpi, empty TO bi;
	GRANT SELECT ON ALL TABLES IN SCHEMA kpi, empty TO bi;
});

# The program as it is installed: its packages are beside it.
my $folder = PostgreSQL::Test::Utils::tempdir;
mkdir "$folder/$_" foreach 'report', 'cards';
copy($_, "$folder/report/") foreach glob "$root/examples/report/*.{mjs,css,json}";
copy($_, "$folder/cards/") foreach @cards;
symlink $modules, "$folder/report/node_modules" or die "cannot link $modules: $!";
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{PGDATABASE} = 'postgres';

sub report
{
	my ($err, @options) = ('', @_);
	my $out = '';
	local $ENV{PGUSER} = 'bi';
	IPC::Run::run([ 'node', "$folder/report/report.mjs", @options ], '>', \$out, '2>', \$err);
	return ($? >> 8, $err);
}

my ($status, $err) = report('--mart', 'kpi', '--output', "$folder/en.html");
is($status, 0, 'a role that may only read has a report') or diag($err);
my $html = slurp_file("$folder/en.html");
utf8::decode($html);
(my $visible = $html) =~ s/<style>.*?<\/style>//s;
$visible =~ s/<[^>]+>/ /g;
unlike($visible, qr/\b(NaN|undefined|null|Infinity|\[object)\b/, 'no words of the program in it');
unlike($html, qr/(?:src|href)="(?!#)/, 'and nothing that it would fetch');

# What is written, as a number: 1,284 | €1,030,000 | 12.4% | −€3.10
sub number
{
	my ($text) = @_;
	my $sign = $text =~ /^\x{2212}/ ? -1 : 1;
	my $is_share = $text =~ /%/;
	$text =~ s/[^0-9.]//g;
	return $text eq '' ? undef : $sign * $text / ($is_share ? 100 : 1);
}

my ($figures, $tables) = (0, 0);
foreach my $file (@cards)
{
	my ($name) = basename($file, '.sql') =~ /^\d+_(.+)$/;
	(my $sql = slurp_file($file)) =~ s/;\s*\z//;
	my $query = sub { my ($columns) = @_; return $node->safe_psql('postgres', "SET search_path = kpi, lead_kpi, pg_catalog; SET TimeZone = 'UTC';\n"
		. join(' ', 'SELECT', $columns, "FROM (\n$sql\n) card")); };

	if ($name eq 'summary')
	{
		my ($list) = $html =~ /<ul class="numbers" data-card="summary">(.*?)<\/ul>/s;
		my @shown = ($list // '') =~ /<data value="([^"]+)">/g;
		my @known = grep { $_ ne '' } split /\n/, $query->("value");
		is_deeply([ map { sprintf '%.12g', $_ } @shown ], [ map { sprintf '%.12g', $_ } @known ], 'summary: its numbers are those of psql');
		$figures += @shown;
		next;
	}
	my @parts = $html =~ /<table data-card="\Q$name\E" data-columns="([^"]*)">(.*?)<\/table>/s;
	if (!@parts)
	{
		# Told in sentences, or in a table of its own.
		ok($name =~ /^(findings|targets)$/ || $html =~ /id="missing"/, "$name: no table");
		next;
	}
	my ($columns, $table) = @parts;
	my @columns = split / /, $columns;
	my @rows = map { [ split /\x1f/, $_, -1 ] } split /\n/,
		$query->('concat_ws(E\'\x1f\', ' . join(', ', map { "replace(coalesce($_\::text, ''), E'\\n', ' ')" } @columns) . ')' . ($name eq 'data_quality' ? ' AS row' : ''));
	my @shown = map { [ /<td[^>]*>(.*?)<\/td>/gs ] } $table =~ /<tr>(<td.*?)<\/tr>/gs;
	my (@wrong, @rounded);

	$tables++;
	# What is only for information is folded away, in a table of its own.
	@rows = @rows[0 .. $#shown] if $name eq 'data_quality';
	is(scalar @shown, scalar @rows, "$name: as many rows as psql has");
	foreach my $row (0 .. $#rows)
	{
		foreach my $column (0 .. $#columns)
		{
			my ($cell, $known) = ($shown[$row][$column] // '', $rows[$row][$column]);
			if ($cell =~ /^<data value="([^"]+)">(.*)<\/data>$/)
			{
				my ($value, $written) = ($1, number($2));
				$figures++;
				push @wrong, "$columns[$column] row $row: $value, psql: $known" if $known eq '' || abs($value - $known) > 1e-9 * abs($known);
				# Three digits of money, a digit of a percentage, four of anything else.
				push @rounded, "$columns[$column] row $row: $2 for $value"
				  if !defined $written || abs($written - $value) > ($cell =~ /%/ ? 0.00050001 : 0.0051 * abs($value) + 0.0051);
			}
			elsif ($known =~ /^-?\d+(\.\d+)?$/ && $columns[$column] !~ /_id$/)
			{
				push @wrong, "$columns[$column] row $row: $cell, psql: $known";
			}
		}
	}
	is("@wrong", '', "$name: its figures are those of psql");
	is("@rounded", '', "$name: and are written as what they are");
}
cmp_ok($tables, '>', 10, 'that are most of the cards');
cmp_ok($figures, '>', 500, 'with their figures');

# The chart has them, too.
my ($chart) = $html =~ /<figure><div class="wide">(<svg role="img" aria-label="Funnel".*?<\/svg>)/s;
my @leads = split /\n/, $node->safe_psql('postgres', q{SELECT translate(to_char(leads, 'FM999,999'), ' ', '') FROM kpi.funnel ORDER BY stage_position});
my @labels = ($chart // '') =~ />([\d,]+)(?=[^\d,<]*[ <])/g;
is_deeply([ grep { my $count = $_; ($chart // '') =~ />\Q$count\E[ <\x{a0}]/ } @leads ], \@leads, 'the bars of the funnel have the counts of psql beside them');

# In French, of nothing, and of what is not there.
($status, $err) = report('--mart', 'kpi', '--language', 'fr', '--output', "$folder/fr.html");
is($status, 0, 'in French') or diag($err);
my $french = slurp_file("$folder/fr.html");
utf8::decode($french);
is(scalar(() = $french =~ /<data value=/g), scalar(() = $html =~ /<data value=/g), 'as many figures in French');
is(join(' ', sort $french =~ /<data value="([^"]+)"/g), join(' ', sort $html =~ /<data value="([^"]+)"/g), 'the same');
($status, $err) = report('--mart', 'empty', '--output', "$folder/empty.html");
is($status, 0, 'a mart without data has a report') or diag($err);
like(slurp_file("$folder/empty.html"), qr/id="missing".*empty\.lead/s, 'which says what it takes');
foreach my $wrong (
	[ [ '--mart', 'other' ], qr/^report: "other" is not a mart of database "postgres"; --mart takes empty, kpi\n$/, 'a mart that is none' ],
	[ [ '--output', "$folder/none/x.html" ], qr/^report: cannot write .*: its folder does not exist\n$/, 'a folder that is none' ])
{
	($status, $err) = report(@{ $wrong->[0] });
	like("$status $err", qr/^3 /, "$wrong->[2] is refused");
	like($err, $wrong->[1], 'in one sentence');
}

$node->stop;
done_testing();
