package report

import (
	"io"

	"github.com/auralink/auralink/internal/graph"
)

// WritePicture writes a picture for a comment in Markdown, as a flowchart that GitHub and
// GitLab draw. It writes nothing where there is none, or where nothing changes.
func WritePicture(w io.Writer, p *graph.Picture) error {
	if p == nil || !p.Changes() {
		return nil
	}
	if _, err := io.WriteString(w, "\n### What changes\n\n```mermaid\n"); err != nil {
		return err
	}
	if err := p.WriteMermaid(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, "```\n")
	return err
}
