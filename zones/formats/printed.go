package formats

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/pattern"
)

// printed is what command lines of clouds print for people, by how it begins. Neither what
// is cut off nor what stands in which column can be told from it.
var printed = []struct {
	begins func(text string) bool
	option string // with which it was printed
	again  string // the command that prints what can be read
}{
	{pattern.Matching(`^(RESOURCERECORDSETS|RESOURCERECORDS|ALIASTARGET|GEOLOCATION)\t`), "aws --output text", awsRecords},
	{pattern.Matching(`^HOSTEDZONES\t`), "aws --output text", "aws route53 list-hosted-zones --output json"},
	{pattern.Matching(`^HOSTEDZONESUMMARIES\t`), "aws --output text", "aws route53 list-hosted-zones-by-vpc --vpc-id VPC --vpc-region REGION --output json"},
	{pattern.Matching(`^RESOLVERRULES\t`), "aws --output text", "aws route53resolver list-resolver-rules --output json"},
	{pattern.Matching(`^PROFILERESOURCEASSOCIATIONS\t`), "aws --output text", "aws route53profiles list-profile-resource-associations --profile-id PROFILE --output json"},
	{pattern.Matching(`^VPCENDPOINTS\t`), "aws --output text", "aws ec2 describe-vpc-endpoints --output json"},
	{pattern.Matching(`^NETWORKINTERFACES\t`), "aws --output text", "aws ec2 describe-network-interfaces --output json"},
	{pattern.Matching(`^VPCS\t`), "aws --output text", "aws ec2 describe-vpcs --output json"},
	{pattern.Matching(`^SUBNETS\t`), "aws --output text", "aws ec2 describe-subnets --output json"},
	{pattern.Matching(`^(SERVICEDETAILS|SERVICENAMES)\t`), "aws --output text", "aws ec2 describe-vpc-endpoint-services --output json"},
	{pattern.Matching(`^-{10,}\s*\n\| +ListResourceRecordSets +\|`), "aws --output table", awsRecords},
	{pattern.Matching(`^-{10,}\s*\n\| +[A-Z]\w+ +\|`), "aws --output table", "the same command with --output json"},
	{pattern.Matching(`^NAME +TYPE +TTL +DATA\b`), "gcloud, as a table", gcloudRecords},
	{pattern.Matching(`^NAME +DNS_NAME +.*\bVISIBILITY\b`), "gcloud, as a table", "gcloud dns managed-zones list --format=json"},
	{pattern.Matching(`^(RULE_)?NAME +(DNS_NAME|LOCAL_DATA|BEHAVIOR)\b`), "gcloud, as a table", "gcloud dns response-policies rules list POLICY --format=json"},
	{pattern.Matching(`^NAME +([A-Z0-9_]+ +)*(IP_ADDRESS|PSC_CONNECTION_(ID|STATUS))\b`), "gcloud, as a table", gcloudRules},
	{pattern.Matching(`^NAME +([A-Z0-9_]+ +)*(RANGE|IP_CIDR_RANGE)\b`), "gcloud, as a table", "gcloud compute networks subnets list --format=json"},
	{pattern.Matching(`^NAME +SUBNET_MODE\b`), "gcloud, as a table", "gcloud compute networks list --format=json"},
	{pattern.Matching(`^NAME: \S+\n(?:[A-Z0-9_]+: [^\n]*\n)*IP_ADDRESS: `), "gcloud, for a screen reader", gcloudRules},
	{pattern.Matching(`^NAME: \S+\n[A-Z0-9_]+: `), "gcloud, for a screen reader", "the same command with --format=json"},
	{pattern.Matching(`^(┌─|\+-{3,})[^\n]*\n(│|\|) +[A-Z0-9_]+ `), "gcloud, as a table", "the same command with --format=json"},
	{pattern.Matching(`^name,type,`), "gcloud --format=csv", gcloudRecords},
	{pattern.Matching(`^(\w+,)*(ip_address|ip_cidr_range|psc_connection_\w+|self_link)(,\w+)*\n`), "gcloud --format=csv", "the same command with --format=json"},
	{pattern.Matching(`^([^\n{\["<]*[\t,])?(https://www\.googleapis\.com/compute/|https://compute\.googleapis\.com/)\S+`), "gcloud --format=value", "the same command with --format=json"},
	{pattern.Matching(`^(name|rule_name|ruleName),(dns_name|dnsName)\b`), "gcloud --format=csv", "the same command with --format=json"},
	{pattern.Matching(`(?i)^[^\n]*\b(MacAddress|NicType|EnableIPForwarding)\b[^\n]*\n-{2,}( +-{2,})+\s*(\n|$)`), "az --output table", "az network nic list --output json"},
	{pattern.Matching(`(?i)^[^\n]*\bNumSubnets\b[^\n]*\n-{2,}( +-{2,})+\s*(\n|$)`), "az --output table", "az network vnet list --output json"},
	{pattern.Matching(`(?i)^[^\n]*\bCustomNetworkInterfaceName\b[^\n]*\n-{2,}( +-{2,})+\s*(\n|$)`), "az --output table", "az network private-endpoint list --output json"},
	{pattern.Matching(`(?i)^[^\n]*\b(Location|ProvisioningState)\b[^\n]*\bResourceGroup\b[^\n]*\n-{2,}( +-{2,})+\s*(\n|$)`), "az --output table", "the same command with --output json"},
	{pattern.Matching(`(?i)^[^\n]*\bResourceGroup\b[^\n]*\n-{2,}( +-{2,})+\s*(\n|$)`), "az --output table", azRecords},
	{pattern.Matching(`(?i)^[^\n{\["]*\tmicrosoft\.network/(private)?dnszones`), "az --output tsv", azRecords},
	{pattern.Matching(`(?i)^([^\n{\["<]*\t)?/subscriptions/[^\n]*/providers/microsoft\.network/(privateEndpoints|networkInterfaces|virtualNetworks)/`), "az --output tsv", "the same command with --output json"},
	{pattern.Matching(`^\x1b\[`), "in colours, as az --output jsonc", "the same command with --output json"},
}

