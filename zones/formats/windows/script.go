package windows

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/powershell"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// A script of PowerShell that writes the DNS of a Windows server is read as far as it is
// literal. What is not, is not read, and said to be so: what the server has before, and
// what loops and variables make, is not known.

// changes finds a command that changes the DNS of a server.
var changes = regexp.MustCompile(`(?i)\b(?:Add|Set|Remove)-DnsServer[A-Z]\w*|\bdnscmd(?:\.exe)?\b.*/(?:Record|Zone)(?:Add|Delete)\b`)

// maxScript is the longest script that is read, in octets.
const maxScript = 16 << 20

// script is what is read of one script.
type script struct {
	b         *holdings.Builder
	file      string
	variables map[string]powershell.Word // that have one value throughout
	made      map[string]bool            // zones
	referred  map[string]holdings.Place  // those that others answer
	used      map[string]holdings.Place  // zones that have records
	servers   map[string]bool            // for which commands are
}

// readScript reads a script.
func (l *listing) readScript(r io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(r, maxScript+1))
	switch {
	case err != nil:
		return fmt.Errorf("reading %s: %w", l.in.Name, err)
	case len(text) > maxScript:
		return fmt.Errorf("%s is longer than %d MiB", l.in.Name, maxScript>>20)
	}
	if l.readForwarders(string(text)) {
		return nil
	}
	all, unclosed := powershell.Statements(string(text))
	if unclosed > 0 {
		l.b.Unread(holdings.Place{File: l.in.Name, Line: unclosed}, "a quotation, a comment or a block begins here that nothing closes: PowerShell runs nothing of the script")
	}
	s := &script{
		b: l.b, file: l.in.Name, variables: constants(all),
		made: make(map[string]bool), referred: make(map[string]holdings.Place), used: make(map[string]holdings.Place), servers: make(map[string]bool),
	}
	for i, one := range all {
		if s.ends(one, all[i+1:]) {
			break
		}
		s.read(one)
	}
	s.end()
	return nil
}

// constants returns the variables to which a script gives one value, and no other one, in
// the course of all of it.
func constants(all []powershell.Statement) map[string]powershell.Word {
	found, times := make(map[string]powershell.Word), make(map[string]int)
	for _, one := range all {
		for i, w := range one.Words {
			name := strings.ToLower(w.Text())
			if !strings.HasPrefix(name, "$") || w.Quoted || i+1 == len(one.Words) {
				continue
			}
			if !strings.HasSuffix(one.Words[i+1].Text(), "=") {
				continue
			}
			times[name]++
			if i == 0 && !one.Block && !one.Piped && len(one.Words) == 3 && one.Words[1].Text() == "=" && one.Words[2].Literal {
				found[name] = one.Words[2]
			}
		}
	}
	maps.DeleteFunc(found, func(name string, _ powershell.Word) bool { return times[name] > 1 })
	return found
}

// call is a command with its parameters, by names in lower case.
type call struct {
	name       string // as the script has it
	parameters map[string]powershell.Word
	at         holdings.Place
	unclear    string // why it is not known what it does; "" where it is
}

// leaves matches what ends a script.
var leaves = regexp.MustCompile(`^(?i:exit|return|throw)$`)

// ends reports whether a statement ends the script wherever it is run, before others that change the
// server, and notes it.
func (s *script) ends(one powershell.Statement, behind []powershell.Statement) bool {
	if one.Block || one.Piped || one.Words[0].Quoted || !leaves.MatchString(one.Words[0].Text()) {
		return false
	}
	for _, later := range behind {
		for _, w := range later.Words {
			if changes.MatchString(w.Text()) {
				s.b.Unread(holdings.Place{File: s.file, Line: one.Line}, "%s ends the script: nothing behind it is run, and it is left out", one.Words[0].Text())
				return true
			}
		}
	}
	return true
}

// another matches what runs a script, or a text that is one.
var another = regexp.MustCompile(`(?i)^(?:iex|Invoke-Expression)$|\.ps1$`)

// runsOther notes a statement that runs another script.
func (s *script) runsOther(one powershell.Statement) {
	first := one.Words[0]
	called := first.Text() == "." || first.Text() == "&"
	if called && len(one.Words) > 1 {
		first = one.Words[1]
	}
	if first.Quoted && !called || one.Words[0].Text() != "." && !another.MatchString(first.Text()) {
		return
	}
	s.b.Unread(holdings.Place{File: s.file, Line: one.Line}, "%s runs what is not read here: what that changes on the server, is not known", lines.Shown(first.Text()))
}

// read reads a statement.
func (s *script) read(one powershell.Statement) {
	at := holdings.Place{File: s.file, Line: one.Line}
	for i, w := range one.Words {
		name := w.Text()[strings.LastIndexByte(w.Text(), '\\')+1:]
		switch lower := strings.ToLower(name); {
		case w.Quoted && (i == 0 || one.Words[i-1].Text() != "&"):
			if changes.MatchString(w.Text()) && !speaks.MatchString(one.Words[0].Text()) {
				s.b.Unread(at, "what the text %s is for is not known: it has a command in it that changes the server", lines.Shown(w.Text()))
				return
			}
		case lower == "dnscmd", lower == "dnscmd.exe":
			s.b.Unread(at, "%s is not read: write it with Add-DnsServerResourceRecord, or audit what Get-DnsServerResourceRecord prints", name)
			return
		case dnsServer.MatchString(lower):
			c := s.commandOf(name, one.Words[i+1:], at)
			switch {
			case one.Piped:
				c.unclear = "takes what another command gives"
			case one.Block:
				c.unclear = "stands in a block, which need not be run, or runs more than once"
			}
			s.run(c)
			return
		}
	}
	s.runsOther(one)
}

