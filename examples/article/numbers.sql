-- The article's numbers, read from the marts that article.sql made.

\echo 'Lead, MQL and SQL are different things: 500, 180, 70'
SELECT stage, leads, round(100 * total_rate::numeric, 1) AS "% of leads"
FROM article_ladder.funnel
ORDER BY stage_position;

\echo 'Acceptance: sales accepted 120 of 200 transmitted MQL, 60 %. Is the agreed 60 % met?'
SELECT transmitted, accepted, round(100 * acceptance_rate::numeric, 1) AS "%",
	round(100 * acceptance_rate_low::numeric, 1) AS "at least %", round(100 * acceptance_rate_high::numeric, 1) AS "at most %",
	round(100 * threshold::numeric, 1) AS "agreed %", verdict
FROM article_acceptance.mql_acceptance;

\echo 'The chain 1000, 350, 140, 80, 32: judge the transitions, not the entry'
SELECT stage, leads, round(100 * step_rate::numeric, 1) AS "% of stage before", round(100 * total_rate::numeric, 1) AS "% of leads"
FROM article_chain.funnel
ORDER BY stage_position;

\echo 'Fewer leads, more revenue: A 150 000, B 360 000'
SELECT channel AS scenario, leads, won AS sales, round(100 * lead_to_won::numeric, 1) AS "% won",
	round(average_deal, 2) AS "average deal", round(revenue, 2) AS revenue, round(revenue_per_lead, 2) AS "revenue per lead"
FROM article_scenario.cpl_to_revenue
ORDER BY channel;

\echo 'Volume hides dilution: twice the leads, 60 sales become 48'
SELECT to_char(month, 'YYYY-MM') AS month, entered_leads AS leads, leads AS sales, round(100 * total_rate::numeric, 1) AS "% won"
FROM article_dilution.funnel_by_month
WHERE stage = 'won'
ORDER BY month;

\echo 'Inbound 800 leads and 120 SQL, outbound 200 leads and 90 SQL'
SELECT channel, entered_leads AS leads, leads AS sql, round(100 * total_rate::numeric, 1) AS "% SQL"
FROM article_channel.funnel_by_channel
WHERE stage = 'sql'
ORDER BY channel;

\echo 'The dearer lead is the cheaper customer'
SELECT campaign, leads, round(cpl, 2) AS cpl, round(spend, 2) AS spend, won AS sales, round(cac, 2) AS cac,
	round(cac_low, 2) AS "cac at least", round(cac_high, 2) AS "cac at most"
FROM article_campaign.cpl_to_revenue
ORDER BY campaign;
