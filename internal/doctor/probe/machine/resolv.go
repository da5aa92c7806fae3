// Package machine reads what a machine does to names before any server is asked: its
// name servers, search list, hosts file, sources of names, proxies; and which
// connections it has open.
package machine

import (
	"bufio"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
)

// Resolver is how a machine asks for names.
type Resolver struct {
	// Servers are in order, as "address:port".
	Servers []string
	// Search has domains without final dots.
	Search []string
	// Ndots is how many dots make a name be asked for as it is at first.
	Ndots int
}

// The limits of glibc (resolv.conf(5)).
const (
	maxNdots   = 15
	maxServers = 3
)

// ParseResolvConf reads a resolv.conf (resolv.conf(5)). Lines that mean nothing are
// passed over, as the C library does.
func ParseResolvConf(r io.Reader) (Resolver, error) {
	resolver := Resolver{Ndots: 1}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		switch fields[0] {
		case "nameserver":
			if addr, err := netip.ParseAddr(fields[1]); err == nil && len(resolver.Servers) < maxServers {
				resolver.Servers = append(resolver.Servers, net.JoinHostPort(addr.String(), "53"))
			}
		case "domain":
			resolver.Search = domains(fields[1:2])
		case "search":
			resolver.Search = domains(fields[1:])
		case "options":
			resolver.options(fields[1:])
		}
	}
	return resolver, lines.Err()
}

func (r *Resolver) options(options []string) {
	for _, option := range options {
		if text, is := strings.CutPrefix(option, "ndots:"); is {
			if n, err := strconv.Atoi(text); err == nil && n >= 0 {
				r.Ndots = min(n, maxNdots)
			}
		}
	}
}

func domains(texts []string) []string {
	all := make([]string, 0, len(texts))
	for _, text := range texts {
		if domain := dnsname.TrimDot(dnsname.Lower(text)); domain != "" {
			all = append(all, domain)
		}
	}
	return all
}

// readResolvConf reads a file in the syntax of resolv.conf.
func readResolvConf(files fs.FS, name string) (Resolver, error) {
	file, err := files.Open(name)
	if err != nil {
		return Resolver{}, err
	}
	defer file.Close()
	return ParseResolvConf(file)
}

// ParseSwitch returns the sources of hosts in an nsswitch.conf, in order; what is to be
// done after each is left out (nsswitch.conf(5)).
func ParseSwitch(r io.Reader) ([]string, error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		list, is := strings.CutPrefix(strings.TrimSpace(line), "hosts:")
		if !is {
			continue
		}
		return sources(list), lines.Err()
	}
	return nil, lines.Err()
}

// sources reads a list such as "files mymachines resolve [!UNAVAIL=return] dns".
func sources(list string) []string {
	var all []string
	for list != "" {
		before, rest, action := strings.Cut(list, "[")
		all = append(all, strings.Fields(before)...)
		list = ""
		if action {
			_, list, _ = strings.Cut(rest, "]")
		}
	}
	return all
}

// ParseHosts returns the entries of a hosts file for the names that are wanted. file is
// what the file is called.
func ParseHosts(r io.Reader, file string, wanted func(name string) bool) ([]doctor.HostsEntry, error) {
	var entries []doctor.HostsEntry
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil {
			continue
		}
		for _, field := range fields[1:] {
			if name := dnsname.TrimDot(dnsname.Lower(field)); wanted(name) {
				entries = append(entries, doctor.HostsEntry{File: file, Line: number, Name: name, Addr: addr})
			}
		}
	}
	return entries, lines.Err()
}

// stubs are resolvers that stand between programs and the name servers of a network,
// by the address at which they are asked.
var stubs = map[string]string{
	"127.0.0.53":         "systemd-resolved",
	"127.0.0.54":         "systemd-resolved",
	"169.254.20.10":      "NodeLocal DNSCache",
	"127.0.0.11":         "Docker's resolver",
	"100.100.100.100":    "Tailscale's MagicDNS",
	"fd7a:115c:a1e0::53": "Tailscale's MagicDNS",
}

// stub says what the resolver at an address is called, or "".
func stub(server string) string {
	host, _, err := net.SplitHostPort(server)
	if err != nil {
		return ""
	}
	if name := stubs[host]; name != "" {
		return name
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.IsLoopback() {
		return "a resolver on this machine"
	}
	return ""
}

// upstreams returns the servers behind systemd-resolved, which it writes down.
func upstreams(files fs.FS, servers []string) []string {
	behind, err := readResolvConf(files, "run/systemd/resolve/resolv.conf")
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(behind.Servers, func(s string) bool { return slices.Contains(servers, s) })
}
