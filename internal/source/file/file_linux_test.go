package file_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/file"
	"github.com/auralink/auralink/internal/source/rest"
)

// waits are those of the tests: a busy machine must not take a pause for rest.
var waits = rest.Waits{
	Rest:   200 * time.Millisecond,
	Young:  200 * time.Millisecond,
	Look:   100 * time.Millisecond,
	Sanity: time.Hour,
	Unrest: time.Second,
}

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func open(t *testing.T, path string) *file.File {
	t.Helper()
	f, err := file.New(path, 1<<20, waits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// next returns the next text, as content and how it was written.
func next(t *testing.T, f *file.File) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	text, err := f.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(text.Content) + ", " + text.Written.String()
}

func expect(t *testing.T, f *file.File, want string) {
	t.Helper()
	if got := next(t, f); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// link puts a symbolic link to a file elsewhere, which has "new", in the place of a file. It
// returns when the clock that files get their times from, which is coarse, has moved on.
func link(t *testing.T, path string) {
	t.Helper()
	must(t, os.Mkdir(path+".d", 0o700))
	write(t, path+".d/real", "new")
	must(t, os.Symlink(path+".d/real", path+".link"), os.Rename(path+".link", path))
	time.Sleep(20 * time.Millisecond)
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

const (
	inPlace = ", written in place"
	whole   = ", replaced whole"
)

// TestNext: each way to change a file ends in its text, and how that was written.
func TestNext(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, path string)
		want   string
	}{
		{"written in place", func(t *testing.T, path string) { write(t, path, "new") }, "new" + inPlace},
		{"renamed over", func(t *testing.T, path string) {
			write(t, path+".tmp", "new")
			must(t, os.Rename(path+".tmp", path))
		}, "new" + whole},
		{"renamed over, then its mode changed", func(t *testing.T, path string) {
			write(t, path+".tmp", "new")
			must(t, os.Rename(path+".tmp", path), os.Chmod(path, 0o400))
		}, "new" + whole},
		{"renamed over, then written to", func(t *testing.T, path string) {
			write(t, path+".tmp", "new")
			must(t, os.Rename(path+".tmp", path))
			write(t, path, "newer")
		}, "newer" + inPlace},
		{"renamed over, and the old one written to", func(t *testing.T, path string) {
			old, err := os.OpenFile(path, os.O_WRONLY, 0)
			must(t, err)
			write(t, path+".tmp", "new")
			must(t, os.Rename(path+".tmp", path))
			_, err = old.WriteString("other")
			must(t, err, old.Close())
		}, "new" + whole},
		{"written to by another name", func(t *testing.T, path string) {
			must(t, os.Mkdir(path+".dir", 0o700), os.Link(path, path+".dir/other"))
			write(t, path+".dir/other", "new")
		}, "new" + inPlace},
		{"removed and made anew", func(t *testing.T, path string) {
			must(t, os.Remove(path))
			write(t, path, "new")
		}, "new" + inPlace},
		{"moved away and back", func(t *testing.T, path string) {
			must(t, os.Rename(path, path+".away"), os.Rename(path+".away", path))
		}, "old" + whole},
		{"exchanged", func(t *testing.T, path string) { exchange(t, path) }, "new" + whole},
		{"exchanged, and the old one written to", func(t *testing.T, path string) {
			exchange(t, path)
			write(t, path+".tmp", "other")
		}, "new" + whole},
		{"time set back", func(t *testing.T, path string) {
			info, err := os.Stat(path)
			must(t, err)
			write(t, path, "old")
			must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
		}, "old" + inPlace},
		{"same size, time set back", func(t *testing.T, path string) {
			info, err := os.Stat(path)
			must(t, err)
			write(t, path, "new")
			must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
		}, "new" + inPlace},
		{"a symbolic link instead", func(t *testing.T, path string) {
			write(t, path+".real", "new")
			must(t, os.Symlink(path+".real", path+".tmp"), os.Rename(path+".tmp", path))
		}, "new" + whole},
		{"a symbolic link instead, then written to", func(t *testing.T, path string) {
			link(t, path)
			write(t, path, "newer")
		}, "newer" + inPlace},
		{"renamed over, a symbolic link instead, then written to", func(t *testing.T, path string) {
			write(t, path+".tmp", "other")
			must(t, os.Rename(path+".tmp", path))
			link(t, path)
			write(t, path, "newer")
		}, "newer" + inPlace},
		{"a symbolic link instead, and the old one written to", func(t *testing.T, path string) {
			old, err := os.OpenFile(path, os.O_WRONLY, 0)
			must(t, err)
			link(t, path)
			_, err = old.WriteString("other")
			must(t, err, old.Close())
		}, "new" + whole},
		{"written to, and then a symbolic link instead", func(t *testing.T, path string) {
			write(t, path, "other")
			link(t, path)
		}, "new" + whole},
		{"a symbolic link instead, and a file again", func(t *testing.T, path string) {
			link(t, path)
			write(t, path+".tmp", "newer")
			must(t, os.Rename(path+".tmp", path))
		}, "newer" + whole},
		{"a symbolic link instead, a file again, then written to", func(t *testing.T, path string) {
			link(t, path)
			write(t, path+".tmp", "newer")
			must(t, os.Rename(path+".tmp", path))
			write(t, path, "newest")
		}, "newest" + inPlace},
		{"its directory made anew", func(t *testing.T, path string) {
			must(t, os.RemoveAll(filepath.Dir(path)), os.Mkdir(filepath.Dir(path), 0o700))
			time.Sleep(20 * time.Millisecond)
			write(t, path, "new")
		}, "new" + inPlace},
		{"its directory made anew, and changed after the file", func(t *testing.T, path string) {
			must(t, os.Rename(filepath.Dir(path), filepath.Dir(path)+".old"), os.Mkdir(filepath.Dir(path), 0o700))
			write(t, path, "new")
			time.Sleep(20 * time.Millisecond)
			write(t, path+".other", "other")
		}, "new" + inPlace},
		{"its directory replaced", func(t *testing.T, path string) {
			dir := filepath.Dir(path)
			must(t, os.Mkdir(dir+".new", 0o700))
			write(t, filepath.Join(dir+".new", filepath.Base(path)), "new")
			time.Sleep(20 * time.Millisecond) // finished, and only then moved there
			must(t, os.Rename(dir, dir+".old"), os.Rename(dir+".new", dir))
		}, "new" + whole},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "dir", "topology.yaml")
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
			write(t, path, "old")
			f := open(t, path)
			expect(t, f, "old"+inPlace)
			tt.change(t, path)
			expect(t, f, tt.want)
		})
	}
}

