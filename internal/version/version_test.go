package version_test

import (
	"runtime/debug"
	"testing"

	"github.com/auralink/auralink/internal/version"
)

const (
	ours   = "github.com/auralink/auralink"
	theirs = "github.com/coredns/coredns"
	commit = "1a2b3c4d5e6f708192a3b4c5d6e7f80911223344"
)

func TestLinkedVersionIsTakenAsItIs(t *testing.T) {
	defer version.Stamp("v1.2.3-rc.1")()
	if got := version.String(); got != "v1.2.3-rc.1" {
		t.Errorf("String() = %q, want %q", got, "v1.2.3-rc.1")
	}
}

func TestNothingKnownIsNeverEmpty(t *testing.T) {
	for _, stamped := range []string{"", "dev"} {
		restore := version.Stamp(stamped)
		if version.String() == "" {
			t.Errorf("stamped %q: String() is empty", stamped)
		}
		restore()
	}
}

func TestFromBuildInfo(t *testing.T) {
	vcs := func(settings ...string) []debug.BuildSetting {
		var list []debug.BuildSetting
		for i := 0; i < len(settings); i += 2 {
			list = append(list, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return list
	}
	for _, tc := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{
			name: "installed at a version",
			info: debug.BuildInfo{Main: debug.Module{Path: ours, Version: "v0.1.0"}},
			want: "v0.1.0",
		},
		{
			name: "the version before the commit",
			info: debug.BuildInfo{Main: debug.Module{Path: ours, Version: "v0.1.0"}, Settings: vcs("vcs.revision", commit)},
			want: "v0.1.0",
		},
		{
			name: "built in a clean checkout",
			info: debug.BuildInfo{Main: debug.Module{Path: ours, Version: "(devel)"}, Settings: vcs("vcs.revision", commit, "vcs.modified", "false")},
			want: "dev-1a2b3c4d5e6f",
		},
		{
			name: "built in a changed checkout",
			info: debug.BuildInfo{Main: debug.Module{Path: ours, Version: "(devel)"}, Settings: vcs("vcs.revision", commit, "vcs.modified", "true")},
			want: "dev-1a2b3c4d5e6f-dirty",
		},
		{
			name: "a commit shorter than usual",
			info: debug.BuildInfo{Main: debug.Module{Path: ours}, Settings: vcs("vcs.revision", "1a2b")},
			want: "dev-1a2b",
		},
		{
			name: "built from a tarball",
			info: debug.BuildInfo{Main: debug.Module{Path: ours, Version: "(devel)"}},
			want: "dev",
		},
		{
			name: "compiled into somebody's CoreDNS",
			info: debug.BuildInfo{
				Main:     debug.Module{Path: theirs, Version: "v1.15.0"},
				Deps:     []*debug.Module{{Path: "github.com/miekg/dns", Version: "v1.1.73"}, {Path: ours, Version: "v0.1.0"}},
				Settings: vcs("vcs.revision", commit),
			},
			want: "v0.1.0",
		},
		{
			name: "compiled in from a fork",
			info: debug.BuildInfo{
				Main: debug.Module{Path: theirs},
				Deps: []*debug.Module{{Path: ours, Version: "v0.1.0", Replace: &debug.Module{Path: "example.org/fork", Version: "v0.1.1"}}},
			},
			want: "v0.1.1",
		},
		{
			name: "compiled in from a directory: the commit is not ours",
			info: debug.BuildInfo{
				Main:     debug.Module{Path: theirs},
				Deps:     []*debug.Module{{Path: ours, Version: "v0.1.0", Replace: &debug.Module{Path: "../auralink"}}},
				Settings: vcs("vcs.revision", commit),
			},
			want: "dev",
		},
		{name: "no build information", want: "dev"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := version.FromBuildInfo(&tc.info); got != tc.want {
				t.Errorf("fromBuildInfo = %q, want %q", got, tc.want)
			}
		})
	}
}
