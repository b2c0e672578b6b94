package app_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
	"crieur/commands/calendar"
	"crieur/commands/drafting"
	"crieur/commands/learning"
	"crieur/commands/rivals"
)

var update = flag.Bool("update", false, "write the golden files anew")

// press clicks what does the action, whatever it is called. Hostile words may
// lead elsewhere: then it is not there.
func (a *album) press(user, channel, action string) {
	a.t.Helper()
	if err := a.w.chat.Press(user, channel, action); err != nil && !a.hostile {
		a.t.Fatal(err)
	}
	time.Sleep(time.Second)
}

// fill sends the form that is open.
func (a *album) fill(user string, pairs ...string) {
	a.t.Helper()
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	if err := a.w.chat.Submit(user, values); err != nil && !a.hostile {
		a.t.Fatal(err)
	}
}

// everythingElse goes through what an ordinary day does not have, so that every
// view is drawn and every form opened.
func (a *album) everythingElse() {
	a.t.Helper()
	a.command("morgan", "crieur", "resume")
	a.turn("asked to resume")
	a.press("morgan", "@morgan", "post.resume")
	a.turn("resumed")
	a.planning()
	a.deciding()
	a.answering()
	a.command("camille", "rivals", "")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "rival.follow")
	a.fill("camille", "address", "https://bellerive.example/feed.xml", "name", a.words("Thés Bellerive", "name", 60))
	a.turn("a competitor")
	a.observe("o1", "Le coffret passe de 39 à 32 €")
	a.observe("o2", "Une tisane de plus")
	a.command("camille", "rivals", "")
	a.turn("a competitor’s news")
	a.press("camille", "@camille", "rival.compare")
	a.turn("compared")
	a.press("camille", "@camille", "news.open")
	a.turn("one piece of news")
	a.press("camille", "@camille", "news.tell")
	a.fill("camille", "members", "noa,morgan")
	a.turn("passed on")
	a.press("camille", "@camille", "news.drop")
	a.turn("no follow-up")
	a.press("camille", "@camille", "news.idea")
	a.turn("too late")
	a.command("camille", "rivals", "")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "news.open")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "news.idea")
	a.turn("an idea")
	a.command("camille", "rivals", "")
	a.turn("nothing left")
	a.relaying()
	a.myself()
	a.command("morgan", "crieur", "learning")
	a.turn("what was learnt")
	a.command("camille", "draft", a.words("Bonjour. Un texte bien trop long.", "text", 10_000))
	a.turn("a long draft")
	a.press("camille", "@camille", "draft.each")
	a.turn("each long text")
	a.illustrated()
	a.worded()
	a.settingUp()
	a.ways()
	a.somebody()
	a.lacking()
	a.stated()
	a.moderating()
	a.calming()
	a.ready()
	a.corners()
	a.command("sacha", "crieur", "learning")
	a.turn("not their work")
	a.press("sacha", "@sacha", bot.PleadAction)
	a.turn("those who may are asked")
	a.atNight()
	a.drilling()
	a.useful()
	a.dayOff()
}

// dayOff comes to the list of what leaves over the next days off.
func (a *album) dayOff() {
	a.t.Helper()
	eve := a.w.clock.Now().In(a.w.now().app.Team.Now().Brands[0].Zone)
	for eve.Weekday() != time.Friday {
		eve = eve.AddDate(0, 0, 1)
	}
	for _, clock := range []string{"12:00", "17:00"} {
		a.command("camille", "draft", "")
		a.fill("camille", "text", a.words("Bonjour. Sencha.", "post", 200), "title", a.words("Sencha", "title", 75), "day", eve.AddDate(0, 0, 1).Format(time.DateOnly), "clock", clock)
		time.Sleep(time.Second)
		a.press("camille", "@camille", "draft.send")
	}
	a.turn("posts of a Saturday")
	a.w.clock.Move(time.Date(eve.Year(), eve.Month(), eve.Day()-5, 20, 0, 0, 0, eve.Location())) // what nobody decided is over before the brief comes
	time.Sleep(5 * time.Second)
	a.w.clock.Move(time.Date(eve.Year(), eve.Month(), eve.Day(), 16, 0, 1, 0, eve.Location()))
	a.turn("all of an eve of days off")
	a.press("morgan", "@morgan", "review.open")
	a.turn("opened from the list")
}

