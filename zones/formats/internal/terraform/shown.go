package terraform

// shownResource is a resource of "terraform show -json".
type shownResource struct {
	Mode, Type, Name string
	Index            any
	Values           map[string]any
	Deposed          string `json:"deposed_key"`
}

// readValues reads the resources of a state, or those that are planned, each with its place.
func (d *reader) readValues() (all []instance, err error) {
	err = d.s.Object(func(name string) error {
		if name != "root_module" {
			return d.s.Skip()
		}
		all, err = d.readModule()
		return err
	})
	return all, err
}

// readModule reads the resources of a module and of those below it. The module's address may
// stand behind them.
func (d *reader) readModule() ([]instance, error) {
	var own, below []instance
	address := ""
	err := d.s.Object(func(name string) error {
		switch name {
		case "address":
			return d.s.Decode(&address)
		case "resources":
			return d.s.Array(func() error {
				var r shownResource
				at, err := d.s.Value(&r)
				one := instance{mode: r.Mode, kind: r.Type, name: r.Name, key: keyOf(r.Index), values: r.Values, at: at}
				if err == nil && !isLookedUp(r.Mode, r.Type) && !d.left(one, r.Deposed) {
					own = append(own, one)
				}
				return err
			})
		case "child_modules":
			return d.s.Array(func() error {
				child, err := d.readModule()
				below = append(below, child...)
				return err
			})
		default:
			return d.s.Skip()
		}
	})
	for i := range own {
		own[i].module = address
	}
	return append(own, below...), err
}

// readState reads a resource of a state file as Terraform keeps it, whose instances have
// places of their own.
func (d *reader) readState() error {
	var of struct{ Module, Mode, Type, Name string }
	var own []instance
	var deposed []string // the keys of those that are
	members := map[string]*string{"module": &of.Module, "mode": &of.Mode, "type": &of.Type, "name": &of.Name}
	err := d.s.Object(func(name string) error {
		if text, is := members[name]; is {
			return d.s.Decode(text)
		}
		if name != "instances" {
			return d.s.Skip()
		}
		return d.s.Array(func() error {
			one, key, err := d.readInstance()
			own, deposed = append(own, one), append(deposed, key)
			return err
		})
	})
	if err != nil || isLookedUp(of.Mode, of.Type) {
		return err
	}
	for n, i := range own {
		i.module, i.mode, i.kind, i.name = of.Module, of.Mode, of.Type, of.Name
		if !d.left(i, deposed[n]) {
			d.instances = append(d.instances, i)
		}
	}
	return nil
}

// readInstance reads an instance of a resource in a state file, and its key if it is deposed.
func (d *reader) readInstance() (one instance, deposed string, err error) {
	var i struct {
		Index      any `json:"index_key"`
		Deposed    string
		Attributes map[string]any
	}
	at, err := d.s.Value(&i)
	return instance{key: keyOf(i.Index), values: i.Attributes, at: at}, i.Deposed, err
}

// left reports whether an instance is deposed, and tells it: Terraform has made another one in its
// place, or none yet, and removes this one with the next apply.
func (d *reader) left(i instance, deposed string) bool {
	if deposed != "" && i.matters() && i.mode != modeData {
		d.b.Unread(i.at, "%s has an object that is deposed (%s): it is there until the next apply, and not after it: apply first", i, deposed)
	}
	return deposed != ""
}
