package setup

import (
	"context"
	"slices"
	"strings"
	"time"

	"crieur/bot"
	"crieur/bot/board"
	"crieur/bot/brand"
	"crieur/bot/hours"
	"crieur/bot/i18n"
	"crieur/bot/team"
)

// form is a form of the set-up; what was answered before stands in it.
func form(r *bot.Request, action, title string, fields ...bot.Field) bot.Form {
	p := r.Print
	return bot.Form{Action: action, Arg: r.Arg, Token: r.Token, Title: p.T(title), Submit: p.T("setup.next"),
		Cancel: p.T("chat.cancel"), Fields: fields}
}

func (c *Chat) nameForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	known, err := c.Engine.Get(ctx, r.Tx)
	if err != nil {
		return bot.Form{}, err
	}
	p, b := r.Print, known.Brand
	if b.Zone == "" {
		b.Hours, b.Langs = usual(), []string{p.Lang}
		b.Zone, b.Holidays = placeOf(r.User)
	}
	langs := bot.Field{ID: "langs", Kind: bot.Pick, Label: p.T("setup.langs"), Value: values(written(b.Langs)), Choices: tongues(p)}
	fields := []bot.Field{
		{ID: "name", Kind: bot.Line, Label: p.T("setup.name"), Hint: p.T("setup.namehint"), Value: values(b.Name), Max: 60},
		langs, zoneField(p, b, r.Now)}
	return form(r, "setup.named", "setup.form.name", append(fields, bot.WeekFields(p, b.Hours)...)...), nil
}

// placeOf is where a brand is taken to be at first: where who sets it up is, if the
// platform says so, with the public holidays of most people there.
func placeOf(u bot.User) (zone string, h hours.Holidays) {
	zone = "Europe/Paris"
	if there := u.Local(); there != nil {
		zone = there.String()
	}
	if known := hours.HolidaysIn(zone); len(known) > 0 {
		h = known[0]
	}
	return zone, h
}

// zoneField asks for the brand's zone and, where they are known, for the public
// holidays that it keeps: a form has no room for one field more.
func zoneField(p *i18n.Printer, b team.Brand, now time.Time) bot.Field {
	field := bot.ZoneField(p, b.Zone, now)
	var all []bot.Choice
	for _, one := range field.Choices {
		known := hours.HolidaysIn(one.Value)
		for _, h := range known {
			all = append(all, bot.Choice{Value: placed(one.Value, h), Label: one.Label + ", " + p.T("setup.holidays."+string(h))})
		}
		switch len(known) {
		case 0: // none is known there
			all = append(all, one)
		case 2: // who has to choose may also have none: with that for all, the menu would be too long
			all = append(all, bot.Choice{Value: one.Value, Label: one.Label + ", " + p.T("setup.holidays.none")})
		}
	}
	field.Label, field.Value, field.Choices = p.T("setup.zone"), []string{placed(b.Zone, b.Holidays)}, all[:min(len(all), bot.MostChoices)]
	return field
}

// placed is a zone with its public holidays as the value of their menu, where reads it.
func placed(zone string, h hours.Holidays) string {
	if h == "" {
		return zone
	}
	return zone + "+" + string(h)
}

func where(value string) (zone string, h hours.Holidays) {
	zone, name, _ := strings.Cut(value, "+")
	if h = hours.Holidays(name); !slices.Contains(hours.HolidaysIn(zone), h) {
		h = ""
	}
	return zone, h
}

// tongues are the languages that a brand may speak, and in which order: menus of
// several entries keep none.
func tongues(p *i18n.Printer) []bot.Choice {
	var one, two []bot.Choice
	for _, first := range i18n.Langs() {
		one = append(one, bot.Choice{Value: first, Label: p.T("setup.lang." + first)})
		for _, second := range i18n.Langs() {
			if second != first {
				two = append(two, bot.Choice{Value: written([]string{first, second}),
					Label: p.T("setup.lang."+first) + ", " + p.T("setup.lang."+second)})
			}
		}
	}
	return append(one, two...)
}

// written is a brand's languages as the value of their menu, spoken reads it.
func written(langs []string) string { return strings.Join(langs, "+") }

func spoken(value string) []string { return strings.Split(value, "+") }

// usual is the working week that is proposed.
func usual() (week hours.Week) {
	for day := 1; day <= 5; day++ {
		week[day] = []hours.Span{{Open: 9 * 60, Close: 18 * 60}}
	}
	return week
}

