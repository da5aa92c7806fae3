package nsd

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// usualList is the list of the zones that nsd-control has added, unless NSD is told of
// another one.
const usualList = "zone.list"

// added returns the zones that nsd-control has added, by their patterns. Where there is no
// list, and a pattern that no zone of the configuration has, there may be such zones.
func added(b *holdings.Builder, in formats.Input, said clauses.Option, patterns map[string]clauses.Clause, configured []clauses.Clause) []clauses.Clause {
	path, usual := said.Value(), false
	if path == "" {
		path, usual = usualList, true
	}
	var zones []clauses.Clause
	read := in.Follow(nil, formats.Mention{What: "zonelistfile", Path: path, Place: said.Place}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
			fields := strings.Fields(line)
			switch {
			case len(fields) != 3 || fields[0] != "add": // a comment, or one that was deleted
			case patterns[fields[2]].Kind == "":
				b.Unread(at, "zone %s is not read: there is no pattern %s", lines.Shown(fields[1]), lines.Shown(fields[2]))
			default:
				zones = append(zones, clauses.Clause{Kind: "zone", Place: at, Options: []clauses.Option{
					{Key: "name", Values: fields[1:2], Place: at}, {Key: "include-pattern", Values: fields[2:], Place: at},
				}})
			}
			return nil
		})
	})
	if read {
		if usual {
			b.Note(holdings.Place{File: in.Name, Line: 1}, "%s beside it is taken for the list of the zones that nsd-control has added", usualList)
		}
		return zones
	}
	free := unused(patterns, configured)
	switch {
	case free != "":
		b.Unread(patterns[free].Place, "pattern %s is of no zone here: zones that nsd-control has added are in the list of zones, %s, which is not read: give that file as well", lines.Shown(free), lines.Shown(path))
	case !usual:
		b.Note(said.Place, "zonelistfile %s may have zones that nsd-control has added: none are known here", lines.Shown(path))
	}
	return nil
}

// unused returns a pattern that no zone has, and no other pattern, or "".
func unused(patterns map[string]clauses.Clause, configured []clauses.Clause) string {
	used := make(map[string]bool)
	for _, c := range configured {
		for _, name := range c.All("include-pattern") {
			used[name] = true
		}
	}
	for _, c := range patterns {
		for _, name := range c.All("include-pattern") {
			used[name] = true
		}
	}
	free := ""
	for name := range patterns {
		if !used[name] && (free == "" || name < free) {
			free = name
		}
	}
	return free
}
