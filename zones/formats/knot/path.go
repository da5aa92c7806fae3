package knot

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// formatter is what stands in a path for a part of the zone's name.
var formatter = regexp.MustCompile(`%(?:%|s|c\[(\d+)(?:-(\d+))?\]|l\[(\d+)\]|.?)`)

// pathOf returns the path of a zone's file, in which parts of its name may stand for
// themselves: %s for all of it, %c[N] and %c[N-M] for letters from its beginning, %l[N]
// for a label from its end. What the name does not have is left out.
func pathOf(path, name string) string {
	whole := dnsname.TrimDot(name) + "."
	labels := strings.Split(dnsname.TrimDot(name), ".")
	return formatter.ReplaceAllStringFunc(path, func(found string) string {
		match := formatter.FindStringSubmatch(found)
		switch {
		case found == "%%":
			return "%"
		case found == "%s":
			return strings.ReplaceAll(dnsname.TrimDot(name), "/", "_")
		case match[1] != "":
			first, _ := strconv.Atoi(match[1]) // the pattern has only digits
			last := first
			if match[2] != "" {
				last, _ = strconv.Atoi(match[2])
			}
			if first > last || first >= len(whole) {
				return ""
			}
			return whole[first:min(last+1, len(whole))]
		case match[3] != "":
			if at, _ := strconv.Atoi(match[3]); at < len(labels) {
				return labels[len(labels)-1-at]
			}
		}
		return ""
	})
}
