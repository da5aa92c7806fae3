package exports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// octodnsRecord is a record as octoDNS's YamlProvider reads it. It may have more
// members; ours have these.
type octodnsRecord struct {
	Type   string   `yaml:"type"`
	TTL    int64    `yaml:"ttl"`
	Values []string `yaml:"values"`
}

// octodnsSettings are octoDNS's configuration.
type octodnsSettings struct {
	Providers map[string]map[string]any `yaml:"providers"`
	Zones     map[string]octodnsZone    `yaml:"zones"`
}

type octodnsZone struct {
	Sources []string `yaml:"sources"`
	Targets []string `yaml:"targets"`
}

// octodnsName is what octoDNS takes for the name of a record: relative to the
// zone, "" for its apex, without empty labels.
var octodnsName = regexp.MustCompile(`^$|^(\*|[a-z0-9-]{1,63})(\.[a-z0-9-]{1,63})*$`)

// octodnsValues are those of the format octodns.
var octodnsValues = map[string]string{"target": "private"}

// readOctoDNS reads an export as octoDNS does: the configuration names the
// zones, and each is in the file of its name.
func readOctoDNS(tb rapid.TB, files map[string]string) deployment {
	tb.Helper()
	var settings octodnsSettings
	decodeYAML(tb, files["octodns-config.yaml"], &settings)
	if len(settings.Zones) != len(files)-1 {
		tb.Fatalf("%d zones are configured, and %d have files", len(settings.Zones), len(files)-1)
	}
	d := deployment{Zones: make(map[string]records), Rules: records{}}
	for origin, zone := range settings.Zones {
		if strings.Join(zone.Sources, " ") != "auralink" || strings.Join(zone.Targets, " ") != octodnsValues["target"] {
			tb.Fatalf("zone %s goes from %v to %v", origin, zone.Sources, zone.Targets)
		}
		var named map[string][]octodnsRecord
		decodeYAML(tb, files[origin+"yaml"], &named)
		into := d.zone(origin)
		for name, list := range named {
			if !octodnsName.MatchString(name) {
				tb.Fatalf("zone %s has the name %q", origin, name)
			}
			for _, record := range list {
				key := rrsetKey{Name: strings.TrimPrefix(name+"."+origin, "."), Type: record.Type}
				into.add(tb, key, rrset{TTL: record.TTL, Addrs: record.Values})
			}
		}
	}
	return d
}

// decodeYAML decodes one document strictly: no unknown keys, none twice.
func decodeYAML(tb rapid.TB, text string, into any) {
	tb.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		tb.Fatalf("decoding:\n%s\n%v", text, err)
	}
}

// TestOctoDNS: what octoDNS syncs is the view, and leads no name astray.
func TestOctoDNS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkRoundTrip(t, cloud{format: "octodns", values: octodnsValues, read: readOctoDNS})
	})
}

// TestOctoDNSValidate has octoDNS itself read the numbered topologies, where it
// is there. Its target is a directory.
func TestOctoDNSValidate(t *testing.T) {
	program := needTool(t, "octodns-validate", "octodns with pip")
	eachTopology(t, func(t *testing.T, view zones.View) {
		format, _ := all.Named("octodns")
		options := formats.Options{Values: octodnsValues}
		if _, err := format.Files(view, options); err != nil {
			t.Skip(err)
		}
		dir := saveExport(t, writeExport(t, "octodns", view, options))
		config := filepath.Join(dir, "octodns-config.yaml")
		text, err := os.ReadFile(config)
		if err != nil {
			t.Fatal(err)
		}
		target := "providers:\n  private:\n    class: octodns.provider.yaml.YamlProvider\n    directory: ./synced\n"
		full := strings.Replace(string(text), "providers:\n", target, 1)
		if err := os.WriteFile(config, []byte(full), 0o600); err != nil {
			t.Fatal(err)
		}
		passes(t, dir, nil, program, "--config-file", config)
	})
}
