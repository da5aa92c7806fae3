package unbound

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// control is an option by which clients are told apart: a range, and what is said of it.
type control struct {
	clients netip.Prefix
	says    string
}

// controls returns what an option says of ranges of clients, the longest range first, for
// that counts.
func controls(list []clauses.Clause, key string) []control {
	var all []control
	for _, clause := range list {
		if clause.Kind != "server" {
			continue
		}
		for _, value := range clause.All(key) {
			fields := strings.Fields(value)
			if len(fields) != 2 {
				continue
			}
			prefix, err := address.ParseRange(fields[0])
			if err == nil {
				all = append(all, control{prefix, fields[1]})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b control) int { return cmp.Compare(b.clients.Bits(), a.clients.Bits()) })
	return all
}

// whose returns the clients of whom something is said that is wanted.
func whose(all []control, wanted func(says string) bool) holdings.Clients {
	var c holdings.Clients
	for _, one := range all {
		c = append(c, holdings.ClientRange{Range: one.clients, Not: !wanted(one.says)})
	}
	return c
}

// refused notes whom the server refuses all questions, where it says who may ask: all others
// but the machine itself are refused.
func (c *config) refused(list []clauses.Clause) {
	all := controls(list, "access-control")
	if len(all) == 0 {
		return
	}
	at := holdings.Place{File: c.in.Name}
	for _, clause := range list {
		for _, o := range clause.Options {
			if o.Key == "access-control" && at.Line == 0 {
				at = o.Place
			}
		}
	}
	let := func(says string) bool {
		return strings.HasPrefix(says, "allow") || strings.HasSuffix(says, "_non_local")
	}
	c.b.Admits(whose(all, let), ".", at, "access-control refuses questions to some or all of the clients")
}
