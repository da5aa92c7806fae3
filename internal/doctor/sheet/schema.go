package sheet

import (
	"bytes"
	_ "embed"
)

//go:generate go test . -run ^TestSchema$ -update

//go:embed doctor.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of a [Document]. It is generated from
// the types.
func Schema() []byte { return bytes.Clone(schema) }
