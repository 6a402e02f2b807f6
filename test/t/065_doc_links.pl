# Follows every link within the project in README, CONTRIBUTING and the pages of doc/:
# the file is there, and so is the heading. Every page of doc/ is in doc/README.md.
use strict;
use warnings;
use utf8;

use Cwd qw(abs_path);
use FindBin;
use Test::More;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

my $root = abs_path("$FindBin::RealBin/../..");
my $doc = "$root/doc";

# The lines of a page, without what is code: there a bracket is no link, and a # no heading.
sub page_lines
{
	my ($file) = @_;
	open my $handle, '<:encoding(UTF-8)', $file or die "cannot read $file: $!";
	my ($fence, @line);
	while (my $line = <$handle>)
	{
		chomp $line;
		if ($line =~ /^ {0,3}(```+|~~~+)(.*)/)
		{
			my ($mark, $rest) = ($1, $2);
			if (!defined $fence) { $fence = $mark }
			elsif (index($mark, $fence) == 0 && $rest !~ /\S/) { undef $fence }
			next;
		}
		push @line, defined $fence ? '' : $line;
	}
	return @line;
}

# What GitHub makes of a heading: its text without markup, in lower case; letters, digits,
# _ and - stay, a space becomes -, all else goes.
sub heading_anchor
{
	my ($text) = @_;
	$text =~ s/!\[[^\]]*\]\([^)]*\)//g;
	$text =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
	$text =~ s/<[^>]+>//g unless $text =~ /`[^`]*</;
	$text =~ s/(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)/$2/g;
	$text = lc $text;
	$text =~ s/[^\w\- ]//g;
	return $text =~ tr/ /-/r;
}

# The anchors of a page; of headings with the same text the second has -1, the third -2.
sub page_anchors
{
	my ($file) = @_;
	my (%anchor, %seen);
	for my $line (page_lines($file))
	{
		$anchor{$1} = 1 while $line =~ /<a\s+(?:id|name)="([^"]+)"/g;
		next unless $line =~ /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/;
		my $name = heading_anchor($1);
		my $times = $seen{$name}++;
		$anchor{ $times ? "$name-$times" : $name } = 1;
	}
	return \%anchor;
}

# Where the links of a page lead, each with its line.
sub page_links
{
	my ($file) = @_;
	my ($number, @link) = (0);
	for my $line (page_lines($file))
	{
		$number++;
		$line =~ s/(`+)(?!`).*?(?<!`)\1(?!`)/CODE/g;
		push @link, [ $number, $1 ] while $line =~ /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
		push @link, [ $number, $1 ] if $line =~ /^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/;
		push @link, [ $number, $1 ] while $line =~ /<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g;
	}
	return @link;
}

# The rule itself, on what GitHub is known to do.
is(heading_anchor($_->[0]), $_->[1], "anchor of \"$_->[0]\"")
  for [ 'The mart', 'the-mart' ], [ '8. Volume hides dilution', '8-volume-hides-dilution' ], [ '`why()`: one lead, by hand', 'why-one-lead-by-hand' ],
  [ 'Raw leads, MQL & SQL', 'raw-leads-mql--sql' ], [ 'A [link](x.md) in **bold**', 'a-link-in-bold' ], [ 'lead_profile', 'lead_profile' ],
  [ 'Qu\'est-ce qu\'un lead ?', 'quest-ce-quun-lead-' ], [ 'Où va l\'euro', 'où-va-leuro' ];

my %anchors;
my %in_index;
my $links = 0;
for my $file ("$root/README.md", "$root/CONTRIBUTING.md", sort glob "$doc/*.md")
{
	my $name = $file =~ s/^\Q$root\E\///r;
	my ($folder) = $file =~ m{^(.*)/};
	my @broken;
	for my $link (page_links($file))
	{
		my ($number, $target) = @$link;
		next if $target =~ /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
		$links++;
		my ($path, $fragment) = split /#/, $target, 2;
		s/%([0-9A-Fa-f]{2})/chr hex $1/ge, utf8::decode($_) for grep { defined } $path, $fragment;
		my $full = $path eq '' ? $file : "$folder/$path";
		if (!-e $full)
		{
			push @broken, "line $number: no file $target";
			next;
		}
		$full = abs_path($full);
		if (index($full, "$root/") != 0)
		{
			push @broken, "line $number: $target is outside the project";
			next;
		}
		$in_index{$full} = 1 if $file eq "$doc/README.md";
		next unless defined $fragment && $full =~ /\.md$/;
		$anchors{$full} //= page_anchors($full);
		push @broken, "line $number: no heading $target" unless $anchors{$full}{$fragment};
	}
	is(join("\n", @broken), '', "$name: every link leads somewhere");
}
cmp_ok($links, '>', 100, 'links were found');

my @missing = map { s/^\Q$doc\E\///r } grep { $_ ne "$doc/README.md" && !$in_index{$_} } sort glob "$doc/*.md";
is(join(', ', @missing), '', 'doc/README.md names every page of doc/');

done_testing();
