package tools

import (
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/terraform"
)

// Pulumi are stacks of Pulumi, which are read and not written.
var Pulumi = formats.Format{
	Name:   "pulumi",
	Read:   terraform.ReadPulumi,
	Reads:  "what pulumi stack export prints, with resources of the providers aws, gcp and azure. Those of others that are about DNS are not-read.",
	Detect: terraform.DetectPulumi,
}
