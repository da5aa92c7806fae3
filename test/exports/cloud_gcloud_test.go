package exports_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/dns/v1"

	"github.com/auralink/auralink/zones"
)

// TestGcloudAddsRules runs rules.sh with gcloud itself, against a project that has
// a rule of somebody else's, and one of ours that is no longer planned.
func TestGcloudAddsRules(t *testing.T) {
	optional(t, "gcloud", "https://cloud.google.com/sdk/docs/install")
	c := cloudNamed(t, "gcp-response-policy")
	view := readTopology(t, "../../zones/formats/all/testdata/001-single-region.yaml")
	files, _ := c.export(t, view, "")
	project := newGoogleProject()
	project.rules["foreign"] = &dns.ResponsePolicyRule{RuleName: "foreign", DnsName: "example.com.", Behavior: "bypassResponsePolicy"}
	planned := scriptRules(t, files["rules.sh"])
	old := *planned[0] // is there with another address
	old.LocalData = &dns.ResponsePolicyRuleLocalData{LocalDatas: []*dns.ResourceRecordSet{
		{Name: old.DnsName, Type: "A", Ttl: 30, Rrdatas: []string{"10.9.9.9"}},
	}}
	project.rules[old.RuleName] = &old

	if status, out := project.run(t, files, "rules.sh", "policy"); status != 0 {
		t.Fatalf("rules.sh ended with %d:\n%s", status, out)
	}
	if diff := cmp.Diff(c.wanted(view, ""), project.deployment(t)); diff != "" {
		t.Errorf("(-view +project):\n%s", diff)
	}

	left := planned[0].RuleName
	fewer := files["rules.sh"]
	for _, rule := range planned {
		fewer = withoutLine(fewer, rule.RuleName)
	}
	status, out := project.run(t, map[string]string{"rules.sh": fewer}, "rules.sh", "policy")
	if status != 1 || !strings.Contains(out, "left over") || !strings.Contains(out, left) || strings.Contains(out, "foreign") {
		t.Errorf("rules.sh ended with %d:\n%s", status, out)
	}
}

// withoutLine returns a text without the lines that have a word in them.
func withoutLine(text, word string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, word) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestGcloudImportsZones runs zones.sh with gcloud itself, twice: the second time
// the zones are there, with a record that is no longer planned.
func TestGcloudImportsZones(t *testing.T) {
	optional(t, "gcloud", "https://cloud.google.com/sdk/docs/install")
	c := cloudNamed(t, "gcp-record-sets")
	view := readTopology(t, "../../zones/formats/all/testdata/001-single-region.yaml")
	files, refusal := c.export(t, view, zones.ShapePerName)
	if refusal != nil {
		t.Fatal(refusal)
	}
	project := newGoogleProject()
	for _, name := range []string{"first", "second"} {
		if status, out := project.run(t, files, "zones.sh", "my-network"); status != 0 {
			t.Fatalf("the %s zones.sh ended with %d:\n%s", name, status, out)
		}
		if diff := cmp.Diff(c.wanted(view, zones.ShapePerName), project.deployment(t)); diff != "" {
			t.Fatalf("the %s time (-view +project):\n%s", name, diff)
		}
		for _, zone := range project.zones {
			if zone.Visibility != "private" || len(zone.PrivateVisibilityConfig.Networks) != 1 ||
				!strings.HasSuffix(zone.PrivateVisibilityConfig.Networks[0].NetworkUrl, "/my-network") {
				t.Errorf("zone %s is %s, with the networks %v", zone.Name, zone.Visibility, zone.PrivateVisibilityConfig)
			}
			project.sets[zone.Name] = append(project.sets[zone.Name],
				&dns.ResourceRecordSet{Name: "old." + zone.DnsName, Type: "A", Ttl: 30, Rrdatas: []string{"10.9.9.9"}})
		}
	}
}

// googleProject is a project of Google Cloud, as far as its Cloud DNS is asked by
// our scripts: the answers are of the types of Google's own client.
type googleProject struct {
	mu    sync.Mutex
	rules map[string]*dns.ResponsePolicyRule
	zones map[string]*dns.ManagedZone
	sets  map[string][]*dns.ResourceRecordSet // by the name of the managed zone
}

func newGoogleProject() *googleProject {
	return &googleProject{
		rules: map[string]*dns.ResponsePolicyRule{}, zones: map[string]*dns.ManagedZone{}, sets: map[string][]*dns.ResourceRecordSet{},
	}
}

// run runs a script with gcloud pointed at the project.
func (p *googleProject) run(t *testing.T, files map[string]string, script, target string) (int, string) {
	t.Helper()
	server := httptest.NewServer(p.handler())
	defer server.Close()
	return run(t, saved(t, files), []string{
		"CLOUDSDK_CONFIG=" + t.TempDir(), "CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS=" + server.URL + "/",
		"CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true", "CLOUDSDK_CORE_DISABLE_PROMPTS=true",
		"CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true", "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true",
	}, "sh", script, target, "--project=p")
}

