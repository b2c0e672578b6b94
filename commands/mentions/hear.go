package mentions

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"crieur/bot/brand"
	"crieur/bot/listen"
	"crieur/bot/oncall"
	"crieur/bot/state"
	"crieur/bot/text/learnt"
	"crieur/bot/work"
)

// HearTopic is the topic of mentions on their way in.
const HearTopic = "hear"

// Heard is a mention with the brand that its source listens for.
type Heard struct {
	Brand   string         `json:"brand"`
	Mention listen.Mention `json:"mention"`
	// Brought says that a person brought it: it needs no watch rule.
	Brought bool `json:"brought,omitempty"`
}

// Item is how a mention enters: one brand's mentions are heard in order, and a
// mention that comes twice is heard once.
func Item(h Heard) (work.Item, error) {
	data, err := json.Marshal(h)
	if err != nil {
		return work.Item{}, fmt.Errorf("encode mention %s: %w", h.Mention.ID, err)
	}
	return work.Item{
		ID: "hear:" + h.Brand + ":" + h.Mention.ID, Conversation: "hear:" + h.Brand,
		Topic: HearTopic, Data: data, At: h.Mention.At,
	}, nil
}

// Said reads back what Item made.
func Said(item work.Item) (h Heard, err error) {
	if err := json.Unmarshal(item.Data, &h); err != nil {
		return h, fmt.Errorf("decode mention %s: %w", item.ID, err)
	}
	return h, nil
}

// Engine decides what becomes of mentions and conversations.
type Engine struct {
	Space    brand.Source
	Judge    *Judge
	Models   Models  // nil: no brand taught anything
	Teacher  Teacher // nil: clicks teach nothing
	NewToken func(*state.Tx) string
	Hold     Hold        // nil: nothing is ever paused
	Duty     oncall.Duty // nil: only who is on call is called
	Crisis   Crisis      // nil: there is none
	near     near
}

// Models gives what a brand taught, as it is in use now.
type Models interface {
	Of(ctx context.Context, tx *state.Tx, brand string) (learnt.Models, error)
}

// Hold knows since when people paused everything; zero: it goes on.
type Hold interface {
	PausedSince(ctx context.Context, tx *state.Tx) (time.Time, error)
}

// Hear handles one mention.
func (e *Engine) Hear(ctx context.Context, tx *state.Tx, h Heard) error {
	b := e.Space.Now().Brand(h.Brand)
	if b == nil {
		return fmt.Errorf("hear mention %s: no brand %q", h.Mention.ID, h.Brand)
	}
	day, err := e.today(ctx, tx, b)
	if err != nil {
		return err
	}
	day.Heard++
	own, err := e.taught(ctx, tx, b)
	if err != nil {
		return err
	}
	judged, about := e.Judge.Judge(b, own, h.Mention)
	if !about && h.Brought {
		judged, about = e.Judge.Read(b, own, h.Mention), true
	}
	if !about {
		return e.putDay(tx, b, day)
	}
	day.Matched++
	if err := e.join(ctx, tx, b, h.Mention, judged, &day); err != nil {
		return err
	}
	return e.putDay(tx, b, day)
}

// join puts a mention into its story and its conversation, and alerts if it
// cannot wait.
func (e *Engine) join(ctx context.Context, tx *state.Tx, b *brand.Brand, m listen.Mention, j Judgement, day *Day) error {
	story, err := e.story(ctx, tx, b, m, j, day)
	if err != nil {
		return err
	}
	c, err := e.conversation(ctx, tx, b, m)
	if err != nil {
		return err
	}
	second := c.Count > 0 && c.Stage == Waiting && (c.Kind == Complaint || j.Kind == Complaint)
	due := c.Due
	c = listenTo(c, b, m, j, tx.Now())
	c.Story = story.ID
	spike, err := e.stirred(ctx, tx, b, story, j)
	if err != nil {
		return err
	}
	theme, many, err := e.theme(ctx, tx, b, c, j)
	if err != nil {
		return err
	}
	urgency, why := urgencyOf(c, j, second, many, spike)
	if urgency != Listed {
		c.Urgency, c.Why = urgency, why
	}
	if err := cases.Put(tx, c.ID, c, caseMarks(c)...); err != nil {
		return err
	}
	if c.Due.Before(due) { // its cards named a later hour
		again(tx, c)
		if err := e.refresh(ctx, tx, c); err != nil {
			return err
		}
	}
	if c.Urgency != Listed {
		if err := e.alert(ctx, tx, b, c, theme, day); err != nil {
			return err
		}
	}
	if theme == nil {
		return nil
	}
	return themes.Put(tx, themeID(theme.Brand, theme.Theme, theme.Day), *theme)
}

// urgencyOf decides whether a conversation can wait for the next round; pure.
// The reasons are what people read under "Why this alert".
func urgencyOf(c Case, j Judgement, second bool, many string, spike bool) (Urgency, []string) {
	var why []string
	add := func(yes bool, key string) {
		if yes {
			why = append(why, key)
		}
	}
	add(j.Critical, "mentions.why.critical")
	add(second, "mentions.why.second")
	add(j.Listed, "mentions.why.listed")
	add(j.Kind == Press, "mentions.why.press")
	add(many != "" && j.Negative, many)
	add(spike, "mentions.why.spike")
	switch {
	case j.Critical:
		return Urgent, why
	case len(why) > 0:
		return Alert, why
	}
	return Listed, nil
}

