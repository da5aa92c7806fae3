package peers_test

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
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

// The other authoritative servers answer as well.
func TestOthers(t *testing.T) {
	for _, peer := range others() {
		t.Run(peer.Name, func(t *testing.T) {
			server := peers.Start(t, peer)[0]
			if diff := cmp.Diff("www.example.org.\t30\tIN\tA\t10.0.0.1", answer(t, server.Addr, "udp")); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// others are the servers that Authoritative does not have, with the example in
// whatever they take it in.
func others() []peers.Peer {
	zones := []peers.Zone{example}
	alone := func(file, content string) peers.Resolving {
		return peers.Resolving{
			Files: map[string]string{file: content},
			Ready: []dns.Question{{Name: "www.example.org.", Qtype: dns.TypeA, Qclass: dns.ClassINET}},
		}
	}
	return []peers.Peer{
		peers.GDNSD(zones),
		peers.PowerDNS(zones),
		peers.Unbound(alone("unbound.conf", "server:\n  local-data: \"www.example.org. 30 IN A 10.0.0.1\"\n")),
		peers.Dnsmasq(alone("dnsmasq.conf", "address=/example.org/10.0.0.1\nlocal-ttl=30\n")),
	}
}

// A resolver answers what its files say, and asks public DNS for the rest.
func TestResolvers(t *testing.T) {
	public := peers.Public(t)
	given := func(files map[string]string) peers.Resolving { return peers.Resolving{Files: files, Upstream: public} }
	policy := "$TTL 30\n@ SOA ns.invalid. x.invalid. 1 900 300 86400 30\n@ NS ns.invalid.\n*.example.org A 10.0.0.1\n"
	for _, peer := range []peers.Peer{
		peers.Dnsmasq(given(map[string]string{"dnsmasq.conf": "address=/example.org/10.0.0.1\nlocal-ttl=30\n"})),
		peers.Unbound(given(map[string]string{
			"unbound.conf": "server:\nlocal-zone: example.org redirect\nlocal-data: 'example.org 30 A 10.0.0.1'\n",
		})),
		peers.BINDResolver(given(map[string]string{
			"named-options.conf": "response-policy { zone rpz max-policy-ttl 30; };\n",
			"named.conf":         "zone rpz { type primary; file \"rpz\"; };\n",
			"rpz":                policy,
		})),
		peers.KnotResolver(given(map[string]string{"kresd.conf": "policy.add(policy.rpz(policy.DENY, 'rpz'))\n", "rpz": "$ORIGIN rpz.\n" + policy})),
		peers.PowerDNSRecursor(given(map[string]string{"recursor.lua": "rpzFile('rpz')\n", "rpz": "$ORIGIN rpz.\n" + policy})),
	} {
		t.Run(peer.Name, func(t *testing.T) {
			server := peers.Start(t, peer)[0]
			for name, want := range map[string]string{"www.example.org.": "10.0.0.1", "www.example.net.": peers.PublicV4.String()} {
				got := addressOf(t, server.Addr, name)
				for end := time.Now().Add(30 * time.Second); got != want && time.Now().Before(end); {
					got = addressOf(t, server.Addr, name) // a policy may be loaded after all else
				}
				if got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

// addressOf returns the address of a name, if it has one.
func addressOf(t *testing.T, server netip.AddrPort, name string) string {
	t.Helper()
	client, err := peers.Dial(server, "udp", netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	reply, err := client.Ask(new(dns.Msg).SetQuestion(name, dns.TypeA))
	if err != nil {
		t.Fatal(err)
	}
	for _, rr := range reply.Answer {
		if a, ok := rr.(*dns.A); ok {
			return a.A.String()
		}
	}
	return ""
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
	for _, server := range peers.Start(t, append(peers.Authoritative([]peers.Zone{example}), others()...)...) {
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
