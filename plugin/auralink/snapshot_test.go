package auralink

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSnapshotInTheWay: the last good topology is kept in a file of its own.
func TestSnapshotInTheWay(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write(t, path("topology.yaml"), oneLink)
	for link, target := range map[string]string{"link.yaml": "topology.yaml", "here": "."} {
		if err := os.Symlink(target, path(link)); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		snapshot string
		refused  bool
	}{
		{"topology.yaml", true},
		{"link.yaml", true},
		{"here/topology.yaml", true},
		{"topology.yaml.accept", true},
		{"here/topology.yaml.accept", true},
		{"snapshot.yaml", false},
	}
	for _, tt := range tests {
		a := newAuralink()
		a.topology, a.taking.Snapshot = path("topology.yaml"), path(tt.snapshot)
		err := a.checkSnapshot()
		if refused := err != nil && strings.Contains(err.Error(), "name a file of its own"); refused != tt.refused {
			t.Errorf("snapshot %s: %v", tt.snapshot, err)
		}
	}
}
