package existing

import (
	"bufio"
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
	asking  *formats.Asking
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
	kind   string // as what it is read, by its head; "" if that is not known
	server string // of which server it is a configuration, as --as takes it; or ""
	parts  []*job // of the same configuration, which are read behind it
	apart  bool   // others of that server in its directory are none of its configuration
	// writtenFor is the VPC for which auralink has written it, or "".
	writtenFor string
	// around is a configuration that has it in its place, and is read instead; or "".
	around string
	// document says that it is a document with names of Aura's that is about DNS.
	document bool
	says     bool // it has more than comments
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
		if r.skips(dir, entry, entries) {
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
	r.alternatives(named)
	if err := r.severalServers(named); err != nil {
		return err
	}
	r.join(named)
	r.unserved(named)
	r.opened = make(map[string]bool)
	for _, j := range r.jobs {
		if !j.done && !named[filepath.Clean(j.path)] {
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

// severalServers refuses configurations of several servers, of which each answers by its own
// alone.
func (r *reading) severalServers(named map[string]bool) error {
	var first *job
	for _, j := range r.jobs {
		switch {
		case j.server == "" || j.done || named[filepath.Clean(j.path)]:
		case first == nil:
			first = j
		case first.server != j.server:
			return hint.Add(fmt.Errorf("%s is a configuration of %s, and %s one of %s: each server answers by its own alone", first.path, first.server, j.path, j.server),
				"run the command once for each server, with the files of that one; where one server asks the other, begin with the one that clients ask")
		}
	}
	return nil
}

// run reads a file. Of a directory a file of no known kind is left out.
func (r *reading) run(j *job) error {
	j.done = true
	for _, part := range j.parts {
		part.done = true
	}
	r.builder.From(r.source(j))
	vpc, err := r.readFile(r.builder, j)
	for _, part := range j.parts {
		r.builder.ReadAs(holdings.Source{File: part.path, Kind: part.server})
	}
	var mistaken *formats.MistakenError
	switch {
	case j.folder != nil && (errors.Is(err, all.ErrUnknown) || errors.As(err, &mistaken) && !mistaken.Failed):
		r.leave(j, vpc, err)
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
		j.folder.read += 1 + len(j.parts)
		vpc = ""
	case j.export:
		return nil // it is ours, whatever it says
	}
	r.vpc, r.ours = vpc, r.ours && vpc != ""
	return nil
}

// source returns what tells the source of a file from others: the configurations of one server in
// a directory are of one; "" where there is one file alone.
func (r *reading) source(j *job) string {
	switch {
	case len(r.jobs) < 2:
		return ""
	case j.folder != nil && j.server != "" && !j.apart:
		return j.folder.dir + " " + j.server
	default:
		return j.path
	}
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
	j.document = filepath.Ext(j.path) == ".tf" && makesRecords(head)
	if j.around != "" {
		content = bufio.NewReader(strings.NewReader(j.around))
	}
	if mistaken := formats.Mistaken(head); mistaken != nil && r.Syntax == "" {
		return "", hint.Add(fmt.Errorf("%s: %w", j.path, mistaken), mistaken.Remedy)
	}
	if r.Other != nil && r.Syntax == "" {
		if taken, err := r.Other(j.path, head, content); taken || err != nil {
			return "", err
		}
	}
	r.ofServer(j, head)
	j.document, j.says = aboutDNS(head), formats.NewHead(head).FirstLine() != ""
	vpc, _ = formats.WrittenFor(head)
	j.writtenFor = vpc
	return vpc, r.explained(read(b, content, r.input(j)), j.path, head)
}

// explained returns the error with which the reading of a file ended, with what to do.
func (r *reading) explained(err error, path string, head []byte) error {
	switch {
	case errors.Is(err, all.ErrUnknown) && formats.IsCut(head):
		return hint.Add(fmt.Errorf("%s: %w", path, formats.ErrCut), "write it again, whole")
	case errors.Is(err, all.ErrUnknown) && r.Other != nil:
		return hint.Add(err, "lists of a cloud are read as JSON or YAML, with all of their fields: --output json or --format=json, without --query; for DNS "+hintSyntax())
	case errors.Is(err, all.ErrUnknown):
		return hint.Add(err, hintSyntax())
	case errors.Is(err, zonefile.ErrNoOrigin):
		if meant := formats.OriginMeant(path); meant != "" {
			return hint.Add(err, fmt.Sprintf("did you mean %s, by the file's name? then --origin %s; or --as rpz, if it is a policy zone", meant, meant))
		}
		return hint.Add(err, "--origin ZONE, for the zone that the file is; or --as rpz, if it is a policy zone")
	default:
		return err
	}
}

// ofServer notes as what a file is read, and of which server it is a configuration, by its head.
func (r *reading) ofServer(j *job, head []byte) {
	f, known := all.Detect(head)
	if r.Syntax != "" {
		as, err := all.ReadableAs(r.Syntax)
		f, known = as, err == nil && j.folder != nil
	}
	if !known {
		return
	}
	j.kind = f.Syntax()
	if !j.export && all.IsServer(f) {
		j.server = j.kind
	}
}

// input says what a file is called, and for which zone it is: as the options or its
// name say.
func (r *reading) input(j *job) formats.Input {
	in := formats.Input{Name: j.path, View: r.View, Asking: r.asking, Included: &formats.Included{}, Exported: j.export}
	if j.around != "" { // which names the file
		in.Name = filepath.Join(filepath.Dir(j.path), "<"+filepath.Base(j.path)+">")
	}
	if j.tree != nil { // else the interface would hold a nil pointer
		in.Tree = j.tree
	}
	for _, part := range j.parts {
		in.Parts = append(in.Parts, part.path)
	}
	if r.Origin != "" {
		in.Origin = dnsname.Absolute(r.Origin)
		return in
	}
	in.Origin, in.OriginByName = formats.OriginOf(j.path), true
	return in
}
