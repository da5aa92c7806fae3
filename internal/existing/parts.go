package existing

import (
	"path/filepath"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// mains are what the first file of a server's configuration is called, by what such files are
// read as: what the server reads beside it, that includes.
var mains = map[string][]string{
	"bind": {"named.conf"}, "unbound": {"unbound.conf"}, "nsd": {"nsd.conf"}, "knot": {"knot.conf"}, "dnsmasq": {"dnsmasq.conf"},
	"pdns": {"pdns.conf"}, "pdns-recursor": {"recursor.conf", "recursor.yml"},
}

// join makes of the configurations of one server in a directory one, as a server reads a directory
// of parts that another file includes: in the order of their names. Where the first file of a
// configuration is there as well, and does not include them, each is by itself.
func (r *reading) join(named map[string]bool) {
	seen := make(map[*job]bool)
	for _, j := range r.jobs {
		if j.folder == nil || mains[j.server] == nil || seen[j] || named[filepath.Clean(j.path)] {
			continue
		}
		its := r.beside(j, named)
		for _, one := range its {
			seen[one] = true
		}
		if main := slices.IndexFunc(its, (*job).isMain); main >= 0 {
			r.besideMain(its, its[main])
		} else if j.parts = its[1:]; len(j.parts) > 0 {
			r.look(j) // for what they name together
		}
	}
}

// isMain reports whether a file is called as the first one of a configuration is.
func (j *job) isMain() bool { return slices.Contains(mains[j.server], filepath.Base(j.path)) }

// beside returns the files of a directory that are of the same server and that no other one names.
func (r *reading) beside(j *job, named map[string]bool) []*job {
	return slices.DeleteFunc(r.serversIn(j.folder, named), func(other *job) bool { return other.server != j.server })
}

// besideMain notes the configurations that the first file of one does not include, for the names of
// which they say something.
func (r *reading) besideMain(its []*job, main *job) {
	for _, part := range its {
		if part.apart = true; part == main {
			continue
		}
		if set := r.alone(part); set != nil {
			r.unreadIn(set, part, "%s does not include this file, and whether its server reads it is not known: include it, or audit %s alone", main.path, main.path)
		}
	}
}

// alone returns what a file has by itself, or nil where its own reading tells what is wrong.
func (r *reading) alone(j *job) *holdings.Set {
	alone := *r
	alone.Other, alone.builder = nil, holdings.NewBuilder()
	if _, err := alone.readFile(alone.builder, j); err != nil {
		return nil
	}
	return alone.builder.Set()
}

// unreadIn says of all names of which a file says something that it is not known.
func (r *reading) unreadIn(set *holdings.Set, j *job, format string, args ...any) {
	for _, name := range set.Scopes() {
		r.builder.UnreadBelow(name, holdings.Place{File: j.path}, format, args...)
	}
}

// loaded are the kinds of files that a server loads where its configuration names them.
var loaded = map[string]bool{"zone": true, "rpz": true}

// unserved leaves out the zones of a directory that no configuration of a server there names.
func (r *reading) unserved(named map[string]bool) {
	for _, j := range r.jobs {
		if j.folder == nil || j.done || j.export || !loaded[j.kind] || named[filepath.Clean(j.path)] || !r.hasServer(j.folder) {
			continue
		}
		set := r.alone(j)
		if set == nil || len(set.Sources()) != 1 {
			continue
		}
		j.done = true
		j.folder.read++
		r.unreadIn(set, j, "no configuration in this directory names this file, and whether a server loads it is not known: name it there, or leave the file or the configuration out")
	}
}

// survey returns the files that others name. What is wrong with them is told when they
// are read.
func (r *reading) survey() map[string]bool {
	if len(r.jobs) < 2 {
		return nil
	}
	for _, j := range r.jobs {
		if j.tree != nil {
			r.look(j)
		}
	}
	return r.opened
}

// look reads a file for the names of others alone.
func (r *reading) look(j *job) {
	looking := *r
	looking.Other = nil // which would have it twice
	looking.asking = &formats.Asking{Clients: r.Clients}
	_, _ = looking.readFile(holdings.NewIdler(), j)
}
