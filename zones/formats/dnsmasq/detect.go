package dnsmasq

import (
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// telling are options that have a slash or a name behind them, so that words are none.
var telling = []string{"address=/", "local=/", "server=/", "server=", "host-record=", "cname=", "conf-dir=/", "conf-file=/", "resolv-file=/", "listen-address=", "local-ttl="}

// detect knows a configuration by its options: most lines have one, and one at the
// least has a value, or a name that no other file has in a line.
func detect(head formats.Head) formats.Certainty {
	good, bad, sure := 0, 0, 0
	for line := range head.Lines() {
		line, _ = plainLine(line)
		option, value, hasValue := strings.Cut(line, "=")
		option = strings.TrimSpace(option)
		_, known := options()[option]
		switch {
		case !known || hasValue && strings.TrimSpace(value) == "":
			bad++
			continue
		case hasValue || strings.Contains(option, "-"):
			sure++
		}
		good++
		for _, begin := range telling {
			if strings.HasPrefix(line, begin) {
				return formats.Surely
			}
		}
	}
	if sure > 0 && good > bad {
		return formats.Likely
	}
	return formats.No
}
