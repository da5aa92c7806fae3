package formats

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"golang.org/x/net/publicsuffix"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/spell"
)

// before and after are what people put before and behind a zone's name in the name
// of its file.
var (
	before = []string{
		"db", "zone", "named", "pri", "primary", "sec", "secondary", "master", "slave", "fwd", "forward", "dump", "axfr", "zonefile",
	}
	after = []string{
		"zone", "db", "hosts", "txt", "text", "master", "dns", "bak", "backup", "old", "orig", "save", "saved", "rpmsave", "rpmnew", "tmp", "new",
		"signed", "raw", "fwd", "forward", "for", "axfr", "dump", "conf", "bind", "zonefile", "export", "csv", "json",
	}
)

// OriginOf returns the zone for which a file is by its name, as an absolute name, or
// "" where that would be a guess: what is left without the usual "db." and ".zone" must
// be below a domain that there is, and below Aura's a zone that people have.
func OriginOf(file string) string {
	name := zoneIn(file)
	labels := strings.Split(name, ".")
	if _, ok := dns.IsDomainName(name); !ok || len(labels) < 2 || !hostLabels(labels) {
		return ""
	}
	if _, listed := publicsuffix.PublicSuffix(name); !listed {
		return ""
	}
	origin := dnsname.Absolute(name)
	if dnsname.AtOrBelow(origin, auraname.Origin) && !ofAura(origin) {
		return ""
	}
	return origin
}

// OriginMeant returns the zone that the name of a file may have been meant to say which says none, or "".
func OriginMeant(file string) string {
	known := dnsname.TrimDot(auraname.Endpoints)
	if len(spell.Near(zoneIn(file), []string{known})) == 0 {
		return ""
	}
	return known
}

// zoneIn returns what is left of a file's name without what people put around a zone's.
func zoneIn(file string) string {
	name := strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/")))
	for _, word := range before {
		name = strings.TrimPrefix(name, word+".")
	}
	return withoutEndings(name)
}

// withoutEndings takes off all that is behind a zone's name.
func withoutEndings(name string) string {
	for {
		at := strings.LastIndexByte(name, '.')
		if at < 0 || !slices.Contains(after, name[at+1:]) && !number.MatchString(name[at+1:]) {
			return name
		}
		name = name[:at]
	}
}

var (
	number    = regexp.MustCompile(`^[0-9]+$`)
	hostLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	// endpoint is a custom endpoint's label, which ends in letters and digits that
	// nobody chose.
	endpoint = regexp.MustCompile(`^[a-z0-9-]+-[a-z0-9]*[0-9][a-z0-9-]*$`)
)

func hostLabels(labels []string) bool {
	return !slices.ContainsFunc(labels, func(label string) bool { return !hostLabel.MatchString(label) })
}

// ofAura reports whether people have such a zone below Aura's domain: Aura's itself,
// that of all custom endpoints or of one, or an orchestra.
func ofAura(origin string) bool {
	if origin == auraname.Origin || origin == auraname.Endpoints {
		return true
	}
	if label, found := strings.CutSuffix(origin, "."+auraname.Endpoints); found {
		return endpoint.MatchString(label)
	}
	label := strings.TrimSuffix(origin, "."+auraname.Origin)
	return strings.Contains(label, "-orch-") && !strings.Contains(label, ".")
}
