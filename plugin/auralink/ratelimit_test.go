package auralink

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	dto "github.com/prometheus/client_model/go"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/ratelimit"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// limitedTo returns a plugin with the property ratelimit as given, whose clients
// are on loopback.
func limitedTo(t *testing.T, property string) *Auralink {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(oneLink))
	if err != nil {
		t.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	a := planned(t, p)
	parsed, err := parse(caddy.NewTestController("dns", "auralink t.yaml {\n"+property+"\n}"))
	if err != nil {
		t.Fatal(err)
	}
	a.options.Limiter = parsed.options.Limiter
	return a
}

// TestParseRateLimit: each number gets where it belongs.
func TestParseRateLimit(t *testing.T) {
	tests := []struct{ property, want string }{
		{"ratelimit 2", "pass pass slip slip, neighbour slip, IPv6 pass, neighbour pass"},
		{"ratelimit 2 slip 0", "pass pass drop drop, neighbour drop, IPv6 pass, neighbour pass"},
		{"ratelimit 2 slip 2 ipv4 32", "pass pass drop slip, neighbour pass, IPv6 pass, neighbour pass"},
		{"ratelimit 1 ipv6 128", "pass slip slip slip, neighbour slip, IPv6 pass, neighbour pass"},
		{"ratelimit 1 ipv6 56 ipv4 32", "pass slip slip slip, neighbour pass, IPv6 pass, neighbour slip"},
	}
	for _, tt := range tests {
		t.Run(tt.property, func(t *testing.T) {
			limiter := limitedTo(t, tt.property).options.Limiter
			judge := func(addr string) string { return limiter.Judge(netip.MustParseAddr(addr), start).String() }
			got := strings.Join([]string{judge("10.0.0.1"), judge("10.0.0.1"), judge("10.0.0.1"), judge("10.0.0.1")}, " ") +
				", neighbour " + judge("10.0.0.2") + ", IPv6 " + judge("fd00::1") + ", neighbour " + judge("fd00::2")
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestRateLimitOverUDP: a client that asks more than it may gets as much as the
// rate says, of the rest each second reply truncated, and over TCP all.
func TestRateLimitOverUDP(t *testing.T) {
	const asked, rate = 60, 10
	a := limitedTo(t, "ratelimit 10 slip 2")
	server := newServer(t, a)
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveUntilDone(t, udp, server.ServePacket)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveUntilDone(t, tcp, server.Serve)

	positive := serve.Answer(zones.Positive)
	slipped, dropped := serve.Result{Way: serve.Slipped}, serve.Result{Way: serve.Dropped}
	earlier, before := counted(t, positive, slipped, dropped), time.Now()
	replies := askAll(t, udp.LocalAddr().String(), asked)
	full, short := 0, 0
	for _, m := range replies {
		switch {
		case m.Truncated && m.Authoritative && len(m.Question) == 1 && len(m.Answer)+len(m.Ns)+len(m.Extra) == 0:
			short++
		case !m.Truncated && len(m.Answer) == 1:
			full++
		default:
			t.Errorf("neither an answer nor a truncated one:\n%s", m)
		}
	}
	if most := rate + int(rate*time.Since(before).Seconds()) + 1; full < rate || full > most {
		t.Errorf("%d answers, want %d to %d", full, rate, most)
	}
	if want := (asked - full) / 2; short != want {
		t.Errorf("%d truncated replies to %d limited questions, want %d", short, asked-full, want)
	}
	want := []float64{earlier[0] + float64(full), earlier[1] + float64(short), earlier[2] + float64(asked-full-short)}
	if diff := cmp.Diff(want, counted(t, positive, slipped, dropped)); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
	client := &dns.Client{Net: "tcp"}
	for range asked {
		m, _, err := client.Exchange(new(dns.Msg).SetQuestion("x.production-orch-0000.neo4j.io.", dns.TypeA), tcp.Addr().String())
		if err != nil || m.Truncated || len(m.Answer) != 1 {
			t.Fatalf("over TCP: %v\n%v", err, m)
		}
	}
}

// askAll sends n questions from one socket and returns what comes back until
// nothing more does.
func askAll(t *testing.T, server string, n int) []*dns.Msg {
	t.Helper()
	conn, err := dns.Dial("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range n {
		if err := conn.WriteMsg(new(dns.Msg).SetQuestion("x.production-orch-0000.neo4j.io.", dns.TypeA)); err != nil {
			t.Fatal(err)
		}
	}
	var replies []*dns.Msg
	for {
		if err := conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		m, err := conn.ReadMsg()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return replies
		}
		if err != nil {
			t.Fatal(err)
		}
		replies = append(replies, m)
	}
}

// counted returns how many queries for names of the orchestra had each result so
// far, in this process.
func counted(t *testing.T, results ...serve.Result) []float64 {
	t.Helper()
	counts := make([]float64, len(results))
	for i, r := range results {
		var metric dto.Metric
		if err := serve.Queries.WithLabelValues("apps", "production-orch-0000.neo4j.io.", r.String()).Write(&metric); err != nil {
			t.Fatal(err)
		}
		counts[i] = metric.GetCounter().GetValue()
	}
	return counts
}

// TestSlippedOctets: what goes out in place of a limited response is the same
// from either path.
func TestSlippedOctets(t *testing.T) {
	a, pipe := serving(t, fixedTopology(t))
	var err error
	if a.options.Limiter, err = ratelimit.New(ratelimit.Default(1)); err != nil {
		t.Fatal(err)
	}
	client := packetClients[0]
	for i, packet := range packetSeeds() {
		var q wire.Query
		if !q.Parse([]byte(packet)) {
			t.Fatalf("%q is no plain question", packet)
		}
		for range 100 { // what the account has, and what it gets meanwhile
			a.options.Limiter.Judge(client.Addr(), time.Now())
		}
		buf := make([]byte, 512)
		want := pipe.ask(t, []byte(packet), client)
		if diff := cmp.Diff(shown(want), shown(buf[:q.PutTruncated(buf)])); diff != "" {
			t.Errorf("packet %d (-CoreDNS +ours):\n%s", i, diff)
		}
	}
}

func TestForgeable(t *testing.T) {
	udp, tcp := &net.UDPAddr{IP: net.IPv4(10, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1)}
	tests := []struct {
		name, server string
		client       net.Addr
		want         bool
	}{
		{"UDP", "dns://:53", udp, true},
		{"UDP behind a proxy", "dns://:53", wrapped{udp}, true},
		{"TCP", "dns://:53", tcp, false},
		{"TCP behind a proxy", "dns://:53", wrapped{tcp}, false},
		{"QUIC", "quic://:853", udp, false},
		{"HTTP/3", "https3://:443", udp, false},
		{"another transport", "dns://:53", other("10.0.0.1:5"), false},
		{"a server that is not said", "", udp, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx := context.Background()
			if tt.server != "" {
				ctx = context.WithValue(ctx, dnsserver.Key{}, &dnsserver.Server{Addr: tt.server})
			}
			if got := forgeable(ctx, tt.client); got != tt.want {
				t.Errorf("%t, want %t", got, tt.want)
			}
		})
	}
}
