-- A report of Google Ads, downloaded as .csv or "Excel .csv", into ads_source.ad. It needs the columns Day, Campaign and Cost; Currency code is well to have.
--
--   psql -1 -v file=FILE -f examples/ads/google.sql              -v format=1.234,56 where the account writes amounts so
--
-- Before the columns are the report's title and period; behind the rows are "Total: ..." in the first column.
\ir table.sql
CREATE TEMPORARY TABLE export (line integer, first_column text, day text, campaign text, amount text, currency text) ON COMMIT DROP;
\setenv LEAD_KPI_FILE :file
\copy export FROM PROGRAM 'perl examples/unwrap "$LEAD_KPI_FILE" "Campaign status/Campaign state/Status/Day" Day "Campaign/Campaign name" Cost "Currency code/Currency?"' WITH (FORMAT csv, HEADER)
INSERT INTO ads_source.ad (source, file, line, format, day, campaign, amount, currency)
SELECT 'google ads', :'file', line, :'format', day, CASE WHEN first_column ~ '^Total(:|$)' THEN first_column ELSE campaign END, amount, currency FROM export;
