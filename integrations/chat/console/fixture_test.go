package console

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/content/contenttest"
	"crieur/bot/i18n"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	serve  = flag.String("serve", "", "serve the sample workspace at this address until interrupted (TestServe)")
)

// TestServe is the workspace to look at: go test -run TestServe -serve 127.0.0.1:8080.
func TestServe(t *testing.T) {
	if *serve == "" {
		t.Skip("only with -serve ADDRESS")
	}
	s := newSample(t)
	s.day()
	listener, err := net.Listen("tcp", *serve)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server := &http.Server{Handler: s.Handler()}
	context.AfterFunc(ctx, func() { server.Close() })
	fmt.Println("http://" + listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		t.Fatal(err)
	}
}

// sample is a workspace with people, channels and a fake machinery behind it.
type sample struct {
	*Console
	t testing.TB

	mu     sync.Mutex
	now    time.Time
	events []bot.Event
	keys   [][]string
	down   bool
	state  TourState
	acted  []string
	langs  []string
	looks  []string
	files  contenttest.Files
}

func paris(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func newSample(t testing.TB) *sample {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone := paris(t)
	s := &sample{t: t, now: time.Date(2026, 11, 26, 8, 45, 0, 0, zone)}
	opts := Options{
		Team: "demo", Fleeting: true, Brand: "Maison Colibri", Catalog: catalog, Zone: zone, Now: s.clock, Files: &s.files,
		People: []Person{
			{ID: "lea", Name: "Léa Morin", Lang: "fr", Title: map[string]string{"fr": "community manager", "en": "community manager"}},
			{ID: "nadia", Name: "Nadia Roux", Lang: "fr", Title: map[string]string{"fr": "responsable de la communication", "en": "head of communications"}},
			{ID: "sam", Name: "Sam Okafor", Lang: "en", Title: map[string]string{"fr": "réponses, astreinte ce soir", "en": "replies, on call tonight"}},
		},
		Channels: []Channel{
			{ID: "com", Name: "com", About: map[string]string{"fr": "À valider, en ligne", "en": "To approve, live"}},
			{ID: "alertes", Name: "com-alertes", About: map[string]string{"fr": "Ce qui ne peut pas attendre", "en": "What can't wait"}, Hidden: true},
			{ID: "direction", Name: "direction", About: map[string]string{}, Members: []string{"nadia"}},
		},
		Commands: []Command{
			{Name: "draft", Names: map[string]string{"fr": "brouillon", "en": "draft"}, Hint: map[string]string{"fr": "[texte]", "en": "[text]"},
				About: map[string]string{"fr": "Préparer un post", "en": "Write a post"}},
			{Name: "review", Names: map[string]string{"fr": "valider", "en": "review"}, About: map[string]string{"fr": "Ce qui attend ma décision", "en": "What waits for my decision"}},
			{Name: "plan", Names: map[string]string{"fr": "planning", "en": "plan"}, Hint: map[string]string{"fr": "[période ou réseau]", "en": "[period or network]"},
				About: map[string]string{"fr": "Les jours qui viennent", "en": "The days ahead"}},
			{Name: "mentions", About: map[string]string{"fr": "À répondre", "en": "To answer"}},
			{Name: "crieur", About: map[string]string{"fr": "Tout le reste", "en": "Everything else"}},
		},
		Shortcuts: []Shortcut{{Action: "draft.from", Label: map[string]string{"fr": "En faire un post", "en": "Make it a post"}}},
		OnLook: func(person, pane string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.looks = append(s.looks, person+" "+pane)
		},
		OnLanguage: func(person, lang string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.langs = append(s.langs, person+" "+lang)
		},
	}
	s.Console, err = New(opts, s, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

func (s *sample) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *sample) at(hour, minute int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = time.Date(2026, 11, 26, hour, minute, 0, 0, s.now.Location())
}

// seen returns the events that were accepted.
func (s *sample) seen() []bot.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bot.Event{}, s.events...)
}

