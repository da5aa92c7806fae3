//go:build linux

package writers_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source/file"
)

// tool is how somebody changes the file: a row of the table in docs/reload.md.
type tool struct {
	row   string
	whole bool
	// change makes the file topology.yaml in a directory what new.yaml there is. The
	// other directory is on another file system.
	change func(t *testing.T, dir, other string)
}

// tools are the rows of the table, in its order.
var tools = []tool{
	{"`mv new topology.yaml`, on the same file system", true, shell("mv new.yaml topology.yaml")},
	{"`sed -i`", true, shell(`sed -i '/west: \[10.20.10.10\]/d; /custom_endpoints/d' topology.yaml`)},
	{"`rsync`", true, program("rsync", "rsync -I new.yaml topology.yaml")},
	{"`mv` of a finished directory", true, anew("mkdir new && cp old/new.yaml new/topology.yaml && sleep 0.05 && mv new $dir")},
	{"a directory that is made anew", false, anew("mkdir $dir && cp old/new.yaml $dir/topology.yaml && sleep 0.05 && : >$dir/other")},
	{"`ln -sfn`, a Kubernetes ConfigMap or Secret", true, configMap},
	{"`cp`, `tee`, `>`", false, shell("cp new.yaml topology.yaml")},
	{"`cp`, `tee`, `>`", false, shell("tee topology.yaml <new.yaml")},
	{"`cp`, `tee`, `>`", false, shell("cat new.yaml >topology.yaml")},
	{"`mv` from another file system", false, func(t *testing.T, dir, other string) {
		shell("mv new.yaml "+other+"/moved.yaml && mv "+other+"/moved.yaml topology.yaml")(t, dir, other)
	}},
	{"`rsync --inplace`", false, program("rsync", "rsync -I --inplace new.yaml topology.yaml")},
	{"`nano`", false, nano},
	{"`vim` (without `backupcopy=no`, `writebackup`)", false, program("vim", `vim -u NONE -es -c '%!cat new.yaml' -c 'w' -c 'q!' topology.yaml </dev/null`)},
	{"`tar x`, `kubectl cp`", false, shell("mkdir from && cp new.yaml from/topology.yaml && tar cf - -C from topology.yaml | tar xf -")},
	{"`tar x`, `kubectl cp`", false, shell("mkdir from && cp new.yaml from/topology.yaml && tar cf - -C from topology.yaml | tar xmf - --overwrite")},
}

// anew is a shell command, in the directory above, for what is done when the directory was
// moved away.
func anew(command string) func(*testing.T, string, string) {
	return func(t *testing.T, dir, other string) {
		shell("dir=${PWD##*/} && cd .. && mv $dir old && "+command)(t, dir, other)
	}
}

func shell(command string) func(*testing.T, string, string) {
	return func(t *testing.T, dir, _ string) {
		t.Helper()
		cmd := exec.Command("sh", "-ec", command)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
}

// need skips a test where a program is missing; CI has all of them.
func need(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("%v: the package %s has it", err, name)
	}
}

// program is a shell command for which a program must be there.
func program(name, command string) func(*testing.T, string, string) {
	return func(t *testing.T, dir, other string) {
		need(t, name)
		shell(command)(t, dir, other)
	}
}

// nano is an editor that wants a terminal, which script(1) makes: all lines are cut,
// the new file is read, and written. Each key waits for what the screen shows before it.
func nano(t *testing.T, dir, _ string) {
	need(t, "nano")
	need(t, "script")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "script", "-qec", "nano --ignorercfiles topology.yaml", "/dev/null")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm")
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var screen shown
	cmd.Stdout = &screen
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ shown, keys string }{
		{"Help", "\x1bt"},                // Alt-T cuts to the end
		{"", "\x12"},                     // Ctrl-R inserts
		{"File to insert", "new.yaml\r"}, // its prompt
		{"Read ", "\x13"},                // Ctrl-S saves
		{"Wrote ", "\x18"},               // Ctrl-X ends
	} {
		for !screen.has(step.shown) && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(300 * time.Millisecond) // an escape sequence ends when nothing follows
		if _, err := io.WriteString(keys, step.keys); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("nano: %v, %v\n%q", err, ctx.Err(), screen.text)
	}
}

// shown is what a program has written so far.
type shown struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, p...)
	return len(p), nil
}

func (s *shown) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Contains(s.text, []byte(text))
}

// configMap swaps directories as the kubelet does.
func configMap(t *testing.T, dir, other string) {
	shell("mkdir ..2 && cp new.yaml ..2/topology.yaml && sleep 0.05 && ln -s ..2 ..data_tmp && mv -T ..data_tmp ..data && rm -r ..1")(t, dir, other)
}

