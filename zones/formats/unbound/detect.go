package unbound

import (
	"strings"

	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// telling are options that only Unbound's files have, whatever their clause.
var telling = map[string]bool{
	"local-zone:": true, "local-data:": true, "local-data-ptr:": true, "include-toplevel:": true, "access-control-view:": true, "forward-addr:": true,
	"stub-addr:": true, "do-daemonize:": true, "access-control:": true, "private-domain:": true, "domain-insecure:": true,
}

// shared are clauses that NSD and Knot have as well.
var shared = map[string]bool{"server:": true, "remote-control:": true, "dnstap:": true}

// detect knows a configuration by the clauses, or the options, that are no others'.
// A clause is by itself in a line, or has an option behind it.
func detect(head formats.Head) formats.Certainty {
	found := formats.No
	for line := range head.Lines() {
		if found = max(found, detectLine(line, clauses.Words(line))); found == formats.Surely {
			break
		}
	}
	return found
}

func detectLine(line string, all []clauses.Word) formats.Certainty {
	for i, w := range all[:max(len(all)-1, 0)] {
		switch {
		case w.Quoted:
		case telling[w.Text]:
			return formats.Surely
		case i == 0 && w.Text == "include:" && len(all) == 2 && strings.Contains(all[1].Text, ".conf"):
			return formats.Likely
		}
	}
	if len(all) > 0 && opens(line, all) {
		if shared[all[0].Text] {
			return formats.Likely
		}
		return formats.Surely
	}
	return formats.No
}

// opens reports whether a line opens a clause that no other file has.
func opens(line string, all []clauses.Word) bool {
	first := all[0].Text
	if all[0].Quoted || !clauses.Key.MatchString(first) || !dialect.Kinds[strings.TrimSuffix(first, ":")] || first == "ipset:" || first == "python:" {
		return false
	}
	if len(all) == 1 {
		return strings.HasPrefix(line, first)
	}
	return clauses.Key.MatchString(all[1].Text)
}
