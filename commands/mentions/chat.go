package mentions

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/state"
)

// RoundView is the card of a member's round.
const RoundView = "round"

// replyView is what a person reads of the reply that they just sent.
const replyView = "reply"

// Chat is the feature's conversation.
type Chat struct {
	Engine *Engine
	// Moderation is where a message goes that must not stay in sight; nil: nowhere.
	Moderation Moderation
	// Alarm is how a crisis is opened about a theme; nil: there is no such thing.
	Alarm Alarm
	// Sheets makes a ready answer of a reply; nil: nobody does.
	Sheets Sheets
}

// Register registers the command, words, actions and views of mentions.
func (c *Chat) Register(mux *bot.Mux) {
	start := bot.Shape{Ack: bot.Wait, Handle: c.start}
	mux.Command(bot.CommandRoute{Name: "mentions", Role: brand.Responder, Bare: start, With: bot.Shape{Ack: bot.Wait, Handle: c.search},
		Complete: c.authors})
	for _, route := range []bot.ActionRoute{
		{Name: "round.start", Shape: start},
		{Name: "case.take", Shape: bot.Shape{Ack: bot.Busy, Handle: c.take}},
		{Name: "case.reply", Shape: bot.Shape{Ack: bot.Open, Form: c.stanced(c.replyForm)}},
		{Name: "case.with", Shape: bot.Shape{Ack: bot.Open, Form: c.stanced(c.replyWith)}, Lists: map[string]bot.Listing{bot.MenuField: c.readyFor}},
		{Name: "case.keep", Shape: bot.Shape{Ack: bot.Open, Form: c.keepForm}},
		{Name: "case.send", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.send}, Check: c.checkReply},
		{Name: "case.wait", Shape: bot.Shape{Ack: bot.Open, Form: c.worded(c.stanced(c.waitForm))}},
		{Name: "case.waits", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.askToWait}, Check: c.checkWait},
		{Name: "case.undo", Shape: bot.Shape{Ack: bot.Wait, Handle: c.undo}},
		{Name: "case.posted", Shape: bot.Shape{Ack: bot.Wait, Handle: c.posted}},
		{Name: "reply.there", Shape: bot.Shape{Ack: bot.Busy, Handle: c.settle(c.Engine.ReplyThere)}},
		{Name: "reply.absent", Shape: bot.Shape{Ack: bot.Busy, Handle: c.settle(c.Engine.ReplyAbsent)}},
		{Name: "case.like", Shape: bot.Shape{Ack: bot.Busy, Handle: c.finish(Liked)}},
		{Name: "case.nothing", Shape: bot.Shape{Ack: bot.Busy, Handle: c.finish(Nothing)}},
		{Name: "case.pass", Shape: bot.Shape{Ack: bot.Open, Form: c.passForm}},
		{Name: "case.passed", Shape: bot.Shape{Ack: bot.Wait, Handle: c.passOn}, Lists: map[string]bot.Listing{heirField: c.heirs}},
		{Name: "case.later", Shape: bot.Shape{Ack: bot.Busy, Handle: c.later}},
		{Name: "case.notneg", Shape: bot.Shape{Ack: bot.Busy, Handle: c.notNegative}},
		{Name: "case.theme", Shape: bot.Shape{Ack: bot.Open, Form: c.themeForm}},
		{Name: "case.about", Shape: bot.Shape{Ack: bot.Quiet, Handle: c.retheme}, Lists: map[string]bot.Listing{themeField: c.themes}},
		{Name: "case.seen", Shape: bot.Shape{Ack: bot.Busy, Handle: c.seen}},
		{Name: "case.show", Shape: bot.Shape{Ack: bot.Wait, Handle: c.unfold}},
		{Name: "case.calm", Shape: bot.Shape{Ack: bot.Busy, Handle: c.notInsulting}},
		{Name: "theme.list", Shape: bot.Shape{Ack: bot.Wait, Handle: c.themeList}},
		{Name: "theme.pause", Shape: bot.Shape{Ack: bot.Busy, Handle: c.pause}},
	} {
		route.Role = brand.Responder
		mux.Action(route)
	}
	mux.Action(bot.ActionRoute{Name: "case.moderate", Role: brand.Moderator, Shape: bot.Shape{Ack: bot.Wait, Handle: c.moderate}})
	mux.Action(bot.ActionRoute{Name: "reply.let", Role: brand.Approver, Shape: bot.Shape{Ack: bot.Busy, Handle: c.let}})
	mux.Action(bot.ActionRoute{Name: "reply.back", Role: brand.Approver, Shape: bot.Shape{Ack: bot.Busy, Handle: c.sendBack}})
	mux.Action(bot.ActionRoute{Name: "theme.crisis", Shape: bot.Shape{Ack: bot.Open, Form: c.crisisForm}})
	mux.Word(bot.WordRoute{Key: "mentions.word", Role: brand.Responder, Handle: c.start})
	mux.Shortcut(bot.ShortcutRoute{Name: "case.add", Key: "mentions.add", Role: brand.Responder, OnMessage: true,
		Shape: bot.Shape{Ack: bot.Wait, Handle: c.add}})
	mux.View(CaseView, c.caseView)
	mux.View(ReminderView, c.calmly(c.ofOwn, c.reminderView))
	mux.View(HandedView, c.calmly(c.ofOwn, c.handedView))
	mux.View(LateView, c.calmly(c.ofList, c.lateView))
	mux.View(LookView, c.lookView)
	mux.View(ThemeView, c.themeView)
	mux.View(RoundView, c.calmly(c.ofRound, c.roundView))
}