func (s *sample) broken(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// Accept is bot.Ingress: it stores the event, and answers what the sample knows.
func (s *sample) Accept(_ context.Context, keys []string, e bot.Event) (bool, error) {
	s.mu.Lock()
	if s.down {
		s.mu.Unlock()
		return false, errors.New("store away")
	}
	s.events, s.keys = append(s.events, e), append(s.keys, keys)
	s.mu.Unlock()
	s.react(e)
	return true, nil
}

// react does at once what the features behind would do a little later.
func (s *sample) react(e bot.Event) {
	ctx := context.Background()
	switch e.Action + e.Command {
	case "review.approve":
		if err := s.Edit(ctx, e.Place, approvedCard()); err != nil {
			s.t.Error(err)
		}
	case "review.own":
		s.reply(e, bot.Card{Blocks: []bot.Block{bot.P("Ce post vient de vous : il lui faut un autre regard. Nadia Roux ou Sam Okafor peut le valider.")}})
	case "mentions":
		s.reply(e, bot.Card{Title: bot.Say("Rien à répondre"), Blocks: []bot.Block{bot.P("Tout le monde a sa réponse.")}})
	}
	if e.Kind == bot.Message {
		s.reply(e, bot.Card{Blocks: []bot.Block{bot.P("On dirait un post."), {Kind: bot.Quote, Quoted: e.Text}},
			Buttons: []bot.Button{{Action: "draft.make", Label: "En faire un brouillon", Style: bot.Primary}, {Action: "draft.no", Label: "Non"}}, Token: "t"})
	}
}

func (s *sample) reply(e bot.Event, card bot.Card) {
	if err := s.Answer(context.Background(), e.Reply, card); err != nil {
		s.t.Error(err)
	}
}

// Ack is bot.Front.
func (s *sample) Ack(e bot.Event) bot.Ack {
	switch {
	case e.Action == "news.tell":
		return bot.Open
	case e.Action == "draft.edit" && e.Kind == bot.Action, e.Command == "draft" && e.Text == "", e.Action == "draft.refused":
		return bot.Open
	case e.Action == "review.approve", e.Action == "review.own":
		return bot.Busy
	case e.Kind == bot.Action || e.Kind == bot.Submit:
		return bot.Quiet
	}
	return bot.Wait
}

// Form is bot.Front.
func (s *sample) Form(_ context.Context, e bot.Event) (bot.Form, error) {
	if e.Action == "draft.refused" {
		return bot.Form{}, bot.Refuse("Seule la validation peut faire ça (Nadia Roux).")
	}
	if e.Action == "news.tell" {
		return bot.Form{Action: "news.told", Token: "tok", Title: "Prévenir", Submit: "Prévenir", Cancel: "Annuler", Fields: []bot.Field{
			{ID: "members", Kind: bot.PickMany, Label: "Qui", Choices: crowd()[:25], Value: []string{"m1"}, Left: "25 choix affichés sur 60."},
			{ID: "owner", Kind: bot.Pick, Label: "Pour", Choices: crowd()[:25], Left: "25 choix affichés sur 60.", Optional: true}}}, nil
	}
	return bot.Form{Action: "draft.save", Arg: "new", Token: "tok", Title: "Nouveau brouillon", Intro: "Un texte pour tous les réseaux ; chacun s’ajuste ensuite.", Submit: "Préparer le brouillon", Cancel: "Annuler",
		Fields: []bot.Field{
			{ID: "text", Kind: bot.Area, Label: "Texte", Hint: "Sans lien ni hashtag pour l’instant", Max: 300},
			{ID: "networks", Kind: bot.PickMany, Label: "Réseaux", Choices: []bot.Choice{{Value: "linkedin", Label: "LinkedIn"}, {Value: "instagram", Label: "Instagram"}}, Value: []string{"linkedin"}},
			{ID: "tone", Kind: bot.Pick, Label: "Ton", Choices: []bot.Choice{{Value: "calm", Label: "Posé"}, {Value: "gay", Label: "Joyeux"}}, Optional: true},
			{ID: "day", Kind: bot.Date, Label: "Jour", Optional: true},
			{ID: "hour", Kind: bot.Clock, Label: "Heure", Optional: true},
			{ID: "picture", Kind: bot.File, Label: "Visuel", Hint: "JPEG, PNG, GIF ou WebP", Optional: true},
		}}, nil
}

// Check is bot.Front.
func (s *sample) Check(_ context.Context, e bot.Event) (map[string]string, error) {
	if strings.Contains(strings.Join(e.Values["text"], ""), "mercredi 26") {
		return map[string]string{"text": "Le 26 novembre est un jeudi."}, nil
	}
	return nil, nil
}

// Choices is bot.Front.
func (s *sample) Choices(_ context.Context, _ bot.Event, text string) ([]bot.Choice, error) {
	var choices []bot.Choice
	for _, word := range []string{"aujourd’hui", "demain", "semaine"} {
		if strings.HasPrefix(word, text) {
			choices = append(choices, bot.Choice{Value: word, Label: word})
		}
	}
	return choices, nil
}

// crowd is more than a menu lists.
func crowd() (all []bot.Choice) {
	for n := range 60 {
		all = append(all, bot.Choice{Value: fmt.Sprint("m", n), Label: fmt.Sprintf("Membre %02d", n)})
	}
	return all
}

// Searches is bot.Searcher.
func (s *sample) Searches(action, _ string) bool {
	return action == "plan.swap" || action == "news.told"
}

// Search is bot.Searcher.
func (s *sample) Search(_ context.Context, e bot.Event, field, text string) (found bot.Found, err error) {
	if e.Action != "news.told" && (e.Action != "plan.swap" || field != bot.MenuField) || e.Token == "" || text == "boum" {
		return found, errors.New("no store")
	}
	for _, one := range crowd() {
		if strings.HasPrefix(one.Label, text) {
			found.Choices = append(found.Choices, one)
		}
	}
	return found, nil
}

// Say is bot.Front.
func (s *sample) Say(e bot.Event, key string) string { return s.printer(e.User.Locale).T(key) }

// State is Tour.
func (s *sample) State(_, _ string) TourState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Act is Tour.
func (s *sample) Act(ctx context.Context, _, action string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until, bounded := ctx.Deadline(); bounded && time.Until(until) < time.Minute {
		s.t.Errorf("%s has %v, a night on a slow machine takes longer", action, time.Until(until))
	}
	s.acted = append(s.acted, action)
	switch action {
	case TourStart:
		s.state = dayState()
	case TourExplore:
		s.state = TourState{Free: true, Sentence: "Vous explorez librement.", Lamp: LampOn}
	case "night":
		s.state.Night, s.state.Lamp = nightState(s.now), LampOut
	case "morning":
		s.state.Night = nil
	case "refuse":
		return bot.Refuse("Il reste un post à valider.")
	case "break":
		return errors.New("wire cut")
	}
	return nil
}

// keep keeps a picture for good.
func (s *sample) keep(data []byte) (digest string) {
	s.t.Helper()
	digest, err := s.files.Put(context.Background(), data)
	if err != nil {
		s.t.Fatal(err)
	}
	return digest
}

func (s *sample) post(channel string, card bot.Card, silent bool) board.Place {
	s.t.Helper()
	place, err := s.Post(context.Background(), board.Place{Platform: "console", Team: "demo", Channel: channel}, card, bot.PostOptions{Silent: silent})
	if err != nil {
		s.t.Fatal(err)
	}
	return place
}

// talk says something as a person, without a browser.
func (s *sample) talk(person, channel, text string) reply {
	s.t.Helper()
	me, found := s.person(person)
	if !found {
		s.t.Fatalf("no person %q", person)
	}
	return s.act(context.Background(), me, op{ID: s.secret(), Kind: "say", Channel: channel, Text: text})
}

// day fills the workspace with a morning's work.
func (s *sample) day() {
	s.state = TourState{Welcome: true}
	s.Guide(s)
	s.post("@lea", briefCard(), false)
	s.at(9, 2)
	s.post("com", requestCard(), false)
	s.talk("nadia", "com", "Je regarde ça avant midi. Le visuel est superbe !")
	s.at(9, 41)
	s.post("alertes", complaintCard(), false)
	s.post("alertes", insultCard(), true)
	s.at(10, 15)
	s.post("@lea", draftCard(), true)
	s.talk("lea", Direct, "plus court, s’il te plaît")
	s.post("com", planCard(), true)
	s.Reveal("alertes", Outside)
	s.keep(picture())
	for _, p := range posts(s.clock()) {
		s.Outside(p)
	}
}

func briefCard() bot.Card {
	return bot.Card{Token: "tb", Title: bot.Say("Le point du jeudi 26 novembre · Maison Colibri"), Blocks: []bot.Block{
		bot.P("À répondre : 14 conversations, dont 2 avant 10 h 00\nÀ valider : 1 post avant 16 h 30 (Nadia Roux)"),
		bot.P("On parle de la livraison : 7 personnes depuis hier soir, d’habitude 1 à 2\nAujourd’hui : 12 h 00, 18 h 00, 20 h 30. Personne de permanence à 20 h 30."),
		bot.P("Concurrents : Thés Bellerive passe son coffret de 39 à 32 €"),
		{Kind: bot.Small, Text: bot.Say("Ce que je ne vois pas : Reddit ne répond plus depuis 6 h 10")}},
		Buttons: []bot.Button{{Action: "round.start", Label: "Commencer la tournée", Style: bot.Primary}, {Action: "plan.day", Label: "Voir la journée"}, {Action: "brief.useful", Label: "Utile ?"}},
		More:    []bot.Button{{Action: "brief.later", Label: "Le recevoir plus tard"}, {Action: "brief.mute", Label: "Le mettre en pause"}}}
}

func requestCard() bot.Card {
	return bot.Card{Token: "tr", Tone: bot.Warning, Title: bot.Say("À valider avant 16 h 30 · Thé de Noël · proposé par Léa Morin"), Lang: "fr", Blocks: []bot.Block{
		{Kind: bot.Paragraph, Text: bot.Text{{Text: "Nadia Roux", Member: "nadia"}, {Text: " · un accord suffit"}}},
		{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("Sortie"), bot.Say("jeudi 26 novembre à 18 h 00")}, {bot.Say("Réseaux"), {{Text: "LinkedIn", Strong: true}, {Text: ", Instagram et X"}}}, {bot.Say("Visuel"), bot.Say("une boîte rouge sur une table en bois, une tasse qui fume")}}},
		{Kind: bot.Quote, Quoted: "Notre thé de Noël est de retour jeudi 26 novembre. Qui l’attendait ?"},
		{Kind: bot.Small, Text: bot.Say("Sans accord à 18 h 00, rien ne part.")}},
		Buttons: []bot.Button{{Action: "review.approve", Label: "Valider les 3", Style: bot.Primary}, {Action: "review.changes", Label: "Demander une retouche"}, {Action: "review.each", Label: "Voir chaque réseau"}},
		More: []bot.Button{{Action: "review.decline", Label: "Refuser", Style: bot.Danger, Confirm: &bot.Confirm{Title: "Refuser ce post ?", Text: "Léa Morin sera prévenue, le post ne partira pas.", Yes: "Refuser le post", No: "Garder"}},
			{Action: "review.own", Label: "Pourquoi moi ?"}, {Action: "draft.refused", Label: "Déléguer"}}}
}

