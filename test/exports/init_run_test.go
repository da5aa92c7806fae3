package exports_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// customer is an account of moto's with a VPC and a private endpoint in a region.
type customer struct {
	account
	client, region, vpc, subnet, vpce string
}

// service is one of somebody's in a region, as AWS calls it.
func serviceIn(region string) string {
	return "com.amazonaws.vpce." + region + ".vpce-svc-0a1b2c3d4e5f60718"
}

// newCustomer makes a VPC with a range, and an endpoint that is called after Aura.
func newCustomer(t *testing.T, client, id, region, vpcRange, subnetRange string) *customer {
	t.Helper()
	t.Setenv("MOTO_ACCOUNT_ID", id) // moto's own way to be another account
	c := &customer{account: startMoto(t), client: client, region: region}
	c.vpc = c.ec2(t, "Vpc.VpcId", "create-vpc", "--cidr-block", vpcRange)
	c.subnet = c.ec2(t, "Subnet.SubnetId", "create-subnet", "--vpc-id", c.vpc, "--cidr-block", subnetRange, "--availability-zone", region+"a") // else moto takes any, such as one that Aura does not support
	c.connect(t)
	return c
}

// ec2 returns a field of what a command answers.
func (c *customer) ec2(t *testing.T, field string, args ...string) string {
	t.Helper()
	return strings.TrimSpace(passes(t, t.TempDir(), c.env(), c.client, append([]string{"ec2", "--region", c.region, "--output", "text", "--query", field}, args...)...))
}

// connect makes the private endpoint, or makes it anew.
func (c *customer) connect(t *testing.T) {
	t.Helper()
	if c.vpce != "" {
		c.ec2(t, "Unsuccessful", "delete-vpc-endpoints", "--vpc-endpoint-ids", c.vpce)
	}
	c.vpce = c.ec2(t, "VpcEndpoint.VpcEndpointId", "create-vpc-endpoint", "--vpc-endpoint-type", "Interface", "--vpc-id", c.vpc, "--subnet-ids", c.subnet,
		"--service-name", serviceIn(c.region), "--tag-specifications", "ResourceType=vpc-endpoint,Tags=[{Key=Name,Value=aura}]")
}

// address returns that of the endpoint.
func (c *customer) address(t *testing.T) string {
	t.Helper()
	ids := c.ec2(t, "VpcEndpoints[0].NetworkInterfaceIds[0]", "describe-vpc-endpoints", "--vpc-endpoint-ids", c.vpce)
	return c.ec2(t, "NetworkInterfaces[0].PrivateIpAddress", "describe-network-interfaces", "--network-interface-ids", ids)
}

// profiles writes a configuration of AWS's command line with a profile for each customer,
// and returns what has it used.
func profiles(t *testing.T, keys map[string]*customer) []string {
	t.Helper()
	var b strings.Builder
	for name, c := range keys {
		fmt.Fprintf(&b, "[profile %s]\nregion = %s\nendpoint_url = %s\naws_access_key_id = test\naws_secret_access_key = test\n", name, c.region, c.endpoint)
	}
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"AWS_CONFIG_FILE=" + path, "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true"}
}

// TestInitRunsAWS: init runs AWS's own command line in two accounts and regions, against two
// motos; --check finds nothing, and --update writes the address of an endpoint that was made
// anew, and nothing else.
func TestInitRunsAWS(t *testing.T) {
	client := optional(t, "aws", "pip install awscli")
	east := newCustomer(t, client, "111111111111", "us-east-1", "10.77.0.0/16", "10.77.1.0/24")
	west := newCustomer(t, client, "222222222222", "us-west-2", "10.78.0.0/16", "10.78.1.0/24")
	env, program, dir := profiles(t, map[string]*customer{"one": east, "two": west}), command(t), t.TempDir()
	both := []string{"--run", "aws@one", "--run", "aws@two/us-west-2"}
	printed := passes(t, dir, env, program, append([]string{"init"}, both...)...)
	for _, want := range []string{
		"takes these permissions, and no others: ec2:DescribeVpcEndpoints, ec2:DescribeNetworkInterfaces, ec2:DescribeVpcs, ec2:DescribeSubnets",
		"running aws ec2 describe-vpc-endpoints --output json --profile two --region us-west-2\n", "111111111111\n", "222222222222\n",
	} {
		if !strings.Contains(printed, want) {
			t.Errorf("init does not print %q:\n%s", want, printed)
		}
	}
	want := map[string]string{"aws-us-east-1 of 10.77.0.0/16": east.address(t), "aws-us-west-2 of 10.78.0.0/16": west.address(t)}
	if diff := cmp.Diff(want, linksOf(drafted(t, dir))); diff != "" {
		t.Errorf("(-accounts +topology):\n%s", diff)
	}

	check := append([]string{"init", "--check", "topology.yaml"}, both...)
	if printed := passes(t, dir, env, program, check...); !strings.Contains(printed, "no drift; 2 of 2 links compared\n") {
		t.Errorf("nothing has changed:\n%s", printed)
	}
	before := contentOf(t, dir, "topology.yaml")
	was := east.address(t)
	east.connect(t)
	printed = passes(t, dir, env, program, append(check, "--update")...)
	if line := fmt.Sprintf("endpoint %s was recreated: %s → %s [recreated], written\n", east.vpce, was, east.address(t)); !strings.Contains(printed, line) {
		t.Errorf("it does not say %q:\n%s", line, printed)
	}
	// An address of another length leaves the comment behind it where it stood.
	updated, written := strings.Replace(before, "["+was+"]", "["+east.address(t)+"]", 1), contentOf(t, dir, "topology.yaml")
	if diff := cmp.Diff(unaligned(updated), unaligned(written)); diff != "" {
		t.Errorf("(-want +written):\n%s", diff)
	}
}

