package judge

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// heard is what all that were asked say of one name.
type heard struct {
	name doctor.Name
	// by is in the order of the evidence.
	by []hearing
}

// hearing is what one of them says.
type hearing struct {
	via    string
	system bool
	// judged is false where there was no answer to judge.
	judged bool
	addrs  []netip.Addr
	fault  fault
	// beside are faults that do not keep the name from its link.
	beside []fault
}

// thisMachine is what the machine's own way is called.
const thisMachine = "this machine"

// hearingOf judges what one of those that were asked says of a name.
func (j *judge) hearingOf(n doctor.Name, r *doctor.Resolution) hearing {
	h := hearing{via: r.Via.Server, system: r.Via.Way == doctor.WaySystem}
	if h.system {
		h.via = thisMachine
	}
	var empty *doctor.Answer // the first that has no addresses
	for i := range r.Answers {
		a := &r.Answers[i]
		if !usable(*a) || a.Type == "HTTPS" {
			continue
		}
		h.judged = true
		h.addrs = append(h.addrs, a.Addrs...)
		if len(a.Addrs) == 0 && empty == nil {
			empty = a
		}
	}
	switch {
	case !h.judged:
	case len(h.addrs) > 0:
		h.fault = j.strays(n, h)
		h.beside = j.besides(n, h, r)
	case j.lacksHalf(n, r): // the family that the link has was not answered
		h.judged = false
	default:
		h.fault = negative(n, h, *empty)
	}
	return h
}

// usable reports whether an answer says anything about the name.
func usable(a doctor.Answer) bool {
	return a.Outcome == doctor.Answered && (a.Rcode == "NOERROR" || a.Rcode == "NXDOMAIN" || a.Rcode == "" && len(a.Addrs) > 0)
}

// lacksHalf reports whether the question for the family of the link's addresses had no
// usable answer.
func (j *judge) lacksHalf(n doctor.Name, r *doctor.Resolution) bool {
	want := "A"
	if link, linked := j.Subject.Link(n.Region); linked && !slices.ContainsFunc(link.Addrs, netip.Addr.Is4) {
		want = "AAAA"
	}
	return slices.ContainsFunc(r.Answers, func(a doctor.Answer) bool { return a.Type == want && !usable(a) })
}

func texts(addrs []netip.Addr) string {
	words := make([]string, len(addrs))
	for i, addr := range addrs {
		words[i] = addr.String()
	}
	return strings.Join(words, ", ")
}

// answers is a line of evidence: who answers what, and what is wanted.
func answers(h hearing, name string, addr netip.Addr, wanted string) string {
	kind := "A"
	if addr.Is6() {
		kind = "AAAA"
	}
	return fmt.Sprintf("%s: %s %s %s (wanted: %s)", h.via, name, kind, addr, wanted)
}
