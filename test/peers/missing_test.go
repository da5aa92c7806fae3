package peers_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
)

// A test whose server is not installed says what to install, and fails where
// all must be there.
func TestMissing(t *testing.T) {
	if testing.Short() {
		t.Skip("with -short no peer is looked for")
	}
	const (
		line     = "no-such-server is not there: install the Debian package no-such-package"
		partLine = "/no/such/part is not there: install the Debian package no-such-package"
	)
	none := peers.Peer{Name: "None", Package: "no-such-package", Binary: "no-such-server"}
	half := peers.Peer{Name: "Half", Package: "coreutils", Binary: "ls", Part: peers.Part{Pattern: "/no/such/part", Package: "no-such-package"}}
	for _, tt := range []struct {
		name, ci string
		peer     peers.Peer
		want     verdict
	}{
		{name: "at home", ci: "", peer: none, want: verdict{skipped: line}},
		{name: "in CI", ci: "true", peer: none, want: verdict{failed: line}},
		{name: "a part of it", ci: "", peer: half, want: verdict{skipped: partLine}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("CI", tt.ci)
			got := judge(t, func(tb testing.TB) {
				peers.Start(tb, tt.peer)
			})
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(verdict{})); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

// verdict is how a test ended.
type verdict struct{ skipped, failed string }

// judge runs a test that ends early.
func judge(t *testing.T, test func(testing.TB)) verdict {
	j := &judged{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil && r != any(j) {
				panic(r)
			}
		}()
		test(j)
	}()
	<-done
	return j.verdict
}

// judged is a test that only notes how it ends.
type judged struct {
	testing.TB
	verdict verdict
}

func (j *judged) Skip(args ...any) {
	j.verdict.skipped = fmt.Sprint(args...)
	panic(j)
}

func (j *judged) Fatal(args ...any) {
	j.verdict.failed = fmt.Sprint(args...)
	panic(j)
}

// A copy of a program runs as the program does.
func TestCopyProgram(t *testing.T) {
	original, err := exec.LookPath("ls")
	if err != nil {
		t.Skip("there is no ls")
	}
	dir := t.TempDir()
	program, err := peers.CopyProgram(original, dir)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, dir).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "ls" {
		t.Errorf("the copy says %q (%v), want its own name", out, err)
	}
}
