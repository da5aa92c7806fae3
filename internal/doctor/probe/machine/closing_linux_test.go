package machine_test

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"net/netip"
	"testing"
	"testing/fstest"

	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

// closing are files of a machine on which a connection, of which nobody may know whose it
// is, is closed after its table was read so many times.
type closing struct {
	fstest.MapFS
	after int
}

// Open implements fs.FS.
func (c *closing) Open(name string) (fs.File, error) {
	if name == "proc/net/tcp" {
		if c.after--; c.after < 0 {
			return fstest.MapFS{name: {Data: []byte("header\n")}}.Open(name)
		}
	}
	return c.MapFS.Open(name)
}

// TestClosing: a connection without an owner counts if it is still open after its owner
// was looked for: that of a process which ends just then does not.
func TestClosing(t *testing.T) {
	remote := netip.MustParseAddr("203.0.113.10")
	octets := remote.As4()
	table := fmt.Sprintf("header\n 0: 0700000A:9C40 %08X:1E07 01 0:0 00:0 0 0 0 4711 1\n", binary.NativeEndian.Uint32(octets[:]))
	for _, tt := range []struct{ after, want int }{{1, 0}, {2, 1}} {
		files := &closing{MapFS: fstest.MapFS{"proc/net/tcp": {Data: []byte(table)}}, after: tt.after}
		open, err := machine.Open(t.Context(), files, machine.Watch{Public: []netip.Addr{remote}})
		if err != nil || len(open) != tt.want {
			t.Errorf("closed after %d reads: %v, %v, want %d", tt.after, open, err, tt.want)
		}
	}
}
