package report

import (
	"encoding/json"
	"io"
)

// WriteJSON writes a document for programs, indented.
func WriteJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}
