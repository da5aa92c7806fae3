package auralink

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/coredns/caddy"
	"github.com/coredns/caddy/caddyfile"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/topology"
)

// Inspection is what a Corefile would come to, if a server were started with it.
type Inspection struct {
	// Blocks are all server blocks, in the order of the Corefile.
	Blocks []Inspected
	// Findings are what is wrong or worth knowing, of the Corefile and of the
	// topologies that it names.
	Findings topology.Findings
}

// Inspected is what a server block would come to.
type Inspected struct {
	// File and Line are where the block begins; the line is 0 where that is not known.
	File string
	Line int
	// Keys are the zones and ports, as the Corefile has them; Addresses are where they
	// would be asked, each with its transport.
	Keys, Addresses []string
	// Resolves is the plugin that would resolve any name, or "".
	Resolves string
	// Open are those of the addresses at which it would do so for the Internet.
	Open []string

	// Topology is the path of the topology that the block answers from; "" for a block
	// without the plugin, of which the rest is not known.
	Topology string
	// Plan says in a few words what the topology comes to, and Strangers what becomes of
	// clients in none of its VPCs.
	Plan, Strangers string
	// Fast is what the fast path would be, for each address of plain DNS.
	Fast []corefast.Outlook

	admits func(netip.Addr) bool // whom the plugin hands on; nil without it
}

// The findings that are not about a topology's text.
const (
	// codeOpenResolver is for a block that resolves any name for the Internet.
	codeOpenResolver topology.Code = "open-resolver"
	// codeKept is for a topology that would not be taken.
	codeKept topology.Code = "kept-topology"
	// codeIncomplete is for a block that lacks something.
	codeIncomplete topology.Code = "incomplete-block"
	// codeNoBlock is for a Corefile without the plugin.
	codeNoBlock topology.Code = "no-block"
)

// inspecting says that a Corefile is read only to be inspected, and inspected has those
// of its blocks then that have the plugin. CoreDNS has no place for that: an instance
// that is never started is nobody's.
var (
	inspections sync.Mutex // one at a time
	inspecting  atomic.Bool
	inspected   *neighbours
)

// Inspect reads a Corefile and all that it names, as a start of the server does, and
// says what that would come to. Nothing is started, no socket is opened and no snapshot
// is written. The error says why the server would not start.
func Inspect(corefile caddy.Input) (*Inspection, error) {
	inspections.Lock()
	defer inspections.Unlock()
	inspecting.Store(true)
	defer inspecting.Store(false)
	inspected = new(neighbours)
	defer forgetInspected()
	if err := caddy.ValidateAndExecuteDirectives(corefile, nil, true); err != nil {
		return nil, err
	}
	blocks, err := caddyfile.Parse(corefile.Path(), bytes.NewReader(corefile.Body()), nil)
	if err != nil {
		return nil, err
	}
	i := &inspector{corefile: corefile, blocks: blocks}
	if len(inspected.instances) == 0 {
		i.warn(0, codeNoBlock, "write auralink and the path of a topology into a server block",
			"no server block has auralink, and nothing is known of the others")
		return &i.Inspection, nil
	}
	if _, err := inspected.instances[0].generation.MakeServers(); err != nil {
		return nil, err
	}
	if err := i.inspect(inspected.instances); err != nil {
		return nil, err
	}
	return &i.Inspection, nil
}

// forgetInspected closes the topologies that were opened to be looked at.
func forgetInspected() {
	for _, a := range inspected.instances {
		a.follower.Load().Abandon()
	}
	inspected = nil
}

// inspector gathers what is found.
type inspector struct {
	Inspection
	corefile caddy.Input
	blocks   []caddyfile.ServerBlock
	searched int // lines of the Corefile
}

// inspect looks at all server blocks, of which some have the plugin.
func (i *inspector) inspect(instances []*Auralink) error {
	for _, a := range instances {
		block, err := a.lookAround()
		if err != nil {
			return plugin.Error(pluginName, err)
		}
		block.Corefile = i.corefile
		a.block = block
	}
	first := *instances[0].position.controller
	seen := make(map[string]bool) // topologies
	for index := range i.blocks {
		first.ServerBlockIndex = index
		block := corefast.NewBlock(&first, pluginName)
		at := i.locate(index, block.Own)
		for _, a := range instances {
			if a.position.config == block.Own[0] {
				i.own(&at, a)
				i.topology(a, seen, at.Line)
			}
		}
		i.exposure(&at, block.Own)
		i.Blocks = append(i.Blocks, at)
	}
	return nil
}

