package windows

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// column is where a column of a table begins, counted in letters, and what it is called.
type column struct {
	start int
	name  string
}

// rule matches the line below a table's header.
var rule = regexp.MustCompile(`^\s*-+(\s+-+)+\s*$`)

func isRule(line string) bool { return rule.MatchString(line) }

// starts returns where the columns above a rule begin.
func starts(line string) []int {
	var all []int
	before := ' '
	for at, c := range []rune(line) {
		if c == '-' && before != '-' {
			all = append(all, at)
		}
		before = c
	}
	return all
}

// sliced returns the parts of a line that begin there.
func sliced(line string, starts []int) []string {
	letters := []rune(line)
	parts := make([]string, len(starts))
	for i, start := range starts {
		end := len(letters)
		if i+1 < len(starts) {
			end = min(end, starts[i+1])
		}
		if start < end {
			parts[i] = strings.TrimSpace(string(letters[start:end]))
		}
	}
	return parts
}

// headerOf returns what the columns of a table are called.
func headerOf(header, rule string) []string { return sliced(header, starts(rule)) }

// table is a table that is being read.
type table struct {
	*listing
	before  string // the line before
	columns []column
	row     fields // the last one, of which more lines may follow
	at      holdings.Place
	rows    int
	lines   int
}

var errNoTable = errors.New("no line up to here has the columns HostName and RecordType")

// maxJunk is after how many lines without a table a file is given up.
const maxJunk = 1000

// readTable reads what the command prints by itself. A row may be wrapped: the lines that
// follow have the rest of what is too long.
func (l *listing) readTable(r io.Reader) error {
	t := &table{listing: l}
	if err := lines.Each(r, l.in.Name, t.line); err != nil {
		return err
	}
	return t.end()
}

// line reads a line.
func (t *table) line(line string, at holdings.Place) error {
	if t.lines++; t.rows == 0 && t.lines > maxJunk {
		return at.Errorf("%w", errNoTable)
	}
	before := t.before
	t.before = line
	if zone, says := zoneOfLine(line); says {
		if err := t.end(); err != nil {
			return err
		}
		t.columns = nil
		return t.enter(zone, line, at)
	}
	switch {
	case isRule(line):
		t.row = nil // which was the header, if there is no blank line before it
		t.begin(before, line)
		return nil
	case strings.TrimSpace(line) == "" || t.columns == nil:
		t.columns = nil
		return t.end()
	}
	row := make(fields)
	for i, part := range sliced(line, t.starts()) {
		row[t.columns[i].name] = part
	}
	if t.row != nil && row["recordtype"] == "" && t.has("recordtype") {
		for name, rest := range row {
			t.row[name] += rest
		}
		return nil
	}
	if err := t.end(); err != nil {
		return err
	}
	t.row, t.at = row, at
	return nil
}

// begin begins a table: the line before has what its columns are called.
func (t *table) begin(header, rule string) {
	t.columns = nil
	for i, name := range headerOf(header, rule) {
		t.columns = append(t.columns, column{start: starts(rule)[i], name: fieldOf(name)})
	}
}

func (t *table) starts() []int {
	all := make([]int, len(t.columns))
	for i, c := range t.columns {
		all[i] = c.start
	}
	return all
}

func (t *table) has(name string) bool {
	for _, c := range t.columns {
		if c.name == name {
			return true
		}
	}
	return false
}

// end adds the last row.
func (t *table) end() error {
	row := t.row
	t.row = nil
	if row == nil {
		return nil
	}
	t.rows++
	return t.add(row, t.at)
}
