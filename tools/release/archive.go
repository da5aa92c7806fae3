package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// entry is a file of an archive.
type entry struct {
	name string // in the archive
	from string
	mode fs.FileMode
	tag  string // of images that the file names, instead of the latest; "" for others
}

// read returns what the archive has of the file.
func (e entry) read() ([]byte, error) {
	text, err := os.ReadFile(e.from)
	if e.tag != "" {
		text = bytes.ReplaceAll(text, []byte("newTag: latest"), []byte("newTag: "+strconv.Quote(e.tag)))
	}
	return text, err
}

// texts are the files of the repository that every archive has.
var texts = []string{"LICENSE", "README.md", "CHANGELOG.md", "Corefile.example", "Corefile.vpn.example", "Corefile.pair.example", "topology.example.yaml", "topology.pair.example.yaml"}

// entries returns what an archive has, in its order.
func (r *release) entries(t target, built string) (list []entry, err error) {
	for _, program := range programs {
		name := t.program(program)
		list = append(list, entry{name: name, from: filepath.Join(built, name), mode: 0o755})
	}
	for _, text := range texts {
		list = append(list, entry{name: text, from: filepath.Join(r.root, text), mode: 0o644})
	}
	for _, tree := range []struct{ name, from string }{
		{"completions", filepath.Join(r.extras, "completions")},
		{"man", filepath.Join(r.extras, "man")},
		{"deploy", filepath.Join(r.root, "deploy")},
	} {
		files, err := below(tree.name, tree.from)
		if err != nil {
			return nil, err
		}
		list = append(list, files...)
	}
	for i := range list {
		if path.Base(list[i].name) == "kustomization.yaml" {
			list[i].tag = strings.TrimPrefix(r.version, "v")
		}
	}
	return list, nil
}

// below returns the files of a directory, in the order of their names.
func below(name, from string) (list []entry, err error) {
	err = filepath.WalkDir(from, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if filepath.Ext(file) == ".sh" {
			mode = 0o755
		}
		list = append(list, entry{name: path.Join(name, filepath.ToSlash(relative)), from: file, mode: mode})
		return nil
	})
	return list, err
}

// archive writes a platform's archive: a zip for Windows, else a tar.gz. All is in
// one directory, which is called as the archive is.
func (r *release) archive(t target, built string) error {
	list, err := r.entries(t, built)
	if err != nil {
		return err
	}
	name, write, suffix := r.name("auralink", t), writeTar, ".tar.gz"
	if t.os == "windows" {
		write, suffix = writeZip, ".zip"
	}
	for i := range list {
		list[i].name = path.Join(name, list[i].name)
	}
	file, err := os.Create(filepath.Join(r.out, name+suffix))
	if err != nil {
		return err
	}
	if err := errors.Join(write(file, list, r.at), file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", file.Name(), err)
	}
	return nil
}

func writeTar(w io.Writer, list []entry, at time.Time) error {
	zipped := gzip.NewWriter(w) // its header has neither name nor time
	out := tar.NewWriter(zipped)
	for _, one := range list {
		content, err := one.read()
		if err != nil {
			return err
		}
		header := &tar.Header{Name: one.name, Mode: int64(one.mode), Size: int64(len(content)), ModTime: at, Typeflag: tar.TypeReg}
		if err := out.WriteHeader(header); err != nil {
			return err
		}
		if _, err := out.Write(content); err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), zipped.Close())
}

func writeZip(w io.Writer, list []entry, at time.Time) error {
	out := zip.NewWriter(w)
	for _, one := range list {
		content, err := one.read()
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: one.name, Method: zip.Deflate, Modified: at}
		header.SetMode(one.mode)
		to, err := out.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := to.Write(content); err != nil {
			return err
		}
	}
	return out.Close()
}
