package zonefile

import (
	"bytes"
	"cmp"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// Verification is what a server does with the digest of a zone (RFC 8976).
type Verification uint8

// The verifications.
const (
	Unverified Verification = iota // it does not look at it
	Verified                       // it loads the zone if the digest is right, or missing
	Demanded                       // it loads the zone if the digest is right
)

// digesting gathers the records of a zone for its digest.
type digesting struct {
	records []canonical
	digests []*dns.ZONEMD
	// unknown says that there is something of which the digest cannot be made here.
	unknown bool
}

// canonical is a record in its canonical form and order (RFC 4034, section 6).
type canonical struct {
	owner string // its labels from the right, each behind a null
	kind  uint16
	wire  []byte
	ttl   uint32
}

// take takes a record. Digests of the zone itself, and their signatures, do not count in it.
func (d *digesting) take(rec Record, f fields, origin string) {
	rr, err := f.whole(rec)
	if err != nil {
		d.unknown = true
		return
	}
	signed := rr.Header().Rrtype
	if signature, is := rr.(*dns.RRSIG); is {
		signed = signature.TypeCovered
	}
	if rec.Owner == origin && signed == dns.TypeZONEMD {
		if digest, is := rr.(*dns.ZONEMD); is {
			d.digests = append(d.digests, digest)
		}
		return
	}
	lowerNames(rr)
	wire := make([]byte, dns.Len(rr)+1)
	end, err := dns.PackRR(rr, wire, 0, nil, false)
	owner, plain := fromTheRight(rec.Owner)
	d.unknown = d.unknown || err != nil || !plain
	d.records = append(d.records, canonical{owner, rr.Header().Rrtype, wire[:end], rr.Header().Ttl})
}

// whole returns the record of these fields with all of its data.
func (f fields) whole(rec Record) (dns.RR, error) {
	words := slices.Clone(f.data)
	for i := range words {
		texts := f.kind == "NAPTR" && i >= 2 && i <= 4 // which the library wants in quotes
		if texts || i < len(f.quoted) && f.quoted[i] {
			words[i] = `"` + words[i] + `"`
		}
	}
	text := fmt.Sprintf("%s %d IN %s %s\n", rec.Owner, f.ttl, f.kind, strings.Join(words, " "))
	parser := dns.NewZoneParser(strings.NewReader(text), rec.Origin, "")
	rr, _ := parser.Next()
	if err := parser.Err(); err != nil || rr == nil {
		return nil, cmp.Or(err, errData)
	}
	return rr, nil
}

// fromTheRight returns the labels of a name from the right, each behind a null, by which names are
// in their canonical order, and whether there are no escapes, of which that is not so.
func fromTheRight(name string) (text string, plain bool) {
	labels := dns.SplitDomainName(name)
	slices.Reverse(labels)
	for _, label := range labels {
		text += "\x00" + label
	}
	return text, !strings.Contains(name, `\`)
}

// lowerNames writes the names in the data of a record in lower case, of the types of which that
// counts (RFC 4034, section 6.2; RFC 6840, section 5.1).
func lowerNames(rr dns.RR) {
	for _, name := range append(namesIn(rr), oldNamesIn(rr)...) {
		*name = strings.ToLower(*name)
	}
}

func namesIn(rr dns.RR) []*string {
	switch rr := rr.(type) {
	case *dns.NS:
		return []*string{&rr.Ns}
	case *dns.CNAME:
		return []*string{&rr.Target}
	case *dns.DNAME:
		return []*string{&rr.Target}
	case *dns.PTR:
		return []*string{&rr.Ptr}
	case *dns.SOA:
		return []*string{&rr.Ns, &rr.Mbox}
	case *dns.MX:
		return []*string{&rr.Mx}
	case *dns.SRV:
		return []*string{&rr.Target}
	case *dns.NAPTR:
		return []*string{&rr.Replacement}
	case *dns.RRSIG:
		return []*string{&rr.SignerName}
	default:
		return nil
	}
}

// oldNamesIn is namesIn for types that hardly anybody has.
func oldNamesIn(rr dns.RR) []*string {
	switch rr := rr.(type) {
	case *dns.KX:
		return []*string{&rr.Exchanger}
	case *dns.AFSDB:
		return []*string{&rr.Hostname}
	case *dns.RT:
		return []*string{&rr.Host}
	case *dns.RP:
		return []*string{&rr.Mbox, &rr.Txt}
	case *dns.MINFO:
		return []*string{&rr.Rmail, &rr.Email}
	case *dns.PX:
		return []*string{&rr.Map822, &rr.Mapx400}
	default:
		return nil
	}
}

// right reports whether one of the digests is right, if that is known: it is not where one is made
// in a way that is not known here, or where records of a name and a type differ in their TTL.
func (d *digesting) right(serial uint32) (right, known bool) {
	slices.SortFunc(d.records, func(a, b canonical) int {
		return cmp.Or(strings.Compare(a.owner, b.owner), cmp.Compare(a.kind, b.kind), bytes.Compare(a.wire, b.wire))
	})
	for i, r := range d.records[min(1, len(d.records)):] {
		before := d.records[i]
		d.unknown = d.unknown || before.owner == r.owner && before.kind == r.kind && before.ttl != r.ttl
	}
	d.records = slices.CompactFunc(d.records, func(a, b canonical) bool { return bytes.Equal(a.wire, b.wire) })
	hashes := map[uint8]func() hash.Hash{dns.ZoneMDHashAlgSHA384: sha512.New384, dns.ZoneMDHashAlgSHA512: sha512.New}
	for _, digest := range d.digests {
		newHash, is := hashes[digest.Hash]
		if !is || digest.Scheme != dns.ZoneMDSchemeSimple || len(d.digests) > 1 {
			d.unknown = true
			continue
		}
		sum := newHash()
		for _, r := range d.records {
			_, _ = sum.Write(r.wire) // which never fails
		}
		right = right || digest.Serial == serial && strings.EqualFold(digest.Digest, hex.EncodeToString(sum.Sum(nil)))
	}
	return right, !d.unknown
}
