//go:build linux

package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// shortest is a run of seconds.
func shortest(t *testing.T) options {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	return options{coredns: server(t), rounds: 1, seconds: 0.4, endpoints: 20, vpcs: 2, clients: 2, queries: 20, idle: 1}
}

// TestRound has every server of this machine measured once.
func TestRound(t *testing.T) {
	o := shortest(t)
	o.field, o.chart = "peers", filepath.Join(t.TempDir(), "chart.svg")
	var table strings.Builder
	if err := run(context.Background(), &table, o); err != nil {
		t.Fatal(err)
	}
	t.Log(table.String())
	chart, err := os.ReadFile(o.chart)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{oursFast, oursSlow, file, template, hosts, "NSD", "Knot", "gdnsd", "Unbound", "BIND", "dnsmasq", "PowerDNS", echo} {
		skipped := strings.Contains(table.String(), name+" is skipped: ")
		if skipped && os.Getenv("CI") != "true" {
			continue // CI has all programs
		}
		// Its processor time is above zero, and its latency as well.
		row := regexp.MustCompile(`(?m)^\| ` + name + ` +\|(?: +[0-9.]+ \|){2} +(?:[1-9]\d*\.|0\.0?[1-9])[^|]*\|(?:[^|]*\|){4} +[1-9]`)
		if !row.MatchString(table.String()) || !strings.Contains(string(chart), ">"+name+"</text>") {
			t.Errorf("%s is not in the table or in the chart", name)
		}
	}
}

// TestLogs has each way to keep a log of queries measured once: something is logged, and
// sent.
func TestLogs(t *testing.T) {
	o := shortest(t)
	o.field = "logs"
	var table strings.Builder
	if err := run(context.Background(), &table, o); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{oursFast, oursSlow, loggedRest, logged, loggedJSON, loggedFew, tapped, tappedFull} {
		if !regexp.MustCompile(`(?m)^\| ` + name + ` +\|(?: +[0-9.]+ \|){2} +(?:[1-9]\d*\.|0\.0?[1-9])`).MatchString(table.String()) {
			t.Errorf("%s is not in the table:\n%s", name, table.String())
		}
	}
	if !regexp.MustCompile(`receiver was sent [1-9]\d+ messages`).MatchString(table.String()) {
		t.Errorf("dnstap sent nothing:\n%s", table.String())
	}
}

// TestReload has ours reload under load.
func TestReload(t *testing.T) {
	o := shortest(t)
	o.field, o.reload = "plugins", 4
	var told strings.Builder
	// A busy machine loses queries without a reload.
	if err := run(context.Background(), &told, o); err != nil && (!errors.Is(err, errLost) || errors.Is(err, errFew)) {
		t.Fatal(err)
	}
	if !strings.Contains(told.String(), oursSlow+": ") || !strings.Contains(told.String(), " reloads in 4s ") {
		t.Errorf("told: %s", told.String())
	}
}

// TestAlone has ours and the floor measured alone, over a veth pair.
func TestAlone(t *testing.T) {
	o := shortest(t)
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make networks")
	}
	o.field, o.only, o.alone = "peers", "^(auralink|"+echo+")$", true
	var told strings.Builder
	if err := run(context.Background(), &told, o); err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(told.String(), "over a veth pair")
	t.Log(table)
	for _, name := range []string{oursFast, echo} {
		// Each figure but that of an idle server is above zero, and all was answered.
		row := regexp.MustCompile(`(?m)^\| ` + name + ` +\|(?: +[0-9.]*[1-9][0-9.]* \|){3} +[0-9.]+ \|(?: +[0-9.]*[1-9][0-9.]* \|){2} +0 \|$`)
		if !row.MatchString(table) {
			t.Errorf("no row of %s that is right", name)
		}
	}
}

