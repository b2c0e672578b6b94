package i18n_test

import (
	"testing"
	"time"

	"crieur/bot/i18n"
)

func TestAsPeopleSayIt(t *testing.T) {
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 14, 22, 0, 0, paris)
	at := func(d, h, m int) time.Time { return time.Date(2026, 11, d, h, m, 0, 0, paris) }
	for name, test := range map[string]struct {
		say    func(p *i18n.Printer) string
		fr, en string
	}{
		"clock":       {func(p *i18n.Printer) string { return p.Clock(at(26, 9, 5)) }, "9\u00a0h\u00a005", "09:05"},
		"day":         {func(p *i18n.Printer) string { return p.Day(at(26, 9, 0), now) }, "jeudi 26\u00a0novembre", "Thursday 26\u00a0November"},
		"first":       {func(p *i18n.Printer) string { return p.Day(at(1, 9, 0), now) }, "dimanche 1er\u00a0novembre", "Sunday 1\u00a0November"},
		"month":       {func(p *i18n.Printer) string { return p.Month(at(30, 9, 0)) }, "novembre 2026", "November 2026"},
		"other year":  {func(p *i18n.Printer) string { return p.Day(at(26, 9, 0), now.AddDate(1, 0, 0)) }, "jeudi 26\u00a0novembre 2026", "Thursday 26\u00a0November 2026"},
		"soon":        {func(p *i18n.Printer) string { return p.Soon(at(26, 18, 0), now) }, "18\u00a0h\u00a000", "18:00"},
		"tomorrow":    {func(p *i18n.Printer) string { return p.Soon(at(27, 9, 0), now) }, "demain à 9\u00a0h\u00a000", "tomorrow at 09:00"},
		"at":          {func(p *i18n.Printer) string { return p.At(at(26, 18, 0), now) }, "à 18\u00a0h\u00a000", "at 18:00"},
		"at tomorrow": {func(p *i18n.Printer) string { return p.At(at(27, 9, 0), now) }, "demain à 9\u00a0h\u00a000", "tomorrow at 09:00"},
		"at a day":    {func(p *i18n.Printer) string { return p.At(at(25, 15, 12), now) }, "mercredi 25\u00a0novembre à 15\u00a0h\u00a012", "on Wednesday 25\u00a0November, 15:12"},
		"ago":         {func(p *i18n.Printer) string { return p.Ago(now.Add(-6*time.Minute), now) }, "il y a 6\u00a0min", "6\u00a0min ago"},
		"just now":    {func(p *i18n.Printer) string { return p.Ago(now, now) }, "à l’instant", "just now"},
		"hours":       {func(p *i18n.Printer) string { return p.Duration(70 * time.Minute) }, "1\u00a0h\u00a010", "1\u00a0h\u00a010"},
		"days":        {func(p *i18n.Printer) string { return p.Duration(72 * time.Hour) }, "3\u00a0jours", "3\u00a0days"},
		"number":      {func(p *i18n.Printer) string { return p.Number(-1234567) }, "-1\u00a0234\u00a0567", "-1,234,567"},
		"list":        {func(p *i18n.Printer) string { return p.List("a", "b", "c") + p.List("d") + p.List() }, "a, b et cd", "a, b and cd"},
		"apart":       {func(p *i18n.Printer) string { return p.Apart("a, b", "c") }, "a, b\u00a0; c", "a, b; c"},
		"or":          {func(p *i18n.Printer) string { return p.Or("a", "b") }, "a ou b", "a or b"},
		"quote":       {func(p *i18n.Printer) string { return p.Quote("x") }, "«\u00a0x\u00a0»", "“x”"},
		"no post":     {func(p *i18n.Printer) string { return p.T("mentions.nreplied", "Count", 0) }, "0 réponse", "0 replies"},
		"many posts":  {func(p *i18n.Printer) string { return p.T("mentions.nreplied", "Count", 2) }, "2 réponses", "2 replies"},
		"missing key": {func(p *i18n.Printer) string { return p.T("none.such") }, "none.such", "none.such"},
	} {
		if got := test.say(catalog.For("fr-CA", paris)); got != test.fr {
			t.Errorf("%s: %q, want %q", name, got, test.fr)
		}
		if got := test.say(catalog.For("de", paris)); got != test.en {
			t.Errorf("%s: %q, want %q", name, got, test.en)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{"  Réponses  À ÇA": "reponses a ca", "ŒUVRE": "œuvre", "": ""} {
		if got := i18n.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCapital(t *testing.T) {
	for phrase, want := range map[string]string{"": "", "hier": "Hier", "à dire": "À dire", "Élan": "Élan", "7 jours": "7 jours"} {
		if got := i18n.Capital(phrase); got != want {
			t.Errorf("%q begins %q", phrase, got)
		}
	}
}
