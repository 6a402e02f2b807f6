-- The exports of google.sql, meta.sql and linkedin.sql as spend, and what was refused or repaired of them.
--
--   psql -1 -f examples/ads/mart.sql
--
--   ads_source.spend    spent_on, channel, campaign, amount, currency: INSERT INTO kpi.spend (spent_on, channel, campaign, amount, currency) TABLE ads_source.spend;
--   ads_source.report   each row that was refused or repaired, and why
--   ads_source.account  per file: rows, money, and whether they add up to the total that the file says itself
\set ON_ERROR_STOP on
ANALYZE ads_source.ad;
CREATE VIEW ads_source.judged AS
SELECT *, CASE
		WHEN campaign ~ '^Total(:|$)' THEN 'total'
		WHEN spent_on IS NULL THEN coalesce('day: ' || lead_kpi.day_problem(day, day_format), 'no day')
		WHEN last_on IS NULL AND last_day IS NOT NULL THEN 'last day: ' || lead_kpi.day_problem(last_day, day_format)
		WHEN date_trunc('month', last_on::timestamp) <> date_trunc('month', spent_on::timestamp) THEN format('about %s to %s: export it by day', spent_on, last_on)
		WHEN cost IS NULL THEN coalesce('amount: ' || lead_kpi.amount_problem(amount, format), 'no amount')
		WHEN count(*) OVER same > 1 AND file <> first_value(file) OVER same THEN format('as in %s, line %s', first_value(file) OVER same, first_value(line) OVER same)
	END AS refused,
	concat_ws('; ', CASE WHEN last_on <> spent_on THEN format('about %s to %s: counted on the first', spent_on, last_on) END,
		CASE WHEN strange IS NOT NULL THEN format('day %s read as %s', day, spent_on) END,
		CASE WHEN amount !~ '^-?\d+(\.\d+)?$' THEN format('amount %s read as %s', amount, cost) END,
		CASE WHEN campaign <> lead_kpi.trim_blanks(campaign) THEN 'blanks around the campaign' END,
		CASE WHEN campaign IS NULL THEN 'no campaign: spend of the channel' END) AS repaired
FROM (SELECT *, lead_kpi.try_parse_day(day, day_format) AS spent_on, coalesce(lead_kpi.try_parse_day(last_day, day_format),
		CASE WHEN last_day IS NULL THEN lead_kpi.try_parse_day(day, day_format) END) AS last_on, lead_kpi.try_parse_amount(amount, format) AS cost
	FROM (SELECT *, coalesce(strange, 'YYYY-MM-DD') AS day_format FROM (SELECT source, file, line, format, day, last_day, campaign, currency,
		nullif(lead_kpi.trim_blanks(amount), '--') AS amount, CASE WHEN day LIKE '%/%' THEN CASE source WHEN 'linkedin' THEN 'MM/DD/YYYY' END WHEN day ~ '^[A-Z][a-z]{2} ' THEN 'Mon DD, YYYY' END AS strange FROM ads_source.ad) a) a) a
WINDOW same AS (PARTITION BY source, spent_on, last_on, lead_kpi.trim_blanks(campaign), cost, currency ORDER BY file, line ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);

CREATE VIEW ads_source.spend AS
SELECT spent_on, source AS channel, lead_kpi.trim_blanks(campaign) AS campaign, cost AS amount, currency FROM ads_source.judged WHERE refused IS NULL;
CREATE VIEW ads_source.report AS
SELECT source, file, line, CASE WHEN refused IS NULL THEN 'repaired' ELSE 'refused' END AS verdict, coalesce(refused, repaired) AS why, campaign, amount
FROM ads_source.judged WHERE refused IS NOT NULL OR repaired <> '';
-- Google adds up in several totals, so the last one of a file is taken. What is in another file, too, is a part of both totals.
CREATE VIEW ads_source.account AS
SELECT source, file, count(*) FILTER (WHERE refused IS NULL) AS taken, count(*) FILTER (WHERE refused IS NULL AND repaired <> '') AS repaired,
	count(*) FILTER (WHERE refused IS NOT NULL AND refused <> 'total') AS refused, sum(cost) FILTER (WHERE refused IS NULL) AS amount,
	(array_agg(cost ORDER BY line DESC) FILTER (WHERE refused = 'total'))[1] AS total_of_file,
	(array_agg(cost ORDER BY line DESC) FILTER (WHERE refused = 'total'))[1] = sum(cost) FILTER (WHERE refused IS NULL OR refused LIKE 'as in %') AS adds_up
FROM ads_source.judged GROUP BY source, file;

SELECT lead_kpi.create_mart('spend', spend => 'ads_source.spend');
