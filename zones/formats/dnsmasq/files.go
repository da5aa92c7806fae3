package dnsmasq

import (
	"io"
	"net/netip"
	"path"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// more reads the files with further options that an option names. Each of them counts
// once, however often it is named.
func (f *dnsmasqFile) more(option, value string, at holdings.Place) error {
	m := formats.Mention{What: option, Path: value, Place: at, Consequence: ", and dnsmasq does not start without it"}
	do := f.option
	switch option {
	case "conf-dir":
		var endings string
		m.Path, endings, _ = strings.Cut(value, ",")
		m.Kind = formats.Folder
		m.Skip = func(name string) bool { return left(path.Base(strings.ReplaceAll(name, `\`, "/")), endings) }
	case "servers-file":
		do = f.server
		m.Consequence = "" // dnsmasq starts without it
	}
	f.unseen(&m)
	return f.in.Include(f.b, m, func(r io.Reader, in formats.Input) error {
		f.seen[in.Name] = true
		return f.file(r, in, do)
	})
}

// unseen has a mention skip files that were read.
func (f *dnsmasqFile) unseen(m *formats.Mention) {
	skip := m.Skip
	m.Skip = func(name string) bool { return f.seen[name] || skip != nil && skip(name) }
}

// left reports whether a file of a conf-dir is left out. Of the endings that are given
// those with an asterisk are wanted, and the others not.
func left(name, endings string) bool {
	if strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") {
		return true
	}
	some, wanted := false, false
	for ending := range strings.SplitSeq(endings, ",") {
		ending = strings.TrimSpace(ending)
		suffix, want := strings.CutPrefix(ending, "*")
		has := suffix != "" && len(name) > len(suffix) && strings.HasSuffix(name, suffix)
		switch {
		case ending == "":
		case want:
			some, wanted = true, wanted || has
		case has:
			return true
		}
	}
	return some && !wanted
}

// server reads a line of a servers-file, in which there are no other options.
func (f *dnsmasqFile) server(s setting, at holdings.Place) error {
	if s.option != "server" && s.option != "rev-server" {
		f.b.Unread(at, "%s is not read: a servers-file has servers alone", s.option)
		return nil
	}
	if why := options()[s.option].wrong(s); why != "" {
		f.b.Unread(at, "%s is not read: %s, and dnsmasq leaves it out", lines.Shown(s.String()), why)
		return nil
	}
	return f.option(s, at)
}

// hostsFile reads hosts files that an option names: their names have addresses as those
// of a host-record have.
func (f *dnsmasqFile) hostsFile(option, value string, at holdings.Place) {
	m := formats.Mention{What: option, Path: value, Kind: formats.Either, Place: at}
	if option == "hostsdir" {
		m.Kind = formats.Folder
	}
	m.Skip = func(name string) bool { return left(path.Base(strings.ReplaceAll(name, `\`, "/")), "") }
	f.unseen(&m)
	read := f.in.Follow(f.b, m, func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		f.seen[in.Name] = true
		return hosts.Each(b, r, in, func(name string, addr netip.Addr, at holdings.Place) {
			d := holdings.Data{Addrs: []netip.Addr{addr}, TTL: holdings.NoTTL}
			f.addHost(name, d, at)
			if strings.Count(name, ".") == 1 {
				f.plain = append(f.plain, plainHost{name: name, data: d, addr: addr, at: at})
			}
		})
	})
	if !read {
		f.hostsAt = value
	}
}

// addHost adds to what a name has by host-records and hosts files.
func (f *dnsmasqFile) addHost(name string, d holdings.Data, at holdings.Place) {
	if known := f.hosts[name]; known != nil {
		known.data = known.data.With(d)
		return
	}
	f.hosts[name] = &hostRecord{data: d, place: at}
}
