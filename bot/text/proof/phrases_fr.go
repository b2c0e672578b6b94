package proof

// The tables of French slips. Each line is certain from its words: what has a
// second reading was left out.

var slips = phraseRule{"confusion", Grammar, Error}

const frenchSlips = `
# a, à
!(la|une|cette|leur|sa) suite [a] (la|l|une|un|votre|notre|vos|nos|des|cette|ce|son|sa) = à
(grâce|quant) [a] = à
jusqu’[a] = à
par rapport [a] = à
(pas|plus) [a] (hésiter|attendre|chercher) = à
n’(hésitez|hésite) pas [a] = à
[a] (partir|travers|proximité|destination|condition|défaut) (de|du|des|d|que|qu) = à
[a] côté (de|du|des|d) = à
[a] cause (de|du|des|d) = à
[a] travers (le|la|les|l|un|une|ce|cette|ces|nos|vos|notre) = à
(merci|bravo|bienvenue|félicitations|bonjour|bonsoir|salut) [a] (vous|tous|toutes|toi|nos|notre|vos|eux|elles|chacun|chacune|celles|ceux|la|l) = à
(prêt|prête|prêts|prêtes|réussi|invités|invitées) [a] <infinitive> = à
(rien|chose|beaucoup) [a] (faire|dire|voir|découvrir|perdre|craindre|ajouter|redire|prévoir|savoir) = à
[a] très (vite|bientôt) = à
(sont|est|être|reste|restons|restez|restent|sommes|suis|êtes) [a] (votre|vos|nos|notre|la|l|disposition) = à
(nombreux|nombreuses|premiers|premières|seuls|seules|premier|première|seul|seule|derniers|dernières) [a] <infinitive> = à
(invite|invitons|aidons|continuons|commençons|cherchons|apprenons|hésitez|continuez|commencez|apprenez) [a] <infinitive> = à
c’est [a] (dire|vous|toi|nous|lui) = à
[a] (profit|distance|domicile|reculons|nouveau) !(fait|donné|perdu) = à
mise [a] jour = à
mises [a] jour = à
fur et [a] mesure = à
!(y|en|l’|n’) [a] moins (que|qu|de|d) = à
!(en|y|l’|m’|t’|n’|nous|vous|les|lui|leur|le|la) [a] qui = à
^face [a] (la|le|l|ce|ces|cette|un|une|des|nos|vos|moi|toi|lui|eux|nous|vous) = à
tout [a] coup = à
il y [à] = a
^y [à] (du|de|des|un|une|pas|plus|que|d) = a
(il|elle|on|qui) (nous|vous|me|te|les|lui|leur) [à] <past-or-irregular> = a
(ça|cela|elle|qui|tout) [à] l’air = a
(il|qui|on) en [à] = a
# dû, dès, où, âge
(a|ai|as|avons|avez|ont|avait|avaient|aurait|aurais) [du] <verb-only> = dû
[des] (maintenant|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|que|qu|lors) = dès
[des] aujourd’hui = dès
!(de|les|des|tes|mes|ses|nos|vos|deux|trois|aux|ces|leurs) [dés] (maintenant|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|que|qu|lors|le|la|l|aujourd) = dès
!(de|les|des|tes|mes|ses|nos|vos|deux|trois|aux|ces|leurs) [dés] à présent = dès
^[ou] (trouver|acheter|aller|manger|dormir|va|vas) = où
!(new|golden|middle|ice) [age] = âge
[ages] = âges
!(le|un|du|ce|au) [forcement] = forcément
(suis|es|est|êtes|sommes|sont|bien) [sure] = sûre
depuis [prés] de = près
!(les|des|nos|vos|ces|mes|ses|aux|deux) [prés] de (chez|la|l|vous|nous) = près
# là
jusque-[la] = là
[la]-(bas|haut|dedans|dessus|dessous) = là
(ce|cet|cette|ces) <noun>-[la] = là
(il|on) [à] !(propos|côté) = a
n’[à] = a
(m|t)’[à] !(propos) = a
l’[à] (fait|été|dit|eu|pris|mis|vu|donné|vendu|trouvé|acheté|gagné|trouvée|prise|mise|faite) = a
[à] (été|eu) !(et) = a
!(de|du) [à] (permis|voulu|reçu|choisi|réussi|obtenu|annoncé|décidé|lancé|publié|présenté) = a
# ça, sa
[sa] (va|fait|vaut|peut|doit|devient|dépend|suffit|sera|serait|me|te|se|ne|y|nous|vous) = ça
[sa] (m|t|s|n)’ = ça
!(la|une) [sa] $ = ça
# ces, ses, c’est, s’est
[ces|ses] (un|une|quoi|moi|toi|bon|parti|vrai|possible|dommage|maintenant|pourquoi) = c’est
[c’est] (derniers|dernières|prochains|prochaines|nouveaux|nouvelles) = ces|ses
^[s’est] (un|une|le|la|pas|bien|trop|très|super|vraiment|pour|dans|quoi|parti|ici) = c’est
!(pour|avec|chez|lui) (il|on) [c’est] = s’est
ne [c’est] (pas|plus|jamais|guère) = s’est
qui [c’est] (passé|produit|déroulé) = s’est
(c|n|s)’[et] = est
# on, ont
!(ils|elles|qui|les|nous|vous|n’|l’|en|y) [ont] (a|est|va|peut|doit|vous|se|ne|sera|était|avait|aime|espère|attend|veut|pense) = on
(ils|elles) [on] = ont
!(si|que|et|quand|où|l’) [on] (été|eu) !(dernier|prochain) = ont
# peu, peut, peux
!(quelqu’|l’|chac) un [peut] = peu
(très|trop|si) [peut] = peu
à [peut] près = peu
[peut] importe = peu
(il|elle|on) [peu] !(à|de|d|après|ou) = peut
# leur, leurs
(je|tu|il|on|ils) [leurs] = leur
# ce, se
[se] (que|qu|qui) = ce
(aller|va|vont|vais|peut|peuvent|doit|doivent) [ce] <infinitive> = se
(il|ils) [ce] !(soir|matin|midi|jour|week|mois|n|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|printemps) = se
# où, ou
d’[ou] = où
au moment [ou] (le|la|les|l|je|tu|il|elle|on|nous|vous|ils|elles|tout) = où
dans le cas [ou] (le|la|les|l|je|tu|il|elle|on|nous|vous|ils|elles) = où
dans la mesure [ou] (le|la|les|l|je|tu|il|elle|on|nous|vous|ils|elles|c) = où
là [ou] (le|la|les|l|je|tu|il|elle|on|nous|vous|ils|elles|c|se) = où
n’importe [ou] !(quoi|qui|quand) = où
# quant, quand, quel, qu’elle
[quand] à (moi|toi|lui|elle|eux|elles|nous|vous) = quant
[comme même] = quand même
[quelque soit] = quel que soit|quelle que soit
[quelque soient] = quels que soient|quelles que soient
[quelques soit] = quel que soit|quelle que soit
[quelques soient] = quels que soient|quelles que soient
(parce|tandis|afin) [quelle] = qu’elle
(parce|tandis|afin) [quelles] = qu’elles
(crois|croit|pense|penses|espère|espères|faut|fallait) [quelle] (est|a|va|sera|était|avait|soit|vient|fait|peut|doit) = qu’elle
(crois|croit|pense|penses|espère|espères|faut|fallait) [quelles] (sont|ont|vont|seront|étaient|avaient|soient|viennent|font|peuvent|doivent) = qu’elles
[quelle] (m|t|l|s)’ = qu’elle
[quelles] (m|t|l|s)’ = qu’elles
[quelle] (me|te|se|y) = qu’elle
[quelles] (me|te|se|y) = qu’elles
^[qu’elle] (belle|bonne|chance|joie|surprise|honte|horreur|ambiance|soirée|journée|équipe|heure|idée|merveille|fierté|aventure|émotion) = quelle
[qu’elles] (belles|bonnes|jolies|superbes|magnifiques) = quelles
# près, prêt
(est|suis|es|sommes|êtes|sont|être) [près] à = prêt|prête|prêts
# sûr
^[bien sur] !(le|la|les|l|ses|mes|son|sa|un|une|ce|cette) = bien sûr
[bien sur] $ = bien sûr
(suis|es|est|êtes) [sur] (que|qu) = sûr|sûre
# davantage, en train, partie
!(pas|plus|peu|point|guère|trop|beaucoup|tant|autant|moins|assez|combien|que|sans|absence|pleine|source) [d’avantage] = davantage
(suis|es|est|sommes|êtes|sont|était|étaient|étais|être) [entrain] (de|d) = en train
(fait|font|faire|faisons|faites|faisant|fais|fera|feront|faisait|faisaient) [parti] (de|des|du|d) = partie
# l’a, m’a, t’a
!(pour|avec|chez|sur|par|sans|à|de|d’|et|que) (il|elle|on|ne|me|te|nous|vous|qui) [la] <past> !(qui|que|qu|de|du|des|d) = l’a
ne [la] <past> = l’a
tu [la] <past> !(qui|que|qu|de|du|des|d) = l’as
(il|elle|on|ne|qui) [ma] <past-or-irregular> = m’a
(il|elle|on|ne|qui) [ta] <past-or-irregular> = t’a
# ladite
[la dite] <noun> = ladite
[aux dites] <noun> = auxdites
[aux dits] <noun> = auxdits
[des dites] <noun> = desdites
[au dit] <noun> = audit
[du dit] <noun> = dudit
# s’il, quoi que
[sil] (vous|te|y|le|la|faut|est|était|avait|a|ne|n|se|s|pleut|fait) = s’il
[sils] (vous|te|y|le|la|sont|étaient|avaient|ont|ne|n|se|s|font) = s’ils
[quoique] (tu|vous|je|il|elle|on) (fasse|fasses|fassiez|dise|dises|disiez) $ = quoi que
[quoique] (tu|vous|je|il|elle|on) en (pense|penses|pensiez|pensez|dise|dises|disiez) = quoi que
# a letter lost in a little word
[plu] (tard|tôt|de|que|grand|grande|petit|petite|important|importante|beau|belle|ou|loin|haut|rien|jamais) = plus
[pou|pur] (le|la|les|un|une|des|vous|nous|votre|vos|notre|nos|ce|cette|tous|toutes|que|qu|mieux|faire|être|l) = pour
[dan] (le|la|les|un|une|des|ce|cette|ces|votre|vos|notre|nos|son|sa|ses|tous|toutes|l|lequel|laquelle) = dans
[ave] (le|la|les|un|une|des|vous|nous|votre|vos|notre|nos|ce|cette|ces|son|sa|ses|tous|toutes|l|plaisir) = avec
[ente] (le|la|les|deux|nous|vous|eux|l) = entre
[tus] (les|mes|tes|ses|nos|vos|ces|leurs) = tous
(ils|elles|se) [sot] = sont
(ils|elles) [son] = sont
tout à [fiat] = fait
(depuis|dès) [lord] = lors
(deux|trois|quatre|cinq|dix|cent|mille|plusieurs|quelques|chaque) [foi] = fois
(pour|de|à) [vos] <verb-only> = vous
(pour|de|à) [nos] <verb-only> = nous
(dans|avec|pour|de|sur|chez|par|sans|à|et) [nôtre] = notre
(dans|avec|pour|de|sur|chez|par|sans|à|et) [vôtre] = votre
[grace] (à|aux|au) = grâce
# set expressions
[si il] !(ou) = s’il
[si ils] !(ou) = s’ils
[il faut mieux] = il vaut mieux
[quoiqu’il] arrive = quoi qu’il
[quoiqu’il] en soit = quoi qu’il
[tous] le (monde|temps) = tout
[plus part] = plupart
[le quel] = lequel
[la quelle] = laquelle
[les quels] = lesquels
[les quelles] = lesquelles
[au quel] = auquel
[aux quels] = auxquels
[aux quelles] = auxquelles
[du quel] = duquel
[des quels] = desquels
[des quelles] = desquelles
[au jour d’hui] = aujourd’hui
[y’en] a = y en
[il y’a] = il y a
entre [autre] $ = autres
`

