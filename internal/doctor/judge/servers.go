package judge

import (
	"fmt"

	"github.com/auralink/auralink/internal/doctor"
)

// tally is how a server, or this machine, did with all questions.
type tally struct {
	via           string
	asked, silent int
	fails         map[string]int // by response code
	outcome       doctor.Outcome // of those without an answer
	firstOfCode   map[string]string
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
			t = &tally{via: via, fails: make(map[string]int), firstOfCode: make(map[string]string)}
			index[via] = t
			all = append(all, t)
		}
		for _, a := range e.Resolve.Answers {
			t.add(e.Resolve.Name, a)
		}
	}
	return all
}

func (t *tally) add(name string, a doctor.Answer) {
	t.asked++
	switch {
	case a.Outcome != doctor.Answered:
		t.silent++
		t.outcome = a.Outcome
	case !usable(a):
		if t.fails[a.Rcode]++; t.fails[a.Rcode] == 1 {
			t.firstOfCode[a.Rcode] = name + " " + a.Type
		}
	}
}

// judgeServers judges which name servers answer at all.
func (j *judge) judgeServers() {
	var found causes
	for _, t := range j.tallies() {
		var findings []Finding
		if t.silent > 0 {
			findings = append(findings, j.silence(&found, t))
		}
		for _, rcode := range sortedKeys(t.fails) {
			c := found.at(CodeServerFails, "", t.via+rcode)
			if j.wrongView(t.via) {
				c.code = CodeWrongView
			}
			c.says(t.via, "%s: %s for %s", t.via, rcode, t.firstOfCode[rcode])
			findings = append(findings, j.note(c, "%s answers %s to %d of %s", t.via, rcode, t.fails[rcode], count(t.asked, "question")))
		}
		failed := t.silent
		for _, n := range t.fails {
			failed += n
		}
		j.check(doctor.KindResolve, fmt.Sprintf("%s answered %d of %s", t.via, t.asked-failed, count(t.asked, "question")), findings...)
	}
}

// silence notes questions that were not answered: all of them are the server's fault,
// and a few leave names unproved.
func (j *judge) silence(found *causes, t *tally) Finding {
	if t.silent == t.asked {
		c := found.at(CodeServerSilent, "", t.via)
		c.says(t.via, "%s: %s", t.via, words(t.outcome))
		return j.note(c, "%s answers no question at all", t.via)
	}
	c := found.at(CodeNotProbed, "", t.via)
	c.says(t.via, "%s: %s", t.via, words(t.outcome))
	return j.note(c, "%s left %d of %s without an answer", t.via, t.silent, count(t.asked, "question"))
}
