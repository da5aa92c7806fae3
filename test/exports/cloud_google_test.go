package exports_test

import (
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"
	miekg "github.com/miekg/dns"
	"google.golang.org/api/dns/v1"
	"pgregory.net/rapid"
)

// googleName is what a resource of Google Cloud may be called.
var googleName = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)

// readResponsePolicy adds the rules of the JSON to a policy, decoded strictly
// into the types of Google's own client, and checks that rules.sh adds the same.
func readResponsePolicy(tb rapid.TB, files map[string]string) deployment {
	var document struct {
		Comment string                    `json:"//"`
		Rules   []*dns.ResponsePolicyRule `json:"responsePolicyRules"`
	}
	strictly(tb, onlyWith(tb, files, ".rules.json"), &document)
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	names := map[string]bool{}
	for _, rule := range document.Rules {
		if !googleName.MatchString(rule.RuleName) || names[rule.RuleName] || rule.Behavior != "" {
			tb.Fatalf("rule %q for %s: bad, or there twice", rule.RuleName, rule.DnsName)
		}
		names[rule.RuleName] = true
		if d.Rules.has(rule.DnsName) {
			tb.Fatalf("two rules for %s: at most one answers", rule.DnsName)
		}
		for _, data := range rule.LocalData.LocalDatas {
			if data.Name != rule.DnsName {
				tb.Fatalf("rule for %s has data for %s", rule.DnsName, data.Name)
			}
			d.Rules.add(tb, rrsetKey{data.Name, data.Type}, rrset{TTL: data.Ttl, Addrs: data.Rrdatas})
		}
	}
	if diff := cmp.Diff(document.Rules, scriptRules(tb, files["rules.sh"])); diff != "" {
		tb.Fatalf("(-JSON +rules.sh):\n%s", diff)
	}
	return d
}

// scriptRules returns the rules that rules.sh lists.
func scriptRules(tb rapid.TB, script string) []*dns.ResponsePolicyRule {
	rules := []*dns.ResponsePolicyRule{}
	for _, line := range heredoc(tb, script) {
		rule := &dns.ResponsePolicyRule{RuleName: line[0], DnsName: line[1], LocalData: &dns.ResponsePolicyRuleLocalData{}}
		for _, flag := range line[2:] {
			rule.LocalData.LocalDatas = append(rule.LocalData.LocalDatas, localData(tb, flag))
		}
		rules = append(rules, rule)
	}
	return rules
}

// localData reads the flag --local-data of gcloud.
func localData(tb rapid.TB, flag string) *dns.ResourceRecordSet {
	data := &dns.ResourceRecordSet{}
	dict, ok := strings.CutPrefix(flag, "--local-data=")
	if !ok {
		tb.Fatalf("flag %q", flag)
	}
	for item := range strings.SplitSeq(dict, ",") {
		key, value, _ := strings.Cut(item, "=")
		switch key {
		case "name":
			data.Name = value
		case "type":
			data.Type = value
		case "ttl":
			data.Ttl = parsedInt(tb, value)
		case "rrdatas":
			data.Rrdatas = strings.Split(value, "|")
		default:
			tb.Fatalf("flag %q has the key %q", flag, key)
		}
	}
	return data
}

// readRecordSets imports the files that zones.sh lists, within the limits of one
// change of Cloud DNS.
func readRecordSets(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	list := heredoc(tb, files["zones.sh"])
	names := map[string]bool{}
	for _, line := range list {
		name, origin, file := line[0], line[1], line[2]
		if !googleName.MatchString(name) || names[name] {
			tb.Fatalf("managed zone %q for %s: bad, or there twice", name, origin)
		}
		names[name] = true
		rrs := parsedZone(tb, files[file])
		set := d.zone(origin)
		addRecords(tb, set, origin, rrs)
		if len(set) > 1000 {
			tb.Fatalf("zone %s has %d record sets", origin, len(set))
		}
	}
	if len(files) != len(list)+1 {
		tb.Fatalf("%d files, and %d in zones.sh", len(files), len(list))
	}
	return d
}

// parsedZone returns the records of a zone file.
func parsedZone(tb rapid.TB, text string) []miekg.RR {
	tb.Helper()
	var rrs []miekg.RR
	parser := miekg.NewZoneParser(strings.NewReader(text), "", "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		rrs = append(rrs, rr)
	}
	if err := parser.Err(); err != nil {
		tb.Fatalf("%v\n%s", err, text)
	}
	return rrs
}

// addRecords adds A and AAAA records; others, such as an SOA, must not be there.
func addRecords(tb rapid.TB, set records, origin string, rrs []miekg.RR) {
	tb.Helper()
	for _, rr := range rrs {
		header := rr.Header()
		key := rrsetKey{header.Name, miekg.TypeToString[header.Rrtype]}
		var addr string
		switch rr := rr.(type) {
		case *miekg.A:
			addr = rr.A.String()
		case *miekg.AAAA:
			addr = rr.AAAA.String()
		default:
			tb.Fatalf("zone %s has a record %v", origin, rr)
		}
		if !miekg.IsSubDomain(origin, header.Name) {
			tb.Fatalf("%s is not in zone %s", header.Name, origin)
		}
		set[key] = rrset{TTL: int64(header.Ttl), Addrs: append(set[key].Addrs, addr)}
	}
}
