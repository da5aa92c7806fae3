package test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// dnsExamples returns for each code of audit the first finding of that code in the
// archive that is called so: a topology, and somebody's DNS.
func dnsExamples(t *testing.T) map[string]example {
	t.Helper()
	archives, err := filepath.Glob("testdata/findings/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]example)
	for _, archive := range archives {
		code := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		findings := audited(t, archive)
		i := slices.IndexFunc(findings, func(f audit.Finding) bool { return string(f.Code) == code })
		if i < 0 {
			t.Errorf("%s: no finding is %s: %v", archive, code, findings)
			continue
		}
		all[code] = example{string(findings[i].Severity), findings[i].Message, findings[i].Hint}
	}
	return all
}

// audited returns what audit finds in an archive, for the first VPC of its topology.
func audited(t *testing.T, archive string) []audit.Finding {
	t.Helper()
	parsed, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := txtar.Write(parsed, dir); err != nil {
		t.Fatal(err)
	}
	declared, _, err := topology.Parse(bytes.NewReader(parsed.Files[0].Data))
	if err != nil {
		t.Fatalf("%s: %v", archive, err)
	}
	p, _ := plan.New(declared)
	vpc := &p.VPCs[0]
	options := existing.Options{Clients: vpc.View.Clients}
	found, err := options.Together(t.Context(), []string{filepath.Join(dir, parsed.Files[1].Name)}, audit.Questions(declared))
	if err != nil {
		t.Fatalf("%s: %v", archive, err)
	}
	return audit.Findings(audit.Subject{Set: found.Set, Topology: declared, VPC: vpc})
}
