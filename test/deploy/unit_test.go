package deploy_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// systemd itself judges each unit: an exposure of 2.0 at most (0 is none, 10 all).
func TestUnitsAreHardened(t *testing.T) {
	analyze := peers.Find(t, "systemd-analyze", "systemd")
	units, err := filepath.Glob("../../deploy/systemd/*.service")
	if err != nil || len(units) == 0 {
		t.Fatalf("units %q, error %v", units, err)
	}
	for _, unit := range units {
		out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=20", unit).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", unit, err, out)
		}
	}
}

// The scripts of the packages run under any shell, and those of their tests are right.
func TestPackageScripts(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	scripts := []string{"package.sh", "image.sh"}
	for _, name := range []string{"postinstall.sh", "preremove.sh", "postremove.sh"} {
		scripts = append(scripts, "../../deploy/package/"+name)
	}
	if out, err := exec.Command(shellcheck, scripts...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
