package mutations_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
)

// TestTrees spoils one node of an export that is JSON or YAML: a member or an item is left
// out, stands twice, or has the text of another one of its kind. Where that changes what
// becomes of any question for a name of the plan, the comparison and the audit tell of it.
func TestTrees(t *testing.T) {
	var trees []way
	for _, way := range ways() {
		if !byLine[way.format.Name] {
			trees = append(trees, way)
		}
	}
	done, meant, refused := 0, 0, 0
	for seed := *first; done < *count; seed++ {
		w, ok := worldOf(seed)
		if !ok {
			continue
		}
		way := trees[seed%len(trees)]
		files := way.export(t, w.vpc.View)
		if files == nil {
			continue
		}
		before, err := way.read(files)
		if err != nil {
			t.Fatal(err)
		}
		what := w.spoilTree(way, files)
		if what == "" {
			continue
		}
		done++
		after, err := way.read(files)
		if err != nil {
			refused++
			continue
		}
		harm, right := w.harm(before, after, holdings.FromView(w.vpc.View))
		if harm == "" {
			continue
		}
		meant++
		regions := diff.RegionsOf(w.vpc.Links)
		if len(after.Faults(nil, w.vpc.View.Clients)) == 0 && diff.Compare(diff.Side{Set: after, Regions: regions}, diff.Side{Set: holdings.FromView(w.vpc.View), Regions: regions}).Same() {
			t.Errorf("seed %d: %s: %s, so that %s: the comparison says nothing\nVPC %s\n%s", seed, way, what, harm, w.vpc.Name, w.model.YAML())
		}
		if findings := w.audit(after); len(findings) == 0 && !right && !strings.HasPrefix(harm, "*.endpoints.neo4j.io ") {
			t.Errorf("seed %d: %s: %s, so that %s: audit says nothing\nVPC %s\n%s", seed, way, what, harm, w.vpc.Name, w.model.YAML())
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if meant < done/8 {
		t.Errorf("only %d of %d nodes mattered", meant, done)
	}
	t.Logf("%d nodes were spoiled, %d of which mattered; %d files were refused", done, meant, refused)
}

// spoilTree spoils a node of one of the files that are read, and says which.
func (w *world) spoilTree(way way, files []file) string {
	var read []int
	for i, f := range files {
		if way.format.BackReader(f.name) != nil {
			read = append(read, i)
		}
	}
	if len(read) == 0 {
		return ""
	}
	f := &files[one(w, read)]
	documents, write, err := decoded(f.text)
	if err != nil || len(documents) == 0 {
		return ""
	}
	var all []node
	for i := range documents {
		walk(fmt.Sprint("document ", i+1), documents[i], func(value any) { documents[i] = value }, &all)
	}
	if len(all) == 0 {
		return ""
	}
	what := w.spoilNode(one(w, all), all)
	if what == "" {
		return ""
	}
	f.text = write(documents)
	return f.name + ": " + what
}

// node is an object or a list of a document, with what puts another value in its place.
type node struct {
	path  string
	value any
	set   func(any)
}

// walk gathers all that has members or items.
func walk(path string, value any, set func(any), all *[]node) {
	switch v := value.(type) {
	case map[string]any:
		*all = append(*all, node{path, value, set})
		for _, name := range slices.Sorted(maps.Keys(v)) {
			walk(path+"."+name, v[name], func(value any) { v[name] = value }, all)
		}
	case []any:
		*all = append(*all, node{path, value, set})
		for i := range v {
			walk(fmt.Sprintf("%s[%d]", path, i), v[i], func(value any) { v[i] = value }, all)
		}
	}
}

func (w *world) spoilNode(n node, all []node) string {
	switch v := n.value.(type) {
	case []any:
		if len(v) == 0 {
			return ""
		}
		i := w.rng.IntN(len(v))
		if w.rng.IntN(4) == 0 {
			n.set(append(slices.Clone(v), v[i]))
			return fmt.Sprintf("%s[%d] stands twice", n.path, i)
		}
		n.set(slices.Delete(slices.Clone(v), i, i+1))
		return fmt.Sprintf("%s[%d] is gone", n.path, i)
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
		name := one(w, slices.Sorted(maps.Keys(v)))
		text, isText := v[name].(string)
		if !isText || w.rng.IntN(3) == 0 {
			delete(v, name)
			return fmt.Sprintf("%s.%s is gone", n.path, name)
		}
		for range 10 {
			other, _ := one(w, all).value.(map[string]any)
			if said, is := other[name].(string); is && said != text {
				v[name] = said
				return fmt.Sprintf("%s.%s is %q instead of %q", n.path, name, said, text)
			}
		}
	}
	return ""
}

// decoded returns the documents of a file that is JSON or YAML, and what writes them.
func decoded(text []byte) (documents []any, write func([]any) []byte, err error) {
	var value any
	if json.Unmarshal(text, &value) == nil {
		return []any{value}, func(documents []any) []byte {
			out, _ := json.MarshalIndent(documents[0], "", " ") // what was decoded can be encoded
			return out
		}, nil
	}
	if !bytes.Contains(text, []byte("---\n")) {
		return nil, nil, errors.New("it is neither JSON nor YAML")
	}
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var document any
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return documents, writeYAML, nil
		case err != nil:
			return nil, nil, err
		}
		documents = append(documents, document)
	}
}

