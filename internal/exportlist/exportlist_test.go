package exportlist_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/exportlist"
)

func TestParse(t *testing.T) {
	const text = `# what is exported
exports:
  - {vpc: apps, format: bind, out: ./zones/apps/, shape: one-zone}
  - format: openvpn
    out: vpn
    server: [10.0.0.53, "fd00::53"]
    set: {a: "1", b: 2, c: yes}
`
	want := []exportlist.Entry{
		{VPC: "apps", Format: "bind", Out: "zones/apps", Shape: "one-zone"},
		{
			Format: "openvpn", Out: "vpn", Servers: []netip.Addr{netip.MustParseAddr("10.0.0.53"), netip.MustParseAddr("fd00::53")},
			Values: map[string]string{"a": "1", "b": "2", "c": "yes"},
		},
	}
	got, findings := exportlist.Parse([]byte(text))
	if len(findings) > 0 {
		t.Error(findings)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(exportlist.Entry{}, "Place"), cmpopts.IgnoreUnexported(exportlist.Entry{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[1].Place.Line != 4 {
		t.Errorf("the second entry is in line %d", got[1].Place.Line)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", "the file is empty"},
		{"a text", "hello", `1:1: error: the file is "hello", and not a mapping`},
		{"a list at the top", "- {format: bind, out: a}", "1:1: error: the file is a list, and not a mapping"},
		{"a mapping of exports", "exports: {format: bind}", "1:10: error: exports is a mapping, and not a list"},
		{"another key", "exprots: []", `did you mean "exports"? it has exports`},
		{"a key twice", "exports:\n- {format: bind, format: rpz, out: a}", `2:18: error: an export has "format" twice`},
		{"no directory", "exports:\n- {format: bind}", "2:3: error: the export has no out"},
		{"the parent", "exports:\n- {format: bind, out: a/../..}", "leads out of the list's directory"},
		{"from the root", "exports:\n- {format: bind, out: /etc/bind}", "leads out of the list's directory"},
		{"another system's separator", `exports: [{format: bind, out: '..\a'}]`, "leads out of the list's directory"},
		{"a line break", `exports: [{format: bind, out: "a\n::error::b"}]`, `out is "a\n::error::b"`},
		{"nothing behind a key", "exports: [{format: , out: a}]", "1:20: error: format is empty"},
		{"an anchor's alias", "exports: [&a {format: bind, out: a}, *a]", "an export is an alias, and not a mapping"},
		{"a directory twice", "exports: [{format: bind, out: a}, {format: rpz, out: ./a/}]", `the directory "a" has the export of line 1 already`},
		{"no address", "exports: [{format: openvpn, out: a, server: ns}]", `server "ns" is not an IP address`},
		{"torn", "exports:\n- {format: bind", "2:3: error: not valid YAML: the bracket { that opens here is not closed"},
		{"too deep", "exports: " + strings.Repeat("[", 100) + strings.Repeat("]", 100), "more than 16 levels of nesting"},
		{"two documents", "exports: []\n---\nexports: []\n", "2:1: error: a second YAML document"},
		{"too long", "#" + strings.Repeat("x", exportlist.MaxOctets), "the list has more than 1048576 octets"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := exportlist.Parse([]byte(tt.text))
			if got := findings.String(); !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q in it", got, tt.want)
			}
		})
	}
}

// FuzzParse: no list ends the program, each finding says what to do, and what is read
// without any stays below the list.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"exports:\n- {vpc: apps, format: bind, out: a, server: [10.0.0.53], set: {zone: x}}\n", "exports: [{vpc: [a, b], format: rpz, out: a}]",
		"exports: [{format: rpz, out: a, set: &a [*a]}]", "exports: &a [*a]", "exports: &a {b: *a}", "&a [*a]", "exports: [{format: &a [*a], out: *a, server: *a}]", "exports: [{format: a, out: &x {y: *x}, set: &z {q: *z}}]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, findings := exportlist.Parse([]byte(text))
		for _, finding := range findings {
			if finding.Hint == "" || strings.ContainsAny(finding.Message+finding.Hint, "\n\r") {
				t.Errorf("%q: %+v", text, finding)
			}
		}
		for _, entry := range entries {
			if out := entry.Out; strings.HasPrefix(out, "/") || strings.HasPrefix(out, "..") && !strings.HasPrefix(out, "...") && len(out) < 4 {
				t.Errorf("%q: out %q", text, out)
			}
		}
	})
}

// TestTold: what a finding tells of is known by its key, with its place, so that nothing is
// told twice.
func TestTold(t *testing.T) {
	entries, findings := exportlist.Parse([]byte("exports:\n- apps\n- {vpc: [x], fromat: bind, out: a, server: ns, set: {zone: [a, b], size: 5}}\n- {format: 5, out: true, set: zone}\n"))
	if len(entries) != 3 || len(findings) != 6 {
		t.Fatalf("%d entries\n%s", len(entries), findings.Report())
	}
	for _, key := range []string{"vpc", "format", "out", "server", "shape", "set", "set.zone"} {
		if !entries[0].Told(key) {
			t.Errorf("of an export that is none, %s is told", key)
		}
		if want := strings.Contains("vpc format server set.zone", key) && key != "set"; entries[1].Told(key) != want {
			t.Errorf("of the second export, %s is told: %t", key, !want)
		}
	}
	third := entries[2]
	if third.Format != "5" || third.Out != "true" || third.Told("format") || !third.Told("set") || !third.Told("set.zone") {
		t.Errorf("%+v", third)
	}
	second := entries[1]
	if at := second.At("set.size"); at.Line != 3 || at.Column != 74 {
		t.Errorf("the size is at %d:%d", at.Line, at.Column)
	}
	if at := second.AtName("size"); at.Column != 68 {
		t.Errorf("its name is in column %d", at.Column)
	}
	if at := second.At("shape"); at != second.Place {
		t.Errorf("what is not there is at %+v", at)
	}
}

func TestBeside(t *testing.T) {
	for path, want := range map[string]string{
		"topology.yaml": "topology.exports.yaml", "dns/prod.yml": "dns/prod.exports.yaml", "a.b/topology": "a.b/topology.exports.yaml",
	} {
		if got := exportlist.Beside(path); got != want {
			t.Errorf("%s has %s beside it, want %s", path, got, want)
		}
	}
}
