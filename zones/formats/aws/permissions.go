package aws

// resolverPermissions are what route53-resolver.sh needs.
const resolverPermissions = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeVpcs",
        "route53resolver:AssociateResolverRule",
        "route53resolver:CreateResolverRule",
        "route53resolver:ListResolverRuleAssociations",
        "route53resolver:ListResolverRules",
        "route53resolver:TagResource",
        "route53resolver:UpdateResolverRule"
      ],
      "Resource": "*"
    }
  ]
}
`

// clientVPNPermissions are what aws-client-vpn.sh needs.
const clientVPNPermissions = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "ec2:ModifyClientVpnEndpoint"
      ],
      "Resource": "*"
    }
  ]
}
`
