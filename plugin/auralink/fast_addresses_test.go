package auralink_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
)

// askFast sends n questions from one socket, which hears nobody but the address that it
// asks, and returns the replies. It fails unless the fast path has read all of them. A
// reply is waited for as long as a busy machine may need.
func askFast(t *testing.T, address string, n int, m *dns.Msg) []*dns.Msg {
	t.Helper()
	_, port, _ := net.SplitHostPort(address)
	before, _ := counts(port)
	conn, err := dns.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range n {
		if err := conn.WriteMsg(m); err != nil {
			t.Fatal(err)
		}
	}
	var replies []*dns.Msg
	for len(replies) < n {
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		reply, err := conn.ReadMsg()
		if err != nil {
			break
		}
		replies = append(replies, reply)
	}
	if received := awaitReceived(port, before, n).Received - before.Received; received != uint64(n) {
		t.Errorf("%s: the fast path has read %d questions, want %d", address, received, n)
	}
	return replies
}

// TestFastAddresses: whatever a block is bound to, the fast path answers there, from the
// address that was asked.
func TestFastAddresses(t *testing.T) {
	for _, tc := range []struct {
		name, corefile string
		asked          []string
	}{
		{"all", ".:PORT {\nauralink topology.yaml\nwhoami\n}", []string{"127.0.0.1:PORT", "127.0.0.2:PORT", "[::1]:PORT"}},
		{"all of IPv4", ".:PORT {\nbind 0.0.0.0\nauralink topology.yaml\nwhoami\n}", []string{"127.0.0.1:PORT", "127.0.0.2:PORT"}},
		{"all, told so", ".:PORT {\nbind ::\nauralink topology.yaml\nwhoami\n}", []string{"127.0.0.2:PORT", "[::1]:PORT"}},
		{"IPv6", ".:PORT {\nbind ::1\nauralink topology.yaml\nwhoami\n}", []string{"[::1]:PORT"}},
		{"two", ".:PORT {\nbind 127.0.0.2 ::1\nauralink topology.yaml\nwhoami\n}", []string{"127.0.0.2:PORT", "[::1]:PORT"}},
		{
			"two blocks", ".:PORT {\nauralink topology.yaml\nwhoami\n}\n.:OTHER {\nauralink topology.yaml\nwhoami\n}",
			[]string{"127.0.0.1:PORT", "127.0.0.1:OTHER"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			port, other, _ := startFast(t, tc.corefile)
			for _, address := range tc.asked {
				address = strings.NewReplacer("PORT", port, "OTHER", other).Replace(address)
				if replies := askFast(t, address, 1, new(dns.Msg).SetQuestion(database, dns.TypeA)); len(replies) != 1 {
					t.Errorf("no reply from %s", address)
				}
			}
		})
	}
}

// TestFastRateLimit: the fast path limits as the slow one does: of 60 questions at once
// ten are answered, and each second of the others with a truncated reply.
func TestFastRateLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	port, _, _ := startFast(t, ".:PORT {\nauralink topology.yaml {\nratelimit 10 slip 2\n}\nwhoami\n}")
	full, short := 0, 0
	for _, m := range askFast(t, "127.0.0.1:"+port, 60, new(dns.Msg).SetQuestion(database, dns.TypeA)) {
		switch {
		case m.Truncated && len(m.Answer) == 0:
			short++
		case !m.Truncated && len(m.Answer) == 1:
			full++
		default:
			t.Errorf("neither an answer nor a truncated one:\n%s", m)
		}
	}
	if full < 10 || full > 15 || short != (60-full)/2 { // some more if the machine is slow
		t.Errorf("%d answers and %d truncated replies, want 10 and 25", full, short)
	}
}

// TestFastBufsize: a payload size that the plugin bufsize lowers comes back lowered.
func TestFastBufsize(t *testing.T) {
	port, _, _ := startFast(t, ".:PORT {\nbufsize 512\nauralink topology.yaml\nwhoami\n}")
	m := new(dns.Msg).SetQuestion(database, dns.TypeA).SetEdns0(1232, false)
	replies := askFast(t, "127.0.0.1:"+port, 1, m)
	if len(replies) != 1 || replies[0].IsEdns0() == nil || replies[0].IsEdns0().UDPSize() != 512 {
		t.Errorf("%v, want an OPT record with 512", replies)
	}
}

// TestFastFallthrough: what falls through is never denied, however much there is: the
// first ten undeclared names of a second would take the slow path anyhow.
func TestFastFallthrough(t *testing.T) {
	for _, tc := range []struct{ name, property, rcode string }{
		{"on", "fallthrough", "NOERROR"},
		{"off", "", "NXDOMAIN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			port, _, _ := startFast(t, ".:PORT {\nauralink topology.yaml {\n"+tc.property+"\n}\nwhoami\n}")
			got := make(map[string]int)
			for _, m := range askFast(t, "127.0.0.1:"+port, 50, new(dns.Msg).SetQuestion("nobody.endpoints.neo4j.io.", dns.TypeA)) {
				got[dns.RcodeToString[m.Rcode]]++
			}
			if diff := cmp.Diff(map[string]int{tc.rcode: 50}, got); diff != "" {
				t.Errorf("replies (-want +got):\n%s", diff)
			}
		})
	}
}
