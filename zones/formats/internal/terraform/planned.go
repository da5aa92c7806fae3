package terraform

import (
	"fmt"
	"slices"
)

// keyOf returns the key of an instance as a text; "" where there is none.
func keyOf(index any) string {
	if index == nil {
		return ""
	}
	return fmt.Sprint(index)
}

// lookedUp returns the zones of the state before a plan that are only looked up, and are
// not planned: their names are known, and that of none of their records.
func lookedUp(planned, prior []instance) []instance {
	there := make(map[string]bool)
	for _, i := range planned {
		there[i.address()] = true
	}
	var all []instance
	for _, i := range prior {
		if i.mode == modeData && !there[i.address()] {
			all = append(all, i)
		}
	}
	return all
}

// modeData is the mode of what is only looked up.
const modeData = "data"

// address returns what tells an instance from all others.
func (i instance) address() string {
	return fmt.Sprintf("%s/%s/%s.%s[%q]", i.module, i.mode, i.kind, i.name, i.key)
}

// String returns an instance as Terraform calls it.
func (i instance) String() string {
	name := i.kind + "." + i.name + bracketed(i.key)
	if i.mode == modeData {
		name = modeData + "." + name
	}
	if i.module != "" {
		name = i.module + "." + name
	}
	return name
}

// readWhole reads whether a plan is complete, or whether it has failed.
func (d *reader) readWhole(name string) error {
	var is bool
	at, err := d.s.Value(&is)
	switch {
	case err != nil:
	case name == "errored" && is:
		d.b.Unread(at, "the plan has failed: what else there would be, is not in it: plan again")
	case name == "complete" && !is:
		d.b.Unread(at, "the plan is not complete, as it is with -target: what else there will be, is not in it: plan all of it")
	}
	return err
}

// readChange reads a change of a plan. What Terraform forgets stays as it is, and is not planned.
func (d *reader) readChange() error {
	var one struct {
		Address, Type, Mode string
		Change              struct{ Actions []string }
	}
	at, err := d.s.Value(&one)
	if slices.Contains(one.Change.Actions, "forget") && one.Mode != modeData && (instance{kind: one.Type}).matters() {
		d.b.Unread(at, "%s is removed from the module, and not destroyed: what it is, is not known here, and stays", one.Address)
	}
	return err
}

// readDeferred reads a change that Terraform leaves to a later plan.
func (d *reader) readDeferred() error {
	var deferred struct {
		Change struct{ Address, Type string } `json:"resource_change"`
	}
	at, err := d.s.Value(&deferred)
	if (instance{kind: deferred.Change.Type}).matters() {
		d.b.Unread(at, "%s is left to a later plan: what it will be, is not known", deferred.Change.Address)
	}
	return err
}
