package main

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// viewName is the file in which an export keeps the view, beside files of a format
// that cannot be read back: by it the next export knows what it changes.
const viewName = ".auralink.view.json"

// viewFormat is the format of that file.
const viewFormat = "json"

// withView returns the files of an export, and the view where it must be kept.
func withView(format string, view zones.View, files iter.Seq[formats.File]) (iter.Seq[formats.File], error) {
	if written, _ := all.Named(format); written.CanReadBack() {
		return files, nil
	}
	f, err := pickFormat(viewFormat)
	if err != nil {
		return nil, err
	}
	kept, err := f.Files(view, formats.Options{})
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
			file.Name = viewName
			if !yield(file) {
				return
			}
		}
	}, nil
}

// exportGuard refuses to replace what an earlier export has written by what is more
// likely a mistake than meant.
type exportGuard struct {
	vpc    *plan.VPC
	views  []zones.View // of all VPCs
	forced []guard.Code
}

// check reads what is there, which may be much, name by name.
func (g exportGuard) check(dir string, before manifest) error {
	watch := diff.NewWatch(topology.EndpointsOrigin, g.vpc.View, before.regions(), diff.RegionsOf(g.vpc.Links))
	builder := watch.Builder()
	for _, name := range before.Files {
		read, path := readerOf(before.Format, name), filepath.Join(dir, name)
		_, ours, err := before.owns(path)
		if err != nil {
			return err
		}
		if read == nil || !ours {
			continue
		}
		if err := readInto(builder, path, read); err != nil {
			return hintedError{
				err:  fmt.Errorf("what is there cannot be compared: %w", err),
				hint: "remove the file, if it is of no use any more",
			}
		}
	}
	tally := watch.Tally()
	tally.Clients = leaving(g.vpc.Name, before.clientMoves(g.views))
	return refuse(guard.Unforced(tally.Violations(), g.forced))
}

// leaving returns the moves of clients that were in a VPC.
func leaving(vpc string, moves []guard.ClientMove) []guard.ClientMove {
	return slices.DeleteFunc(slices.Clone(moves), func(m guard.ClientMove) bool { return m.From != vpc })
}

// forceFlag adds --force to a command.
func forceFlag(cmd *cobra.Command, into *[]string) {
	cmd.Flags().StringSliceVar(into, "force", nil, "guards that do not stand in the way: "+guard.Codes())
	names := strings.Split(guard.Codes(), ", ")
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("force", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// parseForce reads the guards that are not to stand in the way.
func parseForce(names []string) ([]guard.Code, error) {
	codes, err := guard.ParseCodes(names)
	if err != nil {
		return nil, hintedError{err: err, hint: "--force, any of: " + guard.Codes()}
	}
	return codes, nil
}

// readerOf returns what reads a file of an export, or nil.
func readerOf(format, name string) formats.Reader {
	if name == viewName {
		format = viewFormat
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
	return heldBack(messages.String(), codes)
}

// heldBack returns the error for guards that are tripped; what says by which.
func heldBack(what string, codes []string) error {
	return hintedError{
		err:  errors.New("the change is held back by its guards:" + what),
		hint: "--force " + strings.Join(codes, ",") + ", if all of it is meant",
	}
}
