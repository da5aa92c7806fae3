package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// auraList are the suites that Aura's documentation lists, by version: three of TLS 1.3
// and five of TLS 1.2; nothing older.
var auraList = map[string][]uint16{
	"TLS 1.3": {0x1301, 0x1302, 0x1303},
	"TLS 1.2": {
		0x009e, // TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
		0x009f, // TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
		0xc02f, // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
		0xc030, // TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
		0xcca8, // TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
	},
}

// judgeSuites compares what each address accepts with Aura's list.
func (j *judge) judgeSuites() {
	var found causes
	for _, e := range j.Evidence {
		s := e.Suites
		if s == nil || j.dead(s.Addr, s.Port) {
			continue
		}
		region := ""
		if regions := j.Subject.LeadsTo(s.Addr); len(regions) > 0 {
			region = regions[0]
		}
		var findings []Finding
		for _, c := range j.suiteCauses(&found, region, s) {
			findings = append(findings, c.finding(suiteMessage(c)))
		}
		j.check(doctor.KindTLS, fmt.Sprintf("%s: %s:%d accepts %s", region, s.Addr, s.Port, spell.Count(len(s.Accepted), "suite")), findings...)
		if len(s.Accepted) == 0 && len(findings) == 0 {
			j.unproved(doctor.KindTLS)
		}
	}
	for _, c := range found.all {
		j.note(c, "%s", suiteMessage(c))
	}
}

// suiteCauses are what is to be said of one address and port.
func (j *judge) suiteCauses(found *causes, region string, s *doctor.Suites) []*cause {
	var all []*cause
	add := func(code Code, format string, args ...any) {
		c := found.at(code, "", "")
		j.concerns(c, region)
		c.says(s.Addr.String(), format, args...)
		all = append(all, c)
	}
	where := fmt.Sprintf("%s:%d", s.Addr, s.Port)
	if j.scanFollows(s) {
		return nil
	}
	if s.Outcome != doctor.Connected {
		add(CodeNotProbed, "%s: no offer was answered: %s%s", where, words(s.Outcome), because(s.Error))
		return all
	}
	if len(s.Accepted) == 0 {
		add(CodeNotProbed, "%s, as %s: none of %d offers was accepted", where, s.Name, s.Offers)
		return all
	}
	beyond, lacking := besideList(s.Accepted)
	if len(beyond) > 0 {
		add(CodeBeyondList, "%s accepts %s", where, list(beyond, 4))
	}
	if len(lacking) > 0 {
		add(CodeShortList, "%s does not accept %s", where, list(lacking, 4))
	}
	if len(s.Unanswered) > 0 {
		add(CodeNotProbed, "%s: %d of %d offers were not answered", where, len(s.Unanswered), s.Offers)
	}
	if s.Own == nil && !j.linkTold[s.Name] {
		add(CodeNoCommonSuite, "%s accepts %s, and none that this machine offers", where, suiteName(s.Accepted[0]))
	}
	return all
}

// nothingOfList reports whether something was accepted, and nothing of Aura's list.
func (j *judge) nothingOfList() bool {
	accepted := 0
	for _, e := range j.Evidence {
		if e.Suites == nil {
			continue
		}
		beyond, _ := besideList(e.Suites.Accepted)
		if len(beyond) < len(e.Suites.Accepted) {
			return false
		}
		accepted += len(beyond)
	}
	return accepted > 0
}

// scanFollows reports whether it follows from what is told that nothing could be seen:
// no handshake comes about there, or there was no name to ask with that somebody has.
func (j *judge) scanFollows(s *doctor.Suites) bool {
	n := j.find(s.Name)
	refused := j.linkTold[s.Name] || j.atWrongLink(n)
	return refused && (s.Outcome != doctor.Connected || len(s.Accepted) == 0) ||
		len(s.Accepted) == 0 && (n.Role == doctor.RoleMadeUp || n.Guessed)
}

// besideList returns what is accepted and not on Aura's list, and what is on it and not
// accepted.
func besideList(accepted []doctor.Suite) (beyond, lacking []string) {
	for _, a := range accepted {
		if !slices.Contains(auraList[a.Version], a.ID) {
			beyond = append(beyond, suiteName(a))
		}
	}
	for _, version := range []string{"TLS 1.3", "TLS 1.2"} {
		for _, id := range auraList[version] {
			if !slices.ContainsFunc(accepted, func(a doctor.Suite) bool { return a.Version == version && a.ID == id }) {
				lacking = append(lacking, fmt.Sprintf("%s 0x%04x", version, id))
			}
		}
	}
	return beyond, lacking
}

func suiteName(s doctor.Suite) string {
	if s.Name == "" {
		return fmt.Sprintf("%s 0x%04x", s.Version, s.ID)
	}
	return s.Version + " " + s.Name
}

func suiteMessage(c *cause) string {
	link := verb(len(c.of), "the link of ", "the links of ") + strings.Join(c.of, ", ")
	switch c.code {
	case CodeBeyondList:
		return fmt.Sprintf("%s %s versions or suites that Aura does not", link, verb(len(c.of), "accepts", "accept"))
	case CodeShortList:
		return fmt.Sprintf("%s %s not accept all suites of Aura's list", link, verb(len(c.of), "does", "do"))
	case CodeNoCommonSuite:
		return fmt.Sprintf("this machine's TLS and %s agree on nothing", link)
	default:
		return fmt.Sprintf("what %s %s of TLS could not be seen whole", link, verb(len(c.of), "accepts", "accept"))
	}
}
