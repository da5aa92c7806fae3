package serve_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/ratelimit"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/zones"
)

var start = time.Unix(1_800_000_000, 0)

const twoVPCs = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.9.0.1], west: [10.9.0.2]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.9.1.1]}}
custom_endpoints: {known: east}
`

func read(t *testing.T, text string, before *serve.Snapshot, now time.Time) *serve.Snapshot {
	t.Helper()
	s, err := serve.Read([]byte(text), before, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDecide is the table of what becomes of questions.
func TestDecide(t *testing.T) {
	plain := serve.Question{Opcode: dns.OpcodeQuery, Class: dns.ClassINET, Type: dns.TypeA}
	with := func(change func(*serve.Question)) serve.Question {
		q := plain
		change(&q)
		return q
	}
	passing := with(func(q *serve.Question) { q.PassUndeclared = true })
	transfer := with(func(q *serve.Question) { q.Type = dns.TypeIXFR })
	tests := []struct {
		name      string
		question  serve.Question
		answer    authority.Answer
		transfers bool
		want      string
	}{
		{"a name that is not ours", plain, authority.Answer{}, false, "not-ours"},
		{"not ours, and a transfer", transfer, authority.Answer{}, true, "not-ours"},
		{"an answer", plain, authority.Answer{Outcome: zones.Positive}, false, "positive"},
		{"a denial", plain, authority.Answer{Outcome: zones.NXDomain}, false, "nxdomain"},
		{"undeclared", plain, authority.Answer{Outcome: zones.NXDomain, Endpoint: authority.Undeclared}, false, "nxdomain"},
		{"undeclared, passed on", passing, authority.Answer{Outcome: zones.NXDomain, Endpoint: authority.Undeclared}, false, "fallthrough"},
		{"declared where others are passed on", passing, authority.Answer{Outcome: zones.NoData, Endpoint: authority.Linked}, false, "nodata"},
		{"another opcode", with(func(q *serve.Question) { q.Opcode = dns.OpcodeNotify }), authority.Answer{Outcome: zones.Positive}, false, "refused"},
		{"another class", with(func(q *serve.Question) { q.Class = dns.ClassCHAOS }), authority.Answer{Outcome: zones.Positive}, false, "refused"},
		{"a transfer", transfer, authority.Answer{Outcome: zones.NoData}, true, "transfer"},
		{"a transfer that is not to be had", transfer, authority.Answer{Outcome: zones.NoData}, false, "refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			options := serve.Options{Transfers: tt.transfers}
			if got := options.Decide(tt.question, &tt.answer); got.String() != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestView: the client's address says which view it has, or the Corefile.
func TestView(t *testing.T) {
	table := read(t, twoVPCs, nil, start).Table
	tests := []struct{ pinned, client, want string }{
		{"", "10.0.0.1", "apps"},
		{"", "::ffff:10.1.0.1", "batch"},
		{"", "192.0.2.1", ""},
		{"", "", ""},
		{"batch", "10.0.0.1", "batch"},
		{"batch", "192.0.2.1", "batch"},
		{"batch", "", "batch"},
		{"gone", "10.0.0.1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.pinned+" "+tt.client, func(t *testing.T) {
			client, _ := netip.ParseAddr(tt.client)
			options := serve.Options{VPC: tt.pinned}
			got := ""
			if id, ok := options.View(table, client); ok {
				got = table.View(id).Name
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// results has each result there is.
func results() []serve.Result {
	var all []serve.Result
	for way := serve.NotOurs; way <= serve.Malformed; way++ {
		if way != serve.Answered {
			all = append(all, serve.Result{Way: way})
		}
	}
	for kind := range zones.Outcomes {
		all = append(all, serve.Answer(zones.Outcome(kind)))
	}
	return all
}

// TestLimit: only responses of ours count, whatever they say.
func TestLimit(t *testing.T) {
	for _, r := range results() {
		limiter, err := ratelimit.New(ratelimit.Config{Rate: 1, IPv4Bits: 24, IPv6Bits: 56})
		if err != nil {
			t.Fatal(err)
		}
		options := serve.Options{Limiter: limiter}
		client := netip.MustParseAddr("10.0.0.1")
		want := []serve.Result{r, {Way: serve.Dropped}}
		if r.Way == serve.NotOurs || r.Way == serve.NoView || r.Way == serve.FellThrough {
			want = []serve.Result{r, r}
		}
		if diff := cmp.Diff(want, []serve.Result{options.Limit(r, client, start), options.Limit(r, client, start)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r, diff)
		}
	}
}

// TestResultsDiffer: no result is taken for another one, and each that is counted
// has a label, which only those share that are told apart for the reply alone.
func TestResultsDiffer(t *testing.T) {
	seen := make(map[serve.Result]bool)
	labels := make(map[string]int)
	for _, r := range results() {
		if seen[r] {
			t.Errorf("%s is there twice", r)
		}
		seen[r] = true
		labels[r.String()]++
	}
	want := map[string]int{
		"not-ours": 2, // of these, the kind is never answered
		"refused":  2,
	}
	for _, label := range strings.Fields("no-view stranger-refused challenge fallthrough transfer slipped dropped malformed positive nodata nxdomain minimal") {
		want[label] = 1
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

// TestCounters: each result is counted as what it is, and as nothing else.
func TestCounters(t *testing.T) {
	s := read(t, twoVPCs, nil, start)
	zone := s.Table.Zones()[0]
	view, _ := s.Table.ViewNamed(zone.View)
	for _, r := range results() {
		for _, place := range []struct{ view, zone string }{{zone.View, zone.Origin}, {zone.View, ""}, {"", ""}} {
			counter := serve.Queries.WithLabelValues(place.view, place.zone, r.String())
			before := testutil.ToFloat64(counter)
			switch {
			case place.zone != "":
				s.Counters.Count(view, &authority.Answer{Zone: zone}, r)
			case place.view == "" && r.Way != serve.Answered: // no view, no answer
				s.Counters.CountStranger(nil, r)
			case r.Way == serve.NotOurs: // the only one without a zone
				s.Counters.Count(view, &authority.Answer{}, r)
			default:
				continue
			}
			if got := testutil.ToFloat64(counter) - before; got != 1 {
				t.Errorf("%s of view %q and zone %q: counted %v times", r, place.view, place.zone, got)
			}
		}
	}
}

// TestSerial: the serial is the topology's, and whatever that says it grows with each
// change of records, and never goes back.
func TestSerial(t *testing.T) {
	numbered := func(serial int, edit ...string) string {
		return strings.NewReplacer(edit...).Replace(twoVPCs) + fmt.Sprintf("serial: %d\n", serial)
	}
	var before *serve.Snapshot
	for _, step := range []struct {
		name, text string
		want       uint32
		raised     bool
	}{
		{"the first", numbered(41), 41, false},
		{"the next", numbered(42, "10.9.0.1", "10.9.0.3"), 42, false},
		{"the same records", numbered(42, "10.9.0.1", "10.9.0.3", "vpcs", "# a comment\nvpcs"), 42, false},
		{"other records", numbered(42, "10.9.0.1", "10.9.0.4"), 43, true},
		{"the same records, with what it was raised to", numbered(42, "10.9.0.1", "10.9.0.4", "vpcs", "# a comment\nvpcs"), 43, true},
		{"what it was raised to", numbered(43, "10.9.0.1", "10.9.0.5"), 44, true},
		{"one beyond", numbered(45, "10.9.0.1", "10.9.0.6"), 45, false},
		{"back", numbered(41), 46, true},
		{"none any more", twoVPCs, uint32(start.Unix()), false},
		{"none, at the same time", twoVPCs + "ttl: 5\n", uint32(start.Unix()) + 1, false},
		{"again", numbered(2026112901), 2026112901, false},
		{"half of all numbers ahead", numbered(2026112901 + 1<<31), 2026112902, true},
	} {
		before = read(t, step.text, before, start)
		if got := before.Table.Serial(); got != step.want || before.Raised() != step.raised {
			t.Errorf("%s: serial %d (raised: %v), want %d (%v)", step.name, got, before.Raised(), step.want, step.raised)
		}
	}
}

// TestRead: a snapshot is kept while the text is the same, and a new one has a
// greater serial whatever the clock says.
func TestRead(t *testing.T) {
	first := read(t, twoVPCs, nil, start)
	if again := read(t, twoVPCs, first, start.Add(time.Hour)); again != first {
		t.Error("the same text made another snapshot")
	}
	second := read(t, twoVPCs+"ttl: 5\n", first, start.Add(-time.Hour))
	if got, want := second.Table.Serial(), first.Table.Serial()+1; got != want {
		t.Errorf("serial %d, want %d", got, want)
	}
	if second.Loaded != start.Add(-time.Hour) || second.Digest == first.Digest {
		t.Errorf("loaded at %s, digest %s", second.Loaded, second.Digest)
	}
	restored, err := serve.Restore([]byte(twoVPCs), 7, start)
	if err != nil || restored.Table.Serial() != 7 || restored.Loaded != start || restored.Digest != first.Digest {
		t.Errorf("restored: %v, %+v", err, restored)
	}
	_, err = serve.Read([]byte("vpcs: 1\n"), second, start)
	if err == nil || !strings.Contains(fmt.Sprint(err), "1:7: error") {
		t.Errorf("an invalid text: %v", err)
	}
}
