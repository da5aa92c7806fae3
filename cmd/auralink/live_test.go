package main

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

const (
	liveOneLink = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10]}}}
custom_endpoints: {foo: east}
`
	liveTwoLinks = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}}
custom_endpoints: {foo: east, bar: west}
`
	liveKey = "key \"transfer\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2VjcmV0Ly8rK3M=\";\n};\n"
)

// runLine runs a command line and returns its exit status, and what it printed
// on both outputs.
func runLine(args ...string) (status int, printed string) {
	var out bytes.Buffer
	status = run(args, strings.NewReader(""), &out, &out)
	return status, out.String()
}

// write writes a file and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// loaded returns the zones of a topology's only VPC, as "export" writes them.
func loaded(t *testing.T, topology string) []peers.Zone {
	t.Helper()
	dir := t.TempDir()
	if status, printed := runLine("export", topology, "--out", dir); status != 0 {
		t.Fatal(printed)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.zone"))
	if err != nil {
		t.Fatal(err)
	}
	var zones []peers.Zone
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, peers.Zone{Origin: strings.TrimSuffix(filepath.Base(path), "zone"), Text: string(text)})
	}
	return zones
}

// TestLive: diff and audit of servers, by questions and by transfers with a key
// that a file has, which BIND reads as well.
func TestLive(t *testing.T) {
	one, two := write(t, "one.yaml", liveOneLink), write(t, "two.yaml", liveTwoLinks)
	key := write(t, "transfer.key", liveKey)
	peer := peers.BIND(loaded(t, one))
	configure := peer.Configure
	peer.Configure = func(at netip.AddrPort) peers.Setup {
		setup := configure(at)
		setup.Files["named.conf"] = liveKey + strings.Replace(setup.Files["named.conf"], "options {", "options {\n  allow-transfer { key transfer; };", 1)
		return setup
	}
	at := peers.Start(t, peer)[0].Addr.String()
	tests := []struct {
		name   string
		args   []string
		status int
		want   string // in what is printed
	}{
		{
			"nothing differs, asked",
			[]string{"diff", one, "--against", "dns://" + at},
			0,
			"VPC apps against dns://" + at + ": 3 names, all the same\n",
		},
		{
			"nothing differs, transferred",
			[]string{"diff", one, "--against", "axfr://" + at + "?tsig=@" + key},
			0,
			"VPC apps against axfr://" + at + ": 3 names, all the same\n",
		},
		{
			"the key on the command line",
			[]string{"diff", one, "--against", "axfr://" + at + "?tsig=hmac-sha256:transfer:c2VjcmV0Ly8rK3M="},
			0,
			"all the same\n",
		},
		{
			"a wildcard that is left, asked",
			[]string{"diff", two, "--against", "dns://" + at, "--source", "127.0.0.1"},
			1,
			"~ bar.endpoints.neo4j.io leads to west instead of east (10.10.10.10 by *.endpoints.neo4j.io → 10.20.10.10)\n",
		},
		{
			"a wildcard that is left, transferred",
			[]string{"diff", two, "--against", "axfr://" + at + "?tsig=@" + key},
			1,
			"~ endpoints.neo4j.io: from the wildcard *.endpoints.neo4j.io to 10 individual records\n",
		},
		{
			"a wildcard that is left, audited",
			[]string{"audit", "dns://" + at, "--against", two},
			1,
			at + ": error: *.endpoints.neo4j.io leads to region east, and sends 5 names there that are not in it: bar.endpoints.neo4j.io (west)",
		},
		{"nothing wrong, audited", []string{"audit", "dns://" + at, "--against", one}, 0, "VPC apps: no findings"},
		{
			"no key",
			[]string{"diff", one, "--against", "axfr://" + at},
			2,
			"auralink: error: asking " + at + " for the transfer of zone ",
		},
		{
			"no such key",
			[]string{"diff", one, "--against", "axfr://" + at + "?tsig=@" + one},
			2,
			"auralink: hint: ?tsig=hmac-sha256:NAME:SECRET, or ?tsig=@FILE with what tsig-keygen prints\n",
		},
		{
			"no file with a key",
			[]string{"diff", one, "--against", "axfr://" + at + "?tsig=@" + key + ".gone"},
			2,
			"auralink: error: reading the TSIG key: open " + key + ".gone: no such file or directory\n",
		},
		{
			"a topology from what is answered, by names as a console has them",
			[]string{"init", "-", "--from", "dns://" + at, "--name", "neo4j+s://abcd1234.production-orch-0000.neo4j.io", "--name", "foo", "--name", "bar"},
			0,
			"    orchestras: [\"0000\"] # *.production-orch-0000.neo4j.io, " + at + "\n",
		},
		{
			"a topology from what is transferred",
			[]string{"init", "-", "--from", "axfr://" + at + "?tsig=@" + key, "--name", "0000", "--name", "foo"},
			0,
			"# *.production-orch-0000.neo4j.io, zone production-orch-0000.neo4j.io on " + at + "\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, printed := runLine(tt.args...)
			if status != tt.status || !strings.Contains(printed, tt.want) {
				t.Errorf("status %d, want %d; printed:\n%s\nwhich lacks:\n%s", status, tt.status, printed, tt.want)
			}
		})
	}
}
