// Package version says which auralink a binary was built from.
//
// It knows nothing of CoreDNS: the server's command joins the two names.
package version

import "runtime/debug"

const (
	// modulePath is how this module appears in a binary's build information,
	// as the main module or as somebody else's dependency.
	modulePath = "github.com/auralink/auralink"

	// unstamped is what a build is called for which nothing better is known.
	unstamped = "dev"

	// revisionDigits is as much of a commit as Go's pseudo-versions show.
	revisionDigits = 12
)

// version is set at link time:
//
//	go build -ldflags "-X github.com/auralink/auralink/internal/version.version=v0.1.0"
var version = unstamped

// String returns the version of auralink, such as "v0.1.0".
//
// A version set at link time is taken as it is. Failing that, it is what the Go
// toolchain recorded: the module's version, which is there after "go install
// …@v0.1.0" and in a CoreDNS that compiles the plugin in, or else the commit,
// as in "dev-1a2b3c4d5e6f", with "-dirty" after it if the tree had changes.
// With none of these it is "dev".
func String() string {
	if version != unstamped && version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unstamped
	}
	return fromBuildInfo(info)
}

// fromBuildInfo is the best name that the build information gives.
func fromBuildInfo(info *debug.BuildInfo) string {
	if v := moduleVersion(info); v != "" && v != "(devel)" {
		return v
	}
	// The commit in the build information is the main module's: in another
	// project's binary it would not be ours.
	if info.Main.Path != modulePath {
		return unstamped
	}
	return fromCommit(info.Settings)
}

// moduleVersion is the recorded version of this module, "" if there is none.
func moduleVersion(info *debug.BuildInfo) string {
	if info.Main.Path == modulePath {
		return info.Main.Version
	}
	for _, dep := range info.Deps {
		if dep.Path != modulePath {
			continue
		}
		if dep.Replace != nil {
			return dep.Replace.Version
		}
		return dep.Version
	}
	return ""
}

// fromCommit names a build after the commit in its settings.
func fromCommit(settings []debug.BuildSetting) string {
	var revision, dirty string
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	if revision == "" {
		return unstamped
	}
	return unstamped + "-" + revision[:min(len(revision), revisionDigits)] + dirty
}
