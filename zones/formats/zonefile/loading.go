package zonefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Server is a name server that reads zone files, as messages call it. Which zones it does
// not load was asked of it: BIND 9.18, NSD 4.6, Knot DNS 3.2, PowerDNS 4.7 with its bind
// backend, PowerDNS Recursor 4.8, Unbound 1.17, gdnsd 3.8, and CoreDNS's plugin file.
type Server string

// The servers.
const (
	BIND     Server = "BIND"
	NSD      Server = "NSD"
	Knot     Server = "Knot"
	PowerDNS Server = "PowerDNS"
	Recursor Server = "PowerDNS Recursor"
	Unbound  Server = "Unbound"
	CoreDNS  Server = "CoreDNS"
	GDNSD    Server = "gdnsd"
	// KnotResolver has no zones but policy zones.
	KnotResolver Server = "Knot Resolver"
	// Import is what takes a zone file into a cloud, which makes the SOA and the NS records
	// by itself.
	Import Server = "the import"
)

// refusal is a reason for which a zone is not loaded.
type refusal uint8

const (
	noSOA       refusal = iota // there is no SOA
	otherSOA                   // the SOA stands twice, and differs
	laterSOA                   // an SOA is not at the apex
	noNS                       // the apex has no NS
	unaddress                  // a server in the zone has no address
	beside                     // a CNAME is not alone
	below                      // there are records below a DNAME
	outside                    // a record is not in the zone
	unread                     // a record cannot be read
	badHost                    // an address has a name that no host has
	longTTL                    // a TTL is longer than the configuration allows
	noTTL                      // there is no TTL before the SOA
	behind                     // there is more behind a record's data
	brokenSOA                  // an SOA is not what an SOA is
	quotedData                 // an address is in quotes
	longText                   // a text is too long
	outOfRange                 // a number is too large
	shortDigest                // a digest is too short or too long
	miscounted                 // data of an unknown type has another length than it says
	signedAbove                // a signature is of fewer labels than its signer has
	generated                  // there is $GENERATE
	noDigest                   // there is no ZONEMD record and the configuration wants one, or it is wrong
	topDS                      // there is a DS at the apex
	hashes                     // the names are hashed in two ways, or in one that is not known
	returns                    // there is a carriage return outside comments and quotes
	within                     // there is one in quotes
	tooMany                    // a name has more records or types than the configuration allows
	mostOfType                 // a name has more records of a type than are allowed where nothing is said
	picky                      // BIND alone looks at something that others leave
	inPart                     // some servers, which the fault names, do not take something
	badTarget                  // a record leads to a name that no host has
	keyless                    // there is a CDS or a CDNSKEY without a key of its algorithm
)

// refuses says what the servers do not load.
var refuses = map[refusal][]Server{
	noSOA:     {BIND, NSD, Knot, PowerDNS, CoreDNS, GDNSD},
	otherSOA:  {BIND, NSD, GDNSD},
	laterSOA:  {BIND, NSD, CoreDNS, GDNSD},
	noNS:      {BIND, GDNSD},
	unaddress: {BIND},
	beside:    {BIND, NSD, Knot, GDNSD, Import},
	below:     {NSD, Knot},
	outside:   {NSD, PowerDNS, GDNSD},
	unread:    {BIND, NSD, Knot, Unbound, Recursor, CoreDNS, GDNSD, Import},
	badHost:   {BIND},
	longTTL:   {BIND},

	noTTL:       {BIND},
	behind:      {BIND, NSD, Knot, CoreDNS, GDNSD, Import},
	brokenSOA:   {BIND, NSD, Knot, PowerDNS, Recursor, CoreDNS, GDNSD},
	quotedData:  {BIND, Knot, Unbound, GDNSD},
	longText:    {BIND, NSD, Unbound},
	outOfRange:  {BIND, Knot, CoreDNS, GDNSD},
	shortDigest: {BIND, GDNSD},
	miscounted:  {BIND, Knot, CoreDNS, GDNSD},
	signedAbove: {BIND},
	noDigest:    {Knot, Unbound},
	topDS:       {BIND},
	hashes:      {Knot},
	returns:     {Knot, GDNSD},
	within:      {Knot},
	tooMany:     {BIND, Knot},
	mostOfType:  {BIND},
	generated:   {NSD, Knot, Unbound, GDNSD},
	picky:       {BIND},
	inPart:      {BIND, NSD, Knot},
	badTarget:   {BIND},
	keyless:     {BIND},
}

