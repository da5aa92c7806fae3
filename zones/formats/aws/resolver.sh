#!/bin/sh
# @WRITTEN@
# Run it in this directory. It may be run again: it adds and changes, and removes
# nothing.
set -eu
export AWS_PAGER=
vpcs='@VPCS@'
config='TargetIps=[@TARGETS@],ResolverEndpointId=@ENDPOINT@'

# rule FILE REQUEST creates a rule, or sends the one that the same request has
# made before to the servers of today, and associates it with the VPCs.
rule() {
	id=$(aws route53resolver list-resolver-rules --filters "Name=CreatorRequestId,Values=$2" \
		--query 'ResolverRules[0].Id' --output text)
	if [ "$id" = None ]; then
		id=$(aws route53resolver create-resolver-rule --cli-input-json "file://$1" --query ResolverRule.Id --output text)
	else
		aws route53resolver update-resolver-rule --resolver-rule-id "$id" --config "$config" >/dev/null
	fi
	for vpc in $vpcs; do
		associated=$(aws route53resolver list-resolver-rule-associations --query 'length(ResolverRuleAssociations)' --output text \
			--filters "Name=ResolverRuleId,Values=$id" "Name=VPCId,Values=$vpc")
		if [ "$associated" -eq 0 ]; then
			aws route53resolver associate-resolver-rule --resolver-rule-id "$id" --vpc-id "$vpc" >/dev/null
		fi
	done
}

@RULES@
