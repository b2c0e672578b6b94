package app_test

import (
	"testing"
	"time"

	"crieur/bot/outbox"
	"crieur/bot/work"
)

// What could not be done while nobody waits for it is in the brief, with its
// reason and its reference.
func TestBriefSaysWhatDied(t *testing.T) {
	scene(t, func(t *testing.T, w *world) {
		item := work.Item{ID: "odd", Conversation: "c", Topic: "due:nobody", At: w.clock.Now()}
		if _, err := w.kept.Accept(t.Context(), []string{"odd"}, item); err != nil {
			t.Fatal(err)
		}
		w.chat.Fail = func(call string) error {
			if call == "post" {
				return &outbox.Error{Fault: outbox.Rejected, Reason: "slack.nowhere"}
			}
			return nil
		}
		asked := w.chat.Command("camille", "@camille", "draft", "Notre thé de Noël est de retour.")
		time.Sleep(10 * time.Second)
		if err := w.chat.Command("camille", "@camille", "crieur", "point"); err != nil || asked != nil {
			t.Fatal(err, asked)
		}
		time.Sleep(10 * time.Second)
		for _, words := range []string{
			"Non abouti : 1 action. Cette action n’a pas pu être traitée ici : donnez la référence à l’équipe technique. Réf. " + work.Ref("odd"),
			"Non abouti : 1 action. Ce canal n’existe plus",
		} {
			if err := some(w.told("camille", words)); err != nil {
				t.Errorf("%s: %v\n%v", words, err, w.told("camille", ""))
			}
		}
	})
}
