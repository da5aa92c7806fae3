//go:build linux

package soak_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestJudge: the judge tells right answers from each kind of wrong one.
func TestJudge(t *testing.T) {
	both := version{number: 5, linked: [3][2]bool{{true, true}, {true, false}, {true, true}}, declared: [2]bool{true, true}}
	single := version{number: 6, linked: [3][2]bool{{true, false}, {true, false}, {true, true}}, declared: [2]bool{true, false}}
	eastDB, westDB := name{"x.production-orch-0000.neo4j.io.", database, east}, name{"x.production-orch-0042.neo4j.io.", database, west}
	westEnd, nobody := name{"west-001.endpoints.neo4j.io.", endpoint, west}, name{"nobody.endpoints.neo4j.io.", undeclared, 0}
	never := version{number: 9}
	tests := []struct {
		what  string
		name  name
		text  string
		addrs []netip.Addr
		ipv6  bool
		seen  int // by the process, before
		want  counts
	}{
		{what: "the newest", name: eastDB, addrs: single.addrs(0, east), want: counts{answered: 1}},
		{what: "an older one", name: westDB, addrs: both.addrs(0, west), want: counts{answered: 1, stale: 1}},
		{what: "the older one again", name: westDB, addrs: both.addrs(0, west), seen: 6, want: counts{answered: 1, back: 1}},
		{what: "passed on", name: westDB, text: passed, addrs: []netip.Addr{passedAddr}, want: counts{answered: 1, negative: 1}},
		{what: "passed on before that was right", name: eastDB, text: passed, addrs: []netip.Addr{passedAddr}, want: counts{answered: 1, never: 1}},
		{what: "one of two addresses", name: eastDB, addrs: single.addrs(0, east)[:1], want: counts{answered: 1, never: 1}},
		{what: "half of each", name: eastDB, addrs: []netip.Addr{both.addrs(0, east)[0], single.addrs(0, east)[1]}, want: counts{answered: 1, never: 1}},
		{what: "another region", name: westDB, addrs: both.addrs(0, east), want: counts{answered: 1, otherRegion: 1}},
		{what: "another VPC", name: eastDB, addrs: both.addrs(1, east), want: counts{answered: 1, otherVPC: 1}},
		{what: "a version that was torn", name: eastDB, addrs: never.addrs(0, east), want: counts{answered: 1, never: 1}},
		{what: "a wildcard", name: nobody, addrs: single.addrs(0, east), want: counts{answered: 1}},
		{what: "a wildcard that there never was", name: nobody, addrs: both.addrs(0, east), want: counts{answered: 1, never: 1}},
		{what: "denied", name: westEnd, text: noName, want: counts{answered: 1, never: 1}},
		{what: "denied while individual", name: nobody, text: noName, want: counts{answered: 1, negative: 1}},
		{what: "denied though there is a wildcard", name: nobody, text: noName, seen: 6, want: counts{answered: 1, never: 1}},
		{what: "no IPv6 address", name: eastDB, text: noData, ipv6: true, want: counts{answered: 1, negative: 1}},
		{what: "an address instead", name: eastDB, addrs: single.addrs(0, east), ipv6: true, want: counts{answered: 1, never: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			j := newJudge("server")
			for _, v := range []version{both, single} {
				j.wrote(0, written{v, time.Now(), true})
			}
			if j.servers[0].seen = -1; tt.seen > 0 {
				j.servers[0].seen = tt.seen
			}
			a := answer{asked: j.moment(0), name: tt.name, addrs: tt.addrs, text: tt.text, ipv6: tt.ipv6}
			if a.text == "" {
				a.text = join(tt.addrs)
			}
			j.judge(a)
			if diff := cmp.Diff(tt.want, j.counts, cmp.AllowUnexported(counts{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if accused := len(j.wrong) > 0; accused != (j.counts.wrongs() > 0) {
				t.Errorf("told %q", j.wrong)
			}
		})
	}
}

// TestOutages: a question is excused where there was a moment without any server.
func TestOutages(t *testing.T) {
	o := &outages{down: make(map[int]bool)}
	start := time.Now()
	o.set(0, true)
	if o.since(start) {
		t.Error("one is up")
	}
	o.set(1, true)
	if !o.since(time.Now()) {
		t.Error("none is up")
	}
	o.set(0, false)
	if !o.since(start) {
		t.Error("none was up")
	}
	if time.Sleep(time.Millisecond); o.since(time.Now()) {
		t.Error("one is up again")
	}
}
