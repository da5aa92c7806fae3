package authority_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/test/benchserver/scale"
)

// benchSizes are the sizes at which lookups and loads are measured: every number
// of endpoints with every number of VPCs. With 20 regions and several links a
// VPC has individual records.
func benchSizes() []scale.Size {
	var sizes []scale.Size
	for _, endpoints := range []int{10, 1_000, 100_000, 1_000_000} {
		for _, vpcs := range []int{1, 100, 1_000} {
			sizes = append(sizes, scale.Size{Endpoints: endpoints, VPCs: vpcs, Regions: 20})
		}
	}
	return sizes
}

// benchQuestions is how many questions a benchmark asks before it begins again:
// so many that they reach nearly every endpoint of the largest table, and do not
// stay in any cache.
const benchQuestions = 1 << 20

// BenchmarkLookup measures a question's name, packed, to its answer. Each
// question is for another name, and comes from another VPC, at random.
func BenchmarkLookup(b *testing.B) {
	for _, size := range benchSizes() {
		b.Run(size.String(), func(b *testing.B) {
			table := compile(b, size)
			for _, kind := range benchKinds {
				questions := ask(b, size, table, kind)
				b.Run(kind.name, func(b *testing.B) { benchmarkLookup(b, table, questions) })
			}
		})
	}
}

// benchmarkLookup measures the questions, all of which must be of one kind.
func benchmarkLookup(b *testing.B, table *authority.Table, questions *questionList) {
	at, end := 0, len(questions.views)
	before := cpuTime()
	for b.Loop() {
		name, view := questions.at(at)
		sink = table.Lookup(view, name, dns.TypeA)
		if at++; at == end {
			at = 0
		}
	}
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
}

// cpuTime is what this process has used so far, in user and system time. On a
// machine that others use, too, it says more than what the clock shows.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// sink keeps the compiler from leaving out what is measured.
var sink authority.Answer

// benchKind is a kind of question.
type benchKind struct {
	name string
	want authority.Kind
	// owner returns the name of question n to a VPC.
	owner func(size scale.Size, vpc, n int) string
}

var benchKinds = []benchKind{
	{"hit", authority.Positive, hitName},
	{"miss", authority.NXDomain, func(_ scale.Size, _, n int) string {
		return fmt.Sprintf("undeclared-%07d.", n) + topology.EndpointsOrigin
	}},
	{"orchestra", authority.Positive, func(size scale.Size, vpc, n int) string {
		return fmt.Sprintf("%08x.production-orch-%04d.neo4j.io.", n, size.Linked(vpc)[n%scale.LinksPerVPC])
	}},
	{"not-ours", authority.NotOurs, func(_ scale.Size, _, n int) string {
		return fmt.Sprintf("www-%07d.example.org.", n)
	}},
}

// hitName picks one of the five names of an endpoint in a region that the VPC
// links.
func hitName(size scale.Size, vpc, _ int) string {
	linked := size.Linked(vpc)
	for {
		endpoint := rand.IntN(size.Endpoints)
		for _, region := range linked {
			if endpoint%size.Regions == region {
				prefix := ([...]string{"", "a-", "b-", "c-", "d-"})[rand.IntN(5)]
				return prefix + scale.Label(endpoint) + "." + topology.EndpointsOrigin
			}
		}
	}
}

// questionList has questions one behind the other, so that reading them costs
// the same whatever is asked.
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
	for n := range benchQuestions {
		vpc := vpcWithNames(size)
		view, ok := table.ViewFor(scale.Client(vpc))
		if !ok {
			b.Fatalf("client %s is in no view", scale.Client(vpc))
		}
		name, err := wire.Pack(&buf, kind.owner(size, vpc, n))
		if err != nil {
			b.Fatal(err)
		}
		if answer := table.Lookup(view, name, dns.TypeA); answer.Kind != kind.want {
			b.Fatalf("%s: %s, want %s", name, answer.Kind, kind.want)
		}
		q.names = append(q.names, name...)
		q.ends = append(q.ends, uint32(len(q.names)))
		q.views = append(q.views, view)
	}
	return q
}

// vpcWithNames picks a VPC that links a region with endpoints: of 10 endpoints
// half of the 20 regions have none.
func vpcWithNames(size scale.Size) int {
	for {
		vpc := rand.IntN(size.VPCs)
		for _, region := range size.Linked(vpc) {
			if region < size.Endpoints {
				return vpc
			}
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
	p, _, err := plan.Read(&text)
	if err != nil {
		tb.Fatal(err)
	}
	table, err := authority.Compile(p.Views(), 1)
	if err != nil {
		tb.Fatal(err)
	}
	return table
}
