package route53

import (
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// resourceRecordSet is a ResourceRecordSet of Route 53.
type resourceRecordSet struct {
	Name, Type      string
	TTL             *uint32
	ResourceRecords []struct{ Value string }
	AliasTarget     *struct{ DNSName string }
}

// read reads what "aws route53 list-resource-record-sets" prints, a change
// batch or the whole input of change-resource-record-sets, or the input of
// create-hosted-zone. A private hosted zone answers NXDOMAIN for what it lacks.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	s := jsontext.NewStream(r, in.Name)
	return s.Wrap(readMembers(b, s, false))
}

// readMembers reads the members of a document, or of the change batch in
// it.
func readMembers(b *holdings.Builder, s *jsontext.Stream, batch bool) error {
	var zone string
	var at holdings.Place
	create := false
	err := s.Object(func(name string) error {
		switch {
		case name == "ResourceRecordSets":
			return s.Array(func() error { return readSet(b, s) })
		case name == "Changes":
			return s.Array(func() error { return readChange(b, s) })
		case name == "ChangeBatch" && !batch:
			return readMembers(b, s, true)
		case name == "CallerReference":
			create = true
			return s.Skip()
		case name == "Name":
			var err error
			at, err = s.Value(&zone)
			return err
		default:
			return s.Skip()
		}
	})
	if err != nil || zone == "" || !create {
		return err
	}
	origin, err := canonicalName(zone)
	if err != nil {
		return err
	}
	b.Claim(holdings.Claim{Origin: origin, Zone: true, Miss: holdings.NXDomain, Place: at})
	return nil
}

// readChange reads one of the changes of a batch; what it deletes is not
// there any more.
func readChange(b *holdings.Builder, s *jsontext.Stream) error {
	var change struct {
		Action            string
		ResourceRecordSet resourceRecordSet
	}
	at, err := s.Value(&change)
	if err != nil {
		return err
	}
	switch change.Action {
	case "CREATE", "UPSERT":
		return addSet(b, change.ResourceRecordSet, at)
	case "DELETE":
		return nil
	default:
		return fmt.Errorf("unknown action %q", change.Action)
	}
}

func readSet(b *holdings.Builder, s *jsontext.Stream) error {
	var set resourceRecordSet
	at, err := s.Value(&set)
	if err != nil {
		return err
	}
	return addSet(b, set, at)
}

// addSet adds a record set. Of several for one name and type, as routing
// policies have them, the name has all.
func addSet(b *holdings.Builder, set resourceRecordSet, at holdings.Place) error {
	name, err := canonicalName(set.Name)
	if err != nil {
		return err
	}
	d := holdings.Data{TTL: holdings.NoTTL}
	if set.TTL != nil {
		d.TTL = *set.TTL
	}
	if set.AliasTarget != nil {
		d.Target = holdings.Target(set.AliasTarget.DNSName)
		b.Add(name, d, at)
		return nil
	}
	switch strings.ToUpper(set.Type) {
	case "SOA":
		b.Claim(holdings.Claim{Origin: name, Zone: true, Miss: holdings.NXDomain, Place: at})
	case "NS":
	case "A", "AAAA":
		for _, record := range set.ResourceRecords {
			addr, err := netip.ParseAddr(record.Value)
			if err != nil {
				return fmt.Errorf("%s has %q, which is not an address", name, record.Value)
			}
			d.Addrs = append(d.Addrs, addr)
		}
		d.Addrs = holdings.SortedAddrs(d.Addrs)
		b.Add(name, d, at)
	case "CNAME":
		for _, record := range set.ResourceRecords {
			d.Target = holdings.Target(record.Value)
		}
		b.Add(name, d, at)
	default:
		b.Add(name, d, at) // the name exists
	}
	return nil
}

// octalEscape is how Route 53 writes an octet in a name: in octal, where DNS
// itself writes it in decimal (RFC 1035, section 5.1).
var octalEscape = regexp.MustCompile(`\\[0-3][0-7]{2}`)

// canonicalName returns a name of Route 53's as sets have it.
func canonicalName(name string) (string, error) {
	return holdings.CanonicalName(octalEscape.ReplaceAllStringFunc(name, func(escape string) string {
		octet, _ := strconv.ParseUint(escape[1:], 8, 8) // the pattern has no others
		return fmt.Sprintf(`\%03d`, octet)
	}))
}

// detect knows a document by members that only Route 53's have.
func detect(head formats.Head) formats.Certainty {
	for _, member := range []string{"ResourceRecordSets", "ResourceRecordSet", "CallerReference"} {
		if head.Has(member) {
			return formats.Surely
		}
	}
	return formats.No
}
