package fastpath_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/test/peers"
)

// The stages in which the namespace is prepared; see [fastpath.Stage].
const (
	makeAddresses = "make addresses" // in a network namespace of its own: prepare it
	loseIPv6      = "lose IPv6"      // in one of its own, too
)

// addresses are those of the first namespace.
var addresses = []string{"127.0.0.1", "10.99.0.1", "10.99.0.2", "::1", "fd99::1", "fd99::2"}

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(fastpath.Stage) {
	case makeAddresses:
		err = runPrepared(addAddresses, "^(TestDispositions|TestAllAddresses|TestHandOver|TestGiveBack|TestMissAfterDrain|TestSendNeverWaits)$")
	case loseIPv6:
		err = runPrepared(disableIPv6, "^(TestHandOver|TestGiveBack|TestMissAfterDrain)$")
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// addAddresses gives the loopback interface its addresses.
func addAddresses() error {
	for _, address := range addresses {
		if address == "127.0.0.1" || address == "::1" {
			continue
		}
		if out, err := exec.Command("ip", "addr", "add", address, "dev", "lo").CombinedOutput(); err != nil {
			return fmt.Errorf("ip addr add %s: %w\n%s", address, err, out)
		}
	}
	// A link to a network with no other host in it; see TestSendNeverWaits.
	link := "ip link add empty0 type veth peer name empty1 && ip addr add 10.77.0.1/16 dev empty0 && ip link set empty0 up && ip link set empty1 up"
	if out, err := exec.Command("sh", "-c", link).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", link, err, out)
	}
	return nil
}

// disableIPv6 makes the host one with IPv4 alone, as hardened ones are.
func disableIPv6() error {
	return os.WriteFile("/proc/sys/net/ipv6/conf/all/disable_ipv6", []byte("1"), 0)
}

// runPrepared prepares the namespace, drops all privileges, and runs the tests.
func runPrepared(prepare func() error, tests string) error {
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		return fmt.Errorf("ip link set lo up: %w\n%s", err, out)
	}
	if err := prepare(); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "-test.v", "-test.run", tests)
	cmd.Env = append(os.Environ(), fastpath.Stage+"="+fastpath.Prepared)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if os.Getenv("AURALINK_TEST_ROOT") != "" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return cmd.Run()
}

// TestUnprivileged runs the tests that need addresses of their own, and some
// more, in a network namespace, as nobody and without capabilities.
func TestUnprivileged(t *testing.T) { runInNamespace(t, makeAddresses) }

// TestWithoutIPv6 runs those about addresses that come and go where there is no IPv6.
func TestWithoutIPv6(t *testing.T) { runInNamespace(t, loseIPv6) }

// runInNamespace runs this program in a network namespace of its own, which it is to
// prepare.
func runInNamespace(t *testing.T, how string) {
	t.Helper()
	peers.Find(t, "ip", "iproute2")
	cmd := exec.Command(copyOfSelf(t))
	cmd.Env = append(os.Environ(), fastpath.Stage+"="+how)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if uid := os.Geteuid(); uid == 0 {
		cmd.Env = append(cmd.Env, "AURALINK_TEST_ROOT=1")
	} else {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("this host allows no network namespaces")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// copyOfSelf copies the test binary to where anybody may start it.
func copyOfSelf(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fastpath")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	path := filepath.Join(dir, "fastpath.test")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, self); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// another returns another address of the namespace, of the same family: a client that
// asks from where the server is would get its reply from there by itself.
func another(address string) string {
	for _, other := range addresses {
		if other != address && (net.ParseIP(other).To4() == nil) == (net.ParseIP(address).To4() == nil) {
			return other
		}
	}
	return ""
}

// TestAllAddresses: whichever address of the host is asked, the reply is from
// there, also on a socket that is bound to all of both families.
func TestAllAddresses(t *testing.T) {
	if os.Getenv(fastpath.Stage) != fastpath.Prepared {
		t.Skip("run by TestUnprivileged")
	}
	for _, tc := range []struct {
		bind     string
		families func(net.IP) bool
	}{
		{"", func(net.IP) bool { return true }},
		{"0.0.0.0", func(ip net.IP) bool { return ip.To4() != nil }},
		{"fd99::2", func(ip net.IP) bool { return ip.Equal(net.ParseIP("fd99::2")) }},
		{"10.99.0.2", func(ip net.IP) bool { return ip.Equal(net.ParseIP("10.99.0.2")) }},
	} {
		for _, backend := range []string{"batched", "portable"} {
			t.Run(fmt.Sprintf("%s on %q", backend, tc.bind), func(t *testing.T) {
				if backend == "portable" {
					fastpath.UsePortable(t)
				}
				bound := freePort(t, tc.bind)
				_, port, _ := net.SplitHostPort(bound)
				serve(t, net.JoinHostPort(tc.bind, port), 2)
				for _, address := range addresses {
					if !tc.families(net.ParseIP(address)) {
						continue
					}
					client := dialFrom(t, another(address), net.JoinHostPort(address, port))
					local := client.LocalAddr().String()
					for query, want := range map[string]string{"hit": "HIT", "who": local, "miss": "MISS " + local} {
						if got := ask(t, client, query); got != want {
							t.Errorf("%s, asked %q, replies %q, want %q", address, query, got, want)
						}
					}
				}
			})
		}
	}
}
