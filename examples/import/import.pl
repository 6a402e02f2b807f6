#!/usr/bin/env perl
#
# ./run import FILE... --dbname NAME [--mart NAME] [--load]: reads exports of leads, deals or spend, proposes which column is what, says what it could
# not read, and with --load puts it into the mart. See doc/import.md.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename;
use File::Temp;
use FindBin;
use Unicode::Normalize qw(NFD);
use lib "$FindBin::RealBin/..";
use Export qw(text_of rows);

# What each column may be called, in English, French and German, as word() writes it. A field in the first list must be there.
my %kinds = (
	leads => {
		needs => [ [ 'created_at' ], [ 'lead_id', 'email' ] ],
		lead_id => 'leadid recordid contactid mqlid id identifiant idprospect prospectid idfiche iddefiche iddelafiche idcontact identifiantcontact idlead '
		  . 'iddelobjet objektid datensatzid kontaktid leadnummer',
		created_at => 'createdat createddate createdate createdtime creationdate datecreated createdon leadcreated firstcontactdate datedecreation creele '
		  . 'dateducontact erstelltam erstellungsdatum anlagedatum',
		channel => 'leadsource source origin channel utmsource hsanalyticssource originalsource sourcechannel canal provenance origine originedulead '
		  . 'sourcedulead originelead sourcelead origineduprospect sourceduprospect sourcedorigine quelle leadquelle originalquelle herkunft kanal',
		campaign => 'campaign campaignname utmcampaign campagne kampagne',
		email => 'email emailaddress mail adressemail adresseemail courriel emailadresse',
		phone => 'phone phonenumber telephone tel telefon telefonnummer',
		company => 'company companyname accountname account organization societe entreprise firma unternehmen',
		owner => 'owner leadowner contactowner ownerid hubspotownerid salesagent salesrep proprietaire commercial besitzer zustandig vertriebler',
		kind => 'kind leadtype formname formulaire formular',
	},
	deals => {
		needs => [ [ 'deal_id' ], [ 'outcome', 'closed_at', 'is_won' ] ],
		deal_id => 'dealid opportunityid recordid id identifiant idopportunite iddelopportunite identifiantopportunite idaffaire idtransaction geschaftsid',
		lead_id => 'leadid mqlid contactid convertedfromlead idprospect idfiche idcontact identifiantcontact idlead kontaktid',
		opened_at => 'createdat createddate createdate createdtime creationdate dealcreated openedat engagedate datedecreation erstelltam erstellungsdatum',
		is_closed => 'isclosed closed',
		is_won => 'iswon closedwon',
		lost_at => 'losttime lostdate lostat dateperdue verlorenam',
		closed_at => 'closedate closingdate closedat closedon wondate wontime wonat datedecloture dateducloture datedesignature abschlussdatum geschlossenam',
		outcome => 'status dealstatus stage dealstage stagename statut etape phase',
		amount => 'amount value dealvalue closevalue montant valeur betrag wert umsatz',
		currency => 'currency currencycode currencyisocode devise waehrung wahrung',
		channel => 'leadsource source channel sourcechannel canal provenance origine quelle leadquelle herkunft kanal',
		owner => 'owner dealowner ownerid salesagent salesrep proprietaire commercial besitzer zustandig',
		account => 'account accountname accountid company organization societe entreprise client firma unternehmen kunde',
		reason => 'lossreason lostreason closedlostreason reasonforloss raisondelaperte motifdeperte verlustgrund',
		expected_close => 'expectedclosedate datedecloturepresumee dateprevue erwartetesabschlussdatum',
	},
	spend => {
		needs => [ [ 'spent_on' ], [ 'amount' ] ],
		spent_on => 'spenton day date addate jour tag datum reportingstarts startdateinutc debutdesrapports',
		amount => 'cost spend amountspent totalspent spentamount cout depenses montantdepense kosten ausgaben ausgegebenerbetrag',
		campaign => 'campaign campaignname nomdelacampagne campagne kampagne kampagnenname',
		channel => 'channel source platform plateforme canal kanal plattform',
		currency => 'currency currencycode devise waehrung wahrung',
	});
