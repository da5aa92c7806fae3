package zonefile

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Record is a record of a master file.
type Record struct {
	// Owner is its name, as sets have names.
	Owner string
	// RR is the record; nil where its type is one that cannot be read. Of types
	// that lead nowhere it has the header alone.
	RR dns.RR
	// Type is what its type is called there.
	Type string
	// Place is where it begins.
	Place holdings.Place
	// Origin is what names are relative to there.
	Origin string
}

// fields are an entry's words before its data.
type fields struct {
	owner    string
	ttl      uint32
	hasTTL   bool
	class    uint16
	hasClass bool
	kind     string // the type, in upper case
	data     []string
	quoted   []bool // which of the data stand in quotes; may be shorter
	foreign  bool   // the entry has what only other servers than those of zone files write
}

var (
	errNoType = errors.New("it has no type")
	age       = regexp.MustCompile(`^\[A(GE|ging):[^\]]*\]$`) // in files of Windows DNS
	typeLike  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
	rfc3597   = regexp.MustCompile(`^TYPE[0-9]+$`)
)

// maxShown is how many octets of a word an error has.
const maxShown = 60

// shown returns a word as errors show it.
func shown(word string) string {
	if len(word) > maxShown {
		word = word[:maxShown] + "..."
	}
	return strconv.Quote(word)
}

// split finds out which word is what (RFC 1035, section 5.1): TTL and class may
// stand in either order, or not at all.
func (e entry) split() (fields, error) {
	f, words := fields{class: dns.ClassINET}, e.words
	if !e.indented {
		f.owner, words = words[0], words[1:]
	}
	for i, word := range words {
		upper := strings.ToUpper(word)
		if class, is := classOf(upper); is {
			f.class, f.hasClass = class, true
			continue
		}
		if ttl, is := ParseTTL(word); is && !f.hasTTL {
			f.ttl, f.hasTTL = ttl, true
			continue
		}
		if f.beyond(word) {
			continue
		}
		if !typeLike.MatchString(word) {
			return f, fmt.Errorf("%s is neither a TTL nor a class nor a type", shown(word))
		}
		f.data = words[i+1:]
		f.kind = f.plainKind(upper)
		f.quoted = e.quotedFrom(len(e.words) - len(f.data))
		if _, known := dns.StringToType[upper]; !known && !obsolete[upper] && !rfc3597.MatchString(upper) && !foreign[upper] && !f.hasTTL && !f.hasClass {
			return f, fmt.Errorf("%s is not a type", shown(word))
		}
		return f, nil
	}
	return f, errNoType
}

// plainKind returns the name of a type that is written as a number, where its data is written as
// that of its name: servers take that as well.
func (f fields) plainKind(kind string) string {
	if name := nameOf(kind); f.word(0) != `\#` && (leading[name] || grammars[name] != "") {
		return name
	}
	return kind
}

// beyond takes a word before a record's type that only other servers write than those of zone
// files: an age, the class of cli53's aliases, or the longest and the shortest TTL of gdnsd.
func (f *fields) beyond(word string) bool {
	longest, shortest, pair := strings.Cut(word, "/")
	ttl, one := ParseTTL(longest)
	_, two := ParseTTL(shortest)
	switch {
	case age.MatchString(word), strings.EqualFold(word, "AWS"):
		f.foreign = true
	case pair && one && two && !f.hasTTL:
		f.ttl, f.hasTTL, f.foreign = ttl, true, true
	default:
		return false
	}
	return true
}

// quotedFrom says of the words from one on which of them stand in quotes, if that is known.
func (e entry) quotedFrom(i int) []bool {
	if len(e.quoted) != len(e.words) {
		return nil
	}
	return e.quoted[i:]
}

func classOf(word string) (uint16, bool) {
	switch word {
	case "IN", "CLASS1":
		return dns.ClassINET, true
	case "CH", "CHAOS", "CLASS3":
		return dns.ClassCHAOS, true
	case "HS", "CLASS4":
		return dns.ClassHESIOD, true
	default:
		return 0, false
	}
}

