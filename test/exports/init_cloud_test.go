package exports_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
	subnet := ec2("Subnet.SubnetId", "create-subnet", "--vpc-id", vpc, "--cidr-block", "10.77.1.0/24")
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

// TestInitRunsGoogleCloud: init runs Google Cloud's own command line against a server
// that answers in the types of its API.
func TestInitRunsGoogleCloud(t *testing.T) {
	needTool(t, "gcloud", "the Google Cloud CLI")
	const base = "https://www.googleapis.com/compute/v1/projects/test/"
	s := serve(t, func(r *http.Request, _ string) (int, string, string) {
		var list any
		switch {
		case strings.HasSuffix(r.URL.Path, "/aggregated/forwardingRules"):
			list = compute.ForwardingRuleAggregatedList{Items: map[string]compute.ForwardingRulesScopedList{
				"regions/europe-west1": {ForwardingRules: []*compute.ForwardingRule{{
					Kind: "compute#forwardingRule", Name: "to-aura", IPAddress: "10.78.0.10", Region: base + "regions/europe-west1", Network: base + "global/networks/apps", PscConnectionStatus: "ACCEPTED",
					Target: "https://www.googleapis.com/compute/v1/projects/ni-production/regions/europe-west1/serviceAttachments/aura",
				}}},
			}}
		case strings.HasSuffix(r.URL.Path, "/aggregated/subnetworks"):
			list = compute.SubnetworkAggregatedList{Items: map[string]compute.SubnetworksScopedList{
				"regions/europe-west1": {Subnetworks: []*compute.Subnetwork{{
					Kind: "compute#subnetwork", Name: "apps", IpCidrRange: "10.78.0.0/20", Network: base + "global/networks/apps", Region: base + "regions/europe-west1",
				}}},
			}}
		case strings.HasSuffix(r.URL.Path, "/global/forwardingRules"):
			list = compute.ForwardingRuleList{}
		default:
			return http.StatusNotFound, `{"error": {"code": 404, "message": "not found"}}`, r.URL.Path
		}
		text, err := json.Marshal(list)
		if err != nil {
			t.Error(err)
		}
		return http.StatusOK, string(text), ""
	})
	env := []string{
		"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE=" + s.URL + "/compute/v1/", "CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true",
		"CLOUDSDK_CORE_PROJECT=test", "CLOUDSDK_CORE_DISABLE_PROMPTS=1", "CLOUDSDK_CONFIG=" + t.TempDir(),
	}
	dir := t.TempDir()
	passes(t, dir, env, command(t), "init", "--run", "gcp", "--service", "to-aura")
	checkCalls(t, "unknown paths", nil, s.since())
	got := drafted(t, dir)
	if len(got.Regions) != 1 || got.Regions[0].Name != "gcp-europe-west1" || len(got.VPCs) != 1 {
		t.Fatalf("%+v", got)
	}
	v := got.VPCs[0]
	if len(v.Clients) != 1 || v.Clients[0].String() != "10.78.0.0/20" || len(v.Links) != 1 || v.Links[0].Addrs[0].String() != "10.78.0.10" {
		t.Errorf("%+v", v)
	}
}
