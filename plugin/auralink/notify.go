package auralink

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	coreparse "github.com/coredns/coredns/plugin/pkg/parse"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/notify"
	"github.com/auralink/auralink/internal/serve"
)

// secondaries is what a line of the property notify says.
type secondaries struct {
	addrs     []netip.AddrPort
	source    netip.Addr
	key       string // its name, "" for none
	algorithm string
}

// algorithms are those of TSIG that are no danger (RFC 8945, section 6), by the names
// that every server has for them.
var algorithms = map[string]string{
	"hmac-sha256": dns.HmacSHA256,
	"hmac-sha384": dns.HmacSHA384,
	"hmac-sha512": dns.HmacSHA512,
}

// parseNotify reads secondaries that are told of changes, each time that the property
// stands there.
func (a *Auralink) parseNotify(args []string) error {
	s := secondaries{algorithm: dns.HmacSHA256}
	for len(args) > 0 && args[0] != "key" && args[0] != "source" {
		addr, err := parseSecondary(args[0])
		if err != nil {
			return err
		}
		s.addrs, args = append(s.addrs, addr), args[1:]
	}
	if len(s.addrs) == 0 {
		return fmt.Errorf("notify takes the addresses of secondaries, and then, if need be, key NAME [ALGORITHM] and source IP")
	}
	for len(args) > 0 {
		var err error
		if args, err = s.parseWord(args); err != nil {
			return err
		}
	}
	a.secondaries = append(a.secondaries, s)
	return nil
}

func parseSecondary(text string) (netip.AddrPort, error) {
	host, err := coreparse.HostPort(text, transport.Port)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("notify: %q is not an address", text)
	}
	return netip.ParseAddrPort(host)
}

// parseWord reads a word and what belongs to it, and returns what stands behind.
func (s *secondaries) parseWord(args []string) ([]string, error) {
	switch word, rest := args[0], args[1:]; {
	case word == "key" && len(rest) > 0:
		s.key, rest = plugin.Name(rest[0]).Normalize(), rest[1:]
		if len(rest) == 0 || rest[0] == "source" {
			return rest, nil
		}
		algorithm, known := algorithms[dnsname.TrimDot(dnsname.Lower(rest[0]))]
		if !known {
			return nil, fmt.Errorf("notify: the algorithm is hmac-sha256, hmac-sha384 or hmac-sha512, got %q", rest[0])
		}
		s.algorithm = algorithm
		return rest[1:], nil
	case word == "source" && len(rest) > 0:
		source, err := netip.ParseAddr(rest[0])
		if err != nil {
			return nil, fmt.Errorf("notify: source takes an address, got %q", rest[0])
		}
		s.source = source
		return rest[1:], nil
	default:
		return nil, fmt.Errorf("notify takes addresses, key NAME [ALGORITHM] and source IP, got %q", word)
	}
}

// lookAtSecondaries finds who is to be told, and the keys for that.
func (a *Auralink) lookAtSecondaries(config *dnsserver.Config) error {
	a.toTell = nil
	if len(a.secondaries) > 0 && a.xfer == nil {
		return fmt.Errorf("notify has no meaning without the plugin transfer in the server block: add it, with the secondaries that may transfer")
	}
	for _, s := range a.secondaries {
		key, err := s.keyIn(config.TsigSecret)
		if err != nil {
			return err
		}
		for _, addr := range s.addrs {
			a.toTell = append(a.toTell, notify.Server{Addr: addr, Source: s.source, Key: key})
		}
	}
	if len(a.toTell) == 0 && a.xfer != nil {
		a.toTell = append(a.toTell, listed{a.xfer})
	}
	return nil
}

// keyIn returns the key with its secret, or nil if there is to be none.
func (s secondaries) keyIn(secrets map[string]string) (*notify.Key, error) {
	if s.key == "" {
		return nil, nil
	}
	secret, there := secrets[s.key]
	if !there {
		return nil, fmt.Errorf("notify: there is no key %q: give it to the plugin tsig in the server block, by secret or secrets", s.key)
	}
	return &notify.Key{Name: s.key, Algorithm: s.algorithm, Secret: secret}, nil
}

// listed are the secondaries that the transfer plugin knows of. It tells them without a
// signature, one after the other, and not which of them has not confirmed.
type listed struct{ *transfer.Transfer }

// Name implements notify.Secondary.
func (listed) Name() string { return "transfer" }

// Notify implements notify.Secondary. The other zones are told whatever became of one.
func (l listed) Notify(_ context.Context, zone string) error {
	if err := l.Transfer.Notify(zone); err != nil {
		return &notify.UnknownError{Err: err}
	}
	return nil
}

// settles is how long after the start secondaries are told: the server's sockets have
// to be open by then.
const settles = 2 * time.Second

// openNotifier begins to tell secondaries, of all that is served to begin with: what
// was before a restart is not known.
func (a *Auralink) openNotifier() {
	if len(a.toTell) == 0 {
		return
	}
	a.closeNotifier()
	a.notifier.Store(notify.Start(a.toTell, settles, log))
	a.notify(a.served.Load())
}

// closeNotifier ends it. It may be called more than once.
func (a *Auralink) closeNotifier() {
	if n := a.notifier.Swap(nil); n != nil {
		n.Close()
	}
}

// notify has the secondaries told that zones have changed. It does not wait for them.
func (a *Auralink) notify(s *serve.Snapshot) {
	n := a.notifier.Load()
	if n == nil {
		return
	}
	view, ok := a.certainView(s)
	if !ok {
		log.Warningf("topology %q has several VPCs: its zones cannot be transferred, "+
			"and secondaries keep what they have until it expires; name one with the property vpc", a.topology)
		return
	}
	origins := make([]string, len(view.Zones))
	for i, zone := range view.Zones {
		origins[i] = zone.Origin
	}
	n.Tell(origins)
}
