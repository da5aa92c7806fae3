package status_test

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/status"
)

var update = flag.Bool("update", false, "write the schema anew")

// documents are what /api/v1 has, by the end of the path.
var documents = map[string]reflect.Type{
	"status": reflect.TypeFor[status.State](),
	"plan":   reflect.TypeFor[page.Plan](),
	"change": reflect.TypeFor[graph.Picture](),
	"ask":    reflect.TypeFor[lookup.Document](),
}

// TestSchema: the schema is that of the types.
func TestSchema(t *testing.T) {
	definitions := make(map[string]any)
	roots := make(map[string]any)
	for path, typ := range documents {
		roots[path] = schemaOf(typ, definitions)
	}
	definitions["status"], definitions["plan"], definitions["change"], definitions["ask"] = roots["status"], roots["plan"],
		map[string]any{"anyOf": []any{roots["change"], map[string]any{"type": "null"}}}, roots["ask"]
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "what a server's option status has below /api/v1: status, plan, change and ask, each by its definition",
		"$defs":   definitions,
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile("api.schema.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile("api.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(text), string(have)); d != "" {
		t.Errorf("api.schema.json (-want +got):\n%s", d)
	}
}

// schemaOf returns the schema of a type, as encoding/json writes it.
func schemaOf(typ reflect.Type, definitions map[string]any) map[string]any {
	switch {
	case typ == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case typ == reflect.TypeFor[graph.Layer]():
		return map[string]any{"type": "string"}
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return schemaOf(typ.Elem(), definitions)
	case reflect.Struct:
		name := strings.ReplaceAll(typ.String(), ".", "-")
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

// structOf returns the schema of a struct's members. A reader meets none that it does not
// know.
func structOf(typ reflect.Type, definitions map[string]any) map[string]any {
	properties, required := make(map[string]any), []string{}
	var add func(reflect.Type)
	add = func(typ reflect.Type) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case field.Anonymous && name == "":
				add(field.Type)
				continue
			case !field.IsExported():
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
