package holdings

import (
	"io"
	"strings"

	"github.com/miekg/dns"
)

// localZone is a local-zone of Unbound.
type localZone struct {
	name  string
	kind  string // such as "redirect"
	place Place
}

// localData is a local-data of Unbound.
type localData struct {
	name  string
	rr    dns.RR
	place Place
}

// readUnbound reads the local zones and their data from a configuration of
// Unbound; all else in it is left out. A local zone means what it means for the
// file as a whole, so that nothing is added before its end.
func (b *Builder) readUnbound(r io.Reader, in Input) error {
	zones := make(map[string]localZone)
	var data []localData
	err := eachLine(r, in, func(line string, at Place) error {
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
			b.note(at, "%s is not followed", option)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, zone := range zones {
		b.addLocalZone(zone)
	}
	for _, d := range data {
		b.addLocalData(d, zones)
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

func parseLocalZone(value string, at Place) (localZone, error) {
	fields := strings.Fields(value)
	if len(fields) != 2 {
		return localZone{}, placed(at, "local-zone %q is not a name and a type", value)
	}
	name, err := canonicalName(stripQuotes(fields[0]))
	if err != nil {
		return localZone{}, placed(at, "%w", err)
	}
	return localZone{name: literalName(name), kind: stripQuotes(fields[1]), place: at}, nil
}

func parseLocalData(value string, at Place) (localData, error) {
	text := stripQuotes(value)
	rr, err := dns.NewRR("$TTL 3600\n" + text) // Unbound's default
	if err != nil || rr == nil {
		return localData{}, placed(at, "local-data %q is not a record", text)
	}
	name, err := canonicalName(rr.Header().Name)
	if err != nil {
		return localData{}, placed(at, "%w", err)
	}
	return localData{name: literalName(name), rr: rr, place: at}, nil
}

// covers reports whether a local zone of that type answers all names in it the
// same.
func (z localZone) covers() bool { return z.kind == "redirect" || z.kind == "inform_redirect" }

// blanket is the action of local zones that do not look at their data.
var blanket = map[string]Action{
	"always_nxdomain": NXDomain, "always_nodata": NoData, "always_refuse": Drop, "always_deny": Drop,
	"always_null": NoData, "always_transparent": Passthru,
}

// addLocalZone adds what becomes of the names that a local zone lacks.
func (b *Builder) addLocalZone(z localZone) {
	c := Claim{Origin: z.name, Miss: NXDomain, Place: z.place}
	switch z.kind {
	case "transparent", "typetransparent", "inform", "nodefault", "always_transparent", "block_a":
		c.Miss = Passthru
	}
	b.Claim(c)
	if action, all := blanket[z.kind]; all {
		b.Add(z.name, Data{Action: action, TTL: NoTTL}, z.place)
		b.Add("*."+z.name, Data{Action: action, TTL: NoTTL}, z.place)
	}
}

// addLocalData adds a record, as the closest local zone at or above it means it.
func (b *Builder) addLocalData(d localData, zones map[string]localZone) {
	zone := closest(d.name, zones)
	if _, all := blanket[zone.kind]; all || d.rr.Header().Rrtype == dns.TypeSOA || d.rr.Header().Rrtype == dns.TypeNS {
		return
	}
	if zone.kind != "typetransparent" && !zone.covers() {
		b.addRR(d.name, d.rr, "", d.place)
		return
	}
	data, ok := addressData(d.rr)
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
	for at := range keyOf(name).upwards() {
		if zone, there := zones[at.name()]; there {
			return zone
		}
	}
	return localZone{kind: "transparent"} // Unbound makes one for data without
}
