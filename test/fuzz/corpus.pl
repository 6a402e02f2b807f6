# The inputs of a target as the project keeps them, a line of base64 each, and as libFuzzer reads them, a file each:
#
#   perl corpus.pl unpack FOLDER <LINES
#   perl corpus.pl list FOLDER >CONTROL          for libFuzzer's -merge_inner, the shortest first
#   perl corpus.pl pack CONTROL LIMIT >LINES     those that cover something new, up to so many bytes
use strict;
use warnings;

use Digest::SHA qw(sha1_hex);
use MIME::Base64 qw(decode_base64 encode_base64);

sub slurp
{
	my ($file) = @_;

	open my $in, '<:raw', $file or die "$file: $!\n";
	local $/;
	return <$in> // '';
}

my ($command, $place, $limit) = @ARGV;

if ($command eq 'unpack')
{
	while (my $line = <STDIN>)
	{
		my $input = decode_base64($line);
		open my $out, '>:raw', "$place/" . sha1_hex($input) or die "$place: $!\n";
		print $out $input;
		close $out or die "$place: $!\n";
	}
}
elsif ($command eq 'list')
{
	my @files = sort { -s $a <=> -s $b || $a cmp $b } grep { -f } glob "$place/*";

	print map { "$_\n" } scalar @files, 0, @files;
}
elsif ($command eq 'pack')
{
	my ($count, undef, @lines) = split /\n/, slurp($place);
	my @files = splice @lines, 0, $count;
	my @chosen;

	# FT lists what an input covers that none before it did.
	foreach (@lines)
	{
		next unless /^FT (\d+) \S/;
		my $input = slurp($files[$1]);

		last if ($limit -= length $input) < 0;
		push @chosen, $input;
	}
	print map { encode_base64($_, '') . "\n" } @chosen;
}
else
{
	die "there is no command \"$command\"\n";
}
