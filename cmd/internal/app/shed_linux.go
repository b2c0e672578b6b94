package app

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// shedProgram gives back the pages of the program itself, most of which only its
// packages' beginnings needed: they come back when they are used again, each by
// itself and not as part of a huge one (2 MiB on amd64).
func shedProgram() error {
	spans, err := programSpans()
	if err != nil {
		return err
	}
	for _, s := range spans {
		// Where the kernel knows no huge pages the first is refused, and needless.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, s.from, s.to-s.from, syscall.MADV_NOHUGEPAGE)
		if _, _, refused := syscall.Syscall(syscall.SYS_MADVISE, s.from, s.to-s.from, syscall.MADV_DONTNEED); refused != 0 {
			return fmt.Errorf("give back the program's pages: %w", refused)
		}
	}
	return nil
}

// span is a range of addresses.
type span struct{ from, to uintptr }

// programSpans are where nothing but clean copies of the program's file are.
func programSpans() (spans []span, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find program: %w", err)
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return nil, fmt.Errorf("read memory map: %w", err)
	}
	defer maps.Close()
	var one span
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		line := lines.Text()
		switch fields := strings.Fields(line); {
		case strings.HasSuffix(line, " "+program) && !strings.HasPrefix(fields[1], "rw"):
			if _, err := fmt.Sscanf(line, "%x-%x", &one.from, &one.to); err != nil {
				return nil, fmt.Errorf("read memory map: %w", err)
			}
		case !strings.HasSuffix(fields[0], ":"): // somebody else's
			one = span{}
		case fields[0] == "Anonymous:" && fields[1] == "0" && one.to > 0: // nothing in it was ever written
			spans = append(spans, one)
		}
	}
	return spans, nil
}
