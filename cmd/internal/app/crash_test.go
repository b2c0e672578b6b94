package app_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/state/statetest"
)

// path is one way through that ends outside; it fails w.t unless nothing is
// lost, nothing public is there twice, and every doubt is shown.
type path struct {
	name string
	walk func(w *world)
}

func paths() []path {
	return []path{{"publish", publishPath}, {"picture", picturePath}, {"words", wordsPath}, {"reply", replyPath("Mastodon")}, {"reply without asking", replyPath("Bluesky")},
		{"holding reply", holdingPath}, {"alert", alertPath}, {"exercise", exercisePath}}
}

// loses says that what was accepted within the last second may be lost with
// nobody left who knows of it: that much a store owes only to its disk.
func (w *world) loses() bool { return w.blow == powercut || w.blow == forget && w.kept != nil }

func publishPath(w *world) {
	w.arm(!w.loses())
	w.drafts()
	w.agreed()
	w.atMostOnce()
}

// drafts asks for a draft as people do: once, and again if nothing comes of it.
func (w *world) drafts() {
	w.t.Helper()
	w.until("draft", func() error {
		if err := w.chat.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour."); err != nil {
			return err
		}
		for range 10 {
			time.Sleep(500 * time.Millisecond)
			if len(w.shown("camille", "@camille", "[Ajuster le texte]")) > 0 {
				return nil
			}
		}
		return errors.New("not shown")
	})
}

// picturePath is a post with a picture: it comes from the chat application by an
// effect of its own, and leaves with the post or keeps it from leaving.
func picturePath(w *world) {
	w.arm(!w.loses())
	w.drafts()
	w.until("picture", func() error {
		err := w.chat.Click("camille", "@camille", "Ajouter un visuel")
		if err == nil {
			err = w.chat.Submit("camille", map[string]string{"picture": "@boite.png", "alt": "Une boîte rouge"})
		}
		time.Sleep(2 * time.Second)
		if len(w.shown("camille", "@camille", "[image : Une boîte rouge]")) > 0 {
			return nil
		}
		return fmt.Errorf("not shown: %w", err)
	})
	w.agreed()
	for _, n := range []*network{w.mastodon, w.bluesky} {
		for _, order := range n.all() {
			if len(order.Part.Media) != 1 || order.Part.Media[0].Alt != "Une boîte rouge" {
				w.t.Errorf("left with %+v", order.Part.Media)
			}
		}
	}
	w.atMostOnce()
}

// wordsPath is a draft with the words of a model: it is asked by an effect of its
// own, once or twice a click, and what it says is in the draft once its author
// took it.
func wordsPath(w *world) {
	w.arm(!w.loses())
	w.drafts()
	if w.loses() { // the draft is on disk
		time.Sleep(2 * time.Second)
		w.arm(true)
	}
	clicks := 0
	w.until("words", func() error { // as people do: what leads nowhere is asked for again
		taken := w.chat.Click("camille", "@camille", "Prendre pour Mastodon")
		time.Sleep(2 * time.Second)
		if len(w.shown("camille", "@camille", "Proposé par l’IA, relu par Camille")) > 0 {
			return nil
		}
		clicks++
		asked := w.chat.Click("camille", "@camille", "Proposer d’autres mots")
		time.Sleep(10 * time.Second)
		return fmt.Errorf("not taken: %w", errors.Join(taken, asked))
	})
	most := clicks
	if w.blow != none { // an answer may be lost with the process that had it
		most *= 2
	}
	if asked := w.model.asked(); asked > most {
		w.t.Errorf("asked %d times for %d clicks", asked, clicks)
	}
	if there := len(w.mastodon.all()) + len(w.bluesky.all()); there > 0 {
		w.t.Errorf("%d posts left, nobody sent any", there)
	}
}

// agreed is from a draft to its outcome.
func (w *world) agreed() {
	w.t.Helper()
	w.press("camille", "@camille", "Envoyer à valider", "com", "À valider")
	w.press("morgan", "com", "Valider les 5", "com", "Validé · Notre thé")
	if w.loses() { // what was accepted a second ago is on disk
		time.Sleep(2 * time.Second)
		w.arm(true)
	}
	w.pass(61 * time.Second)
	outcome := func() error {
		cards := w.shown("morgan", "com", "Notre thé")
		if err := some(cards); err != nil {
			return err
		}
		if err := w.standing(cards, "Mastodon", w.mastodon, true); err != nil {
			return err
		}
		if err := w.standing(cards, "Bluesky", w.bluesky, w.blow == none || w.blow == deaf); err != nil {
			return err
		}
		return w.onlyMarked(cards)
	}
	w.until("outcome", outcome)
	w.pass(30 * time.Second)
	w.until("outcome, later", outcome)
}

