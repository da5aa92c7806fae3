package mutations_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

var (
	count = flag.Int("mutations", 400, "how many exports are spoiled")
	first = flag.Int("seed", 1, "the seed of the first")
)

// TestRecords spoils what a view has, writes it in a format that can be read back,
// and holds that audit and comparison report exactly what is wrong.
func TestRecords(t *testing.T) {
	all, done, failed := ways(), 0, 0
	for seed := *first; done < *count; seed++ {
		w, ok := worldOf(seed)
		if !ok {
			continue
		}
		way := all[seed%len(all)]
		spoiled, what := spoil(w, w.vpc.View)
		files := way.export(t, spoiled)
		if what == "" || files == nil {
			continue
		}
		done++
		w.isClean(t, way)
		set, err := way.read(files)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, way, err)
		}
		if wrong := w.judge(way, spoiled, set); wrong != "" {
			t.Errorf("seed %d: %s: %s: %s\nVPC %s\n%s", seed, way, what, wrong, w.vpc.Name, w.model.YAML())
			if failed++; failed == 10 {
				t.FailNow()
			}
		}
	}
	t.Logf("%d exports were spoiled", done)
}

// isClean: of the export of the plan itself, all that the audit may say is that it
// hides names, in DNS that has no zone for a single name.
func (w *world) isClean(t *testing.T, way way) {
	t.Helper()
	set, err := way.read(way.export(t, w.vpc.View))
	if err != nil {
		t.Fatal(err)
	}
	findings := w.audit(set)
	for _, f := range findings {
		if f.Code != audit.CodeHides || f.Severity != audit.SeverityWarning {
			t.Fatalf("%s: the plan's own export is accused:%s\nVPC %s\n%s", way, report(findings), w.vpc.Name, w.model.YAML())
		}
	}
}

func (w *world) audit(set *holdings.Set) []audit.Finding {
	findings := audit.Findings(audit.Subject{Set: set, Topology: w.topology, VPC: w.vpc})
	return slices.DeleteFunc(findings, func(f audit.Finding) bool { return f.Code == audit.CodeAmbiguousAddress })
}

// judge returns what audit or comparison get wrong about a spoiled view.
func (w *world) judge(way way, spoiled zones.View, set *holdings.Set) string {
	names := w.names(w.vpc.View, spoiled)
	findings := w.audit(set)
	told, accused := toldIn(findings), toldIn(slices.DeleteFunc(slices.Clone(findings), func(f audit.Finding) bool {
		return f.Code == audit.CodeHides // in DNS that has no zone for a single name, each hides what is below it
	}))
	for _, name := range names {
		fault := w.fault(name, spoiled)
		if way.covers(name, spoiled) || way.zoneless() && fault == "is hidden" {
			continue
		}
		switch {
		case fault != "" && !told.has(name) && !told.more && !w.needless(name):
			return fmt.Sprintf("audit does not tell of %s, which %s%s", name, fault, report(findings))
		case fault == "" && accused.has(name) && !w.undeclared(name, spoiled):
			return fmt.Sprintf("audit accuses %s%s", name, report(findings))
		}
	}
	return w.compare(spoiled, set, slices.DeleteFunc(names, func(name string) bool { return way.covers(name, spoiled) }))
}

// compare is judge for the comparison.
func (w *world) compare(spoiled zones.View, set *holdings.Set, names []string) string {
	regions := diff.RegionsOf(w.vpc.Links)
	r := diff.Compare(diff.Side{Set: set, Regions: regions}, diff.Side{Set: holdings.FromView(w.vpc.View), Regions: regions})
	changed := make(map[string]bool)
	for c := range r.Changes() {
		changed[strings.TrimSuffix(c.Name, ".")] = true
	}
	for _, name := range names {
		got, want := model.Resolve(spoiled, asked(name)), model.Resolve(w.vpc.View, asked(name))
		own := owns(spoiled, name) || owns(w.vpc.View, name)
		switch same := slices.Equal(got.Addrs, want.Addrs); {
		case !same && own && !changed[name]:
			return fmt.Sprintf("the comparison does not tell of %s, which has %v, and should have %v", name, got.Addrs, want.Addrs)
		case same && got.Owned == want.Owned && changed[name] && owns(spoiled, name) == owns(w.vpc.View, name) && !w.breaks(spoiled, name):
			return fmt.Sprintf("the comparison accuses %s, which has %v on both sides", name, got.Addrs)
		}
	}
	return ""
}

// breaks reports whether a record takes the addresses from a name above it, which
// exists because of it (RFC 4592, section 2.2.2): such a record is told of, even if
// its own name has the same addresses without it.
func (w *world) breaks(spoiled zones.View, name string) bool {
	for _, above, ok := strings.Cut(name, "."); ok; _, above, ok = strings.Cut(above, ".") {
		if !slices.Equal(model.Resolve(spoiled, above).Addrs, model.Resolve(w.vpc.View, above).Addrs) {
			return true
		}
	}
	return false
}

// owns reports whether a view has records for exactly that name.
func owns(v zones.View, name string) bool {
	for o := range v.Owners() {
		if o.Name == name+"." {
			return true
		}
	}
	return false
}

// told are the names in findings.
type told struct {
	names map[string]bool
	more  bool // than are listed
}

func toldIn(findings []audit.Finding) told {
	t := told{names: make(map[string]bool)}
	for _, f := range findings {
		for _, name := range f.Names {
			name, _, _ = strings.Cut(name, " (")
			t.names[name] = true
		}
		if f.Code == audit.CodeWildcardAcrossRegions && f.NamesTotal == 0 {
			wildcard, _, _ := strings.Cut(f.Message, " ")
			t.names[wildcard] = true
		}
		t.more = t.more || f.NamesTotal > len(f.Names) || f.Code == audit.CodeMore
	}
	return t
}

// has reports whether a finding names a name. Of an endpoint that is not declared it
// is the label, without the prefix if the endpoint itself is there.
func (t told) has(name string) bool {
	label, endpoint := strings.CutSuffix(name, ".endpoints.neo4j.io")
	_, base := topology.BaseLabels(label)
	return t.names[name] || endpoint && (t.names[label] || t.names[base])
}

func report(findings []audit.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "\n  %s: %s [%s]", f.Severity, f.Message, f.Code)
	}
	return b.String()
}
