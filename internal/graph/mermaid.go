package graph

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// WriteMermaid writes a picture as a flowchart of Mermaid, which GitHub and GitLab draw
// where it stands in a block of code of that name. It stays below their limits (50,000
// characters, 280 edges), whatever the topology.
func (p *Picture) WriteMermaid(w io.Writer) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for l := range layers {
		in := p.In(l)
		if len(in) == 0 {
			continue
		}
		fmt.Fprintf(&b, "  subgraph layer%d [\"%s\"]\n", l, l)
		for _, i := range in {
			b.WriteString(p.Boxes[i].mermaid(i))
		}
		b.WriteString("  end\n")
	}
	for _, e := range p.Edges {
		fmt.Fprintf(&b, "  b%d %s b%d\n", e.From, e.Change.arrow(), e.To)
	}
	if p.Compared {
		b.WriteString(mermaidClasses)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mermaidClasses draw borders alone: colours of areas would not suit both of GitHub's
// themes.
const mermaidClasses = `  classDef added stroke:#0a69da,stroke-width:4px
  classDef removed stroke:#bc4c00,stroke-width:2px,stroke-dasharray:9 5
  classDef moved stroke:#8250df,stroke-width:3px,stroke-dasharray:2 4
  classDef changed stroke:#9a6700,stroke-width:2px,stroke-dasharray:14 3 3 3
`

// arrow is an edge, with its sign.
func (c Change) arrow() string {
	switch c {
	case Added:
		return `== "+" ==>`
	case Removed:
		return `-. "−" .->`
	case Moved:
		return `-. "⇄" .->`
	case Changed:
		return `-- "~" -->`
	case Same:
	}
	return "-->"
}

// mermaid returns a box with the number by which edges know it.
func (b *Box) mermaid(i int) string {
	texts := []string{signed(Line{Text: b.Title, Change: b.Change})}
	for _, l := range b.Lines {
		texts = append(texts, signed(l))
	}
	class := ""
	if b.Change != Same {
		class = ":::" + string(b.Change)
	}
	return fmt.Sprintf("    b%d[\"%s\"]%s\n", i, strings.Join(texts, "<br>"), class)
}

// signed returns a line with its signs, as Mermaid has texts.
func signed(l Line) string {
	text := entities(fitting(l.Text))
	for _, sign := range []string{l.Mark.Sign(), l.Change.Sign()} {
		if sign != "" {
			text = sign + " " + text
		}
	}
	return text
}

// entities returns a text of which nothing is markup, for Mermaid, for the Markdown that
// Mermaid reads in texts, or for a block of code: all but what names and sentences are
// made of is written by its number.
func entities(text string) string {
	var b strings.Builder
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '→' || r == '…' ||
			i > 0 && strings.ContainsRune(",-/()", r) || r == '.' && !strings.HasPrefix(text[i:], ". ") {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	return b.String()
}
