package all_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// Two regions, so that the custom endpoints have records one by one: a wildcard
// would lead one of them to the other's region.
const twoRegions = `
regions:
  aws-us-east-1: {orchestras: ["0000"]}
  aws-us-west-1: {orchestras: ["0042"]}
vpcs:
  apps:
    links:
      aws-us-east-1: [10.10.10.10]
      aws-us-west-1: [10.20.10.10]
custom_endpoints:
  my-endpoint-abcdef-123456: aws-us-west-1
`

// The views of a topology, in the syntax of dnsmasq.
func ExampleRead() {
	views, err := all.Read(strings.NewReader(twoRegions))
	if err != nil {
		log.Fatal(err)
	}
	dnsmasq, _ := all.Named("dnsmasq")
	for _, view := range views {
		files, err := dnsmasq.Files(view, formats.Options{})
		if err != nil {
			log.Fatal(err)
		}
		for file := range files {
			fmt.Println("##", file.Name)
			if err := file.Write(os.Stdout, 0); err != nil {
				log.Fatal(err)
			}
		}
	}
	// Output:
	// ## dnsmasq.conf
	// # Addresses for the clients of VPC apps. Written by auralink: do not edit.
	// local-ttl=30
	// address=/production-orch-0000.neo4j.io/10.10.10.10 # aws-us-east-1
	// local=/production-orch-0000.neo4j.io/
	// address=/production-orch-0042.neo4j.io/10.20.10.10 # aws-us-west-1
	// local=/production-orch-0042.neo4j.io/
	// address=/my-endpoint-abcdef-123456.endpoints.neo4j.io/10.20.10.10 # aws-us-west-1
	// local=/my-endpoint-abcdef-123456.endpoints.neo4j.io/
	// server=/*.my-endpoint-abcdef-123456.endpoints.neo4j.io/#
	// address=/a-my-endpoint-abcdef-123456.endpoints.neo4j.io/10.20.10.10 # aws-us-west-1
	// local=/a-my-endpoint-abcdef-123456.endpoints.neo4j.io/
	// server=/*.a-my-endpoint-abcdef-123456.endpoints.neo4j.io/#
	// address=/b-my-endpoint-abcdef-123456.endpoints.neo4j.io/10.20.10.10 # aws-us-west-1
	// local=/b-my-endpoint-abcdef-123456.endpoints.neo4j.io/
	// server=/*.b-my-endpoint-abcdef-123456.endpoints.neo4j.io/#
	// address=/c-my-endpoint-abcdef-123456.endpoints.neo4j.io/10.20.10.10 # aws-us-west-1
	// local=/c-my-endpoint-abcdef-123456.endpoints.neo4j.io/
	// server=/*.c-my-endpoint-abcdef-123456.endpoints.neo4j.io/#
	// address=/d-my-endpoint-abcdef-123456.endpoints.neo4j.io/10.20.10.10 # aws-us-west-1
	// local=/d-my-endpoint-abcdef-123456.endpoints.neo4j.io/
	// server=/*.d-my-endpoint-abcdef-123456.endpoints.neo4j.io/#
}

// A format says what it cannot express, and what to use instead. Zone files need a
// serial, and can have a zone for all custom endpoints, or one for each name.
func ExampleNamed() {
	views, err := all.Read(strings.NewReader(twoRegions))
	if err != nil {
		log.Fatal(err)
	}
	hosts, _ := all.Named("hosts")
	_, err = hosts.Files(views[0], formats.Options{})
	var refusal *formats.Refusal
	if errors.As(err, &refusal) {
		fmt.Println("refused:", refusal.Reason)
		fmt.Println("instead:", refusal.Instead)
	}
	bind, _ := all.Named("bind")
	files, err := bind.Files(views[0], formats.Options{Shape: zones.ShapeOneZone})
	if err != nil {
		log.Fatal(err)
	}
	const serial = 2026112801
	for file := range files {
		if file.Origin != "endpoints.neo4j.io." {
			continue
		}
		if err := file.Write(os.Stdout, serial); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// refused: a hosts file has no wildcards, and it needs *.production-orch-0000.neo4j.io, *.production-orch-0042.neo4j.io
	// instead: the format unbound, dnsmasq or coredns; or partial=yes for the names that a hosts file can have, where all others may go to public DNS
	// ; Zone endpoints.neo4j.io. for the clients of VPC apps. Written by auralink: do not edit.
	// ; It hides every other name under endpoints.neo4j.io.
	// $ORIGIN endpoints.neo4j.io.
	// $TTL 30
	// @	IN	SOA	ns.auralink.invalid. hostmaster.auralink.invalid. 2026112801 900 300 86400 30
	// @	IN	NS	ns.auralink.invalid.
	// my-endpoint-abcdef-123456	IN	A	10.20.10.10	; aws-us-west-1
	// a-my-endpoint-abcdef-123456	IN	A	10.20.10.10	; aws-us-west-1
	// b-my-endpoint-abcdef-123456	IN	A	10.20.10.10	; aws-us-west-1
	// c-my-endpoint-abcdef-123456	IN	A	10.20.10.10	; aws-us-west-1
	// d-my-endpoint-abcdef-123456	IN	A	10.20.10.10	; aws-us-west-1
}
