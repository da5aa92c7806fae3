package judge

// catalogue has all codes, the most important of each severity first.
var catalogue = []Entry{
	{
		CodeWildcardAcrossRegions, Error, "a wildcard answers for custom endpoints of several regions",
		"every custom endpoint of the other regions is sent to a region that does not have it, and those that nobody declared go there as well",
		"serve individual records: auralink export TOPOLOGY --vpc VPC --format FORMAT writes them for the DNS that you have; then load them and take the wildcard out",
	},
	{
		CodeWrongRegion, Error, "names lead to another region's link",
		"that region does not have these databases: connections end in a TLS alert, or in another database",
		"find the record that says so with auralink audit, and give the names the addresses of their own region's link",
	},
	{
		CodeRegionContradicted, Error, "a link says that an endpoint is not in the region of the topology",
		"the topology sends the endpoint to a region that does not know it, and every DNS that is made from it does the same",
		"put the region that knows the endpoint into custom_endpoints; Aura's console shows it as well",
	},
	{
		CodeLeaks, Error, "names lead to public addresses",
		"connections go over the public internet today, and end when public traffic is disabled",
		"have these name servers answer from the topology: auralink serves them, or auralink export writes the zones",
	},
	{
		CodeHostsEntry, Error, "the hosts file of this machine answers wrongly",
		"programs on this machine ask no name server for these names, whatever the name servers say",
		"take the lines out of the hosts file",
	},
	{
		CodeSearchList, Error, "the search list of this machine leads names elsewhere",
		"the resolver tries the names below the search domains before it tries them as they are, and a wildcard answers there",
		"set ndots:1, take the domain out of the search list, or write names with a final dot",
	},
	{
		CodeSystemDiffers, Error, "programs on this machine are answered otherwise than its name servers answer",
		"something on this machine is in between: a cache, a stub resolver, a VPN client, or another source in nsswitch.conf",
		"see what is in between (resolvectl status, scutil --dns, Get-DnsClientNrptPolicy), flush its cache, and ask again",
	},
	{
		CodeWrongView, Error, "our server takes this machine for another network's",
		"it answers with the addresses of another VPC's links, or refuses, since this machine's address is not among the VPC's clients",
		"write the range of this machine's address into the clients of its VPC",
	},
	{
		CodeServersDisagree, Error, "the name servers of this machine disagree",
		"which answer a program gets depends on which server answers first: some connections work, and some do not",
		"have all of them answer alike, or take those that do not out of the machine's configuration (DHCP, resolv.conf)",
	},
	{
		CodeStripped, Error, "private addresses are taken out of answers",
		"a resolver in between protects against DNS rebinding: it drops private addresses in answers for names that it takes for public",
		"exempt the names there: dnsmasq rebind-domain-ok=/neo4j.io/, Unbound private-domain: neo4j.io, or the setting of the router",
	},
	{
		CodeShadowed, Error, "a zone says that names do not exist",
		"a zone that is closer, or is asked first, hides the names: most often a private zone for a parent of theirs",
		"put the records into that zone, or take it away from this network",
	},
	{
		CodeMissingApex, Error, "an orchestra has no address of its own",
		"the name that Aura's console shows on GCP does not resolve, though names below it do",
		"add the apex beside the wildcard: both have the addresses of the link",
	},
	{
		CodeMissingWildcard, Error, "names below an orchestra are not all answered",
		"drivers get names of servers in their routing tables (p-…) that change over time: only a wildcard has them all",
		"add *.ORCHESTRA with the addresses of the link",
	},
	{
		CodeMissingFurther, Error, "further names of custom endpoints are missing",
		"each custom endpoint needs five names: its own, and those with a-, b-, c- and d- in front",
		"add the four further names, with the addresses of the link",
	},
	{
		CodeMissing, Error, "names do not resolve",
		"programs cannot connect by these names at all",
		"have the name servers answer from the topology: auralink serves them, or auralink export writes the zones",
	},
	{
		CodeFiltered, Error, "names lead nowhere",
		"the address is one at which nothing can be: a filter (protective DNS, an ad blocker) answers so for what it blocks",
		"exempt neo4j.io and the names of the topology in the filter",
	},
	{
		CodeUnknownAddress, Error, "names lead to private addresses that no link has",
		"the addresses are stale, of another VPC, or of an endpoint that the topology does not know; a private endpoint that was made anew has new ones",
		"compare with the addresses of the private endpoint in the cloud's console, and correct the record or the topology",
	},
	{
		CodeLeaksType, Error, "other types of record leak from public DNS",
		"programs that prefer IPv6, and browsers, which ask for HTTPS records, leave the private link",
		"answer all types of these names: NODATA where there is no record",
	},
	{
		CodeHides, Error, "names that must stay public are hidden",
		"a zone for more than the linked orchestras, most often for all of neo4j.io, captures them: the console, the API or other databases stop working",
		"make the zone narrower: one for each linked orchestra, and none for neo4j.io",
	},
	{
		CodeServerSilent, Error, "a name server does not answer",
		"programs wait for it, seconds with each name, or resolve nothing",
		"open UDP and TCP port 53 to it, or take it out of the machine's configuration",
	},
	{
		CodeServerFails, Error, "a name server fails or refuses",
		"it does not serve this client, cannot reach its upstream, or has a zone that did not load",
		"see its log; REFUSED is most often an access list, SERVFAIL an upstream",
	},
	{
		CodePortDropped, Error, "connections to a link's port get no answer",
		"something on the way drops the packets: a security group, a firewall, a route that leads back another way, or an endpoint that is not accepted yet",
		"allow TCP from this network to the address and port, in the endpoint's security group as well; see that the endpoint's state is available",
	},
	{
		CodePortRefused, Error, "connections to a link's port are refused",
		"something at the address, or a firewall that rejects, says no at once: the address may be another machine's",
		"see that the address is the private endpoint's, and that no firewall rejects the port",
	},
	{
		CodePortUnreachable, Error, "there is no route to a link's address",
		"this network has no way to the private endpoint: no peering, no route over the VPN, or a router that says so",
		"add the route, on the VPN and in the VPC's route table; peering is not transitive",
	},
	{
		CodeClock, Error, "the clock of this machine is wrong",
		"certificates are judged by it: good ones look expired, or not valid yet, to every program here",
		"have the clock set by NTP",
	},
	{
		CodeCertificateDates, Error, "a certificate is not valid at this time",
		"drivers and browsers refuse to connect",
		"see what serves it: Aura renews its own, so that something may be in between; else open a ticket with Neo4j",
	},
	{
		CodeCertificateUntrusted, Error, "a certificate is from an authority that this machine does not trust",
		"most often a proxy opens TLS on the way and signs with its own authority; drivers with neo4j+s refuse to connect",
		"exempt the link's addresses from TLS inspection; where it is meant, give its authority with --ca, and to the drivers",
	},
	{
		CodeCertificateName, Error, "a certificate is for another name",
		"the address is not Aura's ingress for that name: drivers and browsers refuse to connect",
		"see that the address is the region's private endpoint, and that nothing on the way rewrites the TLS server name",
	},
	{
		CodeNameRefused, Error, "a link refuses names of its own region",
		"its ingress does not know them: the database is not in this region, is gone, or the private endpoint is not accepted for it",
		"compare the region with Aura's console, and see that the database is there and running",
	},
	{
		CodeNoTLS, Error, "connections come about and TLS does not",
		"something on the way cuts TLS (inspection, an MTU that is too large), or the address is not Aura's",
		"see what is between, and whether large packets pass",
	},
	{
		CodeNoCommonSuite, Error, "this machine and the link agree on no TLS version and suite",
		"programs that use the machine's TLS as it is configured cannot connect",
		"allow TLS 1.2 or 1.3 with a suite of Aura's list on this machine",
	},
	{
		CodeNoHTTPS, Error, "nothing answers HTTPS on 443",
		"Browser, Bloom and the Query API do not work over the link",
		"see what is between; the same names with curl tell more",
	},
	{
		CodeDiscoveryElsewhere, Error, "a discovery document sends drivers elsewhere",
		"programs that follow it leave the private link, or go to another region",
		"compare the host with Aura's console; have it in the topology if it is right",
	},
	{
		CodeNoBolt, Error, "nothing speaks Bolt on 7687",
		"drivers cannot connect over the link",
		"see what is between: a proxy that lets only HTTP through breaks Bolt",
	},
	{
		CodeCredentials, Error, "the credentials are refused",
		"nothing that needs a session could be proved: neither the routing table nor reads and writes",
		"give those of the database that is asked, with --user and --password-file",
	},
	{
		CodeNoRoutingTable, Error, "a driver gets no routing table",
		"drivers say \"Unable to retrieve routing table\", and connect nowhere",
		"mend what is found about the name's address, port and certificate first",
	},
	{
		CodeRoutingHost, Error, "hosts of a routing table cannot be used",
		"the first connection works, and then drivers say \"Cannot resolve address p-…\" or wait",
		"have *.ORCHESTRA answered with the addresses of the link, and open the ports of them all; an orchestra that the topology does not have belongs into it",
	},
	{
		CodeIncompleteTable, Error, "a routing table has no writer or no reader",
		"writes, or reads, fail whatever the network does: the database is starting, or is not well",
		"see the state of the database in Aura's console, and ask again",
	},
	{
		CodeTransactionFailed, Error, "a transaction failed",
		"there is a routing table, and its servers cannot be used",
		"mend what is found about the server's name and address first",
	},
	{
		CodePublicOpen, Error, "public traffic is not off",
		"databases still let sessions in by their public addresses",
		"disable public traffic in Aura's console, and ask again when it says that it is in force",
	},

	{
		CodeNotProbed, Unproved, "something could not be probed",
		"nobody knows whether it is well, so that it cannot be called ready",
		"see the reason; give more time with --timeout",
	},
	{
		CodeNotAsked, Unproved, "something was left out",
		"nobody knows whether it is well, so that it cannot be called ready",
		"ask for it: without --only, and with --ports that have 443 and 7687",
	},
	{
		CodeTooFewNames, Unproved, "too few names were tried",
		"one name that works does not prove that the others do, and a made-up name proves nothing about databases",
		"give a database of the region with --database, or write its custom endpoints into the topology",
	},
	{
		CodeRegionUnproved, Unproved, "the region of endpoints could not be proved",
		"no link said in a way that proves it that it knows them: if the topology has one in the wrong region, it is sent there, and nobody here can see it",
		"name the endpoint with --database, and give --user and --password-file: its routing table tells; compare the others with Aura's console",
	},
	{
		CodeAddressNotReached, Unproved, "an address of a link was never reached",
		"answers may lead there: then some connections fail, and which is chance",
		"see why it cannot be reached; if the endpoint has no such address any more, take it out of the topology",
	},

	{
		CodeIncomplete, Warning, "names lack addresses of their link",
		"if the availability zone of those that are there fails, the names lead nowhere",
		"give the names all addresses of the link",
	},
	{
		CodeOutsideClients, Warning, "this machine is not among the VPC's clients",
		"a server that answers by the client's address gives it another view, or none",
		"write the range of this machine's address into the clients of its VPC, or run doctor from where the VPC's clients are",
	},
	{
		CodeNoRecursion, Warning, "a name server does not say that it recurses",
		"nslookup and some resolvers leave such a server (no RA in its answers) for the next one in resolv.conf",
		"make it a resolver (forward what is not its own), or the only one configured",
	},
	{
		CodeLongTTL, Warning, "answers are kept longer than the topology wants",
		"after a change of an endpoint's addresses, clients keep the old ones for so long",
		"set the TTL of the records, and the cache's minimum, to the topology's",
	},
	{
		CodeDNSOverTCP, Warning, "a name server does not answer over TCP",
		"answers that do not fit into a packet are lost (RFC 7766)",
		"open TCP port 53 to it",
	},
	{
		CodeLargeAnswers, Warning, "large answers over UDP are lost",
		"a link on the way takes no packets of that size, and drops fragments: such questions time out",
		"set the server's EDNS size to 1232 octets, or mend the MTU of the tunnel",
	},
	{
		CodeBeyondList, Warning, "a link accepts more of TLS than Aura's list",
		"Aura's ingress takes nothing older than TLS 1.2 and no other suites: what answers may be something else in between",
		"see what ends TLS on the way to the address",
	},
	{
		CodeProxy, Warning, "programs are sent to a proxy",
		"what heeds the variables (curl, many HTTP libraries) leaves the private path for the proxy, which may not reach the link; drivers do not heed them",
		"add the names to NO_PROXY: .neo4j.io and the names of the topology that are elsewhere",
	},
	{
		CodeOpenConnections, Warning, "connections over the public path are still open",
		"programs that connected before the DNS changed stay there until they connect anew; they break when public traffic is disabled. JVMs and drivers may keep old addresses even then",
		"restart these programs; in JVMs set networkaddress.cache.ttl to the topology's TTL",
	},
	{
		CodeIdleCut, Warning, "silent connections are cut on this path",
		"a connection from a driver's pool that was silent for longer is dead when it is used, and the first query after a pause fails or waits",
		"set the driver's liveness check time-out (connection_liveness_check_timeout) below it, and maximum connection lifetime not above it",
	},
	{
		CodeLocalNetworkAccess, Warning, "browsers ask before the console's pages reach the link",
		"Browser and Bloom are public pages that connect to private addresses: browsers with Local Network Access block that until the user, or a policy, allows it",
		"set the policy LocalNetworkAccessAllowedForUrls for https://browser.neo4j.io, https://bloom.neo4j.io and https://console.neo4j.io: auralink export --format browser-policy writes it",
	},
	{
		CodeBrowserDoH, Warning, "browsers may go round this network's DNS",
		"a browser that asks a public resolver of its own does not get the private addresses",
		"answer NXDOMAIN for the canary names (nobypass in our server's Corefile), and set DnsOverHttpsMode to off by policy: auralink export --format browser-policy writes it",
	},

	{
		CodeShortList, Note, "a link does not offer all of Aura's list",
		"programs that know only the suites that are not offered cannot connect; the others can",
		"nothing, unless a program of yours needs one of them",
	},
	{
		CodeAnyName, Note, "a link takes any name",
		"that it takes a custom endpoint's name proves nothing about the region",
		"nothing; with credentials the routing table tells",
	},
	{
		CodeNoCredentials, Note, "no session was tried",
		"the routing table, and the servers in it, are not proved",
		"give --user and --password-file to have them tried; nothing is changed in the database",
	},
	{
		CodeManyLookups, Note, "each name is looked up several times",
		"with so many ndots the resolver asks for the name below each search domain first; that is slow, and a wildcard there would answer",
		"set ndots:1 (in a pod, dnsConfig.options), or write names with a final dot",
	},
	{
		CodePinned, Note, "the hosts file of this machine has names",
		"the addresses are right, and stay when the private endpoint gets new ones",
		"take the lines out of the hosts file when the name servers are right",
	},
}
