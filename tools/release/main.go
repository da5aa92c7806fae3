// Command release builds what is published: archives for each platform, the deb
// and rpm packages, an SBOM for each of both programs, checksums, and the
// changelog's section.
//
// The same commit gives the same octets wherever it is built: paths are left out
// of the programs, and all times are that of the commit, or SOURCE_DATE_EPOCH
// (https://reproducible-builds.org/specs/source-date-epoch/).
//
// Run it with: make release
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// target is a platform, as Go names it.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "-" + t.arch }

// program returns the name of a program's file there.
func (t target) program(name string) string {
	if t.os == "windows" {
		return name + ".exe"
	}
	return name
}

// all are the platforms that are published.
const all = "linux-amd64,linux-arm64,darwin-amd64,darwin-arm64,windows-amd64,windows-arm64"

// release is what is built, and where.
type release struct {
	root    string // of the repository
	out     string // where all is put
	version string // such as v1.2.3
	at      time.Time
	cache   string // where go build keeps what it compiled; "" for the usual place
	extras  string // a directory with completions and manual pages
}

func main() {
	out := flag.String("out", "dist", "the directory to write to; it must not be there, or be empty")
	version := flag.String("version", "", "the version, such as v1.2.3")
	targets := flag.String("targets", all, "platforms, with commas")
	cache := flag.String("cache", "", "the build cache for the programs; an empty one shows what paths leave behind")
	flag.Parse()
	if err := run(*out, *version, *cache, strings.Split(*targets, ",")); err != nil {
		fmt.Fprintf(os.Stderr, "release: error: %v\n", err)
		os.Exit(2)
	}
}

func run(out, version, cache string, names []string) error {
	r, err := newRelease(out, version)
	if err != nil {
		return err
	}
	r.cache = cache
	if r.extras, err = os.MkdirTemp("", "auralink-extras"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(r.extras) }()
	if err := r.writeExtras(); err != nil {
		return err
	}
	for _, name := range names {
		os, arch, _ := strings.Cut(name, "-")
		if err := r.publish(target{os, arch}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := r.writeNotes(); err != nil {
		return err
	}
	return writeChecksums(r.out)
}

// newRelease finds the repository and makes the directory.
func newRelease(out, version string) (*release, error) {
	if version == "" {
		return nil, fmt.Errorf("no version: give it with -version")
	}
	root, err := output("", nil, "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	r := &release{root: root, version: version}
	if r.out, err = filepath.Abs(out); err != nil {
		return nil, err
	}
	if left, err := os.ReadDir(r.out); err == nil && len(left) > 0 {
		return nil, fmt.Errorf("%s is not empty: remove it", r.out)
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return nil, err
	}
	r.at, err = commitTime(root)
	return r, err
}

// commitTime returns SOURCE_DATE_EPOCH, or when the commit was made.
func commitTime(root string) (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		var err error
		if text, err = output(root, nil, "git", "log", "-1", "--format=%ct"); err != nil {
			return time.Time{}, err
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the time of the commit: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// publish builds all that there is for a platform.
func (r *release) publish(t target) error {
	built, err := os.MkdirTemp("", "auralink-release")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(built) }()
	if err := r.build(t, built); err != nil {
		return err
	}
	if err := r.archive(t, built); err != nil {
		return err
	}
	if err := r.sbom(t); err != nil {
		return err
	}
	if t.os != "linux" {
		return nil
	}
	return r.packages(t, built)
}

// programs are what is built.
var programs = []string{"auralink", "coredns"}

// build compiles the programs into a directory.
func (r *release) build(t target, into string) error {
	for _, program := range programs {
		if err := r.compile(program, filepath.Join(into, t.program(program)), "GOOS="+t.os, "GOARCH="+t.arch); err != nil {
			return err
		}
	}
	return nil
}

// compile compiles a program, for this machine unless the environment says otherwise.
func (r *release) compile(program, into string, env ...string) error {
	env = append(env, "CGO_ENABLED=0")
	if r.cache != "" {
		env = append(env, "GOCACHE="+r.cache)
	}
	_, err := output(r.root, env, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X github.com/auralink/auralink/internal/version.version="+r.version, "-o", into, "./cmd/"+program)
	return err
}

// sbom writes what each program is made of, in CycloneDX (ECMA-424).
func (r *release) sbom(t target) error {
	here := filepath.Join(r.root, "tools", "release")
	for _, program := range programs {
		path := filepath.Join(r.out, r.name(program, t)+".cdx.json")
		_, err := output(here, []string{"CGO_ENABLED=0", "GOOS=" + t.os, "GOARCH=" + t.arch, "GOFLAGS=-trimpath"},
			"sh", "-c", `exec "$(GOOS= GOARCH= go tool -n cyclonedx-gomod)" app -json -noserial -notimestamp -main "$1" -output "$2" "$3"`,
			"sh", "cmd/"+program, path, r.root)
		if err != nil {
			return err
		}
	}
	return nil
}

// name returns what a file is called, less its suffix.
func (r *release) name(what string, t target) string {
	return fmt.Sprintf("%s_%s_%s", what, strings.TrimPrefix(r.version, "v"), t)
}

// output runs a command in a directory, with more in its environment, and returns
// what it prints, less the end of the last line.
func output(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("running %s %s: %w\n%s", name, strings.Join(args, " "), err, complaint.String())
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}
