package windows

import (
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// shape is how a listing is written.
type shape uint8

const (
	shapeNone shape = iota
	shapeTable
	shapeJSON
	shapeCSV
	shapeList
	shapeScript
)

// detect knows a listing by what its columns or members are called.
func detect(head formats.Head) formats.Certainty {
	if shapeOf(head) == shapeNone {
		return formats.No
	}
	return formats.Surely
}

func shapeOf(head formats.Head) shape {
	if head.Document() {
		return documentShape(strings.ToLower(string(head)))
	}
	header, members := "", 0
	for line := range head.Lines() {
		if header != "" && isRule(line) && records(named(headerOf(header, line))) {
			return shapeTable
		}
		if header == "" && isHeader(line) {
			return shapeCSV
		}
		if lists[strings.ToLower(memberOf(line))] {
			members++
		}
		if members > 1 {
			return shapeList
		}
		header = line
	}
	if changes.MatchString(string(head)) || strings.Contains(string(head), forwardersMark) {
		return shapeScript
	}
	return shapeNone
}

// documentShape knows a document in lower case by its members.
func documentShape(text string) shape {
	members := make(map[string]bool)
	for _, name := range known {
		members[name] = strings.Contains(text, `"`+name+`"`)
	}
	data := members["recorddata"] || members["ipv4address"] || members["ipv6address"] || members["hostnamealias"]
	if !data || !records(members) {
		return shapeNone
	}
	return shapeJSON
}

// named returns by which names columns are known.
func named(columns []string) map[string]bool {
	all := make(map[string]bool, len(columns))
	for _, column := range columns {
		all[fieldOf(column)] = true
	}
	return all
}