// standing says what the cards say of one network, held against what is there.
func (w *world) standing(cards []string, name string, n *network, mustBeLive bool) error {
	there := len(n.all())
	for _, card := range cards {
		for line := range strings.SplitSeq(card, "\n") {
			if strings.HasSuffix(line, ": voir le post") && strings.Contains(line, name) {
				if there != 1 {
					return fmt.Errorf("%s is said to be live, and is there %d times", name, there)
				}
				return nil
			}
			if strings.HasPrefix(line, name+" : à vérifier") && !mustBeLive &&
				strings.Contains(card, "["+name+" : il y est]") && strings.Contains(card, "["+name+" : il n’y est pas]") {
				return nil
			}
		}
	}
	return fmt.Errorf("%s: nothing certain is shown, and no doubt with its buttons (there: %d)", name, there)
}

func replyPath(network string) func(w *world) {
	return func(w *world) {
		w.arm(!w.loses())
		n := map[string]*networkOf{"Mastodon": {w.mastodon, true}, "Bluesky": {w.bluesky, false}}[network]
		w.hear("m1", network, "@tom", "Vous livrez en Belgique ? @colibri")
		w.until("round", func() error {
			if len(w.shown("camille", "@camille", "Tournée 1 sur 1")) > 0 {
				return nil
			}
			if err := w.chat.Command("camille", "@camille", "mentions", ""); err != nil {
				return err
			}
			time.Sleep(time.Second)
			return some(w.shown("camille", "@camille", "Tournée 1 sur 1"))
		})
		w.until("answer", func() error {
			err := w.chat.Click("camille", "@camille", "Répondre")
			if err == nil {
				err = w.chat.Submit("camille", map[string]string{"text": "Bonjour, oui, en trois jours."})
			}
			time.Sleep(2 * time.Second)
			if len(w.shown("camille", "@camille", "La tournée est finie")) > 0 {
				return nil
			}
			if err != nil { // a card that Redis forgot says what to type
				err = errors.Join(err, w.chat.Command("camille", "@camille", "mentions", ""))
			}
			return fmt.Errorf("the round is not over: %w", err)
		})
		if w.loses() {
			time.Sleep(2 * time.Second)
			w.arm(true)
		}
		w.pass(61 * time.Second)
		outcome := func() error {
			there := len(n.all())
			doubt := w.shown("camille", "@camille", "Réponse à vérifier")
			switch {
			case there == 1 && len(doubt) == 0 && w.effectsEnded():
				return nil
			case !n.asked && len(doubt) > 0 && strings.Contains(doubt[0], "[La réponse y est] [Elle n’y est pas]"):
				return w.onlyMarked(doubt)
			}
			return fmt.Errorf("there %d times, doubts: %v", there, doubt)
		}
		w.until("outcome", outcome)
		w.pass(30 * time.Second)
		w.until("outcome, later", outcome)
		w.atMostOnce()
	}
}

// holdingPath is a reply that asks to wait: its promise moves where it left, and there
// alone; a doubt is shown with its buttons.
func holdingPath(w *world) {
	w.arm(!w.loses())
	w.hear("m1", "Bluesky", "@tom", "Je suis journaliste, qui peut me parler de @colibri ?")
	asked := func() bool {
		return len(w.shown("noa", "com-alertes", "Réponse d’attente")) > 0
	}
	w.until("asked to wait", func() error {
		err := w.chat.Click("noa", "com-alertes", "J’attends une info")
		if err == nil {
			err = w.chat.Submit("noa", map[string]string{"text": "Bonjour, nous nous renseignons."})
		}
		time.Sleep(2 * time.Second)
		if asked() {
			return nil
		}
		return fmt.Errorf("not asked: %w", err)
	})
	if w.loses() {
		time.Sleep(2 * time.Second)
		w.arm(true)
	}
	w.pass(61 * time.Second)
	outcome := func() error {
		there := len(w.bluesky.all())
		moved, doubt := w.shown("noa", "com-alertes", "Réponse d’attente partie à"), w.shown("noa", "com-alertes", "Réponse d’attente à vérifier")
		switch {
		case there == 1 && len(moved) > 0 && len(doubt) == 0 && strings.Contains(moved[0], "revenir vers cette personne avant") && w.effectsEnded():
			return nil
		case len(doubt) > 0 && len(moved) == 0 && strings.Contains(doubt[0], "Répondre avant") && strings.Contains(doubt[0], "[La réponse y est] [Elle n’y est pas]"):
			return w.onlyMarked(doubt)
		}
		return fmt.Errorf("there %d times, said to have left: %v, doubts: %v", there, moved, doubt)
	}
	w.until("outcome", outcome)
	w.pass(30 * time.Second)
	w.until("outcome, later", outcome)
	w.atMostOnce()
}

type networkOf struct {
	*network
	asked bool
}

// effectsEnded says that no lane holds anything any more, where that can be seen.
func (w *world) effectsEnded() bool {
	m, ok := w.kept.(*statetest.Mem)
	return !ok || m.Idle()
}

