package existing

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// alternatives takes for one another what auralink has written of configurations of several servers
// into a directory whose manifest is gone: each is for whoever has that server, and loads the same
// files. The one with the most names is judged. What any other one has otherwise is told, for which
// of them a server has is not known.
func (r *reading) alternatives(named map[string]bool) {
	var seen []*folder
	for _, j := range r.jobs {
		if j.folder == nil || slices.Contains(seen, j.folder) {
			continue
		}
		seen = append(seen, j.folder)
		if all := r.serversIn(j.folder, named); len(all) > 1 && areAlternatives(all) {
			r.choose(all)
		}
	}
}

// serversIn returns the configurations of servers in a directory that no other file names.
func (r *reading) serversIn(in *folder, named map[string]bool) []*job {
	var all []*job
	for _, j := range r.jobs {
		if j.folder == in && j.server != "" && !named[filepath.Clean(j.path)] {
			all = append(all, j)
		}
	}
	return all
}

// areAlternatives reports whether configurations are of a server each, and all are written by
// auralink for one VPC.
func areAlternatives(all []*job) bool {
	servers := make(map[string]bool)
	for _, j := range all {
		if j.writtenFor == "" || j.writtenFor != all[0].writtenFor || servers[j.server] {
			return false
		}
		servers[j.server] = true
	}
	return true
}

// choose leaves one of several alternatives to be read.
func (r *reading) choose(all []*job) {
	sets := make([]*holdings.Set, len(all))
	chosen := 0
	for i, j := range all {
		if sets[i] = r.alone(j); sets[i] == nil {
			return
		}
		if sets[i].Len() > sets[chosen].Len() {
			chosen = i
		}
	}
	want := whatIn(sets[chosen])
	for i, j := range all {
		if i == chosen {
			continue
		}
		j.done = true
		j.folder.read++
		if slices.Equal(whatIn(sets[i]), want) {
			r.note("%s is for %s, and says the same as %s, which is for %s and is judged", j.path, j.server, all[chosen].path, all[chosen].server)
			continue
		}
		r.builder.Unread(holdings.Place{File: j.path}, "the file is not read: auralink has written it for %s, and it says something else than %s, which is for %s: which of them a server has, is not known: audit each by itself", j.server, all[chosen].path, all[chosen].server)
	}
}

// everyone are all clients.
var everyone = []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}

// whatIn returns what a set has for names, and why clients may have something else.
func whatIn(s *holdings.Set) []string {
	var all []string
	for e := range s.All() {
		all = append(all, e.Name()+" "+e.Data().String())
	}
	for _, f := range s.Faults(nil, everyone) {
		all = append(all, fmt.Sprintf("%s %s", f.Kind, f.Message))
	}
	slices.SortFunc(all, strings.Compare)
	return all
}
