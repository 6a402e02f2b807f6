
# SQL expressions of every type that the extension's functions take: usual ones,
# so that calls are answered, and extreme, malformed or strange ones.
package RandomValue;

use strict;
use warnings;

use HostileServer qw(literal);
use Mutator qw(mutated_text one_of);

# What an argument of this name is usually given, whatever its function.
my %usual_by_name = (
	amount => [ map { literal($_) } ('12.50', '1.234', '(1,200.50)', '$141.56K', '1 234,5', 'n/a', '1.234.567,8', '12.-', 'kEUR 3') ],
	as_of => [ q('2025-01-20 00:00:00+00') ],
	attributes => [ q('{"channel": "ads", "stage": "lead", "team": 7}'), q('{"a": 1}'), q('{}'), q('{"code": "c1", "size": 5}') ],
	bins => [ 1, 2, 3, 10, 100 ],
	country => [ q('+49'), q('1'), q('0039') ],
	day => [ map { literal($_) } ('2026-01-05', '31.02.2026', '5.1.2026', 'Jan 5, 2026') ],
	email => [ q('Ann.Lee+news@Example.org'), q('Pat <pat@firm.example>'), q('n/a') ],
	format => [ map { literal($_) } ('1.234,56', '1,234.56', '1234.56', 'DD.MM.YYYY', 'MM/DD/YYYY HH12:MI AM', 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM', 'Dy, FMDD Month YY', 'Mon OF') ],
	compared_with => [ q('previous month'), q('previous quarter'), q('year before') ],
	direct => [ q('{direct}'), q('{ads}'), q('{}') ],
	event => [ q('lead'), q('mql'), q('visit pricing') ],
	features => [ 'ARRAY[1.5, 2.5]', 'ARRAY[1, 2]', 'ARRAY[0.5]' ],
	from_stage => [ q('lead'), q('mql') ],
	half_life => [ q('2 days'), q('7 days'), q('1 hour') ],
	key => [ q('bigint'), q('uuid'), q('text') ],
	labels => [ q('{first}'), q('{first,second}'), q('{first,second,third}') ],
	ladder => [ q('{lead,mql,sql,won}'), q('{lead,won}') ],
	language => [ q('en'), q('fr') ],
	level => [ 0.95, 0.9, 0.5, 0.999 ],
	lookback => [ q('3 days'), q('30 days') ],
	mart => [ q('mart_1'), q('mart_2'), q('mart_3') ],
	method => [ map { "'$_'" } qw(wilson jeffreys clopper_pearson exact mid_p agresti_coull lmdi shapley log log-log plain none) ],
	milestone => [ q('lead'), q('opportunity') ],
	milestones => [ q('{lead}'), q('{NULL,lead}'), q('{lead,opportunity}') ],
	model => [ map { "'$_'" } qw(first_touch last_touch last_non_direct linear time_decay position_based w_shaped full_path markov shapley
		shapley_rate exponential weibull weibull none) ],
	modes => [ q('{}'), q('{strict_order}'), q('{strict_increase}'), q('{strict_deduplication}'), q('{strict_once,allow_reentry}') ],
	limit => [ 0, 1, 3 ],
	names => [ q('{google,gogle,Google,"linked in",linkedin,q1,q2,campaign 2024}'), q('{}'), q('{NULL,"",a}') ],
	phone => [ map { literal($_) } ('+49 (0)30 1234567', '(212) 555-0123', '030 1234567 ext. 12', 'unknown') ],
	time => [ map { literal($_) } ('2026-01-05T10:00:00Z', '2026-03-29 02:30', '05.01.2026 9:05', '1/5/2026 3:07 PM') ],
	time_zone => [ q('Europe/Paris'), q('UTC'), q('America/New_York'), q('+05:30') ],
	observed_until => [ q('2025-02-01 00:00:00+00') ],
	outcome => [ map { "'$_'" } qw(lost converted censored) ],
	path => [ q('{ads,event}'), q('{organic}'), q('{}') ],
	policy => [ map { "'$_'" } qw(ordered reached any_order none) ],
	quantile => [ 0.5, 0.9 ],
	resolution => [ q('1 hour'), q('0'), q('1 day') ],
	ridge => [ 0, 0.5, 1 ],
	stage => [ q('lead'), q('mql'), q('sql'), q('won') ],
	terms => [ q('{code,size}'), q('{channel,team}'), q('{channel}') ],
	threshold => [ 0.5, 0.1 ],
	to_stage => [ q('sql'), q('won') ],
	transform => [ map { "'$_'" } qw(unique exposure first frequency none) ],
	wanted => [ map { "'$_'" } qw(text bigint numeric jsonb timestamptz date boolean uuid) ],
	unit => [ map { "'$_'" } qw(share money days count rate) ],
	within => [ q('3 days'), q('1 hour'), q('30 days') ],
	relation => [ map { "'$_'" } qw(lead stage_event touch spend deal) ],
	leads => [ 100, 10, 1000 ]);

my @words = qw(lead mql sql won lost ads event organic direct channel stage team converted censored);
my @strange = ('', ' ', 'né à l\'été', 'a"b', "a'b", 'a\\b', "tab\there", 'x' x 300, 'Z' x 20000, '{', '%s%n', '$1', "\xf0\x9f\x98\x80", "line\nfeed", '-', 'NULL', '0', '1e309');
my @dates = ('2025-01-01', '2025-01-03', '2025-01-20', '2024-02-29');
my @strange_dates = ('infinity', '-infinity', '1970-01-01', '2000-01-01', '0001-01-01', '4713-01-01 BC', '5874897-12-31', '294276-12-31');

my %usual = (
	'boolean' => sub { one_of('true', 'false') },
	'integer' => sub { one_of(0, 1, 2, 3, 10, 100, int rand 1000) },
	'bigint' => sub { one_of(0, 1, 2, 3, 10, 100, int rand 1000) },
	'numeric' => sub { one_of(0, 1, 0.3, 12.5, 1000, int(rand 1e6) / 100) },
	'double precision' => sub { one_of(0.95, 0.5, 0.1, 1, 2, 12.5, rand) },
	'text' => sub { literal(one_of(@words)) },
	'jsonb' => sub { one_of(@{ $usual_by_name{attributes} }) },
	'uuid' => sub { q('c4ca4238-a0b9-2382-0dcc-509a6f75849b') },
	'bytea' => sub { q('\x01') },
	'name' => sub { one_of(q('mart_1'), q('mart_2')) },
	'interval' => sub { literal(one_of('1 day', '3 hours', '30 days', '0', int(rand 1e6) . ' seconds')) },
	'timestamp with time zone' => sub { literal(one_of(@dates) . sprintf ' %02d:%02d:%02d+00', rand 24, rand 60, rand 60) },
	'timestamp without time zone' => sub { literal(one_of(@dates) . sprintf ' %02d:%02d:%02d', rand 24, rand 60, rand 60) },
	'date' => sub { literal(one_of(@dates)) },
	'regclass' => sub { one_of(q('material'), 'NULL', 'NULL', 'NULL', 'NULL') },
	'regtype' => sub { one_of(q('bigint'), q('text'), q('uuid')) },
	'oid' => sub { '1' },
	'cstring' => sub { literal(one_of('1/2', '{}', '0/0', '[]')) },
	'public.stage_enum' => sub { literal(one_of('lead', 'mql', 'sql', 'won')) });

my @integers = (-1, 0, 1, 32, 33, 127, 128, 255, 256, 32767, 65536, 1000000, 2147483647, -2147483648, -2147483647);
my %wild = (
	'boolean' => [ 'true', 'false' ],
	'integer' => [ @integers ],
	'bigint' => [ @integers, '9223372036854775807', q('-9223372036854775808'), '4611686018427387904', '9223372036854775806', '4294967296' ],
	'numeric' => [ q('NaN'), q('Infinity'), q('-Infinity'), 0, -1, '1e-300', '-1e300', '1e308', q('1e1000'), q('-1e-1000'), '9223372036854775808', '0.1', '1e30', q('1e131000'),
		'0.' . '3' x 40, '1.00', '2' ],
	'double precision' => [ q('NaN'), q('Infinity'), q('-Infinity'), 0, q('-0'), -1, 1, 2, '5e-324', '-5e-324', '2.2250738585072014e-308', '1.7976931348623157e308', '-1.7976931348623157e308',
		'1e-300', '1e300', '1e-17', '0.9999999999999999', '1.0000000000000002', '9007199254740993', '1e19' ],
	'text' => [ map { literal($_) } (@strange) ],
	'jsonb' => [ map { literal($_) } ('null', '[]', '1', '"a"', '{"a": null}', '{"": 1}', '{"a": [1, "x", null, true, {"b": 2}]}', '{"a": 1e400}', '{"a": -0.0}', '{"a": {"b": {"c": [[[[]]]]}}}', '{"a": "' . 'é' x 200 . '"}',
		'[[1,2],[3]]', '{"channel": 1e308, "team": "x", "stage": ["lead", "won"]}', '{' . join(',', map { "\"k$_\": $_" } 1 .. 300) . '}') ],
	'bytea' => [ q('\x'), q('\x00'), q('\xffffffffffffffffffff') ],
	'uuid' => [ q('00000000-0000-0000-0000-000000000000'), q('ffffffff-ffff-ffff-ffff-ffffffffffff') ],
	'name' => [ map { literal($_) } ('', 'pg_catalog', 'information_schema', 'lead_kpi', 'public', '$user', 'pg_temp', 'no such mart', 'a"b', "a'b", 'x' x 63) ],
	'interval' => [ map { literal($_) } ('-1 day', '1 mon', '1 mon -30 days', '178000000 years', '-178000000 years', '1 microsecond', '-1 microsecond', '2147483647 days', '-2147483648 days',
		'2562047788:00:54.775807', '1000000 hours', '0', 'infinity') ],
	'timestamp with time zone' => [ map { literal($_) } (@strange_dates) ],
	'timestamp without time zone' => [ map { literal($_) } (@strange_dates) ],
	'date' => [ map { literal($_) } (@strange_dates) ],
	'regclass' => [ '0', '4294967295', q('pg_class'), q('mart_1.lead'), q('pg_stats'), q('material_pkey') ],
	'regtype' => [ '0', '4294967295', q('record'), q('anyelement'), q('lead_kpi.rate'), q('bigint[]') ],
	'oid' => [ '0', '4294967295' ],
	'cstring' => [ map { literal($_) } (@strange) ],
	'public.stage_enum' => [ map { literal($_) } ('lead', 'won') ]);

# literals: texts of valid values of the extension's base types; fields: names
# and types of its composite ones.
sub new
{
	my ($class, %self) = @_;

	return bless { wildness => 0.3, %self }, $class;
}

# How often a value is a strange one, from 0 to 1.
sub wildness
{
	my ($self, $wildness) = @_;

	$self->{wildness} = $wildness;
	return;
}

# An expression of that type; for an argument of that name, if it has one.
sub value
{
	my ($self, $type, $name) = @_;
	my $is_wild = rand() < $self->{wildness};

	return "NULL::$type" if rand() < 0.03 + 0.1 * $self->{wildness};
	return $self->array($1, $name) if $type =~ /^(.*)\[\]$/ and ($is_wild or !$usual_by_name{ $name // '' });
	if (my $texts = $self->{literals}{$type})
	{
		my $text = one_of(@$texts);

		$text = mutated_text($text, @$texts) if $is_wild and rand() < 0.5;
		return literal($text) . "::$type";
	}
	if (my $fields = $self->{fields}{$type})
	{
		return 'ROW(' . join(', ', map { $self->value($_->[1], $_->[0]) } @$fields) . ")::$type";
	}
	return '(' . one_of(@{ $usual_by_name{$name} }) . ")::$type" if !$is_wild and $usual_by_name{ $name // '' };

	my $make = $usual{$type} // die "no values for type $type: add them to test/t/RandomValue.pm\n";
	return '(' . ($is_wild ? one_of(@{ $wild{$type} }) : $make->()) . ")::$type";
}

# Every strange expression of that type.
sub strange
{
	my ($self, $type) = @_;

	return ("NULL::$type", map { "($_)::$type" } @{ $wild{$type} // [] });
}

sub array
{
	my ($self, $element, $name) = @_;
	my $length = one_of(0, 1, 2, 2, 3, 3, 4, 5);

	if (rand() < 0.1 * $self->{wildness})
	{
		return "array_fill(" . $self->value($element) . ", ARRAY[$length, 2])" if rand() < 0.5;
		return "array_fill(" . $self->value($element) . ", ARRAY[" . one_of(1, 33, 70, 1000) . "], ARRAY[" . one_of(-5, 0, 7) . '])';
	}
	return 'ARRAY[' . join(', ', map { $self->value($element) } 1 .. $length) . "]::${element}[]";
}

1;
