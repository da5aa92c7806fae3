package machine

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// socket is a line of proc/net/tcp.
type socket struct {
	local, remote netip.AddrPort
	inode         string
}

// established is the state of a connection that is open, in proc/net/tcp (the kernel's
// include/net/tcp_states.h).
const established = "01"

// parseProcNet reads proc/net/tcp or tcp6, and returns the connections that are open.
func parseProcNet(r io.Reader) ([]socket, error) {
	var all []socket
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 10 || fields[3] != established {
			continue
		}
		local, err := procAddr(fields[1])
		if err != nil {
			return nil, err
		}
		remote, err := procAddr(fields[2])
		if err != nil {
			return nil, err
		}
		all = append(all, socket{local: local, remote: remote, inode: fields[9]})
	}
	return all, lines.Err()
}

// procAddr reads "0100007F:1F90": an address as words of 32 bits in the order of the
// machine, and a port.
func procAddr(text string) (netip.AddrPort, error) {
	words, port, _ := strings.Cut(text, ":")
	octets, err := hex.DecodeString(words)
	if err != nil || len(octets)%4 != 0 {
		return netip.AddrPort{}, fmt.Errorf("%q is no address", text)
	}
	for i := 0; i < len(octets); i += 4 {
		binary.NativeEndian.PutUint32(octets[i:], binary.BigEndian.Uint32(octets[i:]))
	}
	addr, ok := netip.AddrFromSlice(octets)
	number, err := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is no address", text)
	}
	return plainAddr(netip.AddrPortFrom(addr, uint16(number))), nil
}

// openByProc returns the open connections that are of interest, with the programs that
// have them, as far as this user may know them. It sees those of its own network
// namespace: not those of containers.
func openByProc(files fs.FS, w Watch) ([]doctor.OpenConnection, error) {
	byInode, err := openSockets(files, w)
	if err != nil || len(byInode) == 0 {
		return nil, err
	}
	nameOwners(files, byInode)
	// One without an owner is another user's, or was closed while its owner was looked for.
	still, err := openSockets(files, w)
	if err != nil {
		return nil, err
	}
	var all []doctor.OpenConnection
	for inode, c := range byInode {
		if c.Program != "" || still[inode] != nil {
			all = append(all, *c)
		}
	}
	return w.pick(all), nil
}

// openSockets returns the open connections that are of interest, by their inodes.
func openSockets(files fs.FS, w Watch) (map[string]*doctor.OpenConnection, error) {
	byInode := make(map[string]*doctor.OpenConnection)
	for _, name := range []string{"proc/net/tcp", "proc/net/tcp6"} {
		sockets, err := readProcNet(files, name)
		if err != nil {
			return nil, err
		}
		for _, s := range sockets {
			if w.counts(s.remote) {
				byInode[s.inode] = &doctor.OpenConnection{Local: s.local, Remote: s.remote}
			}
		}
	}
	return byInode, nil
}

func readProcNet(files fs.FS, name string) ([]socket, error) {
	file, err := files.Open(name)
	if err != nil {
		if strings.HasSuffix(name, "6") {
			return nil, nil // there is no IPv6
		}
		return nil, err
	}
	defer file.Close()
	sockets, err := parseProcNet(file)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, err)
	}
	return sockets, nil
}

// nameOwners finds the programs that have sockets open, by what the descriptors of all
// processes are links to.
func nameOwners(files fs.FS, byInode map[string]*doctor.OpenConnection) {
	links, ok := files.(fs.ReadLinkFS)
	if !ok {
		return
	}
	found, err := fs.Glob(files, "proc/[0-9]*/fd/*")
	if err != nil {
		return // the pattern is good
	}
	for _, descriptor := range found {
		target, err := links.ReadLink(descriptor)
		if err != nil {
			continue // another user's, or gone
		}
		inode := strings.TrimSuffix(strings.TrimPrefix(target, "socket:["), "]")
		if c, wanted := byInode[inode]; wanted && c.Program == "" {
			c.Program = program(files, path.Dir(path.Dir(descriptor)))
		}
	}
}

// program returns what the process in a directory of proc is called, and its number.
func program(files fs.FS, dir string) string {
	name, err := fs.ReadFile(files, dir+"/comm")
	if err != nil {
		return "process " + path.Base(dir)
	}
	return fmt.Sprintf("%s (%s)", strings.TrimSpace(string(name)), path.Base(dir))
}
