// Package schemas makes JSON Schemas of Go types, by the rules of encoding/json, so that
// tests hold the published ones against what is written.
package schemas

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Definitions are the schemas of structs, by their names; Named says how one is called.
type Definitions struct {
	Named func(reflect.Type) string
	All   map[string]any
}

// Of returns the schema of a type. Structs in it refer to definitions, which are added.
func (d Definitions) Of(typ reflect.Type) map[string]any {
	switch {
	case typ == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case typ.Kind() != reflect.Pointer && typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return map[string]any{"type": "string"}
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return d.Of(typ.Elem())
	case reflect.Struct:
		name := d.Named(typ)
		if _, known := d.All[name]; !known {
			d.All[name] = nil // it may have itself
			d.All[name] = d.members(typ)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": d.Of(typ.Elem())}
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

// members returns the schema of a struct's members. A reader meets none that it does not
// know.
func (d Definitions) members(typ reflect.Type) map[string]any {
	properties, required := make(map[string]any), []string{}
	var add func(reflect.Type)
	add = func(typ reflect.Type) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case field.Anonymous && name == "":
				add(field.Type)
			case field.IsExported():
				properties[name] = d.Of(field.Type)
				if !strings.Contains(options, "omit") {
					required = append(required, name)
				}
			}
		}
	}
	add(typ)
	slices.Sort(required)
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}