// useful chooses the parts of the brief, one's own and the team's.
func (a *album) useful() {
	a.t.Helper()
	a.press("camille", "com", "brief.useful")
	a.turn("on the team’s brief, one’s own to choose")
	word, _, _ := strings.Cut(a.p.T("digest.word"), ",")
	a.command("camille", "crieur", word)
	time.Sleep(time.Second)
	a.press("camille", "@camille", "brief.useful")
	a.fill("camille", "one", "talk,topics")
	a.turn("all of a brief on demand")
	for _, parts := range []string{"talk", "answer,approve,talk,posts,rivals,relay,yesterday,answers,topics"} {
		a.press("morgan", "com", "brief.useful")
		a.fill("morgan", "team", parts)
		a.turn("all of the team’s brief")
	}
	a.command("morgan", "crieur", word)
	time.Sleep(time.Second)
	a.press("morgan", "@morgan", "brief.useful")
	a.fill("morgan")
	a.turn("all of a brief on demand")
}

// calming goes through a crisis, from an alert to what is left of it.
func (a *album) calming() {
	a.t.Helper()
	a.press("morgan", "com-alertes", "theme.crisis")
	a.command("morgan", "crieur", "crisis")
	a.turn("no crisis")
	a.press("morgan", "@morgan", "crisis.open")
	a.fill("morgan", "about", a.words("Colis perdus", "about", 120), "theme", "livraison", "lead", "noa")
	a.turn("a crisis")
	for _, say := range []string{"Nous cherchons vos colis.", "Vos colis sont retrouvés."} {
		a.press("morgan", "com-alertes", "crisis.words")
		say = a.words(say, "said", 1000)
		a.fill("morgan", "say-fr", say, "say-en", say, "avoid-fr", a.words("C’est le transporteur.", "avoided", 1000))
		a.turn("the words of a crisis")
	}
	a.hear("burnt", "Mastodon", "@colis", "Le colis de ma commande a pris feu @colibri, c’est honteux")
	a.turn("an alert in a crisis")
	a.answeringTwice()
	a.press("noa", "com-alertes", "crisis.point")
	a.fill("noa", "clock", "11:00")
	a.turn("the next point of a crisis")
	a.command("noa", "crieur", "crisis")
	a.turn("the crisis that is open")
	a.command("noa", "crieur", "")
	a.turn("all of the page in a crisis")
	a.press("noa", "@noa", "crisis.see")
	a.press("noa", "@noa", "crisis.ahead")
	a.turn("posts to read again")
	a.press("morgan", "com-alertes", "crisis.over")
	a.fill("morgan", "learnt", a.words("Appeler le transporteur plus tôt.", "learnt", 1000))
	a.turn("a crisis that is over")
	a.press("morgan", "com-alertes", "crisis.text")
	a.turn("all of a crisis")
}

// answeringTwice answers in a crisis: the reply comes back once, then leaves.
func (a *album) answeringTwice() {
	a.t.Helper()
	for _, action := range []string{"reply.back", "reply.let"} {
		a.press("camille", "com-alertes", "case.reply")
		a.fill("camille", "text", a.words("Bonjour, nous cherchons votre colis.", "reply", 150))
		a.turn("a reply to look at")
		a.press("noa", "@noa", action)
		a.turn("looked at, " + action)
	}
}

