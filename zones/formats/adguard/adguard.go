// Package adguard reads the configuration of AdGuard Home, AdGuardHome.yaml: its DNS rewrites, and
// which upstream servers it asks for which names. Lists that it subscribes to have no say where a
// rewrite answers, and are left out.
package adguard

import (
	"io"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// Format is AdGuard Home's configuration, which is read and not written.
var Format = formats.Format{
	Name: "adguard", Read: read, Detect: detect,
	Reads: "AdGuardHome.yaml: rewrites, and upstream servers by their domains. Rules of one's own are not read, nor are clients with settings of their own; lists that it subscribes to are left out, for rewrites go before them.",
}

// config is what a configuration says.
type config struct {
	b        *holdings.Builder
	in       formats.Input
	rewrites []rewrite
	named    map[string][]int // indexes of rewrites, by domain
	forwards []forward
	others   []string // the servers for all other names
	addIPv6  bool     // questions for IPv6 addresses are answered
	on       bool     // rewrites count
	place    holdings.Place
}

func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return listing.Documents(r, in.Name, func(document *yaml.Node) error {
		c := &config{b: b, in: in, addIPv6: true, on: true, place: holdings.Place{File: in.Name, Line: 1}}
		for key, value := range listing.Mapping(document) {
			switch key.Value {
			case "dns":
				c.place = c.at(key)
				c.settings(value)
			case "filtering":
				c.settings(value)
			case "user_rules":
				c.rules(value)
			case "clients":
				c.clients(value)
			}
		}
		c.add()
		return nil
	})
}

func (c *config) at(n *yaml.Node) holdings.Place {
	return holdings.Place{File: c.in.Name, Line: n.Line}
}

// settings reads a section that has settings of DNS: of which, depends on the version.
func (c *config) settings(section *yaml.Node) {
	for key, value := range listing.Mapping(section) {
		switch key.Value {
		case "rewrites":
			c.rewritten(value)
		case "upstream_dns":
			c.upstreams(value)
		case "filtering_enabled", "rewrites_enabled":
			if value.Value == "false" {
				c.on = false
				c.b.Note(c.at(key), "rewrites do not count: %s is false", key.Value)
			}
		case "aaaa_disabled":
			c.addIPv6 = value.Value != "true"
		case "upstream_dns_file":
			if value.Value != "" {
				c.b.Unread(c.at(key), "upstream_dns_file is not read: the servers of %s are asked, and not those of upstream_dns", lines.Shown(value.Value))
			}
		case "use_dns64":
			if value.Value == "true" {
				c.b.Unread(c.at(key), "use_dns64 is not read: it makes addresses of others")
			}
		case "blocked_hosts":
			c.blocked(value)
		case "allowed_clients", "disallowed_clients":
			c.admits(key, value)
		case "bind_hosts", "bind_host":
			c.listens(key, value)
		}
	}
}

// listens tells where the server listens: at one address in older versions.
func (c *config) listens(key, value *yaml.Node) {
	addresses := []string{value.Value}
	if value.Kind == yaml.SequenceNode {
		addresses = nil
		for _, item := range value.Content {
			addresses = append(addresses, item.Value)
		}
	}
	c.b.Listens(c.at(key), "AdGuard Home", addresses...)
}

// blocked notes names to whose questions there is no answer.
func (c *config) blocked(list *yaml.Node) {
	for _, item := range list.Content {
		c.unreadRule(item, "blocked_hosts")
	}
}

// admits notes whose questions are not answered.
func (c *config) admits(key, list *yaml.Node) {
	var its holdings.Clients
	for _, item := range list.Content {
		prefix, err := rangeOf(item.Value)
		if err != nil {
			c.b.Unread(c.at(item), "%s is not read: %s is no address range", key.Value, lines.Shown(item.Value))
			return
		}
		its = append(its, holdings.ClientRange{Range: prefix, Not: key.Value == "disallowed_clients"})
	}
	if len(its) == 0 {
		return
	}
	if key.Value == "disallowed_clients" {
		its = append(its, holdings.AllClients...)
	}
	c.b.Admits(its, ".", c.at(key), "%s keeps out "+holdings.SomeOrAll, key.Value)
}

// rangeOf returns the range of an address, or of a network.
func rangeOf(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// clients notes the clients that have settings of their own.
func (c *config) clients(section *yaml.Node) {
	for key, list := range listing.Mapping(section) {
		if key.Value != "persistent" {
			continue
		}
		for _, client := range list.Content {
			for setting, value := range listing.Mapping(client) {
				if setting.Value == "upstreams" && len(value.Content) > 0 || setting.Value == "use_global_settings" && value.Value == "false" {
					c.b.Unread(c.at(setting), "%s of a client is not read: it has settings of its own", setting.Value)
				}
			}
		}
	}
}

// rules notes rules of one's own, which count for names that no rewrite has.
func (c *config) rules(list *yaml.Node) {
	for _, item := range list.Content {
		rule := strings.TrimSpace(item.Value)
		if rule != "" && rule[0] != '!' && rule[0] != '#' {
			c.unreadRule(item, "the rule")
		}
	}
}

// ruleName finds the name that a rule is for: all below it, or itself behind an address.
var ruleName = pattern.Lazily(`^(?:@@)?(?:\|\|)?(?:[0-9a-fA-F.:]+\s+)?((?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)\.?(?:\^.*|\s*#.*|\$.*)?$`)

// unreadRule notes a rule, for the names that it may be for.
func (c *config) unreadRule(item *yaml.Node, what string) {
	match := ruleName().FindStringSubmatch(strings.TrimSpace(item.Value))
	if match == nil {
		c.b.Unread(c.at(item), "%s %s is not read: it may be for any name", what, lines.Shown(item.Value))
		return
	}
	if name, err := holdings.CanonicalName(strings.TrimPrefix(match[1], "*.")); err == nil {
		c.b.UnreadBelow(name, c.at(item), "%s %s is not read", what, lines.Shown(item.Value))
	}
}

// telling begins lines that no other document has.
var telling = pattern.Lazily(`(?m)^\s+(bind_hosts|upstream_dns|upstream_dns_file|bootstrap_dns|safebrowsing_enabled|blocking_mode):`)

// detect knows a configuration by settings of its section of DNS.
func detect(head formats.Head) formats.Certainty {
	if dnsSection().MatchString(string(head)) && telling().MatchString(string(head)) {
		return formats.Surely
	}
	return formats.No
}

var dnsSection = pattern.Lazily(`(?m)^dns:\s*$`)

// types are those that rewrites have.
var types = []uint16{dns.TypeA, dns.TypeAAAA}
