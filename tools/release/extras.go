package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
)

// completions are what shells call their files.
var completions = map[string]string{"bash": "auralink.bash", "zsh": "_auralink", "fish": "auralink.fish"}

// writeExtras writes what the command line says of itself, which is the same for all
// platforms: completions, and manual pages, plain for archives and compressed for
// packages.
func (r *release) writeExtras() error {
	self := filepath.Join(r.extras, "auralink")
	if err := r.compile("auralink", self); err != nil {
		return err
	}
	if err := r.complete(self); err != nil {
		return err
	}
	pages := filepath.Join(r.extras, "man", "man1")
	if _, err := output("", nil, self, "man", pages); err != nil {
		return err
	}
	server, err := os.ReadFile(filepath.Join(r.root, "deploy", "package", "auralink-coredns.8"))
	if err != nil {
		return err
	}
	if err := write(filepath.Join(r.extras, "man", "man8", "auralink-coredns.8"), server); err != nil {
		return err
	}
	return compressAll(filepath.Join(r.extras, "man"), filepath.Join(r.extras, "man.gz"))
}

// complete writes the shells' completions.
func (r *release) complete(self string) error {
	for shell, file := range completions {
		text, err := output("", nil, self, "completion", shell)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(r.extras, "completions", file), []byte(text+"\n")); err != nil {
			return err
		}
	}
	return nil
}

// compressAll compresses all files of a directory into another, as Debian has manual
// pages.
func compressAll(from, to string) error {
	files, err := below(".", from)
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file.from)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(to, file.name+".gz"), compressed(text)); err != nil {
			return err
		}
	}
	return nil
}

// compressed returns a text as gzip -9n has it.
func compressed(text []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level that there is
	_, _ = w.Write(text)                                    // into memory
	_ = w.Close()
	return out.Bytes()
}

// write writes a file, and makes its directory if need be.
func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
