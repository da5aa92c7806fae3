package auralink

import (
	"context"
	"net"
	"slices"

	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
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
	zone, view, ok := a.transferable(s, origin)
	if !ok {
		return nil, transfer.ErrNotAuthoritative
	}
	return stream(zone, view.TTL, s.Table.Serial(), serial), nil
}

// transferable returns the zone of an origin, if it is one that can be transferred, and
// the view it is in.
func (a *Auralink) transferable(s *serve.Snapshot, origin string) (zones.Zone, *zones.View, bool) {
	view, ok := a.certainView(s)
	if !ok {
		return zones.Zone{}, nil, false
	}
	at := slices.IndexFunc(view.Zones, func(z zones.Zone) bool { return z.Origin == dnsname.Absolute(origin) })
	if at < 0 {
		return zones.Zone{}, nil, false
	}
	return view.Zones[at], view, true
}

// serveTransfer hands a request for a transfer to the transfer plugin, and refuses
// what that would pass on: another server's answer is no answer for a name of ours.
func (a *Auralink) serveTransfer(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	last := *a.xfer
	last.Next = refusing
	s := a.served.Load()
	_, _, ours := a.transferable(s, r.Question[0].Name)
	switch incremental := r.Question[0].Qtype == dns.TypeIXFR; {
	case !ours || !incremental:
		return last.ServeDNS(ctx, w, r)
	case !hasSerial(r):
		return dns.RcodeFormatError, nil
	case forgeable(ctx, w.RemoteAddr()):
		return last.ServeDNS(ctx, &currentWriter{w, &a.options.Manner}, asCurrent(r, s.Table.Serial()))
	default:
		return last.ServeDNS(ctx, w, r)
	}
}

// hasSerial reports whether a request for an incremental transfer says which version
// of the zone the secondary has (RFC 1995, section 3).
func hasSerial(r *dns.Msg) bool {
	if len(r.Ns) != 1 {
		return false
	}
	_, ok := r.Ns[0].(*dns.SOA)
	return ok
}

// asCurrent returns a request as a secondary puts it that has the zone as it is now, and
// as it will be after reloads that come in between: its serial is far ahead (RFC 1982),
// and never 0.
func asCurrent(r *dns.Msg, serial uint32) *dns.Msg {
	const far = 1 << 30
	asked := *r
	asked.Ns = []dns.RR{zones.SOA(r.Question[0].Name, 0, (serial+far)|1)}
	return &asked
}

// currentWriter carries a request that came over UDP to the transfer plugin as if over
// TCP: that plugin knows who may transfer a zone, and refuses all that is over UDP. To
// a secondary that is current it replies by the SOA alone, which is what tells one that
// asks over UDP to come back over TCP (RFC 1995, section 2).
type currentWriter struct {
	dns.ResponseWriter
	manner *serve.Manner
}

// RemoteAddr implements the dns.ResponseWriter interface.
func (w *currentWriter) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(addrPort(w.ResponseWriter.RemoteAddr()))
}

// WriteMsg implements the dns.ResponseWriter interface.
func (w *currentWriter) WriteMsg(m *dns.Msg) error {
	if m.Rcode == dns.RcodeSuccess {
		m.Authoritative = true
		w.manner.Mark(m)
	}
	return w.ResponseWriter.WriteMsg(m)
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

// together is how many records are handed on at once, so that not each of them has the
// transfer plugin woken up.
const together = 128

// stream sends the zone's records, begun and ended by its SOA. Of a zone of any size no
// more than some of them are in memory.
func stream(zone zones.Zone, ttl, serial, secondary uint32) <-chan []dns.RR {
	records := make(chan []dns.RR)
	go func() {
		defer close(records)
		soa := zones.SOA(zone.Origin, ttl, serial)
		records <- []dns.RR{soa}
		if secondary != 0 && !zones.SerialAhead(serial, secondary) {
			return // the secondary has this serial or a newer one (RFC 1982)
		}
		some := append(make([]dns.RR, 0, together), zones.NS(zone.Origin, ttl))
		for owner := range zone.All() {
			if len(some)+len(owner.Addrs) > together {
				records <- some
				some = make([]dns.RR, 0, max(together, len(owner.Addrs)))
			}
			for _, addr := range owner.Addrs {
				some = append(some, zones.AddressRR(owner.Name, ttl, addr))
			}
		}
		records <- append(some, soa)
	}()
	return records
}
