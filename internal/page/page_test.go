package page_test

import (
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// hostile is a name that would be markup on a page.
const hostile = `</script></style><img src=x onerror="document.title='taken'">'"&`

// TestGraphHostile: names are text.
func TestGraphHostile(t *testing.T) {
	p := &plan.Plan{
		Regions: []topology.Region{{Name: hostile}},
		Table:   &zones.EndpointTable{},
		VPCs: []plan.VPC{{
			Name: hostile, Endpoints: plan.Decision{Family: hostile, Mode: plan.Wildcard, Reason: hostile},
			Links: []zones.Addresses{{Region: hostile, Addrs: []netip.Addr{netip.IPv6LinkLocalAllNodes()}}},
		}},
	}
	var b strings.Builder
	if err := page.WriteGraph(&b, graph.New(p)); err != nil {
		t.Fatal(err)
	}
	checkPage(t, b.String(), hostile)
}

// checkPage: a page has nothing that comes from elsewhere, no handler, one script at most,
// and the hostile name as text.
func checkPage(t *testing.T, text, name string) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	scripts, found := 0, false
	for n := range document.Descendants() {
		found = found || n.Type == html.TextNode && strings.Contains(n.Data, name)
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			scripts++
		case "img", "iframe", "object", "embed", "link", "base":
			t.Errorf("the page has <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "src" || strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
	if scripts > 1 {
		t.Errorf("%d scripts", scripts)
	}
	if !found {
		t.Error("the name is not shown")
	}
}
