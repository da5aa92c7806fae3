package holdings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
)

// zoneText returns the set of records that are all in one zone.
func zoneText(t *testing.T, text string) *holdings.Set {
	t.Helper()
	b := holdings.NewBuilder()
	parser := dns.NewZoneParser(strings.NewReader(text), "", "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		if err := b.AddRecord(rr, "example.", holdings.Place{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	return b.Set()
}

// TestResolveElsewhere: what a delegation and a DNAME have below them is no answer.
func TestResolveElsewhere(t *testing.T) {
	set := zoneText(t, `$ORIGIN example.
$TTL 30
@ SOA ns host 1 2 3 4 5
cut NS ns.elsewhere.test.
cut NS ns2.elsewhere.test.
cut A 10.0.0.1
host.cut A 10.0.0.2
old DNAME new
old A 10.0.0.3
x.old A 10.0.0.4
a.new A 10.0.0.5
*.deep.new A 10.0.0.6
out DNAME elsewhere.test.
`)
	tests := []struct{ name, qname, want string }{
		{"a delegation's own name", "cut.example.", "referred asked of ns.elsewhere.test, ns2.elsewhere.test"},
		{"glue", "host.cut.example.", "referred asked of ns.elsewhere.test, ns2.elsewhere.test"},
		{"a DNAME's own name", "old.example.", "positive 10.0.0.3 by old.example."},
		{"below a DNAME", "a.old.example.", "positive 10.0.0.5 by *.old.example."},
		{"below a DNAME, where a wildcard is", "b.deep.old.example.", "positive 10.0.0.6 by *.old.example."},
		{"below a DNAME, where there is another record", "x.old.example.", "redirects → x.new.example. by *.old.example."},
		{"out of the zone", "y.x.out.example.", "redirects → y.x.elsewhere.test. by *.out.example."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := set.Resolve(tt.qname, dns.TypeA)
			got := answerText(a)
			if a.Referral != (holdings.Referral{}) {
				got += " " + a.Referral.String()
			}
			if got != tt.want {
				t.Errorf("%s: %s, want %s", tt.qname, got, tt.want)
			}
		})
	}
}

// TestResolveNarrow: where servers do not agree on what a wildcard covers, the
// answer says so.
func TestResolveNarrow(t *testing.T) {
	wide := at("10.0.0.1")
	wide.Narrow = true
	set := build(nil, map[string]holdings.Data{"*.example.": wide, "x.y.example.": at("10.0.0.2")})
	for qname, want := range map[string]bool{"a.example.": false, "b.a.example.": false, "y.example.": true, "z.y.example.": true, "a.x.y.example.": true, "x.y.example.": false} {
		if got := set.Resolve(qname, dns.TypeA); got.Narrow != want || len(got.Addrs) == 0 {
			t.Errorf("%s: narrow %v, %v; want %v", qname, got.Narrow, got.Addrs, want)
		}
	}
}

// TestNotes: of many notes alike the first few are kept.
func TestNotes(t *testing.T) {
	b := holdings.NewBuilder()
	for i := range 12 {
		b.Note(holdings.Place{File: "f", Line: i + 1}, "line %d is not read", i)
	}
	b.Note(holdings.Place{File: "g"}, "line %d is not read", 7)
	notes := b.Set().Notes()
	if len(notes) != 12 {
		t.Fatalf("%d notes", len(notes))
	}
	var got []string
	for _, n := range notes[9:] {
		got = append(got, n.String())
	}
	if d := cmp.Diff([]string{"f:10: line 9 is not read", "f: and 2 more like the last one", "g: line 7 is not read"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestFaults: what is not read counts for names at, below and above its origin.
func TestFaults(t *testing.T) {
	b := holdings.NewBuilder()
	b.Note(holdings.Place{File: "f", Line: 1}, "a note")
	b.Unread(holdings.Place{File: "f", Line: 2}, "a program is not read")
	b.UnreadBelow("neo4j.io.", holdings.Place{File: "f", Line: 3}, "a zone is not read")
	b.UnreadBelow("a.corp.example.", holdings.Place{File: "f", Line: 4}, "a zone is not read")
	set := b.Set()
	tests := []struct {
		names []string
		want  string
	}{
		{nil, "2 3 4"},
		{[]string{"x.neo4j.io."}, "2 3"},
		{[]string{"neo4j.io."}, "2 3"},
		{[]string{"io."}, "2 3"},
		{[]string{"xneo4j.io."}, "2"},
		{[]string{"corp.example.", "neo4j.io."}, "2 3 4"},
	}
	for _, tt := range tests {
		part, _ := set.Within(tt.names)
		for what, notes := range map[string][]holdings.Fault{"of all": set.Faults(tt.names, nil), "of the part": part.Faults(nil, nil)} {
			var got []string
			for _, n := range notes {
				got = append(got, fmt.Sprint(n.Place.Line))
			}
			if text := strings.Join(got, " "); text != tt.want && (tt.names != nil || what == "of all") {
				t.Errorf("%v, %s: lines %s, want %s", tt.names, what, text, tt.want)
			}
		}
	}
	if notes := set.Notes(); len(notes) != 1 || notes[0].Place.Line != 1 {
		t.Errorf("notes %v", notes)
	}
}
