package unbound

import (
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// telling are options that only Unbound's files have, whatever their clause.
var telling = map[string]bool{
	"local-zone:": true, "local-data:": true, "local-data-ptr:": true, "include-toplevel:": true, "access-control-view:": true, "forward-addr:": true,
	"stub-addr:": true, "do-daemonize:": true, "access-control:": true, "private-domain:": true, "domain-insecure:": true,
}

// detect knows a configuration by the clauses, or the options, that are no others'.
// A clause is by itself in a line, or has an option behind it.
func detect(head formats.Head) formats.Certainty {
	for line := range head.Lines() {
		if certainty := detectLine(line, words(line)); certainty > formats.No {
			return certainty
		}
	}
	return formats.No
}

func detectLine(line string, all []word) formats.Certainty {
	for i, w := range all[:max(len(all)-1, 0)] {
		switch {
		case w.quoted:
		case telling[w.text]:
			return formats.Surely
		case i == 0 && w.text == "include:" && len(all) == 2 && strings.Contains(all[1].text, ".conf"):
			return formats.Likely
		}
	}
	if len(all) > 0 && opens(line, all) {
		return formats.Surely
	}
	return formats.No
}

// opens reports whether a line opens a clause that no other file has.
func opens(line string, all []word) bool {
	first := all[0].text
	if all[0].quoted || !key.MatchString(first) || !kinds[strings.TrimSuffix(first, ":")] || first == "ipset:" || first == "python:" {
		return false
	}
	if len(all) == 1 {
		return strings.HasPrefix(line, first)
	}
	return key.MatchString(all[1].text)
}
