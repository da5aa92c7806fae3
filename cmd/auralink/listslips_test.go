package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// mistakenLists are lists of exports with a mistake each.
var mistakenLists = []string{
	// The shape of the file.
	"", "# nothing\n", "hello", "exports:", "exports: foo", "exports: {}", "exports: [apps]", "exports:\n- apps\n", "exports:\n-\n- {vpc: apps, format: bind, out: a}",
	"- {vpc: apps, format: bind, out: a}", "- vpc: apps\n  format: bind\n  out: a", "[{vpc: apps, format: bind, out: a}]", "vpc: apps\nformat: bind\nout: a", "{vpc: apps, format: bind, out: a}",
	"exports: {vpc: apps, format: bind, out: a}", "exports:\n  vpc: apps\n  format: bind\n  out: a", "exports: {one: {vpc: apps, format: bind, out: a}, two: {vpc: batch, format: bind, out: b}}",
	"exports:\n  one:\n    vpc: apps\n    format: bind\n    out: a\n", "exports: [[{vpc: apps, format: bind, out: a}]]", "export: [{vpc: apps, format: bind, out: a}]", "Exports: [{vpc: apps, format: bind, out: a}]",
	"exports: [{vpc: apps, format: bind, out: a}]\nexports: [{vpc: apps, format: bind, out: b}]", "exports: [{vpc: apps, format: bind, out: a}]\nversion: 1", "exports: [&a {vpc: apps, format: bind, out: a}, *a]",
	"exports: [{vpc: apps, format: bind, out: a}]\n---\nexports: []",
	// What is no YAML.
	"exports: [{vpc: apps, format: rpz: out: a}]", "exports: [{vpc: apps format: bind, out: a}]", "exports:\n- vpc: apps, format: bind, out: a", "exports:\n- vpc: apps\n  format: bind: x\n  out: a", "exports:\n- {vpc: apps, format: bind, out: a",
	"exports:\n- {vpc: apps, format: bind, out: \"a}", "exports:\n- vpc: apps\n  format: bind\n\tout: a", "exports:\n- {vpc: apps, format: `bind`, out: a}", "exports:\n- {vpc: apps, format: @bind, out: a}", "exports:\n- {vpc: apps, format: rpz, out: \"a\\dir\"}",
	"exports:\n- vpc: apps\n   format: bind\n  out: a", "exports:\n- vpc: apps\n  format = bind\n  out: a", "exports:\n- {vpc:apps, format: bind, out: a}",
	// Keys.
	"exports: [{vpc: apps, fromat: bind, out: a}]", "exports: [{vpc: apps, format: bind, dir: a}]", "exports: [{vpc: apps, type: bind, out: a}]", "exports: [{network: apps, format: bind, out: a}]", "exports: [{vpc: apps, format: bind, out: a, force: [region]}]",
	"exports: [{vpc: apps, format: bind, out: a, name: one}]", "exports: [{vpc: apps, format: bind, format: rpz, out: a}]", "exports: [{vpc: apps, format: bind}]", "exports: [{vpc: apps, out: a}]", "exports: [{format: bind, out: a}]", "exports:\n- format: bind\n  out: a",
	"exports: [{vpc: apps, format: rpz, out: a, params: {zone: rpz.example.org}}]", "exports: [{VPC: apps, format: bind, out: a}]",
	// Values.
	"exports: [{vpc: aps, format: bind, out: a}]", "exports: [{vpc: apps, format: bnd, out: a}]", "exports: [{vpc: apps, format: bind9, out: a}]", "exports: [{vpc: apps, format: bind, out: a, shape: one_zone}]", "exports: [{vpc: apps, format: rpz, out: a, shape: one-zone}]",
	"exports: [{vpc: , format: bind, out: a}]", "exports: [{vpc: apps, format: , out: a}]", "exports: [{vpc: apps, format: bind, out: }]", "exports: [{vpc: apps, format: bind, out: \"\"}]", "exports: [{vpc: apps, format: bind, out: a, shape: }]", "exports: [{vpc: apps, format: bind, out: a, set: }]", "exports: [{vpc: apps, format: bind, out: a, server: }]",
	"exports: [{vpc: [apps], format: bind, out: a}]", "exports: [{vpc: [apps, batch], format: bind, out: a}]", "exports:\n- vpc: [apps, batch]\n  format: bind\n  out: a", "exports: [{vpc: apps, format: [rpz], out: a}]", "exports: [{vpc: apps, format: [bind, rpz], out: a}]", "exports: [{vpc: apps, format: {name: rpz}, out: a}]", "exports: [{vpc: apps, format: bind, out: [a]}]", "exports: [{vpc: apps, format: bind, out: a, shape: [one-zone]}]",
	"exports: [{vpc: apps, format: bind, out: /etc/bind}]", "exports: [{vpc: apps, format: bind, out: ../zones}]", "exports: [{vpc: apps, format: bind, out: 'zones\\apps'}]", "exports: [{vpc: apps, format: bind, out: 'C:\\zones'}]", "exports: [{vpc: apps, format: bind, out: a}, {vpc: batch, format: bind, out: a}]",
	// Servers and parameters.
	"exports: [{vpc: apps, format: openvpn, out: a}]", "exports: [{vpc: apps, format: openvpn, out: a, server: 10.0.0.53/32}]", "exports: [{vpc: apps, format: openvpn, out: a, server: \"10.0.0.53:53\"}]", "exports: [{vpc: apps, format: openvpn, out: a, server: \"10.0.0.53, fd00::53\"}]", "exports: [{vpc: apps, format: openvpn, out: a, server: {first: 10.0.0.53}}]",
	"exports: [{vpc: apps, format: openvpn, out: a, server: [10.0.0.53 10.0.0.54]}]", "exports: [{vpc: apps, format: bind, out: a, server: 10.0.0.53}]", "exports: [{vpc: apps, format: rpz, out: a, set: [zone=rpz.example.org]}]", "exports: [{vpc: apps, format: rpz, out: a, set: zone=rpz.example.org}]", "exports: [{vpc: apps, format: rpz, out: a, set: [{zone: rpz.example.org}]}]",
	"exports: [{vpc: apps, format: rpz, out: a, set: {zones: rpz.example.org}}]", "exports: [{vpc: apps, format: rpz, out: a, set: {zone: neo4j.io}}]", "exports: [{vpc: apps, format: rpz, out: a, set: {zone: [rpz.example.org]}}]", "exports: [{vpc: apps, format: rpz, out: a, set: {zone: }}]", "exports: [{vpc: apps, format: route53, out: a}]", "exports: [{vpc: apps, format: route53, out: a, set: {vpc-region: us-east-1}}]",
	"exports: [{vpc: apps, format: route53, out: a, set: {vpc-id: [vpc-0a1b2c3d, vpc-0a1b2c3e], vpc-region: us-east-1}}]", "exports: [{vpc: apps, format: route53, out: a, set: {vpc_id: vpc-0a1b2c3d, vpc-region: us-east-1}}]",
}

