package topology

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// People write into a topology what a console's copy button gives them: a URI, a
// host with a port, the name of a private link service. This file reads such a
// text for what it can only mean, and leaves alone what could mean two things.

// spelling is what a text of the file was read as.
type spelling struct {
	// name is a host name without the final dot, or what could not be read as
	// one.
	name string
	kind declarationKind
	// meant is how the name should have been written, where the text is
	// something else that can only mean the name.
	meant string
	// doubt says what is unusual about a name that can be used; wrong says why
	// a text cannot be. Hint is what to do about either.
	doubt, wrong, hint string
}

// noOrchestrasHint says what to write into a region without orchestras.
const noOrchestrasHint = `the orchestra stands in the second label of a Private URI: write orchestras: ["0042"] for abcd1234.production-orch-0042.neo4j.io; or orchestras: [], if none is to be reached by the link`

// orchestraHint says where the right id stands. To write what it quotes passes.
const orchestraHint = `the orchestra stands in the second label of a Private URI: write "0042" for abcd1234.production-orch-0042.neo4j.io`

var (
	// orchestraLabel matches the first label of an orchestra's own name, such
	// as "production-orch-0042", and has its id.
	orchestraLabel = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-orch-([a-z0-9]+)$`)
	// uriScheme matches a scheme in lower case (RFC 3986, section 3.1).
	uriScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
	// usualID matches the ids of all orchestras that were ever seen.
	usualID = regexp.MustCompile(`^[0-9]{4}$`)
)

// readOrchestra reads an orchestra from a lower-case text: a bare id, its host
// name, or what a console shows instead.
func readOrchestra(text string) spelling {
	host := hostIn(text)
	s := spelling{name: host, kind: declaredOrchestra, hint: orchestraRemedy(text)}
	switch {
	case strings.HasPrefix(host, "*."):
		s.wrong = "is a wildcard, and an orchestra has all below it anyhow"
		if name, ok := orchestraIn(host[len("*."):]); ok {
			s.hint = "write " + written(name)
		}
		return s
	case strings.Contains(host, "."):
		name, ok := orchestraIn(host)
		if !ok {
			return s.otherHost()
		}
		s.name = name
	default:
		label := completed(host)
		s.name = label + "." + orchestraParent
		if id, ok := strings.CutPrefix(label, orchestraPrefix); ok {
			s.wrong = checkLabel(id, maxLabel-len(orchestraPrefix))
		}
	}
	if s.wrong != "" {
		return s
	}
	if s.wrong = checkHost(s.name, maxParent); s.wrong != "" {
		return s
	}
	label, _, _ := strings.Cut(s.name, ".")
	if id := orchestraLabel.FindStringSubmatch(label); id == nil || !usualID.MatchString(id[1]) {
		s.doubt, s.hint = "is unlike the id of any orchestra that was seen, which are four digits", orchestraHint
	}
	if text != s.name && text != s.name+"." && orchestraPrefix+text+"."+orchestraParent != s.name {
		s.meant = written(s.name)
	}
	return s
}

// completed returns the first label of the orchestra's name that a single label
// stands for.
func completed(label string) string {
	if id, ok := strings.CutPrefix(label, "orch-"); ok {
		return orchestraPrefix + id
	}
	service, _ := strings.CutSuffix(label, "-service")
	if orchestraLabel.MatchString(service) {
		return service
	}
	return orchestraPrefix + label
}

// OrchestraName returns the absolute name of the orchestra for which a lower-case label
// stands: the first label of the name, or its id.
func OrchestraName(label string) string { return completed(label) + "." + orchestraParent + "." }

// orchestraIn finds the name of an orchestra in a host name: that of an instance,
// whose second label it is, or that of Azure's private link service.
func orchestraIn(host string) (name string, found bool) {
	if service, _, azure := strings.Cut(host, "-service."); azure && strings.HasSuffix(host, ".azure.privatelinkservice") {
		return service + "." + orchestraParent, orchestraLabel.MatchString(service)
	}
	below, ours := strings.CutSuffix(host, "."+orchestraParent)
	label := below[strings.LastIndexByte(below, '.')+1:]
	return label + "." + orchestraParent, ours && orchestraLabel.MatchString(label)
}

// otherHost judges a host name in which there is no orchestra's.
func (s spelling) otherHost() spelling {
	if s.wrong = checkHost(s.name, maxParent); s.wrong != "" {
		return s
	}
	switch {
	case strings.HasSuffix(s.name, ".amazonaws.com"), strings.HasPrefix(s.name, "com.amazonaws."):
		s.wrong = "is a name of AWS, which does not tell the orchestra"
	case dnsname.Below(s.name, orchestraParent):
		s.doubt, s.hint = "is unlike the name of any orchestra that was seen", orchestraHint
	case strings.Contains(s.name, "-orch-"), strings.Contains(s.name, "neo4j"):
		s.doubt, s.hint = "is outside of "+orchestraParent+", where all orchestras are that were seen", orchestraHint
	}
	return s
}

// written returns how to write an orchestra's name: by its id where it has one.
func written(name string) string {
	if id, ok := strings.CutPrefix(name, orchestraPrefix); ok {
		return fmt.Sprintf("%q", strings.TrimSuffix(id, "."+orchestraParent))
	}
	return name
}

// readExtraName reads a name or a wildcard from a lower-case text.
func readExtraName(text string) spelling {
	host := hostIn(text)
	s := readHost(host)
	if s.wrong != "" {
		s.hint = extraNameRemedy(text)
	}
	if host != dnsname.TrimDot(text) {
		s.meant = host
	}
	return s
}

// readEndpoint reads the label of a custom endpoint from a lower-case text. The
// empty meant says that the text is the label.
func readEndpoint(text string) spelling {
	wrong := checkLabel(text, maxEndpointLabel)
	if wrong == "" {
		return spelling{name: text}
	}
	s := spelling{name: text, wrong: wrong, hint: endpointRemedy(text)}
	host := hostIn(text)
	label, _ := strings.CutSuffix(host, "."+endpointsParent)
	if _, ok := orchestraIn(host); ok {
		s.wrong, s.hint = "is a name of an orchestra", "leave it out: the orchestra of its region has all below it"
		return s
	}
	if label != text && checkLabel(label, maxEndpointLabel) == "" {
		return spelling{name: label, meant: label}
	}
	return s
}

// endpointsParent is what custom endpoints are below, without the final dot.
var endpointsParent = dnsname.TrimDot(EndpointsOrigin)
