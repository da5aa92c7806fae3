package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/exportlist"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/topology"
)

// ofEntries are the flags of which a list says for each export what they are.
var ofEntries = []string{"vpc", "format", "out", "shape", "server", "set"}

// runExportAll writes or checks all exports of a list.
func runExportAll(cmd *cobra.Command, path string, flags exportFlags) error {
	for _, name := range ofEntries {
		if cmd.Flags().Changed(name) {
			return hint.Add(fmt.Errorf("--%s is for one export, and --all is for those of a list", name),
				"leave one of the two out; the list says for each export: "+strings.Join(ofEntries, ", "))
		}
	}
	if err := onceFromStdin([]string{path, flags.list}); err != nil {
		return err
	}
	if flags.list == "" && path == stdin {
		return hint.Add(errors.New("what is listed beside standard input?"), "--list FILE")
	}
	wanted, err := readUsable(cmd, path)
	if err != nil {
		return err
	}
	l := listed{path: flags.list, flags: flags, wanted: wanted}
	if l.path == "" {
		l.path = exportlist.Beside(path)
	}
	dirs, err := l.dirs(cmd)
	if err != nil {
		return err
	}
	gone, err := exportdir.Unlisted(l.file(), l.paths(dirs))
	if err != nil {
		return err
	}
	if flags.check {
		return checkAll(cmd, dirs, gone, "auralink export "+path+" --all")
	}
	return exportdir.WriteAll(cmd.Context(), dirs, gone, cmd.ErrOrStderr())
}

// listed are the exports of a list.
type listed struct {
	path     string
	flags    exportFlags
	wanted   revision
	findings topology.Findings
}

// file returns the path to which the directories of the list are relative: a list
// from standard input stands where we are.
func (l *listed) file() string {
	if l.path == stdin {
		return "stdin.exports.yaml"
	}
	return l.path
}

func (l *listed) paths(dirs []*exportdir.Dir) []string {
	paths := make([]string, len(dirs))
	for i, d := range dirs {
		paths[i] = d.Path
	}
	return paths
}

// dirs reads the list. All that is wrong with it is printed.
func (l *listed) dirs(cmd *cobra.Command) ([]*exportdir.Dir, error) {
	text, err := l.read(cmd)
	if err != nil {
		return nil, err
	}
	entries, findings := exportlist.Parse(text)
	l.findings = findings
	var dirs []*exportdir.Dir
	for i := range entries {
		if dir := l.dir(cmd, &entries[i]); dir != nil {
			dirs = append(dirs, dir)
		}
	}
	if len(l.findings) > 0 {
		l.findings.Sort()
		fmt.Fprint(cmd.ErrOrStderr(), l.findings.In(l.path).Report())
		return nil, fmt.Errorf("%s cannot be used: nothing is exported", l.path)
	}
	if len(dirs) == 0 && !slices.Contains(l.flags.force, string(guard.CodeEmpty)) {
		return nil, hint.Add(fmt.Errorf("%s lists no exports", l.path), "--force empty, if all that it listed before is to be removed")
	}
	return dirs, nil
}

// unread is the error for a list that cannot be read.
func (l *listed) unread(err error) error {
	listed := fmt.Errorf("reading the list of exports: %w", err)
	if info, broken := os.Stat(l.path); broken == nil && info.IsDir() {
		return hint.Add(listed, fmt.Sprintf("a list is a file, and %s is a directory", l.path))
	}
	if !errors.Is(err, fs.ErrNotExist) || nearPath(err) != "" {
		return listed
	}
	return hint.Add(listed, "auralink export --help shows how it is written; --list FILE names another one")
}

// read reads the list's text.
func (l *listed) read(cmd *cobra.Command) ([]byte, error) {
	input, err := openInput(cmd, l.path)
	if err != nil {
		return nil, l.unread(err)
	}
	defer input.Close()
	text, err := io.ReadAll(io.LimitReader(input, exportlist.MaxOctets+1))
	if err != nil {
		return nil, l.unread(err)
	}
	return text, nil
}

// stayBelow refuses a directory that a symbolic link takes out of its base.
func stayBelow(base, dir string) error {
	root, err := filepath.EvalSymlinks(base)
	if err != nil {
		return err
	}
	for at := dir; ; at = filepath.Dir(at) {
		there, err := filepath.EvalSymlinks(at)
		if errors.Is(err, os.ErrNotExist) && filepath.Clean(at) != filepath.Clean(base) {
			continue // it will be made
		}
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, there)
		if err != nil || !filepath.IsLocal(below) {
			return fmt.Errorf("%s leads out of the list's directory, to %s", dir, there)
		}
		return nil
	}
}

// checkAll prints how the files of all exports differ, or as annotations which do,
// and what brings them up to date.
func checkAll(cmd *cobra.Command, dirs []*exportdir.Dir, gone []string, again string) error {
	format := output(cmd.Flags().Lookup("output").Value.String())
	out, annotate := cmd.OutOrStdout(), format != outputText
	var stale []report.Annotation
	note := func(path string) { stale = append(stale, report.Stale(path, again)) }
	if annotate {
		out = io.Discard
	}
	for _, dir := range dirs {
		dir.Stale = note
		_, err := dir.Check(cmd.Context(), out, cmd.ErrOrStderr())
		switch {
		case err != nil && len(dirs) > 1:
			return fmt.Errorf("%s: %w", dir.Path, err)
		case err != nil:
			return err
		}
	}
	for _, path := range gone {
		if err := exportdir.CheckGone(path, out); err != nil {
			return err
		}
		note(path)
	}
	if annotate {
		if err := writeAnnotations(cmd.OutOrStdout(), format, stale, ""); err != nil {
			return err
		}
	}
	if len(stale) == 0 {
		return nil
	}
	return errDifferences
}
