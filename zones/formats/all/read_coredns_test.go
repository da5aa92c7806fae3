package all_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// faults are the kinds of what is wrong with the answers for a name of Aura's, for clients
// in 10.0.0.0/16, when a file is read.
func faults(t *testing.T, text string) []string {
	t.Helper()
	b := holdings.NewBuilder()
	if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
		t.Fatal(err)
	}
	return kinds(b.Set())
}

// faulty is a text with the kinds of its faults.
type faulty struct {
	name, text string
	want       []string
}

// checkFaults reads texts, and looks at the kinds of their faults.
func checkFaults(t *testing.T, tests []faulty) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, faults(t, tt.text)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// kinds are those of the faults of a set, for the same name and clients.
func kinds(set *holdings.Set) []string {
	var found []string
	for _, f := range set.Faults([]string{"west.endpoints.neo4j.io."}, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}) {
		found = append(found, string(f.Kind))
	}
	return found
}

// TestCorefileFaults: what makes CoreDNS not start, or refuse its clients, is told. The
// real CoreDNS does so with each of them.
func TestCorefileFaults(t *testing.T) {
	const right = "template IN A {\nanswer \"{{ .Name }} 60 IN A 10.0.0.1\"\n}\ntemplate ANY ANY {\nrcode NOERROR\n}\n"
	block := func(zone, plugins string) string { return zone + " {\n" + right + plugins + "\n}\n" }
	checkFaults(t, []faulty{
		{"right", block("endpoints.neo4j.io:53", "errors"), nil},
		{"a plugin that is misspelled", block("endpoints.neo4j.io:53", "forwrad . 10.0.0.1"), []string{"not-read"}},
		{"a plugin that is built in by some", block("endpoints.neo4j.io:53", "redis"), []string{"not-read"}},
		{"a plugin that is not read", block("endpoints.neo4j.io:53", "nomad"), []string{"not-read"}},
		{"hosts twice", block("endpoints.neo4j.io:53", "hosts {\n10.0.0.1 a.example\n}\nhosts {\n10.0.0.1 b.example\n}"), []string{"not-loaded"}},
		{"cache twice", block("endpoints.neo4j.io:53", "cache\ncache"), []string{"not-loaded"}},
		{"log twice", block("endpoints.neo4j.io:53", "log\nlog"), nil},
		{"a server block twice", block("endpoints.neo4j.io:53", "") + block("endpoints.neo4j.io", ""), []string{"not-loaded"}},
		{"a zone twice in a line", block("endpoints.neo4j.io endpoints.neo4j.io", ""), []string{"not-loaded"}},
		{"another zone twice", block("endpoints.neo4j.io", "") + block("a.example", "") + block("a.example", ""), []string{"not-loaded"}},
		{"a server block twice, on other addresses", block("endpoints.neo4j.io", "bind 10.0.0.1") + block("endpoints.neo4j.io", "bind 10.0.0.2"), []string{"not-read"}},
		{"signatures for all", block("endpoints.neo4j.io", "tsig {\nrequire all\n}"), []string{"refused"}},
		{"signatures for addresses", block("endpoints.neo4j.io", "tsig {\nrequire AXFR A\n}"), []string{"refused"}},
		{"signatures for transfers", block("endpoints.neo4j.io", "tsig {\nrequire AXFR IXFR\n}"), nil},
		{"signatures for questions", block("endpoints.neo4j.io", "tsig {\nrequire_opcode QUERY\n}"), []string{"refused"}},
		{"signatures for another zone", block(".", "tsig a.example {\nrequire all\n}"), nil},
		{"clients that may ask", block("endpoints.neo4j.io", "acl {\nallow net 10.0.0.0/8\nblock\n}"), nil},
		{"others that may not ask", block("endpoints.neo4j.io", "acl {\nblock net 10.1.0.0/16\n}"), nil},
		{"some clients that may not ask", block("endpoints.neo4j.io", "acl {\nblock net 10.0.7.0/24\n}"), []string{"refused"}},
		{"clients before whom all are blocked", block("endpoints.neo4j.io", "acl {\ndrop net *\nallow net 10.0.0.0/8\n}"), []string{"refused"}},
		{"clients that another acl allows first", block("endpoints.neo4j.io", "acl {\nallow net 10.0.0.0/8\n}\nacl {\nblock\n}"), nil},
		{"clients that may not ask for some names", block(".", "acl west.endpoints.neo4j.io {\nfilter\n}"), []string{"refused"}},
		{"clients that may not ask for other names", block(".", "acl a.example {\nblock\n}"), nil},
		{"no other types", block("endpoints.neo4j.io", "acl {\nblock type ANY TXT\n}"), nil},
		{"no IPv6 addresses", block("endpoints.neo4j.io", "acl {\nfilter type AAAA\n}"), nil},
		{"no questions for IPv6 addresses", block("endpoints.neo4j.io", "acl {\nblock type AAAA\n}"), []string{"not-read"}},
	})
}

