-- Made-up rows in tables shaped as Odoo 16 makes them: the columns that the mapping reads, in schema odoo_source.
CREATE SCHEMA odoo_source;
SET search_path = odoo_source;
CREATE TABLE ir_model_fields (id integer PRIMARY KEY, model varchar, name varchar);
CREATE TABLE res_currency (id integer PRIMARY KEY, name varchar);
CREATE TABLE res_company (id integer PRIMARY KEY, currency_id integer);
CREATE TABLE res_country (id integer PRIMARY KEY, code varchar(2));
CREATE TABLE res_partner (id integer PRIMARY KEY, name varchar, commercial_partner_id integer);
CREATE TABLE res_users (id integer PRIMARY KEY, login varchar, partner_id integer);
CREATE TABLE crm_team (id integer PRIMARY KEY, name jsonb);
CREATE TABLE crm_stage (id integer PRIMARY KEY, sequence integer, team_id integer, is_won boolean, name jsonb);
CREATE TABLE crm_lost_reason (id integer PRIMARY KEY, name jsonb, active boolean);
CREATE TABLE utm_source (id integer PRIMARY KEY, name varchar);
CREATE TABLE utm_medium (id integer PRIMARY KEY, name varchar, active boolean);
CREATE TABLE utm_campaign (id integer PRIMARY KEY, name varchar, title jsonb);
CREATE TABLE crm_lead
(
	id integer PRIMARY KEY, type varchar, active boolean, name varchar, stage_id integer, user_id integer, team_id integer, company_id integer, partner_id integer,
	country_id integer, source_id integer, medium_id integer, campaign_id integer, lost_reason_id integer, email_from varchar, phone varchar, partner_name varchar,
	function varchar, probability double precision, expected_revenue numeric, date_deadline date, create_date timestamp, write_date timestamp, date_open timestamp,
	date_conversion timestamp, date_closed timestamp, date_last_stage_update timestamp
);
CREATE TABLE mail_message_subtype (id integer PRIMARY KEY, internal boolean);
CREATE TABLE mail_activity_type (id integer PRIMARY KEY, name jsonb, category varchar);
CREATE TABLE mail_activity (id integer PRIMARY KEY, res_model varchar, res_id integer, activity_type_id integer, user_id integer, date_deadline date, create_date timestamp);
CREATE TABLE mail_message
(
	id integer PRIMARY KEY, model varchar, res_id integer, message_type varchar, subtype_id integer, mail_activity_type_id integer, author_id integer, date timestamp
);
CREATE TABLE mail_tracking_value
(
	id integer PRIMARY KEY, field integer, mail_message_id integer, old_value_integer integer, old_value_float double precision, old_value_monetary double precision,
	old_value_char varchar, new_value_integer integer, new_value_float double precision, new_value_monetary double precision, new_value_char varchar
);

INSERT INTO ir_model_fields VALUES (901, 'crm.lead', 'stage_id'), (902, 'crm.lead', 'expected_revenue'), (903, 'crm.lead', 'user_id'), (904, 'project.task', 'stage_id');
INSERT INTO res_currency VALUES (1, 'EUR');
INSERT INTO res_company VALUES (1, 1);
INSERT INTO res_country VALUES (75, 'FR');
INSERT INTO res_partner VALUES (2, 'OdooBot', 2), (11, 'Ann', 11), (12, 'Bob', 12), (21, 'Firm Three', 21), (22, 'Pat of Firm Three', 21);
INSERT INTO res_users VALUES (1, '__system__', 2), (6, 'ann', 11), (7, 'bob', 12);
INSERT INTO crm_team VALUES (1, '{"en_US": "Sales", "fr_FR": "Ventes"}'), (2, '{"en_US": "Export"}');
-- Two stages are won, one of them of a team, and one stage of a team has the name of another.
INSERT INTO crm_stage VALUES (1, 1, NULL, false, '{"en_US": "New", "fr_FR": "Nouveau"}'), (2, 2, NULL, NULL, '{"en_US": "Qualified"}'),
	(3, 3, NULL, false, '{"fr_FR": "Proposition"}'), (4, 70, NULL, true, '{"en_US": "Won", "fr_FR": "Gagné"}'), (5, 80, 2, true, '{"en_US": "Won abroad"}'),
	(6, 5, 2, false, '{"en_US": "Qualified"}');
