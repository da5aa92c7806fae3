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
		key, found := strings.CutSuffix(strings.TrimRight(strings.TrimSuffix(strings.TrimRight(plain, " \t"), "!override"), " \t"), ":")
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

// readYAML reads the form in YAML, and the files of the directory that it includes: what these
// say of lists stands behind what it says itself.
func (c *recursor) readYAML(r io.Reader) error {
	y := &yamlForm{recursor: c}
	if err := c.in.Whole(c.b, r, y.read); err != nil {
		return err
	}
	if dir := y.included; dir.value != "" {
		var stop error
		c.in.Follow(c.b, formats.Mention{
			What: "include_dir", Path: dir.value, Kind: formats.Folder, InPlace: true, Place: dir.place,
			Skip: func(name string) bool { return !strings.HasSuffix(name, ".yml") },
		}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
			if stop == nil {
				stop = y.read(r, in)
			}
			return nil
		})
		if stop != nil {
			return stop
		}
	}
	if y.listens.value == "" && isFirst(c.in.Name) {
		y.listens = setting{usualAddress, holdings.Place{File: c.in.Name, Line: 1}}
	}
	listens(c.b, "PowerDNS Recursor", y.listens)
	switch {
	case y.clientsFile.value != "":
		c.admissionsFile(y.clientsFile)
	case y.clients.place.Line > 0:
		c.admissions(y.clients)
	default:
		c.admissions(setting{usualClients, holdings.Place{File: c.in.Name, Line: 1}})
	}
	return nil
}

// yamlForm gathers what files in YAML say.
type yamlForm struct {
	*recursor
	included, clients, clientsFile, listens setting
	// resolves says that servers may have names, which the Recursor has the machine find out.
	resolves bool
}

// read reads one file.
func (y *yamlForm) read(r io.Reader, in formats.Input) error {
	return listing.Documents(r, in.Name, func(document *yaml.Node) error {
		y.checkDocument(document, in.Name)
		for key, value := range listing.Mapping(document) {
			at := holdings.Place{File: in.Name, Line: key.Line}
			if value.Tag == "!override" {
				value.Tag = ""
				y.b.Unread(at, "!override is not read: %s is read together with what other files say of it", key.Value)
			}
			y.override(value, at)
			var err error
			switch key.Value {
			case "recursor":
				var s yamlSettings
				if err = value.Decode(&s); err == nil {
					y.take(s, value, at)
				}
			case "incoming":
				var s yamlIncoming
				if err = value.Decode(&s); err == nil {
					y.takeIncoming(s, value, at)
				}
			}
			if err != nil {
				return at.Errorf("%w", err)
			}
		}
		return nil
	})
}

// override notes lists that replace those of other files, and are read as if they stood behind.
func (y *yamlForm) override(section *yaml.Node, at holdings.Place) {
	for key, value := range listing.Mapping(section) {
		if value.Tag == "!override" {
			value.Tag = ""
			y.b.Unread(holdings.Place{File: at.File, Line: key.Line}, "!override is not read: %s is read together with what other files say of it", key.Value)
		}
	}
}

// yamlIncoming are the settings of the section "incoming" that say who may ask.
type yamlIncoming struct {
	AllowFrom     *[]string `yaml:"allow_from"`
	AllowFromFile string    `yaml:"allow_from_file"`
	Listen        []string  `yaml:"listen"`
	ProxyMappings []any     `yaml:"proxymappings"`
	ProxiesFrom   []string  `yaml:"proxy_protocol_from"`
}

// takeIncoming takes the settings of that section.
func (y *yamlForm) takeIncoming(s yamlIncoming, section *yaml.Node, at holdings.Place) {
	place := placeIn(section, at)
	if s.AllowFromFile != "" {
		y.clientsFile = setting{s.AllowFromFile, place("allow_from_file")}
	}
	if s.AllowFrom != nil {
		if y.clients.place.Line == 0 {
			y.clients.place = place("allow_from")
		}
		y.clients.value += "," + strings.Join(*s.AllowFrom, ",")
	}
	if s.Listen != nil {
		y.listens = setting{y.listens.value + "," + strings.Join(s.Listen, ","), place("listen")}
	}
	proxied(y.b, "PowerDNS Recursor", setting{strings.Join(s.ProxiesFrom, ","), place("proxy_protocol_from")})
	if len(s.ProxyMappings) > 0 {
		y.b.Unread(place("proxymappings"), "proxymappings is not read: it takes clients for others")
	}
}

// placeIn returns what says where a key of a section is.
func placeIn(section *yaml.Node, at holdings.Place) func(key string) holdings.Place {
	return func(key string) holdings.Place {
		for name := range listing.Mapping(section) {
			if name.Value == key {
				return holdings.Place{File: at.File, Line: name.Line}
			}
		}
		return at
	}
}

// take takes the settings of a section.
func (y *yamlForm) take(s yamlSettings, section *yaml.Node, at holdings.Place) {
	place := placeIn(section, at)
	for _, z := range s.AuthZones {
		y.zone(z.Zone, z.File, place("auth_zones"))
	}
	for _, f := range s.ForwardZones {
		y.forward(f.Zone, f.Forwarders, place("forward_zones"))
	}
	for _, f := range s.ForwardZonesRecurse {
		y.forward(f.Zone, f.Forwarders, place("forward_zones_recurse"))
	}
	if s.ExportHosts {
		y.hostsFile(setting{s.Hosts, place("etc_hosts_file")}, place("export_etc_hosts"))
		y.suffix = s.Suffix
	}
	if s.IncludeDir != "" && y.included.value == "" {
		y.included = setting{s.IncludeDir, place("include_dir")}
	}
	if s.ForwardZonesFile != "" {
		y.forwardList(setting{s.ForwardZonesFile, place("forward_zones_file")})
	}
	if s.LuaConfig != "" {
		y.luaConfig(setting{s.LuaConfig, place("lua_config_file")})
	}
	for _, z := range s.RPZs {
		if len(z.Addresses) > 0 {
			y.b.Unread(place("rpzs"), "policy zone %s is not read: it is transferred from %s; give its file as well, with --as rpz", z.Name, strings.Join(z.Addresses, ", "))
			continue
		}
		y.policy(z.Name, z.DefPol != "", place("rpzs"))
	}
	for _, left := range []struct {
		there    bool
		key, why string
	}{
		{s.LuaScript != "", "lua_dns_script", matters["lua-dns-script"]},
		{s.DNS64 != "", "dns64_prefix", matters["dns64-prefix"]},
		{len(s.CatalogZones) > 0, "forwarding_catalog_zones", "which zones others are asked for is in them"},
	} {
		if left.there {
			y.b.Unread(place(left.key), "%s is not read: %s", left.key, left.why)
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
