//go:build linux

package lab

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Host is a network of its own, with files of its own in /etc, by a name.
type Host string

// ip has iproute2 run commands, one a line, in the network of a host.
func ip(host Host, commands string) error {
	args := []string{"-batch", "-"}
	if host != "" {
		args = append([]string{"-n", string(host)}, args...)
	}
	cmd := exec.Command("ip", args...)
	cmd.Stdin = strings.NewReader(commands)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ip in %q: %w\n%s%s", host, err, commands, out)
	}
	return nil
}

// IP has iproute2 run commands, one a line, as "link set eth0 down".
func (h Host) IP(commands string) error { return ip(h, commands) }

// create makes the host's network, in which there is nothing yet.
func (h Host) create() error {
	if err := ip("", "netns add "+string(h)+"\n"); err != nil {
		return err
	}
	if err := ip(h, "link set lo up\n"); err != nil {
		return err
	}
	return h.WriteEtc("hosts", "127.0.0.1 localhost\n")
}

// remove ends the host's network and its files.
func (h Host) remove() error {
	return errors.Join(ip("", "netns delete "+string(h)+"\n"), os.RemoveAll(h.etc()))
}

// etc is where the host's own files of /etc are.
func (h Host) etc() string { return filepath.Join("/etc/netns", string(h)) }

// WriteEtc gives the host a file of its own in /etc, for programs that are started from
// now on. What is to be replaced must be there; directories are replaced whole.
func (h Host) WriteEtc(name, text string) error {
	path := filepath.Join(h.etc(), name)
	shared := filepath.Join("/etc", strings.Split(name, "/")[0])
	if _, err := os.Stat(shared); err != nil && strings.Contains(name, "/") {
		if err := os.MkdirAll(shared, 0o755); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// UseDNS writes the host's resolv.conf: name servers, and further lines.
func (h Host) UseDNS(servers []string, further ...string) error {
	var b strings.Builder
	for _, server := range servers {
		fmt.Fprintf(&b, "nameserver %s\n", server)
	}
	for _, line := range further {
		fmt.Fprintln(&b, line)
	}
	return h.WriteEtc("resolv.conf", b.String())
}

// do does something in the host's network. What it opens stays there: sockets, and
// programs.
func (h Host) do(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked, so that the thread ends
		result <- h.doHere(f)
	}()
	return <-result
}

func (h Host) doHere(f func() error) error {
	file, err := os.Open("/run/netns/" + string(h))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("entering %q: %w", h, err)
	}
	return f()
}

// Listen is net.Listen on the host.
func (h Host) Listen(network, address string) (listener net.Listener, err error) {
	err = h.do(func() (err error) {
		listener, err = net.Listen(network, address)
		return err
	})
	return listener, err
}

// ListenPacket is net.ListenPacket on the host.
func (h Host) ListenPacket(network, address string) (conn net.PacketConn, err error) {
	err = h.do(func() (err error) {
		conn, err = net.ListenPacket(network, address)
		return err
	})
	return conn, err
}

// DialTimeout is net.DialTimeout on the host, without names.
func (h Host) DialTimeout(network, address string, timeout time.Duration) (conn net.Conn, err error) {
	err = h.do(func() (err error) {
		conn, err = net.DialTimeout(network, address, timeout)
		return err
	})
	return conn, err
}

// Connections returns how many TCP connections of the host are open or about to be, by
// the IPv4 address that they are to.
func (h Host) Connections() (open map[string]int, err error) {
	err = h.do(func() error {
		table, err := os.ReadFile("/proc/thread-self/net/tcp")
		open = connections(string(table))
		return err
	})
	return open, err
}

// connections reads the kernel's table of IPv4 connections: a header, and lines with
// the addresses of both ends and the state as the second to fourth fields.
func connections(table string) map[string]int {
	const established, synSent = "01", "02"
	open := make(map[string]int)
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[3] != established && fields[3] != synSent {
			continue
		}
		hexadecimal, _, _ := strings.Cut(fields[2], ":")
		octets, err := hex.DecodeString(hexadecimal)
		if err != nil || len(octets) != 4 {
			continue
		}
		slices.Reverse(octets) // as this machine has numbers in memory
		open[net.IP(octets).String()]++
	}
	return open
}

// Command returns a command that runs on the host.
func (h Host) Command(program string, args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", string(h), program}, args...)...)
}
