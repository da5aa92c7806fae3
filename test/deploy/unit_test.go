package deploy_test

import (
	"os/exec"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// systemd itself judges the unit: an exposure of 2.0 at most (0 is none, 10 all).
func TestUnitIsHardened(t *testing.T) {
	analyze := peers.Find(t, "systemd-analyze", "systemd")
	out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=20", "../../deploy/systemd/auralink.service").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The scripts of the packages run under any shell.
func TestPackageScripts(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	scripts := []string{"postinstall.sh", "preremove.sh", "postremove.sh"}
	for i := range scripts {
		scripts[i] = "../../deploy/package/" + scripts[i]
	}
	if out, err := exec.Command(shellcheck, append(scripts, "package.sh")...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