// ready writes a ready answer, uses it, and lets it end.
func (a *album) ready() {
	a.t.Helper()
	word, _, _ := strings.Cut(a.p.T("answers.word"), ",")
	a.command("noa", "crieur", word)
	a.turn("ready answers")
	a.press("noa", "@noa", "answers.new")
	name, text := a.words("Livraison en Belgique", "name", 60), a.words("Bonjour, oui, en trois jours.", "reply", 2000)
	a.fill("noa", "name", name, "theme", "livraison", "text", text, "source", a.words("Entrepôt", "source", 200), "until", a.w.clock.Now().Format(time.DateOnly))
	a.turn("a ready answer")
	a.hear("where", "Mastodon", "@tom", "Vous livrez en Belgique ? @colibri")
	a.command("noa", "mentions", "")
	a.turn("a question with ready answers")
	a.press("noa", "com-alertes", "case.with")
	a.fill("noa", "text", text)
	a.turn("a ready answer used")
	a.press("noa", "@noa", "answers.edit")
	a.fill("noa", "text", a.words("Bonjour, oui, en quatre jours.", "reply", 2000))
	a.turn("a ready answer changed")
	a.press("noa", "@noa", "answers.past")
	a.turn("what a ready answer was")
	for _, action := range []string{"answers.extend", "answers.retire", "answers.restore"} {
		a.press("noa", "@noa", action)
		a.turn("a ready answer, " + action)
	}
	a.press("noa", "@noa", "answers.open")
	a.turn("an answer opened")
	a.press("noa", "com-alertes", "case.keep")
	a.fill("noa", "name", a.words("Presse", "name", 60))
	a.turn("a ready answer made of a reply")
}

// moderating hides a criticism and shows it again, and changes the charter.
func (a *album) moderating() {
	a.t.Helper()
	a.hear("nul", "Mastodon", "@marc", "Votre thé n’a aucun goût @colibri, c’est honteux")
	a.command("noa", "mentions", "")
	time.Sleep(time.Second)
	a.press("noa", "@noa", "case.moderate")
	a.turn("a message to moderate")
	a.command("noa", "crieur", "moderation")
	a.turn("what waits for moderation")
	a.press("noa", "@noa", "moderation.open")
	a.press("noa", "@noa", "moderation.why")
	a.fill("noa", "reason", "charter:propos")
	a.turn("a criticism, by one person")
	a.press("morgan", "@morgan", "moderation.agree")
	a.turn("a second opinion")
	for _, action := range []string{"moderation.done", "moderation.report", "moderation.show"} {
		a.press("noa", "@noa", action)
		a.turn("moderated, " + action)
	}
	a.press("noa", "@noa", "moderation.proof")
	a.turn("all of the evidence")
	a.press("noa", "@noa", "moderation.done")
	a.turn("shown again")
	a.command("morgan", "crieur", "moderation")
	time.Sleep(time.Second)
	a.press("morgan", "@morgan", "charter.see")
	a.turn("the charter")
	a.press("morgan", "@morgan", "charter.edit")
	title, words := a.words("Patience", "title", 60), a.words("On répond sous deux heures.", "post", 1000)
	a.fill("morgan", "title-fr", title, "words-fr", words, "title-en", title, "words-en", words)
	a.turn("the charter, changed")
	a.press("morgan", "@morgan", "charter.text")
	a.turn("a text of the charter")
	a.use("noa", "moderation.add", "bande de voleurs, allez crever @dessin.png")
	a.press("noa", "@noa", "moderation.proof")
	a.turn("all of the evidence, with a picture")
}

// stated is the month's statement of who was on call.
func (a *album) stated() {
	a.t.Helper()
	subject := "colibri/" + a.w.clock.Now().Format("2006-01")
	item := work.Item{ID: "month", Conversation: "statement:colibri", Topic: "due:" + calendar.StatementTopic, Data: []byte(subject)}
	if _, err := a.w.kept.Accept(context.Background(), []string{item.ID}, item); err != nil {
		a.t.Fatal(err)
	}
	a.turn("the month’s statement")
}

