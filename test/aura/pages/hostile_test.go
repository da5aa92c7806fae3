//go:build linux

package pages_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/status"
	declared "github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// hostileNames are what a name could be if a reader of names let it pass: markup of what
// is written here, and of what that is put into.
var hostileNames = []string{
	`<script>window.taken=1</script>`, `<img src=x onerror=window.taken=1>`, `</text></svg><iframe srcdoc="<script>parent.taken=1</script>">`, `"><a href="javascript:window.taken=1">x</a>`,
	`'"&amp;&lt;b&gt;`, `]]><x/>`, `--><x/>`, `</title></style><script>window.taken=1</script>`, `{{.}}${1}`,
	`"]`, `b0"] click b0 "javascript:window.taken=1"`, `%%{init: {"securityLevel":"loose"}}%%`, `end`, `a:::removed`, `a --> b; subgraph x`, `click`, `style b0 fill:#f00`, `#quot;#35;`, "`x`", `$$x^2$$`,
	"# heading", "* item", "[x](javascript:window.taken=1)", "**bold** _it_ ~~no~~", "1. one", "| a | b |", "```\nx\n```", "@someone #1",
	"a\u202egnp.exe\u202c", "\u2066x\u2069", "a\u200bb\u200d\ufeffc", "x\x00y\x1b[31mz", "a\r\nb", strings.Repeat("long-label-", 28), strings.Repeat("界", 200), "",
}

// hostilePlan is a plan that is made by hand, for no topology has such names.
func hostilePlan() *plan.Plan {
	p := &plan.Plan{Table: &zones.EndpointTable{Prefixes: declared.Prefixes[:]}}
	for i, name := range hostileNames {
		addrs := []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})}
		label := fmt.Sprintf("%02d%s", i, name)
		p.Regions = append(p.Regions, declared.Region{Name: label, Orchestras: []string{name + "."}, ExtraNames: []string{"*." + name}})
		p.Table.Endpoints = append(p.Table.Endpoints, zones.Endpoint{Label: label, Region: int32(i)})
		p.VPCs = append(p.VPCs, plan.VPC{
			Name: label, Endpoints: plan.Decision{Family: name + ".", Mode: plan.Wildcard, Reason: plan.Reason(name), Regions: []string{name}},
			Links: []zones.Addresses{{Region: label, Addrs: addrs}},
		})
	}
	return p
}

// alone is a plan with one of the names, so that nothing of it is put together.
func alone(p *plan.Plan, i int) *plan.Plan {
	one := &plan.Plan{Regions: p.Regions[i : i+1], VPCs: p.VPCs[i : i+1], Table: &zones.EndpointTable{Prefixes: declared.Prefixes[:]}}
	e := p.Table.Endpoints[i]
	e.Region = 0
	one.Table.Endpoints = []zones.Endpoint{e}
	return one
}

// hostileFindings have each name as a file, a path, a source line, a message and a hint.
func hostileFindings() declared.Findings {
	var all declared.Findings
	for i, name := range hostileNames {
		all = append(all, declared.Finding{
			Severity: declared.SeverityWarning, Code: declared.CodeNoLinks, File: name, Path: name, VPC: name,
			Place: declared.Place{Line: i + 1, Column: 1, Source: name}, Message: name, Hint: name,
		})
	}
	return all
}

// seen returns a name as a page has it: what is white space to a browser is one blank, and what is
// not seen, or turns texts round, may be left out.
func seen(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u202e\u202c\u2066\u2069\u200b\u200d\ufeff\x00\x1b\ufffd", r) {
			return -1
		}
		return r
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

