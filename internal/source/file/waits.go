package file

import (
	"os"
	"time"

	"github.com/auralink/auralink/internal/source/rest"
)

// restVariable is the name of an environment variable with how long a text must
// rest. It is for tests, which pause at every line: all other waits follow it.
const restVariable = "AURALINK_TEST_REST"

// sanity is the time between two looks at a file of which everything is told. It
// does not depend on anything else: nothing waits for it.
const sanity = time.Minute

// Waits returns the waits of a server. A change is seen within two seconds: where
// nothing is told, a look and twice the rest.
func Waits() rest.Waits {
	unit := 500 * time.Millisecond
	if d, err := time.ParseDuration(os.Getenv(restVariable)); err == nil && d > 0 {
		unit = d
	}
	return rest.Waits{Rest: unit, Young: 4 * unit, Look: 2 * unit, Sanity: sanity, Unrest: 10 * unit}
}

// StartWithin is how long a server waits at its start for a text that is written.
func StartWithin() time.Duration { return 20 * Waits().Rest }