// replying answers each query as a server does that is not right, or late.
func replying(t *testing.T, with func(*dns.Msg)) *entrant {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
		reply := new(dns.Msg).SetReply(query)
		for _, addr := range newNames(1, 1).addrs() {
			header := dns.RR_Header{Name: query.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: ttl}
			reply.Answer = append(reply.Answer, &dns.A{Hdr: header, A: addr.AsSlice()})
		}
		with(reply)
		if err := w.WriteMsg(reply); err != nil {
			t.Error(err)
		}
	})}
	go func() { _ = server.ActivateAndServe() }() // ends with Shutdown
	t.Cleanup(func() { _ = server.Shutdown() })
	at := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return &entrant{contestant: contestant{names: newNames(1, 1)}, server: &peers.Server{Addr: at}}
}

// A server whose answers are wrong does not get into the table.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name string
		with func(*dns.Msg)
		want string // "" for right
	}{
		{"right", func(*dns.Msg) {}, ""},
		{"in another order", func(m *dns.Msg) { m.Answer[0], m.Answer[1] = m.Answer[1], m.Answer[0] }, ""},
		{"empty", func(m *dns.Msg) { m.Answer = nil }, "got [], want [10.0.0.0 10.0.0.1]"},
		{"an address less", func(m *dns.Msg) { m.Answer = m.Answer[:1] }, "got [10.0.0.0], want [10.0.0.0 10.0.0.1]"},
		{"another TTL", func(m *dns.Msg) { m.Answer[0].Header().Ttl = 7 }, "unexpected answer"},
		{"another name", func(m *dns.Msg) { m.Answer[0].Header().Name = "example.org." }, "unexpected answer"},
		{"refused", func(m *dns.Msg) { m.Rcode = dns.RcodeRefused }, "unexpected reply"},
		{"no reply", func(m *dns.Msg) { m.Response = false }, "unexpected reply"},
		{"EDNS unasked", func(m *dns.Msg) { m.SetEdns0(1232, false) }, "unexpected EDNS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := replying(t, tt.with).check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// Nor does one that does not start. The others stay.
func TestDisqualify(t *testing.T) {
	few, many := newNames(2, 1), newNames(4, 1)
	right, err := coredns{binary: server(t), names: few}.ours("right")
	if err != nil {
		t.Fatal(err)
	}
	wrong := right
	wrong.Name = "wrong"
	dead := peers.Peer{Name: "dead", Binary: "false", Configure: func(netip.AddrPort) peers.Setup { return peers.Setup{} }}
	c := &contest{dir: t.TempDir()}
	defer c.stop()
	if err := c.start([]contestant{{peer: right, names: few}, {peer: wrong, names: many}, {peer: dead, names: few}}); err != nil {
		t.Fatal(err)
	}
	err = c.disqualify(context.Background())
	if len(c.entrants) != 1 || c.entrants[0].name() != "right" {
		t.Errorf("%d servers are left, want the right one", len(c.entrants))
	}
	for _, want := range []string{
		"wrong is disqualified: asked for my-endpoint-kiwsih-000002.endpoints.neo4j.io.: unexpected reply",
		"dead is disqualified: dead ended before it was ready",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want in it: %s", err, want)
		}
	}
}

// The prober sees how long answers take, and which never come.
func TestProber(t *testing.T) {
	const late = 3 * time.Millisecond
	e := replying(t, func(m *dns.Msg) { time.Sleep(late) })
	p, err := newProber(e.server.Addr, e.names, true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	var latencies []time.Duration
	var lost int
	for end := time.Now().Add(time.Minute); len(latencies) < 50 && time.Now().Before(end); {
		seen, without := p.probe(context.Background(), 200*time.Millisecond)
		latencies, lost = append(latencies, seen...), lost+without
	}
	slices.Sort(latencies)
	if len(latencies) < 50 || lost > 0 || latencies[0] < late || percentile(latencies, 50) > probePatience/2 {
		t.Errorf("%d latencies %v, %d lost; want about 200 of a bit more than %s", len(latencies), latencies, lost, late)
	}

	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	q, err := newProber(netip.MustParseAddrPort(silent.LocalAddr().String()), e.names, false)
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	latencies, lost = q.probe(context.Background(), 50*time.Millisecond)
	if lost == 0 || lost != len(latencies) || latencies[0] != probePatience {
		t.Errorf("of a silent server: %d latencies, %d lost", len(latencies), lost)
	}
}
