package fastpath

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// segmentControl is enough for the ancillary data that says how long the
	// packets of a message are: a header of 16 octets, and 2, padded.
	segmentControl = 24
	// maxMessage bounds a message of several packets, in octets: with its headers
	// it must fit into the largest IP packet.
	maxMessage = 60_000
)

// outbox has the replies of a batch as the messages that the kernel is given.
//
// To send replies is most of what queries cost, and most of that is by message, not
// by packet. So replies to one loopback address and port are one message, which the
// kernel cuts into packets (UDP_SEGMENT, udp(7), Linux 4.18): all have one length,
// but for the last, which may be shorter. Elsewhere each reply is a message: there
// it may be for a network card to cut, of which some lose packets without a word.
type outbox struct {
	// cuts says whether the kernel cuts messages of this socket.
	cuts bool

	n        int // how many messages there are
	short    int // how many of them, the first, are complete and have one reply
	messages [BatchSize]unix.Mmsghdr
	iovecs   [BatchSize]unix.Iovec // the replies, in the order of the messages
	controls [BatchSize][controlSize + segmentControl]byte
	keys     [BatchSize]uint64 // of the packets that have replies
	apart    [1]unix.Mmsghdr
}

// canCut reports whether the kernel cuts messages into packets; one that knows
// nothing of it would send them whole. It is a variable for tests.
var canCut = func(fd int) bool {
	_, err := unix.GetsockoptInt(fd, unix.SOL_UDP, unix.UDP_SEGMENT)
	return err == nil
}

func (c *batched) send(b *batch) (refused int) {
	c.pack(b)
	for at := 0; at < c.out.n; {
		sent, err := c.sendMessages(c.out.messages[at:c.out.n])
		at += sent
		if err != nil {
			refused += c.sendApart(&c.out.messages[at], err)
			at++
		}
	}
	return refused
}

// sendMessages sends messages and returns how many. The kernel stops at one that it
// refuses, and says why only if that is the first. It refuses what it has no room for:
// replies to hosts that are not there wait in it for seconds, and a loop that waited
// with them would answer nobody.
func (c *batched) sendMessages(messages []unix.Mmsghdr) (int, error) {
	call := unix.Syscall6
	if c.calm.file != nil {
		call = unix.RawSyscall6
	}
	for {
		sent, _, errno := call(unix.SYS_SENDMMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&messages[0])), uintptr(len(messages)), unix.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			return int(sent), nil
		case unix.EINTR:
		default:
			return 0, errno
		}
	}
}

// sendApart sends the packets of a message that was refused one by one. If that
// works where the message itself was wrong, no more such messages are made: packets
// of that length may be too long for the interface, and go as fragments, or it
// cannot finish packets that are cut.
func (c *batched) sendApart(message *unix.Mmsghdr, why error) (refused int) {
	replies := unsafe.Slice(message.Hdr.Iov, message.Hdr.Iovlen)
	if len(replies) == 1 {
		return 1
	}
	one := &c.out.apart[0].Hdr
	*one = message.Hdr
	one.SetIovlen(1)
	setControl(one, message.Hdr.Control, int(message.Hdr.Controllen)-unix.CmsgSpace(2))
	for i := range replies {
		one.Iov = &replies[i]
		if _, err := c.sendMessages(c.out.apart[:]); err != nil {
			refused++
		}
	}
	if refused == 0 && slices.Contains(uncut, why) {
		c.out.cuts = false
	}
	return refused
}

// uncut are the errors by which the kernel says that it will not cut a message.
var uncut = []error{unix.EIO, unix.EINVAL, unix.EMSGSIZE}

