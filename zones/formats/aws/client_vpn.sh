#!/bin/sh
# @WRITTEN@
# The clients ask them about all names. They must pass on all that is in none of these domains:
@LIST@
set -eu
#@ if DOMAINS
aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id @ENDPOINT@ --dns-servers CustomDnsServers=@SERVERS@,Enabled=true
#@ end
