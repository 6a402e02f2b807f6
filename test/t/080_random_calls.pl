
# Calls everything that the extension has with whatever chance brings: every
# function, operator, aggregate and cast of the catalog, with arguments usual
# and strange, in every place where SQL can put a call.
#
# An error is an answer.  What is none: a crash, an internal error (XX000), a
# call that cannot be cancelled.  Environment: LEAD_KPI_SECONDS (60), or
# LEAD_KPI_CALLS; LEAD_KPI_SEED repeats a run; LEAD_KPI_VERSION calls the SQL of a former version.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use HostileServer qw(literal);
use Mutator qw(one_of);
use PostgreSQL::Test::Utils;
use RandomValue;
use Sample qw(load_events create_stored);
use Test::More;

my $server = HostileServer->new('hostile');
my $node = $server->node;
my $database = $server->database;
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi' . ($ENV{LEAD_KPI_VERSION} ? " VERSION '$ENV{LEAD_KPI_VERSION}'" : ''));
$server->prove_judge;

load_events($node, $database);
my %literals;
foreach my $type (create_stored($node, $database))
{
	# Short ones: what is to be found with long ones is found with these.
	$literals{"lead_kpi.$type"} = [ split /\n/, $node->safe_psql($database,
		"SELECT value::text FROM stored_$type WHERE length(value::text) < 3000 AND value::text !~ '\\n' ORDER BY id") ];
	die "no short sample of type $type\n" unless @{ $literals{"lead_kpi.$type"} };
}
$node->safe_psql($database, q(CREATE TYPE stage_enum AS ENUM ('lead', 'mql', 'sql', 'won')));

# ---------------------------------------------------------------- the catalog

my $members = q(pg_depend d JOIN pg_extension e ON e.extname = 'lead_kpi' AND d.refobjid = e.oid
	AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e');

my %fields;
foreach (rows(qq(SELECT format_type(t.oid, NULL), a.attname, format_type(a.atttypid, NULL)
	FROM $members JOIN pg_type t ON d.classid = 'pg_type'::regclass AND d.objid = t.oid
	JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 ORDER BY t.oid, a.attnum)))
{
	push @{ $fields{ $_->[0] } }, [ @$_[ 1, 2 ] ];
}

my (@functions, @aggregates, @operators, @casts);
foreach (rows(qq(SELECT p.prokind, format('%I.%I', n.nspname, p.proname), p.provolatile, p.pronargdefaults, p.provariadic <> 0,
		array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a(t, i) ORDER BY i), ';'),
		array_to_string(ARRAY(SELECT coalesce(p.proargnames[i], '') FROM generate_subscripts(p.proargtypes, 1) s, LATERAL (SELECT s + 1 AS i) t), ';'),
		p.oid::regprocedure
	FROM $members JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid JOIN pg_namespace n ON n.oid = p.pronamespace
	WHERE NOT 'internal'::regtype = ANY (p.proargtypes::oid[]) ORDER BY p.oid)))
{
	my ($kind, $name, $volatile, $defaults, $variadic, $types, $names, $signature) = @$_;
	my @names = split /;/, $names, -1;
	my @arguments = map { { type => $_, name => shift @names } } split /;/, $types;
	my $object = { name => $name, arguments => \@arguments, defaults => $defaults, variadic => $variadic eq 't',
		volatile => $volatile eq 'v', signature => $signature };

	push @{ $kind eq 'a' ? \@aggregates : \@functions }, $object;
}
foreach (rows(qq(SELECT o.oprname, format_type(o.oprleft, NULL), format_type(o.oprright, NULL), o.oid::regoperator
	FROM $members JOIN pg_operator o ON d.classid = 'pg_operator'::regclass AND d.objid = o.oid ORDER BY o.oid)))
{
	push @operators, { name => $_->[0], left => $_->[1], right => $_->[2], signature => "operator $_->[3]" };
}
foreach (rows(qq(SELECT format_type(c.castsource, NULL), format_type(c.casttarget, NULL)
	FROM $members JOIN pg_cast c ON d.classid = 'pg_cast'::regclass AND d.objid = c.oid ORDER BY c.oid)))
{
	push @casts, { from => $_->[0], to => $_->[1], signature => "cast from $_->[0] to $_->[1]" };
}
cmp_ok(scalar @$_, '>', 3, 'the catalog has them') foreach \@functions, \@aggregates, \@operators, \@casts;

