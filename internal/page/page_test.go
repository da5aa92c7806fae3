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

// TestPlanHasAll: every VPC, decision, link, record, finding and source line is on the page, as
// text, and in the picture's own words.
func TestPlanHasAll(t *testing.T) {
	p, findings, err := plan.Read(strings.NewReader(topologyText))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name    string
		options page.PlanOptions
		want    []string
		not     []string
	}{
		{
			"all",
			page.PlanOptions{Names: -1},
			[]string{
				"apps", "batch", "10.0.0.0/16", "10.1.0.0/16", "10.10.10.10", "fd00:1::7", "*.production-orch-0042.neo4j.io",
				"d-west-m4yy-gtwk.endpoints.neo4j.io", "several-links", "*.endpoints.neo4j.io would swallow names of regions that are not linked: west-m4yy-gtwk",
				"public-address", "      aws-us-west-1: [198.51.100.7]", "2 addresses", "–",
			},
			[]string{"more, of custom endpoints"},
		},
		{"few names", page.PlanOptions{Names: 3}, []string{"and 11 more, of custom endpoints"}, []string{"d-west-m4yy-gtwk.endpoints.neo4j.io"}},
		{"one VPC", page.PlanOptions{Names: -1, VPC: "batch"}, []string{"batch", "10.1.0.0/16", "public-address"}, []string{"10.0.0.0/16", "several-links"}},
	} {
		var b strings.Builder
		if err := page.WritePlan(&b, p, findings, tc.options); err != nil {
			t.Fatal(err)
		}
		text := textOf(t, b.String())
		for _, want := range tc.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page lacks %q", tc.name, want)
			}
		}
		for _, not := range tc.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: the page has %q", tc.name, not)
			}
		}
		checkPage(t, b.String(), "batch")
	}
}

// TestPlanHostile: what is in a source line, or in a name, is text; so it is where the topology has
// errors, and there is no plan.
func TestPlanHostile(t *testing.T) {
	findings := topology.Findings{{
		Severity: topology.SeverityError, Code: topology.CodeBadName, File: hostile, Path: hostile,
		Place: topology.Place{Line: 1, Column: 1, Source: hostile}, Message: hostile, Hint: hostile,
	}}
	for _, p := range []*plan.Plan{nil, {
		Regions: []topology.Region{{Name: hostile}},
		Table:   &zones.EndpointTable{Endpoints: []zones.Endpoint{{Label: hostile}}},
		VPCs:    []plan.VPC{{Name: hostile, Endpoints: plan.Decision{Family: hostile, Reason: hostile}}},
	}} {
		var b strings.Builder
		if err := page.WritePlan(&b, p, findings, page.PlanOptions{Names: 20}); err != nil {
			t.Fatal(err)
		}
		checkPage(t, b.String(), hostile)
	}
}

// topologyText has a finding, and a VPC for each kind of decision.
const topologyText = `regions:
  aws-us-east-1:
    orchestras: ["0000"]
  aws-us-west-1:
    orchestras: ["0042"]
vpcs:
  apps:
    clients: [10.0.0.0/16]
    links:
      aws-us-east-1: [10.10.10.10]
      aws-us-west-1: [198.51.100.7]
  batch:
    clients: [10.1.0.0/16]
    links:
      aws-us-east-1: [10.1.7.7, "fd00:1::7"]
custom_endpoints:
  my-endpoint-abcdef-123456: aws-us-east-1
  west-m4yy-gtwk: aws-us-west-1
`

// textOf returns the text of a page.
func textOf(t *testing.T, text string) string {
	t.Helper()
	document, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range document.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
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
