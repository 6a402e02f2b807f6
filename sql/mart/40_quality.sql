-- What is wrong in the data, and where every row went: nothing is dropped silently.
-- French is written in UTF-8 here; see mart_text for how it reaches a database of any encoding.

CREATE FUNCTION mart_checks()
RETURNS TABLE (ordinal bigint, check_name text, severity text, meaning_en text, action_en text, meaning_fr text, action_fr text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 81
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
		('leads_excluded_far_date', 'error',
			'Leads created on a date far from all others, or more than 31 days in the future: a typing error, so they are not counted.',
			'Correct created_at at the source.',
			'Leads créés à une date très éloignée de toutes les autres, ou à plus de 31 jours dans le futur : erreur de saisie, ils ne sont pas comptés.',
			'Corriger created_at à la source.'),
		('leads_excluded_repeated_lead_id', 'error', 'Rows that repeat a lead_id: only the earliest is counted.', 'Load each lead once.',
			'Lignes répétant un lead_id : seule la plus ancienne est comptée.', 'Charger chaque lead une seule fois.'),
		('leads_excluded_merged', 'info', 'Leads that the CRM merged into another one (merged_into).', 'Nothing; see leads_folded.',
			'Leads que le CRM a fusionnés avec un autre (merged_into).', 'Rien ; voir leads_folded.'),
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
		('leads_folded', 'info', 'Merged leads and duplicates whose stages, touches and deals count for a counted lead.',
			'Nothing; with rule.duplicates = drop they count for nobody.',
			'Leads fusionnés et doublons dont les étapes, points de contact et affaires comptent pour un lead compté.',
			'Rien ; avec rule.duplicates = drop ils ne comptent pour personne.'),
		('leads_merged_into_unknown', 'warning',
			'Leads whose merged_into names no lead, themselves, or a circle: they are taken as not merged.',
			'Load the lead that survived, or clear merged_into.',
			'Leads dont merged_into ne désigne aucun lead, eux-mêmes ou une boucle : considérés comme non fusionnés.',
			'Charger le lead conservé, ou vider merged_into.'),
		('leads_with_placeholder', 'info', 'Counted leads whose duplicate key stands for nothing, such as noemail@ or n/a: never taken as duplicates.',
			'Check rule.placeholders and rule.placeholder_pattern when a real key is among them.',
			'Leads comptés dont la clé de dédoublonnage ne désigne personne (noemail@, n/a) : jamais pris pour des doublons.',
			'Vérifier rule.placeholders et rule.placeholder_pattern si une vraie clé s''y trouve.'),
		('leads_key_joins_many', 'warning', 'Duplicates by a key that joins 10 leads or more: rather a shared or invented address than one person.',
			'If they are different people, add the key to rule.placeholders.',
			'Doublons dont la clé réunit 10 leads ou plus : une adresse partagée ou inventée plutôt qu''une seule personne.',
			'S''il s''agit de personnes différentes, ajouter la clé à rule.placeholders.'),
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
			'Load the spend, named as in lead; nothing for free channels.',
			'Leads comptés sans dépense pour leur mois, canal et campagne : leur CPL est inconnu, pas nul.',
			'Charger la dépense, nommée comme dans lead ; rien pour les canaux gratuits.'),
		-- names: of lead, spend, volume and touch together
		('channels_nearly_alike', 'warning', 'Pairs of channels that differ as by a typing error: each is a channel of its own.',
			'If they are the same, write one into the table channel_alias.',
			'Paires de canaux qui semblent différer par une faute de frappe : chacun est un canal à part.',
			'S''il s''agit du même, inscrire l''un des deux dans la table channel_alias.'),
		('campaigns_nearly_alike', 'warning', 'Pairs of campaigns that differ as by a typing error: each is a campaign of its own.',
			'If they are the same, correct one at the source.',
			'Paires de campagnes qui semblent différer par une faute de frappe : chacune est une campagne à part.',
			'S''il s''agit de la même, corriger l''une des deux à la source.'),
		('channels_aliased', 'info', 'Spellings that the table channel_alias gives to another channel.', 'Nothing.',
			'Orthographes que la table channel_alias attribue à un autre canal.', 'Rien.'),
		-- stage_event: rows = events_used + every check that starts with events_ignored_
		('events_used', 'info', 'Stage events that the funnels use.', 'Nothing.',
			'Événements d''étape que les entonnoirs utilisent.', 'Rien.'),
		('events_ignored_no_lead', 'error', 'Stage events without a lead: lead_id is NULL or not in lead.', 'Load the missing leads.',
			'Événements d''étape sans lead : lead_id NULL ou absent de lead.', 'Charger les leads manquants.'),
		('events_ignored_excluded_lead', 'info', 'Stage events of leads that are not counted.', 'Nothing; see leads_excluded_*.',
			'Événements d''étape de leads non comptés.', 'Rien ; voir leads_excluded_*.'),
		('events_ignored_unknown_stage', 'error', 'Stage events whose stage is NULL or not in the table stage.',
			'Add the stage to the table stage, with role lost when leads leave by it; or correct it at the source.',
			'Événements dont l''étape est NULL ou absente de la table stage.',
			'Ajouter l''étape à la table stage, avec le rôle lost si les leads sortent par elle ; ou la corriger à la source.'),
		('events_ignored_no_time', 'error', 'Stage events without a (finite) time.', 'Fill entered_at at the source.',
			'Événements d''étape sans date (finie).', 'Renseigner entered_at à la source.'),
		('events_ignored_far_date', 'error', 'Stage events on a date far from all others, or more than 31 days in the future: a typing error.',
			'Correct entered_at at the source.',
			'Événements d''étape à une date très éloignée de toutes les autres, ou à plus de 31 jours dans le futur : erreur de saisie.',
			'Corriger entered_at à la source.'),
		('events_exits', 'info', 'Those of events_used by which leads leave: stages with role lost.', 'Nothing.',
			'Parmi events_used, ceux par lesquels les leads sortent : étapes de rôle lost.', 'Rien.'),
		('events_moved_to_lead', 'info', 'Used stage events shortly before their lead was created (rule.clock_skew): dated at its creation.', 'Nothing.',
			'Événements d''étape utilisés, datés peu avant la création de leur lead (rule.clock_skew) : ramenés à sa création.', 'Rien.'),
		('events_before_lead', 'warning', 'Used stage events dated before their lead was created, by more than rule.clock_skew.',
			'Correct the time; usually the lead was entered late.',
			'Événements d''étape utilisés, antérieurs de plus de rule.clock_skew à la création de leur lead.',
			'Corriger la date ; souvent le lead a été saisi en retard.'),
		-- deal: rows = deals_used + every check that starts with deals_ignored_
		('deals_used', 'info', 'Deals of counted leads.', 'Nothing.',
			'Affaires des leads comptés.', 'Rien.'),
		('deals_ignored_no_lead', 'error', 'Deals without a lead: lead_id is NULL or not in lead. Their revenue is in no view.',
			'Link the deal to its lead in the CRM.',
			'Affaires sans lead : lead_id NULL ou absent de lead. Leur chiffre d''affaires n''est dans aucune vue.',
			'Rattacher l''affaire à son lead dans le CRM.'),
		('deals_ignored_excluded_lead', 'warning', 'Deals of leads that are not counted. Their revenue is in no view.',
			'See leads_excluded_*; with rule.duplicates = fold the deal of a duplicate counts for the first lead.',
			'Affaires de leads non comptés. Leur chiffre d''affaires n''est dans aucune vue.',
			'Voir leads_excluded_* ; avec rule.duplicates = fold l''affaire d''un doublon compte pour le premier lead.'),
		('deals_ignored_repeated_deal_id', 'error', 'Rows that repeat a deal_id: only the newest state counts, for one lead.',
			'Nothing for snapshots and for deals of several contacts; else load each deal once.',
			'Lignes répétant un deal_id : seul l''état le plus récent compte, pour un seul lead.',
			'Rien pour des extractions successives ou des affaires à plusieurs contacts ; sinon charger chaque affaire une seule fois.'),
		('deals_won_without_time', 'error', 'Used deals marked won without a (finite) closing time: not counted as won.', 'Fill closed_at at the source.',
			'Affaires gagnées sans date de clôture (finie) : non comptées comme gagnées.', 'Renseigner closed_at à la source.'),
		('deals_won_without_amount', 'warning', 'Won deals without an amount: their revenue is unknown, totals are too low.', 'Fill the amount at the source.',
			'Affaires gagnées sans montant : leur chiffre d''affaires est inconnu, les totaux sont trop bas.', 'Renseigner le montant à la source.'),
		('deals_unknown_currency', 'error', 'Used deals in a currency without a rate: their amount is unknown, and added to nothing.',
			'Set rule.currency, and write the rate into currency_rate.',
			'Affaires dans une devise sans taux : leur montant est inconnu et n''est ajouté à rien.',
			'Renseigner rule.currency, et inscrire le taux dans currency_rate.'),
		('deals_open_with_closing_time', 'info',
			'Used deals neither won nor lost (is_won is NULL) that have a closing time: open, and the time taken for an expected one.',
			'Fill is_won at the source when they are closed.',
			'Affaires ni gagnées ni perdues (is_won NULL) ayant une date de clôture : ouvertes, la date étant prise pour une prévision.',
			'Renseigner is_won à la source si elles sont closes.'),
		('deals_closing_in_the_future', 'warning',
			'Used deals won or lost after now: not closed yet. The column seems to hold the expected dates of open deals, which are lost when it has passed.',
			'Map a view that says is_won of closed deals only: CASE WHEN is_closed THEN is_won END AS is_won',
			'Affaires gagnées ou perdues dans le futur : pas encore closes. La colonne semble contenir les dates prévues d''affaires ouvertes, qui seront '
				'perdues une fois la date passée.',
			'Relier une vue qui ne donne is_won que pour les affaires closes : CASE WHEN is_closed THEN is_won END AS is_won'),
		('deals_far_date', 'error', 'Used deals opened or closed on a date far from all others: a typing error, taken as unknown.',
			'Correct opened_at and closed_at at the source.',
			'Affaires ouvertes ou closes à une date très éloignée de toutes les autres : erreur de saisie, considérée comme inconnue.',
			'Corriger opened_at et closed_at à la source.'),
		('deals_moved_to_lead', 'info', 'Used deals closed shortly before their lead was created (rule.clock_skew): dated at its creation.', 'Nothing.',
			'Affaires closes peu avant la création de leur lead (rule.clock_skew) : ramenées à sa création.', 'Rien.'),
		('deals_before_lead', 'warning',
			'Used deals opened or closed before their lead was created, by more than rule.clock_skew: counted, but their cycle time means nothing.',
			'Correct the times; usually the lead was entered late.',
			'Affaires ouvertes ou closes plus de rule.clock_skew avant la création de leur lead : comptées, mais leur durée ne veut rien dire.',
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
		('touches_ignored_far_date', 'warning', 'Touches more than 31 days in the future, or years after all else: a typing error.',
			'Correct touched_at at the source.',
			'Points de contact à plus de 31 jours dans le futur, ou des années après tout le reste : erreur de saisie.',
			'Corriger touched_at à la source.'),
		('touches_without_channel', 'warning', 'Used touches without a channel.', 'Tag the links; fill the channel at the source.',
			'Points de contact utilisés sans canal.', 'Marquer les liens ; renseigner le canal à la source.'),
		-- activity: rows = activities_used + every check that starts with activities_ignored_
		('activities_used', 'info', 'Activities of counted leads.', 'Nothing.',
			'Activités des leads comptés.', 'Rien.'),
		('activities_ignored_no_lead', 'warning', 'Activities without a lead: lead_id is NULL or not in lead.', 'Load the missing leads.',
			'Activités sans lead : lead_id NULL ou absent de lead.', 'Charger les leads manquants.'),
		('activities_ignored_excluded_lead', 'info', 'Activities of leads that are not counted.', 'Nothing; see leads_excluded_*.',
			'Activités de leads non comptés.', 'Rien ; voir leads_excluded_*.'),
		('activities_ignored_no_time', 'error', 'Activities without a (finite) time.', 'Fill activity_at at the source.',
			'Activités sans date (finie).', 'Renseigner activity_at à la source.'),
		('activities_ignored_far_date', 'error', 'Activities on a date far from all others, or more than 31 days in the future: a typing error.',
			'Correct activity_at at the source; when a meeting is to be is scheduled_for.',
			'Activités à une date très éloignée de toutes les autres, ou à plus de 31 jours dans le futur : erreur de saisie.',
			'Corriger activity_at à la source ; la date prévue d''un rendez-vous est scheduled_for.'),
		('activities_ignored_no_meaning', 'warning',
			'Activities whose kind and outcome the table activity_meaning does not know: they are neither an attempt nor a contact nor a meeting.',
			'Add them to activity_meaning; nothing for notes and what was sent automatically.',
			'Activités dont le type et le résultat ne figurent pas dans la table activity_meaning : ni tentative, ni contact, ni rendez-vous.',
			'Les ajouter à activity_meaning ; rien pour les notes et les envois automatiques.'),
		('activities_before_lead', 'warning',
			'Used activities dated before their lead was created, by more than rule.clock_skew: no answer to it, so speed and attempts do not count them.',
			'Correct the time; usually the lead was entered late.',
			'Activités utilisées, antérieures de plus de rule.clock_skew à la création de leur lead : elles n''y répondent pas, ni la vitesse ni les '
				'tentatives ne les comptent.',
			'Corriger la date ; souvent le lead a été saisi en retard.'),
		-- spend: every row is used; an amount that is not a number counts as unknown
		('spend_rows', 'info', 'Rows of spend.', 'Nothing.',
			'Lignes de dépense.', 'Rien.'),
		('spend_without_amount', 'error', 'Spend without an amount, or with one that is not a finite number: taken as unknown.',
			'Fill the amount at the source.',
			'Dépenses sans montant, ou au montant non fini : considérées comme inconnues.', 'Renseigner le montant à la source.'),
		('spend_unknown_currency', 'error', 'Spend in a currency without a rate: its amount is unknown, and added to nothing.',
			'Set rule.currency, and write the rate into currency_rate.',
			'Dépenses dans une devise sans taux : leur montant est inconnu et n''est ajouté à rien.',
			'Renseigner rule.currency, et inscrire le taux dans currency_rate.'),
		('spend_negative', 'warning', 'Negative spend: it lowers the total. Where the sum is negative there is no unit cost.',
			'Check whether it is a credit note.',
			'Dépenses négatives : elles réduisent le total. Si la somme est négative, il n''y a pas de coût unitaire.', 'Vérifier s''il s''agit d''un avoir.'),
		('spend_without_date', 'error', 'Spend without a (finite) date: it belongs to no month.', 'Fill spent_on at the source.',
			'Dépenses sans date (finie) : elles n''appartiennent à aucun mois.', 'Renseigner spent_on à la source.'),
		('spend_without_channel', 'warning', 'Spend without a channel: it meets only leads without a channel.', 'Fill the channel at the source.',
			'Dépenses sans canal : elles ne rencontrent que les leads sans canal.', 'Renseigner le canal à la source.'),
		('spend_campaign_in_many_channels', 'warning',
			'Spend that names no channel, and whose campaign has leads in several: it meets only leads without a channel.',
			'Fill the channel at the source.',
			'Dépenses sans canal, dont la campagne a des leads dans plusieurs canaux : elles ne rencontrent que les leads sans canal.',
			'Renseigner le canal à la source.'),
		('spend_spread', 'info', 'Spend of a channel only, spread over its campaigns of the month by their leads.', 'Nothing; see rule.channel_spend.',
			'Dépenses d''un canal seul, réparties entre ses campagnes du mois selon leurs leads.', 'Rien ; voir rule.channel_spend.'),
		('spend_without_lead', 'warning', 'Spend whose month, channel and campaign have no counted lead: wasted, or named differently.',
			'Compare the names of channel and campaign in spend and lead.',
			'Dépenses dont le mois, le canal et la campagne n''ont aucun lead compté : perdues, ou nommées autrement.',
			'Comparer les noms du canal et de la campagne dans spend et lead.'),
		-- volume: rows = volume_used + every check that starts with volume_ignored_
		('volume_used', 'info', 'Rows of volume that the funnels count.', 'Nothing.',
			'Lignes de volume que les entonnoirs comptent.', 'Rien.'),
		('volume_ignored_no_day', 'error', 'Rows of volume without a (finite) day: they belong to no month.', 'Fill day at the source.',
			'Lignes de volume sans jour (fini) : elles n''appartiennent à aucun mois.', 'Renseigner day à la source.'),
		('volume_ignored_unknown_stage', 'error', 'Rows of volume whose stage is NULL or not on the ladder; exits are not.',
			'Correct the stage, or add it to the table stage.',
			'Lignes de volume dont l''étape est NULL ou absente de l''échelle ; les sorties n''y sont pas.',
			'Corriger l''étape, ou l''ajouter à la table stage.'),
		('volume_ignored_no_leads', 'error', 'Rows of volume without a number of leads, or with a negative one.', 'Fill leads at the source.',
			'Lignes de volume sans nombre de leads, ou au nombre négatif.', 'Renseigner leads à la source.'),
		('volume_more_than_before', 'warning',
			'Stages of volume with more leads than the stage before, in a month, channel and campaign: rates above 1 cannot be.',
			'Count each lead on the day that it was generated, at every stage that it reached.',
			'Étapes de volume ayant plus de leads que l''étape précédente, pour un mois, un canal et une campagne : un taux ne dépasse pas 1.',
			'Compter chaque lead au jour de sa création, à chaque étape atteinte.'),
		-- settings
		('settings_role_without_stage', 'info', 'KPI roles that no stage of the ladder has: the columns behind them are NULL.',
			'Set stage.role for the stages that mean lead, mql, sal, sql, opportunity or won.',
			'Rôles qu''aucune étape de l''échelle ne porte : leurs colonnes sont NULL.', 'Renseigner stage.role pour les étapes qui signifient '
				'lead, mql, sal, sql, opportunity ou won.'),
		('settings_stage_never_recorded', 'warning',
			'Stages that nobody writes down, and that only later ones imply: their leads and rates are NULL.',
			'Record the stage in stage_event, or delete it from the table stage.',
			'Étapes que personne n''enregistre, et que seules les suivantes impliquent : leurs leads et leurs taux sont NULL.',
			'Enregistrer l''étape dans stage_event, ou la supprimer de la table stage.'),
		('settings_exit_without_role', 'warning',
			'Stages on the ladder whose name reads like an exit: whoever leaves by them counts as having reached every stage before.',
			'If leads are lost there, set stage.role to lost.',
			'Étapes de l''échelle dont le nom évoque une sortie : qui sort par elles compte comme ayant atteint toutes les étapes précédentes.',
			'Si les leads y sont perdus, mettre stage.role à lost.'),
		('settings_accepted_before_transmitted', 'error',
			'The accepting stage does not come after the transmitting one: the acceptance rate has no meaning.',
			'Correct rule.transmitted_role and rule.accepted_role.',
			'L''étape d''acceptation ne suit pas celle de transmission : le taux d''acceptation n''a pas de sens.',
			'Corriger rule.transmitted_role et rule.accepted_role.'),
		('settings_segment_unknown', 'warning', 'Members of rule.segments that no counted lead has: all leads are of unknown value there.',
			'Correct rule.segments; a dot leads into an object, and case matters.',
			'Membres de rule.segments qu''aucun lead compté ne possède : leur valeur y est inconnue pour tous.',
			'Corriger rule.segments ; un point mène dans un objet, et la casse compte.'),
		('currency_rate_unusable', 'error', 'Rows of currency_rate without a currency, a day, or a finite rate above 0: not used.',
			'Correct or delete them.',
			'Lignes de currency_rate sans devise, sans jour ou sans taux fini supérieur à 0 : non utilisées.',
			'Les corriger ou les supprimer.'),
		('row_security_applies', 'info', 'Relations of which row security hides rows from you: every number is about the rows that you may see.', 'Nothing.',
			'Relations dont la sécurité au niveau ligne vous cache des lignes : chaque chiffre porte sur les lignes que vous pouvez voir.', 'Rien.'),
		('row_security_uneven', 'error',
			'Relations left out for you: row security hides leads and not what belongs to them here, or the other way round, so that they cannot be compared.',
			'Have the owner put the same policy on all relations: lead_kpi.mart_policies writes it.',
			'Relations écartées pour vous : la sécurité au niveau ligne cache les leads mais pas ce qui leur correspond ici, ou l''inverse ; la comparaison '
				'serait fausse.',
			'Demander au propriétaire la même politique sur toutes les relations : lead_kpi.mart_policies l''écrit.')
	) AS c(check_name, severity, meaning_en, action_en, meaning_fr, action_fr);
