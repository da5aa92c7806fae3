package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/live"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// asTopology is what --as takes beside the kinds of files.
const asTopology = "topology"

// stdin is what standard input is called where a topology is expected.
const stdin = "-"

// sourceFlags say how what is there is read.
type sourceFlags struct {
	as, origin string
	source     net.IP
}

func (f *sourceFlags) add(cmd *cobra.Command) {
	kinds := all.Syntaxes()
	names := topology.Abridge(kinds, len(kinds))
	cmd.Flags().StringVar(&f.as, "as", "", "what a file is, where it cannot be told: "+names)
	cmd.Flags().StringVar(&f.origin, "origin", "", "the zone that a zone file is for, where neither it nor its name says so")
	cmd.Flags().IPVar(&f.source, "source", nil, "the address to ask a server from")
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp))
}

// reader returns what reads a file that is as the flags say, or nil if they do not.
func (f sourceFlags) reader() (formats.Reader, error) {
	if f.as == "" {
		return nil, nil
	}
	format, err := all.ReadableAs(f.as)
	if err != nil {
		return nil, hintedError{err: err, hint: hintAs()}
	}
	return format.Read, nil
}

// hintAs says what --as takes.
func hintAs() string { return "--as, one of: " + strings.Join(all.Syntaxes(), ", ") }

// notForFiles refuses flags that are for servers.
func (f sourceFlags) notForFiles() error {
	if f.source == nil {
		return nil
	}
	return hintedError{err: errors.New("--source is for servers"), hint: "dns://HOST[:PORT] or axfr://HOST[:PORT]"}
}

// isTopology reports whether a file is a topology: whether it is said to be one,
// or is nothing else that is known.
func (f sourceFlags) isTopology(path string) (bool, error) {
	if f.as != "" {
		return f.as == asTopology, nil
	}
	if path == stdin {
		return true, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if info.IsDir() {
		return false, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, formats.HeadSize))
	_, known := all.Detect(head)
	return !known, err
}

// read reads what a directory, a file or a server has for a VPC.
func (f sourceFlags) read(cmd *cobra.Command, from string, vpc *plan.VPC) (*holdings.Set, error) {
	if live.IsURL(from) {
		return f.readServer(cmd, from, vpc)
	}
	if err := f.notForFiles(); err != nil {
		return nil, err
	}
	b := holdings.NewBuilder()
	ours, err := f.readPath(cmd.ErrOrStderr(), b, from)
	if err != nil {
		return nil, err
	}
	f.tellNotes(cmd, b)
	set := b.Set()
	if ours {
		return set, nil
	}
	set, left := set.Within(scope(vpc.View))
	if left > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s: %d names that are neither Aura's nor the plan's are left out\n", from, left)
	}
	return set, nil
}

