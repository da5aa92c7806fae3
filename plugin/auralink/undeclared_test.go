package auralink

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coredns/coredns/plugin/test"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/sieve"
	"github.com/auralink/auralink/internal/unheld"
	"github.com/auralink/auralink/internal/wire"
)

// individualLinks has individual records, and so undeclared endpoints.
const individualLinks = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}
custom_endpoints: {foo: east}
`

// keptLog is a log of undeclared endpoints that is kept, at a time that is given.
type keptLog struct {
	now   time.Duration
	lines []string
}

func keep(u *undeclaredLog) *keptLog {
	k := new(keptLog)
	u.elapsed = func() time.Duration { return k.now }
	u.printf = func(format string, args ...any) { k.lines = append(k.lines, fmt.Sprintf(format, args...)) }
	return k
}

func packName(t *testing.T, name string) wire.Name {
	t.Helper()
	packed, err := wire.Pack(new([wire.MaxName]byte), name)
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

// TestUnknownLog: a label is logged once an hour, whatever is asked below it, and a
// flood of labels does not fill the log.
func TestUnknownLog(t *testing.T) {
	a := newLoaded(t, individualLinks)
	zone := a.served.Load().Table.Zones()[0]
	if zone.Origin != "endpoints.neo4j.io." {
		t.Fatalf("zone %s", zone.Origin)
	}
	u := newUndeclaredLog()
	k := keep(u)
	note := func(name string) { u.note(zone, name+zone.Origin, packName(t, name+zone.Origin)) }

	note(`x\.y.Foo.`)
	note("foo.")
	want := []string{`VPC "apps" asks for custom endpoint "foo", which the topology does not declare: add it to custom_endpoints with its region`}
	if diff := cmp.Diff(want, k.lines); diff != "" {
		t.Fatalf("log (-want +got):\n%s", diff)
	}
	k.now += time.Hour + time.Second
	note("foo.")
	if len(k.lines) != 2 {
		t.Fatalf("%d lines after an hour, want 2", len(k.lines))
	}
	other := *zone
	other.View = "batch"
	u.note(&other, "foo."+zone.Origin, packName(t, "foo."+zone.Origin))
	if len(k.lines) != 3 {
		t.Fatalf("%d lines after another VPC asked, want 3", len(k.lines))
	}
	for i := range 100_000 {
		note(fmt.Sprintf("random-%d.", i))
	}
	if len(k.lines) > 3+sieve.Burst {
		t.Errorf("a flood made %d lines", len(k.lines))
	}
}

// TestUnknownLogInAFlood: while 10,000 made-up labels a second are asked for by the
// fast path, an endpoint that is asked for once a second is logged before long.
func TestUnknownLogInAFlood(t *testing.T) {
	a := newLoaded(t, individualLinks)
	k := keep(a.undeclared)
	r := watching(a, k)
	client := netip.MustParseAddrPort("10.0.0.7:5353")
	buf, random := make([]byte, fastpath.MaxReply), rand.New(rand.NewPCG(1, 1))
	ask := func(label string) {
		name := label + ".endpoints.neo4j.io."
		r.Begin()
		_, disposition := r.Respond(buf, packed(t, name, dns.TypeA, 0), client)
		r.End()
		if disposition == fastpath.Missed { // to ServeDNS, which notes it
			a.undeclared.note(a.served.Load().Table.Zones()[0], name, packName(t, name))
		}
	}
	const calm, patience = 5, 3 // seconds
	for second := range calm + patience {
		k.now = time.Duration(second) * time.Second
		for range 5_000 {
			ask(fmt.Sprintf("flood-%d", random.Uint64()))
		}
		if second >= calm {
			ask("real-endpoint")
		}
		for range 5_000 {
			ask(fmt.Sprintf("flood-%d", random.Uint64()))
		}
	}
	if !strings.Contains(strings.Join(k.lines, "\n"), `"real-endpoint"`) {
		t.Errorf("it is not among %d lines", len(k.lines))
	}
	if most := sieve.Burst + calm + patience + 1; len(k.lines) > most {
		t.Errorf("%d lines, want %d at most", len(k.lines), most)
	}
}

// TestTimeIsMonotonic: what the log goes by, on either path, has a reading of the
// monotonic clock, so that a clock that is set back does not silence it.
func TestTimeIsMonotonic(t *testing.T) {
	a := newLoaded(t, individualLinks)
	path := corefast.Path{Options: a.fast.Options}
	var batch time.Time
	path.Due = func(_ *authority.Zone, _ wire.Name, now time.Time) bool {
		batch = now
		return false
	}
	r := path.Detach(corefast.Detached{Snapshot: a.served.Load()})
	r.Begin()
	r.Respond(make([]byte, fastpath.MaxReply), packed(t, "nobody.endpoints.neo4j.io.", dns.TypeA, 0), netip.MustParseAddrPort("10.0.0.7:5353"))
	for name, at := range map[string]time.Time{"the beginning": began, "the batch": batch} {
		if !strings.Contains(at.String(), " m=") {
			t.Errorf("%s: %s has no such reading", name, at)
		}
	}
	if before := elapsed(); elapsed() < before {
		t.Error("time goes back")
	}
}

// TestProbesAreNotUnknown: a label that was made up to find a wildcard is answered like
// any other, and is neither logged nor counted as an endpoint that was forgotten.
func TestProbesAreNotUnknown(t *testing.T) {
	a := newLoaded(t, individualLinks)
	k := keep(a.undeclared)
	r := watching(a, k)
	undeclared := serve.UndeclaredQueries.WithLabelValues("apps")
	before := testutil.ToFloat64(undeclared)
	name := unheld.Name("endpoints.neo4j.io.")
	r.Begin()
	_, disposition := r.Respond(make([]byte, fastpath.MaxReply), packed(t, name, dns.TypeA, 0), netip.MustParseAddrPort("10.0.0.7:5353"))
	r.End()
	if _, err := a.ServeDNS(t.Context(), &test.ResponseWriter{RemoteIP: "10.0.0.7"}, new(dns.Msg).SetQuestion(name, dns.TypeA)); err != nil {
		t.Fatal(err)
	}
	if disposition != fastpath.Answered || len(k.lines) != 0 || testutil.ToFloat64(undeclared) != before {
		t.Errorf("disposition %v, log %q, %v counted", disposition, k.lines, testutil.ToFloat64(undeclared)-before)
	}
}
