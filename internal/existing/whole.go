package existing

import (
	"encoding/binary"
	"errors"
	"net"

	"github.com/miekg/dns"
)

// errCutShort is the error of a message that ends between two records.
var errCutShort = errors.New("its message has fewer records than it says, and clients take none of them")

// heard is a connection that remembers what came last, as the library takes a message for whole
// that ends where one of its records does.
type heard interface {
	net.Conn
	// message returns the octets of the message that was read last.
	message() []byte
}

// hear returns a connection to a server as one that remembers.
func hear(conn net.Conn) heard {
	if packets, is := conn.(*net.UDPConn); is {
		return &heardPackets{UDPConn: packets}
	}
	return &heardStream{Conn: conn}
}

// heardPackets remembers the last datagram. It is a net.PacketConn, by which the library knows
// that messages have no length ahead of them.
type heardPackets struct {
	*net.UDPConn

	last []byte
}

// Read implements the io.Reader interface.
func (c *heardPackets) Read(p []byte) (int, error) {
	n, err := c.UDPConn.Read(p)
	c.last = append(c.last[:0], p[:n]...)
	return n, err
}

func (c *heardPackets) message() []byte { return c.last }

// heardStream remembers all that came; it is read for one message.
type heardStream struct {
	net.Conn

	all []byte
}

// Read implements the io.Reader interface.
func (c *heardStream) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.all = append(c.all, p[:n]...)
	return n, err
}

func (c *heardStream) message() []byte { return c.all[min(lengthOctets, len(c.all)):] }

const (
	// lengthOctets are those of the length ahead of a message over TCP (RFC 1035, section 4.2.2).
	lengthOctets = 2
	// headerOctets are those of a message's header, and countsAt is where its four counts of
	// records begin (RFC 1035, section 4.1.1).
	headerOctets, countsAt = 12, 4
)

// isWhole reports whether a reply has as many records as the header of its message says.
func isWhole(message []byte, reply *dns.Msg) bool {
	if len(message) < headerOctets {
		return false
	}
	for i, records := range []int{len(reply.Question), len(reply.Answer), len(reply.Ns), len(reply.Extra)} {
		if int(binary.BigEndian.Uint16(message[countsAt+2*i:])) != records {
			return false
		}
	}
	return true
}