// without has the second link removed, and what needs it: the wildcard comes back.
const (
	with = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps:
    links:
      east: [10.10.10.10]
      west: [10.20.10.10]
custom_endpoints: {e1: east, w1: west}
`
	without = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps:
    links:
      east: [10.10.10.10]
`
)

// TestTools: each way to change the file does what its user expects: a harmless
// change is served, and a dangerous one if the file was replaced whole.
func TestTools(t *testing.T) {
	for _, tool := range tools {
		for what, texts := range map[string][2]string{"harmless": {without, with}, "dangerous": {with, without}} {
			if what == "harmless" && strings.Contains(tool.row, "sed") {
				continue // its command is made for the other one
			}
			t.Run(tool.row+"/"+what, func(t *testing.T) {
				t.Parallel()
				old, changed := texts[0], texts[1]
				dir, other := t.TempDir(), "/dev/shm"
				if tool.row == "`mv` from another file system" {
					shm, err := os.MkdirTemp(other, "writers")
					if err != nil {
						t.Skip(err)
					}
					t.Cleanup(func() { _ = os.RemoveAll(shm) })
					other = shm
				}
				s := prepare(t, dir, old, changed)
				defer s.stop()
				tool.change(t, dir, other)
				served := what == "harmless" || tool.whole
				s.expect(changed, served)
			})
		}
	}
}

// prepare writes the old file, as a ConfigMap has it, and the new one, and serves.
func prepare(t *testing.T, dir, old, changed string) *server {
	t.Helper()
	s := &server{T: t, path: filepath.Join(dir, "topology.yaml"), judge: func(*serve.Snapshot) string { return "" }}
	s.options, s.within = follow.Options{Guard: follow.GuardInPlace}, patience
	for name, text := range map[string]string{"new.yaml": changed, "topology.yaml": old} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(t.Name(), "ConfigMap") {
		shell("mkdir ..1 && mv topology.yaml ..1 && ln -s ..1 ..data && ln -s ..data/topology.yaml topology.yaml")(t, dir, "")
	}
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	return s
}

// expect waits until the changed text is decided on, and is served or held.
func (s *server) expect(changed string, served bool) {
	s.Helper()
	text, err := os.ReadFile(s.path)
	if err != nil || string(text) != changed {
		s.Fatalf("the file is not changed as it should be: %v\n%s", err, text)
	}
	want := acceptance.Of([]byte(changed))
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		switch is := s.block.digest() == want; {
		case is && !served:
			s.Fatal("it is served")
		case is, !served && !s.follower.Fine():
			return
		case time.Now().After(end): // a tool may pause for longer than a file has to rest
			s.Fatalf("served: %v, want %v", is, served)
		}
	}
}

// TestTable holds the table in docs/reload.md to the tools.
func TestTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/reload.md")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.*) \| (whole|in place) \| (taken|held) \|$`).FindAllStringSubmatch(string(text), -1) {
		if !strings.HasPrefix(row[1], "anything") { // is tried elsewhere
			got = append(got, fmt.Sprintf("%s: %s, %s", row[1], row[2], row[3]))
		}
	}
	for _, tool := range tools {
		line := tool.row + ": in place, held"
		if tool.whole {
			line = tool.row + ": whole, taken"
		}
		want = append(want, line)
	}
	want = slices.Compact(want)
	if !slices.Equal(got, want) {
		t.Errorf("docs/reload.md has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestConfigMapAccepted: where all changes are judged, one of a ConfigMap is accepted
// by its second key, which the kubelet swaps with the first.
func TestConfigMapAccepted(t *testing.T) {
	dir := t.TempDir()
	s := &server{T: t, path: filepath.Join(dir, "topology.yaml"), judge: func(*serve.Snapshot) string { return "" }, within: patience}
	s.options = follow.Options{Guard: follow.GuardAlways}
	swap := func(version, text, accepted string) {
		for name, content := range map[string]string{"topology.yaml": text, "topology.yaml" + file.AcceptSuffix: accepted} {
			path := filepath.Join(dir, version, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		shell("sleep 0.05; ln -s "+version+" ..data_tmp && mv -T ..data_tmp ..data")(t, dir, "")
	}
	swap("..1", with, "")
	shell("ln -s ..data/topology.yaml topology.yaml; ln -s ..data/topology.yaml"+file.AcceptSuffix+" .")(t, dir, "")
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	swap("..2", without, "")
	s.expect(without, false)
	swap("..3", without, acceptance.Acceptance{From: acceptance.Of([]byte(with)), To: acceptance.Of([]byte(without))}.String()+"\n")
	for end := time.Now().Add(patience); s.block.digest() != acceptance.Of([]byte(without)); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what was accepted is not served")
		}
	}
}
