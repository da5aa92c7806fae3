package zones

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

const (
	// vpcDigest and nameDigest are the octets of the digests in a resource's
	// name. The second tells apart millions of names; the first a few VPCs.
	vpcDigest, nameDigest = 3, 8

	// maxResourceName is how long the names of a cloud's resources may be
	// (RFC 1035 labels, as Google Cloud has them).
	maxResourceName = 63
)

// resourceName returns what a cloud's resource for a name of the view is called.
// It is a label of lower-case letters, digits and hyphens, begins with what
// resourcePrefix returns, and is another one for each name and each VPC.
func resourceName(v View, name string) string {
	prefix := resourcePrefix(v)
	digest := sha256.Sum256([]byte(v.Name + "/" + name))
	suffix := fmt.Sprintf("-%x", digest[:nameDigest])
	readable := strings.NewReplacer("*", "any", ".", "-").Replace(dnsname.TrimDot(name))
	if room := maxResourceName - len(prefix) - len(suffix); len(readable) > room {
		readable = strings.TrimRight(readable[:room], "-")
	}
	return prefix + readable + suffix
}

// resourcePrefix returns how the names of all resources for a view begin, and
// those for no other.
func resourcePrefix(v View) string {
	digest := sha256.Sum256([]byte(v.Name))
	return fmt.Sprintf("auralink-%x-", digest[:vpcDigest])
}
