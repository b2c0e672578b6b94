package redistest

import "testing"

// TestFreePort gives no port twice, though no server listens on it.
func TestFreePort(t *testing.T) {
	seen := map[int]bool{}
	for range among / 5 {
		port := FreePort(t)
		if seen[port] {
			t.Fatalf("port %d twice", port)
		}
		seen[port] = true
	}
}
