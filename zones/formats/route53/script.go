package route53

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

//go:embed apply.sh
var apply string

// applyScript returns the script that creates the hosted zones and sends their
// change batches.
func applyScript(v zones.View, o formats.Options) formats.File {
	return formats.File{
		Name:    "apply.sh",
		Snippet: true,
		Write: func(w io.Writer, _ uint32) error {
			return script.Write(w, apply, script.Parts{
				"WRITTEN":  formats.Sentence("Private hosted zones", v),
				"COMMENT":  hostedZoneComment(v, o),
				"OTHERS":   otherVPCs(o),
				"PROFILE":  o.Values["profile-id"],
				"SEVERAL":  len(otherVPCs(o)) > 0,
				"FALLBACK": o.Values["fallback"] == "yes",
				"TIED":     o.Values["profile-id"] != "",
				"ZONES":    script.Each(v.Shaped(o.Shape), writeZoneLine),
			})
		},
	}
}

// applyTemplate reads the script back: it sends the files that are called after a zone.
var applyTemplate = &script.Template{
	What: "Private hosted zones", Text: apply, Lines: "ZONES",
	Read:   readZoneLine,
	Values: readScriptValues,
	Files:  "*" + batchMark + "*.json",
}

// readZoneLine reads the files of a zone, which are called after it.
func readZoneLine(b *holdings.Builder, in formats.Input, line script.Line) (files []string) {
	if len(line.Fields) != 4 {
		return nil
	}
	files = []string{line.Fields[1] + ".hosted-zone.json"}
	batches, _ := strconv.Atoi(line.Fields[2]) // none where it is no number
	for n := range min(batches, maxBatches) {
		files = append(files, fmt.Sprintf("%s%s%04d.json", line.Fields[1], batchMark, n+1))
	}
	origin, _ := holdings.CanonicalName(line.Fields[0]) // else it may be any zone
	for _, name := range files {
		script.Follow(b, in, formats.Mention{What: "the script's file", Path: name, Origin: origin, Place: line.At}, formatName, read)
	}
	return files
}

// maxBatches bounds the change batches of a zone: they have four digits.
const maxBatches = 9999

// otherVPCs returns the VPCs beside the first one, as associate-vpc-with-hosted-zone has
// them.
func otherVPCs(o formats.Options) string {
	all, _ := VPCs(o) // which write has checked
	var others []string
	for _, other := range all[1:] {
		others = append(others, "VPCRegion="+other.Region+",VPCId="+other.ID)
	}
	return strings.Join(others, " ")
}

// writeZoneLine writes what the script must know of a zone.
func writeZoneLine(out *bufio.Writer, zone zones.Zone) {
	rrsets, batches := 0, 0
	for batch := range Batches(zone) {
		rrsets += len(batch)
		batches++
	}
	fmt.Fprintf(out, "%s %s %d %d\n", zone.Origin, formats.FileName(zone.Origin), batches, rrsets)
}
