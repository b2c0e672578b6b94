package digest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/bottest"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/state"
)

// part is a section that always has the same to say.
func part(name, label, line, always string) Section {
	says := func(line string) Lines {
		return func(context.Context, *state.Tx, *brand.Brand, time.Time, *i18n.Printer) ([]string, error) {
			return []string{line}, nil
		}
	}
	s := Section{Name: name, Label: label, Lines: says(line)}
	if always != "" {
		s.Always = says(always)
	}
	return s
}

// paper is a brand's brief of four parts: two can be left out, of which one says
// something all the same, and two cannot.
type paper struct {
	*evening
	chat *Chat
}

func newPaper(t *testing.T) *paper {
	e := newEvening(t)
	e.now = time.Date(2026, 11, 26, 9, 0, 0, 0, e.brand.Zone)
	e.Sections = []Section{
		part("answer", "digest.part.answer", "14 conversations", "2 promises end"),
		part("rivals", "digest.part.rivals", "a competitor", ""),
		part("blind", "", "not seen", ""),
		part("named", "", "in trouble", "in trouble"),
	}
	e.Space.Now().Member("morgan").Roles = []brand.Role{brand.Admin}
	e.Space.Now().Member("noa").Roles = []brand.Role{brand.Responder}
	return &paper{e, &Chat{Engine: e.Engine}}
}

// on is what somebody does on the brief: where, and with which form.
func (p *paper) on(who, view string, direct bool, arg string, values map[string][]string) *bot.Request {
	catalog, err := i18n.Load()
	if err != nil {
		p.Fatal(err)
	}
	subject := "colibri/2026-11-26"
	if view == nowView {
		subject = "colibri"
	}
	return &bot.Request{Event: bot.Event{Direct: direct, Arg: arg, Values: values, Token: "t"}, Space: p.Space.Now(), Brand: p.brand,
		Member: p.Space.Now().Member(who), Print: catalog.For("en", p.brand.Zone), Now: p.now, View: view, Subject: subject, NewToken: p.NewToken}
}

// opened is the form that somebody gets: each field with what is chosen in it.
func (p *paper) opened(r *bot.Request) string {
	p.Helper()
	r.Tx = state.Begin(p.store, "look", p.now)
	form, err := p.chat.usefulForm(p.Context(), r)
	if err != nil {
		p.Fatal(err)
	}
	said := strings.TrimSuffix(form.Intro, "Always said: what I can’t see, posts in trouble, promises that are about to end.") + form.Arg + ":"
	for _, field := range form.Fields {
		said += fmt.Sprintf(" %s %v of %d", field.ID, field.Value, len(field.Choices))
		if field.Hint != "" {
			said += " (" + field.Hint + ")"
		}
	}
	return said
}

// sent is what comes of a form.
func (p *paper) sent(r *bot.Request) (said string, edits int) {
	p.Helper()
	effects := p.step(func(ctx context.Context, tx *state.Tx) error {
		r.Tx = tx
		reply, err := p.chat.keep(ctx, r)
		var refusal *bot.Refusal
		if errors.As(err, &refusal) {
			said = "refused"
			return nil
		}
		if reply.Card != nil {
			said = bottest.Plain(*reply.Card)
		}
		return err
	})
	for _, e := range effects {
		if e.Kind != board.EffectKind || e.Notifies {
			p.Errorf("%+v", e)
		}
	}
	return said, len(effects)
}

// read is the brief as it hangs in a channel, or with a member alone.
func (p *paper) read(m *brand.Member) (lines string, buttons []string) {
	p.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		p.Fatal(err)
	}
	card, err := p.chat.view(p.Context(), bot.ViewRequest{Space: p.Space.Now(), Brand: p.brand, Subject: "colibri/2026-11-26", Member: m,
		Print: catalog.For("en", p.brand.Zone), Now: p.now, Tx: state.Begin(p.store, "look", p.now)})
	if err != nil {
		p.Fatal(err)
	}
	var all []string
	for _, block := range card.Blocks {
		all = append(all, block.Text.String())
	}
	for _, button := range card.Buttons {
		buttons = append(buttons, button.Action)
	}
	return strings.Join(all, "|"), buttons
}

// What a part says to who left it out: nothing, what nobody may miss, or everything
// where it cannot be left out.
func TestWhatIsSaidOfWhatIsLeftOut(t *testing.T) {
	p := newPaper(t)
	for _, test := range []struct{ left, want string }{
		{"", "14 conversations|a competitor|not seen|in trouble"},
		{"rivals", "14 conversations|not seen|in trouble"},
		{"answer", "2 promises end|a competitor|not seen|in trouble"},
		{"answer rivals blind named", "2 promises end|not seen|in trouble"},
		{"gone", "14 conversations|a competitor|not seen|in trouble"},
	} {
		lines, err := p.Lines(t.Context(), state.Begin(p.store, "look", p.now), p.brand, strings.Fields(test.left), nil)
		if got := strings.Join(lines, "|"); err != nil || got != test.want {
			t.Errorf("without %q: %q, %v, want %q", test.left, got, err, test.want)
		}
	}
}

func TestWithoutAndWanted(t *testing.T) {
	sections := newPaper(t).Sections
	for _, test := range []struct{ wanted, left string }{
		{"answer rivals", ""}, {"rivals", "answer"}, {"", "answer rivals"}, {"blind gone", "answer rivals"},
	} {
		left := without(sections, strings.Fields(test.wanted))
		if got := strings.Join(left, " "); got != test.left {
			t.Errorf("%q are wanted: without %q, want %q", test.wanted, got, test.left)
		}
		for _, name := range wanted(sections, left) {
			if slices.Contains(left, name) || !slices.Contains(strings.Fields(test.wanted), name) {
				t.Errorf("%q are wanted: the form says %s", test.wanted, name)
			}
		}
	}
}

