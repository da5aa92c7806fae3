// Package windows reads what Get-DnsServerResourceRecord of Windows DNS prints: its table,
// its list, what ConvertTo-Json makes of it, and what Export-Csv does; and scripts of
// PowerShell that add records and zones, as far as they are literal.
//
// All listings come to the same: fields by their names, of which a record is made. The
// names of columns and members are those of the class DnsServerResourceRecord, or what
// people call what they take out of its RecordData.
package windows

import (
	"fmt"
	"io"
	"maps"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is what Windows DNS lists of a zone, and what its scripts write, which is read and
// not written.
var Format = formats.Format{
	Name: "windows", Read: read, Detect: detect,
	Reads: "what Get-DnsServerResourceRecord of Windows DNS prints: its table or list, and what ConvertTo-Json and Export-Csv make of it. The zone is that of the command, of the record's place in Active Directory, of a column ZoneName, of --origin or of the file's name. A name that the table cuts off is an error. Scripts of PowerShell with Add-DnsServerResourceRecord, -PrimaryZone or -ConditionalForwarderZone, as far as they are literal: loops, conditions and variables that change are not read, but for those of our own script with conditional forwarders.",
}

// fields are what is said of a record, by names in lower case, such as "hostname".
type fields map[string]string

// first returns the first of some fields that says something.
func (f fields) first(names ...string) string {
	for _, name := range names {
		if value := strings.TrimSpace(f[name]); value != "" {
			return value
		}
	}
	return ""
}

// listing is what is read of one file.
type listing struct {
	b      *holdings.Builder
	in     formats.Input
	origin string // of the zone that is listed; "" if nothing has said it yet
	byName bool   // nothing but the file's name says it
	// unknown says that the records are of a zone that the command did not spell out.
	unknown bool
	zones   map[string]bool
}

// read reads a listing in the shape in which it is.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	l := &listing{b: b, in: in, origin: in.Origin, byName: in.OriginByName, zones: make(map[string]bool)}
	head, content, err := formats.Peek(r)
	if err != nil {
		return fmt.Errorf("reading %s: %w", in.Name, err)
	}
	switch shapeOf(formats.NewHead(head)) {
	case shapeJSON:
		err = l.readJSON(content)
	case shapeCSV:
		err = l.readCSV(content)
	case shapeList:
		err = l.readList(content)
	case shapeScript:
		return l.readScript(content)
	default:
		err = l.readTable(content)
	}
	if err != nil {
		return err
	}
	for _, zone := range slices.Sorted(maps.Keys(l.zones)) {
		if !l.zones[zone] {
			b.Unread(holdings.Place{File: in.Name, Line: 1},
				"there is no SOA among the records of %s: they may not be all, and which names the zone hides cannot be told", dnsname.TrimDot(zone))
		}
	}
	return nil
}

// kinds are the types whose data leads somewhere, with the fields that have it: first that
// of the class for such records.
var kinds = map[string][]string{
	"A":     {"ipv4address", "ipaddress", "ip", "address", "recorddata", "data", "value"},
	"AAAA":  {"ipv6address", "ipaddress", "ip", "address", "recorddata", "data", "value"},
	"CNAME": {"hostnamealias", "alias", "target", "recorddata", "data", "value"},
	"DNAME": {"domainnamealias", "target", "recorddata", "data", "value"},
	"NS":    {"nameserver", "target", "recorddata", "data", "value"},
}

// kindOf returns a record's type. A listing without it has the type in what its columns
// are called.
func kindOf(f fields) string {
	if kind := f.first("recordtype", "rrtype", "type"); kind != "" {
		if number, err := strconv.ParseUint(kind, 10, 16); err == nil {
			return dns.Type(number).String()
		}
		return strings.ToUpper(kind)
	}
	for _, kind := range []string{"A", "AAAA", "CNAME", "DNAME", "NS"} {
		if f.first(kinds[kind][0]) != "" {
			return kind
		}
	}
	return ""
}

