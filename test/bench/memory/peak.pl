# peak.pl VIEW..., or "plan VIEW", which only plans it, or "query QUERY": for each a new session of psql, and on a line its name, the most private memory of its backend above that of the idle session in
# kB, and milliseconds.  Sampled; and what the kernel keeps of the most that was resident, less the pages of files and of shared memory at the end.
use strict;
use warnings;

use IPC::Open2;
use Time::HiRes qw(time);

$| = 1;
foreach my $what (@ARGV)
{
	my ($how, $name) = $what =~ /^(plan|query) (.*)/s ? ($1, $2) : ('read', $what);
	my $query = $how eq 'query' ? $name : ($how eq 'plan' ? 'EXPLAIN ' : '') . "SELECT count(*) FROM (SELECT v::text FROM kpi.$name v OFFSET 0) v";
	my $session = open2(my $out, my $in, qw(psql -X -q -A -t -v ON_ERROR_STOP=1));

	$in->autoflush;
	print {$in} "SELECT 'pid ' || pg_backend_pid();\n";
	my ($pid) = (<$out> // '') =~ /^pid (\d+)/ or die "no session\n";
	my $idle = kb($pid, 'RssAnon');
	my $begun = time;
	print {$in} "$query;\n\\echo done\n";
	my ($peak, $answer) = (0, '');
	while ($answer !~ /^done$/m)
	{
		my $ready = '';

		vec($ready, fileno $out, 1) = 1;
		if (select $ready, undef, undef, 0.005)
		{
			sysread $out, $answer, 4096, length $answer or die "$what failed\n";
		}
		my $now = kb($pid, 'RssAnon');
		$peak = $now if $now > $peak;
	}
	my $milliseconds = (time - $begun) * 1000;
	my $most = kb($pid, 'VmHWM') - kb($pid, 'RssFile') - kb($pid, 'RssShmem');
	$peak = $most if $most > $peak;
	printf "%s %d %d\n", $name =~ s{\s.*}{}r, $peak - $idle, $milliseconds;
	close $in;
	waitpid $session, 0;
}

sub kb
{
	my ($process, $field) = @_;

	open my $file, '<', "/proc/$process/status" or die "no backend $process\n";
	my ($value) = map { /^$field:\s*(\d+) kB/ ? $1 : () } <$file>;
	return $value;
}
