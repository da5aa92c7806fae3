package records_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
)

// partsOf are configurations in two parts, which a directory has that another file includes.
// The parts are apart by "----".
var partsOf = []struct {
	format string
	// around is what includes DIR, which has the parts, and check the server's own check of it.
	around string
	check  []string
	texts  []string
}{
	{
		format: "bind", around: "options { directory \"DIR\"; };\ninclude \"DIR/*.conf\";\n", check: []string{"named-checkconf", "around.conf"},
		texts: []string{
			"zone \"a.org\" { type primary; file \"z\"; };----zone \"b.org\" { type forward; forwarders { 10.9.9.9; }; };",
			"zone \"a.org\" { type primary; file \"z\"; };----zone \"a.org\" { type forward; forwarders { 10.9.9.9; }; };",
			"zone \"a.org\" { type forward; forwarders { 10.9.9.9; }; };----zone \"A.org.\" { type primary; file \"z\"; };",
			"zone \"a.org\" { type primary; file \"z\"; };----zone \"x.a.org\" { type forward; forwarders { 10.9.9.9; }; };",
			"zone \"x.a.org\" { type primary; file \"z\"; };----zone \"a.org\" { type forward; forwarders { 10.9.9.9; }; };",
			"zone \"a.org\" { type primary; file \"z\"; };----zone \"a.org\" { type primary; file \"z\"; };",
			"zone \"a.org\" { type primary; file \"z\"; };----view \"v\" { zone \"b.org\" { type primary; file \"z\"; }; };",
			"acl \"n\" { 10.0.0.0/8; };----zone \"a.org\" { type primary; file \"z\"; allow-query { n; }; };",
			"zone \"a.org\" { type primary; file \"z\"; allow-query { n; }; };----acl \"n\" { 10.0.0.0/8; };",
		},
	},
	{
		format: "unbound", around: "server:\n  directory: \"DIR\"\n  chroot: \"\"\n  username: \"\"\n  pidfile: \"\"\ninclude: \"DIR/*.conf\"\n", check: []string{"unbound-checkconf", "around.conf"},
		texts: []string{
			"server:\n  local-zone: a.org. redirect\n  local-data: \"a.org. A 10.0.0.1\"----forward-zone:\n  name: b.org\n  forward-addr: 10.9.9.9",
			"server:\n  local-zone: a.org. redirect\n  local-data: \"a.org. A 10.0.0.1\"----forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.9",
			"forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.9----server:\n  local-zone: a.org. transparent\n  local-data: \"x.a.org. A 10.0.0.1\"",
			"forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.9----server:\n  local-data: \"x.a.org. A 10.0.0.1\"",
			"forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.9----stub-zone:\n  name: a.org\n  stub-addr: 10.9.9.8",
			"forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.9----auth-zone:\n  name: a.org\n  zonefile: z",
			"auth-zone:\n  name: a.org\n  zonefile: z----stub-zone:\n  name: x.a.org\n  stub-addr: 10.9.9.8",
			"forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.9----forward-zone:\n  name: a.org\n  forward-addr: 10.9.9.8",
			"server:\n  local-zone: a.org. redirect\n  local-data: \"a.org. A 10.0.0.1\"----server:\n  local-data: \"x.a.org. A 10.0.0.2\"",
			"server:\n  local-zone: a.org. redirect----server:\n  local-zone: a.org. static\n  local-data: \"x.a.org. A 10.0.0.2\"",
			"server:\n  local-zone: a.org. redirect\n  local-data: \"a.org. A 10.0.0.1\"----  local-zone: x.a.org. static",
		},
	},
	{
		format: "nsd", around: "server:\n  zonesdir: \"DIR\"\n  username: \"\"\n  pidfile: \"\"\ninclude: \"DIR/*.conf\"\n", check: []string{"nsd-checkconf", "around.conf"},
		texts: []string{
			"zone:\n  name: a.org\n  zonefile: z----zone:\n  name: b.org\n  zonefile: z",
			"zone:\n  name: a.org\n  zonefile: z----zone:\n  name: a.org\n  zonefile: z",
			"pattern:\n  name: p\n  zonefile: z----zone:\n  name: a.org\n  include-pattern: p",
			"zone:\n  name: a.org\n  include-pattern: p----pattern:\n  name: p\n  zonefile: z",
		},
	},
	{
		format: "knot", around: "server:\n    rundir: \"DIR\"\ndatabase:\n    storage: \"DIR\"\ninclude: \"DIR/*.conf\"\n", check: []string{"knotc", "-c", "around.conf", "conf-check"},
		texts: []string{
			"zone:\n  - domain: a.org\n    file: z----zone:\n  - domain: b.org\n    file: z",
			"zone:\n  - domain: a.org\n    file: z----zone:\n  - domain: a.org\n    file: z",
			"template:\n  - id: t\n    file: z----zone:\n  - domain: a.org\n    template: t",
			"zone:\n  - domain: a.org\n    template: t----template:\n  - id: t\n    semantic-checks: on",
		},
	},
	{
		format: "dnsmasq", around: "conf-dir=DIR,*.conf\n", check: []string{"dnsmasq", "--test", "-C", "around.conf"},
		texts: []string{
			"address=/a.org/10.0.0.1\nlocal=/a.org/----server=/b.org/10.9.9.9",
			"address=/a.org/10.0.0.1\nlocal=/a.org/----server=/a.org/10.9.9.9",
			"address=/a.org/10.0.0.1----server=/a.org/10.9.9.9",
			"server=/a.org/10.9.9.9----address=/a.org/10.0.0.1\nlocal=/a.org/",
			"address=/a.org/10.0.0.1\nlocal=/a.org/----server=/x.a.org/10.9.9.9",
			"server=/a.org/10.9.9.9----host-record=x.a.org,10.0.0.1",
			"local-ttl=5\naddress=/a.org/10.0.0.1----local-ttl=6",
			"cname=a.org,b.org\naddress=/c.org/10.0.0.1----cname=b.org,a.org",
		},
	},
}

