// Package knot reads the configuration of Knot DNS: knot.conf(5).
package knot

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is Knot's configuration, which is read and not written.
var Format = formats.Format{
	Name: "knot", Read: read, Detect: detect,
	Reads: "knot.conf: zones and templates. include and file are followed, with %s, %c[N], %c[N-M] and %l[N] for parts of a zone's name; the module queryacl is compared with the clients, and others that change answers are told.",
}

// item is a line of a configuration: a section without a value, or a setting in the block
// of one.
type item struct {
	key    string
	values []string
	place  holdings.Place
}

// block is what stands behind a dash: the settings of one zone, or of one template.
type block struct {
	section string
	items   []item
}

// last returns the value of a setting, or "".
func (b block) last(key string) string {
	values := b.all(key)
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// says reports whether there is a setting of that name.
func (b block) says(key string) bool {
	return slices.ContainsFunc(b.items, func(i item) bool { return i.key == key })
}

// all returns the values of all settings of that name.
func (b block) all(key string) []string {
	var values []string
	for _, i := range b.items {
		if i.key == key {
			values = append(values, i.values...)
		}
	}
	return values
}

// parser gathers blocks.
type parser struct {
	b       *holdings.Builder
	section string
	opened  bool            // the section has a block with a dash
	known   map[string]bool // sections and identifiers of the blocks that are whole
	whole   int             // how many are
	stopped bool            // it has been told that the server does not start
	blocks  []block
}

// read reads the zones of a configuration, by their files.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	p := &parser{b: b}
	if err := in.Whole(b, r, p.file); err != nil {
		return err
	}
	p.checkBlocks()
	p.listens()
	templates := p.templates()
	for _, block := range p.blocks {
		if block.section == "zone" {
			p.zone(block, templates, in)
		}
	}
	return nil
}

// listens tells where the server listens: nowhere, if it does not say it.
func (p *parser) listens() {
	var addresses []string
	var at, server holdings.Place
	others := false // it listens by other means as well
	for _, block := range p.blocks {
		for _, i := range block.items {
			switch {
			case strings.HasPrefix(i.key, "listen-") || block.section == "xdp":
				others = true
			case block.section == "server" && i.key == "listen":
				addresses, at = append(addresses, i.values...), i.place
			case block.section == "server" && server.Line == 0:
				server = i.place
			}
		}
	}
	switch {
	case others:
	case len(addresses) > 0:
		p.b.Listens(at, "Knot", addresses...)
	case server.Line > 0:
		p.b.ListensNowhere(server, "Knot")
	}
}

// templates returns the templates by their names. The one that counts for all zones that name
// none may stand behind these.
func (p *parser) templates() map[string]block {
	all := make(map[string]block)
	for _, block := range p.blocks {
		if block.section != "template" {
			continue
		}
		id := block.last("id")
		if id == "default" {
			p.modules(".", block.all("global-module"), block.items[0].place)
		}
		all[id] = block
	}
	return all
}

func (p *parser) file(r io.Reader, in formats.Input) error {
	in.Plain(p.b, "Knot")
	var indent indents
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		i, lead, wrong := parseLine(line)
		if i.place = at; wrong != "" {
			p.stop(at, "%s", wrong)
		}
		if i.key == "" {
			return nil
		}
		if indent.take(lead) {
			p.stop(at, "%s: invalid indentation", i.key)
		}
		if lead == "" && i.key == "include" {
			return p.include(strings.Join(i.values, ""), at, in)
		}
		p.add(i, lead)
		return nil
	})
}

// add adds a line: a section, or an item of one.
func (p *parser) add(i item, lead string) {
	dash := strings.Contains(lead, "-")
	if lead == "" {
		p.section, p.opened = i.key, false
		p.checkSection(i)
		return
	}
	p.checkItem(i, dash)
	if dash || len(p.blocks) == 0 || p.blocks[len(p.blocks)-1].section != p.section {
		p.blocks = append(p.blocks, block{section: p.section})
	}
	p.opened = p.opened || dash
	last := &p.blocks[len(p.blocks)-1]
	last.items = append(last.items, i)
}

