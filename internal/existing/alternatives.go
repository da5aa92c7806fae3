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
		r.complete(j.folder, named)
		if all := r.serversIn(j.folder, named); len(all) > 1 && areAlternatives(all) {
			r.choose(all)
		}
	}
}

// completing are the parts of configurations that auralink writes for policy zones, by their names:
// a configuration of a server that has each in its place, and lets everybody ask, and which file is
// to be beside it.
var completing = map[string]struct{ server, text, beside string }{
	"named-options.conf": {"bind", "options {\n\tallow-query { any; };\n\tallow-recursion { any; };\n\tallow-query-cache { any; };\n\tinclude \"named-options.conf\";\n};\ninclude \"named.conf\";\n", "named.conf"},
	"recursor.lua":       {"pdns-recursor", "local-address=0.0.0.0\nallow-from=0.0.0.0/0, ::/0\nlua-config-file=recursor.lua\n", ""},
}

// complete takes parts in a directory for the configurations of which they are, with what stands
// beside them.
func (r *reading) complete(in *folder, named map[string]bool) {
	for _, j := range r.jobs {
		part, is := completing[filepath.Base(j.path)]
		if !is || j.folder != in || j.server != "" || j.writtenFor == "" || named == nil || named[filepath.Clean(j.path)] {
			continue
		}
		if !r.complements(j, part.beside, named) {
			continue
		}
		j.server, j.around = part.server, part.text
		r.look(j) // for what it names, but for itself
		delete(named, filepath.Clean(j.path))
	}
}

// complements reports whether the file that a part wants beside it is there, and of the same export:
// it is then read as the part names it. A part may want none.
func (r *reading) complements(part *job, name string, named map[string]bool) bool {
	if name == "" {
		return true
	}
	path := filepath.Join(filepath.Dir(part.path), name)
	i := slices.IndexFunc(r.jobs, func(j *job) bool {
		return j.folder == part.folder && j.path == path && j.writtenFor == part.writtenFor && !named[filepath.Clean(path)]
	})
	if i < 0 {
		return false
	}
	r.jobs[i].done = true
	r.jobs[i].folder.read++
	return true
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

// whatIn returns what a set has for names, and why clients may have something else for these.
func whatIn(s *holdings.Set) []string {
	var all, names []string
	for e := range s.All() {
		all = append(all, e.Name()+" "+e.Data().String())
		names = append(names, strings.TrimPrefix(e.Name(), "*."))
	}
	for _, f := range s.Faults(names, everyone) {
		all = append(all, fmt.Sprintf("%s %s", f.Kind, f.Message))
	}
	slices.SortFunc(all, strings.Compare)
	return all
}
