SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA crm;
ALTER SCHEMA crm OWNER TO kpi_owner;
COMMENT ON SCHEMA crm IS 'lead_kpi mart: see its views, and the tables stage and rule for its settings.';
CREATE SCHEMA crm_data;
ALTER SCHEMA crm_data OWNER TO kpi_owner;
CREATE SCHEMA kpi;
ALTER SCHEMA kpi OWNER TO kpi_owner;
COMMENT ON SCHEMA kpi IS 'Marketing and sales.';
CREATE SCHEMA lead_kpi;
ALTER SCHEMA lead_kpi OWNER TO postgres;
CREATE SCHEMA report;
ALTER SCHEMA report OWNER TO kpi_owner;
CREATE EXTENSION IF NOT EXISTS lead_kpi WITH SCHEMA lead_kpi;
COMMENT ON EXTENSION lead_kpi IS 'honest B2B lead KPIs: funnels, rates with intervals, unit costs and a mart for BI tools';
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE kpi.deal (
deal_id text,
lead_id bigint,
opened_at timestamp with time zone,
closed_at timestamp with time zone,
is_won boolean,
amount numeric
);
ALTER TABLE kpi.deal OWNER TO kpi_owner;
COMMENT ON TABLE kpi.deal IS 'Fill this. It takes any row: what is wrong with it shows in the view data_quality.';
COMMENT ON COLUMN kpi.deal.deal_id IS 'the deal''s key';
COMMENT ON COLUMN kpi.deal.lead_id IS 'the lead that the deal came from';
COMMENT ON COLUMN kpi.deal.opened_at IS 'when the opportunity was opened; NULL = unknown';
COMMENT ON COLUMN kpi.deal.closed_at IS 'when it was won or lost; NULL = still open';
COMMENT ON COLUMN kpi.deal.is_won IS 'true = won; false = lost once closed';
COMMENT ON COLUMN kpi.deal.amount IS 'revenue, in the mart''s one currency; NULL = unknown';
CREATE VIEW kpi.clean_deal WITH (security_invoker='true') AS
SELECT deal.deal_id,
deal.lead_id,
CASE
WHEN isfinite(deal.opened_at) THEN deal.opened_at
ELSE NULL::timestamp with time zone
END AS opened_at,
CASE
WHEN isfinite(deal.closed_at) THEN deal.closed_at
ELSE NULL::timestamp with time zone
END AS closed_at,
COALESCE((deal.is_won AND isfinite(deal.closed_at)), false) AS is_won,
CASE
WHEN ((deal.amount > '-Infinity'::numeric) AND (deal.amount < 'Infinity'::numeric)) THEN deal.amount
ELSE NULL::numeric
END AS amount,
((deal.deal_id IS NOT NULL) AND (row_number() OVER (PARTITION BY deal.deal_id ORDER BY deal.opened_at, deal.closed_at, deal.is_won, deal.amount, deal.lead_id) > 1)) AS repeated
FROM kpi.deal;
ALTER TABLE kpi.clean_deal OWNER TO kpi_owner;
COMMENT ON VIEW kpi.clean_deal IS 'Every row of deal: times and amounts that are not finite are NULL. A deal is won when it says so and has a closing time.';
COMMENT ON COLUMN kpi.clean_deal.deal_id IS 'The deal''s key.';
COMMENT ON COLUMN kpi.clean_deal.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.clean_deal.opened_at IS 'When the deal was opened; NULL = unknown.';
COMMENT ON COLUMN kpi.clean_deal.closed_at IS 'When the deal was won or lost; NULL = open or unknown.';
COMMENT ON COLUMN kpi.clean_deal.is_won IS 'True when the deal is marked won and has a closing time; else false.';
COMMENT ON COLUMN kpi.clean_deal.amount IS 'Revenue of the deal; NULL = unknown.';
COMMENT ON COLUMN kpi.clean_deal.repeated IS 'True for every row but the first of a deal_id.';
CREATE TABLE kpi.lead (
lead_id bigint,
created_at timestamp with time zone,
kind text,
channel text,
campaign text,
email text,
company text,
attributes jsonb,
region text
);
ALTER TABLE kpi.lead OWNER TO kpi_owner;
COMMENT ON TABLE kpi.lead IS 'Filled from the CRM every night.';
COMMENT ON COLUMN kpi.lead.lead_id IS 'the lead''s key: bigint, uuid or text';
COMMENT ON COLUMN kpi.lead.created_at IS 'when the lead was generated';
COMMENT ON COLUMN kpi.lead.kind IS 'what generated it: form, download, demo request, campaign reply, ...';
COMMENT ON COLUMN kpi.lead.channel IS 'where it came from; blank or NULL = unknown, kept as a row of its own';
COMMENT ON COLUMN kpi.lead.campaign IS 'the campaign within the channel; NULL = none';
COMMENT ON COLUMN kpi.lead.email IS 'for duplicates and for test and internal addresses';
COMMENT ON COLUMN kpi.lead.company IS 'for duplicates and for test and internal companies';
COMMENT ON COLUMN kpi.lead.attributes IS 'anything else that is known; user_agent is matched against rule.bot_pattern';
CREATE TABLE kpi.rule (
id integer DEFAULT 1 NOT NULL,
mart_format integer DEFAULT 1 NOT NULL,
counted_kinds text[],
duplicate_key text DEFAULT 'email'::text NOT NULL,
duplicate_window interval DEFAULT '30 days'::interval,
test_pattern text DEFAULT '(^|[.+_-])test[0-9]*@|@test\.|\.(test|invalid)$'::text,
bot_pattern text DEFAULT '(?<!cu)bot\M|crawler|spider|headless'::text,
internal_pattern text,
internal_domains text[],
observed_until timestamp with time zone,
time_zone text DEFAULT 'UTC'::text NOT NULL,
funnel_policy text DEFAULT 'reached'::text NOT NULL,
funnel_within interval,
transmitted_role text DEFAULT 'mql'::text NOT NULL,
accepted_role text DEFAULT 'sal'::text NOT NULL,
acceptance_threshold double precision DEFAULT 0.6 NOT NULL,
confidence_level double precision DEFAULT 0.95 NOT NULL,
gross_margin numeric,
attribution_model text DEFAULT 'linear'::text NOT NULL,
attribution_lookback interval DEFAULT '90 days'::interval,
attribution_half_life interval DEFAULT '7 days'::interval NOT NULL,
scorecard lead_kpi.scorecard,
icp_fit double precision,
score_horizon interval DEFAULT '90 days'::interval NOT NULL,
score_attributes text[],
score_features text[] DEFAULT '{channel,stage}'::text[] NOT NULL,
language text DEFAULT 'en'::text NOT NULL,
CONSTRAINT rule_acceptance_threshold_check CHECK (((acceptance_threshold >= (0)::double precision) AND (acceptance_threshold <= (1)::double precision))),
CONSTRAINT rule_accepted_role_check CHECK ((accepted_role = ANY (ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text]))),
CONSTRAINT rule_attribution_half_life_check CHECK (((attribution_half_life > '00:00:00'::interval) AND (date_part('year'::text, attribution_half_life) = (0)::double precision) AND (date_part('month'::text, attribution_half_life) = (0)::double precision))),
CONSTRAINT rule_attribution_lookback_check CHECK (((attribution_lookback > '00:00:00'::interval) AND (date_part('year'::text, attribution_lookback) = (0)::double precision) AND (date_part('month'::text, attribution_lookback) = (0)::double precision))),
CONSTRAINT rule_attribution_model_check CHECK ((attribution_model = ANY (ARRAY['first_touch'::text, 'last_touch'::text, 'last_non_direct'::text, 'linear'::text, 'time_decay'::text, 'position_based'::text, 'w_shaped'::text, 'full_path'::text, 'markov'::text, 'shapley'::text]))),
CONSTRAINT rule_bot_pattern_check CHECK ((((''::text ~* bot_pattern) IS NOT NULL) OR (bot_pattern IS NULL))),
CONSTRAINT rule_confidence_level_check CHECK (((confidence_level > (0)::double precision) AND (confidence_level < (1)::double precision))),
CONSTRAINT rule_duplicate_key_check CHECK ((duplicate_key = ANY (ARRAY['email'::text, 'company'::text, 'none'::text]))),
CONSTRAINT rule_duplicate_window_check CHECK ((duplicate_window >= '00:00:00'::interval)),
CONSTRAINT rule_funnel_policy_check CHECK ((funnel_policy = ANY (ARRAY['ordered'::text, 'reached'::text, 'any_order'::text]))),
CONSTRAINT rule_funnel_within_check CHECK (((funnel_within >= '00:00:00'::interval) AND (date_part('year'::text, funnel_within) = (0)::double precision) AND (date_part('month'::text, funnel_within) = (0)::double precision))),
CONSTRAINT rule_gross_margin_check CHECK (((gross_margin > (0)::numeric) AND (gross_margin <= (1)::numeric))),
CONSTRAINT rule_icp_fit_check CHECK (((icp_fit > '-Infinity'::double precision) AND (icp_fit < 'Infinity'::double precision))),
CONSTRAINT rule_id_check CHECK ((id = 1)),
CONSTRAINT rule_internal_pattern_check CHECK ((((''::text ~* internal_pattern) IS NOT NULL) OR (internal_pattern IS NULL))),
CONSTRAINT rule_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text]))),
CONSTRAINT rule_mart_format_check CHECK ((mart_format > 0)),
CONSTRAINT rule_observed_until_check CHECK (isfinite(observed_until)),
CONSTRAINT rule_score_features_check CHECK ((score_features <@ '{channel,campaign,kind,stage,recent_touches,touch_kinds}'::text[])),
CONSTRAINT rule_score_horizon_check CHECK (((score_horizon > '00:00:00'::interval) AND (date_part('year'::text, score_horizon) = (0)::double precision) AND (date_part('month'::text, score_horizon) = (0)::double precision))),
CONSTRAINT rule_test_pattern_check CHECK ((((''::text ~* test_pattern) IS NOT NULL) OR (test_pattern IS NULL))),
CONSTRAINT rule_time_zone_check CHECK ((timezone(time_zone, '1970-01-01 00:00:00+00'::timestamp with time zone) IS NOT NULL)),
CONSTRAINT rule_transmitted_role_check CHECK ((transmitted_role = ANY (ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text])))
);
ALTER TABLE kpi.rule OWNER TO kpi_owner;
COMMENT ON TABLE kpi.rule IS 'The counting rule and the other settings of this mart: one row, to be changed with UPDATE.';
COMMENT ON COLUMN kpi.rule.id IS 'Always 1: the table has one row.';
COMMENT ON COLUMN kpi.rule.mart_format IS 'Layout of the mart, written by create_mart: not a setting.';
COMMENT ON COLUMN kpi.rule.counted_kinds IS 'The kinds of lead that count; NULL = all. A lead of unknown kind counts only when this is NULL.';
COMMENT ON COLUMN kpi.rule.duplicate_key IS 'What makes two leads the same: email (normalised, see lead_kpi.normalize_email), company (case and outer spaces ignored) or none. A lead without the key is never a duplicate.';
COMMENT ON COLUMN kpi.rule.duplicate_window IS 'A lead is a duplicate when the one before it with the same key is at most this much older; NULL = however old.';
COMMENT ON COLUMN kpi.rule.test_pattern IS 'Leads whose e-mail or company matches this regular expression (case ignored) are tests; NULL = none.';
COMMENT ON COLUMN kpi.rule.bot_pattern IS 'Leads whose attributes->>''user_agent'' matches this regular expression (case ignored) are bots; NULL = none.';
COMMENT ON COLUMN kpi.rule.internal_pattern IS 'Leads whose e-mail or company matches this regular expression (case ignored) are internal; NULL = none.';
COMMENT ON COLUMN kpi.rule.internal_domains IS 'E-mail domains of the own company and its agencies, subdomains included; NULL = none.';
COMMENT ON COLUMN kpi.rule.observed_until IS 'Up to when the data is complete, such as the time of the export; NULL = the latest time in the data that is not in the future. Leads are judged by what they had the time to do until then.';
COMMENT ON COLUMN kpi.rule.time_zone IS 'That of the head office.';
COMMENT ON COLUMN kpi.rule.funnel_policy IS 'How stages count: reached (a later stage implies the earlier ones), ordered (each at or after the one before) or any_order. See lead_kpi.funnel.';
COMMENT ON COLUMN kpi.rule.funnel_within IS 'Only stages entered this long after the lead was created count; NULL = no limit. Days, hours and less: a month has no fixed length.';
COMMENT ON COLUMN kpi.rule.transmitted_role IS 'mql_acceptance: the role of the stage at which marketing hands a lead to sales.';
COMMENT ON COLUMN kpi.rule.accepted_role IS 'mql_acceptance: the role of the stage by which sales accepts it.';
COMMENT ON COLUMN kpi.rule.acceptance_threshold IS 'The acceptance rate that both teams agreed on, 0 to 1.';
COMMENT ON COLUMN kpi.rule.confidence_level IS 'Level of every _low and _high in the views, between 0 and 1.';
COMMENT ON COLUMN kpi.rule.gross_margin IS 'Share of revenue that is margin, for romi and break_even_cpl; NULL = not stated, and they are NULL.';
COMMENT ON COLUMN kpi.rule.attribution_model IS 'The model that the company steers by: is_default in the view attribution, default_share in attribution_shift. All models are computed, whatever it is.';
COMMENT ON COLUMN kpi.rule.attribution_lookback IS 'Touches older than this before the conversion get no credit; NULL = no limit. Days, hours and less: a month has no fixed length.';
COMMENT ON COLUMN kpi.rule.attribution_half_life IS 'Time-decay attribution: a touch this much older gets half the credit. Days, hours and less: a month has no fixed length.';
COMMENT ON COLUMN kpi.rule.scorecard IS 'The rules of the score (see lead_kpi.scorecard), for lead_score, hand_off and icp_fit; NULL = none, and these views are empty.';
COMMENT ON COLUMN kpi.rule.icp_fit IS 'icp_fit: a lead with at least these points of fit is inside the ideal customer profile; NULL = not stated, and all but leads is NULL there.';
COMMENT ON COLUMN kpi.rule.score_horizon IS 'A score is judged, and a probability learned, by whether the lead is won within this after scoring. Days of 24 hours and less: a month has no fixed length.';
COMMENT ON COLUMN kpi.rule.score_attributes IS 'The members of lead.attributes that are known when a lead is scored: only these are learned from and judged. NULL = all. lead.attributes has no history, so only you can tell: what is filled in after a sale would predict it.';
COMMENT ON COLUMN kpi.rule.score_features IS 'What probabilities are learned from besides: channel, campaign, kind, stage (and how long the lead has been there), recent_touches (of the last 30 days), touch_kinds. Few are better: what says the same twice makes them too extreme, which score_quality shows.';
COMMENT ON COLUMN kpi.rule.language IS 'Language of the messages in the views: en or fr.';
CREATE VIEW kpi.counted_lead WITH (security_invoker='true') AS
WITH internal AS (
SELECT (('@([^@]*\.)?('::text || string_agg(regexp_replace(btrim(d.d), '([^[:alnum:]])'::text, '\\\1'::text, 'g'::text), '|'::text)) || ')\s*$'::text) AS internal_address
FROM (kpi.rule
CROSS JOIN LATERAL unnest(rule.internal_domains) d(d))
WHERE ((rule.id = 1) AND (btrim(d.d) <> ''::text))
), judged AS (
SELECT l.lead_id,
l.created_at,
l.kind,
l.email,
l.company,
l.attributes,
r.duplicate_window,
NULLIF(btrim(l.channel), ''::text) AS channel,
NULLIF(btrim(l.campaign), ''::text) AS campaign,
timezone(r.time_zone, l.created_at) AS local_time,
CASE r.duplicate_key
WHEN 'email'::text THEN lead_kpi.normalize_email(l.email)
WHEN 'company'::text THEN NULLIF(lower(btrim(l.company)), ''::text)
ELSE NULL::text
END AS duplicate_key,
CASE
WHEN (l.lead_id IS NULL) THEN 'no_lead_id'::text
WHEN (row_number() OVER (PARTITION BY l.lead_id ORDER BY (isfinite(l.created_at)) DESC NULLS LAST, l.created_at, l.kind, l.channel, l.campaign, l.email, l.company, l.attributes) > 1) THEN 'repeated_lead_id'::text
WHEN (NOT COALESCE(isfinite(l.created_at), false)) THEN 'no_created_at'::text
WHEN ((r.counted_kinds IS NOT NULL) AND ((l.kind = ANY (r.counted_kinds)) IS NOT TRUE)) THEN 'kind'::text
WHEN ((l.email ~* r.test_pattern) OR (l.company ~* r.test_pattern)) THEN 'test'::text
WHEN ((l.attributes ->> 'user_agent'::text) ~* r.bot_pattern) THEN 'bot'::text
WHEN ((l.email ~* r.internal_pattern) OR (l.company ~* r.internal_pattern) OR (l.email ~* ( SELECT internal.internal_address
FROM internal))) THEN 'internal'::text
ELSE NULL::text
END AS excluded_reason
FROM (kpi.lead l
JOIN kpi.rule r ON ((r.id = 1)))
), dated AS (
SELECT judged.lead_id,
judged.created_at,
judged.kind,
judged.email,
judged.company,
judged.attributes,
judged.duplicate_window,
judged.channel,
judged.campaign,
judged.local_time,
judged.duplicate_key,
judged.excluded_reason,
CASE
WHEN (judged.excluded_reason IS NULL) THEN (judged.created_at - lag(judged.created_at) OVER (PARTITION BY judged.duplicate_key, (judged.excluded_reason IS NULL) ORDER BY judged.created_at, judged.lead_id))
ELSE NULL::interval
END AS since_same
FROM judged
)
SELECT dated.lead_id,
dated.created_at,
dated.kind,
dated.channel,
dated.campaign,
dated.email,
dated.company,
CASE
WHEN isfinite(dated.created_at) THEN (dated.local_time)::date
ELSE NULL::date
END AS day,
CASE
WHEN isfinite(dated.created_at) THEN (date_trunc('month'::text, dated.local_time))::date
ELSE NULL::date
END AS month,
CASE
WHEN (dated.excluded_reason IS NOT NULL) THEN dated.excluded_reason
WHEN ((dated.duplicate_key IS NOT NULL) AND (dated.since_same <= COALESCE(dated.duplicate_window, dated.since_same))) THEN 'duplicate'::text
ELSE NULL::text
END AS excluded_reason,
(dated.attributes)::text AS attributes
FROM dated;
ALTER TABLE kpi.counted_lead OWNER TO kpi_owner;
COMMENT ON VIEW kpi.counted_lead IS 'Every row of lead, judged by the counting rule: excluded_reason is NULL where it counts.';
COMMENT ON COLUMN kpi.counted_lead.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.counted_lead.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN kpi.counted_lead.kind IS 'What generated the lead; NULL = unknown.';
COMMENT ON COLUMN kpi.counted_lead.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.counted_lead.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.counted_lead.email IS 'As it came.';
COMMENT ON COLUMN kpi.counted_lead.company IS 'As it came.';
COMMENT ON COLUMN kpi.counted_lead.day IS 'Day of the lead''s creation in the mart''s time zone; NULL when unknown.';
COMMENT ON COLUMN kpi.counted_lead.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.counted_lead.excluded_reason IS 'Why the lead is not counted: no_lead_id, repeated_lead_id, no_created_at, kind, test, bot, internal, duplicate; NULL = it is counted.';
COMMENT ON COLUMN kpi.counted_lead.attributes IS 'As it came, as JSON text.';
CREATE TABLE kpi.stage (
"position" integer NOT NULL,
stage text NOT NULL,
role text,
CONSTRAINT stage_position_check CHECK (("position" > 0)),
CONSTRAINT stage_role_check CHECK ((role = ANY (ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text]))),
CONSTRAINT stage_stage_check CHECK ((stage <> ''::text))
);
ALTER TABLE kpi.stage OWNER TO kpi_owner;
COMMENT ON TABLE kpi.stage IS 'The ladder: the stages of this mart in order, at most 32.';
COMMENT ON COLUMN kpi.stage."position" IS 'Order on the ladder; gaps are allowed.';
COMMENT ON COLUMN kpi.stage.stage IS 'The stage as stage_event.stage spells it, in any language.';
COMMENT ON COLUMN kpi.stage.role IS 'What the stage means to the KPIs: lead, mql, sal, sql, opportunity or won; NULL = a step of the funnel and nothing more.';
CREATE VIEW kpi.ladder WITH (security_invoker='true') AS
SELECT (o.ordinal)::integer AS stage_position,
o.stage,
o.role
FROM ( SELECT lead_kpi.mart_ladder(array_agg(stage.stage ORDER BY stage."position")) AS stages,
array_agg(stage.role ORDER BY stage."position") AS roles
FROM kpi.stage) a,
LATERAL UNNEST(a.stages, a.roles) WITH ORDINALITY o(stage, role, ordinal);
ALTER TABLE kpi.ladder OWNER TO kpi_owner;
COMMENT ON VIEW kpi.ladder IS 'The ladder as the views number it: stage_position counts from 1 without gaps.';
COMMENT ON COLUMN kpi.ladder.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.ladder.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.ladder.role IS 'What the stage means to the KPIs; NULL = nothing beyond the funnel.';
CREATE TABLE kpi.stage_event (
lead_id bigint,
stage text,
entered_at timestamp with time zone
);
ALTER TABLE kpi.stage_event OWNER TO kpi_owner;
COMMENT ON TABLE kpi.stage_event IS 'Fill this. It takes any row: what is wrong with it shows in the view data_quality.';
COMMENT ON COLUMN kpi.stage_event.lead_id IS 'the lead that entered a stage';
COMMENT ON COLUMN kpi.stage_event.stage IS 'the stage, as named in the ladder (table stage)';
COMMENT ON COLUMN kpi.stage_event.entered_at IS 'when it entered';
CREATE VIEW kpi.funnel_event WITH (security_invoker='true') AS
WITH counted AS (
SELECT counted_lead.lead_id,
counted_lead.created_at,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month
FROM kpi.counted_lead
WHERE
CASE
WHEN (counted_lead.excluded_reason IS NULL) THEN true
ELSE false
END
)
SELECT counted.lead_id,
( SELECT ladder.stage
FROM kpi.ladder
WHERE (ladder.stage_position = 1)) AS stage,
counted.created_at AS entered_at,
counted.created_at,
counted.channel,
counted.campaign,
counted.month
FROM counted
UNION ALL
SELECT e.lead_id,
e.stage,
e.entered_at,
c.created_at,
c.channel,
c.campaign,
c.month
FROM (kpi.stage_event e
JOIN counted c USING (lead_id))
WHERE (isfinite(e.entered_at) AND (e.stage IN ( SELECT stage.stage
FROM kpi.stage)))
UNION ALL
SELECT d.lead_id,
s.stage,
CASE s.role
WHEN 'won'::text THEN d.closed_at
ELSE d.opened_at
END AS entered_at,
c.created_at,
c.channel,
c.campaign,
c.month
FROM ((kpi.clean_deal d
JOIN kpi.stage s ON ((((s.role = 'opportunity'::text) AND (d.opened_at IS NOT NULL)) OR ((s.role = 'won'::text) AND d.is_won))))
JOIN counted c USING (lead_id))
WHERE (NOT d.repeated);
ALTER TABLE kpi.funnel_event OWNER TO kpi_owner;
COMMENT ON VIEW kpi.funnel_event IS 'What the funnels are made of: of every counted lead its creation (the first stage), its stage events, and its deals (opened = the stage with role opportunity, won = the stage with role won).';
COMMENT ON COLUMN kpi.funnel_event.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.funnel_event.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.funnel_event.entered_at IS 'When the lead entered the stage.';
COMMENT ON COLUMN kpi.funnel_event.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN kpi.funnel_event.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.funnel_event.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.funnel_event.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
CREATE VIEW kpi.funnel WITH (security_invoker='true') AS
WITH total AS (
SELECT lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM kpi.ladder), ( SELECT rule.funnel_within
FROM kpi.rule), ( SELECT rule.funnel_policy
FROM kpi.rule)) AS f
FROM kpi.funnel_event
)
SELECT l.stage_position,
l.stage,
COALESCE(s.leads, (0)::bigint) AS leads,
s.previous_leads,
COALESCE(s.entered_leads, (0)::bigint) AS entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM (kpi.ladder l
LEFT JOIN ( SELECT p.stage_position,
p.stage,
p.leads,
p.previous_leads,
p.entered_leads,
p.step_rate,
p.step_rate_low,
p.step_rate_high,
p.total_rate,
p.total_rate_low,
p.total_rate_high,
p.median_days,
p.p90_days,
p.mean_days
FROM total,
LATERAL lead_kpi.plain_steps(total.f, ( SELECT rule.confidence_level
FROM kpi.rule)) p(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)) s ON ((s.stage_position = l.stage_position)))
ORDER BY l.stage_position;
ALTER TABLE kpi.funnel OWNER TO kpi_owner;
COMMENT ON VIEW kpi.funnel IS 'The funnel that the board sees.';
COMMENT ON COLUMN kpi.funnel.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.funnel.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.funnel.leads IS 'Leads, as agreed in 2025.';
COMMENT ON COLUMN kpi.funnel.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN kpi.funnel.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN kpi.funnel.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.funnel.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN kpi.funnel.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW kpi.mql_acceptance WITH (security_invoker='true') AS
WITH counted AS (
SELECT max(funnel.leads) FILTER (WHERE (ladder.role = r_1.transmitted_role)) AS transmitted,
max(funnel.leads) FILTER (WHERE (ladder.role = r_1.accepted_role)) AS accepted
FROM ((kpi.funnel
JOIN kpi.ladder USING (stage_position))
JOIN kpi.rule r_1 ON ((r_1.id = 1)))
), rated AS (
SELECT counted.transmitted,
counted.accepted,
CASE
WHEN (counted.accepted <= counted.transmitted) THEN lead_kpi.rate(counted.accepted, counted.transmitted)
ELSE NULL::lead_kpi.rate
END AS acceptance
FROM counted
)
SELECT rated.transmitted,
rated.accepted,
(rated.acceptance)::double precision AS acceptance_rate,
lead_kpi.low(rated.acceptance, r.confidence_level) AS acceptance_rate_low,
lead_kpi.high(rated.acceptance, r.confidence_level) AS acceptance_rate_high,
r.acceptance_threshold AS threshold,
lead_kpi.threshold_verdict(rated.acceptance, r.acceptance_threshold, r.confidence_level) AS verdict
FROM (rated
JOIN kpi.rule r ON ((r.id = 1)));
ALTER TABLE kpi.mql_acceptance OWNER TO kpi_owner;
COMMENT ON VIEW kpi.mql_acceptance IS 'Leads that sales accepted out of those that marketing transmitted, against the agreed threshold (rule.acceptance_threshold), in one row.';
COMMENT ON COLUMN kpi.mql_acceptance.transmitted IS 'Leads that reached the stage with role rule.transmitted_role; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.mql_acceptance.accepted IS 'Leads that reached the stage with role rule.accepted_role; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.mql_acceptance.acceptance_rate IS 'accepted / transmitted, 0 to 1; NULL when nothing was transmitted.';
COMMENT ON COLUMN kpi.mql_acceptance.acceptance_rate_low IS 'Lower end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.mql_acceptance.acceptance_rate_high IS 'Upper end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.mql_acceptance.threshold IS 'The agreed rate, 0 to 1: rule.acceptance_threshold.';
COMMENT ON COLUMN kpi.mql_acceptance.verdict IS 'met: the whole interval reaches the threshold; below: none of it does; not yet certain: too few leads to say. NULL when nothing was transmitted.';
CREATE FUNCTION report.accepted() RETURNS double precision
LANGUAGE sql STABLE
BEGIN ATOMIC
SELECT mql_acceptance.acceptance_rate
FROM kpi.mql_acceptance;
END;
ALTER FUNCTION report.accepted() OWNER TO kpi_owner;
CREATE FUNCTION report.note_lead() RETURNS trigger
LANGUAGE plpgsql
SET search_path TO 'pg_catalog', 'pg_temp'
AS $$ BEGIN INSERT INTO report.note (lead_id) VALUES (NEW.lead_id); RETURN NEW; END $$;
ALTER FUNCTION report.note_lead() OWNER TO kpi_owner;
CREATE TABLE crm_data.opportunity (
deal_id integer,
lead_id uuid,
opened_at timestamp with time zone,
closed_at timestamp with time zone,
is_won boolean,
amount double precision,
currency text,
expected_close text
);
ALTER TABLE crm_data.opportunity OWNER TO kpi_owner;
CREATE VIEW crm.deal WITH (security_invoker='true') AS
SELECT (opportunity.deal_id)::text AS deal_id,
opportunity.lead_id,
opportunity.opened_at,
opportunity.closed_at,
opportunity.is_won,
(opportunity.amount)::numeric AS amount
FROM crm_data.opportunity;
ALTER TABLE crm.deal OWNER TO kpi_owner;
COMMENT ON VIEW crm.deal IS 'The mapped relation, in the mart''s canonical shape.';
COMMENT ON COLUMN crm.deal.deal_id IS 'the deal''s key';
COMMENT ON COLUMN crm.deal.lead_id IS 'the lead that the deal came from';
COMMENT ON COLUMN crm.deal.opened_at IS 'when the opportunity was opened; NULL = unknown';
COMMENT ON COLUMN crm.deal.closed_at IS 'when it was won or lost; NULL = still open';
COMMENT ON COLUMN crm.deal.is_won IS 'true = won; false = lost once closed';
COMMENT ON COLUMN crm.deal.amount IS 'revenue, in the mart''s one currency; NULL = unknown';
CREATE VIEW crm.clean_deal WITH (security_invoker='true') AS
SELECT deal.deal_id,
deal.lead_id,
CASE
WHEN isfinite(deal.opened_at) THEN deal.opened_at
ELSE NULL::timestamp with time zone
END AS opened_at,
CASE
WHEN isfinite(deal.closed_at) THEN deal.closed_at
ELSE NULL::timestamp with time zone
END AS closed_at,
COALESCE((deal.is_won AND isfinite(deal.closed_at)), false) AS is_won,
CASE
WHEN ((deal.amount > '-Infinity'::numeric) AND (deal.amount < 'Infinity'::numeric)) THEN deal.amount
ELSE NULL::numeric
END AS amount,
((deal.deal_id IS NOT NULL) AND (row_number() OVER (PARTITION BY deal.deal_id ORDER BY deal.opened_at, deal.closed_at, deal.is_won, deal.amount, deal.lead_id) > 1)) AS repeated
FROM crm.deal;
ALTER TABLE crm.clean_deal OWNER TO kpi_owner;
COMMENT ON VIEW crm.clean_deal IS 'Every row of deal: times and amounts that are not finite are NULL. A deal is won when it says so and has a closing time.';
COMMENT ON COLUMN crm.clean_deal.deal_id IS 'The deal''s key.';
COMMENT ON COLUMN crm.clean_deal.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.clean_deal.opened_at IS 'When the deal was opened; NULL = unknown.';
COMMENT ON COLUMN crm.clean_deal.closed_at IS 'When the deal was won or lost; NULL = open or unknown.';
COMMENT ON COLUMN crm.clean_deal.is_won IS 'True when the deal is marked won and has a closing time; else false.';
COMMENT ON COLUMN crm.clean_deal.amount IS 'Revenue of the deal; NULL = unknown.';
COMMENT ON COLUMN crm.clean_deal.repeated IS 'True for every row but the first of a deal_id.';
CREATE TABLE crm.rule (
id integer DEFAULT 1 NOT NULL,
mart_format integer DEFAULT 1 NOT NULL,
counted_kinds text[],
duplicate_key text DEFAULT 'email'::text NOT NULL,
duplicate_window interval DEFAULT '30 days'::interval,
test_pattern text DEFAULT '(^|[.+_-])test[0-9]*@|@test\.|\.(test|invalid)$'::text,
bot_pattern text DEFAULT '(?<!cu)bot\M|crawler|spider|headless'::text,
internal_pattern text,
internal_domains text[],
observed_until timestamp with time zone,
time_zone text DEFAULT 'UTC'::text NOT NULL,
funnel_policy text DEFAULT 'reached'::text NOT NULL,
funnel_within interval,
transmitted_role text DEFAULT 'mql'::text NOT NULL,
accepted_role text DEFAULT 'sal'::text NOT NULL,
acceptance_threshold double precision DEFAULT 0.6 NOT NULL,
confidence_level double precision DEFAULT 0.95 NOT NULL,
gross_margin numeric,
attribution_model text DEFAULT 'linear'::text NOT NULL,
attribution_lookback interval DEFAULT '90 days'::interval,
attribution_half_life interval DEFAULT '7 days'::interval NOT NULL,
scorecard lead_kpi.scorecard,
icp_fit double precision,
score_horizon interval DEFAULT '90 days'::interval NOT NULL,
score_attributes text[],
score_features text[] DEFAULT '{channel,stage}'::text[] NOT NULL,
language text DEFAULT 'en'::text NOT NULL,
CONSTRAINT rule_acceptance_threshold_check CHECK (((acceptance_threshold >= (0)::double precision) AND (acceptance_threshold <= (1)::double precision))),
CONSTRAINT rule_accepted_role_check CHECK ((accepted_role = ANY (ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text]))),
CONSTRAINT rule_attribution_half_life_check CHECK (((attribution_half_life > '00:00:00'::interval) AND (date_part('year'::text, attribution_half_life) = (0)::double precision) AND (date_part('month'::text, attribution_half_life) = (0)::double precision))),
CONSTRAINT rule_attribution_lookback_check CHECK (((attribution_lookback > '00:00:00'::interval) AND (date_part('year'::text, attribution_lookback) = (0)::double precision) AND (date_part('month'::text, attribution_lookback) = (0)::double precision))),
CONSTRAINT rule_attribution_model_check CHECK ((attribution_model = ANY (ARRAY['first_touch'::text, 'last_touch'::text, 'last_non_direct'::text, 'linear'::text, 'time_decay'::text, 'position_based'::text, 'w_shaped'::text, 'full_path'::text, 'markov'::text, 'shapley'::text]))),
CONSTRAINT rule_bot_pattern_check CHECK ((((''::text ~* bot_pattern) IS NOT NULL) OR (bot_pattern IS NULL))),
CONSTRAINT rule_confidence_level_check CHECK (((confidence_level > (0)::double precision) AND (confidence_level < (1)::double precision))),
CONSTRAINT rule_duplicate_key_check CHECK ((duplicate_key = ANY (ARRAY['email'::text, 'company'::text, 'none'::text]))),
CONSTRAINT rule_duplicate_window_check CHECK ((duplicate_window >= '00:00:00'::interval)),
CONSTRAINT rule_funnel_policy_check CHECK ((funnel_policy = ANY (ARRAY['ordered'::text, 'reached'::text, 'any_order'::text]))),
CONSTRAINT rule_funnel_within_check CHECK (((funnel_within >= '00:00:00'::interval) AND (date_part('year'::text, funnel_within) = (0)::double precision) AND (date_part('month'::text, funnel_within) = (0)::double precision))),
CONSTRAINT rule_gross_margin_check CHECK (((gross_margin > (0)::numeric) AND (gross_margin <= (1)::numeric))),
CONSTRAINT rule_icp_fit_check CHECK (((icp_fit > '-Infinity'::double precision) AND (icp_fit < 'Infinity'::double precision))),
CONSTRAINT rule_id_check CHECK ((id = 1)),
CONSTRAINT rule_internal_pattern_check CHECK ((((''::text ~* internal_pattern) IS NOT NULL) OR (internal_pattern IS NULL))),
CONSTRAINT rule_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text]))),
CONSTRAINT rule_mart_format_check CHECK ((mart_format > 0)),
CONSTRAINT rule_observed_until_check CHECK (isfinite(observed_until)),
CONSTRAINT rule_score_features_check CHECK ((score_features <@ '{channel,campaign,kind,stage,recent_touches,touch_kinds}'::text[])),
CONSTRAINT rule_score_horizon_check CHECK (((score_horizon > '00:00:00'::interval) AND (date_part('year'::text, score_horizon) = (0)::double precision) AND (date_part('month'::text, score_horizon) = (0)::double precision))),
CONSTRAINT rule_test_pattern_check CHECK ((((''::text ~* test_pattern) IS NOT NULL) OR (test_pattern IS NULL))),
CONSTRAINT rule_time_zone_check CHECK ((timezone(time_zone, '1970-01-01 00:00:00+00'::timestamp with time zone) IS NOT NULL)),
CONSTRAINT rule_transmitted_role_check CHECK ((transmitted_role = ANY (ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text])))
);
ALTER TABLE crm.rule OWNER TO kpi_owner;
COMMENT ON TABLE crm.rule IS 'The counting rule and the other settings of this mart: one row, to be changed with UPDATE.';
COMMENT ON COLUMN crm.rule.id IS 'Always 1: the table has one row.';
COMMENT ON COLUMN crm.rule.mart_format IS 'Layout of the mart, written by create_mart: not a setting.';
COMMENT ON COLUMN crm.rule.counted_kinds IS 'The kinds of lead that count; NULL = all. A lead of unknown kind counts only when this is NULL.';
COMMENT ON COLUMN crm.rule.duplicate_key IS 'What makes two leads the same: email (normalised, see lead_kpi.normalize_email), company (case and outer spaces ignored) or none. A lead without the key is never a duplicate.';
COMMENT ON COLUMN crm.rule.duplicate_window IS 'A lead is a duplicate when the one before it with the same key is at most this much older; NULL = however old.';
COMMENT ON COLUMN crm.rule.test_pattern IS 'Leads whose e-mail or company matches this regular expression (case ignored) are tests; NULL = none.';
COMMENT ON COLUMN crm.rule.bot_pattern IS 'Leads whose attributes->>''user_agent'' matches this regular expression (case ignored) are bots; NULL = none.';
COMMENT ON COLUMN crm.rule.internal_pattern IS 'Leads whose e-mail or company matches this regular expression (case ignored) are internal; NULL = none.';
COMMENT ON COLUMN crm.rule.internal_domains IS 'E-mail domains of the own company and its agencies, subdomains included; NULL = none.';
COMMENT ON COLUMN crm.rule.observed_until IS 'Up to when the data is complete, such as the time of the export; NULL = the latest time in the data that is not in the future. Leads are judged by what they had the time to do until then.';
COMMENT ON COLUMN crm.rule.time_zone IS 'The time zone in which a day and a month begin, and of mapped times that carry no zone.';
COMMENT ON COLUMN crm.rule.funnel_policy IS 'How stages count: reached (a later stage implies the earlier ones), ordered (each at or after the one before) or any_order. See lead_kpi.funnel.';
COMMENT ON COLUMN crm.rule.funnel_within IS 'Only stages entered this long after the lead was created count; NULL = no limit. Days, hours and less: a month has no fixed length.';
COMMENT ON COLUMN crm.rule.transmitted_role IS 'mql_acceptance: the role of the stage at which marketing hands a lead to sales.';
COMMENT ON COLUMN crm.rule.accepted_role IS 'mql_acceptance: the role of the stage by which sales accepts it.';
COMMENT ON COLUMN crm.rule.acceptance_threshold IS 'The acceptance rate that both teams agreed on, 0 to 1.';
COMMENT ON COLUMN crm.rule.confidence_level IS 'Level of every _low and _high in the views, between 0 and 1.';
COMMENT ON COLUMN crm.rule.gross_margin IS 'Share of revenue that is margin, for romi and break_even_cpl; NULL = not stated, and they are NULL.';
COMMENT ON COLUMN crm.rule.attribution_model IS 'The model that the company steers by: is_default in the view attribution, default_share in attribution_shift. All models are computed, whatever it is.';
COMMENT ON COLUMN crm.rule.attribution_lookback IS 'Touches older than this before the conversion get no credit; NULL = no limit. Days, hours and less: a month has no fixed length.';
COMMENT ON COLUMN crm.rule.attribution_half_life IS 'Time-decay attribution: a touch this much older gets half the credit. Days, hours and less: a month has no fixed length.';
COMMENT ON COLUMN crm.rule.scorecard IS 'The rules of the score (see lead_kpi.scorecard), for lead_score, hand_off and icp_fit; NULL = none, and these views are empty.';
COMMENT ON COLUMN crm.rule.icp_fit IS 'icp_fit: a lead with at least these points of fit is inside the ideal customer profile; NULL = not stated, and all but leads is NULL there.';
COMMENT ON COLUMN crm.rule.score_horizon IS 'A score is judged, and a probability learned, by whether the lead is won within this after scoring. Days of 24 hours and less: a month has no fixed length.';
COMMENT ON COLUMN crm.rule.score_attributes IS 'The members of lead.attributes that are known when a lead is scored: only these are learned from and judged. NULL = all. lead.attributes has no history, so only you can tell: what is filled in after a sale would predict it.';
COMMENT ON COLUMN crm.rule.score_features IS 'What probabilities are learned from besides: channel, campaign, kind, stage (and how long the lead has been there), recent_touches (of the last 30 days), touch_kinds. Few are better: what says the same twice makes them too extreme, which score_quality shows.';
COMMENT ON COLUMN crm.rule.language IS 'Language of the messages in the views: en or fr.';
CREATE TABLE crm_data.contact (
lead_id uuid NOT NULL,
created_at timestamp without time zone,
kind text,
channel character varying(40),
campaign text,
email text,
company text,
attributes json,
owner integer,
account text
);
ALTER TABLE crm_data.contact OWNER TO kpi_owner;
CREATE VIEW crm.lead WITH (security_invoker='true') AS
SELECT contact.lead_id,
timezone(( SELECT rule.time_zone
FROM crm.rule), contact.created_at) AS created_at,
contact.kind,
(contact.channel)::text AS channel,
contact.campaign,
contact.email,
contact.company,
(contact.attributes)::jsonb AS attributes
FROM crm_data.contact;
ALTER TABLE crm.lead OWNER TO kpi_owner;
COMMENT ON VIEW crm.lead IS 'The mapped relation, in the mart''s canonical shape.';
COMMENT ON COLUMN crm.lead.lead_id IS 'the lead''s key: bigint, uuid or text';
COMMENT ON COLUMN crm.lead.created_at IS 'when the lead was generated';
COMMENT ON COLUMN crm.lead.kind IS 'what generated it: form, download, demo request, campaign reply, ...';
COMMENT ON COLUMN crm.lead.channel IS 'where it came from; blank or NULL = unknown, kept as a row of its own';
COMMENT ON COLUMN crm.lead.campaign IS 'the campaign within the channel; NULL = none';
COMMENT ON COLUMN crm.lead.email IS 'for duplicates and for test and internal addresses';
COMMENT ON COLUMN crm.lead.company IS 'for duplicates and for test and internal companies';
COMMENT ON COLUMN crm.lead.attributes IS 'anything else that is known; user_agent is matched against rule.bot_pattern';
CREATE VIEW crm.counted_lead WITH (security_invoker='true') AS
WITH internal AS (
SELECT (('@([^@]*\.)?('::text || string_agg(regexp_replace(btrim(d.d), '([^[:alnum:]])'::text, '\\\1'::text, 'g'::text), '|'::text)) || ')\s*$'::text) AS internal_address
FROM (crm.rule
CROSS JOIN LATERAL unnest(rule.internal_domains) d(d))
WHERE ((rule.id = 1) AND (btrim(d.d) <> ''::text))
), judged AS (
SELECT l.lead_id,
l.created_at,
l.kind,
l.email,
l.company,
l.attributes,
r.duplicate_window,
NULLIF(btrim(l.channel), ''::text) AS channel,
NULLIF(btrim(l.campaign), ''::text) AS campaign,
timezone(r.time_zone, l.created_at) AS local_time,
CASE r.duplicate_key
WHEN 'email'::text THEN lead_kpi.normalize_email(l.email)
WHEN 'company'::text THEN NULLIF(lower(btrim(l.company)), ''::text)
ELSE NULL::text
END AS duplicate_key,
CASE
WHEN (l.lead_id IS NULL) THEN 'no_lead_id'::text
WHEN (row_number() OVER (PARTITION BY l.lead_id ORDER BY (isfinite(l.created_at)) DESC NULLS LAST, l.created_at, l.kind, l.channel, l.campaign, l.email, l.company, l.attributes) > 1) THEN 'repeated_lead_id'::text
WHEN (NOT COALESCE(isfinite(l.created_at), false)) THEN 'no_created_at'::text
WHEN ((r.counted_kinds IS NOT NULL) AND ((l.kind = ANY (r.counted_kinds)) IS NOT TRUE)) THEN 'kind'::text
WHEN ((l.email ~* r.test_pattern) OR (l.company ~* r.test_pattern)) THEN 'test'::text
WHEN ((l.attributes ->> 'user_agent'::text) ~* r.bot_pattern) THEN 'bot'::text
WHEN ((l.email ~* r.internal_pattern) OR (l.company ~* r.internal_pattern) OR (l.email ~* ( SELECT internal.internal_address
FROM internal))) THEN 'internal'::text
ELSE NULL::text
END AS excluded_reason
FROM (crm.lead l
JOIN crm.rule r ON ((r.id = 1)))
), dated AS (
SELECT judged.lead_id,
judged.created_at,
judged.kind,
judged.email,
judged.company,
judged.attributes,
judged.duplicate_window,
judged.channel,
judged.campaign,
judged.local_time,
judged.duplicate_key,
judged.excluded_reason,
CASE
WHEN (judged.excluded_reason IS NULL) THEN (judged.created_at - lag(judged.created_at) OVER (PARTITION BY judged.duplicate_key, (judged.excluded_reason IS NULL) ORDER BY judged.created_at, judged.lead_id))
ELSE NULL::interval
END AS since_same
FROM judged
)
SELECT dated.lead_id,
dated.created_at,
dated.kind,
dated.channel,
dated.campaign,
dated.email,
dated.company,
CASE
WHEN isfinite(dated.created_at) THEN (dated.local_time)::date
ELSE NULL::date
END AS day,
CASE
WHEN isfinite(dated.created_at) THEN (date_trunc('month'::text, dated.local_time))::date
ELSE NULL::date
END AS month,
CASE
WHEN (dated.excluded_reason IS NOT NULL) THEN dated.excluded_reason
WHEN ((dated.duplicate_key IS NOT NULL) AND (dated.since_same <= COALESCE(dated.duplicate_window, dated.since_same))) THEN 'duplicate'::text
ELSE NULL::text
END AS excluded_reason,
(dated.attributes)::text AS attributes
FROM dated;
ALTER TABLE crm.counted_lead OWNER TO kpi_owner;
COMMENT ON VIEW crm.counted_lead IS 'Every row of lead, judged by the counting rule: excluded_reason is NULL where it counts.';
COMMENT ON COLUMN crm.counted_lead.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.counted_lead.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN crm.counted_lead.kind IS 'What generated the lead; NULL = unknown.';
COMMENT ON COLUMN crm.counted_lead.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.counted_lead.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.counted_lead.email IS 'As it came.';
COMMENT ON COLUMN crm.counted_lead.company IS 'As it came.';
COMMENT ON COLUMN crm.counted_lead.day IS 'Day of the lead''s creation in the mart''s time zone; NULL when unknown.';
COMMENT ON COLUMN crm.counted_lead.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.counted_lead.excluded_reason IS 'Why the lead is not counted: no_lead_id, repeated_lead_id, no_created_at, kind, test, bot, internal, duplicate; NULL = it is counted.';
COMMENT ON COLUMN crm.counted_lead.attributes IS 'As it came, as JSON text.';
CREATE TABLE crm.spend (
spent_on date,
channel text,
campaign text,
amount numeric
);
ALTER TABLE crm.spend OWNER TO kpi_owner;
COMMENT ON TABLE crm.spend IS 'Fill this. It takes any row: what is wrong with it shows in the view data_quality.';
COMMENT ON COLUMN crm.spend.spent_on IS 'the day of the spend, in the mart''s time zone';
COMMENT ON COLUMN crm.spend.channel IS 'the channel that the money went to, spelled as in lead.channel';
COMMENT ON COLUMN crm.spend.campaign IS 'the campaign, spelled as in lead.campaign; NULL = none';
COMMENT ON COLUMN crm.spend.amount IS 'in the mart''s one currency; negative = a credit note';
CREATE VIEW crm.counted_spend WITH (security_invoker='true') AS
SELECT
CASE
WHEN isfinite(spend.spent_on) THEN (date_trunc('month'::text, (spend.spent_on)::timestamp without time zone))::date
ELSE NULL::date
END AS month,
NULLIF(btrim(spend.channel), ''::text) AS channel,
NULLIF(btrim(spend.campaign), ''::text) AS campaign,
CASE
WHEN ((spend.amount > '-Infinity'::numeric) AND (spend.amount < 'Infinity'::numeric)) THEN spend.amount
ELSE NULL::numeric
END AS amount
FROM crm.spend;
ALTER TABLE crm.counted_spend OWNER TO kpi_owner;
COMMENT ON VIEW crm.counted_spend IS 'Every row of spend with its month; an amount or a date that is not finite is NULL.';
COMMENT ON COLUMN crm.counted_spend.month IS 'First day of the month of the spend; NULL when unknown.';
COMMENT ON COLUMN crm.counted_spend.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.counted_spend.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.counted_spend.amount IS 'Money spent; NULL = unknown.';
CREATE TABLE crm_data.visit (
who uuid,
touched_at timestamp with time zone,
channel text,
campaign text,
kind text
);
ALTER TABLE crm_data.visit OWNER TO kpi_owner;
CREATE VIEW crm_data.visit_of_lead AS
SELECT visit.who AS lead_id,
visit.touched_at,
visit.channel,
visit.campaign,
visit.kind
FROM crm_data.visit;
ALTER TABLE crm_data.visit_of_lead OWNER TO kpi_owner;
CREATE VIEW crm.touch WITH (security_invoker='true') AS
SELECT v.lead_id,
v.touched_at,
v.channel,
v.campaign,
v.kind
FROM (crm_data.visit_of_lead v
JOIN crm_data.contact c USING (lead_id))
WHERE (v.kind <> 'test'::text);
ALTER TABLE crm.touch OWNER TO kpi_owner;
COMMENT ON VIEW crm.touch IS 'The mapped relation, in the mart''s canonical shape.';
COMMENT ON COLUMN crm.touch.lead_id IS 'the lead that was touched';
COMMENT ON COLUMN crm.touch.touched_at IS 'when';
COMMENT ON COLUMN crm.touch.channel IS 'through which channel';
COMMENT ON COLUMN crm.touch.campaign IS 'by which campaign; NULL = none';
COMMENT ON COLUMN crm.touch.kind IS 'what happened: visit, click, download, call, ...';
CREATE VIEW crm.journey_event WITH (security_invoker='true') AS
WITH counted AS (
SELECT counted_lead.lead_id,
counted_lead.created_at
FROM crm.counted_lead
WHERE (counted_lead.excluded_reason IS NULL)
), won AS (
SELECT d.lead_id,
d.opened_at,
d.closed_at,
row_number() OVER (PARTITION BY d.lead_id, d.closed_at ORDER BY d.deal_id) AS number,
sum(d.amount) OVER (PARTITION BY d.lead_id, d.closed_at) AS revenue
FROM (crm.clean_deal d
JOIN counted USING (lead_id))
WHERE (d.is_won AND (NOT d.repeated))
), touched AS (
SELECT t.lead_id,
t.channel,
t.campaign,
t.touched_at,
t.created_at,
lead(t.touched_at) OVER (PARTITION BY t.lead_id ORDER BY t.touched_at, (t.channel COLLATE "C") NULLS FIRST, (t.campaign COLLATE "C")) AS next_at
FROM ( SELECT t_1.lead_id,
NULLIF(btrim(t_1.channel), ''::text) AS channel,
NULLIF(btrim(t_1.campaign), ''::text) AS campaign,
t_1.touched_at,
c.created_at
FROM (crm.touch t_1
JOIN counted c USING (lead_id))
WHERE isfinite(t_1.touched_at)) t
), opportunity AS (
SELECT won.lead_id,
array_agg(won.opened_at) AS opened
FROM won
GROUP BY won.lead_id
), marked AS (
SELECT t.lead_id,
t.channel,
t.campaign,
t.touched_at,
t.created_at,
t.next_at,
((t.touched_at <= t.created_at) AND ((t.next_at > t.created_at) OR (t.next_at IS NULL))) AS made_lead,
(EXISTS ( SELECT
FROM unnest(o.opened) opened_at(opened_at)
WHERE ((t.touched_at <= opened_at.opened_at) AND ((t.next_at > opened_at.opened_at) OR (t.next_at IS NULL))))) AS made_opportunity
FROM (touched t
LEFT JOIN opportunity o USING (lead_id))
)
SELECT marked.lead_id,
marked.channel,
marked.campaign,
marked.touched_at,
CASE
WHEN (marked.made_lead AND marked.made_opportunity) THEN 'lead and opportunity'::text
WHEN marked.made_lead THEN 'lead'::text
WHEN marked.made_opportunity THEN 'opportunity'::text
ELSE NULL::text
END AS milestone,
NULL::timestamp with time zone AS converted_at,
NULL::double precision AS value,
NULL::double precision AS refund
FROM marked
UNION ALL
SELECT won.lead_id,
NULL::text AS channel,
NULL::text AS campaign,
NULL::timestamp with time zone AS touched_at,
NULL::text AS milestone,
won.closed_at AS converted_at,
(
CASE won.number
WHEN 1 THEN GREATEST(COALESCE(won.revenue, (0)::numeric), (0)::numeric)
ELSE (((won.number - 1))::numeric * 0.000000000001)
END)::double precision AS value,
(
CASE won.number
WHEN 1 THEN GREATEST((- COALESCE(won.revenue, (0)::numeric)), (0)::numeric)
ELSE (((won.number - 1))::numeric * 0.000000000001)
END)::double precision AS refund
FROM won;
ALTER TABLE crm.journey_event OWNER TO kpi_owner;
COMMENT ON VIEW crm.journey_event IS 'What the journeys are made of: of every counted lead its touches, and its won deals as conversions.';
COMMENT ON COLUMN crm.journey_event.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.journey_event.channel IS 'Channel of the touch; NULL = unknown, blank counts as NULL. NULL on a conversion.';
COMMENT ON COLUMN crm.journey_event.campaign IS 'Campaign of the touch; NULL = none or unknown. NULL on a conversion.';
COMMENT ON COLUMN crm.journey_event.touched_at IS 'When the lead was touched; NULL on a conversion.';
COMMENT ON COLUMN crm.journey_event.milestone IS 'lead: the last touch up to the creation of the lead; opportunity: the last one up to the opening of a won deal; lead and opportunity: both; else NULL.';
COMMENT ON COLUMN crm.journey_event.converted_at IS 'When the deal was won; NULL on a touch.';
COMMENT ON COLUMN crm.journey_event.value IS 'Revenue of the lead''s deals won at this instant, on the first of them; on the others 1e-12, 2e-12 and so on, by which lead_kpi.journeys tells them apart. 0 when the revenue is negative. NULL on a touch.';
COMMENT ON COLUMN crm.journey_event.refund IS 'Like value: how far the revenue is below 0, else 0. NULL on a touch.';
CREATE VIEW crm.attribution WITH (security_invoker='true') AS
WITH built AS MATERIALIZED (
SELECT lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.value, ( SELECT rule.attribution_lookback
FROM crm.rule), ( SELECT rule.attribution_half_life
FROM crm.rule), e.milestone) AS won,
lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.refund, ( SELECT rule.attribution_lookback
FROM crm.rule), ( SELECT rule.attribution_half_life
FROM crm.rule), e.milestone) FILTER (WHERE ( SELECT (EXISTS ( SELECT
FROM crm.deal
WHERE (deal.amount < (0)::numeric))) AS "exists")) AS refunded
FROM ( SELECT journey_event.lead_id,
journey_event.channel,
journey_event.campaign,
journey_event.touched_at,
journey_event.milestone,
journey_event.converted_at,
journey_event.value,
journey_event.refund,
CASE
WHEN (journey_event.touched_at IS NOT NULL) THEN COALESCE(journey_event.channel, ''::text)
ELSE NULL::text
END AS name
FROM crm.journey_event) e
), credit AS (
SELECT a.model_position,
a.model,
a.channel,
a.conversions,
a.revenue
FROM built,
LATERAL lead_kpi.attribution_by_model(built.won, built.refunded) a(model_position, model, channel, conversions, revenue)
), part AS (
SELECT credit.model_position,
credit.model,
NULLIF(credit.channel, ''::text) AS channel,
(credit.channel IS NULL) AS is_unattributed,
credit.conversions,
credit.revenue,
NULL::numeric AS spend
FROM credit
UNION ALL
SELECT m.model_position,
m.model,
s.channel,
false,
0,
0,
s.spend
FROM (( SELECT counted_spend.channel,
sum(counted_spend.amount) AS spend
FROM crm.counted_spend
GROUP BY counted_spend.channel) s
CROSS JOIN ( SELECT DISTINCT credit.model_position,
credit.model
FROM credit) m)
), summed AS (
SELECT part.model_position,
part.model,
part.channel,
part.is_unattributed,
sum(part.conversions) AS conversions,
trim_scale(round((sum(part.revenue))::numeric, 10)) AS revenue,
sum(part.spend) AS spend,
CASE
WHEN (sum(part.spend) >= (0)::numeric) THEN sum(part.spend)
ELSE NULL::numeric
END AS cost
FROM part
GROUP BY part.model_position, part.model, part.channel, part.is_unattributed
)
SELECT summed.model_position,
summed.model,
(summed.model = ( SELECT rule.attribution_model
FROM crm.rule)) AS is_default,
summed.channel,
summed.is_unattributed,
summed.conversions,
summed.revenue,
(summed.conversions / NULLIF(sum(summed.conversions) OVER (PARTITION BY summed.model), (0)::double precision)) AS share,
summed.spend,
CASE
WHEN (summed.conversions > (0.000000001)::double precision) THEN (summed.cost / (summed.conversions)::numeric)
ELSE NULL::numeric
END AS cac,
lead_kpi.roas(summed.revenue, summed.cost) AS roas
FROM summed
ORDER BY summed.model_position, summed.is_unattributed, summed.channel;
ALTER TABLE crm.attribution OWNER TO kpi_owner;
COMMENT ON VIEW crm.attribution IS 'What each attribution model credits each channel with, one row per model and channel, and what that says of its cost. Read one model, or compare models: never sum over them. A lead''s touches after its last won deal, or of a lead without one, are a journey that did not convert, which markov learns from.';
COMMENT ON COLUMN crm.attribution.model_position IS 'Order of the models, from 1.';
COMMENT ON COLUMN crm.attribution.model IS 'The attribution model: first_touch, last_touch, last_non_direct, linear, time_decay, position_based, w_shaped, full_path, markov (order 1) or shapley.';
COMMENT ON COLUMN crm.attribution.is_default IS 'True for the model that rule.attribution_model names.';
COMMENT ON COLUMN crm.attribution.channel IS 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch where is_unattributed.';
COMMENT ON COLUMN crm.attribution.is_unattributed IS 'True for the row of won deals that no touch within rule.attribution_lookback explains; false for every channel, known or not.';
COMMENT ON COLUMN crm.attribution.conversions IS 'Won deals credited, in parts of deals: per model they sum to the won deals of counted leads.';
COMMENT ON COLUMN crm.attribution.revenue IS 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of counted leads.';
COMMENT ON COLUMN crm.attribution.share IS 'conversions as a share of those of the model, 0 to 1; NULL when nothing was won.';
COMMENT ON COLUMN crm.attribution.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN crm.attribution.cac IS 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, or when spend is negative.';
COMMENT ON COLUMN crm.attribution.roas IS 'revenue / spend. NULL without spend, or when it is not above 0.';
CREATE VIEW crm.attribution_by_campaign WITH (security_invoker='true') AS
WITH event AS MATERIALIZED (
SELECT journey_event.lead_id,
journey_event.channel,
journey_event.campaign,
journey_event.touched_at,
journey_event.milestone,
journey_event.converted_at,
journey_event.value,
journey_event.refund,
CASE
WHEN (journey_event.touched_at IS NOT NULL) THEN (json_build_array(journey_event.channel, journey_event.campaign))::text
ELSE NULL::text
END AS name
FROM crm.journey_event
), built AS MATERIALIZED (
SELECT lead_kpi.journeys(event.lead_id, event.name, event.touched_at, event.converted_at, event.value, ( SELECT rule.attribution_lookback
FROM crm.rule), ( SELECT rule.attribution_half_life
FROM crm.rule), event.milestone) AS won,
lead_kpi.journeys(event.lead_id, event.name, event.touched_at, event.converted_at, event.refund, ( SELECT rule.attribution_lookback
FROM crm.rule), ( SELECT rule.attribution_half_life
FROM crm.rule), event.milestone) FILTER (WHERE ( SELECT (EXISTS ( SELECT
FROM crm.deal
WHERE (deal.amount < (0)::numeric))) AS "exists")) AS refunded
FROM event
), credit AS (
SELECT a.model_position,
a.model,
a.channel,
a.conversions,
a.revenue
FROM built,
LATERAL lead_kpi.attribution_by_model(built.won, built.refunded, ( SELECT array_agg(DISTINCT event.name) AS array_agg
FROM event
WHERE (lower(event.channel) = 'direct'::text))) a(model_position, model, channel, conversions, revenue)
), part AS (
SELECT credit.model_position,
credit.model,
((credit.channel)::json ->> 0) AS channel,
((credit.channel)::json ->> 1) AS campaign,
(credit.channel IS NULL) AS is_unattributed,
credit.conversions,
credit.revenue,
NULL::numeric AS spend
FROM credit
UNION ALL
SELECT m.model_position,
m.model,
s.channel,
s.campaign,
false,
0,
0,
s.spend
FROM (( SELECT counted_spend.channel,
counted_spend.campaign,
sum(counted_spend.amount) AS spend
FROM crm.counted_spend
GROUP BY counted_spend.channel, counted_spend.campaign) s
CROSS JOIN ( SELECT DISTINCT credit.model_position,
credit.model
FROM credit) m)
), summed AS (
SELECT part.model_position,
part.model,
part.channel,
part.campaign,
part.is_unattributed,
sum(part.conversions) AS conversions,
trim_scale(round((sum(part.revenue))::numeric, 10)) AS revenue,
sum(part.spend) AS spend,
CASE
WHEN (sum(part.spend) >= (0)::numeric) THEN sum(part.spend)
ELSE NULL::numeric
END AS cost
FROM part
GROUP BY part.model_position, part.model, part.channel, part.campaign, part.is_unattributed
)
SELECT summed.model_position,
summed.model,
(summed.model = ( SELECT rule.attribution_model
FROM crm.rule)) AS is_default,
summed.channel,
summed.campaign,
summed.is_unattributed,
summed.conversions,
summed.revenue,
(summed.conversions / NULLIF(sum(summed.conversions) OVER (PARTITION BY summed.model), (0)::double precision)) AS share,
summed.spend,
CASE
WHEN (summed.conversions > (0.000000001)::double precision) THEN (summed.cost / (summed.conversions)::numeric)
ELSE NULL::numeric
END AS cac,
lead_kpi.roas(summed.revenue, summed.cost) AS roas
FROM summed
ORDER BY summed.model_position, summed.is_unattributed, summed.channel, summed.campaign;
ALTER TABLE crm.attribution_by_campaign OWNER TO kpi_owner;
COMMENT ON VIEW crm.attribution_by_campaign IS 'The view attribution per channel and campaign. Here markov and shapley judge campaigns: their sums per channel differ from those of the view attribution.';
COMMENT ON COLUMN crm.attribution_by_campaign.model_position IS 'Order of the models, from 1.';
COMMENT ON COLUMN crm.attribution_by_campaign.model IS 'The attribution model: first_touch, last_touch, last_non_direct, linear, time_decay, position_based, w_shaped, full_path, markov (order 1) or shapley.';
COMMENT ON COLUMN crm.attribution_by_campaign.is_default IS 'True for the model that rule.attribution_model names.';
COMMENT ON COLUMN crm.attribution_by_campaign.channel IS 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch where is_unattributed.';
COMMENT ON COLUMN crm.attribution_by_campaign.campaign IS 'Campaign of the touch and the spend; NULL = none or unknown, or no touch where is_unattributed.';
COMMENT ON COLUMN crm.attribution_by_campaign.is_unattributed IS 'True for the row of won deals that no touch within rule.attribution_lookback explains; false for every channel, known or not.';
COMMENT ON COLUMN crm.attribution_by_campaign.conversions IS 'Won deals credited, in parts of deals: per model they sum to the won deals of counted leads.';
COMMENT ON COLUMN crm.attribution_by_campaign.revenue IS 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of counted leads.';
COMMENT ON COLUMN crm.attribution_by_campaign.share IS 'conversions as a share of those of the model, 0 to 1; NULL when nothing was won.';
COMMENT ON COLUMN crm.attribution_by_campaign.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN crm.attribution_by_campaign.cac IS 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, or when spend is negative.';
COMMENT ON COLUMN crm.attribution_by_campaign.roas IS 'revenue / spend. NULL without spend, or when it is not above 0.';
CREATE VIEW crm.attribution_shift WITH (security_invoker='true') AS
WITH judged AS (
SELECT attribution.model_position,
attribution.model,
attribution.is_default,
attribution.channel,
attribution.is_unattributed,
attribution.conversions,
attribution.revenue,
attribution.share,
attribution.spend,
attribution.cac,
attribution.roas,
min(attribution.share) OVER (PARTITION BY attribution.channel) AS lowest_share,
max(attribution.share) OVER (PARTITION BY attribution.channel) AS highest_share
FROM crm.attribution
WHERE ((NOT attribution.is_unattributed) AND (attribution.share IS NOT NULL))
)
SELECT judged.channel,
judged.lowest_share,
string_agg(judged.model, ', '::text ORDER BY judged.model_position) FILTER (WHERE (judged.share <= (judged.lowest_share + (0.000000001)::double precision))) AS lowest_models,
judged.highest_share,
string_agg(judged.model, ', '::text ORDER BY judged.model_position) FILTER (WHERE (judged.share >= (judged.highest_share - (0.000000001)::double precision))) AS highest_models,
(judged.highest_share - judged.lowest_share) AS difference,
max(judged.share) FILTER (WHERE judged.is_default) AS default_share
FROM judged
GROUP BY judged.channel, judged.lowest_share, judged.highest_share
ORDER BY (round(((judged.highest_share - judged.lowest_share))::numeric, 9)) DESC, judged.channel;
ALTER TABLE crm.attribution_shift OWNER TO kpi_owner;
COMMENT ON VIEW crm.attribution_shift IS 'What changes when the attribution model changes, one row per channel, the largest disagreement first. Won deals that no touch explains are the same in every model and not shown; nothing is shown while nothing was won.';
COMMENT ON COLUMN crm.attribution_shift.channel IS 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL).';
COMMENT ON COLUMN crm.attribution_shift.lowest_share IS 'The least that any model gives the channel, as a share of all won deals, 0 to 1.';
COMMENT ON COLUMN crm.attribution_shift.lowest_models IS 'The models that give it the least, separated by commas.';
COMMENT ON COLUMN crm.attribution_shift.highest_share IS 'The most that any model gives the channel, as a share of all won deals, 0 to 1.';
COMMENT ON COLUMN crm.attribution_shift.highest_models IS 'The models that give it the most, separated by commas.';
COMMENT ON COLUMN crm.attribution_shift.difference IS 'highest_share - lowest_share: how far the models disagree.';
COMMENT ON COLUMN crm.attribution_shift.default_share IS 'What the model of rule.attribution_model gives.';
CREATE TABLE crm.channel_family (
channel text NOT NULL,
family text NOT NULL,
CONSTRAINT channel_family_channel_check CHECK (((btrim(channel) = channel) AND (channel <> ''::text))),
CONSTRAINT channel_family_family_check CHECK ((family <> ''::text))
);
ALTER TABLE crm.channel_family OWNER TO kpi_owner;
COMMENT ON TABLE crm.channel_family IS 'Which channels belong together, for channel_comparison: inbound, outbound, or what you compare.';
COMMENT ON COLUMN crm.channel_family.channel IS 'The channel, as lead.channel and spend.channel spell it, without outer spaces.';
COMMENT ON COLUMN crm.channel_family.family IS 'Its family. A channel that is not listed is a family of its own.';
CREATE TABLE crm.stage (
"position" integer NOT NULL,
stage text NOT NULL,
role text,
CONSTRAINT stage_position_check CHECK (("position" > 0)),
CONSTRAINT stage_role_check CHECK ((role = ANY (ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text]))),
CONSTRAINT stage_stage_check CHECK ((stage <> ''::text))
);
ALTER TABLE crm.stage OWNER TO kpi_owner;
COMMENT ON TABLE crm.stage IS 'The ladder: the stages of this mart in order, at most 32.';
COMMENT ON COLUMN crm.stage."position" IS 'Order on the ladder; gaps are allowed.';
COMMENT ON COLUMN crm.stage.stage IS 'The stage as stage_event.stage spells it, in any language.';
COMMENT ON COLUMN crm.stage.role IS 'What the stage means to the KPIs: lead, mql, sal, sql, opportunity or won; NULL = a step of the funnel and nothing more.';
CREATE VIEW crm.ladder WITH (security_invoker='true') AS
SELECT (o.ordinal)::integer AS stage_position,
o.stage,
o.role
FROM ( SELECT lead_kpi.mart_ladder(array_agg(stage.stage ORDER BY stage."position")) AS stages,
array_agg(stage.role ORDER BY stage."position") AS roles
FROM crm.stage) a,
LATERAL UNNEST(a.stages, a.roles) WITH ORDINALITY o(stage, role, ordinal);
ALTER TABLE crm.ladder OWNER TO kpi_owner;
COMMENT ON VIEW crm.ladder IS 'The ladder as the views number it: stage_position counts from 1 without gaps.';
COMMENT ON COLUMN crm.ladder.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.ladder.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.ladder.role IS 'What the stage means to the KPIs; NULL = nothing beyond the funnel.';
CREATE TABLE crm_data.history (
lead_id uuid,
stage text,
entered_at date
);
ALTER TABLE crm_data.history OWNER TO kpi_owner;
CREATE VIEW crm.stage_event WITH (security_invoker='true') AS
SELECT history.lead_id,
history.stage,
timezone(( SELECT rule.time_zone
FROM crm.rule), (history.entered_at)::timestamp without time zone) AS entered_at
FROM crm_data.history;
ALTER TABLE crm.stage_event OWNER TO kpi_owner;
COMMENT ON VIEW crm.stage_event IS 'The mapped relation, in the mart''s canonical shape.';
COMMENT ON COLUMN crm.stage_event.lead_id IS 'the lead that entered a stage';
COMMENT ON COLUMN crm.stage_event.stage IS 'the stage, as named in the ladder (table stage)';
COMMENT ON COLUMN crm.stage_event.entered_at IS 'when it entered';
CREATE VIEW crm.funnel_event WITH (security_invoker='true') AS
WITH counted AS (
SELECT counted_lead.lead_id,
counted_lead.created_at,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month
FROM crm.counted_lead
WHERE
CASE
WHEN (counted_lead.excluded_reason IS NULL) THEN true
ELSE false
END
)
SELECT counted.lead_id,
( SELECT ladder.stage
FROM crm.ladder
WHERE (ladder.stage_position = 1)) AS stage,
counted.created_at AS entered_at,
counted.created_at,
counted.channel,
counted.campaign,
counted.month
FROM counted
UNION ALL
SELECT e.lead_id,
e.stage,
e.entered_at,
c.created_at,
c.channel,
c.campaign,
c.month
FROM (crm.stage_event e
JOIN counted c USING (lead_id))
WHERE (isfinite(e.entered_at) AND (e.stage IN ( SELECT stage.stage
FROM crm.stage)))
UNION ALL
SELECT d.lead_id,
s.stage,
CASE s.role
WHEN 'won'::text THEN d.closed_at
ELSE d.opened_at
END AS entered_at,
c.created_at,
c.channel,
c.campaign,
c.month
FROM ((crm.clean_deal d
JOIN crm.stage s ON ((((s.role = 'opportunity'::text) AND (d.opened_at IS NOT NULL)) OR ((s.role = 'won'::text) AND d.is_won))))
JOIN counted c USING (lead_id))
WHERE (NOT d.repeated);
ALTER TABLE crm.funnel_event OWNER TO kpi_owner;
COMMENT ON VIEW crm.funnel_event IS 'What the funnels are made of: of every counted lead its creation (the first stage), its stage events, and its deals (opened = the stage with role opportunity, won = the stage with role won).';
COMMENT ON COLUMN crm.funnel_event.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.funnel_event.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.funnel_event.entered_at IS 'When the lead entered the stage.';
COMMENT ON COLUMN crm.funnel_event.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN crm.funnel_event.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.funnel_event.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.funnel_event.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
CREATE VIEW crm.observation WITH (security_invoker='true') AS
SELECT COALESCE(( SELECT rule.observed_until
FROM crm.rule), ( SELECT max(latest.at) AS max
FROM ( SELECT max(lead.created_at) FILTER (WHERE (lead.created_at <= now())) AS at
FROM crm.lead
UNION ALL
SELECT max(stage_event.entered_at) FILTER (WHERE (stage_event.entered_at <= now())) AS max
FROM crm.stage_event
UNION ALL
SELECT max(touch.touched_at) FILTER (WHERE (touch.touched_at <= now())) AS max
FROM crm.touch
UNION ALL
SELECT GREATEST(max(deal.opened_at) FILTER (WHERE (deal.opened_at <= now())), max(deal.closed_at) FILTER (WHERE (deal.closed_at <= now()))) AS "greatest"
FROM crm.deal) latest
WHERE isfinite(latest.at))) AS observed_until;
ALTER TABLE crm.observation OWNER TO kpi_owner;
COMMENT ON VIEW crm.observation IS 'Up to when the data is complete, in one row; NULL when there is no data.';
COMMENT ON COLUMN crm.observation.observed_until IS 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.';
CREATE VIEW crm.lead_outcome WITH (security_invoker='true') AS
WITH role AS (
SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS stages,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'mql'::text)) AS mql,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'sal'::text)) AS sal,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'sql'::text)) AS sql,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'opportunity'::text)) AS opportunity,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'won'::text)) AS won
FROM crm.ladder
), timed AS (
SELECT funnel_event.lead_id,
funnel_event.created_at,
funnel_event.channel,
funnel_event.campaign,
funnel_event.month,
lead_kpi.stage_times(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT role.stages
FROM role), ( SELECT rule.funnel_within
FROM crm.rule), ( SELECT rule.funnel_policy
FROM crm.rule)) AS reached
FROM crm.funnel_event
GROUP BY funnel_event.lead_id, funnel_event.created_at, funnel_event.channel, funnel_event.campaign, funnel_event.month
), sold AS (
SELECT clean_deal.lead_id,
count(*) FILTER (WHERE clean_deal.is_won) AS deals_won,
sum(clean_deal.amount) FILTER (WHERE clean_deal.is_won) AS revenue,
CASE
WHEN bool_and((clean_deal.closed_at IS NOT NULL)) THEN max(clean_deal.closed_at)
ELSE NULL::timestamp with time zone
END AS closed_at
FROM crm.clean_deal
WHERE (NOT clean_deal.repeated)
GROUP BY clean_deal.lead_id
)
SELECT t.lead_id,
t.created_at,
t.month,
t.channel,
t.campaign,
COALESCE(f.family, t.channel) AS family,
d.stage_position,
r.stages[d.stage_position] AS stage,
t.reached[r.mql] AS mql_at,
t.reached[r.sal] AS sal_at,
t.reached[r.sql] AS sql_at,
t.reached[r.opportunity] AS opportunity_at,
t.reached[r.won] AS won_at,
CASE
WHEN ((t.reached[r.won] IS NULL) AND (COALESCE(s.deals_won, (0)::bigint) = 0)) THEN s.closed_at
ELSE NULL::timestamp with time zone
END AS lost_at,
COALESCE(s.deals_won, (0)::bigint) AS deals_won,
CASE
WHEN (s.deals_won > 0) THEN s.revenue
ELSE (0)::numeric
END AS revenue,
o.observed_until
FROM (((((timed t
CROSS JOIN role r)
CROSS JOIN crm.observation o)
CROSS JOIN LATERAL ( SELECT NULLIF(cardinality(array_remove(t.reached, NULL::timestamp with time zone)), 0) AS stage_position) d)
LEFT JOIN sold s USING (lead_id))
LEFT JOIN crm.channel_family f USING (channel));
ALTER TABLE crm.lead_outcome OWNER TO kpi_owner;
COMMENT ON VIEW crm.lead_outcome IS 'Every counted lead with what became of it: when it reached each stage as the funnel counts it, whether it was won or lost, and its revenue. Its sums are those of the funnel views and of cpl_to_revenue.';
COMMENT ON COLUMN crm.lead_outcome.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.lead_outcome.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN crm.lead_outcome.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.lead_outcome.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.lead_outcome.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.lead_outcome.family IS 'Family of the channel, by the table channel_family; a channel that is not listed is a family of its own.';
COMMENT ON COLUMN crm.lead_outcome.stage_position IS 'Position on the ladder of the last stage that the funnel counts for the lead; NULL = not even the first, which ordered and any_order may say of a first stage before the lead.';
COMMENT ON COLUMN crm.lead_outcome.stage IS 'The last stage that the funnel counts for the lead.';
COMMENT ON COLUMN crm.lead_outcome.mql_at IS 'When the lead reached the stage with role mql, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN crm.lead_outcome.sal_at IS 'When the lead reached the stage with role sal, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN crm.lead_outcome.sql_at IS 'When the lead reached the stage with role sql, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN crm.lead_outcome.opportunity_at IS 'When the lead reached the stage with role opportunity, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN crm.lead_outcome.won_at IS 'When the lead reached the stage with role won, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN crm.lead_outcome.lost_at IS 'When the last deal of a lead that was not won was closed; NULL = won, still open, or never had a deal.';
COMMENT ON COLUMN crm.lead_outcome.deals_won IS 'Won deals of the lead.';
COMMENT ON COLUMN crm.lead_outcome.revenue IS 'Revenue of the lead''s won deals; 0 without one, NULL when no won deal has an amount.';
COMMENT ON COLUMN crm.lead_outcome.observed_until IS 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.';
CREATE VIEW crm.channel_comparison WITH (security_invoker='true') AS
WITH part AS (
SELECT lead_outcome.family,
count(lead_outcome.stage_position) AS leads,
count(lead_outcome.sql_at) AS sql,
count(lead_outcome.won_at) AS won,
(sum(lead_outcome.deals_won))::bigint AS deals_won,
sum(lead_outcome.revenue) FILTER (WHERE (lead_outcome.deals_won > 0)) AS revenue,
NULL::numeric AS spend,
bool_and(((lead_outcome.revenue IS NULL) OR (lead_outcome.revenue = (0)::numeric) OR ((abs(lead_outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(lead_outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)))) AS measurable,
lead_kpi.moments(
CASE
WHEN ((abs(lead_outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(lead_outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN (lead_outcome.revenue)::double precision
ELSE (0)::double precision
END) FILTER (WHERE (lead_outcome.stage_position IS NOT NULL)) AS per_lead
FROM crm.lead_outcome
GROUP BY lead_outcome.family
UNION ALL
SELECT COALESCE(f.family, s.channel) AS "coalesce",
0,
0,
0,
0,
NULL::numeric,
sum(s.amount) AS sum,
true,
NULL::lead_kpi.moments
FROM (crm.counted_spend s
LEFT JOIN crm.channel_family f USING (channel))
GROUP BY COALESCE(f.family, s.channel)
), summed AS (
SELECT p.family,
(sum(p.leads))::bigint AS leads,
CASE
WHEN ('sql'::text = ANY (l.roles)) THEN (sum(p.sql))::bigint
ELSE NULL::bigint
END AS sql,
CASE
WHEN ('won'::text = ANY (l.roles)) THEN (sum(p.won))::bigint
ELSE NULL::bigint
END AS won,
CASE
WHEN (sum(p.deals_won) > (0)::numeric) THEN sum(p.revenue)
WHEN (sum(p.won) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue,
sum(p.spend) AS spend,
CASE
WHEN (sum(p.spend) >= (0)::numeric) THEN sum(p.spend)
ELSE NULL::numeric
END AS cost,
CASE
WHEN bool_and(p.measurable) THEN lead_kpi.rollup(p.per_lead)
ELSE NULL::lead_kpi.moments
END AS per_lead
FROM (part p
CROSS JOIN ( SELECT array_agg(ladder.role) AS roles
FROM crm.ladder) l)
GROUP BY p.family, l.roles
), rated AS (
SELECT s.family,
s.leads,
s.sql,
s.won,
s.revenue,
s.spend,
s.cost,
s.per_lead,
lead_kpi.rate(s.sql, s.leads) AS to_sql,
lead_kpi.rate(s.won, s.leads) AS to_won,
r.confidence_level,
NULLIF(sum(s.leads) OVER (), (0)::numeric) AS all_leads,
CASE
WHEN bool_and(((s.revenue IS NOT NULL) AND (s.revenue >= (0)::numeric))) OVER () THEN NULLIF(sum(s.revenue) OVER (), (0)::numeric)
ELSE NULL::numeric
END AS all_revenue
FROM (summed s
JOIN crm.rule r ON ((r.id = 1)))
)
SELECT rated.family,
rated.leads,
(((rated.leads)::numeric / rated.all_leads))::double precision AS share_of_leads,
rated.sql,
rated.won,
(rated.to_sql)::double precision AS lead_to_sql,
lead_kpi.low(rated.to_sql, rated.confidence_level) AS lead_to_sql_low,
lead_kpi.high(rated.to_sql, rated.confidence_level) AS lead_to_sql_high,
(rated.to_won)::double precision AS lead_to_won,
lead_kpi.low(rated.to_won, rated.confidence_level) AS lead_to_won_low,
lead_kpi.high(rated.to_won, rated.confidence_level) AS lead_to_won_high,
rated.revenue,
(round((rated.revenue / rated.all_revenue), 15))::double precision AS share_of_revenue,
lead_kpi.revenue_per_lead(rated.revenue, rated.leads) AS revenue_per_lead,
CASE
WHEN (rated.revenue IS NOT NULL) THEN lead_kpi.low(rated.per_lead, rated.confidence_level)
ELSE NULL::double precision
END AS revenue_per_lead_low,
CASE
WHEN (rated.revenue IS NOT NULL) THEN lead_kpi.high(rated.per_lead, rated.confidence_level)
ELSE NULL::double precision
END AS revenue_per_lead_high,
rated.spend,
lead_kpi.cpl(rated.cost, rated.leads) AS cpl,
lead_kpi.cac(rated.cost, rated.won) AS cac,
(NULLIF(i.low, 'Infinity'::double precision))::numeric AS cac_low,
(NULLIF(i.high, 'Infinity'::double precision))::numeric AS cac_high
FROM (rated
CROSS JOIN LATERAL lead_kpi.cost_interval(rated.cost, rated.won, rated.confidence_level) i(low, high))
ORDER BY rated.family;
ALTER TABLE crm.channel_comparison OWNER TO kpi_owner;
COMMENT ON VIEW crm.channel_comparison IS 'What each family of channels (table channel_family), such as inbound and outbound, brings and costs. Leads and spend without a channel are a row of their own (NULL).';
COMMENT ON COLUMN crm.channel_comparison.family IS 'Family of the channels of the lead or the spend, by the table channel_family; a channel that is not listed is a family of its own. NULL = unknown channel.';
COMMENT ON COLUMN crm.channel_comparison.leads IS 'Counted leads.';
COMMENT ON COLUMN crm.channel_comparison.share_of_leads IS 'leads as a share of those of all families, 0 to 1.';
COMMENT ON COLUMN crm.channel_comparison.sql IS 'Leads that reached the stage with role sql; NULL when the ladder has none.';
COMMENT ON COLUMN crm.channel_comparison.won IS 'Leads that reached the stage with role won (customers, not deals); NULL when the ladder has none.';
COMMENT ON COLUMN crm.channel_comparison.lead_to_sql IS 'sql / leads, 0 to 1; NULL without leads.';
COMMENT ON COLUMN crm.channel_comparison.lead_to_sql_low IS 'Lower end of the Wilson interval of lead_to_sql at rule.confidence_level.';
COMMENT ON COLUMN crm.channel_comparison.lead_to_sql_high IS 'Upper end of the Wilson interval of lead_to_sql at rule.confidence_level.';
COMMENT ON COLUMN crm.channel_comparison.lead_to_won IS 'won / leads, 0 to 1; NULL without leads.';
COMMENT ON COLUMN crm.channel_comparison.lead_to_won_low IS 'Lower end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.channel_comparison.lead_to_won_high IS 'Upper end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.channel_comparison.revenue IS 'Sum of the amounts of their won deals; 0 when nothing was won, NULL when something was won and no amount is known.';
COMMENT ON COLUMN crm.channel_comparison.share_of_revenue IS 'revenue as a share of that of all families, 0 to 1; NULL when nothing was won, or when the revenue of a family is unknown or negative.';
COMMENT ON COLUMN crm.channel_comparison.revenue_per_lead IS 'revenue / leads.';
COMMENT ON COLUMN crm.channel_comparison.revenue_per_lead_low IS 'Lower end of the interval (Student) of revenue_per_lead at rule.confidence_level; NULL with fewer than 10 leads that brought revenue, which do not tell its spread.';
COMMENT ON COLUMN crm.channel_comparison.revenue_per_lead_high IS 'Upper end of the interval (Student) of revenue_per_lead at rule.confidence_level; NULL with fewer than 10 leads that brought revenue, which do not tell its spread.';
COMMENT ON COLUMN crm.channel_comparison.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN crm.channel_comparison.cpl IS 'Cost per lead: spend / leads.';
COMMENT ON COLUMN crm.channel_comparison.cac IS 'Customer acquisition cost: spend / won.';
COMMENT ON COLUMN crm.channel_comparison.cac_low IS 'Lower end of the exact Poisson interval of cac at rule.confidence_level.';
COMMENT ON COLUMN crm.channel_comparison.cac_high IS 'Upper end of the exact Poisson interval of cac at rule.confidence_level; NULL = no upper limit.';
CREATE VIEW crm.cohort_conversion WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.month,
count(*) AS leads,
min((lead_outcome.observed_until - lead_outcome.created_at)) AS youngest,
CASE
WHEN (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve
FROM crm.lead_outcome
GROUP BY lead_outcome.month
)
SELECT c.month,
a.age_days,
c.leads,
w.won_within,
((w.won_within)::double precision / (c.leads)::double precision) AS observed_conversion,
lead_kpi.converted_within(c.curve, a.age) AS conversion,
lead_kpi.low(c.curve, a.age, r.confidence_level) AS conversion_low,
lead_kpi.high(c.curve, a.age, r.confidence_level) AS conversion_high,
lead_kpi.at_risk(c.curve, a.age) AS at_risk,
(c.youngest >= a.age) AS is_mature
FROM (((cohort c
CROSS JOIN crm.rule r)
CROSS JOIN ( SELECT days.days AS age_days,
make_interval(days => days.days) AS age
FROM unnest(ARRAY[7, 14, 30, 60, 90, 180, 365]) days(days)) a)
CROSS JOIN LATERAL ( SELECT
CASE
WHEN (c.curve IS NOT NULL) THEN (COALESCE(sum(p.converted) FILTER (WHERE (p.age <= a.age)), (0)::numeric))::bigint
ELSE NULL::bigint
END AS won_within
FROM lead_kpi.points(c.curve) p(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) w);
ALTER TABLE crm.cohort_conversion OWNER TO kpi_owner;
COMMENT ON VIEW crm.cohort_conversion IS 'Which share of each month''s leads is won within 7 to 365 days: as seen so far, and by an estimate that knows which leads have not had the time yet.';
COMMENT ON COLUMN crm.cohort_conversion.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.cohort_conversion.age_days IS 'Age of a lead, in days of 24 hours since its creation.';
COMMENT ON COLUMN crm.cohort_conversion.leads IS 'Counted leads created in the month.';
COMMENT ON COLUMN crm.cohort_conversion.won_within IS 'Leads seen to be won within age_days, by observed_until; NULL when the ladder has no stage with role won.';
COMMENT ON COLUMN crm.cohort_conversion.observed_conversion IS 'won_within / leads, 0 to 1: too low until is_mature.';
COMMENT ON COLUMN crm.cohort_conversion.conversion IS 'Share of leads won within age_days, 0 to 1, leads younger than that taken into account (Aalen-Johansen, which is Kaplan-Meier where none is lost; a lost lead never wins). NULL beyond the oldest open lead.';
COMMENT ON COLUMN crm.cohort_conversion.conversion_low IS 'Lower end of the interval (log-log, Greenwood) of conversion at rule.confidence_level; NULL where conversion is NULL, 0 or 1.';
COMMENT ON COLUMN crm.cohort_conversion.conversion_high IS 'Upper end of the interval (log-log, Greenwood) of conversion at rule.confidence_level; NULL where conversion is NULL, 0 or 1.';
COMMENT ON COLUMN crm.cohort_conversion.at_risk IS 'Leads that were still open at age_days, and observed then: what the estimate knows this age from.';
COMMENT ON COLUMN crm.cohort_conversion.is_mature IS 'True when every lead of the month was observed for age_days: observed_conversion is then final.';
CREATE VIEW crm.counted_deal WITH (security_invoker='true') AS
SELECT d.deal_id,
d.lead_id,
l.channel,
l.campaign,
l.month,
d.opened_at,
d.closed_at,
d.is_won,
d.amount,
CASE
WHEN d.repeated THEN 'repeated_deal_id'::text
WHEN (l.lead_id IS NULL) THEN 'no_lead'::text
WHEN (l.excluded_reason IS NOT NULL) THEN 'excluded_lead'::text
ELSE NULL::text
END AS excluded_reason
FROM (crm.clean_deal d
LEFT JOIN ( SELECT counted_lead.lead_id,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month,
counted_lead.excluded_reason
FROM crm.counted_lead
WHERE ((counted_lead.excluded_reason IS NULL) OR (counted_lead.excluded_reason <> ALL (ARRAY['no_lead_id'::text, 'repeated_lead_id'::text])))) l USING (lead_id));
ALTER TABLE crm.counted_deal OWNER TO kpi_owner;
COMMENT ON VIEW crm.counted_deal IS 'Every row of clean_deal with the cohort of its lead: excluded_reason is NULL where it counts.';
COMMENT ON COLUMN crm.counted_deal.deal_id IS 'The deal''s key.';
COMMENT ON COLUMN crm.counted_deal.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.counted_deal.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.counted_deal.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.counted_deal.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.counted_deal.opened_at IS 'When the deal was opened; NULL = unknown.';
COMMENT ON COLUMN crm.counted_deal.closed_at IS 'When the deal was won or lost; NULL = open or unknown.';
COMMENT ON COLUMN crm.counted_deal.is_won IS 'True when the deal is marked won and has a closing time; else false.';
COMMENT ON COLUMN crm.counted_deal.amount IS 'Revenue of the deal; NULL = unknown.';
COMMENT ON COLUMN crm.counted_deal.excluded_reason IS 'Why the deal is not counted: repeated_deal_id, no_lead, excluded_lead; NULL = it is counted.';
CREATE VIEW crm.cpl_to_revenue WITH (security_invoker='true') AS
WITH outcome AS MATERIALIZED (
SELECT lead_outcome.month,
lead_outcome.channel,
lead_outcome.campaign,
lead_outcome.stage_position,
lead_outcome.created_at,
lead_outcome.mql_at,
lead_outcome.sal_at,
lead_outcome.sql_at,
lead_outcome.opportunity_at,
lead_outcome.won_at,
lead_outcome.lost_at,
lead_outcome.deals_won,
lead_outcome.revenue,
lead_outcome.observed_until,
(GREATEST(floor((EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at)) / (86400)::numeric)), ('-1'::integer)::numeric))::integer AS age
FROM crm.lead_outcome
), aged AS (
SELECT outcome.month,
outcome.channel,
outcome.campaign,
outcome.age,
count(*) AS leads
FROM outcome
WHERE (outcome.stage_position IS NOT NULL)
GROUP BY outcome.month, outcome.channel, outcome.campaign, outcome.age
), lag AS (
SELECT (EXTRACT(day FROM p.age))::integer AS age,
p.conversion,
max(p.conversion) FILTER (WHERE (((10)::double precision * (p.std_error ^ (2)::double precision)) <= (p.conversion ^ (2)::double precision))) OVER () AS final
FROM (( SELECT lead_kpi.conversion_curve(outcome.created_at, outcome.won_at, outcome.lost_at, outcome.observed_until, '1 day'::interval) AS curve
FROM outcome) c
CROSS JOIN LATERAL lead_kpi.points(c.curve) p(age, at_risk, converted, lost, censored, conversion, low, high, std_error))
), day AS (
SELECT a.age,
COALESCE(max(max(a.share)) OVER (ORDER BY a.age), (0)::numeric) AS share
FROM ( SELECT lag.age,
((LEAST(lag.conversion, lag.final) / lag.final))::numeric AS share
FROM lag
UNION ALL
SELECT aged.age,
NULL::numeric
FROM aged) a
WHERE (EXISTS ( SELECT
FROM lag
WHERE (lag.final IS NOT NULL)))
GROUP BY a.age
), part AS (
SELECT outcome.month,
outcome.channel,
outcome.campaign,
NULL::numeric AS spend,
count(outcome.stage_position) AS leads,
count(outcome.mql_at) AS mql,
count(outcome.sal_at) AS sal,
count(outcome.sql_at) AS sql,
count(outcome.opportunity_at) AS opportunities,
count(outcome.won_at) AS won,
sum(outcome.deals_won) AS deals_won,
sum(outcome.revenue) FILTER (WHERE (outcome.deals_won > 0)) AS revenue,
count(outcome.won_at) FILTER (WHERE (outcome.won_at <= outcome.observed_until)) AS won_in_time,
NULL::numeric AS mature_leads,
CASE
WHEN bool_and(((outcome.revenue IS NULL) OR (outcome.revenue = (0)::numeric) OR ((abs(outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)))) THEN lead_kpi.moments(
CASE
WHEN ((abs(outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN (outcome.revenue)::double precision
ELSE (0)::double precision
END) FILTER (WHERE (outcome.stage_position IS NOT NULL))
ELSE NULL::lead_kpi.moments
END AS per_lead
FROM outcome
GROUP BY outcome.month, outcome.channel, outcome.campaign
UNION ALL
SELECT counted_spend.month,
counted_spend.channel,
counted_spend.campaign,
sum(counted_spend.amount) AS sum,
0,
0,
0,
0,
0,
0,
0,
NULL::numeric,
0,
NULL::numeric,
NULL::lead_kpi.moments
FROM crm.counted_spend
GROUP BY counted_spend.month, counted_spend.channel, counted_spend.campaign
UNION ALL
SELECT a.month,
a.channel,
a.campaign,
NULL::numeric,
0,
0,
0,
0,
0,
0,
0,
NULL::numeric,
0,
sum(((a.leads)::numeric * d.share)) AS sum,
NULL::lead_kpi.moments
FROM (aged a
LEFT JOIN day d USING (age))
GROUP BY a.month, a.channel, a.campaign
), summed AS (
SELECT p.month,
p.channel,
p.campaign,
sum(p.spend) AS spend,
(sum(p.leads))::bigint AS leads,
CASE
WHEN ('mql'::text = ANY (l.roles)) THEN (sum(p.mql))::bigint
ELSE NULL::bigint
END AS mql,
CASE
WHEN ('sal'::text = ANY (l.roles)) THEN (sum(p.sal))::bigint
ELSE NULL::bigint
END AS sal,
CASE
WHEN ('sql'::text = ANY (l.roles)) THEN (sum(p.sql))::bigint
ELSE NULL::bigint
END AS sql,
CASE
WHEN ('opportunity'::text = ANY (l.roles)) THEN (sum(p.opportunities))::bigint
ELSE NULL::bigint
END AS opportunities,
CASE
WHEN ('won'::text = ANY (l.roles)) THEN (sum(p.won))::bigint
ELSE NULL::bigint
END AS won,
CASE
WHEN ('won'::text = ANY (l.roles)) THEN (sum(p.won_in_time))::bigint
ELSE NULL::bigint
END AS won_in_time,
(sum(p.deals_won))::bigint AS deals_won,
CASE
WHEN (sum(p.deals_won) > (0)::numeric) THEN sum(p.revenue)
WHEN (sum(p.won) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue,
CASE
WHEN (sum(p.spend) >= (0)::numeric) THEN sum(p.spend)
ELSE NULL::numeric
END AS cost,
((sum(p.mature_leads) / NULLIF(sum(p.leads), (0)::numeric)))::double precision AS maturity,
lead_kpi.rollup(p.per_lead) AS per_lead
FROM (part p
CROSS JOIN ( SELECT array_agg(ladder.role) AS roles
FROM crm.ladder) l)
GROUP BY p.month, p.channel, p.campaign, l.roles
), rated AS (
SELECT s.month,
s.channel,
s.campaign,
s.spend,
s.leads,
s.mql,
s.sal,
s.sql,
s.opportunities,
s.won,
s.won_in_time,
s.deals_won,
s.revenue,
s.cost,
s.maturity,
s.per_lead,
lead_kpi.rate(s.won, s.leads) AS lead_to_won,
r.confidence_level,
r.gross_margin,
CASE
WHEN (s.maturity >= (0.1)::double precision) THEN lead_kpi.rate(s.won_in_time, GREATEST((round(((s.leads)::double precision * s.maturity)))::bigint, s.won_in_time))
ELSE NULL::lead_kpi.rate
END AS expected,
COALESCE(
CASE
WHEN ((s.won > 0) AND (s.deals_won > 0)) THEN (s.revenue / (s.won)::numeric)
ELSE NULL::numeric
END, (sum(s.revenue) FILTER (WHERE (s.deals_won > 0)) OVER () / NULLIF(sum(s.won) FILTER (WHERE ((s.deals_won > 0) AND (s.revenue IS NOT NULL))) OVER (), (0)::numeric))) AS basket
FROM (summed s
JOIN crm.rule r ON ((r.id = 1)))
), bounded AS (
SELECT r.month,
r.channel,
r.campaign,
r.spend,
r.leads,
r.mql,
r.sal,
r.sql,
r.opportunities,
r.won,
r.won_in_time,
r.deals_won,
r.revenue,
r.cost,
r.maturity,
r.per_lead,
r.lead_to_won,
r.confidence_level,
r.gross_margin,
r.expected,
r.basket,
i.low AS cac_low,
i.high AS cac_high,
CASE
WHEN (r.revenue IS NOT NULL) THEN COALESCE((lead_kpi.low(r.per_lead, r.confidence_level))::numeric,
CASE
WHEN (r.basket > (0)::numeric) THEN (((((1)::double precision / won.high))::numeric * r.basket) / (NULLIF(r.leads, 0))::numeric)
ELSE NULL::numeric
END)
ELSE NULL::numeric
END AS revenue_per_lead_low,
CASE
WHEN (r.revenue IS NOT NULL) THEN COALESCE((lead_kpi.high(r.per_lead, r.confidence_level))::numeric,
CASE
WHEN (r.basket > (0)::numeric) THEN (((((1)::double precision / won.low))::numeric * r.basket) / (NULLIF(r.leads, 0))::numeric)
ELSE NULL::numeric
END)
ELSE NULL::numeric
END AS revenue_per_lead_high
FROM ((rated r
CROSS JOIN LATERAL lead_kpi.cost_interval(r.cost, r.won, r.confidence_level) i(low, high))
CROSS JOIN LATERAL lead_kpi.cost_interval((1)::numeric, r.won, r.confidence_level) won(low, high))
)
SELECT b.month,
b.channel,
b.campaign,
b.spend,
b.leads,
b.mql,
b.sal,
b.sql,
b.opportunities,
b.won,
(b.lead_to_won)::double precision AS lead_to_won,
lead_kpi.low(b.lead_to_won, b.confidence_level) AS lead_to_won_low,
lead_kpi.high(b.lead_to_won, b.confidence_level) AS lead_to_won_high,
b.maturity,
(b.maturity >= (0.9)::double precision) AS is_mature,
CASE
WHEN (b.maturity >= (0.1)::double precision) THEN LEAST(((b.won_in_time)::double precision / ((b.leads)::double precision * b.maturity)), (1)::double precision)
ELSE NULL::double precision
END AS expected_lead_to_won,
lead_kpi.low(b.expected, b.confidence_level) AS expected_lead_to_won_low,
lead_kpi.high(b.expected, b.confidence_level) AS expected_lead_to_won_high,
b.deals_won,
b.revenue,
lead_kpi.cpl(b.cost, b.leads) AS cpl,
lead_kpi.cac(b.cost, b.won) AS cac,
(NULLIF(b.cac_low, 'Infinity'::double precision))::numeric AS cac_low,
(NULLIF(b.cac_high, 'Infinity'::double precision))::numeric AS cac_high,
lead_kpi.average_deal(b.revenue, b.deals_won) AS average_deal,
lead_kpi.revenue_per_lead(b.revenue, b.leads) AS revenue_per_lead,
b.revenue_per_lead_low,
b.revenue_per_lead_high,
lead_kpi.break_even_cpl(lead_kpi.revenue_per_lead(b.revenue, b.leads), b.gross_margin) AS break_even_cpl,
lead_kpi.break_even_cpl(b.revenue_per_lead_low, b.gross_margin) AS break_even_cpl_low,
lead_kpi.break_even_cpl(b.revenue_per_lead_high, b.gross_margin) AS break_even_cpl_high,
(lead_kpi.roas(b.revenue, b.cost))::double precision AS roas,
(lead_kpi.romi(b.revenue, b.cost, b.gross_margin))::double precision AS romi,
CASE
WHEN (((b.cost > (0)::numeric) AND (b.leads > 0) AND (b.gross_margin IS NOT NULL)) IS NOT TRUE) THEN NULL::text
WHEN (lead_kpi.cpl(b.cost, b.leads) <= (b.revenue_per_lead_low * b.gross_margin)) THEN 'pays'::text
WHEN ((lead_kpi.cpl(b.cost, b.leads) * (b.maturity)::numeric) > (b.revenue_per_lead_high * b.gross_margin)) THEN 'does not pay'::text
ELSE 'not yet certain'::text
END AS verdict
FROM bounded b
ORDER BY b.month, b.channel, b.campaign;
ALTER TABLE crm.cpl_to_revenue OWNER TO kpi_owner;
COMMENT ON VIEW crm.cpl_to_revenue IS 'From cost to revenue, one row per month, channel and campaign. Leads, wins and revenue belong to the month in which the lead was created, so spend meets the cohort it bought; maturity says how much of that had the time to come. Spend without leads and leads without spend keep their rows.';
COMMENT ON COLUMN crm.cpl_to_revenue.month IS 'First day of the month in which the leads were created and the money was spent; NULL = spend without a date.';
COMMENT ON COLUMN crm.cpl_to_revenue.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.cpl_to_revenue.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.cpl_to_revenue.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN crm.cpl_to_revenue.leads IS 'Counted leads.';
COMMENT ON COLUMN crm.cpl_to_revenue.mql IS 'Leads that reached the stage with role mql; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cpl_to_revenue.sal IS 'Leads that reached the stage with role sal; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cpl_to_revenue.sql IS 'Leads that reached the stage with role sql; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cpl_to_revenue.opportunities IS 'Leads that reached the stage with role opportunity; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cpl_to_revenue.won IS 'Leads that reached the stage with role won (customers, not deals); NULL when the ladder has none.';
COMMENT ON COLUMN crm.cpl_to_revenue.lead_to_won IS 'won / leads, 0 to 1; NULL without leads.';
COMMENT ON COLUMN crm.cpl_to_revenue.lead_to_won_low IS 'Lower end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.cpl_to_revenue.lead_to_won_high IS 'Upper end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.cpl_to_revenue.maturity IS 'Share of the wins to be expected of these leads that have had the time to come by observed_until, 0 to 1, by the conversion curve of all leads (Aalen-Johansen) up to the oldest age, in whole days, that it knows as well as 10 wins would tell it. NULL without leads, and when there is no such age: with fewer than about 10 leads won.';
COMMENT ON COLUMN crm.cpl_to_revenue.is_mature IS 'maturity >= 0.9. A cohort that is not has had too little time: its low conversion is not yet a drop.';
COMMENT ON COLUMN crm.cpl_to_revenue.expected_lead_to_won IS 'Those won by observed_until / (leads x maturity), at most 1: the share won when all have had their time. NULL while maturity is below 0.1.';
COMMENT ON COLUMN crm.cpl_to_revenue.expected_lead_to_won_low IS 'Lower end of its Wilson interval at rule.confidence_level, with leads x maturity as trials.';
COMMENT ON COLUMN crm.cpl_to_revenue.expected_lead_to_won_high IS 'Upper end of its Wilson interval at rule.confidence_level, with leads x maturity as trials.';
COMMENT ON COLUMN crm.cpl_to_revenue.deals_won IS 'Won deals of these leads; a lead may have several.';
COMMENT ON COLUMN crm.cpl_to_revenue.revenue IS 'Sum of the amounts of these deals; 0 when nothing was won, NULL when something was won and no amount is known.';
COMMENT ON COLUMN crm.cpl_to_revenue.cpl IS 'Cost per lead: spend / leads.';
COMMENT ON COLUMN crm.cpl_to_revenue.cac IS 'Customer acquisition cost: spend / won.';
COMMENT ON COLUMN crm.cpl_to_revenue.cac_low IS 'Lower end of the exact Poisson interval of cac at rule.confidence_level.';
COMMENT ON COLUMN crm.cpl_to_revenue.cac_high IS 'Upper end of the exact Poisson interval of cac at rule.confidence_level; NULL = no upper limit.';
COMMENT ON COLUMN crm.cpl_to_revenue.average_deal IS 'revenue / deals_won; NULL when nothing was won.';
COMMENT ON COLUMN crm.cpl_to_revenue.revenue_per_lead IS 'revenue / leads.';
COMMENT ON COLUMN crm.cpl_to_revenue.revenue_per_lead_low IS 'Lower end of the interval of revenue_per_lead, as seen so far, at rule.confidence_level: Student, with at least 10 leads that brought revenue; with fewer the exact Poisson bound of won, each customer bringing what those of the cohort bring, or else of the mart.';
COMMENT ON COLUMN crm.cpl_to_revenue.revenue_per_lead_high IS 'Upper end of the interval of revenue_per_lead, as seen so far, at rule.confidence_level; see revenue_per_lead_low.';
COMMENT ON COLUMN crm.cpl_to_revenue.break_even_cpl IS 'The CPL at which these leads would just pay: revenue_per_lead x rule.gross_margin; NULL while the margin is not stated.';
COMMENT ON COLUMN crm.cpl_to_revenue.break_even_cpl_low IS 'revenue_per_lead_low x rule.gross_margin.';
COMMENT ON COLUMN crm.cpl_to_revenue.break_even_cpl_high IS 'revenue_per_lead_high x rule.gross_margin.';
COMMENT ON COLUMN crm.cpl_to_revenue.roas IS 'revenue / spend.';
COMMENT ON COLUMN crm.cpl_to_revenue.romi IS '(revenue x rule.gross_margin - spend) / spend; NULL while the margin is not stated.';
COMMENT ON COLUMN crm.cpl_to_revenue.verdict IS 'pays: cpl is at most break_even_cpl_low; does not pay: what came in, break_even_cpl_high, is less than cpl x maturity; else not yet certain. NULL when spend is not above 0, and without leads or rule.gross_margin.';
CREATE VIEW crm.cycle_time WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.month,
lead_outcome.channel,
count(*) AS leads,
CASE
WHEN (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve,
percentile_cont((ARRAY[0.5, 0.9])::double precision[]) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (lead_outcome.won_at - lead_outcome.created_at)))::double precision / (86400)::double precision)) FILTER (WHERE ((lead_outcome.won_at >= lead_outcome.created_at) AND (lead_outcome.won_at <= lead_outcome.observed_until))) AS won_days,
((GREATEST(max(EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at))), (0)::numeric))::double precision / (86400)::double precision) AS observed_days
FROM crm.lead_outcome
GROUP BY lead_outcome.month, lead_outcome.channel
)
SELECT c.month,
c.channel,
c.leads,
lead_kpi.converted(c.curve) AS won,
lead_kpi.lost(c.curve) AS lost,
lead_kpi.censored(c.curve) AS open_leads,
(c.leads - lead_kpi.leads(c.curve)) AS ignored_leads,
c.observed_days,
p.conversion,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision))) / (86400)::numeric))::double precision AS median_days,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.9)::double precision))) / (86400)::numeric))::double precision AS p90_days,
c.won_days[1] AS median_days_of_won,
c.won_days[2] AS p90_days_of_won
FROM (cohort c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p);
ALTER TABLE crm.cycle_time OWNER TO kpi_owner;
COMMENT ON VIEW crm.cycle_time IS 'How long leads take to be won, per month of creation and channel, with the leads that are still open taken into account.';
COMMENT ON COLUMN crm.cycle_time.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.cycle_time.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.cycle_time.leads IS 'Counted leads: won + lost + open_leads + ignored_leads.';
COMMENT ON COLUMN crm.cycle_time.won IS 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cycle_time.lost IS 'Leads whose deals are all closed and none was won, by observed_until.';
COMMENT ON COLUMN crm.cycle_time.open_leads IS 'Leads that were neither won nor lost at observed_until.';
COMMENT ON COLUMN crm.cycle_time.ignored_leads IS 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.';
COMMENT ON COLUMN crm.cycle_time.observed_days IS 'Age of the oldest lead at observed_until: slower wins cannot have been seen.';
COMMENT ON COLUMN crm.cycle_time.conversion IS 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead never wins). NULL when no lead could be observed.';
COMMENT ON COLUMN crm.cycle_time.median_days IS 'First age by which half of conversion was won: the median time from creation to won of the leads that win within observed_days, the slow ones that are still open taken into account. NULL when none was won.';
COMMENT ON COLUMN crm.cycle_time.p90_days IS 'First age by which 90 % of conversion was won; see median_days.';
COMMENT ON COLUMN crm.cycle_time.median_days_of_won IS 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.';
COMMENT ON COLUMN crm.cycle_time.p90_days_of_won IS '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.';
CREATE VIEW crm.cycle_time_by_channel WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.channel,
count(*) AS leads,
CASE
WHEN (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve,
percentile_cont((ARRAY[0.5, 0.9])::double precision[]) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (lead_outcome.won_at - lead_outcome.created_at)))::double precision / (86400)::double precision)) FILTER (WHERE ((lead_outcome.won_at >= lead_outcome.created_at) AND (lead_outcome.won_at <= lead_outcome.observed_until))) AS won_days,
((GREATEST(max(EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at))), (0)::numeric))::double precision / (86400)::double precision) AS observed_days
FROM crm.lead_outcome
GROUP BY lead_outcome.channel
)
SELECT c.channel,
c.leads,
lead_kpi.converted(c.curve) AS won,
lead_kpi.lost(c.curve) AS lost,
lead_kpi.censored(c.curve) AS open_leads,
(c.leads - lead_kpi.leads(c.curve)) AS ignored_leads,
c.observed_days,
p.conversion,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision))) / (86400)::numeric))::double precision AS median_days,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.9)::double precision))) / (86400)::numeric))::double precision AS p90_days,
c.won_days[1] AS median_days_of_won,
c.won_days[2] AS p90_days_of_won
FROM (cohort c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p);
ALTER TABLE crm.cycle_time_by_channel OWNER TO kpi_owner;
COMMENT ON VIEW crm.cycle_time_by_channel IS 'How long leads take to be won, per channel, with the leads that are still open taken into account.';
COMMENT ON COLUMN crm.cycle_time_by_channel.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.cycle_time_by_channel.leads IS 'Counted leads: won + lost + open_leads + ignored_leads.';
COMMENT ON COLUMN crm.cycle_time_by_channel.won IS 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cycle_time_by_channel.lost IS 'Leads whose deals are all closed and none was won, by observed_until.';
COMMENT ON COLUMN crm.cycle_time_by_channel.open_leads IS 'Leads that were neither won nor lost at observed_until.';
COMMENT ON COLUMN crm.cycle_time_by_channel.ignored_leads IS 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.';
COMMENT ON COLUMN crm.cycle_time_by_channel.observed_days IS 'Age of the oldest lead at observed_until: slower wins cannot have been seen.';
COMMENT ON COLUMN crm.cycle_time_by_channel.conversion IS 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead never wins). NULL when no lead could be observed.';
COMMENT ON COLUMN crm.cycle_time_by_channel.median_days IS 'First age by which half of conversion was won: the median time from creation to won of the leads that win within observed_days, the slow ones that are still open taken into account. NULL when none was won.';
COMMENT ON COLUMN crm.cycle_time_by_channel.p90_days IS 'First age by which 90 % of conversion was won; see median_days.';
COMMENT ON COLUMN crm.cycle_time_by_channel.median_days_of_won IS 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.';
COMMENT ON COLUMN crm.cycle_time_by_channel.p90_days_of_won IS '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.';
CREATE VIEW crm.cycle_time_by_month WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.month,
count(*) AS leads,
CASE
WHEN (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve,
percentile_cont((ARRAY[0.5, 0.9])::double precision[]) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (lead_outcome.won_at - lead_outcome.created_at)))::double precision / (86400)::double precision)) FILTER (WHERE ((lead_outcome.won_at >= lead_outcome.created_at) AND (lead_outcome.won_at <= lead_outcome.observed_until))) AS won_days,
((GREATEST(max(EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at))), (0)::numeric))::double precision / (86400)::double precision) AS observed_days
FROM crm.lead_outcome
GROUP BY lead_outcome.month
)
SELECT c.month,
c.leads,
lead_kpi.converted(c.curve) AS won,
lead_kpi.lost(c.curve) AS lost,
lead_kpi.censored(c.curve) AS open_leads,
(c.leads - lead_kpi.leads(c.curve)) AS ignored_leads,
c.observed_days,
p.conversion,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision))) / (86400)::numeric))::double precision AS median_days,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.9)::double precision))) / (86400)::numeric))::double precision AS p90_days,
c.won_days[1] AS median_days_of_won,
c.won_days[2] AS p90_days_of_won
FROM (cohort c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p);
ALTER TABLE crm.cycle_time_by_month OWNER TO kpi_owner;
COMMENT ON VIEW crm.cycle_time_by_month IS 'How long leads take to be won, per month of creation, with the leads that are still open taken into account.';
COMMENT ON COLUMN crm.cycle_time_by_month.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.cycle_time_by_month.leads IS 'Counted leads: won + lost + open_leads + ignored_leads.';
COMMENT ON COLUMN crm.cycle_time_by_month.won IS 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.';
COMMENT ON COLUMN crm.cycle_time_by_month.lost IS 'Leads whose deals are all closed and none was won, by observed_until.';
COMMENT ON COLUMN crm.cycle_time_by_month.open_leads IS 'Leads that were neither won nor lost at observed_until.';
COMMENT ON COLUMN crm.cycle_time_by_month.ignored_leads IS 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.';
COMMENT ON COLUMN crm.cycle_time_by_month.observed_days IS 'Age of the oldest lead at observed_until: slower wins cannot have been seen.';
COMMENT ON COLUMN crm.cycle_time_by_month.conversion IS 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead never wins). NULL when no lead could be observed.';
COMMENT ON COLUMN crm.cycle_time_by_month.median_days IS 'First age by which half of conversion was won: the median time from creation to won of the leads that win within observed_days, the slow ones that are still open taken into account. NULL when none was won.';
COMMENT ON COLUMN crm.cycle_time_by_month.p90_days IS 'First age by which 90 % of conversion was won; see median_days.';
COMMENT ON COLUMN crm.cycle_time_by_month.median_days_of_won IS 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.';
COMMENT ON COLUMN crm.cycle_time_by_month.p90_days_of_won IS '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.';
CREATE VIEW crm.data_quality WITH (security_invoker='true') AS
WITH judged_lead AS MATERIALIZED (
SELECT counted_lead.lead_id,
counted_lead.created_at,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month,
counted_lead.excluded_reason,
(jsonb_typeof((counted_lead.attributes)::jsonb) <> ALL (ARRAY['object'::text, 'null'::text])) AS no_object
FROM crm.counted_lead
), known_lead AS (
SELECT judged_lead.lead_id,
judged_lead.created_at,
(judged_lead.excluded_reason IS NULL) AS counted
FROM judged_lead
WHERE ((judged_lead.excluded_reason IS NULL) OR (judged_lead.excluded_reason <> ALL (ARRAY['no_lead_id'::text, 'repeated_lead_id'::text])))
), judged_event AS (
SELECT (e.entered_at < l.created_at) AS before_lead,
CASE
WHEN (l.lead_id IS NULL) THEN 'events_ignored_no_lead'::text
WHEN (NOT l.counted) THEN 'events_ignored_excluded_lead'::text
WHEN (s.stage IS NULL) THEN 'events_ignored_unknown_stage'::text
WHEN (NOT COALESCE(isfinite(e.entered_at), false)) THEN 'events_ignored_no_time'::text
ELSE 'events_used'::text
END AS check_name
FROM ((crm.stage_event e
LEFT JOIN known_lead l USING (lead_id))
LEFT JOIN crm.stage s ON ((s.stage = e.stage)))
), judged_touch AS (
SELECT (NULLIF(btrim(t.channel), ''::text) IS NULL) AS no_channel,
CASE
WHEN (l.lead_id IS NULL) THEN 'touches_ignored_no_lead'::text
WHEN (NOT l.counted) THEN 'touches_ignored_excluded_lead'::text
WHEN (NOT COALESCE(isfinite(t.touched_at), false)) THEN 'touches_ignored_no_time'::text
ELSE 'touches_used'::text
END AS check_name
FROM (crm.touch t
LEFT JOIN known_lead l USING (lead_id))
), judged_deal AS (
SELECT d.deal_id,
d.lead_id,
d.opened_at,
d.closed_at,
d.is_won,
d.amount,
d.repeated,
l.created_at,
CASE
WHEN d.is_won THEN d.amount
ELSE NULL::numeric
END AS revenue,
CASE
WHEN d.repeated THEN 'deals_ignored_repeated_deal_id'::text
WHEN (l.lead_id IS NULL) THEN 'deals_ignored_no_lead'::text
WHEN (NOT l.counted) THEN 'deals_ignored_excluded_lead'::text
ELSE 'deals_used'::text
END AS check_name
FROM (crm.clean_deal d
LEFT JOIN known_lead l USING (lead_id))
), raw_deal AS (
SELECT d.is_won,
d.closed_at,
isfinite(d.closed_at) AS closed
FROM (crm.deal d
JOIN known_lead l USING (lead_id))
WHERE l.counted
), lead_cell AS (
SELECT judged_lead.month,
judged_lead.channel,
judged_lead.campaign,
count(*) AS leads
FROM judged_lead
WHERE (judged_lead.excluded_reason IS NULL)
GROUP BY judged_lead.month, judged_lead.channel, judged_lead.campaign
), spend_cell AS (
SELECT counted_spend.month,
counted_spend.channel,
counted_spend.campaign,
count(*) AS spends,
sum(counted_spend.amount) AS amount
FROM crm.counted_spend
GROUP BY counted_spend.month, counted_spend.channel, counted_spend.campaign
), cell AS (
SELECT sum(c_1.leads) AS leads,
sum(c_1.spends) AS spends,
sum(c_1.amount) AS amount
FROM ( SELECT lead_cell.month,
lead_cell.channel,
lead_cell.campaign,
lead_cell.leads,
0 AS spends,
NULL::numeric AS amount
FROM lead_cell
UNION ALL
SELECT spend_cell.month,
spend_cell.channel,
spend_cell.campaign,
0,
spend_cell.spends,
spend_cell.amount
FROM spend_cell) c_1
GROUP BY c_1.month, c_1.channel, c_1.campaign
), found(check_name, rows, amount) AS (
SELECT
CASE
WHEN (judged_lead.excluded_reason IS NULL) THEN 'leads_counted'::text
ELSE ('leads_excluded_'::text || judged_lead.excluded_reason)
END AS "case",
count(*) AS count,
NULL::numeric AS "numeric"
FROM judged_lead
GROUP BY
CASE
WHEN (judged_lead.excluded_reason IS NULL) THEN 'leads_counted'::text
ELSE ('leads_excluded_'::text || judged_lead.excluded_reason)
END
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) FILTER (WHERE (judged_lead.channel IS NULL)) AS no_channel,
count(*) FILTER (WHERE judged_lead.no_object) AS no_object,
count(*) FILTER (WHERE (judged_lead.created_at > now())) AS future
FROM judged_lead
WHERE (judged_lead.excluded_reason IS NULL)) a,
LATERAL ( VALUES ('leads_without_channel'::text,a.no_channel,NULL::numeric), ('leads_attributes_no_object'::text,a.no_object,NULL::numeric), ('leads_in_the_future'::text,a.future,NULL::numeric)) v
UNION ALL
SELECT 'leads_without_spend'::text,
(sum(cell.leads))::bigint AS sum,
NULL::numeric
FROM cell
WHERE (cell.spends = (0)::numeric)
UNION ALL
SELECT judged_event.check_name,
count(*) AS count,
NULL::numeric
FROM judged_event
GROUP BY judged_event.check_name
UNION ALL
SELECT 'events_before_lead'::text,
count(*) AS count,
NULL::numeric
FROM judged_event
WHERE ((judged_event.check_name = 'events_used'::text) AND judged_event.before_lead)
UNION ALL
SELECT judged_deal.check_name,
count(*) AS count,
sum(judged_deal.revenue) AS sum
FROM judged_deal
GROUP BY judged_deal.check_name
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) FILTER (WHERE (judged_deal.is_won AND (judged_deal.amount IS NULL))) AS no_amount,
count(*) FILTER (WHERE ((judged_deal.opened_at < judged_deal.created_at) OR (judged_deal.closed_at < judged_deal.created_at))) AS before_lead,
sum(judged_deal.revenue) FILTER (WHERE ((judged_deal.opened_at < judged_deal.created_at) OR (judged_deal.closed_at < judged_deal.created_at))) AS before_lead_revenue,
count(*) FILTER (WHERE (judged_deal.closed_at < judged_deal.opened_at)) AS reversed,
count(*) FILTER (WHERE (judged_deal.amount < (0)::numeric)) AS negative,
sum(judged_deal.revenue) FILTER (WHERE (judged_deal.amount < (0)::numeric)) AS negative_revenue,
count(*) FILTER (WHERE (judged_deal.deal_id IS NULL)) AS no_id
FROM judged_deal
WHERE (judged_deal.check_name = 'deals_used'::text)) a,
LATERAL ( VALUES ('deals_won_without_amount'::text,a.no_amount,NULL::numeric), ('deals_before_lead'::text,a.before_lead,a.before_lead_revenue), ('deals_closed_before_opened'::text,a.reversed,NULL::numeric), ('deals_negative_amount'::text,a.negative,a.negative_revenue), ('deals_without_deal_id'::text,a.no_id,NULL::numeric)) v
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) FILTER (WHERE (raw_deal.is_won AND (raw_deal.closed IS NOT TRUE))) AS no_time,
count(*) FILTER (WHERE ((raw_deal.is_won IS NULL) AND raw_deal.closed)) AS no_outcome
FROM raw_deal) a,
LATERAL ( VALUES ('deals_won_without_time'::text,a.no_time,NULL::numeric), ('deals_closed_without_outcome'::text,a.no_outcome,NULL::numeric)) v
UNION ALL
SELECT judged_touch.check_name,
count(*) AS count,
NULL::numeric
FROM judged_touch
GROUP BY judged_touch.check_name
UNION ALL
SELECT 'touches_without_channel'::text,
count(*) AS count,
NULL::numeric
FROM judged_touch
WHERE ((judged_touch.check_name = 'touches_used'::text) AND judged_touch.no_channel)
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) AS all_rows,
sum(counted_spend.amount) AS amount,
count(*) FILTER (WHERE (counted_spend.amount IS NULL)) AS no_amount,
count(*) FILTER (WHERE (counted_spend.amount < (0)::numeric)) AS negative,
sum(counted_spend.amount) FILTER (WHERE (counted_spend.amount < (0)::numeric)) AS negative_amount,
count(*) FILTER (WHERE (counted_spend.month IS NULL)) AS no_date,
sum(counted_spend.amount) FILTER (WHERE (counted_spend.month IS NULL)) AS no_date_amount,
count(*) FILTER (WHERE (counted_spend.channel IS NULL)) AS no_channel,
sum(counted_spend.amount) FILTER (WHERE (counted_spend.channel IS NULL)) AS no_channel_amount
FROM crm.counted_spend) a,
LATERAL ( VALUES ('spend_rows'::text,a.all_rows,a.amount), ('spend_without_amount'::text,a.no_amount,NULL::numeric), ('spend_negative'::text,a.negative,a.negative_amount), ('spend_without_date'::text,a.no_date,a.no_date_amount), ('spend_without_channel'::text,a.no_channel,a.no_channel_amount)) v
UNION ALL
SELECT 'spend_without_lead'::text,
(sum(cell.spends))::bigint AS sum,
sum(cell.amount) AS sum
FROM cell
WHERE (cell.leads = (0)::numeric)
UNION ALL
SELECT 'settings_role_without_stage'::text,
count(*) AS count,
NULL::numeric
FROM unnest(ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text]) role(role)
WHERE (NOT (role.role IN ( SELECT s.role
FROM crm.stage s
WHERE (s.role IS NOT NULL))))
UNION ALL
SELECT 'settings_accepted_before_transmitted'::text,
count(*) AS count,
NULL::numeric
FROM ((crm.rule r_1
JOIN crm.stage t ON (((t.role = r_1.transmitted_role) AND (r_1.id = 1))))
JOIN crm.stage a ON ((a.role = r_1.accepted_role)))
WHERE (a."position" <= t."position")
)
SELECT c.check_name,
CASE
WHEN ((c.severity = 'info'::text) OR (COALESCE(f.rows, (0)::bigint) > 0)) THEN c.severity
ELSE 'ok'::text
END AS severity,
COALESCE(f.rows, (0)::bigint) AS rows,
f.amount,
CASE r.language
WHEN 'fr'::text THEN lead_kpi.mart_text(c.meaning_fr)
ELSE c.meaning_en
END AS what_it_means,
CASE r.language
WHEN 'fr'::text THEN lead_kpi.mart_text(c.action_fr)
ELSE c.action_en
END AS what_to_do
FROM ((lead_kpi.mart_checks() c(ordinal, check_name, severity, meaning_en, action_en, meaning_fr, action_fr)
JOIN crm.rule r ON ((r.id = 1)))
LEFT JOIN found f USING (check_name))
ORDER BY c.ordinal;
ALTER TABLE crm.data_quality OWNER TO kpi_owner;
COMMENT ON VIEW crm.data_quality IS 'What is wrong in the data, one row per check, also when nothing is. It reconciles: rows of lead = leads_counted + leads_excluded_*, rows of stage_event = events_used + events_ignored_*, and so for deal and touch.';
COMMENT ON COLUMN crm.data_quality.check_name IS 'Name of the check; its first word is the relation.';
COMMENT ON COLUMN crm.data_quality.severity IS 'error, warning or info; ok when an error or warning concerns no row.';
COMMENT ON COLUMN crm.data_quality.rows IS 'Rows concerned.';
COMMENT ON COLUMN crm.data_quality.amount IS 'The money concerned, where there is some: revenue of won deals, or spend.';
COMMENT ON COLUMN crm.data_quality.what_it_means IS 'In the language of rule.language.';
COMMENT ON COLUMN crm.data_quality.what_to_do IS 'In the language of rule.language.';
CREATE VIEW crm.diagnosis WITH (security_invoker='true') AS
WITH setting AS MATERIALIZED (
SELECT ((1)::double precision - r.confidence_level) AS alpha,
r.time_zone,
r.transmitted_role,
r.accepted_role,
r.acceptance_threshold,
COALESCE(r.gross_margin, (1)::numeric) AS margin,
r.scorecard,
r.icp_fit,
r.language,
o.observed_until,
ARRAY( SELECT DISTINCT l.role
FROM (crm.stage_event e
JOIN crm.ladder l USING (stage))
WHERE (l.role IS NOT NULL)) AS recorded
FROM (crm.rule r
CROSS JOIN crm.observation o)
WHERE ((r.id = 1) AND (o.observed_until IS NOT NULL))
), outcome AS MATERIALIZED (
SELECT l.lead_id,
l.created_at,
l.month,
l.channel,
l.campaign,
s_1.observed_until,
k.won_at,
k.lost_at,
(k.won_at - l.created_at) AS won_age,
(k.qualified_at - l.created_at) AS qualified_age,
k.transmitted_at,
k.accepted_at
FROM ((crm.lead_outcome l
CROSS JOIN setting s_1)
CROSS JOIN LATERAL ( SELECT max(reached.at) FILTER (WHERE (reached.role = 'won'::text)) AS won_at,
max(reached.at) FILTER (WHERE (reached.role = 'lost'::text)) AS lost_at,
max(reached.at) FILTER (WHERE (reached.role =
CASE
WHEN ('mql'::text = ANY (s_1.recorded)) THEN 'mql'::text
WHEN ('sql'::text = ANY (s_1.recorded)) THEN 'sql'::text
ELSE NULL::text
END)) AS qualified_at,
max(reached.at) FILTER (WHERE (reached.role = s_1.transmitted_role)) AS transmitted_at,
max(reached.at) FILTER (WHERE (reached.role = s_1.accepted_role)) AS accepted_at
FROM ( VALUES ('lead'::text,l.created_at), ('mql'::text,l.mql_at), ('sal'::text,l.sal_at), ('sql'::text,l.sql_at), ('opportunity'::text,l.opportunity_at), ('won'::text,l.won_at), ('lost'::text,l.lost_at)) reached(role, at)
WHERE (reached.at <= s_1.observed_until)) k)
WHERE ((l.stage_position IS NOT NULL) AND (l.created_at <= s_1.observed_until))
), lag AS MATERIALIZED (
SELECT COALESCE(lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision)), '00:00:00'::interval) AS won,
c.qualified,
c.accepted
FROM (( SELECT lead_kpi.conversion_curve(outcome.created_at, outcome.won_at, outcome.lost_at, outcome.observed_until, '1 day'::interval) AS curve,
GREATEST(percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY outcome.qualified_age), '00:00:00'::interval) AS qualified,
GREATEST(percentile_cont((0.9)::double precision) WITHIN GROUP (ORDER BY (outcome.accepted_at - outcome.transmitted_at)), '00:00:00'::interval) AS accepted
FROM outcome) c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p)
), comparison AS (
SELECT v.number,
v.compared_with,
((t_1.ended - u.step))::date AS after_start,
(t_1.ended)::date AS after_end,
(((t_1.ended - u.step) - COALESCE(v.distance, u.step)))::date AS before_start,
((t_1.ended - COALESCE(v.distance, u.step)))::date AS before_end,
s_1.observed_until,
timezone(s_1.time_zone, t_1.ended) AS ended_at
FROM ((((setting s_1
CROSS JOIN lag l)
CROSS JOIN ( VALUES (1,'month'::text,'previous month'::text,NULL::interval,'won'::text), (2,'quarter'::text,'previous quarter'::text,NULL::interval,'won'::text), (3,'quarter'::text,'year before'::text,'1 year'::interval,'won'::text), (4,'month'::text,'previous month'::text,NULL::interval,'qualified'::text), (5,'quarter'::text,'previous quarter'::text,NULL::interval,'qualified'::text), (6,'month'::text,'previous month'::text,NULL::interval,'created'::text), (7,'quarter'::text,'previous quarter'::text,NULL::interval,'created'::text)) v(number, unit, compared_with, distance, about))
CROSS JOIN LATERAL ( SELECT
CASE v.unit
WHEN 'month'::text THEN '1 mon'::interval
ELSE '3 mons'::interval
END AS step) u)
CROSS JOIN LATERAL ( SELECT date_trunc(v.unit, timezone(s_1.time_zone, (s_1.observed_until -
CASE v.about
WHEN 'won'::text THEN l.won
WHEN 'qualified'::text THEN l.qualified
ELSE '00:00:00'::interval
END))) AS ended) t_1)
), aged AS MATERIALIZED (
SELECT c.number,
c.compared_with,
c.after_start,
c.after_end,
c.before_start,
c.before_end,
c.observed_until,
c.ended_at,
(c.observed_until - COALESCE(( SELECT max(outcome.created_at) AS max
FROM outcome
WHERE ((outcome.month >= c.after_start) AND (outcome.month < c.after_end))), c.ended_at)) AS comparable
FROM comparison c
), sold AS (
SELECT d.month,
d.lead_id,
(d.closed_at - d.created_at) AS age,
d.amount
FROM ( SELECT e.lead_id,
e.is_deal,
e.closed_at,
e.amount,
max(e.month) OVER lead AS month,
max(e.created_at) OVER lead AS created_at
FROM ( SELECT outcome.lead_id,
false AS is_deal,
NULL::timestamp with time zone AS closed_at,
NULL::numeric AS amount,
outcome.month,
outcome.created_at
FROM outcome
UNION ALL
SELECT d_1.lead_id,
true,
d_1.closed_at,
d_1.amount,
NULL::date,
NULL::timestamp with time zone
FROM crm.clean_deal d_1
WHERE (d_1.is_won AND (NOT d_1.repeated))) e
WINDOW lead AS (PARTITION BY e.lead_id)) d
WHERE (d.is_deal AND (d.month IS NOT NULL))
), member AS MATERIALIZED (
SELECT a.number,
(o.month >= a.after_start) AS is_after,
o.lead_id,
o.channel,
((o.won_age <= a.comparable) IS TRUE) AS is_won,
((o.qualified_age <= a.comparable) IS TRUE) AS is_qualified,
CASE
WHEN (o.won_age <= a.comparable) THEN (EXTRACT(epoch FROM o.won_age))::double precision
ELSE NULL::double precision
END AS seconds,
NULL::numeric AS amount,
false AS is_deal
FROM (aged a
JOIN outcome o ON ((((o.month >= a.after_start) AND (o.month < a.after_end)) OR ((o.month >= a.before_start) AND (o.month < a.before_end)))))
UNION ALL
SELECT a.number,
(d.month >= a.after_start),
d.lead_id,
NULL::text,
NULL::boolean,
NULL::boolean,
NULL::double precision,
d.amount,
true
FROM (aged a
JOIN sold d ON (((((d.month >= a.after_start) AND (d.month < a.after_end)) OR ((d.month >= a.before_start) AND (d.month < a.before_end))) AND (d.age <= a.comparable))))
), paid AS (
SELECT member.number,
member.is_after,
member.lead_id,
bool_or(member.is_won) AS is_won,
bool_or(member.is_qualified) AS is_qualified,
max(member.seconds) AS seconds,
bool_or(member.is_deal) AS is_buyer,
sum(member.amount) AS amount
FROM member
GROUP BY member.number, member.is_after, member.lead_id
), side AS (
SELECT paid.number,
paid.is_after,
count(*) AS leads,
lead_kpi.rate(paid.is_won) AS won,
lead_kpi.rate(paid.is_qualified) AS qualified,
lead_kpi.moments(ln(GREATEST(paid.seconds, (60)::double precision))) FILTER (WHERE (paid.seconds IS NOT NULL)) AS log_age,
(percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY paid.seconds) / (86400)::double precision) AS median_days,
CASE
WHEN bool_or(paid.is_buyer) THEN sum(paid.amount)
ELSE (0)::numeric
END AS revenue,
lead_kpi.moments(
CASE
WHEN ((abs(paid.amount) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(paid.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN (paid.amount)::double precision
ELSE (0)::double precision
END) AS per_lead
FROM paid
GROUP BY paid.number, paid.is_after
), fitting AS (
SELECT a.number,
lead_kpi.rate(f.is_in_icp) FILTER (WHERE (f.month < a.before_end)) AS before,
lead_kpi.rate(f.is_in_icp) FILTER (WHERE (f.month >= a.after_start)) AS after
FROM (( SELECT counted_lead.month,
(lead_kpi.fit(( SELECT setting.scorecard
FROM setting),
CASE
WHEN (jsonb_typeof((counted_lead.attributes)::jsonb) = 'object'::text) THEN (counted_lead.attributes)::jsonb
ELSE NULL::jsonb
END) >= ( SELECT setting.icp_fit
FROM setting)) AS is_in_icp
FROM crm.counted_lead
WHERE (( SELECT ((setting.scorecard IS NOT NULL) AND (setting.icp_fit IS NOT NULL))
FROM setting) AND (counted_lead.excluded_reason IS NULL))) f
JOIN aged a ON (((a.number >= 6) AND (f.month >= a.before_start) AND (f.month < a.after_end))))
GROUP BY a.number
), pair AS MATERIALIZED (
SELECT a.number,
a.compared_with,
a.after_start,
before.leads AS leads0,
after.leads AS leads1,
before.won AS won0,
after.won AS won1,
before.qualified AS qualified0,
after.qualified AS qualified1,
before.log_age AS log_age0,
after.log_age AS log_age1,
before.median_days AS median_days0,
after.median_days AS median_days1,
before.revenue AS revenue0,
after.revenue AS revenue1,
before.per_lead AS per_lead0,
after.per_lead AS per_lead1,
((1)::double precision / volume.ratio) AS growth,
((((1)::double precision / volume.ratio) >= (1.15)::double precision) AND (volume.p_value < ( SELECT setting.alpha
FROM setting))) AS is_growing
FROM (((aged a
JOIN side before ON (((before.number = a.number) AND (NOT before.is_after))))
JOIN side after ON (((after.number = a.number) AND after.is_after)))
CROSS JOIN LATERAL lead_kpi.compare_cost(((a.before_end - a.before_start))::numeric, before.leads, ((a.after_end - a.after_start))::numeric, after.leads) volume(ratio, low, high, p_value))
), mixed AS (
SELECT segment.number,
lead_kpi.mix_change(segment.before, segment.after) AS change
FROM ( SELECT member.number,
member.channel,
lead_kpi.rate(member.is_won) FILTER (WHERE (NOT member.is_after)) AS before,
lead_kpi.rate(member.is_won) FILTER (WHERE member.is_after) AS after
FROM member
WHERE ((member.number <= 2) AND (NOT member.is_deal))
GROUP BY member.number, member.channel) segment
GROUP BY segment.number
), handed_over AS (
SELECT lead_kpi.rate((o.accepted_at IS NOT NULL)) AS acceptance,
(timezone(s_1.time_zone, ((s_1.observed_until - l.accepted) - '91 days'::interval)))::date AS since
FROM ((outcome o
CROSS JOIN setting s_1)
CROSS JOIN lag l)
WHERE ((o.transmitted_at <= (s_1.observed_until - l.accepted)) AND (o.transmitted_at > ((s_1.observed_until - l.accepted) - '91 days'::interval)) AND (s_1.accepted_role = ANY (s_1.recorded)) AND ( SELECT (t_1.stage_position < a.stage_position)
FROM crm.ladder t_1,
crm.ladder a
WHERE ((t_1.role = s_1.transmitted_role) AND (a.role = s_1.accepted_role))))
GROUP BY s_1.time_zone, s_1.observed_until, l.accepted
), bought AS (
SELECT c.channel,
c.campaign,
(sum(c.leads))::bigint AS leads,
(sum(c.won))::bigint AS won,
sum(c.spend) AS spend,
(( SELECT (aged.after_end - '1 year'::interval)
FROM aged
WHERE (aged.number = 1)))::date AS since
FROM ( SELECT o.channel,
o.campaign,
count(*) AS leads,
count(*) FILTER (WHERE (o.won_age <= a.comparable)) AS won,
NULL::numeric AS spend
FROM (outcome o
JOIN aged a ON (((a.number = 1) AND (o.month < a.after_end) AND (o.month >= (a.after_end - '1 year'::interval)))))
GROUP BY o.channel, o.campaign
UNION ALL
SELECT s_1.channel,
s_1.campaign,
0,
0,
s_1.amount
FROM (crm.counted_spend s_1
JOIN aged a ON (((a.number = 1) AND (s_1.month < a.after_end) AND (s_1.month >= (a.after_end - '1 year'::interval)))))) c
GROUP BY c.channel, c.campaign
HAVING ((sum(c.leads) > (0)::numeric) AND (sum(c.spend) > (0)::numeric))
), campaign AS (
SELECT concat_ws(' / '::text, COALESCE(b.channel, '(unknown)'::text), b.campaign) AS subject,
b.since,
b.leads AS leads1,
r.leads AS leads0,
lead_kpi.rate(b.won, b.leads) AS won1,
lead_kpi.rate(r.won, r.leads) AS won0,
b.spend AS spend1,
r.spend AS spend0,
b.asked
FROM (( SELECT bought.channel,
bought.campaign,
bought.leads,
bought.won,
bought.spend,
bought.since,
count(*) OVER () AS asked,
(sum(bought.leads) OVER () - (bought.leads)::numeric) AS other_leads,
(sum(bought.won) OVER () - (bought.won)::numeric) AS other_won,
(sum(bought.spend) OVER () - bought.spend) AS other_spend
FROM bought) b
CROSS JOIN LATERAL ( SELECT (b.other_leads)::bigint AS leads,
(b.other_won)::bigint AS won,
b.other_spend AS spend) r)
WHERE ((r.leads > 0) AND (r.spend > (0)::numeric))
), judged_campaign AS (
SELECT c.subject,
c.since,
c.leads1,
c.leads0,
c.won1,
c.won0,
c.spend1,
c.spend0,
c.asked,
cpl.ratio AS cpl_ratio,
t_1.difference,
(
CASE
WHEN ((lead_kpi.hits(c.won1) > 0) AND (lead_kpi.hits(c.won0) > 0)) THEN (lead_kpi.cost_per(c.spend1, lead_kpi.hits(c.won1)) / lead_kpi.cost_per(c.spend0, lead_kpi.hits(c.won0)))
WHEN (lead_kpi.hits(c.won0) > 0) THEN 'Infinity'::numeric
WHEN (lead_kpi.hits(c.won1) > 0) THEN (0)::numeric
ELSE NULL::numeric
END)::double precision AS cac_ratio,
cpl.p_value AS cpl_p,
t_1.p_value AS p,
ARRAY[(c.leads0)::double precision, (c.leads1)::double precision, (c.won0)::double precision, (c.won1)::double precision, (lead_kpi.cpl(c.spend0, c.leads0))::double precision, (lead_kpi.cpl(c.spend1, c.leads1))::double precision, (lead_kpi.cac(c.spend0, lead_kpi.hits(c.won0)))::double precision, (lead_kpi.cac(c.spend1, lead_kpi.hits(c.won1)))::double precision] AS figures
FROM ((campaign c
CROSS JOIN LATERAL lead_kpi.compare_cost(c.spend0, c.leads0, c.spend1, c.leads1) cpl(ratio, low, high, p_value))
CROSS JOIN LATERAL lead_kpi.compare(c.won1, c.won0) t_1(difference, low, high, p_value, probability_better))
), newest AS (
SELECT max(outcome.month) AS month
FROM outcome
), fresh AS (
SELECT n.month,
count(*) FILTER (WHERE (o.month = n.month)) AS leads1,
count(*) FILTER (WHERE (o.month < n.month)) AS leads0,
lead_kpi.rate((o.won_at IS NOT NULL)) FILTER (WHERE (o.month = n.month)) AS won1,
lead_kpi.rate((o.won_at IS NOT NULL)) FILTER (WHERE (o.month < n.month)) AS won0,
lead_kpi.conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, '00:00:00'::interval) FILTER (WHERE (o.month = n.month)) AS curve1,
lead_kpi.conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, '00:00:00'::interval) FILTER (WHERE (o.month < n.month)) AS curve0
FROM (newest n
JOIN outcome o ON ((o.month >= (n.month - '3 mons'::interval))))
GROUP BY n.month
), credited AS (
SELECT a.channel,
count(*) FILTER (WHERE (NOT a.pays)) AS losing,
count(*) FILTER (WHERE a.pays) AS paying,
(min(a.roas))::double precision AS lowest,
(max(a.roas))::double precision AS highest,
min(a.conversions) AS fewest,
max(a.conversions) AS most,
max(a.spend) AS spend
FROM ( SELECT a_1.channel,
a_1.roas,
a_1.conversions,
a_1.spend,
((a_1.roas * s_1.margin) >= (1)::numeric) AS pays
FROM (crm.attribution a_1
CROSS JOIN setting s_1)
WHERE ((NOT a_1.is_unattributed) AND (a_1.roas IS NOT NULL))) a
GROUP BY a.channel
), candidate(code, asked, subject, since, compared_with, figures, p, is_material) AS (
SELECT 'volume_up_revenue_flat'::text AS "?column?",
2 AS "?column?",
NULL::text AS text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.revenue0)::double precision, (p.revenue1)::double precision, lead_kpi.mean(p.per_lead0), lead_kpi.mean(p.per_lead1)] AS "array",
t_1.p_value,
true AS "?column?"
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.per_lead1, p.per_lead0) t_1(difference, low, high, p_value))
WHERE ((p.number <= 2) AND p.is_growing AND (p.revenue1 <= (p.revenue0 * 1.05)) AND (t_1.difference < (0)::double precision))
UNION ALL
SELECT
CASE
WHEN p.is_growing THEN 'closing_rate_diluted'::text
ELSE 'closing_rate_falling'::text
END AS "case",
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.won0)::double precision, (p.won1)::double precision, (lead_kpi.hits(p.won0))::double precision, (lead_kpi.hits(p.won1))::double precision] AS "array",
t_1.p_value,
(((p.won1)::double precision <= ((0.8)::double precision * (p.won0)::double precision)) AND ((lead_kpi.hits(p.won0) + lead_kpi.hits(p.won1)) >= 5))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.won1, p.won0) t_1(difference, low, high, p_value, probability_better))
WHERE ((p.number <= 2) AND (t_1.difference < (0)::double precision))
UNION ALL
SELECT 'acceptance_below_threshold'::text,
1,
NULL::text,
h.since,
'agreed threshold'::text,
ARRAY[(lead_kpi.trials(h.acceptance))::double precision, (lead_kpi.hits(h.acceptance))::double precision, s_1.acceptance_threshold, (h.acceptance)::double precision] AS "array",
((2)::double precision * lead_kpi.p_value_below(h.acceptance, s_1.acceptance_threshold)),
true
FROM (handed_over h
CROSS JOIN setting s_1)
WHERE ((h.acceptance)::double precision < s_1.acceptance_threshold)
UNION ALL
SELECT 'qualification_falling'::text,
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.qualified0)::double precision, (p.qualified1)::double precision] AS "array",
t_1.p_value,
(((p.qualified1)::double precision <= ((0.8)::double precision * (p.qualified0)::double precision)) AND ((lead_kpi.hits(p.qualified0) + lead_kpi.hits(p.qualified1)) >= 5))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.qualified1, p.qualified0) t_1(difference, low, high, p_value, probability_better))
WHERE ((p.number = ANY (ARRAY[4, 5])) AND p.is_growing AND (t_1.difference < (0)::double precision))
UNION ALL
SELECT
CASE
WHEN (c.cpl_ratio < (1)::double precision) THEN 'cheap_channel_does_not_convert'::text
ELSE 'dear_channel_pays'::text
END AS "case",
c.asked,
c.subject,
c.since,
'other campaigns'::text,
c.figures,
c.p,
(((c.cac_ratio < (0.8)::double precision) OR (c.cac_ratio > (1.25)::double precision)) AND ((lead_kpi.hits(c.won0) + lead_kpi.hits(c.won1)) >= 5))
FROM judged_campaign c
WHERE ((c.cpl_p < ( SELECT setting.alpha
FROM setting)) AND (((c.cpl_ratio < (1)::double precision) AND (c.difference < (0)::double precision) AND (c.cac_ratio > (1)::double precision)) OR ((c.cpl_ratio > (1)::double precision) AND (c.difference > (0)::double precision) AND (c.cac_ratio < (1)::double precision))))
UNION ALL
SELECT
CASE
WHEN p.is_growing THEN 'cycle_lengthening'::text
ELSE 'cycle_longer_at_stable_volume'::text
END AS "case",
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, p.median_days0, p.median_days1] AS "array",
t_1.p_value,
((p.median_days1 >= ((1.2)::double precision * p.median_days0)) AND (LEAST(lead_kpi.hits(p.won0), lead_kpi.hits(p.won1)) >= 5))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.log_age1, p.log_age0) t_1(difference, low, high, p_value))
WHERE ((p.number <= 2) AND (t_1.difference > (0)::double precision) AND (p.median_days1 > p.median_days0))
UNION ALL
SELECT 'stable_volume_better_rates'::text,
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.won0)::double precision, (p.won1)::double precision, (lead_kpi.hits(p.won0))::double precision, (lead_kpi.hits(p.won1))::double precision] AS "array",
t_1.p_value,
false
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.won1, p.won0) t_1(difference, low, high, p_value, probability_better))
WHERE ((p.number <= 2) AND ((p.growth >= (((1)::numeric / 1.15))::double precision) AND (p.growth <= (1.15)::double precision)) AND (t_1.difference > (0)::double precision))
UNION ALL
SELECT 'icp_widening'::text,
2,
NULL::text,
a.after_start,
a.compared_with,
ARRAY[(lead_kpi.trials(f.before))::double precision, (lead_kpi.trials(f.after))::double precision, (f.before)::double precision, (f.after)::double precision] AS "array",
t_1.p_value,
(((f.after)::double precision <= ((0.8)::double precision * (f.before)::double precision)) AND ((lead_kpi.hits(f.before) + lead_kpi.hits(f.after)) >= 5))
FROM ((fitting f
JOIN aged a USING (number))
CROSS JOIN LATERAL lead_kpi.compare(f.after, f.before) t_1(difference, low, high, p_value, probability_better))
WHERE (t_1.difference < (0)::double precision)
UNION ALL
SELECT 'attribution_dependent_verdict'::text,
1,
COALESCE(c.channel, '(unknown)'::text) AS "coalesce",
NULL::date,
'other models'::text,
ARRAY[c.fewest, c.most, c.lowest, c.highest, (c.losing)::double precision, (c.paying)::double precision] AS "array",
t_1.p_value,
true
FROM (credited c
CROSS JOIN LATERAL lead_kpi.compare_cost(c.spend, (round(c.fewest))::bigint, c.spend, (round(c.most))::bigint) t_1(ratio, low, high, p_value))
WHERE ((c.losing > 0) AND (c.paying > 0))
UNION ALL
SELECT
CASE
WHEN ((m.change).total > (0)::double precision) THEN 'mix_hides_decline'::text
ELSE 'mix_hides_improvement'::text
END AS "case",
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.won0)::double precision, (p.won1)::double precision, (m.change).odds_ratio] AS "array",
CASE
WHEN (((m.change).p_value IS NOT NULL) AND (t_1.p_value IS NOT NULL)) THEN GREATEST((m.change).p_value, t_1.p_value)
ELSE NULL::double precision
END AS "case",
(LEAST((m.change).p_value, t_1.p_value) < s_1.alpha)
FROM (((mixed m
JOIN pair p USING (number))
CROSS JOIN setting s_1)
CROSS JOIN LATERAL lead_kpi.compare(p.won1, p.won0) t_1(difference, low, high, p_value, probability_better))
WHERE (m.change).simpson
UNION ALL
SELECT 'immature_cohort'::text,
1,
NULL::text,
f.month,
'three months before'::text,
ARRAY[(f.leads0)::double precision, (f.leads1)::double precision, (f.won0)::double precision, (f.won1)::double precision] AS "array",
NULL::double precision,
true
FROM (((fresh f
CROSS JOIN setting s_1)
CROSS JOIN LATERAL lead_kpi.compare(f.won1, f.won0) naive(difference, low, high, p_value, probability_better))
CROSS JOIN LATERAL lead_kpi.compare(f.curve1, f.curve0) same_age(observed_a, expected_a, observed_b, expected_b, statistic, degrees_of_freedom, p_value))
WHERE ((naive.difference < (0)::double precision) AND (naive.p_value < s_1.alpha) AND ((same_age.p_value >= s_1.alpha) OR ((same_age.observed_a)::double precision > same_age.expected_a) OR (same_age.p_value IS NULL)))
UNION ALL
SELECT 'growth_without_revenue'::text,
1,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.revenue0)::double precision, (p.revenue1)::double precision, lead_kpi.mean(p.per_lead0), lead_kpi.mean(p.per_lead1)] AS "array",
t_1.p_value,
(p.revenue1 <= (p.revenue0 * (((1)::double precision + ((0.8)::double precision * (p.growth - (1)::double precision))))::numeric))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.per_lead1, p.per_lead0) t_1(difference, low, high, p_value))
WHERE ((p.number = 3) AND p.is_growing AND (p.revenue0 > (0)::numeric) AND (p.revenue1 IS NOT NULL) AND (t_1.difference < (0)::double precision))
), judged AS (
SELECT c.code,
c.subject,
c.since,
c.compared_with,
c.figures,
CASE
WHEN (q.p IS NOT NULL) THEN LEAST(((q.p * (c.asked)::double precision) * (10)::double precision), (1)::double precision)
ELSE NULL::double precision
END AS p_value,
COALESCE((((q.p * (c.asked)::double precision) * (10)::double precision) < s_1.alpha), false) AS is_certain,
((c.code = 'immature_cohort'::text) OR (c.is_material AND (q.p < ((1.5)::double precision * s_1.alpha)))) AS is_worth_watching
FROM ((candidate c
CROSS JOIN setting s_1)
CROSS JOIN LATERAL ( SELECT (c.p / (2)::double precision) AS p) q)
), told AS (
SELECT DISTINCT ON (j.code, j.subject) j.code,
j.subject,
j.since,
j.compared_with,
j.figures,
j.p_value,
j.is_certain,
j.is_worth_watching,
f.ordinal,
f.measure,
f.units,
f.message_en,
f.causes_en,
f.look_en,
f.message_fr,
f.causes_fr,
f.look_fr,
CASE
WHEN j.is_certain THEN f.severity
ELSE 'watch'::text
END AS severity
FROM (judged j
JOIN lead_kpi.mart_findings() f(ordinal, code, severity, measure, units, message_en, causes_en, look_en, message_fr, causes_fr, look_fr) USING (code))
WHERE (j.is_certain OR ((f.severity <> 'good'::text) AND j.is_worth_watching))
ORDER BY j.code, j.subject, j.is_certain DESC, j.p_value, j.since
)
SELECT t.code,
t.severity,
t.subject,
t.since,
t.compared_with,
CASE
WHEN t.is_certain THEN 'beyond chance'::text
ELSE 'not yet certain'::text
END AS certainty,
t.p_value,
(t.figures[2])::bigint AS leads,
(t.figures[1])::bigint AS leads_compared,
t.measure,
t.figures[4] AS value,
t.figures[3] AS value_compared,
(lead_kpi.mart_comparison(t.compared_with, t.since, s.language) || format(
CASE s.language
WHEN 'fr'::text THEN lead_kpi.mart_text(t.message_fr)
ELSE t.message_en
END, VARIADIC (t.subject || ARRAY( SELECT lead_kpi.mart_figure(g.figure, g.unit, s.language) AS mart_figure
FROM UNNEST(t.figures, t.units) WITH ORDINALITY g(figure, unit, ordinal)
ORDER BY g.ordinal)))) AS message,
CASE s.language
WHEN 'fr'::text THEN lead_kpi.mart_text(t.causes_fr)
ELSE t.causes_en
END AS likely_causes,
CASE s.language
WHEN 'fr'::text THEN lead_kpi.mart_text(t.look_fr)
ELSE t.look_en
END AS what_to_look_at
FROM (told t
CROSS JOIN setting s)
ORDER BY
CASE t.severity
WHEN 'warning'::text THEN 1
WHEN 'watch'::text THEN 2
ELSE 3
END, t.ordinal, t.subject;
ALTER TABLE crm.diagnosis OWNER TO kpi_owner;
COMMENT ON VIEW crm.diagnosis IS 'What goes wrong and what goes well, one row per finding, warnings first; no row = nothing found. A warning needs evidence beyond chance: where nothing has changed, at most 1 - rule.confidence_level of all readings show any warning. What looks bad on too few leads is a watch that says "not yet certain".';
COMMENT ON COLUMN crm.diagnosis.code IS 'What was found, as a name that does not change with the language.';
COMMENT ON COLUMN crm.diagnosis.severity IS 'warning: something goes wrong, beyond chance; watch: to be known, or not yet certain; good: something goes well, beyond chance.';
COMMENT ON COLUMN crm.diagnosis.subject IS 'The channel, or channel / campaign, that it is about; NULL = all leads.';
COMMENT ON COLUMN crm.diagnosis.since IS 'First day of the period in which it shows; NULL = it is about all data.';
COMMENT ON COLUMN crm.diagnosis.compared_with IS 'previous: the period before it; year before: the same period a year before.';
COMMENT ON COLUMN crm.diagnosis.certainty IS 'beyond chance: p_value is below 1 - rule.confidence_level; else not yet certain.';
COMMENT ON COLUMN crm.diagnosis.p_value IS 'The chance of seeing this or more were nothing the matter, times the questions that diagnosis asks (Bonferroni), at most 1; NULL where no test applies or too little is known for one.';
COMMENT ON COLUMN crm.diagnosis.leads IS 'Leads that value is of (for acceptance_below_threshold those accepted, for attribution_dependent_verdict the most won deals credited).';
COMMENT ON COLUMN crm.diagnosis.leads_compared IS 'Leads that value_compared is of (for acceptance_below_threshold those transmitted, for attribution_dependent_verdict the fewest won deals credited).';
COMMENT ON COLUMN crm.diagnosis.measure IS 'What value and value_compared measure: lead_to_won, lead_to_qualified, acceptance_rate and icp_share (0 to 1, periods at the same age), revenue (money), median_days, roas.';
COMMENT ON COLUMN crm.diagnosis.value IS 'The measure in the period or of the subject.';
COMMENT ON COLUMN crm.diagnosis.value_compared IS 'The measure of what it is compared with.';
COMMENT ON COLUMN crm.diagnosis.message IS 'What was found, with its figures, in the language of rule.language.';
COMMENT ON COLUMN crm.diagnosis.likely_causes IS 'In the language of rule.language.';
COMMENT ON COLUMN crm.diagnosis.what_to_look_at IS 'The views that tell more, in the language of rule.language.';
CREATE VIEW crm.pipeline_moment WITH (security_invoker='true') AS
WITH seen AS MATERIALIZED (
SELECT observation.observed_until
FROM crm.observation
WHERE (observation.observed_until IS NOT NULL)
)
SELECT (timezone(r.time_zone, (date_trunc('month'::text, timezone(r.time_zone, o.observed_until)) + make_interval(months => m.n))) - '00:00:00.000001'::interval) AS as_of,
false AS is_now
FROM ((crm.rule r
CROSS JOIN seen o)
CROSS JOIN generate_series('-23'::integer, 0) m(n))
WHERE (r.id = 1)
UNION ALL
SELECT seen.observed_until AS as_of,
true AS is_now
FROM seen;
ALTER TABLE crm.pipeline_moment OWNER TO kpi_owner;
COMMENT ON VIEW crm.pipeline_moment IS 'When pipeline_snapshot looks at the leads: the end of each of the last 24 months, and observed_until (is_now).';
COMMENT ON COLUMN crm.pipeline_moment.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.pipeline_moment.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
CREATE VIEW crm.pipeline_snapshot WITH (security_invoker='true') AS
WITH moment AS MATERIALIZED (
SELECT pipeline_moment.as_of,
pipeline_moment.is_now
FROM crm.pipeline_moment
), arrival AS (
SELECT e_1.lead_id,
l_1.stage_position,
min(e_1.entered_at) AS entered_at
FROM (crm.funnel_event e_1
JOIN crm.ladder l_1 USING (stage))
GROUP BY e_1.lead_id, l_1.stage_position
), furthest AS (
SELECT arrival.lead_id,
arrival.stage_position,
arrival.entered_at,
max(arrival.stage_position) OVER (PARTITION BY arrival.lead_id ORDER BY arrival.entered_at, arrival.stage_position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest_before
FROM arrival
), episode AS (
SELECT furthest.lead_id,
furthest.stage_position,
furthest.entered_at,
COALESCE(lead(furthest.entered_at) OVER (PARTITION BY furthest.lead_id ORDER BY furthest.entered_at), 'infinity'::timestamp with time zone) AS left_at
FROM furthest
WHERE (furthest.stage_position > COALESCE(furthest.furthest_before, 0))
), deal_event AS (
SELECT clean_deal.lead_id,
COALESCE(LEAST(clean_deal.opened_at, clean_deal.closed_at), '-infinity'::timestamp with time zone) AS at,
1 AS change
FROM crm.clean_deal
WHERE (NOT clean_deal.repeated)
UNION ALL
SELECT clean_deal.lead_id,
clean_deal.closed_at,
'-1'::integer
FROM crm.clean_deal
WHERE ((NOT clean_deal.repeated) AND (clean_deal.closed_at IS NOT NULL))
), spell AS (
SELECT deal_event.lead_id,
deal_event.at AS lost_at,
COALESCE(lead(deal_event.at) OVER timeline, 'infinity'::timestamp with time zone) AS reopened_at,
sum(deal_event.change) OVER timeline AS open_deals
FROM deal_event
WINDOW timeline AS (PARTITION BY deal_event.lead_id ORDER BY deal_event.at, deal_event.change DESC ROWS UNBOUNDED PRECEDING)
)
SELECT m.as_of,
m.is_now,
o.lead_id,
o.created_at,
o.channel,
o.campaign,
e.stage_position,
l.stage,
e.entered_at AS stage_entered_at,
CASE
WHEN (o.won_at <= o.observed_until) THEN o.won_at
ELSE NULL::timestamp with time zone
END AS won_at,
CASE
WHEN (o.lost_at <= o.observed_until) THEN o.lost_at
ELSE NULL::timestamp with time zone
END AS lost_at,
o.observed_until
FROM (((crm.lead_outcome o
JOIN episode e USING (lead_id))
JOIN crm.ladder l ON ((l.stage_position = e.stage_position)))
JOIN moment m ON (((m.as_of >= o.created_at) AND (m.as_of >= e.entered_at) AND (m.as_of < e.left_at))))
WHERE ((e.stage_position < COALESCE(( SELECT ladder.stage_position
FROM crm.ladder
WHERE (ladder.role = 'won'::text)), 33)) AND (NOT (EXISTS ( SELECT
FROM spell s
WHERE ((s.lead_id = o.lead_id) AND (s.open_deals = 0) AND (m.as_of >= s.lost_at) AND (m.as_of < s.reopened_at))))));
ALTER TABLE crm.pipeline_snapshot OWNER TO kpi_owner;
COMMENT ON VIEW crm.pipeline_snapshot IS 'The leads that were open, neither won nor lost by what was known then, at the end of each of the last 24 months and at observed_until (is_now), with the stage that they had reached by then and, for judging forecasts and scores, what became of them later.';
COMMENT ON COLUMN crm.pipeline_snapshot.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.pipeline_snapshot.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN crm.pipeline_snapshot.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.pipeline_snapshot.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN crm.pipeline_snapshot.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.pipeline_snapshot.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.pipeline_snapshot.stage_position IS 'Position on the ladder of the furthest stage that the lead had reached by as_of, whatever the funnel''s policy.';
COMMENT ON COLUMN crm.pipeline_snapshot.stage IS 'The furthest stage that the lead had reached by as_of.';
COMMENT ON COLUMN crm.pipeline_snapshot.stage_entered_at IS 'When the lead reached that stage.';
COMMENT ON COLUMN crm.pipeline_snapshot.won_at IS 'When the lead was won later, as the funnel counts it, by observed_until; NULL = not yet. Of the future, seen from as_of.';
COMMENT ON COLUMN crm.pipeline_snapshot.lost_at IS 'When the lead was lost later, by observed_until; NULL = not yet. Of the future, seen from as_of.';
COMMENT ON COLUMN crm.pipeline_snapshot.observed_until IS 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.';
CREATE VIEW crm.forecast WITH (security_invoker='true') AS
WITH snapshot AS MATERIALIZED (
SELECT pipeline_snapshot.as_of,
pipeline_snapshot.is_now,
pipeline_snapshot.lead_id,
pipeline_snapshot.created_at,
pipeline_snapshot.channel,
pipeline_snapshot.campaign,
pipeline_snapshot.stage_position,
pipeline_snapshot.stage,
pipeline_snapshot.stage_entered_at,
pipeline_snapshot.won_at,
pipeline_snapshot.lost_at,
pipeline_snapshot.observed_until,
(width_bucket((date_part('epoch'::text, (pipeline_snapshot.as_of - pipeline_snapshot.stage_entered_at)) / (86400)::double precision), ARRAY[(7)::double precision, (14)::double precision, (30)::double precision, (90)::double precision, (180)::double precision]) + 1) AS band
FROM crm.pipeline_snapshot
), horizon AS (
SELECT days.days AS horizon_days,
make_interval(hours => (24 * days.days)) AS within
FROM unnest(ARRAY[30, 60, 90, 180, 365]) days(days)
), history AS MATERIALIZED (
SELECT c_1.stage_position,
c_1.band,
c_1.curve,
( SELECT max(points.age) AS max
FROM lead_kpi.points(c_1.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) AS observed
FROM ( SELECT snapshot.stage_position,
snapshot.band,
lead_kpi.conversion_curve(snapshot.as_of, snapshot.won_at, snapshot.lost_at, snapshot.observed_until, '00:00:00'::interval) AS curve
FROM snapshot
WHERE ((NOT snapshot.is_now) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))))
GROUP BY snapshot.stage_position, snapshot.band) c_1
), fate AS (
SELECT snapshot.stage_position,
snapshot.band,
(date_part('epoch'::text, (max(snapshot.as_of) - min(snapshot.as_of))) / (86400)::double precision) AS span_days,
CASE
WHEN bool_or(((snapshot.won_at IS NOT NULL) OR (snapshot.lost_at IS NOT NULL))) THEN 'Infinity'::double precision
ELSE (date_part('epoch'::text, (snapshot.observed_until - max(snapshot.as_of))) / (86400)::double precision)
END AS known_days
FROM snapshot
WHERE (NOT snapshot.is_now)
GROUP BY snapshot.stage_position, snapshot.band, snapshot.lead_id, snapshot.observed_until
), trial AS (
SELECT f.stage_position,
f.band,
h.horizon_days,
(sum((f.span_days + LEAST(f.known_days, (h.horizon_days)::double precision))) / (h.horizon_days)::double precision) AS trials
FROM (fate f
CROSS JOIN horizon h)
GROUP BY f.stage_position, f.band, h.horizon_days
), counted AS MATERIALIZED (
SELECT d.lead_id,
d.amount,
d.is_won,
COALESCE((d.closed_at <= o.observed_until), false) AS is_closed,
(COALESCE(LEAST(d.opened_at, d.closed_at), '-infinity'::timestamp with time zone) <= o.observed_until) AS is_there
FROM (crm.counted_deal d
CROSS JOIN crm.observation o)
WHERE (d.excluded_reason IS NULL)
), closed AS (
SELECT (lead_kpi.rate(count(*) FILTER (WHERE counted.is_won), count(*)))::double precision AS won_of_closed_deals
FROM counted
WHERE counted.is_closed
), basket AS (
SELECT avg(w.revenue) AS mean,
count(w.revenue) AS wins,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(avg(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS plain_mean,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(var_samp(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS variance
FROM ( SELECT sum(counted.amount) AS revenue
FROM counted
WHERE (counted.is_closed AND counted.is_won)
GROUP BY counted.lead_id) w
), offer AS (
SELECT counted.lead_id,
count(*) AS open_deals,
(count(*) - count(counted.amount)) AS deals_without_amount,
sum(counted.amount) AS amount
FROM counted
WHERE (counted.is_there AND (NOT counted.is_closed))
GROUP BY counted.lead_id
), present AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.band,
count(*) AS open_leads,
(COALESCE(sum(f.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(f.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(f.amount), (0)::numeric) AS amount,
(count(*) - count(f.amount)) AS leads_without_amount,
CASE
WHEN COALESCE(((min(f.amount) >= (0)::numeric) AND (max(f.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)), true) THEN (round(COALESCE(sum((f.amount * f.amount)), (0)::numeric), 30))::double precision
ELSE NULL::double precision
END AS squares
FROM (snapshot s_1
LEFT JOIN offer f USING (lead_id))
WHERE s_1.is_now
GROUP BY s_1.stage_position, s_1.stage, s_1.band
), told AS (
SELECT h.horizon_days,
y.stage_position,
y.band,
t.trials,
y.curve,
w.is_known,
CASE
WHEN w.is_known THEN h.within
ELSE y.observed
END AS within
FROM (((history y
CROSS JOIN horizon h)
CROSS JOIN LATERAL ( SELECT (lead_kpi.converted_within(y.curve, h.within) IS NOT NULL) AS is_known) w)
JOIN trial t ON (((t.stage_position = y.stage_position) AND (t.band = y.band) AND (t.horizon_days = h.horizon_days))))
), estimate AS (
SELECT t.horizon_days,
t.stage_position,
t.band,
t.trials,
t.curve,
t.is_known,
t.within,
e.win_probability,
lead_kpi.low(t.curve, t.within, r_1.confidence_level) AS win_probability_low,
lead_kpi.high(t.curve, t.within, r_1.confidence_level) AS win_probability_high,
LEAST(t.trials, ((e.win_probability * ((1)::double precision - e.win_probability)) / power(lead_kpi.std_error(t.curve, t.within), (2)::double precision))) AS history_leads
FROM ((told t
CROSS JOIN crm.rule r_1)
CROSS JOIN LATERAL ( SELECT lead_kpi.converted_within(t.curve, t.within) AS win_probability) e)
), cell AS (
SELECT h.horizon_days,
p.stage_position,
p.stage,
p.band,
p.open_leads,
p.open_deals,
p.deals_without_amount,
p.amount,
p.leads_without_amount,
p.squares,
(ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
e.win_probability,
e.win_probability_low,
e.win_probability_high,
e.history_leads,
COALESCE(e.is_known, false) AS is_known,
(p.amount +
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::numeric * b.mean)
ELSE (0)::numeric
END) AS baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::double precision * b.plain_mean)
ELSE (0)::double precision
END AS usual_baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN (((p.leads_without_amount)::double precision * b.plain_mean) * b.plain_mean)
ELSE (0)::double precision
END AS usual_squares,
CASE
WHEN (p.leads_without_amount > 0) THEN b.variance
ELSE (0)::double precision
END AS usual_variance
FROM (((present p
CROSS JOIN horizon h)
CROSS JOIN basket b)
LEFT JOIN estimate e ON (((e.stage_position = p.stage_position) AND (e.band = p.band) AND (e.horizon_days = h.horizon_days))))
), shared AS (
SELECT cell.horizon_days,
cell.stage_position,
cell.stage,
cell.band,
cell.open_leads,
cell.open_deals,
cell.deals_without_amount,
cell.amount,
cell.leads_without_amount,
cell.squares,
cell.days_in_stage_from,
cell.days_in_stage_to,
cell.win_probability,
cell.win_probability_low,
cell.win_probability_high,
cell.history_leads,
cell.is_known,
cell.baskets,
cell.usual_baskets,
cell.usual_squares,
cell.usual_variance,
CASE
WHEN (cell.win_probability IS NOT NULL) THEN ((cell.open_leads)::double precision / (sum(cell.open_leads) FILTER (WHERE (cell.win_probability IS NOT NULL)) OVER (PARTITION BY cell.horizon_days))::double precision)
ELSE NULL::double precision
END AS share
FROM cell
), judged AS (
SELECT shared.horizon_days,
shared.stage_position,
shared.stage,
shared.band,
shared.open_leads,
shared.open_deals,
shared.deals_without_amount,
shared.amount,
shared.leads_without_amount,
shared.squares,
shared.days_in_stage_from,
shared.days_in_stage_to,
shared.win_probability,
shared.win_probability_low,
shared.win_probability_high,
shared.history_leads,
shared.is_known,
shared.baskets,
shared.usual_baskets,
shared.usual_squares,
shared.usual_variance,
shared.share,
(((shared.win_probability * shared.history_leads) + (shared.share / (2)::double precision)) / (shared.history_leads + shared.share)) AS chance,
((1)::double precision / ((shared.history_leads + shared.share) + (1)::double precision)) AS doubt,
CASE
WHEN (shared.squares IS NOT NULL) THEN ((round(shared.amount, 30))::double precision + shared.usual_baskets)
ELSE NULL::double precision
END AS plain_baskets,
(shared.squares + shared.usual_squares) AS basket_squares
FROM shared
), summed AS (
SELECT h.horizon_days,
(COALESCE(sum(c_1.open_leads), (0)::numeric))::bigint AS open_leads,
(COALESCE(sum(c_1.open_leads) FILTER (WHERE (NOT c_1.is_known)), (0)::numeric))::bigint AS leads_without_history,
sum(c_1.open_leads) FILTER (WHERE (c_1.win_probability IS NOT NULL)) AS told_leads,
(COALESCE(sum(c_1.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(c_1.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(c_1.amount), (0)::numeric) AS amount,
sum(((c_1.open_leads)::double precision * c_1.win_probability)) AS sales,
sum(((c_1.open_leads)::double precision * c_1.chance)) AS mean_sales,
sum(((((c_1.open_leads)::double precision * c_1.chance) * ((1)::double precision - c_1.chance)) * ((1)::double precision + (((c_1.open_leads - 1))::double precision * c_1.doubt)))) AS variance_of_sales,
CASE
WHEN bool_and((c_1.baskets IS NOT NULL)) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum(((c_1.win_probability)::numeric * c_1.baskets))
ELSE NULL::numeric
END AS revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.plain_baskets IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum((c_1.chance * c_1.plain_baskets))
ELSE NULL::double precision
END AS mean_revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.usual_variance IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN (sum((((c_1.chance * ((1)::double precision - c_1.chance)) * (c_1.basket_squares + (c_1.doubt * GREATEST(((c_1.plain_baskets * c_1.plain_baskets) - c_1.basket_squares), (0)::double precision)))) + ((c_1.chance * (c_1.leads_without_amount)::double precision) * c_1.usual_variance))) + (power(sum((c_1.chance * (c_1.leads_without_amount)::double precision)), (2)::double precision) * COALESCE(max((c_1.usual_variance / (b.wins)::double precision)), (0)::double precision)))
ELSE NULL::double precision
END AS variance_of_revenue
FROM ((horizon h
CROSS JOIN basket b)
LEFT JOIN judged c_1 USING (horizon_days))
GROUP BY h.horizon_days
HAVING true
), known_sum AS (
SELECT s_1.horizon_days,
s_1.open_leads,
s_1.leads_without_history,
s_1.told_leads,
s_1.open_deals,
s_1.deals_without_amount,
s_1.amount,
s_1.sales,
s_1.mean_sales,
s_1.variance_of_sales,
s_1.revenue,
s_1.mean_revenue,
s_1.variance_of_revenue,
((s_1.open_leads = 0) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text)))) AS is_nothing,
CASE
WHEN ((s_1.open_deals = 0) OR (s_1.open_deals > s_1.deals_without_amount)) THEN round(s_1.amount, 2)
ELSE NULL::numeric
END AS pipeline
FROM summed s_1
)
SELECT k.horizon_days,
k.open_leads,
k.leads_without_history,
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE k.sales
END AS expected_sales,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE floor(s.low)
END)::bigint AS sales_low,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE
CASE
WHEN (s.high > (k.told_leads)::double precision) THEN (k.told_leads)::double precision
ELSE round(s.high)
END
END)::bigint AS sales_high,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round(k.revenue, 2)
END AS expected_revenue,
CASE
WHEN (k.is_nothing OR ((v.low IS NOT NULL) AND (s.low < (1)::double precision))) THEN (0)::numeric
ELSE round((v.low)::numeric, 2)
END AS revenue_low,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round((v.high)::numeric, 2)
END AS revenue_high,
k.open_deals,
k.deals_without_amount,
k.pipeline,
c.won_of_closed_deals,
round((k.pipeline * (c.won_of_closed_deals)::numeric), 2) AS weighted_pipeline
FROM ((((known_sum k
CROSS JOIN closed c)
JOIN crm.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s(low, high))
CROSS JOIN LATERAL lead_kpi.predict_amount(
CASE
WHEN ((k.mean_revenue > (0)::double precision) OR (k.variance_of_revenue = (0)::double precision)) THEN k.mean_revenue
ELSE NULL::double precision
END, k.variance_of_revenue, r.confidence_level) v(low, high))
ORDER BY k.horizon_days;
ALTER TABLE crm.forecast OWNER TO kpi_owner;
COMMENT ON VIEW crm.forecast IS 'What the leads that are open now will bring within 30 to 365 days, by what became of leads that were open at the end of a month in the same stage for as long; the weighted pipeline beside it.';
COMMENT ON COLUMN crm.forecast.horizon_days IS 'Within how many days from observed_until, of 24 hours.';
COMMENT ON COLUMN crm.forecast.open_leads IS 'Counted leads that are neither won nor lost at observed_until.';
COMMENT ON COLUMN crm.forecast.leads_without_history IS 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they are expected to bring what was seen, so more may come.';
COMMENT ON COLUMN crm.forecast.expected_sales IS 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.';
COMMENT ON COLUMN crm.forecast.sales_low IS 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the probabilities.';
COMMENT ON COLUMN crm.forecast.sales_high IS 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may bring beyond the expectation.';
COMMENT ON COLUMN crm.forecast.expected_revenue IS 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue of won leads where it has none with an amount. NULL when that is not known either.';
COMMENT ON COLUMN crm.forecast.revenue_low IS 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.';
COMMENT ON COLUMN crm.forecast.revenue_high IS 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.';
COMMENT ON COLUMN crm.forecast.open_deals IS 'Deals of the open leads that were open at observed_until.';
COMMENT ON COLUMN crm.forecast.deals_without_amount IS 'Those of open_deals without an amount: they are not in the pipeline.';
COMMENT ON COLUMN crm.forecast.pipeline IS 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.';
COMMENT ON COLUMN crm.forecast.won_of_closed_deals IS 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none was closed.';
COMMENT ON COLUMN crm.forecast.weighted_pipeline IS 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead without a deal.';
CREATE VIEW crm.forecast_by_age WITH (security_invoker='true') AS
WITH snapshot AS MATERIALIZED (
SELECT pipeline_snapshot.as_of,
pipeline_snapshot.is_now,
pipeline_snapshot.lead_id,
pipeline_snapshot.created_at,
pipeline_snapshot.channel,
pipeline_snapshot.campaign,
pipeline_snapshot.stage_position,
pipeline_snapshot.stage,
pipeline_snapshot.stage_entered_at,
pipeline_snapshot.won_at,
pipeline_snapshot.lost_at,
pipeline_snapshot.observed_until,
(width_bucket((date_part('epoch'::text, (pipeline_snapshot.as_of - pipeline_snapshot.stage_entered_at)) / (86400)::double precision), ARRAY[(7)::double precision, (14)::double precision, (30)::double precision, (90)::double precision, (180)::double precision]) + 1) AS band
FROM crm.pipeline_snapshot
), horizon AS (
SELECT days.days AS horizon_days,
make_interval(hours => (24 * days.days)) AS within
FROM unnest(ARRAY[30, 60, 90, 180, 365]) days(days)
), history AS MATERIALIZED (
SELECT c_1.stage_position,
c_1.band,
c_1.curve,
( SELECT max(points.age) AS max
FROM lead_kpi.points(c_1.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) AS observed
FROM ( SELECT snapshot.stage_position,
snapshot.band,
lead_kpi.conversion_curve(snapshot.as_of, snapshot.won_at, snapshot.lost_at, snapshot.observed_until, '00:00:00'::interval) AS curve
FROM snapshot
WHERE ((NOT snapshot.is_now) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))))
GROUP BY snapshot.stage_position, snapshot.band) c_1
), fate AS (
SELECT snapshot.stage_position,
snapshot.band,
(date_part('epoch'::text, (max(snapshot.as_of) - min(snapshot.as_of))) / (86400)::double precision) AS span_days,
CASE
WHEN bool_or(((snapshot.won_at IS NOT NULL) OR (snapshot.lost_at IS NOT NULL))) THEN 'Infinity'::double precision
ELSE (date_part('epoch'::text, (snapshot.observed_until - max(snapshot.as_of))) / (86400)::double precision)
END AS known_days
FROM snapshot
WHERE (NOT snapshot.is_now)
GROUP BY snapshot.stage_position, snapshot.band, snapshot.lead_id, snapshot.observed_until
), trial AS (
SELECT f.stage_position,
f.band,
h.horizon_days,
(sum((f.span_days + LEAST(f.known_days, (h.horizon_days)::double precision))) / (h.horizon_days)::double precision) AS trials
FROM (fate f
CROSS JOIN horizon h)
GROUP BY f.stage_position, f.band, h.horizon_days
), counted AS MATERIALIZED (
SELECT d.lead_id,
d.amount,
d.is_won,
COALESCE((d.closed_at <= o.observed_until), false) AS is_closed,
(COALESCE(LEAST(d.opened_at, d.closed_at), '-infinity'::timestamp with time zone) <= o.observed_until) AS is_there
FROM (crm.counted_deal d
CROSS JOIN crm.observation o)
WHERE (d.excluded_reason IS NULL)
), closed AS (
SELECT (lead_kpi.rate(count(*) FILTER (WHERE counted.is_won), count(*)))::double precision AS won_of_closed_deals
FROM counted
WHERE counted.is_closed
), basket AS (
SELECT avg(w.revenue) AS mean,
count(w.revenue) AS wins,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(avg(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS plain_mean,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(var_samp(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS variance
FROM ( SELECT sum(counted.amount) AS revenue
FROM counted
WHERE (counted.is_closed AND counted.is_won)
GROUP BY counted.lead_id) w
), offer AS (
SELECT counted.lead_id,
count(*) AS open_deals,
(count(*) - count(counted.amount)) AS deals_without_amount,
sum(counted.amount) AS amount
FROM counted
WHERE (counted.is_there AND (NOT counted.is_closed))
GROUP BY counted.lead_id
), present AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.band,
count(*) AS open_leads,
(COALESCE(sum(f.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(f.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(f.amount), (0)::numeric) AS amount,
(count(*) - count(f.amount)) AS leads_without_amount,
CASE
WHEN COALESCE(((min(f.amount) >= (0)::numeric) AND (max(f.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)), true) THEN (round(COALESCE(sum((f.amount * f.amount)), (0)::numeric), 30))::double precision
ELSE NULL::double precision
END AS squares
FROM (snapshot s_1
LEFT JOIN offer f USING (lead_id))
WHERE s_1.is_now
GROUP BY s_1.stage_position, s_1.stage, s_1.band
), told AS (
SELECT h.horizon_days,
y.stage_position,
y.band,
t.trials,
y.curve,
w.is_known,
CASE
WHEN w.is_known THEN h.within
ELSE y.observed
END AS within
FROM (((history y
CROSS JOIN horizon h)
CROSS JOIN LATERAL ( SELECT (lead_kpi.converted_within(y.curve, h.within) IS NOT NULL) AS is_known) w)
JOIN trial t ON (((t.stage_position = y.stage_position) AND (t.band = y.band) AND (t.horizon_days = h.horizon_days))))
), estimate AS (
SELECT t.horizon_days,
t.stage_position,
t.band,
t.trials,
t.curve,
t.is_known,
t.within,
e.win_probability,
lead_kpi.low(t.curve, t.within, r_1.confidence_level) AS win_probability_low,
lead_kpi.high(t.curve, t.within, r_1.confidence_level) AS win_probability_high,
LEAST(t.trials, ((e.win_probability * ((1)::double precision - e.win_probability)) / power(lead_kpi.std_error(t.curve, t.within), (2)::double precision))) AS history_leads
FROM ((told t
CROSS JOIN crm.rule r_1)
CROSS JOIN LATERAL ( SELECT lead_kpi.converted_within(t.curve, t.within) AS win_probability) e)
), cell AS (
SELECT h.horizon_days,
p.stage_position,
p.stage,
p.band,
p.open_leads,
p.open_deals,
p.deals_without_amount,
p.amount,
p.leads_without_amount,
p.squares,
(ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
e.win_probability,
e.win_probability_low,
e.win_probability_high,
e.history_leads,
COALESCE(e.is_known, false) AS is_known,
(p.amount +
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::numeric * b.mean)
ELSE (0)::numeric
END) AS baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::double precision * b.plain_mean)
ELSE (0)::double precision
END AS usual_baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN (((p.leads_without_amount)::double precision * b.plain_mean) * b.plain_mean)
ELSE (0)::double precision
END AS usual_squares,
CASE
WHEN (p.leads_without_amount > 0) THEN b.variance
ELSE (0)::double precision
END AS usual_variance
FROM (((present p
CROSS JOIN horizon h)
CROSS JOIN basket b)
LEFT JOIN estimate e ON (((e.stage_position = p.stage_position) AND (e.band = p.band) AND (e.horizon_days = h.horizon_days))))
), shared AS (
SELECT cell.horizon_days,
cell.stage_position,
cell.stage,
cell.band,
cell.open_leads,
cell.open_deals,
cell.deals_without_amount,
cell.amount,
cell.leads_without_amount,
cell.squares,
cell.days_in_stage_from,
cell.days_in_stage_to,
cell.win_probability,
cell.win_probability_low,
cell.win_probability_high,
cell.history_leads,
cell.is_known,
cell.baskets,
cell.usual_baskets,
cell.usual_squares,
cell.usual_variance,
CASE
WHEN (cell.win_probability IS NOT NULL) THEN ((cell.open_leads)::double precision / (sum(cell.open_leads) FILTER (WHERE (cell.win_probability IS NOT NULL)) OVER (PARTITION BY cell.stage_position, cell.stage, cell.days_in_stage_from, cell.days_in_stage_to, cell.win_probability, cell.win_probability_low, cell.win_probability_high, cell.history_leads, cell.horizon_days))::double precision)
ELSE NULL::double precision
END AS share
FROM cell
), judged AS (
SELECT shared.horizon_days,
shared.stage_position,
shared.stage,
shared.band,
shared.open_leads,
shared.open_deals,
shared.deals_without_amount,
shared.amount,
shared.leads_without_amount,
shared.squares,
shared.days_in_stage_from,
shared.days_in_stage_to,
shared.win_probability,
shared.win_probability_low,
shared.win_probability_high,
shared.history_leads,
shared.is_known,
shared.baskets,
shared.usual_baskets,
shared.usual_squares,
shared.usual_variance,
shared.share,
(((shared.win_probability * shared.history_leads) + (shared.share / (2)::double precision)) / (shared.history_leads + shared.share)) AS chance,
((1)::double precision / ((shared.history_leads + shared.share) + (1)::double precision)) AS doubt,
CASE
WHEN (shared.squares IS NOT NULL) THEN ((round(shared.amount, 30))::double precision + shared.usual_baskets)
ELSE NULL::double precision
END AS plain_baskets,
(shared.squares + shared.usual_squares) AS basket_squares
FROM shared
), summed AS (
SELECT c_1.stage_position,
c_1.stage,
c_1.days_in_stage_from,
c_1.days_in_stage_to,
c_1.win_probability,
c_1.win_probability_low,
c_1.win_probability_high,
c_1.history_leads,
h.horizon_days,
(COALESCE(sum(c_1.open_leads), (0)::numeric))::bigint AS open_leads,
(COALESCE(sum(c_1.open_leads) FILTER (WHERE (NOT c_1.is_known)), (0)::numeric))::bigint AS leads_without_history,
sum(c_1.open_leads) FILTER (WHERE (c_1.win_probability IS NOT NULL)) AS told_leads,
(COALESCE(sum(c_1.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(c_1.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(c_1.amount), (0)::numeric) AS amount,
sum(((c_1.open_leads)::double precision * c_1.win_probability)) AS sales,
sum(((c_1.open_leads)::double precision * c_1.chance)) AS mean_sales,
sum(((((c_1.open_leads)::double precision * c_1.chance) * ((1)::double precision - c_1.chance)) * ((1)::double precision + (((c_1.open_leads - 1))::double precision * c_1.doubt)))) AS variance_of_sales,
CASE
WHEN bool_and((c_1.baskets IS NOT NULL)) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum(((c_1.win_probability)::numeric * c_1.baskets))
ELSE NULL::numeric
END AS revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.plain_baskets IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum((c_1.chance * c_1.plain_baskets))
ELSE NULL::double precision
END AS mean_revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.usual_variance IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN (sum((((c_1.chance * ((1)::double precision - c_1.chance)) * (c_1.basket_squares + (c_1.doubt * GREATEST(((c_1.plain_baskets * c_1.plain_baskets) - c_1.basket_squares), (0)::double precision)))) + ((c_1.chance * (c_1.leads_without_amount)::double precision) * c_1.usual_variance))) + (power(sum((c_1.chance * (c_1.leads_without_amount)::double precision)), (2)::double precision) * COALESCE(max((c_1.usual_variance / (b.wins)::double precision)), (0)::double precision)))
ELSE NULL::double precision
END AS variance_of_revenue
FROM ((horizon h
CROSS JOIN basket b)
LEFT JOIN judged c_1 USING (horizon_days))
GROUP BY c_1.stage_position, c_1.stage, c_1.days_in_stage_from, c_1.days_in_stage_to, c_1.win_probability, c_1.win_probability_low, c_1.win_probability_high, c_1.history_leads, h.horizon_days
HAVING (count(c_1.open_leads) > 0)
), known_sum AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.days_in_stage_from,
s_1.days_in_stage_to,
s_1.win_probability,
s_1.win_probability_low,
s_1.win_probability_high,
s_1.history_leads,
s_1.horizon_days,
s_1.open_leads,
s_1.leads_without_history,
s_1.told_leads,
s_1.open_deals,
s_1.deals_without_amount,
s_1.amount,
s_1.sales,
s_1.mean_sales,
s_1.variance_of_sales,
s_1.revenue,
s_1.mean_revenue,
s_1.variance_of_revenue,
((s_1.open_leads = 0) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text)))) AS is_nothing,
CASE
WHEN ((s_1.open_deals = 0) OR (s_1.open_deals > s_1.deals_without_amount)) THEN round(s_1.amount, 2)
ELSE NULL::numeric
END AS pipeline
FROM summed s_1
)
SELECT k.horizon_days,
k.stage_position,
k.stage,
k.days_in_stage_from,
k.days_in_stage_to,
k.win_probability,
k.win_probability_low,
k.win_probability_high,
k.history_leads,
k.open_leads,
k.leads_without_history,
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE k.sales
END AS expected_sales,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE floor(s.low)
END)::bigint AS sales_low,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE
CASE
WHEN (s.high > (k.told_leads)::double precision) THEN (k.told_leads)::double precision
ELSE round(s.high)
END
END)::bigint AS sales_high,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round(k.revenue, 2)
END AS expected_revenue,
CASE
WHEN (k.is_nothing OR ((v.low IS NOT NULL) AND (s.low < (1)::double precision))) THEN (0)::numeric
ELSE round((v.low)::numeric, 2)
END AS revenue_low,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round((v.high)::numeric, 2)
END AS revenue_high,
k.open_deals,
k.deals_without_amount,
k.pipeline,
c.won_of_closed_deals,
round((k.pipeline * (c.won_of_closed_deals)::numeric), 2) AS weighted_pipeline
FROM ((((known_sum k
CROSS JOIN closed c)
JOIN crm.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s(low, high))
CROSS JOIN LATERAL lead_kpi.predict_amount(
CASE
WHEN ((k.mean_revenue > (0)::double precision) OR (k.variance_of_revenue = (0)::double precision)) THEN k.mean_revenue
ELSE NULL::double precision
END, k.variance_of_revenue, r.confidence_level) v(low, high))
ORDER BY k.stage_position, k.stage, k.days_in_stage_from, k.days_in_stage_to, k.win_probability, k.win_probability_low, k.win_probability_high, k.history_leads, k.horizon_days;
ALTER TABLE crm.forecast_by_age OWNER TO kpi_owner;
COMMENT ON VIEW crm.forecast_by_age IS 'forecast per stage and time since open leads reached it, with the probability to be won that it rests on.';
COMMENT ON COLUMN crm.forecast_by_age.horizon_days IS 'Within how many days from observed_until, of 24 hours.';
COMMENT ON COLUMN crm.forecast_by_age.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.forecast_by_age.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.forecast_by_age.days_in_stage_from IS 'Days since the lead reached the stage: at least so many.';
COMMENT ON COLUMN crm.forecast_by_age.days_in_stage_to IS 'Days since the lead reached the stage: fewer than that; NULL = no limit.';
COMMENT ON COLUMN crm.forecast_by_age.win_probability IS 'Share won within horizon_days of the leads that were open at the end of a month in this stage for as long, 0 to 1 (Aalen-Johansen: open ones count for as long as they were observed, a lost lead never wins). Of those of leads_without_history: within the time that was observed, NULL when none was.';
COMMENT ON COLUMN crm.forecast_by_age.win_probability_low IS 'Lower end of the interval (log-log, Greenwood) of win_probability at rule.confidence_level; NULL where it is NULL, 0 or 1.';
COMMENT ON COLUMN crm.forecast_by_age.win_probability_high IS 'Upper end of the interval (log-log, Greenwood) of win_probability at rule.confidence_level; NULL where it is NULL, 0 or 1.';
COMMENT ON COLUMN crm.forecast_by_age.history_leads IS 'How many leads, observed for the whole horizon, win_probability is worth: what the intervals of the forecast rest on. The month ends of one lead overlap, and leads observed for a part count in part.';
COMMENT ON COLUMN crm.forecast_by_age.open_leads IS 'Counted leads that are neither won nor lost at observed_until.';
COMMENT ON COLUMN crm.forecast_by_age.leads_without_history IS 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they are expected to bring what was seen, so more may come.';
COMMENT ON COLUMN crm.forecast_by_age.expected_sales IS 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.';
COMMENT ON COLUMN crm.forecast_by_age.sales_low IS 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the probabilities.';
COMMENT ON COLUMN crm.forecast_by_age.sales_high IS 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may bring beyond the expectation.';
COMMENT ON COLUMN crm.forecast_by_age.expected_revenue IS 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue of won leads where it has none with an amount. NULL when that is not known either.';
COMMENT ON COLUMN crm.forecast_by_age.revenue_low IS 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.';
COMMENT ON COLUMN crm.forecast_by_age.revenue_high IS 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.';
COMMENT ON COLUMN crm.forecast_by_age.open_deals IS 'Deals of the open leads that were open at observed_until.';
COMMENT ON COLUMN crm.forecast_by_age.deals_without_amount IS 'Those of open_deals without an amount: they are not in the pipeline.';
COMMENT ON COLUMN crm.forecast_by_age.pipeline IS 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.';
COMMENT ON COLUMN crm.forecast_by_age.won_of_closed_deals IS 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none was closed.';
COMMENT ON COLUMN crm.forecast_by_age.weighted_pipeline IS 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead without a deal.';
CREATE VIEW crm.forecast_by_stage WITH (security_invoker='true') AS
WITH snapshot AS MATERIALIZED (
SELECT pipeline_snapshot.as_of,
pipeline_snapshot.is_now,
pipeline_snapshot.lead_id,
pipeline_snapshot.created_at,
pipeline_snapshot.channel,
pipeline_snapshot.campaign,
pipeline_snapshot.stage_position,
pipeline_snapshot.stage,
pipeline_snapshot.stage_entered_at,
pipeline_snapshot.won_at,
pipeline_snapshot.lost_at,
pipeline_snapshot.observed_until,
(width_bucket((date_part('epoch'::text, (pipeline_snapshot.as_of - pipeline_snapshot.stage_entered_at)) / (86400)::double precision), ARRAY[(7)::double precision, (14)::double precision, (30)::double precision, (90)::double precision, (180)::double precision]) + 1) AS band
FROM crm.pipeline_snapshot
), horizon AS (
SELECT days.days AS horizon_days,
make_interval(hours => (24 * days.days)) AS within
FROM unnest(ARRAY[30, 60, 90, 180, 365]) days(days)
), history AS MATERIALIZED (
SELECT c_1.stage_position,
c_1.band,
c_1.curve,
( SELECT max(points.age) AS max
FROM lead_kpi.points(c_1.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) AS observed
FROM ( SELECT snapshot.stage_position,
snapshot.band,
lead_kpi.conversion_curve(snapshot.as_of, snapshot.won_at, snapshot.lost_at, snapshot.observed_until, '00:00:00'::interval) AS curve
FROM snapshot
WHERE ((NOT snapshot.is_now) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))))
GROUP BY snapshot.stage_position, snapshot.band) c_1
), fate AS (
SELECT snapshot.stage_position,
snapshot.band,
(date_part('epoch'::text, (max(snapshot.as_of) - min(snapshot.as_of))) / (86400)::double precision) AS span_days,
CASE
WHEN bool_or(((snapshot.won_at IS NOT NULL) OR (snapshot.lost_at IS NOT NULL))) THEN 'Infinity'::double precision
ELSE (date_part('epoch'::text, (snapshot.observed_until - max(snapshot.as_of))) / (86400)::double precision)
END AS known_days
FROM snapshot
WHERE (NOT snapshot.is_now)
GROUP BY snapshot.stage_position, snapshot.band, snapshot.lead_id, snapshot.observed_until
), trial AS (
SELECT f.stage_position,
f.band,
h.horizon_days,
(sum((f.span_days + LEAST(f.known_days, (h.horizon_days)::double precision))) / (h.horizon_days)::double precision) AS trials
FROM (fate f
CROSS JOIN horizon h)
GROUP BY f.stage_position, f.band, h.horizon_days
), counted AS MATERIALIZED (
SELECT d.lead_id,
d.amount,
d.is_won,
COALESCE((d.closed_at <= o.observed_until), false) AS is_closed,
(COALESCE(LEAST(d.opened_at, d.closed_at), '-infinity'::timestamp with time zone) <= o.observed_until) AS is_there
FROM (crm.counted_deal d
CROSS JOIN crm.observation o)
WHERE (d.excluded_reason IS NULL)
), closed AS (
SELECT (lead_kpi.rate(count(*) FILTER (WHERE counted.is_won), count(*)))::double precision AS won_of_closed_deals
FROM counted
WHERE counted.is_closed
), basket AS (
SELECT avg(w.revenue) AS mean,
count(w.revenue) AS wins,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(avg(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS plain_mean,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(var_samp(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS variance
FROM ( SELECT sum(counted.amount) AS revenue
FROM counted
WHERE (counted.is_closed AND counted.is_won)
GROUP BY counted.lead_id) w
), offer AS (
SELECT counted.lead_id,
count(*) AS open_deals,
(count(*) - count(counted.amount)) AS deals_without_amount,
sum(counted.amount) AS amount
FROM counted
WHERE (counted.is_there AND (NOT counted.is_closed))
GROUP BY counted.lead_id
), present AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.band,
count(*) AS open_leads,
(COALESCE(sum(f.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(f.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(f.amount), (0)::numeric) AS amount,
(count(*) - count(f.amount)) AS leads_without_amount,
CASE
WHEN COALESCE(((min(f.amount) >= (0)::numeric) AND (max(f.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)), true) THEN (round(COALESCE(sum((f.amount * f.amount)), (0)::numeric), 30))::double precision
ELSE NULL::double precision
END AS squares
FROM (snapshot s_1
LEFT JOIN offer f USING (lead_id))
WHERE s_1.is_now
GROUP BY s_1.stage_position, s_1.stage, s_1.band
), told AS (
SELECT h.horizon_days,
y.stage_position,
y.band,
t.trials,
y.curve,
w.is_known,
CASE
WHEN w.is_known THEN h.within
ELSE y.observed
END AS within
FROM (((history y
CROSS JOIN horizon h)
CROSS JOIN LATERAL ( SELECT (lead_kpi.converted_within(y.curve, h.within) IS NOT NULL) AS is_known) w)
JOIN trial t ON (((t.stage_position = y.stage_position) AND (t.band = y.band) AND (t.horizon_days = h.horizon_days))))
), estimate AS (
SELECT t.horizon_days,
t.stage_position,
t.band,
t.trials,
t.curve,
t.is_known,
t.within,
e.win_probability,
lead_kpi.low(t.curve, t.within, r_1.confidence_level) AS win_probability_low,
lead_kpi.high(t.curve, t.within, r_1.confidence_level) AS win_probability_high,
LEAST(t.trials, ((e.win_probability * ((1)::double precision - e.win_probability)) / power(lead_kpi.std_error(t.curve, t.within), (2)::double precision))) AS history_leads
FROM ((told t
CROSS JOIN crm.rule r_1)
CROSS JOIN LATERAL ( SELECT lead_kpi.converted_within(t.curve, t.within) AS win_probability) e)
), cell AS (
SELECT h.horizon_days,
p.stage_position,
p.stage,
p.band,
p.open_leads,
p.open_deals,
p.deals_without_amount,
p.amount,
p.leads_without_amount,
p.squares,
(ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
e.win_probability,
e.win_probability_low,
e.win_probability_high,
e.history_leads,
COALESCE(e.is_known, false) AS is_known,
(p.amount +
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::numeric * b.mean)
ELSE (0)::numeric
END) AS baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::double precision * b.plain_mean)
ELSE (0)::double precision
END AS usual_baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN (((p.leads_without_amount)::double precision * b.plain_mean) * b.plain_mean)
ELSE (0)::double precision
END AS usual_squares,
CASE
WHEN (p.leads_without_amount > 0) THEN b.variance
ELSE (0)::double precision
END AS usual_variance
FROM (((present p
CROSS JOIN horizon h)
CROSS JOIN basket b)
LEFT JOIN estimate e ON (((e.stage_position = p.stage_position) AND (e.band = p.band) AND (e.horizon_days = h.horizon_days))))
), shared AS (
SELECT cell.horizon_days,
cell.stage_position,
cell.stage,
cell.band,
cell.open_leads,
cell.open_deals,
cell.deals_without_amount,
cell.amount,
cell.leads_without_amount,
cell.squares,
cell.days_in_stage_from,
cell.days_in_stage_to,
cell.win_probability,
cell.win_probability_low,
cell.win_probability_high,
cell.history_leads,
cell.is_known,
cell.baskets,
cell.usual_baskets,
cell.usual_squares,
cell.usual_variance,
CASE
WHEN (cell.win_probability IS NOT NULL) THEN ((cell.open_leads)::double precision / (sum(cell.open_leads) FILTER (WHERE (cell.win_probability IS NOT NULL)) OVER (PARTITION BY cell.stage_position, cell.stage, cell.horizon_days))::double precision)
ELSE NULL::double precision
END AS share
FROM cell
), judged AS (
SELECT shared.horizon_days,
shared.stage_position,
shared.stage,
shared.band,
shared.open_leads,
shared.open_deals,
shared.deals_without_amount,
shared.amount,
shared.leads_without_amount,
shared.squares,
shared.days_in_stage_from,
shared.days_in_stage_to,
shared.win_probability,
shared.win_probability_low,
shared.win_probability_high,
shared.history_leads,
shared.is_known,
shared.baskets,
shared.usual_baskets,
shared.usual_squares,
shared.usual_variance,
shared.share,
(((shared.win_probability * shared.history_leads) + (shared.share / (2)::double precision)) / (shared.history_leads + shared.share)) AS chance,
((1)::double precision / ((shared.history_leads + shared.share) + (1)::double precision)) AS doubt,
CASE
WHEN (shared.squares IS NOT NULL) THEN ((round(shared.amount, 30))::double precision + shared.usual_baskets)
ELSE NULL::double precision
END AS plain_baskets,
(shared.squares + shared.usual_squares) AS basket_squares
FROM shared
), summed AS (
SELECT c_1.stage_position,
c_1.stage,
h.horizon_days,
(COALESCE(sum(c_1.open_leads), (0)::numeric))::bigint AS open_leads,
(COALESCE(sum(c_1.open_leads) FILTER (WHERE (NOT c_1.is_known)), (0)::numeric))::bigint AS leads_without_history,
sum(c_1.open_leads) FILTER (WHERE (c_1.win_probability IS NOT NULL)) AS told_leads,
(COALESCE(sum(c_1.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(c_1.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(c_1.amount), (0)::numeric) AS amount,
sum(((c_1.open_leads)::double precision * c_1.win_probability)) AS sales,
sum(((c_1.open_leads)::double precision * c_1.chance)) AS mean_sales,
sum(((((c_1.open_leads)::double precision * c_1.chance) * ((1)::double precision - c_1.chance)) * ((1)::double precision + (((c_1.open_leads - 1))::double precision * c_1.doubt)))) AS variance_of_sales,
CASE
WHEN bool_and((c_1.baskets IS NOT NULL)) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum(((c_1.win_probability)::numeric * c_1.baskets))
ELSE NULL::numeric
END AS revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.plain_baskets IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum((c_1.chance * c_1.plain_baskets))
ELSE NULL::double precision
END AS mean_revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.usual_variance IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN (sum((((c_1.chance * ((1)::double precision - c_1.chance)) * (c_1.basket_squares + (c_1.doubt * GREATEST(((c_1.plain_baskets * c_1.plain_baskets) - c_1.basket_squares), (0)::double precision)))) + ((c_1.chance * (c_1.leads_without_amount)::double precision) * c_1.usual_variance))) + (power(sum((c_1.chance * (c_1.leads_without_amount)::double precision)), (2)::double precision) * COALESCE(max((c_1.usual_variance / (b.wins)::double precision)), (0)::double precision)))
ELSE NULL::double precision
END AS variance_of_revenue
FROM ((horizon h
CROSS JOIN basket b)
LEFT JOIN judged c_1 USING (horizon_days))
GROUP BY c_1.stage_position, c_1.stage, h.horizon_days
HAVING (count(c_1.open_leads) > 0)
), known_sum AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.horizon_days,
s_1.open_leads,
s_1.leads_without_history,
s_1.told_leads,
s_1.open_deals,
s_1.deals_without_amount,
s_1.amount,
s_1.sales,
s_1.mean_sales,
s_1.variance_of_sales,
s_1.revenue,
s_1.mean_revenue,
s_1.variance_of_revenue,
((s_1.open_leads = 0) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text)))) AS is_nothing,
CASE
WHEN ((s_1.open_deals = 0) OR (s_1.open_deals > s_1.deals_without_amount)) THEN round(s_1.amount, 2)
ELSE NULL::numeric
END AS pipeline
FROM summed s_1
)
SELECT k.horizon_days,
k.stage_position,
k.stage,
k.open_leads,
k.leads_without_history,
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE k.sales
END AS expected_sales,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE floor(s.low)
END)::bigint AS sales_low,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE
CASE
WHEN (s.high > (k.told_leads)::double precision) THEN (k.told_leads)::double precision
ELSE round(s.high)
END
END)::bigint AS sales_high,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round(k.revenue, 2)
END AS expected_revenue,
CASE
WHEN (k.is_nothing OR ((v.low IS NOT NULL) AND (s.low < (1)::double precision))) THEN (0)::numeric
ELSE round((v.low)::numeric, 2)
END AS revenue_low,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round((v.high)::numeric, 2)
END AS revenue_high,
k.open_deals,
k.deals_without_amount,
k.pipeline,
c.won_of_closed_deals,
round((k.pipeline * (c.won_of_closed_deals)::numeric), 2) AS weighted_pipeline
FROM ((((known_sum k
CROSS JOIN closed c)
JOIN crm.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s(low, high))
CROSS JOIN LATERAL lead_kpi.predict_amount(
CASE
WHEN ((k.mean_revenue > (0)::double precision) OR (k.variance_of_revenue = (0)::double precision)) THEN k.mean_revenue
ELSE NULL::double precision
END, k.variance_of_revenue, r.confidence_level) v(low, high))
ORDER BY k.stage_position, k.stage, k.horizon_days;
ALTER TABLE crm.forecast_by_stage OWNER TO kpi_owner;
COMMENT ON VIEW crm.forecast_by_stage IS 'forecast per stage that open leads are in.';
COMMENT ON COLUMN crm.forecast_by_stage.horizon_days IS 'Within how many days from observed_until, of 24 hours.';
COMMENT ON COLUMN crm.forecast_by_stage.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.forecast_by_stage.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.forecast_by_stage.open_leads IS 'Counted leads that are neither won nor lost at observed_until.';
COMMENT ON COLUMN crm.forecast_by_stage.leads_without_history IS 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they are expected to bring what was seen, so more may come.';
COMMENT ON COLUMN crm.forecast_by_stage.expected_sales IS 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.';
COMMENT ON COLUMN crm.forecast_by_stage.sales_low IS 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the probabilities.';
COMMENT ON COLUMN crm.forecast_by_stage.sales_high IS 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may bring beyond the expectation.';
COMMENT ON COLUMN crm.forecast_by_stage.expected_revenue IS 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue of won leads where it has none with an amount. NULL when that is not known either.';
COMMENT ON COLUMN crm.forecast_by_stage.revenue_low IS 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.';
COMMENT ON COLUMN crm.forecast_by_stage.revenue_high IS 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.';
COMMENT ON COLUMN crm.forecast_by_stage.open_deals IS 'Deals of the open leads that were open at observed_until.';
COMMENT ON COLUMN crm.forecast_by_stage.deals_without_amount IS 'Those of open_deals without an amount: they are not in the pipeline.';
COMMENT ON COLUMN crm.forecast_by_stage.pipeline IS 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.';
COMMENT ON COLUMN crm.forecast_by_stage.won_of_closed_deals IS 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none was closed.';
COMMENT ON COLUMN crm.forecast_by_stage.weighted_pipeline IS 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead without a deal.';
CREATE VIEW crm.funnel WITH (security_invoker='true') AS
WITH total AS (
SELECT lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM crm.ladder), ( SELECT rule.funnel_within
FROM crm.rule), ( SELECT rule.funnel_policy
FROM crm.rule)) AS f
FROM crm.funnel_event
)
SELECT l.stage_position,
l.stage,
COALESCE(s.leads, (0)::bigint) AS leads,
s.previous_leads,
COALESCE(s.entered_leads, (0)::bigint) AS entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM (crm.ladder l
LEFT JOIN ( SELECT p.stage_position,
p.stage,
p.leads,
p.previous_leads,
p.entered_leads,
p.step_rate,
p.step_rate_low,
p.step_rate_high,
p.total_rate,
p.total_rate_low,
p.total_rate_high,
p.median_days,
p.p90_days,
p.mean_days
FROM total,
LATERAL lead_kpi.plain_steps(total.f, ( SELECT rule.confidence_level
FROM crm.rule)) p(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)) s ON ((s.stage_position = l.stage_position)))
ORDER BY l.stage_position;
ALTER TABLE crm.funnel OWNER TO kpi_owner;
COMMENT ON VIEW crm.funnel IS 'All counted leads through the ladder, one row per stage.';
COMMENT ON COLUMN crm.funnel.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.funnel.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.funnel.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN crm.funnel.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN crm.funnel.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN crm.funnel.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.funnel.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN crm.funnel.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW crm.funnel_by_campaign WITH (security_invoker='true') AS
SELECT g.channel,
g.campaign,
s.stage_position,
s.stage,
s.leads,
s.previous_leads,
s.entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM ( SELECT funnel_event.channel,
funnel_event.campaign,
lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM crm.ladder), ( SELECT rule.funnel_within
FROM crm.rule), ( SELECT rule.funnel_policy
FROM crm.rule)) AS f
FROM crm.funnel_event
GROUP BY funnel_event.channel, funnel_event.campaign) g,
LATERAL lead_kpi.plain_steps(g.f, ( SELECT rule.confidence_level
FROM crm.rule)) s(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)
ORDER BY g.channel, g.campaign, s.stage_position;
ALTER TABLE crm.funnel_by_campaign OWNER TO kpi_owner;
COMMENT ON VIEW crm.funnel_by_campaign IS 'The funnel per channel and campaign of the lead; NULL = none or unknown, a row of its own.';
COMMENT ON COLUMN crm.funnel_by_campaign.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.funnel_by_campaign.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.funnel_by_campaign.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.funnel_by_campaign.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.funnel_by_campaign.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN crm.funnel_by_campaign.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN crm.funnel_by_campaign.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN crm.funnel_by_campaign.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.funnel_by_campaign.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_campaign.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_campaign.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN crm.funnel_by_campaign.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_campaign.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_campaign.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel_by_campaign.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel_by_campaign.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW crm.funnel_by_channel WITH (security_invoker='true') AS
SELECT g.channel,
s.stage_position,
s.stage,
s.leads,
s.previous_leads,
s.entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM ( SELECT funnel_event.channel,
lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM crm.ladder), ( SELECT rule.funnel_within
FROM crm.rule), ( SELECT rule.funnel_policy
FROM crm.rule)) AS f
FROM crm.funnel_event
GROUP BY funnel_event.channel) g,
LATERAL lead_kpi.plain_steps(g.f, ( SELECT rule.confidence_level
FROM crm.rule)) s(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)
ORDER BY g.channel, s.stage_position;
ALTER TABLE crm.funnel_by_channel OWNER TO kpi_owner;
COMMENT ON VIEW crm.funnel_by_channel IS 'The funnel per channel of the lead; leads without a channel are a row of their own (NULL).';
COMMENT ON COLUMN crm.funnel_by_channel.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.funnel_by_channel.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.funnel_by_channel.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.funnel_by_channel.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN crm.funnel_by_channel.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN crm.funnel_by_channel.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN crm.funnel_by_channel.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.funnel_by_channel.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_channel.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_channel.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN crm.funnel_by_channel.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_channel.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_channel.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel_by_channel.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel_by_channel.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW crm.funnel_by_month WITH (security_invoker='true') AS
SELECT g.month,
s.stage_position,
s.stage,
s.leads,
s.previous_leads,
s.entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM ( SELECT funnel_event.month,
lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM crm.ladder), ( SELECT rule.funnel_within
FROM crm.rule), ( SELECT rule.funnel_policy
FROM crm.rule)) AS f
FROM crm.funnel_event
GROUP BY funnel_event.month) g,
LATERAL lead_kpi.plain_steps(g.f, ( SELECT rule.confidence_level
FROM crm.rule)) s(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)
ORDER BY g.month, s.stage_position;
ALTER TABLE crm.funnel_by_month OWNER TO kpi_owner;
COMMENT ON VIEW crm.funnel_by_month IS 'The funnel per cohort: the month in which the leads were created, whenever they moved on. The newest months have had less time: a lower rate there is not yet a drop.';
COMMENT ON COLUMN crm.funnel_by_month.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.funnel_by_month.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.funnel_by_month.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.funnel_by_month.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN crm.funnel_by_month.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN crm.funnel_by_month.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN crm.funnel_by_month.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.funnel_by_month.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_month.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_month.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN crm.funnel_by_month.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_month.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.funnel_by_month.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel_by_month.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN crm.funnel_by_month.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW crm.lead_features WITH (security_invoker='true') AS
WITH setting AS MATERIALIZED (
SELECT make_interval(secs => (EXTRACT(epoch FROM rule.score_horizon))::double precision) AS horizon,
rule.score_features AS features,
(EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))) AS has_won,
((rule.scorecard IS NOT NULL) OR (rule.score_features && '{recent_touches,touch_kinds}'::text[])) AS reads_touches
FROM crm.rule
WHERE (rule.id = 1)
), known AS MATERIALIZED (
SELECT l.lead_id,
l.kind,
CASE
WHEN (r.score_attributes IS NULL) THEN lead_kpi.known_attributes(l.attributes)
ELSE ( SELECT jsonb_object_agg(a.key, a.value) AS jsonb_object_agg
FROM jsonb_each(lead_kpi.known_attributes(l.attributes)) a(key, value)
WHERE (a.key = ANY (r.score_attributes)))
END AS attributes
FROM (crm.counted_lead l
JOIN crm.rule r ON ((r.id = 1)))
WHERE
CASE
WHEN (l.excluded_reason IS NULL) THEN true
ELSE false
END
), touched AS (
SELECT touch.lead_id,
array_agg(touch.touched_at ORDER BY touch.touched_at) AS times,
array_agg(touch.kind ORDER BY touch.touched_at) AS kinds
FROM crm.touch
WHERE (isfinite(touch.touched_at) AND ( SELECT setting.reads_touches
FROM setting))
GROUP BY touch.lead_id
)
SELECT s.as_of,
s.is_now,
s.lead_id,
((COALESCE(k.attributes, '{}'::jsonb) || jsonb_build_object('lead', jsonb_strip_nulls(jsonb_build_object('channel',
CASE
WHEN ('channel'::text = ANY (g.features)) THEN s.channel
ELSE NULL::text
END, 'campaign',
CASE
WHEN ('campaign'::text = ANY (g.features)) THEN s.campaign
ELSE NULL::text
END, 'kind',
CASE
WHEN ('kind'::text = ANY (g.features)) THEN k.kind
ELSE NULL::text
END, 'stage',
CASE
WHEN ('stage'::text = ANY (g.features)) THEN (s.stage || (ARRAY[', under 30 days'::text, ', 30 to 89 days'::text, ', 90 days or more'::text])[(1 + width_bucket(EXTRACT(day FROM (s.as_of - s.stage_entered_at)), '{30,90}'::numeric[]))])
ELSE NULL::text
END, 'recent_touches',
CASE
WHEN ('recent_touches'::text = ANY (g.features)) THEN COALESCE((width_bucket(s.as_of, t.times) - width_bucket((s.as_of - '720:00:00'::interval), t.times)), 0)
ELSE NULL::integer
END, 'touch_kinds',
CASE
WHEN ('touch_kinds'::text = ANY (g.features)) THEN NULLIF(array_remove(t.kinds[:width_bucket(s.as_of, t.times)], NULL::text), '{}'::text[])
ELSE NULL::text[]
END)))))::text AS attributes,
lead_kpi.fit(( SELECT rule.scorecard
FROM crm.rule), k.attributes) AS fit,
CASE
WHEN (( SELECT rule.scorecard
FROM crm.rule) IS NOT NULL) THEN ( SELECT lead_kpi.engagement(( SELECT rule.scorecard
FROM crm.rule), e.kind, e.at, s.as_of) AS engagement
FROM UNNEST(t.times, t.kinds) e(at, kind)
WHERE (e.at <= s.as_of))
ELSE NULL::double precision
END AS engagement,
((s.as_of + g.horizon) <= s.observed_until) AS is_mature,
CASE
WHEN (g.has_won AND ((s.as_of + g.horizon) <= s.observed_until)) THEN COALESCE((s.won_at <= (s.as_of + g.horizon)), false)
ELSE NULL::boolean
END AS won_within
FROM (((crm.pipeline_snapshot s
CROSS JOIN setting g)
JOIN known k USING (lead_id))
LEFT JOIN touched t USING (lead_id));
ALTER TABLE crm.lead_features OWNER TO kpi_owner;
COMMENT ON VIEW crm.lead_features IS 'What was known of each lead of pipeline_snapshot at that moment, as one JSON object for lead_kpi.lead_profile: its own attributes (those of rule.score_attributes), and under lead what rule.score_features names, as of then. Beside it the score by rule.scorecard, and whether the lead was won within rule.score_horizon.';
COMMENT ON COLUMN crm.lead_features.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.lead_features.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN crm.lead_features.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.lead_features.attributes IS 'What was known of the lead at as_of, as JSON text: the members of lead.attributes that rule.score_attributes names, and under lead what rule.score_features names: channel, campaign, kind, stage and for how long, recent_touches, touch_kinds.';
COMMENT ON COLUMN crm.lead_features.fit IS 'Points of the fit rules of rule.scorecard for the members of lead.attributes that rule.score_attributes names; NULL without a scorecard.';
COMMENT ON COLUMN crm.lead_features.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches up to as_of, as of then; NULL = no touch, or no scorecard.';
COMMENT ON COLUMN crm.lead_features.is_mature IS 'True when rule.score_horizon had passed by observed_until: the outcome is final.';
COMMENT ON COLUMN crm.lead_features.won_within IS 'Whether the lead was won within rule.score_horizon after as_of; NULL until is_mature, and without a stage with role won. Of the future, seen from as_of.';
CREATE TABLE crm.learned_profile (
as_of timestamp with time zone NOT NULL,
profile lead_kpi.lead_profile NOT NULL,
leads bigint NOT NULL,
converted bigint,
known_from timestamp with time zone NOT NULL,
is_mature boolean NOT NULL
);
ALTER TABLE crm.learned_profile OWNER TO kpi_owner;
COMMENT ON TABLE crm.learned_profile IS 'What lead_kpi.train_mart learned: per month end, and the moment of training, a profile of the leads that were open then. Written by train_mart only; empty = nothing learned.';
COMMENT ON COLUMN crm.learned_profile.as_of IS 'The moment: what was known of the leads by then is in the profile.';
COMMENT ON COLUMN crm.learned_profile.profile IS 'The leads, and where is_mature which of them were won within rule.score_horizon; elsewhere none counts as won, and only lead_kpi.drift may read it.';
COMMENT ON COLUMN crm.learned_profile.leads IS 'Leads that were open at as_of.';
COMMENT ON COLUMN crm.learned_profile.converted IS 'Those of them that were won within rule.score_horizon; NULL = not known yet.';
COMMENT ON COLUMN crm.learned_profile.known_from IS 'as_of + rule.score_horizon: from then on it is known who was won within it. A score of an earlier moment must not learn from this row.';
COMMENT ON COLUMN crm.learned_profile.is_mature IS 'True when known_from was not after observed_until: the row may be learned from.';
CREATE VIEW crm.score_history WITH (security_invoker='true') AS
WITH model AS MATERIALIZED (
SELECT m_1.as_of,
( SELECT lead_kpi.rollup(p.profile) AS rollup
FROM (crm.learned_profile p
JOIN crm.rule r ON ((r.id = 1)))
WHERE (p.is_mature AND (p.known_from <= m_1.as_of) AND (p.known_from = (p.as_of + make_interval(secs => (EXTRACT(epoch FROM r.score_horizon))::double precision))))) AS profile
FROM crm.pipeline_moment m_1
)
SELECT s.as_of,
s.is_now,
s.lead_id,
s.fit,
s.engagement,
lead_kpi.score(( SELECT rule.scorecard
FROM crm.rule), s.fit, s.engagement) AS total,
lead_kpi.grade(( SELECT rule.scorecard
FROM crm.rule), s.fit, s.engagement) AS grade,
lead_kpi.probability(m.profile, (s.attributes)::jsonb) AS probability,
( SELECT string_agg(format('%s %s %s%s'::text, top.attribute, top.value,
CASE
WHEN (top.log_odds > (0)::double precision) THEN '+'::text
ELSE NULL::text
END, round((top.log_odds)::numeric, 2)), '; '::text ORDER BY (abs(top.log_odds)) DESC, (top.attribute COLLATE "C"), (top.value COLLATE "C")) AS string_agg
FROM ( SELECT e.attribute,
e.value,
e.log_odds
FROM lead_kpi.explain(m.profile, (s.attributes)::jsonb) e(attribute, value, log_odds, converted, not_converted, reason)
WHERE ((e.attribute IS NOT NULL) AND (e.log_odds <> (0)::double precision))
ORDER BY (abs(e.log_odds)) DESC, (e.attribute COLLATE "C"), (e.value COLLATE "C")
LIMIT 3) top) AS probability_reasons,
s.is_mature,
s.won_within
FROM (( SELECT lead_features.as_of,
lead_features.is_now,
lead_features.lead_id,
lead_features.fit,
lead_features.engagement,
lead_features.is_mature,
lead_features.won_within,
CASE
WHEN ( SELECT bool_or(learned_profile.is_mature) AS bool_or
FROM crm.learned_profile) THEN lead_features.attributes
ELSE NULL::text
END AS attributes
FROM crm.lead_features
ORDER BY lead_features.as_of) s
LEFT JOIN model m USING (as_of));
ALTER TABLE crm.score_history OWNER TO kpi_owner;
COMMENT ON VIEW crm.score_history IS 'How each lead of pipeline_snapshot was scored at that moment, by rule.scorecard and by the probability learned by then, and whether it was won within rule.score_horizon: what score_quality counts.';
COMMENT ON COLUMN crm.score_history.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.score_history.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN crm.score_history.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.score_history.fit IS 'Points of the fit rules of rule.scorecard for the members of lead.attributes that rule.score_attributes names; NULL without a scorecard.';
COMMENT ON COLUMN crm.score_history.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches up to as_of, as of then; NULL = no touch, or no scorecard.';
COMMENT ON COLUMN crm.score_history.total IS 'fit + engagement, within total_cap and total_floor of the scorecard.';
COMMENT ON COLUMN crm.score_history.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN crm.score_history.probability IS 'Probability that the lead is won within rule.score_horizon of as_of, by what could have been learned by then, 0.0001 to 0.9999; NULL while nothing could.';
COMMENT ON COLUMN crm.score_history.probability_reasons IS 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.';
COMMENT ON COLUMN crm.score_history.is_mature IS 'True when rule.score_horizon had passed by observed_until: the outcome is final.';
COMMENT ON COLUMN crm.score_history.won_within IS 'Whether the lead was won within rule.score_horizon after as_of; NULL until is_mature, and without a stage with role won. Of the future, seen from as_of.';
CREATE VIEW crm.lead_score WITH (security_invoker='true') AS
WITH known AS (
SELECT counted_lead.lead_id,
counted_lead.created_at,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month,
lead_kpi.known_attributes(counted_lead.attributes) AS attributes
FROM crm.counted_lead
WHERE (counted_lead.excluded_reason IS NULL)
), engaged AS (
SELECT touch.lead_id,
lead_kpi.engagement(( SELECT rule.scorecard
FROM crm.rule), touch.kind, touch.touched_at, ( SELECT observation.observed_until
FROM crm.observation)) AS engagement,
lead_kpi.explain_engagement(( SELECT rule.scorecard
FROM crm.rule), touch.kind, touch.touched_at, ( SELECT observation.observed_until
FROM crm.observation)) AS parts
FROM crm.touch
WHERE (isfinite(touch.touched_at) AND (( SELECT rule.scorecard
FROM crm.rule) IS NOT NULL))
GROUP BY touch.lead_id
), likely AS (
SELECT score_history.lead_id,
score_history.probability,
score_history.probability_reasons
FROM crm.score_history
WHERE (score_history.is_now AND ( SELECT bool_or(learned_profile.is_mature) AS bool_or
FROM crm.learned_profile))
)
SELECT k.lead_id,
k.created_at,
k.channel,
k.campaign,
k.month,
f.fit,
e.engagement,
lead_kpi.score(( SELECT rule.scorecard
FROM crm.rule), f.fit, e.engagement) AS total,
lead_kpi.grade(( SELECT rule.scorecard
FROM crm.rule), f.fit, e.engagement) AS grade,
( SELECT string_agg(format('%s +%s'::text, top.rule, trim_scale(round(top.points, 2))), '; '::text ORDER BY top.points DESC, (top.rule COLLATE "C")) AS string_agg
FROM ( SELECT part.rule,
part.points
FROM ( SELECT explain.rule,
explain.points,
explain.reason
FROM lead_kpi.explain(( SELECT rule.scorecard
FROM crm.rule), k.attributes) explain(rule, points, reason)
UNION ALL
SELECT unnest.rule,
unnest.points,
unnest.reason
FROM unnest(e.parts) unnest(rule, points, reason)) part
WHERE (part.points > (0)::numeric)
ORDER BY part.points DESC, (part.rule COLLATE "C")
LIMIT 3) top) AS reasons,
p.probability,
p.probability_reasons
FROM (((known k
LEFT JOIN engaged e USING (lead_id))
LEFT JOIN likely p USING (lead_id))
CROSS JOIN LATERAL ( SELECT lead_kpi.fit(( SELECT rule.scorecard
FROM crm.rule), k.attributes) AS fit) f)
WHERE ((( SELECT rule.scorecard
FROM crm.rule) IS NOT NULL) OR ( SELECT bool_or(learned_profile.is_mature) AS bool_or
FROM crm.learned_profile));
ALTER TABLE crm.lead_score OWNER TO kpi_owner;
COMMENT ON VIEW crm.lead_score IS 'Every counted lead''s score by rule.scorecard: fit from lead.attributes, engagement from table touch as of observation.observed_until; and for open leads the probability of being won, by what train_mart learned. Empty without either.';
COMMENT ON COLUMN crm.lead_score.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.lead_score.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN crm.lead_score.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.lead_score.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.lead_score.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.lead_score.fit IS 'Points of the fit rules of rule.scorecard for lead.attributes; attributes that are no object tell nothing.';
COMMENT ON COLUMN crm.lead_score.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches (the event is touch.kind) as of observed_until; NULL = no touch.';
COMMENT ON COLUMN crm.lead_score.total IS 'fit + engagement, within total_cap and total_floor of the scorecard.';
COMMENT ON COLUMN crm.lead_score.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN crm.lead_score.reasons IS 'The three parts of the score with the most points above 0, each with its points; NULL = none.';
COMMENT ON COLUMN crm.lead_score.probability IS 'Probability that the lead, open now, is won within rule.score_horizon of observed_until, by what lead_kpi.train_mart learned, 0.0001 to 0.9999. NULL for leads that are won or lost, and while nothing is learned.';
COMMENT ON COLUMN crm.lead_score.probability_reasons IS 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.';
CREATE VIEW crm.hand_off WITH (security_invoker='true') AS
SELECT s.lead_id,
s.created_at,
((EXTRACT(epoch FROM (o.observed_until - s.created_at)) / (86400)::numeric))::double precision AS age_days,
s.channel,
s.campaign,
s.fit,
s.engagement,
s.total,
s.grade,
s.reasons,
s.probability,
s.probability_reasons
FROM (crm.lead_score s
CROSS JOIN crm.observation o)
WHERE (lead_kpi.hand_off(( SELECT rule.scorecard
FROM crm.rule), s.fit, s.engagement) AND (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = ( SELECT rule.transmitted_role
FROM crm.rule)))) AND (NOT (s.lead_id IN ( SELECT e.lead_id
FROM (crm.funnel_event e
JOIN crm.ladder l USING (stage))
WHERE (l.stage_position >= ( SELECT ladder.stage_position
FROM crm.ladder
WHERE (ladder.role = ( SELECT rule.transmitted_role
FROM crm.rule))))))))
ORDER BY s.created_at, s.lead_id;
ALTER TABLE crm.hand_off OWNER TO kpi_owner;
COMMENT ON VIEW crm.hand_off IS 'The work list for sales: leads past the hand-off threshold of rule.scorecard that were not transmitted yet (no event at the stage with role rule.transmitted_role or a later one), oldest first. Empty without a scorecard, without hand_off in it, and without such a stage.';
COMMENT ON COLUMN crm.hand_off.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN crm.hand_off.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN crm.hand_off.age_days IS 'Age of a lead, in days of 24 hours since its creation.';
COMMENT ON COLUMN crm.hand_off.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.hand_off.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.hand_off.fit IS 'Points of the fit rules of rule.scorecard for lead.attributes; attributes that are no object tell nothing.';
COMMENT ON COLUMN crm.hand_off.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches (the event is touch.kind) as of observed_until; NULL = no touch.';
COMMENT ON COLUMN crm.hand_off.total IS 'fit + engagement, within total_cap and total_floor of the scorecard.';
COMMENT ON COLUMN crm.hand_off.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN crm.hand_off.reasons IS 'The three parts of the score with the most points above 0, each with its points; NULL = none.';
COMMENT ON COLUMN crm.hand_off.probability IS 'Probability that the lead, open now, is won within rule.score_horizon of observed_until, by what lead_kpi.train_mart learned, 0.0001 to 0.9999. NULL for leads that are won or lost, and while nothing is learned.';
COMMENT ON COLUMN crm.hand_off.probability_reasons IS 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.';
CREATE VIEW crm.icp_fit WITH (security_invoker='true') AS
WITH counted AS (
SELECT f.month,
f.channel,
count(*) AS leads,
CASE
WHEN (r_1.icp_fit IS NOT NULL) THEN count(*) FILTER (WHERE (f.fit >= r_1.icp_fit))
ELSE NULL::bigint
END AS in_icp,
CASE
WHEN (w.has_won AND (r_1.icp_fit IS NOT NULL)) THEN count(o.won_at) FILTER (WHERE (f.fit >= r_1.icp_fit))
ELSE NULL::bigint
END AS won_in_icp,
CASE
WHEN (w.has_won AND (r_1.icp_fit IS NOT NULL)) THEN count(o.won_at) FILTER (WHERE (f.fit < r_1.icp_fit))
ELSE NULL::bigint
END AS won_outside
FROM (((( SELECT counted_lead.lead_id,
counted_lead.month,
counted_lead.channel,
lead_kpi.fit(( SELECT rule.scorecard
FROM crm.rule), lead_kpi.known_attributes(counted_lead.attributes)) AS fit
FROM crm.counted_lead
WHERE (counted_lead.excluded_reason IS NULL)) f
JOIN crm.lead_outcome o USING (lead_id))
JOIN crm.rule r_1 ON ((r_1.id = 1)))
CROSS JOIN ( SELECT (EXISTS ( SELECT
FROM crm.ladder
WHERE (ladder.role = 'won'::text))) AS has_won) w)
WHERE (r_1.scorecard IS NOT NULL)
GROUP BY f.month, f.channel, r_1.icp_fit, w.has_won
), rated AS (
SELECT counted.month,
counted.channel,
counted.leads,
counted.in_icp,
counted.won_in_icp,
counted.won_outside,
(counted.leads - counted.in_icp) AS outside,
lead_kpi.rate(counted.in_icp, counted.leads) AS share,
lead_kpi.rate(counted.won_in_icp, counted.in_icp) AS won_in,
lead_kpi.rate(counted.won_outside, (counted.leads - counted.in_icp)) AS won_out
FROM counted
)
SELECT c.month,
c.channel,
c.leads,
c.in_icp,
(c.share)::double precision AS icp_share,
lead_kpi.low(c.share, r.confidence_level) AS icp_share_low,
lead_kpi.high(c.share, r.confidence_level) AS icp_share_high,
c.won_in_icp,
(c.won_in)::double precision AS icp_to_won,
lead_kpi.low(c.won_in, r.confidence_level) AS icp_to_won_low,
lead_kpi.high(c.won_in, r.confidence_level) AS icp_to_won_high,
c.outside,
c.won_outside,
(c.won_out)::double precision AS outside_to_won,
lead_kpi.low(c.won_out, r.confidence_level) AS outside_to_won_low,
lead_kpi.high(c.won_out, r.confidence_level) AS outside_to_won_high
FROM (rated c
JOIN crm.rule r ON ((r.id = 1)))
ORDER BY c.month, c.channel;
ALTER TABLE crm.icp_fit OWNER TO kpi_owner;
COMMENT ON VIEW crm.icp_fit IS 'Per month and channel: how many leads fit the ideal customer profile (fit of at least rule.icp_fit), and how many were won inside and outside of it. Empty without a scorecard; NULL but for leads without rule.icp_fit.';
COMMENT ON COLUMN crm.icp_fit.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN crm.icp_fit.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.icp_fit.leads IS 'Counted leads: in_icp + outside.';
COMMENT ON COLUMN crm.icp_fit.in_icp IS 'Leads with a fit of at least rule.icp_fit; NULL while that is not stated.';
COMMENT ON COLUMN crm.icp_fit.icp_share IS 'in_icp / leads, 0 to 1. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.icp_fit.icp_share_low IS 'Lower end of the Wilson interval of icp_share at rule.confidence_level.';
COMMENT ON COLUMN crm.icp_fit.icp_share_high IS 'Upper end of the Wilson interval of icp_share at rule.confidence_level.';
COMMENT ON COLUMN crm.icp_fit.won_in_icp IS 'Leads of in_icp that reached the stage with role won; NULL when the ladder has none.';
COMMENT ON COLUMN crm.icp_fit.icp_to_won IS 'won_in_icp / in_icp, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN crm.icp_fit.icp_to_won_low IS 'Lower end of the Wilson interval of icp_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.icp_fit.icp_to_won_high IS 'Upper end of the Wilson interval of icp_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.icp_fit.outside IS 'Leads with a fit below rule.icp_fit; NULL while that is not stated.';
COMMENT ON COLUMN crm.icp_fit.won_outside IS 'Leads of outside that reached the stage with role won; NULL when the ladder has none.';
COMMENT ON COLUMN crm.icp_fit.outside_to_won IS 'won_outside / outside, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN crm.icp_fit.outside_to_won_low IS 'Lower end of the Wilson interval of outside_to_won at rule.confidence_level.';
COMMENT ON COLUMN crm.icp_fit.outside_to_won_high IS 'Upper end of the Wilson interval of outside_to_won at rule.confidence_level.';
CREATE VIEW crm.journey_paths WITH (security_invoker='true') AS
WITH built AS MATERIALIZED (
SELECT lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.value, ( SELECT rule.attribution_lookback
FROM crm.rule)) AS won,
lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.refund, ( SELECT rule.attribution_lookback
FROM crm.rule)) FILTER (WHERE ( SELECT (EXISTS ( SELECT
FROM crm.deal
WHERE (deal.amount < (0)::numeric))) AS "exists")) AS refunded
FROM ( SELECT journey_event.lead_id,
journey_event.channel,
journey_event.campaign,
journey_event.touched_at,
journey_event.milestone,
journey_event.converted_at,
journey_event.value,
journey_event.refund,
CASE
WHEN (journey_event.touched_at IS NOT NULL) THEN COALESCE(journey_event.channel, ''::text)
ELSE NULL::text
END AS name
FROM crm.journey_event) e
), part AS (
SELECT p.path,
p.conversions,
p.value,
p.nulls
FROM built,
LATERAL lead_kpi.paths(built.won) p(path, conversions, value, nulls, milestones)
UNION ALL
SELECT p.path,
0,
(- p.value),
0
FROM built,
LATERAL lead_kpi.paths(built.refunded) p(path, conversions, value, nulls, milestones)
), summed AS (
SELECT part.path,
(sum(part.conversions))::bigint AS conversions,
sum(part.value) AS value,
(sum(part.nulls))::bigint AS nulls
FROM part
GROUP BY part.path
), rated AS (
SELECT NULLIF(array_to_string(array_replace(summed.path, ''::text, '(unknown)'::text), ' > '::text), ''::text) AS path,
cardinality(summed.path) AS touches,
summed.conversions,
trim_scale(round((summed.value)::numeric, 10)) AS revenue,
summed.nulls,
CASE
WHEN (cardinality(summed.path) > 0) THEN lead_kpi.rate(summed.conversions, (summed.conversions + summed.nulls))
ELSE NULL::lead_kpi.rate
END AS conversion
FROM summed
)
SELECT rated.path,
rated.touches,
rated.conversions,
rated.revenue,
rated.nulls,
(rated.conversion)::double precision AS conversion_rate,
lead_kpi.low(rated.conversion, ( SELECT rule.confidence_level
FROM crm.rule)) AS conversion_rate_low,
lead_kpi.high(rated.conversion, ( SELECT rule.confidence_level
FROM crm.rule)) AS conversion_rate_high
FROM rated
ORDER BY rated.conversions DESC, rated.revenue DESC, rated.nulls DESC, rated.path;
ALTER TABLE crm.journey_paths OWNER TO kpi_owner;
COMMENT ON VIEW crm.journey_paths IS 'The paths that leads take, one row per path, the ones that won most deals first; ORDER BY revenue DESC for the most valuable. A lead has a journey per won deal, which owns the touches since the deal before, and one more when touches follow the last deal or there is none.';
COMMENT ON COLUMN crm.journey_paths.path IS 'Channels of the touches in order, joined by '' > ''; (unknown) = a touch without a channel. NULL = no touch.';
COMMENT ON COLUMN crm.journey_paths.touches IS 'Touches on the path.';
COMMENT ON COLUMN crm.journey_paths.conversions IS 'Won deals at the end of this path.';
COMMENT ON COLUMN crm.journey_paths.revenue IS 'Sum of the known amounts of these deals.';
COMMENT ON COLUMN crm.journey_paths.nulls IS 'Journeys of this path that won no deal, or none yet.';
COMMENT ON COLUMN crm.journey_paths.conversion_rate IS 'conversions / (conversions + nulls), 0 to 1; NULL without touches, where only wins are known. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.journey_paths.conversion_rate_low IS 'Lower end of the Wilson interval of conversion_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.journey_paths.conversion_rate_high IS 'Upper end of the Wilson interval of conversion_rate at rule.confidence_level.';
CREATE VIEW crm.lead_generated WITH (security_invoker='true') AS
SELECT counted_lead.day,
counted_lead.kind,
counted_lead.channel,
counted_lead.campaign,
count(*) AS gross,
count(*) FILTER (WHERE (counted_lead.excluded_reason = ANY (ARRAY['no_lead_id'::text, 'no_created_at'::text, 'repeated_lead_id'::text]))) AS excluded_invalid,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'kind'::text)) AS excluded_kind,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'test'::text)) AS excluded_test,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'bot'::text)) AS excluded_bot,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'internal'::text)) AS excluded_internal,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'duplicate'::text)) AS excluded_duplicate,
count(*) FILTER (WHERE (counted_lead.excluded_reason IS NULL)) AS counted
FROM crm.counted_lead
GROUP BY counted_lead.day, counted_lead.kind, counted_lead.channel, counted_lead.campaign
ORDER BY counted_lead.day, counted_lead.kind, counted_lead.channel, counted_lead.campaign;
ALTER TABLE crm.lead_generated OWNER TO kpi_owner;
COMMENT ON VIEW crm.lead_generated IS 'Leads generated per day, kind, channel and campaign: gross = counted + the excluded columns. A NULL channel, campaign, kind or day is unknown and has its own row.';
COMMENT ON COLUMN crm.lead_generated.day IS 'Day of the lead''s creation in the mart''s time zone; NULL when unknown.';
COMMENT ON COLUMN crm.lead_generated.kind IS 'What generated the lead; NULL = unknown.';
COMMENT ON COLUMN crm.lead_generated.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.lead_generated.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.lead_generated.gross IS 'Rows of lead: counted plus every excluded column.';
COMMENT ON COLUMN crm.lead_generated.excluded_invalid IS 'Not counted: no lead_id, no (finite) created_at, or a row that repeats a lead_id.';
COMMENT ON COLUMN crm.lead_generated.excluded_kind IS 'Not counted: a kind outside rule.counted_kinds.';
COMMENT ON COLUMN crm.lead_generated.excluded_test IS 'Not counted: a test, by rule.test_pattern.';
COMMENT ON COLUMN crm.lead_generated.excluded_bot IS 'Not counted: a bot, by rule.bot_pattern.';
COMMENT ON COLUMN crm.lead_generated.excluded_internal IS 'Not counted: the own company, by rule.internal_domains and rule.internal_pattern.';
COMMENT ON COLUMN crm.lead_generated.excluded_duplicate IS 'Not counted: came again, by rule.duplicate_key and rule.duplicate_window.';
COMMENT ON COLUMN crm.lead_generated.counted IS 'Leads that every KPI counts.';
CREATE VIEW crm.marginal_return WITH (security_invoker='true') AS
WITH complete AS (
SELECT c.month,
c.channel,
sum(c.spend) AS spend,
sum(c.leads) AS leads,
sum(c.leads) FILTER (WHERE c.is_mature) AS mature_leads,
sum(c.won) FILTER (WHERE c.is_mature) AS mature_won,
sum(c.deals_won) FILTER (WHERE c.is_mature) AS mature_deals,
sum(c.revenue) FILTER (WHERE (c.is_mature AND (c.won > 0))) AS mature_revenue
FROM ((crm.cpl_to_revenue c
CROSS JOIN crm.rule r)
CROSS JOIN crm.observation o)
WHERE ((r.id = 1) AND (c.month < date_trunc('month'::text, timezone(r.time_zone, o.observed_until))))
GROUP BY c.month, c.channel
), summed AS (
SELECT complete.channel,
lead_kpi.marginal_cost(GREATEST(complete.spend, (0)::numeric), complete.leads, ( SELECT rule.confidence_level
FROM crm.rule)) AS cost,
sum(complete.spend) FILTER (WHERE (complete.spend > (0)::numeric)) AS spend,
(COALESCE(sum(complete.leads) FILTER (WHERE (complete.spend > (0)::numeric)), (0)::numeric))::bigint AS leads,
(sum(complete.mature_leads))::bigint AS mature_leads,
(sum(complete.mature_deals))::bigint AS mature_deals,
CASE
WHEN (sum(complete.mature_won) > (0)::numeric) THEN sum(complete.mature_revenue)
WHEN (sum(complete.mature_leads) > (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS mature_revenue
FROM complete
GROUP BY complete.channel
), worth AS (
SELECT s.channel,
s.cost,
s.spend,
s.leads,
s.mature_leads,
s.mature_deals,
s.mature_revenue,
r.gross_margin,
lead_kpi.revenue_per_lead(s.mature_revenue, s.mature_leads) AS revenue_per_lead,
i.low,
i.high,
(r.gross_margin * COALESCE((s.mature_revenue / (NULLIF(s.mature_deals, 0))::numeric), (sum(s.mature_revenue) OVER () / NULLIF(sum(s.mature_deals) FILTER (WHERE (s.mature_revenue IS NOT NULL)) OVER (), (0)::numeric)))) AS margin
FROM ((summed s
JOIN crm.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.cost_interval((1)::numeric, COALESCE(s.mature_deals, (0)::bigint), r.confidence_level) i(low, high))
), returned AS (
SELECT worth.channel,
worth.cost,
worth.spend,
worth.leads,
worth.mature_leads,
worth.mature_deals,
worth.mature_revenue,
worth.gross_margin,
worth.revenue_per_lead,
worth.low,
worth.high,
worth.margin,
lead_kpi.break_even_cpl(worth.revenue_per_lead, worth.gross_margin) AS break_even_cpl,
CASE
WHEN ((worth.mature_revenue IS NOT NULL) AND (worth.margin > (0)::numeric)) THEN (((((1)::double precision / worth.high))::numeric * worth.margin) / (NULLIF(worth.mature_leads, 0))::numeric)
ELSE NULL::numeric
END AS break_even_cpl_low,
CASE
WHEN ((worth.mature_revenue IS NOT NULL) AND (worth.margin > (0)::numeric)) THEN (((((1)::double precision / worth.low))::numeric * worth.margin) / (NULLIF(worth.mature_leads, 0))::numeric)
ELSE NULL::numeric
END AS break_even_cpl_high
FROM worth
)
SELECT returned.channel,
(returned.cost).periods AS months,
(returned.cost).without_spend AS months_without_spend,
returned.spend,
returned.leads,
lead_kpi.cpl(returned.spend, returned.leads) AS cpl,
(returned.cost).elasticity AS elasticity,
(returned.cost).elasticity_low AS elasticity_low,
(returned.cost).elasticity_high AS elasticity_high,
((returned.cost).marginal_cpl)::numeric AS marginal_cpl,
((returned.cost).marginal_cpl_low)::numeric AS marginal_cpl_low,
((returned.cost).marginal_cpl_high)::numeric AS marginal_cpl_high,
returned.revenue_per_lead,
returned.break_even_cpl,
returned.break_even_cpl_low,
returned.break_even_cpl_high,
((returned.break_even_cpl)::double precision / (returned.cost).marginal_cpl) AS marginal_return,
((returned.break_even_cpl_low)::double precision / (returned.cost).marginal_cpl_high) AS marginal_return_low,
((returned.break_even_cpl_high)::double precision / (returned.cost).marginal_cpl_low) AS marginal_return_high,
CASE
WHEN ((returned.break_even_cpl_low)::double precision > (returned.cost).marginal_cpl_high) THEN 'spend more'::text
WHEN ((returned.break_even_cpl_high)::double precision < (returned.cost).marginal_cpl_low) THEN 'spend less'::text
WHEN ((returned.break_even_cpl IS NOT NULL) AND ((returned.cost).marginal_cpl IS NOT NULL)) THEN 'not yet certain'::text
ELSE NULL::text
END AS verdict,
CASE
WHEN ((returned.cost).reason IS NOT NULL) THEN (returned.cost).reason
WHEN (returned.mature_leads IS NULL) THEN 'no_mature_leads'::text
WHEN (returned.mature_revenue IS NULL) THEN 'revenue_unknown'::text
WHEN (returned.gross_margin IS NULL) THEN 'no_gross_margin'::text
ELSE NULL::text
END AS reason
FROM returned
ORDER BY returned.channel;
ALTER TABLE crm.marginal_return OWNER TO kpi_owner;
COMMENT ON VIEW crm.marginal_return IS 'What the next euro buys, one row per channel: by how much leads rose with spend from month to month, what one more lead costs by that, and what it brings. Observed data: spend that followed demand looks as if it had made it, so change the spend a little and look again. NULL where the data cannot say; reason says why.';
COMMENT ON COLUMN crm.marginal_return.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.marginal_return.months IS 'Complete months with spend, on which the estimate rests; complete: before the month of observed_until.';
COMMENT ON COLUMN crm.marginal_return.months_without_spend IS 'Complete months with leads but without spend, or with credit notes beyond it: left out of the estimate.';
COMMENT ON COLUMN crm.marginal_return.spend IS 'Money spent in these months; NULL = none.';
COMMENT ON COLUMN crm.marginal_return.leads IS 'Counted leads of these months; those of months without spend cost nothing and are left out.';
COMMENT ON COLUMN crm.marginal_return.cpl IS 'Average cost per lead of these months: spend / leads.';
COMMENT ON COLUMN crm.marginal_return.elasticity IS 'By how many percent leads rise when spend rises by one percent, see lead_kpi.marginal_cost; NULL where reason says why.';
COMMENT ON COLUMN crm.marginal_return.elasticity_low IS 'Lower end of its interval (Student) at rule.confidence_level.';
COMMENT ON COLUMN crm.marginal_return.elasticity_high IS 'Upper end of its interval (Student) at rule.confidence_level.';
COMMENT ON COLUMN crm.marginal_return.marginal_cpl IS 'What one more lead costs at the average spend: cpl / elasticity.';
COMMENT ON COLUMN crm.marginal_return.marginal_cpl_low IS 'cpl / elasticity_high: the next lead costs at least so much, at rule.confidence_level; NULL where elasticity_high is not above 0.';
COMMENT ON COLUMN crm.marginal_return.marginal_cpl_high IS 'cpl / elasticity_low, at rule.confidence_level; NULL where elasticity_low is not above 0: there is no upper limit.';
COMMENT ON COLUMN crm.marginal_return.revenue_per_lead IS 'Revenue per lead of the cohorts that are mature (see cpl_to_revenue); NULL without one, or when something was won and no amount is known.';
COMMENT ON COLUMN crm.marginal_return.break_even_cpl IS 'revenue_per_lead x rule.gross_margin: the cost at which one more lead just pays; NULL while the margin is not stated.';
COMMENT ON COLUMN crm.marginal_return.break_even_cpl_low IS 'Lower end of its interval at rule.confidence_level: the exact Poisson bound of the deals won, each bringing what those of the channel bring, or else of all channels.';
COMMENT ON COLUMN crm.marginal_return.break_even_cpl_high IS 'Upper end of its interval at rule.confidence_level; see break_even_cpl_low.';
COMMENT ON COLUMN crm.marginal_return.marginal_return IS 'break_even_cpl / marginal_cpl: the gross margin that the next euro brings back; above 1 it pays.';
COMMENT ON COLUMN crm.marginal_return.marginal_return_low IS 'break_even_cpl_low / marginal_cpl_high: both at their worst.';
COMMENT ON COLUMN crm.marginal_return.marginal_return_high IS 'break_even_cpl_high / marginal_cpl_low: both at their best.';
COMMENT ON COLUMN crm.marginal_return.verdict IS 'spend more: marginal_return_low is above 1; spend less: marginal_return_high is below 1; else not yet certain. NULL where nothing can be said.';
COMMENT ON COLUMN crm.marginal_return.reason IS 'Why there is no marginal_cpl: too_few_periods (under 6 months), no_leads, spend_does_not_vary (by 10 %), no_convergence, not_beyond_chance (leads are not seen to follow spend), falls_with_spend; or no marginal_return: no_mature_leads, revenue_unknown, no_gross_margin. NULL when there are both.';
CREATE VIEW crm.mql_acceptance WITH (security_invoker='true') AS
WITH counted AS (
SELECT max(funnel.leads) FILTER (WHERE (ladder.role = r_1.transmitted_role)) AS transmitted,
max(funnel.leads) FILTER (WHERE (ladder.role = r_1.accepted_role)) AS accepted
FROM ((crm.funnel
JOIN crm.ladder USING (stage_position))
JOIN crm.rule r_1 ON ((r_1.id = 1)))
), rated AS (
SELECT counted.transmitted,
counted.accepted,
CASE
WHEN (counted.accepted <= counted.transmitted) THEN lead_kpi.rate(counted.accepted, counted.transmitted)
ELSE NULL::lead_kpi.rate
END AS acceptance
FROM counted
)
SELECT rated.transmitted,
rated.accepted,
(rated.acceptance)::double precision AS acceptance_rate,
lead_kpi.low(rated.acceptance, r.confidence_level) AS acceptance_rate_low,
lead_kpi.high(rated.acceptance, r.confidence_level) AS acceptance_rate_high,
r.acceptance_threshold AS threshold,
lead_kpi.threshold_verdict(rated.acceptance, r.acceptance_threshold, r.confidence_level) AS verdict
FROM (rated
JOIN crm.rule r ON ((r.id = 1)));
ALTER TABLE crm.mql_acceptance OWNER TO kpi_owner;
COMMENT ON VIEW crm.mql_acceptance IS 'Leads that sales accepted out of those that marketing transmitted, against the agreed threshold (rule.acceptance_threshold), in one row.';
COMMENT ON COLUMN crm.mql_acceptance.transmitted IS 'Leads that reached the stage with role rule.transmitted_role; NULL when the ladder has none.';
COMMENT ON COLUMN crm.mql_acceptance.accepted IS 'Leads that reached the stage with role rule.accepted_role; NULL when the ladder has none.';
COMMENT ON COLUMN crm.mql_acceptance.acceptance_rate IS 'accepted / transmitted, 0 to 1; NULL when nothing was transmitted.';
COMMENT ON COLUMN crm.mql_acceptance.acceptance_rate_low IS 'Lower end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.mql_acceptance.acceptance_rate_high IS 'Upper end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.mql_acceptance.threshold IS 'The agreed rate, 0 to 1: rule.acceptance_threshold.';
COMMENT ON COLUMN crm.mql_acceptance.verdict IS 'met: the whole interval reaches the threshold; below: none of it does; not yet certain: too few leads to say. NULL when nothing was transmitted.';
CREATE VIEW crm.mql_acceptance_by_channel WITH (security_invoker='true') AS
WITH counted AS (
SELECT funnel_by_channel.channel,
max(funnel_by_channel.leads) FILTER (WHERE (ladder.role = r_1.transmitted_role)) AS transmitted,
max(funnel_by_channel.leads) FILTER (WHERE (ladder.role = r_1.accepted_role)) AS accepted
FROM ((crm.funnel_by_channel
JOIN crm.ladder USING (stage_position))
JOIN crm.rule r_1 ON ((r_1.id = 1)))
GROUP BY funnel_by_channel.channel
), rated AS (
SELECT counted.channel,
counted.transmitted,
counted.accepted,
CASE
WHEN (counted.accepted <= counted.transmitted) THEN lead_kpi.rate(counted.accepted, counted.transmitted)
ELSE NULL::lead_kpi.rate
END AS acceptance
FROM counted
)
SELECT rated.channel,
rated.transmitted,
rated.accepted,
(rated.acceptance)::double precision AS acceptance_rate,
lead_kpi.low(rated.acceptance, r.confidence_level) AS acceptance_rate_low,
lead_kpi.high(rated.acceptance, r.confidence_level) AS acceptance_rate_high,
r.acceptance_threshold AS threshold,
lead_kpi.threshold_verdict(rated.acceptance, r.acceptance_threshold, r.confidence_level) AS verdict
FROM (rated
JOIN crm.rule r ON ((r.id = 1)))
ORDER BY rated.channel;
ALTER TABLE crm.mql_acceptance_by_channel OWNER TO kpi_owner;
COMMENT ON VIEW crm.mql_acceptance_by_channel IS 'mql_acceptance per channel of the lead.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.transmitted IS 'Leads that reached the stage with role rule.transmitted_role; NULL when the ladder has none.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.accepted IS 'Leads that reached the stage with role rule.accepted_role; NULL when the ladder has none.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.acceptance_rate IS 'accepted / transmitted, 0 to 1; NULL when nothing was transmitted.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.acceptance_rate_low IS 'Lower end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.acceptance_rate_high IS 'Upper end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.threshold IS 'The agreed rate, 0 to 1: rule.acceptance_threshold.';
COMMENT ON COLUMN crm.mql_acceptance_by_channel.verdict IS 'met: the whole interval reaches the threshold; below: none of it does; not yet certain: too few leads to say. NULL when nothing was transmitted.';
CREATE VIEW crm.period_change WITH (security_invoker='true') AS
WITH outcome AS MATERIALIZED (
SELECT lead_outcome.lead_id,
lead_outcome.month,
lead_outcome.channel,
lead_outcome.created_at,
lead_outcome.won_at,
lead_outcome.stage_position
FROM crm.lead_outcome
), comparison AS (
SELECT u.ordinal,
u.period,
c.compared_with,
((t_1.began - u.step))::date AS after_start,
(t_1.began)::date AS after_end,
(((t_1.began - u.step) - COALESCE(c.distance, u.step)))::date AS before_start,
((t_1.began - COALESCE(c.distance, u.step)))::date AS before_end,
o.observed_until,
timezone(r_1.time_zone, t_1.began) AS ended_at,
r_1.confidence_level
FROM ((((crm.observation o
JOIN crm.rule r_1 ON ((r_1.id = 1)))
CROSS JOIN ( VALUES (1,'month'::text,'1 mon'::interval), (2,'quarter'::text,'3 mons'::interval)) u(ordinal, period, step))
CROSS JOIN ( VALUES ('previous'::text,NULL::interval), ('year before'::text,'1 year'::interval)) c(compared_with, distance))
CROSS JOIN LATERAL date_trunc(u.period, timezone(r_1.time_zone, o.observed_until)) t_1(began))
WHERE (o.observed_until IS NOT NULL)
), aged AS (
SELECT c.ordinal,
c.period,
c.compared_with,
c.after_start,
c.after_end,
c.before_start,
c.before_end,
c.observed_until,
c.ended_at,
c.confidence_level,
(c.observed_until - COALESCE(( SELECT max(outcome.created_at) AS max
FROM outcome
WHERE ((outcome.month >= c.after_start) AND (outcome.month < c.after_end))), c.ended_at)) AS comparable
FROM comparison c
), event AS (
SELECT outcome.month,
outcome.channel,
1 AS lead,
0 AS won,
0 AS deal,
NULL::numeric AS amount,
NULL::interval AS age
FROM outcome
WHERE (outcome.stage_position IS NOT NULL)
UNION ALL
SELECT outcome.month,
outcome.channel,
0,
1,
0,
NULL::numeric,
(outcome.won_at - outcome.created_at)
FROM outcome
WHERE (outcome.won_at IS NOT NULL)
UNION ALL
SELECT o.month,
o.channel,
0,
0,
1,
d.amount,
(d.closed_at - o.created_at)
FROM (crm.counted_deal d
JOIN outcome o USING (lead_id))
WHERE (d.is_won AND (d.excluded_reason IS NULL))
), segment AS (
SELECT a.period,
a.compared_with,
e.channel,
COALESCE(sum(e.lead) FILTER (WHERE (e.month < a.before_end)), (0)::bigint) AS leads0,
COALESCE(sum(e.lead) FILTER (WHERE (e.month >= a.after_start)), (0)::bigint) AS leads1,
COALESCE(sum(e.won) FILTER (WHERE (e.month < a.before_end)), (0)::bigint) AS won0,
COALESCE(sum(e.won) FILTER (WHERE (e.month >= a.after_start)), (0)::bigint) AS won1,
COALESCE(sum(e.deal) FILTER (WHERE (e.month < a.before_end)), (0)::bigint) AS deals0,
COALESCE(sum(e.deal) FILTER (WHERE (e.month >= a.after_start)), (0)::bigint) AS deals1,
sum(e.amount) FILTER (WHERE (e.month < a.before_end)) AS revenue0,
sum(e.amount) FILTER (WHERE (e.month >= a.after_start)) AS revenue1
FROM (aged a
LEFT JOIN event e ON (((((e.month >= a.after_start) AND (e.month < a.after_end)) OR ((e.month >= a.before_start) AND (e.month < a.before_end))) AND ((e.age IS NULL) OR (e.age <= a.comparable)))))
GROUP BY a.period, a.compared_with, e.channel
), summed AS (
SELECT segment.period,
segment.compared_with,
(sum(segment.leads0))::bigint AS leads0,
(sum(segment.leads1))::bigint AS leads1,
CASE
WHEN l.has_won THEN (sum(segment.won0))::bigint
ELSE NULL::bigint
END AS won0,
CASE
WHEN l.has_won THEN (sum(segment.won1))::bigint
ELSE NULL::bigint
END AS won1,
CASE
WHEN (sum(segment.deals0) > (0)::numeric) THEN sum(segment.revenue0)
WHEN (sum(segment.won0) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue0,
CASE
WHEN (sum(segment.deals1) > (0)::numeric) THEN sum(segment.revenue1)
WHEN (sum(segment.won1) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue1,
lead_kpi.revenue_mix_change((segment.leads0)::numeric, (segment.won0)::numeric, COALESCE(segment.revenue0, (0)::numeric), (segment.leads1)::numeric, (segment.won1)::numeric, COALESCE(segment.revenue1, (0)::numeric)) AS change
FROM (segment
CROSS JOIN ( SELECT COALESCE(bool_or((ladder.role = 'won'::text)), false) AS has_won
FROM crm.ladder) l)
GROUP BY segment.period, segment.compared_with, l.has_won
), rated AS (
SELECT a.ordinal,
a.period,
a.compared_with,
a.after_start,
a.after_end,
a.before_start,
a.before_end,
a.observed_until,
a.ended_at,
a.confidence_level,
a.comparable,
s.leads0,
s.leads1,
s.won0,
s.won1,
s.revenue0,
s.revenue1,
lead_kpi.rate(s.won0, s.leads0) AS rate0,
lead_kpi.rate(s.won1, s.leads1) AS rate1,
CASE
WHEN ((s.revenue0 IS NOT NULL) AND (s.revenue1 IS NOT NULL)) THEN s.change
ELSE NULL::lead_kpi.revenue_mix_change
END AS change
FROM (aged a
JOIN summed s USING (period, compared_with))
)
SELECT r.period,
r.compared_with,
r.after_start,
r.before_start,
((EXTRACT(epoch FROM r.comparable) / (86400)::numeric))::double precision AS comparable_days,
r.leads0 AS leads_before,
r.leads1 AS leads_after,
r.won0 AS won_before,
r.won1 AS won_after,
r.revenue0 AS revenue_before,
r.revenue1 AS revenue_after,
(r.change).total AS revenue_difference,
(r.change).volume AS volume_effect,
(r.change).mix AS mix_effect,
(r.change).conversion AS conversion_effect,
(r.change).basket AS basket_effect,
(r.change).unexplained AS unexplained_effect,
(r.rate0)::double precision AS rate_before,
lead_kpi.low(r.rate0, r.confidence_level) AS rate_before_low,
lead_kpi.high(r.rate0, r.confidence_level) AS rate_before_high,
(r.rate1)::double precision AS rate_after,
lead_kpi.low(r.rate1, r.confidence_level) AS rate_after_low,
lead_kpi.high(r.rate1, r.confidence_level) AS rate_after_high,
t.p_value,
CASE
WHEN ((t.low > (0)::double precision) AND (t.p_value < ((1)::double precision - r.confidence_level))) THEN 'up'::text
WHEN ((t.high < (0)::double precision) AND (t.p_value < ((1)::double precision - r.confidence_level))) THEN 'down'::text
WHEN (t.difference IS NOT NULL) THEN 'not yet certain'::text
ELSE NULL::text
END AS verdict
FROM (rated r
CROSS JOIN LATERAL lead_kpi.compare(r.rate1, r.rate0, r.confidence_level) t(difference, low, high, p_value, probability_better))
ORDER BY r.ordinal, r.compared_with;
ALTER TABLE crm.period_change OWNER TO kpi_owner;
COMMENT ON VIEW crm.period_change IS 'Why revenue changed: the last complete month and quarter against the one before and the same one a year before. Both are cohorts of leads, judged at the same age (comparable_days): a cohort that has had less time is not a drop.';
COMMENT ON COLUMN crm.period_change.period IS 'month or quarter: the last one that is complete at observed_until, in the mart''s time zone.';
COMMENT ON COLUMN crm.period_change.compared_with IS 'previous: the period before it; year before: the same period a year before.';
COMMENT ON COLUMN crm.period_change.after_start IS 'First day of the period.';
COMMENT ON COLUMN crm.period_change.before_start IS 'First day of the period it is compared with.';
COMMENT ON COLUMN crm.period_change.comparable_days IS 'The age that the youngest lead of the period had at observed_until. Only what was won up to this age counts, in both periods.';
COMMENT ON COLUMN crm.period_change.leads_before IS 'Counted leads created in the period compared with.';
COMMENT ON COLUMN crm.period_change.leads_after IS 'Counted leads created in the period.';
COMMENT ON COLUMN crm.period_change.won_before IS 'Those of leads_before won within comparable_days of their creation; NULL when the ladder has no stage with role won.';
COMMENT ON COLUMN crm.period_change.won_after IS 'Those of leads_after won within comparable_days of their creation; NULL when the ladder has no stage with role won.';
COMMENT ON COLUMN crm.period_change.revenue_before IS 'Amounts of the deals of leads_before won within comparable_days of the lead''s creation; NULL when something was won and no amount is known.';
COMMENT ON COLUMN crm.period_change.revenue_after IS 'Amounts of the deals of leads_after won within comparable_days of the lead''s creation; NULL when something was won and no amount is known.';
COMMENT ON COLUMN crm.period_change.revenue_difference IS 'revenue_after - revenue_before: the sum of the effects.';
COMMENT ON COLUMN crm.period_change.volume_effect IS 'The part of revenue_difference that comes from the number of leads, money.';
COMMENT ON COLUMN crm.period_change.mix_effect IS 'The part of revenue_difference that comes from the channels'' shares of the leads, money.';
COMMENT ON COLUMN crm.period_change.conversion_effect IS 'The part of revenue_difference that comes from won / leads within the channels, money.';
COMMENT ON COLUMN crm.period_change.basket_effect IS 'The part of revenue_difference that comes from revenue / won within the channels, money.';
COMMENT ON COLUMN crm.period_change.unexplained_effect IS 'The part of revenue_difference in channels where leads and wins do not explain it: negative revenue, or deals that the funnel does not count as won; else 0.';
COMMENT ON COLUMN crm.period_change.rate_before IS 'won_before / leads_before, 0 to 1; NULL without leads.';
COMMENT ON COLUMN crm.period_change.rate_before_low IS 'Lower end of the Wilson interval of rate_before at rule.confidence_level.';
COMMENT ON COLUMN crm.period_change.rate_before_high IS 'Upper end of the Wilson interval of rate_before at rule.confidence_level.';
COMMENT ON COLUMN crm.period_change.rate_after IS 'won_after / leads_after, 0 to 1; NULL without leads.';
COMMENT ON COLUMN crm.period_change.rate_after_low IS 'Lower end of the Wilson interval of rate_after at rule.confidence_level.';
COMMENT ON COLUMN crm.period_change.rate_after_high IS 'Upper end of the Wilson interval of rate_after at rule.confidence_level.';
COMMENT ON COLUMN crm.period_change.p_value IS 'Two-sided p-value of rate_after against rate_before (z test with pooled variance); NULL when it is not defined.';
COMMENT ON COLUMN crm.period_change.verdict IS 'up or down: rate_after differs from rate_before beyond chance at rule.confidence_level, by interval and p_value; else not yet certain. NULL when a period has no leads or the ladder no stage with role won.';
CREATE VIEW crm.score_calibration WITH (security_invoker='true') AS
SELECT j.as_of,
c.score_from AS probability_from,
c.score_to AS probability_to,
c.leads,
c.mean_score AS mean_probability,
c.converted AS won_within,
(c.conversion)::double precision AS conversion,
lead_kpi.low(c.conversion, r.confidence_level) AS conversion_low,
lead_kpi.high(c.conversion, r.confidence_level) AS conversion_high
FROM ((( SELECT score_history.as_of,
lead_kpi.roc(score_history.probability, score_history.won_within) AS roc
FROM crm.score_history
WHERE ((score_history.won_within IS NOT NULL) AND (EXISTS ( SELECT
FROM crm.learned_profile
WHERE learned_profile.is_mature)))
GROUP BY score_history.as_of) j
JOIN crm.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.calibration(j.roc, 20) c(bin, score_from, score_to, leads, converted, mean_score, conversion))
WHERE (c.leads > 0)
ORDER BY j.as_of, c.bin;
ALTER TABLE crm.score_calibration OWNER TO kpi_owner;
COMMENT ON VIEW crm.score_calibration IS 'Are the probabilities right? Per month end and step of 5 %: the mean probability of the leads in it against the share of them that was won within rule.score_horizon. Mature month ends that could be scored by what was learned before; steps without leads have no row.';
COMMENT ON COLUMN crm.score_calibration.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.score_calibration.probability_from IS 'From this probability on.';
COMMENT ON COLUMN crm.score_calibration.probability_to IS 'Up to this probability, which belongs to the next step; 1 to this one.';
COMMENT ON COLUMN crm.score_calibration.leads IS 'Leads that were open at as_of and had a probability of this step.';
COMMENT ON COLUMN crm.score_calibration.mean_probability IS 'Mean probability of these leads.';
COMMENT ON COLUMN crm.score_calibration.won_within IS 'Those of them that were won within rule.score_horizon.';
COMMENT ON COLUMN crm.score_calibration.conversion IS 'won_within / leads, 0 to 1: what mean_probability promised. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.score_calibration.conversion_low IS 'Lower end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN crm.score_calibration.conversion_high IS 'Upper end of the Wilson interval of conversion at rule.confidence_level.';
CREATE VIEW crm.score_lift WITH (security_invoker='true') AS
WITH graded AS (
SELECT score_history.as_of,
score_history.grade,
count(*) AS leads,
lead_kpi.rate(score_history.won_within) AS conversion
FROM crm.score_history
WHERE (score_history.won_within IS NOT NULL)
GROUP BY score_history.as_of, score_history.grade
), compared AS (
SELECT graded.as_of,
graded.grade,
graded.leads,
graded.conversion,
(sum(lead_kpi.hits(graded.conversion)) OVER moment / NULLIF(sum(graded.leads) OVER moment, (0)::numeric)) AS conversion_of_all
FROM graded
WINDOW moment AS (PARTITION BY graded.as_of)
)
SELECT c.as_of,
c.grade,
c.leads,
lead_kpi.hits(c.conversion) AS won_within,
(c.conversion)::double precision AS conversion,
lead_kpi.low(c.conversion, r.confidence_level) AS conversion_low,
lead_kpi.high(c.conversion, r.confidence_level) AS conversion_high,
(((c.conversion)::numeric / NULLIF(c.conversion_of_all, (0)::numeric)))::double precision AS lift
FROM (compared c
JOIN crm.rule r ON ((r.id = 1)))
WHERE (c.grade IS NOT NULL)
ORDER BY c.as_of, c.grade;
ALTER TABLE crm.score_lift OWNER TO kpi_owner;
COMMENT ON VIEW crm.score_lift IS 'Per month end and grade of rule.scorecard: how many leads were won within rule.score_horizon, and how much more often than all leads open then. Mature month ends only; empty without a scorecard that has grades.';
COMMENT ON COLUMN crm.score_lift.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.score_lift.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN crm.score_lift.leads IS 'Leads of this grade that were open at as_of.';
COMMENT ON COLUMN crm.score_lift.won_within IS 'Those of them that were won within rule.score_horizon.';
COMMENT ON COLUMN crm.score_lift.conversion IS 'won_within / leads, 0 to 1. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.score_lift.conversion_low IS 'Lower end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN crm.score_lift.conversion_high IS 'Upper end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN crm.score_lift.lift IS 'conversion / conversion of all leads open at as_of; NULL when none of them was won.';
CREATE VIEW crm.score_quality WITH (security_invoker='true') AS
WITH judged AS MATERIALIZED (
SELECT score_history.as_of,
score_history.is_now,
score_history.is_mature,
count(*) AS leads,
CASE
WHEN (count(score_history.won_within) > 0) THEN lead_kpi.rate(score_history.won_within)
ELSE NULL::lead_kpi.rate
END AS conversion,
lead_kpi.roc(
CASE
WHEN (score_history.won_within IS NOT NULL) THEN score_history.total
ELSE NULL::double precision
END, score_history.won_within) AS by_scorecard,
lead_kpi.roc(
CASE
WHEN (score_history.won_within IS NOT NULL) THEN score_history.probability
ELSE NULL::double precision
END, score_history.won_within) AS by_probability
FROM crm.score_history
GROUP BY score_history.as_of, score_history.is_now, score_history.is_mature
), moved AS (
SELECT p.as_of,
d.attribute,
d.stability_index
FROM (( SELECT learned_profile.as_of,
learned_profile.profile,
lag(learned_profile.profile) OVER (ORDER BY learned_profile.as_of) AS profile_before
FROM crm.learned_profile) p
CROSS JOIN LATERAL ( SELECT drift.attribute,
drift.stability_index
FROM lead_kpi.drift(p.profile_before, p.profile) drift(attribute, stability_index, bins_used)
ORDER BY drift.stability_index DESC NULLS LAST, (drift.attribute COLLATE "C")
LIMIT 1) d)
)
SELECT j.as_of,
j.is_now,
s.score,
j.is_mature,
j.leads,
lead_kpi.hits(j.conversion) AS won_within,
(j.conversion)::double precision AS conversion,
lead_kpi.low(j.conversion, r.confidence_level) AS conversion_low,
lead_kpi.high(j.conversion, r.confidence_level) AS conversion_high,
lead_kpi.auc(s.roc) AS auc,
lead_kpi.low(s.roc, r.confidence_level) AS auc_low,
lead_kpi.high(s.roc, r.confidence_level) AS auc_high,
lead_kpi.gini(s.roc) AS gini,
lead_kpi.ks(s.roc) AS ks,
lead_kpi.lift(s.roc, (0.1)::double precision) AS lift_top_10,
lead_kpi.brier(s.as_probability) AS brier,
c.intercept AS calibration_intercept,
c.slope AS calibration_slope,
m.stability_index AS drift,
m.attribute AS drift_attribute
FROM ((((judged j
JOIN crm.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL ( SELECT 'scorecard'::text AS score,
j.by_scorecard AS roc,
NULL::lead_kpi.roc AS as_probability
WHERE (r.scorecard IS NOT NULL)
UNION ALL
SELECT 'probability'::text,
j.by_probability,
j.by_probability
WHERE (EXISTS ( SELECT
FROM crm.learned_profile))) s)
CROSS JOIN LATERAL lead_kpi.cox_calibration(s.as_probability) c(intercept, slope, in_the_large))
LEFT JOIN moved m ON ((m.as_of = j.as_of)))
ORDER BY j.as_of, s.score DESC;
ALTER TABLE crm.score_quality OWNER TO kpi_owner;
COMMENT ON VIEW crm.score_quality IS 'Does the score predict? Per month end and score (scorecard, probability): the leads open then, scored with what was known then, against who was won within rule.score_horizon. Outcomes are NULL until is_mature; probability is judged only on leads that it had not learned from.';
COMMENT ON COLUMN crm.score_quality.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN crm.score_quality.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN crm.score_quality.score IS 'scorecard: total of rule.scorecard as of then; probability: as learned by then.';
COMMENT ON COLUMN crm.score_quality.is_mature IS 'True when rule.score_horizon had passed by observed_until: the outcome is final.';
COMMENT ON COLUMN crm.score_quality.leads IS 'Leads that were open at as_of.';
COMMENT ON COLUMN crm.score_quality.won_within IS 'Those of them that were won within rule.score_horizon; NULL until is_mature, and without a stage with role won.';
COMMENT ON COLUMN crm.score_quality.conversion IS 'won_within / leads, 0 to 1. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN crm.score_quality.conversion_low IS 'Lower end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN crm.score_quality.conversion_high IS 'Upper end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN crm.score_quality.auc IS 'Area under the ROC curve: how often a lead that was won scored higher than one that was not; 0.5 is chance. NULL until is_mature, and without leads of both kinds.';
COMMENT ON COLUMN crm.score_quality.auc_low IS 'Lower end of the DeLong interval of auc at rule.confidence_level.';
COMMENT ON COLUMN crm.score_quality.auc_high IS 'Upper end of the DeLong interval of auc at rule.confidence_level.';
COMMENT ON COLUMN crm.score_quality.gini IS '2 auc - 1.';
COMMENT ON COLUMN crm.score_quality.ks IS 'Kolmogorov-Smirnov distance: the largest difference between the shares of won and of other leads up to a score, 0 to 1.';
COMMENT ON COLUMN crm.score_quality.lift_top_10 IS 'How often the best-scored tenth of the leads was won, relative to all of them.';
COMMENT ON COLUMN crm.score_quality.brier IS 'Mean squared distance between probability and outcome, 0 to 1, lower is better; NULL for the scorecard, whose points are no probability.';
COMMENT ON COLUMN crm.score_quality.calibration_intercept IS 'Log odds of being won = intercept + slope x log odds of the probability; 0 is perfect. NULL for the scorecard.';
COMMENT ON COLUMN crm.score_quality.calibration_slope IS 'The slope of that line: 1 is perfect, below 1 the probabilities are too extreme. NULL for the scorecard.';
COMMENT ON COLUMN crm.score_quality.drift IS 'Population stability index of the attribute that moved most since the month end before: below 0.1 nothing, from 0.25 on much. As of the last train_mart; NULL before it.';
COMMENT ON COLUMN crm.score_quality.drift_attribute IS 'The attribute that moved most.';
CREATE VIEW crm.unit_cost WITH (security_invoker='true') AS
WITH reached AS (
SELECT funnel_by_campaign.channel,
funnel_by_campaign.campaign,
funnel_by_campaign.stage_position,
funnel_by_campaign.leads,
NULL::numeric AS spend
FROM crm.funnel_by_campaign
UNION ALL
SELECT s.channel,
s.campaign,
l_1.stage_position,
0,
s.spend
FROM (( SELECT counted_spend.channel,
counted_spend.campaign,
sum(counted_spend.amount) AS spend
FROM crm.counted_spend
GROUP BY counted_spend.channel, counted_spend.campaign) s
CROSS JOIN crm.ladder l_1)
), cell AS (
SELECT reached.channel,
reached.campaign,
reached.stage_position,
(sum(reached.leads))::bigint AS leads,
sum(reached.spend) AS spend,
CASE
WHEN (sum(reached.spend) >= (0)::numeric) THEN sum(reached.spend)
ELSE NULL::numeric
END AS cost
FROM reached
GROUP BY reached.channel, reached.campaign, reached.stage_position
)
SELECT c.channel,
c.campaign,
l.stage_position,
l.stage,
c.leads,
c.spend,
lead_kpi.cost_per(c.cost, c.leads) AS unit_cost,
(NULLIF(i.low, 'Infinity'::double precision))::numeric AS unit_cost_low,
(NULLIF(i.high, 'Infinity'::double precision))::numeric AS unit_cost_high
FROM ((cell c
JOIN crm.ladder l USING (stage_position))
CROSS JOIN LATERAL lead_kpi.cost_interval(c.cost, c.leads, ( SELECT rule.confidence_level
FROM crm.rule)) i(low, high))
ORDER BY c.channel, c.campaign, l.stage_position;
ALTER TABLE crm.unit_cost OWNER TO kpi_owner;
COMMENT ON VIEW crm.unit_cost IS 'Spend per lead at each stage: the first stage is the CPL, the stage with role won the CAC. All spend of the campaign against all its counted leads.';
COMMENT ON COLUMN crm.unit_cost.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN crm.unit_cost.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN crm.unit_cost.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN crm.unit_cost.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN crm.unit_cost.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN crm.unit_cost.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN crm.unit_cost.unit_cost IS 'spend / leads: CPL at the first stage, CAC at the stage with role won. NULL without spend or leads, or when spend is negative.';
COMMENT ON COLUMN crm.unit_cost.unit_cost_low IS 'Lower end of the exact Poisson interval of unit_cost at rule.confidence_level.';
COMMENT ON COLUMN crm.unit_cost.unit_cost_high IS 'Upper end of the exact Poisson interval of unit_cost at rule.confidence_level; NULL = no upper limit.';
CREATE TABLE kpi.spend (
spent_on date,
channel text,
campaign text,
amount numeric
);
ALTER TABLE kpi.spend OWNER TO kpi_owner;
COMMENT ON TABLE kpi.spend IS 'Fill this. It takes any row: what is wrong with it shows in the view data_quality.';
COMMENT ON COLUMN kpi.spend.spent_on IS 'the day of the spend, in the mart''s time zone';
COMMENT ON COLUMN kpi.spend.channel IS 'the channel that the money went to, spelled as in lead.channel';
COMMENT ON COLUMN kpi.spend.campaign IS 'the campaign, spelled as in lead.campaign; NULL = none';
COMMENT ON COLUMN kpi.spend.amount IS 'in the mart''s one currency; negative = a credit note';
CREATE VIEW kpi.counted_spend WITH (security_invoker='true') AS
SELECT
CASE
WHEN isfinite(spend.spent_on) THEN (date_trunc('month'::text, (spend.spent_on)::timestamp without time zone))::date
ELSE NULL::date
END AS month,
NULLIF(btrim(spend.channel), ''::text) AS channel,
NULLIF(btrim(spend.campaign), ''::text) AS campaign,
CASE
WHEN ((spend.amount > '-Infinity'::numeric) AND (spend.amount < 'Infinity'::numeric)) THEN spend.amount
ELSE NULL::numeric
END AS amount
FROM kpi.spend;
ALTER TABLE kpi.counted_spend OWNER TO kpi_owner;
COMMENT ON VIEW kpi.counted_spend IS 'Every row of spend with its month; an amount or a date that is not finite is NULL.';
COMMENT ON COLUMN kpi.counted_spend.month IS 'First day of the month of the spend; NULL when unknown.';
COMMENT ON COLUMN kpi.counted_spend.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.counted_spend.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.counted_spend.amount IS 'Money spent; NULL = unknown.';
CREATE TABLE kpi.touch (
lead_id bigint,
touched_at timestamp with time zone,
channel text,
campaign text,
kind text
);
ALTER TABLE kpi.touch OWNER TO kpi_owner;
COMMENT ON TABLE kpi.touch IS 'Fill this. It takes any row: what is wrong with it shows in the view data_quality.';
COMMENT ON COLUMN kpi.touch.lead_id IS 'the lead that was touched';
COMMENT ON COLUMN kpi.touch.touched_at IS 'when';
COMMENT ON COLUMN kpi.touch.channel IS 'through which channel';
COMMENT ON COLUMN kpi.touch.campaign IS 'by which campaign; NULL = none';
COMMENT ON COLUMN kpi.touch.kind IS 'what happened: visit, click, download, call, ...';
CREATE VIEW kpi.journey_event WITH (security_invoker='true') AS
WITH counted AS (
SELECT counted_lead.lead_id,
counted_lead.created_at
FROM kpi.counted_lead
WHERE (counted_lead.excluded_reason IS NULL)
), won AS (
SELECT d.lead_id,
d.opened_at,
d.closed_at,
row_number() OVER (PARTITION BY d.lead_id, d.closed_at ORDER BY d.deal_id) AS number,
sum(d.amount) OVER (PARTITION BY d.lead_id, d.closed_at) AS revenue
FROM (kpi.clean_deal d
JOIN counted USING (lead_id))
WHERE (d.is_won AND (NOT d.repeated))
), touched AS (
SELECT t.lead_id,
t.channel,
t.campaign,
t.touched_at,
t.created_at,
lead(t.touched_at) OVER (PARTITION BY t.lead_id ORDER BY t.touched_at, (t.channel COLLATE "C") NULLS FIRST, (t.campaign COLLATE "C")) AS next_at
FROM ( SELECT t_1.lead_id,
NULLIF(btrim(t_1.channel), ''::text) AS channel,
NULLIF(btrim(t_1.campaign), ''::text) AS campaign,
t_1.touched_at,
c.created_at
FROM (kpi.touch t_1
JOIN counted c USING (lead_id))
WHERE isfinite(t_1.touched_at)) t
), opportunity AS (
SELECT won.lead_id,
array_agg(won.opened_at) AS opened
FROM won
GROUP BY won.lead_id
), marked AS (
SELECT t.lead_id,
t.channel,
t.campaign,
t.touched_at,
t.created_at,
t.next_at,
((t.touched_at <= t.created_at) AND ((t.next_at > t.created_at) OR (t.next_at IS NULL))) AS made_lead,
(EXISTS ( SELECT
FROM unnest(o.opened) opened_at(opened_at)
WHERE ((t.touched_at <= opened_at.opened_at) AND ((t.next_at > opened_at.opened_at) OR (t.next_at IS NULL))))) AS made_opportunity
FROM (touched t
LEFT JOIN opportunity o USING (lead_id))
)
SELECT marked.lead_id,
marked.channel,
marked.campaign,
marked.touched_at,
CASE
WHEN (marked.made_lead AND marked.made_opportunity) THEN 'lead and opportunity'::text
WHEN marked.made_lead THEN 'lead'::text
WHEN marked.made_opportunity THEN 'opportunity'::text
ELSE NULL::text
END AS milestone,
NULL::timestamp with time zone AS converted_at,
NULL::double precision AS value,
NULL::double precision AS refund
FROM marked
UNION ALL
SELECT won.lead_id,
NULL::text AS channel,
NULL::text AS campaign,
NULL::timestamp with time zone AS touched_at,
NULL::text AS milestone,
won.closed_at AS converted_at,
(
CASE won.number
WHEN 1 THEN GREATEST(COALESCE(won.revenue, (0)::numeric), (0)::numeric)
ELSE (((won.number - 1))::numeric * 0.000000000001)
END)::double precision AS value,
(
CASE won.number
WHEN 1 THEN GREATEST((- COALESCE(won.revenue, (0)::numeric)), (0)::numeric)
ELSE (((won.number - 1))::numeric * 0.000000000001)
END)::double precision AS refund
FROM won;
ALTER TABLE kpi.journey_event OWNER TO kpi_owner;
COMMENT ON VIEW kpi.journey_event IS 'What the journeys are made of: of every counted lead its touches, and its won deals as conversions.';
COMMENT ON COLUMN kpi.journey_event.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.journey_event.channel IS 'Channel of the touch; NULL = unknown, blank counts as NULL. NULL on a conversion.';
COMMENT ON COLUMN kpi.journey_event.campaign IS 'Campaign of the touch; NULL = none or unknown. NULL on a conversion.';
COMMENT ON COLUMN kpi.journey_event.touched_at IS 'When the lead was touched; NULL on a conversion.';
COMMENT ON COLUMN kpi.journey_event.milestone IS 'lead: the last touch up to the creation of the lead; opportunity: the last one up to the opening of a won deal; lead and opportunity: both; else NULL.';
COMMENT ON COLUMN kpi.journey_event.converted_at IS 'When the deal was won; NULL on a touch.';
COMMENT ON COLUMN kpi.journey_event.value IS 'Revenue of the lead''s deals won at this instant, on the first of them; on the others 1e-12, 2e-12 and so on, by which lead_kpi.journeys tells them apart. 0 when the revenue is negative. NULL on a touch.';
COMMENT ON COLUMN kpi.journey_event.refund IS 'Like value: how far the revenue is below 0, else 0. NULL on a touch.';
CREATE VIEW kpi.attribution WITH (security_invoker='true') AS
WITH built AS MATERIALIZED (
SELECT lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.value, ( SELECT rule.attribution_lookback
FROM kpi.rule), ( SELECT rule.attribution_half_life
FROM kpi.rule), e.milestone) AS won,
lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.refund, ( SELECT rule.attribution_lookback
FROM kpi.rule), ( SELECT rule.attribution_half_life
FROM kpi.rule), e.milestone) FILTER (WHERE ( SELECT (EXISTS ( SELECT
FROM kpi.deal
WHERE (deal.amount < (0)::numeric))) AS "exists")) AS refunded
FROM ( SELECT journey_event.lead_id,
journey_event.channel,
journey_event.campaign,
journey_event.touched_at,
journey_event.milestone,
journey_event.converted_at,
journey_event.value,
journey_event.refund,
CASE
WHEN (journey_event.touched_at IS NOT NULL) THEN COALESCE(journey_event.channel, ''::text)
ELSE NULL::text
END AS name
FROM kpi.journey_event) e
), credit AS (
SELECT a.model_position,
a.model,
a.channel,
a.conversions,
a.revenue
FROM built,
LATERAL lead_kpi.attribution_by_model(built.won, built.refunded) a(model_position, model, channel, conversions, revenue)
), part AS (
SELECT credit.model_position,
credit.model,
NULLIF(credit.channel, ''::text) AS channel,
(credit.channel IS NULL) AS is_unattributed,
credit.conversions,
credit.revenue,
NULL::numeric AS spend
FROM credit
UNION ALL
SELECT m.model_position,
m.model,
s.channel,
false,
0,
0,
s.spend
FROM (( SELECT counted_spend.channel,
sum(counted_spend.amount) AS spend
FROM kpi.counted_spend
GROUP BY counted_spend.channel) s
CROSS JOIN ( SELECT DISTINCT credit.model_position,
credit.model
FROM credit) m)
), summed AS (
SELECT part.model_position,
part.model,
part.channel,
part.is_unattributed,
sum(part.conversions) AS conversions,
trim_scale(round((sum(part.revenue))::numeric, 10)) AS revenue,
sum(part.spend) AS spend,
CASE
WHEN (sum(part.spend) >= (0)::numeric) THEN sum(part.spend)
ELSE NULL::numeric
END AS cost
FROM part
GROUP BY part.model_position, part.model, part.channel, part.is_unattributed
)
SELECT summed.model_position,
summed.model,
(summed.model = ( SELECT rule.attribution_model
FROM kpi.rule)) AS is_default,
summed.channel,
summed.is_unattributed,
summed.conversions,
summed.revenue,
(summed.conversions / NULLIF(sum(summed.conversions) OVER (PARTITION BY summed.model), (0)::double precision)) AS share,
summed.spend,
CASE
WHEN (summed.conversions > (0.000000001)::double precision) THEN (summed.cost / (summed.conversions)::numeric)
ELSE NULL::numeric
END AS cac,
lead_kpi.roas(summed.revenue, summed.cost) AS roas
FROM summed
ORDER BY summed.model_position, summed.is_unattributed, summed.channel;
ALTER TABLE kpi.attribution OWNER TO kpi_owner;
COMMENT ON VIEW kpi.attribution IS 'What each attribution model credits each channel with, one row per model and channel, and what that says of its cost. Read one model, or compare models: never sum over them. A lead''s touches after its last won deal, or of a lead without one, are a journey that did not convert, which markov learns from.';
COMMENT ON COLUMN kpi.attribution.model_position IS 'Order of the models, from 1.';
COMMENT ON COLUMN kpi.attribution.model IS 'The attribution model: first_touch, last_touch, last_non_direct, linear, time_decay, position_based, w_shaped, full_path, markov (order 1) or shapley.';
COMMENT ON COLUMN kpi.attribution.is_default IS 'True for the model that rule.attribution_model names.';
COMMENT ON COLUMN kpi.attribution.channel IS 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch where is_unattributed.';
COMMENT ON COLUMN kpi.attribution.is_unattributed IS 'True for the row of won deals that no touch within rule.attribution_lookback explains; false for every channel, known or not.';
COMMENT ON COLUMN kpi.attribution.conversions IS 'Won deals credited, in parts of deals: per model they sum to the won deals of counted leads.';
COMMENT ON COLUMN kpi.attribution.revenue IS 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of counted leads.';
COMMENT ON COLUMN kpi.attribution.share IS 'conversions as a share of those of the model, 0 to 1; NULL when nothing was won.';
COMMENT ON COLUMN kpi.attribution.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN kpi.attribution.cac IS 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, or when spend is negative.';
COMMENT ON COLUMN kpi.attribution.roas IS 'revenue / spend. NULL without spend, or when it is not above 0.';
CREATE VIEW kpi.attribution_by_campaign WITH (security_invoker='true') AS
WITH event AS MATERIALIZED (
SELECT journey_event.lead_id,
journey_event.channel,
journey_event.campaign,
journey_event.touched_at,
journey_event.milestone,
journey_event.converted_at,
journey_event.value,
journey_event.refund,
CASE
WHEN (journey_event.touched_at IS NOT NULL) THEN (json_build_array(journey_event.channel, journey_event.campaign))::text
ELSE NULL::text
END AS name
FROM kpi.journey_event
), built AS MATERIALIZED (
SELECT lead_kpi.journeys(event.lead_id, event.name, event.touched_at, event.converted_at, event.value, ( SELECT rule.attribution_lookback
FROM kpi.rule), ( SELECT rule.attribution_half_life
FROM kpi.rule), event.milestone) AS won,
lead_kpi.journeys(event.lead_id, event.name, event.touched_at, event.converted_at, event.refund, ( SELECT rule.attribution_lookback
FROM kpi.rule), ( SELECT rule.attribution_half_life
FROM kpi.rule), event.milestone) FILTER (WHERE ( SELECT (EXISTS ( SELECT
FROM kpi.deal
WHERE (deal.amount < (0)::numeric))) AS "exists")) AS refunded
FROM event
), credit AS (
SELECT a.model_position,
a.model,
a.channel,
a.conversions,
a.revenue
FROM built,
LATERAL lead_kpi.attribution_by_model(built.won, built.refunded, ( SELECT array_agg(DISTINCT event.name) AS array_agg
FROM event
WHERE (lower(event.channel) = 'direct'::text))) a(model_position, model, channel, conversions, revenue)
), part AS (
SELECT credit.model_position,
credit.model,
((credit.channel)::json ->> 0) AS channel,
((credit.channel)::json ->> 1) AS campaign,
(credit.channel IS NULL) AS is_unattributed,
credit.conversions,
credit.revenue,
NULL::numeric AS spend
FROM credit
UNION ALL
SELECT m.model_position,
m.model,
s.channel,
s.campaign,
false,
0,
0,
s.spend
FROM (( SELECT counted_spend.channel,
counted_spend.campaign,
sum(counted_spend.amount) AS spend
FROM kpi.counted_spend
GROUP BY counted_spend.channel, counted_spend.campaign) s
CROSS JOIN ( SELECT DISTINCT credit.model_position,
credit.model
FROM credit) m)
), summed AS (
SELECT part.model_position,
part.model,
part.channel,
part.campaign,
part.is_unattributed,
sum(part.conversions) AS conversions,
trim_scale(round((sum(part.revenue))::numeric, 10)) AS revenue,
sum(part.spend) AS spend,
CASE
WHEN (sum(part.spend) >= (0)::numeric) THEN sum(part.spend)
ELSE NULL::numeric
END AS cost
FROM part
GROUP BY part.model_position, part.model, part.channel, part.campaign, part.is_unattributed
)
SELECT summed.model_position,
summed.model,
(summed.model = ( SELECT rule.attribution_model
FROM kpi.rule)) AS is_default,
summed.channel,
summed.campaign,
summed.is_unattributed,
summed.conversions,
summed.revenue,
(summed.conversions / NULLIF(sum(summed.conversions) OVER (PARTITION BY summed.model), (0)::double precision)) AS share,
summed.spend,
CASE
WHEN (summed.conversions > (0.000000001)::double precision) THEN (summed.cost / (summed.conversions)::numeric)
ELSE NULL::numeric
END AS cac,
lead_kpi.roas(summed.revenue, summed.cost) AS roas
FROM summed
ORDER BY summed.model_position, summed.is_unattributed, summed.channel, summed.campaign;
ALTER TABLE kpi.attribution_by_campaign OWNER TO kpi_owner;
COMMENT ON VIEW kpi.attribution_by_campaign IS 'The view attribution per channel and campaign. Here markov and shapley judge campaigns: their sums per channel differ from those of the view attribution.';
COMMENT ON COLUMN kpi.attribution_by_campaign.model_position IS 'Order of the models, from 1.';
COMMENT ON COLUMN kpi.attribution_by_campaign.model IS 'The attribution model: first_touch, last_touch, last_non_direct, linear, time_decay, position_based, w_shaped, full_path, markov (order 1) or shapley.';
COMMENT ON COLUMN kpi.attribution_by_campaign.is_default IS 'True for the model that rule.attribution_model names.';
COMMENT ON COLUMN kpi.attribution_by_campaign.channel IS 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch where is_unattributed.';
COMMENT ON COLUMN kpi.attribution_by_campaign.campaign IS 'Campaign of the touch and the spend; NULL = none or unknown, or no touch where is_unattributed.';
COMMENT ON COLUMN kpi.attribution_by_campaign.is_unattributed IS 'True for the row of won deals that no touch within rule.attribution_lookback explains; false for every channel, known or not.';
COMMENT ON COLUMN kpi.attribution_by_campaign.conversions IS 'Won deals credited, in parts of deals: per model they sum to the won deals of counted leads.';
COMMENT ON COLUMN kpi.attribution_by_campaign.revenue IS 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of counted leads.';
COMMENT ON COLUMN kpi.attribution_by_campaign.share IS 'conversions as a share of those of the model, 0 to 1; NULL when nothing was won.';
COMMENT ON COLUMN kpi.attribution_by_campaign.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN kpi.attribution_by_campaign.cac IS 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, or when spend is negative.';
COMMENT ON COLUMN kpi.attribution_by_campaign.roas IS 'revenue / spend. NULL without spend, or when it is not above 0.';
CREATE VIEW kpi.attribution_shift WITH (security_invoker='true') AS
WITH judged AS (
SELECT attribution.model_position,
attribution.model,
attribution.is_default,
attribution.channel,
attribution.is_unattributed,
attribution.conversions,
attribution.revenue,
attribution.share,
attribution.spend,
attribution.cac,
attribution.roas,
min(attribution.share) OVER (PARTITION BY attribution.channel) AS lowest_share,
max(attribution.share) OVER (PARTITION BY attribution.channel) AS highest_share
FROM kpi.attribution
WHERE ((NOT attribution.is_unattributed) AND (attribution.share IS NOT NULL))
)
SELECT judged.channel,
judged.lowest_share,
string_agg(judged.model, ', '::text ORDER BY judged.model_position) FILTER (WHERE (judged.share <= (judged.lowest_share + (0.000000001)::double precision))) AS lowest_models,
judged.highest_share,
string_agg(judged.model, ', '::text ORDER BY judged.model_position) FILTER (WHERE (judged.share >= (judged.highest_share - (0.000000001)::double precision))) AS highest_models,
(judged.highest_share - judged.lowest_share) AS difference,
max(judged.share) FILTER (WHERE judged.is_default) AS default_share
FROM judged
GROUP BY judged.channel, judged.lowest_share, judged.highest_share
ORDER BY (round(((judged.highest_share - judged.lowest_share))::numeric, 9)) DESC, judged.channel;
ALTER TABLE kpi.attribution_shift OWNER TO kpi_owner;
COMMENT ON VIEW kpi.attribution_shift IS 'What changes when the attribution model changes, one row per channel, the largest disagreement first. Won deals that no touch explains are the same in every model and not shown; nothing is shown while nothing was won.';
COMMENT ON COLUMN kpi.attribution_shift.channel IS 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL).';
COMMENT ON COLUMN kpi.attribution_shift.lowest_share IS 'The least that any model gives the channel, as a share of all won deals, 0 to 1.';
COMMENT ON COLUMN kpi.attribution_shift.lowest_models IS 'The models that give it the least, separated by commas.';
COMMENT ON COLUMN kpi.attribution_shift.highest_share IS 'The most that any model gives the channel, as a share of all won deals, 0 to 1.';
COMMENT ON COLUMN kpi.attribution_shift.highest_models IS 'The models that give it the most, separated by commas.';
COMMENT ON COLUMN kpi.attribution_shift.difference IS 'highest_share - lowest_share: how far the models disagree.';
COMMENT ON COLUMN kpi.attribution_shift.default_share IS 'What the model of rule.attribution_model gives.';
CREATE TABLE kpi.channel_family (
channel text NOT NULL,
family text NOT NULL,
CONSTRAINT channel_family_channel_check CHECK (((btrim(channel) = channel) AND (channel <> ''::text))),
CONSTRAINT channel_family_family_check CHECK ((family <> ''::text))
);
ALTER TABLE kpi.channel_family OWNER TO kpi_owner;
COMMENT ON TABLE kpi.channel_family IS 'Which channels belong together, for channel_comparison: inbound, outbound, or what you compare.';
COMMENT ON COLUMN kpi.channel_family.channel IS 'The channel, as lead.channel and spend.channel spell it, without outer spaces.';
COMMENT ON COLUMN kpi.channel_family.family IS 'Its family. A channel that is not listed is a family of its own.';
CREATE VIEW kpi.observation WITH (security_invoker='true') AS
SELECT COALESCE(( SELECT rule.observed_until
FROM kpi.rule), ( SELECT max(latest.at) AS max
FROM ( SELECT max(lead.created_at) FILTER (WHERE (lead.created_at <= now())) AS at
FROM kpi.lead
UNION ALL
SELECT max(stage_event.entered_at) FILTER (WHERE (stage_event.entered_at <= now())) AS max
FROM kpi.stage_event
UNION ALL
SELECT max(touch.touched_at) FILTER (WHERE (touch.touched_at <= now())) AS max
FROM kpi.touch
UNION ALL
SELECT GREATEST(max(deal.opened_at) FILTER (WHERE (deal.opened_at <= now())), max(deal.closed_at) FILTER (WHERE (deal.closed_at <= now()))) AS "greatest"
FROM kpi.deal) latest
WHERE isfinite(latest.at))) AS observed_until;
ALTER TABLE kpi.observation OWNER TO kpi_owner;
COMMENT ON VIEW kpi.observation IS 'Up to when the data is complete, in one row; NULL when there is no data.';
COMMENT ON COLUMN kpi.observation.observed_until IS 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.';
CREATE VIEW kpi.lead_outcome WITH (security_invoker='true') AS
WITH role AS (
SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS stages,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'mql'::text)) AS mql,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'sal'::text)) AS sal,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'sql'::text)) AS sql,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'opportunity'::text)) AS opportunity,
max(ladder.stage_position) FILTER (WHERE (ladder.role = 'won'::text)) AS won
FROM kpi.ladder
), timed AS (
SELECT funnel_event.lead_id,
funnel_event.created_at,
funnel_event.channel,
funnel_event.campaign,
funnel_event.month,
lead_kpi.stage_times(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT role.stages
FROM role), ( SELECT rule.funnel_within
FROM kpi.rule), ( SELECT rule.funnel_policy
FROM kpi.rule)) AS reached
FROM kpi.funnel_event
GROUP BY funnel_event.lead_id, funnel_event.created_at, funnel_event.channel, funnel_event.campaign, funnel_event.month
), sold AS (
SELECT clean_deal.lead_id,
count(*) FILTER (WHERE clean_deal.is_won) AS deals_won,
sum(clean_deal.amount) FILTER (WHERE clean_deal.is_won) AS revenue,
CASE
WHEN bool_and((clean_deal.closed_at IS NOT NULL)) THEN max(clean_deal.closed_at)
ELSE NULL::timestamp with time zone
END AS closed_at
FROM kpi.clean_deal
WHERE (NOT clean_deal.repeated)
GROUP BY clean_deal.lead_id
)
SELECT t.lead_id,
t.created_at,
t.month,
t.channel,
t.campaign,
COALESCE(f.family, t.channel) AS family,
d.stage_position,
r.stages[d.stage_position] AS stage,
t.reached[r.mql] AS mql_at,
t.reached[r.sal] AS sal_at,
t.reached[r.sql] AS sql_at,
t.reached[r.opportunity] AS opportunity_at,
t.reached[r.won] AS won_at,
CASE
WHEN ((t.reached[r.won] IS NULL) AND (COALESCE(s.deals_won, (0)::bigint) = 0)) THEN s.closed_at
ELSE NULL::timestamp with time zone
END AS lost_at,
COALESCE(s.deals_won, (0)::bigint) AS deals_won,
CASE
WHEN (s.deals_won > 0) THEN s.revenue
ELSE (0)::numeric
END AS revenue,
o.observed_until
FROM (((((timed t
CROSS JOIN role r)
CROSS JOIN kpi.observation o)
CROSS JOIN LATERAL ( SELECT NULLIF(cardinality(array_remove(t.reached, NULL::timestamp with time zone)), 0) AS stage_position) d)
LEFT JOIN sold s USING (lead_id))
LEFT JOIN kpi.channel_family f USING (channel));
ALTER TABLE kpi.lead_outcome OWNER TO kpi_owner;
COMMENT ON VIEW kpi.lead_outcome IS 'Every counted lead with what became of it: when it reached each stage as the funnel counts it, whether it was won or lost, and its revenue. Its sums are those of the funnel views and of cpl_to_revenue.';
COMMENT ON COLUMN kpi.lead_outcome.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.lead_outcome.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN kpi.lead_outcome.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.lead_outcome.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.lead_outcome.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.lead_outcome.family IS 'Family of the channel, by the table channel_family; a channel that is not listed is a family of its own.';
COMMENT ON COLUMN kpi.lead_outcome.stage_position IS 'Position on the ladder of the last stage that the funnel counts for the lead; NULL = not even the first, which ordered and any_order may say of a first stage before the lead.';
COMMENT ON COLUMN kpi.lead_outcome.stage IS 'The last stage that the funnel counts for the lead.';
COMMENT ON COLUMN kpi.lead_outcome.mql_at IS 'When the lead reached the stage with role mql, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN kpi.lead_outcome.sal_at IS 'When the lead reached the stage with role sal, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN kpi.lead_outcome.sql_at IS 'When the lead reached the stage with role sql, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN kpi.lead_outcome.opportunity_at IS 'When the lead reached the stage with role opportunity, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN kpi.lead_outcome.won_at IS 'When the lead reached the stage with role won, as the funnel counts it; NULL = not reached.';
COMMENT ON COLUMN kpi.lead_outcome.lost_at IS 'When the last deal of a lead that was not won was closed; NULL = won, still open, or never had a deal.';
COMMENT ON COLUMN kpi.lead_outcome.deals_won IS 'Won deals of the lead.';
COMMENT ON COLUMN kpi.lead_outcome.revenue IS 'Revenue of the lead''s won deals; 0 without one, NULL when no won deal has an amount.';
COMMENT ON COLUMN kpi.lead_outcome.observed_until IS 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.';
CREATE VIEW kpi.channel_comparison WITH (security_invoker='true') AS
WITH part AS (
SELECT lead_outcome.family,
count(lead_outcome.stage_position) AS leads,
count(lead_outcome.sql_at) AS sql,
count(lead_outcome.won_at) AS won,
(sum(lead_outcome.deals_won))::bigint AS deals_won,
sum(lead_outcome.revenue) FILTER (WHERE (lead_outcome.deals_won > 0)) AS revenue,
NULL::numeric AS spend,
bool_and(((lead_outcome.revenue IS NULL) OR (lead_outcome.revenue = (0)::numeric) OR ((abs(lead_outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(lead_outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)))) AS measurable,
lead_kpi.moments(
CASE
WHEN ((abs(lead_outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(lead_outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN (lead_outcome.revenue)::double precision
ELSE (0)::double precision
END) FILTER (WHERE (lead_outcome.stage_position IS NOT NULL)) AS per_lead
FROM kpi.lead_outcome
GROUP BY lead_outcome.family
UNION ALL
SELECT COALESCE(f.family, s.channel) AS "coalesce",
0,
0,
0,
0,
NULL::numeric,
sum(s.amount) AS sum,
true,
NULL::lead_kpi.moments
FROM (kpi.counted_spend s
LEFT JOIN kpi.channel_family f USING (channel))
GROUP BY COALESCE(f.family, s.channel)
), summed AS (
SELECT p.family,
(sum(p.leads))::bigint AS leads,
CASE
WHEN ('sql'::text = ANY (l.roles)) THEN (sum(p.sql))::bigint
ELSE NULL::bigint
END AS sql,
CASE
WHEN ('won'::text = ANY (l.roles)) THEN (sum(p.won))::bigint
ELSE NULL::bigint
END AS won,
CASE
WHEN (sum(p.deals_won) > (0)::numeric) THEN sum(p.revenue)
WHEN (sum(p.won) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue,
sum(p.spend) AS spend,
CASE
WHEN (sum(p.spend) >= (0)::numeric) THEN sum(p.spend)
ELSE NULL::numeric
END AS cost,
CASE
WHEN bool_and(p.measurable) THEN lead_kpi.rollup(p.per_lead)
ELSE NULL::lead_kpi.moments
END AS per_lead
FROM (part p
CROSS JOIN ( SELECT array_agg(ladder.role) AS roles
FROM kpi.ladder) l)
GROUP BY p.family, l.roles
), rated AS (
SELECT s.family,
s.leads,
s.sql,
s.won,
s.revenue,
s.spend,
s.cost,
s.per_lead,
lead_kpi.rate(s.sql, s.leads) AS to_sql,
lead_kpi.rate(s.won, s.leads) AS to_won,
r.confidence_level,
NULLIF(sum(s.leads) OVER (), (0)::numeric) AS all_leads,
CASE
WHEN bool_and(((s.revenue IS NOT NULL) AND (s.revenue >= (0)::numeric))) OVER () THEN NULLIF(sum(s.revenue) OVER (), (0)::numeric)
ELSE NULL::numeric
END AS all_revenue
FROM (summed s
JOIN kpi.rule r ON ((r.id = 1)))
)
SELECT rated.family,
rated.leads,
(((rated.leads)::numeric / rated.all_leads))::double precision AS share_of_leads,
rated.sql,
rated.won,
(rated.to_sql)::double precision AS lead_to_sql,
lead_kpi.low(rated.to_sql, rated.confidence_level) AS lead_to_sql_low,
lead_kpi.high(rated.to_sql, rated.confidence_level) AS lead_to_sql_high,
(rated.to_won)::double precision AS lead_to_won,
lead_kpi.low(rated.to_won, rated.confidence_level) AS lead_to_won_low,
lead_kpi.high(rated.to_won, rated.confidence_level) AS lead_to_won_high,
rated.revenue,
(round((rated.revenue / rated.all_revenue), 15))::double precision AS share_of_revenue,
lead_kpi.revenue_per_lead(rated.revenue, rated.leads) AS revenue_per_lead,
CASE
WHEN (rated.revenue IS NOT NULL) THEN lead_kpi.low(rated.per_lead, rated.confidence_level)
ELSE NULL::double precision
END AS revenue_per_lead_low,
CASE
WHEN (rated.revenue IS NOT NULL) THEN lead_kpi.high(rated.per_lead, rated.confidence_level)
ELSE NULL::double precision
END AS revenue_per_lead_high,
rated.spend,
lead_kpi.cpl(rated.cost, rated.leads) AS cpl,
lead_kpi.cac(rated.cost, rated.won) AS cac,
(NULLIF(i.low, 'Infinity'::double precision))::numeric AS cac_low,
(NULLIF(i.high, 'Infinity'::double precision))::numeric AS cac_high
FROM (rated
CROSS JOIN LATERAL lead_kpi.cost_interval(rated.cost, rated.won, rated.confidence_level) i(low, high))
ORDER BY rated.family;
ALTER TABLE kpi.channel_comparison OWNER TO kpi_owner;
COMMENT ON VIEW kpi.channel_comparison IS 'What each family of channels (table channel_family), such as inbound and outbound, brings and costs. Leads and spend without a channel are a row of their own (NULL).';
COMMENT ON COLUMN kpi.channel_comparison.family IS 'Family of the channels of the lead or the spend, by the table channel_family; a channel that is not listed is a family of its own. NULL = unknown channel.';
COMMENT ON COLUMN kpi.channel_comparison.leads IS 'Counted leads.';
COMMENT ON COLUMN kpi.channel_comparison.share_of_leads IS 'leads as a share of those of all families, 0 to 1.';
COMMENT ON COLUMN kpi.channel_comparison.sql IS 'Leads that reached the stage with role sql; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.channel_comparison.won IS 'Leads that reached the stage with role won (customers, not deals); NULL when the ladder has none.';
COMMENT ON COLUMN kpi.channel_comparison.lead_to_sql IS 'sql / leads, 0 to 1; NULL without leads.';
COMMENT ON COLUMN kpi.channel_comparison.lead_to_sql_low IS 'Lower end of the Wilson interval of lead_to_sql at rule.confidence_level.';
COMMENT ON COLUMN kpi.channel_comparison.lead_to_sql_high IS 'Upper end of the Wilson interval of lead_to_sql at rule.confidence_level.';
COMMENT ON COLUMN kpi.channel_comparison.lead_to_won IS 'won / leads, 0 to 1; NULL without leads.';
COMMENT ON COLUMN kpi.channel_comparison.lead_to_won_low IS 'Lower end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.channel_comparison.lead_to_won_high IS 'Upper end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.channel_comparison.revenue IS 'Sum of the amounts of their won deals; 0 when nothing was won, NULL when something was won and no amount is known.';
COMMENT ON COLUMN kpi.channel_comparison.share_of_revenue IS 'revenue as a share of that of all families, 0 to 1; NULL when nothing was won, or when the revenue of a family is unknown or negative.';
COMMENT ON COLUMN kpi.channel_comparison.revenue_per_lead IS 'revenue / leads.';
COMMENT ON COLUMN kpi.channel_comparison.revenue_per_lead_low IS 'Lower end of the interval (Student) of revenue_per_lead at rule.confidence_level; NULL with fewer than 10 leads that brought revenue, which do not tell its spread.';
COMMENT ON COLUMN kpi.channel_comparison.revenue_per_lead_high IS 'Upper end of the interval (Student) of revenue_per_lead at rule.confidence_level; NULL with fewer than 10 leads that brought revenue, which do not tell its spread.';
COMMENT ON COLUMN kpi.channel_comparison.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN kpi.channel_comparison.cpl IS 'Cost per lead: spend / leads.';
COMMENT ON COLUMN kpi.channel_comparison.cac IS 'Customer acquisition cost: spend / won.';
COMMENT ON COLUMN kpi.channel_comparison.cac_low IS 'Lower end of the exact Poisson interval of cac at rule.confidence_level.';
COMMENT ON COLUMN kpi.channel_comparison.cac_high IS 'Upper end of the exact Poisson interval of cac at rule.confidence_level; NULL = no upper limit.';
CREATE VIEW kpi.cohort_conversion WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.month,
count(*) AS leads,
min((lead_outcome.observed_until - lead_outcome.created_at)) AS youngest,
CASE
WHEN (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve
FROM kpi.lead_outcome
GROUP BY lead_outcome.month
)
SELECT c.month,
a.age_days,
c.leads,
w.won_within,
((w.won_within)::double precision / (c.leads)::double precision) AS observed_conversion,
lead_kpi.converted_within(c.curve, a.age) AS conversion,
lead_kpi.low(c.curve, a.age, r.confidence_level) AS conversion_low,
lead_kpi.high(c.curve, a.age, r.confidence_level) AS conversion_high,
lead_kpi.at_risk(c.curve, a.age) AS at_risk,
(c.youngest >= a.age) AS is_mature
FROM (((cohort c
CROSS JOIN kpi.rule r)
CROSS JOIN ( SELECT days.days AS age_days,
make_interval(days => days.days) AS age
FROM unnest(ARRAY[7, 14, 30, 60, 90, 180, 365]) days(days)) a)
CROSS JOIN LATERAL ( SELECT
CASE
WHEN (c.curve IS NOT NULL) THEN (COALESCE(sum(p.converted) FILTER (WHERE (p.age <= a.age)), (0)::numeric))::bigint
ELSE NULL::bigint
END AS won_within
FROM lead_kpi.points(c.curve) p(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) w);
ALTER TABLE kpi.cohort_conversion OWNER TO kpi_owner;
COMMENT ON VIEW kpi.cohort_conversion IS 'Which share of each month''s leads is won within 7 to 365 days: as seen so far, and by an estimate that knows which leads have not had the time yet.';
COMMENT ON COLUMN kpi.cohort_conversion.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.cohort_conversion.age_days IS 'Age of a lead, in days of 24 hours since its creation.';
COMMENT ON COLUMN kpi.cohort_conversion.leads IS 'Counted leads created in the month.';
COMMENT ON COLUMN kpi.cohort_conversion.won_within IS 'Leads seen to be won within age_days, by observed_until; NULL when the ladder has no stage with role won.';
COMMENT ON COLUMN kpi.cohort_conversion.observed_conversion IS 'won_within / leads, 0 to 1: too low until is_mature.';
COMMENT ON COLUMN kpi.cohort_conversion.conversion IS 'Share of leads won within age_days, 0 to 1, leads younger than that taken into account (Aalen-Johansen, which is Kaplan-Meier where none is lost; a lost lead never wins). NULL beyond the oldest open lead.';
COMMENT ON COLUMN kpi.cohort_conversion.conversion_low IS 'Lower end of the interval (log-log, Greenwood) of conversion at rule.confidence_level; NULL where conversion is NULL, 0 or 1.';
COMMENT ON COLUMN kpi.cohort_conversion.conversion_high IS 'Upper end of the interval (log-log, Greenwood) of conversion at rule.confidence_level; NULL where conversion is NULL, 0 or 1.';
COMMENT ON COLUMN kpi.cohort_conversion.at_risk IS 'Leads that were still open at age_days, and observed then: what the estimate knows this age from.';
COMMENT ON COLUMN kpi.cohort_conversion.is_mature IS 'True when every lead of the month was observed for age_days: observed_conversion is then final.';
CREATE VIEW kpi.counted_deal WITH (security_invoker='true') AS
SELECT d.deal_id,
d.lead_id,
l.channel,
l.campaign,
l.month,
d.opened_at,
d.closed_at,
d.is_won,
d.amount,
CASE
WHEN d.repeated THEN 'repeated_deal_id'::text
WHEN (l.lead_id IS NULL) THEN 'no_lead'::text
WHEN (l.excluded_reason IS NOT NULL) THEN 'excluded_lead'::text
ELSE NULL::text
END AS excluded_reason
FROM (kpi.clean_deal d
LEFT JOIN ( SELECT counted_lead.lead_id,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month,
counted_lead.excluded_reason
FROM kpi.counted_lead
WHERE ((counted_lead.excluded_reason IS NULL) OR (counted_lead.excluded_reason <> ALL (ARRAY['no_lead_id'::text, 'repeated_lead_id'::text])))) l USING (lead_id));
ALTER TABLE kpi.counted_deal OWNER TO kpi_owner;
COMMENT ON VIEW kpi.counted_deal IS 'Every row of clean_deal with the cohort of its lead: excluded_reason is NULL where it counts.';
COMMENT ON COLUMN kpi.counted_deal.deal_id IS 'The deal''s key.';
COMMENT ON COLUMN kpi.counted_deal.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.counted_deal.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.counted_deal.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.counted_deal.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.counted_deal.opened_at IS 'When the deal was opened; NULL = unknown.';
COMMENT ON COLUMN kpi.counted_deal.closed_at IS 'When the deal was won or lost; NULL = open or unknown.';
COMMENT ON COLUMN kpi.counted_deal.is_won IS 'True when the deal is marked won and has a closing time; else false.';
COMMENT ON COLUMN kpi.counted_deal.amount IS 'Revenue of the deal; NULL = unknown.';
COMMENT ON COLUMN kpi.counted_deal.excluded_reason IS 'Why the deal is not counted: repeated_deal_id, no_lead, excluded_lead; NULL = it is counted.';
CREATE VIEW kpi.cpl_to_revenue WITH (security_invoker='true') AS
WITH outcome AS MATERIALIZED (
SELECT lead_outcome.month,
lead_outcome.channel,
lead_outcome.campaign,
lead_outcome.stage_position,
lead_outcome.created_at,
lead_outcome.mql_at,
lead_outcome.sal_at,
lead_outcome.sql_at,
lead_outcome.opportunity_at,
lead_outcome.won_at,
lead_outcome.lost_at,
lead_outcome.deals_won,
lead_outcome.revenue,
lead_outcome.observed_until,
(GREATEST(floor((EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at)) / (86400)::numeric)), ('-1'::integer)::numeric))::integer AS age
FROM kpi.lead_outcome
), aged AS (
SELECT outcome.month,
outcome.channel,
outcome.campaign,
outcome.age,
count(*) AS leads
FROM outcome
WHERE (outcome.stage_position IS NOT NULL)
GROUP BY outcome.month, outcome.channel, outcome.campaign, outcome.age
), lag AS (
SELECT (EXTRACT(day FROM p.age))::integer AS age,
p.conversion,
max(p.conversion) FILTER (WHERE (((10)::double precision * (p.std_error ^ (2)::double precision)) <= (p.conversion ^ (2)::double precision))) OVER () AS final
FROM (( SELECT lead_kpi.conversion_curve(outcome.created_at, outcome.won_at, outcome.lost_at, outcome.observed_until, '1 day'::interval) AS curve
FROM outcome) c
CROSS JOIN LATERAL lead_kpi.points(c.curve) p(age, at_risk, converted, lost, censored, conversion, low, high, std_error))
), day AS (
SELECT a.age,
COALESCE(max(max(a.share)) OVER (ORDER BY a.age), (0)::numeric) AS share
FROM ( SELECT lag.age,
((LEAST(lag.conversion, lag.final) / lag.final))::numeric AS share
FROM lag
UNION ALL
SELECT aged.age,
NULL::numeric
FROM aged) a
WHERE (EXISTS ( SELECT
FROM lag
WHERE (lag.final IS NOT NULL)))
GROUP BY a.age
), part AS (
SELECT outcome.month,
outcome.channel,
outcome.campaign,
NULL::numeric AS spend,
count(outcome.stage_position) AS leads,
count(outcome.mql_at) AS mql,
count(outcome.sal_at) AS sal,
count(outcome.sql_at) AS sql,
count(outcome.opportunity_at) AS opportunities,
count(outcome.won_at) AS won,
sum(outcome.deals_won) AS deals_won,
sum(outcome.revenue) FILTER (WHERE (outcome.deals_won > 0)) AS revenue,
count(outcome.won_at) FILTER (WHERE (outcome.won_at <= outcome.observed_until)) AS won_in_time,
NULL::numeric AS mature_leads,
CASE
WHEN bool_and(((outcome.revenue IS NULL) OR (outcome.revenue = (0)::numeric) OR ((abs(outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)))) THEN lead_kpi.moments(
CASE
WHEN ((abs(outcome.revenue) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(outcome.revenue) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN (outcome.revenue)::double precision
ELSE (0)::double precision
END) FILTER (WHERE (outcome.stage_position IS NOT NULL))
ELSE NULL::lead_kpi.moments
END AS per_lead
FROM outcome
GROUP BY outcome.month, outcome.channel, outcome.campaign
UNION ALL
SELECT counted_spend.month,
counted_spend.channel,
counted_spend.campaign,
sum(counted_spend.amount) AS sum,
0,
0,
0,
0,
0,
0,
0,
NULL::numeric,
0,
NULL::numeric,
NULL::lead_kpi.moments
FROM kpi.counted_spend
GROUP BY counted_spend.month, counted_spend.channel, counted_spend.campaign
UNION ALL
SELECT a.month,
a.channel,
a.campaign,
NULL::numeric,
0,
0,
0,
0,
0,
0,
0,
NULL::numeric,
0,
sum(((a.leads)::numeric * d.share)) AS sum,
NULL::lead_kpi.moments
FROM (aged a
LEFT JOIN day d USING (age))
GROUP BY a.month, a.channel, a.campaign
), summed AS (
SELECT p.month,
p.channel,
p.campaign,
sum(p.spend) AS spend,
(sum(p.leads))::bigint AS leads,
CASE
WHEN ('mql'::text = ANY (l.roles)) THEN (sum(p.mql))::bigint
ELSE NULL::bigint
END AS mql,
CASE
WHEN ('sal'::text = ANY (l.roles)) THEN (sum(p.sal))::bigint
ELSE NULL::bigint
END AS sal,
CASE
WHEN ('sql'::text = ANY (l.roles)) THEN (sum(p.sql))::bigint
ELSE NULL::bigint
END AS sql,
CASE
WHEN ('opportunity'::text = ANY (l.roles)) THEN (sum(p.opportunities))::bigint
ELSE NULL::bigint
END AS opportunities,
CASE
WHEN ('won'::text = ANY (l.roles)) THEN (sum(p.won))::bigint
ELSE NULL::bigint
END AS won,
CASE
WHEN ('won'::text = ANY (l.roles)) THEN (sum(p.won_in_time))::bigint
ELSE NULL::bigint
END AS won_in_time,
(sum(p.deals_won))::bigint AS deals_won,
CASE
WHEN (sum(p.deals_won) > (0)::numeric) THEN sum(p.revenue)
WHEN (sum(p.won) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue,
CASE
WHEN (sum(p.spend) >= (0)::numeric) THEN sum(p.spend)
ELSE NULL::numeric
END AS cost,
((sum(p.mature_leads) / NULLIF(sum(p.leads), (0)::numeric)))::double precision AS maturity,
lead_kpi.rollup(p.per_lead) AS per_lead
FROM (part p
CROSS JOIN ( SELECT array_agg(ladder.role) AS roles
FROM kpi.ladder) l)
GROUP BY p.month, p.channel, p.campaign, l.roles
), rated AS (
SELECT s.month,
s.channel,
s.campaign,
s.spend,
s.leads,
s.mql,
s.sal,
s.sql,
s.opportunities,
s.won,
s.won_in_time,
s.deals_won,
s.revenue,
s.cost,
s.maturity,
s.per_lead,
lead_kpi.rate(s.won, s.leads) AS lead_to_won,
r.confidence_level,
r.gross_margin,
CASE
WHEN (s.maturity >= (0.1)::double precision) THEN lead_kpi.rate(s.won_in_time, GREATEST((round(((s.leads)::double precision * s.maturity)))::bigint, s.won_in_time))
ELSE NULL::lead_kpi.rate
END AS expected,
COALESCE(
CASE
WHEN ((s.won > 0) AND (s.deals_won > 0)) THEN (s.revenue / (s.won)::numeric)
ELSE NULL::numeric
END, (sum(s.revenue) FILTER (WHERE (s.deals_won > 0)) OVER () / NULLIF(sum(s.won) FILTER (WHERE ((s.deals_won > 0) AND (s.revenue IS NOT NULL))) OVER (), (0)::numeric))) AS basket
FROM (summed s
JOIN kpi.rule r ON ((r.id = 1)))
), bounded AS (
SELECT r.month,
r.channel,
r.campaign,
r.spend,
r.leads,
r.mql,
r.sal,
r.sql,
r.opportunities,
r.won,
r.won_in_time,
r.deals_won,
r.revenue,
r.cost,
r.maturity,
r.per_lead,
r.lead_to_won,
r.confidence_level,
r.gross_margin,
r.expected,
r.basket,
i.low AS cac_low,
i.high AS cac_high,
CASE
WHEN (r.revenue IS NOT NULL) THEN COALESCE((lead_kpi.low(r.per_lead, r.confidence_level))::numeric,
CASE
WHEN (r.basket > (0)::numeric) THEN (((((1)::double precision / won.high))::numeric * r.basket) / (NULLIF(r.leads, 0))::numeric)
ELSE NULL::numeric
END)
ELSE NULL::numeric
END AS revenue_per_lead_low,
CASE
WHEN (r.revenue IS NOT NULL) THEN COALESCE((lead_kpi.high(r.per_lead, r.confidence_level))::numeric,
CASE
WHEN (r.basket > (0)::numeric) THEN (((((1)::double precision / won.low))::numeric * r.basket) / (NULLIF(r.leads, 0))::numeric)
ELSE NULL::numeric
END)
ELSE NULL::numeric
END AS revenue_per_lead_high
FROM ((rated r
CROSS JOIN LATERAL lead_kpi.cost_interval(r.cost, r.won, r.confidence_level) i(low, high))
CROSS JOIN LATERAL lead_kpi.cost_interval((1)::numeric, r.won, r.confidence_level) won(low, high))
)
SELECT b.month,
b.channel,
b.campaign,
b.spend,
b.leads,
b.mql,
b.sal,
b.sql,
b.opportunities,
b.won,
(b.lead_to_won)::double precision AS lead_to_won,
lead_kpi.low(b.lead_to_won, b.confidence_level) AS lead_to_won_low,
lead_kpi.high(b.lead_to_won, b.confidence_level) AS lead_to_won_high,
b.maturity,
(b.maturity >= (0.9)::double precision) AS is_mature,
CASE
WHEN (b.maturity >= (0.1)::double precision) THEN LEAST(((b.won_in_time)::double precision / ((b.leads)::double precision * b.maturity)), (1)::double precision)
ELSE NULL::double precision
END AS expected_lead_to_won,
lead_kpi.low(b.expected, b.confidence_level) AS expected_lead_to_won_low,
lead_kpi.high(b.expected, b.confidence_level) AS expected_lead_to_won_high,
b.deals_won,
b.revenue,
lead_kpi.cpl(b.cost, b.leads) AS cpl,
lead_kpi.cac(b.cost, b.won) AS cac,
(NULLIF(b.cac_low, 'Infinity'::double precision))::numeric AS cac_low,
(NULLIF(b.cac_high, 'Infinity'::double precision))::numeric AS cac_high,
lead_kpi.average_deal(b.revenue, b.deals_won) AS average_deal,
lead_kpi.revenue_per_lead(b.revenue, b.leads) AS revenue_per_lead,
b.revenue_per_lead_low,
b.revenue_per_lead_high,
lead_kpi.break_even_cpl(lead_kpi.revenue_per_lead(b.revenue, b.leads), b.gross_margin) AS break_even_cpl,
lead_kpi.break_even_cpl(b.revenue_per_lead_low, b.gross_margin) AS break_even_cpl_low,
lead_kpi.break_even_cpl(b.revenue_per_lead_high, b.gross_margin) AS break_even_cpl_high,
(lead_kpi.roas(b.revenue, b.cost))::double precision AS roas,
(lead_kpi.romi(b.revenue, b.cost, b.gross_margin))::double precision AS romi,
CASE
WHEN (((b.cost > (0)::numeric) AND (b.leads > 0) AND (b.gross_margin IS NOT NULL)) IS NOT TRUE) THEN NULL::text
WHEN (lead_kpi.cpl(b.cost, b.leads) <= (b.revenue_per_lead_low * b.gross_margin)) THEN 'pays'::text
WHEN ((lead_kpi.cpl(b.cost, b.leads) * (b.maturity)::numeric) > (b.revenue_per_lead_high * b.gross_margin)) THEN 'does not pay'::text
ELSE 'not yet certain'::text
END AS verdict
FROM bounded b
ORDER BY b.month, b.channel, b.campaign;
ALTER TABLE kpi.cpl_to_revenue OWNER TO kpi_owner;
COMMENT ON VIEW kpi.cpl_to_revenue IS 'From cost to revenue, one row per month, channel and campaign. Leads, wins and revenue belong to the month in which the lead was created, so spend meets the cohort it bought; maturity says how much of that had the time to come. Spend without leads and leads without spend keep their rows.';
COMMENT ON COLUMN kpi.cpl_to_revenue.month IS 'First day of the month in which the leads were created and the money was spent; NULL = spend without a date.';
COMMENT ON COLUMN kpi.cpl_to_revenue.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.cpl_to_revenue.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.cpl_to_revenue.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN kpi.cpl_to_revenue.leads IS 'Counted leads.';
COMMENT ON COLUMN kpi.cpl_to_revenue.mql IS 'Leads that reached the stage with role mql; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cpl_to_revenue.sal IS 'Leads that reached the stage with role sal; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cpl_to_revenue.sql IS 'Leads that reached the stage with role sql; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cpl_to_revenue.opportunities IS 'Leads that reached the stage with role opportunity; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cpl_to_revenue.won IS 'Leads that reached the stage with role won (customers, not deals); NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cpl_to_revenue.lead_to_won IS 'won / leads, 0 to 1; NULL without leads.';
COMMENT ON COLUMN kpi.cpl_to_revenue.lead_to_won_low IS 'Lower end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.cpl_to_revenue.lead_to_won_high IS 'Upper end of the Wilson interval of lead_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.cpl_to_revenue.maturity IS 'Share of the wins to be expected of these leads that have had the time to come by observed_until, 0 to 1, by the conversion curve of all leads (Aalen-Johansen) up to the oldest age, in whole days, that it knows as well as 10 wins would tell it. NULL without leads, and when there is no such age: with fewer than about 10 leads won.';
COMMENT ON COLUMN kpi.cpl_to_revenue.is_mature IS 'maturity >= 0.9. A cohort that is not has had too little time: its low conversion is not yet a drop.';
COMMENT ON COLUMN kpi.cpl_to_revenue.expected_lead_to_won IS 'Those won by observed_until / (leads x maturity), at most 1: the share won when all have had their time. NULL while maturity is below 0.1.';
COMMENT ON COLUMN kpi.cpl_to_revenue.expected_lead_to_won_low IS 'Lower end of its Wilson interval at rule.confidence_level, with leads x maturity as trials.';
COMMENT ON COLUMN kpi.cpl_to_revenue.expected_lead_to_won_high IS 'Upper end of its Wilson interval at rule.confidence_level, with leads x maturity as trials.';
COMMENT ON COLUMN kpi.cpl_to_revenue.deals_won IS 'Won deals of these leads; a lead may have several.';
COMMENT ON COLUMN kpi.cpl_to_revenue.revenue IS 'Sum of the amounts of these deals; 0 when nothing was won, NULL when something was won and no amount is known.';
COMMENT ON COLUMN kpi.cpl_to_revenue.cpl IS 'Cost per lead: spend / leads.';
COMMENT ON COLUMN kpi.cpl_to_revenue.cac IS 'Customer acquisition cost: spend / won.';
COMMENT ON COLUMN kpi.cpl_to_revenue.cac_low IS 'Lower end of the exact Poisson interval of cac at rule.confidence_level.';
COMMENT ON COLUMN kpi.cpl_to_revenue.cac_high IS 'Upper end of the exact Poisson interval of cac at rule.confidence_level; NULL = no upper limit.';
COMMENT ON COLUMN kpi.cpl_to_revenue.average_deal IS 'revenue / deals_won; NULL when nothing was won.';
COMMENT ON COLUMN kpi.cpl_to_revenue.revenue_per_lead IS 'revenue / leads.';
COMMENT ON COLUMN kpi.cpl_to_revenue.revenue_per_lead_low IS 'Lower end of the interval of revenue_per_lead, as seen so far, at rule.confidence_level: Student, with at least 10 leads that brought revenue; with fewer the exact Poisson bound of won, each customer bringing what those of the cohort bring, or else of the mart.';
COMMENT ON COLUMN kpi.cpl_to_revenue.revenue_per_lead_high IS 'Upper end of the interval of revenue_per_lead, as seen so far, at rule.confidence_level; see revenue_per_lead_low.';
COMMENT ON COLUMN kpi.cpl_to_revenue.break_even_cpl IS 'The CPL at which these leads would just pay: revenue_per_lead x rule.gross_margin; NULL while the margin is not stated.';
COMMENT ON COLUMN kpi.cpl_to_revenue.break_even_cpl_low IS 'revenue_per_lead_low x rule.gross_margin.';
COMMENT ON COLUMN kpi.cpl_to_revenue.break_even_cpl_high IS 'revenue_per_lead_high x rule.gross_margin.';
COMMENT ON COLUMN kpi.cpl_to_revenue.roas IS 'revenue / spend.';
COMMENT ON COLUMN kpi.cpl_to_revenue.romi IS '(revenue x rule.gross_margin - spend) / spend; NULL while the margin is not stated.';
COMMENT ON COLUMN kpi.cpl_to_revenue.verdict IS 'pays: cpl is at most break_even_cpl_low; does not pay: what came in, break_even_cpl_high, is less than cpl x maturity; else not yet certain. NULL when spend is not above 0, and without leads or rule.gross_margin.';
CREATE VIEW kpi.cycle_time WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.month,
lead_outcome.channel,
count(*) AS leads,
CASE
WHEN (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve,
percentile_cont((ARRAY[0.5, 0.9])::double precision[]) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (lead_outcome.won_at - lead_outcome.created_at)))::double precision / (86400)::double precision)) FILTER (WHERE ((lead_outcome.won_at >= lead_outcome.created_at) AND (lead_outcome.won_at <= lead_outcome.observed_until))) AS won_days,
((GREATEST(max(EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at))), (0)::numeric))::double precision / (86400)::double precision) AS observed_days
FROM kpi.lead_outcome
GROUP BY lead_outcome.month, lead_outcome.channel
)
SELECT c.month,
c.channel,
c.leads,
lead_kpi.converted(c.curve) AS won,
lead_kpi.lost(c.curve) AS lost,
lead_kpi.censored(c.curve) AS open_leads,
(c.leads - lead_kpi.leads(c.curve)) AS ignored_leads,
c.observed_days,
p.conversion,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision))) / (86400)::numeric))::double precision AS median_days,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.9)::double precision))) / (86400)::numeric))::double precision AS p90_days,
c.won_days[1] AS median_days_of_won,
c.won_days[2] AS p90_days_of_won
FROM (cohort c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p);
ALTER TABLE kpi.cycle_time OWNER TO kpi_owner;
COMMENT ON VIEW kpi.cycle_time IS 'How long leads take to be won, per month of creation and channel, with the leads that are still open taken into account.';
COMMENT ON COLUMN kpi.cycle_time.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.cycle_time.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.cycle_time.leads IS 'Counted leads: won + lost + open_leads + ignored_leads.';
COMMENT ON COLUMN kpi.cycle_time.won IS 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cycle_time.lost IS 'Leads whose deals are all closed and none was won, by observed_until.';
COMMENT ON COLUMN kpi.cycle_time.open_leads IS 'Leads that were neither won nor lost at observed_until.';
COMMENT ON COLUMN kpi.cycle_time.ignored_leads IS 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.';
COMMENT ON COLUMN kpi.cycle_time.observed_days IS 'Age of the oldest lead at observed_until: slower wins cannot have been seen.';
COMMENT ON COLUMN kpi.cycle_time.conversion IS 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead never wins). NULL when no lead could be observed.';
COMMENT ON COLUMN kpi.cycle_time.median_days IS 'First age by which half of conversion was won: the median time from creation to won of the leads that win within observed_days, the slow ones that are still open taken into account. NULL when none was won.';
COMMENT ON COLUMN kpi.cycle_time.p90_days IS 'First age by which 90 % of conversion was won; see median_days.';
COMMENT ON COLUMN kpi.cycle_time.median_days_of_won IS 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.';
COMMENT ON COLUMN kpi.cycle_time.p90_days_of_won IS '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.';
CREATE VIEW kpi.cycle_time_by_channel WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.channel,
count(*) AS leads,
CASE
WHEN (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve,
percentile_cont((ARRAY[0.5, 0.9])::double precision[]) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (lead_outcome.won_at - lead_outcome.created_at)))::double precision / (86400)::double precision)) FILTER (WHERE ((lead_outcome.won_at >= lead_outcome.created_at) AND (lead_outcome.won_at <= lead_outcome.observed_until))) AS won_days,
((GREATEST(max(EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at))), (0)::numeric))::double precision / (86400)::double precision) AS observed_days
FROM kpi.lead_outcome
GROUP BY lead_outcome.channel
)
SELECT c.channel,
c.leads,
lead_kpi.converted(c.curve) AS won,
lead_kpi.lost(c.curve) AS lost,
lead_kpi.censored(c.curve) AS open_leads,
(c.leads - lead_kpi.leads(c.curve)) AS ignored_leads,
c.observed_days,
p.conversion,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision))) / (86400)::numeric))::double precision AS median_days,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.9)::double precision))) / (86400)::numeric))::double precision AS p90_days,
c.won_days[1] AS median_days_of_won,
c.won_days[2] AS p90_days_of_won
FROM (cohort c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p);
ALTER TABLE kpi.cycle_time_by_channel OWNER TO kpi_owner;
COMMENT ON VIEW kpi.cycle_time_by_channel IS 'How long leads take to be won, per channel, with the leads that are still open taken into account.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.leads IS 'Counted leads: won + lost + open_leads + ignored_leads.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.won IS 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.lost IS 'Leads whose deals are all closed and none was won, by observed_until.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.open_leads IS 'Leads that were neither won nor lost at observed_until.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.ignored_leads IS 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.observed_days IS 'Age of the oldest lead at observed_until: slower wins cannot have been seen.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.conversion IS 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead never wins). NULL when no lead could be observed.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.median_days IS 'First age by which half of conversion was won: the median time from creation to won of the leads that win within observed_days, the slow ones that are still open taken into account. NULL when none was won.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.p90_days IS 'First age by which 90 % of conversion was won; see median_days.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.median_days_of_won IS 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.';
COMMENT ON COLUMN kpi.cycle_time_by_channel.p90_days_of_won IS '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.';
CREATE VIEW kpi.cycle_time_by_month WITH (security_invoker='true') AS
WITH cohort AS (
SELECT lead_outcome.month,
count(*) AS leads,
CASE
WHEN (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))) THEN lead_kpi.conversion_curve(lead_outcome.created_at, lead_outcome.won_at, lead_outcome.lost_at, lead_outcome.observed_until, '00:00:00'::interval)
ELSE NULL::lead_kpi.conversion_curve
END AS curve,
percentile_cont((ARRAY[0.5, 0.9])::double precision[]) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (lead_outcome.won_at - lead_outcome.created_at)))::double precision / (86400)::double precision)) FILTER (WHERE ((lead_outcome.won_at >= lead_outcome.created_at) AND (lead_outcome.won_at <= lead_outcome.observed_until))) AS won_days,
((GREATEST(max(EXTRACT(epoch FROM (lead_outcome.observed_until - lead_outcome.created_at))), (0)::numeric))::double precision / (86400)::double precision) AS observed_days
FROM kpi.lead_outcome
GROUP BY lead_outcome.month
)
SELECT c.month,
c.leads,
lead_kpi.converted(c.curve) AS won,
lead_kpi.lost(c.curve) AS lost,
lead_kpi.censored(c.curve) AS open_leads,
(c.leads - lead_kpi.leads(c.curve)) AS ignored_leads,
c.observed_days,
p.conversion,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision))) / (86400)::numeric))::double precision AS median_days,
((EXTRACT(epoch FROM lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.9)::double precision))) / (86400)::numeric))::double precision AS p90_days,
c.won_days[1] AS median_days_of_won,
c.won_days[2] AS p90_days_of_won
FROM (cohort c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p);
ALTER TABLE kpi.cycle_time_by_month OWNER TO kpi_owner;
COMMENT ON VIEW kpi.cycle_time_by_month IS 'How long leads take to be won, per month of creation, with the leads that are still open taken into account.';
COMMENT ON COLUMN kpi.cycle_time_by_month.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.cycle_time_by_month.leads IS 'Counted leads: won + lost + open_leads + ignored_leads.';
COMMENT ON COLUMN kpi.cycle_time_by_month.won IS 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.cycle_time_by_month.lost IS 'Leads whose deals are all closed and none was won, by observed_until.';
COMMENT ON COLUMN kpi.cycle_time_by_month.open_leads IS 'Leads that were neither won nor lost at observed_until.';
COMMENT ON COLUMN kpi.cycle_time_by_month.ignored_leads IS 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.';
COMMENT ON COLUMN kpi.cycle_time_by_month.observed_days IS 'Age of the oldest lead at observed_until: slower wins cannot have been seen.';
COMMENT ON COLUMN kpi.cycle_time_by_month.conversion IS 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead never wins). NULL when no lead could be observed.';
COMMENT ON COLUMN kpi.cycle_time_by_month.median_days IS 'First age by which half of conversion was won: the median time from creation to won of the leads that win within observed_days, the slow ones that are still open taken into account. NULL when none was won.';
COMMENT ON COLUMN kpi.cycle_time_by_month.p90_days IS 'First age by which 90 % of conversion was won; see median_days.';
COMMENT ON COLUMN kpi.cycle_time_by_month.median_days_of_won IS 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.';
COMMENT ON COLUMN kpi.cycle_time_by_month.p90_days_of_won IS '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.';
CREATE VIEW kpi.data_quality WITH (security_invoker='true') AS
WITH judged_lead AS MATERIALIZED (
SELECT counted_lead.lead_id,
counted_lead.created_at,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month,
counted_lead.excluded_reason,
(jsonb_typeof((counted_lead.attributes)::jsonb) <> ALL (ARRAY['object'::text, 'null'::text])) AS no_object
FROM kpi.counted_lead
), known_lead AS (
SELECT judged_lead.lead_id,
judged_lead.created_at,
(judged_lead.excluded_reason IS NULL) AS counted
FROM judged_lead
WHERE ((judged_lead.excluded_reason IS NULL) OR (judged_lead.excluded_reason <> ALL (ARRAY['no_lead_id'::text, 'repeated_lead_id'::text])))
), judged_event AS (
SELECT (e.entered_at < l.created_at) AS before_lead,
CASE
WHEN (l.lead_id IS NULL) THEN 'events_ignored_no_lead'::text
WHEN (NOT l.counted) THEN 'events_ignored_excluded_lead'::text
WHEN (s.stage IS NULL) THEN 'events_ignored_unknown_stage'::text
WHEN (NOT COALESCE(isfinite(e.entered_at), false)) THEN 'events_ignored_no_time'::text
ELSE 'events_used'::text
END AS check_name
FROM ((kpi.stage_event e
LEFT JOIN known_lead l USING (lead_id))
LEFT JOIN kpi.stage s ON ((s.stage = e.stage)))
), judged_touch AS (
SELECT (NULLIF(btrim(t.channel), ''::text) IS NULL) AS no_channel,
CASE
WHEN (l.lead_id IS NULL) THEN 'touches_ignored_no_lead'::text
WHEN (NOT l.counted) THEN 'touches_ignored_excluded_lead'::text
WHEN (NOT COALESCE(isfinite(t.touched_at), false)) THEN 'touches_ignored_no_time'::text
ELSE 'touches_used'::text
END AS check_name
FROM (kpi.touch t
LEFT JOIN known_lead l USING (lead_id))
), judged_deal AS (
SELECT d.deal_id,
d.lead_id,
d.opened_at,
d.closed_at,
d.is_won,
d.amount,
d.repeated,
l.created_at,
CASE
WHEN d.is_won THEN d.amount
ELSE NULL::numeric
END AS revenue,
CASE
WHEN d.repeated THEN 'deals_ignored_repeated_deal_id'::text
WHEN (l.lead_id IS NULL) THEN 'deals_ignored_no_lead'::text
WHEN (NOT l.counted) THEN 'deals_ignored_excluded_lead'::text
ELSE 'deals_used'::text
END AS check_name
FROM (kpi.clean_deal d
LEFT JOIN known_lead l USING (lead_id))
), raw_deal AS (
SELECT d.is_won,
d.closed_at,
isfinite(d.closed_at) AS closed
FROM (kpi.deal d
JOIN known_lead l USING (lead_id))
WHERE l.counted
), lead_cell AS (
SELECT judged_lead.month,
judged_lead.channel,
judged_lead.campaign,
count(*) AS leads
FROM judged_lead
WHERE (judged_lead.excluded_reason IS NULL)
GROUP BY judged_lead.month, judged_lead.channel, judged_lead.campaign
), spend_cell AS (
SELECT counted_spend.month,
counted_spend.channel,
counted_spend.campaign,
count(*) AS spends,
sum(counted_spend.amount) AS amount
FROM kpi.counted_spend
GROUP BY counted_spend.month, counted_spend.channel, counted_spend.campaign
), cell AS (
SELECT sum(c_1.leads) AS leads,
sum(c_1.spends) AS spends,
sum(c_1.amount) AS amount
FROM ( SELECT lead_cell.month,
lead_cell.channel,
lead_cell.campaign,
lead_cell.leads,
0 AS spends,
NULL::numeric AS amount
FROM lead_cell
UNION ALL
SELECT spend_cell.month,
spend_cell.channel,
spend_cell.campaign,
0,
spend_cell.spends,
spend_cell.amount
FROM spend_cell) c_1
GROUP BY c_1.month, c_1.channel, c_1.campaign
), found(check_name, rows, amount) AS (
SELECT
CASE
WHEN (judged_lead.excluded_reason IS NULL) THEN 'leads_counted'::text
ELSE ('leads_excluded_'::text || judged_lead.excluded_reason)
END AS "case",
count(*) AS count,
NULL::numeric AS "numeric"
FROM judged_lead
GROUP BY
CASE
WHEN (judged_lead.excluded_reason IS NULL) THEN 'leads_counted'::text
ELSE ('leads_excluded_'::text || judged_lead.excluded_reason)
END
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) FILTER (WHERE (judged_lead.channel IS NULL)) AS no_channel,
count(*) FILTER (WHERE judged_lead.no_object) AS no_object,
count(*) FILTER (WHERE (judged_lead.created_at > now())) AS future
FROM judged_lead
WHERE (judged_lead.excluded_reason IS NULL)) a,
LATERAL ( VALUES ('leads_without_channel'::text,a.no_channel,NULL::numeric), ('leads_attributes_no_object'::text,a.no_object,NULL::numeric), ('leads_in_the_future'::text,a.future,NULL::numeric)) v
UNION ALL
SELECT 'leads_without_spend'::text,
(sum(cell.leads))::bigint AS sum,
NULL::numeric
FROM cell
WHERE (cell.spends = (0)::numeric)
UNION ALL
SELECT judged_event.check_name,
count(*) AS count,
NULL::numeric
FROM judged_event
GROUP BY judged_event.check_name
UNION ALL
SELECT 'events_before_lead'::text,
count(*) AS count,
NULL::numeric
FROM judged_event
WHERE ((judged_event.check_name = 'events_used'::text) AND judged_event.before_lead)
UNION ALL
SELECT judged_deal.check_name,
count(*) AS count,
sum(judged_deal.revenue) AS sum
FROM judged_deal
GROUP BY judged_deal.check_name
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) FILTER (WHERE (judged_deal.is_won AND (judged_deal.amount IS NULL))) AS no_amount,
count(*) FILTER (WHERE ((judged_deal.opened_at < judged_deal.created_at) OR (judged_deal.closed_at < judged_deal.created_at))) AS before_lead,
sum(judged_deal.revenue) FILTER (WHERE ((judged_deal.opened_at < judged_deal.created_at) OR (judged_deal.closed_at < judged_deal.created_at))) AS before_lead_revenue,
count(*) FILTER (WHERE (judged_deal.closed_at < judged_deal.opened_at)) AS reversed,
count(*) FILTER (WHERE (judged_deal.amount < (0)::numeric)) AS negative,
sum(judged_deal.revenue) FILTER (WHERE (judged_deal.amount < (0)::numeric)) AS negative_revenue,
count(*) FILTER (WHERE (judged_deal.deal_id IS NULL)) AS no_id
FROM judged_deal
WHERE (judged_deal.check_name = 'deals_used'::text)) a,
LATERAL ( VALUES ('deals_won_without_amount'::text,a.no_amount,NULL::numeric), ('deals_before_lead'::text,a.before_lead,a.before_lead_revenue), ('deals_closed_before_opened'::text,a.reversed,NULL::numeric), ('deals_negative_amount'::text,a.negative,a.negative_revenue), ('deals_without_deal_id'::text,a.no_id,NULL::numeric)) v
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) FILTER (WHERE (raw_deal.is_won AND (raw_deal.closed IS NOT TRUE))) AS no_time,
count(*) FILTER (WHERE ((raw_deal.is_won IS NULL) AND raw_deal.closed)) AS no_outcome
FROM raw_deal) a,
LATERAL ( VALUES ('deals_won_without_time'::text,a.no_time,NULL::numeric), ('deals_closed_without_outcome'::text,a.no_outcome,NULL::numeric)) v
UNION ALL
SELECT judged_touch.check_name,
count(*) AS count,
NULL::numeric
FROM judged_touch
GROUP BY judged_touch.check_name
UNION ALL
SELECT 'touches_without_channel'::text,
count(*) AS count,
NULL::numeric
FROM judged_touch
WHERE ((judged_touch.check_name = 'touches_used'::text) AND judged_touch.no_channel)
UNION ALL
SELECT v.column1,
v.column2,
v.column3
FROM ( SELECT count(*) AS all_rows,
sum(counted_spend.amount) AS amount,
count(*) FILTER (WHERE (counted_spend.amount IS NULL)) AS no_amount,
count(*) FILTER (WHERE (counted_spend.amount < (0)::numeric)) AS negative,
sum(counted_spend.amount) FILTER (WHERE (counted_spend.amount < (0)::numeric)) AS negative_amount,
count(*) FILTER (WHERE (counted_spend.month IS NULL)) AS no_date,
sum(counted_spend.amount) FILTER (WHERE (counted_spend.month IS NULL)) AS no_date_amount,
count(*) FILTER (WHERE (counted_spend.channel IS NULL)) AS no_channel,
sum(counted_spend.amount) FILTER (WHERE (counted_spend.channel IS NULL)) AS no_channel_amount
FROM kpi.counted_spend) a,
LATERAL ( VALUES ('spend_rows'::text,a.all_rows,a.amount), ('spend_without_amount'::text,a.no_amount,NULL::numeric), ('spend_negative'::text,a.negative,a.negative_amount), ('spend_without_date'::text,a.no_date,a.no_date_amount), ('spend_without_channel'::text,a.no_channel,a.no_channel_amount)) v
UNION ALL
SELECT 'spend_without_lead'::text,
(sum(cell.spends))::bigint AS sum,
sum(cell.amount) AS sum
FROM cell
WHERE (cell.leads = (0)::numeric)
UNION ALL
SELECT 'settings_role_without_stage'::text,
count(*) AS count,
NULL::numeric
FROM unnest(ARRAY['lead'::text, 'mql'::text, 'sal'::text, 'sql'::text, 'opportunity'::text, 'won'::text]) role(role)
WHERE (NOT (role.role IN ( SELECT s.role
FROM kpi.stage s
WHERE (s.role IS NOT NULL))))
UNION ALL
SELECT 'settings_accepted_before_transmitted'::text,
count(*) AS count,
NULL::numeric
FROM ((kpi.rule r_1
JOIN kpi.stage t ON (((t.role = r_1.transmitted_role) AND (r_1.id = 1))))
JOIN kpi.stage a ON ((a.role = r_1.accepted_role)))
WHERE (a."position" <= t."position")
)
SELECT c.check_name,
CASE
WHEN ((c.severity = 'info'::text) OR (COALESCE(f.rows, (0)::bigint) > 0)) THEN c.severity
ELSE 'ok'::text
END AS severity,
COALESCE(f.rows, (0)::bigint) AS rows,
f.amount,
CASE r.language
WHEN 'fr'::text THEN lead_kpi.mart_text(c.meaning_fr)
ELSE c.meaning_en
END AS what_it_means,
CASE r.language
WHEN 'fr'::text THEN lead_kpi.mart_text(c.action_fr)
ELSE c.action_en
END AS what_to_do
FROM ((lead_kpi.mart_checks() c(ordinal, check_name, severity, meaning_en, action_en, meaning_fr, action_fr)
JOIN kpi.rule r ON ((r.id = 1)))
LEFT JOIN found f USING (check_name))
ORDER BY c.ordinal;
ALTER TABLE kpi.data_quality OWNER TO kpi_owner;
COMMENT ON VIEW kpi.data_quality IS 'What is wrong in the data, one row per check, also when nothing is. It reconciles: rows of lead = leads_counted + leads_excluded_*, rows of stage_event = events_used + events_ignored_*, and so for deal and touch.';
COMMENT ON COLUMN kpi.data_quality.check_name IS 'Name of the check; its first word is the relation.';
COMMENT ON COLUMN kpi.data_quality.severity IS 'error, warning or info; ok when an error or warning concerns no row.';
COMMENT ON COLUMN kpi.data_quality.rows IS 'Rows concerned.';
COMMENT ON COLUMN kpi.data_quality.amount IS 'The money concerned, where there is some: revenue of won deals, or spend.';
COMMENT ON COLUMN kpi.data_quality.what_it_means IS 'In the language of rule.language.';
COMMENT ON COLUMN kpi.data_quality.what_to_do IS 'In the language of rule.language.';
CREATE VIEW kpi.diagnosis WITH (security_invoker='true') AS
WITH setting AS MATERIALIZED (
SELECT ((1)::double precision - r.confidence_level) AS alpha,
r.time_zone,
r.transmitted_role,
r.accepted_role,
r.acceptance_threshold,
COALESCE(r.gross_margin, (1)::numeric) AS margin,
r.scorecard,
r.icp_fit,
r.language,
o.observed_until,
ARRAY( SELECT DISTINCT l.role
FROM (kpi.stage_event e
JOIN kpi.ladder l USING (stage))
WHERE (l.role IS NOT NULL)) AS recorded
FROM (kpi.rule r
CROSS JOIN kpi.observation o)
WHERE ((r.id = 1) AND (o.observed_until IS NOT NULL))
), outcome AS MATERIALIZED (
SELECT l.lead_id,
l.created_at,
l.month,
l.channel,
l.campaign,
s_1.observed_until,
k.won_at,
k.lost_at,
(k.won_at - l.created_at) AS won_age,
(k.qualified_at - l.created_at) AS qualified_age,
k.transmitted_at,
k.accepted_at
FROM ((kpi.lead_outcome l
CROSS JOIN setting s_1)
CROSS JOIN LATERAL ( SELECT max(reached.at) FILTER (WHERE (reached.role = 'won'::text)) AS won_at,
max(reached.at) FILTER (WHERE (reached.role = 'lost'::text)) AS lost_at,
max(reached.at) FILTER (WHERE (reached.role =
CASE
WHEN ('mql'::text = ANY (s_1.recorded)) THEN 'mql'::text
WHEN ('sql'::text = ANY (s_1.recorded)) THEN 'sql'::text
ELSE NULL::text
END)) AS qualified_at,
max(reached.at) FILTER (WHERE (reached.role = s_1.transmitted_role)) AS transmitted_at,
max(reached.at) FILTER (WHERE (reached.role = s_1.accepted_role)) AS accepted_at
FROM ( VALUES ('lead'::text,l.created_at), ('mql'::text,l.mql_at), ('sal'::text,l.sal_at), ('sql'::text,l.sql_at), ('opportunity'::text,l.opportunity_at), ('won'::text,l.won_at), ('lost'::text,l.lost_at)) reached(role, at)
WHERE (reached.at <= s_1.observed_until)) k)
WHERE ((l.stage_position IS NOT NULL) AND (l.created_at <= s_1.observed_until))
), lag AS MATERIALIZED (
SELECT COALESCE(lead_kpi.quantile(c.curve, (NULLIF(p.conversion, (0)::double precision) * (0.5)::double precision)), '00:00:00'::interval) AS won,
c.qualified,
c.accepted
FROM (( SELECT lead_kpi.conversion_curve(outcome.created_at, outcome.won_at, outcome.lost_at, outcome.observed_until, '1 day'::interval) AS curve,
GREATEST(percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY outcome.qualified_age), '00:00:00'::interval) AS qualified,
GREATEST(percentile_cont((0.9)::double precision) WITHIN GROUP (ORDER BY (outcome.accepted_at - outcome.transmitted_at)), '00:00:00'::interval) AS accepted
FROM outcome) c
CROSS JOIN LATERAL ( SELECT max(points.conversion) AS conversion
FROM lead_kpi.points(c.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) p)
), comparison AS (
SELECT v.number,
v.compared_with,
((t_1.ended - u.step))::date AS after_start,
(t_1.ended)::date AS after_end,
(((t_1.ended - u.step) - COALESCE(v.distance, u.step)))::date AS before_start,
((t_1.ended - COALESCE(v.distance, u.step)))::date AS before_end,
s_1.observed_until,
timezone(s_1.time_zone, t_1.ended) AS ended_at
FROM ((((setting s_1
CROSS JOIN lag l)
CROSS JOIN ( VALUES (1,'month'::text,'previous month'::text,NULL::interval,'won'::text), (2,'quarter'::text,'previous quarter'::text,NULL::interval,'won'::text), (3,'quarter'::text,'year before'::text,'1 year'::interval,'won'::text), (4,'month'::text,'previous month'::text,NULL::interval,'qualified'::text), (5,'quarter'::text,'previous quarter'::text,NULL::interval,'qualified'::text), (6,'month'::text,'previous month'::text,NULL::interval,'created'::text), (7,'quarter'::text,'previous quarter'::text,NULL::interval,'created'::text)) v(number, unit, compared_with, distance, about))
CROSS JOIN LATERAL ( SELECT
CASE v.unit
WHEN 'month'::text THEN '1 mon'::interval
ELSE '3 mons'::interval
END AS step) u)
CROSS JOIN LATERAL ( SELECT date_trunc(v.unit, timezone(s_1.time_zone, (s_1.observed_until -
CASE v.about
WHEN 'won'::text THEN l.won
WHEN 'qualified'::text THEN l.qualified
ELSE '00:00:00'::interval
END))) AS ended) t_1)
), aged AS MATERIALIZED (
SELECT c.number,
c.compared_with,
c.after_start,
c.after_end,
c.before_start,
c.before_end,
c.observed_until,
c.ended_at,
(c.observed_until - COALESCE(( SELECT max(outcome.created_at) AS max
FROM outcome
WHERE ((outcome.month >= c.after_start) AND (outcome.month < c.after_end))), c.ended_at)) AS comparable
FROM comparison c
), sold AS (
SELECT d.month,
d.lead_id,
(d.closed_at - d.created_at) AS age,
d.amount
FROM ( SELECT e.lead_id,
e.is_deal,
e.closed_at,
e.amount,
max(e.month) OVER lead AS month,
max(e.created_at) OVER lead AS created_at
FROM ( SELECT outcome.lead_id,
false AS is_deal,
NULL::timestamp with time zone AS closed_at,
NULL::numeric AS amount,
outcome.month,
outcome.created_at
FROM outcome
UNION ALL
SELECT d_1.lead_id,
true,
d_1.closed_at,
d_1.amount,
NULL::date,
NULL::timestamp with time zone
FROM kpi.clean_deal d_1
WHERE (d_1.is_won AND (NOT d_1.repeated))) e
WINDOW lead AS (PARTITION BY e.lead_id)) d
WHERE (d.is_deal AND (d.month IS NOT NULL))
), member AS MATERIALIZED (
SELECT a.number,
(o.month >= a.after_start) AS is_after,
o.lead_id,
o.channel,
((o.won_age <= a.comparable) IS TRUE) AS is_won,
((o.qualified_age <= a.comparable) IS TRUE) AS is_qualified,
CASE
WHEN (o.won_age <= a.comparable) THEN (EXTRACT(epoch FROM o.won_age))::double precision
ELSE NULL::double precision
END AS seconds,
NULL::numeric AS amount,
false AS is_deal
FROM (aged a
JOIN outcome o ON ((((o.month >= a.after_start) AND (o.month < a.after_end)) OR ((o.month >= a.before_start) AND (o.month < a.before_end)))))
UNION ALL
SELECT a.number,
(d.month >= a.after_start),
d.lead_id,
NULL::text,
NULL::boolean,
NULL::boolean,
NULL::double precision,
d.amount,
true
FROM (aged a
JOIN sold d ON (((((d.month >= a.after_start) AND (d.month < a.after_end)) OR ((d.month >= a.before_start) AND (d.month < a.before_end))) AND (d.age <= a.comparable))))
), paid AS (
SELECT member.number,
member.is_after,
member.lead_id,
bool_or(member.is_won) AS is_won,
bool_or(member.is_qualified) AS is_qualified,
max(member.seconds) AS seconds,
bool_or(member.is_deal) AS is_buyer,
sum(member.amount) AS amount
FROM member
GROUP BY member.number, member.is_after, member.lead_id
), side AS (
SELECT paid.number,
paid.is_after,
count(*) AS leads,
lead_kpi.rate(paid.is_won) AS won,
lead_kpi.rate(paid.is_qualified) AS qualified,
lead_kpi.moments(ln(GREATEST(paid.seconds, (60)::double precision))) FILTER (WHERE (paid.seconds IS NOT NULL)) AS log_age,
(percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY paid.seconds) / (86400)::double precision) AS median_days,
CASE
WHEN bool_or(paid.is_buyer) THEN sum(paid.amount)
ELSE (0)::numeric
END AS revenue,
lead_kpi.moments(
CASE
WHEN ((abs(paid.amount) >= 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001) AND (abs(paid.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)) THEN (paid.amount)::double precision
ELSE (0)::double precision
END) AS per_lead
FROM paid
GROUP BY paid.number, paid.is_after
), fitting AS (
SELECT a.number,
lead_kpi.rate(f.is_in_icp) FILTER (WHERE (f.month < a.before_end)) AS before,
lead_kpi.rate(f.is_in_icp) FILTER (WHERE (f.month >= a.after_start)) AS after
FROM (( SELECT counted_lead.month,
(lead_kpi.fit(( SELECT setting.scorecard
FROM setting),
CASE
WHEN (jsonb_typeof((counted_lead.attributes)::jsonb) = 'object'::text) THEN (counted_lead.attributes)::jsonb
ELSE NULL::jsonb
END) >= ( SELECT setting.icp_fit
FROM setting)) AS is_in_icp
FROM kpi.counted_lead
WHERE (( SELECT ((setting.scorecard IS NOT NULL) AND (setting.icp_fit IS NOT NULL))
FROM setting) AND (counted_lead.excluded_reason IS NULL))) f
JOIN aged a ON (((a.number >= 6) AND (f.month >= a.before_start) AND (f.month < a.after_end))))
GROUP BY a.number
), pair AS MATERIALIZED (
SELECT a.number,
a.compared_with,
a.after_start,
before.leads AS leads0,
after.leads AS leads1,
before.won AS won0,
after.won AS won1,
before.qualified AS qualified0,
after.qualified AS qualified1,
before.log_age AS log_age0,
after.log_age AS log_age1,
before.median_days AS median_days0,
after.median_days AS median_days1,
before.revenue AS revenue0,
after.revenue AS revenue1,
before.per_lead AS per_lead0,
after.per_lead AS per_lead1,
((1)::double precision / volume.ratio) AS growth,
((((1)::double precision / volume.ratio) >= (1.15)::double precision) AND (volume.p_value < ( SELECT setting.alpha
FROM setting))) AS is_growing
FROM (((aged a
JOIN side before ON (((before.number = a.number) AND (NOT before.is_after))))
JOIN side after ON (((after.number = a.number) AND after.is_after)))
CROSS JOIN LATERAL lead_kpi.compare_cost(((a.before_end - a.before_start))::numeric, before.leads, ((a.after_end - a.after_start))::numeric, after.leads) volume(ratio, low, high, p_value))
), mixed AS (
SELECT segment.number,
lead_kpi.mix_change(segment.before, segment.after) AS change
FROM ( SELECT member.number,
member.channel,
lead_kpi.rate(member.is_won) FILTER (WHERE (NOT member.is_after)) AS before,
lead_kpi.rate(member.is_won) FILTER (WHERE member.is_after) AS after
FROM member
WHERE ((member.number <= 2) AND (NOT member.is_deal))
GROUP BY member.number, member.channel) segment
GROUP BY segment.number
), handed_over AS (
SELECT lead_kpi.rate((o.accepted_at IS NOT NULL)) AS acceptance,
(timezone(s_1.time_zone, ((s_1.observed_until - l.accepted) - '91 days'::interval)))::date AS since
FROM ((outcome o
CROSS JOIN setting s_1)
CROSS JOIN lag l)
WHERE ((o.transmitted_at <= (s_1.observed_until - l.accepted)) AND (o.transmitted_at > ((s_1.observed_until - l.accepted) - '91 days'::interval)) AND (s_1.accepted_role = ANY (s_1.recorded)) AND ( SELECT (t_1.stage_position < a.stage_position)
FROM kpi.ladder t_1,
kpi.ladder a
WHERE ((t_1.role = s_1.transmitted_role) AND (a.role = s_1.accepted_role))))
GROUP BY s_1.time_zone, s_1.observed_until, l.accepted
), bought AS (
SELECT c.channel,
c.campaign,
(sum(c.leads))::bigint AS leads,
(sum(c.won))::bigint AS won,
sum(c.spend) AS spend,
(( SELECT (aged.after_end - '1 year'::interval)
FROM aged
WHERE (aged.number = 1)))::date AS since
FROM ( SELECT o.channel,
o.campaign,
count(*) AS leads,
count(*) FILTER (WHERE (o.won_age <= a.comparable)) AS won,
NULL::numeric AS spend
FROM (outcome o
JOIN aged a ON (((a.number = 1) AND (o.month < a.after_end) AND (o.month >= (a.after_end - '1 year'::interval)))))
GROUP BY o.channel, o.campaign
UNION ALL
SELECT s_1.channel,
s_1.campaign,
0,
0,
s_1.amount
FROM (kpi.counted_spend s_1
JOIN aged a ON (((a.number = 1) AND (s_1.month < a.after_end) AND (s_1.month >= (a.after_end - '1 year'::interval)))))) c
GROUP BY c.channel, c.campaign
HAVING ((sum(c.leads) > (0)::numeric) AND (sum(c.spend) > (0)::numeric))
), campaign AS (
SELECT concat_ws(' / '::text, COALESCE(b.channel, '(unknown)'::text), b.campaign) AS subject,
b.since,
b.leads AS leads1,
r.leads AS leads0,
lead_kpi.rate(b.won, b.leads) AS won1,
lead_kpi.rate(r.won, r.leads) AS won0,
b.spend AS spend1,
r.spend AS spend0,
b.asked
FROM (( SELECT bought.channel,
bought.campaign,
bought.leads,
bought.won,
bought.spend,
bought.since,
count(*) OVER () AS asked,
(sum(bought.leads) OVER () - (bought.leads)::numeric) AS other_leads,
(sum(bought.won) OVER () - (bought.won)::numeric) AS other_won,
(sum(bought.spend) OVER () - bought.spend) AS other_spend
FROM bought) b
CROSS JOIN LATERAL ( SELECT (b.other_leads)::bigint AS leads,
(b.other_won)::bigint AS won,
b.other_spend AS spend) r)
WHERE ((r.leads > 0) AND (r.spend > (0)::numeric))
), judged_campaign AS (
SELECT c.subject,
c.since,
c.leads1,
c.leads0,
c.won1,
c.won0,
c.spend1,
c.spend0,
c.asked,
cpl.ratio AS cpl_ratio,
t_1.difference,
(
CASE
WHEN ((lead_kpi.hits(c.won1) > 0) AND (lead_kpi.hits(c.won0) > 0)) THEN (lead_kpi.cost_per(c.spend1, lead_kpi.hits(c.won1)) / lead_kpi.cost_per(c.spend0, lead_kpi.hits(c.won0)))
WHEN (lead_kpi.hits(c.won0) > 0) THEN 'Infinity'::numeric
WHEN (lead_kpi.hits(c.won1) > 0) THEN (0)::numeric
ELSE NULL::numeric
END)::double precision AS cac_ratio,
cpl.p_value AS cpl_p,
t_1.p_value AS p,
ARRAY[(c.leads0)::double precision, (c.leads1)::double precision, (c.won0)::double precision, (c.won1)::double precision, (lead_kpi.cpl(c.spend0, c.leads0))::double precision, (lead_kpi.cpl(c.spend1, c.leads1))::double precision, (lead_kpi.cac(c.spend0, lead_kpi.hits(c.won0)))::double precision, (lead_kpi.cac(c.spend1, lead_kpi.hits(c.won1)))::double precision] AS figures
FROM ((campaign c
CROSS JOIN LATERAL lead_kpi.compare_cost(c.spend0, c.leads0, c.spend1, c.leads1) cpl(ratio, low, high, p_value))
CROSS JOIN LATERAL lead_kpi.compare(c.won1, c.won0) t_1(difference, low, high, p_value, probability_better))
), newest AS (
SELECT max(outcome.month) AS month
FROM outcome
), fresh AS (
SELECT n.month,
count(*) FILTER (WHERE (o.month = n.month)) AS leads1,
count(*) FILTER (WHERE (o.month < n.month)) AS leads0,
lead_kpi.rate((o.won_at IS NOT NULL)) FILTER (WHERE (o.month = n.month)) AS won1,
lead_kpi.rate((o.won_at IS NOT NULL)) FILTER (WHERE (o.month < n.month)) AS won0,
lead_kpi.conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, '00:00:00'::interval) FILTER (WHERE (o.month = n.month)) AS curve1,
lead_kpi.conversion_curve(o.created_at, o.won_at, o.lost_at, o.observed_until, '00:00:00'::interval) FILTER (WHERE (o.month < n.month)) AS curve0
FROM (newest n
JOIN outcome o ON ((o.month >= (n.month - '3 mons'::interval))))
GROUP BY n.month
), credited AS (
SELECT a.channel,
count(*) FILTER (WHERE (NOT a.pays)) AS losing,
count(*) FILTER (WHERE a.pays) AS paying,
(min(a.roas))::double precision AS lowest,
(max(a.roas))::double precision AS highest,
min(a.conversions) AS fewest,
max(a.conversions) AS most,
max(a.spend) AS spend
FROM ( SELECT a_1.channel,
a_1.roas,
a_1.conversions,
a_1.spend,
((a_1.roas * s_1.margin) >= (1)::numeric) AS pays
FROM (kpi.attribution a_1
CROSS JOIN setting s_1)
WHERE ((NOT a_1.is_unattributed) AND (a_1.roas IS NOT NULL))) a
GROUP BY a.channel
), candidate(code, asked, subject, since, compared_with, figures, p, is_material) AS (
SELECT 'volume_up_revenue_flat'::text AS "?column?",
2 AS "?column?",
NULL::text AS text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.revenue0)::double precision, (p.revenue1)::double precision, lead_kpi.mean(p.per_lead0), lead_kpi.mean(p.per_lead1)] AS "array",
t_1.p_value,
true AS "?column?"
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.per_lead1, p.per_lead0) t_1(difference, low, high, p_value))
WHERE ((p.number <= 2) AND p.is_growing AND (p.revenue1 <= (p.revenue0 * 1.05)) AND (t_1.difference < (0)::double precision))
UNION ALL
SELECT
CASE
WHEN p.is_growing THEN 'closing_rate_diluted'::text
ELSE 'closing_rate_falling'::text
END AS "case",
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.won0)::double precision, (p.won1)::double precision, (lead_kpi.hits(p.won0))::double precision, (lead_kpi.hits(p.won1))::double precision] AS "array",
t_1.p_value,
(((p.won1)::double precision <= ((0.8)::double precision * (p.won0)::double precision)) AND ((lead_kpi.hits(p.won0) + lead_kpi.hits(p.won1)) >= 5))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.won1, p.won0) t_1(difference, low, high, p_value, probability_better))
WHERE ((p.number <= 2) AND (t_1.difference < (0)::double precision))
UNION ALL
SELECT 'acceptance_below_threshold'::text,
1,
NULL::text,
h.since,
'agreed threshold'::text,
ARRAY[(lead_kpi.trials(h.acceptance))::double precision, (lead_kpi.hits(h.acceptance))::double precision, s_1.acceptance_threshold, (h.acceptance)::double precision] AS "array",
((2)::double precision * lead_kpi.p_value_below(h.acceptance, s_1.acceptance_threshold)),
true
FROM (handed_over h
CROSS JOIN setting s_1)
WHERE ((h.acceptance)::double precision < s_1.acceptance_threshold)
UNION ALL
SELECT 'qualification_falling'::text,
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.qualified0)::double precision, (p.qualified1)::double precision] AS "array",
t_1.p_value,
(((p.qualified1)::double precision <= ((0.8)::double precision * (p.qualified0)::double precision)) AND ((lead_kpi.hits(p.qualified0) + lead_kpi.hits(p.qualified1)) >= 5))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.qualified1, p.qualified0) t_1(difference, low, high, p_value, probability_better))
WHERE ((p.number = ANY (ARRAY[4, 5])) AND p.is_growing AND (t_1.difference < (0)::double precision))
UNION ALL
SELECT
CASE
WHEN (c.cpl_ratio < (1)::double precision) THEN 'cheap_channel_does_not_convert'::text
ELSE 'dear_channel_pays'::text
END AS "case",
c.asked,
c.subject,
c.since,
'other campaigns'::text,
c.figures,
c.p,
(((c.cac_ratio < (0.8)::double precision) OR (c.cac_ratio > (1.25)::double precision)) AND ((lead_kpi.hits(c.won0) + lead_kpi.hits(c.won1)) >= 5))
FROM judged_campaign c
WHERE ((c.cpl_p < ( SELECT setting.alpha
FROM setting)) AND (((c.cpl_ratio < (1)::double precision) AND (c.difference < (0)::double precision) AND (c.cac_ratio > (1)::double precision)) OR ((c.cpl_ratio > (1)::double precision) AND (c.difference > (0)::double precision) AND (c.cac_ratio < (1)::double precision))))
UNION ALL
SELECT
CASE
WHEN p.is_growing THEN 'cycle_lengthening'::text
ELSE 'cycle_longer_at_stable_volume'::text
END AS "case",
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, p.median_days0, p.median_days1] AS "array",
t_1.p_value,
((p.median_days1 >= ((1.2)::double precision * p.median_days0)) AND (LEAST(lead_kpi.hits(p.won0), lead_kpi.hits(p.won1)) >= 5))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.log_age1, p.log_age0) t_1(difference, low, high, p_value))
WHERE ((p.number <= 2) AND (t_1.difference > (0)::double precision) AND (p.median_days1 > p.median_days0))
UNION ALL
SELECT 'stable_volume_better_rates'::text,
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.won0)::double precision, (p.won1)::double precision, (lead_kpi.hits(p.won0))::double precision, (lead_kpi.hits(p.won1))::double precision] AS "array",
t_1.p_value,
false
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.won1, p.won0) t_1(difference, low, high, p_value, probability_better))
WHERE ((p.number <= 2) AND ((p.growth >= (((1)::numeric / 1.15))::double precision) AND (p.growth <= (1.15)::double precision)) AND (t_1.difference > (0)::double precision))
UNION ALL
SELECT 'icp_widening'::text,
2,
NULL::text,
a.after_start,
a.compared_with,
ARRAY[(lead_kpi.trials(f.before))::double precision, (lead_kpi.trials(f.after))::double precision, (f.before)::double precision, (f.after)::double precision] AS "array",
t_1.p_value,
(((f.after)::double precision <= ((0.8)::double precision * (f.before)::double precision)) AND ((lead_kpi.hits(f.before) + lead_kpi.hits(f.after)) >= 5))
FROM ((fitting f
JOIN aged a USING (number))
CROSS JOIN LATERAL lead_kpi.compare(f.after, f.before) t_1(difference, low, high, p_value, probability_better))
WHERE (t_1.difference < (0)::double precision)
UNION ALL
SELECT 'attribution_dependent_verdict'::text,
1,
COALESCE(c.channel, '(unknown)'::text) AS "coalesce",
NULL::date,
'other models'::text,
ARRAY[c.fewest, c.most, c.lowest, c.highest, (c.losing)::double precision, (c.paying)::double precision] AS "array",
t_1.p_value,
true
FROM (credited c
CROSS JOIN LATERAL lead_kpi.compare_cost(c.spend, (round(c.fewest))::bigint, c.spend, (round(c.most))::bigint) t_1(ratio, low, high, p_value))
WHERE ((c.losing > 0) AND (c.paying > 0))
UNION ALL
SELECT
CASE
WHEN ((m.change).total > (0)::double precision) THEN 'mix_hides_decline'::text
ELSE 'mix_hides_improvement'::text
END AS "case",
2,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.won0)::double precision, (p.won1)::double precision, (m.change).odds_ratio] AS "array",
CASE
WHEN (((m.change).p_value IS NOT NULL) AND (t_1.p_value IS NOT NULL)) THEN GREATEST((m.change).p_value, t_1.p_value)
ELSE NULL::double precision
END AS "case",
(LEAST((m.change).p_value, t_1.p_value) < s_1.alpha)
FROM (((mixed m
JOIN pair p USING (number))
CROSS JOIN setting s_1)
CROSS JOIN LATERAL lead_kpi.compare(p.won1, p.won0) t_1(difference, low, high, p_value, probability_better))
WHERE (m.change).simpson
UNION ALL
SELECT 'immature_cohort'::text,
1,
NULL::text,
f.month,
'three months before'::text,
ARRAY[(f.leads0)::double precision, (f.leads1)::double precision, (f.won0)::double precision, (f.won1)::double precision] AS "array",
NULL::double precision,
true
FROM (((fresh f
CROSS JOIN setting s_1)
CROSS JOIN LATERAL lead_kpi.compare(f.won1, f.won0) naive(difference, low, high, p_value, probability_better))
CROSS JOIN LATERAL lead_kpi.compare(f.curve1, f.curve0) same_age(observed_a, expected_a, observed_b, expected_b, statistic, degrees_of_freedom, p_value))
WHERE ((naive.difference < (0)::double precision) AND (naive.p_value < s_1.alpha) AND ((same_age.p_value >= s_1.alpha) OR ((same_age.observed_a)::double precision > same_age.expected_a) OR (same_age.p_value IS NULL)))
UNION ALL
SELECT 'growth_without_revenue'::text,
1,
NULL::text,
p.after_start,
p.compared_with,
ARRAY[(p.leads0)::double precision, (p.leads1)::double precision, (p.revenue0)::double precision, (p.revenue1)::double precision, lead_kpi.mean(p.per_lead0), lead_kpi.mean(p.per_lead1)] AS "array",
t_1.p_value,
(p.revenue1 <= (p.revenue0 * (((1)::double precision + ((0.8)::double precision * (p.growth - (1)::double precision))))::numeric))
FROM (pair p
CROSS JOIN LATERAL lead_kpi.compare(p.per_lead1, p.per_lead0) t_1(difference, low, high, p_value))
WHERE ((p.number = 3) AND p.is_growing AND (p.revenue0 > (0)::numeric) AND (p.revenue1 IS NOT NULL) AND (t_1.difference < (0)::double precision))
), judged AS (
SELECT c.code,
c.subject,
c.since,
c.compared_with,
c.figures,
CASE
WHEN (q.p IS NOT NULL) THEN LEAST(((q.p * (c.asked)::double precision) * (10)::double precision), (1)::double precision)
ELSE NULL::double precision
END AS p_value,
COALESCE((((q.p * (c.asked)::double precision) * (10)::double precision) < s_1.alpha), false) AS is_certain,
((c.code = 'immature_cohort'::text) OR (c.is_material AND (q.p < ((1.5)::double precision * s_1.alpha)))) AS is_worth_watching
FROM ((candidate c
CROSS JOIN setting s_1)
CROSS JOIN LATERAL ( SELECT (c.p / (2)::double precision) AS p) q)
), told AS (
SELECT DISTINCT ON (j.code, j.subject) j.code,
j.subject,
j.since,
j.compared_with,
j.figures,
j.p_value,
j.is_certain,
j.is_worth_watching,
f.ordinal,
f.measure,
f.units,
f.message_en,
f.causes_en,
f.look_en,
f.message_fr,
f.causes_fr,
f.look_fr,
CASE
WHEN j.is_certain THEN f.severity
ELSE 'watch'::text
END AS severity
FROM (judged j
JOIN lead_kpi.mart_findings() f(ordinal, code, severity, measure, units, message_en, causes_en, look_en, message_fr, causes_fr, look_fr) USING (code))
WHERE (j.is_certain OR ((f.severity <> 'good'::text) AND j.is_worth_watching))
ORDER BY j.code, j.subject, j.is_certain DESC, j.p_value, j.since
)
SELECT t.code,
t.severity,
t.subject,
t.since,
t.compared_with,
CASE
WHEN t.is_certain THEN 'beyond chance'::text
ELSE 'not yet certain'::text
END AS certainty,
t.p_value,
(t.figures[2])::bigint AS leads,
(t.figures[1])::bigint AS leads_compared,
t.measure,
t.figures[4] AS value,
t.figures[3] AS value_compared,
(lead_kpi.mart_comparison(t.compared_with, t.since, s.language) || format(
CASE s.language
WHEN 'fr'::text THEN lead_kpi.mart_text(t.message_fr)
ELSE t.message_en
END, VARIADIC (t.subject || ARRAY( SELECT lead_kpi.mart_figure(g.figure, g.unit, s.language) AS mart_figure
FROM UNNEST(t.figures, t.units) WITH ORDINALITY g(figure, unit, ordinal)
ORDER BY g.ordinal)))) AS message,
CASE s.language
WHEN 'fr'::text THEN lead_kpi.mart_text(t.causes_fr)
ELSE t.causes_en
END AS likely_causes,
CASE s.language
WHEN 'fr'::text THEN lead_kpi.mart_text(t.look_fr)
ELSE t.look_en
END AS what_to_look_at
FROM (told t
CROSS JOIN setting s)
ORDER BY
CASE t.severity
WHEN 'warning'::text THEN 1
WHEN 'watch'::text THEN 2
ELSE 3
END, t.ordinal, t.subject;
ALTER TABLE kpi.diagnosis OWNER TO kpi_owner;
COMMENT ON VIEW kpi.diagnosis IS 'What goes wrong and what goes well, one row per finding, warnings first; no row = nothing found. A warning needs evidence beyond chance: where nothing has changed, at most 1 - rule.confidence_level of all readings show any warning. What looks bad on too few leads is a watch that says "not yet certain".';
COMMENT ON COLUMN kpi.diagnosis.code IS 'What was found, as a name that does not change with the language.';
COMMENT ON COLUMN kpi.diagnosis.severity IS 'warning: something goes wrong, beyond chance; watch: to be known, or not yet certain; good: something goes well, beyond chance.';
COMMENT ON COLUMN kpi.diagnosis.subject IS 'The channel, or channel / campaign, that it is about; NULL = all leads.';
COMMENT ON COLUMN kpi.diagnosis.since IS 'First day of the period in which it shows; NULL = it is about all data.';
COMMENT ON COLUMN kpi.diagnosis.compared_with IS 'previous: the period before it; year before: the same period a year before.';
COMMENT ON COLUMN kpi.diagnosis.certainty IS 'beyond chance: p_value is below 1 - rule.confidence_level; else not yet certain.';
COMMENT ON COLUMN kpi.diagnosis.p_value IS 'The chance of seeing this or more were nothing the matter, times the questions that diagnosis asks (Bonferroni), at most 1; NULL where no test applies or too little is known for one.';
COMMENT ON COLUMN kpi.diagnosis.leads IS 'Leads that value is of (for acceptance_below_threshold those accepted, for attribution_dependent_verdict the most won deals credited).';
COMMENT ON COLUMN kpi.diagnosis.leads_compared IS 'Leads that value_compared is of (for acceptance_below_threshold those transmitted, for attribution_dependent_verdict the fewest won deals credited).';
COMMENT ON COLUMN kpi.diagnosis.measure IS 'What value and value_compared measure: lead_to_won, lead_to_qualified, acceptance_rate and icp_share (0 to 1, periods at the same age), revenue (money), median_days, roas.';
COMMENT ON COLUMN kpi.diagnosis.value IS 'The measure in the period or of the subject.';
COMMENT ON COLUMN kpi.diagnosis.value_compared IS 'The measure of what it is compared with.';
COMMENT ON COLUMN kpi.diagnosis.message IS 'What was found, with its figures, in the language of rule.language.';
COMMENT ON COLUMN kpi.diagnosis.likely_causes IS 'In the language of rule.language.';
COMMENT ON COLUMN kpi.diagnosis.what_to_look_at IS 'The views that tell more, in the language of rule.language.';
CREATE VIEW kpi.pipeline_moment WITH (security_invoker='true') AS
WITH seen AS MATERIALIZED (
SELECT observation.observed_until
FROM kpi.observation
WHERE (observation.observed_until IS NOT NULL)
)
SELECT (timezone(r.time_zone, (date_trunc('month'::text, timezone(r.time_zone, o.observed_until)) + make_interval(months => m.n))) - '00:00:00.000001'::interval) AS as_of,
false AS is_now
FROM ((kpi.rule r
CROSS JOIN seen o)
CROSS JOIN generate_series('-23'::integer, 0) m(n))
WHERE (r.id = 1)
UNION ALL
SELECT seen.observed_until AS as_of,
true AS is_now
FROM seen;
ALTER TABLE kpi.pipeline_moment OWNER TO kpi_owner;
COMMENT ON VIEW kpi.pipeline_moment IS 'When pipeline_snapshot looks at the leads: the end of each of the last 24 months, and observed_until (is_now).';
COMMENT ON COLUMN kpi.pipeline_moment.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.pipeline_moment.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
CREATE VIEW kpi.pipeline_snapshot WITH (security_invoker='true') AS
WITH moment AS MATERIALIZED (
SELECT pipeline_moment.as_of,
pipeline_moment.is_now
FROM kpi.pipeline_moment
), arrival AS (
SELECT e_1.lead_id,
l_1.stage_position,
min(e_1.entered_at) AS entered_at
FROM (kpi.funnel_event e_1
JOIN kpi.ladder l_1 USING (stage))
GROUP BY e_1.lead_id, l_1.stage_position
), furthest AS (
SELECT arrival.lead_id,
arrival.stage_position,
arrival.entered_at,
max(arrival.stage_position) OVER (PARTITION BY arrival.lead_id ORDER BY arrival.entered_at, arrival.stage_position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest_before
FROM arrival
), episode AS (
SELECT furthest.lead_id,
furthest.stage_position,
furthest.entered_at,
COALESCE(lead(furthest.entered_at) OVER (PARTITION BY furthest.lead_id ORDER BY furthest.entered_at), 'infinity'::timestamp with time zone) AS left_at
FROM furthest
WHERE (furthest.stage_position > COALESCE(furthest.furthest_before, 0))
), deal_event AS (
SELECT clean_deal.lead_id,
COALESCE(LEAST(clean_deal.opened_at, clean_deal.closed_at), '-infinity'::timestamp with time zone) AS at,
1 AS change
FROM kpi.clean_deal
WHERE (NOT clean_deal.repeated)
UNION ALL
SELECT clean_deal.lead_id,
clean_deal.closed_at,
'-1'::integer
FROM kpi.clean_deal
WHERE ((NOT clean_deal.repeated) AND (clean_deal.closed_at IS NOT NULL))
), spell AS (
SELECT deal_event.lead_id,
deal_event.at AS lost_at,
COALESCE(lead(deal_event.at) OVER timeline, 'infinity'::timestamp with time zone) AS reopened_at,
sum(deal_event.change) OVER timeline AS open_deals
FROM deal_event
WINDOW timeline AS (PARTITION BY deal_event.lead_id ORDER BY deal_event.at, deal_event.change DESC ROWS UNBOUNDED PRECEDING)
)
SELECT m.as_of,
m.is_now,
o.lead_id,
o.created_at,
o.channel,
o.campaign,
e.stage_position,
l.stage,
e.entered_at AS stage_entered_at,
CASE
WHEN (o.won_at <= o.observed_until) THEN o.won_at
ELSE NULL::timestamp with time zone
END AS won_at,
CASE
WHEN (o.lost_at <= o.observed_until) THEN o.lost_at
ELSE NULL::timestamp with time zone
END AS lost_at,
o.observed_until
FROM (((kpi.lead_outcome o
JOIN episode e USING (lead_id))
JOIN kpi.ladder l ON ((l.stage_position = e.stage_position)))
JOIN moment m ON (((m.as_of >= o.created_at) AND (m.as_of >= e.entered_at) AND (m.as_of < e.left_at))))
WHERE ((e.stage_position < COALESCE(( SELECT ladder.stage_position
FROM kpi.ladder
WHERE (ladder.role = 'won'::text)), 33)) AND (NOT (EXISTS ( SELECT
FROM spell s
WHERE ((s.lead_id = o.lead_id) AND (s.open_deals = 0) AND (m.as_of >= s.lost_at) AND (m.as_of < s.reopened_at))))));
ALTER TABLE kpi.pipeline_snapshot OWNER TO kpi_owner;
COMMENT ON VIEW kpi.pipeline_snapshot IS 'The leads that were open, neither won nor lost by what was known then, at the end of each of the last 24 months and at observed_until (is_now), with the stage that they had reached by then and, for judging forecasts and scores, what became of them later.';
COMMENT ON COLUMN kpi.pipeline_snapshot.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.pipeline_snapshot.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN kpi.pipeline_snapshot.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.pipeline_snapshot.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN kpi.pipeline_snapshot.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.pipeline_snapshot.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.pipeline_snapshot.stage_position IS 'Position on the ladder of the furthest stage that the lead had reached by as_of, whatever the funnel''s policy.';
COMMENT ON COLUMN kpi.pipeline_snapshot.stage IS 'The furthest stage that the lead had reached by as_of.';
COMMENT ON COLUMN kpi.pipeline_snapshot.stage_entered_at IS 'When the lead reached that stage.';
COMMENT ON COLUMN kpi.pipeline_snapshot.won_at IS 'When the lead was won later, as the funnel counts it, by observed_until; NULL = not yet. Of the future, seen from as_of.';
COMMENT ON COLUMN kpi.pipeline_snapshot.lost_at IS 'When the lead was lost later, by observed_until; NULL = not yet. Of the future, seen from as_of.';
COMMENT ON COLUMN kpi.pipeline_snapshot.observed_until IS 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.';
CREATE VIEW kpi.forecast WITH (security_invoker='true') AS
WITH snapshot AS MATERIALIZED (
SELECT pipeline_snapshot.as_of,
pipeline_snapshot.is_now,
pipeline_snapshot.lead_id,
pipeline_snapshot.created_at,
pipeline_snapshot.channel,
pipeline_snapshot.campaign,
pipeline_snapshot.stage_position,
pipeline_snapshot.stage,
pipeline_snapshot.stage_entered_at,
pipeline_snapshot.won_at,
pipeline_snapshot.lost_at,
pipeline_snapshot.observed_until,
(width_bucket((date_part('epoch'::text, (pipeline_snapshot.as_of - pipeline_snapshot.stage_entered_at)) / (86400)::double precision), ARRAY[(7)::double precision, (14)::double precision, (30)::double precision, (90)::double precision, (180)::double precision]) + 1) AS band
FROM kpi.pipeline_snapshot
), horizon AS (
SELECT days.days AS horizon_days,
make_interval(hours => (24 * days.days)) AS within
FROM unnest(ARRAY[30, 60, 90, 180, 365]) days(days)
), history AS MATERIALIZED (
SELECT c_1.stage_position,
c_1.band,
c_1.curve,
( SELECT max(points.age) AS max
FROM lead_kpi.points(c_1.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) AS observed
FROM ( SELECT snapshot.stage_position,
snapshot.band,
lead_kpi.conversion_curve(snapshot.as_of, snapshot.won_at, snapshot.lost_at, snapshot.observed_until, '00:00:00'::interval) AS curve
FROM snapshot
WHERE ((NOT snapshot.is_now) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))))
GROUP BY snapshot.stage_position, snapshot.band) c_1
), fate AS (
SELECT snapshot.stage_position,
snapshot.band,
(date_part('epoch'::text, (max(snapshot.as_of) - min(snapshot.as_of))) / (86400)::double precision) AS span_days,
CASE
WHEN bool_or(((snapshot.won_at IS NOT NULL) OR (snapshot.lost_at IS NOT NULL))) THEN 'Infinity'::double precision
ELSE (date_part('epoch'::text, (snapshot.observed_until - max(snapshot.as_of))) / (86400)::double precision)
END AS known_days
FROM snapshot
WHERE (NOT snapshot.is_now)
GROUP BY snapshot.stage_position, snapshot.band, snapshot.lead_id, snapshot.observed_until
), trial AS (
SELECT f.stage_position,
f.band,
h.horizon_days,
(sum((f.span_days + LEAST(f.known_days, (h.horizon_days)::double precision))) / (h.horizon_days)::double precision) AS trials
FROM (fate f
CROSS JOIN horizon h)
GROUP BY f.stage_position, f.band, h.horizon_days
), counted AS MATERIALIZED (
SELECT d.lead_id,
d.amount,
d.is_won,
COALESCE((d.closed_at <= o.observed_until), false) AS is_closed,
(COALESCE(LEAST(d.opened_at, d.closed_at), '-infinity'::timestamp with time zone) <= o.observed_until) AS is_there
FROM (kpi.counted_deal d
CROSS JOIN kpi.observation o)
WHERE (d.excluded_reason IS NULL)
), closed AS (
SELECT (lead_kpi.rate(count(*) FILTER (WHERE counted.is_won), count(*)))::double precision AS won_of_closed_deals
FROM counted
WHERE counted.is_closed
), basket AS (
SELECT avg(w.revenue) AS mean,
count(w.revenue) AS wins,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(avg(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS plain_mean,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(var_samp(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS variance
FROM ( SELECT sum(counted.amount) AS revenue
FROM counted
WHERE (counted.is_closed AND counted.is_won)
GROUP BY counted.lead_id) w
), offer AS (
SELECT counted.lead_id,
count(*) AS open_deals,
(count(*) - count(counted.amount)) AS deals_without_amount,
sum(counted.amount) AS amount
FROM counted
WHERE (counted.is_there AND (NOT counted.is_closed))
GROUP BY counted.lead_id
), present AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.band,
count(*) AS open_leads,
(COALESCE(sum(f.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(f.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(f.amount), (0)::numeric) AS amount,
(count(*) - count(f.amount)) AS leads_without_amount,
CASE
WHEN COALESCE(((min(f.amount) >= (0)::numeric) AND (max(f.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)), true) THEN (round(COALESCE(sum((f.amount * f.amount)), (0)::numeric), 30))::double precision
ELSE NULL::double precision
END AS squares
FROM (snapshot s_1
LEFT JOIN offer f USING (lead_id))
WHERE s_1.is_now
GROUP BY s_1.stage_position, s_1.stage, s_1.band
), told AS (
SELECT h.horizon_days,
y.stage_position,
y.band,
t.trials,
y.curve,
w.is_known,
CASE
WHEN w.is_known THEN h.within
ELSE y.observed
END AS within
FROM (((history y
CROSS JOIN horizon h)
CROSS JOIN LATERAL ( SELECT (lead_kpi.converted_within(y.curve, h.within) IS NOT NULL) AS is_known) w)
JOIN trial t ON (((t.stage_position = y.stage_position) AND (t.band = y.band) AND (t.horizon_days = h.horizon_days))))
), estimate AS (
SELECT t.horizon_days,
t.stage_position,
t.band,
t.trials,
t.curve,
t.is_known,
t.within,
e.win_probability,
lead_kpi.low(t.curve, t.within, r_1.confidence_level) AS win_probability_low,
lead_kpi.high(t.curve, t.within, r_1.confidence_level) AS win_probability_high,
LEAST(t.trials, ((e.win_probability * ((1)::double precision - e.win_probability)) / power(lead_kpi.std_error(t.curve, t.within), (2)::double precision))) AS history_leads
FROM ((told t
CROSS JOIN kpi.rule r_1)
CROSS JOIN LATERAL ( SELECT lead_kpi.converted_within(t.curve, t.within) AS win_probability) e)
), cell AS (
SELECT h.horizon_days,
p.stage_position,
p.stage,
p.band,
p.open_leads,
p.open_deals,
p.deals_without_amount,
p.amount,
p.leads_without_amount,
p.squares,
(ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
e.win_probability,
e.win_probability_low,
e.win_probability_high,
e.history_leads,
COALESCE(e.is_known, false) AS is_known,
(p.amount +
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::numeric * b.mean)
ELSE (0)::numeric
END) AS baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::double precision * b.plain_mean)
ELSE (0)::double precision
END AS usual_baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN (((p.leads_without_amount)::double precision * b.plain_mean) * b.plain_mean)
ELSE (0)::double precision
END AS usual_squares,
CASE
WHEN (p.leads_without_amount > 0) THEN b.variance
ELSE (0)::double precision
END AS usual_variance
FROM (((present p
CROSS JOIN horizon h)
CROSS JOIN basket b)
LEFT JOIN estimate e ON (((e.stage_position = p.stage_position) AND (e.band = p.band) AND (e.horizon_days = h.horizon_days))))
), shared AS (
SELECT cell.horizon_days,
cell.stage_position,
cell.stage,
cell.band,
cell.open_leads,
cell.open_deals,
cell.deals_without_amount,
cell.amount,
cell.leads_without_amount,
cell.squares,
cell.days_in_stage_from,
cell.days_in_stage_to,
cell.win_probability,
cell.win_probability_low,
cell.win_probability_high,
cell.history_leads,
cell.is_known,
cell.baskets,
cell.usual_baskets,
cell.usual_squares,
cell.usual_variance,
CASE
WHEN (cell.win_probability IS NOT NULL) THEN ((cell.open_leads)::double precision / (sum(cell.open_leads) FILTER (WHERE (cell.win_probability IS NOT NULL)) OVER (PARTITION BY cell.horizon_days))::double precision)
ELSE NULL::double precision
END AS share
FROM cell
), judged AS (
SELECT shared.horizon_days,
shared.stage_position,
shared.stage,
shared.band,
shared.open_leads,
shared.open_deals,
shared.deals_without_amount,
shared.amount,
shared.leads_without_amount,
shared.squares,
shared.days_in_stage_from,
shared.days_in_stage_to,
shared.win_probability,
shared.win_probability_low,
shared.win_probability_high,
shared.history_leads,
shared.is_known,
shared.baskets,
shared.usual_baskets,
shared.usual_squares,
shared.usual_variance,
shared.share,
(((shared.win_probability * shared.history_leads) + (shared.share / (2)::double precision)) / (shared.history_leads + shared.share)) AS chance,
((1)::double precision / ((shared.history_leads + shared.share) + (1)::double precision)) AS doubt,
CASE
WHEN (shared.squares IS NOT NULL) THEN ((round(shared.amount, 30))::double precision + shared.usual_baskets)
ELSE NULL::double precision
END AS plain_baskets,
(shared.squares + shared.usual_squares) AS basket_squares
FROM shared
), summed AS (
SELECT h.horizon_days,
(COALESCE(sum(c_1.open_leads), (0)::numeric))::bigint AS open_leads,
(COALESCE(sum(c_1.open_leads) FILTER (WHERE (NOT c_1.is_known)), (0)::numeric))::bigint AS leads_without_history,
sum(c_1.open_leads) FILTER (WHERE (c_1.win_probability IS NOT NULL)) AS told_leads,
(COALESCE(sum(c_1.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(c_1.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(c_1.amount), (0)::numeric) AS amount,
sum(((c_1.open_leads)::double precision * c_1.win_probability)) AS sales,
sum(((c_1.open_leads)::double precision * c_1.chance)) AS mean_sales,
sum(((((c_1.open_leads)::double precision * c_1.chance) * ((1)::double precision - c_1.chance)) * ((1)::double precision + (((c_1.open_leads - 1))::double precision * c_1.doubt)))) AS variance_of_sales,
CASE
WHEN bool_and((c_1.baskets IS NOT NULL)) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum(((c_1.win_probability)::numeric * c_1.baskets))
ELSE NULL::numeric
END AS revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.plain_baskets IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum((c_1.chance * c_1.plain_baskets))
ELSE NULL::double precision
END AS mean_revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.usual_variance IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN (sum((((c_1.chance * ((1)::double precision - c_1.chance)) * (c_1.basket_squares + (c_1.doubt * GREATEST(((c_1.plain_baskets * c_1.plain_baskets) - c_1.basket_squares), (0)::double precision)))) + ((c_1.chance * (c_1.leads_without_amount)::double precision) * c_1.usual_variance))) + (power(sum((c_1.chance * (c_1.leads_without_amount)::double precision)), (2)::double precision) * COALESCE(max((c_1.usual_variance / (b.wins)::double precision)), (0)::double precision)))
ELSE NULL::double precision
END AS variance_of_revenue
FROM ((horizon h
CROSS JOIN basket b)
LEFT JOIN judged c_1 USING (horizon_days))
GROUP BY h.horizon_days
HAVING true
), known_sum AS (
SELECT s_1.horizon_days,
s_1.open_leads,
s_1.leads_without_history,
s_1.told_leads,
s_1.open_deals,
s_1.deals_without_amount,
s_1.amount,
s_1.sales,
s_1.mean_sales,
s_1.variance_of_sales,
s_1.revenue,
s_1.mean_revenue,
s_1.variance_of_revenue,
((s_1.open_leads = 0) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text)))) AS is_nothing,
CASE
WHEN ((s_1.open_deals = 0) OR (s_1.open_deals > s_1.deals_without_amount)) THEN round(s_1.amount, 2)
ELSE NULL::numeric
END AS pipeline
FROM summed s_1
)
SELECT k.horizon_days,
k.open_leads,
k.leads_without_history,
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE k.sales
END AS expected_sales,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE floor(s.low)
END)::bigint AS sales_low,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE
CASE
WHEN (s.high > (k.told_leads)::double precision) THEN (k.told_leads)::double precision
ELSE round(s.high)
END
END)::bigint AS sales_high,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round(k.revenue, 2)
END AS expected_revenue,
CASE
WHEN (k.is_nothing OR ((v.low IS NOT NULL) AND (s.low < (1)::double precision))) THEN (0)::numeric
ELSE round((v.low)::numeric, 2)
END AS revenue_low,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round((v.high)::numeric, 2)
END AS revenue_high,
k.open_deals,
k.deals_without_amount,
k.pipeline,
c.won_of_closed_deals,
round((k.pipeline * (c.won_of_closed_deals)::numeric), 2) AS weighted_pipeline
FROM ((((known_sum k
CROSS JOIN closed c)
JOIN kpi.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s(low, high))
CROSS JOIN LATERAL lead_kpi.predict_amount(
CASE
WHEN ((k.mean_revenue > (0)::double precision) OR (k.variance_of_revenue = (0)::double precision)) THEN k.mean_revenue
ELSE NULL::double precision
END, k.variance_of_revenue, r.confidence_level) v(low, high))
ORDER BY k.horizon_days;
ALTER TABLE kpi.forecast OWNER TO kpi_owner;
COMMENT ON VIEW kpi.forecast IS 'What the leads that are open now will bring within 30 to 365 days, by what became of leads that were open at the end of a month in the same stage for as long; the weighted pipeline beside it.';
COMMENT ON COLUMN kpi.forecast.horizon_days IS 'Within how many days from observed_until, of 24 hours.';
COMMENT ON COLUMN kpi.forecast.open_leads IS 'Counted leads that are neither won nor lost at observed_until.';
COMMENT ON COLUMN kpi.forecast.leads_without_history IS 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they are expected to bring what was seen, so more may come.';
COMMENT ON COLUMN kpi.forecast.expected_sales IS 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.';
COMMENT ON COLUMN kpi.forecast.sales_low IS 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the probabilities.';
COMMENT ON COLUMN kpi.forecast.sales_high IS 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may bring beyond the expectation.';
COMMENT ON COLUMN kpi.forecast.expected_revenue IS 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue of won leads where it has none with an amount. NULL when that is not known either.';
COMMENT ON COLUMN kpi.forecast.revenue_low IS 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.';
COMMENT ON COLUMN kpi.forecast.revenue_high IS 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.';
COMMENT ON COLUMN kpi.forecast.open_deals IS 'Deals of the open leads that were open at observed_until.';
COMMENT ON COLUMN kpi.forecast.deals_without_amount IS 'Those of open_deals without an amount: they are not in the pipeline.';
COMMENT ON COLUMN kpi.forecast.pipeline IS 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.';
COMMENT ON COLUMN kpi.forecast.won_of_closed_deals IS 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none was closed.';
COMMENT ON COLUMN kpi.forecast.weighted_pipeline IS 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead without a deal.';
CREATE VIEW kpi.forecast_by_age WITH (security_invoker='true') AS
WITH snapshot AS MATERIALIZED (
SELECT pipeline_snapshot.as_of,
pipeline_snapshot.is_now,
pipeline_snapshot.lead_id,
pipeline_snapshot.created_at,
pipeline_snapshot.channel,
pipeline_snapshot.campaign,
pipeline_snapshot.stage_position,
pipeline_snapshot.stage,
pipeline_snapshot.stage_entered_at,
pipeline_snapshot.won_at,
pipeline_snapshot.lost_at,
pipeline_snapshot.observed_until,
(width_bucket((date_part('epoch'::text, (pipeline_snapshot.as_of - pipeline_snapshot.stage_entered_at)) / (86400)::double precision), ARRAY[(7)::double precision, (14)::double precision, (30)::double precision, (90)::double precision, (180)::double precision]) + 1) AS band
FROM kpi.pipeline_snapshot
), horizon AS (
SELECT days.days AS horizon_days,
make_interval(hours => (24 * days.days)) AS within
FROM unnest(ARRAY[30, 60, 90, 180, 365]) days(days)
), history AS MATERIALIZED (
SELECT c_1.stage_position,
c_1.band,
c_1.curve,
( SELECT max(points.age) AS max
FROM lead_kpi.points(c_1.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) AS observed
FROM ( SELECT snapshot.stage_position,
snapshot.band,
lead_kpi.conversion_curve(snapshot.as_of, snapshot.won_at, snapshot.lost_at, snapshot.observed_until, '00:00:00'::interval) AS curve
FROM snapshot
WHERE ((NOT snapshot.is_now) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))))
GROUP BY snapshot.stage_position, snapshot.band) c_1
), fate AS (
SELECT snapshot.stage_position,
snapshot.band,
(date_part('epoch'::text, (max(snapshot.as_of) - min(snapshot.as_of))) / (86400)::double precision) AS span_days,
CASE
WHEN bool_or(((snapshot.won_at IS NOT NULL) OR (snapshot.lost_at IS NOT NULL))) THEN 'Infinity'::double precision
ELSE (date_part('epoch'::text, (snapshot.observed_until - max(snapshot.as_of))) / (86400)::double precision)
END AS known_days
FROM snapshot
WHERE (NOT snapshot.is_now)
GROUP BY snapshot.stage_position, snapshot.band, snapshot.lead_id, snapshot.observed_until
), trial AS (
SELECT f.stage_position,
f.band,
h.horizon_days,
(sum((f.span_days + LEAST(f.known_days, (h.horizon_days)::double precision))) / (h.horizon_days)::double precision) AS trials
FROM (fate f
CROSS JOIN horizon h)
GROUP BY f.stage_position, f.band, h.horizon_days
), counted AS MATERIALIZED (
SELECT d.lead_id,
d.amount,
d.is_won,
COALESCE((d.closed_at <= o.observed_until), false) AS is_closed,
(COALESCE(LEAST(d.opened_at, d.closed_at), '-infinity'::timestamp with time zone) <= o.observed_until) AS is_there
FROM (kpi.counted_deal d
CROSS JOIN kpi.observation o)
WHERE (d.excluded_reason IS NULL)
), closed AS (
SELECT (lead_kpi.rate(count(*) FILTER (WHERE counted.is_won), count(*)))::double precision AS won_of_closed_deals
FROM counted
WHERE counted.is_closed
), basket AS (
SELECT avg(w.revenue) AS mean,
count(w.revenue) AS wins,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(avg(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS plain_mean,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(var_samp(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS variance
FROM ( SELECT sum(counted.amount) AS revenue
FROM counted
WHERE (counted.is_closed AND counted.is_won)
GROUP BY counted.lead_id) w
), offer AS (
SELECT counted.lead_id,
count(*) AS open_deals,
(count(*) - count(counted.amount)) AS deals_without_amount,
sum(counted.amount) AS amount
FROM counted
WHERE (counted.is_there AND (NOT counted.is_closed))
GROUP BY counted.lead_id
), present AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.band,
count(*) AS open_leads,
(COALESCE(sum(f.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(f.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(f.amount), (0)::numeric) AS amount,
(count(*) - count(f.amount)) AS leads_without_amount,
CASE
WHEN COALESCE(((min(f.amount) >= (0)::numeric) AND (max(f.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)), true) THEN (round(COALESCE(sum((f.amount * f.amount)), (0)::numeric), 30))::double precision
ELSE NULL::double precision
END AS squares
FROM (snapshot s_1
LEFT JOIN offer f USING (lead_id))
WHERE s_1.is_now
GROUP BY s_1.stage_position, s_1.stage, s_1.band
), told AS (
SELECT h.horizon_days,
y.stage_position,
y.band,
t.trials,
y.curve,
w.is_known,
CASE
WHEN w.is_known THEN h.within
ELSE y.observed
END AS within
FROM (((history y
CROSS JOIN horizon h)
CROSS JOIN LATERAL ( SELECT (lead_kpi.converted_within(y.curve, h.within) IS NOT NULL) AS is_known) w)
JOIN trial t ON (((t.stage_position = y.stage_position) AND (t.band = y.band) AND (t.horizon_days = h.horizon_days))))
), estimate AS (
SELECT t.horizon_days,
t.stage_position,
t.band,
t.trials,
t.curve,
t.is_known,
t.within,
e.win_probability,
lead_kpi.low(t.curve, t.within, r_1.confidence_level) AS win_probability_low,
lead_kpi.high(t.curve, t.within, r_1.confidence_level) AS win_probability_high,
LEAST(t.trials, ((e.win_probability * ((1)::double precision - e.win_probability)) / power(lead_kpi.std_error(t.curve, t.within), (2)::double precision))) AS history_leads
FROM ((told t
CROSS JOIN kpi.rule r_1)
CROSS JOIN LATERAL ( SELECT lead_kpi.converted_within(t.curve, t.within) AS win_probability) e)
), cell AS (
SELECT h.horizon_days,
p.stage_position,
p.stage,
p.band,
p.open_leads,
p.open_deals,
p.deals_without_amount,
p.amount,
p.leads_without_amount,
p.squares,
(ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
e.win_probability,
e.win_probability_low,
e.win_probability_high,
e.history_leads,
COALESCE(e.is_known, false) AS is_known,
(p.amount +
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::numeric * b.mean)
ELSE (0)::numeric
END) AS baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::double precision * b.plain_mean)
ELSE (0)::double precision
END AS usual_baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN (((p.leads_without_amount)::double precision * b.plain_mean) * b.plain_mean)
ELSE (0)::double precision
END AS usual_squares,
CASE
WHEN (p.leads_without_amount > 0) THEN b.variance
ELSE (0)::double precision
END AS usual_variance
FROM (((present p
CROSS JOIN horizon h)
CROSS JOIN basket b)
LEFT JOIN estimate e ON (((e.stage_position = p.stage_position) AND (e.band = p.band) AND (e.horizon_days = h.horizon_days))))
), shared AS (
SELECT cell.horizon_days,
cell.stage_position,
cell.stage,
cell.band,
cell.open_leads,
cell.open_deals,
cell.deals_without_amount,
cell.amount,
cell.leads_without_amount,
cell.squares,
cell.days_in_stage_from,
cell.days_in_stage_to,
cell.win_probability,
cell.win_probability_low,
cell.win_probability_high,
cell.history_leads,
cell.is_known,
cell.baskets,
cell.usual_baskets,
cell.usual_squares,
cell.usual_variance,
CASE
WHEN (cell.win_probability IS NOT NULL) THEN ((cell.open_leads)::double precision / (sum(cell.open_leads) FILTER (WHERE (cell.win_probability IS NOT NULL)) OVER (PARTITION BY cell.stage_position, cell.stage, cell.days_in_stage_from, cell.days_in_stage_to, cell.win_probability, cell.win_probability_low, cell.win_probability_high, cell.history_leads, cell.horizon_days))::double precision)
ELSE NULL::double precision
END AS share
FROM cell
), judged AS (
SELECT shared.horizon_days,
shared.stage_position,
shared.stage,
shared.band,
shared.open_leads,
shared.open_deals,
shared.deals_without_amount,
shared.amount,
shared.leads_without_amount,
shared.squares,
shared.days_in_stage_from,
shared.days_in_stage_to,
shared.win_probability,
shared.win_probability_low,
shared.win_probability_high,
shared.history_leads,
shared.is_known,
shared.baskets,
shared.usual_baskets,
shared.usual_squares,
shared.usual_variance,
shared.share,
(((shared.win_probability * shared.history_leads) + (shared.share / (2)::double precision)) / (shared.history_leads + shared.share)) AS chance,
((1)::double precision / ((shared.history_leads + shared.share) + (1)::double precision)) AS doubt,
CASE
WHEN (shared.squares IS NOT NULL) THEN ((round(shared.amount, 30))::double precision + shared.usual_baskets)
ELSE NULL::double precision
END AS plain_baskets,
(shared.squares + shared.usual_squares) AS basket_squares
FROM shared
), summed AS (
SELECT c_1.stage_position,
c_1.stage,
c_1.days_in_stage_from,
c_1.days_in_stage_to,
c_1.win_probability,
c_1.win_probability_low,
c_1.win_probability_high,
c_1.history_leads,
h.horizon_days,
(COALESCE(sum(c_1.open_leads), (0)::numeric))::bigint AS open_leads,
(COALESCE(sum(c_1.open_leads) FILTER (WHERE (NOT c_1.is_known)), (0)::numeric))::bigint AS leads_without_history,
sum(c_1.open_leads) FILTER (WHERE (c_1.win_probability IS NOT NULL)) AS told_leads,
(COALESCE(sum(c_1.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(c_1.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(c_1.amount), (0)::numeric) AS amount,
sum(((c_1.open_leads)::double precision * c_1.win_probability)) AS sales,
sum(((c_1.open_leads)::double precision * c_1.chance)) AS mean_sales,
sum(((((c_1.open_leads)::double precision * c_1.chance) * ((1)::double precision - c_1.chance)) * ((1)::double precision + (((c_1.open_leads - 1))::double precision * c_1.doubt)))) AS variance_of_sales,
CASE
WHEN bool_and((c_1.baskets IS NOT NULL)) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum(((c_1.win_probability)::numeric * c_1.baskets))
ELSE NULL::numeric
END AS revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.plain_baskets IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum((c_1.chance * c_1.plain_baskets))
ELSE NULL::double precision
END AS mean_revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.usual_variance IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN (sum((((c_1.chance * ((1)::double precision - c_1.chance)) * (c_1.basket_squares + (c_1.doubt * GREATEST(((c_1.plain_baskets * c_1.plain_baskets) - c_1.basket_squares), (0)::double precision)))) + ((c_1.chance * (c_1.leads_without_amount)::double precision) * c_1.usual_variance))) + (power(sum((c_1.chance * (c_1.leads_without_amount)::double precision)), (2)::double precision) * COALESCE(max((c_1.usual_variance / (b.wins)::double precision)), (0)::double precision)))
ELSE NULL::double precision
END AS variance_of_revenue
FROM ((horizon h
CROSS JOIN basket b)
LEFT JOIN judged c_1 USING (horizon_days))
GROUP BY c_1.stage_position, c_1.stage, c_1.days_in_stage_from, c_1.days_in_stage_to, c_1.win_probability, c_1.win_probability_low, c_1.win_probability_high, c_1.history_leads, h.horizon_days
HAVING (count(c_1.open_leads) > 0)
), known_sum AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.days_in_stage_from,
s_1.days_in_stage_to,
s_1.win_probability,
s_1.win_probability_low,
s_1.win_probability_high,
s_1.history_leads,
s_1.horizon_days,
s_1.open_leads,
s_1.leads_without_history,
s_1.told_leads,
s_1.open_deals,
s_1.deals_without_amount,
s_1.amount,
s_1.sales,
s_1.mean_sales,
s_1.variance_of_sales,
s_1.revenue,
s_1.mean_revenue,
s_1.variance_of_revenue,
((s_1.open_leads = 0) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text)))) AS is_nothing,
CASE
WHEN ((s_1.open_deals = 0) OR (s_1.open_deals > s_1.deals_without_amount)) THEN round(s_1.amount, 2)
ELSE NULL::numeric
END AS pipeline
FROM summed s_1
)
SELECT k.horizon_days,
k.stage_position,
k.stage,
k.days_in_stage_from,
k.days_in_stage_to,
k.win_probability,
k.win_probability_low,
k.win_probability_high,
k.history_leads,
k.open_leads,
k.leads_without_history,
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE k.sales
END AS expected_sales,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE floor(s.low)
END)::bigint AS sales_low,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE
CASE
WHEN (s.high > (k.told_leads)::double precision) THEN (k.told_leads)::double precision
ELSE round(s.high)
END
END)::bigint AS sales_high,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round(k.revenue, 2)
END AS expected_revenue,
CASE
WHEN (k.is_nothing OR ((v.low IS NOT NULL) AND (s.low < (1)::double precision))) THEN (0)::numeric
ELSE round((v.low)::numeric, 2)
END AS revenue_low,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round((v.high)::numeric, 2)
END AS revenue_high,
k.open_deals,
k.deals_without_amount,
k.pipeline,
c.won_of_closed_deals,
round((k.pipeline * (c.won_of_closed_deals)::numeric), 2) AS weighted_pipeline
FROM ((((known_sum k
CROSS JOIN closed c)
JOIN kpi.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s(low, high))
CROSS JOIN LATERAL lead_kpi.predict_amount(
CASE
WHEN ((k.mean_revenue > (0)::double precision) OR (k.variance_of_revenue = (0)::double precision)) THEN k.mean_revenue
ELSE NULL::double precision
END, k.variance_of_revenue, r.confidence_level) v(low, high))
ORDER BY k.stage_position, k.stage, k.days_in_stage_from, k.days_in_stage_to, k.win_probability, k.win_probability_low, k.win_probability_high, k.history_leads, k.horizon_days;
ALTER TABLE kpi.forecast_by_age OWNER TO kpi_owner;
COMMENT ON VIEW kpi.forecast_by_age IS 'forecast per stage and time since open leads reached it, with the probability to be won that it rests on.';
COMMENT ON COLUMN kpi.forecast_by_age.horizon_days IS 'Within how many days from observed_until, of 24 hours.';
COMMENT ON COLUMN kpi.forecast_by_age.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.forecast_by_age.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.forecast_by_age.days_in_stage_from IS 'Days since the lead reached the stage: at least so many.';
COMMENT ON COLUMN kpi.forecast_by_age.days_in_stage_to IS 'Days since the lead reached the stage: fewer than that; NULL = no limit.';
COMMENT ON COLUMN kpi.forecast_by_age.win_probability IS 'Share won within horizon_days of the leads that were open at the end of a month in this stage for as long, 0 to 1 (Aalen-Johansen: open ones count for as long as they were observed, a lost lead never wins). Of those of leads_without_history: within the time that was observed, NULL when none was.';
COMMENT ON COLUMN kpi.forecast_by_age.win_probability_low IS 'Lower end of the interval (log-log, Greenwood) of win_probability at rule.confidence_level; NULL where it is NULL, 0 or 1.';
COMMENT ON COLUMN kpi.forecast_by_age.win_probability_high IS 'Upper end of the interval (log-log, Greenwood) of win_probability at rule.confidence_level; NULL where it is NULL, 0 or 1.';
COMMENT ON COLUMN kpi.forecast_by_age.history_leads IS 'How many leads, observed for the whole horizon, win_probability is worth: what the intervals of the forecast rest on. The month ends of one lead overlap, and leads observed for a part count in part.';
COMMENT ON COLUMN kpi.forecast_by_age.open_leads IS 'Counted leads that are neither won nor lost at observed_until.';
COMMENT ON COLUMN kpi.forecast_by_age.leads_without_history IS 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they are expected to bring what was seen, so more may come.';
COMMENT ON COLUMN kpi.forecast_by_age.expected_sales IS 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.';
COMMENT ON COLUMN kpi.forecast_by_age.sales_low IS 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the probabilities.';
COMMENT ON COLUMN kpi.forecast_by_age.sales_high IS 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may bring beyond the expectation.';
COMMENT ON COLUMN kpi.forecast_by_age.expected_revenue IS 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue of won leads where it has none with an amount. NULL when that is not known either.';
COMMENT ON COLUMN kpi.forecast_by_age.revenue_low IS 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.';
COMMENT ON COLUMN kpi.forecast_by_age.revenue_high IS 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.';
COMMENT ON COLUMN kpi.forecast_by_age.open_deals IS 'Deals of the open leads that were open at observed_until.';
COMMENT ON COLUMN kpi.forecast_by_age.deals_without_amount IS 'Those of open_deals without an amount: they are not in the pipeline.';
COMMENT ON COLUMN kpi.forecast_by_age.pipeline IS 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.';
COMMENT ON COLUMN kpi.forecast_by_age.won_of_closed_deals IS 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none was closed.';
COMMENT ON COLUMN kpi.forecast_by_age.weighted_pipeline IS 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead without a deal.';
CREATE VIEW kpi.forecast_by_stage WITH (security_invoker='true') AS
WITH snapshot AS MATERIALIZED (
SELECT pipeline_snapshot.as_of,
pipeline_snapshot.is_now,
pipeline_snapshot.lead_id,
pipeline_snapshot.created_at,
pipeline_snapshot.channel,
pipeline_snapshot.campaign,
pipeline_snapshot.stage_position,
pipeline_snapshot.stage,
pipeline_snapshot.stage_entered_at,
pipeline_snapshot.won_at,
pipeline_snapshot.lost_at,
pipeline_snapshot.observed_until,
(width_bucket((date_part('epoch'::text, (pipeline_snapshot.as_of - pipeline_snapshot.stage_entered_at)) / (86400)::double precision), ARRAY[(7)::double precision, (14)::double precision, (30)::double precision, (90)::double precision, (180)::double precision]) + 1) AS band
FROM kpi.pipeline_snapshot
), horizon AS (
SELECT days.days AS horizon_days,
make_interval(hours => (24 * days.days)) AS within
FROM unnest(ARRAY[30, 60, 90, 180, 365]) days(days)
), history AS MATERIALIZED (
SELECT c_1.stage_position,
c_1.band,
c_1.curve,
( SELECT max(points.age) AS max
FROM lead_kpi.points(c_1.curve) points(age, at_risk, converted, lost, censored, conversion, low, high, std_error)) AS observed
FROM ( SELECT snapshot.stage_position,
snapshot.band,
lead_kpi.conversion_curve(snapshot.as_of, snapshot.won_at, snapshot.lost_at, snapshot.observed_until, '00:00:00'::interval) AS curve
FROM snapshot
WHERE ((NOT snapshot.is_now) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))))
GROUP BY snapshot.stage_position, snapshot.band) c_1
), fate AS (
SELECT snapshot.stage_position,
snapshot.band,
(date_part('epoch'::text, (max(snapshot.as_of) - min(snapshot.as_of))) / (86400)::double precision) AS span_days,
CASE
WHEN bool_or(((snapshot.won_at IS NOT NULL) OR (snapshot.lost_at IS NOT NULL))) THEN 'Infinity'::double precision
ELSE (date_part('epoch'::text, (snapshot.observed_until - max(snapshot.as_of))) / (86400)::double precision)
END AS known_days
FROM snapshot
WHERE (NOT snapshot.is_now)
GROUP BY snapshot.stage_position, snapshot.band, snapshot.lead_id, snapshot.observed_until
), trial AS (
SELECT f.stage_position,
f.band,
h.horizon_days,
(sum((f.span_days + LEAST(f.known_days, (h.horizon_days)::double precision))) / (h.horizon_days)::double precision) AS trials
FROM (fate f
CROSS JOIN horizon h)
GROUP BY f.stage_position, f.band, h.horizon_days
), counted AS MATERIALIZED (
SELECT d.lead_id,
d.amount,
d.is_won,
COALESCE((d.closed_at <= o.observed_until), false) AS is_closed,
(COALESCE(LEAST(d.opened_at, d.closed_at), '-infinity'::timestamp with time zone) <= o.observed_until) AS is_there
FROM (kpi.counted_deal d
CROSS JOIN kpi.observation o)
WHERE (d.excluded_reason IS NULL)
), closed AS (
SELECT (lead_kpi.rate(count(*) FILTER (WHERE counted.is_won), count(*)))::double precision AS won_of_closed_deals
FROM counted
WHERE counted.is_closed
), basket AS (
SELECT avg(w.revenue) AS mean,
count(w.revenue) AS wins,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(avg(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS plain_mean,
CASE
WHEN (max(abs(w.revenue)) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric) THEN (round(var_samp(w.revenue), 30))::double precision
ELSE NULL::double precision
END AS variance
FROM ( SELECT sum(counted.amount) AS revenue
FROM counted
WHERE (counted.is_closed AND counted.is_won)
GROUP BY counted.lead_id) w
), offer AS (
SELECT counted.lead_id,
count(*) AS open_deals,
(count(*) - count(counted.amount)) AS deals_without_amount,
sum(counted.amount) AS amount
FROM counted
WHERE (counted.is_there AND (NOT counted.is_closed))
GROUP BY counted.lead_id
), present AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.band,
count(*) AS open_leads,
(COALESCE(sum(f.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(f.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(f.amount), (0)::numeric) AS amount,
(count(*) - count(f.amount)) AS leads_without_amount,
CASE
WHEN COALESCE(((min(f.amount) >= (0)::numeric) AND (max(f.amount) <= '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)), true) THEN (round(COALESCE(sum((f.amount * f.amount)), (0)::numeric), 30))::double precision
ELSE NULL::double precision
END AS squares
FROM (snapshot s_1
LEFT JOIN offer f USING (lead_id))
WHERE s_1.is_now
GROUP BY s_1.stage_position, s_1.stage, s_1.band
), told AS (
SELECT h.horizon_days,
y.stage_position,
y.band,
t.trials,
y.curve,
w.is_known,
CASE
WHEN w.is_known THEN h.within
ELSE y.observed
END AS within
FROM (((history y
CROSS JOIN horizon h)
CROSS JOIN LATERAL ( SELECT (lead_kpi.converted_within(y.curve, h.within) IS NOT NULL) AS is_known) w)
JOIN trial t ON (((t.stage_position = y.stage_position) AND (t.band = y.band) AND (t.horizon_days = h.horizon_days))))
), estimate AS (
SELECT t.horizon_days,
t.stage_position,
t.band,
t.trials,
t.curve,
t.is_known,
t.within,
e.win_probability,
lead_kpi.low(t.curve, t.within, r_1.confidence_level) AS win_probability_low,
lead_kpi.high(t.curve, t.within, r_1.confidence_level) AS win_probability_high,
LEAST(t.trials, ((e.win_probability * ((1)::double precision - e.win_probability)) / power(lead_kpi.std_error(t.curve, t.within), (2)::double precision))) AS history_leads
FROM ((told t
CROSS JOIN kpi.rule r_1)
CROSS JOIN LATERAL ( SELECT lead_kpi.converted_within(t.curve, t.within) AS win_probability) e)
), cell AS (
SELECT h.horizon_days,
p.stage_position,
p.stage,
p.band,
p.open_leads,
p.open_deals,
p.deals_without_amount,
p.amount,
p.leads_without_amount,
p.squares,
(ARRAY[0, 7, 14, 30, 90, 180])[p.band] AS days_in_stage_from,
(ARRAY[7, 14, 30, 90, 180])[p.band] AS days_in_stage_to,
e.win_probability,
e.win_probability_low,
e.win_probability_high,
e.history_leads,
COALESCE(e.is_known, false) AS is_known,
(p.amount +
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::numeric * b.mean)
ELSE (0)::numeric
END) AS baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN ((p.leads_without_amount)::double precision * b.plain_mean)
ELSE (0)::double precision
END AS usual_baskets,
CASE
WHEN (p.leads_without_amount > 0) THEN (((p.leads_without_amount)::double precision * b.plain_mean) * b.plain_mean)
ELSE (0)::double precision
END AS usual_squares,
CASE
WHEN (p.leads_without_amount > 0) THEN b.variance
ELSE (0)::double precision
END AS usual_variance
FROM (((present p
CROSS JOIN horizon h)
CROSS JOIN basket b)
LEFT JOIN estimate e ON (((e.stage_position = p.stage_position) AND (e.band = p.band) AND (e.horizon_days = h.horizon_days))))
), shared AS (
SELECT cell.horizon_days,
cell.stage_position,
cell.stage,
cell.band,
cell.open_leads,
cell.open_deals,
cell.deals_without_amount,
cell.amount,
cell.leads_without_amount,
cell.squares,
cell.days_in_stage_from,
cell.days_in_stage_to,
cell.win_probability,
cell.win_probability_low,
cell.win_probability_high,
cell.history_leads,
cell.is_known,
cell.baskets,
cell.usual_baskets,
cell.usual_squares,
cell.usual_variance,
CASE
WHEN (cell.win_probability IS NOT NULL) THEN ((cell.open_leads)::double precision / (sum(cell.open_leads) FILTER (WHERE (cell.win_probability IS NOT NULL)) OVER (PARTITION BY cell.stage_position, cell.stage, cell.horizon_days))::double precision)
ELSE NULL::double precision
END AS share
FROM cell
), judged AS (
SELECT shared.horizon_days,
shared.stage_position,
shared.stage,
shared.band,
shared.open_leads,
shared.open_deals,
shared.deals_without_amount,
shared.amount,
shared.leads_without_amount,
shared.squares,
shared.days_in_stage_from,
shared.days_in_stage_to,
shared.win_probability,
shared.win_probability_low,
shared.win_probability_high,
shared.history_leads,
shared.is_known,
shared.baskets,
shared.usual_baskets,
shared.usual_squares,
shared.usual_variance,
shared.share,
(((shared.win_probability * shared.history_leads) + (shared.share / (2)::double precision)) / (shared.history_leads + shared.share)) AS chance,
((1)::double precision / ((shared.history_leads + shared.share) + (1)::double precision)) AS doubt,
CASE
WHEN (shared.squares IS NOT NULL) THEN ((round(shared.amount, 30))::double precision + shared.usual_baskets)
ELSE NULL::double precision
END AS plain_baskets,
(shared.squares + shared.usual_squares) AS basket_squares
FROM shared
), summed AS (
SELECT c_1.stage_position,
c_1.stage,
h.horizon_days,
(COALESCE(sum(c_1.open_leads), (0)::numeric))::bigint AS open_leads,
(COALESCE(sum(c_1.open_leads) FILTER (WHERE (NOT c_1.is_known)), (0)::numeric))::bigint AS leads_without_history,
sum(c_1.open_leads) FILTER (WHERE (c_1.win_probability IS NOT NULL)) AS told_leads,
(COALESCE(sum(c_1.open_deals), (0)::numeric))::bigint AS open_deals,
(COALESCE(sum(c_1.deals_without_amount), (0)::numeric))::bigint AS deals_without_amount,
COALESCE(sum(c_1.amount), (0)::numeric) AS amount,
sum(((c_1.open_leads)::double precision * c_1.win_probability)) AS sales,
sum(((c_1.open_leads)::double precision * c_1.chance)) AS mean_sales,
sum(((((c_1.open_leads)::double precision * c_1.chance) * ((1)::double precision - c_1.chance)) * ((1)::double precision + (((c_1.open_leads - 1))::double precision * c_1.doubt)))) AS variance_of_sales,
CASE
WHEN bool_and((c_1.baskets IS NOT NULL)) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum(((c_1.win_probability)::numeric * c_1.baskets))
ELSE NULL::numeric
END AS revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.plain_baskets IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN sum((c_1.chance * c_1.plain_baskets))
ELSE NULL::double precision
END AS mean_revenue,
CASE
WHEN bool_and(((c_1.basket_squares IS NOT NULL) AND (c_1.usual_variance IS NOT NULL))) FILTER (WHERE (c_1.win_probability IS NOT NULL)) THEN (sum((((c_1.chance * ((1)::double precision - c_1.chance)) * (c_1.basket_squares + (c_1.doubt * GREATEST(((c_1.plain_baskets * c_1.plain_baskets) - c_1.basket_squares), (0)::double precision)))) + ((c_1.chance * (c_1.leads_without_amount)::double precision) * c_1.usual_variance))) + (power(sum((c_1.chance * (c_1.leads_without_amount)::double precision)), (2)::double precision) * COALESCE(max((c_1.usual_variance / (b.wins)::double precision)), (0)::double precision)))
ELSE NULL::double precision
END AS variance_of_revenue
FROM ((horizon h
CROSS JOIN basket b)
LEFT JOIN judged c_1 USING (horizon_days))
GROUP BY c_1.stage_position, c_1.stage, h.horizon_days
HAVING (count(c_1.open_leads) > 0)
), known_sum AS (
SELECT s_1.stage_position,
s_1.stage,
s_1.horizon_days,
s_1.open_leads,
s_1.leads_without_history,
s_1.told_leads,
s_1.open_deals,
s_1.deals_without_amount,
s_1.amount,
s_1.sales,
s_1.mean_sales,
s_1.variance_of_sales,
s_1.revenue,
s_1.mean_revenue,
s_1.variance_of_revenue,
((s_1.open_leads = 0) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text)))) AS is_nothing,
CASE
WHEN ((s_1.open_deals = 0) OR (s_1.open_deals > s_1.deals_without_amount)) THEN round(s_1.amount, 2)
ELSE NULL::numeric
END AS pipeline
FROM summed s_1
)
SELECT k.horizon_days,
k.stage_position,
k.stage,
k.open_leads,
k.leads_without_history,
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE k.sales
END AS expected_sales,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE floor(s.low)
END)::bigint AS sales_low,
(
CASE
WHEN k.is_nothing THEN (0)::double precision
ELSE
CASE
WHEN (s.high > (k.told_leads)::double precision) THEN (k.told_leads)::double precision
ELSE round(s.high)
END
END)::bigint AS sales_high,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round(k.revenue, 2)
END AS expected_revenue,
CASE
WHEN (k.is_nothing OR ((v.low IS NOT NULL) AND (s.low < (1)::double precision))) THEN (0)::numeric
ELSE round((v.low)::numeric, 2)
END AS revenue_low,
CASE
WHEN k.is_nothing THEN (0)::numeric
ELSE round((v.high)::numeric, 2)
END AS revenue_high,
k.open_deals,
k.deals_without_amount,
k.pipeline,
c.won_of_closed_deals,
round((k.pipeline * (c.won_of_closed_deals)::numeric), 2) AS weighted_pipeline
FROM ((((known_sum k
CROSS JOIN closed c)
JOIN kpi.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.predict_amount(k.mean_sales, k.variance_of_sales, r.confidence_level) s(low, high))
CROSS JOIN LATERAL lead_kpi.predict_amount(
CASE
WHEN ((k.mean_revenue > (0)::double precision) OR (k.variance_of_revenue = (0)::double precision)) THEN k.mean_revenue
ELSE NULL::double precision
END, k.variance_of_revenue, r.confidence_level) v(low, high))
ORDER BY k.stage_position, k.stage, k.horizon_days;
ALTER TABLE kpi.forecast_by_stage OWNER TO kpi_owner;
COMMENT ON VIEW kpi.forecast_by_stage IS 'forecast per stage that open leads are in.';
COMMENT ON COLUMN kpi.forecast_by_stage.horizon_days IS 'Within how many days from observed_until, of 24 hours.';
COMMENT ON COLUMN kpi.forecast_by_stage.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.forecast_by_stage.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.forecast_by_stage.open_leads IS 'Counted leads that are neither won nor lost at observed_until.';
COMMENT ON COLUMN kpi.forecast_by_stage.leads_without_history IS 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they are expected to bring what was seen, so more may come.';
COMMENT ON COLUMN kpi.forecast_by_stage.expected_sales IS 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.';
COMMENT ON COLUMN kpi.forecast_by_stage.sales_low IS 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the probabilities.';
COMMENT ON COLUMN kpi.forecast_by_stage.sales_high IS 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may bring beyond the expectation.';
COMMENT ON COLUMN kpi.forecast_by_stage.expected_revenue IS 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue of won leads where it has none with an amount. NULL when that is not known either.';
COMMENT ON COLUMN kpi.forecast_by_stage.revenue_low IS 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.';
COMMENT ON COLUMN kpi.forecast_by_stage.revenue_high IS 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.';
COMMENT ON COLUMN kpi.forecast_by_stage.open_deals IS 'Deals of the open leads that were open at observed_until.';
COMMENT ON COLUMN kpi.forecast_by_stage.deals_without_amount IS 'Those of open_deals without an amount: they are not in the pipeline.';
COMMENT ON COLUMN kpi.forecast_by_stage.pipeline IS 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.';
COMMENT ON COLUMN kpi.forecast_by_stage.won_of_closed_deals IS 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none was closed.';
COMMENT ON COLUMN kpi.forecast_by_stage.weighted_pipeline IS 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead without a deal.';
CREATE VIEW kpi.funnel_by_campaign WITH (security_invoker='true') AS
SELECT g.channel,
g.campaign,
s.stage_position,
s.stage,
s.leads,
s.previous_leads,
s.entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM ( SELECT funnel_event.channel,
funnel_event.campaign,
lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM kpi.ladder), ( SELECT rule.funnel_within
FROM kpi.rule), ( SELECT rule.funnel_policy
FROM kpi.rule)) AS f
FROM kpi.funnel_event
GROUP BY funnel_event.channel, funnel_event.campaign) g,
LATERAL lead_kpi.plain_steps(g.f, ( SELECT rule.confidence_level
FROM kpi.rule)) s(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)
ORDER BY g.channel, g.campaign, s.stage_position;
ALTER TABLE kpi.funnel_by_campaign OWNER TO kpi_owner;
COMMENT ON VIEW kpi.funnel_by_campaign IS 'The funnel per channel and campaign of the lead; NULL = none or unknown, a row of its own.';
COMMENT ON COLUMN kpi.funnel_by_campaign.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.funnel_by_campaign.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.funnel_by_campaign.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.funnel_by_campaign.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.funnel_by_campaign.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN kpi.funnel_by_campaign.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN kpi.funnel_by_campaign.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN kpi.funnel_by_campaign.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.funnel_by_campaign.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_campaign.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_campaign.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN kpi.funnel_by_campaign.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_campaign.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_campaign.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel_by_campaign.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel_by_campaign.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW kpi.funnel_by_channel WITH (security_invoker='true') AS
SELECT g.channel,
s.stage_position,
s.stage,
s.leads,
s.previous_leads,
s.entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM ( SELECT funnel_event.channel,
lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM kpi.ladder), ( SELECT rule.funnel_within
FROM kpi.rule), ( SELECT rule.funnel_policy
FROM kpi.rule)) AS f
FROM kpi.funnel_event
GROUP BY funnel_event.channel) g,
LATERAL lead_kpi.plain_steps(g.f, ( SELECT rule.confidence_level
FROM kpi.rule)) s(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)
ORDER BY g.channel, s.stage_position;
ALTER TABLE kpi.funnel_by_channel OWNER TO kpi_owner;
COMMENT ON VIEW kpi.funnel_by_channel IS 'The funnel per channel of the lead; leads without a channel are a row of their own (NULL).';
COMMENT ON COLUMN kpi.funnel_by_channel.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.funnel_by_channel.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.funnel_by_channel.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.funnel_by_channel.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN kpi.funnel_by_channel.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN kpi.funnel_by_channel.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN kpi.funnel_by_channel.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.funnel_by_channel.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_channel.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_channel.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN kpi.funnel_by_channel.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_channel.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_channel.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel_by_channel.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel_by_channel.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW kpi.funnel_by_month WITH (security_invoker='true') AS
SELECT g.month,
s.stage_position,
s.stage,
s.leads,
s.previous_leads,
s.entered_leads,
s.step_rate,
s.step_rate_low,
s.step_rate_high,
s.total_rate,
s.total_rate_low,
s.total_rate_high,
s.median_days,
s.p90_days,
s.mean_days
FROM ( SELECT funnel_event.month,
lead_kpi.funnel(funnel_event.lead_id, funnel_event.stage, funnel_event.entered_at, ( SELECT array_agg(ladder.stage ORDER BY ladder.stage_position) AS array_agg
FROM kpi.ladder), ( SELECT rule.funnel_within
FROM kpi.rule), ( SELECT rule.funnel_policy
FROM kpi.rule)) AS f
FROM kpi.funnel_event
GROUP BY funnel_event.month) g,
LATERAL lead_kpi.plain_steps(g.f, ( SELECT rule.confidence_level
FROM kpi.rule)) s(stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days)
ORDER BY g.month, s.stage_position;
ALTER TABLE kpi.funnel_by_month OWNER TO kpi_owner;
COMMENT ON VIEW kpi.funnel_by_month IS 'The funnel per cohort: the month in which the leads were created, whenever they moved on. The newest months have had less time: a lower rate there is not yet a drop.';
COMMENT ON COLUMN kpi.funnel_by_month.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.funnel_by_month.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.funnel_by_month.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.funnel_by_month.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN kpi.funnel_by_month.previous_leads IS 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.';
COMMENT ON COLUMN kpi.funnel_by_month.entered_leads IS 'Leads at the first stage: the denominator of total_rate.';
COMMENT ON COLUMN kpi.funnel_by_month.step_rate IS 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.funnel_by_month.step_rate_low IS 'Lower end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_month.step_rate_high IS 'Upper end of the Wilson interval of step_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_month.total_rate IS 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN kpi.funnel_by_month.total_rate_low IS 'Lower end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_month.total_rate_high IS 'Upper end of the Wilson interval of total_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.funnel_by_month.median_days IS 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel_by_month.p90_days IS '90th percentile of the days from the stage before to this one; NULL when none or first stage.';
COMMENT ON COLUMN kpi.funnel_by_month.mean_days IS 'Mean days from the stage before to this one; NULL when none or first stage.';
CREATE VIEW kpi.lead_features WITH (security_invoker='true') AS
WITH setting AS MATERIALIZED (
SELECT make_interval(secs => (EXTRACT(epoch FROM rule.score_horizon))::double precision) AS horizon,
rule.score_features AS features,
(EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))) AS has_won,
((rule.scorecard IS NOT NULL) OR (rule.score_features && '{recent_touches,touch_kinds}'::text[])) AS reads_touches
FROM kpi.rule
WHERE (rule.id = 1)
), known AS MATERIALIZED (
SELECT l.lead_id,
l.kind,
CASE
WHEN (r.score_attributes IS NULL) THEN lead_kpi.known_attributes(l.attributes)
ELSE ( SELECT jsonb_object_agg(a.key, a.value) AS jsonb_object_agg
FROM jsonb_each(lead_kpi.known_attributes(l.attributes)) a(key, value)
WHERE (a.key = ANY (r.score_attributes)))
END AS attributes
FROM (kpi.counted_lead l
JOIN kpi.rule r ON ((r.id = 1)))
WHERE
CASE
WHEN (l.excluded_reason IS NULL) THEN true
ELSE false
END
), touched AS (
SELECT touch.lead_id,
array_agg(touch.touched_at ORDER BY touch.touched_at) AS times,
array_agg(touch.kind ORDER BY touch.touched_at) AS kinds
FROM kpi.touch
WHERE (isfinite(touch.touched_at) AND ( SELECT setting.reads_touches
FROM setting))
GROUP BY touch.lead_id
)
SELECT s.as_of,
s.is_now,
s.lead_id,
((COALESCE(k.attributes, '{}'::jsonb) || jsonb_build_object('lead', jsonb_strip_nulls(jsonb_build_object('channel',
CASE
WHEN ('channel'::text = ANY (g.features)) THEN s.channel
ELSE NULL::text
END, 'campaign',
CASE
WHEN ('campaign'::text = ANY (g.features)) THEN s.campaign
ELSE NULL::text
END, 'kind',
CASE
WHEN ('kind'::text = ANY (g.features)) THEN k.kind
ELSE NULL::text
END, 'stage',
CASE
WHEN ('stage'::text = ANY (g.features)) THEN (s.stage || (ARRAY[', under 30 days'::text, ', 30 to 89 days'::text, ', 90 days or more'::text])[(1 + width_bucket(EXTRACT(day FROM (s.as_of - s.stage_entered_at)), '{30,90}'::numeric[]))])
ELSE NULL::text
END, 'recent_touches',
CASE
WHEN ('recent_touches'::text = ANY (g.features)) THEN COALESCE((width_bucket(s.as_of, t.times) - width_bucket((s.as_of - '720:00:00'::interval), t.times)), 0)
ELSE NULL::integer
END, 'touch_kinds',
CASE
WHEN ('touch_kinds'::text = ANY (g.features)) THEN NULLIF(array_remove(t.kinds[:width_bucket(s.as_of, t.times)], NULL::text), '{}'::text[])
ELSE NULL::text[]
END)))))::text AS attributes,
lead_kpi.fit(( SELECT rule.scorecard
FROM kpi.rule), k.attributes) AS fit,
CASE
WHEN (( SELECT rule.scorecard
FROM kpi.rule) IS NOT NULL) THEN ( SELECT lead_kpi.engagement(( SELECT rule.scorecard
FROM kpi.rule), e.kind, e.at, s.as_of) AS engagement
FROM UNNEST(t.times, t.kinds) e(at, kind)
WHERE (e.at <= s.as_of))
ELSE NULL::double precision
END AS engagement,
((s.as_of + g.horizon) <= s.observed_until) AS is_mature,
CASE
WHEN (g.has_won AND ((s.as_of + g.horizon) <= s.observed_until)) THEN COALESCE((s.won_at <= (s.as_of + g.horizon)), false)
ELSE NULL::boolean
END AS won_within
FROM (((kpi.pipeline_snapshot s
CROSS JOIN setting g)
JOIN known k USING (lead_id))
LEFT JOIN touched t USING (lead_id));
ALTER TABLE kpi.lead_features OWNER TO kpi_owner;
COMMENT ON VIEW kpi.lead_features IS 'What was known of each lead of pipeline_snapshot at that moment, as one JSON object for lead_kpi.lead_profile: its own attributes (those of rule.score_attributes), and under lead what rule.score_features names, as of then. Beside it the score by rule.scorecard, and whether the lead was won within rule.score_horizon.';
COMMENT ON COLUMN kpi.lead_features.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.lead_features.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN kpi.lead_features.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.lead_features.attributes IS 'What was known of the lead at as_of, as JSON text: the members of lead.attributes that rule.score_attributes names, and under lead what rule.score_features names: channel, campaign, kind, stage and for how long, recent_touches, touch_kinds.';
COMMENT ON COLUMN kpi.lead_features.fit IS 'Points of the fit rules of rule.scorecard for the members of lead.attributes that rule.score_attributes names; NULL without a scorecard.';
COMMENT ON COLUMN kpi.lead_features.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches up to as_of, as of then; NULL = no touch, or no scorecard.';
COMMENT ON COLUMN kpi.lead_features.is_mature IS 'True when rule.score_horizon had passed by observed_until: the outcome is final.';
COMMENT ON COLUMN kpi.lead_features.won_within IS 'Whether the lead was won within rule.score_horizon after as_of; NULL until is_mature, and without a stage with role won. Of the future, seen from as_of.';
CREATE TABLE kpi.learned_profile (
as_of timestamp with time zone NOT NULL,
profile lead_kpi.lead_profile NOT NULL,
leads bigint NOT NULL,
converted bigint,
known_from timestamp with time zone NOT NULL,
is_mature boolean NOT NULL
);
ALTER TABLE kpi.learned_profile OWNER TO kpi_owner;
COMMENT ON TABLE kpi.learned_profile IS 'What lead_kpi.train_mart learned: per month end, and the moment of training, a profile of the leads that were open then. Written by train_mart only; empty = nothing learned.';
COMMENT ON COLUMN kpi.learned_profile.as_of IS 'The moment: what was known of the leads by then is in the profile.';
COMMENT ON COLUMN kpi.learned_profile.profile IS 'The leads, and where is_mature which of them were won within rule.score_horizon; elsewhere none counts as won, and only lead_kpi.drift may read it.';
COMMENT ON COLUMN kpi.learned_profile.leads IS 'Leads that were open at as_of.';
COMMENT ON COLUMN kpi.learned_profile.converted IS 'Those of them that were won within rule.score_horizon; NULL = not known yet.';
COMMENT ON COLUMN kpi.learned_profile.known_from IS 'as_of + rule.score_horizon: from then on it is known who was won within it. A score of an earlier moment must not learn from this row.';
COMMENT ON COLUMN kpi.learned_profile.is_mature IS 'True when known_from was not after observed_until: the row may be learned from.';
CREATE VIEW kpi.score_history WITH (security_invoker='true') AS
WITH model AS MATERIALIZED (
SELECT m_1.as_of,
( SELECT lead_kpi.rollup(p.profile) AS rollup
FROM (kpi.learned_profile p
JOIN kpi.rule r ON ((r.id = 1)))
WHERE (p.is_mature AND (p.known_from <= m_1.as_of) AND (p.known_from = (p.as_of + make_interval(secs => (EXTRACT(epoch FROM r.score_horizon))::double precision))))) AS profile
FROM kpi.pipeline_moment m_1
)
SELECT s.as_of,
s.is_now,
s.lead_id,
s.fit,
s.engagement,
lead_kpi.score(( SELECT rule.scorecard
FROM kpi.rule), s.fit, s.engagement) AS total,
lead_kpi.grade(( SELECT rule.scorecard
FROM kpi.rule), s.fit, s.engagement) AS grade,
lead_kpi.probability(m.profile, (s.attributes)::jsonb) AS probability,
( SELECT string_agg(format('%s %s %s%s'::text, top.attribute, top.value,
CASE
WHEN (top.log_odds > (0)::double precision) THEN '+'::text
ELSE NULL::text
END, round((top.log_odds)::numeric, 2)), '; '::text ORDER BY (abs(top.log_odds)) DESC, (top.attribute COLLATE "C"), (top.value COLLATE "C")) AS string_agg
FROM ( SELECT e.attribute,
e.value,
e.log_odds
FROM lead_kpi.explain(m.profile, (s.attributes)::jsonb) e(attribute, value, log_odds, converted, not_converted, reason)
WHERE ((e.attribute IS NOT NULL) AND (e.log_odds <> (0)::double precision))
ORDER BY (abs(e.log_odds)) DESC, (e.attribute COLLATE "C"), (e.value COLLATE "C")
LIMIT 3) top) AS probability_reasons,
s.is_mature,
s.won_within
FROM (( SELECT lead_features.as_of,
lead_features.is_now,
lead_features.lead_id,
lead_features.fit,
lead_features.engagement,
lead_features.is_mature,
lead_features.won_within,
CASE
WHEN ( SELECT bool_or(learned_profile.is_mature) AS bool_or
FROM kpi.learned_profile) THEN lead_features.attributes
ELSE NULL::text
END AS attributes
FROM kpi.lead_features
ORDER BY lead_features.as_of) s
LEFT JOIN model m USING (as_of));
ALTER TABLE kpi.score_history OWNER TO kpi_owner;
COMMENT ON VIEW kpi.score_history IS 'How each lead of pipeline_snapshot was scored at that moment, by rule.scorecard and by the probability learned by then, and whether it was won within rule.score_horizon: what score_quality counts.';
COMMENT ON COLUMN kpi.score_history.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.score_history.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN kpi.score_history.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.score_history.fit IS 'Points of the fit rules of rule.scorecard for the members of lead.attributes that rule.score_attributes names; NULL without a scorecard.';
COMMENT ON COLUMN kpi.score_history.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches up to as_of, as of then; NULL = no touch, or no scorecard.';
COMMENT ON COLUMN kpi.score_history.total IS 'fit + engagement, within total_cap and total_floor of the scorecard.';
COMMENT ON COLUMN kpi.score_history.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN kpi.score_history.probability IS 'Probability that the lead is won within rule.score_horizon of as_of, by what could have been learned by then, 0.0001 to 0.9999; NULL while nothing could.';
COMMENT ON COLUMN kpi.score_history.probability_reasons IS 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.';
COMMENT ON COLUMN kpi.score_history.is_mature IS 'True when rule.score_horizon had passed by observed_until: the outcome is final.';
COMMENT ON COLUMN kpi.score_history.won_within IS 'Whether the lead was won within rule.score_horizon after as_of; NULL until is_mature, and without a stage with role won. Of the future, seen from as_of.';
CREATE VIEW kpi.lead_score WITH (security_invoker='true') AS
WITH known AS (
SELECT counted_lead.lead_id,
counted_lead.created_at,
counted_lead.channel,
counted_lead.campaign,
counted_lead.month,
lead_kpi.known_attributes(counted_lead.attributes) AS attributes
FROM kpi.counted_lead
WHERE (counted_lead.excluded_reason IS NULL)
), engaged AS (
SELECT touch.lead_id,
lead_kpi.engagement(( SELECT rule.scorecard
FROM kpi.rule), touch.kind, touch.touched_at, ( SELECT observation.observed_until
FROM kpi.observation)) AS engagement,
lead_kpi.explain_engagement(( SELECT rule.scorecard
FROM kpi.rule), touch.kind, touch.touched_at, ( SELECT observation.observed_until
FROM kpi.observation)) AS parts
FROM kpi.touch
WHERE (isfinite(touch.touched_at) AND (( SELECT rule.scorecard
FROM kpi.rule) IS NOT NULL))
GROUP BY touch.lead_id
), likely AS (
SELECT score_history.lead_id,
score_history.probability,
score_history.probability_reasons
FROM kpi.score_history
WHERE (score_history.is_now AND ( SELECT bool_or(learned_profile.is_mature) AS bool_or
FROM kpi.learned_profile))
)
SELECT k.lead_id,
k.created_at,
k.channel,
k.campaign,
k.month,
f.fit,
e.engagement,
lead_kpi.score(( SELECT rule.scorecard
FROM kpi.rule), f.fit, e.engagement) AS total,
lead_kpi.grade(( SELECT rule.scorecard
FROM kpi.rule), f.fit, e.engagement) AS grade,
( SELECT string_agg(format('%s +%s'::text, top.rule, trim_scale(round(top.points, 2))), '; '::text ORDER BY top.points DESC, (top.rule COLLATE "C")) AS string_agg
FROM ( SELECT part.rule,
part.points
FROM ( SELECT explain.rule,
explain.points,
explain.reason
FROM lead_kpi.explain(( SELECT rule.scorecard
FROM kpi.rule), k.attributes) explain(rule, points, reason)
UNION ALL
SELECT unnest.rule,
unnest.points,
unnest.reason
FROM unnest(e.parts) unnest(rule, points, reason)) part
WHERE (part.points > (0)::numeric)
ORDER BY part.points DESC, (part.rule COLLATE "C")
LIMIT 3) top) AS reasons,
p.probability,
p.probability_reasons
FROM (((known k
LEFT JOIN engaged e USING (lead_id))
LEFT JOIN likely p USING (lead_id))
CROSS JOIN LATERAL ( SELECT lead_kpi.fit(( SELECT rule.scorecard
FROM kpi.rule), k.attributes) AS fit) f)
WHERE ((( SELECT rule.scorecard
FROM kpi.rule) IS NOT NULL) OR ( SELECT bool_or(learned_profile.is_mature) AS bool_or
FROM kpi.learned_profile));
ALTER TABLE kpi.lead_score OWNER TO kpi_owner;
COMMENT ON VIEW kpi.lead_score IS 'Every counted lead''s score by rule.scorecard: fit from lead.attributes, engagement from table touch as of observation.observed_until; and for open leads the probability of being won, by what train_mart learned. Empty without either.';
COMMENT ON COLUMN kpi.lead_score.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.lead_score.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN kpi.lead_score.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.lead_score.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.lead_score.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.lead_score.fit IS 'Points of the fit rules of rule.scorecard for lead.attributes; attributes that are no object tell nothing.';
COMMENT ON COLUMN kpi.lead_score.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches (the event is touch.kind) as of observed_until; NULL = no touch.';
COMMENT ON COLUMN kpi.lead_score.total IS 'fit + engagement, within total_cap and total_floor of the scorecard.';
COMMENT ON COLUMN kpi.lead_score.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN kpi.lead_score.reasons IS 'The three parts of the score with the most points above 0, each with its points; NULL = none.';
COMMENT ON COLUMN kpi.lead_score.probability IS 'Probability that the lead, open now, is won within rule.score_horizon of observed_until, by what lead_kpi.train_mart learned, 0.0001 to 0.9999. NULL for leads that are won or lost, and while nothing is learned.';
COMMENT ON COLUMN kpi.lead_score.probability_reasons IS 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.';
CREATE VIEW kpi.hand_off WITH (security_invoker='true') AS
SELECT s.lead_id,
s.created_at,
((EXTRACT(epoch FROM (o.observed_until - s.created_at)) / (86400)::numeric))::double precision AS age_days,
s.channel,
s.campaign,
s.fit,
s.engagement,
s.total,
s.grade,
s.reasons,
s.probability,
s.probability_reasons
FROM (kpi.lead_score s
CROSS JOIN kpi.observation o)
WHERE (lead_kpi.hand_off(( SELECT rule.scorecard
FROM kpi.rule), s.fit, s.engagement) AND (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = ( SELECT rule.transmitted_role
FROM kpi.rule)))) AND (NOT (s.lead_id IN ( SELECT e.lead_id
FROM (kpi.funnel_event e
JOIN kpi.ladder l USING (stage))
WHERE (l.stage_position >= ( SELECT ladder.stage_position
FROM kpi.ladder
WHERE (ladder.role = ( SELECT rule.transmitted_role
FROM kpi.rule))))))))
ORDER BY s.created_at, s.lead_id;
ALTER TABLE kpi.hand_off OWNER TO kpi_owner;
COMMENT ON VIEW kpi.hand_off IS 'The work list for sales: leads past the hand-off threshold of rule.scorecard that were not transmitted yet (no event at the stage with role rule.transmitted_role or a later one), oldest first. Empty without a scorecard, without hand_off in it, and without such a stage.';
COMMENT ON COLUMN kpi.hand_off.lead_id IS 'The lead''s key, of the mart''s key type.';
COMMENT ON COLUMN kpi.hand_off.created_at IS 'When the lead was generated.';
COMMENT ON COLUMN kpi.hand_off.age_days IS 'Age of a lead, in days of 24 hours since its creation.';
COMMENT ON COLUMN kpi.hand_off.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.hand_off.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.hand_off.fit IS 'Points of the fit rules of rule.scorecard for lead.attributes; attributes that are no object tell nothing.';
COMMENT ON COLUMN kpi.hand_off.engagement IS 'Points of the engagement rules of rule.scorecard for the lead''s touches (the event is touch.kind) as of observed_until; NULL = no touch.';
COMMENT ON COLUMN kpi.hand_off.total IS 'fit + engagement, within total_cap and total_floor of the scorecard.';
COMMENT ON COLUMN kpi.hand_off.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN kpi.hand_off.reasons IS 'The three parts of the score with the most points above 0, each with its points; NULL = none.';
COMMENT ON COLUMN kpi.hand_off.probability IS 'Probability that the lead, open now, is won within rule.score_horizon of observed_until, by what lead_kpi.train_mart learned, 0.0001 to 0.9999. NULL for leads that are won or lost, and while nothing is learned.';
COMMENT ON COLUMN kpi.hand_off.probability_reasons IS 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.';
CREATE VIEW kpi.icp_fit WITH (security_invoker='true', security_barrier='true') AS
WITH counted AS (
SELECT f.month,
f.channel,
count(*) AS leads,
CASE
WHEN (r_1.icp_fit IS NOT NULL) THEN count(*) FILTER (WHERE (f.fit >= r_1.icp_fit))
ELSE NULL::bigint
END AS in_icp,
CASE
WHEN (w.has_won AND (r_1.icp_fit IS NOT NULL)) THEN count(o.won_at) FILTER (WHERE (f.fit >= r_1.icp_fit))
ELSE NULL::bigint
END AS won_in_icp,
CASE
WHEN (w.has_won AND (r_1.icp_fit IS NOT NULL)) THEN count(o.won_at) FILTER (WHERE (f.fit < r_1.icp_fit))
ELSE NULL::bigint
END AS won_outside
FROM (((( SELECT counted_lead.lead_id,
counted_lead.month,
counted_lead.channel,
lead_kpi.fit(( SELECT rule.scorecard
FROM kpi.rule), lead_kpi.known_attributes(counted_lead.attributes)) AS fit
FROM kpi.counted_lead
WHERE (counted_lead.excluded_reason IS NULL)) f
JOIN kpi.lead_outcome o USING (lead_id))
JOIN kpi.rule r_1 ON ((r_1.id = 1)))
CROSS JOIN ( SELECT (EXISTS ( SELECT
FROM kpi.ladder
WHERE (ladder.role = 'won'::text))) AS has_won) w)
WHERE (r_1.scorecard IS NOT NULL)
GROUP BY f.month, f.channel, r_1.icp_fit, w.has_won
), rated AS (
SELECT counted.month,
counted.channel,
counted.leads,
counted.in_icp,
counted.won_in_icp,
counted.won_outside,
(counted.leads - counted.in_icp) AS outside,
lead_kpi.rate(counted.in_icp, counted.leads) AS share,
lead_kpi.rate(counted.won_in_icp, counted.in_icp) AS won_in,
lead_kpi.rate(counted.won_outside, (counted.leads - counted.in_icp)) AS won_out
FROM counted
)
SELECT c.month,
c.channel,
c.leads,
c.in_icp,
(c.share)::double precision AS icp_share,
lead_kpi.low(c.share, r.confidence_level) AS icp_share_low,
lead_kpi.high(c.share, r.confidence_level) AS icp_share_high,
c.won_in_icp,
(c.won_in)::double precision AS icp_to_won,
lead_kpi.low(c.won_in, r.confidence_level) AS icp_to_won_low,
lead_kpi.high(c.won_in, r.confidence_level) AS icp_to_won_high,
c.outside,
c.won_outside,
(c.won_out)::double precision AS outside_to_won,
lead_kpi.low(c.won_out, r.confidence_level) AS outside_to_won_low,
lead_kpi.high(c.won_out, r.confidence_level) AS outside_to_won_high
FROM (rated c
JOIN kpi.rule r ON ((r.id = 1)))
ORDER BY c.month, c.channel;
ALTER TABLE kpi.icp_fit OWNER TO kpi_owner;
COMMENT ON VIEW kpi.icp_fit IS 'Per month and channel: how many leads fit the ideal customer profile (fit of at least rule.icp_fit), and how many were won inside and outside of it. Empty without a scorecard; NULL but for leads without rule.icp_fit.';
COMMENT ON COLUMN kpi.icp_fit.month IS 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.';
COMMENT ON COLUMN kpi.icp_fit.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.icp_fit.leads IS 'Counted leads: in_icp + outside.';
COMMENT ON COLUMN kpi.icp_fit.in_icp IS 'Leads with a fit of at least rule.icp_fit; NULL while that is not stated.';
COMMENT ON COLUMN kpi.icp_fit.icp_share IS 'in_icp / leads, 0 to 1. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.icp_fit.icp_share_low IS 'Lower end of the Wilson interval of icp_share at rule.confidence_level.';
COMMENT ON COLUMN kpi.icp_fit.icp_share_high IS 'Upper end of the Wilson interval of icp_share at rule.confidence_level.';
COMMENT ON COLUMN kpi.icp_fit.won_in_icp IS 'Leads of in_icp that reached the stage with role won; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.icp_fit.icp_to_won IS 'won_in_icp / in_icp, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN kpi.icp_fit.icp_to_won_low IS 'Lower end of the Wilson interval of icp_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.icp_fit.icp_to_won_high IS 'Upper end of the Wilson interval of icp_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.icp_fit.outside IS 'Leads with a fit below rule.icp_fit; NULL while that is not stated.';
COMMENT ON COLUMN kpi.icp_fit.won_outside IS 'Leads of outside that reached the stage with role won; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.icp_fit.outside_to_won IS 'won_outside / outside, 0 to 1; NULL where nothing can be divided.';
COMMENT ON COLUMN kpi.icp_fit.outside_to_won_low IS 'Lower end of the Wilson interval of outside_to_won at rule.confidence_level.';
COMMENT ON COLUMN kpi.icp_fit.outside_to_won_high IS 'Upper end of the Wilson interval of outside_to_won at rule.confidence_level.';
CREATE VIEW kpi.journey_paths WITH (security_invoker='true') AS
WITH built AS MATERIALIZED (
SELECT lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.value, ( SELECT rule.attribution_lookback
FROM kpi.rule)) AS won,
lead_kpi.journeys(e.lead_id, e.name, e.touched_at, e.converted_at, e.refund, ( SELECT rule.attribution_lookback
FROM kpi.rule)) FILTER (WHERE ( SELECT (EXISTS ( SELECT
FROM kpi.deal
WHERE (deal.amount < (0)::numeric))) AS "exists")) AS refunded
FROM ( SELECT journey_event.lead_id,
journey_event.channel,
journey_event.campaign,
journey_event.touched_at,
journey_event.milestone,
journey_event.converted_at,
journey_event.value,
journey_event.refund,
CASE
WHEN (journey_event.touched_at IS NOT NULL) THEN COALESCE(journey_event.channel, ''::text)
ELSE NULL::text
END AS name
FROM kpi.journey_event) e
), part AS (
SELECT p.path,
p.conversions,
p.value,
p.nulls
FROM built,
LATERAL lead_kpi.paths(built.won) p(path, conversions, value, nulls, milestones)
UNION ALL
SELECT p.path,
0,
(- p.value),
0
FROM built,
LATERAL lead_kpi.paths(built.refunded) p(path, conversions, value, nulls, milestones)
), summed AS (
SELECT part.path,
(sum(part.conversions))::bigint AS conversions,
sum(part.value) AS value,
(sum(part.nulls))::bigint AS nulls
FROM part
GROUP BY part.path
), rated AS (
SELECT NULLIF(array_to_string(array_replace(summed.path, ''::text, '(unknown)'::text), ' > '::text), ''::text) AS path,
cardinality(summed.path) AS touches,
summed.conversions,
trim_scale(round((summed.value)::numeric, 10)) AS revenue,
summed.nulls,
CASE
WHEN (cardinality(summed.path) > 0) THEN lead_kpi.rate(summed.conversions, (summed.conversions + summed.nulls))
ELSE NULL::lead_kpi.rate
END AS conversion
FROM summed
)
SELECT rated.path,
rated.touches,
rated.conversions,
rated.revenue,
rated.nulls,
(rated.conversion)::double precision AS conversion_rate,
lead_kpi.low(rated.conversion, ( SELECT rule.confidence_level
FROM kpi.rule)) AS conversion_rate_low,
lead_kpi.high(rated.conversion, ( SELECT rule.confidence_level
FROM kpi.rule)) AS conversion_rate_high
FROM rated
ORDER BY rated.conversions DESC, rated.revenue DESC, rated.nulls DESC, rated.path;
ALTER TABLE kpi.journey_paths OWNER TO kpi_owner;
COMMENT ON VIEW kpi.journey_paths IS 'The paths that leads take, one row per path, the ones that won most deals first; ORDER BY revenue DESC for the most valuable. A lead has a journey per won deal, which owns the touches since the deal before, and one more when touches follow the last deal or there is none.';
COMMENT ON COLUMN kpi.journey_paths.path IS 'Channels of the touches in order, joined by '' > ''; (unknown) = a touch without a channel. NULL = no touch.';
COMMENT ON COLUMN kpi.journey_paths.touches IS 'Touches on the path.';
COMMENT ON COLUMN kpi.journey_paths.conversions IS 'Won deals at the end of this path.';
COMMENT ON COLUMN kpi.journey_paths.revenue IS 'Sum of the known amounts of these deals.';
COMMENT ON COLUMN kpi.journey_paths.nulls IS 'Journeys of this path that won no deal, or none yet.';
COMMENT ON COLUMN kpi.journey_paths.conversion_rate IS 'conversions / (conversions + nulls), 0 to 1; NULL without touches, where only wins are known. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.journey_paths.conversion_rate_low IS 'Lower end of the Wilson interval of conversion_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.journey_paths.conversion_rate_high IS 'Upper end of the Wilson interval of conversion_rate at rule.confidence_level.';
CREATE VIEW kpi.lead_generated WITH (security_invoker='false') AS
SELECT counted_lead.day,
counted_lead.kind,
counted_lead.channel,
counted_lead.campaign,
count(*) AS gross,
count(*) FILTER (WHERE (counted_lead.excluded_reason = ANY (ARRAY['no_lead_id'::text, 'no_created_at'::text, 'repeated_lead_id'::text]))) AS excluded_invalid,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'kind'::text)) AS excluded_kind,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'test'::text)) AS excluded_test,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'bot'::text)) AS excluded_bot,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'internal'::text)) AS excluded_internal,
count(*) FILTER (WHERE (counted_lead.excluded_reason = 'duplicate'::text)) AS excluded_duplicate,
count(*) FILTER (WHERE (counted_lead.excluded_reason IS NULL)) AS counted
FROM kpi.counted_lead
GROUP BY counted_lead.day, counted_lead.kind, counted_lead.channel, counted_lead.campaign
ORDER BY counted_lead.day, counted_lead.kind, counted_lead.channel, counted_lead.campaign;
ALTER TABLE kpi.lead_generated OWNER TO kpi_owner;
COMMENT ON VIEW kpi.lead_generated IS 'Leads generated per day, kind, channel and campaign: gross = counted + the excluded columns. A NULL channel, campaign, kind or day is unknown and has its own row.';
COMMENT ON COLUMN kpi.lead_generated.day IS 'Day of the lead''s creation in the mart''s time zone; NULL when unknown.';
COMMENT ON COLUMN kpi.lead_generated.kind IS 'What generated the lead; NULL = unknown.';
COMMENT ON COLUMN kpi.lead_generated.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.lead_generated.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.lead_generated.gross IS 'Rows of lead: counted plus every excluded column.';
COMMENT ON COLUMN kpi.lead_generated.excluded_invalid IS 'Not counted: no lead_id, no (finite) created_at, or a row that repeats a lead_id.';
COMMENT ON COLUMN kpi.lead_generated.excluded_kind IS 'Not counted: a kind outside rule.counted_kinds.';
COMMENT ON COLUMN kpi.lead_generated.excluded_test IS 'Not counted: a test, by rule.test_pattern.';
COMMENT ON COLUMN kpi.lead_generated.excluded_bot IS 'Not counted: a bot, by rule.bot_pattern.';
COMMENT ON COLUMN kpi.lead_generated.excluded_internal IS 'Not counted: the own company, by rule.internal_domains and rule.internal_pattern.';
COMMENT ON COLUMN kpi.lead_generated.excluded_duplicate IS 'Not counted: came again, by rule.duplicate_key and rule.duplicate_window.';
COMMENT ON COLUMN kpi.lead_generated.counted IS 'Leads that every KPI counts.';
CREATE VIEW kpi.marginal_return WITH (security_invoker='true') AS
WITH complete AS (
SELECT c.month,
c.channel,
sum(c.spend) AS spend,
sum(c.leads) AS leads,
sum(c.leads) FILTER (WHERE c.is_mature) AS mature_leads,
sum(c.won) FILTER (WHERE c.is_mature) AS mature_won,
sum(c.deals_won) FILTER (WHERE c.is_mature) AS mature_deals,
sum(c.revenue) FILTER (WHERE (c.is_mature AND (c.won > 0))) AS mature_revenue
FROM ((kpi.cpl_to_revenue c
CROSS JOIN kpi.rule r)
CROSS JOIN kpi.observation o)
WHERE ((r.id = 1) AND (c.month < date_trunc('month'::text, timezone(r.time_zone, o.observed_until))))
GROUP BY c.month, c.channel
), summed AS (
SELECT complete.channel,
lead_kpi.marginal_cost(GREATEST(complete.spend, (0)::numeric), complete.leads, ( SELECT rule.confidence_level
FROM kpi.rule)) AS cost,
sum(complete.spend) FILTER (WHERE (complete.spend > (0)::numeric)) AS spend,
(COALESCE(sum(complete.leads) FILTER (WHERE (complete.spend > (0)::numeric)), (0)::numeric))::bigint AS leads,
(sum(complete.mature_leads))::bigint AS mature_leads,
(sum(complete.mature_deals))::bigint AS mature_deals,
CASE
WHEN (sum(complete.mature_won) > (0)::numeric) THEN sum(complete.mature_revenue)
WHEN (sum(complete.mature_leads) > (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS mature_revenue
FROM complete
GROUP BY complete.channel
), worth AS (
SELECT s.channel,
s.cost,
s.spend,
s.leads,
s.mature_leads,
s.mature_deals,
s.mature_revenue,
r.gross_margin,
lead_kpi.revenue_per_lead(s.mature_revenue, s.mature_leads) AS revenue_per_lead,
i.low,
i.high,
(r.gross_margin * COALESCE((s.mature_revenue / (NULLIF(s.mature_deals, 0))::numeric), (sum(s.mature_revenue) OVER () / NULLIF(sum(s.mature_deals) FILTER (WHERE (s.mature_revenue IS NOT NULL)) OVER (), (0)::numeric)))) AS margin
FROM ((summed s
JOIN kpi.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.cost_interval((1)::numeric, COALESCE(s.mature_deals, (0)::bigint), r.confidence_level) i(low, high))
), returned AS (
SELECT worth.channel,
worth.cost,
worth.spend,
worth.leads,
worth.mature_leads,
worth.mature_deals,
worth.mature_revenue,
worth.gross_margin,
worth.revenue_per_lead,
worth.low,
worth.high,
worth.margin,
lead_kpi.break_even_cpl(worth.revenue_per_lead, worth.gross_margin) AS break_even_cpl,
CASE
WHEN ((worth.mature_revenue IS NOT NULL) AND (worth.margin > (0)::numeric)) THEN (((((1)::double precision / worth.high))::numeric * worth.margin) / (NULLIF(worth.mature_leads, 0))::numeric)
ELSE NULL::numeric
END AS break_even_cpl_low,
CASE
WHEN ((worth.mature_revenue IS NOT NULL) AND (worth.margin > (0)::numeric)) THEN (((((1)::double precision / worth.low))::numeric * worth.margin) / (NULLIF(worth.mature_leads, 0))::numeric)
ELSE NULL::numeric
END AS break_even_cpl_high
FROM worth
)
SELECT returned.channel,
(returned.cost).periods AS months,
(returned.cost).without_spend AS months_without_spend,
returned.spend,
returned.leads,
lead_kpi.cpl(returned.spend, returned.leads) AS cpl,
(returned.cost).elasticity AS elasticity,
(returned.cost).elasticity_low AS elasticity_low,
(returned.cost).elasticity_high AS elasticity_high,
((returned.cost).marginal_cpl)::numeric AS marginal_cpl,
((returned.cost).marginal_cpl_low)::numeric AS marginal_cpl_low,
((returned.cost).marginal_cpl_high)::numeric AS marginal_cpl_high,
returned.revenue_per_lead,
returned.break_even_cpl,
returned.break_even_cpl_low,
returned.break_even_cpl_high,
((returned.break_even_cpl)::double precision / (returned.cost).marginal_cpl) AS marginal_return,
((returned.break_even_cpl_low)::double precision / (returned.cost).marginal_cpl_high) AS marginal_return_low,
((returned.break_even_cpl_high)::double precision / (returned.cost).marginal_cpl_low) AS marginal_return_high,
CASE
WHEN ((returned.break_even_cpl_low)::double precision > (returned.cost).marginal_cpl_high) THEN 'spend more'::text
WHEN ((returned.break_even_cpl_high)::double precision < (returned.cost).marginal_cpl_low) THEN 'spend less'::text
WHEN ((returned.break_even_cpl IS NOT NULL) AND ((returned.cost).marginal_cpl IS NOT NULL)) THEN 'not yet certain'::text
ELSE NULL::text
END AS verdict,
CASE
WHEN ((returned.cost).reason IS NOT NULL) THEN (returned.cost).reason
WHEN (returned.mature_leads IS NULL) THEN 'no_mature_leads'::text
WHEN (returned.mature_revenue IS NULL) THEN 'revenue_unknown'::text
WHEN (returned.gross_margin IS NULL) THEN 'no_gross_margin'::text
ELSE NULL::text
END AS reason
FROM returned
ORDER BY returned.channel;
ALTER TABLE kpi.marginal_return OWNER TO kpi_owner;
COMMENT ON VIEW kpi.marginal_return IS 'What the next euro buys, one row per channel: by how much leads rose with spend from month to month, what one more lead costs by that, and what it brings. Observed data: spend that followed demand looks as if it had made it, so change the spend a little and look again. NULL where the data cannot say; reason says why.';
COMMENT ON COLUMN kpi.marginal_return.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.marginal_return.months IS 'Complete months with spend, on which the estimate rests; complete: before the month of observed_until.';
COMMENT ON COLUMN kpi.marginal_return.months_without_spend IS 'Complete months with leads but without spend, or with credit notes beyond it: left out of the estimate.';
COMMENT ON COLUMN kpi.marginal_return.spend IS 'Money spent in these months; NULL = none.';
COMMENT ON COLUMN kpi.marginal_return.leads IS 'Counted leads of these months; those of months without spend cost nothing and are left out.';
COMMENT ON COLUMN kpi.marginal_return.cpl IS 'Average cost per lead of these months: spend / leads.';
COMMENT ON COLUMN kpi.marginal_return.elasticity IS 'By how many percent leads rise when spend rises by one percent, see lead_kpi.marginal_cost; NULL where reason says why.';
COMMENT ON COLUMN kpi.marginal_return.elasticity_low IS 'Lower end of its interval (Student) at rule.confidence_level.';
COMMENT ON COLUMN kpi.marginal_return.elasticity_high IS 'Upper end of its interval (Student) at rule.confidence_level.';
COMMENT ON COLUMN kpi.marginal_return.marginal_cpl IS 'What one more lead costs at the average spend: cpl / elasticity.';
COMMENT ON COLUMN kpi.marginal_return.marginal_cpl_low IS 'cpl / elasticity_high: the next lead costs at least so much, at rule.confidence_level; NULL where elasticity_high is not above 0.';
COMMENT ON COLUMN kpi.marginal_return.marginal_cpl_high IS 'cpl / elasticity_low, at rule.confidence_level; NULL where elasticity_low is not above 0: there is no upper limit.';
COMMENT ON COLUMN kpi.marginal_return.revenue_per_lead IS 'Revenue per lead of the cohorts that are mature (see cpl_to_revenue); NULL without one, or when something was won and no amount is known.';
COMMENT ON COLUMN kpi.marginal_return.break_even_cpl IS 'revenue_per_lead x rule.gross_margin: the cost at which one more lead just pays; NULL while the margin is not stated.';
COMMENT ON COLUMN kpi.marginal_return.break_even_cpl_low IS 'Lower end of its interval at rule.confidence_level: the exact Poisson bound of the deals won, each bringing what those of the channel bring, or else of all channels.';
COMMENT ON COLUMN kpi.marginal_return.break_even_cpl_high IS 'Upper end of its interval at rule.confidence_level; see break_even_cpl_low.';
COMMENT ON COLUMN kpi.marginal_return.marginal_return IS 'break_even_cpl / marginal_cpl: the gross margin that the next euro brings back; above 1 it pays.';
COMMENT ON COLUMN kpi.marginal_return.marginal_return_low IS 'break_even_cpl_low / marginal_cpl_high: both at their worst.';
COMMENT ON COLUMN kpi.marginal_return.marginal_return_high IS 'break_even_cpl_high / marginal_cpl_low: both at their best.';
COMMENT ON COLUMN kpi.marginal_return.verdict IS 'spend more: marginal_return_low is above 1; spend less: marginal_return_high is below 1; else not yet certain. NULL where nothing can be said.';
COMMENT ON COLUMN kpi.marginal_return.reason IS 'Why there is no marginal_cpl: too_few_periods (under 6 months), no_leads, spend_does_not_vary (by 10 %), no_convergence, not_beyond_chance (leads are not seen to follow spend), falls_with_spend; or no marginal_return: no_mature_leads, revenue_unknown, no_gross_margin. NULL when there are both.';
CREATE VIEW kpi.mql_acceptance_by_channel WITH (security_invoker='true') AS
WITH counted AS (
SELECT funnel_by_channel.channel,
max(funnel_by_channel.leads) FILTER (WHERE (ladder.role = r_1.transmitted_role)) AS transmitted,
max(funnel_by_channel.leads) FILTER (WHERE (ladder.role = r_1.accepted_role)) AS accepted
FROM ((kpi.funnel_by_channel
JOIN kpi.ladder USING (stage_position))
JOIN kpi.rule r_1 ON ((r_1.id = 1)))
GROUP BY funnel_by_channel.channel
), rated AS (
SELECT counted.channel,
counted.transmitted,
counted.accepted,
CASE
WHEN (counted.accepted <= counted.transmitted) THEN lead_kpi.rate(counted.accepted, counted.transmitted)
ELSE NULL::lead_kpi.rate
END AS acceptance
FROM counted
)
SELECT rated.channel,
rated.transmitted,
rated.accepted,
(rated.acceptance)::double precision AS acceptance_rate,
lead_kpi.low(rated.acceptance, r.confidence_level) AS acceptance_rate_low,
lead_kpi.high(rated.acceptance, r.confidence_level) AS acceptance_rate_high,
r.acceptance_threshold AS threshold,
lead_kpi.threshold_verdict(rated.acceptance, r.acceptance_threshold, r.confidence_level) AS verdict
FROM (rated
JOIN kpi.rule r ON ((r.id = 1)))
ORDER BY rated.channel;
ALTER TABLE kpi.mql_acceptance_by_channel OWNER TO kpi_owner;
COMMENT ON VIEW kpi.mql_acceptance_by_channel IS 'mql_acceptance per channel of the lead.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.transmitted IS 'Leads that reached the stage with role rule.transmitted_role; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.accepted IS 'Leads that reached the stage with role rule.accepted_role; NULL when the ladder has none.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.acceptance_rate IS 'accepted / transmitted, 0 to 1; NULL when nothing was transmitted.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.acceptance_rate_low IS 'Lower end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.acceptance_rate_high IS 'Upper end of the Wilson interval of acceptance_rate at rule.confidence_level.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.threshold IS 'The agreed rate, 0 to 1: rule.acceptance_threshold.';
COMMENT ON COLUMN kpi.mql_acceptance_by_channel.verdict IS 'met: the whole interval reaches the threshold; below: none of it does; not yet certain: too few leads to say. NULL when nothing was transmitted.';
CREATE VIEW kpi.my_wins AS
SELECT o.lead_id,
o.won_at,
l.region
FROM (kpi.lead_outcome o
JOIN kpi.lead l USING (lead_id))
WHERE (o.won_at IS NOT NULL);
ALTER TABLE kpi.my_wins OWNER TO kpi_owner;
CREATE VIEW kpi.period_change WITH (security_invoker='true') AS
WITH outcome AS MATERIALIZED (
SELECT lead_outcome.lead_id,
lead_outcome.month,
lead_outcome.channel,
lead_outcome.created_at,
lead_outcome.won_at,
lead_outcome.stage_position
FROM kpi.lead_outcome
), comparison AS (
SELECT u.ordinal,
u.period,
c.compared_with,
((t_1.began - u.step))::date AS after_start,
(t_1.began)::date AS after_end,
(((t_1.began - u.step) - COALESCE(c.distance, u.step)))::date AS before_start,
((t_1.began - COALESCE(c.distance, u.step)))::date AS before_end,
o.observed_until,
timezone(r_1.time_zone, t_1.began) AS ended_at,
r_1.confidence_level
FROM ((((kpi.observation o
JOIN kpi.rule r_1 ON ((r_1.id = 1)))
CROSS JOIN ( VALUES (1,'month'::text,'1 mon'::interval), (2,'quarter'::text,'3 mons'::interval)) u(ordinal, period, step))
CROSS JOIN ( VALUES ('previous'::text,NULL::interval), ('year before'::text,'1 year'::interval)) c(compared_with, distance))
CROSS JOIN LATERAL date_trunc(u.period, timezone(r_1.time_zone, o.observed_until)) t_1(began))
WHERE (o.observed_until IS NOT NULL)
), aged AS (
SELECT c.ordinal,
c.period,
c.compared_with,
c.after_start,
c.after_end,
c.before_start,
c.before_end,
c.observed_until,
c.ended_at,
c.confidence_level,
(c.observed_until - COALESCE(( SELECT max(outcome.created_at) AS max
FROM outcome
WHERE ((outcome.month >= c.after_start) AND (outcome.month < c.after_end))), c.ended_at)) AS comparable
FROM comparison c
), event AS (
SELECT outcome.month,
outcome.channel,
1 AS lead,
0 AS won,
0 AS deal,
NULL::numeric AS amount,
NULL::interval AS age
FROM outcome
WHERE (outcome.stage_position IS NOT NULL)
UNION ALL
SELECT outcome.month,
outcome.channel,
0,
1,
0,
NULL::numeric,
(outcome.won_at - outcome.created_at)
FROM outcome
WHERE (outcome.won_at IS NOT NULL)
UNION ALL
SELECT o.month,
o.channel,
0,
0,
1,
d.amount,
(d.closed_at - o.created_at)
FROM (kpi.counted_deal d
JOIN outcome o USING (lead_id))
WHERE (d.is_won AND (d.excluded_reason IS NULL))
), segment AS (
SELECT a.period,
a.compared_with,
e.channel,
COALESCE(sum(e.lead) FILTER (WHERE (e.month < a.before_end)), (0)::bigint) AS leads0,
COALESCE(sum(e.lead) FILTER (WHERE (e.month >= a.after_start)), (0)::bigint) AS leads1,
COALESCE(sum(e.won) FILTER (WHERE (e.month < a.before_end)), (0)::bigint) AS won0,
COALESCE(sum(e.won) FILTER (WHERE (e.month >= a.after_start)), (0)::bigint) AS won1,
COALESCE(sum(e.deal) FILTER (WHERE (e.month < a.before_end)), (0)::bigint) AS deals0,
COALESCE(sum(e.deal) FILTER (WHERE (e.month >= a.after_start)), (0)::bigint) AS deals1,
sum(e.amount) FILTER (WHERE (e.month < a.before_end)) AS revenue0,
sum(e.amount) FILTER (WHERE (e.month >= a.after_start)) AS revenue1
FROM (aged a
LEFT JOIN event e ON (((((e.month >= a.after_start) AND (e.month < a.after_end)) OR ((e.month >= a.before_start) AND (e.month < a.before_end))) AND ((e.age IS NULL) OR (e.age <= a.comparable)))))
GROUP BY a.period, a.compared_with, e.channel
), summed AS (
SELECT segment.period,
segment.compared_with,
(sum(segment.leads0))::bigint AS leads0,
(sum(segment.leads1))::bigint AS leads1,
CASE
WHEN l.has_won THEN (sum(segment.won0))::bigint
ELSE NULL::bigint
END AS won0,
CASE
WHEN l.has_won THEN (sum(segment.won1))::bigint
ELSE NULL::bigint
END AS won1,
CASE
WHEN (sum(segment.deals0) > (0)::numeric) THEN sum(segment.revenue0)
WHEN (sum(segment.won0) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue0,
CASE
WHEN (sum(segment.deals1) > (0)::numeric) THEN sum(segment.revenue1)
WHEN (sum(segment.won1) = (0)::numeric) THEN (0)::numeric
ELSE NULL::numeric
END AS revenue1,
lead_kpi.revenue_mix_change((segment.leads0)::numeric, (segment.won0)::numeric, COALESCE(segment.revenue0, (0)::numeric), (segment.leads1)::numeric, (segment.won1)::numeric, COALESCE(segment.revenue1, (0)::numeric)) AS change
FROM (segment
CROSS JOIN ( SELECT COALESCE(bool_or((ladder.role = 'won'::text)), false) AS has_won
FROM kpi.ladder) l)
GROUP BY segment.period, segment.compared_with, l.has_won
), rated AS (
SELECT a.ordinal,
a.period,
a.compared_with,
a.after_start,
a.after_end,
a.before_start,
a.before_end,
a.observed_until,
a.ended_at,
a.confidence_level,
a.comparable,
s.leads0,
s.leads1,
s.won0,
s.won1,
s.revenue0,
s.revenue1,
lead_kpi.rate(s.won0, s.leads0) AS rate0,
lead_kpi.rate(s.won1, s.leads1) AS rate1,
CASE
WHEN ((s.revenue0 IS NOT NULL) AND (s.revenue1 IS NOT NULL)) THEN s.change
ELSE NULL::lead_kpi.revenue_mix_change
END AS change
FROM (aged a
JOIN summed s USING (period, compared_with))
)
SELECT r.period,
r.compared_with,
r.after_start,
r.before_start,
((EXTRACT(epoch FROM r.comparable) / (86400)::numeric))::double precision AS comparable_days,
r.leads0 AS leads_before,
r.leads1 AS leads_after,
r.won0 AS won_before,
r.won1 AS won_after,
r.revenue0 AS revenue_before,
r.revenue1 AS revenue_after,
(r.change).total AS revenue_difference,
(r.change).volume AS volume_effect,
(r.change).mix AS mix_effect,
(r.change).conversion AS conversion_effect,
(r.change).basket AS basket_effect,
(r.change).unexplained AS unexplained_effect,
(r.rate0)::double precision AS rate_before,
lead_kpi.low(r.rate0, r.confidence_level) AS rate_before_low,
lead_kpi.high(r.rate0, r.confidence_level) AS rate_before_high,
(r.rate1)::double precision AS rate_after,
lead_kpi.low(r.rate1, r.confidence_level) AS rate_after_low,
lead_kpi.high(r.rate1, r.confidence_level) AS rate_after_high,
t.p_value,
CASE
WHEN ((t.low > (0)::double precision) AND (t.p_value < ((1)::double precision - r.confidence_level))) THEN 'up'::text
WHEN ((t.high < (0)::double precision) AND (t.p_value < ((1)::double precision - r.confidence_level))) THEN 'down'::text
WHEN (t.difference IS NOT NULL) THEN 'not yet certain'::text
ELSE NULL::text
END AS verdict
FROM (rated r
CROSS JOIN LATERAL lead_kpi.compare(r.rate1, r.rate0, r.confidence_level) t(difference, low, high, p_value, probability_better))
ORDER BY r.ordinal, r.compared_with;
ALTER TABLE kpi.period_change OWNER TO kpi_owner;
COMMENT ON VIEW kpi.period_change IS 'Why revenue changed: the last complete month and quarter against the one before and the same one a year before. Both are cohorts of leads, judged at the same age (comparable_days): a cohort that has had less time is not a drop.';
COMMENT ON COLUMN kpi.period_change.period IS 'month or quarter: the last one that is complete at observed_until, in the mart''s time zone.';
COMMENT ON COLUMN kpi.period_change.compared_with IS 'previous: the period before it; year before: the same period a year before.';
COMMENT ON COLUMN kpi.period_change.after_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.period_change.before_start IS 'First day of the period it is compared with.';
COMMENT ON COLUMN kpi.period_change.comparable_days IS 'The age that the youngest lead of the period had at observed_until. Only what was won up to this age counts, in both periods.';
COMMENT ON COLUMN kpi.period_change.leads_before IS 'Counted leads created in the period compared with.';
COMMENT ON COLUMN kpi.period_change.leads_after IS 'Counted leads created in the period.';
COMMENT ON COLUMN kpi.period_change.won_before IS 'Those of leads_before won within comparable_days of their creation; NULL when the ladder has no stage with role won.';
COMMENT ON COLUMN kpi.period_change.won_after IS 'Those of leads_after won within comparable_days of their creation; NULL when the ladder has no stage with role won.';
COMMENT ON COLUMN kpi.period_change.revenue_before IS 'Amounts of the deals of leads_before won within comparable_days of the lead''s creation; NULL when something was won and no amount is known.';
COMMENT ON COLUMN kpi.period_change.revenue_after IS 'Amounts of the deals of leads_after won within comparable_days of the lead''s creation; NULL when something was won and no amount is known.';
COMMENT ON COLUMN kpi.period_change.revenue_difference IS 'revenue_after - revenue_before: the sum of the effects.';
COMMENT ON COLUMN kpi.period_change.volume_effect IS 'The part of revenue_difference that comes from the number of leads, money.';
COMMENT ON COLUMN kpi.period_change.mix_effect IS 'The part of revenue_difference that comes from the channels'' shares of the leads, money.';
COMMENT ON COLUMN kpi.period_change.conversion_effect IS 'The part of revenue_difference that comes from won / leads within the channels, money.';
COMMENT ON COLUMN kpi.period_change.basket_effect IS 'The part of revenue_difference that comes from revenue / won within the channels, money.';
COMMENT ON COLUMN kpi.period_change.unexplained_effect IS 'The part of revenue_difference in channels where leads and wins do not explain it: negative revenue, or deals that the funnel does not count as won; else 0.';
COMMENT ON COLUMN kpi.period_change.rate_before IS 'won_before / leads_before, 0 to 1; NULL without leads.';
COMMENT ON COLUMN kpi.period_change.rate_before_low IS 'Lower end of the Wilson interval of rate_before at rule.confidence_level.';
COMMENT ON COLUMN kpi.period_change.rate_before_high IS 'Upper end of the Wilson interval of rate_before at rule.confidence_level.';
COMMENT ON COLUMN kpi.period_change.rate_after IS 'won_after / leads_after, 0 to 1; NULL without leads.';
COMMENT ON COLUMN kpi.period_change.rate_after_low IS 'Lower end of the Wilson interval of rate_after at rule.confidence_level.';
COMMENT ON COLUMN kpi.period_change.rate_after_high IS 'Upper end of the Wilson interval of rate_after at rule.confidence_level.';
COMMENT ON COLUMN kpi.period_change.p_value IS 'Two-sided p-value of rate_after against rate_before (z test with pooled variance); NULL when it is not defined.';
COMMENT ON COLUMN kpi.period_change.verdict IS 'up or down: rate_after differs from rate_before beyond chance at rule.confidence_level, by interval and p_value; else not yet certain. NULL when a period has no leads or the ladder no stage with role won.';
CREATE VIEW kpi.score_calibration WITH (security_invoker='true') AS
SELECT j.as_of,
c.score_from AS probability_from,
c.score_to AS probability_to,
c.leads,
c.mean_score AS mean_probability,
c.converted AS won_within,
(c.conversion)::double precision AS conversion,
lead_kpi.low(c.conversion, r.confidence_level) AS conversion_low,
lead_kpi.high(c.conversion, r.confidence_level) AS conversion_high
FROM ((( SELECT score_history.as_of,
lead_kpi.roc(score_history.probability, score_history.won_within) AS roc
FROM kpi.score_history
WHERE ((score_history.won_within IS NOT NULL) AND (EXISTS ( SELECT
FROM kpi.learned_profile
WHERE learned_profile.is_mature)))
GROUP BY score_history.as_of) j
JOIN kpi.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL lead_kpi.calibration(j.roc, 20) c(bin, score_from, score_to, leads, converted, mean_score, conversion))
WHERE (c.leads > 0)
ORDER BY j.as_of, c.bin;
ALTER TABLE kpi.score_calibration OWNER TO kpi_owner;
COMMENT ON VIEW kpi.score_calibration IS 'Are the probabilities right? Per month end and step of 5 %: the mean probability of the leads in it against the share of them that was won within rule.score_horizon. Mature month ends that could be scored by what was learned before; steps without leads have no row.';
COMMENT ON COLUMN kpi.score_calibration.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.score_calibration.probability_from IS 'From this probability on.';
COMMENT ON COLUMN kpi.score_calibration.probability_to IS 'Up to this probability, which belongs to the next step; 1 to this one.';
COMMENT ON COLUMN kpi.score_calibration.leads IS 'Leads that were open at as_of and had a probability of this step.';
COMMENT ON COLUMN kpi.score_calibration.mean_probability IS 'Mean probability of these leads.';
COMMENT ON COLUMN kpi.score_calibration.won_within IS 'Those of them that were won within rule.score_horizon.';
COMMENT ON COLUMN kpi.score_calibration.conversion IS 'won_within / leads, 0 to 1: what mean_probability promised. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.score_calibration.conversion_low IS 'Lower end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_calibration.conversion_high IS 'Upper end of the Wilson interval of conversion at rule.confidence_level.';
CREATE VIEW kpi.score_lift WITH (security_invoker='true') AS
WITH graded AS (
SELECT score_history.as_of,
score_history.grade,
count(*) AS leads,
lead_kpi.rate(score_history.won_within) AS conversion
FROM kpi.score_history
WHERE (score_history.won_within IS NOT NULL)
GROUP BY score_history.as_of, score_history.grade
), compared AS (
SELECT graded.as_of,
graded.grade,
graded.leads,
graded.conversion,
(sum(lead_kpi.hits(graded.conversion)) OVER moment / NULLIF(sum(graded.leads) OVER moment, (0)::numeric)) AS conversion_of_all
FROM graded
WINDOW moment AS (PARTITION BY graded.as_of)
)
SELECT c.as_of,
c.grade,
c.leads,
lead_kpi.hits(c.conversion) AS won_within,
(c.conversion)::double precision AS conversion,
lead_kpi.low(c.conversion, r.confidence_level) AS conversion_low,
lead_kpi.high(c.conversion, r.confidence_level) AS conversion_high,
(((c.conversion)::numeric / NULLIF(c.conversion_of_all, (0)::numeric)))::double precision AS lift
FROM (compared c
JOIN kpi.rule r ON ((r.id = 1)))
WHERE (c.grade IS NOT NULL)
ORDER BY c.as_of, c.grade;
ALTER TABLE kpi.score_lift OWNER TO kpi_owner;
COMMENT ON VIEW kpi.score_lift IS 'Per month end and grade of rule.scorecard: how many leads were won within rule.score_horizon, and how much more often than all leads open then. Mature month ends only; empty without a scorecard that has grades.';
COMMENT ON COLUMN kpi.score_lift.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.score_lift.grade IS 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.';
COMMENT ON COLUMN kpi.score_lift.leads IS 'Leads of this grade that were open at as_of.';
COMMENT ON COLUMN kpi.score_lift.won_within IS 'Those of them that were won within rule.score_horizon.';
COMMENT ON COLUMN kpi.score_lift.conversion IS 'won_within / leads, 0 to 1. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.score_lift.conversion_low IS 'Lower end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_lift.conversion_high IS 'Upper end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_lift.lift IS 'conversion / conversion of all leads open at as_of; NULL when none of them was won.';
CREATE VIEW kpi.score_quality WITH (security_invoker='true') AS
WITH judged AS MATERIALIZED (
SELECT score_history.as_of,
score_history.is_now,
score_history.is_mature,
count(*) AS leads,
CASE
WHEN (count(score_history.won_within) > 0) THEN lead_kpi.rate(score_history.won_within)
ELSE NULL::lead_kpi.rate
END AS conversion,
lead_kpi.roc(
CASE
WHEN (score_history.won_within IS NOT NULL) THEN score_history.total
ELSE NULL::double precision
END, score_history.won_within) AS by_scorecard,
lead_kpi.roc(
CASE
WHEN (score_history.won_within IS NOT NULL) THEN score_history.probability
ELSE NULL::double precision
END, score_history.won_within) AS by_probability
FROM kpi.score_history
GROUP BY score_history.as_of, score_history.is_now, score_history.is_mature
), moved AS (
SELECT p.as_of,
d.attribute,
d.stability_index
FROM (( SELECT learned_profile.as_of,
learned_profile.profile,
lag(learned_profile.profile) OVER (ORDER BY learned_profile.as_of) AS profile_before
FROM kpi.learned_profile) p
CROSS JOIN LATERAL ( SELECT drift.attribute,
drift.stability_index
FROM lead_kpi.drift(p.profile_before, p.profile) drift(attribute, stability_index, bins_used)
ORDER BY drift.stability_index DESC NULLS LAST, (drift.attribute COLLATE "C")
LIMIT 1) d)
)
SELECT j.as_of,
j.is_now,
s.score,
j.is_mature,
j.leads,
lead_kpi.hits(j.conversion) AS won_within,
(j.conversion)::double precision AS conversion,
lead_kpi.low(j.conversion, r.confidence_level) AS conversion_low,
lead_kpi.high(j.conversion, r.confidence_level) AS conversion_high,
lead_kpi.auc(s.roc) AS auc,
lead_kpi.low(s.roc, r.confidence_level) AS auc_low,
lead_kpi.high(s.roc, r.confidence_level) AS auc_high,
lead_kpi.gini(s.roc) AS gini,
lead_kpi.ks(s.roc) AS ks,
lead_kpi.lift(s.roc, (0.1)::double precision) AS lift_top_10,
lead_kpi.brier(s.as_probability) AS brier,
c.intercept AS calibration_intercept,
c.slope AS calibration_slope,
m.stability_index AS drift,
m.attribute AS drift_attribute
FROM ((((judged j
JOIN kpi.rule r ON ((r.id = 1)))
CROSS JOIN LATERAL ( SELECT 'scorecard'::text AS score,
j.by_scorecard AS roc,
NULL::lead_kpi.roc AS as_probability
WHERE (r.scorecard IS NOT NULL)
UNION ALL
SELECT 'probability'::text,
j.by_probability,
j.by_probability
WHERE (EXISTS ( SELECT
FROM kpi.learned_profile))) s)
CROSS JOIN LATERAL lead_kpi.cox_calibration(s.as_probability) c(intercept, slope, in_the_large))
LEFT JOIN moved m ON ((m.as_of = j.as_of)))
ORDER BY j.as_of, s.score DESC;
ALTER TABLE kpi.score_quality OWNER TO kpi_owner;
COMMENT ON VIEW kpi.score_quality IS 'Does the score predict? Per month end and score (scorecard, probability): the leads open then, scored with what was known then, against who was won within rule.score_horizon. Outcomes are NULL until is_mature; probability is judged only on leads that it had not learned from.';
COMMENT ON COLUMN kpi.score_quality.as_of IS 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.';
COMMENT ON COLUMN kpi.score_quality.is_now IS 'True for the pipeline at observed_until, false for those at the ends of months.';
COMMENT ON COLUMN kpi.score_quality.score IS 'scorecard: total of rule.scorecard as of then; probability: as learned by then.';
COMMENT ON COLUMN kpi.score_quality.is_mature IS 'True when rule.score_horizon had passed by observed_until: the outcome is final.';
COMMENT ON COLUMN kpi.score_quality.leads IS 'Leads that were open at as_of.';
COMMENT ON COLUMN kpi.score_quality.won_within IS 'Those of them that were won within rule.score_horizon; NULL until is_mature, and without a stage with role won.';
COMMENT ON COLUMN kpi.score_quality.conversion IS 'won_within / leads, 0 to 1. To sum up, divide sums: never average rates.';
COMMENT ON COLUMN kpi.score_quality.conversion_low IS 'Lower end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_quality.conversion_high IS 'Upper end of the Wilson interval of conversion at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_quality.auc IS 'Area under the ROC curve: how often a lead that was won scored higher than one that was not; 0.5 is chance. NULL until is_mature, and without leads of both kinds.';
COMMENT ON COLUMN kpi.score_quality.auc_low IS 'Lower end of the DeLong interval of auc at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_quality.auc_high IS 'Upper end of the DeLong interval of auc at rule.confidence_level.';
COMMENT ON COLUMN kpi.score_quality.gini IS '2 auc - 1.';
COMMENT ON COLUMN kpi.score_quality.ks IS 'Kolmogorov-Smirnov distance: the largest difference between the shares of won and of other leads up to a score, 0 to 1.';
COMMENT ON COLUMN kpi.score_quality.lift_top_10 IS 'How often the best-scored tenth of the leads was won, relative to all of them.';
COMMENT ON COLUMN kpi.score_quality.brier IS 'Mean squared distance between probability and outcome, 0 to 1, lower is better; NULL for the scorecard, whose points are no probability.';
COMMENT ON COLUMN kpi.score_quality.calibration_intercept IS 'Log odds of being won = intercept + slope x log odds of the probability; 0 is perfect. NULL for the scorecard.';
COMMENT ON COLUMN kpi.score_quality.calibration_slope IS 'The slope of that line: 1 is perfect, below 1 the probabilities are too extreme. NULL for the scorecard.';
COMMENT ON COLUMN kpi.score_quality.drift IS 'Population stability index of the attribute that moved most since the month end before: below 0.1 nothing, from 0.25 on much. As of the last train_mart; NULL before it.';
COMMENT ON COLUMN kpi.score_quality.drift_attribute IS 'The attribute that moved most.';
CREATE VIEW kpi.unit_cost WITH (security_invoker='true') AS
WITH reached AS (
SELECT funnel_by_campaign.channel,
funnel_by_campaign.campaign,
funnel_by_campaign.stage_position,
funnel_by_campaign.leads,
NULL::numeric AS spend
FROM kpi.funnel_by_campaign
UNION ALL
SELECT s.channel,
s.campaign,
l_1.stage_position,
0,
s.spend
FROM (( SELECT counted_spend.channel,
counted_spend.campaign,
sum(counted_spend.amount) AS spend
FROM kpi.counted_spend
GROUP BY counted_spend.channel, counted_spend.campaign) s
CROSS JOIN kpi.ladder l_1)
), cell AS (
SELECT reached.channel,
reached.campaign,
reached.stage_position,
(sum(reached.leads))::bigint AS leads,
sum(reached.spend) AS spend,
CASE
WHEN (sum(reached.spend) >= (0)::numeric) THEN sum(reached.spend)
ELSE NULL::numeric
END AS cost
FROM reached
GROUP BY reached.channel, reached.campaign, reached.stage_position
)
SELECT c.channel,
c.campaign,
l.stage_position,
l.stage,
c.leads,
c.spend,
lead_kpi.cost_per(c.cost, c.leads) AS unit_cost,
(NULLIF(i.low, 'Infinity'::double precision))::numeric AS unit_cost_low,
(NULLIF(i.high, 'Infinity'::double precision))::numeric AS unit_cost_high
FROM ((cell c
JOIN kpi.ladder l USING (stage_position))
CROSS JOIN LATERAL lead_kpi.cost_interval(c.cost, c.leads, ( SELECT rule.confidence_level
FROM kpi.rule)) i(low, high))
ORDER BY c.channel, c.campaign, l.stage_position;
ALTER TABLE kpi.unit_cost OWNER TO kpi_owner;
COMMENT ON VIEW kpi.unit_cost IS 'Spend per lead at each stage: the first stage is the CPL, the stage with role won the CAC. All spend of the campaign against all its counted leads.';
COMMENT ON COLUMN kpi.unit_cost.channel IS 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.';
COMMENT ON COLUMN kpi.unit_cost.campaign IS 'Campaign of the lead or the spend; NULL = none or unknown.';
COMMENT ON COLUMN kpi.unit_cost.stage_position IS 'Position of the stage on the ladder, from 1.';
COMMENT ON COLUMN kpi.unit_cost.stage IS 'The stage, as the ladder (table stage) names it.';
COMMENT ON COLUMN kpi.unit_cost.leads IS 'Counted leads that reached the stage, each once.';
COMMENT ON COLUMN kpi.unit_cost.spend IS 'Money spent; NULL = unknown (no spend row), which is not 0.';
COMMENT ON COLUMN kpi.unit_cost.unit_cost IS 'spend / leads: CPL at the first stage, CAC at the stage with role won. NULL without spend or leads, or when spend is negative.';
COMMENT ON COLUMN kpi.unit_cost.unit_cost_low IS 'Lower end of the exact Poisson interval of unit_cost at rule.confidence_level.';
COMMENT ON COLUMN kpi.unit_cost.unit_cost_high IS 'Upper end of the exact Poisson interval of unit_cost at rule.confidence_level; NULL = no upper limit.';
CREATE VIEW report.by_channel AS
SELECT f.channel,
f.stage,
f.leads,
round((f.total_rate)::numeric, 3) AS total_rate
FROM kpi.funnel_by_channel f
WHERE (f.leads > 0);
ALTER TABLE report.by_channel OWNER TO kpi_owner;
COMMENT ON VIEW report.by_channel IS 'For the Monday meeting.';
CREATE VIEW report.best_channel AS
SELECT by_channel.channel,
by_channel.total_rate
FROM report.by_channel
WHERE (by_channel.stage = 'client'::text)
ORDER BY by_channel.total_rate DESC
LIMIT 3;
ALTER TABLE report.best_channel OWNER TO kpi_owner;
CREATE MATERIALIZED VIEW report.monthly AS
SELECT funnel_by_month.month,
funnel_by_month.stage,
funnel_by_month.leads,
funnel_by_month.total_rate
FROM kpi.funnel_by_month
WITH NO DATA;
ALTER TABLE report.monthly OWNER TO kpi_owner;
CREATE TABLE report.note (
lead_id bigint,
noted_at timestamp with time zone DEFAULT now()
);
ALTER TABLE report.note OWNER TO kpi_owner;
CREATE VIEW report.settings AS
SELECT r.time_zone,
r.language,
r.duplicate_window,
r.scorecard,
s."position",
s.stage,
s.role
FROM (kpi.rule r
CROSS JOIN kpi.stage s);
ALTER TABLE report.settings OWNER TO kpi_owner;
CREATE VIEW report.uuid_wins AS
SELECT lead_outcome.lead_id,
lead_outcome.won_at,
lead_outcome.revenue
FROM crm.lead_outcome
WHERE (lead_outcome.won_at IS NOT NULL);
ALTER TABLE report.uuid_wins OWNER TO kpi_owner;
COPY crm.channel_family (channel, family) FROM stdin;
\.
COPY crm.learned_profile (as_of, profile, leads, converted, known_from, is_mature) FROM stdin;
\.
COPY crm.rule (id, mart_format, counted_kinds, duplicate_key, duplicate_window, test_pattern, bot_pattern, internal_pattern, internal_domains, observed_until, time_zone, funnel_policy, funnel_within, transmitted_role, accepted_role, acceptance_threshold, confidence_level, gross_margin, attribution_model, attribution_lookback, attribution_half_life, scorecard, icp_fit, score_horizon, score_attributes, score_features, language) FROM stdin;
1	1	\N	email	30 days	(^|[.+_-])test[0-9]*@|@test\\.|\\.(test|invalid)$	(?<!cu)bot\\M|crawler|spider|headless	\N	\N	\N	UTC	reached	\N	mql	sal	0.6	0.95	\N	linear	90 days	7 days	\N	\N	90 days	\N	{channel,stage}	en
\.
COPY crm.spend (spent_on, channel, campaign, amount) FROM stdin;
2025-03-15	ads	\N	400
2025-04-15	fair	\N	1500
\.
COPY crm.stage ("position", stage, role) FROM stdin;
1	lead	lead
2	mql	mql
3	sal	sal
4	sql	sql
5	opportunity	opportunity
6	won	won
\.
COPY crm_data.contact (lead_id, created_at, kind, channel, campaign, email, company, attributes, owner, account) FROM stdin;
64cd5e9b-28bc-421c-65b0-cf3db9db8590	2025-03-02 16:00:00	form	fair	\N	contact.1@company1.example	Company 1	{"country": "FR"}	1	C1
48912b3c-01a0-22a7-9473-46e3157240ec	2025-03-03 23:00:00	form	search	\N	contact.2@company2.example	Company 2	{"country": "FR"}	2	C2
0039047c-197a-5aea-be18-e1c80b5023b6	2025-03-05 06:00:00	form	ads	\N	contact.3@company3.example	Company 3	{"country": "FR"}	3	C3
2c2d7a08-7419-4e6a-85be-d582e8b16c07	2025-03-06 13:00:00	form	fair	\N	contact.4@company4.example	Company 4	{"country": "FR"}	0	C4
fa9d019e-8775-3c5b-e843-0099fe7164d5	2025-03-07 20:00:00	form	search	\N	contact.5@company5.example	Company 5	{"country": "FR"}	1	C5
afcf666f-6c43-8146-7553-9b2c49c2d956	2025-03-09 03:00:00	form	ads	\N	contact.6@company6.example	Company 6	{"country": "FR"}	2	C6
c57c9357-7032-8cfb-e877-03f51fdd0e36	2025-03-10 10:00:00	form	fair	\N	contact.7@company7.example	Company 7	{"country": "FR"}	3	C7
54b27639-8959-5816-9a20-2bac6d7739cc	2025-03-11 17:00:00	form	search	\N	contact.8@company8.example	Company 8	{"country": "FR"}	0	C8
b07f5cd4-215e-d613-400b-f203ec12677b	2025-03-13 00:00:00	form	ads	\N	contact.9@company9.example	Company 9	{"country": "FR"}	1	C9
f2997a92-b726-fed1-4c9d-f2b730d7682b	2025-03-14 07:00:00	form	fair	\N	contact.10@company10.example	Company 10	{"country": "FR"}	2	C10
de949df1-8175-d2da-dd75-883b696030d0	2025-03-15 14:00:00	form	search	\N	contact.11@company11.example	Company 11	{"country": "FR"}	3	C11
e0ee4548-57d0-0aa6-8d71-21e78548bf28	2025-03-16 21:00:00	form	ads	\N	contact.12@company12.example	Company 12	{"country": "FR"}	0	C12
78e66141-510b-bf0b-c37e-f23dae156300	2025-03-18 04:00:00	form	fair	\N	contact.13@company0.example	Company 0	{"country": "FR"}	1	C0
f5dfd270-b39f-dcb5-374e-3b1349712325	2025-03-19 11:00:00	form	search	\N	contact.14@company1.example	Company 1	{"country": "FR"}	2	C1
55d4c745-2348-146b-854c-454e63afabdf	2025-03-20 18:00:00	form	ads	\N	contact.15@company2.example	Company 2	{"country": "FR"}	3	C2
77c4ffc2-fd53-8cef-54d0-b7a8400da4bc	2025-03-22 01:00:00	form	fair	\N	contact.16@company3.example	Company 3	{"country": "FR"}	0	C3
ee6c4104-75d8-2ec0-5d04-ff3b0ba61920	2025-03-23 08:00:00	form	search	\N	contact.17@company4.example	Company 4	{"country": "FR"}	1	C4
126e2969-76e1-4e7e-0a26-1fef1f0d28a8	2025-03-24 15:00:00	form	ads	\N	contact.18@company5.example	Company 5	{"country": "FR"}	2	C5
2a9ddadc-4d3b-a878-5f07-2983ee510d36	2025-03-25 22:00:00	form	fair	\N	contact.19@company6.example	Company 6	{"country": "FR"}	3	C6
b6263a8d-78dd-1bc7-903e-438c8a1addfd	2025-03-27 05:00:00	form	search	\N	contact.20@company7.example	Company 7	{"country": "FR"}	0	C7
06ae8e0d-d003-7832-ff87-5d2020c3f377	2025-03-28 12:00:00	form	ads	\N	contact.21@company8.example	Company 8	{"country": "FR"}	1	C8
4c860a4c-02ac-e429-0d4f-ab8045841201	2025-03-29 19:00:00	form	fair	\N	contact.22@company9.example	Company 9	{"country": "FR"}	2	C9
0174bfe3-2416-9494-0178-48d36977f3b3	2025-03-31 02:00:00	form	search	\N	contact.23@company10.example	Company 10	{"country": "FR"}	3	C10
3061fb81-b030-e18c-4665-330f340a6de4	2025-04-01 09:00:00	form	ads	\N	contact.24@company11.example	Company 11	{"country": "FR"}	0	C11
8ba7788f-49bd-031e-67f0-1e165ff2c36b	2025-04-02 16:00:00	form	fair	\N	contact.25@company12.example	Company 12	{"country": "FR"}	1	C12
c0c20224-ad42-454a-3c03-9d90c95aa0c4	2025-04-03 23:00:00	form	search	\N	contact.26@company0.example	Company 0	{"country": "FR"}	2	C0
b2f2178e-56c0-4b1b-55a6-184f1739c4d9	2025-04-05 06:00:00	form	ads	\N	contact.27@company1.example	Company 1	{"country": "FR"}	3	C1
a604d54f-5f13-c96d-0264-9d7acabb19b7	2025-04-06 13:00:00	form	fair	\N	contact.28@company2.example	Company 2	{"country": "FR"}	0	C2
def69261-1055-3ded-0fb8-7be3dfa429b7	2025-04-07 20:00:00	form	search	\N	contact.29@company3.example	Company 3	{"country": "FR"}	1	C3
717f4d73-3de9-7d5f-43b6-21621e594661	2025-04-09 03:00:00	form	ads	\N	contact.30@company4.example	Company 4	{"country": "FR"}	2	C4
06578335-9845-a0c2-fa86-534e8e60d4e3	2025-04-10 10:00:00	form	fair	\N	contact.31@company5.example	Company 5	{"country": "FR"}	3	C5
5ec1e370-0678-1086-1fcb-ad5d230ef562	2025-04-11 17:00:00	form	search	\N	contact.32@company6.example	Company 6	{"country": "FR"}	0	C6
2c5b0d57-303b-07f4-1dbe-5306114aeeec	2025-04-13 00:00:00	form	ads	\N	contact.33@company7.example	Company 7	{"country": "FR"}	1	C7
d43ef7a9-46ca-8f37-165a-197bc338ebf3	2025-04-14 07:00:00	form	fair	\N	contact.34@company8.example	Company 8	{"country": "FR"}	2	C8
d2f5347f-48ed-8389-5031-cb4b5420a3c6	2025-04-15 14:00:00	form	search	\N	contact.35@company9.example	Company 9	{"country": "FR"}	3	C9
1b9ba877-4064-b8c6-0374-a5b6a9d1ed22	2025-04-16 21:00:00	form	ads	\N	contact.36@company10.example	Company 10	{"country": "FR"}	0	C10
4d437fdd-add3-1112-7224-5d91b59df032	2025-04-18 04:00:00	form	fair	\N	contact.37@company11.example	Company 11	{"country": "FR"}	1	C11
b63bbd4b-70dc-df94-1f68-b4eb7460823e	2025-04-19 11:00:00	form	search	\N	contact.38@company12.example	Company 12	{"country": "FR"}	2	C12
3112e9d6-2a11-21c3-748a-e8d8fcd642d3	2025-04-20 18:00:00	form	ads	\N	contact.39@company0.example	Company 0	{"country": "FR"}	3	C0
29787684-6032-9846-b6bf-8ad1e89312c0	2025-04-22 01:00:00	form	fair	\N	contact.40@company1.example	Company 1	{"country": "FR"}	0	C1
5b6a3789-1b6b-79f6-e541-9826a7b022a7	2025-04-23 08:00:00	form	search	\N	contact.41@company2.example	Company 2	{"country": "FR"}	1	C2
80a7e5f0-e558-d5b8-d166-c14e15d95b28	2025-04-24 15:00:00	form	ads	\N	contact.42@company3.example	Company 3	{"country": "FR"}	2	C3
38bd5cf1-cb10-10ea-3264-461baf195c58	2025-04-25 22:00:00	form	fair	\N	contact.43@company4.example	Company 4	{"country": "FR"}	3	C4
a8b70c88-586a-39db-62f8-55a24ecd4ad9	2025-04-27 05:00:00	form	search	\N	contact.44@company5.example	Company 5	{"country": "FR"}	0	C5
cb24f1a6-ee91-db01-f422-5ffe7088cbb2	2025-04-28 12:00:00	form	ads	\N	contact.45@company6.example	Company 6	{"country": "FR"}	1	C6
896660b0-8f02-c839-3841-9fc691ae8969	2025-04-29 19:00:00	form	fair	\N	contact.46@company7.example	Company 7	{"country": "FR"}	2	C7
fd10d46e-1519-f86b-3976-9f92c291058e	2025-05-01 02:00:00	form	search	\N	contact.47@company8.example	Company 8	{"country": "FR"}	3	C8
74c233aa-10e6-a9a5-3e3a-4cead5a859eb	2025-05-02 09:00:00	form	ads	\N	contact.48@company9.example	Company 9	{"country": "FR"}	0	C9
e0b81ad7-8daf-8c19-5b4c-29417545eefd	2025-05-03 16:00:00	form	fair	\N	contact.49@company10.example	Company 10	{"country": "FR"}	1	C10
30c8233e-5d34-77e2-f2e8-ef3ddbc48c3d	2025-05-04 23:00:00	form	search	\N	contact.50@company11.example	Company 11	{"country": "FR"}	2	C11
dec562b7-818b-4fde-9e67-c689fbfe84ad	2025-05-06 06:00:00	form	ads	\N	contact.51@company12.example	Company 12	{"country": "FR"}	3	C12
f1bc6477-88f3-d074-54ba-f4eb85789659	2025-05-07 13:00:00	form	fair	\N	contact.52@company0.example	Company 0	{"country": "FR"}	0	C0
61fdd649-24b5-729d-bccd-79ce483c5a04	2025-05-08 20:00:00	form	search	\N	contact.53@company1.example	Company 1	{"country": "FR"}	1	C1
54b3e001-a740-6574-047f-16bb2198f64d	2025-05-10 03:00:00	form	ads	\N	contact.54@company2.example	Company 2	{"country": "FR"}	2	C2
bb0c412d-67e2-f7f1-7147-ec3a23f1b294	2025-05-11 10:00:00	form	fair	\N	contact.55@company3.example	Company 3	{"country": "FR"}	3	C3
80c638f6-e571-2e3a-734a-517275aeacbd	2025-05-12 17:00:00	form	search	\N	contact.56@company4.example	Company 4	{"country": "FR"}	0	C4
51902510-55fc-bc2a-42da-57d9e26c3cbd	2025-05-14 00:00:00	form	ads	\N	contact.57@company5.example	Company 5	{"country": "FR"}	1	C5
0fadd4cd-dfbe-9cd4-9807-c666aa563de6	2025-05-15 07:00:00	form	fair	\N	contact.58@company6.example	Company 6	{"country": "FR"}	2	C6
17d4b060-aac5-116e-6758-1799798db018	2025-05-16 14:00:00	form	search	\N	contact.59@company7.example	Company 7	{"country": "FR"}	3	C7
07920be6-8496-e69d-879d-16b55fb4334b	2025-05-17 21:00:00	form	ads	\N	contact.60@company8.example	Company 8	{"country": "FR"}	0	C8
\.
COPY crm_data.history (lead_id, stage, entered_at) FROM stdin;
64cd5e9b-28bc-421c-65b0-cf3db9db8590	mql	2025-03-05
48912b3c-01a0-22a7-9473-46e3157240ec	mql	2025-03-06
0039047c-197a-5aea-be18-e1c80b5023b6	mql	2025-03-08
2c2d7a08-7419-4e6a-85be-d582e8b16c07	mql	2025-03-09
fa9d019e-8775-3c5b-e843-0099fe7164d5	mql	2025-03-10
afcf666f-6c43-8146-7553-9b2c49c2d956	mql	2025-03-12
c57c9357-7032-8cfb-e877-03f51fdd0e36	mql	2025-03-13
54b27639-8959-5816-9a20-2bac6d7739cc	mql	2025-03-14
b07f5cd4-215e-d613-400b-f203ec12677b	mql	2025-03-16
f2997a92-b726-fed1-4c9d-f2b730d7682b	mql	2025-03-17
de949df1-8175-d2da-dd75-883b696030d0	mql	2025-03-18
78e66141-510b-bf0b-c37e-f23dae156300	mql	2025-03-21
f5dfd270-b39f-dcb5-374e-3b1349712325	mql	2025-03-22
77c4ffc2-fd53-8cef-54d0-b7a8400da4bc	mql	2025-03-25
ee6c4104-75d8-2ec0-5d04-ff3b0ba61920	mql	2025-03-26
2a9ddadc-4d3b-a878-5f07-2983ee510d36	mql	2025-03-28
b6263a8d-78dd-1bc7-903e-438c8a1addfd	mql	2025-03-30
4c860a4c-02ac-e429-0d4f-ab8045841201	mql	2025-04-01
0174bfe3-2416-9494-0178-48d36977f3b3	mql	2025-04-03
3061fb81-b030-e18c-4665-330f340a6de4	mql	2025-04-04
8ba7788f-49bd-031e-67f0-1e165ff2c36b	mql	2025-04-05
c0c20224-ad42-454a-3c03-9d90c95aa0c4	mql	2025-04-06
b2f2178e-56c0-4b1b-55a6-184f1739c4d9	mql	2025-04-08
a604d54f-5f13-c96d-0264-9d7acabb19b7	mql	2025-04-09
def69261-1055-3ded-0fb8-7be3dfa429b7	mql	2025-04-10
717f4d73-3de9-7d5f-43b6-21621e594661	mql	2025-04-12
06578335-9845-a0c2-fa86-534e8e60d4e3	mql	2025-04-13
5ec1e370-0678-1086-1fcb-ad5d230ef562	mql	2025-04-14
2c5b0d57-303b-07f4-1dbe-5306114aeeec	mql	2025-04-16
d43ef7a9-46ca-8f37-165a-197bc338ebf3	mql	2025-04-17
d2f5347f-48ed-8389-5031-cb4b5420a3c6	mql	2025-04-18
4d437fdd-add3-1112-7224-5d91b59df032	mql	2025-04-21
b63bbd4b-70dc-df94-1f68-b4eb7460823e	mql	2025-04-22
29787684-6032-9846-b6bf-8ad1e89312c0	mql	2025-04-25
5b6a3789-1b6b-79f6-e541-9826a7b022a7	mql	2025-04-26
38bd5cf1-cb10-10ea-3264-461baf195c58	mql	2025-04-28
a8b70c88-586a-39db-62f8-55a24ecd4ad9	mql	2025-04-30
896660b0-8f02-c839-3841-9fc691ae8969	mql	2025-05-02
fd10d46e-1519-f86b-3976-9f92c291058e	mql	2025-05-04
74c233aa-10e6-a9a5-3e3a-4cead5a859eb	mql	2025-05-05
e0b81ad7-8daf-8c19-5b4c-29417545eefd	mql	2025-05-06
dec562b7-818b-4fde-9e67-c689fbfe84ad	mql	2025-05-09
f1bc6477-88f3-d074-54ba-f4eb85789659	mql	2025-05-10
54b3e001-a740-6574-047f-16bb2198f64d	mql	2025-05-13
bb0c412d-67e2-f7f1-7147-ec3a23f1b294	mql	2025-05-14
51902510-55fc-bc2a-42da-57d9e26c3cbd	mql	2025-05-17
0fadd4cd-dfbe-9cd4-9807-c666aa563de6	mql	2025-05-18
07920be6-8496-e69d-879d-16b55fb4334b	mql	2025-05-20
64cd5e9b-28bc-421c-65b0-cf3db9db8590	sal	2025-03-08
48912b3c-01a0-22a7-9473-46e3157240ec	sal	2025-03-09
2c2d7a08-7419-4e6a-85be-d582e8b16c07	sal	2025-03-12
fa9d019e-8775-3c5b-e843-0099fe7164d5	sal	2025-03-13
c57c9357-7032-8cfb-e877-03f51fdd0e36	sal	2025-03-16
54b27639-8959-5816-9a20-2bac6d7739cc	sal	2025-03-17
f2997a92-b726-fed1-4c9d-f2b730d7682b	sal	2025-03-20
de949df1-8175-d2da-dd75-883b696030d0	sal	2025-03-21
78e66141-510b-bf0b-c37e-f23dae156300	sal	2025-03-24
f5dfd270-b39f-dcb5-374e-3b1349712325	sal	2025-03-25
77c4ffc2-fd53-8cef-54d0-b7a8400da4bc	sal	2025-03-28
ee6c4104-75d8-2ec0-5d04-ff3b0ba61920	sal	2025-03-29
b6263a8d-78dd-1bc7-903e-438c8a1addfd	sal	2025-04-02
0174bfe3-2416-9494-0178-48d36977f3b3	sal	2025-04-06
8ba7788f-49bd-031e-67f0-1e165ff2c36b	sal	2025-04-08
c0c20224-ad42-454a-3c03-9d90c95aa0c4	sal	2025-04-09
a604d54f-5f13-c96d-0264-9d7acabb19b7	sal	2025-04-12
def69261-1055-3ded-0fb8-7be3dfa429b7	sal	2025-04-13
06578335-9845-a0c2-fa86-534e8e60d4e3	sal	2025-04-16
5ec1e370-0678-1086-1fcb-ad5d230ef562	sal	2025-04-17
d43ef7a9-46ca-8f37-165a-197bc338ebf3	sal	2025-04-20
d2f5347f-48ed-8389-5031-cb4b5420a3c6	sal	2025-04-21
4d437fdd-add3-1112-7224-5d91b59df032	sal	2025-04-24
b63bbd4b-70dc-df94-1f68-b4eb7460823e	sal	2025-04-25
29787684-6032-9846-b6bf-8ad1e89312c0	sal	2025-04-28
5b6a3789-1b6b-79f6-e541-9826a7b022a7	sal	2025-04-29
a8b70c88-586a-39db-62f8-55a24ecd4ad9	sal	2025-05-03
74c233aa-10e6-a9a5-3e3a-4cead5a859eb	sal	2025-05-08
e0b81ad7-8daf-8c19-5b4c-29417545eefd	sal	2025-05-09
dec562b7-818b-4fde-9e67-c689fbfe84ad	sal	2025-05-12
f1bc6477-88f3-d074-54ba-f4eb85789659	sal	2025-05-13
54b3e001-a740-6574-047f-16bb2198f64d	sal	2025-05-16
bb0c412d-67e2-f7f1-7147-ec3a23f1b294	sal	2025-05-17
51902510-55fc-bc2a-42da-57d9e26c3cbd	sal	2025-05-20
0fadd4cd-dfbe-9cd4-9807-c666aa563de6	sal	2025-05-21
48912b3c-01a0-22a7-9473-46e3157240ec	sql	2025-03-12
fa9d019e-8775-3c5b-e843-0099fe7164d5	sql	2025-03-16
54b27639-8959-5816-9a20-2bac6d7739cc	sql	2025-03-20
de949df1-8175-d2da-dd75-883b696030d0	sql	2025-03-24
f5dfd270-b39f-dcb5-374e-3b1349712325	sql	2025-03-28
ee6c4104-75d8-2ec0-5d04-ff3b0ba61920	sql	2025-04-01
b6263a8d-78dd-1bc7-903e-438c8a1addfd	sql	2025-04-05
0174bfe3-2416-9494-0178-48d36977f3b3	sql	2025-04-09
c0c20224-ad42-454a-3c03-9d90c95aa0c4	sql	2025-04-12
def69261-1055-3ded-0fb8-7be3dfa429b7	sql	2025-04-16
5ec1e370-0678-1086-1fcb-ad5d230ef562	sql	2025-04-20
d2f5347f-48ed-8389-5031-cb4b5420a3c6	sql	2025-04-24
b63bbd4b-70dc-df94-1f68-b4eb7460823e	sql	2025-04-28
5b6a3789-1b6b-79f6-e541-9826a7b022a7	sql	2025-05-02
a8b70c88-586a-39db-62f8-55a24ecd4ad9	sql	2025-05-06
e0b81ad7-8daf-8c19-5b4c-29417545eefd	sql	2025-05-12
f1bc6477-88f3-d074-54ba-f4eb85789659	sql	2025-05-16
bb0c412d-67e2-f7f1-7147-ec3a23f1b294	sql	2025-05-20
0fadd4cd-dfbe-9cd4-9807-c666aa563de6	sql	2025-05-24
\.
COPY crm_data.opportunity (deal_id, lead_id, opened_at, closed_at, is_won, amount, currency, expected_close) FROM stdin;
1	48912b3c-01a0-22a7-9473-46e3157240ec	2025-03-13 23:00:00+00	2025-04-12 23:00:00+00	f	1030	EUR	2025-12-31
2	fa9d019e-8775-3c5b-e843-0099fe7164d5	2025-03-17 20:00:00+00	2025-04-16 20:00:00+00	t	1070	EUR	2025-12-31
3	54b27639-8959-5816-9a20-2bac6d7739cc	2025-03-21 17:00:00+00	2025-04-20 17:00:00+00	f	1110	EUR	2025-12-31
4	de949df1-8175-d2da-dd75-883b696030d0	2025-03-25 14:00:00+00	2025-04-24 14:00:00+00	t	1150	EUR	2025-12-31
5	f5dfd270-b39f-dcb5-374e-3b1349712325	2025-03-29 11:00:00+00	2025-04-28 11:00:00+00	f	1190	EUR	2025-12-31
6	ee6c4104-75d8-2ec0-5d04-ff3b0ba61920	2025-04-02 08:00:00+00	2025-05-02 08:00:00+00	t	1230	EUR	2025-12-31
7	b6263a8d-78dd-1bc7-903e-438c8a1addfd	2025-04-06 05:00:00+00	2025-05-06 05:00:00+00	f	1270	EUR	2025-12-31
8	0174bfe3-2416-9494-0178-48d36977f3b3	2025-04-10 02:00:00+00	2025-05-10 02:00:00+00	t	1310	EUR	2025-12-31
9	c0c20224-ad42-454a-3c03-9d90c95aa0c4	2025-04-13 23:00:00+00	2025-05-13 23:00:00+00	f	1030	EUR	2025-12-31
10	def69261-1055-3ded-0fb8-7be3dfa429b7	2025-04-17 20:00:00+00	2025-05-17 20:00:00+00	t	1070	EUR	2025-12-31
11	5ec1e370-0678-1086-1fcb-ad5d230ef562	2025-04-21 17:00:00+00	2025-05-21 17:00:00+00	f	1110	EUR	2025-12-31
12	d2f5347f-48ed-8389-5031-cb4b5420a3c6	2025-04-25 14:00:00+00	2025-05-25 14:00:00+00	t	1150	EUR	2025-12-31
13	b63bbd4b-70dc-df94-1f68-b4eb7460823e	2025-04-29 11:00:00+00	2025-05-29 11:00:00+00	f	1190	EUR	2025-12-31
14	5b6a3789-1b6b-79f6-e541-9826a7b022a7	2025-05-03 08:00:00+00	2025-06-02 08:00:00+00	t	1230	EUR	2025-12-31
15	a8b70c88-586a-39db-62f8-55a24ecd4ad9	2025-05-07 05:00:00+00	2025-06-06 05:00:00+00	f	1270	EUR	2025-12-31
16	e0b81ad7-8daf-8c19-5b4c-29417545eefd	2025-05-13 16:00:00+00	2025-06-12 16:00:00+00	t	1030	EUR	2025-12-31
17	f1bc6477-88f3-d074-54ba-f4eb85789659	2025-05-17 13:00:00+00	2025-06-16 13:00:00+00	f	1070	EUR	2025-12-31
18	bb0c412d-67e2-f7f1-7147-ec3a23f1b294	2025-05-21 10:00:00+00	2025-06-20 10:00:00+00	t	1110	EUR	2025-12-31
19	0fadd4cd-dfbe-9cd4-9807-c666aa563de6	2025-05-25 07:00:00+00	2025-06-24 07:00:00+00	f	1150	EUR	2025-12-31
\.
COPY crm_data.visit (who, touched_at, channel, campaign, kind) FROM stdin;
64cd5e9b-28bc-421c-65b0-cf3db9db8590	2025-03-01 16:00:00+00	fair	\N	visit
48912b3c-01a0-22a7-9473-46e3157240ec	2025-03-02 23:00:00+00	search	\N	visit
0039047c-197a-5aea-be18-e1c80b5023b6	2025-03-04 06:00:00+00	ads	\N	visit
2c2d7a08-7419-4e6a-85be-d582e8b16c07	2025-03-05 13:00:00+00	fair	\N	visit
fa9d019e-8775-3c5b-e843-0099fe7164d5	2025-03-06 20:00:00+00	search	\N	visit
afcf666f-6c43-8146-7553-9b2c49c2d956	2025-03-08 03:00:00+00	ads	\N	visit
c57c9357-7032-8cfb-e877-03f51fdd0e36	2025-03-09 10:00:00+00	fair	\N	visit
54b27639-8959-5816-9a20-2bac6d7739cc	2025-03-10 17:00:00+00	search	\N	visit
b07f5cd4-215e-d613-400b-f203ec12677b	2025-03-12 00:00:00+00	ads	\N	visit
f2997a92-b726-fed1-4c9d-f2b730d7682b	2025-03-13 07:00:00+00	fair	\N	visit
de949df1-8175-d2da-dd75-883b696030d0	2025-03-14 14:00:00+00	search	\N	visit
e0ee4548-57d0-0aa6-8d71-21e78548bf28	2025-03-15 21:00:00+00	ads	\N	visit
78e66141-510b-bf0b-c37e-f23dae156300	2025-03-17 04:00:00+00	fair	\N	visit
f5dfd270-b39f-dcb5-374e-3b1349712325	2025-03-18 11:00:00+00	search	\N	visit
55d4c745-2348-146b-854c-454e63afabdf	2025-03-19 18:00:00+00	ads	\N	visit
77c4ffc2-fd53-8cef-54d0-b7a8400da4bc	2025-03-21 01:00:00+00	fair	\N	visit
ee6c4104-75d8-2ec0-5d04-ff3b0ba61920	2025-03-22 08:00:00+00	search	\N	visit
126e2969-76e1-4e7e-0a26-1fef1f0d28a8	2025-03-23 15:00:00+00	ads	\N	visit
2a9ddadc-4d3b-a878-5f07-2983ee510d36	2025-03-24 22:00:00+00	fair	\N	visit
b6263a8d-78dd-1bc7-903e-438c8a1addfd	2025-03-26 05:00:00+00	search	\N	visit
06ae8e0d-d003-7832-ff87-5d2020c3f377	2025-03-27 12:00:00+00	ads	\N	visit
4c860a4c-02ac-e429-0d4f-ab8045841201	2025-03-28 19:00:00+00	fair	\N	visit
0174bfe3-2416-9494-0178-48d36977f3b3	2025-03-30 02:00:00+00	search	\N	visit
3061fb81-b030-e18c-4665-330f340a6de4	2025-03-31 09:00:00+00	ads	\N	visit
8ba7788f-49bd-031e-67f0-1e165ff2c36b	2025-04-01 16:00:00+00	fair	\N	visit
c0c20224-ad42-454a-3c03-9d90c95aa0c4	2025-04-02 23:00:00+00	search	\N	visit
b2f2178e-56c0-4b1b-55a6-184f1739c4d9	2025-04-04 06:00:00+00	ads	\N	visit
a604d54f-5f13-c96d-0264-9d7acabb19b7	2025-04-05 13:00:00+00	fair	\N	visit
def69261-1055-3ded-0fb8-7be3dfa429b7	2025-04-06 20:00:00+00	search	\N	visit
717f4d73-3de9-7d5f-43b6-21621e594661	2025-04-08 03:00:00+00	ads	\N	visit
06578335-9845-a0c2-fa86-534e8e60d4e3	2025-04-09 10:00:00+00	fair	\N	visit
5ec1e370-0678-1086-1fcb-ad5d230ef562	2025-04-10 17:00:00+00	search	\N	visit
2c5b0d57-303b-07f4-1dbe-5306114aeeec	2025-04-12 00:00:00+00	ads	\N	visit
d43ef7a9-46ca-8f37-165a-197bc338ebf3	2025-04-13 07:00:00+00	fair	\N	visit
d2f5347f-48ed-8389-5031-cb4b5420a3c6	2025-04-14 14:00:00+00	search	\N	visit
1b9ba877-4064-b8c6-0374-a5b6a9d1ed22	2025-04-15 21:00:00+00	ads	\N	visit
4d437fdd-add3-1112-7224-5d91b59df032	2025-04-17 04:00:00+00	fair	\N	visit
b63bbd4b-70dc-df94-1f68-b4eb7460823e	2025-04-18 11:00:00+00	search	\N	visit
3112e9d6-2a11-21c3-748a-e8d8fcd642d3	2025-04-19 18:00:00+00	ads	\N	visit
29787684-6032-9846-b6bf-8ad1e89312c0	2025-04-21 01:00:00+00	fair	\N	visit
5b6a3789-1b6b-79f6-e541-9826a7b022a7	2025-04-22 08:00:00+00	search	\N	visit
80a7e5f0-e558-d5b8-d166-c14e15d95b28	2025-04-23 15:00:00+00	ads	\N	visit
38bd5cf1-cb10-10ea-3264-461baf195c58	2025-04-24 22:00:00+00	fair	\N	visit
a8b70c88-586a-39db-62f8-55a24ecd4ad9	2025-04-26 05:00:00+00	search	\N	visit
cb24f1a6-ee91-db01-f422-5ffe7088cbb2	2025-04-27 12:00:00+00	ads	\N	visit
896660b0-8f02-c839-3841-9fc691ae8969	2025-04-28 19:00:00+00	fair	\N	visit
fd10d46e-1519-f86b-3976-9f92c291058e	2025-04-30 02:00:00+00	search	\N	visit
74c233aa-10e6-a9a5-3e3a-4cead5a859eb	2025-05-01 09:00:00+00	ads	\N	visit
e0b81ad7-8daf-8c19-5b4c-29417545eefd	2025-05-02 16:00:00+00	fair	\N	visit
30c8233e-5d34-77e2-f2e8-ef3ddbc48c3d	2025-05-03 23:00:00+00	search	\N	visit
dec562b7-818b-4fde-9e67-c689fbfe84ad	2025-05-05 06:00:00+00	ads	\N	visit
f1bc6477-88f3-d074-54ba-f4eb85789659	2025-05-06 13:00:00+00	fair	\N	visit
61fdd649-24b5-729d-bccd-79ce483c5a04	2025-05-07 20:00:00+00	search	\N	visit
54b3e001-a740-6574-047f-16bb2198f64d	2025-05-09 03:00:00+00	ads	\N	visit
bb0c412d-67e2-f7f1-7147-ec3a23f1b294	2025-05-10 10:00:00+00	fair	\N	visit
80c638f6-e571-2e3a-734a-517275aeacbd	2025-05-11 17:00:00+00	search	\N	visit
51902510-55fc-bc2a-42da-57d9e26c3cbd	2025-05-13 00:00:00+00	ads	\N	visit
0fadd4cd-dfbe-9cd4-9807-c666aa563de6	2025-05-14 07:00:00+00	fair	\N	visit
17d4b060-aac5-116e-6758-1799798db018	2025-05-15 14:00:00+00	search	\N	visit
07920be6-8496-e69d-879d-16b55fb4334b	2025-05-16 21:00:00+00	ads	\N	visit
\.
COPY kpi.channel_family (channel, family) FROM stdin;
paid_social	inbound
organic_search	inbound
outbound	outbound
email	inbound
partner	partner
paid_search	inbound
direct	inbound
content	inbound
webinar	events
event	events
\.
COPY kpi.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) FROM stdin;
D2	2	2025-04-17 22:53:46+00	2025-05-26 03:59:44+00	t	6334.89
D20	20	2025-10-18 09:52:40+00	2025-12-18 06:43:37+00	t	4998.98
D26	26	2024-09-30 16:19:22+00	2024-11-25 05:51:55+00	t	4745.93
D29	29	2025-03-03 06:55:47+00	2025-04-03 17:13:25+00	t	22503.27
D45	45	2025-12-03 22:49:06+00	\N	f	3966.92
D50	50	2025-01-01 22:34:37+00	2025-01-29 03:57:14+00	f	\N
D63	63	2024-12-09 12:35:12+00	2025-01-29 23:18:05+00	t	11241.27
D78	78	2024-10-25 22:42:34+00	2024-12-11 04:51:40+00	t	17029.64
D104	104	2025-04-03 22:08:19+00	2025-05-05 06:51:56+00	f	3145.25
D118	118	2024-09-29 12:03:04+00	2024-11-09 14:28:06+00	f	7805.72
D143	143	2025-05-10 11:56:49+00	2025-07-26 12:55:09+00	t	15712.95
D158	158	2025-02-16 10:30:58+00	2025-04-27 02:02:07+00	f	10632.05
\.
COPY kpi.lead (lead_id, created_at, kind, channel, campaign, email, company, attributes, region) FROM stdin;
1	2025-10-21 14:24:39+00	download	paid_social	lookalike	contact.1@company27.example	Company 27	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 97}	FR
2	2025-03-31 16:10:00+00	demo_request	paid_search	brand	contact.2@company21.example	Company 21	{"job": "director", "country": "FR", "industry": "retail", "employees": 111}	FR
3	2025-06-13 10:58:28+00	form	organic_search	\N	contact.3@company17.example	Company 17	{"job": "specialist", "country": "BE", "industry": "manufacturing", "employees": 66}	BE
4	2025-01-16 15:42:09+00	download	paid_social	lookalike	contact.4@company49.example	Company 49	{"job": "specialist", "country": "GB", "industry": "retail", "employees": 215}	GB
5	2025-05-06 13:36:40+00	campaign_reply	\N	\N	contact.5@company2.example	Company 2	{"job": "specialist", "country": "FR", "industry": "retail", "employees": 522}	FR
6	2025-12-18 14:24:18+00	demo_request	direct	\N	contact.6@company18.example	Company 18	{"job": "student", "country": "BE", "industry": "manufacturing", "employees": 75}	BE
7	2025-02-04 12:37:09+00	download	paid_social	lookalike	Contact.4+again@company49.example	Company 49	{"job": "specialist", "country": "GB", "industry": "retail", "employees": 215}	GB
8	2025-06-12 10:14:23+00	form	paid_search	generic	contact.8@company21.example	Company 21	{"job": "specialist", "country": "FR", "industry": "logistics", "employees": 50}	FR
9	2025-01-27 10:23:42+00	download	paid_social	lookalike	contact.9@company11.example	Company 11	{"job": "manager", "country": "CH", "industry": "retail", "employees": 9}	CH
10	2025-01-02 18:09:06+00	download	content	white_paper	contact.10@company7.example	Company 7	{"job": "manager", "country": "FR", "industry": "health", "employees": 239}	FR
11	2024-08-19 10:32:43+00	download	paid_social	lookalike	test11@company50.example	Company 50	{"job": "director", "country": "BE", "industry": "software", "employees": 16}	BE
12	2025-07-11 10:11:12+00	demo_request	direct	\N	contact.12@company22.example	Company 22	{"job": "director", "country": "FR", "industry": "software", "employees": 162}	FR
13	2025-09-01 14:05:41+00	download	paid_social	lookalike	colleague13@ourcompany.example	Company 15	{"job": "manager", "country": "GB", "industry": "software", "employees": 64}	GB
14	2025-02-03 18:23:17+00	form	paid_search	generic	contact.14@company26.example	Company 26	{"job": "specialist", "country": "BE", "industry": "logistics", "employees": 932}	BE
15	2024-11-26 09:54:11+00	referral	partner	referral_programme	contact.15@company5.example	Company 5	{"job": "director", "country": "FR", "industry": "retail", "employees": 155}	FR
16	2025-10-07 17:09:17+00	download	paid_social	lookalike	contact.16@company42.example	Company 42	{"job": "manager", "country": "CH", "industry": "software", "employees": 14}	CH
17	2025-11-11 12:59:43+00	form	paid_social	retargeting	contact.17@company33.example	Company 33	{"job": "specialist", "country": "CH", "industry": "manufacturing", "employees": 39, "user_agent": "ExampleBot/1.0"}	CH
18	2025-04-17 07:55:57+00	download	paid_social	lookalike	contact.18@company32.example	Company 32	{"job": "manager", "country": "CH", "industry": "health", "employees": 79}	CH
19	2024-10-16 12:29:23+00	download	paid_social	lookalike	contact.19@company22.example	Company 22	{"job": "specialist", "country": "FR", "industry": "health", "employees": 217}	FR
20	2025-09-03 13:26:37+00	demo_request	paid_search	brand	contact.20@company7.example	Company 7	{"job": "student", "country": "BE", "industry": "logistics", "employees": 74}	BE
21	2025-10-08 16:02:23+00	download	paid_social	lookalike	contact.21@company22.example	Company 22	{"job": "specialist", "country": "FR", "industry": "logistics", "employees": 25}	FR
22	2025-03-18 15:52:43+00	form	paid_search	generic	contact.22@company50.example	Company 50	{"job": "specialist", "country": "FR", "industry": "retail", "employees": 321}	FR
23	2025-07-28 10:23:36+00	download	paid_social	lookalike	contact.23@company44.example	Company 44	{"job": "specialist", "country": "CH", "industry": "manufacturing", "employees": 98}	CH
24	2025-07-15 17:38:15+00	form	paid_search	generic	contact.24@company1.example	Company 1	{"job": "manager", "country": "FR", "industry": "software", "employees": 62}	FR
25	2025-02-24 11:49:18+00	form	organic_search	\N	contact.25@company50.example	Company 50	{"job": "director", "country": "GB", "industry": "logistics", "employees": 227}	GB
26	2024-09-12 08:25:23+00	demo_request	paid_search	brand	contact.26@company41.example	Company 41	{"job": "director", "country": "FR", "industry": "retail", "employees": 22}	FR
27	2025-09-10 14:24:37+00	form	organic_search	\N	contact.27@company37.example	Company 37	{"job": "manager", "country": "BE", "industry": "retail", "employees": 45}	BE
28	2025-08-07 12:26:05+00	form	paid_search	generic	contact.28@company6.example	Company 6	{"job": "director", "country": "FR", "industry": "health", "employees": 170}	FR
29	2025-02-07 15:00:24+00	badge_scan	event	trade_fair	contact.29@company53.example	Company 53	{"job": "director", "country": "GB", "industry": "retail", "employees": 78}	GB
30	2025-12-02 12:43:37+00	referral	partner	referral_programme	contact.30@company36.example	Company 36	{"job": "director", "country": "CH", "industry": "health", "employees": 79}	CH
31	2025-06-11 18:16:51+00	form	paid_social	retargeting	contact.31@company43.example	Company 43	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 101}	FR
32	2025-07-28 10:42:50+00	demo_request	paid_search	brand	contact.32@company25.example	Company 25	{"job": "student", "country": "CH", "industry": "manufacturing", "employees": 31}	CH
33	2025-04-24 10:52:21+00	download	paid_social	lookalike	contact.33@company22.example	Company 22	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 51}	FR
34	2024-09-06 17:58:25+00	download	paid_social	lookalike	contact.34@company16.example	Company 16	{"job": "manager", "country": "FR", "industry": "retail", "employees": 102}	FR
35	2025-09-02 11:52:03+00	download	content	white_paper	contact.35@company12.example	Company 12	{"job": "manager", "country": "GB", "industry": "manufacturing", "employees": 144}	GB
36	2025-04-03 11:30:34+00	form	paid_social	retargeting	contact.36@company44.example	Company 44	{"job": "manager", "country": "FR", "industry": "software", "employees": 60}	FR
37	2024-10-26 15:25:04+00	campaign_reply	email	newsletter	contact.37@company50.example	Company 50	{"job": "director", "country": "FR", "industry": "retail", "employees": 62}	FR
38	2024-10-01 11:20:09+00	form	paid_social	retargeting	contact.38@company8.example	Company 8	{"job": "manager", "country": "GB", "industry": "manufacturing", "employees": 157}	GB
39	2025-05-14 14:15:55+00	download	paid_social	lookalike	contact.39@company41.example	Company 41	{"job": "director", "country": "DE", "industry": "software", "employees": 78}	DE
40	2025-09-04 18:19:40+00	download	content	white_paper	contact.40@company17.example	Company 17	{"job": "specialist", "country": "GB", "industry": "health", "employees": 47}	GB
41	2025-04-14 12:28:56+00	download	paid_social	lookalike	contact.41@company8.example	Company 8	{"job": "director", "country": "DE", "industry": "health", "employees": 193}	DE
42	2025-11-25 13:57:31+00	campaign_reply	email	newsletter	contact.42@company46.example	Company 46	{"job": "student", "country": "CH", "industry": "manufacturing", "employees": 34}	CH
43	2024-11-23 18:22:34+00	form	organic_search	\N	contact.43@company42.example	Company 42	{"job": "specialist", "country": "CH", "industry": "logistics", "employees": 48}	CH
44	2025-10-01 17:59:38+00	badge_scan	event	trade_fair	contact.44@company14.example	Company 14	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 892}	FR
45	2025-11-12 09:54:06+00	sign_up	webinar	monthly_webinar	contact.45@company7.example	Company 7	{"job": "manager", "country": "FR", "industry": "software", "employees": 7}	FR
46	2025-04-17 18:41:41+00	form	paid_social	retargeting	contact.46@company18.example	Company 18	{"job": "director", "country": "GB", "industry": "logistics", "employees": 251}	GB
47	2025-11-10 12:27:34+00	download	content	white_paper	contact.47@company51.example	Company 51	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 124}	FR
48	2025-12-19 11:30:54+00	download	content	white_paper	contact.48@company6.example	Company 6	{"job": "director", "country": "GB", "industry": "health", "employees": 46}	GB
49	2025-05-21 13:19:32+00	form	paid_social	retargeting	contact.49@company51.example	Company 51	{"job": "manager", "country": "CH", "industry": "retail", "employees": 197}	CH
50	2024-12-14 08:08:42+00	referral	partner	referral_programme	contact.50@company23.example	Company 23	{"job": "director", "country": "GB", "industry": "manufacturing", "employees": 99}	GB
51	2025-01-10 12:42:11+00	demo_request	direct	\N	contact.51@company19.example	Company 19	{"job": "director", "country": "FR", "industry": "health", "employees": 45}	FR
52	2025-11-10 14:30:03+00	form	paid_social	retargeting	contact.52@company5.example	Company 5	{"job": "specialist", "country": "CH", "industry": "software", "employees": 942}	CH
53	2025-12-15 16:19:22+00	download	content	white_paper	contact.53@company53.example	Company 53	{"job": "director", "country": "FR", "industry": "retail", "employees": 666}	FR
54	2025-07-31 10:14:21+00	demo_request	paid_search	brand	contact.54@company22.example	Company 22	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 47}	FR
55	2025-10-15 17:16:54+00	demo_request	paid_search	brand	contact.55@company41.example	Company 41	{"job": "student", "country": "GB", "industry": "retail", "employees": 579}	GB
56	2025-01-17 11:56:40+00	download	content	white_paper	contact.56@company4.example	Company 4	{"job": "manager", "country": "FR", "industry": "manufacturing", "employees": 39}	FR
57	2025-05-09 18:08:49+00	form	paid_search	generic	contact.57@company22.example	Company 22	{"job": "manager", "country": "FR", "industry": "retail", "employees": 25}	FR
58	2024-12-09 14:44:20+00	download	content	white_paper	contact.58@company12.example	Company 12	{"job": "manager", "country": "FR", "industry": "manufacturing", "employees": 189}	FR
59	2025-03-14 08:33:03+00	form	paid_social	retargeting	contact.59@company4.example	Company 4	{"job": "director", "country": "GB", "industry": "health", "employees": 123}	GB
60	2025-10-31 08:59:55+00	campaign_reply	email	newsletter	contact.60@company25.example	Company 25	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 21}	FR
61	2025-04-11 09:53:49+00	download	paid_social	lookalike	contact.61@company45.example	Company 45	{"job": "specialist", "country": "GB", "industry": "software", "employees": 109}	GB
62	2025-11-24 13:24:17+00	download	content	white_paper	contact.62@company28.example	Company 28	{"job": "specialist", "country": "CH", "industry": "health", "employees": 110}	CH
63	2024-11-19 08:27:32+00	demo_request	paid_search	brand	contact.63@company9.example	Company 9	{"job": "student", "country": "GB", "industry": "manufacturing", "employees": 79}	GB
64	2025-12-06 12:08:45+00	campaign_reply	outbound	sdr_sequence	contact.64@company18.example	Company 18	{"job": "specialist", "country": "FR", "industry": "health", "employees": 68}	FR
65	2025-06-24 10:48:04+00	download	content	white_paper	contact.65@company7.example	Company 7	{"job": "specialist", "country": "BE", "industry": "manufacturing", "employees": 337}	BE
66	2024-11-15 13:25:46+00	form	paid_social	retargeting	contact.66@company8.example	Company 8	{"job": "specialist", "country": "GB", "industry": "health", "employees": 92}	GB
67	2024-09-27 08:42:21+00	download	paid_social	lookalike	contact.67@company51.example	Company 51	{"job": "director", "country": "GB", "industry": "software", "employees": 15}	GB
68	2025-06-24 14:28:04+00	form	paid_search	generic	Contact.65+again@company7.example	Company 7	{"job": "specialist", "country": "BE", "industry": "manufacturing", "employees": 337}	BE
69	2025-09-26 09:20:58+00	sign_up	webinar	monthly_webinar	contact.69@company16.example	Company 16	{"job": "specialist", "country": "CH", "industry": "retail", "employees": 191}	CH
70	2025-02-14 10:52:11+00	referral	partner	referral_programme	contact.70@company27.example	Company 27	{"job": "manager", "country": "GB", "industry": "logistics", "employees": 34}	GB
71	2025-07-28 16:26:50+00	demo_request	paid_search	brand	contact.71@company7.example	Company 7	{"job": "specialist", "country": "DE", "industry": "software", "employees": 1583}	DE
72	2025-11-10 18:38:06+00	demo_request	paid_search	brand	contact.72@company2.example	Company 2	{"job": "manager", "country": "GB", "industry": "retail", "employees": 22}	GB
73	2025-04-28 18:47:22+00	download	paid_social	lookalike	contact.73@company52.example	Company 52	{"job": "director", "country": "GB", "industry": "manufacturing", "employees": 19}	GB
74	2024-09-11 13:54:51+00	demo_request	paid_search	brand	contact.74@company19.example	Company 19	{"job": "specialist", "country": "FR", "industry": "logistics", "employees": 719}	FR
75	2025-10-29 18:12:51+00	form	paid_search	generic	contact.75@company9.example	Company 9	{"job": "specialist", "country": "FR", "industry": "retail", "employees": 9}	FR
76	2025-04-03 08:55:33+00	campaign_reply	outbound	sdr_sequence	contact.76@company36.example	Company 36	{"job": "student", "country": "FR", "industry": "logistics", "employees": 180}	FR
77	2025-05-20 11:20:02+00	campaign_reply	email	newsletter	contact.77@company29.example	Company 29	{"job": "manager", "country": "GB", "industry": "software", "employees": 175}	GB
78	2024-10-01 17:02:15+00	campaign_reply	email	newsletter	contact.78@company38.example	Company 38	{"job": "manager", "country": "BE", "industry": "health", "employees": 54}	BE
79	2024-07-26 16:25:39+00	download	paid_social	lookalike	contact.79@company24.example	Company 24	{"job": "specialist", "country": "FR", "industry": "software", "employees": 206}	FR
80	2024-07-01 17:17:49+00	download	paid_social	lookalike	contact.80@company5.example	Company 5	{"job": "manager", "country": "CH", "industry": "logistics", "employees": 54}	CH
81	2025-07-30 08:38:19+00	form	organic_search	\N	contact.81@company48.example	Company 48	{"job": "student", "country": "BE", "industry": "retail", "employees": 58}	BE
82	2025-03-05 11:55:21+00	campaign_reply	email	newsletter	contact.82@company48.example	Company 48	{"job": "specialist", "country": "FR", "industry": "software", "employees": 197}	FR
83	2025-11-30 08:30:51+00	download	content	white_paper	contact.83@company39.example	Company 39	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 25}	FR
84	2025-11-17 15:56:03+00	campaign_reply	outbound	sdr_sequence	contact.84@company24.example	Company 24	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 171}	FR
85	2025-06-25 10:16:35+00	campaign_reply	email	newsletter	contact.85@company44.example	Company 44	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 247}	FR
86	2025-02-05 15:52:36+00	sign_up	webinar	monthly_webinar	contact.86@company13.example	Company 13	{"job": "manager", "country": "BE", "industry": "retail", "employees": 7}	BE
87	2025-04-23 16:54:52+00	download	paid_social	lookalike	contact.87@company6.example	Company 6	{"job": "manager", "country": "FR", "industry": "software", "employees": 345}	FR
88	2025-12-11 11:41:35+00	campaign_reply	email	newsletter	contact.88@company17.example	Company 17	{"job": "student", "country": "GB", "industry": "health", "employees": 39}	GB
89	2024-10-25 18:07:32+00	download	paid_social	lookalike	contact.89@company13.example	Company 13	{"job": "student", "country": "BE", "industry": "software", "employees": 31}	BE
90	2025-11-11 12:14:41+00	badge_scan	event	trade_fair	contact.90@company54.example	Company 54	{"job": "specialist", "country": "FR", "industry": "software", "employees": 251}	FR
91	2025-05-27 07:31:28+00	form	paid_search	generic	contact.91@company16.example	Company 16	{"job": "specialist", "country": "FR", "industry": "logistics", "employees": 220}	FR
92	2025-05-07 14:00:26+00	demo_request	direct	\N	contact.92@company18.example	Company 18	{"job": "manager", "country": "FR", "industry": "software", "employees": 21}	FR
93	2024-10-11 10:47:10+00	download	paid_social	lookalike	contact.93@company13.example	Company 13	{"job": "student", "country": "FR", "industry": "software", "employees": 82}	FR
94	2025-08-29 13:54:35+00	form	organic_search	\N	contact.94@company22.example	Company 22	{"job": "manager", "country": "CH", "industry": "logistics", "employees": 223}	CH
95	2025-03-03 16:16:29+00	download	paid_social	lookalike	contact.95@company8.example	Company 8	{"job": "director", "country": "FR", "industry": "logistics", "employees": 220}	FR
96	2025-06-29 17:53:50+00	referral	partner	referral_programme	contact.96@company12.example	Company 12	{"job": "manager", "country": "FR", "industry": "health", "employees": 7}	FR
97	2025-07-07 08:24:51+00	campaign_reply	email	newsletter	contact.97@company9.example	Company 9	{"job": "manager", "country": "GB", "industry": "software", "employees": 95}	GB
98	2024-11-26 08:01:10+00	campaign_reply	email	newsletter	contact.98@company28.example	Company 28	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 214}	FR
99	2024-10-10 09:51:43+00	referral	partner	referral_programme	contact.99@company24.example	Company 24	{"job": "student", "country": "BE", "industry": "retail", "employees": 11}	BE
100	2024-11-05 08:39:24+00	form	organic_search	\N	contact.100@company5.example	Company 5	{"job": "manager", "country": "FR", "industry": "manufacturing", "employees": 582}	FR
101	2025-10-06 15:19:36+00	referral	partner	referral_programme	contact.101@company11.example	Company 11	{"job": "manager", "country": "FR", "industry": "retail", "employees": 154}	FR
102	2025-03-05 10:31:43+00	form	organic_search	\N	contact.102@company53.example	Company 53	{"job": "director", "country": "FR", "industry": "logistics", "employees": 4}	FR
103	2025-03-25 14:25:27+00	demo_request	paid_search	brand	contact.103@company53.example	Company 53	{"job": "specialist", "country": "CH", "industry": "health", "employees": 150}	CH
104	2025-03-11 18:22:50+00	form	paid_social	retargeting	contact.104@company30.example	Company 30	{"job": "specialist", "country": "CH", "industry": "retail", "employees": 52}	CH
105	2025-06-26 18:43:44+00	download	content	white_paper	contact.105@company46.example	Company 46	{"job": "manager", "country": "BE", "industry": "manufacturing", "employees": 8}	BE
106	2025-01-21 09:56:32+00	form	paid_search	generic	contact.106@company42.example	Company 42	{"job": "specialist", "country": "FR", "industry": "health", "employees": 1354}	FR
107	2025-04-22 08:02:03+00	campaign_reply	outbound	sdr_sequence	contact.107@company11.example	Company 11	{"job": "specialist", "country": "CH", "industry": "logistics", "employees": 309}	CH
108	2024-07-19 13:57:16+00	form	paid_search	generic	contact.108@company10.example	Company 10	{"job": "manager", "country": "GB", "industry": "logistics", "employees": 51}	GB
109	2024-10-24 08:17:36+00	form	organic_search	\N	contact.109@company28.example	Company 28	{"job": "manager", "country": "BE", "industry": "software", "employees": 10}	BE
110	2025-10-24 12:41:49+00	sign_up	webinar	monthly_webinar	contact.110@company13.example	Company 13	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 1299}	FR
111	2024-07-25 18:16:32+00	sign_up	webinar	monthly_webinar	contact.111@company3.example	Company 3	{"job": "director", "country": "CH", "industry": "health", "employees": 14}	CH
112	2025-07-02 13:05:52+00	referral	partner	referral_programme	contact.112@company5.example	Company 5	{"job": "specialist", "country": "DE", "industry": "software", "employees": 20}	DE
113	2024-08-27 10:26:22+00	download	content	white_paper	contact.113@company19.example	Company 19	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 378}	FR
114	2025-07-04 13:43:23+00	download	paid_social	lookalike	contact.114@company19.example	Company 19	{"job": "specialist", "country": "GB", "industry": "retail", "employees": 23}	GB
115	2025-04-03 10:13:17+00	demo_request	paid_search	brand	contact.115@company9.example	Company 9	{"job": "student", "country": "FR", "industry": "logistics", "employees": 140}	FR
116	2025-02-14 16:59:07+00	campaign_reply	email	newsletter	contact.116@company47.example	Company 47	{"job": "manager", "country": "FR", "industry": "retail", "employees": 182}	FR
117	2025-04-23 12:49:39+00	download	content	white_paper	contact.117@company18.example	Company 18	{"job": "director", "country": "FR", "industry": "health", "employees": 7}	FR
118	2024-08-28 11:40:39+00	form	paid_search	generic	contact.118@company11.example	Company 11	{"job": "specialist", "country": "CH", "industry": "logistics", "employees": 863}	CH
119	2025-06-20 12:45:46+00	form	paid_search	generic	contact.119@company8.example	Company 8	{"job": "specialist", "country": "FR", "industry": "software", "employees": 36}	FR
120	2024-11-25 13:24:00+00	campaign_reply	email	newsletter	contact.120@company52.example	Company 52	{"job": "student", "country": "BE", "industry": "software", "employees": 35}	BE
121	2025-11-24 13:55:38+00	sign_up	webinar	monthly_webinar	contact.121@company17.example	Company 17	{"job": "specialist", "country": "GB", "industry": "logistics", "employees": 753}	GB
122	2025-11-04 08:42:11+00	sign_up	webinar	monthly_webinar	contact.122@company28.example	Company 28	{"job": "student", "country": "FR", "industry": "retail", "employees": 39}	FR
123	2025-05-22 15:13:54+00	download	content	white_paper	contact.123@company43.example	Company 43	{"job": "specialist", "country": "FR", "industry": "logistics", "employees": 20}	FR
124	2025-02-06 09:48:31+00	download	paid_social	lookalike	contact.124@company26.example	Company 26	{"job": "specialist", "country": "DE", "industry": "manufacturing", "employees": 61}	DE
125	2025-10-21 17:50:14+00	download	paid_social	lookalike	contact.125@company12.example	Company 12	{"job": "student", "country": "DE", "industry": "software", "employees": 522}	DE
126	2025-07-22 16:23:24+00	download	paid_social	lookalike	contact.126@company25.example	Company 25	{"job": "manager", "country": "GB", "industry": "manufacturing", "employees": 27}	GB
127	2025-10-31 15:55:33+00	download	paid_social	lookalike	contact.127@company14.example	Company 14	{"job": "specialist", "country": "FR", "industry": "logistics", "employees": 18}	FR
128	2025-02-14 13:36:13+00	demo_request	paid_search	brand	contact.128@company17.example	Company 17	{"job": "manager", "country": "FR", "industry": "logistics", "employees": 144}	FR
129	2025-07-23 13:50:24+00	campaign_reply	email	newsletter	Contact.126+again@company25.example	Company 25	{"job": "manager", "country": "GB", "industry": "manufacturing", "employees": 27}	GB
130	2024-12-21 11:13:59+00	demo_request	paid_search	brand	contact.130@company5.example	Company 5	{"job": "manager", "country": "DE", "industry": "manufacturing", "employees": 63}	DE
131	2025-04-09 08:00:45+00	demo_request	paid_search	brand	contact.131@company20.example	Company 20	{"job": "director", "country": "CH", "industry": "retail", "employees": 133}	CH
132	2025-03-25 14:29:42+00	download	\N	\N	contact.132@company19.example	Company 19	{"job": "specialist", "country": "FR", "industry": "manufacturing", "employees": 433}	FR
133	2025-01-08 15:46:35+00	download	paid_social	lookalike	contact.133@company50.example	Company 50	{"job": "student", "country": "CH", "industry": "manufacturing", "employees": 82}	CH
134	2025-11-03 12:22:34+00	download	paid_social	lookalike	contact.134@company23.example	Company 23	{"job": "specialist", "country": "FR", "industry": "retail", "employees": 312}	FR
135	2024-11-04 10:13:15+00	demo_request	direct	\N	contact.135@company18.example	Company 18	{"job": "manager", "country": "DE", "industry": "software", "employees": 68}	DE
136	2025-09-29 08:05:15+00	form	paid_search	generic	contact.136@company1.example	Company 1	{"job": "director", "country": "FR", "industry": "retail", "employees": 10}	FR
137	2025-06-12 14:25:56+00	form	paid_search	generic	contact.137@company22.example	Company 22	{"job": "specialist", "country": "BE", "industry": "health", "employees": 324}	BE
138	2025-09-01 17:44:21+00	download	content	white_paper	contact.138@company38.example	Company 38	{"job": "manager", "country": "BE", "industry": "software", "employees": 22}	BE
139	2025-01-22 15:44:13+00	download	content	white_paper	contact.139@company7.example	Company 7	{"job": "student", "country": "GB", "industry": "retail", "employees": 135}	GB
140	2025-11-20 10:30:05+00	referral	partner	referral_programme	contact.140@company5.example	Company 5	{"job": "specialist", "country": "CH", "industry": "logistics", "employees": 275}	CH
141	2025-07-09 18:20:35+00	demo_request	direct	\N	contact.141@company23.example	Company 23	{"job": "specialist", "country": "GB", "industry": "logistics", "employees": 580}	GB
142	2025-08-23 12:37:23+00	form	paid_social	retargeting	contact.142@company4.example	Company 4	{"job": "manager", "country": "BE", "industry": "retail", "employees": 337}	BE
143	2025-03-14 13:42:03+00	form	paid_search	generic	contact.143@company26.example	Company 26	{"job": "manager", "country": "FR", "industry": "software", "employees": 15}	FR
144	2024-10-18 15:08:01+00	form	organic_search	\N	contact.144@company21.example	Company 21	{"job": "student", "country": "GB", "industry": "manufacturing", "employees": 39}	GB
145	2025-09-25 17:51:58+00	form	organic_search	\N	contact.145@company44.example	Company 44	{"job": "director", "country": "BE", "industry": "health", "employees": 56}	BE
146	2025-10-03 09:48:21+00	form	paid_search	generic	contact.146@company10.example	Company 10	{"job": "specialist", "country": "FR", "industry": "health", "employees": 303}	FR
147	2025-05-04 18:23:51+00	download	paid_social	lookalike	contact.147@company32.example	Company 32	{"job": "specialist", "country": "GB", "industry": "manufacturing", "employees": 92}	GB
148	2024-12-09 13:54:42+00	form	organic_search	\N	contact.148@company44.example	Company 44	{"job": "manager", "country": "BE", "industry": "retail", "employees": 24}	BE
149	2025-08-27 08:15:10+00	campaign_reply	email	newsletter	contact.149@company9.example	Company 9	{"job": "director", "country": "CH", "industry": "software", "employees": 330}	CH
150	2025-11-24 13:06:14+00	campaign_reply	outbound	sdr_sequence	contact.150@company35.example	Company 35	{"job": "specialist", "country": "GB", "industry": "manufacturing", "employees": 114}	GB
151	2025-02-25 12:41:15+00	form	paid_search	generic	contact.151@company51.example	Company 51	{"job": "student", "country": "GB", "industry": "logistics", "employees": 32}	GB
152	2024-09-16 09:34:33+00	form	paid_social	retargeting	contact.152@company39.example	Company 39	{"job": "specialist", "country": "BE", "industry": "logistics", "employees": 213}	BE
153	2025-07-16 16:51:08+00	form	paid_search	generic	contact.153@company1.example	Company 1	{"job": "student", "country": "BE", "industry": "retail", "employees": 7}	BE
154	2025-09-24 10:07:39+00	campaign_reply	outbound	sdr_sequence	contact.154@company18.example	Company 18	{"job": "director", "country": "FR", "industry": "manufacturing", "employees": 63}	FR
155	2024-10-02 17:24:28+00	demo_request	paid_search	brand	contact.155@company48.example	Company 48	{"job": "specialist", "country": "GB", "industry": "logistics", "employees": 377}	GB
156	2025-08-19 11:08:24+00	form	paid_social	retargeting	contact.156@company42.example	Company 42	{"job": "specialist", "country": "CH", "industry": "software", "employees": 52}	CH
157	2025-04-25 08:40:12+00	form	paid_search	generic	contact.157@company6.example	Company 6	{"job": "manager", "country": "CH", "industry": "health", "employees": 55}	CH
158	2025-01-27 12:11:28+00	download	paid_social	lookalike	contact.158@company15.example	Company 15	{"job": "director", "country": "GB", "industry": "manufacturing", "employees": 126}	GB
159	2024-07-13 11:43:43+00	badge_scan	event	trade_fair	contact.159@company37.example	Company 37	{"job": "director", "country": "CH", "industry": "health", "employees": 87}	CH
160	2024-07-05 09:24:16+00	download	paid_social	lookalike	contact.160@company12.example	Company 12	{"job": "director", "country": "DE", "industry": "logistics", "employees": 44}	DE
\.
COPY kpi.learned_profile (as_of, profile, leads, converted, known_from, is_mature) FROM stdin;
2024-07-31 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 6, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 6, "values": [["CH", 0, 3], ["DE", 0, 1], ["FR", 0, 1], ["GB", 0, 1]]}, {"name": "employees", "converted": 0, "not_converted": 6, "values": [], "numbers": [[14, 0, 1], [44, 0, 1], [51, 0, 1], [54, 0, 1], [87, 0, 1], [206, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 6, "values": [["health", 0, 2], ["logistics", 0, 3], ["software", 0, 1]]}, {"name": "job", "converted": 0, "not_converted": 6, "values": [["director", 0, 3], ["manager", 0, 2], ["specialist", 0, 1]]}, {"name": "lead.channel", "converted": 0, "not_converted": 6, "values": [["event", 0, 1], ["paid_search", 0, 1], ["paid_social", 0, 3], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 0, "not_converted": 6, "values": [["lead, under 30 days", 0, 5], ["mql, under 30 days", 0, 1]]}]}	6	0	2024-08-30 21:59:59.999999+00	t
2024-08-31 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 9, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 9, "values": [["BE", 0, 1], ["CH", 0, 4], ["DE", 0, 1], ["FR", 0, 2], ["GB", 0, 1]]}, {"name": "employees", "converted": 0, "not_converted": 9, "values": [], "numbers": [[14, 0, 1], [16, 0, 1], [44, 0, 1], [51, 0, 1], [54, 0, 1], [87, 0, 1], [206, 0, 1], [378, 0, 1], [863, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 9, "values": [["health", 0, 2], ["logistics", 0, 5], ["software", 0, 2]]}, {"name": "job", "converted": 0, "not_converted": 9, "values": [["director", 0, 4], ["manager", 0, 3], ["specialist", 0, 2]]}, {"name": "lead.channel", "converted": 0, "not_converted": 9, "values": [["content", 0, 1], ["event", 0, 1], ["paid_search", 0, 2], ["paid_social", 0, 4], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 0, "not_converted": 9, "values": [["lead, 30 to 89 days", 0, 5], ["lead, under 30 days", 0, 2], ["mql, 30 to 89 days", 0, 1], ["mql, under 30 days", 0, 1]]}]}	9	0	2024-09-30 21:59:59.999999+00	t
2024-09-30 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 14, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 14, "values": [["BE", 0, 2], ["CH", 0, 4], ["DE", 0, 1], ["FR", 0, 5], ["GB", 0, 2]]}, {"name": "employees", "converted": 0, "not_converted": 14, "values": [], "numbers": [[14, 0, 1], [15, 0, 1], [16, 0, 1], [22, 0, 1], [44, 0, 1], [51, 0, 1], [54, 0, 1], [87, 0, 1], [102, 0, 1], [206, 0, 1], [213, 0, 1], [378, 0, 1], [719, 0, 1], [863, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 14, "values": [["health", 0, 2], ["logistics", 0, 7], ["retail", 0, 2], ["software", 0, 3]]}, {"name": "job", "converted": 0, "not_converted": 14, "values": [["director", 0, 6], ["manager", 0, 4], ["specialist", 0, 4]]}, {"name": "lead.channel", "converted": 0, "not_converted": 14, "values": [["content", 0, 1], ["event", 0, 1], ["paid_search", 0, 4], ["paid_social", 0, 7], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 0, "not_converted": 14, "values": [["lead, 30 to 89 days", 0, 6], ["lead, under 30 days", 0, 3], ["mql, 30 to 89 days", 0, 2], ["mql, under 30 days", 0, 1], ["opportunity, under 30 days", 0, 2]]}]}	14	0	2024-10-30 21:59:59.999999+00	t
2024-10-31 22:59:59.999999+00	{"version": 1, "converted": 1, "not_converted": 23, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 1, "not_converted": 23, "values": [["BE", 0, 6], ["CH", 0, 4], ["DE", 0, 1], ["FR", 1, 7], ["GB", 0, 5]]}, {"name": "employees", "converted": 1, "not_converted": 23, "values": [], "numbers": [[10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [22, 1, 0], [31, 0, 1], [39, 0, 1], [44, 0, 1], [51, 0, 1], [54, 0, 2], [62, 0, 1], [82, 0, 1], [87, 0, 1], [102, 0, 1], [157, 0, 1], [206, 0, 1], [213, 0, 1], [217, 0, 1], [377, 0, 1], [378, 0, 1], [719, 0, 1], [863, 0, 1]]}, {"name": "industry", "converted": 1, "not_converted": 23, "values": [["health", 0, 4], ["logistics", 0, 8], ["manufacturing", 0, 2], ["retail", 1, 3], ["software", 0, 6]]}, {"name": "job", "converted": 1, "not_converted": 23, "values": [["director", 1, 6], ["manager", 0, 7], ["specialist", 0, 6], ["student", 0, 4]]}, {"name": "lead.channel", "converted": 1, "not_converted": 23, "values": [["content", 0, 1], ["email", 0, 2], ["event", 0, 1], ["organic_search", 0, 2], ["paid_search", 1, 4], ["paid_social", 0, 11], ["partner", 0, 1], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 1, "not_converted": 23, "values": [["lead, 30 to 89 days", 0, 4], ["lead, 90 days or more", 0, 5], ["lead, under 30 days", 0, 7], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 1], ["mql, under 30 days", 0, 2], ["opportunity, 30 to 89 days", 1, 1], ["opportunity, under 30 days", 0, 1]]}]}	24	1	2024-11-30 22:59:59.999999+00	t
2024-11-30 22:59:59.999999+00	{"version": 1, "converted": 1, "not_converted": 29, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 1, "not_converted": 29, "values": [["BE", 1, 6], ["CH", 0, 4], ["DE", 0, 2], ["FR", 0, 10], ["GB", 0, 7]]}, {"name": "employees", "converted": 1, "not_converted": 29, "values": [], "numbers": [[10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [31, 0, 1], [35, 0, 1], [39, 0, 1], [44, 0, 1], [48, 0, 1], [51, 0, 1], [54, 1, 1], [62, 0, 1], [68, 0, 1], [79, 0, 1], [82, 0, 1], [87, 0, 1], [92, 0, 1], [102, 0, 1], [155, 0, 1], [157, 0, 1], [206, 0, 1], [213, 0, 1], [214, 0, 1], [217, 0, 1], [377, 0, 1], [378, 0, 1], [582, 0, 1], [719, 0, 1]]}, {"name": "industry", "converted": 1, "not_converted": 29, "values": [["health", 1, 4], ["logistics", 0, 8], ["manufacturing", 0, 5], ["retail", 0, 4], ["software", 0, 8]]}, {"name": "job", "converted": 1, "not_converted": 29, "values": [["director", 0, 7], ["manager", 1, 8], ["specialist", 0, 8], ["student", 0, 6]]}, {"name": "lead.channel", "converted": 1, "not_converted": 29, "values": [["content", 0, 1], ["direct", 0, 1], ["email", 1, 3], ["event", 0, 1], ["organic_search", 0, 4], ["paid_search", 0, 4], ["paid_social", 0, 12], ["partner", 0, 2], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 1, "not_converted": 29, "values": [["lead, 30 to 89 days", 0, 10], ["lead, 90 days or more", 0, 6], ["lead, under 30 days", 0, 4], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 2], ["mql, under 30 days", 0, 2], ["opportunity, 30 to 89 days", 1, 0], ["sql, under 30 days", 0, 3]]}]}	30	1	2024-12-30 22:59:59.999999+00	t
2024-12-31 22:59:59.999999+00	{"version": 1, "converted": 1, "not_converted": 32, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 1, "not_converted": 32, "values": [["BE", 0, 7], ["CH", 0, 4], ["DE", 0, 3], ["FR", 0, 11], ["GB", 1, 7]]}, {"name": "employees", "converted": 1, "not_converted": 32, "values": [], "numbers": [[10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [24, 0, 1], [31, 0, 1], [35, 0, 1], [39, 0, 1], [44, 0, 1], [48, 0, 1], [51, 0, 1], [54, 0, 1], [62, 0, 1], [63, 0, 1], [68, 0, 1], [79, 1, 0], [82, 0, 1], [87, 0, 1], [92, 0, 1], [99, 0, 1], [102, 0, 1], [155, 0, 1], [157, 0, 1], [189, 0, 1], [206, 0, 1], [213, 0, 1], [214, 0, 1], [217, 0, 1], [377, 0, 1], [378, 0, 1], [582, 0, 1], [719, 0, 1]]}, {"name": "industry", "converted": 1, "not_converted": 32, "values": [["health", 0, 4], ["logistics", 0, 8], ["manufacturing", 1, 7], ["retail", 0, 5], ["software", 0, 8]]}, {"name": "job", "converted": 1, "not_converted": 32, "values": [["director", 0, 8], ["manager", 0, 11], ["specialist", 0, 8], ["student", 1, 5]]}, {"name": "lead.channel", "converted": 1, "not_converted": 32, "values": [["content", 0, 2], ["direct", 0, 1], ["email", 0, 3], ["event", 0, 1], ["organic_search", 0, 5], ["paid_search", 1, 4], ["paid_social", 0, 12], ["partner", 0, 3], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 1, "not_converted": 32, "values": [["lead, 30 to 89 days", 0, 10], ["lead, 90 days or more", 0, 10], ["lead, under 30 days", 0, 2], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 3], ["mql, under 30 days", 0, 1], ["opportunity, under 30 days", 1, 0], ["sql, 30 to 89 days", 0, 2], ["sql, under 30 days", 0, 2]]}]}	33	1	2025-01-30 22:59:59.999999+00	t
2025-01-31 22:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 40, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 40, "values": [["BE", 0, 7], ["CH", 0, 6], ["DE", 0, 3], ["FR", 0, 15], ["GB", 0, 9]]}, {"name": "employees", "converted": 0, "not_converted": 40, "values": [], "numbers": [[9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [24, 0, 1], [31, 0, 1], [35, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [48, 0, 1], [51, 0, 1], [54, 0, 1], [62, 0, 1], [63, 0, 1], [68, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 1], [102, 0, 1], [126, 0, 1], [135, 0, 1], [155, 0, 1], [157, 0, 1], [189, 0, 1], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [239, 0, 1], [377, 0, 1], [378, 0, 1], [582, 0, 1], [719, 0, 1], [1354, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 40, "values": [["health", 0, 7], ["logistics", 0, 8], ["manufacturing", 0, 9], ["retail", 0, 8], ["software", 0, 8]]}, {"name": "job", "converted": 0, "not_converted": 40, "values": [["director", 0, 9], ["manager", 0, 14], ["specialist", 0, 10], ["student", 0, 7]]}, {"name": "lead.channel", "converted": 0, "not_converted": 40, "values": [["content", 0, 5], ["direct", 0, 2], ["email", 0, 3], ["event", 0, 1], ["organic_search", 0, 5], ["paid_search", 0, 5], ["paid_social", 0, 16], ["partner", 0, 2], ["webinar", 0, 1]]}, {"name": "lead.stage", "converted": 0, "not_converted": 40, "values": [["lead, 30 to 89 days", 0, 6], ["lead, 90 days or more", 0, 16], ["lead, under 30 days", 0, 7], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 4], ["mql, under 30 days", 0, 1], ["sal, under 30 days", 0, 1], ["sql, 30 to 89 days", 0, 3]]}]}	40	0	2025-03-02 22:59:59.999999+00	t
2025-02-28 22:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 49, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 49, "values": [["BE", 0, 9], ["CH", 0, 6], ["DE", 0, 4], ["FR", 0, 17], ["GB", 0, 13]]}, {"name": "employees", "converted": 0, "not_converted": 49, "values": [], "numbers": [[7, 0, 1], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [24, 0, 1], [31, 0, 1], [32, 0, 1], [34, 0, 1], [35, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [48, 0, 1], [51, 0, 1], [54, 0, 1], [61, 0, 1], [62, 0, 1], [63, 0, 1], [68, 0, 1], [78, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 1], [102, 0, 1], [126, 0, 1], [135, 0, 1], [144, 0, 1], [155, 0, 1], [157, 0, 1], [182, 0, 1], [189, 0, 1], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [227, 0, 1], [239, 0, 1], [377, 0, 1], [378, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 49, "values": [["health", 0, 7], ["logistics", 0, 13], ["manufacturing", 0, 10], ["retail", 0, 11], ["software", 0, 8]]}, {"name": "job", "converted": 0, "not_converted": 49, "values": [["director", 0, 11], ["manager", 0, 18], ["specialist", 0, 12], ["student", 0, 8]]}, {"name": "lead.channel", "converted": 0, "not_converted": 49, "values": [["content", 0, 5], ["direct", 0, 2], ["email", 0, 4], ["event", 0, 2], ["organic_search", 0, 6], ["paid_search", 0, 8], ["paid_social", 0, 17], ["partner", 0, 3], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 0, "not_converted": 49, "values": [["lead, 30 to 89 days", 0, 8], ["lead, 90 days or more", 0, 20], ["lead, under 30 days", 0, 7], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 5], ["mql, under 30 days", 0, 1], ["opportunity, under 30 days", 0, 1], ["sal, 30 to 89 days", 0, 1], ["sql, 30 to 89 days", 0, 1], ["sql, 90 days or more", 0, 2], ["sql, under 30 days", 0, 1]]}]}	49	0	2025-03-30 22:59:59.999999+00	t
2025-03-31 21:59:59.999999+00	{"version": 1, "converted": 1, "not_converted": 58, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 1, "not_converted": 58, "values": [["BE", 0, 9], ["CH", 0, 8], ["DE", 0, 4], ["FR", 0, 24], ["GB", 1, 13]]}, {"name": "employees", "converted": 1, "not_converted": 58, "values": [], "numbers": [[4, 0, 1], [7, 0, 1], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 2], [16, 0, 1], [24, 0, 1], [31, 0, 1], [32, 0, 1], [34, 0, 1], [35, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [48, 0, 1], [51, 0, 1], [52, 0, 1], [54, 0, 1], [61, 0, 1], [62, 0, 1], [63, 0, 1], [68, 0, 1], [78, 1, 0], [82, 0, 2], [87, 0, 1], [92, 0, 1], [102, 0, 1], [111, 0, 1], [123, 0, 1], [126, 0, 1], [135, 0, 1], [144, 0, 1], [150, 0, 1], [155, 0, 1], [157, 0, 1], [182, 0, 1], [189, 0, 1], [197, 0, 1], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 1], [227, 0, 1], [239, 0, 1], [321, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1]]}, {"name": "industry", "converted": 1, "not_converted": 58, "values": [["health", 0, 9], ["logistics", 0, 15], ["manufacturing", 0, 11], ["retail", 1, 13], ["software", 0, 10]]}, {"name": "job", "converted": 1, "not_converted": 58, "values": [["director", 1, 14], ["manager", 0, 19], ["specialist", 0, 17], ["student", 0, 8]]}, {"name": "lead.channel", "converted": 1, "not_converted": 57, "values": [["content", 0, 5], ["direct", 0, 2], ["email", 0, 5], ["event", 1, 1], ["organic_search", 0, 7], ["paid_search", 0, 12], ["paid_social", 0, 20], ["partner", 0, 3], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 1, "not_converted": 58, "values": [["lead, 30 to 89 days", 0, 13], ["lead, 90 days or more", 0, 22], ["lead, under 30 days", 0, 5], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 6], ["opportunity, 30 to 89 days", 0, 1], ["opportunity, under 30 days", 1, 0], ["sal, 30 to 89 days", 0, 1], ["sal, under 30 days", 0, 3], ["sql, 90 days or more", 0, 3], ["sql, under 30 days", 0, 2]]}]}	59	1	2025-04-30 21:59:59.999999+00	t
2025-04-30 21:59:59.999999+00	{"version": 1, "converted": 1, "not_converted": 70, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 1, "not_converted": 70, "values": [["BE", 0, 9], ["CH", 0, 12], ["DE", 0, 5], ["FR", 1, 29], ["GB", 0, 15]]}, {"name": "employees", "converted": 1, "not_converted": 70, "values": [], "numbers": [[4, 0, 1], [7, 0, 2], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 2], [16, 0, 1], [19, 0, 1], [24, 0, 1], [31, 0, 1], [32, 0, 1], [34, 0, 1], [35, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [48, 0, 1], [51, 0, 2], [52, 0, 1], [54, 0, 1], [55, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 1], [63, 0, 1], [68, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 1], [102, 0, 1], [109, 0, 1], [111, 1, 0], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 1], [150, 0, 1], [155, 0, 1], [157, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [193, 0, 1], [197, 0, 1], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 1], [227, 0, 1], [239, 0, 1], [251, 0, 1], [309, 0, 1], [321, 0, 1], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1]]}, {"name": "industry", "converted": 1, "not_converted": 70, "values": [["health", 0, 13], ["logistics", 0, 20], ["manufacturing", 0, 11], ["retail", 1, 13], ["software", 0, 13]]}, {"name": "job", "converted": 1, "not_converted": 70, "values": [["director", 1, 17], ["manager", 0, 24], ["specialist", 0, 19], ["student", 0, 10]]}, {"name": "lead.channel", "converted": 1, "not_converted": 69, "values": [["content", 0, 6], ["direct", 0, 2], ["email", 0, 5], ["event", 0, 1], ["organic_search", 0, 7], ["outbound", 0, 2], ["paid_search", 1, 14], ["paid_social", 0, 27], ["partner", 0, 3], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 1, "not_converted": 70, "values": [["lead, 30 to 89 days", 0, 11], ["lead, 90 days or more", 0, 28], ["lead, under 30 days", 0, 11], ["mql, 30 to 89 days", 0, 1], ["mql, 90 days or more", 0, 7], ["opportunity, under 30 days", 1, 1], ["sal, 30 to 89 days", 0, 2], ["sal, 90 days or more", 0, 1], ["sal, under 30 days", 0, 2], ["sql, 30 to 89 days", 0, 1], ["sql, 90 days or more", 0, 3], ["sql, under 30 days", 0, 2]]}]}	71	1	2025-05-30 21:59:59.999999+00	t
2025-05-31 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 78, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 78, "values": [["BE", 0, 9], ["CH", 0, 12], ["DE", 0, 6], ["FR", 0, 34], ["GB", 0, 17]]}, {"name": "employees", "converted": 0, "not_converted": 78, "values": [], "numbers": [[4, 0, 1], [7, 0, 2], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 2], [16, 0, 1], [19, 0, 1], [20, 0, 1], [21, 0, 1], [24, 0, 1], [25, 0, 1], [31, 0, 1], [32, 0, 1], [34, 0, 1], [35, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [48, 0, 1], [51, 0, 2], [54, 0, 1], [55, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 1], [63, 0, 1], [68, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [102, 0, 1], [109, 0, 1], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 1], [150, 0, 1], [155, 0, 1], [157, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [227, 0, 1], [239, 0, 1], [251, 0, 1], [309, 0, 1], [321, 0, 1], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 78, "values": [["health", 0, 13], ["logistics", 0, 22], ["manufacturing", 0, 12], ["retail", 0, 15], ["software", 0, 16]]}, {"name": "job", "converted": 0, "not_converted": 78, "values": [["director", 0, 18], ["manager", 0, 28], ["specialist", 0, 22], ["student", 0, 10]]}, {"name": "lead.channel", "converted": 0, "not_converted": 76, "values": [["content", 0, 7], ["direct", 0, 3], ["email", 0, 6], ["event", 0, 1], ["organic_search", 0, 7], ["outbound", 0, 2], ["paid_search", 0, 16], ["paid_social", 0, 29], ["partner", 0, 3], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 0, "not_converted": 78, "values": [["lead, 30 to 89 days", 0, 14], ["lead, 90 days or more", 0, 35], ["lead, under 30 days", 0, 6], ["mql, 90 days or more", 0, 8], ["mql, under 30 days", 0, 2], ["opportunity, under 30 days", 0, 1], ["sal, 30 to 89 days", 0, 3], ["sal, 90 days or more", 0, 1], ["sal, under 30 days", 0, 1], ["sql, 30 to 89 days", 0, 3], ["sql, 90 days or more", 0, 3], ["sql, under 30 days", 0, 1]]}]}	78	0	2025-06-30 21:59:59.999999+00	t
2025-06-30 21:59:59.999999+00	{"version": 1, "converted": 1, "not_converted": 86, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 1, "not_converted": 86, "values": [["BE", 0, 13], ["CH", 0, 12], ["DE", 0, 6], ["FR", 1, 38], ["GB", 0, 17]]}, {"name": "employees", "converted": 1, "not_converted": 86, "values": [], "numbers": [[4, 0, 1], [7, 0, 3], [8, 0, 1], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 1, 1], [16, 0, 1], [19, 0, 1], [20, 0, 1], [21, 0, 1], [24, 0, 1], [25, 0, 1], [31, 0, 1], [32, 0, 1], [34, 0, 1], [35, 0, 1], [36, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [48, 0, 1], [50, 0, 1], [51, 0, 2], [54, 0, 1], [55, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 1], [63, 0, 1], [66, 0, 1], [68, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [101, 0, 1], [102, 0, 1], [109, 0, 1], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 1], [150, 0, 1], [155, 0, 1], [157, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 1], [309, 0, 1], [321, 0, 1], [324, 0, 1], [337, 0, 1], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1]]}, {"name": "industry", "converted": 1, "not_converted": 86, "values": [["health", 0, 15], ["logistics", 0, 23], ["manufacturing", 0, 17], ["retail", 0, 15], ["software", 1, 16]]}, {"name": "job", "converted": 1, "not_converted": 86, "values": [["director", 0, 18], ["manager", 1, 29], ["specialist", 0, 29], ["student", 0, 10]]}, {"name": "lead.channel", "converted": 1, "not_converted": 84, "values": [["content", 0, 9], ["direct", 0, 3], ["email", 0, 7], ["event", 0, 1], ["organic_search", 0, 8], ["outbound", 0, 2], ["paid_search", 1, 18], ["paid_social", 0, 30], ["partner", 0, 4], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 1, "not_converted": 86, "values": [["lead, 30 to 89 days", 0, 16], ["lead, 90 days or more", 0, 39], ["lead, under 30 days", 0, 6], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 8], ["mql, under 30 days", 0, 2], ["opportunity, 30 to 89 days", 1, 0], ["sal, 30 to 89 days", 0, 2], ["sal, 90 days or more", 0, 2], ["sal, under 30 days", 0, 1], ["sql, 30 to 89 days", 0, 3], ["sql, 90 days or more", 0, 4], ["sql, under 30 days", 0, 1]]}]}	87	1	2025-07-30 21:59:59.999999+00	t
2025-07-31 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 99, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 99, "values": [["BE", 0, 15], ["CH", 0, 14], ["DE", 0, 8], ["FR", 0, 41], ["GB", 0, 21]]}, {"name": "employees", "converted": 0, "not_converted": 99, "values": [], "numbers": [[4, 0, 1], [7, 0, 4], [8, 0, 1], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [19, 0, 1], [20, 0, 2], [21, 0, 1], [23, 0, 1], [24, 0, 1], [25, 0, 1], [27, 0, 1], [31, 0, 2], [32, 0, 1], [34, 0, 1], [35, 0, 1], [36, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [47, 0, 1], [48, 0, 1], [50, 0, 1], [51, 0, 2], [54, 0, 1], [55, 0, 1], [58, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 2], [63, 0, 1], [66, 0, 1], [68, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [95, 0, 1], [98, 0, 1], [101, 0, 1], [102, 0, 1], [109, 0, 1], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 1], [150, 0, 1], [155, 0, 1], [157, 0, 1], [162, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 1], [309, 0, 1], [321, 0, 1], [324, 0, 1], [337, 0, 1], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 1], [580, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1], [1583, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 99, "values": [["health", 0, 15], ["logistics", 0, 24], ["manufacturing", 0, 21], ["retail", 0, 18], ["software", 0, 21]]}, {"name": "job", "converted": 0, "not_converted": 99, "values": [["director", 0, 19], ["manager", 0, 32], ["specialist", 0, 35], ["student", 0, 13]]}, {"name": "lead.channel", "converted": 0, "not_converted": 97, "values": [["content", 0, 9], ["direct", 0, 5], ["email", 0, 8], ["event", 0, 1], ["organic_search", 0, 9], ["outbound", 0, 2], ["paid_search", 0, 23], ["paid_social", 0, 33], ["partner", 0, 5], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 0, "not_converted": 99, "values": [["lead, 30 to 89 days", 0, 10], ["lead, 90 days or more", 0, 49], ["lead, under 30 days", 0, 10], ["mql, 30 to 89 days", 0, 3], ["mql, 90 days or more", 0, 8], ["mql, under 30 days", 0, 3], ["sal, 30 to 89 days", 0, 2], ["sal, 90 days or more", 0, 4], ["sal, under 30 days", 0, 2], ["sql, 30 to 89 days", 0, 2], ["sql, 90 days or more", 0, 6]]}]}	99	0	2025-08-30 21:59:59.999999+00	t
2025-08-31 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 104, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 104, "values": [["BE", 0, 16], ["CH", 0, 17], ["DE", 0, 8], ["FR", 0, 42], ["GB", 0, 21]]}, {"name": "employees", "converted": 0, "not_converted": 104, "values": [], "numbers": [[4, 0, 1], [7, 0, 4], [8, 0, 1], [9, 0, 1], [10, 0, 1], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [19, 0, 1], [20, 0, 2], [21, 0, 1], [23, 0, 1], [24, 0, 1], [25, 0, 1], [27, 0, 1], [31, 0, 2], [32, 0, 1], [34, 0, 1], [35, 0, 1], [36, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 1], [47, 0, 1], [48, 0, 1], [50, 0, 1], [51, 0, 2], [52, 0, 1], [54, 0, 1], [55, 0, 1], [58, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 2], [63, 0, 1], [66, 0, 1], [68, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [95, 0, 1], [98, 0, 1], [101, 0, 1], [102, 0, 1], [109, 0, 1], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 1], [150, 0, 1], [155, 0, 1], [157, 0, 1], [162, 0, 1], [170, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [223, 0, 1], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 1], [309, 0, 1], [321, 0, 1], [324, 0, 1], [330, 0, 1], [337, 0, 2], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 1], [580, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1], [1583, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 104, "values": [["health", 0, 16], ["logistics", 0, 25], ["manufacturing", 0, 21], ["retail", 0, 19], ["software", 0, 23]]}, {"name": "job", "converted": 0, "not_converted": 104, "values": [["director", 0, 21], ["manager", 0, 34], ["specialist", 0, 36], ["student", 0, 13]]}, {"name": "lead.channel", "converted": 0, "not_converted": 102, "values": [["content", 0, 9], ["direct", 0, 5], ["email", 0, 9], ["event", 0, 1], ["organic_search", 0, 10], ["outbound", 0, 2], ["paid_search", 0, 24], ["paid_social", 0, 35], ["partner", 0, 5], ["webinar", 0, 2]]}, {"name": "lead.stage", "converted": 0, "not_converted": 104, "values": [["lead, 30 to 89 days", 0, 13], ["lead, 90 days or more", 0, 55], ["lead, under 30 days", 0, 4], ["mql, 30 to 89 days", 0, 4], ["mql, 90 days or more", 0, 10], ["mql, under 30 days", 0, 2], ["sal, 30 to 89 days", 0, 3], ["sal, 90 days or more", 0, 4], ["sql, 30 to 89 days", 0, 1], ["sql, 90 days or more", 0, 7], ["sql, under 30 days", 0, 1]]}]}	104	0	2025-09-30 21:59:59.999999+00	t
2025-09-30 21:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 113, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 113, "values": [["BE", 0, 20], ["CH", 0, 18], ["DE", 0, 8], ["FR", 0, 44], ["GB", 0, 23]]}, {"name": "employees", "converted": 0, "not_converted": 113, "values": [], "numbers": [[4, 0, 1], [7, 0, 4], [8, 0, 1], [9, 0, 1], [10, 0, 2], [11, 0, 1], [14, 0, 1], [15, 0, 1], [16, 0, 1], [19, 0, 1], [20, 0, 2], [21, 0, 1], [22, 0, 1], [23, 0, 1], [24, 0, 1], [25, 0, 1], [27, 0, 1], [31, 0, 2], [32, 0, 1], [34, 0, 1], [35, 0, 1], [36, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 2], [47, 0, 2], [48, 0, 1], [50, 0, 1], [51, 0, 2], [52, 0, 1], [54, 0, 1], [55, 0, 1], [56, 0, 1], [58, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 2], [63, 0, 2], [66, 0, 1], [68, 0, 1], [74, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [95, 0, 1], [98, 0, 1], [101, 0, 1], [102, 0, 1], [109, 0, 1], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 2], [150, 0, 1], [155, 0, 1], [157, 0, 1], [162, 0, 1], [170, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [191, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [223, 0, 1], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 1], [309, 0, 1], [321, 0, 1], [324, 0, 1], [330, 0, 1], [337, 0, 2], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 1], [580, 0, 1], [582, 0, 1], [719, 0, 1], [932, 0, 1], [1354, 0, 1], [1583, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 113, "values": [["health", 0, 18], ["logistics", 0, 26], ["manufacturing", 0, 23], ["retail", 0, 22], ["software", 0, 24]]}, {"name": "job", "converted": 0, "not_converted": 113, "values": [["director", 0, 24], ["manager", 0, 37], ["specialist", 0, 38], ["student", 0, 14]]}, {"name": "lead.channel", "converted": 0, "not_converted": 111, "values": [["content", 0, 12], ["direct", 0, 5], ["email", 0, 9], ["event", 0, 1], ["organic_search", 0, 12], ["outbound", 0, 3], ["paid_search", 0, 26], ["paid_social", 0, 35], ["partner", 0, 5], ["webinar", 0, 3]]}, {"name": "lead.stage", "converted": 0, "not_converted": 113, "values": [["lead, 30 to 89 days", 0, 11], ["lead, 90 days or more", 0, 60], ["lead, under 30 days", 0, 6], ["mql, 30 to 89 days", 0, 4], ["mql, 90 days or more", 0, 11], ["sal, 90 days or more", 0, 7], ["sal, under 30 days", 0, 3], ["sql, 30 to 89 days", 0, 1], ["sql, 90 days or more", 0, 8], ["sql, under 30 days", 0, 2]]}]}	113	0	2025-10-30 21:59:59.999999+00	t
2025-10-31 22:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 125, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 125, "values": [["BE", 0, 20], ["CH", 0, 19], ["DE", 0, 9], ["FR", 0, 53], ["GB", 0, 24]]}, {"name": "employees", "converted": 0, "not_converted": 125, "values": [], "numbers": [[4, 0, 1], [7, 0, 4], [8, 0, 1], [9, 0, 2], [10, 0, 2], [11, 0, 1], [14, 0, 2], [15, 0, 1], [16, 0, 1], [18, 0, 1], [19, 0, 1], [20, 0, 2], [21, 0, 2], [22, 0, 1], [23, 0, 1], [24, 0, 1], [25, 0, 2], [27, 0, 1], [31, 0, 2], [32, 0, 1], [34, 0, 1], [35, 0, 1], [36, 0, 1], [39, 0, 2], [44, 0, 1], [45, 0, 2], [47, 0, 2], [48, 0, 1], [50, 0, 1], [51, 0, 2], [52, 0, 1], [54, 0, 1], [55, 0, 1], [56, 0, 1], [58, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 2], [63, 0, 2], [66, 0, 1], [68, 0, 1], [74, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [95, 0, 1], [97, 0, 1], [98, 0, 1], [101, 0, 1], [102, 0, 1], [109, 0, 1], [123, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 2], [150, 0, 1], [154, 0, 1], [155, 0, 1], [157, 0, 1], [162, 0, 1], [170, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [191, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [223, 0, 1], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 1], [303, 0, 1], [309, 0, 1], [321, 0, 1], [324, 0, 1], [330, 0, 1], [337, 0, 2], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 2], [579, 0, 1], [580, 0, 1], [582, 0, 1], [719, 0, 1], [892, 0, 1], [932, 0, 1], [1299, 0, 1], [1354, 0, 1], [1583, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 125, "values": [["health", 0, 19], ["logistics", 0, 30], ["manufacturing", 0, 25], ["retail", 0, 25], ["software", 0, 26]]}, {"name": "job", "converted": 0, "not_converted": 125, "values": [["director", 0, 24], ["manager", 0, 41], ["specialist", 0, 44], ["student", 0, 16]]}, {"name": "lead.channel", "converted": 0, "not_converted": 123, "values": [["content", 0, 12], ["direct", 0, 5], ["email", 0, 10], ["event", 0, 2], ["organic_search", 0, 12], ["outbound", 0, 3], ["paid_search", 0, 29], ["paid_social", 0, 40], ["partner", 0, 6], ["webinar", 0, 4]]}, {"name": "lead.stage", "converted": 0, "not_converted": 125, "values": [["lead, 30 to 89 days", 0, 8], ["lead, 90 days or more", 0, 68], ["lead, under 30 days", 0, 8], ["mql, 30 to 89 days", 0, 2], ["mql, 90 days or more", 0, 14], ["mql, under 30 days", 0, 3], ["opportunity, under 30 days", 0, 1], ["sal, 30 to 89 days", 0, 2], ["sal, 90 days or more", 0, 7], ["sal, under 30 days", 0, 1], ["sql, 30 to 89 days", 0, 2], ["sql, 90 days or more", 0, 8], ["sql, under 30 days", 0, 1]]}]}	125	0	2025-11-30 22:59:59.999999+00	t
2025-11-30 22:59:59.999999+00	{"version": 1, "converted": 0, "not_converted": 139, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 139, "values": [["BE", 0, 20], ["CH", 0, 23], ["DE", 0, 9], ["FR", 0, 60], ["GB", 0, 27]]}, {"name": "employees", "converted": 0, "not_converted": 139, "values": [], "numbers": [[4, 0, 1], [7, 0, 5], [8, 0, 1], [9, 0, 2], [10, 0, 2], [11, 0, 1], [14, 0, 2], [15, 0, 1], [16, 0, 1], [18, 0, 1], [19, 0, 1], [20, 0, 2], [21, 0, 2], [22, 0, 2], [23, 0, 1], [24, 0, 1], [25, 0, 3], [27, 0, 1], [31, 0, 2], [32, 0, 1], [34, 0, 2], [35, 0, 1], [36, 0, 1], [39, 0, 3], [44, 0, 1], [45, 0, 2], [47, 0, 2], [48, 0, 1], [50, 0, 1], [51, 0, 2], [52, 0, 1], [54, 0, 1], [55, 0, 1], [56, 0, 1], [58, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 2], [63, 0, 2], [66, 0, 1], [68, 0, 1], [74, 0, 1], [78, 0, 1], [79, 0, 1], [82, 0, 2], [87, 0, 1], [92, 0, 2], [95, 0, 1], [97, 0, 1], [98, 0, 1], [101, 0, 1], [102, 0, 1], [109, 0, 1], [110, 0, 1], [114, 0, 1], [123, 0, 1], [124, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 2], [150, 0, 1], [154, 0, 1], [155, 0, 1], [157, 0, 1], [162, 0, 1], [170, 0, 1], [171, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [191, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [223, 0, 1], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 2], [275, 0, 1], [303, 0, 1], [309, 0, 1], [312, 0, 1], [321, 0, 1], [324, 0, 1], [330, 0, 1], [337, 0, 2], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 2], [579, 0, 1], [580, 0, 1], [582, 0, 1], [719, 0, 1], [753, 0, 1], [892, 0, 1], [932, 0, 1], [942, 0, 1], [1299, 0, 1], [1354, 0, 1], [1583, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 139, "values": [["health", 0, 20], ["logistics", 0, 34], ["manufacturing", 0, 28], ["retail", 0, 28], ["software", 0, 29]]}, {"name": "job", "converted": 0, "not_converted": 139, "values": [["director", 0, 24], ["manager", 0, 45], ["specialist", 0, 52], ["student", 0, 18]]}, {"name": "lead.channel", "converted": 0, "not_converted": 137, "values": [["content", 0, 15], ["direct", 0, 5], ["email", 0, 11], ["event", 0, 3], ["organic_search", 0, 12], ["outbound", 0, 5], ["paid_search", 0, 30], ["paid_social", 0, 42], ["partner", 0, 7], ["webinar", 0, 7]]}, {"name": "lead.stage", "converted": 0, "not_converted": 139, "values": [["lead, 30 to 89 days", 0, 12], ["lead, 90 days or more", 0, 72], ["lead, under 30 days", 0, 9], ["mql, 30 to 89 days", 0, 4], ["mql, 90 days or more", 0, 15], ["mql, under 30 days", 0, 3], ["opportunity, 30 to 89 days", 0, 1], ["sal, 30 to 89 days", 0, 3], ["sal, 90 days or more", 0, 7], ["sal, under 30 days", 0, 1], ["sql, 30 to 89 days", 0, 2], ["sql, 90 days or more", 0, 9], ["sql, under 30 days", 0, 1]]}]}	139	\N	2025-12-30 22:59:59.999999+00	f
2025-12-19 11:30:54+00	{"version": 1, "converted": 0, "not_converted": 144, "ignored": {"null_attributes": 0, "null_converted": 0, "not_an_object": 0, "number_out_of_range": 0, "nested_in_array": 0}, "attributes": [{"name": "country", "converted": 0, "not_converted": 144, "values": [["BE", 0, 20], ["CH", 0, 24], ["DE", 0, 9], ["FR", 0, 62], ["GB", 0, 29]]}, {"name": "employees", "converted": 0, "not_converted": 144, "values": [], "numbers": [[4, 0, 1], [7, 0, 5], [8, 0, 1], [9, 0, 2], [10, 0, 2], [11, 0, 1], [14, 0, 2], [15, 0, 1], [16, 0, 1], [18, 0, 1], [19, 0, 1], [20, 0, 2], [21, 0, 2], [22, 0, 2], [23, 0, 1], [24, 0, 1], [25, 0, 3], [27, 0, 1], [31, 0, 2], [32, 0, 1], [34, 0, 2], [35, 0, 1], [36, 0, 1], [39, 0, 4], [44, 0, 1], [45, 0, 2], [46, 0, 1], [47, 0, 2], [48, 0, 1], [50, 0, 1], [51, 0, 2], [52, 0, 1], [54, 0, 1], [55, 0, 1], [56, 0, 1], [58, 0, 1], [60, 0, 1], [61, 0, 1], [62, 0, 2], [63, 0, 2], [66, 0, 1], [68, 0, 2], [75, 0, 1], [78, 0, 1], [79, 0, 2], [82, 0, 2], [87, 0, 1], [92, 0, 2], [95, 0, 1], [97, 0, 1], [98, 0, 1], [101, 0, 1], [102, 0, 1], [109, 0, 1], [110, 0, 1], [114, 0, 1], [123, 0, 1], [124, 0, 1], [133, 0, 1], [135, 0, 1], [140, 0, 1], [144, 0, 2], [150, 0, 1], [154, 0, 1], [155, 0, 1], [157, 0, 1], [162, 0, 1], [170, 0, 1], [171, 0, 1], [175, 0, 1], [180, 0, 1], [182, 0, 1], [189, 0, 1], [191, 0, 1], [193, 0, 1], [197, 0, 2], [206, 0, 1], [213, 0, 1], [214, 0, 1], [215, 0, 1], [217, 0, 1], [220, 0, 2], [223, 0, 1], [227, 0, 1], [239, 0, 1], [247, 0, 1], [251, 0, 2], [275, 0, 1], [303, 0, 1], [309, 0, 1], [312, 0, 1], [321, 0, 1], [324, 0, 1], [330, 0, 1], [337, 0, 2], [345, 0, 1], [377, 0, 1], [378, 0, 1], [433, 0, 1], [522, 0, 2], [579, 0, 1], [580, 0, 1], [582, 0, 1], [666, 0, 1], [719, 0, 1], [753, 0, 1], [892, 0, 1], [932, 0, 1], [942, 0, 1], [1299, 0, 1], [1354, 0, 1], [1583, 0, 1]]}, {"name": "industry", "converted": 0, "not_converted": 144, "values": [["health", 0, 24], ["logistics", 0, 33], ["manufacturing", 0, 29], ["retail", 0, 29], ["software", 0, 29]]}, {"name": "job", "converted": 0, "not_converted": 144, "values": [["director", 0, 27], ["manager", 0, 45], ["specialist", 0, 53], ["student", 0, 19]]}, {"name": "lead.channel", "converted": 0, "not_converted": 142, "values": [["content", 0, 17], ["direct", 0, 6], ["email", 0, 12], ["event", 0, 3], ["organic_search", 0, 12], ["outbound", 0, 6], ["paid_search", 0, 29], ["paid_social", 0, 42], ["partner", 0, 8], ["webinar", 0, 7]]}, {"name": "lead.stage", "converted": 0, "not_converted": 144, "values": [["lead, 30 to 89 days", 0, 14], ["lead, 90 days or more", 0, 74], ["lead, under 30 days", 0, 6], ["mql, 30 to 89 days", 0, 6], ["mql, 90 days or more", 0, 15], ["mql, under 30 days", 0, 4], ["opportunity, under 30 days", 0, 1], ["sal, 30 to 89 days", 0, 1], ["sal, 90 days or more", 0, 9], ["sal, under 30 days", 0, 2], ["sql, 30 to 89 days", 0, 1], ["sql, 90 days or more", 0, 10], ["sql, under 30 days", 0, 1]]}]}	144	\N	2026-01-18 11:30:54+00	f
\.
COPY kpi.rule (id, mart_format, counted_kinds, duplicate_key, duplicate_window, test_pattern, bot_pattern, internal_pattern, internal_domains, observed_until, time_zone, funnel_policy, funnel_within, transmitted_role, accepted_role, acceptance_threshold, confidence_level, gross_margin, attribution_model, attribution_lookback, attribution_half_life, scorecard, icp_fit, score_horizon, score_attributes, score_features, language) FROM stdin;
1	1	\N	email	60 days	@test\\.	(?<!cu)bot\\M|crawler|spider|headless	\N	{ourcompany.example}	\N	Europe/Paris	reached	\N	mql	sal	0.5	0.95	0.7	linear	90 days	7 days	{"fit": [{"name": "director", "attribute": "job", "op": "=", "value": "director", "points": 30}]}	\N	30 days	\N	{channel,stage}	fr
\.
COPY kpi.spend (spent_on, channel, campaign, amount) FROM stdin;
2024-07-03	content	white_paper	0.61
2024-07-03	email	newsletter	0.14
2024-07-03	event	trade_fair	2.12
2024-07-03	outbound	sdr_sequence	1.60
2024-07-03	paid_search	brand	0.94
2024-07-03	paid_search	generic	2.26
2024-07-03	paid_social	lookalike	0.95
2024-07-03	paid_social	retargeting	0.60
2024-07-03	partner	referral_programme	0.78
2024-07-03	webinar	monthly_webinar	0.61
2024-07-17	content	white_paper	0.61
2024-07-17	email	newsletter	0.14
2024-07-17	event	trade_fair	2.28
2024-07-17	outbound	sdr_sequence	1.60
2024-07-17	paid_search	brand	0.80
2024-07-17	paid_search	generic	2.24
2024-07-17	paid_social	lookalike	1.19
2024-07-17	paid_social	retargeting	0.64
2024-07-17	partner	referral_programme	0.89
2024-07-17	webinar	monthly_webinar	0.50
2024-08-03	content	white_paper	0.09
2024-08-03	email	newsletter	0.03
2024-08-03	event	trade_fair	0.28
2024-08-03	outbound	sdr_sequence	0.25
2024-08-03	paid_search	brand	0.11
2024-08-03	paid_search	generic	0.33
2024-08-03	paid_social	lookalike	0.16
2024-08-03	paid_social	retargeting	0.10
2024-08-03	partner	referral_programme	0.12
2024-08-03	webinar	monthly_webinar	0.08
2024-08-17	content	white_paper	0.08
2024-08-17	email	newsletter	0.03
2024-08-17	event	trade_fair	0.32
2024-08-17	outbound	sdr_sequence	0.23
2024-08-17	paid_search	brand	0.13
2024-08-17	paid_search	generic	0.42
2024-08-17	paid_social	lookalike	0.17
2024-08-17	paid_social	retargeting	0.11
2024-08-17	partner	referral_programme	0.12
2024-08-17	webinar	monthly_webinar	0.07
2024-09-03	content	white_paper	0.63
2024-09-03	email	newsletter	0.15
2024-09-03	event	trade_fair	2.46
2024-09-03	outbound	sdr_sequence	1.72
2024-09-03	paid_search	brand	0.87
2024-09-03	paid_search	generic	2.42
2024-09-03	paid_social	lookalike	1.09
2024-09-03	paid_social	retargeting	0.69
2024-09-03	partner	referral_programme	0.96
2024-09-03	webinar	monthly_webinar	0.52
2024-09-17	content	white_paper	0.59
2024-09-17	email	newsletter	0.18
2024-09-17	event	trade_fair	2.40
2024-09-17	outbound	sdr_sequence	1.63
2024-09-17	paid_search	brand	0.78
2024-09-17	paid_search	generic	2.82
2024-09-17	paid_social	lookalike	1.18
2024-09-17	paid_social	retargeting	0.69
2024-09-17	partner	referral_programme	0.97
2024-09-17	webinar	monthly_webinar	0.66
2024-10-03	content	white_paper	0.62
2024-10-03	email	newsletter	0.16
2024-10-03	event	trade_fair	1.94
2024-10-03	outbound	sdr_sequence	1.78
2024-10-03	paid_search	brand	0.84
2024-10-03	paid_search	generic	2.47
2024-10-03	paid_social	lookalike	1.31
2024-10-03	paid_social	retargeting	0.76
2024-10-03	partner	referral_programme	0.96
2024-10-03	webinar	monthly_webinar	0.60
2024-10-17	content	white_paper	0.53
2024-10-17	email	newsletter	0.17
2024-10-17	event	trade_fair	2.31
2024-10-17	outbound	sdr_sequence	1.97
2024-10-17	paid_search	brand	0.86
2024-10-17	paid_search	generic	2.33
2024-10-17	paid_social	lookalike	1.32
2024-10-17	paid_social	retargeting	0.63
2024-10-17	partner	referral_programme	0.85
2024-10-17	webinar	monthly_webinar	0.62
2024-11-03	content	white_paper	0.15
2024-11-03	email	newsletter	0.04
2024-11-03	event	trade_fair	0.65
2024-11-03	outbound	sdr_sequence	0.46
2024-11-03	paid_search	brand	0.27
2024-11-03	paid_search	generic	0.72
2024-11-03	paid_social	lookalike	0.26
2024-11-03	paid_social	retargeting	0.17
2024-11-03	partner	referral_programme	0.22
2024-11-03	webinar	monthly_webinar	0.13
2024-11-17	content	white_paper	0.15
2024-11-17	email	newsletter	0.05
2024-11-17	event	trade_fair	0.58
2024-11-17	outbound	sdr_sequence	0.40
2024-11-17	paid_search	brand	0.25
2024-11-17	paid_search	generic	0.72
2024-11-17	paid_social	lookalike	0.28
2024-11-17	paid_social	retargeting	0.15
2024-11-17	partner	referral_programme	0.29
2024-11-17	webinar	monthly_webinar	0.17
2024-12-03	content	white_paper	0.49
2024-12-03	email	newsletter	0.14
2024-12-03	event	trade_fair	1.65
2024-12-03	outbound	sdr_sequence	1.54
2024-12-03	paid_search	brand	0.72
2024-12-03	paid_search	generic	2.16
2024-12-03	paid_social	lookalike	0.83
2024-12-03	paid_social	retargeting	0.47
2024-12-03	partner	referral_programme	0.69
2024-12-03	webinar	monthly_webinar	0.42
2024-12-17	content	white_paper	0.53
2024-12-17	email	newsletter	0.12
2024-12-17	event	trade_fair	1.95
2024-12-17	outbound	sdr_sequence	1.35
2024-12-17	paid_search	brand	0.85
2024-12-17	paid_search	generic	2.26
2024-12-17	paid_social	lookalike	0.97
2024-12-17	paid_social	retargeting	0.54
2024-12-17	partner	referral_programme	0.76
2024-12-17	webinar	monthly_webinar	0.42
2025-01-03	content	white_paper	0.59
2025-01-03	email	newsletter	0.15
2025-01-03	event	trade_fair	2.26
2025-01-03	outbound	sdr_sequence	2.10
2025-01-03	paid_search	brand	0.88
2025-01-03	paid_search	generic	2.54
2025-01-03	paid_social	lookalike	1.44
2025-01-03	paid_social	retargeting	0.77
2025-01-03	partner	referral_programme	0.94
2025-01-03	webinar	monthly_webinar	0.59
2025-01-17	content	white_paper	0.71
2025-01-17	email	newsletter	0.16
2025-01-17	event	trade_fair	2.13
2025-01-17	outbound	sdr_sequence	1.71
2025-01-17	paid_search	brand	0.96
2025-01-17	paid_search	generic	2.90
2025-01-17	paid_social	lookalike	1.21
2025-01-17	paid_social	retargeting	0.82
2025-01-17	partner	referral_programme	1.01
2025-01-17	webinar	monthly_webinar	0.61
2025-02-03	content	white_paper	0.71
2025-02-03	email	newsletter	0.16
2025-02-03	event	trade_fair	2.66
2025-02-03	outbound	sdr_sequence	1.89
2025-02-03	paid_search	brand	1.06
2025-02-03	paid_search	generic	2.80
2025-02-03	paid_social	lookalike	1.20
2025-02-03	paid_social	retargeting	0.73
2025-02-03	partner	referral_programme	1.19
2025-02-03	webinar	monthly_webinar	0.56
2025-02-17	content	white_paper	0.60
2025-02-17	email	newsletter	0.19
2025-02-17	event	trade_fair	2.17
2025-02-17	outbound	sdr_sequence	2.06
2025-02-17	paid_search	brand	0.98
2025-02-17	paid_search	generic	2.62
2025-02-17	paid_social	lookalike	1.49
2025-02-17	paid_social	retargeting	0.83
2025-02-17	partner	referral_programme	1.20
2025-02-17	webinar	monthly_webinar	0.68
2025-03-03	content	white_paper	0.72
2025-03-03	email	newsletter	0.16
2025-03-03	event	trade_fair	2.63
2025-03-03	outbound	sdr_sequence	1.97
2025-03-03	paid_search	brand	0.92
2025-03-03	paid_search	generic	3.08
2025-03-03	paid_social	lookalike	1.20
2025-03-03	paid_social	retargeting	0.80
2025-03-03	partner	referral_programme	1.18
2025-03-03	webinar	monthly_webinar	0.56
2025-03-17	content	white_paper	0.69
2025-03-17	email	newsletter	0.20
2025-03-17	event	trade_fair	2.77
2025-03-17	outbound	sdr_sequence	1.97
2025-03-17	paid_search	brand	1.20
2025-03-17	paid_search	generic	2.98
2025-03-17	paid_social	lookalike	1.17
2025-03-17	paid_social	retargeting	0.75
2025-03-17	partner	referral_programme	0.99
2025-03-17	webinar	monthly_webinar	0.57
2025-04-03	content	white_paper	0.74
2025-04-03	email	newsletter	0.22
2025-04-03	event	trade_fair	2.88
2025-04-03	outbound	sdr_sequence	1.85
2025-04-03	paid_search	brand	1.17
2025-04-03	paid_search	generic	2.65
2025-04-03	paid_social	lookalike	1.30
2025-04-03	paid_social	retargeting	0.74
2025-04-03	partner	referral_programme	1.09
2025-04-03	webinar	monthly_webinar	0.57
2025-04-17	content	white_paper	0.64
2025-04-17	email	newsletter	0.20
2025-04-17	event	trade_fair	2.89
2025-04-17	outbound	sdr_sequence	2.14
2025-04-17	paid_search	brand	1.02
2025-04-17	paid_search	generic	2.94
2025-04-17	paid_social	lookalike	1.57
2025-04-17	paid_social	retargeting	0.88
2025-04-17	partner	referral_programme	1.27
2025-04-17	webinar	monthly_webinar	0.68
2025-05-03	content	white_paper	0.20
2025-05-03	email	newsletter	0.05
2025-05-03	event	trade_fair	0.67
2025-05-03	outbound	sdr_sequence	0.49
2025-05-03	paid_search	brand	0.24
2025-05-03	paid_search	generic	0.71
2025-05-03	paid_social	lookalike	0.38
2025-05-03	paid_social	retargeting	0.21
2025-05-03	partner	referral_programme	0.29
2025-05-03	webinar	monthly_webinar	0.16
2025-05-17	content	white_paper	0.20
2025-05-17	email	newsletter	0.04
2025-05-17	event	trade_fair	0.64
2025-05-17	outbound	sdr_sequence	0.60
2025-05-17	paid_search	brand	0.31
2025-05-17	paid_search	generic	0.82
2025-05-17	paid_social	lookalike	0.32
2025-05-17	paid_social	retargeting	0.18
2025-05-17	partner	referral_programme	0.29
2025-05-17	webinar	monthly_webinar	0.18
2025-06-03	content	white_paper	0.69
2025-06-03	email	newsletter	0.21
2025-06-03	event	trade_fair	2.96
2025-06-03	outbound	sdr_sequence	2.07
2025-06-03	paid_search	brand	1.23
2025-06-03	paid_search	generic	3.23
2025-06-03	paid_social	lookalike	1.26
2025-06-03	paid_social	retargeting	0.79
2025-06-03	partner	referral_programme	1.22
2025-06-03	webinar	monthly_webinar	0.80
2025-06-17	content	white_paper	0.84
2025-06-17	email	newsletter	0.19
2025-06-17	event	trade_fair	2.83
2025-06-17	outbound	sdr_sequence	1.96
2025-06-17	paid_search	brand	1.21
2025-06-17	paid_search	generic	3.22
2025-06-17	paid_social	lookalike	1.25
2025-06-17	paid_social	retargeting	0.80
2025-06-17	partner	referral_programme	1.06
2025-06-17	webinar	monthly_webinar	0.61
2025-07-03	content	white_paper	0.71
2025-07-03	email	newsletter	0.21
2025-07-03	event	trade_fair	2.92
2025-07-03	outbound	sdr_sequence	2.04
2025-07-03	paid_search	brand	1.06
2025-07-03	paid_search	generic	3.65
2025-07-03	paid_social	lookalike	1.55
2025-07-03	paid_social	retargeting	0.92
2025-07-03	partner	referral_programme	1.03
2025-07-03	webinar	monthly_webinar	0.73
2025-07-17	content	white_paper	0.78
2025-07-17	email	newsletter	0.19
2025-07-17	event	trade_fair	3.08
2025-07-17	outbound	sdr_sequence	2.02
2025-07-17	paid_search	brand	0.99
2025-07-17	paid_search	generic	3.80
2025-07-17	paid_social	lookalike	1.42
2025-07-17	paid_social	retargeting	0.86
2025-07-17	partner	referral_programme	1.20
2025-07-17	webinar	monthly_webinar	0.66
2025-08-03	content	white_paper	0.12
2025-08-03	email	newsletter	0.03
2025-08-03	event	trade_fair	0.40
2025-08-03	outbound	sdr_sequence	0.36
2025-08-03	paid_search	brand	0.19
2025-08-03	paid_search	generic	0.47
2025-08-03	paid_social	lookalike	0.25
2025-08-03	paid_social	retargeting	0.12
2025-08-03	partner	referral_programme	0.19
2025-08-03	webinar	monthly_webinar	0.09
2025-08-17	content	white_paper	0.11
2025-08-17	email	newsletter	0.03
2025-08-17	event	trade_fair	0.36
2025-08-17	outbound	sdr_sequence	0.34
2025-08-17	paid_search	brand	0.20
2025-08-17	paid_search	generic	0.57
2025-08-17	paid_social	lookalike	0.23
2025-08-17	paid_social	retargeting	0.12
2025-08-17	partner	referral_programme	0.18
2025-08-17	webinar	monthly_webinar	0.11
2025-09-03	content	white_paper	0.71
2025-09-03	email	newsletter	0.22
2025-09-03	event	trade_fair	2.93
2025-09-03	outbound	sdr_sequence	2.33
2025-09-03	paid_search	brand	1.27
2025-09-03	paid_search	generic	3.29
2025-09-03	paid_social	lookalike	1.30
2025-09-03	paid_social	retargeting	0.80
2025-09-03	partner	referral_programme	1.28
2025-09-03	webinar	monthly_webinar	0.83
2025-09-17	content	white_paper	0.81
2025-09-17	email	newsletter	0.23
2025-09-17	event	trade_fair	2.46
2025-09-17	outbound	sdr_sequence	2.38
2025-09-17	paid_search	brand	1.31
2025-09-17	paid_search	generic	3.24
2025-09-17	paid_social	lookalike	1.73
2025-09-17	paid_social	retargeting	0.88
2025-09-17	partner	referral_programme	1.24
2025-09-17	webinar	monthly_webinar	0.85
2025-10-03	content	white_paper	0.80
2025-10-03	email	newsletter	0.24
2025-10-03	event	trade_fair	2.55
2025-10-03	outbound	sdr_sequence	2.62
2025-10-03	paid_search	brand	1.32
2025-10-03	paid_search	generic	3.53
2025-10-03	paid_social	lookalike	1.40
2025-10-03	paid_social	retargeting	0.84
2025-10-03	partner	referral_programme	1.24
2025-10-03	webinar	monthly_webinar	0.66
2025-10-17	content	white_paper	0.78
2025-10-17	email	newsletter	0.22
2025-10-17	event	trade_fair	3.03
2025-10-17	outbound	sdr_sequence	2.65
2025-10-17	paid_search	brand	1.24
2025-10-17	paid_search	generic	3.56
2025-10-17	paid_social	lookalike	1.40
2025-10-17	paid_social	retargeting	0.86
2025-10-17	partner	referral_programme	1.26
2025-10-17	webinar	monthly_webinar	0.72
2025-11-03	content	white_paper	0.88
2025-11-03	email	newsletter	0.19
2025-11-03	event	trade_fair	2.68
2025-11-03	outbound	sdr_sequence	2.52
2025-11-03	paid_search	brand	1.21
2025-11-03	paid_search	generic	3.84
2025-11-03	paid_social	lookalike	1.68
2025-11-03	paid_social	retargeting	0.97
2025-11-03	partner	referral_programme	1.12
2025-11-03	webinar	monthly_webinar	0.77
2025-11-17	content	white_paper	0.77
2025-11-17	email	newsletter	0.25
2025-11-17	event	trade_fair	2.97
2025-11-17	outbound	sdr_sequence	2.65
2025-11-17	paid_search	brand	1.24
2025-11-17	paid_search	generic	3.39
2025-11-17	paid_social	lookalike	1.81
2025-11-17	paid_social	retargeting	0.87
2025-11-17	partner	referral_programme	1.31
2025-11-17	webinar	monthly_webinar	0.85
2025-12-03	content	white_paper	0.63
2025-12-03	email	newsletter	0.19
2025-12-03	event	trade_fair	2.60
2025-12-03	outbound	sdr_sequence	1.86
2025-12-03	paid_search	brand	0.81
2025-12-03	paid_search	generic	2.48
2025-12-03	paid_social	lookalike	1.33
2025-12-03	paid_social	retargeting	0.75
2025-12-03	partner	referral_programme	1.14
2025-12-03	webinar	monthly_webinar	0.55
2025-12-17	content	white_paper	0.67
2025-12-17	email	newsletter	0.16
2025-12-17	event	trade_fair	2.04
2025-12-17	outbound	sdr_sequence	1.93
2025-12-17	paid_search	brand	1.08
2025-12-17	paid_search	generic	3.09
2025-12-17	paid_social	lookalike	1.22
2025-12-17	paid_social	retargeting	0.59
2025-12-17	partner	referral_programme	1.07
2025-12-17	webinar	monthly_webinar	0.52
\.
COPY kpi.stage ("position", stage, role) FROM stdin;
1	lead	lead
2	mql	mql
4	sal	sal
5	sql	sql
6	opportunity	opportunity
7	client	won
3	demo	\N
\.
COPY kpi.stage_event (lead_id, stage, entered_at) FROM stdin;
1	mql	2025-10-22 15:49:10+00
2	mql	2025-04-01 12:06:47+00
2	sal	2025-04-02 15:26:15+00
2	sql	2025-04-06 08:15:01+00
2	opportunity	2025-04-17 22:53:46+00
8	mql	2025-06-15 01:28:22+00
8	sal	2025-06-16 17:39:01+00
9	mql	2025-01-28 08:10:41+00
12	mql	2025-07-29 22:21:05+00
15	mql	2024-11-27 11:08:41+00
15	sql	2024-12-05 10:30:48+00
16	mql	2025-10-14 21:09:15+00
20	mql	2025-09-10 01:12:17+00
20	sal	2025-09-11 10:52:46+00
20	sql	2025-09-19 02:14:33+00
20	opportunity	2025-10-18 09:52:40+00
22	mql	2025-03-23 17:01:43+00
22	sal	2025-03-24 11:53:18+00
22	sql	2025-03-26 14:36:05+00
26	mql	2024-09-16 12:29:58+00
26	sal	2024-09-17 04:23:33+00
26	sql	2024-09-25 06:56:18+00
26	opportunity	2024-09-30 16:19:22+00
27	mql	2025-09-12 14:02:38+00
27	sal	2025-09-15 18:59:00+00
27	sql	2025-09-16 19:49:40+00
29	mql	2025-02-12 11:06:08+00
29	sal	2025-02-16 18:58:12+00
29	sql	2025-02-18 04:08:36+00
29	opportunity	2025-03-03 06:55:47+00
30	mql	2025-12-17 21:54:26+00
31	mql	2025-06-20 06:00:50+00
36	mql	2025-04-10 04:26:07+00
36	sal	2025-04-11 00:01:20+00
36	sql	2025-04-15 11:16:14+00
37	mql	2024-10-28 16:34:33+00
37	sal	2024-11-01 15:54:24+00
37	sql	2024-11-05 18:23:00+00
38	mql	2024-10-07 02:38:54+00
44	mql	2025-10-04 06:26:07+00
45	mql	2025-11-14 14:34:00+00
45	sal	2025-11-18 17:35:14+00
45	sql	2025-11-22 23:41:19+00
45	opportunity	2025-12-03 22:49:06+00
49	mql	2025-05-27 23:02:00+00
50	mql	2024-12-19 21:25:42+00
50	sal	2024-12-21 19:00:07+00
50	sql	2024-12-26 08:03:05+00
50	opportunity	2025-01-01 22:34:37+00
52	mql	2025-11-12 08:11:44+00
54	mql	2025-08-05 17:37:02+00
59	mql	2025-03-18 01:07:29+00
59	sal	2025-03-19 08:28:46+00
63	mql	2024-11-24 14:24:38+00
63	sal	2024-11-25 04:17:43+00
63	sql	2024-11-28 17:00:20+00
63	opportunity	2024-12-09 12:35:12+00
64	mql	2025-12-09 00:46:06+00
64	sal	2025-12-12 19:47:32+00
65	mql	2025-07-04 07:16:57+00
71	mql	2025-07-29 17:22:51+00
71	sal	2025-07-31 19:46:29+00
71	sql	2025-08-08 18:29:31+00
72	mql	2025-11-12 20:48:31+00
74	mql	2024-09-17 04:22:26+00
77	mql	2025-05-23 05:21:27+00
77	sal	2025-05-24 16:24:30+00
77	sql	2025-06-06 07:55:34+00
78	mql	2024-10-04 12:45:02+00
78	sal	2024-10-06 16:00:32+00
78	sql	2024-10-12 22:00:52+00
78	opportunity	2024-10-25 22:42:34+00
80	mql	2024-07-03 22:08:15+00
83	mql	2025-12-02 16:07:20+00
84	mql	2025-11-19 15:44:16+00
85	mql	2025-06-30 13:19:22+00
85	sal	2025-07-01 02:01:42+00
96	mql	2025-07-01 21:41:42+00
96	sal	2025-07-02 16:43:58+00
100	mql	2024-11-09 18:47:45+00
100	demo done	2024-11-10 18:47:45+00
101	mql	2025-10-09 02:48:14+00
101	sal	2025-10-12 08:04:23+00
103	mql	2025-03-28 15:05:51+00
103	sal	2025-03-30 22:56:18+00
103	sql	2025-04-07 07:28:24+00
104	mql	2025-03-17 04:25:40+00
104	sal	2025-03-18 12:03:59+00
104	sql	2025-03-24 18:48:13+00
104	opportunity	2025-04-03 22:08:19+00
107	mql	2025-05-14 04:10:59+00
107	sal	2025-05-15 06:02:01+00
107	sql	2025-05-20 04:42:05+00
113	mql	2024-08-28 17:21:38+00
115	mql	2025-04-03 17:57:48+00
115	sal	2025-04-05 07:01:09+00
116	mql	2025-02-18 02:43:23+00
117	mql	2025-04-25 22:38:51+00
117	sal	2025-04-26 21:32:25+00
118	mql	2024-09-05 08:55:26+00
118	sal	2024-09-08 19:08:57+00
118	sql	2024-09-20 10:16:49+00
118	opportunity	2024-09-29 12:03:04+00
121	mql	2025-12-04 02:05:13+00
126	mql	2025-07-25 13:33:40+00
133	mql	2025-01-12 10:18:51+00
133	sal	2025-01-13 08:06:04+00
135	sal	2024-11-09 00:51:40+00
135	sql	2024-11-29 07:18:34+00
140	mql	2025-11-24 11:49:50+00
140	sal	2025-11-27 21:57:01+00
143	mql	2025-03-21 05:35:12+00
143	sal	2025-03-21 18:44:54+00
143	sql	2025-05-05 10:10:04+00
143	opportunity	2025-05-10 11:56:49+00
145	mql	2025-10-01 08:59:01+00
147	mql	2025-05-29 08:06:11+00
148	mql	2024-12-26 00:43:44+00
149	mql	2025-08-30 03:17:14+00
149	sal	2025-09-02 17:37:38+00
150	mql	2025-12-02 14:02:19+00
150	sal	2025-12-04 19:52:28+00
150	sql	2025-12-08 02:29:52+00
154	mql	2025-09-26 05:51:31+00
154	sal	2025-09-27 01:13:20+00
154	sql	2025-10-07 04:52:57+00
156	mql	2025-09-01 04:22:44+00
156	sal	2025-09-04 11:10:45+00
158	mql	2025-02-04 02:42:16+00
158	sal	2025-02-05 09:47:15+00
158	sql	2025-02-06 11:46:15+00
158	opportunity	2025-02-16 10:30:58+00
\.
COPY kpi.touch (lead_id, touched_at, channel, campaign, kind) FROM stdin;
1	2025-10-10 02:03:36+00	organic_search	\N	visit
1	2025-10-15 16:01:44+00	organic_search	\N	visit
1	2025-10-21 14:24:39+00	paid_social	lookalike	download
1	2025-10-21 22:52:49+00	email	nurture	click
1	2025-10-22 07:20:59+00	email	nurture	click
2	2025-03-31 16:10:00+00	paid_search	brand	demo_request
2	2025-03-31 22:48:55+00	email	nurture	click
2	2025-04-01 05:27:51+00	email	nurture	click
3	2025-06-13 10:58:28+00	organic_search	\N	form
4	2025-01-16 15:42:09+00	paid_social	lookalike	download
5	2025-05-06 13:36:40+00	\N	\N	campaign_reply
6	2025-12-18 14:24:18+00	direct	\N	demo_request
7	2025-01-28 09:28:52+00	content	white_paper	visit
7	2025-02-04 12:37:09+00	paid_social	lookalike	download
8	2025-06-03 03:15:40+00	paid_social	lookalike	visit
8	2025-06-03 23:03:29+00	paid_social	lookalike	visit
8	2025-06-12 10:14:23+00	paid_search	generic	form
8	2025-06-13 07:19:02+00	email	nurture	click
8	2025-06-14 04:23:42+00	email	nurture	click
9	2025-01-27 10:23:42+00	paid_social	lookalike	download
9	2025-01-27 17:39:21+00	email	nurture	click
9	2025-01-28 00:55:01+00	email	nurture	click
10	2025-01-02 18:09:06+00	content	white_paper	download
11	2024-08-12 03:43:08+00	outbound	sdr_sequence	visit
11	2024-08-14 17:24:17+00	organic_search	\N	visit
11	2024-08-19 10:32:43+00	paid_social	lookalike	download
12	2025-06-20 11:12:34+00	direct	\N	visit
12	2025-07-03 04:41:52+00	organic_search	\N	visit
12	2025-07-06 01:49:03+00	paid_social	lookalike	visit
12	2025-07-11 10:11:12+00	direct	\N	demo_request
12	2025-07-17 14:14:29+00	email	nurture	click
12	2025-07-23 18:17:47+00	email	nurture	click
13	2025-09-01 14:05:41+00	paid_social	lookalike	download
14	2025-02-03 18:23:17+00	paid_search	generic	form
15	2024-11-26 09:54:11+00	partner	referral_programme	referral
15	2024-11-26 18:19:01+00	email	nurture	click
15	2024-11-27 02:43:51+00	email	nurture	click
16	2025-10-01 23:12:32+00	organic_search	\N	visit
16	2025-10-07 17:09:17+00	paid_social	lookalike	download
16	2025-10-10 02:29:16+00	email	nurture	click
16	2025-10-12 11:49:15+00	email	nurture	click
17	2025-10-12 21:47:17+00	organic_search	\N	visit
17	2025-11-01 07:46:24+00	paid_social	retargeting	visit
17	2025-11-03 17:50:30+00	outbound	sdr_sequence	visit
17	2025-11-11 12:59:43+00	paid_social	retargeting	form
18	2025-04-17 07:55:57+00	paid_social	lookalike	download
19	2024-10-05 22:19:41+00	webinar	monthly_webinar	visit
19	2024-10-16 12:29:23+00	paid_social	lookalike	download
20	2025-08-20 01:08:31+00	paid_social	lookalike	visit
20	2025-08-28 17:36:52+00	email	newsletter	visit
20	2025-09-03 13:26:37+00	paid_search	brand	demo_request
20	2025-09-05 17:21:50+00	email	nurture	click
20	2025-09-07 21:17:03+00	email	nurture	click
21	2025-10-08 16:02:23+00	paid_social	lookalike	download
22	2025-03-06 19:17:37+00	paid_search	generic	visit
22	2025-03-08 21:44:04+00	paid_social	lookalike	visit
22	2025-03-18 15:52:43+00	paid_search	generic	form
22	2025-03-20 08:15:43+00	email	nurture	click
22	2025-03-22 00:38:43+00	email	nurture	click
23	2025-07-28 10:23:36+00	paid_social	lookalike	download
24	2025-06-27 17:24:52+00	paid_social	lookalike	visit
24	2025-07-07 00:23:19+00	content	white_paper	visit
24	2025-07-15 17:38:15+00	paid_search	generic	form
25	2025-02-04 09:01:56+00	direct	\N	visit
25	2025-02-16 16:54:39+00	organic_search	\N	visit
25	2025-02-17 20:53:25+00	event	trade_fair	visit
25	2025-02-24 11:49:18+00	organic_search	\N	form
26	2024-09-12 08:25:23+00	paid_search	brand	demo_request
26	2024-09-13 17:46:54+00	email	nurture	click
26	2024-09-15 03:08:26+00	email	nurture	click
27	2025-09-04 17:20:49+00	outbound	sdr_sequence	visit
27	2025-09-10 14:24:37+00	organic_search	\N	form
27	2025-09-11 06:17:17+00	email	nurture	click
27	2025-09-11 22:09:57+00	email	nurture	click
28	2025-07-27 12:38:32+00	paid_social	retargeting	visit
28	2025-08-02 10:25:21+00	organic_search	\N	visit
28	2025-08-07 12:26:05+00	paid_search	generic	form
29	2025-01-26 03:05:17+00	content	white_paper	visit
29	2025-02-03 03:00:03+00	event	trade_fair	visit
29	2025-02-07 15:00:24+00	event	trade_fair	badge_scan
29	2025-02-09 05:42:18+00	email	nurture	click
29	2025-02-10 20:24:13+00	email	nurture	click
30	2025-11-09 18:06:03+00	content	white_paper	visit
30	2025-11-10 13:27:44+00	webinar	monthly_webinar	visit
30	2025-11-25 20:20:47+00	event	trade_fair	visit
30	2025-12-02 12:43:37+00	partner	referral_programme	referral
30	2025-12-07 15:47:13+00	email	nurture	click
30	2025-12-12 18:50:49+00	email	nurture	click
31	2025-06-08 22:45:28+00	paid_search	generic	visit
31	2025-06-11 18:16:51+00	paid_social	retargeting	form
31	2025-06-14 14:11:30+00	email	nurture	click
31	2025-06-17 10:06:10+00	email	nurture	click
32	2025-07-22 09:15:15+00	paid_social	lookalike	visit
32	2025-07-28 10:42:50+00	paid_search	brand	demo_request
33	2025-04-07 00:24:19+00	event	trade_fair	visit
33	2025-04-14 15:15:07+00	event	trade_fair	visit
33	2025-04-24 10:52:21+00	paid_social	lookalike	download
34	2024-09-06 17:58:25+00	paid_social	lookalike	download
35	2025-08-27 16:51:06+00	organic_search	\N	visit
35	2025-09-02 11:52:03+00	content	white_paper	download
36	2025-03-12 20:25:24+00	event	trade_fair	visit
36	2025-03-23 10:59:23+00	organic_search	\N	visit
36	2025-03-25 06:02:38+00	organic_search	\N	visit
36	2025-04-03 11:30:34+00	paid_social	retargeting	form
36	2025-04-05 17:09:05+00	email	nurture	click
36	2025-04-07 22:47:36+00	email	nurture	click
37	2024-09-23 21:09:45+00	paid_social	lookalike	visit
37	2024-10-16 23:59:27+00	paid_search	generic	visit
37	2024-10-22 04:41:14+00	paid_search	generic	visit
37	2024-10-26 15:25:04+00	email	newsletter	campaign_reply
37	2024-10-27 07:48:13+00	email	nurture	click
37	2024-10-28 00:11:23+00	email	nurture	click
38	2024-10-01 11:20:09+00	paid_social	retargeting	form
38	2024-10-03 08:26:24+00	email	nurture	click
38	2024-10-05 05:32:39+00	email	nurture	click
39	2025-04-19 01:39:20+00	email	newsletter	visit
39	2025-05-11 04:11:50+00	organic_search	\N	visit
39	2025-05-14 14:15:55+00	paid_social	lookalike	download
40	2025-09-04 18:19:40+00	content	white_paper	download
41	2025-04-07 09:16:10+00	organic_search	\N	visit
41	2025-04-14 12:28:56+00	paid_social	lookalike	download
42	2025-11-06 15:39:57+00	paid_search	generic	visit
42	2025-11-18 21:41:37+00	content	white_paper	visit
42	2025-11-19 00:22:05+00	email	newsletter	visit
42	2025-11-25 13:57:31+00	email	newsletter	campaign_reply
43	2024-11-23 18:22:34+00	organic_search	\N	form
44	2025-08-31 12:51:15+00	paid_social	retargeting	visit
44	2025-09-21 17:27:24+00	content	white_paper	visit
44	2025-09-25 18:37:49+00	paid_search	brand	visit
44	2025-10-01 17:59:38+00	event	trade_fair	badge_scan
44	2025-10-02 14:08:27+00	email	nurture	click
44	2025-10-03 10:17:17+00	email	nurture	click
45	2025-11-04 13:29:15+00	email	newsletter	visit
45	2025-11-08 14:06:38+00	paid_search	brand	visit
45	2025-11-12 09:54:06+00	webinar	monthly_webinar	sign_up
45	2025-11-13 03:27:24+00	email	nurture	click
45	2025-11-13 21:00:42+00	email	nurture	click
46	2025-04-17 18:41:41+00	paid_social	retargeting	form
47	2025-11-02 13:36:59+00	outbound	sdr_sequence	visit
47	2025-11-10 12:27:34+00	content	white_paper	download
48	2025-12-17 10:44:03+00	paid_search	generic	visit
48	2025-12-19 11:30:54+00	content	white_paper	download
49	2025-05-06 13:23:20+00	organic_search	\N	visit
49	2025-05-18 01:27:15+00	paid_search	brand	visit
49	2025-05-21 13:19:32+00	paid_social	retargeting	form
49	2025-05-23 16:33:41+00	email	nurture	click
49	2025-05-25 19:47:50+00	email	nurture	click
50	2024-12-14 08:08:42+00	partner	referral_programme	referral
50	2024-12-16 04:34:22+00	email	nurture	click
50	2024-12-18 01:00:02+00	email	nurture	click
51	2025-01-05 18:22:23+00	paid_social	retargeting	visit
51	2025-01-10 12:42:11+00	direct	\N	demo_request
52	2025-11-10 14:30:03+00	paid_social	retargeting	form
52	2025-11-11 04:23:56+00	email	nurture	click
52	2025-11-11 18:17:50+00	email	nurture	click
53	2025-12-12 17:50:24+00	email	newsletter	visit
53	2025-12-15 16:19:22+00	content	white_paper	download
54	2025-07-20 17:23:01+00	paid_social	lookalike	visit
54	2025-07-23 09:41:34+00	paid_social	lookalike	visit
54	2025-07-31 10:14:21+00	paid_search	brand	demo_request
54	2025-08-02 04:41:54+00	email	nurture	click
54	2025-08-03 23:09:28+00	email	nurture	click
55	2025-10-15 17:16:54+00	paid_search	brand	demo_request
56	2025-01-13 14:00:25+00	organic_search	\N	visit
56	2025-01-17 11:56:40+00	content	white_paper	download
57	2025-04-09 14:40:05+00	organic_search	\N	visit
57	2025-04-28 07:08:45+00	organic_search	\N	visit
57	2025-05-05 02:52:30+00	webinar	monthly_webinar	visit
57	2025-05-09 18:08:49+00	paid_search	generic	form
58	2024-12-09 14:44:20+00	content	white_paper	download
59	2025-02-15 00:04:13+00	paid_search	brand	visit
59	2025-02-20 17:34:00+00	partner	referral_programme	visit
59	2025-03-14 08:33:03+00	paid_social	retargeting	form
59	2025-03-15 14:04:31+00	email	nurture	click
59	2025-03-16 19:36:00+00	email	nurture	click
60	2025-10-31 08:59:55+00	email	newsletter	campaign_reply
61	2025-04-11 09:53:49+00	paid_social	lookalike	download
62	2025-11-13 02:19:10+00	paid_social	lookalike	visit
62	2025-11-24 13:24:17+00	content	white_paper	download
63	2024-11-03 12:46:30+00	organic_search	\N	visit
63	2024-11-04 17:35:44+00	paid_search	generic	visit
63	2024-11-10 07:13:48+00	outbound	sdr_sequence	visit
63	2024-11-19 08:27:32+00	paid_search	brand	demo_request
63	2024-11-21 02:26:34+00	email	nurture	click
63	2024-11-22 20:25:36+00	email	nurture	click
64	2025-12-06 12:08:45+00	outbound	sdr_sequence	campaign_reply
64	2025-12-07 08:21:12+00	email	nurture	click
64	2025-12-08 04:33:39+00	email	nurture	click
65	2025-06-24 10:48:04+00	content	white_paper	download
65	2025-06-27 17:37:41+00	email	nurture	click
65	2025-07-01 00:27:19+00	email	nurture	click
66	2024-11-09 03:36:54+00	email	newsletter	visit
66	2024-11-15 13:25:46+00	paid_social	retargeting	form
67	2024-09-27 08:42:21+00	paid_social	lookalike	download
68	2025-06-19 09:47:37+00	organic_search	\N	visit
68	2025-06-24 14:28:04+00	paid_search	generic	form
69	2025-09-26 09:20:58+00	webinar	monthly_webinar	sign_up
70	2025-01-28 05:39:59+00	paid_social	lookalike	visit
70	2025-02-08 13:15:54+00	outbound	sdr_sequence	visit
70	2025-02-14 10:52:11+00	partner	referral_programme	referral
71	2025-07-28 16:26:50+00	paid_search	brand	demo_request
71	2025-07-29 00:45:30+00	email	nurture	click
71	2025-07-29 09:04:10+00	email	nurture	click
72	2025-11-08 03:52:48+00	email	newsletter	visit
72	2025-11-10 18:38:06+00	paid_search	brand	demo_request
72	2025-11-11 11:21:34+00	email	nurture	click
72	2025-11-12 04:05:02+00	email	nurture	click
73	2025-04-19 03:37:22+00	paid_search	brand	visit
73	2025-04-19 23:59:44+00	webinar	monthly_webinar	visit
73	2025-04-28 18:47:22+00	paid_social	lookalike	download
74	2024-09-11 13:54:51+00	paid_search	brand	demo_request
74	2024-09-13 10:44:02+00	email	nurture	click
74	2024-09-15 07:33:14+00	email	nurture	click
75	2025-10-29 18:12:51+00	paid_search	generic	form
76	2025-04-03 08:55:33+00	outbound	sdr_sequence	campaign_reply
77	2025-05-12 04:15:40+00	webinar	monthly_webinar	visit
77	2025-05-20 11:20:02+00	email	newsletter	campaign_reply
77	2025-05-21 09:20:30+00	email	nurture	click
77	2025-05-22 07:20:58+00	email	nurture	click
78	2024-10-01 17:02:15+00	email	newsletter	campaign_reply
78	2024-10-02 15:36:30+00	email	nurture	click
78	2024-10-03 14:10:46+00	email	nurture	click
79	2024-07-19 12:02:45+00	content	white_paper	visit
79	2024-07-26 16:25:39+00	paid_social	lookalike	download
80	2024-06-24 06:38:20+00	outbound	sdr_sequence	visit
80	2024-06-27 22:06:05+00	organic_search	\N	visit
80	2024-07-01 17:17:49+00	paid_social	lookalike	download
80	2024-07-02 10:54:37+00	email	nurture	click
80	2024-07-03 04:31:26+00	email	nurture	click
81	2025-07-30 08:38:19+00	organic_search	\N	form
82	2025-03-05 11:55:21+00	email	newsletter	campaign_reply
83	2025-11-16 12:29:09+00	event	trade_fair	visit
83	2025-11-24 21:08:53+00	event	trade_fair	visit
83	2025-11-30 08:30:51+00	content	white_paper	download
83	2025-12-01 03:03:00+00	email	nurture	click
83	2025-12-01 21:35:10+00	email	nurture	click
84	2025-11-17 15:56:03+00	outbound	sdr_sequence	campaign_reply
84	2025-11-18 07:52:07+00	email	nurture	click
84	2025-11-18 23:48:11+00	email	nurture	click
85	2025-06-05 20:03:08+00	email	newsletter	visit
85	2025-06-14 15:07:36+00	direct	\N	visit
85	2025-06-18 15:27:56+00	paid_social	lookalike	visit
85	2025-06-25 10:16:35+00	email	newsletter	campaign_reply
85	2025-06-27 03:17:30+00	email	nurture	click
85	2025-06-28 20:18:26+00	email	nurture	click
86	2025-02-05 15:52:36+00	webinar	monthly_webinar	sign_up
87	2025-04-09 05:37:24+00	paid_search	generic	visit
87	2025-04-18 20:59:23+00	paid_social	retargeting	visit
87	2025-04-23 16:54:52+00	paid_social	lookalike	download
88	2025-12-11 11:41:35+00	email	newsletter	campaign_reply
89	2024-10-25 18:07:32+00	paid_social	lookalike	download
90	2025-11-06 00:04:13+00	paid_search	generic	visit
90	2025-11-11 12:14:41+00	event	trade_fair	badge_scan
91	2025-05-03 00:15:39+00	paid_search	brand	visit
91	2025-05-24 10:15:09+00	organic_search	\N	visit
91	2025-05-27 07:31:28+00	paid_search	generic	form
92	2025-04-18 11:36:20+00	direct	\N	visit
92	2025-05-03 18:41:11+00	email	newsletter	visit
92	2025-05-07 14:00:26+00	direct	\N	demo_request
93	2024-10-11 10:47:10+00	paid_social	lookalike	download
94	2025-08-18 03:34:00+00	outbound	sdr_sequence	visit
94	2025-08-18 12:58:59+00	event	trade_fair	visit
94	2025-08-23 04:54:26+00	paid_social	lookalike	visit
94	2025-08-29 13:54:35+00	organic_search	\N	form
95	2025-03-03 16:16:29+00	paid_social	lookalike	download
96	2025-06-29 17:53:50+00	partner	referral_programme	referral
96	2025-06-30 11:09:47+00	email	nurture	click
96	2025-07-01 04:25:44+00	email	nurture	click
97	2025-06-16 07:05:40+00	organic_search	\N	visit
97	2025-06-29 10:33:58+00	direct	\N	visit
97	2025-06-29 21:12:56+00	paid_search	generic	visit
97	2025-07-07 08:24:51+00	email	newsletter	campaign_reply
98	2024-11-26 08:01:10+00	email	newsletter	campaign_reply
99	2024-10-10 09:51:43+00	partner	referral_programme	referral
100	2024-11-05 08:39:24+00	organic_search	\N	form
100	2024-11-06 20:02:11+00	email	nurture	click
100	2024-11-08 07:24:58+00	email	nurture	click
101	2025-09-24 20:38:52+00	paid_social	retargeting	visit
101	2025-10-06 15:19:36+00	partner	referral_programme	referral
101	2025-10-07 11:09:08+00	email	nurture	click
101	2025-10-08 06:58:41+00	email	nurture	click
102	2025-02-16 10:27:30+00	event	trade_fair	visit
102	2025-02-26 23:44:38+00	email	newsletter	visit
102	2025-02-28 07:45:44+00	paid_search	brand	visit
102	2025-03-05 10:31:43+00	organic_search	\N	form
103	2025-03-25 14:25:27+00	paid_search	brand	demo_request
103	2025-03-26 14:38:55+00	email	nurture	click
103	2025-03-27 14:52:23+00	email	nurture	click
104	2025-02-27 13:36:12+00	email	newsletter	visit
104	2025-03-06 02:30:25+00	paid_social	lookalike	visit
104	2025-03-11 18:22:50+00	paid_social	retargeting	form
104	2025-03-13 13:43:46+00	email	nurture	click
104	2025-03-15 09:04:43+00	email	nurture	click
105	2025-06-26 18:43:44+00	content	white_paper	download
106	2024-12-06 03:31:46+00	webinar	monthly_webinar	visit
106	2025-01-07 05:01:14+00	partner	referral_programme	visit
106	2025-01-15 19:48:27+00	email	newsletter	visit
106	2025-01-21 09:56:32+00	paid_search	generic	form
107	2025-04-22 08:02:03+00	outbound	sdr_sequence	campaign_reply
107	2025-04-29 14:45:01+00	email	nurture	click
107	2025-05-06 21:28:00+00	email	nurture	click
108	2024-07-03 03:35:40+00	organic_search	\N	visit
108	2024-07-07 16:10:51+00	organic_search	\N	visit
108	2024-07-19 13:57:16+00	paid_search	generic	form
109	2024-10-24 08:17:36+00	organic_search	\N	form
110	2025-10-06 00:23:09+00	direct	\N	visit
110	2025-10-24 12:41:49+00	webinar	monthly_webinar	sign_up
111	2024-07-25 18:16:32+00	webinar	monthly_webinar	sign_up
112	2025-06-24 01:37:45+00	event	trade_fair	visit
112	2025-07-02 13:05:52+00	partner	referral_programme	referral
113	2024-08-14 12:49:25+00	email	newsletter	visit
113	2024-08-16 12:57:52+00	outbound	sdr_sequence	visit
113	2024-08-16 22:01:25+00	direct	\N	visit
113	2024-08-27 10:26:22+00	content	white_paper	download
113	2024-08-27 20:44:47+00	email	nurture	click
113	2024-08-28 07:03:12+00	email	nurture	click
114	2025-07-04 13:43:23+00	paid_social	lookalike	download
115	2025-03-27 14:54:55+00	event	trade_fair	visit
115	2025-04-03 10:13:17+00	paid_search	brand	demo_request
115	2025-04-03 12:48:07+00	email	nurture	click
115	2025-04-03 15:22:57+00	email	nurture	click
116	2025-02-08 02:28:50+00	paid_search	generic	visit
116	2025-02-14 16:59:07+00	email	newsletter	campaign_reply
116	2025-02-15 20:13:52+00	email	nurture	click
116	2025-02-16 23:28:37+00	email	nurture	click
117	2025-04-03 14:02:17+00	direct	\N	visit
117	2025-04-10 10:35:51+00	paid_social	retargeting	visit
117	2025-04-20 04:08:42+00	event	trade_fair	visit
117	2025-04-23 12:49:39+00	content	white_paper	download
117	2025-04-24 08:06:03+00	email	nurture	click
117	2025-04-25 03:22:27+00	email	nurture	click
118	2024-07-30 01:08:41+00	email	newsletter	visit
118	2024-08-11 15:40:39+00	direct	\N	visit
118	2024-08-25 18:38:32+00	paid_search	generic	visit
118	2024-08-28 11:40:39+00	paid_search	generic	form
118	2024-08-31 02:45:34+00	email	nurture	click
118	2024-09-02 17:50:30+00	email	nurture	click
119	2025-06-20 12:45:46+00	paid_search	generic	form
120	2024-11-12 09:20:28+00	email	newsletter	visit
120	2024-11-17 17:53:13+00	organic_search	\N	visit
120	2024-11-25 13:24:00+00	email	newsletter	campaign_reply
121	2025-11-24 13:55:38+00	webinar	monthly_webinar	sign_up
121	2025-11-27 17:58:49+00	email	nurture	click
121	2025-11-30 22:02:01+00	email	nurture	click
122	2025-11-04 08:42:11+00	webinar	monthly_webinar	sign_up
123	2025-05-20 01:51:19+00	webinar	monthly_webinar	visit
123	2025-05-22 15:13:54+00	content	white_paper	download
124	2025-01-29 17:01:22+00	paid_social	lookalike	visit
124	2025-02-06 09:48:31+00	paid_social	lookalike	download
125	2025-10-03 15:40:09+00	paid_search	generic	visit
125	2025-10-11 23:46:14+00	organic_search	\N	visit
125	2025-10-16 14:47:13+00	email	newsletter	visit
125	2025-10-21 17:50:14+00	paid_social	lookalike	download
126	2025-07-22 16:23:24+00	paid_social	lookalike	download
126	2025-07-23 15:26:49+00	email	nurture	click
126	2025-07-24 14:30:14+00	email	nurture	click
127	2025-10-08 03:06:17+00	direct	\N	visit
127	2025-10-15 02:51:13+00	event	trade_fair	visit
127	2025-10-28 04:53:46+00	paid_social	lookalike	visit
127	2025-10-31 15:55:33+00	paid_social	lookalike	download
128	2025-02-14 13:36:13+00	paid_search	brand	demo_request
129	2025-07-18 16:47:36+00	email	newsletter	visit
129	2025-07-23 13:50:24+00	email	newsletter	campaign_reply
130	2024-12-02 06:17:49+00	organic_search	\N	visit
130	2024-12-16 00:15:50+00	email	newsletter	visit
130	2024-12-21 11:13:59+00	paid_search	brand	demo_request
131	2025-04-09 08:00:45+00	paid_search	brand	demo_request
132	2025-03-17 07:36:07+00	outbound	sdr_sequence	visit
132	2025-03-25 14:29:42+00	\N	\N	download
133	2025-01-08 15:46:35+00	paid_social	lookalike	download
133	2025-01-09 21:57:20+00	email	nurture	click
133	2025-01-11 04:08:05+00	email	nurture	click
134	2025-11-03 12:22:34+00	paid_social	lookalike	download
135	2024-11-04 10:13:15+00	direct	\N	demo_request
135	2024-11-04 22:03:47+00	email	nurture	click
135	2024-11-05 09:54:19+00	email	nurture	click
136	2025-09-29 08:05:15+00	paid_search	generic	form
137	2025-06-05 22:15:15+00	paid_social	lookalike	visit
137	2025-06-06 21:26:52+00	paid_social	lookalike	visit
137	2025-06-12 14:25:56+00	paid_search	generic	form
138	2025-09-01 17:44:21+00	content	white_paper	download
139	2025-01-22 15:44:13+00	content	white_paper	download
140	2025-11-18 12:19:20+00	outbound	sdr_sequence	visit
140	2025-11-20 10:30:05+00	partner	referral_programme	referral
140	2025-11-21 18:56:40+00	email	nurture	click
140	2025-11-23 03:23:15+00	email	nurture	click
141	2025-06-25 09:18:23+00	organic_search	\N	visit
141	2025-06-25 17:41:38+00	organic_search	\N	visit
141	2025-07-05 22:24:49+00	paid_social	lookalike	visit
141	2025-07-09 18:20:35+00	direct	\N	demo_request
142	2025-08-23 12:37:23+00	paid_social	retargeting	form
143	2025-03-14 13:42:03+00	paid_search	generic	form
143	2025-03-16 18:59:46+00	email	nurture	click
143	2025-03-19 00:17:29+00	email	nurture	click
144	2024-10-18 15:08:01+00	organic_search	\N	form
145	2025-09-20 11:54:15+00	paid_social	lookalike	visit
145	2025-09-25 17:51:58+00	organic_search	\N	form
145	2025-09-27 14:54:19+00	email	nurture	click
145	2025-09-29 11:56:40+00	email	nurture	click
146	2025-09-17 04:16:06+00	organic_search	\N	visit
146	2025-09-18 22:46:59+00	organic_search	\N	visit
146	2025-09-26 19:16:41+00	paid_social	lookalike	visit
146	2025-10-03 09:48:21+00	paid_search	generic	form
147	2025-05-04 18:23:51+00	paid_social	lookalike	download
147	2025-05-12 22:57:57+00	email	nurture	click
147	2025-05-21 03:32:04+00	email	nurture	click
148	2024-12-09 13:54:42+00	organic_search	\N	form
148	2024-12-15 01:31:02+00	email	nurture	click
148	2024-12-20 13:07:23+00	email	nurture	click
149	2025-07-27 11:24:51+00	content	white_paper	visit
149	2025-08-19 11:41:29+00	organic_search	\N	visit
149	2025-08-27 08:15:10+00	email	newsletter	campaign_reply
149	2025-08-28 06:35:51+00	email	nurture	click
149	2025-08-29 04:56:32+00	email	nurture	click
150	2025-11-24 13:06:14+00	outbound	sdr_sequence	campaign_reply
150	2025-11-27 05:24:55+00	email	nurture	click
150	2025-11-29 21:43:37+00	email	nurture	click
151	2025-02-18 07:57:44+00	paid_social	lookalike	visit
151	2025-02-23 19:02:45+00	organic_search	\N	visit
151	2025-02-25 12:41:15+00	paid_search	generic	form
152	2024-09-16 09:34:33+00	paid_social	retargeting	form
153	2025-07-05 13:08:23+00	paid_social	lookalike	visit
153	2025-07-09 08:40:28+00	paid_search	generic	visit
153	2025-07-16 16:51:08+00	paid_search	generic	form
154	2025-09-13 22:27:44+00	paid_search	generic	visit
154	2025-09-13 23:11:25+00	direct	\N	visit
154	2025-09-17 07:23:24+00	paid_social	lookalike	visit
154	2025-09-24 10:07:39+00	outbound	sdr_sequence	campaign_reply
154	2025-09-25 00:42:16+00	email	nurture	click
154	2025-09-25 15:16:53+00	email	nurture	click
155	2024-10-02 17:24:28+00	paid_search	brand	demo_request
156	2025-08-11 09:22:08+00	paid_social	retargeting	visit
156	2025-08-19 11:08:24+00	paid_social	retargeting	form
156	2025-08-23 16:53:10+00	email	nurture	click
156	2025-08-27 22:37:57+00	email	nurture	click
157	2025-04-15 17:39:52+00	paid_search	generic	visit
157	2025-04-19 20:07:49+00	paid_search	generic	visit
157	2025-04-25 08:40:12+00	paid_search	generic	form
158	2025-01-23 14:47:09+00	paid_social	lookalike	visit
158	2025-01-27 12:11:28+00	paid_social	lookalike	download
158	2025-01-30 01:01:44+00	email	nurture	click
158	2025-02-01 13:52:00+00	email	nurture	click
159	2024-06-16 11:43:23+00	content	white_paper	visit
159	2024-07-03 07:38:11+00	organic_search	\N	visit
159	2024-07-09 09:33:19+00	paid_search	brand	visit
159	2024-07-13 11:43:43+00	event	trade_fair	badge_scan
160	2024-07-05 09:24:16+00	paid_social	lookalike	download
\.
COPY report.note (lead_id, noted_at) FROM stdin;
\.
ALTER TABLE ONLY crm.channel_family
ADD CONSTRAINT channel_family_pkey PRIMARY KEY (channel);
ALTER TABLE ONLY crm.learned_profile
ADD CONSTRAINT learned_profile_pkey PRIMARY KEY (as_of);
ALTER TABLE ONLY crm.rule
ADD CONSTRAINT rule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY crm.stage
ADD CONSTRAINT stage_pkey PRIMARY KEY ("position") DEFERRABLE;
ALTER TABLE ONLY crm.stage
ADD CONSTRAINT stage_role_key UNIQUE (role) DEFERRABLE;
ALTER TABLE ONLY crm.stage
ADD CONSTRAINT stage_stage_key UNIQUE (stage) DEFERRABLE;
ALTER TABLE ONLY crm_data.contact
ADD CONSTRAINT contact_pkey PRIMARY KEY (lead_id);
ALTER TABLE ONLY kpi.channel_family
ADD CONSTRAINT channel_family_pkey PRIMARY KEY (channel);
ALTER TABLE ONLY kpi.learned_profile
ADD CONSTRAINT learned_profile_pkey PRIMARY KEY (as_of);
ALTER TABLE ONLY kpi.rule
ADD CONSTRAINT rule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY kpi.stage
ADD CONSTRAINT stage_pkey PRIMARY KEY ("position") DEFERRABLE;
ALTER TABLE ONLY kpi.stage
ADD CONSTRAINT stage_role_key UNIQUE (role) DEFERRABLE;
ALTER TABLE ONLY kpi.stage
ADD CONSTRAINT stage_stage_key UNIQUE (stage) DEFERRABLE;
CREATE INDEX deal_closed_at ON kpi.deal USING btree (closed_at);
CREATE INDEX deal_lead_id_idx ON kpi.deal USING btree (lead_id);
CREATE INDEX lead_lead_id_idx ON kpi.lead USING btree (lead_id);
CREATE INDEX stage_event_lead_id_idx ON kpi.stage_event USING btree (lead_id);
CREATE INDEX touch_lead_id_idx ON kpi.touch USING btree (lead_id);
CREATE INDEX monthly_month ON report.monthly USING btree (month);
CREATE TRIGGER rule_stays BEFORE DELETE OR TRUNCATE ON crm.rule FOR EACH STATEMENT EXECUTE FUNCTION lead_kpi.mart_rule_stays();
CREATE TRIGGER note_lead AFTER INSERT ON kpi.lead FOR EACH ROW EXECUTE FUNCTION report.note_lead();
CREATE TRIGGER rule_stays BEFORE DELETE OR TRUNCATE ON kpi.rule FOR EACH STATEMENT EXECUTE FUNCTION lead_kpi.mart_rule_stays();
ALTER TABLE kpi.lead ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_and_bi ON kpi.lead FOR SELECT TO kpi_bi USING (((channel IS DISTINCT FROM 'outbound'::text) OR (EXISTS ( SELECT
FROM kpi.stage
WHERE (stage.role = 'lost'::text)))));
GRANT USAGE ON SCHEMA crm TO kpi_bi;
GRANT USAGE ON SCHEMA crm TO kpi_editor;
GRANT USAGE ON SCHEMA crm_data TO kpi_bi;
GRANT USAGE ON SCHEMA crm_data TO kpi_editor;
GRANT USAGE ON SCHEMA kpi TO kpi_bi;
GRANT USAGE ON SCHEMA kpi TO kpi_editor;
GRANT USAGE ON SCHEMA kpi TO kpi_guest;
GRANT USAGE ON SCHEMA report TO kpi_bi;
GRANT USAGE ON SCHEMA report TO kpi_editor;
GRANT SELECT ON TABLE kpi.deal TO kpi_bi;
GRANT SELECT ON TABLE kpi.clean_deal TO kpi_bi;
GRANT SELECT ON TABLE kpi.lead TO kpi_bi;
GRANT INSERT ON TABLE kpi.lead TO kpi_editor;
GRANT UPDATE(channel) ON TABLE kpi.lead TO kpi_editor;
GRANT UPDATE(campaign) ON TABLE kpi.lead TO kpi_editor;
GRANT SELECT ON TABLE kpi.rule TO kpi_bi;
GRANT SELECT ON TABLE kpi.counted_lead TO kpi_bi;
GRANT SELECT ON TABLE kpi.stage TO kpi_bi;
GRANT SELECT ON TABLE kpi.ladder TO kpi_bi;
GRANT SELECT ON TABLE kpi.stage_event TO kpi_bi;
GRANT SELECT ON TABLE kpi.funnel_event TO kpi_bi;
GRANT SELECT ON TABLE kpi.funnel TO kpi_bi;
GRANT SELECT ON TABLE kpi.funnel TO kpi_editor WITH GRANT OPTION;
GRANT SELECT ON TABLE kpi.mql_acceptance TO kpi_bi;
GRANT SELECT ON TABLE crm_data.opportunity TO kpi_bi;
GRANT SELECT ON TABLE crm.deal TO kpi_bi;
GRANT SELECT ON TABLE crm.clean_deal TO kpi_bi;
GRANT SELECT ON TABLE crm.rule TO kpi_bi;
GRANT SELECT ON TABLE crm_data.contact TO kpi_bi;
GRANT SELECT ON TABLE crm.lead TO kpi_bi;
GRANT SELECT ON TABLE crm.counted_lead TO kpi_bi;
GRANT SELECT ON TABLE crm.spend TO kpi_bi;
GRANT SELECT ON TABLE crm.counted_spend TO kpi_bi;
GRANT SELECT ON TABLE crm_data.visit TO kpi_bi;
GRANT SELECT ON TABLE crm_data.visit_of_lead TO kpi_bi;
GRANT SELECT ON TABLE crm.touch TO kpi_bi;
GRANT SELECT ON TABLE crm.journey_event TO kpi_bi;
GRANT SELECT ON TABLE crm.attribution TO kpi_bi;
GRANT SELECT ON TABLE crm.attribution_by_campaign TO kpi_bi;
GRANT SELECT ON TABLE crm.attribution_shift TO kpi_bi;
GRANT SELECT ON TABLE crm.channel_family TO kpi_bi;
GRANT SELECT ON TABLE crm.stage TO kpi_bi;
GRANT SELECT ON TABLE crm.ladder TO kpi_bi;
GRANT SELECT ON TABLE crm_data.history TO kpi_bi;
GRANT SELECT ON TABLE crm.stage_event TO kpi_bi;
GRANT SELECT ON TABLE crm.funnel_event TO kpi_bi;
GRANT SELECT ON TABLE crm.observation TO kpi_bi;
GRANT SELECT ON TABLE crm.lead_outcome TO kpi_bi;
GRANT SELECT ON TABLE crm.channel_comparison TO kpi_bi;
GRANT SELECT ON TABLE crm.cohort_conversion TO kpi_bi;
GRANT SELECT ON TABLE crm.counted_deal TO kpi_bi;
GRANT SELECT ON TABLE crm.cpl_to_revenue TO kpi_bi;
GRANT SELECT ON TABLE crm.cycle_time TO kpi_bi;
GRANT SELECT ON TABLE crm.cycle_time_by_channel TO kpi_bi;
GRANT SELECT ON TABLE crm.cycle_time_by_month TO kpi_bi;
GRANT SELECT ON TABLE crm.data_quality TO kpi_bi;
GRANT SELECT ON TABLE crm.diagnosis TO kpi_bi;
GRANT SELECT ON TABLE crm.pipeline_moment TO kpi_bi;
GRANT SELECT ON TABLE crm.pipeline_snapshot TO kpi_bi;
GRANT SELECT ON TABLE crm.forecast TO kpi_bi;
GRANT SELECT ON TABLE crm.forecast_by_age TO kpi_bi;
GRANT SELECT ON TABLE crm.forecast_by_stage TO kpi_bi;
GRANT SELECT ON TABLE crm.funnel TO kpi_bi;
GRANT SELECT ON TABLE crm.funnel_by_campaign TO kpi_bi;
GRANT SELECT ON TABLE crm.funnel_by_channel TO kpi_bi;
GRANT SELECT ON TABLE crm.funnel_by_month TO kpi_bi;
GRANT SELECT ON TABLE crm.lead_features TO kpi_bi;
GRANT SELECT ON TABLE crm.learned_profile TO kpi_bi;
GRANT SELECT ON TABLE crm.score_history TO kpi_bi;
GRANT SELECT ON TABLE crm.lead_score TO kpi_bi;
GRANT SELECT ON TABLE crm.hand_off TO kpi_bi;
GRANT SELECT ON TABLE crm.icp_fit TO kpi_bi;
GRANT SELECT ON TABLE crm.journey_paths TO kpi_bi;
GRANT SELECT ON TABLE crm.lead_generated TO kpi_bi;
GRANT SELECT ON TABLE crm.marginal_return TO kpi_bi;
GRANT SELECT ON TABLE crm.mql_acceptance TO kpi_bi;
GRANT SELECT ON TABLE crm.mql_acceptance_by_channel TO kpi_bi;
GRANT SELECT ON TABLE crm.period_change TO kpi_bi;
GRANT SELECT ON TABLE crm.score_calibration TO kpi_bi;
GRANT SELECT ON TABLE crm.score_lift TO kpi_bi;
GRANT SELECT ON TABLE crm.score_quality TO kpi_bi;
GRANT SELECT ON TABLE crm.unit_cost TO kpi_bi;
GRANT SELECT ON TABLE kpi.spend TO kpi_bi;
GRANT SELECT ON TABLE kpi.counted_spend TO kpi_bi;
GRANT SELECT ON TABLE kpi.touch TO kpi_bi;
GRANT SELECT ON TABLE kpi.journey_event TO kpi_bi;
GRANT SELECT ON TABLE kpi.attribution TO kpi_bi;
GRANT SELECT ON TABLE kpi.attribution_by_campaign TO kpi_bi;
GRANT SELECT ON TABLE kpi.attribution_shift TO kpi_bi;
GRANT SELECT ON TABLE kpi.channel_family TO kpi_bi;
GRANT SELECT ON TABLE kpi.observation TO kpi_bi;
GRANT SELECT ON TABLE kpi.lead_outcome TO kpi_bi;
GRANT SELECT ON TABLE kpi.channel_comparison TO kpi_bi;
GRANT SELECT ON TABLE kpi.cohort_conversion TO kpi_bi;
GRANT SELECT ON TABLE kpi.counted_deal TO kpi_bi;
GRANT SELECT ON TABLE kpi.cpl_to_revenue TO kpi_bi;
GRANT SELECT ON TABLE kpi.cycle_time TO kpi_bi;
GRANT SELECT ON TABLE kpi.cycle_time_by_channel TO kpi_bi;
GRANT SELECT ON TABLE kpi.cycle_time_by_month TO kpi_bi;
GRANT SELECT ON TABLE kpi.data_quality TO kpi_bi;
GRANT SELECT ON TABLE kpi.diagnosis TO kpi_bi;
GRANT SELECT ON TABLE kpi.pipeline_moment TO kpi_bi;
GRANT SELECT ON TABLE kpi.pipeline_snapshot TO kpi_bi;
GRANT SELECT ON TABLE kpi.forecast TO kpi_bi;
GRANT SELECT ON TABLE kpi.forecast_by_age TO kpi_bi;
GRANT SELECT ON TABLE kpi.forecast_by_stage TO kpi_bi;
GRANT SELECT ON TABLE kpi.funnel_by_campaign TO kpi_bi;
GRANT SELECT ON TABLE kpi.funnel_by_channel TO kpi_bi;
GRANT SELECT ON TABLE kpi.funnel_by_month TO kpi_bi;
GRANT SELECT ON TABLE kpi.lead_features TO kpi_bi;
GRANT SELECT ON TABLE kpi.learned_profile TO kpi_bi;
GRANT SELECT ON TABLE kpi.score_history TO kpi_bi;
GRANT SELECT ON TABLE kpi.lead_score TO kpi_bi;
GRANT SELECT ON TABLE kpi.hand_off TO kpi_bi;
GRANT SELECT ON TABLE kpi.icp_fit TO kpi_bi;
GRANT SELECT ON TABLE kpi.journey_paths TO kpi_bi;
GRANT SELECT ON TABLE kpi.lead_generated TO kpi_bi;
GRANT SELECT ON TABLE kpi.lead_generated TO kpi_guest;
GRANT SELECT ON TABLE kpi.marginal_return TO kpi_bi;
GRANT SELECT ON TABLE kpi.mql_acceptance_by_channel TO kpi_bi;
GRANT SELECT ON TABLE kpi.my_wins TO kpi_bi;
GRANT SELECT ON TABLE kpi.period_change TO kpi_bi;
GRANT SELECT ON TABLE kpi.score_calibration TO kpi_bi;
GRANT SELECT ON TABLE kpi.score_lift TO kpi_bi;
GRANT SELECT ON TABLE kpi.score_quality TO kpi_bi;
GRANT SELECT ON TABLE kpi.unit_cost TO kpi_bi;
GRANT SELECT ON TABLE report.by_channel TO kpi_bi;
GRANT SELECT ON TABLE report.best_channel TO kpi_bi;
GRANT SELECT ON TABLE report.monthly TO kpi_bi;
GRANT SELECT ON TABLE report.note TO kpi_bi;
GRANT SELECT ON TABLE report.settings TO kpi_bi;
GRANT SELECT ON TABLE report.uuid_wins TO kpi_bi;
REFRESH MATERIALIZED VIEW report.monthly;
