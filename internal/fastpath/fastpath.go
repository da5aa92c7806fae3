// Package fastpath answers UDP queries with as little between the kernel and the
// answer as there can be: sockets of its own, whole batches of packets read and
// written by one system call each, and nothing allocated on the way.
//
// It lives beside a server that has sockets on the same address already, or is
// about to open some, and can answer everything. All these sockets make up one
// group (SO_REUSEPORT, socket(7)), and a small filter in the kernel gives every
// packet to ours. A [Responder] answers what it knows; everything else comes out
// of a [Misses], to be handled by the other server as if it had read the packet
// itself, and the reply leaves by the socket that the query came in on.
//
// The sockets belong to the process: whoever opens an address that is open
// already gets the same ones. So a server's configuration can be replaced while
// it runs, and no packet is without a reader.
//
// The package knows octets and addresses, and nothing of DNS.
package fastpath

import "net/netip"

const (
	// MaxQuery is how much of a packet is read, in octets; the rest is cut off. It is
	// what replies invite to (RFC 6891, section 6.2.4), and more than the 512 that
	// CoreDNS's own UDP server reads.
	MaxQuery = 1232
	// MaxReply is the size of the buffer for a reply, in octets: what fits into
	// a packet that is not fragmented on any common path (1500 less the headers
	// of IPv6 and UDP, and room for tunnels; https://www.dnsflagday.net/2020/).
	MaxReply = 1232

	// BatchSize is how many packets are read at most by one system call. Beyond
	// some tens nothing is gained, and the buffers leave the processor's cache.
	BatchSize = 64
)

// Disposition says what became of a query.
type Disposition uint8

// The ways out of a Responder.
const (
	// Missed means that somebody else has to answer.
	Missed Disposition = iota
	// Answered means that the reply is in the buffer.
	Answered
	// Dropped means that there shall be no reply.
	Dropped
)

// Responder answers queries. Each loop has one of its own, and calls it from one
// goroutine.
type Responder interface {
	// Begin is called before the first query of a batch.
	Begin()
	// Respond writes the reply to query, asked by client, into buf, which has
	// room for MaxReply octets, and returns its length. An IPv4 client has an
	// IPv4 address whatever the socket's family is, and no address has a zone.
	// The query is good for as long as the call; it must not be changed.
	Respond(buf, query []byte, client netip.AddrPort) (int, Disposition)
	// End is called after the last query of a batch, before replies are sent.
	End()
}
