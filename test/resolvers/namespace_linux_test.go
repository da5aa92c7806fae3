package resolvers_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/test/peers"
)

const (
	// inside, in the environment, says that this process has the network and mounts
	// that it is to have.
	inside = "AURALINK_TEST_RESOLVERS"
	// lookUp, in the environment, has a name that this process is to look up.
	lookUp = "AURALINK_TEST_LOOKUP"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(lookUp) != "":
		os.Exit(printAddresses(os.Getenv(lookUp)))
	case os.Getenv(inside) != "":
		if err := prepare(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	if peers.LeftOut() {
		os.Exit(0)
	}
	os.Exit(runInside(m))
}

// runInside runs this program's tests in a network and with mounts of their own. Where
// that is not allowed they say that they are skipped.
func runInside(m *testing.M) int {
	runtime.LockOSThread() // the program is killed when the thread that started it ends
	defer runtime.UnlockOSThread()
	self := exec.Command("/proc/self/exe", os.Args[1:]...)
	self.Env = append(os.Environ(), inside+"=1")
	self.Stdout, self.Stderr = os.Stdout, os.Stderr
	self.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if uid := os.Geteuid(); uid != 0 {
		self.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		self.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
	}
	err := self.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default:
		return m.Run()
	}
}

// prepare makes the network usable, and keeps mounts to this process.
func prepare() error {
	// BIND listens only at addresses that interfaces have.
	for _, command := range []string{"ip link set lo up", "ip addr add " + resolverAddr + "/32 dev lo"} {
		if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command, err, out)
		}
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keeping mounts to ourselves: %w", err)
	}
	return nil
}

// needNamespace skips a test outside of the network that it needs.
func needNamespace(t *testing.T) {
	t.Helper()
	if os.Getenv(inside) == "" {
		t.Skip("this host allows no networks and mounts to be made")
	}
}

// useServers puts name servers into resolv.conf until the test ends.
func useServers(t *testing.T, servers ...string) {
	t.Helper()
	path := t.TempDir() + "/resolv.conf"
	text := "nameserver " + strings.Join(servers, "\nnameserver ") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	const file = "/etc/resolv.conf"
	if err := unix.Mount(path, file, "", unix.MS_BIND, ""); err != nil {
		t.Fatalf("replacing %s: %v", file, err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(file, 0); err != nil {
			t.Errorf("giving %s back: %v", file, err)
		}
	})
}

// printAddresses looks a name up as Go programs do that are built without cgo.
func printAddresses(name string) (status int) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	resolver := net.Resolver{PreferGo: true}
	addrs, err := resolver.LookupNetIP(ctx, "ip4", name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, addr := range addrs {
		fmt.Println(addr.Unmap())
	}
	return 0
}
