//go:build linux

package pages_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/benchserver/scale"
)

// topology has this host in a VPC with individual records.
const topology = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"], extra_names: ["*.graph.example.org"]}}
vpcs:
  apps: {clients: [127.0.0.0/24], links: {east: [10.0.0.1], west: [10.0.0.2, "fd00::2"]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.0.1.1]}}
  lab: {clients: [10.2.0.0/16], links: {}}
custom_endpoints:
  foo: east
  bar: west
`

// moved is topology after a change that is held back.
var moved = strings.Replace(topology, "bar: west", "bar: east", 1)

// ask asks the server for a name, so that it is counted.
func ask(t *testing.T, server netip.AddrPort, name string) {
	t.Helper()
	if _, err := dns.Exchange(new(dns.Msg).SetQuestion(name, dns.TypeA), server.String()); err != nil {
		t.Fatal(err)
	}
}

// held starts a server that holds a change back, and that was asked for an undeclared endpoint.
func held(t *testing.T) server {
	t.Helper()
	s := start(t, topology)
	ask(t, s.dns, "forgotten.endpoints.neo4j.io.")
	write(t, s.topology, moved)
	return s
}

// TestPages: each page fits each width, has no violation of axe-core's rules, light and dark, and
// breaks no policy of its own.
func TestPages(t *testing.T) {
	rules := axe(t)
	s := held(t)
	old := filepath.Join(t.TempDir(), "old.yaml")
	write(t, old, topology)
	plan, _ := produce(t, "plan", old, "-o", "html")
	change, _ := produce(t, "graph", s.topology, "--against", old, "-o", "html")
	b := newBrowser(t)
	b.do(t, chromedp.Navigate(s.url))
	b.until(t, "the change is not held", `document.body.innerText.includes("A change is held back")`)
	for name, url := range map[string]string{
		"status": s.url, "answer": s.url + "?client=127.0.0.1&name=foo&type=A", "no answer": s.url + "?client=nobody&name=foo",
		"plan that is served": s.url + "plan", "plan": plan, "change": change,
	} {
		for _, width := range []int64{360, 800, 1400} {
			schemes := []string{"light"}
			if width == 800 { // colours are the same at all widths
				schemes = append(schemes, "dark")
			}
			for _, scheme := range schemes {
				t.Run(fmt.Sprint(name, " ", width, " ", scheme), func(t *testing.T) {
					b.look(t, width, scheme)
					b.do(t, chromedp.Navigate(url))
					if over := eval[int](t, b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
						t.Errorf("the page is %d pixels too wide", over)
					}
					b.run(t, rules)
					violations := eval[[]string](t, b, `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html.slice(0, 200)).join(" | ")))`)
					if len(violations) > 0 {
						t.Errorf("%s", strings.Join(violations, "\n"))
					}
					b.quiet(t)
				})
			}
		}
	}
}

// TestKeyboard: all that can be done is done by keyboard, and it is seen where one is.
func TestKeyboard(t *testing.T) {
	s := held(t)
	b := newBrowser(t)
	b.look(t, 1000, "light")
	b.do(t, chromedp.Navigate(s.url), chromedp.WaitVisible(chromedp.CSS("#ask")))
	b.until(t, "the change is not held", `document.body.innerText.includes("A change is held back")`)
	tab := func() string {
		b.do(t, chromedp.KeyEvent(kb.Tab))
		if !eval[bool](t, b, `document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
			t.Errorf("the focus is not seen on %s", eval[string](t, b, "document.activeElement.outerHTML.slice(0, 120)"))
		}
		return eval[string](t, b, "document.activeElement.id || document.activeElement.tagName")
	}
	for _, want := range []string{"client", "name", "type", "BUTTON", "acceptance"} {
		if got := tab(); got != want {
			t.Fatalf("the focus is on %s, not on %s", got, want)
		}
	}
	reached := make(map[string]bool)
	for range 20 {
		reached[tab()] = true
	}
	for _, id := range []string{"change-drawn", "undeclared-all", "views-all"} {
		if !reached[id] {
			t.Errorf("%s is not reached: %v", id, reached)
		}
	}
	b.do(t, chromedp.Focus(chromedp.CSS("#client")), chromedp.KeyEvent("127.0.0.1"+kb.Tab+"foo"+kb.Enter), chromedp.WaitVisible(chromedp.CSS("#answer")))
	if text := eval[string](t, b, `document.getElementById("answer").innerText`); !strings.Contains(text, "10.0.0.1") || !strings.Contains(text, "leads to region east") {
		t.Errorf("the answer is %q", text)
	}
	// The plan: searched, and a VPC's records unfolded.
	b.do(t, chromedp.Navigate(s.url+"plan"), chromedp.WaitVisible(chromedp.CSS("#filter")), chromedp.KeyEvent(kb.Tab+"batch"))
	b.until(t, "the search hides nothing", `[...document.querySelectorAll("section.vpc:not([hidden]) h3")].map((e) => e.textContent).join() === "batch"`)
	b.do(t, chromedp.Focus(chromedp.CSS("section.vpc:not([hidden]) summary")), chromedp.KeyEvent(kb.Enter))
	b.until(t, "the records stay folded", `document.querySelector("section.vpc:not([hidden]) details").open`)
	b.quiet(t)
}

