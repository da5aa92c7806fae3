package holdings

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// Builder makes a [Set] from what readers find.
type Builder struct {
	sourced    sourced
	apart      string                    // names at or below it are passed to tell, and not kept
	tell       func(name string, d Data) // nil to keep all
	idle       bool                      // nothing is kept
	rows       []row
	data       []Data
	byText     map[string]int32   // index into data
	merged     map[[2]int32]int32 // what two pieces of data make together
	claims     map[key]claim
	apexes     map[int32][]key     // of zones, by the part that has them
	identities map[string][]string // of zones, by origin
	mentions   map[string][]mention
	parts      map[part]int32
	newest     part     // the last one that was asked for
	at         int32    // its index
	names      []string // of files, by part
	notes      []noteOf
	noted      map[noteKind]int
	sources    []Source
	faults     []fault // that concern some clients alone
	listens    []listening
	conditions []Condition
	terse      map[int32]bool
	endings    []ending
	keys       strings.Builder
	last       int32 // index into data of what was added last
	networks   networks
	fallbacks  map[string]fallback // by origin
	shared     map[string]Ender    // by kind
	spared     []string            // of what is noted now
	view
}

// Leads notes to which region addresses lead.
func (b *Builder) Leads(addrs []netip.Addr, region string) {
	if b.regions == nil {
		b.regions = make(map[netip.Addr][]string)
	}
	for _, addr := range addrs {
		if known := b.regions[addr]; !slices.Contains(known, region) {
			b.regions[addr] = append(known, region)
		}
	}
}

// AskedFrom notes the ranges of the clients; there may be none.
func (b *Builder) AskedFrom(ranges []netip.Prefix) { b.clients = &ranges }

// NewBuilder returns a builder of an empty set.
func NewBuilder() *Builder {
	return &Builder{
		byText: make(map[string]int32),
		merged: make(map[[2]int32]int32),
		claims: make(map[key]claim),
		apexes: make(map[int32][]key),
		parts:  make(map[part]int32),

		identities: make(map[string][]string),
		mentions:   make(map[string][]mention),
		noted:      make(map[noteKind]int),
		terse:      make(map[int32]bool),
		networks:   newNetworks(),
		fallbacks:  make(map[string]fallback),
		shared:     make(map[string]Ender),
	}
}

// NewTeller returns a builder that keeps nothing of the names at or below origin,
// an absolute, lower-case name. It calls tell with each piece of what one of them
// has, in the order in which it is read; its set has all other names.
func NewTeller(origin string, tell func(name string, d Data)) *Builder {
	b := NewBuilder()
	b.apart, b.tell = origin, tell
	return b
}

// NewIdler returns a builder that keeps nothing at all.
func NewIdler() *Builder {
	b := NewBuilder()
	b.idle = true
	return b
}

// tells reports whether what a name has is told, and not kept.
func (b *Builder) tells(name string) bool { return b.tell != nil && dnsname.AtOrBelow(name, b.apart) }

// Add adds to what a name has: names that were added before have both. The name
// is absolute and lower-case.
func (b *Builder) Add(name string, d Data, at Place) {
	b.add(part{file: at.File}, name, d, noClaim, at)
}

// AddIn is Add for what is in a zone of that origin, an absolute, lower-case name. The
// data is dropped where another zone, of any file, is closer to the name. An empty origin
// is that of a zone that is not known.
func (b *Builder) AddIn(origin, name string, d Data, at Place) {
	b.AddInZone(origin, "", name, d, at)
}

// AddInZone is AddIn for one of several zones of that origin, by its identity; "" where that is
// not known.
func (b *Builder) AddInZone(origin, identity, name string, d Data, at Place) {
	its := part{at.File, origin, identity}
	if !b.idle && origin != "" {
		b.hasZone(b.partOf(its), origin)
	}
	b.add(its, name, d, noClaim, at)
}

// InZone notes that a file has a zone, whether or not it has anything in it.
func (b *Builder) InZone(file, origin string) {
	if !b.idle && origin != "" {
		b.hasZone(b.part(file, origin), origin)
	}
}

// AddRule is Add for a rule of a response policy. Where a rule has the name, or covers
// it, what zones have of the name is dropped, unless the rule says to pass on (Passthru).
func (b *Builder) AddRule(name string, d Data, at Place) {
	b.add(part{file: at.File}, name, d, ruleClaim, at)
}

func (b *Builder) add(its part, name string, d Data, claim int32, at Place) {
	switch {
	case b.idle:
	case b.tells(name):
		b.tell(name, d)
	default:
		b.rows = append(b.rows, row{key: b.key(name), data: b.intern(d), claim: claim, part: b.partOf(its), line: int32(at.Line)})
	}
}

