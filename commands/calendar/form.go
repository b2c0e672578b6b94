package calendar

import (
	"context"

	"crieur/bot"
	"crieur/bot/hours"
)

// whenForm asks for another time of a post.
func (c *Chat) whenForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	request, err := c.Engine.request(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, c.why(r, err, Moved{})
	}
	form := timeForm(r, "plan.moveto", r.Print.T("calendar.moveform"), r.Print.T("calendar.move"))
	if !request.At.IsZero() {
		at := request.At.In(r.Brand.Zone)
		form.Fields[0].Value = []string{at.Format("2006-01-02")}
		form.Fields[1].Value = []string{at.Format("15:04")}
	}
	return form, nil
}

// embargoForm asks until when nothing of a post may be public; no day takes the
// embargo away.
func (c *Chat) embargoForm(ctx context.Context, r *bot.Request) (bot.Form, error) {
	wall, err := c.Engine.wall(ctx, r.Tx, r.Subject)
	if err != nil {
		return bot.Form{}, err
	}
	form := timeForm(r, "plan.embargoset", r.Print.T("calendar.embargoform"), r.Print.T("calendar.embargosave"))
	form.Intro = r.Print.T("calendar.embargointro")
	for i := range form.Fields {
		form.Fields[i].Optional = true
	}
	if !wall.IsZero() {
		at := wall.In(r.Brand.Zone)
		form.Fields[0].Value = []string{at.Format("2006-01-02")}
		form.Fields[1].Value = []string{at.Format("15:04")}
	}
	return form, nil
}

func timeForm(r *bot.Request, action, title, submit string) bot.Form {
	p := r.Print
	return bot.Form{
		Action: action, Token: r.Token, Title: title, Submit: submit, Cancel: p.T("chat.cancel"),
		Fields: []bot.Field{
			{ID: "day", Kind: bot.Date, Label: p.T("calendar.dayfield")},
			{ID: "clock", Kind: bot.Clock, Label: p.T("calendar.clockfield"), Hint: p.T("calendar.zonehint", "Zone", r.Brand.Zone.String())},
		},
	}
}

// checkWhen finds what is wrong with a day and a time.
func (c *Chat) checkWhen(_ context.Context, r *bot.Request) (map[string]string, error) {
	if r.Value("day") == "" {
		if r.Action == "plan.embargoset" {
			return nil, nil
		}
		return map[string]string{"day": r.Print.T("calendar.badtime")}, nil
	}
	if _, err := hours.ParseClock(r.Value("clock")); err != nil {
		return map[string]string{"clock": r.Print.T("calendar.badtime")}, nil
	}
	at, err := said(r)
	if err != nil {
		return map[string]string{"day": r.Print.T("calendar.badtime")}, nil
	}
	if !at.After(r.Now) {
		return map[string]string{"clock": r.Print.T("calendar.past")}, nil
	}
	return nil, nil
}
