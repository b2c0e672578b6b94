package people

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/i18n"
)

// Outsiders are those who wrote to a brand without being of its team. They show
// themselves to those whose work it is, and to nobody else.
type Outsiders interface {
	// Known lists them, who was heard last first: "name · network".
	Known(ctx context.Context, r *bot.Request) ([]bot.Choice, error)
	// Sheet answers what is known of one, by the value of their choice; or, without
	// one, of who wrote under that name in the application of who asks.
	Sheet(ctx context.Context, r *bot.Request, id, name string) (reply bot.Reply, found bool, err error)
}

// Waits says what waits for a member, as far as who asks may know.
type Waits func(ctx context.Context, r *bot.Request, m *brand.Member) ([]string, error)

const (
	// memberMark begins the values of members among those of outsiders.
	memberMark = "@"
	// apart stands between a name and where it is known.
	apart = " · "
)

// registerSheets registers the ways to what is known of somebody.
func (c *Chat) registerSheets(mux *bot.Mux) {
	mux.Word(bot.WordRoute{Key: "people.sheet", Role: brand.Anyone, Takes: true, Handle: c.named})
	mux.Action(bot.ActionRoute{Name: "people.look", Shape: bot.Shape{Ack: bot.Open, Form: c.lookForm}})
	mux.Action(bot.ActionRoute{Name: "people.about", Shape: bot.Shape{Ack: bot.Wait, Handle: c.chosen},
		Lists: map[string]bot.Listing{personField: c.known, bot.MenuField: c.known}})
	mux.Shortcut(bot.ShortcutRoute{Name: "people.sheet", Key: "people.onperson", Role: brand.Anyone, OnPerson: true, Instead: "people.sheet",
		Shape: bot.Shape{Ack: bot.Wait, Handle: c.pointed}})
}

// known lists everybody whom who asks may look up: the team, then outsiders.
func (c *Chat) known(ctx context.Context, r *bot.Request) (all []bot.Choice, err error) {
	for _, m := range r.Space.Members {
		all = append(all, bot.Choice{Value: memberMark + m.ID, Label: bot.Clip(m.Name+apart+r.Print.T("people.ofteam"), 75)})
	}
	others, err := c.Outsiders.Known(ctx, r)
	return append(all, others...), err
}

