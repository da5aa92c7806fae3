package gcp

import (
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// recordSet is a ResourceRecordSet of Cloud DNS.
type recordSet struct {
	Name          string     `json:"name"`
	Type          string     `json:"type"`
	TTL           rrset.TTL  `json:"ttl"`
	Data          []string   `json:"rrdatas"`
	RoutingPolicy *routingOf `json:"routingPolicy"`
}

// routingOf is the routing policy of a record set: one of several sets of data is
// answered.
type routingOf struct {
	Geo           routed   `json:"geo"`
	WRR           routed   `json:"wrr"`
	PrimaryBackup failover `json:"primaryBackup"`
}

type failover struct {
	Primary targets `json:"primaryTargets"`
	Backup  routed  `json:"backupGeoTargets"`
}

type routed struct {
	Items []struct {
		Data    []string `json:"rrdatas"`
		Checked targets  `json:"healthCheckedTargets"`
	} `json:"items"`
}

// targets are load balancers whose addresses are answered while they are well.
type targets struct {
	LoadBalancers []struct {
		Address string `json:"ipAddress"`
	} `json:"internalLoadBalancers"`
	External []string `json:"externalEndpoints"`
}

// data returns all data that may be answered.
func (r *routingOf) data() []string {
	if r == nil {
		return nil
	}
	all := r.PrimaryBackup.Primary.data()
	for _, policy := range []routed{r.Geo, r.WRR, r.PrimaryBackup.Backup} {
		for _, item := range policy.Items {
			all = append(append(all, item.Data...), item.Checked.data()...)
		}
	}
	return all
}

func (t targets) data() []string {
	var all []string
	for _, balancer := range t.LoadBalancers {
		all = append(all, balancer.Address)
	}
	return append(all, t.External...)
}

// rrset returns the record set as others have it.
func (r recordSet) rrset() rrset.RRset {
	return rrset.RRset{Name: r.Name, Type: r.Type, TTL: r.TTL, Values: append(r.Data, r.RoutingPolicy.data()...)}
}

// readZoneFile reads a zone file that we have written, which has no SOA: Cloud DNS makes
// it. The file's $ORIGIN is the zone.
func readZoneFile(b *holdings.Builder, r io.Reader, in formats.Input) error {
	origin := &originLine{}
	if err := zonefile.ReadFor(b, io.TeeReader(r, origin), in, zonefile.Import); err != nil {
		return err
	}
	if origin.name != "" {
		rrset.Zone(b, origin.name, holdings.Place{File: in.Name, Line: origin.line})
	}
	return nil
}

// originLine is a writer that looks for the first $ORIGIN of a zone file.
type originLine struct {
	name string
	line int
	text []byte // of the line that is not whole yet
}

var originDirective = regexp.MustCompile(`(?i)^\$ORIGIN\s+(\S+)`)

// Write implements io.Writer.
func (o *originLine) Write(p []byte) (int, error) {
	for _, c := range p {
		if o.name != "" {
			break
		}
		if c != '\n' {
			o.text = append(o.text, c)
			continue
		}
		o.line++
		if match := originDirective.FindSubmatch(o.text); match != nil {
			o.name = string(match[1])
		}
		o.text = o.text[:0]
	}
	return len(p), nil
}

var (
	ruleLine   = regexp.MustCompile(`(?m)^(- )?\s*(ruleName:|localData:|kind: dns#responsePolicyRule)`)
	recordLine = regexp.MustCompile(`(?m)^(- )?\s*(rrdatas:|kind: dns#resourceRecordSet)`)
	zoneLine   = regexp.MustCompile(`(?m)^(- )?\s*kind: dns#(managedZone|responsePolicy|policy)\s*$`)
)

// detectRules knows rules by members that only they have.
func detectRules(head formats.Head) formats.Certainty {
	switch {
	case head.HasPrefix("urn:pulumi:"): // which has rules as well
		return formats.No
	case head.Document() && (head.Has("localData") || head.Has("ruleName")), !head.Document() && ruleLine.MatchString(string(head)):
		return formats.Surely
	default:
		return formats.No
	}
}

// detectRecordSets knows record sets by their data, which rules have as well; and zones and
// policies by their kind.
func detectRecordSets(head formats.Head) formats.Certainty {
	switch {
	case head.Has("responsePolicyName"), head.HasPrefix(kindZone), head.HasPrefix(kindPolicy), head.HasPrefix(kindServerPolicy), zoneLine.MatchString(string(head)):
		return formats.Likely
	case head.Has("rrdatas"), !head.Document() && recordLine.MatchString(string(head)) && strings.Contains(string(head), "type: "):
		return formats.Likely
	default:
		return formats.No
	}
}
