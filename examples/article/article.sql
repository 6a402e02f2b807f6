-- The cases of the article "leads generated, and what they are worth", one mart each.
-- Run it in a database that has the extension:  psql -f examples/article/article.sql
-- then look at the numbers:                     psql -f examples/article/numbers.sql

-- Leads that were created together: how many of them reached each stage of the mart's ladder, and what each sale brought.
CREATE FUNCTION pg_temp.add_cohort(mart name, created_at timestamptz, channel text, campaign text, reached integer[], amount numeric DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
	EXECUTE format($sql$
		WITH ladder AS
		(
			SELECT stage_position, stage, role, ($4)[stage_position] AS leads FROM %1$I.ladder
		), cohort AS
		(
			INSERT INTO %1$I.lead (lead_id, created_at, kind, channel, campaign)
			SELECT (SELECT count(*) FROM %1$I.lead) + n, $1, 'form', $2, $3
			FROM generate_series(1, ($4)[1]) n
			RETURNING lead_id
		), numbered AS
		(
			SELECT lead_id, row_number() OVER (ORDER BY lead_id) AS n FROM cohort
		), sale AS
		(
			INSERT INTO %1$I.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
			SELECT lead_id, lead_id, $1 + (stage_position - 1) * interval '1 day', $1 + stage_position * interval '1 day', true, $5
			FROM numbered JOIN ladder ON role = 'won' AND n <= leads
		)
		INSERT INTO %1$I.stage_event (lead_id, stage, entered_at)
		SELECT lead_id, stage, $1 + (stage_position - 1) * interval '1 day'
		FROM numbered JOIN ladder ON stage_position > 1 AND role <> 'won' AND n <= leads
	$sql$, mart)
	USING created_at, channel, campaign, reached, amount;
END;
$$;

BEGIN;

-- Raw lead, MQL and SQL are different things: 500 leads, 180 MQL, 70 SQL.
SELECT lead_kpi.create_mart('article_ladder');
DELETE FROM article_ladder.stage WHERE role NOT IN ('lead', 'mql', 'sql');
SELECT pg_temp.add_cohort('article_ladder', '2025-01-15', 'inbound', NULL, '{500,180,70}');

-- Of 200 MQL that marketing transmitted, sales accepted 120; both teams had agreed on 60 %.
SELECT lead_kpi.create_mart('article_acceptance');
DELETE FROM article_acceptance.stage WHERE role NOT IN ('lead', 'mql', 'sal');
SELECT pg_temp.add_cohort('article_acceptance', '2025-01-15', 'inbound', NULL, '{200,200,120}');

-- The whole chain: 1000 leads, 350 MQL, 140 SQL, 80 opportunities, 32 sales.
SELECT lead_kpi.create_mart('article_chain');
DELETE FROM article_chain.stage WHERE role = 'sal';
SELECT pg_temp.add_cohort('article_chain', '2025-01-15', 'inbound', NULL, '{1000,350,140,80,32}');

-- Scenario A: 1000 leads, 30 sales of 5000. Scenario B: 300 leads, 45 sales of 8000.
SELECT lead_kpi.create_mart('article_scenario');
DELETE FROM article_scenario.stage WHERE role NOT IN ('lead', 'won');
SELECT pg_temp.add_cohort('article_scenario', '2025-01-15', 'scenario A', NULL, '{1000,30}', 5000);
SELECT pg_temp.add_cohort('article_scenario', '2025-01-15', 'scenario B', NULL, '{300,45}', 8000);

-- Dilution: 400 leads of which 15 % buy, then 800 of which 6 % do.
SELECT lead_kpi.create_mart('article_dilution');
DELETE FROM article_dilution.stage WHERE role NOT IN ('lead', 'won');
SELECT pg_temp.add_cohort('article_dilution', '2025-01-15', 'inbound', NULL, '{400,60}');
SELECT pg_temp.add_cohort('article_dilution', '2025-02-15', 'inbound', NULL, '{800,48}');
-- The data is complete until the end of March: February's leads have had their time.
UPDATE article_dilution.rule SET observed_until = '2025-03-31';

-- Inbound brings 800 leads and 120 SQL, outbound 200 leads and 90 SQL.
SELECT lead_kpi.create_mart('article_channel');
DELETE FROM article_channel.stage WHERE role NOT IN ('lead', 'sql');
SELECT pg_temp.add_cohort('article_channel', '2025-01-15', 'inbound', NULL, '{800,120}');
SELECT pg_temp.add_cohort('article_channel', '2025-01-15', 'outbound', NULL, '{200,90}');

-- Campaign A: 500 leads at 20 each, 15 sales. Campaign B: 150 leads at 80 each, 25 sales.
SELECT lead_kpi.create_mart('article_campaign');
DELETE FROM article_campaign.stage WHERE role NOT IN ('lead', 'won');
SELECT pg_temp.add_cohort('article_campaign', '2025-01-15', 'ads', 'campaign A', '{500,15}');
SELECT pg_temp.add_cohort('article_campaign', '2025-01-15', 'ads', 'campaign B', '{150,25}');
INSERT INTO article_campaign.spend VALUES
	('2025-01-10', 'ads', 'campaign A', 500 * 20),
	('2025-01-10', 'ads', 'campaign B', 150 * 80);
UPDATE article_campaign.rule SET observed_until = '2025-03-31';

COMMIT;
