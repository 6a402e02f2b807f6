-- Odoo's own database (16 and later) as the mart "odoo": views over Odoo's tables, nothing is exported.
--
--   psql -1 -d DATABASE -f examples/odoo/mart.sql
--   psql -1 -d DATABASE -v odoo=SCHEMA -f examples/odoo/mart.sql     Odoo's tables are in another schema than public, such as one of foreign tables
--
--   crm_lead.id, create_date           lead.lead_id, lead.created_at: Odoo writes UTC, so days and months can be those of any rule.time_zone
--   type, date_conversion              lead.kind: "lead" came in as one, "opportunity" was made as one; an opportunity opens when it is converted
--   utm_source, else utm_medium        lead.channel; utm_campaign: lead.campaign; user_id: lead.owner; commercial partner: lead.account
--   mail_tracking_value of stage_id    stage_event: the first stage is what the first change left, or the present one where there was no change
--   active, probability                lost is archived with probability 0: a lead leaves by the exit "Lost", an opportunity is a lost deal
--   date_closed                        deal.closed_at; date_deadline: deal.expected_close; lost_reason_id: the reason of either
--   expected_revenue                   deal.amount; 0 is what nobody filled in, so unknown
--   mail_message, mail_activity        activity: activities done and planned, mails sent, and mails received after something of ours
-- Odoo deletes the leads that it merges into another one, and gives their history to the survivor: nothing is left for lead.merged_into.
\set ON_ERROR_STOP on
\if :{?odoo}
\else
	\set odoo public
\endif
SET search_path = :"odoo";
-- What the versions call differently.
SELECT CASE WHEN bool_or(attname = 'field_id') THEN 'field_id' ELSE 'field' END AS field,
	CASE WHEN bool_or(attname = 'new_value_monetary') THEN 'monetary' ELSE 'float' END AS money
FROM pg_attribute WHERE attrelid = 'mail_tracking_value'::regclass AND NOT attisdropped \gset
\set old_money old_value_:money
\set new_money new_value_:money

