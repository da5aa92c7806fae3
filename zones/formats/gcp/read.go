package gcp

import (
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
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

// readRecordSets reads what "gcloud dns record-sets list" prints as JSON or YAML, what
// "export" writes as YAML, or the answer of the API. The zone's SOA claims it: a
// private zone answers NXDOMAIN for what it lacks.
func readRecordSets(b *holdings.Builder, r io.Reader, in formats.Input) error {
	zone, some := false, false
	listed := rrset.NewListed(b)
	defer listed.End()
	err := listing.Each(r, in.Name, []string{"rrsets"}, func(item listing.Item) error {
		var set recordSet
		if err := item.Decode(&set); err != nil {
			return err
		}
		if set.Type == "" {
			return nil // no record set
		}
		some, zone = true, zone || set.Type == "SOA"
		listed.Within(item.List)
		listed.Add(set.rrset(), item.At)
		return nil
	})
	if some && !zone {
		b.Unread(holdings.Place{File: in.Name, Line: 1}, "there is no SOA among the record sets: which names their zone hides cannot be told")
	}
	return err
}

// readZoneFile reads a zone file that we have written, which has no SOA: Cloud DNS makes
// it. The file's $ORIGIN is the zone.
func readZoneFile(b *holdings.Builder, r io.Reader, in formats.Input) error {
	origin := &originLine{}
	if err := zonefile.Read(b, io.TeeReader(r, origin), in); err != nil {
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

// policyRule is a ResponsePolicyRule of Cloud DNS.
type policyRule struct {
	RuleName  string `json:"ruleName"`
	DNSName   string `json:"dnsName"`
	Behavior  string `json:"behavior"`
	LocalData struct {
		Sets []recordSet `json:"localDatas"`
	} `json:"localData"`
}

// bypass is the behavior of a rule that leaves its name to normal resolution.
const bypass = "bypassResponsePolicy"

// readRules reads what "gcloud dns response-policies rules list" prints as JSON or YAML,
// the answer of the API, or our own file. At most one rule decides a name, that of the
// longest name: no match means normal resolution.
func readRules(b *holdings.Builder, r io.Reader, in formats.Input) error {
	b.OnlyAddresses(in.Name) // a rule is for one name, and says nothing of what it lacks
	return listing.Each(r, in.Name, []string{"responsePolicyRules"}, func(item listing.Item) error {
		var rule policyRule
		if err := item.Decode(&rule); err != nil {
			return err
		}
		rule.add(b, item.At)
		return nil
	})
}

func (p policyRule) add(b *holdings.Builder, at holdings.Place) {
	switch {
	case p.DNSName == "":
	case p.Behavior == bypass:
		if name, err := holdings.CanonicalName(p.DNSName); err == nil {
			b.AddRule(name, holdings.Data{Action: holdings.Passthru, TTL: holdings.NoTTL}, at)
		}
	case len(p.LocalData.Sets) == 0:
		b.Unread(at, "rule %q for %s has no local data: left out", p.RuleName, p.DNSName)
	}
	for _, set := range p.LocalData.Sets {
		if set.Name != p.DNSName && p.DNSName != "" {
			b.Note(at, "rule %q for %s has data of %s, which it cannot answer with", p.RuleName, p.DNSName, set.Name)
			set.Name = p.DNSName
		}
		r := set.rrset()
		r.Rule = true
		rrset.Add(b, r, at)
	}
}

var (
	ruleLine   = regexp.MustCompile(`(?m)^(- )?\s*(ruleName:|localData:|kind: dns#responsePolicyRule)`)
	recordLine = regexp.MustCompile(`(?m)^(- )?\s*(rrdatas:|kind: dns#resourceRecordSet)`)
)

// detectRules knows rules by members that only they have.
func detectRules(head formats.Head) formats.Certainty {
	switch {
	case head.Document() && (head.Has("localData") || head.Has("ruleName")), !head.Document() && ruleLine.MatchString(string(head)):
		return formats.Surely
	default:
		return formats.No
	}
}

// detectRecordSets knows record sets by their data; rules have some as well.
func detectRecordSets(head formats.Head) formats.Certainty {
	switch {
	case head.Has("rrdatas"), !head.Document() && recordLine.MatchString(string(head)) && strings.Contains(string(head), "type: "):
		return formats.Likely
	default:
		return formats.No
	}
}