// loading looks for what keeps a zone from being loaded by a server; a nil one for nothing.
type loading struct {
	b      *holdings.Builder
	server Server
	origin string
	at     holdings.Place // of what says that the zone is
	// bare says that nothing but the file itself says that there is such a zone: what
	// checks of a configuration alone refuse is no fault of it, and what BIND alone
	// refuses is a note, for nobody knows which server has it.
	bare bool
	// exported says that the file is one of an export of ours, which has configurations
	// for BIND and others beside it: BIND is to load it.
	exported  bool
	maxTTL    uint32 // as in a Named, like anyHost
	anyHost   bool
	most      Most
	verified  Verification // as in a Named, like maxSize
	maxSize   uint64
	size      uint64 // of the records, so far as it is known
	sized     string // the last of them
	digesting digesting
	counts    map[string]map[string]*counted // of records by owner and type, where they are counted
	counting  string                         // the owner of those that stand together, and run which of these they are
	run       int
	hashed    string // the data of the zone's NSEC3PARAM
	keys      keys   // of the zone
	soa       *dns.SOA
	ns        []*dns.NS
	early     []Record // of servers, before it is known what the zone is
	nsAt      holdings.Place
	foreign   bool                                 // there are records that other servers have than these
	policy    *policy                              // nil for a zone that is asked for
	held      map[string]holding                   // what names have, for gdnsd
	plugins   func(kind, data string) (why string) // as Named has it
	refused   map[refusal]bool
	messages  []func()
}

// is reports whether the server does not load a zone for a reason.
func (l *loading) is(why refusal) bool {
	switch {
	case l == nil:
		return false
	case l.policy != nil:
		return slices.Contains(refusesPolicy[why], l.server)
	default:
		return slices.Contains(refuses[why], l.server)
	}
}

// refuse keeps a reason; of each the first.
func (l *loading) refuse(why refusal, at holdings.Place, format string, args ...any) {
	if !l.is(why) || l.refused[why] {
		return
	}
	if l.refused == nil {
		l.refused = make(map[refusal]bool)
	}
	l.refused[why] = true
	text := fmt.Sprintf(format, args...)
	l.messages = append(l.messages, func() { l.b.NotLoaded(l.hosted(why), at, "%s", text) })
}

// hosted returns the zone for the server that refuses it for a reason. Where BIND alone
// does so, but for gdnsd, which is rare, and nobody knows whether it has the file, the server is guessed.
func (l *loading) hosted(why refusal) holdings.Hosted {
	others := slices.ContainsFunc(refuses[why], func(s Server) bool { return s != BIND && s != GDNSD })
	guessed := l.bare && !l.exported && l.server == BIND && !others
	h := holdings.Hosted{Server: string(l.server), Origin: l.origin, Guessed: guessed, Vital: l.isVital(why)}
	if l.policy != nil {
		h.Policy = l.policy.name
	}
	return h
}

// isVital reports whether the server does not start where it does not load the zone for a reason.
// CoreDNS does so by plugin, which its reader knows.
func (l *loading) isVital(why refusal) bool {
	switch l.server {
	case GDNSD, Recursor:
		return true
	case Unbound:
		return why != generated && why != noDigest
	default:
		return false
	}
}

