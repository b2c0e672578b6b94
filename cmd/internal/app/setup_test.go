package app_test

import (
	"os"
	"testing"

	"crieur/bot/bottest"
	"crieur/bot/brand"
)

// TestSetupConversations plays what happens in a space that has no brand yet, on
// every surface.
func TestSetupConversations(t *testing.T) {
	script, err := os.ReadFile("testdata/setup/first.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for name, surface := range surfaces {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bottest.Run(t, func(t *testing.T) bottest.Scene {
				return stage(t, surface, func(space brand.Space) *brand.Space {
					space.Brands = nil
					return &space
				})
			}, script)
		})
	}
}
