package resolvers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
)

// client is a tool or a library by which a host looks names up.
type client struct {
	name string
	// program is what the command needs, and debian the package that has it.
	program, debian string
	command         func(t *testing.T, program, name string) *exec.Cmd
	// recursive says that it leaves a server that does not recurse for the next one.
	recursive bool
	// all says that it asks all servers at once, and takes the first answer.
	all bool
}

var clients = []client{
	{name: "nslookup", program: "nslookup", debian: "bind9-dnsutils", command: with("-type=A"), recursive: true},
	{name: "host", program: "host", debian: "bind9-host", command: with("-t", "A"), recursive: true},
	{name: "dig", program: "dig", debian: "bind9-dnsutils", command: with("+noall", "+comments", "+answer", "-t", "A")},
	{name: "getaddrinfo of glibc", program: "getent", debian: "libc-bin", command: with("--service=dns", "ahosts")},
	{name: "getaddrinfo of musl", program: "musl-gcc", debian: "musl-tools", command: compiled, all: true},
	{name: "c-ares", program: "node", debian: "nodejs", command: with("testdata/cares.js")},
	{name: "Go", program: "true", debian: "coreutils", command: goLookup},
}

// with returns a command of the program, its arguments, and the name.
func with(args ...string) func(*testing.T, string, string) *exec.Cmd {
	return func(_ *testing.T, program, name string) *exec.Cmd {
		return exec.Command(program, append(slices.Clone(args), name)...)
	}
}

// compiled returns a command of the program in testdata, made by a compiler.
func compiled(t *testing.T, compiler, name string) *exec.Cmd {
	t.Helper()
	program := filepath.Join(t.TempDir(), "getaddrinfo")
	if out, err := exec.Command(compiler, "-static", "-o", program, "testdata/getaddrinfo.c").CombinedOutput(); err != nil {
		t.Fatalf("compiling: %v\n%s", err, out)
	}
	return exec.Command(program, name)
}

// goLookup returns a command of this program, which looks the name up.
func goLookup(_ *testing.T, _, name string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), lookUp+"="+name)
	return cmd
}

// address finds what is printed of the addresses that were found.
var address = regexp.MustCompile(`\b(10\.\d+|198\.51)\.\d+\.\d+\b`)

// ask returns the addresses that a client finds, each once, and all that it prints.
func (c client) ask(t *testing.T, name string) (found []string, printed string) {
	t.Helper()
	cmd := c.command(t, peers.Find(t, c.program, c.debian), name)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // what it found says more
	found = address.FindAllString(out.String(), -1)
	slices.Sort(found)
	return slices.Compact(found), out.String()
}

// TestNextServer: whoever looks a name up on a host that has two name servers, of which
// ours is the first, gets the private address or none, never what public DNS says at the
// second. Nobody is asked there, but by musl, which asks all at once: it takes what ours
// answers, if that is there first.
func TestNextServer(t *testing.T) {
	needNamespace(t)
	next := startPublic(t)
	startOurs(t, "")
	useServers(t, ourAddr, publicAddr)
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			next.reset(c.all)
			for name, want := range map[string][]string{
				"db.production-orch-0042.neo4j.io": {"10.20.10.10"},
				"a-foo.endpoints.neo4j.io":         {"10.20.10.10"},
				"nobody.endpoints.neo4j.io":        nil, // NXDOMAIN
				"www.example.com":                  {publicAnswer},
			} {
				got, printed := c.ask(t, name)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s\n%s", name, diff, printed)
				}
				if strings.Contains(strings.ToLower(printed), "recursion") {
					t.Errorf("%s: %s", name, printed)
				}
				if ours := name != "www.example.com"; ours && next.saw(name) != c.all {
					t.Errorf("that the next server was asked for %s is %t", name, next.saw(name))
				}
			}
		})
	}
}

// TestWithoutRecursion: that is what RA is for. Without it some go to the next server
// with each question.
func TestWithoutRecursion(t *testing.T) {
	needNamespace(t)
	next := startPublic(t)
	startOurs(t, "header {\nresponse clear ra\n}\n")
	useServers(t, ourAddr, publicAddr)
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			next.reset(c.all)
			want := []string{"10.20.10.10"}
			if c.recursive {
				want = []string{publicAnswer}
			}
			got, printed := c.ask(t, "db.production-orch-0042.neo4j.io")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, printed)
			}
		})
	}
}
