package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/integrations/redis"
)

const replayConfig = `
space: essai
slack: { team: T0000000001 }
members:
  - { id: noa, name: Noa, roles: [admin, approver], slack: U0000000001 }
  - { id: max, name: Max, roles: [approver], slack: U0000000002 }
brands:
  - id: colibri
    name: Maison Colibri
    zone: Europe/Paris
    hours: { mon-fri: 09:00-18:00 }
    holidays: fr
    channels: { approvals: { slack: C0000000001 }, alerts: { slack: C0000000002 } }
    watch: [{ name: marque, query: colibri }]
    themes: { livraison: { name: { fr: Livraison }, words: [colis, livraison*] } }
    critical: [feu]
    on_call: [noa]
  - id: bellerive
    name: Bellerive
    zone: Europe/Paris
    hours: { mon-fri: 09:00-18:00 }
    channels: { approvals: { slack: C0000000003 }, alerts: { slack: C0000000004 } }
    watch: [{ name: marque, query: bellerive }]
    noise: { alerts: 0 }
`

// recording is a Thursday evening and the Friday after it.
func recording() string {
	var lines []string
	say := func(at, brand, author, text string) {
		lines = append(lines, fmt.Sprintf(`{"id":"%d","time":"2026-11-%s:00+01:00","brand":%q,"author":%q,"text":%q}`, len(lines), at, brand, author, text))
	}
	say("26T17:00", "Maison Colibri", "@a", "Le thé Colibri est délicieux, merci")
	say("26T17:05", "colibri", "@b", "Quand ouvre la boutique colibri ?")
	say("26T17:06", "colibri", "@c", "Un oiseau passe")
	say("26T17:07", "inconnue", "@c", "colibri")
	lines = append(lines, "not json")
	say("26T22:30", "colibri", "@d", "Ma théière colibri a pris feu, c'est horrible et dangereux")
	say("26T23:00", "bellerive", "@presse", "Je suis journaliste, une question sur Bellerive")
	lines = append(lines, lines[0])
	for i := range 7 {
		say(fmt.Sprintf("27T10:%02d", i), "colibri", fmt.Sprint("@client", i), fmt.Sprintf("Colis Colibri jamais arrivé, livraison catastrophique et service nul numéro %d", i))
	}
	return strings.Join(lines, "\n") + "\n"
}

func run(t *testing.T, store, text string) (*app.Summary, string, int) {
	t.Helper()
	first, lines, err := app.FirstTime(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("crieur.yaml", []byte(replayConfig), config.Options{Lenient: true})
	if err != nil {
		t.Fatal(err)
	}
	bad := 0
	summary, err := app.Replay(t.Context(), app.ReplayOptions{Config: c, First: first, Lines: lines, Store: store,
		Log: slog.New(slog.DiscardHandler), Bad: func(error) { bad++ }})
	if errors.Is(err, redis.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	if err := summary.Write(&shown); err != nil {
		t.Fatal(err)
	}
	return summary, shown.String(), bad
}

func TestReplay(t *testing.T) {
	outcome := map[string]string{}
	for _, store := range []string{app.Embedded, app.OnServer} {
		t.Run(store, func(t *testing.T) {
			s, shown, bad := run(t, store, recording())
			outcome[store] = shown
			if bad != 1 || s.Skipped != 1 || s.Strange["inconnue"] != 1 || s.Read != 13 || s.Repeated != 1 {
				t.Errorf("bad %d, %+v", bad, s)
			}
			colibri, bellerive := s.Brands[0], s.Brands[1]
			if colibri.Read != 11 || colibri.Matched != 10 || colibri.Urgent != 1 || colibri.Themes["livraison"] != 7 || colibri.Alerts < 1 {
				t.Errorf("Colibri: %+v", colibri)
			}
			if bellerive.Matched != 1 {
				t.Errorf("Bellerive: %+v", bellerive)
			}
			if s.Critical < 1 || s.CriticalNight != s.Critical || s.Night != 0 {
				t.Errorf("critical %d, at night %d, else %d\n%s", s.Critical, s.CriticalNight, s.Night, shown)
			}
			if len(s.People) != 1 || s.People[0].Name != "@Noa" || s.People[0].Hours[22] != 2 {
				t.Errorf("people got %+v", s.People)
			}
			for _, channel := range s.Channels {
				for hour, n := range channel.Hours {
					if n > 0 && (hour < 9 || hour > 17) && !strings.Contains(channel.Name, "Colibri alerts") {
						t.Errorf("%s got %d messages at %d h\n%s", channel.Name, n, hour, shown)
					}
				}
			}
			if len(s.Over) == 0 || s.Over[0].Who != "Bellerive" || s.Over[0].Budget != 0 {
				t.Errorf("a budget of none is exceeded by the journalist: %+v\n%s", s.Over, shown)
			}
			for _, want := range []string{"read 13 mentions, 2026-11-26 16:00 to 2026-11-27 09:06 UTC; 1 of them heard before; 1 lines skipped",
				`no brand "inconnue" in the configuration: 1 lines left out`, "themes of Maison Colibri, people on the busiest day: livraison 7",
				"over the budget: Bellerive, alerts"} {
				if !strings.Contains(shown, want) {
					t.Errorf("not said: %s\n%s", want, shown)
				}
			}
		})
	}
	if len(outcome) == 2 && outcome[app.Embedded] != outcome[app.OnServer] {
		t.Errorf("the stores differ:\n%s\n%s", outcome[app.Embedded], outcome[app.OnServer])
	}
}

// TestQuietReplay says so when nothing was too much.
func TestQuietReplay(t *testing.T) {
	s, shown, _ := run(t, app.Embedded, `{"time":"2026-11-26T10:00:00Z","brand":"BELLERIVE","text":"bellerive"}`+"\n")
	if s.Read != 1 || s.Brands[1].Matched != 1 || !strings.Contains(shown, "within the noise budget on every day") {
		t.Errorf("%+v\n%s", s, shown)
	}
}

func TestFirstTime(t *testing.T) {
	text := "nonsense\n" + `{"time":"2026-11-26T10:00:00Z","brand":"b","text":"x"}` + "\n"
	at, lines, err := app.FirstTime(strings.NewReader(text))
	if err != nil || !at.Equal(time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", at, err)
	}
	var back bytes.Buffer
	if _, err := back.ReadFrom(lines); err != nil || back.String() != text {
		t.Errorf("the input comes back as %q", back.String())
	}
	if _, _, err := app.FirstTime(strings.NewReader("a\nb\n")); err == nil {
		t.Error("no line is a mention, and nobody said so")
	}
}
