# Runs every sql block of README and of the pages in doc/, in order, and compares
# what psql prints with the text block that follows it.
use strict;
use warnings;

use File::Basename;
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";

my $node = PostgreSQL::Test::Cluster->new('doc');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;
$ENV{PGCLIENTENCODING} = 'UTF8';
$ENV{PGTZ} = 'UTC';

# What psql prints, as the page shows it: no trailing blanks, no outer empty lines.
sub tidy
{
	my ($text) = @_;
	$text =~ s/^psql:<stdin>:\d+: //mg;
	$text =~ s/[ \t]+$//mg;
	$text =~ s/\A\n+|\n+\z//g;
	return $text;
}

# doc/performance.md is left out: its queries are the benchmarks'.
for my $file ("$root/README.md", grep { !/performance/ } sort glob "$root/doc/*.md")
{
	my $page = basename($file, '.md');
	my $text = slurp_file($file);
	my @example;
	while ($text =~ /^```sql\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/msg)
	{
		push @example, { sql => $1, output => defined $2 ? tidy($2) : '' };
	}
	next unless @example;

	my $database = lc $page =~ tr/-/_/r;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION lead_kpi') unless $text =~ /CREATE EXTENSION/;

	# One session; both streams end each example with a mark.
	my $script = "\\set SHOW_CONTEXT never\n"
	  . join('', map { "$_->{sql}\n\\echo \@\@END\n\\warn \@\@END\n" } @example);
	my $printed = '';
	IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr($database) ], '<', \$script, '>&', \$printed);
	# What comes after the last mark is nobody's; an example that prints nothing is one, also at the end.
	my @output = map { tidy($_) } split /\@\@END\n\@\@END\n/, $printed, -1;
	pop @output;
	is(scalar @output, scalar @example, "$page.md: every example ran");
	for my $number (0 .. $#example)
	{
		my ($first) = $example[$number]{sql} =~ /\A(.*)/;
		is($output[$number] // '', $example[$number]{output}, "$page.md: $first");
	}
}

$node->stop;
done_testing();
