package drafting

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/content"
	"crieur/bot/hours"
)

// ViewName is the view of a draft's card.
const ViewName = "draft"

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the commands, actions and views of drafting.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Command(bot.CommandRoute{
		Name: "draft", Role: author,
		Bare: bot.Shape{Ack: bot.Open, Form: c.newForm},
		With: bot.Shape{Ack: bot.Wait, Handle: c.create},
	})
	anywhere := map[string]bot.Listing{"accounts": func(_ context.Context, r *bot.Request) ([]bot.Choice, error) { return accounts(r), nil }}
	for _, route := range []bot.ActionRoute{
		{Name: "draft.new", Shape: bot.Shape{Ack: bot.Wait, Handle: c.create}, Check: c.checkForm, Lists: anywhere},
		{Name: "draft.edit", Shape: bot.Shape{Ack: bot.Open, Form: c.editForm}},
		{Name: "draft.save", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.save}, Check: c.checkForm, Lists: anywhere},
		{Name: "draft.own", Shape: bot.Shape{Ack: bot.Open, Form: c.ownForm}},
		{Name: "draft.ownsave", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.saveOwn}},
		{Name: "draft.picture", Shape: bot.Shape{Ack: bot.Open, Form: c.pictureForm}},
		{Name: "draft.attach", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.attach}, Check: c.checkPicture},
		{Name: "draft.describe", Shape: bot.Shape{Ack: bot.Open, Form: c.describeForm}},
		{Name: "draft.described", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.describe}},
		{Name: "draft.fix", Shape: bot.Shape{Ack: bot.Busy, Handle: c.fix}},
		{Name: "draft.each", Shape: bot.Shape{Ack: bot.Wait, Handle: c.each}},
		{Name: "draft.send", Shape: bot.Shape{Ack: bot.Busy, Handle: c.send}},
		{Name: "draft.delete", Shape: bot.Shape{Ack: bot.Busy, Handle: c.remove}},
		{Name: "draft.mine", Shape: bot.Shape{Ack: bot.Wait, Handle: c.mine}},
		{Name: "draft.open", Shape: bot.Shape{Ack: bot.Wait, Handle: c.open}, Lists: map[string]bot.Listing{bot.MenuField: c.drafts}},
	} {
		route.Role = author
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "drafting.word", Role: author, Handle: c.mine})
	mux.View(ViewName, c.view)
	c.reach(mux)
	c.wording(mux)
}

// hang shows a card of the draft to its author, in a direct message where they are.
func (c *Chat) hang(ctx context.Context, r *bot.Request, view string, d Draft) error {
	_, err := board.Show(ctx, r.Tx, board.Card{View: view, Subject: d.ID, Brand: d.Brand}, r.NewToken, r.Aside())
	return err
}

func (c *Chat) create(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	text := r.Text
	switch r.Kind {
	case bot.Submit:
		text = r.Value("text")
	case bot.Shortcut:
		text = r.Quote
	case bot.Action: // what was pasted before
		text = r.Subject
	}
	d, err := c.Engine.Create(ctx, r.Tx, r.Brand, r.Member.ID, text)
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	if r.Kind == bot.Submit {
		change, err := changeOf(r)
		if err != nil {
			return bot.Reply{}, explain(r, err)
		}
		if d, err = c.Engine.Edit(ctx, r.Tx, r.Brand, d.ID, r.Member.ID, change); err != nil {
			return bot.Reply{}, explain(r, err)
		}
	}
	if err := c.hang(ctx, r, ViewName, d); err != nil {
		return bot.Reply{}, err
	}
	var said []string
	if !r.Direct {
		said = append(said, r.Print.T("drafting.created", "Title", d.Title))
	}
	if r.Kind == bot.Shortcut {
		said = append(said, left(r)...)
	}
	if len(said) == 0 {
		return bot.Reply{}, nil
	}
	return bot.Private(strings.Join(said, " ")), nil
}

func (c *Chat) save(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	change, err := changeOf(r)
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	return c.after(c.Engine.Edit(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID, change))(ctx, r)
}

func (c *Chat) saveOwn(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	texts := map[string]string{}
	for field := range r.Values {
		if account, ok := strings.CutPrefix(field, "text-"); ok {
			texts[account] = r.Value(field)
		}
	}
	return c.after(c.Engine.Edit(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID, Change{Texts: texts}))(ctx, r)
}

// attach takes the picture of the form; it joins the draft when it has come.
func (c *Chat) attach(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if len(r.Files) == 0 {
		return bot.Reply{}, bot.Refuse(r.Print.T("drafting.picture.nofile"))
	}
	given := Given{Platform: string(r.Platform), Team: r.Team, Upload: Upload(r.Files[0])}
	return c.after(c.Engine.Attach(ctx, r.Tx, r.Subject, r.Member.ID, r.Value("alt"), given))(ctx, r)
}

func (c *Chat) describe(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	alts := map[string]string{}
	for field := range r.Values {
		if start, ok := strings.CutPrefix(field, altField); ok {
			alts[start] = r.Value(field)
		}
	}
	return c.after(c.Engine.Describe(ctx, r.Tx, r.Subject, r.Member.ID, alts, r.Values["off"]))(ctx, r)
}

func (c *Chat) fix(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.after(c.Engine.Fix(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID))(ctx, r)
}

func (c *Chat) send(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.after(c.Engine.Send(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID))(ctx, r)
}

func (c *Chat) remove(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.after(c.Engine.Delete(ctx, r.Tx, r.Brand, r.Subject, r.Member.ID))(ctx, r)
}

