package rivals

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"crieur/bot/audit"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/listen"
	"crieur/bot/state"
	"crieur/bot/text/similar"
)

// ErrRival says that what should be relayed is not of a source to relay.
var ErrRival = errors.New("not a source to relay")

const (
	// mostRelayed is how many pieces are proposed for relaying in one day.
	mostRelayed = 5
	// mostQuoted words of somebody's text, and no more than a third of it, are
	// quoted in a draft: so little that it is no copy.
	mostQuoted = 15
)

// Mark says whether what is followed is a source whose posts are worth relaying
// or a competitor.
func (e *Engine) Mark(ctx context.Context, tx *state.Tx, id, by string, relay bool) error {
	r, found, err := rivals.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !found {
		return ErrUnknown
	}
	r.Relay = relay
	what := map[bool]string{true: "rival.relayed", false: "rival.watched"}[relay]
	tx.Log(audit.Entry{Who: by, What: what, Brand: r.Brand, Subject: "rival/" + id})
	if err := put(ctx, tx, r); err != nil {
		return err
	}
	return board.Refresh(ctx, tx, View, id)
}

// Relayable lists what may be relayed of the time since, the newest first: with
// what was settled today already, at most mostRelayed pieces.
func (e *Engine) Relayable(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time) ([]listen.Observation, error) {
	followed, err := e.All(ctx, tx, b.ID)
	if err != nil || !slices.ContainsFunc(followed, relayed) {
		return nil, err
	}
	news, err := e.News(ctx, tx, b.ID, tx.Now().Add(-back), most)
	if err != nil {
		return nil, err
	}
	done, err := e.settledOf(ctx, tx, b.ID, news)
	if err != nil {
		return nil, err
	}
	return worth(followed, news, done, since, tx.Now().In(b.Zone)), nil
}

func relayed(r Rival) bool { return r.Relay }

// worth picks what may be relayed of the time since; pure. It is of a source to
// relay, has an address to credit, and nobody settled it. It neither names a
// competitor nor is what a competitor said, and the same thing is there once.
func worth(followed []Rival, news []listen.Observation, done map[string]Settled, since, now time.Time) []listen.Observation {
	var names []string
	relay := map[string]bool{}
	for _, r := range followed {
		relay[r.ID] = r.Relay
		if !r.Relay {
			names = append(names, spaced(r.Name))
		}
	}
	left := mostRelayed
	var picked, shunned []listen.Observation
	for _, o := range news {
		if !relay[o.Rival] {
			shunned = append(shunned, o)
		} else if s, settled := done[o.ID]; settled && sameDay(now, s.At) {
			left--
		}
	}
	for _, o := range news {
		_, settled := done[o.ID]
		words := spaced(o.Title + " " + o.Text)
		copies := func(other listen.Observation) bool { return similar.Compare(whole(o), whole(other)).Copy }
		if len(picked) < left && relay[o.Rival] && !settled && o.URL != "" && !o.At.Before(since) &&
			!slices.ContainsFunc(names, func(name string) bool { return strings.Contains(words, name) }) &&
			!slices.ContainsFunc(shunned, copies) && !slices.ContainsFunc(picked, copies) {
			picked = append(picked, o)
		}
	}
	return picked
}

// sameDay says that two times are of one day, where the first one is.
func sameDay(day, at time.Time) bool {
	return day.Format(time.DateOnly) == at.In(day.Location()).Format(time.DateOnly)
}

// spaced are the words of a text alone, between spaces, to look names up in.
func spaced(text string) string {
	return " " + strings.Join(strings.FieldsFunc(i18n.Fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ") + " "
}

func whole(o listen.Observation) string { return strings.TrimSpace(o.Title + " " + o.Text) }

// Relay begins a draft that passes a piece on, and returns its card: with who
// said it and the link, and of their words a title or a few, as a quotation.
func (e *Engine) Relay(ctx context.Context, tx *state.Tx, b *brand.Brand, name, by string, p *i18n.Printer) (board.Card, error) {
	o, err := e.find(ctx, tx, b.ID, name)
	if err != nil {
		return board.Card{}, err
	}
	source, err := e.source(ctx, tx, o.Rival)
	if err != nil {
		return board.Card{}, err
	}
	if !source.Relay {
		return board.Card{}, ErrRival
	}
	if err := e.settle(ctx, tx, b.ID, name, Settled{Outcome: Passed, By: by}); err != nil {
		return board.Card{}, err
	}
	return e.Ideas.Begin(ctx, tx, b, by, p.T("rivals.relaynote", "Credit", credit(source.Name, o), "Quote", p.Quote(quoted(o)), "URL", o.URL))
}

// credit names who said it: the source, with the author where it says who.
func credit(source string, o listen.Observation) string {
	if o.Author == "" || spaced(o.Author) == spaced(source) {
		return source
	}
	return source + " (" + o.Author + ")"
}

// quoted is what a draft quotes: the title of what is at the link, else the
// first words of a text, with the mark of what was left out.
func quoted(o listen.Observation) string {
	if o.Title != "" && !strings.HasPrefix(spaced(o.Text), strings.TrimRight(spaced(o.Title), " ")) {
		return strings.Join(strings.Fields(o.Title), " ")
	}
	words := strings.Fields(cmp.Or(o.Text, o.Title))
	return strings.Join(words[:min(mostQuoted, max(1, len(words)/3), len(words))], " ") + " […]"
}

// headline is how a piece is called in lists: its title, else how it begins.
func headline(o listen.Observation) string { return cmp.Or(o.Title, excerpt(o.Text)) }

// RelayLine says what there is to relay since a time: a line of the brief.
func (e *Engine) RelayLine(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer) ([]string, error) {
	all, err := e.Relayable(ctx, tx, b, since)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	source, err := e.source(ctx, tx, all[0].Rival)
	if err != nil {
		return nil, err
	}
	return []string{p.T("rivals.relayline", "Count", len(all), "Name", source.Name, "Title", headline(all[0]))}, nil
}
