package topology

import (
	"bytes"
	_ "embed"
)

//go:generate go test . -run ^Test(Schema|Findings)$ -update

//go:embed topology.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the topology file, for
// editors. It is generated from the types that the file is decoded into. A file
// that [Parse] accepts is valid by it; the other way round it knows only the
// shape of the file, not how its parts fit together.
func Schema() []byte { return bytes.Clone(schema) }
