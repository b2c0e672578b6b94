package console

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"crieur/bot/i18n"
)

// page is what the page template draws: one person in one pane.
type page struct {
	P        *i18n.Printer
	Epoch    string
	Seq      int64
	Me       Person
	Channel  string
	Pane     pane
	Rail     rail
	Stage    stage
	Messages []template.HTML
	Older    bool
	Commands []offer
	Mode     string // "welcome" or "work"
	Most     int    // bytes that the page may send at once
}

// rail is the sidebar.
type rail struct {
	P        *i18n.Printer
	Brand    string
	Me       Person
	Channels []pane
	Direct   pane
	Outside  *pane
	Others   []Person
	Here     string // pane shown
	Point    string // pane to go to
	Rings    int    // how often Me was rung
	Fleeting bool
}

// pane is one entry of the sidebar, and the head of what it shows.
type pane struct {
	ID, Name, About, Path string
	Unread, Rang          int
	Kind                  string // "channel", "direct" or "outside"
}

// stage is the tour bar, with who the viewer is.
type stage struct {
	P        *i18n.Printer
	Shown    bool
	State    TourState
	Now      time.Time
	Clock    string
	Day      string
	Weekday  string
	Me       Person
	Title    string
	First    *Person // whom to become again
	FirstTo  string
	Brand    string
	Fleeting bool
	NightIn  string // "18 h 30", "8 h 45"
	NightOut string
	Moments  []moment
}

type moment struct {
	Clock, Text string
	Rang        bool
}

// offer is a command as the completion list shows it.
type offer struct {
	Name  string `json:"name"`
	Also  string `json:"also,omitempty"`
	About string `json:"about"`
	Hint  string `json:"hint,omitempty"`
}

// page builds what a person sees in a pane; all leaves nothing out.
func (c *Console) page(me Person, channel string, all bool) page {
	lang := c.room.language(me.ID)
	st := c.stage(me, lang)
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	v := page{
		P: c.printer(lang), Epoch: r.epoch, Seq: r.rev, Me: me, Channel: channel, Stage: st,
		Pane: c.pane(me, channel, lang), Rail: c.rail(me, channel, lang, st.State.Point), Commands: c.offers(lang), Mode: st.mode(), Most: maxFrame,
	}
	var drawn []*message
	for _, m := range r.panes[channel] {
		if !m.Gone && r.sees(me.ID, m) {
			drawn = append(drawn, m)
		}
	}
	if !all && len(drawn) > pageSize {
		drawn, v.Older = drawn[len(drawn)-pageSize:], true
	}
	if channel == Outside { // newest first, as networks do
		slices.Reverse(drawn)
	}
	for _, m := range drawn {
		v.Messages = append(v.Messages, trusted(c.drawMessage(m, lang)))
	}
	return v
}

// pane describes a channel to a person; the room's lock is held.
func (c *Console) pane(me Person, channel, lang string) pane {
	p := c.printer(lang)
	v := pane{ID: paneOf(channel), Path: address(me.ID, paneOf(channel)), Kind: "channel"}
	v.Unread, v.Rang = c.room.unread(me.ID, channel)
	switch {
	case channel == Outside:
		v.Name, v.About, v.Kind = p.T("console.outside"), p.T("console.outside.about"), "outside"
	case strings.HasPrefix(channel, "@"):
		v.Name, v.About, v.Kind = "Crieur", p.T("console.direct.about"), "direct"
	}
	for _, ch := range c.opts.Channels {
		if ch.ID == channel {
			v.Name, v.About = ch.Name, ch.About[lang]
		}
	}
	return v
}

// rail builds the sidebar; the room's lock is held.
func (c *Console) rail(me Person, here, lang string, point *Point) rail {
	v := rail{P: c.printer(lang), Brand: c.opts.Brand, Me: me, Here: paneOf(here), Direct: c.pane(me, "@"+me.ID, lang), Fleeting: c.opts.Fleeting}
	for _, ring := range c.room.rings {
		if ring.Person == me.ID {
			v.Rings++
		}
	}
	if point != nil && point.Pane != v.Here {
		v.Point = point.Pane
	}
	for _, ch := range c.opts.Channels {
		if c.room.shown[ch.ID] && c.room.member(me.ID, ch.ID) {
			v.Channels = append(v.Channels, c.pane(me, ch.ID, lang))
		}
	}
	if c.room.shown[Outside] {
		outside := c.pane(me, Outside, lang)
		v.Outside = &outside
	}
	for _, p := range c.opts.People {
		if p.ID != me.ID {
			v.Others = append(v.Others, p)
		}
	}
	return v
}

// stage builds the tour bar. It calls the tour, so no lock may be held.
func (c *Console) stage(me Person, lang string) stage {
	p := c.printer(lang)
	now := c.opts.Now()
	v := stage{P: p, Now: now, Clock: p.Clock(now), Day: p.Day(now, now), Me: me, Title: me.Title[lang], Brand: c.opts.Brand, Fleeting: c.opts.Fleeting}
	v.Weekday, _, _ = strings.Cut(v.Day, " ")
	v.State, v.Shown = c.guide(lang, me.ID)
	if first := c.opts.People[0]; first.ID != me.ID {
		v.First, v.FirstTo = &first, address(first.ID, Direct)
	}
	if night := v.State.Night; night != nil {
		v.NightIn, v.NightOut = p.Clock(night.From), p.Clock(night.To)
		for _, m := range night.Moments {
			v.Moments = append(v.Moments, moment{p.Clock(m.At), m.Text, m.Rang})
		}
	}
	return v
}

func (s stage) mode() string {
	if s.Shown && s.State.Welcome {
		return "welcome"
	}
	return "work"
}

// offers lists the commands in a language, with their other name.
func (c *Console) offers(lang string) []offer {
	list := make([]offer, 0, len(c.opts.Commands))
	for _, cmd := range c.opts.Commands {
		o := offer{Name: cmd.called(lang), About: cmd.About[lang], Hint: cmd.Hint[lang]}
		for _, other := range i18n.Langs() {
			if name := cmd.called(other); name != o.Name {
				o.Also = name
			}
		}
		list = append(list, o)
	}
	return list
}

// called is a command's name in a language.
func (cmd Command) called(lang string) string {
	if name := cmd.Names[lang]; name != "" {
		return name
	}
	return cmd.Name
}
