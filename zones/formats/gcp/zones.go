package gcp

import (
	"cmp"
	"io"
	"path"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// What listings of Cloud DNS call their items.
const (
	kindZone         = "dns#managedZone"
	kindPolicy       = "dns#responsePolicy"
	kindServerPolicy = "dns#policy"
)

// listed is an item of a listing: a record set, a ManagedZone or a policy.
type listed struct {
	recordSet
	Kind       string     `json:"kind"`
	DNSName    string     `json:"dnsName"`
	Visibility string     `json:"visibility"`
	Networks   *networks  `json:"privateVisibilityConfig"`
	Forwarding *forwarder `json:"forwardingConfig"`
	Peering    *struct {
		Target struct {
			Network string `json:"networkUrl"`
		} `json:"targetNetwork"`
	} `json:"peeringConfig"`
	Alternative *forwarder `json:"alternativeNameServerConfig"`
}

// networks are the networks that see a zone.
type networks struct {
	Networks []any `json:"networks"`
	Clusters []any `json:"gkeClusters"`
}

// forwarder has the servers that are asked.
type forwarder struct {
	Targets []struct {
		IPv4   string `json:"ipv4Address"`
		IPv6   string `json:"ipv6Address"`
		Domain string `json:"domainName"`
	} `json:"targetNameServers"`
}

// String returns the servers in a line.
func (f forwarder) String() string {
	var all []string
	for _, target := range f.Targets {
		if address := cmp.Or(target.IPv4, target.IPv6, target.Domain); address != "" {
			all = append(all, address)
		}
	}
	return cmp.Or(strings.Join(all, ", "), "other servers")
}

// lister gives what is listed to a builder.
type lister struct {
	b    *holdings.Builder
	sets *rrset.Listed
}

// readRecordSets reads what "gcloud dns record-sets list" prints as JSON or YAML, what
// "export" writes as YAML, or the answer of the API; and beside it what "managed-zones
// list" and "policies list" do. The zone's SOA claims it: a private zone answers NXDOMAIN
// for what it lacks.
func readRecordSets(b *holdings.Builder, r io.Reader, in formats.Input) error {
	l := &lister{b: b, sets: rrset.NewListed(b)}
	err := listing.Each(r, in.Name, []string{"rrsets", "managedZones", "policies"}, func(item listing.Item) error {
		var one listed
		if err := item.Decode(&one); err != nil {
			return err
		}
		l.sets.Within(item.List)
		l.add(one, item.At)
		return nil
	})
	l.sets.End()
	return err
}

func (l *lister) add(one listed, at holdings.Place) {
	switch {
	case one.Kind == kindServerPolicy:
		if one.Alternative != nil && len(one.Alternative.Targets) > 0 {
			l.b.Unread(at, "all questions are asked of %s first: audit these", one.Alternative)
		}
	case one.DNSName != "" && one.Kind != kindPolicy:
		l.addZone(one, at)
	case one.Type != "":
		l.sets.Add(one.rrset(), at)
	}
}

// addZone adds a zone of which the record sets are listed elsewhere, or that others answer.
func (l *lister) addZone(one listed, at holdings.Place) {
	switch {
	case one.Visibility == "public":
		rrset.Public(l.b, one.DNSName, at)
	case one.Visibility != "private":
		l.b.Note(at, "zone %s is public: it is left out", one.DNSName)
	case one.Forwarding != nil && len(one.Forwarding.Targets) > 0:
		rrset.Referred(l.b, one.DNSName, holdings.Referral{Servers: one.Forwarding.String()}, at)
	case one.Peering != nil:
		rrset.Referred(l.b, one.DNSName, holdings.Referral{File: "the DNS of network " + path.Base(one.Peering.Target.Network)}, at)
	default:
		rrset.Unlisted(l.b, one.DNSName, "the record sets of zone "+one.Name, at)
	}
	if one.Visibility == "private" && (one.Networks == nil || len(one.Networks.Networks)+len(one.Networks.Clusters) == 0) {
		l.b.UnreadBelow(dnsname.Lower(dnsname.Absolute(one.DNSName)), at, "zone %s is seen by no network: nobody is answered from it", one.DNSName)
	}
}
