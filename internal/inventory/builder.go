package inventory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Builder gathers what files have.
type Builder struct {
	endpoints  map[string]*Endpoint       // by cloud and ID
	files      map[string]map[string]bool // the endpoints that each has, by the same
	interfaces map[string]*Interface
	networks   map[string]*Network
	subnets    map[string]*Subnet
	services   map[string]*service // AWS's, by name
	accounts   map[Account]bool
	pages      map[scope]*pages
	lists      map[kind]bool
	notes      []string
}

// NewBuilder returns a builder of an empty inventory.
func NewBuilder() *Builder {
	return &Builder{
		endpoints:  make(map[string]*Endpoint),
		files:      make(map[string]map[string]bool),
		interfaces: make(map[string]*Interface),
		networks:   make(map[string]*Network),
		subnets:    make(map[string]*Subnet),
		services:   make(map[string]*service),
		accounts:   make(map[Account]bool),
		pages:      make(map[scope]*pages),
		lists:      make(map[kind]bool),
	}
}

func (b *Builder) notef(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); !slices.Contains(b.notes, note) {
		b.notes = append(b.notes, note)
	}
}

// add adds an object of a kind.
func (b *Builder) add(k kind, text json.RawMessage, at holdings.Place, p *page) error {
	adders := map[kind]func(json.RawMessage, holdings.Place) (string, error){
		awsEndpoint: b.addAWSEndpoint, awsInterface: b.addAWSInterface, awsVPC: b.addAWSVPC, awsSubnet: b.addAWSSubnet,
		awsService: b.addAWSService, awsIdentity: b.addAWSIdentity,
		gcpRule: b.addRule, gcpSubnet: b.addSubnetwork, gcpNetwork: b.addGoogleNetwork,
		azureEndpoint: b.addAzureEndpoint, azureNIC: b.addNIC, azureVNet: b.addVNet, azureAccount: b.addSubscription,
	}
	of, err := adders[k](text, at)
	if err != nil {
		return at.Errorf("one of the %s: %w", k, formats.Plain(err))
	}
	p.of(k, of)
	return nil
}

// account notes an account.
func (b *Builder) account(c Cloud, id string) string {
	if id = clean(id); id != "" {
		b.accounts[Account{c, id}] = true
	}
	return id
}

// endpoint adds a private endpoint. It is an error if it was listed before, and otherwise:
// which of the lists is the newer one is not known.
func (b *Builder) endpoint(e Endpoint) error {
	for _, texts := range [][]string{e.Unread, e.Subnets, e.DNSNames} {
		slices.Sort(texts) // lists have them in any order
	}
	id := string(e.Cloud) + "\x00" + e.ID
	if b.files[e.At.File] == nil {
		b.files[e.At.File] = make(map[string]bool)
	}
	b.files[e.At.File][id] = true
	return keep(b.endpoints, id, e, joinedEndpoints, func(e Endpoint) holdings.Place { return e.At })
}

// keepNetwork adds a network.
func (b *Builder) keepNetwork(n Network) error {
	slices.SortFunc(n.Ranges, netip.Prefix.Compare)
	n.Ranges = slices.Compact(n.Ranges)
	return keep(b.networks, n.ID, n, joinedNetworks, func(n Network) holdings.Place { return n.At })
}

// keepSubnet adds a subnet.
func (b *Builder) keepSubnet(s Subnet) error {
	slices.SortFunc(s.Ranges, netip.Prefix.Compare)
	return keep(b.subnets, s.ID, s, joinedSubnets, func(s Subnet) holdings.Place { return s.At })
}

// keepInterface adds a network interface.
func (b *Builder) keepInterface(in Interface) error {
	in.Addrs = holdings.SortedAddrs(in.Addrs)
	return keep(b.interfaces, in.ID, in, joinedInterfaces, func(in Interface) holdings.Place { return in.At })
}

// AWSInterfaces returns the IDs of the network interfaces of AWS's private endpoints that
// were in no list so far, sorted. Those of the cloud's own services are left out.
func (b *Builder) AWSInterfaces() []string {
	var ids []string
	for _, e := range b.endpoints {
		for _, id := range e.Unread {
			if _, read := b.interfaces[id]; e.Cloud == AWS && e.Evidence != None && !read {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Inventory returns what there is, or an error for lists that are not whole.
func (b *Builder) Inventory() (*Inventory, error) {
	if err := b.whole(); err != nil {
		return nil, err
	}
	i := &Inventory{lists: b.lists}
	if err := cmp.Or(b.shared(), b.aged()); err != nil {
		return nil, err
	}
	for _, e := range b.endpoints {
		if e.Evidence == None {
			continue
		}
		its, err := b.joined(*e)
		if err != nil {
			return nil, err
		}
		i.Endpoints = append(i.Endpoints, its)
	}
	for _, n := range b.networks {
		slices.SortFunc(n.Ranges, netip.Prefix.Compare)
		n.Ranges = slices.Compact(n.Ranges)
		i.Networks = append(i.Networks, *n)
	}
	for _, s := range b.subnets {
		i.Subnets = append(i.Subnets, *s)
	}
	for a := range b.accounts {
		i.Accounts = append(i.Accounts, a)
	}
	slices.SortFunc(i.Endpoints, func(a, b Endpoint) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(i.Networks, func(a, b Network) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(i.Subnets, func(a, b Subnet) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(i.Accounts, func(a, b Account) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	b.leftOut()
	i.Missing = b.missing()
	i.Notes = b.notes
	return i, nil
}

// leftOut notes how many endpoints lead to services of the clouds' own.
func (b *Builder) leftOut() {
	foreign := make(map[Cloud]int)
	for _, e := range b.endpoints {
		if e.Evidence == None {
			foreign[e.Cloud]++
		}
	}
	for _, c := range []Cloud{AWS, GCP, Azure} {
		n := foreign[c]
		verb, are := "lead to services", "are"
		if n == 1 {
			verb, are = "leads to a service", "is"
		}
		if n > 0 {
			b.notef("%d of the private endpoints in %s %s of the cloud's own, and %s left out", n, c, verb, are)
		}
	}
}

// leadingTo returns the endpoint with a host name that the cloud resolves for it.
func (e Endpoint) leadingTo(name string) Endpoint {
	name = dnsname.TrimDot(dnsname.Lower(name))
	if host, ok := orchestraOf(name); ok {
		e.Orchestras = append(slices.Clone(e.Orchestras), host)
		e.Evidence = Certain
	}
	return e
}
