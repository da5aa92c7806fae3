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
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(exportlist.Entry{}, "Place"), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[1].Place.Line != 4 {
		t.Errorf("the second entry is in line %d", got[1].Place.Line)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", "the list is empty"},
		{"a text", "hello", `1:1: error: the list is "hello", and not a mapping`},
		{"a list at the top", "- {format: bind, out: a}", "1:1: error: the list is a list, and not a mapping"},
		{"a mapping of exports", "exports: {format: bind}", "1:10: error: exports is a mapping, and not a list"},
		{"another key", "exprots: []", `did you mean "exports"? it has exports`},
		{"a key twice", "exports:\n- {format: bind, format: rpz, out: a}", `2:18: error: an export has "format" twice`},
		{"no directory", "exports:\n- {format: bind}", "2:3: error: the export has no out"},
		{"the parent", "exports:\n- {format: bind, out: a/../..}", "leads out of the list's directory"},
		{"from the root", "exports:\n- {format: bind, out: /etc/bind}", "leads out of the list's directory"},
		{"another system's separator", `exports: [{format: bind, out: '..\a'}]`, "leads out of the list's directory"},
		{"a line break", `exports: [{format: bind, out: "a\n::error::b"}]`, `out is "a\n::error::b"`},
		{"nothing behind a key", "exports: [{format: , out: a}]", "format is empty, and not a text"},
		{"an anchor's alias", "exports: [&a {format: bind, out: a}, *a]", "an export is an alias, and not a mapping"},
		{"a directory twice", "exports: [{format: bind, out: a}, {format: rpz, out: ./a/}]", `the directory "a" has the export of line 1 already`},
		{"no address", "exports: [{format: openvpn, out: a, server: ns}]", `server "ns" is not an IP address`},
		{"torn", "exports:\n- {format: bind", "the list is not YAML"},
		{"too deep", "exports: " + strings.Repeat("[", 100) + strings.Repeat("]", 100), "the list is not YAML"},
		{"two documents", "exports: []\n---\nexports: []\n", "the list has a second YAML document"},
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

func TestBeside(t *testing.T) {
	for path, want := range map[string]string{
		"topology.yaml": "topology.exports.yaml", "dns/prod.yml": "dns/prod.exports.yaml", "a.b/topology": "a.b/topology.exports.yaml",
	} {
		if got := exportlist.Beside(path); got != want {
			t.Errorf("%s has %s beside it, want %s", path, got, want)
		}
	}
}
