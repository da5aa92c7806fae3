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
	module string // the address of its module, such as module.dns["a"], or "" for the root
	mode   string // "data" where it is only looked up
	kind   string // such as aws_route53_zone
	name   string // of the resource in its module
	key    string // of for_each, the number of count, or ""
	// values are the resource's attributes; one that is not known is nil.
	values map[string]any
	// raw are the attributes as a module has them; nil in states and plans.
	raw map[string]any
	at  holdings.Place
}

// matters reports whether a resource is a zone, a record or a rule, or whatever else of
// DNS.
func (i instance) matters() bool {
	for _, sign := range []string{"_route53_", "_dns_", "_powerdns_"} {
		if strings.Contains("_"+i.kind, sign) {
			return true
		}
	}
	return aboutZones.MatchString(i.kind)
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
	d.complete(in)
	all := append(d.instances, d.module.instances()...)
	all = append(all, lookedUp(all, d.prior)...)
	made := newRecords(b, all)
	made.plan = newPlan(d.config, d.variables, all)
	statesOf(b).add(made)
	return nil
}

type reader struct {
	b         *holdings.Builder
	s         *jsontext.Stream
	instances []instance // of a state or a plan
	prior     []instance // of the state before a plan
	config    configModule
	variables map[string]struct{ Value any }
	module    *module
	of        *reader // that of the file whose module this is another file of; nil for that one itself
}

// readMember reads a member of a state, a plan or a module.
func (d *reader) readMember(name string) error {
	switch name {
	case "values", "planned_values":
		var err error
		d.instances, err = d.readValues()
		return err
	case "prior_state":
		return d.s.Object(func(name string) (err error) {
			if name != "values" {
				return d.s.Skip()
			}
			d.prior, err = d.readValues()
			return err
		})
	case "configuration":
		var config struct {
			Root configModule `json:"root_module"`
		}
		_, err := d.s.Value(&config)
		d.config = config.Root
		return err
	case "variables":
		_, err := d.s.Value(&d.variables)
		return err
	case "complete", "errored":
		return d.readWhole(name)
	case "resource_changes":
		return d.s.Array(d.readChange)
	case "deferred_changes":
		return d.s.Array(d.readDeferred)
	case "resources":
		return d.s.Array(d.readState)
	case "locals":
		return d.s.Bodies(d.readLocal)
	case "removed":
		return d.readRemoved()
	case "variable":
		return d.s.Bodies(d.readVariable)
	case "resource":
		return d.s.Bodies(func(kind string) error {
			return d.s.Bodies(func(name string) error { return d.readResource(kind, name) })
		})
	case "module":
		d.b.Unread(d.s.Place(), "modules that it calls are not followed: terraform show -json has what they make")
	}
	return d.s.Skip()
}

// isLookedUp reports whether a resource is only looked up. That counts of zones, for they
// say what is hidden.
func isLookedUp(mode, kind string) bool {
	switch kind {
	case "aws_route53_zone", "google_dns_managed_zone", "azurerm_private_dns_zone":
		return false
	default:
		return mode == modeData
	}
}

// readLocal reads a local value. The places of its parts are kept, for the records that
// are made of them.
func (d *reader) readLocal(name string) error {
	if _, again := d.module.locals[name]; again && d.of != nil {
		d.twice("local." + name)
		return d.s.Skip()
	}
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

// readVariable reads a variable of a module.
func (d *reader) readVariable(name string) error {
	var declared any
	at, err := d.s.Value(&declared)
	for _, one := range asList(declared) {
		if _, again := d.module.variables[name]; !again {
			d.module.order = append(d.module.order, name)
		}
		d.module.variables[name] = variable{asMap(one)["default"], at}
	}
	return err
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
		if d.of != nil && d.module.declared[[2]string{kind, name}] {
			d.twice(kind + "." + name)
			continue
		}
		if values, ok := one.(map[string]any); ok {
			d.module.declared[[2]string{kind, name}] = true
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
