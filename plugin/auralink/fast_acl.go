package auralink

import (
	"net/netip"
	"strings"

	"github.com/coredns/coredns/plugin/acl"
	"github.com/coredns/coredns/plugin/pkg/transport"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// mostAdmitted bounds the clients that are remembered as admitted. Those that have
// asked least recently are forgotten first.
const mostAdmitted = 1 << 16

// admitted are the clients that the plugin acl, ahead of us, lets ask. Where its
// rules look at nothing else than the client, its verdict on one query holds for all
// of the same client. It keeps the verdict to itself; but a query that comes to us
// through it has been allowed. So the first query of a client takes the slow path,
// and those of one that may not ask take it always, where acl sees to them.
type admitted struct {
	clients *lru.Cache[netip.Addr, struct{}]
}

func newAdmitted() *admitted {
	clients, err := lru.New[netip.Addr, struct{}](mostAdmitted)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &admitted{clients}
}

// note remembers the client of a query that has come through acl. As acl does, it
// takes an IPv4-mapped address for IPv4, and ignores a zone.
func (a *admitted) note(client netip.Addr) {
	if a != nil {
		a.clients.Add(client.Unmap().WithZone(""), struct{}{})
	}
}

// has reports whether a client may ask. All may where there is no acl.
func (a *admitted) has(client netip.Addr) bool {
	if a == nil {
		return true
	}
	_, known := a.clients.Get(client)
	return known
}

// countAllowed counts a query that the fast path answers in the metric of acl.
func (l *listener) countAllowed() {
	l.allowed.get(func() prometheus.Counter {
		return acl.RequestAllowCount.WithLabelValues(transport.DNS+"://"+l.address, noView)
	}).Inc()
}

// plainACL reports whether what acl says depends on the client alone: all its rules
// are for all zones of the block and for all types. The plugin itself does not tell.
func (b *block) plainACL() bool {
	tokens := b.tokens("acl")
	for i, token := range tokens {
		switch strings.ToLower(token.Text) {
		case "acl":
			if i+1 == len(tokens) || tokens[i+1].Text != "{" { // zones stand here
				return false
			}
		case "{", "}", "allow", "block", "drop", "filter", "net", "*":
		default:
			if !isPrefix(token.Text) {
				return false
			}
		}
	}
	return len(tokens) > 0
}

// isPrefix reports whether the text is an address or a prefix.
func isPrefix(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(text)
	return err == nil
}
