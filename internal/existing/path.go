package existing

import (
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
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

// reader returns what reads a file: by what the options say, or else by read;
// where both say nothing, it finds out what the file is.
func (o Options) reader(read formats.Reader) (formats.Reader, error) {
	switch {
	case o.Syntax != "":
		format, err := all.ReadableAs(o.Syntax)
		if err != nil {
			return nil, hint.Add(err, strings.TrimSpace(spell.Question(all.Meant(o.Syntax, all.Syntaxes()))+" "+hintSyntax()))
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
