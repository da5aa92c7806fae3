//go:build linux

// Package outside_test asks the built server from other hosts, each with addresses of
// its own, as the Internet does: who is answered, and who is refused.
package outside_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// built is a directory with the server.
var built string

// inUserNamespace, in the environment, says that this process may make networks as far
// as anybody lets it.
const inUserNamespace = "AURALINK_TEST_OUTSIDE"

func TestMain(m *testing.M) {
	if os.Geteuid() != 0 && os.Getenv(inUserNamespace) == "" {
		os.Exit(asRootOfNobody(m))
	}
	os.Exit(peers.BuildAndRun(m, "coredns", &built))
}

// asRootOfNobody runs the tests as root of a user namespace, who may make networks.
func asRootOfNobody(m *testing.M) int {
	self := exec.Command("/proc/self/exe", os.Args[1:]...)
	self.Env = append(os.Environ(), inUserNamespace+"=1")
	self.Stdout, self.Stderr = os.Stdout, os.Stderr
	self.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}},
	}
	err := self.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default: // the tests then say that they are skipped
		return peers.BuildAndRun(m, "coredns", &built)
	}
}

// answer is what somebody gets for a question, in a word.
type answer string

const (
	ours     answer = "ours"    // from a view
	public   answer = "public"  // from public DNS
	refused  answer = "refused" // REFUSED, and no recursion on offer
	nothing  answer = "nothing" // no reply, or no connection
	replied  answer = "replied" // anything else
	patience        = 2 * time.Second
)

// ask asks the host for an address of a name.
func ask(from *namespace, network, client, server, port, name string) answer {
	return askFor(from, network, client, server, port, name, dns.TypeA)
}

func askFor(from *namespace, network, client, server, port, name string, qtype uint16) answer {
	var conn *dns.Conn
	err := from.Do(func() error {
		dialer := net.Dialer{Timeout: patience, LocalAddr: localAddr(network, client)}
		c, err := dialer.Dial(network, net.JoinHostPort(server, port))
		conn = &dns.Conn{Conn: c}
		return err
	})
	if err != nil {
		return nothing
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if err := conn.WriteMsg(new(dns.Msg).SetQuestion(name, qtype)); err != nil {
		return nothing
	}
	m, err := conn.ReadMsg()
	if err != nil {
		return nothing
	}
	return answerOf(m)
}

func localAddr(network, client string) net.Addr {
	if network == "udp" {
		return &net.UDPAddr{IP: net.ParseIP(client)}
	}
	return &net.TCPAddr{IP: net.ParseIP(client)}
}

func answerOf(m *dns.Msg) answer {
	switch {
	case m.Rcode == dns.RcodeRefused && !m.RecursionAvailable && len(m.Answer)+len(m.Ns) == 0:
		return refused
	case m.Rcode == dns.RcodeSuccess && m.Authoritative:
		return ours
	case m.Rcode == dns.RcodeSuccess && len(m.Answer) == 1 && m.Answer[0].(*dns.A).A.String() == "203.0.113.1":
		return public
	default:
		return replied
	}
}

// listens is a port that an example names, if not that of DNS.
var listens = regexp.MustCompile(`(?m)^\.:([0-9]+) \{`)

// readmeTopology returns the topology in which the README shows all that one can have.
func readmeTopology(t *testing.T, repository string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllSubmatch(text, -1) {
		if strings.Contains(string(match[1]), "clients:") {
			return string(match[1])
		}
	}
	t.Fatal("the README shows no topology with clients")
	return ""
}

// TestExamples: no Corefile that the repository shows or ships is an open resolver, as it
// stands and where somebody has it listen on a public address; and each resolves for its
// own host.
func TestExamples(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := peers.Examples(repository)
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join(repository, "topology.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	topologies := map[string]string{"topology.yaml": readmeTopology(t, repository), "topology.example.yaml": string(example)}
	for _, ex := range examples {
		t.Run(ex.Name, func(t *testing.T) {
			want := refused
			if strings.Contains(ex.Corefile, "bind 127.0.0.1") {
				want = nothing // there is nobody at the other addresses
			}
			testExample(t, ex.Corefile, topologies, want)
		})
		if strings.Contains(ex.Corefile, "bind ") {
			t.Run(ex.Name+" on a public address", func(t *testing.T) { testExample(t, published(ex.Corefile), topologies, refused) })
		}
	}
	shipped, err := peers.Shipped(repository)
	if err != nil {
		t.Fatal(err)
	}
	topologies["topology.yaml"] = string(example) // they come together
	pair, err := os.ReadFile(filepath.Join(repository, peers.PairTopology))
	if err != nil {
		t.Fatal(err)
	}
	topologies[peers.PairTopology] = string(pair)
	for _, ex := range shipped {
		t.Run(ex.Name+" on a public address", func(t *testing.T) { testExample(t, published(ex.Corefile), topologies, refused) })
	}
}

// bound is where an example listens.
var bound = regexp.MustCompile(`(?m)^( *)bind .*$`)

// published returns an example as somebody has it listen for whom it is not meant.
func published(corefile string) string {
	return bound.ReplaceAllString(corefile, "${1}bind "+hostPublic+" "+hostPublic6+" 127.0.0.1")
}

// testExample: a Corefile resolves for its own host, and whoever asks from the Internet
// gets what is wanted.
func testExample(t *testing.T, corefile string, topologies map[string]string, want answer) {
	host, outside := newHosts(t)
	resolver := startPublicResolver(t, outside)
	dir := t.TempDir()
	for name, text := range topologies {
		write(t, dir, name, text)
	}
	writeCertificate(t, dir)
	write(t, dir, "transfer.key", peers.TransferKey)
	write(t, dir, "Corefile", strings.NewReplacer(
		"/etc/resolv.conf", publicDNS, "10.96.0.10", publicDNS, "/etc/auralink/tls/", dir+"/", "/etc/auralink/transfer.key", dir+"/transfer.key", "/var/lib/auralink/", dir+"/").Replace(corefile))
	start(t, host, dir)
	port := "53"
	if match := listens.FindStringSubmatch(corefile); match != nil {
		port = match[1]
	}
	if got := ask(host, "udp", "127.0.0.1", "127.0.0.1", port, "own.example.com."); got != public {
		t.Errorf("the host itself: %s", got)
	}
	asked := 0
	for _, from := range [][2]string{{outsidePublic, hostPublic}, {outsidePublic6, hostPublic6}} {
		for _, network := range []string{"udp", "tcp"} {
			for _, zone := range []string{"example.com.", "neo4j.io."} {
				asked++
				name := fmt.Sprintf("outside-%d.%s", asked, zone)
				if got := ask(outside, network, from[0], from[1], port, name); got != want {
					t.Errorf("%s over %s asks for %s: %s, want %s", from[0], network, name, got, want)
				}
				if resolver.asked(name) {
					t.Errorf("%s over %s has us ask public DNS for %s", from[0], network, name)
				}
			}
		}
	}
}
