package dnsmasq

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// dnsmasqFile gathers what a configuration says. The longest domain counts for a
// name, and "*.x" is longer than "x".
type dnsmasqFile struct {
	b        *holdings.Builder
	in       formats.Input          // of the file that is being read
	seen     map[string]bool        // files: dnsmasq reads each of them once
	at       map[string]*domainRule // for a domain and all below it
	below    map[string]*domainRule // for all below a domain: "*." in front
	hosts    map[string]*hostRecord
	aliases  map[string]alias
	other    map[string]hostRecord // names whose addresses others know
	servers  []string              // for everything
	ttl      uint32                // of local answers
	noHosts  bool                  // the machine's hosts file is not read
	hostsAt  string                // a hosts file that is read beside it
	expands  bool                  // plain names of hosts files get a domain
	plain    []plainHost
	suffixes []suffix
	rebind   holdings.Place // of stop-dns-rebind
	exempt   bool           // there is a rebind-domain-ok
	good     int            // lines with an option of dnsmasq
	junk     int
}

// errJunk is the error of a file that has none of dnsmasq's options.
var errJunk = errors.New("no line up to here has an option of dnsmasq")

// maxJunk is after how many lines without an option a file is given up.
const maxJunk = 1000

// read reads a configuration of dnsmasq: addresses, local domains, host-records,
// CNAMEs and servers of domains. What could matter and is not read is noted.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	f := &dnsmasqFile{
		b: b, seen: map[string]bool{in.Name: true}, at: make(map[string]*domainRule), below: make(map[string]*domainRule), hosts: make(map[string]*hostRecord),
		aliases: make(map[string]alias), other: make(map[string]hostRecord), ttl: holdings.NoTTL,
	}
	if err := f.file(r, in, f.option); err != nil {
		return err
	}
	f.addTo()
	return nil
}

// file reads the lines of one file.
func (f *dnsmasqFile) file(r io.Reader, in formats.Input, do func(option, value string, at holdings.Place) error) error {
	outer := f.in
	f.in = in
	defer func() { f.in = outer }()
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		if line = plainLine(line); line == "" {
			return nil
		}
		option, value, _ := strings.Cut(line, "=")
		if err := do(strings.TrimSpace(option), strings.TrimSpace(value), at); err != nil {
			return err
		}
		if f.good == 0 && f.junk >= maxJunk {
			return at.Errorf("%w", errJunk)
		}
		return nil
	})
}

// plainLine returns a line without quotes, comments and blanks around it. A comment
// begins at the line's start or behind a blank.
func plainLine(line string) string {
	var plain strings.Builder
	quoted, blank := false, true
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
			continue
		case c == '#' && blank && !quoted:
			return strings.TrimSpace(plain.String())
		default:
			blank = c == ' ' || c == '\t'
			plain.WriteByte(c)
		}
	}
	return strings.TrimSpace(plain.String())
}

// option reads one line. An error is one by which all reading ends.
func (f *dnsmasqFile) option(option, value string, at holdings.Place) error {
	if !options[option] {
		f.junk++
		f.b.Unread(at, "%s is no option of dnsmasq that is known here, and not read", lines.Shown(option))
		return nil
	}
	f.good++
	var err error
	switch option {
	case "address", "local", "server":
		err = f.domain(option, value, at)
	case "host-record":
		err = f.host(value, at)
	case "cname":
		err = f.cname(value, at)
	case "interface-name", "dynamic-host":
		err = f.elsewhere(option, value, at)
	case "local-ttl":
		var ttl uint64
		if ttl, err = strconv.ParseUint(value, 10, 31); err != nil {
			err = errors.New("it is not a number of seconds")
			break
		}
		f.ttl = uint32(ttl)
	case "no-hosts":
		f.noHosts = true
	case "expand-hosts":
		f.expands = true
	case "domain":
		err = f.suffix(value, at)
	case "conf-file", "conf-dir", "servers-file":
		return f.more(option, value, at)
	case "addn-hosts", "hostsdir":
		f.hostsFile(option, value, at)
	default:
		f.further(option, value, at)
	}
	if err != nil {
		f.b.Unread(at, "%s=%s is not read: %v", option, lines.Shown(value), err)
	}
	return nil
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
	case "stop-dns-rebind":
		f.rebind = at
	case "rebind-domain-ok":
		f.exempt = true
	default:
		if why := matters[option]; why != "" {
			domain, _, _ := strings.Cut(value, ",")
			f.b.UnreadBelow(scope(option, domain), at, "%s is not read: %s", option, why)
		} else if why := hardly[option]; why != "" {
			f.b.Note(at, "%s is not read: %s", option, why)
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
	"filter-AAAA":  "it takes addresses out of answers",
	"filter-rr":    "it takes records out of answers",
	"conf-script":  "it makes configuration by a program",
}

// hardly says of options that are not read what they do that is of no weight: to names
// that clients have, and to several addresses of one name.
var hardly = map[string]string{
	"dhcp-host":        "it gives a name to an address",
	"dhcp-fqdn":        "it gives names to clients",
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
