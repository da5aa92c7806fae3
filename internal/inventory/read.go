package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// MaxOctets is how much of a file is read: its objects are kept while it is.
const MaxOctets = 64 << 20

// maxLevels bounds how deep YAML is nested.
const maxLevels = 100

// ErrNone is the error for a file in which there is nothing that is read here.
var ErrNone = errors.New("it lists no private endpoints, network interfaces or networks of a cloud")

// marks are what lists of the kinds that are read have near their beginning, and others
// have what makes similar files something else: Terraform's, and Azure's templates.
var (
	marks = []string{
		"VpcEndpointId", "VpcEndpoints", "NetworkInterfaceId", "NetworkInterfaces", "CidrBlock", "Vpcs", "Subnets", "ServiceDetails",
		"compute#", "/compute/v1/", "/compute/beta/", "forwardingRules", "pscConnection",
		"Microsoft.Network/privateEndpoints", "Microsoft.Network/networkInterfaces", "Microsoft.Network/virtualNetworks", "environmentName",
	}
	others = []string{"terraform_version", "$schema", "AWSTemplateFormatVersion", "ResourceRecordSets", "privateDnsZones/", "dns#", "privateVisibilityConfig", "AWS::Route53", "format_version"}
)

// Detect reports whether a file that begins so may have something that is read here.
func Detect(text []byte) bool {
	head := string(formats.NewHead(text))
	for _, other := range others {
		if strings.Contains(head, other) {
			return false
		}
	}
	if strings.TrimSpace(head) == "[]" { // what gcloud and az print of nothing
		return true
	}
	for _, mark := range marks {
		if strings.Contains(head, mark) && (looksJSON(head) || looksYAML(head)) {
			return true
		}
	}
	return false
}

func looksJSON(head string) bool {
	return strings.HasPrefix(strings.TrimLeft(head, " \t\r\n"), "{") || strings.HasPrefix(strings.TrimLeft(head, " \t\r\n"), "[")
}

// looksYAML reports whether the first line is that of a list or of a mapping.
func looksYAML(head string) bool {
	line, _, _ := strings.Cut(strings.TrimLeft(head, " \t\r\n"), "\n")
	line = strings.TrimRight(line, " \t\r")
	name, _, mapping := strings.Cut(line, ":")
	return line == "---" || strings.HasPrefix(line, "- ") || mapping && !strings.ContainsAny(name, " \t;$")
}

// Read adds what a file has. The error has the file's name, and is [ErrNone] where it
// has nothing.
func (b *Builder) Read(r io.Reader, file string) error {
	limited := io.LimitReader(formats.Text(r), MaxOctets+1)
	text, err := io.ReadAll(limited)
	at := holdings.Place{File: file}
	switch {
	case err != nil:
		return at.Errorf("%w", err)
	case len(text) > MaxOctets:
		return at.Errorf("it has more than %d MiB", MaxOctets>>20)
	}
	w := &walker{builder: b, file: file, text: text}
	if looksJSON(string(text[:min(len(text), formats.HeadSize)])) {
		err = w.json()
	} else {
		err = w.yaml()
	}
	if err == nil && !w.found {
		err = at.Errorf("%w", ErrNone)
	}
	return err
}

// walker finds the objects of a file.
type walker struct {
	builder *Builder
	file    string
	text    []byte
	lines   int // how many line breaks there are before seen
	seen    int
	found   bool // whether there was anything of a kind that is read
}

// json goes through the documents of a file.
func (w *walker) json() error {
	decoder := json.NewDecoder(bytes.NewReader(w.text))
	for {
		var document json.RawMessage
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return w.wrongJSON(err, int(decoder.InputOffset()))
		}
		if empty := bytes.TrimSpace(document); bytes.Equal(empty, []byte("[]")) {
			w.found = true
			w.builder.notef("%s is an empty list: of what, it does not say", w.file)
		}
		p := &page{}
		if err := w.value(document, int(decoder.InputOffset())-len(document), 0, p); err != nil {
			return err
		}
		w.builder.page(p, w.place(int(decoder.InputOffset())-len(document)))
	}
}

