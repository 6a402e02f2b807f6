-- What a stored mart says of owners and reasons is what a live one would.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

SELECT create_mart('regress_owner_stored');
SELECT generate_example('regress_owner_stored', 600);
INSERT INTO regress_owner_stored.stage VALUES (20, 'Out', 'lost');
UPDATE regress_owner_stored.lead SET owner = (ARRAY['Ada', 'Ben', NULL])[1 + lead_id % 3];
INSERT INTO regress_owner_stored.stage_event (lead_id, stage, entered_at, reason)
	SELECT lead_id, 'Out', entered_at + interval '5 days', (ARRAY['Price', 'No budget', NULL])[1 + lead_id % 3] FROM regress_owner_stored.stage_event
	WHERE stage IN ('mql', 'sal', 'opportunity') AND lead_id % 2 = 0;
SELECT store_mart('regress_owner_stored');
SELECT relation, stored_only, live_only FROM check_mart('regress_owner_stored') WHERE relation ~ '^(owner_|funnel_by_owner|reason_|refusal_|loss_|sent_away)' ORDER BY 1;
-- After changes, too.
UPDATE regress_owner_stored.lead SET owner = 'Cleo' WHERE lead_id % 5 = 0;
UPDATE regress_owner_stored.stage_event SET reason = 'price ' WHERE reason = 'Price' AND lead_id % 4 = 0;
DELETE FROM regress_owner_stored.deal WHERE lead_id % 4 = 0;
SELECT refresh_mart('regress_owner_stored') IS NOT NULL AS refreshed;
SELECT relation, stored_only, live_only FROM check_mart('regress_owner_stored') WHERE relation ~ '^(owner_|funnel_by_owner|reason_|refusal_|loss_|sent_away)' ORDER BY 1;
SELECT sum(leads) AS leads, sum(decided_deals) > 0 AS decided FROM regress_owner_stored.owner_performance WHERE grain = 'owner';
SELECT sum(refusals) > 0 AS refused FROM regress_owner_stored.refusal_reasons WHERE grain = 'stage';
SELECT drop_mart('regress_owner_stored');
