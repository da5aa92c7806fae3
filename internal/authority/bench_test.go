package authority_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/test/benchserver/scale"
	"github.com/auralink/auralink/zones"
)

// benchSizes are the sizes at which lookups and loads are measured: every number
// of endpoints with every number of VPCs. With several regions linked, every VPC
// has individual records.
func benchSizes() []scale.Size {
	var sizes []scale.Size
	for _, endpoints := range []int{10, 1_000, 100_000, 1_000_000} {
		for _, vpcs := range []int{1, 100, 1_000} {
			sizes = append(sizes, scale.Size{Endpoints: endpoints, VPCs: vpcs, Regions: 20})
		}
	}
	return sizes
}

// BenchmarkLookup measures the way from a packed name to its answer. Each
// question is for another name than the one before. One VPC asks, which links
// all regions; with "any-vpc" each question is from a VPC at random.
//
// On a machine that does other work, too, cpu-ns/op says more than ns/op.
func BenchmarkLookup(b *testing.B) {
	for _, size := range benchSizes() {
		b.Run(size.String(), func(b *testing.B) {
			table := compile(b, size)
			for _, kind := range benchKinds {
				if kind.anyVPC && size.VPCs == 1 {
					continue
				}
				b.Run(kind.name, func(b *testing.B) {
					questions := ask(b, size, table, kind)
					b.ResetTimer()
					benchmarkLookup(b, table, questions)
				})
			}
		})
	}
}

func benchmarkLookup(b *testing.B, table *authority.Table, questions *questionList) {
	b.Helper()
	at, end := 0, len(questions.views)
	before := cpuTime(b)
	for b.Loop() {
		name, view := questions.at(at)
		sink = table.Lookup(view, name, dns.TypeA)
		if at++; at == end {
			at = 0
		}
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// sink keeps the compiler from leaving out what is measured.
var sink authority.Answer

// cpuTime returns what this process has used so far, in user and system mode.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// benchKind is a kind of question.
type benchKind struct {
	name   string
	anyVPC bool
	want   zones.Outcome
	// ask returns the name that question n of a VPC is for.
	ask func(size scale.Size, vpc, n int) string
	// questions is how many there are before they begin again.
	questions int
}

const (
	// few questions are enough where the names differ in nothing that is stored.
	few = 1 << 16
	// many questions reach nearly every endpoint of the largest table, so that
	// the records do not stay in the processor's cache.
	many = 1 << 20
)

var benchKinds = []benchKind{
	{name: "hit", want: zones.Positive, ask: endpointName, questions: many},
	{name: "hit-any-vpc", anyVPC: true, want: zones.Positive, ask: endpointName, questions: many},
	{name: "miss", want: zones.NXDomain, ask: undeclaredName, questions: many},
	{name: "orchestra", want: zones.Positive, ask: databaseName, questions: few},
	{name: "orchestra-any-vpc", anyVPC: true, want: zones.Positive, ask: databaseName, questions: few},
	{name: "not-ours", want: zones.NotOurs, ask: otherName, questions: few},
}

// endpointName picks one of the five names of an endpoint that the VPC links.
func endpointName(size scale.Size, vpc, _ int) string {
	prefixes := append([]string{""}, topology.Prefixes[:]...)
	linked := size.Linked(vpc)
	for {
		endpoint := rand.IntN(size.Endpoints)
		if slices.Contains(linked, endpoint%size.Regions) {
			return prefixes[rand.IntN(len(prefixes))] + scale.Label(endpoint) + "." + topology.EndpointsOrigin
		}
	}
}

// undeclaredName looks like an endpoint's, prefix included.
func undeclaredName(_ scale.Size, _, n int) string {
	return fmt.Sprintf("a-my-endpoint-absent-%07d.%s", n, topology.EndpointsOrigin)
}

func databaseName(size scale.Size, vpc, n int) string {
	linked := size.Linked(vpc)
	return fmt.Sprintf("%08x.production-orch-%s.neo4j.io.", n, scale.Orchestra(linked[n%len(linked)]))
}

func otherName(_ scale.Size, _, n int) string { return fmt.Sprintf("www-%07d.example.org.", n) }

// questionList has names one behind the other, so that reading them costs little
// and the same for all.
type questionList struct {
	names []byte
	ends  []uint32
	views []authority.ViewID
}

func (q *questionList) at(i int) (wire.Name, authority.ViewID) {
	from := uint32(0)
	if i > 0 {
		from = q.ends[i-1]
	}
	return wire.Name(q.names[from:q.ends[i]]), q.views[i]
}

// ask makes questions of one kind, and checks that the answers are of it.
func ask(b *testing.B, size scale.Size, table *authority.Table, kind benchKind) *questionList {
	b.Helper()
	q := &questionList{}
	var buf [wire.MaxName]byte
	for n := range kind.questions {
		vpc := 0
		if kind.anyVPC {
			vpc = vpcWithNames(size)
		}
		view, ok := table.ViewFor(scale.Client(vpc))
		if !ok {
			b.Fatalf("client %s is in no view", scale.Client(vpc))
		}
		name, err := wire.Pack(&buf, kind.ask(size, vpc, n))
		if err != nil {
			b.Fatal(err)
		}
		if answer := table.Lookup(view, name, dns.TypeA); answer.Outcome != kind.want {
			b.Fatalf("%s: %s, want %s", name, answer.Outcome, kind.want)
		}
		q.names = append(q.names, name...)
		q.ends = append(q.ends, uint32(len(q.names)))
		q.views = append(q.views, view)
	}
	return q
}

// vpcWithNames picks a VPC that links a region with endpoints: where there are
// fewer endpoints than regions, not all do.
func vpcWithNames(size scale.Size) int {
	for {
		vpc := rand.IntN(size.VPCs)
		if slices.ContainsFunc(size.Linked(vpc), func(region int) bool { return region < size.Endpoints }) {
			return vpc
		}
	}
}

// compile makes the table of a topology of the size.
func compile(tb testing.TB, size scale.Size) *authority.Table {
	tb.Helper()
	var text bytes.Buffer
	if _, err := size.WriteTo(&text); err != nil {
		tb.Fatal(err)
	}
	p, findings, err := plan.Read(&text)
	if err != nil {
		tb.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	table, err := authority.Compile(p.Views(), 1)
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

// BenchmarkViewFor measures the way from a client's address to its view.
func BenchmarkViewFor(b *testing.B) {
	for _, vpcs := range []int{1, 100, 1_000} {
		b.Run(fmt.Sprintf("vpcs=%d", vpcs), func(b *testing.B) {
			table := compile(b, scale.Size{VPCs: vpcs, Regions: 20})
			clients := make([]netip.Addr, few)
			for i := range clients {
				clients[i] = scale.Client(rand.IntN(vpcs))
			}
			at := 0
			before := cpuTime(b)
			for b.Loop() {
				if _, ok := table.ViewFor(clients[at%few]); !ok {
					b.Fatal("a client in no view")
				}
				at++
			}
			b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}
