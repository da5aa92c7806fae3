package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// handshakeFailure is what some servers say of versions and suites, and others of a
// server name that they do not know.
const handshakeFailure = "handshake_failure"

// agrees reports whether a handshake with another name came about at the same address
// and port, so that versions and suites are not what is wrong.
func (j *judge) agrees(at doctor.Spot) bool {
	for spot, h := range j.handshakes {
		if spot.Addr == at.Addr && spot.Port == at.Port && h.Outcome == doctor.Connected {
			return true
		}
	}
	return false
}

// aboutName is an alert that refuses the server name rather than the versions or
// suites that are offered (RFC 8446, section 6.2).
func aboutName(alert string) bool {
	switch alert {
	case "protocol_version", handshakeFailure, "insufficient_security", "":
		return false
	default:
		return true
	}
}

// judgeHandshakes judges certificates, and names that a link refuses.
func (j *judge) judgeHandshakes() {
	j.judgeClock()
	var found causes
	tried := make(map[string]*row) // by region and port
	var rows []*row
	for _, e := range j.Evidence {
		h := e.Handshake
		if h == nil || j.dead(h.Addr, h.Port) {
			continue
		}
		n := j.find(h.Name)
		if n.Expect != doctor.ExpectLink || n.Guessed && !takes(h) && j.knownElsewhere(n) {
			continue
		}
		what := fmt.Sprintf("%s: handshakes on port %d that are fine", n.Region, h.Port)
		if tried[what] == nil {
			tried[what] = &row{what: what}
			rows = append(rows, tried[what])
		}
		fine := j.gatherHandshake(&found, n, h)
		if n.Role != doctor.RoleMadeUp {
			tried[what].shaken(n.Name, fine)
		}
	}
	j.handshakeChecks(&found, rows)
}

// gatherHandshake notes what is wrong with a handshake, and reports whether nothing is.
func (j *judge) gatherHandshake(found *causes, n doctor.Name, h *doctor.Handshake) (fine bool) {
	codes := j.handshakeCodes(n, h)
	for _, code := range codes {
		c := found.at(code, "", "") // whoever is in between is so for all regions
		j.concerns(c, n.Region)
		c.name(n.Name)
		c.says(h.Addr.String(), "%s:%d as %s: %s", h.Addr, h.Port, n.Name, handshakeWords(h))
	}
	return len(codes) == 0
}

// shaken counts a handshake with a name.
func (r *row) shaken(name string, fine bool) {
	r.total++
	r.names = append(r.names, name)
	if fine {
		r.right++
	}
}

// handshakeChecks notes the findings, and a line for each region and port.
func (j *judge) handshakeChecks(found *causes, rows []*row) {
	byName := make(map[string][]Finding)
	for _, c := range found.all {
		if c.code == CodeNoCommonSuite && j.nothingOfList() {
			c.remedy = "see what ends TLS on the way to the link: it accepts nothing of Aura's list, and this machine need not change"
		}
		f := j.note(c, "%s", handshakeMessage(c))
		for _, name := range c.names {
			byName[name] = append(byName[name], f)
		}
	}
	for _, r := range rows {
		var led []Finding
		for _, name := range r.names {
			led = append(led, byName[name]...)
		}
		if r.total > 0 || len(led) > 0 {
			j.check(doctor.KindTLS, fmt.Sprintf("%s: %d of %d", r.what, r.right, r.total), led...)
		}
	}
}

// handshakeCodes says what is wrong with a handshake. A made-up name may be refused,
// and answered with any name's certificate.
func (j *judge) handshakeCodes(n doctor.Name, h *doctor.Handshake) []Code {
	madeUp := n.Role == doctor.RoleMadeUp
	switch {
	case h.Outcome != doctor.Connected && (madeUp || j.atWrongLink(n)):
		return nil
	case aboutName(h.Alert), h.Alert == handshakeFailure && j.agrees(h.Spot):
		return []Code{CodeNameRefused}
	case h.Alert != "":
		return []Code{CodeNoCommonSuite}
	case h.Outcome != doctor.Connected:
		return []Code{CodeNoTLS}
	}
	var codes []Code
	for _, flaw := range h.Flaws {
		code := j.flawCode(flaw, h)
		if code == "" || madeUp && code == CodeCertificateName || slices.Contains(codes, code) {
			continue
		}
		codes = append(codes, code)
	}
	return codes
}