// tellNotes says what was left out.
func (f sourceFlags) tellNotes(cmd *cobra.Command, b *holdings.Builder) {
	for _, note := range b.Notes() {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
}

// auraOrigin is above all names of Aura's.
const auraOrigin = "neo4j.io."

// scope returns the names at and below which a view has a say.
func scope(v zones.View) []string {
	names := []string{auraOrigin}
	for _, zone := range v.Zones {
		names = append(names, zone.Origin)
	}
	return names
}

// readServer reads what a server has.
func (f sourceFlags) readServer(cmd *cobra.Command, from string, vpc *plan.VPC) (*holdings.Set, error) {
	target, err := live.ParseURL(from)
	if err != nil {
		return nil, err
	}
	server, err := f.server(target)
	if err != nil {
		return nil, err
	}
	if target.Transfer {
		return live.Transfer(cmd.Context(), server, vpc.View)
	}
	return live.Ask(cmd.Context(), server, live.ViewNames(vpc.View), holdings.FromView(vpc.View))
}

// server returns the server of a URL, with its key.
func (f sourceFlags) server(target live.Target) (live.Server, error) {
	server := live.Server{Address: target.Address, Timeout: live.DefaultTimeout}
	if f.source != nil {
		addr, _ := netip.AddrFromSlice(f.source) // a net.IP that was parsed has 4 or 16 octets
		server.From = addr.Unmap()
	}
	if target.TSIG == "" {
		return server, nil
	}
	text := target.TSIG
	if path, isFile := strings.CutPrefix(text, "@"); isFile {
		content, err := os.ReadFile(path)
		if err != nil {
			return server, fmt.Errorf("reading the TSIG key: %w", err)
		}
		text = string(content)
	}
	key, err := live.ParseKey(text)
	if err != nil {
		return server, hintedError{err: err, hint: "?tsig=hmac-sha256:NAME:SECRET, or ?tsig=@FILE with what tsig-keygen prints"}
	}
	server.Key = key
	return server, nil
}

// readPath reads a file, or the files of a directory. It returns whether they
// are ours.
func (f sourceFlags) readPath(log io.Writer, b *holdings.Builder, path string) (ours bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if !info.IsDir() {
		return f.readFile(b, path, nil)
	}
	m, err := exportdir.ReadManifest(path)
	if err != nil {
		return false, err
	}
	if m.VPC == "" {
		return false, f.readDirectory(log, b, path)
	}
	return true, f.readExport(b, path, m)
}

// readExport reads what an export has written.
func (f sourceFlags) readExport(b *holdings.Builder, dir string, m exportdir.Manifest) error {
	readable := false
	for _, name := range m.Files {
		read := exportdir.ReaderOf(m.Format, name)
		if read == nil {
			continue
		}
		readable = true
		// A file that is gone has no records any more.
		if _, err := f.readFile(b, filepath.Join(dir, name), read); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if written, _ := all.Named(m.Format); !readable && len(m.Files) > 0 && !written.CanReadBack() {
		return hintedError{
			err:  fmt.Errorf("%s has an export in the format %s, which cannot be read back", dir, m.Format),
			hint: "auralink export --check compares the files themselves",
		}
	}
	return nil
}

// readDirectory reads all files of a directory that are of a known kind.
func (f sourceFlags) readDirectory(log io.Writer, b *holdings.Builder, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	read := 0
	for _, entry := range entries {
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		_, err := f.readFile(b, path, nil)
		switch {
		case errors.Is(err, all.ErrUnknown):
			fmt.Fprintf(log, "note: %s is not read: %v\n", path, all.ErrUnknown)
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

// readFile reads one file by what the flags say, or else by read; where both say
// nothing, it finds out what the file is. It returns whether the file is ours.
func (f sourceFlags) readFile(b *holdings.Builder, path string, read formats.Reader) (ours bool, err error) {
	said, err := f.reader()
	switch {
	case err != nil:
		return false, err
	case said != nil:
		read = said
	case read == nil:
		read = all.ReadAny
	}
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	content := bufio.NewReaderSize(file, formats.MaxHead)
	head, err := content.Peek(formats.MaxHead)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	_, ours = formats.WrittenFor(head)
	err = read(b, content, formats.Input{Name: path, Origin: f.originOf(path)})
	switch {
	case errors.Is(err, all.ErrUnknown):
		return ours, hintedError{err: err, hint: hintAs()}
	case errors.Is(err, zonefile.ErrNoOrigin):
		return ours, hintedError{err: err, hint: "--origin ZONE, for the zone that the file is"}
	}
	return ours, err
}

// originOf returns the zone that a zone file is for, as the flags or the file's
// name say; else "".
func (f sourceFlags) originOf(path string) string {
	if f.origin != "" {
		return dnsname.Absolute(f.origin)
	}
	name := strings.TrimPrefix(filepath.Base(path), "db.")
	for _, ending := range []string{".zone", ".db", ".hosts", ".txt", ".master"} {
		name = strings.TrimSuffix(name, ending)
	}
	if _, ok := dns.IsDomainName(name); !ok || !strings.Contains(name, ".") {
		return ""
	}
	return dnsname.Absolute(name)
}
