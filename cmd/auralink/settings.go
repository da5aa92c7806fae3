package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// settings are the values of --set: NAME=VALUE, and several with commas between them. A
// part that has no name of its own is more of the value before: vpc-id=a,b.
type settings map[string]string

// Set implements pflag.Value. The error says what the text is or does, as in "is not NAME=VALUE".
func (s settings) Set(text string) error {
	name := ""
	for part := range strings.SplitSeq(text, ",") {
		key, value, named := strings.Cut(part, "=")
		switch {
		case named && key != "" && value == "":
			return fmt.Errorf("has no value for %s: leave it out for its default", key)
		case named && key != "":
			if s.has(key) {
				return fmt.Errorf("gives %s twice", key)
			}
			name = key
			s[name] = value
		case named || name == "":
			return errors.New("is not NAME=VALUE")
		default:
			s[name] += "," + part
		}
	}
	return nil
}

func (s settings) has(name string) bool { _, there := s[name]; return there }

// Type implements pflag.Value.
func (s settings) Type() string { return "stringToString" }

// String implements pflag.Value.
func (s settings) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(s)) {
		parts = append(parts, name+"="+s[name])
	}
	return strings.Join(parts, ",")
}

// listedNames is how many names are listed: 0 or more; -1 for all.
type listedNames int

// Set implements pflag.Value.
func (n *listedNames) Set(text string) error {
	number, err := strconv.Atoi(text)
	if err != nil || number < -1 {
		return fmt.Errorf("%q is neither a number of names nor -1, which lists all", text)
	}
	*n = listedNames(number)
	return nil
}

// Type implements pflag.Value.
func (n *listedNames) Type() string { return "number" }

// String implements pflag.Value.
func (n *listedNames) String() string { return strconv.Itoa(int(*n)) }

// namesFlag adds --names to a command.
func namesFlag(cmd *cobra.Command, into *int, otherwise int, usage string) {
	*into = otherwise
	cmd.Flags().Var((*listedNames)(into), "names", usage)
}
