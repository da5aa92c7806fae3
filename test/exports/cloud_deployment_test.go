package exports_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// deployment is what a cloud has when it has taken an export: either private
// zones, or the rules of a response policy.
type deployment struct {
	Zones map[string]records // by origin
	Rules records
}

// records are RRsets by their name and type.
type records map[rrsetKey]rrset

type rrsetKey struct {
	Name string // absolute
	Type string // "A" or "AAAA"
}

type rrset struct {
	TTL   int64
	Addrs []string // in the order in which they are written
}

// add adds an RRset, which must be the only one of its name and type.
func (r records) add(tb rapid.TB, key rrsetKey, set rrset) {
	tb.Helper()
	if _, twice := r[key]; twice {
		tb.Fatalf("%v is there twice", key)
	}
	r[key] = set
}

// zone returns the records of a zone, which is added if it is not there.
func (d deployment) zone(origin string) records {
	if d.Zones[origin] == nil {
		d.Zones[origin] = records{}
	}
	return d.Zones[origin]
}

// cloud is a format for a cloud, and how what it writes is read there.
type cloud struct {
	format string
	values map[string]string
	rules  bool // it makes rules, and not zones
	read   func(rapid.TB, map[string]string) deployment
}

// clouds are all of them.
var clouds = []cloud{
	{format: "route53", values: awsValues, read: readRoute53},
	{format: "cloudformation", read: readCloudFormation},
	{format: "gcp-response-policy", rules: true, read: readResponsePolicy},
	{format: "gcp-record-sets", read: readRecordSets},
	{format: "azure-zone", read: readAzureZones},
	{format: "azure-arm", read: readARM},
	{format: "terraform-aws", read: readTerraformAWS},
	{format: "terraform-google", rules: true, read: readTerraformGoogle},
	{format: "terraform-azure", read: readTerraformAzure},
}

// awsValues are the parameters of the format route53.
var awsValues = map[string]string{"vpc-id": "vpc-0a1b2c3d4e5f60718", "vpc-region": "us-east-1"}

// shapes returns those of a format; its own only one is "".
func (c cloud) shapes() []zones.Shape {
	if c.rules {
		return []zones.Shape{""}
	}
	return []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}
}

// export returns the files of a view by name, or what refuses it.
func (c cloud) export(tb rapid.TB, view zones.View, shape zones.Shape) (map[string]string, *formats.Refusal) {
	tb.Helper()
	format, ok := all.Named(c.format)
	if !ok {
		tb.Fatalf("there is no format %q", c.format)
	}
	all, err := format.Files(view, formats.Options{Shape: shape, Values: c.values})
	var refusal *formats.Refusal
	if errors.As(err, &refusal) {
		return nil, refusal
	}
	if err != nil {
		tb.Fatal(err)
	}
	files := make(map[string]string)
	for file := range all {
		var text strings.Builder
		if err := file.Write(&text, 2026112201); err != nil {
			tb.Fatal(err)
		}
		if _, twice := files[file.Name]; twice {
			tb.Fatalf("two files are called %q", file.Name)
		}
		files[file.Name] = text.String()
	}
	return files, nil
}

// wanted returns what a cloud should have for a view, from the view alone.
func (c cloud) wanted(view zones.View, shape zones.Shape) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	if shape == "" {
		shape = zones.ShapeOneZone
	}
	for zone := range view.Shaped(shape) {
		into := d.Rules
		if !c.rules {
			into = d.zone(zone.Origin)
		}
		for owner := range zone.All() {
			for _, addr := range owner.Addrs {
				key := rrsetKey{Name: owner.Name, Type: "A"}
				if addr.Is6() {
					key.Type = "AAAA"
				}
				into[key] = rrset{TTL: int64(view.TTL), Addrs: append(into[key].Addrs, addr.String())}
			}
		}
	}
	return d
}

// onlyWith returns the text of the one file whose name ends so.
func onlyWith(tb rapid.TB, files map[string]string, ending string) string {
	tb.Helper()
	var names []string
	for name := range files {
		if strings.HasSuffix(name, ending) {
			names = append(names, name)
		}
	}
	if len(names) != 1 {
		tb.Fatalf("%d files end in %q: %v", len(names), ending, slices.Sorted(maps.Keys(files)))
	}
	return files[names[0]]
}

// strictly reads JSON into a value, which must have all members that there are.
func strictly(tb rapid.TB, text string, into any) {
	tb.Helper()
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		tb.Fatalf("%T: %v\n%s", into, err, text)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		tb.Fatalf("%T: there is more than one value", into)
	}
}

// heredoc returns the fields of each line that a script has between <<'END' and
// END.
func heredoc(tb rapid.TB, script string) [][]string {
	tb.Helper()
	_, rest, begins := strings.Cut(script, "<<'END'\n")
	body, _, ends := strings.Cut("\n"+rest, "\nEND\n")
	if !begins || !ends {
		tb.Fatalf("the script has no list:\n%s", script)
	}
	var lines [][]string
	for line := range strings.Lines(body) {
		if fields := strings.Fields(line); len(fields) > 0 {
			lines = append(lines, fields)
		}
	}
	return lines
}

// parsedAddrs returns addresses that texts are.
func parsedAddrs(tb rapid.TB, texts []string) []netip.Addr {
	tb.Helper()
	addrs := make([]netip.Addr, len(texts))
	for i, text := range texts {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			tb.Fatal(err)
		}
		addrs[i] = addr
	}
	return addrs
}

// parsedInt returns the number that a text is.
func parsedInt(tb rapid.TB, text string) int64 {
	tb.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// viewOf returns the first view of a topology.
func viewOf(tb testing.TB, topology string) zones.View {
	tb.Helper()
	p, _, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		tb.Fatal(err)
	}
	return p.VPCs[0].View
}
