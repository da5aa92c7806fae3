package topology_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/topology"
)

// mender does to a text what a hint says, and nothing that it does not say. It knows
// what a person knows who can edit, but has never seen a topology: what a value is,
// and what it is to leave one out.
type mender struct {
	lines []string
	at    topology.Place
}

// remedies are the ways in which a hint says what to do, in the order in which they
// are tried.
var remedies = []struct {
	says *regexp.Regexp
	do   func(m *mender, what []string)
}{
	{regexp.MustCompile(`^did you mean "([^"]*)"`), func(m *mender, what []string) { m.replace(m.likeBefore(what[1])) }},
	{regexp.MustCompile(`^put it in (?:single )?quotes: (["'].*)$`), func(m *mender, what []string) { m.replace(what[1]) }},
	{regexp.MustCompile(`^write an item for each: (.*)$`), func(m *mender, what []string) { m.items(what[1]) }},
	{regexp.MustCompile(`^write a line for each, the endpoint first: (.*)$`), func(m *mender, what []string) { m.lineForEach(strings.Split(what[1], ", ")) }},
	{regexp.MustCompile(`^close it(?: with the quote that opens it)?: write (.*)$`), func(m *mender, what []string) { m.replaceUpTo(what[1], "],}") }},
	{regexp.MustCompile(`^leave out "([^"]+)"$`), func(m *mender, what []string) { m.cut(len([]rune(what[1])), "") }},
	{regexp.MustCompile(`^leave out its brackets$`), func(m *mender, _ []string) {
		inner := first(m.rest())
		m.cut(len([]rune(inner)), inner[1:len(inner)-1])
	}},
	{regexp.MustCompile(`^put "([^"]+)" in the place of "([^"]+)"$`), func(m *mender, what []string) { m.cut(len([]rune(what[2])), what[1]) }},
	{regexp.MustCompile(`^put a space before it$`), func(m *mender, _ []string) { m.insert(0, " ") }},
	{regexp.MustCompile(`^put a space behind the colon`), func(m *mender, _ []string) { m.insert(1, " ") }},
	{regexp.MustCompile(`^put a space behind the dash`), func(m *mender, _ []string) { m.insert(1, " ") }},
	{regexp.MustCompile(`^put a colon behind it`), func(m *mender, _ []string) { m.insert(len(m.rest()), ":") }},
	{regexp.MustCompile(`^put a comma before it`), func(m *mender, _ []string) { m.insert(0, ", ") }},
	{regexp.MustCompile(`^put a colon and a space in its place`), func(m *mender, _ []string) { m.cut(1, ": ") }},
	{regexp.MustCompile(`^put nothing in its place`), func(m *mender, _ []string) { m.cut(1, "") }},
	{regexp.MustCompile(`^put a space in its place`), func(m *mender, _ []string) { m.cut(1, " ") }},
	{regexp.MustCompile(`^put (\d+) spaces? in the place of each tab`), func(m *mender, what []string) { m.withoutTabs(number(what[1])) }},
	{regexp.MustCompile(`^declare it under regions: add (\S+: \{\})`), func(m *mender, what []string) { m.addRegion(what[1]) }},
	{regexp.MustCompile(`^leave out the line, and indent all that is below it with (\d+) spaces? less`), func(m *mender, what []string) { m.unwrap(number(what[1])) }},
	{regexp.MustCompile(`^put (\S+) at the end of line (\d+)`), func(m *mender, what []string) { m.lines[number(what[2])-1] += what[1] }},
	{regexp.MustCompile(`^indent \S+ with (\d+) spaces, and what is below it with (\d+)`), func(m *mender, what []string) { m.indentBlock(number(what[1]), number(what[2])) }},
	{regexp.MustCompile(`^put the line (\S+) before it, and indent it with (\d+) spaces`), func(m *mender, what []string) {
		m.lines[m.at.Line-1] = strings.Repeat(" ", m.at.Column-1) + what[1] + "\n" + strings.Repeat(" ", number(what[2])) + strings.TrimLeft(*m.line(), " ")
	}},
	{regexp.MustCompile(`^put the line (\S+) before it, indented with (\d+) spaces?`), func(m *mender, what []string) {
		m.lines = slices.Insert(m.lines, m.at.Line-1, strings.Repeat(" ", number(what[2]))+what[1])
	}},
	{regexp.MustCompile(`^indent (?:it|\S+) with (\d+) spaces?`), func(m *mender, what []string) { m.indent(number(what[1])) }},
	{regexp.MustCompile(`^swap the two: (\S+: \S+)$`), func(m *mender, what []string) {
		*m.line() = (*m.line())[:len(*m.line())-len(strings.TrimLeft(*m.line(), " "))] + what[1]
	}},
	{regexp.MustCompile(`^write (\{\S+: .*\})$`), func(m *mender, what []string) { m.replaceLine(what[1]) }},
	{regexp.MustCompile(`^write (clients: \[\S+\]) in it`), func(m *mender, what []string) { m.lines[m.at.Line-1] += "\n    " + what[1] }},
	{regexp.MustCompile(`^write (["'\[{].*|[^ ,;]+: .*)$`), func(m *mender, what []string) { m.replace(first(what[1])) }},
	{regexp.MustCompile(`: write ((?:regions|vpcs): \{.*\})`), func(m *mender, what []string) { m.lines = append(m.lines, what[1]) }},
	{regexp.MustCompile(`such as ("[^"]*"|[^ ,;]+[^ ,;:])`), func(m *mender, what []string) { m.replace(what[1]) }},
	{regexp.MustCompile(`write ("[^"]*"|[^ ,;:]+(?:, [0-9.:/]+)*)`), func(m *mender, what []string) { m.replace(what[1]) }},
	{regexp.MustCompile(`^declared under regions: ([^ ,]+)`), func(m *mender, what []string) { m.replace(what[1]) }},
	{regexp.MustCompile(`leave out the line ---`), func(m *mender, _ []string) { m.leaveOutMark() }},
	{regexp.MustCompile(`leave|keep one of them|remove`), func(m *mender, _ []string) { m.leaveOut() }},
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// first returns the value that a text begins with, if it is in brackets.
func first(text string) string {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return text[:i+1]
			}
		case ',', ';':
			if depth == 0 {
				return text[:i]
			}
		}
	}
	return text
}

