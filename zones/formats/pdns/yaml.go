package pdns

import (
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// form returns what is read, and whether it is YAML: its sections are mappings, where the
// old form has an equals sign.
func form(r io.Reader) (io.Reader, bool, error) {
	head, content, err := formats.Peek(r)
	return content, isYAML(formats.NewHead(head)), err
}

// isYAML reports whether a line begins the section of the Recursor, or another one.
func isYAML(head formats.Head) bool {
	for line := range head.Lines() {
		plain, _, _ := strings.Cut(line, " #")
		key, found := strings.CutSuffix(strings.TrimRight(plain, " \t"), ":")
		if found && sections[key] {
			return true
		}
		if strings.Contains(line, "=") {
			return false
		}
	}
	return false
}

// sections are those of the form in YAML.
var sections = map[string]bool{
	"recursor": true, "incoming": true, "outgoing": true, "dnssec": true, "logging": true, "packetcache": true, "recordcache": true, "carbon": true,
	"ecs": true, "nod": true, "snmp": true, "webservice": true,
}

// yamlSettings are the settings of the section "recursor" that say something of names.
type yamlSettings struct {
	AuthZones           []struct{ Zone, File string } `yaml:"auth_zones"`
	ForwardZones        []yamlForward                 `yaml:"forward_zones"`
	ForwardZonesRecurse []yamlForward                 `yaml:"forward_zones_recurse"`
	ForwardZonesFile    string                        `yaml:"forward_zones_file"`
	ExportHosts         bool                          `yaml:"export_etc_hosts"`
	Hosts               string                        `yaml:"etc_hosts_file"`
	Suffix              string                        `yaml:"export_etc_hosts_search_suffix"`
	LuaConfig           string                        `yaml:"lua_config_file"`
	LuaScript           string                        `yaml:"lua_dns_script"`
	IncludeDir          string                        `yaml:"include_dir"`
	DNS64               string                        `yaml:"dns64_prefix"`
	RPZs                []yamlRPZ                     `yaml:"rpzs"`
	CatalogZones        []any                         `yaml:"forwarding_catalog_zones"`
}

type yamlRPZ struct {
	Name, DefPol string
	Addresses    []string
}

type yamlForward struct {
	Zone       string
	Forwarders []string
}

// readYAML reads the form in YAML.
func (c *recursor) readYAML(r io.Reader) error {
	return listing.Documents(r, c.in.Name, func(document *yaml.Node) error {
		for key, value := range listing.Mapping(document) {
			if key.Value != "recursor" {
				continue
			}
			at := holdings.Place{File: c.in.Name, Line: key.Line}
			var s yamlSettings
			if err := value.Decode(&s); err != nil {
				return at.Errorf("%w", err)
			}
			c.take(s, value, at)
		}
		return nil
	})
}

// take takes the settings of a section.
func (c *recursor) take(s yamlSettings, section *yaml.Node, at holdings.Place) {
	place := func(key string) holdings.Place {
		for name := range listing.Mapping(section) {
			if name.Value == key {
				return holdings.Place{File: at.File, Line: name.Line}
			}
		}
		return at
	}
	for _, z := range s.AuthZones {
		c.zone(z.Zone, z.File, place("auth_zones"))
	}
	for _, f := range s.ForwardZones {
		c.forward(f.Zone, f.Forwarders, place("forward_zones"))
	}
	for _, f := range s.ForwardZonesRecurse {
		c.forward(f.Zone, f.Forwarders, place("forward_zones_recurse"))
	}
	if s.ExportHosts {
		c.hostsFile(setting{s.Hosts, place("etc_hosts_file")}, place("export_etc_hosts"))
		c.suffix = s.Suffix
	}
	if s.LuaConfig != "" {
		c.luaConfig(setting{s.LuaConfig, place("lua_config_file")})
	}
	for _, z := range s.RPZs {
		if len(z.Addresses) > 0 {
			c.b.Unread(place("rpzs"), "policy zone %s is not read: it is transferred from %s; give its file as well, with --as rpz", z.Name, strings.Join(z.Addresses, ", "))
			continue
		}
		c.policy(z.Name, z.DefPol != "", place("rpzs"))
	}
	for _, left := range []struct {
		there    bool
		key, why string
	}{
		{s.ForwardZonesFile != "", "forward_zones_file", "which zones others are asked for is in it"},
		{s.LuaScript != "", "lua_dns_script", matters["lua-dns-script"]},
		{s.DNS64 != "", "dns64_prefix", matters["dns64-prefix"]},
		{s.IncludeDir != "", "include_dir", "its files change what is said here"},
		{len(s.CatalogZones) > 0, "forwarding_catalog_zones", "which zones others are asked for is in them"},
	} {
		if left.there {
			c.b.Unread(place(left.key), "%s is not read: %s", left.key, left.why)
		}
	}
}

// telling are settings of the old form that no other configuration has.
var telling = map[string]bool{
	"forward-zones": true, "forward-zones-recurse": true, "forward-zones-file": true, "auth-zones": true, "export-etc-hosts": true, "lua-config-file": true,
	"lua-dns-script": true, "etc-hosts-file": true, "export-etc-hosts-search-suffix": true,
}

// detectRecursor knows a configuration by its settings.
func detectRecursor(head formats.Head) formats.Certainty {
	if head.Document() {
		return formats.No
	}
	if isYAML(head) {
		if strings.Contains(string(head), "\nrecursor:") || strings.HasPrefix(string(head), "recursor:") {
			return formats.Surely
		}
		return formats.Perhaps
	}
	found := formats.No
	for line := range head.Lines() {
		key, _, set := strings.Cut(line, "=")
		key = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(key), "+"))
		switch {
		case set && key == "launch":
			return formats.No // the authoritative server's
		case set && telling[key]:
			found = formats.Surely
		}
	}
	return found
}
