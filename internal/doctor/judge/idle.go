package judge

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// judgeIdle judges how long silent connections live.
func (j *judge) judgeIdle() {
	var found causes
	for _, e := range j.Evidence {
		i := e.Idle
		if i == nil {
			continue
		}
		where := fmt.Sprintf("%s:%d", i.Addr, i.Port)
		if i.Outcome != doctor.Connected {
			if !j.dead(i.Addr, i.Port) {
				c := found.at(CodeNotProbed, "", "idle "+where)
				c.severity = Note
				c.says("", "%s: %s%s", where, words(i.Outcome), because(i.Error))
				j.check(doctor.KindIdle, where, j.note(c, "no connection to %s could be watched", where))
			}
			continue
		}
		alive, dead := silences(i)
		if dead == nil {
			j.check(doctor.KindIdle, fmt.Sprintf("%s: silent connections live for %d s at least", where, alive))
			continue
		}
		c := found.at(CodeIdleCut, "", fmt.Sprintf("%d to %d", alive, dead.Seconds))
		c.spots = append(c.spots, netip.AddrPortFrom(i.Addr, i.Port))
		c.says(where, "%s: alive after %d s, dead after %d s (%s)", where, alive, dead.Seconds, words(dead.End))
		if alive > 0 {
			c.remedy = fmt.Sprintf("set the driver's liveness check time-out (connection_liveness_check_timeout) to %d s or less", alive)
		}
	}
	for _, c := range found.all {
		if c.code != CodeIdleCut {
			continue // it is noted
		}
		_, dead, _ := strings.Cut(c.to, " to ")
		var at []string
		for _, spot := range c.spots {
			at = append(at, spot.String())
		}
		f := j.note(c, "connections to %s that are silent for %s s are cut", list(at, 3), dead)
		j.check(doctor.KindIdle, list(at, 3)+": silent connections", f)
	}
}

// silences returns the longest silence that a connection lived through, in seconds,
// and the shortest that one did not; nil for none.
func silences(i *doctor.Idle) (alive int, dead *doctor.Silence) {
	for k := range i.Silent {
		s := &i.Silent[k]
		if !s.Alive && (dead == nil || s.Seconds < dead.Seconds) {
			dead = s
		}
	}
	for _, s := range i.Silent {
		if s.Alive && (dead == nil || s.Seconds < dead.Seconds) {
			alive = max(alive, s.Seconds)
		}
	}
	return alive, dead
}
