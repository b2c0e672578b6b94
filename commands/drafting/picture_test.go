package drafting

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot/brand"
	"crieur/bot/content"
	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/state/statetest"
	"crieur/bot/work"
)

// studio is a draft with its author, who gives pictures.
type studio struct {
	*testing.T
	e     *Engine
	b     *brand.Brand
	sent  *submissions
	store *statetest.Mem
	now   time.Time
	id    string
	steps int
}

func newStudio(t *testing.T) *studio {
	e, b, sent := planner(t)
	e.Space = &brand.Space{Brands: []*brand.Brand{b}}
	s := &studio{T: t, e: e, b: b, sent: sent, store: statetest.NewMem(), now: time.Date(2026, 11, 26, 10, 15, 0, 0, b.Zone)}
	s.do(func(tx *state.Tx) error {
		d, err := e.Create(t.Context(), tx, b, "camille", "Notre thé de Noël est de retour.")
		s.id = d.ID
		return err
	})
	return s
}

func (s *studio) do(step func(*state.Tx) error) {
	s.Helper()
	s.steps++
	do(s.T, s.store, "step"+itoa(s.steps), s.now, step)
}

func (s *studio) draft() Draft {
	s.Helper()
	d, found, err := drafts.Get(s.Context(), state.Begin(s.store, "look", s.now), s.id)
	if err != nil || !found {
		s.Fatalf("draft: %v, %v", found, err)
	}
	return d
}

// gives attaches a picture and returns the effect that brings it.
func (s *studio) gives(name, alt string) string {
	s.Helper()
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Attach(s.Context(), tx, s.id, "camille", alt, Given{Platform: "slack", Upload: Upload{Ref: "F1", Name: name}})
		return err
	})
	awaited := s.draft().Awaited
	return awaited[len(awaited)-1].Effect
}

// comes is the receipt of an upload.
func (s *studio) comes(receipt outbox.Receipt) {
	s.Helper()
	data, err := json.Marshal(receipt)
	if err != nil {
		s.Fatal(err)
	}
	s.do(func(tx *state.Tx) error {
		return s.e.Arrived(s.Context(), tx, work.Item{ID: "r", Conversation: s.id, Data: data})
	})
}

func png(effect, digest, size string) outbox.Receipt {
	return outbox.Receipt{Effect: effect, Ref: strings.Repeat(digest, 64/len(digest)), Args: map[string]string{"Type": "image/png", "Size": size}}
}

// TestPictureIsPartOfWhatIsApproved: every change of one is a new version.
func TestPictureIsPartOfWhatIsApproved(t *testing.T) {
	s := newStudio(t)
	effect := s.gives("boite.png", " Une boîte rouge ")
	if d := s.draft(); d.Number != 1 || len(d.Media) != 0 || s.e.Checks.Run(s.b, d).Errors() != 1 {
		t.Fatalf("on its way: %+v", d)
	}
	tx := state.Begin(s.store, "early", s.now)
	if _, err := s.e.Send(t.Context(), tx, s.b, s.id, "camille"); !errors.Is(err, ErrProblems) || tx.Changed() {
		t.Errorf("sent before the picture came: %v", err)
	}
	s.comes(png(effect, "ab", "2000"))
	d := s.draft()
	want := content.Media{Digest: strings.Repeat("ab", 32), Name: "boite.png", Type: "image/png", Size: 2000, Alt: "Une boîte rouge"}
	if d.Number != 2 || len(d.Awaited) != 0 || !slices.Equal(d.Media, []content.Media{want}) {
		t.Fatalf("came: %+v", d)
	}
	s.comes(png(effect, "cd", "1")) // told twice
	if d := s.draft(); d.Number != 2 {
		t.Errorf("a repeated receipt made a version: %+v", d.Media)
	}
	s.do(func(tx *state.Tx) error { _, err := s.e.Send(t.Context(), tx, s.b, s.id, "camille"); return err })
	first := (*s.sent)[0]
	for _, part := range first.Parts {
		if !slices.Equal(part.Media, []content.Media{want}) {
			t.Errorf("%s leaves with %+v", part.Account, part.Media)
		}
	}
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Describe(t.Context(), tx, s.id, "camille", map[string]string{want.Digest[:digestStart]: "Une boîte verte"}, nil)
		return err
	})
	if len(*s.sent) != 2 || (*s.sent)[1].Number != 3 || (*s.sent)[1].Parts[0].Fingerprint() == first.Parts[0].Fingerprint() {
		t.Errorf("another description does not ask again: %+v", (*s.sent)[1:])
	}
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Describe(t.Context(), tx, s.id, "camille", nil, []string{want.Digest})
		return err
	})
	if len(*s.sent) != 3 || len((*s.sent)[2].Parts[0].Media) != 0 {
		t.Errorf("taken off: %+v", (*s.sent)[2:])
	}
}

// TestPictureThatDoesNotCome says so, and keeps the draft from leaving without
// it until its author decides.
func TestPictureThatDoesNotCome(t *testing.T) {
	s := newStudio(t)
	s.comes(outbox.Receipt{Effect: s.gives("film.mp4", "Un film"), Status: outbox.Sent, Reason: "drafting.picture.odd"})
	s.comes(outbox.Receipt{Effect: s.gives("perdue.png", "Une boîte"), Status: outbox.Failed})
	d := s.draft()
	if len(d.Awaited) != 1 || d.Awaited[0].Reason != "drafting.picture.lost" || s.e.Checks.Run(s.b, d).Errors() != 1 || d.Number != 1 {
		t.Fatalf("did not come: %+v", d)
	}
	s.do(func(tx *state.Tx) error {
		_, err := s.e.Describe(t.Context(), tx, s.id, "camille", nil, nil)
		return err
	})
	if d := s.draft(); len(d.Awaited) != 0 || s.e.Checks.Run(s.b, d).Errors() != 0 {
		t.Errorf("still there: %+v", d.Awaited)
	}
}

