package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
)

// judgeHTTPS judges what answers GET /, and where discovery documents lead.
func (j *judge) judgeHTTPS() {
	var found causes
	right, total := 0, 0
	for _, e := range j.Evidence {
		h := e.HTTPS
		if h == nil || h.Public {
			continue
		}
		n := j.find(h.Name)
		if h.Proxy != "" {
			proxied(&found, h)
			continue
		}
		if n.Role == doctor.RoleMadeUp || n.Expect != doctor.ExpectLink || j.dead(h.Addr, h.Port) || j.toldByTLS(n, h.Spot) || j.provedElsewhere(n, h) {
			continue
		}
		total++
		if code, line := j.httpsFault(n, h); code != "" {
			c := found.at(code, "", "")
			j.concerns(c, n.Region)
			c.name(n.Name)
			c.says(h.Addr.String(), "%s:%d as %s: %s", h.Addr, h.Port, n.Name, line)
		} else {
			right++
		}
	}
	var findings []Finding
	for _, c := range found.all {
		if c.code == CodeNotProbed {
			c.remedy = "see with curl what it is: Aura gives a discovery document, sends elsewhere, or wants credentials"
		}
		findings = append(findings, j.note(c, "%s", httpsMessage(c)))
	}
	if total > 0 || len(findings) > 0 {
		j.check(doctor.KindHTTPS, fmt.Sprintf("names that answer GET / as Aura does: %d of %d", right, total), findings...)
	}
}

// toldByTLS reports whether the handshake at a spot failed, which is told there.
func (j *judge) toldByTLS(n doctor.Name, at doctor.Spot) bool {
	if j.atWrongLink(n) {
		return true
	}
	h := j.handshakes[at]
	return h != nil && (h.Outcome != doctor.Connected || n.Guessed && !takes(h) && j.knownElsewhere(n))
}

// httpsFault says what is wrong with a response, or that there was none.
func (j *judge) httpsFault(n doctor.Name, h *doctor.HTTPS) (Code, string) {
	switch {
	case h.Status == 0 && h.Alert != "":
		return CodeNameRefused, "alert " + h.Alert
	case h.Status == 0:
		return CodeNoHTTPS, words(h.Outcome) + because(h.Error)
	case h.Status >= 500:
		return CodeNoHTTPS, fmt.Sprintf("status %d", h.Status)
	case h.Status == misdirected:
		return CodeNameRefused, fmt.Sprintf("status %d", h.Status)
	case !proves(h):
		return CodeNotProbed, fmt.Sprintf("status %d, and no discovery document", h.Status)
	case h.Discovery == nil:
		return "", ""
	}
	return j.documentFault(n, h)
}

// documentFault says what is wrong with where a discovery document leads.
func (j *judge) documentFault(n doctor.Name, h *doctor.HTTPS) (Code, string) {
	for _, uri := range []string{h.Discovery.BoltRouting, h.Discovery.BoltDirect} {
		host := hostOf(uri)
		if host == "" || host == n.Name {
			continue
		}
		if led := j.find(host); led.Expect != doctor.ExpectLink || led.Region != n.Region {
			return CodeDiscoveryElsewhere, "the discovery document says " + uri
		}
	}
	return "", ""
}

// misdirected is the status of a server that does not have the host that it is asked for
// (RFC 9110, section 15.5.20).
const misdirected = 421

// proves reports whether a response proves that a database is behind it: it has a
// discovery document, sends who asks elsewhere, or wants credentials. Whatever takes any
// name may say anything else.
func proves(h *doctor.HTTPS) bool {
	return h.Discovery != nil || h.Status >= 300 && h.Status < 400 || h.Status == 401 || h.Status == 403
}

// provedElsewhere reports whether a response proves nothing of a database whose orchestra
// was guessed, and another guess at it is proved.
func (j *judge) provedElsewhere(n doctor.Name, got *doctor.HTTPS) bool {
	return n.Guessed && !proves(got) && slices.ContainsFunc(j.Evidence, func(e doctor.Evidence) bool {
		h := e.HTTPS
		return h != nil && !h.Public && h.Proxy == "" && proves(h) && j.otherGuess(n, h.Name)
	})
}

// hostOf returns the host of a URI, in lower case and without its port; "" for none.
func hostOf(uri string) string {
	_, rest, found := strings.Cut(uri, "://")
	if !found {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "/")
	if _, host, found := strings.Cut(rest, "@"); found {
		rest = host
	}
	host, _, _ := strings.Cut(rest, ":")
	return dnsname.TrimDot(dnsname.Lower(host))
}

// proxied notes that a proxy of the environment was gone through.
func proxied(found *causes, h *doctor.HTTPS) {
	c := found.at(CodeProxy, "", h.Proxy)
	c.name(h.Name)
	if h.Status > 0 {
		c.says(h.Name, "%s by %s: status %d", h.Name, h.Proxy, h.Status)
	} else {
		c.says(h.Name, "%s by %s: %s%s", h.Name, h.Proxy, words(h.Outcome), because(h.Error))
	}
}

func httpsMessage(c *cause) string {
	switch c.code {
	case CodeProxy:
		return fmt.Sprintf("the environment sends HTTPS for %s to the proxy %s", c.subject(), c.to)
	case CodeDiscoveryElsewhere:
		return fmt.Sprintf("the discovery document of %s leads elsewhere", c.subject())
	case CodeNameRefused:
		return fmt.Sprintf("the link refuses %s", c.subject())
	case CodeNotProbed:
		return fmt.Sprintf("what answers GET / does not prove that %s %s there", c.subject(), verb(len(c.names), "is", "are"))
	default:
		return fmt.Sprintf("%s %s no HTTPS on 443", c.subject(), verb(len(c.names), "answers", "answer"))
	}
}
