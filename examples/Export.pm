# An export as rows: whatever its encoding and its mark between values are.
package Export;

use strict;
use warnings;
use Encode qw(decode);
use Exporter qw(import);

our @EXPORT_OK = qw(text_of rows);

# The text of a file in UTF-8, UTF-16 or, where it is neither, Windows-1252, with line ends of one sort.
sub text_of
{
	my ($file) = @_;
	open my $in, '<:raw', $file or die "cannot read $file: $!\n";
	my $bytes = do { local $/; <$in> } // '';
	my $text = $bytes =~ /\A(?:\xff\xfe|\xfe\xff)/ ? decode('UTF-16', $bytes) : eval { decode('UTF-8', $bytes, Encode::FB_CROAK | Encode::LEAVE_SRC) }
	  // decode('cp1252', $bytes);
	$text =~ s/\A\x{feff}//;
	$text =~ s/\r\n?/\n/g;
	return $text;
}

# Rows of values, each with the line that it begins on; a quoted value may have line ends.
sub rows
{
	my ($text, $mark) = @_;
	my ($line, $begin, @rows, @values) = (1, 1);
	pos($text) = 0;
	while (pos($text) < length $text)
	{
		$text =~ /\G"((?:[^"]|"")*)"[^\Q$mark\E\n]*/gc || $text =~ /\G([^\Q$mark\E\n]*)/gc;
		my $value = $1;
		$line += ($value =~ tr/\n//);
		push @values, $value =~ s/""/"/gr;
		next if $text =~ /\G\Q$mark\E/gc && pos($text) < length $text;
		$text =~ /\G\n/gc;
		push @rows, [ $begin, [@values] ];
		@values = ();
		$begin = ++$line;
	}
	return @rows;
}

1;
