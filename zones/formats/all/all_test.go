package all_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

//go:generate go test . -run ^TestGoldens$ -update

var update = flag.Bool("update", false, "write the goldens anew")

// serial is that of all goldens.
const serial = 2026112201

// needed is what formats must be told in tests.
var needed = map[string]map[string]string{
	"route53":          {"vpc-id": "vpc-0a1b2c3d4e5f60718", "vpc-region": "us-east-1"},
	"octodns":          {"target": "route53"},
	"aws-client-vpn":   {"endpoint-id": "cvpn-endpoint-0a1b2c3d4e5f67890"},
	"route53-resolver": {"resolver-endpoint-id": "rslvr-out-0a1b2c3d4e5f67890", "vpc-id": "vpc-0a1b2c3d4e5f67890"},
	"gcp-inbound":      {"network": "apps"},
	"mobileconfig":     {"host": "dns.example.org"},
}

// options returns options that are enough for a format.
func options(format formats.Format, shape zones.Shape) formats.Options {
	o := formats.Options{Shape: shape, Values: needed[format.Name]}
	if format.Servers {
		o.Servers = []netip.Addr{netip.MustParseAddr("10.0.0.53"), netip.MustParseAddr("fd00::53")}
	}
	if format.Name == "aws-client-vpn" {
		o.Servers = o.Servers[:1] // it takes IPv4 addresses alone
	}
	return o
}

// shapesOf returns the shapes that a format can be asked for.
func shapesOf(format formats.Format) []zones.Shape {
	if !format.Shaped {
		return []zones.Shape{""}
	}
	return []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}
}

// TestGoldens writes each numbered topology in each format and shape: the golden
// has the files one after the other, in order, or the format's refusal.
func TestGoldens(t *testing.T) {
	topologies, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(topologies) == 0 {
		t.Fatalf("no topologies: %v", err)
	}
	for _, path := range topologies {
		view := model.ReadView(t, path)
		for _, format := range all.Formats() {
			for _, shape := range shapesOf(format) {
				golden := strings.TrimSuffix(path, ".yaml") + "." + format.Name
				if shape != "" {
					golden += "." + string(shape)
				}
				golden += ".golden"
				t.Run(filepath.Base(golden), func(t *testing.T) { compare(t, golden, allFiles(t, format, view, shape)) })
			}
		}
	}
}

func allFiles(t *testing.T, format formats.Format, view zones.View, shape zones.Shape) string {
	t.Helper()
	all, err := format.Files(view, options(format, shape))
	var refusal *formats.Refusal
	if errors.As(err, &refusal) {
		return fmt.Sprintf("%v\ninstead: %s\n", refusal, report.Flags(format, refusal.Instead))
	}
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for file := range all {
		fmt.Fprintf(&out, "-- %s --\n", file.Name)
		if err := file.Write(&out, serial); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-golden +got):\n%s", golden, diff)
	}
}

// TestBindRoundTrip: what is written parses back to the view's records, and
// nothing else.
func TestBindRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, p := model.DrawPlan(t)
		bind, _ := all.Named("bind")
		shape := rapid.SampledFrom([]zones.Shape{zones.ShapePerName, zones.ShapeOneZone}).Draw(t, "shape")
		for _, view := range p.Views() {
			var want, got []string
			for zone := range view.Shaped(shape) {
				want = append(want, zones.SOA(zone.Origin, view.TTL, serial).String(), zones.NS(zone.Origin, view.TTL).String())
				for owner := range zone.With(view.Between()[zone.Origin]).All() {
					for _, addr := range owner.Addrs {
						want = append(want, zones.AddressRR(owner.Name, view.TTL, addr).String())
					}
				}
			}
			all, err := bind.Files(view, formats.Options{Shape: shape})
			if err != nil {
				t.Fatal(err)
			}
			for file := range all {
				if !file.Snippet {
					got = append(got, parseBack(t, file)...)
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("VPC %s (-view +parsed):\n%s", view.Name, diff)
			}
		}
	})
}

func parseBack(t *rapid.T, file formats.File) []string {
	var text bytes.Buffer
	if err := file.Write(&text, serial); err != nil {
		t.Fatal(err)
	}
	if vpc, ours := formats.WrittenFor(text.Bytes()); !ours || !strings.HasPrefix(vpc, "v") {
		t.Fatalf("%s does not say that it is ours: VPC %q", file.Name, vpc)
	}
	var rrs []string
	parser := dns.NewZoneParser(&text, "", file.Name)
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		rrs = append(rrs, rr.String())
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	return rrs
}

// failing is a disk that is full.
type failing struct{}

var errFull = errors.New("no space left on device")

func (failing) Write([]byte) (int, error) { return 0, errFull }

// TestWriteFails: an error of the writer is the file's.
func TestWriteFails(t *testing.T) {
	view := model.ReadView(t, "testdata/002-two-regions.yaml")
	for _, format := range all.Formats() {
		all, err := format.Files(view, options(format, ""))
		if err != nil {
			continue // a refusal, which the goldens show
		}
		for file := range all {
			if err := file.Write(failing{}, serial); !errors.Is(err, errFull) {
				t.Errorf("%s of %s: error %v", file.Name, format.Name, err)
			}
		}
	}
}

// TestFilesSayTheyAreOurs: each file says in its beginning who has written it,
// and for whom; an export overwrites no others.
func TestFilesSayTheyAreOurs(t *testing.T) {
	view := model.ReadView(t, "testdata/002-two-regions.yaml")
	for _, format := range all.Formats() {
		all, err := format.Files(view, options(format, ""))
		if err != nil {
			continue // a refusal, which the goldens show
		}
		for file := range all {
			var text bytes.Buffer
			if err := file.Write(&text, serial); err != nil {
				t.Fatal(err)
			}
			if vpc, ours := formats.WrittenFor(text.Bytes()); !ours || vpc != view.Name {
				t.Errorf("%s of %s: VPC %q, ours %v:\n%.200s", file.Name, format.Name, vpc, ours, text.String())
			}
		}
	}
}

func TestWrittenFor(t *testing.T) {
	tests := []struct {
		name, head, vpc string
		ours            bool
	}{
		{"ours", "; Zone x. for the clients of VPC apps. Written by auralink: do not edit.\n$TTL 30\n", "apps", true},
		{"a VPC with dots", "; Zone x. for the clients of VPC a.b-c. Written by auralink: do not edit.\n", "a.b-c", true},
		{"somebody else's", "$TTL 30\n", "", false},
		{"in JSON", `{"comment": "View for the clients of VPC apps. Written by auralink: do not edit."}`, "apps", true},
		{"too late", strings.Repeat("\n", formats.MaxHead) + "; Zone x. for the clients of VPC apps. Written by auralink: do not edit.\n", "", false},
		{"empty", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			vpc, ours := formats.WrittenFor([]byte(tt.head))
			if ours != tt.ours || ours && vpc != tt.vpc {
				t.Errorf("VPC %q, ours %v", vpc, ours)
			}
		})
	}
}
