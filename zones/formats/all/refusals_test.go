package all_test

import (
	"fmt"
	"maps"
	"net/netip"
	"testing"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestClientRefusals: what a target has no room for is refused, and the user is
// told what there is room for.
func TestClientRefusals(t *testing.T) {
	servers := func(n int) []netip.Addr {
		var all []netip.Addr
		for i := range n {
			all = append(all, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}))
		}
		return all
	}
	tests := []struct {
		name, format string
		names        int
		servers      []netip.Addr
		want         string
	}{
		{"eight servers", "openvpn", 1, servers(8), ""},
		{"nine servers", "openvpn", 1, servers(9), "9 DNS servers were given, and there is room for 8"},
		{"256 domains", "wireguard", 256, servers(1), ""},
		{"257 domains", "wireguard", 257, servers(1), "it has 257 domains, and there is room for 256"},
		{"256 domains", "systemd-resolved", 256, servers(1), ""},
		{"257 domains", "systemd-resolved", 257, servers(1), "it has 257 domains, and there is room for 256"},
		{"three servers", "macos-resolver", 1, servers(3), ""},
		{"four servers", "macos-resolver", 1, servers(4), "4 DNS servers were given, and there is room for 3"},
		{"two servers", "aws-client-vpn", 1, servers(2), ""},
		{"three servers", "aws-client-vpn", 1, servers(3), "3 DNS servers were given, and there is room for 2"},
		{"IPv6", "aws-client-vpn", 1, []netip.Addr{netip.MustParseAddr("fd00::53")}, "an endpoint takes the IPv4 addresses of DNS servers alone"},
		{"1000 domains", "route53-resolver", 1000, servers(6), ""},
		{"1001 domains", "route53-resolver", 1001, servers(6), "it has 1001 domains, and there is room for 1000"},
		{"seven servers", "route53-resolver", 1, servers(7), "7 DNS servers were given, and there is room for 6"},
		{"800 domains", "azure-resolver", 800, servers(6), ""},
		{"801 domains", "azure-resolver", 801, servers(6), "it has 801 domains, and there is room for 800"},
		{"seven servers", "azure-resolver", 1, servers(7), "7 DNS servers were given, and there is room for 6"},
	}
	for _, tt := range tests {
		t.Run(tt.format+" "+tt.name, func(t *testing.T) {
			view := zones.View{Name: "apps", TTL: 30}
			for i := range tt.names {
				owner := zones.Owner{
					Name:      fmt.Sprintf("n%04d.example.org.", i),
					Addresses: zones.Addresses{Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}},
				}
				view.Zones = append(view.Zones, zones.Zone{Origin: owner.Name, Owners: []zones.Owner{owner}})
			}
			format, _ := all.Named(tt.format)
			_, err := format.Files(view, formats.Options{Servers: tt.servers, Values: needed[tt.format]})
			want := ""
			if tt.want != "" {
				want = "format " + tt.format + " cannot express this view: " + tt.want
			}
			if got := fmt.Sprint(err); err == nil && want != "" || err != nil && got != want {
				t.Errorf("error %q, want %q", got, want)
			}
		})
	}
}

// TestParametersOfScripts: what ends up in a script is what it should be, and
// nothing that a shell would run.
func TestParametersOfScripts(t *testing.T) {
	tests := []struct{ format, parameter, value, wrong string }{
		{"octodns", "target", "a: b", "the name of a provider: letters, digits, and any of - _ ."},
		{"external-dns", "namespace", "Default", "a namespace: lower-case letters, digits and hyphens"},
		{"aws-client-vpn", "endpoint-id", "cvpn-endpoint-0a1b2c3d; reboot", "the id of a Client VPN endpoint, such as cvpn-endpoint-0a1b2c3d"},
		{"route53-resolver", "vpc-id", "vpc-$(reboot)", "the id of a VPC, such as vpc-0a1b2c3d"},
		{"route53-resolver", "resolver-endpoint-id", "rslvr-in-0a1b2c3d", "the id of an outbound endpoint, such as rslvr-out-0a1b2c3d4e5f67890"},
		{"gcp-inbound", "network", "net'work", "the name of a network: lower-case letters, digits and hyphens"},
	}
	for _, tt := range tests {
		t.Run(tt.format+" "+tt.parameter, func(t *testing.T) {
			format, _ := all.Named(tt.format)
			o := options(format, "")
			o.Values = maps.Clone(o.Values)
			if o.Values == nil {
				o.Values = make(map[string]string)
			}
			o.Values[tt.parameter] = tt.value
			_, err := format.Files(zones.View{Name: "apps"}, o)
			if want := fmt.Sprintf("parameter %s: %q is not %s", tt.parameter, tt.value, tt.wrong); err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
}
