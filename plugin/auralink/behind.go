package auralink

import (
	"slices"

	"github.com/coredns/coredns/core/dnsserver"
)

// recursing are the plugins that resolve any name whatever for whoever asks: those
// of CoreDNS, and those among its external plugins that do the same. Behind one of
// them a server recurses, and must not do so for everybody.
var recursing = []string{
	"forward", "grpc",
	"alternate", "dnsredir", "fanout", "forwardcrd", "proxy", "recursor", "unbound",
}

// silent are the plugins that have no names of their own to answer for: they hand
// a query on, look at it or at the reply, or speak of the server itself. All
// others, and those that are not known here, are taken to answer.
var silent = []string{
	"acl", "any", "autopath", "bind", "bufsize", "cache", "cancel", "chaos", "debug", "dns64", "dnssec", "dnstap",
	"errors", "geoip", "header", "health", "loadbalance", "local", "log", "loop", "metadata", "minimal",
	"multisocket", "nsid", "on", "pprof", "prometheus", "ready", "reload", "rewrite", "root", "shed", "sign",
	"siit", "timeouts", "tls", "trace", "transfer", "tsig", "view",
}

// behind is what stands behind us in a server block.
type behind struct {
	names   []string // of the plugins, in their order
	unnamed bool     // there are some whose names are not those of their directives
}

// pluginsBehind finds what stands behind us, where so many plugins stand ahead. It
// must not be called before CoreDNS has made its servers.
func pluginsBehind(config *dnsserver.Config, ahead int) behind {
	var b behind
	from := slices.Index(dnsserver.Directives, pluginName) + 1
	for _, directive := range dnsserver.Directives[from:] {
		if config.Handler(directive) != nil {
			b.names = append(b.names, directive)
		}
	}
	const ours = 2 // with the handler that steps aside; see neighbours
	b.unnamed = len(config.Plugin) != ahead+ours+len(b.names)
	return b
}

// recursing returns the first of them that resolves any name, or "".
func (b behind) recursing() string {
	for _, name := range b.names {
		if slices.Contains(recursing, name) {
			return name
		}
	}
	return ""
}

// answers reports whether one of them answers names that are not ours.
func (b behind) answers() bool {
	return b.unnamed || slices.ContainsFunc(b.names, func(name string) bool { return !slices.Contains(silent, name) })
}
