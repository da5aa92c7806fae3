package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/miekg/dns"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/zones"
)

const exportLong = `Write what the clients of one VPC are to be answered in the format of another
DNS system, to standard output or, with --out, into a directory.

Individual records are written as one zone for each name, so that nothing else
under endpoints.neo4j.io is touched; with --shape one-zone they are one zone,
which hides all other names under endpoints.neo4j.io.

Each file is replaced as a whole or not at all. The serial in its SOA stays as
long as the records do and is raised when they change (RFC 1982); --serial sets
it instead. A manifest in the directory says which files are auralink's: those
that are no longer part of the plan are removed, and no others. A directory is
for one VPC.`

type exportFlags struct {
	format, vpc, out, shape string
	serial                  uint32
}

func newExport() *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:     "export TOPOLOGY",
		Short:   "Write a VPC's records for another DNS system",
		Long:    exportLong,
		Example: "  auralink export topology.yaml --format bind --vpc apps --out zones/",
		Args:    exactArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExport(cmd, args[0], flags)
		},
	}
	cmd.Flags().StringVar(&flags.format, "format", "bind", "what to write: "+formatNames())
	cmd.Flags().StringVar(&flags.vpc, "vpc", "", "the VPC; may be left out where there is only one")
	cmd.Flags().StringVar(&flags.out, "out", "", "the directory to write into, made if need be; else standard output")
	cmd.Flags().StringVar(&flags.shape, "shape", string(zones.ShapePerName), "zones of individual records: per-name or one-zone")
	cmd.Flags().Uint32Var(&flags.serial, "serial", 0, "the serial of every SOA (default: kept or raised)")
	return cmd
}

func formatNames() string {
	var names []string
	for _, f := range zones.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

func runExport(cmd *cobra.Command, path string, flags exportFlags) error {
	format, ok := zones.FormatNamed(flags.format)
	if !ok {
		return hintedError{err: fmt.Errorf("unknown format %q", flags.format), hint: "--format, one of: " + formatNames()}
	}
	shape, err := zones.ParseShape(flags.shape)
	if err != nil {
		return hintedError{err: err, hint: "--shape, one of: per-name, one-zone"}
	}
	p, err := readUsable(cmd, path)
	if err != nil {
		return err
	}
	vpc, err := pickVPC(p, flags.vpc)
	if err != nil {
		return err
	}
	serials := serialPolicy{now: uint32(time.Now().Unix())} //nolint:gosec // serials wrap (RFC 1982)
	if cmd.Flags().Changed("serial") {
		serials.fixed = &flags.serial
	}
	if flags.out == "" {
		return printFiles(cmd.OutOrStdout(), format, vpc.View, shape, serials)
	}
	return writeFiles(cmd.ErrOrStderr(), flags.out, format, vpc.View, shape, serials)
}

// printFiles writes all files one after the other.
func printFiles(w io.Writer, format zones.Format, view zones.View, shape zones.Shape, serials serialPolicy) error {
	for file := range format.Files(view, shape) {
		if err := file.Write(w, serials.fresh()); err != nil {
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
	}
	return nil
}

// writeFiles writes each file into dir, removes those that an earlier export
// wrote and that are not of this one, and says what it did.
func writeFiles(log io.Writer, dir string, format zones.Format, view zones.View, shape zones.Shape, serials serialPolicy) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the directory: %w", err)
	}
	before, err := readManifest(dir)
	if err != nil {
		return err
	}
	now := manifest{Format: format.Name, VPC: view.Name, Files: []string{}}
	if err := before.adopt(dir, now); err != nil {
		return err
	}
	if err := before.checkSame(dir, now); err != nil {
		return err
	}
	for file := range format.Files(view, shape) {
		now.Files = append(now.Files, file.Name)
	}
	if err := now.checkForeign(dir); err != nil {
		return err
	}
	// Should the work be cut short, the next export knows of all files that
	// may be there.
	if err := now.with(before.Files).write(dir); err != nil {
		return err
	}
	changed := 0
	for file := range format.Files(view, shape) {
		same, err := writeFile(filepath.Join(dir, file.Name), file, serials)
		if err != nil {
			return err
		}
		if !same {
			changed++
		}
	}
	removed, err := now.removeOthers(dir, before.Files)
	if err != nil {
		return err
	}
	if err := now.write(dir); err != nil {
		return err
	}
	return printExported(log, dir, len(now.Files), changed, removed)
}

// printExported says what an export did.
func printExported(log io.Writer, dir string, total, changed int, removed []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d files in %s: %d new or changed; %d removed\n", total, dir, changed, len(removed))
	for _, name := range removed {
		fmt.Fprintf(&b, "removed %s\n", name)
	}
	if len(removed) > 0 {
		b.WriteString("auralink: hint: remove these zones from the servers' configuration as well: " +
			"a server that cannot find a zone's file may go on with what it has in memory\n")
	}
	_, err := io.WriteString(log, b.String())
	return err
}

// writeFile replaces one file, unless it has the same records already.
func writeFile(path string, file zones.File, serials serialPolicy) (same bool, err error) {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	serial := serials.fresh()
	if before, ok := serialOf(old); ok {
		trial := serials.again(before)
		var again bytes.Buffer
		if err := file.Write(&again, trial); err != nil {
			return false, fmt.Errorf("writing %s: %w", path, err)
		}
		if bytes.Equal(again.Bytes(), old) {
			return true, nil
		}
		serial = serials.after(before)
	}
	// The temporary file is in the same directory, and so has its group and
	// labels, by which a name server may read it.
	pending, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return false, err
	}
	defer pending.Cleanup() //nolint:errcheck // nothing to clean up once replaced
	if err := file.Write(pending, serial); err != nil {
		return false, fmt.Errorf("writing %s: %w", path, err)
	}
	return false, pending.CloseAtomicallyReplace()
}

// serialOf returns the serial of the first SOA in a zone file.
func serialOf(zoneFile []byte) (uint32, bool) {
	parser := dns.NewZoneParser(bytes.NewReader(zoneFile), ".", "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		if soa, isSOA := rr.(*dns.SOA); isSOA {
			return soa.Serial, true
		}
	}
	return 0, false
}

// serialPolicy gives the serials of zones.
type serialPolicy struct {
	fixed *uint32
	now   uint32 // seconds since 1970
}

// fresh returns the serial of a zone that was not there before.
func (p serialPolicy) fresh() uint32 {
	if p.fixed != nil {
		return *p.fixed
	}
	return p.now
}

// again returns the serial of a zone whose records are the same as before.
func (p serialPolicy) again(before uint32) uint32 {
	if p.fixed != nil {
		return *p.fixed
	}
	return before
}

// after returns the serial of a zone whose records have changed.
func (p serialPolicy) after(before uint32) uint32 {
	if p.fixed != nil {
		return *p.fixed
	}
	return zones.NextSerial(before, p.now)
}
