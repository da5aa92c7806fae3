package file

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/auralink/auralink/internal/source/rest"
)

// maxLinks is how many symbolic links a path may lead through, as in Linux.
const maxLinks = 40

var errTooManyLinks = errors.New("too many levels of symbolic links")

const separator = string(filepath.Separator)

// absolute returns a path that begins at the root. A ".." stays in it where the system
// follows symbolic links before it goes up: it may be above what a link leads to.
func absolute(path string) (string, error) {
	if filepath.Separator != '/' || !strings.Contains(path, "..") {
		return filepath.Abs(path)
	}
	if !filepath.IsAbs(path) {
		dir, err := os.Getwd()
		if err != nil {
			return "", err
		}
		path = dir + separator + path
	}
	return separator + strings.Join(stepsOf(path), separator), nil
}

// stepsOf returns the names on a path, but for those that lead nowhere.
func stepsOf(path string) []string {
	return slices.DeleteFunc(strings.Split(path, separator), func(step string) bool { return step == "" || step == "." })
}

// lookAt follows an absolute path, and looks at all that it leads through.
func lookAt(path string) rest.Look {
	var look rest.Look
	look.Beside, _ = statOf(os.Stat(path + AcceptSuffix))
	if err := walk(&look, path, 0); err != nil {
		look.Err, look.File = err.Error(), rest.Stat{}
	}
	return look
}

// walk adds what an absolute path leads through, and last to, as the system follows it:
// each symbolic link at its place, and a ".." from where the links before it lead.
func walk(look *rest.Look, path string, links int) error {
	volume := filepath.VolumeName(path)
	at, steps := volume+separator, stepsOf(path[len(volume):])
	for i, step := range steps {
		if step == ".." {
			at = filepath.Dir(at)
			continue
		}
		at = filepath.Join(at, step)
		stat, info, err := lstat(at)
		switch {
		case err != nil:
			return err
		case info.Mode()&os.ModeSymlink != 0:
			target, err := os.Readlink(at)
			if err != nil {
				return err
			}
			if links == maxLinks {
				return &os.PathError{Op: "stat", Path: path, Err: errTooManyLinks}
			}
			addComponent(look, at, target, stat)
			if !filepath.IsAbs(target) {
				target = filepath.Dir(at) + separator + target
			}
			return walk(look, strings.Join(append([]string{target}, steps[i+1:]...), separator), links+1)
		case i < len(steps)-1:
			addComponent(look, at, "", stat)
		default:
			look.At, look.File = at, stat
		}
	}
	return nil
}

func addComponent(look *rest.Look, path, target string, stat rest.Stat) {
	look.Through = append(look.Through, rest.Component{
		Path: path, Target: target, Dev: stat.Dev, Ino: stat.Ino, Ctime: stat.Ctime,
	})
}

func lstat(path string) (rest.Stat, os.FileInfo, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return rest.Stat{}, nil, err
	}
	stat, err := statOf(info, nil)
	return stat, info, err
}

// Same reports whether two paths lead to one file, or would if there were one.
func Same(a, b string) bool {
	first, err := os.Stat(a)
	second, other := os.Stat(b)
	if err == nil && other == nil {
		return os.SameFile(first, second)
	}
	return placeOf(a) == placeOf(b)
}

// placeOf returns a path without symbolic links on the way to its last name.
func placeOf(path string) string {
	dir, name := filepath.Split(path)
	if led, err := filepath.EvalSymlinks(cmp.Or(dir, ".")); err == nil {
		dir = led
	}
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	return filepath.Join(dir, name)
}

// readRegular reads a file of at most limit octets. It must be a regular one, and
// is opened so that a pipe does not wait for its writer.
func readRegular(path string, limit int64) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s has more than %d octets", path, limit)
	}
	return text, nil
}
