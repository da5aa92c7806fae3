package route53

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

var (
	profilePattern   = regexp.MustCompile(`^rp-[0-9a-z]{8,32}$`)
	vpcIDPattern     = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	vpcRegionPattern = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)
)

// VPCParameters are the parameters that say which VPCs see private hosted zones. A
// format of which they are not required asks for one VPC when its files are loaded.
func VPCParameters(required bool) []formats.Parameter {
	instead := ""
	if !required {
		instead = ", instead of the one that is asked for when it is loaded"
	}
	return []formats.Parameter{
		{
			Name: "vpc-id", Required: required, Check: formats.EachOf(CheckVPCID),
			Doc: "the VPC with which the hosted zones are associated, such as vpc-0a1b2c3d; or several, with commas between them" + instead,
		},
		{
			Name: "vpc-region", Required: required, Check: checkVPCRegions,
			Doc: "the AWS region of that VPC, such as us-east-1; of several VPCs one for all, or one for each",
		},
		{
			Name: "profile-id", Check: formats.Matches(profilePattern, "the id of a Route 53 Profile, such as rp-0a1b2c3d4e5f6071"),
			Doc: "a Route 53 Profile that ties the hosted zones to all its VPCs, such as rp-0a1b2c3d4e5f6071, beside the VPC that each zone must have",
		},
	}
}

// CheckVPCID takes the ids of AWS's VPCs.
func CheckVPCID(id string) error {
	if !vpcIDPattern.MatchString(id) {
		return errors.New("is not the id of a VPC, such as vpc-0a1b2c3d")
	}
	return nil
}

// checkVPCRegions takes AWS regions: several VPCs may be in the same one.
func checkVPCRegions(regions string) error {
	for region := range strings.SplitSeq(regions, ",") {
		if !vpcRegionPattern.MatchString(region) {
			return errors.New("is not an AWS region, such as us-east-1")
		}
	}
	return nil
}

// VPC is a VPC and its AWS region, which is "" where it is not said.
type VPC struct{ ID, Region string }

// VPCs returns the VPCs that are asked for by [VPCParameters], by their ids, so that zones are
// found again in whatever order they are named; none where none is. The error says what is
// wrong with their regions.
func VPCs(o formats.Options) ([]VPC, error) {
	if o.Values["vpc-id"] == "" {
		if o.Values["vpc-region"] != "" {
			return nil, errors.New("parameter vpc-region: there is no vpc-id whose region it would be")
		}
		return nil, nil
	}
	ids, regions := strings.Split(o.Values["vpc-id"], ","), strings.Split(o.Values["vpc-region"], ",")
	if len(regions) != 1 && len(regions) != len(ids) {
		return nil, fmt.Errorf("parameter vpc-region: %d regions for %d VPCs: give one for all, or one for each", len(regions), len(ids))
	}
	all := make([]VPC, len(ids))
	for i, id := range ids {
		all[i] = VPC{ID: id, Region: regions[min(i, len(regions)-1)]}
	}
	slices.SortStableFunc(all, func(a, b VPC) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}