// wrongJSON returns a parser's error with its place.
func (w *walker) wrongJSON(err error, offset int) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = int(syntax.Offset)
	}
	rest := bytes.TrimSpace(w.text[min(offset, len(w.text)):])
	if errors.Is(err, io.ErrUnexpectedEOF) || len(rest) == 0 {
		return hint.Add(w.place(len(w.text)).Errorf("%w", formats.ErrCut), "run the command again, and give all that it prints")
	}
	return w.place(min(offset, len(w.text))).Errorf("%w", formats.Plain(err))
}

// place returns where an offset is. Offsets mostly grow.
func (w *walker) place(offset int) holdings.Place {
	if w.text == nil {
		return holdings.Place{File: w.file}
	}
	if offset < w.seen {
		w.seen, w.lines = 0, 0
	}
	w.lines += bytes.Count(w.text[w.seen:offset], []byte("\n"))
	w.seen = offset
	return holdings.Place{File: w.file, Line: w.lines + 1}
}

// value looks for objects in a value that is valid JSON and begins at an offset.
func (w *walker) value(text json.RawMessage, offset, depth int, p *page) error {
	inner := bytes.TrimLeft(text, " \t\r\n")
	offset += len(text) - len(inner)
	if len(inner) == 0 || inner[0] != '{' && inner[0] != '[' || depth > maxDepth {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(inner))
	if _, err := decoder.Token(); err != nil {
		return w.place(offset).Errorf("%w", err)
	}
	if inner[0] == '[' {
		for decoder.More() {
			var item json.RawMessage
			if err := decoder.Decode(&item); err != nil {
				return w.place(offset).Errorf("%w", err)
			}
			if err := w.value(item, offset+int(decoder.InputOffset())-len(item), depth+1, p); err != nil {
				return err
			}
		}
		return nil
	}
	return w.object(decoder, inner, offset, depth, p)
}

// child is a member of an object and where its value begins.
type child struct {
	name   string
	value  json.RawMessage
	offset int
}

// object takes an object for one of the kinds, or looks into it.
func (w *walker) object(decoder *json.Decoder, text json.RawMessage, offset, depth int, p *page) error {
	var children []child
	m := make(members)
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return w.place(offset).Errorf("%w", err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return w.place(offset).Errorf("%w", err)
		}
		if err := m.refused(fmt.Sprint(name)); err != nil {
			return hint.Add(w.place(offset).Errorf("%w", err), "run the command again with --output json or --format=json, and give all that it prints")
		}
		c := child{fmt.Sprint(name), value, offset + int(decoder.InputOffset()) - len(value)}
		children = append(children, c)
		m[c.name] = value
	}
	if k := kindOf(m); k != "" {
		w.found = true
		return w.builder.add(k, text, w.place(offset), p)
	}
	return w.inside(m, children, depth, p)
}

// inside looks into an object that may be a page.
func (w *walker) inside(m members, children []child, depth int, p *page) error {
	for _, token := range []string{"NextToken", "nextPageToken", "nextLink"} {
		p.more = p.more || m.text(token) != ""
	}
	p.unreachable = p.unreachable || strings.Contains(string(m["warning"]), `"UNREACHABLE"`) || len(bytes.Trim(m["unreachables"], "[] \t\r\nnul")) > 0
	for _, c := range children {
		if k := listKind(c.name); k != "" {
			w.found = true
			p.of(k, "")
			if err := w.allOf(k, c); err != nil {
				return err
			}
		}
		if err := w.value(c.value, c.offset, depth+1, p); err != nil {
			return err
		}
	}
	return nil
}

// allOf reports an item of a list that is not what the list is of: an endpoint that is
// passed over could bring a wildcard back.
func (w *walker) allOf(k kind, c child) error {
	if open := bytes.TrimSpace(c.value); !bytes.HasPrefix(open, []byte("[")) {
		var list []json.RawMessage
		if err := json.Unmarshal(open, &list); err != nil || list == nil {
			return w.place(c.offset).Errorf("%s is no list", k)
		}
	}
	var items []members
	err := json.Unmarshal(c.value, &items)
	for _, m := range items {
		if got := kindOf(m); got != k {
			return w.place(c.offset).Errorf("one of the %s is none, or lacks what each of them has: an identifier first of all", k)
		}
	}
	if err != nil {
		return w.place(c.offset).Errorf("one of the %s is none: %w", k, formats.Plain(err))
	}
	return nil
}

var _ yaml.LoaderLimitsPlugin = depth{}