// mend returns a text in which a finding's hint was followed, and whether the hint
// says anything that can be followed.
func mend(text string, f topology.Finding) (mended string, ok bool) {
	for _, remedy := range remedies {
		what := remedy.says.FindStringSubmatch(f.Hint)
		if what == nil {
			continue
		}
		m := &mender{lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n"), at: f.Place}
		remedy.do(m, what)
		return strings.Join(m.lines, "\n") + "\n", true
	}
	return text, false
}

func (m *mender) line() *string { return &m.lines[m.at.Line-1] }

// offset is where the place is in its line, in octets.
func (m *mender) offset() int {
	if m.at.Line == 0 {
		return 0
	}
	runes := []rune(*m.line())
	return len(string(runes[:min(m.at.Column-1, len(runes))]))
}

// rest is the line from the place on.
func (m *mender) rest() string { return (*m.line())[m.offset():] }

func (m *mender) insert(after int, text string) {
	at := m.offset() + after
	*m.line() = (*m.line())[:at] + text + (*m.line())[at:]
}

// cut puts a text in the place of so many characters.
func (m *mender) cut(characters int, text string) {
	rest := []rune(m.rest())
	*m.line() = (*m.line())[:m.offset()] + text + string(rest[characters:])
}

// extent is how many octets the value at the place has: what is in quotes or in
// brackets, or else all up to what ends a plain one.
func (m *mender) extent() int {
	rest := m.rest()
	switch {
	case rest == "":
		return 0
	case rest[0] == '"' || rest[0] == '\'':
		if n := strings.IndexByte(rest[1:], rest[0]); n >= 0 {
			return n + 2
		}
	case rest[0] == '[' || rest[0] == '{':
		return len(first(rest))
	}
	end := len(rest)
	for _, stop := range []string{": ", " #"} {
		if n := strings.Index(rest, stop); n >= 0 {
			end = min(end, n)
		}
	}
	if end == len(rest) && strings.HasSuffix(rest, ":") {
		end--
	}
	if before := (*m.line())[:m.offset()]; strings.Count(before, "[")+strings.Count(before, "{") > strings.Count(before, "]")+strings.Count(before, "}") {
		if n := strings.IndexAny(rest, ",]}"); n >= 0 {
			end = min(end, n)
		}
	}
	return len(strings.TrimRight(rest[:end], " "))
}

// replace writes a value in the place of the one that is there. One of several lines
// goes behind its key.
func (m *mender) replace(text string) {
	rest := m.rest()
	whole := m.offset() == len(*m.line())-len(strings.TrimLeft(*m.line(), " "))
	switch {
	case strings.HasPrefix(rest, "- ") && whole:
		m.replaceBlock(text)
		return
	case whole && pair.MatchString(text):
		*m.line() = (*m.line())[:m.offset()] + text
		return
	case rest == "" && !strings.HasSuffix(*m.line(), " "):
		text = " " + text
	}
	n := m.extent()
	if plain, err := strconv.Unquote(text); err == nil && strings.HasPrefix(rest, plain) {
		n = max(n, len(plain))
	}
	*m.line() = (*m.line())[:m.offset()] + text + rest[n:]
}

// items writes several items in the place of one: in lines of their own where that is in
// one.
func (m *mender) items(texts string) {
	if before := (*m.line())[:m.offset()]; strings.TrimSpace(before) == "-" {
		texts = strings.ReplaceAll(texts, ", ", "\n"+before)
	}
	m.replace(texts)
}

// pair matches a key with a value.
var pair = regexp.MustCompile(`^[a-z_]+: `)

// lineForEach puts lines in the place of a key with its list or mapping, which stands behind it or below.
func (m *mender) lineForEach(entries []string) {
	from, to := m.at.Line-1, m.at.Line
	if below := strings.Repeat(" ", m.at.Column-1); strings.TrimSpace((*m.line())[:m.offset()]) == "" {
		from--
		for to < len(m.lines) && strings.HasPrefix(m.lines[to], below) {
			to++
		}
	}
	indent := m.lines[from][:len(m.lines[from])-len(strings.TrimLeft(m.lines[from], " "))]
	for i := range entries {
		entries[i] = indent + entries[i]
	}
	m.lines = slices.Replace(m.lines, from, to, entries...)
}

// replaceBlock writes a value in the place of a list in lines.
func (m *mender) replaceBlock(text string) {
	from, width := m.at.Line-1, m.at.Column-1
	to := from + 1
	for to < len(m.lines) && (width == 0 && strings.HasPrefix(m.lines[to], "- ") || len(m.lines[to])-len(strings.TrimLeft(m.lines[to], " ")) > width ||
		strings.HasPrefix(m.lines[to], strings.Repeat(" ", width)+"- ")) {
		to++
	}
	m.lines[from-1] += " " + text
	m.lines = append(m.lines[:from:from], m.lines[to:]...)
}

// replaceLine writes a mapping in the place of the value that is there: a key with its
// value, too, where that is no longer in brackets.
func (m *mender) replaceLine(text string) {
	if before := (*m.line())[:m.offset()]; strings.HasSuffix(before, ": ") && strings.Contains(m.rest(), ": ") && !strings.ContainsAny(before, "[{") && !strings.ContainsRune("[{", rune(m.rest()[0])) {
		*m.line() = before + text
		return
	}
	m.replace(text)
}

// replaceUpTo replaces what is there up to one of some characters.
func (m *mender) replaceUpTo(text, stop string) {
	rest := m.rest()
	n := len(rest)
	if at := strings.IndexAny(rest, stop); at >= 0 {
		n = at
	}
	*m.line() = (*m.line())[:m.offset()] + text + rest[n:]
}

// likeBefore puts a text into the quotes that are there.
func (m *mender) likeBefore(text string) string {
	if rest := m.rest(); strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "'") || strings.HasPrefix(text, "*") {
		return strconv.Quote(text)
	}
	return text
}

