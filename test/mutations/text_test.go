package mutations_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
)

// addressLike matches what may be an address in a text.
var addressLike = regexp.MustCompile(`(?:[0-9]{1,3}\.){3}[0-9]{1,3}|fd[0-9a-f]{2}:[0-9a-f:]+`)

// wrongAddress takes the place of an address of the same family.
func wrongAddress(addr string) string {
	if strings.Contains(addr, ":") {
		return "fd00:ff::9"
	}
	return "10.250.0.9"
}

// TestText spoils one address of the text of an export, wherever it stands. That is
// told by audit and comparison, or the file is refused: it is never silent.
func TestText(t *testing.T) {
	all, done, refused := ways(), 0, 0
	for seed := *first; done < *count/2; seed++ {
		w, ok := worldOf(seed)
		if !ok {
			continue
		}
		way := all[seed%len(all)]
		files := way.export(t, w.vpc.View)
		what := w.spoilText(way, files)
		if what == "" {
			continue
		}
		done++
		set, err := way.read(files)
		if err != nil {
			refused++
			continue
		}
		if findings := w.audit(set); len(findings) == 0 {
			t.Errorf("seed %d: %s: %s: audit says nothing\nVPC %s\n%s", seed, way, what, w.vpc.Name, w.model.YAML())
		}
		regions := diff.RegionsOf(w.vpc.Links)
		if diff.Compare(diff.Side{Set: set, Regions: regions}, diff.Side{Set: holdings.FromView(w.vpc.View), Regions: regions}).Same() {
			t.Errorf("seed %d: %s: %s: the comparison says nothing\nVPC %s\n%s", seed, way, what, w.vpc.Name, w.model.YAML())
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d texts were spoiled, %d of them refused", done, refused)
}

// spoilText puts another address in the place of a link's, in one of the files that
// are read, and says where.
func (w *world) spoilText(way way, files []file) string {
	var links []string
	for _, link := range w.vpc.Links {
		for _, addr := range link.Addrs {
			links = append(links, addr.String())
		}
	}
	type place struct{ file, from, to int }
	var places []place
	for i, f := range files {
		if way.format.BackReader(f.name) == nil {
			continue
		}
		for _, m := range addressLike.FindAllIndex(f.text, -1) {
			if slices.Contains(links, string(f.text[m[0]:m[1]])) {
				places = append(places, place{i, m[0], m[1]})
			}
		}
	}
	if len(places) == 0 {
		return ""
	}
	p := one(w, places)
	text := string(files[p.file].text)
	addr := text[p.from:p.to]
	line := strings.Count(text[:p.from], "\n") + 1
	files[p.file].text = []byte(text[:p.from] + wrongAddress(addr) + text[p.to:])
	return fmt.Sprintf("%s:%d: %s instead of %s", files[p.file].name, line, wrongAddress(addr), addr)
}
