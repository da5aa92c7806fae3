package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// offeredFor are what shells offer for the arguments of each verb, the last for all further
// ones: files that may be topologies, any files, directories, words, or nothing.
var offeredFor = map[string][]string{
	"plan": {"topologies", "nothing"}, "graph": {"topologies", "nothing"}, "export": {"topologies", "nothing"}, "diff": {"topologies", "nothing"}, "push": {"topologies", "nothing"},
	"init": {"topologies", "nothing"}, "doctor": {"topologies", "nothing"}, "audit": {"files", "files"}, "lookup": {"words", "words", "nothing"}, "formats": {"words", "words"},
	"help": {"words", "nothing"}, "completion": {"words", "nothing"}, "man": {"directories", "nothing"},
	"rollback": {"nothing"}, "promote": {"nothing"}, "abort": {"nothing"}, "history": {"nothing"}, "show": {"nothing"}, "pull": {"nothing"}, "fleet": {"nothing"}, "schema": {"nothing"}, "version": {"nothing"},
}

// offeredFlags are what shells offer for the values of flags; for all others it is nothing.
var offeredFlags = map[string]string{
	"against": "files", "from": "files", "ca": "files", "password-file": "files", "tls-ca": "files", "tls-cert": "files", "tls-key": "files", "user-file": "files", "pull out": "files",
	"list": "topologies", "check": "topologies", "out": "directories",
	"vpc": "words", "init vpc": "nothing", "output": "words", "as": "words", "force": "words", "format": "words", "shape": "words", "set": "words", "only": "words", "script": "words", "ask": "words", "run": "words",
}

// offered returns what is offered behind some arguments, as one of the words above, and the
// words themselves.
func offered(t *testing.T, args ...string) (kind string, words []string) {
	t.Helper()
	var out, errs bytes.Buffer
	if status := run(append([]string{"__complete"}, args...), strings.NewReader(""), &out, &errs); status != 0 {
		t.Fatalf("%v: status %d\n%s", args, status, errs.String())
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	directive := lines[len(lines)-1]
	words = lines[:len(lines)-1]
	switch directive {
	case ":0":
		return "files", words
	case ":8":
		return "topologies", words
	case ":16":
		return "directories", words
	case ":4", ":6":
		if len(words) == 0 {
			return "nothing", words
		}
		return "words", words
	}
	t.Fatalf("%v: %s", args, directive)
	return "", nil
}

// TestOffers: files are offered where files belong, and nowhere else; words where they are
// known.
func TestOffers(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("topology.yaml", []byte(slipsTopology), 0o600); err != nil {
		t.Fatal(err)
	}
	root := newRoot()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		verb := cmd.Name()
		want := offeredFor[verb]
		if want == nil {
			t.Errorf("it is not known what to offer behind %s", verb)
			continue
		}
		args := []string{verb}
		for i := range len(want) + 1 {
			if kind, words := offered(t, append(args, "")...); kind != want[min(i, len(want)-1)] {
				t.Errorf("for %v: %s %v", args, kind, words)
			}
			args = append(args, "word")
		}
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			want := offeredFlags[flag.Name]
			if own := offeredFlags[verb+" "+flag.Name]; own != "" {
				want = own
			}
			if want == "" {
				want = "nothing"
			}
			if flag.Value.Type() == "bool" || flag.Name == "force" && verb == "init" {
				return
			}
			if kind, words := offered(t, verb, "--"+flag.Name+"="); kind != want {
				t.Errorf("for %s --%s: %s %v, want %s", verb, flag.Name, kind, words, want)
			}
		})
	}
}

// TestOffersOfTopology: what stands in a topology is offered, of the one that is named.
func TestOffersOfTopology(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"topology.yaml": slipsTopology, "other.yaml": strings.ReplaceAll(strings.ReplaceAll(slipsTopology, "apps", "third"), "sales", "buying"), "broken.yaml": "regions: ["} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for line, want := range map[string]string{
		"plan --vpc ":                                "apps batch",
		"plan other.yaml --vpc ":                     "batch third",
		"plan broken.yaml --vpc ":                    "",
		"audit zone.db --vpc ":                       "apps batch",
		"audit zone.db --against other.yaml --vpc ":  "batch third",
		"lookup sales-ab12-cd34 --vpc ":              "apps batch",
		"lookup other.yaml buying-ab12-cd34 --vpc ":  "batch third",
		"lookup sa":                                  "sales-ab12-cd34",
		"lookup ":                                    "production-orch-0000.neo4j.io production-orch-0042.neo4j.io sales-ab12-cd34",
		"lookup other.yaml b":                        "buying-ab12-cd34",
		"lookup other.yaml ./":                       "",
		"lookup other.yaml buying-ab12-cd34 AAAA ":   "",
		"lookup topo":                                "yaml yml json", // none is called so: files with these ends
		"export --format rpz --set ":                 "zone= directory=",
		"export --format openvpn --server ":          "",
		"doctor --name a.example --expect 10.0.0.1 ": "",
	} {
		if _, words := offered(t, strings.Split(line, " ")...); strings.Join(words, " ") != want {
			t.Errorf("%q: %q, want %q", line, strings.Join(words, " "), want)
		}
	}
}

// TestCompletionWrites: the script goes where the output of the command goes.
func TestCompletionWrites(t *testing.T) {
	for _, shell := range shellNames() {
		var out, errs bytes.Buffer
		if status := run([]string{"completion", shell}, strings.NewReader(""), &out, &errs); status != 0 || !strings.Contains(out.String(), "__complete") || errs.Len() > 0 {
			t.Errorf("%s: status %d, %d octets, %s", shell, status, out.Len(), errs.String())
		}
	}
}
