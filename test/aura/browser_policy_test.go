//go:build linux

package aura_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
)

// TestExportedBrowserPolicy: with the policies that are exported for Chromium, a page of
// the console's reaches a private link; with those for another origin it does not.
func TestExportedBrowserPolicy(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{})
	_, err := w.StartServer(lab.DNS, lab.Topology, lab.Corefile)
	must(t, err)
	trustInBrowsers(t, w)
	for _, site := range []*lab.Site{w.East, w.West} {
		site.Public.Behave(standin.Behaviour{NoNames: true})
	}
	must(t, w.ConnectVPN())
	for _, tt := range []struct {
		name  string
		flags []string
		want  visit
	}{
		{"as it is", nil, visit{Fetch: "neo4j+s://" + westPrivateURI + ":7687", Bolt: lab.WestLabel}},
		{"for another origin", []string{"--set", "origins=https://elsewhere.example.org"}, visit{Fetch: "nothing", Bolt: "nothing"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := t.TempDir()
			args := append([]string{"export", w.TopologyPath(), "--format", "browser-policy", "--out", out}, tt.flags...)
			if got := w.Auralink(lab.Laptop, args...); got.Status != 0 {
				t.Fatalf("export: %+v", got)
			}
			text, err := os.ReadFile(filepath.Join(out, "chromium.json"))
			must(t, err)
			must(t, lab.Laptop.WriteEtc(policyFile, string(text)))
			w.West.Forget()
			if diff := cmp.Diff(tt.want, browse(t, w, westPrivateURI)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
