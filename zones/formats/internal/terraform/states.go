package terraform

import (
	"cmp"
	"fmt"

	"github.com/auralink/auralink/internal/holdings"
)

// states are the states, plans and modules that are read together: a record may be in a zone of
// another one, by its id.
type states struct {
	all  []*records
	byID map[string]zone // by what [records.global] returns
	// ids are those of zones that several documents have, by what [instance.sameZone] returns.
	ids map[string]string
	// profiled is which VPCs see zones by profiles, by the identities of the zones.
	profiled map[string]byProfile
	// sets are the resources that make records.
	sets      map[record]instance
	exclusive []exclusive
}

// statesOf returns the states of all files that give to a builder. They end before the links of
// zones do, to which they add.
func statesOf(b *holdings.Builder) *states {
	return holdings.Shared(b, "documents of Terraform", func() *states {
		return &states{byID: make(map[string]zone), ids: make(map[string]string), sets: make(map[record]instance)}
	})
}

func (s *states) add(r *records) {
	r.states = s
	s.all = append(s.all, r)
}

// End adds all zones, and then all records.
func (s *states) End() {
	s.compare()
	for _, r := range s.all {
		r.addZones()
	}
	s.tieProfiles()
	for _, r := range s.all {
		r.addAllRecords()
	}
	for _, one := range s.exclusive {
		one.check(s.sets)
	}
}

// compare notes zones that several documents have by one address, as a module, its plan and its
// state do: what one of them lacks would be taken from the other one.
func (s *states) compare() {
	first := make(map[string]instance)
	told := make(map[[2]string]bool)
	for _, state := range s.all {
		for _, i := range state.instances {
			key := i.sameZone()
			if key == "" {
				continue
			}
			s.ids[key] = cmp.Or(s.ids[key], i.id())
			other, there := first[key]
			if !there {
				first[key] = i
				continue
			}
			if files := [2]string{other.at.File, i.at.File}; files[0] != files[1] && !told[files] {
				told[files] = true
				state.b.Unread(i.at, "%s is in %s as well: what one of them lacks, the other one may have: of a module, its plan and its state audit one alone", i, other.at.File)
			}
		}
	}
}

// sameZone returns what a zone that is made has alike in all documents of its module; "" for all
// else.
func (i instance) sameZone() string {
	name, _ := i.values[map[string]string{awsZone: "name", googleZone: "dns_name", azureZone: "name"}[i.kind]].(string)
	origin, err := holdings.CanonicalName(name)
	if name == "" || err != nil || i.mode == modeData {
		return ""
	}
	return fmt.Sprintf("%s/%s.%s[%q] %s", i.module, i.kind, i.name, i.key, origin)
}

// id returns the id of a zone, or "".
func (i instance) id() string {
	zone, _ := i.values["zone_id"].(string)
	id, _ := i.values["id"].(string)
	return cmp.Or(zone, id)
}
