//go:build linux

package outside_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/quic-go/quic-go"

	"github.com/auralink/auralink/test/peers"
)

// overTransports are the ways to ask, and their ports.
var overTransports = []struct {
	name, port string
	exchange   func(d dialer, packet []byte) ([]byte, error)
}{
	{"UDP", "53", exchangeUDP},
	{"TCP", "53", exchangeTCP},
	{"DoT", "853", exchangeTLS},
	{"DoH", "443", exchangeHTTPS},
	{"DoQ", "8853", exchangeQUIC},
}

// dialer opens connections from an address in a network to a server.
type dialer struct {
	from           *namespace
	client, server string
}

// asks returns what the client gets over a transport.
func (d dialer) asks(exchange func(dialer, []byte) ([]byte, error), name string) answer {
	packet, err := new(dns.Msg).SetQuestion(name, dns.TypeA).Pack()
	if err != nil {
		return nothing
	}
	reply, err := exchange(d, packet)
	m := new(dns.Msg)
	if err != nil || m.Unpack(reply) != nil {
		return nothing
	}
	return answerOf(m)
}

// told returns the extended error (RFC 8914) that a client with EDNS gets over a
// transport, as code and text, or "" if there is none.
func (d dialer) told(exchange func(dialer, []byte) ([]byte, error), name string) string {
	packet, err := new(dns.Msg).SetQuestion(name, dns.TypeA).SetEdns0(1232, false).Pack()
	if err != nil {
		return err.Error()
	}
	reply, err := exchange(d, packet)
	if err != nil {
		return err.Error()
	}
	m := new(dns.Msg)
	if err := m.Unpack(reply); err != nil {
		return err.Error()
	}
	if opt := m.IsEdns0(); opt != nil && len(opt.Option) == 1 {
		if ede, ok := opt.Option[0].(*dns.EDNS0_EDE); ok {
			return fmt.Sprintf("%d %s", ede.InfoCode, ede.ExtraText)
		}
	}
	return ""
}

func (d dialer) dial(network string) (conn net.Conn, err error) {
	err = d.from.Do(func() error {
		dialer := net.Dialer{Timeout: patience, LocalAddr: localAddr(network, d.client)}
		conn, err = dialer.Dial(network, d.server)
		return err
	})
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(patience))
	}
	return conn, err
}

func exchangeUDP(d dialer, packet []byte) ([]byte, error) { return d.overConn("udp", packet) }

func exchangeTCP(d dialer, packet []byte) ([]byte, error) { return d.overConn("tcp", packet) }

func (d dialer) overConn(network string, packet []byte) ([]byte, error) {
	conn, err := d.dial(network)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return exchange(&dns.Conn{Conn: conn}, packet)
}

func exchange(conn *dns.Conn, packet []byte) ([]byte, error) {
	if _, err := conn.Write(packet); err != nil {
		return nil, err
	}
	return conn.ReadMsgHeader(nil)
}

// trusting is for servers whose certificate nobody vouches for: who is asked is not
// what is tested.
func trusting(protocols ...string) *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, NextProtos: protocols}
}

func exchangeTLS(d dialer, packet []byte) ([]byte, error) {
	conn, err := d.dial("tcp")
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return exchange(&dns.Conn{Conn: tls.Client(conn, trusting())}, packet)
}

func exchangeHTTPS(d dialer, packet []byte) ([]byte, error) {
	transport := &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return d.dial("tcp") },
		TLSClientConfig:   trusting(),
		ForceAttemptHTTP2: true,
	}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport, Timeout: patience}
	response, err := client.Post("https://"+d.server+"/dns-query", "application/dns-message", bytes.NewReader(packet))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

// exchangeQUIC asks as RFC 9250 has it: with the ID 0, on a stream of its own.
func exchangeQUIC(d dialer, packet []byte) ([]byte, error) {
	var socket net.PacketConn
	err := d.from.Do(func() (err error) {
		socket, err = net.ListenPacket("udp", net.JoinHostPort(d.client, "0"))
		return err
	})
	if err != nil {
		return nil, err
	}
	defer socket.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := quic.Dial(ctx, socket, net.UDPAddrFromAddrPort(netip.MustParseAddrPort(d.server)), trusting("doq"), nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.CloseWithError(0, "") }()
	stream, err := conn.OpenStream()
	if err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint16(packet, 0)
	if _, err := stream.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)); err != nil {
		return nil, err
	}
	if err := stream.Close(); err != nil {
		return nil, err
	}
	_ = stream.SetReadDeadline(time.Now().Add(patience))
	reply, err := io.ReadAll(stream)
	if err != nil || len(reply) < 2 {
		return nil, err
	}
	return reply[2:], nil
}

// writeCertificate writes a certificate that nobody vouches for, and its key.
func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	template := x509.Certificate{NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	peers.Certify(t, template, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
}
