-- What is wrong in the data, and where every row went: nothing is dropped silently.
-- French is written in UTF-8 here; see mart_text for how it reaches a database of any encoding.

CREATE FUNCTION mart_checks()
RETURNS TABLE (ordinal bigint, check_name text, severity text, meaning_en text, action_en text, meaning_fr text, action_fr text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 43
BEGIN ATOMIC
	SELECT row_number() OVER (), c.*
	FROM
	(VALUES
		-- lead: gross rows = leads_counted + every check that starts with leads_excluded_
		('leads_counted', 'info', 'Leads that every KPI counts.', 'Nothing.',
			'Les leads que tous les indicateurs comptent.', 'Rien.'),
		('leads_excluded_no_lead_id', 'error', 'Leads without an id: nothing can be joined to them, so they are not counted.', 'Give them an id at the source.',
			'Leads sans identifiant : rien ne peut leur être rattaché, ils ne sont pas comptés.', 'Leur donner un identifiant à la source.'),
		('leads_excluded_no_created_at', 'error', 'Leads without a (finite) time of creation: they belong to no period, so they are not counted.',
			'Fill created_at at the source.',
			'Leads sans date de création (finie) : ils n''appartiennent à aucune période et ne sont pas comptés.', 'Renseigner created_at à la source.'),
		('leads_excluded_repeated_lead_id', 'error', 'Rows that repeat a lead_id: only the earliest is counted.', 'Load each lead once.',
			'Lignes répétant un lead_id : seule la plus ancienne est comptée.', 'Charger chaque lead une seule fois.'),
		('leads_excluded_kind', 'info', 'Leads of a kind that the counting rule does not count.', 'Check rule.counted_kinds.',
			'Leads d''un type que la règle de comptage ne retient pas.', 'Vérifier rule.counted_kinds.'),
		('leads_excluded_test', 'info', 'Test leads.', 'Check rule.test_pattern when a real lead is among them.',
			'Leads de test.', 'Vérifier rule.test_pattern si un vrai lead s''y trouve.'),
		('leads_excluded_bot', 'info', 'Leads sent by a bot, by their user agent.', 'Protect the form; check rule.bot_pattern.',
			'Leads envoyés par un robot, d''après leur user agent.', 'Protéger le formulaire ; vérifier rule.bot_pattern.'),
		('leads_excluded_internal', 'info', 'Leads of the own company.', 'Check rule.internal_domains and rule.internal_pattern.',
			'Leads de l''entreprise elle-même.', 'Vérifier rule.internal_domains et rule.internal_pattern.'),
		('leads_excluded_duplicate', 'info', 'Leads that came again within the duplicate window.',
			'Merge them in the CRM; check rule.duplicate_key and rule.duplicate_window.',
			'Leads revenus dans la fenêtre de dédoublonnage.', 'Les fusionner dans le CRM ; vérifier rule.duplicate_key et rule.duplicate_window.'),
		('leads_without_channel', 'warning', 'Counted leads without a channel: a row of their own (NULL) in every view.',
			'Tag the forms; fill the channel at the source.',
			'Leads comptés sans canal : une ligne à part (NULL) dans chaque vue.', 'Marquer les formulaires ; renseigner le canal à la source.'),
		('leads_attributes_no_object', 'warning', 'Counted leads whose attributes are JSON but no object: they tell scoring nothing.',
			'Store attributes as {"name": value}.',
			'Leads comptés dont les attributs sont du JSON sans être un objet : ils ne disent rien au score.',
			'Stocker les attributs sous la forme {"nom": valeur}.'),
		('leads_in_the_future', 'warning', 'Counted leads created after now: a typing error or a wrong time zone.', 'Correct created_at at the source.',
			'Leads comptés créés dans le futur : erreur de saisie ou de fuseau horaire.', 'Corriger created_at à la source.'),
		('leads_without_spend', 'info', 'Counted leads whose month, channel and campaign have no spend: their CPL is unknown, not zero.',
			'Load the spend, spelled as in lead; nothing for free channels.',
			'Leads comptés sans dépense pour leur mois, canal et campagne : leur CPL est inconnu, pas nul.',
			'Charger la dépense, orthographiée comme dans lead ; rien pour les canaux gratuits.'),
		-- stage_event: rows = events_used + every check that starts with events_ignored_
		('events_used', 'info', 'Stage events that the funnels use.', 'Nothing.',
			'Événements d''étape que les entonnoirs utilisent.', 'Rien.'),
		('events_ignored_no_lead', 'error', 'Stage events without a lead: lead_id is NULL or not in lead.', 'Load the missing leads.',
			'Événements d''étape sans lead : lead_id NULL ou absent de lead.', 'Charger les leads manquants.'),
		('events_ignored_excluded_lead', 'info', 'Stage events of leads that are not counted.', 'Nothing; see leads_excluded_*.',
			'Événements d''étape de leads non comptés.', 'Rien ; voir leads_excluded_*.'),
		('events_ignored_unknown_stage', 'error', 'Stage events whose stage is NULL or not on the ladder.', 'Correct the stage, or add it to the table stage.',
			'Événements dont l''étape est NULL ou absente de l''échelle.', 'Corriger l''étape ou l''ajouter à la table stage.'),
		('events_ignored_no_time', 'error', 'Stage events without a (finite) time.', 'Fill entered_at at the source.',
			'Événements d''étape sans date (finie).', 'Renseigner entered_at à la source.'),
		('events_before_lead', 'warning', 'Used stage events dated before their lead was created.', 'Correct the time; usually the lead was entered late.',
			'Événements d''étape utilisés, antérieurs à la création de leur lead.', 'Corriger la date ; souvent le lead a été saisi en retard.'),
		-- deal: rows = deals_used + every check that starts with deals_ignored_
		('deals_used', 'info', 'Deals of counted leads.', 'Nothing.',
			'Affaires des leads comptés.', 'Rien.'),
		('deals_ignored_no_lead', 'error', 'Deals without a lead: lead_id is NULL or not in lead. Their revenue is in no view.',
			'Link the deal to its lead in the CRM.',
			'Affaires sans lead : lead_id NULL ou absent de lead. Leur chiffre d''affaires n''est dans aucune vue.',
			'Rattacher l''affaire à son lead dans le CRM.'),
		('deals_ignored_excluded_lead', 'warning', 'Deals of leads that are not counted. Their revenue is in no view.',
			'See leads_excluded_*; a duplicate''s deal belongs to the first lead.',
			'Affaires de leads non comptés. Leur chiffre d''affaires n''est dans aucune vue.',
			'Voir leads_excluded_* ; l''affaire d''un doublon revient au premier lead.'),
		('deals_ignored_repeated_deal_id', 'error', 'Rows that repeat a deal_id: only the earliest is counted.', 'Load each deal once.',
			'Lignes répétant un deal_id : seule la plus ancienne est comptée.', 'Charger chaque affaire une seule fois.'),
		('deals_won_without_time', 'error', 'Used deals marked won without a (finite) closing time: not counted as won.', 'Fill closed_at at the source.',
			'Affaires gagnées sans date de clôture (finie) : non comptées comme gagnées.', 'Renseigner closed_at à la source.'),
		('deals_won_without_amount', 'warning', 'Won deals without an amount: their revenue is unknown, totals are too low.', 'Fill the amount at the source.',
			'Affaires gagnées sans montant : leur chiffre d''affaires est inconnu, les totaux sont trop bas.', 'Renseigner le montant à la source.'),
		('deals_closed_without_outcome', 'warning', 'Used deals with a closing time but neither won nor lost (is_won is NULL): taken as not won.',
			'Fill is_won at the source.',
			'Affaires closes sans issue (is_won NULL) : considérées comme non gagnées.', 'Renseigner is_won à la source.'),
		('deals_before_lead', 'warning', 'Used deals opened or closed before their lead was created: counted, but their cycle time means nothing.',
			'Correct the times; usually the lead was entered late.',
			'Affaires ouvertes ou closes avant la création de leur lead : comptées, mais leur durée ne veut rien dire.',
			'Corriger les dates ; souvent le lead a été saisi en retard.'),
		('deals_closed_before_opened', 'warning', 'Used deals closed before they were opened.', 'Correct the times.',
			'Affaires closes avant leur ouverture.', 'Corriger les dates.'),
		('deals_negative_amount', 'warning', 'Used deals with a negative amount: they lower revenue.', 'Check whether it is a refund.',
			'Affaires au montant négatif : elles réduisent le chiffre d''affaires.', 'Vérifier s''il s''agit d''un avoir.'),
		('deals_without_deal_id', 'warning', 'Used deals without an id: a repeated one cannot be recognised.', 'Fill deal_id at the source.',
			'Affaires sans identifiant : une répétition passerait inaperçue.', 'Renseigner deal_id à la source.'),
		-- touch: rows = touches_used + every check that starts with touches_ignored_
		('touches_used', 'info', 'Touches of counted leads.', 'Nothing.',
			'Points de contact des leads comptés.', 'Rien.'),
		('touches_ignored_no_lead', 'warning', 'Touches without a lead: lead_id is NULL or not in lead.',
			'Nothing for anonymous visits; else load the missing leads.',
			'Points de contact sans lead : lead_id NULL ou absent de lead.', 'Rien pour les visites anonymes ; sinon charger les leads manquants.'),
		('touches_ignored_excluded_lead', 'info', 'Touches of leads that are not counted.', 'Nothing; see leads_excluded_*.',
			'Points de contact de leads non comptés.', 'Rien ; voir leads_excluded_*.'),
		('touches_ignored_no_time', 'warning', 'Touches without a (finite) time.', 'Fill touched_at at the source.',
			'Points de contact sans date (finie).', 'Renseigner touched_at à la source.'),
		('touches_without_channel', 'warning', 'Used touches without a channel.', 'Tag the links; fill the channel at the source.',
			'Points de contact utilisés sans canal.', 'Marquer les liens ; renseigner le canal à la source.'),
		-- spend: every row is used; an amount that is not a number counts as unknown
		('spend_rows', 'info', 'Rows of spend.', 'Nothing.',
			'Lignes de dépense.', 'Rien.'),
		('spend_without_amount', 'error', 'Spend without an amount, or with one that is not a finite number: taken as unknown.',
			'Fill the amount at the source.',
			'Dépenses sans montant, ou au montant non fini : considérées comme inconnues.', 'Renseigner le montant à la source.'),
		('spend_negative', 'warning', 'Negative spend: it lowers the total. Where the sum is negative there is no unit cost.',
			'Check whether it is a credit note.',
			'Dépenses négatives : elles réduisent le total. Si la somme est négative, il n''y a pas de coût unitaire.', 'Vérifier s''il s''agit d''un avoir.'),
		('spend_without_date', 'error', 'Spend without a (finite) date: it belongs to no month.', 'Fill spent_on at the source.',
			'Dépenses sans date (finie) : elles n''appartiennent à aucun mois.', 'Renseigner spent_on à la source.'),
		('spend_without_channel', 'warning', 'Spend without a channel: it meets only leads without a channel.', 'Fill the channel at the source.',
			'Dépenses sans canal : elles ne rencontrent que les leads sans canal.', 'Renseigner le canal à la source.'),
		('spend_without_lead', 'warning', 'Spend whose month, channel and campaign have no counted lead: wasted, or spelled differently.',
			'Compare the spelling of channel and campaign in spend and lead.',
			'Dépenses dont le mois, le canal et la campagne n''ont aucun lead compté : perdues, ou orthographiées autrement.',
			'Comparer l''orthographe du canal et de la campagne dans spend et lead.'),
		-- settings
		('settings_role_without_stage', 'info', 'KPI roles that no stage of the ladder has: the columns behind them are NULL.',
			'Set stage.role for the stages that mean lead, mql, sal, sql, opportunity or won.',
			'Rôles qu''aucune étape de l''échelle ne porte : leurs colonnes sont NULL.', 'Renseigner stage.role pour les étapes qui signifient '
				'lead, mql, sal, sql, opportunity ou won.'),
		('settings_accepted_before_transmitted', 'error',
			'The accepting stage does not come after the transmitting one: the acceptance rate has no meaning.',
			'Correct rule.transmitted_role and rule.accepted_role.',
			'L''étape d''acceptation ne suit pas celle de transmission : le taux d''acceptation n''a pas de sens.',
			'Corriger rule.transmitted_role et rule.accepted_role.')
	) AS c(check_name, severity, meaning_en, action_en, meaning_fr, action_fr);
END;
COMMENT ON FUNCTION mart_checks() IS 'The checks of the view data_quality, in order, with their texts in English and, for mart_text, in French.';

-- The installed script is ASCII, so that it installs in any encoding: make writes every byte above 127 of these files as \ooo.
CREATE FUNCTION mart_text(escaped text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN convert_from
(
	-- Any other backslash stands for itself.
	decode(regexp_replace(escaped, '\\(?![23][0-7][0-7])', '\\\\', 'g'), 'escape'),
	CASE getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END
);
COMMENT ON FUNCTION mart_text(text) IS
'A text whose letters outside ASCII are written as the octal bytes of UTF-8 (backslash and three digits, 200 to 377), in the encoding of the '
'database; an error where that encoding does not have them. Any other backslash stands for itself.';

CREATE FUNCTION mart_quality_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW data_quality WITH (security_invoker = true) AS
	WITH judged_lead AS MATERIALIZED
	(
		SELECT lead_id, created_at, channel, campaign, month, excluded_reason,
			jsonb_typeof(attributes::jsonb) NOT IN ('object', 'null') AS no_object
		FROM counted_lead
	), known_lead AS
	(
		SELECT lead_id, created_at, excluded_reason IS NULL AS counted
		FROM judged_lead
		WHERE excluded_reason IS NULL OR excluded_reason NOT IN ('no_lead_id', 'repeated_lead_id')
	), judged_event AS
	(
		SELECT e.entered_at < l.created_at AS before_lead,
			CASE
				WHEN l.lead_id IS NULL THEN 'events_ignored_no_lead'
				WHEN NOT l.counted THEN 'events_ignored_excluded_lead'
				WHEN s.stage IS NULL THEN 'events_ignored_unknown_stage'
				WHEN NOT coalesce(isfinite(e.entered_at), false) THEN 'events_ignored_no_time'
				ELSE 'events_used'
			END AS check_name
		FROM stage_event e
		LEFT JOIN known_lead l USING (lead_id)
		LEFT JOIN stage s ON s.stage = e.stage
	), judged_touch AS
	(
		SELECT nullif(btrim(t.channel), '') IS NULL AS no_channel,
			CASE
				WHEN l.lead_id IS NULL THEN 'touches_ignored_no_lead'
				WHEN NOT l.counted THEN 'touches_ignored_excluded_lead'
				WHEN NOT coalesce(isfinite(t.touched_at), false) THEN 'touches_ignored_no_time'
				ELSE 'touches_used'
			END AS check_name
		FROM touch t
		LEFT JOIN known_lead l USING (lead_id)
	), judged_deal AS
	(
		SELECT d.*, l.created_at, CASE WHEN d.is_won THEN d.amount END AS revenue,
			CASE
				WHEN d.repeated THEN 'deals_ignored_repeated_deal_id'
				WHEN l.lead_id IS NULL THEN 'deals_ignored_no_lead'
				WHEN NOT l.counted THEN 'deals_ignored_excluded_lead'
				ELSE 'deals_used'
			END AS check_name
		FROM clean_deal d LEFT JOIN known_lead l USING (lead_id)
	), raw_deal AS
	(
		-- What clean_deal has already cleaned: outcomes and closing times as they came.
		SELECT d.is_won, d.closed_at, isfinite(d.closed_at) AS closed
		FROM deal d JOIN known_lead l USING (lead_id)
		WHERE l.counted
	), lead_cell AS
	(
		SELECT month, channel, campaign, count(*) AS leads
		FROM judged_lead
		WHERE excluded_reason IS NULL
		GROUP BY month, channel, campaign
	), spend_cell AS
	(
		SELECT month, channel, campaign, count(*) AS spends, sum(amount) AS amount
		FROM counted_spend
		GROUP BY month, channel, campaign
	), cell AS
	(
		SELECT sum(leads) AS leads, sum(spends) AS spends, sum(amount) AS amount
		FROM
		(
			SELECT month, channel, campaign, leads, 0 AS spends, NULL::numeric AS amount FROM lead_cell
			UNION ALL
			SELECT month, channel, campaign, 0, spends, amount FROM spend_cell
		) c
		GROUP BY month, channel, campaign
	), found(check_name, rows, amount) AS
	(
		SELECT CASE WHEN excluded_reason IS NULL THEN 'leads_counted' ELSE 'leads_excluded_' || excluded_reason END, count(*), NULL::numeric
		FROM judged_lead GROUP BY 1
		UNION ALL
		SELECT v.* FROM
			(SELECT count(*) FILTER (WHERE channel IS NULL) AS no_channel, count(*) FILTER (WHERE no_object) AS no_object,
				count(*) FILTER (WHERE created_at > now()) AS future
			FROM judged_lead WHERE excluded_reason IS NULL) a,
			LATERAL (VALUES ('leads_without_channel', no_channel, NULL::numeric), ('leads_attributes_no_object', no_object, NULL),
				('leads_in_the_future', future, NULL)) v
		UNION ALL
		SELECT 'leads_without_spend', sum(leads)::bigint, NULL FROM cell WHERE spends = 0
		UNION ALL
		SELECT check_name, count(*), NULL FROM judged_event GROUP BY check_name
		UNION ALL
		SELECT 'events_before_lead', count(*), NULL FROM judged_event WHERE check_name = 'events_used' AND before_lead
		UNION ALL
		SELECT check_name, count(*), sum(revenue) FROM judged_deal GROUP BY check_name
		UNION ALL
		SELECT v.* FROM
			(SELECT count(*) FILTER (WHERE is_won AND amount IS NULL) AS no_amount,
				count(*) FILTER (WHERE opened_at < created_at OR closed_at < created_at) AS before_lead,
				sum(revenue) FILTER (WHERE opened_at < created_at OR closed_at < created_at) AS before_lead_revenue,
				count(*) FILTER (WHERE closed_at < opened_at) AS reversed,
				count(*) FILTER (WHERE amount < 0) AS negative, sum(revenue) FILTER (WHERE amount < 0) AS negative_revenue,
				count(*) FILTER (WHERE deal_id IS NULL) AS no_id
			FROM judged_deal WHERE check_name = 'deals_used') a,
			LATERAL (VALUES ('deals_won_without_amount', no_amount, NULL::numeric), ('deals_before_lead', before_lead, before_lead_revenue),
				('deals_closed_before_opened', reversed, NULL), ('deals_negative_amount', negative, negative_revenue),
				('deals_without_deal_id', no_id, NULL)) v
		UNION ALL
		SELECT v.* FROM
			(SELECT count(*) FILTER (WHERE is_won AND closed IS NOT TRUE) AS no_time,
				count(*) FILTER (WHERE is_won IS NULL AND closed) AS no_outcome
			FROM raw_deal) a,
			LATERAL (VALUES ('deals_won_without_time', no_time, NULL::numeric), ('deals_closed_without_outcome', no_outcome, NULL)) v
		UNION ALL
		SELECT check_name, count(*), NULL FROM judged_touch GROUP BY check_name
		UNION ALL
		SELECT 'touches_without_channel', count(*), NULL FROM judged_touch WHERE check_name = 'touches_used' AND no_channel
		UNION ALL
		SELECT v.* FROM
			(SELECT count(*) AS all_rows, sum(amount) AS amount, count(*) FILTER (WHERE amount IS NULL) AS no_amount,
				count(*) FILTER (WHERE amount < 0) AS negative, sum(amount) FILTER (WHERE amount < 0) AS negative_amount,
				count(*) FILTER (WHERE month IS NULL) AS no_date, sum(amount) FILTER (WHERE month IS NULL) AS no_date_amount,
				count(*) FILTER (WHERE channel IS NULL) AS no_channel, sum(amount) FILTER (WHERE channel IS NULL) AS no_channel_amount
			FROM counted_spend) a,
			LATERAL (VALUES ('spend_rows', all_rows, amount), ('spend_without_amount', no_amount, NULL),
				('spend_negative', negative, negative_amount), ('spend_without_date', no_date, no_date_amount),
				('spend_without_channel', no_channel, no_channel_amount)) v
		UNION ALL
		SELECT 'spend_without_lead', sum(spends)::bigint, sum(amount) FROM cell WHERE leads = 0
		UNION ALL
		SELECT 'settings_role_without_stage', count(*), NULL
		FROM unnest(ARRAY['lead', 'mql', 'sal', 'sql', 'opportunity', 'won']) AS role
		WHERE role NOT IN (SELECT s.role FROM stage s WHERE s.role IS NOT NULL)
		UNION ALL
		SELECT 'settings_accepted_before_transmitted', count(*), NULL
		FROM stage t JOIN stage a ON a.position <= t.position
		WHERE t.role = (SELECT transmitted_role FROM rule) AND a.role = (SELECT accepted_role FROM rule)
	)
	SELECT c.check_name,
		CASE WHEN c.severity = 'info' OR coalesce(f.rows, 0) > 0 THEN c.severity ELSE 'ok' END AS severity,
		coalesce(f.rows, 0) AS rows, f.amount,
		CASE (SELECT language FROM rule) WHEN 'fr' THEN mart_text(c.meaning_fr) ELSE c.meaning_en END AS what_it_means,
		CASE (SELECT language FROM rule) WHEN 'fr' THEN mart_text(c.action_fr) ELSE c.action_en END AS what_to_do
	FROM mart_checks() c
	LEFT JOIN found f USING (check_name)
	ORDER BY c.ordinal;
	COMMENT ON VIEW data_quality IS
		'What is wrong in the data, one row per check, also when nothing is. It reconciles: rows of lead = leads_counted + leads_excluded_*, rows of '
		'stage_event = events_used + events_ignored_*, and so for deal and touch.';
END;
$$;
COMMENT ON FUNCTION mart_quality_views(name) IS 'Internal to create_mart: makes the view data_quality in the mart.';
