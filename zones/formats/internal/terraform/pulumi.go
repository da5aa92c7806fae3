package terraform

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// pulumiResource is a resource of a stack of Pulumi.
type pulumiResource struct {
	URN      string         `json:"urn"`
	Type     string         `json:"type"`
	External bool           `json:"external"`           // it is only looked up
	Delete   bool           `json:"delete"`             // it is on its way out
	Replaced bool           `json:"pendingReplacement"` // it is gone, and not made anew
	Outputs  map[string]any `json:"outputs"`
}

// ReadPulumi reads what "pulumi stack export" prints: most of its resources are those of
// Terraform's providers, by other names.
func ReadPulumi(b *holdings.Builder, r io.Reader, in formats.Input) error {
	s := jsontext.NewStream(r, in.Name)
	var all []instance
	err := s.Wrap(s.Documents(func(open json.Delim) error {
		if open != '{' {
			return s.Items(s.Skip)
		}
		return s.Members(func(name string) error {
			if name != "deployment" {
				return s.Skip()
			}
			return s.Object(func(name string) error {
				if name == "pending_operations" {
					return s.Array(func() error { return pending(b, s) })
				}
				if name != "resources" {
					return s.Skip()
				}
				return s.Array(func() error {
					var one pulumiResource
					at, err := s.Value(&one)
					if i := one.instance(at); err == nil && !one.leaves(b, i) {
						all = append(all, i)
					}
					return err
				})
			})
		})
	}))
	if err == nil {
		statesOf(b).add(newRecords(b, all))
	}
	return err
}

// leaves reports whether a resource is on its way out, or gone, and tells it.
func (p pulumiResource) leaves(b *holdings.Builder, i instance) bool {
	switch {
	case !i.matters():
	case p.Replaced:
		b.Unread(i.at, "%s was deleted, and is not made anew yet: run pulumi up first", p.URN)
	case p.Delete:
		b.Unread(i.at, "%s is there until the next update, and not after it: run pulumi up first", p.URN)
	}
	return p.Delete || p.Replaced
}

// pending notes an operation of which it is not known whether it was done.
func pending(b *holdings.Builder, s *jsontext.Stream) error {
	var operation struct {
		Type     string         `json:"type"`
		Resource pulumiResource `json:"resource"`
	}
	at, err := s.Value(&operation)
	if one := operation.Resource.instance(at); err == nil && one.matters() {
		b.Unread(at, "an operation of Pulumi was cut short: whether it was done for %s, is not known: run pulumi refresh", operation.Resource.URN)
	}
	return err
}

// instance returns the resource as Terraform has it.
func (p pulumiResource) instance(at holdings.Place) instance {
	i := instance{kind: kindOfPulumi(p.Type), name: p.URN[strings.LastIndexByte(p.URN, ':')+1:], values: make(map[string]any), at: at}
	if p.External {
		i.mode = modeData
	}
	for name, value := range p.Outputs {
		name = snake(name)
		if renamed, is := pulumiBlocks[name]; is {
			name = renamed
		}
		i.values[name] = snaked(value)
	}
	return i
}

// pulumiBlocks are the blocks of Terraform whose names Pulumi has in the plural.
var pulumiBlocks = map[string]string{
	"vpcs": "vpc", "aliases": "alias", "target_ips": "target_ip", "geolocation_routing_policies": "geolocation_routing_policy",
	"resource_record_sets": "resource_record_set", "cidr_routing_policies": "cidr_routing_policy",
}

// pulumiProviders are what Terraform calls the providers of Pulumi.
var pulumiProviders = map[string]string{"aws": "aws", "gcp": "google", "azure": "azurerm"}

var pulumiType = regexp.MustCompile(`^(\w[\w-]*):(\w+)/\w+:(\w+)$`)

// kindOfPulumi returns the kind of Terraform for a type, such as aws_route53_zone for
// aws:route53/zone:Zone; another provider's stays as it is.
func kindOfPulumi(kind string) string {
	match := pulumiType.FindStringSubmatch(kind)
	if match == nil || pulumiProviders[match[1]] == "" {
		return kind
	}
	service := map[string]string{"privatedns": "private_dns"}[match[2]]
	if service == "" {
		service = match[2]
	}
	name := snake(match[3])
	return pulumiProviders[match[1]] + "_" + service + "_" + strings.NewReplacer("aaaarecord", "aaaa_record", "arecord", "a_record", "ptrrecord", "ptr_record", "srvrecord", "srv_record").Replace(name)
}

// aboutZones finds types of Pulumi that are about DNS, of whatever provider.
var aboutZones = regexp.MustCompile(`(?i):.*(dns|route53|privaterecordset|privatezone)`)

// snake returns a name in the way of Terraform: zone_id for zoneId.
func snake(name string) string {
	var out strings.Builder
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			if i > 0 && (name[i-1] < 'A' || name[i-1] > 'Z') {
				out.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		out.WriteRune(c)
	}
	return out.String()
}

// snaked returns a value with its members' names in the way of Terraform.
func snaked(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, member := range v {
			all[snake(name)] = snaked(member)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = snaked(item)
		}
		return all
	default:
		return value
	}
}

// DetectPulumi knows a stack by the names of its resources.
func DetectPulumi(head formats.Head) formats.Certainty {
	if head.Has("deployment") && head.HasPrefix("urn:pulumi:") {
		return formats.Surely
	}
	return formats.No
}
