package bot

import (
	"crieur/bot/board"
	"crieur/bot/outbox"
)

// Aside is where a card hangs for the person who acts, alone: in their own
// conversation of the application that they are in, as an answer.
func (r *Request) Aside() board.Hang {
	return board.Hang{Place: board.Place{Platform: string(r.Platform), Team: r.Team, Channel: "@" + r.User.ID},
		Member: r.Member.ID, Lang: r.Print.Lang, Class: outbox.Answer}
}
