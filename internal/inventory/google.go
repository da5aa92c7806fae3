package inventory

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// ShortName returns the last part of an ID that is a path or a URL, and another ID as
// it is.
func ShortName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// googlePath returns what identifies an object of Google Cloud: its path from
// "projects/" on, however the address before it is written.
func googlePath(link string) string {
	if at := strings.Index(link, "projects/"); at >= 0 {
		return clean(link[at:])
	}
	return clean(link)
}

// part returns what follows a word in a path, such as the region in
// "projects/p/regions/r/serviceAttachments/s".
func part(path, word string) string {
	parts := strings.Split(path, "/")
	at := slices.Index(parts, word)
	if at < 0 || at+1 == len(parts) {
		return ""
	}
	return clean(parts[at+1])
}

// ownTarget matches what is no service of somebody's: a proxy, a pool, an instance or a
// gateway of one's own, or a bundle of Google's APIs. Any other may be Aura's.
var ownTarget = regexp.MustCompile(`/target[A-Za-z]+/|^(all-apis|vpc-sc)$`)

func (b *Builder) addRule(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		Name                string `json:"name"`
		Description         string `json:"description"`
		Region              string `json:"region"`
		SelfLink            string `json:"selfLink"`
		IPAddress           string `json:"IPAddress"`
		Target              string `json:"target"`
		Network             string `json:"network"`
		Subnetwork          string `json:"subnetwork"`
		PSCConnectionStatus string `json:"pscConnectionStatus"`
		BackendService      string `json:"backendService"`
		LoadBalancingScheme string `json:"loadBalancingScheme"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	project := b.account(GCP, part(raw.SelfLink, "projects"))
	e := Endpoint{
		Cloud: GCP, ID: googlePath(raw.SelfLink), Name: clean(raw.Name), Account: project, Network: googlePath(raw.Network),
		Service: googlePath(raw.Target), ServiceRegion: part(raw.Target, "regions"), State: googleState(raw.PSCConnectionStatus), Said: clean(raw.PSCConnectionStatus), At: at,
	}
	if e.ID == "" {
		e.ID = e.Name
	}
	if raw.BackendService == "" && raw.LoadBalancingScheme == "" && !ownTarget.MatchString(raw.Target) {
		e.Evidence = Possible
	}
	e = e.calledBy(raw.Name, raw.Description)
	if its, err := addrs(raw.IPAddress); err == nil { // else it is the name of an address that is listed elsewhere
		e.Addrs = its
	}
	return project, b.endpoint(e)
}

func googleState(text string) State {
	switch text {
	case "ACCEPTED":
		return Accepted
	case "PENDING", "NEEDS_ATTENTION":
		return Pending
	case "REJECTED":
		return Rejected
	case "CLOSED":
		return Broken
	default:
		return Unsaid
	}
}

// networkAt returns the network with that path, which is added where it is not there.
func (b *Builder) networkAt(c Cloud, id string, at holdings.Place) *Network {
	n, there := b.networks[id]
	if !there {
		n = &Network{Cloud: c, ID: id, At: at}
		b.networks[id] = n
	}
	return n
}

func (b *Builder) addSubnetwork(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		Name              string `json:"name"`
		SelfLink          string `json:"selfLink"`
		Network           string `json:"network"`
		IPCidrRange       string `json:"ipCidrRange"`
		InternalIPv6      string `json:"internalIpv6Prefix"`
		IPv6Cidr          string `json:"ipv6CidrRange"`
		Purpose           string `json:"purpose"`
		SecondaryIPRanges []struct {
			IPCidrRange string `json:"ipCidrRange"`
		} `json:"secondaryIpRanges"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	texts := []string{raw.IPCidrRange, raw.InternalIPv6, raw.IPv6Cidr}
	for _, s := range raw.SecondaryIPRanges {
		texts = append(texts, s.IPCidrRange)
	}
	its, err := ranges(texts...)
	if err != nil {
		return "", err
	}
	project := b.account(GCP, part(raw.SelfLink, "projects"))
	if raw.Purpose == "PRIVATE_SERVICE_CONNECT" || strings.Contains(raw.Purpose, "PROXY") {
		return project, nil // nobody asks from it
	}
	s := Subnet{Cloud: GCP, ID: googlePath(raw.SelfLink), Network: googlePath(raw.Network), Name: clean(raw.Name), Ranges: its, At: at}
	if err := b.keepSubnet(s); err != nil {
		return "", err
	}
	n := b.networkAt(GCP, s.Network, at)
	n.Account = part(s.Network, "projects")
	n.Ranges = append(n.Ranges, its...)
	return project, nil
}

func (b *Builder) addGoogleNetwork(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		Name     string `json:"name"`
		SelfLink string `json:"selfLink"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	project := b.account(GCP, part(raw.SelfLink, "projects"))
	n := b.networkAt(GCP, googlePath(raw.SelfLink), at)
	n.Name, n.Account = clean(raw.Name), project
	return project, nil
}
