package terraform

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// moduleSuffix is how the names of files end that Terraform takes for parts of the module of their
// directory, as far as they are in JSON.
const moduleSuffix = ".tf.json"

// variable is a variable of a module.
type variable struct {
	byDefault any // nil for no default
	at        holdings.Place
}

// given is a value that a file gives to a variable; nil for one that is not known.
type given struct {
	value any
	file  string
}

// complete reads what the directory of a module has beside it: the files that have what it refers
// to, and values of variables.
func (d *reader) complete(in formats.Input) {
	m := d.module
	if len(m.resources)+len(m.locals)+len(m.variables) == 0 {
		return
	}
	if strings.HasSuffix(in.Name, moduleSuffix) {
		d.overrides(in)
		if m.lacks() {
			d.others(in)
		}
	}
	d.valuesBeside(in)
	m.settle()
}

// mention says which files beside a module are meant, by a pattern of their names.
func mention(pattern string, skip func(name string) bool) formats.Mention {
	return formats.Mention{What: "what Terraform reads beside the module", Path: pattern, Kind: formats.Pattern, Beside: true, Optional: true, Skip: skip}
}

// isOverride reports whether a file is merged into the others of its directory.
func isOverride(name string) bool {
	name = strings.TrimSuffix(base(name), moduleSuffix)
	return name == "override" || strings.HasSuffix(name, "_override")
}

// base returns the last part of a path.
func base(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

// overrides tells files that change what the module says.
func (d *reader) overrides(in formats.Input) {
	skip := func(name string) bool { return !isOverride(name) || name == in.Name }
	in.Follow(d.b, mention("*override"+moduleSuffix, skip), func(b *holdings.Builder, _ io.Reader, over formats.Input) error {
		b.Unread(holdings.Place{File: over.Name}, "the file is not read: Terraform merges it into the module beside it: audit what terraform show -json says")
		return nil
	})
}

// others reads the other files of the module.
func (d *reader) others(in formats.Input) {
	skip := func(name string) bool { return name == in.Name || isOverride(name) }
	in.Follow(d.b, mention("*"+moduleSuffix, skip), func(b *holdings.Builder, r io.Reader, other formats.Input) error {
		b.ReadAs(holdings.Source{File: other.Name, Kind: d.module.kind()})
		part := &reader{b: b, s: jsontext.NewStream(r, other.Name), module: d.module, of: d}
		err := part.s.Documents(func(open json.Delim) error {
			if open != '{' {
				return part.s.Items(part.s.Skip)
			}
			return part.s.Members(part.readMember)
		})
		if err != nil {
			return part.s.Wrap(err)
		}
		return nil
	})
}

// twice tells what two files of the module declare. What was read first is kept.
func (d *reader) twice(what string) {
	d.b.Unread(d.s.Place(), "%s is declared in another file of the directory as well: Terraform takes one of them alone in a module", what)
}

// kind returns what files of the module are read as, by the cloud that has its resources.
func (m *module) kind() string {
	for _, r := range m.resources {
		switch cloud, _, _ := strings.Cut(r.kind, "_"); cloud {
		case "google":
			return "terraform-google"
		case "azurerm":
			return "terraform-azure"
		}
	}
	return "terraform-aws"
}

// referred finds what an expression refers to: a local, a variable, or an attribute of a resource.
var referred = regexp.MustCompile(`\b(?:(local|var)\.([\w-]+)|([a-z][a-z0-9]*_\w+)\.([\w-]+)[.\[])`)

// lacks reports whether the module refers to anything that it does not have itself.
func (m *module) lacks() bool {
	for _, r := range m.resources {
		if m.lacksFor(r.values) {
			return true
		}
	}
	return m.lacksFor(m.locals)
}

// lacksFor reports whether a value refers to anything that the module does not have.
func (m *module) lacksFor(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, item := range v {
			if m.lacksFor(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, m.lacksFor)
	case string:
		return strings.Contains(v, "${") && slices.ContainsFunc(referred.FindAllStringSubmatch(v, -1), m.lacking)
	}
	return false
}

// lacking reports whether the module does not have what was found by [referred].
func (m *module) lacking(match []string) bool {
	switch match[1] {
	case "local":
		_, there := m.locals[match[2]]
		return !there
	case "var":
		_, there := m.variables[match[2]]
		return !there
	default:
		return !m.declared[[2]string{match[3], match[4]}]
	}
}

// valuesBeside reads the files that give values to variables, in the order in which Terraform does:
// the last one counts.
func (d *reader) valuesBeside(in formats.Input) {
	for _, pattern := range []string{"terraform.tfvars*", "*.auto.tfvars*"} {
		skip := func(name string) bool {
			return !strings.HasSuffix(name, ".tfvars") && !strings.HasSuffix(name, ".tfvars.json")
		}
		in.Follow(d.b, mention(pattern, skip), func(b *holdings.Builder, r io.Reader, file formats.Input) error {
			text, err := io.ReadAll(io.LimitReader(r, maxValues+1))
			switch {
			case err != nil:
				return err
			case len(text) > maxValues:
				return fmt.Errorf("it has more than %d octets", maxValues)
			case strings.HasSuffix(file.Name, ".json"):
				err = d.module.giveJSON(text, file.Name)
			default:
				d.module.give(string(text), file.Name)
			}
			if err != nil {
				b.Unread(holdings.Place{File: file.Name}, "the file is not read, which gives values to variables: it is not JSON, and Terraform does not take it")
				d.module.blurred = true
			}
			return nil
		})
	}
}

// maxValues is how many octets a file with values of variables may have.
const maxValues = 4 << 20

// giveJSON takes values of variables from a file in JSON.
func (m *module) giveJSON(text []byte, file string) error {
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	for name, value := range values {
		m.given[name] = given{value, file}
	}
	return nil
}

var (
	// assigned is a line that gives a variable a value.
	assigned = regexp.MustCompile(`^\s*([\w-]+)\s*=(.*)$`)
	// noValue is a line without one.
	noValue = regexp.MustCompile(`^\s*(?:(?:#|//).*)?$`)
	// identifiers are what may be the name of a variable.
	identifiers = regexp.MustCompile(`[\pL_][\pL\pN_-]*`)
)

// give takes values of variables from a file in Terraform's own syntax, of which lines with
// literals are known. Where there is anything else, all of the variables have unknown values
// whose names are in the file.
func (m *module) give(text, file string) {
	values := make(map[string]given)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		match := assigned.FindStringSubmatch(line)
		var value any
		if match != nil {
			value = literal(match[2])
		}
		switch {
		case value != nil:
			values[match[1]] = given{value, file}
		case !noValue.MatchString(line):
			for _, name := range identifiers.FindAllString(text, -1) {
				m.given[name] = given{nil, file}
			}
			return
		}
	}
	for name, value := range values {
		m.given[name] = value
	}
}

