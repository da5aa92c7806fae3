package all_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// odd is a file that has something that is not understood, or is oddly written.
type odd struct {
	name, text string
	file       string // "f" if it is left out
	kind       string
	want       string
	notes      []string
}

// check reads such files.
func check(t *testing.T, tests []odd) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := formats.Input{Name: "f"}
			if tt.file != "" {
				in = formats.Input{Name: "f", Origin: formats.OriginOf(tt.file), OriginByName: true}
			}
			b := holdings.NewBuilder()
			if err := all.ReadAny(b, strings.NewReader(tt.text), in); err != nil {
				t.Fatal(err)
			}
			set := b.Set()
			if d := cmp.Diff(tt.want, dump(set)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.notes, told(set)); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
			if got := set.Sources()[0].Kind; got != tt.kind {
				t.Errorf("it is read as %s, want %s", got, tt.kind)
			}
		})
	}
}

// TestOddZoneFiles: what a record means that other servers write is left out with a
// note, and all else is read.
func TestOddZoneFiles(t *testing.T) {
	const soa = "@ 300 IN SOA ns. host. 1 3600 600 86400 300\n"
	check(t, []odd{
		{
			name: "types that the library does not read", file: "db.endpoints.neo4j.io", kind: "zone",
			text: soa + "* 300 IN A 10.10.10.10\nsip NAPTR 1 1 s SIP+D2U \"\" _sip._udp.corp.example.\nsmtp WKS 10.0.0.1 TCP 25\ngps 300 IN GPOS \"\" \"\" \"\"\nbüro TXT x\nraw TYPE1 \\# 4 0A000001\n@ NS ns.corp.example.\n",
			want: `zone endpoints.neo4j.io. else nxdomain, f:1
*.endpoints.neo4j.io. 10.10.10.10 ttl 300, f:2
b\195\188ro.endpoints.neo4j.io. no address ttl 300, f:6
gps.endpoints.neo4j.io. no address ttl 300, f:5
raw.endpoints.neo4j.io. 10.0.0.1 ttl 300, f:7
sip.endpoints.neo4j.io. no address ttl 300, f:3
smtp.endpoints.neo4j.io. no address ttl 300, f:4
`,
		},
		{
			name: "PowerDNS and cli53", file: "db.endpoints.neo4j.io", kind: "zone",
			text: soa + "@ 300 IN ALIAS lb.corp.example.\n*	60	AWS	ALIAS	A vpce-0aa.vpce.amazonaws.com. Z7HUB22UULQXV false\nlua 60 IN LUA A \"pickrandom({'10.0.0.1'})\"\n",
			want: `zone endpoints.neo4j.io. else nxdomain, f:1
endpoints.neo4j.io. → lb.corp.example ttl 300, f:2
*.endpoints.neo4j.io. → vpce-0aa.vpce.amazonaws.com ttl 60, f:3
lua.endpoints.neo4j.io. what a record of type LUA makes of it, f:4
`,
			notes: []string{
				"f:2: ALIAS is not read: what it makes of endpoints.neo4j.io is not known here",
				"f:3: ALIAS is not read: what it makes of *.endpoints.neo4j.io is not known here",
				"f:4: LUA is not read: what it makes of lua.endpoints.neo4j.io is not known here",
			},
		},
		{
			name: "Windows DNS", kind: "zone",
			text: ";\r\n;  Database file (null) for endpoints.neo4j.io zone.\r\n;      Zone version:  12\r\n;\r\n\r\n" +
				"@                       IN  SOA dc1.corp.example. hostmaster.corp.example. (\r\n\t12           ; serial number\r\n\t900 600 86400\r\n\t3600       ) ; default TTL\r\n" +
				"@                       NS\tdc1.corp.example.\r\nsales-ab12-cd34 [AGE:3720817] 1200 A\t10.10.10.10\r\n                        1200 A\t10.10.11.10\r\n@ 0 WINS L2 C900 ( 10.0.0.5 )\r\n",
			want: `zone endpoints.neo4j.io. else nxdomain, f:6
endpoints.neo4j.io. what a record of type WINS makes of it, f:13
sales-ab12-cd34.endpoints.neo4j.io. 10.10.10.10, 10.10.11.10 ttl 1200, f:11
`,
			notes: []string{"f:13: WINS is not read: what it makes of endpoints.neo4j.io is not known here"},
		},
		{
			name: "an include, a bad directive, a quote and a parenthesis", kind: "zone",
			text: "$INCLUDE /etc/bind/common.inc\n$ORIGIN endpoints.neo4j.io.\n" + soa + "$DATE 2026\na TXT \"not closed\nb A 10.0.0.1\nc A 10.0.0\nd A\ne\n@ NS ns.corp.example.\nf A 10.0.0.2 (\n",
			want: `zone endpoints.neo4j.io. else nxdomain, f:3
b.endpoints.neo4j.io. 10.0.0.1 ttl 300, f:6
c.endpoints.neo4j.io. what a record of type A makes of it, f:7
d.endpoints.neo4j.io. what a record of type A makes of it, f:8
`,
			notes: []string{
				`f:4: the record is not read: the directive "$DATE" is not known`,
				"f:5: the record is not read: a quote is not closed in its line",
				`f:7: the record is not read: "10.0.0" is not an address of type A`,
				`f:8: the record is not read: "" is not an address of type A`,
				"f:9: the record is not read: it has no type",
				"f:11: the record is not read: a parenthesis is not closed",
				`not read: f:1: $INCLUDE "/etc/bind/common.inc" is not read: give that file as well`,
				`not loaded: f:4: BIND does not load zone endpoints.neo4j.io: a record cannot be read: the directive "$DATE" is not known`,
			},
		},
		{
			name: "CNAMEs that are not alone", kind: "zone",
			text: "$TTL 60\n$ORIGIN endpoints.neo4j.io.\n* A 10.0.0.1\n* CNAME b.example.\na CNAME b.example.\na CNAME c.example.\nb CNAME d.example.\nc A 10.0.0.1\nc HTTPS 1 . ipv4hint=198.51.100.1\n",
			want: `*.endpoints.neo4j.io. what a record of type A beside an alias makes of it, f:3
a.endpoints.neo4j.io. what a record of type CNAME with several targets makes of it, f:5
b.endpoints.neo4j.io. → d.example ttl 60, f:7
c.endpoints.neo4j.io. 10.0.0.1 ttl 60, f:8
`,
			notes: []string{
				"f:1: there is no SOA and no NS: this is taken for a part of a zone, and no server loads it by itself",
				"not read: f:9: HTTPS is not read: to which addresses it sends browsers that ask for c.endpoints.neo4j.io is not judged",
				"not loaded: f:4: BIND does not load zone endpoints.neo4j.io: *.endpoints.neo4j.io has a CNAME or a DNAME, and other records",
				"not loaded: f:6: BIND does not load zone endpoints.neo4j.io: a.endpoints.neo4j.io has a CNAME or a DNAME, and other records",
			},
		},
		{
			name: "names made from numbers", kind: "zone",
			text: "$TTL 60\n$ORIGIN endpoints.neo4j.io.\n$GENERATE 1-3/2 host-${0,3,d} A 10.0.0.$\n$GENERATE 10-10 ${0,0,x}-$$ CNAME host-001\n",
			want: `a-$.endpoints.neo4j.io. → host-001.endpoints.neo4j.io ttl 60, f:4
host-001.endpoints.neo4j.io. 10.0.0.1 ttl 60, f:3
host-003.endpoints.neo4j.io. 10.0.0.3 ttl 60, f:3
`,
			notes: []string{"f:1: there is no SOA and no NS: this is taken for a part of a zone, and no server loads it by itself"},
		},
		{
			name: "the SOA's own name is the origin", file: "db.graph.example.org", kind: "zone",
			text: "endpoints.neo4j.io. 300 SOA ns. host. 1 2 3 4 5\n* A 10.10.10.10\n@ NS ns.corp.example.\n",
			want: "zone endpoints.neo4j.io. else nxdomain, f:1\n*.endpoints.neo4j.io. 10.10.10.10 ttl 300, f:2\n",
		},
		{
			name: "final dots that lack", file: "db.endpoints.neo4j.io", kind: "zone",
			text: soa + "sales.endpoints.neo4j.io A 10.10.10.10\n@ NS ns.corp.example.\n",
			want: "zone endpoints.neo4j.io. else nxdomain, f:1\nsales.endpoints.neo4j.io.endpoints.neo4j.io. 10.10.10.10 ttl 300, f:2\n",
		},
		{
			name: "a policy zone by its shape", kind: "rpz",
			text: "$TTL 60\n@ SOA localhost. root.localhost. 1 2 3 4 5\n@ NS localhost.\nsales.endpoints.neo4j.io A 10.10.10.10\nbad.rule. A 10.0.0.1\n",
			want: "sales.endpoints.neo4j.io. 10.10.10.10 ttl 60, f:4\n",
			notes: []string{
				`f:5: the rule is not read: "bad.rule." is not below the policy zone's apex, "origin-unknown.auralink.invalid."`,
			},
		},
	})
}

