package alias_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/alias"
)

// below has all names below ours.test.
type below struct{}

func (below) Ours(name string) bool {
	name = dns.CanonicalName(strings.ReplaceAll(name, `\111`, "o"))
	return name != "ours.test." && dns.IsSubDomain("ours.test.", name)
}

// own is what the client is answered when it asks itself.
var own = map[string]string{
	"foo.ours.test. A": `
NOERROR aa
foo.ours.test. 30 IN A 10.1.1.1
foo.ours.test. 30 IN A 10.1.1.2
`,
	"FOO.Ours.test. A": `
NOERROR aa
FOO.Ours.test. 30 IN A 10.1.1.1
`,
	"f\\111o.ours.test. A": `
NOERROR aa
foo.ours.test. 30 IN A 10.1.1.1
`,
	"foo.ours.test. AAAA": `
NOERROR aa
; ours.test. 30 IN SOA ns. host. 1 2 3 4 30
`,
	"foo.ours.test. MX": `
NOERROR aa
; ours.test. 30 IN SOA ns. host. 1 2 3 4 30
`,
	"gone.ours.test. A": `
NXDOMAIN aa
; ours.test. 30 IN SOA ns. host. 1 2 3 4 30
`,
	"public.ours.test. A": `
NOERROR ra ad tc
public.ours.test. 300 IN CNAME elsewhere.test.
elsewhere.test. 300 IN A 198.51.100.1
+ ns.elsewhere.test. 300 IN A 198.51.100.53
`,
	"refused.ours.test. A": `
REFUSED
`,
	"other.ours.test. A": `
NOERROR aa
other.ours.test. 30 IN A 10.2.2.2
`,
	"other.ours.test. AAAA": `
NOERROR aa
other.ours.test. 30 IN AAAA fd00::2
`,
}

