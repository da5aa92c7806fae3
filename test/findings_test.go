package test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

//go:generate go test . -run ^TestFindingsPage$ -update

var update = flag.Bool("update", false, "write docs/findings.md")

// findingsMarker is where the lists begin in docs/findings.md.
const findingsMarker = "<!-- generated from the codes of internal/topology and internal/audit by \"make generate\" -->\n"

// code is a kind of finding: its name, and what its comment says.
type code struct{ constant, name, says string }

// codesOf returns the constants of the type Code in a package, in their order.
func codesOf(t *testing.T, dir string) []code {
	t.Helper()
	var codes []code
	eachConst(t, dir, func(spec *ast.ValueSpec) {
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code{spec.Names[0].Name, name, strings.TrimSpace(spec.Comment.Text())})
	})
	return codes
}

// eachConst calls do with each constant of the type Code in a package.
func eachConst(t *testing.T, dir string, do func(*ast.ValueSpec)) {
	t.Helper()
	eachFile(t, dir, parser.ParseComments, func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
				do(spec)
			}
			return true
		})
	})
}

var (
	// found finds a finding in a golden of the topology's.
	found = regexp.MustCompile(`^(?:\d+:\d+: )?(error|warning|note): (.*) \[([a-z-]+)\]$`)
	// hinted finds what to do about the finding above.
	hinted = regexp.MustCompile(`^      hint: (.*)$`)
)

// example is what a file of the catalogue says for a code.
type example struct{ severity, message, hint string }

// examples returns for each code of the topology what the first file says that has it
// in its name.
func examples(t *testing.T) map[string]example {
	t.Helper()
	paths, err := filepath.Glob("../internal/topology/testdata/findings/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]example)
	for _, path := range paths {
		_, name, _ := strings.Cut(filepath.Base(path), "-")
		code := "" // of the finding that the line is about, if it is one that is sought
		for line := range strings.Lines(read(t, path)) {
			line = strings.TrimSuffix(line, "\n")
			if m := found.FindStringSubmatch(line); m != nil {
				code = ""
				if _, has := all[m[3]]; !has && strings.HasPrefix(name, m[3]) {
					code, all[m[3]] = m[3], example{severity: m[1], message: m[2]}
				}
			} else if m := hinted.FindStringSubmatch(line); m != nil && code != "" {
				one := all[code]
				one.hint = m[1]
				all[code] = one
			}
		}
	}
	return all
}

// findingsLists returns what stands below the marker.
func findingsLists(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("\n## Of a topology\n")
	examples := examples(t)
	for _, c := range codesOf(t, "../internal/topology") {
		fmt.Fprintf(&b, "\n### %s\n\nThe topology %s.\n%s", c.name, c.says, examples[c.name])
	}
	b.WriteString("\n## Of somebody's DNS\n\nThe worst comes first.\n")
	examples = dnsExamples(t)
	for _, c := range codesOf(t, "../internal/audit") {
		fmt.Fprintf(&b, "\n### audit: %s\n\nThe DNS %s.\n%s", c.name, c.says, examples[c.name])
	}
	return b.String()
}

// String returns the example as a list, or nothing if there is none.
func (e example) String() string {
	if e.message == "" {
		return ""
	}
	text := fmt.Sprintf("\n- **For example**: %s: %s\n", e.severity, inline(e.message))
	if e.hint != "" {
		text += fmt.Sprintf("- **Do**: %s\n", inline(e.hint))
	}
	return text
}

// inline returns a text as it stands, in Markdown.
func inline(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	fence := "`"
	if strings.Contains(text, fence) {
		fence = "``"
	}
	return fence + text + fence
}

// TestFindingsPage: docs/findings.md has each kind of finding of a topology and of
// somebody's DNS.
func TestFindingsPage(t *testing.T) {
	const path = "../docs/findings.md"
	before, got, ok := strings.Cut(read(t, path), findingsMarker)
	if !ok {
		t.Fatalf("%s has no marker", path)
	}
	want := findingsLists(t)
	if *update {
		if err := os.WriteFile(path, []byte(before+findingsMarker+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: run make generate (-want +got):\n%s", path, diff)
	}
}

// TestCodesAreOrdered: the list by which the findings of audit are sorted has all codes,
// in their order.
func TestCodesAreOrdered(t *testing.T) {
	var want, got []string
	for _, c := range codesOf(t, "../internal/audit") {
		want = append(want, c.constant)
	}
	eachFile(t, "../internal/audit", parser.ParseComments, func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !slices.ContainsFunc(spec.Names, func(name *ast.Ident) bool { return name.Name == "codes" }) {
				return true
			}
			for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
				got = append(got, e.(*ast.Ident).Name)
			}
			return false
		})
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-constants +list):\n%s", diff)
	}
}