// languages are what people write for tools that make records of it, by how it begins and
// by what only it has.
var languages = []struct {
	begins, has   func(text string) bool
	what, instead string
}{
	{pattern.Matching(`^(terraform|locals|provider|variable|resource|data|module|output|moved|import)\b.*\{`), pattern.Matching(`(?m)^(resource|data|module)\s+"[\w-]+"(\s+"[\w-]+")?\s*\{`), "Terraform's own language", "terraform plan -out=plan && terraform show -json plan"},
	{pattern.Matching(`^(param|var|resource|targetScope|module|metadata|@)`), pattern.Matching(`(?m)^\s*resource\s+\w+\s+'Microsoft\.Network/[^']+'\s*=`), "Bicep", "az bicep build --file FILE --stdout"},
	{pattern.Matching(`^(var|const|let|D|require|/\*|\(?function)\b`), pattern.Matching(`(?m)^\s*D(_EXTEND)?\(\s*["'][^"']+["']\s*,`), "dnscontrol's language", "dnscontrol get-zones --format=zone CREDENTIALS - ZONE"},
}

// inLanguage returns what a text is that is written in the language of a tool, which alone
// knows what it makes of it; else nil.
func inLanguage(text string) *MistakenError {
	for _, l := range languages {
		if l.begins(Head(text).FirstLine()) && l.has(text) {
			return &MistakenError{What: "it is " + l.what + ", which is not read: what comes of it is", Remedy: "audit what this prints: " + l.instead}
		}
	}
	return nil
}

const (
	awsRecords    = "aws route53 list-resource-record-sets --hosted-zone-id ZONE --output json"
	gcloudRules   = "gcloud compute forwarding-rules list --format=json"
	gcloudRecords = "gcloud dns record-sets list --zone ZONE --format=json"
	azRecords     = "az network private-dns record-set list --resource-group GROUP --zone-name ZONE --output json"
)

// printedForPeople returns what a text is that a command line of a cloud has printed for
// people; else nil.
func printedForPeople(text string) *MistakenError {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, p := range printed {
		if p.begins(text) {
			return &MistakenError{
				What:   fmt.Sprintf("it is what is printed for people (%s), of which not all can be told", p.option),
				Remedy: "write it once more: " + p.again, Failed: true,
			}
		}
	}
	return nil
}
