//go:build linux

package outside_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/coredns"
)

const (
	strangersCorefile = `.:53 {
    errors
    auralink topology.yaml
    cache
    loop
    forward . 192.0.2.53
}
tls://.:853 https://.:443 quic://.:8853 {
    tls cert.pem key.pem
    auralink topology.yaml
    forward . 192.0.2.53
}
`
	strangersTopology = `regions: {east: {orchestras: ["0000"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.9.0.1]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.9.1.1]}}
`
)

// startStrangers starts a server for all transports, which forwards.
func startStrangers(t *testing.T, corefile string) (host, outside *namespace, resolver *publicResolver, s *server, dir string) {
	t.Helper()
	host, outside = newHosts(t)
	resolver = startPublicResolver(t, outside)
	dir = t.TempDir()
	writeCertificate(t, dir)
	write(t, dir, "topology.yaml", strangersTopology)
	write(t, dir, "Corefile", corefile)
	return host, outside, resolver, start(t, host, dir), dir
}

// TestStrangers: by whichever transport, a stranger from a public address is refused,
// and everybody else is served; the log says who is refused, and of whom it was.
func TestStrangers(t *testing.T) {
	host, outside, resolver, s, _ := startStrangers(t, strangersCorefile)
	const name, other = "x.production-orch-0000.neo4j.io.", "example.com."
	for _, from := range []struct {
		where          *namespace
		client, server string
		ours, other    answer
	}{
		{outside, outsideClient, hostPrivate, ours, public},
		{outside, outsidePrivate, "172.16.0.53", public, public},
		{outside, outsideCarrier, "100.64.0.53", public, public},
		{outside, outsideULA, "fd00:53::53", public, public},
		{outside, outsidePublic, hostPublic, refused, refused},
		{outside, outsidePublic6, hostPublic6, refused, refused},
		{host, "127.0.0.1", "127.0.0.1", public, public},
		{host, "::1", "::1", public, public},
		{host, hostPublic, hostPublic, public, public},
		{host, hostPublic6, hostPublic6, public, public},
	} {
		for i, over := range overTransports {
			d := dialer{from: from.where, client: from.client, server: net.JoinHostPort(from.server, over.port)}
			unique := fmt.Sprintf("%d-%s.%s", i, strings.NewReplacer(":", "-", ".", "-").Replace(from.client), other)
			got := [2]answer{d.asks(over.exchange, name), d.asks(over.exchange, unique)}
			if want := [2]answer{from.ours, from.other}; got != want {
				t.Errorf("%s over %s: of our name, of another: %v, want %v", from.client, over.name, got, want)
			}
			why := ""
			if from.other == refused {
				why = "18 no VPC has the client " + from.client
			}
			if told := d.told(over.exchange, name); told != why {
				t.Errorf("%s over %s is told %q, want %q", from.client, over.name, told, why)
			}
			if resolver.asked(unique) != (from.other == public) {
				t.Errorf("%s over %s: public DNS was asked: %t", from.client, over.name, resolver.asked(unique))
			}
		}
	}
	log := s.logged()
	for text, want := range map[string]int{
		"strangers (clients in no VPC) are refused if their addresses are public, for every VPC has clients, and forward resolves any name": 2,
		"refusing client 198.51.100.7, which is in no VPC": 2, // server blocks
		"refusing client 2001:db8::7, which is in no VPC":  2,
		"clients: [198.51.100.7/32]":                       4,
		"client 172.16.0.7 is in no VPC, asks for":         2,
	} {
		if got := strings.Count(log, text); got != want {
			t.Errorf("the log has %q %d times, want %d\n%s", text, got, want, log)
		}
	}
}

// TestStrangersAfterReload: who is refused follows the topology.
func TestStrangersAfterReload(t *testing.T) {
	_, outside, _, s, dir := startStrangers(t, strangersCorefile)
	asks := func() answer { return ask(outside, "udp", outsidePublic, hostPublic, "53", "example.com.") }
	if got := asks(); got != refused {
		t.Errorf("at first: %s", got)
	}
	for _, step := range []struct {
		topology, says string
		want           answer
	}{
		{
			strings.Replace(strangersTopology, "{clients: [10.1.0.0/16], links", "{links", 1),
			`nobody is a stranger, and nobody is refused: VPC "batch" has no clients, and so has all that are in no other; whoever reaches this server can use it as a resolver`,
			public,
		},
		{strangersTopology, "strangers (clients in no VPC) are refused if their addresses are public", refused},
	} {
		before := strings.Count(s.logged(), step.says)
		write(t, dir, "topology.new", step.topology)
		if err := os.Rename(filepath.Join(dir, "topology.new"), filepath.Join(dir, "topology.yaml")); err != nil {
			t.Fatal(err)
		}
		eventually(t, s, "the log does not say "+step.says, func() bool { return strings.Count(s.logged(), step.says) >= before+2 })
		if got := asks(); got != step.want {
			t.Errorf("%s: %s, want %s", step.says, got, step.want)
		}
	}
}