// conversation reads the open conversation with an author on a network.
func (e *Engine) conversation(ctx context.Context, tx *state.Tx, b *brand.Brand, m listen.Mention) (Case, error) {
	id := caseID(b, m)
	c, found, err := cases.Get(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if !found || c.Stage == Done {
		c = Case{ID: id, Brand: b.ID, Network: m.Network, Author: m.Author, Stage: Waiting, Urgency: Listed, Past: c.before(tx.Now())}
	}
	return c, nil
}

// caseID names the conversation that a mention belongs to.
func caseID(b *brand.Brand, m listen.Mention) string {
	if m.Author == "" {
		return "c" + digest(b.ID, m.Network, m.ID)
	}
	return caseWith(b, m.Network, m.Author)
}

// caseWith names the conversation with an author on a network.
func caseWith(b *brand.Brand, network, author string) string {
	return "c" + digest(b.ID, network, strings.ToLower(author))
}

// listenTo adds a mention to a conversation; pure.
func listenTo(c Case, b *brand.Brand, m listen.Mention, j Judgement, now time.Time) Case {
	if c.Count == 0 {
		c.Since = m.At
		c.Kind, c.Lang = j.Kind, j.Lang
		c.Due = promise(b, m.At, now)
	} else if rank(j.Kind) < rank(c.Kind) {
		c.Kind = j.Kind
	}
	if !c.Holding.At.IsZero() { // what is new was not asked to wait
		c.Due = earlier(c.Due, promise(b, m.At, now))
	}
	c.Count++
	c.Heard = append(slices.Clone(c.Heard), m)
	if over := len(c.Heard) - keepHeard; over > 0 {
		c.Heard = c.Heard[over:]
	}
	c.Folded = c.Folded || j.Folded
	c.Private = c.Private || j.Private
	c.Rivals = union(c.Rivals, j.Rivals)
	for _, theme := range j.Themes {
		if !slices.Contains(c.Themes, theme) && len(c.Themes) < 2 {
			c.Themes = append(slices.Clone(c.Themes), theme)
		}
	}
	return c
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// promise is by when the brand answers: its working time after the mention.
func promise(b *brand.Brand, at, now time.Time) time.Time {
	due, ok := b.At(nil).Add(at, b.Promise)
	if !ok {
		return now.Add(b.Promise)
	}
	return due
}

// rank orders kinds by who must know first.
func rank(k Kind) int {
	return slices.Index([]Kind{Insult, Press, Complaint, Question, Jobs, Idea, Rival, Thanks, Other}, k)
}

// story finds or makes the story of a mention.
func (e *Engine) story(ctx context.Context, tx *state.Tx, b *brand.Brand, m listen.Mention, j Judgement, day *Day) (Story, error) {
	id, err := e.near.find(ctx, tx, b.ID, m.Text, tx.Now())
	if err != nil {
		return Story{}, err
	}
	if id == "" {
		id = "s" + digest(b.ID, m.ID)
	}
	s, found, err := stories.Get(ctx, tx, id)
	if err != nil {
		return Story{}, err
	}
	if !found {
		s = Story{ID: id, Brand: b.ID, Text: m.Text, Case: caseID(b, m), Private: m.Private || j.Folded, First: tx.Now()}
		day.Stories++
	}
	s.Count++
	s.Last = tx.Now()
	return s, stories.Put(tx, id, s, state.Mark{Index: storyIndex(b.ID), Member: id, Score: s.First.UnixMilli()})
}

// themeDay reads today's record of a theme; a new one learns what is usual from
// the days before.
func (e *Engine) themeDay(ctx context.Context, tx *state.Tx, b *brand.Brand, name string) (*Theme, error) {
	now := tx.Now().In(b.Zone)
	day := now.Format(time.DateOnly)
	t, found, err := themes.Get(ctx, tx, themeID(b.ID, name, day))
	if err != nil || found {
		return &t, err
	}
	t = Theme{Brand: b.ID, Theme: name, Day: day}
	var ids []string
	for back := 1; back <= usualDays; back++ {
		ids = append(ids, themeID(b.ID, name, now.AddDate(0, 0, -back).Format(time.DateOnly)))
	}
	before, err := themes.Peek(ctx, tx, ids...)
	if err != nil {
		return nil, err
	}
	for _, earlier := range before {
		t.Usual = append(t.Usual, len(earlier.People))
	}
	return &t, nil
}

func (e *Engine) today(ctx context.Context, tx *state.Tx, b *brand.Brand) (Day, error) {
	day, _, err := days.Get(ctx, tx, dayID(b.ID, tx.Now().In(b.Zone).Format(time.DateOnly)))
	return day, err
}

func (e *Engine) putDay(tx *state.Tx, b *brand.Brand, day Day) error {
	return days.Put(tx, dayID(b.ID, tx.Now().In(b.Zone).Format(time.DateOnly)), day)
}

// digest is a short stable name made of parts; it does not give them away.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12])
}
