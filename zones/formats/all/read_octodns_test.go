package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestSyncedZonesOfOctoDNS: a zone's file counts for nobody that no configuration syncs, and a
// zone that is synced has the records of its file.
func TestSyncedZonesOfOctoDNS(t *testing.T) {
	const file = "'*':\n  type: A\n  value: 10.0.0.1\n"
	config := func(zones string) string {
		return "providers:\n  config: {class: octodns.provider.yaml.YamlProvider, directory: .}\n  r53: {class: octodns_route53.Route53Provider}\nzones:\n" + zones
	}
	const one, two = "  a.test.: {sources: [config], targets: [r53]}\n", "  b.test.: {sources: [config], targets: [r53]}\n"
	for name, tt := range map[string]struct {
		config string // "" for none
		want   []string
	}{
		"no configuration": {"", nil},
		"the zone":         {config(one), nil},
		"all zones":        {config("  '*': {sources: [config], targets: [r53]}\n"), nil},
		"another zone": {config(two), []string{
			"not read: a.test.yaml:1: zone a.test is none of the zones of octoDNS's configuration: nobody is answered from it, unless another one has it",
			"not read: config.yaml:5: zone b.test of octoDNS's configuration has no file that is read: audit that as well",
		}},
		"two zones": {config(one + two), []string{"not read: config.yaml:6: zone b.test of octoDNS's configuration has no file that is read: audit that as well"}},
	} {
		b := holdings.NewBuilder()
		for file, text := range map[string]string{"a.test.yaml": file, "config.yaml": tt.config} {
			if text == "" {
				continue
			}
			if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: file}); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(tt.want, told(b.Set())); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
