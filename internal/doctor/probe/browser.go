package probe

import (
	"context"
	"os/exec"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/browser"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
)

// browsers returns the probe of this machine's browsers.
func (p *prober) browsers() []doctor.Probe {
	return []doctor.Probe{&asking{
		kind: doctor.KindBrowser, name: "browsers",
		proves: "Browser and Bloom reach the links from this machine, by this network's DNS",
		ask: func(ctx context.Context) doctor.Evidence {
			found := browser.Machine{Files: p.tools.Files, Home: p.tools.Getenv("HOME"), Version: versionOf}
			b := new(doctor.Browser)
			b.Found, b.Errors = found.Find(ctx)
			b.Canaries = p.canaries(ctx)
			return doctor.Evidence{Browser: b}
		},
	}}
}

// versionOf asks a browser for its version, which opens no window but on Windows.
func versionOf(ctx context.Context, program string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	return string(out), err
}

// canaries are the names by which browsers and systems ask whether they may go round a
// network's DNS. Each of them stays with it if there is no such name.
var canaries = []struct {
	name, reason string
	qtype        uint16
}{
	{"use-application-dns.net", "Firefox's DNS over HTTPS", dns.TypeA},
	{"mask.icloud.com", "iCloud Private Relay", dns.TypeA},
	{"mask-h2.icloud.com", "iCloud Private Relay", dns.TypeA},
	{"_dns.resolver.arpa", "discovery of encrypted resolvers (RFC 9462)", dns.TypeSVCB},
}

// canaries asks the machine's first name server for the canaries.
func (p *prober) canaries(ctx context.Context) []doctor.Canary {
	if len(p.ways.plain) == 0 {
		return nil
	}
	server := p.ways.plain[0]
	leave, err := p.dialer.Enter(ctx, server.Host())
	if err != nil {
		return nil
	}
	defer leave()
	var all []doctor.Canary
	for _, c := range canaries {
		answer := dnsprobe.AskType(ctx, server, c.name, c.qtype, p.dialer.Patience)
		all = append(all, doctor.Canary{Name: c.name, For: c.reason, Answer: answer})
	}
	return all
}
