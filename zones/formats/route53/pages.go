package route53

import (
	"cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// pageOf is what a document says of the page that it is.
type pageOf struct {
	IsTruncated          bool
	NextRecordName       string
	NextRecordType       string
	NextRecordIdentifier string
	NextToken            string // of --max-items, and of lists that are not of Route 53 itself
	Marker, NextMarker   string // of hosted zones
	NextHostedZoneID     string `json:"NextHostedZoneId"` // of list-hosted-zones-by-name
}

// more returns what a page says of the one behind it; nil where it is the last one.
func (p pageOf) more(at holdings.Place) *rrset.More {
	switch {
	case p.IsTruncated:
		return &rrset.More{At: at, Member: "IsTruncated", Next: rrset.StartOf(unescaped(p.NextRecordName), p.NextRecordType, p.NextRecordIdentifier)}
	case p.NextToken != "":
		return rrset.MoreByToken(at, "NextToken", p.NextToken)
	default:
		return nil
	}
}

// addPage notes whether a page follows the one that a document is.
func (d *reader) addPage(doc document, at holdings.Place) {
	more := doc.more(at)
	switch {
	case d.member == "ResourceRecordSets", d.member == "" && more != nil:
		d.listed.EndPage(more)
	case d.member == "HostedZones":
		rrset.PagesOf(d.b).List(d.member, rrset.ListPage{More: more.Place(), From: cmp.Or(doc.Marker, doc.HostedZoneID), To: cmp.Or(doc.NextMarker, doc.NextHostedZoneID), At: at})
	case d.member != "":
		rrset.PagesOf(d.b).List(d.member, rrset.ListPage{More: more.Place(), At: at})
	}
}
