package formats_test

import (
	"testing"

	"github.com/auralink/auralink/zones/formats"
)

// TestOriginOf: what a file's name says of its zone, and what it does not.
func TestOriginOf(t *testing.T) {
	for file, want := range map[string]string{
		"db.endpoints.neo4j.io":                        "endpoints.neo4j.io.",
		"/etc/bind/Endpoints.Neo4j.io.zone":            "endpoints.neo4j.io.",
		`C:\dns\endpoints.neo4j.io.dns`:                "endpoints.neo4j.io.",
		"fwd.endpoints.neo4j.io.db":                    "endpoints.neo4j.io.",
		"endpoints.neo4j.io.zone.bak":                  "endpoints.neo4j.io.",
		"endpoints.neo4j.io.zone.20260101":             "endpoints.neo4j.io.",
		"endpoints.neo4j.io.dns.txt":                   "endpoints.neo4j.io.",
		"neo4j.io":                                     "neo4j.io.",
		"production-orch-0000.neo4j.io.zone":           "production-orch-0000.neo4j.io.",
		"db.sales-ab12-cd34.endpoints.neo4j.io":        "sales-ab12-cd34.endpoints.neo4j.io.",
		"my-endpoint-abcdef-123456.endpoints.neo4j.io": "my-endpoint-abcdef-123456.endpoints.neo4j.io.",
		"graph.example.org.zone":                       "graph.example.org.",
		"prod.endpoints.neo4j.io.zone":                 "",
		"internal.production-orch-0000.neo4j.io":       "",
		"apps.neo4j.io.db":                             "",
		"aura.lan.zone":                                "",
		"corp.internal":                                "",
		"zone.v2":                                      "",
		"dump.txt":                                     "",
		"named.ca":                                     "",
		"a_b.example.org":                              "",
		"-":                                            "",
		"":                                             "",
	} {
		if got := formats.OriginOf(file); got != want {
			t.Errorf("%s is taken for zone %q, want %q", file, got, want)
		}
	}
}

// TestOriginMeant: which zone a mistyped name of a file means.
func TestOriginMeant(t *testing.T) {
	for file, want := range map[string]string{
		"db.endpoint.neo4j.io":      "endpoints.neo4j.io",
		"zones/endpoints.neo4j.oi":  "endpoints.neo4j.io",
		"Endpoints.zone":            "endpoints.neo4j.io",
		"aura.lan.zone":             "",
		"corp.internal":             "",
		"-":                         "",
		"":                          "",
		"named.conf":                "",
		"db.a-b.databases.neo4j.io": "",
	} {
		if got := formats.OriginMeant(file); got != want {
			t.Errorf("%s is meant for zone %q, want %q", file, got, want)
		}
	}
}
