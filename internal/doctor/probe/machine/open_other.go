//go:build !linux && !windows

package machine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"

	"github.com/auralink/auralink/internal/doctor"
)

// Open returns the connections of this machine that are open over the public path.
func Open(ctx context.Context, _ fs.FS, w Watch) ([]doctor.OpenConnection, error) {
	out, err := exec.CommandContext(ctx, "lsof", "-nP", "-iTCP", "-sTCP:ESTABLISHED").Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && len(exit.Stderr) == 0) { // status 1 says that there are none
		return nil, fmt.Errorf("asking lsof for open connections: %w", err)
	}
	return w.pick(ParseLsof(string(out))), nil
}
