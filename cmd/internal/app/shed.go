package app

import (
	"os"
	"runtime/debug"
)

// garbage is how much may wait for the collector, in percent of what is in use:
// less than Go's 100, since a bot waits most of its time, and that costs a few
// percent of the processor only when it does not.
const garbage = 60

// shed gives back the memory that only the start needed, and keeps what follows
// small unless the environment (GOGC) says otherwise.
func shed() error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	debug.FreeOSMemory()
	return shedProgram()
}