// TestListSlips mends each list by what the hints say, to the letter, the first finding
// first: then all of it is exported.
func TestListSlips(t *testing.T) {
	if testing.Short() {
		t.Skip("mends a hundred lists")
	}
	for i, text := range mistakenLists {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("topology.yaml", []byte(slipsTopology), 0o600); err != nil {
				t.Fatal(err)
			}
			mendList(t, text)
		})
	}
}

// mendList follows the hints until there are none.
func mendList(t *testing.T, text string) {
	t.Helper()
	var log strings.Builder
	for round := range 5 {
		if err := os.WriteFile("topology.exports.yaml", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		status := run([]string{"export", "--all"}, strings.NewReader(""), &out, &errs)
		if status == 0 {
			if round == 0 {
				t.Fatalf("this is no mistake:\n%s", text)
			}
			if found, _ := filepath.Glob("*/*"); len(found) == 0 {
				t.Fatalf("nothing was written:\n%s", text)
			}
			return
		}
		fmt.Fprintf(&log, "%s\n%s\n", text, errs.String())
		mended := (&listMender{text: text}).follow(errs.String())
		if mended == text {
			t.Fatalf("the hint says nothing that can be followed:\n%s", log.String())
		}
		text = mended
	}
	t.Fatalf("the hints do not lead anywhere:\n%s", log.String())
}

// listMender does to a list what a hint says at a place in it.
type listMender struct {
	text string
	at   int // offset of the place
}

// saysPlace finds the first finding: its line, its column, and the hint.
var saysPlace = regexp.MustCompile(`(?s)^topology\.exports\.yaml(?::(\d+):(\d+))?: error: .*?\n      hint: ([^\n]*)`)

// listRemedies are the ways in which a hint says what to do.
var listRemedies = []struct {
	says *regexp.Regexp
	do   func(m *listMender, what []string) string
}{
	{regexp.MustCompile(`did you mean "([^"]*)"`), func(m *listMender, what []string) string { return m.replace(what[1]) }},
	{regexp.MustCompile(`^put it in (?:single )?quotes: (.*)$`), func(m *listMender, what []string) string {
		if inner := what[1][1 : len(what[1])-1]; strings.HasPrefix(m.text[m.at:], inner) {
			return m.cut(len(inner), what[1])
		}
		return m.replace(what[1])
	}},
	{regexp.MustCompile(`^close it: write (.*)$`), func(m *listMender, what []string) string { return m.cut(len(what[1])-1, what[1]) }},
	{regexp.MustCompile(`^put the line exports: before it$`), func(m *listMender, _ []string) string { return m.cut(0, "exports:\n") }},
	{regexp.MustCompile(`^put a comma before it`), func(m *listMender, _ []string) string { return m.cut(0, ", ") }},
	{regexp.MustCompile(`^put a space behind the colon`), func(m *listMender, _ []string) string { return m.cut(1, ": ") }},
	{regexp.MustCompile(`^put "([^"]+)" in the place of "([^"]+)"`), func(m *listMender, what []string) string { return m.cut(len(what[2]), what[1]) }},
	{regexp.MustCompile(`^put (\S+) at the end of line`), func(m *listMender, what []string) string { return m.text + what[1] }},
	{regexp.MustCompile(`^leave out "(.*)"$`), func(m *listMender, what []string) string { return m.cut(len(what[1]), "") }},
	{regexp.MustCompile(`^leave out the line (---)`), func(m *listMender, what []string) string { text, _, _ := strings.Cut(m.text, what[1]); return text }},
	{regexp.MustCompile(`^indent it with (\d+) spaces?`), func(m *listMender, what []string) string { return m.indent(what[1]) }},
	{regexp.MustCompile(`^write an export for each: (.*)$`), func(m *listMender, what []string) string { return m.replace(what[1]) }},
	{regexp.MustCompile(`write ([\w-]+): (\S+) in set$`), func(m *listMender, what []string) string {
		return regexp.MustCompile(what[1]+`: [^ ,}]+`).ReplaceAllString(m.text, what[1]+": "+what[2])
	}},
	{regexp.MustCompile(`^add (.*) to set$`), func(m *listMender, what []string) string {
		return strings.Replace(m.text, "set: {", "set: {"+given(what[1])+", ", 1)
	}},
	{regexp.MustCompile(`^add (\w+), which is one of (\w+)`), func(m *listMender, what []string) string { return m.add(what[1] + ": " + what[2]) }},
	{regexp.MustCompile(`^add (set: \{.*\}|[a-z]+: [^,]+)`), func(m *listMender, what []string) string { return m.add(given(what[1])) }},
	{regexp.MustCompile(`^vpc is one of (\w+)`), func(m *listMender, what []string) string { return m.replace(what[1]) }},
	{regexp.MustCompile(`^leave (it|\w+) out|^keep one of them`), func(m *listMender, _ []string) string { return m.leaveOut() }},
	{regexp.MustCompile(`^write (.*?)(?:, or .*|, if .*)?$`), func(m *listMender, what []string) string { return m.replace(what[1]) }},
}

// given puts values that a person has at hand into a hint.
func given(text string) string {
	text = strings.NewReplacer("vpc-id: VALUE", "vpc-id: vpc-0a1b2c3d", "vpc-region: VALUE", "vpc-region: us-east-1", "[IP]", "[10.0.0.53]").Replace(text)
	return text
}

func (m *listMender) follow(said string) string {
	found := saysPlace.FindStringSubmatch(said)
	if found == nil {
		return m.text
	}
	if line, err := strconv.Atoi(found[1]); err == nil {
		column, _ := strconv.Atoi(found[2])
		for range line - 1 {
			m.at += strings.IndexByte(m.text[m.at:], '\n') + 1
		}
		m.at = min(m.at+column-1, len(m.text))
	}
	for _, remedy := range listRemedies {
		if what := remedy.says.FindStringSubmatch(found[3]); what != nil {
			return remedy.do(m, what)
		}
	}
	return m.text
}

// cut puts a text in the place of so many octets.
func (m *listMender) cut(octets int, text string) string {
	return m.text[:m.at] + text + m.text[m.at+octets:]
}

// indent indents the line.
func (m *listMender) indent(width string) string {
	start := strings.LastIndexByte(m.text[:m.at], '\n') + 1
	n, _ := strconv.Atoi(width)
	return m.text[:start] + strings.Repeat(" ", n) + strings.TrimLeft(m.text[start:], " \t")
}

// column is how far the place is in its line.
func (m *listMender) column() int { return m.at - strings.LastIndexByte(m.text[:m.at], '\n') - 1 }

// inBraces reports whether the place is in brackets.
func (m *listMender) inBraces() bool {
	return strings.Count(m.text[:m.at], "{")+strings.Count(m.text[:m.at], "[") > strings.Count(m.text[:m.at], "}")+strings.Count(m.text[:m.at], "]")
}

// isBlock reports whether a mapping or a list without brackets begins at the place.
func (m *listMender) isBlock() bool {
	line, _, _ := strings.Cut(m.text[m.at:], "\n")
	before := m.text[m.at-m.column() : m.at]
	return !m.inBraces() && strings.Trim(before, " -") == "" && regexp.MustCompile(`^(- )?[\w-]+:( |$)`).MatchString(line)
}

// extent is how many octets the value at the place has.
func (m *listMender) extent() int {
	rest := m.text[m.at:]
	switch {
	case rest == "":
		return 0
	case m.isBlock():
		end := len(rest)
		for i := 0; i < len(rest); i++ {
			if next := rest[i+1:]; rest[i] == '\n' && len(next)-len(strings.TrimLeft(next, " ")) < m.column() {
				return i
			}
		}
		return end
	case strings.ContainsRune(`"'`, rune(rest[0])):
		return strings.IndexByte(rest[1:], rest[0]) + 2
	case strings.ContainsRune("[{", rune(rest[0])):
		depth := 0
		for i := range len(rest) {
			depth += strings.Count("[{", rest[i:i+1]) - strings.Count("]}", rest[i:i+1])
			if depth == 0 {
				return i + 1
			}
		}
	}
	stops := "\n"
	if m.inBraces() {
		stops = "\n,]}"
	}
	end := len(rest)
	if n := strings.IndexAny(rest, stops); n >= 0 {
		end = n
	}
	if n := strings.Index(rest[:end], ":"); n >= 0 && !strings.HasPrefix(rest, "exports: [") && !strings.Contains(rest[:n], "\\") && (n+1 == len(rest) || rest[n+1] == ' ' || rest[n+1] == '\n') {
		end = n // a key
	}
	return len(strings.TrimRight(rest[:end], " "))
}

// replace puts a text in the place of the value that is there: that of a key goes behind it.
func (m *listMender) replace(text string) string {
	if m.text == "" || strings.HasPrefix(m.text, "# ") {
		return text
	}
	if m.isBlock() && strings.ContainsAny(text, "[{") {
		n := m.extent()
		if start := m.at - m.column(); m.column() > 0 && strings.TrimSpace(m.text[start:m.at]) == "" {
			return m.text[:start-1] + " " + text + m.text[m.at+n:]
		}
		return m.text[:m.at] + strings.ReplaceAll(text, "}, {", "}\n- {") + m.text[m.at+n:]
	}
	if m.at > 0 && strings.ContainsRune(":-", rune(m.text[m.at-1])) {
		text = " " + text
	}
	return m.cut(m.extent(), text)
}

// add adds a key to the export at the place.
func (m *listMender) add(key string) string {
	if m.text[m.at] == '{' {
		return m.cut(1, "{"+key+", ")
	}
	return m.cut(0, key+"\n"+strings.Repeat(" ", m.column()))
}

// leaveOut leaves out the key at the place, or the one whose value is there, with its value;
// or the item of a list.
func (m *listMender) leaveOut() string {
	if !m.inBraces() {
		start := m.at - m.column()
		rest := m.text[start:]
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			return m.text[:start] + rest[n+1:]
		}
		return strings.TrimSuffix(m.text[:start], "\n")
	}
	entry := regexp.MustCompile(`,? *[\w-]+: *("[^"]*"|\[[^\]]*\]|\{[^}]*\}|[^,\]}]*)`)
	braces := strings.LastIndexByte(m.text[:m.at], '{') + 1
	for _, at := range entry.FindAllStringIndex(m.text[braces:], -1) {
		if from, to := at[0]+braces, at[1]+braces; from <= m.at && m.at <= to {
			left := m.text[:from]
			if strings.HasSuffix(left, "{") {
				return left + strings.TrimLeft(m.text[to:], ", ")
			}
			return left + m.text[to:]
		}
	}
	return m.text
}