func approvedCard() bot.Card {
	return bot.Card{Token: "tr", Tone: bot.Good, Title: bot.Say("Validé par Nadia Roux à 15 h 12 · départ à 18 h 00"), Blocks: []bot.Block{{Kind: bot.Quote, Quoted: "Notre thé de Noël est de retour jeudi 26 novembre. Qui l’attendait ?"}},
		Buttons: []bot.Button{{Action: "review.hold", Label: "Suspendre"}}}
}

func draftCard() bot.Card {
	return bot.Card{Token: "td", Title: bot.Say("Brouillon · privé pour l’instant · Thé de Noël"), Blocks: []bot.Block{
		{Kind: bot.Quote, Quoted: "Notre thé de Noël est de retour mercredi 26 novembre. Qui l’attendait ? […]"},
		{Kind: bot.Fields, Pairs: [][2]bot.Text{{bot.Say("LinkedIn"), bot.Say("prêt, 291 sur 3 000")}, {bot.Say("X"), bot.Say("trop long de 11 caractères")}}},
		{Kind: bot.Paragraph, Text: bot.Text{{Text: "À corriger :", Strong: true}, {Text: " le 26 novembre est un jeudi."}}},
		{Kind: bot.Menu, Select: &bot.Select{Action: "draft.network", Label: "Réseau à regarder", Choices: []bot.Choice{{Value: "linkedin", Label: "LinkedIn"}, {Value: "x", Label: "X"}}}},
		{Kind: bot.Picture, URL: "https://media.example/tea.png", Alt: "une boîte rouge"},
		{Kind: bot.Picture, File: content.Digest(picture()), Alt: "une boîte rouge sur une table en bois"}},
		Buttons: []bot.Button{{Action: "draft.fix", Label: "Corriger les 2 points", Style: bot.Primary}, {Action: "draft.edit", Label: "Ajuster le texte"}, {Label: "Voir la fiche", URL: "https://media.example/fiche"}}}
}