// TestLead is the table of what becomes of messages.
func TestLead(t *testing.T) {
	tests := []struct {
		name, question string
		in             string
		want           string // "" for the message as it is
		asked          string
	}{
		{
			name: "somebody else's answer", question: "a.test. A",
			in: "NOERROR ra ad\na.test. 60 IN CNAME b.test.\nb.test. 60 IN A 192.0.2.1\n; test. 60 IN NS ns.test.\n+ ns.test. 60 IN A 192.0.2.2\n",
		},
		{
			name: "an answer to a question for one of ours that was passed on", question: "Foo.ours.test. A",
			in: "NOERROR ra\nfoo.ours.test. 60 IN A 198.51.100.1\nfoo.ours.test. 60 IN RRSIG A 8 3 60 20300101000000 20200101000000 1 test. AAAA\n+ foo.OURS.test. 60 IN A 198.51.100.1\n",
		},
		{
			name: "an alias with another client's addresses", question: "a.test. A",
			in:    "NOERROR aa\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n; test. 60 IN NS ns.test.\n+ ns.test. 60 IN A 192.0.2.2\n",
			want:  "NOERROR aa\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "an alias with nothing behind it", question: "a.test. A",
			in:    "NOERROR\na.test. 60 IN CNAME foo.ours.test.\n; test. 60 IN SOA ns. host. 1 2 3 4 60\n",
			want:  "NOERROR\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "an alias with a placeholder, whatever the name is by now", question: "a.test. A",
			in:    "NOERROR\na.test. 60 IN CNAME other.test.\nother.test. 0 IN TYPE65377 \\# 0\n",
			want:  "SERVFAIL\na.test. 60 IN CNAME other.test.\n",
			asked: "other.test. A",
		},
		{
			name: "an alias of an alias, in another order and case", question: "A.test. A",
			in:    "NOERROR ad\nB.test. 60 IN CNAME FOO.Ours.test.\na.TEST. 60 IN CNAME b.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n",
			want:  "NOERROR\na.TEST. 60 IN CNAME b.test.\nB.test. 60 IN CNAME FOO.Ours.test.\nFOO.Ours.test. 30 IN A 10.1.1.1\n",
			asked: "FOO.Ours.test. A",
		},
		{
			name: "one of ours amid the chain", question: "a.test. A",
			in:    "NOERROR\na.test. 60 IN CNAME public.ours.test.\npublic.ours.test. 60 IN CNAME b.test.\nb.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n",
			want:  "NOERROR tc\na.test. 60 IN CNAME public.ours.test.\npublic.ours.test. 300 IN CNAME elsewhere.test.\nelsewhere.test. 300 IN A 198.51.100.1\n+ ns.elsewhere.test. 300 IN A 198.51.100.53\n",
			asked: "public.ours.test. A",
		},
		{
			name: "one of ours that was passed on, and is an alias of another", question: "public.ours.test. A",
			in:    "NOERROR ra\npublic.ours.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 198.51.100.1\n",
			want:  "NOERROR ra\npublic.ours.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "an escaped letter", question: "a.test. A",
			in:    "NOERROR\n\\097.test. 60 IN CNAME f\\111o.ours.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n",
			want:  "NOERROR\n\\097.test. 60 IN CNAME f\\111o.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\n",
			asked: "f\\111o.ours.test. A",
		},
		{
			name: "the client's own is NODATA", question: "a.test. AAAA",
			in:    "NOERROR\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN AAAA 2001:db8::1\n",
			want:  "NOERROR\na.test. 60 IN CNAME foo.ours.test.\n; ours.test. 30 IN SOA ns. host. 1 2 3 4 30\n",
			asked: "foo.ours.test. AAAA",
		},
		{
			name: "the client's own is NXDOMAIN", question: "a.test. A",
			in:    "NOERROR\na.test. 60 IN CNAME gone.ours.test.\ngone.ours.test. 30 IN A 10.9.9.9\n",
			want:  "NXDOMAIN\na.test. 60 IN CNAME gone.ours.test.\n; ours.test. 30 IN SOA ns. host. 1 2 3 4 30\n",
			asked: "gone.ours.test. A",
		},
		{
			name: "another client's was NXDOMAIN, and truncated", question: "a.test. A",
			in:    "NXDOMAIN tc\na.test. 60 IN CNAME foo.ours.test.\n; test. 60 IN SOA ns. host. 1 2 3 4 60\n",
			want:  "NOERROR\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "another client's was SERVFAIL", question: "a.test. A",
			in:    "SERVFAIL\na.test. 60 IN CNAME foo.ours.test.\n",
			want:  "NOERROR\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "the client may not ask", question: "a.test. A",
			in:    "NOERROR\na.test. 60 IN CNAME refused.ours.test.\nrefused.ours.test. 30 IN A 10.9.9.9\n",
			want:  "REFUSED\na.test. 60 IN CNAME refused.ours.test.\n",
			asked: "refused.ours.test. A",
		},
		{
			name: "nobody says what the client's own is", question: "a.test. A",
			in:    "NOERROR\na.test. 60 IN CNAME silent.ours.test.\nsilent.ours.test. 30 IN A 10.9.9.9\n",
			want:  "SERVFAIL\na.test. 60 IN CNAME silent.ours.test.\n",
			asked: "silent.ours.test. A",
		},
		{
			name: "signatures, a DNAME and EDNS", question: "foo.d.test. A",
			in: "NOERROR ad\nd.test. 60 IN DNAME ours.test.\nd.test. 60 IN RRSIG DNAME 8 2 60 20300101000000 20200101000000 1 test. AAAA\n" +
				"foo.d.test. 60 IN CNAME foo.ours.test.\nfoo.d.test. 60 IN RRSIG CNAME 8 2 60 20300101000000 20200101000000 1 test. AAAA\n" +
				"foo.ours.test. 30 IN A 10.9.9.9\nfoo.ours.test. 30 IN RRSIG A 8 2 60 20300101000000 20200101000000 1 test. AAAA\n; test. 60 IN NSEC a.test. NS\n+ OPT\n",
			want: "NOERROR\nd.test. 60 IN DNAME ours.test.\nd.test. 60 IN RRSIG DNAME 8 2 60 20300101000000 20200101000000 1 test. AAAA\n" +
				"foo.d.test. 60 IN CNAME foo.ours.test.\nfoo.d.test. 60 IN RRSIG CNAME 8 2 60 20300101000000 20200101000000 1 test. AAAA\n" +
				"foo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n+ OPT\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "a DNAME alone", question: "foo.d.test. A",
			in:    "NOERROR\nd.test. 60 IN DNAME ours.test.\n",
			want:  "NOERROR\nd.test. 60 IN DNAME ours.test.\nfoo.d.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "a name that is its own alias", question: "foo.ours.test. A",
			in: "NOERROR\nFOO.ours.test. 60 IN CNAME foo.OURS.test.\n",
		},
		{
			name: "a DNAME of ours above the name", question: "x.foo.ours.test. A",
			in:   "NOERROR\nfoo.ours.test. 60 IN DNAME test.\nx.foo.ours.test. 60 IN CNAME other.ours.test.\nother.ours.test. 60 IN A 10.9.9.9\n",
			want: "NOERROR\nx.foo.ours.test. 60 IN CNAME other.ours.test.\nother.ours.test. 30 IN A 10.2.2.2\n", asked: "other.ours.test. A",
		},
		{
			name: "a DNAME that is taken twice", question: "foo.d.d.test. A",
			in: "NOERROR\nd.test. 60 IN DNAME test.\nfoo.d.d.test. 60 IN CNAME foo.d.test.\nfoo.d.test. 60 IN CNAME foo.test.\nfoo.test. 60 IN CNAME foo.ours.test.\n",
			want: "NOERROR\nd.test. 60 IN DNAME test.\nfoo.d.d.test. 60 IN CNAME foo.d.test.\nfoo.d.test. 60 IN CNAME foo.test.\nfoo.test. 60 IN CNAME foo.ours.test.\n" +
				"foo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "the root's DNAME", question: "foo. A",
			in:    "NOERROR\n. 60 IN DNAME ours.test.\n",
			want:  "NOERROR\n. 60 IN DNAME ours.test.\nfoo. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.1.1.1\nfoo.ours.test. 30 IN A 10.1.1.2\n",
			asked: "foo.ours.test. A",
		},
		{
			name: "a DNAME to the root, and one that makes too long a name", question: "a.d.test. A",
			in: "NOERROR\nd.test. 60 IN DNAME .\na.d.test. 60 IN CNAME a.\n",
		},
		{
			name: "a DNAME that leads elsewhere", question: "foo.d.test. A",
			in: "NOERROR ad\nd.test. 60 IN DNAME e.test.\nfoo.d.test. 60 IN CNAME foo.e.test.\nfoo.e.test. 60 IN A 192.0.2.1\n",
		},
		{
			name: "the alias itself", question: "a.test. CNAME",
			in: "NOERROR aa ad\na.test. 60 IN CNAME foo.ours.test.\n",
		},
		{
			name: "the alias itself, with too much", question: "a.test. CNAME",
			in:   "NOERROR aa ad\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n",
			want: "NOERROR aa\na.test. 60 IN CNAME foo.ours.test.\n",
		},
		{
			name: "anything of the alias", question: "a.test. ANY",
			in:   "NOERROR aa\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN HINFO \"RFC8482\" \"\"\n",
			want: "NOERROR aa\na.test. 60 IN CNAME foo.ours.test.\n",
		},
		{
			name: "two aliases of one name", question: "a.test. A",
			in:   "NOERROR\na.test. 60 IN CNAME b.test.\na.test. 60 IN CNAME foo.ours.test.\nb.test. 60 IN A 192.0.2.1\nfoo.ours.test. 30 IN A 10.9.9.9\n",
			want: "NOERROR\na.test. 60 IN CNAME b.test.\na.test. 60 IN CNAME foo.ours.test.\nb.test. 60 IN A 192.0.2.1\n",
		},
		{
			name: "a loop, and one of ours beside it", question: "a.test. A",
			in:   "NOERROR\na.test. 60 IN CNAME b.test.\nb.test. 60 IN CNAME a.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n",
			want: "NOERROR\na.test. 60 IN CNAME b.test.\nb.test. 60 IN CNAME a.test.\n",
		},
		{
			name: "another type, which the alias leads to as well", question: "a.test. MX",
			in:    "NOERROR\na.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 60 IN MX 1 mail.test.\n",
			want:  "NOERROR\na.test. 60 IN CNAME foo.ours.test.\n; ours.test. 30 IN SOA ns. host. 1 2 3 4 30\n",
			asked: "foo.ours.test. MX",
		},
		{
			name: "targets with addresses", question: "a.test. SRV",
			in: "NOERROR aa ad\na.test. 60 IN SRV 1 1 7687 foo.ours.test.\na.test. 60 IN SRV 2 1 7687 other.ours.test.\na.test. 60 IN SRV 3 1 7687 b.test.\n" +
				"+ b.test. 60 IN A 192.0.2.1\n+ foo.ours.test. 30 IN A 10.9.9.9\n+ foo.ours.test. 30 IN RRSIG A 8 2 60 20300101000000 20200101000000 1 test. AAAA\n+ OTHER.ours.test. 0 IN TYPE65377 \\# 0\n+ other.ours.test. 0 IN TYPE65377 \\# 0\n+ OPT\n",
			want: "NOERROR aa\na.test. 60 IN SRV 1 1 7687 foo.ours.test.\na.test. 60 IN SRV 2 1 7687 other.ours.test.\na.test. 60 IN SRV 3 1 7687 b.test.\n" +
				"+ b.test. 60 IN A 192.0.2.1\n+ OPT\n+ foo.ours.test. 30 IN A 10.1.1.1\n+ foo.ours.test. 30 IN A 10.1.1.2\n+ other.ours.test. 30 IN A 10.2.2.2\n+ other.ours.test. 30 IN AAAA fd00::2\n",
			asked: "foo.ours.test. A, foo.ours.test. AAAA, OTHER.ours.test. A, OTHER.ours.test. AAAA",
		},
		{
			name: "targets without addresses", question: "a.test. MX",
			in: "NOERROR aa ad\na.test. 60 IN MX 1 foo.ours.test.\n",
		},
		{
			name: "a target that is denied", question: "a.test. MX",
			in:    "NOERROR aa ad\na.test. 60 IN MX 1 gone.ours.test.\n+ gone.ours.test. 60 IN A 10.9.9.9\n",
			want:  "NOERROR aa\na.test. 60 IN MX 1 gone.ours.test.\n",
			asked: "gone.ours.test. A, gone.ours.test. AAAA",
		},
		{
			name: "an alias of a service", question: "a.test. SRV",
			in: "NOERROR\na.test. 60 IN CNAME b.test.\nb.test. 60 IN SRV 1 1 1 c.test.\n+ c.test. 60 IN CNAME other.ours.test.\n+ other.ours.test. 30 IN AAAA fd00::9\n",
			want: "NOERROR\na.test. 60 IN CNAME b.test.\nb.test. 60 IN SRV 1 1 1 c.test.\n+ c.test. 60 IN CNAME other.ours.test.\n" +
				"+ other.ours.test. 30 IN A 10.2.2.2\n+ other.ours.test. 30 IN AAAA fd00::2\n",
			asked: "other.ours.test. A, other.ours.test. AAAA",
		},
		{
			name: "hints", question: "a.test. HTTPS",
			in: "NOERROR ad\na.test. 60 IN HTTPS 1 foo.ours.test. mandatory=\"ipv4hint,alpn\" alpn=\"h2\" ipv4hint=\"10.9.9.9\" ipv6hint=\"fd00::9\"\n" +
				"a.test. 60 IN RRSIG HTTPS 8 2 60 20300101000000 20200101000000 1 test. AAAA\n",
			want: "NOERROR\na.test. 60 IN HTTPS 1 foo.ours.test. mandatory=\"alpn\" alpn=\"h2\"\n",
		},
		{
			name: "hints of a service beside others", question: "_bolt.a.test. SVCB",
			in: "NOERROR\n_bolt.a.test. 60 IN SVCB 1 foo.ours.test. mandatory=\"ipv4hint\" ipv4hint=\"10.9.9.9\"\n_bolt.a.test. 60 IN SVCB 2 b.test. ipv4hint=\"192.0.2.1\"\n" +
				"+ c.test. 60 IN SVCB 1 foo.ours.test. ipv4hint=\"10.9.9.9\"\n",
			want: "NOERROR\n_bolt.a.test. 60 IN SVCB 1 foo.ours.test.\n_bolt.a.test. 60 IN SVCB 2 b.test. ipv4hint=\"192.0.2.1\"\n+ c.test. 60 IN SVCB 1 foo.ours.test.\n",
		},
		{
			name: "a service without hints, and hints at the name asked for", question: "foo.ours.test. HTTPS",
			in: "NOERROR ad\nfoo.ours.test. 60 IN HTTPS 0 other.ours.test.\nfoo.ours.test. 60 IN HTTPS 1 foo.ours.test. ipv4hint=\"198.51.100.1\"\nfoo.ours.test. 60 IN HTTPS 1 . ipv4hint=\"198.51.100.1\"\n",
		},
		{
			name: "a key that is called as ours", question: "a.test. A",
			in: "NOERROR ad\na.test. 60 IN A 192.0.2.1\n+ TSIG\n",
		},
		{
			name: "records nobody asked for", question: "a.test. A",
			in:   "NOERROR aa\nfoo.ours.test. 60 IN A 10.9.9.9\na.test. 60 IN A 192.0.2.1\n",
			want: "NOERROR aa\na.test. 60 IN A 192.0.2.1\n",
		},
		{
			name: "a placeholder under another name", question: "a.test. A",
			in:   "NOERROR aa\na.test. 60 IN TYPE65377 \\# 0\n+ b.test. 0 IN TYPE65377 \\# 0\n",
			want: "NOERROR aa\n", asked: "b.test. A, b.test. AAAA",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := message(t, tt.question, tt.in)
			before := in.String()
			var asked []string
			ask := func(name string, qtype uint16) *dns.Msg {
				question := name + " " + dns.TypeToString[qtype]
				asked = append(asked, question)
				text, known := own[question]
				if !known {
					text, known = own[strings.ToLower(name)+" "+dns.TypeToString[qtype]]
				}
				if !known {
					return nil
				}
				return message(t, question, text)
			}
			want := tt.want
			if want == "" {
				want = tt.in
			}
			got := alias.Lead(below{}, ask, in.Question[0], in)
			if diff := cmp.Diff(strings.TrimSpace(want), text(got)); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.asked, strings.Join(asked, ", ")); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, in.String()); diff != "" {
				t.Errorf("the message was changed (-before +after):\n%s", diff)
			}
			if tt.want == "" && got != in {
				t.Error("a message of which nothing changes is copied")
			}
			if concerns := alias.Concerns(below{}, in.Question[0], in); tt.want != "" && !concerns {
				t.Error("the message is said not to concern names of ours")
			}
			again := alias.Lead(below{}, ask, in.Question[0], got)
			if tt.want != "" && text(again) != text(got) && got.Rcode == dns.RcodeSuccess {
				t.Errorf("led twice (-once +twice):\n%s", cmp.Diff(text(got), text(again)))
			}
		})
	}
}

