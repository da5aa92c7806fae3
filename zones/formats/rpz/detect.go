package rpz

import (
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// survey is what tells a policy zone from another one.
type survey struct {
	apex    string
	local   bool // the SOA or an NS record has no server, as nobody asks for it
	actions int  // rules that no other zone has
	whole   int  // owners that are names of Aura's in full, before the apex
	others  int
}

// detect knows a policy zone, among zone files, by what it says: by a rule that no
// other zone has; or by names of Aura's that stand whole before the apex, if that is
// no zone that such names could be meant for. Names without a final dot in a
// zone of Aura's lack it.
func detect(head formats.Head) formats.Certainty {
	if zonefile.Format.Detect(head) == formats.No {
		return formats.No
	}
	s := look(head)
	ofAura := dnsname.AtOrBelow(s.apex, auraname.Origin)
	switch {
	case s.actions > 0 || strings.Contains(s.apex, "rpz") || strings.Contains(s.apex, "response-policy"):
		return formats.Likely
	case ofAura || s.whole == 0 || s.others > s.whole:
		return formats.No
	case s.apex == zonefile.UnknownOrigin && !s.local:
		return formats.No // it could be a zone whose names lack their final dots
	default:
		return formats.Likely
	}
}

// look reads a file's head. That may end within a record.
func look(head formats.Head) survey {
	s := survey{apex: zonefile.UnknownOrigin}
	_, _ = zonefile.Each(nil, strings.NewReader(string(head)), formats.Input{}, func(rec zonefile.Record) error {
		s.see(rec)
		return nil
	})
	return s
}

func (s *survey) see(rec zonefile.Record) {
	switch rr := rec.RR.(type) {
	case *dns.SOA:
		s.apex = rec.Owner
		s.local = s.local || nowhere(rr.Ns)
		return
	case *dns.NS:
		if rec.Owner == s.apex {
			s.local = s.local || nowhere(strings.TrimSuffix(rr.Ns, zonefile.UnknownOrigin))
			return
		}
	case *dns.CNAME:
		switch strings.ToLower(rr.Target) {
		case ".", "*.", "rpz-passthru.", "rpz-drop.", "rpz-tcp-only.":
			s.actions++
		}
	}
	trigger, below := strings.CutSuffix(rec.Owner, "."+s.apex)
	switch {
	case !below:
		s.others++
	case otherTrigger(trigger):
		s.actions++
	case dnsname.AtOrBelow(trigger+".", auraname.Origin):
		s.whole++
	default:
		s.others++
	}
}

// nowhere reports whether a server's name is one that policy zones have because
// they must have some.
func nowhere(name string) bool {
	name = dnsname.TrimDot(strings.ToLower(name))
	return name == "" || name == "localhost"
}
