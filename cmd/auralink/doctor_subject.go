package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/hint"
)

// subject returns what is wanted of the network: by a topology, or by --name and
// --expect, which read none, not even the one that is there.
func (f *doctorFlags) subject(cmd *cobra.Command, args []string) (doctor.Subject, error) {
	if f.name != "" {
		return f.given(args)
	}
	if len(f.expect) > 0 {
		return doctor.Subject{}, hint.Add(errors.New("--expect without --name"), "auralink doctor --name HOST --expect IP")
	}
	if len(args) > 1 {
		return doctor.Subject{}, hint.Add(fmt.Errorf("unexpected argument %q", args[1]), "usage: "+cmd.UseLine())
	}
	r, err := readUsable(cmd, topologyIn(args))
	if err != nil {
		return doctor.Subject{}, err
	}
	vpc, err := pickVPC(r.plan, f.vpc)
	if err != nil {
		return doctor.Subject{}, err
	}
	databases, err := f.databaseNames()
	if err != nil {
		return doctor.Subject{}, err
	}
	subject := doctor.NewSubject(r.topology, vpc, doctor.Choice{Databases: databases, MadeUp: madeUpLabel()})
	return subject, checkDatabases(&subject, databases)
}

// databaseNames returns the databases that were given: ids, and host names.
func (f *doctorFlags) databaseNames() ([]string, error) {
	names := make([]string, len(f.databases))
	for i, text := range f.databases {
		name, err := hostName(text)
		if err != nil {
			return nil, hint.Add(fmt.Errorf("--database %w", err), "--database abcd1234, or the Private URI as Aura's console shows it")
		}
		if id, parent, _ := strings.Cut(name, "."); slices.Contains(publicParents, parent) {
			name = id // its orchestra is not told
		}
		names[i] = name
	}
	return names, nil
}

// databaseHosts returns those databases that were given as host names.
func (f *doctorFlags) databaseHosts() ([]string, error) {
	names, err := f.databaseNames()
	return slices.DeleteFunc(names, func(name string) bool { return !strings.Contains(name, ".") }), err
}

// publicParents are above the hosts of public URIs.
var publicParents = []string{"databases.neo4j.io", "instances.neo4j.io"}

// checkDatabases refuses host names that are of no link: nothing would be asked of them.
func checkDatabases(s *doctor.Subject, databases []string) error {
	for _, name := range databases {
		if !strings.Contains(name, ".") || s.Find(name).Expect == doctor.ExpectLink {
			continue
		}
		var below []string
		for _, link := range s.Links {
			below = append(below, link.Suffixes...)
		}
		return hint.Add(fmt.Errorf("--database %q is of no region that VPC %q links", name, s.VPC),
			"names that it links are custom endpoints of its regions, and those below "+strings.Join(below, ", "))
	}
	return nil
}

// given returns the subject of a name that was given with its addresses.
func (f *doctorFlags) given(args []string) (doctor.Subject, error) {
	host, err := hostName(f.name)
	if err != nil {
		return doctor.Subject{}, fmt.Errorf("--name %w", err)
	}
	if f.vpc != "" || len(f.databases) > 0 {
		return doctor.Subject{}, errTwoPurposes
	}
	var addrs []netip.Addr
	for _, text := range slices.Concat(f.expect, args) {
		addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
		if err != nil {
			return doctor.Subject{}, hint.Add(fmt.Errorf("--expect %q is not an IP address", text), "--expect 10.10.10.10")
		}
		if none := address.Nobody(addr); none != "" {
			return doctor.Subject{}, hint.Add(fmt.Errorf("--expect %q is %s", text, none), "--expect 10.10.10.10")
		}
		if !slices.Contains(addrs, addr) {
			addrs = append(addrs, addr)
		}
	}
	if len(addrs) == 0 {
		return doctor.Subject{}, hint.Add(errors.New("--name without --expect"), "--expect IP, the addresses of the private endpoint")
	}
	return doctor.GivenSubject(host, addrs), nil
}

// hostName returns the host of a name, or of a URI as it is copied from the console.
func hostName(text string) (string, error) {
	host := text
	if _, rest, isURI := strings.Cut(text, "://"); isURI {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	host, _, _ = strings.Cut(host, ":")
	host = dnsname.TrimDot(dnsname.Lower(host))
	if _, err := netip.ParseAddr(host); err == nil {
		return "", fmt.Errorf("%q is an address, and not a host name", text)
	}
	if _, ok := dns.IsDomainName(host); !ok || host == "" || strings.ContainsAny(host, " \t*[]") {
		return "", fmt.Errorf("%q is not a host", text)
	}
	return host, nil
}

// madeUpLabel returns a label that no host has.
func madeUpLabel() string { return "auralink-" + strings.ToLower(rand.Text()[:16]) }
