package exports_test

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// route is what a client is told of one domain. Names have no final dot.
type route struct {
	domain string
	// exact says that only the name itself is sent to the servers; else all
	// below it is, too.
	exact   bool
	servers []netip.Addr
}

// clientFormats are the formats that send domains to servers, each with what
// reads a file of it strictly: every line must be understood. The result has the
// routes in order.
var clientFormats = []struct {
	format string
	values map[string]string
	// exact says that the target tells a name from what is below it.
	exact bool
	read  func(tb rapid.TB, files []writtenFile) [][]route // one for each of several ways
}{
	{format: "openvpn", read: readOpenVPN},
	{format: "wireguard", read: readWireGuard},
	{format: "systemd-resolved", read: readResolved},
	{format: "macos-resolver", read: readMacOS},
	{format: "mobileconfig", values: map[string]string{"host": "dns.example.org"}, read: readMobileConfig},
	{format: "windows-nrpt", exact: true, read: readNRPT},
	{format: "tailscale", read: readTailscale},
	{format: "windows-dns", read: readWindowsDNS},
	{format: "bind-forward", read: readBINDForward},
	{format: "unbound-forward", read: readUnboundForward},
	{format: "dnsmasq-forward", read: readDnsmasqForward},
	{format: "coredns-forward", read: readCoreDNSForward},
	{format: "route53-resolver", values: resolverValues, read: readRoute53Resolver},
	{format: "azure-resolver", read: readAzureResolver},
	{format: "gcp-inbound", values: map[string]string{"network": "apps"}, read: readGCPInbound},
}

// TestClientDomains: clients send exactly the domains of the view to the servers,
// in every format; and where the view has none, they send nothing.
func TestClientDomains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, p := model.DrawPlan(t)
		servers := bothServers[:rapid.IntRange(1, 2).Draw(t, "servers")]
		for _, view := range p.Views() {
			for _, f := range clientFormats {
				checkClientDomains(t, view, servers, f.format, f.values, f.exact, f.read)
			}
		}
	})
}

// TestClientDomainsOfTopologies reads the numbered topologies.
func TestClientDomainsOfTopologies(t *testing.T) {
	eachTopology(t, func(t *testing.T, view zones.View) {
		for _, f := range clientFormats {
			format, _ := all.Named(f.format)
			if _, err := format.Files(view, formats.Options{Servers: bothServers, Values: f.values}); err != nil {
				continue // a refusal, which the goldens show
			}
			checkClientDomains(t, view, bothServers, f.format, f.values, f.exact, f.read)
		}
	})
}

func checkClientDomains(tb rapid.TB, view zones.View, servers []netip.Addr, format string, values map[string]string, exact bool,
	read func(rapid.TB, []writtenFile) [][]route,
) {
	tb.Helper()
	var want []route
	for domain := range view.Domains() {
		want = append(want, route{strings.TrimSuffix(domain.Name, "."), exact && domain.Single, servers})
	}
	for _, got := range read(tb, writeExport(tb, format, view, formats.Options{Servers: servers, Values: values})) {
		diff := cmp.Diff(want, got, cmp.AllowUnexported(route{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }))
		if diff != "" {
			tb.Fatalf("VPC %s as %s (-view +export):\n%s", view.Name, format, diff)
		}
	}
}

// sentence is what each file begins with.
var sentence = regexp.MustCompile(`^# .* for the clients of VPC [A-Za-z0-9._-]+\. Written by auralink: do not edit\.$`)

