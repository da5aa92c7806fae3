// Package page writes pages of HTML for people: the picture of a plan, and all that
// there is to say of a plan.
//
// Each page is one file that asks nobody for anything: style and script are in it. A
// page is whole without its script, which only filters and only hides. What is in a
// plan or in somebody's file is text there, never markup. The package is pure: no
// files, no network, no clock, no log.
package page

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/spell"
)

//go:embed *.html *.css *.js
var files embed.FS

// templates are parsed when the first page is written: most processes write none.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"count": spell.Count}).ParseFS(files, "*.html"))
})

// style and script are those of all pages, and liveScript that of a page that is served.
var (
	style      = template.CSS(mustRead("page.css"))
	script     = template.JS(mustRead("page.js"))
	liveScript = template.JS(mustRead("live.js"))
)

// sources are what a page may have: its own style and scripts, by their digests.
var sources = "default-src 'none'; base-uri 'none'; style-src " + hashOf(string(style)) + " " + hashOf(graph.Style()) +
	"; script-src " + hashOf(string(script)) + " " + hashOf(string(liveScript))

// Policy returns the Content-Security-Policy for pages that are served: what a page may
// have, and that it may ask its own server and nobody else. A page that is a file has one
// in itself that lets it ask nobody.
func Policy() string {
	return sources + "; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"
}

// hashOf returns the source of a text that stands in the page itself, for a policy (CSP 3,
// section 2.3.1).
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func mustRead(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is compiled in
	}
	return string(text)
}

// head is what all pages begin with.
type head struct {
	Title  string
	Policy string // "" where the server says it
	Style  template.CSS
	Script template.JS
}

// newHead returns the head of a page.
func newHead(title string) head {
	return head{Title: title, Policy: sources + "; form-action 'none'", Style: style, Script: script}
}

// WriteGraph writes a page with a picture, and with the same in words.
func WriteGraph(w io.Writer, p *graph.Picture) error {
	title := "What each VPC gets"
	if p.Compared {
		title = "What changes"
	}
	drawn, err := Draw(p)
	if err != nil {
		return err
	}
	return execute(w, "graph.html", struct {
		head
		Drawing
	}{newHead(title), drawn})
}

// Drawing is a picture for a page: drawn and in words. The zero value is none.
type Drawing struct {
	Picture *graph.Picture
	SVG     template.HTML
	// Layers are the boxes by layer, for those who read.
	Layers []Layer
}

// Layer is the boxes of one layer.
type Layer struct {
	Name  string
	Boxes []graph.Box
}

// Draw draws a picture for a page.
func Draw(p *graph.Picture) (Drawing, error) {
	var b strings.Builder
	if err := p.WriteSVG(&b); err != nil {
		return Drawing{}, err
	}
	d := Drawing{Picture: p, SVG: template.HTML(b.String())} // package graph escapes all texts
	for _, l := range []graph.Layer{graph.VPCs, graph.Clients, graph.Links, graph.Regions, graph.Names} {
		in := Layer{Name: l.String()}
		for _, i := range p.In(l) {
			in.Boxes = append(in.Boxes, p.Boxes[i])
		}
		d.Layers = append(d.Layers, in)
	}
	return d, nil
}

// WriteServed writes a page that is served, by the name of its template and with its
// data. It keeps itself up to date.
func WriteServed(w io.Writer, name, title string, data any) error {
	h := head{Title: title, Style: style, Script: liveScript}
	return execute(w, name, struct {
		head
		Data any
	}{h, data})
}

// WritePart writes a part of a page that is served.
func WritePart(w io.Writer, name string, data any) error { return execute(w, name, data) }

// execute writes a template in large pieces: by itself it writes each text and each value.
func execute(w io.Writer, name string, data any) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if err := cmp.Or(templates().ExecuteTemplate(out, name, data), out.Flush()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
