package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
)

// runCheck checks a Corefile in a directory, and returns what is said and the status.
func runCheck(t *testing.T, dir, corefile string) (stdout, stderr string, status int) {
	t.Helper()
	write(t, dir, "Corefile", corefile)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-check", "Corefile")
	cmd.Env, cmd.Dir = append(os.Environ(), runMain+"=1"), dir
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // the status says it
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const checkedTopology = `regions: {east: {orchestras: ["0000"]}}
vpcs: {apps: {clients: [10.0.0.0/16], links: {east: [10.9.0.1]}}}
`

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name, corefile, stdout, stderr string
		status                         int
	}{
		{
			"nothing to say",
			".:53 {\n    bind 127.0.0.1\n    auralink topology.yaml\n    forward . 192.0.2.53\n}\n",
			`Corefile:1: .:53
  asked at    dns://127.0.0.1:53
  topology    topology.yaml: VPCs with custom endpoints by wildcard: 1, by individual records: 0, left to public DNS: 0
  strangers   strangers (clients in no VPC) are refused if their addresses are public, for every VPC has clients, and forward resolves any name
  fast path   on at 127.0.0.1:53
  resolver    forward, and not for the Internet

No findings.
`, "", statusFine,
		},
		{
			"an open resolver, beside the log's plugin",
			".:53 {\n    auralink topology.yaml {\n        strangers pass\n    }\n    log\n    forward . 192.0.2.53\n}\n",
			`Corefile:1: .:53
  asked at    dns://:53
  topology    topology.yaml: VPCs with custom endpoints by wildcard: 1, by individual records: 0, left to public DNS: 0
  strangers   strangers (clients in no VPC) are passed to the next plugin, as the Corefile says
  fast path   off at :53: the plugin "log" stands ahead and has to see all queries
  resolver    forward, for whoever asks from the Internet at dns://:53

Corefile:1:1: warning: .:53 is an open resolver at dns://:53: forward resolves any name there for whoever asks from the Internet [open-resolver]
    1 | .:53 {
        ^
      hint: give each VPC its clients, or bind a private address, or have acl let your networks ask and block all others
`, "", statusFindings,
		},
		{
			"another block, over TLS",
			".:53 {\n    bind 127.0.0.1\n    forward . 192.0.2.53\n}\ntls://.:853 {\n    bind 127.0.0.1\n    tls cert.pem key.pem\n    auralink topology.yaml\n    forward . 192.0.2.53\n}\n",
			`Corefile:1: .:53
  asked at    dns://127.0.0.1:53
  topology    none: auralink is not in this block
  resolver    forward, and not for the Internet

Corefile:5: tls://.:853
  asked at    tls://127.0.0.1:853
  topology    topology.yaml: VPCs with custom endpoints by wildcard: 1, by individual records: 0, left to public DNS: 0
  strangers   strangers (clients in no VPC) are refused if their addresses are public, for every VPC has clients, and forward resolves any name
  fast path   off: it is for plain DNS alone
  resolver    forward, and not for the Internet

No findings.
`, "", statusFine,
		},
		{
			"zones that nobody asks for",
			"*.neo4j.io:53 127.0.0.1:53 {\n    bind 127.0.0.1\n    auralink topology.yaml\n    forward . 192.0.2.53\n}\n",
			`Corefile:1: *.neo4j.io:53 127.0.0.1:53
  asked at    dns://127.0.0.1:53
  topology    topology.yaml: VPCs with custom endpoints by wildcard: 1, by individual records: 0, left to public DNS: 0
  strangers   strangers (clients in no VPC) are refused if their addresses are public, for every VPC has clients, and forward resolves any name
  fast path   on at 127.0.0.1:53
  resolver    forward, and not for the Internet

Corefile:1:1: warning: dns://*.neo4j.io.:53 is taken for a zone below a label *, which no question is for: a zone has all names below it, so leave *. out [incomplete-block]
    1 | *.neo4j.io:53 127.0.0.1:53 {
        ^
Corefile:1:1: warning: dns://127.0.0.1.:53 is taken for a zone of that name, which no question is for, and not for an address: bind says where a server listens [incomplete-block]
    1 | *.neo4j.io:53 127.0.0.1:53 {
        ^
`, "", statusFindings,
		},
		{
			"no such topology",
			".:53 {\n    auralink gone.yaml\n}\n", "",
			`coredns: error: plugin/auralink: reading topology: open gone.yaml: no such file or directory
coredns: hint: paths begin in the directory in which the server runs, or below the root that the Corefile names: check it from there
`, statusTrouble,
		},
		{
			"no such directive",
			".:53 {\n    auralink topology.yaml\n    kubernets\n}\n", "",
			"coredns: error: Corefile:3 - Error during parsing: Unknown directive 'kubernets'\n" +
				"coredns: hint: Corefile:3: there is no directive \"kubernets\": did you mean \"kubernetes\"?\n", statusTrouble,
		},
		{
			"our own directive",
			".:53 {\n    auralinks topology.yaml\n}\n", "",
			"coredns: error: Corefile:2 - Error during parsing: Unknown directive 'auralinks'\n" +
				"coredns: hint: Corefile:2: there is no directive \"auralinks\": did you mean \"auralink\"?\n", statusTrouble,
		},
		{
			"a key without a zone",
			":53 {\n    auralink topology.yaml\n}\n", "",
			"coredns: error: error inspecting server blocks: zone is not a valid domain name: \n" +
				"coredns: hint: \":53\" has no zone: write .:53 for all names\n", statusTrouble,
		},
		{
			"keys in one word",
			".:53,example.org:53 {\n    auralink topology.yaml\n}\n", "",
			"coredns: error: error inspecting server blocks: zone is not a valid domain name: .:53,example.org\n" +
				"coredns: hint: \".:53,example.org:53\" is one zone: write a blank behind each comma\n", statusTrouble,
		},
		{
			"no such file of secrets",
			".:53 {\n    tsig {\n        secrets gone.key\n    }\n    auralink topology.yaml\n}\n", "",
			"coredns: error: plugin/tsig: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'gone.key'\n" +
				"coredns: hint: Corefile:3: tsig: the file of secrets \"gone.key\" is not there\n", statusTrouble,
		},
		{
			"a file of secrets that has something else",
			".:53 {\n    tsig {\n        secrets topology.yaml\n    }\n    auralink topology.yaml\n}\n", "",
			"coredns: error: plugin/tsig: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'topology.yaml'\n" +
				"coredns: hint: Corefile:3: tsig: the file of secrets \"topology.yaml\" begins with another word than key: it has keys alone, as tsig-keygen writes them\n", statusTrouble,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "topology.yaml", checkedTopology)
			writeCertificate(t, dir)
			stdout, stderr, status := runCheck(t, dir, tt.corefile)
			if diff := cmp.Diff([]any{tt.stdout, tt.stderr, tt.status}, []any{stdout, stderr, status}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// bound is where an example listens.
var bound = regexp.MustCompile(`(?m)^( *)bind .*$`)

// TestCheckExamples: every Corefile that is shown or shipped would start, and is no open
// resolver, where it is as it stands and where somebody has it listen on a public address.
func TestCheckExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("runs each Corefile of each README")
	}
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := peers.Examples(repository)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := peers.Shipped(repository)
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(filepath.Join(repository, "topology.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := os.ReadFile(filepath.Join(repository, peers.PairTopology))
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range append(examples, shipped...) {
		for name, corefile := range map[string]string{
			"as it is": example.Corefile,
			"public":   bound.ReplaceAllString(example.Corefile, "${1}bind 198.51.100.53 2001:db8::53 127.0.0.1"),
		} {
			t.Run(example.Name+" "+name, func(t *testing.T) {
				dir := t.TempDir()
				writeCertificate(t, dir)
				topology := checkedTopology
				if !strings.Contains(example.Name, ".md") {
					topology = string(own) // they are to be used together
				}
				write(t, dir, "topology.yaml", topology)
				write(t, dir, "topology.example.yaml", string(own))
				write(t, dir, peers.PairTopology, string(pair))
				write(t, dir, "transfer.key", peers.TransferKey)
				placed := strings.NewReplacer("/etc/auralink/tls/", dir+"/", "/etc/auralink/transfer.key", dir+"/transfer.key", "/var/lib/auralink/", dir+"/").Replace(corefile)
				stdout, stderr, status := runCheck(t, dir, placed)
				if status == statusTrouble || strings.Contains(stdout, "[open-resolver]") || !strings.Contains(stdout, "topology.") {
					t.Errorf("status %d\n%s%s", status, stdout, stderr)
				}
			})
		}
	}
}

// writeCertificate writes a certificate that nobody vouches for, and its key.
func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	peers.Certify(t, x509.Certificate{}, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
}

// TestCheckIsBounded: a Corefile that has no end is refused, and so is a file of keys.
func TestCheckIsBounded(t *testing.T) {
	var out, complain strings.Builder
	if status := check("/dev/zero", &out, &complain); status != statusTrouble || !strings.Contains(complain.String(), "it is a device") {
		t.Errorf("status %d: %s", status, complain.String())
	}
	if wrong := keyFileWrong("/dev/zero"); !strings.Contains(wrong, "it is a device") {
		t.Errorf("a file of keys %s", wrong)
	}
}