// TestBounds: neither the chain nor the targets of one message cost more than a bounded
// number of questions.
func TestBounds(t *testing.T) {
	chain := func(length int) *dns.Msg {
		var lines strings.Builder
		for i := range length {
			fmt.Fprintf(&lines, "a%d.test. 60 IN CNAME a%d.test.\n", i, i+1)
		}
		fmt.Fprintf(&lines, "a%d.test. 60 IN CNAME foo.ours.test.\nfoo.ours.test. 30 IN A 10.9.9.9\n", length)
		return message(t, "a0.test. A", "NOERROR\n"+lines.String())
	}
	asked := 0
	ask := func(string, uint16) *dns.Msg { asked++; return new(dns.Msg) }
	for _, tt := range []struct{ length, asks int }{{31, 1}, {32, 0}, {3000, 0}} {
		asked = 0
		in := chain(tt.length)
		got := alias.Lead(below{}, ask, in.Question[0], in)
		if asked != tt.asks || strings.Contains(got.String(), "10.9.9.9") {
			t.Errorf("a chain of %d aliases: asked %d times, want %d:\n%s", tt.length+1, asked, tt.asks, got)
		}
	}
	extra := "NOERROR\na.test. 60 IN MX 1 t0.ours.test.\n"
	for i := range 100 {
		extra += fmt.Sprintf("+ t%d.ours.test. 30 IN A 10.9.9.9\n", i)
	}
	asked = 0
	in := message(t, "a.test. MX", extra)
	got := alias.Lead(below{}, ask, in.Question[0], in)
	if asked != 16 || len(got.Extra) != 0 {
		t.Errorf("100 targets: asked %d times, and %d records are left", asked, len(got.Extra))
	}
}

