package rpz

import (
	"io"
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// read reads a response policy zone. The names of its triggers are relative to
// its apex, whatever that is called. The longest rule that matches a name counts,
// as in PowerDNS Recursor and Knot Resolver; BIND and Unbound have no wildcard
// cover a name above which there is one with a rule, nor one above such a name.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	apex := zonefile.UnknownOrigin
	if in.Origin != "" {
		apex = in.Origin
	}
	other := 0
	var first holdings.Place
	err := zonefile.Each(r, in, func(owner string, rr dns.RR, at holdings.Place) error {
		if _, ok := rr.(*dns.SOA); ok {
			apex = owner
		}
		trigger, relative := strings.CutSuffix(owner, "."+apex)
		switch {
		case owner == apex:
			return nil
		case !relative:
			return at.Errorf("%q is not below the policy zone's apex, %q", owner, apex)
		case otherTrigger(trigger):
			if other++; other == 1 {
				first = at
			}
			return nil
		}
		addPolicy(b, trigger+".", rr, at)
		return nil
	})
	if other > 0 {
		b.Note(first, "%d rules that are not about the name that was asked for are left out", other)
	}
	return err
}

// otherTrigger reports whether a rule is about something else than the name that
// was asked for.
func otherTrigger(trigger string) bool {
	last := trigger[strings.LastIndexByte(trigger, '.')+1:]
	switch last {
	case "rpz-ip", "rpz-nsip", "rpz-nsdname", "rpz-client-ip":
		return true
	default:
		return false
	}
}

// addPolicy adds a rule: its action, or its local data.
func addPolicy(b *holdings.Builder, trigger string, rr dns.RR, at holdings.Place) {
	cname, ok := rr.(*dns.CNAME)
	if !ok {
		b.AddRR(trigger, rr, "", at)
		return
	}
	d := holdings.Data{TTL: holdings.NoTTL}
	switch strings.ToLower(cname.Target) {
	case ".":
		d.Action = holdings.NXDomain
	case "*.":
		d.Action = holdings.NoData
	case "rpz-passthru.", trigger: // the second is how it was written at first
		d.Action = holdings.Passthru
	case "rpz-drop.":
		d.Action = holdings.Drop
	case "rpz-tcp-only.":
		d.Action = holdings.Passthru
	default:
		d.Target, d.TTL = holdings.Target(cname.Target), rr.Header().Ttl
	}
	b.Add(trigger, d, at)
}

var (
	policyLine  = regexp.MustCompile(`(?i)\sCNAME\s+(\*?\.|rpz-(passthru|drop|tcp-only)\.)\s*(;|$)`)
	policyOwner = regexp.MustCompile(`(?i)^(\*\.)?[a-z0-9-.]+\.neo4j\.io\s`)
	policyName  = regexp.MustCompile(`(?i)^(\$ORIGIN\s+)?(rpz\.|response-policy\.|[^\s]*\brpz\b)`)
)

// detect knows a policy zone by a policy, or by its name, in a zone file.
func detect(head formats.Head) formats.Certainty {
	if zonefile.Format.Detect(head) == formats.No {
		return formats.No
	}
	absolute := false
	for line := range head.Lines() {
		// Names below neo4j.io without a final dot are meant in full in a policy
		// zone, unless the root is the origin.
		absolute = absolute || strings.TrimSpace(line) == "$ORIGIN ."
		if policyLine.MatchString(line) || policyName.MatchString(line) || policyOwner.MatchString(line) && !absolute {
			return formats.Likely
		}
	}
	return formats.No
}
