//go:build !darwin && !windows

package browser

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/auralink/auralink/internal/doctor"
)

var kinds = []kind{
	{
		name: "Chromium", chromium: true,
		programs:    []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/snap/bin/chromium"},
		policies:    []string{"/etc/chromium/policies/managed/*.json", "/etc/chromium-browser/policies/managed/*.json"},
		preferences: []string{".config/chromium/Local State"},
	},
	{
		name: "Google Chrome", chromium: true,
		programs:    []string{"/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/opt/google/chrome/chrome"},
		policies:    []string{"/etc/opt/chrome/policies/managed/*.json"},
		preferences: []string{".config/google-chrome/Local State"},
	},
	{
		name: "Microsoft Edge", chromium: true,
		programs:    []string{"/usr/bin/microsoft-edge", "/usr/bin/microsoft-edge-stable"},
		policies:    []string{"/etc/opt/edge/policies/managed/*.json"},
		preferences: []string{".config/microsoft-edge/Local State"},
	},
	{
		name: "Brave", chromium: true,
		programs:    []string{"/usr/bin/brave-browser", "/usr/bin/brave"},
		policies:    []string{"/etc/brave/policies/managed/*.json"},
		preferences: []string{".config/BraveSoftware/Brave-Browser/Local State"},
	},
	{
		name:        "Firefox",
		programs:    []string{"/usr/bin/firefox", "/usr/bin/firefox-esr", "/snap/bin/firefox"},
		policies:    []string{"/etc/firefox/policies/policies.json", "/usr/lib/firefox*/distribution/policies.json"},
		preferences: []string{".mozilla/firefox/*/prefs.js"},
	},
}

// version returns the version of a browser, if it is there.
func (m Machine) version(ctx context.Context, k kind) (version string, there bool, err error) {
	for _, program := range k.programs {
		if _, err := fs.Stat(m.Files, below(program)); err != nil {
			continue
		}
		printed, err := m.Version(ctx, program)
		if err == nil && numberIn(printed) == "" {
			err = fmt.Errorf("%q is no version", printed)
		}
		return numberIn(printed), true, err
	}
	return "", false, nil
}

// readPolicies reads the policies of a browser.
func (m Machine) readPolicies(_ context.Context, k kind, b *doctor.FoundBrowser) (errs []string) {
	for _, pattern := range k.policies {
		names, err := fs.Glob(m.Files, below(pattern))
		if err != nil {
			continue // the patterns are good
		}
		for _, name := range names {
			text, err := fs.ReadFile(m.Files, name)
			if err != nil {
				errs = append(errs, err.Error())
				continue
			}
			p, err := parsePolicy(text)
			if err != nil {
				errs = append(errs, fmt.Sprintf("/%s: %v", name, err))
				continue
			}
			p.apply(b, "/"+name)
		}
	}
	return errs
}
