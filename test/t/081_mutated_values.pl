
# Damages texts and binary forms of every type of the extension and hands them
# to its input and receive functions.  A mutant that is refused is an error; one
# that is accepted is a value: it comes back unchanged from its text and from
# its binary form, every function that takes it can read it, and it adds up with
# itself and with another.
#
# Judged by the server's log, as 080_random_calls.pl is; same environment.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HostileServer qw(literal);
use Mutator qw(mutated_text mutated_bytes one_of);
use PostgreSQL::Test::Utils;
use RandomValue;
use Sample qw(load_events create_stored);
use Test::More;

my $server = HostileServer->new('hostile');
my $node = $server->node;
my $database = $server->database;
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
my ($missing) = $node->psql($database, q(CREATE FUNCTION test_receive(bytes bytea, of_type anyelement) RETURNS anyelement LANGUAGE C AS 'lead_kpi_test'));
plan skip_all => 'the module lead_kpi_test of test/modules is not installed' if $missing;
$server->prove_judge;
load_events($node, $database);
my @types = create_stored($node, $database);
my $has_soft_errors = $node->pg_version >= 16 ? 'true' : 'false';

my (%texts, %bytes, $random, %count);
foreach my $type (@types)
{
	# Long ones are slow to read and rarely accepted.
	$texts{$type} = [ map { pack 'H*', $_ } split /\n/, $node->safe_psql($database,
		"SELECT encode(convert_to(value::text, 'UTF8'), 'hex') FROM stored_$type WHERE length(value::text) < 4000 ORDER BY id") ];
	push @{ $texts{$type} }, map { pack 'H*', $_ } split /\n/, $node->safe_psql($database,
		"SET lead_kpi.summary_output = compact; SELECT encode(convert_to(value::text, 'UTF8'), 'hex') FROM stored_$type WHERE length(value::text) BETWEEN 1 AND 4000 ORDER BY id")
	  if $type !~ /^(rate|scorecard)$/;
	$bytes{$type} = [ map { pack 'H*', $_ } split /\n/, $node->safe_psql($database,
		"SELECT encode(lead_kpi.${type}_send(value), 'hex') FROM stored_$type WHERE octet_length(lead_kpi.${type}_send(value)) < 4000 ORDER BY id") ];
	die "no short sample of type $type\n" unless @{ $texts{$type} } and @{ $bytes{$type} };
	# Short ones come first: they reach every branch with fewer bytes to hit.
	$_ = [ sort { length $a <=> length $b } @$_ ] foreach $texts{$type}, $bytes{$type};
}
$server->begin;
$random = RandomValue->new(wildness => 0, literals => { map { ("lead_kpi.$_" => $texts{$_}) } @types });
create_readers($_) foreach @types;

