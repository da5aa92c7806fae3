package exports_test

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// inNamespace runs a command where /etc/hosts is another file, and no other source
// of names is used.
const inNamespace = `mount --bind "$1" /etc/hosts && shift && exec "$@"`

// TestGlibc: the C library has the names and addresses of a hosts file, by either
// family.
func TestGlibc(t *testing.T) {
	unshare, getent := peers.Find(t, "unshare", "util-linux"), peers.Find(t, "getent", "libc-bin")
	in := func(hosts string, args ...string) *exec.Cmd {
		args = append([]string{"--map-root-user", "--mount", "sh", "-c", inNamespace, "sh", hosts}, args...)
		return exec.Command(unshare, args...)
	}
	if out, err := in(os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("no mount namespace can be made here: %v\n%s", err, out)
	}
	asked := 0
	for name, golden := range goldens(t, "hosts") {
		hosts := filepath.Join(t.TempDir(), "hosts")
		if err := os.WriteFile(hosts, golden.Files[0].Data, 0o600); err != nil {
			t.Fatal(err)
		}
		for host, want := range readHosts(t, string(golden.Files[0].Data)) {
			for database, addrs := range map[string][]netip.Addr{"ahostsv4": want.V4(), "ahostsv6": want.V6()} {
				if len(addrs) == 0 {
					continue
				}
				asked++
				out, err := in(hosts, getent, "--service=files", database, host).Output()
				if err != nil {
					t.Errorf("%s: getent %s %s: %v", name, database, host, err)
				}
				if diff := cmp.Diff(texts(addrs), streams(string(out))); diff != "" {
					t.Errorf("%s: %s (-file +getent):\n%s", name, host, diff)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("no golden has a name")
	}
}

// readHosts returns the names of a hosts file, each with its addresses sorted.
func readHosts(t *testing.T, text string) map[string]zones.Addresses {
	t.Helper()
	names := make(map[string]zones.Addresses)
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil || len(fields) != 2 {
			t.Fatalf("%q: %v", line, err)
		}
		addrs := append(names[fields[1]].Addrs, addr)
		slices.SortFunc(addrs, netip.Addr.Compare)
		names[fields[1]] = zones.Addresses{Addrs: addrs}
	}
	return names
}

func texts(addrs []netip.Addr) []string {
	var all []string
	for _, addr := range addrs {
		all = append(all, addr.String())
	}
	slices.Sort(all)
	return all
}

// streams returns the addresses that getent found.
func streams(out string) []string {
	var addrs []string
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] == "STREAM" {
			addrs = append(addrs, fields[0])
		}
	}
	slices.Sort(addrs)
	return addrs
}
