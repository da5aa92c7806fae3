package route53

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// change is one of the changes of a batch.
type change struct {
	Action            string
	ResourceRecordSet *resourceRecordSet
}

// document is what a command prints or takes: a page of a list, a change batch or the input
// of create-hosted-zone. An item by itself is what --query and jq leave of one.
type document struct {
	resourceRecordSet
	change
	lone

	zoneInput
	pageOf

	HostedZone   hostedZone
	VPCs         *[]vpcOf // of HostedZone
	ResolverRule *resolverRule
	ChangeInfo   *changeInfo
	vpcAttributes
}

// reader reads what "aws route53 list-resource-record-sets" prints as JSON or YAML, also
// several times, and with --query; a change batch or the whole input of
// change-resource-record-sets; or the input of create-hosted-zone; and beside it what
// get-hosted-zone, list-hosted-zones, list-hosted-zones-by-vpc, "aws route53resolver
// list-resolver-rules" and list-resolver-rule-associations, and "aws route53profiles
// list-profile-resource-associations" and list-profile-associations print. A private hosted
// zone answers NXDOMAIN for what it lacks.
type reader struct {
	b        *holdings.Builder
	s        *jsontext.Stream
	exported bool // the manifest of an export has the file

	items  *listing.Items
	member string          // the list that the document has, or ""
	seen   map[string]bool // the zones that the VPC of this file sees; nil where they are not listed

	listed  *rrset.Listed
	batch   string // the zone that is changed, as far as the file's name says it
	account *account
	places  rrset.Places
	aliases rrset.Aliases
	gone    deletions
	routed  rrset.Routed // of the batch that is read
}

func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	r, err := listing.AsJSON(r, in.Name)
	if err != nil {
		return err
	}
	d := &reader{b: b, s: jsontext.NewStream(r, in.Name), exported: in.Exported, listed: rrset.NewListed(b), batch: zoneOfBatch(in.Name)}
	d.account, d.places, d.aliases = accountOf(b), rrset.NewPlaces(b), rrset.NewAliases(b)
	d.gone, d.items = make(deletions), listing.NewItems(b)
	err = d.s.Documents(func(open json.Delim) error {
		if open == '[' {
			d.listed.End()
			return d.s.Items(d.readItem)
		}
		return d.readObject()
	})
	d.listed.End()
	d.places.End()
	d.aliases.End()
	d.gone.end(b)
	return d.items.End(d.s.Wrap(err))
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

// readObject reads an object whose beginning was read. Its lists are not kept.
func (d *reader) readObject() error {
	d.member = ""
	at := d.s.Place()
	rest := make(map[string]json.RawMessage)
	if err := d.s.Members(func(name string) error { return d.readMember(name, rest) }); err != nil {
		return err
	}
	text, err := json.Marshal(rest)
	if err != nil {
		return err
	}
	return d.readDocument(text, at)
}

// readDocument reads a document without lists.
func (d *reader) readDocument(text json.RawMessage, at holdings.Place) error {
	var doc document
	decode := d.items.Decode
	if d.member != "" {
		decode = d.items.Around
	}
	if !decode(text, at, &doc) {
		return nil
	}
	if d.addLone(doc, text, at) {
		return nil
	}
	if !known(doc, d.member) {
		listing.Leave(d.b, text, at)
	}
	if err := d.add(doc, at); err != nil {
		return err
	}
	d.addPage(doc, at)
	return nil
}

// known reports whether a document has anything that is known, beside its lists.
func known(doc document, member string) bool {
	return member != "" || doc.Type != "" || doc.Action != "" || doc.CallerReference != "" || doc.HostedZone != nil || doc.ResolverRule != nil || doc.ChangeInfo != nil || doc.said()
}

// readMember reads a member of an object, or of the change batch in it.
func (d *reader) readMember(name string, rest map[string]json.RawMessage) error {
	if name == "ChangeBatch" {
		return d.s.Object(func(name string) error { return d.readMember(name, rest) })
	}
	if read, is := d.lists()[name]; is {
		d.member, d.routed = name, rrset.NewRouted(d.b, "the batch")
		d.beginList(name)
		return d.s.Array(read)
	}
	var text json.RawMessage
	err := d.s.Decode(&text)
	rest[name] = text
	return err
}

// readItem reads an item of a list that is a document: it may be one as well.
func (d *reader) readItem() error {
	d.member = ""
	var text json.RawMessage
	at, err := d.s.Value(&text)
	if err != nil {
		return err
	}
	if !hasList(text) {
		return d.readDocument(text, at)
	}
	outer := d.s
	defer func() { d.s = outer }()
	d.s = jsontext.NewStreamAt(bytes.NewReader(text), at)
	return d.s.Documents(func(json.Delim) error { return d.readObject() })
}

// readListed reads an item of a list.
func (d *reader) readListed() error {
	var text json.RawMessage
	at, err := d.s.Value(&text)
	if err != nil {
		return err
	}
	var doc document
	if !d.items.Decode(text, at, &doc) {
		return nil
	}
	if doc.Action != "" {
		d.checkChange(doc.change, text, at)
	}
	return d.add(doc, at)
}

// add adds what a document has.
func (d *reader) add(doc document, at holdings.Place) error {
	if doc.CallerReference != "" {
		d.addInput(doc.zoneInput, doc.Name, at)
		return nil
	}
	d.addZone(doc, at)
	d.addAttributes(doc.vpcAttributes, at)
	if doc.Type != "" {
		d.addSet(doc.resourceRecordSet, at)
	}
	if err := d.addChange(doc.change, at); err != nil {
		return err
	}
	return nil
}

// addChange adds a change.
func (d *reader) addChange(c change, at holdings.Place) error {
	d.gone.see(c, at)
	switch c.Action {
	case "CREATE", "UPSERT":
		if c.ResourceRecordSet != nil {
			r := d.rrset(*c.ResourceRecordSet, at)
			r.Zone = d.batch
			d.seeBatch(at)
			d.seePlace(*c.ResourceRecordSet, at)
			rrset.Add(d.b, r, at)
		}
	case "", "DELETE":
	default:
		return fmt.Errorf("unknown action %q", c.Action)
	}
	return nil
}

// seeBatch notes a change of the zone that the file's name says.
func (d *reader) seeBatch(at holdings.Place) {
	name, err := holdings.CanonicalName(d.batch)
	if _, there := d.account.batches[name]; err == nil && d.batch != "" && !there {
		d.account.batches[name] = at
	}
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