var wrongForms = phraseRule{"verb-form", Grammar, Error}

const frenchForms = `
(il|elle|on|qui) a [<er>] = $2
avoir [<er>] = $1
(je|tu) [peut] = peux
(je|tu) [veut] = veux
(je|tu) [fait] = fais
(je|tu) [doit] = dois
(je|tu) [sait] = sais
(je|tu) [voit] = vois
(il|elle|on) [peux] = peut
(il|elle|on) [veux] = veut
(il|elle|on) [fais] = fait
(il|elle|on) [dois] = doit
(il|elle|on) [sais] = sait
(il|elle|on) [ai|as] = a
(il|elle|on) [es] = est
tu [a] = as
!(à) tu [est] = es
tu [va] = vas
nous [somme] = sommes
j’[est|ais|ait] = ai
tu [<je>] = $1s
je [<tu>] = $1
!(pour|avec|chez|sur|par|sans|à|de|d’) ils [<je>] = $1nt
[veillez] (agréer|trouver|recevoir|noter|patienter|contacter|excuser) = veuillez
n’[hésiter|hésité|hésités] pas = hésitez
(avez|avons|ont|ai|as|aurez|aurait|aura|avait|avaient|ayant|auront|auraient) [<er>] = $2
(avons|avez|ont) [<common-e>] = $2
seront [<er>] = $1s|$1es
(venez|revenez|viens|peux|peut|pouvez|peuvent|pourra|pourrez|pourront|veux|veut|voulez|veulent|dois|doit|devez|doivent|devra|vais|vas|vont|allez|allons|faut|pouvons|voulons|devons) [<to-infinitive>] = $2
(pour|sans) [<to-infinitive>] (le|la|les|un|une|des|votre|vos|notre|nos|ce|cette|ces|mon|ma|mes|ton|ta|tes) = $2
(pour|de|sans|pouvez|voulez|devez|pourrez) [<ez>] = $2
d’[<ez>] = $1
(a|ont|avons|avez|ai|as|avait|avaient|aura) [<it>] = $2
`

