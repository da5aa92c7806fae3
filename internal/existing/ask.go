package existing

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/unheld"
	"github.com/auralink/auralink/zones"
)

// endpointsWildcard is asked for in any case: that it is there, and should not
// be, is what matters most.
const endpointsWildcard = "*.endpoints.neo4j.io."

// parallel is how many questions are asked at the same time.
const parallel = 16

// ViewNames returns the names of a view, and the wildcard of the custom
// endpoints.
func ViewNames(v zones.View) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(endpointsWildcard) {
			return
		}
		for _, zone := range v.Zones {
			for owner := range zone.All() {
				if owner.Name != endpointsWildcard && !yield(owner.Name) {
					return
				}
			}
		}
	}
}

// Ask asks a server for the addresses of each name, and for a name that nobody
// has below each wildcard. A name that is answered like the closest wildcard
// above it is taken to have no record of its own, unless wanted has just that
// answer for it; wanted may be nil. A server may refuse some of the names, as
// authoritative ones do that have no zone for them, and leave others unanswered, but
// not all: then the error is a [*Problem]. Names that have addresses, and whose other answers
// would keep clients from them or send browsers elsewhere, are a fault of the set.
func Ask(ctx context.Context, s Server, names iter.Seq[string], wanted *holdings.Set) (*Found, error) {
	a := &asking{server: s, wanted: wanted, all: make(map[string]holdings.Data)}
	ctx, a.stop = context.WithCancelCause(ctx)
	defer a.stop(nil)
	var group errgroup.Group
	group.SetLimit(parallel)
	for name := range names {
		if ctx.Err() != nil {
			a.leave(name)
			continue
		}
		group.Go(func() error {
			a.ask(ctx, name)
			return nil
		})
	}
	_ = group.Wait() // no question is the end of the others
	return a.found(context.Cause(ctx))
}

// said is what a server says of one name.
type said struct {
	data holdings.Data
	// odd is what is wrong with its answers for other types than those that have addresses, or
	// nil.
	odd *Problem
}

// ask asks for both families of one name and, where it has addresses, for what browsers ask as
// well. ours says that the name is a plan's, and none that public DNS has.
func (s Server) ask(ctx context.Context, name string, ours bool, tries int) (said, *Problem) {
	asked := name
	if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
		asked = unheld.Name(parent)
	}
	d := holdings.Data{TTL: holdings.NoTTL}
	var replies []*dns.Msg
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
		reply, problem := s.exchange(ctx, asked, qtype, tries)
		if problem == nil {
			problem = s.gather(&d, reply)
		}
		if problem != nil {
			return said{}, problem
		}
		replies = append(replies, reply)
	}
	if len(d.Addrs) == 0 {
		return said{data: d}, nil
	}
	d.Action = ""
	d.Addrs = holdings.SortedAddrs(d.Addrs)
	odd := s.contradiction(replies)
	if odd == nil && (ours || slices.ContainsFunc(d.Addrs, address.Private)) {
		odd = s.askAsBrowsers(ctx, asked, d.Addrs, tries)
	}
	return said{data: d, odd: odd}, nil
}

func question(name string, qtype uint16) string {
	return fmt.Sprintf("the %s record of %s", dns.Type(qtype), dnsname.TrimDot(name))
}
