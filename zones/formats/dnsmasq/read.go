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
	once     map[string]bool        // options that stood
	at       map[string]*domainRule // for a domain and all below it
	below    map[string]*domainRule // for all below a domain: "*." in front
	endings  map[string]*domainRule // for all that ends like a name: "*" in front
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
	leases   []lease
	rebind   holdings.Place  // of stop-dns-rebind
	filter   holdings.Place  // of filter-AAAA
	uncached bool            // what others answer is not kept
	noted    map[string]bool // targets of aliases for which others may have more
	needsDot bool            // nobody else is asked for names of one label
	fqdn     holdings.Place  // of dhcp-fqdn
	dnssec   holdings.Place  // of dnssec
	anchored bool            // there is a trust-anchor of the root
	exempt   bool            // there is a rebind-domain-ok
	ports    ports           // from which others are asked
	given    map[string]bool // addresses of dhcp-host
	good     int             // lines with an option of dnsmasq
	junk     int
	// listens are the addresses and interfaces at which it listens, and listensAt is where that is said last.
	listens   []string
	listensAt holdings.Place
}

// ports are those from which others are asked: the lowest and the highest, 0 for none, and
// where one of them is said last.
type ports struct {
	lowest, highest int
	at              holdings.Place
}

// usualPorts are those where nothing is said.
var usualPorts = ports{lowest: 1024, highest: 65535}

// errJunk is the error of a file that has none of dnsmasq's options.
var errJunk = errors.New("no line up to here has an option of dnsmasq")

// maxJunk is after how many lines without an option a file is given up.
const maxJunk = 1000

// read reads a configuration of dnsmasq: addresses, local domains, host-records,
// CNAMEs and servers of domains. What could matter and is not read is noted.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	f := &dnsmasqFile{
		b: b, once: make(map[string]bool), noted: make(map[string]bool), given: make(map[string]bool), seen: map[string]bool{in.Name: true}, at: make(map[string]*domainRule), below: make(map[string]*domainRule), hosts: make(map[string]*hostRecord),
		endings: make(map[string]*domainRule), aliases: make(map[string]alias), other: make(map[string]hostRecord), ttl: holdings.NoTTL, ports: usualPorts,
	}
	if err := in.Whole(b, r, func(r io.Reader, in formats.Input) error {
		f.seen[in.Name] = true
		return f.file(r, in, f.option)
	}); err != nil {
		return err
	}
	f.addTo()
	return nil
}

// file reads the lines of one file.
func (f *dnsmasqFile) file(r io.Reader, in formats.Input, do func(s setting, at holdings.Place) error) error {
	outer := f.in
	f.in = in
	defer func() { f.in = outer }()
	in.Plain(f.b, "dnsmasq")
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		for len(line) > maxLine {
			f.b.Note(at, "dnsmasq takes the line for several: a new one begins behind each %d octets", maxLine)
			if err := f.line(line[:maxLine], at, do); err != nil {
				return err
			}
			line = line[maxLine:]
		}
		return f.line(line, at, do)
	})
}

// maxLine is how many octets of a line dnsmasq reads at once.
const maxLine = 1024

// line reads what dnsmasq takes for a line.
func (f *dnsmasqFile) line(line string, at holdings.Place, do func(s setting, at holdings.Place) error) error {
	line, closed := plainLine(line)
	if !closed {
		f.b.NotStarted("dnsmasq", at, `missing "`)
	}
	if line == "" {
		return nil
	}
	option, value, has := strings.Cut(line, "=")
	if err := do(setting{strings.TrimSpace(option), strings.TrimSpace(value), !has}, at); err != nil {
		return err
	}
	if f.good == 0 && f.junk >= maxJunk {
		return at.Errorf("%w", errJunk)
	}
	return nil
}

// plainLine returns a line without quotes, comments and blanks around it, and whether its
// quotes are closed. A comment begins at the line's start or behind a blank; in quotes a
// backslash makes some letters others. What is next behind a quote's end begins none.
func plainLine(line string) (text string, closed bool) {
	var plain strings.Builder
	quoted, blank, behind := false, true, false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '"' && !behind:
			quoted = !quoted
			behind = !quoted
			continue
		case c == '#' && blank && !quoted:
			return strings.TrimSpace(plain.String()), true
		case c == '\\' && quoted && i+1 < len(line) && escaped[line[i+1]] != 0:
			i++
			c = escaped[line[i]]
		}
		behind = false
		blank = !quoted && (c == ' ' || c == '\t') || quoted && blank
		plain.WriteByte(c)
	}
	return strings.TrimSpace(plain.String()), !quoted
}

// escaped are what stands for other characters in quotes, behind a backslash.
var escaped = map[byte]byte{'"': '"', '\\': '\\', 't': '\t', 'n': '\n', 'b': '\b', 'r': '\r', 'e': 0x1b}

// starts reports whether dnsmasq starts with a setting, and says if it does not.
func (f *dnsmasqFile) starts(s setting, at holdings.Place) bool {
	rule := options()[s.option]
	why := rule.wrong(s)
	if _, there := f.once[s.option]; why == "" && rule.once && there {
		why = "illegal repeated keyword"
	}
	f.once[s.option] = true
	if why == "" && foreign(s) {
		f.b.Unread(at, "%s is not read: it has letters beyond ASCII, and dnsmasq does not start with them where it is not made for them", lines.Shown(s.String()))
		return false
	}
	if why == "" {
		return true
	}
	f.b.NotStarted("dnsmasq", at, "%s: %s", lines.Shown(s.String()), why)
	return false
}

// option reads one line. An error is one by which all reading ends.
func (f *dnsmasqFile) option(s setting, at holdings.Place) error {
	if _, known := options()[s.option]; !known {
		f.junk++
		f.b.Unread(at, "%s is no option of dnsmasq that is known here, and not read", lines.Shown(s.option))
		return nil
	}
	if !f.starts(s, at) {
		return nil
	}
	return f.known(s.option, s.value, at)
}

// known reads an option with a right value.
func (f *dnsmasqFile) known(option, value string, at holdings.Place) error {
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
