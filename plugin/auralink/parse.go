package auralink

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/spell"
)

// below returns where a path of the Corefile leads: below the root, unless the path
// is absolute.
func below(root, path string) string {
	if path == "" || root == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, path)
}

// newAuralink makes a plugin without a topology.
func newAuralink() *Auralink {
	a := &Auralink{undeclared: newUndeclaredLog(), strangers: newStrangersLog(), taking: follow.Options{Guard: follow.GuardInPlace}}
	a.Doubt(nil)
	a.fast.Options = a.fastOptions()
	return a
}

// parse reads the directive.
func parse(c *caddy.Controller) (*Auralink, error) {
	a := newAuralink()
	for i := 0; c.Next(); i++ {
		if i > 0 {
			return nil, plugin.ErrOnce
		}
		args := c.RemainingArgs()
		if len(args) != 1 {
			return nil, c.ArgErr()
		}
		if err := a.parseTopology(args[0]); err != nil {
			return nil, c.Err(err.Error())
		}
		if err := a.parseBlock(c); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// properties are what may stand in the block, each with what reads it.
func (a *Auralink) properties() map[string]func(args []string) error {
	return map[string]func(args []string) error{
		"vpc":         a.parseVPC,
		"fallthrough": a.parseFallthrough,
		"ratelimit":   a.parseRateLimit,
		"fastpath":    a.parseFastPath,
		"strangers":   a.parseStrangers,
		"guard":       a.parseGuard,
		"complete":    a.parseComplete,
		"snapshot":    a.parseSnapshot,
		"nobypass":    a.parseNoBypass,
		"trust_ecs":   a.parseTrustECS,
		"notify":      a.parseNotify,
		"status":      a.parseStatus,
	}
}

func (a *Auralink) parseBlock(c *caddy.Controller) error {
	properties := a.properties()
	seen := make(map[string]bool)
	for c.NextBlock() {
		name := c.Val()
		property, known := properties[name]
		if slices.Contains(a.scheme.Properties, name) {
			known, property = true, func(args []string) error { return a.parseSourceProperty(name, args) }
		}
		if !known {
			return c.Errf("unknown property %q%s", name, a.meant(name, properties))
		}
		if seen[name] && name != "notify" {
			return c.Errf("property %q stands twice", name)
		}
		seen[name] = true
		if err := property(c.RemainingArgs()); err != nil {
			return c.Err(err.Error())
		}
	}
	if err := a.checkTaking(seen); err != nil {
		return c.Err(err.Error())
	}
	if a.options.VPC != "" && len(a.options.Trusted) > 0 {
		return c.Errf("trust_ecs has no meaning beside vpc, by which all clients are answered alike: leave one of them out")
	}
	return nil
}

// ofFleets are properties that a topology from etcd alone has; see package plugin/fleet.
var ofFleets = []string{"name", "tls", "user"}

// meant says what an unknown property may have been meant to be.
func (a *Auralink) meant(name string, properties map[string]func([]string) error) string {
	known := append(slices.Sorted(maps.Keys(properties)), a.scheme.Properties...)
	question := spell.DidYouMean(name, known)
	switch {
	case slices.Contains(ofFleets, name):
		return ": it is for a topology from etcd:// alone"
	case question != "":
		return ": " + question
	case slices.Contains(dnsserver.Directives, name):
		return ": it is a plugin: is the } of " + pluginName + "'s block missing, ahead of it?"
	default:
		return ""
	}
}

func (a *Auralink) parseVPC(args []string) error {
	if len(args) != 1 || args[0] == "" {
		return fmt.Errorf("vpc takes one name, got %q", args)
	}
	a.options.VPC = args[0]
	return nil
}

func (a *Auralink) parseFallthrough(args []string) error {
	a.Fall.SetZonesFromArgs(args)
	return nil
}