func complaintCard() bot.Card {
	return bot.Card{Token: "tc", Tone: bot.Bad, Title: bot.Say("Plainte à traiter · Instagram · il y a 6 min"), Blocks: []bot.Block{
		{Kind: bot.Quote, Label: "@marie.d", Quoted: "Deux semaines que j’attends ma commande, personne ne répond"},
		bot.P("Pourquoi cette alerte : deuxième message, le premier est sans réponse depuis hier\nRépondre avant 11 h 20 · personne ne s’en occupe encore")},
		Buttons: []bot.Button{{Action: "alert.take", Label: "Je m’en occupe", Style: bot.Primary}, {Action: "alert.reply", Label: "Répondre"}, {Action: "alert.not", Label: "Rien de négatif"}}}
}

func insultCard() bot.Card {
	return bot.Card{Title: bot.Say("À modérer · Facebook"), Summary: "À modérer · Facebook", Blocks: []bot.Block{
		{Kind: bot.Quote, Folded: true, Quoted: "bande de voleurs allez crever <script>alert(1)</script>"}, {Kind: bot.Rule}, {Kind: bot.Row, Buttons: []bot.Button{{Action: "mod.hide", Label: "Garder la preuve et masquer"}}}}}
}

func planCard() bot.Card {
	return bot.Card{Title: bot.Say("Aujourd’hui"), Blocks: []bot.Block{{Kind: bot.Grid, Rows: [][]string{{"Heure", "Post", "Réseaux"}, {"12 h 00", "Recette du chaï", "Instagram"}, {"18 h 00", "Thé de Noël", "LinkedIn, Instagram, X"}}}}}
}

