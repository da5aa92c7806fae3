package tools

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// errNoZone is the error for a zone of octoDNS in a file that is not called so.
var errNoZone = errors.New("octoDNS calls the file of a zone by its name, such as endpoints.neo4j.io.yaml, or its directory endpoints.neo4j.io., and this is another name")

// octodnsTTL is the TTL of records that have none, of octoDNS's YamlProvider.
const octodnsTTL = 3600

// octodnsRecord is a record of octoDNS.
type octodnsRecord struct {
	Type   string    `yaml:"type"`
	TTL    yaml.Node `yaml:"ttl"`
	Value  yaml.Node `yaml:"value"`
	Values yaml.Node `yaml:"values"`
	// Dynamic has pools of which one is answered with, and Geo values for some clients.
	Dynamic struct {
		Pools map[string]struct {
			Values []struct {
				Value yaml.Node `yaml:"value"`
			} `yaml:"values"`
		} `yaml:"pools"`
	} `yaml:"dynamic"`
	Geo map[string]yaml.Node `yaml:"geo"`
	// Settings say where a record is synced, or not at all, and what only some providers do.
	Settings map[string]yaml.Node `yaml:"octodns"`
}

// all returns all values that may be answered.
func (r octodnsRecord) all() []yaml.Node {
	all := []yaml.Node{r.Values, r.Value}
	for _, pool := range slices.Sorted(maps.Keys(r.Dynamic.Pools)) {
		for _, value := range r.Dynamic.Pools[pool].Values {
			all = append(all, value.Value)
		}
	}
	for _, where := range slices.Sorted(maps.Keys(r.Geo)) {
		all = append(all, r.Geo[where])
	}
	return all
}

