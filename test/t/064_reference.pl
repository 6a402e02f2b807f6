# doc/reference.md is what the database says of itself.
use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = "$FindBin::RealBin/../..";
my $node = PostgreSQL::Test::Cluster->new('reference');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;
$ENV{PGCLIENTENCODING} = 'UTF8';
$node->safe_psql('postgres', 'CREATE EXTENSION lead_kpi');

my $printed = '';
ok(IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr('postgres'), '-f', "$root/test/lib/reference.sql" ], '>', \$printed), 'the reference is printed');
my @printed = split /\n/, $printed;
my @written = split /\n/, slurp_file("$root/doc/reference.md");
my ($first) = grep { ($printed[$_] // '') ne ($written[$_] // '') } 0 .. ($#printed > $#written ? $#printed : $#written);
ok(!defined $first, 'doc/reference.md is what is printed')
  or diag('line ', $first + 1, ' is to be: ', $printed[$first] // '(nothing)', "\nWrite it again: psql -X -q -f test/lib/reference.sql >doc/reference.md");

$node->stop;
done_testing();
