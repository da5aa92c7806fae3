package auralink_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestNobodyBehind: the start says so where nothing behind us answers for other
// names, whatever else stands there.
func TestNobodyBehind(t *testing.T) {
	tests := []struct {
		name, plugins string
		warned        bool
	}{
		{"nothing", "", true},
		{"transfer", "transfer {\nto *\n}", true},
		{"cache and loop", "cache\nloop", true},
		{"what stands ahead", "errors\nlog", true},
		{"forward", "forward . 127.0.0.1:9", false},
		{"transfer and forward", "transfer {\nto *\n}\nforward . 127.0.0.1:9", false},
		{"whoami", "whoami", false},
		{"a plugin that is not known", "iam here", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, logged := startFast(t, fmt.Sprintf(".:PORT {\nbind 127.0.0.1\nauralink topology.yaml\n%s\n}", tt.plugins))
			if got := strings.Contains(logged.String(), "there is no plugin after auralink that answers other names"); got != tt.warned {
				t.Errorf("warned %t, want %t:\n%s", got, tt.warned, logged)
			}
		})
	}
}
