package exports_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// row counts what one target answered.
type row struct {
	target         target
	views, refused int
	questions      int
	wrong          int // addresses of another region, or that no name of the view leads to
	leaks          int // public answers for names of the view
	lost           int // names that are not the view's, and are not answered as if it were not there
	unanswered     int // names of the view without all their addresses
	ttl            int // answers whose TTL is not the view's
	documented     int // answers that are not the view's, as the format says
}

// hearing is one scene before one server.
type hearing struct {
	scene      scene
	row        *row
	at         netip.AddrPort
	complaints []string
}

// qtypes are asked of every name. MX stands for all other types; what is answered
// to ANY is a server's own choice (RFC 8482), but nothing public.
var qtypes = []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS, dns.TypeMX, dns.TypeANY}

// hear asks a server everything, and notes what is wrong with the answers.
func (h *hearing) hear(t *testing.T) {
	t.Helper()
	client, err := peers.Dial(h.at, "udp", netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	h.awaitLoaded(t, client)
	for i, name := range h.scene.names {
		for _, qtype := range qtypes {
			asked := name + "."
			if i%2 == 1 {
				asked = strings.ToUpper(asked)
			}
			m := new(dns.Msg).SetQuestion(asked, qtype)
			if i%3 != 0 {
				m.SetEdns0(dns.DefaultMsgSize, i%3 == 1) // with or without signatures
			}
			h.judge(name, qtype, h.ask(t, client, m))
		}
	}
}

func (h *hearing) ask(t *testing.T, client *peers.Client, m *dns.Msg) *dns.Msg {
	t.Helper()
	reply, err := client.Ask(m)
	if err != nil {
		t.Fatalf("%s: %v", h.row.target.name(), err)
	}
	return reply
}

// loadedWithin bounds the time from when a server answers until it has loaded all:
// some load a response policy after they have begun to answer.
const loadedWithin = 10 * time.Second

// awaitLoaded returns when the view's first name with addresses has them, or
// after a time: then the answers will show what is wrong.
func (h *hearing) awaitLoaded(t *testing.T, client *peers.Client) {
	t.Helper()
	i := slices.IndexFunc(h.scene.names, func(name string) bool { return len(h.expect(name).Addrs) > 0 })
	if i < 0 {
		return
	}
	name := h.scene.names[i]
	qtype := dns.TypeA
	if h.expect(name).Addrs[0].Is6() {
		qtype = dns.TypeAAAA
	}
	for end := time.Now().Add(loadedWithin); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		reply := h.ask(t, client, new(dns.Msg).SetQuestion(name+".", qtype))
		if slices.Contains(model.Addrs(reply.Answer), h.expect(name).Addrs[0]) {
			return
		}
	}
}

// expect returns what the view says of a name, as far as the target can say it.
func (h *hearing) expect(name string) model.Answer {
	answer := model.Resolve(h.scene.view, name)
	if h.row.target.partial && (!answer.Declared || strings.HasPrefix(name, "*.")) {
		return model.Answer{}
	}
	return answer
}

// judge counts what is wrong with the answer to a question.
func (h *hearing) judge(name string, qtype uint16, reply *dns.Msg) {
	h.row.questions++
	complain := func(count *int, what string) {
		*count++
		h.complaints = append(h.complaints,
			fmt.Sprintf("%s: %s %s %s\n%s", h.row.target.name(), name, dns.TypeToString[qtype], what, reply))
	}
	expected := h.expect(name)
	for _, addr := range model.Addrs(reply.Answer) {
		switch {
		case addr == peers.PublicV4 || addr == peers.PublicV6:
		case !h.scene.model.Allowed(h.scene.vpc, name, addr):
			complain(&h.row.wrong, fmt.Sprintf("leads to %s; it may be in %q", addr, h.scene.model.RegionsOf(name)))
		case !expected.Owned:
			complain(&h.row.wrong, fmt.Sprintf("leads to %s, and the view does not say so", addr))
		}
	}
	switch {
	case expected.Owned && leaks(reply, qtype):
		complain(&h.row.leaks, "has a public answer")
	case expected.Owned && !answered(expected, qtype, reply):
		if h.row.target.excuses(expected, reply) {
			h.row.documented++
			break
		}
		complain(&h.row.unanswered, fmt.Sprintf("does not have just %s", ofType(expected.Addrs, qtype)))
	case !expected.Owned && !h.leftAlone(name, qtype, reply):
		complain(&h.row.lost, "is not answered as if the view were not there")
	}
	if expected.Owned && qtype != dns.TypeANY && slices.ContainsFunc(reply.Answer, h.hasOtherTTL) {
		complain(&h.row.ttl, "has another TTL than the view's")
	}
}