// TestParts: a directory of parts is one configuration: it is told what its server does not start
// with, and it means what one file with all of them does.
func TestParts(t *testing.T) {
	for _, server := range partsOf {
		for i, text := range server.texts {
			t.Run(fmt.Sprint(server.format, i), func(t *testing.T) {
				top := t.TempDir()
				outer, dir, whole := filepath.Join(top, "outer"), filepath.Join(top, "parts.d"), filepath.Join(top, "whole")
				for _, in := range []string{outer, dir, whole} {
					if err := os.Mkdir(in, 0o700); err != nil {
						t.Fatal(err)
					}
					if strings.Contains(text, "file") {
						write(t, filepath.Join(in, "z"), checkedFiles["z"])
					}
				}
				for i, part := range strings.Split(text, "----") {
					write(t, filepath.Join(dir, fmt.Sprintf("%d.conf", i)), part+"\n")
				}
				write(t, filepath.Join(outer, "around.conf"), strings.ReplaceAll(server.around, "DIR", dir))
				write(t, filepath.Join(whole, "whole.conf"), strings.ReplaceAll(text, "----", "\n")+"\n")
				parts := readApart(t, server.format, dir)
				if got, want := meaningOf(parts, dir), meaningOf(readApart(t, server.format, filepath.Join(whole, "whole.conf")), whole); !slices.Equal(got, want) {
					t.Errorf("%s: two parts mean\n%s\nand one file\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				wrong := checkedBy(t, outer, server.check[0], server.check[1:]...)
				stops := slices.ContainsFunc(parts.Faults(nil, nil), func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded })
				if stops != (wrong != "") {
					t.Errorf("%s: told %q; the server says %q", text, parts.Faults(nil, nil), wrong)
				}
			})
		}
	}
}

func readApart(t *testing.T, format, path string) *holdings.Set {
	t.Helper()
	found, err := existing.Options{}.Apart(path)
	if err != nil {
		found, err = existing.Options{Syntax: format}.Apart(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found.Set
}

// meaningOf is what is answered for some names, and what is told, without places.
func meaningOf(set *holdings.Set, dir string) []string {
	var all []string
	for _, name := range []string{"a.org.", "x.a.org.", "y.x.a.org.", "y.a.org.", "b.org.", "x.b.org.", "c.org."} {
		a := set.Resolve(name, dns.TypeA)
		all = append(all, fmt.Sprint(name, " ", a.Outcome, " ", a.Addrs, " ", a.Referral))
	}
	for _, f := range set.Faults(nil, nil) {
		message, _, _ := strings.Cut(strings.ReplaceAll(f.Message, dir, "DIR"), ", first in ")
		all = append(all, message)
	}
	slices.Sort(all)
	return all
}