// pack makes messages of the replies of a batch. Those with one reply come first: a
// client with one question does not wait for the answers to one that has many, as in
// FQ-CoDel (RFC 8290).
func (c *batched) pack(b *batch) {
	out := &c.out
	out.n, out.short = 0, 0
	var (
		first  int  // the packet that the message replies to first
		length int  // of the message
		open   bool // for more replies
	)
	for k, key := range c.order(b) {
		i := int(key % BatchSize)
		p, size := &b.packets[i], b.packets[first].reply
		out.iovecs[k].Base = &p.buf[0]
		out.iovecs[k].SetLen(p.reply)
		if open && p.reply <= size && length+p.reply <= maxMessage && c.sameWay(first, i) {
			out.extend(size)
			length += p.reply
			open = p.reply == size
			continue
		}
		out.complete()
		c.begin(i, &out.iovecs[k])
		first, length, open = i, p.reply, c.joins(p)
	}
	out.complete()
}

// complete puts the last message among the short ones if it is one.
func (o *outbox) complete() {
	last := o.n - 1
	if last < 0 || o.messages[last].Hdr.Iovlen > 1 {
		return
	}
	if o.short < last {
		o.messages[o.short], o.messages[last] = o.messages[last], o.messages[o.short]
	}
	o.short++
}

// joins reports whether the reply to a packet may be in one message with others.
func (c *batched) joins(p *packet) bool { return c.out.cuts && p.client.Addr().IsLoopback() }

// order returns a key for each packet that has a reply: its last digit is the
// packet. Of those that may be sent in one message, those that go the same way are
// next to each other, long ones first.
func (c *batched) order(b *batch) []uint64 {
	keys, joining := c.out.keys[:0], false
	for i := range b.packets[:b.n] {
		p, key := &b.packets[i], uint64(i)
		if p.reply == 0 {
			continue
		}
		if c.joins(p) {
			joining = true
			key += (c.way(i)*(MaxReply+1) + uint64(MaxReply-p.reply)) * BatchSize
		}
		keys = append(keys, key)
	}
	if joining {
		slices.Sort(keys)
	}
	return keys
}

// way returns a number below 1<<47 for the client of a packet. Others may have the
// same.
func (c *batched) way(i int) uint64 {
	name := (*[unix.SizeofSockaddrInet6]byte)(unsafe.Pointer(&c.names[i]))
	port, address := uint64(binary.BigEndian.Uint16(name[2:])), binary.LittleEndian.Uint32(name[4:])
	if c.ipv6 {
		address = binary.LittleEndian.Uint32(name[20:]) ^ binary.LittleEndian.Uint32(name[12:])
	}
	return uint64(address)<<15 ^ port
}

// sameWay reports whether the replies to two packets go to the same client, from
// the same address.
func (c *batched) sameWay(i, j int) bool {
	return c.names[i] == c.names[j] && string(c.control(i)) == string(c.control(j))
}

// begin makes a message of the reply to a packet.
func (c *batched) begin(i int, reply *unix.Iovec) {
	in, out := &c.in[i].Hdr, &c.out.messages[c.out.n].Hdr
	c.out.n++
	out.Name, out.Namelen = in.Name, in.Namelen
	out.Iov = reply
	out.SetIovlen(1)
	setControl(out, in.Control, int(in.Controllen))
}

// extend adds the next reply to the last message, whose packets have a length.
func (o *outbox) extend(size int) {
	last := o.n - 1
	hdr := &o.messages[last].Hdr
	hdr.Iovlen++
	if hdr.Iovlen > 2 {
		return
	}
	buf := &o.controls[last]
	n := copy(buf[:], unsafe.Slice(hdr.Control, hdr.Controllen))
	header := (*unix.Cmsghdr)(unsafe.Pointer(&buf[n]))
	header.Level, header.Type = unix.SOL_UDP, unix.UDP_SEGMENT
	header.SetLen(unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(buf[n+unix.CmsgLen(0):], uint16(size))
	setControl(hdr, &buf[0], n+unix.CmsgSpace(2))
}

// setControl sets the ancillary data of a message.
func setControl(hdr *unix.Msghdr, control *byte, length int) {
	if length == 0 {
		control = nil
	}
	hdr.Control = control
	hdr.SetControllen(length)
}
