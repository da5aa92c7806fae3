package exports_test

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// matched returns the only file of an export, whole, as a pattern for each of its
// domains, with what the pattern captures; head is what stands before them.
func matched(tb rapid.TB, files []writtenFile, head, each *regexp.Regexp) [][]string {
	tb.Helper()
	if len(files) != 1 {
		tb.Fatalf("%d files", len(files))
	}
	text := files[0].text
	start := head.FindString(text)
	if start == "" {
		tb.Fatalf("it does not begin with %s:\n%s", head, text)
	}
	text = text[len(start):]
	var all [][]string
	for text != "" {
		match := each.FindStringSubmatchIndex(text)
		if match == nil || match[0] != 0 {
			tb.Fatalf("not understood:\n%s", text)
		}
		all = append(all, each.FindStringSubmatch(text))
		text = text[match[1]:]
	}
	return all
}

// addrs returns the addresses in a text.
func addrsIn(tb rapid.TB, text string) []netip.Addr {
	tb.Helper()
	var all []netip.Addr
	for field := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(" ;,'\n\t", c) }) {
		addr, err := netip.ParseAddr(field)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, addr)
	}
	return all
}

var (
	bindHead     = regexp.MustCompile(`^// [^\n]*\n(// Where options has [^\n]*\n)?`)
	bindForward  = regexp.MustCompile(`zone "([^"]+)" \{ type forward; forward only; forwarders \{ ([^}]*)\}; \};\n`)
	forwardHead  = regexp.MustCompile(`^# [^\n]*\n`)
	unboundZone  = regexp.MustCompile(`server:\n\tprivate-domain: "([^"]+)"\nforward-zone:\n\tname: "([^"]+)"\n((?:\tforward-addr: \S+\n)+)`)
	dnsmasqZone  = regexp.MustCompile(`((?:server=/[^/]+/\S+\n)+)rebind-domain-ok=/([^/]+)/\n`)
	corednsBlock = regexp.MustCompile(`(\S+):53 \{\n\terrors\n\tforward \.([^\n]*)\n\}\n`)
	windowsHead  = regexp.MustCompile(`(?s)^# [^\n]*\n.*\$servers = ([^\n]*)\n\$domains = @\(\n`)
	windowsList  = regexp.MustCompile(`(?s)^\t'([^']+)'\n|^\)\nforeach .*$`)
)

func readBINDForward(tb rapid.TB, files []writtenFile) [][]route {
	var routes []route
	for _, m := range matched(tb, files, bindHead, bindForward) {
		routes = append(routes, route{domain: m[1], servers: addrsIn(tb, m[2])})
	}
	return [][]route{routes}
}

func readUnboundForward(tb rapid.TB, files []writtenFile) [][]route {
	var routes []route
	for _, m := range matched(tb, files, forwardHead, unboundZone) {
		if m[1] != m[2] {
			tb.Fatalf("%s is private, and %s forwarded", m[1], m[2])
		}
		routes = append(routes, route{domain: m[1], servers: addrsIn(tb, strings.ReplaceAll(m[3], "forward-addr: ", " "))})
	}
	return [][]route{routes}
}

func readDnsmasqForward(tb rapid.TB, files []writtenFile) [][]route {
	var routes []route
	for _, m := range matched(tb, files, forwardHead, dnsmasqZone) {
		routes = append(routes, route{domain: m[2], servers: addrsIn(tb, strings.ReplaceAll(m[1], "server=/"+m[2]+"/", " "))})
	}
	return [][]route{routes}
}

func readCoreDNSForward(tb rapid.TB, files []writtenFile) [][]route {
	var routes []route
	for _, m := range matched(tb, files, forwardHead, corednsBlock) {
		routes = append(routes, route{domain: m[1], servers: addrsIn(tb, m[2])})
	}
	return [][]route{routes}
}

func readWindowsDNS(tb rapid.TB, files []writtenFile) [][]route {
	servers := addrsIn(tb, windowsHead.FindStringSubmatch(files[0].text)[1])
	var routes []route
	for _, m := range matched(tb, files, windowsHead, windowsList) {
		if m[1] != "" {
			routes = append(routes, route{domain: m[1], servers: servers})
		}
	}
	return [][]route{routes}
}

// TestGathered: with one zone, clients send the names of all custom endpoints to the
// servers as one domain, and a new one changes nothing.
func TestGathered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, p := model.DrawPlan(t)
		for _, view := range p.Views() {
			for _, f := range clientFormats {
				format, _ := all.Named(f.format)
				if !format.Shaped {
					continue
				}
				var want []route
				for domain := range view.Gathered().Domains() {
					want = append(want, route{strings.TrimSuffix(domain.Name, "."), f.exact && domain.Single, bothServers[:1]})
				}
				o := formats.Options{Servers: bothServers[:1], Values: f.values, Shape: zones.ShapeOneZone}
				for _, got := range f.read(t, writeExport(t, f.format, view, o)) {
					if len(got) != len(want) {
						t.Fatalf("%s: %v, want %v", f.format, got, want)
					}
					for i := range got {
						if got[i].domain != want[i].domain || got[i].exact != want[i].exact {
							t.Fatalf("%s: %v, want %v", f.format, got, want)
						}
					}
				}
			}
		}
	})
}
