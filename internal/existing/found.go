package existing

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Found is what was found of somebody's DNS.
type Found struct {
	Set *holdings.Set
	// Unanswered are the first few names, without final dots, for which a server was
	// asked in vain; they are in Set with [holdings.Unanswered]. UnansweredTotal is how
	// many there are, and Problem what was wrong with one of them.
	Unanswered      []string
	UnansweredTotal int
	Problem         *Problem
	// Cut is why the reading ended before its time, or nil. What was not read by then
	// is in Set as unanswered: it may well be there.
	Cut error
	// ByClients says that others than those who are said to ask may have something else, and
	// can be asked for. Clients are those of whom Set is what they have: all that were given,
	// or where they have not all the same, some of them.
	ByClients bool
	Clients   []netip.Prefix
}

// silence is what a server was asked for in vain.
type silence struct {
	names    []string // the first few, sorted
	problems map[string]*Problem
	total    int
}

// maxNamed is how many names are kept that were asked for in vain.
const maxNamed = 10

func (s *silence) add(name string, p *Problem) {
	name = dnsname.TrimDot(name)
	s.total++
	at, _ := slices.BinarySearchFunc(s.names, name, cmp.Compare[string])
	s.names = slices.Insert(s.names, at, name)
	if s.problems == nil {
		s.problems = make(map[string]*Problem)
	}
	s.problems[name] = p
	if len(s.names) > maxNamed {
		delete(s.problems, s.names[maxNamed])
		s.names = s.names[:maxNamed]
	}
}

// first returns the problem with the first name, or nil.
func (s *silence) first() *Problem {
	if len(s.names) == 0 {
		return nil
	}
	return s.problems[s.names[0]]
}
