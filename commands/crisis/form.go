package crisis

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/hours"
)

// The fields of the forms, those of words with a language after them; no is the answer to the pause, and none the theme that
// is none of the brand's.
const (
	aboutField  = "about"
	themeField  = "theme"
	leadField   = "lead"
	pauseField  = "pause"
	clockField  = "clock"
	learntField = "learnt"
	sayField    = "say-"
	avoidField  = "avoid-"
	yes, no     = "yes", "no"
	none        = "-"
)

// A point is proposed after so long, at a full half hour.
const (
	usualPoint = time.Hour
	half       = 30 * time.Minute
)

// In characters.
const (
	longestAbout  = 120
	longestLearnt = 1000
	longestWords  = 1000
)

// openForm asks what is wrong. Its button pauses everything, unless they say no.
func (c *Chat) openForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	return c.Form(ctx, r, "")
}

// Form asks what is wrong about a theme, "" for none. It refuses who may not say so,
// whatever card they come from, and where a crisis is open.
func (c *Chat) Form(ctx context.Context, r *bot.Request, theme string) (bot.Form, error) {
	if err := allow(r); err != nil {
		return bot.Form{}, err
	}
	last, found, err := c.Engine.Last(ctx, r.Tx, r.Brand.ID)
	switch {
	case err != nil:
		return bot.Form{}, err
	case found && !last.Over():
		return bot.Form{}, c.explain(r, last, ErrOpen)
	}
	posts, err := c.Engine.Posts.Stand(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	about := bot.Field{ID: aboutField, Kind: bot.Line, Label: p.T("crisis.about"), Hint: p.T("crisis.abouthint"), Max: longestAbout}
	themes := bot.Field{ID: themeField, Kind: bot.Pick, Label: p.T("crisis.theme"), Value: []string{none}}
	if themes.Choices, err = c.themes(ctx, r); err != nil {
		return bot.Form{}, err
	}
	if theme != "" {
		themes.Value = []string{theme}
		about.Value = []string{bot.Clip(c.Engine.Themes.ThemeName(r.Brand, theme, p.Lang), longestAbout)}
	}
	lead := bot.Field{ID: leadField, Kind: bot.Pick, Label: p.T("crisis.lead"), Value: []string{r.Member.ID}}
	if lead.Choices, err = leads(ctx, r); err != nil {
		return bot.Form{}, err
	}
	pause := bot.Field{ID: pauseField, Kind: bot.Pick, Label: p.T("crisis.pause"), Value: []string{yes},
		Choices: []bot.Choice{{Value: yes, Label: p.T("crisis.pause.yes")}, {Value: no, Label: p.T("crisis.pause.no")}}}
	clock := c.clockField(r)
	clock.Optional = true
	return bot.Form{Action: "crisis.start", Token: r.Token, Title: p.T("crisis.open"), Intro: paused(p, posts, r.Now),
		Submit: p.T("crisis.open"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{about, themes.Bounded(p), lead.Bounded(p), pause, clock}}, nil
}

// themes lists what a crisis may be about, none of it first.
func (c *Chat) themes(_ context.Context, r *bot.Request) ([]bot.Choice, error) {
	all := []bot.Choice{{Value: none, Label: r.Print.T("crisis.notopic")}}
	for _, theme := range c.Engine.Themes.Themes(r.Brand) {
		all = append(all, bot.Choice{Value: theme, Label: bot.Clip(c.Engine.Themes.ThemeName(r.Brand, theme, r.Print.Lang), 75)})
	}
	return all, nil
}

// leads lists who may lead.
func leads(_ context.Context, r *bot.Request) (all []bot.Choice, _ error) {
	for _, m := range r.Space.Members {
		if MayLead(m) {
			all = append(all, bot.Choice{Value: m.ID, Label: bot.Clip(m.Name, 75)})
		}
	}
	return all, nil
}

// themeOf is the theme that the form says.
func themeOf(r *bot.Request) string {
	if theme := r.Value(themeField); theme != none {
		return theme
	}
	return ""
}

// checkOpening finds what is wrong with the form.
func checkOpening(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := map[string]string{}
	switch n := utf8.RuneCountInString(r.Value(aboutField)); {
	case n == 0:
		problems[aboutField] = r.Print.T("crisis.blank")
	case n > longestAbout:
		problems[aboutField] = r.Print.T("crisis.long", "Most", longestAbout)
	}
	if _, ok := clockOf(r); !ok {
		problems[clockField] = r.Print.T("crisis.badclock")
	}
	return problems, nil
}

// clockField asks when people look at it together next: an hour from now is proposed.
func (c *Chat) clockField(r *bot.Request) bot.Field {
	next := r.Now.Add(usualPoint).In(r.Brand.Zone).Round(half).Format("15:04")
	return bot.Field{ID: clockField, Kind: bot.Clock, Label: r.Print.T("crisis.nextpoint"), Value: []string{next},
		Hint: bot.ZoneHint(r.Print, r.Brand.Zone, r.Now) + " " + r.Print.T("crisis.clockhint")}
}

// clockOf is the next time at which the clock says what the form says, zero when
// that is empty.
func clockOf(r *bot.Request) (at time.Time, ok bool) {
	said := r.Value(clockField)
	if said == "" {
		return time.Time{}, true
	}
	clock, err := hours.ParseClock(said)
	if err != nil {
		return time.Time{}, false
	}
	today := r.Now.In(r.Brand.Zone)
	if at = clock.On(today); !at.After(r.Now) {
		at = clock.On(today.AddDate(0, 0, 1))
	}
	return at, true
}

// pointForm asks for the next point, and who leads until then.
func (c *Chat) pointForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	one, err := c.Engine.open(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.explain(r, one, err)
	}
	p := r.Print
	lead := bot.Field{ID: leadField, Kind: bot.Pick, Label: p.T("crisis.lead"), Value: []string{one.Lead}}
	if lead.Choices, err = leads(ctx, r); err != nil {
		return bot.Form{}, err
	}
	return bot.Form{Action: "crisis.next", Token: r.Token, Title: p.T("crisis.point"), Submit: p.T("crisis.setpoint"), Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{c.clockField(r), lead.Bounded(p)}}, nil
}

// checkPoint finds what is wrong with the time of a point.
func checkPoint(_ context.Context, r *bot.Request) (map[string]string, error) {
	if at, ok := clockOf(r); !ok || at.IsZero() {
		return map[string]string{clockField: r.Print.T("crisis.badclock")}, nil
	}
	return nil, nil
}

// endForm asks what was learnt; it may stay empty.
func (c *Chat) endForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	one, err := c.Engine.open(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.explain(r, one, err)
	}
	p := r.Print
	return bot.Form{Action: "crisis.end", Token: r.Token, Title: p.T("crisis.end"), Intro: p.T("crisis.endintro"), Submit: p.T("crisis.end"),
		Cancel: p.T("chat.cancel"), Fields: []bot.Field{{ID: learntField, Kind: bot.Area, Label: p.T("crisis.learnt"), Max: longestLearnt, Optional: true}}}, nil
}

