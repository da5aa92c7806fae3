package exportdir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/wholefile"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// ManifestName is the file in an export's directory that lists the others.
const ManifestName = ".auralink.json"

// Manifest says which files in a directory an export has written, and for whom.
// Without it, the wildcard's zone file of a VPC that has several links by now
// would stay behind, and be loaded.
type Manifest struct {
	Format string   `json:"format"`
	VPC    string   `json:"vpc"`
	Files  []string `json:"files"`
	// List is the list of exports that has this directory, as a path from it with
	// slashes; "" for an export that was asked for by itself.
	List string `json:"list,omitempty"`
	// Links are the addresses of the VPC's links, by region, when the files were
	// written: a link may be gone by the time that it is asked where they led.
	Links map[string][]netip.Addr `json:"links,omitempty"`
	// Clients are the ranges in the files of a format that has them; none are those
	// of the VPC of all others.
	Clients *[]netip.Prefix `json:"clients,omitempty"`
	// Digests are the SHA-256 of the files that nothing reads back, and of the view
	// that is kept: whether they are still what was written. While files are
	// replaced there are those of the old ones and of the new ones.
	Digests map[string][]string `json:"digests,omitempty"`

	// adopted says that there was no manifest: the files are those that say of
	// themselves that they are ours.
	adopted bool
	heads   map[string][]byte // how these files begin
}

// ManifestOf returns the manifest of a VPC's export, without files.
func ManifestOf(format formats.Format, vpc *plan.VPC) Manifest {
	m := Manifest{Format: format.Name, VPC: vpc.Name, Files: []string{}, Links: make(map[string][]netip.Addr), Digests: make(map[string][]string)}
	for _, link := range vpc.Links {
		m.Links[link.Region] = link.Addrs
	}
	if format.Clients {
		clients := append([]netip.Prefix{}, vpc.View.Clients...)
		m.Clients = &clients
	}
	return m
}

// Regions says to which regions the addresses in the files led, as far as the
// manifest knows.
func (m Manifest) Regions() diff.Regions {
	var links []zones.Addresses
	for _, region := range slices.Sorted(maps.Keys(m.Links)) {
		links = append(links, zones.Addresses{Region: region, Addrs: m.Links[region]})
	}
	return diff.RegionsOf(links)
}

// ClientMoves returns the clients that were in the VPC, or are to be in it, and not
// both. The views are those of all VPCs.
func (m Manifest) ClientMoves(views []zones.View) []guard.ClientMove {
	if m.Clients == nil {
		return nil
	}
	before := []zones.View{{Name: m.VPC, Clients: *m.Clients}}
	return slices.DeleteFunc(guard.ClientMoves(before, views), func(move guard.ClientMove) bool {
		return move.From != m.VPC && move.To != m.VPC
	})
}

// maxManifest bounds what is read of a manifest, in octets: it has a line for each of at most some
// hundred thousand files.
const maxManifest = 128 << 20

// ReadManifest returns the zero manifest for a directory without one.
func ReadManifest(dir string) (Manifest, error) {
	path := filepath.Join(dir, ManifestName)
	text, err := inputfile.Read(path, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, nil
	}
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	advice := "remove it: an export knows its files by what they say of themselves"
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, hint.Add(fmt.Errorf("reading %s: %w", path, err), advice)
	}
	for _, name := range m.Files {
		if name != filepath.Base(name) || !filepath.IsLocal(name) || name == "." || strings.ContainsFunc(name, unicode.IsControl) {
			err := fmt.Errorf("reading %s: %q is not the name of a file in this directory", path, name)
			return Manifest{}, hint.Add(err, advice)
		}
	}
	return m, nil
}

// checkSame refuses to mix the exports of two VPCs, or of two formats: one
// would overwrite the other's files.
func (m Manifest) checkSame(dir string, now Manifest) error {
	if m.VPC == "" || m.VPC == now.VPC && m.Format == now.Format {
		return nil
	}
	return hint.Add(fmt.Errorf("%s has the %s export of VPC %q", dir, m.Format, m.VPC), "--out, another directory for each VPC and format")
}

// after returns the manifest while m takes the place of another one, and the files
// of both may be there: an address leads where it led before, and clients are
// where they were.
func (m Manifest) after(before Manifest) Manifest {
	known := before.Regions()
	links := make(map[string][]netip.Addr)
	maps.Copy(links, before.Links)
	for region, addrs := range m.Links {
		for _, addr := range addrs {
			if len(known[addr]) == 0 {
				links[region] = append(slices.Clip(links[region]), addr)
			}
		}
	}
	digests := maps.Clone(m.Digests)
	for name, known := range before.Digests {
		digests[name] = append(slices.Clip(digests[name]), known...)
	}
	m.Links, m.Files, m.Digests = links, slices.Concat(m.Files, before.Files), digests
	if before.Clients != nil {
		m.Clients = before.Clients
	}
	return m
}

func (m Manifest) write(dir string) error {
	slices.Sort(m.Files)
	m.Files = slices.Compact(m.Files)
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return wholefile.Write(filepath.Join(dir, ManifestName), append(text, '\n'))
}

// adopt lists the files of an export whose manifest was lost, by what they say
// of themselves.
func (m *Manifest) adopt(dir string, now Manifest) error {
	if m.VPC != "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	m.heads = make(map[string][]byte)
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		head, err := readHead(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		if vpc, ours := formats.WrittenFor(head); ours {
			m.Format, m.VPC, m.adopted = now.Format, vpc, true
			m.Files = append(m.Files, entry.Name())
			m.heads[entry.Name()] = head
			if vpc != now.VPC {
				return nil // which checkSame refuses
			}
		}
	}
	return nil
}

// keepNamed drops, where the manifest was lost, the files that no export has called so:
// a copy that a user has made of one says that it is ours, and is not.
func (m *Manifest) keepNamed(now Manifest) {
	if !m.adopted {
		return
	}
	format, _ := all.Named(now.Format)
	m.Files = slices.DeleteFunc(m.Files, func(name string) bool {
		return name != ViewName && !slices.Contains(now.Files, name) && !format.NamesFile(name, m.heads[name])
	})
}
