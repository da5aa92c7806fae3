package exports_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/Azure/azure-sdk-for-go/services/privatedns/mgmt/2020-06-01/privatedns" //nolint:staticcheck // its successor's types do not decode strictly; CoreDNS has it in the module graph
	miekg "github.com/miekg/dns"
	"pgregory.net/rapid"
)

// readAzureZones imports the files that zones.sh lists: the SOA is first, and
// there is no NS.
func readAzureZones(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	list := heredoc(tb, files["zones.sh"])
	for _, line := range list {
		origin, file, rrsets := line[0]+".", line[1], line[2]
		rrs := parsedZone(tb, files[file])
		if soa, ok := rrs[0].(*miekg.SOA); !ok || soa.Hdr.Name != origin {
			tb.Fatalf("zone %s begins with %v", origin, rrs[0])
		}
		addRecords(tb, d.zone(origin), origin, rrs[1:])
		if got := strconv.Itoa(len(d.Zones[origin])); got != rrsets {
			tb.Fatalf("zone %s has %s record sets, and zones.sh expects %s", origin, got, rrsets)
		}
	}
	if len(files) != len(list)+1 {
		tb.Fatalf("%d files, and %d in zones.sh", len(files), len(list))
	}
	return d
}

// armDocument is a template of Azure Resource Manager, as far as ours go.
type armDocument struct {
	Schema         string                       `json:"$schema"`
	ContentVersion string                       `json:"contentVersion"`
	Metadata       struct{ Description string } `json:"metadata"`
	Parameters     map[string]struct {
		Type     string                       `json:"type"`
		Metadata struct{ Description string } `json:"metadata"`
	} `json:"parameters"`
	Resources []armResource `json:"resources"`
}

type armResource struct {
	Type       string          `json:"type"`
	APIVersion string          `json:"apiVersion"`
	Name       string          `json:"name"`
	Location   string          `json:"location"`
	DependsOn  []string        `json:"dependsOn"`
	Properties json.RawMessage `json:"properties"`
}

const armZones = "Microsoft.Network/privateDnsZones"

// readARM deploys a template: its properties are decoded strictly into the types
// of Azure's own SDK, and each resource is there before those that need it.
func readARM(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	text := onlyWith(tb, files, ".template.json")
	var document armDocument
	strictly(tb, text, &document)
	if len(files) != 1 || len(document.Resources) > 800 || len(text) > 4_000_000 {
		tb.Fatalf("%d files, %d resources, %d octets", len(files), len(document.Resources), len(text))
	}
	there, linked := map[string]bool{}, map[string]bool{}
	for _, r := range document.Resources {
		for _, id := range r.DependsOn {
			if !there[armName(tb, id)] {
				tb.Fatalf("%s %s depends on %s, which is not there", r.Type, r.Name, id)
			}
		}
		if there[r.Type+" "+r.Name] {
			tb.Fatalf("%s %s is there twice", r.Type, r.Name)
		}
		there[r.Type+" "+r.Name] = true
		zone, name, below := strings.Cut(r.Name, "/")
		if below && len(r.DependsOn) == 0 && r.Type != armZones+"/virtualNetworkLinks" {
			tb.Fatalf("%s %s does not wait for its zone", r.Type, r.Name)
		}
		switch r.Type {
		case armZones:
			d.zone(zone + ".")
		case armZones + "/virtualNetworkLinks":
			checkLink(tb, r, zone, len(d.Zones[zone+"."]))
			linked[zone+"."] = true
		default:
			addARM(tb, d.zone(zone+"."), r, zone, name)
		}
	}
	for origin := range d.Zones {
		if !linked[origin] {
			tb.Fatalf("zone %s is not linked", origin)
		}
	}
	return d
}

var armID = regexp.MustCompile(`^\[resourceId\('([^']+)', '([^']+)'(?:, '([^']+)')?\)\]$`)

// armName returns the type and the name that an expression for an id has.
func armName(tb rapid.TB, id string) string {
	tb.Helper()
	match := armID.FindStringSubmatch(id)
	if match == nil {
		tb.Fatalf("%q is not the expression for an id", id)
	}
	name := match[1] + " " + match[2]
	if match[3] != "" {
		name += "/" + match[3]
	}
	return name
}

// armLink returns the id of the network to which a link is.
func armLink(tb rapid.TB, r armResource) string {
	tb.Helper()
	var link privatedns.VirtualNetworkLinkProperties
	strictly(tb, string(r.Properties), &link)
	return *link.VirtualNetwork.ID
}

// checkLink checks that a zone's link waits for all its record sets.
func checkLink(tb rapid.TB, r armResource, zone string, rrsets int) {
	tb.Helper()
	var link privatedns.VirtualNetworkLinkProperties
	strictly(tb, string(r.Properties), &link)
	if *link.RegistrationEnabled || *link.VirtualNetwork.ID != "[parameters('virtualNetworkId')]" {
		tb.Fatalf("zone %s has the link %s", zone, r.Properties)
	}
	if len(r.DependsOn) != max(rrsets, 1) {
		tb.Fatalf("the link of zone %s waits for %d record sets of %d", zone, len(r.DependsOn), rrsets)
	}
}

// addARM adds a record set.
func addARM(tb rapid.TB, set records, r armResource, zone, name string) {
	tb.Helper()
	var properties privatedns.RecordSetProperties
	strictly(tb, string(r.Properties), &properties)
	key := rrsetKey{Name: name + "." + zone + ".", Type: strings.TrimPrefix(r.Type, armZones+"/")}
	if name == "@" {
		key.Name = zone + "."
	}
	var addrs []string
	switch key.Type {
	case "A":
		for _, record := range *properties.ARecords {
			addrs = append(addrs, *record.Ipv4Address)
		}
	case "AAAA":
		for _, record := range *properties.AaaaRecords {
			addrs = append(addrs, *record.Ipv6Address)
		}
	default:
		tb.Fatalf("%s is a %s", r.Name, r.Type)
	}
	set.add(tb, key, rrset{TTL: *properties.TTL, Addrs: addrs})
}