// OnlyAddresses notes that a source says which names have which addresses, and nothing
// of what becomes of any other question.
func (b *Builder) OnlyAddresses(file string) { b.terse[b.part(file, "")] = true }

// grow makes room for so many more names at once.
func (b *Builder) grow(names int) { b.rows = slices.Grow(b.rows, names) }

// Claim adds a claim. Of several with one origin
//   - the first stays,
//   - but a zone goes before what leaves to others all that it lacks,
//   - a delegation has the servers of all, and
//   - a zone leaves to others what it lacks if one of them says so.
func (b *Builder) Claim(c Claim) {
	if b.idle || b.tells(c.Origin) {
		return
	}
	b.sourced.see(c)
	b.claim(keyOf(c.Origin), c)
}

// claim is Claim for a key.
func (b *Builder) claim(k key, c Claim) {
	first, there := b.claims[k]
	switch {
	case there && first.Cut && c.Cut && first.Referral != c.Referral:
		first.Referral.Servers += ", " + c.Referral.Servers
		b.claims[k] = first
	case there && c.Zone && first.Zone && c.Miss == Passthru && first.Miss == NXDomain: // it is said to fall back
		first.Miss = Passthru
		b.claims[k] = first
	case !there || c.Zone && !first.Zone && first.Miss != NXDomain:
		b.claims[k] = claim{key: k, Claim: c, source: b.sourced.now}
	}
}

// Set returns the set. The builder must not be used any more.
func (b *Builder) Set() *Set {
	if b.sourced.now != "" {
		b.From(together)
	}
	b.endShared()
	b.choose()
	b.checkMentions()
	b.checkForwards()
	b.claimFallbacks()
	slices.SortFunc(b.rows, func(a, b row) int {
		return cmp.Or(strings.Compare(string(a.key), string(b.key)), cmp.Compare(a.claim, b.claim), cmp.Compare(a.part, b.part), cmp.Compare(a.line, b.line))
	})
	b.checkRows()
	s := &Set{files: b.names, terse: b.terse, view: b.view, byKey: make(map[key]int32, len(b.claims)), sources: b.sources, endings: sortEndings(b.endings)}
	for _, c := range b.claims {
		s.claims = append(s.claims, c)
	}
	slices.SortFunc(s.claims, func(a, b claim) int { return cmp.Compare(a.key, b.key) })
	for i, c := range s.claims {
		s.byKey[c.key] = int32(i)
	}
	s.rows = b.rows[:0] // in place: there are never more of them than were read
	apexes := b.zones()
	var same []int32 // what the last row of s has, piece by piece
	last := func() {
		if len(same) > 1 {
			s.rows[len(s.rows)-1].data = b.merge(same)
		}
	}
	for _, r := range b.rows {
		if len(apexes) > 0 && r.claim != ruleClaim && hidden(r.key, b.apexes[r.part], apexes) {
			continue
		}
		if r.claim != ruleClaim {
			r.claim = s.claimAt(r.key)
		}
		if at := len(s.rows) - 1; at >= 0 && s.rows[at].key == r.key && s.rows[at].claim == r.claim {
			same = append(same, r.data)
			continue
		}
		last()
		s.rows, same = append(s.rows, r), append(same[:0], r.data)
	}
	last()
	s.data = b.data
	s.rewrites = slices.ContainsFunc(s.data, func(d Data) bool { return d.Subtree })
	s.index()
	b.checkServers(s)
	b.checkNetworks()
	s.seen, s.stated = b.networks.seen, b.networks.stated
	s.notes, s.faults = b.notesOf()
	s.listens = b.listens
	return s
}

