package drafting

import (
	"testing"
	"time"
)

func TestEcho(t *testing.T) {
	at := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
	earlier := []Said{
		{Draft: "d1", Title: "le même brouillon", Text: "Notre thé de Noël est de retour, orange douce et cannelle."},
		{Draft: "d0", Title: "l’an dernier", Text: "Orange douce et cannelle : notre thé de Noël est de retour.", At: at},
		{Rival: "Bellerive", Title: "coffret", Text: "Le coffret découverte passe de 39 à 32 euros.", URL: "https://b.example", At: at},
		{Rival: "Bellerive", Title: "vide", Text: ""},
	}
	for name, row := range map[string]struct {
		draft Draft
		want  string
	}{
		"other words":            {Draft{Base: "Une nouvelle boutique ouvre à Lyon samedi."}, ""},
		"our own of last year":   {Draft{Base: "Notre thé de Noël est de retour, orange douce et cannelle."}, "l’an dernier"},
		"a rival's, in one text": {Draft{Base: "Une boutique ouvre.", Texts: map[string]string{"x": "Notre coffret découverte passe de 39 à 32 euros."}}, "coffret"},
		"a text nobody uses": {Draft{Base: "Le coffret découverte passe de 39 à 32 euros.",
			Texts: map[string]string{"x": "Une boutique.", "y": "Une autre."}}, ""},
		"nothing": {Draft{}, ""},
	} {
		row.draft.ID, row.draft.Accounts = "d1", []string{"x", "y"}
		got := echo(row.draft, earlier)
		switch {
		case row.want == "" && got != nil:
			t.Errorf("%s: close to %q", name, got.Title)
		case row.want != "" && (got == nil || got.Title != row.want || !got.At.Equal(at)):
			t.Errorf("%s: got %+v, want %s", name, got, row.want)
		}
	}
	soon := []Said{{Draft: "d2", Title: "à venir", Text: "Orange douce et cannelle.", Planned: true}, {Draft: "d2", Title: "en ligne", Text: "Orange douce et cannelle."}}
	if got := echo(Draft{Base: "Orange douce et cannelle.", Accounts: []string{"x"}}, soon); got == nil || got.Title != "en ligne" {
		t.Errorf("close to %+v, not to what is live", got)
	}
	if got := echo(Draft{Base: "x", ID: "d1", Accounts: []string{"x"}}, nil); got != nil {
		t.Errorf("close to nothing: %+v", got)
	}
}

func TestAnEchoIsAdvice(t *testing.T) {
	f := Finding{Echo: &Echo{Title: "x"}}
	if f.Error() || f.Fixable() {
		t.Error("an echo keeps a post from leaving, or mends itself")
	}
}
