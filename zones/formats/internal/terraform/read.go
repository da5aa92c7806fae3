package terraform

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// instance is one resource that Terraform makes or knows.
type instance struct {
	kind string // such as aws_route53_zone
	name string // of the resource in its module
	key  string // of for_each, or ""
	// values are the resource's attributes; one that is not known is nil.
	values map[string]any
	at     holdings.Place
}

// matters reports whether a resource is a zone, a record or a rule, or whatever else of
// DNS.
func (i instance) matters() bool {
	return strings.Contains(i.kind, "_route53_") || strings.Contains(i.kind, "_dns_")
}

// Read reads what "terraform show -json" prints of a state or of a plan, of which it
// takes what is planned; a state file itself; or a module in Terraform's JSON syntax, as far as it is data:
// literals, locals and for_each. What is made by other modules or by functions is not
// known, and said to be so.
func Read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	d := &reader{b: b, s: jsontext.NewStream(r, in.Name), module: newModule(b)}
	err := d.s.Documents(func(open json.Delim) error {
		if open != '{' {
			return d.s.Items(d.s.Skip)
		}
		return d.s.Members(d.readMember)
	})
	if err != nil {
		return d.s.Wrap(err)
	}
	newRecords(b, append(d.instances, d.module.instances()...)).add()
	return nil
}

type reader struct {
	b         *holdings.Builder
	s         *jsontext.Stream
	instances []instance // of a state or a plan
	module    *module
}

// readMember reads a member of a state, a plan or a module.
func (d *reader) readMember(name string) error {
	switch name {
	case "values", "planned_values":
		var state struct {
			Root shownModule `json:"root_module"`
		}
		at, err := d.s.Value(&state)
		d.instances = state.Root.instances(d.instances, at)
		return err
	case "resources":
		return d.s.Array(d.readState)
	case "locals":
		return d.s.Object(d.readLocal)
	case "resource":
		return d.s.Object(func(kind string) error {
			return d.s.Object(func(name string) error { return d.readResource(kind, name) })
		})
	case "module":
		d.b.Unread(d.s.Place(), "modules that it calls are not followed: terraform show -json has what they make")
	}
	return d.s.Skip()
}

// shownModule is a module of "terraform show -json".
type shownModule struct {
	Resources []struct {
		Mode, Type, Name string
		Values           map[string]any
	}
	Children []shownModule `json:"child_modules"`
}

// readState reads a resource of a state file as Terraform keeps it.
func (d *reader) readState() error {
	var r struct {
		Mode, Type, Name string
		Instances        []struct {
			Attributes map[string]any
		}
	}
	at, err := d.s.Value(&r)
	if err != nil || isLookedUp(r.Mode, r.Type) {
		return err
	}
	for _, i := range r.Instances {
		d.instances = append(d.instances, instance{kind: r.Type, name: r.Name, values: i.Attributes, at: at})
	}
	return nil
}

// isLookedUp reports whether a resource is only looked up. That counts of zones, for they
// say what is hidden.
func isLookedUp(mode, kind string) bool {
	switch kind {
	case "aws_route53_zone", "google_dns_managed_zone", "azurerm_private_dns_zone":
		return false
	default:
		return mode == "data"
	}
}

// instances adds the resources of a module and of those below it.
func (m shownModule) instances(all []instance, at holdings.Place) []instance {
	for _, r := range m.Resources {
		if isLookedUp(r.Mode, r.Type) {
			continue
		}
		all = append(all, instance{kind: r.Type, name: r.Name, values: r.Values, at: at})
	}
	for _, child := range m.Children {
		all = child.instances(all, at)
	}
	return all
}

// readLocal reads a local value. The places of its parts are kept, for the records that
// are made of them.
func (d *reader) readLocal(name string) error {
	token, err := d.s.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		members := make(map[string]any)
		d.module.locals[name] = members
		return d.s.Members(func(key string) error {
			value, err := d.readPart(name, key)
			members[key] = value
			return err
		})
	case json.Delim('['):
		var items []any
		err := d.s.Items(func() error {
			var item any
			at, err := d.s.Value(&item)
			items = append(items, item)
			if key, ok := item.(string); ok {
				d.module.places[[2]string{name, key}] = at
			}
			return err
		})
		d.module.locals[name] = items
		return err
	default:
		d.module.locals[name] = token
		return nil
	}
}

func (d *reader) readPart(local, key string) (any, error) {
	var value any
	at, err := d.s.Value(&value)
	d.module.places[[2]string{local, key}] = at
	return value, err
}

// readResource reads a resource of a module.
func (d *reader) readResource(kind, name string) error {
	var body any
	at, err := d.s.Value(&body)
	if err != nil {
		return err
	}
	for _, one := range asList(body) {
		if values, ok := one.(map[string]any); ok {
			d.module.resources = append(d.module.resources, instance{kind: kind, name: name, values: values, at: at})
		}
	}
	return nil
}

// Detect returns what knows a state, a plan or a module that has resources of a kind,
// such as "aws_route53_"; states and plans can be read by each of them.
func Detect(kind string) func(formats.Head) formats.Certainty {
	return func(head formats.Head) formats.Certainty {
		shown := head.Has("terraform_version") && (head.Has("format_version") || head.Has("lineage"))
		switch {
		case !head.Document() || !shown && !head.Has("resource"):
			return formats.No
		case head.HasPrefix(kind):
			return formats.Surely
		case shown:
			return formats.Likely
		default:
			return formats.No
		}
	}
}
