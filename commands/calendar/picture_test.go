package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/hours"
)

// colibri works from Monday to Friday, 8:45 to 18:30, but on 11 November.
func colibri(t testing.TB) *brand.Brand {
	t.Helper()
	b := &brand.Brand{ID: "colibri", Name: "Maison Colibri", Zone: paris(t), Langs: []string{"fr"},
		Off:      hours.Days{{Year: 2026, Month: time.November, Day: 11}},
		Accounts: []brand.Account{{ID: "linkedin", Network: "assisted", Shows: "linkedin", Name: "LinkedIn"}, {ID: "mastodon", Network: "mastodon", Name: "Mastodon"}}}
	for day := time.Monday; day <= time.Friday; day++ {
		b.Hours[day] = []hours.Span{{Open: 8*60 + 45, Close: 18*60 + 30}}
	}
	return b
}

func publication(request, account string, at time.Time, status Status) Publication {
	return Publication{ID: request + account, Request: request, Brand: "colibri", Title: strings.ToUpper(request),
		Part: content.Part{Account: account}, At: at, Status: status}
}

func spoken2(times []time.Time) string {
	var all []string
	for _, at := range times {
		all = append(all, at.Format("15:04"))
	}
	return strings.Join(all, " ")
}

func TestPosts(t *testing.T) {
	at := clock(t, "2026-11-26T18:00")
	got := posts([]Publication{
		publication("b", "mastodon", at.Add(time.Hour), Planned),
		publication("a", "mastodon", at, Sent),
		publication("a", "linkedin", at.UTC(), Planned),
		publication("a", "x", at, Cancelled),
		publication("a", "bluesky", at.Add(time.Minute), Planned),
	})
	var lines []string
	for _, post := range got {
		line := post.Request + post.At.In(paris(t)).Format("15:04")
		for _, p := range post.Parts {
			line += " " + p.Part.Account
		}
		if post.movable() {
			line += " movable"
		}
		lines = append(lines, line)
	}
	want := []string{"a18:00 mastodon linkedin", "a18:01 bluesky movable", "b19:00 mastodon movable"}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

func TestPicture(t *testing.T) {
	b, now := colibri(t), clock(t, "2026-11-26T10:15")
	all := []Publication{
		publication("a", "linkedin", clock(t, "2026-11-26T18:00"), Planned),
		publication("b", "mastodon", clock(t, "2026-11-28T23:59"), Planned),
		publication("c", "mastodon", clock(t, "2026-11-30T09:00"), Cancelled),
	}
	for account, want := range map[string][]string{
		"":         {"26 a", "27 9:00 13:30 18:00", "28 b", "29 off", "30 9:00 13:30 18:00", "1 9:00 13:30 18:00", "2 9:00 13:30 18:00"},
		"mastodon": {"26 13:30 18:00", "27 9:00 13:30 18:00", "28 b", "29 off", "30 9:00 13:30 18:00", "1 9:00 13:30 18:00", "2 9:00 13:30 18:00"},
	} {
		shown := picture(b, Period{From: startOfDay(now), Days: 7, Account: account}, all, Rhythm{}, now)
		var got []string
		for _, day := range shown.Days {
			line := day.At.Format("2")
			for _, post := range day.Posts {
				line += " " + post.Request
			}
			for _, at := range day.Hole {
				line += " " + at.Format("15:04")
			}
			if !day.Works && len(day.Posts) == 0 {
				line += " off"
			}
			got = append(got, strings.ReplaceAll(line, " 09", " 9"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q", account, got)
		}
		if account == "" && (shown.holes() != 4 || len(shown.planned()) != 2) {
			t.Errorf("%d holes, %d posts", shown.holes(), len(shown.planned()))
		}
	}
	past := picture(b, Period{From: clock(t, "2026-11-24T00:00"), Days: 1}, nil, Rhythm{}, now)
	if past.Days[0].Hole != nil {
		t.Errorf("a hole in the past: %v", past.Days[0].Hole)
	}
	off := picture(b, Period{From: clock(t, "2026-11-11T00:00"), Days: 1}, nil, Rhythm{}, clock(t, "2026-11-10T10:00"))
	if off.Days[0].Works || off.Days[0].Hole != nil {
		t.Error("a day off has a hole")
	}
}

func TestRhythm(t *testing.T) {
	b := colibri(t)
	var all []Publication
	add := func(day int, wall string, status Status) {
		request := "d" + wall + string(rune('a'+day))
		at := clock(t, time.Date(2026, 10, day, 0, 0, 0, 0, time.UTC).Format("2006-01-02")+"T"+wall)
		all = append(all, publication(request, "linkedin", at, status), publication(request, "mastodon", at, status))
	}
	for day := 19; day < 23; day++ {
		add(day, "12:05", Sent)
	}
	add(19, "17:50", Sent)
	if r := rhythmOf(all, b.Zone); r.Usual != nil || r.Posts != 5 {
		t.Errorf("of five posts: %+v", r)
	}
	add(27, "17:46", Sent) // after the clocks changed
	add(20, "20:30", Sent)
	add(21, "20:30", Sent)
	add(22, "20:30", Sent)
	add(19, "10:00", Sent)
	add(20, "10:00", Failed)
	r := rhythmOf(all, b.Zone)
	if got := []hours.Clock{12 * 60, 20*60 + 30, 18 * 60}; !slices.Equal(r.Usual, got) || r.Posts != 10 {
		t.Errorf("%v of %d posts", r.Usual, r.Posts)
	}
	// 20:30 is usual, but nobody is there
	if got := spoken2(r.candidates(b, clock(t, "2026-11-27T00:00"), clock(t, "2026-11-26T10:15"))); got != "09:00 12:00 18:00" {
		t.Error(got)
	}
	if got := spoken2(r.candidates(b, clock(t, "2026-11-26T00:00"), clock(t, "2026-11-26T12:00"))); got != "13:30 18:00" {
		t.Error("today:", got)
	}
	if got := r.candidates(b, clock(t, "2026-11-28T00:00"), clock(t, "2026-11-26T10:15")); got != nil {
		t.Error("on a Saturday:", got)
	}
	midnight := []Publication{}
	for _, day := range []string{"2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09"} {
		midnight = append(midnight, publication(day, "x", clock(t, day+"T23:50"), Sent))
	}
	if r := rhythmOf(midnight, b.Zone); len(r.Usual) != 1 || r.Usual[0] != 0 {
		t.Errorf("near midnight: %v", r.Usual)
	}
}
