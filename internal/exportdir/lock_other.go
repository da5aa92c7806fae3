//go:build !unix

package exportdir

import "os"

// tryLock takes no lock: Windows has none for directories, and those who export there
// must see to it themselves.
func tryLock(*os.File, share) error { return nil }
