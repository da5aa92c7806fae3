package formats

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/auralink/auralink/zones"
)

// Sentence returns the sentence that each file begins with, in a comment or in what
// its format has for one: what it is, for whom, and that it is ours.
func Sentence(what string, v zones.View) string {
	return fmt.Sprintf("%s for the clients of VPC %s. Written by auralink: do not edit.", what, v.Name)
}

// written finds that sentence. A VPC's name has letters, digits and any of - _ .
var written = regexp.MustCompile(` for the clients of VPC ([A-Za-z0-9._-]+)\. Written by auralink: do not edit\.`)

// MaxHead is how many octets at a file's start can say that it is ours.
const MaxHead = 1024

// WrittenFor returns the VPC for which auralink has written the file that begins
// with head, and whether it has written it at all.
func WrittenFor(head []byte) (vpc string, ours bool) {
	match := written.FindSubmatch(head[:min(len(head), MaxHead)])
	if match == nil {
		return "", false
	}
	return string(match[1]), true
}

// Comment returns the sentence of writtenFor as a line that begins with the mark
// of a comment, such as "#".
func Comment(mark, what string, v zones.View) string {
	return strings.TrimSpace(mark) + " " + Sentence(what, v) + "\n"
}
