package topology_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// compileSchema compiles our schema with a validator that is not ours.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(topology.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource("topology.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("topology.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// generic reads YAML as an editor does, into what JSON has.
func generic(t *testing.T, text string) (any, bool) {
	t.Helper()
	var value any
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err == nil
}

// shapes are the findings that a schema can have as well: those that a file's
// value has by itself, whatever else is in the file.
var shapes = []topology.Code{
	topology.CodeEmpty, topology.CodeUnknownKey, topology.CodeWrongType, topology.CodeBadTTL,
	topology.CodeBadMode, topology.CodeEmptyLink, topology.CodeBadAcceptance,
}

// written are the files whose shape is wrong only in how YAML has it written.
var written = []string{"092-bad-ttl-octal", "096-bad-acceptance-indented"}

// TestSchemaAgrees holds the schema against Parse: what Parse accepts is valid,
// and what has a wrong shape is not.
func TestSchemaAgrees(t *testing.T) {
	schema := compileSchema(t)
	files := append(catalogue(t), "testdata/example.yaml", "../../topology.example.yaml")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parsed, findings := parse(t, string(text))
			value, ok := generic(t, string(text))
			if !ok {
				if parsed != nil {
					t.Fatal("a topology that an editor cannot read")
				}
				return
			}
			err = schema.Validate(value)
			if parsed != nil && err != nil {
				t.Errorf("a topology, but not by the schema: %v", err)
			}
			if err == nil && hasShape(findings) && !slices.Contains(written, name) {
				t.Errorf("valid by the schema, but:\n%s", findings.Report())
			}
		})
	}
}

func hasShape(findings topology.Findings) bool {
	return slices.ContainsFunc(findings, func(f topology.Finding) bool { return slices.Contains(shapes, f.Code) })
}

// TestSchemaPatterns holds what the patterns take and refuse, by putting each
// value into a topology that is fine otherwise.
func TestSchemaPatterns(t *testing.T) {
	schema := compileSchema(t)
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, row := range map[string]struct {
		before, after string // of the value, in quotes
		valid         []string
		invalid       []string
	}{
		"region": {
			before: `{"regions": {`, after: `: {}}, "vpcs": {"v": {}}}`,
			valid:   []string{"aws-us-east-1", "East_1.b", "1", long(63)},
			invalid: []string{"", "-east", ".east", "us east", "é", long(64)},
		},
		"orchestra": {
			before: `{"regions": {"r": {"orchestras": [`, after: `]}}, "vpcs": {"v": {}}}`,
			valid:   []string{"0000", "staging-orch-0003.neo4j.io", "Staging.Example.Org.", long(47)},
			invalid: []string{"", "-1", "a_b", ".", "a..b", "*.example.org", long(48), long(64) + ".org", "a."},
		},
		"extra name": {
			before: `{"regions": {"r": {"extra_names": [`, after: `]}}, "vpcs": {"v": {}}}`,
			valid:   []string{"graph.example.org", "*.graph.example.org.", "intranet", long(63) + ".org"},
			invalid: []string{"", "*", "a.*.b", "-a.org", "a-.org", long(64) + ".org"},
		},
		"client range": {
			before: `{"regions": {"r": {}}, "vpcs": {"v": {"clients": [`, after: `]}}}`,
			valid:   []string{"10.0.0.0/8", "0.0.0.0/0", "10.1.2.3", "fd00::/64", "::/0", "::ffff:10.0.0.0/104", "fd00::1"},
			invalid: []string{"", "10.0.0.0/33", "10.0.0.256/32", "10.0.0/8", "fd00::/129", "10.0.0.0/", "ten", "fe80::1%eth0"},
		},
		"address": {
			before: `{"regions": {"r": {}}, "vpcs": {"v": {"links": {"r": [`, after: `]}}}}`,
			valid:   []string{"10.10.10.10", "fd00:1::7"},
			invalid: []string{"", "10.0.0.0/8", "10.0.0", "010.0.0.1", "vpce.example.org", "fe80::1%eth0"},
		},
		"endpoint": {
			before: `{"regions": {"r": {}}, "vpcs": {"v": {}}, "custom_endpoints": {`, after: `: "r"}}`,
			valid:   []string{"my-endpoint-abcdef-123456", "Foo", "1", long(61)},
			invalid: []string{"", "-foo", "foo-", "foo_bar", "foo.bar", "é", long(62)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			check := func(value string, want bool) {
				document, ok := generic(t, row.before+`"`+value+`"`+row.after)
				if err := schema.Validate(document); !ok || (err == nil) != want {
					t.Errorf("%q is valid: %v, want %v: %v", value, err == nil, want, err)
				}
			}
			for _, value := range row.valid {
				check(value, true)
			}
			for _, value := range row.invalid {
				check(value, false)
			}
		})
	}
}