// locate says where a block is, in the Corefile and in the network.
func (i *inspector) locate(index int, configs []*dnsserver.Config) Inspected {
	at := Inspected{File: i.corefile.Path(), Keys: i.blocks[index].Keys, Resolves: resolves(configs[0])}
	at.Line = i.line(at.Keys[0])
	for _, config := range configs {
		for _, address := range corefast.Binds(config) {
			if whole := config.Transport + "://" + address; !slices.Contains(at.Addresses, whole) {
				at.Addresses = append(at.Addresses, whole)
			}
		}
	}
	return at
}

// line returns the next line that begins with the first key of a block, or 0: what a
// block has may come from elsewhere, and its keys may, too.
func (i *inspector) line(key string) int {
	for number, line := range bytes.Split(i.corefile.Body(), []byte("\n")) {
		rest, begins := strings.CutPrefix(strings.TrimSpace(string(line)), key)
		if number >= i.searched && begins && (rest == "" || strings.ContainsAny(rest[:1], " \t,{")) {
			i.searched = number + 1
			return i.searched
		}
	}
	return 0
}

// resolves returns the plugin of a block that resolves any name, or "".
func resolves(config *dnsserver.Config) string {
	for _, directive := range dnsserver.Directives {
		if slices.Contains(recursing, directive) && config.Handler(directive) != nil {
			return directive
		}
	}
	return ""
}

// own says what the plugin would do in a block.
func (i *inspector) own(at *Inspected, a *Auralink) {
	s := a.served.Load()
	at.Topology, at.Plan = a.topology, follow.Summary(s.Plan)
	at.Strangers, _ = a.options.StrangersPolicy(s.Plan)
	at.Fast = a.fast.Outlooks(a.block, a.position.ahead, s)
	at.admits = a.admits
	for _, remark := range a.remarks() {
		i.warn(at.Line, codeIncomplete, "", "%s", remark)
	}
}

// topology notes what is wrong with the topology of a block, once for all blocks that
// have it.
func (i *inspector) topology(a *Auralink, seen map[string]bool, line int) {
	if seen[a.topology] {
		return
	}
	seen[a.topology] = true
	i.Findings = append(i.Findings, a.served.Load().Findings.In(a.topology)...)
	if problem := a.follower.Load().Problem(); problem != nil {
		i.warn(line, codeKept, "correct the topology, or release the change as it says",
			"topology %q would not be taken, and the snapshot %q would be served instead: %v", a.topology, a.taking.Snapshot, problem)
	}
}

// exposure says where a block would resolve any name for the Internet.
func (i *inspector) exposure(at *Inspected, configs []*dnsserver.Config) {
	if at.Resolves == "" {
		return
	}
	for _, config := range configs {
		for _, address := range corefast.Binds(config) {
			if whole := config.Transport + "://" + address; opens(config, address, at.admits) && !slices.Contains(at.Open, whole) {
				at.Open = append(at.Open, whole)
			}
		}
	}
	if len(at.Open) == 0 {
		return
	}
	hint := "bind a private address, or have acl let your networks ask and block all others"
	if at.Topology != "" {
		hint = "give each VPC its clients, or " + hint
	}
	i.warn(at.Line, codeOpenResolver, hint,
		"%s is an open resolver at %s: %s resolves any name there for whoever asks from the Internet",
		strings.Join(at.Keys, " "), strings.Join(at.Open, ", "), at.Resolves)
}

// warn notes a finding at a line of the Corefile; 0 for the file as a whole.
func (i *inspector) warn(line int, code topology.Code, hint, format string, args ...any) {
	f := topology.Finding{
		Severity: topology.SeverityWarning, Code: code, File: i.corefile.Path(), Hint: hint, Message: fmt.Sprintf(format, args...),
	}
	if lines := bytes.Split(i.corefile.Body(), []byte("\n")); 0 < line && line <= len(lines) {
		source := strings.ReplaceAll(string(lines[line-1]), "\t", " ")
		f.Place = topology.Place{Line: line, Column: 1 + len(source) - len(strings.TrimLeft(source, " ")), Source: source}
	}
	i.Findings = append(i.Findings, f)
}