// TestConcernsNobody: what has nothing of ours is looked at, and costs no memory.
func TestConcernsNobody(t *testing.T) {
	m := message(t, "www.test. A", "NOERROR\nwww.test. 60 IN CNAME a.test.\na.test. 60 IN CNAME b.test.\nb.test. 60 IN A 192.0.2.1\nb.test. 60 IN A 192.0.2.2\n+ ns.test. 60 IN A 192.0.2.3\n")
	if alias.Concerns(suffix("ours.test."), m.Question[0], m) {
		t.Fatal("concerned")
	}
	if allocs := testing.AllocsPerRun(100, func() { alias.Concerns(suffix("ours.test."), m.Question[0], m) }); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// suffix has the names that end so; it allocates nothing.
type suffix string

func (s suffix) Ours(name string) bool { return strings.HasSuffix(name, string(s)) }

// message reads a message: a line with the response code and flags, and the records,
// of which "; " stands before those of the authority section and "+ " before those of
// the additional section.
func message(t *testing.T, question, text string) *dns.Msg {
	t.Helper()
	name, qtype, _ := strings.Cut(question, " ")
	m := new(dns.Msg).SetQuestion(name, dns.StringToType[qtype])
	m.Response, m.RecursionDesired = true, false
	head, records, _ := strings.Cut(strings.TrimSpace(text), "\n")
	for _, word := range strings.Fields(head) {
		switch word {
		case "aa":
			m.Authoritative = true
		case "ad":
			m.AuthenticatedData = true
		case "ra":
			m.RecursionAvailable = true
		case "tc":
			m.Truncated = true
		default:
			m.Rcode = dns.StringToRcode[word]
		}
	}
	for line := range strings.Lines(records) {
		section := &m.Answer
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "; "); ok {
			line, section = rest, &m.Ns
		} else if rest, ok := strings.CutPrefix(line, "+ "); ok {
			line, section = rest, &m.Extra
		}
		*section = append(*section, record(t, line))
	}
	return m
}

