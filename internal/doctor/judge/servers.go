package judge

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// tally is how a server, or this machine, did with all questions.
type tally struct {
	via           string
	by            string // what was asked by, where it is this machine
	asked, silent int
	fails         map[string]int // by response code
	outcome       doctor.Outcome // of those without an answer
	firstOfCode   map[string]string
	ours          map[string]int // of fails, those of names that lead to a link
}

// tallies counts the answers of all that were asked, in the order of the evidence.
func (j *judge) tallies() []*tally {
	var all []*tally
	index := make(map[string]*tally)
	for _, e := range j.Evidence {
		if e.Resolve == nil || e.Resolve.Via.Way == doctor.WayPublic {
			continue
		}
		via := e.Resolve.Via.Server
		if e.Resolve.Via.Way == doctor.WaySystem {
			via = thisMachine
		}
		t := index[via]
		if t == nil {
			t = &tally{via: via, by: meansOf(e.Resolve.Via), fails: make(map[string]int), firstOfCode: make(map[string]string), ours: make(map[string]int)}
			index[via] = t
			all = append(all, t)
		}
		for _, a := range e.Resolve.Answers {
			t.add(j.find(e.Resolve.Name), a)
		}
	}
	return all
}

func (t *tally) add(n doctor.Name, a doctor.Answer) {
	t.asked++
	switch {
	case a.Outcome != doctor.Answered:
		t.silent++
		t.outcome = a.Outcome
	case !usable(a):
		if t.fails[a.Rcode]++; t.fails[a.Rcode] == 1 {
			t.firstOfCode[a.Rcode] = n.Name + " " + a.Type
		}
		if n.Expect == doctor.ExpectLink {
			t.ours[a.Rcode]++
		}
	}
}

// meansOf says by what this machine was asked; "" for a name server.
func meansOf(via doctor.Via) string {
	switch {
	case via.Way != doctor.WaySystem:
		return ""
	case via.Server == "go":
		return " (without getent, so that nsswitch.conf was not heeded)"
	default:
		return " (" + via.Server + ")"
	}
}

// judgeServers judges which name servers answer at all.
func (j *judge) judgeServers() {
	var found causes
	all := j.tallies()
	slices.SortStableFunc(all, func(a, b *tally) int { // this machine asks the others
		return cmp.Compare(fmt.Sprint(a.via == thisMachine), fmt.Sprint(b.via == thisMachine))
	})
	for _, t := range all {
		var findings []Finding
		if t.silent > 0 && (t.via != thisMachine || len(j.silent) == 0) { // it asks the others
			findings = append(findings, j.silence(&found, t))
		}
		for _, rcode := range sortedKeys(t.fails) {
			if rcode == "REFUSED" && t.ours[rcode] == 0 && j.toldNoRecursion(t.via) {
				continue // what it does not have it refuses
			}
			c := found.at(CodeServerFails, "", t.via+rcode)
			if j.wrongView(t.via) {
				c.code = CodeWrongView
			}
			c.says(t.via, "%s: %s for %s", t.via, rcode, t.firstOfCode[rcode])
			findings = append(findings, j.note(c, "%s answers %s to %d of %s", t.via, rcode, t.fails[rcode], spell.Count(t.asked, "question")))
		}
		failed := t.silent
		for _, n := range t.fails {
			failed += n
		}
		j.check(doctor.KindResolve, fmt.Sprintf("%s%s answered %d of %s", t.via, t.by, t.asked-failed, spell.Count(t.asked, "question")), findings...)
		if failed > 0 && len(findings) == 0 {
			j.unproved(doctor.KindResolve)
		}
	}
}

// toldNoRecursion reports whether it is told of a name server that it does not recurse.
func (j *judge) toldNoRecursion(server string) bool {
	return slices.ContainsFunc(j.paths, func(p *doctor.Path) bool { return p.Server == server && j.lacksRecursion(p) })
}

// silence notes questions that were not answered: all of them are the server's fault,
// and a few leave names unproved.
func (j *judge) silence(found *causes, t *tally) Finding {
	j.silent[t.via] = true
	if t.silent == t.asked {
		j.mute[t.via] = true
		c := found.at(CodeServerSilent, "", t.via)
		c.says(t.via, "%s: %s", t.via, words(t.outcome))
		return j.note(c, "%s answers no question at all", t.via)
	}
	c := found.at(CodeNotProbed, "", t.via)
	c.says(t.via, "%s: %s", t.via, words(t.outcome))
	return j.note(c, "%s left %d of %s without an answer", t.via, t.silent, spell.Count(t.asked, "question"))
}
