package calendar

import (
	"errors"
	"testing"
	"time"

	"crieur/bot/brand"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// clock is a time of the tests' week: Thursday 26 November 2026 is today.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", text, paris(t))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestReadPeriod(t *testing.T) {
	b := &brand.Brand{Zone: paris(t), Accounts: []brand.Account{
		{ID: "linkedin", Network: "assisted", Shows: "linkedin", Name: "LinkedIn"},
		{ID: "masto2", Network: "mastodon", Shows: "mastodon", Name: "Mastodon Été"},
		{ID: "x", Network: "assisted", Shows: "x", Name: "X"},
	}}
	now := clock(t, "2026-11-26T10:15").UTC()
	for said, want := range map[string]string{
		"":                             "2026-11-26/7/",
		"aujourd’hui":                  "2026-11-26/1/",
		"Aujourd'hui":                  "2026-11-26/1/",
		"today":                        "2026-11-26/1/",
		"demain":                       "2026-11-27/1/",
		"demain\u00a0?":                "2026-11-27/1/",
		"cette semaine ?":              "2026-11-23/7/",
		"tomorrow!":                    "2026-11-27/1/",
		"the day after tomorrow":       "2026-11-28/1/",
		"après-demain":                 "2026-11-28/1/",
		"hier":                         "2026-11-25/1/",
		"vendredi":                     "2026-11-27/1/",
		"jeudi":                        "2026-11-26/1/",
		"jeudi prochain":               "2026-12-03/1/",
		"next Friday":                  "2026-11-27/1/",
		"cette semaine":                "2026-11-23/7/",
		"la semaine prochaine":         "2026-11-30/7/",
		"next week":                    "2026-11-30/7/",
		"week-end":                     "2026-11-28/2/",
		"le week-end prochain":         "2026-12-05/2/",
		"ce mois":                      "2026-11-01/30/",
		"next month":                   "2026-12-01/31/",
		"décembre":                     "2026-12-01/31/",
		"novembre":                     "2026-11-01/30/",
		"février":                      "2027-02-01/28/",
		"février 2028":                 "2028-02-01/29/",
		"december 2026":                "2026-12-01/31/",
		"novembre prochain":            "2027-11-01/30/",
		"26 novembre":                  "2026-11-26/1/",
		"25 novembre":                  "2027-11-25/1/",
		"le 1er décembre":              "2026-12-01/1/",
		"December 2nd":                 "2026-12-02/1/",
		"jeudi 3 décembre":             "2026-12-03/1/",
		"December 24th":                "2026-12-24/1/",
		"21st of December":             "2026-12-21/1/",
		"29 février":                   "2028-02-29/1/",
		"29/2":                         "2028-02-29/1/",
		"3/12":                         "2026-12-03/1/",
		"25/12/2027":                   "2027-12-25/1/",
		"le 25/12/26":                  "2026-12-25/1/",
		"2026-12-24":                   "2026-12-24/1/",
		"LinkedIn":                     "2026-11-26/7/linkedin",
		"x":                            "2026-11-26/7/x",
		"semaine prochaine sur x":      "2026-11-30/7/x",
		"mastodon ete, en décembre":    "2026-12-01/31/masto2",
		"mastodon":                     "2026-11-26/7/masto2",
		"planning de demain, LinkedIn": "2026-11-27/1/linkedin",
	} {
		got, err := ReadPeriod(said, b, now)
		if err != nil || got.String() != want {
			t.Errorf("%q = %s, %v, want %s", said, got, err, want)
		}
		if back, err := parsePeriod(got.String(), b.Zone); err != nil || back != got {
			t.Errorf("%q came back as %v, %v", got, back, err)
		}
	}
	for _, said := range []string{"myspace", "bientôt", "31 novembre", "demain prochain", "40/12", "12", "vendredi myspace", "3/14", "29/02/2027", "1/2/3/4", "3//2027", "th"} {
		if got, err := ReadPeriod(said, b, now); !errors.Is(err, ErrPeriod) {
			t.Errorf("%q = %s, %v", said, got, err)
		}
	}
	sunday := clock(t, "2026-11-29T23:30")
	if got, err := ReadPeriod("weekend", b, sunday); err != nil || got.String() != "2026-11-28/2/" {
		t.Errorf("the weekend on a Sunday = %s, %v", got, err)
	}
	leap := clock(t, "2028-03-01T09:00")
	if got, err := ReadPeriod("29 février", b, leap); err != nil || got.String() != "2032-02-29/1/" {
		t.Errorf("29 February, once it is over = %s, %v", got, err)
	}
	if got, err := ReadPeriod("cette semaine", b, sunday); err != nil || got.String() != "2026-11-23/7/" {
		t.Errorf("the week on a Sunday = %s, %v", got, err)
	}
}

func FuzzReadPeriod(f *testing.F) {
	for _, seed := range []string{"", "demain", "31/12", "2026-02-30", "x x x", "0 janvier", "janvier 31 2199", "\x00’’"} {
		f.Add(seed, int64(1795000000))
	}
	zone := paris(f)
	b := &brand.Brand{Zone: zone, Accounts: []brand.Account{{ID: "x", Name: "X"}, {ID: "y"}}}
	f.Fuzz(func(t *testing.T, said string, at int64) {
		p, err := ReadPeriod(said, b, time.Unix(at%(1<<35), 0))
		if err != nil {
			return
		}
		if p.Days < 1 || p.Days > 31 || p.From.Hour() != 0 && p.From.Hour() != 1 {
			t.Fatalf("%q = %+v", said, p)
		}
		if !p.Until().After(p.From) || !p.next().From.Equal(p.Until()) {
			t.Fatalf("%q = %+v until %s", said, p, p.Until())
		}
	})
}

func TestParsePeriodRefusesWhatIsNone(t *testing.T) {
	for _, text := range []string{"", "2026-11-26", "2026-11-26/0/", "2026-11-26/32/", "2026-13-01/7/", "2026-11-26/x/", "a/b/c/d"} {
		if p, err := parsePeriod(text, time.UTC); !errors.Is(err, ErrPeriod) {
			t.Errorf("%q = %v, %v", text, p, err)
		}
	}
}
