package judge

import (
	"fmt"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// clock is how far this machine's clock is from those of the servers.
type clock struct {
	// known says that a server has told its time; skew is this machine's less that, in
	// seconds.
	known bool
	skew  float64
	line  string
}

// maxSkew is how far clocks may be apart, in seconds, before certificates and tokens
// suffer.
const maxSkew = 120

// readClock compares this machine's clock with the dates of responses: the one that is
// nearest counts, for a cache in between may give an old one.
func (j *judge) readClock() clock {
	var c clock
	for _, e := range j.Evidence {
		h := e.HTTPS
		if h == nil || h.Date.IsZero() || h.Clock.IsZero() || h.Proxy != "" {
			continue
		}
		skew := h.Clock.Sub(h.Date).Seconds()
		if !c.known || abs(skew) < abs(c.skew) {
			c = clock{known: true, skew: skew, line: fmt.Sprintf("%s says %s, and this machine's clock %s",
				h.Name, h.Date.UTC().Format("2006-01-02 15:04:05"), h.Clock.UTC().Format("2006-01-02 15:04:05"))}
		}
	}
	return c
}

func abs(x float64) float64 { return max(x, -x) }

func (c clock) wrong() bool { return c.known && abs(c.skew) > maxSkew }

// judgeClock notes a wrong clock.
func (j *judge) judgeClock() {
	if !j.clock.known {
		return
	}
	if !j.clock.wrong() {
		return
	}
	c := (&causes{}).at(CodeClock, "", "")
	c.says("", "%s", j.clock.line)
	f := j.note(c, "the clock of this machine is %s %s", span(abs(j.clock.skew)), map[bool]string{true: "fast", false: "slow"}[j.clock.skew > 0])
	j.check(doctor.KindTLS, "clock", f)
}

// span says seconds in the largest unit of which there are two at least.
func span(seconds float64) string {
	for _, unit := range []struct {
		name    string
		seconds float64
	}{{"day", 86400}, {"hour", 3600}, {"minute", 60}} {
		if n := int(seconds/unit.seconds + 0.5); n >= 2 {
			return spell.Count(n, unit.name)
		}
	}
	return spell.Count(int(seconds+0.5), "second")
}
