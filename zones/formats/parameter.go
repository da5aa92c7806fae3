package formats

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Parameter is something that a format must be told beside the view, such as the
// name of a network.
type Parameter struct {
	// Name is what a user calls it: letters, digits and hyphens.
	Name string
	// Default is its value where none is given. A parameter without a default
	// may be left out if it is not Required.
	Default string
	// Required says that there is no sensible default.
	Required bool
	// Doc says in a phrase what it is.
	Doc string
	// Check returns what is wrong with a value, as in "is not a network's name";
	// nil takes any.
	Check func(value string) error
}

// check checks a value, which is empty if none is given.
func (p Parameter) check(value string) error {
	if value == "" || p.Check == nil {
		return nil
	}
	if err := p.Check(value); err != nil {
		return fmt.Errorf("parameter %s: %q %w", p.Name, value, err)
	}
	return nil
}

// Matches returns a check that a value matches a pattern, for [Parameter.Check]:
// where it does not, it is not what.
func Matches(pattern *regexp.Regexp, what string) func(value string) error {
	return func(value string) error {
		if !pattern.MatchString(value) {
			return errors.New("is not " + what)
		}
		return nil
	}
}

// EachOf returns a check of a list, with commas between its items, for [Parameter.Check].
// No item may be there twice.
func EachOf(check func(string) error) func(value string) error {
	return func(value string) error {
		seen := make(map[string]bool)
		for item := range strings.SplitSeq(value, ",") {
			if err := check(item); err != nil {
				return err
			}
			if seen[strings.ToLower(item)] {
				return fmt.Errorf("has %s twice", item)
			}
			seen[strings.ToLower(item)] = true
		}
		return nil
	}
}

// InDirectory returns a file's path for the server that is to load it: it has the
// directory, where one is given, in front.
func (o Options) InDirectory(name string) string {
	directory := o.Values["directory"]
	if directory != "" && !strings.HasSuffix(directory, "/") {
		directory += "/"
	}
	return directory + name
}

var errPath = errors.New("has a quote, a backslash, a space or a control character in it")

// CheckPath takes paths that need no quoting in any server's configuration.
func CheckPath(path string) error {
	for _, c := range path {
		if c <= ' ' || c == 0x7f || strings.ContainsRune("\"'\\`;{}#", c) {
			return errPath
		}
	}
	return nil
}
