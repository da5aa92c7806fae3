package fastpath

import (
	"encoding/binary"
	"errors"
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
// by packet. So replies to one client of the same host are one message, which the
// kernel cuts into packets (UDP_SEGMENT, udp(7), Linux 4.18): all have one length,
// but for the last, which may be shorter. To other hosts each reply is a message:
// there it is for network cards to cut them, of which some lose them without a word.
type outbox struct {
	// segments says whether the kernel cuts messages of this socket.
	segments bool

	n        int // how many messages there are
	messages [BatchSize]unix.Mmsghdr
	iovecs   [BatchSize]unix.Iovec // the replies, in the order of the messages
	controls [BatchSize][controlSize + segmentControl]byte
	keys     [BatchSize]uint64 // of the packets that have replies
}

// segments reports whether the kernel cuts messages into packets; one that knows
// nothing of it would send them whole. It is a variable for tests.
var segments = func(fd int) bool {
	_, err := unix.GetsockoptInt(fd, unix.SOL_UDP, unix.UDP_SEGMENT)
	return err == nil
}

func (c *batched) send(b *batch) (refused int) {
	c.pack(b)
	for at := 0; at < c.out.n; {
		sent, err := sendMessages(c.fd, c.out.messages[at:c.out.n])
		at += sent
		if err != nil {
			refused += c.sendApart(&c.out.messages[at], err)
			at++
		}
	}
	return refused
}

// sendMessages sends messages and returns how many. The kernel stops at one that it
// refuses, and says why only if that is the first.
func sendMessages(fd int, messages []unix.Mmsghdr) (int, error) {
	for {
		sent, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&messages[0])), uintptr(len(messages)), 0, 0, 0)
		switch errno {
		case 0:
			return int(sent), nil
		case unix.EINTR, unix.EAGAIN:
		default:
			return 0, errno
		}
	}
}

// sendApart sends the packets of a message that was refused one by one: the way to
// the client may be too narrow for packets of their length, which then go as
// fragments, or the interface may be unable to finish packets that are cut.
func (c *batched) sendApart(message *unix.Mmsghdr, why error) (refused int) {
	replies := unsafe.Slice(message.Hdr.Iov, message.Hdr.Iovlen)
	if len(replies) == 1 {
		return 1
	}
	if errors.Is(why, unix.EIO) {
		c.out.segments = false
	}
	one := []unix.Mmsghdr{*message}
	one[0].Hdr.SetIovlen(1)
	setControl(&one[0].Hdr, message.Hdr.Control, int(message.Hdr.Controllen)-unix.CmsgSpace(2))
	for i := range replies {
		one[0].Hdr.Iov = &replies[i]
		if _, err := sendMessages(c.fd, one); err != nil {
			refused++
		}
	}
	return refused
}

// pack makes messages of the replies of a batch.
func (c *batched) pack(b *batch) {
	out := &c.out
	out.n = 0
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
		c.begin(i, &out.iovecs[k])
		first, length = i, p.reply
		open = out.segments && p.client.Addr().IsLoopback()
	}
}

// order returns a key for each packet that has a reply: its last digit is the
// packet. Where some may be sent in one message, those that go the same way are next
// to each other, long ones first.
func (c *batched) order(b *batch) []uint64 {
	keys, local := c.out.keys[:0], false
	for i := range b.packets[:b.n] {
		if p := &b.packets[i]; p.reply > 0 {
			keys = append(keys, (c.way(i)*(MaxReply+1)+uint64(MaxReply-p.reply))*BatchSize+uint64(i))
			local = local || p.client.Addr().IsLoopback()
		}
	}
	if local && c.out.segments {
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
