package unbound

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// lastSays reports whether an option of the server has a value where it is said last.
func lastSays(list []clauses.Clause, key, value string) bool {
	all := allOf(list, key)
	return len(all) > 0 && all[len(all)-1].Value() == value
}

// listening notes the clients who cannot ask, for the server listens to no plain question by UDP
// that they could send.
func (c *config) listening(list []clauses.Clause) {
	last := func(key string) clauses.Option {
		all := allOf(list, key)
		return all[len(all)-1]
	}
	if lastSays(list, "do-udp", "no") {
		c.b.Refuses(holdings.AllClients, last("do-udp").Place, "do-udp: no has Unbound take no question by UDP, by which "+holdings.SomeOrAll+" ask")
	}
	for family, key := range []string{"do-ip4", "do-ip6"} {
		if lastSays(list, key, "no") {
			c.b.Unasked(holdings.AllClients[family:family+1], last(key).Place, "%s: no has Unbound listen at no address at which "+holdings.SomeOrAll+" can ask", key)
		}
	}
	c.proxied(list)
	c.listens(list)
}

// listens tells where the server listens. Where nothing is said that is at loopback alone, if the
// file is no part of another one, which may say it: if it says who may ask.
func (c *config) listens(list []clauses.Clause) {
	if lastSays(list, "interface-automatic", "yes") {
		return
	}
	var addresses []string
	at := holdings.Place{}
	for _, o := range allOf(list, "interface", "ip-address") {
		addresses, at = append(addresses, o.Value()), o.Place
	}
	if len(addresses) == 0 && len(c.nodes) > 0 {
		addresses, at = []string{"127.0.0.1", "::1"}, c.nodes[0].at
	}
	c.b.Listens(at, "Unbound", addresses...)
}

// proxied notes that all ports at which the server listens are for proxies, which say in front of a
// question whose it is.
func (c *config) proxied(list []clauses.Clause) {
	var behind []string
	for _, o := range allOf(list, "proxy-protocol-port") {
		behind = append(behind, o.Value())
	}
	if len(behind) == 0 {
		return
	}
	usual := "53"
	for _, o := range allOf(list, "port") {
		usual = o.Value()
	}
	ports := []string{}
	for _, o := range allOf(list, "interface", "ip-address") {
		_, port, _ := strings.Cut(o.Value(), "@")
		ports = append(ports, cmp.Or(port, usual))
	}
	if len(ports) == 0 {
		ports = append(ports, usual)
	}
	if !slices.ContainsFunc(ports, func(port string) bool { return !slices.Contains(behind, port) }) {
		c.b.Unread(allOf(list, "proxy-protocol-port")[0].Place, "proxy-protocol-port has Unbound answer proxies alone at all its ports: clients who ask it themselves get no answer, and those behind a load balancer that speaks that protocol do")
	}
}