my %is_day = map { $_ => 1 } qw(created_at opened_at closed_at lost_at spent_on expected_close);
my @day_formats = ('YYYY-MM-DD', 'YYYY/MM/DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'DD-MM-YYYY', 'MM-DD-YYYY', 'Mon DD, YYYY', 'DD Mon YYYY');
my @amount_formats = ('1,234.56', '1.234,56', '1 234,56', q{1'234.56});
my $usage = "usage: ./run import FILE... --dbname NAME [--mart NAME] [--load] [--kind leads|deals|spend] [--days DD/MM/YYYY] [--amounts 1.234,56]\n"
  . "       [--time-zone Europe/Paris] [--channel NAME] [--map COLUMN=FIELD]...\n";

my (%option, %map, @files, %doubts);
$| = 1;
while (defined(my $argument = shift @ARGV))
{
	if ($argument eq '--load') { $option{load} = 1 }
	elsif ($argument eq '--map') { my ($column, $field) = (shift(@ARGV) // '') =~ /\A(.+)=(\w*)\z/ or die $usage; $map{ word($column) } = $field }
	elsif ($argument =~ /\A--(dbname|mart|kind|days|amounts|time-zone|channel)\z/) { $option{$1} = shift @ARGV // die $usage }
	elsif ($argument =~ /\A-/) { die "unknown: $argument\n$usage" }
	else { push @files, $argument }
}
die $usage if !@files || !defined $option{dbname};
$option{mart} //= 'kpi';
$option{'time-zone'} //= 'UTC';
die "--kind is leads, deals or spend\n" if defined $option{kind} && !$kinds{ $option{kind} };

# A column's name without what differs from one export to the next: case, accents, signs, what the CRM writes before it, a currency behind it.
sub word
{
	my ($name) = @_;
	$name = lc NFD($name);
	$name =~ s/\pM//g;
	$name =~ s/\A(?:property_|(?:deal|lead|person|contact|opportunity) - )//;
	$name =~ s/\s*\([a-z]{3}\)\s*\z//;
	$name =~ s/(?:__c|_c)\z//;
	return $name =~ s/[^a-z0-9]//gr;
}

sub quoted { return defined $_[0] ? q{'} . $_[0] =~ s/'/''/gr . q{'} : 'NULL' }

# Which field each column is, for a kind: the first column that bears a field's name, and what --map says.
sub mapping
{
	my ($kind, $names) = @_;
	my (%place, %taken);
	for my $place (0 .. $#$names)
	{
		my $field = $map{ word($names->[$place]) };
		next unless defined $field;
		$taken{$place} = 1;
		$place{$field} = $place if $field ne '' && $kinds{$kind}{$field};
	}
	for my $field (sort grep { $_ ne 'needs' && !exists $place{$_} } keys %{ $kinds{$kind} })
	{
		NAME: for my $name (split / /, $kinds{$kind}{$field})
		{
			for my $place (0 .. $#$names)
			{
				next if $taken{$place} || word($names->[$place]) ne $name;
				$place{$field} = $place;
				last NAME;
			}
		}
	}
	return \%place;
}

sub is_complete
{
	my ($kind, $place) = @_;
	return !grep { !grep { exists $place->{$_} } @$_ } @{ $kinds{$kind}{needs} };
}

# A script of psql in the caller's database.
sub ask
{
	my ($script) = @_;
	my $file = File::Temp->new(SUFFIX => '.sql');
	binmode $file, ':encoding(UTF-8)';
	print $file $script;
	close $file;
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	open my $psql, '-|', 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $option{dbname}, '-f', $file->filename or die "cannot run psql: $!\n";
	my @lines = <$psql>;
	close $psql or die "nothing was loaded: see psql's message above\n";
	chomp @lines;
	return @lines;
}

# COPY's text format.
sub copied { return defined $_[0] && $_[0] =~ /\S/ ? $_[0] =~ s/([\\\t\n])/{ "\\" => "\\\\", "\t" => "\\t", "\n" => "\\n" }->{$1}/ger : '\N' }

sub table_of_rows
{
	my ($fields, $rows, $place) = @_;
	return 'CREATE TEMPORARY TABLE export (line integer, ' . join(', ', map { "$_ text" } @$fields) . ");\nCOPY export FROM STDIN;\n"
	  . join('', map { my ($line, $values) = @$_; join("\t", $line, map { copied($values->[ $place->{$_} ]) } @$fields) . "\n" } @$rows) . "\\.\n" . <<'SQL';
CREATE FUNCTION pg_temp.read_time(v text, format text, zone text) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT coalesce(lead_kpi.try_parse_day(v, format)::timestamp AT TIME ZONE zone, lead_kpi.try_parse_time(v, format || ' HH24:MI:SS', zone),
		lead_kpi.try_parse_time(v, format || ' HH24:MI', zone), CASE WHEN format = 'YYYY-MM-DD' THEN lead_kpi.try_parse_time(v, zone) END) $$;
CREATE FUNCTION pg_temp.read_times(v text, formats text[], zone text) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT pg_temp.read_time(v, f, zone) FROM unnest(formats) WITH ORDINALITY x(f, n) WHERE pg_temp.read_time(v, f, zone) IS NOT NULL ORDER BY n LIMIT 1 $$;
SQL
}

# The formats that read most of a column, for each sign between day, month and year, or between thousands; two that read as many and differ are told.
sub formats
{
	my ($table, $field, $wanted) = @_;
	return ($wanted) if defined $wanted;
	my ($read, @candidates) = $is_day{$field} ? ("pg_temp.read_time(v, f, 'UTC')", @day_formats) : ('lead_kpi.try_parse_amount(v, f)', @amount_formats);
	my $group = $is_day{$field} ? qq{substring($field FROM '[^0-9 ]')} : q{''};
	my @lines = ask($table . "SELECT g, f, count(r), md5(string_agg(v || '=' || r, ' ' ORDER BY v)) FROM (SELECT DISTINCT $group AS g, $field AS v FROM export WHERE $field IS NOT NULL) e, "
		  . 'unnest(ARRAY[' . join(', ', map { quoted($_) } @candidates) . "]) WITH ORDINALITY x(f, n), LATERAL (SELECT $read AS r) r GROUP BY g, f, n HAVING count(r) > 0 ORDER BY g, count(r) DESC, n;\n");
	my (%best, @formats);
	for my $line (@lines)
	{
		my ($group, $format, $count, $values) = split /\|/, $line, 4;
		if (!$best{$group}) { $best{$group} = [ $format, $count, $values, [] ]; push @formats, $format }
		elsif ($best{$group}[1] == $count && $best{$group}[2] ne $values)
		{
			die "  $field: all values can be read as $best{$group}[0] and as $format, and mean something else. Say which: "
			  . ($is_day{$field} ? "--days" : "--amounts") . " '$best{$group}[0]' or '$format'\n";
		}
		elsif ($best{$group}[1] > $count) { push @{ $best{$group}[3] }, $format }
	}
	# A value that the second best format reads, and as something else, may be a mistake of whoever wrote it.
	for my $group (sort keys %best)
	{
		my ($format, undef, undef, $others) = @{ $best{$group} };
		next unless $is_day{$field} && @$others;
		my ($twice, $example) = split /\|/, (ask($table . "SELECT count(*), min($field) FROM export WHERE " . ($read =~ s/\bv, f\b/$field, @{[ quoted($format) ]}/r) . ' <> '
			  . ($read =~ s/\bv, f\b/$field, @{[ quoted($others->[0]) ]}/r) . ";\n"))[0];
		push @{ $doubts{$field} }, "can be read as $others->[0], too: $twice, such as $example; taken as $format, as the others" if $twice;
	}
	return @formats;
}

# How a field is read, as SQL.
sub reading
{
	my ($field, @formats) = @_;
	return $field unless @formats;
	return $is_day{$field} ? "pg_temp.read_times($field, ARRAY[" . join(', ', map { quoted($_) } @formats) . '], ' . quoted($option{'time-zone'}) . ')'
	  : "lead_kpi.try_parse_amount($field, " . quoted($formats[0]) . ')';
}

# Columns of --map that a file has.
my %met;
# A file of spend waits for the leads of the others: its campaigns are looked for among them.
my @later;

sub import_file
{
	my ($file, $is_last) = @_;
	my $text = text_of($file);
	die "$file is a spreadsheet: save it as CSV, and import that\n" if $text =~ /\A(?:PK\x03\x04|\xd0\xcf\x11\xe0)/;
	die "$file is empty\n" if $text !~ /\S/;
	%doubts = ();
	my ($kind, $place, $names, @rows, $most);

	for my $mark ("\t", ';', ',')
	{
		my @all = rows($text, $mark);
		for my $number (0 .. ($#all < 30 ? $#all : 30))
		{
			my $header = $all[$number][1];
			for my $candidate (defined $option{kind} ? $option{kind} : sort keys %kinds)
			{
				my $mapping = mapping($candidate, $header);
				my $score = 1000 * is_complete($candidate, $mapping) + keys(%$mapping) + @$header / 10000;
				next if defined $most && $score <= $most;
				($kind, $place, $names, $most) = ($candidate, $mapping, $header, $score);
				@rows = grep { grep { /\S/ } @{ $_->[1] } } @all[ $number + 1 .. $#all ];
			}
		}
	}
	if ($kind eq 'spend' && is_complete($kind, $place) && !$is_last) { push @later, $file; return }
	print "$file\n";
	if (!@rows) { die "  has no rows below its columns: nothing to read\n" }
	if (!is_complete($kind, $place))
	{
		die "  reads like nothing that is known. Its columns: " . join(', ', grep { /\S/ } @$names) . "\n  Say what they are: --kind leads|deals|spend --map 'Column=field', with the fields of doc/import.md\n";
	}
	$met{ word($_) } = 1 for @$names;
	my @fields = sort keys %$place;
	my $table = table_of_rows(\@fields, \@rows, $place);
	my %formats = map { $_ => [ $is_day{$_} ? formats($table, $_, $option{days}) : $_ eq 'amount' ? formats($table, $_, $option{amounts}) : () ] } @fields;

	print "  rows of $kind: ", scalar @rows, "\n\n";
	printf "  %-28s %-16s %9s  %s\n", 'column', 'is', 'read', 'from … to, or an example';
	my %seen = map { my @part = split /\|/, $_, 4; ($part[0] => \@part) } ask($table . join(' UNION ALL ', map {
		my $read = reading($_, @{ $formats{$_} });
		"SELECT '$_', count($_), count($read), " . ($is_day{$_} ? "min($read)::date || ' … ' || max($read)::date" : $_ eq 'amount' ? "min($read) || ' … ' || max($read)" : "left(min($_), 40)") . ' FROM export'
	} @fields) . ";\n");
	for my $field (sort { $place->{$a} <=> $place->{$b} } @fields)
	{
		my (undef, $written, $read, $example) = @{ $seen{$field} };
		printf "  %-28s %-16s %9s  %s%s\n", $names->[ $place->{$field} ], $field, $read, $example,
		  @{ $formats{$field} } ? '   (' . join(', ', @{ $formats{$field} }) . ')' : '';
	}
	my %used = map { $_ => 1 } values %$place;
	my @unused = grep { /\S/ } map { $names->[$_] } grep { !$used{$_} } 0 .. $#$names;
	print "\n  not read: ", join(', ', @unused), "\n" if @unused;

	print map { my $field = $_; map { "  $field: $_\n" } @{ $doubts{$field} } } sort keys %doubts;

	# What could not be read, with its lines.
	for my $field (grep { $seen{$_}[1] != $seen{$_}[2] } @fields)
	{
		my $read = reading($field, @{ $formats{$field} });
		print "  $field: cannot be read: ", $seen{$field}[1] - $seen{$field}[2], "\n";
		print map { my ($value, $count, $line) = split /\|/; "    \"$value\" ($count, first on line $line)\n" }
		  ask($table . "SELECT left(replace($field, '|', '/'), 60), count(*), min(line) FROM export WHERE $field IS NOT NULL AND $read IS NULL GROUP BY 1 ORDER BY 2 DESC, 3 LIMIT 5;\n");
	}
	# A row for all of them: named so, or without the campaign that the others have, and with the sum of theirs.
	my $total = 'false';
	if ($kind eq 'spend')
	{
		my $amount = reading('amount', @{ $formats{amount} });
		my @texts = grep { !$is_day{$_} && $_ ne 'amount' } @fields;
		$total = join ' OR ', (map { "coalesce($_, '') ~* '^(total|gesamt)'" } @texts, 'spent_on'),
		  exists $place->{campaign} ? "campaign IS NULL AND $amount = (SELECT sum($amount) FROM export WHERE campaign IS NOT NULL)" : ();
		my ($totals) = ask($table . "SELECT count(*) FROM export WHERE $total;\n");
		print "  totals, which are left out: $totals\n" if $totals;
	}
	my $deleted = exists $place->{outcome} ? q{coalesce(lower(outcome), '') ~ '^(deleted|supprim|gel.scht)'} : 'false';
	my $won = q{lower(outcome) ~ '^(closed )?(won|gagn.e?|gewonnen|sign.e?)$'};
	my $lost = q{lower(outcome) ~ '^(closed )?(lost|perdue?|verloren)'};
	if (exists $place->{is_won} && exists $place->{is_closed}) { print "  is_closed and is_won say what became of a deal\n" }
	elsif (exists $place->{outcome})
	{
		print "  outcome: ", join(', ', map { s/\|/ /r } ask($table . "SELECT CASE WHEN $won THEN 'won' WHEN $lost THEN 'lost' WHEN $deleted THEN 'left out' ELSE 'open' END || ' (' || string_agg(DISTINCT outcome, ', ') || ')', count(*)"
			  . " FROM export WHERE outcome IS NOT NULL GROUP BY $won, $lost, $deleted ORDER BY 2 DESC, 1;\n")), "\n";
	}
	print "\n";
	return unless $option{load};

	my $column = sub { my ($field, $otherwise) = @_; exists $place->{$field} ? reading($field, @{ $formats{$field} }) : $otherwise // 'NULL' };
	my $mart = '"' . $option{mart} =~ s/"/""/gr . '"';
	my $script = "BEGIN;\nSET client_min_messages = warning;\nSELECT CASE WHEN lead_kpi.is_mart(" . quoted($option{mart}) . ") THEN '' ELSE lead_kpi.create_mart(" . quoted($option{mart})
	  . ", lead_key => 'text')::text END;\n$table";
	my $channel = exists $place->{channel} ? 'channel' : quoted($option{channel});
	if ($kind eq 'spend')
	{
		# Without a channel it is that of the campaign's leads, which the mart finds by itself; of a campaign without leads the file's name may say it.
		my $name = quoted(basename($file) =~ s/\.\w+\z//r);
		my $guessed = $channel eq 'NULL';
		$channel = exists $place->{campaign}
		  ? "CASE WHEN NOT EXISTS (SELECT FROM $mart.lead l WHERE lower(btrim(l.campaign)) = lower(btrim(export.campaign))) THEN $name END" : $name if $guessed;
		my ($unit) = exists $place->{currency} ? () : $names->[ $place->{amount} ] =~ /\(([A-Z]{3})\)\s*\z/;
		$script .= "CREATE TEMPORARY TABLE new AS SELECT (" . $column->('spent_on') . " AT TIME ZONE " . quoted($option{'time-zone'}) . ")::date AS spent_on, $channel AS channel, "
		  . $column->('campaign') . "::text AS campaign, " . $column->('amount') . " AS amount, " . $column->('currency', quoted($unit)) . "::text AS currency FROM export WHERE NOT ($total);\n"
		  . "DELETE FROM $mart.spend s USING (SELECT DISTINCT spent_on, channel, campaign FROM new) n WHERE s.spent_on = n.spent_on AND (s.channel IS NOT DISTINCT FROM n.channel" . ($guessed ? " OR s.channel IS NULL OR s.channel = $name" : '') . ") AND s.campaign IS NOT DISTINCT FROM n.campaign;\n"
		  . "INSERT INTO $mart.spend (spent_on, channel, campaign, amount, currency) SELECT * FROM new WHERE spent_on IS NOT NULL;\nSELECT count(*) FILTER (WHERE spent_on IS NOT NULL), count(*) FILTER (WHERE spent_on IS NULL) FROM new;\n";
	}
	elsif ($kind eq 'leads')
	{
		$script .= "CREATE TEMPORARY TABLE new AS SELECT " . $column->('lead_id', 'email') . " AS lead_id, " . $column->('created_at') . " AS created_at, " . $column->('kind') . "::text AS kind, $channel AS channel, "
		  . join(', ', map { $column->($_) . "::text AS $_" } qw(campaign email company owner)) . ", jsonb_strip_nulls(jsonb_build_object('phone', " . $column->('phone') . "::text)) AS attributes FROM export;\n"
		  . "DELETE FROM $mart.lead WHERE lead_id IN (SELECT lead_id FROM new);\nINSERT INTO $mart.lead (lead_id, created_at, kind, channel, campaign, email, company, owner, attributes) SELECT * FROM new;\nSELECT count(*), 0 FROM new;\n";
	}
	else
	{
		$script .= "CREATE TEMPORARY TABLE new AS SELECT deal_id, " . $column->('lead_id', 'deal_id') . " AS lead_id, " . $column->('opened_at') . "::timestamptz AS opened_at, coalesce(" . $column->('closed_at') . ', ' . $column->('lost_at')
		  . ")::timestamptz AS closed_at, " . (exists $place->{is_won} && exists $place->{is_closed} ? 'CASE WHEN is_closed::boolean THEN is_won::boolean END' : exists $place->{outcome} ? "CASE WHEN $won THEN true WHEN $lost THEN false END" : 'CASE WHEN ' . $column->('closed_at') . ' IS NOT NULL THEN true END') . " AS is_won, "
		  . $column->('amount') . "::numeric AS amount, " . join(', ', map { $column->($_) . "::text AS $_" } qw(owner account reason currency)) . ", (" . $column->('expected_close', $column->('closed_at')) . "::timestamptz AT TIME ZONE "
		  . quoted($option{'time-zone'}) . ")::date AS expected_close, $channel AS channel FROM export WHERE NOT ($deleted);\n"
		  . "DELETE FROM $mart.deal WHERE deal_id IN (SELECT deal_id FROM new);\nINSERT INTO $mart.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner, account, reason, currency, expected_close) "
		  . "SELECT deal_id, lead_id, opened_at, closed_at, is_won, amount, owner, account, reason, currency, expected_close FROM new;\n";
		# Without leads in the file a deal is its own.
		$script .= "DELETE FROM $mart.lead WHERE kind = 'deal' AND lead_id IN (SELECT lead_id FROM new);\nINSERT INTO $mart.lead (lead_id, created_at, kind, channel, company, owner, account, attributes) "
		  . "SELECT DISTINCT ON (lead_id) lead_id, opened_at, 'deal', channel, account, owner, account, '{}' FROM new ORDER BY lead_id, opened_at;\n" unless exists $place->{lead_id};
		$script .= "SELECT count(*), 0 FROM new;\n";
	}
	my ($loaded, $left) = split /\|/, (ask($script =~ s/(SELECT count\(\*\)[^;]*;\n)\z/ANALYZE $mart.lead, $mart.deal, $mart.spend;\n$1/r . "COMMIT;\n"))[-1];
	print "  loaded into mart $option{mart}: $loaded", $left ? "; without a day, and left out: $left" : '', "\n\n";
	return;
}

# Said once, and before any file is read.
my ($there) = ask("SELECT count(*) FROM pg_extension WHERE extname = 'lead_kpi';\n");
die "the database \"$option{dbname}\" has no extension lead_kpi: psql -d $option{dbname} -c 'CREATE EXTENSION lead_kpi'\n" if !$there;
my ($mapped) = ask("SELECT string_agg(c.relname, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = " . quoted($option{mart})
	  . " AND c.relname IN ('lead', 'deal', 'spend') AND c.relkind <> 'r' AND lead_kpi.is_mart(" . quoted($option{mart}) . ");\n");
die "the mart \"$option{mart}\" reads relations of yours ($mapped): load into these, or name another mart with --mart\n" if $mapped;
for my $file (@files)
{
	-e $file or die "cannot read $file: there is no such file\n";
	-f $file or die "cannot read $file: it is no file\n";
}
my %fields = map { map { $_ => 1 } keys %$_ } values %kinds;
for my $column (sort grep { $map{$_} ne '' && !$fields{ $map{$_} } } keys %map)
{
	die "--map: there is no field \"$map{$column}\". The fields: " . join(', ', sort grep { $_ ne 'needs' } keys %fields) . "\n";
}
import_file($_) for @files;
import_file($_, 1) for @later;
if (my @unmet = sort grep { !$met{$_} } keys %map) { print "--map: no file has a column ", join(', ', map { qq{"$_"} } @unmet), ", as names are compared\n" }
if ($option{load})
{
	my $mart = '"' . $option{mart} =~ s/"/""/gr . '"';
	print "What is wrong in the data:\n", map { my ($check, $rows, $examples, $todo) = split /\|/, $_, 4; "  $check: $rows", ($examples ? " ($examples)" : ''), ($todo ? ". $todo" : ''), "\n" }
	  ask("SELECT check_name, rows, left(coalesce(replace(examples, '|', '/'), ''), 60), what_to_do FROM $mart.data_quality WHERE severity IN ('error', 'warning') AND rows > 0 ORDER BY severity, rows DESC;\n");
	print "\nNext: ./run report --dbname $option{dbname} --mart $option{mart}\n";
}
else { print "Nothing was loaded. When this is right, add --load.\n" }
