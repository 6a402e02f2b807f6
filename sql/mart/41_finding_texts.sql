-- What the view diagnosis says, in English and French.

CREATE FUNCTION mart_findings()
RETURNS TABLE (ordinal bigint, code text, severity text, measure text, units text[],
	message_en text, causes_en text, look_en text, message_fr text, causes_fr text, look_fr text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 27
BEGIN ATOMIC
	SELECT row_number() OVER (), f.code, f.severity, f.measure, f.units::text[], f.message_en, f.causes_en, f.look_en, f.message_fr, f.causes_fr, f.look_fr
	FROM
	(VALUES
		-- In a message %1$s is the subject, %2$s and %3$s are leads, %4$s and %5$s the values, each compared with first; then further figures.
		-- {one|another}: the first of them whose figures are all known; none, when there is no such one.
		('volume_up_revenue_flat', 'warning', 'revenue', '{count,count,money,money,money,money}',
			'Leads rose from %2$s to %3$s while their revenue went from %4$s to %5$s: revenue per lead fell from %6$s to %7$s. More leads, no more money.',
			'A broader target, cheaper sources, a softer form or offer, smaller deals, or sales without the time to follow up.',
			'period_change for the effect that eats the volume; channel_comparison, icp_fit and cpl_to_revenue for where.',
			'Les leads passent de %2$s à %3$s et leur chiffre d''affaires de %4$s à %5$s : le chiffre d''affaires par lead tombe de %6$s à %7$s. '
			'Plus de leads, pas plus d''argent.',
			'Une cible plus large, des sources moins chères, un formulaire ou une offre moins exigeants, des affaires plus petites, ou des '
			'commerciaux sans le temps de donner suite.',
			'period_change pour l''effet qui absorbe le volume ; channel_comparison, icp_fit et cpl_to_revenue pour savoir où.'),
		('closing_rate_diluted', 'warning', 'lead_to_won', '{count,count,share,share,count,count,share,share,count}',
			'Leads rose from %2$s to %3$s while the share won at the same age fell from %4$s to %5$s: %6$s customers, then %7$s. The volume hides '
			'the dilution. {Of those decided by then %8$s were won, then %9$s.|Hardly any lost leads are recorded (%10$s): slower decisions cannot be told '
			'from worse ones.|No lost lead is recorded: slower decisions cannot be told from worse ones.}',
			'New sources that do not fit, a looser definition of a lead, sales spread over too many leads, slower first contact.',
			'funnel_by_month for the step that gives way, channel_comparison and period_change (conversion_effect, mix_effect) for why.',
			'Les leads passent de %2$s à %3$s et la part gagnée au même âge tombe de %4$s à %5$s : %6$s clients, puis %7$s. Le volume masque la dilution. '
			'{De ceux qui étaient décidés à cet âge, %8$s étaient gagnés, puis %9$s.|Presque aucun lead perdu n''est enregistré (%10$s) : rien ne '
			'distingue des décisions plus lentes de décisions moins bonnes.|Aucun lead perdu n''est enregistré : rien ne distingue des décisions plus lentes '
			'de décisions moins bonnes.}',
			'De nouvelles sources qui ne conviennent pas, une définition du lead plus lâche, des commerciaux dispersés sur trop de leads, un premier '
			'contact plus lent.',
			'funnel_by_month pour l''étape qui cède, channel_comparison et period_change (conversion_effect, mix_effect) pour la cause.'),
		('closing_rate_falling', 'warning', 'lead_to_won', '{count,count,share,share,count,count,share,share,count}',
			'The share of leads won at the same age fell from %4$s to %5$s: %6$s customers of %2$s leads, then %7$s of %3$s. '
			'{Of those decided by then %8$s were won, then %9$s.|Hardly any lost leads are recorded (%10$s): slower decisions cannot be told from worse '
			'ones.|No lost lead is recorded: slower decisions cannot be told from worse ones.}',
			'Weaker follow-up, a competitor, a price change, leads that fit less.',
			'funnel_by_month for the step that gives way, channel_comparison and period_change (conversion_effect, mix_effect) for why.',
			'La part des leads gagnés au même âge tombe de %4$s à %5$s : %6$s clients sur %2$s leads, puis %7$s sur %3$s. '
			'{De ceux qui étaient décidés à cet âge, %8$s étaient gagnés, puis %9$s.|Presque aucun lead perdu n''est enregistré (%10$s) : rien ne '
			'distingue des décisions plus lentes de décisions moins bonnes.|Aucun lead perdu n''est enregistré : rien ne distingue des décisions plus lentes '
			'de décisions moins bonnes.}',
			'Un suivi moins bon, un concurrent, un changement de prix, des leads qui conviennent moins.',
			'funnel_by_month pour l''étape qui cède, channel_comparison et period_change (conversion_effect, mix_effect) pour la cause.'),
		('slower_decisions_at_equal_quality', 'watch', 'lead_to_decided', '{count,count,share,share,share,share,share,share}',
			'Decisions take longer, and are not worse: at the same age %4$s of the leads were decided (won or lost), then %5$s, and so %6$s were won, then '
			'%7$s. {Of those decided %8$s were won, then %9$s: the sales come later, they are not lost.|Of the one or the other none is decided yet.}',
			'Sales capacity, more people who have to agree, a budget season, a quarter that closes at its end; not the quality of the leads.',
			'cycle_time_by_month, funnel_by_month (median_days of each step) and forecast_by_age for where leads wait; period_change (cycle_effect) for the '
			'money that comes later.',
			'Les décisions prennent plus de temps, et ne sont pas moins bonnes : au même âge, %4$s des leads étaient décidés (gagnés ou perdus), puis %5$s, '
			'si bien que %6$s étaient gagnés, puis %7$s. {De ceux qui étaient décidés, %8$s étaient gagnés, puis %9$s : les ventes viennent plus tard, '
			'elles ne sont pas perdues.|D''un côté ou de l''autre, aucun n''est encore décidé.}',
			'La capacité commerciale, plus de personnes à convaincre, une saison budgétaire, un trimestre qui se conclut à sa fin ; pas la qualité des leads.',
			'cycle_time_by_month, funnel_by_month (median_days de chaque étape) et forecast_by_age pour savoir où les leads attendent ; period_change '
			'(cycle_effect) pour l''argent qui vient plus tard.'),
		('acceptance_below_threshold', 'warning', 'acceptance_rate', '{count,count,share,share}',
			'Sales accepted %3$s of the %2$s leads that marketing handed over: %5$s, below the %4$s that both teams agreed on.',
			'Targeting (the wrong companies or people), message (a promise that attracts the wrong need) or scoring (a threshold that lets leads '
			'through too early).',
			'mql_acceptance_by_channel for where, score_quality and icp_fit for the score and the target; ask sales for the reasons of refusal.',
			'Les commerciaux ont accepté %3$s des %2$s leads transmis par le marketing : %5$s, sous les %4$s convenus entre les deux équipes.',
			'Le ciblage (mauvaises entreprises ou mauvais interlocuteurs), le message (une promesse qui attire le mauvais besoin) ou le scoring (un '
			'seuil qui laisse passer trop tôt).',
			'mql_acceptance_by_channel pour savoir où, score_quality et icp_fit pour le score et la cible ; demander aux commerciaux les motifs de refus.'),
		('qualification_falling', 'warning', 'lead_to_qualified', '{count,count,share,share}',
			'Leads rose from %2$s to %3$s while the share qualified at the same age fell from %4$s to %5$s: the growth is of leads that do not qualify.',
			'A new campaign or channel outside the target, an incentive that attracts the curious, bots and students, or a qualification team that '
			'cannot keep up.',
			'funnel_by_channel and funnel_by_campaign for the source, lead_generated for what is counted, icp_fit for the target.',
			'Les leads passent de %2$s à %3$s et la part qualifiée au même âge tombe de %4$s à %5$s : la croissance est faite de leads qui ne se '
			'qualifient pas.',
			'Une nouvelle campagne ou un nouveau canal hors cible, une incitation qui attire les curieux, des robots et des étudiants, ou une équipe '
			'de qualification débordée.',
			'funnel_by_channel et funnel_by_campaign pour la source, lead_generated pour ce qui est compté, icp_fit pour la cible.'),
		('cheap_channel_does_not_convert', 'warning', 'lead_to_won', '{count,count,share,share,money,money,money,money}',
			'%1$s: a lead costs %7$s, elsewhere %6$s, but %5$s of its leads are won at the same age, elsewhere %4$s. '
			'{A customer costs %9$s, elsewhere %8$s.|None of them is a customer yet; elsewhere one costs %8$s.}',
			'Cheap clicks from people who do not buy; a form that is easy to fill in; a target outside the ideal customer profile.',
			'cpl_to_revenue and unit_cost for the campaign; judge it by its CAC and its break-even CPL, not by its CPL.',
			'%1$s : un lead coûte %7$s, ailleurs %6$s, mais %5$s de ses leads sont gagnés au même âge, ailleurs %4$s. '
			'{Un client coûte %9$s, ailleurs %8$s.|Aucun n''est encore client ; ailleurs, un client coûte %8$s.}',
			'Des clics bon marché de personnes qui n''achètent pas ; un formulaire trop facile ; une cible hors du profil de client idéal.',
			'cpl_to_revenue et unit_cost pour la campagne ; la juger sur son CAC et son CPL d''équilibre, pas sur son CPL.'),
		('dear_channel_pays', 'good', 'lead_to_won', '{count,count,share,share,money,money,money,money}',
			'%1$s: a lead costs %7$s, elsewhere %6$s, but %5$s of its leads are won at the same age, elsewhere %4$s. '
			'{A customer costs %9$s, elsewhere %8$s: the dear lead is the cheap customer.|A customer costs %9$s; elsewhere there is none yet.}',
			'A precise target, an offer for people who are about to buy, a better qualified contact.',
			'marginal_return for whether more money would buy more of them; cpl_to_revenue for the campaign.',
			'%1$s : un lead coûte %7$s, ailleurs %6$s, mais %5$s de ses leads sont gagnés au même âge, ailleurs %4$s. '
			'{Un client coûte %9$s, ailleurs %8$s : le lead cher est le client bon marché.|Un client coûte %9$s ; ailleurs, il n''y en a pas encore.}',
			'Une cible précise, une offre pour des personnes prêtes à acheter, un contact mieux qualifié.',
			'marginal_return pour savoir si plus d''argent en achèterait davantage ; cpl_to_revenue pour la campagne.'),
		('dear_channel_does_not_pay', 'warning', 'lead_to_won', '{count,count,share,share,money,money,money,money}',
			'%1$s: a lead costs %7$s, elsewhere %6$s, and %5$s of its leads are won at the same age, elsewhere %4$s. '
			'{A customer costs %9$s, elsewhere %8$s: the dear lead is a dear customer, too.|None of them is a customer yet; elsewhere one costs %8$s.}',
			'An auction that got dearer, an audience that is used up, a channel that is kept out of habit, a price that was agreed on once.',
			'cpl_to_revenue and marginal_return for the campaign: is its money better spent on the others? attribution, when it opens journeys that '
			'others close.',
			'%1$s : un lead coûte %7$s, ailleurs %6$s, et %5$s de ses leads sont gagnés au même âge, ailleurs %4$s. '
			'{Un client coûte %9$s, ailleurs %8$s : le lead cher est aussi un client cher.|Aucun n''est encore client ; ailleurs, un client coûte %8$s.}',
			'Des enchères devenues plus chères, une audience épuisée, un canal gardé par habitude, un prix négocié une seule fois.',
			'cpl_to_revenue et marginal_return pour la campagne : son argent est-il mieux placé ailleurs ? attribution, si elle ouvre des parcours que '
			'd''autres concluent.'),
		('cheap_channel_pays', 'good', 'lead_to_won', '{count,count,share,share,money,money,money,money}',
			'%1$s: a lead costs %7$s, elsewhere %6$s, and %5$s of its leads are won at the same age, elsewhere %4$s. '
			'{A customer costs %9$s, elsewhere %8$s: the cheap lead is the cheap customer.|A customer costs %9$s; elsewhere there is none yet.}',
			'An audience that is not fought over yet, customers who recommend, content that is found.',
			'marginal_return for whether more money would buy more of them at that price; cpl_to_revenue for the campaign.',
			'%1$s : un lead coûte %7$s, ailleurs %6$s, et %5$s de ses leads sont gagnés au même âge, ailleurs %4$s. '
			'{Un client coûte %9$s, ailleurs %8$s : le lead bon marché est le client bon marché.|Un client coûte %9$s ; ailleurs, il n''y en a pas encore.}',
			'Une audience que personne ne dispute encore, des clients qui recommandent, des contenus que l''on trouve.',
			'marginal_return pour savoir si plus d''argent en achèterait davantage à ce prix ; cpl_to_revenue pour la campagne.'),
		('cycle_lengthening', 'warning', 'median_days', '{count,count,days,days}',
			'Leads rose from %2$s to %3$s and those won take longer: a median of %5$s days after %4$s. Cash comes later, and a forecast made with '
			'the old cycle is too early.',
			'Sales capacity, leads that are not ready to buy, larger deals with more people to convince.',
			'cycle_time_by_month, funnel_by_month (median_days of each step) and forecast.',
			'Les leads passent de %2$s à %3$s et ceux qui sont gagnés prennent plus de temps : une médiane de %5$s jours après %4$s. La trésorerie '
			'arrive plus tard, et une prévision faite avec l''ancien cycle est trop optimiste.',
			'La capacité commerciale, des leads qui ne sont pas prêts à acheter, des affaires plus grandes avec plus de personnes à convaincre.',
			'cycle_time_by_month, funnel_by_month (median_days de chaque étape) et forecast.'),
		('cycle_longer_at_stable_volume', 'watch', 'median_days', '{count,count,days,days}',
			'The leads that are won take longer: a median of %5$s days after %4$s, at a volume that did not rise (%2$s leads, then %3$s).',
			'Sales capacity, larger deals with more people to convince, a budget season.',
			'cycle_time_by_month, funnel_by_month (median_days of each step) and forecast.',
			'Les leads gagnés prennent plus de temps : une médiane de %5$s jours après %4$s, à un volume qui n''a pas augmenté (%2$s leads, puis %3$s).',
			'La capacité commerciale, des affaires plus grandes avec plus de personnes à convaincre, une saison budgétaire.',
			'cycle_time_by_month, funnel_by_month (median_days de chaque étape) et forecast.'),
		('stable_volume_better_rates', 'good', 'lead_to_won', '{count,count,share,share,count,count}',
			'At a stable volume (%2$s leads, then %3$s) the share won at the same age rose from %4$s to %5$s: %6$s customers, then %7$s. A strong '
			'positive signal.',
			'Better targeting, a better hand-off, faster follow-up.',
			'funnel_by_month for the step that improved; keep what was changed.',
			'À volume stable (%2$s leads, puis %3$s), la part gagnée au même âge passe de %4$s à %5$s : %6$s clients, puis %7$s. Un signal positif fort.',
			'Un meilleur ciblage, une meilleure transmission, un suivi plus rapide.',
			'funnel_by_month pour l''étape qui s''améliore ; conserver ce qui a été changé.'),
		('icp_widening', 'warning', 'icp_share', '{count,count,share,share}',
			'The share of leads inside the ideal customer profile fell from %4$s to %5$s (%2$s leads, then %3$s): the target is widening.',
			'Broader audiences, content for everybody, a new country or segment, a profile that was never written into the campaigns.',
			'icp_fit by channel and month; funnel_by_campaign for what the new leads become.',
			'La part des leads dans le profil de client idéal tombe de %4$s à %5$s (%2$s leads, puis %3$s) : la cible s''élargit.',
			'Des audiences plus larges, des contenus pour tout le monde, un nouveau pays ou segment, un profil jamais inscrit dans les campagnes.',
			'icp_fit par canal et par mois ; funnel_by_campaign pour ce que deviennent les nouveaux leads.'),
		('attribution_dependent_verdict', 'watch', 'roas', '{count,count,ratio,ratio,count,count}',
			'%1$s: whether it earns its spend back depends on the attribution model. Revenue over spend runs from %4$s to %5$s; by %7$s models it '
			'pays, by %6$s it does not.',
			'The channel opens journeys that others close, or closes those that others open.',
			'attribution for the models side by side, attribution_shift, journey_paths; decide on the model before the budget.',
			'%1$s : qu''il rapporte ou non sa dépense dépend du modèle d''attribution. Le chiffre d''affaires sur la dépense va de %4$s à %5$s ; '
			'selon %7$s modèles il est rentable, selon %6$s il ne l''est pas.',
			'Le canal ouvre des parcours que d''autres concluent, ou conclut ceux que d''autres ouvrent.',
			'attribution pour les modèles côte à côte, attribution_shift, journey_paths ; choisir le modèle avant le budget.'),
		('mix_hides_decline', 'warning', 'lead_to_won', '{count,count,share,share,odds}',
			'The share won rose from %4$s to %5$s in all, but within the channels it fell{ (odds ratio %6$s)|}: only the mix of channels makes the '
			'total look better (Simpson''s paradox).',
			'More leads from channels that always converted better, while each channel converts worse.',
			'period_change (mix_effect against conversion_effect), funnel_by_channel.',
			'La part gagnée passe de %4$s à %5$s au total, mais elle baisse au sein des canaux{ (rapport des cotes %6$s)|} : seul le mélange des canaux '
			'embellit le total (paradoxe de Simpson).',
			'Plus de leads des canaux qui convertissaient déjà mieux, alors que chaque canal convertit moins bien.',
			'period_change (mix_effect contre conversion_effect), funnel_by_channel.'),
		('mix_hides_improvement', 'watch', 'lead_to_won', '{count,count,share,share,odds}',
			'The share won fell from %4$s to %5$s in all, but within the channels it rose{ (odds ratio %6$s)|}: the mix of channels moved, not their '
			'quality (Simpson''s paradox).',
			'More leads from channels that always converted less.',
			'period_change (mix_effect against conversion_effect), funnel_by_channel; is the new mix worth its money (cpl_to_revenue)?',
			'La part gagnée passe de %4$s à %5$s au total, mais elle augmente au sein des canaux{ (rapport des cotes %6$s)|} : c''est le mélange des '
			'canaux qui a changé, pas leur qualité (paradoxe de Simpson).',
			'Plus de leads des canaux qui convertissaient déjà moins.',
			'period_change (mix_effect contre conversion_effect), funnel_by_channel ; le nouveau mélange vaut-il son coût (cpl_to_revenue) ?'),
		('immature_cohort', 'watch', 'lead_to_won', '{count,count,share,share}',
			'Of the latest leads %5$s are won so far, of those of the three months before %4$s. This is not a drop: they have had less time, and at '
			'the same age the two do not differ.',
			'The age of the leads.',
			'cohort_conversion (conversion, is_mature) instead of a rate by month; look again when the leads are older.',
			'Des derniers leads, %5$s sont gagnés à ce jour, contre %4$s de ceux des trois mois précédents. Ce n''est pas une baisse : ils ont eu '
			'moins de temps, et au même âge les deux ne diffèrent pas.',
			'L''âge des leads.',
			'cohort_conversion (conversion, is_mature) plutôt qu''un taux par mois ; y revenir quand les leads auront vieilli.'),
		('growth_without_revenue', 'warning', 'revenue', '{count,count,money,money,money,money}',
			'In a year leads grew from %2$s to %3$s and their revenue from %4$s to %5$s: revenue does not follow, revenue per lead fell from %6$s to %7$s.',
			'Growth bought in segments that pay less, smaller plans, more self-service sign-ups, a sales team that did not grow with the leads.',
			'period_change (year before), channel_comparison, cpl_to_revenue (romi), marginal_return.',
			'En un an, les leads passent de %2$s à %3$s et leur chiffre d''affaires de %4$s à %5$s : le chiffre d''affaires ne suit pas, il tombe de '
			'%6$s à %7$s par lead.',
			'Une croissance achetée dans des segments qui paient moins, des formules plus petites, plus d''inscriptions en libre-service, une équipe '
			'commerciale qui n''a pas grandi avec les leads.',
			'period_change (year before), channel_comparison, cpl_to_revenue (romi), marginal_return.'),
		('slow_first_answer', 'warning', 'answered_in_an_hour', '{count,count,share,share,hours,hours}',
			'Leads wait longer until somebody tries to reach them: within an hour of working time %4$s of %2$s leads were tried, then %5$s of %3$s.'
			'{ Half of them within %6$s hours of working time, then within %7$s.|}',
			'More leads than people, a hand-off that waits for somebody to look, a new form without an alert, people who are away.',
			'speed_to_lead_by_channel, speed_to_lead_by_owner and speed_to_lead_by_hour for where; conversion_by_speed for what waiting costs.',
			'Les leads attendent plus longtemps une première tentative de contact : dans l''heure ouvrée, %4$s de %2$s leads en ont eu une, puis %5$s de %3$s.'
			'{ La moitié en %6$s heures ouvrées, puis en %7$s.|}',
			'Plus de leads que de personnes, une transmission qui attend que quelqu''un regarde, un nouveau formulaire sans alerte, des absences.',
			'speed_to_lead_by_channel, speed_to_lead_by_owner et speed_to_lead_by_hour pour savoir où ; conversion_by_speed pour ce que coûte l''attente.'),
		('overload', 'warning', 'acceptance_rate', '{count,count,share,share,ratio,ratio,hours,hours}',
			'More leads than sales can answer: each person got %6$s leads in 30 days, then %7$s; the first attempt to reach them takes longer{ (half of them '
			'within %8$s hours of working time, then within %9$s)|}; and of the leads handed over %4$s were accepted, then %5$s.',
			'Volume that grew faster than the team, people who left or are away, leads that nobody sorts before they are handed over.',
			'owner_performance for who has too many open leads, speed_to_lead and mql_acceptance by month; hand over fewer and better ones (hand_off).',
			'Plus de leads que les commerciaux ne peuvent en traiter : chacun en a reçu %6$s en 30 jours, puis %7$s ; la première tentative de contact prend '
			'plus de temps{ (la moitié en %8$s heures ouvrées, puis en %9$s)|} ; et, des leads transmis, %4$s ont été acceptés, puis %5$s.',
			'Un volume qui a grandi plus vite que l''équipe, des départs ou des absences, des leads que personne ne trie avant de les transmettre.',
			'owner_performance pour savoir qui a trop de leads ouverts, speed_to_lead et mql_acceptance par mois ; en transmettre moins, et de meilleurs '
			'(hand_off).'),
		('no_shows_up', 'warning', 'no_show_rate', '{count,count,share,share}',
			'More of those invited do not come: of the meetings that were due %4$s of %2$s were no-shows, then %5$s of %3$s.',
			'Meetings booked to reach a quota, too long a wait between booking and meeting, no reminder, leads that did not ask for a meeting.',
			'lead_meeting for the days between booking and meeting; outbound_chain_by_owner and outbound_chain_by_campaign for whose meetings they are.',
			'Davantage d''invités ne viennent pas : des rendez-vous prévus, %4$s de %2$s n''ont pas été honorés, puis %5$s de %3$s.',
			'Des rendez-vous pris pour tenir un quota, trop d''attente entre la prise de rendez-vous et le rendez-vous, pas de rappel, des leads qui n''ont '
			'pas demandé de rendez-vous.',
			'lead_meeting pour les jours entre la prise de rendez-vous et le rendez-vous ; outbound_chain_by_owner et outbound_chain_by_campaign pour '
			'savoir de qui ils viennent.'),
		('refusals_one_reason', 'warning', 'share_of_refusals', '{count,count,share,share,count,count}',
			'Refusals with a reason went from %2$s to %3$s, and "%1$s" explains at least half of the rise: %6$s of them before (%4$s), %7$s now (%5$s).',
			'What the reason says: a target that moved, a price or a product that changed, a competitor, a list with wrong contacts.',
			'refusal_reasons by channel and owner for where the reason comes from; mql_acceptance_by_channel.',
			'Les refus motivés passent de %2$s à %3$s, et « %1$s » explique au moins la moitié de la hausse : %6$s avant (%4$s), %7$s maintenant (%5$s).',
			'Ce que dit le motif : une cible qui a bougé, un prix ou un produit qui a changé, un concurrent, un fichier aux mauvais contacts.',
			'refusal_reasons par canal et par commercial pour savoir d''où vient le motif ; mql_acceptance_by_channel.'),
		('refusals_mostly_one_reason', 'watch', 'share_of_refusals', '{count,count,share,share}',
			'Most refusals have one reason: "%1$s" is that of %3$s of the %2$s of the last quarter, %5$s.',
			'One thing to settle between marketing and sales rather than many.',
			'refusal_reasons by channel and owner; what would have told it before the hand-off?',
			'La plupart des refus ont un seul motif : « %1$s » est celui de %3$s des %2$s refus du dernier trimestre, soit %5$s.',
			'Une chose à régler entre marketing et commerciaux plutôt que plusieurs.',
			'refusal_reasons par canal et par commercial ; qu''est-ce qui l''aurait dit avant la transmission ?'),
		('owner_off', 'warning', 'accepted_or_won', '{count,count,share,share,share,share}',
			'%1$s: {of %3$s leads handed over %7$s were accepted, of the %2$s of the others in the same months %6$s|of %3$s leads that are decided %5$s were '
			'won, of the %2$s of the others in the same months %4$s}.',
			'Leads of another kind or region, too many of them, a way of working that the others could help with, outcomes that are not written down.',
			'owner_performance and funnel_by_owner; compare the channels that the leads come from before the people.',
			'%1$s : {de %3$s leads transmis, %7$s ont été acceptés, contre %6$s des %2$s des autres aux mêmes mois|de %3$s leads décidés, %5$s ont été '
			'gagnés, contre %4$s des %2$s des autres aux mêmes mois}.',
			'Des leads d''un autre type ou d''une autre région, trop de leads, une façon de travailler où les autres pourraient aider, des issues non saisies.',
			'owner_performance et funnel_by_owner ; comparer les canaux d''où viennent les leads avant les personnes.'),
		('list_off', 'warning', 'reached_or_qualified', '{count,count,share,share,share,share}',
			'%1$s: of %3$s prospects tried {%7$s were reached, of the %2$s of the other outbound campaigns in the same months %6$s|%5$s were qualified, of the '
			'%2$s of the other outbound campaigns in the same months %4$s}.',
			'Old or wrong numbers and addresses, people outside the target, a script that does not fit them, calls at the wrong hours.',
			'outbound_chain_by_campaign for the step that gives way; drop or clean the list before calling on.',
			'%1$s : de %3$s prospects contactés, {%7$s ont été joints, contre %6$s des %2$s des autres campagnes sortantes aux mêmes mois|%5$s se sont '
			'qualifiés, contre %4$s des %2$s des autres campagnes sortantes aux mêmes mois}.',
			'Des numéros ou adresses anciens ou faux, des personnes hors cible, un script qui ne leur convient pas, des appels aux mauvaises heures.',
			'outbound_chain_by_campaign pour l''étape qui cède ; écarter ou nettoyer le fichier avant de continuer à appeler.'),
		('target_out_of_reach', 'warning', 'target', '{count,count,count,count,share,count}',
			'%1$s: the target is %4$s, %7$s is reached so far, and %5$s in all is expected by the last day. The chance to reach it is %6$s.',
			'Too few leads early enough, a step that converts less, or a target that was set without looking at either.',
			'target_pacing for what open leads and leads to come are expected to bring; pipeline_coverage.',
			'%1$s : l''objectif est de %4$s, %7$s est atteint à ce jour, et %5$s au total est attendu au dernier jour. La chance de l''atteindre est de %6$s.',
			'Trop peu de leads assez tôt, une étape qui convertit moins, ou un objectif fixé sans regarder ni l''un ni l''autre.',
			'target_pacing pour ce que doivent apporter les leads ouverts et à venir ; pipeline_coverage.')
	) AS f(code, severity, measure, units, message_en, causes_en, look_en, message_fr, causes_fr, look_fr);
END;
COMMENT ON FUNCTION mart_findings() IS
'The findings of the view diagnosis: severity when certain, what is measured, the units of the figures in the message, and the texts in English and, '
'for mart_text, in French.';

CREATE FUNCTION mart_comparison(compared_with text, since date, language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce
(
	format
	(
		mart_text(CASE language
			WHEN 'fr' THEN CASE compared_with
				WHEN 'previous month' THEN 'Mois du %s comparé au précédent : '
				WHEN 'previous quarter' THEN 'Trimestre du %s comparé au précédent : '
				WHEN 'year before' THEN 'Trimestre du %s comparé à celui de l''année précédente : '
				END
			ELSE CASE compared_with
				WHEN 'previous month' THEN 'Month from %s against the one before: '
				WHEN 'previous quarter' THEN 'Quarter from %s against the one before: '
				WHEN 'year before' THEN 'Quarter from %s against that of the year before: '
				END
			END),
		to_char(since, 'YYYY-MM-DD')
	), ''
);
COMMENT ON FUNCTION mart_comparison(text, date, text) IS
'How a message of the view diagnosis begins: which period is compared with which, in language en or fr; empty where no periods are compared.';

CREATE FUNCTION mart_figure(figure float8, unit text, language text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN figure IS NULL THEN '-' ELSE
	translate
	(
		regexp_replace
		(
			CASE unit
				WHEN 'count' THEN round(figure::numeric)::text
				WHEN 'share' THEN trim_scale(round(100 * figure::numeric, CASE WHEN abs(figure) < 0.1 THEN 2 ELSE 1 END)) || ' %'
				WHEN 'money' THEN round(figure::numeric, CASE WHEN abs(figure) < 1000 THEN 2 ELSE 0 END)::text
				WHEN 'days' THEN round(figure::numeric, 1)::text
				WHEN 'hours' THEN round(figure::numeric, 1)::text
				ELSE round(figure::numeric, 2)::text
			END,
			-- Thousands, counted from the decimal point.
			'(\d)(?=(\d{3})+(?!\d))(?<!\.\d*)', '\1,', 'g'
		),
		',.', CASE language WHEN 'fr' THEN ' ,' ELSE ',.' END
	) END;
COMMENT ON FUNCTION mart_figure(float8, text, text) IS
'A figure as the messages of the view diagnosis show it: unit count, share (0 to 1, shown in %), money, days, hours, or another number; with the separators '
'of the language, en or fr. A dash for NULL.';

CREATE FUNCTION mart_message(template text, subject text, figures float8[], units text[], language text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT format(t.chosen, VARIADIC subject || ARRAY(SELECT mart_figure(g.figure, g.unit, language)
		FROM unnest(figures, units) WITH ORDINALITY g(figure, unit, ordinal) ORDER BY g.ordinal))
	FROM
	(
		-- What stands between braces is every other part.
		SELECT string_agg(CASE WHEN p.ordinal % 2 = 1 THEN p.part ELSE
		(
			SELECT a.said
			FROM string_to_table(p.part, '|') WITH ORDINALITY a(said, ordinal)
			WHERE NOT EXISTS (SELECT FROM regexp_matches(a.said, '%(\d+)\$s', 'g') m(number)
				WHERE m.number[1]::integer > 1 AND coalesce(figures[m.number[1]::integer - 1] IN ('Infinity', '-Infinity', 'NaN'), true))
			ORDER BY a.ordinal
			LIMIT 1
		) END, '' ORDER BY p.ordinal) AS chosen
		FROM regexp_split_to_table(template, '[{}]') WITH ORDINALITY p(part, ordinal)
	) t;
END;
COMMENT ON FUNCTION mart_message(text, text, float8[], text[], text) IS
'A message of the view diagnosis: the template with its subject (%1$s) and figures (from %2$s on, in their units), in language en or fr. Of the alternatives '
'in {one|another} the first stands whose figures are all known, so that no sentence has a figure that nobody knows.';

CREATE FUNCTION mart_list(names text[], most integer, language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN n.count <= 1 THEN n.names[1]
		WHEN n.count <= most THEN array_to_string(n.names[:n.count - 1], ', ') || CASE language WHEN 'fr' THEN ' et ' ELSE ' and ' END || n.names[n.count]
		ELSE array_to_string(n.names[:most - 1], ', ')
			|| format(CASE language WHEN 'fr' THEN ' et %s autres' ELSE ' and %s others' END, n.count - most + 1)
		END
	FROM (SELECT array_remove(mart_list.names, NULL) AS names, cardinality(array_remove(mart_list.names, NULL)) AS count) n;
END;
COMMENT ON FUNCTION mart_list(text[], integer, text) IS
'Names as a sentence has them, in language en or fr: at most so many, the last of which then counts the others. NULL without a name.';

CREATE FUNCTION mart_effect(effect text, amount numeric, language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN format
(
	mart_text(CASE language
		WHEN 'fr' THEN CASE effect
			WHEN 'volume' THEN 'celui du volume de leads'
			WHEN 'mix' THEN 'celui du mélange des canaux'
			WHEN 'conversion' THEN 'celui de la conversion'
			WHEN 'basket' THEN 'celui du panier moyen'
			WHEN 'cycle' THEN 'celui du cycle (la part décidée à cet âge)'
			END || CASE WHEN amount < 0 THEN ', qui retire %s' ELSE ', qui ajoute %s' END
		ELSE CASE effect
			WHEN 'volume' THEN 'that of the volume of leads'
			WHEN 'mix' THEN 'that of the mix of channels'
			WHEN 'conversion' THEN 'that of the conversion'
			WHEN 'basket' THEN 'that of the basket'
			WHEN 'cycle' THEN 'that of the cycle (the share decided by that age)'
			END || CASE WHEN amount < 0 THEN ', which took %s' ELSE ', which added %s' END
		END),
	mart_figure(abs(amount)::float8, 'money', language)
);
COMMENT ON FUNCTION mart_effect(text, numeric, text) IS 'An effect on revenue with its money, as a part of a sentence in language en or fr.';

CREATE FUNCTION mart_effect_message(effect text, amount numeric, opposite text, opposite_amount numeric, difference numeric, language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN effect IS NULL OR difference IS NULL THEN '' ELSE
	' ' || format
	(
		mart_text(CASE language
			WHEN 'fr' THEN 'Le chiffre d''affaires au même âge ' || CASE sign(difference) WHEN -1 THEN 'baisse de %1$s' WHEN 1 THEN 'augmente de %1$s'
				ELSE 'n''a pas changé' END || ' ; le plus grand effet est %2$s'
			ELSE 'Revenue at the same age ' || CASE sign(difference) WHEN -1 THEN 'fell by %1$s' WHEN 1 THEN 'rose by %1$s' ELSE 'did not change' END
				|| '; the largest effect is %2$s'
			END),
		mart_figure(abs(difference)::float8, 'money', language), mart_effect(effect, amount, language)
	)
	-- What goes against the change does not explain it.
	|| CASE WHEN opposite IS NOT NULL AND sign(difference) <> sign(amount)
		THEN mart_text(CASE language WHEN 'fr' THEN ' ; dans l''autre sens, le plus grand est ' ELSE '; the largest one against it is ' END)
			|| mart_effect(opposite, opposite_amount, language)
		ELSE '' END
	|| '.' END;
COMMENT ON FUNCTION mart_effect_message(text, numeric, text, numeric, numeric, text) IS
'Which effect on revenue is the largest, with its money, and where the change goes the other way which one explains it, as a sentence of the view diagnosis in '
'language en or fr; empty where revenue is not known.';

CREATE FUNCTION mart_others_message(alike text[], uncertain text[], language text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(mart_text(CASE language WHEN 'fr' THEN ' Il en va de même pour ' ELSE ' The same holds for ' END) || mart_list(alike, 10, language) || '.', '')
	|| coalesce(mart_text(CASE language WHEN 'fr' THEN ' Ce n''est pas encore certain pour ' ELSE ' It is not yet certain for ' END)
		|| mart_list(uncertain, 10, language) || '.', '');
COMMENT ON FUNCTION mart_others_message(text[], text[], text) IS
'Of which other channels or campaigns a finding of the view diagnosis holds, and of which it is not yet certain, in language en or fr; empty without any.';