func alertPath(w *world) {
	w.until("alert", func() error {
		// A source reads again what it cannot be sure of having handed over.
		w.hear("m1", "Mastodon", "@zoe", "La bouilloire a pris feu hier soir @colibri")
		cards := w.shown("noa", "com-alertes", "un mot que la marque juge critique")
		direct := w.shown("noa", "@noa", "un mot que la marque juge critique")
		w.mu.Lock()
		pages := w.pages
		w.mu.Unlock()
		if len(cards) == 0 || len(direct) == 0 || pages == 0 || !w.effectsEnded() {
			return fmt.Errorf("cards %d, direct %d, pages %d", len(cards), len(direct), pages)
		}
		if err := w.onlyMarked(direct); err != nil {
			return err
		}
		return w.onlyMarked(cards)
	})
}

// exercisePath is the exercise of the call at night, by hand: it comes by pager and in
// the chat, and counts once somebody says so. People do it again where nothing came
// of it.
func exercisePath(w *world) {
	const title, received = "Exercice : l’appel de nuit vous parvient-il ?", "Exercice : bien reçu"
	w.until("exercise", func() error {
		if len(w.shown("noa", "@noa", title)) > 0 {
			return nil
		}
		said := w.chat.Say("noa", "état")
		time.Sleep(2 * time.Second)
		asked := w.chat.Click("noa", "@noa", "Essayer l’appel de nuit")
		time.Sleep(3 * time.Second)
		return fmt.Errorf("not shown: %w", errors.Join(said, asked))
	})
	if w.loses() { // a click that nobody knows of any more leaves its card at work
		w.arm(false)
		time.Sleep(2 * time.Second)
	}
	w.until("confirmed", func() error {
		if len(w.shown("noa", "@noa", received)) > 0 {
			return nil
		}
		clicked := w.chat.Click("noa", "@noa", "Bien reçu")
		time.Sleep(2 * time.Second)
		if clicked == nil || len(w.shown("noa", "@noa", received)) > 0 {
			return some(w.shown("noa", "@noa", received))
		}
		said := w.chat.Say("noa", "état") // it is forgotten: once more
		time.Sleep(2 * time.Second)
		return fmt.Errorf("not confirmed: %w", errors.Join(clicked, said, w.chat.Click("noa", "@noa", "Essayer l’appel de nuit")))
	})
	w.until("outcome", func() error {
		w.mu.Lock()
		pages := w.pages
		w.mu.Unlock()
		if cards := w.shown("noa", "@noa", "système d’appel et message privé"); len(cards) == 0 || pages == 0 || !w.effectsEnded() {
			return fmt.Errorf("pages %d, cards %v", pages, cards)
		}
		if w.loses() { // what was forgotten is on a card that nobody knows of
			return nil
		}
		return w.onlyMarked(w.shown("noa", "@noa", received))
	})
}

func some(found []string) error {
	if len(found) == 0 {
		return fmt.Errorf("not shown")
	}
	return nil
}

// long says whether the whole table is wanted; CI takes a part of it.
func long() bool { return os.Getenv("CRIEUR_LONG") != "" }

// TestCrashPoints kills the process before and after every call to the outside
// and every commit, loses the answer of each, and lets the store lose its last
// second at each, with and without the process.
func TestCrashPoints(t *testing.T) {
	for _, p := range paths() {
		for _, b := range []blow{none, kill, mute, forget, powercut} {
			t.Run(p.name+"/"+string(b), func(t *testing.T) {
				t.Parallel()
				step := 5
				if long() {
					step = 1
				}
				runs := 0
				for at := 0; ; at += step {
					struck := ""
					ok := t.Run(fmt.Sprint("instant", at), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) { struck = crash(t, p, b, at) })
					})
					runs++
					if struck == "" || !ok {
						break
					}
				}
				t.Logf("%d runs", runs)
			})
		}
	}
}

// crash walks a path over a store in memory, and returns the call that the blow
// fell on, empty if the path was over before.
func crash(t *testing.T, p path, b blow, at int) string {
	store := statetest.NewMem()
	stop := make(chan struct{})
	w := newWorldOn(t, store, b, at, stop)
	defer func() {
		close(stop)
		w.end()
	}()
	p.walk(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.struck
}

// newWorldOn is a world whose store can lose its last second: a copy of it is
// taken every 100 ms.
func newWorldOn(t *testing.T, store *statetest.Mem, b blow, at int, stop <-chan struct{}) *world {
	var copies []*statetest.Mem
	taken := make(chan *statetest.Mem, 1024)
	w := newWorld(t, store, none, 0)
	w.pass, w.patience = time.Sleep, 3*time.Minute
	if b == forget || b == powercut {
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(100 * time.Millisecond):
					select {
					case taken <- store.Snapshot():
					default:
					}
				}
			}
		}()
	}
	w.forget = func() {
		for more := true; more; {
			select {
			case one := <-taken:
				copies = append(copies, one)
			default:
				more = false
			}
		}
		if back := len(copies) - 9; back >= 0 {
			store.Restore(copies[back])
		}
	}
	w.mu.Lock()
	w.blow, w.at = b, at
	w.mu.Unlock()
	return w
}
