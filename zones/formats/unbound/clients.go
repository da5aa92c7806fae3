package unbound

import (
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// control is an option by which clients are told apart: a range, and what is said of it.
type control struct {
	clients netip.Prefix
	says    string
	at      holdings.Place
}

// controls returns what an option of the server says of ranges of clients.
func controls(list []clauses.Clause, key string) []control {
	var all []control
	for _, clause := range list {
		for _, o := range clause.Options {
			fields := strings.Fields(o.Value())
			if clause.Kind != "server" || o.Key != key || len(fields) != 2 {
				continue
			}
			if prefix, err := address.ParseRange(fields[0]); err == nil {
				all = append(all, control{prefix, fields[1], o.Place})
			}
		}
	}
	return all
}

// whose returns the clients of whom something is said that is wanted.
func whose(all []control, wanted func(says string) bool) holdings.Clients {
	var c holdings.Clients
	for _, one := range all {
		c = append(c, holdings.ClientRange{Range: one.clients, Not: !wanted(one.says)})
	}
	return c.LongestFirst()
}

// refused notes whom the server refuses all questions, where it says who may ask: all others
// but the machine itself are refused.
func (c *config) refused(list []clauses.Clause) {
	all := controls(list, "access-control")
	if len(all) == 0 {
		return
	}
	let := func(says string) bool {
		return strings.HasPrefix(says, "allow") || strings.HasSuffix(says, "_non_local")
	}
	c.b.Admits(whose(all, let), ".", all[0].at, "access-control refuses questions to some or all of the clients")
}
