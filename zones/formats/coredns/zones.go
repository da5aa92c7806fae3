package coredns

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// zonesPlugin is the plugin file, or auto: zones in files.
type zonesPlugin struct {
	origins []string // outside of which no zone is looked at
	zones   map[string]*zoneInFile
	fall    []string
}

// zoneInFile is a zone and its file.
type zoneInFile struct {
	set   *holdings.Set // nil where the file is not read
	file  string
	place holdings.Place
}

// filesOf returns what all lines of the plugin file in a server block say.
func filesOf(b *holdings.Builder, in formats.Input, all []directive, s server) zonesPlugin {
	f := zonesPlugin{origins: []string{"."}, zones: make(map[string]*zoneInFile)}
	for _, d := range all {
		if len(d.args) == 0 {
			b.Unread(d.place, "file is not read: it has no file")
			continue
		}
		for _, origin := range zonesOr(d.args[1:], s.zones) {
			z := &zoneInFile{file: d.args[0], place: d.place}
			in.Follow(b, formats.Mention{What: "the zone file", Path: z.file, Origin: origin, Dir: s.root(), Place: d.place}, z.reader(b, origin))
			z.stops(b, origin)
			f.zones[origin] = z
		}
		for _, option := range d.block {
			if option[0] == "fallthrough" {
				f.fall = zonesOr(option[1:], []string{"."})
			}
		}
	}
	return f
}

// stops tells that CoreDNS does not start with a zone of the plugin file that it does not load.
func (z *zoneInFile) stops(b *holdings.Builder, origin string) {
	if z.set == nil {
		return
	}
	if _, is := z.set.NotLoaded(); is {
		b.NotStarted("CoreDNS", z.place, "file: zone %s is not loaded", dnsname.Shown(origin))
	}
}

// reader returns what reads the file of a zone.
func (z *zoneInFile) reader(b *holdings.Builder, origin string) formats.Reader {
	return func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		own := holdings.NewBuilder()
		err := zonefile.Named{Origin: origin, Server: zonefile.CoreDNS, File: formats.Mention{Place: z.place}}.Content(own, r, in)
		z.set = own.Set()
		b.Told(own)
		return err
	}
}

// usualFiles is what files of the plugin auto are called where nothing is said.
const (
	usualFiles    = `db\.(.*)`
	usualTemplate = "${1}"
)

// autoOf returns what the plugin auto serves: a zone for each file of a directory whose
// name says which one.
func autoOf(b *holdings.Builder, in formats.Input, d directive, s server) zonesPlugin {
	f := zonesPlugin{origins: zonesOr(d.args, s.zones), zones: make(map[string]*zoneInFile)}
	for _, option := range d.block {
		if option[0] != "directory" || len(option) < 2 {
			continue
		}
		pattern, template := usualFiles, usualTemplate
		if len(option) > 3 {
			pattern, template = option[2], strings.ReplaceAll(option[3], "{", "${")
		}
		regex, err := regexp.Compile(pattern)
		if err != nil {
			b.Unread(d.place, "auto is not read: %s is no regular expression", lines.Shown(pattern))
			continue
		}
		originOf := func(name string) string { return originBy(regex, template, name) }
		in.Follow(b, formats.Mention{
			What: "the directory of auto", Path: option[1], Dir: s.root(), Kind: formats.Deep, Place: d.place,
			Skip: func(name string) bool { origin := originOf(name); return origin == "" || f.zones[origin] != nil },
		}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
			origin := originOf(in.Name)
			z := &zoneInFile{file: in.Name, place: d.place}
			f.zones[origin] = z
			return z.reader(b, origin)(b, r, in)
		})
	}
	return f
}

// originBy returns the zone for which a file is by its name, or "".
func originBy(regex *regexp.Regexp, template, name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	match := regex.FindStringSubmatchIndex(name)
	if match == nil {
		return ""
	}
	origin, err := holdings.CanonicalName(string(regex.ExpandString(nil, template, name, match)))
	if err != nil {
		return ""
	}
	return origin
}

// names implements responder.
func (f zonesPlugin) names() []string {
	names := slices.Clone(f.fall)
	for origin, z := range f.zones {
		names = append(names, origin)
		if z.set == nil {
			continue
		}
		for e := range z.set.All() {
			names = append(names, strings.TrimPrefix(e.Name(), "*."))
		}
		for name := range z.set.Hollow() {
			names = append(names, name)
		}
		for claim := range z.set.Claims() { // delegations
			names = append(names, claim.Origin)
		}
	}
	return names
}

// closest returns the zone in which a name is, or nil.
func (f zonesPlugin) closest(name string) *zoneInFile {
	for above := range holdings.UpToRoot(name) {
		if z := f.zones[above]; z != nil {
			return z
		}
	}
	return nil
}

// answer implements responder. A name that is only because of others, as an apex
// without addresses is, is left to the next plugin where missing ones are.
func (f zonesPlugin) answer(name string, qtype uint16) (answer, bool) {
	z := f.closest(name)
	switch {
	case z == nil || !inZones(name, f.origins):
		return answer{}, false
	case z.set == nil:
		return answer{action: holdings.Refer, referral: holdings.Referral{File: z.file}, place: z.place}, true
	}
	found := z.resolve(name, qtype, f.zones[name] != nil)
	a := answer{addrs: found.Addrs, place: z.place}
	if found.Entry.There() {
		a.place = found.Entry.Place()
	}
	switch found.Outcome {
	case zones.Positive:
	case zones.Redirects:
		a.target = found.Target
	case zones.Referred:
		a.action, a.referral = holdings.Refer, found.Referral
	case zones.NXDomain:
		a.action = holdings.NXDomain
		return a, !inZones(name, f.fall)
	default:
		a.action = holdings.NoData
		return a, found.Entry.There() || !inZones(name, f.fall)
	}
	return a, true
}

// resolve asks a zone as CoreDNS does, which lets a wildcard cover a name that exists only
// because of others.
func (z *zoneInFile) resolve(name string, qtype uint16, apex bool) holdings.Answer {
	found := z.set.Resolve(name, qtype)
	if apex || found.Outcome != zones.NoData || found.Entry.There() {
		return found
	}
	_, parent, _ := strings.Cut(name, ".")
	if covered := z.set.ResolveBelow(parent, qtype); covered.Entry.There() {
		return covered
	}
	return found
}