// TestEncodings: what Windows writes is read as what it says.
func TestEncodings(t *testing.T) {
	const text = "# hosts\r\n10.0.0.1 a.example\r\nwords\r\n10.0.0.2 b.example c..d\r\n"
	sixteen := func(mark bool, high, low int) string {
		units := utf16.Encode([]rune(text))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		octets := make([]byte, 2*len(units))
		for i, unit := range units {
			octets[2*i+high], octets[2*i+low] = byte(unit>>8), byte(unit)
		}
		return string(octets)
	}
	want := odd{
		kind: "hosts", want: "a.example. 10.0.0.1 partial, f:2\nb.example. 10.0.0.2 partial, f:4\n",
		notes: []string{`f:3: the line is not read: "words" is not an address`, `f:4: the name is not read: "c..d" is not a domain name`},
	}
	var tests []odd
	for name, encoded := range map[string]string{
		"as it is": text, "a mark": "\ufeff" + text, "UTF-16, little-endian": sixteen(true, 1, 0), "UTF-16, big-endian": sixteen(true, 0, 1),
		"UTF-16 without a mark": sixteen(false, 1, 0),
	} {
		tt := want
		tt.name, tt.text = name, encoded
		if strings.HasPrefix(name, "UTF-16") {
			tt.notes = append(slices.Clone(tt.notes), "not read: f:1: it is UTF-16, of which systems read nothing: save the file as UTF-8")
		}
		tests = append(tests, tt)
	}
	tests = append(tests, odd{
		name: "a mark before a host", kind: "hosts", text: "\ufeff10.0.0.1 a.example\n10.0.0.2 b.example\n", want: "b.example. 10.0.0.2 partial, f:2\n",
		notes: []string{"f:1: the line is not read: it begins with a mark of its encoding (BOM), and so has no address"},
	})
	check(t, tests)
}

