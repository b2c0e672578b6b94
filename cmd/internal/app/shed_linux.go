package app

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// shed gives back the memory that only the start needed: its garbage, and the
// pages of the program itself, most of which are its packages' beginnings. Those
// are clean copies of its file, and come back when they are used again.
func shed() error {
	debug.FreeOSMemory()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find program: %w", err)
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return fmt.Errorf("read memory map: %w", err)
	}
	defer maps.Close()
	var from, to uintptr
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		line := lines.Text()
		switch fields := strings.Fields(line); {
		case strings.HasSuffix(line, " "+program):
			if _, err := fmt.Sscanf(line, "%x-%x", &from, &to); err != nil || strings.HasPrefix(fields[1], "rw") {
				from, to = 0, 0
			}
		case !strings.HasSuffix(fields[0], ":"): // somebody else's
			from, to = 0, 0
		case fields[0] == "Anonymous:" && fields[1] == "0" && to > 0: // nothing in it was ever written
			if _, _, refused := syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED); refused != 0 {
				return fmt.Errorf("give back the program's pages: %w", refused)
			}
		}
	}
	return nil
}
