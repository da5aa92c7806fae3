package file

import "github.com/auralink/auralink/internal/source/rest"

// NewLooking returns a source for a path that is told nothing by the system.
func NewLooking(path string, waits rest.Waits) *File {
	return &File{name: path, path: path, limit: 1 << 20, waits: waits, watch: newLooks()}
}

// Looked returns how often the file was looked at.
func (f *File) Looked() int { return f.looked }