func (m *mender) indent(width int) {
	*m.line() = strings.Repeat(" ", width) + strings.TrimLeft(*m.line(), " \t")
}

// indentBlock indents a line, and those that are indented more.
func (m *mender) indentBlock(width, below int) {
	own := len(*m.line()) - len(strings.TrimLeft(*m.line(), " "))
	m.indent(width)
	for m.at.Line++; m.at.Line <= len(m.lines) && strings.HasPrefix(*m.line(), strings.Repeat(" ", own+1)); m.at.Line++ {
		m.indent(below)
	}
}

// withoutTabs puts so many spaces in the place of each tab that a line begins with.
func (m *mender) withoutTabs(spaces int) {
	for i, line := range m.lines {
		rest := strings.TrimLeft(line, " \t")
		m.lines[i] = strings.ReplaceAll(line[:len(line)-len(rest)], "\t", strings.Repeat(" ", spaces)) + rest
	}
}

// addRegion adds a region to the others.
func (m *mender) addRegion(text string) {
	for i, line := range m.lines {
		switch {
		case line == "regions:":
			below := m.lines[i+1]
			m.lines = slices.Insert(m.lines, i+1, below[:len(below)-len(strings.TrimLeft(below, " "))]+text)
			return
		case strings.HasPrefix(line, "regions: {"):
			m.lines[i] = strings.Replace(line, "{", "{"+text+", ", 1)
			return
		}
	}
}

