-- What the filters of the pages cut: only columns that add up, per month, channel, campaign, kind and owner.
SELECT month, coalesce(channel, '(none)') AS channel, coalesce(campaign, '(none)') AS campaign, coalesce(kind, '(none)') AS kind, coalesce(owner, '(none)') AS owner,
	sum(leads)::bigint AS leads, sum(mql)::bigint AS mql, sum(sal)::bigint AS sal, sum(sql)::bigint AS sql,
	sum(opportunities)::bigint AS opportunities, sum(won)::bigint AS won
FROM kpi_day
GROUP BY 1, 2, 3, 4, 5
HAVING sum(leads) > 0
ORDER BY 1, 2, 3, 4, 5