// start begins the round, in the member's conversation with Crieur.
func (c *Chat) start(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	round, err := c.Engine.Start(ctx, r.Tx, r.Brand.ID, r.Member.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(round.Queue) == 0 {
		return c.nothing(ctx, r)
	}
	_, err = board.Show(ctx, r.Tx, board.Card{View: RoundView, Subject: r.Member.ID, Brand: r.Brand.ID}, r.NewToken, r.Aside())
	if err != nil || r.Direct {
		return bot.Reply{}, err
	}
	return bot.Private(r.Print.T("mentions.started", "Count", len(round.Queue))), nil
}

// search lists waiting conversations that hold the words, or are about them.
func (c *Chat) search(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	waiting, err := c.Engine.Waiting(ctx, r.Tx, r.Brand.ID, 500)
	if err != nil {
		return bot.Reply{}, err
	}
	needle := plain(r.Text)
	found := slices.DeleteFunc(waiting, func(one Case) bool { return needle == "" || !strings.Contains(c.spokenOf(r, one), needle) })
	if len(found) == 0 {
		return bot.Private(r.Print.T("mentions.notfound", "Text", r.Text)), nil
	}
	shown := found[:min(len(found), listLimit)]
	return c.quoted(ctx, r, r.Print.T("mentions.found", "Text", r.Text), shown, len(found)-len(shown))
}

// spokenOf is what a conversation can be found by: its author, words and topics.
func (c *Chat) spokenOf(r *bot.Request, one Case) string {
	said := one.Author
	for _, heard := range one.Heard {
		said += " " + heard.Text
	}
	for _, theme := range one.Themes {
		said += " " + c.Engine.Judge.ThemeName(r.Brand, theme, r.Print.Lang)
	}
	return plain(said)
}

// quoted lists conversations, counts the rest of them, and leads to the round and
// elsewhere.
func (c *Chat) quoted(ctx context.Context, r *bot.Request, title string, shown []Case, rest int, more ...bot.Button) (bot.Reply, error) {
	card := bot.Card{Title: bot.Say(title), Token: r.NewToken(r.Tx),
		Buttons: []bot.Button{{Action: "round.start", Label: r.Print.T("mentions.startround")}}}
	card.Buttons = append(card.Buttons, more...)
	for _, one := range shown {
		card.Blocks = append(card.Blocks, quoteBlocks(r.Print, one)...)
		if one.Stage == Done {
			card.Blocks = append(card.Blocks, bot.P(howEnded(viewed(r), one.ended())))
		} else if !one.Holding.At.IsZero() {
			card.Blocks = append(card.Blocks, bot.P(owner(viewed(r), one)))
		}
	}
	if rest > 0 {
		card.Blocks = append(card.Blocks, bot.P(r.Print.T("mentions.listrest", "Count", rest)))
	}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: "quoted", Subject: cmp.Or(r.Subject, r.Member.ID), Brand: r.Brand.ID})
}