// add adds a record.
func (l *listing) add(f fields, at holdings.Place) error {
	kind := kindOf(f)
	if kind == "" {
		l.b.Unread(at, "the record is not read: it has no type")
		return nil
	}
	owner, origin, err := l.owner(f, kind, at)
	if err != nil || owner == "" {
		return err
	}
	l.zones[origin] = l.zones[origin] || kind == "SOA" && owner == origin
	l.b.InZone(at.File, origin)
	if kind == "SOA" && owner == origin {
		l.b.Claim(holdings.Claim{Origin: origin, Zone: true, Miss: holdings.NXDomain, Place: at})
		return nil
	}
	record := zonefile.Record{Owner: owner, Type: kind, Place: at}
	record.RR = l.record(f, record)
	zonefile.Add(l.b, record, origin)
	return nil
}

// owner returns the absolute name of a record and of its zone, or "" where it is no name.
func (l *listing) owner(f fields, kind string, at holdings.Place) (owner, origin string, err error) {
	name := f.first("hostname", "name")
	_, leads := kinds[kind]
	switch {
	case cut(name) && leads:
		return "", "", at.Errorf("the name %s is cut off, and may be any that begins so: %s", lines.Shown(name), instead)
	case cut(name):
		l.b.Note(at, "the record is not read: its name %s is cut off", lines.Shown(name))
		return "", "", nil
	case name == "" || strings.ContainsAny(name, " \t"):
		l.b.Note(at, "the record is not read: %s is not a domain name", lines.Shown(name))
		return "", "", nil
	}
	if origin, err = l.zoneOf(f, at); err != nil || origin == "" {
		return "", "", err
	}
	if name == "@" {
		return origin, origin, nil
	}
	owner, err = holdings.CanonicalName(name + "." + dnsname.TrimDot(origin))
	if strings.HasSuffix(name, ".") {
		owner, err = holdings.CanonicalName(name)
	}
	if err != nil {
		l.b.Note(at, "the record is not read: %s is not a domain name", lines.Shown(name))
		return "", origin, nil
	}
	return owner, origin, nil
}

// instead says how a listing is had that is whole.
const instead = "list the records once more with | ConvertTo-Json -Depth 3, or with | Format-Table -AutoSize | Out-String -Width 4096"

// cut reports whether PowerShell has left out the end, or the beginning, of a value.
func cut(value string) bool {
	return strings.HasSuffix(value, "...") || strings.HasSuffix(value, "…") || strings.HasPrefix(value, "...") || strings.HasPrefix(value, "…")
}

// zoneInDirectory finds the zone in where Active Directory has a record.
var zoneInDirectory = regexp.MustCompile(`(?i)^DC=(?:[^,\\]|\\.)*,DC=((?:[^,\\]|\\.)*),cn=MicrosoftDNS,`)

// zoneOf returns the zone of a record, or "" where it is no name: what is said of the
// record comes first.
func (l *listing) zoneOf(f fields, at holdings.Place) (string, error) {
	said := f.first("zonename", "zone")
	if match := zoneInDirectory.FindStringSubmatch(f["distinguishedname"]); match != nil && said == "" {
		said = match[1]
	}
	origin, byName := l.origin, l.byName
	if said != "" {
		canonical, err := holdings.CanonicalName(said)
		if err != nil {
			l.b.Note(at, "the record is not read: its zone %s is not a domain name", lines.Shown(said))
			return "", nil
		}
		origin, byName = canonical, false
	}
	switch {
	case origin == "" && l.unknown:
		l.b.Unread(at, "the record is not read: which zone the command above it was for cannot be told")
		return "", nil
	case origin == "":
		return "", at.Errorf("%w", zonefile.ErrNoOrigin)
	}
	if _, known := l.zones[origin]; !known {
		l.zones[origin] = false
		l.b.OfZone(l.in.Name, origin, byName)
	}
	return origin, nil
}

