package auralink

import (
	"context"

	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/zones"
)

// Transfer implements transfer.Transferer (RFC 5936). The transfer plugin does
// not say who asks, so zones are transferred only where the view is certain: the
// topology has one VPC, or the Corefile names one. A serial other than 0 is that
// of the secondary: if it is current only the SOA is sent, else the whole zone,
// as RFC 1995 section 4 allows.
func (a *Auralink) Transfer(origin string, serial uint32) (<-chan []dns.RR, error) {
	s := a.served.Load()
	view, ok := a.certainView(s)
	if !ok {
		return nil, transfer.ErrNotAuthoritative
	}
	for _, zone := range view.Zones {
		if zone.Origin == dns.CanonicalName(origin) {
			return stream(zone, view.TTL, s.Table.Serial(), serial), nil
		}
	}
	return nil, transfer.ErrNotAuthoritative
}

// serveTransfer hands a request for a transfer of one of our names to the
// transfer plugin, and refuses what that would pass on: another server's answer
// is no answer for a name of ours.
func (a *Auralink) serveTransfer(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	last := *a.xfer
	last.Next = refusing
	return last.ServeDNS(ctx, w, r)
}

// certainView returns the one view that every client of this instance has.
func (a *Auralink) certainView(s *serve.Snapshot) (*zones.View, bool) {
	if a.options.VPC != "" {
		vpc, ok := s.Plan.VPC(a.options.VPC)
		if !ok {
			return nil, false
		}
		return &vpc.View, true
	}
	if len(s.Plan.VPCs) == 1 {
		return &s.Plan.VPCs[0].View, true
	}
	return nil, false
}

// stream sends the zone's records, begun and ended by its SOA.
func stream(zone zones.Zone, ttl, serial, secondary uint32) <-chan []dns.RR {
	records := make(chan []dns.RR)
	go func() {
		defer close(records)
		soa := zones.SOA(zone.Origin, ttl, serial)
		records <- []dns.RR{soa}
		if secondary != 0 && int32(serial-secondary) <= 0 {
			return // the secondary has this serial or a newer one (RFC 1982)
		}
		records <- []dns.RR{zones.NS(zone.Origin, ttl)}
		for owner := range zone.All() {
			rrs := make([]dns.RR, len(owner.Addrs))
			for i, addr := range owner.Addrs {
				rrs[i] = zones.AddressRR(owner.Name, ttl, addr)
			}
			records <- rrs
		}
		records <- []dns.RR{soa}
	}()
	return records
}

// notify tells the secondaries that the transfer plugin knows of that the zones
// have changed. It does not wait for them.
func (a *Auralink) notify(s *serve.Snapshot) {
	if a.xfer == nil {
		return
	}
	view, ok := a.certainView(s)
	if !ok {
		log.Warningf("topology %q has several VPCs: its zones cannot be transferred, "+
			"and secondaries keep what they have until it expires; name one with the property vpc", a.topology)
		return
	}
	go func() {
		for _, zone := range view.Zones {
			if err := a.xfer.Notify(zone.Origin); err != nil {
				log.Warningf("notifying the secondaries of %s: %v", zone.Origin, err)
			}
		}
	}()
}
