package coredns

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// wholes tell what is wrong with plugins whose words and properties are right one by one.
var wholes = map[string]func(d directive, b *holdings.Builder){
	"autopath":    directive.checkAutopath,
	"azure":       directive.checkConflicts,
	"clouddns":    directive.checkConflicts,
	"dnstap":      directive.checkTap,
	"dynupdate":   func(d directive, b *holdings.Builder) { d.checkTwice(b, "allow") },
	"grpc":        directive.checkServers,
	"forward":     directive.checkServers,
	"grpc_server": func(d directive, b *holdings.Builder) { d.checkTwice(b, "") },
	"header":      directive.checkEmpty,
	"https":       func(d directive, b *holdings.Builder) { d.checkTwice(b, "") },
	"https3":      func(d directive, b *holdings.Builder) { d.checkTwice(b, "") },
	"quic":        func(d directive, b *holdings.Builder) { d.checkTwice(b, "") },
	"rewrite":     directive.checkRewrite,
	"route53":     directive.checkConflicts,
	"timeouts":    directive.checkEmpty,
	"tls":         directive.checkTLS,
	"tsig":        directive.checkSecrets,
}

// refuse tells that CoreDNS does not start with a plugin.
func (d directive) refuse(b *holdings.Builder, format string, args ...any) {
	b.NotStarted("CoreDNS", d.place, d.name+": "+format, args...)
}

// checkAutopath looks at where autopath has a search path from: another plugin, or a file.
func (d directive) checkAutopath(b *holdings.Builder) {
	if len(d.args) == 0 {
		return
	}
	from := d.args[len(d.args)-1]
	if standard[from] {
		b.Unread(d.place, "autopath reads the file %s, without which CoreDNS does not start: the plugin of that name is @%s", lines.Shown(from), from)
	}
}

// checkConflicts refuses a hosted zone that is named twice. Azure's may have one name in several groups.
func (d directive) checkConflicts(b *holdings.Builder) {
	seen := make(map[string]bool)
	for _, word := range d.args {
		if seen[word] {
			d.refuse(b, "conflicting zone %s", lines.Shown(word))
		}
		seen[word] = true
	}
}

// checkTap refuses certificates of those who listen where nobody does.
func (d directive) checkTap(b *holdings.Builder) {
	if len(d.args) > 0 && d.args[0] != listening && len(d.lines("tls")) > 0 {
		d.refuse(b, "tls is for those who listen alone")
	}
}

// checkTwice refuses a property that stands twice, but for one.
func (d directive) checkTwice(b *holdings.Builder, several string) {
	seen := make(map[string]bool)
	for _, line := range d.block {
		if seen[line[0]] && line[0] != several {
			d.refuse(b, "%s stands twice", lines.Shown(line[0]))
		}
		seen[line[0]] = true
	}
}

// maxServers is how many servers a plugin asks at the most.
const maxServers = 15

// checkServers refuses what the servers together are that others are asked of.
func (d directive) checkServers(b *holdings.Builder) {
	if len(d.args) == 0 {
		return
	}
	servers := d.args[1:]
	if len(servers) > maxServers {
		d.refuse(b, "there are %d servers, and may be %d", len(servers), maxServers)
	}
	if d.name != "forward" {
		return
	}
	named := len(d.lines("tls_servername")) > 0
	for _, server := range servers {
		scheme, rest, _ := strings.Cut(server, "://")
		switch {
		case scheme == "https" && strings.Contains(rest, "/"):
			d.refuse(b, "%s has a path, which is always /dns-query", lines.Shown(server))
		case slices.Contains([]string{"grpc", "unix"}, scheme) && rest != "":
			d.refuse(b, "%s is asked by none of its protocols", lines.Shown(server))
		case named && (scheme == "tls" || scheme == "quic") && strings.Contains(rest, "%"):
			d.refuse(b, "%s has a name, and tls_servername as well", lines.Shown(server))
		}
	}
	d.checkAges(b)
}

// usualExpiry is for how many seconds forward keeps connections that are not used.
const usualExpiry = 10

// checkAges refuses connections that are kept for longer than they may be old.
func (d directive) checkAges(b *holdings.Builder) {
	last := func(property string, usual float64) float64 {
		for _, line := range d.lines(property) {
			if len(line) > 1 {
				usual, _ = seconds(line[1])
			}
		}
		return usual
	}
	if oldest, kept := last("max_age", 0), last("expire", usualExpiry); oldest > 0 && oldest < kept {
		d.refuse(b, "max_age is less than expire, which is %v seconds", kept)
	}
}

// checkEmpty refuses a plugin that has nothing to do.
func (d directive) checkEmpty(b *holdings.Builder) {
	if len(d.block) == 0 {
		d.refuse(b, "it has no properties")
	}
}

// checkSecrets refuses a key that is defined twice.
func (d directive) checkSecrets(b *holdings.Builder) {
	seen := make(map[string]bool)
	for _, line := range d.lines("secret") {
		if len(line) < 2 {
			continue
		}
		key := dnsname.Absolute(strings.ToLower(line[1]))
		if seen[key] {
			d.refuse(b, "key %s is defined twice", lines.Shown(line[1]))
		}
		seen[key] = true
	}
}

// manual are the properties of tls beside a certificate, and all others those with which it gets one.
var manual = setOf("client_auth keylog")

// checkTLS refuses properties that are for the other way to have a certificate.
func (d directive) checkTLS(b *holdings.Builder) {
	given := len(d.args) > 0
	for _, line := range d.block {
		if pluginRules()["tls"].properties[line[0]] != nil && manual[line[0]] != given {
			d.refuse(b, "%s is not for %s", lines.Shown(line[0]), map[bool]string{true: "a certificate in a file", false: "one that is got by ACME"}[given])
		}
	}
	if given {
		return
	}
	if d.checkTwice(b, ""); len(d.lines("acme")) == 0 {
		d.refuse(b, "it has no certificate, and no property acme")
	}
}
