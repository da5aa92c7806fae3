package mutations_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// byLine are the formats in which a line by itself can be left out.
var byLine = map[string]bool{"zone": true, "rpz": true, "unbound": true, "dnsmasq": true}

// TestLines deletes a line of the text of an export. Where that changes what becomes of
// any question for a name of the plan, be it one that is asked elsewhere from now on, the
// comparison tells of it, and so does the audit.
func TestLines(t *testing.T) {
	var lined []way
	for _, way := range ways() {
		if byLine[way.format.Name] {
			lined = append(lined, way)
		}
	}
	done, meant := 0, 0
	for seed := *first; done < *count; seed++ {
		w, ok := worldOf(seed)
		if !ok {
			continue
		}
		way := lined[seed%len(lined)]
		files := way.export(t, w.vpc.View)
		before, err := way.read(files)
		if err != nil {
			t.Fatal(err)
		}
		what := w.dropLine(way, files)
		if what == "" {
			continue
		}
		done++
		after, err := way.read(files)
		if err != nil {
			continue // it is refused, and not silent
		}
		harm, right := w.harm(before, after, nil)
		if harm == "" {
			continue
		}
		meant++
		regions := diff.RegionsOf(w.vpc.Links)
		if diff.Compare(diff.Side{Set: after, Regions: regions}, diff.Side{Set: holdings.FromView(w.vpc.View), Regions: regions}).Same() {
			t.Errorf("seed %d: %s: %s, so that %s: the comparison says nothing\nVPC %s\n%s", seed, way, what, harm, w.vpc.Name, w.model.YAML())
		}
		if findings := w.audit(after); len(findings) == 0 && !right && !strings.HasPrefix(harm, "*.endpoints.neo4j.io ") {
			t.Errorf("seed %d: %s: %s, so that %s: audit says nothing\nVPC %s\n%s", seed, way, what, harm, w.vpc.Name, w.model.YAML())
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if meant < done/4 {
		t.Errorf("only %d of %d lines mattered", meant, done)
	}
	t.Logf("%d lines were deleted, %d of which mattered", done, meant)
}

// dropLine deletes a line that is no comment from one of the files that are read, and
// says which.
func (w *world) dropLine(way way, files []file) string {
	type place struct{ file, line int }
	var places []place
	texts := make([][]string, len(files))
	for i, f := range files {
		if way.format.BackReader(f.name) == nil {
			continue
		}
		texts[i] = strings.SplitAfter(string(f.text), "\n")
		for n, line := range texts[i] {
			if line = strings.TrimSpace(line); line != "" && !strings.ContainsAny(line[:1], "#;") {
				places = append(places, place{i, n})
			}
		}
	}
	if len(places) == 0 {
		return ""
	}
	p := one(w, places)
	gone := texts[p.file][p.line]
	texts[p.file][p.line] = ""
	files[p.file].text = []byte(strings.Join(texts[p.file], ""))
	return fmt.Sprintf("%s lacks its line %d, %q", files[p.file].name, p.line+1, bytes.TrimSpace([]byte(gone)))
}

// harm returns a name of the plan of which a question is answered otherwise now, and how;
// "" where there is none. What is answered with nothing may be so in either way, and what
// is answered as planned is none. It reports, too, whether the name has addresses now that
// it may have: that need not be told by an audit, which knows no plan.
func (w *world) harm(before, after, planned *holdings.Set) (harm string, right bool) {
	for _, name := range w.names(w.vpc.View) {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS} {
			was, is := became(before, name, qtype), became(after, name, qtype)
			if planned != nil && is == became(planned, name, qtype) {
				continue
			}
			may := w.mayHave(name, after, qtype)
			if was == is || was == nothing && may || right && may {
				continue
			}
			harm = fmt.Sprintf("%s %s: %s instead of %s", name, dns.Type(qtype), is, was)
			right = w.mayHave(name, after, dns.TypeA) || w.mayHave(name, after, dns.TypeAAAA)
			if !right {
				return harm, false
			}
		}
	}
	return harm, right
}

// mayHave reports whether a set has addresses for a name, all of which it may have.
func (w *world) mayHave(name string, s *holdings.Set, qtype uint16) bool {
	addrs := s.Resolve(asked(name)+".", qtype).Addrs
	for _, addr := range addrs {
		if !w.mayLead(name, addr) {
			return false
		}
	}
	return len(addrs) > 0
}

const nothing = "nothing"

// became says what a set makes of a question.
func became(s *holdings.Set, name string, qtype uint16) string {
	a := s.Resolve(asked(name)+".", qtype)
	switch a.Outcome {
	case zones.Positive:
		return fmt.Sprint(a.Addrs)
	case zones.Redirects:
		return a.Target
	case zones.NotOurs, zones.Referred:
		return "asked elsewhere"
	default:
		return nothing
	}
}
