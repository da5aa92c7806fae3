package records_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// corefile is a Corefile, files beside it, and names to ask for. In it :PORT is the port,
// BIND the line that binds, PUBLIC the server that stands in for public DNS, and DIR the
// directory.
type corefile struct {
	name, text string
	files      map[string]string
	names      []string
	types      []uint16 // nil for all
}

const coreZone = "$ORIGIN zone.org.\n$TTL 30\n@ SOA ns.example.net. root.example.net. 1 900 300 86400 30\n@ NS ns.example.net.\n" +
	"* A 10.0.0.1\nhost A 10.0.0.2\nx.deep A 10.0.0.3\n*.sub A 10.0.0.4\na.b.sub A 10.0.0.5\nsix AAAA fd00::6\ntext TXT words\nalias CNAME host\n" +
	"away CNAME elsewhere.org.\n"

var coreNames = []string{
	"zone.org", "a.zone.org", "b.a.zone.org", "host.zone.org", "x.host.zone.org", "deep.zone.org", "x.deep.zone.org", "y.deep.zone.org",
	"sub.zone.org", "z.sub.zone.org", "b.sub.zone.org", "a.b.sub.zone.org", "c.b.sub.zone.org", "six.zone.org", "text.zone.org", "x.text.zone.org",
	"alias.zone.org", "away.zone.org", "other.org",
}