INSERT INTO crm_lost_reason VALUES (1, '{"en_US": "Too expensive", "fr_FR": "Trop cher"}', true), (2, '{"en_US": "No budget"}', true);
INSERT INTO utm_source VALUES (1, 'Google'), (2, 'Newsletter');
INSERT INTO utm_medium VALUES (1, 'Website', true), (2, 'Phone', true);
INSERT INTO utm_campaign VALUES (1, 'spring-1', '{"en_US": "Spring"}');
INSERT INTO crm_lead (id, type, active, stage_id, user_id, team_id, company_id, partner_id, country_id, source_id, medium_id, campaign_id, lost_reason_id, email_from,
	phone, partner_name, probability, expected_revenue, date_deadline, create_date, date_conversion, date_closed, date_last_stage_update) VALUES
	(1, 'lead', true, 1, 6, 1, 1, NULL, 75, 1, 1, 1, NULL, 'a@one.example', '+33 6 12 34 56 78', 'One', 10, 0, NULL, '2025-01-06 09:00', NULL, NULL, '2025-01-06 09:00'),
	(2, 'lead', false, 1, 6, 1, 1, NULL, 75, 1, 1, 1, 2, 'b@two.example', NULL, 'Two', 0, 0, NULL, '2025-01-06 09:00', NULL, '2025-01-09 10:00', '2025-01-06 09:00'),
	(3, 'opportunity', true, 4, 6, 1, 1, 22, NULL, 1, 1, 1, NULL, 'pat@three.example', NULL, NULL, 100, 5000, '2025-02-28', '2025-01-06 10:00', '2025-01-08 10:00',
		'2025-01-26 10:00', '2025-01-26 10:00'),
	(4, 'opportunity', false, 2, 6, 1, 1, NULL, NULL, 1, 1, NULL, 1, 'd@four.example', NULL, 'Four', 0, 3000, '2025-03-15', '2025-01-07 09:00', '2025-01-09 09:00',
		'2025-01-20 09:00', '2025-01-12 09:00'),
	(5, 'opportunity', true, 1, 7, 1, 1, NULL, NULL, 2, NULL, NULL, NULL, 'e@five.example', NULL, 'Five', 20, 2000, '2025-03-31', '2025-01-08 09:00', NULL, NULL,
		'2025-01-08 09:00'),
	(6, 'opportunity', true, 5, 7, 2, 1, NULL, NULL, 2, NULL, NULL, NULL, 'f@six.example', NULL, 'Six', 100, 1000, NULL, '2025-01-08 10:00', NULL, '2025-01-18 10:00',
		'2025-01-18 10:00'),
	-- Moved into Won by mistake, and back.
	(7, 'opportunity', true, 3, 7, 1, 1, NULL, NULL, NULL, 2, NULL, NULL, 'g@seven.example', NULL, 'Seven', 60, 4000, '2025-03-01', '2025-01-10 09:00', '2025-01-11 09:00',
		NULL, '2025-01-21 09:00'),
	-- The one of 3 again, from the same mailbox.
	(8, 'lead', true, 1, 6, 1, 1, NULL, NULL, 1, 1, NULL, NULL, 'Pat <Pat@three.example>', NULL, NULL, 10, 0, NULL, '2025-01-20 09:00', NULL, NULL, '2025-01-20 09:00'),
	-- Archived, but not lost: its probability is not 0.
	(9, 'opportunity', false, 1, 7, 1, 1, NULL, NULL, 2, NULL, NULL, NULL, 'i@nine.example', NULL, 'Nine', 20, 700, NULL, '2025-01-10 10:00', NULL, NULL, '2025-01-10 10:00'),
	-- Imported as won, without a closing date, an amount and a source.
	(10, 'opportunity', true, 4, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, 'j@ten.example', NULL, 'Ten', 100, 0, NULL, '2025-01-10 09:00', NULL, NULL,
		'2025-01-25 09:00');
