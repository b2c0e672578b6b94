package app

import (
	"log/slog"

	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/commands/moderation"
)

// sealerOf is the sealer of a space: members are people, and so is whoever a
// conversation or a moderated message is with, whose name a digest without salt would give away.
func sealerOf(space brand.Source, trail audit.Trail, key *audit.Key, owner string, log *slog.Logger) *audit.Sealer {
	return &audit.Sealer{Trail: trail, Owner: owner, Key: key, Log: log, Personal: func(kind, id string) bool {
		return kind == "case" || kind == moderation.Kind || kind == "member" || space.Now().Member(id) != nil
	}}
}
