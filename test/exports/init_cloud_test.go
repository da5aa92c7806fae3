package exports_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/compute/v1"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
)

// command builds auralink, as those have it who run init.
func command(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "auralink")
	passes(t, "../..", nil, peers.Find(t, "go", "golang"), "build", "-o", program, "./cmd/auralink")
	return program
}

// drafted reads the topology that init has written.
func drafted(t *testing.T, dir string) *topology.Topology {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "topology.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	parsed, _, err := topology.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestInitFromAWS: of what AWS's own command line lists of a moto, init has the addresses
// of the private endpoint, its network's range and its cloud's region; --check finds
// nothing, and tells when the endpoint was made anew. (moto's interfaces are of no kind of
// their own, by which --run has AWS list those of endpoints alone.)
func TestInitFromAWS(t *testing.T) {
	client := optional(t, "aws", "pip install awscli")
	account := startMoto(t)
	dir := t.TempDir()
	ec2 := func(field string, args ...string) string {
		return strings.TrimSpace(passes(t, dir, account.env(), client, append([]string{"ec2", "--output", "text", "--query", field}, args...)...))
	}
	vpc := ec2("Vpc.VpcId", "create-vpc", "--cidr-block", "10.77.0.0/16")
	subnet := ec2("Subnet.SubnetId", "create-subnet", "--vpc-id", vpc, "--cidr-block", "10.77.1.0/24", "--availability-zone", "us-east-1a")
	create := func() string {
		return ec2("VpcEndpoint.VpcEndpointId", "create-vpc-endpoint", "--vpc-endpoint-type", "Interface", "--vpc-id", vpc, "--subnet-ids", subnet,
			"--service-name", "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60718", "--tag-specifications", "ResourceType=vpc-endpoint,Tags=[{Key=Name,Value=aura}]")
	}
	listed := func() (from []string) {
		for _, what := range []string{"vpc-endpoints", "network-interfaces", "vpcs", "subnets"} {
			text := passes(t, dir, account.env(), client, "ec2", "describe-"+what, "--output", "json")
			if err := os.WriteFile(filepath.Join(dir, what+".json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			from = append(from, "--from", what+".json")
		}
		return from
	}
	endpoint, program := create(), command(t)
	passes(t, dir, nil, program, append([]string{"init"}, listed()...)...)

	got := drafted(t, dir)
	at := slices.IndexFunc(got.VPCs, func(v topology.VPC) bool { return len(v.Links) > 0 })
	if len(got.Regions) != 1 || got.Regions[0].Name != "aws-us-east-1" || at < 0 {
		t.Fatalf("%+v", got)
	}
	ip := ec2("NetworkInterfaces[].PrivateIpAddress", "describe-network-interfaces")
	v := got.VPCs[at]
	if addrs := v.Links[0].Addrs; len(addrs) != 1 || addrs[0].String() != ip || len(v.Clients) != 1 || v.Clients[0].String() != "10.77.0.0/16" {
		t.Errorf("the account has %s in 10.77.0.0/16: %+v", ip, v)
	}

	ec2("Unsuccessful", "delete-vpc-endpoints", "--vpc-endpoint-ids", endpoint)
	create()
	status, out := run(t, dir, nil, program, append([]string{"init", "--check", "topology.yaml", "-o", "json"}, listed()...)...)
	if status != 1 || !strings.Contains(out, `"recreated"`) {
		t.Errorf("status %d after the endpoint was made anew:\n%s", status, out)
	}
}

// googleRegion is a region of a project: what its API lists there.
type googleRegion struct{ name, address, subnet string }

// googleNetwork answers as Compute Engine's API does, in its own types: the forwarding rules
// have a page for each region, and one region may not answer.
type googleNetwork struct {
	regions []googleRegion
	failed  string // a region
	refused bool   // all but the first page
}

const googleBase = "https://www.googleapis.com/compute/v1/projects/"

// answer answers a request for a list.
func (g *googleNetwork) answer(r *http.Request, _ string) (status int, reply, call string) {
	project, what, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/compute/v1/projects/"), "/")
	var list any
	switch what {
	case "aggregated/forwardingRules":
		at := slices.IndexFunc(g.regions, func(region googleRegion) bool { return region.name == r.URL.Query().Get("pageToken") })
		if at > 0 && g.refused {
			return http.StatusInternalServerError, `{"error": {"code": 500, "message": "Internal error", "errors": [{"reason": "backendError", "message": "Internal error"}]}}`, ""
		}
		list = g.rules(project, max(at, 0))
	case "aggregated/subnetworks":
		items := make(map[string]compute.SubnetworksScopedList)
		for _, region := range g.regions {
			items["regions/"+region.name] = compute.SubnetworksScopedList{Subnetworks: []*compute.Subnetwork{{
				Kind: "compute#subnetwork", Name: "apps", IpCidrRange: region.subnet, Network: googleBase + project + "/global/networks/apps",
				Region: googleBase + project + "/regions/" + region.name, SelfLink: googleBase + project + "/regions/" + region.name + "/subnetworks/apps",
			}}}
		}
		list = compute.SubnetworkAggregatedList{Items: items}
	case "global/forwardingRules":
		list = compute.ForwardingRuleList{}
	default:
		return http.StatusNotFound, `{"error": {"code": 404, "message": "not found"}}`, r.URL.Path
	}
	text, err := json.Marshal(list)
	if err != nil {
		return http.StatusInternalServerError, "", err.Error()
	}
	return http.StatusOK, string(text), ""
}

// rules returns a page of the forwarding rules.
func (g *googleNetwork) rules(project string, at int) compute.ForwardingRuleAggregatedList {
	region := g.regions[at]
	its := googleBase + project + "/regions/" + region.name
	list := compute.ForwardingRuleAggregatedList{Items: map[string]compute.ForwardingRulesScopedList{
		"regions/" + region.name: {ForwardingRules: []*compute.ForwardingRule{{
			Kind: "compute#forwardingRule", Name: "to-aura", IPAddress: region.address, Region: its, Network: googleBase + project + "/global/networks/apps",
			PscConnectionStatus: "ACCEPTED", SelfLink: its + "/forwardingRules/to-aura",
			Target: googleBase + "ni-production/regions/" + region.name + "/serviceAttachments/aura",
		}}},
	}}
	if g.failed == region.name {
		list.Items["regions/"+region.name] = compute.ForwardingRulesScopedList{Warning: &compute.ForwardingRulesScopedListWarning{
			Code: "UNREACHABLE", Message: "Region " + region.name + " does not answer.",
		}}
		list.Unreachables = []string{"regions/" + region.name}
	}
	if at+1 < len(g.regions) {
		list.NextPageToken = g.regions[at+1].name
	}
	return list
}

// env is what has gcloud ask the server.
func (s *service) googleEnv(t *testing.T) []string {
	return []string{
		"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE=" + s.URL + "/compute/v1/", "CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true",
		"CLOUDSDK_CORE_PROJECT=test", "CLOUDSDK_CORE_DISABLE_PROMPTS=1", "CLOUDSDK_CONFIG=" + t.TempDir(),
	}
}

// TestInitRunsGoogleCloud: init runs Google Cloud's own command line against a server that
// answers in the types of its API, on several pages and for two projects; --check finds
// nothing, and --update writes an address. A list that is not whole is refused, though the
// tool ends well.
func TestInitRunsGoogleCloud(t *testing.T) {
	needTool(t, "gcloud", "the Google Cloud CLI")
	network := &googleNetwork{regions: []googleRegion{{"europe-west1", "10.78.0.10", "10.78.0.0/20"}, {"us-east1", "10.78.16.10", "10.78.16.0/20"}}}
	s := serve(t, func(r *http.Request, body string) (int, string, string) { return network.answer(r, body) })
	env, dir, program := s.googleEnv(t), t.TempDir(), command(t)
	printed := passes(t, dir, env, program, "init", "--run", "gcp@one", "--service", "to-aura")
	checkCalls(t, "unknown paths", nil, s.since())
	for _, want := range []string{"gcloud takes these permissions, and no others: compute.forwardingRules.list, compute.subnetworks.list\n", "Google Cloud project id one\n"} {
		if !strings.Contains(printed, want) {
			t.Errorf("init does not print %q:\n%s", want, printed)
		}
	}
	want := map[string]string{"gcp-europe-west1 of 10.78.0.0/20": "10.78.0.10", "gcp-us-east1 of 10.78.0.0/20": "10.78.16.10"}
	if diff := cmp.Diff(want, linksOf(drafted(t, dir))); diff != "" {
		t.Errorf("(-project +topology):\n%s", diff)
	}

	check := []string{"init", "--check", "topology.yaml", "--run", "gcp@one"}
	if printed := passes(t, dir, env, program, check...); !strings.Contains(printed, "no drift; 2 of 2 links compared\n") {
		t.Errorf("nothing has changed:\n%s", printed)
	}
	before := contentOf(t, dir, "topology.yaml")
	network.regions[1].address = "10.78.16.20"
	if printed := passes(t, dir, env, program, append(check, "--update")...); !strings.Contains(printed, "was recreated: 10.78.16.10 → 10.78.16.20 [recreated], written\n") {
		t.Errorf("it was made anew:\n%s", printed)
	}
	if diff := cmp.Diff(strings.Replace(before, "[10.78.16.10]", "[10.78.16.20]", 1), contentOf(t, dir, "topology.yaml")); diff != "" {
		t.Errorf("(-want +written):\n%s", diff)
	}

	network.failed = "us-east1"
	if status, printed := run(t, dir, env, program, "init", "-", "--run", "gcp@one", "--service", "to-aura"); status != 2 || !strings.Contains(printed, "has not listed all") || !strings.Contains(printed, "Region us-east1 does not answer.") {
		t.Errorf("status %d where a region does not answer:\n%s", status, printed)
	}
	network.failed, network.refused = "", true
	if status, printed := run(t, dir, env, program, "init", "-", "--run", "gcp@one", "--service", "to-aura"); status != 2 {
		t.Errorf("status %d where the second page is refused:\n%s", status, printed)
	}
}
