package statetest_test

import (
	"testing"

	"crieur/bot/state/statetest"
)

func TestMem(t *testing.T) {
	statetest.Run(t, func(*testing.T) statetest.Backend { return statetest.NewMem() })
}
