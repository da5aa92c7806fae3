package exportdir

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
	"github.com/auralink/auralink/zones/formats/json"
)

// ViewName is the file in which an export keeps the view, beside files of a format
// that cannot be read back: by it the next export knows what it changes.
const ViewName = ".auralink.view.json"

// WithView returns the files of an export, and the view where it must be kept.
func WithView(format string, view zones.View, files iter.Seq[formats.File]) (iter.Seq[formats.File], error) {
	if written, _ := all.Named(format); written.CanReadBack() {
		return files, nil
	}
	kept, err := json.Format.Files(view, formats.Options{})
	if err != nil {
		return nil, err
	}
	return func(yield func(formats.File) bool) {
		for file := range files {
			if !yield(file) {
				return
			}
		}
		for file := range kept {
			file.Name = ViewName
			if !yield(file) {
				return
			}
		}
	}, nil
}

// Protection compares an export with the one that it is to replace, and refuses to write
// where a guard of package guard is tripped.
type Protection struct {
	// VPC is the one that is exported; Views are those of all VPCs.
	VPC   *plan.VPC
	Views []zones.View
	// Forced are the guards that do not stand in the way.
	Forced []guard.Code
}

// check reads what is there, which may be much, name by name. The step is one of a
// serial that secondaries would miss, or nil.
func (g Protection) check(dir string, before Manifest, missed *guard.SerialStep) error {
	if err := before.checkIntact(dir); err != nil {
		return err
	}
	watch := diff.NewWatch(topology.EndpointsOrigin, g.VPC.View, before.Regions(), diff.RegionsOf(g.VPC.Links))
	builder := watch.Builder()
	for _, name := range before.Files {
		read, path := ReaderOf(before.Format, name), filepath.Join(dir, name)
		_, ours, err := before.owns(path)
		if err != nil {
			return err
		}
		if read == nil || !ours {
			continue
		}
		if err := readInto(builder, path, read); err != nil {
			return hint.Add(fmt.Errorf("what is there cannot be compared: %w", err), "remove the file, if it is of no use any more")
		}
	}
	tally := watch.Tally()
	tally.Serial = missed
	tally.Clients = guard.Leaving(g.VPC.Name, before.ClientMoves(g.Views))
	return refuse(guard.Unforced(tally.Violations(), g.Forced))
}

// ReaderOf returns what reads a file of an export, or nil.
func ReaderOf(format, name string) formats.Reader {
	if name == ViewName {
		return json.Format.Read
	}
	f, _ := all.Named(format)
	return f.BackReader(name)
}

func readInto(b *holdings.Builder, path string, read formats.Reader) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return read(b, file, formats.Input{Name: path})
}

// refuse returns the error for guards that are tripped, if any.
func refuse(violations []guard.Violation) error {
	if len(violations) == 0 {
		return nil
	}
	var messages strings.Builder
	codes := make([]string, len(violations))
	for i, v := range violations {
		codes[i] = string(v.Code)
		fmt.Fprintf(&messages, "\n  %s: %s", v.Code, v.Message)
	}
	return HeldBack(messages.String(), codes)
}

// HeldBack returns the error for guards that are tripped; what says by which.
func HeldBack(what string, codes []string) error {
	return hint.Add(errors.New("the change is held back by its guards:"+what), "--force "+strings.Join(codes, ",")+", if all of it is meant")
}