CREATE SCHEMA odoo_view;
-- A name is text, or since Odoo 16 an object with one text per language.
CREATE FUNCTION odoo_view.name_of(name jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(name) WHEN 'object' THEN coalesce(name ->> 'en_US', (SELECT min(value) FROM jsonb_each_text(name))) ELSE name #>> '{}' END;
CREATE VIEW odoo_view.person AS SELECT u.id AS user_id, u.partner_id, p.name FROM res_users u JOIN res_partner p ON p.id = u.partner_id;
-- Stages of the same name are one, and so are all that are won: a step of the ladder has one name.
CREATE VIEW odoo_view.stage AS
SELECT id, is_won, CASE WHEN is_won THEN first_value(name) OVER (PARTITION BY is_won ORDER BY sequence, id) ELSE name END AS stage,
	min(sequence) OVER (PARTITION BY is_won, CASE WHEN NOT is_won THEN name END) AS sequence
FROM (SELECT id, coalesce(is_won, false) AS is_won, sequence, odoo_view.name_of(to_jsonb(name)) AS name FROM crm_stage) s;

CREATE VIEW odoo_view.record AS
SELECT l.id, type, stage_id, team_id, company_id, country_id, source_id, medium_id, campaign_id, email_from, phone, partner_name, function, expected_revenue,
	date_deadline, create_date, write_date, date_conversion, date_closed, date_last_stage_update, coalesce(date_conversion, create_date) AS opened_at,
	NOT coalesce(l.active, true) AND coalesce(probability, 0) = 0 AS is_lost, odoo_view.name_of(to_jsonb(r.name)) AS reason, o.name AS owner,
	p.commercial_partner_id::text AS account
FROM crm_lead l LEFT JOIN crm_lost_reason r ON r.id = l.lost_reason_id LEFT JOIN odoo_view.person o USING (user_id) LEFT JOIN res_partner p ON p.id = l.partner_id;
CREATE VIEW odoo_view.lead AS
SELECT l.id::bigint AS lead_id, l.create_date AT TIME ZONE 'UTC' AS created_at, email_from AS email, coalesce(partner_name, c.name) AS company, owner, account,
	CASE WHEN l.type = 'opportunity' AND date_conversion IS NULL THEN 'opportunity' ELSE 'lead' END AS kind,
	coalesce(odoo_view.name_of(to_jsonb(s.name)), odoo_view.name_of(to_jsonb(m.name))) AS channel, odoo_view.name_of(to_jsonb(g.title)) AS campaign,
	jsonb_strip_nulls(jsonb_build_object('phone', l.phone, 'medium', odoo_view.name_of(to_jsonb(m.name)), 'team', odoo_view.name_of(to_jsonb(t.name)),
		'country', n.code, 'job', l.function)) AS attributes
FROM odoo_view.record l LEFT JOIN utm_source s ON s.id = source_id LEFT JOIN utm_medium m ON m.id = medium_id LEFT JOIN utm_campaign g ON g.id = campaign_id
	LEFT JOIN crm_team t ON t.id = l.team_id LEFT JOIN res_country n ON n.id = l.country_id LEFT JOIN res_partner c ON c.id::text = l.account;

CREATE VIEW odoo_view.change AS
SELECT m.res_id AS id, m.date, m.id AS message_id, a.name AS author, f.name AS field, t.old_value_integer AS old_stage, t.new_value_integer AS new_stage,
	t.new_value_char AS new_name, t.:"old_money" AS old_amount, t.:"new_money" AS new_amount
FROM mail_tracking_value t JOIN ir_model_fields f ON f.id = t.:"field" JOIN mail_message m ON m.id = t.mail_message_id LEFT JOIN odoo_view.person a ON a.partner_id = m.author_id
WHERE f.model = 'crm.lead' AND f.name IN ('stage_id', 'expected_revenue') AND m.model = 'crm.lead';
-- Won is not among these: the deal says it, and takes it back where somebody had moved the wrong card.
CREATE VIEW odoo_view.stage_visit AS
SELECT l.id, l.opened_at AS entered_at, l.owner, s.stage, s.is_won FROM odoo_view.record l
	LEFT JOIN LATERAL (SELECT old_stage FROM odoo_view.change c WHERE c.id = l.id AND field = 'stage_id' ORDER BY date, message_id LIMIT 1) f ON true
	JOIN odoo_view.stage s ON s.id = coalesce(f.old_stage, l.stage_id)
WHERE l.type = 'opportunity'
UNION ALL SELECT l.id, greatest(c.date, l.opened_at), c.author, coalesce(s.stage, c.new_name), coalesce(s.is_won, false)
FROM odoo_view.record l JOIN odoo_view.change c ON c.id = l.id AND c.field = 'stage_id' LEFT JOIN odoo_view.stage s ON s.id = c.new_stage WHERE l.type = 'opportunity';
CREATE VIEW odoo_view.stage_event AS
SELECT id::bigint AS lead_id, stage, entered_at AT TIME ZONE 'UTC' AS entered_at, NULL AS reason, owner FROM odoo_view.stage_visit WHERE NOT is_won
UNION ALL SELECT id, 'Lost', coalesce(date_closed, write_date) AT TIME ZONE 'UTC', reason, owner FROM odoo_view.record WHERE is_lost AND type = 'lead';

CREATE VIEW odoo_view.deal AS
SELECT l.id::text AS deal_id, l.id::bigint AS lead_id, opened_at AT TIME ZONE 'UTC' AS opened_at, coalesce(date_closed, date_last_stage_update) AT TIME ZONE 'UTC'
	AS closed_at, CASE WHEN is_lost THEN false WHEN s.is_won THEN true END AS is_won, nullif(expected_revenue, 0) AS amount, owner, account, date_deadline AS
	expected_close, reason, u.name AS currency
FROM odoo_view.record l LEFT JOIN odoo_view.stage s ON s.id = l.stage_id LEFT JOIN res_company c ON c.id = l.company_id LEFT JOIN res_currency u ON
	u.id = c.currency_id WHERE l.type = 'opportunity';
CREATE VIEW odoo_view.deal_change AS
SELECT id::text AS deal_id, entered_at AT TIME ZONE 'UTC' AS changed_at, stage, NULL::numeric AS amount FROM odoo_view.stage_visit WHERE NOT is_won
UNION ALL SELECT id::text, date AT TIME ZONE 'UTC', NULL, new_amount::numeric FROM odoo_view.change WHERE field = 'expected_revenue';

-- A mail of ours is one that a user wrote to the followers. One that we received is an answer when there was something of ours before it.
CREATE VIEW odoo_view.activity AS
SELECT id::bigint AS lead_id, date AT TIME ZONE 'UTC' AS activity_at, kind, outcome, owner, NULL::timestamptz AS scheduled_for FROM (
	SELECT m.res_id AS id, m.date, a.name AS owner, coalesce(odoo_view.name_of(to_jsonb(t.name)), 'Mail') AS kind,
		CASE WHEN t.id IS NOT NULL THEN 'done' WHEN m.message_type = 'email' AND a.user_id IS NULL THEN 'received' ELSE 'sent' END AS outcome,
		bool_or(a.user_id IS NOT NULL) OVER (PARTITION BY m.res_id ORDER BY m.date, m.id) AS is_answer
	FROM mail_message m LEFT JOIN mail_activity_type t ON t.id = m.mail_activity_type_id LEFT JOIN mail_message_subtype b ON b.id = m.subtype_id
		LEFT JOIN odoo_view.person a ON a.partner_id = m.author_id
	WHERE m.model = 'crm.lead' AND (t.id IS NOT NULL OR m.message_type IN ('email', 'email_outgoing', 'comment') AND NOT coalesce(b.internal, true))) m
WHERE outcome <> 'received' OR is_answer
UNION ALL SELECT a.res_id, a.create_date AT TIME ZONE 'UTC', odoo_view.name_of(to_jsonb(t.name)), 'planned', p.name, a.date_deadline::timestamp AT TIME ZONE 'UTC'
FROM mail_activity a JOIN mail_activity_type t ON t.id = a.activity_type_id LEFT JOIN odoo_view.person p USING (user_id)
WHERE a.res_model = 'crm.lead' AND to_jsonb(a) ->> 'active' IS DISTINCT FROM 'false';

SELECT lead_kpi.create_mart('odoo', lead => 'odoo_view.lead', stage_event => 'odoo_view.stage_event', deal => 'odoo_view.deal',
	deal_change => 'odoo_view.deal_change', activity => 'odoo_view.activity');
-- The ladder: a lead, then Odoo's stages in their order. Sales accepts a lead by converting it, which is when the first stage is entered.
-- A stage that a team made for those that were lost is an exit, too.
DELETE FROM odoo.stage WHERE role <> 'lead';
INSERT INTO odoo.stage SELECT 1 + row_number() OVER step, stage, CASE WHEN is_exit THEN 'lost' WHEN is_won THEN 'won' WHEN row_number() OVER step = 1 THEN 'opportunity' END
FROM (SELECT DISTINCT is_won, sequence, stage, NOT is_won AND lead_kpi.reads_like_an_exit(stage) AS is_exit FROM odoo_view.stage) s
WINDOW step AS (ORDER BY is_exit, is_won, sequence, stage);
INSERT INTO odoo.stage SELECT max(position) + 1, 'Lost', 'lost' FROM odoo.stage ON CONFLICT (stage) DO NOTHING;
UPDATE odoo.rule SET transmitted_role = 'lead', accepted_role = 'opportunity';
-- A call that was done reached somebody or not: Odoo does not say. So it is an attempt.
INSERT INTO odoo.activity_meaning SELECT odoo_view.name_of(to_jsonb(t.name)), o, min(CASE WHEN category = 'meeting' THEN m WHEN o = 'done' AND
	category IN ('phonecall', 'default') AND odoo_view.name_of(to_jsonb(t.name)) ~* '^(call|e-?mail|appel)' THEN 'attempt' ELSE 'none' END)
FROM mail_activity_type t, (VALUES ('done', 'meeting_held'), ('planned', 'meeting_booked')) v(o, m) GROUP BY 1, 2;
INSERT INTO odoo.activity_meaning VALUES ('Mail', 'sent', 'attempt'), ('Mail', 'received', 'contact') ON CONFLICT DO NOTHING;
RESET search_path;
