// Package kresd reads the configuration of Knot Resolver 5, kresd.conf: a program in Lua,
// of which it takes the calls that say something of names. It runs nothing: what is called
// otherwise than by literals is told in a note.
package kresd

import (
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/lua"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
)

// Format is Knot Resolver's configuration, which is read and not written.
var Format = formats.Format{
	Name: "kresd", Read: read, Detect: detect,
	Reads: "kresd.conf of Knot Resolver 5: hints, policies for suffixes and for all names, and policy zones, as far as they are called with literals. " +
		"Files of hints and of policy zones are followed; whatever else of policies, views and hints is called is not read.",
}

// config is what a configuration says.
type config struct {
	b        *holdings.Builder
	in       formats.Input
	hints    []hint
	suffixes []suffix
	policies []rules
}

// rules is a policy zone, and how many policies for suffixes stand before it.
type rules struct {
	policy.Zone
	behind int
}

// hint is a name with an address.
type hint struct {
	name  string
	addr  netip.Addr
	place holdings.Place
}

// suffix is what is done with some names and all below them.
type suffix struct {
	names    []string
	action   holdings.Action
	referral holdings.Referral
	place    holdings.Place
}

var (
	hintSet   = regexp.MustCompile(`^hints\.set\(\s*["']\s*(\S+)\s+(\S+?)\s*["']\s*\)$`)
	hintIndex = regexp.MustCompile(`^hints\[\s*["'](\S+?)["']\s*\]\s*=\s*["'](\S+?)["']$`)
	hintFile  = regexp.MustCompile(`^hints\.(?:add_hosts|config)\(\s*["']([^"']+)["']\s*\)$`)
	addSuffix = regexp.MustCompile(`^policy\.add\(\s*policy\.suffix\(\s*(.*?)\s*,\s*(policy\.todnames\(\s*)?\{(.*)\}\s*\)?\s*\)\s*\)$`)
	addAll    = regexp.MustCompile(`^policy\.add\(\s*policy\.all\(\s*(.*?)\s*\)\s*\)$`)
	addRPZ    = regexp.MustCompile(`^policy\.add\(\s*policy\.rpz\(\s*policy\.DENY\s*,\s*["']([^"']+)["']\s*(?:,\s*(?:true|false)\s*)?\)\s*\)$`)
	sends     = regexp.MustCompile(`^policy\.(?:FORWARD|STUB|TLS_FORWARD)\(\s*(.*?)\s*\)$`)
	quoted    = regexp.MustCompile(`["']([^"']*)["']`)
	// matters finds in a program what can change answers.
	matters = regexp.MustCompile(`\b(policy|hints|view|daf|dns64|renumber|rebinding|modules|dofile|loadfile|loadstring|load|require|event|worker|kres|_G|_ENV|setfenv)\b`)
	// moduleNames are statements that load modules, and changing the modules that can
	// change answers by themselves.
	moduleNames = regexp.MustCompile(`^modules\s*(=|\.(un)?load\()`)
	changing    = regexp.MustCompile(`rebinding|dns64|daf|renumber|experimental|prefetch_to|hints *= *\{|policy *= *\{|view`)
	// harmless are statements that say nothing of names.
	harmless = regexp.MustCompile(`^(net\.|cache\.|trust_anchors\.|log_[a-z]+\(|log\(|verbose\(|user\(|print\(|mode\(|option\(|hostname\(|nsid\.|stats\.|http\.|predict\.|watchdog\.|ta_[a-z_]+\.|priming\.|detect_time_[a-z]+\.|prefill\.config\(|hints\.(ttl|use_nodata)\()`)
)

// actions are those that need no servers.
var actions = map[string]holdings.Action{
	"policy.DENY": holdings.NXDomain, "policy.PASS": holdings.Passthru, "policy.DROP": holdings.Drop, "policy.REFUSE": holdings.Drop,
}

func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	c := &config{b: b, in: in}
	statements, err := lua.Statements(r, in.Name)
	if err != nil {
		return err
	}
	for _, s := range statements {
		c.statement(s)
	}
	c.add()
	return nil
}

// statement reads a statement. What is none of those that are known here, or a program,
// may change any answer.
func (c *config) statement(s lua.Statement) {
	switch {
	case s.Program:
		if matters.MatchString(s.Text) {
			c.b.Unread(s.Place, "%s is not read: it is a program, and can change answers", lines.Shown(s.Source))
		}
	case moduleNames.MatchString(s.Text):
		if changing.MatchString(s.Text) {
			c.b.Unread(s.Place, "%s is not read: one of these modules changes answers", lines.Shown(s.Source))
		}
	case harmless.MatchString(s.Text), c.hint(s.Text, s.Place), c.policy(s.Text, s.Place):
	default:
		c.b.Unread(s.Place, "%s is not read: it can change answers", lines.Shown(s.Source))
	}
}

