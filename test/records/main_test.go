package records_test

import (
	"os"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

func TestMain(m *testing.M) { os.Exit(peers.Run(m)) }
