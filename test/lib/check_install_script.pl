# Judges the joined install script, which runs with a superuser's rights for whoever may CREATE in a database: its
# statements only define things, and what a DO block runs calls by qualified names, so that nothing that somebody has
# planted can be called instead.
#
#   perl check_install_script.pl FILE          lists what is wrong; exit code 1 if anything is
#   perl check_install_script.pl --self-test   shows that planted examples are found
use strict;
use warnings;

# Statements that define and call nothing while they do.
my $definition = qr/^(?:
	CREATE\ (?:TYPE|FUNCTION|AGGREGATE|OPERATOR|CAST)\b
	| COMMENT\ ON\b
	| GRANT\ USAGE\ ON\ SCHEMA\ lead_kpi\ TO\ PUBLIC$
	| ALTER\ SCHEMA\ lead_kpi\ OWNER\ TO\ CURRENT_USER$
	| SET\ LOCAL\ search_path\ =\ lead_kpi,\ pg_temp$
	)/xi;

# The script's statements, each with its dollar-quoted body apart, strings emptied and comments gone.
sub statements
{
	my ($text) = @_;
	my (@found, $depth);
	my ($statement, $body, $line, $start) = ('', '', 1, 1);
	my $in_atomic = 0;

	while ($text =~ /\G(\\[^\n]*\n|--[^\n]*|\/\*.*?\*\/|'(?:[^']|'')*'|"[^"]*"|(\$\w*\$)(.*?)\2|;|\w+|\s+|.)/gs)
	{
		my ($token, $quoted) = ($1, $3);

		if (defined $quoted) { $body .= $quoted; $statement .= '$$'; }
		elsif ($token =~ /^(?:\\|--|\/\*)/) { }
		elsif ($token =~ /^'/) { $statement .= "''"; }
		elsif ($token eq ';' && !$in_atomic)
		{
			$statement =~ s/\s+/ /g;
			$statement =~ s/^ | $//g;
			push @found, { text => $statement, body => $body, line => $start } if $statement ne '';
			($statement, $body) = ('', '');
		}
		else
		{
			$start = $line if $statement =~ /^\s*$/;
			$statement .= $token;
			$in_atomic = 1 if $statement =~ /\bBEGIN ATOMIC$/i;
			$in_atomic = 0 if $token =~ /^end$/i && $statement =~ /;\s*END$/i;
		}
		$line += ($token =~ tr/\n//);
	}
	push @found, { text => $statement, body => $body, line => $start } if $statement =~ /\S/;
	return @found;
}

# What a block that runs calls by a name that somebody could plant.
sub unqualified
{
	my ($body) = @_;
	my @found;

	$body =~ s/--[^\n]*//g;
	$body =~ s/'(?:[^']|'')*'/''/g;
	$body =~ s/OPERATOR\(pg_catalog\.[^)]+\)/ , /g;
	$body =~ s/\b(?:ERRCODE|MESSAGE|DETAIL|HINT)\s*=/ /g;
	$body =~ s/:=/ /g;
	push @found, "call of $1()" while $body =~ /(?<![\w.])(?!(?:COALESCE|EXISTS|NULLIF|AND|OR|NOT|WHERE|ON|THEN|SELECT)\b)([a-z_]\w*)\s*\(/gi;
	push @found, "call of $1()" while $body =~ /\b((?!pg_catalog\b)\w+\.\w+)\s*\(/gi;
	push @found, "cast to $1" while $body =~ /::\s*((?!pg_catalog\.)[\w.]+)/g;
	$body =~ s/::\s*pg_catalog\.\w+//g;
	push @found, "operator $1" while $body =~ m{([-+*/<>=~!@#%^&|?]+)}g;
	push @found, "relation $1" while $body =~ /\b(?:FROM|JOIN|UPDATE)\s+((?!pg_catalog\.)[\w.]+)/gi;
	push @found, "implied operator of $1" while $body =~ /\b(LIKE|ILIKE|SIMILAR|IN|BETWEEN|DISTINCT|GROUP BY|ORDER BY|USING(?=\s*\()|UNION|INTERSECT|EXCEPT|CASE(?!\s+WHEN))\b/g;
	# FOR x IN SELECT is no comparison.
	my $loops = () = $body =~ /\bFOR\s+\w+\s+IN\b/g;
	@found = grep { !($_ eq 'implied operator of IN' && $loops-- > 0) } @found;
	push @found, 'EXECUTE: a statement that is put together' if $body =~ /\bEXECUTE\b/i;
	return @found;
}

sub problems
{
	my ($text) = @_;
	my @found;

	foreach my $statement (statements($text))
	{
		my $where = "line $statement->{line}: ";

		if ($statement->{text} =~ /^DO \$\$$/i)
		{
			push @found, map { "$where$_ in a DO block" } unqualified($statement->{body});
		}
		elsif ($statement->{text} !~ $definition)
		{
			push @found, $where . 'a statement that does more than define: ' . substr($statement->{text}, 0, 60);
		}
	}
	return @found;
}

sub self_test
{
	my $good = q{DO $x$ BEGIN IF pg_catalog.now() OPERATOR(pg_catalog.>) NULL THEN RAISE EXCEPTION USING MESSAGE = 'a = b'; END IF; END $x$;};
	my %planted = (
		'a call in a DO block' => q{DO $x$ BEGIN PERFORM format('x'); END $x$;},
		'a call in another schema' => q{DO $x$ BEGIN PERFORM public.format('x'); END $x$;},
		'an operator' => q{DO $x$ BEGIN IF pg_catalog.now() > NULL THEN NULL; END IF; END $x$;},
		'an implied operator' => q{DO $x$ BEGIN IF pg_catalog.now() IN (NULL) THEN NULL; END IF; END $x$;},
		'a cast' => q{DO $x$ BEGIN PERFORM 'x'::regclass; END $x$;},
		'a relation' => q{DO $x$ BEGIN PERFORM FROM pg_class; END $x$;},
		'dynamic SQL' => q{DO $x$ BEGIN EXECUTE 'SELECT 1'; END $x$;},
		'a statement that calls' => q{SELECT pg_catalog.now();},
		'another search_path' => q{SET LOCAL search_path = public;},
	);
	my $failures = 0;

	if (my @found = problems($good))
	{
		print "self-test: found in what is right: $_\n" foreach @found;
		$failures++;
	}
	foreach my $name (sort keys %planted)
	{
		next if problems("CREATE TYPE t;\n$planted{$name}");
		print "self-test: not found: $name\n";
		$failures++;
	}
	return $failures;
}

if (($ARGV[0] // '') eq '--self-test')
{
	exit(self_test() ? 1 : 0);
}
my $text = do { local $/; <> };
my @found = problems($text);
print "$_\n" foreach @found;
print "Write the call with pg_catalog., or let make write the statement out (sql/join.awk).\n" if @found;
exit(@found ? 1 : 0);
