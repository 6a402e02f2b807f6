# What tests reached, from gcov's JSON: perl coverage.pl FOLDER-OF-SOURCES FILE.gcov.json...
# Prints the functions that were never called, the branches that were never taken, and the sums by folder.
use strict;
use warnings;

use JSON::PP;

my ($sources, @files) = @ARGV;
my (%lines, %branches, %functions);

# A header is in many objects: what one of them did was done.
foreach my $file (@files)
{
	open my $in, '<', $file or die "$file: $!\n";
	local $/;
	my $json = decode_json(<$in>);

	foreach my $part (@{ $json->{files} })
	{
		my ($name) = $part->{file} =~ m{(?:^|/)(src/.*)} or next;

		next unless -f "$sources/$name";
		foreach my $function (@{ $part->{functions} })
		{
			$functions{$name}{ $function->{name} } += $function->{execution_count};
		}
		foreach my $line (@{ $part->{lines} })
		{
			my $number = $line->{line_number};

			$lines{$name}{$number} += $line->{count};
			# The branches of a line that has other ones in another object, as a macro may, are others.
			my $shape = scalar @{ $line->{branches} } or next;
			$branches{$name}{"$number/$shape"}[$_] += $line->{branches}[$_]{count} foreach 0 .. $shape - 1;
		}
	}
}

sub share
{
	my ($reached, $all) = @_;

	return $all == 0 ? 'none' : sprintf '%5.1f %% of %5d', 100 * $reached / $all, $all;
}

my (%sum, %total);
print "Functions that no test calls:\n";
foreach my $name (sort keys %functions)
{
	my $folder = $name =~ s{/[^/]*$}{}r;
	my $calls = $functions{$name};

	foreach my $function (sort keys %$calls)
	{
		print "  $name: $function\n" unless $calls->{$function};
		$sum{$folder}{functions}[ $calls->{$function} ? 1 : 0 ]++;
	}
	$sum{$folder}{lines}[ $_ ? 1 : 0 ]++ foreach values %{ $lines{$name} };
	$sum{$folder}{branches}[ $_ ? 1 : 0 ]++ foreach map { @$_ } values %{ $branches{$name} };
}
print "\nBranches that no test takes, by line (how many of how many):\n";
foreach my $name (sort keys %branches)
{
	my @missed;

	open my $in, '<', "$sources/$name" or die "$name: $!\n";
	my @text = <$in>;
	foreach my $place (sort { ($a =~ /(\d+)/)[0] <=> ($b =~ /(\d+)/)[0] } keys %{ $branches{$name} })
	{
		my ($number) = split m{/}, $place;
		my @counts = @{ $branches{$name}{$place} };
		my $missed = grep { !$_ } @counts or next;
		my $text = $text[ $number - 1 ] // '';

		$text =~ s/^\s+|\s+$//g;
		push @missed, sprintf '  %s:%d: %d of %d%s: %s', $name, $number, $missed, scalar @counts, $lines{$name}{$number} ? '' : ', line never reached', $text;
	}
	print map { "$_\n" } @missed;
}
print "\n", sprintf("%-22s %16s %16s %16s\n", '', 'functions', 'lines', 'branches');
foreach my $folder (sort keys %sum)
{
	my @shares;

	foreach my $kind (qw(functions lines branches))
	{
		my ($missed, $reached) = map { $_ // 0 } @{ $sum{$folder}{$kind} // [] }[ 0, 1 ];

		$total{$kind}[0] += $reached;
		$total{$kind}[1] += $reached + $missed;
		push @shares, share($reached, $reached + $missed);
	}
	printf "%-22s %16s %16s %16s\n", $folder, @shares;
}
printf "%-22s %16s %16s %16s\n", 'all', map { share(@{ $total{$_} }) } qw(functions lines branches);
