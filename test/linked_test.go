package test

import (
	"os/exec"
	"strings"
	"testing"
)

// encoders must not be linked into what people compile into their own CoreDNS, nor
// into what it stands on: a server answers, writes no files, and probes nothing. Neither
// must etcd's client, which comes with plugin/fleet alone.
var encoders = []string{module + "zones/formats", module + "internal/holdings", module + "internal/report", module + "internal/doctor"}

// TestPluginLinksNoEncoders asks go list what the plugin, the authority and the
// plan are linked from. The layers say as much of their own imports alone.
func TestPluginLinksNoEncoders(t *testing.T) {
	packages := []string{"../plugin/auralink", "../internal/authority", "../internal/plan", "../internal/serve"}
	text, err := exec.Command("go", append([]string{"list", "-deps"}, packages...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(text))
	if len(linked) < 100 {
		t.Fatalf("go list knows of %d packages only", len(linked))
	}
	for _, name := range linked {
		if hasPrefix(encoders, name) || hasPrefix(etcd, name) {
			t.Errorf("%s is linked", name)
		}
	}
}

// TestSlimLinksNoEtcd: the slim server is as large as it was before there were fleets.
func TestSlimLinksNoEtcd(t *testing.T) {
	for tags, want := range map[string]bool{"": false, "fleet": true, "full": true} {
		text, err := exec.Command("go", "list", "-deps", "-tags", tags, "../cmd/coredns").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), module+"plugin/fleet\n"); got != want {
			t.Errorf("with the tags %q plugin/fleet is linked: %v", tags, got)
		}
		if tags == "" && strings.Contains(string(text), etcd[0]) {
			t.Error("the slim server has etcd's client")
		}
	}
}
