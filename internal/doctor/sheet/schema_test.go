package sheet_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/auralink/auralink/internal/doctor/sheet"
	"github.com/auralink/auralink/test/schemas"
)

var update = flag.Bool("update", false, "write the goldens")

// TestSchema: the schema is that of the types.
func TestSchema(t *testing.T) {
	definitions := make(map[string]any)
	root := schemas.Definitions{All: definitions, Named: reflect.Type.Name}.Of(reflect.TypeFor[sheet.Document]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "what auralink doctor -o json prints"
	root["$defs"] = definitions
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile("doctor.schema.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), string(sheet.Schema())); diff != "" {
		t.Errorf("doctor.schema.json (-want +got):\n%s", diff)
	}
}

// TestSchemaHolds: what is written is valid by it.
func TestSchemaHolds(t *testing.T) {
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(sheet.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("doctor.schema.json", read); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("doctor.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if err := document(t).WriteJSON(&written); err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(&written)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
}
