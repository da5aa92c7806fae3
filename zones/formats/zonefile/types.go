package zonefile

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// set returns the words of a text.
func set(words string) map[string]bool {
	all := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

// Types that servers do not know by their names, as they themselves say: NSD 4.6 and Knot 3.2.
var (
	// unzoned are types of questions and the like, which no zone has; BIND, NSD and Knot take no
	// record of them.
	unzoned = set("TKEY TSIG ANY AXFR IXFR OPT MAILA MAILB UID UINFO GID UNSPEC NXNAME")
	// gone are those that BIND takes no more.
	gone = set("MD MF")
	// lacked are those that a server does not know, and lackedOnce those that others of its
	// versions know.
	lacked = map[Server]map[string]bool{
		NSD: set("TKEY TSIG ANY AXFR IXFR MAILA MAILB UID UINFO GID UNSPEC NXNAME"),
		Knot: set("TKEY TSIG ANY AXFR IXFR MAILA MAILB UID UINFO GID UNSPEC NXNAME OPT NULL MD MF " +
			"X25 ISDN MB MG MR HIP NSAP NSAP-PTR WKS GPOS A6 PX NXT SINK NINFO RKEY TALINK TA DLV ATMA AMTRELAY AVC DOA HHIT BRID EID NIMLOC SIG"),
	}
	lackedOnce = map[Server]map[string]bool{
		NSD:  set("HIP NSAP-PTR GPOS A6 SINK NINFO RKEY TALINK TA ATMA AMTRELAY DOA RESINFO WALLET HHIT BRID DSYNC EID NIMLOC"),
		Knot: set("RESINFO WALLET DSYNC"),
	}
)

// seeType looks whether the server knows a record's type.
func (l *loading) seeType(rec Record, f fields) {
	if l == nil || f.foreign {
		return
	}
	switch plain := f.word(0) != `\#`; {
	case rfc3597.MatchString(f.kind):
		l.seeNumber(rec, f.kind)
	case lacked[l.server][f.kind], l.server == BIND && (unzoned[f.kind] || gone[f.kind]), f.kind == "NULL" && plain:
		l.refuse(inPart, rec.Place, "it takes no records of type %s", f.kind)
	case l.server == NSD && f.kind == "OPT":
		l.refuse(inPart, rec.Place, "it takes no records of type %s", f.kind)
	case lackedOnce[l.server][f.kind] && l.policy == nil && (l.origin == "." || dnsname.AtOrBelow(rec.Owner, l.origin)):
		l.b.UnreadBelow(l.origin, rec.Place, "%s is not read: %s does not load zone %s where it does not know the type, as versions of Debian 12 do not", f.kind, l.server, dnsname.TrimDot(l.origin))
	}
}

// seeNumber looks at a type that is written as a number.
func (l *loading) seeNumber(rec Record, kind string) {
	number, err := strconv.ParseUint(strings.TrimPrefix(kind, "TYPE"), 10, 16)
	switch {
	case err != nil:
		l.refuse(unread, rec.Place, "%s is not a type", kind)
	case number == 0 && (l.server == BIND || l.server == NSD), l.server == BIND && (number == 41 || 128 <= number && number < 256 || number == 3 || number == 4):
		l.refuse(inPart, rec.Place, "it takes no records of type %s", kind)
	}
}

// lackedTypes looks at types in a record's data.
func lackedTypes(text string) []error {
	var all []error
	for word := range strings.FieldsSeq(strings.ToUpper(text)) {
		for _, server := range []Server{NSD, Knot} {
			if lacked[server][word] {
				all = append(all, unsoundTo([]Server{server}, "it does not know the type %s", word))
			}
		}
	}
	return all
}

// measured are the types whose octets NSD looks at where they are written in the form for types that
// are not known (RFC 3597, section 5).
var measured = set("SOA MX KX SRV HINFO RT AFSDB PTR MINFO RP")

// shortest are how many octets types have that end with a name.
var shortest = map[string]int{"MX": 3, "KX": 3, "RT": 3, "AFSDB": 3, "SRV": 7}

// unpacked looks at data in that form, of a type that is known.
func (f fields) unpacked() []error {
	kind := nameOf(f.kind)
	number, known := dns.StringToType[kind]
	if !known || leading[kind] && kind != "SOA" || unzoned[kind] || kind == "NULL" || f.word(0) != `\#` || len(f.data) < 2 {
		return nil
	}
	by := toBIND
	if measured[kind] {
		by = toBINDNSD
	}
	if f.word(1) == "0" && kind != "APL" {
		return []error{unsoundTo(append(toKnot, by...), "data of type %s has octets", kind)}
	}
	rr, is := unpack(number, kind, strings.Join(f.data[2:], ""))
	if !is {
		return []error{unsoundTo(by, "its octets are not data of type %s", kind)}
	}
	if rr == nil {
		return nil
	}
	return f.plain(kind, rr)
}

// unpack returns the record of a type with these octets, and whether there is one; nil where the
// digits are none.
func unpack(number uint16, kind, digits string) (rr dns.RR, is bool) {
	octets, err := hex.DecodeString(digits)
	if err != nil {
		return nil, true
	}
	rr, end, err := dns.UnpackRRWithHeader(dns.RR_Header{Name: ".", Rrtype: number, Class: dns.ClassINET, Rdlength: uint16(len(octets))}, octets, 0)
	if err != nil || end != len(octets) || len(octets) < shortest[kind] || !packsTo(rr, octets) {
		return nil, false
	}
	return rr, true
}

// packsTo reports whether a record has these octets for its data: the library takes data that ends
// before its fields.
func packsTo(rr dns.RR, octets []byte) bool {
	packed := make([]byte, dns.Len(rr)+1)
	end, err := dns.PackRR(rr, packed, 0, nil, false)
	return err == nil && bytes.HasSuffix(packed[:end], octets) && end == len(octets)+dns.Len(&dns.ANY{Hdr: *rr.Header()})
}

// plain looks at the data of a record as the fields of its type.
func (f fields) plain(kind string, rr dns.RR) []error {
	if kind != "CAA" && kind != "SSHFP" && kind != "DS" && kind != "CDS" {
		return nil
	}
	words := strings.Fields(strings.TrimPrefix(rr.String(), rr.Header().String()))
	some, err := fields{kind: kind, data: words}.sound()
	if err != nil || slices.ContainsFunc(some, forBIND) {
		return []error{unsoundTo(toBIND, "its octets are not data of type %s", kind)}
	}
	return nil
}

func forBIND(err error) bool {
	var its *unsoundError
	return errors.As(err, &its) && slices.Contains(its.by, BIND)
}
