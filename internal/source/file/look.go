package file

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/auralink/auralink/internal/source/rest"
)

// maxLinks is how many symbolic links a path may lead through, as in Linux.
const maxLinks = 40

var errTooManyLinks = errors.New("too many levels of symbolic links")

// lookAt follows a path, and looks at all that it leads through.
func lookAt(path string) rest.Look {
	var look rest.Look
	look.Beside, _ = statOf(os.Stat(path + AcceptSuffix))
	if err := walk(&look, path, 0); err != nil {
		look.Err, look.File = err.Error(), rest.Stat{}
	}
	return look
}

// walk adds what a clean, absolute path leads through, and last to.
func walk(look *rest.Look, path string, links int) error {
	at := filepath.VolumeName(path) + string(filepath.Separator)
	steps := strings.Split(strings.TrimPrefix(path, at), string(filepath.Separator))
	for i, step := range steps {
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
				target = filepath.Join(filepath.Dir(at), target)
			}
			return walk(look, filepath.Join(append([]string{target}, steps[i+1:]...)...), links+1)
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
