package exports_test

import (
	"context"
	"net/http"
	"net/netip"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// TestRoute53Applies runs apply.sh with AWS's own command line against moto, which
// stands in for AWS: what the account has then is the view. When the view becomes
// smaller, the script names what is left over, and fails.
func TestRoute53Applies(t *testing.T) {
	optional(t, "aws", "pip install awscli")
	account := startMoto(t)
	route53 := cloudNamed(t, "route53")
	large := viewOf(t, `
regions:
  east: {orchestras: ["0000"]}
vpcs:
  apps: {links: {east: [10.0.0.1, 10.0.0.2, "fd00::1"]}}
custom_endpoints: {foo: east}
`)
	status, out := account.apply(t, route53, large)
	if status != 0 {
		t.Fatalf("apply.sh ended with %d:\n%s", status, out)
	}
	if diff := cmp.Diff(route53.wanted(large, zones.ShapePerName), account.deployment(t)); diff != "" {
		t.Errorf("(-view +account):\n%s", diff)
	}

	small := viewOf(t, `
regions:
  east: {orchestras: ["0000"]}
vpcs:
  apps: {links: {east: [10.0.0.9]}, mode: individual}
`)
	status, out = account.apply(t, route53, small)
	for _, left := range []string{"left over: production-orch-0000.neo4j.io.", "has 6 RRsets, not 4", "no longer planned", "\nendpoints.neo4j.io."} {
		if status != 1 || !strings.Contains(out, left) {
			t.Errorf("apply.sh ended with %d and does not say %q:\n%s", status, left, out)
		}
	}
	apex := rrsetKey{"production-orch-0000.neo4j.io.", "A"}
	if got := account.deployment(t).Zones[apex.Name][apex]; !cmp.Equal(got, rrset{TTL: 30, Addrs: []string{"10.0.0.9"}}) {
		t.Errorf("the link's new address is not there: %v", got)
	}
}

// TestCloudFormationCreates creates the stacks of templates with AWS's own command
// line against moto.
func TestCloudFormationCreates(t *testing.T) {
	client := optional(t, "aws", "pip install awscli")
	for _, shape := range []zones.Shape{zones.ShapePerName, zones.ShapeOneZone} {
		t.Run(string(shape), func(t *testing.T) {
			account := startMoto(t)
			c := cloudNamed(t, "cloudformation")
			view := readTopology(t, "../../zones/formats/all/testdata/002-two-regions.yaml")
			files, refusal := c.export(t, view, shape)
			if refusal != nil {
				t.Fatal(refusal)
			}
			passes(t, saved(t, files), account.env(), client, "cloudformation", "create-stack", "--stack-name", "auralink",
				"--template-body", "file://apps.template.json",
				"--parameters", "ParameterKey=VpcId,ParameterValue=vpc-0a1b2c3d", "ParameterKey=VpcRegion,ParameterValue=us-east-1")
			if diff := cmp.Diff(c.wanted(view, shape), account.deployment(t)); diff != "" {
				t.Errorf("(-view +account):\n%s", diff)
			}
		})
	}
}

// account is an AWS account of moto's.
type account struct{ endpoint string }

// startMoto starts moto, which ends with the test.
func startMoto(tb testing.TB) account {
	tb.Helper()
	program := optional(tb, "moto_server", "pip install 'moto[server]'")
	at := peers.FreePort(tb, netip.MustParseAddr("127.0.0.1"))
	a := account{endpoint: "http://" + at.String()}
	var log strings.Builder
	cmd := exec.Command(program, "-H", at.Addr().String(), "-p", at.String()[strings.LastIndexByte(at.String(), ':')+1:])
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it may have been started by a wrapper
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
		_ = cmd.Wait()
		if tb.Failed() {
			tb.Logf("moto logged:\n%s", log.String())
		}
	})
	for range 600 {
		if response, err := http.Get(a.endpoint + "/moto-api/"); err == nil {
			_ = response.Body.Close()
			return a
		}
		time.Sleep(100 * time.Millisecond)
	}
	tb.Fatal("moto is not ready after a minute")
	return a
}

// env is what AWS's command line needs to use the account.
func (a account) env() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + a.endpoint, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
	}
}

// apply runs apply.sh for a view.
func (a account) apply(tb testing.TB, c cloud, view zones.View) (int, string) {
	tb.Helper()
	files, refusal := c.export(tb, view, zones.ShapePerName)
	if refusal != nil {
		tb.Fatal(refusal)
	}
	return run(tb, saved(tb, files), a.env(), "sh", "apply.sh")
}

// deployment returns what the account has.
func (a account) deployment(tb testing.TB) deployment {
	tb.Helper()
	client := route53.New(route53.Options{
		BaseEndpoint: &a.endpoint,
		Region:       "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	hosted, err := client.ListHostedZones(tb.Context(), &route53.ListHostedZonesInput{})
	if err != nil {
		tb.Fatal(err)
	}
	for _, zone := range hosted.HostedZones {
		sets, err := client.ListResourceRecordSets(tb.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: zone.Id})
		if err != nil {
			tb.Fatal(err)
		}
		into := d.zone(*zone.Name)
		for _, set := range sets.ResourceRecordSets {
			if set.Type != "A" && set.Type != "AAAA" {
				continue // the SOA and NS, which Route 53 makes
			}
			var addrs []string
			for _, value := range set.ResourceRecords {
				addrs = append(addrs, *value.Value)
			}
			into.add(tb, rrsetKey{strings.Replace(*set.Name, `\052`, "*", 1), string(set.Type)}, rrset{TTL: *set.TTL, Addrs: addrs})
		}
	}
	return d
}
