package authority_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
)

// FuzzCompile holds that every file that passes for a topology can be served: a
// reload must never end a server that has answers.
func FuzzCompile(f *testing.F) {
	example, err := os.ReadFile("../../topology.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte(lookupTopology))
	long := strings.Repeat("l", 61) + "." + strings.Repeat("m", 61) + "." + strings.Repeat("n", 61) + "."
	for octets := 243; octets <= 247; octets++ { // and ".example": around the longest that "*." fits before
		host := long + strings.Repeat("o", octets-len(long)) + ".example"
		f.Add([]byte("regions: {east: {orchestras: [" + host + "]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\n"))
		f.Add([]byte("regions: {east: {extra_names: ['*." + host + "']}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\n"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, _, err := plan.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		table, err := authority.Compile(p.Views(), 1)
		if err != nil {
			t.Fatalf("a topology that was planned cannot be compiled: %v", err)
		}
		for i := range p.VPCs {
			if _, ok := table.ViewNamed(p.VPCs[i].Name); !ok {
				t.Fatalf("VPC %q has no view", p.VPCs[i].Name)
			}
		}
	})
}
