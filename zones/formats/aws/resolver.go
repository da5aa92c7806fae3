package aws

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/internal/script"
	"github.com/auralink/auralink/zones/formats/route53"
)

const (
	// maxResolverRules is how many rules an account has in an AWS region,
	// unless AWS has been asked for more.
	maxResolverRules = 1000
	// maxResolverTargets is how many addresses a rule has.
	maxResolverTargets = 6
)

// Resolver are rules of the Route 53 Resolver.
var Resolver = formats.Format{
	Name:    "route53-resolver",
	Group:   formats.GroupClients,
	Summary: "forwarding rules of the Route 53 Resolver: inputs for aws route53resolver create-resolver-rule, with a script",
	Form: "A rule for each domain of the view, by which a VPC's own DNS asks the server; of two rules the longer domain wins. " +
		"sh route53-resolver.sh creates them and associates them with the VPC." +
		" " + forwarding.OneZone,
	Limits: "A rule stands before a private hosted zone of the same name. The questions come from the addresses of the outbound " +
		"endpoint: they must be among the VPC's clients. A rule that has left the view stays until it is deleted. " + forwarding.BelowSingle +
		" At most 1000 domains and six servers.",
	Shaped:  true,
	Servers: true,
	Parameters: []formats.Parameter{
		{
			Name: "resolver-endpoint-id", Required: true, Doc: "the outbound endpoint, such as rslvr-out-0a1b2c3d4e5f67890",
			Check: formats.Matches(resolverEndpointPattern, "the id of an outbound endpoint, such as rslvr-out-0a1b2c3d4e5f67890"),
		},
		{
			Name: "vpc-id", Required: true, Doc: "the VPC whose DNS follows the rules, such as vpc-0a1b2c3d; or several, with commas between them",
			Check: formats.EachOf(route53.CheckVPCID),
		},
	},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := forwarding.AtMostServers("route53-resolver", o.Servers, maxResolverTargets); err != nil {
			return nil, err
		}
		if err := forwarding.AtMostDomains(v, "route53-resolver", maxResolverRules); err != nil {
			return nil, err
		}
		return func(yield func(formats.File) bool) {
			for domain := range v.Domains() {
				if !yield(resolverRule(v, o, domain)) {
					return
				}
			}
			yield(resolverScript(v, o))
		}, nil
	},
	PerZone:     []string{".rule.json"},
	Permissions: resolverPermissions,
}

var resolverEndpointPattern = regexp.MustCompile(`^rslvr-out-[0-9a-f]{8,32}$`)

// resolverRule returns the input of create-resolver-rule for a domain. An input
// has no place for comments: the sentence that the file is ours is a tag.
func resolverRule(v zones.View, o formats.Options, domain zones.Domain) formats.File {
	input := jsontext.Object{
		{"CreatorRequestId", ruleRequest(v, o, domain)},
		{"Name", resource.Name(v, domain.Name)},
		{"RuleType", "FORWARD"},
		{"DomainName", dnsname.TrimDot(domain.Name)},
		{"TargetIps", jsontext.ListOf(slices.Values(o.Servers), func(server netip.Addr) any {
			return jsontext.Object{{resolverTarget(server), server}, {"Port", 53}}
		})},
		{"ResolverEndpointId", o.Values["resolver-endpoint-id"]},
		{"Tags", []any{map[string]string{"Key": "Description", "Value": formats.Sentence("Forwarding rule", v)}}},
	}
	return formats.File{
		Name:  ruleFile(domain),
		Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, input) },
	}
}

func ruleFile(domain zones.Domain) string { return formats.FileName(domain.Name) + ".rule.json" }

// ruleRequest returns by what the rule for a domain is found again.
func ruleRequest(v zones.View, o formats.Options, domain zones.Domain) string {
	digest := sha256.Sum256([]byte(v.Name + "/" + firstOf(o.Values["vpc-id"]) + "/" + domain.Name))
	return fmt.Sprintf("auralink-%x", digest[:16])
}

// firstOf returns the first item of a list with commas.
func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return first
}

// resolverTarget returns the member that has a server's address in TargetIps.
func resolverTarget(server netip.Addr) string {
	if server.Is6() {
		return "Ipv6"
	}
	return "Ip"
}

//go:embed resolver.sh
var rulesScript string

// resolverScript returns the script that creates and associates the rules.
func resolverScript(v zones.View, o formats.Options) formats.File {
	return formats.File{
		Name:    "route53-resolver.sh",
		Snippet: true,
		Write: func(w io.Writer, _ uint32) error {
			var targets []string
			for _, server := range o.Servers {
				targets = append(targets, fmt.Sprintf("{%s=%s,Port=53}", resolverTarget(server), server))
			}
			return script.Write(w, rulesScript, script.Parts{
				"WRITTEN":  formats.Sentence("The forwarding rules", v),
				"VPCS":     strings.ReplaceAll(o.Values["vpc-id"], ",", " "),
				"TARGETS":  strings.Join(targets, ","),
				"ENDPOINT": o.Values["resolver-endpoint-id"],
				"RULES": script.Each(v.Domains(), func(out *bufio.Writer, domain zones.Domain) {
					fmt.Fprintf(out, "rule %s %s\n", ruleFile(domain), ruleRequest(v, o, domain))
				}),
			})
		},
	}
}
