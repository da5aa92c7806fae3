//go:build linux

package soak_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/miekg/dns"
	"github.com/pires/go-proxyproto"

	"github.com/auralink/auralink/test/network"
)

// hostile is all that strangers do, and a client gone wild.
type hostile struct {
	network *network.Network
	judge   *judge
	idle    int // connections to each server that say nothing

	mu     sync.Mutex
	counts map[string]int
}

// attacks are done to one server after the other.
var attacks = []struct {
	name  string
	every time.Duration
	do    func(h *hostile, ctx context.Context, server int) error
}{
	{"random octets", 100 * time.Millisecond, (*hostile).octets},
	{"fragments", 100 * time.Millisecond, (*hostile).fragments},
	{"half-open connections", 500 * time.Millisecond, (*hostile).idleConnections},
	{"half-open handshakes", 200 * time.Millisecond, (*hostile).handshakes},
	{"slow TLS", time.Second, (*hostile).slowTLS},
	{"slow HTTPS", time.Second, (*hostile).slowHTTPS},
	{"misses", 100 * time.Millisecond, (*hostile).misses},
	{"AXFR", 300 * time.Millisecond, (*hostile).transfers},
	{"forged ECS", 50 * time.Millisecond, (*hostile).subnets},
	{"forged PROXY", 200 * time.Millisecond, (*hostile).headers},
}

// run attacks until the context is done, and returns when all is closed.
func (h *hostile) run(ctx context.Context) {
	var all sync.WaitGroup
	for _, attack := range attacks {
		all.Go(func() {
			_ = h.network.Do(func() error {
				for n := 0; ctx.Err() == nil; n++ {
					if err := attack.do(h, ctx, n%len(serverAddrs)); err != nil {
						h.count(attack.name+" without success", 1)
					}
					wait(ctx, attack.every)
				}
				return nil
			})
		})
	}
	all.Wait()
}

func (h *hostile) count(what string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[what] += n
}

// leaked tells that somebody got what is not theirs.
func (h *hostile) leaked(c func(*counts) *int, format string, args ...any) {
	h.judge.count(func(k *counts) {
		*c(k)++
		h.judge.tell(format, args...)
	})
}

func at(server, port int) netip.AddrPort {
	return netip.AddrPortFrom(serverAddrs[server], uint16(port))
}

// from is a dialer's local address.
func from(addr netip.Addr) *net.UDPAddr { return net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)) }

// octets sends packets of random octets, over UDP and TCP.
func (h *hostile) octets(_ context.Context, server int) error {
	udp, err := net.DialUDP("udp", from(strangerAddrs[0]), net.UDPAddrFromAddrPort(at(server, plainPort)))
	if err != nil {
		return err
	}
	defer udp.Close()
	packet := make([]byte, 600)
	for n := range 50 {
		_, _ = rand.Read(packet)
		if _, err := udp.Write(packet[:n*12]); err != nil {
			return err
		}
		h.count("random octets", 1)
	}
	tcp, err := net.DialTimeout("tcp", at(server, plainPort).String(), tryWithin)
	if err != nil {
		return err
	}
	defer tcp.Close()
	_, err = tcp.Write(packet)
	return err
}

// idleConnections opens connections, as many as are allowed, says half a message on one
// of two, and closes them when the server has had them for a while.
func (h *hostile) idleConnections(ctx context.Context, server int) error {
	var conns []net.Conn
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	for n := 0; n < h.idle && ctx.Err() == nil; n++ {
		dialer := net.Dialer{Timeout: tryWithin, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(strangerAddrs[n%len(strangerAddrs)], 0))}
		conn, err := dialer.Dial("tcp", at(server, plainPort).String())
		if err != nil {
			return err
		}
		conns = append(conns, conn)
		h.count("half-open connections", 1)
		if n%2 == 0 {
			_, _ = conn.Write([]byte{0, 40, 1, 2})
		}
	}
	h.mu.Lock()
	h.counts["half-open connections at once"] = max(h.counts["half-open connections at once"], len(conns))
	h.mu.Unlock()
	wait(ctx, 2*time.Second)
	return nil
}

// slowTLS begins handshakes and sends an octet now and then.
func (h *hostile) slowTLS(ctx context.Context, server int) error {
	hello := []byte{22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3}
	return h.slowly(ctx, "slow TLS", server, tlsPort, func(conn net.Conn) (net.Conn, error) { return conn, nil }, hello)
}

// slowHTTPS does the same with the headers of a request.
func (h *hostile) slowHTTPS(ctx context.Context, server int) error {
	secured := func(conn net.Conn) (net.Conn, error) {
		secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		return secure, secure.HandshakeContext(ctx)
	}
	return h.slowly(ctx, "slow HTTPS", server, httpsPort, secured, []byte("POST /dns-query HTTP/1.1\r\n"))
}

