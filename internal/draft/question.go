package draft

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/topology"
)

// Answers are what people have said when they were asked. The zero Answers are none.
type Answers struct {
	orchestras map[string][]string       // by the region's label
	regions    map[string]string         // labels, by what they would be otherwise
	clients    map[string][]netip.Prefix // by the VPC's label
	addresses  map[string][]netip.Addr   // of private endpoints, by their IDs
	endpoints  map[string]string         // the region's label, by that of a custom endpoint
	ours       map[string]bool           // whether private endpoints lead to Aura, by their IDs
}

// answered is why something is in a topology that a person has said.
const answered = "as was answered"

// Question is what a person can be asked instead of a [Todo].
type Question struct {
	Kind QuestionKind
	// About is a region's label, a VPC's, or the ID of a private endpoint.
	About string
	// Text is the question, and Where the place where the answer stands.
	Text, Where string
	// Regions are those that an answer may name or, as the label of a region, may not.
	Regions []string
	// Homes are the regions of the labels that are known, with their reasons.
	Homes map[string]Item
}

// QuestionKind says what an answer is.
type QuestionKind string

// The kinds of questions, and what is said to each.
const (
	AskRegion     QuestionKind = "region"           // a label
	AskOrchestras QuestionKind = "orchestras"       // ids or what the console shows, separated
	AskClients    QuestionKind = "clients"          // ranges, separated
	AskAddresses  QuestionKind = "addresses"        // addresses, separated
	AskService    QuestionKind = "yes or no"        // what it says
	AskEndpoints  QuestionKind = "endpoint: region" // one of them
)

// Unsure returns what is not known and can be asked, in order.
func (d *Draft) Unsure() []Question {
	var all []Question
	add := func(todos []Todo) {
		for _, t := range todos {
			if t.Question.Kind != "" && !slices.ContainsFunc(all, t.Question.Same) {
				all = append(all, t.Question)
			}
		}
	}
	add(d.Todos)
	for _, r := range d.Regions {
		add(r.Todos)
	}
	for _, v := range d.VPCs {
		add(v.Todos)
		add(v.LinkTodos)
	}
	add(d.EndpointTodos)
	// Whose service an endpoint leads to decides what there is to be asked for.
	slices.SortStableFunc(all, func(a, b Question) int { return rank(a) - rank(b) })
	return all
}

func rank(q Question) int {
	if q.Kind == AskService {
		return 0
	}
	return 1
}

// Same reports whether a question asks the same about the same.
func (q Question) Same(other Question) bool { return q.Kind == other.Kind && q.About == other.About }

// Answer returns the answers with one more. The error says what is wrong with it.
func (a Answers) Answer(q Question, text string) (Answers, error) {
	text = strings.TrimSpace(text)
	var err error
	switch q.Kind {
	case AskRegion:
		if wrong := topology.CheckWord(text); wrong != "" {
			return a, fmt.Errorf("%q %s", text, wrong)
		}
		if slices.Contains(q.Regions, text) {
			return a, fmt.Errorf("there is a region %s already, and these are two", text)
		}
		a.regions = with(a.regions, q.About, text)
	case AskOrchestras:
		var ids []string
		if ids, err = each(text, topology.Orchestra); err == nil {
			a.orchestras = with(a.orchestras, q.About, ids)
		}
	case AskClients:
		var ranges []netip.Prefix
		if ranges, err = each(text, parseRange); err == nil {
			a.clients = with(a.clients, q.About, ranges)
		}
	case AskAddresses:
		var addrs []netip.Addr
		if addrs, err = each(text, parseAddr); err == nil {
			a.addresses = with(a.addresses, q.About, addrs)
		}
	case AskService:
		var yes bool
		if yes, err = parseYes(text); err == nil {
			a.ours = with(a.ours, q.About, yes)
		}
	case AskEndpoints:
		var label, region string
		if label, region, err = parseEndpoint(text, q.Regions); err == nil {
			err = a.contradicted(label, region, q)
		}
		if err == nil {
			a.endpoints = with(a.endpoints, label, region)
		}
	}
	return a, err
}

