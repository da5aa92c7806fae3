//go:build linux

package matrix_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/miekg/dns"
	"github.com/pires/go-proxyproto"
	"github.com/quic-go/quic-go"
)

// answerWithin bounds the time for an answer; the machine may be busy.
const answerWithin = 30 * time.Second

// line is a connection over which questions are put.
type line interface {
	exchange(packet []byte) ([]byte, error)
	close()
}

// header says who a client is, ahead of what it sends; a zero one is none.
type header struct {
	version byte
	client  netip.Addr
}

// octets returns the header for a transport, "tcp" or "udp".
func (h header) octets(network string, to netip.AddrPort) ([]byte, error) {
	if h.version == 0 {
		return nil, nil
	}
	var from, at net.Addr = &net.TCPAddr{IP: h.client.AsSlice(), Port: 4242}, net.TCPAddrFromAddrPort(to)
	if network == "udp" {
		from, at = &net.UDPAddr{IP: h.client.AsSlice(), Port: 4242}, net.UDPAddrFromAddrPort(to)
	}
	return proxyproto.HeaderProxyFromAddrs(h.version, from, at).Format()
}

// stream opens a TCP connection and sends the header.
func stream(from netip.Addr, to netip.AddrPort, h header) (net.Conn, error) {
	dialer := net.Dialer{Timeout: answerWithin, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
	conn, err := dialer.Dial("tcp", to.String())
	if err != nil {
		return nil, err
	}
	octets, err := h.octets("tcp", to)
	if err == nil {
		_, err = conn.Write(octets)
	}
	return conn, errors.Join(err, conn.SetDeadline(time.Now().Add(answerWithin)))
}

// conn is UDP, TCP or TLS. Over UDP the header is ahead of each datagram.
type conn struct {
	dns  *dns.Conn
	head []byte
}

func (c *conn) close() { _ = c.dns.Close() }

func (c *conn) exchange(packet []byte) ([]byte, error) {
	if _, err := c.dns.Write(append(c.head[:len(c.head):len(c.head)], packet...)); err != nil {
		return nil, err
	}
	return c.dns.ReadMsgHeader(nil)
}

func overUDP(from netip.Addr, to netip.AddrPort, h header) (line, error) {
	octets, err := h.octets("udp", to)
	if err != nil {
		return nil, err
	}
	udp, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(from, 0)), net.UDPAddrFromAddrPort(to))
	if err != nil {
		return nil, err
	}
	return &conn{dns: &dns.Conn{Conn: udp, UDPSize: dns.MaxMsgSize}, head: octets}, udp.SetDeadline(time.Now().Add(answerWithin))
}

func overTCP(from netip.Addr, to netip.AddrPort, h header) (line, error) {
	tcp, err := stream(from, to, h)
	if err != nil {
		return nil, err
	}
	return &conn{dns: &dns.Conn{Conn: tcp}}, nil
}

// trusting is for a certificate that nobody vouches for: who is asked is not what is
// tested.
func trusting(protocols ...string) *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, NextProtos: protocols}
}

func overTLS(from netip.Addr, to netip.AddrPort, h header) (line, error) {
	tcp, err := stream(from, to, h)
	if err != nil {
		return nil, err
	}
	return &conn{dns: &dns.Conn{Conn: tls.Client(tcp, trusting())}}, nil
}

// web is DNS over HTTPS.
type web struct {
	client *http.Client
	url    string
}

func overHTTPS(from netip.Addr, to netip.AddrPort, h header) (line, error) {
	transport := &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return stream(from, to, h) },
		TLSClientConfig:   trusting(),
		ForceAttemptHTTP2: true,
	}
	return &web{&http.Client{Transport: transport, Timeout: answerWithin}, "https://" + to.String() + "/dns-query"}, nil
}

func (w *web) close() { w.client.CloseIdleConnections() }

func (w *web) exchange(packet []byte) ([]byte, error) {
	response, err := w.client.Post(w.url, "application/dns-message", bytes.NewReader(packet))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %s", response.Status)
	}
	return io.ReadAll(response.Body)
}

// quicLine is DNS over QUIC (RFC 9250).
type quicLine struct {
	socket net.PacketConn
	conn   *quic.Conn
}

// overQUIC connects. The header is a datagram of its own, ahead of the handshake.
func overQUIC(from netip.Addr, to netip.AddrPort, h header) (line, error) {
	socket, err := net.ListenPacket("udp", netip.AddrPortFrom(from, 0).String())
	if err != nil {
		return nil, err
	}
	octets, err := h.octets("udp", to)
	if err != nil {
		return nil, err
	}
	server := net.UDPAddrFromAddrPort(to)
	if len(octets) > 0 {
		if _, err := socket.WriteTo(octets, server); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	connected, err := quic.Dial(ctx, socket, server, trusting("doq"), nil)
	if err != nil {
		return nil, errors.Join(err, socket.Close())
	}
	return &quicLine{socket, connected}, nil
}

func (q *quicLine) close() {
	_ = q.conn.CloseWithError(0, "")
	_ = q.socket.Close()
}

func (q *quicLine) exchange(packet []byte) ([]byte, error) {
	stream, err := q.conn.OpenStream()
	if err != nil {
		return nil, err
	}
	packet = bytes.Clone(packet)
	binary.BigEndian.PutUint16(packet, 0)
	if _, err := stream.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)); err != nil {
		return nil, err
	}
	if err := errors.Join(stream.Close(), stream.SetReadDeadline(time.Now().Add(answerWithin))); err != nil {
		return nil, err
	}
	reply, err := io.ReadAll(stream)
	if err != nil || len(reply) < 2 {
		return nil, errors.Join(err, errors.New("no answer"))
	}
	return reply[2:], nil
}
