package unbound

import (
	"io"
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// localZone is a local-zone of Unbound.
type localZone struct {
	name  string
	kind  string // such as "redirect"
	place holdings.Place
}

// localData is a local-data of Unbound.
type localData struct {
	name  string
	rr    dns.RR
	place holdings.Place
}

// read reads the local zones and their data from a configuration of
// Unbound; all else in it is left out. A local zone means what it means for the
// file as a whole, so that nothing is added before its end.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	zones := make(map[string]localZone)
	var data []localData
	err := lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		option, value, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found || strings.HasPrefix(option, "#") {
			return nil
		}
		value = withoutComment(strings.TrimSpace(value))
		switch option {
		case "local-zone":
			zone, err := parseLocalZone(value, at)
			if err != nil {
				return err
			}
			zones[zone.name] = zone
		case "local-data":
			d, err := parseLocalData(value, at)
			if err != nil {
				return err
			}
			data = append(data, d)
		case "include", "include-toplevel":
			b.Note(at, "%s is not followed", option)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, zone := range zones {
		addLocalZone(b, zone)
	}
	for _, d := range data {
		addLocalData(b, d, zones)
	}
	return nil
}

// withoutComment cuts a comment off that stands behind a value, which may be in
// quotes.
func withoutComment(value string) string {
	if value != "" && strings.ContainsAny(value[:1], `"'`) {
		if end := strings.IndexByte(value[1:], value[0]); end >= 0 {
			rest, _, _ := strings.Cut(value[end+2:], "#")
			return value[:end+2] + strings.TrimRight(rest, " \t")
		}
	}
	value, _, _ = strings.Cut(value, "#")
	return strings.TrimSpace(value)
}

func parseLocalZone(value string, at holdings.Place) (localZone, error) {
	fields := strings.Fields(value)
	if len(fields) != 2 {
		return localZone{}, at.Errorf("local-zone %q is not a name and a type", value)
	}
	name, err := holdings.CanonicalName(lines.Unquote(fields[0]))
	if err != nil {
		return localZone{}, at.Errorf("%w", err)
	}
	return localZone{name: holdings.LiteralName(name), kind: lines.Unquote(fields[1]), place: at}, nil
}

func parseLocalData(value string, at holdings.Place) (localData, error) {
	text := lines.Unquote(value)
	rr, err := dns.NewRR("$TTL 3600\n" + text) // Unbound's default
	if err != nil || rr == nil {
		return localData{}, at.Errorf("local-data %q is not a record", text)
	}
	name, err := holdings.CanonicalName(rr.Header().Name)
	if err != nil {
		return localData{}, at.Errorf("%w", err)
	}
	return localData{name: holdings.LiteralName(name), rr: rr, place: at}, nil
}

// covers reports whether a local zone of that type answers all names in it the
// same.
func (z localZone) covers() bool { return z.kind == "redirect" || z.kind == "inform_redirect" }

// blanket is the action of local zones that do not look at their data.
var blanket = map[string]holdings.Action{
	"always_nxdomain": holdings.NXDomain, "always_nodata": holdings.NoData, "always_refuse": holdings.Drop, "always_deny": holdings.Drop,
	"always_null": holdings.NoData, "always_transparent": holdings.Passthru,
}

// addLocalZone adds what becomes of the names that a local zone lacks.
func addLocalZone(b *holdings.Builder, z localZone) {
	c := holdings.Claim{Origin: z.name, Miss: holdings.NXDomain, Place: z.place}
	switch z.kind {
	case "transparent", "typetransparent", "inform", "nodefault", "always_transparent", "block_a":
		c.Miss = holdings.Passthru
	}
	b.Claim(c)
	if action, all := blanket[z.kind]; all {
		b.Add(z.name, holdings.Data{Action: action, TTL: holdings.NoTTL}, z.place)
		b.Add("*."+z.name, holdings.Data{Action: action, TTL: holdings.NoTTL}, z.place)
	}
}

// addLocalData adds a record, as the closest local zone at or above it means it.
func addLocalData(b *holdings.Builder, d localData, zones map[string]localZone) {
	zone := closest(d.name, zones)
	if _, all := blanket[zone.kind]; all || d.rr.Header().Rrtype == dns.TypeSOA || d.rr.Header().Rrtype == dns.TypeNS {
		return
	}
	if zone.kind != "typetransparent" && !zone.covers() {
		b.AddRR(d.name, d.rr, "", d.place)
		return
	}
	data, ok := holdings.AddressData(d.rr)
	if !ok {
		return
	}
	data.Partial = zone.kind == "typetransparent"
	if zone.covers() {
		b.Add("*."+d.name, data, d.place)
		data.Implied = true
	}
	b.Add(d.name, data, d.place)
}

// closest returns the local zone at or above a name that has the longest name.
func closest(name string, zones map[string]localZone) localZone {
	for at := range holdings.Upwards(name) {
		if zone, there := zones[at]; there {
			return zone
		}
	}
	return localZone{kind: "transparent"} // Unbound makes one for data without
}

var clauseLine = regexp.MustCompile(`^(server:|view:|auth-zone:|forward-zone:|stub-zone:|remote-control:|local-(zone|data|data-ptr):)`)

// detect knows a configuration by the clauses and settings that it can begin with.
func detect(head formats.Head) formats.Certainty {
	if clauseLine.MatchString(strings.TrimSpace(head.FirstLine())) {
		return formats.Surely
	}
	return formats.No
}
