package transport_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// answerWithin bounds the time for an answer; the machine may be busy.
const answerWithin = 30 * time.Second

// transport is a way to ask a server.
type transport struct {
	name string
	// stream says that an answer may be as long as it is.
	stream bool
	// exchange sends a message from an address and returns the answer to it.
	exchange func(s server, from netip.Addr, query []byte) ([]byte, error)
}

var transports = []transport{
	{name: "UDP", exchange: exchangeUDP},
	{name: "TCP", stream: true, exchange: exchangeTCP},
	{name: "DoT", stream: true, exchange: exchangeTLS},
	{name: "DoH POST", stream: true, exchange: exchangePOST},
	{name: "DoH GET", stream: true, exchange: exchangeGET},
}

// ask sends a message and returns the answer, and how many octets it has.
func (tr transport) ask(tb testing.TB, s server, from netip.Addr, query *dns.Msg) (reply *dns.Msg, octets int) {
	tb.Helper()
	packed, err := query.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	raw, err := tr.exchange(s, from, packed)
	if err != nil {
		tb.Fatalf("%s over %s: %v", &query.Question[0], tr.name, err)
	}
	reply = new(dns.Msg)
	if err := reply.Unpack(raw); err != nil {
		tb.Fatalf("%s over %s: %v", &query.Question[0], tr.name, err)
	}
	return reply, len(raw)
}

func exchangeUDP(s server, from netip.Addr, query []byte) ([]byte, error) {
	conn, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(from, 0)), net.UDPAddrFromAddrPort(s.plain))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return exchange(&dns.Conn{Conn: conn, UDPSize: dns.MaxMsgSize}, query)
}

func exchangeTCP(s server, from netip.Addr, query []byte) ([]byte, error) {
	conn, err := dialerFrom(from).Dial("tcp", s.plain.String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return exchange(&dns.Conn{Conn: conn}, query)
}

func exchangeTLS(s server, from netip.Addr, query []byte) ([]byte, error) {
	conn, err := tls.DialWithDialer(dialerFrom(from), "tcp", s.tls.String(), &tls.Config{RootCAs: s.roots})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return exchange(&dns.Conn{Conn: conn}, query)
}

// exchange sends and receives over a connection. The library frames messages as
// the connection needs it.
func exchange(conn *dns.Conn, query []byte) ([]byte, error) {
	if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return nil, err
	}
	if _, err := conn.Write(query); err != nil {
		return nil, err
	}
	return conn.ReadMsgHeader(nil)
}

func exchangePOST(s server, from netip.Addr, query []byte) ([]byte, error) {
	request, err := http.NewRequest(http.MethodPost, dohURL(s), bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", dohType)
	return exchangeHTTP(s, from, request)
}

func exchangeGET(s server, from netip.Addr, query []byte) ([]byte, error) {
	request, err := http.NewRequest(http.MethodGet, dohURL(s)+"?dns="+base64.RawURLEncoding.EncodeToString(query), nil)
	if err != nil {
		return nil, err
	}
	return exchangeHTTP(s, from, request)
}

// dohType is the media type of a message (RFC 8484, section 6).
const dohType = "application/dns-message"

func dohURL(s server) string { return "https://" + s.https.String() + "/dns-query" }

func exchangeHTTP(s server, from netip.Addr, request *http.Request) ([]byte, error) {
	request.Header.Set("Accept", dohType)
	roundTripper := &http.Transport{
		DialContext:       dialerFrom(from).DialContext,
		TLSClientConfig:   &tls.Config{RootCAs: s.roots},
		ForceAttemptHTTP2: true,
	}
	defer roundTripper.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(request.Context(), answerWithin)
	defer cancel()
	response, err := roundTripper.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %s", response.Status)
	}
	if got := response.Header.Get("Content-Type"); got != dohType {
		return nil, fmt.Errorf("content type %q", got)
	}
	if response.ProtoMajor != 2 {
		return nil, errors.New("not over HTTP/2")
	}
	return io.ReadAll(response.Body)
}

func dialerFrom(from netip.Addr) *net.Dialer {
	return &net.Dialer{Timeout: answerWithin, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
}
