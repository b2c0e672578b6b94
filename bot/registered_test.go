package bot_test

import (
	"context"
	"slices"
	"testing"

	"crieur/bot"
)

func TestRegistered(t *testing.T) {
	m := bot.NewMux(nil)
	form := bot.Shape{Ack: bot.Open, Form: func(context.Context, *bot.Request) (bot.Form, error) { return bot.Form{}, nil }}
	m.Command(bot.CommandRoute{Name: "b", Bare: form})
	m.Command(bot.CommandRoute{Name: "a", With: form})
	m.Command(bot.CommandRoute{Name: "c"})
	m.Action(bot.ActionRoute{Name: "x.form", Shape: form})
	m.Action(bot.ActionRoute{Name: "x.act"})
	for _, name := range []string{"v2", "v1"} {
		m.View(name, nil)
	}
	if got := m.Forms(); !slices.Equal(got, []string{"/a", "/b", "x.form"}) {
		t.Errorf("forms %q", got)
	}
	if got := m.Views(); !slices.Equal(got, []string{"v1", "v2"}) {
		t.Errorf("views %q", got)
	}
}
