package topology_test

import (
	"bytes"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// repeated is a text that is as long as is asked for: unit again and again, or
// what it makes of the numbers from 0, between a beginning and an end.
type repeated struct {
	begin, unit, end string
	numbered         func(int) string
}

func (r repeated) text(size int) string {
	var b strings.Builder
	b.Grow(size + 100)
	b.WriteString(r.begin)
	for i := 0; b.Len() < size-len(r.end); i++ {
		if r.numbered != nil {
			b.WriteString(r.numbered(i))
			continue
		}
		b.WriteString(r.unit)
	}
	b.WriteString(r.end)
	return b.String()
}

// name returns one of the names with n letters and digits, by its number.
func name(i, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	for k := n - 1; k > 0; k-- {
		b[k] = letters[i%36]
		i /= 36
	}
	b[0] = letters[i%26]
	return string(b)
}

const (
	denseVPC     = `vpcs: {a: {clients: [10.0.0.0/8], links: {e: [10.0.0.1]}}}`
	denseRegions = "regions: {e: }"
)

// manyRegions are as many as leave room for the endpoints of a long text.
const manyRegions = 600_000

func regionOrEndpoint(i int) string {
	switch {
	case i < manyRegions:
		return name(i, 4) + ","
	case i == manyRegions:
		return "}\ncustom_endpoints: {"
	default:
		return name(i-manyRegions, 6) + ": e,"
	}
}

// dense are valid topologies with as much as possible in each octet.
var dense = map[string]repeated{
	"regions, and endpoints": {begin: denseVPC + "\nregions: {e: ,", end: "}\n", numbered: regionOrEndpoint},
	"endpoints":              {begin: denseVPC + "\n" + denseRegions + "\ncustom_endpoints: {", end: "}\n", numbered: func(i int) string { return name(i, 5) + ": e," }},
	"endpoints in a line of their own": {
		begin: denseVPC + "\n" + denseRegions + "\ncustom_endpoints:\n  {", end: "}\n",
		numbered: func(i int) string { return name(i, 5) + ": e," },
	},
	"endpoints, a line each": {begin: denseVPC + "\n" + denseRegions + "\ncustom_endpoints:\n", numbered: func(i int) string { return " " + name(i, 5) + ": e\n" }},
	"endpoints with comments": {
		begin:    denseVPC + "\n" + denseRegions + "\ncustom_endpoints:\n",
		numbered: func(i int) string { return " " + name(i, 5) + ": #\n  e #\n" },
	},
	"one mapping": {
		begin: "{" + denseVPC + ", " + denseRegions + ", custom_endpoints: {", end: "}}\n",
		numbered: func(i int) string { return name(i, 5) + ": e," },
	},
	"JSON": {
		begin:    `{"vpcs":{"a":{"clients":["10.0.0.0/8"],"links":{"e":["10.0.0.1"]}}},"regions":{"e":null},"custom_endpoints":{"x":"e"`,
		end:      "}}\n",
		numbered: func(i int) string { return `,"` + name(i, 5) + `":"e"` },
	},
	"comments":    {begin: denseVPC + "\n" + denseRegions + "\n", unit: "#\n"},
	"blank lines": {begin: denseVPC + "\n" + denseRegions + "\n", unit: "\n"},
}

// bombs are texts that would cost more than that if the YAML library saw all of
// them.
var bombs = map[string]repeated{
	"tags":                          {unit: "! "},
	"tags in a list":                {begin: "[", unit: "! ,"},
	"tags in lines":                 {unit: "- !\n"},
	"anchors":                       {unit: "&a "},
	"aliases":                       {unit: "*a "},
	"aliases in a list":             {begin: "a: &a\nb: [", unit: "*a,"},
	"anchors of one name":           {begin: "[", unit: "&a a,"},
	"brackets":                      {unit: "["},
	"braces":                        {unit: "{"},
	"lists of nothing":              {begin: "[", unit: "[],"},
	"mappings of nothing":           {begin: "[", unit: "{},"},
	"lists of one":                  {begin: "[", unit: "[a],"},
	"commas":                        {begin: "[", unit: ","},
	"a list":                        {begin: "[", unit: "a,"},
	"a list of longer words":        {begin: "[", unit: "aaaa,"},
	"a list in a list":              {begin: "a: [[", unit: "aaaa,"},
	"a list in lines":               {begin: "[", unit: "a\n,"},
	"keys":                          {begin: "{", unit: "a,"},
	"longer keys":                   {begin: "{", unit: "aaaa,"},
	"pairs":                         {begin: "{", unit: "a: b,"},
	"pairs in a list":               {begin: "[", unit: "a: b,"},
	"colons in a list":              {begin: "[", unit: ":,"},
	"colons in a mapping":           {begin: "{", unit: ":,"},
	"question marks in a list":      {begin: "[", unit: "? ,"},
	"empty strings":                 {unit: `""`},
	"empty strings in a list":       {begin: "[", unit: `"",`},
	"quotes":                        {unit: "'"},
	"dashes":                        {unit: "- "},
	"dashes in lines":               {unit: "-\n"},
	"nested dashes in lines":        {unit: "- - - - - - -\n"},
	"questions":                     {unit: "? "},
	"questions in lines":            {unit: "?\n"},
	"colons in lines":               {unit: ":\n"},
	"pairs in lines":                {unit: "a: b\n"},
	"keys in lines":                 {unit: "a:\n"},
	"lists in lines":                {unit: "a:\n-\n"},
	"block scalars":                 {unit: "- |\n"},
	"a block scalar":                {begin: "a: |\n", unit: " x\n"},
	"a block scalar, folded":        {begin: "a: >\n", unit: " x\n\n"},
	"a plain scalar in lines":       {begin: "a", unit: "\n b"},
	"a quoted scalar in lines":      {begin: `a: "`, unit: "\n", end: `"`},
	"a long key":                    {unit: "a", end: ": b\n"},
	"escapes":                       {begin: `a: "`, unit: `\e`, end: `"`},
	"escapes of four octets":        {begin: `a: "`, unit: `\U0001F600`, end: `"`},
	"comments":                      {unit: "#\n"},
	"comments and blank lines":      {unit: "#\n\n"},
	"comments of items":             {unit: "- #\n"},
	"comments of items and between": {begin: "-", unit: " #\n #\n-"},
	"comments in a list":            {begin: "[", unit: "a, #\n"},
	"comments in a mapping":         {begin: "{", unit: "a: #\n,"},
	"comments behind scalars":       {begin: "{", unit: "aa #\n,"},
	"documents":                     {unit: "---\n"},
	"documents with something":      {unit: "--- a\n"},
	"ends of documents":             {unit: "...\n"},
	"directives":                    {unit: "%a\n"},
	"byte order marks":              {unit: "\ufeff"},
	"carriage returns":              {unit: "\r"},
	"lines of DOS":                  {unit: "\r\n"},
	"one region again and again":    {begin: denseVPC + "\nregions: {e: ,", unit: "aaaa,", end: "}\n"},
	"one endpoint again and again":  {begin: denseVPC + "\n" + denseRegions + "\ncustom_endpoints: {", unit: "aaa: e,", end: "}\n"},
	"unknown regions":               {begin: denseVPC + "\n" + denseRegions + "\ncustom_endpoints: {", end: "}\n", numbered: func(i int) string { return name(i, 5) + ": f," }},
	"bad addresses":                 {begin: denseRegions + "\nvpcs: {a: {links: {e: [", unit: "aaaa,", end: "]}}}\n"},
	"brackets where a key may be":   {begin: "? [", unit: "aaaa,"},
	"quotes that hide tags":         {begin: "a\n  \"\n", unit: "! "},
	"a comment that hides tags":     {begin: "a: |\n  '\n# '\n", unit: "! "},
}

// TestBombs holds that each of the bombs is refused with its place, and takes the
// library no more than a text of its length may.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			text := bomb.text(256 << 10)
			allocated, findings := allocated(t, text)
			checkAllocated(t, allocated, text)
			if !findings.HasErrors() || findings[0].Line < 1 && findings[0].Code != topology.CodeEmpty {
				t.Errorf("an error without a place: %s", findings)
			}
			checkFindings(t, findings, []byte(text))
		})
	}
}

