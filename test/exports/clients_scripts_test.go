package exports_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// someAddress is that of names whose address does not matter.
var someAddress = zones.Addresses{Region: "r", Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}

// twoDomains is a view with a whole domain and a single name.
var twoDomains = zones.View{Name: "apps", TTL: 30, Zones: []zones.Zone{
	{Origin: "orch-1.example.org.", Owners: []zones.Owner{{Name: "*.orch-1.example.org.", Addresses: someAddress}, {Name: "orch-1.example.org.", Addresses: someAddress}}},
	{Origin: "single.example.org.", Owners: []zones.Owner{{Name: "single.example.org.", Addresses: someAddress}}},
}}

// oneDomain has the first alone: the command lines of clouds are slow to start.
var oneDomain = zones.View{Name: "apps", TTL: 30, Zones: twoDomains.Zones[:1]}

// service stands in for the HTTP API of a cloud, which no test can have: it
// answers the real command line of that cloud, and keeps what this has sent.
type service struct {
	*httptest.Server
	mu    sync.Mutex
	calls []string
}

// serve starts a service. What answer returns as a call is kept; an empty one is
// not.
func serve(t *testing.T, answer func(r *http.Request, body string) (status int, reply, call string)) *service {
	s := &service{}
	handle := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		status, reply, call := answer(r, string(body))
		if call != "" {
			s.calls = append(s.calls, call)
		}
		w.WriteHeader(status)
		if _, err := io.WriteString(w, reply); err != nil {
			t.Error(err)
		}
	}
	s.Server = httptest.NewServer(http.HandlerFunc(handle))
	t.Cleanup(s.Close)
	return s
}

// since returns the calls since it was asked last.
func (s *service) since() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// runScript runs a script of an export in a directory, with no more in its
// environment than it needs.
func runScript(t *testing.T, dir, script string, env ...string) string {
	t.Helper()
	cmd := exec.Command("sh", script)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

func checkCalls(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// TestClientScriptsAreSound: shellcheck has nothing to say against any script.
func TestClientScriptsAreSound(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	for _, view := range []zones.View{twoDomains, {Name: "apps"}} {
		for format, values := range map[string]map[string]string{
			"systemd-resolved": nil,
			"tailscale":        nil,
			"aws-client-vpn":   {"endpoint-id": "cvpn-endpoint-0a1b2c3d4e5f67890"},
			"route53-resolver": resolverValues,
			"gcp-inbound":      {"network": "net-1"},
		} {
			dir := saveExport(t, writeExport(t, format, view, formats.Options{Servers: bothServers[:1], Values: values}))
			scripts, err := filepath.Glob(filepath.Join(dir, "*.sh"))
			if err != nil || len(scripts) != 1 {
				t.Fatalf("%s has the scripts %v: %v", format, scripts, err)
			}
			passes(t, dir, nil, shellcheck, scripts[0])
		}
	}
}

// awsEnv is the environment of the AWS command line.
func awsEnv(s *service) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + s.URL, "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_MAX_ATTEMPTS=1",
	}
}

