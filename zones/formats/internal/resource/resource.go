// Package resource says what the resources of a cloud are called.
package resource

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// VPCDigest is how many octets of a digest tell apart a few VPCs.
const VPCDigest = 3

// NameDigest is how many octets of a digest tell apart millions of names.
const NameDigest = 8

const (
	// maxName is how long the names of a cloud's resources may be (RFC 1035
	// labels, as Google Cloud has them).
	maxName = 63
	// suffix is how long the digest of a name is, with the hyphen before it.
	suffix = 1 + 2*NameDigest
	// scratch is enough for the longest name of the DNS and a VPC's.
	scratch = 512
)

// Name returns what a cloud's resource for a name of the view is called. It is a
// label of lower-case letters, digits and hyphens, begins with what [Prefix]
// returns, and is another one for each name and each VPC. A view may have millions:
// nothing is allocated but the name.
func Name(v zones.View, name string) string {
	out := appendPrefix(make([]byte, 0, scratch), v)
	prefix := len(out)
	for i := range len(dnsname.TrimDot(name)) {
		switch name[i] {
		case '*':
			out = append(out, "any"...)
		case '.':
			out = append(out, '-')
		default:
			out = append(out, name[i])
		}
	}
	if len(out) > maxName-suffix {
		out = append(out[:prefix], bytes.TrimRight(out[prefix:maxName-suffix], "-")...)
	}
	text := append(make([]byte, 0, scratch), v.Name...)
	text = append(text, '/')
	digest := sha256.Sum256(append(text, name...))
	return string(hex.AppendEncode(append(out, '-'), digest[:NameDigest]))
}

// Prefix returns how the names of all resources for a view begin, and those for no
// other.
func Prefix(v zones.View) string { return string(appendPrefix(nil, v)) }

func appendPrefix(out []byte, v zones.View) []byte {
	digest := sha256.Sum256([]byte(v.Name))
	out = append(out, "auralink-"...)
	out = hex.AppendEncode(out, digest[:VPCDigest])
	return append(out, '-')
}
