package script

import (
	"io"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Import reads the zone file that a line names and that a cloud's tool imports; zone and file are
// the fields that have the zone and the file's name. It returns the file's name.
func Import(b *holdings.Builder, in formats.Input, line Line, zone, file int) []string {
	if len(line.Fields) <= max(zone, file) {
		return nil
	}
	origin, err := holdings.CanonicalName(line.Fields[zone])
	if err != nil {
		b.Unread(line.At, "%v", err)
		return nil
	}
	named := zonefile.Named{Origin: origin, Server: zonefile.Import, File: beside(formats.Mention{What: "the script's file", Path: line.Fields[file], Place: line.At})}
	named.Read(b, in)
	return []string{line.Fields[file]}
}

// Follow reads a file that a line names, in the directory of the script, as one of a kind.
func Follow(b *holdings.Builder, in formats.Input, m formats.Mention, kind string, read formats.Reader) {
	in.Follow(b, beside(m), func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		b.ReadAs(holdings.Source{File: in.Name, Kind: kind, NamedIn: &m.Place})
		return read(b, formats.Text(r), in)
	})
}

func beside(m formats.Mention) formats.Mention {
	m.Beside, m.Consequence = true, ": the script fails at it"
	return m
}