func writeYAML(documents []any) []byte {
	var out bytes.Buffer
	for _, document := range documents {
		text, _ := yaml.Marshal(document) // what was decoded can be encoded
		fmt.Fprintf(&out, "---\n%s", text)
	}
	return out.Bytes()
}

// auraLabels are parts of names whose case counts for nothing.
var auraLabels = regexp.MustCompile(`endpoints\.neo4j\.io|production-orch|neo4j\.io|example\.(?:org|net)`)

// objectName is the name of an object of Kubernetes, which has no capitals.
var objectName = regexp.MustCompile(`(?m)^  name: .*\n`)

// inCapitals writes those parts in capitals.
func inCapitals(text []byte) []byte {
	names := objectName.FindAll(text, -1)
	text = auraLabels.ReplaceAllFunc(text, bytes.ToUpper)
	return objectName.ReplaceAllFunc(text, func([]byte) []byte {
		name := names[0]
		names = names[1:]
		return name
	})
}

// TestNothing changes what means nothing: the case of names, and how long answers are kept.
// The audit says of neither anything, and the comparison has no more than the latter.
func TestNothing(t *testing.T) {
	all := ways()
	for seed, done := *first, 0; done < *count/4; seed++ {
		w, ok := worldOf(seed)
		if !ok {
			continue
		}
		way := all[seed%len(all)]
		v := w.vpc.View
		v.TTL++
		files := way.export(t, v)
		if files == nil {
			continue
		}
		done++
		for i := range files {
			if way.format.Name == "coredns" { // whose expressions are matched against names in lower case
				break
			}
			files[i].text = inCapitals(files[i].text)
		}
		set, err := way.read(files)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, way, err)
		}
		for _, f := range w.audit(set) {
			if f.Code != "hides" {
				t.Errorf("seed %d: %s: audit says %s [%s]\nVPC %s\n%s", seed, way, f.Message, f.Code, w.vpc.Name, w.model.YAML())
			}
		}
		regions := diff.RegionsOf(w.vpc.Links)
		for c := range diff.Compare(diff.Side{Set: set, Regions: regions}, diff.Side{Set: holdings.FromView(w.vpc.View), Regions: regions}).Changes() {
			if c.Kind != diff.TTL {
				t.Errorf("seed %d: %s: the comparison says that %s is %s\nVPC %s\n%s", seed, way, c.Name, c.Kind, w.vpc.Name, w.model.YAML())
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}
