package standin

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"time"
)

// serverVersion is what the stand-in calls itself.
const serverVersion = "5.27-aura"

// The messages of Bolt 5, by their tags.
const (
	msgHello     = 0x01
	msgGoodbye   = 0x02
	msgReset     = 0x0F
	msgRun       = 0x10
	msgBegin     = 0x11
	msgCommit    = 0x12
	msgRollback  = 0x13
	msgDiscard   = 0x2F
	msgPull      = 0x3F
	msgTelemetry = 0x54
	msgRoute     = 0x66
	msgLogon     = 0x6A
	msgLogoff    = 0x6B
	msgSuccess   = 0x70
	msgRecord    = 0x71
	msgIgnored   = 0x7E
	msgFailure   = 0x7F
)

// boltMagic begins a handshake. Four versions follow, 32 bits each.
const boltMagic = 0x6060B017

// serveBolt speaks Bolt on a connection, in a WebSocket if it begins as HTTP does.
func (i *Ingress) serveBolt(conn *tls.Conn, to server) {
	ahead := bufio.NewReader(conn)
	first, err := ahead.Peek(4)
	if err != nil {
		return
	}
	name := conn.ConnectionState().ServerName
	speak := func(conn net.Conn) { i.speak(conn, name, to) }
	if string(first) == "GET " {
		i.serveWebSocket(buffered{conn, ahead}, speak)
		return
	}
	speak(buffered{conn, ahead})
}

// speak makes the handshake and answers messages until the client has enough.
func (i *Ingress) speak(conn net.Conn, name string, to server) {
	s := &session{ingress: i, conn: conn, behaviour: i.behaviour.Load(), name: name, at: to}
	if !s.handshake() {
		return
	}
	for n := 1; ; n++ {
		message, err := readMessage(conn)
		if err != nil || message.tag == msgGoodbye {
			return
		}
		if limit := s.behaviour.DropAfter; limit > 0 && n > limit {
			return
		}
		time.Sleep(s.behaviour.Slow)
		if _, err := conn.Write(s.answer(message)); err != nil {
			return
		}
	}
}

// handshake agrees on a version, and reports whether there is one.
func (s *session) handshake() bool {
	var offer [20]byte
	if _, err := io.ReadFull(s.conn, offer[:]); err != nil || binary.BigEndian.Uint32(offer[:]) != boltMagic {
		return false
	}
	s.minor = s.choose(offer[4:])
	if s.minor < 0 {
		_, _ = s.conn.Write(make([]byte, 4)) // no version in common
		return false
	}
	_, err := s.conn.Write([]byte{0, 0, byte(s.minor), 5})
	return err == nil
}

// latestMinor is that of the latest version that is spoken, 5.8.
const latestMinor = 8

// choose returns the minor number of a version 5 from what was offered, or -1. An
// offer is: nothing, how many minor numbers below are offered as well, minor, major.
func (s *session) choose(offers []byte) int {
	latest := latestMinor
	if s.behaviour.BoltMinor != nil {
		latest = *s.behaviour.BoltMinor
	}
	for ; len(offers) >= 4 && !s.behaviour.NoBolt; offers = offers[4:] {
		below, minor, major := int(offers[1]), int(offers[2]), offers[3]
		if major == 5 && minor-below <= latest {
			return min(minor, latest)
		}
	}
	return -1
}
