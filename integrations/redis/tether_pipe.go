//go:build unix && !linux

package redis

import "io"

func tether(binary string, said io.Writer, args ...string) (*tethered, error) {
	return tetherByPipe(binary, said, args...)
}
