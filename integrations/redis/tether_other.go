//go:build !unix

package redis

import (
	"io"
	"os"
)

// tethered is a process that ends with this one; here there is no way to have one.
type tethered struct{ done chan struct{} }

func tether(string, io.Writer, ...string) (*tethered, error) { return nil, ErrNoServer }

func (t *tethered) end()  {}
func (t *tethered) kill() {}

func lockFile(path string) (*os.File, error) { return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) }
