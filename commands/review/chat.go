package review

import (
	"context"
	"errors"
	"slices"
	"strings"

	"crieur/approvals"
	"crieur/approvals/policy"
	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// Chat is the feature's conversation.
type Chat struct {
	Engine   *Engine
	Outcomes Outcomes
	Presence Presence
	// Calls may be nil: then nobody is ever called to a post.
	Calls Calls
}

// Calls says who was called to a request's post outside hours, and lets people say
// that they saw it; there is nothing in it where nobody is needed.
type Calls interface {
	Called(ctx context.Context, v bot.ViewRequest) (bot.Glance, error)
}

// Presence says what to know, and what can be done, where nobody is there when a
// request's post leaves; there is nothing in it where somebody is.
type Presence interface {
	Alone(ctx context.Context, v bot.ViewRequest) (bot.Glance, error)
}

// Register registers the command, actions and view of review.
func (c *Chat) Register(mux *bot.Mux) {
	waiting := bot.Shape{Ack: bot.Wait, Handle: c.waiting}
	mux.Command(bot.CommandRoute{Name: "review", Role: brand.Anyone, Bare: waiting, With: waiting})
	for _, route := range []bot.ActionRoute{
		{Name: "review.approve", Shape: bot.Shape{Ack: bot.Busy, Handle: c.approve}},
		{Name: "review.some", Shape: bot.Shape{Ack: bot.Open, Form: c.someForm}},
		{Name: "review.someok", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.approve}, Lists: map[string]bot.Listing{"accounts": c.parts}},
		{Name: "review.changes", Shape: bot.Shape{Ack: bot.Open, Form: c.commentForm("review.changed")}},
		{Name: "review.changed", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.comment(policy.Changes)}, Check: c.needsComment},
		{Name: "review.decline", Shape: bot.Shape{Ack: bot.Open, Form: c.commentForm("review.declined")}},
		{Name: "review.declined", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.comment(policy.Decline)}, Check: c.needsComment},
		{Name: "review.withdraw", Shape: bot.Shape{Ack: bot.Busy, Handle: c.withdraw}},
		{Name: "review.each", Shape: bot.Shape{Ack: bot.Wait, Handle: c.each}},
		{Name: "review.why", Shape: bot.Shape{Ack: bot.Wait, Handle: c.why}},
		{Name: "review.open", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.openOne}},
	} {
		mux.Action(route) // who may is decided on the request: everybody gets a reason
	}
	mux.Word(bot.WordRoute{Key: "review.word", Role: brand.Anyone, Handle: c.waiting})
	mux.View(ViewName, c.view)
	mux.View(EveView, c.eve)
}

// Waits says how many posts wait for a member's decision.
func (c *Chat) Waits(ctx context.Context, r *bot.Request, m *brand.Member) ([]string, error) {
	waiting, err := c.Engine.Waiting(ctx, r.Tx, m.ID)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return []string{r.Print.T("review.waits", "Count", len(waiting))}, nil
}

func (c *Chat) approve(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, err := c.Engine.Decide(ctx, r.Tx, r.Subject, Word{
		Member: r.Member.ID, Verdict: policy.Approve, Seen: r.Arg, Accounts: r.Values["accounts"]})
	return bot.Reply{}, c.explain(ctx, r, err)
}

func (c *Chat) comment(verdict policy.Verdict) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		_, err := c.Engine.Decide(ctx, r.Tx, r.Subject, Word{
			Member: r.Member.ID, Verdict: verdict, Seen: r.Arg, Comment: r.Value("comment")})
		return bot.Reply{}, c.explain(ctx, r, err)
	}
}

func (c *Chat) withdraw(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	request, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Reply{}, c.explain(ctx, r, err)
	}
	if request.Author != r.Member.ID && !r.Member.Can(brand.Approver) {
		return bot.Reply{}, bot.Deny(r, "review.notyours", brand.Approver)
	}
	_, err = c.Engine.Withdraw(ctx, r.Tx, r.Subject, r.Member.ID)
	return bot.Reply{}, c.explain(ctx, r, err)
}

// explain says to the person why nothing changed.
func (c *Chat) explain(ctx context.Context, r *bot.Request, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, approvals.ErrOwnWork):
		return bot.Refuse(r.Print.T("review.ownwork", "Who", c.who(r, r.Member.ID)))
	case errors.Is(err, approvals.ErrNotAsked):
		if err := bot.Allow(r, brand.Approver); err != nil {
			return err
		}
		return bot.Refuse(r.Print.T("review.notasked", "Who", c.who(r, "")))
	case errors.Is(err, approvals.ErrChanged):
		return bot.Refuse(r.Print.T("review.stale"))
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(r.Print.T("chat.gone"))
	case errors.Is(err, approvals.ErrClosed):
		request, getErr := c.Engine.get(ctx, r.Tx, r.Subject)
		if getErr != nil {
			return getErr
		}
		return bot.Refuse(decided(r, request))
	}
	return err
}

// who names the approvers, but one.
func (c *Chat) who(r *bot.Request, but string) string {
	var names []string
	for _, m := range r.Space.With(brand.Approver) {
		if m.ID != but {
			names = append(names, m.Name)
		}
	}
	return r.Print.Or(names...)
}

