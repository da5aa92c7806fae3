package holdings

import (
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// route53Set is a ResourceRecordSet of Route 53.
type route53Set struct {
	Name, Type      string
	TTL             *uint32
	ResourceRecords []struct{ Value string }
	AliasTarget     *struct{ DNSName string }
}

// readRoute53 reads what "aws route53 list-resource-record-sets" prints, a change
// batch or the whole input of change-resource-record-sets, or the input of
// create-hosted-zone. A private hosted zone answers NXDOMAIN for what it lacks.
func (b *Builder) readRoute53(r io.Reader, in Input) error {
	s := newJSONStream(r, in)
	return s.wrap(b.readRoute53Members(s, false))
}

// readRoute53Members reads the members of a document, or of the change batch in
// it.
func (b *Builder) readRoute53Members(s *jsonStream, batch bool) error {
	var zone string
	var at Place
	create := false
	err := s.object(func(name string) error {
		switch {
		case name == "ResourceRecordSets":
			return s.array(func() error { return b.readRoute53Set(s) })
		case name == "Changes":
			return s.array(func() error { return b.readRoute53Change(s) })
		case name == "ChangeBatch" && !batch:
			return b.readRoute53Members(s, true)
		case name == "CallerReference":
			create = true
			return s.skip()
		case name == "Name":
			var err error
			at, err = s.value(&zone)
			return err
		default:
			return s.skip()
		}
	})
	if err != nil || zone == "" || !create {
		return err
	}
	origin, err := route53Name(zone)
	if err != nil {
		return err
	}
	b.Claim(Claim{Origin: origin, Zone: true, Miss: NXDomain, Place: at})
	return nil
}

// readRoute53Change reads one of the changes of a batch; what it deletes is not
// there any more.
func (b *Builder) readRoute53Change(s *jsonStream) error {
	var change struct {
		Action            string
		ResourceRecordSet route53Set
	}
	at, err := s.value(&change)
	if err != nil {
		return err
	}
	switch change.Action {
	case "CREATE", "UPSERT":
		return b.addRoute53(change.ResourceRecordSet, at)
	case "DELETE":
		return nil
	default:
		return fmt.Errorf("unknown action %q", change.Action)
	}
}

func (b *Builder) readRoute53Set(s *jsonStream) error {
	var set route53Set
	at, err := s.value(&set)
	if err != nil {
		return err
	}
	return b.addRoute53(set, at)
}

// addRoute53 adds a record set. Of several for one name and type, as routing
// policies have them, the name has all.
func (b *Builder) addRoute53(set route53Set, at Place) error {
	name, err := route53Name(set.Name)
	if err != nil {
		return err
	}
	d := Data{TTL: NoTTL}
	if set.TTL != nil {
		d.TTL = *set.TTL
	}
	if set.AliasTarget != nil {
		d.Target = target(set.AliasTarget.DNSName)
		b.Add(name, d, at)
		return nil
	}
	switch strings.ToUpper(set.Type) {
	case "SOA":
		b.Claim(Claim{Origin: name, Zone: true, Miss: NXDomain, Place: at})
	case "NS":
	case "A", "AAAA":
		for _, record := range set.ResourceRecords {
			addr, err := netip.ParseAddr(record.Value)
			if err != nil {
				return fmt.Errorf("%s has %q, which is not an address", name, record.Value)
			}
			d.Addrs = append(d.Addrs, addr)
		}
		d.Addrs = sortedAddrs(d.Addrs)
		b.Add(name, d, at)
	case "CNAME":
		for _, record := range set.ResourceRecords {
			d.Target = target(record.Value)
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

// route53Name returns a name of Route 53's as sets have it.
func route53Name(name string) (string, error) {
	return canonicalName(octalEscape.ReplaceAllStringFunc(name, func(escape string) string {
		octet, _ := strconv.ParseUint(escape[1:], 8, 8) // the pattern has no others
		return fmt.Sprintf(`\%03d`, octet)
	}))
}