// TestRoute53ResolverScript runs the script with the real AWS command line: first
// it creates and associates a rule, then it sends it to the servers anew.
func TestRoute53ResolverScript(t *testing.T) {
	needTool(t, "aws", "the AWS command line")
	t.Parallel()
	rules := make(map[string]bool) // by CreatorRequestId, which is the id, too
	associated := make(map[string]bool)
	s := serve(t, func(r *http.Request, body string) (int, string, string) {
		var in struct {
			CreatorRequestID string `json:"CreatorRequestId"`
			DomainName       string
			ResolverRuleID   string `json:"ResolverRuleId"`
			VPCID            string `json:"VPCId"`
			TargetIps        json.RawMessage
			Config           json.RawMessage
			Filters          []struct{ Values []string }
		}
		if err := json.Unmarshal([]byte(body), &in); err != nil {
			t.Error(err)
		}
		operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "Route53Resolver.")
		switch operation {
		case "ListResolverRules":
			if !rules[in.Filters[0].Values[0]] {
				return http.StatusOK, `{"ResolverRules": []}`, ""
			}
			return http.StatusOK, `{"ResolverRules": [{"Id": "` + in.Filters[0].Values[0] + `"}]}`, ""
		case "CreateResolverRule":
			rules[in.CreatorRequestID] = true
			return http.StatusOK, `{"ResolverRule": {"Id": "` + in.CreatorRequestID + `"}}`, operation + " " + in.DomainName + " " + string(in.TargetIps)
		case "UpdateResolverRule":
			return http.StatusOK, `{}`, operation + " " + string(in.Config)
		case "ListResolverRuleAssociations":
			if associated[in.Filters[0].Values[0]] {
				return http.StatusOK, `{"ResolverRuleAssociations": [{"Id": "x"}]}`, ""
			}
			return http.StatusOK, `{"ResolverRuleAssociations": []}`, ""
		case "AssociateResolverRule":
			associated[in.ResolverRuleID] = true
			return http.StatusOK, `{}`, operation + " " + in.VPCID
		default:
			return http.StatusBadRequest, `{}`, operation
		}
	})
	files := writeExport(t, "route53-resolver", oneDomain, formats.Options{Servers: bothServers, Values: resolverValues})
	dir := saveExport(t, files)
	const targets = `[{"Ip": "10.0.0.53", "Port": 53}, {"Ipv6": "fd00::53", "Port": 53}]`
	runScript(t, dir, "route53-resolver.sh", awsEnv(s)...)
	checkCalls(t, "first", []string{
		"CreateResolverRule orch-1.example.org " + targets, "AssociateResolverRule vpc-0a1b2c3d4e5f67890",
	}, s.since())
	runScript(t, dir, "route53-resolver.sh", awsEnv(s)...)
	checkCalls(t, "then", []string{
		`UpdateResolverRule {"TargetIps": ` + targets + `, "ResolverEndpointId": "rslvr-out-0a1b2c3d4e5f67890"}`,
	}, s.since())
}

// TestAWSClientVPNScript runs the script with the real AWS command line.
func TestAWSClientVPNScript(t *testing.T) {
	needTool(t, "aws", "the AWS command line")
	t.Parallel()
	s := serve(t, func(_ *http.Request, body string) (int, string, string) {
		return http.StatusOK, `<ModifyClientVpnEndpointResponse><return>true</return></ModifyClientVpnEndpointResponse>`, body
	})
	options := formats.Options{Servers: bothServers[:1], Values: map[string]string{"endpoint-id": "cvpn-endpoint-0a1b2c3d4e5f67890"}}
	runScript(t, saveExport(t, writeExport(t, "aws-client-vpn", twoDomains, options)), "aws-client-vpn.sh", awsEnv(s)...)
	checkCalls(t, "calls", []string{
		"Action=ModifyClientVpnEndpoint&Version=2016-11-15&ClientVpnEndpointId=cvpn-endpoint-0a1b2c3d4e5f67890" +
			"&DnsServers.CustomDnsServers.1=10.0.0.53&DnsServers.Enabled=true",
	}, s.since())
}

// TestTailscaleScript runs the script with the real curl, which is told to find
// Tailscale's API here.
func TestTailscaleScript(t *testing.T) {
	peers.Find(t, "curl", "curl")
	s := serve(t, func(r *http.Request, body string) (int, string, string) {
		return http.StatusOK, "{}", strings.Join([]string{
			r.Method, r.Host, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), body,
		}, " ")
	})
	tls := httptest.NewTLSServer(s.Config.Handler)
	t.Cleanup(tls.Close)
	files := writeExport(t, "tailscale", twoDomains, formats.Options{Servers: bothServers})
	dir := saveExport(t, files)
	_, at, _ := strings.Cut(tls.URL, "//")
	curlrc := "insecure\nconnect-to = \"api.tailscale.com:443:" + at + "\"\n"
	if err := os.WriteFile(filepath.Join(dir, ".curlrc"), []byte(curlrc), 0o600); err != nil {
		t.Fatal(err)
	}
	runScript(t, dir, "tailscale.sh", "CURL_HOME="+dir, "TAILSCALE_API_KEY=tskey-test")
	checkCalls(t, "calls", []string{
		`PATCH api.tailscale.com /api/v2/tailnet/-/dns/split-dns Bearer tskey-test application/json {
  "orch-1.example.org": [
    "10.0.0.53",
    "fd00::53"
  ],
  "single.example.org": [
    "10.0.0.53",
    "fd00::53"
  ]
}
`,
	}, s.since())
}

