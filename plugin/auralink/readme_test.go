package auralink_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	// The plugins that the examples name.
	_ "github.com/coredns/coredns/plugin/acl"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/proxyproto"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/transfer"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/plugin/auralink"
	"github.com/auralink/auralink/test/peers"
)

// TestReadmeCorefiles starts every Corefile that the repository shows, as it is
// written but for the port and the place of its files.
func TestReadmeCorefiles(t *testing.T) {
	directives := dnsserver.Directives
	defer func() { dnsserver.Directives = directives }()
	if err := dnsserver.SetDirectives([]string{
		"proxyproto", "bufsize", "ready", "health", "prometheus", "errors", "log", "bind", "acl", "auralink", "cache", "transfer", "forward",
	}); err != nil {
		t.Fatal(err)
	}
	caddy.Quiet, dnsserver.Quiet = true, true

	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	topology, err := os.ReadFile(filepath.Join(repository, "topology.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{"topology.yaml", "topology.example.yaml"} {
		if err := os.WriteFile(name, topology, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	examples, err := peers.Examples(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range examples {
		t.Run(example.Name, func(t *testing.T) { startAndStop(t, example.Corefile) })
	}
}

// port is what the examples listen on, as a zone's address or a plugin's.
var port = regexp.MustCompile(`:(53|1053|8080|8181|9153)\b`)

func startAndStop(t *testing.T, corefile string) {
	moved := make(map[string]string)
	corefile = port.ReplaceAllStringFunc(corefile, func(found string) string {
		if moved[found] == "" {
			moved[found] = ":" + peers.FixedPort(t)
		}
		return moved[found]
	})
	dnsserver.Port = peers.FixedPort(t)
	instance, err := caddy.Start(caddy.CaddyfileInput{
		Contents: []byte(corefile), Filepath: "Corefile", ServerTypeName: "dns",
	})
	if err != nil {
		t.Fatalf("starting: %v\n%s", err, corefile)
	}
	awaitServers(t)
	instance.ShutdownCallbacks()
	if err := instance.Stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

// directive finds the lines of the block of the directive in a README.
var directive = regexp.MustCompile(`(?m)^auralink TOPOLOGY \{\n((?:    .*\n)+)\}$`)

// TestReadmeDirective: both READMEs show the directive with all properties that the parser knows,
// and with no others, in the same words.
func TestReadmeDirective(t *testing.T) {
	shown := make(map[string]string)
	for _, file := range []string{"../../README.md", "README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block := directive.FindStringSubmatch(string(text))
		if block == nil {
			t.Fatalf("%s does not show the directive", file)
		}
		shown[file] = block[1]
		var names []string
		for line := range strings.Lines(block[1]) {
			names = append(names, strings.Fields(line)[0])
		}
		slices.Sort(names)
		if diff := cmp.Diff(auralink.Properties(), names); diff != "" {
			t.Errorf("%s (-known +shown):\n%s", file, diff)
		}
	}
	if diff := cmp.Diff(shown["README.md"], shown["../../README.md"]); diff != "" {
		t.Errorf("the READMEs (-the plugin's +the project's):\n%s", diff)
	}
}
