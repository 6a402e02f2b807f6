-- Cells of a generated mart, as a stored mart has them: quarter, channel, campaign. :leads and :values come from the run script.
SELECT create_mart('kpi');
SELECT generate_example('kpi', :leads);
CREATE UNLOGGED TABLE lead AS
SELECT lead_id, date_trunc('quarter', created_at) AS quarter, channel, campaign, created_at, won_at, lost_at, observed_until, coalesce(revenue, 0)::float8 AS revenue
FROM kpi.lead_outcome;
CREATE UNLOGGED TABLE stage_event AS
SELECT lead_id, date_trunc('quarter', created_at) AS quarter, channel, campaign, stage, entered_at FROM kpi.funnel_event;
CREATE UNLOGGED TABLE journey_event AS
SELECT e.*, l.quarter, l.channel AS lead_channel, l.campaign AS lead_campaign FROM kpi.journey_event e JOIN lead l USING (lead_id);
ANALYZE;

\set ladder '''{lead,mql,sal,sql,opportunity,won}'', NULL, ''reached'''
CREATE UNLOGGED TABLE cell AS
SELECT f.value AS funnel, l.hours, l.days, l.microseconds, l.moments, j.value AS journeys
FROM (SELECT quarter, channel, campaign, conversion_curve(created_at, won_at, lost_at, observed_until, '1 hour') AS hours, conversion_curve(created_at, won_at, lost_at, observed_until, '1 day') AS days,
		conversion_curve(created_at, won_at, lost_at, observed_until, '0') AS microseconds, moments(revenue) AS moments FROM lead GROUP BY 1, 2, 3) l
LEFT JOIN (SELECT quarter, channel, campaign, funnel(lead_id, stage, entered_at, :ladder) AS value FROM stage_event GROUP BY 1, 2, 3) f
	ON f.quarter = l.quarter AND (f.channel, f.campaign) IS NOT DISTINCT FROM (l.channel, l.campaign)
LEFT JOIN (SELECT quarter, lead_channel, lead_campaign, journeys(lead_id, channel, touched_at, converted_at, value, '90 days', '7 days', milestone) AS value FROM journey_event GROUP BY 1, 2, 3) j
	ON j.quarter = l.quarter AND (j.lead_channel, j.lead_campaign) IS NOT DISTINCT FROM (l.channel, l.campaign);
-- What the cells must add up to.
CREATE UNLOGGED TABLE whole AS
SELECT (SELECT funnel(lead_id, stage, entered_at, :ladder) FROM stage_event)::text AS funnel,
	conversion_curve(created_at, won_at, lost_at, observed_until, '1 hour')::text AS hours, conversion_curve(created_at, won_at, lost_at, observed_until, '1 day')::text AS days,
	conversion_curve(created_at, won_at, lost_at, observed_until, '0')::text AS microseconds, moments(revenue)::text AS moments,
	(SELECT journeys(lead_id, channel, touched_at, converted_at, value, '90 days', '7 days', milestone) FROM journey_event)::text AS journeys
FROM lead;

-- The same cells over and over, compressed and in the row, as a stored mart has them.
CREATE CAST (funnel AS bytea) WITHOUT FUNCTION;
CREATE CAST (conversion_curve AS bytea) WITHOUT FUNCTION;
CREATE CAST (journeys AS bytea) WITHOUT FUNCTION;
CREATE CAST (moments AS bytea) WITHOUT FUNCTION;
SELECT format(statement, name, type, CASE name WHEN 'microseconds' THEN :values / 10 ELSE :values END)
FROM (VALUES ('funnel', 'funnel'), ('hours', 'conversion_curve'), ('days', 'conversion_curve'), ('microseconds', 'conversion_curve'), ('journeys', 'journeys'), ('moments', 'moments')) v(name, type),
	unnest(ARRAY['CREATE UNLOGGED TABLE stored_%1$s (value %2$s)', 'ALTER TABLE stored_%1$s ALTER value SET STORAGE main',
		'INSERT INTO stored_%1$s SELECT %1$s FROM cell, generate_series(1, greatest(%3$s / (SELECT count(*) FROM cell), 1)) WHERE %1$s IS NOT NULL', 'VACUUM ANALYZE stored_%1$s']) WITH ORDINALITY s(statement, n)
ORDER BY name, n
\gexec
