package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"crieur": main}) }

// TestCommandLine runs what an operator would type.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: func(env *testscript.Env) error {
		env.Setenv("K", "k1k1k1k1k1k1k1k1k1k1k1k1k1k1k1k1")
		env.Setenv("B", "xoxb-hunter2")
		env.Setenv("A", "xapp-hunter2")
		return nil
	}})
}
