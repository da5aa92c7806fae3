package records_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
)

// checkedFiles are beside each configuration of the test below.
var checkedFiles = map[string]string{
	"z": "$TTL 60\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n* A 10.0.0.1\n",
	"m": "\ufeff$TTL 60\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n",
	"u": "$TTL 60\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n_u A 10.0.0.1\n",
}

// checkedServers have configurations of which some stop the server, or keep a zone from
// being loaded, as its own check says.
var checkedServers = []struct {
	file  string
	check []string
	texts []string
}{
	{
		file: "named.conf", check: []string{"named-checkconf", "-z", "named.conf"},
		texts: []string{
			`zone "a" { type primary; file "z"; };`,
			`zone "a" { type primary; file "z"; }; zone "a" { type primary; file "z"; };`,
			`zone "a" { type primary; file "z"; }; zone "A." { type forward; forwarders {10.0.0.1;}; };`,
			`options { }; zone "a" { file "z"; };`,
			`view "v" { zone "a" { type primary; file "z"; }; }; view "w" { zone "a" { in-view "v"; }; };`,
			`view "w" { zone "a" { in-view "v"; }; }; view "v" { zone "a" { type primary; file "z"; }; };`,
			`view "v" { zone "b" { type primary; file "z"; }; }; view "w" { zone "a" { in-view "v"; }; };`,
			`view "w" { zone "a" { in-view "v"; }; };`,
			`zone "a" { type primary; file "z"; }; view "v" { zone "b" { type primary; file "z"; }; };`,
			`view "v" { zone "b" { type primary; file "z"; }; }; view "v" { zone "c" { type primary; file "z"; }; };`,
			`view "v" { zone "b" { type primary; file "z"; }; zone "b" IN { type primary; file "z"; }; };`,
			`options { }; options { }; zone "a" { type primary; file "z"; };`,
			`zone "a" { type primary; file "z" };`,
			`zone "a" { type primary; file "z"; max-zone-ttl 30; };`,
			`zone "a" { type primary; file "z"; max-zone-ttl 1m; };`,
			`options { max-zone-ttl 30; }; zone "a" { type primary; file "z"; };`,
			`zone "a" { type primary; file "m"; };`,
			`zone "a" { type primary; file "u"; };`,
			`zone "a" { type primary; file "u"; check-names ignore; };`,
			`zone "a" { type primary; file "u"; check-names warn; };`,
			`options { check-names primary ignore; }; zone "a" { type primary; file "u"; };`,
			`options { check-names secondary ignore; }; zone "a" { type primary; file "u"; };`,
			`options { check-names master warn; }; zone "a" { type primary; file "u"; check-names fail; };`,
		},
	},
	{
		file: "unbound.conf", check: []string{"unbound-checkconf", "unbound.conf"},
		texts: []string{
			"server:\n  local-zone: \"a.\" redirect\n  local-data: \"a. A 10.0.0.1\"\n  local-data: \"a. A 10.0.0.2\"",
			"server:\n  local-zone: \"a.\" redirect\n  local-data: \"x.a. A 10.0.0.1\"",
			"server:\n  local-zone: \"a.\" inform_redirect\n  local-data: \"x.a. A 10.0.0.1\"",
			"server:\n  local-zone: \"a.\" redirect\n  local-data: \"a. A 10.0.0.1\"\n  local-data: \"a. CNAME b.\"",
			"server:\n  local-zone: \"a.\" redirect\n  local-data: \"a. CNAME b.\"\n  local-data: \"a. A 10.0.0.1\"",
			"server:\n  local-zone: \"a.\" redirect\n  local-data: \"a. CNAME b.\"\n  local-data: \"a. CNAME c.\"",
			"server:\n  local-zone: \"a.\" redirect\n  local-data: \"a. TXT b\"\n  local-data: \"a. CNAME c.\"",
			"server:\n  local-zone: \"a.\" static\n  local-data: \"a. A 10.0.0.1\"\n  local-data: \"a. CNAME b.\"",
			"server:\n  local-zone: \"a.\" ipset",
			"server:\n  define-tag: \"a b\"\n  access-control-tag: 10.0.0.0/8 \"a\"\n  local-zone: a. static\n  local-zone-tag: a. \"a b\"",
			"server:\n  access-control-tag: 10.0.0.0/8 \"a\"\n  define-tag: \"a b\"",
			"server:\n  define-tag: \"a\"\n  access-control-tag: 10.0.0.0/8 \"a c\"",
			"server:\n  define-tag: \"a\"\n  local-zone: a. static\n  local-zone-tag: a. \"c\"",
			"server:\n  define-tag: \"a\"\n  access-control-tag-action: 10.0.0.0/8 c static",
			"server:\n  access-control-view: 10.0.0.0/8 v\nview:\n  name: v\n  local-zone: a. static",
			"server:\n  access-control-view: 10.0.0.0/8 v\nview:\n  name: w\n  local-zone: a. static",
			"server:\n  access-control-view: 10.0.0.0/8 v\nview:\n  name: v\n  local-zone: a. redirect\n  local-data: \"x.a. A 10.0.0.1\"",
			"server:\n  local-zone: \"a.\" redirect\n  local-zone: \"x.a.\" static\n  local-data: \"x.a. A 10.0.0.1\"",
		},
	},
}

// TestStarting: what of a configuration stops its server, as the server's own check says.
func TestStarting(t *testing.T) {
	for _, server := range checkedServers {
		for _, text := range server.texts {
			t.Run(server.file+"/"+text, func(t *testing.T) {
				need(t, server.check[0])
				dir := t.TempDir()
				for name, zone := range checkedFiles {
					write(t, filepath.Join(dir, name), zone)
				}
				write(t, filepath.Join(dir, server.file), text+"\n")
				cmd := exec.Command(server.check[0], server.check[1:]...)
				cmd.Dir = dir
				out, err := cmd.CombinedOutput()
				if got := faultsOf(t, filepath.Join(dir, server.file)); (len(got) > 0) != (err != nil) {
					t.Errorf("faults %q; the server says %v, %s", got, err, out)
				}
			})
		}
	}
}

// faultsOf returns why the server of a configuration does not load something.
func faultsOf(t *testing.T, path string) []string {
	t.Helper()
	set, err := existing.Options{}.Apart(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range set.Set.Faults(nil, nil) {
		if f.Kind == holdings.NotLoaded {
			all = append(all, f.String())
		}
	}
	return all
}
