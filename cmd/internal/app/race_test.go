package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crieur/bot/bottest"
	"crieur/bot/state/statetest"
)

// scene gives a world in a bubble of time, without any blow.
func scene(t *testing.T, play func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		w := newWorldOn(t, statetest.NewMem(), none, 0, stop)
		defer func() { close(stop); w.end() }()
		play(t, w)
	})
}

// asked brings a post of Camille's before the team.
func asked(w *world) {
	w.until("draft", func() error {
		return w.chat.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour.")
	})
	w.click("camille", "@camille", "Envoyer à valider")
	w.until("asked", func() error { return some(w.shown("morgan", "com", "À valider")) })
}

// told are the private answers of a person that hold the words.
func (w *world) told(user, words string) (found []string) {
	for _, text := range w.chat.Private(user) {
		if text = plain(text); strings.Contains(text, words) {
			found = append(found, text)
		}
	}
	return found
}

// Fifty clicks at once on the same button: one approval, one post on each
// network, and every loser is told how it stands.
func TestFiftyClicksAtOnce(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		events := w.chat.Events("morgan", "com", "Valider les 5", 25)
		events = append(events, w.chat.Events("noa", "com", "Valider les 5", 25)...)
		var clicks sync.WaitGroup
		for _, e := range events {
			clicks.Go(func() {
				if _, err := w.Accept(t.Context(), []string{e.ID}, e); err != nil {
					t.Error(err)
				}
			})
		}
		clicks.Wait()
		time.Sleep(10 * time.Second)
		losers := len(w.told("morgan", "Rien n’a changé.")) + len(w.told("noa", "Rien n’a changé."))
		if losers != len(events)-1 {
			t.Errorf("%d of %d were told that they came late", losers, len(events)-1)
		}
		time.Sleep(2 * time.Minute)
		if len(w.mastodon.all()) != 1 || len(w.bluesky.all()) != 1 {
			t.Errorf("published %d and %d times", len(w.mastodon.all()), len(w.bluesky.all()))
		}
		approved := 0
		for _, entry := range w.kept.(*statetest.Mem).Trail() {
			if entry.What == "request.approve" {
				approved++
			}
		}
		if approved != 1 {
			t.Errorf("%d approvals in the trail", approved)
		}
	})
}

// The same click delivered again and again is one click.
func TestRepeatedDelivery(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		e := w.chat.Events("morgan", "com", "Valider les 5", 1)[0]
		fresh := 0
		for range 5 {
			ok, err := w.Accept(t.Context(), []string{e.ID}, e)
			if err != nil {
				t.Error(err)
			}
			if ok {
				fresh++
			}
		}
		time.Sleep(2 * time.Minute)
		if fresh != 1 || len(w.told("morgan", "Rien n’a changé")) != 0 || len(w.mastodon.all()) != 1 {
			t.Errorf("%d fresh, told %v, published %d", fresh, w.told("morgan", ""), len(w.mastodon.all()))
		}
	})
}

// An approval of what was shown before an edit is refused, and nothing leaves.
func TestApproveRacesEdit(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		stale := w.chat.Events("morgan", "com", "Valider les 5", 1)[0]
		w.click("camille", "@camille", "Ajuster le texte")
		w.until("edit", func() error {
			return w.chat.Submit("camille", map[string]string{"text": "Notre thé de Noël revient."})
		})
		time.Sleep(5 * time.Second)
		if _, err := w.Accept(t.Context(), []string{stale.ID}, stale); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Minute)
		if n := len(w.mastodon.all()); n != 0 {
			t.Fatalf("published %d times what nobody approved", n)
		}
		if len(w.chat.Private("morgan")) == 0 {
			t.Error("the approver was told nothing")
		}
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(3 * time.Minute)
		all := w.mastodon.all()
		if len(all) != 1 || all[0].Part.Posts[0] != "Notre thé de Noël revient." {
			t.Errorf("published %+v", all)
		}
	})
}

// An edit of one network's text voids that network's approval alone; the same
// words again, approved again, leave.
func TestEditVoidsWhatItTouched(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(5 * time.Second)
		w.click("camille", "@camille", "Un texte par réseau")
		w.until("edit", func() error {
			return w.chat.Submit("camille", map[string]string{"text-mastodon": "Notre thé, pour Mastodon."})
		})
		time.Sleep(2 * time.Minute)
		if len(w.mastodon.all()) != 0 || len(w.bluesky.all()) != 1 {
			t.Fatalf("Mastodon %d times, Bluesky %d times; the edit touched Mastodon alone", len(w.mastodon.all()), len(w.bluesky.all()))
		}
		w.click("camille", "@camille", "Un texte par réseau")
		w.until("edit back", func() error {
			return w.chat.Submit("camille", map[string]string{"text-mastodon": ""})
		})
		time.Sleep(5 * time.Second)
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(3 * time.Minute)
		if len(w.mastodon.all()) != 1 || len(w.bluesky.all()) != 1 {
			t.Errorf("Mastodon %d times, Bluesky %d times", len(w.mastodon.all()), len(w.bluesky.all()))
		}
	})
}

// Within a minute an approved post can be taken back; the others still leave.
func TestSixtySecondsToCancel(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(50 * time.Second)
		if len(w.mastodon.all()) != 0 {
			t.Fatal("it left before the minute was over")
		}
		w.click("camille", "com", "Annuler Mastodon")
		time.Sleep(2 * time.Minute)
		if len(w.mastodon.all()) != 0 || len(w.bluesky.all()) != 1 {
			t.Errorf("Mastodon %d times, Bluesky %d times", len(w.mastodon.all()), len(w.bluesky.all()))
		}
	})
}

// A draft that its author deletes while it waits to leave does not leave.
func TestDeletedDraftDoesNotLeave(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(5 * time.Second)
		w.click("camille", "@camille", "Supprimer le brouillon")
		time.Sleep(3 * time.Minute)
		if n := len(w.mastodon.all()) + len(w.bluesky.all()); n != 0 {
			t.Errorf("a deleted draft was published %d times", n)
		}
	})
}

// A bot that was away past a post's time asks before it publishes.
func TestLatePostsAsk(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(5 * time.Second)
		w.now().app.Stop()
		time.Sleep(30 * time.Minute)
		w.live()
		time.Sleep(time.Minute)
		if n := len(w.mastodon.all()); n != 0 {
			t.Fatalf("published %d times, half an hour late", n)
		}
		w.click("morgan", "com", "Publier Mastodon")
		time.Sleep(3 * time.Minute)
		if len(w.mastodon.all()) != 1 || len(w.bluesky.all()) != 0 {
			t.Errorf("Mastodon %d times, Bluesky %d times", len(w.mastodon.all()), len(w.bluesky.all()))
		}
	})
}

// A stranger's click changes nothing and is answered.
func TestStrangersClick(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		if err := w.chat.Click("eve", "com", "Valider les 5"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if len(w.told("eve", "pas encore dans l’équipe")) != 1 || len(w.mastodon.all()) != 0 {
			t.Errorf("told %v, published %d", w.chat.Private("eve"), len(w.mastodon.all()))
		}
		if err := some(w.shown("morgan", "com", "[Valider les 5]")); err != nil {
			t.Errorf("the card lost its buttons: %v", fmt.Sprint(w.chat.Screen("morgan", "com")))
		}
	})
}

var _ bottest.Surface = (*bottest.Fake)(nil)
