package rivals

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/outbox"
	"crieur/bot/poll"
	"crieur/bot/state"
)

// Chat is the feature's conversation.
type Chat struct{ Engine *Engine }

// Register registers the command, actions and view of rivals.
func (c *Chat) Register(mux *bot.Mux) {
	mux.Command(bot.CommandRoute{
		Name: "rivals", Role: brand.Anyone,
		Bare:     bot.Shape{Ack: bot.Wait, Handle: c.news},
		With:     bot.Shape{Ack: bot.Wait, Handle: c.with},
		Complete: c.names,
	})
	for _, route := range []bot.ActionRoute{
		{Name: "rival.follow", Shape: bot.Shape{Ack: bot.Open, Form: c.followForm}},
		{Name: "rival.add", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.add}, Check: c.checkAddress},
		{Name: "rival.stop", Shape: bot.Shape{Ack: bot.Busy, Handle: c.stop}},
	} {
		route.Role = brand.Author
		mux.Action(route)
	}
	mux.Word(bot.WordRoute{Key: "rivals.word", Role: brand.Anyone, Handle: c.news})
	mux.View(View, c.view)
}

// news is the competitors' news of the day.
func (c *Chat) news(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	lines, err := c.Engine.Lines(ctx, r.Tx, r.Brand, r.Now.Add(-24*time.Hour), p, 10)
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Title: bot.Say(p.T("rivals.news", "Count", len(all))), Token: r.NewToken()}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	if len(lines) == 0 {
		card.Blocks = append(card.Blocks, bot.P(p.T("rivals.nothing")))
	}
	card.Buttons = []bot.Button{{Action: "rival.follow", Label: p.T("rivals.follow"), Style: bot.Primary}}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "news", Subject: r.Brand.ID, Brand: r.Brand.ID})
}

// names completes with the competitors that are watched.
func (c *Chat) names(ctx context.Context, r *bot.Request, typed string) ([]bot.Choice, error) {
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return nil, err
	}
	var choices []bot.Choice
	for _, one := range all {
		if strings.Contains(i18n.Fold(one.Name), i18n.Fold(typed)) {
			name := bot.Clip(one.Name, 75)
			choices = append(choices, bot.Choice{Value: name, Label: name})
		}
	}
	return choices, nil
}

// with follows an address, or looks a name up.
func (c *Chat) with(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if _, err := cleanAddress(r.Text); err == nil && !strings.Contains(r.Text, " ") {
		return c.follow(ctx, r, r.Text, "")
	}
	all, err := c.Engine.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, one := range all {
		if strings.Contains(i18n.Fold(one.Name), i18n.Fold(r.Text)) {
			return bot.Reply{}, c.hang(ctx, r, one)
		}
	}
	return bot.Private(r.Print.T("rivals.unknown", "Text", r.Text)), nil
}

func (c *Chat) follow(ctx context.Context, r *bot.Request, address, name string) (bot.Reply, error) {
	if !r.Member.Can(brand.Author) {
		return bot.Reply{}, bot.Refuse(r.Print.T("rivals.authors"))
	}
	rival, err := c.Engine.Follow(ctx, r.Tx, r.Brand, r.Member.ID, address, name)
	if errors.Is(err, ErrAddress) {
		return bot.Reply{}, bot.Refuse(r.Print.T("rivals.badaddress", "Text", address))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if err := c.hang(ctx, r, rival); err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("rivals.followed", "Name", rival.Name)), nil
}

func (c *Chat) hang(ctx context.Context, r *bot.Request, rival Rival) error {
	place := board.Place{Platform: string(r.Platform), Team: r.Team, Channel: "@" + r.User.ID}
	_, err := board.Show(ctx, r.Tx, board.Card{View: View, Subject: rival.ID, Brand: rival.Brand}, r.NewToken,
		board.Hang{Place: place, Member: r.Member.ID, Lang: r.Print.Lang, Class: outbox.Answer})
	return err
}

func (c *Chat) add(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.follow(ctx, r, r.Value("address"), r.Value("name"))
}

func (c *Chat) stop(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := c.Engine.Unfollow(ctx, r.Tx, r.Subject, r.Member.ID)
	if errors.Is(err, ErrUnknown) {
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	return bot.Reply{}, err
}

func (c *Chat) followForm(_ context.Context, r *bot.Request) (bot.Form, error) {
	p := r.Print
	return bot.Form{
		Action: "rival.add", Token: r.Token, Title: p.T("rivals.form"), Submit: p.T("rivals.follow"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			{ID: "address", Kind: bot.Line, Label: p.T("rivals.address"), Hint: p.T("rivals.addresshint"), Max: 500},
			{ID: "name", Kind: bot.Line, Label: p.T("rivals.name"), Optional: true, Max: 60},
		},
	}, nil
}

func (c *Chat) checkAddress(_ context.Context, r *bot.Request) (map[string]string, error) {
	if _, err := cleanAddress(r.Value("address")); err != nil {
		return map[string]string{"address": r.Print.T("rivals.badaddress", "Text", r.Value("address"))}, nil
	}
	return nil, nil
}

// view draws one competitor: how reading it goes, and its last news.
func (c *Chat) view(ctx context.Context, v bot.ViewRequest) (bot.Card, error) {
	p := v.Print
	r, found, err := rivals.Get(ctx, v.Tx, v.Subject)
	if err != nil {
		return bot.Card{}, err
	}
	if !found {
		return bot.Card{Title: bot.Say(p.T("rivals.stopped"))}, nil
	}
	read, _, err := poll.Get(ctx, v.Tx, r.ID)
	if err != nil {
		return bot.Card{}, err
	}
	card := bot.Card{Title: bot.Say(p.T("rivals.watched", "Name", r.Name)), Blocks: []bot.Block{bot.P(health(p, read, v.Now))}}
	news, err := c.Engine.News(ctx, v.Tx, r.Brand, v.Now.AddDate(0, 0, -30), 100)
	if err != nil {
		return bot.Card{}, err
	}
	for _, o := range news {
		if o.Rival == r.ID && len(card.Blocks) < 6 {
			card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Paragraph, Text: bot.Text{
				{Text: o.Title, URL: o.URL}, {Text: " · " + p.Ago(o.At, v.Now)}}})
		}
	}
	card.Buttons = []bot.Button{{Action: "rival.stop", Label: p.T("rivals.stop")}}
	return card, nil
}

func health(p *i18n.Printer, read poll.Poll, now time.Time) string {
	switch {
	case read.Reason != "":
		args := []any{}
		for name, value := range read.Args {
			args = append(args, name, value)
		}
		return p.T("rivals.failing", "Why", p.T(read.Reason, args...))
	case read.Reads == 0:
		return p.T("rivals.first")
	}
	return p.T("rivals.read", "Ago", p.Ago(read.LastOK, now))
}

// Lines are the competitors' news since a time, one sentence each: a section of
// the brief.
func (e *Engine) Lines(ctx context.Context, tx *state.Tx, b *brand.Brand, since time.Time, p *i18n.Printer, most int) ([]string, error) {
	news, err := e.News(ctx, tx, b.ID, since, most)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range news {
		name, err := e.Name(ctx, tx, o.Rival)
		if err != nil {
			return nil, err
		}
		lines = append(lines, p.T("rivals.line", "Name", name, "Title", o.Title))
	}
	return lines, nil
}

func rivalID(parts ...string) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts)))
	return "v" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12])
}
