package bind

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// keywords are the words that PowerDNS knows, and the blocks in which they may begin a statement. They may stand
// nowhere else, also not where BIND has them.
var keywords = map[string][]string{
	"zone": {"top"}, "acl": {"top"}, "options": {"top", "options"}, "directory": {"options"}, "file": {"zone"}, "type": {"zone"},
	"masters": {"top", "zone"}, "also-notify": {"top", "options", "zone"},
}

// powerDNS says with which statements of a block PowerDNS does not start.
func (c *config) powerDNS(in string, all []statement) {
	for _, s := range all {
		key := s.key()
		if slices.Contains(keywords[key], in) {
			if why := wrongly(key, s); why != "" {
				c.b.NotStarted(string(c.server), s.place(), "%s: %s", key, why)
			} else if key == "zone" || key == "options" {
				c.powerDNS(key, s.block)
			}
			continue
		}
		for _, it := range s.items {
			word := strings.ToLower(it.text)
			switch {
			case it.isBlock:
				c.powerDNS("other", it.block)
			case !it.quoted && keywords[word] != nil:
				c.b.NotStarted(string(c.server), it.place, "%s may not stand here", word)
			}
		}
	}
}

// wrongly says what is wrong with a statement that PowerDNS knows.
func wrongly(key string, s statement) string {
	switch key {
	case "directory", "file", "type":
		return wrongValue(key, s)
	case "zone":
		if len(s.words) < 2 || !s.words[1].quoted || len(s.words) > 3 || len(s.words) == 3 && s.words[2].quoted {
			return "a name in quotes expected, and maybe a class without them"
		}
	case "acl":
		if len(s.words) != 2 {
			return "one name expected"
		}
	default:
		if len(s.words) != 1 {
			return "a block alone expected"
		}
	}
	if len(s.items) != len(s.words)+1 || !s.items[len(s.items)-1].isBlock {
		return "a block expected at its end"
	}
	return wrongList(key, s)
}

// wrongValue says what is wrong with a statement that has one value: a type without quotes, and others in them.
func wrongValue(key string, s statement) string {
	switch quotes := key != "type"; {
	case len(s.words) == 2 && len(s.items) == 2 && s.words[1].quoted == quotes:
		return ""
	case quotes:
		return "one value in quotes expected"
	default:
		return "one value without quotes expected"
	}
}

// wrongList says what is wrong with the items of a list that PowerDNS knows.
func wrongList(key string, s statement) string {
	if key == "zone" || key == "options" {
		return ""
	}
	for _, item := range s.block {
		text := item.arg(0)
		_, err := netip.ParseAddr(text)
		_, errPort := netip.ParseAddrPort(text)
		switch {
		case len(item.words) != 1 || item.hasBlock:
			return "each item is one word"
		case key == "masters" && (err != nil && errPort != nil || item.words[0].quoted):
			return lines.Shown(text) + " is not an address"
		}
	}
	return ""
}
