package authority

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// labels finds the region of a custom endpoint by its label or by one of its
// prefixed labels. All views share it.
//
// It is a hash table of its own, with open addressing and linear probing. What
// a question for one of a million labels costs is cache misses, of 100 to 200 ns
// each. A map of strings has three in a row (control word, slot, the string's
// octets), and as many again for a prefixed label. Here the tags stay in the
// processor's cache for most of the time, a record is one miss, and one search
// finds a label with and without its prefix. BenchmarkLookup has the figures.
type labels struct {
	table *zones.EndpointTable
	seed  maphash.Seed
	// tags has for each record seven bits of its hash, and one bit that is always set;
	// 0 is where there is no record. So most records need not be read to learn that
	// they are not the one. The hash is that of the label. A declared label that
	// begins like a prefix has a second record, with the hash of what is behind the
	// prefix: there it is looked for. A third of the tags is empty, so that a search
	// takes 2 tags on average where the label is there, and 5 where it is not.
	tags []uint8
	// records has a label and its region for each tag, size octets apart: the
	// region in 4 octets, the label's length in 1, and the label.
	records []byte
	size    int
}

const (
	// recordHeader is what stands before the label in a record, in octets.
	recordHeader = 4 + 1
	// recordAlign makes a record begin at the start or at the middle of a cache
	// line, in octets.
	recordAlign = 32
)

// add takes in the table; all views of a Table have the same one. It refuses a
// table in which two endpoints declare one name for different regions.
func (l *labels) add(table *zones.EndpointTable) error {
	if l.table == table {
		return nil
	}
	if l.table != nil {
		panic("authority: views with different endpoint tables")
	}
	longest, records := 0, len(table.Endpoints)
	for _, e := range table.Endpoints {
		longest = max(longest, len(e.Label))
		if _, prefix := dnsname.CutPrefix(e.Label, table.Prefixes); prefix >= 0 {
			records++
		}
	}
	slots := records*3/2 + 1
	l.table = table
	l.seed = maphash.MakeSeed()
	l.size = (recordHeader + longest + recordAlign - 1) / recordAlign * recordAlign
	l.tags = make([]uint8, slots)
	l.records = make([]byte, slots*l.size)
	for _, e := range table.Endpoints {
		l.insert(maphash.String(l.seed, e.Label), e)
		if base, prefix := dnsname.CutPrefix(e.Label, table.Prefixes); prefix >= 0 {
			l.insert(maphash.String(l.seed, base), e)
		}
	}
	return l.check()
}

func (l *labels) insert(hash uint64, e zones.Endpoint) {
	at := firstSlot(hash, len(l.tags))
	for l.tags[at] != 0 {
		at = nextSlot(at, len(l.tags))
	}
	l.tags[at] = tag(hash)
	record := l.records[at*l.size:][:l.size]
	binary.LittleEndian.PutUint32(record, uint32(e.Region))
	record[recordHeader-1] = uint8(copy(record[recordHeader:], e.Label))
}

// check finds a declared label that another endpoint of another region derives.
// Package topology lets none pass, and find relies on it.
func (l *labels) check() error {
	for _, e := range l.table.Endpoints {
		base, prefix := dnsname.CutPrefix(e.Label, l.table.Prefixes)
		if prefix < 0 {
			continue
		}
		at, declared := slices.BinarySearchFunc(l.table.Endpoints, base, func(e zones.Endpoint, label string) int {
			return strings.Compare(e.Label, label)
		})
		if declared && l.table.Endpoints[at].Region != e.Region {
			return fmt.Errorf("endpoints %q and %q declare one name for different regions", base, e.Label)
		}
	}
	return nil
}

// find returns the region of a lower-case label, and whether it is one of an
// endpoint's names: declared as it is, or derived from what is behind its prefix.
// Where both are declared their region is the same.
func (l *labels) find(label []byte) (int32, bool) {
	base, _ := dnsname.CutPrefix(label, l.table.Prefixes)
	hash := maphash.Bytes(l.seed, base)
	for at := firstSlot(hash, len(l.tags)); l.tags[at] != 0; at = nextSlot(at, len(l.tags)) {
		if l.tags[at] != tag(hash) {
			continue
		}
		record := l.records[at*l.size:][:l.size]
		declared := record[recordHeader : recordHeader+int(record[recordHeader-1])]
		if string(declared) == string(base) || string(declared) == string(label) {
			return int32(binary.LittleEndian.Uint32(record)), true
		}
	}
	return 0, false
}

// tag returns seven of the lowest bits of a hash, and one that is set so that it is not 0.
func tag(hash uint64) uint8 { return uint8(hash) | 1 }

// firstSlot returns where the search for a hash begins: its highest bits say where
// between the first slot and the last.
func firstSlot(hash uint64, slots int) int {
	at, _ := bits.Mul64(hash, uint64(slots))
	return int(at)
}

// nextSlot returns where a search goes on.
func nextSlot(at, slots int) int {
	if at++; at == slots {
		return 0
	}
	return at
}
