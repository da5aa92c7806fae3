package topology_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// catalogue returns the topologies of testdata/findings, sorted. Each has a
// golden with the same name beside it.
func catalogue(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/findings/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("the catalogue of findings: %d files, error %v", len(files), err)
	}
	return files
}

// parseFile parses a file and holds what is true of every outcome.
func parseFile(t *testing.T, file string) (*topology.Topology, topology.Findings) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, findings := parse(t, string(text))
	if parsed != nil {
		findings = append(findings, parsed.Unsaid...)
		findings.Sort()
	}
	return parsed, findings
}

// parse parses a text and holds what is true of every outcome: there is either
// a topology or an error, and the error carries the findings.
func parse(t *testing.T, text string) (*topology.Topology, topology.Findings) {
	t.Helper()
	parsed, findings, err := topology.Parse(strings.NewReader(text))
	var invalid *topology.InvalidError
	switch {
	case err == nil && (parsed == nil || findings.HasErrors()):
		t.Fatalf("no error, topology %v, findings:\n%s", parsed, findings.Report())
	case err != nil && parsed != nil:
		t.Fatalf("a topology together with the error %v", err)
	case err != nil && !errors.As(err, &invalid):
		t.Fatalf("error of type %T: %v", err, err)
	case err != nil && !findings.HasErrors():
		t.Fatalf("an error without findings: %v", err)
	case err != nil:
		if diff := cmp.Diff(findings, invalid.Findings); diff != "" {
			t.Fatalf("the findings of the error (-returned +error):\n%s", diff)
		}
	}
	return parsed, findings
}

// inFull writes findings as people see them, and then as programs do.
func inFull(findings topology.Findings) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "-- report --\n%s-- findings --\n", findings.Report())
	for _, f := range findings {
		fmt.Fprintf(&b, "%d:%d severity=%s code=%s path=%q vpc=%q\n", f.Line, f.Column, f.Severity, f.Code, f.Path, f.VPC)
	}
	return b.Bytes()
}

// TestFindings compares what is found in each file of the catalogue with its
// golden: severity, code, place, path, message, hint, and how they look.
func TestFindings(t *testing.T) {
	for _, file := range catalogue(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			_, findings := parseFile(t, file)
			golden, got := strings.TrimSuffix(file, ".yaml")+".golden", inFull(findings)
			if *topology.Update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-golden +got):\n%s", golden, diff)
			}
		})
	}
}

// TestEveryCode holds that the catalogue has each kind of finding, by the code
// that its files are named after.
func TestEveryCode(t *testing.T) {
	want := declaredCodes(t)
	want = slices.DeleteFunc(want, func(code string) bool {
		// One is found by package plan, the others need files that are large.
		return code == string(topology.CodeUnsafeWildcard) || code == string(topology.CodeTooManyPairs) ||
			code == string(topology.CodeTooLarge)
	})
	var got []string
	for _, file := range catalogue(t) {
		_, findings := parseFile(t, file)
		_, name, _ := strings.Cut(filepath.Base(file), "-")
		for _, f := range findings {
			if strings.HasPrefix(name, string(f.Code)) {
				got = append(got, string(f.Code))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("codes (-declared +found):\n%s", diff)
	}
}

// declaredCodes returns the constants of type Code, from the source.
func declaredCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "finding.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	return codes
}