// speaks matches commands that only print a text.
var speaks = regexp.MustCompile(`(?i)^(?:Write-\w+|echo|throw|\[?Console\b.*)$`)

var dnsServer = regexp.MustCompile(`^(?:add|set|remove|import|restore|convertto|reset|suspend)-dnsserver\w+$`)

// flags are parameters without a value.
var flags = map[string]bool{
	"a": true, "aaaa": true, "cname": true, "dname": true, "mx": true, "ptr": true, "srv": true, "txt": true, "ns": true,
	"createptr": true, "allowupdateany": true, "agerecord": true, "passthru": true, "asjob": true, "force": true,
	"whatif": true, "confirm": true, "verbose": true, "loadexisting": true, "overwriteexisting": true,
}

// commandOf reads the parameters of a command.
func (s *script) commandOf(name string, words []powershell.Word, at holdings.Place) call {
	c := call{name: name, parameters: make(map[string]powershell.Word), at: at}
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		parameter, isParameter := strings.CutPrefix(strings.ToLower(w.Text()), "-")
		if !isParameter || w.Quoted {
			c.unclear = cmp.Or(c.unclear, "has the value "+lines.Shown(w.Text())+", and no parameter before it")
			continue
		}
		parameter, value, joined := strings.Cut(parameter, ":")
		switch {
		case joined && value != "":
			_, value, _ = strings.Cut(w.Text(), ":")
			c.parameters[parameter] = s.valueOf(powershell.Word{Values: []string{value}, Literal: w.Literal})
		case flags[parameter] || len(words) == 0:
			c.parameters[parameter] = powershell.Word{Literal: true}
		default:
			c.parameters[parameter] = s.valueOf(words[0])
			words = words[1:]
		}
	}
	return c
}

// variables finds a variable in a text.
var variables = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+)\b)`)

// valueOf returns a value with the variables that have one value in their places.
func (s *script) valueOf(w powershell.Word) powershell.Word {
	if w.Literal {
		return w
	}
	all := powershell.Word{Literal: true, Quoted: true}
	for _, value := range w.Values {
		one, known := s.known(value)
		if !known {
			return w
		}
		all.Values = append(all.Values, one...)
	}
	return all
}

// known returns what a text stands for in which there may be variables.
func (s *script) known(text string) ([]string, bool) {
	if constant, is := s.variables[strings.ToLower(text)]; is {
		return constant.Values, true
	}
	known := true
	text = variables.ReplaceAllStringFunc(text, func(name string) string {
		value, is := s.variables["$"+strings.ToLower(strings.Trim(name, "${}"))]
		known = known && is && len(value.Values) == 1
		return value.Text()
	})
	return []string{text}, known && !strings.ContainsAny(text, "$`@(")
}

// get returns the values of a parameter, whose name may be shortened; nil where there is
// none. What is not literal makes the command unclear.
func (c *call) get(name string) []string {
	value, is := c.given(name)
	if is && !value.Literal {
		c.unclear = cmp.Or(c.unclear, "has a -"+name+" that is not literal, "+lines.Shown(strings.Join(value.Values, ",")))
		return nil
	}
	return value.Values
}

// given returns the value of a parameter, whose name may be shortened, and whether there is one.
func (c *call) given(name string) (powershell.Word, bool) {
	for given, value := range c.parameters {
		if given == name || len(given) >= 3 && strings.HasPrefix(name, given) {
			return value, true
		}
	}
	return powershell.Word{}, false
}

// one is get for a parameter with one value; "" where there is none.
func (c *call) one(name string) string {
	values := c.get(name)
	if len(values) > 1 {
		c.unclear = cmp.Or(c.unclear, "has several values of -"+name)
	}
	return strings.Join(values, ",")
}

// end notes zones that have records and are not made in the script, and several servers.
func (s *script) end() {
	for _, zone := range slices.Sorted(maps.Keys(s.used)) {
		if !s.made[zone] {
			rrset.Elsewhere(s.b, zone, s.used[zone])
		}
	}
	if len(s.servers) > 1 {
		s.b.Unread(holdings.Place{File: s.file, Line: 1}, "the script is for %d servers, and which of them clients ask is not known: %s",
			len(s.servers), strings.Join(slices.Sorted(maps.Keys(s.servers)), ", "))
	}
}

// unread notes a command that is not read.
func (s *script) unread(c call, origin, why string) {
	below := "."
	if name, err := holdings.CanonicalName(origin); origin != "" && err == nil {
		below = strings.TrimPrefix(name, "*.")
	}
	s.b.UnreadBelow(below, c.at, "%s is not read: it %s", c.name, why)
}

// absolute returns the name of a record in a zone.
func absolute(name, zone string) string {
	switch {
	case name == "@" || name == "." || strings.EqualFold(dnsname.TrimDot(name), dnsname.TrimDot(zone)):
		return zone
	case strings.HasSuffix(name, "."):
		return name
	default:
		return name + "." + zone
	}
}
