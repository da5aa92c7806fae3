package topology_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/topology"
)

// TestSameAs: the links of another VPC are what they would be if they were written
// out, and a region may be called same_as all the same.
func TestSameAs(t *testing.T) {
	const before = "regions: {east: {orchestras: ['0000']}, west: {orchestras: ['0042']}}\nvpcs:\n" +
		"  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10]}}\n  batch: {clients: [10.1.0.0/16], links: "
	tests := []struct{ name, written, out string }{
		{"all of them", before + "{same_as: apps}}\n", before + "{east: [10.10.10.10]}}\n"},
		{"beside its own", before + "{same_as: apps, west: [10.20.10.10]}}\n", before + "{east: [10.10.10.10], west: [10.20.10.10]}}\n"},
		{
			"of a VPC that comes later", before + "{same_as: zoo}}\n  zoo: {links: {west: [10.20.10.10]}}\n",
			before + "{west: [10.20.10.10]}}\n  zoo: {links: {west: [10.20.10.10]}}\n",
		},
		{"a region", "regions: {same_as: {}}\nvpcs: {apps: {links: {same_as: [10.0.0.1]}}}\n", "regions: {same_as: {}}\nvpcs:\n  apps:\n    links:\n      same_as: [10.0.0.1]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, findings := parse(t, tt.written)
			want, _ := parse(t, tt.out)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(topology.VPC{}, "ModeAt"), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
				t.Errorf("(-written out +got):\n%s\n%s", diff, findings.Report())
			}
		})
	}
}
