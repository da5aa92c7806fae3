package publicpath_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/publicpath"
)

// TestKind is the table of which names lead to Aura by public DNS.
func TestKind(t *testing.T) {
	p, findings, err := plan.Read(strings.NewReader(`
regions:
  east: {orchestras: ["0000"], extra_names: ["one.graphs.neo4j.io", "*.apps.neo4j.io", "db.example.org"]}
vpcs: {apps: {links: {east: [10.0.0.1]}}}
`))
	if err != nil {
		t.Fatal(findings)
	}
	names := publicpath.NamesOf(p)
	for name, want := range map[string]publicpath.Kind{
		"abcd1234.databases.neo4j.io.":                 publicpath.Database,
		"x.y.databases.neo4j.io.":                      publicpath.Database,
		"1a2b.instances.neo4j.io.":                     publicpath.Database,
		"abcd1234.production-orch-0042.neo4j.io.":      publicpath.Orchestra,
		"production-orch-0042.neo4j.io.":               publicpath.Orchestra,
		"p-1-2.x.staging-orch-3.neo4j.io.":             publicpath.Orchestra,
		"foo.endpoints.neo4j.io.":                      publicpath.Endpoint,
		"two.graphs.neo4j.io.":                         publicpath.Sibling,
		"x.apps.neo4j.io.":                             publicpath.Sibling,
		"databases.neo4j.io.":                          "",
		"endpoints.neo4j.io.":                          "",
		"console.neo4j.io.":                            "",
		"api.neo4j.io.":                                "",
		"neo4j.io.":                                    "",
		"www.neo4j.io.":                                "",
		"other.example.org.":                           "",
		"abcd1234.databases.neo4j.io.evil.example.":    "",
		"xneo4j.io.":                                   "",
		"abcd1234.production-orch-0042.neo4j.io.corp.": "",
	} {
		if got, leads := names.Kind(name); got != want || leads != (want != "") {
			t.Errorf("%s: %q, %t, want %q", name, got, leads, want)
		}
	}
}

var start = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func who(subnet, view string, kind publicpath.Kind) publicpath.Who {
	return publicpath.Who{Subnet: netip.MustParsePrefix(subnet), View: view, Kind: kind}
}

// TestAccount: questions are counted by subnet and in all, with the last time.
func TestAccount(t *testing.T) {
	a := publicpath.New(start)
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	a.Note(who("10.0.1.0/24", "apps", publicpath.Database), "a.databases.neo4j.io.", day(0))
	a.Note(who("10.0.2.0/24", "apps", publicpath.Database), "b.databases.neo4j.io.", day(1))
	a.Note(who("10.0.1.0/24", "apps", publicpath.Database), "c.databases.neo4j.io.", day(2))
	a.Note(who("10.9.0.0/24", "", publicpath.Orchestra), "x.production-orch-0042.neo4j.io.", day(3))
	want := publicpath.Summary{
		Begun: start, Subnets: 3,
		Totals: []publicpath.Total{
			{View: "", Kind: publicpath.Orchestra, Asked: publicpath.Asked{Count: 1, First: day(3), Last: day(3)}},
			{View: "apps", Kind: publicpath.Database, Asked: publicpath.Asked{Count: 3, First: day(0), Last: day(2)}},
		},
	}
	if diff := cmp.Diff(want, a.Summary(day(4))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var lines []string
	for _, e := range a.Entries() {
		lines = append(lines, fmt.Sprintf("%s %q %s %d %s %s", e.Subnet, e.View, e.Kind, e.Count, e.Last.Format(time.DateOnly), e.Name))
	}
	if diff := cmp.Diff([]string{
		`10.9.0.0/24 "" orchestra 1 2026-12-02 x.production-orch-0042.neo4j.io.`,
		`10.0.1.0/24 "apps" database 2 2026-12-01 c.databases.neo4j.io.`,
		`10.0.2.0/24 "apps" database 1 2026-11-30 b.databases.neo4j.io.`,
	}, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := a.Summary(day(9)).Subnets; got != 2 {
		t.Errorf("%d subnets within seven days, want 2", got)
	}
	if got := a.Summary(day(200)); len(got.Totals) != 0 || got.Subnets != 0 || len(a.Entries()) != 0 {
		t.Errorf("what was long ago is not forgotten: %v", got)
	}
}

// TestBounded: however many subnets ask, no more than so many are told apart; the others
// are counted, with the last time that one of them asked.
func TestBounded(t *testing.T) {
	a := publicpath.New(start)
	const more = 1000
	for i := range publicpath.MaxSubnets + more {
		subnet := fmt.Sprintf("10.%d.%d.0/24", i/256, i%256)
		a.Note(who(subnet, "apps", publicpath.Endpoint), "x.endpoints.neo4j.io.", start.Add(time.Duration(i)*time.Second))
	}
	got := a.Summary(start.Add(2 * time.Hour))
	if len(a.Entries()) != publicpath.MaxSubnets || got.Left.Count != more || !got.Left.Last.Equal(start.Add((more-1)*time.Second)) {
		t.Errorf("%d subnets, left out %d until %s", len(a.Entries()), got.Left.Count, got.Left.Last)
	}
	if got.Totals[0].Count != publicpath.MaxSubnets+more {
		t.Errorf("%d questions in all", got.Totals[0].Count)
	}
}

// TestEncode: a file has the account as it was; where nobody kept it for long it begins
// anew, with what is known.
func TestEncode(t *testing.T) {
	a := publicpath.New(start)
	for i := range publicpath.MaxSubnets + 3 {
		a.Note(who(fmt.Sprintf("10.%d.%d.0/24", i/256, i%256), "apps", publicpath.Endpoint), "x.endpoints.neo4j.io.", start.Add(time.Duration(i)*time.Second))
	}
	a.Note(who("fd00::/56", "", publicpath.Sibling), "x.graphs.neo4j.io.", start.Add(90*time.Minute))
	saved := start.Add(2 * time.Hour)
	if !a.Changed() {
		t.Error("the account has not changed")
	}
	file := a.Encode(saved)
	if a.Changed() {
		t.Error("the account has changed again")
	}
	for gap, begun := range map[time.Duration]time.Time{0: start, time.Hour: start, time.Hour + time.Second: saved.Add(time.Hour + time.Second), -time.Second: saved.Add(-time.Second)} {
		now := saved.Add(gap)
		again, err := publicpath.Decode(file, now)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.Entries(), again.Entries(), cmp.Comparer(func(x, y netip.Prefix) bool { return x == y })); diff != "" {
			t.Errorf("after %s: entries (-written +read):\n%s", gap, diff)
		}
		want, got := a.Summary(now), again.Summary(now)
		want.Begun = begun
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %s (-written +read):\n%s", gap, diff)
		}
	}
	for _, bad := range []string{"", "x", "{}\n", "{\"auralink\":\"who reaches Aura by public DNS\"}\n", string(file) + "{}\n", string(file) + string(file), string(file[:len(file)-10])} {
		if _, err := publicpath.Decode([]byte(bad), saved); err == nil {
			t.Errorf("%.40q… is taken for an account", bad)
		}
	}
}