// contradicted returns an error where an endpoint, or the one whose further name it is,
// is known to live in another region.
func (a Answers) contradicted(label, region string, q Question) error {
	for _, known := range related(label) {
		if said, there := a.endpoints[known]; there && said != region {
			return hint.Add(fmt.Errorf("%s is in %s, as you have said", known, said), "a name lives in one region: write the file, and correct it there")
		}
		if home, there := q.Homes[known]; there && home.Value != region {
			return hint.Add(fmt.Errorf("%s leads to %s by what was read (%s)", known, home.Value, home.Why), "correct the record, or the line in the file that is written")
		}
	}
	return nil
}

// related returns a label, and those that are its further names or whose further name it
// is.
func related(label string) []string {
	all := []string{label}
	if _, base := topology.BaseLabels(label); base != "" {
		all = append(all, base)
	}
	for _, prefix := range topology.Prefixes {
		all = append(all, prefix+label)
	}
	return all
}

// with returns a copy of a map with one more entry.
func with[V any](all map[string]V, key string, value V) map[string]V {
	more := maps.Clone(all)
	if more == nil {
		more = make(map[string]V)
	}
	more[key] = value
	return more
}

// each reads all that spaces and commas separate, of which there must be something.
func each[T any](text string, read func(string) (T, error)) ([]T, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	if len(words) == 0 {
		return nil, errors.New("nothing was said")
	}
	var all []T
	for _, word := range words {
		one, err := read(strings.Trim(word, `"'[]`))
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func parseRange(text string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, hint.Add(fmt.Errorf("%q is no range of addresses", text), "such as 10.0.0.0/16")
	}
	if p != p.Masked() {
		return p, hint.Add(fmt.Errorf("%q has bits behind its prefix", text), "the range around it is "+p.Masked().String())
	}
	return p, nil
}

func parseAddr(text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return addr, hint.Add(fmt.Errorf("%q is no address", text), "such as 10.0.1.10")
	}
	return addr, nil
}

func parseYes(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "y", "yes":
		return true, nil
	case "n", "no":
		return false, nil
	default:
		return false, fmt.Errorf("%q is neither yes nor no", text)
	}
}

// parseEndpoint reads a label and a region, with a colon or a space in between. Where
// there is one region, it need not be said.
func parseEndpoint(text string, regions []string) (label, region string, err error) {
	words := strings.Fields(text)
	switch {
	case len(words) == 2:
		label, region = strings.TrimSuffix(words[0], ":"), words[1]
	case len(words) == 1 && len(regions) == 1:
		label, region = words[0], regions[0]
	default:
		return "", "", hint.Add(fmt.Errorf("%q is not an endpoint and its region", text), "such as my-endpoint-abcdef-123456: "+regions[0])
	}
	if !slices.Contains(regions, region) {
		return "", "", hint.Add(fmt.Errorf("there is no region %q here", region), "one of "+strings.Join(regions, ", "))
	}
	label, err = topology.EndpointLabel(label)
	return label, region, err
}

// answered returns the input with what was said of private endpoints.
func (in Input) answered() Input {
	if in.Inventory == nil {
		return in
	}
	inventory := *in.Inventory
	inventory.Endpoints = nil
	for _, e := range in.Inventory.Endpoints {
		ours, said := in.Answers.ours[e.ID]
		if said && !ours {
			continue
		}
		if ours {
			in.Services = append(slices.Clip(in.Services), e.ID)
		}
		if addrs, said := in.Answers.addresses[e.ID]; said {
			e.Addrs, e.Unread = addrs, nil
		}
		inventory.Endpoints = append(inventory.Endpoints, e)
	}
	in.Inventory = &inventory
	return in
}