END;
COMMENT ON FUNCTION mart_checks() IS 'The checks of the view data_quality, in order, with their texts in English and, for mart_text, in French.';

-- The installed script is ASCII, so that it installs in any encoding: make writes every byte above 127 of these files as \ooo.
CREATE FUNCTION mart_quality_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_check WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT check_name, value, lead_id, rows FROM lead_check_count
	), suspect AS MATERIALIZED
	(
		-- What adds up knows no present, and no attributes.
		SELECT lead_id FROM lead WHERE lead_id IS NOT NULL AND (created_at > now() OR jsonb_typeof(attributes) NOT IN ('object', 'null'))
	), held AS MATERIALIZED
	(
		-- Leads are judged for these only where there are some.
		SELECT lead_id
		FROM judged_lead
		WHERE (SELECT EXISTS (SELECT FROM suspect)) AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
			AND lead_id IN (SELECT lead_id FROM suspect)
	), told AS
	(
		-- Of rows that repeat a lead_id the one that judged_lead does not leave out.
		SELECT DISTINCT ON (lead_id) lead_id, created_at, email, company, attributes
		FROM lead
		WHERE lead_id IN (SELECT lead_id FROM counted WHERE check_name <> 'leads_key_joins_many' UNION ALL SELECT lead_id FROM held)
		ORDER BY lead_id, isfinite(created_at) DESC NULLS LAST, created_at, kind, channel, campaign, email, company, attributes, owner, account
	), described AS MATERIALIZED
	(
		SELECT attributes
		FROM judged_lead
		WHERE (SELECT cardinality(segments) > 0 FROM rule) AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
	), found AS
	(
		SELECT check_name, value, rows FROM counted WHERE CASE WHEN lead_id IS NULL THEN true ELSE false END
		UNION ALL
		SELECT c.check_name, CASE c.check_name WHEN 'leads_excluded_bot' THEN t.attributes ->> 'user_agent' ELSE coalesce(t.email, t.company) END, c.rows
		FROM counted c
		LEFT JOIN told t ON t.lead_id = c.lead_id
		WHERE c.lead_id IS NOT NULL AND c.check_name <> 'leads_key_joins_many'
		UNION ALL
		SELECT 'leads_attributes_no_object', h.lead_id::text, 1
		FROM held h JOIN told t USING (lead_id)
		WHERE jsonb_typeof(t.attributes) NOT IN ('object', 'null')
		UNION ALL
		SELECT 'leads_in_the_future', h.lead_id::text, 1 FROM held h JOIN told t USING (lead_id) WHERE t.created_at > now()
		UNION ALL
		SELECT 'leads_merged_into_unknown', format('%s -> %s', l.lead_id, l.merged_into), 1
		FROM lead l
		WHERE l.merged_into IS NOT NULL AND l.lead_id IS NOT NULL AND btrim(l.merged_into::text) <> ''
			AND NOT EXISTS (SELECT FROM merged_lead m WHERE m.lead_id = l.lead_id)
	)
	SELECT check_name, value, sum(rows)::bigint AS rows, NULL::numeric AS amount FROM found GROUP BY check_name, value
	UNION ALL
	SELECT DISTINCT 'settings_segment_unknown', s.segment, 1::bigint, NULL::numeric
	FROM unnest((SELECT segments FROM rule)) s(segment)
	WHERE EXISTS (SELECT FROM counted WHERE check_name = 'leads_counted')
		AND NOT EXISTS (SELECT FROM described d WHERE attribute_value(known_attributes(d.attributes), s.segment) IS NOT NULL)
	UNION ALL
	-- The lead that the run began with counts as well.
	SELECT check_name, format('%s (%s)', value, sum(rows) + count(*)), sum(rows)::bigint, NULL
	FROM counted
	WHERE check_name = 'leads_key_joins_many' AND rows >= 9
	GROUP BY check_name, value;
	COMMENT ON VIEW lead_check IS
		'Layer below data_quality: the leads of each check, by the value that it names, and the members of rule.segments that none has. Rows of lead = '
		'leads_counted + leads_excluded_*.';

	CREATE OR REPLACE VIEW event_check WITH (security_invoker = true) AS
	WITH touched AS MATERIALIZED
	(
		SELECT excluded_reason, value, is_without_channel, campaign, count(*) AS rows
		FROM
		(
			SELECT excluded_reason,
				CASE
					WHEN excluded_reason IS NULL THEN NULL
					WHEN excluded_reason IN ('no_lead', 'no_time') THEN lead_id::text
					WHEN excluded_reason = 'far_date' THEN to_char(touched_at, 'YYYY-MM-DD')
				END AS value,
				CASE WHEN excluded_reason IS NULL THEN is_without_channel ELSE false END AS is_without_channel,
				CASE WHEN excluded_reason IS NULL AND is_without_channel THEN campaign END AS campaign
			FROM
			(
				SELECT t.lead_id, t.touched_at, t.campaign, (btrim(t.channel, E' \t\r\n') <> '') IS NOT TRUE AS is_without_channel,
					CASE
						WHEN r.record_id IS NULL THEN 'no_lead'
						WHEN r.leads = 0 THEN 'excluded_lead'
						WHEN NOT coalesce(isfinite(t.touched_at), false) THEN 'no_time'
						WHEN t.touched_at >= (SELECT far_after FROM data_span) THEN 'far_date'
					END AS excluded_reason
				FROM touch t
				-- Grouped, so that the planner knows that each has one.
				LEFT JOIN (SELECT record_id, count(lead_id) AS leads FROM lead_record GROUP BY record_id) r ON r.record_id = t.lead_id
				WHERE CASE WHEN (SELECT mart_row_security('lead'::regclass)) THEN r.record_id IS NOT NULL ELSE true END
				-- Else the planner would ask for the reason wherever it is named.
				OFFSET 0
			) t
		) t
		GROUP BY excluded_reason, value, is_without_channel, campaign
	)
	SELECT check_name, value, rows, CASE WHEN amounts > 0 THEN amount END AS amount FROM event_check_count
	UNION ALL
	SELECT coalesce('touches_ignored_' || excluded_reason, 'touches_used'), value, sum(rows)::bigint, NULL FROM touched GROUP BY excluded_reason, value
	UNION ALL
	SELECT 'touches_without_channel', campaign, rows, NULL FROM touched WHERE is_without_channel;
	COMMENT ON VIEW event_check IS
		'Layer below data_quality: the stage events, deals and touches of each check, by the value that it names. Rows of stage_event = events_used + '
		'events_ignored_*, of which events_exits are among the used; rows of deal = deals_used + deals_ignored_*; rows of touch = touches_used + '
		'touches_ignored_*. What happened to a folded lead is used.';

	CREATE OR REPLACE VIEW activity_check WITH (security_invoker = true) AS
	WITH done AS MATERIALIZED
	(
		SELECT excluded_reason,
			CASE
				WHEN excluded_reason IN ('no_lead', 'no_time') OR excluded_reason IS NULL AND activity_at < created_at THEN record_id::text
				WHEN excluded_reason = 'far_date' THEN to_char(activity_at, 'YYYY-MM-DD')
				WHEN excluded_reason = 'no_meaning' THEN concat_ws(' / ', kind, nullif(outcome, ''))
			END AS value,
			excluded_reason IS NULL AND activity_at < created_at AS is_before_lead, count(*) AS rows
		FROM lead_activity
		GROUP BY 1, 2, 3
	)
	SELECT coalesce('activities_ignored_' || excluded_reason, 'activities_used') AS check_name,
		CASE WHEN excluded_reason IS NOT NULL THEN value END AS value, sum(rows)::bigint AS rows, NULL::numeric AS amount
	FROM done
	GROUP BY 1, 2
	UNION ALL
	SELECT 'activities_before_lead', value, rows, NULL FROM done WHERE is_before_lead;
	COMMENT ON VIEW activity_check IS
		'Layer below data_quality: the activities of each check, by the value that it names. Rows of activity = activities_used + activities_ignored_*.';

	CREATE OR REPLACE VIEW spend_check WITH (security_invoker = true) AS
	WITH spent AS MATERIALIZED
	(
		SELECT month, channel, campaign, amount, currency, is_ambiguous, is_unpriced,
			coalesce(channel, '') AS channel_key, coalesce(campaign, '') AS campaign_key,
			campaign IS NULL AND channel IS NOT NULL AND (SELECT channel_spend FROM rule) = 'spread' AS is_spread
		FROM counted_spend
	), lead_cell AS MATERIALIZED
	(
		SELECT month, coalesce(channel, '') AS channel_key, coalesce(campaign, '') AS campaign_key, sum(leads) AS leads
		FROM
		(
			SELECT month, channel, campaign, count(*) AS leads FROM judged_lead WHERE excluded_reason IS NULL GROUP BY month, channel, campaign
			UNION ALL
			SELECT month, channel, campaign, leads FROM counted_volume WHERE stage_position = 1 AND excluded_reason IS NULL
		) l
		GROUP BY month, coalesce(channel, ''), coalesce(campaign, '')
		HAVING sum(leads) > 0
	), channel_cell AS
	(
		SELECT month, channel_key, bool_or(campaign_key <> '') AS has_campaigns FROM lead_cell GROUP BY month, channel_key
	), met AS
	(
		SELECT s.*, c.month IS NOT NULL OR p.month IS NOT NULL AS has_leads, coalesce(p.has_campaigns, false) AS was_spread
		FROM spent s
		LEFT JOIN lead_cell c ON c.month = s.month AND c.channel_key = s.channel_key AND c.campaign_key = s.campaign_key
		LEFT JOIN channel_cell p ON s.is_spread AND p.month = s.month AND p.channel_key = s.channel_key
	), found(check_name, value, amount) AS
	(
		SELECT 'spend_rows', NULL, amount FROM spent
		UNION ALL SELECT 'spend_without_amount', concat_ws(' / ', channel, campaign), NULL FROM spent WHERE amount IS NULL AND NOT is_unpriced
		UNION ALL SELECT 'spend_unknown_currency', currency, NULL FROM spent WHERE is_unpriced
		UNION ALL SELECT 'spend_negative', concat_ws(' / ', channel, campaign), amount FROM spent WHERE amount < 0
		UNION ALL SELECT 'spend_without_date', concat_ws(' / ', channel, campaign), amount FROM spent WHERE month IS NULL
		UNION ALL SELECT 'spend_without_channel', campaign, amount FROM spent WHERE channel IS NULL AND NOT is_ambiguous
		UNION ALL SELECT 'spend_campaign_in_many_channels', campaign, amount FROM spent WHERE is_ambiguous
		UNION ALL SELECT 'spend_spread', NULL, amount FROM met WHERE was_spread
		UNION ALL SELECT 'spend_without_lead', concat_ws(' / ', channel, campaign), amount FROM met WHERE NOT has_leads
	)
	SELECT check_name, nullif(value, '') AS value, count(*) AS rows, sum(amount) AS amount FROM found GROUP BY check_name, nullif(value, '')
	UNION ALL
	SELECT 'leads_without_spend', NULL, sum(c.leads)::bigint, NULL
	FROM lead_cell c
	WHERE NOT EXISTS (SELECT FROM spent s WHERE s.month = c.month AND s.channel_key = c.channel_key AND s.campaign_key = c.campaign_key)
		AND NOT EXISTS (SELECT FROM spent s WHERE s.is_spread AND s.month = c.month AND s.channel_key = c.channel_key)
		AND (SELECT NOT mart_sets_aside('spend'::regclass))
	HAVING count(*) > 0;
	COMMENT ON VIEW spend_check IS
		'Layer below data_quality: the rows of spend of each check, by the value that it names, and the leads without any. Every row of spend is in '
		'spend_rows.';

	CREATE OR REPLACE VIEW name_check WITH (security_invoker = true) AS
	WITH name AS
	(
		-- Every pair is compared: beyond some thousand names the pairs would be too many to read as well.
		SELECT what, name, row_number() OVER (PARTITION BY what ORDER BY name COLLATE "C") AS number
		FROM (SELECT what, name FROM spelling UNION SELECT what, name FROM touch_spelling) n
	)
	SELECT 'channels_nearly_alike' AS check_name, format('%s / %s', n.name, n.other) AS value, 1::bigint AS rows, NULL::numeric AS amount
	FROM near_names((SELECT array_agg(name ORDER BY number) FROM name WHERE what = 'channel' AND number <= 5000)) n
	UNION ALL
	SELECT 'campaigns_nearly_alike', format('%s / %s', n.name, n.other), 1, NULL
	FROM near_names((SELECT array_agg(name ORDER BY number) FROM name WHERE what = 'campaign' AND number <= 5000)) n
	UNION ALL
	SELECT 'channels_aliased', format('%s -> %s', a.alias, a.channel), count(*), NULL
	FROM (SELECT what, spelling FROM spelling UNION SELECT what, spelling FROM touch_spelling) s
	JOIN channel_alias a ON lower(btrim(a.alias, E' \t\r\n')) = lower(btrim(s.spelling, E' \t\r\n'))
	WHERE s.what = 'channel'
	GROUP BY a.alias, a.channel;
	COMMENT ON VIEW name_check IS
		'Layer below data_quality: pairs of channels and of campaigns, of the first 5000 in the alphabet, that are likely the same; and aliases.';

	CREATE OR REPLACE VIEW volume_check WITH (security_invoker = true) AS
	WITH cell AS
	(
		SELECT month, channel, campaign, stage, sum(leads) AS leads,
			lag(sum(leads)) OVER (PARTITION BY month, channel, campaign ORDER BY stage_position) AS leads_before
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY month, channel, campaign, stage_position, stage
	)
	SELECT coalesce('volume_ignored_' || excluded_reason, 'volume_used') AS check_name,
		CASE excluded_reason WHEN 'unknown_stage' THEN named_stage END AS value, count(*) AS rows, NULL::numeric AS amount
	FROM counted_volume
	GROUP BY 1, 2
	UNION ALL
	SELECT 'volume_more_than_before', concat_ws(' / ', to_char(month, 'YYYY-MM'), channel, campaign, stage), 1, NULL FROM cell WHERE leads > leads_before;
	COMMENT ON VIEW volume_check IS
		'Layer below data_quality: the rows of volume of each check, by the value that it names. Rows of volume = volume_used + volume_ignored_*.';

	CREATE OR REPLACE VIEW setting_check WITH (security_invoker = true) AS
	SELECT 'settings_role_without_stage' AS check_name, role AS value, 1::bigint AS rows, NULL::numeric AS amount
	FROM unnest(ARRAY['lead', 'mql', 'sal', 'sql', 'opportunity', 'won']) AS role
	WHERE role NOT IN (SELECT s.role FROM stage s WHERE s.role IS NOT NULL)
	UNION ALL
	SELECT 'settings_stage_never_recorded', stage, 1, NULL FROM inferred_stage WHERE (SELECT NOT mart_sets_aside('stage_event'::regclass))
	UNION ALL
	SELECT 'settings_exit_without_role', stage, 1, NULL FROM ladder WHERE role IS NULL AND reads_like_an_exit(stage)
	UNION ALL
	SELECT 'settings_accepted_before_transmitted', format('%s / %s', t.stage, a.stage), 1, NULL
	FROM stage t JOIN stage a ON a.position <= t.position
	WHERE t.role = (SELECT transmitted_role FROM rule) AND a.role = (SELECT accepted_role FROM rule)
	UNION ALL
	SELECT 'currency_rate_unusable', currency, count(*), NULL
	FROM currency_rate
	WHERE (rate > 0 AND rate < 'Infinity' AND isfinite(valid_from) AND btrim(currency) <> '') IS NOT TRUE
	GROUP BY currency
	UNION ALL
	SELECT c.name, g.relation, 1, NULL
	FROM
	(
		VALUES
		('lead', mart_row_security('lead'::regclass), false),
		('stage_event', mart_row_security('stage_event'::regclass), mart_sets_aside('stage_event'::regclass)),
		('touch', mart_row_security('touch'::regclass), mart_sets_aside('touch'::regclass)),
		('spend', mart_row_security('spend'::regclass), mart_sets_aside('spend'::regclass)
			AND (mart_row_security('spend'::regclass) OR EXISTS (SELECT FROM spend))),
		('deal', mart_row_security('deal'::regclass), mart_sets_aside('deal'::regclass)),
		('activity', mart_row_security('activity'::regclass), mart_sets_aside('activity'::regclass)),
		('deal_change', mart_row_security('deal_change'::regclass), false),
		('target', mart_row_security('target'::regclass), mart_sets_aside('target'::regclass)
			AND (mart_row_security('target'::regclass) OR EXISTS (SELECT FROM target))),
		('currency_rate', mart_row_security('currency_rate'::regclass), false),
		('volume', mart_row_security('volume'::regclass), mart_sets_aside('volume'::regclass)
			AND (mart_row_security('volume'::regclass) OR EXISTS (SELECT FROM volume)))
	) g(relation, applies, is_set_aside)
	CROSS JOIN LATERAL (VALUES ('row_security_applies', g.applies), ('row_security_uneven', g.is_set_aside)) c(name, is_so)
	WHERE c.is_so;
	COMMENT ON VIEW setting_check IS
		'Layer below data_quality: what is wrong with the ladder, the rule and the table currency_rate, and where row security hides rows from the reader.';

	CREATE OR REPLACE VIEW data_quality WITH (security_invoker = true) AS
	WITH found AS
	(
		SELECT check_name, value, rows, amount FROM lead_check
		UNION ALL SELECT check_name, value, rows, amount FROM event_check
		UNION ALL SELECT check_name, value, rows, amount FROM activity_check
		UNION ALL SELECT check_name, value, rows, amount FROM spend_check
		UNION ALL SELECT check_name, value, rows, amount FROM name_check
		UNION ALL SELECT check_name, value, rows, amount FROM volume_check
		UNION ALL SELECT check_name, value, rows, amount FROM setting_check
	), summed AS
	(
		SELECT check_name, sum(rows)::bigint AS rows, sum(amount) AS amount,
			string_agg(left(value, 100), ', ' ORDER BY number) FILTER (WHERE number <= 5) AS examples
		FROM (SELECT *, row_number() OVER (PARTITION BY check_name ORDER BY value IS NULL, rows DESC, value COLLATE "C") AS number FROM found) f
		GROUP BY check_name
	)
	SELECT c.check_name,
		CASE WHEN c.severity = 'info' OR coalesce(f.rows, 0) > 0 THEN c.severity ELSE 'ok' END AS severity,
		coalesce(f.rows, 0) AS rows, f.amount,
		CASE (SELECT language FROM rule) WHEN 'fr' THEN mart_text(c.meaning_fr) ELSE c.meaning_en END AS what_it_means,
		CASE (SELECT language FROM rule) WHEN 'fr' THEN mart_text(c.action_fr) ELSE c.action_en END AS what_to_do,
		f.examples
	FROM mart_checks() c
	LEFT JOIN summed f USING (check_name)
	ORDER BY c.ordinal;
	COMMENT ON VIEW data_quality IS
		'What is wrong in the data, one row per check, also when nothing is. It reconciles: rows of lead = leads_counted + leads_excluded_*, rows of '
		'stage_event = events_used + events_ignored_*, and so for deal, touch, activity and volume; every row of spend is in spend_rows. All values that a '
		'check names, with their rows, are in the layers lead_check, event_check, activity_check, spend_check, name_check, volume_check and setting_check.';
END;
$$;
COMMENT ON FUNCTION mart_quality_views(name) IS 'Internal to create_mart: makes the view data_quality, and its layers, in the mart.';
