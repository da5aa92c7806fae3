package spell

import (
	"fmt"
	"strings"
)

// Count returns a number of things, such as "1 name", "2 names" and "2 addresses".
func Count(n int, thing string) string {
	if strings.HasSuffix(thing, "s") {
		return Counted(n, thing, thing+"es")
	}
	return Counted(n, thing, thing+"s")
}

// Counted returns a number and what there are so many of, whose plural may be any.
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
