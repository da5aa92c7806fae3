//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/miekg/dns"
)

// Corefile is that of the VPC's DNS server.
const Corefile = `.:53 {
    errors
    auralink topology.yaml {
        fallthrough
    }
    cache
    forward . ` + PublicResolver + `
}
`

// Topology is that of the lab: both regions linked.
const Topology = `regions:
  aws-us-east-1:
    orchestras: ["0000"]
  aws-us-west-1:
    orchestras: ["0042"]
vpcs:
  apps:
    clients: [10.0.0.0/16, 10.8.0.0/24, 192.168.10.0/24]
    links:
      aws-us-east-1: [10.10.10.10, 10.10.11.10]
      aws-us-west-1: [10.20.10.10]
custom_endpoints:
  my-endpoint-abcdef-123456: aws-us-east-1
  west-m4yy-gtwk: aws-us-west-1
ttl: 1
`

// StartServer starts our server on the VPC's DNS host, or another, with a topology and
// a Corefile, and waits until it serves.
func (w *World) StartServer(host Host, topology, corefile string) (*Program, error) {
	if err := w.WriteTopology(topology); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "Corefile"), []byte(corefile), 0o644); err != nil {
		return nil, err
	}
	cmd := host.Command(filepath.Join(w.options.Programs, "coredns"), "-conf", "Corefile")
	cmd.Dir = w.Dir
	program, err := w.start(cmd)
	if err != nil {
		return nil, err
	}
	return program, w.await(program, host, "127.0.0.1:53")
}

// await waits until a program on a host answers questions at an address.
func (w *World) await(program *Program, host Host, at string) error {
	for end := time.Now().Add(startPatience); ; time.Sleep(20 * time.Millisecond) {
		if _, err := Ask(host, at, "neo4j.io.", dns.TypeA); err == nil {
			return nil
		}
		if program.Ended() || time.Now().After(end) {
			return fmt.Errorf("the name server of %q does not serve:\n%s", host, program.Log())
		}
	}
}

// TopologyPath is where the lab's topology is.
func (w *World) TopologyPath() string { return filepath.Join(w.Dir, "topology.yaml") }

// WriteTopology replaces the topology as a whole, as editors and deployments do, so
// that a running server takes it.
func (w *World) WriteTopology(text string) error {
	next := w.TopologyPath() + ".next"
	return errors.Join(os.WriteFile(next, []byte(text), 0o644), os.Rename(next, w.TopologyPath()))
}

// Ask asks a name server, from a host, once over UDP.
func Ask(from Host, at, name string, qtype uint16) (*dns.Msg, error) {
	const patience = 2 * time.Second
	conn, err := from.DialTimeout("udp", at, patience)
	if err != nil {
		return nil, err
	}
	client := dns.Conn{Conn: conn}
	defer client.Close()
	_ = client.SetDeadline(time.Now().Add(patience))
	if err := client.WriteMsg(new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype)); err != nil {
		return nil, err
	}
	return client.ReadMsg()
}
