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

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/lua"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is Knot Resolver's configuration, which is read and not written.
var Format = formats.Format{
	Name: "kresd", Read: read, Detect: detect,
	Reads: "kresd.conf of Knot Resolver 5: hints, policies for names, for suffixes and for all names, views of the clients by their addresses, and policy zones, as far as they are called with literals. " +
		"Files of hints and of policy zones are followed; whatever else of policies, views and hints is called is not read.",
}

// config is what a configuration says.
type config struct {
	b        *holdings.Builder
	in       formats.Input
	hints    []hint
	hinted   map[string]bool // the names of hints
	suffixes []suffix
	views    []suffix          // for those who ask
	lists    map[string]string // of names, by what stands for them
	scope    *lua.Scope
	loaded   map[string]bool // the modules that are there, beside those that always are
	cached   bool            // the cache is open
	web      holdings.Place  // where it listens for the module http
	policies []rules
	ranked   []ranked
	cache    cache
	// listens are the addresses that net.listen is called with, and listensAt is where.
	listens   []string
	listensAt holdings.Place
}

// rules is a policy zone, and how many policies for suffixes, or for all names, stand before it.
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
	exact    bool // it is not for what is below the names
	action   holdings.Action
	referral holdings.Referral
	data     *holdings.Data // what is answered; nil for nothing
	sends    string         // by what others are asked, as it is written, or ""
	servers  string         // who these are
	place    holdings.Place
}

func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	if in.Encoding == formats.UTF16 { // Lua leaves a mark out
		in.Plain(b, "Knot Resolver")
	}
	c := &config{b: b, in: in, loaded: make(map[string]bool)}
	c.scope = &lua.Scope{Reserved: reserved(), Values: values, Functions: functions, Harmless: c.harmless}
	statements, err := lua.Statements(r, in.Name)
	if err != nil {
		return err
	}
	for _, s := range statements {
		c.statement(s)
	}
	if c.web.Line > 0 && !c.loaded["http"] {
		c.b.Unread(c.web, "net.listen is not read: it is for the module http, which nothing that was read loads, and Knot Resolver does not start without that")
	}
	c.add()
	c.noteCache()
	b.Listens(c.listensAt, "Knot Resolver", c.listens...)
	return nil
}

// statement reads a statement. What is none of those that are known here, or a program,
// may change any answer.
func (c *config) statement(s lua.Statement) {
	s.Text = lua.Named(s.Text, c.lists)
	switch {
	case c.list(s.Text):
	case s.Program && !closed(s.Text):
		c.b.Unread(s.Place, "%s is not read: a block of it has no end, and Knot Resolver does not start with it", lines.Shown(s.Source))
	case s.Program && c.scope.Inert(s):
	case s.Ends:
		c.b.Unread(s.Place, "%s is not read: the program may end with it, and what stands behind it is not run", lines.Shown(s.Source))
	case s.Program:
		c.b.Unread(s.Place, "%s is not read: it is a program, and can change answers, or fail, with which Knot Resolver does not start", lines.Shown(s.Source))
	case !wellFormed(s.Text):
		c.b.Unread(s.Place, "%s is not read: it lacks a bracket, or something between two values, and Knot Resolver does not start with it", lines.Shown(s.Source))
	case moduleNames.MatchString(s.Text):
		c.modules(s)
	default:
		c.call(s)
	}
}

// call reads a statement that is none of a program's own.
func (c *config) call(s lua.Statement) {
	if match := needing.FindStringSubmatch(s.Text); match != nil && !c.loaded[match[1]] {
		c.b.Unread(s.Place, "%s is not read: nothing that was read loads the module %s before it, and Knot Resolver does not start without that", lines.Shown(s.Source), match[1])
		return
	}
	switch {
	case c.harmless(c.scope, s.Text):
		c.listen(s.Text, s.Place)
	case c.hint(s.Text, s.Place), c.policy(s.Text, s.Place), c.view(s), c.scope.Inert(s):
	case said.MatchString(s.Text):
		c.b.Unread(s.Place, "%s is not read: it is not known that Knot Resolver takes it, and it does not start with what it does not take", lines.Shown(s.Source))
	default:
		c.b.Unread(s.Place, "%s is not read: it can change answers", lines.Shown(s.Source))
	}
}

