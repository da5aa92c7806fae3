//go:build linux

package scenario_test

import (
	"os"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// restart implements: restart. It ends the servers and starts them again, with a log
// that is empty.
func restart(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if neg || len(args) != 0 || w.server == nil {
		ts.Fatalf("usage: restart, after serve")
	}
	w.server.stop(ts)
	if w.twin != nil {
		w.twin.stop(ts)
	}
	w.server, w.twin = nil, nil
	serve(ts, false, nil)
}

var acceptance = regexp.MustCompile(`replaces: [0-9a-f]{32} -> [0-9a-f]{32}`)

// accept implements: accept FILE. It writes the line by which the change is accepted
// that the log said last to be held.
func accept(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if neg || len(args) != 1 || w.server == nil {
		ts.Fatalf("usage: accept FILE, after serve")
	}
	lines := acceptance.FindAllString(w.server.log.String(), -1)
	if len(lines) == 0 {
		ts.Fatalf("the log has nothing to accept")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(lines[len(lines)-1]+"\n"), 0o600))
}