// TestTemplateExpressions: where a regular expression leaves no doubt for which names it is,
// these have what the template says; else it is said that it was not read.
func TestTemplateExpressions(t *testing.T) {
	tests := []struct {
		name, match string
		want        string // which of the names below have the address of the template
		doubt       bool
	}{
		{"all", `.*`, "west a-west other x.other", false},
		{"all by one character", `.`, "west a-west other x.other", false},
		{"a name", `^west\.endpoints\.neo4j\.io\.$`, "west", false},
		{"a name in capitals", `(?i)^WEST[.]endpoints[.]neo4j[.]io[.]$`, "west", false},
		{"a name without an end", `^west\.endpoints\.neo4j\.io`, "west", false},
		{"a name with its forms", `^([a-d]-)?west\.endpoints\.neo4j\.io\.$`, "west a-west", false},
		{"a name or another", `^(west|other)\.endpoints\.neo4j\.io\.$`, "west other", false},
		{"all below", `.*\.endpoints\.neo4j\.io\.$`, "west a-west other x.other", false},
		{"all below, by the end alone", `\.endpoints\.neo4j\.io\.$`, "west a-west other x.other", false},
		{"all below, or the name", `(^|[.])endpoints\.neo4j\.io\.$`, "west a-west other x.other", false},
		{"all below, by labels", `^([^.]+\.)*endpoints\.neo4j\.io\.$`, "west a-west other x.other", false},
		{"directly below", `^[a-z0-9-]+\.endpoints\.neo4j\.io\.$`, "west a-west other", false},
		{"directly below, by a group", `^(?P<db>[^.]{1,63})\.endpoints\.neo4j\.io\.$`, "west a-west other", false},
		{"a prefix", `^p-`, "", true},
		{"a prefix of some", `^[a-d]-.*`, "", true},
		{"a prefix and the end", `^[a-d]-.*\.endpoints\.neo4j\.io\.$`, "", true},
		{"letters alone", `^[a-z]+\.endpoints\.neo4j\.io\.$`, "", true},
		{"an end in a label", `west\.endpoints\.neo4j\.io\.$`, "", true},
		{"a number of characters", `^.{4}\.endpoints\.neo4j\.io\.$`, "", true},
		{"a prefix of others", `^p-.*\.corp\.example\.$`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := ". {\ntemplate IN A {\nmatch \"" + tt.match + "\"\nanswer \"{{ .Name }} 60 IN A 10.0.0.1\"\nfallthrough\n}\nforward . 1.1.1.1\n}\n"
			b := holdings.NewBuilder()
			if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
				t.Fatal(err)
			}
			set := b.Set()
			if doubt := len(set.Faults([]string{"west.endpoints.neo4j.io."}, nil)) > 0; doubt != tt.doubt {
				t.Errorf("doubt %v, want %v", doubt, tt.doubt)
			}
			var has []string
			for _, name := range []string{"west", "a-west", "other", "x.other"} {
				if found := set.Resolve(name+".endpoints.neo4j.io.", dns.TypeA); len(found.Addrs) > 0 {
					has = append(has, name)
				}
			}
			if got := strings.Join(has, " "); !tt.doubt && got != tt.want {
				t.Errorf("%s have the address, want %s", got, tt.want)
			}
		})
	}
}

// TestDetectCorefile: a Corefile is known by its keys as well, whatever plugin is first.
func TestDetectCorefile(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a plugin", ". {\nmultisocket 2\n}\n", "coredns"},
		{"another plugin", ". {\nsign db.example {\ndirectory /tmp\n}\n}\n", "coredns"},
		{"a plugin that is not known, behind a port", "endpoints.neo4j.io:53 a.example:53 {\nforwrad . 10.0.0.1\n}\n", "coredns"},
		{"a port alone", ".:53 {\nredis\n}\n", "coredns"},
		{"a transport", "dns://a.example:1053 {\nredis\n}\n", "coredns"},
		{"a variable", "{$DOMAIN}:53 {\nforward . 10.0.0.1\n}\n", "coredns"},
		{"a variable of Windows", "{%DOMAIN%} a.example {\nhosts\n}\n", "coredns"},
		{"something else", "server {\nlisten 53\n}\n", ""},
		{"something else with a colon", "server: {\nport 53\n}\n", ""},
		{"BIND's server", "server ::1 {\n bogus yes; };\n", "bind"},
		{"BIND's servers", "server 10.0.0.0/24 { bogus yes; };\n", "bind"},
		{"BIND's template", "template a { type primary; };\n", "bind"},
		{"BIND's database", "dlz \"a\" { database \"x\"; };\n", "bind"},
		{"something else with an address", "server 10.0.0.1;\n", ""},
		{"BIND", "zone \"a.example\" {\n type primary; };\n", "bind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := all.Detect([]byte(tt.text)); got.Syntax() != tt.want {
				t.Errorf("it is taken for %q, want %q", got.Syntax(), tt.want)
			}
		})
	}
}

// TestRewrittenToNoName: a rule that makes a text that is no name has its names answered SERVFAIL.
func TestRewrittenToNoName(t *testing.T) {
	corefile := func(rule string) string {
		return ".:53 {\n\trewrite " + rule + "\n\thosts /dev/null {\n\t\t10.0.0.1 west.endpoints.neo4j.io\n\t\tfallthrough\n\t}\n\tforward . 10.0.0.2\n}\n"
	}
	checkFaults(t, []faulty{
		{"a dot too many", corefile(`name regex ^foo\.(.*)$ {1} answer auto`), []string{"not-read"}},
		{"the right one", corefile(`name regex ^foo\.(.*)\.$ {1} answer auto`), nil},
	})
}
