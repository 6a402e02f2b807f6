# Three places that lead to one server, and count what it sends; see ByteRelay.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../../t";
use ByteRelay;

my ($server, $folder) = @ARGV;
umask 0;
my @relay = map { ByteRelay->new($server, "$folder/.s.PGSQL.$_", "$folder/$_.bytes") } 7001 .. 7003;
open my $file, '>', "$folder/ready" or die;
close $file;
$SIG{TERM} = sub { $_->stop foreach @relay; exit };
sleep 1 while 1;
