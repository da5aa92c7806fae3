package all_test

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

var (
	formatName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	// ourFlag is a flag of our command line. Other commands have some of their
	// own in what the formats say.
	ourFlag = regexp.MustCompile(`--(shape|set|server|format|out|check|force|vpc|as|origin) `)
)

// TestReadmeHasFormats: the README's list has each of them.
func TestReadmeHasFormats(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Formats() {
		if !bytes.Contains(readme, []byte("`"+f.Name+"`")) {
			t.Errorf("the README does not list the format %s", f.Name)
		}
	}
}

// TestRegistry: each format says all that users and programs are told of it.
func TestRegistry(t *testing.T) {
	names := make(map[string]bool)
	var groups []formats.Group
	for _, f := range all.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			if !formatName.MatchString(f.Name) || names[f.Name] {
				t.Errorf("the name %q is no word, or another format has it", f.Name)
			}
			names[f.Name] = true
			if len(groups) == 0 || groups[len(groups)-1] != f.Group {
				if slices.Contains(groups, f.Group) {
					t.Errorf("group %s is in two places of the list", f.Group)
				}
				groups = append(groups, f.Group)
			}
			if f.Summary == "" || f.Form == "" || f.Limits == "" || f.Write == nil {
				t.Error("it has no summary, shape or limits, or writes nothing")
			}
			checkReads(t, f)
			checkParameters(t, f)
			for _, text := range []string{f.Summary, f.Form, f.Limits} {
				if flag := ourFlag.FindString(text); flag != "" {
					t.Errorf("it speaks of the flag %s, which programs have not: %s", flag, text)
				}
			}
		})
	}
}

// checkReads: what can be read can be told, and what is written in such a format
// can be read.
func checkReads(t *testing.T, f formats.Format) {
	t.Helper()
	if (f.Read != nil) != (f.Detect != nil) || (f.Read != nil) != f.CanReadBack() {
		t.Error("of reading, telling and reading back it has some, and not all")
	}
	if f.Read == nil {
		return
	}
	if got, err := all.ReadableAs(f.Syntax()); err != nil || got.Name != f.Name || got.Syntax() != f.Syntax() {
		t.Errorf("another format is called %q, error %v", f.Syntax(), err)
	}
}

// checkParameters: a default is a value that is taken.
func checkParameters(t *testing.T, f formats.Format) {
	t.Helper()
	for _, p := range f.Parameters {
		if !formatName.MatchString(p.Name) || p.Doc == "" {
			t.Errorf("parameter %q has no name or says nothing", p.Name)
		}
		if p.Required && p.Default != "" {
			t.Errorf("parameter %s is required, and has a default", p.Name)
		}
		if p.Default != "" && p.Check != nil {
			if err := p.Check(p.Default); err != nil {
				t.Errorf("parameter %s does not take its default: %v", p.Name, err)
			}
		}
	}
}

// TestReads: each kind of file that is read says what it is.
func TestReads(t *testing.T) {
	for _, f := range all.Readable() {
		if f.Reads == "" || !strings.HasSuffix(f.Reads, ".") {
			t.Errorf("%s reads %q", f.Syntax(), f.Reads)
		}
	}
}
