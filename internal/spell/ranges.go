package spell

import (
	"fmt"
	"net/netip"
	"strings"
)

// Ranges returns ranges of clients in words, of many the first few.
func Ranges(all []netip.Prefix) string {
	const most = 5
	var texts []string
	for _, p := range all[:min(len(all), most)] {
		texts = append(texts, p.String())
	}
	if len(all) > most {
		texts = append(texts, fmt.Sprintf("and %d more", len(all)-most))
	}
	return strings.Join(texts, ", ")
}
