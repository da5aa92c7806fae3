package corefast

import (
	"bytes"
	"fmt"
	"net"
	"reflect"
	"slices"

	"github.com/coredns/caddy"
	"github.com/coredns/caddy/caddyfile"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
)

// harmless are the plugins that may stand ahead of us in a server block: those
// that do not need to see a query that we answer, and leave it and the answer as
// they are, or change it in a way that the fast path follows. All others turn it
// off, for we do not know what they do.
//
//	acl          lets clients ask or not, if its rules look at nothing else: the
//	             fast path answers those that it has let ask.
//	bufsize      lowers the payload size in the query's OPT record, which comes
//	             back in the reply: the fast path does the same.
//	cache        passes our zones by (CacheBypassZones), if it stands ahead at all.
//	cancel       sets a time limit to work that takes none.
//	chaos        is about class CH; the fast path takes IN alone.
//	errors       logs errors of the plugins behind; an answer is none.
//	loadbalance  shuffles addresses, which are rotated already. With weights or
//	             preferred networks it is not harmless.
//	loop         looks for a name of its own, which is not ours.
//	metadata     collects what other plugins may ask for; none is ahead that does.
//	prometheus   counts; the fast path counts the same in its counters.
//
// Directives such as bind, health, ready and reload have no part in a query.
var harmless = []string{"acl", "bufsize", "cache", "cancel", "chaos", "errors", "loadbalance", "loop", "metadata", "prometheus"}

// Block is a server block with the plugin, among the others of its Corefile.
type Block struct {
	// Own are the configurations of the block, one for each zone and port; All are those
	// of all blocks, in order.
	Own, All []*dnsserver.Config
	// Corefile is what they were read from; nil for that of the newest of CoreDNS's
	// instances.
	Corefile caddy.Input

	plugin string // the name of our directive
	index  int
}

// NewBlock finds all server blocks, for the plugin whose directive is called so. CoreDNS
// must have made its servers before: that a block does not exist shows by a
// configuration without a port, which CoreDNS makes for whoever asks for one, and which
// must not become a server.
func NewBlock(c *caddy.Controller, plugin string) *Block {
	b := &Block{plugin: plugin, index: c.ServerBlockIndex}
	for i, found := 0, true; found; i++ {
		found = false
		for j := 0; ; j++ {
			at := *c
			at.ServerBlockIndex, at.ServerBlockKeyIndex = i, j
			config := dnsserver.GetConfig(&at)
			if config.Port == "" {
				break
			}
			found = true
			b.All = append(b.All, config)
			if i == b.index {
				b.Own = append(b.Own, config)
			}
		}
	}
	return b
}

// inTheWay says what forbids the fast path in the whole block, or "".
func (b *Block) inTheWay(ahead int) string {
	config := b.Own[0]
	if len(config.FilterFuncs) > 0 {
		return `the plugin "view" chooses who asks this server block`
	}
	names := b.Ahead()
	for _, name := range names {
		if !slices.Contains(harmless, name) {
			return fmt.Sprintf("the plugin %q stands ahead and has to see all queries", name)
		}
	}
	if len(names) != ahead {
		return "a plugin stands ahead whose name is not that of its directive"
	}
	if slices.Contains(names, "loadbalance") && !b.plainLoadBalance() {
		return `the plugin "loadbalance" stands ahead with more than a random order`
	}
	if slices.Contains(names, "acl") {
		return b.aclInTheWay()
	}
	return ""
}

// Ahead returns the names of the plugins that see a query before us.
func (b *Block) Ahead() []string {
	var names []string
	for _, directive := range dnsserver.Directives {
		if directive == b.plugin {
			break
		}
		if b.Own[0].Handler(directive) != nil {
			names = append(names, directive)
		}
	}
	return names
}

// plainLoadBalance reports whether the block has loadbalance without a property
// or policy but the default one. The plugin itself does not tell.
func (b *Block) plainLoadBalance() bool {
	for _, token := range b.tokens("loadbalance") {
		if token.Text != "loadbalance" && token.Text != "round_robin" {
			return false
		}
	}
	return true
}

// tokens returns what the Corefile has of a directive in this block. It reads the
// text that the server was started from once more.
func (b *Block) tokens(directive string) []caddyfile.Token {
	corefile := b.Corefile
	if instances := caddy.Instances(); corefile == nil && len(instances) > 0 {
		corefile = instances[len(instances)-1].Caddyfile()
	}
	if corefile == nil {
		return nil
	}
	blocks, err := caddyfile.Parse(corefile.Path(), bytes.NewReader(corefile.Body()), nil)
	if err != nil || b.index >= len(blocks) {
		return nil
	}
	return blocks[b.index].Tokens[directive]
}

// inTheWayOn says what forbids the fast path on one address, or "".
func (b *Block) inTheWayOn(address string) string {
	if _, port, _ := net.SplitHostPort(address); port == "0" {
		return "the port is chosen when the server starts"
	}
	var told *dnsserver.Config // of the blocks that asked, CoreDNS tells the last
	for _, config := range on(address, b.All) {
		if config.ProxyProtoConnPolicy != nil {
			return `the plugin "proxyproto" says who asks`
		}
		if config.Handler("dynupdate") != nil {
			return `the plugin "dynupdate" has to see messages that are no queries`
		}
		if config.UDPDecorateWriterFunc == nil {
			continue
		}
		if told = config; !isHook(config.UDPDecorateWriterFunc) {
			return `a plugin such as "shed" has to see all replies`
		}
	}
	if !slices.Contains(b.Own, told) {
		return fmt.Sprintf("the server block %q has one there", told.Zone)
	}
	return ""
}

// isHook reports whether a function is serverStarts, of whichever instance.
func isHook(f any) bool {
	var p *Path
	return reflect.ValueOf(f).Pointer() == reflect.ValueOf(p.serverStarts).Pointer()
}

// leadsHere reports whether CoreDNS gives all questions on an address for names in
// a zone to this block: it has the zone, and no other block has more of it. If
// another has, it is returned.
func (b *Block) leadsHere(address, zone string) (bool, *dnsserver.Config) {
	cover := ""
	for _, config := range on(address, b.Own) {
		if plugin.Name(config.Zone).Matches(zone) && len(config.Zone) > len(cover) {
			cover = config.Zone
		}
	}
	if cover == "" {
		return false, nil
	}
	for _, config := range on(address, b.All) {
		if !slices.Contains(b.Own, config) && plugin.Name(cover).Matches(config.Zone) && overlap(config.Zone, zone) {
			return false, config
		}
	}
	return true, nil
}
