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
	var record fields
	var begun holdings.Place
	last := ""
	end := func() error {
		f := record
		record, last = nil, ""
		if f.first("hostname") == "" {
			return nil
		}
		return l.add(f, begun)
	}
	err := lines.Each(r, l.in.Name, func(line string, at holdings.Place) error {
		match := member.FindStringSubmatch(line)
		if zone, says := zoneOfLine(line); says && (record == nil || match == nil) {
			if err := end(); err != nil {
				return err
			}
			return l.enter(zone, line, at)
		}
		switch {
		case strings.TrimSpace(line) == "":
			return end()
		case match == nil && last != "" && strings.HasPrefix(line, " "):
			record[last] += strings.TrimSpace(line)
			return nil
		case match == nil:
			return end()
		}
		name := fieldOf(match[1])
		if _, again := record[name]; again { // no blank line is between two records
			if err := end(); err != nil {
				return err
			}
		}
		if record == nil {
			record, begun = make(fields), at
		}
		record[name], last = strings.TrimSpace(match[2]), name
		return nil
	})
	if err != nil {
		return err
	}
	return end()
}