func (c *Chat) peopleForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	known, err := c.Engine.Get(ctx, r.Tx)
	if err != nil {
		return bot.Form{}, err
	}
	all, err := members(ctx, r)
	if err != nil {
		return bot.Form{}, err
	}
	field := func(id string, role brand.Role, given []string, optional bool) bot.Field {
		f := bot.Field{ID: id, Kind: bot.PickMany, Label: r.Print.T("setup." + id), Choices: all, Value: given, Optional: optional}
		for _, m := range r.Space.Members {
			if given == nil && m.Can(role) {
				f.Value = append(f.Value, m.ID)
			}
		}
		return f.Bounded(r.Print)
	}
	return form(r, "setup.people", "setup.form.people",
		field("writers", brand.Author, known.Writers, false), field("approvers", brand.Approver, known.Approvers, false),
		field("responders", brand.Responder, known.Responders, true)), nil
}

// members lists everybody in the team.
func members(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
	var all []bot.Choice
	for _, m := range r.Space.Members {
		all = append(all, bot.Choice{Value: m.ID, Label: bot.Clip(m.Name, 75)})
	}
	return all, nil
}

func (c *Chat) placeForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	known, err := c.Engine.Get(ctx, r.Tx)
	if err != nil {
		return bot.Form{}, err
	}
	found, err := seen(ctx, r.Tx)
	if err != nil {
		return bot.Form{}, err
	}
	if len(found.Channels) == 0 {
		return bot.Form{}, bot.Refuse(r.Print.T("setup.nowhere"))
	}
	field := func(id string, chosen []board.Place, optional bool) bot.Field {
		f := bot.Field{ID: id, Kind: bot.PickMany, Label: r.Print.T("setup." + id), Choices: found.choices(r.Print), Optional: optional}
		for _, channel := range found.Channels {
			if slices.Contains(chosen, channel.Place) {
				f.Value = append(f.Value, found.id(channel))
			}
		}
		return f.Bounded(r.Print)
	}
	return form(r, "setup.placed", "setup.form.where",
		field("approvals", known.Brand.Approvals, false), field("alerts", known.Brand.Alerts, true)), nil
}

// rooms lists the channels that Crieur is in.
func rooms(ctx context.Context, r *bot.Request) ([]bot.Choice, error) {
	found, err := seen(ctx, r.Tx)
	return found.choices(r.Print), err
}

func (s Seen) choices(p *i18n.Printer) (all []bot.Choice) {
	for _, channel := range s.Channels {
		all = append(all, bot.Choice{Value: s.id(channel), Label: label(p, channel, s)})
	}
	return all
}

// label is a channel's name, with its application where there are several.
func label(p *i18n.Printer, c Channel, among Seen) string {
	name := "#" + bot.Clip(c.Name, 60)
	if slices.ContainsFunc(among.Channels, func(o Channel) bool { return o.Place.Platform != c.Place.Platform }) {
		name += " · " + p.T("people.platform."+c.Place.Platform)
	}
	return name
}

func (c *Chat) networkForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	known, err := c.Engine.Get(ctx, r.Tx)
	if err != nil {
		return bot.Form{}, err
	}
	f := bot.Field{ID: "networks", Kind: bot.PickMany, Label: r.Print.T("setup.networks")}
	for _, network := range networks() {
		f.Choices = append(f.Choices, bot.Choice{Value: network, Label: r.Print.T("setup.network." + network)})
	}
	for _, account := range known.Brand.Accounts {
		f.Value = append(f.Value, account.ID)
	}
	return form(r, "setup.chosen", "setup.form.networks", f, bot.Field{ID: "own", Kind: bot.Line, Label: r.Print.T("setup.own"),
		Hint: r.Print.T("setup.ownhint"), Value: values(strings.Join(known.Brand.Own, ", ")), Optional: true, Max: 300}), nil
}

func (c *Chat) listenForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	known, err := c.Engine.Get(ctx, r.Tx)
	if err != nil {
		return bot.Form{}, err
	}
	p, l := r.Print, known.Listen
	if len(l.Words) == 0 {
		l.Words = words(strings.Join(append([]string{known.Brand.Name}, known.Brand.Own...), ","))
	}
	return form(r, "setup.heard", "setup.form.listen",
		bot.Field{ID: "words", Kind: bot.Area, Label: p.T("setup.words"), Hint: p.T("setup.wordshint"), Value: values(strings.Join(l.Words, ", ")), Max: 500},
		bot.Field{ID: "not", Kind: bot.Area, Label: p.T("setup.not"), Hint: p.T("setup.nothint"), Value: values(strings.Join(l.Not, ", ")), Optional: true, Max: 500}), nil
}

func values(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
