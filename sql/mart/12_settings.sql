-- The settings of a mart: the ladder and its exits (table stage), the counting rule (table rule), families and aliases of channels, meanings of activities.

CREATE FUNCTION mart_rule_stays()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'restrict_violation',
		MESSAGE = format('the row of %I.rule cannot be removed', TG_TABLE_SCHEMA),
		DETAIL = 'Without it every view of the mart would be empty.',
		HINT = format('Change it with UPDATE %I.rule SET ..., or drop the mart with lead_kpi.drop_mart(%L).', TG_TABLE_SCHEMA, TG_TABLE_SCHEMA);
END;
$$;
COMMENT ON FUNCTION mart_rule_stays() IS 'Trigger on a mart''s table rule: refuses DELETE and TRUNCATE, which would empty every view silently.';

CREATE FUNCTION mart_settings(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	-- The name is the key, for replication and ON CONFLICT. The others are deferrable, so that one UPDATE can move stages up and down.
	CREATE TABLE stage
	(
		position integer NOT NULL UNIQUE DEFERRABLE CHECK (position > 0),
		stage text PRIMARY KEY CHECK (btrim(stage, E' \t\r\n') <> ''),
		role text CHECK (role IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won', 'lost')),
		CONSTRAINT stage_role_once EXCLUDE USING btree (role WITH =) WHERE (role <> 'lost') DEFERRABLE
	);
	COMMENT ON TABLE stage IS 'The ladder: the stages of this mart in order, at most 32.';
	COMMENT ON COLUMN stage.position IS 'Order on the ladder; gaps are allowed.';
	COMMENT ON COLUMN stage.stage IS 'The stage as stage_event.stage spells it, in any language.';
	COMMENT ON COLUMN stage.role IS
		'What the stage means to the KPIs: lead, mql, sal, sql, opportunity or won; NULL = a step of the funnel and nothing more. Each has one stage. '
		'lost, which any number of stages may have, is no step: leads leave by it.';
	INSERT INTO stage SELECT d.position, d.stage, d.role FROM mart_default_ladder() d;

	CREATE TABLE rule
	(
		id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
		mart_format integer NOT NULL DEFAULT 2 CHECK (mart_format > 0),
		counted_kinds text[],
		duplicate_key text NOT NULL DEFAULT 'email' CHECK (duplicate_key IN ('email', 'company', 'phone', 'email_or_phone', 'none')),
		duplicate_window interval DEFAULT '30 days' CHECK (duplicate_window >= '0'),
		test_pattern text DEFAULT '(^|[.+_-])test[0-9]*@|@test\.|\.(test|invalid)$' CHECK ('' ~* test_pattern IS NOT NULL OR test_pattern IS NULL),
		-- Without lookaround, and what only starts a name anchored: that takes half the time.
		bot_pattern text DEFAULT
			'(^|[^u]|[^c]u)bot(\W|$)|crawler|spider|slurp'	-- crawlers; a CUBOT is a telephone
			'|^(pycurl|curl|wget|httpie|python|aiohttp|httpx|okhttp|go-http|apache-http|libwww|lwp|axios|node|undici|guzzle|java|php|ruby|scrapy)'
			'|^(facebookexternalhit|slack|whatsapp|iframely)|embedly|uripreview'	-- previews of links
			'|^pingdom|uptime|statuscake'	-- monitors
			'|headless|phantomjs|puppeteer|playwright|selenium'
			CHECK ('' ~* bot_pattern IS NOT NULL OR bot_pattern IS NULL),
		internal_pattern text CHECK ('' ~* internal_pattern IS NOT NULL OR internal_pattern IS NULL),
		internal_domains text[],
		observed_until timestamptz CHECK (isfinite(observed_until)),
		time_zone text NOT NULL DEFAULT 'UTC' CHECK (checked_time_zone(time_zone)),
		funnel_policy text NOT NULL DEFAULT 'reached' CHECK (funnel_policy IN ('ordered', 'reached', 'any_order')),
		funnel_within interval CHECK (funnel_within >= '0' AND date_part('year', funnel_within) = 0 AND date_part('month', funnel_within) = 0),
		transmitted_role text NOT NULL DEFAULT 'mql' CHECK (transmitted_role IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won')),
		accepted_role text NOT NULL DEFAULT 'sal' CHECK (accepted_role IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won')),
		acceptance_threshold float8 NOT NULL DEFAULT 0.6 CHECK (acceptance_threshold >= 0 AND acceptance_threshold <= 1),
		confidence_level float8 NOT NULL DEFAULT 0.95 CHECK (confidence_level > 0 AND confidence_level < 1),
		gross_margin numeric CHECK (gross_margin > 0 AND gross_margin <= 1),
		attribution_model text NOT NULL DEFAULT 'linear' CHECK (attribution_model IN ('first_touch', 'last_touch', 'last_non_direct',
			'linear', 'time_decay', 'position_based', 'w_shaped', 'full_path', 'markov', 'shapley')),
		attribution_lookback interval DEFAULT '90 days'
			CHECK (attribution_lookback > '0' AND date_part('year', attribution_lookback) = 0 AND date_part('month', attribution_lookback) = 0),
		attribution_half_life interval NOT NULL DEFAULT '7 days'
			CHECK (attribution_half_life > '0' AND date_part('year', attribution_half_life) = 0 AND date_part('month', attribution_half_life) = 0),
		scorecard scorecard,
		icp_fit float8 CHECK (icp_fit > '-Infinity' AND icp_fit < 'Infinity'),
		score_horizon interval NOT NULL DEFAULT '90 days'
			CHECK (score_horizon > '0' AND date_part('year', score_horizon) = 0 AND date_part('month', score_horizon) = 0),
		score_attributes text[],
		score_features text[] NOT NULL DEFAULT '{channel,stage}'
			CHECK (score_features <@ '{channel,campaign,kind,stage,recent_touches,touch_kinds}'),
		language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'fr')),
		duplicates text NOT NULL DEFAULT 'fold' CHECK (duplicates IN ('fold', 'drop')),
		placeholder_pattern text DEFAULT
			'^(no[._-]?e?mail|nomail|no-?reply|none|nobody|null|unknown|n/a|not?[._-]?(given|known|provided|available)|dummy|fake|inconnu|aucun)[0-9]*@'
			'|@(no-?e?mail|none|unknown|example|dummy|fake)\.'
			CHECK ('' ~* placeholder_pattern IS NOT NULL OR placeholder_pattern IS NULL),
		placeholders text[] DEFAULT
			'{n/a,na,none,"null",nil,unknown,not known,not provided,no company,no phone,self-employed,self employed,selfemployed,freelance,freelancer,'
			'independent,individual,private,private person,student,unemployed,retired,test,-,--,---,.,?,x,xx,xxx,'
			'inconnu,aucun,aucune,particulier,sans,auto-entrepreneur,autoentrepreneur,independant,privat,unbekannt,keine}',
		clock_skew interval NOT NULL DEFAULT '1 day'
			CHECK (clock_skew >= '0' AND clock_skew <= '1 day' AND date_part('year', clock_skew) = 0 AND date_part('month', clock_skew) = 0),
		currency text CHECK (btrim(currency) = currency AND currency <> ''),
		fiscal_year_start integer NOT NULL DEFAULT 1 CHECK (fiscal_year_start BETWEEN 1 AND 12),
		channel_spend text NOT NULL DEFAULT 'spread' CHECK (channel_spend IN ('spread', 'keep')),
		phone_country text CHECK (phone_country ~ '^\+[1-9][0-9]{0,3}$'),
		segments text[] CHECK (array_position(segments, NULL) IS NULL AND '' <> ALL (segments)
			AND NOT segments && '{owner,kind,icp,month,channel}'),
		segment_values integer NOT NULL DEFAULT 20 CHECK (segment_values > 0),
		working_hours text NOT NULL DEFAULT 'mon-fri 09:00-18:00' CHECK (checked_working_hours(working_hours)),
		holidays date[] CHECK (array_position(holidays, NULL) IS NULL),
		account_key text CHECK (account_key IN ('account', 'company', 'email_domain')),
		free_mail_domains text[] DEFAULT
			'{gmail.com,googlemail.com,outlook.com,outlook.fr,hotmail.com,hotmail.fr,hotmail.co.uk,live.com,live.fr,msn.com,yahoo.com,yahoo.fr,yahoo.co.uk,'
			'ymail.com,rocketmail.com,icloud.com,me.com,mac.com,aol.com,proton.me,protonmail.com,gmx.com,gmx.de,gmx.net,gmx.fr,web.de,t-online.de,mail.com,'
			'mail.ru,yandex.ru,yandex.com,qq.com,163.com,126.com,zoho.com,orange.fr,wanadoo.fr,free.fr,sfr.fr,neuf.fr,laposte.net,bbox.fr,numericable.fr,'
			'libero.it,virgilio.it,terra.es,telefonica.net,skynet.be,telenet.be,bluewin.ch,ziggo.nl,kpnmail.nl,btinternet.com,comcast.net,verizon.net,att.net}',
		stale_after interval NOT NULL DEFAULT '30 days'
			CHECK (stale_after > '0' AND date_part('year', stale_after) = 0 AND date_part('month', stale_after) = 0),
		recurring_months integer CHECK (recurring_months > 0),
		retention interval CHECK (retention > '0'),
		scorecard_text text
	);
	COMMENT ON TABLE rule IS 'The counting rule and the other settings of this mart: one row, to be changed with UPDATE.';
	COMMENT ON COLUMN rule.id IS 'Always 1: the table has one row.';
	COMMENT ON COLUMN rule.mart_format IS 'Layout of the mart, written by create_mart: not a setting.';
	COMMENT ON COLUMN rule.counted_kinds IS 'The kinds of lead that count; NULL = all. A lead of unknown kind counts only when this is NULL.';
	COMMENT ON COLUMN rule.duplicate_key IS
		'What makes two leads the same: email (see lead_kpi.normalize_email), company (case and outer blanks ignored), phone (see lead_kpi.normalize_phone; '
		'of attributes phone, telephone, mobile, mobilephone, phone_number the first that is there), email_or_phone (either of them), or none. A lead without '
		'the key, or with a placeholder for it, is never a duplicate.';
	COMMENT ON COLUMN rule.duplicate_window IS
		'A lead is a duplicate when the one before it with the same key is at most this much older; NULL = however old.';
	COMMENT ON COLUMN rule.test_pattern IS 'Leads whose e-mail or company matches this regular expression (case ignored) are tests; NULL = none.';
	COMMENT ON COLUMN rule.bot_pattern IS
		'Leads whose attributes->>''user_agent'' matches this regular expression (case ignored) are bots; NULL = none. '
		'The default knows crawlers, HTTP libraries and command lines, link previews, monitors and headless browsers.';
	COMMENT ON COLUMN rule.internal_pattern IS 'Leads whose e-mail or company matches this regular expression (case ignored) are internal; NULL = none.';
	COMMENT ON COLUMN rule.internal_domains IS 'E-mail domains of the own company and its agencies, subdomains included; NULL = none.';
	COMMENT ON COLUMN rule.observed_until IS
		'Up to when the data is complete, such as the time of the export; NULL = the latest time in the data that is not in the future. Leads are '
		'judged by what they had the time to do until then.';
	COMMENT ON COLUMN rule.time_zone IS 'The time zone in which a day and a month begin, and of mapped times that carry no zone.';
	COMMENT ON COLUMN rule.funnel_policy IS
		'How stages count: reached (a later stage implies the earlier ones), ordered (each at or after the one before) or any_order. See lead_kpi.funnel.';
	COMMENT ON COLUMN rule.funnel_within IS 'Only stages entered this long after the lead was created count; NULL = no limit. Days, hours and less: '
		'a month has no fixed length.';
	COMMENT ON COLUMN rule.transmitted_role IS 'mql_acceptance: the role of the stage at which marketing hands a lead to sales.';
	COMMENT ON COLUMN rule.accepted_role IS 'mql_acceptance: the role of the stage by which sales accepts it.';
	COMMENT ON COLUMN rule.acceptance_threshold IS 'The acceptance rate that both teams agreed on, 0 to 1.';
	COMMENT ON COLUMN rule.confidence_level IS 'Level of every _low and _high in the views, between 0 and 1.';
	COMMENT ON COLUMN rule.gross_margin IS 'Share of revenue that is margin, for romi and break_even_cpl; NULL = not stated, and they are NULL.';
	COMMENT ON COLUMN rule.attribution_model IS
		'The model that the company steers by: is_default in the view attribution, default_share in attribution_shift. All models are computed, '
		'whatever it is.';
	COMMENT ON COLUMN rule.attribution_lookback IS
		'Touches older than this before the conversion get no credit; NULL = no limit. Days, hours and less: a month has no fixed length.';
	COMMENT ON COLUMN rule.attribution_half_life IS
		'Time-decay attribution: a touch this much older gets half the credit. Days, hours and less: a month has no fixed length.';
	COMMENT ON COLUMN rule.scorecard IS
		'The rules of the score (see lead_kpi.scorecard), for lead_score, hand_off and icp_fit; NULL = none, and these views are empty.';
	COMMENT ON COLUMN rule.icp_fit IS
		'icp_fit: a lead with at least these points of fit is inside the ideal customer profile; NULL = not stated, and all but leads is NULL there.';
	COMMENT ON COLUMN rule.score_horizon IS
		'A score is judged, and a probability learned, by whether the lead is won within this after scoring. Days of 24 hours and less: a month has '
		'no fixed length.';
	COMMENT ON COLUMN rule.score_attributes IS
		'The members of lead.attributes that are known when a lead is scored: all of these are learned from, and no others. NULL = those that prove '
		'themselves on later month ends (see score_choice); {} = none. lead.attributes has no history, so only you can tell: what is filled in after '
		'a sale would predict it.';
	COMMENT ON COLUMN rule.score_features IS
		'What probabilities may be learned from besides: stage (and how long the lead has been there), and, if they prove themselves, channel, campaign, '
		'kind, recent_touches (of the last 30 days), touch_kinds.';
	COMMENT ON COLUMN rule.language IS 'Language of the messages in the views: en or fr.';
	COMMENT ON COLUMN rule.duplicates IS
		'What happens to duplicates and merged leads: fold (they are not counted, and their stages, touches and deals count for the lead that is) or drop '
		'(neither they nor what happened to them counts).';
	COMMENT ON COLUMN rule.placeholder_pattern IS
		'Duplicate keys (e-mail, company, telephone) that match this regular expression (case ignored) stand for nothing and make no duplicates; NULL = none.';
	COMMENT ON COLUMN rule.placeholders IS
		'The same for whole values, case and outer blanks ignored, such as n/a or self-employed; NULL = none.';
	COMMENT ON COLUMN rule.clock_skew IS
		'What is dated at most this long before the creation of its lead happened at its creation: clocks differ, and days have no hour. Up to a day.';
	COMMENT ON COLUMN rule.phone_country IS
		'The calling code, such as +49, that telephone numbers without one have; NULL = such numbers are the same among themselves only.';
	COMMENT ON COLUMN rule.currency IS
		'The currency of the mart, as spend.currency and deal.currency name it. NULL = the one that they name, when it is one. Money in another is '
		'converted by the table currency_rate; where that has no rate it is set aside, never added.';
	COMMENT ON COLUMN rule.fiscal_year_start IS 'The month, 1 to 12, in which the fiscal year begins: what quarters and years in the views are.';
	COMMENT ON COLUMN rule.channel_spend IS
		'What becomes of spend that names a channel and no campaign: spread (over the campaigns of that channel and month, by their counted leads) or '
		'keep (a row of the channel).';
	COMMENT ON COLUMN rule.segments IS
		'Members of lead.attributes to cut by in the views of segments, such as industry or country; a dot leads into an object or belongs to a key, as in '
		'rule.scorecard. owner, kind, icp, month and channel are segments by themselves. NULL = no others.';
	COMMENT ON COLUMN rule.segment_values IS
		'How many values a segment shows: the largest by leads. The others are one row, which says how many they are (is_pooled, pooled_values); months '
		'are all shown.';
	COMMENT ON COLUMN rule.working_hours IS
		'When somebody is there to answer: days (mon, tue, wed, thu, fri, sat, sun, or from-to) and hours in the time zone of the mart, such as '
		'''mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00''. See lead_kpi.working_minutes.';
	COMMENT ON COLUMN rule.holidays IS 'Days on which nobody works, in the time zone of the mart; NULL = none.';
	COMMENT ON COLUMN rule.account_key IS
		'What tells the account of a lead: account, company (case and outer blanks ignored) or email_domain (but for rule.free_mail_domains). NULL = the '
		'first of these that at least half as many leads have as the most frequent one.';
	COMMENT ON COLUMN rule.free_mail_domains IS 'Domains of e-mail addresses that are no company; NULL = none.';
	COMMENT ON COLUMN rule.stale_after IS
		'An open lead or deal of which nothing has been heard for longer than this is told by pipeline_hygiene. Days, hours and less: a month has no fixed '
		'length.';
	COMMENT ON COLUMN rule.recurring_months IS
		'How many months the amount of a deal pays for, where customers pay again and again: 12 = amounts are a year''s. NULL = deals are paid once.';
	COMMENT ON COLUMN rule.retention IS
		'How long after the last contact lead_kpi.forget_old_leads forgets a lead, such as 3 years; NULL = never.';
	COMMENT ON COLUMN rule.scorecard_text IS
		'What scorecard says, written beside it whenever it is set: not a setting. DROP EXTENSION ... CASCADE takes the other column, and upgrade_mart brings '
		'it back from this one. NULL = no scorecard.';
	INSERT INTO rule DEFAULT VALUES;
	CREATE TABLE channel_family
	(
		channel text PRIMARY KEY CHECK (btrim(channel) = channel AND channel <> ''),
		family text NOT NULL CHECK (family <> '')
	);
	COMMENT ON TABLE channel_family IS 'Which channels belong together, for channel_comparison: inbound, outbound, or what you compare.';
	COMMENT ON COLUMN channel_family.channel IS 'The channel, as lead.channel and spend.channel spell it, without outer spaces.';
	COMMENT ON COLUMN channel_family.family IS 'Its family. A channel that is not listed is a family of its own.';

	CREATE TABLE channel_alias
	(
		alias text PRIMARY KEY CHECK (btrim(alias) <> ''),
		channel text NOT NULL CHECK (btrim(channel) = channel AND channel <> '')
	);
	CREATE UNIQUE INDEX ON channel_alias (lower(btrim(alias)));
	COMMENT ON TABLE channel_alias IS
		'Other names of channels. Spellings that differ in case and outer blanks only are one channel without it.';
	COMMENT ON COLUMN channel_alias.alias IS 'What a relation says; case and outer blanks do not matter.';
	COMMENT ON COLUMN channel_alias.channel IS 'The channel that is meant, as the views shall show it.';

	CREATE TABLE activity_meaning
	(
		kind text NOT NULL,
		outcome text NOT NULL DEFAULT '',
		meaning text NOT NULL CHECK (meaning IN ('attempt', 'contact', 'meeting_booked', 'meeting_held', 'no_show', 'moved', 'cancelled', 'none')),
		PRIMARY KEY (kind, outcome)
	);
	COMMENT ON TABLE activity_meaning IS 'What the activities of this mart mean.';
	COMMENT ON COLUMN activity_meaning.kind IS 'As activity.kind spells it.';
	COMMENT ON COLUMN activity_meaning.outcome IS 'As activity.outcome spells it; empty = whatever the outcome.';
	COMMENT ON COLUMN activity_meaning.meaning IS
		'attempt (to reach the lead), contact (two-way), meeting_booked, meeting_held, no_show, moved, cancelled, or none: nobody''s doing, such as an '
		'automatic mail.';

	CREATE TABLE learned_profile
	(
		as_of timestamptz PRIMARY KEY,
		profile lead_profile NOT NULL,
		leads bigint NOT NULL,
		converted bigint,
		known_from timestamptz NOT NULL,
		is_mature boolean NOT NULL
	);
	COMMENT ON TABLE learned_profile IS
		'What lead_kpi.train_mart learned: per month end, and the moment of training, a profile of the leads that were open then. Written by '
		'train_mart only; empty = nothing learned.';
	COMMENT ON COLUMN learned_profile.as_of IS 'The moment: what was known of the leads by then is in the profile.';
	COMMENT ON COLUMN learned_profile.profile IS
		'The leads, and where is_mature which of them were won within rule.score_horizon; elsewhere none counts as won, and only lead_kpi.drift may read it.';
	COMMENT ON COLUMN learned_profile.leads IS 'Leads that were open at as_of.';
	COMMENT ON COLUMN learned_profile.converted IS 'Those of them that were won within rule.score_horizon; NULL = not known yet.';
	COMMENT ON COLUMN learned_profile.known_from IS
		'as_of + rule.score_horizon: from then on it is known who was won within it. A score of an earlier moment must not learn from this row.';
	COMMENT ON COLUMN learned_profile.is_mature IS 'True when known_from was not after observed_until: the row may be learned from.';

	CREATE TABLE learned_score
	(
		as_of timestamptz PRIMARY KEY,
		score_horizon interval NOT NULL,
		card scorecard NOT NULL,
		leads bigint NOT NULL,
		month_ends integer NOT NULL,
		attributes text[] NOT NULL,
		tested_month_ends integer NOT NULL,
		tests bigint,
		log_loss float8,
		log_loss_without float8,
		auc float8,
		auc_without float8
	);
	COMMENT ON TABLE learned_score IS
		'The model that lead_kpi.train_mart learned for each month end and for the moment of training, from what was known by then: a card whose points are '
		'log odds, and what the choice of its attributes rests on. Written by train_mart only.';
	COMMENT ON COLUMN learned_score.as_of IS 'The moment: the model learned from leads whose horizon was over by then.';
	COMMENT ON COLUMN learned_score.score_horizon IS 'rule.score_horizon as it was: for another one nothing was learned.';
	COMMENT ON COLUMN learned_score.card IS 'The model: base and points are log odds, so that the probability is 1 / (1 + exp(-fit)).';
	COMMENT ON COLUMN learned_score.leads IS 'Leads that it learned from: each is one, at however many month ends it was open.';
	COMMENT ON COLUMN learned_score.month_ends IS 'Month ends at which they were first seen in a stage and time in it.';
	COMMENT ON COLUMN learned_score.attributes IS 'What it reads, in the order in which it was chosen; empty = nothing, all leads have one probability.';
	COMMENT ON COLUMN learned_score.tested_month_ends IS 'Month ends on which the choice was tested: scored without their outcome, judged by it.';
	COMMENT ON COLUMN learned_score.tests IS 'Leads of these month ends, of very many a sample; NULL = none yet.';
	COMMENT ON COLUMN learned_score.log_loss IS 'Mean of -ln(probability of what happened) over the tests with the chosen attributes; lower is better.';
	COMMENT ON COLUMN learned_score.log_loss_without IS 'The same of the stage and the time in it alone.';
	COMMENT ON COLUMN learned_score.auc IS 'Area under the ROC curve with the chosen attributes: mean over the tested month ends, by leads won.';
	COMMENT ON COLUMN learned_score.auc_without IS 'The same of the stage and the time in it alone.';

	CREATE TABLE learned_choice
	(
		as_of timestamptz,
		attribute text,
		is_chosen boolean NOT NULL,
		leads bigint NOT NULL,
		levels bigint NOT NULL,
		tests bigint NOT NULL,
		weight float8,
		evidence float8,
		evidence_needed float8,
		gain float8,
		reason text NOT NULL,
		PRIMARY KEY (as_of, attribute)
	);
	COMMENT ON TABLE learned_choice IS
		'Why lead_kpi.train_mart uses an attribute or leaves it out, per moment, by what was known then. Written by train_mart only; the view score_choice '
		'shows it.';
	COMMENT ON COLUMN learned_choice.as_of IS 'The moment, as in learned_score.';
	COMMENT ON COLUMN learned_choice.attribute IS 'Member of lead.attributes, or lead.* for what the mart knows of the lead.';
	COMMENT ON COLUMN learned_choice.is_chosen IS 'Whether probabilities of then read it.';
	COMMENT ON COLUMN learned_choice.leads IS 'Leads of the mart that have a value of it.';
	COMMENT ON COLUMN learned_choice.levels IS 'Values, or ranges of numbers, that 20 leads or more of known outcome had: others say nothing.';
	COMMENT ON COLUMN learned_choice.tests IS 'Leads of later month ends that it was tested on.';
	COMMENT ON COLUMN learned_choice.weight IS 'How much of its effects counts, 0 to 1: what chance and the other attributes do not explain.';
	COMMENT ON COLUMN learned_choice.evidence IS 'Standard errors by which it predicts what the model without it does not (score test).';
	COMMENT ON COLUMN learned_choice.evidence_needed IS 'What chance does not reach at rule.confidence_level with so many candidates.';
	COMMENT ON COLUMN learned_choice.gain IS 'By how much it lowers the mean log loss of the tests; below 0 it does harm.';
	COMMENT ON COLUMN learned_choice.reason IS 'Why it is used or not.';

	PERFORM lead_kpi.mart_setting_guards(mart);
END;
$$;
COMMENT ON FUNCTION mart_settings(name) IS
'Internal to create_mart: makes the tables of settings in the mart: stage, rule, channel_family, channel_alias, activity_meaning; '
'and what train_mart writes: learned_profile, learned_score, learned_choice.';
