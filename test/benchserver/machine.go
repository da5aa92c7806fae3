//go:build linux

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machine is where and when something was measured.
type machine struct {
	processor, kernel, system string
	processors                int
	date                      time.Time
}

// thisMachine describes this machine, now.
func thisMachine() machine {
	return machine{
		processor:  cmp.Or(value("/proc/cpuinfo", "model name", ":"), runtime.GOARCH),
		kernel:     kernel(),
		system:     strings.Trim(value("/etc/os-release", "PRETTY_NAME", "="), `"`),
		processors: runtime.NumCPU(),
		date:       time.Now(),
	}
}

// String returns it in one line.
func (m machine) String() string {
	parts := []string{fmt.Sprintf("%d × %s", m.processors, m.processor), "Linux " + m.kernel}
	if m.system != "" {
		parts = append(parts, m.system)
	}
	return strings.Join(append(parts, m.date.Format("2 January 2006")), ", ")
}

func kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "of an unknown release"
	}
	return unix.ByteSliceToString(name.Release[:])
}

// value returns what stands behind a key in a file that has one in each line; ""
// if there is none.
func value(path, key, separator string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		before, after, ok := strings.Cut(lines.Text(), separator)
		if ok && strings.TrimSpace(before) == key {
			return strings.TrimSpace(after)
		}
	}
	return ""
}
