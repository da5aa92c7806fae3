package dnsmasq

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// named are options that have names, whose letters dnsmasq may not take.
var named = map[string]bool{
	"auth-zone": true, "cname": true, "domain": true, "domain-suffix": true, "dns-rr": true, "host-record": true, "interface-name": true, "dynamic-host": true,
	"mx-host": true, "mx-target": true, "caa-record": true, "ipset": true, "trust-anchor": true, "naptr-record": true, "ptr-record": true, "srv-host": true, "synth-domain": true, "txt-record": true, "address": true, "local": true, "server": true,
}

// foreign reports whether a setting has a name with letters beyond ASCII. Behind the name of some
// there are texts.
func foreign(s setting) bool {
	names := s.value
	if s.option == "txt-record" || s.option == "caa-record" || s.option == "naptr-record" {
		names, _, _ = strings.Cut(names, ",")
	}
	return named[s.option] && strings.ContainsFunc(names, func(c rune) bool { return c > unicode.MaxASCII })
}

// marks notes an option that says how others count, and reports whether it is one.
func (f *dnsmasqFile) marks(option, value string, at holdings.Place) bool {
	switch option {
	case "dnssec":
		f.dnssec = at
	case "trust-anchor":
		f.anchored = f.anchored || strings.HasPrefix(value, ".,") || strings.HasPrefix(value, ",")
	case "no-hosts":
		f.noHosts = true
	case "expand-hosts":
		f.expands = true
	case "stop-dns-rebind":
		f.rebind = at
	case "rebind-domain-ok":
		f.exempt = true
	case "filter-AAAA":
		f.filter = at
	case "dhcp-fqdn":
		f.fqdn = at
	case "cache-size":
		f.uncached = strings.Trim(value, "0") == ""
	case "domain-needed":
		f.needsDot = true
	case "min-port", "max-port":
		f.ports.set(option, value, at)
	default:
		return false
	}
	return true
}

// set takes one of the two options; of several of one kind the last counts.
func (p *ports) set(option, value string, at holdings.Place) {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil:
	case option == "min-port":
		p.lowest = n
	default:
		p.highest = n
	}
	p.at = at
}

// further reads an option that says nothing of a name by itself.
func (f *dnsmasqFile) further(option, value string, at holdings.Place) {
	switch option {
	case "dhcp-hostsfile", "dhcp-hostsdir":
		f.b.Note(at, "%s %s is not read: it gives names to addresses that clients get", option, lines.Shown(value))
	case "port":
		if value == "0" {
			f.b.Refuses(holdings.AllClients, at, "port=0 has dnsmasq answer no question at all")
		}
	case "listen-address", "interface":
		f.listens, f.listensAt = append(f.listens, strings.Split(value, ",")...), at
	case "filter-rr":
		f.filterTypes(value, at)
	case "rev-server":
		if _, server, _ := strings.Cut(value, ","); !addressed(server) {
			f.b.Unread(at, "%s=%s: dnsmasq starts if that is the name of a host which it finds when it starts", option, lines.Shown(value))
		}
	case "dhcp-host":
		f.fixed(value, at)
		f.lease(value, at)
		f.b.Note(at, "%s is not read: %s", option, hardly[option])
	default:
		if f.marks(option, value, at) {
			return
		}
		if why := matters[option]; why != "" {
			domain, _, _ := strings.Cut(value, ",")
			f.b.UnreadBelow(scope(option, domain), at, "%s is not read: %s", option, why)
		} else if why := hardly[option]; why != "" {
			f.b.Note(at, "%s is not read: %s", option, why)
		}
	}
}

// addressless are types that no answer with addresses needs.
var addressless = map[string]bool{"HTTPS": true, "SVCB": true, "TXT": true, "MX": true, "SRV": true, "PTR": true, "NAPTR": true, "CAA": true, "TLSA": true, "SSHFP": true}

// filterTypes reads which types are taken out of answers.
func (f *dnsmasqFile) filterTypes(value string, at holdings.Place) {
	for kind := range strings.SplitSeq(value, ",") {
		switch kind = strings.ToUpper(strings.TrimSpace(kind)); {
		case kind == "AAAA":
			f.filter = at
		case !addressless[kind]:
			f.b.Unread(at, "filter-rr is not read: it takes records out of answers")
			return
		}
	}
}

// matters says why options could matter that are not read.
var matters = map[string]string{
	"alias":        "it changes addresses in answers of others",
	"auth-zone":    "it answers for a zone of its own",
	"synth-domain": "it makes names from addresses",
	"dns-rr":       "it is a record in hexadecimal digits",
	"filter-A":     "it takes addresses out of answers",
	"conf-script":  "it makes configuration by a program",

	"connmark-allowlist": "it refuses questions by the marks of connections, and dnsmasq may not start with it",
	"shared-network":     "dnsmasq starts with it if the machine has the interface",
}

// hardly says of options that are not read what they do that is of no weight: to names
// that clients have, and to several addresses of one name.
var hardly = map[string]string{
	"dhcp-host":        "it gives a name to an address",
	"umbrella":         "it marks questions for a server that may answer otherwise",
	"localise-queries": "it answers by the interface that was asked",
}

// scope returns the name at or below which are all whose answers an option can change
// that is not read.
func scope(option, domain string) string {
	if name, err := holdings.CanonicalName(domain); err == nil && (option == "synth-domain" || option == "dns-rr" || option == "auth-zone") {
		return name
	}
	return "."
}

// fixed looks for addresses that two hosts are to be given.
func (f *dnsmasqFile) fixed(value string, at holdings.Place) {
	for field := range strings.SplitSeq(value, ",") {
		if field = strings.TrimSpace(field); !isIPv4(field) {
			continue
		}
		if f.given[field] {
			f.b.NotStarted("dnsmasq", at, "duplicate dhcp-host IP address %s", field)
		}
		f.given[field] = true
	}
}