// about is the conversation that a click is about: the card's, the one that its
// list names, or the current one of the member's round. Who clicks on a card saw it.
func (c *Chat) about(ctx context.Context, r *bot.Request) (id string, inRound bool, err error) {
	switch r.View {
	case RoundView:
	case ReminderView, LateView, HandedView:
		return r.Arg, false, nil
	default:
		return r.Subject, false, c.Engine.Seen(ctx, r.Tx, r.Subject, r.Member.ID)
	}
	round, _, err := rounds.Get(ctx, r.Tx, r.Member.ID)
	if err != nil {
		return "", true, err
	}
	if round.Current() == "" || strings.HasPrefix(r.Arg, "c") && r.Arg != round.Current() {
		return "", true, bot.Refuse(r.Print.T("mentions.passed"))
	}
	return round.Current(), true, nil
}

// goOn moves the member's round on, when the conversation was its current one.
func (c *Chat) goOn(ctx context.Context, r *bot.Request, id string, outcome Outcome) error {
	if err := c.Engine.Next(ctx, r.Tx, r.Member.ID, id, outcome); err != nil {
		return err
	}
	return board.Refresh(ctx, r.Tx, RoundView, r.Member.ID)
}

func (c *Chat) take(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	taken, err := c.Engine.Take(ctx, r.Tx, id, r.Member.ID)
	return bot.Reply{}, c.explain(r, taken, err)
}

func (c *Chat) send(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	var with int
	r.Arg, with = readWith(r.Arg)
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply, err := c.Engine.Answer(ctx, r.Tx, id, r.Member.ID, r.Value("text"))
	if err != nil {
		return bot.Reply{}, c.explain(r, Case{}, err)
	}
	return c.leaves(ctx, r, reply, with, Replied)
}

// leaves says what becomes of a reply that somebody just wrote, and goes on in their
// round.
func (c *Chat) leaves(ctx context.Context, r *bot.Request, reply Reply, with int, outcome Outcome) (bot.Reply, error) {
	if reply.Status == toPost {
		return c.handed(ctx, r, reply)
	}
	if err := c.goOn(ctx, r, reply.Case, outcome); err != nil {
		return bot.Reply{}, err
	}
	if reply.Status == asked {
		return c.waitsForLook(ctx, r, reply, with)
	}
	to, err := c.Engine.get(ctx, r.Tx, reply.Case)
	if err != nil {
		return bot.Reply{}, err
	}
	card := bot.Card{Token: r.NewToken(r.Tx), MoreLabel: r.Print.T("chat.more"), More: c.keepButton(r.Print, reply),
		Blocks:  leavingBlocks(viewed(r), to, reply),
		Buttons: []bot.Button{{Action: "case.undo", Label: r.Print.T("mentions.undo")}}}
	return bot.Reply{Card: &card}, board.Name(ctx, r.Tx, card.Token, board.About{View: replyView, Subject: reply.ID, Brand: r.Brand.ID})
}

func (c *Chat) undo(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, err := c.replyOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	found, err := c.Engine.TakeBack(ctx, r.Tx, id, r.Member.ID)
	if err != nil {
		return bot.Reply{}, c.explain(r, Case{}, err)
	}
	if err := board.Refresh(ctx, r.Tx, RoundView, r.Member.ID); err != nil {
		return bot.Reply{}, err
	}
	reply, _, err := replies.Get(ctx, r.Tx, id)
	if reply.Wait != nil {
		return bot.Private(r.Print.T("mentions.waitundone") + " " + owner(viewed(r), found)), err
	}
	return bot.Private(r.Print.T("mentions.undone")), err
}

// settle wraps what a person found out about an uncertain reply.
func (c *Chat) settle(decide func(context.Context, *state.Tx, string, string) (Case, error)) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		id, inRound, err := c.about(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		found, err := decide(ctx, r.Tx, id, r.Member.ID)
		if err != nil || !inRound {
			return bot.Reply{}, c.explain(r, found, err)
		}
		return bot.Reply{}, board.Refresh(ctx, r.Tx, RoundView, r.Member.ID)
	}
}

