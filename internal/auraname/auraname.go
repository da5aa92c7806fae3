// Package auraname has the names of Aura's that the whole project knows. It is a leaf.
// Which of them are public, and what an orchestra's looks like, is package topology's
// to say.
package auraname

const (
	// Host is above all names of Aura's, without its final dot.
	Host = "neo4j.io"
	// Origin is Host as an absolute name.
	Origin = Host + "."
	// Endpoints is the parent of all custom endpoints, as an absolute name.
	Endpoints = "endpoints." + Origin
)

// Prefixes are put before a custom endpoint's label to make the four further names that each
// custom endpoint needs.
var Prefixes = [...]string{"a-", "b-", "c-", "d-"}

// PageOrigins returns the origins of Aura's pages that connect to databases from a
// browser.
func PageOrigins() []string {
	return []string{"https://browser." + Host, "https://bloom." + Host, "https://console." + Host}
}
