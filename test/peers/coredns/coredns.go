// Package coredns starts CoreDNS with the auralink plugin in the process of a
// test, from a Corefile and without a build.
//
// It has the few plugins that tests need, in the order of cmd/coredns. It is not
// the product's build: what that has in it is tested there.
package coredns

import (
	"bytes"
	"fmt"
	"log"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/acl"         // the directive acl
	_ "github.com/coredns/coredns/plugin/any"         // the directive any
	_ "github.com/coredns/coredns/plugin/auto"        // the directive auto
	_ "github.com/coredns/coredns/plugin/bind"        // the directive bind
	_ "github.com/coredns/coredns/plugin/bufsize"     // the directive bufsize
	_ "github.com/coredns/coredns/plugin/cache"       // the directive cache
	_ "github.com/coredns/coredns/plugin/chaos"       // the directive chaos
	_ "github.com/coredns/coredns/plugin/debug"       // the directive debug
	_ "github.com/coredns/coredns/plugin/errors"      // the directive errors
	_ "github.com/coredns/coredns/plugin/file"        // the directive file
	_ "github.com/coredns/coredns/plugin/forward"     // the directive forward
	_ "github.com/coredns/coredns/plugin/header"      // the directive header
	_ "github.com/coredns/coredns/plugin/health"      // the directive health
	_ "github.com/coredns/coredns/plugin/hosts"       // the directive hosts
	_ "github.com/coredns/coredns/plugin/loadbalance" // the directive loadbalance
	_ "github.com/coredns/coredns/plugin/log"         // the directive log
	_ "github.com/coredns/coredns/plugin/loop"        // the directive loop
	_ "github.com/coredns/coredns/plugin/minimal"     // the directive minimal
	_ "github.com/coredns/coredns/plugin/proxyproto"  // the directive proxyproto
	_ "github.com/coredns/coredns/plugin/ready"       // the directive ready
	_ "github.com/coredns/coredns/plugin/reload"      // the directive reload
	_ "github.com/coredns/coredns/plugin/rewrite"     // the directive rewrite
	_ "github.com/coredns/coredns/plugin/root"        // the directive root
	_ "github.com/coredns/coredns/plugin/template"    // the directive template
	_ "github.com/coredns/coredns/plugin/tls"         // the directive tls
	_ "github.com/coredns/coredns/plugin/transfer"    // the directive transfer
	_ "github.com/coredns/coredns/plugin/view"        // the directive view
	_ "github.com/coredns/coredns/plugin/whoami"      // the directive whoami
	"github.com/miekg/dns"

	_ "github.com/auralink/auralink/plugin/auralink" // the directive auralink
)

// directives returns those of CoreDNS and ours, in the order in which it passes a question on.
// Those whose plugins nobody imports are refused.
func directives() []string {
	return slices.Insert(slices.Clone(dnsserver.Directives), slices.Index(dnsserver.Directives, "cache"), "auralink")
}

// setUp makes CoreDNS's settings for the whole process, once.
var setUp = sync.OnceValue(func() error {
	caddy.Quiet = true
	dnsserver.Quiet = true
	log.SetOutput(&logged)
	return dnsserver.SetDirectives(directives())
})

// Start starts CoreDNS, and stops it with the test. What it logged meanwhile is
// shown if the test fails.
func Start(tb testing.TB, corefile string) {
	tb.Helper()
	StartAs(tb, "Corefile", corefile)
}

// StartAs is Start for a Corefile that has a path, to which what it imports is relative.
func StartAs(tb testing.TB, path, corefile string) {
	tb.Helper()
	if err := setUp(); err != nil {
		tb.Fatal(err)
	}
	from := logged.len()
	instance, err := caddy.Start(caddy.CaddyfileInput{
		Filepath:       path,
		Contents:       []byte(corefile),
		ServerTypeName: "dns",
	})
	if err != nil {
		tb.Fatalf("starting CoreDNS: %v\n%s", err, corefile)
	}
	tb.Cleanup(func() {
		for _, err := range instance.ShutdownCallbacks() {
			tb.Errorf("stopping CoreDNS: %v", err)
		}
		if err := instance.Stop(); err != nil {
			tb.Errorf("stopping CoreDNS: %v", err)
		}
		if tb.Failed() {
			tb.Logf("CoreDNS logged:\n%s", logged.since(from))
		}
	})
}

// Check returns why CoreDNS does not start with a Corefile. It does not listen anywhere.
func Check(path, corefile string) error {
	if err := setUp(); err != nil {
		return err
	}
	return caddy.ValidateAndExecuteDirectives(caddy.CaddyfileInput{
		Filepath:       path,
		Contents:       []byte(corefile),
		ServerTypeName: "dns",
	}, nil, true)
}

// WentOn is what the lines of [Upstream] answer: no server of ours would.
const WentOn = "upstream.invalid.\t0\tIN\tTXT\t\"went on to the next plugin\""

// Upstream are the lines of a server block that stand in for the resolver behind
// auralink: every question is answered with [WentOn].
const Upstream = `template ANY ANY {
	answer "upstream.invalid. 0 IN TXT \"went on to the next plugin\""
}
`

// IsUpstreams reports whether a message is from [Upstream].
func IsUpstreams(m *dns.Msg) bool {
	return len(m.Answer) == 1 && m.Answer[0].String() == WentOn
}

// Block returns a server block at an address with the given lines.
func Block(at netip.AddrPort, lines string) string {
	return fmt.Sprintf(".:%d {\nbind %s\nerrors\n%s}\n", at.Port(), at.Addr(), lines)
}

// logged is what CoreDNS has logged in this process, or the last of it.
var logged logBuffer

// maxLogged bounds what is kept, in octets: a fuzz test can make CoreDNS log
// without end.
const maxLogged = 1 << 20

type logBuffer struct {
	mu      sync.Mutex
	text    bytes.Buffer
	dropped int // octets that were before text
}

// Write implements io.Writer.
func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.text.Len() > maxLogged {
		b.dropped += b.text.Len()
		b.text.Reset()
	}
	return b.text.Write(p)
}

// len returns how many octets were written.
func (b *logBuffer) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped + b.text.Len()
}

// since returns what came after the first octets, as far as it was kept.
func (b *logBuffer) since(octets int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.text.Bytes()[max(0, octets-b.dropped):])
}
