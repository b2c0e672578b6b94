package people

import (
	"fmt"
	"testing"
	"time"

	"crieur/bot/hours"
)

// Thursday 26 November 2026, after midnight in Paris, still Wednesday in UTC.
func thursday(t testing.TB) time.Time {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 26, 0, 30, 0, 0, zone)
}

func TestReadLeave(t *testing.T) {
	for text, want := range map[string]string{
		"je suis en congé du 3 au 7":                 "2026-12-03 2026-12-07",
		"du 3 au 7":                                  "2026-12-03 2026-12-07",
		"Du 24 au 30":                                "2026-11-24 2026-11-30", // it has begun
		"du 28 au 3":                                 "2026-11-28 2026-12-03",
		"du 20 décembre au 10 janvier":               "2026-12-20 2027-01-10",
		"du 20 au 10 janvier":                        "2026-12-20 2027-01-10",
		"du lundi 3 au vendredi 7 décembre":          "2026-12-03 2026-12-07",
		"du 1er au 4 mai":                            "2027-05-01 2027-05-04",
		"je serai absent demain":                     "2026-11-27 2026-11-27",
		"après-demain":                               "2026-11-28 2026-11-28",
		"aujourd’hui":                                "2026-11-26 2026-11-26",
		"absente lundi":                              "2026-11-30 2026-11-30",
		"jeudi":                                      "2026-12-03 2026-12-03",
		"de lundi à mercredi":                        "2026-11-30 2026-12-02",
		"de demain à mardi":                          "2026-11-27 2026-12-01",
		"le 12":                                      "2026-12-12 2026-12-12",
		"le 12 février":                              "2027-02-12 2027-02-12",
		"en vacances jusqu’au 6":                     "2026-11-26 2026-12-06",
		"la semaine prochaine":                       "2026-11-30 2026-12-06",
		"du 3/12 au 7/12":                            "2026-12-03 2026-12-07",
		"le 3/12":                                    "2026-12-03 2026-12-03",
		"3-7 December":                               "2026-12-03 2026-12-07",
		"2026-12-03 to 2026-12-07":                   "2026-12-03 2026-12-07",
		"off the day after tomorrow":                 "2026-11-28 2026-11-28",
		"I am on leave from 3 to 7 December":         "2026-12-03 2026-12-07",
		"on leave from December 3rd to December 7th": "2026-12-03 2026-12-07",
		"off tomorrow":                               "2026-11-27 2026-11-27",
		"on holiday from Monday until Friday":        "2026-11-30 2026-12-04",
		"away until the 6th":                         "2026-11-26 2026-12-06",
		"off next week!":                             "2026-11-30 2026-12-06",
		"the 3rd of December":                        "2026-12-03 2026-12-03",
		"absence le 31":                              "2026-12-31 2026-12-31",
		"le 29 février":                              "", // not within a year
		"dans 3 jours":                               "",
		"je suis en congé":                           "",
		"à 14 h":                                     "",
		"le 14 h":                                    "",
		"":                                           "",
		"le 40":                                      "",
		"du 3 au 7 janvier 2028":                     "", // not the year after next as if it were the next
		"du 3 au 7 janvier 2027":                     "2027-01-03 2027-01-07",
		"du 30 décembre 2026 au 2 janvier 2027":      "2026-12-30 2027-01-02",
		"le 2025-12-03":                              "",
		"à partir de lundi":                          "", // until when?
		"dès demain":                                 "",
		"from Monday":                                "",
		"à partir de lundi jusqu’au 3":               "2026-11-30 2026-12-03",
		"bravo pour les 12":                          "",
		"le 3 et le 4 décembre":                      "2026-12-03 2026-12-04",
		"du 3 au 7, je lis mes messages le 5":        "2026-12-03 2026-12-07",
	} {
		got := ""
		if leave, ok := ReadLeave(text, thursday(t)); ok {
			got = said2(leave.From) + " " + said2(leave.To)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestBeginsWithDay(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "du 3 au 7": true, "from the 3rd to the 7th": true, "demain.": true, "maternité du 3 janvier au 30 avril": true,
		"lundi, je reviens mardi": true, "us a comment by Friday": false, "a comment by Friday": false, "the record": false, "?": true,
	} {
		if got := beginsWithDay(text, thursday(t)); got != want {
			t.Errorf("%q begins with a day: %v", text, got)
		}
	}
}

func said2(d hours.Day) string { return fmt.Sprintf("%d-%02d-%02d", d.Year, d.Month, d.Day) }

// Whatever is said, what is read is an absence that ends after it begins, not
// in the past and not in another age.
func FuzzReadLeave(f *testing.F) {
	for _, seed := range []string{"du 3 au 7", "next week", "de lundi à dimanche", "le 29 février", "31/31", "du 31 au 31 du 31", "until"} {
		f.Add(seed, int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, shift int64) {
		now := thursday(t).Add(time.Duration(shift % int64(4*365*24*time.Hour)))
		leave, ok := ReadLeave(text, now)
		if !ok {
			return
		}
		if before(leave.To, leave.From) || before(leave.To, hours.DayOf(now)) || len(leave.Days()) > longestLeave {
			t.Fatalf("%q at %s: %v", text, now, leave)
		}
	})
}
