# Targets and seeds of ./run fuzz, in the database that the environment names: perl prepare.pl
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../t";
use Sample qw(load_events create_stored);

# What Sample.pm asks of a server of PostgreSQL::Test.
package Server
{
	sub new { return bless {}, shift }

	sub safe_psql
	{
		my ($self, $database, $sql) = @_;

		open my $psql, '-|', 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-c', $sql or die "psql: $!\n";
		local $/;
		my $answer = <$psql>;

		close $psql or die "psql failed with: $sql\n";
		chomp $answer if defined $answer;
		return $answer // '';
	}
}

my $server = Server->new;
my $database = $ENV{PGDATABASE};

$server->safe_psql($database, 'CREATE EXTENSION lead_kpi');
load_events($server, $database);
create_stored($server, $database);
foreach my $file (qw(targets seeds))
{
	system('psql', '-X', '-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-f', "$FindBin::RealBin/$file.sql") == 0 or die "$file.sql failed\n";
}
