package report_test

import (
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
)

//go:generate go test . -run ^TestOutputs$ -update

var update = flag.Bool("update", false, "write the goldens anew")

// TestOutputs: the document in each form, whole and abridged.
func TestOutputs(t *testing.T) {
	r := diff.Compare(sideOf(t, "one-link"), sideOf(t, "two-links"))
	moved := diff.Compare(sideOf(t, "two-links"), sideOf(t, "one-link"))
	same := diff.Compare(sideOf(t, "two-links"), sideOf(t, "two-links"))
	subject := report.DiffSubject{VPC: "apps", Against: "old.yaml"}
	forgotten, clients := subject, subject
	forgotten.Violations = moved.Tally("apps").Violations()
	clients.Renamed = "applications"
	clients.Clients = []guard.ClientMove{
		{Range: netip.MustParsePrefix("10.0.0.0/16"), From: "apps", To: "batch"},
		{Range: netip.MustParsePrefix("10.1.0.0/16"), From: "batch", To: "apps"},
		{Range: netip.MustParsePrefix("10.8.0.0/24"), From: "apps"},
		{Range: netip.MustParsePrefix("fd00:9::/64"), To: "apps"},
	}
	clients.Violations = guard.Tally{VPC: "apps", Clients: clients.Clients[:1]}.Violations()
	documents := map[string]report.Diff{
		"second-link":          report.NewDiff(r, subject, -1, nil),
		"second-link-abridged": report.NewDiff(r, subject, 2, nil),
		"forgotten":            report.NewDiff(moved, forgotten, -1, []guard.Code{guard.CodeWildcard}),
		"same":                 report.NewDiff(same, subject, -1, nil),
		"clients":              report.NewDiff(same, clients, -1, nil),
	}
	for name, d := range documents {
		var text, markdown, asJSON strings.Builder
		if err := d.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		if err := d.WriteMarkdown(&markdown); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteJSON(&asJSON, []report.Diff{d}); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(asJSON.String())) {
			t.Errorf("%s: not JSON", name)
		}
		for ending, got := range map[string]string{"txt": text.String(), "md": markdown.String(), "json": asJSON.String()} {
			golden(t, "testdata/"+name+"."+ending, got)
		}
	}
}

// sideOf returns a side as the plan of a topology's only VPC has it.
func sideOf(t *testing.T, topology string) diff.Side {
	t.Helper()
	file, err := os.Open("testdata/" + topology + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p, _, err := plan.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return diff.Side{Set: holdings.FromView(p.VPCs[0].View), Regions: diff.RegionsOf(p.VPCs[0].Links)}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-golden +got):\n%s", path, d)
	}
}
