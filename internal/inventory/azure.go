package inventory

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// flattened returns an object of Azure in the shape of its command line: its API has
// what matters below "properties".
func flattened(text json.RawMessage, into any) error {
	var nested struct {
		Properties json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(text, &nested); err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return err
	}
	if len(nested.Properties) == 0 {
		return nil
	}
	return json.Unmarshal(nested.Properties, into)
}

// azureID returns an ID of Azure, in which letter case does not matter.
func azureID(id string) string { return clean(strings.ToLower(id)) }

// reference is an object that stands for another one.
type reference struct {
	ID string `json:"id"`
}

// connection is that of a private endpoint to a service.
type connection struct {
	PrivateLinkServiceID string `json:"privateLinkServiceId"`
	State                struct {
		Status          string `json:"status"`
		Description     string `json:"description"`
		ActionsRequired string `json:"actionsRequired"`
	} `json:"privateLinkServiceConnectionState"`
}

// UnmarshalJSON reads either shape.
func (c *connection) UnmarshalJSON(text []byte) error {
	type plain connection
	return flattened(text, (*plain)(c))
}

// alias matches the name of a private link service of Aura's: it has the orchestra and
// the region. Others are matched by anyAlias.
var (
	alias    = regexp.MustCompile(`^([a-z0-9-]*-orch-[a-z0-9]+)-service\.[0-9a-z-]+\.([a-z0-9]+)\.azure\.privatelinkservice$`)
	anyAlias = regexp.MustCompile(`^[a-z0-9._-]+\.([a-z0-9]+)\.azure\.privatelinkservice$`)
)

func (b *Builder) addAzureEndpoint(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		ID                string       `json:"id"`
		Name              string       `json:"name"`
		Subnet            reference    `json:"subnet"`
		NetworkInterfaces []reference  `json:"networkInterfaces"`
		Connections       []connection `json:"privateLinkServiceConnections"`
		Manual            []connection `json:"manualPrivateLinkServiceConnections"`
		CustomDNSConfigs  []struct {
			FQDN        string   `json:"fqdn"`
			IPAddresses []string `json:"ipAddresses"`
		} `json:"customDnsConfigs"`
		Tags map[string]string `json:"tags"`
	}
	if err := flattened(text, &raw); err != nil {
		return "", err
	}
	e := Endpoint{
		Cloud: Azure, ID: azureID(raw.ID), Name: clean(raw.Name), Account: b.account(Azure, part(azureID(raw.ID), "subscriptions")),
		Network: networkOfSubnet(raw.Subnet.ID), State: Unsaid, At: at,
	}
	connections := append(raw.Connections, raw.Manual...)
	for _, c := range connections {
		e = e.connected(c)
	}
	if len(connections) == 0 {
		e.Evidence = Possible
	}
	words := []string{raw.Name}
	for key, value := range raw.Tags {
		words = append(words, key, value)
	}
	e = e.calledBy(words...)
	for _, n := range raw.NetworkInterfaces {
		e.Unread = append(e.Unread, azureID(n.ID))
	}
	for _, c := range raw.CustomDNSConfigs {
		its, err := addrs(c.IPAddresses...)
		if err != nil {
			return "", err
		}
		e.Addrs = append(e.Addrs, its...)
		e = e.leadingTo(c.FQDN)
	}
	return e.Account, b.endpoint(e)
}

// connected returns the endpoint with what one of its connections says.
func (e Endpoint) connected(c connection) Endpoint {
	target := strings.ToLower(c.PrivateLinkServiceID)
	e.Service = clean(target)
	e.State, e.Said = azureState(c.State.Status), said(c.State.Status, c.State.Description)
	switch match := alias.FindStringSubmatch(target); {
	case match != nil:
		e.Orchestras, e.ServiceRegion, e.Evidence = []string{match[1] + ".neo4j.io"}, match[2], Certain
	case anyAlias.MatchString(target):
		e.ServiceRegion, e.Evidence = anyAlias.FindStringSubmatch(target)[1], max(e.Evidence, Possible)
	case !strings.Contains(target, "/providers/") || strings.Contains(target, "/providers/microsoft.network/privatelinkservices/"):
		e.Evidence = max(e.Evidence, Possible) // else it is a resource of Azure's
	}
	return e
}

