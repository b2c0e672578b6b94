package statetest_test

import (
	"testing"

	"crieur/bot/state/statetest"
)

func TestMem(t *testing.T) {
	statetest.Run(t, func(*testing.T) statetest.Backend { return statetest.NewMem() })
}

func TestMemTrail(t *testing.T) {
	statetest.RunTrail(t, func(*testing.T) statetest.TrailBackend { return statetest.NewMem() })
}
