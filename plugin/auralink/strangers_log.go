package auralink

import (
	"fmt"
	"hash/maphash"
	"net/netip"
	"time"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/sieve"
	"github.com/auralink/auralink/internal/status"
)

// strangersLog says which subnets ask that are in no VPC: each once an hour, and
// those that go on asking before those that asked once.
type strangersLog struct {
	sieve   *sieve.Sieve
	seed    maphash.Seed
	elapsed func() time.Duration
	printf  func(format string, args ...any)
	told    *sieve.Told[status.Stranger] // nil where nobody looks at it
}

func newStrangersLog() *strangersLog {
	return &strangersLog{sieve: sieve.New(), seed: maphash.MakeSeed(), elapsed: elapsed, printf: log.Warningf}
}

// subnetOf returns the range that a client is thought to share with others of its
// kind; not a valid one where the client is not known.
func subnetOf(client netip.Addr) netip.Prefix {
	bits := 56
	if client.Is4() {
		bits = 24
	}
	subnet, err := client.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return subnet
}

// suggested returns the range that is to be written into the topology for a client: of
// a private address that of its subnet, of a public one no more than what is known.
func suggested(client netip.Addr) netip.Prefix {
	switch {
	case client.IsLoopback() && client.Is4():
		return netip.PrefixFrom(client, 8).Masked()
	case client.IsLoopback(), serve.Public(client):
		return netip.PrefixFrom(client, client.BitLen())
	default:
		return subnetOf(client)
	}
}

// kind is what there is to say of a stranger.
type kind struct {
	subnet  netip.Prefix
	refused bool
	asks    bool // for a name that a VPC has
	divided bool // it speaks for clients of several VPCs
}

// tell notes a stranger, and reports whether to log it. What says what it does, where that
// is to be known, and the range is what may be missing in the topology.
func (l *strangersLog) tell(k kind, what func() (what string, missing netip.Prefix)) bool {
	if !k.subnet.IsValid() {
		return false
	}
	hash := maphash.Comparable(l.seed, k)
	l.told.Happened(hash)
	if !l.sieve.Tell(hash, l.elapsed()) {
		return false
	}
	if l.told != nil {
		stranger := status.Stranger{Subnet: k.subnet.String()}
		var missing netip.Prefix
		if stranger.What, missing = what(); missing.IsValid() {
			stranger.Line = fmt.Sprintf("clients: [%s]", missing)
		}
		l.told.Tell(hash, stranger, time.Now())
	}
	return true
}

// asks notes that a stranger asks for a name that the view of a VPC has.
func (l *strangersLog) asks(client netip.Addr, name, vpc string, refused bool) {
	k := kind{subnet: subnetOf(client), refused: refused, asks: true}
	was := "was passed on"
	if refused {
		was = "was refused"
	}
	if !l.tell(k, func() (string, netip.Prefix) {
		return fmt.Sprintf("asks for %q, which VPC %q has, and %s", name, vpc, was), suggested(client)
	}) {
		return
	}
	l.printf("client %s is in no VPC, asks for %q, which VPC %q has, and %s: "+
		"if it is in a VPC of the topology, add its range there, as in clients: [%s]", client, name, vpc, was, suggested(client))
}

// refused notes that a stranger was refused.
func (l *strangersLog) refused(client netip.Addr) {
	if k := (kind{subnet: subnetOf(client), refused: true}); l.tell(k, func() (string, netip.Prefix) { return "is refused", suggested(client) }) {
		l.printf("refusing client %s, which is in no VPC: if it may ask, add its range to the clients of a VPC, "+
			"as in clients: [%s], or see the property strangers", client, suggested(client))
	}
}

// divided notes that a forwarder asks for a subnet whose clients are in several VPCs, or
// not all in one.
func (l *strangersLog) divided(forwarder netip.Addr, subnet string) {
	if k := (kind{subnet: subnetOf(forwarder.Unmap().WithZone("")), divided: true}); l.tell(k, func() (string, netip.Prefix) {
		return "asks for client subnet " + subnet + ", whose clients are not all in the same VPC", netip.Prefix{}
	}) {
		l.printf("forwarder %s asks for client subnet %s, whose clients are not all in the same VPC, "+
			"and which is treated as one in no VPC: have it send longer prefixes", forwarder, subnet)
	}
}
