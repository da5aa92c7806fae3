package auralink

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coredns/caddy"
)

// newFollowing returns a plugin that follows a topology file, and the file's path.
func newFollowing(t *testing.T, text string) (*Auralink, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "topology.yaml")
	write(t, path, text)
	return following(t, path), path
}

// following returns a plugin that follows a file, as a server block does that was
// read with the ones before.
func following(t *testing.T, path string) *Auralink {
	t.Helper()
	a := newAuralink()
	a.topology = path
	if err := a.open(nil); err != nil {
		t.Fatal(err)
	}
	a.join()
	t.Cleanup(a.leave)
	return a
}

// await waits for what must come, on a busy machine as well.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s has not come", what)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// address returns the address that a plugin has for its one VPC.
func address(a *Auralink) string {
	return a.served.Load().Plan.VPCs[0].Links[0].Addrs[0].String()
}

// TestFollowing: a file that changes is served, by all server blocks that name it,
// from one snapshot.
func TestFollowing(t *testing.T) {
	a, path := newFollowing(t, oneLink)
	b := following(t, path)
	if a.served.Load() != b.served.Load() {
		t.Error("two server blocks have a snapshot each")
	}
	write(t, path, strings.Replace(oneLink, "10.0.0.1", "10.0.0.22", 1))
	await(t, "the new address", func() bool { return address(a) == "10.0.0.22" && a.served.Load() == b.served.Load() })
}

// TestAllOrNone: where a server block cannot serve a topology, none does; a block of
// a newer Corefile has it, and the others when that block has left.
func TestAllOrNone(t *testing.T) {
	a, path := newFollowing(t, oneLink)
	b := following(t, path)
	b.options.VPC = "apps"
	before := a.served.Load()
	write(t, path, strings.Replace(oneLink, "apps", "batch", 1))
	await(t, "the refusal", func() bool { return !a.follower.Load().Fine() })
	if a.served.Load() != before || b.served.Load() != before {
		t.Error("a topology is served that not all server blocks can serve")
	}
	c := newAuralink()
	c.topology, c.generation, c.options.VPC = path, newer{}, "batch"
	if err := c.open(nil); err != nil {
		t.Fatal(err)
	}
	c.join()
	defer c.leave()
	if name := c.served.Load().Plan.VPCs[0].Name; name != "batch" {
		t.Errorf("a newer server block serves VPC %q", name)
	}
	b.leave()
	await(t, "the topology that nobody refuses", func() bool { return a.served.Load().Plan.VPCs[0].Name == "batch" })
}

// newer is a generation.
type newer struct{ caddy.Context }

// TestLeft: what is changed when nobody follows is not served; who joins again, is
// served again.
func TestLeft(t *testing.T) {
	a, path := newFollowing(t, oneLink)
	a.leave()
	a.leave()
	before := a.served.Load()
	write(t, path, strings.Replace(oneLink, "10.0.0.1", "10.0.0.22", 1))
	time.Sleep(300 * time.Millisecond)
	if a.served.Load() != before {
		t.Error("an instance that has left serves another plan")
	}
	a.join()
	await(t, "the new address", func() bool { return address(a) == "10.0.0.22" })
}