// TestUpdate: the page changes without being loaded again, and leaves alone where one is and what
// one has opened.
func TestUpdate(t *testing.T) {
	s := start(t, topology)
	b := newBrowser(t)
	b.do(t, chromedp.Navigate(s.url))
	b.run(t, "window.mark = 1")
	if eval[bool](t, b, `document.body.innerText.includes("forgotten")`) {
		t.Fatal("it is there already")
	}
	ask(t, s.dns, "forgotten.endpoints.neo4j.io.")
	b.until(t, "the undeclared endpoint", `document.body.innerText.includes("forgotten: REGION")`)
	write(t, s.topology, moved)
	b.until(t, "the held change", `document.body.innerText.includes("A change is held back: region") && document.querySelector("#change-drawn svg") !== null`)
	b.run(t, `document.getElementById("layer-VPC").open = true; document.getElementById("views-all").focus(); window.seen = document.getElementById("views-all"); 0`)
	b.until(t, "the next update", `window.seen !== document.getElementById("views-all")`)
	if !eval[bool](t, b, `document.getElementById("layer-VPC").open && document.activeElement.id === "views-all" && window.mark === 1`) {
		t.Error("an update has closed what was open, moved the focus or loaded the page")
	}
	// The line that is shown releases the change.
	line := eval[string](t, b, `document.getElementById("acceptance").textContent`)
	write(t, s.topology, line+"\n"+moved)
	b.until(t, "the release", `!document.body.innerText.includes("A change is held back") && window.mark === 1`)
	b.quiet(t)
}

// TestHostile: a line of the topology, a question, and a name that somebody asks for are text at
// most, and such a name is not offered to be pasted.
func TestHostile(t *testing.T) {
	s := start(t, strings.Replace(topology, "links: {}}", "links: {}} # <img src=x onerror=document.title='taken'>", 1))
	ask(t, s.dns, `<img\032src=x\032onerror=document\.title=1>.endpoints.neo4j.io.`)
	ask(t, s.dns, `foo:\032west.endpoints.neo4j.io.`)
	ask(t, s.dns, "forgotten.endpoints.neo4j.io.")
	b := newBrowser(t)
	b.do(t, chromedp.Navigate(s.url))
	b.until(t, "the endpoint", `document.body.innerText.includes("forgotten: REGION")`)
	if line := eval[string](t, b, `document.getElementById("undeclared-all").innerText`); strings.Contains(line, "west") || strings.Contains(line, "img") {
		t.Errorf("it is offered to be pasted: %s", line)
	}
	b.do(t, chromedp.Navigate(s.url+"plan"))
	b.until(t, "the line", `document.body.innerText.includes("onerror=document.title='taken'")`)
	if eval[int](t, b, `document.querySelectorAll("img").length`) > 0 || eval[string](t, b, "document.title") != "The plan · auralink" {
		t.Errorf("a line is markup: %s", eval[string](t, b, "document.title"))
	}
	b.do(t, chromedp.Navigate(s.url+"?client=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&name=%22%3E%3Cscript%3Edocument.title%3D1%3C%2Fscript%3E&type=%27"))
	if eval[int](t, b, `document.querySelectorAll("img").length`) > 0 || eval[string](t, b, "document.title") != "Status · auralink" {
		t.Errorf("a name is markup: %s", eval[string](t, b, "document.title"))
	}
	b.quiet(t)
}

// TestWithoutScripts: all is there.
func TestWithoutScripts(t *testing.T) {
	s := held(t)
	b := newBrowser(t)
	b.do(t, chromedp.Navigate(s.url))
	b.until(t, "the change is not held", `document.body.innerText.includes("A change is held back")`)
	if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, b, s.url+"?client=127.0.0.1&name=foo")
	for _, want := range []string{"A change is held back", "forgotten: REGION", "leads to region east", "Load it again"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	text = textOf(t, b, s.url+"plan")
	for _, want := range []string{"apps", "batch", "lab", "several-links", "unlinked-endpoints", "no-links"} {
		if !strings.Contains(text, want) {
			t.Errorf("the plan lacks %q", want)
		}
	}
	if strings.Contains(text, "Search VPCs") {
		t.Error("the search is shown, and does nothing")
	}
}

// textOf opens a page, and returns the text that is seen.
func textOf(t *testing.T, b *browser, url string) string {
	t.Helper()
	b.do(t, chromedp.Navigate(url))
	text, err := chromedp.Run(b, chromedp.Text(chromedp.CSS("body")))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What a page of 1,000 VPCs may have at most; BenchmarkPlan of internal/page has the time.
const (
	maxOctets   = 5_000_000
	maxElements = 150_000
)

// TestThousandVPCs: the page of a large topology stays small enough for a browser, and is searched.
func TestThousandVPCs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (scale.Size{Endpoints: 10_000, VPCs: 1000, Regions: 20}).WriteTo(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	url, octets := produce(t, "plan", path, "-o", "html")
	b := newBrowser(t)
	b.look(t, 1000, "light")
	b.do(t, chromedp.Navigate(url))
	elements := eval[int](t, b, `document.querySelectorAll("*").length`)
	if octets > maxOctets || elements > maxElements {
		t.Errorf("the page has %d octets and %d elements", octets, elements)
	}
	b.do(t, chromedp.Focus(chromedp.CSS("#filter")), chromedp.KeyEvent("vpc-0777"))
	b.until(t, "the search", `[...document.querySelectorAll("section.vpc:not([hidden]) h3")].map((e) => e.textContent).join() === "vpc-0777"`)
	b.run(t, `document.getElementById("filter").value = ""`)
	b.do(t, chromedp.Focus(chromedp.CSS("#filter")), chromedp.KeyEvent("d-my-endpoint-aaaaaa-000000.endpoints.neo4j.io"))
	b.until(t, "the search for a further name", `[...document.querySelectorAll("tr[data-find]:not([hidden]) td:first-child")].map((e) => e.textContent).join() === "my-endpoint-aaaaaa-000000"`)
	t.Logf("%d octets, %d elements", octets, elements)
	b.quiet(t)
}
