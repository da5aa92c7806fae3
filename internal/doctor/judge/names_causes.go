package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// gather notes the faults of a name with their causes.
func (j *judge) gather(found *causes, h *heard) {
	for _, by := range h.by {
		for _, f := range append([]fault{by.fault}, by.beside...) {
			if f.code == "" {
				continue
			}
			region := h.name.Region
			switch {
			case shared(f.code):
				region = ""
			case f.code == CodeWildcardAcrossRegions:
				region = "*." + dnsname.Parent(h.name.Name)
			}
			c := found.at(f.code, region, f.to)
			c.name(h.name.Name)
			c.said = append(c.said, said{by: by.via, name: h.name.Name, system: by.system, line: f.line})
			j.concerns(c, h.name.Region)
		}
	}
}

// shared reports whether a code has one cause in all regions alike.
func shared(code Code) bool {
	switch code {
	case CodeWrongRegion, CodeWildcardAcrossRegions, CodeUnknownAddress, CodeIncomplete, CodeMissingApex, CodeMissingWildcard, CodeRoutingHost:
		return false
	default:
		return true
	}
}

// concerns notes a region whose names a cause is about. A name that is in no linked
// region makes it one of the whole network.
func (j *judge) concerns(c *cause, region string) {
	if region != "" && !slices.Contains(c.of, region) {
		c.of = append(c.of, region)
	}
	if _, linked := j.Subject.Link(region); !linked {
		c.wide = true
	}
	c.regions = nil
	if !c.wide {
		c.regions = slices.Sorted(slices.Values(c.of))
	}
}

// mergeWildcards has names that a wildcard leads astray told with the wildcard.
func mergeWildcards(found *causes, j *judge) {
	for _, wildcard := range found.all {
		if wildcard.code != CodeWildcardAcrossRegions {
			continue
		}
		wildcard.names, wildcard.aside = nil, wildcard.names
		wildcard.of, wildcard.regions = nil, nil
		nobody := wildcard.said
		wildcard.said = nil
		for _, l := range j.Subject.Links {
			if !slices.Contains(strings.Split(wildcard.to, ", "), l.Region) {
				wildcard.regions = append(wildcard.regions, l.Region)
			}
		}
		for _, wide := range []bool{false, true} { // names of linked regions are told first
			for _, c := range found.all {
				if c.code == CodeWrongRegion && c.to == wildcard.to && c.wide == wide {
					c.moveBelow(strings.TrimPrefix(wildcard.region, "*."), wildcard)
				}
			}
		}
		wildcard.said = append(wildcard.said, nobody...)
	}
	found.all = slices.DeleteFunc(found.all, func(c *cause) bool { return c.code == CodeWrongRegion && len(c.names) == 0 })
}

// moveBelow moves the names directly below a parent, and what is said of them, to
// another cause.
func (c *cause) moveBelow(parent string, to *cause) {
	moved := func(name string) bool { return dnsname.Parent(name) == parent }
	for _, name := range c.names {
		if moved(name) {
			to.name(name)
			to.of = append(to.of, c.region)
		}
	}
	for _, s := range c.said {
		if moved(s.name) {
			to.said = append(to.said, s)
		}
	}
	c.names = slices.DeleteFunc(c.names, moved)
	c.said = slices.DeleteFunc(c.said, func(s said) bool { return moved(s.name) })
}

// disagreements says of faults that only some of the machine's name servers have that
// they disagree, and of all others who has the names right.
func (j *judge) disagreements(found *causes, all []*heard) {
	right := make(map[string][]string) // who has a name right
	for _, h := range all {
		for _, by := range h.by {
			if by.judged && by.fault.code == "" && !by.system {
				right[h.name.Name] = append(right[h.name.Name], by.via)
			}
		}
	}
	for _, c := range found.all {
		good := rightOfAll(c.names, right)
		for _, s := range c.said {
			good = slices.DeleteFunc(good, func(via string) bool { return via == s.by })
		}
		if len(good) == 0 || !isAnswer(c.code) {
			continue
		}
		c.says("", "%s %s right", list(good, 3), verb(len(good), "has them", "have them"))
		if j.machine != nil && j.configured(good) && j.configured(c.servers()) && c.code != CodeWrongRegion {
			c.was, c.code = c.code, CodeServersDisagree
		}
	}
}

// isAnswer reports whether a code is about where names lead, by what servers answer.
func isAnswer(code Code) bool {
	switch code {
	case CodeWrongRegion, CodeLeaks, CodeUnknownAddress, CodeFiltered, CodeServersDisagree:
		return true
	default:
		return isNegative(code)
	}
}

// rightOfAll are those who have all of the names right.
func rightOfAll(names []string, right map[string][]string) []string {
	if len(names) == 0 {
		return nil
	}
	good := slices.Clone(right[names[0]])
	for _, name := range names[1:] {
		good = slices.DeleteFunc(good, func(via string) bool { return !slices.Contains(right[name], via) })
	}
	return good
}

// configured reports whether all of them are name servers that the machine has.
func (j *judge) configured(servers []string) bool {
	for _, server := range servers {
		if !slices.Contains(j.machine.Servers, server) {
			return false
		}
	}
	return len(servers) > 0
}

// servers are the name servers that said so.
func (c *cause) servers() []string {
	var servers []string
	for _, s := range c.said {
		if s.by != "" && !s.system && !slices.Contains(servers, s.by) {
			servers = append(servers, s.by)
		}
	}
	return servers
}

// subject says whose names they are: "12 names of aws-us-west-1", or the one name.
func (c *cause) subject() string {
	of := strings.Join(slices.Sorted(slices.Values(c.of)), ", ")
	if of == "" {
		of = c.region
	}
	if of != "" {
		of = " of " + of
	}
	if len(c.names) == 1 {
		return c.names[0] + of
	}
	return fmt.Sprintf("%d names%s", len(c.names), of)
}
