package nsd

import (
	"cmp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// directories are where a server has its files: zones in one, and all below another one, which
// is "" if it may have them anywhere.
type directories struct{ zones, root string }

// caged are the options whose files must be below the directory of chroot, if their paths are absolute.
// All have a usual path, but for database, which versions since 4.8 do not have.
var caged = []string{"zonesdir", "pidfile", "xfrdfile", "zonelistfile", "xfrdir", "database"}

// usualRoot is the directory below which the usual paths are of those who build NSD with one.
const usualRoot = "/var/nsd"

// directoriesOf returns the directories of a server, and says which of its files are not below the
// one of chroot. Of options that stand several times, in any of its clauses, the last one counts.
func directoriesOf(b *holdings.Builder, all []clauses.Clause) directories {
	said := make(map[string]clauses.Option)
	for _, c := range all {
		for _, o := range c.Options {
			if c.Kind == "server" {
				said[o.Key] = o
			}
		}
	}
	d := directories{zones: usualDir}
	if its, there := said["zonesdir"]; there {
		d.zones = cmp.Or(its.Value(), ".") // where NSD is started
	}
	root := said["chroot"]
	if root.Value() == "" {
		return d
	}
	d.root = strings.TrimRight(root.Value(), "/") + "/"
	var unsaid []string
	for _, key := range caged {
		switch o, there := said[key]; {
		case !there:
			unsaid = append(unsaid, key)
		case key == "zonesdir" && !d.below(o.Value()), strings.HasPrefix(o.Value(), "/") && !d.below(o.Value()):
			b.NotStarted("NSD", o.Place, "%s %s is not below chroot %s", key, lines.Shown(o.Value()), lines.Shown(root.Value()))
		}
	}
	const format = "NSD does not start if it usually has something elsewhere than below chroot %s: %s"
	switch text := strings.Join(unsaid, ", "); {
	case text == "" || d.root == usualRoot+"/":
	case text == "database":
		b.Note(root.Place, format, lines.Shown(root.Value()), text)
	default:
		b.Unread(root.Place, format, lines.Shown(root.Value()), text)
	}
	return d
}

// below reports whether a path is that of chroot, or below it.
func (d directories) below(path string) bool { return strings.HasPrefix(path+"/", d.root) }

// file returns the path of a zone's file: NSD leaves the directory of chroot out of one that
// begins with it, and takes any other one for a path below that directory.
func (d directories) file(path string) string {
	if d.root == "" || !strings.HasPrefix(path, "/") || d.below(path) {
		return path
	}
	return strings.TrimRight(d.root, "/") + path
}
