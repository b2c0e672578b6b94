//go:build unix

package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/secret"
	"crieur/integrations/chat/slack/slackfake"
	"crieur/integrations/redis/redistest"
)

// TestRedisAway goes through the whole server, from signed requests to a real Redis
// that stands still, then one that is gone: whoever asks is answered within a second
// that nothing is confirmed, events are refused so that they come again, and of what
// was refused nothing runs, then or later.
func TestRedisAway(t *testing.T) {
	for name, away := range map[string]func(*redistest.Process) func(){
		"stalled": func(p *redistest.Process) func() { return p.Stall(t) },
		"gone":    func(p *redistest.Process) func() { p.Kill(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			p := redistest.Start(t, t.TempDir(), redistest.FreePort(t), "--appendonly", "yes", "--appendfsync", "always")
			o := newOutside(t)
			c := o.config(t)
			c.Slack.AppToken, c.Slack.SigningSecret, c.RedisURL = "", slackfake.SigningSecret, secret.Secret("redis://"+p.Addr)
			server, _ := serve(t, c, "")
			o.slack.DeliverTo(server.Address)
			const noa = "U0NOA"
			dm := o.slack.DM(noa)
			wait(t, "readiness", func() bool { status, _ := get(t, server.Address+"/readyz"); return status == http.StatusOK })
			o.slack.Command(noa, dm, "/brouillon", "Notre thé de Noël est de retour jeudi.")
			var draft slackfake.Message
			wait(t, "a draft", func() bool {
				for _, m := range o.slack.Messages(dm) {
					if slices.Contains(m.Labels(), "Envoyer à valider") {
						draft = m
					}
				}
				return draft.TS != ""
			})
			o.slack.Command(noa, dm, "/brouillon", "")
			wait(t, "a form", func() bool { return o.slack.Modal(noa) != nil })
			before := len(o.slack.Messages(dm))

			back := away(p)
			acks := map[string]slackfake.Ack{}
			acks["command"] = o.slack.Command(noa, dm, "/brouillon", "Un texte qui ne doit pas arriver.")
			_, acks["words"] = o.slack.Say(noa, dm, "aide")
			acks["click"], _ = o.slack.Click(noa, draft, "Envoyer à valider")
			acks["form"], _ = o.slack.SubmitModal(noa, map[string][]string{"text": {"Un texte qui ne doit pas arriver."}})
			for what, ack := range acks {
				want := http.StatusOK
				if what == "words" {
					want = http.StatusServiceUnavailable
				}
				if ack.Status != want || ack.Took > time.Second {
					t.Errorf("%s: %d after %v %v", what, ack.Status, ack.Took, ack.Err)
				}
			}
			wait(t, "two answers", func() bool {
				told := 0
				for _, m := range o.slack.Ephemerals(noa) {
					if notConfirmed(m.Words()) {
						told++
					}
				}
				return told == 2
			})
			if m := o.slack.Modal(noa); m == nil || !notConfirmed(m.Errors["text"]) {
				t.Errorf("the form is gone, or does not say so: %v", m != nil)
			}
			if status, _ := get(t, server.Address+"/readyz"); status != http.StatusServiceUnavailable {
				t.Errorf("ready: %d", status)
			}
			if back == nil {
				return
			}
			time.Sleep(time.Second)
			back()
			wait(t, "the words, brought again", func() bool { return o.slack.Stats().Retries > 0 && len(o.slack.Messages(dm)) > before })
			wait(t, "everything to be handled", func() bool {
				_, metrics := get(t, server.Address+"/metrics")
				return strings.Contains(metrics, `crieur_waiting{lane="in"} 0`) && strings.Contains(metrics, `crieur_waiting{lane="out"} 0`)
			})
			if said := o.said(dm); strings.Contains(said, "ne doit pas arriver") {
				t.Errorf("what was refused ran:\n%s", said)
			}
			for _, m := range o.slack.Messages(dm) {
				if m.TS == draft.TS && !slices.Contains(m.Labels(), "Envoyer à valider") {
					t.Errorf("the click that was refused ran: %q", m.Words())
				}
			}
		})
	}
}

// notConfirmed says whether somebody reads that what they asked for is not confirmed.
func notConfirmed(words string) bool {
	return strings.Contains(words, "Rien n’a été enregistré") || strings.Contains(words, "Pas encore confirmé")
}
