package probe

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
)

// paths returns a probe for each name server.
func (p *prober) paths() []doctor.Probe {
	var probes []doctor.Probe
	for _, server := range p.ways.plain {
		probes = append(probes, &asking{
			kind: doctor.KindPath, name: "path to " + server.String(),
			proves: "the name server " + server.String() + " is reached over UDP and TCP, gives large answers, and knows this machine's view",
			ask: func(ctx context.Context) doctor.Evidence {
				leave, err := p.dialer.Enter(ctx, server.Host())
				if unasked := notAsked(err); unasked != "" {
					return doctor.Evidence{NotProbed: unasked}
				}
				defer leave()
				return doctor.Evidence{Path: p.walk(ctx, server)}
			},
		})
	}
	return probes
}

// walk looks at the path to one server.
func (p *prober) walk(ctx context.Context, server dnsprobe.Server) *doctor.Path {
	w := walker{prober: p, server: server, path: &doctor.Path{Server: server.String(), Source: sourceTo(server)}}
	reply := w.small(ctx)
	if reply != nil {
		w.path.RA = reply.RecursionAvailable
		if edns := reply.IsEdns0(); edns != nil {
			w.path.EDNS = edns.UDPSize()
		}
	}
	if ctx.Err() == nil && reply != nil {
		w.whose(ctx)
		w.large(ctx)
	}
	return w.path
}

// walker looks at one path.
type walker struct {
	*prober
	server dnsprobe.Server
	path   *doctor.Path
}

// sourceTo returns the address that this machine asks a server from. Nothing is sent.
func sourceTo(server dnsprobe.Server) netip.Addr {
	conn, err := net.Dial("udp", server.Address)
	if err != nil {
		return netip.Addr{}
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}

// ask asks one question over one transport of the server, and bounds the time.
func (w walker) ask(ctx context.Context, question *dns.Msg, network string) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, w.dialer.Patience)
	defer cancel()
	if w.server.Transport != dnsprobe.Plain {
		return w.server.Exchange(ctx, question)
	}
	return w.server.ExchangeOver(ctx, question, network)
}

// small asks a small question over UDP and over TCP, and returns a reply, if one came.
// An encrypted server has no UDP of its own.
func (w walker) small(ctx context.Context) *dns.Msg {
	question := new(dns.Msg).SetQuestion(dns.Fqdn(w.someName()), dns.TypeSOA)
	question.SetEdns0(dnsprobe.Payload, false)
	var first *dns.Msg
	for _, over := range []struct {
		network string
		outcome *doctor.Outcome
	}{{"udp", &w.path.UDP}, {"tcp", &w.path.TCP}} {
		if over.network == "udp" && w.server.Transport != dnsprobe.Plain {
			continue
		}
		reply, err := w.ask(ctx, question, over.network)
		if *over.outcome = dial.Outcome(err); err != nil && w.path.Error == "" {
			w.path.Error = over.network + ": " + dial.Text(err)
		}
		if first == nil && err == nil {
			first = reply
		}
	}
	return first
}

// someName returns a name that the server is asked for in any case.
func (w walker) someName() string {
	for _, n := range w.subject.Names {
		if n.Role == doctor.RoleApex {
			return n.Name
		}
	}
	if len(w.subject.Names) > 0 {
		return w.subject.Names[0].Name
	}
	return auraname.Host
}

// viewName is by which our server tells a client in which view it is. Zones that
// another server has from an export of ours do not make it ours.
const viewName = "view.auralink.neo4j.io."

// whose finds out whether the server is ours, and which view it has for this machine.
func (w walker) whose(ctx context.Context) {
	question := new(dns.Msg).SetQuestion(viewName, dns.TypeTXT)
	question.Question[0].Qclass = dns.ClassCHAOS
	answer, err := w.ask(ctx, question, "udp")
	if err != nil {
		return
	}
	for _, rr := range answer.Answer {
		if txt, is := rr.(*dns.TXT); is && len(txt.Txt) == 1 {
			if view, ours := strings.CutPrefix(txt.Txt[0], "auralink view "); ours {
				w.path.Ours, w.path.View = true, view
			}
		}
	}
}

// What is asked for a large answer: the root's keys with their signatures, which are
// longer than a packet without EDNS may be.
const (
	largePayload = 4096
	notLarge     = 700 // octets; a shorter answer shows nothing
)

// large asks for a large answer over UDP, and looks how large it is.
func (w walker) large(ctx context.Context) {
	if w.server.Transport != dnsprobe.Plain || w.path.UDP != doctor.Answered {
		return
	}
	question := new(dns.Msg).SetQuestion(".", dns.TypeDNSKEY)
	question.SetEdns0(largePayload, true)
	reply, err := w.ask(ctx, question, "udp")
	size := sizeOf(reply)
	if ctx.Err() != nil {
		return // it is the run that ended
	}
	if err != nil {
		whole, failed := w.ask(ctx, question, "tcp")
		if size = sizeOf(whole); failed != nil || size < notLarge {
			return // it has none, or nobody can tell
		}
	}
	if err == nil && size < notLarge && !reply.Truncated {
		return
	}
	w.path.Large, w.path.LargeSize = dial.Outcome(err), size
}

func sizeOf(reply *dns.Msg) int {
	if reply == nil {
		return 0
	}
	return reply.Len()
}
