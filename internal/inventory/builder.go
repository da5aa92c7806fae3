package inventory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Builder gathers what files have.
type Builder struct {
	endpoints  map[string]*Endpoint // by cloud and ID
	interfaces map[string]Interface
	networks   map[string]*Network
	subnets    map[string]Subnet
	services   map[string][]string // host names, by an AWS service
	accounts   map[Account]bool
	pages      map[scope]*pages
	lists      map[kind]bool
	foreign    map[Cloud]int // endpoints of clouds' own services
	notes      []string
}

// NewBuilder returns a builder of an empty inventory.
func NewBuilder() *Builder {
	return &Builder{
		endpoints:  make(map[string]*Endpoint),
		interfaces: make(map[string]Interface),
		networks:   make(map[string]*Network),
		subnets:    make(map[string]Subnet),
		services:   make(map[string][]string),
		accounts:   make(map[Account]bool),
		pages:      make(map[scope]*pages),
		lists:      make(map[kind]bool),
		foreign:    make(map[Cloud]int),
	}
}

func (b *Builder) notef(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
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
	if e.Evidence == None {
		b.foreign[e.Cloud]++
		return nil
	}
	id := string(e.Cloud) + "\x00" + e.ID
	if before, there := b.endpoints[id]; there {
		same := *before
		same.At = e.At
		if !reflect.DeepEqual(same, e) {
			return fmt.Errorf("%s is listed otherwise in %s: give the newer of the two lists alone", ShortName(e.ID), before.At)
		}
	}
	b.endpoints[id] = &e
	return nil
}

// Inventory returns what there is, or an error for lists that are not whole.
func (b *Builder) Inventory() (*Inventory, error) {
	if err := b.whole(); err != nil {
		return nil, err
	}
	i := &Inventory{lists: b.lists}
	for _, e := range b.endpoints {
		i.Endpoints = append(i.Endpoints, b.joined(*e))
	}
	for _, n := range b.networks {
		slices.SortFunc(n.Ranges, netip.Prefix.Compare)
		n.Ranges = slices.Compact(n.Ranges)
		i.Networks = append(i.Networks, *n)
	}
	for _, s := range b.subnets {
		i.Subnets = append(i.Subnets, s)
	}
	for a := range b.accounts {
		i.Accounts = append(i.Accounts, a)
	}
	slices.SortFunc(i.Endpoints, func(a, b Endpoint) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(i.Networks, func(a, b Network) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(i.Subnets, func(a, b Subnet) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(i.Accounts, func(a, b Account) int { return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.ID, b.ID)) })
	for _, c := range []Cloud{AWS, GCP, Azure} {
		if n := b.foreign[c]; n > 0 {
			verb, are := "lead to services", "are"
			if n == 1 {
				verb, are = "leads to a service", "is"
			}
			b.notef("%d of the private endpoints in %s %s of the cloud's own, and %s left out", n, c, verb, are)
		}
	}
	i.Notes = b.notes
	return i, nil
}

// joined returns an endpoint with what its interfaces, its service and its subnets say.
func (b *Builder) joined(e Endpoint) Endpoint {
	var unread []string
	for _, id := range e.Unread {
		in, read := b.interfaces[id]
		if !read {
			unread = append(unread, id)
			continue
		}
		if s, known := b.subnets[in.Subnet]; known {
			in.Zone, in.ZoneID = cmp.Or(in.Zone, s.Zone), cmp.Or(in.ZoneID, s.ZoneID)
			in.Network = cmp.Or(in.Network, s.Network)
		}
		e.Interfaces = append(e.Interfaces, in)
		e.Addrs = append(e.Addrs, in.Addrs...)
		e.Network = cmp.Or(e.Network, in.Network)
	}
	slices.SortFunc(e.Interfaces, func(a, b Interface) int { return cmp.Compare(a.ID, b.ID) })
	if len(e.Addrs) > 0 && len(e.Interfaces) == 0 {
		unread = nil // the endpoint itself tells its addresses
	}
	e.Unread = unread
	e.Addrs = holdings.SortedAddrs(e.Addrs)
	for _, host := range b.services[e.Service] {
		e = e.leadingTo(host)
	}
	slices.Sort(e.Orchestras)
	e.Orchestras = slices.Compact(e.Orchestras)
	return e
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

// orchestraOf returns the host name of the orchestra to which a name belongs, by the
// look of it.
func orchestraOf(name string) (string, bool) {
	above, ok := strings.CutSuffix(name, ".neo4j.io")
	label := above[strings.LastIndexByte(above, '.')+1:]
	return label + ".neo4j.io", ok && strings.Contains(label, "-orch-")
}

// mostShown is how much of a text is kept that is only shown.
const mostShown = 200

// clean returns a text of a file as it may be shown, in a line.
func clean(text string) string {
	text = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return '?'
		}
		return c
	}, text)
	if runes := []rune(text); len(runes) > mostShown {
		return string(runes[:mostShown]) + "..."
	}
	return text
}

// cleaned returns texts as they may be shown.
func cleaned(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = clean(text)
	}
	return all
}

// calledBy returns the endpoint with what the words say that people have written to it.
func (e Endpoint) calledBy(words ...string) Endpoint {
	if e.Evidence == Possible && calledAura(words...) {
		e.Evidence = Likely
	}
	return e
}

// calledAura reports whether a word of a name is Neo4j's or Aura's.
func calledAura(names ...string) bool {
	notWord := func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }
	for _, name := range names {
		for _, word := range strings.FieldsFunc(strings.ToLower(name), notWord) {
			switch word {
			case "aura", "auradb", "aurads", "neo4j", "neo4jaura":
				return true
			}
		}
	}
	return false
}

// addrs returns the addresses in texts; what is none is an error.
func addrs(texts ...string) ([]netip.Addr, error) {
	var all []netip.Addr
	for _, text := range texts {
		if text == "" {
			continue
		}
		addr, err := netip.ParseAddr(text)
		if err != nil || addr.Zone() != "" {
			return nil, fmt.Errorf("%q is no address", clean(text))
		}
		all = append(all, addr.Unmap())
	}
	return all, nil
}

// ranges returns the address ranges in texts; what is none is an error.
func ranges(texts ...string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		if text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no address range", clean(text))
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}
