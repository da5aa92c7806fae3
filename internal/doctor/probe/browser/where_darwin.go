package browser

import (
	"context"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// managed is where macOS keeps the preferences that an administrator sets.
const managed = "/Library/Managed Preferences/"

var kinds = []kind{
	{
		name: "Google Chrome", chromium: true,
		programs: []string{"/Applications/Google Chrome.app"}, policies: []string{managed + "com.google.Chrome.plist"},
		preferences: []string{"Library/Application Support/Google/Chrome/Local State"},
	},
	{
		name: "Microsoft Edge", chromium: true,
		programs: []string{"/Applications/Microsoft Edge.app"}, policies: []string{managed + "com.microsoft.Edge.plist"},
		preferences: []string{"Library/Application Support/Microsoft Edge/Local State"},
	},
	{
		name: "Brave", chromium: true,
		programs: []string{"/Applications/Brave Browser.app"}, policies: []string{managed + "com.brave.Browser.plist"},
		preferences: []string{"Library/Application Support/BraveSoftware/Brave-Browser/Local State"},
	},
	{
		name:     "Firefox",
		programs: []string{"/Applications/Firefox.app"}, policies: []string{"/Applications/Firefox.app/Contents/Resources/distribution/policies.json"},
		preferences: []string{"Library/Application Support/Firefox/Profiles/*/prefs.js"},
	},
	{name: "Safari", programs: []string{"/Applications/Safari.app"}},
}

// version returns the version of a browser, if it is there.
func (m Machine) version(ctx context.Context, k kind) (version string, there bool, err error) {
	for _, bundle := range k.programs {
		if _, err := fs.Stat(m.Files, below(bundle)); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, "defaults", "read", bundle+"/Contents/Info", "CFBundleShortVersionString").Output()
		return strings.TrimSpace(string(out)), true, err
	}
	return "", false, nil
}

// readPolicies reads the policies of a browser.
func (m Machine) readPolicies(ctx context.Context, k kind, b *doctor.FoundBrowser) (errs []string) {
	for _, path := range k.policies {
		if _, err := fs.Stat(m.Files, below(path)); err != nil {
			continue
		}
		text, err := asJSON(ctx, m.Files, path)
		if err == nil {
			var p policy
			if p, err = parsePolicy(text); err == nil {
				p.apply(b, path)
			}
		}
		if err != nil {
			errs = append(errs, fmt.Sprintf("%s: %v", path, err))
		}
	}
	return errs
}

// asJSON reads a file, which may be a property list.
func asJSON(ctx context.Context, files fs.FS, path string) ([]byte, error) {
	if strings.HasSuffix(path, ".plist") {
		return exec.CommandContext(ctx, "plutil", "-convert", "json", "-o", "-", path).Output()
	}
	return fs.ReadFile(files, below(path))
}