// mostLangs is in how many languages a form asks for words: two fields each.
const mostLangs = 2

// langsOf are the languages in which a brand's words are written.
func langsOf(b *brand.Brand) []string {
	if len(b.Langs) == 0 {
		return []string{b.MainLang()}
	}
	return b.Langs[:min(len(b.Langs), mostLangs)]
}

// wordsForm asks what is said from now on, and what is not; those of now are in it.
func (c *Chat) wordsForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	one, err := c.Engine.open(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.explain(r, one, err)
	}
	now, err := words(ctx, r.Tx, one)
	if err != nil {
		return bot.Form{}, err
	}
	p := r.Print
	form := bot.Form{Action: "crisis.replace", Arg: strconv.Itoa(one.Words), Token: r.Token, Title: p.T("crisis.words"), Intro: p.T("crisis.wordsintro"),
		Submit: p.T("crisis.replace"), Cancel: p.T("chat.cancel")}
	for i, lang := range langsOf(r.Brand) {
		in := p.T("people.lang." + lang)
		form.Fields = append(form.Fields,
			bot.Field{ID: sayField + lang, Kind: bot.Area, Label: p.T("crisis.say", "Lang", in), Max: longestWords, Value: valueOf(now.Say[lang]), Optional: i > 0},
			bot.Field{ID: avoidField + lang, Kind: bot.Area, Label: p.T("crisis.avoid", "Lang", in), Max: longestWords, Value: valueOf(now.Avoid[lang]), Optional: true})
	}
	return form, nil
}

func valueOf(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// checkWords finds what is wrong with the words: those of the brand's first language
// must be there.
func checkWords(_ context.Context, r *bot.Request) (map[string]string, error) {
	problems := map[string]string{}
	for i, lang := range langsOf(r.Brand) {
		if i == 0 && r.Value(sayField+lang) == "" {
			problems[sayField+lang] = r.Print.T("crisis.nowords")
		}
		for _, field := range []string{sayField + lang, avoidField + lang} {
			if utf8.RuneCountInString(r.Value(field)) > longestWords {
				problems[field] = r.Print.T("crisis.long", "Most", longestWords)
			}
		}
	}
	return problems, nil
}