// TestDense holds that the densest topologies are valid, and take no more either.
func TestDense(t *testing.T) {
	for name, topology := range dense {
		t.Run(name, func(t *testing.T) {
			text := topology.text(256 << 10)
			allocated, findings := allocated(t, text)
			checkAllocated(t, allocated, text)
			if findings.HasErrors() {
				t.Errorf("not valid: %s", findings)
			}
		})
	}
}

// allocated returns how many octets are allocated, one after the other, to parse
// a text, and what is found in it.
func allocated(t *testing.T, text string) (uint64, topology.Findings) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, findings, _ := topology.Parse(strings.NewReader(text))
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, findings
}

// checkAllocated holds what a text of n octets may take: what the densest valid
// ones do, which is some 200 octets for each, and what the limits leave free.
func checkAllocated(t *testing.T, allocated uint64, text string) {
	t.Helper()
	const forEach, free = 256, 48 << 20
	if most := uint64(forEach*len(text) + free); allocated > most {
		t.Errorf("%d octets took %d, more than %d", len(text), allocated, most)
	}
}

// FuzzMemory looks for further bombs: what makes a long text out of proportion is
// most often something short again and again.
func FuzzMemory(f *testing.F) {
	if testing.Short() {
		f.Skip("large files")
	}
	for _, bomb := range bombs {
		f.Add(bomb.begin, bomb.unit, bomb.end)
	}
	f.Fuzz(func(t *testing.T, begin, unit, end string) {
		if unit == "" || len(begin)+len(unit)+len(end) > 1000 {
			t.Skip()
		}
		text := repeated{begin: begin, unit: unit, end: end}.text(256 << 10)
		allocated, findings := allocated(t, text)
		checkAllocated(t, allocated, text)
		checkFindings(t, findings, []byte(text))
	})
}