// lacking is what recurs and no topic has.
func (a *album) lacking() {
	a.t.Helper()
	for i, said := range []string{"La bouilloire, un régal pour les yeux", "Je recommande la bouilloire, elle est jolie comme tout",
		"Vous vendez toujours la bouilloire ? Je la cherche partout", "On m’a offert une bouilloire, quelle belle surprise",
		"Existe-t-elle en vert, cette bouilloire ? Pour ma cuisine"} {
		a.hear(fmt.Sprint("lacking", i), "Mastodon", fmt.Sprint("@dame", i), "@colibri "+said)
	}
	item := work.Item{ID: "night", Conversation: "learn:colibri", Topic: "due:" + learning.FindTopic, Data: []byte("colibri")}
	if _, err := a.w.kept.Accept(context.Background(), []string{item.ID}, item); err != nil {
		a.t.Fatal(err)
	}
	a.turn("what recurs without a topic")
	a.press("morgan", "@morgan", "learning.create")
	a.press("morgan", "@morgan", "learning.extend")
	a.fill("morgan", "theme", "qualite")
	a.turn("words added to a topic")
}

// relaying follows a source whose posts are worth relaying, and relays one.
func (a *album) relaying() {
	a.t.Helper()
	a.press("camille", "@camille", "rival.follow")
	a.fill("camille", "address", "https://journal.example/feed.xml", "name", a.words("Le Journal du thé", "name", 60), "as", "relay")
	a.turn("a source to relay")
	a.observe("s1", "La cueillette d’automne est finie")
	a.observe("s2", "Comment se lit une étiquette")
	a.command("camille", "rivals", "")
	a.turn("competitors and sources")
	a.press("camille", "@camille", "news.relay")
	a.turn("what to relay")
	a.press("camille", "@camille", "news.open")
	a.turn("one piece to relay")
	a.press("camille", "@camille", "news.pass")
	a.turn("a piece relayed")
	a.press("camille", "@camille", "rival.rival")
	a.turn("a competitor after all")
	a.command("camille", "rivals", a.words("Maison Voisine", "name", 60))
	a.turn("a name without an address")
	a.press("camille", "@camille", "rival.name")
	a.turn("a name followed")
	a.press("camille", "@camille", "rival.address")
	a.fill("camille", "address", "https://voisine.example/feed.xml")
	a.turn("an address for it")
}

// illustrated has pictures from the form to who publishes by hand.
func (a *album) illustrated() {
	a.t.Helper()
	a.command("camille", "draft", a.words("Notre thé de Noël est de retour.", "text", 280))
	time.Sleep(time.Second)
	a.press("camille", "@camille", "draft.picture")
	a.fill("camille", "picture", "@boite.png", "alt", a.words("Une boîte rouge sur une table en bois.", "alt", 1000))
	a.turn("a picture")
	a.press("camille", "@camille", "draft.picture")
	a.fill("camille", "picture", "@film.mp4", "alt", a.words("Un film.", "alt", 1000))
	a.turn("a picture that is none")
	a.press("camille", "@camille", "draft.describe")
	a.fill("camille")
	a.turn("pictures described")
	a.press("camille", "@camille", "draft.send")
	a.turn("a post with a picture")
	a.press("morgan", "com", "review.approve")
	time.Sleep(2 * time.Minute)
	a.turn("a post with a picture, approved")
	a.press("camille", "com", "post.steps")
	a.turn("a picture to publish by hand")
}

// worded has other words for a draft, from the model to who approves them.
func (a *album) worded() {
	a.t.Helper()
	a.w.model.set("", &outbox.Error{Fault: outbox.Denied})
	a.command("camille", "draft", a.words("Bonjour. Coffret. #ThéDeNoël", "text", 280))
	time.Sleep(time.Second)
	a.press("camille", "@camille", "draft.words")
	a.turn("no other words")
	a.w.model.set(a.words("", "proposed", 500), nil)
	a.press("camille", "@camille", "draft.words")
	a.turn("each other word")
	a.press("camille", "@camille", "draft.take")
	a.turn("each other word, taken")
	a.press("camille", "@camille", "draft.send")
	a.turn("other words to approve")
	a.press("morgan", "com", "review.approve")
	time.Sleep(2 * time.Minute)
	a.turn("other words, approved")
	for range drafting.MostAsked {
		a.press("camille", "@camille", "draft.words")
		time.Sleep(2 * time.Second)
	}
	a.turn("other words too often")
	said, _, _ := strings.Cut(a.p.T("drafting.words.word"), ",")
	a.command("camille", "crieur", said)
	a.turn("other words for which")
}

