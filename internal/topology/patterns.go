package topology

import (
	"regexp"
	"sync"
)

// What explains the YAML library's errors.
var (
	blankLine = lazily(`^\s*(#.*|---.*|\.\.\..*)?$`)
	// tight matches a key whose colon has no space behind it.
	tight = lazily(`^(\s*)([A-Za-z0-9_.-]+):([^\s:/].*)$`)
	// equals matches a key with an equals sign.
	equals = lazily(`^(\s*)([A-Za-z0-9_.-]+)\s*=\s*(\S.*)$`)
	// bare matches a word alone in its line.
	bare = lazily(`^(\s*)([A-Za-z0-9_.-]+)\s*$`)
	// spaced matches a key with a value, and no colon between them.
	spaced = lazily(`^\s*([A-Za-z0-9][A-Za-z0-9_.-]*)\s+([^\s:=#].*)$`)
	// wide matches a key with the colon of keyboards of East Asia.
	wide = lazily(`^\s*[A-Za-z0-9_.-]+\s*(：)`)
	// keyed matches a line that begins with a key.
	keyed = lazily(`^(\s*)("[^"]*"|'[^']*'|[^\s#"'\[\]{},-][^\s"'\[\]{},]*):(\s.*)?$`)
	// twice matches a value with a colon in it.
	twice = lazily(`^\s*[^\s:]+:\s+([^\s"'\[{#][^#]*:\s[^#]*?)\s*(#.*)?$`)
	// tightFlow matches a key in braces whose colon has no space behind it.
	tightFlow = lazily(`[{,]\s*[A-Za-z0-9_.-]+:["'\[{]`)
	// special matches what no plain scalar begins with, where one is expected.
	special = lazily("(?:^|[\\[,{]|: |- )\\s*([*@`%!&|>][^\\s,\\]}]*)")
	// adjacent matches two quoted scalars with nothing between them.
	adjacent = lazily(`["']\s+(["'][^"']*["'])`)
)

// lazily returns a regular expression that is compiled when it is first used: most
// topologies need no explanation.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