// written writes a file for the browser, and returns its URL.
func written(t *testing.T, name string, write func(io.Writer) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

// subject shows hostile names, whatever is asked.
type subject struct{ served, held *plan.Plan }

func (s subject) Key() string                             { return hostileNames[0] }
func (s subject) Served() (*plan.Plan, declared.Findings) { return s.served, hostileFindings() }
func (s subject) Held() *plan.Plan                        { return s.held }
func (s subject) Queries() map[string]uint64              { return nil }

func (s subject) Ask(q status.Question) (lookup.Document, error) {
	d := lookup.New(q.Name, 1)
	d.Client, d.VPC, d.Why, d.Answer = q.Client, hostileNames[1], hostileNames[2], hostileNames
	return d, nil
}

func (s subject) State(now time.Time) status.State {
	state := status.State{Version: hostileNames[0], Plan: status.Plan{Topology: strings.Join(hostileNames, " "), Digest: hostileNames[1], Summary: hostileNames[2]}}
	state.Problem = &status.Problem{Held: true, Message: strings.Join(hostileNames, " "), Codes: hostileNames, Release: hostileNames[1], Acceptance: hostileNames[3]}
	state.Strangers.Policy, state.PublicPath.Since = hostileNames[1], now
	for _, name := range hostileNames {
		state.FastPath = append(state.FastPath, status.FastPath{Address: name, Off: name})
		state.Views = append(state.Views, status.View{VPC: name, Mode: plan.Mode(name), Reason: plan.Reason(name)})
		state.Undeclared = append(state.Undeclared, status.Undeclared{VPC: name, Label: name, Line: name, Since: now})
		state.Strangers.Seen = append(state.Strangers.Seen, status.Stranger{Subnet: name, What: name, Line: name, Since: now})
		state.PublicPath.Users = append(state.PublicPath.Users, status.PublicUser{Subnet: name, VPC: name, Kind: name, Name: name, Last: now})
	}
	return state
}

// foreign counts what no page of ours has, and reports whether a name ran.
const foreign = `(window.taken !== undefined ? 1000 : 0) + document.querySelectorAll("img, iframe, object, embed, x, b a, [onerror], [href^='javascript:']").length +
	[...document.querySelectorAll("script")].filter((e) => e.closest("svg, table, li, pre, p, h1, h2, h3")).length`

// TestHostileNames: each name is text, on each page and in each picture, and all of it is there.
func TestHostileNames(t *testing.T) {
	p := hostilePlan()
	topologyOf := func(o page.PlanOptions) func(io.Writer) error {
		return func(w io.Writer) error { return page.WritePlan(w, p, hostileFindings(), o) }
	}
	shown := peers.FreePort(t, netip.MustParseAddr("127.0.0.1"))
	leave, err := status.Join(shown.String(), subject{served: alone(p, 0), held: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(leave)
	urls := map[string]string{
		"plan":     written(t, "plan.html", topologyOf(page.PlanOptions{Names: -1})),
		"no plan":  written(t, "findings.html", func(w io.Writer) error { return page.WritePlan(w, nil, hostileFindings(), page.PlanOptions{}) }),
		"status":   "http://" + shown.String() + "/?client=x&name=y&type=A",
		"its plan": "http://" + shown.String() + "/plan",
	}
	b := newBrowser(t)
	for name, url := range urls {
		b.do(t, chromedp.Navigate(url))
		checkHostile(t, b, name, hostileNames)
	}
	for i, name := range hostileNames {
		one := alone(p, i)
		picture := graph.Compare(alone(p, (i+1)%len(hostileNames)), one, graph.Scope{})
		for form, write := range map[string]func(io.Writer) error{
			"svg": picture.WriteSVG, "html": func(w io.Writer) error { return page.WriteGraph(w, picture) },
		} {
			b.do(t, chromedp.Navigate(written(t, "picture."+form, write)))
			if eval[bool](t, b, `document.querySelector("parsererror") !== null || document.documentElement.localName !== "`+form+`"`) {
				t.Errorf("%q as %s is not well-formed", name, form)
			}
			checkHostile(t, b, form, []string{name})
		}
	}
}

// checkHostile looks at the page that is open.
func checkHostile(t *testing.T, b *browser, what string, names []string) {
	t.Helper()
	if n := eval[int](t, b, foreign); n > 0 {
		t.Errorf("%s: %d elements of %q, or a script ran", what, n, names)
	}
	text := seen(eval[string](t, b, "document.documentElement.textContent"))
	for _, name := range names {
		if want := seen(name); !strings.Contains(text, want) {
			t.Errorf("%s does not show %q", what, want)
		}
	}
	b.quiet(t)
}

// TestMermaid: the library that draws Mermaid reads each of our pictures, has a node for each
// box and an edge for each edge, and shows hostile names as text, even where it is told to
// trust them.
func TestMermaid(t *testing.T) {
	source, err := os.ReadFile("../js/node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("js/node_modules is not there: npm ci --prefix test/aura/js")
	}
	if err != nil {
		t.Fatal(err)
	}
	p := hostilePlan()
	pictures := map[string]*graph.Picture{"all": graph.New(p), "change": graph.Compare(alone(p, 0), p, graph.Scope{})}
	for i, name := range hostileNames {
		pictures[name] = graph.Compare(alone(p, (i+1)%len(hostileNames)), alone(p, i), graph.Scope{})
	}
	b := newBrowser(t)
	blank := filepath.Join(t.TempDir(), "blank.html")
	write(t, blank, "<!DOCTYPE html><meta charset=utf-8><title>blank</title><div id=drawn></div>")
	b.do(t, chromedp.Navigate("file://"+blank))
	b.run(t, string(source)+"\n;0")
	for name, picture := range pictures {
		var text strings.Builder
		if err := picture.WriteMermaid(&text); err != nil {
			t.Fatal(err)
		}
		for _, level := range []string{"strict", "loose"} {
			drawn := draw(t, b, text.String(), level)
			if drawn.Error != "" {
				t.Errorf("%q, %s: %s\n%s", name, level, drawn.Error, text.String())
				continue
			}
			if drawn.Nodes != len(picture.Boxes) || drawn.Edges != len(picture.Edges) {
				t.Errorf("%q, %s: %d boxes and %d edges are drawn of %d and %d", name, level, drawn.Nodes, drawn.Edges, len(picture.Boxes), len(picture.Edges))
			}
			if n := eval[int](t, b, foreign); n > 0 {
				t.Errorf("%q, %s: %d foreign elements\n%s", name, level, n, text.String())
			}
			if want := seen(name); slices.Contains(hostileNames, name) && len(want) < 50 && !strings.Contains(seen(drawn.Text), want) {
				t.Errorf("%q, %s is not shown: %s", name, level, drawn.Text)
			}
		}
	}
	b.quiet(t)
}

// drawnMermaid is what the library has drawn.
type drawnMermaid struct {
	Error, Text  string
	Nodes, Edges int
}

// draw has the library draw a flowchart.
func draw(t *testing.T, b *browser, text, level string) drawnMermaid {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return eval[drawnMermaid](t, b, fmt.Sprintf(`(async () => {
		const drawn = document.getElementById("drawn");
		drawn.textContent = "";
		try {
			mermaid.initialize({startOnLoad: false, securityLevel: %q});
			drawn.innerHTML = (await mermaid.render("picture", %s)).svg;
		} catch (e) { return {Error: String(e), Text: "", Nodes: 0, Edges: 0}; }
		const texts = [...drawn.querySelectorAll(".node .nodeLabel, .node text")].map((e) => e.innerText ?? e.textContent);
		return {Error: "", Text: texts.join("\n"), Nodes: drawn.querySelectorAll("g.node").length, Edges: drawn.querySelectorAll("path.flowchart-link").length};
	})()`, level, quoted))
}