func azureState(text string) State {
	switch strings.ToLower(text) {
	case "approved":
		return Accepted
	case "pending":
		return Pending
	case "rejected":
		return Rejected
	case "disconnected":
		return Broken
	default:
		return Unsaid
	}
}

// networkOfSubnet returns the ID of the network that a subnet is in.
func networkOfSubnet(id string) string {
	network, _, _ := strings.Cut(azureID(id), "/subnets/")
	return network
}

// configuration is an address of a network interface.
type configuration struct {
	// The name stands in either letter case, depending on the version.
	Address      string    `json:"privateIPAddress"`
	OtherAddress string    `json:"privateIpAddress"`
	Subnet       reference `json:"subnet"`
}

// UnmarshalJSON reads either shape.
func (c *configuration) UnmarshalJSON(text []byte) error {
	type plain configuration
	return flattened(text, (*plain)(c))
}

func (b *Builder) addNIC(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		ID             string          `json:"id"`
		Configurations []configuration `json:"ipConfigurations"`
		Endpoint       reference       `json:"privateEndpoint"`
	}
	if err := flattened(text, &raw); err != nil {
		return "", err
	}
	in := Interface{ID: azureID(raw.ID), Endpoint: azureID(raw.Endpoint.ID), At: at}
	for _, c := range raw.Configurations {
		address := c.Address
		if address == "" {
			address = c.OtherAddress
		}
		its, err := addrs(address)
		if err != nil {
			return "", err
		}
		in.Addrs = append(in.Addrs, its...)
		in.Subnet, in.Network = azureID(c.Subnet.ID), networkOfSubnet(c.Subnet.ID)
	}
	return part(in.ID, "subscriptions"), b.keepInterface(in)
}

func (b *Builder) addVNet(text json.RawMessage, at holdings.Place) (string, error) {
	type subnet struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Properties struct {
			Prefix   string   `json:"addressPrefix"`
			Prefixes []string `json:"addressPrefixes"`
		} `json:"properties"`
		Prefix   string   `json:"addressPrefix"`
		Prefixes []string `json:"addressPrefixes"`
	}
	var raw struct {
		ID           string `json:"id"`
		Name         string `json:"name"`
		AddressSpace struct {
			Prefixes []string `json:"addressPrefixes"`
		} `json:"addressSpace"`
		Subnets []subnet `json:"subnets"`
	}
	if err := flattened(text, &raw); err != nil {
		return "", err
	}
	its, err := ranges(raw.AddressSpace.Prefixes...)
	if err != nil {
		return "", err
	}
	id := azureID(raw.ID)
	account := b.account(Azure, part(id, "subscriptions"))
	if err := b.keepNetwork(Network{Cloud: Azure, ID: id, Name: clean(raw.Name), Account: account, Ranges: its, At: at}); err != nil {
		return "", err
	}
	for _, s := range raw.Subnets {
		texts := append([]string{s.Prefix, s.Properties.Prefix}, append(s.Prefixes, s.Properties.Prefixes...)...)
		its, err := ranges(texts...)
		if err != nil {
			return "", err
		}
		if err := b.keepSubnet(Subnet{Cloud: Azure, ID: azureID(s.ID), Network: id, Name: clean(s.Name), Ranges: its, At: at}); err != nil {
			return "", err
		}
	}
	return account, nil
}

func (b *Builder) addSubscription(text json.RawMessage, _ holdings.Place) (string, error) {
	var raw reference
	err := json.Unmarshal(text, &raw)
	b.account(Azure, raw.ID)
	return "", err
}