// named looks for whom the words name: "fiche Noa".
func (c *Chat) named(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	name := strings.Trim(r.Text, "<@!> ") // a mention has its user's ID there
	if name == "" {
		return c.ask(ctx, r, r.Print.T("people.whom"))
	}
	if m := r.Space.Who(string(r.Platform), r.Team, name); m != nil {
		return c.member(ctx, r, m)
	}
	all, err := c.known(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	switch found := called(all, name); len(found) {
	case 0:
		return c.ask(ctx, r, r.Print.T("people.nobody", "Name", bot.Clip(name, 75)))
	case 1:
		return c.sheet(ctx, r, found[0].Value)
	default:
		menu := bot.Select{Action: "people.about", Label: r.Print.T("people.choose"), Choices: found}.Bounded(r.Print)
		return c.about(ctx, r, bot.Card{Title: bot.Say(r.Print.T("people.several", "Count", len(found))),
			Blocks: []bot.Block{{Kind: bot.Menu, Select: &menu}}}, "people", "")
	}
}

// called are those of that name; where there is none, those whose name has it.
func called(all []bot.Choice, name string) []bot.Choice {
	var same, alike []bot.Choice
	name = bare(name)
	for _, one := range all {
		theirs := one.Label
		if at := strings.LastIndex(theirs, apart); at >= 0 { // what follows is where they are
			theirs = theirs[:at]
		}
		switch theirs = bare(theirs); {
		case theirs == name:
			same = append(same, one)
		case strings.Contains(theirs, name):
			alike = append(alike, one)
		}
	}
	if len(same) > 0 {
		return same
	}
	return alike
}

// bare is a name as it is compared.
func bare(name string) string { return strings.TrimPrefix(i18n.Fold(name), "@") }

// pointed answers the menu of a person: a member, or who wrote under their name.
func (c *Chat) pointed(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if m := r.Space.Who(string(r.Platform), r.Team, r.Person); m != nil {
		return c.member(ctx, r, m)
	}
	reply, found, err := c.Outsiders.Sheet(ctx, r, "", r.From)
	if err != nil || found {
		return reply, err
	}
	return c.ask(ctx, r, r.Print.T("people.unheard", "Name", bot.Clip(cmp.Or(r.From, "?"), 40), "Where", r.Platform.Name()))
}

// chosen answers a choice of the menu or the form.
func (c *Chat) chosen(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	return c.sheet(ctx, r, cmp.Or(r.Value(personField), r.Value(bot.MenuField)))
}

func (c *Chat) sheet(ctx context.Context, r *bot.Request, value string) (bot.Reply, error) {
	if id, of := strings.CutPrefix(value, memberMark); of {
		if m := r.Space.Member(id); m != nil {
			return c.member(ctx, r, m)
		}
		return bot.Reply{}, bot.Refuse(r.Print.T("chat.gone"))
	}
	reply, found, err := c.Outsiders.Sheet(ctx, r, value, "")
	if err == nil && !found {
		err = bot.Refuse(r.Print.T("chat.gone"))
	}
	return reply, err
}

// ask says something, and asks whom to look for.
func (c *Chat) ask(ctx context.Context, r *bot.Request, said string) (bot.Reply, error) {
	return c.about(ctx, r, bot.Card{Title: bot.Say(said), Blocks: []bot.Block{bot.P(r.Print.T("people.lookhow"))},
		Buttons: []bot.Button{{Action: "people.look", Label: r.Print.T("people.look"), Style: bot.Primary}}}, "people", "")
}

// member answers who a member of the team is, whether they are there, and what
// waits for them.
func (c *Chat) member(ctx context.Context, r *bot.Request, m *brand.Member) (bot.Reply, error) {
	p := r.Print
	lines := []string{p.T("people.itsroles", "Roles", rolesOf(p, m)), present(r, m)}
	if away := next(r, m); away != "" {
		lines = append(lines, p.T("people.isaway", "Days", away))
	}
	if week := bot.SayWeek(p, weekOf(r.Brand, m)); week != "" {
		lines = append(lines, p.T("people.itsweek", "Week", week))
	}
	there, err := c.Engine.Duties.OnDuty(ctx, r.Tx, r.Brand)
	if err != nil {
		return bot.Reply{}, err
	}
	place := slices.Index(r.Space.Rota(r.Brand, r.Now), m) + 1
	switch {
	case slices.Contains(there, m.ID):
		lines = append(lines, p.T("people.onduty"))
	case place > 0:
		lines = append(lines, p.T("people.oncall", "Place", place))
	}
	for _, waits := range c.Waits {
		said, err := waits(ctx, r, m)
		if err != nil {
			return bot.Reply{}, err
		}
		lines = append(lines, said...)
	}
	card := bot.Card{Title: bot.Say(m.Name), Buttons: []bot.Button{{Action: "people.look", Label: p.T("people.another")}}}
	for _, line := range lines {
		card.Blocks = append(card.Blocks, bot.P(line))
	}
	return c.about(ctx, r, card, "people", m.ID)
}

// present says whether a member works now, else when again, and what their clock
// shows where that is not the reader's.
func present(r *bot.Request, m *brand.Member) string {
	p, work := r.Print, r.Brand.At(m)
	said := p.T("people.present")
	if back, ok := work.Next(r.Now); !ok {
		said = p.T("people.absentnow")
	} else if back.After(r.Now) {
		said = p.T("people.backat", "When", p.Soon(back, r.Now))
	}
	there := *p
	if there.Zone = work[1].Zone; offset(there.Zone, r.Now) != offset(p.Zone, r.Now) {
		said += " · " + p.T("people.itszone", "Clock", there.Clock(r.Now), "City", p.City(there.Zone.String()))
	}
	return said
}

func offset(zone *time.Location, at time.Time) int {
	_, seconds := at.In(zone).Zone()
	return seconds
}
