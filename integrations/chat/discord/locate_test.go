package discord

import (
	"testing"

	"crieur/bot/board"
)

func TestLocate(t *testing.T) {
	for want, at := range map[string]board.Place{
		"https://discord.com/channels/G/C/M": {Team: "G", Channel: "C", Message: "M"},
		"https://discord.com/channels/G/T/M": {Team: "G", Channel: "C", Thread: "T", Message: "M"},
		"":                                   {Team: "G", Channel: "C"},
	} {
		if got := (&Chat{}).Locate(at); got != want {
			t.Errorf("%+v is at %q, not %q", at, got, want)
		}
	}
}
