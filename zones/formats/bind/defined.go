package bind

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// builtin are the names of each kind that BIND has itself, and naming the statements that give
// further ones.
var (
	builtin = map[string][]string{
		"list": {"any", "none", "localhost", "localnets"}, "tls": {"none", "ephemeral"}, "http": {"default", "none"}, "policy": {"default", "insecure", "none"},
		"channel": {"default_syslog", "default_debug", "default_stderr", "null"},
	}
	naming = map[string]string{
		"acl": "list", "tls": "tls", "http": "http", "masters": "servers", "primaries": "servers", "parental-agents": "servers", "remote-servers": "servers",
		"key": "key", "dnssec-policy": "policy", "channel": "channel",
	}
)

// nouns are what is named, for messages.
var nouns = map[string]string{
	"list": "acl", "servers": "list of servers", "tls": "tls block", "http": "http block", "key": "key", "keyname": "name of a key", "behind": "key or tls block", "policy": "dnssec-policy", "channel": "channel",
}

// categories are those of the log.
var categories = strings.Fields(`default general database security config resolver xfer-in xfer-out notify client unmatched network update
	update-security query-errors queries dispatch dnssec lame-servers delegation-only edns-disabled rpz rpz-passthru rate-limit cname spill nsid
	zoneload trust-anchor-telemetry serve-stale dnstap sslkeylog responses drop`)

// unique are the statements of which no two in a block have the same name, with what they make.
var unique = map[string]string{
	"acl": "acl", "key": "key", "check-names": "check-names", "tls": "tls", "http": "http", "dnssec-policy": "dnssec-policy",
	"masters": "primaries", "primaries": "primaries", "remote-servers": "primaries", "server": "server",
	"parental-agents": "parental-agents",
}

// nameOf returns what a statement is called among others: the name of a key is a domain name, that
// of a server an address or a range, and types of zones have two names.
func nameOf(s statement) string {
	name := strings.ToLower(s.arg(1))
	switch s.key() {
	case "dnssec-policy":
		return s.arg(1) // of which capitals count
	case "key":
		return dnsname.TrimDot(name)
	case "server":
		if len(s.words) > 1 {
			if prefix, is := networkOf(s.words[1]); is {
				return prefix.String()
			}
		}
		return name
	default:
		return cmp.Or(synonyms[name], name)
	}
}

// reserved reports whether a statement gives a name that BIND has itself. It may give that of a
// channel anew.
func reserved(s statement) bool {
	kind := naming[s.key()]
	if kind == "channel" || kind == "http" && nameOf(s) == "none" {
		return false
	}
	return s.hasBlock && slices.Contains(builtin[kind], nameOf(s))
}

// define notes the names that statements of a configuration give: some stand in views, or among
// those of the log.
func (k *checker) define(all []statement) {
	for kind, names := range builtin {
		for _, name := range names {
			k.give(kind, name)
		}
	}
	for _, s := range all {
		if kind := naming[s.key()]; kind != "" {
			k.give(kind, nameOf(s))
			k.lists = append(k.lists, s)
			called := kind + " " + nameOf(s)
			k.called[called] = append(k.called[called], s)
		}
		switch s.key() {
		case "options":
			k.options = s.block
		case "dnssec-policy":
			_, k.inline[nameOf(s)] = find(s.block, "inline-signing")
		case "zone":
			k.signs = true
		}
		for _, inner := range s.block {
			k.signs = k.signs || inner.key() == "zone"
			if key := inner.key(); key == "channel" && s.key() == "logging" || key == "key" && s.key() == "view" {
				k.give(naming[key], nameOf(inner))
			}
		}
	}
}

func (k *checker) give(kind, name string) {
	if k.names[kind] == nil {
		k.names[kind] = make(map[string]bool)
	}
	k.names[kind][name] = true
}

// isLoose reports whether nothing that a statement names has to be there. A list that nobody uses
// may name what it likes; clients of statistics are looked for when BIND runs; a policy for
// all zones is looked for where there are some; and who is notified, for the zones that notify.
func (k *checker) isLoose(table string, s statement) bool {
	kind := naming[s.key()]
	return kind == "list" && table == "top" || kind == "servers" && table == "top" || table == "statistics-channels" || s.key() == "also-notify"
}

// name returns what is named as it is told apart from others of its kind.
func (n named) name() string {
	switch n.kind {
	case "key":
		return dnsname.TrimDot(strings.ToLower(n.word.text))
	case "policy":
		return n.word.text
	default:
		return strings.ToLower(n.word.text)
	}
}

// defined looks whether what a statement names is there, and what lists that it names name.
func (k *checker) defined(key, table string, all []named) {
	for _, n := range all {
		everywhere := table == "options" || table == "view"
		if n.kind == "servers" && everywhere || n.kind == "policy" && everywhere && !k.signs {
			continue
		}
		k.isThere(key, n)
		switch n.kind {
		case "list":
			k.inLists("list "+n.name(), k.called["list "+n.name()])
		case "servers":
			k.family(key, n)
			k.inLists(fmt.Sprint("servers ", isAgents(key), n.name()), k.serversOf(key, n.name()))
		case "keyname":
			k.laterName(key, n)
		}
	}
}

// isThere looks whether what a statement names is there.
func (k *checker) isThere(key string, n named) {
	stop := func(format string, args ...any) {
		k.c.b.NotStarted(string(k.c.server), n.word.place, "%s: "+format, append([]any{key}, args...)...)
	}
	switch shown := lines.Shown(n.word.text); {
	case n.kind == "behind":
		k.c.b.Unread(n.word.place, "%s: BIND 9.18 does not start with key or tls %s behind a list of servers, which has its own; later versions do", key, shown)
	case n.kind == "keyname" && !isName(n.word.text):
		stop("%s is no name of a key", shown)
	case n.kind != "keyname" && !k.names[n.kind][n.name()]:
		stop("there is no %s of the name %s", nouns[n.kind], shown)
	}
}

// inLists has what lists name looked at that are used, once for each of what they are called. They are
// many where each names the next one.
func (k *checker) inLists(called string, lists []statement) {
	if k.used[called] {
		return
	}
	k.used[called] = true
	k.waiting = append(k.waiting, lists...)
}

// wait looks at what those lists name that are waiting, and at what these name.
func (k *checker) wait() {
	for len(k.waiting) > 0 {
		last := len(k.waiting) - 1
		list := k.waiting[last]
		k.waiting = k.waiting[:last]
		m := &matcher{g: k.g}
		if m.matches(k.g.blocks["top"][list.key()].forms, list.items[1:]) {
			k.defined(list.key(), "top", m.named)
		}
	}
}