// TestBounds: a file without end, or with too much, is given up with a short error.
func TestBounds(t *testing.T) {
	tests := []struct{ name, kind, text, want string }{
		{"too many names of a $GENERATE", "zone", "$ORIGIN a.\n" + strings.Repeat("$GENERATE 0-65535 $ A 10.0.0.1\n", 17), "f:6: $GENERATE makes more than 262144 records"},
		{"nothing but nulls", "zone", strings.Repeat("\x00", 600<<10), "f:1: a record is longer than 524288 octets"},
		{"a parenthesis without end", "zone", "a. A (" + strings.Repeat("\n", 600<<10), "f:1: a record is longer than 524288 octets"},
		{"nothing but words", "zone", strings.Repeat("words and words\n", 2000), "f:1000: there is no record in its first 1000 lines"},
		{"nothing but nulls for a hosts file", "hosts", strings.Repeat("\x00", 2<<20), "f:1: a line is longer than 1048576 octets"},
		{"nothing but words for a hosts file", "hosts", strings.Repeat("words and words\n", 2000), "f:1000: no line up to here is an address and a name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := all.ReadableAs(tt.kind)
			if err != nil {
				t.Fatal(err)
			}
			err = all.ReadAs(f)(holdings.NewBuilder(), strings.NewReader(tt.text), formats.Input{Name: "f"})
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %.300v\n want %s", err, tt.want)
			}
		})
	}
}