// TestStrangersSaid: what the Corefile says of strangers.
func TestStrangersSaid(t *testing.T) {
	for said, want := range map[string][2]answer{
		"refuse":        {refused, refused},
		"refuse-public": {public, refused},
		"pass":          {public, public},
	} {
		t.Run(said, func(t *testing.T) {
			corefile := ".:53 {\nauralink topology.yaml {\nstrangers " + said + "\n}\nforward . " + publicDNS + "\n}\n"
			_, outside, _, _, _ := startStrangers(t, corefile)
			got := [2]answer{
				ask(outside, "udp", outsidePrivate, "172.16.0.53", "53", "example.com."),
				ask(outside, "udp", outsidePublic, hostPublic, "53", "example.com."),
			}
			if got != want {
				t.Errorf("of a private address, of a public one: %v, want %v", got, want)
			}
			if got := ask(outside, "udp", outsideClient, hostPrivate, "53", "x.production-orch-0000.neo4j.io."); got != ours {
				t.Errorf("a client: %s", got)
			}
		})
	}
}

// TestExportedCorefile: neither is the Corefile that we write for a CoreDNS without the
// plugin an open resolver. It serves a client of the VPC whose address is public.
func TestExportedCorefile(t *testing.T) {
	topology := strings.Replace(strangersTopology, "10.0.0.0/16", "10.0.0.0/16, 198.51.100.7", 1)
	p, _, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		t.Fatal(err)
	}
	for _, vpc := range []string{"apps", "batch"} {
		t.Run(vpc, func(t *testing.T) {
			v, _ := p.VPC(vpc)
			files, err := coredns.Format.Write(v.View, formats.Options{Values: map[string]string{"upstream": publicDNS, "port": "53"}})
			if err != nil {
				t.Fatal(err)
			}
			var corefile strings.Builder
			for file := range files {
				if err := file.Write(&corefile, 1); err != nil {
					t.Fatal(err)
				}
			}
			host, outside, _, _, _ := startStrangers(t, corefile.String())
			want := map[string]answer{outsidePublic: public, outsidePublic6: refused, "127.0.0.1": public, outsidePrivate: public, outsideCarrier: public, outsideULA: public}
			if vpc == "batch" {
				want[outsidePublic] = refused
			}
			for client, want := range want {
				from, to := outside, map[string]string{
					outsidePublic: hostPublic, outsidePublic6: hostPublic6, outsidePrivate: "172.16.0.53", outsideCarrier: "100.64.0.53", outsideULA: "fd00:53::53",
				}[client]
				if to == "" {
					from, to = host, client
				}
				if got := ask(from, "udp", client, to, "53", "example.com."); got != want {
					t.Errorf("%s: %s, want %s", client, got, want)
				}
			}
		})
	}
}

// TestChallenges: whoever asks for what proves a name to a certificate authority is
// handed to tls, and no further.
func TestChallenges(t *testing.T) {
	corefile := ".:53 {\nprometheus " + hostPublic + ":9153\nauralink topology.yaml\nforward . " + publicDNS + "\n}\n" +
		"tls://.:853 {\ntls {\nacme dns.example.com\nca https://127.0.0.1:9/\nstorage acme\n}\nauralink topology.yaml\n}\n"
	_, outside, resolver, _, _ := startStrangers(t, corefile)
	const name = "_acme-challenge.dns.example.com."
	if got := askFor(outside, "udp", outsidePublic, hostPublic, "53", name, dns.TypeTXT); got != refused {
		t.Errorf("without a challenge: %s", got)
	}
	if resolver.asked(name) {
		t.Error("public DNS was asked")
	}
	client := http.Client{Timeout: startPatience, Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return dialer{from: outside, client: outsidePublic, server: net.JoinHostPort(hostPublic, "9153")}.dial("tcp")
		},
	}}
	response, err := client.Get("http://" + hostPublic + ":9153/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	metrics, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if want := `coredns_auralink_queries_total{result="challenge",view="",zone=""} 1`; !strings.Contains(string(metrics), want) {
		t.Errorf("the metrics have not %s", want)
	}
}
