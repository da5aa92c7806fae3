package exports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// wireguardPeer is the rest of a client's configuration. The keys are of nobody.
const wireguardPeer = `PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=

[Peer]
PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
Endpoint = 192.0.2.1:51820
AllowedIPs = 10.0.0.0/8
`

// TestWireGuard has wg-quick read what a client's configuration has for the
// numbered topologies: all of it is wg-quick's own, so that WireGuard itself gets
// what it would have got without; and bash, which wg-quick runs, can run it.
func TestWireGuard(t *testing.T) {
	program := peers.Find(t, "wg-quick", "wireguard-tools")
	eachTopology(t, func(t *testing.T, view zones.View) {
		export := onlyFile(t, writeExport(t, "wireguard", view, formats.Options{Servers: bothServers}), "wireguard.conf")
		got := stripWireGuard(t, program, export+wireguardPeer)
		want := stripWireGuard(t, program, "[Interface]\n"+wireguardPeer)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("WireGuard gets (-without +with):\n%s", diff)
		}
		for _, line := range payload(t, export)[1:] {
			call := strings.ReplaceAll(strings.TrimPrefix(line, "PostUp = "), "%i", "wg0")
			out, err := exec.Command("bash", "-euc", "resolvectl() { printf '<%s>' resolvectl \"$@\"; }; HOME=/nowhere; "+call).Output()
			if words := "<" + strings.NewReplacer("'", "", " ", "><").Replace(call) + ">"; err != nil || string(out) != words {
				t.Errorf("bash runs %q, want %q (%v)", out, words, err)
			}
		}
	})
}

// stripWireGuard returns what wg-quick hands to WireGuard.
func stripWireGuard(t *testing.T, program, config string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wg0.conf")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "strip", path).CombinedOutput()
	if err != nil {
		t.Fatalf("wg-quick strip: %v\n%s", err, out)
	}
	var lines []string // but for comments, and empty ones
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