// TestLooks: where nothing is told, changes are seen all the same; a rename cannot
// be told from a file that was made anew, unless a symbolic link was swapped.
func TestLooks(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "topology.yaml")
	write(t, path, "old")
	f := file.NewLooking(path, waits)
	defer f.Close()
	expect(t, f, "old"+inPlace)
	write(t, path, "new")
	expect(t, f, "new"+inPlace)
	write(t, path+".tmp", "newer")
	must(t, os.Rename(path+".tmp", path))
	expect(t, f, "newer"+inPlace)
	write(t, path+".real", "newest")
	must(t, os.Symlink(path+".real", path+".tmp"), os.Rename(path+".tmp", path))
	expect(t, f, "newest"+whole)
}

// TestTold: where everything is told there is no look between what happens, nor for
// each line of a log beside the file.
func TestTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	write(t, path, "old")
	log, err := os.Create(path + ".log")
	must(t, err)
	f := open(t, path)
	expect(t, f, "old"+inPlace)
	lines := time.AfterFunc(waits.Look, func() {
		for range 100 {
			_, _ = log.WriteString("a line\n")
			time.Sleep(waits.Look / 50)
		}
	})
	t.Cleanup(func() { lines.Stop(); _ = log.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 5*waits.Look)
	defer cancel()
	before := f.Looked()
	if text, err := f.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("%q, %v", text.Content, err)
	}
	if n := f.Looked() - before; n > 2 {
		t.Errorf("looked %d times while nothing happened", n)
	}
}

