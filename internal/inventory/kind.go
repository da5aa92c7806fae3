package inventory

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// kind is what an object of a list is.
type kind string

const (
	awsEndpoint   kind = "VpcEndpoints"
	awsInterface  kind = "NetworkInterfaces"
	awsVPC        kind = "Vpcs"
	awsSubnet     kind = "Subnets"
	awsService    kind = "ServiceDetails"
	awsIdentity   kind = "caller identity"
	gcpRule       kind = "forwardingRules"
	gcpSubnet     kind = "subnetworks"
	gcpNetwork    kind = "networks"
	azureEndpoint kind = "privateEndpoints"
	azureNIC      kind = "networkInterfaces"
	azureVNet     kind = "virtualNetworks"
	azureAccount  kind = "account"
)

var endpointsOf = map[Cloud]kind{AWS: awsEndpoint, GCP: gcpRule, Azure: azureEndpoint}

// members are those of an object.
type members map[string]json.RawMessage

func (m members) has(names ...string) bool {
	for _, name := range names {
		if _, there := m[name]; !there {
			return false
		}
	}
	return true
}

// refused returns an error for a further member of an object, as no tool prints it whole, or in
// a form that is read.
func (m members) refused(name string) error {
	switch _, there := m[name]; {
	case there:
		return fmt.Errorf("an object has %q twice: a part between them may be missing", clean(name))
	case strings.Contains(name, "[0]"):
		return fmt.Errorf("it is what is printed for people (gcloud --format=flattened or text): %q is no member of an object", clean(name))
	}
	return nil
}

// text returns a member that is a string, or "".
func (m members) text(name string) string {
	var s string
	if json.Unmarshal(m[name], &s) != nil {
		return ""
	}
	return s
}

// kindOf returns what an object is; "" for none of the kinds that are read.
func kindOf(m members) kind {
	switch {
	case m.has("VpcEndpointId") && !m.has("NetworkInterfaceId"):
		return awsEndpoint
	case m.has("NetworkInterfaceId", "InterfaceType"):
		return awsInterface
	case m.has("SubnetId", "VpcId", "AvailabilityZone", "CidrBlock"):
		return awsSubnet
	case m.has("VpcId", "CidrBlock"):
		return awsVPC
	case m.has("ServiceName", "BaseEndpointDnsNames"):
		return awsService
	case m.has("Account", "Arn", "UserId"):
		return awsIdentity
	case m.has("tenantId", "environmentName", "id"):
		return azureAccount
	}
	if k := googleKind(m); k != "" {
		return k
	}
	return azureKind(m)
}

// googleKind knows an object of Google Cloud by its kind, or by its own address.
func googleKind(m members) kind {
	collection := strings.TrimPrefix(m.text("kind"), "compute#")
	if collection == "" && m.has("selfLink", "name") {
		path := strings.Split(m.text("selfLink"), "/")
		if len(path) > 2 {
			collection = strings.TrimSuffix(path[len(path)-2], "s")
		}
	}
	switch collection {
	case "forwardingRule":
		return gcpRule
	case "subnetwork":
		return gcpSubnet
	case "network":
		return gcpNetwork
	default:
		return ""
	}
}

var azurePath = regexp.MustCompile(`(?i)/providers/Microsoft\.Network/(privateEndpoints|networkInterfaces|virtualNetworks)/[^/]+$`)

// azureKind knows an object of Azure by its ID. What has an ID alone refers to an object.
func azureKind(m members) kind {
	if !m.has("id") || !m.has("name") && !m.has("location") {
		return ""
	}
	match := azurePath.FindStringSubmatch(m.text("id"))
	if match == nil {
		return ""
	}
	for _, k := range []kind{azureEndpoint, azureNIC, azureVNet} {
		if strings.EqualFold(match[1], string(k)) {
			return k
		}
	}
	return ""
}

// listKind returns what a list is of that has nothing in it, by what holds it.
func listKind(name string) kind {
	switch k := kind(name); k {
	case awsEndpoint, awsInterface, awsVPC, awsSubnet, awsService, gcpRule:
		return k
	default:
		return ""
	}
}