var corefiles = []corefile{
	{
		name: "file", text: ".:PORT {\nBIND\nroot DIR\nfile zone.db zone.org\nforward . PUBLIC\n}\n",
		files: map[string]string{"zone.db": coreZone}, names: coreNames,
	},
	{
		name: "file with fallthrough", text: ".:PORT {\nBIND\nfile DIR/zone.db zone.org {\nfallthrough\n}\nforward . PUBLIC\n}\n",
		files: map[string]string{"zone.db": coreZone}, names: coreNames,
	},
	{
		name: "two zones of one file", text: "one.org:PORT two.org:PORT {\nBIND\nroot DIR\nfile rel.db\n}\n",
		files: map[string]string{"rel.db": "$TTL 30\n@ SOA ns.example.net. root.example.net. 1 900 300 86400 30\n@ NS ns.example.net.\nhost A 10.0.0.2\n"},
		names: []string{"one.org", "host.one.org", "two.org", "host.two.org", "x.two.org"},
	},
	{
		name: "auto", text: ".:PORT {\nBIND\nroot DIR\nauto {\ndirectory zones (.*)\\.zone {1}\n}\nforward . PUBLIC\n}\n",
		files: map[string]string{"zones/zone.org.zone": coreZone, "zones/zone.org.bak": "junk"}, names: coreNames,
	},
	{
		name: "snippets and imports", text: "(public) {\nforward . PUBLIC\n}\n(both) {\nhosts /dev/null {\n10.0.0.9 host.net\nfallthrough\n}\nimport public\n}\nimport blocks/*.block\n.:PORT {\nBIND\nimport both\n}\n",
		files: map[string]string{
			"blocks/a.block":     "a.org:PORT {\nBIND\nimport plugins.inc\n}\n",
			"blocks/b.block":     "b.org:PORT { # a comment\nBIND\ntemplate IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.11\"\n}\n}\n",
			"blocks/c.other":     "c.org:PORT {\nBIND\ntemplate IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.12\"\n}\n}\n",
			"blocks/plugins.inc": "template IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.10\"\n}\n",
		},
		names: []string{"host.net", "x.host.net", "a.org", "x.a.org", "b.org", "x.b.org", "c.org", "other.org"},
	},
	{
		name: "without braces, and keys in several lines", text: "one.org:PORT,\ntwo.org:PORT {\nBIND\nhosts /dev/null {\n10.0.0.1 host.one.org host.two.org *.wild.two.org\nfd00::1 host.two.org\n}\n}\n",
		names: []string{"one.org", "host.one.org", "x.host.one.org", "two.org", "host.two.org", "a.wild.two.org", "b.a.wild.two.org", "wild.two.org"},
	},
	{
		name: "one server without braces", text: "one.org:PORT\nBIND\nhosts /dev/null {\n10.0.0.1 host.one.org\n}\n",
		names: []string{"host.one.org", "x.one.org"},
	},
	{
		name: "hosts from a file", text: ".:PORT {\nBIND\nhosts DIR/names zone.org {\n10.0.0.1 inline.zone.org\nfallthrough zone.org\n}\nforward . PUBLIC\n}\n",
		files: map[string]string{"names": "10.0.0.2 file.zone.org # words\n10.0.0.3 file.zone.org outside.org\nfd00::2 six.zone.org\n"},
		names: []string{"inline.zone.org", "file.zone.org", "six.zone.org", "outside.org", "other.zone.org", "a.file.zone.org"},
	},
	{
		name: "templates", text: ".:PORT {\nBIND\n" +
			"template IN A zone.org {\nmatch \"^(a-|b-)?host[.]zone[.]org[.]$\"\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\nfallthrough\n}\n" +
			"template IN AAAA zone.org {\nmatch ^(a-|b-)?host[.]zone[.]org[.]$\nfallthrough\n}\n" +
			"template IN A strict.org {\nmatch ^host[.]strict[.]org[.]$\nanswer \"{{ .Name }} 30 IN A 10.0.0.2\"\n}\n" +
			"template ANY ANY gone.org {\nrcode NXDOMAIN\n}\n" +
			"template IN A sub.gone.org {\nanswer \"{{ .Name }} 30 IN A 10.0.0.3\"\n}\n" +
			"template IN A many.org {\nanswer \"{{ .Name }} 30 IN A 10.0.0.4\" \"{{ .Name }} 30 IN A 10.0.0.5\"\n}\n" +
			"template IN A wrong.org {\nrcode NXDOMAIN\nanswer \"{{ .Name }} 30 IN A 10.0.0.6\"\n}\n" +
			"template IN A owner.org {\nanswer \"x.test. 30 IN A 10.0.0.7\"\n}\n" +
			"template IN A led.org {\nanswer \"{{ .Name }} 30 IN CNAME x.test.\" \"x.test. 30 IN A 10.0.0.8\"\n}\n" +
			"template IN A six.org {\nanswer \"{{ .Name }} 30 IN AAAA fd00::6\"\n}\n" +
			"template ANY ANY wrong.org owner.org six.org {\nrcode NOERROR\n}\n" +
			"forward . PUBLIC\n}\n",
		names: []string{
			"wrong.org", "owner.org", "led.org", "six.org", "host.zone.org", "a-host.zone.org", "b-host.zone.org", "c-host.zone.org", "zone.org", "host.strict.org",
			"gone.org", "x.gone.org", "sub.gone.org", "a.sub.gone.org", "many.org", "a.many.org", "other.org",
		},
		types: []uint16{dns.TypeA}, // what becomes of the other types is kept for all of them together
	},
	{
		name: "a zone below another", text: "zone.org:PORT {\nBIND\ntemplate IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\n}\n}\n" +
			"sub.zone.org:PORT {\nBIND\nhosts /dev/null {\n10.0.0.2 host.sub.zone.org\n}\n}\n.:PORT {\nBIND\nforward . PUBLIC\n}\n",
		names: []string{"zone.org", "a.zone.org", "sub.zone.org", "host.sub.zone.org", "a.sub.zone.org", "other.org"},
	},
	{
		name: "template before hosts before file, whatever their order", text: ".:PORT {\nBIND\nroot DIR\nforward . PUBLIC\nfile zone.db zone.org\nhosts /dev/null {\n10.0.0.20 host.zone.org t.zone.org\nfallthrough\n}\n" +
			"template IN A {\nmatch ^t[.]zone[.]org[.]$\nanswer \"{{ .Name }} 30 IN A 10.0.0.30\"\nfallthrough\n}\n}\n",
		files: map[string]string{"zone.db": coreZone}, names: append([]string{"t.zone.org"}, coreNames...),
	},
	{
		name: "rewrite exact", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name one.zone.org two.zone.org\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite exact goes on", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite continue name exact one.zone.org two.zone.org\nrewrite stop name exact two.zone.org x-one.zone.org\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite suffix", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name suffix .in.net .zone.org answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite suffix in a label", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name suffix -one.zone.org two.zone.org answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite suffix without an answer", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name suffix .in.net .zone.org\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite prefix", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name prefix x. y. answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite prefix of a label", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name prefix a- x- answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite substring", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name substring .corp. . answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite substring of all below", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name substring in.net zone.org answer auto\nrewrite type ANY HINFO\n" +
			"hosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\nfallthrough\n}\n}\n",
		names: []string{"one.in.net", "two.in.net", "x.one.in.net", "in.net", "other.in.net", "one.zone.org", "other.zone.org"},
	},
	{
		name: "rewrite substring without an answer", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name substring .corp. .\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite regex", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name regex ^[a-d]-(.*)\\.zone\\.org\\.$ {1}.zone.org answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite regex that makes a name that is none", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name regex ^x\\.(.*)$ {1}\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.5 x.one.zone.org\nfallthrough\n}\n}\n",
		names: []string{"one.zone.org", "x.one.zone.org"},
	},
	{
		name: "rewrite regex with names back", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite stop {\nname regex (.*)\\.corp\\.zone\\.org {1}.zone.org\nanswer name (.*)\\.zone\\.org {1}.corp.zone.org\n}\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite regex with other names back", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite stop {\nname regex (.*)\\.corp\\.zone\\.org {1}.zone.org\nanswer name (.*)\\.zone\\.org {1}.crop.zone.org\n}\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite regex for all below", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite name regex (.*)\\.in\\.net one.zone.org answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "rewrite regex that goes on", text: ".:PORT {\nBIND\nforward . PUBLIC\nrewrite continue name regex ^a-(.*)[.]$ x-{1} answer auto\nrewrite name regex ^x-(.*)[.]$ {1} answer auto\nhosts /dev/null {\n10.0.0.1 one.zone.org\n10.0.0.2 two.zone.org\n10.0.0.3 x-one.zone.org\n10.0.0.4 one.in.net\n10.0.0.5 x.one.zone.org\n10.0.0.6 y.one.zone.org\nfallthrough\n}\n}\n",
		names: rewriteNames,
	},
	{
		name: "hosts above a zone of another server block", text: "zone.org:PORT {\nBIND\nforward . PUBLIC\n}\n.:PORT {\nBIND\nhosts /dev/null {\n10.0.0.1 host.zone.org host.org\nfallthrough\n}\n" +
			"template IN A sub.zone.org top.org {\nanswer \"{{ .Name }} 30 IN A 10.0.0.2\"\n}\nforward . PUBLIC\n}\n",
		names: []string{"zone.org", "host.zone.org", "x.host.zone.org", "host.org", "sub.zone.org", "x.sub.zone.org", "top.org", "x.top.org"},
	},
	{
		name: "a forward with an exception", text: ".:PORT {\nBIND\nforward . PUBLIC {\nexcept kept.org\n}\nhosts /dev/null {\n10.0.0.1 host.kept.org\nfallthrough\n}\n}\n",
		names: []string{"host.kept.org", "other.kept.org", "kept.org", "other.org"},
	},
	{
		name: "hosts for addresses alone", text: ".:PORT {\nBIND\nhosts /dev/null {\n10.0.0.1 host.zone.org\nfallthrough_unsupported\nfallthrough zone.org\n}\nforward . PUBLIC\n}\n",
		names: []string{"host.zone.org", "other.zone.org", "other.org"}, types: []uint16{dns.TypeA, dns.TypeHTTPS},
	},
	{
		name: "zones with an asterisk", text: "*.zone.org:PORT *.org:PORT {\nBIND\ntemplate IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\n}\n}\n" +
			".:PORT {\nBIND\ntemplate IN A *.one.org {\nanswer \"{{ .Name }} 30 IN A 10.0.0.2\"\n}\nrewrite name *.two.org host.two.org\n" +
			"hosts /dev/null {\n10.0.0.3 host.two.org\nfallthrough\n}\nforward . PUBLIC\n}\n",
		names: []string{"a.zone.org", "zone.org", "a.org", "one.org", "a.one.org", "a.two.org", "host.two.org"},
	},
	{
		name: "keys with several ports", text: "sub.zone.org:PORT zone.org:5301 {\nBIND\ntemplate IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\n}\n}\n" +
			".:PORT 10.0.0.0/23:PORT {\nBIND\nforward . PUBLIC\n}\n",
		names: []string{"zone.org", "a.zone.org", "sub.zone.org", "a.sub.zone.org"},
	},
	{
		name: "a view for some clients", text: "zone.org:PORT {\nBIND\nview lab {\nexpr incidr(client_ip(), '10.99.0.0/16')\n}\nhosts /dev/null {\n10.0.0.1 host.zone.org\n}\n}\n" +
			"zone.org:PORT {\nBIND\nhosts /dev/null {\n10.0.0.2 host.zone.org\n}\n}\n",
		names: []string{"host.zone.org", "x.zone.org"},
	},
	{
		name: "a view behind a block for all", text: "zone.org:PORT {\nBIND\nhosts /dev/null {\n10.0.0.2 host.zone.org\n}\n}\n" +
			"zone.org:PORT {\nBIND\nview all {\nexpr true\n}\nhosts /dev/null {\n10.0.0.1 host.zone.org\n}\n}\n",
		names: []string{"host.zone.org", "x.zone.org"},
	},
}

