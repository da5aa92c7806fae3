package existing

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// HasRecords reports whether a path is a directory, or a file in a syntax that is
// known by its looks. A pipe is not looked into, which would take away from it; a
// topology is not read from one.
func HasRecords(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || info.Mode()&fs.ModeNamedPipe != 0 {
		return err == nil, err
	}
	file, err := inputfile.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, formats.HeadSize))
	_, known := all.Detect(head)
	return known, err
}

// readPath reads a file, or the files of a directory. It returns the VPC for which
// they are written, if they are ours, and else "".
func (o Options) readPath(b *holdings.Builder, path string) (vpc string, err error) {
	if path == Stdin {
		return o.readFile(b, path, nil)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return o.readFile(b, path, nil)
	}
	m, err := exportdir.ReadManifest(path)
	if err != nil {
		return "", err
	}
	if m.VPC == "" {
		return "", o.readDirectory(b, path)
	}
	return m.VPC, o.readExport(b, path, m)
}

// readDirectory reads all files of a directory that are of a known kind.
func (o Options) readDirectory(b *holdings.Builder, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	read := 0
	for _, entry := range entries {
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if strings.ContainsFunc(entry.Name(), unicode.IsControl) { // which a message would carry on
			return fmt.Errorf("%s has a file with a control character in its name: %q", dir, entry.Name())
		}
		path := filepath.Join(dir, entry.Name())
		_, err := o.readFile(b, path, nil)
		switch {
		case errors.Is(err, all.ErrUnknown):
			o.note("%s is not read: %v", path, all.ErrUnknown)
		case err != nil:
			return err
		default:
			read++
		}
	}
	if read == 0 {
		return fmt.Errorf("%s has no file with records", dir)
	}
	return nil
}

// reader returns what reads a file: by what the options say, or else by read;
// where both say nothing, it finds out what the file is.
func (o Options) reader(read formats.Reader) (formats.Reader, error) {
	switch {
	case o.Syntax != "":
		format, err := all.ReadableAs(o.Syntax)
		if err != nil {
			return nil, hint.Add(err, hintSyntax())
		}
		return all.ReadAs(format), nil
	case read == nil:
		return all.ReadAny, nil
	default:
		return read, nil
	}
}

// hintSyntax says which syntaxes there are.
func hintSyntax() string { return "--as, one of: " + strings.Join(all.Syntaxes(), ", ") }

// readFile reads one file by what the options say, or else by read, which is nil
// where nothing is known. It returns the VPC for which the file is written, if it is
// ours.
func (o Options) readFile(b *holdings.Builder, path string, read formats.Reader) (vpc string, err error) {
	if read, err = o.reader(read); err != nil {
		return "", err
	}
	file, err := o.open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	content := bufio.NewReaderSize(file, formats.HeadSize)
	head, err := content.Peek(formats.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if o.Other != nil && o.Syntax == "" {
		if taken, err := o.Other(path, head, content); taken || err != nil {
			return "", err
		}
	}
	vpc, _ = formats.WrittenFor(head)
	err = read(b, content, o.input(path))
	switch {
	case errors.Is(err, all.ErrUnknown):
		return vpc, hint.Add(err, hintSyntax())
	case errors.Is(err, zonefile.ErrNoOrigin):
		return vpc, hint.Add(err, "--origin ZONE, for the zone that the file is; or --as rpz, if it is a policy zone")
	}
	return vpc, err
}

// input says what a file is called, and for which zone it is: as the options or its
// name say.
func (o Options) input(path string) formats.Input {
	if o.Origin != "" {
		return formats.Input{Name: path, Origin: dnsname.Absolute(o.Origin)}
	}
	return formats.Input{Name: path, Origin: formats.OriginOf(path), OriginByName: true}
}
