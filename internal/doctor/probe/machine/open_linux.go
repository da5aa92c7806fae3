package machine

import (
	"context"
	"io/fs"

	"github.com/auralink/auralink/internal/doctor"
)

// Open returns the connections of this machine that are open over the public path.
func Open(_ context.Context, files fs.FS, w Watch) ([]doctor.OpenConnection, error) {
	return openByProc(files, w)
}
