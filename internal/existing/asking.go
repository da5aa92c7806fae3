package existing

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
)

const (
	// tries is how often a question is asked over UDP, which may lose it; patience is
	// how many questions stay without an answer until each is asked only once.
	tries    = 3
	patience = 16
	// hopeless is how many questions stay without an answer, of a server that has
	// answered none, until no more are asked; enough, of one that has answered some.
	hopeless = 4 * parallel
	enough   = 512
)

// errEnough is why a server is asked no more that answers some questions only.
var errEnough = errors.New("too many questions stay without an answer")

// asking is what one server has said so far.
type asking struct {
	server Server
	wanted *holdings.Set // what the names should have, or nil
	stop   context.CancelCauseFunc

	mu       sync.Mutex
	all      map[string]holdings.Data
	answered int
	silence  silence
	odd      silence // the names that have addresses, and other answers that contradict these
}

// ask asks for one name, and notes what becomes of it.
func (a *asking) ask(ctx context.Context, name string) {
	its, problem := a.server.ask(ctx, name, a.isOurs(name), a.tries())
	if (problem != nil || its.odd != nil) && ctx.Err() != nil {
		a.leave(name)
		return
	}
	defer a.server.tick(1) // when it is noted
	a.mu.Lock()
	defer a.mu.Unlock()
	if problem == nil {
		a.all[name] = its.data
		a.answered++
		if its.odd != nil {
			a.odd.add(name, its.odd)
		}
		return
	}
	a.all[name] = holdings.Data{Action: holdings.Unanswered, TTL: holdings.NoTTL}
	a.silence.add(name, problem)
	switch {
	case a.answered == 0 && a.silence.total >= hopeless, a.silence.total >= enough:
		a.stop(errEnough)
	}
}

// leave notes a name that is not asked for any more.
func (a *asking) leave(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all[name] = holdings.Data{Action: holdings.Unanswered, TTL: holdings.NoTTL}
}

func (a *asking) tries() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.silence.total >= patience {
		return 1
	}
	return tries
}

// found returns what was found; cut is why that is not all, or nil.
func (a *asking) found(cut error) (*Found, error) {
	switch {
	case a.answered > 0 || len(a.all) == 0:
	case a.silence.total > 0:
		return nil, a.silence.first()
	default:
		return nil, &Problem{Server: a.server.Address, Question: "the names of the topology", Err: cut}
	}
	if refused := a.allRefused(); refused != "" {
		return nil, &Problem{Server: a.server.Address, Question: question(refused, dns.TypeA) + ", and for every other", Rcode: dns.RcodeRefused}
	}
	return &Found{Set: a.set(), Unanswered: a.silence.names, UnansweredTotal: a.silence.total, Problem: a.silence.first(), Cut: cut}, nil
}

// allRefused returns the first of the names if the server refused them all, and
// else "".
func (a *asking) allRefused() string {
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
func (a *asking) set() *holdings.Set {
	b := holdings.NewBuilder()
	at := holdings.Place{File: a.server.Address}
	b.OnlyAddresses(at.File) // of what was not asked for nothing is known
	if a.odd.total > 0 {
		b.Unread(at, "%s, and answers for other types that contradict them: %s", spell.Counted(a.odd.total, "name has addresses", "names have addresses"), a.odd.first())
	}
	for name, d := range a.all {
		if a.byWildcard(name, d) && !a.isWanted(name, d) {
			continue
		}
		if strings.HasPrefix(name, "*.") && !d.Answers() && d.Action != holdings.Unanswered {
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
func (a *asking) byWildcard(name string, d holdings.Data) bool {
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

// isWanted reports whether a name should have exactly that.
func (a *asking) isWanted(name string, d holdings.Data) bool {
	e, there := a.entry(name)
	return there && e.Data().SameRecords(d)
}

// isOurs reports whether a name should have anything.
func (a *asking) isOurs(name string) bool {
	_, there := a.entry(name)
	return there
}

func (a *asking) entry(name string) (e holdings.Entry, there bool) {
	if a.wanted == nil {
		return e, false
	}
	return a.wanted.Entry(name)
}