func (c *Chat) finish(outcome Outcome) bot.Handler {
	return func(ctx context.Context, r *bot.Request) (bot.Reply, error) {
		id, _, err := c.about(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		reason := ""
		if outcome == Nothing {
			reason = reasonKey(reasonOf(r))
		}
		done, err := c.Engine.Finish(ctx, r.Tx, id, r.Member.ID, outcome, reason)
		if err != nil {
			return bot.Reply{}, c.explain(r, done, err)
		}
		return bot.Reply{}, c.goOn(ctx, r, id, outcome)
	}
}

// reasons are why nothing needs to be answered.
func reasons() []string { return []string{"thanks", "troll", "notus", "spam", "answered"} }

func reasonKey(reason string) string { return "mentions.reason." + reason }

func reasonOf(r *bot.Request) string {
	for _, reason := range reasons() {
		if r.Arg == reason || r.Value("choice") == reason {
			return reason
		}
	}
	return "none"
}

func (c *Chat) later(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, c.goOn(ctx, r, id, "")
}

func (c *Chat) notNegative(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	calm, err := c.Engine.NotNegative(ctx, r.Tx, id, r.Member.ID)
	return bot.Reply{}, c.explain(r, calm, err)
}

func (c *Chat) seen(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	_, _, err := c.about(ctx, r)
	return bot.Reply{}, err
}

// unfold shows folded words to the one who asked.
func (c *Chat) unfold(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err != nil {
		return bot.Reply{}, c.explain(r, found, err)
	}
	card := bot.Card{}
	for _, m := range found.Heard {
		card.Blocks = append(card.Blocks, bot.Block{Kind: bot.Quote, Quoted: m.Text})
	}
	return bot.Reply{Card: &card}, nil
}

func (c *Chat) notInsulting(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	calm, err := c.Engine.NotInsulting(ctx, r.Tx, id, r.Member.ID)
	return bot.Reply{}, c.explain(r, calm, err)
}

// themeList lists the conversations of a theme's day, from the one on that the
// button names.
func (c *Chat) themeList(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	t, found, err := themes.Get(ctx, r.Tx, r.Subject)
	if err != nil || !found {
		return bot.Reply{}, err
	}
	all, err := cases.Peek(ctx, r.Tx, t.Cases[max(0, len(t.Cases)-mostListed):]...)
	if err != nil {
		return bot.Reply{}, err
	}
	all = pressing(all, t.Theme)
	from, _ := strconv.Atoi(r.Arg) // the button of the alert names none: from the first
	from = max(0, min(from, len(all)))
	until := min(from+pageSize, len(all))
	title := r.Print.T("mentions.themelist", "Theme", c.Engine.Judge.ThemeName(r.Brand, t.Theme, r.Print.Lang), "Count", len(all))
	if until == len(all) {
		return c.quoted(ctx, r, title, all[from:], 0)
	}
	return c.quoted(ctx, r, title, all[from:until], len(all)-until,
		bot.Button{Action: "theme.list", Arg: strconv.Itoa(until), Label: r.Print.T("mentions.seerest")})
}

func (c *Chat) pause(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if err := c.Engine.Pause(ctx, r.Tx, r.Subject, r.Member.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, nil
}

// explain says to the person why nothing changed.
func (c *Chat) explain(r *bot.Request, found Case, err error) error {
	name := func(id string) string {
		if m := r.Space.Member(id); m != nil {
			return m.Name
		}
		return id
	}
	for known, key := range map[error]string{ErrOnWay: "mentions.onway", ErrSame: "mentions.samewords", ErrHour: hourGone} {
		if errors.Is(err, known) {
			return bot.Refuse(r.Print.T(key) + " " + r.Print.T("mentions.unchanged"))
		}
	}
	switch {
	case errors.Is(err, ErrTaken):
		return bot.Refuse(r.Print.T("mentions.taken", "Who", name(found.Owner), "At", r.Print.Soon(found.TakenAt, r.Now)))
	case errors.Is(err, ErrDone):
		return bot.Refuse(r.Print.T("mentions.done"))
	case errors.Is(err, ErrUnknown):
		return bot.Refuse(r.Print.T("chat.gone"))
	case errors.Is(err, ErrEmpty):
		return bot.Refuse(r.Print.T("mentions.emptyreply"))
	case errors.Is(err, ErrNotNow):
		return bot.Refuse(r.Print.T("mentions.left"))
	case errors.Is(err, ErrReplaced):
		return bot.Refuse(r.Print.T("mentions.replaced"))
	}
	return err
}