// nodesIn counts the nodes below a node, and itself.
func nodesIn(n *yaml.Node) int {
	total := 1
	for _, child := range n.Content {
		total += nodesIn(child)
	}
	return total
}

// TestGuardNodes holds that the nodes of the densest topologies are counted to a
// one, so that no limit is reached early.
func TestGuardNodes(t *testing.T) {
	texts := map[string]string{"the example": example(t), "an empty value": "a:\nb:\n- \n-\n- c\n"}
	for name, topology := range dense {
		texts[name] = topology.text(20_000)
	}
	for name, text := range texts {
		var document yaml.Node
		if err := yaml.Load([]byte(text), &document); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, _ := topology.CountNodes([]byte(text)); got != nodesIn(&document)-1 {
			t.Errorf("%s: %d nodes, counted %d", name, nodesIn(&document)-1, got)
		}
	}
}

// FuzzGuardNodes holds that no node escapes the count of them.
func FuzzGuardNodes(f *testing.F) {
	for _, bomb := range bombs {
		f.Add([]byte(bomb.begin + bomb.unit + bomb.unit + bomb.end))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var document yaml.Node
		if bytes.HasPrefix(text, []byte("%")) || bytes.Contains(text, []byte("\n%")) || yaml.Load(text, &document) != nil {
			t.Skip()
		}
		got, legal := topology.CountNodes(text)
		if want := nodesIn(&document) - 1; legal && got < want {
			t.Errorf("%d nodes, counted %d", want, got)
		}
	})
}

// TestJoin holds that a long mapping may begin at the beginning of a line, and
// that what is wrong in it and behind it is shown where it stands in the file.
func TestJoin(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	entries := repeated{numbered: func(i int) string { return name(i, 5) + ": e,\n" }}.text(200_000) + "é: é, good: nowhere, # é"
	for name, text := range map[string]string{
		"behind a key": denseVPC + "\n" + denseRegions + "\ncustom_endpoints: # é\n\n  {" + entries + "\n}\nttl: never\n",
		"two of them": "vpcs: {a: {links: {e: [10.0.0.1]}, clients:\n [" + many(30_000, "\"fd00::%x\",\n") + "]}}\nregions:\n  {e: }\ncustom_endpoints:\n {" +
			entries + "\n}\nttl: never\n",
		"a file":     "# é\n\n  {" + denseVPC + ", " + denseRegions + ", custom_endpoints: {" + entries + "\n}, é: , ttl: never}\n",
		"a document": "# é\n---\n{" + denseVPC + ", " + denseRegions + ", custom_endpoints: {" + entries + "\n}, é: , ttl: never}\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, findings := parse(t, text)
			if findings[0].Code == topology.CodeTooLarge || findings[0].Code == topology.CodeSyntax {
				t.Fatalf("findings: %s", findings)
			}
			for _, wrong := range []string{"é: é", "nowhere", "never"} {
				checkPlace(t, findings, text, wrong)
			}
			_, findings = parse(t, text+"]")
			if got, want := findings[0].Line, strings.Count(text, "\n")+1; findings[0].Code != topology.CodeSyntax || got != want {
				t.Errorf("a bracket in line %d that nothing opens: %s", want, findings)
			}
		})
	}
}

// checkPlace holds that there is a finding where a word stands in a text.
func checkPlace(t *testing.T, findings topology.Findings, text, word string) {
	t.Helper()
	before := text[:strings.Index(text, word)]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	if !slices.ContainsFunc(findings, func(f topology.Finding) bool { return f.Line == line && f.Column == column }) {
		t.Errorf("no finding at %d:%d: %s", line, column, findings)
	}
}

// TestBlankComments holds that a file with many comments means what it means
// without them.
func TestBlankComments(t *testing.T) {
	text := repeated{
		begin:    denseVPC + " # a\n#b\n\n" + denseRegions + "\ncustom_endpoints: # c\n# d\n",
		numbered: func(i int) string { return " #\n " + name(i, 5) + ": # é\n  e # ü\n\n  #\n" },
	}.text(100_000)
	got, findings := parse(t, text)
	if got == nil {
		t.Fatalf("not valid: %s", findings)
	}
	want, _ := parse(t, regexp.MustCompile("#.*").ReplaceAllString(text, ""))
	if diff := cmp.Diff(want, got, withoutPlace); diff != "" {
		t.Errorf("topology (-without comments +with):\n%s", diff)
	}
	for behind, sign := range map[string]string{
		" aaaaa: e # c\n   f\n":         "a scalar that would go on",
		" aaaaa: |\n   e\n # c\n   f\n": "a block that would go on",
		" aaaaa: \"e\"# c\n":            "a comment without a blank",
	} {
		if _, findings := parse(t, text+behind); !findings.HasErrors() || findings[0].Code != topology.CodeSyntax {
			t.Errorf("%s: %s", sign, findings)
		}
	}
}
