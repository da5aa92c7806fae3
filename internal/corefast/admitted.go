package corefast

import (
	"hash/maphash"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync/atomic"
)

// admitted are the clients that the plugin acl, ahead of us, lets ask. Its rules look at
// the client and at nothing else, so that what it lets pass once it always lets pass.
// Nobody is told what it decides; but a query that comes to us through it was let pass.
// So the first query of each client takes the slow path, and all queries of a client
// that may not ask take it, where acl refuses them.
//
// It is a hash table of a fixed size, in which a new client takes the place of any of
// its set. It takes no locks: what is lost where two write at once is a client that
// is noted by its next query.
type admitted struct {
	seed maphash.Seed
	sets [admittedSets]admittedSet
}

// admittedSet are clients that have a part of their hash in common.
type admittedSet [8]atomic.Pointer[netip.Addr]

// admittedSets makes room for 65,536 clients.
const admittedSets = 1 << 13

func newAdmitted() *admitted { return &admitted{seed: maphash.MakeSeed()} }

func (a *admitted) set(client netip.Addr) *admittedSet {
	octets := client.As16()
	return &a.sets[maphash.Bytes(a.seed, octets[:])%admittedSets]
}

// note remembers the client of a query that has come through acl. As acl does, it
// takes an IPv4-mapped address for IPv4, and ignores a zone. Other than plain
// addresses may not be what acl has seen.
func (a *admitted) note(from net.Addr) {
	if a == nil {
		return
	}
	var client netip.Addr
	switch plain := from.(type) {
	case *net.UDPAddr:
		client = plain.AddrPort().Addr()
	case *net.TCPAddr:
		client = plain.AddrPort().Addr()
	}
	client = client.Unmap().WithZone("")
	if !client.IsValid() || a.has(client) {
		return
	}
	set := a.set(client)
	place := &set[rand.IntN(len(set))]
	for i := range set {
		if set[i].Load() == nil {
			place = &set[i]
			break
		}
	}
	place.Store(new(client))
}

// has reports whether a client may ask. All may where there is no acl.
func (a *admitted) has(client netip.Addr) bool {
	if a == nil {
		return true
	}
	set := a.set(client)
	for i := range set {
		if known := set[i].Load(); known != nil && *known == client {
			return true
		}
	}
	return false
}