// modules looks at which modules are loaded, or no longer.
func (c *config) modules(s lua.Statement) {
	apart := c.load(s.Text)
	switch name, none := missingModule(s.Text); {
	case changing.MatchString(s.Text):
		c.b.Unread(s.Place, "%s is not read: one of these modules changes answers", lines.Shown(s.Source))
	case !literalModules.MatchString(s.Text):
		c.b.Unread(s.Place, "%s is not read: it can change answers", lines.Shown(s.Source))
	case apart != "":
		c.b.Unread(s.Place, "%s is not read: nothing that was read loads the module %s before the one that is to stand beside it, and Knot Resolver does not start without that", lines.Shown(s.Source), lines.Shown(apart))
	case !c.configured(s.Text):
		c.b.Unread(s.Place, "%s is not read: it is not known that Knot Resolver takes what a module is told, and it does not start with what it does not take", lines.Shown(s.Source))
	case none:
		c.b.Unread(s.Place, "%s is not read: Knot Resolver comes with no module %s, and does not start if there is none", lines.Shown(s.Source), lines.Shown(name))
	}
}

// configured reports whether modules take what they are told, as far as that is known.
func (c *config) configured(text string) bool {
	_, v, is := c.scope.Set(text)
	return !is || !slices.ContainsFunc(v.Items, func(item lua.Item) bool {
		return item.Key == "predict" && !isKind["prediction"](item.Value) || item.Key == "prefill" && !isKind["prefilled"](item.Value)
	})
}

// modulesIn returns the modules that a statement names, and those beside which these are to stand.
func modulesIn(text string) []string {
	var all []string
	for _, match := range moduleNamesIn(text) {
		for _, name := range match {
			if name != "" {
				all = append(all, name)
			}
		}
	}
	return all
}

// moduleNamesIn returns each module that a statement names, with the one beside which it is to
// stand, or "".
func moduleNamesIn(text string) (all [][2]string) {
	for settings.MatchString(text) {
		text = settings.ReplaceAllString(text, "=0$1")
	}
	for _, match := range moduleName.FindAllStringSubmatch(text, -1) {
		all = append(all, [2]string{match[1] + match[3], match[2]})
	}
	return all
}

// load notes which modules a statement loads, or no longer has loaded, one after the other. It returns
// the first one that is not there when another one is to stand beside it, or "".
func (c *config) load(text string) (apart string) {
	for _, names := range moduleNamesIn(text) {
		if beside := names[1]; beside != "" && !always.MatchString(beside) && !c.loaded[beside] && apart == "" {
			apart = beside
		}
		c.loaded[names[0]] = !strings.HasPrefix(text, "modules.unload")
	}
	return apart
}

// missingModule returns the first module with which Knot Resolver does not come.
func missingModule(text string) (name string, none bool) {
	for _, name := range modulesIn(text) {
		if !shipped.MatchString(name) {
			return name, true
		}
	}
	return "", false
}

// listen reads where the server listens for questions. What is no literal is an interface.
func (c *config) listen(text string, at holdings.Place) {
	if webKind.MatchString(text) {
		c.web = at
	}
	match := listenAt.FindStringSubmatch(text)
	if match == nil || otherKind.MatchString(text) {
		return
	}
	literals := quoted.FindAllStringSubmatch(match[1], -1)
	if len(literals) == 0 {
		c.listens = append(c.listens, strings.TrimPrefix(strings.TrimSpace(match[1]), "net."))
	}
	for _, literal := range literals {
		c.listens = append(c.listens, literal[1])
	}
	c.listensAt = at
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
			Name: ".", Server: zonefile.KnotResolver, Untargeted: true, File: formats.Mention{What: "policy zone", Path: match[1], Place: at},
		}})
		return true
	}
	s, read := c.rule(text, at)
	switch {
	case read && s.action != chain:
		c.suffixes = append(c.suffixes, s)
	case read && strings.Contains(text, "NO_CACHE"):
		c.cache.off = append(c.cache.off, uncached{s, len(c.suffixes)})
	}
	return read
}

