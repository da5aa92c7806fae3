package tools

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/resource"
)

// maxDNSEndpoints is how many records a DNSEndpoint has at most, by the schema of
// the custom resource.
const maxDNSEndpoints = 1000

// ExternalDNS are custom resources of ExternalDNS.
var ExternalDNS = formats.Format{
	Name:    "external-dns",
	Group:   formats.GroupTools,
	Summary: "DNSEndpoint resources (externaldns.k8s.io/v1alpha1) for ExternalDNS in Kubernetes",
	Form: "A DNSEndpoint for each zone of the view, and for each further 1000 records of it. Run ExternalDNS with --source=crd and " +
		"with " + externalDNSPrefix + " " + externalDNSWildcard + ": by default it keeps a TXT record at a-NAME for the A record of " +
		"NAME, which is one of the four further names of a custom endpoint, and outside of a zone that is for NAME alone.",
	Limits: "ExternalDNS creates no zones, and writes a record into the longest that has it: they must be there, only the VPC's " +
		"clients may see them, and a zone for endpoints.neo4j.io hides every other name in it, so make one for each name. A " +
		"DNSEndpoint that has left the view stays until it is deleted (kubectl apply --prune, by the labels).",
	Parameters: []formats.Parameter{{
		Name: "namespace", Doc: "the Kubernetes namespace of the resources, if not that of kubectl's context",
		Check: formats.Matches(namespacePattern, "a namespace: lower-case letters, digits and hyphens"),
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  formats.FileName(v.Name) + ".yaml",
			Write: func(w io.Writer, _ uint32) error { return writeDNSEndpoints(w, v, o) },
		}), nil
	},
	Read:     readDNSEndpoints,
	Reads:    "DNSEndpoints of ExternalDNS.",
	Detect:   detectDNSEndpoints,
	ReadBack: map[string]formats.Reader{".yaml": readDNSEndpoints},
}

var namespacePattern = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

const (
	// externalDNSPrefix puts the registry's TXT records below the names they
	// are for: they are then in the same zone, and none of Aura's names.
	externalDNSPrefix = "--txt-prefix=%{record_type}-external-dns."
	// externalDNSWildcard is what stands for "*" in the names of such records.
	externalDNSWildcard = "--txt-wildcard-replacement=any"
)

// externalDNSHead stands once before the resources.
const externalDNSHead = `# Run ExternalDNS with --source=crd, and with
#   ` + externalDNSPrefix + " " + externalDNSWildcard + `
# By default its registry keeps a TXT record at a-NAME for the A record of NAME,
# which is one of the names of a custom endpoint.
`

func writeDNSEndpoints(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "DNSEndpoints", v), externalDNSHead)
	for _, zone := range v.Zones {
		count := 0
		for rrset := range zone.RRsets() {
			if count%maxDNSEndpoints == 0 {
				writeDNSEndpointHead(out, v, o, zone, count/maxDNSEndpoints)
			}
			count++
			fmt.Fprintf(out, "    - dnsName: %q # %s\n      recordType: %s\n      recordTTL: %d\n      targets:\n",
				dnsname.TrimDot(rrset.Name), rrset.Region, rrset.Type, v.TTL)
			for _, addr := range rrset.Addrs {
				fmt.Fprintf(out, "        - %q\n", addr)
			}
		}
	}
	return out.Flush() // the first error of all writes
}

// zoneAnnotation says in which zone the records of a DNSEndpoint are meant to be.
// Individual records have none: each is in a zone of its own.
const zoneAnnotation = "auralink/zone"

func writeDNSEndpointHead(out io.Writer, v zones.View, o formats.Options, zone zones.Zone, part int) {
	fmt.Fprintf(out, "---\napiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata:\n  name: %q\n", objectName(v, zone, part))
	if namespace := o.Values["namespace"]; namespace != "" {
		fmt.Fprintf(out, "  namespace: %q\n", namespace)
	}
	fmt.Fprintf(out, "  labels:\n    app.kubernetes.io/managed-by: auralink\n    app.kubernetes.io/instance: %q\n", instanceLabel(v))
	if zone.Endpoints == nil {
		fmt.Fprintf(out, "  annotations:\n    %s: %q\n", zoneAnnotation, dnsname.TrimDot(zone.Origin))
	}
	fmt.Fprint(out, "spec:\n  endpoints:\n")
}

const (
	// maxObjectName is how long the name of a Kubernetes object is (RFC 1123).
	maxObjectName = 253
	// maxObjectPart leaves room for the number of an object's part.
	maxObjectPart = maxObjectName - 11
)

// objectName returns what the DNSEndpoint is called that has a part of a zone's
// records: a lower-case name, another one for each VPC, zone and part.
func objectName(v zones.View, zone zones.Zone, part int) string {
	name := instance(v) + "." + dnsname.TrimDot(zone.Origin)
	if len(name) > maxObjectPart {
		digest := sha256.Sum256([]byte(name))
		name = fmt.Sprintf("%s-%x", strings.TrimRight(name[:maxObjectPart-17], "-."), digest[:resource.NameDigest])
	}
	if part > 0 {
		name = fmt.Sprintf("%s.%d", name, part+1)
	}
	return name
}

// hyphens replaces what a VPC's name may have and a label may not.
var hyphens = strings.NewReplacer("_", "-", ".", "-")

// instance returns the VPC's name as a part of an object's name: a lower-case
// label, with a digest where that is not the name itself.
func instance(v zones.View) string {
	label := strings.TrimRight(hyphens.Replace(strings.ToLower(v.Name)), "-")
	if label == v.Name {
		return "auralink-" + label
	}
	digest := sha256.Sum256([]byte(v.Name))
	return fmt.Sprintf("auralink-%s-%x", label, digest[:resource.VPCDigest])
}

// instanceLabel returns the VPC's name as the value of a label, which ends with
// a letter or digit.
func instanceLabel(v zones.View) string {
	label := strings.TrimRight(v.Name, "-_.")
	if label == v.Name {
		return label
	}
	digest := sha256.Sum256([]byte(v.Name))
	return fmt.Sprintf("%s-%x", label[:min(len(label), 50)], digest[:resource.VPCDigest])
}
