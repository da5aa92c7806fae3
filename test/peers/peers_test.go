package peers_test

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

var example = peers.Zone{Origin: "example.org.", Text: `$ORIGIN example.org.
$TTL 30
@	IN	SOA	ns.auralink.invalid. hostmaster.auralink.invalid. 7 900 300 86400 30
@	IN	NS	ns.auralink.invalid.
*	IN	A	10.0.0.1
`}

// The authoritative servers answer from the zones they were given, over UDP and
// TCP.
func TestAuthoritative(t *testing.T) {
	for _, peer := range peers.Authoritative([]peers.Zone{example}) {
		t.Run(peer.Name, func(t *testing.T) {
			server := peers.Start(t, peer)[0]
			for _, network := range []string{"udp", "tcp"} {
				if diff := cmp.Diff("www.example.org.\t30\tIN\tA\t10.0.0.1", answer(t, server.Addr, network)); diff != "" {
					t.Errorf("answer over %s (-want +got):\n%s", network, diff)
				}
			}
		})
	}
}

// A server without zones is ready as well, and refuses.
func TestAuthoritativeWithoutZones(t *testing.T) {
	for _, server := range peers.Start(t, peers.Authoritative(nil)...) {
		if got := ask(t, server.Addr, "udp").Rcode; got != dns.RcodeRefused {
			t.Errorf("%s: rcode %s, want REFUSED", server.Peer.Name, dns.RcodeToString[got])
		}
	}
}

// All that another kind of server takes is a Peer.
func TestAnotherServer(t *testing.T) {
	dnsmasq := peers.Peer{
		Name: "dnsmasq", Package: "dnsmasq-base", Binary: "dnsmasq",
		Configure: func(at netip.AddrPort) peers.Setup {
			return peers.Setup{
				Files: map[string]string{"auralink.conf": "address=/example.org/10.0.0.1\nlocal-ttl=30\n"},
				Args: []string{
					"--keep-in-foreground", "--conf-file=auralink.conf", "--pid-file", "--user=", "--no-resolv", "--no-hosts",
					"--bind-interfaces", "--listen-address=" + at.Addr().String(), "--port=" + strconv.Itoa(int(at.Port())),
				},
			}
		},
	}
	server := peers.Start(t, dnsmasq)[0]
	if diff := cmp.Diff("www.example.org.\t30\tIN\tA\t10.0.0.1", answer(t, server.Addr, "udp")); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

// ask puts one question to a server.
func ask(t *testing.T, server netip.AddrPort, network string) *dns.Msg {
	t.Helper()
	client, err := peers.Dial(server, network, netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	reply, err := client.Ask(new(dns.Msg).SetQuestion("www.example.org.", dns.TypeA))
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// answer is the answer section, a record a line.
func answer(t *testing.T, server netip.AddrPort, network string) string {
	t.Helper()
	var lines []string
	for _, rr := range ask(t, server, network).Answer {
		lines = append(lines, rr.String())
	}
	return strings.Join(lines, "\n")
}

// hold, if set in the environment, makes the test binary start the servers and
// wait to be killed.
const hold = "AURALINK_TEST_HOLD_PEERS"

// TestHold is the other half of TestKilled.
func TestHold(t *testing.T) {
	if os.Getenv(hold) == "" {
		t.Skip("only run by TestKilled")
	}
	for _, server := range peers.Start(t, peers.Authoritative([]peers.Zone{example})...) {
		fmt.Println("holding", server.Addr)
	}
	fmt.Println("holding all")
	time.Sleep(time.Minute)
}

// A test's process that is killed takes its servers with it.
func TestKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestHold$", "-test.v")
	cmd.Env = append(os.Environ(), hold+"=1", "TMPDIR="+t.TempDir()) // it cannot clean up itself
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	addrs := held(t, out)
	_ = cmd.Process.Signal(syscall.SIGKILL)
	_ = cmd.Wait()
	for _, addr := range addrs {
		awaitSilence(t, addr)
	}
}

// held reads where the servers of TestHold are.
func held(t *testing.T, out interface{ Read([]byte) (int, error) }) []netip.AddrPort {
	t.Helper()
	var addrs []netip.AddrPort
	for lines := bufio.NewScanner(out); lines.Scan(); {
		switch text, ok := strings.CutPrefix(lines.Text(), "holding "); {
		case !ok && strings.Contains(lines.Text(), "SKIP"):
			t.Skip("a server is not there")
		case text == "all":
			return addrs
		case ok:
			addrs = append(addrs, netip.MustParseAddrPort(text))
		}
	}
	t.Fatal("the process that was to hold servers ended")
	return nil
}

// awaitSilence returns when nothing listens at addr.
func awaitSilence(t *testing.T, addr netip.AddrPort) {
	t.Helper()
	for range 200 {
		client, err := peers.Dial(addr, "tcp", netip.Addr{})
		if err != nil {
			return
		}
		client.Close()
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s still listens", addr)
}
