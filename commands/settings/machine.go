package settings

import (
	"context"
	"time"
)

// Machine looks at what runs. It answers within its own deadline; what it cannot
// see is left out, never guessed.
type Machine interface {
	Look(ctx context.Context) Sight
}

// Sight is what one process sees of the machinery.
type Sight struct {
	// Links are the connections to chat applications that this process holds.
	Links []Link
	// Waiting counts what has not been done yet; nil when it could not be counted.
	Waiting *Waiting
	// Doubt is how far the shared clock may be off; nil when there is no such clock.
	Doubt *time.Duration
}

// Link is one connection.
type Link struct {
	Name string // as people call it
	Up   bool
	// Refused says that the platform does not accept us: nobody but an administrator of
	// it can mend that.
	Refused bool
	// Withheld says that the platform held back some of what was said: it may not come.
	Withheld bool
	Deaf     bool // @Crieur is not heard in its channels
}

// Waiting is what has not been done yet.
type Waiting struct {
	In  int // happened, not handled
	Out int // to be sent
	Due int // comes at its time
}
