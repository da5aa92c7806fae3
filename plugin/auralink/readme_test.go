package auralink_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	// The plugins that the examples name.
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/transfer"

	_ "github.com/auralink/auralink/plugin/auralink"
	"github.com/auralink/auralink/test/peers"
)

var corefile = regexp.MustCompile("(?ms)^(?:~~~|```) *corefile\n(.*?)^(?:~~~|```)$")

// TestReadmeCorefiles starts every Corefile of the plugin's README and of the
// project's, and the example, as they are written but for the port and the
// place of their files.
func TestReadmeCorefiles(t *testing.T) {
	directives := dnsserver.Directives
	defer func() { dnsserver.Directives = directives }()
	if err := dnsserver.SetDirectives([]string{
		"bufsize", "ready", "health", "prometheus", "errors", "bind", "auralink", "cache", "transfer", "forward",
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
	for _, source := range []string{"plugin/auralink/README.md", "README.md", "Corefile.example"} {
		text, err := os.ReadFile(filepath.Join(repository, source))
		if err != nil {
			t.Fatal(err)
		}
		examples := [][]byte{text}
		if strings.HasSuffix(source, ".md") {
			examples = nil
			for _, match := range corefile.FindAllSubmatch(text, -1) {
				examples = append(examples, match[1])
			}
			if len(examples) == 0 {
				t.Errorf("%s has no Corefile", source)
			}
		}
		for i, example := range examples {
			t.Run(source+"/"+strconv.Itoa(i), func(t *testing.T) { startAndStop(t, string(example)) })
		}
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
