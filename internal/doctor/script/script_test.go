package script_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/script"
	"github.com/auralink/auralink/test/peers"
)

// well is a network with a few names of each kind, for each one costs processes.
func well() *doctor.Record {
	r := doctortest.Well()
	kept := []string{"a-w1.endpoints.neo4j.io", "w1.endpoints.neo4j.io", "made-up.endpoints.neo4j.io", "api.neo4j.io", doctortest.DatabaseEast}
	r.Subject.Names = slices.DeleteFunc(r.Subject.Names, func(n doctor.Name) bool { return !slices.Contains(kept, n.Name) })
	return r
}

// written returns the script for a shell.
func written(t *testing.T, shell script.Shell) string {
	t.Helper()
	r := well()
	var b bytes.Buffer
	if err := script.Write(&b, shell, &r.Subject, &r.Asked); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestChecks: every name, address and port is checked, with what is expected.
func TestChecks(t *testing.T) {
	for shell, want := range map[script.Shell][]string{
		script.Sh: {
			"leads a-w1.endpoints.neo4j.io 10.20.10.10 10.20.11.10\n", "avoids made-up.endpoints.neo4j.io 10.10.10.10 10.20.10.10 10.20.11.10\n",
			"stays_public api.neo4j.io ", "connects 10.20.11.10 7687 west\n", "answers w1.endpoints.neo4j.io\n",
		},
		script.PowerShell: {
			"Test-Leads 'a-w1.endpoints.neo4j.io' '10.20.10.10' '10.20.11.10'\n", "Test-Connects '10.20.11.10' '7687' 'west'\n", "Test-Answers 'w1.endpoints.neo4j.io'\n",
		},
	} {
		text := written(t, shell)
		for _, line := range want {
			if !strings.Contains(text, line) {
				t.Errorf("%s lacks %q", shell, line)
			}
		}
		if strings.Contains(text, "answers made-up") {
			t.Errorf("%s connects to a made-up name", shell)
		}
	}
}

// TestShellcheck: it is clean.
func TestShellcheck(t *testing.T) {
	cmd := exec.Command(peers.Find(t, "shellcheck", "shellcheck"), "-s", "sh", "-")
	cmd.Stdin = strings.NewReader(written(t, script.Sh))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The programs that a script calls, as tests have them: the first argument of nslookup
// is looked up in a list, and what follows is as BIND's and busybox's print it.
const (
	bindLookup = `#!/bin/sh
printf 'Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\n'
for a in $(awk -v name="$1" '$1 == name { print $2 }' "$DIR/names"); do printf 'Name:\t%s\nAddress: %s\n' "$1" "$a"; done
`
	busyboxLookup = `#!/bin/sh
printf 'Server:    10.0.0.2\nAddress 1: 10.0.0.2 dns\n\nName:      %s\n' "$1"
n=0
for a in $(awk -v name="$1" '$1 == name { print $2 }' "$DIR/names"); do n=$((n+1)); printf 'Address %s: %s host\n' "$n" "$a"; done
`
	netcat = "#!/bin/sh\ncase \" $* \" in *\" $CLOSED \"*) exit 1 ;; esac\n"
	curl   = "#!/bin/sh\nprintf 401\n"
)

// runScript runs the script in a shell, where only the programs above are found first.
func runScript(t *testing.T, shell []string, lookup, names, closed string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"nslookup": lookup, "nc": netcat, "curl": curl, "names": names, "check.sh": written(t, script.Sh)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(shell[0], append(shell[1:], filepath.Join(dir, "check.sh"))...)
	cmd.Env = []string{"PATH=" + dir + ":/usr/bin:/bin", "DIR=" + dir, "CLOSED=" + closed}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// names is what a name server has, in which all is well.
func names() string {
	r := doctortest.Well()
	var b strings.Builder
	for _, e := range r.Evidence {
		if e.Resolve == nil || e.Resolve.Via.Server != doctortest.ServerA {
			continue
		}
		for _, addr := range e.Resolve.Answers[0].Addrs {
			b.WriteString(e.Resolve.Name + " " + addr.String() + "\n")
		}
	}
	return b.String()
}

// TestRuns: in every shell, and with both kinds of nslookup, all is well where it is,
// and what is not is told.
func TestRuns(t *testing.T) {
	if out, err := runScript(t, []string{"sh"}, bindLookup, names(), ""); err != nil || !strings.HasSuffix(out, "all is well, as far as these checks go\n") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, shell := range [][]string{{"dash"}, {"busybox", "sh"}} {
		peers.Find(t, shell[0], shell[0])
		for _, lookup := range []string{bindLookup, busyboxLookup} {
			wrong := strings.Replace(names(), "w1.endpoints.neo4j.io 10.20.10.10", "w1.endpoints.neo4j.io 10.10.10.10", 1) +
				"made-up.endpoints.neo4j.io 10.10.10.10\n"
			wrong = strings.Replace(wrong, "api.neo4j.io 34.1.2.3", "api.neo4j.io 10.3.3.3", 1)
			out, err := runScript(t, shell, lookup, wrong, "10.20.11.10 7687")
			if err == nil {
				t.Errorf("%v: it is content", shell)
			}
			var bad []string
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, "NOT OK") {
					bad = append(bad, strings.TrimSpace(line))
				}
			}
			want := []string{
				"NOT OK  nslookup w1.endpoints.neo4j.io: 10.10.10.10 10.20.11.10   # expected: 10.20.10.10 10.20.11.10",
				"NOT OK  nslookup made-up.endpoints.neo4j.io: 10.10.10.10   # expected: no address of a link",
				"NOT OK  nslookup api.neo4j.io: 10.3.3.3   # expected: public addresses",
				"NOT OK  nc -vz 10.20.11.10 7687: not connected   # expected: connected (west)",
			}
			if diff := cmp.Diff(want, bad); diff != "" {
				t.Errorf("%v (-want +got):\n%s", shell, diff)
			}
		}
	}
}
