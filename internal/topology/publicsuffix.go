package topology

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/auralink/auralink/internal/dnsname"
)

// cloudParents are what the names of others are below, without being a public suffix: the clouds' own
// services are there.
var cloudParents = []string{
	"amazonaws.com", "aws.amazon.com", "api.aws", "azure.com", "azure.net", "google.com", "googleapis.com",
	"microsoft.com", "windows.net",
}

// sharedByWorld warns of a declaration of all names below one that everybody registers names below, or
// a cloud has its services below.
func (v *validator) sharedByWorld(d declaration) {
	name := dnsname.TrimDot(d.name)
	if d.kind == declaredName || !isPublicSuffix(name) && !slices.Contains(cloudParents, name) {
		return
	}
	v.warnf(CodePublicSuffix, d.from.at, d.path, "name the domain of yours that is below it, such as *.example."+name,
		"below %s are names of others: %q would send all of them to this region", name, d.from.text)
}

// isPublicSuffix reports whether everybody can register names below a name. A top-level domain that is
// in no list is a network's own.
func isPublicSuffix(name string) bool {
	suffix, listed := publicsuffix.PublicSuffix(name)
	return suffix == name && (listed || strings.Contains(name, "."))
}
