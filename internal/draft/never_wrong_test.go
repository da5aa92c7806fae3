package draft_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/draft"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// TestNeverWrong: whatever of a customer's DNS and lists is read, no draft that can be planned
// leads a name to a region that is not its own: neither as it is, nor with what its TODOs suggest, nor
// with what somebody has said who knows.
func TestNeverWrong(t *testing.T) {
	planned, followed, refused := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawCustomer(t)
		listed := c.recreated || rapid.Bool().Draw(t, "lists")
		in := draft.Input{}
		if listed {
			var err error
			if in.Inventory, err = c.lists(t); err != nil {
				refused++
				return
			}
		}
		for _, n := range c.networks {
			s := draft.Source{Name: "db." + n.name, Set: c.dns(t, n, !listed)}
			if rapid.Bool().Draw(t, "said whose") {
				s.VPC = n.name
			}
			if s.Set.Len() > 0 {
				in.Sources = append(in.Sources, s)
			}
		}
		d, err := draft.New(in)
		if err == nil && rapid.Bool().Draw(t, "asked") {
			d, err = c.ask(t, in, d)
		}
		if err != nil {
			return // and it says why
		}
		var text strings.Builder
		if _, err := d.Write(&text); err != nil {
			t.Fatal(err)
		}
		planned += c.judge(t, text.String())
		followed += c.judge(t, c.followed(t, text.String()))
	})
	if planned == 0 || followed == 0 || refused == 0 {
		t.Errorf("%d drafts were planned, %d of which the TODOs were followed, and the lists of %d were refused", planned, followed, refused)
	}
}

// judge plans a draft, and asks all of its VPCs. It returns how many plans were made.
func (c customer) judge(t *rapid.T, text string) int {
	p, _, err := plan.Read(strings.NewReader(text))
	if err != nil {
		return 0
	}
	for i := range p.VPCs {
		c.noServers(t, &p.VPCs[i], text)
		c.check(t, &p.VPCs[i], text)
	}
	return 1
}

var (
	suggested = regexp.MustCompile(`^( *)# ([a-z0-9"-]+: ?(?:\[.*\]|[a-z0-9-]+(?: or [a-z0-9-]+)*)?)$`)
	label     = regexp.MustCompile(`^  [a-z0-9-]+:`)
	ofService = regexp.MustCompile(`^  [a-z0-9-]+: # .*vpce-svc-0([0-9])`)
)

// followed returns a draft with some of the lines that TODOs suggest. An orchestra is written where it
// lives, for that is what its TODO says.
func (c customer) followed(t *rapid.T, text string) string {
	region := ""
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if label.MatchString(line) {
			region = ""
		}
		if m := ofService.FindStringSubmatch(line); m != nil {
			region = m[1]
		}
		m := suggested.FindStringSubmatch(line)
		if m == nil {
			lines = append(lines, line)
			continue
		}
		id, orchestra := strings.CutPrefix(m[2], `orchestras: ["`)
		if orchestra && id != `NNNN"]` && (region == "" || id != c.regions[region[0]-'0'].orchestra+`"]`) || !rapid.Bool().Draw(t, "follow "+m[2]) {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, m[1]+m[2])
	}
	return strings.Join(lines, "\n")
}

// noServers looks for links to name servers.
func (c customer) noServers(t *rapid.T, v *plan.VPC, text string) {
	for _, link := range v.Links {
		for _, n := range c.networks {
			if slices.Contains(link.Addrs, n.server()) {
				t.Fatalf("VPC %s has a link to the name server of %s\n%s", v.Name, n.name, text)
			}
		}
	}
}

// check asks a VPC of a draft for all names.
func (c customer) check(t *rapid.T, v *plan.VPC, text string) {
	set := holdings.FromView(v.View)
	for name, home := range c.homes() {
		answer := set.Resolve(name, dns.TypeA)
		if answer.Outcome != zones.Positive {
			continue
		}
		if home < 0 && c.linked() > 1 {
			t.Fatalf("VPC %s has a wildcard, and there are %d regions\n%s", v.Name, c.linked(), text)
		}
		for _, addr := range answer.Addrs {
			got := c.regionOf(addr)
			if dead := got < 0 && c.recreated; home >= 0 && got != home && !dead {
				t.Fatalf("in VPC %s %s leads to %s of region %d, and lives in %d\n%+v\n%s", v.Name, name, addr, got, home, c, text)
			}
		}
	}
}
