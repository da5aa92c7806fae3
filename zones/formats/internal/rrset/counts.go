package rrset

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// counted is how many record sets a zone is said to have.
type counted struct {
	sets int
	at   holdings.Place
}

// count counts a record set of a zone.
func (p *Pages) count(zone string) {
	if zone != "" {
		p.read[lowered(zone)]++
	}
}

// lowered returns a name as an absolute one in lower case.
func lowered(zone string) string { return dnsname.Lower(dnsname.Absolute(zone)) }

// Counted notes how many record sets a zone is said to have; nil where it is not said.
func Counted(b *holdings.Builder, zone string, sets *int, at holdings.Place) {
	if sets != nil {
		PagesOf(b).counted[lowered(zone)] = counted{*sets, at}
	}
}

// complete reports whether all record sets are read that the zone is said to have.
func (p *Pages) complete(zone string) bool {
	said, is := p.counted[lowered(zone)]
	return is && p.read[lowered(zone)] >= said.sets
}

// checkCounts notes zones of which fewer record sets are read than they are said to have.
func (p *Pages) checkCounts() {
	for _, zone := range slices.Sorted(maps.Keys(p.counted)) {
		if said, read := p.counted[zone], p.read[zone]; read > 0 && !p.complete(zone) {
			p.b.UnreadBelow(zone, said.at, "zone %s has %d record sets, and %d are read: what the others say is not known: give all pages together", dnsname.TrimDot(zone), said.sets, read)
		}
	}
}

// numbered finds the last number in the name of a file.
var numbered = pattern.Lazily(`^(.*?)(\d+)(\D*)$`)

// numberOf returns the number of a file among those whose names differ by it, and what is around
// the number; no where there is none.
func numberOf(file string) (around string, n int, is bool) {
	match := numbered().FindStringSubmatch(path.Base(strings.ReplaceAll(file, `\`, "/")))
	if match == nil {
		return "", 0, false
	}
	n, err := strconv.Atoi(match[2])
	return match[1] + "*" + match[3], n, err == nil
}

// checkNumbers notes that a page may be missing between those of a zone, of which none says with
// what the next one begins: what else tells it are numbers in the names of their files.
func checkNumbers(b *holdings.Builder, zone string, all []*Page) {
	files := make(map[string]holdings.Place)
	for _, page := range all {
		files[page.at.File] = page.at
	}
	if len(files) == 1 {
		return
	}
	names := slices.Sorted(maps.Keys(files))
	stem, _, _ := numberOf(names[0])
	numbers := make([]int, len(names))
	for i, name := range names {
		around, n, is := numberOf(name)
		if !is || around != stem {
			b.UnreadBelow(lowered(zone), files[name], "this is one page of several, and none of them says with what the next one begins: whether there is one between %s and %s, is not known: write them to files whose names end in 1, 2 and so on", names[0], name)
			return
		}
		numbers[i] = n
	}
	slices.Sort(numbers)
	for i := 1; i < len(numbers); i++ {
		if numbers[i] > numbers[i-1]+1 {
			b.UnreadBelow(lowered(zone), all[0].at, "the files are pages %d and %d, and none between them is read: what is there may lead anywhere: give all pages together", numbers[i-1], numbers[i])
		}
	}
}