// list reads a list of names that has a name of its own.
func (c *config) list(text string) bool {
	if set := setName.FindStringSubmatch(text); set != nil {
		delete(c.lists, set[1]) // which is none any more
	}
	match := nameList.FindStringSubmatch(text)
	if match == nil || reserved()[match[1]] {
		return false
	}
	if c.lists == nil {
		c.lists = make(map[string]string)
	}
	c.lists[match[1]] = match[2]
	return true
}

// view reads a policy for the clients of a range, if they ask.
func (c *config) view(statement lua.Statement) bool {
	text, at := statement.Text, statement.Place
	match := viewAddr.FindStringSubmatch(text)
	if match == nil {
		return false
	}
	prefix, err := address.ParseRange(match[1])
	s, read := c.rule("policy.add("+match[2]+")", at)
	if err != nil || !read {
		return false
	}
	is := c.in.Asking.In(holdings.Clients{{Range: prefix}})
	if is != formats.Doubtful && s.sends != "" && prefix.Bits() > 0 {
		c.cache.sent = append(c.cache.sent, s)
	}
	switch is {
	case formats.Member:
		if s.action != chain {
			c.views = append(c.views, s)
		}
	case formats.Doubtful:
		for _, name := range s.names {
			c.b.UnreadBelow(name, at, "%s is not read: it is for the clients %s alone", lines.Shown(statement.Source), match[1])
		}
	case formats.Stranger:
	}
	return true
}

// chain is the action of a policy behind which the next one counts.
const chain holdings.Action = "chain"

// rule reads a policy for suffixes, for names or for all names.
func (c *config) rule(text string, at holdings.Place) (s suffix, read bool) {
	s = suffix{place: at}
	what := ""
	if match := addAll.FindStringSubmatch(text); match != nil {
		what, s.names = match[1], []string{"."}
	} else if match := addSuffix.FindStringSubmatch(text); match != nil {
		what, s.exact = match[2], match[1] == "domains"
		s.names = namesIn(match[4], match[3] != "")
	}
	if len(s.names) == 0 {
		return s, false
	}
	return s, c.act(&s, what)
}

// namesIn reads a list of names: plain texts, of which policy.todnames makes names, or names that
// todname has made. A text in the place of a name is the name of nothing.
func namesIn(list string, plain bool) []string {
	shape := madeNames
	if plain {
		shape = plainNames
	}
	if !shape.MatchString(list) {
		return nil
	}
	var names []string
	for _, name := range quoted.FindAllStringSubmatch(list, -1) {
		canonical, err := holdings.CanonicalName(name[1])
		if err != nil {
			return nil
		}
		names = append(names, canonical)
	}
	return names
}

// act reads what a policy does.
func (c *config) act(s *suffix, what string) bool {
	action, known := actions[what]
	data, answers := answerOf(what)
	switch match := sends.FindStringSubmatch(what); {
	case chained.MatchString(what):
		if name, args, is := c.scope.Call(what); name == "policy.MIRROR" && (!is || len(args) != 1 || !isOf(args[0], isTarget)) {
			return false
		}
		s.action = chain
	case known:
		s.action = action
	case answers:
		s.data = &data
	case match != nil:
		name, args, is := c.scope.Call(what)
		if !is || len(args) != 1 || !asksRightly(name, args[0]) {
			return false
		}
		var servers []string
		for _, server := range quoted.FindAllStringSubmatch(match[1], -1) {
			servers = append(servers, server[1])
		}
		s.action, s.referral = upstream.Asked(servers, s.names[0] == ".")
		s.sends, s.servers = what, strings.Join(servers, ", ")
	default:
		return false
	}
	return true
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
