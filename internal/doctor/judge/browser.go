package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// judgeBrowsers judges what browsers do with Browser and Bloom.
func (j *judge) judgeBrowsers() {
	for _, e := range j.Evidence {
		if e.Browser != nil {
			j.judgeBrowser(e.Browser)
		}
	}
}

func (j *judge) judgeBrowser(b *doctor.Browser) {
	var found causes
	for _, browser := range b.Found {
		lacking := slices.DeleteFunc(auraname.PageOrigins(), func(origin string) bool { return allows(browser.Allowed, origin) })
		if browser.Enforces && len(lacking) > 0 {
			c := found.at(CodeLocalNetworkAccess, "", "")
			c.names = append(c.names, browser.Name)
			c.says(browser.Name, "%s %s: no policy for %s%s", browser.Name, browser.Version, list(lacking, 3), because(strings.Join(browser.Policies, ", ")))
		}
		if browser.DoH == "secure" {
			c := found.at(CodeBrowserDoH, "", "")
			c.says(browser.Name, "%s: DNS over HTTPS is %s", browser.Name, browser.DoH)
		}
	}
	for _, canary := range b.Canaries {
		if canary.Name == designation && j.oursIsThere() {
			continue // it names our server's own encrypted ways
		}
		if a := canary.Answer; a.Outcome == doctor.Answered && a.Rcode == "NOERROR" && a.Records > 0 {
			c := found.at(CodeBrowserDoH, "", "")
			c.says(canary.Name, "%s, for %s, is answered with %s", canary.Name, canary.For, a.Rcode)
		}
	}
	var findings []Finding
	for _, c := range found.all {
		if len(b.Found) == 0 {
			c.severity = Note // there is no browser here whom it could concern
		}
		message := "browsers may ask resolvers of their own"
		if c.code == CodeLocalNetworkAccess {
			message = fmt.Sprintf("%s %s before Browser and Bloom reach the link, and no policy allows it", list(c.names, 3), verb(len(c.names), "asks", "ask"))
			c.names = nil
		}
		findings = append(findings, j.note(c, "%s", message))
	}
	line := spell.Count(len(b.Found), "browser") + " on this machine"
	j.check(doctor.KindBrowser, line, findings...)
	for _, text := range b.Errors {
		j.check(doctor.KindBrowser, "not looked at: "+text)
	}
}

// designation is where a name server names its own encrypted ways (RFC 9462).
const designation = "_dns.resolver.arpa"

// oursIsThere reports whether a name server is ours.
func (j *judge) oursIsThere() bool {
	return slices.ContainsFunc(j.paths, func(p *doctor.Path) bool { return p.Ours })
}

// allows reports whether the patterns of a policy have an origin: "*", the origin
// itself or without scheme, or "[*.]neo4j.io".
func allows(patterns []string, origin string) bool {
	host := strings.TrimPrefix(origin, "https://")
	return slices.ContainsFunc(patterns, func(p string) bool {
		p = strings.TrimSuffix(strings.TrimPrefix(p, "https://"), "/")
		suffix, wild := strings.CutPrefix(p, "[*.]")
		return p == "*" || p == host || p == host+":443" || wild && dnsname.AtOrBelow(host, suffix)
	})
}