// zoneOfFile returns the zone of a file of YamlProvider: the file is called so, or the
// directory of it, where each name has a file of its own; and "" where neither is.
func zoneOfFile(file string) string {
	dir, base := path.Split(strings.ReplaceAll(file, `\`, "/"))
	dir = path.Base(dir)
	name := strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml")
	all, catchall := strings.CutPrefix(name, "$")
	switch {
	case name == base:
		return ""
	case strings.HasSuffix(dir, ".") && len(strings.Trim(dir, ".")) > 0:
		return dir
	case catchall:
		return dnsname.Absolute(all)
	case strings.Contains(name, "."):
		return dnsname.Absolute(name)
	default:
		return ""
	}
}

// readOctoDNS reads a zone of octoDNS's YamlProvider, which says nowhere what zone it
// is: its file is called so, or its directory. A zone answers NXDOMAIN for what it lacks.
func readOctoDNS(b *holdings.Builder, r io.Reader, in formats.Input) error {
	head, content, err := formats.Peek(r)
	if err != nil {
		return err
	}
	if octodnsSettings.Match(head) && octodnsZones.Match(head) {
		return readOctoDNSConfig(b, content, in)
	}
	origin := cmp.Or(zoneOfFile(in.Name), in.Origin)
	if origin == "" {
		return holdings.Place{File: in.Name, Line: 1}.Errorf("%w", errNoZone)
	}
	rrset.Zone(b, origin, holdings.Place{File: in.Name, Line: 1})
	if name, err := holdings.CanonicalName(origin); err == nil {
		syncedZonesOf(b).files[name] = holdings.Place{File: in.Name, Line: 1}
	}
	return listing.Documents(content, in.Name, func(document *yaml.Node) error {
		syncedZonesOf(b).checkOrder(document, in.Name, 0)
		for name, value := range listing.Mapping(document) {
			if err := addOctoDNS(b, name, value, origin, in.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// addOctoDNS adds the records of a name.
func addOctoDNS(b *holdings.Builder, name, value *yaml.Node, origin, file string) error {
	at := holdings.Place{File: file, Line: name.Line}
	if strings.HasPrefix(name.Value, "$") || name.Value == "<<" {
		b.UnreadBelow(dnsname.Lower(origin), at, "%s is not read: it is no name of the zone", name.Value)
		return nil
	}
	items := []*yaml.Node{value}
	if value = aliased(value); value.Kind == yaml.SequenceNode {
		items = value.Content
	}
	var types []string
	for _, item := range items {
		var record octodnsRecord
		if err := item.Decode(&record); err != nil {
			return at.Errorf("%w", err)
		}
		syncedZonesOf(b).checkRecord(name.Value, record, types, at)
		types = append(types, record.Type)
		record.add(b, ownerIn(name.Value, origin), origin, at)
	}
	return nil
}

// ownerIn returns the absolute name of what is relative to a zone.
func ownerIn(name, origin string) string {
	if name == "" || name == "@" {
		return origin
	}
	return name + "." + origin
}

func (r octodnsRecord) add(b *holdings.Builder, name, zone string, at holdings.Place) {
	var ignored bool
	if setting, is := r.Settings["ignored"]; is {
		_ = setting.Decode(&ignored) // what is no boolean is none
	}
	if ignored {
		b.Note(at, "the %s of %s is left out: octoDNS ignores it", r.Type, dnsname.TrimDot(name))
		return
	}
	r.noteSettings(b, name, at)
	set := rrset.RRset{Name: name, Type: r.Type, Zone: zone, TTL: rrset.Seconds(octodnsTTL)}
	switch seconds, err := strconv.ParseUint(strings.TrimSpace(r.TTL.Value), 10, 31); { // a text will do
	case r.TTL.Kind == 0:
	case err != nil:
		b.NotMade(".", at, "the %s of %s has the TTL %q, which is no number of seconds: octoDNS stops there, and syncs nothing", r.Type, dnsname.TrimDot(name), r.TTL.Value)
	default:
		set.TTL = rrset.Seconds(uint32(seconds))
	}
	for _, value := range r.all() {
		set.Values = append(set.Values, scalarsIn(&value)...)
	}
	rrset.Add(b, set, at)
}

// scalarsIn returns a scalar, or those of a list: octoDNS takes either for values as for
// value. What is neither, such as an MX, leads no client anywhere.
func scalarsIn(n *yaml.Node) []string {
	n = aliased(n)
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var all []string
	for _, item := range n.Content {
		if item = aliased(item); n.Kind == yaml.SequenceNode && item.Kind == yaml.ScalarNode {
			all = append(all, item.Value)
		}
	}
	return all
}

// aliased returns a node, or what it stands for.
func aliased(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// noteSettings notes what settings of a record do that is not known here.
func (r octodnsRecord) noteSettings(b *holdings.Builder, name string, at holdings.Place) {
	canonical, err := holdings.CanonicalName(name)
	if err != nil {
		return
	}
	origin := strings.TrimPrefix(canonical, "*.")
	for _, setting := range slices.Sorted(maps.Keys(r.Settings)) {
		switch setting {
		case "ignored", "healthcheck", "lenient", "weight":
		case "excluded", "included":
			b.UnreadBelow(origin, at, "the %s of %s is synced to some providers alone", r.Type, dnsname.TrimDot(name))
		default:
			b.UnreadBelow(origin, at, "the %s of %s has octoDNS's setting %s: what it makes of the record is not known here", r.Type, dnsname.TrimDot(name), setting)
		}
	}
}

var (
	octodnsLine     = regexp.MustCompile(`(?m)^\s+(- )?type: ["']?(A|AAAA|CNAME|ALIAS|DNAME|TXT|MX|NS|SRV|CAA|PTR)["']?\s*$`)
	octodnsValue    = regexp.MustCompile(`(?m)^\s+(- )?values?:`)
	octodnsDynamic  = regexp.MustCompile(`(?m)^\s+(dynamic|geo|octodns):`)
	octodnsSettings = regexp.MustCompile(`(?m)^providers:`)
	octodnsZones    = regexp.MustCompile(`(?m)^zones:`)
	notOctoDNS      = regexp.MustCompile(`(?m)^\s*(- )?(kind|apiVersion|rrdatas|fqdn|regions|vpcs|providers):`)
)

// detectOctoDNS knows a zone by its records.
func detectOctoDNS(head formats.Head) formats.Certainty {
	text := string(head)
	switch {
	case head.Document():
		return formats.No
	case octodnsSettings.MatchString(text) && octodnsZones.MatchString(text) && strings.Contains(text, "octodns"),
		octodnsLine.MatchString(text) && (octodnsValue.MatchString(text) || octodnsDynamic.MatchString(text)) && !notOctoDNS.MatchString(text):
		return formats.Likely
	default:
		return formats.No
	}
}
