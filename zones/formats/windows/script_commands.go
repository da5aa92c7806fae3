package windows

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// run does what a command does.
func (s *script) run(c call) {
	if _, dry := c.parameters["whatif"]; dry {
		s.b.Note(c.at, "%s is left out: with -WhatIf it does nothing", c.name)
		return
	}
	s.servers[cmp.Or(strings.ToLower(c.one("computername")), "the one on which it runs")] = true
	verb, noun, _ := strings.Cut(strings.ToLower(c.name), "-dnsserver")
	kind, record := strings.CutPrefix(noun, "resourcerecord")
	adds := verb == "add"
	switch {
	case adds && record:
		s.addRecord(c, strings.ToUpper(kind))
	case adds && noun == "primaryzone":
		s.addZone(c)
	case verb != "remove" && refers[noun]:
		s.addReferral(c)
	case adds && noun == "zonedelegation":
		s.addDelegation(c)
	case noun == "globalqueryblocklist":
		s.addBlockList(c)
	case !leadsNowhere(noun):
		s.changes(c, noun)
	}
}

// refers are zones that other servers answer, as commands have them.
var refers = map[string]bool{"conditionalforwarderzone": true, "stubzone": true, "secondaryzone": true}

// changes notes a command that changes what there is: of a record, of a zone, or of all. Other
// things than zones and records, such as policies, have names of their own.
func (s *script) changes(c call, noun string) {
	zone, name := c.one("zonename"), c.one("name")
	switch {
	case strings.Contains(noun, "resourcerecord") && zone != "" && name != "":
		zone = absolute(name, zone)
	case strings.Contains(noun, "resourcerecord"), strings.HasSuffix(noun, "zone"):
		zone = cmp.Or(zone, name)
	}
	s.unread(c, zone, "changes what there is, and what that is, is not known")
}

// nowhere are what of a server leads no name anywhere, as its nouns have it.
var nowhere = []string{
	"forwarder", "scavenging", "recursion", "diagnostics", "cache", "roothint", "setting", "trustanchor", "signingkey", "dnssec",
	"clientsubnet", "transfer", "responseratelimit", "directorypartition", "aging", "edns", "zonescope",
	"virtualization", "primaryzone", "keystorage",
}

func leadsNowhere(noun string) bool {
	for _, part := range nowhere {
		if strings.Contains(noun, part) && !strings.Contains(noun, "forwarderzone") {
			return true
		}
	}
	return false
}

// recordData are the parameters with what a record leads to, by its type.
var recordData = map[string]string{"A": "ipv4address", "AAAA": "ipv6address", "CNAME": "hostnamealias", "DNAME": "domainnamealias", "NS": "nameserver"}

// addRecord adds a record. Its type is that of the command, or a parameter.
func (s *script) addRecord(c call, kind string) {
	for _, one := range []string{"A", "AAAA", "CNAME", "DNAME", "MX", "PTR", "SRV", "TXT", "NS"} {
		if _, is := c.parameters[strings.ToLower(one)]; is && kind == "" {
			kind = one
		}
	}
	zone, name := c.one("zonename"), c.one("name")
	scope := c.one("zonescope")
	var values []string
	if data := recordData[kind]; data != "" {
		if values = c.get(data); len(values) == 0 {
			c.unclear = cmp.Or(c.unclear, "has no -"+data)
		}
	}
	switch {
	case zone == "" || name == "":
		s.unread(c, zone, cmp.Or(c.unclear, "has no -ZoneName, or no -Name"))
	case c.unclear != "":
		s.unread(c, absolute(name, zone), c.unclear)
	case c.refused() != "":
		s.unread(c, absolute(name, zone), c.refused())
	case kind == "":
		s.unread(c, absolute(name, zone), "has no type")
	case scope != "":
		s.unread(c, absolute(name, zone), "is for the zone scope "+scope+" alone: the server's policies say who is answered from it")
	default:
		s.use(zone, c.at)
		rrset.Add(s.b, rrset.RRset{Name: absolute(name, zone), Type: kind, Zone: zone, Values: values}, c.at)
	}
}

// use notes a zone that has records.
func (s *script) use(zone string, at holdings.Place) {
	if _, there := s.used[keyOf(zone)]; !there {
		s.used[keyOf(zone)] = at
	}
}

// keyOf returns a zone's name as the maps of a script have it.
func keyOf(zone string) string { return dnsname.Lower(dnsname.TrimDot(zone)) }

