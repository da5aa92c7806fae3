package coredns

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
)

// hostsPlugin is the plugin hosts.
type hostsPlugin struct {
	zones []string
	addrs map[string][]netip.Addr
	fall  []string
	file  string // that is not read
	place holdings.Place
}

// noHosts is a file that has no names.
const noHosts = "/dev/null"

func hostsOf(b *holdings.Builder, d directive, zones []string) hostsPlugin {
	h := hostsPlugin{zones: zones, addrs: make(map[string][]netip.Addr), file: "/etc/hosts", place: d.place}
	if len(d.args) > 0 {
		h.file, h.zones = d.args[0], zonesOr(d.args[1:], zones)
	}
	if h.file != noHosts {
		b.Note(d.place, "the names of %s are not read: give that file as well", h.file)
	}
	for _, option := range d.block {
		if option[0] == "fallthrough" {
			h.fall = zonesOr(option[1:], []string{"."})
			continue
		}
		addr, err := netip.ParseAddr(option[0])
		if err != nil {
			continue // another option
		}
		for _, word := range option[1:] {
			name, err := holdings.CanonicalName(word)
			if err != nil {
				b.Note(d.place, "the name is not read: %s is not a domain name", lines.Shown(word))
				continue
			}
			h.addrs[name] = append(h.addrs[name], addr.Unmap())
		}
	}
	return h
}

// names implements responder.
func (h hostsPlugin) names() []string {
	var names []string
	for name := range h.addrs {
		names = append(names, strings.TrimPrefix(name, "*."))
	}
	return append(names, h.zones...)
}

// answer implements responder. A wildcard is for one label.
func (h hostsPlugin) answer(name string, qtype uint16) (answer, bool) {
	if !inZones(name, h.zones) {
		return answer{}, false
	}
	addrs, there := h.addrs[name]
	if _, parent, found := strings.Cut(name, "."); !there && found {
		addrs, there = h.addrs["*."+parent]
	}
	a := answer{place: h.place}
	switch {
	case there && qtype == dns.TypeA:
		a.addrs = slices.DeleteFunc(slices.Clone(addrs), netip.Addr.Is6)
		return a, true
	case there && qtype == dns.TypeAAAA:
		a.addrs = slices.DeleteFunc(slices.Clone(addrs), netip.Addr.Is4)
		return a, true
	case there:
		return a, true
	case inZones(name, h.fall):
		return answer{}, false
	case h.file != noHosts:
		return answer{action: holdings.Refer, referral: holdings.Referral{File: h.file}, place: h.place}, true
	default:
		a.action = holdings.Drop // SERVFAIL
		return a, true
	}
}

// filePlugin is the plugin file.
type filePlugin struct {
	zones []string
	file  string
	place holdings.Place
}

func fileOf(b *holdings.Builder, d directive, zones []string) filePlugin {
	f := filePlugin{zones: zones, place: d.place}
	if len(d.args) > 0 {
		f.file, f.zones = d.args[0], zonesOr(d.args[1:], zones)
	}
	b.Note(d.place, "the zone file %s is not read: give it as well", f.file)
	return f
}

// names implements responder.
func (f filePlugin) names() []string { return f.zones }

// answer implements responder.
func (f filePlugin) answer(name string, _ uint16) (answer, bool) {
	if !inZones(name, f.zones) {
		return answer{}, false
	}
	return answer{action: holdings.Refer, referral: holdings.Referral{File: f.file}, place: f.place}, true
}

// forwardPlugin is the plugin forward.
type forwardPlugin struct {
	zones []string
	to    answer
}

func forwardOf(d directive) forwardPlugin {
	f := forwardPlugin{zones: []string{"."}}
	if len(d.args) > 0 {
		f.zones = zonesOr(d.args[:1], nil)
		servers := slices.DeleteFunc(slices.Clone(d.args[1:]), func(to string) bool { return strings.HasPrefix(to, "/") })
		f.to.action, f.to.referral = upstream.Asked(servers, slices.Contains(f.zones, "."))
	}
	f.to.place = d.place
	return f
}

// names implements responder.
func (f forwardPlugin) names() []string { return f.zones }

// answer implements responder.
func (f forwardPlugin) answer(name string, _ uint16) (answer, bool) {
	return f.to, inZones(name, f.zones)
}

// detect knows a Corefile by a server block whose first lines are plugins.
func detect(head formats.Head) formats.Certainty {
	opened := false
	for line := range head.Lines() {
		words := tokens(line)
		if len(words) == 0 {
			continue
		}
		if !opened {
			if opened = words[len(words)-1] == "{" && len(words) > 1; !opened {
				return formats.No
			}
			continue
		}
		if known[words[0]] && !strings.HasSuffix(line, ";") {
			return formats.Surely
		}
		return formats.No
	}
	return formats.No
}

// known are plugins with which a server block can begin.
var known = map[string]bool{
	"acl": true, "any": true, "auralink": true, "auto": true, "bind": true, "bufsize": true, "cache": true, "cancel": true, "chaos": true, "debug": true,
	"dns64": true, "dnssec": true, "dnstap": true, "errors": true, "etcd": true, "file": true, "forward": true, "geoip": true, "grpc": true, "header": true,
	"health": true, "hosts": true, "import": true, "kubernetes": true, "loadbalance": true, "local": true, "log": true, "loop": true, "metadata": true,
	"minimal": true, "nsid": true, "pprof": true, "prometheus": true, "ready": true, "reload": true, "rewrite": true, "root": true, "route53": true,
	"secondary": true, "sign": true, "template": true, "timeouts": true, "tls": true, "trace": true, "transfer": true, "tsig": true, "view": true, "whoami": true,
}
