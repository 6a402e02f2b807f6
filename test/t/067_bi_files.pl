# The files of examples/bi are made from the cards and from kpi_catalogue by examples/bi/generate.mjs, which needs npm.
# This test says without npm when one of them is no longer true; ./run drivers says the rest.
use strict;
use warnings;

use File::Basename;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $examples = "$FindBin::RealBin/../../examples";
my @cards = sort glob "$examples/cards/*.sql";

eval { require JSON::PP; 1 } or plan skip_all => 8 * @cards + 2 . " checks need Perl's JSON::PP";
my $json = JSON::PP->new->utf8;
my (%query, %title);

foreach my $language ('en', 'fr')
{
	my $dashboard = $json->decode(slurp_file("$examples/bi/grafana/lead_kpi.$language.json"));
	my $collection = $json->decode(slurp_file("$examples/bi/metabase/lead_kpi.$language.json"));

	foreach my $panel (@{ $dashboard->{panels} })
	{
		push @{ $query{"Grafana $language"} }, map { $_->{rawSql} } @{ $panel->{targets} // [] };
		$title{"Grafana $language"}{ $panel->{title} } = 1 if defined $panel->{title};
	}
	push @{ $query{"Metabase $language"} }, map { $_->{query} } @{ $collection->{questions} };
	$title{"Metabase $language"}{$_} = 1 foreach map { $_->{name} } @{ $collection->{questions} };
}
foreach my $file (@cards)
{
	my $name = basename($file, '.sql');
	my $text = slurp_file($file);
	my %said = $text =~ /^-- ([a-z.]+): (.+)$/mg;
	my $statement = $text =~ s/\A(?:--.*\n)+//r =~ s/;\s*\z//r;

	utf8::decode($_) foreach $statement, values %said;
	foreach my $tool ('Grafana', 'Metabase')
	{
		foreach my $language ('en', 'fr')
		{
			ok((grep { index($_, $statement) >= 0 } @{ $query{"$tool $language"} }), "$name: its query is in the $language file for $tool");
			ok($title{"$tool $language"}{ $said{"name.$language"} }, "$name: so is its name");
		}
	}
}

# The model against the catalogue of a mart.
my $node = PostgreSQL::Test::Cluster->new('bi_files');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;
$node->safe_psql('postgres', "CREATE EXTENSION lead_kpi; SELECT lead_kpi.create_mart('kpi')");
my $model = $json->decode(slurp_file("$examples/bi/semantic_model/lead_kpi.json"))->{semantic_model}[0];
my (@field, @metric);

foreach my $dataset (@{ $model->{datasets} })
{
	push @field, map { join '|', $dataset->{name}, $_->{name}, $_->{datatype}, $_->{label} // '' } @{ $dataset->{fields} };
}
@metric = map { $_->{expression}{dialects}[0]{expression} =~ /\ASUM\(([a-z0-9_.]+)\)\z/ ? $1 : () } @{ $model->{metrics} };
utf8::encode($_) foreach @field;
is(join("\n", @field), $node->safe_psql('postgres', q{
	SELECT c.relname, a.attname, CASE format_type(a.atttypid, -1) WHEN 'integer' THEN 'Integer' WHEN 'bigint' THEN 'Integer' WHEN 'double precision' THEN 'Float'
		WHEN 'numeric' THEN 'Decimal' WHEN 'text' THEN 'String' WHEN 'boolean' THEN 'Boolean' WHEN 'date' THEN 'Date' ELSE 'DateTimeTz' END, k.name
	FROM pg_class c
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	LEFT JOIN kpi.kpi_catalogue k ON k.view_name = c.relname AND k.column_name = a.attname
	WHERE c.relnamespace = 'kpi'::regnamespace AND c.relname IN (SELECT view_name FROM kpi.kpi_catalogue)
	ORDER BY c.relname COLLATE "C", a.attnum}), 'the fields of the model are the columns of the views, with the names of the catalogue');
is(join("\n", sort @metric), $node->safe_psql('postgres', q{
	SELECT view_name || '.' || column_name FROM kpi.kpi_catalogue WHERE adds_up ORDER BY (view_name || '.' || column_name) COLLATE "C"}),
	'the sums of the model are what adds up');
$node->stop;
done_testing();
