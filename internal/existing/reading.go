package existing

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// reading is files and directories that are read together. A file that another one of
// them names is read where it is named, and not by itself, where it could mean something
// else.
type reading struct {
	Options
	builder *holdings.Builder
	jobs    []*job
	trees   []*tree
	opened  map[string]bool // by clean names: files that others name
	ours    bool            // all that was read is
	vpc     string          // for which what was read last is written, if that is ours
}

// job is a file to read.
type job struct {
	path string
	read formats.Reader // nil to find out what it is
	tree *tree          // of the files that it may name; nil for none
	// folder is the directory in which it was found, if it was not given by itself;
	// there it need not be of a known kind.
	folder *folder
	// export says that it is one of an export, of which it may be gone.
	export bool
	done   bool
}

// folder is a directory whose files are read.
type folder struct {
	dir  string
	read int // how many of its files were read
}

// list adds what is to be read of a path.
func (r *reading) list(path string) error {
	if path == Stdin {
		r.jobs = append(r.jobs, &job{path: path})
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() && !info.IsDir() { // a pipe, beside which there is nothing
		r.jobs = append(r.jobs, &job{path: path})
		return nil
	}
	tree, err := newTree(path, func(name string) { r.opened[filepath.Clean(name)] = true })
	if err != nil {
		return err
	}
	r.trees = append(r.trees, tree)
	if !info.IsDir() {
		r.jobs = append(r.jobs, &job{path: path, tree: tree})
		return nil
	}
	m, err := exportdir.ReadManifest(path)
	switch {
	case err != nil:
		return err
	case m.VPC == "":
		return r.listDirectory(path, tree)
	}
	r.vpc = m.VPC
	sources, err := m.Sources(path)
	for _, source := range sources {
		r.jobs = append(r.jobs, &job{path: source.Path, read: source.Read, tree: tree, export: true})
	}
	return err
}

// listDirectory adds all files of a directory.
func (r *reading) listDirectory(dir string, tree *tree) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	in := &folder{dir: dir}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if strings.ContainsFunc(entry.Name(), unicode.IsControl) { // which a message would carry on
			return fmt.Errorf("%s has a file with a control character in its name: %q", dir, entry.Name())
		}
		r.jobs = append(r.jobs, &job{path: filepath.Join(dir, entry.Name()), tree: tree, folder: in})
	}
	if len(entries) == 0 {
		return in.empty()
	}
	return nil
}

// empty is the error for a directory of which nothing was read.
func (f *folder) empty() error { return fmt.Errorf("%s has no file with records", f.dir) }

// all reads all that was listed.
func (r *reading) all() error {
	defer func() {
		for _, tree := range r.trees {
			tree.close()
		}
	}()
	r.opened, r.ours = make(map[string]bool), true
	named := r.survey()
	r.opened = make(map[string]bool)
	for _, j := range r.jobs {
		if !named[filepath.Clean(j.path)] {
			if err := r.run(j); err != nil {
				return err
			}
		}
	}
	for _, j := range r.jobs { // files that name each other, and no other one does
		if !j.done && !r.opened[filepath.Clean(j.path)] {
			if err := r.run(j); err != nil {
				return err
			}
		}
	}
	for _, j := range r.jobs {
		if j.folder != nil && j.folder.read == 0 {
			return j.folder.empty()
		}
	}
	return nil
}

// survey returns the files that others name. What is wrong with them is told when they
// are read.
func (r *reading) survey() map[string]bool {
	if len(r.jobs) < 2 {
		return nil
	}
	for _, j := range r.jobs {
		if j.tree != nil {
			looking := *r
			looking.Other = nil // which would have it twice
			_, _ = looking.readFile(holdings.NewIdler(), j)
		}
	}
	return r.opened
}

// run reads a file. Of a directory a file of no known kind is left out.
func (r *reading) run(j *job) error {
	j.done = true
	vpc, err := r.readFile(r.builder, j)
	var mistaken *formats.MistakenError
	switch {
	case j.folder != nil && (errors.Is(err, all.ErrUnknown) || errors.As(err, &mistaken) && !mistaken.Failed):
		r.note("%s is not read: %v", j.path, unwrapped(err))
		return nil
	case j.folder != nil && errors.Is(err, zonefile.ErrNoOrigin):
		r.builder.Unread(holdings.Place{File: j.path}, "the file is not read: nothing that was read says for which zone it is: give it by itself, with --origin ZONE, or leave it out")
		j.folder.read++
		r.vpc, r.ours = "", false
		return nil
	case j.export && errors.Is(err, fs.ErrNotExist): // it has no records any more
		return nil
	case err != nil:
		return err
	case j.folder != nil:
		j.folder.read++
		vpc = ""
	case j.export:
		return nil // it is ours, whatever it says
	}
	r.vpc, r.ours = vpc, r.ours && vpc != ""
	return nil
}

// unwrapped returns why a file of a directory is not read.
func unwrapped(err error) error {
	if mistaken := (*formats.MistakenError)(nil); errors.As(err, &mistaken) {
		return mistaken
	}
	return all.ErrUnknown
}

// readFile reads one file by what the options say, or else by what its job says. It
// returns the VPC for which the file is written, if it is ours.
func (r *reading) readFile(b *holdings.Builder, j *job) (vpc string, err error) {
	read, err := r.reader(j.read)
	if err != nil {
		return "", err
	}
	file, err := r.open(j.path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	head, content, err := formats.Peek(file)
	if err != nil {
		return "", err
	}
	if mistaken := formats.Mistaken(head); mistaken != nil && r.Syntax == "" {
		return "", hint.Add(fmt.Errorf("%s: %w", j.path, mistaken), mistaken.Remedy)
	}
	if r.Other != nil && r.Syntax == "" {
		if taken, err := r.Other(j.path, head, content); taken || err != nil {
			return "", err
		}
	}
	vpc, _ = formats.WrittenFor(head)
	err = read(b, content, r.input(j))
	switch {
	case errors.Is(err, all.ErrUnknown) && formats.IsCut(head):
		return vpc, hint.Add(fmt.Errorf("%s: %w", j.path, formats.ErrCut), "write it again, whole")
	case errors.Is(err, all.ErrUnknown):
		return vpc, hint.Add(err, hintSyntax())
	case errors.Is(err, zonefile.ErrNoOrigin):
		return vpc, hint.Add(err, "--origin ZONE, for the zone that the file is; or --as rpz, if it is a policy zone")
	}
	return vpc, err
}

// input says what a file is called, and for which zone it is: as the options or its
// name say.
func (r *reading) input(j *job) formats.Input {
	in := formats.Input{Name: j.path, View: r.View}
	if j.tree != nil { // else the interface would hold a nil pointer
		in.Tree = j.tree
	}
	if r.Origin != "" {
		in.Origin = dnsname.Absolute(r.Origin)
		return in
	}
	in.Origin, in.OriginByName = formats.OriginOf(j.path), true
	return in
}
