package auralink

import (
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/proxyproto" // the directive
)

// TestBelievesAnybody: where proxyproto has no allow, or one for everybody, a client says
// who it is.
func TestBelievesAnybody(t *testing.T) {
	for corefile, want := range map[string]bool{
		"proxyproto":                    true,
		"proxyproto {\n default use\n}": true,
		"proxyproto {\n allow 10.0.0.5/32\n default use\n}":          true,
		"proxyproto {\n allow 0.0.0.0/0 ::/0\n}":                     true,
		"proxyproto {\n allow 10.0.0.5/32\n}":                        false,
		"proxyproto {\n allow 192.0.2.0/24 2001:db8::/32\n}":         false,
		"proxyproto {\n default ignore\n}":                           false,
		"proxyproto {\n default reject\n}":                           false,
		"proxyproto {\n allow 10.0.0.0/8 fd00::/8\n default skip\n}": false,
	} {
		c := caddy.NewTestController("dns", corefile)
		action, err := caddy.DirectiveAction("dns", "proxyproto")
		if err != nil {
			t.Fatal(err)
		}
		if err := action(c); err != nil {
			t.Fatalf("%q: %v", corefile, err)
		}
		if got := believesAnybody(dnsserver.GetConfig(c)); got != want {
			t.Errorf("%q: %t, want %t", corefile, got, want)
		}
	}
	if believesAnybody(&dnsserver.Config{}) {
		t.Error("a server block without proxyproto believes anybody")
	}
}

// TestCheckProxied: where a client says who it is, it makes no difference, or no plan is
// served by which it does.
func TestCheckProxied(t *testing.T) {
	const one = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\n"
	for _, tt := range []struct{ name, topology, vpc, saysWho, want string }{
		{name: "several VPCs", topology: twoVPCs, saysWho: ".:53", want: `the plugin proxyproto in server block .:53 believes whoever asks, so that anybody could choose whose answers to get, and topology "topology.yaml" has several VPCs`},
		{name: "one VPC with clients", topology: strings.Replace(one, "{links", "{clients: [10.0.0.0/8], links", 1), saysWho: ".:53", want: "says who is in its VPC"},
		{name: "one VPC", topology: one, saysWho: ".:53"},
		{name: "one view for all", topology: twoVPCs, vpc: "apps", saysWho: ".:53"},
		{name: "balancers that are listed", topology: twoVPCs},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := newLoaded(t, tt.topology)
			a.saysWho, a.options.VPC = tt.saysWho, tt.vpc
			err := a.Check(a.served.Load())
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
