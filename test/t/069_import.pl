# ./run import: it proposes what each column is, says what it cannot read, and loads it; what can be read in two ways it does not guess.
use strict;
use warnings;

use Cwd qw(abs_path);
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = abs_path("$FindBin::RealBin/../..");
my $node = PostgreSQL::Test::Cluster->new('import');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "jit = off\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');
$ENV{PGTZ} = 'UTC';
my $folder = PostgreSQL::Test::Utils::tempdir();

sub value { return $node->safe_psql('postgres', $_[0]); }

sub written
{
	my ($name, $bytes) = @_;
	open my $out, '>:raw', "$folder/$name" or die "cannot write $folder/$name: $!";
	print $out $bytes;
	close $out;
	return "$folder/$name";
}

# What the import of these arguments prints, on both streams, and its exit status.
sub imported
{
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'perl', "$root/examples/import/import.pl", @_, '--dbname', $node->connstr('postgres') ], '<', \undef, '>', \$out, '2>', \$err, init => sub { chdir $folder });
	return ($? >> 8, $out, $err);
}

# As a French CRM writes it: semicolons, accents in Windows-1252, days first, decimals behind commas.
my $leads = written('prospects.csv', "Identifiant;Date de cr\xe9ation;Origine;Adresse e-mail;Soci\xe9t\xe9;Propri\xe9taire;Ville\r\n"
	  . "P1;05/01/2025 09:00;Salon;a\@un.example;Un;Zo\xe9;Lyon\r\nP2;13/01/2025 10:30;Site web;b\@deux.example;\"Deux; fils\";Zo\xe9;Lille\r\nP3;hier;Site web;c\@trois.example;Trois;;\r\n");
my $deals = written('affaires.csv', "ID affaire;ID prospect;\xc9tape;Montant;Date de cl\xf4ture;Motif de perte\n"
	  . "A1;P1;Gagn\xe9e;\"1.250,50\";20/01/2025;\nA2;P2;Perdue;900,00;21/01/2025;Prix\nA3;P2;Devis;abc;31/03/2025;\n");
my ($status, $out, $err) = imported('--mart', 'fr', $leads, $deals);
is("$status$err", '0', 'a proposal is no error');
like($out, qr/^  rows of leads: 3\n.*^  rows of deals: 3\n/ms, 'it tells leads from deals');
like($out, qr/^  Date de création +created_at +2  2025-01-05 … 2025-01-13   \(DD\/MM\/YYYY\)$/m, 'columns by their French names, with the format of their days');
like($out, qr/^  not read: Ville$/m, 'columns that are not read are named');
like($out, qr/created_at: cannot be read: 1\n    "hier" \(1, first on line 4\)/, 'so is what cannot be read, with its line');
like($out, qr/amount: cannot be read: 1\n    "abc" \(1, first on line 4\)/, 'in each file');
like($out, qr/outcome: lost \(Perdue\) 1, open \(Devis\) 1, won \(Gagnée\) 1$/m, 'what counts as won and lost is said');
like($out, qr/Nothing was loaded/, 'nothing is loaded without --load');
is( value(q{SELECT lead_kpi.is_mart('fr')}), 'f', 'and no mart made');
my ($shown) = slurp_file("$root/doc/import.md") =~ /^```text\n(.*?)^```\n/ms;
is((imported('prospects.csv'))[1], $shown, 'import.md shows what it prints');

for my $time ('once', 'twice')
{
	($status, $out, $err) = imported('--mart', 'fr', '--load', $leads, $deals);
	is("$status$err", '0', "loaded $time");
	is( value(q{SELECT string_agg(concat_ws(' ', lead_id, created_at, channel, email, company, owner), ', ' ORDER BY lead_id) FROM fr.lead}),
		'P1 2025-01-05 09:00:00+00 Salon a@un.example Un Zoé, P2 2025-01-13 10:30:00+00 Site web b@deux.example Deux; fils Zoé, P3 Site web c@trois.example Trois',
		"leads, $time");
	is( value(q{SELECT string_agg(concat_ws(' ', deal_id, lead_id, is_won, amount, closed_at::date, reason), ', ' ORDER BY deal_id) FROM fr.deal}),
		'A1 P1 t 1250.50 2025-01-20, A2 P2 f 900.00 2025-01-21 Prix, A3 P2 2025-03-31', "deals, $time");
}
is( value(q{SELECT won, lost, open_leads FROM fr.cycle_time_by_month}), '1|0|1', 'the mart answers: a lead is open while one of its deals is');
like($out, qr/leads_excluded_no_created_at: 1.*Next: \.\/run report/s, 'what is wrong in the data, and what to do next');

