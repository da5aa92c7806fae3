//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
)

// coredns is bin/coredns, to be given a directive.
type coredns struct {
	binary     string
	prometheus bool // put that plugin ahead
	names      names
	// ahead is what keeps a log of queries, if anything does; then the server's log goes
	// into a file, as a service's. The flag is of the program.
	ahead, flag string
	// apart has our names in a server block of their own, and what is ahead in the one
	// for all others.
	apart bool
}

// peer returns it as a server with the directive, which may refer to the files.
func (c coredns) peer(name, directive string, files map[string]string) peers.Peer {
	program, args := c.command()
	return peers.Peer{
		Name: name, Package: "none: make build makes it", Binary: program,
		Ready: []dns.Question{{Name: c.names.owner(0), Qtype: dns.TypeA, Qclass: dns.ClassINET}},
		Configure: func(at netip.AddrPort) peers.Setup {
			all := map[string]string{"Corefile": c.corefile(at, directive)}
			for name, content := range files {
				all[name] = content
			}
			return peers.Setup{Files: all, Args: args}
		},
	}
}

// intoFile is a shell's script that has the command behind it write its log into a file.
const intoFile = `exec "$0" "$@" >log 2>&1`

// command returns the program to start, and its arguments.
func (c coredns) command() (program string, args []string) {
	args = []string{"-conf", "Corefile"}
	if c.flag != "" {
		args = append(args, c.flag)
	}
	if c.ahead == "" {
		return c.binary, args
	}
	return "sh", append([]string{"-c", intoFile, c.binary}, args...)
}

// corefile returns the server's configuration: the same for all but for one
// directive, and what is ahead of it.
func (c coredns) corefile(at netip.AddrPort, directive string) string {
	var b strings.Builder
	if c.apart {
		fmt.Fprintf(&b, "neo4j.io:%d {\n\tbind %s\n\terrors\n\t%s\n}\n", at.Port(), at.Addr(), directive)
		directive = "whoami"
	}
	fmt.Fprintf(&b, ".:%d {\n\tbind %s\n\terrors\n", at.Port(), at.Addr())
	if c.prometheus {
		fmt.Fprintf(&b, "\tprometheus %s:0\n", at.Addr())
	}
	fmt.Fprintf(&b, "\t%s\n\t%s\n}\n", c.ahead, directive)
	return b.String()
}

// topologyFile is what our plugin reads, in the server's directory.
const topologyFile = "topology.yaml"

// ours returns our plugin, with lines in its block.
func (c coredns) ours(name string, lines ...string) (peers.Peer, error) {
	text, err := c.names.topology()
	if err != nil {
		return peers.Peer{}, err
	}
	directive := "auralink " + topologyFile
	if len(lines) > 0 {
		directive += " {\n\t\t" + strings.Join(lines, "\n\t\t") + "\n\t}"
	}
	return c.peer(name, directive, map[string]string{topologyFile: text}), nil
}

// knowsFastPath reports whether the build has our plugin's property fastpath. It
// asks it to serve a topology that is not there: the build complains of what it
// reads first.
func (c coredns) knowsFastPath(ctx context.Context, dir string) (bool, error) {
	corefile := filepath.Join(dir, "Corefile.fastpath")
	text := ".:0 {\n\tauralink missing.yaml {\n\t\tfastpath off\n\t}\n}\n"
	if err := os.WriteFile(corefile, []byte(text), 0o600); err != nil {
		return false, fmt.Errorf("writing a Corefile: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.binary, "-conf", corefile)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	switch {
	case strings.Contains(string(out), `unknown property "fastpath"`):
		return false, nil
	case strings.Contains(string(out), "missing.yaml"):
		return true, nil
	default:
		return false, errors.Join(fmt.Errorf("asking %q whether it knows fastpath: %q", c.binary, out), err)
	}
}

// file returns CoreDNS's file with one of the zones that we export.
func (c coredns) file(name string, exported []peers.Zone) peers.Peer {
	files := make(map[string]string)
	for _, zone := range exported {
		if zone.Origin == topology.EndpointsOrigin {
			files["zone"] = zone.Text
		}
	}
	return c.peer(name, "file zone "+topology.EndpointsOrigin, files)
}

// template returns CoreDNS's template, with one region's addresses for every name
// under the endpoints' parent. Nobody should do so with two regions, but it is
// the most that template can be: with the names written out it is slower by far.
func (c coredns) template(name string) peers.Peer {
	var b strings.Builder
	fmt.Fprintf(&b, "template IN A %s {\n\t\tmatch ^[a-z0-9-]+[.]endpoints[.]neo4j[.]io[.]$\n", topology.EndpointsOrigin)
	for _, addr := range c.names.addrs() {
		fmt.Fprintf(&b, "\t\tanswer \"{{ .Name }} %d IN A %s\"\n", ttl, addr)
	}
	b.WriteString("\t}")
	return c.peer(name, b.String(), nil)
}

// hosts returns CoreDNS's hosts.
func (c coredns) hosts(name string) peers.Peer {
	directive := fmt.Sprintf("hosts hosts %s {\n\t\tttl %d\n\t\tno_reverse\n\t}", topology.EndpointsOrigin, ttl)
	text := c.names.each(func(owner string, addr netip.Addr) string { return fmt.Sprintf("%s %s\n", addr, owner) })
	return c.peer(name, directive, map[string]string{"hosts": text})
}
