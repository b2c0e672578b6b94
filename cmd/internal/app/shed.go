package app

import "runtime/debug"

// shed gives back the memory that only the start needed.
func shed() error {
	debug.FreeOSMemory()
	return shedProgram()
}
