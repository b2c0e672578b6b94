package mentions

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/i18n"
	"crieur/bot/text/personal"
)

// replyForm asks for a reply, with the ready answer to what it is about; of one
// that did not leave, with its words.
func (c *Chat) replyForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	found, form, err := c.reply(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	before, _, err := replies.Get(ctx, r.Tx, found.Reply)
	if err != nil {
		return bot.Form{}, err
	}
	if before.Wait == nil && (before.Reason != "" || before.Status == toPost) { // it did not leave
		form.Fields[0].Value = before.Part.Posts[:1]
	} else if ready, ok := readyAnswer(r.Brand, found, r.Now); ok {
		form.Fields[0] = filled(r, form.Fields[0], ready, found.Lang)
	}
	return form, nil
}

// replyWith asks for a reply, with the ready answer that the menu names.
func (c *Chat) replyWith(ctx context.Context, r *bot.Request) (bot.Form, error) {
	found, form, err := c.reply(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	ready := r.Brand.Ready(found.Lang, nil, r.Now)
	at := slices.IndexFunc(ready, func(a brand.Answer) bool { return a.ID == r.Value(bot.MenuField) })
	if at < 0 {
		return bot.Form{}, bot.Refuse(r.Print.T("mentions.nosheet"))
	}
	form.Fields[0] = filled(r, form.Fields[0], ready[at], found.Lang)
	return form, nil
}

// filled is the field of a reply with a ready answer in it.
func filled(r *bot.Request, field bot.Field, ready brand.Answer, lang string) bot.Field {
	field.Value = []string{ready.Text[lang]}
	field.Hint = r.Print.T("mentions.ready", "Name", i18n.In(ready.Name, r.Print.Lang))
	return field
}

// reply is the form of a reply, empty, and the conversation that it is for.
func (c *Chat) reply(ctx context.Context, r *bot.Request) (Case, bot.Form, error) {
	id, inRound, err := c.about(ctx, r)
	if err != nil {
		return Case{}, bot.Form{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err == nil && found.Stage == Done {
		err = ErrDone
	}
	if err != nil {
		return found, bot.Form{}, c.explain(r, found, err)
	}
	p := r.Print
	form := bot.Form{
		Action: "case.send", Arg: r.Arg, Token: r.Token, Title: p.T("mentions.replyform"),
		Submit: p.T("mentions.send"), Cancel: p.T("chat.cancel"),
		Intro:  found.Heard[len(found.Heard)-1].Text,
		Fields: []bot.Field{{ID: "text", Kind: bot.Area, Label: p.T("mentions.replytext", "Author", found.Author), Max: 2000}},
	}
	if inRound {
		form.Arg = id // a menu names none
	}
	return found, form, nil
}

// untilField is the field of when somebody comes back, a time as RFC 3339 writes it.
const untilField = "until"

// waitForm asks for a holding reply, with the words of one that did not leave, and by
// when the answer comes; where the promise does not move again it says so in place of
// the choice.
func (c *Chat) waitForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	found, form, err := c.reply(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	if err := c.Engine.holdable(ctx, r.Tx, found, r.Member.ID, ""); err != nil {
		return bot.Form{}, c.explain(r, found, err)
	}
	before, _, err := underWay(ctx, r.Tx, found)
	if err != nil {
		return bot.Form{}, err
	}
	if before.Wait != nil && (before.Reason != "" || before.Status == toPost) { // it did not leave
		form.Fields[0].Value = []string{unnamed(r.Print, r.Brand, before)}
	}
	p, v := r.Print, viewed(r)
	form.Action, form.Title = "case.waits", p.T("mentions.waitinfo")
	form.Fields[0].Hint = p.T("mentions.waithint", "Mark", p.T(hourMark))
	field := bot.Field{ID: untilField, Kind: bot.Pick, Label: p.T("mentions.waituntil")}
	for _, at := range comebacks(r.Brand, found.Due, r.Now) {
		field.Choices = append(field.Choices, bot.Choice{Value: at.UTC().Format(time.RFC3339), Label: bot.Clip(ends(v, at), mostLabel)})
	}
	if !found.movable() || len(field.Choices) == 0 {
		form.Intro = p.T("mentions.waitstays") + " " + promised(v, found) + "\n" + form.Intro
		return form, nil
	}
	again := promise(r.Brand, r.Now, r.Now).Truncate(time.Minute).UTC().Format(time.RFC3339)
	field.Value = []string{field.Choices[0].Value}
	if slices.ContainsFunc(field.Choices, func(one bot.Choice) bool { return one.Value == again }) {
		field.Value = []string{again}
	}
	form.Fields = append(form.Fields, field)
	return form, nil
}

// worded makes the form of a holding reply begin with neutral words, unless it has
// some: those of a crisis come first.
func (c *Chat) worded(form bot.Former) bot.Former {
	return func(ctx context.Context, r *bot.Request) (bot.Form, error) {
		made, err := form(ctx, r)
		if err != nil {
			return made, err
		}
		id, _, err := c.about(ctx, r)
		if err != nil {
			return made, err
		}
		found, err := c.Engine.get(ctx, r.Tx, id)
		if err != nil {
			return made, c.explain(r, found, err)
		}
		if words := neutral(r.Print, r.Brand, found, r.Now); len(made.Fields[0].Value) == 0 && words != "" {
			made.Fields[0].Value = []string{words}
		}
		return made, nil
	}
}

// checkWait finds what is wrong with the form of a holding reply.
func (c *Chat) checkWait(ctx context.Context, r *bot.Request) (map[string]string, error) {
	if wrong, err := c.checkReply(ctx, r); len(wrong) > 0 || err != nil {
		return wrong, err
	}
	until, err := time.Parse(time.RFC3339, r.Value(untilField))
	if r.Value(untilField) != "" && (err != nil || !until.After(r.Now.Add(UndoFor))) {
		return map[string]string{untilField: r.Print.T(hourGone)}, nil
	}
	return nil, nil
}

func (c *Chat) checkReply(_ context.Context, r *bot.Request) (map[string]string, error) {
	if r.Value("text") == "" {
		return map[string]string{"text": r.Print.T("mentions.emptyreply")}, nil
	}
	return nil, nil
}

// themeField is the field of the theme, and nothing its choice of none of the
// brand's.
const (
	themeField = "theme"
	nothing    = "-"
)

// themeForm asks what the conversation is really about.
func (c *Chat) themeForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	id, _, err := c.about(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	found, err := c.Engine.get(ctx, r.Tx, id)
	if err != nil {
		return bot.Form{}, c.explain(r, found, err)
	}
	p := r.Print
	field := bot.Field{ID: themeField, Kind: bot.Pick, Label: p.T("mentions.themefield"), Value: []string{nothing}}
	if field.Choices, err = c.themes(ctx, r); err != nil {
		return bot.Form{}, err
	}
	if len(found.Themes) > 0 {
		field.Value = found.Themes[:1]
	}
	return bot.Form{Action: "case.about", Arg: r.Arg, Token: r.Token, Title: p.T("mentions.themeform"),
		Intro: personal.Cover(found.Heard[len(found.Heard)-1].Text), Submit: p.T("mentions.themesave"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{field.Bounded(p)}}, nil
}

// themes lists what a conversation may be about, none of it first.
func (c *Chat) themes(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
	all := []bot.Choice{{Value: nothing, Label: r.Print.T("mentions.notheme")}}
	for _, theme := range c.Engine.Judge.Themes(r.Brand) {
		name := bot.Clip(c.Engine.Judge.ThemeName(r.Brand, theme, r.Print.Lang), 75)
		all = append(all, bot.Choice{Value: theme, Label: name})
	}
	return all, nil
}

// retheme keeps what the form says.
func (c *Chat) retheme(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, inRound, err := c.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	theme := r.Value(themeField)
	if theme == nothing {
		theme = ""
	}
	found, err := c.Engine.Retheme(ctx, r.Tx, id, r.Member.ID, theme)
	if errors.Is(err, ErrTheme) { // taken out of the configuration meanwhile
		return bot.Reply{}, bot.Refuse(r.Print.T("mentions.themegone"))
	}
	if err != nil || !inRound {
		return bot.Reply{}, c.explain(r, found, err)
	}
	return bot.Reply{}, board.Refresh(ctx, r.Tx, RoundView, r.Member.ID)
}

// Alarm opens a crisis about a theme.
type Alarm interface {
	// Form asks what is wrong; it refuses who may not say so.
	Form(ctx context.Context, r *bot.Request, theme string) (bot.Form, error)
}

// crisisButton leads from a theme's alert to a crisis about it.
func (c *Chat) crisisButton(v bot.ViewRequest) []bot.Button {
	if c.Alarm == nil || v.Member != nil && !v.Member.Can(brand.Approver) && !v.Member.Can(brand.Admin) {
		return nil
	}
	return []bot.Button{{Action: "theme.crisis", Label: v.Print.T("mentions.crisis")}}
}

// crisisForm asks what is wrong about the theme of the alert.
func (c *Chat) crisisForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	t, found, err := themes.Get(ctx, r.Tx, r.Subject)
	if err == nil && !found || c.Alarm == nil {
		err = c.explain(r, Case{}, ErrUnknown)
	}
	if err != nil {
		return bot.Form{}, err
	}
	return c.Alarm.Form(ctx, r, t.Theme)
}

const (
	heirField = "heir"
	noteField = "note"
	// whoever is the choice of nobody in particular.
	whoever = "-"
	// mostLabel is how long the label of a choice may be.
	mostLabel = 75
)

// passForm asks who goes on with a conversation.
func (c *Chat) passForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	found, inRound, err := c.passing(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	heir := bot.Field{ID: heirField, Kind: bot.Pick, Label: p.T("mentions.passto")}
	if heir.Choices, err = c.choices(ctx, r, found); err != nil {
		return bot.Form{}, err
	}
	if len(heir.Choices) == 0 {
		return bot.Form{}, bot.Refuse(p.T("mentions.passnobody"))
	}
	heir.Value = []string{heir.Choices[0].Value}
	form := bot.Form{Action: "case.passed", Arg: r.Arg, Token: r.Token, Title: p.T("mentions.pass"), Submit: p.T("mentions.pass"), Cancel: p.T("chat.cancel"),
		Intro: p.T("mentions.said", "Author", cmp.Or(found.Author, "?"), "Network", found.Network) + " · " + promised(viewed(r), found),
		Fields: []bot.Field{heir.Bounded(p),
			{ID: noteField, Kind: bot.Area, Label: p.T("mentions.passnote"), Optional: true, Max: longestNote}}}
	if inRound {
		form.Arg = found.ID // a menu names none
	}
	return form, nil
}

// passing is the conversation of a click, which who clicks can hand over; else it
// says why not.
func (c *Chat) passing(ctx context.Context, r *bot.Request) (found Case, inRound bool, err error) {
	id, inRound, err := c.about(ctx, r)
	if err != nil {
		return found, inRound, err
	}
	if found, err = c.Engine.get(ctx, r.Tx, id); err == nil {
		_, err = c.Engine.passable(ctx, r.Tx, found, r.Member.ID)
	}
	if err != nil {
		return found, inRound, c.explainPass(r, found, err)
	}
	return found, inRound, nil
}

// heirs lists whom the conversation of the form can be handed to: the form carries
// which one it is, for who searches it too.
func (c *Chat) heirs(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	found, _, err := c.passing(ctx, r)
	if err != nil {
		return nil, err
	}
	return c.choices(ctx, r, found)
}

// choices are those who can go on with a conversation, with when they will see it, and
// whoever is there last.
func (c *Chat) choices(ctx context.Context, r *bot.Request, found Case) (all []bot.Choice, _ error) {
	rung, err := c.Engine.rung(ctx, r.Tx, r.Brand, found)
	if err != nil {
		return nil, err
	}
	for _, m := range c.Engine.heirs(r.Brand, r.Member.ID, r.Now) {
		all = append(all, bot.Choice{Value: m.ID, Label: heirLabel(r, found, m, rung)})
	}
	if found.Urgency != Urgent {
		all = append(all, bot.Choice{Value: whoever, Label: r.Print.T("mentions.whoever")})
	}
	return all, nil
}

// heirLabel is a member with when they will see what they are handed, and whether that
// is after its promise. A long name is shortened, never the rest.
func heirLabel(r *bot.Request, found Case, m *brand.Member, rung []*brand.Member) string {
	at := sees(r.Brand, m, rung, r.Now)
	key := "mentions.heirback"
	switch {
	case slices.Contains(rung, m):
		key = "mentions.heironcall"
	case !at.After(r.Now):
		key = "mentions.heirhere"
	case found.Due.After(r.Now) && at.After(found.Due):
		key = "mentions.heirlate"
	}
	say := func(name string) string { return r.Print.T(key, "Who", name, "When", r.Print.Soon(at, r.Now)) }
	return say(bot.Clip(m.Name, max(1, mostLabel-utf8.RuneCountInString(say("")))))
}
