package demo

import (
	"fmt"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
)

// The people of the sample brand. The names suit anybody, so that no sentence
// has to agree with them.
const (
	author    = "camille"
	trainee   = "sacha"
	responder = "noa"
	manager   = "morgan"
)

// The channels of the sample workspace.
const (
	team     = "colibri"
	comCh    = "com"
	alertsCh = "com-alertes"
)

func at(channel string) board.Place {
	return board.Place{Platform: string(bot.Console), Team: team, Channel: channel}
}

// Space is the sample space: one bilingual brand, four people, seven accounts.
func Space() (*brand.Space, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("load the demo's zone: %w", err)
	}
	member := func(id, name string, roles ...brand.Role) *brand.Member {
		return &brand.Member{ID: id, Name: name, Roles: roles, Lang: "",
			Handles: map[string]string{string(bot.Console): id}}
	}
	space := &brand.Space{ID: "demo", Brands: []*brand.Brand{colibri(zone)}, Members: []*brand.Member{
		member(author, "Camille", brand.Author, brand.Responder, brand.Approver),
		member(trainee, "Sacha", brand.Author),
		member(responder, "Noa", brand.Responder, brand.Approver, brand.Moderator),
		member(manager, "Morgan", brand.Author, brand.Approver, brand.Admin),
	}}
	space.Member(trainee).Trainee = true
	return space, nil
}

func week() hours.Week {
	var w hours.Week
	for day := time.Monday; day <= time.Friday; day++ {
		w[day] = []hours.Span{{Open: 8*60 + 45, Close: 18*60 + 30}}
	}
	return w
}

func colibri(zone *time.Location) *brand.Brand {
	return &brand.Brand{
		ID: "colibri", Name: "Maison Colibri", Langs: []string{"fr", "en"}, Zone: zone,
		Hours: week(), Brief: 8*60 + 45, Handover: 18*60 + 15,
		Rounds:    []hours.Clock{9 * 60, 14 * 60, 16*60 + 30},
		Promise:   2 * time.Hour,
		Approvals: []board.Place{at(comCh)}, Alerts: []board.Place{at(alertsCh)},
		Accounts: []brand.Account{
			{ID: "linkedin", Network: "assisted", Shows: "linkedin", Name: "LinkedIn", Reference: "Maison Colibri"},
			{ID: "instagram", Network: "assisted", Shows: "instagram", Name: "Instagram", Reference: "@maisoncolibri"},
			{ID: "x", Network: "assisted", Shows: "x", Name: "X", Reference: "@colibri"},
			{ID: "mastodon", Network: "mastodon", Shows: "mastodon", Name: "Mastodon", Reference: "@colibri@mastodon.example"},
			{ID: "bluesky", Network: "bluesky", Shows: "bluesky", Name: "Bluesky", Reference: "@colibri.example"},
		},
		Watch: []brand.Watch{
			{Name: "marque", Query: `("maison colibri" OR @colibri OR @maisoncolibri OR #maisoncolibri OR colibri) NOT (oiseau OR jardin)`},
		},
		Themes: map[string][]string{
			"livraison": {"livraison*", "livre*", "colis", "commande*", "retard*", "attends", "semaines", "recu", "perdu", "delivery", "parcel", "late", "order"},
			"prix":      {"prix", "cher", "chere", "tarif*", "euros", "price", "expensive"},
			"qualite":   {"gout", "fade", "amer", "qualite", "casse*", "abime*", "taste", "broken"},
			"securite":  {"allergi*", "feu", "brul*", "bless*", "malade*", "noix", "fire", "burn*", "sick"},
		},
		ThemeNames: map[string]map[string]string{
			"livraison": {"fr": "Livraison", "en": "Delivery"}, "prix": {"fr": "Prix", "en": "Price"},
			"qualite": {"fr": "Qualité", "en": "Quality"}, "securite": {"fr": "Sécurité", "en": "Safety"},
		},
		Critical: []string{"feu", "allergi*", "brul*", "bless*", "hopital", "intoxi*", "fire", "allergic", "injur*"},
		Answers: []brand.Answer{{
			ID: "livraison", Theme: "livraison",
			Name: map[string]string{"fr": "Livraison", "en": "Delivery"},
			Text: map[string]string{
				"fr": "Bonjour, nous vérifions votre envoi et revenons vers vous aujourd’hui. Pouvez-vous nous écrire en privé avec votre numéro de commande ?",
				"en": "Hello, we are checking your parcel and will come back to you today. Could you send us your order number in private?",
			},
		}},
		Charter: []brand.Article{
			{ID: "respect", Title: map[string]string{"fr": "Respect", "en": "Respect"},
				Text: map[string]string{"fr": "On critique nos thés, jamais les personnes.", "en": "Criticise our teas, never people."}},
			{ID: "propos", Title: map[string]string{"fr": "À propos", "en": "On topic"},
				Text: map[string]string{"fr": "Pas de publicité pour autre chose.", "en": "No advertising for anything else."}},
		},
		Own:    []string{"@colibri", "@maisoncolibri", "@colibri@mastodon.example", "@colibri.example"},
		OnCall: []string{responder, manager},
		Policy: brand.Policy{Needed: 1, Ask: []string{manager}},
		Words:  []string{"Colibri", "rooibos", "matcha", "oolong", "sencha", "chaï"},
		Noise:  brand.DefaultNoise(),
	}
}
