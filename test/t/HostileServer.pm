
# A server that is called with whatever chance brings, and what is judged by its
# log: a signal, a PANIC, an internal error (SQLSTATE XX...), a broken promise
# (FZ001, raised by a test's own checks), or a call that cannot be cancelled.
package HostileServer;

use strict;
use warnings;

use Exporter 'import';
use File::Temp;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes;

our @EXPORT_OK = qw(literal);

my $statement_timeout = 2;      # seconds
my $cancelled_within = 10;      # seconds more, on a busy machine, under a sanitizer
my $batch_timeout = 600;

# The seed, the number of calls or the time come from the environment.
my $seed = $ENV{LEAD_KPI_SEED} // time() ^ $$ << 8;
my $calls_wanted = $ENV{LEAD_KPI_CALLS};
my $seconds = $ENV{LEAD_KPI_SECONDS} // 60;

sub new
{
	my ($class, $name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	my $self = bless { node => $node, database => 'postgres', read => 0, calls => 0, findings => [] }, $class;

	$node->init;
	# Every statement is one line of the log, whole.
	$node->append_conf('postgresql.conf', <<'CONF');
restart_after_crash = on
log_line_prefix = '%m [%p] %e '
log_min_error_statement = error
log_statement = none
track_activity_query_size = 1MB
max_worker_processes = 16
jit = off
fsync = off
autovacuum = off
CONF
	# A sanitizer wants to be there before the server.
	local %ENV = (%ENV, map { split /=/, $_, 2 } split /\n/, $ENV{LEAD_KPI_SERVER_ENVIRONMENT} // '');
	$node->start;
	return $self;
}

sub node { return $_[0]{node} }
sub database { return $_[0]{database} }
sub calls { return $_[0]{calls} }
sub findings { return @{ $_[0]{findings} } }

# From here on chance follows the seed; the time and the calls count from the first goes_on.
sub begin
{
	my ($self) = @_;

	srand($seed);
	note("seed $seed: LEAD_KPI_SEED=$seed LEAD_KPI_CALLS=N repeats the first N calls");
	$self->read_log;
	return;
}

# Another batch?  Not after a handful of findings: the first ones say enough.
sub goes_on
{
	my ($self) = @_;

	$self->{started} //= do { $self->{calls} = 0; Time::HiRes::time() };
	return 0 if $self->findings >= 10 or $self->{dead};
	return defined $calls_wanted ? $self->{calls} < $calls_wanted : $self->elapsed < $seconds;
}

sub elapsed
{
	my ($self) = @_;

	return Time::HiRes::time() - $self->{started};
}

# How many calls a batch of at most so many has.
sub batch_size
{
	my ($self, $size) = @_;

	return $size unless defined $calls_wanted and $calls_wanted - $self->{calls} < $size;
	return $calls_wanted - $self->{calls};
}

# Runs calls in one session, each one line of SQL, after the settings.  Returns
# the SQLSTATE of each ('00000' when it was answered), undef when none came.
# A call may end with lines that clean up after it.
sub run
{
	my ($self, $settings, @calls) = @_;
	my $script = "SET statement_timeout = '${statement_timeout}s';\n$settings\n\\timing on\n\\o /dev/null\n";
	my ($out, $err, $timed_out) = ('', '', 0);
	my @states;

	foreach my $number (0 .. $#calls)
	{
		my ($call, $after) = split /\n/, $calls[$number], 2;

		$script .= "$call\n\\echo \@$number :SQLSTATE\n" . (defined $after ? "$after\n" : '');
	}
	my $file = File::Temp->new;
	binmode $file, ':raw';
	print $file $script;
	close $file;
	eval {
		IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=0', '-d', $self->{node}->connstr($self->{database}) ],
			'<', $file->filename, '>', \$out, '2>', \$err, IPC::Run::timeout($batch_timeout));
		1;
	} or $timed_out = 1;
	$self->{calls} += @calls;

	my $milliseconds = 0;
	my $before = $self->findings;
	foreach (split /\n/, $out)
	{
		if (/^Time: ([\d.]+) ms/)
		{
			$milliseconds = $1 if $1 > $milliseconds;
		}
		elsif (/^@(\d+) (\w{5})$/)
		{
			$states[$1] = $2;
			push @{ $self->{findings} }, "not cancelled within $cancelled_within s of its timeout: $milliseconds ms\n$calls[$1]"
			  if $milliseconds > ($statement_timeout + $cancelled_within) * 1000;
			$self->{slowest} = $milliseconds if $milliseconds > ($self->{slowest} // 0);
			$milliseconds = 0;
		}
	}
	# The server says what ended a session a little later than the session ends.
	$self->{dead} = 1 if @states < @calls and ($timed_out or !$self->is_back);
	$self->read_log;
	if (@states < @calls and $self->findings == $before)
	{
		push @{ $self->{findings} }, ($timed_out ? 'no answer, and no way to cancel it' : 'the connection was lost: ' . substr($err, -300))
		  . "\n$calls[ scalar @states ]";
	}
	if ($self->findings > $before)
	{
		$_ .= "\nin a session with: $settings" foreach @{ $self->{findings} }[ $before .. $self->findings - 1 ];
	}
	return @states;
}

# After a crash the server recovers.
sub is_back
{
	my ($self) = @_;

	foreach (1 .. 120)
	{
		return 1 if system('psql', '-X', '-q', '-o', '/dev/null', '-d', $self->{node}->connstr($self->{database}), '-c', 'SELECT 1') == 0;
		sleep 1;
	}
	return 0;
}

# What the server said since the last look; what was wrong joins the findings.
sub read_log
{
	my ($self) = @_;
	my %open;

	open my $log, '<:raw', $self->{node}->logfile or die "cannot read the server's log: $!";
	seek $log, $self->{read}, 0;
	while (my $line = <$log>)
	{
		if ($line =~ /^\S+ \S+ \S+ \[(\d+)\] (\w{5}) (\w+):  (.*)/)
		{
			my ($pid, $state, $level, $message) = ($1, $2, $3, $4);

			if (($state =~ /^(XX|FZ)/ and $level =~ /^(ERROR|FATAL)$/) or $level eq 'PANIC' or $message =~ /was terminated by signal/)
			{
				push @{ $self->{findings} }, "$level $state: $message";
				$open{$pid} = $#{ $self->{findings} };
			}
			elsif (defined $open{$pid} and $level =~ /^(STATEMENT|DETAIL|CONTEXT)$/)
			{
				$self->{findings}[ $open{$pid} ] .= "\n$level: $message";
			}
			else
			{
				delete $open{$pid};
			}
		}
		elsif ($line =~ /^TRAP: |AddressSanitizer: |: runtime error: |\*\*\* stack smashing/)
		{
			push @{ $self->{findings} }, $line;
		}
	}
	$self->{read} = tell $log;
	close $log;
	return;
}

# The judge is believed when it sees an internal error and a signal that are there.
sub prove_judge
{
	my ($self) = @_;
	my $made = $self->findings;

	$self->run('', q{DO $do$ BEGIN RAISE 'a control' USING ERRCODE = 'XX000'; END $do$;});
	like(join("\n", ($self->findings)[ $made .. $self->findings - 1 ]), qr/ERROR XX000: a control\nCONTEXT.*\nSTATEMENT: DO/,
		'the judge sees an internal error, and what was called');
	splice @{ $self->{findings} }, $made;

	my $file = $self->{node}->basedir . '/pid';
	my $session = IPC::Run::start([ 'psql', '-X', '-q', '-d', $self->{node}->connstr($self->{database}), '-c',
		"COPY (SELECT pg_backend_pid()) TO '$file'", '-c', 'SELECT pg_sleep(60)' ], '<', '/dev/null', '>', \my $out, '2>', \my $err);
	$self->{node}->poll_query_until($self->{database}, q{SELECT true FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'})
	  or die 'the session to end did not start';
	my $pid = slurp_file($file) + 0;
	# A sanitizer would answer a SEGV itself.
	kill 'ABRT', $pid;
	$session->finish;
	ok($self->is_back, 'the server recovers from a signal');
	$self->read_log;
	like(join("\n", ($self->findings)[ $made .. $self->findings - 1 ]), qr/terminated by signal 6.*\nDETAIL: .*pg_sleep\(60\)/,
		'the judge sees a signal, and what was called');
	splice @{ $self->{findings} }, $made;
	return;
}

# The result of the whole run.
sub judge
{
	my ($self) = @_;

	note(sprintf '%d calls in %.0f s with seed %s; the slowest took %.0f ms', $self->{calls}, $self->elapsed, $seed, $self->{slowest} // 0);
	foreach ($self->findings)
	{
		diag("seed $seed: " . (length $_ > 20000 ? substr($_, 0, 20000) . '…' : $_) . "\n");
	}
	is(scalar $self->findings, 0, 'no crash, no internal error, no broken promise, nothing that cannot be cancelled');
	return;
}

# A string as SQL writes it, on one line.
sub literal
{
	my ($string) = @_;

	return "''" if $string eq '';
	if ($string =~ /[\\\x00-\x1f\x7f]/)
	{
		$string =~ s/\x00//g;
		$string =~ s/([\\'])/\\$1/g;
		$string =~ s/([\x01-\x1f\x7f])/sprintf '\\x%02x', ord $1/eg;
		return "E'$string'";
	}
	$string =~ s/'/''/g;
	return "'$string'";
}

1;
