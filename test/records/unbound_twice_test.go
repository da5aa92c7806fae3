package records_test

import (
	"context"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// saidTwice says all that Unbound can be told of clients twice of one range, which is written in
// two ways. It refuses questions to no client.
var saidTwice = map[string]string{"unbound.conf": `server:
  module-config: "respip iterator"
  define-tag: "a b"
  access-control: 127.0.0.0/8 refuse
  access-control: 127.1.2.3/8 allow
  access-control: ::ffff:127.0.0.0/104 refuse
  access-control-view: 127.0.0.1/32 one
  access-control-view: 127.0.0.1 two
  access-control-view: 127.0.0.2 two
  access-control-view: 127.0.0.2/32 one
  access-control-tag: 127.0.0.8/29 "a"
  access-control-tag: 127.0.0.9/29 "b"
  access-control-tag: 127.0.0.16/29 "b"
  access-control-tag: 127.0.0.16/29 "a"
  access-control-tag: 127.0.0.24/29 ""
  access-control-tag: 127.0.0.24/29 "a b"
  access-control-tag: 127.0.0.32/29 "a"
  access-control-tag-action: 127.0.0.33/29 a always_nxdomain
  access-control-tag-action: 127.0.0.32/29 a redirect
  access-control-tag: 127.0.0.40/29 "a"
  access-control-tag-action: 127.0.0.41/29 a redirect
  access-control-tag-action: 127.0.0.40/29 a always_nxdomain
  access-control-tag-data: 127.0.0.40/29 a "A 10.0.0.5"
  access-control-tag-data: 127.0.0.41/29 a "A 10.0.0.6"
  access-control-tag: 127.0.0.48/29 "a"
  access-control-tag-action: 127.0.0.48/29 a redirect
  access-control-tag-data: 127.0.0.48/29 a "30 IN CNAME away.net."
  access-control-tag: 127.0.0.56/29 "a"
  access-control-tag-action: 127.0.0.56/29 a redirect
  access-control-tag-data: 127.0.0.56/29 a "AAAA fd00::7"
  local-zone: "a.org" redirect
  local-data: "a.org 30 A 10.0.0.1"
  local-zone-tag: "a.org" "a"
  local-zone-tag: "A.org." "b"
  local-zone: "b.org" redirect
  local-data: "b.org 30 A 10.0.0.2"
  local-zone-tag: "b.org" "b"
  local-zone-tag: "b.org" "a"
  local-zone: "none.org" redirect
  local-data: "none.org 30 A 10.0.0.2"
  local-zone-tag: "none.org" ""
  local-zone-tag: "none.org" "a b"
  local-zone: "over.org" redirect
  local-data: "over.org 30 A 10.0.0.3"
  local-zone-override: "over.org" 127.0.0.1/32 always_nxdomain
  local-zone-override: "over.org" 127.0.0.1 redirect
  local-zone-override: "over.org" 127.0.0.8/29 redirect
  local-zone-override: "over.org" 127.0.0.9/29 always_nxdomain
  local-zone: "open.org" static
  local-zone: "open.org" redirect
  local-data: "open.org 30 A 10.0.0.4"
  local-data: "open.org 60 A 10.0.0.4"
  local-data: "open.org 30 A 10.0.0.5"
  local-zone: "shut.org" redirect
  local-zone: "Shut.org." static
  local-data: "shut.org 30 A 10.0.0.4"
view:
  name: one
  view-first: yes
  local-zone: "viewed.org" redirect
  local-data: "viewed.org 30 A 10.1.0.1"
view:
  name: two
  view-first: yes
  local-zone: "viewed.org" redirect
  local-data: "viewed.org 30 A 10.1.0.2"
`}

// TestUnboundSaidTwice: of two options that say the same thing of one range, or of one zone, that
// one is read which counts for Unbound: for most the first, for some the last.
func TestUnboundSaidTwice(t *testing.T) {
	names := []string{"a.org", "x.a.org", "x.b.org", "x.none.org", "x.over.org", "x.open.org", "shut.org", "x.shut.org", "x.viewed.org"}
	at := startUnbound(t, saidTwice)
	for _, last := range []byte{1, 2, 3, 8, 16, 24, 32, 40, 48, 56} {
		compareClient(t, at, "unbound.conf", saidTwice, netip.AddrFrom4([4]byte{127, 0, 0, last}), names)
	}
}

// TestUnboundAliasOfTag: Unbound does not start where a tag has a CNAME for some clients, and other
// data beside it, which unbound-checkconf does not look at.
func TestUnboundAliasOfTag(t *testing.T) {
	need(t, "unbound")
	for _, data := range [][]string{{"CNAME a.org", "A 10.0.0.1"}, {"A 10.0.0.1", "30 IN cname a.org"}, {"CNAME a.org", "CNAME a.org"}} {
		at := peers.FreePort(t, peers.Loopback())
		text := fmt.Sprintf("server:\n  interface: %s\n  port: %d\n", at.Addr(), at.Port()) + "  username: \"\"\n  chroot: \"\"\n  pidfile: \"\"\n  use-syslog: no\n  define-tag: \"a\"\n  access-control: 10.0.0.0/8 allow\n"
		for _, one := range data {
			text += "  access-control-tag-data: 10.0.0.0/8 a \"" + one + "\"\n"
		}
		path := filepath.Join(t.TempDir(), "unbound.conf")
		write(t, path, text)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		out, err := exec.CommandContext(ctx, "unbound", "-dd", "-c", path).CombinedOutput()
		cancel()
		if !strings.Contains(string(out), "must not coexist") {
			t.Errorf("%q: Unbound says %s: %v", data, out, err)
		}
		found, err := existing.Options{}.Together(t.Context(), []string{path}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(found.Set.Faults(nil, nil), func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded }) {
			t.Errorf("%q: nothing says that Unbound does not start", data)
		}
	}
}
