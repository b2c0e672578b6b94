package people

import (
	"context"

	"crieur/bot"
)

// Home offers on everybody's home page to say when they are away, and to look
// somebody up.
func (c *Chat) Home(_ context.Context, r *bot.Request) (bot.Glance, error) {
	return bot.Glance{Buttons: []bot.Button{
		{Action: "people.leave", Label: r.Print.T("people.leave")}, {Action: "people.look", Label: r.Print.T("people.look")}}}, nil
}