// literal returns the value of an expression that is one, and behind which there may be a comment;
// else nil.
func literal(text string) any {
	if strings.Contains(text, "${") || strings.Contains(text, "%{") {
		return nil
	}
	whole := text
	for _, sign := range []string{"", " #", " //"} {
		if sign != "" {
			whole, _, _ = strings.Cut(text, sign)
		}
		switch value := evaluateExpression(whole, scope{}).(type) {
		case string, float64, bool, []any:
			return value
		}
	}
	return nil
}

// settle takes for each variable the value that it is given, or else its default. Values that are
// given when Terraform is run are not seen.
func (m *module) settle() {
	for _, name := range m.order {
		v := m.variables[name]
		g, is := m.given[name]
		switch {
		case m.blurred:
		case is && g.value == nil:
			m.b.Note(v.at, "variable %s is not known: %s is in Terraform's own syntax, of which lines with literals are read", name, base(g.file))
		case is:
			m.b.Note(v.at, "variable %s is taken to be what %s has: another value may be given to Terraform", name, base(g.file))
		case v.byDefault != nil:
			m.defaults[name] = v.byDefault
			m.b.Note(v.at, "variable %s is taken to be its default: another value may be given to Terraform", name)
		}
	}
	for name, g := range m.given {
		if g.value != nil && !m.blurred {
			m.defaults[name] = g.value
		}
	}
}
