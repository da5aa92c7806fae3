//go:build unix

package machine

// The hosts file, below the root directory and as people call it.
const (
	hostsFile = "etc/hosts"
	hostsName = "/etc/hosts"
)