func TestPictureRefused(t *testing.T) {
	s := newStudio(t)
	attach := func(by, alt string) error {
		tx := state.Begin(s.store, "wrong", s.now)
		_, err := s.e.Attach(t.Context(), tx, s.id, by, alt, Given{})
		if err != nil && tx.Changed() {
			t.Errorf("%v changed something", err)
		}
		return err
	}
	if err := attach("sacha", "x"); !errors.Is(err, ErrNotYours) {
		t.Errorf("somebody else’s: %v", err)
	}
	if err := attach("camille", " \u200b"); !errors.Is(err, ErrNoAlt) {
		t.Errorf("no description: %v", err)
	}
	for _, digest := range []string{"1", "2", "3"} {
		s.comes(png(s.gives("a.png", "x"), digest, "1"))
	}
	s.comes(png(s.gives("b.png", "la même"), "1", "1"))
	if d := s.draft(); len(d.Media) != 3 || d.Media[0].Alt != "la même" {
		t.Errorf("the same picture twice: %+v", d.Media)
	}
	s.gives("d.png", "x")
	if err := attach("camille", "x"); !errors.Is(err, ErrPictures) {
		t.Errorf("a fifth: %v", err)
	}
}

// TestPicturesByNetwork says what each network makes of them.
func TestPicturesByNetwork(t *testing.T) {
	heavy := []content.Media{{Digest: "a", Name: "a.png", Size: 2_450_000, Alt: "x"}}
	for _, row := range []struct {
		shows string
		media []content.Media
		key   string
		wrong bool
		size  string
	}{
		{"mastodon", heavy, "", false, ""},
		{"bluesky", heavy, "drafting.picture.heavy", true, "2.5"},
		{"youtube", heavy, "drafting.picture.without", false, ""},
		{"instagram", nil, "drafting.picture.needed", false, ""},
		{"instagram", heavy, "", false, ""},
	} {
		account := brand.Account{ID: row.shows, Network: "assisted", Shows: row.shows, Name: row.shows}
		found := illustrated(account, Draft{Media: row.media})
		switch {
		case row.key == "" && len(found) == 0:
		case len(found) != 1 || found[0].Notice.Key != row.key || found[0].Error() != row.wrong || found[0].Notice.Args["Size"] != row.size:
			t.Errorf("%s: %+v", row.shows, found)
		}
	}
	light := []content.Media{{Digest: "a", Size: 2_450_000, Alt: "x", Type: "image/png", Light: &content.Light{Digest: "b", Size: 900_000}}}
	small := content.Media{Digest: "b", Size: 900_000, Alt: "x", Type: "image/jpeg"}
	bluesky := brand.Account{Network: "bluesky", Name: "Bluesky"}
	if found := illustrated(bluesky, Draft{Media: light}); len(found) != 0 || carried(bluesky, light)[0] != small {
		t.Errorf("with a lighter copy: %+v, leaves with %+v", found, carried(bluesky, light))
	}
	light[0].Type = "image/webp"
	if left := carried(brand.Account{Network: "slack"}, light)[0]; left != small {
		t.Errorf("to Slack, which shows no WebP: %+v", left)
	}
	if left := carried(brand.Account{Network: "mastodon"}, light)[0]; left.Digest != "a" || left.Light != nil {
		t.Errorf("where it fits: %+v", left)
	}
	if left := carried(brand.Account{Network: "assisted", Shows: "youtube"}, heavy); len(left) != 0 {
		t.Errorf("leaves with %+v", left)
	}
}

// TestPartsCarryWhatTheirNetworkShows: what was shown to be fine is what leaves.
func TestPartsCarryWhatTheirNetworkShows(t *testing.T) {
	checks, err := NewChecks()
	if err != nil {
		t.Fatal(err)
	}
	b := &brand.Brand{Langs: []string{"fr"}, Zone: time.UTC}
	for _, network := range []string{"mastodon", "bluesky", "slack", "youtube"} {
		b.Accounts = append(b.Accounts, brand.Account{ID: network, Network: network, Shows: network})
	}
	d := Draft{Base: "Notre thé est de retour.", Accounts: []string{"mastodon", "bluesky", "slack", "youtube"},
		Media: []content.Media{{Digest: "heavy", Type: "image/webp", Size: 2_000_000, Alt: "x", Light: &content.Light{Digest: "light", Size: 900_000}}}}
	parts, err := checks.Parts(b, d)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, part := range parts {
		left = append(left, part.Account)
		for _, m := range part.Media {
			left = append(left, m.Digest)
		}
	}
	if got := strings.Join(left, " "); got != "mastodon heavy bluesky light slack light youtube" {
		t.Errorf("leave with %s", got)
	}
}

// A card shows the lighter copy of a picture, and of a light one itself.
func TestCardsShowTheLighterCopy(t *testing.T) {
	d := Draft{Media: []content.Media{{Digest: "heavy", Type: "image/webp", Alt: "x", Light: &content.Light{Digest: "light"}}, {Digest: "small", Alt: "y"}}}
	var got []string
	for _, block := range pictureBlocks(d) {
		got = append(got, string(block.Kind), block.File, block.Alt)
	}
	if strings.Join(got, " ") != "picture light x picture small y" {
		t.Errorf("shows %q", got)
	}
}
