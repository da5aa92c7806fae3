package windows

import (
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// member matches a line of a list: a member's name, and its value.
var member = regexp.MustCompile(`^(\S+)\s*: ?(.*)$`)

// lists are members that a record in a list has.
var lists = map[string]bool{"hostname": true, "recordtype": true, "recorddata": true, "timetolive": true}

// memberOf returns the name of the member that a line of a list has, or "".
func memberOf(line string) string {
	if match := member.FindStringSubmatch(line); match != nil {
		return match[1]
	}
	return ""
}

// readList reads what Format-List prints: a member a line, and blank lines between the
// records. What is too long goes on in lines that are indented.
func (l *listing) readList(r io.Reader) error {
	m := members{listing: l}
	if err := lines.Each(r, l.in.Name, m.line); err != nil {
		return err
	}
	return m.end()
}

// members are those of a record that is being read.
type members struct {
	*listing
	record fields
	begun  holdings.Place
	last   string // the member that was read last, or ""
}

// line reads a line.
func (m *members) line(line string, at holdings.Place) error {
	match := member.FindStringSubmatch(line)
	if zone, says := zoneOfLine(line); says && (m.record == nil || match == nil) {
		if err := m.end(); err != nil {
			return err
		}
		return m.enter(zone, line, at)
	}
	switch {
	case strings.TrimSpace(line) == "":
		return m.end()
	case match == nil && m.last != "" && strings.HasPrefix(line, " "):
		m.record[m.last] += strings.TrimSpace(line)
		return nil
	case match == nil:
		return m.end()
	}
	return m.member(fieldOf(match[1]), strings.TrimSpace(match[2]), at)
}

// member adds a member. No blank line need be between two records.
func (m *members) member(name, value string, at holdings.Place) error {
	if _, again := m.record[name]; again {
		if err := m.end(); err != nil {
			return err
		}
	}
	if m.record == nil {
		m.record, m.begun = make(fields), at
	}
	m.record[name], m.last = value, name
	return nil
}

// end adds the record that was read, if there is one.
func (m *members) end() error {
	record := m.record
	m.record, m.last = nil, ""
	if record.first("hostname") == "" {
		return nil
	}
	return m.add(record, m.begun)
}
