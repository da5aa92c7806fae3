package draft

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/topology"
)

// width is how long a line of a comment gets, in characters.
const width = 100

// writer writes a topology line by line.
type writer struct {
	b     strings.Builder
	todos int
}

// Write writes the draft as a topology. Equal drafts are equal texts. It returns the
// number of its TODO lines.
func (d *Draft) Write(w io.Writer) (todos int, err error) {
	var t writer
	t.comment(0, "A first topology, written by auralink init. README.md of auralink explains each key.")
	if len(d.Sources) > 0 {
		t.comment(0, "Made from "+strings.Join(d.Sources, ", ")+".")
	}
	t.comment(0, "Lines with TODO are what could not be known. auralink plan says what comes of the rest.")
	t.todo(0, d.Todos)
	t.line(0, "regions:", "")
	for _, r := range d.Regions {
		t.region(r)
	}
	t.line(0, "vpcs:", "")
	for _, v := range d.VPCs {
		t.vpc(v)
	}
	t.endpoints(d)
	if d.TTL > 0 {
		t.line(0, fmt.Sprintf("ttl: %d", d.TTL), d.TTLWhy)
	}
	_, err = io.WriteString(w, t.b.String())
	return t.todos, err
}

// line writes a line, with a comment behind it if there is one.
func (t *writer) line(indent int, text, comment string) {
	t.b.WriteString(strings.Repeat("  ", indent) + text)
	if comment != "" {
		t.b.WriteString(" # " + comment)
	}
	t.b.WriteByte('\n')
}

// comment writes lines of a comment.
func (t *writer) comment(indent int, text string) {
	lead := strings.Repeat("  ", indent) + "#"
	at := len(lead)
	t.b.WriteString(lead)
	for word := range strings.SplitSeq(text, " ") {
		if at+1+len(word) > width && at > len(lead) {
			t.b.WriteString("\n" + lead)
			at = len(lead)
		}
		t.b.WriteString(" " + word)
		at += 1 + len(word)
	}
	t.b.WriteByte('\n')
}

// todo writes what is not known, and below it what is to be written then.
func (t *writer) todo(indent int, todos []Todo) {
	for _, todo := range todos {
		t.todos++
		t.comment(indent, "TODO: "+todo.Text)
		if todo.Run != "" {
			t.line(indent, "#   $ "+todo.Run, "")
		}
		for _, line := range todo.Lines {
			t.line(indent, "# "+line, "")
		}
	}
}

func (t *writer) region(r Region) {
	t.line(1, key(r.Name)+":", strings.Join(r.Why, ", "))
	t.todo(2, r.Todos)
	t.list("orchestras", r.Orchestras, func(s string) string {
		if strings.Contains(s, ".") {
			return s
		}
		return `"` + s + `"`
	})
	t.list("extra_names", r.ExtraNames, func(s string) string { return `"` + s + `"` })
}

// list writes a list of values: in a line if it has only one, whose reason stands behind
// it.
func (t *writer) list(name string, items []Item, written func(string) string) {
	switch len(items) {
	case 0:
	case 1:
		t.line(2, fmt.Sprintf("%s: [%s]", name, written(items[0].Text)), items[0].Why)
	default:
		t.line(2, name+":", "")
		for _, item := range items {
			t.line(3, "- "+written(item.Text), item.Why)
		}
	}
}

func (t *writer) vpc(v VPC) {
	t.line(1, key(v.Name)+":", strings.Join(v.Why, ", "))
	if v.CatchAll != "" {
		t.comment(2, v.CatchAll)
	}
	t.todo(2, v.Todos)
	t.list("clients", v.Clients, quoted)
	if len(v.Links) == 0 {
		for _, todo := range v.LinkTodos {
			if len(todo.Lines) > 0 {
				todo.Lines = append([]string{"links:"}, indented(todo.Lines)...)
			}
			t.todo(2, []Todo{todo})
		}
	} else {
		t.line(2, "links:", "")
		t.todo(3, v.LinkTodos)
	}
	for _, l := range v.Links {
		t.line(3, fmt.Sprintf("%s: [%s]", key(l.Region), quotedAddrs(l.Addrs)), l.Why)
	}
	if v.Individual != "" {
		t.comment(2, "individual: "+v.Individual+".")
		t.line(2, "mode: "+string(topology.ModeIndividual), "")
	}
}

func indented(lines []string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = "  " + line
	}
	return all
}

func (t *writer) endpoints(d *Draft) {
	if len(d.Endpoints) == 0 && len(d.EndpointTodos) == 0 {
		return
	}
	t.line(0, "custom_endpoints:", "")
	t.todo(1, d.EndpointTodos)
	for _, e := range d.Endpoints {
		t.line(1, key(e.Text)+": "+key(e.Value), e.Why)
	}
}

// words are what YAML takes for something else than a string.
var words = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}

// key returns a label as YAML has it: one that could be a number, a date or a truth
// value stands in quotes.
func key(label string) string {
	letter := strings.ContainsFunc(label, func(c rune) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' })
	digit := label != "" && '0' <= label[0] && label[0] <= '9'
	if !letter || digit || slices.Contains(words, strings.ToLower(label)) {
		return `"` + label + `"`
	}
	return label
}
