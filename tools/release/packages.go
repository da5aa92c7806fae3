package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb" // registers itself
	_ "github.com/goreleaser/nfpm/v2/rpm" // registers itself
)

// packages writes the deb and the rpm package, as deploy/package/nfpm.yaml says.
// The paths in it are relative to the repository.
func (r *release) packages(t target, built string) error {
	values := map[string]string{"ARCH": t.arch, "VERSION": packageVersion(r.version), "BUILT": built, "EXTRAS": r.extras}
	if err := os.Chdir(r.root); err != nil {
		return err
	}
	text, err := os.ReadFile("deploy/package/nfpm.yaml")
	if err != nil {
		return err
	}
	config, err := nfpm.Parse(strings.NewReader(os.Expand(string(text), func(key string) string { return values[key] })))
	if err != nil {
		return fmt.Errorf("reading nfpm.yaml: %w", err)
	}
	for _, format := range []string{"deb", "rpm"} {
		if err := r.pack(config, format); err != nil {
			return fmt.Errorf("writing the %s package: %w", format, err)
		}
	}
	return nil
}

// pack writes a package of a format.
func (r *release) pack(config nfpm.Config, format string) error {
	info, err := config.Get(format)
	if err != nil {
		return err
	}
	packager, err := nfpm.Get(format)
	if err != nil {
		return err
	}
	info.MTime = r.at
	info = nfpm.WithDefaults(info)
	file, err := os.Create(filepath.Join(r.out, packager.ConventionalFileName(info)))
	if err != nil {
		return err
	}
	return errors.Join(packager.Package(info, file), file.Close())
}

// packageVersion returns a version that packages sort as git does: what was built
// after v1.2.3, such as v1.2.3-4-gabcdef, is later than it, and what has no version
// is before all that have one.
func packageVersion(version string) string {
	if !strings.HasPrefix(version, "v") {
		return "0.0.0+" + strings.ReplaceAll(version, "-", ".")
	}
	number, more, found := strings.Cut(strings.TrimPrefix(version, "v"), "-")
	if !found {
		return number
	}
	return number + "+" + strings.ReplaceAll(more, "-", ".")
}