// after brings the draft's cards to their new state, or says why nothing changed.
func (c *Chat) after(d Draft, err error) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, explain(r, err)
		}
		return bot.Reply{}, errors.Join(board.Refresh(ctx, r.Tx, ViewName, d.ID), board.Refresh(ctx, r.Tx, WordingView, d.ID))
	}
}

// each answers with every network's text as it would leave.
func (c *Chat) each(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	d, err := c.Engine.own(ctx, r.Tx, r.Subject, r.Member.ID)
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	parts, err := c.Engine.Checks.Parts(r.Brand, d)
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	card := bot.Card{Title: bot.Say(d.Title)}
	for _, part := range parts {
		account, _ := r.Brand.Account(part.Account)
		for i, post := range part.Posts {
			name := account.Name
			if len(part.Posts) > 1 {
				name += " " + strconv.Itoa(i+1) + "/" + strconv.Itoa(len(part.Posts))
			}
			card.Blocks = append(card.Blocks,
				bot.Block{Kind: bot.Paragraph, Text: bot.Text{{Text: name, Strong: true}}},
				bot.Block{Kind: bot.Quote, Quoted: post})
		}
	}
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: ViewName, Subject: d.ID, Brand: d.Brand})
}

// Of one's drafts, mostMine are looked through, and listed have a line.
const (
	mostMine = 200
	listed   = 6
)

// drafts lists the drafts of who asks, the newest first.
func (c *Chat) drafts(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	drafts, err := c.Engine.Mine(ctx, r.Tx, r.Member.ID, mostMine)
	return titles(drafts), err
}

func titles(drafts []Draft) (all []bot.Choice) {
	for _, d := range drafts {
		all = append(all, bot.Choice{Value: d.ID, Label: bot.Clip(d.Title, 75)})
	}
	return all
}

func (c *Chat) mine(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.choose(ctx, r, "draft.open", r.Print.T("drafting.open"))
}

// choose lists the drafts of who asks, with a menu that does something with one.
func (c *Chat) choose(ctx context.Context, r *bot.Request, action, label string) (bot.Reply, error) {
	drafts, err := c.Engine.Mine(ctx, r.Tx, r.Member.ID, mostMine)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(drafts) == 0 {
		return bot.Private(r.Print.T("drafting.none")), nil
	}
	card := bot.Card{Title: bot.Say(r.Print.T("drafting.mine"))}
	for _, d := range drafts[:min(len(drafts), listed)] {
		card.Blocks = append(card.Blocks, bot.P(d.Title+" · "+r.Print.Ago(d.At, r.Now)))
	}
	if others := len(drafts) - listed; others > 0 {
		card.Blocks = append(card.Blocks, bot.P(r.Print.T("drafting.inmenu", "Count", others)))
	}
	menu := bot.Select{Action: action, Label: label, Choices: titles(drafts)}.Bounded(r.Print)
	card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Menu, Select: &menu})
	card.Token = r.NewToken(r.Tx)
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "drafts", Subject: r.Member.ID})
}

func (c *Chat) open(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	d, err := c.Engine.own(ctx, r.Tx, r.Value("choice"), r.Member.ID)
	if err != nil {
		return bot.Reply{}, explain(r, err)
	}
	return bot.Private(r.Print.T("drafting.created", "Title", d.Title)), c.hang(ctx, r, ViewName, d)
}

// explain turns an engine's error into words for the author.
func explain(r *bot.Request, err error) error {
	if errors.Is(err, ErrNetwork) {
		return bot.Refuse(nonetwork(r))
	}
	for known, key := range map[error]string{
		ErrEmpty: "drafting.empty", ErrNoAccount: "drafting.noaccount", ErrUnknown: "drafting.unknown",
		ErrNotYours: "drafting.notyours", ErrPast: "drafting.past", ErrProblems: "drafting.problems",
		ErrPictures: "drafting.picture.full", ErrNoAlt: "drafting.picture.noalt",
		ErrNoWriter: "drafting.words.off", ErrAsking: "drafting.words.asking", ErrStale: "drafting.words.stale",
		ErrMoved: "drafting.words.changed",
	} {
		if errors.Is(err, known) {
			return bot.Refuse(r.Print.T(key))
		}
	}
	return err
}

// nonetwork says which networks the brand has.
func nonetwork(r *bot.Request) string {
	var names []string
	for _, account := range r.Brand.Accounts {
		names = append(names, account.Name)
	}
	return r.Print.T("drafting.nonetwork", "Networks", r.Print.List(names...))
}

// changeOf reads the form of a draft.
func changeOf(r *bot.Request) (Change, error) {
	text, title := r.Value("text"), r.Value("title")
	change := Change{Base: &text, Title: &title}
	if accounts := r.Values["accounts"]; len(accounts) > 0 {
		change.Accounts = accounts
	}
	slot, err := slotOf(r)
	if err != nil {
		return Change{}, err
	}
	change.Slot = &slot
	return change, nil
}

// slotOf reads a day and a time; no day means as soon as it is approved.
func slotOf(r *bot.Request) (content.Slot, error) {
	day := r.Value("day")
	if day == "" {
		return content.Slot{}, nil
	}
	date, err := time.ParseInLocation(time.DateOnly, day, r.Brand.Zone)
	if err != nil {
		return content.Slot{}, bot.Refuse(r.Print.T("drafting.badday", "Day", day))
	}
	clock := hours.Clock(9 * 60)
	if said := r.Value("clock"); said != "" {
		if clock, err = hours.ParseClock(said); err != nil {
			return content.Slot{}, bot.Refuse(r.Print.T("drafting.badclock", "Clock", said))
		}
	}
	return content.SlotAt(clock.On(date)), nil
}
