package app_test

import (
	"testing"
	"time"

	"crieur/bot/outbox"
)

// stop pauses everything.
func (w *world) stop() {
	w.t.Helper()
	w.until("stop", func() error {
		if err := w.chat.Command("morgan", "@morgan", "crieur", "stop"); err != nil {
			return err
		}
		time.Sleep(time.Second)
		return w.chat.Click("morgan", "@morgan", "Tout suspendre")
	})
	w.until("stopped", func() error { return some(w.told("morgan", "Tout est suspendu")) })
}

func (w *world) resume() {
	w.t.Helper()
	w.until("resume", func() error { return w.chat.Command("morgan", "@morgan", "crieur", "reprendre") })
	w.click("morgan", "@morgan", "Reprendre les posts")
	time.Sleep(5 * time.Second)
}

// An order that already waits for its network stops there, and leaves only when
// a person says so.
func TestPauseStopsWhatWaitsToLeave(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		asked(w)
		w.mastodon.fail(&outbox.Error{Fault: outbox.Limited, After: 3 * time.Minute, Reason: "network.limited"})
		w.click("morgan", "com", "Valider les 5")
		time.Sleep(90 * time.Second)
		if len(w.bluesky.all()) != 1 {
			t.Fatal("the other network had to wait too")
		}
		w.stop()
		w.mastodon.fail(nil)
		time.Sleep(5 * time.Minute)
		if n := len(w.mastodon.all()); n != 0 {
			t.Fatalf("published %d times while all was paused", n)
		}
		w.until("held", func() error { return some(w.shown("morgan", "com", "Mastodon : suspendu avec le reste")) })
		w.resume()
		time.Sleep(5 * time.Minute)
		if n := len(w.mastodon.all()); n != 0 {
			t.Fatalf("published %d times by itself, late", n)
		}
		w.click("morgan", "com", "Publier Mastodon")
		time.Sleep(3 * time.Minute)
		if len(w.mastodon.all()) != 1 || len(w.bluesky.all()) != 1 {
			t.Errorf("Mastodon %d times, Bluesky %d times", len(w.mastodon.all()), len(w.bluesky.all()))
		}
	})
}

// A reply whose minute ends while all is paused does not leave: its conversation
// waits again, with its words.
func TestPauseStopsReplies(t *testing.T) {
	for name, prepare := range map[string]func(w *world){
		"planned": func(*world) {},
		"waiting for its network": func(w *world) {
			w.mastodon.fail(&outbox.Error{Fault: outbox.Limited, After: 3 * time.Minute, Reason: "network.limited"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			scene(t, func(t *testing.T, w *world) {
				prepare(w)
				w.hear("m1", "Mastodon", "@tom", "Vous livrez en Belgique ? @colibri")
				time.Sleep(5 * time.Second)
				w.until("round", func() error { return w.chat.Command("camille", "@camille", "mentions", "") })
				w.click("camille", "@camille", "Répondre")
				w.until("answer", func() error {
					return w.chat.Submit("camille", map[string]string{"text": "Bonjour, oui, en trois jours."})
				})
				if name != "planned" {
					time.Sleep(2 * time.Minute)
				}
				w.stop()
				w.mastodon.fail(nil)
				time.Sleep(5 * time.Minute)
				if n := len(w.mastodon.all()); n != 0 {
					t.Fatalf("answered %d times while all was paused", n)
				}
				w.until("told", func() error {
					return some(w.shown("camille", "@camille", "La réponse n’est pas partie. Tout est suspendu."))
				})
				w.resume()
				time.Sleep(5 * time.Minute)
				if n := len(w.mastodon.all()); n != 0 {
					t.Fatalf("answered %d times by itself", n)
				}
				w.click("camille", "@camille", "Répondre")
				w.until("again", func() error { return w.chat.Submit("camille", nil) }) // the words are there
				time.Sleep(3 * time.Minute)
				all := w.mastodon.all()
				if len(all) != 1 || all[0].Part.Posts[0] != "Bonjour, oui, en trois jours." {
					t.Errorf("answered %+v", all)
				}
			})
		})
	}
}
