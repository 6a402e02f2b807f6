
# COPY BINARY takes every stored type out and in unchanged; a damaged file is
# an error, never a crash.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(load_events create_stored query);
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'restart_after_crash = off');
$node->start;
my $database = 'postgres';
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
load_events($node, $database);

foreach my $type (create_stored($node, $database))
{
	my $file = $node->basedir . "/$type.copy";
	my $text = "SELECT id, value::text FROM %s ORDER BY id";
	my $bytes = "SELECT id, lead_kpi.${type}_send(value) FROM %s ORDER BY id";

	$node->safe_psql($database, "CREATE TABLE copied (id int, value lead_kpi.$type)");
	foreach my $format ('binary', 'text', 'csv')
	{
		$node->safe_psql($database, "TRUNCATE copied;
			COPY stored_$type TO '$file.$format' (FORMAT $format); COPY copied FROM '$file.$format' (FORMAT $format)");
		foreach my $read ($text, $bytes)
		{
			is(query($node, $database, sprintf($read, 'copied')), query($node, $database, sprintf($read, "stored_$type")),
				"$type: COPY $format out and in");
		}
	}

	# Cut the file anywhere, and flip a bit anywhere in it.  What could be read
	# of a cut file is right; of a flipped one, it can be printed.
	my $whole = slurp_file("$file.binary");
	my $size = length $whole;
	my $step = $size > 400 ? int($size / 200) : 1;
	my $wrong = "SELECT count(*) FROM copied c LEFT JOIN stored_$type s USING (id) WHERE c.value::text IS DISTINCT FROM s.value::text";
	my $readable = 'SELECT count(value::text) * 0 FROM copied';
	my ($script, $cases) = ('', 0);
	for (my $at = 20; $at < $size; $at += $step)
	{
		my $flipped = $whole;
		substr($flipped, $at, 1) = chr(ord(substr($whole, $at, 1)) ^ (1 << $at % 8));
		spew("$file.cut.$at", substr($whole, 0, $at));
		spew("$file.flipped.$at", $flipped);
		$script .= "TRUNCATE copied; COPY copied FROM '$file.cut.$at' (FORMAT binary); $wrong;\n"
		  . "TRUNCATE copied; COPY copied FROM '$file.flipped.$at' (FORMAT binary); $readable;\n";
		$cases += 2;
	}
	my ($status, $out, $err) = $node->psql($database, $script, on_error_stop => 0);
	is($out, join("\n", (0) x $cases), "$type: $cases damaged files give an error or valid values");
	like($err, qr/ERROR: .*(insufficient data|unexpected EOF)/, "$type: cut files give errors");
	like($err, qr/ERROR: .*invalid/, "$type: flipped bits give errors");
	is(query($node, $database, 'SELECT 1'), '1', "$type: the server is alive");
	$node->safe_psql($database, 'DROP TABLE copied');
}
unlike(slurp_file($node->logfile), qr/terminated by signal|TRAP:|invalid memory alloc request/,
	'no crash, and no allocation on the word of a damaged file');

sub spew
{
	my ($file, $content) = @_;

	open my $handle, '>:raw', $file or die "$file: $!";
	print $handle $content;
	close $handle or die "$file: $!";
}

$node->stop;
done_testing();