var agreements = phraseRule{"agreement", Grammar, Error}

const frenchAgreements = `
!(le|du|au|un|surtout|en|avant|malgré) [tout] (les|ces|mes|tes|ses|nos|vos|leurs) <plural> = tous|toutes
!(le|du|au|un|surtout|en|avant|malgré) [tout] ceux = tous
[toute] (les|ces|mes|tes|ses|nos|vos|leurs|celles) = toutes
[bonne] (appétit|anniversaire|courage|dimanche|weekend|voyage) = bon
[bonne] week-end = bon
[bon] (journée|soirée|nuit|année|chance|semaine|rentrée|fête|lecture|écoute|continuation|route) = bonne
[bon|bonne] (vacances|fêtes) = bonnes
[joyeux|joyeuse] fêtes = joyeuses
[meilleur] vœux = meilleurs
!(pour|avec|chez|sur|par|sans|à|de|d’|et) elle (est|sera|était|serait) [<participle>] !(par|un|une|le|la|les|des) = $2e
!(pour|avec|chez|sur|par|sans|à|de|d’|et) elles (sont|seront|étaient|seraient) [<participle>] = $2es
!(pour|avec|chez|sur|par|sans|à|de|d’|et) ils (sont|seront|étaient|seraient) [<participle>] = $2s
!(pour|avec|chez|sur|par|sans|à|de|d’|et) elle (est|sera|était|serait) [<gone>] !(un|une|le|la|les|des) = $2e
!(pour|avec|chez|sur|par|sans|à|de|d’|et) ils (sont|seront|étaient|seraient) [<gone>] = $2s
(des|ces|mes|tes|ses|nos|vos|plusieurs) [<singular>] !(et|ou) = $2s
`

