package inventory

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
)

// orchestraOf returns the host name of the orchestra to which a name belongs, by the
// look of it.
func orchestraOf(name string) (string, bool) {
	above, ok := strings.CutSuffix(name, ".neo4j.io")
	label := above[strings.LastIndexByte(above, '.')+1:]
	return label + ".neo4j.io", ok && strings.Contains(label, "-orch-")
}

// mostShown is how much of a text is kept that is only shown.
const mostShown = 200

// clean returns a text of a file as it may be shown, in a line.
func clean(text string) string {
	text = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return '?'
		}
		return c
	}, text)
	if runes := []rune(text); len(runes) > mostShown {
		return string(runes[:mostShown]) + "..."
	}
	return text
}

// cleaned returns texts as they may be shown.
func cleaned(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = clean(text)
	}
	return all
}

// calledBy returns the endpoint with what the words say that people have written to it.
func (e Endpoint) calledBy(words ...string) Endpoint {
	if e.Evidence == Possible && calledAura(words...) {
		e.Evidence = Likely
	}
	return e
}

// calledAura reports whether a word of a name is Neo4j's or Aura's.
func calledAura(names ...string) bool {
	notWord := func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }
	for _, name := range names {
		for _, word := range strings.FieldsFunc(strings.ToLower(name), notWord) {
			switch word {
			case "aura", "auradb", "aurads", "neo4j", "neo4jaura":
				return true
			}
		}
	}
	return false
}

// addrs returns the addresses in texts; what is none is an error.
func addrs(texts ...string) ([]netip.Addr, error) {
	var all []netip.Addr
	for _, text := range texts {
		if text == "" {
			continue
		}
		addr, err := netip.ParseAddr(text)
		if err != nil || addr.Zone() != "" {
			return nil, fmt.Errorf("%q is no address", clean(text))
		}
		all = append(all, addr.Unmap())
	}
	return all, nil
}

// ranges returns the address ranges in texts; what is none is an error.
func ranges(texts ...string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		if text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no address range", clean(text))
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}