func (p *googleProject) handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, answer func(r *http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			p.mu.Lock()
			defer p.mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(answer(r)); err != nil {
				panic(err)
			}
		})
	}
	p.handleRules(handle)
	p.handleZones(handle)
	return mux
}

// body reads a request strictly; the test fails by a broken connection.
func body[T any](r *http.Request) *T {
	value := new(T)
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		panic(fmt.Sprintf("%s %s: %v", r.Method, r.URL, err))
	}
	return value
}

func (p *googleProject) handleRules(handle func(string, func(*http.Request) any)) {
	const rules = "/dns/v1/projects/p/responsePolicies/policy/rules"
	handle("GET "+rules, func(*http.Request) any {
		return dns.ResponsePolicyRulesListResponse{ResponsePolicyRules: slices.Collect(maps.Values(p.rules))}
	})
	handle("POST "+rules, func(r *http.Request) any {
		rule := body[dns.ResponsePolicyRule](r)
		p.rules[rule.RuleName] = rule
		return rule
	})
	handle("GET "+rules+"/{name}", func(r *http.Request) any { return p.rules[r.PathValue("name")] })
	handle("PUT "+rules+"/{name}", func(r *http.Request) any {
		rule := body[dns.ResponsePolicyRule](r)
		p.rules[r.PathValue("name")] = rule
		return dns.ResponsePolicyRulesUpdateResponse{ResponsePolicyRule: rule}
	})
}

func (p *googleProject) handleZones(handle func(string, func(*http.Request) any)) {
	const all = "/dns/v1/projects/p/managedZones"
	handle("GET "+all, func(*http.Request) any {
		return dns.ManagedZonesListResponse{ManagedZones: slices.Collect(maps.Values(p.zones))}
	})
	handle("POST "+all, func(r *http.Request) any {
		zone := body[dns.ManagedZone](r)
		p.zones[zone.Name] = zone
		p.sets[zone.Name] = []*dns.ResourceRecordSet{
			{Name: zone.DnsName, Type: "SOA", Ttl: 21600, Rrdatas: []string{"ns-gcp-private.googledomains.com. cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"}},
			{Name: zone.DnsName, Type: "NS", Ttl: 21600, Rrdatas: []string{"ns-gcp-private.googledomains.com."}},
		}
		return zone
	})
	handle("GET "+all+"/{name}", func(r *http.Request) any { return p.zones[r.PathValue("name")] })
	operation := func(r *http.Request) any {
		zone := p.zones[r.PathValue("name")]
		return dns.Operation{Id: "1", Status: "done", ZoneContext: &dns.OperationManagedZoneContext{NewValue: zone}}
	}
	handle("PATCH "+all+"/{name}", func(r *http.Request) any {
		p.zones[r.PathValue("name")].PrivateVisibilityConfig = body[dns.ManagedZone](r).PrivateVisibilityConfig
		return operation(r)
	})
	handle("GET "+all+"/{name}/operations/1", operation)
	handle("GET "+all+"/{name}/rrsets", func(r *http.Request) any {
		return dns.ResourceRecordSetsListResponse{Rrsets: p.sets[r.PathValue("name")]}
	})
	handle("POST "+all+"/{name}/changes", func(r *http.Request) any {
		change, name := body[dns.Change](r), r.PathValue("name")
		for _, deleted := range change.Deletions {
			p.sets[name] = slices.DeleteFunc(p.sets[name], func(s *dns.ResourceRecordSet) bool {
				return s.Name == deleted.Name && s.Type == deleted.Type
			})
		}
		p.sets[name] = append(p.sets[name], change.Additions...)
		change.Id, change.Status = "1", "done"
		return change
	})
}

// deployment returns what the project has of ours.
func (p *googleProject) deployment(tb testing.TB) deployment {
	tb.Helper()
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	for _, rule := range p.rules {
		if rule.LocalData == nil {
			continue // somebody else's
		}
		for _, data := range rule.LocalData.LocalDatas {
			d.Rules.add(tb, rrsetKey{data.Name, data.Type}, rrset{TTL: data.Ttl, Addrs: data.Rrdatas})
		}
	}
	for name, zone := range p.zones {
		for _, set := range p.sets[name] {
			if set.Type == "A" || set.Type == "AAAA" {
				d.zone(zone.DnsName).add(tb, rrsetKey{set.Name, set.Type}, rrset{TTL: set.Ttl, Addrs: set.Rrdatas})
			}
		}
	}
	return d
}