// decided is the answer to a late click: who decided, when, and that nothing
// changed.
func decided(r *bot.Request, request approvals.Request) string {
	last, ok := request.Last()
	if !ok {
		return r.Print.T("review.closed")
	}
	name := last.Member
	if m := r.Space.Member(last.Member); m != nil {
		name = m.Name
	}
	return r.Print.T("review.late."+string(request.Stage), "Who", name, "At", r.Print.At(last.At, r.Now))
}

// waiting lists what waits for this member's decision.
func (c *Chat) waiting(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	requests, err := c.Engine.Waiting(ctx, r.Tx, r.Member.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(requests) == 0 {
		return bot.Private(r.Print.T("review.nothing")), nil
	}
	if requests = saying(requests, r.Text); len(requests) == 0 {
		return bot.Private(r.Print.T("review.notfound", "Text", bot.Clip(r.Text, 60))), nil
	}
	const most = 5
	card := bot.Card{Title: bot.Say(r.Print.T("review.waiting", "Count", len(requests)))}
	for _, request := range requests[:min(len(requests), most)] {
		when := r.Print.T("review.asap")
		if !request.At.IsZero() {
			when = r.Print.When(request.At, r.Now)
		}
		card.Blocks = append(card.Blocks, bot.P(request.Title+" · "+when))
		if err := c.bringCard(ctx, r, request); err != nil {
			return bot.Reply{}, err
		}
	}
	if more := len(requests) - most; more > 0 {
		card.Blocks = append(card.Blocks, bot.P(r.Print.T("review.more", "Count", more)))
	}
	card.Blocks = append(card.Blocks, bot.P(r.Print.T("review.brought")))
	return bot.Reply{Card: &card}, nil
}

// saying are the requests whose title or words have every word of a text, accents and
// case aside.
func saying(requests []approvals.Request, text string) []approvals.Request {
	words := strings.Fields(i18n.Fold(text))
	return slices.DeleteFunc(slices.Clone(requests), func(request approvals.Request) bool {
		said := request.Title
		for _, part := range request.Parts {
			said += " " + strings.Join(part.Posts, " ")
		}
		said = i18n.Fold(said)
		return slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(said, word) })
	})
}

// bringCard hangs the request's card where the member asked for it.
func (c *Chat) bringCard(ctx context.Context, r *bot.Request, request approvals.Request) error {
	_, err := board.Show(ctx, r.Tx, board.Card{View: ViewName, Subject: request.ID, Brand: request.Brand}, r.NewToken, r.Aside())
	return err
}

func (c *Chat) commentForm(submit string) bot.Former {
	return func(ctx context.Context, r *bot.Request) (bot.Form, error) {
		request, err := c.Engine.get(ctx, r.Tx, r.Subject)
		if err != nil {
			return bot.Form{}, c.explain(ctx, r, err)
		}
		if request.Stage != approvals.Open {
			return bot.Form{}, bot.Refuse(decided(r, request))
		}
		p := r.Print
		return bot.Form{
			Action: submit, Arg: seen(request), Token: r.Token, Title: p.T(submit + ".form"), Submit: p.T(submit + ".send"), Cancel: p.T("chat.cancel"),
			Fields: []bot.Field{{ID: "comment", Kind: bot.Area, Label: p.T("review.comment"), Hint: p.T("review.commenthint"), Max: 1000}},
		}, nil
	}
}

func (c *Chat) needsComment(_ context.Context, r *bot.Request) (map[string]string, error) {
	if r.Value("comment") == "" {
		return map[string]string{"comment": r.Print.T("review.nocomment")}, nil
	}
	return nil, nil
}

func (c *Chat) someForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	request, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.explain(ctx, r, err)
	}
	p := r.Print
	field := bot.Field{ID: "accounts", Kind: bot.PickMany, Label: p.T("review.accounts"), Choices: accounts(r, request)}
	return bot.Form{
		Action: "review.someok", Arg: seen(request), Token: r.Token, Title: p.T("review.someform"),
		Submit: p.T("review.approve"), Cancel: p.T("chat.cancel"), Fields: []bot.Field{field.Bounded(p)},
	}, nil
}

// parts lists the accounts that the request is about.
func (c *Chat) parts(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	request, err := c.Engine.get(ctx, r.Tx, r.Subject)
	return accounts(r, request), err
}

func accounts(r *bot.Request, request approvals.Request) (all []bot.Choice) {
	for _, id := range request.Accounts() {
		account, _ := r.Brand.Account(id)
		all = append(all, bot.Choice{Value: id, Label: bot.Clip(account.Name, 75)})
	}
	return all
}

func (c *Chat) each(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	request, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Reply{}, c.explain(ctx, r, err)
	}
	card := bot.Card{Title: bot.Say(request.Title)}
	for _, part := range request.Parts {
		account, _ := r.Brand.Account(part.Account)
		card.Blocks = append(card.Blocks,
			bot.Block{Kind: bot.Paragraph, Text: bot.Text{{Text: account.Name, Strong: true}}},
			bot.Block{Kind: bot.Quote, Quoted: strings.Join(part.Posts, "\n\n")})
	}
	return bot.Reply{Card: &card}, nil
}

// why answers "why me?": who may decide, how many are needed, who decided.
func (c *Chat) why(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	request, err := c.Engine.get(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Reply{}, c.explain(ctx, r, err)
	}
	author := r.Space.Member(request.Author)
	name := request.Author
	if author != nil {
		name = author.Name
	}
	return bot.Private(r.Print.T("review.whyme", "Author", name, "Count", request.Policy.Needed,
		"Who", c.who(r, request.Author))), nil
}
