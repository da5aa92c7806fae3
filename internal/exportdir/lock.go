package exportdir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// lockEvery is how often a lock that somebody else has is asked for.
const lockEvery = 50 * time.Millisecond

// share is with whom a lock is shared.
type share bool

const (
	alone    share = false // to write
	together share = true  // to compare
)

// errLocked is the error of a lock that somebody else has.
var errLocked = errors.New("somebody else has it")

// lock locks a directory for one export to write, or for several to compare, and
// returns what unlocks it. It waits for those who have it, and says so once. The
// lock is the system's, and goes with the process: nothing is left of it.
func lock(ctx context.Context, path string, how share, log io.Writer) (unlock func(), err error) {
	dir, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	unlock = func() { _ = dir.Close() } // it was read at most
	ticker := time.NewTicker(lockEvery)
	defer ticker.Stop()
	for waiting := false; ; waiting = true {
		err := tryLock(dir, how)
		switch {
		case err == nil:
			return unlock, nil
		case !errors.Is(err, errLocked):
			unlock()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		case !waiting:
			fmt.Fprintf(log, "note: another export is writing into %s: waiting for it\n", path)
		}
		select {
		case <-ctx.Done():
			unlock()
			return nil, fmt.Errorf("waiting for another export into %s: %w", path, context.Cause(ctx))
		case <-ticker.C:
		}
	}
}