INSERT INTO crm_lead (id, type, active, stage_id, company_id, source_id, medium_id, email_from, probability, create_date, date_last_stage_update)
SELECT n, 'lead', true, 1, 1, 1, 1, 'lead' || n || '@firm.example', 10, timestamp '2025-01-10 09:00' + n * interval '1 day', timestamp '2025-01-10 09:00' + n * interval '1 day'
FROM generate_series(11, 20) n;

INSERT INTO mail_message_subtype VALUES (1, false), (2, true);
INSERT INTO mail_activity_type VALUES (1, '{"en_US": "Email"}', 'default'), (2, '{"en_US": "Call"}', 'phonecall'), (3, '{"en_US": "Meeting"}', 'meeting'), (4, '{"en_US": "To-Do"}', 'default');
INSERT INTO mail_message (id, model, res_id, message_type, subtype_id, mail_activity_type_id, author_id, date) VALUES
	(101, 'crm.lead', 3, 'notification', 2, NULL, 11, '2025-01-10 10:00'), (102, 'crm.lead', 3, 'notification', 2, NULL, 11, '2025-01-15 10:00'),
	(103, 'crm.lead', 3, 'notification', 2, NULL, 12, '2025-01-26 10:00'), (104, 'crm.lead', 4, 'notification', 2, NULL, 11, '2025-01-12 09:00'),
	(105, 'crm.lead', 6, 'notification', 2, NULL, 12, '2025-01-18 10:00'), (106, 'crm.lead', 7, 'notification', 2, NULL, 12, '2025-01-20 09:00'),
	(107, 'crm.lead', 7, 'notification', 2, NULL, 12, '2025-01-21 09:00'), (108, 'crm.lead', 7, 'notification', 2, NULL, 12, '2025-01-22 09:00'),
	(109, 'project.task', 3, 'notification', 2, NULL, 11, '2025-01-11 09:00'), (110, 'crm.lead', 5, 'notification', 2, NULL, 12, '2025-01-11 09:00'),
	(111, 'crm.lead', 3, 'comment', 1, 2, 11, '2025-01-06 11:00'),       -- a call that was done
	(112, 'crm.lead', 3, 'notification', 1, 3, 11, '2025-01-12 14:00'),  -- a meeting that was held
	(113, 'crm.lead', 1, 'comment', 1, NULL, 11, '2025-01-06 09:30'),    -- our mail
	(114, 'crm.lead', 1, 'email', 1, NULL, NULL, '2025-01-07 09:30'),    -- its answer
	(115, 'crm.lead', 2, 'email', 1, NULL, NULL, '2025-01-06 09:00'),    -- the mail that made the lead
	(116, 'crm.lead', 2, 'comment', 2, NULL, 11, '2025-01-06 12:00');    -- a note among colleagues
INSERT INTO mail_tracking_value (id, field, mail_message_id, old_value_integer, new_value_integer, old_value_monetary, new_value_monetary, old_value_char, new_value_char) VALUES
	(1, 901, 101, 1, 2, NULL, NULL, 'New', 'Qualified'), (2, 901, 102, 2, 3, NULL, NULL, 'Qualified', 'Proposition'), (3, 901, 103, 3, 4, NULL, NULL, 'Proposition', 'Won'),
	(4, 901, 104, 1, 2, NULL, NULL, 'New', 'Qualified'), (5, 901, 105, 1, 5, NULL, NULL, 'New', 'Won abroad'), (6, 901, 106, 1, 4, NULL, NULL, 'New', 'Won'),
	(7, 901, 107, 4, 3, NULL, NULL, 'Won', 'Proposition'), (8, 902, 108, NULL, NULL, 4500, 4000, NULL, NULL), (9, 904, 109, 1, 4, NULL, NULL, 'New', 'Done'),
	(10, 903, 110, 6, 7, NULL, NULL, 'Ann', 'Bob');
INSERT INTO mail_activity VALUES (1, 'crm.lead', 7, 3, 7, '2025-01-30', '2025-01-22 10:00'), (2, 'crm.lead', 5, 4, 7, '2025-01-30', '2025-01-22 10:00');
ANALYZE crm_lead, crm_stage, mail_message, mail_tracking_value, mail_activity, mail_activity_type, res_partner, res_users, ir_model_fields;
RESET search_path;
