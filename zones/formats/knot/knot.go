// Package knot reads the configuration of Knot DNS: knot.conf(5).
package knot

import (
	"cmp"
	"io"
	"slices"
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
	Reads: "knot.conf: zones and templates. include and file are followed, with %s, %c[N], %c[N-M] and %l[N] for parts of a zone's name; modules are a note.",
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
	blocks  []block
}

// read reads the zones of a configuration, by their files.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	p := &parser{b: b}
	if err := p.file(r, in); err != nil {
		return err
	}
	templates := make(map[string]block)
	for _, block := range p.blocks {
		if modules := block.all("global-module"); block.section == "template" && block.last("id") == "default" && len(modules) > 0 {
			b.Unread(block.items[0].place, "global-module is not read: what the modules %s change is not known here", strings.Join(modules, ", "))
		}
		switch block.section {
		case "template":
			templates[block.last("id")] = block
		case "zone":
			p.zone(block, templates, in)
		}
	}
	return nil
}

func (p *parser) file(r io.Reader, in formats.Input) error {
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		i, dash, indented := parseLine(line)
		i.place = at
		switch {
		case i.key == "":
			return nil
		case !indented && i.key == "include":
			return p.include(strings.Join(i.values, ""), at, in)
		case !indented && !dash:
			p.section = i.key
			return nil
		case dash || len(p.blocks) == 0 || p.blocks[len(p.blocks)-1].section != p.section:
			p.blocks = append(p.blocks, block{section: p.section})
		}
		last := &p.blocks[len(p.blocks)-1]
		last.items = append(last.items, i)
		return nil
	})
}

// include reads files in the place of an option.
func (p *parser) include(path string, at holdings.Place, in formats.Input) error {
	return in.Include(p.b, formats.Mention{
		What: "include", Path: path, Kind: formats.Pattern, Beside: true, Place: at, Consequence: ", and Knot does not start without it",
	}, p.file)
}

// parseLine splits a line: a key, a colon, and values, which may be in brackets.
func parseLine(line string) (i item, dash, indented bool) {
	indented = strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
	line = strings.TrimSpace(withoutComment(line))
	if rest, is := strings.CutPrefix(line, "-"); is {
		dash, line = true, strings.TrimSpace(rest)
	}
	key, value, found := strings.Cut(line, ":")
	if !found || key == "" || strings.ContainsAny(key, " \t\"'") {
		return item{}, dash, indented
	}
	i.key = key
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]") {
		for one := range strings.SplitSeq(value[1:len(value)-1], ",") {
			i.values = append(i.values, unquote(strings.TrimSpace(one)))
		}
		return i, dash, indented
	}
	if value != "" {
		i.values = []string{unquote(value)}
	}
	return i, dash, indented
}

// unquote takes off double quotes: to Knot single ones are a part of the text.
func unquote(text string) string {
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}

// withoutComment takes off a comment, which is not in quotes.
func withoutComment(line string) string {
	quoted := false
	for at := range len(line) {
		switch {
		case line[at] == '"':
			quoted = !quoted
		case line[at] == '#' && !quoted:
			return line[:at]
		}
	}
	return line
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
	setting := func(key, usual string) string { return cmp.Or(zone.last(key), template.last(key), usual) }
	claim := holdings.Claim{Origin: name, Miss: holdings.Refer, Place: at}
	if from := setting("master", ""); from != "" {
		claim.Referral.Servers = from
		p.b.UnreadBelow(name, at, "zone %s is transferred from %s: its file may not have all yet", dnsname.TrimDot(name), from)
	}
	p.catalog(setting("catalog-role", "none"), name, at)
	if modules := slices.Concat(zone.all("module"), template.all("module")); len(modules) > 0 {
		p.b.UnreadBelow(name, at, "zone %s: what the modules %s change is not known here", dnsname.TrimDot(name), strings.Join(modules, ", "))
	}
	read := zonefile.Named{Origin: name, Server: zonefile.Knot, File: formats.Mention{
		What: "zone " + dnsname.TrimDot(name) + ": its file", Path: pathOf(setting("file", "%s.zone"), strings.ToLower(own)), Dir: setting("storage", usualDir),
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

// detect knows a configuration by a section for zones with a domain in it.
func detect(head formats.Head) formats.Certainty {
	section := ""
	for line := range head.Lines() {
		switch i, dash, indented := parseLine(line); {
		case !indented && !dash:
			section = i.key
		case section == "zone" && dash && i.key == "domain":
			return formats.Surely
		}
	}
	return formats.No
}
