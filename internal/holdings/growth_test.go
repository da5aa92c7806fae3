package holdings_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
)

// allocated returns how many octets are allocated while something is done.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestManyAddresses: the addresses of one name are put together in time and space that grow as they do.
func TestManyAddresses(t *testing.T) {
	const n = 20_000
	b := holdings.NewBuilder()
	var want []netip.Addr
	for i := range n {
		var octets [4]byte
		binary.BigEndian.PutUint32(octets[:], 10<<24+uint32(i))
		addr := netip.AddrFrom4(octets)
		want = append(want, addr)
		b.Add("one.neo4j.io.", holdings.Data{Addrs: []netip.Addr{addr}, TTL: uint32(n - i)}, holdings.Place{File: "a", Line: n - i})
	}
	var set *holdings.Set
	if got := allocated(func() { set = b.Set() }); got > 50<<20 { // each with all before it would be 2.4 GB
		t.Errorf("%d octets were allocated for %d addresses", got, n)
	}
	e, _ := set.Entry("one.neo4j.io.")
	if diff := cmp.Diff(want, e.Data().Addrs, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" || e.Data().TTL != 1 {
		t.Errorf("TTL %d; addresses %.500s", e.Data().TTL, diff)
	}
}

// TestManyPieces: what many pieces of data make together is what they make one by one.
func TestManyPieces(t *testing.T) {
	address := func(i int) holdings.Data {
		return holdings.Data{Addrs: []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})}, TTL: 30, Partial: true}
	}
	alias := holdings.Data{Target: "other.neo4j.io.", TTL: 30}
	lua := holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{Record: "LUA"}, TTL: 30}
	for name, odd := range map[string]holdings.Data{
		"addresses alone": address(3), "an alias": alias, "a record that is not known": lua, "no more types": {TTL: 5},
	} {
		for at := range 40 {
			b, want := holdings.NewBuilder(), holdings.Data{}
			for i := range 40 {
				d := address(i)
				if i == at {
					d = odd
				}
				if i == 0 {
					want = d
				} else {
					want = want.With(d)
				}
				b.Add("one.neo4j.io.", d, holdings.Place{File: "a", Line: i + 1})
			}
			e, _ := b.Set().Entry("one.neo4j.io.")
			if got := e.Data(); fmt.Sprint(got) != fmt.Sprint(want) || got.TTL != want.TTL || got.Partial != want.Partial {
				t.Errorf("%s, %d. of them: %+v, want %+v", name, at+1, got, want)
			}
		}
	}
}

// TestManyAliases: faults are looked for where aliases lead in space that grows as the aliases do.
func TestManyAliases(t *testing.T) {
	const n = 20_000
	b := holdings.NewBuilder()
	at := holdings.Place{File: "a", Line: 1}
	for i := range n {
		b.Add(fmt.Sprintf("n%d.neo4j.io.", i), holdings.Data{Target: fmt.Sprintf("n%d.example.", i), TTL: 30}, at)
	}
	b.UnreadBelow("n7.example.", at, "told")
	b.UnreadBelow("n7.example.org.", at, "not told")
	set := b.Set()
	var got []holdings.Fault
	if octets := allocated(func() { got = set.Faults([]string{"neo4j.io."}, nil) }); octets > 50<<20 { // each with all before it would be 3.2 GB
		t.Errorf("%d octets were allocated for %d aliases", octets, n)
	}
	if len(got) != 1 || got[0].Message != "told" {
		t.Errorf("faults %v", got)
	}
}