# ---------------------------------------------------------------- the material

$server->begin;
my $random = RandomValue->new(literals => \%literals, fields => \%fields);

# Columns of a table for what changes from row to row: name, type, how it is made.
my @columns = (
	[ lead_id => 'bigint', 'n % 40' ], [ lead_uuid => 'uuid', 'md5((n % 40)::text)::uuid' ], [ lead_text => 'text', q('lead ' || n % 40) ],
	[ stage => 'text', q((ARRAY['lead', 'mql', 'sql', 'won', NULL])[1 + n % 5]) ],
	[ stage_enum => 'stage_enum', q((ARRAY['lead', 'mql', 'sql', 'won', NULL])[1 + n % 5]::stage_enum) ],
	[ channel => 'text', q((ARRAY['ads', 'event', 'organic', 'direct'])[1 + n * 7 % 4]) ],
	[ outcome => 'text', q((ARRAY['lost', 'converted', 'censored'])[1 + n % 3]) ],
	[ milestone => 'text', q((ARRAY['lead', 'opportunity', NULL, NULL])[1 + n % 4]) ],
	[ at => 'timestamp with time zone', q(timestamptz '2025-01-01 00:00:00+00' + n * 7919 % 1009 * interval '17 minutes') ],
	[ later => 'timestamp with time zone', q(CASE WHEN n % 3 > 0 THEN timestamptz '2025-01-14 00:00:00+00' + n * 31 % 97 * interval '1 hour' END) ],
	[ local_at => 'timestamp without time zone', q(timestamp '2025-01-01' + n * 7919 % 1009 * interval '17 minutes') ],
	[ day => 'date', q(date '2025-01-01' + (n * 7 % 31)::int) ], [ elapsed => 'interval', q(n * 7 % 101 * interval '3 hours') ],
	[ count => 'bigint', 'n % 7' ], [ n => 'bigint', 'n' ], [ number => 'integer', '(n % 11)::int' ], [ amount => 'numeric', 'n * 37 % 1000 / 7.0' ], [ small => 'numeric', 'n % 5' ],
	[ score => 'double precision', '(n * 31 % 97) / 97.0' ], [ yes => 'boolean', 'n * 13 % 7 < 3' ],
	[ attributes => 'jsonb', q(jsonb_build_object('channel', (ARRAY['ads', 'event', 'organic'])[1 + n % 3], 'team', n % 6, 'code', 'c' || n % 3, 'size', n * 7 % 13)) ],
	[ path => 'text[]', q((ARRAY['ads', 'event', 'organic', 'direct'])[1 + n % 4 : 1 + n % 4 + n % 3]) ],
	[ features => 'double precision[]', 'ARRAY[n % 13, n * 7 % 11]::float8[]' ],
	(map { (my $name = $_) =~ s/.*\.//; [ "own_$name" => $_, 'CASE n % ' . @{ $literals{$_} }
		. join('', map { " WHEN $_->[0] THEN $_->[1]" } numbered(map { literal($_) } @{ $literals{$_} })) . " END::$_" ] } sort keys %literals));

