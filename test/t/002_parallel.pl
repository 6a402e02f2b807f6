
# Every aggregate gives one answer: serially, in parallel (the plan is checked),
# over partitions, with workers that saw nothing, and rolled up from parts.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Sample qw(load_events create_stored query queries);
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'max_worker_processes = 16');
$node->start;
my $database = 'postgres';
$node->safe_psql($database, 'CREATE EXTENSION lead_kpi');
load_events($node, $database);
$node->safe_psql($database, <<'SQL');
CREATE TABLE event_by_lead (LIKE event) PARTITION BY HASH (lead_id);
CREATE TABLE event_by_lead_0 PARTITION OF event_by_lead FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE event_by_lead_1 PARTITION OF event_by_lead FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE event_by_lead_2 PARTITION OF event_by_lead FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO event_by_lead SELECT * FROM event;
ANALYZE event_by_lead;
-- Workers with one row among them, and with none.
CREATE TABLE one_event (LIKE event) WITH (parallel_workers = 4);
INSERT INTO one_event SELECT * FROM event WHERE lead_id = 10 LIMIT 1;
CREATE TABLE no_event (LIKE event) WITH (parallel_workers = 4);
SQL

my $serial = 'SET max_parallel_workers_per_gather = 0;';
my $parallel = 'SET max_parallel_workers_per_gather = 4; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;'
  . ' SET min_parallel_table_scan_size = 0; SET max_parallel_workers = 16;';
my $workers_only = "$parallel SET parallel_leader_participation = off;";
my $partitionwise = "$serial SET enable_partitionwise_aggregate = on;";

# The argument for a parameter, by the aggregate's name, the parameter's name and its type.
my %time = (
	'timestamp with time zone' => 'entered_at',
	'timestamp without time zone' => q(entered_at AT TIME ZONE 'UTC'),
	'date' => q((entered_at AT TIME ZONE 'UTC')::date),
	'bigint' => q(extract(epoch FROM entered_at)::bigint),
	'integer' => q(extract(epoch FROM entered_at)::integer));
my %window = (
	modes => { 'text[]' => q('{strict_order}') },
	within => { 'interval' => q('3 days'), 'bigint' => '259200::bigint', 'integer' => '259200' },
	at => \%time,
	conditions => { 'VARIADIC "any"' => q(stage = 'lead', stage = 'mql', stage = 'won') });
my %engagement = (
	scorecard => { 'lead_kpi.scorecard' => q('{"engagement": [{"event": "lead", "points": 0.1}, {"event": "mql", "points": 0.7, "half_life": 3.3}, {"event": "sql", "points": 3, "half_life": 2, "limit": 7}, {"matches": "[lw]", "points": -0.1, "window": 9, "cap": 40}]}'::lead_kpi.scorecard) },
	event => { 'text' => 'stage' },
	at => \%time,
	as_of => { 'timestamp with time zone' => q('2025-01-05 00:00:00+00'::timestamptz) });

# A number in every type that a function has a form for.
sub of_numbers
{
	my ($number) = @_;

	return { map { $_ => "($number)::$_" } 'bigint', 'numeric', 'double precision' };
}

# A time likewise.
sub of_times
{
	my ($time) = @_;

	return { 'timestamp with time zone' => $time, map { $_ => "(($time) AT TIME ZONE 'UTC')::$_" } 'timestamp without time zone', 'date' };
}

