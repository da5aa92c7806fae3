//go:build linux

package soak_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"golang.org/x/sys/unix"
)

// fragments sends datagrams of which a part never comes, and long ones that come in
// parts.
func (h *hostile) fragments(_ context.Context, server int) error {
	const moreFragments = 1 << 13
	var packets [][]byte
	for range 20 {
		part := packet(strangerAddrs[0], serverAddrs[server], unix.IPPROTO_UDP, make([]byte, 512))
		binary.BigEndian.PutUint16(part[4:], uint16(rand.Uint32()))
		binary.BigEndian.PutUint16(part[6:], moreFragments|uint16(rand.IntN(2)*64)) // the first one, or one behind
		packets = append(packets, part)
	}
	h.count("fragments", len(packets))
	return raw(packets...)
}

// handshakes begins handshakes of TCP from addresses that nobody has, so that they are
// never finished. The addresses are few: all networks of a machine share the kernel's
// table of neighbours, and other tests need room in it.
func (h *hostile) handshakes(_ context.Context, server int) error {
	var packets [][]byte
	for range 100 {
		nobody := netip.AddrFrom4([4]byte{10, 250, 0, byte(1 + rand.IntN(64))})
		packets = append(packets, packet(nobody, serverAddrs[server], unix.IPPROTO_TCP, syn(nobody, serverAddrs[server])))
	}
	h.count("half-open handshakes", len(packets))
	return raw(packets...)
}

// raw sends IPv4 packets that no system's stack would make.
func raw(packets ...[]byte) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_RAW)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	for _, packet := range packets {
		to := &unix.SockaddrInet4{Addr: [4]byte(packet[16:20])}
		if err := unix.Sendto(fd, packet, 0, to); err != nil {
			return err
		}
	}
	return nil
}

// packet puts an IPv4 header ahead of a payload; the kernel fills in its checksum.
func packet(from, to netip.Addr, protocol byte, payload []byte) []byte {
	source, target := from.As4(), to.As4()
	head := make([]byte, 20, 20+len(payload))
	head[0], head[8], head[9] = 0x45, 64, protocol
	binary.BigEndian.PutUint16(head[2:], uint16(20+len(payload)))
	copy(head[12:], source[:])
	copy(head[16:], target[:])
	return append(head, payload...)
}

// syn is the first packet of a connection (RFC 9293, section 3.1).
func syn(from, to netip.Addr) []byte {
	segment := make([]byte, 20)
	binary.BigEndian.PutUint16(segment, uint16(1024+rand.IntN(60000)))
	binary.BigEndian.PutUint16(segment[2:], plainPort)
	binary.BigEndian.PutUint32(segment[4:], rand.Uint32())
	segment[12], segment[13] = 5<<4, 2 // five words, SYN
	binary.BigEndian.PutUint16(segment[14:], 64240)
	source, target := from.As4(), to.As4()
	sum := uint32(unix.IPPROTO_TCP) + uint32(len(segment))
	for _, part := range [][]byte{source[:], target[:], segment} {
		for i := 0; i < len(part); i += 2 {
			sum += uint32(binary.BigEndian.Uint16(part[i:]))
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(segment[16:], ^uint16(sum))
	return segment
}
