package topology

import (
	"bytes"

	"github.com/auralink/auralink/internal/pattern"
)

// What a file is that is no YAML, by its lines.
var (
	markupLine   = pattern.Lazily(`(?m)\A\s*<[A-Za-z!?]`)
	blockLine    = pattern.Lazily(`(?m)^(?:resource|data|variable|module|provider|terraform|locals|output)\b[^:{]*\{\s*$`)
	sectionLine  = pattern.Lazily(`(?m)^\[\[?[A-Za-z0-9_."-]+(?:\s[A-Za-z0-9_."-]+)*\]\]?\s*$`)
	assignedLine = pattern.Lazily(`(?m)^[A-Za-z0-9_."-]+\s*=`)
)

// otherSyntax returns what a text is that somebody gave for YAML, or "".
func otherSyntax(text []byte) string {
	text = bytes.ReplaceAll(text[:min(len(text), maxExplained)], []byte("\r\n"), []byte("\n"))
	switch {
	case markupLine().Match(text):
		return "HTML or XML"
	case blockLine().Match(text):
		return "Terraform's own language"
	case sectionLine().Match(text) && assignedLine().Match(text):
		return "TOML or INI"
	default:
		return ""
	}
}

// other complains of a file that is no YAML, and reports whether it is none.
func (d *decoder) other() bool {
	name := otherSyntax(d.source.text)
	if name != "" {
		d.errorf(CodeSyntax, positionOf(1, 1), "", "write it as YAML: "+d.file.Reference, "the file is %s, and no YAML", name)
	}
	return name != ""
}