// TestGCPInboundScript runs the script with the real command line of Google
// Cloud: first it creates the policy and a zone, then it updates them.
func TestGCPInboundScript(t *testing.T) {
	needTool(t, "gcloud", "the Google Cloud CLI")
	t.Parallel()
	made := make(map[string]string) // path → resource
	s := serve(t, func(r *http.Request, body string) (int, string, string) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/aggregated/addresses"):
			return http.StatusOK, `{"items": {"regions/r": {"addresses": [{"address": "10.0.0.2", "name": "dns", "purpose": "DNS_RESOLVER",` +
				` "region": "https://x/regions/r", "subnetwork": "https://x/subnetworks/s"}]}}}`, ""
		case strings.Contains(r.URL.Path, "/operations/"):
			return http.StatusOK, `{"status": "done", "id": "1", "zoneContext": {"newValue": {"name": "zone"}}}`, ""
		case r.Method == http.MethodGet:
			if made[r.URL.Path] == "" {
				return http.StatusNotFound, `{"error": {"code": 404, "message": "not found"}}`, ""
			}
			return http.StatusOK, made[r.URL.Path], ""
		case r.Method == http.MethodPost:
			var in struct{ Name string }
			if err := json.Unmarshal([]byte(body), &in); err != nil {
				t.Error(err)
			}
			made[r.URL.Path+"/"+in.Name] = body
			return http.StatusOK, body, "create " + gcpCall(t, body)
		default:
			return http.StatusOK, `{"policy": ` + body + `, "status": "done", "id": "1"}`, "update " + gcpCall(t, body)
		}
	})
	env := []string{
		"CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS=" + s.URL + "/", "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE=" + s.URL + "/compute/v1/",
		"CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true", "CLOUDSDK_CORE_PROJECT=test", "CLOUDSDK_CORE_DISABLE_PROMPTS=1",
		"CLOUDSDK_CONFIG=" + t.TempDir(),
	}
	dir := saveExport(t, writeExport(t, "gcp-inbound", oneDomain, formats.Options{
		Servers: bothServers[:1], Values: map[string]string{"network": "net-1"},
	}))
	out := runScript(t, dir, "gcp-inbound.sh", env...)
	checkCalls(t, "first", []string{"create inbound net-1", "create orch-1.example.org. private 10.0.0.53 net-1"}, s.since())
	if !strings.HasSuffix(out, "address,region,subnet\n10.0.0.2,r,s\n") {
		t.Errorf("the script ends with\n%s", out)
	}
	runScript(t, dir, "gcp-inbound.sh", env...)
	checkCalls(t, "then", []string{"update inbound net-1", "update private 10.0.0.53 net-1"}, s.since())
}

// gcpCall says what a policy or a zone of Cloud DNS is about.
func gcpCall(t *testing.T, body string) string {
	t.Helper()
	var in struct {
		EnableInboundForwarding bool
		DNSName                 string `json:"dnsName"`
		Networks                []struct{ NetworkURL string }
		PrivateVisibilityConfig struct{ Networks []struct{ NetworkURL string } }
		ForwardingConfig        struct {
			TargetNameServers []struct{ IPv4Address, ForwardingPath string }
		}
	}
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		t.Fatal(err)
	}
	var words []string
	if in.DNSName != "" {
		words = append(words, in.DNSName)
	}
	if in.EnableInboundForwarding {
		words = append(words, "inbound")
	}
	for _, target := range in.ForwardingConfig.TargetNameServers {
		words = append(words, target.ForwardingPath, target.IPv4Address)
	}
	for _, network := range append(in.Networks, in.PrivateVisibilityConfig.Networks...) {
		words = append(words, filepath.Base(network.NetworkURL))
	}
	return strings.Join(words, " ")
}