# Strange values too, those that can be written.
$random->wildness(1);
foreach my $type (sort { $a cmp $b } keys %{ { map { $_->[1] => 1 } @columns } })
{
	my @values = map { $random->value($type eq 'stage_enum' ? 'public.stage_enum' : $type) } 1 .. 12;
	my @states = $server->run('', map { "SELECT $_;" } @values);
	my @valid = map { $values[$_] } grep { ($states[$_] // '') eq '00000' } 0 .. $#values;

	(my $name = "wild_$type") =~ s/\W+/_/g;
	push @columns, [ $name => $type, 'CASE n % ' . (@valid + 1) . join('', map { " WHEN $_->[0] THEN $_->[1]" } numbered(@valid)) . " END::$type", 'wild' ];
}
my $material = 'SELECT ' . join(', ', map { "$_->[2] AS $_->[0]" } @columns) . ' FROM generate_series(1::bigint, 300) n';
$node->safe_psql($database, "CREATE TABLE material AS $material; ALTER TABLE material ADD PRIMARY KEY (n); ALTER TABLE material SET (parallel_workers = 3); ANALYZE material;");
# What is called here should be called on marts that have something in them.
$node->safe_psql($database, "SELECT lead_kpi.create_mart('mart_1'); SELECT lead_kpi.generate_example('mart_1', 60); SELECT lead_kpi.create_mart('mart_2')");

# Aggregates want these the same in every row.
my %is_constant = map { $_ => 1 } qw(within ladder policy labels modes lookback half_life resolution observed_until as_of scorecard terms ridge bins level nulls);
# The columns that fit an argument's name best.
my %column_for = (converted => 'yes', hit => 'yes', lead => undef, entered_at => 'at', touched_at => 'at', converted_at => 'later', lost_at => 'later', event => 'stage',
	spend => 'amount', leads => 'count', value => 'score', conversions => 'count', score_a => 'score', score_b => 'score');

# ---------------------------------------------------------------- the calls

sub numbered { my $number = 0; return map { [ $number++, $_ ] } @_ }

sub rows
{
	my ($sql) = @_;

	return map { [ split /\|/, $_, -1 ] } split /\n/, $node->safe_psql($database, $sql);
}

sub actual_type
{
	my ($type) = @_;

	return 'public.stage_enum' if $type eq 'anyenum';
	return rand() < 0.02 ? 'text[]' : 'public.stage_enum[]' if $type eq 'anyarray';
	return $type;
}

# A column of the material for an argument, or a constant where none fits.
sub column
{
	my ($argument, $wildness) = @_;
	my $type = actual_type($argument->{type});
	my $name = $argument->{name};

	(my $short = $type) =~ s/^public\.//;
	my @fitting = grep { $_->[1] eq $short } @columns;
	my @usual = grep { !$_->[3] } @fitting;
	return one_of(map { $_->[0] } grep { $_->[3] } @fitting) if @fitting > @usual and rand() < $wildness;
	my ($named) = grep { $_->[0] eq ($column_for{$name} // $name) or $name eq 'lead' and $_->[0] =~ /^lead_/ } @usual;
	return $named->[0] if $named;
	return $random->value($type, $name) unless @usual;
	return one_of(@usual)->[0];
}

# Conditions: few or many, nearly always booleans.
sub conditions
{
	my ($expression) = @_;
	my $count = one_of(1, 2, 2, 3, 3, 4, 5, 8, 31, 32, 33);
	my @list = map { rand() < 0.003 ? $random->value(one_of('text', 'integer', 'bigint')) : $expression->() } 1 .. $count;

	return rand() < 0.05 ? 'VARIADIC ARRAY[' . join(', ', @list) . ']' : join ', ', @list;
}

sub function_call
{
	my ($function, $wildness) = @_;
	my @arguments = @{ $function->{arguments} };
	my $by_row = !$function->{volatile} && rand() < 0.3;
	my $value = sub {
		my ($argument) = @_;

		# A small mart, or it is only about waiting.
		return one_of(0, 1, 10, 50, 300, 300, 'NULL', -1, '9223372036854775807') if $argument->{name} eq 'leads' and $function->{volatile};
		return literal(one_of(@{ $literals{$1} })) . '::cstring' if $function->{name} =~ /^(.*)_in$/ and $literals{$1} and rand() < 0.7;
		return $by_row && rand() < 0.6 ? column($argument, $wildness) : $random->value(actual_type($argument->{type}), $argument->{name});
	};

	splice @arguments, @arguments - int rand($function->{defaults} + 1) if $function->{defaults} and rand() < 0.5;
	my @values = map { $_->{type} eq '"any"' ? conditions(sub { $random->value('boolean') }) : $value->($_) } @arguments;
	my $call = "$function->{name}(" . join(', ', @values) . ')';

	if ($function->{volatile})
	{
		my ($mart) = grep { $_->{name} eq 'mart' } @arguments;

		return 'BEGIN; ' . one_of('SET LOCAL search_path = mart_1, lead_kpi, public;', 'CREATE SCHEMA fresh; SET LOCAL search_path = fresh, lead_kpi, public;')
		  . " SELECT $call;\nROLLBACK;"
		  unless $mart and rand() < 0.5;
		return "SELECT $call;";
	}
	return ("SELECT $call FROM material WHERE n <= " . one_of(0, 2, 5, 30) . ';') if $by_row and rand() < 0.7;
	return ("SELECT count(t::text) FROM (SELECT * FROM material WHERE n <= 5) m, LATERAL $call t;") if $by_row;
	return one_of("SELECT $call;", "SELECT * FROM $call LIMIT 100;", "SELECT ($call)::text;");
}

sub aggregate_call
{
	my ($aggregate, $wildness) = @_;
	my @values = map {
		my $argument = $_;
		$argument->{type} eq '"any"' ? conditions(sub { one_of('yes', q(stage = 'lead'), q(stage = 'won'), q(channel = 'ads'), 'n % 5 = 0', 'NULL::boolean', 'true') })
		: rand() < ($is_constant{ $argument->{name} } ? 0.97 : 0.05) ? $random->value(actual_type($argument->{type}), $argument->{name})
		: column($argument, $wildness)
	} @{ $aggregate->{arguments} };
	my $filter = one_of('', '', '', " FILTER (WHERE stage = 'won')", ' FILTER (WHERE false)', ' FILTER (WHERE n % 7 < 2)', ' FILTER (WHERE NULL)');
	my $list = join ', ', @values;
	my $from = 'material' . one_of('', '', '', ' WHERE n <= 1', ' WHERE false', ' WHERE n <= 20', ' WHERE lead_id = 3');
	my $kind = int rand 8;

	if ($kind == 0)
	{
		my $frame = one_of('', 'ORDER BY at', 'PARTITION BY channel', 'PARTITION BY channel ORDER BY n ROWS BETWEEN 5 PRECEDING AND 2 PRECEDING',
			'ORDER BY n ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW', 'ORDER BY lead_id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
			'ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW');
		return "SELECT $aggregate->{name}($list)$filter OVER ($frame) FROM (SELECT * FROM material WHERE n <= 30) m;";
	}
	$list = "DISTINCT $list" if $kind == 1;
	$list .= ' ORDER BY ' . one_of('n', 'n DESC', 'at', 'lead_id, at DESC', 'wild_double_precision', 'stage NULLS FIRST') if $kind == 2;
	my $call = "$aggregate->{name}($list)$filter";
	my $group = one_of('', '', ' GROUP BY channel', ' GROUP BY lead_id', ' GROUP BY n', ' GROUP BY GROUPING SETS ((channel), (stage), ())', ' GROUP BY ROLLUP (channel, stage)',
		' GROUP BY CUBE (channel, yes)', ' GROUP BY channel HAVING count(*) > 70');
	return (one_of("SELECT $call FROM $from$group;", "SELECT ($call)::text FROM $from$group;", "SELECT $call, $call FROM $from$group;",
		"SELECT (SELECT $call FROM material i WHERE i.n <= o.n) FROM material o WHERE n <= 5;"));
}

sub operator_call
{
	my ($operator, $wildness) = @_;
	my ($left, $right) = map {
		my $type = $_;
		$type eq '-' ? '' : rand() < 0.3 ? column({ type => $type, name => '' }, $wildness) : $random->value($type)
	} @$operator{qw(left right)};

	return "SELECT $left OPERATOR(lead_kpi.$operator->{name}) $right FROM material WHERE n <= 5;";
}

sub cast_call
{
	my ($cast, $wildness) = @_;
	my $value = rand() < 0.3 ? column({ type => $cast->{from}, name => '' }, $wildness) : $random->value($cast->{from});

	return "SELECT ($value)::$cast->{to} FROM material WHERE n <= 5;";
}

my $force = 'SET ' . ($node->pg_version >= 16 ? 'debug_parallel_query' : 'force_parallel_mode') . ' = on;';
my $workers = 'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 3; SET max_parallel_workers = 12;';
my @settings = ('', '', $workers, "$workers SET parallel_leader_participation = off;", "$workers SET enable_hashagg = off; SET work_mem = '64kB';", $force,
	"SET work_mem = '64kB'; SET enable_sort = off;", 'SET lead_kpi.summary_output = compact;');

sub any_object
{
	my $chosen = rand;
	my ($make, $objects) = $chosen < 0.45 ? (\&function_call, \@functions) : $chosen < 0.88 ? (\&aggregate_call, \@aggregates)
	  : $chosen < 0.95 ? (\&operator_call, \@operators) : (\&cast_call, \@casts);
	my $object = one_of(@$objects);

	# They write, and take long.
	$object = one_of(@$objects) while $object->{volatile} and rand() < 0.9;
	return [ $make, $object ];
}

# One strange argument among usual ones: every one for every argument, since chance needs long for each.
sub one_strange_each
{
	my ($function) = @_;
	my @arguments = @{ $function->{arguments} };
	my @made;

	return if $function->{volatile} or grep { $_->{type} =~ /^any|"any"/ } @arguments;
	$random->wildness(0);
	foreach my $position (0 .. $#arguments)
	{
		foreach my $strange ($random->strange($arguments[$position]{type}))
		{
			my @values = map { $random->value($_->{type}, $_->{name}) } @arguments;

			$values[$position] = $strange;
			my $call = "SELECT ($function->{name}(" . join(', ', @values) . '))::text;';
			push @made, [ sub { $call }, $function ];
		}
	}
	return @made;
}

# Everything once, everything strange once, then whatever comes.
my @first = ((map { [ \&function_call, $_ ] } @functions), (map { [ \&aggregate_call, $_ ] } @aggregates),
	(map { [ \&operator_call, $_ ] } @operators), (map { [ \&cast_call, $_ ] } @casts), map { one_strange_each($_) } @functions);
note(@first . ' calls before those by chance');
my (%called, %answered, $answers);
while ($server->goes_on)
{
	my (@objects, @calls);

	foreach (1 .. $server->batch_size(200))
	{
		my $wildness = one_of(0, 0, 0.1, 0.3, 0.8);

		$random->wildness($wildness);
		my ($make, $object) = @{ shift @first // any_object() };

		push @objects, $object->{signature};
		push @calls, $make->($object, $wildness);
	}
	my @states = $server->run(@first ? '' : one_of(@settings), @calls);
	foreach my $number (0 .. $#calls)
	{
		$called{ $objects[$number] }++;
		next unless ($states[$number] // '') eq '00000';
		$answered{ $objects[$number] }++;
		$answers++;
	}
}

my @all = map { $_->{signature} } @functions, @aggregates, @operators, @casts;
my @never = grep { !$called{$_} } @all;
note(sprintf '%d of %d calls were answered; %d of %d objects called, %d answered', $answers // 0, $server->calls, @all - @never, scalar @all, scalar keys %answered);
note("never answered: $_") foreach grep { !$answered{$_} } @all;
SKIP:
{
	skip 'too few calls to ask for more', 2 if $server->calls < 3 * @all;
	is(join(' ', @never), '', 'everything was called');
	cmp_ok($answers, '>', 0.3 * $server->calls, 'a good part of the calls had an answer');
}
$server->judge;

$node->stop('immediate');
done_testing();
