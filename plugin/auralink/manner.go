package auralink

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/bufsize"
	"github.com/coredns/coredns/plugin/header"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
)

// headerFlags are the flags that the plugin header has rules for.
var headerFlags = map[string]uint16{"aa": wire.FlagAA, "rd": wire.FlagRD, "ra": wire.FlagRA}

// mannerOf returns how a server block replies, of whose plugins some stand behind us.
// The handlers must have been made.
//
// The plugin header says how, too. It sees the replies of plugins behind it alone,
// and in CoreDNS's order it stands behind us, so that its rules for responses are
// followed here.
func mannerOf(config *dnsserver.Config, behind behind) serve.Manner {
	m := serve.Manner{Flags: wire.Flags{Recursive: behind.recursing() != ""}}
	if h, ok := config.Handler("header").(header.Header); ok {
		m.Flags.Set, m.Flags.Clear = headerRules(h.ResponseRules)
	}
	if limit, ok := config.Handler("bufsize").(bufsize.Bufsize); ok {
		m.MaxUDP = uint16(limit.Size) // 512 to 4096
	}
	return m
}

// headerRules returns the flags that rules set and clear. Of two for one flag the
// second counts.
func headerRules(rules []header.Rule) (on, off uint16) {
	for _, rule := range rules {
		flag := headerFlags[rule.Flag]
		on, off = on&^flag, off&^flag
		if rule.State {
			on |= flag
		} else {
			off |= flag
		}
	}
	return on, off
}
