package holdings

import (
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// Data is what a name has.
type Data struct {
	// Addrs are its addresses, sorted, the IPv4 addresses first.
	Addrs []netip.Addr
	// Target is the absolute name to which a CNAME or a cloud's alias leads.
	Target string
	// Action is what is done instead of answering with records.
	Action Action
	// TTL is the shortest time to live of its records, in seconds, or [NoTTL].
	TTL uint32
	// Subtree says of a wildcard that it is a DNAME: what is below its parent is
	// below Target instead (RFC 6672).
	Subtree bool
	// Narrow says of a wildcard that servers differ in what it covers. For some it is
	// as in a zone: the names whose closest encloser is the wildcard's parent. For
	// others it is every name below that has no entry of its own.
	Narrow bool
	// OneLabel says of a wildcard that it covers only names directly below its parent.
	OneLabel bool
	// Once says that rules are not looked at again for Target, as those of response policy zones
	// are not: it has what zones say, or public DNS.
	Once bool
	// Referral is who has what the name has, where Action is Refer.
	Referral Referral
	// Partial says that questions for types that the name lacks are asked
	// elsewhere, instead of being answered with no data.
	Partial bool
	// Implied says that the name has this only because the source has the wildcard
	// below it: its syntax cannot say the one without the other.
	Implied bool
}

// NoTTL is the TTL of data whose source does not say it. It is longer than any
// (RFC 2181, section 8).
const NoTTL = math.MaxUint32

// Action is what a source is told to do with a name instead of answering with
// records: a policy action, as response policy zones call it (draft-vixie-dnsop-dns-rpz,
// section 3). What becomes of a question by it is its [Action.Outcome].
type Action string

// The actions; the empty one is to answer with what there is.
const (
	Passthru Action = "passthru" // asks elsewhere, whatever a wildcard says
	NXDomain Action = "nxdomain" // says that the name does not exist
	NoData   Action = "nodata"   // says that the name has no such records
	Drop     Action = "drop"     // does not answer, or refuses to
	Refer    Action = "refer"    // leaves it to others who are known
	// Unanswered: it was asked and did not answer, or was not asked yet. What the name
	// has is not known.
	Unanswered Action = "unanswered"
)

// Outcome is what becomes of a question for a name without records. A client
// cannot tell Drop from Unanswered. Whoever judges must, for what the latter has is not
// known.
func (a Action) Outcome() zones.Outcome {
	switch a {
	case Passthru:
		return zones.NotOurs
	case NXDomain:
		return zones.NXDomain
	case Drop, Unanswered:
		return zones.Dropped
	case Refer:
		return zones.Referred
	case NoData:
	}
	return zones.NoData
}

// Referral is who has an answer that the source leaves to others: one of its fields
// is set.
type Referral struct {
	// Servers are the ones that are asked, such as "10.0.0.2, 10.0.0.3#5353".
	Servers string
	// File is a file that was not read.
	File string
	// Topology is a topology by which a server of ours answers.
	Topology string
	// Name is another name, of which public DNS has the addresses.
	Name string
	// Record is the type of a record whose meaning is not known here.
	Record string
}

// String says where the answer is, in words that go after "the answer is".
func (r Referral) String() string {
	switch {
	case r.Servers != "":
		return "asked of " + r.Servers
	case r.File != "":
		return "in " + r.File + ", which is not read"
	case r.Topology != "":
		return "answered by " + r.Topology
	case r.Name != "":
		return "what public DNS has for " + r.Name
	default:
		return "what a record of type " + r.Record + " makes of it"
	}
}

// Several is what a name has that leads to one of several others, as weighted records do:
// to which one is not known.
var Several = Data{Action: Refer, Referral: Referral{Record: "CNAME with several targets"}, TTL: NoTTL}

// Mixed is what a name has that has addresses and leads to another one as well: which of
// the two is answered is not known.
var Mixed = Data{Action: Refer, Referral: Referral{Record: "A beside an alias"}, TTL: NoTTL}

// Exists is what a name has that exists, and of which nothing else is said by this. It may stand
// beside a CNAME.
var Exists = Data{TTL: NoTTL}

// Answers reports whether the name has addresses, or a target that may have some.
func (d Data) Answers() bool { return len(d.Addrs) > 0 || d.Target != "" }

// SameRecords reports whether d and other have the same addresses and target.
func (d Data) SameRecords(other Data) bool {
	return d.Target == other.Target && slices.Equal(d.Addrs, other.Addrs)
}

// V4 returns the IPv4 addresses.
func (d Data) V4() []netip.Addr { return zones.Addresses{Addrs: d.Addrs}.V4() }

// V6 returns the IPv6 addresses.
func (d Data) V6() []netip.Addr { return zones.Addresses{Addrs: d.Addrs}.V6() }

// String returns the data in a few words, such as "10.0.0.1, 10.0.0.2".
func (d Data) String() string {
	parts := make([]string, 0, len(d.Addrs)+1)
	for _, addr := range d.Addrs {
		parts = append(parts, addr.String())
	}
	if d.Target != "" {
		parts = append(parts, "→ "+dnsname.TrimDot(d.Target))
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case d.Action == "":
		return "no address"
	case d.Action == Refer:
		return d.Referral.String()
	default:
		return string(d.Action)
	}
}
