//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// inside, in the environment, says that this process has the namespaces of a lab.
	inside = "AURALINK_LAB_INSIDE"
	// tunnel, in the environment, has the name of a WireGuard device that this process
	// is to be.
	tunnel = "AURALINK_LAB_TUNNEL"
)

// Enter is to be called first by a program that has labs in it. Within, it returns
// nothing to do, and labs can be built. From outside it runs this program again
// within, and returns the status with which to exit when that has ended. Whether labs
// can be built is told by [Possible].
func Enter() (status int, exit bool) {
	switch {
	case os.Getenv(tunnel) != "":
		return beTunnel(os.Getenv(tunnel)), true
	case os.Getenv(inside) != "":
		if err := furnish(); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			return 1, true
		}
		return 0, false
	case os.Geteuid() != 0:
		return 0, false
	}
	return runInside()
}

// Possible reports whether this process can build labs.
func Possible() bool { return os.Getenv(inside) != "" }

// runInside runs this program in networks, mounts and processes of its own. It is the
// first of these processes: all of them end with it, and it ends with us.
func runInside() (status int, exit bool) {
	runtime.LockOSThread() // it is killed when the thread that started it ends
	defer runtime.UnlockOSThread()
	// The signals of the terminal are for the program in the foreground.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGQUIT)
	self := exec.Command("/proc/self/exe", os.Args[1:]...)
	self.Env = append(os.Environ(), inside+"=1")
	self.Stdin, self.Stdout, self.Stderr = os.Stdin, os.Stdout, os.Stderr
	self.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	err := self.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0, true
	case errors.As(err, &ended):
		return max(ended.ExitCode(), 1), true
	default: // namespaces are not allowed here
		return 0, false
	}
}

// furnish makes what hosts share: processes, /run, and an /etc that can be changed.
func furnish() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keeping mounts to ourselves: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("mounting /run: %w", err)
	}
	if err := copyEtc(); err != nil {
		return err
	}
	for _, dir := range []string{Dir, "/run/lock", "/run/netns", "/run/wireguard", os.Getenv("HOME")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return ip("", "link set lo up\n")
}

// Dir is where labs keep their files. It is in memory.
const Dir = "/run/lab"

// copyEtc puts a copy of /etc into its place, in memory, in which names are looked up
// in files and DNS alone.
func copyEtc() error {
	const to = Dir + "/etc"
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	if out, err := exec.Command("cp", "-a", "/etc/.", to).CombinedOutput(); err != nil {
		return fmt.Errorf("copying /etc: %w\n%s", err, out)
	}
	for name, text := range map[string]string{
		"nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
		"hosts":         "127.0.0.1 localhost\n",
		"resolv.conf":   "",
	} {
		_ = os.Remove(filepath.Join(to, name)) // it may be a link to somewhere else
		if err := os.WriteFile(filepath.Join(to, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := unix.Mount(to, "/etc", "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("mounting /etc: %w", err)
	}
	if err := os.MkdirAll("/etc/netns", 0o755); err != nil {
		return err
	}
	return os.Setenv("HOME", Dir+"/home")
}

// bundle has the authorities that programs on Debian trust.
const bundle = "/etc/ssl/certs/ca-certificates.crt"

// trusted are those that this machine has.
var trusted = sync.OnceValue(func() []byte {
	pem, _ := os.ReadFile(bundle) // there may be none
	return pem
})

// trust has all hosts trust a further authority.
func trust(pem []byte) error {
	before := trusted()
	if err := os.MkdirAll(filepath.Dir(bundle), 0o755); err != nil {
		return err
	}
	return os.WriteFile(bundle, append(slices.Clone(before), pem...), 0o644)
}