// see looks at a record, and reports whether it is in the zone.
func (l *loading) see(rec Record) bool {
	if l.origin != "." && !dnsname.AtOrBelow(rec.Owner, l.origin) {
		if l.server != GDNSD || rec.Type != "A" && rec.Type != "AAAA" { // whose addresses may be glue
			l.refuse(outside, rec.Place, "%s is not in it", dnsname.TrimDot(rec.Owner))
		}
		return false
	}
	l.seeSettings(rec)
	l.seeTypes(rec)
	l.count(rec)
	l.measure(rec)
	switch rr := rec.RR.(type) {
	case *dns.SOA:
		l.seeSOA(rr, rec)
	case *dns.CNAME:
		if rec.Owner == l.origin && rec.Type == "CNAME" {
			l.refuse(beside, rec.Place, "its apex has a CNAME beside its SOA")
		}
	case *dns.NS:
		if rec.Owner == l.origin {
			l.ns, l.nsAt = append(l.ns, rr), rec.Place
		}
	}
	return true
}

// seeData looks for data of a record at the apex that keeps the zone from being loaded, and takes that
// of all records where the zone's digest is looked at.
func (l *loading) seeData(rec Record, f fields) {
	if l == nil {
		return
	}
	if l.verified != Unverified && dnsname.AtOrBelow(rec.Owner, l.origin) {
		l.digesting.take(rec, f, l.origin)
	}
	if l.plugins != nil && dynamic[f.kind] {
		if why := l.plugins(f.kind, f.word(0)); why != "" {
			l.refuse(unread, rec.Place, "its %s record of %s: %s", f.kind, dnsname.TrimDot(rec.Owner), why)
		}
	}
	l.seeTarget(rec, f)
	if rec.Owner != l.origin {
		return
	}
	l.keys.take(rec, f)
	switch f.kind {
	case "DS":
		l.refuse(topDS, rec.Place, "it has a DS record at its apex")
	case "NSEC3PARAM":
		data := strings.ToLower(strings.Join(f.data, " "))
		if l.hashed != "" && l.hashed != data {
			l.refuse(hashes, rec.Place, "it has two NSEC3PARAM records, which differ")
		}
		if l.hashed = data; f.word(0) != "1" {
			l.refuse(hashes, rec.Place, "its NSEC3PARAM has the algorithm %s, and 1 alone is known", shown(f.word(0)))
		}
	}
}

// seeSettings looks at a record by what a configuration says of all.
func (l *loading) seeSettings(rec Record) {
	if l.maxTTL > 0 && rec.RR != nil && rec.RR.Header().Ttl > l.maxTTL {
		l.refuse(longTTL, rec.Place, "its TTL of %d s is longer than max-zone-ttl, %d s", rec.RR.Header().Ttl, l.maxTTL)
	}
	if kind := nameOf(rec.Type); hosted[kind] && !l.bare && !l.anyHost && !isHost(rec.Owner) && !isExcepted(rec.Owner, kind) {
		l.refuse(badHost, rec.Place, "%s has an address, and is no name of a host (check-names)", dnsname.TrimDot(rec.Owner))
	}
}

// answered are the types of records that gdnsd has.
var answered = map[string]bool{
	"SOA": true, "A": true, "AAAA": true, "NS": true, "PTR": true, "CNAME": true, "MX": true, "SRV": true, "TXT": true, "NAPTR": true, "CAA": true,
	"DYNA": true, "DYNC": true,
}

// seeTypes looks for what gdnsd alone refuses: most types by their names, and an alias twice.
func (l *loading) seeTypes(rec Record) {
	if l.server != GDNSD {
		return
	}
	if !answered[rec.Type] && !rfc3597.MatchString(rec.Type) {
		l.refuse(unread, rec.Place, "it has no records of type %s", rec.Type)
	}
	l.seeBeside(rec)
}

func (l *loading) seeSOA(rr *dns.SOA, rec Record) {
	switch {
	case rec.Owner != l.origin:
		l.refuse(laterSOA, rec.Place, "there is an SOA at %s, which is not its apex", dnsname.TrimDot(rec.Owner))
	case l.soa == nil:
		l.soa = rr
	case l.server == NSD || l.server == GDNSD || *l.soa != *rr:
		l.refuse(otherSOA, rec.Place, "its SOA stands twice")
	}
}