// record returns what a record has; nil where that is not known.
func (l *listing) record(f fields, rec zonefile.Record) dns.RR {
	h := dns.RR_Header{Name: rec.Owner, Rrtype: dns.StringToType[rec.Type], Class: dns.ClassINET, Ttl: ttlOf(f)}
	columns, leads := kinds[rec.Type]
	if !leads {
		if rec.Type == "WINS" || rec.Type == "WINSR" {
			l.b.Note(rec.Place, "%s is not read: what it makes of %s is not known here", rec.Type, dnsname.TrimDot(rec.Owner))
			return nil
		}
		return &dns.RFC3597{Hdr: h} // the name exists
	}
	data := f.first(columns...)
	switch {
	case data == "" || strings.HasPrefix(data, "DnsServerResourceRecord"):
		l.b.Note(rec.Place, "what the %s record of %s leads to is not in the listing: %s", rec.Type, dnsname.TrimDot(rec.Owner), instead)
		return nil
	case cut(data):
		l.b.Note(rec.Place, "what the %s record of %s leads to is cut off, %s: %s", rec.Type, dnsname.TrimDot(rec.Owner), lines.Shown(data), instead)
		return nil
	}
	rr, err := leading(h, rec.Type, data)
	if err != nil {
		l.b.Note(rec.Place, "the record is not read: %v", err)
		return nil
	}
	return rr
}

// leading returns a record that leads somewhere. The names in the data of Windows are
// absolute, with a final dot or without.
func leading(h dns.RR_Header, kind, data string) (dns.RR, error) {
	if kind == "A" || kind == "AAAA" {
		addr, err := netip.ParseAddr(data)
		switch {
		case err != nil || addr.Zone() != "" || addr.Is4() != (kind == "A"):
			return nil, fmt.Errorf("%s is not an address of type %s", lines.Shown(data), kind)
		case addr.Is4():
			return &dns.A{Hdr: h, A: addr.AsSlice()}, nil
		default:
			return &dns.AAAA{Hdr: h, AAAA: addr.AsSlice()}, nil
		}
	}
	target, err := holdings.CanonicalName(data)
	if err != nil {
		return nil, fmt.Errorf("%s is not a domain name", lines.Shown(data))
	}
	switch kind {
	case "NS":
		return &dns.NS{Hdr: h, Ns: target}, nil
	case "DNAME":
		return &dns.DNAME{Hdr: h, Target: target}, nil
	default:
		return &dns.CNAME{Hdr: h, Target: target}, nil
	}
}

// span is a time as Windows writes it: days, hours, minutes and seconds.
var span = regexp.MustCompile(`^(?:([0-9]+)\.)?([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?$`)

// ttlOf returns a record's time to live in seconds, or [holdings.NoTTL].
func ttlOf(f fields) uint32 {
	value := f.first("timetolive", "ttl")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 && seconds <= math.MaxInt32 {
		return uint32(seconds)
	}
	match := span.FindStringSubmatch(value)
	if match == nil {
		return holdings.NoTTL
	}
	var seconds uint64
	for i, unit := range []uint64{86400, 3600, 60, 1} {
		number, _ := strconv.ParseUint("0"+match[i+1], 10, 16) // the pattern has only digits
		seconds += number * unit
	}
	return uint32(min(seconds, math.MaxInt32))
}

// known are the names of fields of which others may have more in their own, such as
// "$_.RecordData.IPv4Address"; that which has another one in it comes first.
var known = []string{"hostnamealias", "domainnamealias", "ipv4address", "ipv6address", "nameserver", "hostname", "recordtype", "zonename", "timetolive", "recorddata"}

// fieldOf returns by which name a column is known.
func fieldOf(column string) string {
	column = strings.ToLower(strings.TrimSpace(column))
	for _, name := range known {
		if strings.Contains(column, name) {
			return name
		}
	}
	return column
}

// records reports whether columns or members are those of a listing of records.
func records(columns map[string]bool) bool {
	if !columns["hostname"] {
		return false
	}
	for name := range maps.Keys(columns) {
		switch name {
		case "recordtype", "ipv4address", "ipv6address", "hostnamealias":
			return true
		}
	}
	return false
}