// include reads files in the place of an option.
func (p *parser) include(path string, at holdings.Place, in formats.Input) error {
	return in.Include(p.b, formats.Mention{
		What: "include", Path: path, Kind: formats.Pattern, Beside: true, Place: at, Consequence: ", and Knot does not start without it",
	}, p.file)
}

// usualDir is where Knot has zones unless it is told.
const usualDir = "/var/lib/knot"

// zone adds a zone. What it does not say itself its template says, or the default one.
func (p *parser) zone(zone block, templates map[string]block, in formats.Input) {
	own := zone.last("domain")
	at := zone.items[0].place
	name, err := holdings.CanonicalName(own)
	if err != nil {
		p.b.Unread(at, "the zone is not read: %s is not a domain name", lines.Shown(own))
		return
	}
	template := templates[cmp.Or(zone.last("template"), "default")]
	saying := func(key string) block {
		if zone.says(key) {
			return zone // also where it says nothing by it
		}
		return template
	}
	setting := func(key, usual string) string {
		if its := saying(key); its.says(key) {
			return its.last(key)
		}
		return usual
	}
	claim := holdings.Claim{Origin: name, Miss: holdings.Refer, Place: at}
	if from := setting("master", ""); from != "" {
		claim.Referral.Servers = from
		p.b.UnreadBelow(name, at, "zone %s is transferred from %s: its file may not have all yet", dnsname.TrimDot(name), from)
	}
	p.catalog(setting("catalog-role", "none"), name, at)
	p.modules(name, saying("module").all("module"), at)
	read := zonefile.Named{Origin: name, Server: zonefile.Knot, Verified: verification(setting("zonemd-verify", "off")), MaxSize: octets(setting("zone-max-size", "")), File: formats.Mention{
		What: "zone " + dnsname.TrimDot(name) + ": its file", Path: pathOf(setting("file", "%s.zone"), strings.ToLower(own)), Dir: cmp.Or(setting("storage", usualDir), "."),
		Place: at, Consequence: ", and Knot answers no question for the zone without it",
	}}
	if load := setting("zonefile-load", "whole"); load == "none" {
		p.b.UnreadBelow(name, at, "zone %s: its file is not loaded (zonefile-load: none): its records are in the journal", dnsname.TrimDot(name))
		in.Leave(read.File)
		p.b.Claim(holdings.Claim{Origin: name, Miss: holdings.Refer, Referral: holdings.Referral{File: "Knot's journal"}, Place: at})
		return
	}
	if read.Read(p.b, in) {
		return
	}
	if claim.Referral.Servers == "" {
		claim.Referral.File = read.File.Path
	}
	p.b.Claim(claim)
}

// catalog says what a zone has to do with catalogs (RFC 9432).
func (p *parser) catalog(role, name string, at holdings.Place) {
	switch role {
	case "none":
	case "interpret":
		p.b.Unread(at, "catalog zone %s is not read: the zones that it lists are the server's as well", dnsname.TrimDot(name))
	default:
		p.b.Note(at, "zone %s has to do with catalogs", dnsname.TrimDot(name))
	}
}

// telling are sections that no other server has.
var telling = map[string]bool{"zone": true, "template": true, "log": true, "acl": true, "remote": true}

// detect knows a configuration by a section for zones with a domain in it, or by another one
// with several blocks.
func detect(head formats.Head) formats.Certainty {
	section := ""
	for line := range head.Lines() {
		switch i, lead, _ := parseLine(line); {
		case i.key == "":
		case lead == "":
			section = i.key
		case strings.Contains(lead, "-") && telling[section] && i.key == identifier(section):
			return formats.Surely
		}
	}
	return formats.No
}

// verification returns what is done with the digest of a zone, as zonemd-verify says.
func verification(verify string) zonefile.Verification {
	if isOn(verify) {
		return zonefile.Demanded
	}
	return zonefile.Unverified
}

// isOn reports whether a value says yes.
func isOn(value string) bool {
	return slices.Contains([]string{"on", "true", "1"}, strings.ToLower(value))
}

// units are what sizes are counted in.
var units = map[string]uint64{"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}

// octets returns a size, or 0 where there is none.
func octets(size string) uint64 {
	digits := strings.TrimRight(size, "BKMGbkmg")
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return 0
	}
	return n * units[strings.ToLower(size[len(digits):])]
}