// unaligned returns a text with one blank ahead of each comment.
func unaligned(text string) string { return regexp.MustCompile(` +#`).ReplaceAllString(text, " #") }

// linksOf returns the address of each link, by its region and the range of its VPC.
func linksOf(t *topology.Topology) map[string]string {
	links := make(map[string]string)
	for _, v := range t.VPCs {
		for _, l := range v.Links {
			links[fmt.Sprintf("%s of %s", t.Regions[l.Region].Name, v.Clients[0])] = l.Addrs[0].String()
		}
	}
	return links
}

func contentOf(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestInitPermissions: the permissions that init names are enough, as moto judges policies,
// and each is needed.
func TestInitPermissions(t *testing.T) {
	client := optional(t, "aws", "pip install awscli")
	c := newCustomer(t, client, "111111111111", "us-east-1", "10.77.0.0/16", "10.77.1.0/24")
	program := command(t)
	aws := func(args ...string) string { return passes(t, t.TempDir(), c.env(), client, args...) }
	aws("iam", "create-user", "--user-name", "reader")
	var made struct {
		AccessKey struct{ AccessKeyID, SecretAccessKey string }
	}
	if err := json.Unmarshal([]byte(aws("iam", "create-access-key", "--user-name", "reader", "--output", "json")), &made); err != nil {
		t.Fatal(err)
	}
	allow := func(actions []string) {
		document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Resource": "*", "Action": actions}}})
		if err != nil {
			t.Fatal(err)
		}
		c.authorize(t, "1000")
		aws("iam", "put-user-policy", "--user-name", "reader", "--policy-name", "init", "--policy-document", string(document))
		c.authorize(t, "0")
	}
	env := append(c.env(), "AWS_ACCESS_KEY_ID="+made.AccessKey.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+made.AccessKey.SecretAccessKey)
	allow([]string{"s3:ListBuckets"})
	status, printed := run(t, t.TempDir(), env, program, "init", "--run", "aws")
	if status != 2 || !strings.Contains(printed, "DescribeVpcEndpoints") || !strings.Contains(printed, "is it signed in, and may it do this?") {
		t.Errorf("status %d without any:\n%s", status, printed)
	}
	named := regexp.MustCompile(`ec2:[A-Za-z]+`).FindAllString(printed[strings.Index(printed, "no others:"):], -1)
	slices.Sort(named)
	named = slices.Compact(named)
	allow(named)
	passes(t, t.TempDir(), env, program, "init", "--run", "aws")
	for i, action := range named {
		allow(slices.Delete(slices.Clone(named), i, i+1))
		if status, printed := run(t, t.TempDir(), env, program, "init", "--run", "aws"); status != 2 {
			t.Errorf("status %d without %s:\n%s", status, action, printed)
		}
	}
}

// authorize has moto judge all but the next few requests by policies.
func (c *customer) authorize(t *testing.T, after string) {
	t.Helper()
	response, err := http.Post(c.endpoint+"/moto-api/reset-auth", "text/plain", strings.NewReader(after))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", response.Status, err)
	}
}

// TestInitPagesOfAWS: pages of AWS's own command line are put together, and one alone is
// refused.
func TestInitPagesOfAWS(t *testing.T) {
	client := optional(t, "aws", "pip install awscli")
	c := newCustomer(t, client, "111111111111", "us-east-1", "10.77.0.0/16", "10.77.1.0/24")
	program, dir := command(t), t.TempDir()
	save := func(name string, args ...string) string {
		text := passes(t, dir, c.env(), client, append([]string{"ec2", "--region", c.region, "--output", "json"}, args...)...)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return text
	}
	c.ec2(t, "VpcEndpoint.VpcEndpointId", "create-vpc-endpoint", "--vpc-endpoint-type", "Interface", "--vpc-id", c.vpc, "--subnet-ids", c.subnet,
		"--service-name", serviceIn("eu-west-1"), "--tag-specifications", "ResourceType=vpc-endpoint,Tags=[{Key=Name,Value=aura}]")
	save("interfaces.json", "describe-network-interfaces")
	save("vpcs.json", "describe-vpcs")
	var first struct{ NextToken string }
	if err := json.Unmarshal([]byte(save("page1.json", "describe-vpc-endpoints", "--max-items", "1")), &first); err != nil || first.NextToken == "" {
		t.Fatalf("%v: AWS's command line says of no page that it is not the last", err)
	}
	from := []string{"init", "--from", "page1.json", "--from", "interfaces.json", "--from", "vpcs.json"}
	if status, printed := run(t, dir, nil, program, from...); status != 2 || !strings.Contains(printed, "page1.json:1 has one page of the VpcEndpoints, and not the last one") {
		t.Errorf("status %d of one page:\n%s", status, printed)
	}
	save("page2.json", "describe-vpc-endpoints", "--max-items", "1", "--starting-token", first.NextToken)
	passes(t, dir, nil, program, append(from, "--from", "page2.json")...)
	if got := drafted(t, dir); len(got.Regions) != 2 {
		t.Errorf("%+v", got.Regions)
	}
}
