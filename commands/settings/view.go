package settings

import (
	"context"
	"time"

	"crieur/bot"
	"crieur/bot/i18n"
	"crieur/bot/poll"
	"crieur/bot/state"
)

// deadIndex is where the desk keeps what it could not handle, by time in ms.
const deadIndex = "dead"

// status says how everything stands: what is connected, what waits, what is
// read, what comes next, and what came to nothing.
func (c *Chat) status(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	p := r.Print
	lines, err := sources(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Machine != nil {
		lines = append(seen(p, c.Machine.Look(ctx)), lines...)
	}
	found, err := bot.Gather(ctx, r, c.Status)
	if err != nil {
		return bot.Reply{}, err
	}
	lines = append(lines, found.Lines...)
	dead, err := r.Tx.List(ctx, state.Range{Index: deadIndex, To: r.Now.UnixMilli(), Limit: mostDead, Reverse: true})
	if err != nil {
		return bot.Reply{}, err
	}
	if len(dead) > 0 {
		last := p.Ago(time.UnixMilli(dead[0].Score), r.Now)
		lines = append(lines, p.T("settings.dead", "Count", len(dead), "When", last))
	}
	card := page(p.T("settings.status.title", "Brand", r.Brand.Name, "At", p.Clock(r.Now)), lines)
	return told(ctx, r, card, append(found.Buttons, bot.Ask("settings.status", p.T("settings.again"))))
}

// mostDead is how many failures are counted.
const mostDead = 1000

// seen is the machinery in lines.
func seen(p *i18n.Printer, s Sight) []string {
	var lines, up, deaf []string
	for _, link := range s.Links {
		if link.Deaf {
			deaf = append(deaf, link.Name)
		}
		if link.Up {
			up = append(up, link.Name)
		}
	}
	if len(up) > 0 {
		lines = append(lines, p.T("settings.up", "Names", p.List(up...)))
	}
	lines = append(lines, unlinked(p, s.Links)...)
	if len(deaf) > 0 {
		lines = append(lines, p.T("settings.deaf", "Names", p.List(deaf...)))
	}
	switch {
	case s.Waiting == nil:
		lines = append(lines, p.T("settings.uncounted"))
	default:
		lines = append(lines, p.T("settings.waiting", "In", s.Waiting.In, "Out", s.Waiting.Out, "Due", s.Waiting.Due))
	}
	if s.Doubt != nil {
		lines = append(lines, p.T("settings.clock", "Milliseconds", int(s.Doubt.Milliseconds())))
	}
	return lines
}

// unlinked says which chat applications are not connected, and whether that mends
// itself; and which do not bring all that is said.
func unlinked(p *i18n.Printer, links []Link) (lines []string) {
	var down, refused, withheld []string
	for _, link := range links {
		if link.Withheld {
			withheld = append(withheld, link.Name)
		}
		switch {
		case link.Up:
		case link.Refused:
			refused = append(refused, link.Name)
		default:
			down = append(down, link.Name)
		}
	}
	if len(down) > 0 {
		lines = append(lines, p.T("settings.down", "Names", p.List(down...)))
	}
	if len(refused) > 0 {
		lines = append(lines, p.T("settings.refused", "Names", p.List(refused...)))
	}
	if len(withheld) > 0 {
		lines = append(lines, p.T("settings.withheld", "Names", p.List(withheld...)))
	}
	return lines
}

// sources says what is read for the brand, and what does not answer: silence is
// not calm.
func sources(ctx context.Context, r *bot.Request) ([]string, error) {
	all, err := poll.All(ctx, r.Tx, r.Brand.ID)
	if err != nil {
		return nil, err
	}
	p := r.Print
	if len(all) == 0 {
		return []string{p.T("settings.nosource")}, nil
	}
	var newest time.Time
	var lines []string
	well := 0
	for _, one := range all {
		if one.LastOK.After(newest) {
			newest = one.LastOK
		}
		if one.Since.IsZero() {
			well++
		} else if len(lines) < 3 {
			key := "settings.silent"
			if one.Reason == poll.Part {
				key = "settings.part"
			}
			lines = append(lines, p.T(key, "Name", one.Name, "Since", p.Soon(one.Since, r.Now), "Why", one.Why(p)))
		}
	}
	said := p.T("settings.unread", "Count", len(all))
	if !newest.IsZero() {
		said = p.T("settings.sources", "Well", well, "Count", len(all), "When", p.Ago(newest, r.Now))
	}
	return append([]string{said}, lines...), nil
}
