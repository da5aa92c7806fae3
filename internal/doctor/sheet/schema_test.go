package sheet_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/auralink/auralink/internal/doctor/sheet"
)

var update = flag.Bool("update", false, "write the goldens")

// schemaOf returns the schema of a type, as encoding/json writes it.
func schemaOf(typ reflect.Type, definitions map[string]any) map[string]any {
	switch typ {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[netip.Addr](), reflect.TypeFor[netip.Prefix](), reflect.TypeFor[netip.AddrPort]():
		return map[string]any{"type": "string"}
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return schemaOf(typ.Elem(), definitions)
	case reflect.Struct:
		name := typ.Name()
		if _, known := definitions[name]; !known {
			definitions[name] = nil // it may have itself
			definitions[name] = structOf(typ, definitions)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": schemaOf(typ.Elem(), definitions)}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	default:
		return map[string]any{"type": "integer"}
	}
}

// structOf returns the schema of a struct's members. A reader meets none that it does
// not know.
func structOf(typ reflect.Type, definitions map[string]any) map[string]any {
	properties := make(map[string]any)
	required := []string{}
	var add func(reflect.Type)
	add = func(typ reflect.Type) {
		for field := range fields(typ) {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.Anonymous && name == "" {
				add(field.Type)
				continue
			}
			properties[name] = schemaOf(field.Type, definitions)
			if !strings.Contains(options, "omit") {
				required = append(required, name)
			}
		}
	}
	add(typ)
	slices.Sort(required)
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func fields(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if !yield(typ.Field(i)) {
				return
			}
		}
	}
}

// TestSchema: the schema is that of the types.
func TestSchema(t *testing.T) {
	definitions := make(map[string]any)
	root := schemaOf(reflect.TypeFor[sheet.Document](), definitions)
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
