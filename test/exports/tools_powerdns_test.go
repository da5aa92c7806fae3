package exports_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// powerDNS is a PowerDNS that takes zones by its API.
type powerDNS struct {
	api    string // the URL of its zones
	client *peers.Client
}

// powerDNSKey is the key of its API.
const powerDNSKey = "only-for-tests"

// powerDNSConfig has PowerDNS keep its zones in a database of its own, cache
// nothing, and stay away from what the system has for it.
const powerDNSConfig = `launch=lmdb
lmdb-filename=./zones.lmdb
lmdb-sync-mode=nosync
local-address=%s
local-port=%d
socket-dir=.
api=yes
api-key=` + powerDNSKey + `
webserver=yes
webserver-address=%s
webserver-port=%d
webserver-allow-from=127.0.0.0/8
webserver-loglevel=none
cache-ttl=0
negquery-cache-ttl=0
query-cache-ttl=0
zone-cache-refresh-interval=0
consistent-backends=no
any-to-tcp=no
disable-syslog=yes
daemon=no
guardian=no
write-pid=no
security-poll-suffix=
version-string=anonymous
`

// startPowerDNS starts a PowerDNS without zones.
func startPowerDNS(t *testing.T) powerDNS {
	web := peers.FreePort(t, peers.Loopback())
	servers := peers.Start(t, peers.Peer{
		Name: "PowerDNS", Package: "pdns-server and pdns-backend-lmdb", Binary: "pdns_server",
		Configure: func(at netip.AddrPort) peers.Setup {
			return peers.Setup{
				Files: map[string]string{"pdns.conf": fmt.Sprintf(powerDNSConfig, at.Addr(), at.Port(), web.Addr(), web.Port())},
				Args:  []string{"--config-dir=."},
			}
		},
	})
	client, err := peers.Dial(servers[0].Addr, "udp", netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return powerDNS{api: "http://" + web.String() + "/api/v1/servers/localhost/zones", client: client}
}

// call makes a request, which must have the given status, and returns the body.
func (p powerDNS) call(tb rapid.TB, method, path, body string, status int) []byte {
	tb.Helper()
	request, err := http.NewRequest(method, p.api+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("X-API-Key", powerDNSKey)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if reply.StatusCode != status {
		tb.Fatalf("%s %s: status %d\n%s\nfor\n%s", method, path, reply.StatusCode, answer, body)
	}
	return answer
}

// ask asks the server for one name and type.
func (p powerDNS) ask(tb rapid.TB, name, kind string) *dns.Msg {
	tb.Helper()
	m := new(dns.Msg)
	m.SetQuestion(name, dns.StringToType[kind])
	m.RecursionDesired = false
	reply, err := p.client.Ask(m)
	if err != nil {
		tb.Fatal(err)
	}
	return reply
}

// lookup is the server's answer in the terms of the other tests.
func (p powerDNS) lookup(tb rapid.TB, view zones.View, name, kind string) (outcome, []netip.Addr) {
	tb.Helper()
	reply := p.ask(tb, name, kind)
	switch {
	case reply.Rcode == dns.RcodeRefused:
		return refused, nil
	case reply.Rcode == dns.RcodeNameError:
		return noName, nil
	case reply.Rcode != dns.RcodeSuccess:
		tb.Fatalf("%s %s: %s", name, kind, dns.RcodeToString[reply.Rcode])
	case len(reply.Answer) == 0:
		return noData, nil
	}
	var addrs []netip.Addr
	for _, rr := range reply.Answer {
		var addr netip.Addr
		switch rr := rr.(type) {
		case *dns.A:
			addr, _ = netip.AddrFromSlice(rr.A.To4())
		case *dns.AAAA:
			addr, _ = netip.AddrFromSlice(rr.AAAA)
		default:
			tb.Fatalf("%s %s: %s", name, kind, rr)
		}
		if rr.Header().Ttl != view.TTL {
			tb.Fatalf("%s %s: TTL %d", name, kind, rr.Header().Ttl)
		}
		addrs = append(addrs, addr)
	}
	return addressed, addrs
}

// TestPowerDNS loads the numbered topologies and random views into a real PowerDNS
// by its API, and asks it:
// its records are the view's, no name is led astray, what is none of the view's
// is refused; and a document that is sent once more, as a change, changes
// nothing.
func TestPowerDNS(t *testing.T) {
	server := startPowerDNS(t)
	eachTopology(t, func(t *testing.T, view zones.View) {
		origins := server.create(t, writeExport(t, "powerdns", view, formats.Options{}))
		checkAnswers(t, view, func(name, kind string) (outcome, []netip.Addr) { return server.lookup(t, view, name, kind) })
		server.remove(t, origins)
	})
	t.Run("random views", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			m, p := model.DrawPlan(t)
			shape := rapid.SampledFrom([]zones.Shape{zones.ShapePerName, zones.ShapeOneZone}).Draw(t, "shape")
			i := rapid.IntRange(0, len(p.VPCs)-1).Draw(t, "VPC")
			view := p.VPCs[i].View
			lookup := func(name, kind string) (outcome, []netip.Addr) { return server.lookup(t, view, name, kind) }
			written := writeExport(t, "powerdns", view, formats.Options{Shape: shape})
			origins := server.create(t, written)
			checkFlat(t, view, server.records(t, origins))
			server.change(t, origins, written)
			checkFlat(t, view, server.records(t, origins))
			checkAnswers(t, view, lookup)
			checkOneRule(t, m, m.VPCs[i], lookup)
			if shape == zones.ShapePerName {
				checkUntouched(t, m, view, lookup)
			}
			server.remove(t, origins)
		})
	})
}

