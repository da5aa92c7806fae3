package aws

import (
	"errors"
	"io"
)

// longer reports whether what write writes has more octets than most. No more
// than that is written.
func longer(most int, write func(io.Writer) error) bool {
	return errors.Is(write(&measure{left: most}), errLonger)
}

// measure is a writer that takes no more octets than are left.
type measure struct{ left int }

var errLonger = errors.New("there is more than the target takes")

// Write implements io.Writer.
func (m *measure) Write(p []byte) (int, error) {
	if m.left -= len(p); m.left < 0 {
		return 0, errLonger
	}
	return len(p), nil
}
