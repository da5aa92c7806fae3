package browser

import (
	"io/fs"
	"path"
	"strings"
)

// preferredDoH returns the mode of a browser's own resolver that its user has set.
func (m Machine) preferredDoH(k kind) string {
	if m.Home == "" {
		return ""
	}
	for _, pattern := range k.preferences {
		names, err := fs.Glob(m.Files, path.Join(below(m.Home), pattern))
		if err != nil {
			continue // the patterns are good; the directory may have a bracket
		}
		for _, name := range names {
			text, err := fs.ReadFile(m.Files, name)
			if err != nil {
				continue // it is the user's own, or was
			}
			mode := chromiumPreference(text)
			if strings.HasSuffix(name, ".js") {
				mode = firefoxPreference(string(text))
			}
			if mode != "" {
				return mode
			}
		}
	}
	return ""
}
