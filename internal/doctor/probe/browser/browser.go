// Package browser finds the browsers of a machine, and reads what their policies say
// about private addresses and about resolvers of their own. It starts none of them but
// to ask for its version, and only where that opens no window.
package browser

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// Machine is where browsers are looked for.
type Machine struct {
	// Files is its root directory.
	Files fs.FS
	// Home is the user's directory, as an absolute path; "" for none.
	Home string
	// Version asks a program for its version, as it prints it.
	Version func(ctx context.Context, program string) (string, error)
}

// kind is a browser that may be there.
type kind struct {
	name string
	// chromium says that it is built on Chromium.
	chromium bool
	// programs are where it is, on this platform; the first that is there counts.
	programs []string
	// policies are where policies for it are: patterns of files, or keys.
	policies []string
	// preferences are files in the user's directory: patterns.
	preferences []string
}

// firstAsking is the first version of Chromium that asks before a page of a public
// origin may reach a private address (Local Network Access).
const firstAsking = 142

// Find returns the browsers that are there, and what could not be looked at.
func (m Machine) Find(ctx context.Context) (found []doctor.FoundBrowser, errs []string) {
	for _, k := range kinds {
		version, there, err := m.version(ctx, k)
		if !there {
			continue
		}
		b := doctor.FoundBrowser{Name: k.name, Version: version, Enforces: k.chromium && major(version) >= firstAsking}
		if err != nil {
			errs = append(errs, fmt.Sprintf("the version of %s: %v", k.name, err))
			b.Enforces = k.chromium // most likely it is a recent one
		}
		errs = append(errs, m.readPolicies(ctx, k, &b)...)
		if b.DoH == "" {
			b.DoH = m.preferredDoH(k)
		}
		found = append(found, b)
	}
	return found, errs
}

// major returns the first number of a version, or 0.
func major(version string) int {
	first, _, _ := strings.Cut(version, ".")
	number, _ := strconv.Atoi(first) // 0 is older than all that matter
	return number
}

// numberIn returns the version in what a program prints, such as "Chromium
// 156.0.7000.1 built on Debian".
func numberIn(text string) string {
	for _, word := range strings.Fields(text) {
		if word[0] >= '0' && word[0] <= '9' && strings.Contains(word, ".") {
			return word
		}
	}
	return ""
}

// below returns an absolute path as one below the root directory.
func below(path string) string { return strings.TrimPrefix(path, "/") }