while ($server->goes_on)
{
	my (@kinds, @calls);

	foreach (1 .. $server->batch_size(100))
	{
		my $type = one_of(@types);

		if (rand() < 0.5)
		{
			push @kinds, "$type text";
			push @calls, "SELECT read_text_$type(" . literal(mutated_text(sample($texts{$type}), @{ $texts{$type} })) . ');';
		}
		else
		{
			push @kinds, "$type binary";
			push @calls, "SELECT read_$type(test_receive('\\x" . unpack('H*', mutated_bytes(sample($bytes{$type}), @{ $bytes{$type} })) . "', NULL::lead_kpi.$type));";
		}
	}
	my @states = $server->run('', @calls);
	foreach my $number (0 .. $#kinds)
	{
		$count{ $kinds[$number] }[ ($states[$number] // '') eq '00000' ? 1 : 0 ]++;
	}
}

foreach my $kind (map { ("$_ text", "$_ binary") } @types)
{
	my ($refused, $accepted) = map { $_ // 0 } @{ $count{$kind} // [] }[ 0, 1 ];

	note("$kind: $refused refused, $accepted accepted");
	SKIP:
	{
		skip "too few mutants of $kind", 1 if $refused + $accepted < 400;
		ok($refused && $accepted, "$kind: some mutants are refused, some accepted");
	}
}
$server->judge;

# The shorter, the more often.
sub sample
{
	my ($samples) = @_;

	return $samples->[ int((rand) ** 2 * @$samples) ];
}

# Functions that keep the promises and read a value, made from the catalog:
# check_TYPE(value), read_TYPE(value), read_text_TYPE(text).
sub create_readers
{
	my ($type) = @_;
	my $full = "lead_kpi.$type";
	my $members = q(pg_depend d JOIN pg_extension e ON e.extname = 'lead_kpi' AND d.refobjid = e.oid
		AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e');
	my $functions = $node->safe_psql($database, qq(
		SELECT p.prokind, format('%I.%I', 'lead_kpi', p.proname), p.pronargdefaults,
			array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a(t, i) ORDER BY i), ';'),
			array_to_string(ARRAY(SELECT coalesce(p.proargnames[s + 1], '') FROM generate_subscripts(p.proargtypes, 1) s), ';')
		FROM $members JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		WHERE '$full'::regtype = ANY (p.proargtypes::oid[]) AND NOT 'internal'::regtype = ANY (p.proargtypes::oid[]) AND p.provolatile <> 'v'
		ORDER BY p.oid));
	my $adds = $node->safe_psql($database, "SELECT count(*) FROM pg_operator WHERE oprname = '+' AND oprleft = '$full'::regtype");
	my $reads = '';

	foreach (split /\n/, $functions)
	{
		my ($kind, $name, $defaults, $types, $names) = split /\|/, $_, -1;
		my @types = split /;/, $types;
		my @names = split /;/, $names, -1;

		if ($kind eq 'a')
		{
			my $list = join ', ', map { $_ eq $full ? 'v' : $random->value($_, shift @names) } @types;
			$reads .= attempt("SELECT ($name($list))::text FROM (VALUES (value), (NULL), (other), (value)) t(v)");
			next;
		}
		# With the defaults and without.
		foreach my $given ($defaults ? (@types - $defaults, scalar @types) : scalar @types)
		{
			my $mine = int rand grep { $_ eq $full } @types;
			my @names = @names;
			my $list = join ', ', map { my $name = shift @names; $_ eq $full ? ($mine-- == 0 ? 'value' : 'other') : $random->value($_, $name) } @types[ 0 .. $given - 1 ];
			$reads .= attempt("SELECT count(t::text) FROM $name($list) t");
		}
	}
	my $sums = !$adds ? '' : join '', map { attempt("SELECT check_$type($_)") } 'value + value', 'value + other', 'other + value';
	my $other = literal(one_of(@{ $texts{$type} }));
	my $sql = <<"SQL";
CREATE FUNCTION check_$type(value $full) RETURNS void LANGUAGE plpgsql SET search_path = lead_kpi, public AS \$check\$
DECLARE
	printed text := value::text;
	sent bytea := ${type}_send(value);
	again $full;
BEGIN
	BEGIN
		again := printed::$full;
	EXCEPTION WHEN OTHERS THEN
		RAISE 'the text of a value is refused: %: %', SQLERRM, printed USING ERRCODE = 'FZ001';
	END;
	IF again::text <> printed OR ${type}_send(again) <> sent THEN
		RAISE 'a value does not come back from its text: % became %', printed, again USING ERRCODE = 'FZ001';
	END IF;
	PERFORM set_config('lead_kpi.summary_output', 'compact', true);
	BEGIN
		again := value::text::$full;
	EXCEPTION WHEN OTHERS THEN
		RAISE 'the compact text of a value is refused: %: %', SQLERRM, value USING ERRCODE = 'FZ001';
	END;
	PERFORM set_config('lead_kpi.summary_output', 'json', true);
	IF again::text <> printed OR ${type}_send(again) <> sent THEN
		RAISE 'a value does not come back from its compact text: % became %', printed, again USING ERRCODE = 'FZ001';
	END IF;
	BEGIN
		again := test_receive(sent, NULL::$full);
	EXCEPTION WHEN OTHERS THEN
		RAISE 'the binary form of a value is refused: %: %', SQLERRM, printed USING ERRCODE = 'FZ001';
	END;
	IF again::text <> printed OR ${type}_send(again) <> sent THEN
		RAISE 'a value does not come back from its binary form: % became %', printed, again USING ERRCODE = 'FZ001';
	END IF;
END
\$check\$;
CREATE FUNCTION read_$type(value $full) RETURNS void LANGUAGE plpgsql SET search_path = lead_kpi, public AS \$read\$
DECLARE
	other $full := $other;
	answer text;
BEGIN
	PERFORM check_$type(value);
	$sums$reads
END
\$read\$;
CREATE FUNCTION read_text_$type(mutant text) RETURNS void LANGUAGE plpgsql SET search_path = lead_kpi, public AS \$text\$
DECLARE
	is_valid boolean := true;
BEGIN
	IF $has_soft_errors THEN
		EXECUTE 'SELECT pg_input_is_valid(\$1, ''$full'')' INTO is_valid USING mutant;
	END IF;
	BEGIN
		PERFORM mutant::$full;
	EXCEPTION WHEN OTHERS THEN
		IF is_valid AND $has_soft_errors THEN
			RAISE 'pg_input_is_valid says yes to what is refused: %', SQLERRM USING ERRCODE = 'FZ001';
		END IF;
		RAISE;
	END;
	IF NOT is_valid THEN
		RAISE 'pg_input_is_valid says no to what is accepted' USING ERRCODE = 'FZ001';
	END IF;
	PERFORM read_$type(mutant::$full);
END
\$text\$;
SQL
	$node->safe_psql($database, $sql);
	return;
}

# Errors are answers, all but internal ones and broken promises.
sub attempt
{
	my ($query) = @_;

	return "BEGIN answer := ($query); EXCEPTION WHEN OTHERS THEN IF SQLSTATE ~ '^(XX|FZ)' THEN RAISE; END IF; END;\n\t";
}

$node->stop('immediate');
done_testing();