my %argument = (
	conversion_curve => {
		entered_at => \%time,
		converted_at => of_times(q(CASE WHEN lead_id % 3 = 1 THEN entered_at + lead_id * interval '19 minutes' END)),
		lost_at => of_times(q(CASE WHEN lead_id % 2 = 1 THEN entered_at + lead_id * interval '23 minutes' END)),
		observed_until => of_times(q('2025-02-01 00:00:00+00'::timestamptz)),
		elapsed => { 'interval' => q(lead_id * interval '19 minutes') },
		outcome => { 'text' => q(CASE lead_id % 3 WHEN 0 THEN 'lost' WHEN 1 THEN 'converted' WHEN 2 THEN 'censored' END) },
		resolution => { 'interval' => q('1 hour') } },
	engagement => \%engagement,
	explain_engagement => \%engagement,
	funnel => {
		lead => { 'bigint' => 'lead_id', 'uuid' => 'lead_uuid', 'text' => 'lead_text' },
		stage => { 'text' => 'stage', 'anyenum' => 'stage_enum', 'bigint' => 'length(stage)' },
		entered_at => \%time,
		ladder => { 'text[]' => q('{lead,mql,sql,won}'), 'anyarray' => q('{lead,mql,sql,won}'::stage[]), 'bigint[]' => q('{4,3}') },
		within => { 'interval' => q('3 days') },
		at => \%time,
		labels => { 'text[]' => q('{first,second,third}') },
		conditions => $window{conditions},
		policy => { 'text' => q('reached') } },
	journeys => {
		lead => { 'bigint' => 'lead_id', 'uuid' => 'lead_uuid', 'text' => 'lead_text' },
		channel => { 'text' => 'channel || coalesce(stage, $$none$$)' },
		touched_at => \%time,
		converted_at => of_times(q(CASE WHEN lead_id % 3 > 0 THEN '2025-01-05 00:00:00+00'::timestamptz END)),
		lookback => { 'interval' => q('3 days') },
		half_life => { 'interval' => q('2 days') },
		milestone => { 'text' => q(CASE stage WHEN 'lead' THEN 'lead' WHEN 'sql' THEN 'opportunity' END) },
		path => { 'text[]' => q(ARRAY[channel, coalesce(stage, 'none'), 'team ' || team]) },
		conversions => of_numbers('lead_id % 3'),
		value => { 'double precision' => q(CASE WHEN lead_id % 3 > 0 THEN lead_id / 7.0 END) },
		nulls => of_numbers('1'),
		milestones => { 'text[]' => q(ARRAY[NULL, NULL, CASE WHEN team < 100 THEN 'lead' END]) } },
	logistic_model => {
		converted => { 'boolean' => q(lead_id * 7919 % 1009 < 400) },
		features => { 'double precision[]' => q(ARRAY[lead_id % 13, extract(epoch FROM entered_at) / 7e4]::float8[]) },
		attributes => { 'jsonb' => q(jsonb_build_object('code', NULLIF('c' || lead_id % 4, 'c3'), 'size', NULLIF(lead_id % 17, 5))) },
		terms => { 'text[]' => q('{code,size}') },
		ridge => { 'double precision' => '0.5' } },
	lead_profile => {
		attributes => { 'jsonb' => q(jsonb_build_object('channel', channel, 'stage', stage, 'team', team, 'lead', lead_text, 'root', sqrt(lead_id))) },
		converted => { 'boolean' => 'lead_id % 3 = 0' } },
	marginal_cost => {
		spend => { numeric => 'lead_id % 100', 'double precision' => '(lead_id % 100)::float8' },
		leads => { numeric => 'lead_id % 7', 'double precision' => '(lead_id % 7)::float8' },
		level => { 'double precision' => '0.8' } },
	# Each row is a segment.
	mix_change => {
		before => { 'lead_kpi.rate' => 'lead_kpi.rate(lead_id % 3, 3 + lead_id % 5)' },
		after => { 'lead_kpi.rate' => 'lead_kpi.rate(team % 3, 3 + team % 11)' },
		hits0 => of_numbers('lead_id % 3'), trials0 => of_numbers('3 + lead_id % 5'),
		hits1 => of_numbers('team % 3'), trials1 => of_numbers('3 + team % 11') },
	moments => { value => { 'double precision' => q(CASE WHEN stage = 'won' THEN lead_id / 7.0 ELSE 0 END) } },
	pipeline_history => {
		kind => { 'text' => q(CASE stage WHEN 'lead' THEN 'lead' WHEN 'sql' THEN 'exit' WHEN 'won' THEN 'deal' ELSE 'stage' END) },
		stage_position => { 'integer' => '1 + team % 5' },
		entered_at => { 'timestamp with time zone' => 'entered_at' },
		opened_at => { 'timestamp with time zone' => q(entered_at - interval '1 day') },
		ended_by => { 'timestamp with time zone' => q(entered_at + interval '1 hour') },
		is_won => { 'boolean' => 'team % 3 > 0' },
		amount => { 'numeric' => 'nullif(team % 7, 3) * 12.34' } },
	# Each row is a lead that came, and was in the second stage days later.
	pipeline_moves => {
		history => { 'bytea' => q('\x01020801'::bytea || int8send((extract(epoch FROM entered_at)::bigint - 946684800) * 1000000)
			|| '\x0902'::bytea || int8send((extract(epoch FROM entered_at)::bigint - 946684800 + lead_id % 9 * 86400) * 1000000)) },
		won_position => { 'integer' => '3' },
		observed_until => { 'timestamp with time zone' => q('2025-03-01 00:00:00+00'::timestamptz) },
		day_ends => { 'timestamp with time zone[]' => q(lead_kpi.forecast_ends('day', '2025-03-01 00:00:00+00', 'UTC')) },
		month_ends => { 'timestamp with time zone[]' => q(lead_kpi.forecast_ends('month', '2025-03-01 00:00:00+00', 'UTC')) } },
	rate => { hit => { 'boolean' => q(stage = 'won') } },
	# Each row is a group.
	rate_homogeneity => { rate => { 'lead_kpi.rate' => 'lead_kpi.rate(lead_id % 3, 3 + lead_id % 5)' } },
	roc => {
		score => { 'double precision' => 'NULLIF(lead_id % 1000, 7) / 7.0' },
		converted => { 'boolean' => q(stage = 'won') },
		bins => { 'integer' => '3' } },
	roc_compare => {
		score_a => { 'double precision' => 'NULLIF(lead_id % 1000, 7) / 7.0' },
		score_b => { 'double precision' => '(lead_id * 31 % 500)::float8' },
		converted => { 'boolean' => q(stage = 'won') } },
	revenue_mix_change => {
		leads0 => of_numbers('lead_id'), sales0 => of_numbers('lead_id / 9'), revenue0 => of_numbers('lead_id / 9 * 123.45'),
		leads1 => of_numbers('2 * team'), sales1 => of_numbers('team / 5'), revenue1 => of_numbers('team / 5 * 99.9 + team % 2') },
	# One lead; the rows of all others have no lead.
	(map { $_ => {
		lead => { map { $_->[0] => "CASE WHEN lead_id = 10 THEN $_->[1] END" } [ 'bigint', 'lead_id' ], [ 'uuid', 'lead_uuid' ], [ 'text', 'lead_text' ] },
		stage => { 'text' => 'stage', 'anyenum' => 'stage_enum', 'bigint' => 'length(stage)' },
		entered_at => \%time,
		ladder => { 'text[]' => q('{lead,mql,sql,won}'), 'anyarray' => q('{lead,mql,sql,won}'::stage[]), 'bigint[]' => q('{4,3}') },
		within => { 'interval' => q('3 days') },
		policy => { 'text' => q('reached') } } } qw(stage_times why)),
	retention => \%window,
	time_bins => {
		at => { 'timestamp with time zone' => 'entered_at' },
		until => { 'timestamp with time zone' => q('2025-02-01 00:00:00+00'::timestamptz) } },
	window_funnel => \%window,
	window_funnel_times => \%window);