// unwrap leaves out a line, and indents what is below it less.
func (m *mender) unwrap(spaces int) {
	m.lines = slices.Delete(m.lines, m.at.Line-1, m.at.Line)
	for i := m.at.Line - 1; i < len(m.lines); i++ {
		m.lines[i] = strings.TrimPrefix(m.lines[i], strings.Repeat(" ", spaces))
	}
}

// leaveOutMark removes the line that begins a document.
func (m *mender) leaveOutMark() {
	for i := m.at.Line - 1; i >= 0; i-- {
		if strings.HasPrefix(m.lines[i], "---") {
			m.lines = append(m.lines[:i], m.lines[i+1:]...)
			return
		}
	}
}

// leaveOut removes what is at the place: a character, a word before a value, an item
// of a list, or an entry with all that is below it.
func (m *mender) leaveOut() {
	rest, before := m.rest(), (*m.line())[:m.offset()]
	inBrackets := strings.Count(before, "[")+strings.Count(before, "{") > strings.Count(before, "]")+strings.Count(before, "}")
	switch {
	case rest != "" && strings.ContainsRune("]},", rune(rest[0])):
		m.cut(1, "")
	case rest != "" && strings.ContainsRune("&!", rune(rest[0])):
		word, _, _ := strings.Cut(rest, " ")
		m.cut(len([]rune(word)), "")
	case inBrackets && !strings.HasPrefix(rest, "{") && strings.Contains(rest, "]"):
		n := m.extent()
		left, right := strings.TrimRight(before, ", "), strings.TrimLeft(rest[n:], " ")
		if strings.HasSuffix(left, "[") {
			right = strings.TrimLeft(strings.TrimPrefix(right, ","), " ")
		}
		*m.line() = left + right
	default:
		m.leaveOutEntry()
	}
}

// leaveOutEntry removes a line, and those below it that are indented more.
func (m *mender) leaveOutEntry() {
	from := m.at.Line - 1
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	to := from + 1
	for to < len(m.lines) && indent(m.lines[to]) > indent(m.lines[from]) {
		to++
	}
	m.lines = append(m.lines[:from:from], m.lines[to:]...)
}
