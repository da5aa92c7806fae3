package holdings

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Kind is a kind of file that can be read.
type Kind string

// The kinds of files.
const (
	KindZone    Kind = "zone"    // a zone file (RFC 1035, section 5)
	KindRPZ     Kind = "rpz"     // a response policy zone (draft-vixie-dnsop-dns-rpz)
	KindHosts   Kind = "hosts"   // a hosts file (hosts(5))
	KindRoute53 Kind = "route53" // list-resource-record-sets, change batches, create-hosted-zone
	KindJSON    Kind = "json"    // our format json
	KindUnbound Kind = "unbound" // local zones of unbound.conf(5)
	KindDnsmasq Kind = "dnsmasq" // the configuration of dnsmasq(8)
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{KindZone, KindRPZ, KindHosts, KindRoute53, KindJSON, KindUnbound, KindDnsmasq}
}

// ParseKind reads a kind's name. The format bind is written as zone files.
func ParseKind(name string) (Kind, error) {
	if name == "bind" {
		return KindZone, nil
	}
	for _, k := range Kinds() {
		if string(k) == name {
			return k, nil
		}
	}
	return "", fmt.Errorf("unknown kind of file %q", name)
}

// Input says what is read.
type Input struct {
	// Name is what the source is called in places and errors.
	Name string
	// Kind is what it is; empty to find out from its content.
	Kind Kind
	// Origin is the zone that a zone file is for, if it does not say so itself,
	// as an absolute name; else empty.
	Origin string
}

// ErrKind is the error for content of which it cannot be told what it is.
var ErrKind = errors.New("it cannot be told what kind of file this is")

// Read adds what a file has. Errors have its name and, where there are lines, the
// line. The error is [ErrKind] where no kind is given and none is found.
func (b *Builder) Read(r io.Reader, in Input) error {
	content := bufio.NewReaderSize(r, HeadSize)
	if in.Kind == "" {
		head, err := content.Peek(HeadSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading %s: %w", in.Name, err)
		}
		if in.Kind = Detect(head); in.Kind == "" {
			return fmt.Errorf("%s: %w", in.Name, ErrKind)
		}
	}
	switch in.Kind {
	case KindZone:
		return b.readZone(content, in)
	case KindRPZ:
		return b.readRPZ(content, in)
	case KindHosts:
		return b.readHosts(content, in)
	case KindRoute53:
		return b.readRoute53(content, in)
	case KindJSON:
		return b.readJSON(content, in)
	case KindUnbound:
		return b.readUnbound(content, in)
	case KindDnsmasq:
		return b.readDnsmasq(content, in)
	default:
		return fmt.Errorf("unknown kind of file %q", in.Kind)
	}
}

// placed is an error with its place.
func placed(at Place, format string, args ...any) error {
	return fmt.Errorf("%s: %w", at, fmt.Errorf(format, args...))
}

// eachLine calls do for each line of a file, without its end. Lines are bounded,
// for no configuration has longer ones.
func eachLine(r io.Reader, in Input, do func(line string, at Place) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	at := Place{File: in.Name}
	for lines.Scan() {
		at.Line++
		if err := do(string(bytes.TrimSuffix(lines.Bytes(), []byte("\r"))), at); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		at.Line++
		return placed(at, "%w", err)
	}
	return nil
}

// maxLine is the longest line that is read, in octets.
const maxLine = 1 << 20

// AddRecord adds a record of the zone with that origin, which may be transferred
// from a server. The zone's SOA makes its claim.
func (b *Builder) AddRecord(rr dns.RR, origin string, at Place) error {
	owner, err := canonicalName(rr.Header().Name)
	if err != nil {
		return placed(at, "%w", err)
	}
	if _, ok := rr.(*dns.SOA); ok && owner == origin {
		b.Claim(Claim{Origin: owner, Zone: true, Miss: NXDomain, Place: at})
	}
	b.addRR(owner, rr, origin, at)
	return nil
}

// addRR adds a record of a zone, or of what is written like one. The SOA and NS
// records of a zone's apex are not what clients ask for; a delegation leaves all
// that is at or below it to others.
func (b *Builder) addRR(name string, rr dns.RR, origin string, at Place) {
	ttl := rr.Header().Ttl
	if d, ok := addressData(rr); ok {
		b.Add(name, d, at)
		return
	}
	switch rr := rr.(type) {
	case *dns.CNAME:
		b.Add(name, Data{Target: target(rr.Target), TTL: ttl}, at)
	case *dns.DNAME:
		b.Add("*."+name, Data{Target: target(rr.Target), TTL: ttl}, at)
	case *dns.SOA:
	case *dns.NS:
		if name != origin {
			b.Claim(Claim{Origin: name, Miss: Passthru, Place: at})
		}
	default:
		b.Add(name, Data{TTL: ttl}, at) // the name exists
	}
}

// addressData returns the data of an address record.
func addressData(rr dns.RR) (Data, bool) {
	switch rr := rr.(type) {
	case *dns.A:
		addr, ok := netip.AddrFromSlice(rr.A)
		return Data{Addrs: []netip.Addr{addr.Unmap()}, TTL: rr.Hdr.Ttl}, ok
	case *dns.AAAA:
		addr, ok := netip.AddrFromSlice(rr.AAAA)
		return Data{Addrs: []netip.Addr{addr}, TTL: rr.Hdr.Ttl}, ok
	default:
		return Data{}, false
	}
}

// target returns the name to which a record leads, or the name as it stands if
// it is none.
func target(name string) string {
	if canonical, err := canonicalName(name); err == nil {
		return canonical
	}
	return name
}

// stripQuotes returns a value without the quotes around it.
func stripQuotes(value string) string {
	for _, quote := range []string{`"`, `'`} {
		if len(value) > 1 && strings.HasPrefix(value, quote) && strings.HasSuffix(value, quote) {
			return value[1 : len(value)-1]
		}
	}
	return value
}

// formatFiles says of what kind the files of our formats are, by how their names
// end. Files that tell a server to load the others say nothing of names.
var formatFiles = map[string]map[string]Kind{
	"bind":    {".zone": KindZone},
	"rpz":     {".zone": KindRPZ},
	"hosts":   {"hosts": KindHosts},
	"route53": {".json": KindRoute53},
	"json":    {".json": KindJSON},
	"unbound": {"unbound.conf": KindUnbound, ".zone": KindZone},
	"dnsmasq": {"dnsmasq.conf": KindDnsmasq},
}

// ReadableFormat reports whether the files of a format of export can be read.
func ReadableFormat(format string) bool { return formatFiles[format] != nil }

// FormatKind returns the kind of a file of a format of export, or "" if there is
// nothing to read in it.
func FormatKind(format, file string) Kind {
	for ending, kind := range formatFiles[format] {
		if strings.HasSuffix(file, ending) {
			return kind
		}
	}
	return ""
}