# Spend, with totals, a currency in the name of a column, and days that can be read in two ways.
($status, $out, $err) = imported('--mart', 'fr', '--load', "$root/test/crm/meta.csv", "$root/test/crm/linkedin.csv");
is("$status$err", '0', 'spend in two encodings');
is( value(q{SELECT channel, currency, count(*), sum(amount) FROM fr.spend GROUP BY 1, 2 ORDER BY 1}), "linkedin|USD|2|1100.00\nmeta|EUR|5|1480.00", 'totals are no spend');
my $ambiguous = written('google.csv', "Day,Campaign,Cost\n01/02/2025,a,1.5\n03/04/2025,a,2.5\n");
($status, $out, $err) = imported('--mart', 'fr', '--load', $ambiguous);
isnt($status, 0, 'days that can be read in two ways stop it');
like($err, qr/as DD\/MM\/YYYY and as MM\/DD\/YYYY.*Say which: --days/, 'and it says what to say');
($status, $out, $err) = imported('--mart', 'fr', '--load', '--days', 'MM/DD/YYYY', $ambiguous);
is( value(q{SELECT string_agg(spent_on || ' ' || amount, ', ' ORDER BY spent_on) FROM fr.spend WHERE channel = 'google'}), '2025-01-02 1.5, 2025-03-04 2.5', 'with --days they are read');
my $mixed = written('mixed.csv', "Day,Campaign,Cost\n01/02/2025,a,1\n03/24/2025,a,2\n");
like((imported('--mart', 'fr', $mixed))[1], qr/spent_on: can be read as DD\/MM\/YYYY, too: 1, such as 01\/02\/2025; taken as MM\/DD\/YYYY/, 'a value that another format reads is told');
my $strange = written('strange.csv', "Colour,Size\nred,1\n");
like((imported('--mart', 'fr', $strange))[2], qr/reads like nothing that is known\. Its columns: Colour, Size/, 'a file that is something else is refused');
like((imported('--mart', 'fr', "$folder/nowhere.csv"))[2], qr/cannot read .*nowhere\.csv/, 'so is one that is not there');

# Spend of a campaign that leads have is theirs, whichever file comes first; loading it again replaces it.
my $prospects = written('contacts.csv', "ID fiche;Date de cr\xe9ation;Origine du lead;Campagne\nC1;05/01/2025;Google Ads;Printemps\nC2;13/01/2025;Salon;\nC2;13/01/2025;Salon;\n");
my $costs = written('depenses.csv', "Jour;Campagne;Co\xfbt\n31/01/2025;printemps;10,50\n31/01/2025;Radio;5,00\nTotal;;15,50\n");
for my $time ('once', 'twice')
{
	($status, $out, $err) = imported('--mart', 'costs', '--load', $costs, $prospects);
	is("$status$err", '0', "spend before leads, $time");
	is( value(q{SELECT string_agg(concat_ws(' ', channel, campaign, leads, spend), ', ' ORDER BY channel) FROM costs.cpl_to_revenue}), 'Google Ads Printemps 1 10.50, Salon 1, depenses Radio 0 5.00',
		"spend has the channel of its campaign, $time");
}
like($out, qr/leads_excluded_repeated_lead_id: 1 \(C2\)/, 'a row that is there twice is told');

# Wrong steps say what to do.
for my $step ([ qr/is empty/, written('empty.csv', '') ], [ qr/has no rows below its columns/, written('header.csv', "Day;Cost\n") ], [ qr/is a spreadsheet: save it as CSV/, written('a.xlsx', "PK\x03\x04") ],
	[ qr/it is no file/, $folder ], [ qr/there is no field "town"/, $leads, '--map', 'Ville=town' ], [ qr/^--kind is leads/, $leads, '--kind', 'x' ])
{
	my ($message, @arguments) = @$step;
	($status, $out, $err) = imported('--mart', 'fr', @arguments);
	is($status == 0 ? 0 : 1, 1, 'a wrong step is an error');
	like($err, $message, 'and says which');
}
like((imported('--mart', 'fr', $leads, '--map', 'Town=company'))[1], qr/no file has a column "town"/, 'a column of --map that is not there is told');
$node->safe_psql('postgres', q{CREATE VIEW mine AS SELECT lead_id, created_at, kind, channel, campaign, email, company, attributes FROM fr.lead; SELECT lead_kpi.create_mart('mapped', lead => 'mine')});
like((imported('--mart', 'mapped', '--load', $leads))[2], qr/reads relations of yours \(lead\)/, 'a mart over views is not loaded into');

my $data = abs_path($ENV{LEAD_KPI_DATA} // "$root/../shared/data") // "";
SKIP:
{
	skip 'the files of maven_crm and olist are not there: set LEAD_KPI_DATA to the folder that holds them', 4 if !-d "$data/maven_crm" || !-d "$data/olist";
	($status, $out, $err) = imported('--mart', 'maven', '--load', "$data/maven_crm/sales_pipeline.csv");
	is("$status$err", '0', 'maven is loaded as it is');
	is( value(q{SELECT count(won_at), count(lost_at), sum(revenue) FROM maven.lead_outcome}), '4238|2473|10005534', 'maven: the published figures');
	($status, $out, $err) = imported('--mart', 'olist', '--load', '--map', 'seller_id=deal_id', '--map', 'sr_id=owner', "$data/olist/olist_marketing_qualified_leads_dataset.csv",
		'--channel', 'unknown', "$data/olist/olist_closed_deals_dataset.csv");
	is("$status$err", '0', 'olist: a column is named by --map');
	is( value(q{SELECT leads FROM olist.funnel WHERE stage IN ('lead', 'won') ORDER BY 1}), "842\n8000", 'olist: leads and sellers');
}

$node->stop;
done_testing();
