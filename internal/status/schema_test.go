package status_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/status"
	"github.com/auralink/auralink/test/schemas"
)

var update = flag.Bool("update", false, "write the schema anew")

// documents are what /api/v1 has, by the end of the path.
var documents = map[string]reflect.Type{
	"status":  reflect.TypeFor[status.State](),
	"plan":    reflect.TypeFor[page.Plan](),
	"picture": reflect.TypeFor[graph.Picture](),
	"change":  reflect.TypeFor[graph.Picture](),
	"ask":     reflect.TypeFor[lookup.Document](),
}

// TestSchema: the schema is that of the types.
func TestSchema(t *testing.T) {
	definitions := make(map[string]any)
	named := schemas.Definitions{All: definitions, Named: func(typ reflect.Type) string { return strings.ReplaceAll(typ.String(), ".", "-") }}
	roots := make(map[string]any)
	for path, typ := range documents {
		roots[path] = named.Of(typ)
	}
	roots["change"] = map[string]any{"anyOf": []any{roots["change"], map[string]any{"type": "null"}}}
	roots["error"] = map[string]any{"type": "object", "properties": map[string]any{"error": map[string]any{"type": "string"}}, "required": []string{"error"}, "additionalProperties": false}
	maps.Copy(definitions, roots)
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "what a server's option status has below /api/v1: status, plan, picture, change and ask, each by its definition, and error for what is not answered with status 200",
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
