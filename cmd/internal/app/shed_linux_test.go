package app

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// What is given back is not resident any more, and the program goes on.
func TestShed(t *testing.T) {
	before := filePages(t)
	if err := shed(); err != nil {
		t.Fatal(err)
	}
	if after := filePages(t); after > before*3/4 {
		t.Errorf("%d KiB of the program's file are resident, %d before", after, before)
	}
}

// filePages are the KiB of files that are in the memory of this process.
func filePages(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "RssFile:")
	n, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
