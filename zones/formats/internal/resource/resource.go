// Package resource says what the resources of a cloud are called.
package resource

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// VPCDigest is how many octets of a digest tell apart a few VPCs.
const VPCDigest = 3

// NameDigest is how many octets of a digest tell apart millions of names.
const NameDigest = 8

// maxName is how long the names of a cloud's resources may be (RFC 1035 labels, as
// Google Cloud has them).
const maxName = 63

// Name returns what a cloud's resource for a name of the view is called.
// It is a label of lower-case letters, digits and hyphens, begins with what
// [Prefix] returns, and is another one for each name and each VPC.
func Name(v zones.View, name string) string {
	prefix := Prefix(v)
	digest := sha256.Sum256([]byte(v.Name + "/" + name))
	suffix := fmt.Sprintf("-%x", digest[:NameDigest])
	readable := strings.NewReplacer("*", "any", ".", "-").Replace(dnsname.TrimDot(name))
	if room := maxName - len(prefix) - len(suffix); len(readable) > room {
		readable = strings.TrimRight(readable[:room], "-")
	}
	return prefix + readable + suffix
}

// Prefix returns how the names of all resources for a view begin, and
// those for no other.
func Prefix(v zones.View) string {
	digest := sha256.Sum256([]byte(v.Name))
	return fmt.Sprintf("auralink-%x-", digest[:VPCDigest])
}
