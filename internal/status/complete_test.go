package status_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var (
	// action matches what a template does, and everything else is on each page.
	action = regexp.MustCompile(`(?s)\{\{.*?\}\}|<[^>]*>`)
	// token matches a word, a name, an address or a number.
	token = regexp.MustCompile(`[\pL\pN][\pL\pN.:/*-]*`)
	// derived matches what a page says of a time.
	derived = regexp.MustCompile(`\b[0-9]+ (?:s|min|h|d)\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{2}:[0-9]{2}(?::[0-9]{2})?\b`)
	// spelled are words that a page has for what a document says otherwise.
	spelled = []string{"VPCs", "regions", "endpoints", "socket", "sockets", "0.0", "file-of-it:1:1", "subnets", "address", "addresses", "not", "ours", "resolved", "elsewhere", "none", "in", "is", "are", "all"}
)

// TestDocumentsHaveAll: each value that a page shows is in the documents below /api/v1.
func TestDocumentsHaveAll(t *testing.T) {
	s := newSubject(t, "dns://.")
	s.findings[0].Message, s.findings[0].Hint, s.findings[0].Source, s.findings[0].File = "message-of-it", "hint-of-it", "source-of-it", "file-of-it"
	address := show(t, s)
	known := make(map[string]bool)
	for _, word := range spelled {
		known[strings.ToLower(word)] = true
	}
	for _, name := range []string{"status", "plan", "parts"} {
		text, err := os.ReadFile("../page/" + name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		add(known, action.ReplaceAllString(string(text), " "))
	}
	for path := range documents {
		_, body := get(t, "GET", address, "/api/v1/"+path+"?client=192.0.2.1&name=a.b.c", "")
		var document any
		if err := json.Unmarshal([]byte(body), &document); err != nil {
			t.Fatal(err)
		}
		flatten(document, func(text string) { add(known, text) })
	}
	for _, path := range []string{"/?client=192.0.2.1&name=a.b.c", "/plan"} {
		_, body := get(t, "GET", address, path, "")
		for _, text := range shownIn(t, body) {
			for _, word := range token.FindAllString(derived.ReplaceAllString(text, " "), -1) {
				if word = strings.ToLower(strings.TrimRight(word, ".:")); !known[word] {
					t.Errorf("%s shows %q, which no document has: %q", path, word, text)
				}
			}
		}
	}
}

func add(known map[string]bool, text string) {
	for _, word := range token.FindAllString(text, -1) {
		known[strings.ToLower(strings.TrimRight(word, ".:"))] = true
	}
}

// flatten calls a function for each value of a document, as a text.
func flatten(value any, each func(text string)) {
	switch v := value.(type) {
	case map[string]any:
		for _, below := range v {
			flatten(below, each)
		}
	case []any:
		for _, below := range v {
			flatten(below, each)
		}
	default:
		each(fmt.Sprint(v))
	}
}

// shownIn returns the texts of a page, but for those of drawings, which it has in words.
func shownIn(t *testing.T, body string) []string {
	t.Helper()
	document, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for n := range document.Descendants() {
		if n.Type != html.TextNode || strings.TrimSpace(n.Data) == "" {
			continue
		}
		hidden := false
		for up := range n.Ancestors() {
			hidden = hidden || up.Data == "svg" || up.Data == "script" || up.Data == "style" || up.Data == "title" || up.Data == "noscript"
		}
		if !hidden {
			texts = append(texts, n.Data)
		}
	}
	return texts
}