// payload returns the lines of a file that are no comments. The first of all but
// a script must be the sentence that the file is ours.
func payload(tb rapid.TB, text string) []string {
	tb.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if lines[0] == "#!/bin/sh" {
		lines = lines[1:]
	}
	if !sentence.MatchString(lines[0]) {
		tb.Fatalf("the file begins with %q", lines[0])
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" || line[0] == '#' })
}

// routes puts the servers to the domains.
func routes(tb rapid.TB, servers, domains []string) []route {
	tb.Helper()
	var addrs []netip.Addr
	for _, server := range servers {
		addr, err := netip.ParseAddr(server)
		if err != nil {
			tb.Fatal(err)
		}
		addrs = append(addrs, addr)
	}
	var all []route
	for _, domain := range domains {
		all = append(all, route{domain: domain, servers: addrs})
	}
	if (len(servers) > 0) != (len(domains) > 0) {
		tb.Fatalf("servers %v for domains %v", servers, domains)
	}
	return all
}

// word is a domain without a final dot, or an address.
const word = `[0-9a-z.:-]+`

var openvpnLine = regexp.MustCompile(`^dns server 1 (address(?: ` + word + `)+|resolve-domains ` + word + `)$`)

func readOpenVPN(tb rapid.TB, files []writtenFile) [][]route {
	var push []string
	for _, line := range payload(tb, onlyFile(tb, files, "openvpn-server.conf")) {
		option, ok := strings.CutPrefix(line, `push "`)
		option, closed := strings.CutSuffix(option, `"`)
		if !ok || !closed {
			tb.Fatalf("line %q", line)
		}
		push = append(push, option)
	}
	return [][]route{
		openvpnRoutes(tb, payload(tb, onlyFile(tb, files, "openvpn-client.conf"))),
		openvpnRoutes(tb, push),
	}
}

func openvpnRoutes(tb rapid.TB, options []string) []route {
	var servers, domains []string
	for _, option := range options {
		match := openvpnLine.FindStringSubmatch(option)
		if match == nil {
			tb.Fatalf("option %q", option)
		}
		if words := strings.Fields(match[1]); words[0] == "address" {
			servers = append(servers, words[1:]...)
		} else {
			domains = append(domains, words[1:]...)
		}
	}
	return routes(tb, servers, domains)
}

func readWireGuard(tb rapid.TB, files []writtenFile) [][]route {
	lines := payload(tb, onlyFile(tb, files, "wireguard.conf"))
	if lines[0] != "[Interface]" {
		tb.Fatalf("section %q", lines[0])
	}
	var calls []string
	for _, line := range lines[1:] {
		calls = append(calls, strings.TrimPrefix(line, "PostUp = "))
	}
	return [][]route{resolvectlRoutes(tb, calls, "%i")}
}

// resolvectlRoutes reads calls of resolvectl for a link.
func resolvectlRoutes(tb rapid.TB, calls []string, link string) []route {
	if len(calls) == 0 {
		return nil
	}
	servers, dns := strings.CutPrefix(calls[0], "resolvectl dns "+link+" ")
	list, domain := strings.CutPrefix(calls[1], "resolvectl domain "+link+" ")
	if !dns || !domain || len(calls) != 3 || calls[2] != "resolvectl default-route "+link+" no" {
		tb.Fatalf("calls %q", calls)
	}
	var domains []string
	for _, quoted := range strings.Fields(list) {
		domains = append(domains, routing(tb, strings.Trim(quoted, "'")))
	}
	return routes(tb, strings.Fields(servers), domains)
}

// routing returns a domain that systemd-resolved routes, and does not search.
func routing(tb rapid.TB, domain string) string {
	name, ok := strings.CutPrefix(domain, "~")
	if !ok {
		tb.Fatalf("%q is a domain to search", domain)
	}
	return name
}

func readResolved(tb rapid.TB, files []writtenFile) [][]route {
	script := payload(tb, onlyFile(tb, files, "resolvectl.sh"))
	if script[0] != "set -eu" {
		tb.Fatalf("the script begins with %q", script[0])
	}
	return [][]route{
		resolvedRoutes(tb, onlyFile(tb, files, "auralink.dns-delegate"), "[Delegate]", "DefaultRoute=no"),
		resolvedRoutes(tb, onlyFile(tb, files, "auralink.conf"), "[Network]", "DNSDefaultRoute=no"),
		resolvectlRoutes(tb, script[1:], `"$1"`),
	}
}

func resolvedRoutes(tb rapid.TB, text, section, notDefault string) []route {
	lines := payload(tb, text)
	if lines[0] != section {
		tb.Fatalf("section %q", lines[0])
	}
	var servers, domains []string
	for i, line := range lines[1:] {
		name, value, _ := strings.Cut(line, "=")
		switch {
		case name == "DNS" && i == 0:
			servers = strings.Fields(value)
		case line == notDefault && i == 1:
		case name == "Domains":
			domains = append(domains, routing(tb, value))
		default:
			tb.Fatalf("line %q", line)
		}
	}
	return routes(tb, servers, domains)
}

func readMacOS(tb rapid.TB, files []writtenFile) [][]route {
	var all []route
	for _, file := range files {
		domain := file.name
		var servers []string
		for _, line := range payload(tb, file.text) {
			switch words := strings.Fields(line); {
			case len(words) == 2 && words[0] == "nameserver":
				servers = append(servers, words[1])
			case len(words) == 2 && words[0] == "domain" && domain == file.name:
				domain = words[1]
			default:
				tb.Fatalf("line %q", line)
			}
		}
		all = append(all, routes(tb, servers, []string{domain})...)
	}
	return [][]route{all}
}

var (
	nrptServers = regexp.MustCompile(`^\$servers = '(` + word + `)'(?:, '(` + word + `)')?$`)
	nrptRule    = regexp.MustCompile(`^Add-DnsClientNrptRule -Namespace '(` + word + `)' -NameServers \$servers -Comment \$comment$`)
	nrptHead    = regexp.MustCompile(`^\$ErrorActionPreference = 'Stop'
\$servers = [^\n]+
\$comment = 'auralink: VPC [A-Za-z0-9._-]+'
Get-DnsClientNrptRule \| Where-Object \{ \$_\.Comment -eq \$comment \} \| ForEach-Object \{ Remove-DnsClientNrptRule -Name \$_\.Name -Force \}$`)
)

// readNRPT reads rules in the Name Resolution Policy Table: one with a dot in
// front matches what is below the name, one without it the name itself.
func readNRPT(tb rapid.TB, files []writtenFile) [][]route {
	lines := payload(tb, onlyFile(tb, files, "windows-nrpt.ps1"))
	servers := nrptServers.FindStringSubmatch(lines[1])
	if head := strings.Join(lines[:4], "\n"); !nrptHead.MatchString(head) || servers == nil {
		tb.Fatalf("the script begins with\n%s", head)
	}
	addresses := slices.DeleteFunc(servers[1:], func(s string) bool { return s == "" })
	var all []route
	suffix := ""
	for _, line := range lines[4:] {
		rule := nrptRule.FindStringSubmatch(line)
		switch {
		case rule == nil:
			tb.Fatalf("line %q", line)
		case suffix == "" && rule[1][0] == '.':
			suffix = rule[1][1:]
		case suffix == "":
			all = append(all, routes(tb, addresses, []string{rule[1]})...)
			all[len(all)-1].exact = true
		case suffix == rule[1]: // the same domain's own name
			all = append(all, routes(tb, addresses, []string{suffix})...)
			suffix = ""
		default:
			tb.Fatalf("%q comes after the rule for what is below %q", line, suffix)
		}
	}
	return [][]route{all}
}

func readTailscale(tb rapid.TB, files []writtenFile) [][]route {
	lines := payload(tb, onlyFile(tb, files, "tailscale.sh"))
	start := slices.IndexFunc(lines, func(line string) bool { return strings.HasSuffix(line, "<<'EOF'") })
	if start < 0 {
		return [][]route{nil}
	}
	if lines[len(lines)-1] != "EOF" {
		tb.Fatalf("the script ends with %q", lines[len(lines)-1])
	}
	// Ahead of the body stands what curl reads the key from.
	body := slices.Index(lines[start:], "KEY") + start + 1
	return [][]route{splitDNS(tb, strings.Join(lines[body:len(lines)-1], "\n"))}
}

// splitDNS reads the body of a request to Tailscale's API, in its order.
func splitDNS(tb rapid.TB, body string) []route {
	decoder := json.NewDecoder(strings.NewReader(body))
	if _, err := decoder.Token(); err != nil {
		tb.Fatal(err)
	}
	var all []route
	for decoder.More() {
		domain, err := decoder.Token()
		if err != nil {
			tb.Fatal(err)
		}
		var servers []string
		if err := decoder.Decode(&servers); err != nil {
			tb.Fatal(err)
		}
		all = append(all, routes(tb, servers, []string{domain.(string)})...)
	}
	return all
}