// create makes the zones of an export, and returns their origins.
func (p powerDNS) create(tb rapid.TB, files []writtenFile) []string {
	tb.Helper()
	var origins []string
	for _, file := range files {
		var zone struct{ Name string }
		if err := json.Unmarshal([]byte(file.text), &zone); err != nil {
			tb.Fatal(err)
		}
		p.call(tb, http.MethodPost, "", file.text, http.StatusCreated)
		origins = append(origins, zone.Name)
	}
	return origins
}

// remove deletes zones.
func (p powerDNS) remove(tb rapid.TB, origins []string) {
	tb.Helper()
	for _, origin := range origins {
		p.call(tb, http.MethodDelete, "/"+origin, "", http.StatusNoContent)
	}
}

// change sends the zones of an export once more, as changes, and checks that the
// serial goes up by the server's own clock.
func (p powerDNS) change(tb rapid.TB, origins []string, files []writtenFile) {
	tb.Helper()
	for i, origin := range origins {
		before := p.serial(tb, origin)
		p.call(tb, http.MethodPatch, "/"+origin, files[i].text, http.StatusNoContent)
		if after := p.serial(tb, origin); after < before || before < 1_600_000_000 {
			tb.Fatalf("zone %s: serial %d after %d", origin, after, before)
		}
	}
}

// serial returns a zone's serial, and checks the rest of its SOA.
func (p powerDNS) serial(tb rapid.TB, origin string) uint32 {
	tb.Helper()
	reply := p.ask(tb, origin, "SOA")
	if len(reply.Answer) != 1 {
		tb.Fatalf("zone %s has no SOA:\n%s", origin, reply)
	}
	got := reply.Answer[0].(*dns.SOA)
	want := zones.SOA(origin, got.Hdr.Ttl, got.Serial)
	if got.String() != want.String() {
		tb.Fatalf("zone %s has the SOA %s, want %s", origin, got, want)
	}
	return got.Serial
}

// records returns all addresses that the server has in the zones.
func (p powerDNS) records(tb rapid.TB, origins []string) records {
	tb.Helper()
	all := make(records)
	for _, origin := range origins {
		var zone struct {
			Kind   string
			RRsets []struct {
				Name, Type string
				TTL        int64
				Records    []struct {
					Content  string
					Disabled bool
				}
			}
		}
		if err := json.Unmarshal(p.call(tb, http.MethodGet, "/"+origin, "", http.StatusOK), &zone); err != nil {
			tb.Fatal(err)
		}
		if zone.Kind != "Native" {
			tb.Fatalf("zone %s is %s", origin, zone.Kind)
		}
		for _, set := range zone.RRsets {
			if set.Type == "SOA" || set.Type == "NS" {
				continue
			}
			var contents []string
			for _, record := range set.Records {
				if !record.Disabled {
					contents = append(contents, record.Content)
				}
			}
			all.add(tb, rrsetKey{Name: set.Name, Type: set.Type}, rrset{TTL: set.TTL, Addrs: contents})
		}
	}
	return all
}

// maxName is the length of the longest name, with its final dot (RFC 1035, section
// 2.3.4).
const maxName = 254

// checkAnswers asks for each name of the view, and for names below its wildcards.
func checkAnswers(tb rapid.TB, view zones.View, lookup func(name, kind string) (outcome, []netip.Addr)) {
	tb.Helper()
	for _, zone := range view.Zones {
		for owner := range zone.All() {
			for _, below := range []string{"0", "p-0f0f.a"} {
				name := strings.Replace(owner.Name, "*", below, 1)
				if len(name) > maxName {
					continue // no one can ask for it
				}
				for kind, want := range map[string][]netip.Addr{"A": owner.V4(), "AAAA": owner.V6(), "HTTPS": nil} {
					way, got := lookup(name, kind)
					slices.SortFunc(got, netip.Addr.Compare)
					if !slices.Equal(got, want) || len(want) == 0 && way != noData {
						tb.Fatalf("VPC %s: %s %s is answered %s %v, want %v", view.Name, name, kind, way, got, want)
					}
				}
			}
		}
	}
}