// central reports whether the server takes the paths of $INCLUDE from its own directory,
// which a configuration says. Knot and CoreDNS take them from the file's.
func (l *loading) central() bool {
	return l != nil && !l.bare && (l.server == BIND || l.server == NSD || l.server == PowerDNS)
}

// before looks at a record of a file that has its zones itself, before the first of them.
func (l *loading) before(rec Record) {
	if rec.Type == "NS" {
		l.early = append(l.early, rec)
	}
}

// begin says of a file that has its zones itself of which one the next records are.
func (l *loading) begin(origin, file string) {
	switch {
	case l.origin == "":
		l.origin = origin
		for _, rec := range l.early {
			l.see(rec)
		}
	case file != "" && l.origin != origin:
		l.end(file)
		*l = loading{b: l.b, server: l.server, bare: true, exported: l.exported, at: l.at, origin: origin, foreign: l.foreign}
	}
}

// odd looks at a record of a type that is not one of DNS.
func (l *loading) odd(rec Record) {
	if l != nil && foreign[rec.Type] {
		l.foreign = true
	}
	if l != nil && l.server == GDNSD && dynamic[rec.Type] {
		return
	}
	l.wrong(rec.Place, fmt.Errorf("%s is not a type of DNS", rec.Type))
}

// wrong looks at an entry that is no record.
func (l *loading) wrong(at holdings.Place, why error) {
	kind := unread
	if its := (*unsoundError)(nil); errors.As(why, &its) {
		if kind = its.why; l != nil && its.by != nil && !slices.Contains(its.by, l.server) {
			return
		}
	}
	l.refuse(kind, at, "a record cannot be read: %v", why)
}

// end says what keeps the zone from being loaded, once all of it was seen. Files with
// records that these servers do not have are for others.
func (l *loading) end(file string) {
	if l.foreign && l.bare || l.origin == UnknownOrigin {
		return
	}
	switch {
	case l.soa != nil:
	case l.bare && len(l.ns)+len(l.early) == 0: // it may be meant for $INCLUDE
		l.b.Note(l.at, "there is no SOA and no NS: this is taken for a part of a zone, and no server loads it by itself")
	case l.server == Unbound: // which loads it
		l.b.UnreadBelow(l.origin, l.at, "zone %s has no SOA, and Unbound answers SERVFAIL to all questions for what it lacks, such as the AAAA of names with an A", dnsname.TrimDot(l.origin))
	default:
		l.refuse(noSOA, l.at, "it has no SOA")
	}
	if len(l.ns) == 0 && l.soa != nil {
		l.refuse(noNS, l.at, "it has no NS record at its apex")
	}
	l.endMeasured()
	if why, at := l.keys.lacking(); why != "" {
		l.refuse(keyless, at, "%s", why)
	}
	for _, say := range l.messages {
		say()
	}
	l.require(file)
}

// require says what the zone's names must be that are known once all was read.
func (l *loading) require(file string) {
	require := func(kind holdings.ConditionKind, why refusal, name string, at holdings.Place) {
		l.b.Require(holdings.Condition{Kind: kind, Hosted: l.hosted(why), Name: name, Place: at})
	}
	if l.is(unaddress) {
		for _, ns := range l.ns {
			if l.origin == "." || dnsname.AtOrBelow(ns.Ns, l.origin) {
				require(holdings.Addressed, unaddress, ns.Ns, l.nsAt)
			}
		}
	}
	if l.is(beside) {
		require(holdings.Alone, beside, "", holdings.Place{File: file})
	}
	if l.is(mostOfType) && !l.most.Said {
		require(holdings.Few, mostOfType, "", holdings.Place{File: file})
	}
	if l.is(below) {
		require(holdings.Childless, below, "", holdings.Place{File: file})
	}
}