// hint reads a hint, or a file of them.
func (c *config) hint(text string, at holdings.Place) bool {
	match := hintSet.FindStringSubmatch(text)
	if match == nil {
		match = hintIndex.FindStringSubmatch(text)
	}
	if match != nil {
		name, err := holdings.CanonicalName(match[1])
		addr, errAddr := netip.ParseAddr(match[2])
		if err != nil || errAddr != nil {
			return false
		}
		c.hints = append(c.hints, hint{name, addr, at})
		return true
	}
	if match = hintFile.FindStringSubmatch(text); match == nil {
		return false
	}
	c.in.Follow(c.b, formats.Mention{What: "hints", Path: match[1], Place: at}, func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		return hosts.Each(b, r, in, func(name string, addr netip.Addr, at holdings.Place) {
			c.hints = append(c.hints, hint{name, addr, at})
		})
	})
	return true
}

// policy reads a policy for suffixes or for all names, or a policy zone.
func (c *config) policy(text string, at holdings.Place) bool {
	if match := addRPZ.FindStringSubmatch(text); match != nil {
		c.policies = append(c.policies, rules{behind: len(c.suffixes), Zone: policy.Zone{
			Name: ".", Untargeted: true, File: formats.Mention{What: "policy zone", Path: match[1], Place: at},
		}})
		return true
	}
	s := suffix{place: at}
	what := ""
	if match := addAll.FindStringSubmatch(text); match != nil {
		what, s.names = match[1], []string{"."}
	} else if match := addSuffix.FindStringSubmatch(text); match != nil {
		what = match[1]
		for _, name := range quoted.FindAllStringSubmatch(match[3], -1) {
			canonical, err := holdings.CanonicalName(name[1])
			if err != nil {
				return false
			}
			s.names = append(s.names, canonical)
		}
	}
	action, known := actions[what]
	switch match := sends.FindStringSubmatch(what); {
	case len(s.names) == 0:
		return false
	case known:
		s.action = action
	case match != nil:
		var servers []string
		for _, server := range quoted.FindAllStringSubmatch(match[1], -1) {
			servers = append(servers, server[1])
		}
		s.action, s.referral = upstream.Asked(servers, s.names[0] == ".")
	default:
		return false
	}
	c.suffixes = append(c.suffixes, s)
	return true
}

// add adds what was read: of policies the first one counts that has a name. What denies
// goes before hints; hints before what is asked of others.
func (c *config) add() {
	rules := policy.New(c.b)
	for _, z := range c.policies {
		rules.Read(c.in, z.Zone, func(name string) bool { return c.before(z.behind, name) }, nil)
	}
	for i, s := range c.suffixes {
		for _, name := range s.names {
			if c.before(i, name) {
				continue
			}
			c.b.Claim(holdings.Claim{Origin: name, Miss: s.action, Referral: s.referral, Place: s.place})
		}
	}
	for _, h := range c.hints {
		if rules.Decides(h.name) || c.denied(h.name) {
			continue
		}
		c.b.Add(h.name, holdings.Data{Addrs: []netip.Addr{h.addr}, TTL: holdings.NoTTL}, h.place)
	}
}

// has reports whether a policy is for a name.
func (s suffix) has(name string) bool {
	return slices.ContainsFunc(s.names, func(above string) bool { return dnsname.AtOrBelow(name, above) })
}

// before reports whether a policy before that one has a name.
func (c *config) before(i int, name string) bool {
	return slices.ContainsFunc(c.suffixes[:i], func(s suffix) bool { return s.has(name) })
}

// denied reports whether the first policy that has a name gives no answer.
func (c *config) denied(name string) bool {
	i := slices.IndexFunc(c.suffixes, func(s suffix) bool { return s.has(name) })
	return i >= 0 && (c.suffixes[i].action == holdings.NXDomain || c.suffixes[i].action == holdings.Drop)
}

// telling begins statements that no other configuration has.
var telling = regexp.MustCompile(`^(net\.listen\(|policy\.add\(|hints\.(set|add_hosts)\(|hints\[|modules\s*=\s*\{|modules\.load\(|trust_anchors\.|cache\.(size|open)\b)`)

// detect knows a configuration by its calls.
func detect(head formats.Head) formats.Certainty {
	for line := range head.Lines() {
		if telling.MatchString(strings.TrimSpace(line)) {
			return formats.Surely
		}
	}
	return formats.No
}
