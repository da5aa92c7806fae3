package foreign

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// client is the library that asks etcd, and of which a CoreDNS without fleets and without
// its own plugin etcd has nothing.
const client = "go.etcd.io/etcd/client/v3"

// line finds the line for plugin.cfg that brings fleets, in the plugin's README.
var line = regexp.MustCompile("`(fleet:github.com/auralink/auralink/plugin/fleet)`")

// TestForeignFleet builds a CoreDNS that reads no etcd of its own, with the plugin and then
// with fleets as well: only the second one has etcd's client, and takes etcd:// URLs.
func TestForeignFleet(t *testing.T) {
	if !*build {
		t.Skip("make test-foreign")
	}
	c := copyOfCoreDNS(t)
	c.edit(t, "etcd:etcd\n", "")
	c.addPlugin(t)
	if slices.Contains(c.state(t).packages, client) {
		t.Errorf("without fleets %s is linked", client)
	}
	c.run(t, "go", "build", "-o", "coredns", ".")
	if said := c.start(t); !strings.Contains(said, "this build reads no topology from etcd:// URLs") {
		t.Errorf("without fleets it says %s", said)
	}

	said := line.FindStringSubmatch(checkout("../..").read(t, "plugin/auralink/README.md"))
	if said == nil {
		t.Fatal("the plugin's README does not say how to bring fleets")
	}
	const plugin = "auralink:github.com/auralink/auralink/plugin/auralink\n"
	c.edit(t, plugin, plugin+said[1]+"\n")
	c.run(t, "sh", "-ec", "go generate coredns.go && go mod tidy && go build")
	if !slices.Contains(c.state(t).packages, client) {
		t.Errorf("with fleets %s is not linked", client)
	}
	if said := c.start(t); !strings.Contains(said, "etcd is away") || !strings.Contains(said, "connection refused") {
		t.Errorf("with fleets it says %s", said)
	}
}

// edit replaces what plugin.cfg must have.
func (c checkout) edit(t *testing.T, old, with string) {
	t.Helper()
	config := c.read(t, "plugin.cfg")
	if !strings.Contains(config, old) {
		t.Fatalf("plugin.cfg has no %q", old)
	}
	config = strings.Replace(config, old, with, 1)
	if err := os.WriteFile(filepath.Join(string(c), "plugin.cfg"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// start starts the CoreDNS with a fleet where no etcd is, which it does not survive, and
// returns what it says.
func (c checkout) start(t *testing.T) string {
	t.Helper()
	corefile := filepath.Join(string(c), "Corefile")
	if err := os.WriteFile(corefile, []byte(".:0 {\n bind 127.0.0.1\n auralink etcd://127.0.0.1:1/auralink/prod\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(filepath.Join(string(c), "coredns"), "-conf", corefile).CombinedOutput()
	if err == nil {
		t.Error("it has ended as if all were well")
	}
	return string(out)
}