// key returns a name's key, packed with others: five million strings of their
// own would each cost the allocator a third more.
func (b *Builder) key(name string) key {
	if strings.Contains(name, `\`) {
		return keyOf(name)
	}
	name = dnsname.TrimDot(name)
	if b.keys.Cap()-b.keys.Len() < len(name) {
		b.keys = strings.Builder{}
		b.keys.Grow(max(chunk, len(name)))
	}
	start := b.keys.Len()
	for name != "" {
		at := strings.LastIndexByte(name, '.')
		b.keys.WriteString(name[at+1:])
		if at < 0 {
			break
		}
		b.keys.WriteByte(0)
		name = name[:at]
	}
	return key(b.keys.String()[start:])
}

// chunk is how many octets of keys are allocated at once.
const chunk = 64 << 10

// intern returns the index of data, which most names share with the one before.
func (b *Builder) intern(d Data) int32 {
	if len(b.data) == 0 || !b.data[b.last].equal(d) {
		b.last = b.search(d)
	}
	return b.last
}

// search returns the index of data, which is added if it is not there.
func (b *Builder) search(d Data) int32 {
	text := fmt.Sprintf("%v|%s|%s|%d|%t|%t|%t|%t|%t|%t|%q",
		d.Addrs, d.Target, d.Action, d.TTL, d.Partial, d.Implied, d.Subtree, d.Narrow, d.OneLabel, d.Once, d.Referral)
	at, there := b.byText[text]
	if !there {
		at = int32(len(b.data))
		b.byText[text] = at
		b.data = append(b.data, d)
	}
	return at
}

// equal reports whether d and other are the same in all respects.
func (d Data) equal(other Data) bool {
	return d.SameRecords(other) && d.Action == other.Action && d.TTL == other.TTL &&
		d.Partial == other.Partial && d.Implied == other.Implied &&
		d.Subtree == other.Subtree && d.Narrow == other.Narrow && d.OneLabel == other.OneLabel && d.Once == other.Once && d.Referral == other.Referral
}

// both returns the index of what two pieces of data make together.
func (b *Builder) both(i, j int32) int32 {
	if i == j {
		return i
	}
	pair := [2]int32{i, j}
	at, there := b.merged[pair]
	if !there {
		at = b.intern(b.data[i].With(b.data[j]))
		b.merged[pair] = at
	}
	return at
}

// few is up to how many pieces of data are put together two by two: names often have the same ones.
const few = 16

// merge returns the index of what pieces of data make together. Of many the addresses are put
// together once, and not with each of them.
func (b *Builder) merge(pieces []int32) int32 {
	at := pieces[0]
	for _, next := range pieces[1:min(len(pieces), few)] {
		at = b.both(at, next)
	}
	if len(pieces) <= few {
		return at
	}
	d := b.data[at]
	d.Addrs = slices.Clone(d.Addrs)
	for _, next := range pieces[few:] {
		d = d.and(b.data[next])
	}
	d.Addrs = SortedAddrs(d.Addrs)
	return b.intern(d)
}

// With returns what a name has to which d and then other were added.
func (d Data) With(other Data) Data {
	d.Addrs = slices.Clone(d.Addrs)
	d = d.and(other)
	d.Addrs = SortedAddrs(d.Addrs)
	return d
}

// and is With, but for the order of the addresses, which are appended in place.
func (d Data) and(other Data) Data {
	if doubt, is := d.doubt(other); is {
		doubt.Addrs = slices.Clip(doubt.Addrs) // which may be those of other, and are not appended to
		return doubt
	}
	d.Addrs = append(d.Addrs, other.Addrs...)
	d.Target = cmp.Or(d.Target, other.Target)
	d.Action = cmp.Or(d.Action, other.Action)
	d.TTL = min(d.TTL, other.TTL)
	d.Partial = d.Partial && other.Partial
	d.Implied = d.Implied && other.Implied
	d.Subtree = d.Subtree || other.Subtree
	d.Narrow = d.Narrow || other.Narrow
	d.OneLabel = d.OneLabel && other.OneLabel
	d.Once = d.Once || other.Once
	if d.Referral == (Referral{}) {
		d.Referral = other.Referral
	}
	return d
}

// doubt returns what is not known of a name that has d and other, and whether anything is not.
func (d Data) doubt(other Data) (Data, bool) {
	switch {
	case d.mixes(other) || other.mixes(d):
		return Mixed, true
	case adding[d.Referral.Record]:
		return d, true
	case adding[other.Referral.Record]:
		return other, true
	case d.Target != "" && other.Target != "" && d.Target != other.Target || d.equal(Several) || other.equal(Several):
		return Several, true
	}
	return Data{}, false
}

// adding are the types of records that add addresses to those of their names, which are not known
// here.
var adding = map[string]bool{"ALIAS": true, "LUA": true, "DYNA": true}

// mixes reports whether d has an alias, and other has addresses: one of the two is answered.
func (d Data) mixes(other Data) bool {
	return d.equal(Mixed) || d.Target != "" && !d.Subtree && d.Action == "" && len(other.Addrs) > 0
}

// SortedAddrs sorts addresses, the IPv4 addresses first, and drops those that
// stand twice.
func SortedAddrs(addrs []netip.Addr) []netip.Addr {
	slices.SortFunc(addrs, netip.Addr.Compare)
	return slices.Compact(addrs)
}
