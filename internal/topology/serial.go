package topology

import (
	"math"
	"strconv"
	"strings"
)

// serial reads the serial of all zones, 0 where there is none. 0 cannot be written:
// nobody could tell it from no serial.
func (v *validator) serial(s integer) uint32 {
	if !s.present() {
		return 0
	}
	serial, err := strconv.ParseUint(s.text, 10, 32)
	// 010 is 10 in YAML 1.2, and 8 in YAML 1.1.
	if err != nil || s.text[0] == '0' {
		v.errorf(CodeBadSerial, s.at, "serial", serialHint([]string{s.text}),
			"serial is %s: expected a whole number from 1 to %d", s.text, uint32(math.MaxUint32))
		return 0
	}
	return uint32(serial)
}

// serialHint says how a serial is written. What has other characters between digits,
// such as a date, is meant without them.
func serialHint(texts []string) string {
	digits := strings.Map(func(c rune) rune {
		if strings.ContainsRune("-_., ", c) {
			return -1
		}
		return c
	}, strings.Join(texts, ""))
	serial, err := strconv.ParseUint(strings.TrimLeft(digits, "0"), 10, 32)
	if err != nil || serial == 0 {
		return leaveOutSerial
	}
	return "write " + strconv.FormatUint(serial, 10)
}

const leaveOutSerial = "write 2026112901, the date and two more digits, or another number of ten digits at most that grows with each change"
