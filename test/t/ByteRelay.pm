# Stands between a client and a server, passes everything on, and counts what the
# server sent: how many bytes a plan really costs on the network.
package ByteRelay;

use strict;
use warnings;

use IO::Select;
use IO::Socket::UNIX;

# new(socket of the server, socket to listen at [, file to count in]): a process of its own, until stop() or the end of the test.
sub new
{
	my ($class, $server, $here, $counted) = @_;
	my $listener = IO::Socket::UNIX->new(Local => $here, Listen => 16) or die "cannot listen at $here: $!";
	my $self = bless { socket => $here, counted => $counted // "$here.bytes" }, $class;

	$self->reset;
	$self->{process} = fork;
	die "cannot fork: $!" unless defined $self->{process};
	if (!$self->{process})
	{
		# Whoever waits for the end of the test's output is not to wait for us.
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		$SIG{$_} = 'DEFAULT' foreach qw(TERM INT HUP);
		eval { relay($listener, $server, $self->{counted}) };
		require POSIX;
		POSIX::_exit(0);
	}
	close $listener;
	return $self;
}

sub relay
{
	my ($listener, $server, $counted) = @_;
	my $select = IO::Select->new($listener);
	my (%other, %is_server);

	# Nor does it outlive the test.
	my $parent = getppid;
	while (getppid == $parent)
	{
		my @ready = $select->can_read(1);

		foreach my $socket (@ready)
		{
			if ($socket == $listener)
			{
				my $client = $listener->accept or next;
				my $far = IO::Socket::UNIX->new(Peer => $server);
				# A server that is down is one that does not answer.
				next unless $far;
				@other{ $client, $far } = ($far, $client);
				$is_server{$far} = 1;
				$select->add($client, $far);
				next;
			}
			# Closed in this very round, as its other end was.
			my $to = $other{$socket} or next;
			my $length = sysread($socket, my $data, 65536);
			if (!$length)
			{
				$select->remove($socket, $to);
				delete @other{ $socket, $to };
				delete @is_server{ $socket, $to };
				close $_ for $socket, $to;
				next;
			}
			# Counted before it is passed on: who has the answer finds it counted.
			if ($is_server{$socket})
			{
				open my $file, '>>', $counted or die;
				syswrite $file, "$length\n";
				close $file;
			}
			for (my $sent = 0; $sent < $length;)
			{
				my $now = syswrite($to, $data, $length - $sent, $sent);
				last unless $now;
				$sent += $now;
			}
		}
	}
	return;
}

sub reset
{
	my ($self) = @_;

	open my $file, '>', $self->{counted} or die "cannot write $self->{counted}: $!";
	close $file;
	return;
}

# Bytes that the server sent since reset().
sub bytes
{
	my ($self) = @_;
	my $bytes = 0;

	open my $file, '<', $self->{counted} or die "cannot read $self->{counted}: $!";
	while (my $length = <$file>)
	{
		$bytes += $length;
	}
	close $file;
	return $bytes;
}

sub stop
{
	my ($self) = @_;

	if ($self->{process})
	{
		kill 'KILL', $self->{process};
		waitpid $self->{process}, 0;
		$self->{process} = 0;
	}
	unlink $self->{socket}, $self->{counted};
	return;
}

1;
