package follow

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/internal/topology"
)

// kept is what the file of the option snapshot has: the last good topology.
type kept struct {
	text  []byte
	taken time.Time
	// serial is that of the zones; 0 where an older version has kept the text.
	serial uint32
	used   []acceptance.Acceptance // that were good once
	// at is where the source led when the text was read; see [source.Text]. It is empty
	// where that is not known.
	at string
}

// The lines before the text: all of them are comments of YAML, so that the file is
// a topology as well. The digest is of all that follows its line.
const (
	keptTitle    = "# auralink's last good topology, kept by the server: do not edit\n"
	keptDigest   = "# sha256: "
	keptTaken    = "# taken: "
	keptSerial   = "# serial: "
	keptAt       = "# at: "
	keptAccepted = "# accepted: "
	keptText     = "# the text:\n"
)

// ErrDamaged is for a kept topology that is not as it was written.
var ErrDamaged = errors.New("the snapshot is damaged: remove it to start from the topology alone, without anything to compare that with")

// encode returns the file.
func (k kept) encode() []byte {
	var body bytes.Buffer
	fmt.Fprintf(&body, "%s%s\n", keptTaken, k.taken.UTC().Format(time.RFC3339Nano))
	fmt.Fprintf(&body, "%s%d\n", keptSerial, k.serial)
	if k.at != "" {
		fmt.Fprintf(&body, "%s%q\n", keptAt, k.at)
	}
	for _, a := range k.used {
		fmt.Fprintf(&body, "%s%s\n", keptAccepted, a)
	}
	body.WriteString(keptText)
	body.Write(k.text)
	sum := sha256.Sum256(body.Bytes())
	return append([]byte(keptTitle+keptDigest+hex.EncodeToString(sum[:])+"\n"), body.Bytes()...)
}

// decode reads the file.
func decode(file []byte) (kept, error) {
	var k kept
	body, titled := bytes.CutPrefix(file, []byte(keptTitle+keptDigest))
	digest, body, _ := bytes.Cut(body, []byte("\n"))
	sum := sha256.Sum256(body)
	if !titled || string(digest) != hex.EncodeToString(sum[:]) {
		return kept{}, ErrDamaged
	}
	head, text, found := bytes.Cut(body, []byte(keptText))
	for line := range strings.Lines(string(head)) {
		line = strings.TrimSuffix(line, "\n")
		var err error
		if value, ok := strings.CutPrefix(line, keptTaken); ok {
			k.taken, err = time.Parse(time.RFC3339Nano, value)
		} else if value, ok := strings.CutPrefix(line, keptSerial); ok {
			k.serial, err = parseSerial(value)
		} else if value, ok := strings.CutPrefix(line, keptAt); ok {
			k.at, err = strconv.Unquote(value)
		} else if value, ok := strings.CutPrefix(line, keptAccepted+acceptance.Key+":"); ok {
			var a acceptance.Acceptance
			a, err = acceptance.Parse(value)
			k.used = append(k.used, a)
		}
		if err != nil {
			return kept{}, ErrDamaged // of another version, with a digest that is right
		}
	}
	if !found {
		return kept{}, ErrDamaged
	}
	k.text = text
	return k, nil
}

func parseSerial(text string) (uint32, error) {
	serial, err := strconv.ParseUint(text, 10, 32)
	return uint32(serial), err
}

// maxKept bounds what is read of it, in octets: a topology, and what was accepted.
const maxKept = topology.MaxOctets + 16<<20

// readKept reads the kept topology. There need not be one yet.
func readKept(path string) (k kept, there bool, err error) {
	file, err := inputfile.Read(path, maxKept)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kept{}, false, nil
	case err != nil:
		return kept{}, false, fmt.Errorf("reading the snapshot: %w", err)
	}
	k, err = decode(file)
	if err != nil {
		return kept{}, false, fmt.Errorf("%s: %w", path, err)
	}
	return k, true, nil
}

// write puts the kept topology into its file.
func (k kept) write(path string) error { return Keep(path, k.encode()) }

// Keep puts the content of a file that a server keeps into its place, readable for the
// server alone: whoever reads that finds what was there before or what is there now,
// whole, whatever happens meanwhile.
func Keep(path string, content []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err = os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir has the names in a directory written to the disk.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	// Some file systems cannot: the name is as safe as they make it.
	_ = dir.Sync()
	return nil
}
