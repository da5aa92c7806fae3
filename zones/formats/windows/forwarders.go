package windows

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// Forwarders is the script that gives a Windows DNS server its conditional forwarders, with places
// for what is written into it. Its loop is run for each of the domains at its top, so that what it
// does is known as long as nothing else of it was changed.
//
//go:embed forwarders.ps1
var Forwarders string

// forwardersMark is a line of that script which no other one has.
var forwardersMark = strings.Split(Forwarders, "\n")[1]

// forwarders matches the whole script: its servers, and the lines of its domains.
var forwarders = pattern.Lazily(`\A` + strings.NewReplacer(
	"@WRITTEN@", `[^\n]*`,
	"@SERVERS@", `('[0-9A-Fa-f:.]+'(?:, '[0-9A-Fa-f:.]+')*)`,
	"@DOMAINS@\n", `((?:\t'[^'\n]+'\n)*)`,
).Replace(regexp.QuoteMeta(Forwarders)) + `\s*\z`)

// readForwarders reads the script that is ours, and reports whether it is.
func (l *listing) readForwarders(text string) bool {
	if !strings.Contains(text, forwardersMark) {
		return false
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	match := forwarders().FindStringSubmatchIndex(text)
	if match == nil {
		l.b.Unread(holdings.Place{File: l.in.Name, Line: 1}, "the script was written by auralink and then edited, beside its servers and domains: what it does is not known: write it anew")
		return true
	}
	servers := strings.ReplaceAll(text[match[2]:match[3]], "'", "")
	at := holdings.Place{File: l.in.Name, Line: 1 + strings.Count(text[:match[4]], "\n")}
	for line := range strings.Lines(text[match[4]:match[5]]) {
		forward(l.b, strings.Trim(line, "\t'\n"), servers, at)
		at.Line++
	}
	return true
}

// forward claims a zone that other servers are asked about.
func forward(b *holdings.Builder, name, servers string, at holdings.Place) {
	origin, err := holdings.CanonicalName(name)
	if err != nil {
		b.Unread(at, "%v: left out", err)
		return
	}
	b.Claim(holdings.Claim{Origin: origin, Miss: holdings.Refer, Referral: holdings.Referral{Servers: servers}, Place: at})
}
