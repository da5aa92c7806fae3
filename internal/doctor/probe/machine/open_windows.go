package machine

import (
	"context"
	"fmt"
	"io/fs"
	"os/exec"

	"github.com/auralink/auralink/internal/doctor"
)

// netTCPConnections is the command for [ParseNetTCPConnection]. What netstat prints is
// in the language of the user.
const netTCPConnections = `Get-NetTCPConnection -State Established | ForEach-Object { $p = Get-Process -Id $_.OwningProcess -ErrorAction SilentlyContinue; ` +
	"\"$($_.LocalAddress)`t$($_.LocalPort)`t$($_.RemoteAddress)`t$($_.RemotePort)`t$($p.ProcessName)`t$($_.OwningProcess)\" }"

// Open returns the connections of this machine that are open over the public path.
func Open(ctx context.Context, _ fs.FS, w Watch) ([]doctor.OpenConnection, error) {
	out, err := exec.CommandContext(ctx, "powershell.exe", "-NoProfile", "-NonInteractive", "-Command", netTCPConnections).Output()
	if err != nil {
		return nil, fmt.Errorf("asking Get-NetTCPConnection for open connections: %w", err)
	}
	return w.pick(ParseNetTCPConnection(string(out))), nil
}
