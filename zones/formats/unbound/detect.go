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
		all := words(line)
		for i, w := range all {
			switch {
			case w.quoted || !key.MatchString(w.text):
			case telling[w.text] && len(all) > i+1:
				return formats.Surely
			case i == 0 && kinds[strings.TrimSuffix(w.text, ":")] && w.text != "ipset:" && w.text != "python:":
				if len(all) == 1 && strings.HasPrefix(line, w.text) || len(all) > 1 && key.MatchString(all[1].text) {
					return formats.Surely
				}
			case i == 0 && w.text == "include:" && len(all) == 2 && strings.Contains(all[1].text, ".conf"):
				return formats.Likely
			}
		}
	}
	return formats.No
}
