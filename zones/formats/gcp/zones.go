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
	networks              // of a policy
	Kind       string     `json:"kind"`
	DNSName    string     `json:"dnsName"`
	Policy     string     `json:"responsePolicyName"`
	Visibility string     `json:"visibility"`
	Networks   *networks  `json:"privateVisibilityConfig"`
	Forwarding *forwarder `json:"forwardingConfig"`
	Peering    *struct {
		Target struct {
			Network string `json:"networkUrl"`
		} `json:"targetNetwork"`
	} `json:"peeringConfig"`
	// Directory is where a zone has its records that Service Directory makes.
	Directory *struct {
		Namespace struct {
			URL string `json:"namespaceUrl"`
		} `json:"namespace"`
	} `json:"serviceDirectoryConfig"`
	Alternative *forwarder `json:"alternativeNameServerConfig"`
	DNS64       struct {
		Scope struct {
			All bool `json:"allQueries"`
		} `json:"scope"`
	} `json:"dns64Config"`
}

// networks are the networks that see a zone.
type networks struct {
	Networks []struct {
		URL string `json:"networkUrl"`
	} `json:"networks"`
	Clusters []struct {
		Name string `json:"gkeClusterName"`
	} `json:"gkeClusters"`
}

// ids returns the networks and the clusters by their ids.
func (n *networks) ids() []string {
	if n == nil {
		return nil
	}
	var all []string
	for _, network := range n.Networks {
		all = append(all, rrset.Network(network.URL))
	}
	for _, cluster := range n.Clusters {
		all = append(all, rrset.Network(cluster.Name))
	}
	return all
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
	what string // the last list has; "" for record sets
}

// readRecordSets reads what "gcloud dns record-sets list" prints as JSON or YAML, what
// "export" writes as YAML, or the answer of the API; and beside it what "managed-zones
// list" and "policies list" do. The zone's SOA claims it: a private zone answers NXDOMAIN
// for what it lacks.
func readRecordSets(b *holdings.Builder, r io.Reader, in formats.Input) error {
	l := &lister{b: b, sets: rrset.NewListed(b)}
	defer l.sets.End()
	items := listing.NewItems(b)
	return items.End(listing.Each(r, in.Name, []string{"rrsets", "managedZones", "policies", "responsePolicies"}, func(item listing.Item) error {
		var one listed
		if !items.Read(item, &one) {
			return nil
		}
		l.sets.Within(item.List)
		if !l.add(one, item.At) {
			item.Leave(b)
		}
		return nil
	}, func(more *listing.More) { l.sets.EndList(l.what, more) }))
}

// add adds what is listed, and reports whether it is anything that is known.
func (l *lister) add(one listed, at holdings.Place) bool {
	l.what = one.what()
	switch {
	case one.Kind == kindServerPolicy:
		if one.Alternative != nil && len(one.Alternative.Targets) > 0 {
			l.b.Unread(at, "all questions are asked of %s first: audit these", one.Alternative)
		}
		if one.DNS64.Scope.All {
			rrset.DNS64(l.b, at)
		}
	case one.Policy != "" || one.Kind == kindPolicy:
		if len(one.ids()) == 0 {
			l.b.Unread(at, "response policy %s is of no network: nobody is answered by its rules", one.Policy)
		}
	case one.DNSName != "":
		l.addZone(one, at)
	case one.Type != "":
		if one.Type == "SOA" {
			rrset.Private(l.b, one.Name, at)
		}
		l.sets.Add(one.rrset(), at)
	default:
		return false
	}
	return true
}

// what returns what a listing of such items is of, for messages; "" for record sets.
func (l listed) what() string {
	switch {
	case l.Kind == kindServerPolicy:
		return "policies"
	case l.Policy != "" || l.Kind == kindPolicy:
		return "response policies"
	case l.DNSName != "":
		return "managed zones"
	default:
		return ""
	}
}

// addZone adds a zone of which the record sets are listed elsewhere, or that others answer.
func (l *lister) addZone(one listed, at holdings.Place) {
	if one.Visibility == "private" && one.answeredElsewhere() {
		l.b.UnreadIfPrivate(dnsname.Lower(dnsname.Absolute(one.DNSName)), at, "zone %s is listed as one that others answer, and there are record sets of a zone of that name: which of them a network sees, is not known", dnsname.TrimDot(one.DNSName))
	}
	switch {
	case one.Visibility == "public":
		rrset.PublicListed(l.b, one.DNSName, at)
	case one.Visibility != "private":
		l.b.Note(at, "zone %s is public: it is left out", one.DNSName)
	case one.forwards():
		rrset.Referred(l.b, one.DNSName, holdings.Referral{Servers: one.Forwarding.String()}, at)
	case one.Peering != nil:
		rrset.Referred(l.b, one.DNSName, holdings.Referral{File: "the DNS of network " + path.Base(one.Peering.Target.Network)}, at)
	case one.Directory != nil:
		rrset.Referred(l.b, one.DNSName, holdings.Referral{File: "Service Directory, namespace " + path.Base(one.Directory.Namespace.URL)}, at)
	default:
		rrset.Unlisted(l.b, one.DNSName, "the record sets of zone "+one.Name, at)
	}
	if one.Visibility == "private" {
		l.seeNetworks(one, at)
	}
}

// forwards reports whether others are asked for the names of the zone.
func (l listed) forwards() bool { return l.Forwarding != nil && len(l.Forwarding.Targets) > 0 }

// answeredElsewhere reports whether the zone has no record sets of its own.
func (l listed) answeredElsewhere() bool {
	return l.forwards() || l.Peering != nil || l.Directory != nil
}

// seeNetworks notes which networks see a zone.
func (l *lister) seeNetworks(one listed, at holdings.Place) {
	ids := one.Networks.ids()
	rrset.SeenBy(l.b, one.DNSName, ids, at)
	if len(ids) == 0 {
		l.b.UnreadBelow(dnsname.Lower(dnsname.Absolute(one.DNSName)), at, "zone %s is seen by no network: nobody is answered from it", one.DNSName)
	}
}
