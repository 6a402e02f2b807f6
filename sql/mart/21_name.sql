-- What things are called: channels and campaigns whatever their spelling, and which currency is whose.

CREATE FUNCTION mart_name_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_name_count WITH (security_invoker = true) AS
	SELECT channel, campaign, count(*) AS leads
	FROM lead
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	GROUP BY channel, campaign;
	COMMENT ON VIEW lead_name_count IS
		'Layer below spelling and campaign_channel: how many rows of lead there are of each channel and campaign as the relation spells them.';

	CREATE OR REPLACE VIEW spelling WITH (security_invoker = true) AS
	WITH lead_name AS MATERIALIZED
	(
		SELECT channel, campaign, leads AS rows FROM lead_name_count
	), found AS
	(
		-- What somebody wrote into the settings wins, then leads, then the rest.
		SELECT 'channel' AS what, 1 AS source, channel AS spelling, sum(rows)::bigint AS rows FROM lead_name GROUP BY channel
		UNION ALL SELECT 'channel', 2, channel, count(*) FROM spend GROUP BY channel
		UNION ALL SELECT 'channel', 3, channel, count(*) FROM volume GROUP BY channel
		UNION ALL SELECT 'channel', 0, channel, 1 FROM channel_family
		UNION ALL SELECT 'channel', 0, channel, 1 FROM channel_alias
		UNION ALL SELECT 'channel', 4, alias, 0 FROM channel_alias
		UNION ALL SELECT 'campaign', 1, campaign, sum(rows)::bigint FROM lead_name GROUP BY campaign
		UNION ALL SELECT 'campaign', 2, campaign, count(*) FROM spend GROUP BY campaign
		UNION ALL SELECT 'campaign', 3, campaign, count(*) FROM volume GROUP BY campaign
	), trimmed AS
	(
		SELECT what, source, spelling, rows, trim_blanks(spelling) AS trimmed
		FROM found
	), summed AS
	(
		SELECT what, source, spelling, trimmed, lower(trimmed) AS folded, sum(rows) OVER (PARTITION BY what, source, trimmed) AS rows
		FROM trimmed
		WHERE trimmed <> ''
	), named AS
	(
		SELECT what, spelling, folded,
			first_value(trimmed) OVER (PARTITION BY what, folded ORDER BY source, rows DESC, trimmed COLLATE "C") AS name
		FROM summed
	)
	SELECT n.what, n.spelling, max(coalesce(c.name, n.name)) AS name, max(n.folded) AS folded
	FROM named n
	LEFT JOIN channel_alias a ON n.what = 'channel' AND lower(trim_blanks(a.alias)) = n.folded
	-- The channel of an alias may itself be spelled in several ways.
	LEFT JOIN named c ON c.what = 'channel' AND c.spelling = a.channel
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	GROUP BY n.what, n.spelling;
	COMMENT ON VIEW spelling IS
		'How every spelling of a channel or campaign in lead, spend and volume is shown: without case and outer blanks they are the same, and are '
		'spelled as the settings say, else as most leads have it.';

	CREATE OR REPLACE VIEW touch_count WITH (security_invoker = true) AS
	SELECT channel, campaign, count(*) AS touches
	FROM touch
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	GROUP BY channel, campaign;
	COMMENT ON VIEW touch_count IS
		'Layer below touch_spelling and journey_event: how many touches there are of each channel and campaign as the relation spells them.';

	CREATE OR REPLACE VIEW touch_spelling WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT channel, campaign, touches FROM touch_count
	), found AS
	(
		SELECT 'channel' AS what, channel AS spelling, sum(touches) AS rows FROM counted GROUP BY channel
		UNION ALL SELECT 'campaign', campaign, sum(touches) FROM counted GROUP BY campaign
	), summed AS
	(
		SELECT what, spelling, trim_blanks(spelling) AS trimmed, lower(trim_blanks(spelling)) AS folded,
			sum(rows) OVER (PARTITION BY what, trim_blanks(spelling)) AS rows
		FROM found
	), named AS
	(
		SELECT what, spelling, folded, first_value(trimmed) OVER (PARTITION BY what, folded ORDER BY rows DESC, trimmed COLLATE "C") AS name
		FROM summed
		WHERE trimmed <> ''
	)
	SELECT n.what, n.spelling, coalesce(k.name, n.name) AS name
	FROM named n
	LEFT JOIN (SELECT what, folded, max(name) AS name FROM spelling GROUP BY what, folded) k USING (what, folded)
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW touch_spelling IS
		'How every spelling of a channel or campaign in touch is shown: as in the view spelling, else as most touches have it.';

	CREATE OR REPLACE VIEW currency_worth WITH (security_invoker = true) AS
	WITH found AS
	(
		SELECT currency FROM spend WHERE currency IS NOT NULL GROUP BY currency
		UNION
		SELECT currency FROM deal WHERE currency IS NOT NULL GROUP BY currency
	), named AS
	(
		SELECT currency, upper(btrim(currency)) AS name FROM found WHERE btrim(currency) <> ''
	), own AS
	(
		SELECT coalesce((SELECT upper(currency) FROM rule), CASE WHEN count(DISTINCT name) = 1 THEN max(name) END) AS name FROM named
	)
	SELECT n.currency, n.name = o.name IS TRUE AS is_own, r.valid_from, r.valid_until,
		CASE WHEN n.name = o.name THEN 1 ELSE r.rate END AS rate
	FROM named n
	CROSS JOIN own o
	LEFT JOIN
	(
		SELECT upper(btrim(currency)) AS name, valid_from, rate, lead(valid_from) OVER (PARTITION BY upper(btrim(currency)) ORDER BY valid_from) AS valid_until
		FROM currency_rate
		WHERE rate > 0 AND rate < 'Infinity' AND isfinite(valid_from)
	) r ON r.name = n.name AND o.name IS NOT NULL AND n.name <> o.name
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW currency_worth IS
		'What the currencies that spend and deal name are worth in that of the mart, from valid_from until before valid_until, which is NULL '
		'where that lasts. rate is NULL where currency_rate does not say.';
END;
$$;
COMMENT ON FUNCTION mart_name_views(name) IS 'Internal to create_mart: makes the views of spellings and currencies in the mart.';
