package bind

import (
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// blocks are statements with a block that only this configuration has at its top; others
// have a name before the block, or none.
var blocks = map[string]bool{
	"options": false, "zone": true, "view": true, "acl": true, "logging": false, "controls": false, "key": true, "masters": true, "primaries": true,
	"server": true, "statistics-channels": false, "trusted-keys": false, "managed-keys": false, "trust-anchors": false, "tls": true, "http": true,
	"dnssec-policy": true, "parental-agents": true, "remote-servers": true, "dlz": true, "key-store": true, "template": true, "dyndb": true,
}

// detect knows a configuration by its first statement.
func detect(head formats.Head) formats.Certainty {
	if head.Document() {
		return formats.No
	}
	l := newLexer(strings.NewReader(string(head)), "")
	var words []word
	for len(words) < 4 {
		w, err := l.next()
		if err != nil {
			return formats.No
		}
		if w.is("{") || w.is(";") {
			return judge(words, w)
		}
		words = append(words, w)
	}
	return formats.No
}

// judge says what the first words and the mark behind them can be.
func judge(words []word, end word) formats.Certainty {
	if len(words) == 0 || words[0].quoted {
		return formats.No
	}
	key := strings.ToLower(words[0].text)
	named, known := blocks[key]
	switch {
	case end.is(";") && key == "include" && len(words) == 2 && words[1].quoted:
		return formats.Likely
	case end.is("{") && known && named == (len(words) > 1) && (key != "server" || words[1].quoted || network(words[1])):
		return formats.Surely
	default:
		return formats.No
	}
}
