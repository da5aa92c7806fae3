package route53

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// change is one of the changes of a batch.
type change struct {
	Action            string
	ResourceRecordSet *resourceRecordSet
}

// document is what a command prints or takes: a page of record sets, a change batch or
// the input of create-hosted-zone. A record set or a change by itself is what --query
// and jq leave of one.
type document struct {
	resourceRecordSet
	change
	ResourceRecordSets []resourceRecordSet
	Changes            []change

	CallerReference string
	IsTruncated     bool
	NextRecordName  string
	NextToken       string // of --max-items

	HostedZone  hostedZone
	HostedZones []hostedZone
	VPCs        *[]any // of HostedZone

	HostedZoneSummaries []hostedZoneSummary
	ResolverRules       []resolverRule
}

// reader reads what "aws route53 list-resource-record-sets" prints, also several times,
// and with --query; a change batch or the whole input of change-resource-record-sets;
// or the input of create-hosted-zone; and beside it what get-hosted-zone,
// list-hosted-zones, list-hosted-zones-by-vpc and "aws route53resolver
// list-resolver-rules" print. A private hosted zone answers NXDOMAIN for what it lacks.
type reader struct {
	b *holdings.Builder
	s *jsontext.Stream
	// next is the name with which the page begins that must follow the one at page;
	// began says that the document that is read has had a record set.
	next  string
	page  holdings.Place
	began bool

	listed *rrset.Listed
	batch  string // the zone that is changed, as far as the file's name says it
	zones  zoneLists
	places places
	gone   deletions
}

func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	d := &reader{b: b, s: jsontext.NewStream(r, in.Name), listed: rrset.NewListed(b), batch: zoneOfBatch(in.Name)}
	d.zones, d.places = newZones(b), make(places)
	d.gone = make(deletions)
	err := d.s.Documents(func(open json.Delim) error {
		if open == '[' {
			d.part()
			return d.s.Items(d.readItem)
		}
		return d.readObject()
	})
	d.listed.End()
	d.zones.end()
	d.places.end(b)
	d.gone.end(b)
	if err == nil && d.next != "" {
		return d.page.Errorf("%w, and none follows: what is from %s on may lead anywhere", errTruncated, d.next)
	}
	return d.s.Wrap(err)
}

// zoneOfBatch returns the zone of a change batch by the name of its file, if that is one
// of ours; else "".
func zoneOfBatch(file string) string {
	name, _, ours := strings.Cut(path.Base(strings.ReplaceAll(file, `\`, "/")), batchMark)
	if !ours {
		return ""
	}
	return name
}

// errTruncated is the error for one of several pages.
var errTruncated = errors.New("IsTruncated is true: this is one page of several")

// unknownNext is the next page's name where a page does not say it.
const unknownNext = "there"

// readObject reads an object whose beginning was read. Its lists are not kept.
func (d *reader) readObject() error {
	d.began = false
	at := d.s.Place()
	rest := make(map[string]json.RawMessage)
	if err := d.s.Members(func(name string) error { return d.readMember(name, rest) }); err != nil {
		return err
	}
	text, err := json.Marshal(rest)
	if err != nil {
		return err
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return err
	}
	return d.add(doc, at)
}

// readMember reads a member of an object, or of the change batch in it.
func (d *reader) readMember(name string, rest map[string]json.RawMessage) error {
	switch name {
	case "ResourceRecordSets", "Changes":
		d.part()
		return d.s.Array(d.readListed)
	case "ChangeBatch":
		return d.s.Object(func(name string) error { return d.readMember(name, rest) })
	default:
		var text json.RawMessage
		err := d.s.Decode(&text)
		rest[name] = text
		return err
	}
}

// readItem reads an item of a list that is a document: it may be one as well.
func (d *reader) readItem() error {
	d.began = false
	return d.readListed()
}

// part ends the listing of a zone, unless it is one of several pages.
func (d *reader) part() {
	if d.next == "" {
		d.listed.End()
	}
}

// readListed reads an item of a list.
func (d *reader) readListed() error {
	var doc document
	at, err := d.s.Value(&doc)
	if err != nil {
		return err
	}
	return d.add(doc, at)
}

// add adds what a document has.
func (d *reader) add(doc document, at holdings.Place) error {
	if doc.CallerReference != "" {
		if strings.Contains(doc.CallerReference, fallbackMark) {
			d.zones.claimFallback(doc.Name, at)
		}
		rrset.Zone(d.b, unescaped(doc.Name), at)
		return nil
	}
	d.addZones(doc, at)
	if doc.Type != "" {
		d.addSet(doc.resourceRecordSet, at)
	}
	if len(doc.ResourceRecordSets) > 0 {
		d.part()
	}
	for _, set := range doc.ResourceRecordSets {
		d.addSet(set, at)
	}
	for _, c := range append(doc.Changes, doc.change) {
		if err := d.addChange(c, at); err != nil {
			return err
		}
	}
	if doc.IsTruncated || doc.NextToken != "" {
		next, err := holdings.CanonicalName(unescaped(doc.NextRecordName))
		if err != nil {
			next = unknownNext
		}
		d.next, d.page = next, at
	}
	return nil
}

// addChange adds a change.
func (d *reader) addChange(c change, at holdings.Place) error {
	d.gone.see(c, at)
	switch c.Action {
	case "CREATE", "UPSERT":
		if c.ResourceRecordSet != nil {
			r := c.ResourceRecordSet.rrset()
			r.Zone = d.batch
			d.places.see(*c.ResourceRecordSet, at)
			rrset.Add(d.b, r, at)
		}
	case "", "DELETE":
	default:
		return fmt.Errorf("unknown action %q", c.Action)
	}
	return nil
}

// octalEscape is how Route 53 writes an octet in a name: in octal, where DNS
// itself writes it in decimal (RFC 1035, section 5.1).
var octalEscape = regexp.MustCompile(`\\[0-3][0-7]{2}`)

// unescaped returns a name of Route 53's as DNS writes it.
func unescaped(name string) string {
	return octalEscape.ReplaceAllStringFunc(name, func(escape string) string {
		octet, _ := strconv.ParseUint(escape[1:], 8, 8) // the pattern has no others
		return fmt.Sprintf(`\%03d`, octet)
	})
}

// detect knows a document by members that only Route 53's have.
func detect(head formats.Head) formats.Certainty {
	for _, member := range []string{"ResourceRecordSets", "ResourceRecordSet", "CallerReference", "HostedZone", "HostedZoneSummaries", "ResolverRules"} {
		if head.Has(member) {
			return formats.Surely
		}
	}
	// What --query leaves of them. Templates of CloudFormation have them as well.
	if head.Has("ResourceRecords") || head.Has("AliasTarget") {
		return formats.Likely
	}
	return formats.No
}