// Everybody chooses for themselves; who manages the brand chooses for the team in its
// channel, and for both alone.
func TestWhoChoosesWhat(t *testing.T) {
	p := newPaper(t)
	for _, test := range []struct {
		name, who, view string
		direct          bool
		want            string
	}{
		{"the team's, by who manages", "morgan", View, false, "team: team [answer rivals] of 2"},
		{"on the team's, by another one", "noa", View, false, "For your own brief. The team’s is set up by Morgan. mine: one [answer rivals] of 2"},
		{"one's own", "noa", View, true, "one: one [answer rivals] of 2"},
		{"on demand, in a channel", "noa", nowView, false, "one: one [answer rivals] of 2"},
		{"one's own, and the team's", "morgan", View, true, "both: one [answer rivals] of 2 team [answer rivals] of 2"},
	} {
		if got := p.opened(p.on(test.who, test.view, test.direct, "", nil)); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What is chosen holds for whom it is about alone, is drawn again where it hangs, and
// can be had back.
func TestAChoiceIsKept(t *testing.T) {
	p := newPaper(t)
	noa := p.Space.Now().Member("noa")
	p.step(func(ctx context.Context, tx *state.Tx) error { return p.hang(ctx, tx, p.brand, View) })
	if said, edits := p.sent(p.on("noa", View, true, ofOne, map[string][]string{"one": {"answer"}, "team": {}})); edits != 1 || !strings.HasPrefix(said, "Noted.") {
		t.Errorf("%q, %d edits", said, edits)
	}
	team, _ := p.read(nil)
	own, _ := p.read(noa)
	if team != "14 conversations|a competitor|not seen|in trouble" || own != "14 conversations|not seen|in trouble" {
		t.Errorf("the team reads %q, noa %q", team, own)
	}
	if got := p.opened(p.on("noa", View, true, "", nil)); got != "one: one [answer] of 2 (1 part left out)" {
		t.Errorf("then the form says %s", got)
	}
	if said, _ := p.sent(p.on("noa", nowView, false, ofOne, map[string][]string{"one": {"answer", "rivals"}})); !strings.Contains(said, "a competitor") {
		t.Errorf("on demand: %q", said)
	}
	if said, edits := p.sent(p.on("noa", View, false, ofMine, map[string][]string{"one": {"answer"}})); !strings.Contains(said, "14 conversations") || strings.Contains(said, "a competitor") || edits != 0 {
		t.Errorf("on the team's: %q, %d edits", said, edits)
	}
	p.sent(p.on("noa", View, true, ofOne, map[string][]string{"one": {"answer", "rivals"}}))
	if own, _ = p.read(noa); own != team {
		t.Errorf("had back: %q", own)
	}
	last := p.store.Trail()[len(p.store.Trail())-1]
	if last.Who != "noa" || last.What != "brief.parts" || last.Subject != "brief/colibri/noa" {
		t.Errorf("in the trail: %+v", last)
	}
}

// The team's is who manages the brand's to choose, whatever a form says that comes back.
func TestWhoMayNotChooseForTheTeam(t *testing.T) {
	p := newPaper(t)
	for _, arg := range []string{ofTeam, ofBoth, "", "anything"} {
		if said, edits := p.sent(p.on("noa", View, false, arg, nil)); said != "refused" || edits != 0 {
			t.Errorf("noa, %q: %q", arg, said)
		}
	}
	if said, _ := p.sent(p.on("morgan", View, true, ofBoth, map[string][]string{"one": {"answer", "rivals"}, "team": {"rivals"}})); said == "refused" {
		t.Error("who manages may not")
	}
	team, _ := p.read(nil)
	own, _ := p.read(p.Space.Now().Member("morgan"))
	if team != "2 promises end|a competitor|not seen|in trouble" || !strings.HasPrefix(own, "14 conversations|a comp") {
		t.Errorf("the team reads %q, morgan %q", team, own)
	}
}

// A brief of another day says how it was then: it is left alone.
func TestAnOlderBriefIsLeftAlone(t *testing.T) {
	p := newPaper(t)
	p.step(func(ctx context.Context, tx *state.Tx) error { return p.hang(ctx, tx, p.brand, View) })
	p.now = p.now.AddDate(0, 0, 1)
	if said, edits := p.sent(p.on("morgan", View, false, ofTeam, nil)); edits != 0 || !strings.HasPrefix(said, "Noted.") {
		t.Errorf("%q, %d edits", said, edits)
	}
}

// Where nothing is left to say, what was left out can be had back; a quiet night is
// said alone.
func TestAnEmptyBrief(t *testing.T) {
	p := newPaper(t)
	p.Sections = p.Sections[1:2]
	if _, buttons := p.read(nil); strings.Join(buttons, " ") != "round.start plan.today brief.useful" {
		t.Errorf("%v", buttons)
	}
	p.sent(p.on("morgan", View, false, ofTeam, nil))
	if said, buttons := p.read(nil); said != "Nothing new in the chosen parts." || strings.Join(buttons, " ") != "brief.useful" {
		t.Errorf("%q, %v", said, buttons)
	}
	p.Sections = nil
	p.sent(p.on("noa", View, true, ofOne, nil))
	if said, buttons := p.read(p.Space.Now().Member("noa")); said != "Nothing new since the last brief." || len(buttons) != 0 {
		t.Errorf("%q, %v", said, buttons)
	}
}
