//go:build !linux

package app

import "runtime/debug"

// shed gives back the garbage of the start.
func shed() error {
	debug.FreeOSMemory()
	return nil
}
