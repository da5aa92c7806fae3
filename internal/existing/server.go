package existing

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/hint"
)

// Server is a DNS server and how it is asked.
type Server struct {
	// Address is "host:port".
	Address string
	// From is the address to ask from; the zero Addr leaves it to the kernel.
	From netip.Addr
	// Key signs questions and transfers; nil for none.
	Key *Key
	// Timeout bounds the wait for one answer.
	Timeout time.Duration
	// Limits bound what is read of one zone; the zero ones are of the size of the view.
	Limits Limits
	// Progress is as in [Options].
	Progress func(n int)
}

// tick tells of progress.
func (s Server) tick(n int) {
	if s.Progress != nil {
		s.Progress(n)
	}
}

// DefaultTimeout is how long one answer is waited for.
const DefaultTimeout = 2 * time.Second

// server returns the server of a URL, with its key.
func (o Options) server(target Target) (Server, error) {
	server := Server{Address: target.Address, From: o.From, Timeout: DefaultTimeout, Progress: o.Progress}
	if target.TSIG == "" {
		return server, nil
	}
	text := target.TSIG
	if path, isFile := strings.CutPrefix(text, "@"); isFile {
		content, err := o.readKeyFile(path)
		if err != nil {
			return server, fmt.Errorf("reading the TSIG key: %w", err)
		}
		text = content
	}
	key, err := ParseKey(text)
	if err != nil {
		return server, hint.Add(err, "?tsig=hmac-sha256:NAME:SECRET, or ?tsig=@FILE with what tsig-keygen prints")
	}
	server.Key = key
	return server, nil
}

// client returns a client by "udp" or "tcp".
func (s Server) client(network string) *dns.Client {
	c := &dns.Client{Net: network, Timeout: s.Timeout, UDPSize: udpSize, Dialer: s.dialer(network)}
	if s.Key != nil {
		c.TsigSecret = s.Key.secrets()
	}
	return c
}

// udpSize is the largest answer over UDP that is sure not to be fragmented, in
// octets.
const udpSize = 1232

func (s Server) dialer(network string) *net.Dialer {
	d := &net.Dialer{Timeout: s.Timeout}
	if !s.From.IsValid() {
		return d
	}
	from := netip.AddrPortFrom(s.From, 0)
	if network == "udp" {
		d.LocalAddr = net.UDPAddrFromAddrPort(from)
	} else {
		d.LocalAddr = net.TCPAddrFromAddrPort(from)
	}
	return d
}

// sign signs a message, if there is a key.
func (s Server) sign(m *dns.Msg) *dns.Msg {
	if s.Key != nil {
		m.SetTsig(s.Key.Name, s.Key.Algorithm, fudge, time.Now().Unix())
	}
	return m
}

// fudge is how far the two clocks may be apart, in seconds (RFC 8945, section 10).
const fudge = 300

// maxKeyFile bounds a file with a key, in octets; a key is a few lines.
const maxKeyFile = 64 << 10

// readKeyFile reads a file with a TSIG key.
func (o Options) readKeyFile(path string) (string, error) {
	file, err := o.open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxKeyFile))
	return string(content), err
}