// slowly opens connections and writes a text on each, octet by octet.
func (h *hostile) slowly(ctx context.Context, what string, server, port int, open func(net.Conn) (net.Conn, error), text []byte) error {
	const atOnce = 50
	var conns []net.Conn
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	for range atOnce {
		conn, err := net.DialTimeout("tcp", at(server, port).String(), tryWithin)
		if err != nil {
			return err
		}
		conns = append(conns, conn)
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		if conns[len(conns)-1], err = open(conn); err != nil {
			return err
		}
		h.count(what, 1)
	}
	for i := range text {
		for _, conn := range conns {
			_, _ = conn.Write(text[i : i+1]) // the server may have had enough
		}
		if wait(ctx, 300*time.Millisecond); ctx.Err() != nil {
			break
		}
	}
	return nil
}

// misses asks for names that are not ours, each once, as a client gone wild; of half of
// them the answer is not waited for.
func (h *hostile) misses(_ context.Context, server int) error {
	conn, err := net.DialUDP("udp", from(wildAddr), net.UDPAddrFromAddrPort(at(server, plainPort)))
	if err != nil {
		return err
	}
	defer conn.Close()
	for n := range 200 {
		m := new(dns.Msg).SetQuestion(fmt.Sprintf("%s.example.org.", rand.Text()), dns.TypeA)
		if n%2 == 0 {
			m.SetQuestion(rand.Text()+".endpoints.neo4j.io.", dns.TypeA)
		}
		packet, err := m.Pack()
		if err != nil {
			return err
		}
		if _, err := conn.Write(packet); err != nil {
			return err
		}
		h.count("misses", 1)
	}
	return nil
}

// transfers asks for zones, which strangers do not get.
func (h *hostile) transfers(_ context.Context, server int) error {
	for _, port := range []int{plainPort, transferPort} {
		dialer := net.Dialer{Timeout: tryWithin, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(strangerAddrs[1], 0))}
		conn, err := dialer.Dial("tcp", at(server, port).String())
		if err != nil {
			return err
		}
		transfer := dns.Transfer{Conn: &dns.Conn{Conn: conn}, ReadTimeout: tryWithin}
		envelopes, err := transfer.In(new(dns.Msg).SetAxfr(secondaryZones[0]+"."), "")
		if err != nil {
			return errors.Join(err, conn.Close())
		}
		for envelope := range envelopes {
			if len(envelope.RR) > 0 {
				h.leaked(func(k *counts) *int { return &k.never }, "%s gave a stranger its zone by port %d: %s", serverAddrs[server], port, envelope.RR[0])
			}
		}
		h.count("AXFR", 1)
	}
	return nil
}

// subnets asks as a client of batch that says to be one of apps: it has its own answers.
func (h *hostile) subnets(_ context.Context, server int) error {
	asked := h.judge.moment(server)
	all := names()
	n := all[int(asked.at.UnixNano()/1000)%len(all)]
	m := new(dns.Msg).SetQuestion(n.text, dns.TypeA).SetEdns0(1232, false)
	m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 32, Address: firstClient().AsSlice()})
	h.count("forged ECS", 1)
	reply, err := exchange(wildAddr, at(server, plainPort), "udp", m)
	if err != nil {
		return err
	}
	addrs, text, err := read(reply)
	if err != nil {
		return err
	}
	h.judge.judge(answer{asked: asked, by: wildAddr.String() + " with a forged subnet", vpc: clientAddrs[wildClient()], name: n, addrs: addrs, text: text, forged: true})
	return nil
}

// headers sends what a balancer would: a stranger gets no answer of a client by that.
func (h *hostile) headers(_ context.Context, server int) error {
	question, err := new(dns.Msg).SetQuestion("p."+secondaryZones[0]+".", dns.TypeA).Pack()
	if err != nil {
		return err
	}
	for _, port := range []int{plainPort, proxyPort} {
		for _, transport := range []string{"udp", "tcp"} {
			h.count("forged PROXY", 1)
			if err := h.header(server, port, transport, question); err != nil {
				return err
			}
		}
	}
	return nil
}

// header puts a question behind a header, over one transport.
func (h *hostile) header(server, port int, transport string, question []byte) error {
	to := at(server, port)
	var local, claimed, target net.Addr = from(strangerAddrs[2]), net.UDPAddrFromAddrPort(netip.AddrPortFrom(firstClient(), 4242)), net.UDPAddrFromAddrPort(to)
	if transport == "tcp" {
		question = slices.Concat([]byte{0, byte(len(question))}, question)
		local = net.TCPAddrFromAddrPort(netip.AddrPortFrom(strangerAddrs[2], 0))
		claimed, target = net.TCPAddrFromAddrPort(netip.AddrPortFrom(firstClient(), 4242)), net.TCPAddrFromAddrPort(to)
	}
	head, err := proxyproto.HeaderProxyFromAddrs(2, claimed, target).Format()
	if err != nil {
		return err
	}
	dialer := net.Dialer{Timeout: tryWithin, LocalAddr: local}
	conn, err := dialer.Dial(transport, to.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		return err
	}
	if _, err := conn.Write(append(head, question...)); err != nil {
		return err
	}
	reply, err := (&dns.Conn{Conn: conn}).ReadMsg()
	if err == nil && len(reply.Answer) > 0 {
		h.leaked(func(k *counts) *int { return &k.otherVPC }, "%s answered a stranger behind a forged header: %s", to, reply.Answer[0])
	}
	return nil // no answer is fine
}
