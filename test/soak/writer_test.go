//go:build linux

package soak_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// writer writes topologies onto the disks of both servers, the same ones, each way.
type writer struct {
	judge *judge
	rand  *rand.Rand

	mu     sync.Mutex // a version is on both disks, or on none
	disks  []string
	number int
	counts map[string]int // by the way that was taken
}

// ways are those of writing, the common ones more often.
var ways = []string{"renamed", "renamed", "renamed", "swapped", "swapped", "swapped", "in place", "torn", "torn", "invalid", "invalid in place"}

// wholes are those by which a version is replaced as a whole.
var wholes = []string{"renamed", "swapped"}

// write writes another version, in one of the ways, and returns its number.
func (w *writer) write(ways ...string) (number int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.number++; w.number >= mostVersions {
		return 0, errors.New("there are more versions than addresses can tell apart")
	}
	way := ways[w.rand.IntN(len(ways))]
	w.counts[way]++
	w.judge.begins(w.number, way)
	v := draw(w.number, w.rand)
	for server, disk := range w.disks {
		if err := w.onto(server, disk, v, way); err != nil && !errors.Is(err, unix.ENOSPC) {
			return 0, fmt.Errorf("version %d, %s: %w", v.number, way, err)
		}
	}
	return v.number, nil
}

// onto writes a version onto one disk. The error wraps [unix.ENOSPC] where that is full.
func (w *writer) onto(server int, disk string, v version, way string) error {
	path, text := filepath.Join(disk, "topology.yaml"), v.String()
	valid := func(whole bool) func() {
		return func() { w.judge.wrote(server, written{v, time.Now(), whole}) }
	}
	nothing := func() {}
	switch way {
	case "renamed":
		return rename(path, text, valid(true))
	case "swapped":
		return swap(disk, v.number, text, valid(true))
	case "in place":
		return inPlace(path, text, len(text), valid(false))
	case "torn":
		return inPlace(path, text, 1+w.rand.IntN(len(text)-2), nothing)
	case "invalid":
		return rename(path, w.spoil(text), nothing)
	case "invalid in place":
		text = w.spoil(text)
		return inPlace(path, text, len(text), nothing)
	}
	return fmt.Errorf("there is no way %q", way)
}

// spoil makes a topology invalid.
func (w *writer) spoil(text string) string {
	switch w.rand.IntN(5) {
	case 0:
		return text + "vpcs: [\n"
	case 1:
		return strings.Replace(text, "-000: east", "-000: south", 1) + "    - x\n"
	case 2:
		return strings.Replace(text, "10.3.0.0/16", "10.2.0.0/16", 1) // a range in two VPCs
	case 3:
		return strings.Replace(text, `"0042"`, `"0000"`, 1) // an orchestra in two regions
	default:
		return strings.Replace(text, "        - 10.", "        - 127.0.0.1\n        - 10.", 1)
	}
}

// rename puts a finished file in the place of what is there.
func rename(path, text string, last func()) error {
	finished := path + ".new"
	if err := os.WriteFile(finished, []byte(text), 0o600); err != nil {
		return errors.Join(err, os.Remove(finished))
	}
	last()
	return os.Rename(finished, path)
}

// swap puts a directory in the place of what is there, as the kubelet does with a
// ConfigMap.
func swap(disk string, number int, text string, last func()) error {
	data, path := filepath.Join(disk, "..data"), filepath.Join(disk, "topology.yaml")
	old, _ := os.Readlink(data) // there is none the first time
	dir := fmt.Sprintf("..%d", number)
	links := map[string]string{data + "_tmp": dir, path + "_tmp": "..data/topology.yaml"}
	discard := func(err error) error {
		for link := range links {
			_ = os.Remove(link) // which may not be there
		}
		return errors.Join(err, os.RemoveAll(filepath.Join(disk, dir)))
	}
	if err := os.Mkdir(filepath.Join(disk, dir), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(disk, dir, "topology.yaml"), []byte(text), 0o600); err != nil {
		return discard(err)
	}
	for link, target := range links {
		if err := os.Symlink(target, link); err != nil {
			return discard(err)
		}
	}
	last()
	if err := errors.Join(os.Rename(data+"_tmp", data), os.Rename(path+"_tmp", path)); err != nil || old == "" {
		return err
	}
	return os.RemoveAll(filepath.Join(disk, old))
}

// inPlace writes the first octets of a text over what is there, which is cut off before,
// and pauses in the middle. Then the writer is done, or killed.
func inPlace(path, text string, octets int, last func()) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	middle := octets / 2
	_, err = file.WriteString(text[:middle])
	if err == nil {
		time.Sleep(30 * time.Millisecond)
		_, err = file.WriteString(text[middle:octets])
	}
	if err == nil {
		last() // nobody reads it before it is closed
	}
	return errors.Join(err, file.Close())
}

// full fills a server's disk until it is called off. What is written meanwhile is cut
// off, or not there at all.
func (w *writer) full(server int) (free func() error) {
	path, done := filepath.Join(w.disks[server], "filler"), make(chan struct{})
	var filled sync.WaitGroup
	filled.Go(func() {
		file, err := os.Create(path)
		if err != nil {
			return
		}
		defer file.Close()
		for page := make([]byte, 4096); ; {
			_, _ = file.Write(page) // most often there is no room
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	return func() error {
		close(done)
		filled.Wait()
		return os.Remove(path)
	}
}