$argument{try_logistic_model} = $argument{logistic_model};

my $aggregates = $node->safe_psql($database, <<'SQL');
SELECT p.proname, pg_get_function_identity_arguments(p.oid)
FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.prokind = 'a'
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lead_kpi')
ORDER BY 1, 2
SQL

my %over_stored;                # type => aggregates
foreach my $line (split /\n/, $aggregates)
{
	my ($name, $signature) = split /\|/, $line;
	my @arguments;

	# Those over stored summaries have their own test below.
	if ($signature =~ /^lead_kpi\.(\w+)$/)
	{
		push @{ $over_stored{$1} }, $name;
		next;
	}

	foreach my $parameter (split /, /, $signature)
	{
		# "VARIADIC conditions ..." or "within interval"
		my ($variadic, $called, $type) = $parameter =~ /^(VARIADIC )?(\w+) (.*)$/;
		push @arguments, $argument{$name}{$called}{ ($variadic // '') . $type }
		  // die "no argument for \"$parameter\" of aggregate $name($signature): add it to %argument in test/t/002_parallel.pl\n";
	}
	my $call = "lead_kpi.$name(" . join(', ', @arguments) . ')';
	same_everywhere("$name($signature)", $call, 'event');
}

foreach my $type (create_stored($node, $database))
{
	# Fitted models and scorecards do not add up.
	next unless $over_stored{$type};

	# Many summaries that add up: one per group of leads.
	my %parts = (
		'moments' => "lead_kpi.moments(CASE WHEN stage = 'won' THEN lead_id / 7.0 ELSE 0 END)",
		'rate' => "lead_kpi.rate(stage = 'won')",
		'roc' => "lead_kpi.roc(NULLIF(lead_id % 1000, 7) / 7.0, stage = 'won')",
		'conversion_curve' => "lead_kpi.conversion_curve('2025-01-01 00:00:00+00', CASE stage WHEN 'won' THEN entered_at END, CASE stage WHEN 'sql' THEN entered_at END, '2025-01-09 00:00:00+00', '1 hour')",
		'funnel' => "lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}')",
		'lead_profile' => "lead_kpi.lead_profile(jsonb_build_object('channel', channel, 'stage', stage, 'team', team, 'lead', lead_text, 'root', sqrt(lead_id)), lead_id % 3 = 0)",
		'journeys' => "lead_kpi.journeys(ARRAY[channel, coalesce(stage, 'none'), 'team ' || team], lead_id % 3, CASE WHEN lead_id % 3 > 0 THEN lead_id / 7.0 END, 1)");
	my $part = $parts{$type} // die "no parts for type $type: add them to %parts in test/t/002_parallel.pl\n";
	foreach my $table ('event', 'one_event', 'no_event', 'event_by_lead')
	{
		my $create = $table eq 'event_by_lead' ? 'PARTITION BY HASH (lead_id)' : 'WITH (parallel_workers = 4)';
		$node->safe_psql($database, "CREATE TABLE part_$table (lead_id bigint, channel text, team int, value lead_kpi.$type) $create");
		$node->safe_psql($database, "CREATE TABLE part_${table}_$_ PARTITION OF part_$table FOR VALUES WITH (MODULUS 3, REMAINDER $_)")
		  for $table eq 'event_by_lead' ? (0 .. 2) : ();
		$node->safe_psql($database, "INSERT INTO part_$table SELECT lead_id % 2000, channel, team % 100, $part FROM $table GROUP BY 1, 2, 3");
		# Without statistics the small ones are planned as if they were large.
		$node->safe_psql($database, "ANALYZE part_$table") if $table =~ /^event/;
	}
	my $total = query($node, $database, "$serial SELECT channel, $part FROM event GROUP BY channel ORDER BY channel");
	foreach my $name (@{ $over_stored{$type} })
	{
		if ($name eq 'rollup' or $name eq 'sum')
		{
			is(query($node, $database, "$serial SELECT channel, lead_kpi.$name(value) FROM part_event GROUP BY channel ORDER BY channel"),
				$total, "$name($type) of the parts is the whole");
		}
		same_everywhere("$name($type)", "lead_kpi.$name(value)", 'part_event');
	}
	$node->safe_psql($database, "DROP TABLE part_event, part_one_event, part_no_event, part_event_by_lead");
}

sub same_everywhere
{
	my ($name, $call, $table) = @_;
	(my $prefix = $table) =~ s/event$//;
	my $whole = "SELECT ($call)::text FROM";
	my $grouped = sub { "SELECT channel, ($call)::text FROM $_[0] GROUP BY channel ORDER BY channel" };
	# Few rows per group, so that no worker knows a group's answer by itself.
	# A model of one lead, or of a few, is an error: these are larger.
	my $is_model = $name =~ /^(try_)?logistic_model/;
	my $group = $is_model ? 'team % 2' : 'team';
	my $small_groups = sub { "SELECT $group, ($call)::text FROM $_[0] GROUP BY 1 ORDER BY 1" };

	my $all = $table;
	my $partitioned = "${prefix}event_by_lead";
	my ($one, $none) = ($is_model ? $table : "${prefix}one_event", "${prefix}no_event");
	(my $filtered = $whole) =~ s/\)::text/ FILTER (WHERE false))::text/;

	my @questions = (
		parallel_plan => "$parallel EXPLAIN (COSTS OFF) $whole $all",
		partitionwise_plan => "$partitionwise EXPLAIN (COSTS OFF) $whole $partitioned",
		one_plan => "$parallel EXPLAIN (COSTS OFF) $whole $one",
		none_plan => "$parallel EXPLAIN (COSTS OFF) $whole $none",
		serial => "$serial $whole $all",
		serial_one => "$serial $whole $one",
		serial_none => "$serial $whole $none",
		small_groups_plan => "$parallel EXPLAIN (COSTS OFF) " . $small_groups->($all),
		partitionwise_small_groups_plan => "$partitionwise EXPLAIN (COSTS OFF) " . $small_groups->($partitioned),
		serial_grouped => "$serial " . $grouped->($all),
		serial_small_groups => "$serial " . $small_groups->($all),
		parallel => "$parallel $whole $all",
		workers_only => "$workers_only $whole $all",
		partitionwise => "$partitionwise $whole $partitioned",
		both => "$parallel SET enable_partitionwise_aggregate = on; $whole $partitioned",
		parallel_grouped => "$parallel " . $grouped->($all),
		partitionwise_grouped => "$partitionwise " . $grouped->($partitioned),
		parallel_small_groups => "$parallel " . $small_groups->($all),
		partitionwise_small_groups => "$partitionwise " . $small_groups->($partitioned),
		one => "$parallel $whole $one",
		none => "$parallel $whole $none",
		filtered => "$parallel $filtered $all");
	my @keys = @questions[ grep { $_ % 2 == 0 } 0 .. $#questions ];
	my %answer;
	@answer{@keys} = queries($node, $database, @questions[ grep { $_ % 2 } 0 .. $#questions ]);

	# The plans are what we think they are, and the data matters.
	like($answer{parallel_plan}, qr/Finalize Aggregate.*Gather.*Partial Aggregate/s, "$name: the plan is parallel");
	like($answer{partitionwise_plan}, qr/Finalize Aggregate.*Append.*Partial Aggregate/s, "$name: the plan is partitionwise");
	like($answer{$_}, qr/Gather.*Partial Aggregate/s, "$name: $_ is parallel") foreach 'one_plan', 'none_plan';
	like($answer{small_groups_plan}, qr/Gather.*Partial (Hash|Group)?Aggregate/s, "$name: the plan for small groups is parallel");
	like($answer{partitionwise_small_groups_plan}, qr/Append.*Partial (Hash|Group)?Aggregate/s,
		"$name: the plan for small groups is partitionwise");
	isnt($answer{serial}, $answer{serial_none}, "$name: the rows matter");

	is($answer{$_}, $answer{serial}, "$name: $_ = serial") foreach 'parallel', 'workers_only', 'partitionwise', 'both';
	is($answer{$_}, $answer{serial_grouped}, "$name: $_ = serial_grouped") foreach 'parallel_grouped', 'partitionwise_grouped';
	ok($answer{$_} eq $answer{serial_small_groups}, "$name: $_ = serial_small_groups") foreach 'parallel_small_groups', 'partitionwise_small_groups';
	is($answer{one}, $answer{serial_one}, "$name: one row among idle workers = serial");
	is($answer{none}, $answer{serial_none}, "$name: only idle workers = serial");
	is($answer{filtered}, $answer{serial_none}, "$name: a filter that keeps nothing = no rows");
}

$node->stop;
done_testing();
