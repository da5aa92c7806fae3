package draft_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/draft"
)

// ask answers some of the questions of a draft, as is true, and makes it again after each.
func (c customer) ask(t *rapid.T, in draft.Input, d *draft.Draft) (*draft.Draft, error) {
	var asked []draft.Question
	for {
		unsure := slices.DeleteFunc(d.Unsure(), func(q draft.Question) bool { return slices.ContainsFunc(asked, q.Same) })
		if len(unsure) == 0 {
			return d, nil
		}
		q := unsure[0]
		asked = append(asked, q)
		for _, text := range c.answersTo(t, q, d) {
			answers, err := in.Answers.Answer(q, text)
			if err != nil {
				continue // it is said to be wrong
			}
			in.Answers = answers
		}
		var err error
		if d, err = draft.New(in); err != nil {
			return nil, err
		}
	}
}

var idOfService = regexp.MustCompile(`vpce-svc-0([0-9])`)

// answersTo returns what is true: nothing, if it is not known or not said.
func (c customer) answersTo(t *rapid.T, q draft.Question, d *draft.Draft) []string {
	if rapid.Bool().Draw(t, "leaves open") {
		return nil
	}
	switch q.Kind {
	case draft.AskService:
		return []string{"yes"}
	case draft.AskAddresses:
		for _, n := range c.networks {
			for _, l := range n.links {
				if q.About == "vpce-"+l.id {
					return []string{strings.Trim(fmt.Sprint(l.addrs), "[]")}
				}
			}
		}
	case draft.AskRegion:
		if r := c.regionCalled(q.About, d); r >= 0 {
			return []string{fmt.Sprintf("region-%d", r)}
		}
	case draft.AskOrchestras:
		if r := c.regionCalled(q.About, d); r >= 0 {
			return []string{c.regions[r].orchestra}
		}
	case draft.AskEndpoints:
		var all []string
		for _, label := range q.Regions {
			for e, r := range c.endpoints {
				if c.regionCalled(label, d) == r && (q.About == "" || q.About == e || slices.Contains(q.Labels, e)) {
					all = append(all, e+": "+label)
				}
			}
		}
		slices.Sort(all)
		return all
	case draft.AskClients:
	}
	return nil
}

// regionCalled returns the region that a draft calls so: by its service, or else by the addresses of
// its links, if all of them are those of one region; else -1.
func (c customer) regionCalled(label string, d *draft.Draft) int {
	for _, r := range d.Regions {
		if m := idOfService.FindStringSubmatch(strings.Join(r.Why, " ")); r.Name == label && m != nil {
			return int(m[1][0] - '0')
		}
	}
	var addrs []netip.Addr
	for _, v := range d.VPCs {
		for _, l := range v.Links {
			if l.Region == label {
				addrs = append(addrs, l.Addrs...)
			}
		}
	}
	if len(addrs) == 0 || slices.ContainsFunc(addrs, func(a netip.Addr) bool { return c.regionOf(a) != c.regionOf(addrs[0]) }) {
		return -1
	}
	return c.regionOf(addrs[0])
}
