package test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// byHand finds what package dnsname is for, done elsewhere.
var byHand = regexp.MustCompile(`strings\.TrimSuffix\(.*, "\."\)|strings\.HasSuffix\([^,\n]*, "\."\s*\+|dns\.(CanonicalName|IsSubDomain)\(|func (lower|isBelow|parentOf)\(.* string\b`)

// withReason are packages that do it by themselves: wire has names as octets, the
// model shares nothing with what it is held against, and an alias may come from any
// server, with escaped dots in it.
var withReason = []string{"internal/dnsname/", "internal/wire/", "internal/model/", "internal/alias/"}

// aura finds a name of Aura's that package auraname has.
var aura = regexp.MustCompile(`"(endpoints\.)?neo4j\.io\.?"`)

// TestNamesInOnePlace: what names are is known to one package.
func TestNamesInOnePlace(t *testing.T) {
	for _, dir := range []string{"cmd", "internal", "plugin", "zones"} {
		err := filepath.WalkDir(filepath.Join("..", dir), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if hasPrefix(withReason, strings.TrimPrefix(filepath.ToSlash(path), "../")) {
				return nil
			}
			source, err := os.ReadFile(path)
			for _, found := range byHand.FindAllString(string(source), -1) {
				t.Errorf("%s has %s, which is for internal/dnsname", path, found)
			}
			if found := aura.FindString(string(source)); found != "" && !strings.Contains(path, "auraname") {
				t.Errorf("%s has %s, which is in internal/auraname", path, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
