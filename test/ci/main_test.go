package ci_test

import (
	"os"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// built is a directory with the command.
var built string

func TestMain(m *testing.M) { os.Exit(peers.BuildAndRun(m, "auralink", &built)) }
