package auralink

import (
	"hash/maphash"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/sieve"
	"github.com/auralink/auralink/internal/wire"
)

// began is a moment from which time is told that nobody sets.
var began = time.Now()

// elapsed is the time since then.
func elapsed() time.Duration { return time.Since(began) }

// undeclaredLog says which undeclared custom endpoints are asked for: most often
// endpoints that nobody wrote into the topology. Each is logged once an hour, and
// whatever is asked for again and again comes before what was asked for once.
type undeclaredLog struct {
	sieve   *sieve.Sieve
	seed    maphash.Seed
	elapsed func() time.Duration
	printf  func(format string, args ...any)
	told    *sieve.Told[undeclaredName] // nil where nobody looks at it
}

// undeclaredName is what a VPC asks for.
type undeclaredName struct{ vpc, label string }

func newUndeclaredLog() *undeclaredLog {
	return &undeclaredLog{sieve: sieve.New(), seed: maphash.MakeSeed(), elapsed: elapsed, printf: log.Warningf}
}

// note logs a question for an undeclared endpoint of the zone, if it is one to log
// now. The name is as in the question, and in wire format.
func (u *undeclaredLog) note(zone *authority.Zone, qname string, name wire.Name) {
	hash := u.hash(zone, name)
	u.told.Happened(hash)
	if u.sieve.Tell(hash, u.elapsed()) {
		u.told.Tell(hash, undeclaredName{zone.View, endpointLabel(qname, zone.Origin)}, time.Now())
		u.printf("VPC %q asks for custom endpoint %q, which the topology does not declare: "+
			"add it to custom_endpoints with its region", zone.View, endpointLabel(qname, zone.Origin))
	}
}

// due is note for the fast path, which does not log. It reports whether the question
// is to be left to the slow path, which does. The time is as elapsed has it.
func (u *undeclaredLog) due(zone *authority.Zone, name wire.Name, now time.Duration) bool {
	if u == nil {
		return false
	}
	hash := u.hash(zone, name)
	if u.sieve.Due(hash, now) {
		return true // the slow path counts it
	}
	u.told.Happened(hash)
	return false
}

// hash tells apart the labels of endpoints that a VPC asks for.
func (u *undeclaredLog) hash(zone *authority.Zone, name wire.Name) uint64 {
	var h maphash.Hash
	h.SetSeed(u.seed)
	_, _ = h.Write(zone.Child(name)) // never fails, nor does the other
	_, _ = h.WriteString(zone.View)
	return h.Sum64()
}

// endpointLabel returns the label of qname next to origin, in lower case. The
// name is below the origin.
func endpointLabel(qname, origin string) string {
	labels := dns.SplitDomainName(dnsname.Lower(qname))
	return labels[len(labels)-dns.CountLabel(origin)-1]
}
