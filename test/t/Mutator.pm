
# Damages texts and bytes, the way files, networks and people do.
package Mutator;

use strict;
use warnings;

use Exporter 'import';
our @EXPORT_OK = qw(mutated_text mutated_bytes one_of);

my @numbers = ('0', '-1', '1', '2', '1e308', '1e-320', '-0', 'NaN', 'Infinity', '-Infinity', '9223372036854775807', '9223372036854775808',
	'-9223372036854775808', '4294967296', '2147483648', '340282366920938463463374607431768211456', '0.1', '1e999', '00', '1.', '');
my @pieces = ('null', 'true', '{}', '[]', '""', '"a"', ',', ':', '/', '{', '}', '[', ']', '"', "\\", '\u0000', '\ud800', "'", ' ', "\n", "é", '-', '.', 'e');

sub one_of { return $_[ int rand @_ ] }

# A range of at least one position: (start, length).
sub range
{
	my ($size) = @_;
	my $start = int rand $size;

	return ($start, 1 + int((rand) ** 3 * ($size - $start)));
}

sub mutated_text
{
	my ($text, @others) = @_;

	foreach (1 .. one_of(1, 1, 1, 2, 3, 8))
	{
		my $size = length $text;
		my $kind = $size ? int rand 11 : 0;

		if ($kind == 0) { substr($text, $size ? int rand $size + 1 : 0, 0) = one_of(@pieces); }
		elsif ($kind <= 3)
		{
			# A number for another: a neighbour, a twin, an extreme.
			my @found;

			push @found, [ $-[0], $+[0] - $-[0] ] while $text =~ /-?\d+(\.\d+)?(e[-+]?\d+)?/gi;
			next unless @found;
			my ($from, $length) = @{ one_of(@found) };
			my $old = substr($text, $from, $length);
			my $other = one_of(@found);
			substr($text, $from, $length) = one_of($old + 1, $old - 1, "-$old", substr($text, $other->[0], $other->[1]), one_of(@numbers), "${old}0");
		}
		elsif ($kind == 4)
		{
			# A key or a text for another.
			my @found;

			push @found, [ $-[0], $+[0] - $-[0] ] while $text =~ /"[^"]*"/g;
			next unless @found;
			my ($from, $length) = @{ one_of(@found) };
			my $other = one_of(@found);
			substr($text, $from, $length) = one_of(substr($text, $other->[0], $other->[1]), '""', 'null', '1');
		}
		elsif ($kind == 5) { my ($from, $length) = range($size); substr($text, $from, $length) = ''; }
		elsif ($kind == 6) { substr($text, int rand $size) = ''; }
		elsif ($kind == 7) { my ($from, $length) = range($size); substr($text, int rand $size + 1, 0) = substr($text, $from, $length); }
		elsif ($kind == 8) { my ($from) = range($size); substr($text, $from, 1) = one_of(@pieces); }
		elsif ($kind == 9)
		{
			# A balanced piece again, or away.
			my @found;

			push @found, [ $-[0], $+[0] - $-[0] ] while $text =~ /[\[{][^\[\]{}]*[\]}],?|"[^"]*": ?[^,\[\]{}]*,?/g;
			next unless @found;
			my ($from, $length) = @{ one_of(@found) };
			my $piece = substr($text, $from, $length);
			substr($text, $from, $length) = one_of('', ($piece =~ /,$/ ? $piece : "$piece,") . $piece, '[]', '{}');
		}
		elsif (@others)
		{
			# The head of one and the tail of another.
			my $other = one_of(@others);

			$text = substr($text, 0, int rand $size + 1) . substr($other, int rand length($other) + 1);
		}
	}
	return $text;
}

sub mutated_bytes
{
	my ($bytes, @others) = @_;

	foreach (1 .. one_of(1, 1, 1, 1, 2, 3, 8))
	{
		my $size = length $bytes or last;
		my $at = int rand $size;
		my $kind = int rand 9;

		if ($kind <= 1) { substr($bytes, $at, 1) = chr(ord(substr($bytes, $at, 1)) ^ 1 << int rand 8); }
		elsif ($kind == 2) { substr($bytes, $at, 1) = chr(one_of(0, 1, 2, 0x7f, 0x80, 0xff, int rand 256)); }
		elsif ($kind == 3) { substr($bytes, $at) = ''; }
		elsif ($kind == 4) { my ($from, $length) = range($size); substr($bytes, $from, $length) = ''; }
		elsif ($kind == 5) { my ($from, $length) = range($size); substr($bytes, $at, 0) = substr($bytes, $from, $length); }
		elsif ($kind == 6)
		{
			# A count or a number, 4 or 8 bytes wide: huge, negative, one more.
			my $width = one_of(4, 8);
			my $new = one_of("\x00" x $width, "\xff" x $width, "\x7f" . "\xff" x ($width - 1), "\x80" . "\x00" x ($width - 1),
				"\x7f\xf0" . "\x00" x ($width - 2), "\x7f\xf8" . "\x00" x ($width - 2), "\x00" x ($width - 1) . chr(int rand 256));

			substr($bytes, $at, $width) = $new;
		}
		elsif ($kind == 7)
		{
			# Two numbers change places.
			my $other = int rand $size;
			my $width = one_of(1, 4, 8);

			next if $at + $width > $size or $other + $width > $size;
			(substr($bytes, $at, $width), substr($bytes, $other, $width)) = (substr($bytes, $other, $width), substr($bytes, $at, $width));
		}
		elsif (@others)
		{
			my $other = one_of(@others);

			$bytes = substr($bytes, 0, $at) . substr($other, int rand length($other) + 1);
		}
	}
	return $bytes;
}

1;