// settingUp sets a further brand up, screen by screen.
func (a *album) settingUp() {
	a.t.Helper()
	a.command("morgan", "crieur", "setup")
	a.turn("set-up")
	a.press("morgan", "@morgan", "setup.name")
	a.fill("morgan", "name", a.words("Thés Bellerive", "brand", 60), "langs", "fr+en", "days", "1,2,3,4,5", "hours", "9-18")
	a.turn("set-up, how the team works")
	a.press("morgan", "@morgan", "setup.preset")
	a.fill("morgan", "writers", "camille", "approvers", "morgan")
	a.turn("set-up, where")
	a.press("morgan", "@morgan", "setup.where")
	a.fill("morgan", "approvals", "com", "alerts", "com-alertes")
	a.turn("set-up, networks")
	a.press("morgan", "@morgan", "setup.networks")
	a.fill("morgan", "networks", "linkedin,x")
	a.turn("set-up, what to hear")
	a.press("morgan", "@morgan", "setup.listen")
	a.fill("morgan", "words", a.words("bellerive", "watched", 200))
	a.turn("set-up, tried")
	a.press("morgan", "@morgan", "setup.fine")
	a.turn("set-up, summed up")
	a.press("morgan", "@morgan", "setup.finish")
	a.turn("set-up, done")
}

// myself is who one is here, with the forms that change it.
func (a *album) myself() {
	a.t.Helper()
	a.command("camille", "crieur", "me")
	a.turn("who I am")
	for _, opener := range []string{"people.settings", "people.notices", "people.leave", "people.type"} {
		a.press("camille", "@camille", opener)
	}
}

// somebody is who others are: of the team, among those who wrote, and nobody.
func (a *album) somebody() {
	a.t.Helper()
	word, _, _ := strings.Cut(a.p.T("people.sheet"), ",")
	a.command("camille", "crieur", word+" noa")
	a.turn("a member")
	a.press("camille", "@camille", "people.look")
	a.fill("camille", "person", "@sacha")
	a.turn("another member")
	a.hear("known", "Mastodon", "@tom", "Toujours rien reçu @colibri, c’est honteux")
	for _, whom := range []string{"tom", "o", "", "@inconnue"} {
		a.command("noa", "crieur", strings.TrimSpace(word+" "+whom))
		a.turn("somebody called " + cmp.Or(whom, "nothing"))
	}
	for i, name := range []string{"noa", "Tom"} { // the menu of a person, where they have one
		e := bot.Event{ID: fmt.Sprint("menu", i), Kind: bot.Shortcut, Action: "people.sheet", Platform: a.w.chat.Name, Team: a.w.chat.Team,
			User: bot.User{ID: "camille", Locale: a.p.Lang}, Person: name, From: name, At: a.w.clock.Now(),
			Reply: bot.Handle{Platform: a.w.chat.Name, Secret: "camille", Expires: a.w.clock.Now().Add(time.Minute)}}
		if _, err := a.w.Accept(context.Background(), []string{e.ID}, e); err != nil {
			a.t.Fatal(err)
		}
		a.turn("menu of a person: " + name)
	}
}

// hear is something said about the brand, handled before the next thing.
func (a *album) hear(id, network, author, text string) {
	a.t.Helper()
	a.w.hear(id, network, a.words(author, "author", 200), a.words(text, "said", 10_000))
	time.Sleep(time.Second)
}

// observe is something that the competitor followed last did.
func (a *album) observe(id, title string) {
	a.t.Helper()
	tx := state.Begin(a.w.kept, "look", a.w.clock.Now())
	all, err := a.w.now().app.Watched.All(context.Background(), tx, "colibri")
	if err != nil || len(all) == 0 {
		a.t.Fatalf("no competitor: %v", err)
	}
	item, err := rivals.Item(rivals.Seen{Brand: "colibri", Observation: listen.Observation{
		ID: id, Rival: all[len(all)-1].ID, Kind: "post", Title: a.words(title, "news", 500), URL: "https://bellerive.example/" + id, At: a.w.clock.Now()}})
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.w.kept.Accept(context.Background(), []string{item.ID}, item); err != nil {
		a.t.Fatal(err)
	}
	time.Sleep(time.Second)
}

