package all_test

import (
	"strings"
	"testing"
)

// TestNothingLeftOutSilently: what a file has beside what is known of its kind, and has names of
// Aura's, is told; all else of other kinds is not.
func TestNothingLeftOutSilently(t *testing.T) {
	const (
		endpoint  = "apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata: {name: x}\nspec:\n  endpoints:\n  - {dnsName: x.a, recordType: A, targets: [10.0.0.1]}\n---\n"
		annotated = "kind: Service\nmetadata:\n  annotations:\n    external-dns.alpha.kubernetes.io/hostname: \"*.NAME\"\n"
		sets      = `[{"kind": "dns#resourceRecordSet", "name": "a.", "type": "SOA", "rrdatas": ["x"]}]` + "\n"
		template  = `{"Resources": {"Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}},` + "\n"
	)
	for _, tt := range []struct {
		name, text string // with NAME for a name
		line       string // in which what is told stands
		anyName    bool   // it is told whatever the name is
	}{
		{"a service for ExternalDNS", endpoint + annotated, "f:8", false},
		{"an ingress", endpoint + "kind: Ingress\nspec: {rules: [{host: \"*.NAME\"}]}\n", "f:8", false},
		{"a transaction of Cloud DNS", sets + `{"additions": [{"kind": "dns#resourceRecordSet", "name": "*.NAME.", "type": "A", "rrdatas": ["10.0.0.1"]}], "deletions": []}`, "f:2", false},
		{"a document beside those of Route 53", `{"ResourceRecordSets": []}` + "\n" + `{"Records": [{"Fqdn": "*.NAME."}]}`, "f:2", false},
		{"a rule of a policy without a name", `[{"ruleName": "r", "localData": {"x": ["*.NAME."]}}]`, "f:1", false},
		{"a rule of a policy without a name, with data", `[{"ruleName": "r", "localData": {"localDatas": [{"name": "NAME.", "type": "A", "rrdatas": ["10.0.0.1"]}]}}]`, "f:1", false},
		{"a custom resource", template + `"C": {"Type": "Custom::AWS", "Properties": {"Create": "*.NAME"}}}}`, "f:2", false},
		{"a custom resource that calls Route 53", template + `"C": {"Type": "Custom::AWS", "Properties": {"Create": "{service: Route53, x: NAME}"}}}}`, "f:2", true},
		{"a manifest in Terraform", stateOf + `{"mode": "managed", "type": "kubernetes_manifest", "name": "m", "values": {"manifest": {"apiVersion": "externaldns.k8s.io/v1alpha1", "spec": {"x": "NAME"}}}}` + stateEnd, "f:1", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, want := range map[string]bool{"endpoints.neo4j.io": true, "corp.example": tt.anyName} {
				got := ""
				for _, note := range told(together(t, strings.ReplaceAll(tt.text, "NAME", name))) {
					if strings.HasPrefix(note, "not read: "+tt.line+": ") {
						got = note
					}
				}
				if (got != "") != want {
					t.Errorf("of %s: %q", name, got)
				}
			}
		})
	}
	if notes := told(together(t, endpoint+"kind: Deployment\nspec: {env: \"neo4j+s://x.endpoints.neo4j.io\"}\n")); len(notes) > 0 {
		t.Errorf("of what makes no records: %q", notes)
	}
}
