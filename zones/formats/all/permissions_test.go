package all_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

var awsCall = regexp.MustCompile(`\baws (route53|route53resolver|route53profiles|ec2) ([a-z-]+)`)

// actionNames are AWS's actions that are not the operation's name in another case.
var actionNames = map[string]string{"AssociateVpcWithHostedZone": "AssociateVPCWithHostedZone"}

// TestPermissions: what a script calls is in its policy document, and nothing else but
// what these calls need in turn.
func TestPermissions(t *testing.T) {
	view := model.ReadView(t, "testdata/002-two-regions.yaml")
	implied := map[string]bool{"ec2:DescribeVpcs": true, "route53resolver:TagResource": true}
	for _, name := range []string{"route53", "route53-resolver", "aws-client-vpn"} {
		format, _ := all.Named(name)
		o := options(format, "")
		if name == "route53" {
			o = formats.Options{Values: map[string]string{"vpc-id": "vpc-0a1b2c3d,vpc-0a1b2c3e", "vpc-region": "us-east-1", "profile-id": "rp-0a1b2c3d4e5f6071"}}
		}
		files, err := format.Files(view, o)
		if err != nil {
			t.Fatal(err)
		}
		called := make(map[string]bool)
		for file := range files {
			var text strings.Builder
			if err := file.Write(&text, 1); err != nil {
				t.Fatal(err)
			}
			for _, call := range awsCall.FindAllStringSubmatch(text.String(), -1) {
				operation := ""
				for word := range strings.SplitSeq(call[2], "-") {
					operation += strings.ToUpper(word[:1]) + word[1:]
				}
				if action, other := actionNames[operation]; other {
					operation = action
				}
				called[call[1]+":"+operation] = true
			}
		}
		for action := range called {
			if !strings.Contains(format.Permissions, `"`+action+`"`) {
				t.Errorf("%s calls %s, which is not in its permissions", name, action)
			}
		}
		for _, action := range regexp.MustCompile(`"([a-z0-9]+:[A-Za-z]+)"`).FindAllStringSubmatch(format.Permissions, -1) {
			if !called[action[1]] && !implied[action[1]] {
				t.Errorf("%s has the permission %s, and does not use it", name, action[1])
			}
		}
	}
}
