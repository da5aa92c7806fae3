package kubernetes_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/caddy/caddyfile"
	"github.com/google/go-cmp/cmp"
	core "k8s.io/api/core/v1"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// viewOf returns the view of VPC apps of the example's topology.
func viewOf(t *testing.T) zones.View {
	t.Helper()
	views, err := all.Read(strings.NewReader(read(t, "examples/cluster/topology.yaml")))
	if err != nil || len(views) != 1 {
		t.Fatalf("%d views, error %v", len(views), err)
	}
	return views[0]
}

// TestStubDomains: the cluster's DNS sends the domains of the example's topology, and no
// others, to the address of the example's service, as it is exported.
func TestStubDomains(t *testing.T) {
	service := only[*core.Service](t, build(t, manifests+"/examples/cluster"), "auralink")
	address := service.Spec.ClusterIP
	format, _ := all.Named("coredns-forward")
	files, err := format.Files(viewOf(t), formats.Options{Shape: zones.ShapeOneZone, Servers: []netip.Addr{netip.MustParseAddr(address)}})
	if err != nil {
		t.Fatal(err)
	}
	var export strings.Builder
	for file := range files {
		if err := file.Write(&export, 1); err != nil {
			t.Fatal(err)
		}
	}
	want := forwarded(t, export.String())
	if len(want) != 3 {
		t.Fatalf("the export forwards %v", want)
	}
	for name, text := range map[string]string{
		"coredns": read(t, "stub-domain/coredns/Corefile"), "node-local-dns": read(t, "stub-domain/node-local-dns/Corefile"),
	} {
		if diff := cmp.Diff(want, forwarded(t, text)); diff != "" {
			t.Errorf("%s (-export +Corefile):\n%s", name, diff)
		}
	}
	var stubs map[string][]string
	if err := json.Unmarshal([]byte(read(t, "stub-domain/kube-dns/stubDomains")), &stubs); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, stubs); diff != "" {
		t.Errorf("kube-dns (-export +map):\n%s", diff)
	}
}

// forwarded returns where a Corefile sends the zones of Aura, as CoreDNS reads it.
func forwarded(t *testing.T, corefile string) map[string][]string {
	t.Helper()
	blocks, err := caddyfile.Parse("Corefile", strings.NewReader(corefile), nil)
	if err != nil {
		t.Fatal(err)
	}
	to := make(map[string][]string)
	for _, block := range blocks {
		for _, key := range block.Keys {
			zone, port, _ := strings.Cut(key, ":")
			if !strings.HasSuffix(zone, ".neo4j.io") {
				continue
			}
			forward := slices.Collect(func(yield func(string) bool) {
				for _, token := range block.Tokens["forward"] {
					if !yield(token.Text) {
						return
					}
				}
			})
			if port != "53" || len(forward) != 3 || forward[1] != "." {
				t.Fatalf("%s: %q", key, forward)
			}
			to[zone] = forward[2:]
		}
	}
	return to
}
