// Package test holds the tests that are about the project as a whole.
package test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/auralink/auralink/"

// layers says which packages of this module each package may import. Imports
// point one way: from the commands to the plugin, to what becomes of a question,
// to the authority and the plan, to the leaves. Commands and tests may import
// anything. An entry with a final slash is for all packages below that have none
// of their own.
var layers = map[string][]string{
	"internal/doctor":            {"internal/dnsname", "internal/plan", "internal/topology", "zones"},
	"internal/doctor/probe":      {"internal/auraname", "internal/address", "internal/dnsname", "internal/doctor", "internal/doctor/probe/"},
	"internal/doctor/probe/":     {"internal/address", "internal/hint", "internal/dnsname", "internal/doctor", "internal/doctor/probe/"},
	"internal/doctor/judge":      {"internal/spell", "internal/auraname", "internal/address", "internal/dnsname", "internal/doctor"},
	"internal/doctor/run":        {"internal/doctor"},
	"internal/doctor/doctortest": {"internal/auraname", "internal/doctor", "internal/plan"},
	"internal/doctor/script":     {"internal/auraname", "internal/doctor"},
	"internal/doctor/sheet":      {"internal/doctor", "internal/doctor/judge", "internal/report"},
	"internal/source/sourcetest": {"internal/source"},
	"internal/follow":            {"internal/acceptance", "internal/guard", "internal/inputfile", "internal/plan", "internal/serve", "internal/source", "internal/topology", "zones"},
	"internal/source/file":       {"internal/source", "internal/source/rest"},
	"internal/source/rest":       {"internal/source"},
	"internal/source/etcd":       {"internal/fleet", "internal/hint", "internal/source"},
	"internal/source":            {"internal/acceptance"},
	"internal/fleet":             {"internal/acceptance", "internal/hint", "internal/inputfile", "internal/topology"},
	"internal/acceptance":        {},
	"internal/address":           {},
	"internal/auraname":          {},
	"internal/ratelimit":         {},
	"internal/fastpath":          {},
	"internal/canary":            {"internal/authority", "internal/wire", "zones"},
	"internal/publicpath":        {"internal/auraname", "internal/dnsname", "internal/plan", "internal/topology"},
	"internal/corefast":          {"internal/authority", "internal/canary", "internal/fastpath", "internal/serve", "internal/wire", "zones"},
	"internal/topology":          {"internal/auraname", "internal/acceptance", "internal/address", "internal/dnsname", "internal/hint", "internal/pattern", "internal/spell"},
	"internal/model":             {"internal/plan", "internal/topology", "zones"},
	"internal/version":           {},
	"internal/wire":              {},
	"internal/dnsname":           {},
	"zones":                      {"internal/dnsname"},
	"zones/formats":              {"internal/address", "internal/auraname", "internal/dnsname", "internal/holdings", "internal/pattern", "internal/spell", "zones"},
	"zones/formats/":             {"internal/auraname", "internal/address", "internal/dnsname", "internal/holdings", "internal/pattern", "internal/spell", "zones", "zones/formats", "zones/formats/"},
	"internal/graph":             {"internal/address", "internal/auraname", "internal/dnsname", "internal/guard", "internal/plan", "internal/spell", "internal/topology", "zones"},
	"internal/lookup":            {"internal/authority", "internal/dnsname", "internal/plan", "zones"},
	"internal/status":            {"internal/graph", "internal/lookup", "internal/page", "internal/plan", "internal/topology"},
	"internal/page":              {"internal/dnsname", "internal/graph", "internal/plan", "internal/spell", "internal/topology", "zones"},
	"internal/report":            {"internal/graph", "internal/dnsname", "internal/spell", "internal/audit", "internal/diff", "internal/drift", "internal/guard", "internal/holdings", "internal/plan", "internal/topology", "zones", "zones/formats"},
	"internal/hint":              {},
	"internal/inputfile":         {},
	"internal/unheld":            {},
	"internal/exportlist":        {"internal/spell", "internal/topology"},
	"internal/spell":             {},
	"internal/pattern":           {},
	"internal/exportdir":         {"internal/diff", "internal/guard", "internal/hint", "internal/inputfile", "internal/spell", "internal/holdings", "internal/plan", "internal/topology", "internal/wholefile", "zones", "zones/formats", "zones/formats/", "zones/formats/all"},
	"zones/formats/all":          {"internal/spell", "internal/holdings", "internal/plan", "zones", "zones/formats", "zones/formats/"},
	"internal/plan":              {"internal/dnsname", "internal/topology", "zones"},
	"internal/alias":             {"internal/wire"},
	"internal/authority":         {"internal/address", "internal/dnsname", "internal/wire", "zones"},
	"internal/guard":             {"internal/address", "internal/spell", "internal/dnsname", "internal/plan", "internal/topology", "zones"},
	"internal/sieve":             {},
	"internal/notify":            {},
	"internal/serve":             {"internal/acceptance", "internal/address", "internal/authority", "internal/canary", "internal/guard", "internal/plan", "internal/publicpath", "internal/ratelimit", "internal/topology", "internal/unheld", "internal/wire", "zones"},
	"internal/holdings":          {"internal/address", "internal/dnsname", "internal/spell", "zones"},
	"internal/diff":              {"internal/auraname", "internal/dnsname", "internal/guard", "internal/holdings", "zones"},
	"internal/audit":             {"internal/auraname", "internal/address", "internal/dnsname", "internal/holdings", "internal/plan", "internal/spell", "internal/topology", "zones"},
	"internal/inventory":         {"internal/dnsname", "internal/hint", "internal/holdings", "internal/pattern", "zones/formats"},
	"internal/draft":             {"internal/auraname", "internal/address", "internal/dnsname", "internal/hint", "internal/holdings", "internal/inventory", "internal/topology", "zones"},
	"internal/drift":             {"internal/inventory", "internal/topology"},
	"internal/wholefile":         {},
	"internal/existing":          {"internal/address", "internal/auraname", "internal/dnsname", "internal/exportdir", "internal/hint", "internal/holdings", "internal/inputfile", "internal/pattern", "internal/spell", "internal/unheld", "zones", "zones/formats", "zones/formats/", "zones/formats/all"},
	"plugin/auralink":            {"internal/auraname", "internal/dnsname", "internal/alias", "internal/authority", "internal/canary", "internal/corefast", "internal/fastpath", "internal/follow", "internal/inputfile", "internal/notify", "internal/source/file", "internal/plan", "internal/publicpath", "internal/ratelimit", "internal/lookup", "internal/serve", "internal/sieve", "internal/source", "internal/spell", "internal/status", "internal/topology", "internal/version", "internal/wire", "zones"},
	"plugin/fleet":               {"internal/fleet", "internal/source", "internal/source/etcd", "internal/version"},
}