func (a *album) planning() {
	a.t.Helper()
	tomorrow := a.w.clock.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	for _, post := range [][2]string{{"12:00", "Coffret"}, {"20:30", "Tisane"}} {
		a.command("camille", "draft", "")
		a.fill("camille", "text", a.words("Bonjour. "+post[1]+".", "post", 200), "title", a.words(post[1], "title", 75), "day", tomorrow, "clock", post[0])
		a.turn("draft from a form")
		a.press("camille", "@camille", "draft.own")
		a.press("camille", "@camille", "draft.edit")
		a.press("camille", "@camille", "draft.send")
	}
	a.press("camille", "@camille", "draft.mine")
	a.turn("my drafts")
	a.press("camille", "com", "plan.today")
	a.turn("the day")
	a.command("camille", "plan", "")
	a.turn("week planned")
	a.command("camille", "plan", "december")
	a.turn("month planned")
	a.command("camille", "plan", "")
	time.Sleep(time.Second)
	a.press("camille", "@camille", "plan.post")
	a.turn("one planned post")
	a.press("camille", "@camille", "plan.embargo")
	a.fill("camille", "day", tomorrow, "clock", "11:00")
	a.press("camille", "@camille", "plan.copy")
	a.turn("duplicated")
	a.press("camille", "@camille", "plan.when")
	a.fill("camille", "day", tomorrow, "clock", "21:00")
	a.turn("before a move")
	a.press("camille", "@camille", "plan.swap")
	a.turn("before a swap")
	a.press("camille", "@camille", "plan.swapanyway")
	a.turn("swapped")
	a.press("morgan", "com", "duty.plan")
	a.fill("morgan", "member", "noa", "long", "60")
	a.turn("a duty asked for")
	a.press("noa", "@noa", "duty.no")
	a.turn("a duty refused")
	a.press("noa", "@noa", "duty.yes")
	a.turn("a duty agreed to")
	a.press("camille", "@camille", "plan.agenda")
	a.turn("a calendar file")
	a.command("sacha", "plan", "")
	time.Sleep(time.Second)
	a.press("sacha", "@sacha", "plan.post")
	a.press("sacha", "@sacha", "plan.move")
	a.command("camille", "plan", "bientôt")
	a.turn("plan refused")
}

func (a *album) deciding() {
	a.t.Helper()
	a.press("morgan", "com", "review.some")
	a.fill("morgan", "accounts", "mastodon")
	a.turn("some approved")
	a.press("morgan", "com", "review.changes")
	a.fill("morgan", "comment", a.words("Plus court, merci.", "comment", 1000))
	a.turn("changes asked")
	a.press("morgan", "com", "review.decline")
	a.fill("morgan", "comment", a.words("Pas cette semaine.", "comment", 1000))
	a.turn("declined")
	a.press("camille", "com", "post.done")
	a.fill("camille", "link", "https://example.org/1")
	a.turn("done by hand")
}

