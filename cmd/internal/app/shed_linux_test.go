package app

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// What is given back is not resident any more, and the program goes on.
func TestShed(t *testing.T) {
	spans, err := programSpans()
	if err != nil || len(spans) == 0 {
		t.Fatalf("%v, %v", spans, err)
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	for _, s := range spans { // what is read becomes resident
		if _, err := memory.ReadAt(make([]byte, s.to-s.from), int64(s.from)); err != nil {
			t.Fatal(err)
		}
	}
	before := filePages(t)
	if err := shedProgram(); err != nil {
		t.Fatal(err)
	}
	if after := filePages(t); after > before/2 {
		t.Errorf("%d KiB of files are resident, %d before", after, before)
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