func posts(at time.Time) []OutsidePost {
	text := "Notre thé de Noël est de retour jeudi 26 novembre. Qui l’attendait ?\n\nOrange, cannelle, clou de girofle : la boîte rouge revient, sans plastique."
	media := []OutsideMedia{{File: content.Digest(picture()), Alt: "une boîte rouge sur une table en bois"}}
	var list []OutsidePost
	for _, n := range []struct{ network, handle string }{
		{"linkedin", "Thés et infusions · 1 204 abonnés"}, {"instagram", "maison.colibri"}, {"x", "@colibri"}, {"mastodon", "@colibri@the.example"},
		{"bluesky", "@colibri.example"}, {"facebook", "Page · Boutique de thé"}, {"discord", "#annonces"}, {"slack", "#nouvelles"}, {"Infolettre", "colibri.example"},
	} {
		p := OutsidePost{ID: n.network + "-1", Network: n.network, Name: "Maison Colibri", Handle: n.handle, Text: text, At: at}
		switch n.network {
		case "instagram":
			p.Media, p.Tag = media, "publié à la main"
		case "linkedin":
			p.Link, p.LinkTitle = "https://colibri.example/noel", "Le thé de Noël · Maison Colibri"
		case "facebook":
			p.Media = []OutsideMedia{{Alt: "une boîte rouge"}}
		case "x":
			p.ReplyTo, p.Parent = "@marie.d", "Deux semaines que j’attends <b>ma</b> commande"
		}
		list = append(list, p)
	}
	return list
}

func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for y := range 200 {
		for x := range 320 {
			shade := color.RGBA{uint8(120 + x/4), uint8(60 + y/4), 50, 255}
			if x > 110 && x < 210 && y > 60 {
				shade = color.RGBA{168, 32, 40, 255}
			}
			img.Set(x, y, shade)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func dayState() TourState {
	return TourState{Step: 4, Steps: 12, Sentence: "Votre post attend un autre regard : il faut devenir Nadia Roux.", Hint: "La demande est dans #com.", Lamp: LampOn,
		Main:   &TourButton{Action: "become", Label: "Devenir Nadia Roux", Person: "nadia", Pane: "com"},
		Others: []TourButton{{Action: "night", Label: "Avancer l’horloge"}}, Point: &Point{Pane: "com", Action: "review.approve"}}
}

func nightState(now time.Time) *Night {
	at := func(h, m int) time.Time { return time.Date(2026, 11, 26, h, m, 0, 0, now.Location()) }
	return &Night{ID: "n1", From: at(18, 30), To: at(32, 45),
		Moments: []Moment{{at(19, 12), "Vous livrez en Belgique ?", false}, {at(20, 40), "18 messages sur la livraison, un seul sujet", false}, {at(23, 10), "Un réseau ne répond plus", false}, {at(27, 20), "Une bouilloire a pris feu : Sam Okafor, d’astreinte", true}, {at(30, 5), "Bravo pour l’emballage sans plastique", false}},
		Figures: []Figure{{"61", "messages reçus"}, {"0", "sonnerie chez vous"}, {"1", "vraie urgence chez Sam Okafor"}},
		Closing: "Le crieur se tait. Tout vous attend dans le point de 8 h 45.", Main: TourButton{Action: "morning", Label: "Voir le point du matin", Pane: Direct}}
}