// pure packages take no input but their arguments: a topology in, a plan out.
var pure = []string{
	"internal/exportlist",
	"internal/spell",
	"internal/acceptance",
	"internal/address",
	"internal/auraname",
	"internal/alias",
	"internal/topology",
	"internal/plan",
	"internal/guard",
	"internal/graph",
	"internal/page",
	"internal/lookup",
	"internal/holdings",
	"internal/diff",
	"internal/audit",
	"internal/inventory",
	"internal/draft",
	"internal/drift",
	"internal/doctor/judge",
	"internal/doctor/script",
	"internal/doctor/sheet",
	"zones",
	"zones/formats",
	"zones/formats/",
	"zones/formats/all",
}

// impure is what they must not import; net/netip is fine.
var impure = []string{"os", "os/exec", "io/ioutil", "net", "net/http", "time", "log", "log/slog", "syscall"}

// timed packages are pure but for the time, which they are given: what becomes of
// a question depends on when it is asked.
var timed = []string{"internal/serve", "internal/ratelimit", "internal/sieve", "internal/source/rest", "internal/doctor"}

// carriers are packages that know CoreDNS. No other may import it.
var carriers = []string{"plugin/", "internal/corefast"}

// coredns is what only carriers may import.
var coredns = []string{"github.com/coredns/"}

// heavy must stay out of what people compile into their own CoreDNS.
var heavy = []string{"github.com/aws/", "cloud.google.com/", "github.com/Azure/", "google.golang.org/api", "k8s.io/", "github.com/spf13/"}

// ofFleets is etcd's client, and who may import it: what a build without fleets has not.
var (
	etcd     = []string{"go.etcd.io/etcd/"}
	ofFleets = []string{"internal/fleet"}
)

// TestLayers parses the imports of all packages.
func TestLayers(t *testing.T) {
	seen := make(map[string]bool)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || path == filepath.Join("..", "tools") || strings.HasPrefix(entry.Name(), ".") && path != "..") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, ".."+string(filepath.Separator))))
		if strings.HasPrefix(dir, "cmd/") || strings.HasPrefix(dir, "test/") {
			return nil
		}
		seen[layerOf(dir)] = true
		checkImports(t, dir, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range layers {
		if !seen[dir] {
			t.Errorf("package %s has a layer but no files", dir)
		}
	}
}

// layerOf returns the entry of layers that a package has: its own, or that of all
// packages below one.
func layerOf(dir string) string {
	if _, known := layers[dir]; known {
		return dir
	}
	for layer := range layers {
		if strings.HasSuffix(layer, "/") && strings.HasPrefix(dir, layer) {
			return layer
		}
	}
	return dir
}

func checkImports(t *testing.T, dir, path string) {
	t.Helper()
	allowed, known := layers[layerOf(dir)]
	if !known {
		t.Errorf("package %s has no layer: add it to the table in this test", dir)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		if own, ok := strings.CutPrefix(imported, module); ok && !slices.Contains(allowed, layerOf(own)) {
			t.Errorf("%s imports %s, which its layer may not", path, own)
		}
		if slices.Contains(pure, layerOf(dir)) && slices.Contains(impure, imported) {
			t.Errorf("%s is of a pure package and imports %s", path, imported)
		}
		if slices.Contains(timed, dir) && imported != "time" && slices.Contains(impure, imported) {
			t.Errorf("%s is of a package that only the time may change and imports %s", path, imported)
		}
		if !hasPrefix(carriers, dir) && hasPrefix(coredns, imported) {
			t.Errorf("%s imports %s, which only the plugin and its fast path may", path, imported)
		}
		if hasPrefix(etcd, imported) && !slices.Contains(ofFleets, dir) {
			t.Errorf("%s imports %s, which only a fleet may", path, imported)
		}
		if hasPrefix(heavy, imported) {
			t.Errorf("%s imports %s, which is too heavy for a plugin", path, imported)
		}
	}
}

// hasPrefix reports whether a path begins with one of the prefixes.
func hasPrefix(prefixes []string, path string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}
