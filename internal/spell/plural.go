package spell

import "fmt"

// Count returns a number of things, such as "1 name" and "2 names".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
