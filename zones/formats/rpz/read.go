package rpz

import (
	"fmt"
	"io"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// read reads a response policy zone. The names of its triggers are relative to
// its apex, whatever that is called. The longest rule that matches a name counts,
// as in PowerDNS Recursor and Knot Resolver; BIND and Unbound have no wildcard
// cover a name above which there is one with a rule, nor one above such a name.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return each(b, r, in, nil, b.AddRule)
}

// Each is read for a zone that a configuration has, but that the rules are given to do: the
// names that they are for, and what these have. Where the origin is the root, the apex is what
// the file says: its SOA, or before that what names are relative to.
func Each(b *holdings.Builder, r io.Reader, in formats.Input, p zonefile.Policy, do func(trigger string, d holdings.Data, at holdings.Place)) error {
	return each(b, r, in, &p, do)
}

// each is Each, and without a policy for a file by itself.
func each(b *holdings.Builder, r io.Reader, in formats.Input, p *zonefile.Policy, do func(trigger string, d holdings.Data, at holdings.Place)) error {
	apex, soa := zonefile.UnknownOrigin, false
	if in.Origin != "" {
		apex = in.Origin
	}
	other := 0
	var first holdings.Place
	records := func(do func(zonefile.Record) error) (zonefile.Master, error) { return zonefile.Each(b, r, in, do) }
	if p != nil {
		records = func(do func(zonefile.Record) error) (zonefile.Master, error) {
			return zonefile.EachOf(b, r, in, *p, do)
		}
	}
	_, err := records(func(rec zonefile.Record) error {
		if rec.Type == "SOA" {
			apex, soa = rec.Owner, true
		}
		if in.Origin == "." && !soa {
			apex = rec.Origin
		}
		trigger, relative := strings.CutSuffix(rec.Owner, "."+apex)
		if apex == "." {
			trigger, relative = dnsname.TrimDot(rec.Owner), true
		}
		switch {
		case rec.Owner == apex:
		case !relative:
			b.Note(rec.Place, "the rule is not read: %q is not below the policy zone's apex, %q", rec.Owner, apex)
		case otherTrigger(trigger):
			if other++; other == 1 {
				first = rec.Place
			}
		default:
			addPolicy(b, trigger+".", apex, rec, do)
		}
		return nil
	})
	if other > 0 {
		b.Unread(first, "%s not about the name that was asked for, and left out", rules(other))
	}
	if apex != zonefile.UnknownOrigin {
		b.OfZone(in.Name, apex, false)
	}
	return err
}

// rules is how many rules, with the verb.
func rules(n int) string {
	if n == 1 {
		return "1 rule is"
	}
	return fmt.Sprintf("%d rules are", n)
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
func addPolicy(b *holdings.Builder, trigger, apex string, rec zonefile.Record, do func(string, holdings.Data, holdings.Place)) {
	zonefile.Record{Owner: trigger, Type: rec.Type, Place: rec.Place}.Unjudged(b)
	var d holdings.Data
	switch rr := rec.RR.(type) {
	case *dns.CNAME:
		d = action(trigger, rr)
		if word, is := strings.CutSuffix(strings.ToLower(rr.Target), "."+apex); is && actionNames[word+"."] {
			b.Note(rec.Place, "the action %s has no final dot: it is a CNAME to %s, which does not exist", word, rr.Target)
			d = holdings.Data{Action: holdings.NXDomain, TTL: holdings.NoTTL}
		}
	case *dns.NS, *dns.SOA, *dns.DNAME:
		b.Note(rec.Place, "the rule is not read: a policy zone has no records of type %s", rec.Type)
		return
	case nil:
		d = holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{Record: rec.Type}, TTL: holdings.NoTTL}
	default:
		address, ok := holdings.AddressData(rr)
		if !ok {
			address = holdings.Data{TTL: rr.Header().Ttl}
		}
		d = address
	}
	d.Narrow = strings.HasPrefix(trigger, "*.")
	do(trigger, d, rec.Place)
}

// actionNames are the targets that are actions by their name.
var actionNames = map[string]bool{"rpz-passthru.": true, "rpz-tcp-only.": true, "rpz-drop.": true}

// action returns what a rule with a CNAME does.
func action(trigger string, cname *dns.CNAME) holdings.Data {
	d := holdings.Data{TTL: holdings.NoTTL}
	switch target := strings.ToLower(cname.Target); target {
	case ".":
		d.Action = holdings.NXDomain
	case "*.":
		d.Action = holdings.NoData
	case "rpz-passthru.", "rpz-tcp-only.", trigger: // the last is how it was written at first
		d.Action = holdings.Passthru
	case "rpz-drop.":
		d.Action = holdings.Drop
	default:
		d.Target, d.TTL, d.Once = holdings.Target(cname.Target), cname.Hdr.Ttl, true
	}
	return d
}
