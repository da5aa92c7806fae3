package drift_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/drift"
)

func TestUpdate(t *testing.T) {
	const head = "regions: {r: {}, s: {}}\nvpcs:\n  a:\n    mode: individual # stays\n    links:\n"
	tests := []struct {
		name, links string
		now         []netip.Addr
		want        string // "" where it is refused
	}{
		{"one for one", "      r: [10.0.0.1] # one\n", addrs("10.0.0.2"), "      r: [10.0.0.2] # one\n"},
		{"the comment stays in its column", "      r: [10.0.0.1]     # one\n      s: [10.0.9.1]     # two\n", addrs("10.0.100.200"), "      r: [10.0.100.200] # one\n      s: [10.0.9.1]     # two\n"},
		{"as far as there is room", "      r: [10.0.0.1] # one\n", addrs("10.0.0.200"), "      r: [10.0.0.200] # one\n"},
		{"the order stays", "      r: [10.0.0.9, 10.0.0.1]\n", addrs("10.0.0.2", "10.0.0.9"), "      r: [10.0.0.9, 10.0.0.2]\n"},
		{"quotes stay", "      r: ['10.0.0.1', \"fd00::1\"]\n", addrs("10.0.0.2", "fd00::2"), "      r: [\"10.0.0.2\", \"fd00::2\"]\n"},
		{"one more", "      r: [10.0.0.1]   # one\n", addrs("10.0.0.1", "10.0.0.2"), "      r: [10.0.0.1, 10.0.0.2] # one\n"},
		{"one less, the first", "      r: [10.0.0.1, 10.0.0.2]\n", addrs("10.0.0.2"), "      r: [10.0.0.2]\n"},
		{"one less, the last", "      r: [10.0.0.1 , 10.0.0.2 ]\n", addrs("10.0.0.1"), "      r: [10.0.0.1 ]\n"},
		{"line by line", "      r:\n        - 10.0.0.1 # a\n        - 10.0.0.2 # b\n", addrs("10.0.0.2", "10.0.0.3"), "      r:\n        - 10.0.0.3 # a\n        - 10.0.0.2 # b\n"},
		{"line by line, one more", "      r:\n        - 10.0.0.1\n      s: [10.0.9.1]\n", addrs("10.0.0.1", "fd00::1"), "      r:\n        - 10.0.0.1\n        - \"fd00::1\"\n      s: [10.0.9.1]\n"},
		{"line by line, one less", "      r:\n        - 10.0.0.1 # a\n        - 10.0.0.2 # b\n", addrs("10.0.0.1"), "      r:\n        - 10.0.0.1 # a\n"},
		{"a mapping", "      r: {addresses: [10.0.0.1]} # x\n", addrs("10.0.0.2"), "      r: {addresses: [10.0.0.2]} # x\n"},
		{"several lines in brackets", "      r: [10.0.0.1, # a\n          10.0.0.2] # b\n", addrs("10.0.0.3", "10.0.0.4"), "      r: [10.0.0.3, # a\n          10.0.0.4] # b\n"},
		{"one in each line, one less", "      r: [10.0.0.1,\n          10.0.0.2]\n", addrs("10.0.0.1"), ""},
		{"line ends of Windows", "      r: [10.0.0.1] # one\r\n", addrs("10.0.0.2"), "      r: [10.0.0.2] # one\r\n"},
		{"one more in the last line, which has no end", "      r:\n        - 10.0.0.1", addrs("10.0.0.1", "10.0.0.2", "10.0.0.3"), "      r:\n        - 10.0.0.1\n        - 10.0.0.2\n        - 10.0.0.3"},
		{"one more behind a comment in the last line", "      r:\n        - 10.0.0.1 # a", addrs("10.0.0.1", "10.0.0.2"), "      r:\n        - 10.0.0.1 # a\n        - 10.0.0.2"},
		{"one less in the last line, which has no end", "      r:\n        - 10.0.0.1\n        - 10.0.0.2", addrs("10.0.0.1"), "      r:\n        - 10.0.0.1\n"},
		{"several less in brackets", "      r: [10.0.0.1, 10.0.0.2, 10.0.0.3]\n", addrs("10.0.0.1"), "      r: [10.0.0.1]\n"},
		{"several less around one", "      r: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]\n", addrs("10.0.0.3"), "      r: [10.0.0.3]\n"},
		{"one more before a comma that is the last", "      r: [10.0.0.1, ]\n", addrs("10.0.0.1", "10.0.0.2"), "      r: [10.0.0.1, 10.0.0.2, ]\n"},
		{"with a prefix length", "      r: [10.0.0.1/32, 10.0.0.9]\n", addrs("10.0.0.1", "10.0.0.2"), "      r: [10.0.0.1/32, 10.0.0.2]\n"},
		{"with a prefix length that is another", "      r: [10.0.0.1/32, 10.0.0.9]\n", addrs("10.0.0.2", "10.0.0.9"), "      r: [10.0.0.2, 10.0.0.9]\n"},
		{"behind a line break that only YAML has", "      # a\u2028      r: [10.0.0.1]\n", addrs("10.0.0.2"), ""},
		{"line ends of old", "      r: [10.0.0.1]\r      s: [10.0.9.1]\r", addrs("10.0.0.2"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, left := drift.Update([]byte(head+tt.links), []drift.Edit{{VPC: "a", Region: "r", Addrs: tt.now}})
			if tt.want == "" {
				if len(left) != 1 || string(got) != head+tt.links {
					t.Errorf("it is written: %s", got)
				}
				return
			}
			if len(left) > 0 {
				t.Fatal(left)
			}
			if diff := cmp.Diff(head+tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpdateSameAs: links that are another VPC's are written there.
func TestUpdateSameAs(t *testing.T) {
	const before = "regions: {r: {}}\nvpcs:\n  a: {clients: [10.0.0.0/8], links: {r: [10.0.0.1]}}\n  b: {links: {same_as: a}}\n"
	both := []drift.Edit{{VPC: "a", Region: "r", Addrs: addrs("10.0.0.2")}, {VPC: "b", Region: "r", Addrs: addrs("10.0.0.2")}}
	got, left := drift.Update([]byte(before), both)
	if len(left) > 0 || string(got) != strings.Replace(before, "10.0.0.1", "10.0.0.2", 1) {
		t.Errorf("left %v:\n%s", left, got)
	}
	for _, edits := range [][]drift.Edit{both[:1], both[1:]} {
		if got, left := drift.Update([]byte(before), edits); len(left) != 1 || string(got) != before {
			t.Errorf("%v is written:\n%s", edits, got)
		}
	}
}

// TestUpdateInPart: what cannot be written keeps nothing else from it, and is left with the reason.
func TestUpdateInPart(t *testing.T) {
	const before = `regions: {r: {}, s: {}}
vpcs:
  a: {clients: [10.0.0.0/16], links: {r: [10.0.0.1], s: [10.0.9.1]}}
  b: {clients: [10.1.0.0/16], links: {r: [10.1.0.1,
    10.1.0.2]}}
  c: {clients: [10.2.0.0/16], links: {same_as: b}}
  d: {clients: [10.3.0.0/16], links: {same_as: a}}
`
	edits := []drift.Edit{
		{VPC: "a", Region: "r", Addrs: addrs("10.0.0.2")},
		{VPC: "a", Region: "s", Addrs: addrs("10.0.9.2")}, // and not in d, which has the same
		{VPC: "b", Region: "r", Addrs: addrs("10.1.0.1")}, // in lines of their own
		{VPC: "c", Region: "r", Addrs: addrs("10.1.0.1")},
		{VPC: "d", Region: "r", Addrs: addrs("10.0.0.2")},
	}
	got, left := drift.Update([]byte(before), edits)
	if want := strings.Replace(before, "10.0.0.1", "10.0.0.2", 1); string(got) != want {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, string(got)))
	}
	var its []string
	for _, u := range left {
		its = append(its, u.VPC+" "+u.Region)
	}
	slices.Sort(its)
	if diff := cmp.Diff([]string{"a s", "b r", "c r"}, its); diff != "" {
		t.Errorf("left (-want +got):\n%s\n%v", diff, left)
	}
	after, remaining := drift.Result{Edits: edits, Findings: []drift.Finding{
		{Code: drift.CodeRecreated, VPC: "a", Region: "r", Hint: "--update"}, {Code: drift.CodeAddresses, VPC: "b", Region: "r", Hint: "--update"}, {Code: drift.CodeZone, VPC: "a", Region: "r", Hint: "subnet"},
	}}.Written([]drift.Unwritten{{Edit: edits[2], Err: errors.New("why")}})
	if remaining != 2 || !after.Findings[0].Written || after.Findings[0].Hint != "" || after.Findings[1].Written || !strings.Contains(after.Findings[1].Hint, "not written into VPC b (why)") || after.Findings[2].Hint != "subnet" {
		t.Errorf("%d remain: %+v", remaining, after.Findings)
	}
}

// TestUpdateLayouts: however a list is laid out, wherever it stands and however lines end, it is written, and
// no other line is another one.
func TestUpdateLayouts(t *testing.T) {
	draw := func(t *rapid.T, what string) []netip.Addr {
		all := []netip.Addr{}
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 6), 1, 4, rapid.ID[int]).Draw(t, what) {
			all = append(all, netip.AddrFrom4([4]byte{10, 0, 0, byte(n)}))
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		was, now := draw(t, "before"), draw(t, "now")
		slices.SortFunc(now, netip.Addr.Compare)
		comment := rapid.SampledFrom([]string{"", " # a", "   # a, b"}).Draw(t, "comment")
		lines := []string{"regions: {r: {}, s: {}}", "vpcs:", "  a: # a", "    links:"}
		first := len(lines)
		var texts []string
		for _, a := range was {
			text := a.String() + rapid.SampledFrom([]string{"", "", "", "/32"}).Draw(t, "prefix length")
			texts = append(texts, rapid.SampledFrom([]string{text, text, `"` + text + `"`}).Draw(t, "quoted"))
		}
		if rapid.Bool().Draw(t, "in brackets") {
			lines = append(lines, "      r: ["+strings.Join(texts, rapid.SampledFrom([]string{",", ", ", " , "}).Draw(t, "comma"))+rapid.SampledFrom([]string{"]", ", ]", " ]"}).Draw(t, "end")+comment)
		} else {
			lines = append(lines, "      r:")
			for _, text := range texts {
				lines = append(lines, "      - "+text+comment)
			}
		}
		last := len(lines)
		if rapid.Bool().Draw(t, "more behind it") {
			lines = append(lines, "      s: [10.0.9.1]", "ttl: 30")
		}
		ending := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line ends")
		text := strings.Join(lines, ending) + rapid.SampledFrom([]string{"", ending, ending + "# end"}).Draw(t, "the last end")
		got, left := drift.Update([]byte(text), []drift.Edit{{VPC: "a", Region: "r", Addrs: now}})
		if len(left) > 0 {
			t.Fatalf("%v is not written: %v\n%q", now, left, text)
		}
		if strings.Count(string(got), "\r\n") != strings.Count(string(got), "\n") && ending == "\r\n" {
			t.Fatalf("line ends are mixed: %q", got)
		}
		head, tail := strings.Join(lines[:first], ending), strings.Join(lines[last:], ending)
		if !strings.HasPrefix(string(got), head) || !strings.Contains(string(got), tail) {
			t.Fatalf("other lines are others: %q", got)
		}
		if again, left := drift.Update(got, []drift.Edit{{VPC: "a", Region: "r", Addrs: now}}); len(left) > 0 || string(again) != string(got) {
			t.Fatalf("%v: written again it is another text: %q\n%q", fmt.Sprint(left), got, again)
		}
	})
}