// ParseTTL reads a time in seconds, or with units, such as "1h30m".
func ParseTTL(word string) (ttl uint32, ok bool) {
	var sum, number uint64
	digits := false
	for i := range len(word) {
		c := word[i]
		if '0' <= c && c <= '9' {
			number, digits = number*10+uint64(c-'0'), true
		} else {
			unit, known := units[c|0x20]
			if !known || !digits {
				return 0, false
			}
			sum, number, digits = sum+number*unit, 0, false
		}
		if sum+number > 1<<32-1 {
			return 0, false
		}
	}
	return uint32(sum + number), word != ""
}

var units = map[byte]uint64{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}

// absolute returns a name as sets have it. Octets that are no ASCII letters are
// taken as they are, as servers do.
func absolute(name, origin string) (string, error) {
	switch {
	case name == "@":
		name = origin
	case !dns.IsFqdn(name) && origin == ".":
		name += "."
	case !dns.IsFqdn(name):
		name += "." + origin
	}
	if strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c > '~' }) {
		name = escapeRaw(name)
	}
	canonical, err := holdings.CanonicalName(name)
	if err != nil {
		return "", fmt.Errorf("%s is not a domain name", shown(name))
	}
	return canonical, nil
}

// escapeRaw writes octets that are not printable ASCII as "\DDD".
func escapeRaw(name string) string {
	raw := func(c byte) bool { return c <= ' ' || c > '~' }
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch escaped := c == '\\' && i+1 < len(name); {
		case escaped && !raw(name[i+1]):
			b.WriteByte(c)
			i++
			b.WriteByte(name[i])
		case escaped:
			i++
			fmt.Fprintf(&b, `\%03d`, name[i])
		case raw(c):
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// record returns the record of these fields. Without an error and a record, its
// type is one that is not known.
func (f fields) record(owner, origin string) (dns.RR, error) {
	h := dns.RR_Header{Name: owner, Rrtype: dns.StringToType[f.kind], Class: f.class, Ttl: f.ttl}
	if len(f.data) > 0 && f.data[0] == `\#` || rfc3597.MatchString(f.kind) {
		if !leading[nameOf(f.kind)] {
			return &dns.RFC3597{Hdr: h}, nil // the name exists
		}
		return f.generic(owner)
	}
	switch f.kind {
	case "A", "AAAA":
		return f.address(h)
	case "CNAME", "DNAME", "NS", "ALIAS", "ANAME":
		return f.name(h, origin)
	case "SOA":
		server, err := absolute(f.word(0), origin)
		if err != nil {
			server = f.word(0) // of which the other fields say more
		}
		return &dns.SOA{Hdr: h, Ns: server, Mbox: f.word(1), Serial: f.serial(), Minttl: f.minimum()}, nil
	default:
		if h.Rrtype == dns.TypeNone && !obsolete[f.kind] {
			return nil, nil
		}
		return &dns.RFC3597{Hdr: h}, nil // the name exists
	}
}

// leading are the types whose data leads somewhere.
var leading = map[string]bool{"A": true, "NS": true, "CNAME": true, "SOA": true, "AAAA": true, "DNAME": true}

// nameOf returns the usual name of a type that is written as one that is not known, as
// "TYPE65" (RFC 3597, section 5).
func nameOf(kind string) string {
	if rfc3597.MatchString(kind) {
		number, err := strconv.ParseUint(strings.TrimPrefix(kind, "TYPE"), 10, 16)
		if name, known := dns.TypeToString[uint16(number)]; err == nil && known {
			return name
		}
	}
	return kind
}

// Unjudged notes a record that sends browsers to addresses of its own (RFC 9460), which are
// not judged.
func (r Record) Unjudged(b *holdings.Builder) {
	if kind := nameOf(r.Type); kind == "HTTPS" || kind == "SVCB" {
		b.UnreadBelow(r.Owner, r.Place, "%s is not read: to which addresses it sends browsers that ask for %s is not judged", kind, dnsname.TrimDot(r.Owner))
	}
}

// obsolete are types that servers know and the library does not.
var obsolete = map[string]bool{
	"WKS": true, "MD": true, "MF": true, "GPOS": true, "A6": true, "NXT": true, "ATMA": true, "SINK": true, "DSYNC": true,
	"NSAP": true, "NSAP-PTR": true, "KEY": true, "SIG": true, "RESINFO": true, "WALLET": true, "HHIT": true, "BRID": true, "AMTRELAY": true,
	"IPN": true, "CLA": true, "DOA": true, "SPF": true, "MAILA": true, "MAILB": true, "TA": true, "DLV": true,
}

// foreign are types that some servers know and DNS does not.
var foreign = map[string]bool{"ALIAS": true, "ANAME": true, "LUA": true, "DYNA": true, "DYNC": true, "WINS": true, "WINSR": true, "WINS-R": true}

func (f fields) word(i int) string {
	if i < len(f.data) {
		return f.data[i]
	}
	return ""
}

// serial is the third of an SOA's fields.
func (f fields) serial() uint32 {
	serial, _ := strconv.ParseUint(f.word(2), 10, 32)
	return uint32(serial)
}

// minimum is the last of an SOA's fields.
func (f fields) minimum() uint32 {
	ttl, _ := ParseTTL(f.word(6))
	return ttl
}

// generic reads data in the form for unknown types (RFC 3597, section 5).
func (f fields) generic(owner string) (dns.RR, error) {
	if err := generic(f.data); err != nil {
		return nil, err
	}
	if octets := map[string]string{"A": "4", "AAAA": "16"}[nameOf(f.kind)]; octets != "" && f.data[1] != octets {
		return nil, fmt.Errorf("an address of type %s has %s octets", nameOf(f.kind), octets)
	}
	text := fmt.Sprintf("%s %d IN %s %s", owner, f.ttl, f.kind, strings.Join(f.data, " "))
	rr, err := dns.NewRR(text)
	if err != nil || rr == nil {
		return nil, fmt.Errorf("the data of its type %s cannot be read", shown(f.kind))
	}
	return rr, nil
}

// address reads the data of an A or AAAA record, or the target of an alias as
// cli53 writes it.
func (f fields) address(h dns.RR_Header) (dns.RR, error) {
	addr, err := netip.ParseAddr(f.word(0))
	is4 := f.kind == "A"
	if err != nil || addr.Is4() != is4 || addr.Zone() != "" {
		return nil, fmt.Errorf("%s is not an address of type %s", shown(f.word(0)), f.kind)
	}
	if is4 {
		return &dns.A{Hdr: h, A: addr.AsSlice()}, nil
	}
	return &dns.AAAA{Hdr: h, AAAA: addr.AsSlice()}, nil
}

// name reads the data of a record that leads to another name. An ALIAS leads there
// as a CNAME does, but only for addresses.
func (f fields) name(h dns.RR_Header, origin string) (dns.RR, error) {
	target := f.word(0)
	if f.kind == "ALIAS" && len(f.data) > 1 && (target == "A" || target == "AAAA") {
		target = f.word(1) // cli53: ALIAS TYPE TARGET ZONE EVALUATE
	}
	target, err := absolute(target, origin)
	if err != nil {
		return nil, err
	}
	switch f.kind {
	case "NS":
		return &dns.NS{Hdr: h, Ns: target}, nil
	case "DNAME":
		return &dns.DNAME{Hdr: h, Target: target}, nil
	default:
		h.Rrtype = dns.TypeCNAME
		return &dns.CNAME{Hdr: h, Target: target}, nil
	}
}