func (j *judge) flawCode(flaw doctor.Flaw, h *doctor.Handshake) Code {
	switch flaw {
	case doctor.FlawExpired, doctor.FlawNotYet:
		if j.clock.wrong() && j.validByTheirs(h) {
			return "" // it is the clock, which is told
		}
		return CodeCertificateDates
	case doctor.FlawName:
		return CodeCertificateName
	case doctor.FlawNoStatement:
		return CodeNoTLS
	default:
		return CodeCertificateUntrusted
	}
}

// validByTheirs reports whether a chain is valid at the time that the servers say.
func (j *judge) validByTheirs(h *doctor.Handshake) bool {
	for _, cert := range h.Chain {
		early := h.Clock.Sub(cert.NotBefore).Seconds() - j.clock.skew
		late := cert.NotAfter.Sub(h.Clock).Seconds() + j.clock.skew
		if early < 0 || late < 0 {
			return false
		}
	}
	return true
}

// handshakeWords says what became of a handshake.
func handshakeWords(h *doctor.Handshake) string {
	switch {
	case h.Alert != "":
		return "alert " + h.Alert
	case h.Outcome != doctor.Connected:
		return words(h.Outcome) + because(h.Error)
	case len(h.Chain) == 0:
		return "no certificate"
	}
	c := h.Chain[0]
	flaws := make([]string, len(h.Flaws))
	for i, f := range h.Flaws {
		flaws[i] = string(f)
	}
	return fmt.Sprintf("%s: certificate for %s from %s, %s to %s", strings.Join(flaws, ", "), list(c.Names, 2), c.Issuer,
		c.NotBefore.UTC().Format("2006-01-02"), c.NotAfter.UTC().Format("2006-01-02"))
}

func handshakeMessage(c *cause) string {
	switch c.code {
	case CodeNameRefused:
		return fmt.Sprintf("the link refuses %s by a TLS alert", c.subject())
	case CodeNoCommonSuite:
		return fmt.Sprintf("this machine's TLS and the link agree on nothing for %s", c.subject())
	case CodeNoTLS:
		return fmt.Sprintf("%s can be connected to, and TLS does not come about", c.subject())
	case CodeCertificateDates:
		return fmt.Sprintf("the certificate of %s is not valid at this time", c.subject())
	case CodeCertificateName:
		return fmt.Sprintf("the certificate at the link is not for %s", c.subject())
	default:
		return fmt.Sprintf("the certificate of %s is from nobody whom this machine trusts", c.subject())
	}
}

// takes reports whether a link takes a name: the handshake came about, with a
// certificate that is for it.
func takes(h *doctor.Handshake) bool {
	return h.Outcome == doctor.Connected && !slices.Contains(h.Flaws, doctor.FlawName)
}

// knownElsewhere reports whether a database whose orchestra was guessed is taken in
// another one, and at no address in this one.
func (j *judge) knownElsewhere(n doctor.Name) bool {
	elsewhere := false
	for _, h := range j.handshakes {
		if takes(h) && h.Name == n.Name {
			return false
		}
		elsewhere = elsewhere || takes(h) && j.otherGuess(n, h.Name)
	}
	return elsewhere
}

// otherGuess reports whether a name is another guess at the same database.
func (j *judge) otherGuess(n doctor.Name, name string) bool {
	label, _, _ := strings.Cut(n.Name, ".")
	return name != n.Name && strings.HasPrefix(name, label+".") && j.find(name).Guessed
}
