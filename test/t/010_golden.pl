# What a former version wrote is read by this one, as text and as bytes, says what it said and is worth what it was worth; also while the database still has
# the former version's SQL.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(extension_types query);
use Test::More;

my $golden = "$FindBin::RealBin/../golden";
my @versions = map { m{/([^/]+)\.tsv$} } glob "$golden/*.tsv";
my $answers = slurp_file("$golden/answers.sql");

$ENV{PGCLIENTENCODING} = 'UTF8';
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
ok(@versions > 0, 'there are golden files');

# A file of COPY BINARY: a number and a value per row.
sub copy_file
{
	my ($file, @values) = @_;

	open my $handle, '>:raw', $file or die "$file: $!";
	print $handle "PGCOPY\n\377\r\n\0", pack('N N', 0, 0);
	print $handle pack('n N N N/a*', 2, 4, $_->[0], $_->[1]) foreach @values;
	print $handle pack('n', 0xffff);
	close $handle;
	return $file;
}

my $number = 0;
foreach my $version (@versions)
{
	my @rows = map { [ split /\t/, $_, -1 ] } split /\n/, slurp_file("$golden/$version.tsv");
	my %types;
	push @{ $types{ $_->[0] } }, $_ foreach @rows;

	foreach my $sql ('this version', "the SQL of $version")
	{
		my $database = 'golden_' . ++$number;
		$node->safe_psql('postgres', "CREATE DATABASE $database ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0");
	  SKIP:
		{
			my ($status, $out, $err) = $node->psql($database, 'CREATE EXTENSION lead_kpi' . ($sql eq 'this version' ? '' : " VERSION '$version'"));

			skip 'its install script is not among the extensions', 1 + keys %types if $err =~ /no installation script/;
			is($err, '', "values of $version under $sql");
			if ($sql ne 'this version')
			{
				my %counted = map { $_ => scalar @{ $types{$_} // [] } } extension_types($node, $database);
				is(join(' ', grep { $counted{$_} < 3 } sort keys %counted), '', 'every type has at least three');
			}
			foreach my $type (sort keys %types)
			{
				my @values = @{ $types{$type} };
				my $file = copy_file($node->basedir . "/$database.$type", map { [ $_, pack('H*', $values[$_][3] =~ s/^\\\\x//r) ] } 0 .. $#values);
				my $texts = join("\n", map { "$_\t$values[$_][1]\t$values[$_][2]\t$values[$_][4]" } 0 .. $#values);

				is(query($node, $database, <<"SQL"), 't|' . @values . '|||', "$type: both forms are read, and mean the same");
$answers
CREATE TEMPORARY TABLE as_text (id integer, name text, written text, answer text);
COPY as_text FROM STDIN;
$texts
\\.
CREATE TEMPORARY TABLE as_bytes (id integer, value $type);
COPY as_bytes FROM '$file' (FORMAT binary);
SELECT count(*) = (SELECT count(*) FROM as_text), count(*),
	string_agg(format('%s is now %s', name, b.value), '; ') FILTER (WHERE b.value::text <> written OR (t.written::$type)::text <> written),
	string_agg(format('%s is worth %s as bytes and %s as text, not %s', name, pg_temp.answer(b.value), pg_temp.answer(t.written::$type), answer), '; ')
		FILTER (WHERE pg_temp.answer(b.value) IS DISTINCT FROM answer OR pg_temp.answer(t.written::$type) IS DISTINCT FROM answer),
	string_agg(format('%s is sent as other bytes when it was read as text', name), '; ') FILTER (WHERE ${type}_send(b.value) <> ${type}_send(t.written::$type))
FROM as_text t JOIN as_bytes b USING (id);
SQL
			}
		}
		$node->safe_psql('postgres', "DROP DATABASE $database");
	}
}

$node->stop;
done_testing();
