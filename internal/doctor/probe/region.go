package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
)

// regions returns probes that ask the links of all regions for each custom endpoint,
// and for a name that nobody has: what a link says that takes any name proves nothing.
func (p *prober) regions() []doctor.Probe {
	port := p.regionPort()
	if port == 0 {
		return nil
	}
	var probes []doctor.Probe
	for _, link := range p.subject.Links {
		for _, madeUp := range p.madeUpEndpoints() {
			probes = append(probes, p.region(link, madeUp, port, true))
		}
		for _, n := range p.subject.Names {
			if n.Role == doctor.RoleEndpoint {
				probes = append(probes, p.region(link, n.Name, port, false))
			}
		}
	}
	return probes
}

// regionPort is where links are asked: at 443 there is a discovery document as well.
func (p *prober) regionPort() uint16 {
	for _, port := range securePorts {
		if p.asked.WantsPort(port) {
			return port
		}
	}
	return 0
}

// endpoints is above all custom endpoints.
const endpoints = "endpoints." + auraname.Host

// madeUpEndpoints returns the names of the subject that nobody has as a custom endpoint.
func (p *prober) madeUpEndpoints() []string {
	var names []string
	for _, n := range p.subject.Names {
		if (n.Role == doctor.RoleNobody || n.Role == doctor.RoleMadeUp) && dnsname.Below(n.Name, endpoints) {
			names = append(names, n.Name)
		}
	}
	return names
}

// region asks one link for one name, at the first of its addresses that is reached.
func (p *prober) region(link doctor.Link, name string, port uint16, madeUp bool) doctor.Probe {
	proves := fmt.Sprintf("the link of %s says whether it knows %s", link.Region, name)
	if madeUp {
		proves = fmt.Sprintf("the link of %s does not take any name", link.Region)
	}
	return &asking{
		kind: doctor.KindRegion, name: fmt.Sprintf("region of %s at the link of %s", name, link.Region), proves: proves,
		ask: func(ctx context.Context) doctor.Evidence {
			var unasked string
			var ask doctor.RegionAsk
			for _, addr := range link.Addrs {
				spot := doctor.Spot{Addr: addr, Port: port, Name: name}
				there := p.visits.at(ctx, spot)
				if unasked = there.unasked; unasked != "" {
					continue
				}
				ask = p.learn(there, link, spot)
				ask.MadeUp = madeUp
				if reached(ask.Outcome, there.handshake.Alert) {
					break
				}
			}
			if ask.Outcome == "" {
				return doctor.Evidence{NotProbed: unasked}
			}
			return doctor.Evidence{Region: &ask}
		},
	}
}

// reached reports whether somebody at the address has said something.
func reached(outcome doctor.Outcome, alert string) bool {
	return alert != "" || outcome == doctor.Connected || outcome == doctor.Reset
}

// learn returns what a visit says of whether a link knows a name: the witness that
// knows most of it.
func (p *prober) learn(there *visit, link doctor.Link, spot doctor.Spot) doctor.RegionAsk {
	ask := doctor.RegionAsk{Spot: spot, Region: link.Region, Outcome: there.handshake.Outcome, Knows: doctor.KnowsMaybe}
	if there.handshake.Outcome != doctor.Connected {
		byAlert(&ask, there.handshake.Alert)
		return ask
	}
	byCertificate(&ask, there.handshake)
	if ask.Knows == doctor.KnowsItNot || there.https == nil || there.https.Status == 0 {
		return ask
	}
	if there.https.Discovery != nil {
		p.byDiscovery(&ask, there.https.Discovery)
		return ask
	}
	byStatus(&ask, there.https.Status)
	return ask
}

// aboutVersions are alerts that say nothing of a name.
var aboutVersions = []string{"protocol_version", "insufficient_security", "decode_error", "record_overflow", "internal_error"}

// byAlert takes an alert for what it says of the name.
func byAlert(ask *doctor.RegionAsk, alert string) {
	if alert == "" {
		return
	}
	ask.By, ask.Says = doctor.ByAlert, alert
	if !slices.Contains(aboutVersions, alert) {
		ask.Knows = doctor.KnowsItNot
	}
}

// byCertificate takes a certificate for what it says of the name. Dates and issuer do
// not matter for that.
func byCertificate(ask *doctor.RegionAsk, h doctor.Handshake) {
	ask.By = doctor.ByCertificate
	if len(h.Chain) == 0 {
		return
	}
	ask.Knows = doctor.KnowsIt
	if slices.Contains(h.Flaws, doctor.FlawName) {
		ask.Knows = doctor.KnowsItNot
	}
	if names := h.Chain[0].Names; len(names) > 0 {
		ask.Says = names[0]
		if len(names) > 1 {
			ask.Says += fmt.Sprintf(" and %d more", len(names)-1)
		}
	}
}

// byDiscovery takes a discovery document for what it says of the name. The host in it
// may be that of the instance, which tells the region by its orchestra.
func (p *prober) byDiscovery(ask *doctor.RegionAsk, document *doctor.Discovery) {
	host := hostOf(document.BoltRouting)
	if host == "" {
		host = hostOf(document.BoltDirect)
	}
	if host == "" {
		byStatus(ask, http.StatusOK)
		return
	}
	ask.By, ask.Says = doctor.ByDiscovery, host
	n := p.subject.Find(host)
	switch {
	case host == ask.Name: // it may say so to everybody
		ask.Knows = doctor.KnowsIt
	case n.Region == ask.Region:
		ask.Knows = doctor.KnowsIt
	case n.Region != "":
		ask.Knows = doctor.KnowsItNot
	default:
		ask.Knows = doctor.KnowsMaybe
	}
}

// hostOf returns the host of a URI as evidence has names, or "".
func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return dnsname.TrimDot(dnsname.Lower(u.Hostname()))
}

// byStatus takes the status of a response without a document for what it says of the
// name. Somebody who is told to log on, or to go elsewhere, is known; of errors
// nobody can tell whether they are about the name.
func byStatus(ask *doctor.RegionAsk, status int) {
	ask.By, ask.Says = doctor.ByStatus, strconv.Itoa(status)
	switch {
	case status < 400, status == http.StatusUnauthorized, status == http.StatusForbidden:
		ask.Knows = doctor.KnowsIt
	case status == http.StatusMisdirectedRequest:
		ask.Knows = doctor.KnowsItNot
	default:
		ask.Knows = doctor.KnowsMaybe
	}
}