func (a *album) answering() {
	a.t.Helper()
	for i := range 7 {
		a.hear(fmt.Sprint("t", i), "Bluesky", fmt.Sprint("@client", i), fmt.Sprint("Deux semaines que j’attends ma commande @colibri, numéro ", i))
	}
	a.turn("a theme")
	for _, author := range []string{"@presse1", "@presse2", "@presse3", "@presse4", "@presse5"} {
		a.hear(author, "Bluesky", author, "Je suis journaliste, qui peut me parler de @colibri ? "+author)
	}
	a.turn("what the budget leaves no room for")
	a.press("noa", "com-alertes", "theme.list")
	a.turn("all of a theme")
	a.command("noa", "mentions", "")
	a.turn("a round")
	a.press("noa", "@noa", "case.theme")
	a.fill("noa", "theme", "prix")
	a.turn("another theme")
	a.w.bluesky.fail(errLost)
	a.press("noa", "@noa", "case.reply")
	a.fill("noa", "text", a.words("Bonjour, nous regardons.", "reply", 150))
	a.turn("a reply")
	a.press("noa", "com-alertes", "case.reply")
	a.fill("noa", "text", a.words("Bonjour, à qui écrire ?", "reply", 150))
	a.w.pass(2 * time.Minute)
	a.turn("an uncertain reply")
	a.command("noa", "mentions", "journaliste")
	a.turn("found")
	a.press("noa", "com-alertes", "case.take")
	a.w.clock.Move(a.w.clock.Now().Add(100 * time.Minute))
	a.turn("a promise that ends soon")
	a.press("noa", "@noa", "case.wait")
	a.fill("noa", "text", a.words("Bonjour, nous nous renseignons.", "reply", 150))
	a.turn("asked to wait")
	a.w.pass(2 * time.Minute)
	a.turn("a holding reply to check")
	a.press("noa", "@noa", "reply.there")
	a.turn("who waits on")
	a.press("noa", "@noa", "case.wait")
	a.turn("asked to wait once more")
	a.press("noa", "@noa", "case.pass")
	a.fill("noa", "heir", "camille", "note", a.words("Cette personne attend depuis hier.", "note", 300))
	a.turn("handed over")
	a.press("camille", "@camille", "case.pass")
	a.fill("camille", "heir", "-")
	a.turn("given back")
	time.Sleep(2500 * time.Millisecond) // else a later card is brought up to date just when it is looked at
	a.press("sacha", "com-alertes", "case.take")
	a.turn("not their work")
	a.press("sacha", "@sacha", bot.PleadAction)
	a.turn("those who may are asked")
}

// drawn are the views that were drawn for the album.
func (a *album) drawn() map[string]bool {
	views := map[string]bool{}
	tx := state.Begin(a.w.kept, "look", a.w.clock.Now())
	for _, page := range a.pages {
		if about, found, err := board.ByToken(context.Background(), tx, page.card.Token); err == nil && found {
			views[about.View] = true
		}
	}
	return views
}

// complete says what the bot can show and the album does not.
func (a *album) complete() {
	a.t.Helper()
	mux, drawn := a.w.now().app.Mux, a.drawn()
	for _, view := range mux.Views() {
		if !drawn[view] {
			a.t.Errorf("no card of the view %q: add what leads to it to everythingElse", view)
		}
	}
	for _, opener := range mux.Forms() {
		if _, opened := a.w.forms[opener]; !opened {
			a.t.Errorf("the form of %q was not opened: add what leads to it to everythingElse", opener)
		}
	}
}

// TestGoldenCards draws every card, form and answer in both languages, in plain
// words and as each platform shows them.
func TestGoldenCards(t *testing.T) {
	for _, lang := range i18n.Langs() {
		t.Run(lang, func(t *testing.T) {
			var a *album
			synctest.Test(t, func(t *testing.T) {
				a = day(t, lang, nil)
				a.complete()
			})
			pages := a.plain()
			for _, opener := range slices.Sorted(maps.Keys(a.w.forms)) {
				formRules(t, opener, a.w.forms[opener])
				pages = append(pages, "== form of "+opener+"\n"+bottest.SheetOf(a.w.forms[opener]).String())
			}
			golden(t, "cards-"+lang, pages)
		})
	}
}

// plain are the pages in plain words.
func (a *album) plain() (pages []string) {
	for _, page := range a.pages {
		pages = append(pages, "== "+page.heading+"\n"+bottest.Plain(page.card))
	}
	return pages
}

// golden holds pages against their file.
func golden(t *testing.T, name string, pages []string) {
	t.Helper()
	file, got := filepath.Join("testdata", "golden", name+".txt"), strings.Join(pages, "\n\n")+"\n"
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(data), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(want) || line != want[i] {
			t.Fatalf("%s differs (look at it with -update and git diff) from line %d on: %s", file, i+1, line)
		}
	}
	if string(data) != got {
		t.Fatalf("%s has more: look at it with -update and git diff", file)
	}
}
