package pdns

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/bind"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Server is the configuration of the authoritative server, which is read and not written.
var Server = formats.Format{
	Name: "pdns", Read: readServer, Detect: detectServer,
	Reads: "pdns.conf of PowerDNS: the zones of the bind backend. include-dir, bind-config and the zones' files are followed; other backends are not read. DNAME, ALIAS and LUA records count as far as options switch them on.",
}

// readServer reads the zones of the bind backend. What other backends have is in
// databases.
func readServer(b *holdings.Builder, r io.Reader, in formats.Input) error {
	p := &parser{b: b, what: "PowerDNS"}
	if err := p.read(r, in); err != nil {
		return err
	}
	backends := p.launched()
	p.check(serverHas(backends))
	p.checkValues(serverKinds)
	p.hybrid()
	proxied(b, p.what, p.all["proxy-protocol-from"])
	listens(b, p.what, p.all["local-address"])
	for _, backend := range backends {
		kind, name, named := strings.Cut(backend, ":")
		if kind != "bind" {
			b.Unread(p.all["launch"].place, "the backend %s is not read: its zones are where it has them, and not in files; "+
				"pdnsutil list-zone prints one, and the API's JSON is read", backend)
			continue
		}
		key := "bind-config"
		if named {
			key = "bind-" + name + "-config"
		}
		config := p.all[key]
		if config.value == "" {
			p.unconfigured(backend, key)
			continue
		}
		in.Follow(b, formats.Mention{
			What: key, Path: config.value, Place: config.place, Consequence: ", and PowerDNS does not start without it",
		}, func(b *holdings.Builder, r io.Reader, in formats.Input) error {
			b.ReadAs(holdings.Source{File: in.Name, Kind: bind.Format.Syntax(), NamedIn: &config.place})
			return bind.Read(b, r, in, bind.For{Server: zonefile.PowerDNS, Unused: p.unused()})
		})
	}
	p.note(map[string]string{"lua-prequery-script": "it answers by a program", "views": "some clients have other zones"})
	return nil
}

// launched returns the backends. A part of a configuration that launches none is of one that does: the backends for
// which it has something are taken for those.
func (p *parser) launched() []string {
	if _, said := p.all["launch"]; said || !p.part {
		return p.all.list("launch")
	}
	var backends []string
	for _, key := range slices.Sorted(maps.Keys(p.all)) {
		if name, is := strings.CutPrefix(strings.TrimSuffix(key, "-config"), "bind"); is && strings.HasSuffix(key, "-config") && p.all[key].value != "" {
			backends = append(backends, "bind"+strings.Replace(name, "-", ":", 1))
		}
	}
	if len(backends) > 0 {
		p.b.Unread(holdings.Place{File: p.name, Line: 1}, "launch is not said here: this is taken for a part of a configuration, and which backends the file launches that includes it is not known: give that file as well, as the first one")
	}
	return backends
}

// unconfigured tells a backend without a configuration. What is read may be a part of one that has it.
func (p *parser) unconfigured(backend, key string) {
	at := p.all["launch"].place
	if p.part {
		p.b.Unread(at, "the backend %s has no %s here: this is taken for a part of a configuration: give the file that includes it as well, as the first one", backend, key)
		return
	}
	p.b.Note(at, "the backend %s has no %s: it has no zones", backend, key)
}

// unused returns the types of records that are switched off. Metadata of a zone, which are in a
// database, may switch LUA on.
func (p *parser) unused() (its zonefile.Unused) {
	if !p.all.yes("dname-processing") {
		its.Inert = append(its.Inert, "DNAME")
	}
	if !p.all.yes("expand-alias") {
		its.Inert = append(its.Inert, "ALIAS")
	}
	if !p.all.yes("enable-lua-records") && p.all["bind-dnssec-db"].value == "" && !p.all.yes("bind-hybrid") {
		its.Absent = append(its.Absent, "LUA")
	}
	return its
}

// hybrid looks whether the bind backend is to be of others as well, which does not go together with
// the zone cache.
func (p *parser) hybrid() {
	if p.all.yes("bind-hybrid") && p.all["zone-cache-refresh-interval"].value != "0" {
		p.b.NotStarted(p.what, p.all["bind-hybrid"].place, "bind-hybrid stands without zone-cache-refresh-interval=0, and does not go together with the zone cache")
	}
}

// detectServer knows a configuration by what it launches.
func detectServer(head formats.Head) formats.Certainty {
	for line := range head.Lines() {
		key, _, found := strings.Cut(strings.TrimSpace(line), "=")
		key = strings.TrimSuffix(strings.TrimSpace(key), "+")
		if found && (key == "launch" || strings.HasPrefix(key, "bind-") && strings.HasSuffix(key, "config")) {
			return formats.Surely
		}
	}
	return formats.No
}
