package demo

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"crieur/bot/i18n"
	"crieur/bot/state"
	"crieur/bot/work"
	"crieur/integrations/chat/console"
)

// guide is the tour of the day: it watches what the viewer does and says what
// comes next.
type guide struct {
	demo    *Demo
	catalog *i18n.Catalog

	mu      sync.Mutex
	at      int // of steps; -1 before the day begins
	free    bool
	acting  bool
	night   *nightReport
	told    int    // how many mentions came while exploring
	shown   string // of next steps: the one that the viewer asked about
	started time.Time
}

func newGuide(d *Demo, catalog *i18n.Catalog) *guide {
	return &guide{demo: d, catalog: catalog, at: -1}
}

// State implements console.Tour.
func (g *guide) State(lang, _ string) console.TourState {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.catalog.For(lang, g.demo.space.Brands[0].Zone)
	if g.at < 0 {
		return console.TourState{Welcome: true}
	}
	if g.free {
		return console.TourState{Free: true, Others: []console.TourButton{{Action: "hour", Label: p.T("demo.button.hour")}}}
	}
	all := steps()
	now := all[g.at]
	state := console.TourState{
		Step: g.at + 1, Steps: len(all), Sentence: p.T("demo.step." + now.key), Hint: p.T("demo.hint." + now.key),
		Lamp: now.lamp, Point: now.point,
	}
	if now.label != "" {
		state.Main = &console.TourButton{Action: "next", Label: p.T(now.label), Person: now.person, Pane: now.pane}
	}
	if now.key == "end" {
		g.whatNext(&state, p)
	}
	if now.key == "dawn" && g.night != nil {
		state.Night = g.night.show(p)
	}
	return state
}

// nextSteps are what a viewer may do after the day.
var nextSteps = []string{"brand", "slack", "discord"}

// whatNext offers the ways on, and says how the one that was asked about goes.
func (g *guide) whatNext(state *console.TourState, p *i18n.Printer) {
	for _, way := range nextSteps {
		state.Others = append(state.Others, console.TourButton{Action: way, Label: p.T("demo.button." + way)})
	}
	if g.shown != "" {
		state.Sentence, state.Hint = p.T("demo.next."+g.shown), p.T("demo.next."+g.shown+".how")
	}
}

// Act implements console.Tour.
func (g *guide) Act(ctx context.Context, _, action string) error {
	switch action {
	case console.TourStart, console.TourExplore:
		return g.begin(ctx, action == console.TourExplore)
	case console.TourRestart:
		return g.demo.restart(ctx)
	case "hour":
		return g.hour(ctx)
	}
	if slices.Contains(nextSteps, action) {
		g.mu.Lock()
		g.shown = action
		g.mu.Unlock()
		g.demo.Console.Changed()
		return nil
	}
	return g.next(ctx)
}

// begin begins the day in the viewer's language, or goes on with it; free is
// without the guide.
func (g *guide) begin(ctx context.Context, free bool) error {
	g.mu.Lock()
	fresh := g.at < 0 && !g.acting
	g.acting = g.acting || fresh
	g.mu.Unlock()
	if fresh {
		err := g.demo.speak(ctx, g.demo.Console.Language(author))
		g.mu.Lock()
		g.acting = false
		g.mu.Unlock()
		if err != nil {
			return err
		}
	}
	g.mu.Lock()
	g.free = free
	if g.at < 0 {
		g.at, g.started = 0, time.Now()
	}
	g.mu.Unlock()
	if free {
		g.demo.Console.RevealAll()
	} else {
		g.demo.Console.Reveal(comCh)
	}
	return nil
}

// hour lets an hour pass for who explores, with what is said in it, once
// however often it is clicked.
func (g *guide) hour(ctx context.Context) error {
	g.mu.Lock()
	if g.acting {
		g.mu.Unlock()
		return nil
	}
	g.acting = true
	said := between(g.demo.sample, anytime)
	from := min(g.told, len(said))
	to := min(from+perHour, len(said))
	g.told = to
	g.mu.Unlock()
	err := g.demo.hearAll(ctx, said[from:to], g.demo.Clock.Now().Add(time.Hour), nil)
	g.mu.Lock()
	g.acting = false
	g.mu.Unlock()
	g.demo.Console.Changed()
	return err
}

// perHour is how many mentions come in an hour of exploring.
const perHour = 5

// next does the main button of the current step, once however often it is
// clicked, and goes on.
func (g *guide) next(ctx context.Context) error {
	g.mu.Lock()
	now := steps()[max(g.at, 0)]
	if g.acting || now.label == "" {
		g.mu.Unlock()
		return nil
	}
	g.acting = true
	g.mu.Unlock()
	var err error
	if now.act != nil {
		err = now.act(g.demo, ctx)
	}
	g.mu.Lock()
	g.acting = false
	if err == nil {
		g.at++
	}
	g.mu.Unlock()
	g.demo.Console.Reveal(panes(now)...)
	g.demo.Console.Changed()
	return err
}

// panes are what a step brings into the sidebar.
func panes(s step) []string {
	var all []string
	for _, pane := range []string{s.pane} {
		if pane != "" && !strings.HasPrefix(pane, "@") {
			all = append(all, pane)
		}
	}
	return append(all, comCh)
}

// watch goes on by itself when what a step asks for has happened.
func (g *guide) watch(ctx context.Context) {
	work.Every(ctx, 250*time.Millisecond, func() {
		g.mu.Lock()
		at, free := g.at, g.free
		g.mu.Unlock()
		if at < 0 || free || steps()[at].done == nil {
			return
		}
		tx := state.Begin(g.demo.store(), "guide", g.demo.Clock.Now())
		if done, err := steps()[at].done(ctx, g.demo, tx); err != nil || !done {
			return
		}
		g.mu.Lock()
		if g.at == at {
			g.at++
		}
		g.mu.Unlock()
		g.demo.Console.Changed()
	})
}

// reset puts the guide before the day.
func (g *guide) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.free, g.acting, g.night, g.told, g.shown = -1, false, false, nil, 0, ""
}