// usuallyBlocked are the names of the global query block list as Windows comes with it.
var usuallyBlocked = []string{"wpad", "isatap"}

// addBlockList notes the first labels of names that the server does not answer in any of its zones.
func (s *script) addBlockList(c call) {
	for _, label := range c.get("list") {
		if c.unclear != "" || !slices.Contains(usuallyBlocked, strings.ToLower(label)) {
			s.unread(c, "", "has the server leave names unanswered whose first label is "+lines.Shown(label)+", in all its zones")
		}
	}
}

// addZone adds a zone that the script makes: it is empty, unless a file has it.
func (s *script) addZone(c call) {
	name := cmp.Or(c.one("name"), c.one("zonename"))
	switch _, existing := c.parameters["loadexisting"]; {
	case name == "" && c.unclear == "": // a reverse zone
	case c.unclear != "":
		s.unread(c, name, c.unclear)
	case c.refused() != "":
		s.unread(c, name, c.refused())
	case existing:
		s.unread(c, name, "takes the zone from a file of the server's: audit that file as well")
	default:
		if before, there := s.used[keyOf(name)]; there && !s.made[keyOf(name)] {
			s.unread(c, name, "makes the zone behind a command that adds to it, in "+before.String()+", which fails then")
		}
		if at, there := s.referred[keyOf(name)]; there {
			s.unread(c, name, "makes a zone that is there already, by a command in "+at.String()+": it fails, and that one counts")
			return
		}
		s.made[keyOf(name)] = true
		rrset.Zone(s.b, name, c.at)
	}
}

var (
	scopePattern = regexp.MustCompile(`^(?i:custom|domain|forest|legacy)$`)
	spanPattern  = regexp.MustCompile(`^[0-9.:]+$`) // of a TimeSpan
)

// refused returns why Windows makes no such zone, or no such record, as the parameters with literal
// values tell; "" where it may.
func (c *call) refused() string {
	if strings.HasSuffix(strings.ToLower(c.name), "zone") {
		if why := c.misplaced(); why != "" {
			return why
		}
	}
	if span, timed := c.given("timetolive"); timed && span.Literal && !spanPattern.MatchString(span.Text()) {
		return "has the -TimeToLive " + lines.Shown(span.Text()) + ", which is no span of time"
	}
	return ""
}

// misplaced returns why Windows makes no zone where the parameters have it; "" where it may.
func (c *call) misplaced() string {
	scope, scoped := c.given("replicationscope")
	_, filed := c.given("zonefile")
	_, partitioned := c.given("directorypartitionname")
	switch {
	case !scoped && !filed:
		return "has neither -ReplicationScope nor -ZoneFile, of which it needs one"
	case scoped && filed:
		return "has -ReplicationScope and -ZoneFile, of which it takes one"
	case scoped && strings.EqualFold(scope.Text(), "custom") && !partitioned:
		return "has the -ReplicationScope Custom and no -DirectoryPartitionName, which that needs"
	case scoped && scope.Literal && !scopePattern.MatchString(scope.Text()):
		return "has the -ReplicationScope " + lines.Shown(scope.Text()) + ", which is none"
	default:
		return ""
	}
}

// addReferral adds a zone that others answer.
func (s *script) addReferral(c call) {
	name, servers := cmp.Or(c.one("name"), c.one("zonename")), c.get("masterservers")
	if name == "" || c.unclear != "" {
		s.unread(c, name, cmp.Or(c.unclear, "has no -Name"))
		return
	}
	if _, there := s.referred[keyOf(name)]; s.made[keyOf(name)] && !there {
		s.b.Note(c.at, "%s is left out: zone %s is there already, and it fails", c.name, name)
		return
	}
	s.made[keyOf(name)], s.referred[keyOf(name)] = true, c.at
	forward(s.b, name, cmp.Or(strings.Join(servers, ", "), "other servers"), c.at)
}

// addDelegation adds a zone below another one that others answer.
func (s *script) addDelegation(c call) {
	zone, child := cmp.Or(c.one("name"), c.one("zonename")), c.one("childzonename")
	servers := append(c.get("ipaddress"), c.get("nameserver")...)
	if zone == "" || child == "" || c.unclear != "" {
		s.unread(c, zone, cmp.Or(c.unclear, "has no -Name, or no -ChildZoneName"))
		return
	}
	s.use(zone, c.at)
	rrset.Referred(s.b, absolute(child, zone), holdings.Referral{Servers: cmp.Or(strings.Join(servers, ", "), "other servers")}, c.at)
}
