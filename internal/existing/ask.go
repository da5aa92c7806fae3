package existing

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// endpointsWildcard is asked for in any case: that it is there, and should not
// be, is what matters most.
const endpointsWildcard = "*.endpoints.neo4j.io."

const (
	parallel = 16 // questions at the same time
	tries    = 3  // over UDP, which may lose them
)

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
// authoritative ones do that have no zone for them, but not all. The error is a
// [*Problem].
func Ask(ctx context.Context, s Server, names iter.Seq[string], wanted *holdings.Set) (*holdings.Set, error) {
	var answers answers
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for name := range names {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			data, err := s.ask(ctx, name)
			if err == nil {
				answers.add(name, data)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if refused := answers.allRefused(); refused != "" {
		return nil, &Problem{Server: s.Address, Question: question(refused, dns.TypeA) + ", and for every other", Rcode: dns.RcodeRefused}
	}
	return answers.set(s.Address, wanted), nil
}

// ask asks for both families of one name.
func (s Server) ask(ctx context.Context, name string) (holdings.Data, error) {
	asked := name
	if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
		asked = randomLabel(maxName-len(parent)-1) + "." + parent
	}
	d := holdings.Data{TTL: holdings.NoTTL}
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
		reply, err := s.exchange(ctx, asked, qtype)
		if err != nil {
			return d, err
		}
		gather(&d, reply)
	}
	if len(d.Addrs) > 0 {
		d.Action = ""
	}
	slices.SortFunc(d.Addrs, netip.Addr.Compare)
	d.Addrs = slices.Compact(d.Addrs)
	return d, nil
}

// maxName is the longest absolute name, in octets: 255 on the wire less the first
// length octet (RFC 1035, section 2.3.4).
const maxName = 254

// randomLabel returns a label that no host has, as far as that can be said in so
// many octets. There is room for one, where there is for a wildcard.
func randomLabel(room int) string {
	text := strings.ToLower(rand.Text()[:16])
	if label := "auralink-" + text; len(label) <= room {
		return label
	}
	return text[:min(len(text), room)]
}

// gather adds what an answer says. A TTL counts only where it comes from the
// zone, and not from a cache.
func gather(d *holdings.Data, reply *dns.Msg) {
	found := false
	for _, rr := range reply.Answer {
		var addr netip.Addr
		switch rr := rr.(type) {
		case *dns.A:
			addr, _ = netip.AddrFromSlice(rr.A.To4())
		case *dns.AAAA:
			addr, _ = netip.AddrFromSlice(rr.AAAA)
		}
		if !addr.IsValid() {
			continue
		}
		found = true
		d.Addrs = append(d.Addrs, addr)
		if reply.Authoritative {
			d.TTL = min(d.TTL, rr.Header().Ttl)
		}
	}
	switch {
	case found:
	case reply.Rcode == dns.RcodeRefused:
		d.Action = holdings.Drop
	case reply.Rcode == dns.RcodeNameError:
		d.Action = holdings.NXDomain
	case d.Action == "":
		d.Action = holdings.NoData
	}
}

// exchange asks one question, over UDP and, if the answer does not fit, TCP.
func (s Server) exchange(ctx context.Context, name string, qtype uint16) (*dns.Msg, error) {
	m := new(dns.Msg).SetQuestion(name, qtype)
	m.SetEdns0(udpSize, false)
	var reply *dns.Msg
	var err error
	for range tries {
		reply, _, err = s.client("udp").ExchangeContext(ctx, m, s.Address)
		if err == nil && reply.Truncated {
			reply, _, err = s.client("tcp").ExchangeContext(ctx, m, s.Address)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	problem := &Problem{Server: s.Address, Question: question(name, qtype), Err: err}
	if err != nil {
		return nil, problem
	}
	switch reply.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError, dns.RcodeRefused:
		return reply, nil
	default:
		problem.Rcode = reply.Rcode
		return nil, problem
	}
}

func question(name string, qtype uint16) string {
	return fmt.Sprintf("the %s record of %s", dns.Type(qtype), dnsname.TrimDot(name))
}

// answers are what a server has said so far.
type answers struct {
	mu  sync.Mutex
	all map[string]holdings.Data
}

func (a *answers) add(name string, d holdings.Data) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = make(map[string]holdings.Data)
	}
	a.all[name] = d
}

// allRefused returns the first of the names if the server refused them all, and
// else "".
func (a *answers) allRefused() string {
	first := ""
	for name, d := range a.all {
		if d.Action != holdings.Drop {
			return ""
		}
		if first == "" || name < first {
			first = name
		}
	}
	return first
}

// set returns the answers as what the server has.
func (a *answers) set(server string, wanted *holdings.Set) *holdings.Set {
	b := holdings.NewBuilder()
	at := holdings.Place{File: server}
	for name, d := range a.all {
		if a.byWildcard(name, d) && !isWanted(wanted, name, d) {
			continue
		}
		if strings.HasPrefix(name, "*.") && !d.Answers() {
			continue // there is no wildcard
		}
		if d.Action == holdings.Drop {
			continue // it has no zone for the name, so that others are asked
		}
		b.Add(name, d, at)
	}
	return b.Set()
}

// byWildcard reports whether a name is answered like the closest wildcard above
// it.
func (a *answers) byWildcard(name string, d holdings.Data) bool {
	if strings.HasPrefix(name, "*.") || !d.Answers() {
		return false
	}
	for parent := name; parent != ""; {
		parent = dnsname.Parent(parent)
		if wildcard, asked := a.all["*."+parent]; asked {
			return wildcard.SameRecords(d)
		}
	}
	return false
}

// isWanted reports whether a set has exactly that for a name.
func isWanted(wanted *holdings.Set, name string, d holdings.Data) bool {
	if wanted == nil {
		return false
	}
	e, there := wanted.Entry(name)
	return there && e.Data().SameRecords(d)
}
