# What a mart is made of, to be compared: an upgraded one with one that was just made.
package MartCatalog;

use strict;
use warnings;

use Exporter 'import';
use Sample qw(query);
our @EXPORT_OK = qw(mart_catalog mart_differences);

# Everything that makes a relation of a mart what it is, a line each, without the mart's name.
sub mart_catalog
{
	my ($node, $database, $mart) = @_;

	return split /\n/, query($node, $database, <<"SQL");
SET search_path = $mart, lead_kpi, pg_catalog;
WITH relation AS
(
	SELECT c.* FROM pg_class c WHERE c.relnamespace = '$mart'::regnamespace AND c.relkind IN ('r', 'v')
)
SELECT line FROM
(
	SELECT format('%s %s %s', c.relkind, c.relname, (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(c.reloptions) o)) AS line FROM relation c
	UNION ALL
	SELECT format('column %s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
	FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	UNION ALL
	SELECT format('constraint %s.%s %s', c.relname, n.conname, pg_get_constraintdef(n.oid))
	FROM relation c JOIN pg_constraint n ON n.conrelid = c.oid AND n.contype <> 'n'
	UNION ALL
	SELECT format('index %s%s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, replace(substring(pg_get_indexdef(i.indexrelid) FROM ' ON .*'), ' ON $mart.', ' ON '))
	FROM relation c JOIN pg_index i ON i.indrelid = c.oid
	UNION ALL
	SELECT format('trigger %s %s', replace(pg_get_triggerdef(t.oid), ' ON $mart.', ' ON '), t.tgenabled) FROM relation c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
	UNION ALL
	SELECT format('replica identity of %s: %s', c.relname, c.relreplident) FROM relation c
	UNION ALL
	SELECT format('comment on %s.%s: %s', c.relname, a.attname, d.description)
	FROM relation c JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
	LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
	UNION ALL
	-- The order of columns counts, but for what users added to tables of theirs.
	SELECT format('columns of %s: %s', c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum))
	FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'region'
	GROUP BY c.relname
	UNION ALL
	SELECT format('view %s: %s', c.relname, translate(pg_get_viewdef(c.oid), E'\\n', ' ')) FROM relation c WHERE c.relkind = 'v'
) l
ORDER BY line COLLATE "C"
SQL
}

# What one mart has and the other has not, which may be in another database: lines with - and +.
sub mart_differences
{
	my ($node, $database, $upgraded, $fresh, $fresh_database) = @_;
	my %upgraded = map { $_ => 1 } mart_catalog($node, $database, $upgraded);
	my %fresh = map { $_ => 1 } mart_catalog($node, $fresh_database // $database, $fresh);

	return join('', map { substr($_, 0, 700) . "\n" } (map { "- $_" } grep { !$upgraded{$_} } sort keys %fresh),
		(map { "+ $_" } grep { !$fresh{$_} } sort keys %upgraded));
}

1;
