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

// Answer returns the answers with one more. The error says what is wrong with it.
func (a Answers) Answer(q Question, text string) (Answers, error) {
	text = strings.TrimSpace(text)
	if q.Kind != AskService && slices.Contains(noAnswers, strings.ToLower(strings.Trim(text, ".!?"))) {
		return a, fmt.Errorf("%q does not say it", text)
	}
	var err error
	switch q.Kind {
	case AskRegion:
		a.regions, err = answer(a.regions, q, text, q.region)
	case AskOrchestras:
		a.orchestras, err = answer(a.orchestras, q, text, q.orchestras)
	case AskClients:
		a.clients, err = answer(a.clients, q, text, q.clients)
	case AskAddresses:
		a.addresses, err = answer(a.addresses, q, text, addresses)
	case AskService:
		a.ours, err = answer(a.ours, q, text, parseYes)
	case AskEndpoints:
		var label, region string
		if label, region, err = q.endpoint(text); err == nil {
			err = a.contradicted(label, region, q)
		}
		if err == nil {
			a.endpoints = with(a.endpoints, label, region)
		}
	}
	return a, err
}

// noAnswers are words that people say instead of an answer, in lower case.
var noAnswers = []string{"", "y", "yes", "n", "no", "none", "unknown", "idk", "skip", "help"}

// answer returns answers of a kind with one more, as it is read.
func answer[V any](all map[string]V, q Question, text string, read func(string) (V, error)) (map[string]V, error) {
	value, err := read(text)
	if err != nil {
		return all, err
	}
	return with(all, q.About, value), nil
}

// region reads the label of a region, which no other has.
func (q Question) region(text string) (string, error) {
	label, err := topology.RegionLabel(text)
	is := func(other string) bool { return strings.EqualFold(other, label) }
	switch {
	case err != nil:
		return "", err
	case is(notLinked):
		return "", fmt.Errorf("%q has a meaning here, and is no region's label", label)
	case slices.ContainsFunc(q.Regions, is):
		return "", fmt.Errorf("there is a region %s already, and these are two", label)
	}
	return label, nil
}

// orchestras reads the ids of orchestras, none of which is another region's. Several have
// commas in between: words may be a sentence, of which one is an id.
func (q Question) orchestras(text string) ([]string, error) {
	ids, err := each(text, topology.Orchestra)
	for part := range strings.SplitSeq(text, ",") {
		if words := strings.Fields(part); err == nil && len(words) > 1 {
			return nil, hint.Add(fmt.Errorf("%q is not one orchestra", strings.TrimSpace(part)), "with a comma, if these are several: "+strings.Join(words, ", "))
		}
	}
	for _, id := range ids {
		if home, there := q.Homes[id]; there {
			return nil, hint.Add(fmt.Errorf("orchestra %s is in %s (%s)", id, home.Value, home.Why), "an orchestra lives in one region: correct what was read, or the line in the file that is written")
		}
	}
	return ids, err
}

// addresses reads those of a private endpoint, none of which is public.
func addresses(text string) ([]netip.Addr, error) {
	addrs, err := each(text, topology.LinkAddr)
	if _, others := byKind(addrs); err == nil && len(others) > 0 {
		return nil, hint.Add(fmt.Errorf("%q is public", others[0]), "a private endpoint has an address of your own network")
	}
	return addrs, err
}

// clients reads address ranges, none of which is another VPC's.
func (q Question) clients(text string) ([]netip.Prefix, error) {
	ranges, err := each(text, topology.ClientRange)
	for _, p := range ranges {
		if home, there := q.Homes[p.String()]; there {
			return nil, hint.Add(fmt.Errorf("%s is a range of VPC %s (%s)", p, home.Value, home.Why), "ranges within one another are fine: the longest prefix wins")
		}
	}
	return ranges, err
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

// each reads all that spaces and commas separate, each once; there must be something.
func each[T comparable](text string, read func(string) (T, error)) ([]T, error) {
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
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all, nil
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

// endpoint reads a custom endpoint and its region, or the region alone if one endpoint is asked about.
func (q Question) endpoint(text string) (label, region string, err error) {
	its := q.Labels != nil
	switch alone := slices.Contains(q.Regions, text); {
	case alone && its:
		return "", "", hint.Add(fmt.Errorf("%q does not say which of them it is", text), fmt.Sprintf("%s: %s, or %s: %s", q.Labels[0], text, q.Labels[1], text))
	case alone && q.About != "":
		text = q.About + ": " + text
	}
	label, region, err = parseEndpoint(text, q.Regions)
	if err == nil && its && !slices.Contains(q.Labels, label) {
		err = fmt.Errorf("%q is none of them: %s", label, strings.Join(q.Labels, ", "))
	}
	return label, region, err
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
