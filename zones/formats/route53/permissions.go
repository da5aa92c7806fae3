package route53

// Permissions are what apply.sh needs: those of route53profiles only with a profile.
const Permissions = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeVpcs",
        "route53:AssociateVPCWithHostedZone",
        "route53:ChangeResourceRecordSets",
        "route53:CreateHostedZone",
        "route53:GetHostedZone",
        "route53:ListHostedZones",
        "route53profiles:AssociateResourceToProfile",
        "route53profiles:ListProfileResourceAssociations"
      ],
      "Resource": "*"
    }
  ]
}
`

// StackPermissions are what CloudFormation and Terraform need, which delete what is not
// planned any more; those of route53profiles only with a profile.
const StackPermissions = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeVpcs",
        "route53:AssociateVPCWithHostedZone",
        "route53:ChangeResourceRecordSets",
        "route53:ChangeTagsForResource",
        "route53:CreateHostedZone",
        "route53:DeleteHostedZone",
        "route53:DisassociateVPCFromHostedZone",
        "route53:GetChange",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResource",
        "route53:UpdateHostedZoneComment",
        "route53profiles:AssociateResourceToProfile",
        "route53profiles:DisassociateResourceFromProfile",
        "route53profiles:GetProfileResourceAssociation",
        "route53profiles:ListProfileResourceAssociations"
      ],
      "Resource": "*"
    }
  ]
}
`