// TestCorefiles: what CoreDNS makes of a Corefile is what the set that was read says.
func TestCorefiles(t *testing.T) {
	public := peers.Public(t)
	for _, tt := range corefiles {
		t.Run(tt.name, func(t *testing.T) {
			at := peers.FreePort(t, peers.Loopback())
			dir := t.TempDir()
			fill := strings.NewReplacer(":PORT", ":"+strconv.Itoa(int(at.Port())), "BIND", "bind "+at.Addr().String(), "PUBLIC", public.String(), "DIR", dir).Replace
			for name, text := range tt.files {
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(fill(text)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			main := filepath.Join(dir, "Corefile")
			if err := os.WriteFile(main, []byte(fill(tt.text)), 0o600); err != nil {
				t.Fatal(err)
			}
			o := existing.Options{Note: func(line string) { t.Log(line) }}
			found, err := o.Together(t.Context(), []string{main}, nil)
			if err != nil {
				t.Fatal(err)
			}
			coredns.StartAs(t, main, fill(tt.text))
			if tt.types == nil {
				tt.types = allTypes
			}
			compareNames(t, found.Set, at, tt.names, tt.types)
		})
	}
}

// allTypes are the types of which becomes something.
var allTypes = []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS}

// compareNames: what a server answers for names is what was read of its files.
func compareNames(t *testing.T, set *holdings.Set, at netip.AddrPort, names []string, types []uint16) {
	t.Helper()
	for _, name := range names {
		for _, qtype := range types {
			got, want := meant(set.Resolve(name+".", qtype)), answered(t, at, name+".", qtype)
			if got != want {
				t.Errorf("%s %s: the server has %s, the files were read as %s", name, dns.Type(qtype), want, got)
			}
		}
	}
}

// rewriteNames are names that rules of the plugin rewrite may fit.
var rewriteNames = []string{
	"one.zone.org", "two.zone.org", "a-one.zone.org", "b-two.zone.org", "x-one.zone.org", "x-two.zone.org", "one.in.net", "a-one.in.net", "x.one.zone.org", "y.one.zone.org", "z.one.zone.org", "other.zone.org", "a-other.zone.org", "one.corp.zone.org", "x.one.corp.zone.org", "y.x.zone.org",
}
