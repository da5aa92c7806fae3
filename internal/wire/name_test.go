package wire_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/wire"
)

func TestPack(t *testing.T) {
	tests := []struct {
		what, name, want string
		labels           []string
	}{
		{"the root", ".", "\x00", nil},
		{"lower case", "Ab.Neo4j.IO.", "\x02ab\x05neo4j\x02io\x00", []string{"ab", "neo4j", "io"}},
		{"a dot within a label", `a\.b.io.`, "\x03a.b\x02io\x00", []string{"a.b", "io"}},
		{"octets that are no letters", `\000\255A.io.`, "\x03\x00\xffa\x02io\x00", []string{"\x00\xffa", "io"}},
		{"a label of 63 octets, whose length is no letter", strings.Repeat("Z", 63) + ".", "\x3f" + strings.Repeat("z", 63) + "\x00", []string{strings.Repeat("z", 63)}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			var buf [wire.MaxName]byte
			name, err := wire.Pack(&buf, tt.name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(name)); diff != "" {
				t.Errorf("wire format (-want +got):\n%s", diff)
			}
			var offsets [wire.MaxLabels]uint8
			var labels []string
			for _, at := range offsets[:name.Labels(&offsets)] {
				labels = append(labels, string(name.Label(at)))
			}
			if diff := cmp.Diff(tt.labels, labels); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPackRefuses(t *testing.T) {
	for what, name := range map[string]string{
		"an empty label":         "a..io.",
		"a label of 64 octets":   strings.Repeat("l", 64) + ".io.",
		"a name of 256 octets":   strings.Repeat("l.", 127) + "ll.",
		"a backslash at the end": `a\`,
	} {
		var buf [wire.MaxName]byte
		if packed, err := wire.Pack(&buf, name); err == nil {
			t.Errorf("%s was packed: %q", what, string(packed))
		}
	}
}

// TestLongest: the longest name and the most labels fit.
func TestLongest(t *testing.T) {
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, strings.Repeat("a.", wire.MaxLabels))
	if err != nil {
		t.Fatal(err)
	}
	var offsets [wire.MaxLabels]uint8
	if n := name.Labels(&offsets); len(name) != wire.MaxName || n != wire.MaxLabels || offsets[n-1] != 252 {
		t.Errorf("%d octets, %d labels, the last at %d", len(name), n, offsets[n-1])
	}
	if got := name.String(); got != strings.Repeat("a.", wire.MaxLabels) {
		t.Errorf("presentation %q", got)
	}
}
