package topology_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// TestClientsOf: who is in a longer range of another VPC is that one's client.
func TestClientsOf(t *testing.T) {
	top, _, err := topology.Parse(strings.NewReader(`
regions: {east: {orchestras: ["0000"]}}
vpcs:
  outer: {clients: [10.0.0.0/14, 10.1.2.0/24], links: {east: [10.10.10.10]}}
  inner: {clients: [10.1.0.0/16, "fd00::/48"], links: {east: [10.10.10.10]}}
  rest: {links: {east: [10.10.10.10]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for vpc, want := range map[string]string{
		"outer": "[10.0.0.0/16 10.2.0.0/15 10.1.2.0/24]", "inner": "[10.1.0.0/23 10.1.3.0/24 10.1.4.0/22 10.1.8.0/21 10.1.16.0/20 10.1.32.0/19 10.1.64.0/18 10.1.128.0/17 fd00::/48]",
		"rest": "[]", "none": "[]",
	} {
		if d := cmp.Diff(want, fmt.Sprint(top.ClientsOf(vpc))); d != "" {
			t.Errorf("%s (-want +got):\n%s", vpc, d)
		}
	}
}
