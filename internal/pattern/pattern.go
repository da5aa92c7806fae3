// Package pattern has regular expressions that are compiled when they are first used: a
// command needs few of those that all readers have.
package pattern

import (
	"regexp"
	"sync"
)

// Lazily returns a regular expression that is compiled when it is first asked for. It
// panics then if the expression is none, as [regexp.MustCompile] does.
func Lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Matching returns what reports whether such an expression matches a text.
func Matching(expression string) func(text string) bool {
	re := Lazily(expression)
	return func(text string) bool { return re().MatchString(text) }
}
