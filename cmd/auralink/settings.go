package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// settings are the values of --set: NAME=VALUE, and several with commas between them. A
// part that has no name of its own is more of the value before: vpc-id=a,b.
type settings map[string]string

// Set implements pflag.Value.
func (s settings) Set(text string) error {
	name := ""
	for part := range strings.SplitSeq(text, ",") {
		key, value, named := strings.Cut(part, "=")
		switch {
		case named && key != "":
			name = key
			s[name] = value
		case named || name == "":
			return fmt.Errorf("%q is not NAME=VALUE", part)
		default:
			s[name] += "," + part
		}
	}
	return nil
}

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