// TestConfigMap: the Corefile of a cluster's DNS stands in a ConfigMap.
func TestConfigMap(t *testing.T) {
	check(t, []odd{{
		name: "two of them", kind: "coredns",
		text: `apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    endpoints.neo4j.io:53 {
        template IN A {
            answer "{{ .Name }} 60 IN A 10.0.0.1"
        }
        import custom/*.override
    }
    import custom/*.server
---
apiVersion: v1
kind: ConfigMap
metadata: {name: coredns-custom}
data:
  log.override: |
    log
  aura.server: |
    # words
    production-orch-0000.neo4j.io:53 {
        forward . 10.0.0.2
    }
`,
		want: `claim endpoints.neo4j.io. else drop, f:6
claim production-orch-0000.neo4j.io. else refer, f:22
endpoints.neo4j.io. 10.0.0.1, f:7
*.endpoints.neo4j.io. 10.0.0.1, f:7
production-orch-0000.neo4j.io. asked of 10.0.0.2, f:23
*.production-orch-0000.neo4j.io. asked of 10.0.0.2, f:23
`,
		notes: []string{
			"f:18: ConfigMap coredns-custom is taken to be mounted in /etc/coredns/custom, as AKS and others do: give the Deployment as well, if it is another one",
			onlyIPv4("f:6", "endpoints.neo4j.io"),
		},
	}, {
		name: "as JSON", kind: "coredns",
		text:  `{"apiVersion": "v1", "data": {"Corefile": "a.example {\n  template IN A {\n    answer \"{{ .Name }} 60 IN A 10.0.0.1\"\n  }\n}\n"}, "kind": "ConfigMap"}`,
		want:  "claim a.example. else drop, f:1\na.example. 10.0.0.1, f:2\n*.a.example. 10.0.0.1, f:2\n",
		notes: []string{onlyIPv4("f:1", "a.example")},
	}})
}

// onlyIPv4 is what is noted of a Corefile that has an answer to questions for A alone.
func onlyIPv4(at, name string) string {
	return "not read: " + at + ": CoreDNS answers questions for AAAA, HTTPS of " + name + " with an error or not at all, and clients that ask for both families may fail, wait or ask another server"
}

// TestCorefile: what plugins answer, in CoreDNS's order and not in the file's.
func TestCorefile(t *testing.T) {
	check(t, []odd{{
		name: "template, hosts, file and forward", kind: "coredns",
		text: `endpoints.neo4j.io:53 {
	forward . 10.0.0.2 # asked after the templates
	template IN A {
		match "^(a-)?sales\.endpoints\.neo4j\.io\.$"
		answer "{{ .Name }} 60 IN A 10.0.0.1"
		fallthrough
	}
}
dns://corp.example {
	file db.corp.example
}
. {
	hosts /etc/names {
		10.0.0.3 host.example
		fallthrough
	}
	rewrite name a.example b.example
	forward . 1.1.1.1
}
`,
		want: `claim . else passthru, f:12
claim corp.example. else refer, f:9
claim endpoints.neo4j.io. else refer, f:1
. passthru, f:18
*. passthru, f:18
a.example. what public DNS has for b.example, f:18
*.a.example. passthru, f:18
corp.example. in db.corp.example, which is not read, f:10
*.corp.example. in db.corp.example, which is not read, f:10
host.example. 10.0.0.3, f:13
*.host.example. passthru, f:18
endpoints.neo4j.io. asked of 10.0.0.2, f:2
*.endpoints.neo4j.io. asked of 10.0.0.2, f:2
a-sales.endpoints.neo4j.io. 10.0.0.1 partial, f:3
*.a-sales.endpoints.neo4j.io. asked of 10.0.0.2, f:2
sales.endpoints.neo4j.io. 10.0.0.1 partial, f:3
*.sales.endpoints.neo4j.io. asked of 10.0.0.2, f:2
`,
		notes: []string{
			`not read: f:10: the zone file "db.corp.example" is not read: give that file as well`,
			`not read: f:13: the hosts file "/etc/names" is not read: give that file as well`,
		},
	}})
}