// TestTells: of all that happens to a file somebody is told who waits.
func TestTells(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for files to rest")
	}
	tests := map[string]func(t *testing.T, path string){
		"written in place":        func(t *testing.T, path string) { write(t, path, "new") },
		"written by another name": func(t *testing.T, path string) { write(t, filepath.Dir(filepath.Dir(path))+"/other", "new") },
		"renamed over": func(t *testing.T, path string) {
			write(t, path+".tmp", "new")
			must(t, os.Rename(path+".tmp", path))
		},
		"a symbolic link instead": func(t *testing.T, path string) {
			write(t, path+".real", "new")
			must(t, os.Symlink(path+".real", path+".tmp"), os.Rename(path+".tmp", path))
		},
		"its directory replaced": func(t *testing.T, path string) {
			dir := filepath.Dir(path)
			must(t, os.Mkdir(dir+".new", 0o700))
			write(t, filepath.Join(dir+".new", filepath.Base(path)), "new")
			must(t, os.Rename(dir, dir+".old"), os.Rename(dir+".new", dir))
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dir", "topology.yaml")
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
			write(t, path, "old")
			must(t, os.Link(path, filepath.Dir(filepath.Dir(path))+"/other"))
			f := open(t, path)
			expect(t, f, "old"+inPlace)
			waited := make(chan string, 1)
			go func() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				for {
					text, err := f.Next(ctx)
					if err != nil || string(text.Content) == "new" {
						waited <- string(text.Content)
						return
					}
				}
			}()
			time.Sleep(50 * time.Millisecond)
			change(t, path)
			if got := <-waited; got != "new" {
				t.Errorf("waited for %q", got)
			}
		})
	}
}

// TestConfigMap: as Kubernetes does it, with two symbolic links of which the second
// is swapped.
func TestConfigMap(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "topology.yaml")
	version := func(name, text string) {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o700))
		write(t, filepath.Join(dir, name, "topology.yaml"), text)
		time.Sleep(20 * time.Millisecond) // the clock that files get their times from is coarse
		must(t, os.Symlink(name, filepath.Join(dir, "..data_tmp")),
			os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	}
	version("..1", "one")
	must(t, os.Symlink("..data/topology.yaml", path))
	f := open(t, path)
	expect(t, f, "one"+whole)
	version("..2", "two")
	must(t, os.RemoveAll(filepath.Join(dir, "..1")))
	expect(t, f, "two"+whole)
	version("..3", "three")
	expect(t, f, "three"+whole)
	write(t, filepath.Join(dir, "..3", "topology.yaml"), "torn")
	expect(t, f, "torn"+inPlace)
}

// TestWriter: a text is not returned while a program has the file open that writes
// it, however long it pauses.
func TestWriter(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for files to rest")
	}
	path := filepath.Join(t.TempDir(), "topology.yaml")
	write(t, path, "old")
	f := open(t, path)
	expect(t, f, "old"+inPlace)
	writer, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	must(t, err)
	defer writer.Close()
	_, err = writer.WriteString("half")
	must(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var unrest *source.UnrestError
	if text, err := f.Next(ctx); !errors.As(err, &unrest) {
		t.Fatalf("%q, %v; want that it does not rest", text.Content, err)
	}
	_, err = writer.WriteString(", whole")
	must(t, err, writer.Close())
	expect(t, f, "half, whole"+inPlace)
}

// TestMissing: a file that is removed is told of once, and one that comes is read.
func TestMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	f := open(t, path)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := f.Next(ctx); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("without a file: %v", err)
	}
	short, cancel := context.WithTimeout(context.Background(), 5*waits.Look)
	defer cancel()
	if text, err := f.Next(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("told twice: %q, %v", text.Content, err)
	}
	write(t, path, "new")
	expect(t, f, "new"+inPlace)
	must(t, os.Remove(path))
	if _, err := f.Next(ctx); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("removed: %v", err)
	}
	write(t, path+".tmp", "newer")
	must(t, os.Rename(path+".tmp", path))
	expect(t, f, "newer"+whole)
}

// TestBeside: what is written beside a file has it returned once more, at once.
func TestBeside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	write(t, path, "old")
	f := open(t, path)
	expect(t, f, "old"+inPlace)
	write(t, path+file.AcceptSuffix, "yes")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		text, err := f.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if string(text.Beside) == "yes" {
			break // it may have been seen while it was empty
		}
	}
}

// TestAgain: a text is returned once more, and a call that waits ends with its
// context.
func TestAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	write(t, path, "old")
	f := open(t, path)
	expect(t, f, "old"+inPlace)
	f.Again()
	expect(t, f, "old"+inPlace)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := f.Next(ctx)
		ended <- err
	}()
	time.Sleep(50 * time.Millisecond)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
