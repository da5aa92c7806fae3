package aws

import (
	"regexp"
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// resourcesLine finds the resources of a template in YAML.
var resourcesLine = regexp.MustCompile(`(?m)^Resources:`)

// detectTemplate knows a template that has something of Route 53.
func detectTemplate(head formats.Head) formats.Certainty {
	switch {
	case head.HasPrefix("AWS::Route53") && strings.Contains(string(head), `"Resources"`),
		!head.Document() && strings.Contains(string(head), "AWS::Route53") && resourcesLine.MatchString(string(head)):
		return formats.Surely
	default:
		return formats.No
	}
}