func record(t *testing.T, line string) dns.RR {
	switch line {
	case "OPT":
		return &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT, Class: 1232}}
	case "TSIG":
		return &dns.TSIG{Hdr: dns.RR_Header{Name: "key.ours.test.", Rrtype: dns.TypeTSIG, Class: dns.ClassANY}}
	}
	rr, err := dns.NewRR(line)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return rr
}

// text is a message as it is read by message.
func text(m *dns.Msg) string {
	lines := []string{dns.RcodeToString[m.Rcode]}
	for _, flag := range []struct {
		word string
		set  bool
	}{{"aa", m.Authoritative}, {"ra", m.RecursionAvailable}, {"ad", m.AuthenticatedData}, {"tc", m.Truncated}} {
		if flag.set {
			lines[0] += " " + flag.word
		}
	}
	add := func(prefix string, rrs []dns.RR) {
		for _, rr := range rrs {
			line := strings.Join(strings.Fields(rr.String()), " ")
			switch rr.(type) {
			case *dns.OPT:
				line = "OPT"
			case *dns.TSIG:
				line = "TSIG"
			case *dns.RFC3597:
				line = strings.Replace(line, "CLASS1", "IN", 1)
			}
			lines = append(lines, prefix+line)
		}
	}
	add("", m.Answer)
	add("; ", m.Ns)
	add("+ ", m.Extra)
	return strings.Join(slices.Clip(lines), "\n")
}