var lostCapitals = phraseRule{"casing", Typography, Warning}

const frenchCapitals = `
(chef|chefs|coup|coups|homme|hommes|femme|affaire|affaires|secrétaire|raison|secret|secrets) d’[état] = État
[état]-nation = État
[moyen âge] = Moyen Âge
[moyen age] = Moyen Âge
Moyen [âge] = Âge
(Afrique|Corée|Amérique|Irlande|Soudan) du [sud] = Sud
(Corée|Amérique|Irlande|Macédoine) du [nord] = Nord
(Europe|Afrique|Asie) de l’[ouest] = Ouest
(Europe|Afrique|Asie|Allemagne) de l’[est] = Est
océan [pacifique] = Pacifique
océan [atlantique] = Atlantique
océan [indien] = Indien
[assemblée] nationale = Assemblée
Union [Européenne] = européenne
Nations [unies] = Unies
Jeux [Olympiques] = olympiques
Jeux [Paralympiques] = paralympiques
[homo] sapiens = Homo
^[A] (bientôt|demain|vos|noter|découvrir|lire|voir|écouter|retrouver|partir|propos|table|vendre|gagner|vous|eux|toi|moi|nous|n|mon|ma|ses|son|sa|cet|ces|force|mesure|terme|titre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|cette|ce|chaque|quand|quel|quelle|qui|quoi|tout|tous|toutes|très|nos|notre|votre|la|l|gauche|droite|cause|savoir|suivre|travers|défaut|plus|Paris|Lyon|Marseille|Bordeaux|Lille|Nantes|Toulouse|Rennes|Strasbourg) = À
^[Ca] (va|y|fait|se|ne|n|vous|me|nous|sera|marche|vaut|commence|c|sent|donne|suffit|arrive|veut|a|et) = Ça
`

// frenchPhrases compiles the tables. Tests look words up in a dictionary.
func frenchPhrases(tests map[string]wordTest) *phrases {
	ps := &phrases{byWord: map[string][]*phrase{}}
	ps.compile(slips, tests, frenchSlips)
	ps.compile(wrongForms, tests, frenchForms)
	ps.compile(agreements, tests, frenchAgreements)
	ps.compile(lostHyphens, tests, frenchHyphens)
	ps.compile(strayHyphens, tests, frenchStrayHyphens)
	ps.compile(lostCapitals, tests, frenchCapitals)
	return ps
}
