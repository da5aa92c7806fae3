//go:build linux

// Command benchtransfer measures what a zone transfer (AXFR) of very many custom
// endpoints takes: of bin/coredns, and of Knot with the same zone as a file. The memory
// is what the server has in use before a transfer, and the most during some at a time.
//
// Run it with: make bench-transfer
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/benchserver/scale"
	"github.com/auralink/auralink/test/peers"
)

const origin = "endpoints.neo4j.io."

func main() {
	programs := flag.String("programs", "bin", "the directory with the programs to measure")
	endpoints := flag.Int("endpoints", 1_000_000, "custom endpoints, of which each has five names")
	flag.Parse()
	if err := run(os.Stdout, *programs, *endpoints); err != nil {
		fmt.Fprintf(os.Stderr, "benchtransfer: error: %v\n", err)
		os.Exit(2)
	}
}

// run measures and prints. However it ends, it leaves no file and no process.
func run(w io.Writer, programs string, endpoints int) (err error) {
	programs, err = filepath.Abs(programs)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "benchtransfer")
	if err != nil {
		return fmt.Errorf("making a directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	topology, err := writeFiles(programs, dir, endpoints)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "a zone of %d custom endpoints, transferred\n\n", endpoints)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tat a time\ttime s\trecords\tMiB\tprocessor s\tmemory MiB before\tand during\t")
	for _, peer := range []peers.Peer{auralink(programs, topology), knot(dir)} {
		if err := measure(table, peer); err != nil {
			return err
		}
	}
	return table.Flush()
}

// writeFiles writes the topology, and what it is as a zone file.
func writeFiles(programs, dir string, endpoints int) (topology string, err error) {
	topology = filepath.Join(dir, "topology.yaml")
	file, err := os.Create(topology)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if _, err := (scale.Size{Endpoints: endpoints, VPCs: 1, Regions: 2}).WriteTo(file); err != nil {
		return "", err
	}
	if _, err := io.WriteString(file, "serial: 1\n"); err != nil {
		return "", err
	}
	export := exec.Command(filepath.Join(programs, "auralink"), "export", topology, "--shape", "one-zone", "--out", filepath.Join(dir, "zones"))
	if out, err := export.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return topology, file.Close()
}

// ready is the question by which to tell that a server has the zone.
var ready = []dns.Question{{Name: origin, Qtype: dns.TypeSOA, Qclass: dns.ClassINET}}

func auralink(programs, topology string) peers.Peer {
	return peers.Peer{Name: "auralink", Binary: filepath.Join(programs, "coredns"), Ready: ready, Configure: func(at netip.AddrPort) peers.Setup {
		corefile := fmt.Sprintf(".:%d {\nbind %s\nauralink %s {\nvpc vpc-0000\n}\ntransfer {\nto *\n}\n}\n", at.Port(), at.Addr(), topology)
		return peers.Setup{Files: map[string]string{"Corefile": corefile}, Args: []string{"-conf", "Corefile"}}
	}}
}

func knot(dir string) peers.Peer {
	return peers.Peer{Name: "Knot", Package: "knot", Binary: "knotd", Ready: ready, Configure: func(at netip.AddrPort) peers.Setup {
		config := fmt.Sprintf(`server:
  rundir: "."
  listen: %s@%d
control:
  listen: "knot.sock"
database:
  storage: "."
acl:
  - id: all
    action: transfer
zone:
  - domain: %q
    storage: %q
    file: "endpoints.neo4j.io.zone"
    zonefile-sync: -1
    journal-content: none
    acl: all
`, at.Addr(), at.Port(), origin, filepath.Join(dir, "zones"))
		return peers.Setup{Files: map[string]string{"knot.conf": config}, Args: []string{"-c", "knot.conf"}}
	}}
}

// loadsWithin bounds the time in which a server reads a million endpoints.
const loadsWithin = 4 * time.Minute

// measure adds the lines of a server to the table.
func measure(table io.Writer, peer peers.Peer) (err error) {
	dir, err := os.MkdirTemp("", "benchtransfer")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	at, err := peers.FreeAddr(peers.Loopback())
	if err != nil {
		return err
	}
	server, err := peers.Launch(peer, peers.Place{Dir: dir, Addr: at})
	if missing := (*peers.MissingError)(nil); errors.As(err, &missing) {
		_, err = fmt.Fprintf(table, "%s\tnot there\t\n", peer.Name)
		return err
	} else if err != nil {
		return err
	}
	defer server.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), loadsWithin)
	defer cancel()
	if err := server.AwaitReady(ctx); err != nil {
		return err
	}
	// The first one is not measured: Go still has what the topology was read with.
	if _, _, err := receive(server.Addr); err != nil {
		return fmt.Errorf("%s: %w", peer.Name, err)
	}
	for _, atATime := range []int{1, 4} {
		f, err := transfer(server, atATime)
		if err != nil {
			return fmt.Errorf("%s: %w", peer.Name, err)
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t\n", peer.Name, atATime, f)
	}
	return nil
}