// agesWithin is how much older than a hearing's first answer its last one is at
// most, in seconds: PowerDNS Recursor lets its own answers age.
const agesWithin = 10

// hasOtherTTL reports whether a record's TTL is not the view's.
func (h *hearing) hasOtherTTL(rr dns.RR) bool {
	ttl := rr.Header().Ttl
	return ttl > h.scene.view.TTL || ttl+agesWithin < h.scene.view.TTL
}

// answered reports whether the answer has the view's addresses and nothing else.
func answered(expected model.Answer, qtype uint16, reply *dns.Msg) bool {
	if qtype == dns.TypeANY {
		return true
	}
	got := model.Addrs(reply.Answer)
	slices.SortFunc(got, netip.Addr.Compare)
	return slices.Equal(got, ofType(expected.Addrs, qtype)) && len(got) == len(reply.Answer) &&
		(reply.Rcode == dns.RcodeSuccess || reply.Rcode == dns.RcodeNameError && len(expected.Addrs) == 0)
}

// excuses reports whether the format says that its target answers so.
func (x target) excuses(expected model.Answer, reply *dns.Msg) bool {
	switch {
	case x.emptyCovered:
		return len(expected.Addrs) == 0
	default:
		return false
	}
}

// leftAlone reports whether a name that is not the view's is answered as if the
// view were not there.
func (h *hearing) leftAlone(name string, qtype uint16, reply *dns.Msg) bool {
	switch {
	case qtype == dns.TypeANY:
		return true
	case !h.row.target.authoritative:
		return isPublic(reply, qtype)
	case h.hidden(name):
		return len(reply.Answer) == 0 && (reply.Rcode == dns.RcodeNameError || reply.Rcode == dns.RcodeSuccess)
	default:
		return reply.Rcode == dns.RcodeRefused
	}
}

// hidden reports whether a name lies at or below a zone that an authoritative
// server has: zone files deny what they do not have.
func (h *hearing) hidden(name string) bool {
	for zone := range h.scene.view.Shaped(h.row.target.options.Shape) {
		if dns.IsSubDomain(zone.Origin, name+".") {
			return true
		}
	}
	return false
}

// leaks reports whether an answer has something of public DNS in it.
func leaks(reply *dns.Msg, qtype uint16) bool {
	got := model.Addrs(reply.Answer)
	return isPublic(reply, qtype) || slices.Contains(got, peers.PublicV4) || slices.Contains(got, peers.PublicV6)
}

// isPublic reports whether an answer is that of public DNS, and that alone.
func isPublic(reply *dns.Msg, qtype uint16) bool {
	got := model.Addrs(reply.Answer)
	switch qtype {
	case dns.TypeA:
		return slices.Equal(got, []netip.Addr{peers.PublicV4})
	case dns.TypeAAAA:
		return slices.Equal(got, []netip.Addr{peers.PublicV6})
	default:
		return len(reply.Answer) > 0 && reply.Answer[0].Header().Rrtype == qtype
	}
}

// ofType returns the addresses that a question of a type asks for, sorted.
func ofType(addrs []netip.Addr, qtype uint16) []netip.Addr {
	split := zones.Addresses{Addrs: addrs}
	switch qtype {
	case dns.TypeA:
		return split.V4()
	case dns.TypeAAAA:
		return split.V6()
	default:
		return nil
	}
}
