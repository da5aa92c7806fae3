package records_test

import (
	"testing"
)

// startableServer is a server that checks its configuration, with one that it takes and texts
// of which it takes some.
type startableServer struct {
	file, format string
	check        []string
	base         string
	// around is what includes the file, "around.conf", if anything does. DIR in it is where they are.
	around string
	// beside are further files, by their paths.
	beside map[string]string
	texts  []string
	// beyond is of what is said about values, which the check does not look at; "" if it does.
	beyond string
	// slow says that a check takes so long that no slips are tried.
	slow bool
}

// startable are the servers of TestStartableSlips and TestStartable.
var startable = []startableServer{startableUnbound, startableNSD, startableKnot, startablePDNS, startableRecursor, startableKresd, startableGDNSD}

// TestStartable: a server that refuses its configuration is said not to start, or what is not
// known is said not to be read; one that takes it is not said not to start.
func TestStartable(t *testing.T) {
	for _, server := range startable {
		t.Run(server.file, func(t *testing.T) {
			t.Parallel()
			need(t, server.check[0])
			dir := t.TempDir()
			for _, text := range server.texts {
				refused, said, out := server.judge(t, dir, text+"\n")
				server.compare(t, text, refused, said, out)
			}
		})
	}
}
