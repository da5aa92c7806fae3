package fleet_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/fleet"
)

// roles finds the commands in the document that make etcd's users and roles.
var roles = regexp.MustCompile("(?s)```sh\n(etcdctl user add root.*?)```")

// secured returns an etcd with the users and roles of docs/fleet.md, made by its very
// commands.
func secured(t *testing.T) *cluster {
	t.Helper()
	ca := newAuthority(t)
	c := startCluster(t, localNodes(t, 1), ca, fast)
	text, err := os.ReadFile("../../docs/fleet.md")
	if err != nil {
		t.Fatal(err)
	}
	said := roles.FindSubmatch(text)
	if said == nil {
		t.Fatal("docs/fleet.md does not say how to make the roles")
	}
	cert, key := ca.sign(t, "root")
	writeFile(t, ca.path("audit.password"), password+"\n")
	cmd := exec.Command("sh", "-exc", string(said[1]))
	cmd.Dir = ca.dir
	cmd.Env = append(os.Environ(),
		"PATH="+programs+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"ETCDCTL_ENDPOINTS=https://"+c.nodes[0].client, "ETCDCTL_CACERT="+ca.path("ca.crt"), "ETCDCTL_CERT="+cert, "ETCDCTL_KEY="+key)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return c
}

// password must be nowhere but in files.
const password = "correct-horse-battery"

// as runs a command line with the certificate of a name, and a user's file if it is not
// empty.
func (c *cluster) as(name, user string, args ...string) (out string, status int) {
	cert, key := c.tls.sign(c.t, name)
	args = append(args, "--tls-cert", cert, "--tls-key", key, "--tls-ca", c.tls.path("ca.crt"))
	if user != "" {
		args = append(args, "--user-file", user)
	}
	return auralink(c, args...)
}

// TestSecurity: the writer writes, a server reads and says what it has, a reader only
// reads, and strangers do nothing; a server by password is one by certificate.
func TestSecurity(t *testing.T) {
	t.Parallel()
	c := secured(t)
	file := c.tls.path("topology.yaml")
	writeFile(t, file, topology(1))
	user, wrong := c.tls.path("audit.user"), c.tls.path("wrong.user")
	writeFile(t, user, "audit:"+password+"\n")
	writeFile(t, wrong, "audit:"+password+"x\n")
	c.prefix = "/auralink/prod"

	for _, who := range []struct{ name, user, wantErr string }{
		{"dns", "", `etcd does not permit it: user "dns", by the certificate's name, has no role for it below /auralink/prod`},
		{"nobody", user, `etcd does not permit it: user "audit" has no role for it below /auralink/prod`},
		{"nobody", wrong, "etcd does not permit it: the user's name or password is wrong"},
		{"nobody", "", `user "nobody", by the certificate's name, has no role for it`},
	} {
		out, status := c.as(who.name, who.user, "push", file, "--uncompared")
		if status != 2 || !strings.Contains(out, who.wantErr) || strings.Contains(out, password) {
			t.Errorf("%s, %q pushes: status %d\n%s", who.name, who.user, status, out)
		}
	}
	if out, status := c.as("deploy", "", "push", file, "-m", "first", "--uncompared"); status != 0 {
		t.Fatalf("the writer cannot write: %s", out)
	}
	if out, status := c.as("nobody", user, "history"); status != 0 || !strings.Contains(out, "first") {
		t.Errorf("the reader cannot read: %s", out)
	}
	if out, status := c.as("nobody", "", "pull"); status != 2 {
		t.Errorf("a certificate without a user reads: %s", out)
	}
	if out, status := auralink(c, "pull"); status != 2 {
		t.Errorf("without TLS somebody reads: %s", out)
	}
	stranger := newAuthority(t)
	cert, key := stranger.sign(t, "deploy")
	if out, status := auralink(c, "push", file, "--tls-cert", cert, "--tls-key", key, "--tls-ca", c.tls.path("ca.crt")); status != 2 {
		t.Errorf("another authority's certificate writes: %s", out)
	}
	cert, key = c.tls.sign(t, "deploy")
	if out, status := auralink(c, "push", file, "--tls-cert", cert, "--tls-key", key, "--tls-ca", stranger.path("ca.crt")); status != 2 {
		t.Errorf("an etcd that another authority vouches for is believed: %s", out)
	}
	servers(t, c, user)
}

// servers starts a server by certificate, which may say what it has, and one by
// password, which may only read.
func servers(t *testing.T, c *cluster, user string) {
	t.Helper()
	root := fleet.NewStore(c.client(), c.prefix)
	start := func(name, cn string, properties ...string) *server {
		cert, key := c.tls.sign(t, cn)
		s := newServer(t, name, c.url(), append(properties, strings.Join([]string{"tls", cert, key, c.tls.path("ca.crt")}, " "))...)
		s.start()
		s.awaitServes(1)
		return s
	}
	a := start("a", "dns")
	awaitState(t, root, "a", fleet.UpToDate, 1)
	b := start("b", "nobody", "user "+user)
	await(t, "b says that it may not say what it has", func() bool { return strings.Contains(b.log(), "the fleet does not see what server") })
	push(t, root, []byte(topology(2)))
	a.awaitServes(2)
	b.awaitServes(2)
	if got, _, err := root.Servers(t.Context()); err != nil || len(got) != 1 || got[0].Name != "a" {
		t.Errorf("%+v: %v", got, err)
	}
	// The token of a user does not outlive etcd's process.
	c.nodes[0].kill()
	c.start(c.nodes[0])
	c.awaitLeader()
	push(t, fleet.NewStore(c.client(), c.prefix), []byte(topology(3)))
	a.awaitServes(3)
	b.awaitServes(3)
	for _, s := range []*server{a, b} {
		argv, err := os.ReadFile("/proc/" + s.pid() + "/cmdline")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(s.log()+string(argv)+s.corefile, password) {
			t.Errorf("the password is in a log, a Corefile or the list of processes\n%s", s.log())
		}
	}
}
